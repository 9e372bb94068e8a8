//! What records hold beside what the code lists do.

use std::collections::{HashMap, HashSet};
use std::ops::Range;
use std::sync::Arc;

use compact_str::CompactString;

use super::read;
use super::tally::Tally;
use crate::error::DeskError;
use crate::facts::Facts;
use domain::{RecordBody, Shown, SourceName, Value};
use door::views::{CodeListView, CodeListsView, ValueRow};
use intake::validate;
use settings::{CodeList, Coded, Settings};

/// Values of one field that are kept to be shown.
const KEPT: usize = 1_000;

/// What is counted of every code list.
pub(super) struct CodesTally {
    lists: Arc<Vec<CodeList>>,
    of_list: Vec<OfList>,
    records: u64,
}

#[derive(Default)]
struct OfList {
    unlisted: Tally,
    delivered: HashMap<Option<SourceName>, HashSet<String>>,
    outdated: u64,
    beside: u64,
}

/// What a record holds of a field with a code list.
enum Held<'l> {
    /// What a list holds, and whether it was read otherwise.
    Listed(Coded<'l>, bool),
    /// What none holds.
    Unlisted(CompactString),
    /// What none holds, and what the type of the field reads all the same.
    Beside,
}

impl CodesTally {
    pub(super) fn of(settings: &Settings) -> Self {
        let of_list = settings.codes.iter().map(|_| OfList::default()).collect();
        Self { lists: Arc::new(settings.codes.clone()), of_list, records: 0 }
    }

    /// Looks at some records.
    ///
    /// # Errors
    /// When the store or the ledger is damaged.
    pub(super) fn add(&mut self, facts: Facts<'_>, numbers: Range<u32>) -> Result<(), DeskError> {
        let lists = Arc::clone(&self.lists);
        let look = |body: &RecordBody| {
            let held: Vec<Option<Held<'_>>> = lists.iter().map(|list| held(list, body)).collect();
            (body.address.source.clone(), held)
        };
        for found in read::records(facts, numbers, &look)? {
            let state = found.touched.then(|| facts.view.record_state(found.record)).transpose()?;
            if state.as_ref().is_some_and(|state| !state.takes_part()) {
                continue;
            }
            self.records += 1;
            let (source, mut held) = found.found;
            // What people put over a record is looked at in its place.
            if let Some(state) = state.as_ref().filter(|state| !state.corrections.is_empty()) {
                let mut body = facts.body(found.record)?;
                body.values = facts.corrected(body.values, state)?;
                for (list, held) in lists.iter().zip(&mut held) {
                    if state.corrections.contains_key(&list.field) {
                        *held = of_correction(list, &body);
                    }
                }
            }
            for (of_list, held) in self.of_list.iter_mut().zip(held) {
                match held {
                    None => {}
                    Some(Held::Beside) => of_list.beside += 1,
                    Some(Held::Listed(coded, outdated)) => {
                        of_list.note(coded);
                        of_list.outdated += u64::from(outdated);
                    }
                    Some(Held::Unlisted(text)) => {
                        of_list.unlisted.add(found.record.0, Some(&source), Some((text, false)));
                    }
                }
            }
        }
        Ok(())
    }

    pub(super) fn finish(self) -> CodeListsView {
        let lists = self.lists.iter().zip(self.of_list).map(|(list, of_list)| of_list.view(list));
        CodeListsView { records: self.records, lists: lists.collect() }
    }
}

impl OfList {
    fn note(&mut self, coded: Coded<'_>) {
        let Some(code) = coded.code else { return };
        let codes = self.delivered.entry(coded.source.cloned()).or_default();
        if !codes.contains(code) {
            codes.insert(code.to_owned());
        }
    }

    fn view(self, list: &CodeList) -> CodeListView {
        let is_delivered = |source: Option<&SourceName>, code: &str| {
            let codes = self.delivered.get(&source.cloned());
            codes.is_some_and(|codes| codes.contains(code))
        };
        let undelivered = list.codes().filter(|(source, code, _)| !is_delivered(*source, code));
        let undelivered = undelivered.map(|(source, code, _)| (source.cloned(), code.to_owned()));
        let undelivered = undelivered.collect();
        let done = self.unlisted.finish();
        let rows = done.values.iter().take(KEPT).map(|value| {
            let counts = done.sources.iter().cloned().zip(value.by_source.iter().copied());
            let mut sources: Vec<(SourceName, u64)> = counts
                .filter(|(_, count)| *count > 0)
                .map(|(source, count)| (source, u64::from(count)))
                .collect();
            sources.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
            let row = ValueRow {
                value: Shown::from(value.text.as_str()),
                count: value.count,
                unreadable: value.unreadable,
                sources,
            };
            (row, validate::nearest_words(list, &value.text))
        });
        CodeListView {
            field: list.field.clone(),
            unlisted: done.values.len() as u64,
            values: rows.collect(),
            undelivered,
            outdated: self.outdated,
            beside: self.beside,
        }
    }
}

/// What a record holds of a list's field; nothing where it has no value that the list is about.
fn held<'l>(list: &'l CodeList, body: &RecordBody) -> Option<Held<'l>> {
    let source = Some(body.address.source.as_str());
    let Some(value) = body.values.get(list.field.as_str()) else {
        // A word for nothing, until a list held it.
        let (_, text) = body.absent.iter().find(|(field, _)| *field == list.field)?;
        return list.read(source, text).map(|coded| Held::Listed(coded, true));
    };
    match list.read(source, value.raw()) {
        Some(coded) => Some(Held::Listed(coded, is_outdated(list, value, coded.word))),
        // A list that adds to what its type reads is not about what could be read.
        None if !list.closed && value.is_readable() => Some(Held::Beside),
        // As a spreadsheet marks text: `="1"`.
        None if value.standard().is_some_and(|word| list.read(None, word).is_some()) => None,
        None => Some(Held::Unlisted(CompactString::from(value.raw()))),
    }
}

/// What a correction makes of a record: only what cannot be read is said of it, since no source
/// delivered it.
fn of_correction<'l>(list: &CodeList, body: &RecordBody) -> Option<Held<'l>> {
    let value = body.values.get(list.field.as_str())?;
    (!value.is_readable()).then(|| Held::Unlisted(CompactString::from(value.raw())))
}

/// Whether a value was read otherwise than its list has it.
fn is_outdated(list: &CodeList, value: &Value, word: &str) -> bool {
    match value.standard() {
        Some(standard) => list.closed && standard != word,
        None => true,
    }
}
