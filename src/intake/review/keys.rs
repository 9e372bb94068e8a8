//! Decision keys: whether the values a decision rested on are still the same.

use std::collections::BTreeSet;

use domain::{DecisionKey, FieldName, Fingerprinter, KeyedRecord, RecordId, Values};

/// The key part of one record: its compared fields as they stand.
#[must_use]
pub fn keyed_record(
    record: RecordId,
    values: &Values,
    compared: &[FieldName],
    fingerprinter: &Fingerprinter,
) -> KeyedRecord {
    let fields = compared
        .iter()
        .filter_map(|field| {
            let value = values.get(field.as_str())?;
            Some((field.clone(), fingerprinter.of([value.shown()])))
        })
        .collect();
    KeyedRecord { record, fields }
}

/// The fields in which a record now differs from its part of a key, by name. Fields that were not
/// compared then do not count: a new model alone brings nothing back.
#[must_use]
pub fn changed_fields(then: &KeyedRecord, now: &KeyedRecord) -> Vec<FieldName> {
    let names: BTreeSet<_> = then.fields.keys().chain(now.fields.keys()).collect();
    names
        .into_iter()
        .filter(|field| then.fields.get(*field) != now.fields.get(*field))
        .cloned()
        .collect()
}

/// The part of a key that speaks of `record`.
#[must_use]
pub fn part(key: &DecisionKey, record: RecordId) -> Option<&KeyedRecord> {
    key.iter().find(|keyed| keyed.record == record)
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::Value;

    #[test]
    fn a_changed_an_added_and_a_lost_value_are_told_by_field() {
        let fingerprinter = Fingerprinter::new([7; 32]);
        let compared: Vec<FieldName> =
            ["email", "phone", "city"].into_iter().map(FieldName::from).collect();
        let key = |pairs: &[(&str, &str)]| {
            let values = pairs
                .iter()
                .map(|(field, text)| (FieldName::from(*field), Value::as_delivered(text)))
                .collect();
            keyed_record(RecordId(1), &values, &compared, &fingerprinter)
        };
        let then = key(&[("email", "a@example.com"), ("city", "Ulm"), ("note", "x")]);
        let now = key(&[("email", "b@example.com"), ("phone", "1"), ("note", "y")]);
        let fields: Vec<_> = changed_fields(&then, &now).iter().map(ToString::to_string).collect();
        assert_eq!(fields, ["city", "email", "phone"]);
        assert!(changed_fields(&then, &then).is_empty());
    }
}
