//! `steward decide`: a verdict on a task.

use clap::ValueEnum;

use super::carry_out::carry_out;
use super::failure::{Code, Usage};
use super::moment::{Deferral, deferral};
use super::names;
use super::output::Output;
use super::picks::{Assignment, assignment, picks};
use super::session::{Session, ask, unexpected};
use crate::desk::views::TaskView;
use crate::desk::{Action, Answer, Desk, Question, Refusal, Request, Rest};
use crate::domain::{CustomerId, ReasonCode, RuleId, Sequence, TaskId};

/// Decide a task; everything decided can be taken back with undo.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  steward decide T9 merge --members A,B --rest not-a-match\n  \
    steward decide T9 not-a-match --reason household\n  \
    steward decide T12 accept\n  steward decide T9 defer --until tomorrow\n\n\
    A, B, ... are the customers of the task in the order of `steward show T9`.")]
pub struct Arguments {
    /// The task.
    #[arg(value_name = "TASK")]
    task: TaskId,
    /// What is decided.
    #[arg(value_name = "VERDICT")]
    verdict: Verdict,
    /// The customers meant, by letter or id (A,B or C17,C341); without it all of the task. Merge:
    /// said again, a further customer is made. Not-a-match: those named differ from each other;
    /// said again, each list is one side.
    #[arg(long, value_name = "A,B")]
    members: Vec<String>,
    /// What happens to customers of the task that --members does not name.
    #[arg(long, value_name = "stay|not-a-match")]
    rest: Option<RestOf>,
    /// Merge: the customer that survives; without it the lowest id.
    #[arg(long, value_name = "C17")]
    into: Option<CustomerId>,
    /// Merge: take a field's golden value from this record or customer.
    #[arg(long, value_name = "FIELD=SOURCE:KEY", value_parser = assignment)]
    pick: Vec<Assignment>,
    /// Merge: set a field's golden value.
    #[arg(long, value_name = "FIELD=VALUE", value_parser = assignment)]
    set: Vec<Assignment>,
    /// A reason from the list in steward.toml.
    #[arg(long, value_name = "CODE")]
    reason: Option<String>,
    /// A note; for an escalation, the question.
    #[arg(long, value_name = "TEXT")]
    note: Option<String>,
    /// Defer: a date, a time, tomorrow, or data-changes.
    #[arg(long, value_name = "DATE", value_parser = deferral)]
    until: Option<Deferral>,
    /// Escalate: a name or a role.
    #[arg(long, value_name = "WHO")]
    to: Option<String>,
    /// Waive: only this rule. Other verdicts: let this rule be broken by the outcome.
    #[arg(long, value_name = "ID")]
    rule: Vec<String>,
    /// Refuse if the task is newer than this version (see `steward tasks`).
    #[arg(long, value_name = "N")]
    if_version: Option<u64>,
    /// Say what would happen, or why it would be refused, but write nothing.
    #[arg(long)]
    dry_run: bool,
}

/// The verdicts on tasks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Verdict {
    /// Duplicate: the customers are one.
    Merge,
    /// Duplicate: the customers are different.
    NotAMatch,
    /// Invalid: take every suggestion. Challenge: the new data is right.
    Accept,
    /// Challenge: what was decided stays.
    Keep,
    /// Later.
    Defer,
    /// Ask someone else.
    Escalate,
    /// Invalid: the violations may stand.
    Waive,
    /// Invalid: the record is set aside until its source delivers it anew.
    Quarantine,
    /// Approval: consent.
    Approve,
    /// Approval: refuse.
    Reject,
}

/// What happens to customers that are not named.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum RestOf {
    Stay,
    NotAMatch,
}

/// Decides a task.
///
/// # Errors
/// When flags do not fit the verdict, it is refused, or the workspace cannot be written.
pub fn run(arguments: &Arguments, session: &Session, output: &Output) -> anyhow::Result<Code> {
    check_flags(arguments)?;
    let mut desk = session.open()?;
    let Answer::Task(task) = ask(&mut desk, Question::Task(arguments.task))? else {
        return Err(unexpected());
    };
    let action = action(arguments, &desk, &task)?;
    let rules = arguments.rule.iter().map(RuleId::new).collect();
    let request = Request {
        task: Some(arguments.task),
        seen: arguments.if_version.map(Sequence),
        reason: arguments.reason.as_deref().map(ReasonCode::new),
        note: arguments.note.clone(),
        waive: if arguments.verdict == Verdict::Waive { Vec::new() } else { rules },
        ..Request::new(action)
    };
    carry_out(&mut desk, request, arguments.dry_run, output)
}

/// Flags that say nothing about the verdict are mistakes.
fn check_flags(arguments: &Arguments) -> anyhow::Result<()> {
    use Verdict::{Defer, Escalate, Merge, NotAMatch};
    let fits = [
        ("--members", !arguments.members.is_empty(), &[Merge, NotAMatch][..]),
        ("--rest", arguments.rest.is_some(), &[Merge, NotAMatch]),
        ("--into", arguments.into.is_some(), &[Merge]),
        ("--pick", !arguments.pick.is_empty(), &[Merge]),
        ("--set", !arguments.set.is_empty(), &[Merge]),
        ("--until", arguments.until.is_some(), &[Defer]),
        ("--to", arguments.to.is_some(), &[Escalate]),
    ];
    for (flag, is_given, verdicts) in fits {
        if is_given && !verdicts.contains(&arguments.verdict) {
            return Err(Usage::error(format!("{flag} does not go with this verdict")));
        }
    }
    Ok(())
}

fn action(arguments: &Arguments, desk: &Desk, task: &TaskView) -> anyhow::Result<Action> {
    Ok(match arguments.verdict {
        Verdict::Merge => Action::Merge {
            groups: groups(arguments, task)?.unwrap_or_else(|| vec![customers(task)]),
            into: arguments.into,
            picks: picks(desk, &arguments.pick, &arguments.set)?,
            rest: match arguments.rest {
                Some(RestOf::NotAMatch) => Rest::NotAMatch,
                Some(RestOf::Stay) | None => Rest::Stay,
            },
        },
        Verdict::NotAMatch => Action::NotAMatch { groups: sides(arguments, task)? },
        Verdict::Accept => Action::Accept,
        Verdict::Keep => Action::Keep,
        Verdict::Defer => {
            let until = arguments.until.ok_or_else(|| {
                Usage::error("say until when: --until DATE, tomorrow or data-changes")
            })?;
            Action::Defer { until: until.until(desk.now()) }
        }
        Verdict::Escalate => {
            let to = arguments.to.clone();
            let to = to.ok_or_else(|| Usage::error("say whom to ask: --to WHO"))?;
            Action::Escalate { to }
        }
        Verdict::Waive => {
            let Some(fix) = &task.fix else {
                return Err(does_not_apply(arguments.task, "has no violations to waive"));
            };
            let rules = arguments.rule.iter().map(RuleId::new).collect();
            Action::Waive { record: fix.record.clone(), rules }
        }
        Verdict::Quarantine => {
            let Some(fix) = &task.fix else {
                return Err(does_not_apply(arguments.task, "is about no single record"));
            };
            Action::Quarantine { record: fix.record.clone() }
        }
        Verdict::Approve | Verdict::Reject => {
            return Err(does_not_apply(arguments.task, "asks for no approval"));
        }
    })
}

fn does_not_apply(task: TaskId, what: &str) -> anyhow::Error {
    Refusal::DoesNotApply { why: format!("{task} {what}") }.into()
}

fn customers(task: &TaskView) -> Vec<CustomerId> {
    task.columns.iter().map(|column| column.customer).collect()
}

/// One list of customers for each `--members`; none where there is none.
fn groups(arguments: &Arguments, task: &TaskView) -> anyhow::Result<Option<Vec<Vec<CustomerId>>>> {
    if arguments.members.is_empty() {
        return Ok(None);
    }
    let customers = customers(task);
    let groups = arguments.members.iter().map(|list| {
        let names = list.split(',').map(str::trim).filter(|name| !name.is_empty());
        names.map(|name| member(name, &customers, arguments.task)).collect()
    });
    groups.collect::<anyhow::Result<_>>().map(Some)
}

/// A customer by its letter in the task, or by its id.
fn member(name: &str, customers: &[CustomerId], task: TaskId) -> anyhow::Result<CustomerId> {
    let of_task = |id: &CustomerId| customers.contains(id);
    let found = match name.as_bytes() {
        [letter] if letter.is_ascii_alphabetic() => {
            customers.get(usize::from(letter.to_ascii_uppercase() - b'A')).copied()
        }
        _ => name.parse().ok().filter(of_task),
    };
    found.ok_or_else(|| {
        let known: Vec<String> = customers.iter().map(ToString::to_string).collect();
        Usage::error(format!("`{name}` is not in {task}: it has {}", names::lettered(&known)))
    })
}

/// The sides of a not-a-match: customers of different sides differ.
fn sides(arguments: &Arguments, task: &TaskView) -> anyhow::Result<Vec<Vec<CustomerId>>> {
    let all = customers(task);
    let mut sides: Vec<Vec<CustomerId>> = match groups(arguments, task)? {
        None => all.iter().map(|id| vec![*id]).collect(),
        Some(lists) => match lists.as_slice() {
            [only] => only.iter().map(|id| vec![*id]).collect(),
            _ => lists,
        },
    };
    if arguments.rest == Some(RestOf::NotAMatch) {
        let named: Vec<CustomerId> = sides.concat();
        sides.extend(all.iter().filter(|id| !named.contains(id)).map(|id| vec![*id]));
    }
    Ok(sides)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_are_named_by_letter_or_id() {
        let customers = [CustomerId(17), CustomerId(341)];
        for (name, expected) in
            [("A", Some(17)), ("b", Some(341)), ("C341", Some(341)), ("C", None), ("C9", None)]
        {
            let found = member(name, &customers, TaskId(9)).ok();
            assert_eq!(found, expected.map(CustomerId), "{name}");
        }
        let error = member("C9", &customers, TaskId(9)).unwrap_err().to_string();
        assert_eq!(error, "`C9` is not in T9: it has A C17, B C341");
    }
}
