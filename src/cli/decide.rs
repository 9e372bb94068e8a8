//! `steward decide`: a verdict on a task. On many tasks: `decide_many`.

use std::path::PathBuf;

use clap::ValueEnum;

use super::carry_out::carry_out;
use super::code::Code;
use super::failure::Usage;
use super::moment::{Deferral, deferral};
use super::output::Output;
use super::picks::{Assignment, assignment, picks};
use super::reserved::OrReserved;
use super::session::{Session, ask, unexpected};
use super::{decide_many, names};
use desk::Desk;
use domain::ids::InvalidId;
use domain::{CustomerId, ReasonCode, RuleId, Sequence, TaskId, Until};
use door::views::TaskView;
use door::{Action, Answer, BulkVerdict, Question, Refusal, Request, Rest};

/// Decide a task; everything decided can be taken back with undo.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  steward decide T9 merge --members A,B --rest not-a-match\n  \
    steward decide T9 not-a-match --reason household\n  \
    steward decide T12 accept\n  steward decide T9 defer --until tomorrow\n  \
    steward decide --where 'kind = duplicate and score >= 0.98' merge --dry-run\n  \
    steward decide --from verdicts.csv --yes\n\n\
    A, B, ... are the customers of the task in the order of `steward show T9`.\n\n\
    Many tasks are decided one by one under one B id: what would be refused by itself is skipped and\n\
    listed, and each is undone by itself or all with `undo B7`. A file for --from is CSV or JSON Lines\n\
    with task, verdict and, where they apply, members, rest, into, reason, note, until, to, rule, version.")]
#[command(override_usage = "steward decide <TASK> <VERDICT> [OPTIONS]\n       \
    steward decide --where <EXPR> <VERDICT> [OPTIONS]\n       \
    steward decide --from <FILE> [OPTIONS]")]
pub struct Arguments {
    /// The task; with --where the verdict stands here.
    #[arg(value_name = "TASK", required_unless_present = "from", value_parser = task_or_verdict)]
    first: Option<String>,
    /// What is decided: merge, not-a-match, accept, keep, defer, escalate, answer, waive,
    /// quarantine.
    #[arg(value_name = "VERDICT", required_unless_present_any = ["filter", "from"], value_parser = VERDICTS)]
    second: Option<Verdict>,
    /// Decide every pending task for which the expression holds (columns: `steward tasks --help`).
    #[arg(long = "where", value_name = "EXPR", value_parser = super::tasks::filter, conflicts_with = "from")]
    pub filter: Option<String>,
    /// Decide what each line of a file says; - reads JSON Lines from standard input.
    #[arg(long, value_name = "FILE")]
    pub from: Option<PathBuf>,
    /// With --where or --from: do not ask for the number of tasks.
    #[arg(long)]
    pub yes: bool,
    /// With --where or --from: end with 3 where something was skipped.
    #[arg(long)]
    pub strict: bool,
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
    pub reason: Option<String>,
    /// A note; for an escalation the question, for an answer its text.
    #[arg(long, value_name = "TEXT")]
    pub note: Option<String>,
    /// Defer: a date or tomorrow (their beginning, in your time zone), a time, or data-changes.
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
    pub dry_run: bool,
}

/// What may stand first: a task, with --where a verdict.
fn task_or_verdict(text: &str) -> Result<String, String> {
    if verdict_named(text, false).is_err() {
        text.parse::<TaskId>().map_err(|error| error.to_string())?;
    }
    Ok(text.to_owned())
}

/// What a file may say of one task, as text.
#[derive(Debug, Default, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Line {
    task: String,
    verdict: String,
    #[serde(default)]
    members: Option<Members>,
    #[serde(default)]
    rest: Option<String>,
    #[serde(default)]
    into: Option<String>,
    #[serde(default)]
    reason: Option<String>,
    #[serde(default)]
    note: Option<String>,
    #[serde(default)]
    until: Option<String>,
    #[serde(default)]
    to: Option<String>,
    #[serde(default)]
    rule: Option<String>,
    #[serde(default)]
    version: Option<Number>,
}

/// `A,B`, or several lists: `A,B;C` or `["A,B", "C"]`.
#[derive(Debug, serde::Deserialize)]
#[serde(untagged)]
enum Members {
    One(String),
    Many(Vec<String>),
}

/// A number, also where a file has only texts.
#[derive(Debug, serde::Deserialize)]
#[serde(untagged)]
enum Number {
    Number(u64),
    Text(String),
}

impl Line {
    /// What the command line would say for this line.
    ///
    /// # Errors
    /// What is wrong with it, in a sentence.
    pub fn arguments(self) -> Result<Arguments, String> {
        let set = |text: Option<String>| text.filter(|text| !text.trim().is_empty());
        let rest = set(self.rest).map(|text| RestOf::from_str(&text, true)).transpose()?;
        let into = set(self.into).map(|text| text.parse()).transpose();
        let into = into.map_err(|error: InvalidId| error.to_string())?;
        let members = match self.members {
            None => Vec::new(),
            Some(Members::One(text)) => text.split(';').map(str::to_owned).collect(),
            Some(Members::Many(lists)) => lists,
        };
        let version = match self.version {
            None => None,
            Some(Number::Number(number)) => Some(number),
            Some(Number::Text(text)) => set(Some(text))
                .map(|text| text.trim().parse().map_err(|_| format!("`{text}` is no version")))
                .transpose()?,
        };
        let arguments = Arguments {
            first: Some(self.task),
            second: Some(verdict_named(self.verdict.trim(), true)?),
            filter: None,
            from: None,
            yes: false,
            strict: false,
            members: members.into_iter().filter(|list| !list.trim().is_empty()).collect(),
            rest,
            into,
            pick: Vec::new(),
            set: Vec::new(),
            reason: set(self.reason),
            note: set(self.note),
            until: set(self.until).map(|text| deferral(&text)).transpose()?,
            to: set(self.to),
            rule: set(self.rule).into_iter().collect(),
            if_version: version,
            dry_run: false,
        };
        arguments.task().map_err(|error| error.to_string())?;
        let verdict = arguments.verdict().map_err(|error| error.to_string())?;
        check_flags(&arguments, verdict).map_err(|error| error.to_string())?;
        Ok(arguments)
    }
}

impl Arguments {
    /// The task.
    ///
    /// # Errors
    /// When none is named, or it is none.
    pub fn task(&self) -> anyhow::Result<TaskId> {
        let name = self.first.as_deref().unwrap_or_default().trim();
        name.parse().map_err(|error: InvalidId| Usage::error(error.to_string()))
    }

    fn verdict(&self) -> anyhow::Result<Verdict> {
        self.second.ok_or_else(|| Usage::error("say what is decided: steward decide T9 merge"))
    }

    /// The verdict on every task of a filter.
    ///
    /// # Errors
    /// When it is none, or cannot be said of many tasks, or flags do not go with it.
    pub fn verdict_on_many(&self, desk: &Desk) -> anyhow::Result<BulkVerdict> {
        let (Some(name), None) = (&self.first, self.second) else {
            return Err(Usage::error("with --where only the verdict: decide --where EXPR merge"));
        };
        let verdict = verdict_named(name, false).map_err(Usage::error)?;
        check_flags(self, verdict)?;
        let of_one_task = [
            ("--members", !self.members.is_empty()),
            ("--rest", self.rest.is_some()),
            ("--into", self.into.is_some()),
            ("--pick", !self.pick.is_empty()),
            ("--set", !self.set.is_empty()),
            ("--if-version", self.if_version.is_some()),
            ("--rule", !self.rule.is_empty() && verdict != Verdict::Waive),
        ];
        if let Some((flag, _)) = of_one_task.into_iter().find(|(_, given)| *given) {
            return Err(Usage::error(format!("{flag} is about one task, not about many")));
        }
        Ok(match verdict {
            Verdict::Merge => BulkVerdict::Merge,
            Verdict::NotAMatch => BulkVerdict::NotAMatch,
            Verdict::Accept => BulkVerdict::Accept,
            Verdict::Keep => BulkVerdict::Keep,
            Verdict::Defer => BulkVerdict::Defer { until: until(self, desk)? },
            Verdict::Escalate => BulkVerdict::Escalate { to: whom(self)? },
            Verdict::Answer => {
                return Err(Usage::error("questions are answered one by one: name the task"));
            }
            Verdict::Waive => {
                BulkVerdict::Waive { rules: self.rule.iter().map(RuleId::new).collect() }
            }
            Verdict::Quarantine => BulkVerdict::Quarantine,
            Verdict::Approve | Verdict::Reject => {
                return Err(Usage::error(RESERVED));
            }
        })
    }
}

/// What the words say that are understood and not offered.
const RESERVED: &str = "approve and reject are reserved, since no task can ask for an approval yet";

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
    /// Answer what was asked with the task, in --note: it goes back to whoever asked.
    Answer,
    /// Invalid: the violations may stand.
    Waive,
    /// Invalid: the record is set aside until its source delivers it anew.
    Quarantine,
    /// Approval: consent. No task asks for one yet.
    #[value(skip)]
    Approve,
    /// Approval: refuse. No task asks for one yet.
    #[value(skip)]
    Reject,
}

const VERDICTS: OrReserved<Verdict> =
    OrReserved(&[("approve", Verdict::Approve), ("reject", Verdict::Reject)]);

fn verdict_named(text: &str, ignore_case: bool) -> Result<Verdict, String> {
    VERDICTS.named(text).map_or_else(|| Verdict::from_str(text, ignore_case), Ok)
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
    if arguments.filter.is_some() || arguments.from.is_some() {
        return decide_many::run(arguments, session, output);
    }
    let verdict = arguments.verdict()?;
    arguments.task()?;
    check_flags(arguments, verdict)?;
    let mut desk = session.open_for(arguments.dry_run)?;
    let request = request(arguments, &mut desk)?;
    carry_out(&mut desk, request, arguments.dry_run, output)
}

/// What is asked of the desk.
///
/// # Errors
/// When there is no such task, or it is no task for such a verdict.
pub fn request(arguments: &Arguments, desk: &mut Desk) -> anyhow::Result<Request> {
    let (id, verdict) = (arguments.task()?, arguments.verdict()?);
    let Answer::Task(task) = ask(desk, Question::Task(id))? else { return Err(unexpected()) };
    let action = action(arguments, (id, verdict), desk, &task)?;
    let rules = arguments.rule.iter().map(RuleId::new).collect();
    Ok(Request {
        task: Some(id),
        seen: arguments.if_version.map(Sequence),
        reason: arguments.reason.as_deref().map(ReasonCode::new),
        note: arguments.note.clone(),
        waive: if verdict == Verdict::Waive { Vec::new() } else { rules },
        ..Request::new(action)
    })
}

/// Whether all customers of the task are merged because nothing else is said: in a bulk that is
/// left to a person where they contradict each other.
pub fn merges_whole_task(arguments: &Arguments) -> bool {
    arguments.second == Some(Verdict::Merge) && arguments.members.is_empty()
}

fn until(arguments: &Arguments, desk: &Desk) -> anyhow::Result<Until> {
    let until = arguments
        .until
        .ok_or_else(|| Usage::error("say until when: --until DATE, tomorrow or data-changes"))?;
    Ok(until.until(desk.now()))
}

fn whom(arguments: &Arguments) -> anyhow::Result<String> {
    arguments.to.clone().ok_or_else(|| Usage::error("say whom to ask: --to WHO"))
}

/// Flags that say nothing about the verdict are mistakes.
fn check_flags(arguments: &Arguments, verdict: Verdict) -> anyhow::Result<()> {
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
        if is_given && !verdicts.contains(&verdict) {
            return Err(Usage::error(format!("{flag} does not go with this verdict")));
        }
    }
    Ok(())
}

fn action(
    arguments: &Arguments,
    (id, verdict): (TaskId, Verdict),
    desk: &Desk,
    task: &TaskView,
) -> anyhow::Result<Action> {
    Ok(match verdict {
        Verdict::Merge => Action::Merge {
            groups: groups(arguments, id, (desk, task))?.unwrap_or_else(|| vec![customers(task)]),
            into: arguments.into.map(|into| names::followed(desk, into)).transpose()?,
            picks: picks(desk, &arguments.pick, &arguments.set)?,
            rest: match arguments.rest {
                Some(RestOf::NotAMatch) => Rest::NotAMatch,
                Some(RestOf::Stay) | None => Rest::Stay,
            },
        },
        Verdict::NotAMatch => Action::NotAMatch { groups: sides(arguments, id, (desk, task))? },
        Verdict::Accept => Action::Accept,
        Verdict::Keep => Action::Keep,
        Verdict::Defer => Action::Defer { until: until(arguments, desk)? },
        Verdict::Escalate => Action::Escalate { to: whom(arguments)? },
        Verdict::Answer => Action::Answer,
        Verdict::Waive => {
            let Some(fix) = &task.fix else {
                return Err(does_not_apply(id, "has no violations to waive"));
            };
            let rules = arguments.rule.iter().map(RuleId::new).collect();
            Action::Waive { record: fix.record.clone(), rules }
        }
        Verdict::Quarantine => {
            let Some(fix) = &task.fix else {
                return Err(does_not_apply(id, "is about no single record"));
            };
            Action::Quarantine { record: fix.record.clone() }
        }
        Verdict::Approve | Verdict::Reject => {
            return Err(does_not_apply(id, &format!("asks for no approval: {RESERVED}")));
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
fn groups(
    arguments: &Arguments,
    id: TaskId,
    (desk, task): (&Desk, &TaskView),
) -> anyhow::Result<Option<Vec<Vec<CustomerId>>>> {
    if arguments.members.is_empty() {
        return Ok(None);
    }
    let customers = customers(task);
    let groups = arguments.members.iter().map(|list| {
        let names = list.split(',').map(str::trim).filter(|name| !name.is_empty());
        names.map(|name| member(&live(desk, name)?, &customers, id)).collect()
    });
    groups.collect::<anyhow::Result<_>>().map(Some)
}

/// The name of a customer as it stands now; letters stay.
fn live(desk: &Desk, name: &str) -> anyhow::Result<String> {
    match name.parse() {
        Ok(id) => Ok(names::followed(desk, id)?.to_string()),
        Err(_) => Ok(name.to_owned()),
    }
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
fn sides(
    arguments: &Arguments,
    id: TaskId,
    (desk, task): (&Desk, &TaskView),
) -> anyhow::Result<Vec<Vec<CustomerId>>> {
    let all = customers(task);
    let mut sides: Vec<Vec<CustomerId>> = match groups(arguments, id, (desk, task))? {
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
