//! How often what happened.

/// How often what happened: a simulation in which nothing does shows nothing.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Tally {
    pub(super) decided: u32,
    pub(super) stale: u32,
    pub(super) claimed: u32,
    pub(super) ended: u32,
    /// Decisions that were under way when the server ended, and that the ledger has.
    pub(super) unheard: u32,
    pub(super) drafts_back: u32,
    pub(super) erased: u32,
    /// Decisions that somebody else approved.
    pub(super) approved: u32,
    /// What a role refused.
    pub(super) refused: u32,
}

impl Tally {
    pub(super) fn add(&mut self, other: Tally) {
        self.decided += other.decided;
        self.stale += other.stale;
        self.claimed += other.claimed;
        self.ended += other.ended;
        self.unheard += other.unheard;
        self.drafts_back += other.drafts_back;
        self.erased += other.erased;
        self.approved += other.approved;
        self.refused += other.refused;
    }

    /// Whether so many seeds had everything happen.
    pub(super) fn is_rich(self) -> bool {
        let Tally {
            decided,
            stale,
            claimed,
            ended,
            unheard,
            drafts_back,
            erased,
            approved,
            refused,
        } = self;
        let all = [decided, stale, claimed, ended, unheard, drafts_back, erased, approved, refused];
        all.iter().all(|it| *it > 0)
    }
}
