//! Which derived files there are: their names, and how each is marked and sealed.

use ledger::ports::cipher::FileKind;

/// What is kept in a file.
#[derive(Debug, Clone, Copy)]
pub(in crate::desk) struct Kept {
    pub(super) name: &'static str,
    /// Its name while it is being written.
    pub(super) unfinished: &'static str,
    pub(super) magic: &'static [u8; 8],
    pub(super) kind: FileKind,
}

/// The columns that matching reads.
pub(in crate::desk) const COLUMNS: Kept = Kept {
    name: "columns",
    unfinished: "columns.new",
    magic: b"stwcols\x01",
    kind: FileKind::Columns,
};
/// What the finder searches.
pub(in crate::desk) const FINDER: Kept = Kept {
    name: "finder",
    unfinished: "finder.new",
    magic: b"stwfind\x01",
    kind: FileKind::Finder,
};

/// Whether a file of that name in `.steward` is one of these, whole or half-written.
pub(in crate::desk) fn is_name(name: &str) -> bool {
    [COLUMNS, FINDER].iter().any(|kept| [kept.name, kept.unfinished].contains(&name))
}
