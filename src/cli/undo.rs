//! `steward undo`: earlier decisions were not meant.

use std::collections::BTreeMap;

use super::carry_out::{foresee_part, nothing_written, tell_all};
use super::code::Code;
use super::entry::Entry;
use super::failure::Usage;
use super::invocation::Invocation;
use super::names;
use super::output::Output;
use super::reread;
use domain::{DecisionId, ImportId, ReasonCode, Subject};
use door::operations::{Decide, DecisionsOf, Standing};
use door::{Action, DependantChoice, Refusal, Request};

/// Undo decisions exactly: everything is as it was before, and the task is open again. An import
/// or a reread is undone by its id (I12): what it changed is as it was before, and the
/// records it brought are closed. Anything delivered or decided since stays, but for decisions about whose what it
/// delivered is: they are undone first. Undoing a decision of a grant undoes the whole grant.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  steward undo D31\n  steward undo B7 --with-dependents\n  \
    steward undo D31 --stay D40 --move-back D44\n  steward undo I12")]
pub struct Arguments {
    /// Decisions (D31), bulks of them (B7), or imports and rereads (I12).
    #[arg(value_name = "ID", required = true)]
    ids: Vec<String>,
    /// Also undo later decisions that build on them.
    #[arg(long)]
    with_dependents: bool,
    /// Later decisions to keep: what they brought stays with the survivor.
    #[arg(long, value_name = "ID,ID", value_delimiter = ',')]
    stay: Vec<DecisionId>,
    /// Later decisions to keep: what they brought (records, pins) moves back with the
    /// restored customer.
    #[arg(long, value_name = "ID,ID", value_delimiter = ',')]
    move_back: Vec<DecisionId>,
    /// A reason from the list in steward.toml.
    #[arg(long, value_name = "CODE")]
    reason: Option<String>,
    /// A note.
    #[arg(long, value_name = "TEXT")]
    note: Option<String>,
    /// Undo at once what needs approval, and why; somebody else reviews it afterwards.
    #[arg(long, value_name = "REASON")]
    break_glass: Option<String>,
    /// Show what would happen, or why it would be refused; write nothing.
    #[arg(long)]
    dry_run: bool,
}

/// Decisions taken back in one commit: a frame of the ledger has its limit, and a bulk may be larger.
const TOGETHER: usize = 500;

/// Undoes decisions.
///
/// # Errors
/// When one is not there, others build on it, or the workspace cannot be written.
pub fn run(
    arguments: &Arguments,
    invocation: &Invocation,
    output: &Output,
) -> anyhow::Result<Code> {
    let entry = invocation.open_for(arguments.dry_run)?;
    let imports: Vec<ImportId> = arguments.ids.iter().filter_map(|id| id.parse().ok()).collect();
    if !imports.is_empty() {
        return undo_imports(arguments, imports, &entry, output);
    }
    let mut decisions = Vec::new();
    for id in &arguments.ids {
        match names::subject(&entry, id)? {
            Subject::Decision(decision) => decisions.push(decision),
            Subject::Bulk(bulk) => decisions.extend(entry.ask(DecisionsOf { bulk })?),
            other => {
                let why =
                    format!("{other} is not a decision: undo D31, B7 or an import such as I12");
                return Err(Usage::error(why));
            }
        }
    }
    // The latest first: what builds on others goes before them.
    decisions.sort_unstable_by(|one, other| other.cmp(one));
    decisions.dedup();
    let stay = arguments.stay.iter().map(|id| (*id, DependantChoice::Stay));
    let move_back = arguments.move_back.iter().map(|id| (*id, DependantChoice::MoveBack));
    take_back(decisions, &how(arguments, stay.chain(move_back).collect()), &entry, output)
}

fn how(arguments: &Arguments, choices: BTreeMap<DecisionId, DependantChoice>) -> How {
    How {
        with_dependents: arguments.with_dependents,
        choices,
        reason: arguments.reason.as_deref().map(ReasonCode::new),
        note: arguments.note.clone(),
        break_glass: arguments.break_glass.clone(),
        dry_run: arguments.dry_run,
        together: TOGETHER,
    }
}

/// The decisions that have to be undone before an import is, where that is why it was refused.
fn decided_on(error: &anyhow::Error) -> Option<Vec<DecisionId>> {
    let Some(Refusal::DecidedOn { on, .. }) = error.downcast_ref() else {
        return None;
    };
    Some(on.iter().map(|it| it.decision).collect())
}

/// How decisions are taken back.
pub struct How {
    /// Later decisions that build on them go as well.
    pub with_dependents: bool,
    /// What becomes of some of those.
    pub choices: BTreeMap<DecisionId, DependantChoice>,
    /// A reason from the closed list.
    pub reason: Option<ReasonCode>,
    /// A note.
    pub note: Option<String>,
    /// Why it cannot wait for an approval that it needs.
    pub break_glass: Option<String>,
    /// Only say what would happen.
    pub dry_run: bool,
    /// How many are taken back in one commit.
    pub together: usize,
}

/// Takes decisions back that stand with the latest first.
///
/// # Errors
/// When others build on them, or the workspace cannot be written.
pub fn take_back(
    decisions: Vec<DecisionId>,
    how: &How,
    entry: &Entry,
    output: &Output,
) -> anyhow::Result<Code> {
    // What becomes of others is said of all that is taken back.
    let together = if how.choices.is_empty() { how.together } else { decisions.len().max(1) };
    let mut receipts = Vec::new();
    let mut ended = Ok(());
    for (at, together) in decisions.chunks(together).enumerate() {
        let mut together = together.to_vec();
        if at > 0 {
            // What built on an earlier part went with it.
            together = entry.ask(Standing { decisions: together })?;
        }
        if together.is_empty() {
            continue;
        }
        let action = Action::Undo {
            decisions: together,
            with_dependents: how.with_dependents,
            choices: how.choices.clone(),
        };
        let request = Request {
            reason: how.reason.clone(),
            note: how.note.clone(),
            break_glass: how.break_glass.clone(),
            ..Request::new(action)
        };
        if how.dry_run {
            foresee_part(entry, request, output)?;
            continue;
        }
        match entry.ask(Decide { request }) {
            Ok(receipt) => receipts.push(receipt),
            Err(error) => {
                ended = Err(error);
                break;
            }
        }
    }
    // Told when all of it is done: an answer nobody can read must not end the rest.
    let told = tell_all(&receipts, output);
    if how.dry_run {
        nothing_written(output);
    }
    ended.and(told)
}

/// Takes imports and rereads back, the latest first.
fn undo_imports(
    arguments: &Arguments,
    mut imports: Vec<ImportId>,
    entry: &Entry,
    output: &Output,
) -> anyhow::Result<Code> {
    if imports.len() < arguments.ids.len() {
        return Err(Usage::error("undo decisions and imports separately".to_owned()));
    }
    let is_decided = !arguments.stay.is_empty() || !arguments.move_back.is_empty();
    let says_why =
        arguments.reason.is_some() || arguments.note.is_some() || arguments.break_glass.is_some();
    if is_decided || says_why && !arguments.with_dependents {
        let why =
            "only --dry-run and --with-dependents apply to undoing an import: it is not a decision";
        return Err(Usage::error(why.to_owned()));
    }
    imports.sort_unstable_by(|one, other| other.cmp(one));
    imports.dedup();
    for import in imports {
        match reread::undo(entry, import, arguments.dry_run, output) {
            Err(error) if arguments.with_dependents => {
                let Some(decisions) = decided_on(&error) else { return Err(error) };
                take_back(decisions, &how(arguments, BTreeMap::new()), entry, output)?;
                if !arguments.dry_run {
                    reread::undo(entry, import, false, output)?;
                }
            }
            undone => _ = undone?,
        }
    }
    Ok(Code::Done)
}
