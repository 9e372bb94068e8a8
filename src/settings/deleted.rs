//! `deleted`: the column in which a source says that it has deleted a record.

use super::reader::{Findings, Table, text, texts};
use super::yes::Said;

/// What tells a deleted record from others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeletedMark {
    /// The column that says so.
    pub column: String,
    /// What stands there then, whatever its case; empty where a yes or a time says it.
    pub words: Vec<String>,
}

impl DeletedMark {
    /// What a text that stands in the column says of the record's being deleted. Without words of its own
    /// a yes says so, or when it was deleted; with them, anything else is a no.
    #[must_use]
    pub fn said_by(&self, text: &str) -> Said {
        let text = text.trim();
        if self.words.is_empty() {
            let is_time =
                text.get(..10).is_some_and(|day| day.parse::<jiff::civil::Date>().is_ok());
            return match is_time {
                true if text.starts_with("0000") => Said::No,
                true => Said::Yes,
                false if text.starts_with("0000-00-00") => Said::No,
                false => Said::by(text),
            };
        }
        match self.words.iter().any(|word| word.to_lowercase() == text.to_lowercase()) {
            true => Said::Yes,
            false => Said::No,
        }
    }

    /// `deleted = "IsDeleted"`, `deleted = { column = "status", is = ["gone"] }`.
    pub(super) fn read(table: &Table<'_>, findings: &mut Findings) -> Option<DeletedMark> {
        let entry = table.get("deleted")?;
        if !entry.is_table() {
            let column = text(entry, findings)?.text.to_owned();
            return Some(DeletedMark { column, words: Vec::new() });
        }
        let inner = Table::of(entry, format!("{} deleted", table.title), findings)?;
        inner.only(&["column", "is"], findings);
        let column = inner.required_text("column", findings)?.text.to_owned();
        let is = inner.required("is", findings)?;
        let words = texts(is, findings)?.iter().map(|word| word.text.to_owned()).collect();
        Some(DeletedMark { column, words })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parse;

    fn read(line: &str) -> Result<DeletedMark, String> {
        let text = format!(
            "[workspace]\nname='a'\n[fields.city]\ntype='city'\n[sources.crm]\nkey='Id'\n{line}\nmap={{city='c'}}\n"
        );
        match parse(&text) {
            Ok(settings) => Ok(settings.sources[0].deleted.clone().unwrap()),
            Err(findings) => Err(findings.iter().map(ToString::to_string).collect()),
        }
    }

    #[test]
    fn a_yes_a_time_or_a_word_of_the_source_says_that_a_record_is_deleted() {
        let mark = read("deleted='IsDeleted'").unwrap();
        for text in ["true", " TRUE ", "1", "yes", "2026-03-01", "2026-03-01T10:00:00Z", "ja"] {
            assert_eq!(mark.said_by(text), Said::Yes, "{text}");
        }
        for text in
            ["", "false", "0", "No", "Nein", "0.0", "NULL", "\\N", "-", "0000-00-00 00:00:00"]
        {
            assert_eq!(mark.said_by(text), Said::No, "{text}");
        }
        for text in ["2", "active", "1985", "maybe", "deleted", "gelöscht", "01.03.2026", "on"] {
            assert_eq!(mark.said_by(text), Said::Unclear, "{text}");
        }
        let mark = read("deleted={column='status', is=['Gone', 'gelöscht']}").unwrap();
        assert_eq!(mark.column, "status");
        for text in ["gone", " GONE", "GELÖSCHT"] {
            assert_eq!(mark.said_by(text), Said::Yes, "{text}");
        }
        for text in ["true", "maybe", ""] {
            assert_eq!(mark.said_by(text), Said::No, "{text}");
        }
    }

    #[test]
    fn what_makes_no_sense_is_a_finding() {
        for (line, expected) in [
            ("deleted=true", "`deleted` should be a text"),
            ("deleted={column='a'}", "`is`"),
            ("deleted={column='a', was=['b']}", "`was`"),
        ] {
            let found = read(line).unwrap_err();
            assert!(found.contains(expected), "{line}: {found}");
        }
    }
}
