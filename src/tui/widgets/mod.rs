//! Small things that draw: text on an area, lists, grids of values, bars, boxes, the two bottom lines.
//!
//! Lives here: drawing that more than one screen needs. Everything that is drawn goes through
//! [`Painter`], which sanitises and cuts.
//!
//! Does not live here: what a screen shows.

pub mod beside;
pub mod bottom;
pub mod chart;
pub mod geometry;
pub mod grid;
mod joints;
pub mod list;
pub mod painter;
pub mod waterfall;

pub use beside::Beside;
pub use list::{List, Placed};
pub use painter::{Line, Painter, piece};
