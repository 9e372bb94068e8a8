//! Columns of names in capitals, where `NULL` may be somebody's name as well as nothing.

use std::collections::BTreeMap;

use domain::{FieldName, FieldType, Reading};
use settings::Settings;

use crate::harmonise::absence;

/// So many names to one `NULL`, where it comes more than once: families called so are rare.
const RARE: u64 = 1000;

/// The fields of a file, and whether their names are in capitals.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Shouting {
    fields: Vec<Field>,
    /// Whether the file writes such a word where nobody's name stands.
    writes_null: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Field {
    name: FieldName,
    is_name: bool,
    /// Names in capitals.
    shouted: u64,
    /// Whether there are others.
    has_small: bool,
    /// Cells of `NULL` and its like, by the spelling: a program has one.
    nulls: BTreeMap<String, u64>,
}

impl Shouting {
    /// Nothing seen so far of these fields.
    pub(super) fn of(settings: &Settings, fields: &[FieldName]) -> Shouting {
        let field = |name: &FieldName| {
            let declared = settings.field(name.as_str());
            let is_name = declared.is_some_and(|field| {
                matches!(field.field_type, FieldType::GivenName | FieldType::FamilyName)
            });
            Field {
                name: name.clone(),
                is_name,
                shouted: 0,
                has_small: false,
                nulls: BTreeMap::new(),
            }
        };
        Shouting { fields: fields.iter().map(field).collect(), writes_null: false }
    }

    /// Looks at a value of the field at that place, as delivered.
    pub(super) fn note(&mut self, place: usize, raw: &str) {
        let Some(field) = self.fields.get_mut(place) else { return };
        let text = raw.trim();
        if absence::is_shouted(text) {
            if field.is_name {
                *field.nulls.entry(text.to_owned()).or_default() += 1;
            }
            self.writes_null |= !field.is_name;
        } else if field.is_name && !field.has_small {
            field.has_small = raw.contains(char::is_lowercase);
            let letters = raw.chars().filter(|letter| letter.is_uppercase());
            field.shouted += u64::from(!field.has_small && letters.count() > 1);
        }
    }

    /// Says of which fields that cannot be told.
    pub(super) fn decide(&self, reading: &mut Reading) {
        let is_known = reading.absent.iter().any(|word| absence::is_shouted(&word.value));
        if self.writes_null || is_known {
            return;
        }
        let is_open = |field: &&Field| {
            let are_few = |cells: &u64| *cells == 1 || cells.saturating_mul(RARE) <= field.shouted;
            let may_be = !field.nulls.is_empty() && field.nulls.values().all(are_few);
            may_be && field.shouted > 0 && !field.has_small
        };
        let open = self.fields.iter().filter(is_open).map(|field| field.name.clone());
        reading.shouted_names = open.collect();
    }
}

#[cfg(test)]
mod tests {
    use super::super::Survey;
    use super::*;
    use crate::harmonise::{Evidence, Records};
    use domain::Place;
    use jiff::civil::date;

    /// The rows of given name, family name and e-mail address as they are read: `-` for nothing, `?` before
    /// what is not read.
    fn read(rows: &[[&str; 3]]) -> String {
        let text = "[workspace]\nname='a'\nregion='US'\n[fields]\ngiven={type='given_name'}\n\
            family={type='family_name'}\nemail={type='email'}\n[sources.crm]\nkey='id'\n\
            map={given='g',family='f',email='e'}\n";
        let settings = settings::parse(text).unwrap();
        let (source, day) = (&settings.sources[0], date(2026, 11, 30));
        let mut survey = Survey::of(&settings, source, day);
        let fields: Vec<FieldName> = ["given", "family", "email"].map(FieldName::new).into();
        let place = |field| survey.fields().position(|it| it == field);
        let places: Vec<Option<usize>> = fields.iter().map(place).collect();
        for (line, row) in (2..).zip(rows) {
            places.iter().zip(row).for_each(|(place, raw)| survey.note(*place, line, raw, false));
        }
        let evidence =
            Evidence { source, region: Some("US"), begun: None, earlier: &[], place: Place::Line };
        let reading = survey.decide(&evidence).unwrap();
        let mut records = Records::of(&settings, "crm", &reading, day);
        let mut told = |row: &[&str; 3]| {
            let values = records.read(fields.iter().cloned().zip(row.iter().copied())).values;
            let value = |field: &FieldName| match values.get(field.as_str()) {
                None => "-".to_owned(),
                Some(value) => value.standard().map_or(format!("?{}", value.raw()), str::to_owned),
            };
            fields[..2].iter().map(value).collect::<Vec<_>>().join(" ")
        };
        rows.iter().map(&mut told).collect::<Vec<_>>().join(", ")
    }

    #[test]
    fn null_among_names_in_capitals_is_neither_a_name_nor_nothing() {
        for (rows, expected) in [
            (
                &[["JENNIFER", "NULL", "j@x.example"], ["BOB", "SMITH", ""]][..],
                "Jennifer ?NULL, Bob Smith",
            ),
            (&[["JENNIFER", "NONE", ""], ["BOB", "SMITH", ""]], "Jennifer ?NONE, Bob Smith"),
            (&[["Jean", "NULL", ""], ["Marie", "DUPONT", ""]], "Jean ?NULL, Marie Dupont"),
            (&[["NIL", "SMITH", ""], ["BOB", "LEE", ""]], "?NIL Smith, Bob Lee"),
            (
                &[["JENNIFER", "NULL", ""], ["BOB", "SMITH", ""], ["ANN", "NONE", ""]],
                "Jennifer ?NULL, Bob Smith, Ann ?NONE",
            ),
            // Where others are not in capitals, or the file writes it elsewhere, or often, it is nothing.
            (&[["JENNIFER", "NULL", ""], ["Bob", "Smith", ""]], "Jennifer -, Bob Smith"),
            (&[["JENNIFER", "NULL", "NULL"], ["BOB", "SMITH", ""]], "Jennifer -, Bob Smith"),
            (&[["JENNIFER", "NULL", ""], ["BOB", "SMITH", "NULL"]], "Jennifer -, Bob Smith"),
            (
                &[["JENNIFER", "NULL", ""], ["BOB", "SMITH", ""], ["ANN", "NULL", ""]],
                "Jennifer -, Bob Smith, Ann -",
            ),
            (&[["JENNIFER", "NULL", ""], ["BOB", "NULL", ""]], "Jennifer -, Bob -"),
            (&[["JENNIFER", "N/A", ""], ["BOB", "SMITH", ""]], "Jennifer -, Bob Smith"),
            (&[["JENNIFER", "(NULL)", ""], ["BOB", "SMITH", ""]], "Jennifer -, Bob Smith"),
            (&[["Jennifer", "Null", ""], ["BOB", "SMITH", ""]], "Jennifer Null, Bob Smith"),
            // Nobody is called so twice.
            (&[["NULL", "NULL", ""], ["BOB", "SMITH", ""]], "- -, Bob Smith"),
            (&[["null", "null", ""], ["Bob", "Smith", ""]], "- -, Bob Smith"),
            (&[["None", "None", ""], ["nil", "nil", ""]], "- -, - -"),
            (&[["Null", "Null", ""], ["Ann", "null", ""]], "Null Null, Ann Null"),
        ] {
            assert_eq!(read(rows), expected, "{rows:?}");
        }
    }
}
