//! What records say their person prefers, and since when: read from their revisions whenever it is asked, as
//! consent is (`consents.rs`), so that a merge and its undo leave what each said.

use jiff::civil::Date;

use super::error::DeskError;
use super::facts::{Facts, RecordFacts, day_of};
use super::in_force;
use domain::preference::Preference;
use domain::{FieldName, Value, Values};
use settings::Field;

impl Facts<'_> {
    /// What a record says by a field that states a preference; none where it is set aside or says nothing that can
    /// be read.
    ///
    /// # Errors
    /// When the store or the ledger is damaged.
    pub(crate) fn preference(
        &self,
        member: &RecordFacts,
        field: &Field,
    ) -> Result<Option<Preference>, DeskError> {
        let now = said(&member.values, &field.name).filter(|_| member.takes_part());
        let Some(now) = now else { return Ok(None) };
        let mut deliveries: Vec<(Date, Option<String>)> = Vec::new();
        let links = self.record_chain(member.id)?;
        let past = links.iter().filter(|link| link.at <= self.now);
        for (at, revised) in in_force::revisions(past, &member.state) {
            let value = said(&revised.body.values, &field.name).map(ToOwned::to_owned);
            match deliveries.last_mut() {
                // Read in another way, it is what was delivered before.
                Some(last) if revised.reread.is_some() => last.1 = value,
                _ => deliveries.push((day_of(at), value)),
            }
        }
        let last = deliveries.last().map_or_else(|| self.today(), |(day, _)| *day);
        let by_hand = match member.state.corrections.get(&field.name) {
            Some(correction) => self.view.decision(correction.decision)?,
            None => None,
        };
        let by_hand = by_hand.map(|entry| self.time_of(entry.place.sequence)).transpose()?;
        // Nobody has said by now what is dated later.
        let known = last.tomorrow().unwrap_or(last);
        let dated = day_in(&member.values, field.about.consent.at.as_ref());
        let (at, first) = match by_hand {
            // What dated the other value says nothing of this one.
            Some(at) => (Some(day_of(at)), day_of(at)),
            None => (dated.filter(|day| *day <= known), first(&deliveries, now).unwrap_or(last)),
        };
        let (record, field, value) = (member.id, field.name.clone(), now.to_owned());
        Ok(Some(Preference { record, field, value, at, first }))
    }
}

/// The day on which a record began to say what it says now. A delivery that says nothing does not end it.
fn first(deliveries: &[(Date, Option<String>)], now: &str) -> Option<Date> {
    let is_other =
        |(_, value): &(Date, Option<String>)| value.as_deref().is_some_and(|it| it != now);
    let from = deliveries.iter().rposition(is_other).map_or(0, |at| at + 1);
    let says = |(_, value): &&(Date, Option<String>)| value.as_deref() == Some(now);
    deliveries[from..].iter().find(says).map(|(day, _)| *day)
}

fn said<'v>(values: &'v Values, field: &FieldName) -> Option<&'v str> {
    let value = values.get(field.as_str()).filter(|value| value.is_readable())?;
    Some(value.shown()).filter(|text| !text.trim().is_empty())
}

fn day_in(values: &Values, field: Option<&FieldName>) -> Option<Date> {
    values.get(field?.as_str()).map(Value::shown)?.get(..10)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn a_value_is_as_old_as_the_first_of_its_last_run() {
        for (values, now, expected) in [
            (&["daily"][..], "daily", Some(1)),
            (&["daily", "daily"], "daily", Some(1)),
            (&["weekly", "daily", "daily"], "daily", Some(2)),
            (&["daily", "weekly", "daily"], "daily", Some(3)),
            (&["daily", "", "daily"], "daily", Some(1)),
            (&["", "", "daily"], "daily", Some(3)),
            (&["daily", "weekly"], "daily", None),
        ] {
            let days = (1..).map(|number| date(2026, 1, number));
            let value = |text: &&str| (!text.is_empty()).then(|| (*text).to_owned());
            let deliveries: Vec<_> = days.zip(values.iter().map(value)).collect();
            let expected = expected.map(|number| date(2026, 1, number));
            assert_eq!(first(&deliveries, now), expected, "{values:?}");
        }
    }
}
