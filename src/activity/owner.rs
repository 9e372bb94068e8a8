//! Whose an activity is. Derived whenever it is asked: merging, unmerging, undo and late deliveries move nothing.

use crate::handles::{Handles, Span, holding};
use domain::{ActivitySubject, CustomerId, Fingerprint, RecordId, Sequence};

/// Whose an activity is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Owner {
    /// Somebody's.
    Customer(CustomerId, Led),
    /// Nobody's.
    Nobody(Nobody),
}

impl Owner {
    /// The customer.
    #[must_use]
    pub fn customer(self) -> Option<CustomerId> {
        match self {
            Owner::Customer(customer, _) => Some(customer),
            Owner::Nobody(_) => None,
        }
    }
}

/// What led to a customer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Led {
    /// The key of that record of theirs.
    Key(RecordId),
    /// A handle that a record of theirs held: which of those that were named, counted from 0, and the record, the
    /// one with the least number of several.
    Handle(u32, RecordId),
}

impl Led {
    /// The record.
    #[must_use]
    pub fn record(self) -> RecordId {
        match self {
            Led::Key(record) | Led::Handle(_, record) => record,
        }
    }
}

/// Why an activity is nobody's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Nobody {
    /// Its row names nobody.
    Nameless,
    /// Nobody has the key or ever held a handle of those it names.
    Unknown,
    /// Several customers held a handle.
    Several,
}

impl Nobody {
    /// All reasons.
    pub const ALL: [Nobody; 3] = [Nobody::Nameless, Nobody::Unknown, Nobody::Several];

    /// One word for it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Nobody::Nameless => "nameless",
            Nobody::Unknown => "unknown",
            Nobody::Several => "several",
        }
    }
}

/// What is to be known of records: all of it as of now.
pub trait Records {
    /// The record of an address, by its fingerprint; none of one that was erased.
    fn of_address(&self, address: Fingerprint) -> Option<RecordId>;

    /// The customer it belongs to; none of one that was erased.
    fn customer_of(&self, record: RecordId) -> Option<CustomerId>;

    /// Whether handles that it was delivered with count: it is not set aside.
    fn holds(&self, record: RecordId) -> bool;

    /// Since which commit it is of somebody else than before, as its source gave its key away, and the customer it was
    /// of until then, where there still is one; none where it was ever of the same.
    fn given_on(&self, _record: RecordId) -> Option<(Sequence, Option<CustomerId>)> {
        None
    }
}

/// A record, and whose it is and was.
#[derive(Debug, Clone, Copy)]
struct Keyed {
    record: RecordId,
    customer: CustomerId,
    given: Option<(Sequence, Option<CustomerId>)>,
}

impl Keyed {
    fn of(record: RecordId, records: &impl Records) -> Option<Keyed> {
        let customer = records.customer_of(record)?;
        Some(Keyed { record, customer, given: records.given_on(record) })
    }

    /// Whose it was when a commit was made.
    fn at(self, commit: Sequence) -> Option<CustomerId> {
        match self.given {
            Some((since, former)) if commit < since => former,
            _ => Some(self.customer),
        }
    }
}

/// Whose the activities of somebody who was named so are: of each it depends on the commit that recorded it.
#[derive(Debug, Clone)]
pub struct Owners {
    is_nameless: bool,
    key: Option<Keyed>,
    /// Who held each handle when, and whose they are.
    handles: Vec<Vec<(Span, CustomerId)>>,
}

impl Owners {
    /// Of a subject.
    #[must_use]
    pub fn of(subject: &ActivitySubject, handles: &Handles, records: &impl Records) -> Owners {
        let record = subject.key.and_then(|key| records.of_address(key));
        let key = record.and_then(|record| Keyed::of(record, records));
        let spans = |handle: &Fingerprint| {
            let spans = handles.spans(*handle).into_iter();
            let counting = spans.filter(|span| records.holds(span.record));
            let of = |span: Span| {
                let keyed = Keyed::of(span.record, records)?;
                Some((span, keyed.at(span.since())?))
            };
            counting.filter_map(of).collect()
        };
        let asked = if key.is_some() { &[] } else { &subject.handles[..] };
        let handles = asked.iter().map(spans).collect();
        Owners { is_nameless: subject.is_nobody(), key, handles }
    }

    /// Whose it is if that commit recorded it.
    #[must_use]
    pub fn at(&self, recorded: Sequence) -> Owner {
        if let Some(keyed) = self.key {
            return match keyed.at(recorded) {
                Some(customer) => Owner::Customer(customer, Led::Key(keyed.record)),
                // Whoever had the key then has no record any more.
                None => Owner::Nobody(Nobody::Unknown),
            };
        }
        let mut why = if self.is_nameless { Nobody::Nameless } else { Nobody::Unknown };
        for (spans, place) in self.handles.iter().zip(0..) {
            let mut holding =
                holding(spans, recorded).map(|(span, customer)| (span.record, *customer));
            let Some((mut record, customer)) = holding.next() else { continue };
            let mut is_one = true;
            for (other, of) in holding {
                record = record.min(other);
                is_one &= of == customer;
            }
            if is_one {
                return Owner::Customer(customer, Led::Handle(place, record));
            }
            why = Nobody::Several;
        }
        Owner::Nobody(why)
    }
}
