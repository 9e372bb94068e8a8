//! The real binary, as people and programs use it. One test binary; a module a concern.

mod command_line;
mod documentation;
mod workspace;
