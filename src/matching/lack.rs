//! What keeps the machine from merging a pair by itself: in a sentence, and in few words for lists
//! and for the line under a comparison.

/// Something that a merge by the machine would need, or that speaks against one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Lack {
    /// In few words: `two given names`.
    pub(super) short: String,
    /// In a sentence.
    pub(super) words: String,
}

impl Lack {
    /// One that few words say.
    pub(super) fn plain(words: impl Into<String>) -> Self {
        let words = words.into();
        Self { short: words.clone(), words }
    }

    /// One that needs a sentence.
    pub(super) fn new(short: &str, words: &str) -> Self {
        Self { short: short.to_owned(), words: words.to_owned() }
    }
}
