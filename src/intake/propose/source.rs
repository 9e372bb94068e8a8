//! A workspace for files that nobody described yet.

use std::collections::BTreeMap;

use super::file::FileLook;
use super::key::{self, KeyChoice};
use super::map::{self, Mapped, Unmapped};
use super::meaning::{self, Role};
use super::region::Region;
use crate::headings::Meaning;
use domain::FieldType;
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
    let of_all = || {
        // Of several files the surest says it; among those the one with most rows.
        let told =
            own.iter().zip(&files).filter_map(|(own, (_, look))| Some((own.as_ref()?, look)));
        told.max_by_key(|(region, look)| (region.is_sure, look.rows))
            .map(|(region, _)| region.clone())
    };
    let region = match region {
        Some(code) => {
            Some(Region { code: code.to_owned(), why: "as it was said".to_owned(), is_sure: true })
        }
        None => of_all(),
    };
    let mut taken = BTreeMap::new();
    let sources = files.into_iter().zip(own).map(|((file, look), own)| {
        let columns = || look.columns.iter().map(|column| column.name.as_str());
        let preset = presets.iter().find(|preset| preset.lacking(columns()).is_empty());
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

fn source(name: String, file: String, look: FileLook, region: Option<Region>) -> ProposedSource {
    let columns = look.columns.iter().enumerate();
    let roles: Vec<Option<Role>> =
        columns.map(|(place, column)| meaning::role(place, column)).collect();
    let key = key::choose(&look, &roles);
    let named = key.as_ref().map(|key| key.column.as_str());
    let assigned = map::assign(&look, &roles, named);
    let mut remarks = assigned.remarks;
    remarks.extend(key.iter().filter_map(|key| key.remark.clone()));
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
        remarks.push(format!("of lists only one place each is read: {}", in_lists.join(", ")));
    }
    let is_name = |mapped: &Mapped| {
        use Meaning::{FamilyName, FullName, GivenName, OrganisationName};
        matches!(mapped.meaning, FamilyName | FullName | GivenName | OrganisationName)
    };
    if !assigned.map.iter().any(is_name) {
        remarks.push(
            "no column of names was found: if there is one, map it, since matching lives on names"
                .to_owned(),
        );
    }
    if look.aside > 0 {
        let (aside, all) = (look.aside, look.aside + look.rows);
        let them = if aside == 1 { "it" } else { "them" };
        remarks.push(format!("of {all} rows {aside} cannot be read: import puts {them} aside"));
    }
    let trust = trust_of(&name);
    let (map, unmapped, updated) = (assigned.map, assigned.unmapped, assigned.updated);
    let is_key =
        |mapped: &&Mapped| key.as_ref().is_some_and(|key| mapped.columns == [key.column.as_str()]);
    let is_email = map.iter().find(is_key).is_some_and(|it| it.meaning == Meaning::Email);
    let of_emails =
        "key_form = \"email\"                      # in capitals and in small letters they are one";
    let (preset, extra) = (None, is_email.then(|| of_emails.to_owned()).into_iter().collect());
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

/// A name for the source that a file comes from: that of the file without folders, ending, dates and
/// words such as `export`.
fn name_of(file: &str, taken: &mut BTreeMap<String, u32>) -> String {
    const SAYS_NOTHING: [&str; 14] = [
        "export",
        "exports",
        "exported",
        "exportiert",
        "data",
        "daten",
        "final",
        "new",
        "copy",
        "list",
        "liste",
        "dump",
        "backup",
        "report",
    ];
    let base = file.rsplit(['/', '\\']).next().unwrap_or(file);
    let stem = base.split('.').find(|part| !part.is_empty()).unwrap_or("source");
    let plain = deunicode::deunicode(stem).to_lowercase();
    let words = plain.split(|it: char| !it.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    let says = |word: &&str| {
        let is_number = word.bytes().all(|byte| byte.is_ascii_digit());
        !(SAYS_NOTHING.contains(word) || is_number && word.len() != 3)
    };
    let mut words: Vec<&str> = words.clone().filter(says).collect();
    words.truncate(4);
    let name = if words.is_empty() { "source".to_owned() } else { words.join("_") };
    let count = taken.entry(name.clone()).or_default();
    *count += 1;
    if *count > 1 { format!("{name}_{count}") } else { name }
}

/// How far a source of that name is trusted to begin with.
fn trust_of(name: &str) -> (u8, &'static str) {
    const OWN: [&str; 10] = [
        "crm",
        "erp",
        "sap",
        "kunden",
        "customers",
        "clients",
        "clientes",
        "clienti",
        "klanten",
        "billing",
    ];
    const TYPED: [&str; 9] = [
        "shop",
        "web",
        "form",
        "newsletter",
        "mailchimp",
        "signup",
        "landing",
        "formular",
        "event",
    ];
    let is_one_of = |words: &[&str]| words.iter().any(|word| name.contains(word));
    if is_one_of(&TYPED) {
        (50, "its name says that customers type it themselves")
    } else if is_one_of(&OWN) {
        (80, "its name says that your own people keep it")
    } else {
        (60, "nothing says how far; the source you trust most should have the highest number")
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
        self.remarks = Vec::new();
        self.trust = (source.trust.default, "as the preset says");
        self.preset = Some((preset.name.clone(), preset.title.clone()));
        self.extra = preset.extra_lines().map(str::to_owned).collect();
        ProposedSource { map, key, unmapped, ..self }
    }

    /// Reads a column for nothing, for a reason that is said.
    pub fn leave_out(&mut self, column: &str, why: &str) {
        self.map.retain(|mapped| !mapped.columns.iter().any(|own| own == column));
        if self.updated.as_deref() == Some(column) {
            self.updated = None;
        }
        if self.key.as_ref().is_some_and(|key| key.column == column) {
            self.key = None;
        }
        self.remarks.push(format!("`{column}` is read for nothing: {why}"));
    }

    /// Why it cannot be used, and what to do about it.
    #[must_use]
    pub fn lack(&self) -> Option<String> {
        if self.key.is_none() {
            return Some(format!(
                "no column of {} tells its rows apart: have it exported with the number that its own \
                 system gives each customer, or add a column that numbers the rows, and keep those \
                 numbers from one delivery to the next",
                self.file
            ));
        }
        self.map.is_empty().then(|| {
            format!(
                "no column of {} was recognised, neither by its name nor by its values: name its \
                 columns in steward.toml",
                self.file
            )
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sources_are_called_after_their_files() {
        let mut taken = BTreeMap::new();
        for (file, name) in [
            ("crm.csv", "crm"),
            ("/tmp/Kunden_Export 2024-03-01.xlsx", "kunden"),
            ("exports/crm.csv.gz", "crm_2"),
            ("Clients Été.csv", "clients_ete"),
            ("2024.csv", "source"),
            ("orders_export_1.csv", "orders"),
            ("a:b c.json", "a_b_c"),
        ] {
            assert_eq!(name_of(file, &mut taken), name, "{file}");
        }
    }
}
