//! The way to a desk on a thread of its own: one writer behind a bounded channel.

use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, TrySendError, sync_channel};
use std::sync::{Arc, Weak};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use super::fault::Keeping;
use super::operation::Kind;
use super::sharing;
use super::way::{Door, Reply, Streams, Told};
use super::{Asked, Failure, FailureClass, Session};

/// Operations that may wait for the desk, a dozen each of twenty people; who asks for one more is told so.
const WAITING: usize = 256;
/// How often those who wait for news are told at most.
const TOLD_EVERY: Duration = Duration::from_millis(200);
/// How long an operation that waits for news waits at most.
pub const LONGEST_WAIT: Duration = Duration::from_secs(30);

/// Whoever answers on the desk's thread, and does long work between two operations.
pub trait Keeper {
    /// Takes what wakes its thread when something was found out on another one.
    fn wake_by(&mut self, waker: Waker);
    /// Begins what an operation waits for, where that has not begun.
    fn begin(&mut self, who: &Session, asked: &Asked);
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
    /// What is carried out from now on is made durable together.
    fn begin_group(&mut self) {}
    /// Whether that must be now: something went wrong.
    fn must_end_group(&self) -> bool {
        false
    }
    /// Makes it durable.
    ///
    /// # Errors
    /// Nobody knows whether it is: that is what everybody is told who was answered since it began.
    fn end_group(&mut self) -> Result<(), Failure> {
        Ok(())
    }
}

/// An operation on its way.
pub(super) struct Handed {
    pub(super) who: Session,
    pub(super) asked: Asked,
    pub(super) streams: Streams,
    pub(super) reply: Reply,
}

/// What the desk's thread wakes for.
pub(super) enum Message {
    Handed(Box<Handed>),
    /// Something was found out on another thread.
    Woken,
}

/// A cheap clone that hands operations to the one desk. The desk ends with the last of them.
#[derive(Clone)]
pub struct DoorHandle {
    messages: Arc<SyncSender<Message>>,
}

/// Has the desk's thread look whether there is news. It keeps no desk open.
#[derive(Clone, Default)]
pub struct Waker(Weak<SyncSender<Message>>);

impl Waker {
    /// Wakes it.
    pub fn wake(&self) {
        if let Some(messages) = self.0.upgrade() {
            // Where there is no room, it looks after each of the operations that wait.
            let _ = messages.try_send(Message::Woken);
        }
    }
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
        let (messages, waiting) = sync_channel::<Message>(WAITING);
        let messages = Arc::new(messages);
        let waker = Waker(Arc::downgrade(&messages));
        let thread = std::thread::Builder::new().name("desk".into()).spawn(move || {
            let mut desk = open()?;
            desk.wake_by(waker);
            attend(desk, &waiting);
            Ok(())
        })?;
        Ok((DoorHandle { messages }, thread))
    }
}

/// Something to do for the desk's thread.
fn message(who: &Session, asked: Asked, streams: Streams, reply: Reply) -> Message {
    let reply = Answering { reply: Some(reply), asked: asked.clone() };
    let reply = reply.into_reply();
    Message::Handed(Box::new(Handed { who: who.clone(), asked, streams, reply }))
}

/// The same way in, for a thread of whoever asks: while too much waits for the desk it waits, too.
#[derive(Clone)]
pub struct PatientDoor(Arc<SyncSender<Message>>);

impl DoorHandle {
    /// The way in for who may be kept waiting at it.
    #[must_use]
    pub fn patient(&self) -> PatientDoor {
        PatientDoor(Arc::clone(&self.messages))
    }
}

impl Door for PatientDoor {
    fn send(&self, who: &Session, asked: Asked, streams: Streams, reply: Reply) {
        // One that nobody takes any more is dropped, and answers for itself.
        let _ = self.0.send(message(who, asked, streams, reply));
    }
}

impl Door for DoorHandle {
    fn send(&self, who: &Session, asked: Asked, streams: Streams, reply: Reply) {
        let message = message(who, asked, streams, reply);
        // One that nobody takes any more is dropped, and answers for itself.
        if let Err(TrySendError::Full(Message::Handed(handed))) = self.messages.try_send(message) {
            let why = format!("{WAITING} requests are waiting for the desk: try again in a moment");
            let why = Failure::new(FailureClass::Failed, why);
            (handed.reply)(handed.asked.not_done(why.into()));
        }
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
    handed: Box<Handed>,
    until: Instant,
}

/// Carries out what is handed in until nobody can hand in any more, and works between.
fn attend<K: Keeper>(mut desk: K, waiting: &Receiver<Message>) {
    let _keeping = Keeping::begin();
    let mut awaiting: Vec<Awaiting> = Vec::new();
    let mut told = Instant::now();
    let mut rest = Duration::ZERO;
    let mut taken = None;
    loop {
        let next = if let Some(message) = taken.take() {
            Ok(message)
        } else if desk.is_working() {
            waiting.recv_timeout(rest)
        } else if let Some(until) = awaiting.iter().map(|it| it.until).min() {
            waiting.recv_timeout(until.saturating_duration_since(Instant::now()))
        } else {
            waiting.recv().map_err(RecvTimeoutError::from)
        };
        let mut woken = false;
        match next {
            Ok(Message::Woken) => woken = true,
            Ok(Message::Handed(handed)) if must_wait(&mut desk, &handed) => {
                awaiting.push(Awaiting { handed, until: Instant::now() + LONGEST_WAIT });
            }
            Ok(Message::Handed(handed)) if sharing::is_decision(&handed) => {
                woken = true;
                taken = sharing::decide(&mut desk, handed, waiting);
            }
            Ok(Message::Handed(handed)) => {
                // What a person did is told at once, whatever is under way.
                woken = handed.asked.kind() == Kind::Decide;
                answer(&mut desk, handed);
            }
            Err(RecvTimeoutError::Timeout) if desk.is_working() => rest = desk.work(),
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => return desk.stop(),
        }
        if awaiting.is_empty() {
            continue;
        }
        let now = Instant::now();
        let may_tell = woken || !desk.is_working() || told.elapsed() >= TOLD_EVERY;
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

/// Whether an operation waits for news that is still to come.
fn must_wait<K: Keeper>(desk: &mut K, handed: &Handed) -> bool {
    if handed.asked.kind() != Kind::Wait {
        return false;
    }
    desk.begin(&handed.who, &handed.asked);
    !desk.has_news(&handed.who, &handed.asked)
}

fn answer<K: Keeper>(desk: &mut K, handed: Box<Handed>) {
    let Handed { who, asked, streams, reply } = *handed;
    reply(desk.carry(&who, asked, streams));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Outcome;
    use crate::operations::{Rules, Watch};
    use jiff::tz::TimeZone;

    /// Counts operations; has so much to do.
    #[derive(Default)]
    struct Counting {
        asked: u32,
        left: u32,
        begun: u32,
        waker: Waker,
    }

    impl Keeper for Counting {
        fn wake_by(&mut self, waker: Waker) {
            self.waker = waker;
        }

        fn begin(&mut self, _: &Session, _: &Asked) {
            self.begun += 1;
        }

        fn carry(&mut self, _: &Session, asked: Asked, _: Streams) -> Told {
            self.asked += 1;
            let said = format!("{} asked, {} left", self.asked, self.left);
            asked.not_done(Failure::new(FailureClass::Failed, said).into())
        }

        fn has_news(&self, _: &Session, _: &Asked) -> bool {
            self.left == 0
        }

        fn is_working(&self) -> bool {
            self.left > 0
        }

        fn work(&mut self) -> Duration {
            self.left -= 1;
            Duration::ZERO
        }

        fn stop(&mut self) {
            self.left = 0;
        }
    }

    fn who() -> Session {
        Session::local("sam", TimeZone::UTC)
    }

    type Started = (DoorHandle, JoinHandle<Result<(), ()>>);

    fn start(desk: Counting) -> Started {
        DoorHandle::open(move || Ok(desk)).unwrap()
    }

    fn said<A: std::fmt::Debug>(outcome: Outcome<A>) -> String {
        outcome.unwrap_err().to_string()
    }

    fn ask(handle: &DoorHandle) -> String {
        said((handle as &dyn Door).ask(&who(), Rules {}, Streams::default()))
    }

    #[test]
    fn operations_are_carried_out_between_two_parts_of_the_work() {
        // So much that it does not end within the test.
        let (handle, thread) = start(Counting { left: u32::MAX, ..Counting::default() });
        assert!(ask(&handle).starts_with("1 asked, "));
        drop(handle);
        assert_eq!(thread.join().unwrap(), Ok(()), "what is left is stopped");
    }

    #[test]
    fn who_waits_is_told_at_the_latest_when_the_work_ends() {
        let (handle, thread) = start(Counting { left: 1_000, ..Counting::default() });
        let door: &dyn Door = &handle;
        let told = door.ask(&who(), Watch::default(), Streams::default());
        assert_eq!(said(told), "1 asked, 0 left");
        drop(handle);
        thread.join().unwrap().unwrap();
    }

    #[test]
    fn who_asks_while_too_many_wait_is_told_at_once() {
        let (go, gone) = sync_channel::<()>(1);
        let open = move || gone.recv().map(|()| Counting::default());
        let (handle, thread) = DoorHandle::open(open).unwrap();
        let door: &dyn Door = &handle;
        for _ in 0..WAITING {
            door.ask_then(&who(), Rules {}, Streams::default(), |outcome| {
                assert!(said(outcome).ends_with("asked, 0 left"));
            });
        }
        let told = door.ask(&who(), Rules {}, Streams::default());
        assert_eq!(said(told), "256 requests are waiting for the desk: try again in a moment");
        let patient = handle.patient();
        let asks = std::thread::spawn(move || {
            said((&patient as &dyn Door).ask(&who(), Rules {}, Streams::default()))
        });
        go.send(()).unwrap();
        assert!(
            asks.join().unwrap().ends_with("asked, 0 left"),
            "it was let in when its turn came"
        );
        drop(handle);
        assert_eq!(thread.join().unwrap(), Ok(()));
    }

    #[test]
    fn what_is_asked_while_a_desk_is_opened_is_answered_then() {
        let (go, gone) = sync_channel::<bool>(1);
        let open = |gone: Receiver<bool>| {
            DoorHandle::open(move || match gone.recv() {
                Ok(true) => Ok(Counting::default()),
                _ => Err("it is held"),
            })
        };
        let (handle, thread) = open(gone).unwrap();
        let (sender, answered) = sync_channel(1);
        let door: &dyn Door = &handle;
        door.ask_then(&who(), Rules {}, Streams::default(), move |outcome| {
            sender.send(said(outcome)).unwrap();
        });
        assert!(answered.try_recv().is_err());
        go.send(true).unwrap();
        assert_eq!(answered.recv().unwrap(), "1 asked, 0 left");
        drop(handle);
        assert_eq!(thread.join().unwrap(), Ok(()));

        let (go, gone) = sync_channel::<bool>(1);
        let (handle, thread) = open(gone).unwrap();
        go.send(false).unwrap();
        assert_eq!(thread.join().unwrap(), Err("it is held"));
        assert_eq!(ask(&handle), "the desk has stopped");
    }

    #[test]
    fn a_desk_ends_with_its_last_handle_and_no_waker_keeps_it() {
        let (handle, thread) = start(Counting::default());
        let waker = Waker(Arc::downgrade(&handle.messages));
        assert_eq!(ask(&handle), "1 asked, 0 left");
        let second = handle.clone();
        drop(handle);
        waker.wake();
        assert_eq!(ask(&second), "2 asked, 0 left");
        drop(second);
        thread.join().unwrap().unwrap();
        waker.wake();
    }

    /// Has news once somebody wakes it.
    struct Sleeping {
        news: Arc<std::sync::atomic::AtomicBool>,
        waker: std::sync::mpsc::SyncSender<Waker>,
    }

    impl Keeper for Sleeping {
        fn wake_by(&mut self, waker: Waker) {
            self.waker.send(waker).unwrap();
        }

        fn begin(&mut self, _: &Session, _: &Asked) {}

        fn carry(&mut self, _: &Session, asked: Asked, _: Streams) -> Told {
            asked.not_done(Failure::new(FailureClass::Failed, "news").into())
        }

        fn has_news(&self, _: &Session, _: &Asked) -> bool {
            self.news.load(std::sync::atomic::Ordering::SeqCst)
        }

        fn is_working(&self) -> bool {
            false
        }

        fn work(&mut self) -> Duration {
            Duration::ZERO
        }

        fn stop(&mut self) {}
    }

    #[test]
    fn who_waits_is_told_when_another_thread_has_news() {
        let news = Arc::new(std::sync::atomic::AtomicBool::new(false));
        let (sender, wakers) = sync_channel(1);
        let desk = Sleeping { news: Arc::clone(&news), waker: sender };
        let (handle, thread) = DoorHandle::open(move || Ok::<_, ()>(desk)).unwrap();
        let (sender, answered) = sync_channel(1);
        let door: &dyn Door = &handle;
        door.ask_then(&who(), Watch::default(), Streams::default(), move |outcome| {
            sender.send(said(outcome)).unwrap();
        });
        let waker = wakers.recv().unwrap();
        waker.wake();
        assert!(answered.try_recv().is_err(), "woken for nothing");
        news.store(true, std::sync::atomic::Ordering::SeqCst);
        waker.wake();
        assert_eq!(answered.recv_timeout(LONGEST_WAIT / 2).unwrap(), "news");
        drop(handle);
        thread.join().unwrap().unwrap();
    }
}
