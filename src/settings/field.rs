//! `[fields.*]`.

use crate::domain::{FieldName, FieldType};

/// A declared field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    /// Its name.
    pub name: FieldName,
    /// Its type: brings harmoniser, comparison, blocking and checks.
    pub field_type: FieldType,
    /// Masked on screen until unmasked.
    pub sensitive: bool,
}
