//! An input as the readers of files want it: with random access, whatever came through the door.

use std::io::{self, Read, Seek, SeekFrom};
use std::sync::{Mutex, PoisonError};

use crate::spool::{Making, NotKept};
use door::ReadSeek;
use intake::acquire::{Content, Input};

/// Gives an input random access: a stream is read to its end and kept for that, as `making` says, for
/// as long as `goes_on` says so.
///
/// # Errors
/// When a stream is not kept.
pub(crate) fn with_random_access(
    input: door::Input,
    making: Making,
    goes_on: &dyn Fn() -> bool,
) -> Result<Input, NotKept> {
    match input {
        door::Input::File(file) => Ok(Input::of(OpenedFile(Mutex::new(file)))),
        door::Input::Stream(mut stream) => making.keep(&mut stream, goes_on).map(Input::of),
    }
}

/// A file that several read, one at a time.
struct OpenedFile(Mutex<Box<dyn ReadSeek>>);

impl Content for OpenedFile {
    fn length(&self) -> io::Result<u64> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).seek(SeekFrom::End(0))
    }

    fn read_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
        let mut file = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        file.seek(SeekFrom::Start(offset))?;
        file.read(buffer)
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;
    use std::sync::Arc;

    use super::*;
    use ledger::ports::randomness::SimulatedRandomness;
    use ledger::ports::simulated_files::SimulatedFiles;

    #[test]
    fn a_file_and_a_stream_read_alike_and_a_file_is_not_copied() {
        for is_file in [true, false] {
            let disk = SimulatedFiles::new();
            let chance = SimulatedRandomness::seeded(1);
            let making =
                Making::within(std::path::PathBuf::from("/tmp"), Arc::new(disk.clone()), &chance);
            let text = Cursor::new(b"id,city\n1,Omaha\n".to_vec());
            let given = if is_file { door::Input::file(text) } else { door::Input::stream(text) };
            let mut input = with_random_access(given, making, &|| true).unwrap();
            assert_eq!(input.length().unwrap(), 16);
            input.seek(SeekFrom::Start(8)).unwrap();
            let mut other = input.from_the_beginning();
            let (mut rest, mut whole) = (String::new(), String::new());
            input.read_to_string(&mut rest).unwrap();
            other.read_to_string(&mut whole).unwrap();
            assert_eq!((rest.as_str(), whole.as_str()), ("1,Omaha\n", "id,city\n1,Omaha\n"));
            assert_eq!(disk.calls() == 0, is_file);
        }
    }
}
