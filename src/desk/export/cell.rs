//! One value of a row, as data sets hand it over.

use serde::ser::Error;
use serde::{Serialize, Serializer};
use serde_json::value::RawValue;

/// A value.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Cell {
    /// There is none.
    #[default]
    Absent,
    /// A text, as it is.
    Text(String),
    /// A whole number.
    Whole(u64),
    /// Any other number.
    Number(f64),
    /// Yes or no.
    Flag(bool),
    /// Texts in order; a flat format joins them with a space.
    List(Vec<String>),
    /// Named values in order; a flat format writes `name=value; name=value`.
    Object(Vec<(String, Cell)>),
    /// A value that is JSON already; a flat format writes its text.
    Json(String),
}

impl Cell {
    /// The text of anything that has one.
    pub fn text(value: impl ToString) -> Self {
        Cell::Text(value.to_string())
    }

    /// The text, or nothing.
    pub fn optional<T: ToString>(value: Option<T>) -> Self {
        value.map_or(Cell::Absent, Cell::text)
    }

    /// The number, or nothing.
    #[must_use]
    pub fn optional_number(value: Option<f64>) -> Self {
        value.map_or(Cell::Absent, Cell::Number)
    }

    /// The texts of things in order.
    pub fn list<T: ToString>(values: impl IntoIterator<Item = T>) -> Self {
        Cell::List(values.into_iter().map(|value| value.to_string()).collect())
    }

    /// The cell as one text, for flat formats; empty when there is no value.
    #[must_use]
    pub fn flat(&self) -> String {
        match self {
            Cell::Absent => String::new(),
            Cell::Text(text) | Cell::Json(text) => text.clone(),
            Cell::Whole(number) => number.to_string(),
            Cell::Number(number) => {
                serde_json::Number::from_f64(*number).map(|it| it.to_string()).unwrap_or_default()
            }
            Cell::Flag(flag) => flag.to_string(),
            Cell::List(texts) => texts.join(" "),
            Cell::Object(entries) => {
                let entries =
                    entries.iter().map(|(name, value)| format!("{name}={}", value.flat()));
                entries.collect::<Vec<_>>().join("; ")
            }
        }
    }
}

impl Serialize for Cell {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Cell::Absent => serializer.serialize_none(),
            Cell::Text(text) => serializer.serialize_str(text),
            Cell::Whole(number) => serializer.serialize_u64(*number),
            Cell::Number(number) => serializer.serialize_f64(*number),
            Cell::Flag(flag) => serializer.serialize_bool(*flag),
            Cell::Json(text) => {
                let raw: &RawValue = serde_json::from_str(text).map_err(S::Error::custom)?;
                raw.serialize(serializer)
            }
            Cell::List(texts) => serializer.collect_seq(texts),
            Cell::Object(entries) => {
                serializer.collect_map(entries.iter().map(|(name, value)| (name, value)))
            }
        }
    }
}
