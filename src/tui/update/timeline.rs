//! A customer's line of time.

use super::overview;
use crate::effect::Effect;
use crate::model::Model;
use crate::pages::TimelinePage;

/// Opens that of the customer on screen.
pub(crate) fn open(model: &mut Model) -> Vec<Effect> {
    let Some(customer) = model.customer().map(|screen| screen.customer) else { return Vec::new() };
    overview::push(model, Box::new(TimelinePage::new(customer)))
}

/// Shows the next kind of rows alone.
pub(crate) fn next_kind(model: &mut Model) -> Vec<Effect> {
    if let Some(page) = model.page_mut::<TimelinePage>() {
        page.show_next_kind();
    }
    let (scroll, length) = model.list_mut();
    scroll.to(0, length);
    Vec::new()
}
