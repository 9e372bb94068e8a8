//! What `[fields.*]` says of a field beyond its type: what it means, who answers for it, what it is used for, which
//! preference it states, and of a field of type consent which channel it is about and which other fields date, end and
//! prove it.

use super::field::{Declared, is_declared, type_of};
use super::keep::Keep;
use super::nearest::hint;
use super::reader::{Entry, Findings, Table};
use domain::preference::PreferenceKind;
use domain::{FieldName, FieldType};

/// What is said of a field.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct AboutField {
    /// What it means, in a sentence or two.
    pub description: Option<String>,
    /// Who answers for it.
    pub owner: Option<String>,
    /// The names of the purposes it is used for.
    pub purpose: Vec<String>,
    /// What preference of a person it states.
    pub preference: Option<PreferenceKind>,
    /// That all its values survive, one of them preferred.
    pub keep: Option<Keep>,
    /// Of a field of type consent, what goes with it; of one that states a preference its channel and what dates it.
    pub consent: ConsentFields,
}

/// The fields that go with a field of type consent.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ConsentFields {
    /// The channel it is about; none means all.
    pub channel: Option<String>,
    /// The date on which it was said.
    pub at: Option<FieldName>,
    /// The date until which it holds.
    pub until: Option<FieldName>,
    /// What proves it.
    pub evidence: Option<FieldName>,
}

impl ConsentFields {
    /// The fields that it names.
    pub fn named(&self) -> impl Iterator<Item = &FieldName> {
        [&self.at, &self.until, &self.evidence].into_iter().flatten()
    }
}

/// The keys of a field that are read here.
pub(super) const KEYS: [&str; 9] =
    ["description", "owner", "purpose", "preference", "keep", "channel", "at", "until", "evidence"];
/// Those that only a field of type consent has.
const OF_CONSENT: [&str; 4] = ["channel", "at", "until", "evidence"];
/// Those of them that a field that states a preference has as well.
const OF_PREFERENCE: [&str; 2] = ["channel", "at"];

pub(super) fn read(
    table: &Table<'_>,
    field_type: FieldType,
    purposes: &[&str],
    findings: &mut Findings,
) -> AboutField {
    let text = |key: &str, findings: &mut Findings| {
        table.text(key, findings).map(|placed| placed.text.to_owned())
    };
    let mut purpose: Vec<String> = Vec::new();
    for named in table.texts("purpose", findings).unwrap_or_default() {
        if !purposes.contains(&named.text) {
            let hint = match purposes {
                [] => format!("; add [purposes.{}]", named.text),
                known => hint(named.text, known.iter().copied()),
            };
            findings.add(named.at, format!("unknown purpose `{}`{hint}", named.text));
        } else if !purpose.iter().any(|known| known == named.text) {
            purpose.push(named.text.to_owned());
        }
    }
    let preference = read_preference(table, field_type, findings);
    if field_type != FieldType::Consent {
        let of_both = |key: &str| table.get("preference").is_some() && OF_PREFERENCE.contains(&key);
        for entry in OF_CONSENT.iter().filter(|key| !of_both(key)).filter_map(|key| table.get(key))
        {
            let (key, title, found) = (entry.key, &table.title, field_type.name());
            let or = match OF_PREFERENCE.contains(&key) {
                true => ", or with one that states a `preference`",
                false => "",
            };
            findings.add(
                entry.at,
                format!("`{key}` goes with a field of type consent{or}; {title} has type {found}"),
            );
        }
    }
    let field = |key: &str, findings: &mut Findings| {
        table.text(key, findings).map(|placed| FieldName::new(placed.text))
    };
    let keep = Keep::read(table, findings);
    if let (Some(_), FieldType::Consent) = (&keep, field_type) {
        let at = table.get("keep").map_or(table.at, |entry| entry.at);
        findings.add(at, "`keep` does not go with a field of type consent: one statement counts");
    }
    AboutField {
        keep,
        description: text("description", findings),
        owner: text("owner", findings),
        purpose,
        preference,
        consent: ConsentFields {
            channel: text("channel", findings),
            at: field("at", findings),
            until: field("until", findings),
            evidence: field("evidence", findings),
        },
    }
}

/// Which preference it states.
fn read_preference(
    table: &Table<'_>,
    field_type: FieldType,
    findings: &mut Findings,
) -> Option<PreferenceKind> {
    let said = table.text("preference", findings)?;
    if field_type == FieldType::Consent {
        let why = format!("{} has type consent: a consent states no preference", table.title);
        findings.add(said.at, why);
        return None;
    }
    let kind = PreferenceKind::from_name(said.text);
    if kind.is_none() {
        let hint = hint(said.text, PreferenceKind::ALL.map(PreferenceKind::name));
        findings.add(said.at, format!("unknown preference `{}`{hint}", said.text));
    }
    kind
}

/// Looks at the fields that a field of type consent names, once all are known.
pub(super) fn check(entry: Entry<'_>, fields: &[Declared<'_>], findings: &mut Findings) {
    let is_consent = type_of(entry.key, fields) == Some(FieldType::Consent);
    let title = format!("[fields.{}]", entry.key);
    // What is not a table was found before.
    if entry.value.get_ref().as_table().is_none() {
        return;
    }
    let Some(table) = Table::of(entry, title, findings) else { return };
    if let Some(keep) = table.get("keep").filter(|keep| keep.is_table()) {
        Keep::check(keep, fields, findings);
    }
    if !is_consent && table.get("preference").is_none() {
        return;
    }
    for key in ["at", "until", "evidence"] {
        // Whether it is a text was judged when it was read.
        let Some(named) = table.get(key).and_then(|entry| entry.value.get_ref().as_str()) else {
            continue;
        };
        let at = table.get(key).map_or(table.at, |entry| entry.at);
        if !is_declared(at, &table.title, named, fields, findings) || key == "evidence" {
            continue;
        }
        match type_of(named, fields) {
            None | Some(FieldType::Date) => {}
            Some(other) => {
                let found = other.name();
                findings.add(
                    at,
                    format!("`{key}` names a field of type date; `{named}` has type {found}"),
                );
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::{explain, parse, starter};
    use domain::preference::PreferenceKind;

    #[test]
    fn a_preference_has_a_channel_and_a_date_and_nothing_else_of_consent() {
        let read = |lines: &str| {
            let text = format!(
                "{}\n[fields.often]\ntype = \"text\"\n{lines}\n[fields.said_at]\ntype = \"date\"\n",
                starter("acme", None)
            );
            parse(&text).map_err(|findings| {
                findings.into_iter().map(|it| it.message).collect::<Vec<_>>().join("; ")
            })
        };
        let lines = "preference = \"frequency\"\nchannel = \"email\"\nat = \"said_at\"";
        let settings = read(lines).unwrap();
        let about = &settings.field("often").unwrap().about;
        assert_eq!(about.preference, Some(PreferenceKind::Frequency));
        assert_eq!(about.consent.at.as_ref().map(|it| it.as_str()), Some("said_at"));
        assert!(explain(&settings).contains("states the preferred frequency"));
        for (lines, says) in [
            ("preference = \"frequencey\"", "did you mean `frequency`?"),
            ("preference = \"colour\"", "known are channel, language and frequency"),
            (
                "preference = \"channel\"\nuntil = \"said_at\"",
                "`until` goes with a field of type consent",
            ),
            ("preference = \"channel\"\nat = \"sad_at\"", "did you mean `said_at`?"),
            ("preference = \"channel\"\nat = \"often\"", "`at` names a field of type date"),
            ("at = \"said_at\"", "or with one that states a `preference`"),
        ] {
            let findings = read(lines).unwrap_err();
            assert!(findings.contains(says), "{lines}: {findings}");
        }
    }
}
