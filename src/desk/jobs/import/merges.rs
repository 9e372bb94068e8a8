//! What the rows of a file say about merges made in their source: whose tasks that may open, and how many
//! pairs of records it concerns.

use std::collections::{BTreeSet, HashMap, HashSet};

use crate::error::DeskError;
use crate::facts::Facts;
use domain::{CustomerId, Fingerprint};
use settings::Source;

/// The merges of a source, as its rows come.
pub(super) struct Merges {
    /// Whether the source says anything about merges.
    is_said: bool,
    /// Addresses that something held, or delivered before, is merged with.
    awaited: HashSet<Fingerprint>,
    /// What the file says: each record with another, the smaller address first.
    said: BTreeSet<(Fingerprint, Fingerprint)>,
    /// The customers of the records that are new in the commit in the making.
    new: HashMap<Fingerprint, CustomerId>,
    /// The addresses of all new records, where nothing is written.
    came: Option<HashSet<Fingerprint>>,
}

/// How many pairs a file says were merged, by what becomes of them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Counted {
    /// A person decides.
    pub(super) asked: u64,
    /// The other record never came.
    pub(super) unknown: u64,
}

impl Merges {
    /// Before an import.
    ///
    /// # Errors
    /// When the store is damaged.
    pub(super) fn before(
        facts: Facts<'_>,
        source: &Source,
        dry_run: bool,
    ) -> Result<Merges, DeskError> {
        let is_said = !source.merged.is_empty();
        let mut awaited = HashSet::new();
        facts.view.each_merged(&mut |address| {
            awaited.insert(address);
            true
        })?;
        let came = (dry_run && is_said).then(HashSet::new);
        Ok(Merges { is_said, awaited, said: BTreeSet::new(), new: HashMap::new(), came })
    }

    /// Another commit is begun.
    pub(super) fn next_commit(&mut self) {
        self.new.clear();
    }

    /// A row became a record's content, a new one's or a known one's: the customers that are to be looked
    /// at because of what it says, and of what others say of it.
    ///
    /// # Errors
    /// When the store is damaged.
    pub(super) fn came(
        &mut self,
        facts: Facts<'_>,
        (own, customer): (Fingerprint, CustomerId),
        said: &[Fingerprint],
        is_new: bool,
    ) -> Result<Vec<CustomerId>, DeskError> {
        let mut concerned = Vec::new();
        if is_new {
            if let Some(came) = &mut self.came {
                came.insert(own);
            }
            if self.awaited.contains(&own) {
                concerned.push(customer);
                for said_by in facts.view.merged_by(own)? {
                    let other = facts.view.record(said_by)?.key;
                    self.said.insert((own.min(other), own.max(other)));
                }
            }
            if self.is_said {
                self.new.insert(own, customer);
            }
        }
        for other in said {
            self.said.insert((own.min(*other), own.max(*other)));
            self.awaited.insert(*other);
            concerned.push(customer);
            concerned.extend(self.new.get(other).copied());
            if let Some(record) = facts.caches.record_of(facts.view, *other)? {
                concerned.push(facts.view.customer_of(record)?);
            }
        }
        Ok(concerned)
    }

    /// What became of the pairs that the file named.
    ///
    /// # Errors
    /// When the store is damaged.
    pub(super) fn counted(&self, facts: Facts<'_>) -> Result<Counted, DeskError> {
        let mut counted = Counted::default();
        let customer_of = |address: Fingerprint| -> Result<Option<CustomerId>, DeskError> {
            let record = facts.caches.record_of(facts.view, address)?;
            record.map(|record| Ok(facts.view.customer_of(record)?)).transpose()
        };
        let came = |address| self.came.as_ref().is_some_and(|came| came.contains(address));
        for (one, other) in &self.said {
            match (customer_of(*one)?, customer_of(*other)?) {
                (Some(one), Some(other)) => {
                    let states = (facts.view.customer(one)?, facts.view.customer(other)?);
                    if one != other
                        && let (Some(left), Some(right)) = states
                        && facts.apart(&left, &right)?.is_empty()
                    {
                        counted.asked += 1;
                    }
                }
                (left, right)
                    if (left.is_some() || came(one)) && (right.is_some() || came(other)) =>
                {
                    counted.asked += 1;
                }
                _ => counted.unknown += 1,
            }
        }
        Ok(counted)
    }
}
