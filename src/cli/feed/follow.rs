//! `steward feed --follow`: it goes on when somebody does something, until it is stopped or whoever
//! reads it goes.

use std::io::Write;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Sender, channel};
use std::thread;

use anyhow::Context;
use jiff::tz::TimeZone;
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use signal_hook::iterator::Signals;

use super::super::code::Code;
use super::super::data::{self, Shared};
use super::super::failure::NotFound;
use super::super::invocation::Invocation;
use super::super::say::say;
use super::super::{attach, entry};
use domain::Sequence;
use door::operations::{Changes, EndFeed, Feed, FeedOn};
use door::views::{Changed, JobView};
use door::{Door, Outcome, Session, Streams};
use serve::SocketDoor;

/// What a feed waits for.
enum Heard {
    /// Somebody has done something, or nobody has for a while.
    Changed(Outcome<Changed>),
    /// A signal says that it is to end.
    Stop,
}

/// A feed that goes on.
struct Following {
    door: SocketDoor,
    who: Session,
    /// What is asked next.
    feed: Feed,
    out: Shared<Box<dyn Write + Send>>,
    lines: u64,
    stop: Arc<AtomicBool>,
}

/// Tells what happened, and what happens from now on.
///
/// # Errors
/// When nobody serves the workspace, it is no longer served, or the output cannot be written.
pub(super) fn run(feed: Feed, invocation: &Invocation) -> anyhow::Result<Code> {
    let attached = attach::attach(&invocation.workspace(), "feed", attach::told)?;
    let Some(attached) = attached else {
        let what = "nobody serves this workspace, and a feed that follows would keep everybody out";
        let hint =
            "start steward serve first, or run steward feed --since COMMIT from time to time";
        return Err(NotFound { what: what.to_owned(), hint: hint.to_owned() }.into());
    };
    let (sender, heard) = channel();
    let stop = Arc::new(AtomicBool::new(false));
    listen(sender.clone(), Arc::clone(&stop))?;
    let who = Session::local(attached.person.as_str(), TimeZone::system());
    let out = Shared::new(data::standard());
    let mut following = Following { door: attached.door, who, feed, out, lines: 0, stop };
    let done = following.go_on(&sender, &|| heard.recv().unwrap_or(Heard::Stop));
    // However it ended: what has left is written down.
    following.end();
    done?;
    super::told(following.lines, following.feed.after);
    Ok(Code::Done)
}

/// Hears signals.
fn listen(sender: Sender<Heard>, stop: Arc<AtomicBool>) -> anyhow::Result<()> {
    let mut signals = Signals::new([SIGINT, SIGTERM, SIGHUP]).context("watching for signals")?;
    let hears = move || {
        for _ in signals.forever() {
            stop.store(true, Ordering::Relaxed);
            if sender.send(Heard::Stop).is_err() {
                break;
            }
        }
    };
    thread::Builder::new().name("signals".to_owned()).spawn(hears)?;
    Ok(())
}

impl Following {
    fn go_on(&mut self, sender: &Sender<Heard>, next: &dyn Fn() -> Heard) -> anyhow::Result<()> {
        let (mut known, mut head) = (0, Sequence::ZERO);
        loop {
            self.tell()?;
            loop {
                let sender = sender.clone();
                let door: &dyn Door = &self.door;
                let wait = Changes { since: known };
                door.ask_then(&self.who, wait, Streams::default(), move |outcome| {
                    let _ = sender.send(Heard::Changed(outcome));
                });
                let Heard::Changed(changed) = next() else { return Ok(()) };
                let changed = changed.map_err(entry::error)?;
                known = changed.at;
                // A claim, or nothing for a while, is no commit.
                if changed.head != std::mem::replace(&mut head, changed.head) {
                    break;
                }
            }
        }
    }

    /// Tells what there is to tell.
    fn tell(&mut self) -> anyhow::Result<()> {
        let door: &dyn Door = &self.door;
        let little = FeedOn { feed: self.feed.clone() };
        let told = door.ask(&self.who, little, self.out.streams()).map_err(entry::error)?;
        let outcome = match told {
            Some(outcome) => outcome,
            None => {
                let mut goes_on = |_: &JobView| !self.stop.load(Ordering::Relaxed);
                let feed = self.feed.clone();
                let told = door.run(&self.who, feed, self.out.streams(), &mut goes_on);
                told.map_err(entry::error)?
            }
        };
        self.out.flush()?;
        self.lines += outcome.lines();
        (self.feed.after, self.feed.begun) = (outcome.up_to, outcome.begun);
        Ok(())
    }

    /// Says that it came to its end, if it ever began.
    fn end(&self) {
        let Some(begun) = self.feed.begun else { return };
        let ended = EndFeed { begun, lines: self.lines, up_to: self.feed.after };
        let door: &dyn Door = &self.door;
        if let Err(error) = door.ask(&self.who, ended, Streams::default()) {
            say(&format!("note: the start of this feed was recorded, its end was not: {error}"));
        }
    }
}
