//! `steward approvals`: what waits for somebody else's approval; and one of them, whole.

use serde_json::json;

use super::code::Code;
use super::invocation::Invocation;
use super::moment;
use super::output::Output;
use super::say::say;
use super::text::clean;
use door::operations::Approvals;
use door::views::{ApprovalRow, ApprovalView};

/// List what waits for somebody else's approval.
///
/// A verdict that a rule in `[[approvals]]` is about is only proposed: it does nothing before somebody else has
/// approved it. Nobody approves what they proposed, or had a hand in.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  steward approvals --mine\n  steward show T90\n  \
    steward approve T90\n  steward reject T90 --note 'ask the branch first'")]
pub struct Arguments {
    /// Only what you may approve.
    #[arg(long)]
    mine: bool,
}

/// Lists them.
///
/// # Errors
/// When the workspace cannot be read.
pub fn run(
    arguments: &Arguments,
    invocation: &Invocation,
    output: &Output,
) -> anyhow::Result<Code> {
    let entry = invocation.open_for(true)?;
    let rows = entry.ask(Approvals { mine: arguments.mine })?;
    if output.json {
        output.object(&json!({ "approvals": rows }))?;
        return Ok(Code::Done);
    }
    if rows.is_empty() {
        output.line(match arguments.mine {
            true => "Nothing waits for your approval.",
            false => "Nothing waits for approval.",
        })?;
        return Ok(Code::Done);
    }
    for row in &rows {
        output.lines(&lines_of(row))?;
    }
    let one = rows.first().map(|row| row.task.to_string()).unwrap_or_default();
    say(&format!(
        "look at one: steward show {one}; then steward approve {one}, or reject it with --note"
    ));
    Ok(Code::Done)
}

/// One, in three lines at most: what, by whom and since when; who may.
fn lines_of(row: &ApprovalRow) -> Vec<String> {
    let what = if row.done { "review" } else { "approve" };
    let mut lines = vec![format!("{}  {what}: {}", row.task, clean(&row.line))];
    let bulk = row.bulk.map(|bulk| format!(", {bulk}")).unwrap_or_default();
    let due = row.due.map(|due| format!("; due {}", moment::day(due))).unwrap_or_default();
    lines.push(format!(
        "  {} by {} on {}{bulk}{due}",
        row.decision,
        clean(&row.who),
        moment::day(row.at)
    ));
    if let Some(by) = row.undone_by {
        lines.push(format!("  undone since, by {by}: approve it if it was right all the same"));
    }
    lines.push(format!("  {}", clean(&who_may(row))));
    lines
}

/// `for lead (ada, lee): verdict = merge`; that nobody may.
fn who_may(row: &ApprovalRow) -> String {
    let may = match &row.may[..] {
        [] => String::new(),
        may => format!(" ({})", may.join(", ")),
    };
    let rule = if row.rule.is_empty() { String::new() } else { format!(": {}", row.rule) };
    let stuck = row.stuck.as_ref().map(|stuck| format!("; {stuck}")).unwrap_or_default();
    format!("for {}{may}{rule}{stuck}", row.by)
}

/// One, whole.
pub fn lines(view: &ApprovalView) -> Vec<String> {
    let row = &view.row;
    let mut lines = lines_of(row);
    let mut say = |name: &str, text: &str| lines.push(format!("  {name}: {}", clean(text)));
    if let Some(task) = row.answers {
        say("answers", &task.to_string());
    }
    if let Some(note) = &row.note {
        say("note", note);
    }
    if let Some(reason) = &row.broken_glass {
        say("could not wait", reason);
    }
    if let Some(ended) = &view.ended {
        say("ended", ended);
    }
    if let Some(preview) = &view.preview {
        match &preview.refusal {
            Some(refusal) => say("refused now", &refusal.to_string()),
            None => say("now", &moment::localised(&preview.effect)),
        }
        for value in &view.values {
            say("changes", &value.line());
        }
        if view.more > 0 {
            say("changes", &format!("{} more not shown", view.more));
        }
        for value in &preview.golden.values {
            say(value.field.as_str(), value.text.as_str());
        }
    }
    for line in &view.since {
        say("since then", line);
    }
    match (&view.digest, view.differs) {
        (Some(digest), true) => {
            say(
                "differs",
                &format!("it comes to something else now: approve with --expect {digest}"),
            );
        }
        (Some(digest), false) => say("digest", digest),
        (None, _) => {}
    }
    lines
}

/// How to go on, for people.
pub fn say_how(view: &ApprovalView) {
    if !view.waits {
        return;
    }
    let task = view.row.task;
    match &view.row.not_yours {
        Some(why) => say(&clean(why)),
        None => say(&format!("steward approve {task}, or steward reject {task} --note TEXT")),
    }
}
