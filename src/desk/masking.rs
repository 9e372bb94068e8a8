//! Masking: answers without the values of sensitive fields, for whoever did not ask to see them.
//!
//! Everything that may hold a value is hidden here, so that text and JSON are made of the same view
//! and neither can forget to. How much of a value stays is said in `domain/mask.rs`.

use std::collections::HashMap;

use super::core::Desk;
use domain::mask::{hidden, masked};
use domain::{FieldName, FieldType, Golden, Subject, Violation};
use door::views::{
    Cell, Column, ExplanationView, HistoryEntry, RecordView, TaskView, ViolationView,
};
use door::{Answer, Question};
use settings::Settings;

impl Desk {
    /// Answers a question with sensitive values masked. A field counts as sensitive as soon as
    /// `steward.toml` says so, adopted or not.
    pub fn answer_masked(&mut self, question: Question) -> Answer {
        let mut answer = self.answer(question);
        let mut masks = Masks::of(&self.settings);
        if let Ok(now) = self.settings_now() {
            masks.add(&now);
        }
        masks.answer(&mut answer);
        answer
    }
}

/// Whose values an answer shows, for the ledger; none: of the history of everything.
#[must_use]
pub fn seen_in(answer: &Answer) -> Vec<Subject> {
    match answer {
        Answer::Record(view) => vec![Subject::Customer(view.customer)],
        Answer::Customer(view) => vec![Subject::Customer(view.customer)],
        Answer::Task(view) => {
            let customers = view.columns.iter().map(|it| Subject::Customer(it.customer));
            view.task.iter().map(|task| Subject::Task(task.id)).chain(customers).collect()
        }
        Answer::Decision(view) => {
            let customers = view.groups.iter().map(|it| Subject::Customer(it.customer));
            let task = view.task.map(Subject::Task);
            view.subjects.iter().cloned().chain(task).chain(customers).collect()
        }
        Answer::Explanation(view) => {
            vec![Subject::Record(view.left.clone()), Subject::Record(view.right.clone())]
        }
        _ => Vec::new(),
    }
}

/// Violations as a refusal may tell them: a suggestion is a value, too.
pub(super) fn without_sensitive(settings: &Settings, violations: &mut [Violation]) {
    let masks = Masks::of(settings);
    for violation in violations {
        masks.hide_option(&violation.field, &mut violation.suggestion);
    }
}

/// The sensitive fields with their types, and the columns that are parts of them.
#[derive(Default)]
struct Masks {
    fields: HashMap<FieldName, FieldType>,
    columns: Vec<(String, String)>,
}

impl Masks {
    fn of(settings: &Settings) -> Masks {
        let mut masks = Masks::default();
        masks.add(settings);
        masks
    }

    fn add(&mut self, settings: &Settings) {
        let sensitive = settings.fields.iter().filter(|field| field.sensitive);
        self.fields.extend(sensitive.map(|field| (field.name.clone(), field.field_type)));
        for source in &settings.sources {
            for (field, columns) in &source.map {
                if self.fields.contains_key(field) {
                    let of_source = |column: &String| (source.name.to_string(), column.clone());
                    self.columns.extend(columns.iter().map(of_source));
                }
            }
        }
    }

    fn answer(&self, answer: &mut Answer) {
        match answer {
            Answer::Record(view) => self.record(view),
            Answer::Customer(view) => {
                self.column(&mut view.column);
                self.violations(&mut view.violations);
                self.history(&mut view.history);
            }
            Answer::Task(view) => self.task(view),
            Answer::Decision(view) => {
                self.history(std::slice::from_mut(&mut view.entry));
                for (field, text) in &mut view.values {
                    self.hide(field, text);
                }
            }
            Answer::History(entries) => self.history(entries),
            Answer::Explanation(view) => self.pair(view),
            Answer::Preview(view) => self.golden(&mut view.golden),
            _ => {}
        }
    }

    fn hide(&self, field: &FieldName, text: &mut String) {
        if let Some(field_type) = self.fields.get(field) {
            *text = masked(text, *field_type);
        }
    }

    fn hide_option(&self, field: &FieldName, text: &mut Option<String>) {
        if let Some(text) = text {
            self.hide(field, text);
        }
    }

    fn record(&self, view: &mut RecordView) {
        // A name read from a whole name was delivered as that, sensitive or not.
        let shared =
            self.delivered(view.values.iter().map(|it| (&it.field, it.delivered.as_ref())));
        for value in &mut view.values {
            hide_shared(&shared, &mut value.delivered);
            self.hide_option(&value.field, &mut value.delivered);
            self.hide(&value.field, &mut value.value);
        }
        let source = view.record.source.as_str();
        let is_part =
            |column: &String| self.columns.iter().any(|(of, part)| of == source && part == column);
        for (column, text) in &mut view.unmapped {
            if is_part(column) {
                *text = hidden(text);
            }
        }
        for part in &mut view.parts {
            if part.sensitive || is_part(&part.column) {
                part.value = hidden(&part.value);
            }
        }
        self.violations(&mut view.violations);
        self.history(&mut view.history);
    }

    fn task(&self, view: &mut TaskView) {
        view.columns.iter_mut().for_each(|column| self.column(column));
        self.golden(&mut view.golden);
        view.pairs.iter_mut().for_each(|pair| self.pair(pair));
        if let Some(fix) = &mut view.fix {
            self.violations(&mut fix.violations);
        }
    }

    fn column(&self, column: &mut Column) {
        self.golden(&mut column.golden);
        self.cells(&mut column.cells);
        for member in &mut column.members {
            self.cells(&mut member.cells);
        }
    }

    fn golden(&self, golden: &mut Golden) {
        for value in &mut golden.values {
            self.hide(&value.field, &mut value.text);
        }
    }

    fn cells(&self, cells: &mut [Cell]) {
        let shared = self.delivered(cells.iter().map(|it| (&it.field, it.raw.as_ref())));
        for cell in cells {
            hide_shared(&shared, &mut cell.raw);
            self.hide_option(&cell.field, &mut cell.raw);
            self.hide_option(&cell.field, &mut cell.text);
            self.violations(&mut cell.violations);
        }
    }

    /// What was delivered for the sensitive ones of these fields.
    fn delivered<'v>(
        &self,
        values: impl Iterator<Item = (&'v FieldName, Option<&'v String>)>,
    ) -> Vec<String> {
        let sensitive = values.filter(|(field, _)| self.fields.contains_key(*field));
        sensitive.filter_map(|(_, text)| text.cloned()).collect()
    }

    fn violations(&self, violations: &mut [ViolationView]) {
        for violation in violations {
            let field = violation.field.clone();
            self.hide_option(&field, &mut violation.delivered);
            self.hide_option(&field, &mut violation.now);
            self.hide_option(&field, &mut violation.suggestion);
            for (_, text) in &mut violation.choices {
                self.hide(&field, text);
            }
            if let Some((other, text)) = &mut violation.against {
                self.hide_option(other, text);
            }
        }
    }

    fn history(&self, entries: &mut [HistoryEntry]) {
        for change in entries.iter_mut().flat_map(|entry| &mut entry.changes) {
            let field = FieldName::new(&change.field);
            self.hide_option(&field, &mut change.before);
            self.hide_option(&field, &mut change.after);
        }
    }

    /// What was compared may be parts of several fields: nothing of it stays.
    fn pair(&self, pair: &mut ExplanationView) {
        for step in &mut pair.steps {
            let named = |field: &String| self.fields.contains_key(&FieldName::new(field));
            if step.sensitive || step.fields.iter().any(named) {
                step.left = hidden(&step.left);
                step.right = hidden(&step.right);
            }
        }
    }
}

fn hide_shared(shared: &[String], text: &mut Option<String>) {
    if let Some(text) = text.as_mut().filter(|text| shared.contains(text)) {
        *text = hidden(text);
    }
}
