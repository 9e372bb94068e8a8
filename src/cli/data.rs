//! Data on standard output: exact bytes for a file or a pipe, and for a terminal text that cannot
//! steer it.

use std::io::{self, IsTerminal, Write};
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::Context;

use super::text::clean;
use door::Streams;

/// Standard output for data.
pub fn standard() -> Box<dyn Write + Send> {
    let out = io::BufWriter::new(io::stdout());
    if io::stdout().is_terminal() {
        Box::new(Shown { out, line: Vec::new() })
    } else {
        Box::new(out)
    }
}

/// An output that is handed in at the door and ended here once it is written.
pub struct Shared<W>(Arc<Mutex<W>>);

impl<W: Write + Send + 'static> Shared<W> {
    /// Of that output.
    pub fn new(out: W) -> Self {
        Self(Arc::new(Mutex::new(out)))
    }

    /// It alone, as an operation takes it.
    pub fn streams(&self) -> Streams {
        Streams::writing(self.handed_in())
    }

    /// It, among what an operation writes.
    pub fn handed_in(&self) -> Box<dyn Write + Send> {
        Box::new(Self(Arc::clone(&self.0)))
    }

    /// The output, once nobody writes to it any more.
    ///
    /// # Errors
    /// When somebody does.
    pub fn into_inner(self) -> anyhow::Result<W> {
        let inner = Arc::into_inner(self.0).context("the output is still being written")?;
        Ok(inner.into_inner().unwrap_or_else(PoisonError::into_inner))
    }
}

impl<W: Write> Write for Shared<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).flush()
    }
}

/// Writes lines with everything in them written out that a terminal would obey.
struct Shown<W: Write> {
    out: W,
    /// The beginning of a line that has not ended.
    line: Vec<u8>,
}

impl<W: Write> Shown<W> {
    fn show(&mut self, line: &[u8]) -> io::Result<()> {
        let text = String::from_utf8_lossy(line);
        let body = text.strip_suffix('\n').unwrap_or(&text);
        let end = &text[body.len()..];
        let body = body.strip_suffix('\r').filter(|_| !end.is_empty()).unwrap_or(body);
        self.out.write_all(clean(body).as_bytes())?;
        self.out.write_all(end.as_bytes())
    }
}

impl<W: Write> Write for Shown<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        for part in bytes.split_inclusive(|byte| *byte == b'\n') {
            self.line.extend_from_slice(part);
            if part.ends_with(b"\n") {
                let line = std::mem::take(&mut self.line);
                self.show(&line)?;
            }
        }
        Ok(bytes.len())
    }

    /// Only whole lines are shown before the end: a flush may come in the middle of a character.
    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

impl<W: Write> Drop for Shown<W> {
    fn drop(&mut self) {
        let line = std::mem::take(&mut self.line);
        let _ = self.show(&line).and_then(|()| self.out.flush());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_terminal_is_shown_what_it_would_obey() {
        let mut shown = Vec::new();
        let mut out = Shown { out: &mut shown, line: Vec::new() };
        for part in ["a,\"\u{1b}]52;c;aGk=\u{7}\r", "x\"\r\n1\t,Zo\u{eb}\n\u{9b}", "2J"] {
            // Byte by byte, as any writer may.
            part.as_bytes().iter().for_each(|byte| out.write_all(&[*byte]).unwrap());
            out.flush().unwrap();
        }
        drop(out);
        let shown = String::from_utf8(shown).unwrap();
        assert_eq!(shown, "a,\"^[]52;c;aGk=^G^Mx\"\n1^I,Zo\u{eb}\n<9b>2J");
    }
}
