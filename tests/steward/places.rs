//! How many places a new command, check or data set needs: as many as ARCHITECTURE says. Of keys the tests in
//! `tui/keys/` say it, of screens and comparisons `imports_between_modules`.

use std::collections::BTreeSet;
use std::path::Path;

use crate::imports_between_modules::{SourceFile, names_after, sources};

/// The variants of an enum, as its source has them.
fn variants(files: &[SourceFile], file: &str, name: &str) -> BTreeSet<String> {
    let source = files.iter().find(|it| it.name == file).unwrap_or_else(|| panic!("no {file}"));
    let (_, rest) = source.code.split_once(&format!("pub enum {name} {{")).unwrap();
    let (body, _) = rest.split_once("\n}").unwrap();
    let variant = |line: &str| {
        let line = line.strip_prefix("    ")?;
        let end = line.find(|letter: char| !letter.is_alphanumeric()).unwrap_or(line.len());
        line.starts_with(|first: char| first.is_ascii_uppercase()).then(|| line[..end].to_owned())
    };
    body.lines().filter_map(variant).collect()
}

/// The files that name every variant: those that a new one has to be added to.
fn tables(files: &[SourceFile], name: &str, all: &BTreeSet<String>) -> Vec<String> {
    let names_all = |file: &&SourceFile| all.is_subset(&names_after(name, &file.code));
    let mut tables: Vec<String> =
        files.iter().filter(names_all).map(|file| file.name.clone()).collect();
    tables.sort();
    tables
}

#[test]
fn a_new_command_check_or_data_set_needs_the_places_that_architecture_names() {
    let files = sources();
    let architecture =
        std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("ARCHITECTURE.md"))
            .unwrap();
    for (row, name, defined, expected) in [
        (
            "| a command (a verdict) |",
            "Action",
            "door/request.rs",
            &["desk/commands/mod.rs", "door/needs.rs"][..],
        ),
        (
            "| a rule's check |",
            "Check",
            "settings/rule.rs",
            &[
                "intake/validate/mod.rs",
                "intake/validate/suggestion/mod.rs",
                "settings/check_reader.rs",
                "settings/rule_reader.rs",
                "settings/wording.rs",
            ],
        ),
        ("| an export data set |", "Dataset", "desk/jobs/export.rs", &["desk/jobs/export.rs"]),
    ] {
        let all = variants(&files, defined, name);
        assert!(all.len() > 5, "{name}: {all:?}");
        assert_eq!(tables(&files, name, &all), expected, "{name}");
        let told = architecture.lines().find(|line| line.starts_with(row));
        let told = told.unwrap_or_else(|| panic!("ARCHITECTURE has no row {row}"));
        for place in expected.iter().chain([&defined]) {
            assert!(told.contains(place), "{row} does not name {place}: {told}");
        }
    }
}
