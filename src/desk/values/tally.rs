//! Counting values one by one: each distinct text is kept once.

use std::collections::HashMap;

use compact_str::CompactString;

use domain::SourceName;

/// The number of a record that has no value, or takes no part.
pub(super) const NONE: u32 = u32::MAX;

/// How often a value was met.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct ValueCount {
    pub(super) text: CompactString,
    pub(super) count: u64,
    pub(super) unreadable: u64,
    /// By the place of the source in [`Tally::sources`].
    pub(super) by_source: Vec<u32>,
}

/// Values as they are counted.
#[derive(Debug, Default)]
pub(super) struct Tally {
    pub(super) sources: Vec<SourceName>,
    numbers: HashMap<CompactString, u32>,
    /// By number; the texts are in `numbers` until the end.
    values: Vec<ValueCount>,
    /// The number of the value of each record, or customer.
    of: Vec<u32>,
    pub(super) counted: u64,
    pub(super) absent: u64,
}

impl Tally {
    /// Counts the value of a record, or customer.
    pub(super) fn add(
        &mut self,
        record: u32,
        source: Option<&SourceName>,
        value: Option<(CompactString, bool)>,
    ) {
        self.counted += 1;
        let Some((text, readable)) = value else {
            self.absent += 1;
            return;
        };
        let source = source.map(|source| self.source(source));
        let next = u32::try_from(self.values.len()).unwrap_or(NONE - 1);
        let number = *self.numbers.entry(text).or_insert(next);
        if number == next {
            self.values.push(ValueCount::default());
        }
        let value = &mut self.values[number as usize];
        value.count += 1;
        value.unreadable += u64::from(!readable);
        if let Some(source) = source {
            if value.by_source.len() <= source {
                value.by_source.resize(source + 1, 0);
            }
            value.by_source[source] += 1;
        }
        let place = record as usize;
        if self.of.len() <= place {
            self.of.resize(place + 1, NONE);
        }
        self.of[place] = number;
    }

    /// The place of a source; there are few.
    fn source(&mut self, source: &SourceName) -> usize {
        match self.sources.iter().position(|known| known == source) {
            Some(place) => place,
            None => {
                self.sources.push(source.clone());
                self.sources.len() - 1
            }
        }
    }

    /// The values, the most frequent first, and of each record which one is its.
    pub(super) fn finish(self) -> Finished {
        let Tally { sources, numbers, mut values, mut of, counted, absent } = self;
        for (text, number) in numbers {
            values[number as usize].text = text;
        }
        let mut order: Vec<u32> = (0..values.len() as u32).collect();
        order.sort_unstable_by(|one, other| {
            let (one, other) = (&values[*one as usize], &values[*other as usize]);
            other.count.cmp(&one.count).then_with(|| one.text.cmp(&other.text))
        });
        let mut place = vec![0; values.len()];
        for (at, number) in (0..).zip(&order) {
            place[*number as usize] = at;
        }
        for number in of.iter_mut().filter(|number| **number != NONE) {
            *number = place[*number as usize];
        }
        let take = |number: &u32| std::mem::take(&mut values[*number as usize]);
        let values = order.iter().map(take).collect();
        Finished { sources, values, of, counted, absent }
    }
}

/// What was counted.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Finished {
    pub(super) sources: Vec<SourceName>,
    pub(super) values: Vec<ValueCount>,
    pub(super) of: Vec<u32>,
    pub(super) counted: u64,
    pub(super) absent: u64,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_text_is_counted_once_and_the_most_frequent_comes_first() {
        let (crm, shop) = (SourceName::new("crm"), SourceName::new("shop"));
        let mut tally = Tally::default();
        let text = |text: &str| Some((CompactString::from(text), true));
        tally.add(0, Some(&crm), text("b"));
        tally.add(1, Some(&shop), text("a"));
        tally.add(2, Some(&shop), None);
        tally.add(4, Some(&shop), text("a"));
        tally.add(5, None, Some(("c".into(), false)));
        let done = tally.finish();
        let counts = done.values.iter().map(|it| (it.text.as_str(), it.count, it.unreadable));
        assert_eq!(counts.collect::<Vec<_>>(), [("a", 2, 0), ("b", 1, 0), ("c", 1, 1)]);
        assert_eq!(done.of, [1, 0, NONE, NONE, 0, 2]);
        assert_eq!((done.counted, done.absent), (5, 1));
        assert_eq!(done.values[0].by_source, [0, 2]);
    }
}
