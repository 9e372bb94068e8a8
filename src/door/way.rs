//! The door itself: the one way in for everything a person or a program can do or see.

use std::any::Any;
use std::io::{Read, Write};
use std::sync::mpsc::sync_channel;

use super::input::{Input, ReadSeek};
use super::operation::{Job, Operation};
use super::operations::{Cancel, Watch};
use super::outcome::{Failure, FailureClass, NotDone, Outcome};
use super::views::{JobEnd, JobView};
use super::{Asked, Refusal, Session};

/// Bytes that go with an operation, beside it and never inside.
#[derive(Default)]
pub struct Streams {
    /// A file to be read: an import, labels.
    pub input: Option<Input>,
    /// Where files are written to, in the order in which the operation names them: an export.
    pub outputs: Vec<Box<dyn Write + Send>>,
}

impl Streams {
    /// What is to be read.
    #[must_use]
    pub fn of(input: Input) -> Self {
        Self { input: Some(input), outputs: Vec::new() }
    }

    /// What is to be read, and comes once.
    #[must_use]
    pub fn reading(stream: Box<dyn Read + Send>) -> Self {
        Self::of(Input::Stream(stream))
    }

    /// A file to be read.
    #[must_use]
    pub fn of_file(file: impl ReadSeek + 'static) -> Self {
        Self::of(Input::file(file))
    }

    /// Where one file is written to.
    #[must_use]
    pub fn writing(output: Box<dyn Write + Send>) -> Self {
        Self { input: None, outputs: vec![output] }
    }
}

/// What comes of an operation, before its type is known again.
pub enum Told {
    /// In this process: an [`Outcome`] of the operation's answer.
    Here(Box<dyn Any + Send>),
    /// From elsewhere: the same, written with [`to_bytes`].
    Bytes(Vec<u8>),
}

/// Puts what is told of an operation into bytes, see [`Asked::encoder`].
pub type Encoder = fn(Told) -> Result<Vec<u8>, Failure>;

/// Takes what is told, once.
pub type Reply = Box<dyn FnOnce(Told) + Send>;

/// A way to a desk.
pub trait Door: Send {
    /// Hands an operation in. `reply` is called once, on whatever thread answers.
    fn send(&self, who: &Session, asked: Asked, streams: Streams, reply: Reply);
}

impl dyn Door + '_ {
    /// Asks, and calls `then` with what comes of it, on whatever thread answers.
    pub fn ask_then<O: Operation>(
        &self,
        who: &Session,
        operation: O,
        streams: Streams,
        then: impl FnOnce(Outcome<O::Answer>) + Send + 'static,
    ) {
        self.send(
            who,
            operation.into(),
            streams,
            Box::new(move |told| then(outcome_of::<O>(told))),
        );
    }

    /// Asks, and waits.
    ///
    /// # Errors
    /// What keeps it from being answered.
    pub fn ask<O: Operation>(
        &self,
        who: &Session,
        operation: O,
        streams: Streams,
    ) -> Outcome<O::Answer> {
        let (sender, receiver) = sync_channel(1);
        self.ask_then(who, operation, streams, move |outcome| {
            let _ = sender.send(outcome);
        });
        receiver.recv().unwrap_or_else(|_| Err(Failure::stopped().into()))
    }
}

impl dyn Door + '_ {
    /// Begins long work and waits for its end. `told` hears how far it is, and says whether to go on.
    ///
    /// # Errors
    /// What keeps it from being begun or from being done. What was committed stays.
    pub fn run<O: Job>(
        &self,
        who: &Session,
        operation: O,
        streams: Streams,
        told: &mut dyn FnMut(&JobView) -> bool,
    ) -> Outcome<O::Report> {
        let writes = operation.writes();
        let mut job = self.ask(who, operation, streams)?;
        let id = job.id;
        loop {
            match job.ended {
                Some(JobEnd::Done(report)) => {
                    return O::report(report).ok_or_else(|| something_else().into());
                }
                Some(JobEnd::Cancelled) => return Err(Failure::cancelled(writes).into()),
                Some(JobEnd::Failed(failure)) => return Err(failure.into()),
                None => {}
            }
            let asked = if told(&job) || job.stopping {
                self.ask(who, Watch::past(&job), Streams::default())?
            } else {
                self.ask(who, Cancel { job: Some(id) }, Streams::default())?
            };
            job = asked.ok_or_else(|| Refusal::Unknown { subject: id.to_string() })?;
        }
    }
}

fn something_else() -> Failure {
    Failure::new(FailureClass::Fault, "the desk gave an unexpected answer")
}

/// What came of an operation of that type, as bytes. What are bytes already stay as they are.
pub(super) fn told_bytes<O: Operation>(told: Told) -> Result<Vec<u8>, Failure> {
    match told {
        Told::Bytes(bytes) => Ok(bytes),
        here => to_bytes(&outcome_of::<O>(here)),
    }
}

/// That there is no answer, as bytes: those of any operation.
///
/// # Errors
/// When it cannot be said so.
pub fn not_done_bytes(why: NotDone) -> Result<Vec<u8>, Failure> {
    to_bytes(&Outcome::<()>::Err(why))
}

/// What came of an operation of that type.
fn outcome_of<O: Operation>(told: Told) -> Outcome<O::Answer> {
    let other = || something_else().into();
    match told {
        Told::Here(answer) => match answer.downcast::<Outcome<O::Answer>>() {
            Ok(outcome) => *outcome,
            Err(_) => Err(other()),
        },
        Told::Bytes(bytes) => from_bytes(&bytes).unwrap_or_else(|_| Err(other())),
    }
}

/// An operation or an outcome as bytes (CBOR, RFC 8949).
///
/// # Errors
/// When the value cannot be said so.
pub fn to_bytes<T: serde::Serialize>(value: &T) -> Result<Vec<u8>, Failure> {
    let mut bytes = Vec::new();
    ciborium::into_writer(value, &mut bytes)
        .map_err(|_| Failure::new(FailureClass::Fault, "an answer could not be encoded"))?;
    Ok(bytes)
}

/// What [`to_bytes`] wrote.
///
/// # Errors
/// When the bytes are something else. Nothing of them is in the message.
pub fn from_bytes<T: serde::de::DeserializeOwned>(bytes: &[u8]) -> Result<T, Failure> {
    ciborium::from_reader(bytes).map_err(|_| {
        Failure::new(FailureClass::Usage, "this is not an operation that is known here")
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operations::{About, KnownIds, Rules};

    /// What a server hands on is what whoever asked reads.
    #[test]
    fn what_is_told_comes_through_bytes_as_it_is() {
        let asked: Asked = KnownIds { begin: "T".to_owned(), limit: 5 }.into();
        let told =
            || Told::Here(Box::new(Outcome::<Vec<super::super::views::KnownId>>::Ok(vec![])));
        let bytes = asked.encoder()(told()).unwrap();
        assert_eq!(asked.encoder()(Told::Bytes(bytes.clone())).unwrap(), bytes);
        assert_eq!(outcome_of::<KnownIds>(Told::Bytes(bytes)), Ok(vec![]));
        // An answer of another operation is a fault, told as one.
        let other: Asked = Rules {}.into();
        let mixed = outcome_of::<Rules>(Told::Bytes(other.encoder()(told()).unwrap()));
        assert!(mixed.is_err());
    }

    #[test]
    fn that_there_is_no_answer_reads_the_same_of_every_operation() {
        let why: NotDone = Failure::stopped().into();
        let bytes = || Told::Bytes(not_done_bytes(why.clone()).unwrap());
        assert_eq!(outcome_of::<Rules>(bytes()), Err(why.clone()));
        assert_eq!(outcome_of::<KnownIds>(bytes()), Err(why.clone()));
        assert!(outcome_of::<About>(bytes()).is_err_and(|it| it == why));
    }
}
