//! Limits that a shell sets on a process: met with an error, not with a signal.

use std::os::unix::process::CommandExt;
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use rustix::process::{Resource, getrlimit};
use signal_hook::consts::{SIGABRT, SIGXFSZ};
use signal_hook::flag;

use super::code::Code;
use super::journal;

/// The least memory in which anything can be done: code, stacks of a few threads, the view's cache.
const LEAST_MEMORY: u64 = 96 << 20;

/// What is needed beyond the code, which is larger in some builds: stacks and the view's cache.
const BEYOND_CODE: u64 = 32 << 20;

/// glibc reserves 64 MiB of address space for each thread that allocates, which a limit counts as if
/// it were used. Only a process that begins with this variable reserves none.
const ARENAS: &str = "MALLOC_ARENA_MAX";

/// Why not even a beginning can be made.
#[derive(Debug, thiserror::Error)]
pub enum LimitError {
    /// The limit on memory is too low.
    #[error(
        "this process may use {} MiB of memory, but steward needs at least {} MiB: raise the \
         limit (ulimit -v)", .allowed >> 20, .least >> 20
    )]
    Memory {
        /// Bytes.
        allowed: u64,
        /// Bytes.
        least: u64,
    },
    /// The system takes no handler for a signal.
    #[error("watching for signals: {0}")]
    Signals(#[from] std::io::Error),
}

/// Takes the signals that a limit would end this process with.
///
/// A file that may not grow any more (`ulimit -f`) is then an error of the write that met it. A
/// process that gets no more memory (`ulimit -v`) cannot go on: it ends with a code, after the
/// standard library has said how much it asked for, as it would at a kill, which loses nothing that
/// was confirmed.
///
/// # Errors
/// When there is too little memory to begin with, or the system takes no handler.
pub fn meet() -> Result<(), LimitError> {
    if let Some(allowed) = getrlimit(Resource::As).current {
        let least = LEAST_MEMORY.max(in_use().unwrap_or_default() + BEYOND_CODE);
        if allowed < least {
            return Err(LimitError::Memory { allowed, least });
        }
        if std::env::var_os(ARENAS).is_none() {
            begin_sparingly();
        }
    }
    // Nobody looks at the flag: a signal that has a handler ends nothing.
    flag::register(SIGXFSZ, Arc::new(AtomicBool::new(false)))?;
    // A panic during a panic aborts as well.
    flag::register_conditional_shutdown(SIGABRT, Code::Fault as i32, journal::failed())?;
    let always = Arc::new(AtomicBool::new(true));
    flag::register_conditional_shutdown(SIGABRT, Code::Failed as i32, always)?;
    Ok(())
}

/// Whether a shell limits the memory of this process.
pub fn memory_is_limited() -> bool {
    getrlimit(Resource::As).current.is_some()
}

/// Address space that this process has, in bytes; nothing where the system does not tell.
fn in_use() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmSize:"))?;
    let kibibytes: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kibibytes << 10)
}

/// Begins this process again in a way that needs little address space. Where that cannot be, it goes
/// on as it is.
fn begin_sparingly() {
    let Ok(program) = std::env::current_exe() else { return };
    let mut arguments = std::env::args_os();
    let mut again = Command::new(program);
    if let Some(name) = arguments.next() {
        again.arg0(name);
    }
    // What a trace of the stack needs is not there when memory runs out.
    again.args(arguments).env(ARENAS, "1").env("RUST_BACKTRACE", "0");
    let error = again.exec();
    tracing::debug!(%error, "the process could not be restarted");
}
