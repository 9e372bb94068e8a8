//! A file that is looked at before there is any workspace.

use std::path::PathBuf;
use std::sync::Arc;

use crate::environment::Environment;
use crate::error::DeskError;
use crate::jobs::unpacked_at_once;
use crate::spool::Making;
use intake::acquire::Input;

/// An input as the readers of files want it, with the name of what is in it: unpacked where it is packed,
/// with random access, and with nothing of it left on the disk.
///
/// # Errors
/// When it cannot be read, or is a pack that cannot be opened.
pub fn open_to_look(
    input: door::Input,
    file: &str,
    environment: &Environment,
) -> Result<(Input, String), DeskError> {
    let making = || {
        let files = Arc::clone(&environment.files);
        Making::within(None::<PathBuf>, files, &*environment.randomness)
    };
    unpacked_at_once(input, [making(), making()], file)
}
