//! The terminal of this process: taken over, and given back as it was found, whatever happens.

use std::io::{self, IsTerminal, Write};
use std::os::fd::AsFd;
use std::panic;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use crossterm::cursor::{Hide, Show};
use crossterm::event::{DisableBracketedPaste, EnableBracketedPaste};
use crossterm::execute;
use crossterm::terminal::{
    EnterAlternateScreen, LeaveAlternateScreen, disable_raw_mode, enable_raw_mode,
};
use rustix::event::{PollFd, PollFlags, poll};
use rustix::io::Errno;
use rustix::process::{Signal as ProcessSignal, kill_current_process_group};
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::mpsc::{Receiver, Sender, channel};

use tui::{Heard, Line, Size, TuiError};

/// Presses and the wheel, in the encoding without limits; not every movement, which would wake an
/// idle session.
const MOUSE_ON: &[u8] = b"\x1b[?1000h\x1b[?1006h";
const MOUSE_OFF: &[u8] = b"\x1b[?1006l\x1b[?1000l";
/// How long to wait for the shell after asking it to stop us. It is not counted while stopped.
const STOPPING: Duration = Duration::from_millis(500);
/// Reads of the terminal that may wait for the session before the reader has to.
const WAITING: usize = 16;
/// Bytes read at once.
const BUFFER: usize = 16 * 1024;

/// A line to the terminal of this process.
pub struct OwnTerminal {
    taken: TakenTerminal,
    signals: Signals,
    bytes: Receiver<(Vec<u8>, Instant)>,
}

impl OwnTerminal {
    /// Takes the terminal over; with `mouse` its clicks and its wheel as well. Within a runtime of tokio.
    ///
    /// # Errors
    /// When input or output is no terminal, or it refuses.
    pub fn take(mouse: bool) -> Result<Self, TuiError> {
        if !io::stdin().is_terminal() || !io::stdout().is_terminal() {
            return Err(TuiError::NotATerminal);
        }
        let taken = TakenTerminal::take(mouse)?;
        Ok(Self { taken, signals: Signals::listen()?, bytes: read_terminal()? })
    }
}

impl Line for OwnTerminal {
    fn size(&self) -> io::Result<Size> {
        crossterm::terminal::size().map(|(width, height)| Size { width, height })
    }

    fn send(&mut self, bytes: &[u8]) -> io::Result<()> {
        let mut terminal = io::stdout().lock();
        terminal.write_all(bytes)?;
        terminal.flush()
    }

    async fn heard(&mut self, takes_bytes: bool) -> io::Result<Heard> {
        let Signals { hang_up, terminate, interrupt, resume, resize } = &mut self.signals;
        Ok(tokio::select! {
            _ = hang_up.recv() => Heard::Ended,
            _ = terminate.recv() => Heard::Ended,
            _ = interrupt.recv() => Heard::Ended,
            _ = resize.recv() => Heard::Resized,
            _ = resume.recv() => {
                // Continued after a stop that was not ours: the shell may have changed the terminal.
                self.taken.enter()?;
                Heard::Returned
            }
            read = self.bytes.recv(), if takes_bytes => match read {
                Some((bytes, came)) => Heard::Bytes(bytes, came),
                None => Heard::Ended,
            },
        })
    }

    fn heard_already(&mut self) -> Option<Heard> {
        let (bytes, came) = self.bytes.try_recv().ok()?;
        Some(Heard::Bytes(bytes, came))
    }

    fn is_ours(&self) -> bool {
        self.taken.is_ours()
    }

    async fn suspend(&mut self) -> io::Result<()> {
        self.taken.stop()?;
        // Where no shell can stop us the signal is dropped and nothing resumes: hence the limit.
        let _ = tokio::time::timeout(STOPPING, self.signals.resume.recv()).await;
        self.taken.enter()
    }
}

/// The signals that a session on this terminal listens to.
struct Signals {
    hang_up: Signal,
    terminate: Signal,
    interrupt: Signal,
    resume: Signal,
    resize: Signal,
}

impl Signals {
    fn listen() -> io::Result<Self> {
        Ok(Self {
            hang_up: signal(SignalKind::hangup())?,
            terminate: signal(SignalKind::terminate())?,
            interrupt: signal(SignalKind::interrupt())?,
            resize: signal(SignalKind::window_change())?,
            resume: signal(SignalKind::from_raw(ProcessSignal::CONT.as_raw()))?,
        })
    }
}

/// The terminal while it is ours. Dropping it gives it back; so does a panic, before its message, but
/// for one that a desk answers: the session goes on then.
struct TakenTerminal {
    ours: Arc<AtomicBool>,
    mouse: bool,
}

impl TakenTerminal {
    /// Takes the terminal: raw mode, the alternate screen, bracketed paste, no cursor; the mouse keeps it
    /// from selecting text by itself.
    fn take(mouse: bool) -> io::Result<Self> {
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
    fn enter(&self) -> io::Result<()> {
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

    /// A panic that nobody answers gives it back, on any thread.
    fn is_ours(&self) -> bool {
        self.ours.load(Ordering::SeqCst)
    }

    /// Gives the terminal back to the shell and stops this process and those it was started with,
    /// as Ctrl-z does elsewhere. They go on when the shell says so.
    fn stop(&self) -> io::Result<()> {
        give_back(&self.ours);
        kill_current_process_group(ProcessSignal::TSTP)?;
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

/// Reads the terminal on a thread of its own, which ends with the terminal or the process; then
/// nothing more is received.
///
/// The bytes are read here and not by crossterm: its parser waits for the end of a paste or of an
/// escape sequence as long as it takes, and meanwhile tells of nothing, not even of another size.
fn read_terminal() -> io::Result<Receiver<(Vec<u8>, Instant)>> {
    let (sender, receiver) = channel(WAITING);
    std::thread::Builder::new().name("terminal".into()).spawn(move || read(&sender))?;
    Ok(receiver)
}

fn read(sender: &Sender<(Vec<u8>, Instant)>) {
    let terminal = io::stdin();
    let mut buffer = vec![0; BUFFER];
    loop {
        let mut polled = [PollFd::new(&terminal, PollFlags::IN)];
        match poll(&mut polled, None) {
            Ok(_) => {}
            Err(Errno::INTR) => continue,
            Err(_) => return,
        }
        match rustix::io::read(terminal.as_fd(), &mut buffer[..]) {
            Ok(0) => return,
            Ok(length) => {
                if sender.blocking_send((buffer[..length].to_vec(), Instant::now())).is_err() {
                    return;
                }
            }
            Err(Errno::INTR | Errno::AGAIN) => {}
            Err(_) => return,
        }
    }
}
