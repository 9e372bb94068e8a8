//! `[sources.*]`.

use std::collections::BTreeMap;

use super::conventions::Conventions;
use super::deleted::DeletedMark;
use super::field::{Declared, is_declared, type_of};
use super::fixed::{self, FixedColumn};
use super::link;
use super::merged::MergedColumns;
use super::organisation::OrganisationFlag;
use super::reader::{Entry, Findings, Table, integer, name_is_sound, texts};
use super::written::Written;
use domain::{FieldName, FieldType, Lapse, SourceName, StreamName};

/// A system records come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// Its name: no colon, no white space.
    pub name: SourceName,
    /// How far its values are trusted.
    pub trust: Trust,
    /// After how long without a change in the source it is trusted half as much.
    pub decay: Option<Lapse>,
    /// After so long its values give way to all others: what a third party knew goes out of date.
    pub expires: Option<Lapse>,
    /// Who mends its data.
    pub owner: Option<String>,
    /// Where a record stands in its own system, with `{key}` in the place of its key.
    pub link: Option<String>,
    /// The column that holds the record's key; dots walk into nested JSON.
    pub key: String,
    /// The column that says when the record last changed there.
    pub updated: Option<String>,
    /// The columns each field is read from; several are joined with a space.
    pub map: Vec<(FieldName, Vec<String>)>,
    /// How its dates, numbers and times are written, as far as that is said.
    pub conventions: Conventions,
    /// How its text files are written, as far as that is said.
    pub written: Written,
    /// The columns of its files, where each has its place; empty where they are parted otherwise.
    pub columns: Vec<FixedColumn>,
    /// Mapped fields without whose columns a file is refused. A file may lack any other column; what
    /// is held there stays.
    pub required: Vec<FieldName>,
    /// What becomes of records that a complete delivery no longer holds.
    pub vanished: VanishedPolicy,
    /// How its keys are made, where one is written in several ways.
    pub key_form: Option<KeyForm>,
    /// The columns that say which records it has merged.
    pub merged: MergedColumns,
    /// Whether a record may have several rows of a file, of which each field takes the first value.
    pub several_rows: bool,
    /// Of a stream whose activities have several rows: what each of these says one of.
    pub each_row: Vec<FieldName>,
    /// The column in which a row without a key repeats what the row above says, where it is of its record.
    pub rows_by: Option<String>,
    /// Mapped fields that make one thing, an address or a name: of several rows, they come from one.
    pub together: Vec<Vec<FieldName>>,
    /// What says that it has deleted a record.
    pub deleted: Option<DeletedMark>,
    /// Words that it writes into cells in which nothing stands: `False`.
    pub absent: Vec<String>,
    /// What tells an organisation's name from a person's where one column holds both.
    pub organisation: Option<OrganisationFlag>,
    /// What becomes of columns that nothing is read from.
    pub unmapped: Unmapped,
    /// Whether a key may stand in several rows that are each taken as they come: it does not tell what the row is about.
    pub keys_recur: bool,
    /// The stream of activities whose files these are; none: they are records.
    pub stream: Option<StreamName>,
}

/// What becomes of delivered columns that nothing is read from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Unmapped {
    /// They are kept with the record, as they came.
    #[default]
    Keep,
    /// They are dropped: the workspace never holds them.
    Drop,
}

/// More digits no key has.
const MOST_DIGITS: u8 = 40;

/// How a system makes its keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyForm {
    /// Fifteen characters in which case counts, or eighteen, of which the last three say the case of the
    /// others: one record under both.
    Salesforce,
    /// An e-mail address, in which case does not count.
    Email,
    /// So many digits: zeros in front that another program dropped, or added, are put right.
    Digits(u8),
}

/// What becomes of records that their source no longer holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum VanishedPolicy {
    /// Each customer of theirs becomes a task: a person decides.
    #[default]
    Task,
    /// They are closed.
    Close,
}

/// What a column that is kept as delivered is read for as well.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReadFor<'s> {
    /// It is one of several that make a field's value.
    Part(&'s FieldName),
    /// A field is read from it alone, and other rows of the record said something else.
    Other(&'s FieldName),
    /// It says when the record last changed; kept where that cannot be read.
    Updated,
}

impl Source {
    /// A source of which nothing but its name is known: it has no columns and is not trusted.
    #[must_use]
    pub fn named(name: SourceName) -> Source {
        Source {
            name,
            trust: Trust { default: 0, fields: BTreeMap::new() },
            decay: None,
            expires: None,
            owner: None,
            link: None,
            key: String::new(),
            updated: None,
            map: Vec::new(),
            conventions: Conventions::default(),
            written: Written::default(),
            columns: Vec::new(),
            required: Vec::new(),
            vanished: VanishedPolicy::default(),
            key_form: None,
            merged: MergedColumns::default(),
            several_rows: false,
            each_row: Vec::new(),
            rows_by: None,
            together: Vec::new(),
            deleted: None,
            absent: Vec::new(),
            organisation: None,
            unmapped: Unmapped::default(),
            keys_recur: false,
            stream: None,
        }
    }

    /// Whether something is made of a column's text: a field, the key, a time, a mark.
    #[must_use]
    pub fn reads(&self, column: &str) -> bool {
        // An object of JSON is delivered as columns of its own, `status.code`.
        let is = |own: &String| {
            let rest = column.strip_prefix(own.as_str());
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
        };
        let named = [&self.updated, &self.rows_by].into_iter().flatten();
        let marks = self.deleted.iter().map(|mark| &mark.column);
        let flags = self.organisation.iter().map(|flag| &flag.column);
        let merged = self.merged.into.iter().chain(&self.merged.from);
        let mapped = self.map.iter().flat_map(|(_, columns)| columns);
        let mut own = std::iter::once(&self.key).chain(named).chain(marks).chain(flags);
        own.any(is) || merged.chain(mapped).any(is)
    }

    /// What a kept column is read for; `None` means no field is read from it.
    #[must_use]
    pub fn read_for(&self, column: &str) -> Option<ReadFor<'_>> {
        let names = |columns: &[String]| columns.iter().any(|known| known == column);
        let part = self.map.iter().find(|(_, columns)| columns.len() > 1 && names(columns));
        let alone = || self.map.iter().find(|(_, columns)| self.several_rows && names(columns));
        match (part, alone()) {
            (Some((field, _)), _) => Some(ReadFor::Part(field)),
            (None, Some((field, _))) => Some(ReadFor::Other(field)),
            (None, None) => (self.updated.as_deref() == Some(column)).then_some(ReadFor::Updated),
        }
    }

    /// The column a field is read from, where that is one alone.
    #[must_use]
    pub fn only_column_of(&self, field: &FieldName) -> Option<&str> {
        let (_, columns) = self.map.iter().find(|(own, _)| own == field)?;
        match columns.as_slice() {
            [only] => Some(only),
            _ => None,
        }
    }
}

/// How far a source is trusted, 0 (not at all) to 100.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trust {
    /// For fields not named below.
    pub default: u8,
    /// For single fields.
    pub fields: BTreeMap<FieldName, u8>,
}

impl Trust {
    /// The trust in this source's values of `field`.
    #[must_use]
    pub fn of(&self, field: &str) -> u8 {
        self.fields.get(field).copied().unwrap_or(self.default)
    }
}

/// The longest text that may stand for nothing, in bytes.
const LONGEST_ABSENT: usize = 48;

/// The trust of a source that does not say: half way.
const DEFAULT_TRUST: u8 = 50;

pub(super) fn read_all(
    sources: &Table<'_>,
    fields: &[Declared<'_>],
    findings: &mut Findings,
) -> Vec<Source> {
    let mut list = Vec::with_capacity(sources.entries.len());
    for entry in &sources.entries {
        let title = format!("[sources.{}]", entry.key);
        let table = Table::of(*entry, title, findings);
        list.extend(table.and_then(|table| read(entry.key, &table, fields, findings)));
    }
    list
}

fn read(
    name: &str,
    table: &Table<'_>,
    fields: &[Declared<'_>],
    findings: &mut Findings,
) -> Option<Source> {
    name_is_sound(table.at, "the source name", name, findings);
    let known = [
        "trust", "decay", "expires", "owner", "link", "key", "updated", "map", "dates", "numbers",
        "region", "zone",
    ];
    let known = [
        &known[..],
        &[
            "columns",
            "required",
            "vanished",
            "key_form",
            "rows",
            "rows_by",
            "is_organisation",
            "absent",
            "deleted",
            "unmapped",
        ],
        &Written::KEYS,
    ]
    .concat();
    let known = [&known[..], &MergedColumns::KEYS].concat();
    table.only(&known, findings);
    let trust = match table.get("trust") {
        Some(entry) => Trust::read(entry, &table.title, fields, findings),
        None => Trust { default: DEFAULT_TRUST, fields: BTreeMap::new() },
    };
    let decay = read_age("decay", table, findings);
    let expires = read_age("expires", table, findings);
    let owner = table.text("owner", findings).map(|owner| owner.text.to_owned());
    let link = link::read(table, findings);
    let updated = table.text("updated", findings).map(|column| column.text.to_owned());
    let map = table
        .required("map", findings)
        .and_then(|entry| Table::of(entry, format!("{} map", table.title), findings))
        .map(|map| read_map(&map, fields, findings));
    let conventions = Conventions::read(table, fields, findings);
    let written = Written::read(table, findings);
    let columns = fixed::read(table, findings);
    let required = read_required(table, map.as_deref().unwrap_or_default(), findings);
    let vanished = read_vanished(table, findings);
    let key_form = read_key_form(table, findings);
    let merged = MergedColumns::read(table, findings);
    let several_rows = read_rows(table, findings);
    let rows_by = read_rows_by(table, several_rows, map.as_deref().unwrap_or_default(), findings);
    let absent = read_absent(table, findings);
    let deleted = DeletedMark::read(table, findings);
    let together = together(map.as_deref().unwrap_or_default(), fields);
    let organisation =
        OrganisationFlag::read(table, map.as_deref().unwrap_or_default(), fields, findings);
    let unmapped = read_unmapped(table, findings);
    let key = table.required_text("key", findings)?.text.to_owned();
    let name = SourceName::new(name);
    let map = map?;
    Some(Source {
        name,
        trust,
        decay,
        expires,
        owner,
        link,
        key,
        updated,
        map,
        conventions,
        written,
        columns,
        required,
        vanished,
        key_form,
        merged,
        several_rows,
        each_row: Vec::new(),
        rows_by,
        together,
        deleted,
        absent,
        organisation,
        unmapped,
        keys_recur: false,
        stream: None,
    })
}

/// `decay = "1 year"`, `expires = "2 years"`: each needs `updated`, which tells how old a record is.
fn read_age(key: &str, table: &Table<'_>, findings: &mut Findings) -> Option<Lapse> {
    let said = table.text(key, findings)?;
    if table.get("updated").is_none() {
        let what = "needs `updated`: the column that says when a record last changed";
        findings.add(said.at, format!("`{key}` {what}"));
    }
    let lapse: Option<Lapse> = said.text.parse().ok();
    if lapse.is_none() {
        findings.add(said.at, format!("`{}` is not {}", said.text, Lapse::EXPECTED));
    }
    lapse
}

/// `unmapped = "drop"`, or `"keep"`, which is what it is without.
fn read_unmapped(table: &Table<'_>, findings: &mut Findings) -> Unmapped {
    let Some(said) = table.text("unmapped", findings) else { return Unmapped::default() };
    match said.text {
        "keep" => Unmapped::Keep,
        "drop" => Unmapped::Drop,
        other => {
            let message = format!("`unmapped` must be \"drop\" or \"keep\", not `{other}`");
            findings.add(said.at, message);
            Unmapped::default()
        }
    }
}

/// `required = ["email"]`: fields, as in the map.
fn read_required(
    table: &Table<'_>,
    map: &[(FieldName, Vec<String>)],
    findings: &mut Findings,
) -> Vec<FieldName> {
    let Some(entry) = table.get("required") else { return Vec::new() };
    let mut required = Vec::new();
    for name in texts(entry, findings).unwrap_or_default() {
        if map.iter().any(|(field, _)| field.as_str() == name.text) {
            required.push(FieldName::new(name.text));
            continue;
        }
        let of_column = map.iter().find(|(_, columns)| columns.iter().any(|it| it == name.text));
        let hint = match of_column {
            Some((field, _)) => format!(": name the field read from it, `{field}`"),
            None => String::new(),
        };
        let title = &table.title;
        findings
            .add(entry.at, format!("`{}` is not a field in the map of {title}{hint}", name.text));
    }
    required
}

fn read_vanished(table: &Table<'_>, findings: &mut Findings) -> VanishedPolicy {
    let Some(policy) = table.text("vanished", findings) else { return VanishedPolicy::default() };
    match policy.text {
        "task" => VanishedPolicy::Task,
        "close" => VanishedPolicy::Close,
        other => {
            let message = format!("`vanished` must be \"task\" or \"close\", not `{other}`");
            findings.add(policy.at, message);
            VanishedPolicy::default()
        }
    }
}

fn read_key_form(table: &Table<'_>, findings: &mut Findings) -> Option<KeyForm> {
    let form = table.text("key_form", findings)?;
    match form.text {
        "salesforce" => Some(KeyForm::Salesforce),
        "email" => Some(KeyForm::Email),
        other => {
            let digits =
                other.strip_prefix("digits ").and_then(|digits| digits.trim().parse().ok());
            let digits = digits.filter(|digits| (1..=MOST_DIGITS).contains(digits));
            if digits.is_none() {
                let message = format!(
                    "`key_form` must be \"salesforce\", \"email\" or \"digits 6\" (1 to {MOST_DIGITS}), \
                     not `{other}`"
                );
                findings.add(form.at, message);
            }
            digits.map(KeyForm::Digits)
        }
    }
}

/// `rows = "several"`, or `"one"`, which is what it is without.
fn read_rows(table: &Table<'_>, findings: &mut Findings) -> bool {
    let Some(rows) = table.text("rows", findings) else { return false };
    if !matches!(rows.text, "one" | "several") {
        let message = format!("`rows` must be \"one\" or \"several\", not `{}`", rows.text);
        findings.add(rows.at, message);
    }
    rows.text == "several"
}

/// `rows_by = "Name"`: a column that no field is read from alone, since then it is kept as delivered.
fn read_rows_by(
    table: &Table<'_>,
    several_rows: bool,
    map: &[(FieldName, Vec<String>)],
    findings: &mut Findings,
) -> Option<String> {
    let column = table.text("rows_by", findings)?;
    if !several_rows {
        findings.add(column.at, "`rows_by` needs rows = \"several\"".to_owned());
    }
    let is_read = |columns: &Vec<String>| columns.len() == 1 && columns[0] == column.text;
    if map.iter().any(|(_, columns)| is_read(columns)) {
        let what = "names a column that a field is read from, but rows without a customer";
        findings.add(column.at, format!("`rows_by` {what} have nothing there"));
    }
    Some(column.text.to_owned())
}

/// `absent = ["False", "n.a."]`: whole cells.
pub(super) fn read_absent(table: &Table<'_>, findings: &mut Findings) -> Vec<String> {
    let Some(entry) = table.get("absent") else { return Vec::new() };
    let words = texts(entry, findings).unwrap_or_default();
    for word in words.iter().filter(|word| word.text.len() > LONGEST_ABSENT) {
        let what = format!("`{}` is too long for a word that means no value", word.text);
        findings.add(word.at, format!("{what}: at most {LONGEST_ABSENT} bytes"));
    }
    words.iter().map(|word| word.text.trim().to_owned()).collect()
}

/// What makes one thing of a record: an address, a name.
const TOGETHER: [&[FieldType]; 2] = [
    &[
        FieldType::Street,
        FieldType::City,
        FieldType::Region,
        FieldType::Postcode,
        FieldType::Country,
        FieldType::Address,
    ],
    &[FieldType::GivenName, FieldType::FamilyName, FieldType::FullName, FieldType::NameSuffix],
];

fn together(map: &[(FieldName, Vec<String>)], fields: &[Declared<'_>]) -> Vec<Vec<FieldName>> {
    let of_types = |types: &&[FieldType]| {
        let is_of = |name: &&FieldName| {
            type_of(name.as_str(), fields).is_some_and(|it| types.contains(&it))
        };
        map.iter().map(|(name, _)| name).filter(is_of).cloned().collect::<Vec<_>>()
    };
    TOGETHER.iter().map(of_types).filter(|fields| fields.len() > 1).collect()
}

fn read_map(
    map: &Table<'_>,
    fields: &[Declared<'_>],
    findings: &mut Findings,
) -> Vec<(FieldName, Vec<String>)> {
    let mut columns = Vec::with_capacity(map.entries.len());
    if map.entries.is_empty() {
        findings.add(map.at, format!("{} is empty: no field would get a value", map.title));
    }
    for entry in &map.entries {
        is_declared(entry.at, &map.title, entry.key, fields, findings);
        match texts(*entry, findings) {
            Some(names) if names.is_empty() => {
                findings.add(entry.at, format!("`{}` needs at least one column", entry.key));
            }
            Some(names) => {
                let names = names.iter().map(|name| name.text.to_owned()).collect();
                columns.push((FieldName::new(entry.key), names));
            }
            None => {}
        }
    }
    columns
}

impl Trust {
    /// `trust = 90` or `trust = { default = 90, email = 60 }`.
    fn read(
        entry: Entry<'_>,
        title: &str,
        fields: &[Declared<'_>],
        findings: &mut Findings,
    ) -> Self {
        let mut trust = Trust { default: DEFAULT_TRUST, fields: BTreeMap::new() };
        if !entry.value.get_ref().is_table() {
            if let Some(score) = score(entry, findings) {
                trust.default = score;
            }
            return trust;
        }
        let Some(table) = Table::of(entry, format!("{title} trust"), findings) else {
            return trust;
        };
        for entry in &table.entries {
            let score = score(*entry, findings);
            if entry.key == "default" {
                trust.default = score.unwrap_or(DEFAULT_TRUST);
            } else if is_declared(entry.at, &table.title, entry.key, fields, findings) {
                trust.fields.extend(score.map(|score| (FieldName::new(entry.key), score)));
            }
        }
        trust
    }
}

fn score(entry: Entry<'_>, findings: &mut Findings) -> Option<u8> {
    integer(entry, 0..101, findings).and_then(|score| u8::try_from(score).ok())
}
