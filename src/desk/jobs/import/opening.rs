//! What a file is: found out on a thread of its own, in a first pass over all of it.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, sync_channel};
use std::thread::Builder;
use std::time::Duration;

use crate::error::DeskError;
use crate::input::with_random_access;
use crate::spool::{Making, NotKept};
use domain::FieldName;
use intake::acquire::{AcquireError, Glance, Input, Options, Reader, RepeatedKeys, Wanted};
use intake::harmonise::Survey;
use settings::Source;

/// What a file turns out to be, once that is known.
pub(super) struct Opened {
    file: Receiver<Result<Surveyed, DeskError>>,
    /// Gone with this value: then nobody wants to know.
    _wanted: Arc<()>,
}

/// A file ready to be read, and what all of it told.
pub(super) struct Surveyed {
    pub(super) reader: Reader,
    /// How its values are written.
    pub(super) survey: Survey,
    /// The keys that stand in it more than once.
    pub(super) repeated: RepeatedKeys,
    /// The fields in which numbers with decimals stand that are no text.
    pub(super) decimals: BTreeSet<FieldName>,
}

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

/// The two passes over a file: one looks at its keys, dates and numbers, the other is left to be made.
/// None where nobody wants to know any more.
fn surveyed(
    input: &Input,
    (source, mut survey): (&Source, Survey),
    options: &Options,
    goes_on: &dyn Fn() -> bool,
) -> Result<Option<Surveyed>, AcquireError> {
    let fields: Vec<FieldName> = survey.fields().cloned().collect();
    let mut decimals = BTreeSet::new();
    let wanted = Wanted { fields: fields.clone(), updated: survey.looks_at_updated() };
    let mut first = Reader::open(input.from_the_beginning(), source, options)?;
    let mut show = |it: Glance<'_>| match it.place.filter(|_| it.has_decimals) {
        // It says how itself is written, and nothing of the others.
        Some(place) => decimals.extend(fields.get(place).cloned()),
        None => survey.note(it.place, it.line, it.text),
    };
    for row in 0_u64.. {
        if row % 256 == 0 && !goes_on() {
            return Ok(None);
        }
        if !first.glance(&wanted, &mut show)? {
            break;
        }
    }
    // What all of the file told once need not be found out again.
    let encoding = first.encoding().map(str::to_owned);
    let odd_encoding = first.odd_encoding().map(str::to_owned);
    let options = Options { encoding, odd_encoding, ..options.clone() };
    let reader = Reader::open(input.from_the_beginning(), source, &options)?;
    Ok(Some(Surveyed { reader, survey, repeated: first.repeated_keys(), decimals }))
}
