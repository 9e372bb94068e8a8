//! Values that survive beside the golden one, where `keep` says that all of a field do.
//!
//! They follow from the members, like golden values: merging brings them, unmerging takes them along, exactly.

use super::survivorship::{self, Candidate, SEPARATOR, Soundness};
use super::{Member, candidates, group_candidates, strategies_of};
use domain::{FieldName, GoldenValue, KeptValue, RecordId, Said};
use settings::{Field, FieldGroup, Keep, Settings};

/// The further sound values of fields and groups that keep all, the one that would survive next first. Fields of one type are
/// one list, under the first of them; a value that is golden in any of them is not kept once more.
pub(super) fn kept(
    settings: &Settings,
    (members, filled): (&[&Member<'_>], &[usize]),
    golden: &[GoldenValue],
) -> Vec<KeptValue> {
    let mut kept: Vec<KeptValue> = Vec::new();
    let grouped = |field: &&Field| {
        settings.survivorship.groups.iter().any(|it| it.fields.contains(&field.name))
    };
    let single = settings.fields.iter().filter(|field| !grouped(field));
    for field in single.filter(|field| field.about.keep.is_some()) {
        let Some(keep) = &field.about.keep else { continue };
        let of = head(settings, field);
        let family = settings.fields_of(field.field_type);
        let family = family.filter(|other| other.about.keep.is_some());
        let mut known: Vec<String> = family
            .filter_map(|other| golden.iter().find(|value| value.field == other.name))
            .map(|value| value.text.clone())
            .collect();
        known.extend(kept.iter().filter(|it| it.of == of).map(|it| it.text.clone()));
        let candidates = candidates(&field.name, field.field_type, members, filled);
        for (text, records) in ranked(candidates, strategies_of(settings, &field.name)) {
            if !known.contains(&text) {
                let fields = vec![field.name.clone()];
                kept.push(value((of.clone(), fields), text, records, (keep, members)));
            } else if let Some(same) = kept.iter_mut().find(|it| it.of == of && it.text == text) {
                // Another field of its type has it as well.
                same.records.extend(records);
                same.records.sort_unstable();
                same.records.dedup();
            }
        }
    }
    for group in &settings.survivorship.groups {
        if let Some(keep) = &group.keep {
            kept.extend(of_group(settings, (group, keep), members, golden));
        }
    }
    kept
}

fn of_group(
    settings: &Settings,
    (group, keep): (&FieldGroup, &Keep),
    members: &[&Member<'_>],
    golden: &[GoldenValue],
) -> Vec<KeptValue> {
    let text_of = |field: &FieldName| {
        golden.iter().find(|value| value.field == *field).map_or("", |value| &value.text)
    };
    let own: Vec<&str> = group.fields.iter().map(text_of).collect();
    let says_more = |text: &str| {
        // What repeats a part of the golden one says nothing of its own.
        text.split(SEPARATOR).zip(&own).any(|(part, golden)| !part.is_empty() && part != *golden)
    };
    let candidates = group_candidates(settings, group, members);
    let ranked = ranked(candidates, &group.strategy).into_iter();
    let ranked: Vec<(String, Vec<RecordId>)> = ranked.filter(|(text, _)| says_more(text)).collect();
    let is_part = |text: &str, of: &str| {
        let mut parts = text.split(SEPARATOR).zip(of.split(SEPARATOR));
        text != of && parts.all(|(part, whole)| part.is_empty() || part == whole)
    };
    let whole = ranked.iter().filter(|(text, _)| !ranked.iter().any(|(of, _)| is_part(text, of)));
    let name = FieldName::new(&group.name);
    whole
        .map(|(text, records)| {
            let parts: Vec<&str> = text.split(SEPARATOR).filter(|part| !part.is_empty()).collect();
            let of = (name.clone(), group.fields.clone());
            value(of, parts.join(", "), records.clone(), (keep, members))
        })
        .collect()
}

/// The first declared field of the type of one that keeps all, which does as well.
fn head(settings: &Settings, field: &Field) -> FieldName {
    let mut family = settings.fields_of(field.field_type).filter(|it| it.about.keep.is_some());
    family.next().unwrap_or(field).name.clone()
}

/// Each distinct sound text with the records that hold it, the one that survives first.
fn ranked(
    candidates: Vec<Candidate<'_>>,
    strategies: &[settings::Step],
) -> Vec<(String, Vec<RecordId>)> {
    let mut left = candidates;
    left.retain(|candidate| candidate.soundness != Soundness::Unsound);
    let mut ranked = Vec::new();
    while let Some(choice) = survivorship::choose(left.clone(), strategies) {
        let chosen = left.iter().find(|candidate| candidate.record == choice.record);
        let Some(text) = chosen.map(|candidate| candidate.text.to_string()) else { break };
        let (same, others): (Vec<_>, Vec<_>) =
            left.into_iter().partition(|candidate| candidate.text == text);
        ranked.push((text, same.iter().map(|candidate| candidate.record).collect()));
        left = others;
    }
    ranked
}

fn value(
    (of, fields): (FieldName, Vec<FieldName>),
    text: String,
    records: Vec<RecordId>,
    (keep, members): (&Keep, &[&Member<'_>]),
) -> KeptValue {
    // What is said of it comes from the first record that holds it and says anything of that.
    let said = |field: &Option<FieldName>| {
        let field = field.as_ref()?;
        let mut holders = members.iter().filter(|member| records.contains(&member.record));
        let value = holders.find_map(|member| member.value(field))?;
        Some(Said { field: field.clone(), text: value.shown().to_owned() })
    };
    let (kind, since, verified) = (said(&keep.kind), said(&keep.since), said(&keep.verified));
    KeptValue { of, fields, text, records, kind, since, verified }
}
