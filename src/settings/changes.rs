//! What is said differently in two texts of a `steward.toml`: key by key, wherever they stand in the
//! file. Comments and the order of keys are no difference.

use std::collections::{BTreeMap, BTreeSet};

use toml::de::{DeTable, DeValue};

/// A key that is said differently.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChangedSetting {
    /// Where it stands: `matching.auto`, `rules.email-syntax.severity`.
    pub key: String,
    /// What it said before; none where it was not there.
    pub before: Option<String>,
    /// What it says now; none where it is gone.
    pub after: Option<String>,
}

/// What tells the tables of a list apart, where they have it.
const NAMES: [&str; 3] = ["id", "code", "name"];

/// What is said differently in the later text, by key. What is no TOML says nothing.
#[must_use]
pub fn changes(before: &str, after: &str) -> Vec<ChangedSetting> {
    let (before, mut after) = (flat(before), flat(after));
    let mut changed = Vec::new();
    for (key, was) in before {
        let now = after.remove(&key);
        if now.as_ref() != Some(&was) {
            changed.push(ChangedSetting { key, before: Some(was), after: now });
        }
    }
    let added = after.into_iter();
    changed.extend(added.map(|(key, now)| ChangedSetting { key, before: None, after: Some(now) }));
    changed.sort_by(|one, other| one.key.cmp(&other.key));
    changed
}

/// The names of the fields that a text calls sensitive, as far as it can be read: line by line, since whatever
/// follows an error may be lost to a parser.
#[must_use]
pub fn sensitive_in(text: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut field = None;
    for line in text.lines() {
        let line: String = line.chars().filter(|letter| !letter.is_whitespace()).collect();
        if let Some(header) = line.strip_prefix('[') {
            let name = header.split(']').next().and_then(|it| it.strip_prefix("fields."));
            field = name.map(|name| name.trim_matches(['"', '\'']).to_owned());
        } else if let Some(field) = field.as_ref().filter(|_| line.starts_with("sensitive=true")) {
            found.insert(field.clone());
        }
    }
    found
}

/// Whether `[people.*]` of a text names somebody of that id, as far as it can be read.
#[must_use]
pub fn names_person(text: &str, id: &str) -> bool {
    let (document, _) = DeTable::parse_recoverable(text);
    let people = document.get_ref().get("people").and_then(|people| people.get_ref().as_table());
    people.is_some_and(|people| people.get(id).is_some())
}

pub(super) fn flat(text: &str) -> BTreeMap<String, String> {
    let (document, _) = DeTable::parse_recoverable(text);
    let mut said = BTreeMap::new();
    table("", document.get_ref(), &mut said);
    said
}

fn table(at: &str, table: &DeTable<'_>, said: &mut BTreeMap<String, String>) {
    for (key, own) in table {
        let key = match at {
            "" => key.get_ref().to_string(),
            at => format!("{at}.{}", key.get_ref()),
        };
        value(key, own.get_ref(), said);
    }
}

fn value(key: String, own: &DeValue<'_>, said: &mut BTreeMap<String, String>) {
    match own {
        DeValue::Table(own) => table(&key, own, said),
        DeValue::Array(items) if items.iter().any(|it| it.get_ref().is_table()) => {
            for (number, item) in items.iter().enumerate() {
                let name = item.get_ref().as_table().and_then(|own| {
                    NAMES.iter().find_map(|name| own.get(*name)?.get_ref().as_str())
                });
                let name = name.map_or_else(|| (number + 1).to_string(), str::to_owned);
                value(format!("{key}.{name}"), item.get_ref(), said);
            }
        }
        own => {
            said.insert(key, in_words(own));
        }
    }
}

/// A value as TOML writes it on one line.
fn in_words(own: &DeValue<'_>) -> String {
    match own {
        DeValue::String(text) => super::quoted(text),
        DeValue::Integer(number) => number.as_str().to_owned(),
        DeValue::Float(number) => number.as_str().to_owned(),
        DeValue::Boolean(is) => is.to_string(),
        DeValue::Datetime(time) => time.to_string(),
        DeValue::Array(items) => {
            let items: Vec<String> = items.iter().map(|it| in_words(it.get_ref())).collect();
            format!("[{}]", items.join(", "))
        }
        DeValue::Table(own) => {
            let own: Vec<String> = own
                .iter()
                .map(|(key, it)| format!("{} = {}", key.get_ref(), in_words(it.get_ref())))
                .collect();
            format!("{{ {} }}", own.join(", "))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_compared_wherever_they_stand() {
        let before = "[matching]\nauto = 0.99\nreview = 0.5\n[[rules]]\nid = \"a\"\nvalues = [1]\n\
                      [[rules]]\nid = \"b\"\ncheck = \"format\"\n[queue]\nstake = \"x\"\n";
        let after = "[[rules]]\nid = \"b\"\ncheck = \"required\" # a comment\n[[rules]]\nvalues = [1, 2]\n\
                     id = \"a\"\n[matching]\nreview = 0.50\nauto = 0.99\nfirst = true\n";
        let found = changes(before, after);
        let told: Vec<_> = found
            .iter()
            .map(|it| (it.key.as_str(), it.before.as_deref(), it.after.as_deref()))
            .collect();
        assert_eq!(
            told,
            [
                ("matching.first", None, Some("true")),
                ("matching.review", Some("0.5"), Some("0.50")),
                ("queue.stake", Some("\"x\""), None),
                ("rules.a.values", Some("[1]"), Some("[1, 2]")),
                ("rules.b.check", Some("\"format\""), Some("\"required\"")),
            ]
        );
        assert_eq!(changes(before, before), []);
        assert_eq!(changes("not [ toml", "not [ toml"), []);
    }

    #[test]
    fn what_is_sensitive_is_told_of_a_text_with_errors_too() {
        for (text, expected) in [
            ("[fields.a]\nsensitive = true\n[fields.b]\nsensitive = false\n", vec!["a"]),
            (
                "[fields.a]\nsensitive = true\ngarbage\n[fields.b]\nsensitive = true\n",
                vec!["a", "b"],
            ),
            ("[fields.a]\ntype = \"email\"\n", vec![]),
            ("not [ toml", vec![]),
        ] {
            let told: Vec<String> = sensitive_in(text).into_iter().collect();
            assert_eq!(told, expected, "{text}");
        }
    }
}
