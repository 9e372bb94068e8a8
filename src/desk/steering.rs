//! What settings that are only tried would tell of masked values: whoever may write a rule and see how many break
//! it reads any value digit by digit.
//!
//! As with every dry run (see [`crate::guessing`]), what reads a masked field and is not in force is judged only
//! if the ledger says that they looked.

use std::collections::BTreeSet;

use super::core::Desk;
use super::error::Decided;
use super::guessing::never_breaks;
use domain::expression::Expression;
use domain::{FieldName, FieldType, RuleId};
use door::Refusal;
use settings::{Rule, Settings};

/// Settings as they may be judged for whoever tries them.
pub(super) struct Tried {
    /// They, with what may not be judged as it is in force.
    pub(super) settings: Settings,
    /// The rules that are not judged.
    pub(super) unjudged: Vec<RuleId>,
    /// Whether retention is judged.
    pub(super) judges_retention: bool,
}

impl Desk {
    /// What of settings that somebody tries is judged: all of it where it may be recorded that they look, which it
    /// is.
    ///
    /// # Errors
    /// When the ledger cannot be written: then nothing is told.
    pub(super) fn tried(&mut self, edited: &Settings) -> Decided<Tried> {
        let masks = self.masks_of_edit(edited);
        let before = self.settings.clone();
        let hidden = |reads: BTreeSet<FieldName>| -> BTreeSet<FieldName> {
            reads.into_iter().filter(|field| masks.hides(field)).collect()
        };
        let new = edited.rules.iter().filter(|rule| !is_judged(rule, &before, edited));
        let telling: Vec<(&Rule, BTreeSet<FieldName>)> = new
            .map(|rule| (rule, hidden(all_read(rule.reads(), edited))))
            .filter(|(_, fields)| !fields.is_empty())
            .collect();
        let conditions = edited.retention.iter().filter_map(|rule| rule.when.as_ref());
        let is_new = |when: &&Expression| {
            !before.retention.iter().any(|rule| rule.when.as_ref() == Some(*when))
        };
        let retained = conditions.filter(is_new).flat_map(Expression::names).map(FieldName::new);
        let retained = hidden(all_read(retained, edited));
        let mut wanted = retained.clone();
        wanted.extend(telling.iter().flat_map(|(_, fields)| fields.iter().cloned()));
        let mut tried =
            Tried { settings: edited.clone(), unjudged: Vec::new(), judges_retention: true };
        if wanted.is_empty() || self.may_look(&wanted)? {
            return Ok(tried);
        }
        tried.judges_retention = retained.is_empty();
        for (rule, _) in telling {
            tried.unjudged.push(rule.id.clone());
        }
        for rule in &mut tried.settings.rules {
            if tried.unjudged.contains(&rule.id) {
                let in_force = before.rules.iter().find(|it| it.id == rule.id);
                // As it is in force, nothing shifts; but not where it would be judged otherwise there.
                *rule = match in_force.filter(|it| is_judged(it, &before, edited)) {
                    Some(in_force) => Rule { severity: rule.severity, ..in_force.clone() },
                    None => never_breaks(rule),
                };
            }
        }
        Ok(tried)
    }

    /// Refuses a match under settings whose own rules of matching would tell of masked values.
    ///
    /// # Errors
    /// The refusal; when the ledger cannot be written.
    pub(super) fn must_not_try_masked(&mut self, edited: &Settings) -> Decided<()> {
        let masks = self.masks_of_edit(edited);
        let wanted: BTreeSet<FieldName> = matched(edited)
            .difference(&matched(&self.settings))
            .flat_map(|(_, fields)| fields.clone())
            .filter(|field| masks.hides(field))
            .collect();
        let Some(field) = wanted.first() else { return Ok(()) };
        if self.may_look(&wanted)? {
            return Ok(());
        }
        let why = format!(
            "the rules of matching changed for {field}, which is masked: pass --unmask, and the ledger records that \
             you looked"
        );
        Err(Refusal::DoesNotApply { why }.into())
    }

    fn may_look(&mut self, fields: &BTreeSet<FieldName>) -> Decided<bool> {
        Ok(!fields.iter().any(|field| self.is_closed(field)) && self.looks_at(fields)?)
    }
}

/// Whether a rule judges by what is in force: its severity or what it is called may be new.
fn is_judged(rule: &Rule, before: &Settings, edited: &Settings) -> bool {
    let is_same =
        |it: &Rule| it.field == rule.field && it.check == rule.check && it.when == rule.when;
    let type_in = |settings: &Settings, field: &FieldName| {
        settings.field(field.as_str()).map(|field| field.field_type)
    };
    before.rules.iter().any(is_same)
        && rule.reads().iter().all(|field| type_in(before, field) == type_in(edited, field))
}

/// The fields that are read, and what a full name may be put together from.
fn all_read(
    fields: impl IntoIterator<Item = FieldName>,
    settings: &Settings,
) -> BTreeSet<FieldName> {
    use FieldType::{FamilyName, FullName, GivenName, NameSuffix};
    let mut read: BTreeSet<FieldName> = fields.into_iter().collect();
    let is_whole = |field: &FieldName| {
        settings.field(field.as_str()).is_some_and(|it| it.field_type == FullName)
    };
    if read.iter().any(is_whole) {
        let parts = settings.fields.iter();
        let parts = parts.filter(|it| matches!(it.field_type, GivenName | FamilyName | NameSuffix));
        read.extend(parts.map(|it| it.name.clone()));
    }
    read
}

/// What people insist on in matching, each with the fields it reads.
fn matched(settings: &Settings) -> BTreeSet<(String, Vec<FieldName>)> {
    let by_hand = &settings.by_hand;
    let same = by_hand.same.iter().map(|fields| ("same".to_owned(), fields.clone()));
    let never = by_hand.never.iter().map(|sides| {
        let names = sides.iter().flat_map(Expression::names).map(FieldName::new).collect();
        (format!("{} / {}", sides[0].text(), sides[1].text()), names)
    });
    let weights =
        by_hand.weights.iter().map(|weight| (format!("{weight:?}"), vec![weight.field.clone()]));
    same.chain(never).chain(weights).collect()
}
