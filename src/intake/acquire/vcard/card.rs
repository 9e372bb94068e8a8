//! What a card says, under the names of columns: `fn`, `n.family`, `tel`, `tel.mobile`, `adr.home.city`.

use std::collections::{HashMap, HashSet};

use super::super::COLUMN_LIMIT;
use super::super::encoding::Encoding;
use super::property::Property;

/// The components of structured values, in order; the first of an organisation is its name.
const STRUCTURED: [(&str, &[&str]); 4] = [
    ("n", &["family", "given", "additional", "prefix", "suffix"]),
    ("adr", &["pobox", "extended", "street", "city", "region", "postcode", "country"]),
    ("org", &["", "unit", "unit.2", "unit.3"]),
    ("gender", &["", "text"]),
];

/// What types are called in the names of columns; others keep their own.
const TYPES: [(&str, &str); 6] = [
    ("cell", "mobile"),
    ("cellular", "mobile"),
    ("business", "work"),
    ("office", "work"),
    ("private", "home"),
    ("main", "main"),
];

/// Types that say nothing of what a value is for.
const SILENT: [&str; 9] =
    ["voice", "internet", "x400", "text", "dom", "intl", "postal", "parcel", "msg"];

/// Properties that say how the card is written.
const OF_THE_CARD: [&str; 4] = ["version", "prodid", "begin", "end"];

/// A card.
pub(super) struct Card {
    properties: Vec<Property>,
}

impl Card {
    /// Reads the lines of a card.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn read(lines: &[String], of_file: Encoding) -> Result<Card, String> {
        if lines.len() > COLUMN_LIMIT {
            return Err("it has too many properties".to_owned());
        }
        let mut properties = Vec::with_capacity(lines.len());
        for (line, at) in lines.iter().zip(1..) {
            let property = Property::read(line, of_file);
            let property =
                property.ok_or_else(|| format!("its property {at} has no name and value"))?;
            properties.push(property);
        }
        let mut card = Card { properties };
        card.label();
        card.properties.retain(|it| !OF_THE_CARD.contains(&it.name.as_str()));
        Ok(card)
    }

    /// What stands beside a property as its label is what it is for.
    fn label(&mut self) {
        let labels: Vec<(String, String)> = self
            .properties
            .iter()
            .filter(|it| it.name == "x-ablabel")
            .filter_map(|it| Some((it.group.clone()?, plain_label(&it.text()))))
            .collect();
        self.properties.retain(|it| it.name != "x-ablabel");
        for (group, label) in labels {
            let of_group = |it: &&mut Property| it.group.as_ref() == Some(&group);
            for property in self.properties.iter_mut().filter(of_group) {
                property.types.insert(0, label.clone());
            }
        }
    }

    /// Its values under the names of columns. Each has one name of its own; where several of a kind
    /// can be asked for, those are given too that `is_read` says: `tel` is the preferred or first of all,
    /// `tel.2` the next.
    pub fn columns(&self, is_read: impl Fn(&str) -> bool) -> Vec<(String, String)> {
        let mut properties: Vec<&Property> = self.properties.iter().collect();
        properties.sort_by_key(|it| !it.is_preferred);
        let (mut columns, mut taken) = (Vec::new(), HashSet::new());
        let (mut of_name, mut of_purpose) = (Counted::default(), Counted::default());
        for property in properties {
            let name = property.name.as_str();
            let general = of_name.next(name.to_owned());
            let own = match purpose(property) {
                Some(purpose) => of_purpose.next(format!("{name}.{purpose}")),
                None => of_purpose.next(name.to_owned()),
            };
            for (part, text) in parts(property) {
                let (own, general) = (joined(&own, part), joined(&general, part));
                if general != own && is_read(&general) && taken.insert(general.clone()) {
                    columns.push((general, text.clone()));
                }
                if taken.insert(own.clone()) {
                    columns.push((own, text));
                }
            }
        }
        columns
    }
}

/// How often each name was given.
#[derive(Default)]
struct Counted(HashMap<String, usize>);

impl Counted {
    /// The name, and behind it its number, but for the first.
    fn next(&mut self, name: String) -> String {
        let count = self.0.entry(name.clone()).or_default();
        *count += 1;
        if *count == 1 { name } else { format!("{name}.{count}") }
    }
}

/// Its value, or the components of that, by their names.
fn parts(property: &Property) -> Vec<(&'static str, String)> {
    let structured = STRUCTURED.iter().find(|(name, _)| *name == property.name);
    let Some((_, names)) = structured else {
        return vec![("", property.text())];
    };
    let values = names.iter().copied().zip(property.components());
    values.filter(|(_, text)| !text.is_empty()).collect()
}

/// What a value is for.
fn purpose(property: &Property) -> Option<String> {
    // A telephone at work that is a fax is first of all a fax.
    let is_first = |it: &&String| matches!(it.as_str(), "fax" | "pager" | "cell");
    let mut types = property.types.iter().filter(|it| !SILENT.contains(&it.as_str()));
    let found = types.clone().find(is_first).or_else(|| types.next())?;
    let known = TYPES.iter().find(|(name, _)| name == found);
    Some(known.map_or_else(|| found.clone(), |(_, purpose)| (*purpose).to_owned()))
}

/// `_$!<Mobile>!$_` is `mobile`.
fn plain_label(label: &str) -> String {
    let label = label.trim().trim_start_matches("_$!<").trim_end_matches(">!$_");
    label.to_lowercase().replace(char::is_whitespace, "-")
}

fn joined(name: &str, part: &str) -> String {
    if part.is_empty() { name.to_owned() } else { format!("{name}.{part}") }
}
