//! Whether what is gone was erased with right, and what was erased is gone.

use std::collections::{BTreeMap, BTreeSet};

use domain::Sequence;

use super::body::{Body, Content};
use super::damage::{Damage, DamageKind};
use super::erasures::{Place, Said, said};
use super::walk::Found;

/// What a whole reading of a ledger shows of erasing.
#[derive(Debug, Default)]
pub(super) struct Erasing {
    /// The commits whose body could be read.
    read: BTreeSet<Sequence>,
    /// Entries without data: their leaf, and the segment and offset of their commit.
    gone: BTreeMap<Place, ([u8; 32], u32, u64)>,
    /// What erasures list.
    listed: Vec<Listed>,
    begun: BTreeSet<Sequence>,
    finished: BTreeSet<Sequence>,
}

#[derive(Debug)]
struct Listed {
    place: Place,
    leaf: [u8; 32],
    by: Sequence,
    /// Segment and offset of the commit that lists it.
    at: (u32, u64),
}

impl Erasing {
    /// Looks at one commit; they come in their order.
    pub(super) fn take_in(&mut self, found: &Found<'_>, body: &Body, damage: &mut Vec<Damage>) {
        let sequence = found.header.logical.sequence;
        let (segment, offset) = (found.segment, found.offset);
        self.read.insert(sequence);
        if let Some(Content::Redacted(_)) = body.entry(0) {
            damage.push(Damage { segment, offset, what: DamageKind::ActorErased(sequence) });
        }
        for index in 0..found.header.logical.events {
            if let Some(Content::Redacted(leaf)) = body.entry(index as usize + 1) {
                self.gone.insert((sequence, index), (*leaf, segment, offset));
            }
        }
        // An entry that cannot be read is told as such elsewhere.
        for (_, said) in said(body).unwrap_or_default() {
            match said {
                Said::Begun => {
                    self.begun.insert(sequence);
                }
                Said::Listed { place, leaf } => {
                    self.listed.push(Listed { place, leaf, by: sequence, at: (segment, offset) });
                }
                Said::Finished(of) => {
                    self.finished.insert(of);
                }
            }
        }
    }

    /// The erasures that no commit says are done.
    pub(super) fn unfinished(&self) -> Vec<Sequence> {
        self.begun.difference(&self.finished).copied().collect()
    }

    /// What is gone and in no list, and what a finished erasure lists and still stands.
    pub(super) fn judge(&self) -> Vec<Damage> {
        let right: BTreeSet<(Place, [u8; 32])> =
            self.listed.iter().map(|listed| (listed.place, listed.leaf)).collect();
        let mut damage = Vec::new();
        for (place, (leaf, segment, offset)) in &self.gone {
            if !right.contains(&(*place, *leaf)) {
                let what = DamageKind::ErasedUnlisted { sequence: place.0, index: place.1 };
                damage.push(Damage { segment: *segment, offset: *offset, what });
            }
        }
        for Listed { place, by, at: (segment, offset), .. } in &self.listed {
            let stands = self.read.contains(&place.0) && !self.gone.contains_key(place);
            if stands && self.finished.contains(by) {
                let (sequence, index) = *place;
                let what = DamageKind::ErasedStands { sequence, index, by: *by };
                damage.push(Damage { segment: *segment, offset: *offset, what });
            }
        }
        damage
    }
}
