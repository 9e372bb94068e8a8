//! One search: slice by slice, the best so far told every now and then.

use std::collections::{BinaryHeap, HashSet};
use std::time::{Duration, Instant};

use super::rank::{Rank, Wanted};
use super::{Index, Scope, Search, Shared};
use crate::desk::views::{FinderHit, FinderReport};
use crate::domain::{CustomerId, RecordAddress, RecordId, Subject};

/// Texts looked at without asking whether the search is still wanted: well under a millisecond.
const SLICE: usize = 8_192;
/// How soon the best so far is told, and again.
const TELL_AFTER: Duration = Duration::from_millis(25);

/// A text that answers: the better one is the lesser one.
type Found = (Rank, usize);

/// The best so far.
struct Best {
    heap: BinaryHeap<Found>,
    limit: usize,
}

impl Best {
    fn offer(&mut self, found: Found) {
        if self.heap.len() < self.limit {
            self.heap.push(found);
        } else if self.heap.peek().is_some_and(|worst| found < *worst) {
            self.heap.pop();
            self.heap.push(found);
        }
    }
}

/// Runs a search until it is done or no longer wanted.
pub(super) fn run(
    shared: &Shared,
    number: u64,
    search: &Search,
    reply: &mut dyn FnMut(FinderReport),
) {
    let wanted = Wanted::new(&search.text);
    // A customer is as good as its best record: some of the best may be the same one's.
    let room = if search.scope == Scope::Customers { search.limit * 4 } else { search.limit };
    let mut best = Best { heap: BinaryHeap::new(), limit: room.max(1) };
    let (mut next, mut told) = (0, Instant::now());
    loop {
        if !shared.is_wanted(number) {
            return;
        }
        let total = shared.read(|index| {
            let total = total(index, search.scope);
            // Nothing typed: the first ones will do.
            let end = if wanted.is_empty() { total.min(best.limit) } else { total };
            let slice = next..(next + SLICE).min(end);
            look(index, search.scope, &wanted, slice.clone(), &mut best);
            next = slice.end;
            end
        });
        let is_done = next >= total;
        if is_done || told.elapsed() >= TELL_AFTER {
            told = Instant::now();
            let report = shared.read(|index| report(index, search, &wanted, &best, next, is_done));
            reply(report);
        }
        if is_done {
            return;
        }
    }
}

fn total(index: &Index, scope: Scope) -> usize {
    match scope {
        Scope::Tasks => index.tasks().len(),
        Scope::Customers | Scope::Records => index.records(),
    }
}

fn look(
    index: &Index,
    scope: Scope,
    wanted: &Wanted,
    slice: std::ops::Range<usize>,
    best: &mut Best,
) {
    let named = wanted.customer();
    for at in slice {
        let rank = match scope {
            Scope::Tasks if index.tasks()[at].pending => wanted.rank(&task_line(index, at, true)),
            Scope::Tasks => None,
            Scope::Customers | Scope::Records if index.shown(at).is_empty() => None,
            // A customer is found by its own id as well, which no text holds.
            Scope::Customers if named.is_some() && named == customer(index, at) => {
                Some(Rank { tier: 0, looseness: 0 })
            }
            Scope::Customers | Scope::Records if wanted.may_be_in(index.letters_of(at)) => {
                wanted.rank(index.searched(at))
            }
            Scope::Customers | Scope::Records => None,
        };
        if let Some(rank) = rank {
            best.offer((rank, at));
        }
    }
}

fn customer(index: &Index, at: usize) -> Option<CustomerId> {
    index.customer_of(RecordId(u32::try_from(at).ok()?))
}

/// `T12 duplicate Pace, Thomas  crm:1042`.
fn task_line(index: &Index, at: usize, searched: bool) -> String {
    let task = &index.tasks()[at];
    let record = index.record_of(task).map(|record| record.0 as usize);
    let text = record.map_or("", |at| if searched { index.searched(at) } else { index.shown(at) });
    format!("{} {} {text}", task.id, task.kind.name())
}

fn report(
    index: &Index,
    search: &Search,
    wanted: &Wanted,
    best: &Best,
    searched: usize,
    finished: bool,
) -> FinderReport {
    let mut found: Vec<Found> = best.heap.iter().copied().collect();
    found.sort_unstable();
    let mut seen: HashSet<CustomerId> = HashSet::new();
    let hits = found.iter().filter_map(|(_, at)| {
        let hit = hit(index, search.scope, wanted, *at)?;
        let is_new =
            search.scope != Scope::Customers || hit.customer.is_none_or(|it| seen.insert(it));
        is_new.then_some(hit)
    });
    FinderReport {
        hits: hits.take(search.limit).collect(),
        searched: searched as u64,
        of: total(index, search.scope) as u64,
        read: index.progress,
        finished,
    }
}

fn hit(index: &Index, scope: Scope, wanted: &Wanted, at: usize) -> Option<FinderHit> {
    let record = RecordId(u32::try_from(at).ok()?);
    let (subject, customer, line, folded) = match scope {
        Scope::Tasks => {
            let task = &index.tasks()[at];
            let line = task_line(index, at, false);
            (Subject::Task(task.id), task.customer, line, task_line(index, at, true))
        }
        Scope::Customers => {
            let customer = index.customer_of(record)?;
            let line = |text: &str| format!("{customer}  {text}");
            let lines = (line(index.shown(at)), line(index.searched(at)));
            (Subject::Customer(customer), Some(customer), lines.0, lines.1)
        }
        Scope::Records => {
            let (_, address) = index.name_and_address(at);
            let address: RecordAddress = address.parse().ok()?;
            let lines = (index.shown(at).to_owned(), index.searched(at).to_owned());
            (Subject::Record(address), index.customer_of(record), lines.0, lines.1)
        }
    };
    // Where the spelling in ASCII has other lengths, its places mean nothing in the text.
    let same = line.chars().count() == folded.chars().count();
    let positions = if same { wanted.positions(&folded) } else { Vec::new() };
    Some(FinderHit { subject, customer, line, positions })
}
