//! Ctrl-C during long work: the first asks it to stop where it is safe, the second ends at once.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::flag;

use super::code::Code;

/// From now on Ctrl-C raises the flag; a second one ends the process, which loses nothing that
/// was confirmed.
///
/// # Errors
/// When the system takes no handler.
pub fn watch() -> std::io::Result<Arc<AtomicBool>> {
    let raised = Arc::new(AtomicBool::new(false));
    for signal in [SIGINT, SIGTERM] {
        // In this order: the ending looks at the flag before it is raised.
        flag::register_conditional_shutdown(signal, Code::Failed as i32, Arc::clone(&raised))?;
        flag::register(signal, Arc::clone(&raised))?;
    }
    Ok(raised)
}
