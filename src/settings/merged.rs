//! `merged_into` and `merged_from`: the columns in which a source says which of its records it has merged.

use super::reader::{Findings, Table};

/// The columns that say which records were merged in their source.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct MergedColumns {
    /// Each holds the key of the record that this one went into.
    pub into: Vec<String>,
    /// Each holds the keys of the records that went into this one.
    pub from: Vec<String>,
}

impl MergedColumns {
    /// Their names in `steward.toml`.
    pub(super) const KEYS: [&'static str; 2] = ["merged_into", "merged_from"];

    /// Whether the source says nothing about merges.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.into.is_empty() && self.from.is_empty()
    }

    /// `merged_into = "MasterRecordId"`, `merged_from = ["Merged contact IDs"]`.
    pub(super) fn read(table: &Table<'_>, findings: &mut Findings) -> MergedColumns {
        let key = table.get("key").and_then(|entry| entry.value.get_ref().as_str());
        let [mut into, mut from] = [Vec::new(), Vec::new()];
        for (name, columns) in Self::KEYS.into_iter().zip([&mut into, &mut from]) {
            let Some(entry) = table.get(name) else { continue };
            let named = table.texts(name, findings).unwrap_or_default();
            if named.is_empty() && entry.value.get_ref().is_array() {
                findings.add(entry.at, format!("`{name}` needs at least one column"));
            }
            for column in named {
                if Some(column.text) == key {
                    let what = "is this record's own key: name the column that holds the other record's key";
                    findings.add(column.at, format!("`{name}`: `{}` {what}", column.text));
                } else {
                    columns.push(column.text.to_owned());
                }
            }
        }
        if let Some(both) = from.iter().find(|column| into.contains(column)) {
            let what = "a record was either merged into another, or others into it";
            findings
                .add(table.at, format!("`{both}` is in merged_into and in merged_from: {what}"));
        }
        MergedColumns { into, from }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parse;

    fn read(lines: &str) -> Result<MergedColumns, String> {
        let text = format!(
            "[workspace]\nname='a'\n[fields.city]\ntype='city'\n[sources.crm]\nkey='Id'\n{lines}\nmap={{city='c'}}\n"
        );
        match parse(&text) {
            Ok(settings) => Ok(settings.sources[0].merged.clone()),
            Err(findings) => Err(findings.iter().map(ToString::to_string).collect()),
        }
    }

    #[test]
    fn columns_are_one_or_several() {
        let merged = read("merged_into='Master'\nmerged_from=['a', 'b']").unwrap();
        assert_eq!(
            (merged.into, merged.from),
            (vec!["Master".into()], vec!["a".into(), "b".into()])
        );
        assert!(read("").unwrap().is_empty());
    }

    #[test]
    fn what_cannot_be_meant_is_refused_with_its_line() {
        for (lines, expected) in [
            ("merged_into='Id'", "line 7: `merged_into`: `Id` is this record's own key"),
            ("merged_from=[]", "line 7: `merged_from` needs at least one column"),
            ("merged_from=' '", "line 7: `merged_from` should be a text, not an empty text"),
            ("merged_into=3", "line 7: "),
            ("merged_into='x'\nmerged_from=['x']", "`x` is in merged_into and in merged_from"),
            ("merged_form='x'", "line 7: "),
        ] {
            let found = read(lines).unwrap_err();
            assert!(found.contains(expected), "{lines}: {found}");
        }
    }
}
