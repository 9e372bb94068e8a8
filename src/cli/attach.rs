//! Attaching to whoever serves the workspace: `steward serve`, or a review that has it open.

use std::sync::{Arc, OnceLock};

use jiff::tz::TimeZone;

use super::say::say;
use super::text::clean;
use desk::Workspace;
use door::Refusal;
use serve::{Attached, Guest, News, NotAttached};

/// The version of steward that both ends must be.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");

/// The variable that holds the ticket of a command that the process that serves has started for somebody.
pub const TICKET: &str = "STEWARD_TICKET";

/// Attaches; none where nobody serves the workspace. `doing` is what others read of it in `steward sessions`.
///
/// # Errors
/// When whoever serves it lets us not in.
pub fn attach(
    workspace: &Workspace,
    doing: &str,
    heard: impl Fn(News) + Send + 'static,
) -> anyhow::Result<Option<Attached>> {
    let zone = TimeZone::system().iana_name().unwrap_or("UTC").to_owned();
    let ticket = std::env::var(TICKET).ok();
    let guest = Guest { version: VERSION.to_owned(), doing: doing.to_owned(), zone, ticket };
    match serve::attach(&workspace.socket(), &guest, heard) {
        // Whoever came with a ticket must not become the user whose process this is.
        Ok(None) if guest.ticket.is_some() => {
            let why = "the workspace is not served any more: try again in a moment".to_owned();
            Err(Refusal::DoesNotApply { why }.into())
        }
        Ok(attached) => Ok(attached),
        // An answer, not an error: they may do something about it.
        Err(NotAttached::Refused(why)) => Err(Refusal::DoesNotApply { why: clean(&why) }.into()),
        Err(error) => Err(error.into()),
    }
}

/// Says what is heard on standard error. That the session has ended is told by what it was asked.
pub fn told(news: News) {
    if let Some(line) = notice(&news) {
        say(&format!("note: {line}"));
    }
}

/// A notice as people read it; none where it is none.
pub fn notice(news: &News) -> Option<String> {
    match news {
        News::Notice { from, text } => Some(in_words(from.as_deref(), text)),
        News::Ended { .. } => None,
    }
}

/// What somebody says to everybody.
pub fn in_words(from: Option<&str>, text: &str) -> String {
    match from {
        Some(from) => format!("{}: {}", clean(from), clean(text)),
        None => clean(text),
    }
}

/// Why a session ended, once it has.
pub type Ended = Arc<OnceLock<String>>;

/// What needs the workspace itself, while another process has it.
pub fn is_served(process: u32) -> anyhow::Error {
    let why =
        format!("process {process} serves this workspace: stop it first, then run this again");
    Refusal::DoesNotApply { why }.into()
}
