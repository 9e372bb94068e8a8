//! What a card says, under the names of columns: `fn`, `n.family`, `tel`, `tel.mobile`, `adr.home.city`.

use std::collections::{HashMap, HashSet};

use super::super::COLUMN_LIMIT;
use super::super::encoding::Encoding;
use super::property::{Property, Unfolded};

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
    /// Why it cannot become a row, though its properties are told apart.
    pub fault: Option<String>,
}

impl Card {
    /// Reads the lines of a card.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn read(lines: &[Unfolded], undeclared: Option<Encoding>) -> Result<Card, String> {
        if lines.len() > COLUMN_LIMIT {
            return Err("it has too many properties".to_owned());
        }
        let (mut properties, mut fault) = (Vec::with_capacity(lines.len()), None);
        for Unfolded { line, text, thrown_away } in lines {
            let none = || format!("line {line} of this card is not a property (NAME:value)");
            let mut property = Property::read(text, undeclared).ok_or_else(none)?;
            property.thrown_away = *thrown_away;
            property.take_text();
            if let Some(what) = property.fault {
                fault.get_or_insert_with(|| format!("line {line} of this card {what}"));
            }
            properties.push(property);
        }
        let mut card = Card { properties, fault };
        card.label();
        card.name_the_organisation();
        card.properties.retain(|it| !OF_THE_CARD.contains(&it.name.as_str()));
        Ok(card)
    }

    /// What stands beside a property as its label is what it is for.
    fn label(&mut self) {
        let is_label = |it: &Property| it.name == "x-ablabel";
        let labels: Vec<(String, String)> = self
            .properties
            .iter()
            .filter(|it| is_label(it))
            .filter_map(|it| Some((it.group.clone()?, plain_label(&it.text()))))
            .collect();
        let mut used = HashSet::new();
        for (group, label) in &labels {
            let of_group = |it: &&mut Property| it.group.as_ref() == Some(group) && !is_label(it);
            for property in self.properties.iter_mut().filter(of_group) {
                property.types.insert(0, label.clone());
                used.insert(group);
            }
        }
        // A label of nothing is a value like any other.
        let is_used = |it: &Property| it.group.as_ref().is_some_and(|group| used.contains(group));
        self.properties.retain(|it| !is_label(it) || !is_used(it));
    }

    /// The name shown of an organisation's card is the organisation's, not a person's. Such a card says so
    /// (`KIND:org`, `X-ABShowAs:COMPANY`), or has no name but its organisation's.
    fn name_the_organisation(&mut self) {
        let first = |name: &str| self.properties.iter().position(|it| it.name == name);
        let says = |name: &str, what: &str| {
            first(name)
                .is_some_and(|at| self.properties[at].text().trim().eq_ignore_ascii_case(what))
        };
        let is_said = says("kind", "org") || says("x-abshowas", "company");
        let of = |name: &str| first(name).map(|at| self.properties[at].components());
        let is_named = of("n").is_some_and(|parts| parts.iter().any(|part| !part.is_empty()));
        let org = of("org").and_then(|parts| parts.into_iter().next()).unwrap_or_default();
        let Some(shown) = first("fn") else { return };
        let is_same = org.to_lowercase() == self.properties[shown].text().trim().to_lowercase();
        if is_same && (is_said || !is_named) {
            self.properties.remove(shown);
        } else if is_said && org.is_empty() && !is_named {
            self.properties[shown].become_name_of_organisation();
        }
    }

    /// Its values under the names of columns. Each has one name of its own; where several of a kind
    /// can be asked for, those are given too that `is_read` says: `tel` is the preferred or first of all,
    /// `tel.2` the next.
    pub fn columns(&self, is_read: impl Fn(&str) -> bool) -> Vec<(String, String)> {
        let mut properties: Vec<&Property> = self.properties.iter().collect();
        properties.sort_by_key(|it| !it.is_preferred);
        let mut columns = Columns::default();
        let mut of_name = Counted::default();
        // What is asked for has its name before what is not can take it.
        let mut left = Vec::with_capacity(properties.len());
        for property in properties {
            let general = of_name.next(property.name.clone());
            let purpose = purpose(property);
            for (part, text) in parts(property) {
                let name = joined(&general, &part);
                let is_given = is_read(&name) && columns.give(name, &text);
                // Without a purpose it has no other name.
                if !is_given || purpose.is_some() {
                    left.push((
                        property.name.as_str(),
                        purpose.clone(),
                        general.clone(),
                        part,
                        text,
                    ));
                }
            }
        }
        let mut of_purpose = Counted::default();
        let mut last: Option<(String, String)> = None;
        for (name, purpose, general, part, text) in left {
            // The parts of a property have one name in common.
            let own = match last.take() {
                Some((of, own)) if of == general => own,
                _ => of_purpose.next(match purpose {
                    Some(purpose) => format!("{name}.{purpose}"),
                    None => name.to_owned(),
                }),
            };
            let mut free = joined(&own, &part);
            for number in 2.. {
                if columns.give(free, &text) {
                    break;
                }
                free = joined(&format!("{own}.{number}"), &part);
            }
            last = Some((general, own));
        }
        columns.columns
    }
}

/// Values under their names.
#[derive(Default)]
struct Columns {
    columns: Vec<(String, String)>,
    taken: HashSet<String>,
}

impl Columns {
    /// Gives a value a name; false: another has it.
    fn give(&mut self, name: String, text: &str) -> bool {
        let is_free = self.taken.insert(name.clone());
        if is_free {
            self.columns.push((name, text.to_owned()));
        }
        is_free
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

/// Its value, or the components of that, by their names; those that no version of vCard knows by their
/// number.
fn parts(property: &Property) -> Vec<(String, String)> {
    let structured = STRUCTURED.iter().find(|(name, _)| *name == property.name);
    let Some((_, names)) = structured else {
        return vec![(String::new(), property.text())];
    };
    let name =
        |at: usize| names.get(at).map_or_else(|| (at + 1).to_string(), |name| (*name).to_owned());
    let values = property.components().into_iter().enumerate();
    values.filter(|(_, text)| !text.is_empty()).map(|(at, text)| (name(at), text)).collect()
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
