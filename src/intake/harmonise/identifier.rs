//! Identifiers: of persons, issued by a state, and of any other kind.

use std::borrow::Cow;

use domain::{covered, placeholder, spreadsheet};
use unicode_normalization::UnicodeNormalization;

/// The standard form: capitals, no separators. Check digits are a matter of rules.
///
/// What some program took for a number is not read: without its point `1001.5` would be the customer
/// 10015, and `-5` is not 5. Nor is what somebody wrote because an identifier was asked for: `unknown`,
/// `00000000`; nor what is covered: `XXX-XX-6789`.
pub(super) fn standard(text: Cow<'_, str>) -> Option<Cow<'_, str>> {
    if covered::by_signs(&text) {
        return None;
    }
    form(text).filter(|standard| !placeholder::is_no_identifier(standard))
}

/// The same of what a state numbers people by, of which the last four digits alone are nobody's, and which
/// it has given to somebody.
pub(super) fn of_person<'a>(text: Cow<'a, str>, country: &str) -> Option<Cow<'a, str>> {
    let delivered = text.clone();
    standard(text).filter(|standard| {
        !placeholder::is_remnant(standard)
            && !placeholder::is_never_issued(&delivered, standard, country)
    })
}

fn form(text: Cow<'_, str>) -> Option<Cow<'_, str>> {
    if text.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit()) {
        return Some(text);
    }
    if spreadsheet::stands_for_its_result(&text)
        || is_a_decimal(&text)
        || is_signed(&text)
        || has_zeros_behind(&text)
    {
        return None;
    }
    let kept =
        |character: &char| !matches!(character, ' ' | '-' | '.' | '/' | '_' | '‐' | '–' | '—');
    let standard: String = if text.is_ascii() {
        text.chars().filter(kept).map(|character| character.to_ascii_uppercase()).collect()
    } else {
        text.chars().filter(kept).flat_map(char::to_uppercase).nfkc().collect()
    };
    let is_one = standard.contains(char::is_alphanumeric)
        && !is_signed(&standard)
        && !has_zeros_behind(&standard)
        // `-=1`: what stood before it is gone.
        && !spreadsheet::stands_for_its_result(&standard);
    is_one.then_some(Cow::Owned(standard))
}

/// `1001.5`, `1.1`; three digits behind the point are a group: `123.456`.
fn is_a_decimal(text: &str) -> bool {
    let Some((whole, fraction)) = text.split_once('.') else { return false };
    let are_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let is_group = fraction.len() == 3 && whole.len() < 4;
    !fraction.is_empty() && are_digits(whole) && are_digits(fraction) && !is_group
}

/// The `.0` of a spreadsheet behind what is more than the digits of a number: `DE123456789.0`,
/// `012-34-5678.0`. Groups of digits may end in two zeros: `756.1234.5678.00`.
fn has_zeros_behind(text: &str) -> bool {
    let Some(at) = text.rfind(['.', ',']) else { return false };
    let (whole, zeros) = (&text[..at], text[at + 1..].trim());
    let are_group = zeros.len() > 2 || zeros.len() == 2 && whole.contains('.');
    !zeros.is_empty() && zeros.bytes().all(|byte| byte == b'0') && !are_group
}

/// A sign before a number.
fn is_signed(text: &str) -> bool {
    let number = text.strip_prefix(['-', '+', '–', '—', '−']);
    number.is_some_and(|number| {
        number.bytes().all(|byte| byte.is_ascii_digit() || b".-/_ ".contains(&byte))
            && number.contains(|first: char| first.is_ascii_digit())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_left_of_a_person_s_number_is_none() {
        for text in [
            "XXX-XX-6789",
            "***-**-6789",
            "###-##-6782",
            "xxx-xx-6789",
            "•••-••-6789",
            "XXXXX6789",
            "6781",
            "1",
            "000006785",
            "000-00-6785",
            "1234",
            "**6789",
            "219-09-9999",
            "000-12-3456",
        ] {
            assert_eq!(of_person(Cow::Borrowed(text), ""), None, "{text}");
        }
        for text in
            ["218-09-9989", "X1234567L", "12345678Z", "00000010X", "010190-1234", "QQ 12 34 56 C"]
        {
            assert!(of_person(Cow::Borrowed(text), "").is_some(), "{text}");
        }
        for text in ["XXX-1234", "**1234", "AB-##-12", "??77"] {
            assert_eq!(standard(Cow::Borrowed(text)), None, "{text}");
        }
        for text in ["XX123456", "A*1", "C#", "6781", "X1"] {
            assert_eq!(standard(Cow::Borrowed(text)).is_some(), text != "C#", "{text}");
        }
    }

    #[test]
    fn identifiers() {
        let table = [
            ("219-09-9999", Some("219099999")),
            ("123-45-6789", None),
            ("de 811 907 980", Some("DE811907980")),
            ("ab.12/34_c", Some("AB1234C")),
            ("A1B2", Some("A1B2")),
            ("007", Some("007")),
            ("käs-1", Some("KÄS1")),
            ("=A1", None),
            ("=1+1", None),
            ("=02138", None),
            ("=\"00123", None),
            ("=“00123”", None),
            ("A=1", Some("A=1")),
            ("#-#", None),
            ("1001.5", None),
            ("1.1", None),
            ("1001.25", None),
            ("12345.678", None),
            (".5", None),
            ("-5", None),
            ("+5", None),
            ("-5.5", None),
            ("123.456", Some("123456")),
            ("756.1234.5678.97", Some("7561234567897")),
            ("12.345.678-5", Some("123456785")),
            ("A-5", Some("A5")),
            ("5-", Some("5")),
            ("C.1", Some("C1")),
            ("unknown", None),
            ("Nicht-pflichtig", None),
            ("00000000", None),
            ("DE123456788.0", None),
            ("DE123456788.00", None),
            ("DE123456788,0", None),
            ("012-34-5678.0", None),
            ("12 345.0", None),
            ("1,234.0", None),
            ("12.345.0", None),
            ("A-17/2.0", None),
            ("756.1234.5678.00", Some("7561234567800")),
            ("12.345.000", Some("12345000")),
        ];
        for (text, expected) in table {
            assert_eq!(standard(Cow::Borrowed(text)).as_deref(), expected, "{text}");
        }
    }
}
