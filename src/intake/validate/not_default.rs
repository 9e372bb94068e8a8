//! `not_default`: the value is no placeholder that somebody typed to get past a form.

use super::same_but_case;
use domain::{FieldType, Value, placeholder};

/// Whether the value, as delivered and as harmonised, is none of `placeholders`; of its type's
/// well-known ones where the list is empty.
pub(super) fn holds(value: &Value, placeholders: &[String], field_type: FieldType) -> bool {
    let (raw, shown) = (value.raw().trim(), value.shown());
    let forms = [raw, shown];
    // Most values are delivered in their standard form.
    forms[usize::from(raw == shown)..].iter().all(|form| {
        if placeholders.is_empty() {
            !placeholder::is_well_known(form, field_type)
        } else {
            !placeholders.iter().any(|placeholder| same_but_case(placeholder, form))
        }
    })
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
