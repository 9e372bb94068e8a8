//! Requests of persons: what was recorded of one, what was done for it, who is to be told, and what is missing. All of
//! it is read from the decisions about its task whenever it is asked, so that undo and erasure reach it by construction.

mod half_done;
mod recipients;

use std::collections::BTreeSet;

use jiff::Timestamp;
use jiff::civil::Date;

use super::core::Desk;
use super::error::{Decided, DeskError, Stop, unknown};
use super::facts::{Facts, missing as lost};
use super::restrictions;
use domain::request::{Standing, missing, to_be_told};
use domain::{
    CustomerId, DecisionId, Event, FieldName, MissingStep, RequestKind, RequestStep, Requested,
    Sequence, Task, TaskId, TaskKind, TaskReason, TaskState, Verdict,
};
use door::operations::Requests;
use door::views::{MaybeSame, RecipientView, RequestView, RequestsLine, StepTakenView};
pub(crate) use half_done::half_done;
use settings::Settings;

/// What the task of a request says of it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Asked {
    pub(crate) kind: RequestKind,
    pub(crate) decision: DecisionId,
    pub(crate) customer: CustomerId,
    pub(crate) received: Date,
}

impl Asked {
    /// Of a task; none of one that is no request.
    pub(crate) fn of(task: &Task) -> Option<Asked> {
        match task.reason {
            TaskReason::Requested { request: kind, decision, customer, received, .. } => {
                Some(Asked { kind, decision, customer, received })
            }
            _ => None,
        }
    }
}

/// What was done for a request, earliest first; what was undone is left out.
///
/// # Errors
/// When the store or the ledger is damaged.
pub(crate) fn steps(facts: Facts<'_>, task: TaskId) -> Result<Vec<StepTakenView>, DeskError> {
    let stands = |id| Ok(facts.view.decision(id)?.is_some_and(|entry| entry.stands()));
    steps_that(facts, task, &stands)
}

/// The steps of a request that stand, as somebody judges it.
fn steps_that(
    facts: Facts<'_>,
    task: TaskId,
    stands: &dyn Fn(DecisionId) -> Result<bool, DeskError>,
) -> Result<Vec<StepTakenView>, DeskError> {
    let mut steps = Vec::new();
    for link in facts.task_chain(task)?.into_iter().rev() {
        let Some(decision) = link.decision.filter(|decision| decision.task == Some(task)) else {
            continue;
        };
        let is_step = decision.request.is_some() || decision.verdict == Verdict::Correct;
        if is_step && stands(decision.id)? {
            steps.push(StepTakenView {
                decision: decision.id,
                at: link.at,
                actor: link.actor.person,
                corrected: match decision.verdict {
                    Verdict::Correct => {
                        let set = decision.values.iter().map(|(field, _)| field.clone());
                        set.chain(decision.cleared).collect()
                    }
                    _ => Vec::new(),
                },
                what: decision.request.as_deref().map_or("corrected", RequestStep::key).to_owned(),
                step: decision.request.map(|step| *step),
                text: decision.note.or_else(|| decision.reason.map(|reason| reason.to_string())),
            });
        }
    }
    Ok(steps)
}

fn taken(steps: &[StepTakenView]) -> impl Iterator<Item = &RequestStep> + Clone {
    steps.iter().filter_map(|taken| taken.step.as_ref())
}

/// The last day of a request by the steps that stand.
fn last_day(facts: Facts<'_>, asked: Asked, steps: &[StepTakenView]) -> Date {
    let extended = taken(steps).filter_map(|step| match step {
        RequestStep::Extended { until } => Some(*until),
        _ => None,
    });
    // The settings may have changed since: what was recorded with it counts.
    extended.last().unwrap_or_else(|| first_day(facts, asked))
}

/// The last day of a request as it was recorded.
fn first_day(facts: Facts<'_>, asked: Asked) -> Date {
    let opened = facts.decision(asked.decision).ok().and_then(|decision| decision.task);
    let chain = opened.and_then(|task| facts.task_chain(task).ok()).unwrap_or_default();
    let first = chain.iter().rev().flat_map(|link| &link.events).find_map(|event| match event {
        Event::TaskChanged(changed) => match changed.after.reason {
            TaskReason::Requested { due, .. } => Some(due),
            _ => None,
        },
        _ => None,
    });
    first.unwrap_or_else(|| facts.settings.requests.deadlines.due(asked.received))
}

/// A request as its consequences leave it: about whoever the customer is now, with its last day by the steps that
/// stand, and settled once the person is erased.
///
/// # Errors
/// When the store or the ledger is damaged.
pub(crate) fn rechecked(after: Facts<'_>, task: &Task) -> Result<Task, DeskError> {
    let mut task = task.clone();
    let Some(asked) = Asked::of(&task) else { return Ok(task) };
    match after.view.follow(asked.customer)? {
        Some(live) => task.customers = vec![live],
        // One that was answered before stays answered.
        None if task.state.is_pending() && after.view.erased_in(asked.customer)?.is_some() => {
            task.state = TaskState::Settled;
        }
        None => {}
    }
    // One that is being recorded has no chain yet.
    if task.state.is_pending() && after.view.task(task.id)?.is_some() {
        let last = last_day(after, asked, &steps(after, task.id)?);
        if let TaskReason::Requested { due, .. } = &mut task.reason {
            *due = last;
        }
    }
    Ok(task)
}

/// A request whole.
///
/// # Errors
/// When the store or the ledger is damaged.
pub(crate) fn view(facts: Facts<'_>, task: &Task) -> Result<RequestView, DeskError> {
    let asked = Asked::of(task).ok_or_else(|| lost(format!("the request of {}", task.id)))?;
    let steps = steps(facts, task.id)?;
    let erased = match facts.view.erased_in(asked.customer)? {
        Some(sequence) => Some(facts.time_of(sequence)?),
        None => None,
    };
    let until = closed_in(facts, task)?;
    let recipients = recipients::of(facts, asked.customer, &steps, until)?;
    let requested = requested(facts, asked.decision)?;
    let standing = Standing {
        is_nobody: asked.customer == CustomerId::NOBODY,
        ..standing(&steps, &recipients, &requested.fields, erased.is_some())
    };
    let due = last_day(facts, asked, &steps);
    let open = task.state.is_pending();
    let today = facts.zone.to_datetime(facts.now).date();
    let warns = facts.settings.requests.warn.before(due) <= today;
    let extended = taken(&steps).any(|step| matches!(step, RequestStep::Extended { .. }));
    let is_left = open || is_told_after_erasure(asked, task, &steps, erased);
    let mut missing =
        if is_left { missing(asked.kind, taken(&steps), standing) } else { Vec::new() };
    // Nobody is left to be asked who they are.
    missing.retain(|step| open || *step == MissingStep::Recipients);
    let restricts = asked.kind.restricts() && erased.is_none();
    let in_force_on = match restricts {
        true => restrictions::restricts(facts, asked.decision)?,
        false => BTreeSet::new(),
    };
    Ok(RequestView {
        task: task.id,
        kind: asked.kind,
        customer: asked.customer,
        decision: asked.decision,
        state: state(task, asked, &steps, erased),
        open,
        received: asked.received,
        due,
        days_left: i64::from(today.until(due).map_or(0, |span| span.get_days())),
        is_due: (open || !missing.is_empty()) && warns,
        extended,
        by: requested.by,
        purposes: requested.purposes,
        channels: requested.channels,
        fields: requested.fields,
        in_force: restricts.then_some(!in_force_on.is_empty()),
        in_force_on: in_force_on.into_iter().collect(),
        maybe_same: if open { maybe_same(facts, asked.customer)? } else { Vec::new() },
        identity: identity(&steps),
        erased,
        missing,
        steps,
        recipients,
    })
}

/// Who may be the same person, by the tasks that ask it and wait.
///
/// # Errors
/// When the store is damaged.
pub(crate) fn maybe_same(
    facts: Facts<'_>,
    customer: CustomerId,
) -> Result<Vec<MaybeSame>, DeskError> {
    let Some(live) = facts.view.follow(customer)? else { return Ok(Vec::new()) };
    let mut found = Vec::new();
    for Task { id, kind, state, customers, record, .. } in
        facts.view.tasks_of(live)?.into_iter().map(|entry| entry.task)
    {
        if !state.is_pending() {
            continue;
        }
        if let (TaskKind::Overlay, Some(record)) = (kind, record) {
            let overlaid = Some(facts.body(record)?.address);
            found.push(MaybeSame { task: id, customers: Vec::new(), overlaid });
        }
        if kind != TaskKind::Duplicate {
            continue;
        }
        let mut others = BTreeSet::new();
        for other in customers {
            others.extend(facts.view.follow(other)?.filter(|other| *other != live));
        }
        if !others.is_empty() {
            let customers = others.into_iter().collect();
            found.push(MaybeSame { task: id, customers, overlaid: None });
        }
    }
    found.sort_by_key(|it| it.task);
    Ok(found)
}

/// What became of it, in a word.
fn state(task: &Task, asked: Asked, steps: &[StepTakenView], erased: Option<Timestamp>) -> String {
    let closed = taken(steps).filter(|step| step.closes()).last();
    match (&task.state, closed) {
        (TaskState::Decided { .. }, Some(step)) => step.name().to_owned(),
        (TaskState::Settled, _) if erased.is_some() && is_meant(asked, steps) => {
            "person erased".to_owned()
        }
        (TaskState::Settled, _) => "undone".to_owned(),
        (state, _) => state.name().to_owned(),
    }
}

/// Whether it was not undone that it was recorded.
fn is_meant(asked: Asked, steps: &[StepTakenView]) -> bool {
    steps.iter().any(|taken| taken.decision == asked.decision)
}

/// Whether the person was erased while they waited for it, so that only the recipients of earlier exports may be
/// left to be told: that is due all the same.
fn is_told_after_erasure(
    asked: Asked,
    task: &Task,
    steps: &[StepTakenView],
    erased: Option<Timestamp>,
) -> bool {
    asked.kind == RequestKind::Erasure
        && erased.is_some()
        && task.state == TaskState::Settled
        && is_meant(asked, steps)
}

/// The commit that closed a request; none while it waits.
fn closed_in(facts: Facts<'_>, task: &Task) -> Result<Option<Sequence>, DeskError> {
    Ok(match task.state {
        _ if task.state.is_pending() => None,
        // What was noted afterwards changed the task as well.
        TaskState::Decided { decision } => {
            facts.view.decision(decision)?.map(|entry| entry.place.sequence)
        }
        _ => facts.view.task(task.id)?.map(|entry| entry.version),
    })
}

fn identity(steps: &[StepTakenView]) -> Option<String> {
    let mut checks = steps.iter().filter(|taken| {
        matches!(taken.step, Some(RequestStep::Verified | RequestStep::Unverified))
    });
    let last = checks.next_back()?;
    let how = last.text.as_ref().map(|text| format!(": {text}")).unwrap_or_default();
    Some(match last.step {
        Some(RequestStep::Verified) => format!("checked by {}{how}", last.actor),
        _ => format!("not checked, {} goes on{how}", last.actor),
    })
}

fn standing(
    steps: &[StepTakenView],
    recipients: &[RecipientView],
    named: &[FieldName],
    erased: bool,
) -> Standing {
    // What was said to be wrong is corrected field by field, where fields were named.
    let is_corrected = |field| steps.iter().any(|taken| taken.corrected.contains(field));
    Standing {
        to_be_told: recipients.iter().filter(|it| it.told.is_none()).count(),
        corrected: steps.iter().any(|taken| taken.step.is_none()) && named.iter().all(is_corrected),
        erased,
        answered: false,
        is_nobody: false,
    }
}

/// What was recorded when it came.
///
/// # Errors
/// When the store or the ledger is damaged.
pub(crate) fn requested(facts: Facts<'_>, opened: DecisionId) -> Result<Requested, DeskError> {
    match facts.decision(opened)?.request.map(|step| *step) {
        Some(RequestStep::Opened(requested)) => Ok(requested),
        _ => Err(lost(format!("the request of {opened}"))),
    }
}

/// A request that waits, by its task, and what is missing for it; refused where it is no request, or is closed.
///
/// # Errors
/// The refusal, or a failure.
pub(crate) fn open(facts: Facts<'_>, task: TaskId) -> Decided<(Task, RequestView)> {
    let entry = facts.view.task(task)?.ok_or_else(|| unknown(&task))?;
    let does_not_apply = |why: String| door::Refusal::DoesNotApply { why };
    if entry.task.kind != TaskKind::Request {
        return Err(does_not_apply(format!("{task} is not a request of a person")).into());
    }
    if !entry.task.state.is_pending() {
        let state = entry.task.state.name();
        return Err(does_not_apply(format!("{task} is already {state}")).into());
    }
    let view = view(facts, &entry.task)?;
    Ok((entry.task, view))
}

/// Refuses to give data away, or to destroy it, for a request that asks for something else, of somebody else, or of
/// which `needed` is missing.
///
/// # Errors
/// The refusal, or a failure.
pub(crate) fn must_be_ready(
    facts: Facts<'_>,
    task: TaskId,
    customer: CustomerId,
    kinds: &[RequestKind],
    needed: &[domain::MissingStep],
) -> Decided<RequestView> {
    let (_, view) = open(facts, task)?;
    let refuse = |why: String| Err(door::Refusal::DoesNotApply { why }.into());
    if facts.view.follow(view.customer)? != facts.view.follow(customer)? {
        return refuse(format!("{task} was recorded of {}, not of {customer}", view.customer));
    }
    if !kinds.contains(&view.kind) {
        return refuse(format!("{task} asks for {}: record what they ask for now", view.kind));
    }
    match view.missing.iter().find(|step| needed.contains(step)) {
        Some(step) => refuse(step.words(&task, view.customer)),
        None => Ok(view),
    }
}

/// Whether recipients may be left to be told of a request that no longer waits itself: see [`is_told_after_erasure`].
fn may_miss(task: &Task) -> bool {
    let is_erasure =
        matches!(task.reason, TaskReason::Requested { request: RequestKind::Erasure, .. });
    is_erasure && task.state == TaskState::Settled
}

impl Desk {
    /// Requests in force that name a purpose or a channel which these settings have no longer, a sentence each.
    ///
    /// # Errors
    /// When the store or the ledger is damaged.
    pub(crate) fn requests_that_lose(&self, edited: &Settings) -> Result<Vec<String>, DeskError> {
        let names = |settings: &Settings| -> Vec<String> {
            settings.purposes.iter().map(|purpose| purpose.name.clone()).collect()
        };
        let (before, after) = (names(&self.settings), names(edited));
        let (before, after): (Vec<&str>, Vec<&str>) = (
            before.iter().map(String::as_str).collect(),
            after.iter().map(String::as_str).collect(),
        );
        if before == after && self.settings.channels() == edited.channels() {
            return Ok(Vec::new());
        }
        let all = match self.facts().requests(&Requests { closed: true, ..Requests::default() }) {
            Ok(all) => all,
            Err(Stop::Refused(_)) => Vec::new(),
            Err(Stop::Failed(error)) => return Err(error),
        };
        let lost =
            all.iter().filter(|view| view.unknown_to(&before, &self.settings.channels()).is_none());
        Ok(lost.filter_map(|view| view.unknown_to(&after, &edited.channels())).collect())
    }

    /// Requests that are due, in a sentence; none where none is, or nobody can say.
    #[must_use]
    pub fn requests_due(&self) -> Option<String> {
        self.facts().requests_line().ok()?.note()
    }
}

impl Facts<'_> {
    /// Requests, the earliest last day first.
    ///
    /// # Errors
    /// The refusal when there is no such request, or a failure.
    pub(crate) fn requests(&self, wanted: &Requests) -> Decided<Vec<RequestView>> {
        let tasks: Vec<Task> = match wanted.task {
            Some(id) => {
                let entry = self.view.task(id)?.ok_or_else(|| unknown(&id))?;
                if entry.task.kind != TaskKind::Request {
                    let why = format!("{id} is not a request of a person");
                    return Err(door::Refusal::DoesNotApply { why }.into());
                }
                vec![entry.task]
            }
            None => {
                let all = self.view.all_tasks()?.into_iter().map(|entry| entry.task);
                let is_wanted = |task: &Task| {
                    let is_pending = || wanted.closed || task.state.is_pending();
                    task.kind == TaskKind::Request && (is_pending() || may_miss(task))
                };
                all.filter(is_wanted).collect()
            }
        };
        let customer = match wanted.customer {
            Some(customer) => Some(self.view.follow(customer)?.unwrap_or(customer)),
            None => None,
        };
        let mut views = Vec::new();
        for task in &tasks {
            let view = view(*self, task)?;
            if !wanted.closed && wanted.task.is_none() && !view.waits() {
                continue;
            }
            let is_theirs = match customer {
                Some(wanted) => self.view.follow(view.customer)?.unwrap_or(view.customer) == wanted,
                None => true,
            };
            if is_theirs && (!wanted.due || view.is_due) {
                views.push(view);
            }
        }
        views.sort_by_key(|view| (!view.waits(), view.due, view.task));
        Ok(views)
    }

    /// How many requests wait, and how many of them are due.
    ///
    /// # Errors
    /// When the store is damaged.
    pub(crate) fn requests_line(&self) -> Result<RequestsLine, DeskError> {
        let mut line = RequestsLine::default();
        let waits = self.view.waiting()?.into_iter().any(|(_, kinds)| {
            kinds.get(&TaskKind::Request).is_some_and(|counts| counts.total() > 0)
        });
        if !waits && !self.view.erased_after(Sequence::ZERO)? {
            return Ok(line);
        }
        let (today, warn) = (self.zone.to_datetime(self.now).date(), self.settings.requests.warn);
        let mut of_erased = Vec::new();
        self.view.each_task(&mut |entry| {
            if let TaskReason::Requested { due, .. } = entry.task.reason {
                if entry.task.state.is_pending() {
                    line.add(due, today, warn.before(due) <= today);
                } else if may_miss(&entry.task) {
                    of_erased.push(entry.task);
                }
            }
            Ok(true)
        })?;
        for task in of_erased {
            let view = view(*self, &task)?;
            if view.waits() {
                line.add(view.due, today, view.is_due);
            }
        }
        Ok(line)
    }

    /// The exports whose recipients nobody told yet, as far as `steps` say.
    pub(crate) fn left_to_tell(view: &RequestView) -> BTreeSet<Sequence> {
        to_be_told(view.recipients.iter().map(|it| it.export), taken(&view.steps))
    }
}
