//! Why a place that a person named is no output. What decides it is in `outputs`.

/// What a command may not write to.
#[derive(Debug, thiserror::Error)]
pub enum NotAnOutput {
    /// It is there, and nobody said that it may be replaced.
    #[error("{path} already exists; --force replaces it")]
    Exists {
        /// The file.
        path: String,
    },
    /// It is there and is no regular file.
    #[error("{path} is {kind}, but only a regular file can be written; {way_out}")]
    NotAFile {
        /// The path.
        path: String,
        /// What it is.
        kind: &'static str,
        /// What to do instead.
        way_out: &'static str,
    },
    /// It is there and is no folder.
    #[error("{path} is {kind}, but a folder is needed; name another folder")]
    NotAFolder {
        /// The path.
        path: String,
        /// What it is.
        kind: &'static str,
    },
    /// It belongs to a workspace, its register or its keys.
    #[error("{path} is {what}, which must not be written to; {way_out}")]
    Kept {
        /// The path.
        path: String,
        /// What it is.
        what: &'static str,
        /// What to do instead.
        way_out: &'static str,
    },
    /// Files were to be taken out of a folder that is steward's own, or holds something that is.
    #[error(
        "{path} is {what}, and steward does not import its own files; name a folder that holds only \
         deliveries"
    )]
    NotTaken {
        /// The folder, or what lies in it.
        path: String,
        /// What it is.
        what: &'static str,
    },
    /// It is a backup, and others cannot be restored without it.
    #[error(
        "{path} cannot be replaced: without it {by} cannot be restored; name another file, or remove \
         {path} yourself if it is no longer needed"
    )]
    BuiltOn {
        /// The backup.
        path: String,
        /// Those that build on it.
        by: String,
    },
    /// A key file is to stand beside what it opens.
    #[error(
        "{path} is in the .steward folder of a workspace, where a key would be copied along with what \
         it opens; set STEWARD_KEY_FILE to a file elsewhere"
    )]
    KeyInside {
        /// The key file.
        path: String,
    },
}
