//! Which derived files there are: their names, and how each is marked and sealed.

use ledger::ports::cipher::FileKind;

/// What is kept in a file.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Kept {
    pub(super) name: &'static str,
    /// Its name while it is being written.
    pub(super) unfinished: &'static str,
    pub(super) magic: &'static [u8; 8],
    pub(super) kind: FileKind,
}

/// The columns that matching reads.
pub(crate) const COLUMNS: Kept = Kept {
    name: "columns",
    unfinished: "columns.new",
    magic: b"stwcols\x01",
    kind: FileKind::Columns,
};
/// What the finder searches.
pub(crate) const FINDER: Kept = Kept {
    name: "finder",
    unfinished: "finder.new",
    magic: b"stwfind\x01",
    kind: FileKind::Finder,
};
/// The rows of activities, by who was named.
pub(crate) const ACTIVITIES: Kept = Kept {
    name: "activities",
    unfinished: "activities.new",
    magic: b"stwacts\x01",
    kind: FileKind::Activities,
};
/// Which records held which handles.
pub(crate) const HANDLES: Kept = Kept {
    name: "handles",
    unfinished: "handles.new",
    magic: b"stwhand\x01",
    kind: FileKind::Handles,
};

/// All of them.
pub(super) const ALL: [Kept; 4] = [COLUMNS, FINDER, ACTIVITIES, HANDLES];

/// Whether a file of that name in `.steward` is one of these, whole or half-written.
pub(crate) fn is_name(name: &str) -> bool {
    ALL.iter().any(|kept| [kept.name, kept.unfinished].contains(&name))
}
