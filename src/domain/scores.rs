//! The groups a matching run found, counted by score: what other thresholds would have made of
//! them.

use serde::{Deserialize, Serialize};

/// Lower edges of the buckets groups are counted in; the thresholds in force join them.
const EDGES: [f64; 20] = [
    0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9, 0.93, 0.95, 0.97,
    0.98, 0.99, 0.999,
];

/// Groups of a matching run by their scores.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct GroupScores {
    /// The auto threshold of the run.
    pub auto: f64,
    /// The review threshold of the run.
    pub review: f64,
    /// The lower edge of each bucket, ascending; a bucket ends where the next begins.
    pub edges: Vec<f64>,
    /// Groups the machine merged, by the bucket of the weakest link the merge rests on.
    pub merged: Vec<u32>,
    /// Groups put before a person: the bucket of the best link, that of the weakest pair, how many.
    pub proposed: Vec<(u8, u8, u32)>,
    /// Joins of the groups in each bucket of `merged` that are expected to be wrong, in millionths;
    /// empty in ledgers from before they were counted.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub wrong: Vec<u64>,
    /// The same of each entry of `proposed`, if its customers were made one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub wrong_if_merged: Vec<u64>,
}

/// What a pair of thresholds would have made of the groups.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ThresholdEffect {
    /// Groups merged by the machine.
    pub merges: u64,
    /// Groups put before a person.
    pub tasks: u64,
    /// Groups left alone.
    pub left: u64,
}

/// What a run would do at one threshold. Merges that a rule or a decision forbids are counted
/// here; the run leaves them to a person.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Rung {
    /// The match probability.
    pub threshold: f64,
    /// Customers merged away by the machine if this were the auto threshold, the review threshold
    /// staying where it is (or coming down to it).
    pub merged: u64,
    /// Groups for a person if this were the review threshold, the auto threshold staying where it
    /// is (or coming up to it).
    pub tasks: u64,
    /// How many of `merged` are expected to be wrong: the sum of 1 less the match probability of the
    /// link that each join rests on. As true as the probabilities are.
    #[serde(default)]
    pub wrong: f64,
}

impl GroupScores {
    /// No groups yet, of a run with these thresholds.
    #[must_use]
    pub fn under(auto: f64, review: f64) -> GroupScores {
        let mut edges = EDGES.to_vec();
        edges.extend([auto, review]);
        edges.sort_by(f64::total_cmp);
        edges.dedup();
        let merged = vec![0; edges.len()];
        let wrong = vec![0; edges.len()];
        let (proposed, wrong_if_merged) = (Vec::new(), Vec::new());
        GroupScores { auto, review, edges, merged, proposed, wrong, wrong_if_merged }
    }

    /// The bucket of a score.
    #[must_use]
    pub fn bucket(&self, score: f64) -> usize {
        self.edges.partition_point(|edge| *edge <= score).saturating_sub(1)
    }

    /// Counts a group that was merged, so many of whose joins are expected to be wrong.
    pub fn count_merged(&mut self, weakest_link: f64, wrong: f64) {
        let bucket = self.bucket(weakest_link);
        self.merged[bucket] += 1;
        self.wrong[bucket] += millionths(wrong);
    }

    /// Counts a group for a person, so many of whose joins would be expected to be wrong.
    pub fn count_proposed(&mut self, best: f64, weakest: f64, wrong: f64) {
        let narrow = |bucket: usize| u8::try_from(bucket).unwrap_or(u8::MAX);
        let (best, weakest) = (narrow(self.bucket(best)), narrow(self.bucket(weakest)));
        let known = self.proposed.iter().position(|it| (it.0, it.1) == (best, weakest));
        let place = known.unwrap_or_else(|| {
            self.proposed.push((best, weakest, 0));
            self.wrong_if_merged.push(0);
            self.proposed.len() - 1
        });
        self.proposed[place].2 += 1;
        self.wrong_if_merged[place] += millionths(wrong);
    }

    /// Merged and proposed groups in each bucket, by weakest link and by best link.
    #[must_use]
    pub fn histogram(&self) -> Vec<(u64, u64)> {
        let mut buckets: Vec<(u64, u64)> =
            self.merged.iter().map(|merged| (u64::from(*merged), 0)).collect();
        for (best, _, count) in &self.proposed {
            if let Some(bucket) = buckets.get_mut(usize::from(*best)) {
                bucket.1 += u64::from(*count);
            }
        }
        buckets
    }

    /// What thresholds at the lower edges of two buckets would have made of the groups as the run
    /// found them. Groups it held back for a person although they scored for merging stay with the
    /// person; what scored below its own review threshold was not grouped and is not known.
    #[must_use]
    pub fn at(&self, auto: usize, review: usize) -> ThresholdEffect {
        let in_force = self.bucket(self.auto);
        let mut effect = ThresholdEffect::default();
        let mut count = |merges: bool, asks: bool, groups: u32| {
            let groups = u64::from(groups);
            match (merges, asks) {
                (true, _) => effect.merges += groups,
                (false, true) => effect.tasks += groups,
                (false, false) => effect.left += groups,
            }
        };
        for (bucket, groups) in self.merged.iter().enumerate() {
            count(bucket >= auto, bucket >= review, *groups);
        }
        for (best, weakest, groups) in &self.proposed {
            let (best, weakest) = (usize::from(*best), usize::from(*weakest));
            let is_held = weakest >= in_force;
            count(!is_held && weakest >= auto, best >= review, *groups);
        }
        effect
    }
}

impl GroupScores {
    /// How many of the joins that the machine would make with its threshold at the lower edge of a
    /// bucket are expected to be wrong; none where the run did not count them.
    #[must_use]
    pub fn wrong_at(&self, auto: usize) -> Option<f64> {
        if self.wrong.len() != self.merged.len()
            || self.wrong_if_merged.len() != self.proposed.len()
        {
            return None;
        }
        let in_force = self.bucket(self.auto);
        let merged: u64 = self.wrong.iter().skip(auto).sum();
        let proposed = self.proposed.iter().zip(&self.wrong_if_merged);
        let more = proposed.filter(|((_, weakest, _), _)| {
            let weakest = usize::from(*weakest);
            weakest >= auto && weakest < in_force
        });
        let more: u64 = more.map(|(_, wrong)| wrong).sum();
        Some((merged + more) as f64 / 1e6)
    }
}

fn millionths(joins: f64) -> u64 {
    (joins.max(0.0) * 1e6).round() as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scores() -> GroupScores {
        let mut scores = GroupScores::under(0.99, 0.5);
        [0.999, 0.9995, 0.992].into_iter().for_each(|it| scores.count_merged(it, 1.0 - it));
        for (best, weakest) in [(0.98, 0.96), (0.98, 0.96), (0.7, 0.55), (0.999, 0.995)] {
            scores.count_proposed(best, weakest, 1.0 - best);
        }
        scores
    }

    #[test]
    fn thresholds_in_force_give_what_the_run_did() {
        let scores = scores();
        let effect = scores.at(scores.bucket(0.99), scores.bucket(0.5));
        assert_eq!(effect, ThresholdEffect { merges: 3, tasks: 4, left: 0 });
    }

    #[test]
    fn other_thresholds_move_groups_between_machine_person_and_nobody() {
        let scores = scores();
        for (auto, review, merges, tasks, left) in
            [(0.999, 0.5, 2, 5, 0), (0.95, 0.5, 5, 2, 0), (0.99, 0.9, 3, 3, 1), (0.5, 0.5, 6, 1, 0)]
        {
            let effect = scores.at(scores.bucket(auto), scores.bucket(review));
            assert_eq!(effect, ThresholdEffect { merges, tasks, left }, "{auto} {review}");
        }
    }

    #[test]
    fn what_is_expected_to_be_wrong_grows_as_the_threshold_falls() {
        let scores = scores();
        let at = |auto| scores.wrong_at(scores.bucket(auto)).unwrap();
        assert!((at(0.99) - 0.0095).abs() < 1e-9, "{}", at(0.99));
        assert!((at(0.999) - 0.0015).abs() < 1e-9);
        assert!((at(0.95) - 0.0495).abs() < 1e-9, "two proposals more, .02 each");
        assert!((at(0.5) - 0.3495).abs() < 1e-9, "and one of .3; who is held back stays so");
        let old = GroupScores { wrong: Vec::new(), ..scores.clone() };
        assert_eq!(old.wrong_at(0), None);
    }

    #[test]
    fn every_score_falls_into_the_bucket_whose_edge_is_next_below() {
        let scores = GroupScores::under(0.96, 0.5);
        assert!(scores.edges.contains(&0.96));
        for (score, edge) in [(0.0, 0.0), (0.05, 0.0), (0.96, 0.96), (0.965, 0.96), (1.0, 0.999)] {
            assert_eq!(scores.edges[scores.bucket(score)], edge);
        }
        let total: u64 = super::tests::scores().histogram().iter().map(|(a, b)| a + b).sum();
        assert_eq!(total, 7);
    }
}
