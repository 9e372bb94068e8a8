//! What a change of the model needs to know of how the model is drawn.

use std::fmt::Debug;

use super::{Confirm, Layer, Model};

/// Whoever draws the model answers for it: what changes the model imports no drawing code.
pub trait Drawn: Debug + Sync {
    /// How many rows of the list on the screen fit, whatever lies over it.
    fn list_height(&self, model: &Model) -> usize;

    /// How many rows fit of the list in the layer that has the keys; `None` means it has none.
    fn layer_height(&self, model: &Model) -> Option<usize>;

    /// How many rows of the queue fit, where it is shown.
    fn queue_height(&self, model: &Model) -> Option<usize>;

    /// What of the layer that has the keys, else of the screen, is at a place of the terminal; `None`
    /// means nothing a cursor can be on.
    fn at(&self, model: &Model, x: u16, y: u16) -> Option<Pointed>;

    /// The lines of a layer that is read, whatever fits of them.
    fn reading(&self, model: &Model, layer: &Layer) -> Vec<String>;

    /// The lines that come with a last question and do not fit.
    fn below(&self, model: &Model, confirm: &Confirm) -> Vec<String>;
}

/// What was pointed at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pointed {
    /// The row of the list.
    pub row: Option<usize>,
    /// The column of a comparison; the number of columns is the golden one.
    pub column: Option<usize>,
}
