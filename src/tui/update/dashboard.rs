//! The keys of the dashboard: thresholds are tried.

use crate::effect::Effect;
use crate::model::Model;
use crate::pages::DashboardPage;
use crate::pages::dashboard::Dashboard;

fn shown(model: &mut Model) -> Option<&mut Dashboard> {
    model.page_mut::<DashboardPage>()?.shown.as_deref_mut()
}

/// Tries a threshold one step up or down.
pub(crate) fn move_threshold(model: &mut Model, up: bool) -> Vec<Effect> {
    if let Some(Err(why)) = shown(model).map(|shown| shown.step(up)) {
        model.complain(why);
    }
    Vec::new()
}

/// Goes to the other threshold.
pub(crate) fn other_threshold(model: &mut Model) -> Vec<Effect> {
    if let Some(shown) = shown(model) {
        shown.thresholds.moves_review = !shown.thresholds.moves_review;
    }
    Vec::new()
}
