//! How a file is opened: what comes once is kept, what is packed is unpacked and kept, and then it has
//! random access, whatever it was.

use crate::error::DeskError;
use crate::input::with_random_access;
use crate::spool::{Making, NotKept};
use intake::acquire::{AcquireError, Input, Options, Reader, Unpacked, unpack};
use settings::Source;

/// Opens what came through the door; none once `goes_on` says that nobody wants it any more. The first
/// `making` keeps what comes, the second what was in it.
///
/// # Errors
/// When it cannot be kept or read.
pub(super) fn reader(
    input: door::Input,
    [coming, unpacked]: [Making; 2],
    (source, options): (&Source, Options),
    goes_on: &dyn Fn() -> bool,
) -> Result<Option<Reader>, DeskError> {
    let Some(input) = kept(input, coming, &options.file, goes_on)? else { return Ok(None) };
    let (input, options) = match unpack(input, &options.file)? {
        Unpacked::Plain(input) => (input, options),
        Unpacked::Packed { content, name } => {
            let content = door::Input::Stream(content);
            let Some(input) = kept(content, unpacked, &options.file, goes_on)? else {
                return Ok(None);
            };
            match unpack(input, &name)? {
                Unpacked::Plain(input) => (input, Options { file: name, ..options }),
                Unpacked::Packed { .. } => {
                    let what = "is packed twice: unpack it first".to_owned();
                    return Err(AcquireError::Pack { file: options.file, what }.into());
                }
            }
        }
    };
    Ok(Some(Reader::open(input, source, &options)?))
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
            let what = "keeping the input until it is read".to_owned();
            Err(DeskError::File { what, error })
        }
        Err(NotKept::Unwanted) => Ok(None),
    }
}
