//! From text to settings, with findings that name the line.
//!
//! Each section is read beside its type; this file puts them together, because rules, sources and
//! survivorship may only name declared fields.

use toml::de::DeTable;

use super::nearest::hint;
use super::reader::{Findings, Table};
use super::{
    ByHand, CodeList, DecisionSettings, MatchingSettings, PolicySettings, QueueSettings,
    RequestSettings, ReviewSettings, ServeSettings, Settings, Survivorship, Workspace, approvals,
    codes, field, journey, measure, people, purpose, queue, retention, roles, rule_reader, segment,
    source, stream,
};

/// One thing wrong with a `steward.toml`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Line, counted from 1.
    pub line: usize,
    /// What is wrong and what to do, in one sentence.
    pub message: String,
}

impl std::fmt::Display for Finding {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "line {}: {}", self.line, self.message)
    }
}

/// The sections of the file.
const SECTIONS: [&str; 23] = [
    "workspace",
    "fields",
    "purposes",
    "sources",
    "streams",
    "journeys",
    "measures",
    "segments",
    "codes",
    "rules",
    "matching",
    "survivorship",
    "decisions",
    "review",
    "queue",
    "views",
    "people",
    "roles",
    "serve",
    "retention",
    "approvals",
    "requests",
    "policy",
];

/// Sections whose names are reserved for a later version.
const LATER: [&str; 1] = ["masking"];

/// Sections that belong to one person's preferences, not to the workspace.
const PERSONAL: [&str; 2] = ["keys", "theme"];

/// Reads a whole `steward.toml`.
///
/// # Errors
/// Everything that is wrong with it, in the order of lines. Text that is no TOML is reported as
/// such first: what it means is judged once it can be read.
pub fn parse(text: &str) -> Result<Settings, Vec<Finding>> {
    let mut findings = Findings::new(text);
    let (document, errors) = DeTable::parse_recoverable(text);
    for error in &errors {
        let at = error.span().map_or(0, |span| span.start);
        findings.add(at, format!("not TOML: {}", error.message()));
    }
    if !findings.is_empty() {
        return Err(findings.into_sorted());
    }
    let settings = read(text, &Table::new(0, "", document.get_ref()), &mut findings);
    match settings {
        Some(settings) if findings.is_empty() => Ok(settings),
        _ => Err(findings.into_sorted()),
    }
}

fn read(text: &str, root: &Table<'_>, findings: &mut Findings) -> Option<Settings> {
    sections_are_known(root, findings);
    let section = |name: &str, findings: &mut Findings| {
        root.get(name).and_then(|entry| Table::of(entry, format!("[{name}]"), findings))
    };
    let workspace = match root.get("workspace") {
        Some(_) => {
            section("workspace", findings).and_then(|table| Workspace::read(&table, findings))
        }
        None => {
            findings.add(0, "[workspace] is missing; it needs `name` and should have `region`");
            None
        }
    };
    let purposes = section("purposes", findings);
    let named: Vec<&str> =
        purposes.iter().flat_map(|table| &table.entries).map(|it| it.key).collect();
    let mut fields = section("fields", findings)
        .map(|table| field::read_all(&table, &named, findings))
        .unwrap_or_default();
    let purposes =
        purposes.map(|table| purpose::read_all(&table, &fields, findings)).unwrap_or_default();
    let sources = section("sources", findings)
        .map(|table| source::read_all(&table, &fields, findings))
        .unwrap_or_default();
    let streams = section("streams", findings);
    let streams = streams.map(|table| {
        let known = stream::Known { fields: &fields, sources: &sources, purposes: &named };
        stream::read_all(&table, &known, findings)
    });
    let streams = streams.unwrap_or_default();
    let codes = section("codes", findings)
        .map(|table| codes::read_all(&table, &fields, &sources, findings))
        .unwrap_or_default();
    for declared in &mut fields {
        let of = |list: &CodeList| list.closed && list.field.as_str() == declared.name;
        declared.listed = codes.iter().any(of);
    }
    let rules = rule_reader::read_all(&root.tables("rules", findings), &fields, findings);
    let (matching, by_hand) = section("matching", findings)
        .map(|table| {
            let thresholds = MatchingSettings::read(&table, findings);
            (thresholds, ByHand::read(&table, &fields, &sources, findings))
        })
        .unwrap_or_default();
    let survivorship = section("survivorship", findings)
        .map(|table| Survivorship::read(&table, &fields, findings))
        .unwrap_or_default();
    let measures = section("measures", findings);
    let measured: Vec<&str> =
        measures.iter().flat_map(|table| &table.entries).map(|it| it.key).collect();
    let kept = kept_columns(&fields, &survivorship);
    let measures = measures.map(|table| {
        let known =
            measure::Known { fields: &fields, streams: &streams, purposes: &named, kept: &kept };
        measure::read_all(&table, &known, findings)
    });
    let measures = measures.unwrap_or_default();
    let segments = section("segments", findings)
        .map(|table| segment::read_all(&table, (&fields, &measures, &measured), findings))
        .unwrap_or_default();
    let decisions = section("decisions", findings)
        .map(|table| DecisionSettings::read(&table, findings))
        .unwrap_or_default();
    let review = section("review", findings)
        .map(|table| ReviewSettings::read(&table, findings))
        .unwrap_or_default();
    let queue = section("queue", findings)
        .map(|table| QueueSettings::read(&table, (&fields, &measures), findings))
        .unwrap_or_default();
    let views = section("views", findings)
        .map(|table| queue::read_views(&table, findings))
        .unwrap_or_default();
    let people = section("people", findings)
        .map(|table| people::read_all(&table, findings))
        .unwrap_or_default();
    let roles = section("roles", findings)
        .map(|table| roles::read_all(&table, &fields, findings))
        .unwrap_or_default();
    // Everybody sees the order of the queue, and the stake beside each task.
    if let Some(stake) = &queue.stake
        && let Some(role) = roles.iter().find(|role| role.mask.contains_key(stake))
        && let Some(entry) = root.get("queue")
    {
        let name = &role.name;
        findings.add(
            entry.at,
            format!(
                "`stake` of [queue] is `{stake}`, which [roles.{name}] masks: name another field, or \
                 clear it there"
            ),
        );
    }
    let named = section("streams", &mut Findings::new(text));
    stream::kinds_must_be_open((&streams, named), &roles, findings);
    // The same of a measure that takes what is masked.
    if let Some(stake) = &queue.stake
        && let Some(measure) = measures.iter().find(|measure| measure.name == *stake)
        && let Some(property) = measure.take.property()
        && let Some(entry) = root.get("queue")
    {
        let masks = |field: &domain::FieldName| {
            let mut own = fields.iter().filter_map(|declared| declared.field.as_ref());
            own.any(|own| own.name == *field && own.sensitive)
                || roles.iter().any(|role| role.mask.contains_key(field))
        };
        let mut own = streams.iter().flat_map(|stream| &stream.properties);
        if own.any(|own| own.name == *property && own.is_masked(false, masks)) {
            findings.add(
                entry.at,
                format!(
                    "`stake` of [queue] is `{stake}`, which takes the masked property `{property}`: name \
                     another measure, because everybody sees its order"
                ),
            );
        }
    }
    if let Some(people) = section("people", &mut Findings::new(text)) {
        roles::must_be_known(&people, &roles, findings);
    }
    let approvals = approvals::read_all(&root.tables("approvals", findings), &roles, findings);
    let serve = section("serve", findings)
        .map(|table| ServeSettings::read(&table, findings))
        .unwrap_or_default();
    let requests = section("requests", findings)
        .map(|table| RequestSettings::read(&table, findings))
        .unwrap_or_default();
    let policy = section("policy", findings)
        .map(|table| PolicySettings::read(&table, findings))
        .unwrap_or_default();
    let journeys = journey::read_all(&root.tables("journeys", findings), &streams, findings);
    let retention = retention::read_all(&root.tables("retention", findings), &fields, findings);
    Some(Settings {
        text: text.to_owned(),
        fingerprint: blake3::hash(text.as_bytes()).to_hex().to_string(),
        workspace: workspace?,
        fields: fields.into_iter().filter_map(|declared| declared.field).collect(),
        purposes,
        sources,
        streams,
        journeys,
        measures,
        segments,
        codes,
        rules,
        matching,
        by_hand,
        survivorship,
        decisions,
        review,
        queue: QueueSettings { views, ..queue },
        people,
        roles,
        serve,
        retention,
        approvals,
        requests,
        policy,
        acting: None,
    })
}

/// Columns of values that are kept beside golden ones: `email_others`, `email_other_1`.
fn kept_columns(fields: &[field::Declared<'_>], survivorship: &Survivorship) -> Vec<String> {
    let fields = fields.iter().filter_map(|declared| declared.field.as_ref());
    let own = fields.filter_map(|field| Some((field.name.as_str(), field.about.keep.as_ref()?)));
    let groups = survivorship.groups.iter();
    let groups = groups.filter_map(|group| Some((group.name.as_str(), group.keep.as_ref()?)));
    let columns = own.chain(groups).flat_map(|(of, keep)| {
        let own = (1..=keep.columns).map(move |number| format!("{of}_other_{number}"));
        std::iter::once(format!("{of}_others")).chain(own)
    });
    columns.collect()
}

fn sections_are_known(root: &Table<'_>, findings: &mut Findings) {
    for entry in root.entries.iter().filter(|entry| !SECTIONS.contains(&entry.key)) {
        let key = entry.key;
        let message = if LATER.contains(&key) {
            format!("[{key}] is not supported by this version of steward; remove it")
        } else if PERSONAL.contains(&key) {
            format!(
                "[{key}] is a personal setting, not one of the workspace: move it to \
                 ~/.config/steward/config.toml"
            )
        } else {
            format!("unknown section [{key}]{}", hint(key, SECTIONS))
        };
        findings.add(entry.at, message);
    }
}

#[cfg(test)]
mod tests;
