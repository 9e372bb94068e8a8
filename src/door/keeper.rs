//! The way to a desk on a thread of its own: one writer behind a bounded channel.

use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use super::fault::Keeping;
use super::operation::Kind;
use super::way::{Door, Reply, Streams, Told};
use super::{Asked, Failure, Session};

/// Operations that may wait for the desk before whoever asks has to.
const WAITING: usize = 64;
/// How often those who wait for news are told at most.
const TOLD_EVERY: Duration = Duration::from_millis(200);
/// How long an operation that waits for news waits at most.
pub const LONGEST_WAIT: Duration = Duration::from_secs(30);

/// Whoever answers on the desk's thread, and does long work between two operations.
pub trait Keeper {
    /// Carries an operation out.
    fn carry(&mut self, who: &Session, asked: Asked, streams: Streams) -> Told;
    /// Whether there is news for an operation that waits for some, or none will come.
    fn has_news(&self, who: &Session, asked: &Asked) -> bool;
    /// Whether there is long work left to do.
    fn is_working(&self) -> bool;
    /// Does a small part of it; how long there is nothing to do after that.
    fn work(&mut self) -> Duration;
    /// Ends it where it is: nobody asks any more.
    fn stop(&mut self);
}

/// An operation on its way.
struct Handed {
    who: Session,
    asked: Asked,
    streams: Streams,
    reply: Reply,
}

/// A cheap clone that hands operations to the one desk. The desk ends with the last of them.
#[derive(Clone)]
pub struct DoorHandle {
    handed: SyncSender<Handed>,
}

impl DoorHandle {
    /// Starts the thread that opens a desk and then keeps it; what is asked meanwhile waits. It ends
    /// with the last handle, or with why the desk could not be opened: then every operation is
    /// dropped.
    ///
    /// # Errors
    /// When the system starts no thread.
    pub fn open<K: Keeper, E: Send + 'static>(
        open: impl FnOnce() -> Result<K, E> + Send + 'static,
    ) -> std::io::Result<(DoorHandle, JoinHandle<Result<(), E>>)> {
        let (handed, waiting) = sync_channel::<Handed>(WAITING);
        let thread = std::thread::Builder::new().name("desk".into()).spawn(move || {
            attend(open()?, &waiting);
            Ok(())
        })?;
        Ok((DoorHandle { handed }, thread))
    }
}

impl Door for DoorHandle {
    fn send(&self, who: &Session, asked: Asked, streams: Streams, reply: Reply) {
        let reply = Answering { reply: Some(reply), asked: asked.clone() };
        let handed = Handed { who: who.clone(), asked, streams, reply: reply.into_reply() };
        // An operation that cannot be handed in is dropped, and answers for itself.
        let _ = self.handed.send(handed);
    }
}

/// Answers for the desk if it never does: one that has ended drops its operations.
struct Answering {
    reply: Option<Reply>,
    asked: Asked,
}

impl Answering {
    fn into_reply(mut self) -> Reply {
        Box::new(move |told| {
            if let Some(reply) = self.reply.take() {
                reply(told);
            }
        })
    }
}

impl Drop for Answering {
    fn drop(&mut self) {
        if let Some(reply) = self.reply.take() {
            reply(self.asked.not_done(Failure::stopped().into()));
        }
    }
}

/// An operation that waits for news.
struct Awaiting {
    handed: Handed,
    until: Instant,
}

/// Carries out what is handed in until nobody can hand in any more, and works between.
fn attend<K: Keeper>(mut desk: K, waiting: &Receiver<Handed>) {
    let _keeping = Keeping::begin();
    let mut awaiting: Vec<Awaiting> = Vec::new();
    let mut told = Instant::now();
    let mut rest = Duration::ZERO;
    loop {
        let next = if desk.is_working() {
            waiting.recv_timeout(rest)
        } else if let Some(until) = awaiting.iter().map(|it| it.until).min() {
            waiting.recv_timeout(until.saturating_duration_since(Instant::now()))
        } else {
            waiting.recv().map_err(RecvTimeoutError::from)
        };
        match next {
            Ok(handed)
                if handed.asked.kind() == Kind::Wait
                    && !desk.has_news(&handed.who, &handed.asked) =>
            {
                awaiting.push(Awaiting { handed, until: Instant::now() + LONGEST_WAIT });
            }
            Ok(handed) => answer(&mut desk, handed),
            Err(RecvTimeoutError::Timeout) if desk.is_working() => rest = desk.work(),
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => return desk.stop(),
        }
        if awaiting.is_empty() {
            continue;
        }
        let now = Instant::now();
        let may_tell = !desk.is_working() || told.elapsed() >= TOLD_EVERY;
        let is_due = |it: &mut Awaiting| {
            it.until <= now || may_tell && desk.has_news(&it.handed.who, &it.handed.asked)
        };
        let due: Vec<Awaiting> = awaiting.extract_if(.., is_due).collect();
        if !due.is_empty() {
            told = now;
        }
        for it in due {
            answer(&mut desk, it.handed);
        }
    }
}

fn answer<K: Keeper>(desk: &mut K, handed: Handed) {
    let Handed { who, asked, streams, reply } = handed;
    reply(desk.carry(&who, asked, streams));
}
