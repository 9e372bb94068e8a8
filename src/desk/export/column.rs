//! The columns of a data set.

use domain::FieldType;

/// What the values of a column are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Kind {
    /// Text, or whatever has a text.
    #[default]
    Text,
    /// Whole numbers.
    Whole,
    /// Floating-point numbers.
    Number,
    /// Decimal numbers, written out in texts.
    Decimal,
    /// Yes or no.
    Flag,
    /// Days, as texts.
    Date,
    /// Points in time, as texts.
    Time,
}

impl Kind {
    /// What it is called beside its column.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Kind::Text => "text",
            Kind::Whole => "whole number",
            Kind::Number => "number",
            Kind::Decimal => "decimal number",
            Kind::Flag => "true or false",
            Kind::Date => "day",
            Kind::Time => "time, UTC",
        }
    }
}

/// One column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// Its name, in snake case; unique within the data set.
    pub name: String,
    /// What its values are, for formats whose columns have types.
    pub kind: Kind,
    /// Its values are objects that would not survive a flat table: left out of flat formats.
    pub nested: bool,
}

impl Column {
    /// A column of that name.
    pub fn new(name: impl Into<String>) -> Self {
        Self::of(name, Kind::Text)
    }

    /// A column of values of a kind.
    pub fn of(name: impl Into<String>, kind: Kind) -> Self {
        Self { name: name.into(), kind, nested: false }
    }

    /// The column of a field's values.
    #[must_use]
    pub fn of_field(field: &settings::Field) -> Self {
        let kind = match field.field_type {
            FieldType::Date | FieldType::DateOfBirth => Kind::Date,
            FieldType::Number => Kind::Decimal,
            _ => Kind::Text,
        };
        Self::of(field.name.as_str(), kind)
    }

    /// A column that flat formats leave out.
    pub fn nested(name: impl Into<String>) -> Self {
        Self { nested: true, ..Self::new(name) }
    }
}

/// Columns of text, but for those of another kind.
pub fn typed(names: &[&str], kinds: &[(&str, Kind)]) -> Vec<Column> {
    let kind = |name: &str| kinds.iter().find(|(own, _)| *own == name).map(|(_, kind)| *kind);
    names.iter().map(|name| Column::of(*name, kind(name).unwrap_or_default())).collect()
}

/// Columns with names of their own: where a field of the workspace is called like a column that is
/// always there, the later one gets `_2` (`_3`, …) behind its name.
pub fn columns(columns: impl IntoIterator<Item = Column>) -> Vec<Column> {
    let mut named: Vec<Column> = Vec::new();
    for column in columns {
        let is_taken = |name: &str| named.iter().any(|other| other.name == name);
        let mut name = column.name.clone();
        let mut number = 2;
        while is_taken(&name) {
            name = format!("{}_{number}", column.name);
            number += 1;
        }
        named.push(Column { name, ..column });
    }
    named
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_called_like_a_fixed_column_gets_a_name_of_its_own() {
        let named = columns(["customer", "email", "customer", "customer_2"].map(Column::new));
        let names: Vec<&str> = named.iter().map(|column| column.name.as_str()).collect();
        assert_eq!(names, ["customer", "email", "customer_2", "customer_2_2"]);
    }
}
