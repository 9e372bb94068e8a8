//! Bytes that wait for somebody who takes them slowly: what a server has received of a file, or has not
//! yet handed on of an export. They are sealed as what comes once is (`spool`); little of them needs no file.

use std::io;
use std::sync::Arc;

use super::environment::Environment;
use super::spool::{Making, PIECE, Spool};
use super::workspace::Workspace;
use intake::acquire::Content;

/// Bytes that are kept until they are dropped. Nobody reads on the disk what they are.
pub struct KeptBytes {
    /// Where they go, until they do.
    making: Option<Making>,
    spool: Option<Spool>,
    /// Whole pieces in the spool.
    pieces: u64,
    /// What is less than a piece.
    tail: Vec<u8>,
}

impl KeptBytes {
    /// None yet, of that workspace.
    #[must_use]
    pub fn within(workspace: &Workspace, environment: &Environment) -> KeptBytes {
        let files = Arc::clone(&environment.files);
        let making = Making::within(workspace.temporary(), files, &*environment.randomness);
        KeptBytes { making: Some(making), spool: None, pieces: 0, tail: Vec::new() }
    }

    /// Keeps more.
    ///
    /// # Errors
    /// When there is no room.
    pub fn append(&mut self, mut bytes: &[u8]) -> io::Result<()> {
        while !bytes.is_empty() {
            let room = PIECE - self.tail.len();
            let (taken, rest) = bytes.split_at(room.min(bytes.len()));
            self.tail.extend_from_slice(taken);
            bytes = rest;
            if self.tail.len() == PIECE {
                self.put_away()?;
            }
        }
        Ok(())
    }

    fn put_away(&mut self) -> io::Result<()> {
        if let Some(making) = self.making.take() {
            self.spool = Some(making.begin()?);
        }
        let spool = self.spool.as_mut().ok_or(io::ErrorKind::NotFound)?;
        spool.append(self.pieces, &self.tail)?;
        self.pieces += 1;
        self.tail.clear();
        Ok(())
    }

    /// How many there are.
    #[must_use]
    pub fn length(&self) -> u64 {
        self.pieces * PIECE as u64 + self.tail.len() as u64
    }

    /// Some of those from `offset` on; none at the end.
    ///
    /// # Errors
    /// When the disk fails, or somebody changed them there.
    pub fn read_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
        let put_away = self.pieces * PIECE as u64;
        match &self.spool {
            Some(spool) if offset < put_away => spool.read_at(buffer, offset),
            _ => {
                let from = usize::try_from(offset - put_away).unwrap_or(usize::MAX);
                let left = self.tail.get(from..).unwrap_or_default();
                let taken = left.len().min(buffer.len());
                buffer[..taken].copy_from_slice(&left[..taken]);
                Ok(taken)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ledger::ports::randomness::SimulatedRandomness;
    use ledger::ports::simulated_files::SimulatedFiles;

    fn kept(disk: &SimulatedFiles) -> KeptBytes {
        let chance = SimulatedRandomness::seeded(1);
        let making =
            Making::within(std::path::PathBuf::from("/tmp"), Arc::new(disk.clone()), &chance);
        KeptBytes { making: Some(making), spool: None, pieces: 0, tail: Vec::new() }
    }

    #[test]
    fn bytes_come_back_in_order_from_any_place_and_few_need_no_file() {
        let whole: Vec<u8> = (0..PIECE * 2 + 77).map(|at| (at % 251) as u8).collect();
        for length in [0, 1, PIECE - 1, PIECE, PIECE + 1, whole.len()] {
            let disk = SimulatedFiles::new();
            let mut bytes = kept(&disk);
            for part in whole[..length].chunks(1_000) {
                bytes.append(part).unwrap();
            }
            assert_eq!(bytes.length(), length as u64);
            assert_eq!(disk.calls() > 0, length >= PIECE, "{length}");
            for from in
                [0, 1, PIECE - 3, PIECE, PIECE * 2 + 5].into_iter().filter(|it| *it <= length)
            {
                let (mut read, mut buffer) = (Vec::new(), [0; 999]);
                loop {
                    let at = (from + read.len()) as u64;
                    match bytes.read_at(&mut buffer, at).unwrap() {
                        0 => break,
                        taken => read.extend_from_slice(&buffer[..taken]),
                    }
                }
                assert!(read == whole[from..length], "{length} from {from}");
            }
        }
    }
}
