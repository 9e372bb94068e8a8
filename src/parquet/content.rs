//! An input as the library wants it.

use std::io::{self, BufReader, Read, Seek, SeekFrom};

use bytes::Bytes;
use intake::acquire::Input;
use parquet::errors::{ParquetError, Result};
use parquet::file::reader::{ChunkReader, Length};

/// Bytes read ahead of a page.
const AHEAD: usize = 64 << 10;

/// The bytes of a file, and how many there are.
pub(crate) struct Content {
    input: Input,
    length: u64,
}

impl Content {
    pub(crate) fn of(input: Input) -> io::Result<Content> {
        let length = input.length()?;
        Ok(Content { input, length })
    }

    fn at(&self, start: u64) -> Result<Input> {
        let mut input = self.input.from_the_beginning();
        input.seek(SeekFrom::Start(start))?;
        Ok(input)
    }
}

impl Length for Content {
    fn len(&self) -> u64 {
        self.length
    }
}

impl ChunkReader for Content {
    type T = BufReader<Input>;

    fn get_read(&self, start: u64) -> Result<Self::T> {
        Ok(BufReader::with_capacity(AHEAD, self.at(start)?))
    }

    fn get_bytes(&self, start: u64, length: usize) -> Result<Bytes> {
        // A damaged file names places that it does not have: no memory is taken for those.
        if start.checked_add(length as u64).is_none_or(|end| end > self.length) {
            return Err(ParquetError::EOF("it names a place beyond its own end".to_owned()));
        }
        let mut bytes = vec![0; length];
        self.at(start)?.read_exact(&mut bytes)?;
        Ok(bytes.into())
    }
}
