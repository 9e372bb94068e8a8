//! The keys of the dashboard: thresholds are tried.

use crate::action::Action;
use crate::effect::Effect;
use crate::model::Model;
use crate::pages::DashboardPage;

/// `h`, `l` and Tab.
pub(super) fn threshold(model: &mut Model, action: Action) -> Vec<Effect> {
    let page = model.page_mut::<DashboardPage>();
    let Some(shown) = page.and_then(|page| page.shown.as_mut()) else { return Vec::new() };
    if action == Action::OtherThreshold {
        shown.thresholds.moves_review = !shown.thresholds.moves_review;
    } else if let Err(why) = shown.step(action == Action::ThresholdUp) {
        model.complain(why);
    }
    Vec::new()
}
