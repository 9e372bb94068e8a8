//! What is said of a task, by the names that people use, and the request it becomes.

use std::collections::{BTreeMap, HashMap};

use clap::ValueEnum;
use jiff::Timestamp;

use super::entry::Entry;
use super::failure::Usage;
use super::moment::{Deferral, deferral};
use super::names;
use super::picks::{Assignment, assignment, picks, values};
use domain::{CustomerId, FieldName, ReasonCode, RuleId, Sequence, TaskId, Until};
use door::operations::About;
use door::views::{FixView, TaskView};
use door::{Action, BulkVerdict, Pick, Refusal, Request, Rest};

/// The verdicts on tasks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Verdict {
    /// Duplicate: the customers are the same.
    Merge,
    /// Duplicate: the customers are different. Overlay: the record is another customer's now.
    NotAMatch,
    /// Invalid: take every suggestion. Challenge: the new data is right. Vanished: close the records. Overlay:
    /// the same customer, with the delivered values.
    Accept,
    /// Challenge: the decision stands. Vanished: keep the records. Overlay: keep the former values.
    Keep,
    /// Later.
    Defer,
    /// Ask someone else.
    Escalate,
    /// Answer the question asked with the task, in --note; the task goes back to whoever asked.
    Answer,
    /// Invalid: permit the violations.
    Waive,
    /// Invalid: change values (--set) or remove them (--clear).
    Correct,
    /// Invalid: set the record aside until its source delivers it again.
    Quarantine,
    /// Approval: do what is proposed.
    Approve,
    /// Approval: drop what is proposed; say why with --note.
    Reject,
}

impl Verdict {
    /// The verdict of that name.
    ///
    /// # Errors
    /// A sentence for the user.
    pub fn named(text: &str, ignore_case: bool) -> Result<Verdict, String> {
        Verdict::from_str(text, ignore_case).map_err(|_| {
            let offered = Verdict::value_variants().iter().filter_map(Verdict::to_possible_value);
            let names: Vec<String> = offered.map(|it| it.get_name().to_owned()).collect();
            format!("`{text}` is not a verdict: {}", names.join(", "))
        })
    }
}

/// What happens to customers not named.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum RestOf {
    Stay,
    NotAMatch,
}

/// How what goes with a verdict is named where something is wrong with it.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub enum Named {
    /// On the command line.
    #[default]
    Flags,
    /// In a file.
    Columns,
}

impl Named {
    fn of(self, name: &str) -> String {
        match self {
            Named::Flags => format!("--{name}"),
            Named::Columns => format!("`{name}`"),
        }
    }
}

/// What goes with a verdict.
#[derive(Debug, Default, PartialEq, clap::Args)]
pub struct Details {
    /// How it is named.
    #[arg(skip)]
    pub named: Named,
    /// The customers, by letter or id (A,B or C17,C341); default: all of the task. Merge:
    /// repeat it to make another customer. Not-a-match: those named differ from each other;
    /// if repeated, each list is one side.
    #[arg(long, value_name = "A,B")]
    pub members: Vec<String>,
    /// What happens to the task's customers that --members does not name.
    #[arg(long, value_name = "stay|not-a-match")]
    pub rest: Option<RestOf>,
    /// Merge: the customer that survives; default: the lowest id.
    #[arg(long, value_name = "C17")]
    pub into: Option<CustomerId>,
    /// Merge: take a field's golden value from this record or customer.
    #[arg(long, value_name = "FIELD=SOURCE:KEY", value_parser = assignment)]
    pub pick: Vec<Assignment>,
    /// Merge: set a field's golden value. Correct: the right value.
    #[arg(long, value_name = "FIELD=VALUE", value_parser = assignment)]
    pub set: Vec<Assignment>,
    /// Correct: remove the record's value of a field.
    #[arg(long, value_name = "FIELD")]
    pub clear: Vec<String>,
    /// A reason from the list in steward.toml.
    #[arg(long, value_name = "CODE")]
    pub reason: Option<String>,
    /// A note; for an escalation, the question; for an answer, its text.
    #[arg(long, value_name = "TEXT")]
    pub note: Option<String>,
    /// Defer: until a date or tomorrow (the start of the day, in your time zone), a time, or data-changes.
    #[arg(long, value_name = "DATE", value_parser = deferral)]
    pub until: Option<Deferral>,
    /// Escalate: to a person or a role.
    #[arg(long, value_name = "WHO")]
    pub to: Option<String>,
    /// Waive: only this rule. Other verdicts: allow the result to break this rule.
    #[arg(long, visible_alias = "waive", value_name = "ID")]
    pub rule: Vec<String>,
    /// Refuse if the task has changed since this version (see `steward tasks`).
    #[arg(long, value_name = "N")]
    pub if_version: Option<u64>,
    /// Decide at once what needs approval, and why; somebody else reviews it afterwards.
    #[arg(long, value_name = "REASON")]
    pub break_glass: Option<String>,
}

/// What the names that somebody used stand for now.
pub struct Known {
    live: HashMap<CustomerId, CustomerId>,
    picks: BTreeMap<FieldName, Pick>,
    now: Option<Timestamp>,
}

impl Known {
    fn live(&self, id: CustomerId) -> CustomerId {
        self.live.get(&id).copied().unwrap_or(id)
    }
}

impl Details {
    /// Details that say nothing about the verdict are mistakes.
    ///
    /// # Errors
    /// Which one does not go with it.
    pub fn must_fit(&self, verdict: Verdict) -> anyhow::Result<()> {
        use Verdict::{Correct, Defer, Escalate, Merge, NotAMatch};
        let fits = [
            ("members", !self.members.is_empty(), &[Merge, NotAMatch][..]),
            ("rest", self.rest.is_some(), &[Merge, NotAMatch]),
            ("into", self.into.is_some(), &[Merge]),
            ("pick", !self.pick.is_empty(), &[Merge]),
            ("set", !self.set.is_empty(), &[Merge, Correct]),
            ("clear", !self.clear.is_empty(), &[Correct]),
            ("until", self.until.is_some(), &[Defer]),
            ("to", self.to.is_some(), &[Escalate]),
        ];
        for (flag, is_given, verdicts) in fits {
            if is_given && !verdicts.contains(&verdict) {
                let name = self.named.of(flag);
                return Err(Usage::error(format!("{name} does not go with this verdict")));
            }
        }
        Ok(())
    }

    fn rules(&self) -> Vec<RuleId> {
        self.rule.iter().map(RuleId::new).collect()
    }

    /// The names in each list of members.
    fn lists(&self) -> impl Iterator<Item = impl Iterator<Item = &str>> {
        self.members
            .iter()
            .map(|list| list.split(',').map(str::trim).filter(|name: &&str| !name.is_empty()))
    }

    /// Looks up what its names stand for.
    ///
    /// # Errors
    /// When a record is not there, or the desk fails.
    pub fn look_up(&self, entry: &Entry) -> anyhow::Result<Known> {
        let named = self.lists().flatten().filter_map(|name| name.parse().ok());
        let mut live = HashMap::new();
        for id in named.chain(self.into) {
            live.insert(id, names::followed(entry, id)?);
        }
        let now = self.until.map(|_| entry.ask(About {})).transpose()?.map(|about| about.now);
        Ok(Known { live, picks: picks(entry, &self.pick, &self.set)?, now })
    }

    /// The values that a record is to have, and the fields that are to have none.
    fn corrections(&self) -> anyhow::Result<(BTreeMap<FieldName, String>, Vec<FieldName>)> {
        let set = values(&self.set)?;
        let cleared: Vec<FieldName> = self.clear.iter().map(FieldName::new).collect();
        if set.is_empty() && cleared.is_empty() {
            return Err(Usage::error("pass --set field=value or --clear field"));
        }
        if let Some((field, _)) = set.iter().find(|(_, text)| text.is_empty()) {
            return Err(Usage::error(format!(
                "{field}= is empty: --clear {field} removes the value"
            )));
        }
        Ok((set, cleared))
    }

    fn until(&self, known: &Known) -> anyhow::Result<Until> {
        match (self.until, known.now) {
            (Some(until), Some(now)) => Ok(until.until(now)),
            _ => Err(Usage::error(match self.named {
                Named::Flags => "pass --until DATE, tomorrow or data-changes",
                Named::Columns => "`until` is missing: a date, tomorrow or data-changes",
            })),
        }
    }

    fn whom(&self) -> anyhow::Result<String> {
        self.to.clone().ok_or_else(|| {
            Usage::error(match self.named {
                Named::Flags => "pass who to ask: --to WHO",
                Named::Columns => "`to` is missing: who to ask, a person or a role",
            })
        })
    }

    /// A verdict on many tasks.
    ///
    /// # Errors
    /// When it cannot be said of many tasks, or a detail is of one task.
    pub fn on_many(&self, verdict: Verdict, known: &Known) -> anyhow::Result<BulkVerdict> {
        let of_one_task = [
            ("--members", !self.members.is_empty()),
            ("--rest", self.rest.is_some()),
            ("--into", self.into.is_some()),
            ("--pick", !self.pick.is_empty()),
            ("--set", !self.set.is_empty() && verdict != Verdict::Correct),
            ("--if-version", self.if_version.is_some()),
            ("--rule", !self.rule.is_empty() && verdict != Verdict::Waive),
        ];
        if let Some((flag, _)) = of_one_task.into_iter().find(|(_, given)| *given) {
            return Err(Usage::error(format!("{flag} works on one task, not on many")));
        }
        Ok(match verdict {
            Verdict::Merge => BulkVerdict::Merge,
            Verdict::NotAMatch => BulkVerdict::NotAMatch,
            Verdict::Accept => BulkVerdict::Accept,
            Verdict::Keep => BulkVerdict::Keep,
            Verdict::Defer => BulkVerdict::Defer { until: self.until(known)? },
            Verdict::Escalate => BulkVerdict::Escalate { to: self.whom()? },
            Verdict::Answer => {
                return Err(Usage::error("answer questions one at a time: name the task"));
            }
            Verdict::Waive => BulkVerdict::Waive { rules: self.rules() },
            Verdict::Correct => {
                let (values, cleared) = self.corrections()?;
                BulkVerdict::Correct { values, cleared }
            }
            Verdict::Quarantine => BulkVerdict::Quarantine,
            Verdict::Approve => BulkVerdict::Approve,
            Verdict::Reject => BulkVerdict::Reject,
        })
    }
}

/// A verdict on a task, as it is said.
#[derive(Debug, PartialEq)]
pub struct Said {
    /// The task.
    pub task: TaskId,
    /// The verdict.
    pub verdict: Verdict,
    /// What goes with it.
    pub details: Details,
}

impl Said {
    /// Whether all customers of the task are merged because nothing else is said: in a bulk that is
    /// left to a person where they contradict each other.
    pub fn merges_whole_task(&self) -> bool {
        self.verdict == Verdict::Merge && self.details.members.is_empty()
    }

    /// What is asked of the desk.
    ///
    /// # Errors
    /// When it cannot be said of this task.
    pub fn request(&self, task: &TaskView, known: &Known) -> anyhow::Result<Request> {
        let Said { task: id, verdict, details } = self;
        let rules = if *verdict == Verdict::Waive { Vec::new() } else { details.rules() };
        Ok(Request {
            task: Some(*id),
            seen: details.if_version.map(Sequence),
            reason: details.reason.as_deref().map(ReasonCode::new),
            note: details.note.clone(),
            waive: rules,
            break_glass: details.break_glass.clone(),
            ..Request::new(self.action(task, known)?)
        })
    }

    fn action(&self, task: &TaskView, known: &Known) -> anyhow::Result<Action> {
        let details = &self.details;
        Ok(match self.verdict {
            Verdict::Merge => Action::Merge {
                groups: self.groups(task, known)?.unwrap_or_else(|| vec![customers(task)]),
                into: details.into.map(|into| known.live(into)),
                picks: known.picks.clone(),
                rest: match details.rest {
                    Some(RestOf::NotAMatch) => Rest::NotAMatch,
                    Some(RestOf::Stay) | None => Rest::Stay,
                },
            },
            Verdict::NotAMatch => Action::NotAMatch { groups: self.sides(task, known)? },
            Verdict::Accept => Action::Accept,
            Verdict::Keep => Action::Keep,
            Verdict::Defer => Action::Defer { until: details.until(known)? },
            Verdict::Escalate => Action::Escalate { to: details.whom()? },
            Verdict::Answer => Action::Answer,
            Verdict::Waive => {
                let record = self.fix(task, "has no violations to waive")?.record.clone();
                Action::Waive { record, rules: details.rules() }
            }
            Verdict::Correct => {
                let (values, cleared) = details.corrections()?;
                let record = self.fix(task, "is not about a single record")?.record.clone();
                Action::Correct { record, values, chosen: BTreeMap::new(), cleared }
            }
            Verdict::Quarantine => {
                let record = self.fix(task, "is not about a single record")?.record.clone();
                Action::Quarantine { record }
            }
            Verdict::Approve => Action::Approve { expect: None },
            Verdict::Reject => Action::Reject,
        })
    }

    fn fix<'v>(&self, task: &'v TaskView, otherwise: &str) -> anyhow::Result<&'v FixView> {
        task.fix.as_ref().ok_or_else(|| self.does_not_apply(otherwise))
    }

    fn does_not_apply(&self, what: &str) -> anyhow::Error {
        Refusal::DoesNotApply { why: format!("{} {what}", self.task) }.into()
    }

    /// One list of customers for each list of members; none where there is none.
    fn groups(
        &self,
        task: &TaskView,
        known: &Known,
    ) -> anyhow::Result<Option<Vec<Vec<CustomerId>>>> {
        if self.details.members.is_empty() {
            return Ok(None);
        }
        let customers = customers(task);
        let groups = self
            .details
            .lists()
            .map(|names| names.map(|name| member(name, known, &customers, self.task)).collect());
        groups.collect::<anyhow::Result<_>>().map(Some)
    }

    /// The sides of a not-a-match: customers of different sides differ.
    fn sides(&self, task: &TaskView, known: &Known) -> anyhow::Result<Vec<Vec<CustomerId>>> {
        let all = customers(task);
        let mut sides: Vec<Vec<CustomerId>> = match self.groups(task, known)? {
            None => all.iter().map(|id| vec![*id]).collect(),
            Some(lists) => match lists.as_slice() {
                [only] => only.iter().map(|id| vec![*id]).collect(),
                _ => lists,
            },
        };
        if self.details.rest == Some(RestOf::NotAMatch) {
            let named: Vec<CustomerId> = sides.concat();
            sides.extend(all.iter().filter(|id| !named.contains(id)).map(|id| vec![*id]));
        }
        Ok(sides)
    }
}

fn customers(task: &TaskView) -> Vec<CustomerId> {
    task.columns.iter().map(|column| column.customer).collect()
}

/// A customer by its letter in the task, or by its id.
fn member(
    name: &str,
    known: &Known,
    customers: &[CustomerId],
    task: TaskId,
) -> anyhow::Result<CustomerId> {
    let id = name.parse().ok().map(|id| known.live(id));
    let found = match name.as_bytes() {
        [letter] if letter.is_ascii_alphabetic() => {
            customers.get(usize::from(letter.to_ascii_uppercase() - b'A')).copied()
        }
        _ => id.filter(|id| customers.contains(id)),
    };
    found.ok_or_else(|| {
        let name = id.map_or_else(|| name.to_owned(), |id| id.to_string());
        let known: Vec<String> = customers.iter().map(ToString::to_string).collect();
        Usage::error(format!("`{name}` is not in {task}: it has {}", names::lettered(&known)))
    })
}

#[cfg(test)]
mod tests;
