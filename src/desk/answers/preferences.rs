//! What a customer prefers, and what its records say of it.

use std::collections::BTreeMap;

use crate::error::DeskError;
use crate::facts::{Facts, RecordFacts};
use domain::preference::{Preference, PreferenceKind, contradict, winner};
use domain::{CustomerState, FieldName, RecordAddress, Shown};
use door::views::{PreferenceRow, PreferenceStatement};
use settings::Field;

/// One row for each kind and channel that a field states.
///
/// # Errors
/// When the store or the ledger is damaged.
pub(super) fn of(
    facts: Facts<'_>,
    state: &CustomerState,
    members: &[RecordFacts],
) -> Result<Vec<PreferenceRow>, DeskError> {
    let mut asked: BTreeMap<(PreferenceKind, Option<&str>), Vec<&Field>> = BTreeMap::new();
    for field in &facts.settings.fields {
        let Some(kind) = field.about.preference else { continue };
        asked.entry((kind, field.about.consent.channel.as_deref())).or_default().push(field);
    }
    let mut rows = Vec::new();
    for ((kind, channel), fields) in asked {
        let mut said = Vec::new();
        for member in members {
            for field in &fields {
                said.extend(facts.preference(member, field)?);
            }
        }
        rows.push(row(facts, state, members, (kind, channel), &fields, &said)?);
    }
    Ok(rows)
}

fn row(
    facts: Facts<'_>,
    state: &CustomerState,
    members: &[RecordFacts],
    (kind, channel): (PreferenceKind, Option<&str>),
    fields: &[&Field],
    said: &[Preference],
) -> Result<PreferenceRow, DeskError> {
    let address = |statement: &Preference| -> Option<RecordAddress> {
        let member = members.iter().find(|member| member.id == statement.record)?;
        Some(member.body.address.clone())
    };
    // What a person pinned is what counts, whatever records say.
    let pinned = match fields.iter().any(|field| state.pins.contains_key(&field.name)) {
        true => facts.pins(state)?.into_iter().find(|pin| {
            fields.iter().any(|field| field.name == pin.field) && !pin.text.trim().is_empty()
        }),
        false => None,
    };
    let counts = winner(said).filter(|_| pinned.is_none());
    let (value, why) = match (&pinned, counts) {
        (Some(pin), _) => (Some(pin.text.clone()), format!("set by hand ({})", pin.decision)),
        (None, Some(statement)) => {
            let by = address(statement).map(|it| it.to_string()).unwrap_or_default();
            let when = match statement.at {
                Some(at) => format!("on {at}"),
                None => format!("without a date, first delivered on {}", statement.first),
            };
            (Some(statement.value.clone()), format!("{by} said it {when}"))
        }
        (None, None) => (None, "no record says anything".to_owned()),
    };
    let mut told: Vec<&Preference> = said.iter().collect();
    told.sort_by_key(|statement| (statement.record, statement.field.clone()));
    let named = |field: &FieldName| {
        fields.iter().find(|it| it.name == *field).and_then(|it| it.about.consent.at.clone())
    };
    let statements = told.into_iter().filter_map(|statement| {
        Some(PreferenceStatement {
            record: address(statement)?,
            field: statement.field.clone(),
            value: Shown::from(statement.value.clone()),
            at: statement.at.map(|day| Shown::from(day.to_string())),
            dated_by: named(&statement.field),
            counts: Some(counts == Some(statement)),
        })
    });
    let mut reads: Vec<FieldName> = Vec::new();
    for field in fields {
        reads.push(field.name.clone());
        reads.extend(field.about.consent.at.clone());
    }
    Ok(PreferenceRow {
        kind,
        channel: channel.map(ToOwned::to_owned),
        value: value.map(Shown::from),
        why: Shown::from(why),
        contradicted: Some(contradict(said)),
        statements: statements.collect(),
        reads,
    })
}
