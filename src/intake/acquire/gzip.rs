//! A gzip file: one pack or several, one after the other.

use std::io::{self, BufRead, Read};

use flate2::bufread::GzDecoder;

/// How a pack begins.
const MARK: u8 = 0x1f;

/// What is in all packs of a file. Zeros between packs and behind the last are nothing: tapes, and tools
/// that write whole blocks, fill up with them. Anything else behind a pack is an error.
pub(super) struct Members<R> {
    /// The pack that is read; none behind the last, and where it failed.
    member: Option<GzDecoder<R>>,
}

impl<R: BufRead> Members<R> {
    /// Those of a file that is at its beginning.
    pub fn of(file: R) -> Self {
        Members { member: Some(GzDecoder::new(file)) }
    }
}

impl<R: BufRead> Read for Members<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while let Some(member) = &mut self.member {
            let read = member.read(buffer)?;
            if read > 0 || buffer.is_empty() {
                return Ok(read);
            }
            let Some(mut rest) = self.member.take().map(GzDecoder::into_inner) else { break };
            match behind_zeros(&mut rest)? {
                None => {}
                Some(MARK) => self.member = Some(GzDecoder::new(rest)),
                Some(_) => {
                    let why = "something else follows the packed data";
                    return Err(io::Error::new(io::ErrorKind::InvalidData, why));
                }
            }
        }
        Ok(0)
    }
}

/// Passes over zeros, and shows the byte behind them.
fn behind_zeros(rest: &mut impl BufRead) -> io::Result<Option<u8>> {
    loop {
        let bytes = rest.fill_buf()?;
        if bytes.is_empty() {
            return Ok(None);
        }
        let zeros = bytes.iter().take_while(|byte| **byte == 0).count();
        let next = bytes.get(zeros).copied();
        rest.consume(zeros);
        if next.is_some() {
            return Ok(next);
        }
    }
}
