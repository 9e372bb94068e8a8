//! A customer on one page.

use super::overview;
use crate::effect::Effect;
use crate::model::Model;
use crate::pages::CardPage;

/// Opens that of the customer on screen.
pub(crate) fn open(model: &mut Model) -> Vec<Effect> {
    let Some(customer) = model.customer().map(|screen| screen.customer) else { return Vec::new() };
    overview::push(model, Box::new(CardPage::new(customer)))
}
