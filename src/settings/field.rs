//! `[fields.*]`.

use super::about::{self, AboutField};
use super::nearest::hint;
use super::reader::{Findings, Table, name_is_sound};
use domain::expression::Expression;
use domain::{FieldName, FieldType};

/// A declared field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    /// Its name.
    pub name: FieldName,
    /// Its type: brings harmoniser, comparison, blocking and checks.
    pub field_type: FieldType,
    /// Masked on screen until unmasked.
    pub sensitive: bool,
    /// What is said of it beyond that.
    pub about: AboutField,
}

impl Field {
    /// A field of which nothing but its type is said.
    #[must_use]
    pub fn plain(name: FieldName, field_type: FieldType) -> Field {
        Field { name, field_type, sensitive: false, about: AboutField::default() }
    }
}

/// A field as declared: known by name even where its declaration is wrong, so that one mistake
/// is not reported again at every use.
pub(super) struct Declared<'doc> {
    pub(super) name: &'doc str,
    pub(super) field: Option<Field>,
    /// Whether a code list says all that it may hold.
    pub(super) listed: bool,
}

pub(super) fn read_all<'doc>(
    fields: &Table<'doc>,
    purposes: &[&str],
    findings: &mut Findings,
) -> Vec<Declared<'doc>> {
    let mut declared = Vec::with_capacity(fields.entries.len());
    for entry in &fields.entries {
        let title = format!("[fields.{}]", entry.key);
        let table = Table::of(*entry, title, findings);
        let field = table.and_then(|table| read(entry.key, &table, purposes, findings));
        declared.push(Declared { name: entry.key, field, listed: false });
    }
    for entry in &fields.entries {
        about::check(*entry, &declared, findings);
    }
    declared
}

fn read(
    name: &str,
    table: &Table<'_>,
    purposes: &[&str],
    findings: &mut Findings,
) -> Option<Field> {
    let sound = name_is_sound(table.at, "the field name", name, findings);
    if sound && !Expression::is_name(name) {
        findings.add(
            table.at,
            format!(
                "the field name `{name}` cannot be used in `when` and `--where`; \
                use letters, digits and _"
            ),
        );
    }
    table.only(&[&["type", "sensitive"][..], &about::KEYS].concat(), findings);
    let sensitive = table.boolean("sensitive", findings).unwrap_or(false);
    let placed = table.required_text("type", findings)?;
    let Some(field_type) = FieldType::from_name(placed.text) else {
        let hint = hint(placed.text, FieldType::ALL.map(FieldType::name));
        findings.add(placed.at, format!("unknown field type `{}`{hint}", placed.text));
        return None;
    };
    let about = about::read(table, field_type, purposes, findings);
    Some(Field { name: FieldName::new(name), field_type, sensitive, about })
}

/// Notes the use of a field that is not declared.
pub(super) fn is_declared(
    at: usize,
    user: &str,
    name: &str,
    fields: &[Declared<'_>],
    findings: &mut Findings,
) -> bool {
    let known: Vec<&str> = fields.iter().map(|field| field.name).collect();
    let found = known.contains(&name);
    if !found {
        let hint = hint(name, known);
        findings.add(at, format!("{user} names `{name}`, which is not a declared field{hint}"));
    }
    found
}

/// The type of a field, where its declaration is sound.
pub(super) fn type_of(name: &str, fields: &[Declared<'_>]) -> Option<FieldType> {
    let declared = fields.iter().find(|field| field.name == name)?;
    declared.field.as_ref().map(|field| field.field_type)
}
