//! Progress on standard error: rows, rate, and the time left where the size is known.

use std::io::{self, Read, Seek, SeekFrom};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use indicatif::{HumanCount, ProgressBar, ProgressStyle};

use super::{interrupt, limits};
use desk::jobs::Progress;
use door::views::{JobKind, JobView};

const COUNTED: &str = "{prefix} {wide_bar} {human_pos}/{human_len} {per_sec}, {eta} left";
const UNCOUNTED: &str = "{spinner} {prefix} {human_pos} {per_sec}";
const TIMED: &str = "{spinner} {prefix} {elapsed}";
const BY_BYTES: &str = "{prefix} {wide_bar} {msg}, {eta} left";
const OF_UNKNOWN_SIZE: &str = "{spinner} {prefix} {msg}";

/// A line that moves on a terminal, and nothing where there is none.
pub struct Bar(ProgressBar);

impl Bar {
    /// A bar that is not drawn yet.
    pub fn new() -> Self {
        Self(ProgressBar::no_length())
    }

    /// Shows how much of what is done.
    pub fn at(&self, what: &'static str, done: u64, total: u64) {
        if self.0.prefix() != what {
            self.0.set_prefix(what);
            self.0.set_style(style(COUNTED));
        }
        self.0.set_length(total);
        self.0.set_position(done);
    }

    /// Shows that something is being done, where nobody says how far it is.
    pub fn busy(&self, what: &'static str) {
        self.0.set_prefix(what);
        self.0.set_style(style(TIMED));
        self.move_with_time();
    }

    /// Lets time alone move the line. That takes a thread, and whoever starts it panics when the
    /// system refuses one: where nobody sees the line, or memory is short, it stands still.
    fn move_with_time(&self) {
        if !self.0.is_hidden() && !limits::memory_is_limited() {
            self.0.enable_steady_tick(Duration::from_millis(200));
        }
    }

    /// Takes the line away.
    pub fn clear(&self) {
        self.0.finish_and_clear();
    }
}

/// Watches a job, and stops it when Ctrl-C is pressed.
pub struct Watch {
    bar: Bar,
    raised: Arc<AtomicBool>,
    rows: AtomicU64,
    started: Instant,
    input: Option<Input>,
}

/// How far the input is.
struct Input {
    read: Arc<AtomicU64>,
    length: Option<u64>,
}

impl Watch {
    /// Watches work that counts for itself.
    ///
    /// # Errors
    /// When the system takes no handler for Ctrl-C.
    pub fn new() -> io::Result<Self> {
        Ok(Self {
            bar: Bar::new(),
            raised: interrupt::watch()?,
            rows: AtomicU64::new(0),
            started: Instant::now(),
            input: None,
        })
    }

    /// Watches the reading of an input, whose length in bytes may be known.
    ///
    /// # Errors
    /// As [`Watch::new`].
    pub fn of(input: door::Input, length: Option<u64>) -> io::Result<(Self, door::Input)> {
        let read = Arc::new(AtomicU64::new(0));
        let (at, told) = (0, Arc::clone(&read));
        let counted = match input {
            door::Input::Stream(input) => door::Input::stream(Counted { input, at, told }),
            door::Input::File(input) => door::Input::file(Counted { input, at, told }),
        };
        let input = Some(Input { read, length });
        Ok((Self { input, ..Self::new()? }, counted))
    }

    /// Follows a job: shows how far it is, and says whether it is to go on.
    pub fn following(&self) -> impl FnMut(&JobView) -> bool + '_ {
        let (mut phase, mut done) = (None, 0);
        move |job| {
            let name = match job.kind {
                JobKind::Import => "importing",
                _ => &job.phase,
            };
            if name.is_empty() {
                // It says nothing yet.
                return !self.cancelled();
            }
            if phase.as_ref().is_none_or(|(shown, total)| shown != name || *total != job.total) {
                self.phase(name, job.total);
                (phase, done) = (Some((name.to_owned(), job.total)), 0);
            }
            self.advance(job.done.saturating_sub(done));
            done = job.done;
            !self.cancelled()
        }
    }

    /// Takes the line away.
    pub fn clear(&self) {
        self.bar.clear();
    }
}

impl Progress for Watch {
    fn phase(&self, name: &str, total: Option<u64>) {
        let bar = &self.bar.0;
        bar.reset();
        bar.set_prefix(name.to_owned());
        match (&self.input, total) {
            (Some(Input { length: Some(length), .. }), None) => {
                bar.set_length(*length);
                bar.set_style(style(BY_BYTES));
            }
            (Some(_), None) => {
                bar.unset_length();
                bar.set_style(style(OF_UNKNOWN_SIZE));
            }
            (_, Some(total)) => {
                bar.set_length(total);
                bar.set_style(style(COUNTED));
            }
            (None, None) => {
                bar.unset_length();
                bar.set_style(style(UNCOUNTED));
                // Such a phase may never say how far it is: time alone moves the line.
                self.bar.move_with_time();
            }
        }
    }

    fn advance(&self, units: u64) {
        let rows = self.rows.fetch_add(units, Ordering::Relaxed) + units;
        let Some(input) = &self.input else {
            self.bar.0.inc(units);
            return;
        };
        let rate = rows as f64 / self.started.elapsed().as_secs_f64().max(0.001);
        self.bar.0.set_message(format!("{} rows, {}/s", HumanCount(rows), HumanCount(rate as u64)));
        self.bar.0.set_position(input.read.load(Ordering::Relaxed));
    }

    fn cancelled(&self) -> bool {
        self.raised.load(Ordering::Relaxed)
    }
}

/// An input that says how far it was read. Read once more, it begins again.
struct Counted<I> {
    input: I,
    at: u64,
    told: Arc<AtomicU64>,
}

impl<I: Read> Read for Counted<I> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let taken = self.input.read(buffer)?;
        self.at += taken as u64;
        self.told.store(self.at, Ordering::Relaxed);
        Ok(taken)
    }
}

impl<I: Seek> Seek for Counted<I> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.at = self.input.seek(to)?;
        Ok(self.at)
    }
}

fn style(template: &str) -> ProgressStyle {
    // The templates are constants, and a test reads each of them.
    ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_template_is_read() {
        for template in [COUNTED, UNCOUNTED, TIMED, BY_BYTES, OF_UNKNOWN_SIZE] {
            assert!(ProgressStyle::with_template(template).is_ok(), "{template}");
        }
    }

    #[test]
    fn an_input_counts_what_is_taken() {
        let content = io::Cursor::new(b"a,b\n1,2\n");
        let mut text = String::new();
        let (watch, mut counted) = Watch::of(door::Input::stream(content.clone()), None).unwrap();
        counted.read_to_string(&mut text).unwrap();
        let so_far = |watch: &Watch| watch.input.as_ref().unwrap().read.load(Ordering::Relaxed);
        assert_eq!(so_far(&watch), 8);
        let (watch, counted) = Watch::of(door::Input::file(content), Some(8)).unwrap();
        let door::Input::File(mut counted) = counted else { panic!("it stays a file") };
        counted.read_to_string(&mut text).unwrap();
        assert_eq!(so_far(&watch), 8);
        counted.seek(SeekFrom::Start(2)).unwrap();
        assert_eq!(counted.read(&mut [0; 3]).unwrap(), 3);
        assert_eq!(so_far(&watch), 5, "it is read again");
    }
}
