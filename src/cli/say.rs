//! What is said on standard error.

use std::io::{self, Write};
use std::path::PathBuf;

use super::moment;
use super::text::{clean, guarded};

/// Says one thing on standard error, if there is anyone to hear it. Nothing in it steers a terminal, and
/// times are told where people are: what programs read has a brace in front, and stays as it is.
pub fn say(line: &str) {
    let told = if line.starts_with('{') { line.to_owned() } else { moment::localised(line) };
    let _ = writeln!(io::stderr(), "{}", guarded(&told, false));
}

/// Says which files of killed commands were removed.
pub fn say_cleared(removed: &[PathBuf]) {
    for path in removed {
        let path = clean(&path.display().to_string());
        say(&format!("note: removed {path}, left unfinished by a killed command"));
    }
}
