//! One record's values as matching sees them: folded texts by aspect.

use std::borrow::Cow;
use std::collections::HashSet;
use std::sync::LazyLock;

pub use domain::Kind;
use domain::{FieldType, Value, Values, placeholder, spreadsheet};

use super::address;
use super::bearer::{Bearer, PersonName};
use super::layout::{Aspect, Layout, Shape};
use super::text::{digits, fold, folded, tokens};
use super::written;

/// The texts of one record, where its [`Shape`] says; an empty text is an absent value.
pub(crate) struct Portrait {
    pub(crate) kind: Kind,
    pub(crate) texts: Vec<String>,
    pub(crate) bearer: Bearer,
}

impl Portrait {
    pub(crate) fn new(layout: &Layout, shape: &Shape, values: &Values) -> Self {
        let values = &*of_evidence(layout, values);
        let mut texts = vec![String::new(); shape.width()];
        let PersonName { given, family, bearer } = PersonName::read(layout, values);
        let organisation = folded(values, layout.of(FieldType::OrganisationName));
        let kind = if given.is_empty() && family.is_empty() && !organisation.is_empty() {
            Kind::Organisation
        } else {
            Kind::Person
        };
        let mut put = |aspect: Aspect, slot: usize, text: String| {
            if let Some(place) = texts[shape.slots(aspect)].get_mut(slot) {
                *place = text;
            }
        };
        if !given.is_empty() && !family.is_empty() {
            put(Aspect::Full, 0, format!("{given}|{family}"));
        }
        put(Aspect::Written, 0, written::of(layout, values));
        put(Aspect::Given, 0, given);
        put(Aspect::Family, 0, family);
        put(Aspect::Organisation, 0, organisation);
        let typed: [(Aspect, FieldType, Reader); 8] = [
            (Aspect::Birth, FieldType::DateOfBirth, |value| standard(value).to_owned()),
            (Aspect::Email, FieldType::Email, email),
            (Aspect::Phone, FieldType::Phone, phone),
            (Aspect::NationalId, FieldType::NationalId, identifier),
            (Aspect::Identifier, FieldType::Identifier, identifier),
            (Aspect::Postcode, FieldType::Postcode, postcode),
            (Aspect::City, FieldType::City, |value| fold(standard(value))),
            (Aspect::Region, FieldType::Region, |value| fold(standard(value))),
        ];
        for (aspect, field_type, read) in typed {
            for (slot, field) in layout.of(field_type).enumerate() {
                let Some(value) = values.get(field.as_str()) else { continue };
                let text = read(value);
                // An office has that mailbox, and everybody who works there.
                let is_office_s =
                    kind == Kind::Person && aspect == Aspect::Email && is_of_a_role(&text);
                if !is_office_s {
                    put(aspect, slot, text);
                }
            }
        }
        for (slot, field) in layout.of(FieldType::Street).enumerate() {
            if let Some(value) = values.get(field.as_str()) {
                put(Aspect::Street, slot, address::street(standard(value)));
            }
        }
        for (slot, field) in layout.plain().enumerate() {
            if let Some(value) = values.get(field.as_str()) {
                put(Aspect::Plain, slot, fold(standard(value)));
            }
        }
        let mut portrait = Self { kind, texts, bearer };
        portrait.read_addresses(layout, shape, values);
        portrait
    }

    /// One-line addresses fill what fields of their own left empty.
    fn read_addresses(&mut self, layout: &Layout, shape: &Shape, values: &Values) {
        for (slot, field) in layout.of(FieldType::Address).enumerate() {
            let Some(value) = values.get(field.as_str()) else { continue };
            let read = address::one_line(standard(value));
            for (aspect, text) in [
                (Aspect::Street, read.street),
                (Aspect::City, read.city),
                (Aspect::Postcode, read.postcode),
            ] {
                if let Some(place) = self.texts[shape.slots(aspect)].get_mut(slot)
                    && place.is_empty()
                {
                    *place = text;
                }
            }
        }
    }
}

/// The values without those that say nothing of whose they are: the one place that keeps placeholders,
/// and what could not be read, out of every comparison.
fn of_evidence<'v>(layout: &Layout, values: &'v Values) -> Cow<'v, Values> {
    let mut kept = Cow::Borrowed(values);
    for (field_type, field) in layout.typed() {
        // A postcode that does not fit its record's country may fit another's.
        let says_nothing = |value: &Value| {
            !value.is_readable() && field_type != FieldType::Postcode
                || placeholder::is_no_evidence(value.shown(), field_type)
        };
        if values.get(field.as_str()).is_some_and(says_nothing) {
            kept.to_mut().remove(field.as_str());
        }
    }
    kept
}

/// Reads one value as the text that is compared.
type Reader = fn(&Value) -> String;

/// What could not be read is not compared: equal rubbish is no evidence of one person.
fn standard(value: &Value) -> &str {
    value.standard().unwrap_or_default()
}

/// Local part and domain, lower case; a name before the address in angle brackets is dropped.
fn email(value: &Value) -> String {
    standard(value).trim().to_lowercase()
}

/// The mailboxes of roles, in no order.
static ROLES: LazyLock<HashSet<&'static str>> = LazyLock::new(|| {
    let lines = include_str!("data/role_mailboxes.txt").lines();
    lines.filter(|line| !line.starts_with('#')).flat_map(str::split_whitespace).collect()
});

/// Whether an address is read by whoever has a role: `info@`, `office-berlin@`, `kontakt2@`.
fn is_of_a_role(email: &str) -> bool {
    let local = email.split('@').next().unwrap_or_default();
    let plain = local.trim_end_matches(|sign: char| sign.is_ascii_digit());
    let first = plain.split(['-', '_', '.', '+']).next().unwrap_or_default();
    ROLES.contains(plain)
        || plain.len() > 4 && ROLES.contains(plain.replace(['-', '_', '.'], "").as_str())
        // `hallo.mueller` is somebody.
        || first != plain && matches!(first, "info" | "kontakt" | "contact" | "office" | "sales" | "support")
}

/// The digits of the number without extension.
fn phone(value: &Value) -> String {
    let Some(standard) = value.standard() else { return String::new() };
    let number = standard.split(';').next().unwrap_or_default();
    let digits = digits(number);
    if digits.len() < 6 { String::new() } else { digits }
}

fn identifier(value: &Value) -> String {
    let mut text = fold(standard(value));
    text.retain(|character| character != ' ');
    text
}

fn postcode(value: &Value) -> String {
    let is_lost = !value.is_readable() && spreadsheet::is_lost(value.raw().trim(), true);
    let folded = if is_lost { String::new() } else { fold(value.shown()) };
    // ZIP+4 adds the side of the street: compare the part all sources have.
    let words: Vec<&str> = tokens(&folded).collect();
    match words.as_slice() {
        [zip, add_on] if zip.len() == 5 && add_on.len() == 4 => (*zip).to_owned(),
        _ => words.concat(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mailboxes_of_an_office_are_nobody_s_own() {
        for address in [
            "info@acme.example",
            "kontakt@acme.example",
            "sales2@acme.example",
            "info-berlin@acme.example",
            "office.graz@acme.example",
            "customer-service@acme.example",
            "buchhaltung@acme.example",
            "contacto@acme.example",
            "segreteria@acme.example",
            "hr@acme.example",
        ] {
            assert!(is_of_a_role(address), "{address}");
        }
        for address in [
            "ada@acme.example",
            "ada.info@acme.example",
            "infantino@acme.example",
            "mail.ada@acme.example",
            "h.r@acme.example",
            "hallo.mueller@acme.example",
            "salesman@acme.example",
            "",
        ] {
            assert!(!is_of_a_role(address), "{address}");
        }
    }
}
