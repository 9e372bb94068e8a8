//! The columns of a data set.

/// One column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// Its name, in snake case; unique within the data set.
    pub name: String,
    /// Its values are objects that would not survive a flat table: left out of flat formats.
    pub nested: bool,
}

impl Column {
    /// A column of that name.
    pub fn new(name: impl Into<String>) -> Self {
        Self { name: name.into(), nested: false }
    }

    /// A column that flat formats leave out.
    pub fn nested(name: impl Into<String>) -> Self {
        Self { name: name.into(), nested: true }
    }
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
