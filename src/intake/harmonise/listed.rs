//! Values of a field with a code list: the standard word of what was delivered.

use super::{Context, prepared, value};
use domain::{FieldType, Value};
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

/// The words of a list that its field's type cannot read.
#[must_use]
pub fn unreadable_words<'l>(
    list: &'l CodeList,
    field_type: FieldType,
    context: &Context<'_>,
) -> Vec<&'l str> {
    let mut words: Vec<&str> = list.words().collect();
    words.sort_unstable();
    words.dedup();
    words.retain(|word| standard(list, word, field_type, context).is_none());
    words
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
    fn words_that_their_type_cannot_read_are_named() {
        let settings = settings("gender", "1='M'\n2='woman-ish'\n3='woman-ish'");
        let context = Context::of("US", date(2026, 11, 28));
        let words = unreadable_words(&settings.codes[0], FieldType::Gender, &context);
        assert_eq!(words, ["woman-ish"]);
    }
}
