//! From source records to one customer: golden values with their lineage, and who belongs to whom.
//!
//! Lives here: [`golden`], the strategies of survivorship, merging and unmerging memberships; all
//! pure functions. Does not live here: which records match (`matching`), which decisions are
//! allowed (`desk`), judging values (`validate`; the caller says which are invalid).
//!
//! Promises, whatever the strategies say: empty never survives; a value with an error, or one that
//! cannot be read, never beats a sound one; the order of members does not matter; fields that survive
//! together come from one record, and from one with the group's core ([`GroupCore`]) where there is
//! any: a record that knows only the country never wipes out an address.
//!
//! Start with [`golden`]; a new strategy is one file and one row in `survivorship`.

mod kept;
pub mod membership;
mod survivorship;
mod trust;

use std::borrow::Cow;

use jiff::Timestamp;

use domain::consent::Statement;
use domain::{
    DecisionId, FieldName, FieldType, Golden, GoldenValue, Origin, RecordId, Value, Values,
};
use settings::{CoreFill, Field, FieldGroup, GroupCore, Settings, Source, Step, Strategy};

pub use membership::{merge, unmerge};
use survivorship::{Candidate, Choice, SEPARATOR, Soundness};
pub use survivorship::{FROM_PARTS, FULLEST, LOWEST_RECORD, NOT_EXPIRED, ONLY_VALUE};

/// One source record of a customer.
#[derive(Debug, Clone, Copy)]
pub struct Member<'a> {
    /// The record.
    pub record: RecordId,
    /// Where it came from.
    pub source: &'a Source,
    /// Its values, corrections applied.
    pub values: &'a Values,
    /// When its source last changed it, where it says so.
    pub updated: Option<Timestamp>,
    /// The fields whose value breaks a rule of severity `error`.
    pub invalid: &'a [FieldName],
    /// What it says of consent; asked for by the strategy `consent` alone.
    pub consents: &'a [Statement],
}

impl<'a> Member<'a> {
    /// The value of a field, if it says anything.
    fn value(&self, field: &FieldName) -> Option<&'a Value> {
        self.values.get(field.as_str()).filter(|value| !value.shown().trim().is_empty())
    }

    /// Whether a value of this member could be read and breaks no rule.
    fn is_sound(&self, field: &FieldName, value: &Value) -> bool {
        value.is_readable() && !self.invalid.contains(field)
    }
}

/// A golden value set by a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PinnedValue {
    /// The field.
    pub field: FieldName,
    /// The value, harmonised where it could be read.
    pub text: String,
    /// Whether it could be read.
    pub readable: bool,
    /// The decision.
    pub decision: DecisionId,
    /// The member it was taken from, unless typed.
    pub record: Option<RecordId>,
}

/// The golden values of a customer, in the order of the settings' fields.
///
/// A pin stands before everything, but in its own field only. The fields of a group come from one
/// record, also where that one has no value and another has; but a record goes before those that fill
/// less of the group's core, and before those that say a part of what it says. Of several pins of one
/// field the latest decision counts.
#[must_use]
pub fn golden(settings: &Settings, members: &[Member<'_>], pins: &[PinnedValue]) -> Golden {
    let mut members: Vec<&Member<'_>> = members.iter().collect();
    members.sort_unstable_by_key(|member| member.record);
    let filled: Vec<usize> = members.iter().map(|member| filled(settings, member)).collect();
    let groups: Vec<(&FieldGroup, Option<Choice>)> = settings
        .survivorship
        .groups
        .iter()
        .map(|group| {
            let candidates = group_candidates(settings, group, &members);
            (group, survivorship::choose(candidates, &group.strategy))
        })
        .collect();
    let values = settings.fields.iter().filter_map(|field| {
        if let Some(pin) = pin_of(&field.name, pins) {
            return Some(pinned(pin));
        }
        let group = groups.iter().find(|(group, _)| group.fields.contains(&field.name));
        let consent = consent_of(settings, &field.name).filter(|_| group.is_none());
        let choice = match (group, consent) {
            (Some((_, choice)), _) => choice.clone()?,
            // When somebody consented, until when and by what comes from the record that says so.
            (None, Some(consent)) => match pin_of(&consent.name, pins) {
                Some(pin) => pin
                    .record
                    .map(|record| Choice { record, strategy: Cow::Borrowed("consent") })?,
                None => {
                    let candidates =
                        candidates(&consent.name, consent.field_type, &members, &filled);
                    survivorship::choose(candidates, strategies_of(settings, &consent.name))?
                }
            },
            (None, None) => {
                let candidates = candidates(&field.name, field.field_type, &members, &filled);
                survivorship::choose(candidates, strategies_of(settings, &field.name))?
            }
        };
        let member = members.iter().find(|member| member.record == choice.record)?;
        let Some(value) = member.value(&field.name) else {
            return composed(settings, field, member);
        };
        if consent.is_some_and(|consent| is_of_another(member, consent, &field.name, value)) {
            return None;
        }
        Some(GoldenValue {
            field: field.name.clone(),
            text: value.shown().to_owned(),
            readable: value.is_readable(),
            origin: Origin::Survived {
                record: choice.record,
                strategy: choice.strategy.into_owned(),
            },
        })
    });
    let values: Vec<GoldenValue> = values.collect();
    let kept = kept::kept(settings, (&members, &filled), &values);
    Golden { values, kept }
}

/// The full name of a record that delivers only its parts, which won over one with another name.
fn composed(settings: &Settings, field: &Field, member: &Member<'_>) -> Option<GoldenValue> {
    use FieldType::{FamilyName, FullName, GivenName, NameSuffix};
    let group = settings.survivorship.groups.iter().find(|it| it.fields.contains(&field.name))?;
    if field.field_type != FullName {
        return None;
    }
    let mut parts = Vec::new();
    for part in [GivenName, FamilyName, NameSuffix] {
        let mut fields = settings.fields_of(part).filter(|it| group.fields.contains(&it.name));
        let found = fields.find_map(|it| Some((it, member.value(&it.name)?)));
        let Some((part, value)) = found else { continue };
        // What is hidden in its own field is not told in another one.
        if part.sensitive && !field.sensitive || !value.is_readable() {
            return None;
        }
        parts.push(value.shown());
    }
    (!parts.is_empty()).then(|| GoldenValue {
        field: field.name.clone(),
        text: parts.join(" "),
        readable: true,
        origin: Origin::Survived { record: member.record, strategy: FROM_PARTS.to_owned() },
    })
}

/// Golden values in the form rules are judged on.
#[must_use]
pub fn golden_values(golden: &Golden) -> Values {
    let value = |golden: &GoldenValue| match golden.readable {
        true => Value::as_delivered(&golden.text),
        false => Value::unreadable(&golden.text),
    };
    golden.values.iter().map(|golden| (golden.field.clone(), value(golden))).collect()
}

/// The field of type consent that a field dates, ends or proves, where that survives by `consent` and nothing is
/// said of the field's own survival.
fn consent_of<'a>(settings: &'a Settings, field: &FieldName) -> Option<&'a Field> {
    if settings.survivorship.fields.contains_key(field) {
        return None;
    }
    settings.fields_of(FieldType::Consent).find(|consent| {
        strategies_of(settings, &consent.name).iter().any(|it| it.strategy == Strategy::Consent)
            && consent.about.consent.named().any(|named| named == field)
    })
}

/// Whether a value dates, ends or proves not what the record says now, but what it said before a person corrected
/// that.
fn is_of_another(member: &Member<'_>, consent: &Field, field: &FieldName, value: &Value) -> bool {
    let said = member.consents.iter().find(|statement| statement.field == consent.name);
    let Some(said) = said else { return false };
    let named = &consent.about.consent;
    let day = || value.shown().get(..10)?.parse::<jiff::civil::Date>().ok();
    (named.at.as_ref() == Some(field) && said.at.is_some() && said.at != day())
        || (named.until.as_ref() == Some(field) && day().is_some() && said.until != day())
        || (named.evidence.as_ref() == Some(field)
            && said.evidence.as_deref() != Some(value.shown()))
}

fn strategies_of<'a>(settings: &'a Settings, field: &FieldName) -> &'a [Step] {
    let survivorship = &settings.survivorship;
    survivorship.fields.get(field).unwrap_or(&survivorship.default)
}

/// How many declared fields of the member have a sound value. Unsound ones do not count: rubbish
/// must not make a record win.
fn filled(settings: &Settings, member: &Member<'_>) -> usize {
    let sound = settings.fields.iter().filter(|field| {
        member.value(&field.name).is_some_and(|value| member.is_sound(&field.name, value))
    });
    sound.count()
}

fn candidates<'a>(
    field: &FieldName,
    field_type: FieldType,
    members: &[&Member<'a>],
    filled: &[usize],
) -> Vec<Candidate<'a>> {
    let newest = trust::newest(members);
    let candidate = |(member, filled): (&&Member<'a>, &usize)| {
        let value = member.value(field)?;
        let sound = member.is_sound(field, value);
        Some(Candidate {
            record: member.record,
            text: Cow::Borrowed(value.shown()),
            field_type: Some(field_type),
            core: CoreFill::Whole,
            soundness: if sound { Soundness::Sound } else { Soundness::Unsound },
            trust: trust::of(member, field, newest),
            expired: trust::is_expired(member, newest),
            values: member.values,
            source: member.source.name.as_str(),
            updated: member.updated,
            filled: *filled,
            consent: member.consents.iter().find(|statement| statement.field == *field),
            holders: 0,
        })
    };
    members.iter().zip(filled).filter_map(candidate).collect()
}

/// One candidate for each member that has any field of the group; trust adds up over all of the
/// group's fields, and only fields of the group count as filled.
fn group_candidates<'a>(
    settings: &Settings,
    group: &FieldGroup,
    members: &[&Member<'a>],
) -> Vec<Candidate<'a>> {
    let core = GroupCore::of(group, settings);
    let newest = trust::newest(members);
    let candidate = |member: &&Member<'a>| {
        let mut sound = 0;
        let mut unsound = 0;
        let mut texts: Vec<&str> = Vec::with_capacity(group.fields.len());
        for field in &group.fields {
            let value = member.value(field);
            texts.push(value.map_or("", Value::shown));
            if let Some(value) = value {
                let counter = if member.is_sound(field, value) { &mut sound } else { &mut unsound };
                *counter += 1;
            }
        }
        let soundness = match (sound, unsound) {
            (0, 0) => return None,
            (0, _) => Soundness::Unsound,
            (_, 0) => Soundness::Sound,
            _ => Soundness::Mixed,
        };
        let trust = |field: &FieldName| trust::of(member, field, newest);
        Some(Candidate {
            record: member.record,
            text: Cow::Owned(texts.join(&SEPARATOR.to_string())),
            field_type: None,
            core: core.filled(|field| {
                member.value(field).is_some_and(|value| member.is_sound(field, value))
            }),
            soundness,
            trust: group.fields.iter().map(trust).sum(),
            expired: trust::is_expired(member, newest),
            values: member.values,
            source: member.source.name.as_str(),
            updated: member.updated,
            filled: sound,
            consent: None,
            holders: 0,
        })
    };
    members.iter().filter_map(candidate).collect()
}

fn pin_of<'a>(field: &FieldName, pins: &'a [PinnedValue]) -> Option<&'a PinnedValue> {
    pins.iter()
        .filter(|pin| pin.field == *field && !pin.text.is_empty())
        .max_by_key(|pin| pin.decision)
}

fn pinned(pin: &PinnedValue) -> GoldenValue {
    GoldenValue {
        field: pin.field.clone(),
        text: pin.text.clone(),
        readable: pin.readable,
        origin: Origin::Pinned { decision: pin.decision, record: pin.record },
    }
}

#[cfg(test)]
mod kept_tests;
#[cfg(test)]
mod tests;
