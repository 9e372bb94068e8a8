//! The real binary, as people and programs use it. One test binary; a module a concern.
//!
//! `workspace` makes temporary workspaces and runs the binary in them, `people` fills small ones
//! with invented people, `screen` is a terminal to look at. The other modules are the tests.

// Helpers stand outside of test functions, and say by panicking what is wrong.
#![allow(clippy::panic, clippy::unwrap_used)]

mod people;
mod screen;
mod workspace;

mod bad_input;
mod catching_up;
mod command_line;
mod documentation;
mod idempotence;
mod imports_between_modules;
mod model;
mod policy;
mod returns;
mod secrecy;
mod terminal;
mod undo;
mod whole_loop;
