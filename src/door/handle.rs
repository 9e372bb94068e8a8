//! The way to a desk from another thread: one writer behind a bounded channel.

use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, TrySendError, sync_channel};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use super::{Answer, Question};

/// Questions that may wait for the desk; who asks one more is told so.
const WAITING: usize = 64;

type Reply = Box<dyn FnOnce(Answer) + Send>;

/// How often those who watch long work are told of it at most.
const TOLD_EVERY: Duration = Duration::from_millis(200);

/// Long work that whoever answers questions does between them.
pub trait Work {
    /// Whether there is something left to do.
    fn is_working(&self) -> bool;
    /// Does a small part of it; how long there is nothing to do after that.
    fn work(&mut self) -> Duration;
    /// Ends it where it is: nobody asks any more.
    fn stop(&mut self);
}

/// A cheap clone that sends questions to the one desk.
#[derive(Clone)]
pub struct DeskHandle {
    questions: SyncSender<(Question, Reply)>,
}

impl DeskHandle {
    /// Starts the thread that owns the desk. It ends, and drops the desk, with the last handle.
    ///
    /// # Errors
    /// When the system starts no thread.
    pub fn start<D, A>(desk: D, answer: A) -> std::io::Result<(DeskHandle, JoinHandle<()>)>
    where
        D: Work + Send + 'static,
        A: FnMut(&mut D, Question) -> Answer + Send + 'static,
    {
        let (questions, waiting) = sync_channel::<(Question, Reply)>(WAITING);
        let thread = std::thread::Builder::new()
            .name("desk".into())
            .spawn(move || attend(desk, &waiting, answer))?;
        Ok((DeskHandle { questions }, thread))
    }

    /// Starts the thread that opens a desk and then owns it; what is asked meanwhile waits. It ends
    /// with the last handle, or with why the desk could not be opened: then every question is
    /// dropped.
    ///
    /// # Errors
    /// When the system starts no thread.
    pub fn open<D, A, E>(
        open: impl FnOnce() -> Result<(D, A), E> + Send + 'static,
    ) -> std::io::Result<(DeskHandle, JoinHandle<Result<(), E>>)>
    where
        D: Work,
        A: FnMut(&mut D, Question) -> Answer,
        E: Send + 'static,
    {
        let (questions, waiting) = sync_channel::<(Question, Reply)>(WAITING);
        let thread = std::thread::Builder::new().name("desk".into()).spawn(move || {
            let (desk, answer) = open()?;
            attend(desk, &waiting, answer);
            Ok(())
        })?;
        Ok((DeskHandle { questions }, thread))
    }

    /// Asks, and calls `reply` on the desk's thread with the answer. Nobody waits here: where the desk
    /// has stopped, or too many questions wait for it, `reply` is called at once.
    pub fn ask_then(&self, question: Question, reply: impl FnOnce(Answer) + Send + 'static) {
        let ((_, reply), why) = match self.questions.try_send((question, Box::new(reply))) {
            Ok(()) => return,
            Err(TrySendError::Disconnected(unsent)) => (unsent, "the desk has stopped".to_owned()),
            Err(TrySendError::Full(unsent)) => {
                (unsent, format!("{WAITING} questions wait for the desk: ask again in a moment"))
            }
        };
        reply(Answer::Failed(why));
    }

    /// Asks and waits.
    #[must_use]
    pub fn ask(&self, question: Question) -> Answer {
        let (sender, receiver) = sync_channel(1);
        self.ask_then(question, move |answer| {
            let _ = sender.send(answer);
        });
        receiver.recv().unwrap_or_else(|_| Answer::Failed("the desk has stopped".to_owned()))
    }
}

/// Answers questions until nobody can ask any more, and works between them.
fn attend<D: Work>(
    mut desk: D,
    waiting: &Receiver<(Question, Reply)>,
    mut answer: impl FnMut(&mut D, Question) -> Answer,
) {
    let _keeping = super::fault::Keeping::begin();
    let mut watchers: Vec<(Question, Reply)> = Vec::new();
    let mut told = Instant::now();
    let mut rest = Duration::ZERO;
    loop {
        let next = if desk.is_working() {
            waiting.recv_timeout(rest)
        } else {
            waiting.recv().map_err(RecvTimeoutError::from)
        };
        match next {
            Ok((question @ Question::Watch { .. }, reply)) if desk.is_working() => {
                watchers.push((question, reply));
            }
            Ok((question, reply)) => reply(answer(&mut desk, question)),
            Err(RecvTimeoutError::Timeout) => rest = desk.work(),
            Err(RecvTimeoutError::Disconnected) => return desk.stop(),
        }
        let is_time = !desk.is_working() || told.elapsed() >= TOLD_EVERY;
        if is_time && !watchers.is_empty() {
            told = Instant::now();
            for (question, reply) in watchers.drain(..) {
                reply(answer(&mut desk, question));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Counts questions; has so much to do.
    #[derive(Default)]
    struct Counting {
        asked: u32,
        left: u32,
    }

    impl Work for Counting {
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

    fn count(desk: &mut Counting, _: Question) -> Answer {
        desk.asked += 1;
        Answer::Failed(format!("{} asked, {} left", desk.asked, desk.left))
    }

    #[test]
    fn questions_are_answered_between_two_parts_of_the_work() {
        // So much that it does not end within the test.
        let desk = Counting { asked: 0, left: u32::MAX };
        let (handle, thread) = DeskHandle::start(desk, count).unwrap();
        for asked in 1..=3 {
            let Answer::Failed(text) = handle.ask(Question::History(None)) else { panic!() };
            assert!(text.starts_with(&format!("{asked} asked")), "{text}");
            assert!(!text.ends_with(" 0 left"), "{text}");
        }
        drop(handle);
        thread.join().unwrap();
    }

    #[test]
    fn who_watches_is_told_at_the_latest_when_the_work_ends() {
        let desk = Counting { asked: 0, left: 1_000 };
        let (handle, thread) = DeskHandle::start(desk, count).unwrap();
        let told = handle.ask(Question::Watch { done: 0 });
        assert_eq!(told, Answer::Failed("1 asked, 0 left".into()));
        drop(handle);
        thread.join().unwrap();
    }

    #[test]
    fn who_asks_while_too_many_wait_is_told_at_once() {
        let (go, gone) = sync_channel::<()>(1);
        let (handle, thread) =
            DeskHandle::open(move || gone.recv().map(|()| (Counting::default(), count))).unwrap();
        for _ in 0..WAITING {
            handle.ask_then(Question::History(None), |answer| {
                assert!(matches!(answer, Answer::Failed(said) if said.ends_with("asked, 0 left")));
            });
        }
        let (sender, answered) = sync_channel(1);
        handle.ask_then(Question::History(None), move |answer| sender.send(answer).unwrap());
        let said = "64 questions wait for the desk: ask again in a moment";
        assert_eq!(answered.try_recv().unwrap(), Answer::Failed(said.into()));
        go.send(()).unwrap();
        drop(handle);
        assert_eq!(thread.join().unwrap(), Ok(()));
    }

    #[test]
    fn what_is_asked_while_a_desk_is_opened_is_answered_then() {
        let (go, gone) = sync_channel::<bool>(1);
        let open = |gone: Receiver<bool>| {
            DeskHandle::open(move || match gone.recv() {
                Ok(true) => Ok((Counting::default(), count)),
                _ => Err("it is held"),
            })
        };
        let (handle, thread) = open(gone).unwrap();
        let (sender, answered) = sync_channel(1);
        handle.ask_then(Question::History(None), move |answer| sender.send(answer).unwrap());
        assert!(answered.try_recv().is_err());
        go.send(true).unwrap();
        assert_eq!(answered.recv().unwrap(), Answer::Failed("1 asked, 0 left".into()));
        drop(handle);
        assert_eq!(thread.join().unwrap(), Ok(()));

        let (go, gone) = sync_channel::<bool>(1);
        let (handle, thread) = open(gone).unwrap();
        go.send(false).unwrap();
        assert_eq!(thread.join().unwrap(), Err("it is held"));
        assert_eq!(
            handle.ask(Question::History(None)),
            Answer::Failed("the desk has stopped".into())
        );
    }

    #[test]
    fn a_desk_ends_with_its_last_handle() {
        let (handle, thread) = DeskHandle::start(Counting::default(), count).unwrap();
        let asked = |number: u32| Answer::Failed(format!("{number} asked, 0 left"));
        assert_eq!(handle.ask(Question::History(None)), asked(1));
        let second = handle.clone();
        drop(handle);
        assert_eq!(second.ask(Question::History(None)), asked(2));
        drop(second);
        thread.join().unwrap();
    }
}
