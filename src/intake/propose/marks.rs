//! What the source has deleted and merged: columns whose names say so, as lines of `steward.toml`.

use std::collections::BTreeMap;

use super::column::Column;
use super::file::FileLook;
use super::meaning::Role;
use super::text::line;
use crate::headings::{Meaning, Surety};
use settings::quoted;

/// Lines about deletions and merges.
#[derive(Debug, Default)]
pub(super) struct Marks {
    /// The lines; one that is not sure is a comment.
    pub lines: Vec<String>,
    /// The places of the columns they name.
    pub columns: Vec<usize>,
    /// What somebody should look at.
    pub remarks: Vec<String>,
}

/// What columns say about deletions and merges; the key of a record says nothing about others.
pub(super) fn of(
    look: &FileLook,
    by_meaning: &BTreeMap<Meaning, Vec<&Role>>,
    key: Option<&str>,
) -> Marks {
    let named = |meaning| {
        let roles = by_meaning.get(&meaning).into_iter().flatten();
        let is_sure = |role: &&&Role| role.surety > Some(Surety::Part) && !role.is_other;
        let columns = roles.filter(is_sure).map(|role| (role.column, &look.columns[role.column]));
        columns.filter(|(_, column)| key != Some(column.name.as_str())).collect::<Vec<_>>()
    };
    let mut marks = Marks::default();
    let deleted = named(Meaning::Deleted);
    if let Some((place, column)) = deleted.iter().find(|(_, column)| says_yes_or_when(column)) {
        let code = format!("deleted = {}", quoted(&column.name));
        let why = "by its name: a yes or a time there means that its source has deleted the record";
        marks.add(&code, why, *place);
    } else if let Some((place, column)) = deleted.first() {
        let why = "its values are neither yes or no nor times";
        let code = format!("# deleted = {{ column = {}, is = [\"...\"] }}", quoted(&column.name));
        marks.add(&code, &format!("not sure: {why}; list those that mean deleted"), *place);
        marks.remarks.push(format!(
            "`{}` is named like a mark of deletion, but {why}: list those that mean deleted, see `# deleted`",
            column.name
        ));
    }
    for (name, meaning, what) in [
        ("merged_into", Meaning::MergedInto, "the key of the record that this one was merged into"),
        (
            "merged_from",
            Meaning::MergedFrom,
            "the keys of the records that were merged into this one",
        ),
    ] {
        let mut columns = named(meaning);
        columns.sort_by_key(|(place, _)| *place);
        let quoted: Vec<String> = columns.iter().map(|(_, it)| quoted(&it.name)).collect();
        let value = match quoted.as_slice() {
            [] => continue,
            [only] => only.clone(),
            several => format!("[{}]", several.join(", ")),
        };
        let why = format!("by its name: {what}; each pair is asked about");
        marks.add(&format!("{name} = {value}"), &why, columns[0].0);
        marks.columns.extend(columns.iter().skip(1).map(|(place, _)| *place));
    }
    marks
}

impl Marks {
    fn add(&mut self, code: &str, why: &str, place: usize) {
        self.lines.push(line(code, why).trim_end().to_owned());
        self.columns.push(place);
    }
}

/// Whether a column holds yes and no, or times, as far as anything stands in it.
fn says_yes_or_when(column: &Column) -> bool {
    let looks = &column.looks;
    column.looked == looks.absent || column.share(looks.consent.max(looks.date)) >= 90
}

#[cfg(test)]
mod tests {
    use super::super::tests::proposed;

    /// The lines that a header proposes, without their comments, and whether something is not sure.
    fn lines(header: &str, rows: &str) -> (Vec<String>, bool) {
        let (proposal, _, text) = proposed(&[("a.csv", &format!("{header}\n{rows}"))]);
        let lines = text.lines().filter(|line| {
            let line = line.trim_start_matches("# ");
            ["deleted =", "merged_into =", "merged_from ="].iter().any(|it| line.starts_with(it))
        });
        let code = |line: &str| line.split(" # ").next().unwrap_or_default().trim_end().to_owned();
        (lines.map(code).collect(), !proposal.sources[0].remarks.is_empty())
    }

    #[test]
    fn columns_that_say_what_was_deleted_and_merged_are_proposed_for_that() {
        for (header, rows, expected) in [
            ("id,name,is_deleted", "1,Ann Lee,false\n2,Bo Ray,true\n", "deleted = \"is_deleted\""),
            ("id,name,IsDeleted", "1,Ann Lee,0\n2,Bo Ray,1\n", "deleted = \"IsDeleted\""),
            ("id,name,deletedAt", "1,Ann Lee,\n2,Bo Ray,2026-01-02\n", "deleted = \"deletedAt\""),
            ("id,name,Deleted on", "1,Ann Lee,\n2,Bo Ray,\n", "deleted = \"Deleted on\""),
            ("id,name,gelöscht", "1,Ann Lee,ja\n2,Bo Ray,nein\n", "deleted = \"gelöscht\""),
            (
                "id,name,Löschkennzeichen",
                "1,Ann Lee,\n2,Bo Ray,1\n",
                "deleted = \"Löschkennzeichen\"",
            ),
            ("id,nom,supprimé", "1,Ann Lee,oui\n2,Bo Ray,non\n", "deleted = \"supprimé\""),
            ("id,name,merged_into", "1,Ann Lee,\n2,Bo Ray,1\n", "merged_into = \"merged_into\""),
            ("id,name,Duplicate of", "1,Ann Lee,\n2,Bo Ray,1\n", "merged_into = \"Duplicate of\""),
            (
                "id,name,MasterRecordId",
                "1,Ann Lee,\n2,Bo Ray,1\n",
                "merged_into = \"MasterRecordId\"",
            ),
            ("id,name,Dublette von", "1,Ann Lee,\n2,Bo Ray,1\n", "merged_into = \"Dublette von\""),
            ("id,name,Merged IDs", "1,Ann Lee,\n2,Bo Ray,1;3\n", "merged_from = \"Merged IDs\""),
            (
                "id,name,merged_from,merged record ids",
                "1,Ann Lee,,\n2,Bo Ray,1,3\n",
                "merged_from = [\"merged_from\", \"merged record ids\"]",
            ),
        ] {
            assert_eq!(lines(header, rows), (vec![expected.to_owned()], false), "{header}");
        }
        assert_eq!(lines("id,name,undeleted,merger", "1,Ann Lee,1,x\n").0, Vec::<String>::new());
    }

    #[test]
    fn a_mark_whose_values_say_neither_yes_nor_when_is_a_comment() {
        let (told, is_unsure) = lines("id,name,deleted", "1,Ann Lee,live\n2,Bo Ray,gone\n");
        assert_eq!(told, ["# deleted = { column = \"deleted\", is = [\"...\"] }"]);
        assert!(is_unsure);
    }
}
