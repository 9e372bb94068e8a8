//! The present state of things: the store's view joined with the bodies in the ledger.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::caches::Caches;
use super::error::DeskError;
use super::typed::Laid;
use domain::consent::Statement;
use domain::event::{MatchFinished, RecordRevised};
use domain::placeholder;
use domain::{
    Commit, CustomerId, CustomerState, Decision, DecisionId, Event, FieldName, Fingerprint,
    Fingerprinter, Golden, KeyedRecord, Origin, RecordAddress, RecordBody, RecordId, RecordState,
    Sequence, Severity, Value, Values, Violation,
};
use intake::merge::{Member, PinnedValue};
use intake::{merge, review, validate};
use ledger::LedgerReader;
use settings::{Check, Field, Settings, Source};
use store::{Place, View};

/// Everything a decision may look at. Cheap to copy.
#[derive(Clone, Copy)]
pub struct Facts<'a> {
    /// Ids, memberships, states.
    pub view: View<'a>,
    /// Bodies.
    pub ledger: &'a LedgerReader,
    /// The settings in force.
    pub settings: &'a Settings,
    /// Makes fingerprints under the workspace's key.
    pub fingerprinter: &'a Fingerprinter,
    /// What is worth keeping in memory.
    pub caches: &'a Caches,
    /// A commit that is folded into `view` but not in the ledger yet.
    pub pending: Option<&'a Commit>,
    /// Now.
    pub now: Timestamp,
    /// Where whoever asks is: days in sentences are days there.
    pub zone: &'a TimeZone,
}

/// The zone of what nobody asks for.
pub(crate) static NOWHERE: TimeZone = TimeZone::UTC;

/// A record with what people put over it and what is wrong with it.
#[derive(Debug, Clone)]
pub struct RecordFacts {
    /// The record.
    pub id: RecordId,
    /// As delivered.
    pub body: RecordBody,
    /// The layers.
    pub state: RecordState,
    /// The values with corrections applied.
    pub values: Values,
    /// The rules it breaks by itself, as of the day of the facts: also those that time breaks.
    pub violations: Vec<Violation>,
}

impl RecordFacts {
    /// Whether its values count: it is neither quarantined nor closed.
    #[must_use]
    pub fn takes_part(&self) -> bool {
        self.state.takes_part()
    }
}

/// A violation of a customer's golden values.
#[derive(Debug, Clone, PartialEq)]
pub struct GoldenViolation {
    /// The breach.
    pub violation: Violation,
    /// The record it is laid to: whose value survived, else the first member.
    pub record: RecordId,
    /// The fingerprint a waiver must carry.
    pub value: Fingerprint,
    /// The waiver that lets it stand.
    pub waived: Option<DecisionId>,
}

impl GoldenViolation {
    /// An `error` that nobody waived.
    #[must_use]
    pub fn is_error(&self) -> bool {
        self.violation.severity == Severity::Error && self.waived.is_none()
    }
}

impl<'a> Facts<'a> {
    /// The event at a place.
    ///
    /// # Errors
    /// When the ledger is damaged there.
    pub fn event(&self, place: Place) -> Result<Event, DeskError> {
        if let Some(pending) = self.pending
            && pending.sequence == place.sequence
        {
            let event = pending.events.get(usize::from(place.index)).cloned();
            return event.ok_or_else(|| missing(format!("event {}", place.index)));
        }
        Ok(self.ledger.event(place.sequence, u32::from(place.index))?)
    }

    /// When a commit was made.
    ///
    /// # Errors
    /// When the ledger is damaged there.
    pub fn time_of(&self, sequence: Sequence) -> Result<Timestamp, DeskError> {
        match self.pending {
            Some(pending) if pending.sequence == sequence => Ok(pending.at),
            _ => Ok(self.ledger.time_of(sequence)?),
        }
    }

    /// A record as it was delivered last, be that in force or held back.
    ///
    /// # Errors
    /// When the store or the ledger is damaged.
    pub fn delivered(&self, record: RecordId) -> Result<RecordRevised, DeskError> {
        self.revised(record, self.view.latest(record)?.0)
    }

    /// The revision of a record at a place.
    ///
    /// # Errors
    /// When the ledger is damaged there.
    pub(crate) fn revised(
        &self,
        record: RecordId,
        place: Place,
    ) -> Result<RecordRevised, DeskError> {
        match self.event(place)? {
            Event::RecordRevised(revised) if revised.record == record => Ok(revised),
            _ => Err(missing(format!("record number {}", record.0))),
        }
    }

    /// A record as delivered: the revision in force, which is mostly the latest. Whatever asks what a record holds asks
    /// here, and what is held back is seen nowhere else.
    ///
    /// # Errors
    /// When the store or the ledger is damaged.
    pub fn body(&self, record: RecordId) -> Result<RecordBody, DeskError> {
        let place = self.view.record(record)?.body;
        if let Some(body) = self.caches.body(record, place) {
            return Ok(body);
        }
        match self.event(place)? {
            Event::RecordRevised(revised) => Ok(revised.body),
            _ => Err(missing(format!("record number {}", record.0))),
        }
    }

    /// A decision, whole.
    ///
    /// # Errors
    /// When the store or the ledger is damaged, or there is no such decision.
    pub fn decision(&self, id: DecisionId) -> Result<Decision, DeskError> {
        let entry = self.view.decision(id)?.ok_or_else(|| missing(format!("decision {id}")))?;
        match self.event(entry.place)? {
            Event::DecisionMade(made) => Ok(made.decision),
            _ => Err(missing(format!("decision {id}"))),
        }
    }

    /// The last matching run, with its model.
    ///
    /// # Errors
    /// When the store or the ledger is damaged.
    pub fn last_match(&self) -> Result<Option<MatchFinished>, DeskError> {
        let Some(place) = self.view.counters()?.matched else { return Ok(None) };
        match self.event(place)? {
            Event::MatchFinished(finished) => Ok(Some(finished)),
            _ => Err(missing("the last matching run")),
        }
    }

    /// The settings that were in force at a time; none where they are in force now as well.
    ///
    /// # Errors
    /// When store or ledger are damaged, or this version no longer reads those settings.
    pub fn settings_at(&self, at: Timestamp) -> Result<Option<Settings>, DeskError> {
        self.settings_where(|commit| commit.at <= at)
    }

    /// The settings that were in force after a commit; none where they are in force now as well.
    ///
    /// # Errors
    /// As [`Facts::settings_at`].
    pub fn settings_after(&self, sequence: Sequence) -> Result<Option<Settings>, DeskError> {
        self.settings_where(|commit| commit.sequence <= sequence)
    }

    /// The last settings whose commit is wanted, else the first ones.
    fn settings_where(
        &self,
        wanted: impl Fn(&Commit) -> bool,
    ) -> Result<Option<Settings>, DeskError> {
        let mut sequence = self.view.counters()?.settings.map(|place| place.sequence);
        let mut is_past = false;
        while let Some(adopting) = sequence {
            let commit = self.commit(adopting)?;
            let adopted = commit.events.iter().rev().find_map(|event| match event {
                Event::SettingsAdopted(adopted) => Some(adopted),
                _ => None,
            });
            let adopted = adopted.ok_or_else(|| missing("the adopted settings"))?;
            // Before the first ones there was nothing to look at.
            if wanted(&commit) || adopted.previous.is_none() {
                let parsed = is_past.then(|| settings::parse(&adopted.text)).transpose();
                let parsed = parsed.map_err(DeskError::Settings)?;
                return Ok(parsed.map(|then| govern::seen_then(self.settings, then)));
            }
            (sequence, is_past) = (step_back(adopting, adopted.previous)?, true);
        }
        Ok(None)
    }

    /// The facts as a time past saw them: its day, and its settings where they were others.
    #[must_use]
    pub fn seen_at(self, at: Option<Timestamp>, settings: Option<&'a Settings>) -> Facts<'a> {
        let now = at.map_or(self.now, |at| at.min(self.now));
        Facts { now, settings: settings.unwrap_or(self.settings), ..self }
    }

    /// A record with everything about it.
    ///
    /// # Errors
    /// When the store or the ledger is damaged.
    pub fn record(&self, id: RecordId) -> Result<RecordFacts, DeskError> {
        let body = self.body(id)?;
        let state = self.view.record_state(id)?;
        self.layered(id, body, state)
    }

    /// A record body under given layers: the values people see.
    ///
    /// # Errors
    /// When a correction's decision cannot be read.
    pub fn layered(
        &self,
        id: RecordId,
        body: RecordBody,
        state: RecordState,
    ) -> Result<RecordFacts, DeskError> {
        let values = self.corrected(body.values.clone(), &state)?;
        let mut violations = validate::violations(self.settings, &values, &self.validation());
        let stale = validate::stale(self.settings, &values, body.updated, self.now);
        // What a person put there is no statement of the source that could be too old.
        let is_delivered = |broken: &Violation| !state.corrections.contains_key(&broken.field);
        violations.extend(stale.into_iter().filter(is_delivered));
        Ok(RecordFacts { id, body, state, values, violations })
    }

    /// The values people see of a record, without asking what is wrong with them.
    ///
    /// # Errors
    /// When the store or the ledger is damaged.
    pub fn values(&self, id: RecordId) -> Result<Values, DeskError> {
        self.corrected(self.body(id)?.values, &self.view.record_state(id)?)
    }

    /// Whether a record's values count: it was neither erased, quarantined nor closed.
    ///
    /// # Errors
    /// When the store is damaged.
    pub fn takes_part(&self, id: RecordId) -> Result<bool, DeskError> {
        let row = self.view.record(id)?;
        let is_set_aside = row.touched && !self.view.record_state(id)?.takes_part();
        Ok(!row.erased && !is_set_aside)
    }

    /// Values with a record's corrections over them.
    ///
    /// # Errors
    /// When a correction's decision cannot be read.
    pub fn corrected(&self, mut values: Values, state: &RecordState) -> Result<Values, DeskError> {
        for (field, correction) in &state.corrections {
            match self.laid_by(correction.decision, field, &values)? {
                Some(Laid::Value(value)) => values.set(field.clone(), value),
                Some(Laid::Nothing) => drop(values.remove(field.as_str())),
                None => {}
            }
        }
        Ok(values)
    }

    /// The day, of UTC so that it is the same wherever the ledger is read.
    #[must_use]
    pub fn today(&self) -> Date {
        day_of(self.now)
    }

    fn validation(&self) -> validate::Context {
        validate::Context { today: self.today() }
    }

    /// The record of an address, if it was ever imported.
    ///
    /// # Errors
    /// When the store or the ledger is damaged.
    pub fn find(&self, address: &RecordAddress) -> Result<Option<RecordId>, DeskError> {
        let key = address.fingerprint(self.fingerprinter);
        let Some(record) = self.caches.record_of(self.view, key)? else { return Ok(None) };
        Ok((self.body(record)?.address == *address).then_some(record))
    }

    /// The day of a time, where whoever asks is.
    #[must_use]
    pub fn day(&self, at: Timestamp) -> String {
        self.zone.to_datetime(at).date().to_string()
    }

    /// The members of a customer, whole.
    ///
    /// # Errors
    /// When the store or the ledger is damaged.
    pub fn members(&self, customer: &CustomerState) -> Result<Vec<RecordFacts>, DeskError> {
        customer.members.iter().map(|record| self.record(*record)).collect()
    }

    /// A customer's golden values.
    ///
    /// # Errors
    /// When the store or the ledger is damaged.
    pub fn golden(
        &self,
        customer: &CustomerState,
        members: &[RecordFacts],
    ) -> Result<Golden, DeskError> {
        let pins = self.pins(customer)?;
        let consents = self.consents_of_golden(members)?;
        Ok(golden_of(self.settings, members, &pins, &consents))
    }

    /// The values of a customer's pins.
    ///
    /// # Errors
    /// When a pin's decision cannot be read.
    pub fn pins(&self, customer: &CustomerState) -> Result<Vec<PinnedValue>, DeskError> {
        let mut pins = Vec::new();
        for (field, pin) in &customer.pins {
            let Some(value) = self.set_by(pin.decision, field, &Values::new())? else { continue };
            pins.push(PinnedValue {
                field: field.clone(),
                text: value.shown().to_owned(),
                readable: value.is_readable(),
                decision: pin.decision,
                record: pin.record,
            });
        }
        Ok(pins)
    }

    /// What is wrong with a customer's golden values, waived or not.
    ///
    /// # Errors
    /// When the store or the ledger is damaged.
    pub fn golden_violations(
        &self,
        id: CustomerId,
        members: &[RecordFacts],
        golden: &Golden,
    ) -> Result<Vec<GoldenViolation>, DeskError> {
        let values = merge::golden_values(golden);
        let mut shared = Vec::new();
        for (rule, text) in validate::unique_values(self.settings, &values) {
            if self.is_held_elsewhere(id, rule, text)? {
                shared.push(validate::unique_violation(rule));
            }
        }
        let mut violations = self.own_violations(members, golden);
        violations.extend(self.laid(members, golden, shared));
        Ok(violations)
    }

    /// What is wrong with golden values whatever other customers hold: all but `unique` rules. A value
    /// is too old where it is in the record it survived from.
    #[must_use]
    pub fn own_violations(&self, members: &[RecordFacts], golden: &Golden) -> Vec<GoldenViolation> {
        let values = merge::golden_values(golden);
        let mut violations = validate::violations(self.settings, &values, &self.validation());
        for member in members {
            let survived = |broken: &&Violation| {
                let value = golden.get(broken.field.as_str());
                matches!(value.map(|value| &value.origin), Some(Origin::Survived { record, .. }) if *record == member.id)
            };
            let stale = member.violations.iter().filter(|broken| is_of_time(self.settings, broken));
            violations.extend(stale.filter(survived).cloned());
        }
        self.laid(members, golden, violations)
    }

    /// The waiver given for the value the record has now.
    #[must_use]
    pub fn waiver(&self, record: &RecordFacts, violation: &Violation) -> Option<DecisionId> {
        let waiver = record.state.waivers.get(&violation.rule)?;
        (waiver.value == self.waivable(record, violation)).then_some(waiver.decision)
    }

    /// The fingerprint that a waiver of what a record breaks by itself must carry.
    #[must_use]
    pub fn waivable(&self, record: &RecordFacts, violation: &Violation) -> Fingerprint {
        let text = record.values.get(violation.field.as_str()).map_or("", Value::shown);
        self.fingerprinter.of([violation.rule.as_str(), text])
    }

    /// Lays violations of golden values to members, and finds their waivers.
    fn laid(
        &self,
        members: &[RecordFacts],
        golden: &Golden,
        violations: Vec<Violation>,
    ) -> Vec<GoldenViolation> {
        // Of customers whose every record is set aside nothing is asked.
        let Some(first) = members.iter().find(|it| it.takes_part()).map(|member| member.id) else {
            return Vec::new();
        };
        let laid = violations.into_iter().map(|violation| {
            let text = golden.text(violation.field.as_str()).unwrap_or_default();
            let value = self.fingerprinter.of([violation.rule.as_str(), text]);
            let origin = golden.get(violation.field.as_str());
            let record = origin.and_then(|origin| origin.origin.record()).unwrap_or(first);
            let waived = members.iter().find_map(|member| {
                let waiver = member.state.waivers.get(&violation.rule)?;
                (waiver.value == value).then_some(waiver.decision)
            });
            let violation = with_own_suggestion(violation, members, record);
            GoldenViolation { violation, record, value, waived }
        });
        laid.collect()
    }

    /// Whether another customer's golden record holds the value.
    fn is_held_elsewhere(
        &self,
        id: CustomerId,
        rule: &settings::Rule,
        text: &str,
    ) -> Result<bool, DeskError> {
        let value = self.fingerprinter.of([text]);
        for record in self.holders(&rule.id, value)? {
            let other = self.view.customer_of(record)?;
            if other == id {
                continue;
            }
            let state = self.view.customer(other)?.ok_or_else(|| missing(format!("{other}")))?;
            let golden = self.golden(&state, &self.members(&state)?)?;
            if golden.text(rule.field.as_str()) == Some(text) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// The records of this view that may hold a value under a `unique` rule. What is remembered in
    /// memory may be ahead of the view: rows of a chunk that is being planned.
    ///
    /// # Errors
    /// When the store is damaged.
    pub fn holders(
        &self,
        rule: &domain::RuleId,
        value: Fingerprint,
    ) -> Result<Vec<RecordId>, DeskError> {
        let known = self.view.counters()?.records;
        let mut holders = self.caches.holders(self.view.trees(), rule, value)?;
        holders.retain(|record| record.0 < known);
        Ok(holders)
    }

    /// The standing decisions that put two customers apart, by id.
    ///
    /// # Errors
    /// When the store is damaged.
    pub fn apart(
        &self,
        left: &CustomerState,
        right: &CustomerState,
    ) -> Result<Vec<DecisionId>, DeskError> {
        let mut found = Vec::new();
        if self.view.counters()?.decisions == 0 {
            return Ok(found);
        }
        for record in &left.members {
            for (id, entry) in self.view.decisions_of(*record)? {
                if entry.stands()
                    && review::apart::constrains(entry.verdict)
                    && review::apart::apart(&entry.groups, &left.members, &right.members)
                    && !found.contains(&id)
                {
                    found.push(id);
                }
            }
        }
        found.sort_unstable();
        Ok(found)
    }

    /// The decision-key part of a record as it stands.
    #[must_use]
    pub fn keyed(&self, record: &RecordFacts, compared: &[FieldName]) -> KeyedRecord {
        review::keys::keyed_record(record.id, &record.values, compared, self.fingerprinter)
    }
}

/// The day of a time, of UTC.
pub(super) fn day_of(at: Timestamp) -> Date {
    at.to_zoned(TimeZone::UTC).date()
}

/// The golden values of members under pins. A quarantined member takes no part.
fn golden_of(
    settings: &Settings,
    members: &[RecordFacts],
    pins: &[PinnedValue],
    consents: &[Statement],
) -> Golden {
    let members: Vec<&RecordFacts> = members.iter().filter(|it| it.takes_part()).collect();
    let mut invalid: Vec<Vec<FieldName>> =
        members.iter().map(|it| invalid_fields(settings, it)).collect();
    // Of one record there is nothing to choose.
    if members.len() > 1 {
        for (fields, member) in invalid.iter_mut().zip(&members) {
            fields.extend(placeholders(settings, member));
        }
    }
    let of = |record| {
        let own = consents.iter().filter(move |statement| statement.record == record);
        own.cloned().collect::<Vec<_>>()
    };
    let consents: Vec<Vec<Statement>> = members.iter().map(|member| of(member.id)).collect();
    let sources: Vec<Source> =
        members.iter().map(|member| source_of(settings, &member.body)).collect();
    let members: Vec<Member<'_>> = members
        .into_iter()
        .zip(&invalid)
        .zip(&sources)
        .zip(&consents)
        .map(|(((member, invalid), source), consents)| Member {
            record: member.id,
            source,
            values: &member.values,
            updated: member.body.updated,
            invalid,
            consents,
        })
        .collect();
    merge::golden(settings, &members, pins)
}

/// The fields whose value is wrong. One that is only old is not: a golden record that changed with
/// nothing but time could not be told from one that somebody changed.
fn invalid_fields(settings: &Settings, record: &RecordFacts) -> Vec<FieldName> {
    let errors = record.violations.iter().filter(|v| v.severity == Severity::Error);
    let errors = errors.filter(|violation| !is_of_time(settings, violation));
    errors.map(|violation| violation.field.clone()).collect()
}

/// The fields that hold a placeholder: what somebody typed to get past a form gives way to any value.
fn placeholders<'a>(
    settings: &'a Settings,
    record: &'a RecordFacts,
) -> impl Iterator<Item = FieldName> + 'a {
    let is_placeholder = |field: &&Field| {
        let value = record.values.get(field.name.as_str());
        value.is_some_and(|value| placeholder::is_well_known(value.shown(), field.field_type))
    };
    settings.fields.iter().filter(is_placeholder).map(|field| field.name.clone())
}

/// The violation with what its record's own value suggests, where it suggests nothing: a golden value is a
/// standard form, and what was meant may be told from what was delivered alone.
fn with_own_suggestion(
    violation: Violation,
    members: &[RecordFacts],
    record: RecordId,
) -> Violation {
    if violation.suggestion.is_some() {
        return violation;
    }
    let own = members.iter().filter(|member| member.id == record).flat_map(|it| &it.violations);
    let mut same = own.filter(|own| own.rule == violation.rule && own.field == violation.field);
    match same.find(|own| own.suggestion.is_some()) {
        Some(own) => Violation {
            suggestion: own.suggestion.clone(),
            alternatives: own.alternatives.clone(),
            ..violation
        },
        None => violation,
    }
}

/// Whether nothing but time breaks the rule.
fn is_of_time(settings: &Settings, violation: &Violation) -> bool {
    let rule = settings.rule(violation.rule.as_str());
    rule.is_some_and(|rule| matches!(rule.check, Check::Fresh { .. }))
}

/// A record's source; one that the settings no longer name is not trusted at all.
#[must_use]
pub fn source_of(settings: &Settings, body: &RecordBody) -> Source {
    let known = settings.source(body.address.source.as_str()).cloned();
    known.unwrap_or_else(|| Source::named(body.address.source.clone()))
}

pub(super) fn missing(what: impl Into<String>) -> DeskError {
    DeskError::Incomplete { what: what.into() }
}

/// The commit before `sequence` that something there names. One that is no earlier is damage: whoever
/// walks back would never come to an end.
///
/// # Errors
/// That damage.
pub(super) fn step_back(
    sequence: Sequence,
    previous: Option<Sequence>,
) -> Result<Option<Sequence>, DeskError> {
    match previous.filter(|previous| *previous >= sequence) {
        Some(named) => {
            Err(missing(format!("what came before commit {sequence}, which names commit {named}")))
        }
        None => Ok(previous),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_walks_back_comes_to_an_end_or_to_damage_that_is_named() {
        let step = |previous: u64| step_back(Sequence(7), Some(Sequence(previous)));
        assert_eq!(step(6).unwrap(), Some(Sequence(6)));
        assert_eq!(step_back(Sequence(7), None).unwrap(), None);
        for named in [7, 9] {
            let said = step(named).unwrap_err().to_string();
            let expected = format!("before commit 7, which names commit {named};");
            assert!(said.contains(&expected), "{said}");
        }
    }
}
