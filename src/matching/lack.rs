//! What keeps the machine from merging a pair by itself: in a sentence, and in few words for lists
//! and for the line under a comparison.

use serde::{Deserialize, Serialize};

/// What a lack is called where more is known of it than its words say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Lacking {
    /// An identifier agrees, and the given names do not agree enough.
    GivenName,
    /// Given names differ of which no list has both.
    KnownNames,
    /// Anything else.
    #[default]
    Other,
}

/// Something that a merge by the machine would need, or that speaks against one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Lack {
    /// In few words: `two given names`.
    pub(super) short: String,
    /// In a sentence.
    pub(super) words: String,
    pub(super) called: Lacking,
}

impl Lack {
    /// One that few words say.
    pub(super) fn plain(words: impl Into<String>) -> Self {
        let words = words.into();
        Self { short: words.clone(), words, called: Lacking::Other }
    }

    /// One that needs a sentence.
    pub(super) fn new(short: &str, words: &str) -> Self {
        Self { short: short.to_owned(), words: words.to_owned(), called: Lacking::Other }
    }

    /// The same by a name of its own.
    pub(super) fn called(self, called: Lacking) -> Self {
        Self { called, ..self }
    }
}
