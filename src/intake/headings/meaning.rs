//! What a column can hold.

use domain::FieldType;

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Meaning {
    /// The record's key in its source.
    Key,
    /// When the record last changed.
    Updated,
    /// Whether, or when, the source has deleted the record.
    Deleted,
    /// The key of the record that this one was merged into.
    MergedInto,
    /// The keys of the records that were merged into this one.
    MergedFrom,
    /// When the record was made, or the customer won.
    Created,
    /// A given name.
    GivenName,
    /// Names between.
    MiddleName,
    /// What stands before a family name and belongs to it: `van der`.
    Particle,
    /// The first letters of given names.
    Initials,
    /// A family name.
    FamilyName,
    /// Given and family name.
    FullName,
    /// Some name: whose, other columns and the values say.
    Name,
    /// `Jr`, `III`.
    NameSuffix,
    /// How a person is addressed.
    Salutation,
    /// The name of a company.
    OrganisationName,
    /// Whether the row's name is a company's.
    IsOrganisation,
    /// An e-mail address.
    Email,
    /// A telephone number.
    Phone,
    /// The number of a mobile telephone.
    Mobile,
    /// The number of a telefax.
    Fax,
    /// Street, with or without house number.
    Street,
    /// House number alone.
    HouseNumber,
    /// What stands behind a house number: a letter, `bis`.
    NumberMore,
    /// A second line of the street.
    StreetMore,
    /// Town.
    City,
    /// State, province.
    Region,
    /// Postal code.
    Postcode,
    /// Country.
    Country,
    /// A whole address.
    Address,
    /// Date of birth.
    DateOfBirth,
    /// An identifier that a state issued to a person.
    NationalId,
    /// A passport or driving licence.
    Passport,
    /// A VAT number.
    VatId,
    /// A tax number.
    TaxId,
    /// A bank account.
    Iban,
    /// A payment card.
    Card,
    /// Gender.
    Gender,
    /// Occupation.
    Occupation,
    /// A permission to be written to.
    Consent,
    /// A credit limit.
    CreditLimit,
    /// An income.
    Salary,
    /// A kind of customer.
    Segment,
    /// The state of an account.
    Status,
    /// A language.
    Language,
    /// A website.
    Website,
    /// Remarks.
    Notes,
    /// An amount, a count, a share or another measure: it changes, and two may have the same.
    Measure,
    /// A password, a token.
    Secret,
    /// Something of the system the file comes from.
    Other,
}

/// A meaning, its name in `words.txt`, and the field that is proposed for it.
type Row = (Meaning, &'static str, Option<(&'static str, FieldType)>);

/// Every meaning, in the order in which fields are proposed.
const MEANINGS: [Row; 50] = [
    (Meaning::GivenName, "given_name", Some(("given_name", FieldType::GivenName))),
    (Meaning::FamilyName, "family_name", Some(("family_name", FieldType::FamilyName))),
    (Meaning::FullName, "full_name", Some(("full_name", FieldType::FullName))),
    (Meaning::NameSuffix, "name_suffix", Some(("name_suffix", FieldType::NameSuffix))),
    (
        Meaning::OrganisationName,
        "organisation_name",
        Some(("organisation_name", FieldType::OrganisationName)),
    ),
    (Meaning::DateOfBirth, "date_of_birth", Some(("date_of_birth", FieldType::DateOfBirth))),
    (Meaning::Gender, "gender", Some(("gender", FieldType::Gender))),
    (Meaning::Email, "email", Some(("email", FieldType::Email))),
    (Meaning::Phone, "phone", Some(("phone", FieldType::Phone))),
    (Meaning::Mobile, "mobile", Some(("mobile", FieldType::Phone))),
    (Meaning::Street, "street", Some(("street", FieldType::Street))),
    (Meaning::City, "city", Some(("city", FieldType::City))),
    (Meaning::Postcode, "postcode", Some(("postcode", FieldType::Postcode))),
    (Meaning::Region, "region", Some(("region", FieldType::Region))),
    (Meaning::Country, "country", Some(("country", FieldType::Country))),
    (Meaning::Address, "address", Some(("address", FieldType::Address))),
    (Meaning::NationalId, "national_id", Some(("national_id", FieldType::NationalId))),
    (Meaning::VatId, "vat_id", Some(("vat_id", FieldType::Identifier))),
    (Meaning::TaxId, "tax_id", Some(("tax_id", FieldType::Identifier))),
    (Meaning::Iban, "iban", Some(("iban", FieldType::Identifier))),
    (Meaning::Occupation, "occupation", Some(("occupation", FieldType::Occupation))),
    (Meaning::CreditLimit, "credit_limit", Some(("credit_limit", FieldType::Number))),
    (Meaning::Created, "created", Some(("customer_since", FieldType::Date))),
    (Meaning::Segment, "segment", Some(("segment", FieldType::Category))),
    (Meaning::Consent, "consent", Some(("marketing_consent", FieldType::Consent))),
    (Meaning::Key, "key", None),
    (Meaning::Updated, "updated", None),
    (Meaning::Deleted, "deleted", None),
    (Meaning::MergedInto, "merged_into", None),
    (Meaning::MergedFrom, "merged_from", None),
    (Meaning::Name, "name", None),
    (Meaning::MiddleName, "middle_name", None),
    (Meaning::Particle, "particle", None),
    (Meaning::Initials, "initials", None),
    (Meaning::IsOrganisation, "is_organisation", None),
    (Meaning::Salutation, "salutation", None),
    (Meaning::Fax, "fax", None),
    (Meaning::HouseNumber, "house_number", None),
    (Meaning::NumberMore, "number_more", None),
    (Meaning::StreetMore, "street_more", None),
    (Meaning::Passport, "passport", None),
    (Meaning::Card, "card", None),
    (Meaning::Salary, "salary", None),
    (Meaning::Status, "status", None),
    (Meaning::Language, "language", None),
    (Meaning::Website, "website", None),
    (Meaning::Notes, "notes", None),
    (Meaning::Measure, "measure", None),
    (Meaning::Secret, "secret", None),
    (Meaning::Other, "other", None),
];

impl Meaning {
    /// Every meaning, those with a field first, in the order in which fields are proposed.
    pub fn all() -> impl Iterator<Item = Meaning> {
        MEANINGS.iter().map(|(meaning, ..)| *meaning)
    }

    fn row(self) -> Option<&'static Row> {
        MEANINGS.iter().find(|(meaning, ..)| *meaning == self)
    }

    /// Its name in the list of words.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.row().map_or("", |(_, name, _)| name)
    }

    /// The meaning of that name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Meaning> {
        MEANINGS.iter().find(|(_, known, _)| *known == name).map(|(meaning, ..)| *meaning)
    }

    /// The field that is proposed for it, and its type; none where it makes no field by itself.
    #[must_use]
    pub fn field(self) -> Option<(&'static str, FieldType)> {
        self.row().and_then(|(.., field)| *field)
    }

    /// What a field of that name holds, by the names that are proposed: `email`, `email_2`.
    #[must_use]
    pub fn of_field(field: &str) -> Meaning {
        let field = field.strip_suffix("_2").unwrap_or(field);
        let is_it = |row: &&Row| row.2.is_some_and(|(name, _)| name == field);
        MEANINGS.iter().find(is_it).map_or(Meaning::Other, |(meaning, ..)| *meaning)
    }

    /// Whether part of a name is enough: values show that they are such a thing, or a mistake costs
    /// nothing but a key.
    #[must_use]
    pub fn is_told_by_part(self) -> bool {
        use Meaning::{
            Country, DateOfBirth, Email, Iban, Key, Measure, Mobile, Phone, Secret, Updated,
        };
        matches!(
            self,
            Email
                | Phone
                | Mobile
                | DateOfBirth
                | Updated
                | Country
                | Iban
                | Key
                | Measure
                | Secret
        )
    }

    /// Whether its values are masked on screen.
    #[must_use]
    pub fn is_sensitive(self) -> bool {
        use Meaning::{Card, DateOfBirth, Iban, NationalId, Passport, Salary, TaxId};
        matches!(self, DateOfBirth | NationalId | TaxId | Iban | Card | Passport | Salary)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_meaning_has_its_own_name() {
        for meaning in Meaning::all() {
            assert_eq!(Meaning::from_name(meaning.name()), Some(meaning));
        }
        assert_eq!(Meaning::from_name("which"), None);
    }
}
