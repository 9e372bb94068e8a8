//! Retention: who is kept how long by the rules of the settings, and erasing those who are due.
//!
//! What the rules come to for a customer is pure (`domain/retention.rs`); here is what it is judged by, so that
//! what is listed beforehand is what is erased.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap};

use jiff::civil::Date;

use super::activities::Page;
use super::core::Desk;
use super::error::{Decided, DeskError};
use super::facts::{Facts, day_of};
use super::requests::Asked;
use domain::expression::Expression;
use domain::retention::{Fate, From, RecordDays, RuleOf, fate};
use domain::{ActivityKind, CustomerId, DecisionId, Event, Lapse, RecordBody, RecordId, Values};
use door::operations::Retain;
use door::views::{Retained, RetentionView};
use intake::merge;
use settings::{About, Retained as Rule, RetentionRule};

/// Customers erased in one commit at most: an erasure lists every event it takes.
const AT_ONCE: usize = 500;

/// What retention comes to for one customer.
struct Judged {
    customer: CustomerId,
    records: u64,
    fate: Fate,
    holds: BTreeSet<DecisionId>,
}

impl Desk {
    /// What the rules of retention come to; writes nothing.
    ///
    /// # Errors
    /// When the store or the ledger is damaged.
    pub(crate) fn foresee_retention(&self, warn: Lapse) -> Decided<RetentionView> {
        let facts = self.facts();
        let horizon = warn.after(facts.today());
        let mut view = RetentionView {
            on: facts.today(),
            rules: facts.settings.retention.iter().map(RetentionRule::words).collect(),
            erased: Vec::new(),
            kept: Vec::new(),
            held: Vec::new(),
            due: Vec::new(),
            warn: warn.to_string(),
            customers: 0,
            sequence: None,
            cleared: Vec::new(),
            unattached: self.judge_unattached(horizon)?.map(|judged| judged.view),
        };
        let withheld = self.withheld()?;
        let activities = Activities::of_all(self)?;
        for number in 1..=facts.view.counters()?.customers {
            let Some(judged) = judge(facts, CustomerId(number), &activities)? else { continue };
            view.customers += 1;
            let Judged { customer, records, fate, holds } = judged;
            let holds: Vec<DecisionId> = holds.into_iter().collect();
            let told = |rule, day| Retained { customer, records, rule, day, holds };
            let (list, told) = match fate {
                Fate::Stays => continue,
                Fate::Due { on, .. } if on > horizon => continue,
                Fate::Due { rule, on } => (&mut view.due, told(Some(rule), Some(on))),
                Fate::Erase { rule, since } => (&mut view.erased, told(Some(rule), Some(since))),
                Fate::Kept { rule, until } => (&mut view.kept, told(Some(rule), Some(until))),
                Fate::Held => (&mut view.held, told(None, None)),
            };
            list.push(told);
        }
        Ok(withheld.retention(view))
    }

    /// Erases those who are due, as far as they were listed.
    ///
    /// # Errors
    /// The refusal (no reason), or a failure: what was erased by then stays erased, and the rest is left for
    /// the next time.
    pub(crate) fn retain(&mut self, asked: &Retain) -> Decided<RetentionView> {
        self.ledger.must_be_for_writing()?;
        self.must_be_idle()?;
        let given = asked.reason.clone().or_else(|| Some(domain::ReasonCode::new(RETENTION)));
        let reason = self.reason_to_erase(given)?;
        let mut view = self.foresee_retention(Lapse::days(1))?;
        view.due.clear();
        if let Some(unattached) = &mut view.unattached {
            unattached.due.clear();
        }
        if let Some(listed) = &asked.listed {
            view.erased.retain(|it| listed.contains(&it.customer));
        }
        view.sequence = self.erase_unattached(&reason, &mut |_, _| {})?;
        let customers: Vec<CustomerId> = view.erased.iter().map(|it| it.customer).collect();
        for some in customers.chunks(AT_ONCE) {
            let erased = self.erase_together(some, &reason, &mut |_, _| {})?;
            view.sequence = Some(erased.sequence);
            view.cleared.extend(erased.cleared);
        }
        Ok(view)
    }
}

/// What retention comes to for a customer by the rules in hand; none for an id that does not stand for itself.
///
/// # Errors
/// When the store or the ledger is damaged.
pub(super) fn fate_of(facts: Facts<'_>, customer: CustomerId) -> Result<Option<Fate>, DeskError> {
    let activities = Activities::of_one(facts, customer)?;
    Ok(judge(facts, customer, &activities)?.map(|judged| judged.fate))
}

/// The reason where none is given.
const RETENTION: &str = "retention";

/// The days of the last activities of customers, by kind; empty where no rule asks for them.
#[derive(Default)]
struct Activities(HashMap<CustomerId, BTreeMap<ActivityKind, Date>>);

impl Activities {
    fn of_all(desk: &Desk) -> Result<Activities, DeskError> {
        let mut all = Activities::default();
        if !are_asked_for(desk.facts()) {
            return Ok(all);
        }
        desk.scan_activities(|row, class, owner| {
            if let Some(customer) = owner.customer()
                && let Some(day) = crate::activities::day_of(class, row)
            {
                all.note(customer, &class.kind, day);
            }
            Ok(())
        })?;
        Ok(all)
    }

    fn of_one(facts: Facts<'_>, customer: CustomerId) -> Result<Activities, DeskError> {
        let mut one = Activities::default();
        if are_asked_for(facts) {
            let page = Page { limit: usize::MAX, before: None };
            for found in facts.activities_of(customer, page)? {
                one.note(customer, &found.kind, found.at.day());
            }
        }
        Ok(one)
    }

    fn note(&mut self, customer: CustomerId, kind: &ActivityKind, day: Date) {
        let of_kinds = self.0.entry(customer).or_default();
        match of_kinds.get_mut(kind) {
            Some(last) => *last = day.max(*last),
            None => drop(of_kinds.insert(kind.clone(), day)),
        }
    }

    /// The day of the last activity of any of these kinds, of any kind where none is named.
    fn last(&self, customer: CustomerId, kinds: &[ActivityKind]) -> Option<Date> {
        let days = self.0.get(&customer)?.iter();
        days.filter(|(kind, _)| kinds.is_empty() || kinds.contains(kind)).map(|(_, day)| *day).max()
    }
}

/// Whether any rule counts from a customer's last activity.
fn are_asked_for(facts: Facts<'_>) -> bool {
    let mut rules = facts.settings.retention.iter();
    rules.any(|rule| rule.of == About::Customers && rule.from == From::LastActivity)
}

/// What the rules come to for a customer; none for an id that does not stand for itself.
fn judge(
    facts: Facts<'_>,
    customer: CustomerId,
    activities: &Activities,
) -> Result<Option<Judged>, DeskError> {
    let Some(state) = facts.view.customer(customer)?.filter(domain::CustomerState::is_live) else {
        return Ok(None);
    };
    let rules = &facts.settings.retention;
    let (mut golden, mut members) = (Values::new(), Vec::new());
    if rules.iter().any(|rule| rule.when.is_some()) {
        members = facts.members(&state)?;
        golden = merge::golden_values(&facts.golden(&state, &members)?);
    }
    let holds = |when: &Expression, values: &Values| {
        when.holds(&|name| values.get(name).map(|value| Cow::Borrowed(value.shown())))
    };
    let is_about = |rule: &RetentionRule| match (&rule.when, rule.then) {
        (None, _) => true,
        (Some(when), Rule::EraseAfter(_)) => holds(when, &golden),
        // What any record says keeps them all, whether it survives or not.
        (Some(when), Rule::Keep(_)) => {
            holds(when, &golden) || members.iter().any(|member| holds(when, &member.values))
        }
    };
    let of_customers = rules.iter().enumerate().filter(|(_, rule)| rule.of == About::Customers);
    let about = of_customers.filter(|(_, rule)| is_about(rule));
    let about: Vec<RuleOf> = about
        .map(|(place, rule)| {
            let (keeps, lapse) = match rule.then {
                Rule::EraseAfter(lapse) => (false, lapse),
                Rule::Keep(lapse) => (true, lapse),
            };
            let activity = activities.last(customer, &rule.kinds);
            RuleOf { rule: place, keeps, lapse, from: rule.from, activity }
        })
        .collect();
    let needs_first = about.iter().any(|rule| rule.from == From::Created);
    let mut days = Vec::with_capacity(state.members.len());
    for record in &state.members {
        days.push(days_of(facts, *record, needs_first)?);
    }
    let mut holds = facts.held_by(state.members.iter().copied())?;
    // Whoever asked for restriction asked that it is kept.
    holds.extend(facts.kept_by(&state)?);
    holds.extend(asked_for(facts, customer)?);
    // Nobody knows yet whose all of it is.
    let waiting = facts.view.tasks_of(customer)?.into_iter().map(|entry| entry.task);
    let is_doubted = waiting
        .filter(|task| task.kind == domain::TaskKind::Overlay)
        .any(|task| task.state.is_pending());
    Ok(Some(Judged {
        customer,
        records: state.members.len() as u64,
        fate: fate(facts.today(), &days, &about, is_doubted || !holds.is_empty()),
        holds,
    }))
}

/// The requests that wait and cannot be answered once the person is gone: for a copy, or a correction.
fn asked_for(facts: Facts<'_>, customer: CustomerId) -> Result<Vec<DecisionId>, DeskError> {
    let mut waits = Vec::new();
    for entry in facts.view.tasks_of(customer)? {
        let asked = Asked::of(&entry.task).filter(|_| entry.task.state.is_pending());
        let is_owed = |asked: &Asked| {
            asked.kind.hands_over() || asked.kind == domain::RequestKind::Rectification
        };
        waits.extend(asked.filter(is_owed).map(|asked| asked.decision));
    }
    Ok(waits)
}

/// Whether a revision only lacks the columns that were kept before: the settings drop them now, and its source
/// changed nothing.
fn only_drops(body: &RecordBody, before: &RecordBody) -> bool {
    let said = |body: &RecordBody| -> Vec<(String, String)> {
        let raw =
            body.values.iter().map(|(field, value)| (field.to_string(), value.raw().to_owned()));
        raw.collect()
    };
    let is_less = body.unmapped.is_empty() && !before.unmapped.is_empty();
    is_less && body.updated == before.updated && said(body) == said(before)
}

/// The days of a record. That it was read in another way is no delivery, nor that columns were dropped.
fn days_of(facts: Facts<'_>, record: RecordId, needs_first: bool) -> Result<RecordDays, DeskError> {
    let row = facts.view.record(record)?;
    // What is held back was delivered all the same.
    let (latest, _) = facts.view.latest(record)?;
    let last = facts.time_of(latest.sequence)?;
    let revised = facts.revised(record, latest)?;
    let updated = match latest == row.body {
        true => revised.body.updated,
        false => facts.body(record)?.updated,
    };
    let updated = updated.map(day_of);
    let mut days = RecordDays { created: day_of(last), last_delivered: day_of(last), updated };
    // Columns that are dropped leave nothing kept beside the fields.
    let may_be_dropped = revised.body.unmapped.is_empty();
    if revised.revision > 1 && (needs_first || revised.reread.is_some() || may_be_dropped) {
        let links = facts.record_chain(record)?;
        let revisions = links.iter().flat_map(|link| {
            let of = link.events.iter().filter_map(|event| match event {
                Event::RecordRevised(revised) => Some(revised),
                _ => None,
            });
            of.map(|revised| (day_of(link.at), revised))
        });
        let revisions: Vec<_> = revisions.collect();
        let before = revisions.iter().skip(1).map(|(_, before)| Some(&before.body));
        let delivered = revisions.iter().zip(before.chain(std::iter::once(None)));
        let delivered = delivered.filter(|((_, revised), before)| {
            let is_dropped = before.is_some_and(|before| only_drops(&revised.body, before));
            revised.reread.is_none() && !is_dropped
        });
        let delivered: Vec<_> = delivered.map(|((day, _), _)| *day).collect();
        // Latest first.
        days.last_delivered = delivered.first().copied().unwrap_or(days.last_delivered);
        days.created = delivered.last().copied().unwrap_or(days.created);
    }
    Ok(days)
}
