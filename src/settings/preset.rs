//! Presets: what is known of the files that common programs export.
//!
//! A preset is a part of a `steward.toml`, its fields and one source, below a `[preset]` that says what it
//! is called and which columns tell such a file. What it says becomes effective only by standing in the
//! `steward.toml` of a workspace.

use std::collections::BTreeSet;

use super::{Finding, Settings, Source, parse};

/// The presets that steward brings, as text.
pub const PRESETS: [&str; 15] = [
    include_str!("../../presets/civicrm-contacts.toml"),
    include_str!("../../presets/google-contacts.toml"),
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
        let head = head.ok_or_else(|| fault(0, "a preset begins with [preset]"))?;
        let said = |key: &str| head.get(key).and_then(toml::Value::as_str).map(str::to_owned);
        let list = head.get("recognised_by").and_then(toml::Value::as_array);
        let recognised_by: Vec<String> = list
            .map(|list| list.iter().filter_map(toml::Value::as_str).map(str::to_owned).collect())
            .unwrap_or_default();
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
            return Err(fault(above, "a preset has exactly one source"));
        }
        Ok(Preset { name, title, recognised_by, settings, text })
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

    /// The columns without which such a file cannot be imported: the key, and where most of them are missing
    /// all that are mapped. Programs leave columns out that nobody chose.
    pub fn lacking_to_import<'c>(&self, columns: impl Iterator<Item = &'c str>) -> Vec<&str> {
        let columns: BTreeSet<String> = columns.map(|it| it.trim().to_lowercase()).collect();
        let is_lacking = |column: &&str| !columns.contains(&column.to_lowercase());
        let source = self.source();
        let mapped: Vec<&str> =
            source.map.iter().flat_map(|(_, columns)| columns).map(String::as_str).collect();
        let lacking: Vec<&str> = mapped.iter().copied().filter(is_lacking).collect();
        let key = Some(source.key.as_str()).filter(is_lacking);
        let is_other = lacking.len() * 3 > mapped.len() * 2;
        key.into_iter().chain(lacking.into_iter().filter(|_| is_other)).collect()
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
            ("[fields.a]\n", "line 1: a preset begins with [preset]"),
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
