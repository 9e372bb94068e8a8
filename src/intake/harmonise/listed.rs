//! Values of a field with a code list: the standard word of what was delivered.

use super::{Context, prepared, value};
use domain::{FieldType, SourceName, Value};
use jiff::civil::Date;
use settings::CodeList;

/// Reads one value by its field's code list: what `source` delivered, or a person typed (`None`).
/// What the list holds is never absent; what it does not hold is not read where the list is closed.
pub(super) fn read(
    list: &CodeList,
    source: Option<&str>,
    field_type: FieldType,
    raw: &str,
    context: &Context<'_>,
) -> Option<Value> {
    let coded = list.read(source, raw);
    let coded = coded.or_else(|| list.read(source, &prepared(raw, field_type)));
    if let Some(coded) = coded {
        return Some(match standard(list, coded.word, field_type, context) {
            Some(standard) => Value::standardised(raw, standard),
            None => Value::unreadable(raw),
        });
    }
    let read = value(field_type, raw, context)?;
    Some(if list.closed { Value::unreadable(raw) } else { read })
}

/// The standard form of a list's word: as the list spells it, or as its type has it.
fn standard(
    list: &CodeList,
    word: &str,
    field_type: FieldType,
    context: &Context<'_>,
) -> Option<String> {
    if list.closed {
        return Some(word.to_owned());
    }
    value(field_type, word, context)?.standard().map(str::to_owned)
}

/// The codes of a list whose word its field's type cannot read, each with the source whose own list has it
/// and the word: what is delivered as such a code is left unread.
#[must_use]
pub fn unreadable_codes<'l>(
    list: &'l CodeList,
    field_type: FieldType,
    region: Option<&str>,
) -> Vec<(Option<&'l SourceName>, &'l str, &'l str)> {
    let context = Context { region, ..Context::of("", Date::ZERO) };
    let is_unread = |word: &str| standard(list, word, field_type, &context).is_none();
    list.codes().filter(|(_, _, word)| is_unread(word)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;
    use settings::Settings;

    fn settings(field_type: &str, codes: &str) -> Settings {
        let text = format!(
            "[workspace]\nname='a'\nregion='US'\n[fields.f]\ntype='{field_type}'\n\
             [sources.crm]\nkey='id'\nmap={{f='f'}}\n[codes.f]\n{codes}\n"
        );
        settings::parse(&text).unwrap()
    }

    fn read_as(field_type: &str, codes: &str, source: Option<&str>, raw: &str) -> String {
        let settings = settings(field_type, codes);
        let context = Context::of("US", date(2026, 11, 28));
        let field_type = FieldType::from_name(field_type).unwrap();
        match read(&settings.codes[0], source, field_type, raw, &context) {
            None => "absent".to_owned(),
            Some(value) => {
                assert_eq!(value.raw(), raw, "what was delivered is kept");
                value.standard().unwrap_or("unreadable").to_owned()
            }
        }
    }

    #[test]
    fn a_closed_list_holds_what_it_names_and_nothing_else() {
        let codes = "A='Active'\nI='inactive'\n'?'='unknown'\n0='never'\n[codes.f.crm]\n1='Active'";
        for (raw, expected) in [
            ("A", "Active"),
            (" a ", "Active"),
            ("active", "Active"),
            ("ACTIVE", "Active"),
            ("1", "Active"),
            ("1.0", "Active"),
            ("=\"1\"", "Active"),
            ("'1", "Active"),
            ("0", "never"),
            ("?", "unknown"),
            ("unknown", "unknown"),
            ("N/A", "absent"),
            ("  ", "absent"),
            ("B", "unreadable"),
            ("actve", "unreadable"),
            ("10", "unreadable"),
        ] {
            assert_eq!(read_as("category", codes, Some("crm"), raw), expected, "{raw}");
        }
        assert_eq!(read_as("category", codes, None, "1"), "unreadable", "crm's own word");
        for word in ["Active", "inactive", "unknown", "never"] {
            assert_eq!(read_as("category", codes, None, word), word, "a standard word rests");
        }
    }

    #[test]
    fn a_list_of_another_type_adds_to_what_it_reads() {
        for (field_type, codes, raw, expected) in [
            ("gender", "1='M'\n2='female'", "2", "F"),
            ("gender", "1='M'\n2='female'", "male", "M"),
            ("country", "049='Germany'", "049", "DE"),
            ("country", "049='Germany'", "France", "FR"),
            ("country", "049='Germany'", "Atlantis", "unreadable"),
            ("consent", "J='yes'", "J", "yes"),
            ("consent", "J='yes'", "n", "no"),
            ("city", "SF='San Francisco'", "sf", "San Francisco"),
            ("city", "SF='San Francisco'", "PARIS", "Paris"),
            ("consent", "X='perhaps'", "X", "unreadable"),
        ] {
            assert_eq!(read_as(field_type, codes, None, raw), expected, "{field_type} {raw}");
        }
    }

    #[test]
    fn codes_whose_word_their_type_cannot_read_are_named() {
        let settings = settings("gender", "1='M'\n2='woman-ish'\n[codes.f.crm]\n3='Nobody'");
        let codes = unreadable_codes(&settings.codes[0], FieldType::Gender, Some("US"));
        let crm = SourceName::new("crm");
        assert_eq!(codes, [(None, "2", "woman-ish"), (Some(&crm), "3", "Nobody")]);
    }
}
