//! Segments, and who is in them.

use super::{navigate, overview};
use crate::effect::Effect;
use crate::model::Model;
use crate::pages::{SegmentPage, SegmentsPage};

/// Opens the segments.
pub(crate) fn go(model: &mut Model) -> Vec<Effect> {
    overview::go(model, Box::<SegmentsPage>::default())
}

/// Who is in the next other segment as well.
pub(crate) fn overlap(model: &mut Model) -> Vec<Effect> {
    if let Some(page) = model.page_mut::<SegmentPage>() {
        page.overlap_next();
    }
    navigate::reload(model)
}
