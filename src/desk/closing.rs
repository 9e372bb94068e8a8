//! What a workspace's closing leaves for whoever comes next: the register's note of how far the ledger
//! went, and the marks of what of it was checked. It is best effort: whoever comes next reads the ledger itself.

use jiff::{SignedDuration, Timestamp};

use super::core::Desk;

/// While a workspace is open its witness is told no more often than this.
const WITNESSED_EVERY: SignedDuration = SignedDuration::from_secs(60);

impl Desk {
    /// Tells the register how far the ledger went, where that is due.
    pub(super) fn tell_witness_in_time(&mut self) {
        let now = self.now();
        if now.duration_since(self.witnessed).abs() >= WITNESSED_EVERY {
            self.tell_witness(now);
        }
    }

    /// Says whether the register knows it now.
    pub(super) fn tell_witness(&mut self, now: Timestamp) -> bool {
        self.witnessed = now;
        let (Some(register), Some(head)) = (self.register(), self.ledger.head()) else {
            return false;
        };
        let known = register.witness(&self.workspace);
        if known.is_ok_and(|known| known.is_some_and(|(seen, _)| seen.chain == head.chain)) {
            return true;
        }
        let told = register.set_witness(&self.workspace, head, now);
        if let Err(error) = &told {
            tracing::warn!(%error, "the register could not be updated with how far the ledger goes");
        }
        told.is_ok()
    }
}

impl Drop for Desk {
    fn drop(&mut self) {
        if !self.is_reading_only() && !self.standing.must_reopen {
            self.close_in_place();
        }
    }
}
