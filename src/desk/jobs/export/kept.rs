//! Values that are kept beside golden ones, as columns: a list, and as many columns of their own as the settings ask for.

use crate::export::{Cell, Column};
use domain::{FieldName, FieldType, Golden};
use settings::{Keep, Settings};

/// The values that are kept under one name.
pub(in crate::jobs) struct KeptList<'s> {
    /// The name: a field's, or that of fields that survive together.
    of: FieldName,
    /// The fields whose values they are.
    pub(super) fields: Vec<FieldName>,
    keep: &'s Keep,
    settings: &'s Settings,
}

/// All of them, in the order of the fields, then of those that survive together.
pub(in crate::jobs) fn lists(settings: &Settings) -> Vec<KeptList<'_>> {
    let mut lists: Vec<KeptList<'_>> = Vec::new();
    let mut types: Vec<FieldType> = Vec::new();
    let grouped =
        |name: &FieldName| settings.survivorship.groups.iter().any(|it| it.fields.contains(name));
    for field in settings.fields.iter().filter(|field| !grouped(&field.name)) {
        let Some(keep) = &field.about.keep else { continue };
        if let Some(at) = types.iter().position(|of| *of == field.field_type) {
            lists[at].fields.push(field.name.clone());
            continue;
        }
        types.push(field.field_type);
        let (of, fields) = (field.name.clone(), vec![field.name.clone()]);
        lists.push(KeptList { of, fields, keep, settings });
    }
    for group in &settings.survivorship.groups {
        if let Some(keep) = &group.keep {
            let (of, fields) = (FieldName::new(&group.name), group.fields.clone());
            lists.push(KeptList { of, fields, keep, settings });
        }
    }
    lists
}

impl KeptList<'_> {
    /// `email_others`, `email_other_1`: never the name of a field.
    pub(super) fn names(&self) -> impl Iterator<Item = String> + '_ {
        let own = (1..=self.keep.columns).map(|number| format!("{}_other_{number}", self.of));
        let names = std::iter::once(format!("{}_others", self.of)).chain(own);
        names.map(|name| match self.settings.field(&name) {
            Some(_) => format!("{name}_kept"),
            None => name,
        })
    }

    /// Its columns.
    pub(super) fn columns(&self) -> Vec<Column> {
        self.names().map(Column::new).collect()
    }

    /// The list as its first column has it, where there is anything; under that column's name.
    pub(in crate::jobs) fn told(&self, golden: &Golden) -> Option<(FieldName, String)> {
        let texts: Vec<&str> = golden.kept_of(self.of.as_str()).map(|it| &*it.text).collect();
        let name = self.names().next().filter(|_| !texts.is_empty())?;
        Some((FieldName::new(name), serde_json::to_string(&texts).ok()?))
    }

    /// What stands in them.
    pub(super) fn cells(&self, golden: &Golden) -> Vec<Cell> {
        let texts: Vec<&str> = golden.kept_of(self.of.as_str()).map(|it| &*it.text).collect();
        let all = match texts.is_empty() {
            true => Cell::Absent,
            false => serde_json::to_string(&texts).map_or(Cell::Absent, Cell::Json),
        };
        let own = (0..usize::from(self.keep.columns)).map(|at| Cell::optional(texts.get(at)));
        std::iter::once(all).chain(own).collect()
    }
}
