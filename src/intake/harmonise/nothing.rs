//! Words that one source writes into cells in which nothing stands: Odoo's `False`.
//!
//! What stands for nothing wherever it comes from is `absence`'s.

use super::consent;
use domain::{Basis, FieldName, FieldType, Reading};
use settings::Source;

/// A word for nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Word<'a> {
    text: &'a str,
    /// Whether it is so in capitals and in small letters: what a person says of a program holds for
    /// the spreadsheet its export went through as well, what a file proves holds for what stands in it.
    in_any_case: bool,
}

impl Word<'_> {
    fn is(&self, text: &str) -> bool {
        if self.in_any_case {
            return self.text.eq_ignore_ascii_case(text);
        }
        self.text == text
    }
}

/// Whether a delivered text is one of the words.
pub(super) fn says_nothing(words: &[Word<'_>], raw: &str) -> bool {
    !words.is_empty() && words.iter().any(|word| word.is(raw.trim()))
}

/// The words that a source writes for nothing where a field of that type is read. A consent that is
/// not given is a value, and so is each no of a column of yes and no.
pub(super) fn words<'a>(
    source: Option<&'a Source>,
    reading: &'a Reading,
    field: &FieldName,
    field_type: FieldType,
) -> Vec<Word<'a>> {
    let mut words = all(source, reading);
    if field_type == FieldType::Consent || reading.yes_or_no.contains(field) {
        // `undefined` is no answer even there.
        words.retain(|word| consent::standard(word.text).is_none());
    }
    words
}

/// The words that a source writes for nothing, wherever it is.
pub(super) fn all<'a>(source: Option<&'a Source>, reading: &'a Reading) -> Vec<Word<'a>> {
    let declared = source.into_iter().flat_map(|source| &source.absent);
    let declared = declared.map(|text| Word { text, in_any_case: true });
    let known = reading.absent.iter().filter(|word| word.basis != Basis::Declared);
    let known = known.map(|word| Word { text: &word.value, in_any_case: false });
    declared.chain(known).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::harmonise::{ReadRecord, Records};
    use domain::Assumed;
    use jiff::civil::date;

    fn settings() -> settings::Settings {
        let text = "[workspace]\nname='a'\nregion='US'\n[fields.name]\ntype='full_name'\n[fields.email]\n\
            type='email'\n[fields.mail_ok]\ntype='consent'\n[fields.vip]\ntype='category'\n[fields.street]\n\
            type='street'\n[fields.state]\ntype='category'\n[codes.state]\nFalse='gone'\nTrue='there'\n\
            [sources.odoo]\nkey='id'\nabsent='False'\nmap={name='n',email='e',mail_ok='o',vip='v',street=['s','t'],\
            state='st'}\n";
        settings::parse(text).unwrap()
    }

    fn read(reading: &Reading, source: &str, row: &[(&str, &str)]) -> ReadRecord {
        let settings = settings();
        let row = row.iter().map(|(field, text)| (FieldName::new(field), (*text).to_owned()));
        Records::of(&settings, source, reading, date(2026, 11, 29)).read(row)
    }

    #[test]
    fn a_declared_word_is_nothing_in_any_case_but_where_no_is_an_answer() {
        let reading = Reading { yes_or_no: ["vip".into()].into(), ..Reading::default() };
        let row = [
            ("name", "FALSE"),
            ("email", " False "),
            ("mail_ok", "False"),
            ("vip", "False"),
            ("state", "False"),
        ];
        let ReadRecord { values, absent } = read(&reading, "odoo", &row);
        let shown: Vec<_> = values.iter().map(|(field, it)| (field.as_str(), it.shown())).collect();
        assert_eq!(shown, [("mail_ok", "no"), ("state", "gone"), ("vip", "false")]);
        let kept: Vec<_> = absent.iter().map(|(field, it)| (field.as_str(), it.as_str())).collect();
        assert_eq!(kept, [("name", "FALSE"), ("email", " False ")], "the delivered text is kept");
    }

    #[test]
    fn a_proved_word_is_nothing_as_it_is_spelled_and_a_word_of_one_source_is_no_other_s() {
        let proved = Assumed::of("Null".to_owned(), Basis::Proved { line: 2 });
        let reading = Reading { absent: vec![proved], ..Reading::default() };
        let name = |reading: &Reading, text: &str| {
            read(reading, "crm", &[("name", text)]).values.get("name").is_some()
        };
        assert!(!name(&reading, "Null"));
        assert!(name(&reading, "null"));
        for text in ["Null", "None", "False", "True"] {
            assert!(name(&Reading::default(), text), "{text}");
        }
    }

    #[test]
    fn a_word_that_is_no_answer_is_nothing_in_a_column_of_answers_too() {
        let word = |text: &str| Assumed::of(text.to_owned(), Basis::Proved { line: 2 });
        let absent = vec![word("undefined"), word("False")];
        let yes_or_no = ["vip".into()].into();
        let reading = Reading { absent, yes_or_no, ..Reading::default() };
        let row = [("mail_ok", "undefined"), ("vip", "undefined"), ("name", "undefined")];
        assert_eq!(read(&reading, "crm", &row).absent.len(), 3);
        let row = [("mail_ok", "False"), ("vip", "False")];
        assert_eq!(read(&reading, "crm", &row).absent.len(), 0);
    }
}
