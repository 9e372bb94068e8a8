//! How each rule judges each record, and the sums by source.
//!
//! Derived from records and settings, in pages of a quarter byte a record and rule and one byte a
//! record for its source. The sums are kept up with every change, so that nobody counts pages.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use super::keys::Key;
use super::overlay::Overlay;
use super::pages::ROWS;
use super::trees::Trees;
use super::view::View;
use super::{StoreError, keys};
use domain::{Judgement, RecordId};

/// How rules judge one record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JudgementRow {
    /// The number of its source, from 1.
    pub source: u8,
    /// One judgement a rule, in the order of the settings.
    pub rules: Vec<Judgement>,
}

/// What the rules make of the records of one source.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Tally {
    /// How many records there are.
    pub records: u32,
    /// Of each rule, in the order of the settings: how many pass, fail, fail with a waiver.
    pub rules: Vec<[u32; 3]>,
}

const fn bits(judgement: Judgement) -> u8 {
    match judgement {
        Judgement::DoesNotApply => 0,
        Judgement::Passes => 1,
        Judgement::Fails => 2,
        Judgement::Waived => 3,
    }
}

const fn judgement(bits: u8) -> Judgement {
    match bits & 3 {
        0 => Judgement::DoesNotApply,
        1 => Judgement::Passes,
        2 => Judgement::Fails,
        _ => Judgement::Waived,
    }
}

const fn width(rules: usize) -> usize {
    1 + rules.div_ceil(4)
}

impl JudgementRow {
    fn encode(&self, row: &mut [u8]) {
        row.fill(0);
        row[0] = self.source;
        for (at, found) in self.rules.iter().enumerate() {
            row[1 + at / 4] |= bits(*found) << (2 * (at % 4));
        }
    }

    fn decode(row: &[u8], rules: usize) -> Option<JudgementRow> {
        let source = *row.first().filter(|source| **source > 0)?;
        let rules = (0..rules).map(|at| rule_of(row, at)).collect();
        Some(JudgementRow { source, rules })
    }
}

fn rule_of(row: &[u8], at: usize) -> Judgement {
    judgement(row.get(1 + at / 4).copied().unwrap_or_default() >> (2 * (at % 4)))
}

impl Tally {
    fn decode(value: &[u8]) -> Tally {
        let mut numbers = value
            .chunks_exact(4)
            .map(|bytes| bytes.try_into().map(u32::from_le_bytes).unwrap_or_default());
        let records = numbers.next().unwrap_or_default();
        let numbers: Vec<u32> = numbers.collect();
        let rules = numbers.chunks_exact(3).map(|three| [three[0], three[1], three[2]]);
        Tally { records, rules: rules.collect() }
    }

    fn encode(&self) -> Vec<u8> {
        let numbers = [self.records].into_iter().chain(self.rules.iter().flatten().copied());
        numbers.flat_map(u32::to_le_bytes).collect()
    }

    fn count(&mut self, row: &JudgementRow, more: bool) {
        let step = |count: &mut u32| {
            *count = if more { *count + 1 } else { count.saturating_sub(1) };
        };
        step(&mut self.records);
        self.rules.resize(self.rules.len().max(row.rules.len()), [0; 3]);
        for (counts, found) in self.rules.iter_mut().zip(&row.rules) {
            if let Some(place) = usize::from(bits(*found)).checked_sub(1) {
                step(&mut counts[place]);
            }
        }
    }
}

/// Sets how `rules` rules judge records, ascending; `None` means the record is there no more.
///
/// # Errors
/// When the store is damaged.
pub fn set_judgements(
    overlay: &mut Overlay<'_>,
    rules: usize,
    records: &[(RecordId, Option<JudgementRow>)],
) -> Result<(), StoreError> {
    let width = width(rules);
    let mut tallies: BTreeMap<u8, Tally> = BTreeMap::new();
    for of_page in records.chunk_by(|one, other| one.0.0 / ROWS == other.0.0 / ROWS) {
        let Some((first, _)) = of_page.first() else { continue };
        let key = keys::numbered(keys::JUDGEMENT_PAGE, first.0 / ROWS);
        let mut page = overlay.get(&key)?.unwrap_or_default();
        for (record, row) in of_page {
            let start = (record.0 % ROWS) as usize * width;
            if page.len() < start + width {
                page.resize(start + width, 0);
            }
            let slot = &mut page[start..start + width];
            let before = JudgementRow::decode(slot, rules);
            if before == *row {
                continue;
            }
            match row {
                Some(row) => row.encode(slot),
                None => slot.fill(0),
            }
            for (counted, more) in [(before.as_ref(), false), (row.as_ref(), true)] {
                let Some(counted) = counted else { continue };
                let tally = match tallies.entry(counted.source) {
                    Entry::Occupied(known) => known.into_mut(),
                    Entry::Vacant(unknown) => {
                        let value = overlay.get(&tally_key(counted.source))?.unwrap_or_default();
                        unknown.insert(Tally::decode(&value))
                    }
                };
                tally.count(counted, more);
            }
        }
        overlay.put(key, page);
    }
    for (source, tally) in tallies {
        if tally.records == 0 {
            overlay.remove(tally_key(source));
        } else {
            overlay.put(tally_key(source), tally.encode());
        }
    }
    Ok(())
}

fn tally_key(source: u8) -> Key {
    keys::numbered(keys::TALLY, source.into())
}

/// Forgets every judgement: there are other rules, or other sources.
///
/// # Errors
/// When the store is damaged.
pub fn clear_judgements(overlay: &mut Overlay<'_>) -> Result<(), StoreError> {
    for kind in [keys::JUDGEMENT_PAGE, keys::TALLY] {
        let mut found = Vec::new();
        overlay.scan(&[kind], &[], &mut |key, _| {
            found.push(Key::from_slice(key));
            Ok(true)
        })?;
        found.into_iter().for_each(|key| overlay.remove(key));
    }
    Ok(())
}

impl View<'_> {
    /// The sums of the judgements, by the number of the source.
    ///
    /// # Errors
    /// When the store is damaged.
    pub fn tallies(&self) -> Result<Vec<(u8, Tally)>, StoreError> {
        let mut tallies = Vec::new();
        self.trees().scan(&[keys::TALLY], &[], &mut |key, value| {
            let source = u8::try_from(keys::last_number(key)).unwrap_or(u8::MAX);
            tallies.push((source, Tally::decode(value)));
            Ok(true)
        })?;
        Ok(tallies)
    }

    /// The first records that break a rule and have no waiver, by number. `at` is the rule's place
    /// in the settings, which have `rules` rules.
    ///
    /// # Errors
    /// When the store is damaged.
    pub fn failing(
        &self,
        at: usize,
        rules: usize,
        limit: usize,
    ) -> Result<Vec<RecordId>, StoreError> {
        let mut failing = Vec::new();
        self.trees().scan(&[keys::JUDGEMENT_PAGE], &[], &mut |key, page| {
            let first = keys::last_number(key) * ROWS;
            for (place, row) in page.chunks_exact(width(rules)).enumerate() {
                if rule_of(row, at) == Judgement::Fails && failing.len() < limit {
                    failing.push(RecordId(first + place as u32));
                }
            }
            Ok(failing.len() < limit)
        })?;
        Ok(failing)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::memory::MemoryTrees;
    use super::super::trees::ApplyChanges;
    use super::*;

    const RULES: usize = 5;

    fn any_row() -> impl Strategy<Value = Option<JudgementRow>> {
        let rules = prop::collection::vec((0u8..4).prop_map(judgement), RULES);
        prop::option::of((1u8..4, rules).prop_map(|(source, rules)| JudgementRow { source, rules }))
    }

    proptest! {
        #[test]
        fn sums_and_lists_are_those_of_the_records_as_they_were_last_judged(
            batches in prop::collection::vec(
                prop::collection::btree_map(0u32..600, any_row(), 0..20), 1..5),
        ) {
            let mut trees = MemoryTrees::default();
            let mut last = BTreeMap::new();
            for batch in batches {
                let mut overlay = Overlay::over(&trees);
                let rows: Vec<_> =
                    batch.iter().map(|(id, row)| (RecordId(*id), row.clone())).collect();
                set_judgements(&mut overlay, RULES, &rows).unwrap();
                let changes = overlay.into_changes();
                trees.apply(changes).unwrap();
                last.extend(batch);
            }
            let view = View::over(&trees);
            for (source, tally) in view.tallies().unwrap() {
                let of_source: Vec<_> =
                    last.values().flatten().filter(|row| row.source == source).collect();
                prop_assert_eq!(tally.records as usize, of_source.len());
                for at in 0..RULES {
                    for found in [Judgement::Passes, Judgement::Fails, Judgement::Waived] {
                        let expected = of_source.iter().filter(|row| row.rules[at] == found);
                        let counts = tally.rules.get(at).copied().unwrap_or_default();
                        let counted = counts[usize::from(bits(found)) - 1];
                        prop_assert_eq!(counted as usize, expected.count());
                    }
                }
            }
            for at in 0..RULES {
                let fails = |row: &Option<JudgementRow>| {
                    row.as_ref().is_some_and(|row| row.rules[at] == Judgement::Fails)
                };
                let expected: Vec<RecordId> =
                    last.iter().filter(|(_, row)| fails(row)).map(|(id, _)| RecordId(*id)).collect();
                prop_assert_eq!(view.failing(at, RULES, usize::MAX).unwrap(), expected);
            }
            let mut overlay = Overlay::over(&trees);
            clear_judgements(&mut overlay).unwrap();
            let changes = overlay.into_changes();
            trees.apply(changes).unwrap();
            prop_assert_eq!(trees, MemoryTrees::default());
        }
    }
}
