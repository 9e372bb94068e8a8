//! What a file is: found out on a thread of its own, in a first pass over all of it.

use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, sync_channel};
use std::thread::Builder;
use std::time::Duration;

use crate::error::DeskError;
use crate::input::with_random_access;
use crate::spool::{Making, NotKept};
use intake::acquire::{AcquireError, Glance, Input, Options, Reader, Wanted};
use intake::harmonise::Survey;
use settings::Source;

/// What a file turns out to be, once that is known.
pub(super) struct Opened {
    file: Receiver<Result<Surveyed, DeskError>>,
    /// Gone with this value: then nobody wants to know.
    _wanted: Arc<()>,
}

/// A file ready to be read, and what all its values say of how they are written.
pub(super) type Surveyed = (Reader, Survey);

impl Opened {
    /// What it turned out to be, waited for no longer than `patience`.
    pub(super) fn wait(
        &self,
        patience: Duration,
    ) -> Result<Result<Surveyed, DeskError>, RecvTimeoutError> {
        self.file.recv_timeout(patience)
    }
}

/// Finds out on a thread of its own what a file is, and looks through all of it once. A stream is kept first, as `making` says, and its
/// bytes may be long in coming: once nobody wants to know any more, the thread ends with the next.
///
/// # Errors
/// When the system starts no thread.
pub(super) fn open(
    input: door::Input,
    making: Making,
    (source, survey): (Source, Survey),
    options: Options,
) -> std::io::Result<Opened> {
    let (done, file) = sync_channel(1);
    let wanted = Arc::new(());
    let is_wanted = Arc::downgrade(&wanted);
    Builder::new().name("open".into()).spawn(move || {
        let goes_on = || is_wanted.strong_count() > 0;
        let input = with_random_access(input, making, &goes_on);
        let opened = match input {
            Ok(input) => match surveyed(&input, (&source, survey), &options, &goes_on) {
                Ok(None) => return,
                Ok(Some(file)) => Ok(file),
                Err(error) => Err(error.into()),
            },
            Err(NotKept::Unread(cause)) => {
                Err(AcquireError::Unreadable { file: options.file, cause }.into())
            }
            Err(NotKept::Unwritten(error)) => {
                let what = "keeping the input until it is read".to_owned();
                Err(DeskError::File { what, error })
            }
            Err(NotKept::Unwanted) => return,
        };
        // Nobody may wait for it any more.
        let _ = done.send(opened);
    })?;
    Ok(Opened { file, _wanted: wanted })
}

/// The two passes over a file: one looks at its dates and numbers, the other is left to be made. None
/// where nobody wants to know any more.
fn surveyed(
    input: &Input,
    (source, mut survey): (&Source, Survey),
    options: &Options,
    goes_on: &dyn Fn() -> bool,
) -> Result<Option<Surveyed>, AcquireError> {
    let fields = survey.fields().cloned().collect();
    let wanted = Wanted { fields, updated: survey.looks_at_updated() };
    if !wanted.is_empty() {
        let mut first = Reader::open(input.from_the_beginning(), source, options)?;
        let mut show = |it: Glance<'_>| survey.note(it.place, it.line, it.text);
        for row in 0_u64.. {
            if row % 256 == 0 && !goes_on() {
                return Ok(None);
            }
            if !first.glance(&wanted, &mut show)? {
                break;
            }
        }
    }
    let reader = Reader::open(input.from_the_beginning(), source, options)?;
    Ok(Some((reader, survey)))
}
