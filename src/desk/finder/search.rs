//! One search: slice by slice, the best so far told every now and then.

use std::collections::{BinaryHeap, HashSet};
use std::fmt::Write;
use std::sync::atomic::AtomicBool;
use std::time::{Duration, Instant};

use super::index::{IndexedTask, letters};
use super::rank::{Rank, Wanted};
use super::{Index, Shared};
use domain::{CustomerId, RecordAddress, RecordId, Subject};
use door::views::{FinderHit, FinderReport};
use door::{Scope, Search};

/// Texts looked at without asking whether the search is still wanted: well under a millisecond.
const SLICE: usize = 8_192;
/// How soon the best so far is told, and again: most searches are done by then.
const TELL_AFTER: Duration = Duration::from_millis(20);

/// A text that answers: the better one is the lesser one.
type Found = (Rank, usize);

/// The best so far.
struct Best {
    heap: BinaryHeap<Found>,
    limit: usize,
}

impl Best {
    /// The worst of them, once there are as many as are wanted. What comes later must be better.
    fn worst(&self) -> Option<Rank> {
        let full = self.heap.len() >= self.limit;
        self.heap.peek().filter(|_| full).map(|(rank, _)| *rank)
    }

    fn offer(&mut self, found: Found) {
        if self.heap.len() < self.limit {
            self.heap.push(found);
        } else if self.heap.peek().is_some_and(|worst| found < *worst) {
            self.heap.pop();
            self.heap.push(found);
        }
    }
}

/// A search on its way.
pub(super) struct Asked<'a> {
    pub(super) search: &'a Search,
    /// Whether those that have a mail address for a name are passed over.
    pub(super) without_mail: bool,
    pub(super) given_up: &'a AtomicBool,
    /// The commit that the index has to know for the search to be done.
    pub(super) up_to: u64,
}

/// Runs a search until it is done or no longer wanted. While the index is still being read, it looks at what
/// is there by then; once it is whole, at all of it again, since what was looked at may have changed.
pub(super) fn run(shared: &Shared, asked: &Asked<'_>, reply: &mut dyn FnMut(FinderReport)) {
    let Asked { search, without_mail, given_up, up_to } = *asked;
    // What was committed a moment ago is read within one.
    let mut is_whole = shared.awaits(up_to, given_up, TELL_AFTER);
    let wanted = Wanted::new(&search.text);
    // A customer is as good as its best record: some of the best may be the same one's.
    let room = if search.scope == Scope::Customers { search.limit * 4 } else { search.limit };
    let mut best = Best { heap: BinaryHeap::new(), limit: room.max(1) };
    let (mut next, mut told, mut told_of) = (0, Instant::now(), None);
    loop {
        if !shared.is_wanted(given_up) {
            return;
        }
        // How much was read belongs to what was looked at: the index may grow before it is told.
        let (total, read) = shared.read(|index| {
            let total = total(index, search.scope);
            // Nothing typed: the first ones will do.
            let end = if wanted.is_empty() { total.min(best.limit) } else { total };
            let slice = next..(next + SLICE).min(end);
            look(index, (search.scope, without_mail), &wanted, slice.clone(), &mut best);
            next = slice.end;
            (end, index.progress)
        });
        let is_done = next >= total;
        let finished = is_done && is_whole;
        let is_news = told_of != Some(next) && (is_done || told.elapsed() >= TELL_AFTER);
        if finished || is_news {
            (told, told_of) = (Instant::now(), Some(next));
            let mut report =
                shared.read(|index| report(index, search, &wanted, &best, next, finished));
            report.read = read;
            reply(report);
            if finished {
                return;
            }
        }
        if is_done && shared.awaits(up_to, given_up, TELL_AFTER) {
            (is_whole, next, told_of) = (true, 0, None);
            best.heap.clear();
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
    (scope, without_mail): (Scope, bool),
    wanted: &Wanted,
    slice: std::ops::Range<usize>,
    best: &mut Best,
) {
    let named = wanted.customer();
    let mut line = String::new();
    for at in slice {
        let worst = best.worst();
        let rank = match scope {
            Scope::Tasks => {
                let task = &index.tasks()[at];
                let is_passed = |record| without_mail && index.is_by_mail(record);
                if !task.pending || index.record_of(task).is_some_and(is_passed) {
                    continue;
                }
                if wanted.task() == Some(task.id) {
                    best.offer((Rank { tier: 0, looseness: 0 }, at));
                    continue;
                }
                let (bytes, letters) = outline(index, task);
                let is_better = worst.is_none_or(|worst| Rank::best_of(bytes) < worst);
                if !is_better || !wanted.may_be_in(letters) {
                    continue;
                }
                write_task(index, task, true, &mut line);
                wanted.rank(line.as_bytes(), worst)
            }
            Scope::Customers | Scope::Records
                if without_mail
                    && index.is_by_mail(RecordId(u32::try_from(at).unwrap_or_default())) =>
            {
                None
            }
            // A customer is found by its own id as well, which no text holds.
            Scope::Customers if named.is_some() && named == customer(index, at) => {
                index.is_there(at).then_some(Rank { tier: 0, looseness: 0 })
            }
            Scope::Customers | Scope::Records => {
                if !index.is_there(at) || !wanted.may_be_in(index.letters_of(at)) {
                    continue;
                }
                let text = index.searched(at);
                match wanted.address() {
                    // The whole address, and not one that begins with it.
                    Some(address) if is_of(address, text) => Some(Rank { tier: 0, looseness: 0 }),
                    _ => wanted.rank(text, worst),
                }
            }
        };
        if let Some(rank) = rank {
            best.offer((rank, at));
        }
    }
}

/// Whether a text, which ends with its record's address, ends with this one as a whole.
fn is_of(address: &[u8], text: &[u8]) -> bool {
    text.strip_suffix(address).is_some_and(|name| name.is_empty() || name.ends_with(b" "))
}

fn customer(index: &Index, at: usize) -> Option<CustomerId> {
    index.customer_of(RecordId(u32::try_from(at).ok()?))
}

/// How many bytes the line of a task has as it is searched, and which letters and digits, without
/// writing it.
fn outline(index: &Index, task: &IndexedTask) -> (usize, u64) {
    let kind = task.kind.name();
    let mut bytes = "t  ".len() + kind.len();
    let mut all = letters(b"t") | letters(kind.as_bytes());
    let mut number = task.id.0;
    loop {
        // A digit fits a byte.
        all |= letters(&[b'0' + (number % 10) as u8]);
        bytes += 1;
        number /= 10;
        if number == 0 {
            break;
        }
    }
    if let Some(record) = index.record_of(task) {
        let record = record.0 as usize;
        bytes += index.searched(record).len();
        all |= index.letters_of(record);
    }
    (bytes, all)
}

/// Writes `T12 duplicate Pace, Thomas  crm:1042`, or that as it is searched.
fn write_task(index: &Index, task: &IndexedTask, searched: bool, line: &mut String) {
    let record = index.record_of(task).map(|record| record.0 as usize);
    line.clear();
    // Writing to memory does not fail.
    let _ = write!(line, "{} {} ", task.id, task.kind.name());
    match record {
        Some(at) if searched => {
            line.make_ascii_lowercase();
            line.push_str(index.searched_text(at));
        }
        Some(at) => line.push_str(&index.shown(at)),
        None if searched => line.make_ascii_lowercase(),
        None => {}
    }
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
            let (mut line, mut folded) = (String::new(), String::new());
            write_task(index, task, false, &mut line);
            write_task(index, task, true, &mut folded);
            (Subject::Task(task.id), task.customer, line, folded)
        }
        Scope::Customers => {
            let customer = index.customer_of(record)?;
            let line = |text: &str| format!("{customer}  {text}");
            let lines = (line(&index.shown(at)), line(index.searched_text(at)));
            (Subject::Customer(customer), Some(customer), lines.0, lines.1)
        }
        Scope::Records => {
            let address: RecordAddress = index.name_and_address(at).1.parse().ok()?;
            let lines = (index.shown(at), index.searched_text(at).to_owned());
            (Subject::Record(address), index.customer_of(record), lines.0, lines.1)
        }
    };
    // Where the spelling in ASCII has other lengths, its places mean nothing in the text.
    let same = line.chars().count() == folded.chars().count();
    let positions = if same { wanted.positions(&folded) } else { Vec::new() };
    Some(FinderHit { subject, customer, line, positions, closed: false, settled: None })
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::{TaskId, TaskKind};

    #[test]
    fn a_task_is_outlined_as_it_is_written() {
        let mut index = Index::default();
        index.put(RecordId(0), CustomerId(1), "Peña, José", "crm:A7");
        for (number, record) in [(0, Some(0)), (12, Some(9)), (1_090, None)] {
            let task = IndexedTask {
                id: TaskId(number),
                kind: TaskKind::Invalid,
                pending: true,
                record: record.map(RecordId),
                customer: None,
            };
            let mut line = String::new();
            write_task(&index, &task, true, &mut line);
            assert_eq!(outline(&index, &task), (line.len(), letters(line.as_bytes())), "{line}");
            assert!(!line.bytes().any(|byte| byte.is_ascii_uppercase()), "{line}");
        }
    }
}
