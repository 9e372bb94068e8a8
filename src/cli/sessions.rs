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
    steward sessions end S3")]
pub struct Arguments {
    #[command(subcommand)]
    what: Option<What>,
}

#[derive(Debug, clap::Subcommand)]
enum What {
    /// End a session: it is told who did, and what it has confirmed is kept.
    End {
        /// The session, as it is listed: S3.
        #[arg(value_name = "SESSION", value_parser = session)]
        session: u64,
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

fn session(text: &str) -> Result<u64, String> {
    let number = text.strip_prefix(['S', 's']).unwrap_or(text).parse();
    number.map_err(|_| "expected a session as it is listed, such as S3".to_owned())
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
            must_be_there(*session, ask(invocation, "sessions", Control::Sessions)?)?;
            match ask(invocation, "sessions", Control::EndSession { session: *session })? {
                ControlAnswer::Done(_) if output.json => {
                    output.object(&json!({ "ended": format!("S{session}") }))?;
                }
                ControlAnswer::Done(_) => output.line(&format!("ended S{session}"))?,
                other => return Err(unexpected(other)),
            }
        }
    }
    Ok(Code::Done)
}

/// That a session is among those listed.
fn must_be_there(session: u64, listed: ControlAnswer) -> anyhow::Result<()> {
    let ControlAnswer::Sessions(sessions) = listed else { return Err(unexpected(listed)) };
    if sessions.iter().any(|it| it.session == session) {
        return Ok(());
    }
    let what = format!("there is no session S{session}");
    Err(NotFound { what, hint: "list them with steward sessions".to_owned() }.into())
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
    table.row(["id", "person", "doing", "since", "last asked", "process"]);
    for it in sessions {
        table.row([
            format!("S{}", it.session),
            clean(&it.person),
            clean(&it.doing),
            moment::shown(it.since),
            ago(it.last, now),
            it.process.map_or_else(String::new, |process| process.to_string()),
        ]);
    }
    output.lines(&table.lines())
}

fn object(it: &SessionView) -> serde_json::Value {
    json!({
        "id": format!("S{}", it.session),
        "person": it.person,
        "doing": it.doing,
        "since": it.since,
        "last": it.last,
        "process": it.process,
    })
}

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
        assert_eq!((session("S3"), session("s3"), session("3")), (Ok(3), Ok(3), Ok(3)));
        for text in ["", "S", "T3", "S-1", "S3x"] {
            assert!(session(text).is_err(), "{text}");
        }
    }
}
