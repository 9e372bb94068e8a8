//! Masking: answers without the values of sensitive fields, for whoever did not ask to see them.
//!
//! Everything that may hold a value is hidden here, so that text and JSON are made of the same view
//! and neither can forget to. How much of a value stays is said in `domain/mask.rs`.

use std::cmp::Reverse;
use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, Mutex, PoisonError};

use super::adoption::settings_text;
use super::core::Desk;
use domain::mask::masked;
use domain::{
    FieldName, FieldType, Golden, KeptValue, MaskKind, Shown, SourceName, StreamName, Value,
    Values, Violation,
};
use door::operations::ValuesOf;
use door::views::{
    ApprovalView, CardView, Cell, CodeListsView, Column, ConsentView, CorrectedSome, CustomerView,
    DecisionView, ExplanationView, HistoryEntry, PreviewRow, PreviewView, QuarantineView,
    RecordView, RereadExample, SettingsDiff, TaskView, TimelineView, TypedValue, ValueRow,
    ValuesView, ViolationView,
};
use settings::{Acting, Settings};

impl Desk {
    /// What is masked. A field counts as sensitive as soon as `steward.toml` says so, adopted or
    /// not.
    pub(super) fn masks(&self) -> Arc<Masks> {
        let Ok(text) = settings_text(&self.workspace) else { return self.masks_of(None) };
        if text == self.settings.text {
            return self.masks_of(None);
        }
        self.masks_of(Some(text))
    }

    /// Those of settings that would take effect as well: what they would hide is hidden before they do.
    pub(super) fn masks_of_edit(&self, edited: &Settings) -> Masks {
        let mut masks = Masks::clone(&self.masks());
        masks.add(edited);
        masks
    }

    fn masks_of(&self, waiting: Option<String>) -> Arc<Masks> {
        let mut kept = self.masks.lock().unwrap_or_else(PoisonError::into_inner);
        let acting = self.settings().acting.clone();
        if let Some((adopted, of, whose, masks)) = &*kept
            && *adopted == self.settings.fingerprint
            && *of == waiting
            && *whose == acting
        {
            return Arc::clone(masks);
        }
        let mut masks = Masks::of(self.settings());
        match waiting.as_deref().map(|text| (text, settings::parse(text))) {
            Some((_, Ok(now))) => masks.add(&now),
            // Where it has errors elsewhere, it still says what is sensitive.
            Some((text, Err(_))) => {
                let said = settings::sensitive_in(text);
                let mut now = Settings::clone(self.settings());
                for field in &mut now.fields {
                    field.sensitive |= said.contains(field.name.as_str());
                }
                masks.add(&now);
            }
            None => {}
        }
        let masks = Arc::new(masks);
        *kept = Some((self.settings.fingerprint.clone(), waiting, acting, Arc::clone(&masks)));
        masks
    }
}

/// The fields that `steward.toml` as it is now calls sensitive, where it waits to be adopted; none where it does not.
pub(super) fn sensitive_in_file(desk: &Desk) -> Vec<FieldName> {
    match settings_text(&desk.workspace) {
        Ok(text) if text != desk.settings.text => {
            settings::sensitive_in(&text).iter().map(FieldName::new).collect()
        }
        _ => Vec::new(),
    }
}

/// The masks made last: of which adopted settings, with which text that waits to be adopted, for which role.
pub(super) type KeptMasks = Mutex<Option<(String, Option<String>, Option<Acting>, Arc<Masks>)>>;

/// Violations as a refusal may tell them: a suggestion is a value, too.
pub(super) fn without_sensitive(settings: &Settings, violations: &mut [Violation]) {
    let masks = Masks::of(settings);
    for violation in violations {
        let Some(how) = masks.fields.get(&violation.field) else { continue };
        for text in violation.suggestion.iter_mut().chain(&mut violation.alternatives) {
            *text = how.masked(text);
        }
    }
}

/// How a field's values are masked.
#[derive(Clone, Copy)]
struct How {
    field_type: FieldType,
    /// As a role sees it; `None` means as everybody sees a sensitive one.
    kind: Option<MaskKind>,
}

impl How {
    fn mask(self, text: &mut Shown) {
        match self.kind {
            Some(kind) => text.mask_as(kind, self.field_type),
            None => text.mask(self.field_type),
        }
    }

    fn masked(self, text: &str) -> String {
        match self.kind {
            Some(kind) => kind.masked(text, self.field_type),
            None => masked(text, self.field_type),
        }
    }
}

/// All that is shown of a value that is masked, the most frequent first.
type AsShown = (Reverse<u64>, String, u64, Vec<(SourceName, u64)>);

fn as_shown(how: How, row: &ValueRow) -> AsShown {
    let value = how.masked(row.value.as_str());
    (Reverse(row.count), value, row.unreadable, row.sources.clone())
}

/// The masked fields with their types, and the columns that are parts of them.
#[derive(Clone, Default)]
pub struct Masks {
    fields: HashMap<FieldName, How>,
    columns: Vec<(String, String)>,
    /// The properties of streams that are masked.
    properties: BTreeSet<(StreamName, String)>,
    /// Those of them that are masked because of a field whose values they hold.
    derived: BTreeSet<(StreamName, String)>,
    /// The streams whose keys are.
    keys: BTreeSet<StreamName>,
    /// Those of them whose keys are masked because of a field whose values they hold.
    derived_keys: BTreeSet<StreamName>,
    /// Sensitive fields that are shown in clear all the same.
    kept: BTreeSet<FieldName>,
    /// Whether a role masks fields that everybody else sees.
    is_of_role: bool,
}

impl Masks {
    fn of(settings: &Settings) -> Masks {
        let mut masks = Masks::default();
        masks.add(settings);
        masks
    }

    /// Whether a field is masked at all.
    pub(super) fn hides(&self, field: &FieldName) -> bool {
        self.fields.contains_key(field)
    }

    /// The masked fields.
    pub(super) fn fields(&self) -> impl Iterator<Item = &FieldName> {
        self.fields.keys()
    }

    /// Whether any field is masked.
    pub(super) fn hide_any(&self) -> bool {
        !self.fields.is_empty()
    }

    /// The same without these fields.
    pub(super) fn without(&self, fields: &BTreeSet<FieldName>) -> Masks {
        let mut masks = self.clone();
        masks.fields.retain(|field, _| !fields.contains(field));
        masks.kept.extend(fields.iter().cloned());
        masks
    }

    /// The same, with what is sensitive and of no field in clear.
    pub(super) fn without_properties(&self) -> Masks {
        let of_fields = |(stream, property): &(StreamName, String)| {
            self.derived.contains(&(stream.clone(), property.clone()))
        };
        let properties = self.properties.iter().filter(|it| of_fields(it)).cloned().collect();
        Masks { properties, keys: self.derived_keys.clone(), ..self.clone() }
    }

    /// Whether anything is masked, a field or what is of none.
    pub(super) fn hide_anything(&self) -> bool {
        self.hide_any() || !self.properties.is_empty() || !self.keys.is_empty()
    }

    /// The columns of activities that hold what is masked.
    pub(super) fn columns_of_activities(&self) -> Vec<FieldName> {
        let properties = self.properties.iter().map(|(_, property)| property.as_str());
        let key = (!self.keys.is_empty()).then_some("key");
        let names: BTreeSet<&str> = properties.chain(key).collect();
        names.into_iter().map(FieldName::new).collect()
    }

    /// Whether a column of activities holds what is masked, in whatever stream.
    pub(super) fn hides_of_activities(&self, column: &str) -> bool {
        match column {
            "key" => !self.keys.is_empty(),
            "more" => self.hide_anything(),
            _ => self.properties.iter().any(|(_, property)| property == column),
        }
    }

    fn add(&mut self, settings: &Settings) {
        let of_role = settings.acting.as_ref().map(|acting| &acting.mask);
        self.is_of_role |= of_role.is_some_and(|mask| !mask.is_empty());
        for field in settings.fields.iter().filter(|field| settings.is_masked(field)) {
            let kind = of_role.and_then(|mask| mask.get(&field.name)).copied();
            let how = How { field_type: field.field_type, kind };
            // A role's own mask stays where the file that waits only says that a field is sensitive.
            self.fields.entry(field.name.clone()).or_insert(how);
        }
        for stream in &settings.streams {
            let is_masked = |field: &FieldName| self.fields.contains_key(field);
            let masked = stream.properties.iter().filter(|it| it.is_masked(false, is_masked));
            let masked: Vec<_> =
                masked.map(|it| (stream.name.clone(), it.name.as_str().to_owned())).collect();
            let derived = stream.properties.iter().filter(|it| it.of.iter().any(is_masked));
            let derived: Vec<_> =
                derived.map(|it| (stream.name.clone(), it.name.as_str().to_owned())).collect();
            if stream.key_of.iter().any(is_masked) {
                self.derived_keys.insert(stream.name.clone());
                self.keys.insert(stream.name.clone());
            } else if stream.key_is_sensitive {
                self.keys.insert(stream.name.clone());
            }
            self.properties.extend(masked);
            self.derived.extend(derived);
        }
        for source in &settings.sources {
            for (field, columns) in &source.map {
                if self.fields.contains_key(field) {
                    let of_source = |column: &String| (source.name.to_string(), column.clone());
                    self.columns.extend(columns.iter().map(of_source));
                }
            }
        }
    }

    pub(super) fn customer(&self, view: &mut CustomerView) {
        self.column(&mut view.column);
        self.violations(&mut view.violations);
        self.consent(&mut view.consent);
        self.entries(&mut view.history);
    }

    pub(super) fn card(&self, view: &mut CardView) {
        self.customer(&mut view.customer);
        self.timeline(&mut view.timeline);
    }

    /// What follows from a field that is masked is masked with it, all of it alike: what is there for a grant only,
    /// or the length of a word, would tell what it is.
    pub(super) fn consent(&self, view: &mut ConsentView) {
        let hidden = || {
            let mut text = Shown::from("masked");
            text.mask_as(MaskKind::Hide, FieldType::Text);
            text
        };
        let hides = |field: &Option<FieldName>| field.as_ref().is_some_and(|it| self.hides(it));
        for row in &mut view.preferences {
            if !row.reads.iter().any(|field| self.hides(field)) {
                continue;
            }
            (row.value, row.why, row.contradicted) = (Some(hidden()), hidden(), None);
            for statement in &mut row.statements {
                let is_said = self.hides(&statement.field);
                if is_said {
                    statement.value = hidden();
                }
                if is_said || hides(&statement.dated_by) {
                    statement.at = statement.dated_by.is_some().then(hidden);
                }
                statement.counts = None;
            }
        }
        for row in &mut view.rows {
            if !row.reads.iter().any(|field| self.hides(field)) {
                continue;
            }
            // Nor does the order tell which statement counts.
            row.statements.sort_by(|one, other| {
                (&one.record, &one.field).cmp(&(&other.record, &other.field))
            });
            (row.state, row.why, row.contradicted) = (hidden(), hidden(), None);
            for statement in &mut row.statements {
                let named = &statement.named;
                let is_said = self.hides(&statement.field);
                let [at, evidence] = [&named.at, &named.evidence].map(|it| is_said || hides(it));
                let all = [(at, &named.at, &mut statement.at)];
                for (is_hidden, field, text) in
                    all.into_iter().chain([(evidence, &named.evidence, &mut statement.evidence)])
                {
                    if is_hidden {
                        *text = field.is_some().then(hidden);
                    }
                }
                if is_said {
                    statement.said = hidden();
                }
                (statement.counts, statement.counts_at, statement.until) = (None, None, None);
            }
        }
    }

    pub(super) fn decision(&self, view: &mut DecisionView) {
        self.entries(std::slice::from_mut(&mut view.entry));
        for (field, text) in &mut view.values {
            self.hide(field, text);
        }
    }

    // As `Masking` takes it: of the answer's own type.
    #[allow(clippy::ptr_arg)]
    pub(super) fn history(&self, entries: &mut Vec<HistoryEntry>) {
        self.entries(entries);
    }

    pub(super) fn preview(&self, view: &mut PreviewView) {
        self.golden(&mut view.golden);
        self.typed(&mut view.typed);
    }

    pub(super) fn approval(&self, view: &mut ApprovalView) {
        if let Some(preview) = &mut view.preview {
            self.preview(preview);
        }
        // Which values follow, and which were others before, would tell something of masked ones.
        let corrected: BTreeSet<FieldName> = view
            .values
            .iter()
            .filter(|it| it.record.is_some())
            .map(|it| it.field.clone())
            .collect();
        view.values.retain(|it| {
            !self.hides(&it.field)
                || it.named && (it.record.is_some() || !corrected.contains(&it.field))
        });
        for value in view.values.iter_mut().filter(|it| self.hides(&it.field)) {
            value.then = None;
            self.hide_option(&value.field, &mut value.was);
            self.hide_option(&value.field, &mut value.becomes);
        }
    }

    /// A masked suggestion may have been taken by its label; what somebody typed is no news to them.
    fn typed(&self, values: &mut Vec<TypedValue>) {
        values.retain(|value| !value.taken || !self.fields.contains_key(&value.field));
    }

    /// Nobody knows which part of such a row is sensitive.
    pub(super) fn rows(&self, view: &mut QuarantineView) {
        view.rows.iter_mut().for_each(|row| self.hide_whole(&mut row.text));
    }

    /// A row that an import would bring.
    pub(super) fn preview_row(&self, row: &mut PreviewRow) {
        // A name read from a whole name was delivered as that, sensitive or not.
        let shared = self.delivered(row.values.iter().map(|it| (&it.field, Some(&it.raw))));
        for value in &mut row.values {
            if shared.contains(&value.raw) && !self.fields.contains_key(&value.field) {
                self.hide_whole(&mut value.raw);
            }
            self.hide(&value.field, &mut value.raw);
            self.hide_option(&value.field, &mut value.standard);
        }
    }

    /// Whether the values of a field are not to be seen. A part of a name may have been delivered as the
    /// whole name, which may be sensitive where the part is not.
    pub(super) fn hide_values(
        &self,
        field: &FieldName,
        field_type: FieldType,
        of: ValuesOf,
    ) -> bool {
        use FieldType::{FamilyName, FullName, GivenName, NameSuffix};
        let is_part = matches!(field_type, GivenName | FamilyName | NameSuffix);
        let whole = || self.fields.values().any(|hidden| hidden.field_type == FullName);
        self.fields.contains_key(field) || (of == ValuesOf::Raw && is_part && whole())
    }

    /// Which values are alike would tell what they are, and so would an order of the alphabet.
    pub(super) fn values(&self, view: &mut ValuesView) {
        if !self.hide_values(&view.field, view.field_type, view.of) {
            return;
        }
        view.masked = true;
        view.clusters.clear();
        view.compared = 0;
        self.order_values(view);
        let how = self.how_of(view);
        view.rows.iter_mut().for_each(|row| how.mask(&mut row.value));
    }

    /// Puts values that are to be masked in an order that tells nothing but what is shown of them.
    pub(super) fn order_values(&self, view: &mut ValuesView) {
        let how = self.how_of(view);
        view.rows.sort_by_cached_key(|row| as_shown(how, row));
    }

    /// The same of the values that code lists leave open.
    pub(super) fn order_codes(&self, view: &mut CodeListsView) {
        for list in &mut view.lists {
            if let Some(how) = self.fields.get(&list.field) {
                list.values.sort_by_cached_key(|(row, _)| as_shown(*how, row));
            }
        }
    }

    fn how_of(&self, view: &ValuesView) -> How {
        let how = How { field_type: view.field_type, kind: None };
        self.fields.get(&view.field).copied().unwrap_or(how)
    }

    pub(super) fn settings_diff(&self, view: &mut SettingsDiff) {
        for shift in &mut view.golden {
            for example in &mut shift.examples {
                self.hide_option(&shift.field, &mut example.before);
                self.hide_option(&shift.field, &mut example.after);
            }
        }
    }

    pub(super) fn corrected(&self, view: &mut CorrectedSome) {
        for change in &mut view.golden {
            self.hide_option(&change.field, &mut change.before);
            self.hide_option(&change.field, &mut change.after);
        }
        self.typed(&mut view.typed);
    }

    pub(super) fn code_lists(&self, view: &mut CodeListsView) {
        for list in &mut view.lists {
            let Some(how) = self.fields.get(&list.field) else { continue };
            for (row, near) in &mut list.values {
                how.mask(&mut row.value);
                near.clear();
            }
        }
    }

    /// A value that is read otherwise than before, of a record that holds `values`.
    pub(super) fn reread(&self, values: &Values, example: &mut RereadExample) {
        let raw = |value: &Value| Shown::from(value.raw());
        // A name read from a whole name was delivered as that, sensitive or not.
        let is_shared = |shown: &Shown| {
            let mut sensitive = values.iter().filter(|(field, _)| self.fields.contains_key(*field));
            sensitive.any(|(_, value)| raw(value) == *shown)
        };
        if !self.fields.contains_key(&example.field)
            && let Some(shown) = example.raw.as_mut().filter(|shown| is_shared(shown))
        {
            self.hide_whole(shown);
        }
        self.hide_option(&example.field, &mut example.raw);
        self.hide_option(&example.field, &mut example.before);
        self.hide_option(&example.field, &mut example.after);
    }

    /// Hides all of a text, of which it is not known what of it may be seen.
    fn hide_whole(&self, text: &mut Shown) {
        match self.is_of_role {
            // Not even its length.
            true => text.mask_as(MaskKind::Hide, FieldType::Text),
            false => text.hide(),
        }
    }

    fn hide_shared(&self, shared: &[Shown], text: &mut Option<Shown>) {
        if let Some(text) = text.as_mut().filter(|text| shared.contains(text)) {
            self.hide_whole(text);
        }
    }

    fn hide(&self, field: &FieldName, text: &mut Shown) {
        if let Some(how) = self.fields.get(field) {
            how.mask(text);
        }
    }

    fn hide_option(&self, field: &FieldName, text: &mut Option<Shown>) {
        if let Some(text) = text {
            self.hide(field, text);
        }
    }

    pub(super) fn record(&self, view: &mut RecordView) {
        // A name read from a whole name was delivered as that, sensitive or not.
        let shared =
            self.delivered(view.values.iter().map(|it| (&it.field, it.delivered.as_ref())));
        for value in &mut view.values {
            self.hide_shared(&shared, &mut value.delivered);
            self.hide_option(&value.field, &mut value.delivered);
            self.hide(&value.field, &mut value.value);
        }
        for disputed in view.overlaid.iter_mut().flat_map(|overlaid| &mut overlaid.values) {
            self.hide_option(&disputed.field, &mut disputed.old);
            self.hide_option(&disputed.field, &mut disputed.new);
        }
        let source = view.record.source.as_str();
        let is_part =
            |column: &String| self.columns.iter().any(|(of, part)| of == source && part == column);
        for (column, text) in &mut view.unmapped {
            // Nobody knows what is in them.
            if self.is_of_role || is_part(column) {
                self.hide_whole(text);
            }
        }
        for part in &mut view.parts {
            if part.sensitive || is_part(&part.column) {
                self.hide_whole(&mut part.value);
            }
        }
        self.violations(&mut view.violations);
        self.entries(&mut view.history);
    }

    pub(super) fn task(&self, view: &mut TaskView) {
        view.columns.iter_mut().for_each(|column| self.column(column));
        self.golden(&mut view.golden);
        view.pairs.iter_mut().for_each(|pair| self.pair(pair));
        if let Some(fix) = &mut view.fix {
            self.violations(&mut fix.violations);
        }
        for disputed in view.dispute.iter_mut().flat_map(|dispute| &mut dispute.values) {
            self.hide_option(&disputed.field, &mut disputed.old);
            self.hide_option(&disputed.field, &mut disputed.new);
        }
    }

    fn column(&self, column: &mut Column) {
        self.golden(&mut column.golden);
        self.cells(&mut column.cells);
        for member in &mut column.members {
            self.cells(&mut member.cells);
        }
    }

    fn golden(&self, golden: &mut Golden<Shown>) {
        for value in &mut golden.values {
            self.hide(&value.field, &mut value.text);
        }
        // How many there are beside it tells a role whether its records agree.
        let is_told = |kept: &KeptValue<Shown>| !kept.fields.iter().any(|field| self.hides(field));
        golden.kept.retain(|kept| !self.is_of_role || is_told(kept));
        for kept in &mut golden.kept {
            match kept.fields.as_slice() {
                [only] => self.hide(only, &mut kept.text),
                several if several.iter().any(|field| self.hides(field)) => {
                    self.hide_whole(&mut kept.text);
                }
                _ => {}
            }
            for said in [&mut kept.kind, &mut kept.since, &mut kept.verified].into_iter().flatten()
            {
                self.hide(&said.field, &mut said.text);
            }
        }
    }

    fn cells(&self, cells: &mut [Cell]) {
        let shared = self.delivered(cells.iter().map(|it| (&it.field, it.raw.as_ref())));
        for cell in cells {
            self.hide_shared(&shared, &mut cell.raw);
            self.hide_option(&cell.field, &mut cell.raw);
            self.hide_option(&cell.field, &mut cell.text);
            if self.fields.contains_key(&cell.field) {
                cell.words.mask();
            }
            self.violations(&mut cell.violations);
        }
    }

    /// What was delivered for the sensitive ones of these fields.
    fn delivered<'v>(
        &self,
        values: impl Iterator<Item = (&'v FieldName, Option<&'v Shown>)>,
    ) -> Vec<Shown> {
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

    pub(super) fn timeline(&self, view: &mut TimelineView) {
        self.entries(&mut view.history);
        for activity in &mut view.activities {
            if self.hides_key(&activity.stream) {
                self.hide_whole(&mut activity.key);
            }
            for (name, value) in &mut activity.properties {
                if self.hides_property(&activity.stream, name) {
                    // Of no type, so that nothing says which of its shape may be told.
                    value.mask_as(MaskKind::Hide, FieldType::Text);
                }
            }
        }
    }

    /// Whether a property of a stream is masked.
    pub(super) fn hides_property(&self, stream: &StreamName, property: &str) -> bool {
        self.properties.contains(&(stream.clone(), property.to_owned()))
    }

    /// Whether the keys of a stream are masked.
    pub(super) fn hides_key(&self, stream: &StreamName) -> bool {
        self.keys.contains(stream)
    }

    fn entries(&self, entries: &mut [HistoryEntry]) {
        for change in entries.iter_mut().flat_map(|entry| &mut entry.changes) {
            let field = FieldName::new(&change.field);
            self.hide_option(&field, &mut change.before);
            self.hide_option(&field, &mut change.after);
        }
    }

    /// What was compared may be parts of several fields: nothing of it stays.
    pub(super) fn pair(&self, pair: &mut ExplanationView) {
        for step in &mut pair.steps {
            let named = |field: &String| self.fields.contains_key(&FieldName::new(field));
            let kept = |field: &String| self.kept.contains(&FieldName::new(field));
            let is_kept = !step.fields.is_empty() && step.fields.iter().all(kept);
            if step.sensitive && !is_kept || step.fields.iter().any(named) {
                self.hide_whole(&mut step.left);
                self.hide_whole(&mut step.right);
                // How rare a value is tells which one it is.
                if self.is_of_role {
                    step.note = None;
                }
            }
        }
    }
}
