//! Presets: what is known of the files that common programs export.
//!
//! A preset is a part of a `steward.toml`, its fields and one source, below a `[preset]` that says what it
//! is called and which columns tell such a file. What it says becomes effective only by standing in the
//! `steward.toml` of a workspace.

use std::collections::{BTreeMap, BTreeSet};

use super::{Finding, Settings, Source, parse, quoted, without_zone};

/// The presets that steward brings, as text.
pub const PRESETS: [&str; 16] = [
    include_str!("../../presets/civicrm-contacts.toml"),
    include_str!("../../presets/google-contacts.toml"),
    include_str!("../../presets/google-contacts-older.toml"),
    include_str!("../../presets/hubspot-companies.toml"),
    include_str!("../../presets/hubspot-contacts.toml"),
    include_str!("../../presets/mailchimp-audience.toml"),
    include_str!("../../presets/odoo-contacts.toml"),
    include_str!("../../presets/odoo-partners.toml"),
    include_str!("../../presets/outlook-contacts.toml"),
    include_str!("../../presets/salesforce-accounts.toml"),
    include_str!("../../presets/salesforce-contacts.toml"),
    include_str!("../../presets/salesforce-leads.toml"),
    include_str!("../../presets/shopify-customers.toml"),
    include_str!("../../presets/shopify-orders.toml"),
    include_str!("../../presets/stripe-customers.toml"),
    include_str!("../../presets/woocommerce-customers.toml"),
];

/// What is known of the files of one program.
#[derive(Debug, Clone, PartialEq)]
pub struct Preset {
    /// Its name.
    pub name: String,
    /// What it is for.
    pub title: String,
    /// The columns that tell such a file, all of them.
    pub recognised_by: Vec<String>,
    /// Columns that every such file has, whatever was chosen.
    always: Vec<String>,
    /// Other names of its columns: in other languages, and in other versions.
    also: BTreeMap<String, Vec<String>>,
    /// Its fields and its source.
    pub settings: Settings,
    /// The same as text, from the first field on.
    text: String,
}

impl Preset {
    /// Reads a preset.
    ///
    /// # Errors
    /// What is wrong with it, by line.
    pub fn of(text: &str) -> Result<Preset, Vec<Finding>> {
        let fault = |line: usize, message: &str| {
            vec![Finding { line: line + 1, message: message.to_owned() }]
        };
        let begins = |line: &str| line.starts_with("[fields.") || line.starts_with("[sources.");
        let above = text.lines().take_while(|line| !begins(line)).count();
        let head: Vec<&str> = text.lines().take(above).collect();
        let body: Vec<&str> = text.lines().skip(above).collect();
        let table: toml::Table = head.join("\n").parse().map_err(|error: toml::de::Error| {
            let at = error.span().map_or(0, |span| span.start);
            let line = head.join("\n").bytes().take(at).filter(|byte| *byte == b'\n').count();
            fault(line, &format!("not TOML: {}", error.message()))
        })?;
        let head = table.get("preset").and_then(toml::Value::as_table);
        let head = head.ok_or_else(|| fault(0, "a preset starts with [preset]"))?;
        let said = |key: &str| head.get(key).and_then(toml::Value::as_str).map(str::to_owned);
        let recognised_by = texts(head.get("recognised_by"));
        let always = texts(head.get("always"));
        let also = head.get("also").and_then(toml::Value::as_table);
        let also = also.into_iter().flatten();
        let also = also.map(|(name, others)| (name.clone(), texts(Some(others)))).collect();
        let (Some(name), Some(title), false) =
            (said("name"), said("title"), recognised_by.is_empty())
        else {
            return Err(fault(0, "[preset] needs `name`, `title` and `recognised_by`"));
        };
        let text = body.join("\n") + "\n";
        // Lines are counted as in the file: what stands above is replaced by as many.
        let whole = format!("[workspace]\nname=\"p\"{}{text}", "\n".repeat(above.max(2) - 1));
        let settings = parse(&whole)?;
        if settings.sources.len() != 1 {
            return Err(fault(above, "a preset needs exactly one source"));
        }
        Ok(Preset { name, title, recognised_by, always, also, settings, text })
    }

    /// The same by the names that its columns have in a file with this header: those of another language or
    /// version, or with the zone of their times.
    #[must_use]
    pub fn as_called_in(&self, columns: &[&str]) -> Preset {
        let here = |name: &str| columns.iter().find(|it| it.trim().eq_ignore_ascii_case(name));
        let zoned = |name: &str| {
            let is_it = |it: &&&str| {
                let plain = without_zone(it.trim());
                plain.len() < it.trim().len() && plain.eq_ignore_ascii_case(name)
            };
            columns.iter().find(is_it)
        };
        let other = |name: &str| {
            let mut others = self.also.get(name).into_iter().flatten();
            let same = |other: &String| {
                columns.iter().find(|it| it.trim().to_lowercase() == other.to_lowercase())
            };
            others.find_map(same).or_else(|| zoned(name))
        };
        let source = self.source();
        let mapped = source.map.iter().flat_map(|(_, columns)| columns);
        let flag = source.organisation.iter().map(|flag| &flag.column);
        let named = mapped.chain(&self.recognised_by).chain(flag).chain(&source.updated);
        let named: BTreeSet<&String> = named.chain([&source.key]).collect();
        let mut called = self.clone();
        for name in named {
            let Some(other) = other(name).filter(|_| here(name).is_none()) else { continue };
            let (from, to) = (format!("\"{name}\""), quoted(other.trim()));
            called.text = called.text.replace(&from, &to);
            for known in called.recognised_by.iter_mut().chain(&mut called.always) {
                if known == name {
                    other.trim().clone_into(known);
                }
            }
        }
        match parse(&format!("[workspace]\nname=\"p\"\n{}", called.text)) {
            Ok(settings) => Preset { settings, ..called },
            Err(_) => self.clone(),
        }
    }

    /// The column of the time of change, where a file with this header does not have it: then an older file
    /// replaces what is newer.
    #[must_use]
    pub fn lacks_updated(&self, columns: &[&str]) -> Option<&str> {
        let updated = self.source().updated.as_deref()?;
        let is_there = columns.iter().any(|it| it.trim().eq_ignore_ascii_case(updated));
        (!is_there).then_some(updated)
    }

    /// Its source.
    #[must_use]
    pub fn source(&self) -> &Source {
        // There is exactly one: `of` made sure of that.
        &self.settings.sources[0]
    }

    /// What its source says beside trust, key, time of change and map, by line.
    pub fn extra_lines(&self) -> impl Iterator<Item = &str> {
        let own = format!("[sources.{}]", self.source().name);
        let lines = self.text.lines().skip_while(move |line| *line != own).skip(1);
        let lines = lines.take_while(|line| !line.starts_with('['));
        let is_said =
            |line: &&str| ["trust", "key ", "updated"].iter().any(|it| line.starts_with(it));
        lines.filter(move |line| !line.trim().is_empty() && !is_said(line))
    }

    /// The columns of such a file that are not among these; case does not count.
    pub fn lacking<'c>(&self, columns: impl Iterator<Item = &'c str>) -> Vec<&str> {
        let columns: BTreeSet<String> = columns.map(|it| it.trim().to_lowercase()).collect();
        let wanted = self.recognised_by.iter().map(String::as_str);
        wanted.filter(|wanted| !columns.contains(&wanted.to_lowercase())).collect()
    }

    /// The columns without which such a file cannot be imported: the key, and where fewer than two of those
    /// that are mapped stand there, all of them. Programs leave columns out that nobody chose.
    pub fn lacking_to_import<'c>(&self, columns: impl Iterator<Item = &'c str>) -> Vec<&str> {
        let columns: BTreeSet<String> = columns.map(|it| it.trim().to_lowercase()).collect();
        let is_lacking = |column: &&str| !columns.contains(&column.to_lowercase());
        let source = self.source();
        let mapped: Vec<&str> =
            source.map.iter().flat_map(|(_, columns)| columns).map(String::as_str).collect();
        let lacking: Vec<&str> = mapped.iter().copied().filter(is_lacking).collect();
        let key = Some(source.key.as_str()).filter(is_lacking);
        let is_other = mapped.len() - lacking.len() < 2;
        let others = lacking.into_iter().filter(|column| is_other && Some(*column) != key);
        key.into_iter().chain(others).collect()
    }

    /// The preset that knows files with this header: one all of whose telling columns stand there; else, of
    /// those whose key and whose words for merges stand there, with enough of what is mapped, the one that
    /// knows most of the columns. Programs leave columns out that nobody chose, but no other program calls
    /// these so. None where two know as much.
    #[must_use]
    pub fn of_header<'p>(presets: &'p [Preset], columns: &[&str]) -> Option<&'p Preset> {
        let here = || columns.iter().copied();
        if let Some(whole) = presets.iter().find(|preset| preset.lacking(here()).is_empty()) {
            return Some(whole);
        }
        let told: Vec<((usize, usize), &Preset)> = presets
            .iter()
            .filter(|preset| preset.says_merges(columns))
            .filter(|preset| preset.lacking_to_import(here()).is_empty())
            .filter(|preset| preset.has_enough(columns))
            .map(|preset| (preset.known_of(columns), preset))
            .collect();
        let most = told.iter().map(|(known, _)| *known).max()?;
        let mut best = told.iter().filter(|(known, _)| *known == most);
        match (best.next(), best.next()) {
            (Some((_, only)), None) => Some(only),
            _ => None,
        }
    }

    /// Whether one of the columns in which its program says what it has merged is among these.
    fn says_merges(&self, columns: &[&str]) -> bool {
        let merged = &self.source().merged;
        let mut said = merged.into.iter().chain(&merged.from);
        said.any(|wanted| columns.iter().any(|it| it.trim().eq_ignore_ascii_case(wanted)))
    }

    /// Whether what such files always have stands there, and three columns that are mapped.
    fn has_enough(&self, columns: &[&str]) -> bool {
        let is_there =
            |name: &&String| columns.iter().any(|it| it.trim().eq_ignore_ascii_case(name));
        let mapped = self.source().map.iter().flat_map(|(_, columns)| columns);
        self.always.iter().all(|name| is_there(&name)) && mapped.filter(is_there).count() >= 3
    }

    /// How many of these columns it reads, or is recognised by; and how many that are in a thousand of its own.
    fn known_of(&self, columns: &[&str]) -> (usize, usize) {
        let source = self.source();
        let mapped = source.map.iter().flat_map(|(_, columns)| columns);
        let own: BTreeSet<String> =
            mapped.chain(&self.recognised_by).map(|it| it.to_lowercase()).collect();
        let known = columns.iter().filter(|it| own.contains(&it.trim().to_lowercase())).count();
        (known, known * 1000 / own.len().max(1))
    }

    /// What it adds to a `steward.toml` that has these fields already, with its source under that name.
    #[must_use]
    pub fn lines(&self, source: &str, known: &Settings) -> String {
        let mut lines = String::new();
        let own = self.source().name.as_str();
        let mut left_out = false;
        for line in self.text.lines() {
            if let Some(name) = line.strip_prefix("[fields.") {
                left_out = known.field(name.trim_end_matches(']')).is_some();
            } else if line.starts_with('#') || line.starts_with("[sources.") {
                left_out = false;
            }
            if left_out {
                continue;
            }
            let renamed = line.strip_prefix("[sources.").and_then(|rest| rest.strip_prefix(own));
            match renamed {
                Some(rest) => lines.push_str(&format!("[sources.{source}{rest}\n")),
                None => lines.push_str(&format!("{line}\n")),
            }
        }
        lines
    }
}

fn texts(list: Option<&toml::Value>) -> Vec<String> {
    let list = list.and_then(toml::Value::as_array).into_iter().flatten();
    list.filter_map(toml::Value::as_str).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all() -> Vec<Preset> {
        let read =
            |text: &&str| Preset::of(text).unwrap_or_else(|error| panic!("{error:?}: {text}"));
        PRESETS.iter().map(read).collect()
    }

    #[test]
    fn each_preset_is_sound_and_says_where_its_columns_are_from() {
        let mut names = BTreeSet::new();
        for (preset, text) in all().iter().zip(PRESETS) {
            assert!(names.insert(preset.name.clone()), "{}", preset.name);
            assert!(text.contains("# Columns: "), "{}", preset.name);
            let source = preset.source();
            assert!(source.map.len() > 3 && !source.key.is_empty(), "{}", preset.name);
        }
    }

    #[test]
    fn no_preset_takes_the_files_of_another() {
        let presets = all();
        for preset in &presets {
            let source = preset.source();
            let mapped = source.map.iter().flat_map(|(_, columns)| columns).map(String::as_str);
            let columns: Vec<&str> =
                mapped.chain(preset.recognised_by.iter().map(String::as_str)).collect();
            for other in &presets {
                let takes = other.lacking(columns.iter().copied()).is_empty();
                assert_eq!(takes, other.name == preset.name, "{} {}", other.name, preset.name);
            }
        }
    }

    #[test]
    fn a_header_without_columns_that_nobody_chose_is_recognised_by_what_only_its_program_says() {
        let presets = all();
        let of = |header: &str| {
            let columns: Vec<&str> = header.split(',').collect();
            Preset::of_header(&presets, &columns).map(|preset| preset.name.as_str())
        };
        for (header, expected) in [
            (
                "Id,MasterRecordId,IsDeleted,FirstName,LastName,Email,Phone,MailingStreet,MailingCity",
                Some("salesforce-contacts"),
            ),
            (
                "ID,MASTERRECORDID,FIRSTNAME,LASTNAME,EMAIL,MAILINGSTREET,MAILINGCITY",
                Some("salesforce-contacts"),
            ),
            (
                "Id,MasterRecordId,FirstName,LastName,Company,Street,City,Email",
                Some("salesforce-leads"),
            ),
            ("Id,MasterRecordId,Name,BillingStreet,BillingCity,Phone", Some("salesforce-accounts")),
            (
                "Record ID,First Name,Last Name,Email,Phone Number,Contact owner,Merged record IDs",
                Some("hubspot-contacts"),
            ),
            (
                "Record ID,First Name,Last Name,Email,Phone Number,Merged contact IDs",
                Some("hubspot-contacts"),
            ),
            (
                "Record ID,Company name,Phone Number,City,Country/Region,Merged object IDs",
                Some("hubspot-companies"),
            ),
            // By a query, with hardly any columns.
            (
                "Id,IsDeleted,MasterRecordId,LastName,FirstName,Email,LastModifiedDate",
                Some("salesforce-contacts"),
            ),
            // What many call so tells nothing.
            ("Id,IsDeleted,FirstName,LastName,Email,Phone,LastModifiedDate", None),
            ("id,name,email,phone,mobile,street,city,country_id", None),
            ("Record ID,First Name,Last Name,Email,Phone Number", None),
            // A word for merges alone, without what is read.
            ("Id,MasterRecordId,vorname,nachname,email", None),
            ("MasterRecordId,FirstName,LastName,Email,MailingStreet,MailingCity", None),
        ] {
            assert_eq!(of(header), expected, "{header}");
        }
        // Of two that know as much neither is taken.
        let contacts = presets.iter().find(|it| it.name == "hubspot-contacts").unwrap();
        let mine = Preset { name: "mine".to_owned(), ..contacts.clone() };
        let two = [contacts.clone(), mine];
        let header =
            ["Record ID", "First Name", "Last Name", "Email", "Phone Number", "Merged record IDs"];
        assert_eq!(Preset::of_header(&two[..1], &header).unwrap().name, "hubspot-contacts");
        assert!(Preset::of_header(&two, &header).is_none());
    }

    #[test]
    fn a_file_in_another_language_or_zone_is_read_by_its_own_names() {
        let presets = all();
        let of = |header: &str| {
            let columns: Vec<&str> = header.split(',').collect();
            let called: Vec<Preset> =
                presets.iter().map(|preset| preset.as_called_in(&columns)).collect();
            let found = Preset::of_header(&called, &columns).unwrap_or_else(|| panic!("{header}"));
            let source = found.source();
            let lines = found.lines("mine", &parse("[workspace]\nname='a'\n").unwrap());
            assert_eq!(parse(&format!("[workspace]\nname='a'\n{lines}")).unwrap().sources.len(), 1);
            (found.name.clone(), source.updated.clone().unwrap_or_default(), source.map.len())
        };
        let hubspot = "Record ID,First Name,Last Name,Email,Lifecycle Stage";
        for zone in ["GMT+1", "EDT", "UTC"] {
            let updated = format!("Last Modified Date ({zone})");
            let (name, found, _) = of(&format!("{hubspot},{updated}"));
            assert_eq!((name.as_str(), found), ("hubspot-contacts", updated));
        }
        for (header, updated) in [
            (
                "ID externe,Nom,Est une entreprise,Rue,Ville,Numéro de TVA,Dernière mise à jour le",
                "Dernière mise à jour le",
            ),
            (
                "Externe ID,Name,Ist ein Unternehmen,Straße,PLZ,Steuer-ID,Zuletzt aktualisiert am",
                "Zuletzt aktualisiert am",
            ),
        ] {
            let (name, found, _) = of(header);
            assert_eq!((name.as_str(), found.as_str()), ("odoo-contacts", updated));
        }
        let woo = "ID,user_email,first_name,last_name,billing_first_name,billing_postcode";
        assert_eq!(of(woo).0, "woocommerce-customers");
        let lacking = presets.iter().find(|it| it.name == "hubspot-contacts").unwrap();
        let columns: Vec<&str> = hubspot.split(',').collect();
        assert_eq!(lacking.lacks_updated(&columns), Some("Last Modified Date"));
    }

    #[test]
    fn what_a_workspace_has_is_left_out() {
        let preset = Preset::of(PRESETS[0]).unwrap();
        let known = "[workspace]\nname='a'\n[fields.email]\ntype='email'\n";
        let lines = preset.lines("mine", &parse(known).unwrap());
        assert!(
            !lines.contains("[fields.email]") && lines.contains("[sources.mine.map]"),
            "{lines}"
        );
        let whole = parse(&format!("{known}{lines}")).unwrap();
        assert_eq!(whole.sources[0].map.len(), preset.source().map.len());
    }

    #[test]
    fn what_is_wrong_is_told_by_its_line() {
        for (text, expected) in [
            ("[fields.a]\n", "line 1: a preset starts with [preset]"),
            ("[preset]\nname='a'\n", "line 1: [preset] needs"),
            ("[preset]\nname=\n", "line 2: not TOML"),
            (
                "[preset]\nname='a'\ntitle='b'\nrecognised_by=['x']\n[fields.a]\ntype='emial'\n",
                "line 6: unknown field type `emial`",
            ),
        ] {
            let findings = Preset::of(text).unwrap_err();
            assert!(findings[0].to_string().starts_with(expected), "{text}: {findings:?}");
        }
    }
}
