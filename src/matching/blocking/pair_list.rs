//! Pairs of rows, each once: sorted numbers of eight bytes, in parts.

use rayon::prelude::*;

use super::radix;

/// Pairs are kept in so many parts, by their lower row; keys are handled in as many, by their highest bits.
pub(super) const PARTS: usize = 1 << PARTS_BITS;
pub(super) const PARTS_BITS: u32 = 4;

/// Two rows, the lower one in the upper half.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Pair(pub(super) u64);

impl Pair {
    pub(crate) fn new(a: u32, b: u32) -> Self {
        Self(u64::from(a.min(b)) << 32 | u64::from(a.max(b)))
    }

    /// The lower row.
    #[inline]
    pub(crate) fn a(self) -> u32 {
        (self.0 >> 32) as u32
    }

    /// The higher row.
    #[inline]
    pub(crate) fn b(self) -> u32 {
        self.0 as u32
    }
}

/// Candidate pairs, each once, in ascending order.
#[derive(Debug, Clone)]
pub(crate) struct Pairs {
    /// By parts of the range of the lower row.
    parts: Vec<Vec<u64>>,
    /// Rows of the columns.
    rows: usize,
}

impl Pairs {
    pub(super) fn none(rows: usize) -> Self {
        Self { parts: vec![Vec::new(); PARTS], rows }
    }

    /// Every pair of `members` (ascending) among the rows of some columns.
    pub(crate) fn all(members: &[u32], rows: usize) -> Self {
        let mut pairs = Self::none(rows);
        for (at, a) in members.iter().enumerate() {
            let part = pairs.part_of(*a);
            pairs.parts[part].extend(members[at + 1..].iter().map(|b| Pair::new(*a, *b).0));
        }
        pairs
    }

    /// Every pair inside sets of `most` rows at most, by the root of each row.
    pub(crate) fn inside(roots: &[u32], most: usize) -> Self {
        let mut pairs = Self::none(roots.len());
        let mut sorted: Vec<u64> =
            roots.iter().zip(0..).map(|(root, row)| u64::from(*root) << 32 | row).collect();
        sorted.par_sort_unstable();
        let mut found = vec![Vec::new(); PARTS];
        for set in sorted.chunk_by(|a, b| a >> 32 == b >> 32).filter(|set| set.len() <= most) {
            for (at, a) in set.iter().enumerate() {
                let part = &mut found[pairs.part_of(*a as u32)];
                part.extend(set[at + 1..].iter().map(|b| Pair::new(*a as u32, *b as u32).0));
            }
        }
        pairs.take_up(vec![found]);
        pairs
    }

    #[inline]
    pub(super) fn part_of(&self, row: u32) -> usize {
        row as usize * PARTS / self.rows.max(1)
    }

    pub(crate) fn len(&self) -> usize {
        self.parts.iter().map(Vec::len).sum()
    }

    /// All pairs, ascending, in stretches of at most `most`.
    pub(crate) fn stretches(&self, most: usize) -> Vec<Stretch<'_>> {
        self.parts.iter().flat_map(|part| part.chunks(most)).map(Stretch).collect()
    }

    /// All pairs, ascending.
    pub(crate) fn iter(&self) -> impl Iterator<Item = Pair> {
        self.parts.iter().flatten().map(|pair| Pair(*pair))
    }

    /// Those of some other pairs of rows that are not among them, ascending; pairs may repeat.
    pub(crate) fn missing(&self, others: impl Iterator<Item = (u32, u32)>) -> Vec<Pair> {
        let others: Vec<u64> = others.map(|(a, b)| Pair::new(a, b).0).collect();
        let mut others = radix::sorted(&[&others], self.bits());
        let mut known = self.parts.iter().flatten().peekable();
        others.retain(|other| {
            while known.next_if(|known| *known < other).is_some() {}
            known.peek() != Some(&other)
        });
        others.into_iter().map(Pair).collect()
    }

    /// Whether a pair is among them.
    pub(crate) fn contains(&self, pair: Pair) -> bool {
        self.parts[self.part_of(pair.a())].binary_search(&pair.0).is_ok()
    }

    /// Those that are not among others of the same rows.
    pub(crate) fn without(&self, others: &Pairs) -> Pairs {
        let missing = |(own, others): (&Vec<u64>, &Vec<u64>)| {
            let mut others = others.iter().peekable();
            let is_missing = |pair: &&u64| {
                while others.next_if(|other| other < pair).is_some() {}
                others.peek() != Some(pair)
            };
            own.iter().filter(is_missing).copied().collect()
        };
        let parts = self.parts.par_iter().zip(&others.parts).map(missing).collect();
        Pairs { parts, rows: self.rows }
    }

    /// Takes up others of the same rows, none of which is among these; tells of each pair of the
    /// whole, in order, whether it is one of the others.
    pub(crate) fn interleave(&mut self, others: &Pairs, mut tell: impl FnMut(bool)) {
        for (own, others) in self.parts.iter_mut().zip(&others.parts) {
            let mut both = Vec::with_capacity(own.len() + others.len());
            let (mut known, mut new) = (own.iter().peekable(), others.iter().peekable());
            loop {
                let is_new = match (known.peek(), new.peek()) {
                    (None, None) => break,
                    (known, new) => new.is_some_and(|new| known.is_none_or(|known| new < known)),
                };
                both.extend(if is_new { new.next() } else { known.next() });
                tell(is_new);
            }
            *own = both;
        }
    }

    /// All pairs are the same from this bit up.
    fn bits(&self) -> u32 {
        u64::BITS + u32::BITS - (self.rows as u64).leading_zeros()
    }

    /// Takes up what `found` brings (by part, in lists of any order, pairs may repeat); says how
    /// much of it is new.
    pub(super) fn take_up(&mut self, found: Vec<Vec<Vec<u64>>>) -> usize {
        let bits = self.bits();
        let new = self.parts.par_iter_mut().enumerate().map(|(part, known)| {
            let found: Vec<&[u64]> = found.iter().map(|lists| lists[part].as_slice()).collect();
            let before = known.len();
            *known = merged(known, &radix::sorted(&found, bits));
            known.len() - before
        });
        new.sum()
    }
}

/// Pairs that follow one another.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Stretch<'a>(&'a [u64]);

impl Stretch<'_> {
    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = Pair> {
        self.0.iter().map(|pair| Pair(*pair))
    }
}

/// An ascending list without repetitions, and one with, as one without.
fn merged(known: &[u64], found: &[u64]) -> Vec<u64> {
    let mut merged = Vec::with_capacity(known.len() + found.len());
    let mut rest = known;
    for pair in found {
        let before = rest.iter().take_while(|known| *known < pair).count();
        merged.extend_from_slice(&rest[..before]);
        rest = &rest[before..];
        if rest.first() != Some(pair) && merged.last() != Some(pair) {
            merged.push(*pair);
        }
    }
    merged.extend_from_slice(rest);
    merged
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn pairs_are_taken_up_once(
            first in proptest::collection::vec((0_u32..40, 0_u32..40), 0..60),
            second in proptest::collection::vec((0_u32..40, 0_u32..40), 0..60),
        ) {
            let mut pairs = Pairs::none(40);
            let mut expected = std::collections::BTreeSet::new();
            for found in [first, second] {
                let mut parts = vec![Vec::new(); PARTS];
                let mut new = 0;
                for (a, b) in found.into_iter().filter(|(a, b)| a != b) {
                    let pair = Pair::new(a, b);
                    parts[pairs.part_of(pair.a())].push(pair.0);
                    new += usize::from(expected.insert(pair));
                }
                prop_assert_eq!(pairs.take_up(vec![parts]), new);
            }
            prop_assert!(pairs.iter().eq(expected.iter().copied()));
            let any = (0..40).flat_map(|a| (a + 1..40).map(move |b| (b, a)));
            let missing = pairs.missing(any.clone());
            let rest = any.map(|(a, b)| Pair::new(a, b)).filter(|pair| !expected.contains(pair));
            prop_assert!(missing.into_iter().eq(rest.collect::<std::collections::BTreeSet<_>>()));
        }

        #[test]
        fn pairs_are_taken_apart_and_put_together_again(
            some in proptest::collection::btree_set((0_u32..40, 40_u32..60), 0..60),
            more in proptest::collection::btree_set((0_u32..40, 40_u32..60), 0..60),
        ) {
            let listed = |pairs: &std::collections::BTreeSet<(u32, u32)>| {
                let mut listed = Pairs::none(60);
                let mut parts = vec![Vec::new(); PARTS];
                pairs.iter().for_each(|(a, b)| parts[listed.part_of(*a)].push(Pair::new(*a, *b).0));
                listed.take_up(vec![parts]);
                listed
            };
            let mut pairs = listed(&some);
            let new = listed(&more).without(&pairs);
            prop_assert!(new.iter().eq(listed(&more.difference(&some).copied().collect()).iter()));
            let mut told = Vec::new();
            pairs.interleave(&new, |is_new| told.push(is_new));
            prop_assert!(pairs.iter().eq(listed(&more.union(&some).copied().collect()).iter()));
            let expected: Vec<bool> = pairs.iter().map(|pair| new.contains(pair)).collect();
            prop_assert_eq!(told, expected);
        }
    }
}
