//! What settings would change, found by doing it: all that [`Desk::adopt`](crate::core::Desk) does is done
//! over an overlay that nobody applies.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::Progress;
use super::apart::{Apart, Plan, Read};
use crate::adoption::{Adopting, adopted};
use crate::caches::Caches;
use crate::consequences;
use crate::core::Desk;
use crate::derived;
use crate::draft::Draft;
use crate::error::{Decided, DeskError};
use crate::facts::{Facts, RecordFacts};
use crate::proposals::changes_access;
use crate::retention::fate_of;
use crate::revalidate::{CUSTOMERS_A_COMMIT, RECORDS_AT_ONCE};
use crate::steering::Tried;
use domain::event::{Cause, TaskChanged};
use domain::retention::Fate;
use domain::{
    Actor, Commit, CustomerId, Event, FieldName, Golden, ImportId, RecordId, RuleId, SourceName,
    Task, TaskId, TaskReason,
};
use door::operations::DiffSettings;
use door::views::{
    ChangedSection, GoldenExample, GoldenShift, JobKind, JobReport, JobView, RetentionShift,
    RuleShift, SettingsDiff, TaskShift,
};
use settings::{Check, Rule, Settings};
use store::{Overlay, View, clear_judgements, fold_from};

impl Desk {
    /// Starts to find out what settings would change, or when its turn comes.
    ///
    /// # Errors
    /// When they are wrong; the refusal when too many jobs wait.
    pub(crate) fn start_diff(&mut self, asked: DiffSettings) -> Decided<JobView> {
        // Said at once, not when its turn comes.
        let edited = self.settings_meant(&asked.of)?;
        let tried = Arc::new(self.tried(&edited)?);
        let steps = Apart::of(move |_| {
            let edited = Arc::clone(&edited);
            let (of, tried) = (Arc::clone(&tried), Arc::clone(&tried));
            Ok(Plan {
                read: Read::Once(Box::new(move |facts, progress| {
                    foretell(facts, &of, asked.examples, progress)
                })),
                finish: Box::new(move |desk, found| {
                    let mut diff = told(&desk.settings, &edited, found);
                    diff.notes.extend(desk.requests_that_lose(&edited)?);
                    diff.notes.extend(desk.streams_that_go(&edited)?);
                    diff.unjudged.clone_from(&tried.unjudged);
                    diff.unjudged_retention = !tried.judges_retention;
                    desk.masks_of_edit(&edited).settings_diff(&mut diff);
                    // Whose hidden value would change tells something of it.
                    for shift in diff.golden.iter_mut().filter(|it| desk.is_closed(&it.field)) {
                        shift.examples.clear();
                    }
                    if let Some(shift) = &mut diff.retention {
                        desk.withheld()?.customers(&mut shift.examples);
                    }
                    Ok(JobReport::DiffSettings(Box::new(diff)))
                }),
            })
        });
        let what = "finding out what the settings would change".to_owned();
        self.begin_job(JobKind::DiffSettings, what, Box::new(steps))
    }
}

impl Desk {
    /// What becomes of the activities of streams that other settings do not have: they stay and count, so that the same
    /// files under another name would count again.
    ///
    /// # Errors
    /// When the store or the ledger is damaged.
    fn streams_that_go(&self, edited: &Settings) -> Result<Vec<String>, DeskError> {
        let has = |settings: &Settings, name: &domain::StreamName| {
            settings.streams.iter().any(|own| own.name == *name)
        };
        let streams = &self.settings.streams;
        let gone: Vec<_> = streams.iter().filter(|own| !has(edited, &own.name)).collect();
        if gone.is_empty() {
            return Ok(Vec::new());
        }
        let mut counts: BTreeMap<domain::StreamName, u64> = BTreeMap::new();
        self.scan_activities(|_, class, _| {
            *counts.entry(class.stream.clone()).or_default() += 1;
            Ok(())
        })?;
        let told = gone.into_iter().map(|stream| {
            let count = counts.get(&stream.name).copied().unwrap_or_default();
            let name = &stream.name;
            let stay = domain::counted(count, "activity", "activities");
            let verb = if count == 1 { "stays and counts" } else { "stay and count" };
            let same = |other: &&settings::Stream| {
                other.source == stream.source
                    && !has(&self.settings, &other.name)
                    && (other.key == stream.key || other.at == stream.at)
            };
            match edited.streams.iter().find(same).filter(|_| count > 0) {
                Some(other) => format!(
                    "the stream {name} is gone: {stay} of it {verb}; what {} imports of the same files counts \
                     again: undo the imports of {name} first, or keep the name",
                    other.name
                ),
                None => format!("the stream {name} is gone: {stay} of it {verb}; nothing more is imported for it"),
            }
        });
        Ok(told.collect())
    }
}

/// What was found out.
#[derive(Default)]
struct Found {
    violations: BTreeMap<(RuleId, SourceName), (u64, u64)>,
    tasks: Shifts,
    customers: u64,
    golden: BTreeMap<FieldName, (u64, Vec<GoldenExample>)>,
    retention: Option<RetentionShift>,
}

/// What becomes of tasks: as they were before all of it, and as they are after.
#[derive(Default)]
pub(crate) struct Shifts(BTreeMap<TaskId, (Option<Task>, Task)>);

impl Shifts {
    /// Takes in a change that follows those before.
    pub(crate) fn take_in(&mut self, changed: TaskChanged) {
        let TaskChanged { task, before, after, .. } = changed;
        self.0
            .entry(task)
            .and_modify(|(_, known)| *known = after.clone())
            .or_insert((before, after));
    }

    fn opening(&self) -> impl Iterator<Item = &Task> {
        let opens =
            self.0.values().filter(|(before, after)| after.state.is_pending() && !waited(before));
        opens.map(|(_, after)| after)
    }

    fn closing(&self) -> impl Iterator<Item = &Task> {
        let closes = self.0.values().filter(|(_, after)| !after.state.is_pending());
        closes.filter_map(|(before, _)| before.as_ref()).filter(|before| before.state.is_pending())
    }

    /// How many open.
    pub(crate) fn opened(&self) -> u64 {
        self.opening().count() as u64
    }

    /// How many close.
    pub(crate) fn closed(&self) -> u64 {
        self.closing().count() as u64
    }

    fn changed(&self) -> u64 {
        let stays = self.0.values().filter(|(before, after)| {
            waited(before)
                && after.state.is_pending()
                && before.as_ref().is_some_and(|it| it.reason != after.reason)
        });
        stays.count() as u64
    }

    fn by_kind(&self) -> Vec<TaskShift> {
        let mut counts: BTreeMap<(&'static str, Option<RuleId>), (u64, u64)> = BTreeMap::new();
        let named = |task: &Task| -> Vec<Option<RuleId>> {
            match &task.reason {
                TaskReason::Breaks { rules } => rules.iter().cloned().map(Some).collect(),
                _ => vec![None],
            }
        };
        for task in self.opening() {
            for rule in named(task) {
                counts.entry((task.kind.name(), rule)).or_default().0 += 1;
            }
        }
        for task in self.closing() {
            for rule in named(task) {
                counts.entry((task.kind.name(), rule)).or_default().1 += 1;
            }
        }
        let counted = counts.into_iter().map(|((kind, rule), (opened, closed))| TaskShift {
            kind: kind.to_owned(),
            rule,
            opened,
            closed,
        });
        counted.collect()
    }
}

fn waited(task: &Option<Task>) -> bool {
    task.as_ref().is_some_and(|task| task.state.is_pending())
}

/// Finds out what would change if settings were adopted, as far as that is judged; so many `examples` a field.
///
/// # Errors
/// When it is cancelled; when the store or the ledger is damaged.
fn foretell(
    facts: Facts<'_>,
    tried: &Tried,
    examples: usize,
    progress: &dyn Progress,
) -> Result<Found, DeskError> {
    let edited = &tried.settings;
    let caches = Caches::default();
    let sequence = facts.view.head()?.map(|(sequence, _)| sequence).unwrap_or_default().next();
    let counters = facts.view.counters()?;
    let previous = counters.settings.map(|place| place.sequence);
    let adopting = Commit {
        sequence,
        at: facts.now,
        actor: Actor::local(""),
        events: vec![adopted(edited, previous, Adopting::default()).into()],
    };
    let mut overlay = Overlay::over(facts.view.trees());
    fold_from(&mut overlay, &adopting, 0, facts.fingerprinter)?;
    clear_judgements(&mut overlay)?;
    let after = Facts { settings: edited, caches: &caches, pending: Some(&adopting), ..facts };
    let mut found = Found::default();
    progress.phase("judging records", Some(counters.records.into()));
    for first in (0..counters.records).step_by(RECORDS_AT_ONCE) {
        stop_if_asked(progress)?;
        let last = counters.records.min(first.saturating_add(RECORDS_AT_ONCE as u32));
        let records = || (first..last).map(RecordId);
        let was = derived::of_records(facts, records())?;
        let is = derived::of_records(Facts { view: View::over(&overlay), ..after }, records())?;
        found.judged((facts.settings, &was), (edited, &is));
        derived::write(&mut overlay, &caches, edited, is)?;
        progress.advance((last - first).into());
    }
    let mut customers: Vec<CustomerId> = Vec::new();
    facts.view.each_customer(&mut |id, _| {
        customers.push(id);
        Ok(true)
    })?;
    progress.phase("finding what asks", Some(customers.len() as u64));
    let mut commit = adopting.clone();
    for chunk in customers.chunks(CUSTOMERS_A_COMMIT) {
        stop_if_asked(progress)?;
        let events = {
            let facts = Facts { view: View::over(&overlay), ..after };
            // Only tasks change, and tasks carry no cause.
            let mut draft = Draft::new(facts, Cause::Import(ImportId(0)))?;
            consequences::plan(&mut draft, facts, chunk)?;
            draft.events()?
        };
        progress.advance(chunk.len() as u64);
        if events.is_empty() {
            continue;
        }
        commit = Commit { sequence: commit.sequence.next(), events, ..commit };
        fold_from(&mut overlay, &commit, 0, facts.fingerprinter)?;
        for event in &commit.events {
            if let Event::TaskChanged(changed) = event {
                found.tasks.take_in(changed.clone());
            }
        }
    }
    progress.phase("comparing golden records", Some(customers.len() as u64));
    let after = Facts { view: View::over(&overlay), ..after };
    let judges_retention = tried.judges_retention && facts.settings.retention != edited.retention;
    found.retention = judges_retention.then(RetentionShift::default);
    for chunk in customers.chunks(CUSTOMERS_A_COMMIT) {
        stop_if_asked(progress)?;
        for customer in chunk {
            found.golden(facts, after, *customer, examples)?;
            found.retained(facts, after, *customer, examples)?;
        }
        progress.advance(chunk.len() as u64);
    }
    Ok(found)
}

fn stop_if_asked(progress: &dyn Progress) -> Result<(), DeskError> {
    if progress.cancelled() { Err(DeskError::Cancelled) } else { Ok(()) }
}

impl Found {
    /// Counts the rules that records break by the one settings and by the other.
    fn judged(
        &mut self,
        (before, was): (&Settings, &[derived::Derived]),
        (after, is): (&Settings, &[derived::Derived]),
    ) {
        type Broken<'s> = BTreeMap<RecordId, (Option<&'s SourceName>, BTreeSet<&'s RuleId>)>;
        let broken = |settings, derived: &[derived::Derived]| -> Broken<'_> {
            derived.iter().filter_map(|it| it.broken(settings)).collect()
        };
        let (was, is) = (broken(before, was), broken(after, is));
        let records: BTreeSet<RecordId> = was.keys().chain(is.keys()).copied().collect();
        let none = (None, BTreeSet::new());
        for record in records {
            let (source, old) = was.get(&record).unwrap_or(&none);
            let (other, new) = is.get(&record).unwrap_or(&none);
            let source = source.or(*other).cloned().unwrap_or_else(|| SourceName::new(""));
            for rule in new.difference(old) {
                self.violations.entry(((*rule).clone(), source.clone())).or_default().0 += 1;
            }
            for rule in old.difference(new) {
                self.violations.entry(((*rule).clone(), source.clone())).or_default().1 += 1;
            }
        }
    }

    /// Compares what retention comes to for a customer, where that is asked.
    fn retained(
        &mut self,
        before: Facts<'_>,
        after: Facts<'_>,
        customer: CustomerId,
        examples: usize,
    ) -> Result<(), DeskError> {
        let Some(shift) = &mut self.retention else { return Ok(()) };
        let [was, is] = [fate_of(before, customer)?, fate_of(after, customer)?];
        let is_due = |fate: &Option<Fate>| matches!(fate, Some(Fate::Erase { .. }));
        let is_kept = |fate: &Option<Fate>| matches!(fate, Some(Fate::Kept { .. } | Fate::Held));
        shift.due_now += u64::from(is_due(&was));
        shift.due += u64::from(is_due(&is));
        shift.kept_now += u64::from(is_kept(&was));
        shift.kept += u64::from(is_kept(&is));
        if is_due(&is) && !is_due(&was) {
            shift.newly_due += 1;
            if shift.examples.len() < examples {
                shift.examples.push(customer);
            }
        }
        Ok(())
    }

    /// Compares the golden values of a customer.
    fn golden(
        &mut self,
        before: Facts<'_>,
        after: Facts<'_>,
        customer: CustomerId,
        examples: usize,
    ) -> Result<(), DeskError> {
        let state = before.view.customer(customer)?.filter(|state| state.is_live());
        let Some(state) = state else { return Ok(()) };
        let members = before.members(&state)?;
        let was = before.golden(&state, &members)?;
        let own = members;
        let again = |member: &RecordFacts| {
            after.layered(member.id, member.body.clone(), member.state.clone())
        };
        let members: Vec<RecordFacts> = own.iter().map(again).collect::<Result<_, _>>()?;
        let of = |record: RecordId, rule: &RuleId| {
            let member = own.iter().find(|member| member.id == record);
            let source = member.map(|member| member.body.address.source.clone());
            (rule.clone(), source.unwrap_or_else(|| SourceName::new("")))
        };
        let is = after.golden(&state, &members)?;
        if counts_whole(before.settings) || counts_whole(after.settings) {
            let old = whole_broken(before, customer, &own, &was)?;
            let new = whole_broken(after, customer, &members, &is)?;
            for (record, rule) in new.difference(&old) {
                self.violations.entry(of(*record, rule)).or_default().0 += 1;
            }
            for (record, rule) in old.difference(&new) {
                self.violations.entry(of(*record, rule)).or_default().1 += 1;
            }
        }
        let fields: BTreeSet<&FieldName> = fields(&was).chain(fields(&is)).collect();
        let mut changes = false;
        for field in fields {
            let (old, new) = (was.text(field.as_str()), is.text(field.as_str()));
            if old == new {
                continue;
            }
            changes = true;
            let (count, some) = self.golden.entry(field.clone()).or_default();
            *count += 1;
            if some.len() < examples {
                let [before, after] = [old, new].map(|text| text.map(Into::into));
                some.push(GoldenExample { customer, before, after });
            }
        }
        self.customers += u64::from(changes);
        Ok(())
    }
}

/// Whether any rule looks at more than one record by itself, as of now.
fn counts_whole(settings: &Settings) -> bool {
    settings.rules.iter().any(is_of_whole)
}

/// What the store holds no judgement of: who else holds a value, and how old one is.
fn is_of_whole(rule: &Rule) -> bool {
    matches!(rule.check, Check::Unique | Check::Fresh { .. })
}

/// The violations of such rules that nobody waived, by the record that breaks them.
fn whole_broken(
    facts: Facts<'_>,
    customer: CustomerId,
    members: &[RecordFacts],
    golden: &Golden,
) -> Result<BTreeSet<(RecordId, RuleId)>, DeskError> {
    let is_whole = |rule: &RuleId| facts.settings.rule(rule.as_str()).is_some_and(is_of_whole);
    let mut broken = BTreeSet::new();
    for laid in facts.golden_violations(customer, members, golden)? {
        if laid.waived.is_none() && is_whole(&laid.violation.rule) {
            broken.insert((laid.record, laid.violation.rule));
        }
    }
    for member in members.iter().filter(|member| member.takes_part()) {
        let own = member.violations.iter().filter(|it| is_whole(&it.rule));
        let own = own.filter(|it| facts.waiver(member, it).is_none());
        broken.extend(own.map(|it| (member.id, it.rule.clone())));
    }
    Ok(broken)
}

fn fields(golden: &Golden) -> impl Iterator<Item = &FieldName> {
    golden.values.iter().map(|value| &value.field)
}

/// What was found out, as people are told it.
fn told(before: &Settings, edited: &Settings, found: Found) -> SettingsDiff {
    let mut sections: Vec<ChangedSection> = Vec::new();
    for change in settings::told(&before.text, &edited.text) {
        match sections.iter_mut().find(|section| section.about == change.section) {
            Some(section) => section.changes.push(change.text),
            None => sections.push(ChangedSection {
                about: change.section.to_owned(),
                changes: vec![change.text],
            }),
        }
    }
    let violations = found.violations.into_iter().map(|((rule, source), (new, gone))| RuleShift {
        rule,
        source,
        new,
        gone,
    });
    let golden = found.golden.into_iter().map(|(field, (customers, examples))| GoldenShift {
        field,
        customers,
        examples,
    });
    SettingsDiff {
        fingerprint: edited.fingerprint.clone(),
        in_force: before.fingerprint.clone(),
        notes: notes(before, edited),
        sections,
        violations: violations.collect(),
        tasks: found.tasks.by_kind(),
        opened: found.tasks.opened(),
        closed: found.tasks.closed(),
        changed: found.tasks.changed(),
        customers: found.customers,
        golden: golden.collect(),
        retention: found.retention,
        unjudged: Vec::new(),
        unjudged_retention: false,
    }
}

/// What does not follow at once.
fn notes(before: &Settings, edited: &Settings) -> Vec<String> {
    let mut notes = Vec::new();
    let changed = settings::changes(&before.text, &edited.text);
    let begins = |of: &[&str]| changed.iter().any(|it| of.iter().any(|of| it.key.starts_with(of)));
    if changed.is_empty() && before.text != edited.text {
        notes.push("only comments, blank space or the order of keys changed".to_owned());
    }
    let adopters = govern::adopters(before);
    if adopters.len() > 1 && changes_access(&settings::told(&before.text, &edited.text)) {
        notes.push(format!(
            "it changes who may do and see what, so it takes two people: one proposes it, another of {} adopts it",
            adopters.join(", ")
        ));
    }
    if begins(&["sources.", "fields.", "codes.", "workspace.region"]) {
        notes.push(
            "records stay as they were read: steward reread --dry-run shows what reading them again would change"
                .to_owned(),
        );
    }
    if begins(&["matching.", "fields."]) {
        notes.push(
            "merges and duplicate tasks follow with the next steward match: --match shows what it would do"
                .to_owned(),
        );
    }
    if begins(&["purposes."]) {
        notes.push(
            "who consents is judged when it is asked: steward consent shows it once this is adopted"
                .to_owned(),
        );
    }
    notes
}
