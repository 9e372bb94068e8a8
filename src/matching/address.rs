//! Postal addresses cut into what is compared: house number, street name, unit, place.

use super::text::{fold, tokens};

const SEPARATOR: char = '\u{1f}';

/// Words that say what kind of street it is: they are written in many ways or left out, so they
/// are not compared.
const KINDS: [&str; 40] = [
    "street",
    "st",
    "str",
    "strasse",
    "avenue",
    "ave",
    "av",
    "road",
    "rd",
    "drive",
    "dr",
    "drv",
    "lane",
    "ln",
    "court",
    "ct",
    "crt",
    "boulevard",
    "blvd",
    "way",
    "wy",
    "place",
    "pl",
    "terrace",
    "ter",
    "tce",
    "terr",
    "circuit",
    "cct",
    "crescent",
    "cres",
    "close",
    "cl",
    "square",
    "sq",
    "rue",
    "calle",
    "via",
    "parade",
    "highway",
];

/// Words after which a unit's number follows.
const UNITS: [&str; 16] = [
    "apt",
    "apartment",
    "appt",
    "unit",
    "suite",
    "ste",
    "flat",
    "room",
    "rm",
    "floor",
    "fl",
    "wohnung",
    "whg",
    "top",
    "etage",
    "villa",
];

/// A street line in parts, each folded; a part may be empty.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Street<'a> {
    /// House number with its letter: `12a`.
    pub(crate) number: &'a str,
    /// The street's name without the word for its kind.
    pub(crate) name: &'a str,
    /// Flat, suite or floor.
    pub(crate) unit: &'a str,
}

impl<'a> Street<'a> {
    /// Takes apart what [`street`] packed.
    pub(crate) fn unpack(packed: &'a str) -> Self {
        let mut parts = packed.split(SEPARATOR);
        let mut next = || parts.next().unwrap_or_default();
        Self { number: next(), name: next(), unit: next() }
    }
}

/// A one-line address in parts.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Address {
    /// As [`street`] packs it.
    pub(crate) street: String,
    /// The town, folded.
    pub(crate) city: String,
    /// The postal code.
    pub(crate) postcode: String,
}

/// Reads a street line and packs its parts into one text; empty when nothing is left to compare.
pub(crate) fn street(line: &str) -> String {
    let hashed = line.replace('#', " unit ");
    let folded = fold(&hashed);
    let (mut number, mut unit) = (String::new(), String::new());
    let mut name: Vec<&str> = Vec::new();
    let mut kind = None;
    let mut words = tokens(&folded).peekable();
    while let Some(word) = words.next() {
        if UNITS.contains(&word) && words.peek().is_some_and(|next| next.len() <= 4) {
            unit = words.next().unwrap_or_default().to_owned();
        } else if number.is_empty() && word.starts_with(|first: char| first.is_ascii_digit()) {
            word.clone_into(&mut number);
            // `12 a` and `12a` are one house.
            let letter = |next: &&str| next.len() == 1 && next.as_bytes()[0].is_ascii_lowercase();
            if !name.is_empty() && words.peek().is_some_and(letter) {
                number.push_str(words.next().unwrap_or_default());
            }
        } else if KINDS.contains(&word) && !(name.is_empty() && word != "rue" && word != "via") {
            kind = Some(word);
        } else {
            name.push(
                word.strip_suffix("strasse").filter(|stem| stem.len() > 2).unwrap_or(
                    word.strip_suffix("str").filter(|stem| stem.len() > 3).unwrap_or(word),
                ),
            );
        }
    }
    // A second number after the street's name is a unit (`5 Hill Road 12`).
    if unit.is_empty() && name.len() > 1 {
        let numeric = |word: &&str| word.bytes().all(|byte| byte.is_ascii_digit());
        if let Some(last) = name.pop_if(|word| numeric(&&**word)) {
            last.clone_into(&mut unit);
        }
    }
    if name.is_empty() {
        name.extend(kind);
    }
    if name.is_empty() && number.is_empty() {
        return String::new();
    }
    format!("{number}{SEPARATOR}{}{SEPARATOR}{unit}", name.join(" "))
}

/// Reads a whole address on one line: the first part with a number is the street, a later token
/// of four or more characters with a digit the postal code, the first other part the town.
pub(crate) fn one_line(line: &str) -> Address {
    let has_digit = |text: &str| text.bytes().any(|byte| byte.is_ascii_digit());
    let parts: Vec<&str> = line.split(',').map(str::trim).filter(|part| !part.is_empty()).collect();
    let at = parts.iter().position(|part| has_digit(part)).unwrap_or(0);
    let mut address = Address::default();
    let Some(first) = parts.get(at) else { return address };
    address.street = street(first);
    for part in &parts[at + 1..] {
        let folded = fold(part);
        let mut words: Vec<&str> = tokens(&folded).collect();
        if let Some(code) = words.iter().rposition(|word| has_digit(word) && word.len() >= 4) {
            words.remove(code).clone_into(&mut address.postcode);
        }
        words.retain(|word| !has_digit(word));
        if words.len() > 1 {
            words.pop_if(|word| word.len() == 2);
        }
        if address.city.is_empty() && words.iter().any(|word| word.len() > 2) {
            address.city = words.join(" ");
        }
    }
    address
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn street_lines() {
        for (line, number, name, unit) in [
            ("11 Fuente Ave", "11", "fuente", ""),
            ("6268 Lathrop Ct, Apt 4B", "6268", "lathrop", "4b"),
            ("6268 lathrop court #4", "6268", "lathrop", "4"),
            ("Hauptstraße 12 a", "12a", "haupt", ""),
            ("Hauptstr. 12a", "12a", "haupt", ""),
            ("7 wallaby place", "7", "wallaby", ""),
            ("Suite 900, 1450 N City Rd", "1450", "n city", "900"),
            ("12 St Johns Road", "12", "st johns", ""),
        ] {
            let packed = street(line);
            assert_eq!(Street::unpack(&packed), Street { number, name, unit }, "{line}");
        }
        assert_eq!(street(" , "), "");
    }

    #[test]
    fn one_line_addresses() {
        let read = one_line("123 Main Street, Las Vegas NV 89132");
        assert_eq!((read.city.as_str(), read.postcode.as_str()), ("las vegas", "89132"));
        assert_eq!(read.street, street("123 Main St"));
        assert_eq!(one_line(""), Address::default());
    }
}
