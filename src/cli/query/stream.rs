//! Rows that a database hands out, as a stream that is read.

use std::fs::File;
use std::io::{self, BufWriter, PipeWriter, Read};
use std::os::fd::OwnedFd;
use std::thread::{Builder, JoinHandle};

use super::super::input::{Input, Stream};
use intake::acquire::{CellRow, RowStream, TableHead, TakesTable};

/// Bytes that are written at once.
const PIECE: usize = 64 << 10;

/// What `ask` hands out, as an input of that name. It runs on a thread of its own, as fast as its rows
/// are taken; where it fails, so does the stream.
///
/// # Errors
/// When the system gives no pipe or no thread.
pub(super) fn streamed(
    name: String,
    ask: impl FnOnce(&mut dyn TakesTable) -> anyhow::Result<()> + Send + 'static,
) -> io::Result<Input> {
    let (reader, writer) = io::pipe()?;
    let asking = Builder::new().name("query".into()).spawn(move || {
        let mut to = Rows { pipe: Some(writer), stream: None, failed: None };
        ask(&mut to).map_err(|error| format!("{error:#}"))?;
        to.end().map_err(|error| error.to_string())
    })?;
    let rows = Stream::of(File::from(OwnedFd::from(reader)));
    let content = door::Input::stream(Answer { rows, asking: Some(asking) });
    Ok(Input { content, name, length: None })
}

/// Rows on their way into the pipe.
struct Rows {
    pipe: Option<PipeWriter>,
    stream: Option<RowStream<BufWriter<PipeWriter>>>,
    failed: Option<io::Error>,
}

impl Rows {
    fn took(&mut self, written: io::Result<()>) -> bool {
        self.failed = written.err();
        self.failed.is_none()
    }

    fn end(self) -> io::Result<()> {
        match (self.failed, self.stream) {
            (Some(error), _) => Err(error),
            (None, Some(stream)) => stream.end().map(drop),
            (None, None) => Ok(()),
        }
    }
}

impl TakesTable for Rows {
    fn head(&mut self, head: TableHead) -> bool {
        let Some(pipe) = self.pipe.take() else { return false };
        let begun = RowStream::begin(BufWriter::with_capacity(PIECE, pipe), &head);
        let begun = begun.map(|stream| self.stream = Some(stream));
        self.took(begun)
    }

    fn row(&mut self, row: CellRow) -> bool {
        let Some(stream) = &mut self.stream else { return false };
        let written = stream.row(&row);
        self.took(written)
    }
}

/// The stream as it is read: at its end stands whether the answer came to its end, too.
struct Answer {
    rows: Stream,
    asking: Option<JoinHandle<Result<(), String>>>,
}

impl Read for Answer {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.rows.read(buffer)?;
        if read > 0 || buffer.is_empty() {
            return Ok(read);
        }
        match self.asking.take().map(JoinHandle::join) {
            None | Some(Ok(Ok(()))) => Ok(0),
            Some(Ok(Err(why))) => Err(io::Error::other(why)),
            Some(Err(_)) => Err(io::Error::other("the database query was abandoned")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_that_breaks_off_is_an_error_at_its_end() {
        for (fails, expected) in [(false, None), (true, Some("the server went away"))] {
            let mut input = streamed("a database".to_owned(), move |to| {
                assert!(to.head(TableHead::default()));
                assert!(to.row(CellRow { number: 1, cells: Vec::new() }));
                if fails { anyhow::bail!("the server went away") } else { Ok(()) }
            })
            .unwrap();
            let mut read = Vec::new();
            let ended = input.content.read_to_end(&mut read);
            assert_eq!(ended.err().map(|error| error.to_string()).as_deref(), expected);
            assert!(!read.is_empty());
        }
    }

    #[test]
    fn who_asks_ends_when_nobody_reads() {
        let (ended, told) = std::sync::mpsc::channel();
        let input = streamed("a database".to_owned(), move |to| {
            assert!(to.head(TableHead::default()));
            while to.row(CellRow { number: 1, cells: Vec::new() }) {}
            ended.send(())?;
            Ok(())
        });
        drop(input.unwrap());
        told.recv().unwrap();
    }
}
