//! Acknowledging settings.

use serde::{Deserialize, Serialize};

use domain::Sequence;

/// What the settings changed since whoever asks acknowledged them.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct OwnChanges {
    /// Also what they have acknowledged, or adopted themselves.
    pub all: bool,
}

/// Records that whoever asks has read what the settings in force changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Acknowledge {
    /// The commit that adopted them.
    pub adopted: Sequence,
}
