//! A review in a workspace that another process has open.

use std::sync::{Arc, OnceLock};

use jiff::tz::TimeZone;

use super::options;
use crate::cli::attach::{self, Ended, notice};
use crate::cli::code::Code;
use crate::cli::entry;
use crate::cli::invocation::Invocation;
use crate::cli::output::Output;
use crate::cli::preferences;
use crate::cli::say::say;
use crate::cli::terminal::OwnTerminal;
use crate::cli::text::clean;
use door::operations::About;
use door::{Door, Failure, FailureClass, Session, Streams};
use serve::{Attached, News};
use tui::{Herald, Opened};

/// Opens the review there; none where nobody serves the workspace.
///
/// # Errors
/// When they let us not in, or the terminal cannot be used.
pub fn open_screen(invocation: &Invocation, output: &Output) -> anyhow::Result<Option<Code>> {
    let herald: Arc<OnceLock<Herald>> = Arc::default();
    let ended: Ended = Arc::default();
    let (told, over) = (Arc::clone(&herald), Arc::clone(&ended));
    let heard = move |news: News| {
        match &news {
            News::Ended { why } => {
                let _ = over.set(why.clone());
                // One that is not on screen yet hears it from what it asks.
                if let Some(herald) = told.get() {
                    herald.end();
                }
            }
            news => {
                if let (Some(herald), Some(line)) = (told.get(), notice(news)) {
                    herald.say(line);
                }
            }
        }
    };
    let Some(Attached { door, person, process, .. }) =
        attach::attach(&invocation.workspace(), "review", heard)?
    else {
        return Ok(None);
    };
    let who = Session::local(person, TimeZone::system());
    let about =
        (&door as &dyn Door).ask(&who, About {}, Streams::default()).map_err(entry::error)?;
    let preferences = preferences::read();
    let mouse = preferences.mouse;
    let options = options(who, invocation, output, preferences);
    let (opener, opening) = tui::opening();
    let note = format!("in the workspace that process {process} has open");
    let opened = Opened { start: None, order: about.order, notes: vec![note] };
    let _ = herald.set(opener.opened(opened));
    if let (Some(_), Some(herald)) = (ended.get(), herald.get()) {
        herald.end();
    }
    tui::run(move || OwnTerminal::take(mouse), Box::new(door), opening, options)?;
    match ended.get() {
        None => Ok(Some(Code::Done)),
        Some(why) => {
            say("your decisions are kept; steward review goes on where you were");
            Err(Failure::new(FailureClass::Stopped, clean(why)).into())
        }
    }
}
