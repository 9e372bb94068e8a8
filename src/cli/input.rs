//! The file that a command reads, and for how long it waits for one that is no file but a stream.

use std::fs::File;
use std::io::{self, Read};
use std::os::fd::AsFd;
use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::Context;
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::Errno;

/// How long a stream may be silent: the workspace is held meanwhile, and others wait for it.
const SILENCE: Duration = Duration::from_secs(600);

/// What is read.
pub struct Input {
    /// Its bytes.
    pub content: door::Input,
    /// Its name without folders; `-` for standard input.
    pub name: String,
    /// How many bytes it has, where it is a file.
    pub length: Option<u64>,
}

impl Input {
    /// Opens a file, a named pipe, or standard input (`-`); a database is only its bytes.
    ///
    /// # Errors
    /// When it is a folder or cannot be opened.
    pub fn open_file(path: &Path) -> anyhow::Result<Input> {
        let failed = || format!("reading {}", path.display());
        if path == Path::new("-") {
            let stream = io::stdin().as_fd().try_clone_to_owned().with_context(failed)?;
            return Ok(Input::of_stream(stream.into(), "-".to_owned()));
        }
        let file = File::open(path).map_err(|error| match missing(path, &error) {
            Some(missing) => anyhow::anyhow!(missing),
            None => anyhow::Error::new(error).context(failed()),
        })?;
        let metadata = file.metadata().with_context(failed)?;
        if metadata.is_dir() {
            anyhow::bail!("{} is a folder: name a file in it", path.display());
        }
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned());
        let name = name.unwrap_or_default();
        if !metadata.is_file() {
            return Ok(Input::of_stream(file, name));
        }
        Ok(Input { content: door::Input::file(file), name, length: Some(metadata.len()) })
    }

    fn of_stream(stream: File, name: String) -> Input {
        let content = door::Input::stream(Stream::of(stream));
        Input { content, name, length: None }
    }
}

/// What is said of a file that is not there; none where something else is wrong.
pub fn missing(path: &Path, error: &io::Error) -> Option<String> {
    let is_missing = error.kind() == io::ErrorKind::NotFound;
    is_missing.then(|| format!("there is no file {}", path.display()))
}

/// A stream that fails when nothing comes for too long.
pub struct Stream {
    stream: File,
    silence: Duration,
}

impl Stream {
    /// As long as anybody waits.
    pub fn of(stream: File) -> Stream {
        Stream { stream, silence: SILENCE }
    }
}

impl Read for Stream {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if has_something(&self.stream, self.silence)? {
            return self.stream.read(buffer);
        }
        let minutes = self.silence.as_secs() / 60;
        let why = format!(
            "no input for {minutes} minutes, and nobody else can write to the workspace \
             meanwhile; save it to a file first and import that"
        );
        Err(io::Error::new(io::ErrorKind::TimedOut, why))
    }
}

/// Whether there is something to read, or its end, within so long.
fn has_something(stream: &File, within: Duration) -> io::Result<bool> {
    let began = Instant::now();
    loop {
        let left = Timespec::try_from(within.saturating_sub(began.elapsed()));
        match poll(&mut [PollFd::new(stream, PollFlags::IN)], left.ok().as_ref()) {
            Err(Errno::INTR) => {}
            polled => return Ok(polled? > 0),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;
    use std::os::fd::OwnedFd;

    use super::*;

    #[test]
    fn a_stream_is_read_to_its_end_and_given_up_when_it_is_silent() {
        let (reader, mut writer) = io::pipe().unwrap();
        let stream = File::from(OwnedFd::from(reader));
        let mut stream = Stream { stream, silence: Duration::from_millis(1) };
        writer.write_all(b"id,city\n").unwrap();
        let mut read = [0; 64];
        assert_eq!(stream.read(&mut read).unwrap(), 8);
        let silent = stream.read(&mut read).unwrap_err();
        assert_eq!(silent.kind(), io::ErrorKind::TimedOut);
        assert!(silent.to_string().contains("save it to a file first"), "{silent}");
        drop(writer);
        assert_eq!(stream.read(&mut read).unwrap(), 0);
    }

    #[test]
    fn a_file_has_a_length_and_a_folder_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("crm.csv");
        std::fs::write(&path, "id\n1\n").unwrap();
        let mut input = Input::open_file(&path).unwrap();
        assert_eq!((&*input.name, input.length), ("crm.csv", Some(5)));
        let mut text = String::new();
        input.content.read_to_string(&mut text).unwrap();
        assert_eq!(text, "id\n1\n");
        let refused = Input::open_file(folder.path()).err().unwrap().to_string();
        assert!(refused.ends_with("is a folder: name a file in it"), "{refused}");
    }
}
