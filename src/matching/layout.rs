//! Which fields of a workspace matching looks at, and as what.

use std::ops::Range;

use domain::{FieldName, FieldType};
use settings::Settings;

use super::by_hand::ByHand;

/// What a value is compared as. Several fields may share one: they are compared crosswise.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Aspect {
    Given,
    Family,
    Full,
    Organisation,
    Birth,
    Email,
    Phone,
    NationalId,
    Identifier,
    Street,
    Postcode,
    City,
    Region,
    Plain,
    /// The name in its own script: it weighs nothing.
    Written,
}

impl Aspect {
    pub(crate) const ALL: [Aspect; 15] = [
        Aspect::Given,
        Aspect::Family,
        Aspect::Full,
        Aspect::Organisation,
        Aspect::Birth,
        Aspect::Email,
        Aspect::Phone,
        Aspect::NationalId,
        Aspect::Identifier,
        Aspect::Street,
        Aspect::Postcode,
        Aspect::City,
        Aspect::Region,
        Aspect::Plain,
        Aspect::Written,
    ];

    #[inline]
    pub(crate) fn index(self) -> usize {
        self as usize
    }
}

/// Where a record's values of each aspect lie among all its values.
#[derive(Debug, Clone)]
pub(crate) struct Shape {
    ends: [usize; Aspect::ALL.len()],
}

impl Shape {
    pub(crate) fn new(layout: &Layout) -> Self {
        let mut end = 0;
        let ends = Aspect::ALL.map(|aspect| {
            end += layout.slots(aspect);
            end
        });
        Self { ends }
    }

    /// How many values there are.
    #[inline]
    pub(crate) fn width(&self) -> usize {
        self.ends[Aspect::ALL.len() - 1]
    }

    /// Where the values of an aspect lie.
    #[inline]
    pub(crate) fn slots(&self, aspect: Aspect) -> Range<usize> {
        let at = aspect.index();
        at.checked_sub(1).map_or(0, |before| self.ends[before])..self.ends[at]
    }
}

/// The compared fields of a workspace by type, each list in the order of the settings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Layout {
    fields: Vec<(FieldType, FieldName)>,
    /// What people insist on.
    pub(crate) by_hand: ByHand,
}

impl Layout {
    pub(crate) fn new(settings: &Settings) -> Self {
        let compared = |field_type| {
            !matches!(
                field_type,
                FieldType::Date | FieldType::Number | FieldType::Consent | FieldType::Text
            )
        };
        let fields = settings
            .fields
            .iter()
            .filter(|field| compared(field.field_type))
            .map(|field| (field.field_type, field.name.clone()))
            .collect();
        let layout = Self { fields, by_hand: ByHand::default() };
        Self { by_hand: ByHand::new(settings, &layout), ..layout }
    }

    /// Every compared field.
    pub(crate) fn names(&self) -> impl Iterator<Item = &FieldName> {
        self.fields.iter().map(|(_, name)| name)
    }

    /// Every compared field with its type.
    pub(crate) fn typed(&self) -> impl Iterator<Item = (FieldType, &FieldName)> {
        self.fields.iter().map(|(field_type, field)| (*field_type, field))
    }

    /// The fields of one type.
    pub(crate) fn of(&self, field_type: FieldType) -> impl Iterator<Item = &FieldName> + Clone {
        self.fields.iter().filter(move |(own, _)| *own == field_type).map(|(_, name)| name)
    }

    pub(crate) fn has(&self, field_type: FieldType) -> bool {
        self.of(field_type).next().is_some()
    }

    /// The fields of the weakly compared types.
    pub(crate) fn plain(&self) -> impl Iterator<Item = &FieldName> + Clone {
        let plain = |field_type: &FieldType| {
            matches!(field_type, FieldType::Gender | FieldType::Occupation | FieldType::Category)
        };
        self.fields.iter().filter(move |(own, _)| plain(own)).map(|(_, name)| name)
    }

    /// The fields an aspect is read from.
    pub(crate) fn fields_of(&self, aspect: Aspect) -> Vec<FieldName> {
        let types: &[FieldType] = match aspect {
            Aspect::Given => &[FieldType::GivenName, FieldType::FullName],
            Aspect::Family => &[FieldType::FamilyName, FieldType::FullName],
            Aspect::Full => &[
                FieldType::GivenName,
                FieldType::FamilyName,
                FieldType::FullName,
                FieldType::NameSuffix,
            ],
            Aspect::Organisation => &[FieldType::OrganisationName],
            Aspect::Birth => &[FieldType::DateOfBirth],
            Aspect::Email => &[FieldType::Email],
            Aspect::Phone => &[FieldType::Phone],
            Aspect::NationalId => &[FieldType::NationalId],
            Aspect::Identifier => &[FieldType::Identifier],
            Aspect::Street => &[FieldType::Street, FieldType::Address],
            Aspect::Postcode => &[FieldType::Postcode, FieldType::Address],
            Aspect::City => &[FieldType::City, FieldType::Address],
            Aspect::Region => &[FieldType::Region, FieldType::Country],
            Aspect::Plain => return self.plain().cloned().collect(),
            Aspect::Written => &[FieldType::GivenName, FieldType::FamilyName, FieldType::FullName],
        };
        types.iter().flat_map(|own| self.of(*own)).cloned().collect()
    }

    /// How many values of an aspect one record can have.
    pub(crate) fn slots(&self, aspect: Aspect) -> usize {
        let count = |field_type| self.of(field_type).count();
        match aspect {
            Aspect::Given | Aspect::Family | Aspect::Full | Aspect::Written => 1,
            Aspect::Organisation => usize::from(self.has(FieldType::OrganisationName)),
            Aspect::Birth => count(FieldType::DateOfBirth),
            Aspect::Email => count(FieldType::Email),
            Aspect::Phone => count(FieldType::Phone),
            Aspect::NationalId => count(FieldType::NationalId),
            Aspect::Identifier => count(FieldType::Identifier),
            Aspect::Street => count(FieldType::Street).max(count(FieldType::Address)),
            Aspect::Postcode => count(FieldType::Postcode).max(count(FieldType::Address)),
            Aspect::City => count(FieldType::City).max(count(FieldType::Address)),
            Aspect::Region => count(FieldType::Region),
            Aspect::Plain => self.plain().count(),
        }
    }

    /// Whether people who live together can be told by a shared street or phone.
    pub(crate) fn shows_households(&self) -> bool {
        [FieldType::Street, FieldType::Address, FieldType::Phone].iter().any(|own| self.has(*own))
    }
}
