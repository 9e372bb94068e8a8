//! What records say of consent, and since when: read from their revisions whenever it is asked, so that a
//! rebuilt store, a merge and its undo give the same.

use std::collections::BTreeSet;

use jiff::civil::Date;

use super::error::DeskError;
use super::facts::{Facts, RecordFacts, day_of};
use super::in_force;
use domain::consent::{Said, Since, Statement};
use domain::{FieldName, FieldType, Value, Values};
use settings::{Field, Strategy};

/// What a record was delivered with, once.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Delivered {
    day: Date,
    value: Option<String>,
}

impl Facts<'_> {
    /// What a record says by these fields of type consent. One that is set aside says nothing, and so does a
    /// value that cannot be read.
    ///
    /// # Errors
    /// When the store or the ledger is damaged.
    pub(crate) fn statements(
        &self,
        member: &RecordFacts,
        fields: &[&Field],
    ) -> Result<Vec<Statement>, DeskError> {
        let says = |field: &&&Field| said(&member.values, &field.name).is_some();
        let fields: Vec<&&Field> = fields.iter().filter(says).collect();
        if fields.is_empty() || !member.takes_part() {
            return Ok(Vec::new());
        }
        let links = self.record_chain(member.id)?;
        let past = links.iter().filter(|link| link.at <= self.now);
        let revisions = in_force::revisions(past, &member.state);
        let mut statements = Vec::with_capacity(fields.len());
        for field in fields {
            let Some(now) = said(&member.values, &field.name) else { continue };
            let mut deliveries: Vec<Delivered> = Vec::new();
            for (at, revised) in &revisions {
                let value = said(&revised.body.values, &field.name).map(ToOwned::to_owned);
                match deliveries.last_mut() {
                    // Read in another way, it is what was delivered before.
                    Some(last) if revised.reread.is_some() => last.value = value,
                    _ => deliveries.push(Delivered { day: day_of(*at), value }),
                }
            }
            let last = deliveries.last().map_or_else(|| self.today(), |last| last.day);
            let since = since(&deliveries, now).unwrap_or(Since {
                first: last,
                other: None,
                granted_before: false,
            });
            let Some(said) = Said::of(now, since.granted_before) else { continue };
            let about = &field.about.consent;
            // Nobody has said by now what is dated later.
            let known = last.tomorrow().unwrap_or(last);
            let dated = day_in(&member.values, about.at.as_ref()).filter(|day| *day <= known);
            let by_hand = match member.state.corrections.get(&field.name) {
                Some(correction) => self.view.decision(correction.decision)?,
                None => None,
            };
            let by_hand = match by_hand {
                Some(entry) => Some(day_of(self.time_of(entry.place.sequence)?)),
                None => None,
            };
            // What ended or proved the other statement says nothing of the one that a person made of it.
            let is_new = by_hand.is_some();
            let is_its_own =
                |field: &&FieldName| !is_new || member.state.corrections.contains_key(*field);
            let at = match by_hand {
                // As late as it can be, or as early.
                Some(day) if said.forbids() => Some(dated.map_or(day, |dated| dated.max(day))),
                Some(day) => dated.or(Some(day)),
                None => dated,
            };
            statements.push(Statement {
                record: member.id,
                field: field.name.clone(),
                channel: about.channel.clone(),
                said,
                at,
                since,
                until: day_in(&member.values, about.until.as_ref().filter(is_its_own)),
                evidence: text(&member.values, about.evidence.as_ref().filter(is_its_own)),
            });
        }
        Ok(statements)
    }

    /// What the strategy `consent` has to choose from; nothing where the members agree as they were delivered.
    pub(super) fn consents_of_golden(
        &self,
        members: &[RecordFacts],
    ) -> Result<Vec<Statement>, DeskError> {
        let survivorship = &self.settings.survivorship;
        let strategies =
            |field: &Field| survivorship.fields.get(&field.name).unwrap_or(&survivorship.default);
        let mut fields: Vec<&Field> = self.settings.fields_of(FieldType::Consent).collect();
        fields.retain(|field| {
            strategies(field).iter().any(|step| step.strategy == Strategy::Consent)
        });
        let members: Vec<&RecordFacts> = members.iter().filter(|it| it.takes_part()).collect();
        fields.retain(|field| {
            let about = &field.about.consent;
            let saying: BTreeSet<_> = members
                .iter()
                .filter(|member| said(&member.values, &field.name).is_some())
                .map(|member| {
                    let shown = |name: Option<&FieldName>| text(&member.values, name);
                    let named = (shown(about.at.as_ref()), shown(about.until.as_ref()));
                    (said(&member.values, &field.name), named, shown(about.evidence.as_ref()))
                })
                .collect();
            // What a person made of it has another date than the record holds.
            let is_by_hand =
                |member: &&RecordFacts| member.state.corrections.contains_key(&field.name);
            saying.len() > 1 || members.iter().any(is_by_hand)
        });
        let mut statements = Vec::new();
        if !fields.is_empty() {
            for member in members {
                statements.extend(self.statements(member, &fields)?);
            }
        }
        Ok(statements)
    }
}

/// Since when a record has said what it says now, by its deliveries, earliest first. One that says nothing does not
/// end a grant: else an empty column would make it younger than every refusal. A refusal is as young as it can be.
fn since(deliveries: &[Delivered], now: &str) -> Option<Since> {
    let says = |delivered: &Delivered| delivered.value.as_deref() == Some(now);
    let granted = |delivered: &Delivered| delivered.value.as_deref() == Some("yes");
    let refused = |delivered: &Delivered| delivered.value.as_deref() == Some("no");
    let is_grant = now == "yes";
    let ends = |delivered: &Delivered| if is_grant { refused(delivered) } else { !says(delivered) };
    let last = deliveries.iter().rposition(says)?;
    let from = deliveries[..last].iter().rposition(ends).map_or(0, |at| at + 1);
    let first = from + deliveries[from..=last].iter().position(says)?;
    let opposite = |it: &&Delivered| if is_grant { refused(it) } else { granted(it) };
    Some(Since {
        first: deliveries.get(first)?.day,
        other: deliveries[..first].iter().rfind(opposite).map(|delivered| delivered.day),
        granted_before: deliveries[..first].iter().any(granted),
    })
}

/// The standard form of a consent; none where it cannot be read or is empty.
fn said<'v>(values: &'v Values, field: &FieldName) -> Option<&'v str> {
    let value = values.get(field.as_str()).filter(|value| value.is_readable())?;
    Some(value.shown()).filter(|text| Said::of(text, false).is_some())
}

fn day_in(values: &Values, field: Option<&FieldName>) -> Option<Date> {
    text(values, field)?.get(..10)?.parse().ok()
}

fn text(values: &Values, field: Option<&FieldName>) -> Option<String> {
    let value = values.get(field?.as_str()).map(Value::shown)?;
    (!value.trim().is_empty()).then(|| value.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn a_run_of_the_same_value_is_dated_by_its_first_delivery_and_what_came_before() {
        let day = |number| date(2026, 1, number);
        let of = |values: &[&str]| -> Vec<Delivered> {
            let value = |text: &str| (!text.is_empty()).then(|| text.to_owned());
            let days = (1..).map(day).zip(values);
            days.map(|(day, text)| Delivered { day, value: value(text) }).collect()
        };
        for (values, now, expected) in [
            (&["no"][..], "no", Some((1, None, false))),
            (&["no", "no", "yes"], "yes", Some((3, Some(2), false))),
            (&["yes", "no", "no"], "no", Some((2, Some(1), true))),
            (&["", "yes"], "yes", Some((2, None, false))),
            // What says nothing makes no grant younger, and no refusal older.
            (&["yes", "", "yes"], "yes", Some((1, None, false))),
            (&["no", "yes", "", "yes"], "yes", Some((2, Some(1), false))),
            (&["no", "", "yes"], "yes", Some((3, Some(1), false))),
            (&["no", "", "no"], "no", Some((3, None, false))),
            (&["yes", "no", "", "no"], "no", Some((4, Some(1), true))),
            (&["yes", "no", "yes", "yes"], "yes", Some((3, Some(2), true))),
            // As it was before the last delivery.
            (&["no", "yes"], "no", Some((1, None, false))),
            (&["no"], "yes", None),
        ] {
            let expected = expected.map(|(first, other, granted_before)| Since {
                first: day(first),
                other: other.map(day),
                granted_before,
            });
            assert_eq!(since(&of(values), now), expected, "{values:?}");
        }
    }
}
