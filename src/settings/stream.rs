//! `[streams.*]`: what customers did, and how its files are read.
//!
//! A stream is read by what reads records: it has a [`Source`] of its own whose key is the activity's, whose time
//! of change is the activity's time, and whose fields are what an activity is made of.

use std::collections::BTreeMap;

use super::conventions::Conventions;
use super::field::{Declared, Field, is_declared, type_of};
use super::fixed;
use super::nearest::hint;
use super::reader::{Entry, Findings, Placed, Table, name_is_sound, text, texts};
use super::source::Source;
use super::written::Written;
use super::{Settings, quoted};
use domain::{ActivityKind, Currency, FieldName, FieldType, SourceName, StreamName};

/// A stream of activities.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stream {
    /// Its name.
    pub name: StreamName,
    /// The source that delivers it, whose records its rows name.
    pub source: SourceName,
    /// What kind its activities are of.
    pub kind: KindOf,
    /// The columns whose texts together are an activity's key; none: an activity is all that is read of its row.
    pub key: Vec<String>,
    /// The column of the time.
    pub at: String,
    /// The column of the sum.
    pub amount: Option<String>,
    /// The currency of sums.
    pub currency: CurrencyOf,
    /// The column of the key of the source's record whose activity it is.
    pub subject: Option<String>,
    /// The handles by which the subject is known else, in the order in which they are asked: fields, each with its column.
    pub handles: Vec<(FieldName, String)>,
    /// What else is kept of a row, in the order of the file.
    pub properties: Vec<Property>,
    /// Whether a file holds all of each day that it holds anything of: what came of those days before and is not in it
    /// is withdrawn.
    pub replaces_days: bool,
    /// What its activities are used for.
    pub purpose: Vec<String>,
    /// The declared fields whose values its keys are made of: keys are masked wherever one of them is.
    pub key_of: Vec<FieldName>,
    /// Whether a column of its keys is one that a property calls sensitive: keys are masked as that is.
    pub key_is_sensitive: bool,
    /// The declared fields whose values the words for kinds stand among: no role masks one of them.
    pub(super) kind_of: Vec<FieldName>,
    /// How its files are read.
    reads: Source,
    /// What is read of a row.
    fields: Vec<Field>,
}

/// What says of which kind an activity is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KindOf {
    /// All are of one.
    One(ActivityKind),
    /// A column does.
    Column {
        /// The column.
        column: String,
        /// What its words mean; none: the activity is left out. Words that are not here are kinds by themselves.
        words: BTreeMap<String, Option<ActivityKind>>,
    },
}

/// What says the currency of a sum.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CurrencyOf {
    /// Nothing does.
    Unknown,
    /// All are of one.
    One(Currency),
    /// A column does.
    Column(String),
}

/// Something that is kept of a row beside what steward knows the meaning of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Property {
    /// Its name.
    pub name: FieldName,
    /// Its column.
    pub column: String,
    /// What kind of value it holds.
    pub field_type: FieldType,
    /// Masked on screen until unmasked.
    pub sensitive: bool,
    /// Whether each row of an activity says one of it, so that equal ones are counted: the items of an order.
    pub each: bool,
    /// The declared fields whose values stand in its column as well: it is masked wherever one of them is.
    pub of: Vec<FieldName>,
}

impl Property {
    /// Whether it is masked for somebody who sees fields so.
    pub fn is_masked(&self, sees_sensitive: bool, is_masked: impl Fn(&FieldName) -> bool) -> bool {
        self.sensitive && !sees_sensitive || self.of.iter().any(is_masked)
    }
}

/// The names under which parts of an activity are read, where they are fields of a row.
pub mod part {
    /// The word that says of which kind it is.
    pub const KIND: &str = "kind";
    /// The sum.
    pub const AMOUNT: &str = "amount";
    /// Its currency.
    pub const CURRENCY: &str = "currency";
    /// The key of the record whose activity it is.
    pub const CUSTOMER: &str = "customer";
    /// The column of the time: said of [`UPDATED`](super::super::UPDATED) in a file's reading.
    pub const AT: &str = "at";
    /// All of them: no property is called so.
    pub const ALL: [&str; 6] = [KIND, AMOUNT, CURRENCY, CUSTOMER, AT, "key"];

    /// The name of the part of a key that stands at `place`, counted from 0.
    #[must_use]
    pub fn key(place: usize) -> String {
        format!("key {}", place + 1)
    }
}

impl Stream {
    /// The settings by which its rows are read.
    #[must_use]
    pub fn read_by(&self, settings: &Settings) -> Settings {
        Settings {
            fields: self.fields.clone(),
            sources: vec![self.reads.clone()],
            codes: Vec::new(),
            rules: Vec::new(),
            ..settings.clone()
        }
    }

    /// How its files are read.
    #[must_use]
    pub fn reads(&self) -> &Source {
        &self.reads
    }

    /// Whether a property is masked until somebody unmasks it.
    #[must_use]
    pub fn is_sensitive(&self, property: &str) -> bool {
        self.properties.iter().any(|own| own.name.as_str() == property && own.sensitive)
    }
}

const KNOWN: [&str; 23] = [
    "source",
    "kind",
    "key",
    "at",
    "amount",
    "currency",
    "subject",
    "properties",
    "rows",
    "replaces",
    "purpose",
    "required",
    "absent",
    "columns",
    "dates",
    "numbers",
    "region",
    "zone",
    "encoding",
    "delimiter",
    "header_row",
    "description",
    "owner",
];

/// What streams may name: declared fields, sources, purposes.
pub(super) struct Known<'a, 'doc> {
    pub(super) fields: &'a [Declared<'doc>],
    pub(super) sources: &'a [Source],
    pub(super) purposes: &'a [&'doc str],
}

pub(super) fn read_all(
    streams: &Table<'_>,
    known: &Known<'_, '_>,
    findings: &mut Findings,
) -> Vec<Stream> {
    let mut list = Vec::with_capacity(streams.entries.len());
    for entry in &streams.entries {
        let table = Table::of(*entry, format!("[streams.{}]", entry.key), findings);
        list.extend(table.and_then(|table| read(entry.key, &table, known, findings)));
    }
    list
}

fn read(
    name: &str,
    table: &Table<'_>,
    known: &Known<'_, '_>,
    findings: &mut Findings,
) -> Option<Stream> {
    name_is_sound(table.at, "the stream name", name, findings);
    if known.sources.iter().any(|source| source.name.as_str() == name) {
        findings
            .add(table.at, format!("`{name}` is the name of a source: call the stream otherwise"));
    }
    table.only(&KNOWN, findings);
    let source = read_source(table, known, findings);
    let kind = table.required("kind", findings).and_then(|entry| read_kind(entry, table, findings));
    let key = table.texts("key", findings).unwrap_or_default();
    let key: Vec<String> = key.iter().map(|column| column.text.to_owned()).collect();
    let at = table.required_text("at", findings).map(|column| column.text.to_owned());
    let amount = table.text("amount", findings).map(|column| column.text.to_owned());
    let currency = table.text("currency", findings);
    let currency =
        currency.map_or(CurrencyOf::Unknown, |said| read_currency(said, &amount, findings));
    let properties = read_properties(table, findings);
    let columns = Columns { source: source.as_ref(), properties: &properties };
    let (subject, handles) = read_subject(table, known, &columns, findings);
    let same_as =
        |column: &String, name: Option<&str>| same_as(column, name, (source, &handles, known));
    let mut properties = properties;
    for property in &mut properties {
        property.of = same_as(&property.column, Some(property.name.as_str()));
    }
    let sensitive = sensitive_columns(&mut properties);
    let is_sensitive_column =
        |column: &str| sensitive.iter().any(|own| own.eq_ignore_ascii_case(column));
    let shown = [
        (
            "kind",
            match &kind {
                Some(KindOf::Column { column, .. }) => Some(column.as_str()),
                _ => None,
            },
        ),
        ("at", at.as_deref()),
        ("amount", amount.as_deref()),
        (
            "currency",
            match &currency {
                CurrencyOf::Column(column) => Some(column.as_str()),
                _ => None,
            },
        ),
    ];
    for (part, column) in shown {
        if let Some(column) = column.filter(|column| is_sensitive_column(column)) {
            let at = table.get(part).map_or(table.at, |entry| entry.at);
            let what = "is sensitive as a property, and everybody sees";
            findings.add(at, format!("`{column}` {what} `{part}`: name another column"));
        }
    }
    if let Some(KindOf::Column { column, .. }) = &kind {
        let is_sensitive = |field: &FieldName| {
            let declared = known.fields.iter().find(|it| it.name == field.as_str());
            declared.and_then(|it| it.field.as_ref()).is_some_and(|field| field.sensitive)
        };
        if let Some(field) = same_as(column, None).into_iter().find(is_sensitive) {
            let at = table.get("kind").map_or(table.at, |entry| entry.at);
            let what = format!("`{column}` holds values of the sensitive field `{field}`");
            findings.add(at, format!("{what}: kinds cannot be read from it"));
        }
    }
    let kind_of = match &kind {
        Some(KindOf::Column { column, .. }) => same_as(column, None),
        _ => Vec::new(),
    };
    let key_is_sensitive = key.iter().any(|column| is_sensitive_column(column));
    let key_of = key.iter().flat_map(|column| same_as(column, None)).collect();
    let several_rows = read_rows(table, &key, findings);
    if let Some(property) = properties.iter().find(|it| it.each && !several_rows) {
        let at = table.get("properties").map_or(table.at, |entry| entry.at);
        let name = &property.name;
        findings.add(at, format!("`each` of `{name}` needs rows = \"several\""));
    }
    let replaces_days = read_replaces(table, findings);
    let purpose = read_purpose(table, known.purposes, findings);
    let fields =
        fields_of(&kind, &key, (&amount, &currency), (&subject, &handles, known), &properties);
    let parts: Vec<Declared<'_>> = fields.iter().map(declared).collect();
    let conventions = Conventions::read(table, &parts, findings);
    let written = Written::read(table, findings);
    let fixed = fixed::read(table, findings);
    let (source, kind, at) = (source?, kind?, at?);
    let mut map: Vec<(FieldName, Vec<String>)> = Vec::new();
    let mut maps = |field: &str, column: &str| {
        map.push((FieldName::new(field), vec![column.to_owned()]));
    };
    if let KindOf::Column { column, .. } = &kind {
        maps(part::KIND, column);
    }
    if key.len() > 1 {
        key.iter().enumerate().for_each(|(place, column)| maps(&part::key(place), column));
    }
    amount.iter().for_each(|column| maps(part::AMOUNT, column));
    if let CurrencyOf::Column(column) = &currency {
        maps(part::CURRENCY, column);
    }
    subject.iter().for_each(|column| maps(part::CUSTOMER, column));
    handles.iter().for_each(|(field, column)| maps(field.as_str(), column));
    properties.iter().for_each(|it| maps(it.name.as_str(), &it.column));
    let required = table.texts("required", findings).unwrap_or_default();
    let required = required.iter().filter_map(|name| {
        let of = map
            .iter()
            .find(|(field, columns)| field.as_str() == name.text || columns[0] == name.text);
        if of.is_none() {
            findings.add(name.at, format!("`{}` is not read by {}", name.text, table.title));
        }
        of.map(|(field, _)| field.clone())
    });
    let required = required.collect();
    let absent = super::source::read_absent(table, findings);
    let own = Source {
        key: key.first().unwrap_or(&at).clone(),
        updated: Some(at.clone()),
        map,
        conventions: inherited(conventions, &source.conventions),
        written,
        columns: fixed,
        required,
        several_rows,
        each_row: properties.iter().filter(|it| it.each).map(|it| it.name.clone()).collect(),
        absent: if absent.is_empty() { source.absent.clone() } else { absent },
        unmapped: super::Unmapped::Drop,
        keys_recur: key.len() != 1,
        stream: Some(StreamName::new(name)),
        ..Source::named(source.name.clone())
    };
    Some(Stream {
        name: StreamName::new(name),
        source: source.name.clone(),
        kind,
        key,
        at,
        amount,
        currency,
        subject,
        handles,
        properties,
        replaces_days,
        purpose,
        key_of,
        key_is_sensitive,
        kind_of,
        reads: own,
        fields,
    })
}

/// What a source says of itself holds of its streams, unless they say otherwise.
fn inherited(own: Conventions, source: &Conventions) -> Conventions {
    Conventions {
        dates: super::PerField { default: own.dates.default.or(source.dates.default), ..own.dates },
        numbers: super::PerField {
            default: own.numbers.default.or(source.numbers.default),
            ..own.numbers
        },
        region: own.region.or_else(|| source.region.clone()),
        zone: own.zone.or_else(|| source.zone.clone()),
    }
}

fn declared(field: &Field) -> Declared<'_> {
    Declared { name: field.name.as_str(), field: Some(field.clone()), listed: false }
}

fn read_source<'s>(
    table: &Table<'_>,
    known: &Known<'s, '_>,
    findings: &mut Findings,
) -> Option<&'s Source> {
    let said = table.required_text("source", findings)?;
    let source = known.sources.iter().find(|source| source.name.as_str() == said.text);
    if source.is_none() {
        let hint = hint(said.text, known.sources.iter().map(|source| source.name.as_str()));
        findings.add(said.at, format!("unknown source `{}` in {}{hint}", said.text, table.title));
    }
    source
}

/// `kind = "purchase"` or `kind = { column = "event", "Add to cart" = "cart_add", heartbeat = "" }`.
fn read_kind(entry: Entry<'_>, table: &Table<'_>, findings: &mut Findings) -> Option<KindOf> {
    if !entry.is_table() {
        let said = text(entry, findings)?;
        return kind(said, findings).map(KindOf::One);
    }
    let inner = Table::of(entry, format!("{} kind", table.title), findings)?;
    let column = inner.required_text("column", findings)?.text.to_owned();
    let mut words = BTreeMap::new();
    for entry in inner.entries.iter().filter(|entry| entry.key != "column") {
        let said = match entry.value.get_ref() {
            toml::de::DeValue::String(text) => text.as_ref(),
            _ => {
                findings.add(
                    entry.at,
                    format!("`{}` must be the name of a kind, or \"\" to leave it out", entry.key),
                );
                continue;
            }
        };
        let kind = match said.trim() {
            "" => None,
            said => match kind(Placed { at: entry.at, text: said }, findings) {
                Some(kind) => Some(kind),
                None => continue,
            },
        };
        words.insert(entry.key.trim().to_lowercase(), kind);
    }
    Some(KindOf::Column { column, words })
}

fn kind(said: Placed<'_>, findings: &mut Findings) -> Option<ActivityKind> {
    let kind = ActivityKind::new(said.text);
    if kind.is_none() {
        let near = ActivityKind::from_delivered(said.text);
        let near = near.map_or(String::new(), |near| format!(": write \"{near}\""));
        let what = "is not the name of a kind (small letters, digits and _)";
        findings.add(said.at, format!("`{}` {what}{near}", said.text));
    }
    kind
}

/// `currency = "EUR"`, or a column.
fn read_currency(said: Placed<'_>, amount: &Option<String>, findings: &mut Findings) -> CurrencyOf {
    if amount.is_none() {
        findings.add(said.at, "`currency` needs `amount`: the column of the sum");
    }
    match Currency::parse(said.text).filter(|_| said.text.bytes().all(|it| it.is_ascii_uppercase()))
    {
        Some(currency) if currency.is_known() => CurrencyOf::One(currency),
        _ => CurrencyOf::Column(said.text.to_owned()),
    }
}

/// Columns that something is known of.
struct Columns<'a> {
    source: Option<&'a &'a Source>,
    properties: &'a [Property],
}

/// `subject = { key = "customer_id", else = "email" }`, `subject = "customer_id"`.
fn read_subject(
    table: &Table<'_>,
    known: &Known<'_, '_>,
    columns: &Columns<'_>,
    findings: &mut Findings,
) -> (Option<String>, Vec<(FieldName, String)>) {
    let Some(entry) = table.required("subject", findings) else { return (None, Vec::new()) };
    if !entry.is_table() {
        return (text(entry, findings).map(|said| said.text.to_owned()), Vec::new());
    }
    let Some(inner) = Table::of(entry, format!("{} subject", table.title), findings) else {
        return (None, Vec::new());
    };
    inner.only(&["key", "else"], findings);
    let key = inner.text("key", findings).map(|said| said.text.to_owned());
    let mut handles: Vec<(FieldName, String)> = Vec::new();
    if let Some(entry) = inner.get("else") {
        let mut said: Vec<(Option<&str>, Placed<'_>)> = Vec::new();
        if entry.is_table() {
            let named = Table::of(entry, format!("{} else", inner.title), findings);
            for entry in named.iter().flat_map(|named| &named.entries) {
                said.extend(
                    text(*entry, findings).map(|column| {
                        (Some(entry.key), Placed { at: entry.at, text: column.text })
                    }),
                );
            }
        } else {
            let listed = texts(entry, findings).unwrap_or_default();
            said.extend(listed.into_iter().map(|column| (None, column)));
        }
        for (field, column) in said {
            let field = match field {
                Some(field) => is_declared(column.at, &inner.title, field, known.fields, findings)
                    .then(|| FieldName::new(field)),
                None => field_of_column(column, known, columns, findings),
            };
            let Some(field) = field else { continue };
            if let Some(of) = type_of(field.as_str(), known.fields)
                && !is_handle(of)
            {
                let what =
                    "is not a handle: only e-mail addresses, telephone numbers and identifiers are";
                findings.add(column.at, format!("`{field}` {what}"));
                continue;
            }
            if columns.properties.iter().any(|property| property.name == field) {
                findings.add(
                    column.at,
                    format!("`{field}` is a handle and a property: rename the property"),
                );
            }
            handles.push((field, column.text.to_owned()));
        }
    }
    if key.is_none() && handles.is_empty() {
        findings.add(entry.at, format!("{} needs `key`, `else`, or both", inner.title));
    }
    (key, handles)
}

/// The declared fields whose values stand in a column: it is a handle's, or the source reads them from such a column, or
/// they are called like what is read from it.
fn same_as(
    column: &str,
    name: Option<&str>,
    (source, handles, known): (Option<&Source>, &[(FieldName, String)], &Known<'_, '_>),
) -> Vec<FieldName> {
    let is_it = |other: &str| other.eq_ignore_ascii_case(column);
    let of_handles = handles.iter().filter(|(_, own)| is_it(own)).map(|(field, _)| field.clone());
    let map = source.iter().flat_map(|source| &source.map);
    let mapped = map.filter(|(_, columns)| columns.iter().any(|own| is_it(own)));
    let mut fields: Vec<FieldName> =
        of_handles.chain(mapped.map(|(field, _)| field.clone())).collect();
    let called = |field: &&Declared<'_>| is_it(field.name) || name == Some(field.name);
    fields.extend(known.fields.iter().filter(called).map(|field| FieldName::new(field.name)));
    fields.sort();
    fields.dedup();
    fields
}

/// The columns that a property calls sensitive; every property of such a column is.
fn sensitive_columns(properties: &mut [Property]) -> Vec<String> {
    let sensitive = properties.iter().filter(|it| it.sensitive);
    let sensitive: Vec<String> = sensitive.map(|it| it.column.clone()).collect();
    for property in properties {
        property.sensitive |=
            sensitive.iter().any(|own| own.eq_ignore_ascii_case(&property.column));
    }
    sensitive
}

/// Kinds are seen by everybody who sees that there was an activity: no role may mask what they are read from.
pub(super) fn kinds_must_be_open(
    (streams, table): (&[Stream], Option<Table<'_>>),
    roles: &[super::Role],
    findings: &mut Findings,
) {
    let Some(table) = table else { return };
    for stream in streams {
        let entry = table.get(stream.name.as_str());
        let at = entry.map_or(table.at, |entry| entry.at);
        for field in &stream.kind_of {
            if let Some(role) = roles.iter().find(|role| role.mask.contains_key(field)) {
                let (name, role) = (&stream.name, &role.name);
                findings.add(
                    at,
                    format!(
                        "`kind` of [streams.{name}] is read from a column of `{field}`, which \
                         [roles.{role}] masks: name another column, or clear the field there"
                    ),
                );
            }
        }
    }
}

/// Whether a value of that type may tell who somebody is.
fn is_handle(of: FieldType) -> bool {
    matches!(
        of,
        FieldType::Email | FieldType::Phone | FieldType::Identifier | FieldType::NationalId
    )
}

/// The field that a column holds: the one that is called so, or that the source reads from it.
fn field_of_column(
    column: Placed<'_>,
    known: &Known<'_, '_>,
    columns: &Columns<'_>,
    findings: &mut Findings,
) -> Option<FieldName> {
    let declared = known.fields.iter().find(|field| field.name == column.text);
    if let Some(declared) = declared {
        return Some(FieldName::new(declared.name));
    }
    let map = columns.source.iter().flat_map(|source| &source.map);
    let mut read_from = map.filter(|(_, columns)| columns.iter().any(|own| own == column.text));
    if let (Some((field, _)), None) = (read_from.next(), read_from.next()) {
        return Some(field.clone());
    }
    let name = quoted(column.text);
    findings.add(
        column.at,
        format!("which field does the column {name} hold? write else = {{ email = {name} }}, with the field's name"),
    );
    None
}

/// `properties = ["channel"]` or `properties = { channel = "Sales channel", note = { column = "Note", sensitive = true } }`.
fn read_properties(table: &Table<'_>, findings: &mut Findings) -> Vec<Property> {
    let Some(entry) = table.get("properties") else { return Vec::new() };
    let mut list: Vec<Property> = Vec::new();
    let mut add = |name: &str, at: usize, property: Property, findings: &mut Findings| {
        if part::ALL.contains(&name) || name.starts_with("key ") {
            findings.add(
                at,
                format!("a property cannot be called `{name}`: that is a part of every activity"),
            );
        } else if list.iter().any(|own| own.name == property.name) {
            findings.add(at, format!("there are two properties called `{name}`"));
        } else if name_is_sound(at, "the property name", name, findings) {
            list.push(property);
        }
    };
    let plain = |name: &str, column: &str| Property {
        name: FieldName::new(name),
        column: column.to_owned(),
        field_type: FieldType::Text,
        sensitive: false,
        each: false,
        of: Vec::new(),
    };
    if !entry.is_table() {
        for column in texts(entry, findings).unwrap_or_default() {
            let name = named_like(column.text);
            add(&name, column.at, plain(&name, column.text), findings);
        }
        return list;
    }
    let Some(inner) = Table::of(entry, format!("{} properties", table.title), findings) else {
        return list;
    };
    for entry in &inner.entries {
        if !entry.is_table() {
            if let Some(column) = text(*entry, findings) {
                add(entry.key, entry.at, plain(entry.key, column.text), findings);
            }
            continue;
        }
        let Some(own) = Table::of(*entry, format!("{} {}", inner.title, entry.key), findings)
        else {
            continue;
        };
        own.only(&["column", "type", "sensitive", "each"], findings);
        let Some(column) = own.required_text("column", findings) else { continue };
        let mut property = plain(entry.key, column.text);
        property.sensitive = own.boolean("sensitive", findings).unwrap_or(false);
        property.each = own.boolean("each", findings).unwrap_or(false);
        if let Some(said) = own.text("type", findings) {
            match FieldType::from_name(said.text) {
                Some(of) => property.field_type = of,
                None => {
                    let hint = hint(said.text, FieldType::ALL.map(FieldType::name));
                    findings.add(said.at, format!("unknown field type `{}`{hint}", said.text));
                }
            }
        }
        add(entry.key, entry.at, property, findings);
    }
    list
}

/// A name that can be used in expressions, for a column: `Sales Channel` is `sales_channel`.
fn named_like(column: &str) -> String {
    let mut name = String::new();
    for letter in column.trim().chars() {
        match letter {
            letter if letter.is_alphanumeric() => name.extend(letter.to_lowercase()),
            _ if name.is_empty() || name.ends_with('_') => {}
            _ => name.push('_'),
        }
    }
    name.trim_end_matches('_').to_owned()
}

/// `rows = "several"`: an order that stands in several rows is one activity.
fn read_rows(table: &Table<'_>, key: &[String], findings: &mut Findings) -> bool {
    let Some(rows) = table.text("rows", findings) else { return false };
    if !matches!(rows.text, "one" | "several") {
        findings
            .add(rows.at, format!("`rows` must be \"one\" or \"several\", not `{}`", rows.text));
    }
    let several = rows.text == "several";
    if several && key.len() != 1 {
        findings.add(
            rows.at,
            "`rows` = \"several\" needs `key`: one column that all rows of an activity share",
        );
    }
    several
}

/// `replaces = "day"`.
fn read_replaces(table: &Table<'_>, findings: &mut Findings) -> bool {
    let Some(said) = table.text("replaces", findings) else { return false };
    if said.text != "day" {
        findings.add(said.at, format!("`replaces` must be \"day\", not `{}`", said.text));
    }
    said.text == "day"
}

pub(super) fn read_purpose(
    table: &Table<'_>,
    purposes: &[&str],
    findings: &mut Findings,
) -> Vec<String> {
    let said = table.texts("purpose", findings).unwrap_or_default();
    for purpose in said.iter().filter(|said| !purposes.contains(&said.text)) {
        let hint = hint(purpose.text, purposes.iter().copied());
        findings.add(
            purpose.at,
            format!("unknown purpose `{}` in {}{hint}", purpose.text, table.title),
        );
    }
    said.iter().map(|purpose| purpose.text.to_owned()).collect()
}

/// What is read of a row, as fields.
fn fields_of(
    kind: &Option<KindOf>,
    key: &[String],
    (amount, currency): (&Option<String>, &CurrencyOf),
    (subject, handles, known): (&Option<String>, &[(FieldName, String)], &Known<'_, '_>),
    properties: &[Property],
) -> Vec<Field> {
    let mut fields: Vec<Field> = Vec::new();
    let mut add = |name: &str, of| fields.push(Field::plain(FieldName::new(name), of));
    if matches!(kind, Some(KindOf::Column { .. })) {
        add(part::KIND, FieldType::Text);
    }
    if key.len() > 1 {
        (0..key.len()).for_each(|place| add(&part::key(place), FieldType::Text));
    }
    if amount.is_some() {
        add(part::AMOUNT, FieldType::Number);
    }
    if matches!(currency, CurrencyOf::Column(_)) {
        add(part::CURRENCY, FieldType::Text);
    }
    if subject.is_some() {
        add(part::CUSTOMER, FieldType::Text);
    }
    for (field, _) in handles {
        add(field.as_str(), type_of(field.as_str(), known.fields).unwrap_or(FieldType::Text));
    }
    for property in properties {
        add(property.name.as_str(), property.field_type);
    }
    let of_records = |name: &str| known.fields.iter().find(|field| field.name == name);
    for field in &mut fields {
        let of_handle =
            of_records(field.name.as_str()).and_then(|declared| declared.field.as_ref());
        field.sensitive = match properties.iter().find(|property| property.name == field.name) {
            Some(property) => property.sensitive,
            None => {
                handles.iter().any(|(own, _)| *own == field.name)
                    && of_handle.is_some_and(|own| own.sensitive)
            }
        };
    }
    fields
}

#[cfg(test)]
mod tests {
    use super::super::parse;
    use super::*;

    const HEAD: &str = "[workspace]\nname = \"a\"\nregion = \"DE\"\n[fields.email]\ntype = \"email\"\nsensitive = true\n\
        [fields.city]\ntype = \"city\"\n[purposes.billing]\nbasis = \"contract\"\n\
        [sources.shop]\nkey = \"id\"\nzone = \"Europe/Berlin\"\nmap = { email = \"E-Mail\", city = \"Ort\" }\n[streams.orders]\n";

    fn stream(text: &str) -> Result<Stream, String> {
        match parse(&format!("{HEAD}{text}")) {
            Ok(settings) => Ok(settings.streams[0].clone()),
            Err(findings) => {
                let said: Vec<String> =
                    findings.into_iter().map(|finding| finding.to_string()).collect();
                Err(said.join("\n"))
            }
        }
    }

    const ORDERS: &str = "source = \"shop\"\nkey = \"order\"\nat = \"when\"\n";

    #[test]
    fn a_stream_is_read_as_a_source_of_its_own() {
        let text = format!(
            "{ORDERS}kind = \"purchase\"\namount = \"total\"\ncurrency = \"EUR\"\npurpose = \"billing\"\n\
             subject = {{ key = \"customer\", else = [\"E-Mail\"] }}\n\
             properties = {{ channel = \"Channel\", note = {{ column = \"Note\", sensitive = true }} }}\n"
        );
        let stream = stream(&text).unwrap();
        assert_eq!(stream.subject.as_deref(), Some("customer"));
        assert_eq!(stream.handles, [(FieldName::new("email"), "E-Mail".to_owned())]);
        assert_eq!(stream.currency, CurrencyOf::One(Currency::parse("EUR").unwrap()));
        let own = stream.reads();
        assert_eq!((own.key.as_str(), own.updated.as_deref()), ("order", Some("when")));
        assert_eq!(own.conventions.zone.as_deref(), Some("Europe/Berlin"), "the source's");
        let fields: Vec<(&str, bool)> =
            stream.fields.iter().map(|field| (field.name.as_str(), field.sensitive)).collect();
        let expected = [
            ("amount", false),
            ("customer", false),
            ("email", true),
            ("channel", false),
            ("note", true),
        ];
        assert_eq!(fields, expected);
        assert!(stream.is_sensitive("note") && !stream.is_sensitive("channel"));
    }

    #[test]
    fn kinds_are_told_by_a_column_and_left_out_by_an_empty_word() {
        let text = format!(
            "{ORDERS}kind = {{ column = \"event\", \"Add to Cart\" = \"cart_add\", heartbeat = \"\" }}\nsubject = \"customer\"\n"
        );
        let KindOf::Column { column, words } = stream(&text).unwrap().kind else {
            panic!("a column")
        };
        assert_eq!(column, "event");
        assert_eq!(words["add to cart"], ActivityKind::new("cart_add"));
        assert_eq!(words["heartbeat"], None);
    }

    #[test]
    fn what_is_wrong_is_said_with_its_line_and_the_way_out() {
        let faults = [
            ("kind = \"Purchase!\"\nsubject = \"c\"\n", "write \"purchase\""),
            ("kind = \"purchase\"\n", "[streams.orders] needs `subject`"),
            ("kind = \"purchase\"\nsubject = {}\n", "needs `key`, `else`, or both"),
            ("kind = \"purchase\"\nsubject = { else = \"Mail\" }\n", "which field does the column"),
            ("kind = \"purchase\"\nsubject = { else = \"city\" }\n", "`city` is not a handle"),
            (
                "kind = \"purchase\"\nsubject = { else = { mail = \"x\" } }\n",
                "not a declared field",
            ),
            (
                "kind = \"purchase\"\nsubject = \"c\"\ncurrency = \"EUR\"\n",
                "`currency` needs `amount`",
            ),
            (
                "kind = \"purchase\"\nsubject = \"c\"\nproperties = [\"Amount\"]\n",
                "a part of every activity",
            ),
            (
                "kind = \"purchase\"\nsubject = \"c\"\nproperties = [\"A b\", \"a_b\"]\n",
                "two properties called `a_b`",
            ),
            ("kind = \"purchase\"\nsubject = \"c\"\nreplaces = \"week\"\n", "must be \"day\""),
            ("kind = \"purchase\"\nsubject = \"c\"\npurpose = \"biling\"\n", "billing"),
            ("kind = \"purchase\"\nsubject = \"c\"\nsubjects = \"d\"\n", "unknown key `subjects`"),
        ];
        for (text, said) in faults {
            let found = stream(&format!("{ORDERS}{text}")).unwrap_err();
            assert!(found.contains(said), "{text}: {found}");
            assert!(found.starts_with("line "), "{found}");
        }
        let several =
            "source = \"shop\"\nat = \"when\"\nkind = \"a\"\nsubject = \"c\"\nrows = \"several\"\n";
        assert!(stream(several).unwrap_err().contains("one column that all rows"));
        let source = ORDERS.replace("shop", "shpo");
        let found = stream(&format!("{source}kind = \"a\"\nsubject = \"c\"\n")).unwrap_err();
        assert!(found.contains("unknown source `shpo`") && found.contains("shop"), "{found}");
    }

    #[test]
    fn what_a_property_calls_sensitive_is_so_wherever_its_column_is_read() {
        let secret = "properties = { plain = \"Note\", note = { column = \"note\", sensitive = true } }\nsubject = \"c\"\n";
        let of = |text: &str| stream(&format!("source = \"shop\"\n{secret}{text}"));
        let own = of("key = \"NOTE\"\nat = \"when\"\nkind = \"a\"\n").unwrap();
        assert!(own.key_is_sensitive && own.is_sensitive("plain"));
        let own = of("key = [\"id\", \"note\"]\nat = \"when\"\nkind = \"a\"\n").unwrap();
        assert!(own.key_is_sensitive);
        let own = of("key = \"id\"\nat = \"when\"\nkind = \"a\"\n").unwrap();
        assert!(!own.key_is_sensitive);
        for open in [
            "at = \"Note\"\nkind = \"a\"\n",
            "at = \"when\"\nkind = { column = \"note\" }\n",
            "at = \"when\"\nkind = \"a\"\namount = \"note\"\n",
            "at = \"when\"\nkind = \"a\"\namount = \"sum\"\ncurrency = \"note\"\n",
        ] {
            let found = of(open).unwrap_err();
            assert!(found.contains("is sensitive as a property"), "{open}: {found}");
        }
    }

    #[test]
    fn no_role_masks_what_kinds_are_read_from() {
        let kinds = "at = \"when\"\nkind = { column = \"Ort\" }\nsubject = \"c\"\n";
        let of = |mask: &str| {
            let role = format!("[roles.viewer]\nmay = [\"show\"]\nmask = {{ {mask} }}\n");
            stream(&format!("source = \"shop\"\n{kinds}{role}"))
        };
        for mask in ["city = \"hide\"", "default = \"hide\""] {
            let found = of(mask).unwrap_err();
            assert!(found.contains("which [roles.viewer] masks"), "{mask}: {found}");
            assert!(found.starts_with("line "), "{found}");
        }
        of("default = \"hide\", city = \"clear\"").unwrap();
    }
}
