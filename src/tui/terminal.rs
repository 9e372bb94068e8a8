//! The local terminal: taken over, and given back as it was found, whatever happens.

use std::io::{self, IsTerminal, Write};
use std::panic;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crossterm::cursor::{Hide, Show};
use crossterm::event::{DisableBracketedPaste, EnableBracketedPaste};
use crossterm::execute;
use crossterm::terminal::{
    EnterAlternateScreen, LeaveAlternateScreen, disable_raw_mode, enable_raw_mode,
};
use rustix::process::{Signal, kill_current_process_group};

/// Presses and the wheel, in the encoding without limits; not every movement, which would wake an
/// idle session.
const MOUSE_ON: &[u8] = b"\x1b[?1000h\x1b[?1006h";
const MOUSE_OFF: &[u8] = b"\x1b[?1006l\x1b[?1000l";

/// The terminal while it is ours. Dropping it gives it back; so does a panic, before its message, but
/// for one that a desk answers: the session goes on then.
pub struct TakenTerminal {
    ours: Arc<AtomicBool>,
    mouse: bool,
}

impl TakenTerminal {
    /// Takes the terminal: raw mode, the alternate screen, bracketed paste, no cursor; with `mouse`
    /// its clicks and its wheel as well, which keeps the terminal from selecting text by itself.
    ///
    /// # Errors
    /// When input or output is no terminal, or it refuses.
    pub fn take(mouse: bool) -> io::Result<Self> {
        if !io::stdin().is_terminal() || !io::stdout().is_terminal() {
            return Err(io::Error::new(io::ErrorKind::Unsupported, "this is no terminal"));
        }
        let ours = Arc::new(AtomicBool::new(false));
        let taken = Self { ours: Arc::clone(&ours), mouse };
        let before = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            // A library that reads a damaged file does so on a thread of that name, where it is answered.
            let reads = std::thread::current().name() == Some("table");
            if !reads && !door::fault::is_answered() {
                give_back(&ours);
            }
            before(info);
        }));
        taken.enter()?;
        Ok(taken)
    }

    /// Takes the terminal again after it was given back.
    ///
    /// # Errors
    /// When it refuses.
    pub fn enter(&self) -> io::Result<()> {
        // Said first: what is half taken is given back as well.
        self.ours.store(true, Ordering::SeqCst);
        enable_raw_mode()?;
        execute!(io::stdout(), EnterAlternateScreen, EnableBracketedPaste, Hide)?;
        if self.mouse {
            io::stdout().write_all(MOUSE_ON)?;
            io::stdout().flush()?;
        }
        Ok(())
    }

    /// Whether the terminal is ours: a panic that nobody answers gives it back, on any thread.
    #[must_use]
    pub fn is_ours(&self) -> bool {
        self.ours.load(Ordering::SeqCst)
    }

    /// Gives the terminal back to the shell and stops this process and those it was started with,
    /// as Ctrl-z does elsewhere. They go on when the shell says so.
    ///
    /// # Errors
    /// When the signal cannot be sent; the terminal is given back all the same.
    pub fn stop(&self) -> io::Result<()> {
        give_back(&self.ours);
        kill_current_process_group(Signal::TSTP)?;
        Ok(())
    }
}

impl Drop for TakenTerminal {
    fn drop(&mut self) {
        give_back(&self.ours);
    }
}

/// Gives the terminal back once. A terminal that is gone needs nothing.
fn give_back(ours: &AtomicBool) {
    if ours.swap(false, Ordering::SeqCst) {
        // Asked for or not: a terminal without them takes no notice.
        let _ = io::stdout().write_all(MOUSE_OFF);
        // The pen is left as the last frame needed it.
        let _ = io::stdout().write_all(b"\x1b[m");
        let _ = execute!(io::stdout(), DisableBracketedPaste, LeaveAlternateScreen, Show);
        let _ = disable_raw_mode();
    }
}
