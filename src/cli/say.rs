//! What is said on standard error.

use std::io::{self, Write};
use std::path::PathBuf;

use super::text::{clean, guarded};

/// Says one thing on standard error, if there is anyone to hear it. Nothing in it steers a terminal.
pub fn say(line: &str) {
    let _ = writeln!(io::stderr(), "{}", guarded(line, false));
}

/// Says which files of killed commands were removed.
pub fn say_cleared(removed: &[PathBuf]) {
    for path in removed {
        let path = clean(&path.display().to_string());
        say(&format!("note: removed {path}, which a command that was killed had left unfinished"));
    }
}
