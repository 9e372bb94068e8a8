//! `steward govern changes` and `steward govern acknowledge`: what the settings changed, and that it was read.

use super::confirm::typed_yes;
use super::failure::Usage;
use super::invocation::Invocation;
use super::moment;
use super::output::Output;
use super::say::say;
use super::text::clean;
use door::operations::{Acknowledge, OwnChanges};
use door::views::PolicyView;

/// Shows what changed since whoever asks acknowledged the settings, or all of it.
///
/// # Errors
/// When the workspace cannot be read.
pub(super) fn changes(all: bool, invocation: &Invocation, output: &Output) -> anyhow::Result<()> {
    let view = invocation.open_to_read()?.ask(OwnChanges { all })?;
    if output.json {
        return Ok(output.object(&view)?);
    }
    output.lines(&lines(&view))?;
    say(&match view.waits {
        true => "to say that you have read them: steward govern acknowledge".to_owned(),
        false => nothing_waits(&view),
    });
    Ok(())
}

/// Records that whoever asks has read what changed.
///
/// # Errors
/// When it is refused, or the workspace cannot be written.
pub(super) fn acknowledge(
    yes: bool,
    dry_run: bool,
    invocation: &Invocation,
    output: &Output,
) -> anyhow::Result<()> {
    if !yes && !dry_run && !invocation.asks() {
        return Err(Usage::error(
            "pass --yes to acknowledge the changes, or --dry-run to see them: steward govern changes",
        ));
    }
    let entry = invocation.open_for(dry_run)?;
    let mut view = entry.ask(OwnChanges { all: false })?;
    if !view.waits {
        if output.json {
            output.object(&view)?;
        }
        say(&nothing_waits(&view));
        return Ok(());
    }
    if !output.json {
        lines(&view).iter().for_each(|line| say(line));
    }
    if dry_run {
        if output.json {
            output.object(&view)?;
        }
        say("nothing was written (--dry-run)");
        return Ok(());
    }
    if !yes {
        typed_yes("Type yes to say that you have read them: ", "the changes stay unacknowledged")?;
    }
    view = entry.ask(Acknowledge { adopted: view.in_force })?;
    match output.json {
        true => output.object(&view)?,
        false => output.line(&format!(
            "acknowledged: {}, up to commit {}",
            view.counted(),
            view.in_force
        ))?,
    }
    Ok(())
}

fn lines(view: &PolicyView) -> Vec<String> {
    view.lines().iter().map(|line| clean(&moment::localised(line))).collect()
}

fn nothing_waits(view: &PolicyView) -> String {
    match view.asked {
        true => "nothing waits to be acknowledged: the rules are as you last read them".to_owned(),
        false => format!(
            "nobody asks {} to acknowledge changes: two or more [people.*] are asked, unless [review] acknowledge \
             says otherwise",
            clean(&view.person)
        ),
    }
}
