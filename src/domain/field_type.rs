//! The types of field a workspace can declare; a type brings harmoniser, checks, comparison and
//! blocking.

use serde::{Deserialize, Serialize};

/// What kind of value a field holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FieldType {
    /// A person's given name or names.
    GivenName,
    /// A person's family name.
    FamilyName,
    /// A person's whole name in one field, in either order.
    FullName,
    /// What stands behind a person's name: `Jr`, `III`, a degree.
    NameSuffix,
    /// The name of a company or other organisation.
    OrganisationName,
    /// An e-mail address.
    Email,
    /// A telephone number.
    Phone,
    /// Street, house number and unit.
    Street,
    /// Town or suburb.
    City,
    /// State, province or county.
    Region,
    /// Postal code.
    Postcode,
    /// Country, as ISO 3166-1 alpha-2 once harmonised.
    Country,
    /// A whole postal address on one line.
    Address,
    /// A person's date of birth.
    DateOfBirth,
    /// An identifier that a state issued to a person.
    NationalId,
    /// Any other identifier: VAT number, membership number.
    Identifier,
    /// Gender as recorded by the source.
    Gender,
    /// Profession or job title.
    Occupation,
    /// Any other date.
    Date,
    /// A number.
    Number,
    /// One of few values.
    Category,
    /// A permission given or refused.
    Consent,
    /// Anything else.
    Text,
}

impl FieldType {
    /// Every type, in the order of the documentation.
    pub const ALL: [FieldType; 23] = [
        FieldType::GivenName,
        FieldType::FamilyName,
        FieldType::FullName,
        FieldType::NameSuffix,
        FieldType::OrganisationName,
        FieldType::Email,
        FieldType::Phone,
        FieldType::Street,
        FieldType::City,
        FieldType::Region,
        FieldType::Postcode,
        FieldType::Country,
        FieldType::Address,
        FieldType::DateOfBirth,
        FieldType::NationalId,
        FieldType::Identifier,
        FieldType::Gender,
        FieldType::Occupation,
        FieldType::Date,
        FieldType::Number,
        FieldType::Category,
        FieldType::Consent,
        FieldType::Text,
    ];

    /// The name used in `steward.toml`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            FieldType::GivenName => "given_name",
            FieldType::FamilyName => "family_name",
            FieldType::FullName => "full_name",
            FieldType::NameSuffix => "name_suffix",
            FieldType::OrganisationName => "organisation_name",
            FieldType::Email => "email",
            FieldType::Phone => "phone",
            FieldType::Street => "street",
            FieldType::City => "city",
            FieldType::Region => "region",
            FieldType::Postcode => "postcode",
            FieldType::Country => "country",
            FieldType::Address => "address",
            FieldType::DateOfBirth => "date_of_birth",
            FieldType::NationalId => "national_id",
            FieldType::Identifier => "identifier",
            FieldType::Gender => "gender",
            FieldType::Occupation => "occupation",
            FieldType::Date => "date",
            FieldType::Number => "number",
            FieldType::Category => "category",
            FieldType::Consent => "consent",
            FieldType::Text => "text",
        }
    }

    /// Whether its values name a person, in whole or in part.
    #[must_use]
    pub fn is_person_name(self) -> bool {
        matches!(self, FieldType::GivenName | FieldType::FamilyName | FieldType::FullName)
    }

    /// Whether its values are proper names: of people, organisations and places. They are words whose
    /// letters count, and no common word stands for nothing in all of them.
    #[must_use]
    pub fn is_proper_name(self) -> bool {
        self.is_person_name()
            || matches!(
                self,
                FieldType::OrganisationName
                    | FieldType::Street
                    | FieldType::City
                    | FieldType::Region
                    | FieldType::Address
            )
    }

    /// The type of that name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<FieldType> {
        Self::ALL.into_iter().find(|field_type| field_type.name() == name)
    }
}
