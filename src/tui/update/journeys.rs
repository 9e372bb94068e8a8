//! Journeys, and who stands where on them.

use super::{navigate, overview};
use crate::effect::Effect;
use crate::model::Model;
use crate::pages::{AtStepPage, JourneysPage};

/// Opens the journeys.
pub(crate) fn go(model: &mut Model) -> Vec<Effect> {
    overview::go(model, Box::<JourneysPage>::default())
}

/// Who ever came that far, in place of who stands there today.
pub(crate) fn turn(model: &mut Model) -> Vec<Effect> {
    if let Some(page) = model.page_mut::<AtStepPage>() {
        page.turn();
    }
    navigate::reload(model)
}

/// Counts the customers of the next segment alone.
pub(crate) fn next_segment(model: &mut Model) -> Vec<Effect> {
    if let Some(page) = model.page_mut::<JourneysPage>() {
        page.count_next_segment();
    }
    navigate::reload(model)
}
