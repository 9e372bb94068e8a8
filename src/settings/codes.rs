//! `[codes.*]`: the words that stand for a field's values, and the standard word of each.

use std::collections::BTreeMap;

use super::field::{Declared, is_declared, type_of};
use super::nearest::hint;
use super::reader::{Entry, Findings, Table, wrong_type};
use super::source::Source;
use domain::{FieldName, FieldType, SourceName, spreadsheet};

/// The code list of one field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CodeList {
    /// The field.
    pub field: FieldName,
    /// Whether the field holds what the list names and nothing else: a category, an occupation, a text. A
    /// list of any other type adds words to those that its harmoniser reads by itself.
    pub closed: bool,
    /// The words of every source.
    pub everywhere: Codes,
    /// Words that mean something in one source only; they go before those of every source.
    pub by_source: Vec<(SourceName, Codes)>,
}

/// Codes with the word that each stands for.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Codes {
    /// In the order of the file.
    entries: Vec<(String, String)>,
    exact: BTreeMap<String, usize>,
    /// Without regard to case; `None` means several differ in nothing else.
    folded: BTreeMap<String, Option<usize>>,
}

impl Codes {
    fn add(&mut self, code: &str, word: &str) {
        let at = self.entries.len();
        self.entries.push((code.to_owned(), word.to_owned()));
        self.exact.insert(code.to_owned(), at);
        let same = self.folded.entry(code.to_lowercase()).or_insert(Some(at));
        if same.is_some_and(|other| self.entries[other].1 != word) {
            *same = None;
        }
    }

    /// The place of the code that a text is: as written, else without regard to case.
    fn place(&self, text: &str) -> Option<usize> {
        let exact = self.exact.get(text).copied();
        exact.or_else(|| self.folded.get(&text.to_lowercase()).copied().flatten())
    }

    /// Every code with its word, in the order of the file.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.entries.iter().map(|(code, word)| (code.as_str(), word.as_str()))
    }
}

/// What a code list makes of a delivered text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Coded<'l> {
    /// The standard word.
    pub word: &'l str,
    /// The code that it is, where it is not the word itself.
    pub code: Option<&'l str>,
    /// The source whose own list has the code; `None` means it stands in the list of every source.
    pub source: Option<&'l SourceName>,
}

impl CodeList {
    /// What a text stands for that `source` delivered, or a person typed (`None`); nothing where no list
    /// holds it. The source's own words go first, then those of every source, then the standard words.
    #[must_use]
    pub fn read(&self, source: Option<&str>, text: &str) -> Option<Coded<'_>> {
        let text = text.trim();
        // A spreadsheet makes 1.0 of 1.
        let found = self.as_written(source, text);
        found.or_else(|| self.as_written(source, spreadsheet::whole_number(text)?))
    }

    fn as_written(&self, source: Option<&str>, text: &str) -> Option<Coded<'_>> {
        let own = self.by_source.iter().filter(|(name, _)| Some(name.as_str()) == source);
        let lists = own.map(|(name, codes)| (Some(name), codes));
        for (source, codes) in lists.chain([(None, &self.everywhere)]) {
            if let Some((code, word)) = codes.place(text).and_then(|at| codes.entries.get(at)) {
                return Some(Coded { word, code: Some(code), source });
            }
        }
        let lower = text.to_lowercase();
        let word = self.words().find(|word| *word == text || word.to_lowercase() == lower)?;
        Some(Coded { word, code: None, source: None })
    }

    /// Every code with its word, and the source whose own list has it.
    pub fn codes(&self) -> impl Iterator<Item = (Option<&SourceName>, &str, &str)> {
        let everywhere = self.everywhere.iter().map(|(code, word)| (None, code, word));
        let own = self.by_source.iter().flat_map(|(source, codes)| {
            codes.iter().map(move |(code, word)| (Some(source), code, word))
        });
        everywhere.chain(own)
    }

    /// The standard words, some of them several times.
    pub fn words(&self) -> impl Iterator<Item = &str> {
        self.codes().map(|(_, _, word)| word)
    }

    /// The standard words, each once, in the order of the file.
    #[must_use]
    pub fn distinct_words(&self) -> Vec<String> {
        let mut words: Vec<String> = Vec::new();
        for word in self.words() {
            if !words.iter().any(|known| known == word) {
                words.push(word.to_owned());
            }
        }
        words
    }

    fn read_from(
        table: &Table<'_>,
        (field, field_type): (&str, Option<FieldType>),
        sources: &[Source],
        findings: &mut Findings,
    ) -> CodeList {
        use FieldType::{Category, Occupation, Text};
        let mut list = CodeList {
            field: FieldName::new(field),
            closed: matches!(field_type, Some(Category | Occupation | Text)),
            everywhere: Codes::default(),
            by_source: Vec::new(),
        };
        for entry in &table.entries {
            if entry.is_table() {
                list.read_source(*entry, table, sources, findings);
            } else if let Some(word) = word(*entry, findings) {
                list.everywhere.add(entry.key.trim(), word);
            }
        }
        list
    }

    fn read_source(
        &mut self,
        entry: Entry<'_>,
        table: &Table<'_>,
        sources: &[Source],
        findings: &mut Findings,
    ) {
        let names: Vec<&str> = sources.iter().map(|source| source.name.as_str()).collect();
        if !names.contains(&entry.key) {
            let (title, hint) = (&table.title, hint(entry.key, names));
            let what = format!("{title} names `{}`, which is not a source{hint}", entry.key);
            findings.add(entry.at, what);
        }
        let title = format!("[codes.{}.{}]", self.field, entry.key);
        let Some(table) = Table::of(entry, title, findings) else { return };
        let mut codes = Codes::default();
        for entry in &table.entries {
            if let Some(word) = word(*entry, findings) {
                codes.add(entry.key.trim(), word);
            }
        }
        self.by_source.push((SourceName::new(entry.key), codes));
    }

    /// A word that is the code of another one would turn into that when it is read again.
    fn words_rest(
        &self,
        table: &Table<'_>,
        field_type: Option<FieldType>,
        findings: &mut Findings,
    ) {
        for (_, code, word) in self.codes() {
            let becomes = self.as_written(None, word).map_or(word, |coded| coded.word);
            if becomes != word {
                let title = &table.title;
                let what = match written_out(field_type, word).zip(written_out(field_type, becomes))
                {
                    Some((first, second)) => format!(
                        "in {title} `{code}` means `{word}`, which is also a code in the list: write \
                         out the words, {code} = \"{first}\" and {word} = \"{second}\""
                    ),
                    None => format!(
                        "in {title} `{code}` means `{word}`, and `{word}` means `{becomes}`: give both \
                         the same word"
                    ),
                };
                let entries = table.entries.iter();
                let at = entries.filter(|entry| entry.key == code).map(|entry| entry.at).next();
                findings.add(at.unwrap_or(table.at), what);
            }
        }
    }
}

/// The word that a letter is short for, where the type reads both: the letter may be a code, the word is none.
fn written_out(field_type: Option<FieldType>, word: &str) -> Option<&'static str> {
    let letter = word.to_ascii_lowercase();
    Some(match (field_type?, letter.as_str()) {
        (FieldType::Gender, "m" | "male") => "male",
        (FieldType::Gender, "f" | "female") => "female",
        (FieldType::Gender, "x" | "other") => "other",
        (FieldType::Consent, "y" | "yes") => "yes",
        (FieldType::Consent, "n" | "no") => "no",
        _ => return None,
    })
}

/// The word of a code.
fn word<'doc>(entry: Entry<'doc>, findings: &mut Findings) -> Option<&'doc str> {
    if entry.key.trim().is_empty() {
        findings.add(entry.at, "a code cannot be empty: an empty cell counts as absent");
        return None;
    }
    let word = entry.value.get_ref().as_str().map(str::trim).filter(|word| !word.is_empty());
    word.or_else(|| wrong_type(entry, "the word it means, as text", findings))
}

pub(super) fn read_all(
    codes: &Table<'_>,
    fields: &[Declared<'_>],
    sources: &[Source],
    findings: &mut Findings,
) -> Vec<CodeList> {
    let mut lists = Vec::with_capacity(codes.entries.len());
    for entry in &codes.entries {
        let title = format!("[codes.{}]", entry.key);
        is_declared(entry.at, &title, entry.key, fields, findings);
        let Some(table) = Table::of(*entry, title, findings) else { continue };
        let field_type = type_of(entry.key, fields);
        let list = CodeList::read_from(&table, (entry.key, field_type), sources, findings);
        list.words_rest(&table, field_type, findings);
        if list.words().next().is_none() {
            findings.add(table.at, format!("{} has no codes", table.title));
        }
        lists.push(list);
    }
    lists
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parse;

    const BEFORE: &str = "[workspace]\nname='a'\nregion='US'\n[fields.status]\ntype='category'\n\
        [sources.crm]\nkey='id'\nmap={status='s'}\n[sources.shop]\nkey='id'\nmap={status='s'}\n";

    fn list(lines: &str) -> Result<CodeList, Vec<String>> {
        parse(&format!("{BEFORE}{lines}\n"))
            .map(|settings| settings.code_list("status").unwrap().clone())
            .map_err(|findings| findings.iter().map(ToString::to_string).collect())
    }

    #[test]
    fn a_source_s_own_words_go_before_those_of_every_source() {
        let list = list(
            "[codes.status]\nA='active'\nI='inactive'\n1='active'\n[codes.status.crm]\n1='inactive'\n\
             closed='Closed down'",
        )
        .unwrap();
        for (source, text, expected) in [
            (None, "A", Some("active")),
            (None, " a ", Some("active")),
            (None, "ACTIVE", Some("active")),
            (Some("crm"), "1", Some("inactive")),
            (Some("crm"), "1.0", Some("inactive")),
            (Some("shop"), "1", Some("active")),
            (None, "1,00", Some("active")),
            (Some("crm"), "Closed", Some("Closed down")),
            (Some("shop"), "Closed", None),
            (Some("shop"), "closed down", Some("Closed down")),
            (Some("crm"), "X", None),
            (Some("crm"), "", None),
        ] {
            let read = list.read(source, text).map(|coded| coded.word);
            assert_eq!(read, expected, "{source:?} {text}");
        }
        let coded = list.read(Some("crm"), "1").unwrap();
        assert_eq!((coded.code, coded.source.unwrap().as_str()), (Some("1"), "crm"));
        assert_eq!(list.read(Some("crm"), "active").unwrap().code, None);
    }

    #[test]
    fn codes_that_differ_in_case_alone_are_told_apart_as_written() {
        let list = list("[codes.status]\na='active'\nA='archived'\nx='gone'\nX='gone'").unwrap();
        let read = |text| list.read(None, text).map(|coded| coded.word);
        assert_eq!((read("a"), read("A")), (Some("active"), Some("archived")));
        assert_eq!(read("x"), read("X"));
    }

    #[test]
    fn what_is_wrong_is_said_with_what_is_known() {
        for (lines, expected) in [
            (
                "[codes.statsu]\nA='active'",
                "line 12: [codes.statsu] names `statsu`, which is not a declared field; did you mean `status`?",
            ),
            (
                "[codes.status.cmr]\nA='active'",
                "line 12: [codes.status] names `cmr`, which is not a source; did you mean `crm`?",
            ),
            (
                "[codes.status]\nA=1",
                "line 13: `A` should be the word it means, as text, not a number",
            ),
            (
                "[codes.status]\nA=''",
                "line 13: `A` should be the word it means, as text, not an empty text",
            ),
            (
                "[codes.status]\n''='active'",
                "line 13: a code cannot be empty: an empty cell counts as absent",
            ),
            ("[codes.status]", "line 12: [codes.status] has no codes"),
            ("[codes]\nstatus='A'", "line 13: `status` should be a table, not a text"),
            (
                "[codes.status]\nA='B'\nB='C'",
                "line 13: in [codes.status] `A` means `B`, and `B` means `C`: give both the same word",
            ),
            ("[code.status]\nA='B'", "line 12: unknown section [code]; did you mean `codes`?"),
        ] {
            let findings = list(lines).unwrap_err();
            assert!(findings.iter().any(|it| it == expected), "{lines}: {findings:?}");
        }
    }

    #[test]
    fn letters_that_are_codes_as_well_are_written_out() {
        let of_type = |field_type: &str, lines: &str| {
            let text = BEFORE.replace("'category'", &format!("'{field_type}'"));
            parse(&format!("{text}[codes.status]\n{lines}\n"))
                .map(|_| ())
                .map_err(|findings| findings[0].to_string())
        };
        let said = of_type("gender", "H='M'\nM='F'").unwrap_err();
        assert_eq!(
            said,
            "line 13: in [codes.status] `H` means `M`, which is also a code in the list: write out the \
             words, H = \"male\" and M = \"female\""
        );
        let said = of_type("consent", "J='Y'\nY='N'").unwrap_err();
        assert!(said.ends_with("J = \"yes\" and Y = \"no\""), "{said}");
        assert_eq!(of_type("gender", "H='male'\nM='female'"), Ok(()));
    }
}
