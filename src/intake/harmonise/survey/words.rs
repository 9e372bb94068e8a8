//! Words that programs write for nothing, found where they cannot be values: an e-mail address is not
//! `False`, a telephone number not `Null`.

use std::collections::BTreeSet;

use domain::{Assumed, Basis, FieldName, FieldType, Reading};
use settings::{Settings, Source};

use super::Evidence;

/// Words that nobody types into a cell to say that it is empty: two of them prove an export's habit.
const OF_PROGRAMS: [&str; 3] = ["false", "undefined", "nan"];

/// Words that people type as well, and that some of them are called: it takes two columns.
const OF_PEOPLE_TOO: [&str; 3] = ["null", "none", "nil"];

/// Spellings of them that are counted.
const SPELLINGS: usize = 16;

/// What a word can be in a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sort {
    /// No such word is a value of it.
    Never,
    /// A word may be one, but no truth value is: names, places.
    NotBoolean,
    /// A truth value may be one.
    Open,
    /// It says yes or no, or closes a list.
    Answer,
}

fn sort_of(field_type: FieldType) -> Sort {
    match field_type {
        FieldType::Text | FieldType::Category | FieldType::Occupation => Sort::Open,
        FieldType::Consent | FieldType::Gender => Sort::Answer,
        FieldType::NameSuffix | FieldType::NationalId | FieldType::Identifier => Sort::NotBoolean,
        name if name.is_proper_name() => Sort::NotBoolean,
        _ => Sort::Never,
    }
}

/// The fields of a file, and the words that were seen in them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Words {
    fields: Vec<Field>,
    seen: Vec<Seen>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Field {
    name: FieldName,
    sort: Sort,
    /// The first field that is read from the same columns.
    column: usize,
    /// Whether a yes stands there.
    has_yes: bool,
}

/// A word as it is spelled.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Seen {
    word: String,
    cells: u64,
    /// The line of the first.
    line: u64,
    columns: BTreeSet<usize>,
    /// Whether it was a truth value, and no text.
    is_boolean: bool,
}

impl Words {
    /// Nothing seen so far of these fields.
    pub(super) fn of(settings: &Settings, source: &Source, fields: &[FieldName]) -> Words {
        let columns =
            |name: &FieldName| source.map.iter().find(|(it, _)| it == name).map(|it| &it.1);
        let is_listed = |name: &FieldName| settings.code_list(name.as_str()).is_some();
        let field = |(at, name): (usize, &FieldName)| {
            let declared = settings.field(name.as_str());
            let sort = declared.map_or(Sort::Open, |field| sort_of(field.field_type));
            let same = fields.iter().position(|other| columns(other) == columns(name));
            Field {
                name: name.clone(),
                sort: if is_listed(name) { Sort::Answer } else { sort },
                column: same.unwrap_or(at),
                has_yes: false,
            }
        };
        Words { fields: fields.iter().enumerate().map(field).collect(), seen: Vec::new() }
    }

    /// Looks at a value of the field at that place, as delivered.
    pub(super) fn note(&mut self, place: usize, line: u64, raw: &str, is_boolean: bool) {
        // As nearly every value does.
        if raw.len() < 3 || raw.len() > 24 {
            return;
        }
        let text = raw.trim();
        if !matches!(
            text.bytes().next(),
            Some(b'f' | b'F' | b'n' | b'N' | b'u' | b'U' | b't' | b'T')
        ) {
            return;
        }
        let Some(field) = self.fields.get_mut(place) else { return };
        if text.eq_ignore_ascii_case("true") {
            field.has_yes |= field.sort == Sort::Open;
            return;
        }
        let is_sure = field.sort == Sort::Never || is_boolean && field.sort == Sort::NotBoolean;
        if !is_sure || !is_one_of(text, &OF_PROGRAMS) && !is_one_of(text, &OF_PEOPLE_TOO) {
            return;
        }
        let column = field.column;
        if !self.seen.iter().any(|seen| seen.word == text) && self.seen.len() < SPELLINGS {
            let (word, columns) = (text.to_owned(), BTreeSet::new());
            self.seen.push(Seen { word, cells: 0, line, columns, is_boolean: false });
        }
        if let Some(seen) = self.seen.iter_mut().find(|seen| seen.word == text) {
            seen.cells += 1;
            seen.columns.insert(column);
            seen.is_boolean |= is_boolean;
        }
    }

    /// Says which words stand for nothing: the declared ones, those the file proves, those that earlier
    /// files of the source proved; and the fields of yes and no.
    pub(super) fn decide(&self, evidence: &Evidence<'_>, reading: &mut Reading) {
        let source = evidence.source;
        let mut add = |word: &str, basis: Basis| {
            if !reading.absent.iter().any(|known| known.value == word) {
                reading.absent.push(Assumed::of(word.to_owned(), basis));
            }
        };
        source.absent.iter().for_each(|word| add(word, Basis::Declared));
        let is_declared = |word: &str| source.absent.iter().any(|it| it.eq_ignore_ascii_case(word));
        for seen in self.seen.iter().filter(|seen| seen.proves() && !is_declared(&seen.word)) {
            add(&seen.word, Basis::Proved { line: seen.line });
        }
        let is_shown =
            |basis: &Basis| matches!(basis, Basis::Proved { .. } | Basis::Recorded { .. });
        for (import, earlier) in evidence.earlier {
            let proved = earlier.absent.iter().filter(|word| is_shown(&word.basis));
            for word in proved.filter(|word| !is_declared(&word.value)) {
                let import = match word.basis {
                    Basis::Recorded { import } => import,
                    _ => *import,
                };
                add(&word.value, Basis::Recorded { import });
            }
        }
        let said = self.fields.iter().filter(|field| field.has_yes).map(|field| &field.name);
        let before = evidence.earlier.iter().flat_map(|(_, reading)| &reading.yes_or_no);
        reading.yes_or_no = said.chain(before).cloned().collect();
        if let Some(begun) = evidence.begun {
            // The same file, and the same words.
            reading.yes_or_no.extend(begun.yes_or_no.iter().cloned());
        }
    }
}

impl Seen {
    fn proves(&self) -> bool {
        self.is_boolean
            || self.columns.len() > 1
            || self.cells > 1 && is_one_of(&self.word, &OF_PROGRAMS)
    }
}

fn is_one_of(text: &str, list: &[&str]) -> bool {
    list.iter().any(|word| word.eq_ignore_ascii_case(text))
}

#[cfg(test)]
mod tests {
    use super::super::Survey;
    use super::*;
    use domain::{ImportId, Place};
    use jiff::civil::date;

    const NAMES: [&str; 8] =
        ["email", "phone", "born", "given_name", "note", "vip", "consent", "mobile"];

    /// The words for nothing and the fields of yes and no of a file of these cells, each in a row of its own.
    fn decided(
        cells: &[(&str, &str, bool)],
        absent: &str,
        earlier: &[(ImportId, Reading)],
    ) -> String {
        let text = format!(
            "[workspace]\nname='a'\nregion='US'\n[fields]\nemail={{type='email'}}\nphone={{type='phone'}}\n\
             mobile={{type='phone'}}\nborn={{type='date_of_birth'}}\ngiven_name={{type='given_name'}}\n\
             note={{type='text'}}\nvip={{type='category'}}\nconsent={{type='consent'}}\n[sources.crm]\nkey='id'\n\
             absent=[{absent}]\nmap={{email='e',phone='p',mobile='p',born='b',given_name='g',note='n',vip='v',consent='c'}}\n"
        );
        let settings = settings::parse(&text).unwrap();
        let source = &settings.sources[0];
        let mut survey = Survey::of(&settings, source, date(2026, 11, 29));
        let fields: Vec<String> = survey.fields().map(ToString::to_string).collect();
        assert!(NAMES.iter().all(|name| fields.iter().any(|field| field == name)), "{fields:?}");
        for (line, (field, raw, is_boolean)) in (2..).zip(cells) {
            let place = fields.iter().position(|it| it == field);
            survey.note(place, line, raw, *is_boolean);
        }
        let region = Some("US");
        let evidence = Evidence { source, region, begun: None, earlier, place: Place::Line };
        let reading = survey.decide(&evidence).unwrap();
        let fields = reading.yes_or_no.iter().map(|field| format!("{field} yes/no"));
        reading.assumptions(Place::Line).into_iter().chain(fields).collect::<Vec<_>>().join("; ")
    }

    #[test]
    fn a_word_where_no_word_can_stand_is_an_export_s_word_for_nothing() {
        for (cells, expected) in [
            (
                &[("email", "False", false), ("phone", "False", false)][..],
                "\"False\" for empty cells (proved by line 2)",
            ),
            (
                &[("email", "False", false), ("email", "False", false)],
                "\"False\" for empty cells (proved by line 2)",
            ),
            (
                &[("email", "Null", false), ("born", "Null", false)],
                "\"Null\" for empty cells (proved by line 2)",
            ),
            (&[("phone", "false", true)], "\"false\" for empty cells (proved by line 2)"),
            (&[("given_name", "false", true)], "\"false\" for empty cells (proved by line 2)"),
            // One is a slip, two columns of one column are one, people type None, and some are called so.
            (&[("email", "False", false)], ""),
            (&[("phone", "None", false), ("mobile", "None", false)], ""),
            (&[("email", "None", false), ("email", "None", false)], ""),
            (&[("given_name", "Null", false), ("given_name", "Null", false)], ""),
            (&[("email", "False", false), ("phone", "FALSE", false)], ""),
            // A yes or no is a value where it may be one.
            (&[("vip", "false", true), ("consent", "false", true), ("note", "false", true)], ""),
            (
                &[("vip", "True", false), ("note", "true", true), ("given_name", "True", false)],
                "note yes/no; vip yes/no",
            ),
        ] {
            assert_eq!(decided(cells, "", &[]), expected, "{cells:?}");
        }
    }

    #[test]
    fn what_is_declared_or_was_proved_before_holds() {
        assert_eq!(decided(&[], "'False'", &[]), "\"False\" for empty cells (declared)");
        let cells = [("email", "false", false), ("phone", "false", false)];
        assert_eq!(decided(&cells, "'False'", &[]), "\"False\" for empty cells (declared)");
        let proved = Assumed::of("False".to_owned(), Basis::Proved { line: 7 });
        let reading = Reading {
            absent: vec![proved],
            yes_or_no: ["vip".into()].into(),
            ..Reading::default()
        };
        let told = decided(&[], "", &[(ImportId(3), reading)]);
        assert_eq!(told, "\"False\" for empty cells (as import I3 proved); vip yes/no");
    }
}
