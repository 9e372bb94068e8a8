//! The terminal interface: what a steward sees and presses.
//!
//! Built as four parts that never blur. [`model`] is plain state. [`update`] takes a message and
//! says what has to be done about it; it neither reads a clock nor does I/O: time arrives in
//! messages. [`view`] draws the model into any frame. [`session`] carries out effects: it asks the
//! desk, and over its [`mod@line`] it hears the terminal and sends one frame at a time. Nothing here knows
//! where that terminal is.
//!
//! Lives here: keys, screens, layers over screens, widgets, colours, glyphs.
//!
//! Does not live here: what a decision means. Every verdict is an operation of the desk, and every
//! refusal is the desk's own sentence.
//!
//! Start with [`keys`], a row for each key; then [`update`].

pub mod context;
pub mod difference;
pub mod effect;
pub mod frame;
pub mod keys;
pub mod layers;
pub mod line;
pub mod message;
pub mod model;
pub mod pages;
pub mod paths;
pub mod question;
pub mod screens;
pub mod session;
pub mod text;
pub mod theme;
pub mod update;
mod vcard;
pub mod view;
pub mod widgets;

#[cfg(test)]
mod fixtures;
#[cfg(test)]
mod properties;
#[cfg(test)]
mod snapshots;
#[cfg(test)]
mod stories;
#[cfg(test)]
mod story;

pub use keys::{KeyFinding, Keymap, Rebinding, key_table_markdown, key_table_plain};
pub use line::{Heard, Line};
pub use model::{OwnView, ViewChange};
pub use ratatui::layout::Size;
pub use session::{
    ChangeView, Clock, Ended, Herald, Opened, Opener, OpeningEvents, Options, TuiError, live,
    opening, run,
};
pub use theme::{Colour, Glyphs};
