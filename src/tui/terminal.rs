//! The local terminal: taken over, and given back as it was found, whatever happens.

use std::cell::RefCell;
use std::io::{self, IsTerminal, Write};
use std::panic;
use std::rc::Rc;
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

/// The terminal while it is ours. Dropping it gives it back; so does a panic, before its message.
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
            give_back(&ours);
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

    /// Whether the terminal is ours: a panic on any thread gives it back.
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
        let _ = execute!(io::stdout(), DisableBracketedPaste, LeaveAlternateScreen, Show);
        let _ = disable_raw_mode();
    }
}

/// Collects the bytes of a frame, so that it goes out in one write.
#[derive(Debug, Clone, Default)]
pub struct FrameBytes(Rc<RefCell<Vec<u8>>>);

impl FrameBytes {
    /// Sends what was collected, at once.
    ///
    /// # Errors
    /// When the terminal is gone.
    pub fn send(&self, out: &mut impl Write) -> io::Result<usize> {
        let bytes = self.0.take();
        if !bytes.is_empty() {
            out.write_all(&bytes)?;
            out.flush()?;
        }
        Ok(bytes.len())
    }
}

impl Write for FrameBytes {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.borrow_mut().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    /// Does nothing: [`FrameBytes::send`] does, once a frame.
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_frame_goes_out_once_and_whole() {
        let mut bytes = FrameBytes::default();
        bytes.write_all(b"ab").unwrap();
        bytes.flush().unwrap();
        bytes.write_all(b"c").unwrap();
        let mut out = Vec::new();
        assert_eq!(bytes.send(&mut out).unwrap(), 3);
        assert_eq!(bytes.send(&mut out).unwrap(), 0);
        assert_eq!(out, b"abc");
    }
}
