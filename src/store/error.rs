//! What can go wrong in the store. The way out is always a rebuild.

/// A failure of the store. Nothing is lost with it: the ledger holds everything.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// What was read does not make sense.
    #[error("the store cannot be read ({what}); `steward rebuild` makes it anew from the ledger")]
    Damaged {
        /// What was being read.
        what: String,
    },
    /// The database failed: a full disk, a missing permission.
    #[error("the store cannot be used: {reason}")]
    Failed {
        /// As the database says it.
        reason: String,
    },
}

impl StoreError {
    pub(super) fn damaged(what: impl Into<String>) -> Self {
        StoreError::Damaged { what: what.into() }
    }
}
