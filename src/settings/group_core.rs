//! What a record must say for its values of a group to be worth having.
//!
//! A group survives from one record. The most recent address must not be a record that knows nothing
//! but the country: it would wipe out the street, the town and the postcode of every other record.

use super::{FieldGroup, Settings};
use domain::{FieldName, FieldType};

/// The core of a group: its parts, of each of which one field is enough.
///
/// Of an address that is a street, and a place: a town or a postcode (a one-line address is both). Of
/// a name it is a family and a given name (a full name is both). Of any other group it is one field that is not shared by half of all customers, as a country or a
/// gender is. A group of nothing but such fields has no core: any of them is worth having.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GroupCore {
    parts: Vec<Vec<FieldName>>,
}

/// How much of a group's core a record fills, in ascending order of preference.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum CoreFill {
    /// Nothing.
    Nothing,
    /// Some of its parts.
    Parts,
    /// All of them.
    Whole,
}

/// Fields whose values most customers share with many others.
const COARSE: [FieldType; 5] = [
    FieldType::Country,
    FieldType::Region,
    FieldType::Gender,
    FieldType::Category,
    FieldType::Consent,
];
/// Fields that say which house.
const STREETS: [FieldType; 2] = [FieldType::Street, FieldType::Address];
/// Fields that say which place.
const PLACES: [FieldType; 3] = [FieldType::City, FieldType::Postcode, FieldType::Address];

impl GroupCore {
    /// The core of a group.
    #[must_use]
    pub fn of(group: &FieldGroup, settings: &Settings) -> Self {
        let type_of = |field: &FieldName| settings.field(field.as_str()).map(|it| it.field_type);
        let part = |is_in: &dyn Fn(FieldType) -> bool| -> Vec<FieldName> {
            let fields = group.fields.iter();
            fields.filter(|field| type_of(field).is_some_and(is_in)).cloned().collect()
        };
        let address = [part(&|it| STREETS.contains(&it)), part(&|it| PLACES.contains(&it))];
        let is_address = address.iter().any(|part| !part.is_empty());
        let name = [
            part(&|it| matches!(it, FieldType::FamilyName | FieldType::FullName)),
            part(&|it| matches!(it, FieldType::GivenName | FieldType::FullName)),
        ];
        let is_name = name.iter().any(|part| !part.is_empty());
        let parts = match (is_address, is_name) {
            (true, _) => address.to_vec(),
            (false, true) => name.to_vec(),
            (false, false) => vec![part(&|it| !COARSE.contains(&it))],
        };
        let mut parts: Vec<_> = parts.into_iter().filter(|part| !part.is_empty()).collect();
        parts.dedup();
        Self { parts }
    }

    /// How much of it is filled by a record for whose fields `has` says whether they hold a value.
    pub fn filled(&self, has: impl Fn(&FieldName) -> bool) -> CoreFill {
        let filled = self.parts.iter().filter(|part| part.iter().any(&has)).count();
        match filled {
            all if all == self.parts.len() => CoreFill::Whole,
            0 => CoreFill::Nothing,
            _ => CoreFill::Parts,
        }
    }

    /// In words: `street, and city or postcode`; `None` means every field is worth having.
    #[must_use]
    pub fn words(&self) -> Option<String> {
        let part = |fields: &Vec<FieldName>| {
            fields.iter().map(FieldName::as_str).collect::<Vec<_>>().join(" or ")
        };
        let parts: Vec<String> = self.parts.iter().map(part).collect();
        (!parts.is_empty()).then(|| parts.join(", and "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parse;

    fn core(fields: &[&str]) -> GroupCore {
        let text = "[workspace]\nname='w'\nregion='US'\n\
            [fields.street]\ntype='street'\n[fields.city]\ntype='city'\n\
            [fields.postcode]\ntype='postcode'\n[fields.region]\ntype='region'\n\
            [fields.country]\ntype='country'\n[fields.home]\ntype='address'\n\
            [fields.employer]\ntype='organisation_name'\n[fields.sector]\ntype='category'\n\
            [fields.gender]\ntype='gender'\n[sources.a]\nkey='id'\nmap={street='s'}\n";
        let settings = parse(text).unwrap_or_else(|findings| panic!("{findings:#?}"));
        let fields = fields.iter().map(FieldName::new).collect();
        let group = FieldGroup { name: "g".to_owned(), fields, strategy: Vec::new(), keep: None };
        GroupCore::of(&group, &settings)
    }

    #[test]
    fn a_core_is_a_street_and_a_place_or_a_field_that_says_something() {
        for (fields, words) in [
            (
                &["street", "city", "postcode", "region", "country"][..],
                Some("street, and city or postcode"),
            ),
            (&["home", "country"], Some("home")),
            (&["city", "region", "country"], Some("city")),
            (&["employer", "sector"], Some("employer")),
            (&["region", "country"], None),
            (&["gender", "sector"], None),
        ] {
            assert_eq!(core(fields).words().as_deref(), words, "{fields:?}");
        }
    }

    #[test]
    fn a_record_fills_a_core_by_its_parts() {
        let address = core(&["street", "city", "postcode", "country"]);
        for (has, expected) in [
            (&["country"][..], CoreFill::Nothing),
            (&["city", "postcode", "country"], CoreFill::Parts),
            (&["street"], CoreFill::Parts),
            (&["street", "postcode"], CoreFill::Whole),
            (&["street", "city"], CoreFill::Whole),
        ] {
            let filled = address.filled(|field| has.contains(&field.as_str()));
            assert_eq!(filled, expected, "{has:?}");
        }
        assert_eq!(core(&["region", "country"]).filled(|_| false), CoreFill::Whole, "no core");
        assert_eq!(core(&["home", "country"]).filled(|f| f.as_str() == "home"), CoreFill::Whole);
    }
}
