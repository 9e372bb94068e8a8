//! A file that is to be imported: looked at first, with what is said of it.

use std::path::PathBuf;

use domain::{DateOrder, NumberStyle, SourceName};
use door::FilePart;
use door::operations::Import;
use door::views::ImportOutcome;

/// A file, and how it is to be imported.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ToImport {
    /// Where it is.
    pub path: PathBuf,
    /// The table, where it is a database of several.
    pub table: Option<String>,
    /// What the desk is asked.
    pub request: Import,
}

impl ToImport {
    /// A file of which nothing is said but its source.
    #[must_use]
    pub fn new(path: PathBuf, source: SourceName) -> ToImport {
        let file = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        ToImport { path, table: None, request: Import::of(source, file) }
    }

    /// What the desk is asked: to look only, or to import. What a file lacks is known at its end only,
    /// so that a complete one is looked at as a whole.
    #[must_use]
    pub fn request(&self, look: bool) -> Import {
        let glance = look && !self.request.delivery.complete;
        Import { dry_run: look, glance, ..self.request.clone() }
    }

    /// Names the part of it that holds the rows.
    pub fn name(&mut self, part: FilePart, name: &str) {
        let name = Some(name.to_owned());
        match part {
            FilePart::Table => self.table = name,
            FilePart::Sheet => self.request.written.sheet = name,
            FilePart::Records => self.request.written.records = name,
        }
    }

    /// Says how its dates or numbers are written, whichever `key` names.
    pub fn say(&mut self, key: &str, choice: &str) {
        match key {
            "dates" => self.request.dates = DateOrder::from_name(choice),
            _ => self.request.numbers = NumberStyle::from_example(choice),
        }
    }
}

/// A file that was looked at: is it to be imported?
#[derive(Debug, Clone)]
pub struct Look {
    /// The file.
    pub file: ToImport,
    /// What an import would count, and the first rows as they would be read.
    pub outcome: ImportOutcome,
    /// First line shown.
    pub top: usize,
}
