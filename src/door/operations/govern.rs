//! Changes of the settings: an edit of `steward.toml` waits until somebody adopts it.

use serde::{Deserialize, Serialize};

use domain::{ProposalId, Sequence};

/// Which settings are meant.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SettingsOf {
    /// Those of `steward.toml` in the workspace's folder.
    #[default]
    File,
    /// Those of this text.
    Text(String),
    /// Those of a proposal.
    Proposal(ProposalId),
}

/// Settings that were in force, are, or may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SettingsAt {
    /// Those in force.
    #[default]
    InForce,
    /// Those of a proposal.
    Proposal(ProposalId),
    /// Those that a commit adopted.
    Commit(Sequence),
}

/// Whether an edit of `steward.toml` waits.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct AskEdit {}

/// What the settings would change: computed as adopting them would, with nothing written.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct DiffSettings {
    /// Which settings.
    pub of: SettingsOf,
    /// Examples of golden values that change, by field.
    pub examples: usize,
}

/// Makes `steward.toml`, or a proposal, take effect.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct AdoptSettings {
    /// The proposal; `None` means the file as it is.
    #[serde(default)]
    pub proposal: Option<ProposalId>,
    /// The fingerprint that the text must have, or its beginning.
    pub expect: Option<String>,
    /// Why.
    pub note: Option<String>,
}

/// Proposes settings: nothing changes until somebody adopts them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProposeSettings {
    /// The whole text.
    pub text: String,
    /// Why.
    pub note: Option<String>,
}

/// Withdraws a proposal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WithdrawProposal {
    /// Which one.
    pub proposal: ProposalId,
    /// Why.
    pub note: Option<String>,
}

/// Every proposal, latest first.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct SettingsProposals {}

/// The text of settings.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct ReadSettings {
    /// Which ones.
    pub at: SettingsAt,
}

/// Who adopted what and when, latest first.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct SettingsChanges {}
