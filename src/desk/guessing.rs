//! Guessing: what a rule says of a value that somebody types tells what it is compared with. By dry runs,
//! which leave no trace, or by refusals, a masked value could be found by halving.
//!
//! One principle for whatever judges without writing: a rule that compares a masked field which whoever asks
//! did not type, or looks a masked value up among all customers, is judged only if the ledger says that
//! they looked. A dry run that is not recorded names such rules and says nothing of them; a decision that
//! any rule refuses after they were judged is recorded as a look before it is answered.

use std::collections::BTreeSet;

use super::core::Desk;
use super::error::{Decided, DeskError};
use super::masking::Masks;
use super::unmasking::Seen;
use domain::{FieldName, ImportReport, RuleId, Severity, StreamName, Subject};
use door::{Action, Pick, Refusal, Request};
use settings::{Check, Rule, Settings};

/// A rule that tells of masked values how it judges a request.
struct Telling {
    rule: RuleId,
    /// Masked fields that it compares with what somebody typed.
    compares: BTreeSet<FieldName>,
    /// A masked field whose typed value it looks up among all customers.
    looks_up: Option<FieldName>,
}

impl Telling {
    fn fields(&self) -> impl Iterator<Item = &FieldName> {
        self.compares.iter().chain(&self.looks_up)
    }
}

/// What an import of a stream may not tell a role: whether the values of these are those that are held.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct ClosedOfStream {
    /// Properties and handles, `key` where keys are closed.
    pub(super) names: Vec<FieldName>,
    /// Whether keys are.
    pub(super) keys: bool,
}

impl ClosedOfStream {
    /// As whoever acts sees the settings: what they never see in clear.
    pub(super) fn of(settings: &Settings, stream: &StreamName) -> ClosedOfStream {
        let Some(acting) = settings.acting.as_ref() else { return ClosedOfStream::default() };
        let Some(stream) = settings.streams.iter().find(|own| own.name == *stream) else {
            return ClosedOfStream::default();
        };
        let is_closed = |field: &FieldName| acting.closed.contains(field);
        let sees = acting.sees_properties;
        let properties = stream.properties.iter().filter(|it| it.is_masked(sees, is_closed));
        let mut names: Vec<FieldName> = properties.map(|it| it.name.clone()).collect();
        let handles = stream.handles.iter().map(|(field, _)| field);
        names.extend(handles.filter(|field| is_closed(field)).cloned());
        let keys = stream.key_is_sensitive && !sees || stream.key_of.iter().any(is_closed);
        names.extend(keys.then(|| FieldName::new("key")));
        ClosedOfStream { names, keys }
    }

    /// Counts without what they would tell: a row that is known is counted as unchanged whatever it says; where keys
    /// are closed, every row as new.
    pub(super) fn cover(&self, report: &mut ImportReport) {
        if self.names.is_empty() {
            return;
        }
        report.unchanged += std::mem::take(&mut report.changed);
        if self.keys {
            report.new += std::mem::take(&mut report.unchanged);
        }
    }
}

/// What whoever asks may choose freely, again and again.
enum Steered {
    /// Values of these fields.
    Typed(BTreeSet<FieldName>),
    /// Whose values stand together, with the values that they typed.
    Together(BTreeSet<FieldName>),
}

impl Desk {
    /// The rules that a dry run of a request leaves unjudged: none where it may be recorded that somebody
    /// looks, which it is.
    ///
    /// # Errors
    /// When the ledger cannot be written: then nothing is told.
    pub(super) fn unjudged(&mut self, request: &Request, unmask: bool) -> Decided<Vec<RuleId>> {
        let telling = self.telling(request)?;
        if telling.is_empty() {
            return Ok(Vec::new());
        }
        let kept = self.sessions.kept(self.acting.id, self.now());
        let wanted = telling.iter().flat_map(|it| it.compares.iter().chain(&it.looks_up));
        let is_closed = telling.iter().flat_map(Telling::fields).any(|field| self.is_closed(field));
        if !is_closed && (unmask || wanted.into_iter().all(|field| kept.contains(field))) {
            self.record_telling(request, &telling)?;
            return Ok(Vec::new());
        }
        Ok(telling.into_iter().map(|it| it.rule).collect())
    }

    /// Refuses what a rule would judge by values that whoever asks never sees unmasked: what they type, or whom
    /// they put together, would find such a value by halving.
    ///
    /// # Errors
    /// The refusal.
    pub(super) fn must_not_ask_closed(&mut self, request: &Request) -> Decided<()> {
        let telling = self.telling(request)?;
        let field = telling.iter().flat_map(Telling::fields).find(|field| self.is_closed(field));
        field.cloned().map_or(Ok(()), |field| self.must_not_be_closed(&field))
    }

    /// Records that somebody learns of masked values by what is refused.
    ///
    /// # Errors
    /// When the ledger cannot be written: then the refusal is not told.
    pub(super) fn record_refusal(&mut self, request: &Request, refusal: &Refusal) -> Decided<()> {
        // A rule that holds tells as much, where another one refuses.
        if matches!(refusal, Refusal::Breaks { .. }) {
            let telling = self.telling(request)?;
            self.record_telling(request, &telling)?;
        }
        Ok(())
    }

    fn record_telling(&mut self, request: &Request, telling: &[Telling]) -> Decided<()> {
        if telling.iter().any(|it| !it.compares.is_empty()) {
            let who = self.acting.clone();
            let _ = self.record_seen(&who, Seen::Of(subjects(&request.action)))?;
        }
        for field in telling.iter().filter_map(|it| it.looks_up.as_ref()) {
            self.record_guess(field, true)?;
        }
        Ok(())
    }

    /// The rules that would tell somebody what they have not seen.
    fn telling(&mut self, request: &Request) -> Decided<Vec<Telling>> {
        let Some(steered) = steered(request) else { return Ok(Vec::new()) };
        let masks = self.masks();
        let mut telling = telling(&self.settings, &masks, &steered);
        if telling.is_empty() {
            return Ok(telling);
        }
        let has_seen = self.has_seen(&subjects(&request.action))?;
        for it in &mut telling {
            if has_seen {
                it.compares.clear();
            }
            let looked = it.looks_up.take().filter(|field| self.is_guess(field));
            it.looks_up = looked;
        }
        telling.retain(|it| !it.compares.is_empty() || it.looks_up.is_some());
        Ok(telling)
    }
}

/// The rules, in the order of the settings.
fn telling(settings: &Settings, masks: &Masks, steered: &Steered) -> Vec<Telling> {
    let (Steered::Typed(typed) | Steered::Together(typed)) = steered;
    let errors = settings.rules.iter().filter(|rule| rule.severity == Severity::Error);
    let touched = errors.filter(|rule| match steered {
        Steered::Together(_) => true,
        // What survives together comes from another record as soon as one of its values does.
        Steered::Typed(typed) => {
            let reads = rule.reads();
            let groups = settings.survivorship.groups.iter();
            let mut moved = groups
                .filter(|group| group.fields.iter().any(|field| typed.contains(field)))
                .flat_map(|group| &group.fields)
                .chain(typed);
            moved.any(|field| reads.contains(field))
        }
    });
    let telling = touched.map(|rule| {
        let is_looked_up = is_looked_up(rule, masks) && typed.contains(&rule.field);
        let compares = compared(rule, masks).into_iter().filter(|field| !typed.contains(field));
        Telling {
            rule: rule.id.clone(),
            compares: compares.collect(),
            looks_up: is_looked_up.then(|| rule.field.clone()),
        }
    });
    telling.filter(|it| !it.compares.is_empty() || it.looks_up.is_some()).collect()
}

/// The masked fields that a rule compares with others. What is wrong with one value alone is wrong before it is
/// put beside others, and so is that it is held twice: a merge leaves fewer who hold it.
fn compared(rule: &Rule, masks: &Masks) -> BTreeSet<FieldName> {
    let reads: BTreeSet<FieldName> = rule.reads().into_iter().collect();
    let is_of_others = |field: &FieldName| *field != rule.field || !is_unique(rule);
    let hidden = reads.iter().filter(|field| masks.hides(field) && is_of_others(field)).cloned();
    if reads.len() < 2 { BTreeSet::new() } else { hidden.collect() }
}

/// Whether a rule looks a masked value up among all customers.
fn is_looked_up(rule: &Rule, masks: &Masks) -> bool {
    is_unique(rule) && masks.hides(&rule.field)
}

fn is_unique(rule: &Rule) -> bool {
    matches!(rule.check, Check::Unique)
}

/// What may be chosen freely: what is typed, and which customers are merged where no task asks about them.
/// A task's own customers and offered values are what its question is about.
fn steered(request: &Request) -> Option<Steered> {
    let picked = |picks: &std::collections::BTreeMap<FieldName, Pick>| {
        let typed = picks.iter().filter(|(_, pick)| matches!(pick, Pick::Typed(_)));
        typed.map(|(field, _)| field.clone()).collect::<BTreeSet<_>>()
    };
    let typed: BTreeSet<FieldName> = match &request.action {
        Action::Correct { values, .. } => {
            let typed = values.iter().filter(|(_, text)| !text.is_empty());
            typed.map(|(field, _)| field.clone()).collect()
        }
        Action::Pin { picks, .. } => picked(picks),
        Action::Merge { picks, .. } if request.task.is_none() => {
            return Some(Steered::Together(picked(picks)));
        }
        Action::Merge { picks, .. } => picked(picks),
        _ => BTreeSet::new(),
    };
    (!typed.is_empty()).then_some(Steered::Typed(typed))
}

/// Whose values are compared.
fn subjects(action: &Action) -> Vec<Subject> {
    match action {
        Action::Correct { record, .. } => vec![Subject::Record(record.clone())],
        Action::Pin { customer, .. } => vec![Subject::Customer(*customer)],
        Action::Merge { groups, .. } => {
            groups.iter().flatten().map(|id| Subject::Customer(*id)).collect()
        }
        _ => Vec::new(),
    }
}

/// The same settings, under which the rules that compare a masked field or look it up hold for everybody; and
/// those rules.
pub(super) fn without_masked_rules(settings: &Settings, masks: &Masks) -> (Settings, Vec<RuleId>) {
    let mut settings = settings.clone();
    let mut unjudged = Vec::new();
    for rule in &mut settings.rules {
        if is_looked_up(rule, masks) || !compared(rule, masks).is_empty() {
            if rule.severity == Severity::Error {
                unjudged.push(rule.id.clone());
            }
            // A place in the list is what the store knows a rule by: it stays, and nothing breaks it.
            *rule = never_breaks(rule);
        }
    }
    (settings, unjudged)
}

/// A rule in a rule's place that nobody breaks.
pub(super) fn never_breaks(rule: &Rule) -> Rule {
    Rule { check: Check::NotDefault(vec![NOBODY_HOLDS.to_owned()]), ..rule.clone() }
}

/// No text that is read as a value holds this character.
const NOBODY_HOLDS: &str = "\u{0}";

impl Desk {
    /// Whether a session may be told who holds values of these fields: it has them in clear, which is
    /// recorded once.
    ///
    /// # Errors
    /// When the ledger cannot be written: then nothing is told.
    pub(super) fn looks_at(&mut self, fields: &BTreeSet<FieldName>) -> Result<bool, DeskError> {
        let (id, now) = (self.acting.id, self.now());
        let guessed = self.sessions.guessed(id);
        let new: Vec<FieldName> =
            fields.iter().filter(|field| !guessed.contains(*field)).cloned().collect();
        let kept = self.sessions.kept(id, now);
        if !new.iter().all(|field| kept.contains(field)) {
            return Ok(false);
        }
        for field in new {
            self.record_unmasked_values(field.clone())?;
            self.sessions.guessed(id).insert(field);
        }
        Ok(true)
    }

    /// Whether this session has seen all of these in clear, as they are now.
    fn has_seen(&mut self, subjects: &[Subject]) -> Result<bool, DeskError> {
        let things = self.as_they_are(subjects)?;
        let seen = self.sessions.seen(self.acting.id);
        Ok(things.iter().all(|(thing, version)| seen.get(thing) == Some(version)))
    }
}
