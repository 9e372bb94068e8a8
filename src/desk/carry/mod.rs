//! The one way in: every operation is carried out here, for whoever asks.

mod access;
mod approvals;
mod decisions;
mod govern;
mod grants;
mod jobs;
mod keeping;
mod making;
mod overview;
mod queue;
mod show;
mod together;
mod values;

use super::core::Desk;
use super::error::Decided;
use super::masking::Masks;
use super::second::Withheld;
use super::unmasking::Seen;
use door::{Asked, Keeper, Kind, Operation, Outcome, Session, Streams, Told, Waker, fault};

/// How the desk carries an operation out.
pub trait Carry: Operation {
    /// Carries it out, on behalf of whoever the desk is working for.
    ///
    /// # Errors
    /// The refusal, or a failure; nothing was changed then.
    fn carry(self, desk: &mut Desk, streams: Streams) -> Decided<Self::Answer>;

    /// Begins what it waits for, where that has not begun.
    fn begin(&self, _desk: &mut Desk, _who: &Session) {}

    /// Whether there is news for one that waits for some, or none will come.
    fn has_news(&self, _desk: &Desk, _who: &Session) -> bool {
        true
    }

    /// What of its answer is withheld from somebody who is asked again what they decided; `None` means
    /// that nothing in it tells.
    fn withholding(&self) -> Option<Withholding<Self::Answer>> {
        None
    }

    /// How its answer is masked; `None` means nothing in it is sensitive.
    fn masking(&self) -> Option<Masking<Self::Answer>> {
        None
    }
}

/// Takes out of an answer what is withheld, or refuses it.
pub type Withholding<A> = Box<dyn FnOnce(&Withheld, A) -> Decided<A>>;

type SeenIn<A> = Box<dyn FnOnce(&A) -> Option<Seen>>;

/// How an answer with sensitive values leaves the desk.
pub struct Masking<A> {
    /// Whether they are wanted in clear.
    unmask: bool,
    /// Masks what is sensitive.
    mask: fn(&Masks, &mut A),
    /// Whose values the answer shows; `None` means nobody's.
    seen: SeenIn<A>,
}

impl Desk {
    /// Carries an operation out. One that panics ends with a failure of class
    /// [`Fault`](door::FailureClass::Fault), and the desk goes on.
    ///
    /// # Errors
    /// The refusal, or a failure; nothing was changed then, unless it says otherwise.
    pub fn act<O: Carry>(
        &mut self,
        who: &Session,
        operation: O,
        streams: Streams,
    ) -> Outcome<O::Answer> {
        self.work_for(who);
        let masking = operation.masking();
        let withholding = operation.withholding();
        let writes = matches!(O::KIND, Kind::Decide | Kind::Run);
        let done = self.surviving(writes, |desk| {
            desk.admit(who, || operation.clone().into())?;
            let mut answer = operation.carry(desk, streams)?;
            if let Some(withhold) = withholding {
                answer = withhold(&desk.withheld()?, answer)?;
            }
            if let Some(Masking { unmask, mask, seen }) = masking {
                match seen(&answer) {
                    Some(seen) if unmask => {
                        let closed = desk.record_seen(who, seen)?;
                        if let Some(masks) = closed {
                            mask(&masks, &mut answer);
                        }
                    }
                    seen => mask(&desk.masks_for(who, seen), &mut answer),
                }
            }
            Decided::Ok(answer)
        });
        Ok(done?)
    }

    /// Carries an operation out in this process.
    pub fn here(&mut self, who: &Session, asked: Asked, streams: Streams) -> Told {
        door::carry!(asked, operation => Told::Here(Box::new(self.act(who, operation, streams))))
    }

    /// Carries an operation out that came as bytes, and answers in bytes (see [`door::to_bytes`]).
    ///
    /// # Errors
    /// When an answer cannot be put into bytes.
    pub fn bytes(
        &mut self,
        who: &Session,
        bytes: &[u8],
        streams: Streams,
    ) -> Result<Vec<u8>, door::Failure> {
        let asked: Asked = match door::from_bytes(bytes) {
            Ok(asked) => asked,
            Err(failure) => return door::to_bytes(&Outcome::<()>::Err(failure.into())),
        };
        door::carry!(asked, operation => door::to_bytes(&self.act(who, operation, streams)))
    }
}

impl Keeper for Desk {
    fn wake_by(&mut self, waker: Waker) {
        self.finding.wake_by(waker);
    }

    fn begin(&mut self, who: &Session, asked: &Asked) {
        // Whoever may not is told so when it is carried out.
        if self.would_admit(who, || asked.clone()) {
            self.work_for(who);
            door::carry!(asked, operation => operation.begin(self, who));
        }
    }

    fn carry(&mut self, who: &Session, asked: Asked, streams: Streams) -> Told {
        self.here(who, asked, streams)
    }

    fn has_news(&self, who: &Session, asked: &Asked) -> bool {
        // What cannot tell is carried out, and tells then.
        if !self.would_admit(who, || asked.clone()) {
            return true;
        }
        let told =
            fault::caught(|| door::carry!(asked, operation => operation.has_news(self, who)));
        told.unwrap_or(true)
    }

    fn is_working(&self) -> bool {
        Desk::is_working(self)
    }

    fn work(&mut self) -> std::time::Duration {
        Desk::work(self)
    }

    fn stop(&mut self) {
        Desk::stop(self);
    }

    fn begin_group(&mut self) {
        if fault::caught(|| Desk::begin_group(self)).is_none() {
            self.give_group_up();
        }
    }

    fn must_end_group(&self) -> bool {
        self.group_must_end()
    }

    fn end_group(&mut self) -> Result<(), door::Failure> {
        let ended = fault::caught(|| Desk::end_group(self));
        let ended = ended.unwrap_or_else(|| Err(self.give_group_up()));
        ended.map_err(|error| (&error).into())
    }
}
