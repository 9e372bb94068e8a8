//! How a file was read: what was declared for it, what its own values proved, what was assumed.
//!
//! A reading names columns, lines and conventions, never a record's value.

mod genders;
mod odd_cells;
mod said;
mod swapped;

pub use odd_cells::{CellFault, OddCells};

pub use genders::GenderLetters;
pub use swapped::{SwapCause, SwappedDates};

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use serde::{Deserialize, Serialize};

use super::{FieldName, ImportId};

/// The order of day, month and year in a date of three numbers.
///
/// A year of four digits at the beginning is followed by month and day whatever the order: such
/// dates fit every one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DateOrder {
    /// `25/04/1985`.
    DayFirst,
    /// `04/25/1985`.
    MonthFirst,
    /// `85-04-25`.
    YearFirst,
}

impl DateOrder {
    /// Every order.
    pub const ALL: [DateOrder; 3] =
        [DateOrder::DayFirst, DateOrder::MonthFirst, DateOrder::YearFirst];

    /// Its name in `steward.toml`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            DateOrder::DayFirst => "day-first",
            DateOrder::MonthFirst => "month-first",
            DateOrder::YearFirst => "year-first",
        }
    }

    /// The order of that name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<DateOrder> {
        DateOrder::ALL.into_iter().find(|order| order.name() == name)
    }
}

impl fmt::Display for DateOrder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// How thousands and decimals are parted off; named by an example.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum NumberStyle {
    /// `1,234.56`: English, also with India's groups of two.
    #[serde(rename = "1,234.56")]
    CommaPoint,
    /// `1.234,56`: most of Europe and South America.
    #[serde(rename = "1.234,56")]
    PointComma,
    /// `1 234,56`: French, Nordic, East European.
    #[serde(rename = "1 234,56")]
    SpaceComma,
    /// `1 234.56`: the style of ISO 80000 in English.
    #[serde(rename = "1 234.56")]
    SpacePoint,
    /// `1'234.56`: Swiss.
    #[serde(rename = "1'234.56")]
    ApostrophePoint,
    /// `1234.56`: as programs write; a comma is an error.
    #[serde(rename = "1234.56")]
    Point,
    /// `1234,56`: a point is an error.
    #[serde(rename = "1234,56")]
    Comma,
}

impl NumberStyle {
    /// Every style.
    pub const ALL: [NumberStyle; 7] = [
        NumberStyle::CommaPoint,
        NumberStyle::PointComma,
        NumberStyle::SpaceComma,
        NumberStyle::SpacePoint,
        NumberStyle::ApostrophePoint,
        NumberStyle::Point,
        NumberStyle::Comma,
    ];

    /// The example that names it in `steward.toml`.
    #[must_use]
    pub fn example(self) -> &'static str {
        match self {
            NumberStyle::CommaPoint => "1,234.56",
            NumberStyle::PointComma => "1.234,56",
            NumberStyle::SpaceComma => "1 234,56",
            NumberStyle::SpacePoint => "1 234.56",
            NumberStyle::ApostrophePoint => "1'234.56",
            NumberStyle::Point => "1234.56",
            NumberStyle::Comma => "1234,56",
        }
    }

    /// The style of a number: what parts its thousands, what its decimals. `None` where that is
    /// none of the styles, or the number does not show both signs of one that has both.
    #[must_use]
    pub fn from_example(example: &str) -> Option<NumberStyle> {
        let is_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        let (whole, decimal, fraction) = match example.rfind(['.', ',']) {
            Some(at) => (&example[..at], &example[at..=at], &example[at + 1..]),
            None => return None,
        };
        if fraction.is_empty() || !is_digits(fraction) {
            return None;
        }
        let mut groups = whole.split(|c: char| !c.is_ascii_digit());
        let first = groups.next().filter(|group| !group.is_empty())?;
        let separators: Vec<char> = whole.chars().filter(|c| !c.is_ascii_digit()).collect();
        let Some((&thousands, more)) = separators.split_first() else {
            return (first.len() > 3 || fraction.len() < 3).then_some(match decimal {
                "." => NumberStyle::Point,
                _ => NumberStyle::Comma,
            });
        };
        let last = groups.next_back().is_some_and(|group| group.len() == 3);
        let grouped = first.len() <= 3 && last && groups.all(|group| matches!(group.len(), 2 | 3));
        if !grouped || more.iter().any(|other| *other != thousands) {
            return None;
        }
        Some(match (thousands, decimal) {
            (',', ".") => NumberStyle::CommaPoint,
            ('.', ",") => NumberStyle::PointComma,
            (' ' | '\u{a0}' | '\u{202f}', ",") => NumberStyle::SpaceComma,
            (' ' | '\u{a0}' | '\u{202f}', ".") => NumberStyle::SpacePoint,
            ('\'' | '’', ".") => NumberStyle::ApostrophePoint,
            _ => return None,
        })
    }

    /// What parts the decimals.
    #[must_use]
    pub fn decimal(self) -> char {
        match self {
            NumberStyle::PointComma | NumberStyle::SpaceComma | NumberStyle::Comma => ',',
            _ => '.',
        }
    }

    /// The point or comma that parts thousands; none where neither does. Blanks and apostrophes
    /// can be nothing else, so they may part thousands in every style.
    #[must_use]
    pub fn thousands(self) -> Option<char> {
        match self {
            NumberStyle::CommaPoint => Some(','),
            NumberStyle::PointComma => Some('.'),
            _ => None,
        }
    }
}

impl fmt::Display for NumberStyle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.example())
    }
}

/// What decided.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Basis {
    /// `steward.toml` or the command line says so.
    Declared,
    /// Nothing else fits the file; the line that showed it.
    Proved {
        /// The line, counted from 1.
        line: u64,
    },
    /// The column does not tell, but another of the same file does.
    ProvedBeside {
        /// The field that is read from the other column; `updated` for the time of change.
        field: FieldName,
        /// The line that showed it.
        line: u64,
    },
    /// An earlier file of the source proved it, or it was found out then.
    Recorded {
        /// Which import that was.
        import: ImportId,
    },
    /// The custom of a country.
    Region {
        /// Its code, ISO 3166-1 alpha-2.
        region: String,
        /// Whether it is the source's own; else it is the workspace's.
        of_source: bool,
    },
    /// Dates with dots are day-first wherever they are written.
    Dots,
    /// Found out from the content of the file as a whole.
    Detected,
}

impl Basis {
    /// Whether nothing but custom decided.
    #[must_use]
    pub fn is_custom(&self) -> bool {
        matches!(self, Basis::Region { .. } | Basis::Dots)
    }
}

/// Something a file is read by, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Assumed<T> {
    /// What.
    pub value: T,
    /// Why.
    pub basis: Basis,
    /// The values of the file that do not fit: they are left unread.
    #[serde(default = "none", skip_serializing_if = "Option::is_none")]
    pub against: Option<Against>,
    /// How earlier files of the source were read, where this one is read otherwise.
    #[serde(default = "none", skip_serializing_if = "Option::is_none")]
    pub earlier: Option<Earlier<T>>,
}

fn none<T>() -> Option<T> {
    None
}

impl<T> Assumed<T> {
    /// That value for that reason; everything fits it.
    pub fn of(value: T, basis: Basis) -> Self {
        Assumed { value, basis, against: None, earlier: None }
    }
}

/// Values that do not fit what a file is read by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Against {
    /// How many.
    pub values: u64,
    /// The line of the first.
    pub line: u64,
}

/// How earlier files were read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Earlier<T> {
    /// What they were read as.
    pub value: T,
    /// Which import that was; the latest where there are several.
    pub import: ImportId,
    /// How many imports were read so although no file had proved it: by custom, or as it was detected.
    /// None where the import proved it.
    #[serde(default, skip_serializing_if = "is_none_of_them")]
    pub unproved: u64,
}

// What serde asks takes a reference.
#[allow(clippy::trivially_copy_pass_by_ref)]
fn is_none_of_them(imports: &u64) -> bool {
    *imports == 0
}

/// How the dates of one column are read. Where an order is absent, no value needed one.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DateReading {
    /// With slashes, dashes or blanks.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub plain: Option<Assumed<DateOrder>>,
    /// With dots, which some columns mix with the others.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dotted: Option<Assumed<DateOrder>>,
}

/// Rows of a text that were read in another encoding than the rest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OddRows {
    /// Their encoding.
    pub encoding: String,
    /// How many.
    pub rows: u64,
    /// The line of the first.
    pub line: u64,
}

/// Two columns that are called the same but for case and blanks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SameName {
    /// The one that is read: the settings spell it so.
    pub read: String,
    /// The other.
    pub unread: String,
}

/// How a file is read. The default leaves everything to the customs of the workspace's region.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reading {
    /// The encoding: `windows-1252`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub encoding: Option<Assumed<String>>,
    /// Whether the text reads the same in another encoding that is about as common: then it proves nothing
    /// about the next file.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub encoding_is_open: bool,
    /// Rows in another encoding.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub odd_rows: Option<OddRows>,
    /// The encoding in which the text reads better than in the one that is declared for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub likelier_encoding: Option<String>,
    /// What parts the cells of delimited text: `semicolon`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delimiter: Option<Assumed<String>>,
    /// The row of the header, counted from 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub header_row: Option<Assumed<u64>>,
    /// Columns that are called like one that is read.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub same_names: Vec<SameName>,
    /// Cells that are not kept as somebody would think, of columns that are not read and of merged ones.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub odd_cells: Vec<OddCells>,
    /// The source's own region, ISO 3166-1 alpha-2.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub region: Option<String>,
    /// The time zone of times that name none, as in the IANA database; else UTC.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub zone: Option<String>,
    /// The zone that the name of the column with the time of change says: `+01:00` of `Modified (GMT+1)`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub updated_zone: Option<String>,
    /// The time of change.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub updated: Option<DateReading>,
    /// Each field of dates.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub dates: BTreeMap<FieldName, DateReading>,
    /// Fields of dates of which some with the year in front may have day and month swapped.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub swapped_dates: BTreeMap<FieldName, SwappedDates>,
    /// Each field of numbers.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub numbers: BTreeMap<FieldName, Assumed<NumberStyle>>,
    /// Each field of genders whose letters could be read in several ways.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub genders: BTreeMap<FieldName, Assumed<GenderLetters>>,
    /// Words that the source writes into cells in which nothing stands.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub absent: Vec<Assumed<String>>,
    /// Fields of which the source says yes and no: there `False` is a value.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub yes_or_no: BTreeSet<FieldName>,
    /// Fields of names in capitals, in which `NULL` may be somebody's name.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub shouted_names: BTreeSet<FieldName>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_style_is_known_by_any_number_that_shows_it() {
        for style in NumberStyle::ALL {
            assert_eq!(NumberStyle::from_example(style.example()), Some(style));
        }
        for (example, expected) in [
            ("12.345.678,9", Some(NumberStyle::PointComma)),
            ("12,34,567.89", Some(NumberStyle::CommaPoint)),
            ("1\u{a0}234,5", Some(NumberStyle::SpaceComma)),
            ("1\u{202f}234,5", Some(NumberStyle::SpaceComma)),
            ("1’234.56", Some(NumberStyle::ApostrophePoint)),
            ("0.5", Some(NumberStyle::Point)),
            ("1234.567", Some(NumberStyle::Point)),
            // Could be either.
            ("1.234", None),
            ("1,234", None),
            ("1234", None),
            ("", None),
            ("german", None),
            ("1.234.56", None),
            ("1,23.45", None),
            ("1.23,45", None),
            ("1234.", None),
            (",5", None),
            ("1_234.5", None),
            ("1'234 567.8", None),
        ] {
            assert_eq!(NumberStyle::from_example(example), expected, "{example}");
        }
    }

    #[test]
    fn what_is_not_said_is_not_written() {
        assert_eq!(serde_json::to_string(&Reading::default()).unwrap(), "{}");
        let plain = Some(Assumed::of(DateOrder::DayFirst, Basis::Proved { line: 14 }));
        let dates = DateReading { plain, dotted: None };
        let reading = Reading {
            dates: BTreeMap::from([(FieldName::new("born"), dates)]),
            numbers: BTreeMap::from([(
                FieldName::new("limit"),
                Assumed::of(NumberStyle::PointComma, Basis::Declared),
            )]),
            ..Reading::default()
        };
        let json = serde_json::to_string(&reading).unwrap();
        assert_eq!(
            json,
            r#"{"dates":{"born":{"plain":{"value":"day-first","basis":{"proved":{"line":14}}}}},"numbers":{"limit":{"value":"1.234,56","basis":"declared"}}}"#
        );
        assert_eq!(serde_json::from_str::<Reading>(&json).unwrap(), reading);
    }
}
