//! The real binary, as people and programs use it. One test binary; a module a concern.
//!
//! `workspace` makes temporary workspaces and runs the binary in them, `people` fills small ones
//! with invented people, `screen` is a terminal to look at, `harm` damages bytes; four files of `tests/fuzz` alter
//! files and read them. The other modules are the tests.

// Helpers stand outside of test functions, and say by panicking what is wrong.
#![allow(clippy::panic, clippy::unwrap_used)]

#[path = "../fuzz/binary_workbooks.rs"]
mod binary_workbooks;
mod govern;
mod grants;
mod harm;
#[path = "../fuzz/mutation.rs"]
mod mutation;
mod people;
mod screen;
#[path = "../fuzz/seeds.rs"]
mod seeds;
#[path = "../fuzz/trial.rs"]
mod trial;
mod workspace;

mod another_user;
mod answers;
mod approvals;
mod asked;
mod backup;
mod bad_input;
mod beside;
mod bulk;
mod by_hand;
mod catching_up;
mod clock;
mod command_line;
mod comparison;
mod damaged_ledger;
mod damaged_store;
mod databases;
mod documentation;
mod dry_runs;
mod erase;
mod exhausted;
mod feed;
mod first_files;
mod fuzzed;
mod hostile;
mod idempotence;
mod imports_between_modules;
mod inbox;
mod keys;
mod lakes;
mod ledgers;
mod leftovers;
mod links;
mod long_rows;
mod masking;
mod match_beside;
mod mended;
mod merged_away;
mod model;
mod outputs;
mod overlays;
mod past;
mod pasting;
mod pictures;
mod places;
mod policy;
mod presets;
mod questions;
mod readings;
mod rematch;
mod removing;
mod requests;
mod reread;
mod returns;
mod roles;
mod rules;
mod second_looks;
mod secrecy;
mod serve;
mod simulated;
#[cfg(feature = "ssh")]
mod ssh;
mod subject;
mod terminal;
mod text_files;
mod together;
mod told;
mod training;
mod undo;
mod values;
mod whole_loop;
mod witnesses;
mod workbooks;
