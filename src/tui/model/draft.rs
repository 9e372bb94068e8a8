//! What a steward has prepared on a comparison and not yet decided: marks and picked values.

use std::collections::BTreeMap;

use domain::{CustomerId, FieldName};
use door::Pick;
use door::views::Column;

/// A golden value chosen for a merge to come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picked {
    /// What the desk is told.
    pub pick: Pick,
    /// Who wins: a column's number, `*` for typed, `s` for survivorship.
    pub winner: char,
}

/// Marks and picks of one comparison.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Draft {
    /// Each column's letter; `None` means nothing is said about it.
    pub marks: Vec<Option<char>>,
    /// Chosen golden values.
    pub picks: BTreeMap<FieldName, Picked>,
}

impl Draft {
    /// Every column in A but those that contradict the first.
    #[must_use]
    pub fn of(columns: &[Column]) -> Self {
        let marks = columns.iter().map(|column| (!column.contradicts).then_some('A')).collect();
        Self { marks, picks: BTreeMap::new() }
    }

    /// In A, or out.
    pub fn toggle(&mut self, column: usize) {
        if let Some(mark) = self.marks.get_mut(column) {
            *mark = if mark.is_some() { None } else { Some('A') };
        }
    }

    /// The next letter: at most one that no other column has.
    pub fn next_letter(&mut self, column: usize) {
        let others = self.marks.iter().enumerate().filter(|(at, _)| *at != column);
        let last = others.filter_map(|(_, mark)| *mark).max().unwrap_or('A');
        let after = |letter: char| char::from_u32(u32::from(letter) + 1).unwrap_or('A');
        let limit = after(last).min('Z');
        if let Some(mark) = self.marks.get_mut(column) {
            *mark =
                Some(mark.map_or('A', |letter| if letter < limit { after(letter) } else { 'A' }));
        }
    }

    /// The columns of each letter in use, from 0, in the order of the letters.
    #[must_use]
    pub fn letters(&self) -> Vec<Vec<usize>> {
        let mut letters: BTreeMap<char, Vec<usize>> = BTreeMap::new();
        for (column, mark) in self.marks.iter().enumerate() {
            if let Some(letter) = mark {
                letters.entry(*letter).or_default().push(column);
            }
        }
        letters.into_values().collect()
    }

    /// The groups a merge would name; `None` means no letter holds two columns.
    #[must_use]
    pub fn merge_groups(&self, columns: &[Column]) -> Option<Vec<Vec<CustomerId>>> {
        let letters = self.letters();
        letters.iter().any(|letter| letter.len() > 1).then(|| ids(&letters, columns))
    }

    /// The groups a not-a-match would name: the letters, or with only one in use every column by
    /// itself. `None` means there is but one column.
    #[must_use]
    pub fn apart_groups(&self, columns: &[Column]) -> Option<Vec<Vec<CustomerId>>> {
        let groups = self.apart();
        (groups.len() > 1).then(|| ids(&groups, columns))
    }

    fn apart(&self) -> Vec<Vec<usize>> {
        let letters = self.letters();
        if letters.len() > 1 {
            letters
        } else {
            (0..self.marks.len()).map(|column| vec![column]).collect()
        }
    }

    /// What `m` does, in a few words, the columns by their labels; `None` means nothing.
    #[must_use]
    pub fn merge_effect(&self, labels: &[String]) -> Option<String> {
        let numbers = |group: &Vec<usize>| joined(group, labels);
        let letters = self.letters();
        let (merged, alone): (Vec<_>, Vec<_>) = letters.iter().partition(|letter| letter.len() > 1);
        if merged.is_empty() {
            return None;
        }
        let merged_text = merged.iter().map(|group| numbers(group)).collect::<Vec<_>>();
        let mut effect = format!("merge {}", merged_text.join(", merge "));
        if !alone.is_empty() {
            let alone: Vec<String> = alone.iter().map(|group| numbers(group)).collect();
            effect += &format!("; not {}", alone.join(", "));
        } else if merged.len() > 1 {
            effect += "; they differ";
        }
        Some(effect)
    }

    /// What `n` does, in a few words, the columns by their labels; `None` means nothing.
    #[must_use]
    pub fn apart_effect(&self, labels: &[String]) -> Option<String> {
        if self.marks.len() < 2 {
            return None;
        }
        let letters = self.letters();
        if letters.len() < 2 {
            return Some("all differ".to_owned());
        }
        let texts: Vec<String> = letters.iter().map(|group| joined(group, labels)).collect();
        Some(format!("{} differ", texts.join(" / ")))
    }
}

fn joined(columns: &[usize], labels: &[String]) -> String {
    let named = columns.iter().filter_map(|column| labels.get(*column)).map(String::as_str);
    named.collect::<Vec<_>>().join("+")
}

fn ids(groups: &[Vec<usize>], columns: &[Column]) -> Vec<Vec<CustomerId>> {
    let id = |column: &usize| columns.get(*column).map(|column| column.customer);
    groups.iter().map(|group| group.iter().filter_map(id).collect()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn draft(marks: &str) -> Draft {
        let letter = |mark: char| mark.is_ascii_uppercase().then_some(mark);
        Draft { marks: marks.chars().map(letter).collect(), picks: BTreeMap::new() }
    }

    #[test]
    fn effects_are_spelled_from_the_marks() {
        for (marks, merge, apart) in [
            ("AA", Some("merge 1+2"), Some("all differ")),
            ("AA.", Some("merge 1+2"), Some("all differ")),
            ("AAB", Some("merge 1+2; not 3"), Some("1+2 / 3 differ")),
            ("ABAB", Some("merge 1+3, merge 2+4; they differ"), Some("1+3 / 2+4 differ")),
            ("A.", None, Some("all differ")),
            ("AB", None, Some("1 / 2 differ")),
            ("A", None, None),
        ] {
            let draft = draft(marks);
            let labels = ["1", "2", "3", "4"].map(str::to_owned);
            assert_eq!(draft.merge_effect(&labels).as_deref(), merge, "{marks}");
            assert_eq!(draft.apart_effect(&labels).as_deref(), apart, "{marks}");
        }
    }

    #[test]
    fn the_next_letter_is_at_most_one_nobody_has() {
        let mut draft = draft("A.A");
        for expected in ["AAA", "ABA", "AAA"] {
            draft.next_letter(1);
            let marks: String = draft.marks.iter().map(|mark| mark.unwrap_or('.')).collect();
            assert_eq!(marks, expected);
        }
        draft.toggle(0);
        assert_eq!(draft.marks[0], None);
    }
}
