//! `steward sessions` and `steward wall`: who is in the workspace, and what everybody should know.

use jiff::Timestamp;
use serde_json::json;

use super::attach;
use super::code::Code;
use super::failure::NotFound;
use super::invocation::Invocation;
use super::moment;
use super::output::Output;
use super::owner;
use super::text::{Table, clean, counted};
use door::{Failure, FailureClass, Refusal};
use serve::{Control, ControlAnswer, SessionView};

/// List who is in the workspace through steward serve or an open review, or end a session.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  steward sessions\n  steward sessions --json\n  \
    steward sessions end k7f3q-3")]
pub struct Arguments {
    #[command(subcommand)]
    what: Option<What>,
}

#[derive(Debug, clap::Subcommand)]
enum What {
    /// End a session: it is told who did, and what it has confirmed is kept.
    End {
        /// The session, as it is listed: k7f3q-3, or 3 for short.
        #[arg(value_name = "SESSION", value_parser = named)]
        session: Named,
    },
}

/// Tell everybody who is in the workspace something.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  steward wall 'restarting at noon'")]
pub struct WallArguments {
    /// What to tell them.
    #[arg(value_name = "TEXT", required = true, num_args = 1..)]
    text: Vec<String>,
}

/// A session as somebody names it.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Named {
    /// The whole name; none where only the number was given.
    name: Option<String>,
    number: u64,
}

fn named(text: &str) -> Result<Named, String> {
    let (run, number) =
        text.rsplit_once('-').map_or((None, text), |(run, number)| (Some(run), number));
    let is_run =
        |run: &str| !run.is_empty() && run.bytes().all(|byte| byte.is_ascii_alphanumeric());
    match number.parse() {
        Ok(number) if run.is_none_or(is_run) => {
            Ok(Named { name: run.map(|_| text.to_owned()), number })
        }
        _ => Err("expected a session as it is listed, such as k7f3q-3".to_owned()),
    }
}

impl Named {
    fn is(&self, session: &SessionView) -> bool {
        match &self.name {
            Some(name) => *name == session.name,
            None => self.number == session.session,
        }
    }

    fn told(&self) -> String {
        self.name.clone().unwrap_or_else(|| self.number.to_string())
    }
}

/// Lists sessions, or ends one.
///
/// # Errors
/// When nobody serves the workspace, or there is no such session.
pub fn run(
    arguments: &Arguments,
    invocation: &Invocation,
    output: &Output,
) -> anyhow::Result<Code> {
    match &arguments.what {
        None => match ask(invocation, "sessions", Control::Sessions)? {
            ControlAnswer::Sessions(sessions) => list(&sessions, output)?,
            other => return Err(unexpected(other)),
        },
        Some(What::End { session }) => {
            let SessionView { session, name, .. } =
                one_of(ask(invocation, "sessions", Control::Sessions)?, session)?;
            match ask(invocation, "sessions", Control::EndSession { session })? {
                ControlAnswer::Done(_) if output.json => {
                    output.object(&json!({ "ended": name }))?
                }
                ControlAnswer::Done(_) => output.line(&format!("ended {name}"))?,
                other => return Err(unexpected(other)),
            }
        }
    }
    Ok(Code::Done)
}

/// The one that is meant, of those listed.
fn one_of(listed: ControlAnswer, meant: &Named) -> anyhow::Result<SessionView> {
    let ControlAnswer::Sessions(sessions) = listed else { return Err(unexpected(listed)) };
    sessions.into_iter().find(|it| meant.is(it)).ok_or_else(|| {
        let what = format!("there is no session {}", meant.told());
        NotFound { what, hint: "list them with steward sessions".to_owned() }.into()
    })
}

/// Tells everybody something.
///
/// # Errors
/// When nobody serves the workspace.
pub fn wall(
    arguments: &WallArguments,
    invocation: &Invocation,
    output: &Output,
) -> anyhow::Result<Code> {
    let text = arguments.text.join(" ");
    match ask(invocation, "wall", Control::Wall { text })? {
        ControlAnswer::Done(told) => {
            // Whoever asked is among them.
            let told = told.saturating_sub(1);
            if output.json {
                output.object(&json!({ "told": told }))?;
            } else {
                output.line(&format!("told {}", counted(told as u64, "session", "sessions")))?;
            }
            Ok(Code::Done)
        }
        other => Err(unexpected(other)),
    }
}

fn ask(invocation: &Invocation, doing: &str, control: Control) -> anyhow::Result<ControlAnswer> {
    let attached = attach::attach(&invocation.workspace(), doing, |_| {})?;
    let Some(attached) = attached else {
        let (what, hint) = match owner::way_in(&invocation.workspace()) {
            Some(way_in) => ("nobody serves this workspace to you", way_in),
            None => (
                "nobody serves this workspace",
                "start it with steward serve, or open a review".to_owned(),
            ),
        };
        return Err(NotFound { what: what.to_owned(), hint }.into());
    };
    Ok(attached.door.control(control)?)
}

/// What the server does not do, with its reason.
fn unexpected(answer: ControlAnswer) -> anyhow::Error {
    match answer {
        ControlAnswer::Refused(why) => Refusal::DoesNotApply { why: clean(&why) }.into(),
        _ => Failure::new(FailureClass::Fault, "steward serve gave an unexpected answer").into(),
    }
}

fn list(sessions: &[SessionView], output: &Output) -> std::io::Result<()> {
    if output.json {
        let objects: Vec<_> = sessions.iter().map(object).collect();
        return output.objects(&objects);
    }
    let now = Timestamp::now();
    let mut table = Table::default();
    table.row(["id", "person", "doing", "since", "last asked", "from"]);
    for it in sessions {
        table.row([
            clean(&it.name),
            clean(&it.person),
            clean(&it.doing),
            moment::shown(it.since),
            ago(it.last, now),
            from(it),
        ]);
    }
    output.lines(&table.lines())
}

fn object(it: &SessionView) -> serde_json::Value {
    json!({
        "id": it.name,
        "person": it.person,
        "doing": it.doing,
        "since": it.since,
        "last": it.last,
        "process": it.process,
        "address": it.address,
        "key": it.key,
    })
}

/// Where they are, and what tells two of one person apart: a process of this machine, or an address and a key.
fn from(it: &SessionView) -> String {
    let process = it.process.map(|process| format!("process {process}"));
    let address = it.address.as_deref().map(clean);
    // Its beginning tells keys apart; all of it is in --json.
    let key = it.key.as_deref().map(|key| clean(&key.chars().take(KEY).collect::<String>()));
    [process, address, key].into_iter().flatten().collect::<Vec<_>>().join(", ")
}

/// Signs of a fingerprint that are listed.
const KEY: usize = 16;

/// `3 s ago`, `5 min ago`.
fn ago(then: Timestamp, now: Timestamp) -> String {
    let seconds = now.duration_since(then).as_secs().max(0);
    match seconds {
        0..60 => format!("{seconds} s ago"),
        60..3_600 => format!("{} min ago", seconds / 60),
        _ => format!("{} h ago", seconds / 3_600),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn how_long_ago_is_told_in_one_unit() {
        let now = Timestamp::from_second(1_000_000).unwrap();
        let at = |seconds: i64| Timestamp::from_second(1_000_000 - seconds).unwrap();
        for (seconds, told) in
            [(-5, "0 s ago"), (59, "59 s ago"), (60, "1 min ago"), (7_300, "2 h ago")]
        {
            assert_eq!(ago(at(seconds), now), told);
        }
    }

    #[test]
    fn a_session_is_named_as_it_is_listed() {
        let view = |name: &str, session| SessionView {
            session,
            name: name.to_owned(),
            person: "kim".to_owned(),
            doing: "review".to_owned(),
            since: Timestamp::UNIX_EPOCH,
            last: Timestamp::UNIX_EPOCH,
            process: None,
            address: None,
            key: None,
        };
        let listed = || ControlAnswer::Sessions(vec![view("k7f3q-3", 3), view("k7f3q-13", 13)]);
        let meant = |text: &str| one_of(listed(), &named(text).unwrap()).ok().map(|it| it.session);
        assert_eq!((meant("k7f3q-3"), meant("3"), meant("13")), (Some(3), Some(3), Some(13)));
        // One of an earlier run is another, whatever its number.
        assert_eq!((meant("b2c4d-3"), meant("4")), (None, None));
        for text in ["", "-", "-3", "k7f3q-", "T3", "k7f3q-3x", "k 7-3"] {
            assert!(named(text).is_err(), "{text}");
        }
    }
}
