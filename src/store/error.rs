//! What can go wrong in the store. The way out is always a rebuild.

/// A failure of the store. Nothing is lost with it: the ledger holds everything.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// What was read does not make sense.
    #[error("the view is damaged ({what}); `steward rebuild` rebuilds it from the ledger")]
    Damaged {
        /// What was being read.
        what: String,
    },
    /// The database failed: a full disk, a missing permission.
    #[error("the view cannot be used: {reason}")]
    Failed {
        /// As the database says it.
        reason: String,
    },
    /// It does not show all that the ledger holds: nothing is decided on it.
    #[error("the view is behind the ledger: {reason}; decisions are safe; open it again")]
    Behind {
        /// Why it could not be brought up.
        reason: String,
    },
}

impl StoreError {
    /// Whether the disk had no room, which may pass. The database tells it in the system's words alone.
    #[must_use]
    pub fn is_of_full_disk(&self) -> bool {
        let StoreError::Failed { reason } = self else { return false };
        ["(os error 28)", "(os error 122)"].iter().any(|code| reason.contains(code))
    }

    pub(super) fn damaged(what: impl Into<String>) -> Self {
        StoreError::Damaged { what: what.into() }
    }
}
