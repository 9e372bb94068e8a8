//! Bodies read lately, up to a number of bytes.

use std::collections::{BTreeMap, HashMap};
use std::ops::RangeInclusive;
use std::sync::Arc;

use super::reader::Decoded;

/// Keeps the bodies used last.
pub(super) struct Cache {
    limit: usize,
    used: usize,
    clock: u64,
    kept: HashMap<u64, Kept>,
    /// By when it was used last.
    order: BTreeMap<u64, u64>,
}

struct Kept {
    body: Arc<Decoded>,
    memory: usize,
    used_at: u64,
}

impl Cache {
    /// A cache of at most `limit` bytes.
    pub(super) fn new(limit: usize) -> Self {
        Self { limit, used: 0, clock: 0, kept: HashMap::new(), order: BTreeMap::new() }
    }

    /// What is kept under `sequence`, which counts as a use.
    pub(super) fn get(&mut self, sequence: u64) -> Option<Arc<Decoded>> {
        self.clock += 1;
        let kept = self.kept.get_mut(&sequence)?;
        self.order.remove(&kept.used_at);
        kept.used_at = self.clock;
        self.order.insert(self.clock, sequence);
        Some(Arc::clone(&kept.body))
    }

    /// Forgets the bodies of these commits.
    pub(super) fn forget(&mut self, sequences: RangeInclusive<u64>) {
        let (order, used) = (&mut self.order, &mut self.used);
        self.kept.retain(|sequence, kept| {
            let stays = !sequences.contains(sequence);
            if !stays {
                order.remove(&kept.used_at);
                *used -= kept.memory;
            }
            stays
        });
    }

    /// Keeps a body and drops those not used for longest; a body larger than the limit is not
    /// kept.
    pub(super) fn put(&mut self, sequence: u64, body: Arc<Decoded>) {
        let memory = body.body.memory();
        if memory > self.limit || self.kept.contains_key(&sequence) {
            return;
        }
        self.clock += 1;
        self.used += memory;
        self.order.insert(self.clock, sequence);
        self.kept.insert(sequence, Kept { body, memory, used_at: self.clock });
        while self.used > self.limit {
            let Some((_, oldest)) = self.order.pop_first() else { break };
            if let Some(dropped) = self.kept.remove(&oldest) {
                self.used -= dropped.memory;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::body::Body;
    use super::*;
    use crate::samples;

    fn body() -> Arc<Decoded> {
        let body = Body::new(&[[0; 16]], &[1000], vec![0; 1000]);
        Arc::new(Decoded { header: samples::header(), body })
    }

    #[test]
    fn what_was_not_used_for_longest_goes_first() {
        let one = body().body.memory();
        let mut cache = Cache::new(3 * one);
        (1..=3).for_each(|sequence| cache.put(sequence, body()));
        assert!(cache.get(1).is_some());
        cache.put(4, body());
        assert!(cache.get(2).is_none());
        assert!([1, 3, 4].iter().all(|sequence| cache.get(*sequence).is_some()));
        assert_eq!(cache.used, 3 * one);
        cache.put(4, body());
        assert_eq!(cache.used, 3 * one);
    }

    #[test]
    fn what_is_to_be_forgotten_is() {
        let one = body().body.memory();
        let mut cache = Cache::new(10 * one);
        (1..=5).for_each(|sequence| cache.put(sequence, body()));
        cache.forget(2..=4);
        assert!((2..=4).all(|sequence| cache.get(sequence).is_none()));
        assert!(cache.get(1).is_some() && cache.get(5).is_some());
        assert_eq!((cache.used, cache.order.len()), (2 * one, 2));
    }

    #[test]
    fn what_is_larger_than_the_cache_is_not_kept() {
        let mut cache = Cache::new(10);
        cache.put(1, body());
        assert!(cache.get(1).is_none());
        assert_eq!(cache.used, 0);
    }
}
