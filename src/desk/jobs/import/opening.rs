//! What a file is: found out on a thread of its own. What comes once is kept, what is packed is unpacked and
//! kept; then it has random access, whatever it was, and a first pass looks at all of it.

use std::io::{self, Read};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, sync_channel};
use std::thread::Builder;
use std::time::Duration;

use super::beginning::STREAM;
use super::sample::{Hidden, without_sensitive};
use crate::error::DeskError;
use crate::input::with_random_access;
use crate::spool::{Making, NotKept};
use domain::{FieldName, OddCells, OddRows};
use intake::acquire::{
    AcquireError, Glance, Input, Options, Reader, RepeatedKeys, Unpacked, Wanted, unpack,
};
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
    /// The rows of a text that are in another encoding.
    pub(super) odd_rows: Option<OddRows>,
    /// Cells that are not kept as somebody would think.
    pub(super) odd_cells: Vec<OddCells>,
    /// What a text reads better in than in what it is declared to be in.
    pub(super) likelier: Option<String>,
    /// Whether a text reads the same in another encoding that is about as common.
    pub(super) encoding_is_open: bool,
    /// Of a stream the BLAKE3 hash of its bytes, in hexadecimal: it has no name to be known by.
    pub(super) content: Option<String>,
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

/// Finds out on a thread of its own what a file is, and looks through all of it once. A stream is kept
/// first, and what is packed unpacked and kept: the first `making` is for what comes, the second for what
/// was in it. Its bytes may be long in coming: once nobody wants to know any more, the thread ends with
/// the next.
///
/// # Errors
/// When the system starts no thread.
pub(super) fn open(
    input: door::Input,
    making: [Making; 2],
    (source, survey): (Source, Survey),
    (options, hidden): (Options, Hidden),
) -> std::io::Result<Opened> {
    let (done, file) = sync_channel(1);
    let wanted = Arc::new(());
    let is_wanted = Arc::downgrade(&wanted);
    Builder::new().name("open".into()).spawn(move || {
        let goes_on = || is_wanted.strong_count() > 0;
        let opened = match unpacked(input, making, options, &goes_on) {
            Ok(None) => None,
            Ok(Some((input, options))) => {
                let surveyed = surveyed(&input, (&source, survey), &options, &goes_on);
                let surveyed = surveyed.map_err(|error| {
                    without_sensitive(error, &input, (&source, &hidden), &options)
                });
                surveyed.map_err(DeskError::from).transpose()
            }
            Err(error) => Some(Err(error)),
        };
        if let Some(opened) = opened {
            // Nobody may wait for it any more.
            let _ = done.send(opened);
        }
    })?;
    Ok(Opened { file, _wanted: wanted })
}

/// The same, for whoever only looks and waits for it: the input, and the name of what is in it.
///
/// # Errors
/// When it cannot be read, or is a pack that cannot be opened.
pub(crate) fn unpacked_at_once(
    input: door::Input,
    making: [Making; 2],
    file: &str,
) -> Result<(Input, String), DeskError> {
    let options = Options { file: file.to_owned(), ..Options::default() };
    let unpacked = unpacked(input, making, options, &|| true)?;
    unpacked.map(|(input, options)| (input, options.file)).ok_or(DeskError::Cancelled)
}

/// An input with random access, unpacked, to be read as what is in it; none once nobody wants it any more.
fn unpacked(
    input: door::Input,
    [coming, inside]: [Making; 2],
    options: Options,
    goes_on: &dyn Fn() -> bool,
) -> Result<Option<(Input, Options)>, DeskError> {
    let Some(input) = kept(input, coming, &options.file, goes_on)? else { return Ok(None) };
    let (content, name) = match unpack(input, &options.file)? {
        Unpacked::Plain(input) => return Ok(Some((input, options))),
        Unpacked::Packed { content, name } => (door::Input::Stream(content), name),
    };
    let Some(input) = kept(content, inside, &options.file, goes_on)? else { return Ok(None) };
    match unpack(input, &name)? {
        Unpacked::Plain(input) => Ok(Some((input, Options { file: name, ..options }))),
        Unpacked::Packed { .. } => {
            let what = "is packed twice: unpack it first".to_owned();
            Err(AcquireError::Pack { file: options.file, what }.into())
        }
    }
}

/// An input with random access; none where nobody wants it any more.
fn kept(
    input: door::Input,
    making: Making,
    file: &str,
    goes_on: &dyn Fn() -> bool,
) -> Result<Option<Input>, DeskError> {
    match with_random_access(input, making, goes_on) {
        Ok(input) => Ok(Some(input)),
        Err(NotKept::Unread(cause)) => {
            Err(AcquireError::Unreadable { file: file.to_owned(), cause }.into())
        }
        Err(NotKept::Unwritten(error)) => {
            let what = "storing the input".to_owned();
            Err(DeskError::File { what, error })
        }
        Err(NotKept::Unwanted) => Ok(None),
    }
}

/// The two passes over a file: one looks at its keys, dates, numbers and words for nothing, the other is left to be made.
/// None where nobody wants to know any more.
fn surveyed(
    input: &Input,
    (source, mut survey): (&Source, Survey),
    options: &Options,
    goes_on: &dyn Fn() -> bool,
) -> Result<Option<Surveyed>, AcquireError> {
    let fields: Vec<FieldName> = survey.fields().cloned().collect();
    let wanted = Wanted { fields: fields.clone(), updated: survey.looks_at_updated() };
    let mut first = Reader::open(input.from_the_beginning(), source, options)?;
    let mut show = |it: Glance<'_>| {
        // A number that is no text says how itself is written, and nothing of the others.
        if !(it.has_decimals && it.place.is_some_and(|place| survey.is_number(place))) {
            survey.note(it.place, it.line, it.text, it.is_boolean);
        }
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
    let options = Options { encoding, odd_encoding, is_looked_at: true, ..options.clone() };
    let (odd_rows, likelier) = (first.odd_rows(), first.likelier_encoding().map(str::to_owned));
    let odd_cells = first.odd_cells();
    let reader = Reader::open(input.from_the_beginning(), source, &options)?;
    let encoding_is_open = first.is_text() && !first.tells_encoding();
    let repeated = first.repeated_keys();
    let mut content = None;
    if options.file == STREAM {
        let unreadable = |cause| AcquireError::Unreadable { file: options.file.clone(), cause };
        content = hash(input.from_the_beginning(), goes_on).map_err(unreadable)?;
        if content.is_none() {
            return Ok(None);
        }
    }
    Ok(Some(Surveyed {
        reader,
        survey,
        repeated,
        odd_rows,
        odd_cells,
        likelier,
        encoding_is_open,
        content,
    }))
}

/// The hash of all bytes; none where nobody wants to know any more.
fn hash(mut input: Input, goes_on: &dyn Fn() -> bool) -> io::Result<Option<String>> {
    let (mut hasher, mut buffer) = (blake3::Hasher::new(), vec![0; 64 * 1024]);
    while goes_on() {
        match input.read(&mut buffer)? {
            0 => return Ok(Some(hasher.finalize().to_hex().to_string())),
            read => hasher.update(&buffer[..read]),
        };
    }
    Ok(None)
}
