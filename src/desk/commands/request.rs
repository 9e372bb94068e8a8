//! Requests of persons: one is recorded, and what is done for it. Each step is a decision about its task, which changes
//! the task so that its history holds it; the words are the decision's note, and go with an erasure.

use std::path::Path;

use jiff::civil::Date;

use super::command::{Command, does_not_apply};
use super::words;
use crate::error::{Decided, unknown};
use crate::facts::Facts;
use crate::requests::{self, Asked};
use crate::restrictions;
use domain::{
    CustomerId, FieldName, MissingStep, RequestKind, RequestStep, Requested, Restriction, Subject,
    Task, TaskKind, TaskReason, TaskState, counted,
};
use door::views::{RecipientView, RequestView};

/// Characters of what is said, at most.
const LONGEST: usize = 2_000;
/// Characters of a way, a recipient or a file's name, at most.
const LONGEST_NAME: usize = 200;

/// Records a request: a task with its last day, and at once what it restricts.
pub(super) fn record(
    command: &mut Command<'_, '_>,
    id: CustomerId,
    requested: &Requested,
) -> Decided<()> {
    let is_nobody = id == CustomerId::NOBODY;
    let members = match is_nobody {
        true => Vec::new(),
        false => {
            let state = command.live(id)?;
            let version = command.facts.view.customer_version(id)?;
            command.check_seen(Subject::Customer(id), version)?;
            state.members
        }
    };
    let requested = checked(command, requested)?;
    text_fits(command)?;
    if is_nobody {
        no_words(command, requested.by.is_some())?;
    }
    let (task, decision) = (command.draft.new_task(), command.decision.id);
    if requested.kind.restricts() {
        for record in &members {
            let mut layers = command.draft.record(*record)?;
            let restriction = Restriction {
                decision,
                kind: requested.kind,
                purposes: requested.purposes.clone(),
                channels: requested.channels.clone(),
            };
            layers.restrictions.insert(decision, restriction);
            command.draft.set_record(*record, layers)?;
        }
    }
    command.decision.task = Some(task);
    command.decision.subjects = subjects(id);
    command.draft.set_task(Task {
        id: task,
        kind: TaskKind::Request,
        state: TaskState::Open,
        customers: if is_nobody { Vec::new() } else { vec![id] },
        record: None,
        reason: TaskReason::Requested {
            request: requested.kind,
            decision,
            customer: id,
            received: requested.received,
            due: command.facts.settings.requests.deadlines.due(requested.received),
            last: decision,
        },
        score: None,
        weakest: None,
        opened: command.facts.now,
    })?;
    command.decision.request = Some(Box::new(RequestStep::Opened(requested)));
    if !is_nobody {
        command.draft.touch_customer(id)?;
    }
    Ok(())
}

/// Refuses words about somebody of whom nothing is held, whatever is done with their request.
pub(super) fn must_take_words(command: &Command<'_, '_>) -> Decided<()> {
    let asked = command.task.as_ref().and_then(Asked::of);
    match asked.is_some_and(|asked| asked.customer == CustomerId::NOBODY) {
        true => no_words(command, false),
        false => Ok(()),
    }
}

/// Whom a request is about; nobody of whom nothing is held.
fn subjects(id: CustomerId) -> Vec<Subject> {
    if id == CustomerId::NOBODY { Vec::new() } else { vec![Subject::Customer(id)] }
}

/// Refuses words about somebody of whom nothing is held: an erasure goes by customers, and would not reach them.
fn no_words(command: &Command<'_, '_>, says_more: bool) -> Decided<()> {
    if says_more {
        return Err(does_not_apply(words::OF_NOBODY));
    }
    words::refuse(command, CustomerId::NOBODY)
}

/// What is asked for, once it makes sense under the settings.
fn checked(command: &Command<'_, '_>, requested: &Requested) -> Decided<Requested> {
    let settings = command.facts.settings;
    let mut requested = requested.clone();
    // Where the steward is, tomorrow may have begun.
    if requested.received > command.facts.today().tomorrow().unwrap_or(command.facts.today()) {
        return Err(does_not_apply("the day on which it came is still to come"));
    }
    let kind = requested.kind;
    let may_name_purposes = matches!(kind, RequestKind::Objection | RequestKind::OptOut);
    if !requested.purposes.is_empty() && !may_name_purposes {
        return Err(does_not_apply(format!("{kind} is not about a purpose: leave it out")));
    }
    if !requested.channels.is_empty() && kind != RequestKind::OptOut {
        return Err(does_not_apply(format!("{kind} is not about a channel: leave it out")));
    }
    if !requested.fields.is_empty() && kind != RequestKind::Rectification {
        return Err(does_not_apply(format!("{kind} is not about a field: leave it out")));
    }
    for purpose in &requested.purposes {
        if settings.purpose(purpose).is_none() {
            let known = settings.purposes.iter().map(|known| known.name.as_str());
            return Err(not_known("purpose", purpose, known));
        }
    }
    let channels = settings.channels();
    for channel in requested.channels.iter().filter(|_| !channels.is_empty()) {
        if !channels.contains(&channel.as_str()) {
            return Err(not_known("channel", channel, channels.iter().copied()));
        }
    }
    for field in &requested.fields {
        if settings.field(field.as_str()).is_none() {
            return Err(unknown(&format!("field {field}")));
        }
    }
    if let Some(by) = &mut requested.by {
        *by = name(by, "the way it came")?;
    }
    for list in [&mut requested.purposes, &mut requested.channels] {
        list.sort_unstable();
        list.dedup();
    }
    requested.fields.sort_unstable_by(FieldName::cmp);
    requested.fields.dedup();
    Ok(requested)
}

fn not_known<'k>(
    what: &str,
    named: &str,
    known: impl Iterator<Item = &'k str>,
) -> crate::error::Stop {
    let known: Vec<&str> = known.collect();
    let known = if known.is_empty() { "none".to_owned() } else { known.join(", ") };
    does_not_apply(format!("steward.toml has no {what} `{named}`; it has {known}"))
}

/// A name that somebody typed: short, and of one line.
fn name(text: &str, what: &str) -> Decided<String> {
    let text = text.trim();
    if text.is_empty() || text.chars().any(char::is_control) {
        return Err(does_not_apply(format!("{what} needs a text of one line")));
    }
    if text.chars().count() > LONGEST_NAME {
        return Err(does_not_apply(format!("{what} has {LONGEST_NAME} characters at most")));
    }
    Ok(text.to_owned())
}

/// The words of a step, short enough to be read; none where there are none.
fn text_fits(command: &mut Command<'_, '_>) -> Decided<()> {
    let text = command.decision.note.take();
    let text = text.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
    if text.as_ref().is_some_and(|text| text.chars().count() > LONGEST) {
        return Err(does_not_apply(format!("a note has {LONGEST} characters at most")));
    }
    command.decision.note = text;
    Ok(())
}

/// Does a step for the request that is the task.
pub(super) fn step(command: &mut Command<'_, '_>, step: &RequestStep) -> Decided<()> {
    let task = command.task()?;
    let Some(asked) = Asked::of(&task) else {
        return Err(does_not_apply(format!("{} is not a request of a person", task.id)));
    };
    text_fits(command)?;
    let view = requests::view(command.facts, &task)?;
    let is_erased = view.erased.is_some();
    if is_erased && matches!(step, RequestStep::Noted) {
        let who = view.customer;
        return Err(does_not_apply(format!("{who} was erased: nothing more is noted of them")));
    }
    if is_erased {
        words::refuse(command, view.customer)?;
    }
    let is_nobody = view.customer == CustomerId::NOBODY;
    if is_nobody {
        no_words(command, matches!(step, RequestStep::Told { other: Some(_), .. }))?;
    }
    // What cannot be written down need not be said here.
    let is_said = is_nobody || command.decision.note.is_some() || command.decision.reason.is_some();
    let (mut task, mut step) = (task, step.clone());
    let decision = command.decision.id;
    match &mut step {
        RequestStep::Opened(_) => return Err(does_not_apply("it has already been recorded")),
        RequestStep::Verified if !is_said => {
            return Err(does_not_apply("say how it was checked who asks: --how TEXT"));
        }
        RequestStep::Unverified if !is_said => {
            return Err(does_not_apply("say why it goes on unchecked: --unverified TEXT"));
        }
        RequestStep::Noted if command.decision.note.is_none() => {
            return Err(does_not_apply("a note needs text"));
        }
        RequestStep::Extended { until } => *until = extended(command, &view, is_said)?,
        RequestStep::Told { exports, other } => {
            told(&view, exports, other)?;
            if other.is_some() && is_erased {
                return Err(does_not_apply(format!(
                    "{} was erased, and a name typed now could never be: pass --all, or the number of an export \
                     that steward show {} lists",
                    view.customer, view.task
                )));
            }
        }
        RequestStep::Searched if !is_nobody => {
            let why = format!("{} is of {}, of whom data is held", view.task, view.customer);
            return Err(does_not_apply(why));
        }
        RequestStep::Handed { .. } if is_nobody => {
            return Err(does_not_apply("nothing is held that could be handed over"));
        }
        RequestStep::Handed { files } => {
            must_not_miss(&view, MissingStep::Identity)?;
            for file in files {
                file.name = name(&file.name, "the name of a file")?;
            }
        }
        RequestStep::Lifted => {
            if !is_said {
                return Err(does_not_apply("say why it ends: --reason CODE or --note TEXT"));
            }
            lift(command, &view)?;
        }
        RequestStep::Done => {
            done(command, &view)?;
            task.state = TaskState::Decided { decision };
        }
        RequestStep::Refused => {
            if !is_said {
                return Err(does_not_apply(
                    "a refusal is told to the person with its reason: --reason CODE or --note TEXT",
                ));
            }
            if view.in_force == Some(true) {
                lift(command, &view)?;
            }
            task.state = TaskState::Decided { decision };
        }
        _ => {}
    }
    if let (RequestStep::Extended { until }, TaskReason::Requested { due, .. }) =
        (&step, &mut task.reason)
    {
        *due = *until;
    }
    command.decision.request = Some(Box::new(step));
    touch(command, asked, task)
}

/// A record of the person was corrected for a request.
pub(super) fn corrected(command: &mut Command<'_, '_>) -> Decided<()> {
    let task = command.task()?;
    let Some(asked) = Asked::of(&task) else { return Ok(()) };
    let own = command.facts.view.follow(asked.customer)?;
    let mut is_theirs = false;
    for subject in &command.decision.subjects {
        if let Subject::Record(address) = subject
            && let Some(record) = command.facts.find(address)?
        {
            is_theirs |= Some(command.facts.view.customer_of(record)?) == own;
        }
    }
    if !is_theirs {
        let why =
            format!("{} was recorded of {}: the record is another's", task.id, asked.customer);
        return Err(does_not_apply(why));
    }
    touch(command, asked, task)
}

/// Changes the task, so that its history holds the step.
fn touch(command: &mut Command<'_, '_>, asked: Asked, mut task: Task) -> Decided<()> {
    if let TaskReason::Requested { last, .. } = &mut task.reason {
        *last = command.decision.id;
    }
    let customer = command.facts.view.follow(asked.customer)?.unwrap_or(asked.customer);
    if command.decision.request.is_some() {
        command.decision.subjects = subjects(customer);
    }
    command.draft.set_task(task)?;
    Ok(())
}

/// The new last day: once, and before the first one has passed.
fn extended(command: &Command<'_, '_>, view: &RequestView, is_said: bool) -> Decided<Date> {
    if !is_said {
        return Err(does_not_apply(
            "more time is told to the person with its reason: --reason CODE or --note TEXT",
        ));
    }
    if view.extended {
        return Err(does_not_apply(format!(
            "{} was already extended, until {}",
            view.task, view.due
        )));
    }
    if view.due < command.facts.today() {
        return Err(does_not_apply(format!("{} was due {}: answer it", view.task, view.due)));
    }
    // The settings may have changed since: more time is never less than there was.
    let deadlines = command.facts.settings.requests.deadlines;
    Ok(deadlines.extended(view.received).max(deadlines.extend.after(view.due)))
}

/// Which recipients are told: exports that are named by their commit or their file, all that are left, or somebody whom
/// no export names.
fn told(
    view: &RequestView,
    exports: &mut Vec<domain::Sequence>,
    other: &mut Option<String>,
) -> Decided<()> {
    if let Some(named) = other.take() {
        let named = name(&named, "a recipient")?;
        // A path is known by its last part: that is what is recorded with the name of a file.
        let file = Path::new(&named).file_name().and_then(|name| name.to_str());
        let number = named.parse().ok();
        let is_named = |it: &&RecipientView| {
            it.destination == named
                || Some(it.destination.as_str()) == file
                || Some(it.export.0) == number
        };
        let by_name = view.recipients.iter().filter(is_named);
        let mut found: Vec<_> = by_name.map(|it| it.export).collect();
        if found.is_empty() {
            *other = Some(named);
        } else {
            exports.append(&mut found);
        }
    }
    exports.sort_unstable();
    exports.dedup();
    if let Some(strange) =
        exports.iter().find(|export| view.recipients.iter().all(|it| it.export != **export))
    {
        return Err(does_not_apply(format!(
            "no export #{strange} held the person: steward show {}",
            view.task
        )));
    }
    if exports.is_empty() && other.is_none() {
        // All that are left.
        exports.extend(Facts::left_to_tell(view));
        if exports.is_empty() {
            return Err(does_not_apply("nobody is left to be told"));
        }
    }
    Ok(())
}

fn must_not_miss(view: &RequestView, step: MissingStep) -> Decided<()> {
    match view.missing.contains(&step) {
        true => Err(does_not_apply(step.words(&view.task, view.customer))),
        false => Ok(()),
    }
}

fn done(command: &Command<'_, '_>, view: &RequestView) -> Decided<()> {
    let mut missing = view.missing.iter().filter(|step| {
        // What was answered instead of a correction is in the note.
        !(**step == MissingStep::Correction && command.decision.note.is_some())
    });
    match missing.next() {
        Some(step) => {
            let more = match missing.count() as u64 {
                0 => String::new(),
                more => format!(" (and {})", counted(more, "more step", "more steps")),
            };
            let why = view.words_of(*step);
            Err(does_not_apply(format!("{} is not done: {why}{more}", view.task)))
        }
        None => Ok(()),
    }
}

/// What the request placed on records is taken off them, wherever they are now.
fn lift(command: &mut Command<'_, '_>, view: &RequestView) -> Decided<()> {
    if view.in_force != Some(true) {
        return Err(does_not_apply(format!("{} restricts nothing", view.task)));
    }
    for record in restrictions::restricted_by(command.facts, view.decision)? {
        let mut layers = command.draft.record(record)?;
        layers.restrictions.remove(&view.decision);
        command.draft.set_record(record, layers)?;
        let customer = command.facts.view.customer_of(record)?;
        command.draft.touch_customer(customer)?;
    }
    Ok(())
}
