//! The parts of a field that several columns make. Each is read before they are joined: what stands for
//! nothing is left out (`Main Street 5 NULL`), and what a spreadsheet wrote around a part, or behind it,
//! goes (`="12"`, `12.0`). The parts themselves are kept as they were delivered.

use std::borrow::Cow;

use compact_str::CompactString;

use super::clean::{Form, clean};
use super::nothing::{self, Word};
use super::record::type_of;
use super::{absence, damage};
use domain::{FieldName, FieldType, Reading, spreadsheet};
use settings::{Settings, Source};

/// Joins the fields of several columns once more, from the parts that are kept beside them.
pub fn join_parts(
    fields: &mut Vec<(FieldName, CompactString)>,
    parts: &[(CompactString, CompactString)],
    (settings, source): (&Settings, &Source),
    reading: &Reading,
) {
    let mut several = source.map.iter().filter(|(_, columns)| columns.len() > 1).peekable();
    if several.peek().is_none() {
        return;
    }
    let words = nothing::all(Some(source), reading);
    for (field, columns) in several {
        let Some(at) = fields.iter().position(|(name, _)| name == field) else { continue };
        let field_type = type_of(settings, field.as_str());
        let delivered = columns.iter().filter_map(|column| {
            Some(parts.iter().find(|(name, _)| name == column.as_str())?.1.as_str())
        });
        let (mut said, mut is_other) = (Vec::new(), false);
        for raw in delivered {
            match part(raw, field_type, &words) {
                Some(text) => {
                    is_other |= text != raw.trim();
                    said.push(text);
                }
                None => is_other = true,
            }
        }
        if is_other && said.is_empty() {
            fields.remove(at);
        } else if is_other {
            fields[at].1 = said.join(" ").into();
        }
    }
}

/// What a part says; `None` where it says nothing.
fn part<'r>(raw: &'r str, field_type: FieldType, words: &[Word<'_>]) -> Option<Cow<'r, str>> {
    let text = clean(raw, Form::Composed);
    let bare = spreadsheet::unwrapped(&text, damage::is_of_words(field_type));
    let is_nothing = |text: &str| text.is_empty() || absence::is_absent(text, field_type);
    if nothing::says_nothing(words, raw) || is_nothing(&text) || is_nothing(&bare) {
        return None;
    }
    let may_have_decimals = matches!(
        field_type,
        FieldType::Number | FieldType::Text | FieldType::Category | FieldType::Occupation
    );
    let whole = if may_have_decimals { None } else { spreadsheet::whole_number(&bare) };
    Some(match whole {
        Some(whole) => Cow::Owned(whole.to_owned()),
        None if bare != text => Cow::Owned(bare.into_owned()),
        None => Cow::Borrowed(raw.trim()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::harmonise::Records;
    use jiff::civil::date;

    fn settings() -> Settings {
        let text = "[workspace]\nname='a'\nregion='US'\n[fields.name]\ntype='full_name'\n[fields.street]\n\
            type='street'\n[fields.phone]\ntype='phone'\n[fields.address]\ntype='address'\n[fields.note]\n\
            type='text'\n[sources.crm]\nkey='id'\nabsent='False'\nmap={name=['p','q'],street=['p','q'],\
            phone=['p','q'],address=['p','q','r','s'],note=['p','q']}\n";
        settings::parse(text).unwrap()
    }

    /// The standard form of the field that these columns make: none where nothing stands in it, `!` where it
    /// is not read.
    fn read(field: &str, parts: &[&str]) -> Option<String> {
        let settings = settings();
        let source = &settings.sources[0];
        let joined = parts.iter().map(|part| part.trim()).collect::<Vec<_>>().join(" ");
        let mut fields = vec![(FieldName::new(field), joined.into())];
        let parts: Vec<(CompactString, CompactString)> = ["p", "q", "r", "s"]
            .into_iter()
            .zip(parts)
            .map(|(n, p)| (n.into(), (*p).into()))
            .collect();
        let reading = Reading::default();
        join_parts(&mut fields, &parts, (&settings, source), &reading);
        let fields = fields.into_iter().map(|(field, text)| (field, text.to_string()));
        let read = Records::of(&settings, "crm", &reading, date(2026, 11, 29)).read(fields);
        let value = read.values.get(field)?;
        Some(value.standard().unwrap_or("!").to_owned())
    }

    #[test]
    fn each_part_is_read_before_they_are_joined() {
        for (field, parts, expected) in [
            ("name", &["Ann", "NULL"][..], Some("Ann")),
            ("name", &["N/A", "Lee"], Some("Lee")),
            ("name", &["Jennifer", "Null"], Some("Jennifer Null")),
            ("name", &["NULL", "(null)"], None),
            ("name", &["Ann", "\u{a0}-\u{a0}"], Some("Ann")),
            ("street", &["Oak Street", "N/A"], Some("Oak Street")),
            ("street", &["Null", "12"], Some("12")),
            ("street", &["Elm Street", "12.0"], Some("Elm Street 12")),
            ("street", &["Elm Street", "=\"12\""], Some("Elm Street 12")),
            ("street", &["Elm Street", "=\"N/A\""], Some("Elm Street")),
            ("street", &["Elm Street", "#REF!"], Some("!")),
            ("street", &["Elm Street", "1.2E+05"], Some("!")),
            ("street", &["Elm Street", "12 #4"], Some("Elm Street 12 Unit 4")),
            ("phone", &["NULL", "2175550104"], Some("+12175550104")),
            ("phone", &["=\"+1\"", "=\"2175550105\""], Some("+12175550105")),
            ("phone", &["1.0", "2175550105.0"], Some("+12175550105")),
            ("phone", &["+1", "2.17555E+09"], Some("!")),
            ("phone", &["+1", "#N/A"], Some("!")),
            ("address", &["NULL", "12 Oak Street", "NULL", "Peoria"], Some("12 Oak Street Peoria")),
            ("note", &["see #REF!", "12.0"], Some("see #REF! 12.0")),
        ] {
            assert_eq!(read(field, parts).as_deref(), expected, "{field} {parts:?}");
        }
    }

    #[test]
    fn parts_that_say_nothing_make_no_part_of_a_field() {
        for (parts, expected) in [
            (["Main St 5", "False"], Some("Main Street 5")),
            (["false", "Unit 4"], Some("Unit 4")),
            (["False", "False"], None),
            (["False Creek 1", " b "], Some("False Creek 1 b")),
        ] {
            assert_eq!(read("street", &parts).as_deref(), expected, "{parts:?}");
        }
    }
}
