//! What a record can say.

use serde::Serialize;

/// A field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Field {
    /// A person's given name.
    Given,
    /// A person's family name.
    Family,
    /// An organisation's name.
    Organisation,
    /// The date of birth.
    Birth,
    /// `m` or `f`.
    Gender,
    /// The e-mail address.
    Email,
    /// The telephone number.
    Phone,
    /// Street and house number.
    Street,
    /// The town.
    City,
    /// The postcode.
    Postcode,
    /// A number that a register has given: a person's, an organisation's.
    Number,
}

/// One text a field; an empty one is none.
pub type Cells = [String; Field::ALL.len()];

impl Field {
    /// Every field, in the order of columns.
    pub const ALL: [Field; 11] = [
        Field::Given,
        Field::Family,
        Field::Organisation,
        Field::Birth,
        Field::Gender,
        Field::Email,
        Field::Phone,
        Field::Street,
        Field::City,
        Field::Postcode,
        Field::Number,
    ];

    /// The name of its column, and of the field in `steward.toml`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Field::Given => "given_name",
            Field::Family => "family_name",
            Field::Organisation => "organisation",
            Field::Birth => "birth_date",
            Field::Gender => "gender",
            Field::Email => "email",
            Field::Phone => "phone",
            Field::Street => "street",
            Field::City => "city",
            Field::Postcode => "postcode",
            Field::Number => "number",
        }
    }

    /// Its type in `steward.toml`.
    #[must_use]
    pub fn kind(self) -> &'static str {
        match self {
            Field::Organisation => "organisation_name",
            Field::Birth => "date_of_birth",
            Field::Number => "national_id",
            other => other.name(),
        }
    }

    /// Its place among all.
    #[must_use]
    pub fn place(self) -> usize {
        self as usize
    }
}
