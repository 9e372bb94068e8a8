//! Rows that stand between the rows of a table and are no customer: the heading of a group, a row of
//! units, a trailer, a row that somebody commented out.
//!
//! Where most keys of a file are numbers or hold one, such a row is known by a key that does not, beside
//! which hardly anything stands, or by a sign before its key, or a word for totals in it. Where most are
//! e-mail addresses, likewise by a key that is none.

use super::edges::begins_as_total;
use super::reader::Row;

/// Signs that put a row out of use, or begin a row of units, and begin no key.
const SIGNS: [char; 7] = ['#', '(', '[', '<', '{', ';', '%'];
/// Of a table with fewer columns nobody can say that a row fills hardly any of them.
const LEAST_COLUMNS: usize = 4;

/// What the keys of a file are like.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct KeyForms {
    keys: u64,
    /// Those that begin with a letter or a digit and hold a digit.
    numbered: u64,
    /// Those that hold an `@`.
    addressed: u64,
}

impl KeyForms {
    /// Notes a key of the file.
    pub fn note(&mut self, key: &str) {
        // The more groups a file has, the more totals: they say nothing about keys.
        if !begins_as_total(key) {
            self.keys += 1;
            self.numbered += u64::from(is_numbered(key));
            self.addressed += u64::from(key.contains('@'));
        }
    }

    /// Whether a row of the file is no customer.
    pub fn is_no_customer(&self, row: &Row) -> bool {
        if self.addressed * 3 > self.keys * 2 {
            // A word may be somebody's key where others are addresses; words and numbers are none's.
            let is_word = row.key.chars().all(char::is_alphabetic) && !begins_as_total(&row.key);
            return !(row.key.contains('@') || is_word && filled(row) > 1);
        }
        // Nearly all rows of nearly all files.
        if is_numbered(&row.key) || self.numbered * 2 < self.keys {
            return false;
        }
        if row.key.starts_with(SIGNS) {
            return true;
        }
        if self.numbered * 2 == self.keys {
            return false;
        }
        // One key does not tell what keys are like.
        if self.numbered > 1 && begins_as_total(&row.key) {
            return true;
        }
        // A word may be somebody's key where others are numbers; words are none's.
        let is_word = !row.key.contains(char::is_whitespace);
        if row.key.contains(char::is_numeric) || is_word && self.numbered * 3 < self.keys * 2 {
            return false;
        }
        let filled = filled(row);
        filled == 0 || filled == 1 && row.columns.count() >= LEAST_COLUMNS
    }
}

/// What a row holds beside its key.
fn filled(row: &Row) -> usize {
    row.fields.len() + row.unmapped.len() + usize::from(row.updated.is_some())
}

fn is_numbered(key: &str) -> bool {
    key.starts_with(char::is_alphanumeric) && key.contains(char::is_numeric)
}

#[cfg(test)]
mod tests {
    use crate::acquire::Delivered;
    use crate::acquire::reader::tests::{settled, source};

    /// The keys of rows that become records, and those that are set aside with `!`.
    fn keys(text: &str) -> Vec<String> {
        let map: &[(&str, &[&str])] =
            &[("name", &["name"]), ("city", &["city"]), ("email", &["email"])];
        let reader = settled(text, "a.csv", &source("id", None, map));
        let key = |delivered| match delivered {
            Delivered::Row(row) => Some(row.key.to_string()),
            // One cell without a delimiter is no row of the table anyway.
            Delivered::Quarantined(row) => {
                let kind = row.reason.kind();
                assert!(kind == "a key unlike all others" || !row.text.contains(','), "{kind}");
                Some(format!("{}!", row.key.unwrap_or_default()))
            }
            Delivered::Skipped(_) => None,
        };
        reader.filter_map(|delivered| key(delivered.unwrap())).collect()
    }

    #[test]
    fn what_stands_between_the_rows_of_a_table_is_no_customer() {
        let rows = "1,Ann,York,a@x.org\n2,Bo,Leeds,b@x.org\n3,Cy,Hull,c@x.org\n";
        for between in [
            "Region North,,,",
            "Region North",
            "Gebiet Süd,,,",
            "TRL,000003,,",
            "TRL,000003",
            "NORTH,,,",
            "(text),(text),(text),(e-mail)",
            "[key],[name],[city],[e-mail]",
            "#1,Ann,York,a@x.org",
            "# 4,Di,Bath,d@x.org",
        ] {
            let text = format!("id,name,city,email\n{rows}{between}\n4,Di,Bath,d@x.org\n");
            let key = between.split(',').next().unwrap();
            assert_eq!(keys(&text), ["1", "2", "3", &format!("{key}!"), "4"], "{between}");
        }
        for row in [
            "ADMIN,Di,Bath,d@x.org",
            "House account,Di,Bath,",
            "9,,,",
            "A-9,,,",
            "9,Di,,",
            "North 9,,,",
        ] {
            let text = format!("id,name,city,email\n{rows}{row}\n5,Ed,Hull,e@x.org\n");
            let key = row.split(',').next().unwrap();
            assert_eq!(keys(&text), ["1", "2", "3", key, "5"], "{row}");
        }
        assert_eq!(keys("id,name,city,email\n1,Ann,York,\n#2,Bo,Leeds,\n"), ["1", "#2!"]);
        let trailer = format!("id,name,city,email\n{rows}TRL,000003\n");
        assert_eq!(keys(&trailer), ["1", "2", "3", "TRL!"]);
    }

    #[test]
    fn totals_are_no_customers_in_whatever_words() {
        let rows: String = (1..=40).map(|at| format!("{at},Ann Hill{at},Leeds\n")).collect();
        for last in [
            "Total général,40,",
            "Totals,40 customers,",
            "Total clientes,40,",
            "Subtotal N,10,",
            "Grand total of customers,40,x",
            "Summe aller Kunden,40,x",
            "Gesamt Nord,40,",
            "Totale clienti,40,",
            "Totaal klanten,40,",
            "Итого клиентов,40,",
            "{\"ImportId\":\"QID2\"},x,y",
        ] {
            let text = format!("id,name,city\n{rows}{last}\n41,Di Lee,Bath\n");
            let read = keys(&text);
            let kept: Vec<&String> = read.iter().filter(|key| !key.ends_with('!')).collect();
            assert_eq!(kept.len(), 41, "{last}: {read:?}");
        }
        // Among few rows those of the groups are many.
        let groups = "id,name,city\nRegion North,,\n1,Ann,Leeds\n2,Bo,York\nSubtotal N,2,\n\
            Region South,,\n3,Cy,Hull\nSubtotal S,1,\nGrand total,3,\n";
        assert_eq!(
            keys(groups),
            [
                "Region North!",
                "1",
                "2",
                "Subtotal N!",
                "Region South!",
                "3",
                "Subtotal S!",
                "Grand total!"
            ]
        );
    }

    #[test]
    fn where_keys_are_addresses_what_is_none_is_no_customer() {
        let rows: String = (1..=5).map(|at| format!("a{at}@x.org,Ann Hill{at},Leeds\n")).collect();
        for (last, is_aside) in [
            ("3,Grand total,", true),
            ("3 customers,Total,", true),
            ("cat at x.org,Cat Ives,York", true),
            ("{\"ImportId\":\"QID2\"},x,y", true),
            ("Total,5,", true),
            ("North,,", true),
            ("ann,Ann Hill,York", false),
            ("cat@x.org,Cat Ives,York", false),
        ] {
            let text = format!("id,name,city\n{rows}{last}\nb@x.org,Di Lee,Bath\n");
            let kept = keys(&text).iter().filter(|key| !key.ends_with('!')).count();
            assert_eq!(kept, if is_aside { 6 } else { 7 }, "{last}");
        }
    }

    #[test]
    fn where_keys_are_words_a_word_is_a_key() {
        let text =
            "id,name,city,email\nann,Ann,York,\nbo,,,\nRegion North,,,\n#cy,Cy,Hull,\n7,Di,,\n";
        assert_eq!(keys(text), ["ann", "bo", "Region North", "#cy", "7"]);
        // Every key has the sign.
        let text = "id,name,city,email\n#1,Ann,York,\n#2,Bo,Leeds,\n#3,,,\n";
        assert_eq!(keys(text), ["#1", "#2", "#3"]);
    }
}
