//! The real binary, as people and programs use it. One test binary; a module a concern.

// Helpers stand outside of test functions, and say by panicking what is wrong.
#![allow(clippy::panic, clippy::unwrap_used)]

mod command_line;
mod documentation;
mod workspace;
