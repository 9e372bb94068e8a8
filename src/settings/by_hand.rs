//! `[[matching.rules]]` and `[matching.weights]`: what people insist on, whatever the data say.

use std::borrow::Cow;

use super::Source;
use super::field::{Declared, is_declared, type_of};
use super::nearest::hint;
use super::reader::{Entry, Findings, Placed, Table, number};
use domain::expression::Expression;
use domain::{FieldName, FieldType};

/// The name by which `never` asks for a record's source.
pub const SOURCE: &str = "source";

/// More rules of the kind are a mistake: each record is asked about every one.
pub const MOST_NEVER: usize = 16;

/// Beyond so many bits nothing is told apart any more.
const MOST_BITS: f64 = 100.0;

/// What people insist on in matching.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ByHand {
    /// Fields of which records that agree in all of them are one customer, rule by rule.
    pub same: Vec<Vec<FieldName>>,
    /// Two sides: a record of which the one holds and a record of which the other holds are never
    /// linked.
    pub never: Vec<[Expression; 2]>,
    /// Weights that are not learned.
    pub weights: Vec<PinnedWeight>,
}

/// The weight of a field's comparison, as it is and not as data say.
#[derive(Debug, Clone, PartialEq)]
pub struct PinnedWeight {
    /// The field.
    pub field: FieldName,
    /// log2 of the odds that the same value adds.
    pub same: Option<f64>,
    /// log2 of the odds that plainly different values add: a negative number, mostly.
    pub different: Option<f64>,
}

impl ByHand {
    /// Which sides of `never` hold of a record, as bits: two for each rule.
    #[must_use]
    pub fn sides<'r>(&self, said: &dyn Fn(&str) -> Option<Cow<'r, str>>) -> u32 {
        let sides = self.never.iter().flatten().enumerate();
        sides.fold(0, |bits, (at, side)| bits | u32::from(side.holds(said)) << at)
    }

    /// The first rule that keeps two records apart, given their sides.
    #[must_use]
    pub fn apart(&self, left: u32, right: u32) -> Option<&[Expression; 2]> {
        self.never.get(self.apart_at(left, right)?)
    }

    /// The place of that rule among those with `never`.
    #[must_use]
    pub fn apart_at(&self, left: u32, right: u32) -> Option<usize> {
        let both = left & (right >> 1) | (left >> 1) & right;
        (0..self.never.len()).find(|at| both >> (2 * at) & 1 == 1)
    }

    pub(super) fn read(
        matching: &Table<'_>,
        fields: &[Declared<'_>],
        sources: &[Source],
        findings: &mut Findings,
    ) -> Self {
        let mut by_hand = Self::default();
        for table in matching.tables("rules", findings) {
            table.only(&["same", "never"], findings);
            match (table.get("same"), table.get("never")) {
                (Some(_), None) => by_hand.same.extend(same(&table, fields, findings)),
                (None, Some(at)) => {
                    by_hand.never.extend(never(&table, at, fields, sources, findings));
                }
                _ => findings.add(table.at, format!("{} needs `same` or `never`", table.title)),
            }
        }
        if by_hand.never.len() > MOST_NEVER {
            let message = format!("more than {MOST_NEVER} rules with `never`: join some with `or`");
            findings.add(matching.at, message);
        }
        let weights = matching.get("weights");
        let weights = weights.and_then(|entry| Table::of(entry, "[matching.weights]", findings));
        for entry in weights.iter().flat_map(|table| &table.entries) {
            let pinned = weight(*entry, fields, findings);
            if let Some(other) = pinned.as_ref().and_then(|it| by_hand.crosswise(it, fields)) {
                let message = format!(
                    "`{}` and `{other}` are compared crosswise, as one field: pin only one of them",
                    entry.key
                );
                findings.add(entry.at, message);
            }
            by_hand.weights.extend(pinned);
        }
        by_hand
    }

    /// A field pinned before that is compared together with this one.
    fn crosswise(&self, pinned: &PinnedWeight, fields: &[Declared<'_>]) -> Option<&FieldName> {
        let own = type_of(pinned.field.as_str(), fields)?;
        let alike = |it: &&PinnedWeight| type_of(it.field.as_str(), fields) == Some(own);
        (!is_compared_alone(own)).then(|| self.weights.iter().find(alike))?.map(|it| &it.field)
    }
}

fn same(
    table: &Table<'_>,
    fields: &[Declared<'_>],
    findings: &mut Findings,
) -> Option<Vec<FieldName>> {
    let named = table.texts("same", findings)?;
    let at = named.first().map_or(table.at, |field| field.at);
    if named.is_empty() {
        findings.add(at, format!("`same` of {} should name a field", table.title));
        return None;
    }
    let mut sound = true;
    for (place, field) in named.iter().enumerate() {
        let user = format!("`same` of {}", table.title);
        if !is_declared(field.at, &user, field.text, fields, findings) {
            sound = false;
        } else if named[..place].iter().any(|before| before.text == field.text) {
            findings.add(field.at, format!("{user} names `{}` twice", field.text));
            sound = false;
        } else if let Some(own) = type_of(field.text, fields).filter(|it| !is_compared(*it)) {
            let (name, own) = (field.text, own.name());
            findings
                .add(field.at, format!("{user} names `{name}`, a {own}, which is not compared"));
            sound = false;
        }
    }
    let types: Vec<FieldType> = named.iter().filter_map(|it| type_of(it.text, fields)).collect();
    let tells = types.iter().any(|own| identifies(*own));
    let with_birth = types.len() > 1 && types.contains(&FieldType::DateOfBirth);
    if sound && !tells && !with_birth {
        findings.add(
            at,
            "records that agree in nothing else are rarely one customer: `same` needs a \
             national_id, an identifier, an email or a phone, or a date of birth with another field",
        );
        return None;
    }
    sound.then(|| named.iter().map(|field| FieldName::new(field.text)).collect())
}

fn never(
    table: &Table<'_>,
    at: Entry<'_>,
    fields: &[Declared<'_>],
    sources: &[Source],
    findings: &mut Findings,
) -> Option<[Expression; 2]> {
    let texts = table.texts("never", findings)?;
    let sides: Option<Vec<Expression>> =
        texts.iter().map(|text| side(*text, fields, sources, findings)).collect();
    match sides?.as_slice() {
        // Of one record it cannot hold: each part is meant of one of the two.
        [both] => Some(match both.halves() {
            Some(halves) => halves,
            None => [both.clone(), both.clone()],
        }),
        [one, other] => Some([one.clone(), other.clone()]),
        _ => {
            let message = "`never` needs two expressions, one for each record of a pair, or one \
                           that applies to both";
            findings.add(at.at, message);
            None
        }
    }
}

fn side(
    text: Placed<'_>,
    fields: &[Declared<'_>],
    sources: &[Source],
    findings: &mut Findings,
) -> Option<Expression> {
    let expression = match Expression::parse(text.text) {
        Ok(expression) => expression,
        Err(error) => {
            findings.add(text.at, format!("`never` of [[matching.rules]] cannot be read: {error}"));
            return None;
        }
    };
    let user = "`never` of [[matching.rules]]";
    let mut sound = true;
    for name in expression.names() {
        sound &= name == SOURCE || is_declared(text.at, user, name, fields, findings);
    }
    let known = || sources.iter().map(|source| source.name.as_str());
    for asked in expression.equals(SOURCE) {
        if !known().any(|source| source.eq_ignore_ascii_case(asked)) {
            let hint = hint(asked, known());
            findings.add(
                text.at,
                format!("{user} names the source `{asked}`, which does not exist{hint}"),
            );
            sound = false;
        }
    }
    sound.then_some(expression)
}

fn weight(
    entry: Entry<'_>,
    fields: &[Declared<'_>],
    findings: &mut Findings,
) -> Option<PinnedWeight> {
    if !is_declared(entry.at, "[matching.weights]", entry.key, fields, findings) {
        return None;
    }
    let own = type_of(entry.key, fields)?;
    if !is_compared(own) {
        let message = format!("`{}` is a {}: it is not compared", entry.key, own.name());
        findings.add(entry.at, message);
        return None;
    }
    if !is_pinned_by_itself(own) {
        let message = format!(
            "`{}` is a {}: it is compared together with other fields, so it has no weight of its own",
            entry.key,
            own.name()
        );
        findings.add(entry.at, message);
        return None;
    }
    let title = format!("[matching.weights.{}]", entry.key);
    let table = Table::of(entry, title, findings)?;
    table.only(&["same", "different"], findings);
    let mut bits = |key: &str| {
        let entry = table.get(key)?;
        let bits = number(entry, findings)?;
        if bits.abs() > MOST_BITS {
            let message =
                format!("`{key}` is log2 of odds, in bits: from -{MOST_BITS} to {MOST_BITS}");
            findings.add(entry.at, message);
            return None;
        }
        Some((bits, entry.at))
    };
    let (same, different) = (bits("same"), bits("different"));
    if table.get("same").or(table.get("different")).is_none() {
        findings.add(table.at, format!("{} needs `same` or `different`", table.title));
        return None;
    }
    if let (Some((same, at)), Some((different, _))) = (same, different)
        && same < different
    {
        findings.add(at, format!("`same` ({same}) is less than `different` ({different})"));
        return None;
    }
    let [same, different] = [same, different].map(|it| it.map(|(bits, _)| bits));
    Some(PinnedWeight { field: FieldName::new(entry.key), same, different })
}

/// Whether matching compares values of the type for equality.
fn is_compared(own: FieldType) -> bool {
    !matches!(
        own,
        FieldType::Date
            | FieldType::Number
            | FieldType::Consent
            | FieldType::Text
            | FieldType::NameSuffix
            | FieldType::Address
            | FieldType::Country
    )
}

/// Whether people and organisations are told apart by such a value.
fn identifies(own: FieldType) -> bool {
    matches!(
        own,
        FieldType::NationalId | FieldType::Identifier | FieldType::Email | FieldType::Phone
    )
}

/// Whether a field of the type has a comparison that no field of another type is part of.
fn is_pinned_by_itself(own: FieldType) -> bool {
    is_compared_alone(own)
        || matches!(
            own,
            FieldType::Email
                | FieldType::Phone
                | FieldType::DateOfBirth
                | FieldType::NationalId
                | FieldType::Identifier
        )
}

/// Whether each field of the type has a comparison of its own.
fn is_compared_alone(own: FieldType) -> bool {
    matches!(own, FieldType::Gender | FieldType::Occupation | FieldType::Category)
}

#[cfg(test)]
mod tests;
