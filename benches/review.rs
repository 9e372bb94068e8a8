//! What a steward waits for: the real binary in a pseudo-terminal, key by key.
//!
//! `cargo bench --bench review -- FOLDER` drives `steward review` in that workspace, whose queue
//! must hold tasks. It decides some of them and takes that back: `-- FOLDER 120x40 200` for another
//! size and another number of repetitions. A frame counts as finished with its last byte; whatever
//! comes within 40 ms belongs to the same key.

// A benchmark's figures are its output.
#![allow(clippy::print_stdout)]

use std::error::Error;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};

/// Silence after which a frame is taken for finished.
const SILENCE: Duration = Duration::from_millis(40);
/// Deciding keys count only once a task was on the screen for 150 ms.
const SEEN: Duration = Duration::from_millis(200);
const PATIENCE: Duration = Duration::from_secs(120);

type Outcome<T> = Result<T, Box<dyn Error>>;

fn main() -> Outcome<()> {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|it| it != "--bench").collect();
    let Some(folder) = arguments.first() else {
        println!("review: needs a workspace with a queue: cargo bench --bench review -- FOLDER");
        return Ok(());
    };
    let (columns, rows) = size(arguments.get(1).map_or("120x40", String::as_str))?;
    let times = arguments.get(2).map_or(Ok(200), |text| text.parse())?;
    let mut review = Review::start(Path::new(folder), columns, rows)?;
    println!("`steward review` at {columns}x{rows}, {times} times each\n");
    println!("| what | p50 | p99 | worst | bytes p50 | bytes most |\n|---|---|---|---|---|---|");
    review.opening()?;
    for (what, keys) in [
        ("queue: j", &["j"][..]),
        ("queue: half a page and back", &["\x04", "\x15"]),
        ("queue: to the end and back", &["G", "gg"]),
        ("a task opened and closed", &["\r", "q"]),
        ("patterns, and closed", &["p", "\x1b"]),
        ("palette, and closed", &[":", "\x1b"]),
        ("dashboard, and closed", &["gd", "q"]),
        ("rules, and closed", &["gr", "q"]),
        ("imports, and closed", &["gi", "q"]),
    ] {
        review.repeated(what, keys, times)?;
    }
    review.press("gg")?;
    review.press("\r")?;
    for (what, keys) in [
        ("compare: j, k", &["j", "k"][..]),
        ("compare: l, h", &["l", "h"]),
        ("compare: next task, previous", &["J", "K"]),
        ("compare: Space twice", &[" ", " "]),
        ("why, and closed", &["w", "\x1b"]),
        ("customer, and closed", &["c", "q"]),
        ("history, and closed", &["H", "q"]),
        ("help, and closed", &["?", "\x1b"]),
    ] {
        review.repeated(what, keys, times)?;
    }
    review.finder(times)?;
    review.deciding(times.min(100))?;
    review.resting()?;
    review.end()
}

fn size(text: &str) -> Outcome<(u16, u16)> {
    let (columns, rows) = text.split_once('x').ok_or("a size is written 120x40")?;
    Ok((columns.parse()?, rows.parse()?))
}

/// What one key came to.
#[derive(Debug, Clone, Copy, Default)]
struct Drawn {
    took: Duration,
    bytes: usize,
}

/// The binary at work.
struct Review {
    master: Box<dyn MasterPty + Send>,
    keyboard: Box<dyn Write + Send>,
    output: Receiver<(Instant, Vec<u8>)>,
    binary: Box<dyn Child + Send + Sync>,
    emulation: vt100::Parser,
    began: Instant,
}

impl Review {
    fn start(folder: &Path, columns: u16, rows: u16) -> Outcome<Self> {
        let pair = native_pty_system().openpty(PtySize {
            rows,
            cols: columns,
            pixel_width: 0,
            pixel_height: 0,
        })?;
        let mut reader = pair.master.try_clone_reader()?;
        let (sender, output) = channel();
        std::thread::spawn(move || {
            let mut buffer = [0; 65_536];
            while let Ok(length @ 1..) = reader.read(&mut buffer) {
                if sender.send((Instant::now(), buffer[..length].to_vec())).is_err() {
                    return;
                }
            }
        });
        let mut command = CommandBuilder::new(binary());
        command.args(["review"]);
        command.cwd(folder);
        command.env("TERM", "xterm-256color");
        command.env("LC_ALL", "C.UTF-8");
        // Nobody here answers what a terminal that is far away is asked.
        for name in ["SSH_CONNECTION", "SSH_TTY"] {
            command.env_remove(name);
        }
        let keyboard = pair.master.take_writer()?;
        let began = Instant::now();
        let binary = pair.slave.spawn_command(command)?;
        let not_zero = |number| std::num::NonZeroU16::new(number).ok_or("a size of zero");
        let emulation = vt100::Parser::new(not_zero(rows)?, not_zero(columns)?, 0);
        Ok(Self { master: pair.master, keyboard, output, binary, emulation, began })
    }

    /// From the start of the process to its first frame, and to a queue that takes keys.
    fn opening(&mut self) -> Outcome<()> {
        let first = self.frame(self.began, PATIENCE)?;
        row("first frame, from the start of the process", &[first]);
        let mut usable = first;
        let is_usable = |shown: &str| shown.contains("? all") && !shown.contains("fetching");
        while !is_usable(&self.shown()) {
            let drawn = self.frame(self.began, PATIENCE)?;
            usable = Drawn { took: drawn.took, bytes: usable.bytes + drawn.bytes };
        }
        row("the queue, from the start of the process", &[usable]);
        Ok(())
    }

    fn shown(&self) -> String {
        self.emulation.screen().contents()
    }

    /// Presses a key and waits until its frame is finished; a key that draws nothing took nothing.
    fn press(&mut self, key: &str) -> Outcome<Drawn> {
        let pressed = Instant::now();
        self.keyboard.write_all(key.as_bytes())?;
        self.keyboard.flush()?;
        self.frame(pressed, Duration::from_secs(2))
    }

    /// What is drawn from now on until it is silent.
    fn frame(&mut self, since: Instant, patience: Duration) -> Outcome<Drawn> {
        let mut drawn = Drawn::default();
        let mut wait = patience;
        loop {
            match self.output.recv_timeout(wait) {
                Ok((at, bytes)) => {
                    drawn = Drawn {
                        took: at.saturating_duration_since(since),
                        bytes: drawn.bytes + bytes.len(),
                    };
                    self.emulation.process(&bytes);
                    wait = SILENCE;
                }
                Err(RecvTimeoutError::Timeout) => return Ok(drawn),
                Err(RecvTimeoutError::Disconnected) => {
                    return Err(format!("it ended:\n{}", self.shown()).into());
                }
            }
        }
    }

    /// Keys in turn, so many times.
    fn repeated(&mut self, what: &str, keys: &[&str], times: usize) -> Outcome<()> {
        let mut all = Vec::new();
        for turn in 0..times {
            all.push(self.press(keys[turn % keys.len()])?);
        }
        if !times.is_multiple_of(keys.len()) {
            self.press(keys[keys.len() - 1])?;
        }
        row(what, &all);
        Ok(())
    }

    /// A name typed letter by letter, and taken back.
    fn finder(&mut self, times: usize) -> Outcome<()> {
        self.press("/")?;
        let mut all = Vec::new();
        for turn in 0..times {
            let key = ["s", "m", "i", "t", "h", "\x15"][turn % 6];
            all.push(self.press(key)?);
        }
        row("finder: a letter typed", &all);
        self.press("\x1b")?;
        Ok(())
    }

    /// From the key to the next task on the screen, the write to the disk included; each is undone.
    fn deciding(&mut self, times: usize) -> Outcome<()> {
        let mut decided = Vec::new();
        let mut undone = Vec::new();
        for _ in 0..times {
            std::thread::sleep(SEEN);
            decided.push(self.press("n")?);
            undone.push(self.press("u")?);
        }
        row("not a match, to the next task", &decided);
        row("undo", &undone);
        Ok(())
    }

    /// What it does when nobody does anything, and what it holds.
    fn resting(&mut self) -> Outcome<()> {
        let process = self.binary.process_id().ok_or("no process")?;
        std::thread::sleep(Duration::from_secs(2));
        while self.output.try_recv().is_ok() {}
        let before = cpu(process)?;
        let silent = self.output.recv_timeout(Duration::from_secs(5)).is_err();
        let spent = cpu(process)? - before;
        let told = if silent { "nothing sent" } else { "SENT SOMETHING" };
        println!("\nidle for 5 s: {told}, {spent} ticks of CPU; peak memory {} MB", peak(process)?);
        Ok(())
    }

    fn end(mut self) -> Outcome<()> {
        self.binary.kill()?;
        self.binary.wait()?;
        drop(self.master);
        Ok(())
    }
}

/// One line of the table.
fn row(what: &str, all: &[Drawn]) {
    let mut times: Vec<Duration> = all.iter().map(|drawn| drawn.took).collect();
    let mut bytes: Vec<usize> = all.iter().map(|drawn| drawn.bytes).collect();
    times.sort_unstable();
    bytes.sort_unstable();
    let at = |share: usize| (times.len() * share / 100).min(times.len() - 1);
    println!(
        "| {what} | {:.1?} | {:.1?} | {:.1?} | {} | {} |",
        times[at(50)],
        times[at(99)],
        times[times.len() - 1],
        bytes[at(50)],
        bytes[bytes.len() - 1],
    );
}

fn binary() -> PathBuf {
    PathBuf::from(env!("CARGO_BIN_EXE_steward"))
}

/// Hundredths of a second of CPU spent so far.
fn cpu(process: u32) -> Outcome<u64> {
    let text = std::fs::read_to_string(format!("/proc/{process}/stat"))?;
    let after = text.rsplit(')').next().ok_or("no such process")?;
    let fields: Vec<&str> = after.split_whitespace().collect();
    let field = |at: usize| fields.get(at).and_then(|text| text.parse::<u64>().ok());
    Ok(field(11).ok_or("no times")? + field(12).ok_or("no times")?)
}

/// The most memory it ever held, in MB.
fn peak(process: u32) -> Outcome<u64> {
    let text = std::fs::read_to_string(format!("/proc/{process}/status"))?;
    let line = text.lines().find(|line| line.starts_with("VmHWM")).ok_or("no peak")?;
    let number = line.split_whitespace().nth(1).and_then(|text| text.parse::<u64>().ok());
    Ok(number.ok_or("no peak")? / 1024)
}
