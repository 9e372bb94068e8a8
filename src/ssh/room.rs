//! Where a channel leads to: a terminal, or a command. What happens there is decided elsewhere.

use std::collections::BTreeMap;
use std::fmt;
use std::io::{self, Read, Write};
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::span::span;
use super::wire::{Stream, Wire};

/// Somebody who has been let in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Who {
    /// The person, as `[people.*]` calls them.
    pub person: String,
    /// Where they came from.
    pub address: SocketAddr,
    /// The fingerprint of the key they proved.
    pub fingerprint: String,
    /// Their connection. One may have several rooms.
    pub connection: u64,
}

/// What became of what somebody logs in with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Noted {
    /// A recovery code was accepted; so many are left.
    RecoveryCode(usize),
    /// Too many codes were wrong: no other is looked at before this has passed.
    LockedOut(Duration),
}

impl fmt::Display for Noted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Noted::RecoveryCode(left) => write!(f, "a recovery code was used, {left} are left"),
            Noted::LockedOut(wait) => write!(f, "locked out for {}", span(*wait)),
        }
    }
}

/// What somebody was given who has been let in.
pub struct LetIn {
    /// What their connection is called among the sessions, if it is.
    pub session: Option<String>,
    /// Kept until their connection has ended.
    pub kept: Box<dyn Send>,
}

/// The rooms. Each is entered on a thread of its own and left by returning; a panic leaves it too.
pub trait Rooms: Send + Sync + 'static {
    /// Somebody has a terminal and has named no command.
    fn terminal(&self, who: Who, terminal: Terminal);

    /// Somebody has named a command. `words` are what they typed, and nothing has been made of them.
    fn command(&self, who: Who, words: Vec<String>, command: Command);

    /// Whether a command is but a name for the terminal.
    fn is_terminal(&self, _words: &[String]) -> bool {
        false
    }

    /// Something became of what somebody logs in with, who has proved a key and is not in yet. It is to be recorded.
    fn noted(&self, _who: &Who, _what: Noted) {}

    /// Somebody has been let in, and has no room yet.
    fn let_in(&self, _who: &Who) -> LetIn {
        LetIn { session: None, kept: Box::new(()) }
    }
}

/// How large a terminal is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Size {
    /// Characters in a row, 1 to 1,000.
    pub columns: u16,
    /// Rows, 1 to 1,000.
    pub rows: u16,
}

/// What a client may set: `TERM`, `LANG`, `LC_ALL`, `LC_CTYPE`, `COLORTERM`, `NO_COLOR`, `TZ`, in printable ASCII
/// and not long. All else that it sends is dropped.
pub type Environment = BTreeMap<String, String>;

/// What a client may send instead of a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Signal {
    /// Stop what is under way.
    Interrupt,
    /// Stop.
    Terminate,
    /// The terminal is gone.
    HangUp,
}

/// What a room with a terminal hears.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Heard {
    /// Bytes that came in one go, and when.
    Bytes(Vec<u8>, Instant),
    /// It has another size.
    Resized,
    /// A signal was sent.
    Signal(Signal),
    /// Something to be shown: who says it, and what.
    Notice(Option<String>, String),
    /// It is over. The reason is told once the room is left; nothing where the client has gone.
    Ended(Option<String>),
}

/// A room's terminal. Dropped, it is given back and the channel is closed.
pub struct Terminal {
    wire: Arc<Wire>,
    environment: Environment,
    status: u32,
}

impl Terminal {
    pub(super) fn new(wire: Arc<Wire>, environment: Environment) -> Terminal {
        Terminal { wire, environment, status: 0 }
    }

    /// How large it is.
    #[must_use]
    pub fn size(&self) -> Size {
        self.wire.size()
    }

    /// What the client has set.
    #[must_use]
    pub fn environment(&self) -> &Environment {
        &self.environment
    }

    /// Sends bytes, all of them. Waits while the client does not take what was sent before.
    ///
    /// # Errors
    /// When it is gone.
    pub fn send(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.wire.put(Stream::Output, bytes)
    }

    /// Waits for what happens next. Bytes wait in the terminal unless `takes_bytes`. Dropping the future loses
    /// nothing.
    pub async fn heard(&mut self, takes_bytes: bool) -> Heard {
        self.wire.heard(takes_bytes).await
    }

    /// What has happened already; of keys at most one portion.
    pub fn heard_already(&mut self, takes_bytes: bool) -> Option<Heard> {
        self.wire.heard_already(takes_bytes)
    }

    /// Waits for what happens next, but not longer than this.
    pub fn heard_within(&mut self, longest: Duration) -> Option<Heard> {
        self.wire.heard_within(longest)
    }

    /// When the last key came.
    #[must_use]
    pub fn last_key(&self) -> Instant {
        self.wire.last_key()
    }

    /// Leaves with this exit code.
    pub fn finish(mut self, status: u8) {
        self.status = u32::from(status);
    }

    /// Once it is left, the exit code says that something failed.
    pub fn fails(&mut self) {
        self.status = 1;
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        self.wire.finish(if std::thread::panicking() { 1 } else { self.status });
    }
}

/// A command's streams. Dropped without [`Command::finish`], it has failed.
pub struct Command {
    wire: Arc<Wire>,
    environment: Environment,
    status: u32,
}

impl Command {
    pub(super) fn new(wire: Arc<Wire>, environment: Environment) -> Command {
        Command { wire, environment, status: 1 }
    }

    /// What the client has set.
    #[must_use]
    pub fn environment(&self) -> &Environment {
        &self.environment
    }

    /// How large its terminal is, where it has one: it is shown what the command writes, and is no more than that.
    #[must_use]
    pub fn size(&self) -> Option<Size> {
        self.wire.has_terminal().then(|| self.wire.size())
    }

    /// What the client sends.
    #[must_use]
    pub fn input(&self) -> Input {
        Input(Arc::clone(&self.wire))
    }

    /// What the client is sent.
    #[must_use]
    pub fn output(&self) -> Output {
        Output(Arc::clone(&self.wire), Stream::Output)
    }

    /// What the client is sent apart from that.
    #[must_use]
    pub fn errors(&self) -> Output {
        Output(Arc::clone(&self.wire), Stream::Errors)
    }

    /// Waits until the client sends a signal, or it is over. [`Signal::HangUp`] where the client is gone or has
    /// to go.
    #[must_use]
    pub fn signals(&self) -> Signals {
        Signals(Arc::clone(&self.wire))
    }

    /// Leaves with this exit code.
    pub fn finish(mut self, status: u8) {
        self.status = u32::from(status);
    }
}

impl Drop for Command {
    fn drop(&mut self) {
        self.wire.finish(self.status);
    }
}

/// What a client sends to a command.
pub struct Input(Arc<Wire>);

impl Read for Input {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.0.read(buffer)
    }
}

/// What a client is sent.
pub struct Output(Arc<Wire>, Stream);

impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.put(self.1, bytes)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// What a client sends to a command beside its input.
pub struct Signals(Arc<Wire>);

impl Signals {
    /// The next one; none once the command has finished, or there is nobody left to send any.
    #[must_use]
    pub fn next(&self) -> Option<Signal> {
        self.0.next_signal()
    }
}
