//! A workspace for files that nobody described yet.

use std::collections::{BTreeMap, BTreeSet};

use super::file::FileLook;
use super::house_number;
use super::key::{self, KeyChoice};
use super::map::{self, Mapped, Unmapped};
use super::meaning::{self, Role};
use super::region::Region;
use super::source_name::{name_of, trust_of};
use crate::headings::Meaning;
use domain::{FieldType, counted};
use settings::Preset;

/// What is proposed for a workspace.
#[derive(Debug, Clone)]
pub struct Proposal {
    /// Its name.
    pub workspace: String,
    /// Its country.
    pub region: Option<Region>,
    /// Its sources, one a file.
    pub sources: Vec<ProposedSource>,
}

/// What is proposed for one file.
#[derive(Debug, Clone)]
pub struct ProposedSource {
    /// The source's name.
    pub name: String,
    /// The file, as it was named.
    pub file: String,
    /// What a look through it told.
    pub look: FileLook,
    /// Its key; none where no column tells records apart.
    pub key: Option<KeyChoice>,
    /// The column of the time of change.
    pub updated: Option<String>,
    /// Its fields.
    pub map: Vec<Mapped>,
    /// Columns that make none.
    pub unmapped: Vec<Unmapped>,
    /// Its own country, where that is another than the workspace's.
    pub region: Option<Region>,
    /// How far it is trusted, and why.
    pub trust: (u8, &'static str),
    /// What somebody should look at.
    pub remarks: Vec<String>,
    /// The preset that knows such files, with its title, where one does.
    pub preset: Option<(String, String)>,
    /// What that says of the source beside.
    pub extra: Vec<String>,
}

/// Proposes a workspace for files, each with its name as it was given; `region` is what somebody said.
/// Files that a preset knows are described by it.
#[must_use]
pub fn propose(
    workspace: &str,
    files: Vec<(String, FileLook)>,
    region: Option<&str>,
    presets: &[Preset],
) -> Proposal {
    let own: Vec<Option<Region>> =
        files.iter().map(|(_, look)| Region::of(look.columns.iter())).collect();
    let of_all = || of_files(&own, &files);
    let region = match region {
        Some(code) => {
            Some(Region { code: code.to_owned(), why: "as it was said".to_owned(), is_sure: true })
        }
        None => of_all(),
    };
    let mut taken = BTreeMap::new();
    let sources = files.into_iter().zip(own).map(|((file, look), own)| {
        let columns: Vec<&str> = look.columns.iter().map(|column| column.name.as_str()).collect();
        let called: Vec<Preset> = presets.iter().map(|it| it.as_called_in(&columns)).collect();
        let preset = Preset::of_header(&called, &columns);
        let called = preset.map_or(file.as_str(), |preset| preset.source().name.as_str());
        let name = name_of(called, &mut taken);
        let own = own.filter(|own| {
            own.is_sure && region.as_ref().is_some_and(|region| region.code != own.code)
        });
        let proposed = source(name, file, look, own);
        preset.map_or(proposed.clone(), |preset| proposed.described_by(preset))
    });
    let sources = sources.collect();
    Proposal { workspace: workspace.to_owned(), region, sources }
}

/// The region of several files: that of most rows among those that are sure, else among all. Where another
/// file is of another country, that is said, and it is no certainty unless most rows are.
fn of_files(own: &[Option<Region>], files: &[(String, FileLook)]) -> Option<Region> {
    let told = || own.iter().zip(files).filter_map(|(own, file)| Some((own.as_ref()?, file)));
    let is_any_sure = told().any(|(region, _)| region.is_sure);
    let told = || told().filter(|(region, _)| region.is_sure || !is_any_sure);
    let mut rows: BTreeMap<&str, u64> = BTreeMap::new();
    for (region, (_, look)) in told() {
        *rows.entry(region.code.as_str()).or_default() += look.rows;
    }
    // Of as many rows, the file that was named first.
    let most = rows.values().copied().max()?;
    let (region, (file, _)) = told().find(|(region, _)| rows[region.code.as_str()] == most)?;
    let others: BTreeSet<&str> = told().map(|(other, _)| other.code.as_str()).collect();
    let others: Vec<&str> = others.into_iter().filter(|code| *code != region.code).collect();
    if others.is_empty() {
        return Some(region.clone());
    }
    let all: u64 = rows.values().sum();
    let why = format!("from {file}: {}; other files are from {}", region.why, others.join(", "));
    let is_sure = region.is_sure && most * 2 > all;
    Some(Region { code: region.code.clone(), why, is_sure })
}

fn source(name: String, file: String, look: FileLook, region: Option<Region>) -> ProposedSource {
    let columns = look.columns.iter().enumerate();
    let mut roles: Vec<Option<Role>> =
        columns.map(|(place, column)| meaning::role(place, column)).collect();
    house_number::tell(&look, &mut roles);
    let key = key::choose(&look, &roles);
    let named = key.as_ref().map(|key| key.column.as_str());
    let assigned = map::assign(&look, &roles, named);
    // A wrong key costs most: it is said first.
    let mut remarks: Vec<String> = key.iter().filter_map(|key| key.remark.clone()).collect();
    remarks.extend(assigned.remarks);
    if let Some(read) = look.records.as_ref().filter(|_| !look.other_lists.is_empty()) {
        let others = look.other_lists.join("`, `");
        remarks.push(format!("of its lists only `{read}` is read; there are others: `{others}`"));
    }
    let is_in_list = |column: &String| {
        column.split('.').any(|part| !part.is_empty() && part.bytes().all(|it| it.is_ascii_digit()))
    };
    let is_json = look.description.starts_with("json");
    let in_lists = assigned
        .map
        .iter()
        .flat_map(|mapped| &mapped.columns)
        .filter(|it| is_json && is_in_list(it));
    let in_lists: Vec<String> = in_lists.map(|column| format!("`{column}`")).collect();
    if !in_lists.is_empty() {
        remarks.push(format!("of each list only one place is read: {}", in_lists.join(", ")));
    }
    let is_name = |mapped: &Mapped| {
        use Meaning::{FamilyName, FullName, GivenName, OrganisationName};
        matches!(mapped.meaning, FamilyName | FullName | GivenName | OrganisationName)
    };
    if !assigned.map.iter().any(is_name) {
        remarks.push(
            "no column of names was found: if there is one, map it, because matching depends on names"
                .to_owned(),
        );
    }
    if look.aside > 0 {
        let (aside, all) = (look.aside, look.aside + look.rows);
        let them = if aside == 1 { "it" } else { "them" };
        remarks.push(format!("of {all} rows, {aside} cannot be read: import sets {them} aside"));
    }
    let trust = trust_of(&name);
    let (map, unmapped, updated) = (assigned.map, assigned.unmapped, assigned.updated);
    let is_key =
        |mapped: &&Mapped| key.as_ref().is_some_and(|key| mapped.columns == [key.column.as_str()]);
    let is_email = map.iter().find(is_key).is_some_and(|it| it.meaning == Meaning::Email);
    let of_emails =
        "key_form = \"email\"                      # upper and lower case count as the same";
    let of_emails = is_email.then(|| of_emails.to_owned());
    let (preset, extra) = (None, of_emails.into_iter().chain(assigned.marks).collect());
    ProposedSource {
        name,
        file,
        look,
        key,
        updated,
        map,
        unmapped,
        region,
        trust,
        remarks,
        preset,
        extra,
    }
}

impl Proposal {
    /// Every field once, with its type, in the order in which fields are proposed.
    pub(super) fn fields(&self) -> Vec<(&str, FieldType, bool)> {
        let mut fields: Vec<&Mapped> = Vec::new();
        for mapped in self.written().flat_map(|source| &source.map) {
            if !fields.iter().any(|known| known.field == mapped.field) {
                fields.push(mapped);
            }
        }
        let place = |mapped: &&Mapped| {
            let order = crate::headings::Meaning::all().position(|it| it == mapped.meaning);
            (order, mapped.field.clone())
        };
        fields.sort_by_key(place);
        let of = |it: &&Mapped| it.meaning.is_sensitive();
        fields.iter().map(|it| (it.field.as_str(), it.field_type, of(it))).collect()
    }

    /// The sources that can be written down: they have a key, and something to read.
    pub fn written(&self) -> impl Iterator<Item = &ProposedSource> {
        self.sources.iter().filter(|source| source.is_usable())
    }
}

impl ProposedSource {
    /// Whether it has a key, and something to read.
    #[must_use]
    pub fn is_usable(&self) -> bool {
        self.key.is_some() && !self.map.is_empty()
    }

    /// The same, as a preset says it of such files.
    fn described_by(mut self, preset: &Preset) -> ProposedSource {
        let source = preset.source();
        let column_of = |name: &String| {
            self.look.columns.iter().find(|column| column.name.eq_ignore_ascii_case(name))
        };
        let map = source.map.iter().filter_map(|(field, columns)| {
            let there: Vec<_> = columns.iter().filter_map(column_of).collect();
            let first = there.first()?;
            Some(Mapped {
                field: field.to_string(),
                field_type: preset.settings.field(field.as_str())?.field_type,
                meaning: Meaning::of_field(field.as_str()),
                columns: there.iter().map(|column| column.name.to_string()).collect(),
                why: "as the preset says".to_owned(),
                instead: Vec::new(),
                filled: first.filled,
                is_unique: there.len() == 1 && first.is_unique(),
            })
        });
        let map: Vec<Mapped> = map.collect();
        let key = column_of(&source.key).map(|column| KeyChoice {
            column: column.name.to_string(),
            why: "as the preset says".to_owned(),
            remark: None,
        });
        let updated = source.updated.as_ref().and_then(column_of);
        self.updated = updated.map(|column| column.name.to_string());
        let is_read = |column: &String| {
            map.iter().any(|mapped| mapped.columns.contains(column))
                || key.as_ref().is_some_and(|key| key.column == *column)
                || self.updated.as_ref() == Some(column)
        };
        let unmapped = self.look.columns.iter().map(|column| column.name.to_string());
        let unmapped = unmapped.filter(|column| !is_read(column)).map(|column| Unmapped {
            column,
            what: "not in the preset".to_owned(),
            field_type: FieldType::Text,
        });
        let unmapped = unmapped.collect();
        let columns = self.look.columns.iter();
        let columns: Vec<&str> = columns.map(|column| column.name.as_str()).collect();
        let lacks = preset.lacks_updated(&columns).map(|updated| {
            format!(
                "no column `{updated}` says when a record last changed: an older file will replace newer \
                 data; export it with that column"
            )
        });
        self.remarks = lacks.into_iter().collect();
        self.trust = (source.trust.default, "as the preset says");
        self.preset = Some((preset.name.clone(), preset.title.clone()));
        self.extra = preset.extra_lines().map(str::to_owned).collect();
        ProposedSource { map, key, unmapped, ..self }
    }

    /// Reads a column for nothing, for a reason that is said.
    pub fn leave_out(&mut self, column: &str, why: &str) {
        self.forget(column);
        // What stands there twice is read under no other name either: `email 2` for the second `email`.
        let is_again = |other: &&str| {
            let nth = other.strip_prefix(column).and_then(|rest| rest.strip_prefix(' '));
            nth.is_some_and(|nth| nth.parse::<u32>().is_ok())
        };
        let columns = self.look.columns.iter().map(|column| column.name.as_str());
        let again: Vec<String> = columns.filter(is_again).map(str::to_owned).collect();
        for column in again {
            self.forget(&column);
        }
        self.remarks.push(format!("`{column}` is not read: {why}"));
    }

    /// Takes a column out of everything that is read.
    fn forget(&mut self, column: &str) {
        self.map.retain(|mapped| !mapped.columns.iter().any(|own| own == column));
        if self.updated.as_deref() == Some(column) {
            self.updated = None;
        }
        let named = settings::quoted(column);
        self.extra.retain(|line| line.starts_with('#') || !line.contains(&named));
        if self.key.as_ref().is_some_and(|key| key.column == column) {
            self.key = None;
        }
    }

    /// Why it cannot be used, and what to do about it.
    #[must_use]
    pub fn lack(&self) -> Option<String> {
        if self.look.rows == 0 {
            return Some(self.lacks_rows());
        }
        if self.key.is_none() {
            return Some(format!(
                "no column of {} tells its rows apart (names, dates, amounts and secrets cannot be keys): have \
                 it exported with the number that its own system gives each customer, or add a column \
                 that numbers the rows, and keep those numbers from one delivery to the next",
                self.file
            ));
        }
        self.map.is_empty().then(|| {
            format!(
                "no column of {} was recognised by its name or its values: name its \
                 columns in steward.toml",
                self.file
            )
        })
    }
}

impl ProposedSource {
    /// Why there is no row of it, and what to do about it.
    fn lacks_rows(&self) -> String {
        let (file, FileLook { aside, below, .. }) = (&self.file, &self.look);
        if let Some(first) = &self.look.first_aside {
            return match aside {
                1 => format!("the only row of {file} cannot be read: {first}"),
                rows => {
                    format!("none of the {rows} rows of {file} can be read; the first is {first}")
                }
            };
        }
        match below {
            0 => format!("{file} has no rows: name a file with rows below the header"),
            rows => format!(
                "{file} has {}, but only one column is filled: if the columns have fixed widths, give \
                 them with --widths 10,30,8; if each row is quoted as a whole, remove the outer \
                 quotes; otherwise export it as CSV",
                counted(*rows, "row", "rows")
            ),
        }
    }
}
