//! Answers to questions: the facts put into the views people are shown.

pub(super) mod agreement;
pub(crate) mod bulk_about;
mod changes;
pub(crate) mod comments;
mod comparison;
pub(super) mod customer;
pub(super) mod dashboard;
pub(super) mod decision;
mod dispute;
mod elsewhere;
pub(super) mod explanation;
pub(super) mod fix;
pub(super) mod formation;
mod given;
pub(super) mod history;
pub(super) mod imports;
pub(super) mod known;
pub(super) mod listing;
mod mailbox;
mod marks;
pub(super) mod matched;
mod organisations;
pub(super) mod own;
pub(super) mod preview;
pub(super) mod queue;
pub(super) mod recall;
pub(super) mod record;
pub(super) mod rules;
pub(super) mod said;
pub(super) mod summary;
pub(super) mod task;
mod together;
mod unmerged;
mod words;

pub(super) use comparison::{Whole, contradict};
pub use dashboard::measure;
