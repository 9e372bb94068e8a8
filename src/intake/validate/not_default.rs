//! `not_default`: the value is no placeholder that somebody typed to get past a form.

use super::same_but_case;
use domain::{FieldType, Value};

/// Whether the value, as delivered and as harmonised, is none of `placeholders`; of its type's
/// well-known ones where the list is empty.
pub(super) fn holds(value: &Value, placeholders: &[String], field_type: FieldType) -> bool {
    let (raw, shown) = (value.raw().trim(), value.shown());
    let forms = [raw, shown];
    // Most values are delivered in their standard form.
    forms[usize::from(raw == shown)..].iter().all(|form| {
        if placeholders.is_empty() {
            !is_well_known(&form.to_lowercase(), field_type)
        } else {
            !placeholders.iter().any(|placeholder| same_but_case(placeholder, form))
        }
    })
}

/// Words that say nothing, whatever the field.
const WORDS: [&str; 27] = [
    "test",
    "testing",
    "tester",
    "unknown",
    "unbekannt",
    "inconnu",
    "desconocido",
    "xx",
    "xxx",
    "xxxx",
    "n/a",
    "n.a.",
    "not applicable",
    "not available",
    "not provided",
    "none given",
    "no name",
    "noname",
    "dummy",
    "asdf",
    "qwerty",
    "tbd",
    "-",
    "--",
    ".",
    "?",
    "???",
];

/// Words that say nothing outside names of persons: some families are called Null.
const WORDS_BUT_IN_NAMES: [&str; 5] = ["null", "nil", "na", "none", "nobody"];

/// First and last days of calendars, epochs of computers, keys held down.
const DATES: [&str; 11] = [
    "0001-01-01",
    "1111-11-11",
    "1753-01-01",
    "1899-12-30",
    "1899-12-31",
    "1900-01-01",
    "1901-01-01",
    "1904-01-01",
    "1970-01-01",
    "2999-12-31",
    "9999-12-31",
];

/// What stands before the @ where nobody reads.
const MAILBOXES: [&str; 9] = [
    "noreply",
    "no-reply",
    "donotreply",
    "do-not-reply",
    "none",
    "unknown",
    "nomail",
    "noemail",
    "no-email",
];

/// Words typed on both sides of the @.
const MAIL_WORDS: [&str; 10] =
    ["test", "a", "x", "xx", "xxx", "abc", "asdf", "email", "na", "none"];

const DIGIT_RUNS: [&str; 4] = ["1234567890", "0123456789", "9876543210", "123456789"];

fn is_well_known(text: &str, field_type: FieldType) -> bool {
    let person =
        matches!(field_type, FieldType::GivenName | FieldType::FamilyName | FieldType::FullName);
    if WORDS.contains(&text) || (!person && WORDS_BUT_IN_NAMES.contains(&text)) {
        return true;
    }
    match field_type {
        FieldType::Date | FieldType::DateOfBirth => DATES.contains(&text),
        FieldType::Email => is_mail_placeholder(text),
        FieldType::Phone => is_phone_placeholder(text),
        FieldType::Postcode => ["00000", "99999", "0000", "000000"].contains(&text),
        FieldType::NationalId | FieldType::Identifier => is_id_placeholder(text),
        _ => false,
    }
}

fn is_mail_placeholder(text: &str) -> bool {
    let Some((mailbox, domain)) = text.split_once('@') else { return false };
    let first_label = domain.split('.').next().unwrap_or_default();
    MAILBOXES.contains(&mailbox) || (mailbox == first_label && MAIL_WORDS.contains(&mailbox))
}

/// The last seven digits are one digit repeated, or the number ends in a row of the keypad.
fn is_phone_placeholder(text: &str) -> bool {
    let number = text.split(";ext=").next().unwrap_or_default();
    let digits: Vec<u8> = number.bytes().filter(u8::is_ascii_digit).collect();
    let Some(last_seven) = digits.last_chunk::<7>() else { return false };
    last_seven.iter().all(|digit| *digit == last_seven[0])
        || last_seven == b"1234567"
        || DIGIT_RUNS.iter().any(|run| digits.ends_with(run.as_bytes()))
}

fn is_id_placeholder(text: &str) -> bool {
    let digits: String = text.chars().filter(char::is_ascii_alphanumeric).collect();
    let repeated = digits.len() >= 4 && digits.bytes().all(|b| b == digits.as_bytes()[0]);
    repeated || DIGIT_RUNS.contains(&digits.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn well_known_placeholders_of_each_type() {
        for (field_type, placeholders, real) in [
            (FieldType::DateOfBirth, "1970-01-01 1900-01-01 1901-01-01", "1984-03-12 1970-01-02"),
            (
                FieldType::Email,
                "test@test.com noreply@example.com a@a.de none@example.org",
                "ada@example.com acme@acme.example test@example.com",
            ),
            (
                FieldType::Phone,
                "+10000000000 0000000000 1234567890 +12175551234567 +15550000000;ext=4",
                "+12175550104 +4930555010",
            ),
            (FieldType::FamilyName, "Test unknown XXX n/a", "Null Na Nobody Testa"),
            (FieldType::City, "null none n/a", "Springfield"),
            (FieldType::NationalId, "0000000 123456789 111-11-1111", "219-09-9999"),
            (FieldType::Postcode, "00000", "12345 62704"),
        ] {
            let holds = |text: &str| holds(&Value::as_delivered(text), &[], field_type);
            for text in placeholders.split(' ') {
                assert!(!holds(text), "{field_type:?} {text}");
            }
            for text in real.split(' ') {
                assert!(holds(text), "{field_type:?} {text}");
            }
        }
    }

    #[test]
    fn an_own_list_replaces_the_well_known_ones() {
        let own = ["Neustadt".to_owned()];
        assert!(!holds(&Value::as_delivered("NEUSTADT"), &own, FieldType::City));
        assert!(holds(&Value::as_delivered("unknown"), &own, FieldType::City));
        assert!(!holds(&Value::standardised("n/a ", "N/A"), &[], FieldType::GivenName));
    }
}
