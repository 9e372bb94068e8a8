//! What an audit is told.

use std::fmt;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use domain::{Entrance, Evidence, Sequence, Verdict};

/// What happened in a span of time that an audit asks about. It names customers by their ids and people by
/// those of `[people.*]`; values, notes and filters are not in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditView {
    /// The workspace's id, in hexadecimal.
    pub workspace: String,
    /// Who asked.
    pub asked_by: String,
    /// When.
    pub asked_at: Timestamp,
    /// From when on; none from the beginning.
    pub since: Option<Timestamp>,
    /// Before when; none up to the moment of asking.
    pub until: Option<Timestamp>,
    /// Commits in the span.
    pub commits: u64,
    /// The last commit of the span; zero before the first.
    pub up_to: Sequence,
    /// The chain's hash after it, in hexadecimal, by which `steward verify --expect` finds it again.
    pub chain: String,
    /// What happened, in the order of its sections and of time.
    pub entries: Vec<AuditEntry>,
    /// What was decided, by person and verdict.
    pub decided: Vec<DecidedBy>,
    /// What has not come to its end, a sentence each.
    pub unfinished: Vec<String>,
}

/// One thing that happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditEntry {
    /// What it is about.
    pub about: AuditSection,
    /// The commit that recorded it; none of what is known from outside the ledger.
    pub sequence: Option<Sequence>,
    /// When.
    pub at: Timestamp,
    /// Who.
    pub by: String,
    /// How they came, as far as that was recorded.
    pub came: Option<Evidence>,
    /// What, in a sentence.
    pub what: String,
}

/// How often somebody gave a verdict.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DecidedBy {
    /// Who.
    pub by: String,
    /// The verdict.
    pub verdict: Verdict,
    /// Decisions in the span.
    pub decisions: u64,
    /// How many of them came over SSH.
    pub over_ssh: u64,
}

/// What an entry is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AuditSection {
    /// People, roles, approvals, and what is masked.
    People,
    /// All other rules.
    Rules,
    /// What people log in with.
    Access,
    /// What somebody's role refused them.
    Refusal,
    /// Sensitive values that somebody saw.
    Unmasking,
    /// Data that left the workspace.
    Export,
    /// Customers that are kept from being erased, and no longer.
    Hold,
    /// Requests of persons, and what was done for them.
    Request,
    /// Decisions that did not wait for the approval they need, and what others said of them.
    Approval,
    /// Erasures.
    Erasure,
    /// Data that came.
    Import,
    /// Matching by the machine.
    Match,
    /// Backups.
    Backup,
    /// Verifications of the ledger.
    Verification,
}

impl AuditSection {
    /// All, in the order in which they are told.
    pub const ALL: [AuditSection; 14] = [
        AuditSection::People,
        AuditSection::Rules,
        AuditSection::Access,
        AuditSection::Refusal,
        AuditSection::Unmasking,
        AuditSection::Export,
        AuditSection::Hold,
        AuditSection::Request,
        AuditSection::Approval,
        AuditSection::Erasure,
        AuditSection::Import,
        AuditSection::Match,
        AuditSection::Backup,
        AuditSection::Verification,
    ];

    /// Its heading.
    #[must_use]
    pub fn heading(self) -> &'static str {
        match self {
            AuditSection::People => "People, roles and masking",
            AuditSection::Rules => "Rules and settings",
            AuditSection::Access => "Second factors and lock-outs",
            AuditSection::Refusal => "Refused by role",
            AuditSection::Unmasking => "Values shown unmasked",
            AuditSection::Export => "Exports",
            AuditSection::Hold => "Holds",
            AuditSection::Request => "Requests of persons",
            AuditSection::Approval => "Approvals and broken glass",
            AuditSection::Erasure => "Erasures",
            AuditSection::Import => "Imports",
            AuditSection::Match => "Matching",
            AuditSection::Backup => "Backups",
            AuditSection::Verification => "Verifications",
        }
    }

    /// What is said where nothing of it happened.
    #[must_use]
    pub fn nothing(self) -> &'static str {
        match self {
            AuditSection::People | AuditSection::Rules => "no changes",
            AuditSection::Access => "nothing happened",
            AuditSection::Refusal => "nobody was refused anything",
            AuditSection::Unmasking => "nothing was unmasked",
            AuditSection::Export => "nothing was exported",
            AuditSection::Hold => "none was placed or lifted",
            AuditSection::Request => "nobody asked for anything",
            AuditSection::Approval => "nothing was approved or rejected, and no glass was broken",
            AuditSection::Erasure => "nobody was erased",
            AuditSection::Import => "nothing was imported",
            AuditSection::Match => "no match was run",
            AuditSection::Backup => "no backup is known on this machine",
            AuditSection::Verification => "no verification is known on this machine",
        }
    }
}

impl AuditView {
    /// The entries of a section, in the order of time.
    pub fn of(&self, about: AuditSection) -> impl Iterator<Item = &AuditEntry> {
        self.entries.iter().filter(move |entry| entry.about == about)
    }

    /// Takes up how often somebody gave a verdict.
    pub fn count(&mut self, by: &str, verdict: Verdict, came: Option<&Evidence>) {
        let over_ssh = u64::from(came.is_some_and(|it| it.door == Entrance::Ssh));
        let found = self.decided.iter_mut().find(|it| it.by == by && it.verdict == verdict);
        match found {
            Some(found) => {
                found.decisions += 1;
                found.over_ssh += over_ssh;
            }
            None => {
                let by = by.to_owned();
                self.decided.push(DecidedBy { by, verdict, decisions: 1, over_ssh });
            }
        }
    }
}

impl fmt::Display for AuditSection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.heading())
    }
}
