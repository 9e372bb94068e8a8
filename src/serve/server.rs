//! The server: lets people in, and sends them away when it stops.

use std::io;
use std::os::fd::AsFd;
use std::os::unix::net::{UnixListener, UnixStream};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, PoisonError, Weak};
use std::thread::{Builder, JoinHandle};
use std::time::{Duration, Instant};

use jiff::Timestamp;
use rustix::event::{PollFd, PollFlags, poll};
use rustix::io::Errno;

use super::connection::serve;
use super::frame::SessionView;
use super::names::Run;
use super::people::{People, Users};
use super::registry::{Ear, End, Registry};
use super::socket::BoundSocket;
use super::spool::Spools;
use super::tickets::{Brought, Tickets};
use door::{Door, fault};

/// Lines that may be open, sessions and strangers together.
const MOST_LINES: u64 = 320;
/// The number of the session of the process that serves.
const HERE: u64 = 0;
/// How long operations that are under way may take when it stops.
const LAST_ANSWERS: Duration = Duration::from_secs(20);
/// How long it rests where the system has no room for another line.
const REST: Duration = Duration::from_millis(100);

/// Another way in to the desk.
pub type Way = Box<dyn Fn() -> Box<dyn Door> + Send + Sync>;

/// What a server needs.
pub struct Options {
    /// The way in to the desk, for each session another.
    pub way: Way,
    /// Who may come in, asked for each who comes.
    pub people: Box<dyn Fn() -> People + Send + Sync>,
    /// The users of this machine.
    pub users: Box<dyn Users + Send + Sync>,
    /// Where files wait.
    pub spools: Spools,
    /// The version of steward.
    pub version: String,
    /// What time it is.
    pub clock: fn() -> Timestamp,
    /// What its sessions are called after.
    pub run: Run,
}

/// What all sessions share.
pub(super) struct Shared {
    way: Mutex<Option<Way>>,
    pub(super) people: Box<dyn Fn() -> People + Send + Sync>,
    pub(super) users: Box<dyn Users + Send + Sync>,
    pub(super) spools: Spools,
    pub(super) version: String,
    pub(super) clock: fn() -> Timestamp,
    pub(super) run: Run,
    pub(super) registry: Registry,
    pub(super) tickets: Tickets,
    numbers: AtomicU64,
    lines: AtomicU64,
    closing: AtomicBool,
    under_way: Mutex<usize>,
    answered: Condvar,
}

impl Shared {
    /// A way in; none once it stops.
    pub(super) fn door(&self) -> Option<Box<dyn Door>> {
        let way = self.way.lock().unwrap_or_else(PoisonError::into_inner);
        way.as_ref().filter(|_| !self.is_closing()).map(|way| way())
    }

    pub(super) fn next_session(&self) -> u64 {
        self.numbers.fetch_add(1, Ordering::SeqCst) + 1
    }

    pub(super) fn is_closing(&self) -> bool {
        self.closing.load(Ordering::SeqCst)
    }

    /// Something is under way for as long as this is kept.
    pub(super) fn busy(self: &Arc<Self>) -> Busy {
        *self.under_way.lock().unwrap_or_else(PoisonError::into_inner) += 1;
        Busy(Arc::clone(self))
    }

    /// Waits for what is under way.
    fn wait_for_answers(&self) {
        let until = Instant::now() + LAST_ANSWERS;
        let mut under_way = self.under_way.lock().unwrap_or_else(PoisonError::into_inner);
        while *under_way > 0 {
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return tracing::warn!(under_way = *under_way, "stopped before all was answered");
            }
            let waited = self.answered.wait_timeout(under_way, left);
            under_way = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
    }
}

/// Something that is under way.
pub(super) struct Busy(Arc<Shared>);

impl Drop for Busy {
    fn drop(&mut self) {
        *self.0.under_way.lock().unwrap_or_else(PoisonError::into_inner) -= 1;
        self.0.answered.notify_all();
    }
}

/// A server that runs.
pub struct Server {
    shared: Arc<Shared>,
    accepting: Option<JoinHandle<()>>,
    /// Written to, it wakes who waits for the next line.
    wake: UnixStream,
}

impl Server {
    /// Serves whoever comes to a socket.
    ///
    /// # Errors
    /// When the system starts no thread.
    pub fn start(socket: BoundSocket, options: Options) -> io::Result<Server> {
        let Options { way, people, users, spools, version, clock, run } = options;
        let shared = Arc::new(Shared {
            way: Mutex::new(Some(way)),
            people,
            users,
            spools,
            version,
            clock,
            run,
            registry: Registry::default(),
            tickets: Tickets::default(),
            numbers: AtomicU64::new(0),
            lines: AtomicU64::new(0),
            closing: AtomicBool::new(false),
            under_way: Mutex::new(0),
            answered: Condvar::new(),
        });
        let (wake, woken) = UnixStream::pair()?;
        let serving = Arc::clone(&shared);
        let accepting = Builder::new().name("accept".to_owned()).spawn(move || {
            accept(socket.listener(), &woken, &serving);
        })?;
        Ok(Server { shared, accepting: Some(accepting), wake })
    }

    /// Lists the session of the process that serves, which nobody can end from elsewhere. `ear` hears
    /// what is said to everybody. It is the run's session 0.
    pub fn enter_here(&self, person: &str, doing: &str, ear: Ear) {
        let (session, now) = (HERE, (self.shared.clock)());
        let view = SessionView {
            session,
            name: self.shared.run.session(session),
            person: person.to_owned(),
            doing: doing.to_owned(),
            since: now,
            last: now,
            process: Some(std::process::id()),
            address: None,
            key: None,
        };
        self.shared.registry.enter(view, End::Here(ear), None);
    }

    /// Where tickets are made out for those who are let in by another way.
    #[must_use]
    pub fn tickets(&self) -> Tickets {
        self.shared.tickets.clone()
    }

    /// Where connections are listed that people are let in over by another way.
    #[must_use]
    pub fn connections(&self) -> Connections {
        Connections(Arc::downgrade(&self.shared))
    }

    /// Stops: nobody comes in any more, what is under way is answered, everybody is told why, and the
    /// socket's file goes. Long work is left to the desk.
    pub fn stop(mut self, why: &str) {
        self.end(why);
    }

    fn end(&mut self, why: &str) {
        let Some(accepting) = self.accepting.take() else { return };
        self.shared.closing.store(true, Ordering::SeqCst);
        let _ = io::Write::write_all(&mut self.wake, &[1]);
        let _ = accepting.join();
        self.shared.wait_for_answers();
        self.shared.registry.end_all(why);
        // Whoever has not said yet who they are must not keep the desk open.
        *self.shared.way.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }
}

/// Connections of another way in, each with sessions or without. They are listed while they have none, and end with
/// any session of theirs that somebody ends.
#[derive(Clone)]
pub struct Connections(Weak<Shared>);

/// A connection that is listed, for as long as this is kept.
pub struct Connected {
    shared: Weak<Shared>,
    session: u64,
    name: String,
}

impl Connected {
    /// What it is called among the sessions.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }
}

impl Connections {
    /// Lists one. `ends` ends it, given why.
    #[must_use]
    pub fn enter(
        &self,
        brought: &Brought,
        doing: &str,
        connection: u64,
        ends: impl Fn(&str) + Send + Sync + 'static,
    ) -> Option<Connected> {
        let shared = self.0.upgrade()?;
        let (session, now) = (shared.next_session(), (shared.clock)());
        let name = shared.run.session(session);
        let view = SessionView {
            session,
            name: name.clone(),
            person: brought.person.clone(),
            doing: doing.to_owned(),
            since: now,
            last: now,
            process: None,
            address: brought.address.clone(),
            key: brought.key_fingerprint.clone(),
        };
        shared.registry.enter(view, End::Way(Arc::new(ends)), Some(connection));
        Some(Connected { shared: self.0.clone(), session, name })
    }
}

impl Drop for Connected {
    fn drop(&mut self) {
        if let Some(shared) = self.shared.upgrade() {
            shared.registry.leave(self.session);
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.end("the workspace is being closed");
    }
}

/// Takes whoever comes, until it is woken.
fn accept(listener: &UnixListener, woken: &UnixStream, shared: &Arc<Shared>) {
    while !shared.is_closing() {
        let waits = |file| PollFd::from_borrowed_fd(file, PollFlags::IN);
        match poll(&mut [waits(listener.as_fd()), waits(woken.as_fd())], None) {
            Ok(_) | Err(Errno::INTR) => {}
            Err(error) => return tracing::error!(%error, "nobody can be let in any more"),
        }
        match listener.accept() {
            Ok((line, _)) => begin(line, shared),
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
            Err(error) => {
                tracing::warn!(%error, "somebody could not be let in");
                std::thread::sleep(REST);
            }
        }
    }
}

/// Serves a line on a thread of its own.
fn begin(line: UnixStream, shared: &Arc<Shared>) {
    if shared.lines.fetch_add(1, Ordering::SeqCst) >= MOST_LINES {
        shared.lines.fetch_sub(1, Ordering::SeqCst);
        return;
    }
    let serving = Arc::clone(shared);
    let begun = Builder::new().name("session".to_owned()).spawn(move || {
        // A fault in one session is none of the others'.
        let served =
            fault::caught(|| line.set_nonblocking(false).and_then(|()| serve(line, &serving)));
        if let Some(Err(error)) = served {
            tracing::info!(%error, "a session was cut off");
        }
        serving.lines.fetch_sub(1, Ordering::SeqCst);
    });
    if let Err(error) = begun {
        shared.lines.fetch_sub(1, Ordering::SeqCst);
        tracing::warn!(%error, "somebody could not be let in");
    }
}
