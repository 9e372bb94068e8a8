//! The way to a desk from another thread: one writer behind a bounded channel.

use std::sync::mpsc::{SyncSender, sync_channel};
use std::thread::JoinHandle;

use super::{Answer, Question};

/// Questions that may wait for the desk before an asker has to.
const WAITING: usize = 64;

type Reply = Box<dyn FnOnce(Answer) + Send>;

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
    pub fn start<D, A>(desk: D, mut answer: A) -> std::io::Result<(DeskHandle, JoinHandle<()>)>
    where
        D: Send + 'static,
        A: FnMut(&mut D, Question) -> Answer + Send + 'static,
    {
        let (questions, waiting) = sync_channel::<(Question, Reply)>(WAITING);
        let thread = std::thread::Builder::new().name("desk".into()).spawn(move || {
            let mut desk = desk;
            while let Ok((question, reply)) = waiting.recv() {
                reply(answer(&mut desk, question));
            }
        })?;
        Ok((DeskHandle { questions }, thread))
    }

    /// Asks, and calls `reply` on the desk's thread with the answer.
    pub fn ask_then(&self, question: Question, reply: impl FnOnce(Answer) + Send + 'static) {
        if let Err(unsent) = self.questions.send((question, Box::new(reply))) {
            let (_, reply) = unsent.0;
            reply(Answer::Failed("the desk has stopped".to_owned()));
        }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_desk_ends_with_its_last_handle() {
        let (handle, thread) = DeskHandle::start(0, |asked: &mut u32, _| {
            *asked += 1;
            Answer::Failed(asked.to_string())
        })
        .unwrap();
        assert_eq!(handle.ask(Question::History(None)), Answer::Failed("1".into()));
        let second = handle.clone();
        drop(handle);
        assert_eq!(second.ask(Question::History(None)), Answer::Failed("2".into()));
        drop(second);
        thread.join().unwrap();
    }
}
