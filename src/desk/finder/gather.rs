//! From the ledger to the index: what was kept of it the last time, every commit since read once and
//! in order, and what follows as it comes.

use std::collections::BTreeSet;
use std::io;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::sync::mpsc::Receiver;

use super::Shared;
use super::index::{Index, IndexedTask};
use crate::derived_file::{DerivedFile, Origin};
use crate::label::name_by;
use domain::event::RecordChanged;
use domain::{Commit, Event, RecordId, Sequence, Value};
use ledger::LedgerReader;
use settings::Settings;

/// Events whose reading takes about a tenth of a second.
pub(super) const WORTH_KEEPING: usize = 10_000;
/// By how much reading the ledger steps back behind a person's work.
#[cfg(target_os = "linux")]
const NICENESS: i32 = 10;

/// Where the index comes from.
pub(super) struct Origins {
    pub(super) reader: LedgerReader,
    pub(super) settings: Arc<Settings>,
    /// Where it is kept.
    pub(super) file: DerivedFile,
    /// Records erased so far: who erases closes the workspace first.
    pub(super) erased: u32,
    /// Events read from the ledger at the beginning from which on the index is kept for the next
    /// time; none where the workspace may not be written.
    pub(super) worth_keeping: Option<usize>,
}

/// Reads what is in the ledger; then, whenever it is woken, what came since.
pub(super) fn keep_up(shared: &Shared, from: &Origins, woken: &Receiver<()>) {
    let _ended = Ended(shared);
    let first = begin(shared, from);
    // On other systems it would be the whole process that steps back.
    #[cfg(target_os = "linux")]
    let _ = rustix::process::nice(NICENESS);
    let (mut next, events) = read_from(shared, from, first);
    if from.worth_keeping.is_some_and(|least| events >= least) {
        keep(shared, from, next);
    }
    while woken.recv().is_ok() {
        while woken.try_recv().is_ok() {}
        next = read_from(shared, from, next).0;
    }
}

/// Nothing more will be read once this is dropped, however it came to that: no search waits for it.
pub(super) struct Ended<'s>(pub(super) &'s Shared);

impl Drop for Ended<'_> {
    fn drop(&mut self) {
        self.0.came_through(u64::MAX);
    }
}

/// Takes up the index that was kept, where it can be used; gives the first commit it knows nothing
/// of.
pub(super) fn begin(shared: &Shared, from: &Origins) -> Sequence {
    let known = |origin: &Origin| {
        let chain = from.reader.chain_at(origin.sequence);
        origin.erased == from.erased && chain.is_ok_and(|chain| chain == origin.chain)
    };
    let mut kept = Index::default();
    let origin = from.file.read(known, &mut |piece| {
        (!shared.closed.load(Ordering::Relaxed)).then_some(())?;
        kept.take(piece)
    });
    let Some(origin) = origin.filter(|_| kept.complete().is_some()) else { return Sequence(1) };
    let of = from.reader.head().map_or(0, |head| head.sequence.0);
    kept.progress = (origin.sequence.0, of);
    shared.write(|index| *index = kept);
    origin.sequence.next()
}

/// Keeps the index, which knows every commit before `next`.
fn keep(shared: &Shared, from: &Origins, next: Sequence) {
    let sequence = Sequence(next.0.saturating_sub(1));
    let Ok(chain) = from.reader.chain_at(sequence) else { return };
    let origin = Origin { sequence, chain, erased: from.erased };
    let kept = shared.read(|index| {
        from.file.write(origin, index.pieces(), |put| {
            index.write(|piece| {
                if shared.closed.load(Ordering::Relaxed) {
                    return Err(io::ErrorKind::Interrupted.into());
                }
                put(piece)
            })
        })
    });
    if let Err(error) = kept {
        tracing::info!(%error, "the finder's index was not saved");
    }
}

/// Reads the commits from `next` on; gives the one after the last, and how many events were read.
fn read_from(shared: &Shared, from: &Origins, mut next: Sequence) -> (Sequence, usize) {
    let mut events = 0;
    let head = || from.reader.head().map_or(0, |head| head.sequence.0);
    let before = head();
    for commit in from.reader.commits_from(next) {
        if shared.closed.load(Ordering::Relaxed) {
            return (next, 0);
        }
        let of = head();
        // What cannot be read is not found; `verify` tells why.
        if let Ok(commit) = &commit {
            events += commit.events.len();
            let known = known(from, commit);
            shared.write(|index| {
                for fact in known {
                    fact(index);
                }
                index.progress = (next.0, of);
            });
        }
        next = next.next();
    }
    shared.came_through(before);
    (next, events)
}

type Fact = Box<dyn FnOnce(&mut Index)>;

/// What a commit says to the index, worked out before anybody has to wait for it.
fn known(from: &Origins, commit: &Commit) -> Vec<Fact> {
    let held_back: BTreeSet<RecordId> = commit
        .events
        .iter()
        .filter_map(|event| match event {
            Event::RecordChanged(changed) => changed.after.in_force().map(|_| changed.record),
            _ => None,
        })
        .collect();
    let fact = |event: &Event| match event {
        // It is found once it is in force.
        Event::RecordRevised(revised) if held_back.contains(&revised.record) => None,
        Event::RecordChanged(changed) => {
            of_event(&from.settings, &in_force_now(&from.reader, commit, changed)?)
        }
        event => of_event(&from.settings, event),
    };
    commit.events.iter().filter_map(fact).collect()
}

/// The revision of a record that is in force since a commit that delivered nothing of it; none where that is as it was.
/// What cannot be read is not found.
fn in_force_now(reader: &LedgerReader, commit: &Commit, changed: &RecordChanged) -> Option<Event> {
    let (before, after) = (changed.before.in_force(), changed.after.in_force());
    if before == after {
        return None;
    }
    if let Some(former) = after {
        return reader.event(former.commit, former.event).ok();
    }
    let is_its = |event: &Event| matches!(event, Event::RecordRevised(revised) if revised.record == changed.record);
    if commit.events.iter().any(is_its) {
        return None;
    }
    let mut at = changed.previous;
    loop {
        let earlier = reader.commit(at).ok()?;
        let mut previous = None;
        for event in earlier.events {
            match event {
                Event::RecordRevised(revised) if revised.record == changed.record => {
                    return Some(revised.into());
                }
                Event::RecordChanged(it) if it.record == changed.record => {
                    previous = Some(it.previous).filter(|it| *it < at);
                }
                _ => {}
            }
        }
        at = previous?;
    }
}

fn of_event(settings: &Settings, event: &Event) -> Option<Fact> {
    Some(match event {
        Event::RecordRevised(revised) => {
            let (record, customer) = (revised.record, revised.customer);
            let body = &revised.body;
            if body.values.is_empty() && body.line == 0 {
                // All that is left of an erased record.
                return Some(Box::new(move |index| index.remove(record)));
            }
            let shown = |field: &str| body.values.get(field).map(Value::shown);
            let name = name_by(settings, |field| shown(field.name.as_str()));
            let (name, address) = (name.unwrap_or_default(), body.address.to_string());
            Box::new(move |index| index.put(record, customer, &name, &address))
        }
        Event::CustomerChanged(changed) => {
            let (customer, members) = (changed.customer, changed.after.members.clone());
            Box::new(move |index| {
                members.iter().for_each(|record| index.belongs(*record, customer));
            })
        }
        Event::TaskChanged(changed) => {
            let task = &changed.after;
            let task = IndexedTask {
                id: task.id,
                kind: task.kind,
                pending: task.state.is_pending(),
                record: task.record,
                customer: task.customers.first().copied(),
            };
            Box::new(move |index| index.put_task(task))
        }
        Event::PersonErased(erased) => {
            let records = erased.records.clone();
            Box::new(move |index| records.iter().for_each(|record| index.remove(*record)))
        }
        _ => return None,
    })
}
