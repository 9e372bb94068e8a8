//! What is printed on standard output, and files that appear whole or not at all.

use std::cell::Cell;
use std::io::{self, IsTerminal, Write};

use anyhow::Context;
use serde::Serialize;

use super::global::Global;
use super::say::say_cleared;
use super::text::{Paint, guarded};
use desk::{OutputFile, clear_up};
use domain::printable::printable_json;
use ledger::ports::Files;
use ledger::ports::files::{Access, OpenFile, SystemFiles};
use tui::Colour;

/// Standard output, as text or as JSON.
pub struct Output {
    /// Print JSON.
    pub json: bool,
    /// Colours, where they are wanted.
    pub paint: Paint,
    /// The review screen's colours, where they were asked for.
    pub theme: Option<Colour>,
    /// Whether what is printed is the answer to something that was done: it stands, printed or not.
    done: Cell<bool>,
}

/// The answer of a command that could not be written: not that of a command that failed, which is
/// told on standard error.
#[derive(Debug, thiserror::Error)]
#[error("{}the output could not be written: {error}", if *.done { "done, but " } else { "" })]
pub struct Unwritten {
    /// Whether the command did something that stands.
    pub done: bool,
    /// What the system says.
    pub error: io::Error,
}

impl Output {
    /// The output that the arguments describe; `changes`: of a command that changes something before
    /// it prints anything.
    pub fn standard(global: &Global, changes: bool) -> Self {
        let forbidden = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        let colour = !global.no_color && !forbidden && io::stdout().is_terminal();
        Self {
            json: global.json,
            paint: Paint { colour },
            theme: global.theme,
            done: changes.into(),
        }
    }

    /// From here on what is printed answers something that was done.
    pub fn something_was_done(&self) {
        self.done.set(true);
    }

    /// Writes to standard output, all of it or not.
    fn write(&self, print: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<()> {
        let mut out = io::BufWriter::new(io::stdout().lock());
        print(&mut out).and_then(|()| out.flush()).map_err(|error| {
            let kind = error.kind();
            io::Error::new(kind, Unwritten { done: self.done.get(), error })
        })
    }

    /// Prints a text and ends the line.
    ///
    /// # Errors
    /// When nobody reads it any more, or the disk is full.
    pub fn line(&self, text: &str) -> io::Result<()> {
        self.write(|out| writeln!(out, "{}", guarded(text, self.paint.colour)))
    }

    /// Prints lines.
    ///
    /// # Errors
    /// As [`Output::line`].
    pub fn lines(&self, lines: &[String]) -> io::Result<()> {
        if lines.is_empty() { Ok(()) } else { self.line(&lines.join("\n")) }
    }

    /// Prints one thing as one JSON object on one line.
    ///
    /// # Errors
    /// As [`Output::line`].
    pub fn object(&self, thing: &impl Serialize) -> io::Result<()> {
        self.line(&printable_json(&serde_json::to_string(thing)?))
    }

    /// Prints a list as JSON Lines.
    ///
    /// # Errors
    /// As [`Output::line`].
    pub fn objects<T: Serialize>(&self, things: &[T]) -> io::Result<()> {
        self.write(|out| {
            for thing in things {
                writeln!(out, "{}", printable_json(&serde_json::to_string(thing)?))?;
            }
            Ok(())
        })
    }
}

/// A file that has its name only once it is whole. Dropped before that, nothing is left of it; left
/// by a killed process, it is removed by the next command that writes beside it.
pub struct WholeFile {
    file: io::BufWriter<Appending>,
    wanted: OutputFile,
    named: bool,
}

/// A file that is written from its beginning on.
struct Appending {
    file: Box<dyn OpenFile>,
    length: u64,
}

impl Write for Appending {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file.write_at(bytes, self.length)?;
        self.length += bytes.len() as u64;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl WholeFile {
    /// Begins a file only its owner may read (0600), beside where it will stand. What killed
    /// commands left there is removed, and that it was is said.
    ///
    /// # Errors
    /// When the folder cannot be written.
    pub fn begin(wanted: OutputFile) -> anyhow::Result<WholeFile> {
        say_cleared(&clear_up(&SystemFiles, wanted.folder(), Some(&wanted.name())));
        let file = SystemFiles.open(wanted.unfinished(), Access::CreateHeld);
        let file = file.with_context(|| writing(&wanted))?;
        let file = io::BufWriter::with_capacity(1 << 16, Appending { file, length: 0 });
        Ok(WholeFile { file, wanted, named: false })
    }

    /// Makes it durable and gives it its name, replacing what had it where that was asked for.
    ///
    /// # Errors
    /// When the disk refuses, or something came to have that name: it still has it.
    pub fn finish(mut self) -> anyhow::Result<()> {
        self.wanted.look_again()?;
        self.give_its_name().with_context(|| writing(&self.wanted))
    }

    fn give_its_name(&mut self) -> io::Result<()> {
        self.file.flush()?;
        self.file.get_ref().file.sync()?;
        SystemFiles.rename(self.wanted.unfinished(), self.wanted.path())?;
        self.named = true;
        SystemFiles.sync_folder(self.wanted.folder())
    }
}

fn writing(file: &OutputFile) -> String {
    format!("writing {}", file.path().display())
}

impl Write for WholeFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

impl Drop for WholeFile {
    fn drop(&mut self) {
        if !self.named {
            let _ = SystemFiles.remove(self.wanted.unfinished());
        }
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::fs::PermissionsExt;
    use std::path::Path;

    use super::*;
    use crate::cli::invocation::Invocation;
    use desk::WayOut;

    fn judged(folder: &Path, name: &str, replace: bool) -> OutputFile {
        let invocation = Invocation::at(folder);
        invocation.output_file(&folder.join(name), replace, WayOut::AnotherFile).unwrap()
    }

    #[test]
    fn a_file_appears_whole_or_not_at_all() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.csv");
        fs::write(&path, "old").unwrap();
        let mut file = WholeFile::begin(judged(folder.path(), "a.csv", true)).unwrap();
        file.write_all(b"half").unwrap();
        drop(file);
        assert_eq!(fs::read_to_string(&path).unwrap(), "old");
        let mut file = WholeFile::begin(judged(folder.path(), "a.csv", true)).unwrap();
        file.write_all(b"whole").unwrap();
        file.finish().unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "whole");
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "nothing else is left");
    }

    #[test]
    fn what_came_to_stand_there_meanwhile_is_not_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.csv");
        let file = WholeFile::begin(judged(folder.path(), "a.csv", false)).unwrap();
        fs::write(&path, "theirs").unwrap();
        assert!(file.finish().is_err());
        assert_eq!(fs::read_to_string(&path).unwrap(), "theirs");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "nothing else is left");
    }
}
