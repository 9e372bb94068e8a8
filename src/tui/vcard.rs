//! A customer as a vCard (RFC 6350, version 4): what address books take in.

use domain::{FieldType, Shown};
use door::views::CustomerView;

/// Bytes of a line; longer ones are folded.
const LINE: usize = 75;

/// The card, and how many values are left out of it since they are masked.
pub fn of(view: &CustomerView) -> (String, usize) {
    let mut left_out = 0;
    let mut first = |field_type: FieldType| {
        let fields = view.fields.iter().filter(|field| field.field_type == field_type);
        let mut values = fields.filter_map(|field| {
            let value = view.column.golden.get(field.name.as_str())?;
            Some((&value.text, value.readable))
        });
        let (text, readable) = values.next()?;
        match Shown::clear(text) {
            Some(text) => Some((text.to_owned(), readable)),
            None => {
                left_out += 1;
                None
            }
        }
    };
    let mut text = |field_type| first(field_type).map(|(text, _)| text).unwrap_or_default();
    let (given, family) = (text(FieldType::GivenName), text(FieldType::FamilyName));
    let (whole, organisation) = (text(FieldType::FullName), text(FieldType::OrganisationName));
    let spoken = [given.as_str(), &family].join(" ").trim().to_owned();
    let name = [spoken, whole, organisation.clone()].into_iter().find(|name| !name.is_empty());
    let address = [FieldType::Street, FieldType::City, FieldType::Region, FieldType::Postcode];
    let [street, city, region, postcode] = address.map(&mut text);
    let country = text(FieldType::Country);
    let occupation = text(FieldType::Occupation);
    let born = first(FieldType::DateOfBirth).filter(|(_, readable)| *readable);
    let mut lines = vec!["BEGIN:VCARD".to_owned(), "VERSION:4.0".to_owned()];
    let name = name.unwrap_or_else(|| view.customer.to_string());
    lines.push(format!("FN:{}", escaped(&name)));
    if !given.is_empty() || !family.is_empty() {
        lines.push(format!("N:{};{};;;", escaped(&family), escaped(&given)));
    }
    let mut add = |property: &str, text: &str| {
        if !text.is_empty() {
            lines.push(format!("{property}:{}", escaped(text)));
        }
    };
    add("ORG", &organisation);
    add("TITLE", &occupation);
    for (field_type, property) in [(FieldType::Email, "EMAIL"), (FieldType::Phone, "TEL")] {
        for field in view.fields.iter().filter(|field| field.field_type == field_type) {
            match view.column.golden.get(field.name.as_str()).map(|value| value.text.clear()) {
                Some(Some(text)) => add(property, text),
                Some(None) => left_out += 1,
                None => {}
            }
        }
    }
    let parts = [&street, &city, &region, &postcode, &country];
    if parts.iter().any(|part| !part.is_empty()) {
        let parts: Vec<String> = parts.iter().map(|part| escaped(part)).collect();
        lines.push(format!("ADR:;;{}", parts.join(";")));
    }
    if let Some((born, _)) = born {
        lines.push(format!("BDAY:{}", escaped(&born.replace('-', ""))));
    }
    lines.push(format!("UID:{}", view.customer));
    lines.push("END:VCARD".to_owned());
    let folded = lines.iter().map(|line| folded(line));
    (folded.collect::<String>(), left_out)
}

/// Signs that mean something in a card are escaped, and others that are none are left out.
fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '\\' | ',' | ';' => safe.extend(['\\', character]),
            '\n' => safe.push_str("\\n"),
            other if other.is_control() => {}
            other => safe.push(other),
        }
    }
    safe
}

/// A line in pieces of at most [`LINE`] bytes, each but the first after a blank; none inside of a letter.
fn folded(line: &str) -> String {
    let mut pieces = String::new();
    let mut used = 0;
    for character in line.chars() {
        if used + character.len_utf8() > LINE {
            pieces.push_str("\r\n ");
            used = 1;
        }
        pieces.push(character);
        used += character.len_utf8();
    }
    pieces + "\r\n"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_means_something_in_a_card_is_escaped_and_long_lines_are_folded() {
        for (text, safe) in [
            ("Pace, Thomas", "Pace\\, Thomas"),
            ("a;b\\c", "a\\;b\\\\c"),
            ("one\ntwo", "one\\ntwo"),
            ("bell\u{7}\u{1b}]52", "bell]52"),
            ("BEGIN:VCARD\r\nFN:x", "BEGIN:VCARD\\nFN:x"),
        ] {
            assert_eq!(escaped(text), safe);
        }
        let long = format!("FN:{}", "\u{e9}".repeat(100));
        let card = folded(&long);
        assert!(card.split("\r\n").all(|line| line.len() <= LINE), "{card}");
        assert_eq!(card.replace("\r\n ", "").trim_end(), long);
    }
}
