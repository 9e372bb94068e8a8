//! What a `steward.toml` may say of files that nobody described yet.
//!
//! Lives here: a look through a whole file ([`look()`]), which keeps counts and no value; what follows from
//! it ([`propose`]): sources, keys, fields, rules, each with its reason; the text of that ([`write()`]).
//! A proposal names columns and never a record's value. Pure: the caller opens the files.
//!
//! Does not live here: reading files (`acquire`), what names of columns mean (`headings`), values
//! (`harmonise`).

mod column;
mod conventions;
mod file;
mod house_number;
mod key;
mod kinds;
mod look;
mod map;
mod marks;
mod meaning;
mod proving;
mod region;
mod rules;
mod shapes;
mod source;
mod source_name;
#[cfg(test)]
mod tests;
mod text;

pub use column::Column;
pub use conventions::{Convention, conventions};
pub use file::{FileLook, look};
pub use key::KeyChoice;
pub use map::{Mapped, Unmapped};
pub use region::Region;
pub use source::{Proposal, ProposedSource, propose};
pub use text::write;
