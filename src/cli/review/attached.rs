//! A review in a workspace that another process has open, or that this one serves.

use std::sync::{Arc, OnceLock};

use jiff::ToSpan;
use jiff::tz::TimeZone;

use super::{options, to_approve};
use crate::cli::attach::{self, Ended, notice};
use crate::cli::code::Code;
use crate::cli::entry;
use crate::cli::invocation::Invocation;
use crate::cli::output::Output;
use crate::cli::preferences;
use crate::cli::say::say;
use crate::cli::terminal::OwnTerminal;
use crate::cli::text::clean;
use door::operations::{About, Approvals, AskEdit, Requests};
use door::views::RequestsLine;
use door::{Door, Failure, FailureClass, Session, Streams};
use serve::{Attached, News};
use tui::{Herald, Line, Opened, TuiError};

/// What a review hears of whoever serves the workspace.
#[derive(Clone, Default)]
pub struct Hearing {
    herald: Arc<OnceLock<Herald>>,
    ended: Ended,
}

impl Hearing {
    /// Something is heard.
    pub fn hear(&self, news: &News) {
        match news {
            News::Ended { why } => {
                let _ = self.ended.set(why.clone());
                // One that is not on screen yet hears it from what it asks.
                if let Some(herald) = self.herald.get() {
                    herald.end();
                }
            }
            news => {
                if let Some(line) = notice(news) {
                    self.say(line);
                }
            }
        }
    }

    /// Something is to be shown.
    pub fn say(&self, line: String) {
        if let Some(herald) = self.herald.get() {
            herald.say(line);
        }
    }

    /// Why the session has ended, once it has.
    pub fn ended(&self) -> Option<&str> {
        self.ended.get().map(String::as_str)
    }

    /// Shows the review over a line, until the steward leaves or the session ends.
    ///
    /// # Errors
    /// When whoever serves does not answer, or the terminal fails.
    pub fn show<L: Line>(
        &self,
        door: serve::SocketDoor,
        notes: Vec<String>,
        options: tui::Options,
        line: impl FnOnce() -> Result<L, TuiError>,
    ) -> anyhow::Result<()> {
        let asked = (&door as &dyn Door).ask(&options.who, About {}, Streams::default());
        let about = asked.map_err(entry::error)?;
        let (opener, opening) = tui::opening();
        let mut notes = notes;
        // Whoever may not know is not told.
        let edit = (&door as &dyn Door).ask(&options.who, AskEdit {}, Streams::default());
        let edit = edit.ok().and_then(|edit| edit.note());
        notes.extend(edit.map(|note| format!("note: {note}")));
        let due = Requests { due: true, ..Requests::default() };
        let due = (&door as &dyn Door).ask(&options.who, due, Streams::default());
        let mut requests = RequestsLine::default();
        due.iter().flatten().for_each(|it| {
            let today = it.due.saturating_sub(it.days_left.days());
            requests.add(it.due, today, true);
        });
        notes.extend(requests.note().map(|note| format!("note: {note}")));
        // To ask for what a role may not see would be recorded as refused.
        let judges = |verb: &String| verb == "approve" || verb == "grant";
        if about.role.as_ref().is_none_or(|role| role.may.iter().any(judges)) {
            let own = Approvals { mine: true };
            let own = (&door as &dyn Door).ask(&options.who, own, Streams::default());
            notes.extend(own.ok().and_then(|rows| to_approve(&rows)));
        }
        let opened = Opened { start: None, order: about.order, notes };
        let _ = self.herald.set(opener.opened(opened));
        if let (Some(_), Some(herald)) = (self.ended(), self.herald.get()) {
            herald.end();
        }
        tui::run(line, Box::new(door), opening, options)?;
        Ok(())
    }
}

/// Opens the review there; none where nobody serves the workspace.
///
/// # Errors
/// When they let us not in, or the terminal cannot be used.
pub fn open_screen(invocation: &Invocation, output: &Output) -> anyhow::Result<Option<Code>> {
    let hearing = Hearing::default();
    let hears = hearing.clone();
    let heard = move |news: News| hears.hear(&news);
    let Some(Attached { door, person, process, .. }) =
        attach::attach(&invocation.workspace(), "review", heard)?
    else {
        return Ok(None);
    };
    let who = Session::local(person, TimeZone::system());
    let preferences = preferences::read();
    let mouse = preferences.mouse;
    let options = options(who, invocation, output, preferences);
    let note = format!("in the workspace that process {process} has open");
    hearing.show(door, vec![note], options, move || OwnTerminal::take(mouse))?;
    match hearing.ended() {
        None => Ok(Some(Code::Done)),
        Some(why) => {
            say(
                "your decisions are kept, and so is what you marked: to go on where you were, open steward review \
                 again while the workspace is served",
            );
            Err(Failure::new(FailureClass::Stopped, clean(why)).into())
        }
    }
}
