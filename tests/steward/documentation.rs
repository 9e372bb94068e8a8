//! The documents say what the program does.

use std::path::Path;

/// Set to rewrite the generated parts instead of comparing them.
const WRITE: &str = "STEWARD_WRITE_README";

#[test]
fn the_readme_lists_the_keys_of_the_table_of_keys() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md");
    let readme = std::fs::read_to_string(&path).unwrap();
    let (before, rest) = readme.split_once("<!-- keys -->\n").unwrap();
    let (keys, after) = rest.split_once("<!-- /keys -->").unwrap();
    let table = steward::tui::key_table_markdown();
    if std::env::var_os(WRITE).is_some() {
        let text = format!("{before}<!-- keys -->\n{table}<!-- /keys -->{after}");
        std::fs::write(&path, text).unwrap();
        return;
    }
    assert_eq!(keys, table, "run with {WRITE}=1 to bring README.md up to date");
}
