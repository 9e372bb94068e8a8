//! steward: a terminal workbench for the people who keep customer data right.
//!
//! The modules stand in the order of the work; see ARCHITECTURE.md for the flow between them.

pub mod cli;
