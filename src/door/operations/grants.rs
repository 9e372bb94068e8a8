//! Merging that people grant: what may be granted and what was.
//!
//! To undo a grant is to undo its decisions ([`GrantView::decisions`](crate::views::GrantView)) like any
//! others.

use serde::{Deserialize, Serialize};

use domain::{BulkId, CensusId, ReasonCode};

/// Decisions of a grant that are taken back in one commit: each made some hundred merges.
pub const GRANT_UNDONE_TOGETHER: usize = 20;

/// All strata: what is offered, what is missing, what was granted.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Grants {}

/// One stratum, with the tasks to answer next and what its grant made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShowGrant {
    /// Its census.
    pub census: CensusId,
}

/// Grants a stratum, a portion of its joins at a time: asked again with the bulk of the answer until
/// nothing is to go. One that was interrupted goes on when it is given again.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct GiveGrant {
    /// Its census.
    pub census: CensusId,
    /// How many joins wait, as the person typed it: refused where it is another number by now.
    pub joins: u64,
    /// A reason from the closed list.
    pub reason: Option<ReasonCode>,
    /// A note.
    pub note: Option<String>,
    /// The bulk that has begun; `None` means it begins here.
    pub bulk: Option<BulkId>,
    /// Only say what would come of it.
    pub rehearse: bool,
}

/// Suspends a grant: no more is merged under it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SuspendGrant {
    /// Its census.
    pub census: CensusId,
    /// A reason from the closed list.
    pub reason: Option<ReasonCode>,
    /// A note.
    pub note: Option<String>,
}
