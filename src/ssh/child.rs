//! A command that is a process of its own: its streams are those of the channel, its exit code is the channel's.

use std::io;
use std::os::unix::process::ExitStatusExt;
use std::process::{ChildStdin, ExitStatus, Stdio};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal as Kill, WaitId, WaitIdOptions, kill_process, waitid};

use super::room::{Command, Input, Signal, Signals};

/// How long a process may take to leave once its client has gone.
const FAREWELL: Duration = Duration::from_secs(5);

/// Runs a process in a command's room, and leaves the room with its exit code.
///
/// # Errors
/// When it cannot be started.
pub fn run_child(mut process: std::process::Command, command: Command) -> io::Result<()> {
    process.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = process.spawn()?;
    let pid = Pid::from_child(&child);
    let running = Arc::new(Running::default());
    if let Some(to) = child.stdin.take() {
        let (from, running) = (command.input(), Arc::clone(&running));
        let _ = thread::Builder::new().spawn(move || pass_in(from, to, &running));
    }
    let (signals, told) = (command.signals(), Arc::clone(&running));
    let _ = thread::Builder::new().spawn(move || told.pass_on(&signals, pid));
    let (output, errors) = (child.stdout.take(), child.stderr.take());
    thread::scope(|scope| {
        scope.spawn(|| output.map(|mut from| io::copy(&mut from, &mut command.output())));
        scope.spawn(|| errors.map(|mut from| io::copy(&mut from, &mut command.errors())));
        // Not yet taken off the system's list: a signal cannot reach another process of the same number.
        let _ = waitid(WaitId::Pid(pid), WaitIdOptions::EXITED | WaitIdOptions::NOWAIT);
        running.end();
    });
    command.finish(code(child.wait()?));
    Ok(())
}

/// Passes on what the client sends, until that ends or the process has.
fn pass_in(mut from: Input, mut to: ChildStdin, running: &Running) {
    if io::copy(&mut from, &mut to).is_err() {
        // Half a file must not look like a whole one: the process is ended before its input is.
        running.wait();
    }
}

/// The exit code as a shell tells it.
fn code(status: ExitStatus) -> u8 {
    let killed = || status.signal().map(|signal| 128 + signal);
    status.code().or_else(killed).and_then(|code| u8::try_from(code).ok()).unwrap_or(1)
}

/// Whether a process may still be sent signals.
#[derive(Default)]
struct Running {
    has_ended: Mutex<bool>,
    told: Condvar,
}

impl Running {
    fn end(&self) {
        *self.has_ended.lock().unwrap_or_else(PoisonError::into_inner) = true;
        self.told.notify_all();
    }

    /// Waits until it has ended.
    fn wait(&self) {
        let ended = self.has_ended.lock().unwrap_or_else(PoisonError::into_inner);
        drop(self.told.wait_while(ended, |ended| !*ended));
    }

    fn pass_on(&self, signals: &Signals, pid: Pid) {
        while let Some(signal) = signals.next() {
            let ended = self.has_ended.lock().unwrap_or_else(PoisonError::into_inner);
            if *ended {
                return;
            }
            let _ = kill_process(
                pid,
                match signal {
                    Signal::Interrupt => Kill::INT,
                    Signal::Terminate => Kill::TERM,
                    // It leaves, and stops nothing that it has started elsewhere.
                    Signal::HangUp => Kill::HUP,
                },
            );
            if signal == Signal::HangUp {
                drop(ended);
                return self.see_off(pid);
            }
        }
    }

    /// Waits for it, and waits no longer than that.
    fn see_off(&self, pid: Pid) {
        let until = Instant::now() + FAREWELL;
        let mut ended = self.has_ended.lock().unwrap_or_else(PoisonError::into_inner);
        while !*ended {
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                let _ = kill_process(pid, Kill::KILL);
                return;
            }
            let waited = self.told.wait_timeout(ended, left);
            ended = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
    }
}

#[cfg(test)]
#[path = "tests/child.rs"]
mod tests;
