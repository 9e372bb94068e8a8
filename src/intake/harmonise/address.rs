//! Whole postal addresses on one line.

use super::clean::plain_punctuation;
use super::letter_case::{Casing, Style, is_one_case, push_word};
use super::{country, region, street};

/// The standard form: the parts between commas, the first read as a street, the others in
/// repaired case with a state's code in capitals, joined by `, `.
///
/// Parts are not told apart by meaning: an address that is to be matched field by field is
/// better delivered in fields.
pub(super) fn standard(text: &str, country: &str) -> Option<String> {
    let text = plain_punctuation(text.into());
    let mut standard = String::with_capacity(text.len() + 8);
    for part in text.split([',', ';']).map(str::trim).filter(|part| !part.is_empty()) {
        if standard.is_empty() {
            standard = street::standard(part, country)?;
        } else {
            standard.push_str(", ");
            push_place(&mut standard, part, country);
        }
    }
    (!standard.is_empty()).then_some(standard)
}

fn push_place(out: &mut String, part: &str, customs: &str) {
    if !is_one_case([part]) {
        return out.push_str(part);
    }
    if (2..=3).contains(&part.len()) && country::standard(part).is_some() {
        return out.push_str(&part.to_ascii_uppercase());
    }
    let casing = Casing::of(Style::Place, customs).for_text(part);
    let last = part.split(' ').count() - 1;
    for (at, word) in part.split(' ').enumerate() {
        if at > 0 {
            out.push(' ');
        }
        let short = word.len() <= 3;
        match region::code(word, customs).filter(|code| short && code.eq_ignore_ascii_case(word)) {
            Some(code) => out.push_str(code),
            None => push_word(out, word, casing, at > 0 && at < last),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses() {
        let table = [
            ("12 Rose Ln, Springfield, IL 62704", "US", "12 Rose Lane, Springfield, IL 62704"),
            ("12 ROSE LN., SPRINGFIELD IL 62704", "US", "12 Rose Lane, Springfield IL 62704"),
            ("12 ROSE LN, SPRINGFIELD, USA", "US", "12 Rose Lane, Springfield, USA"),
            ("Hauptstr. 5; 10115 BERLIN", "DE", "Hauptstraße 5, 10115 Berlin"),
            ("12 Rose Lane Apt 4 ,, Springfield", "US", "12 Rose Lane Unit 4, Springfield"),
        ];
        for (text, country, expected) in table {
            assert_eq!(standard(text, country).as_deref(), Some(expected), "{text}");
        }
    }
}
