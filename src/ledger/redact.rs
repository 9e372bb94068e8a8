//! Taking what was erased off the disk: segments that hold it are rewritten without it.

use std::collections::BTreeMap;

use domain::Sequence;

use super::append::Ledger;
use super::body::Content;
use super::error::LedgerError;
use super::reader::LedgerReader;

/// By segment, the entries to take out of each commit.
type ToRedact = BTreeMap<u32, BTreeMap<Sequence, Vec<usize>>>;

impl Ledger {
    /// The commits of erasures whose bytes may not be gone yet: no commit says that they are done.
    #[must_use]
    pub fn unfinished_erasures(&self) -> Vec<Sequence> {
        self.shared().erasures().unfinished()
    }

    /// Rewrites every segment that holds what an unfinished erasure lists; gives how many. What
    /// is gone already is not looked for again, so that an interrupted call is simply repeated.
    ///
    /// # Errors
    /// When the disk refuses, or a commit is damaged: some segments may be done by then.
    pub fn redact(&mut self) -> Result<usize, LedgerError> {
        let listed = self.shared().erasures().to_redact();
        let mut by_segment = ToRedact::new();
        for (sequence, index) in listed {
            let entry = index as usize + 1;
            let decoded = self.shared().decoded(sequence)?;
            if let Some(Content::Live(_)) = decoded.body.entry(entry) {
                let segment = self.shared().segment_of(sequence)?;
                let commits = by_segment.entry(segment).or_default();
                commits.entry(sequence).or_default().push(entry);
            }
        }
        if by_segment.contains_key(&self.last_segment()) {
            self.begin_segment()?;
        }
        let rewritten = by_segment.len();
        for (segment, commits) in by_segment {
            self.rewrite_segment(segment, &mut |header, body| {
                Ok(match commits.get(&header.logical.sequence) {
                    Some(entries) => body.redact(entries),
                    None => body,
                })
            })?;
        }
        Ok(rewritten)
    }
}

impl LedgerReader {
    /// The hash that stands for an event in its commit, erased or not; 32 bytes.
    ///
    /// # Errors
    /// When there is no such event, or its commit is damaged or cannot be read.
    pub fn leaf(&self, sequence: Sequence, index: u32) -> Result<[u8; 32], LedgerError> {
        let leaf = self.shared().decoded(sequence)?.body.leaf(index as usize + 1);
        leaf.ok_or(LedgerError::NoSuchEvent { sequence, index })
    }

    /// Where stands what is read in the place of an event, if that was erased: commit and index.
    #[must_use]
    pub fn erased_by(&self, sequence: Sequence, index: u32) -> Option<(Sequence, u32)> {
        self.shared().erasures().by((sequence, index))
    }

    /// The segment a commit stands in.
    ///
    /// # Errors
    /// When there is no such commit.
    pub fn segment_of(&self, sequence: Sequence) -> Result<u32, LedgerError> {
        self.shared().segment_of(sequence)
    }
}
