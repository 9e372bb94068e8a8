//! From the ledger to the index: every commit read once, in order, and what follows as it comes.

use std::sync::atomic::Ordering;
use std::sync::mpsc::Receiver;

use super::Shared;
use super::index::{Index, IndexedTask};
use crate::desk::answers::name_by;
use crate::domain::{Commit, Event, Sequence, Value};
use crate::ledger::LedgerReader;
use crate::settings::Settings;

/// Reads what is in the ledger; then, whenever it is woken, what came since.
pub(super) fn keep_up(
    shared: &Shared,
    reader: &LedgerReader,
    settings: &Settings,
    woken: &Receiver<()>,
) {
    let mut next = Sequence(1);
    loop {
        next = read_from(shared, reader, settings, next);
        if woken.recv().is_err() {
            return;
        }
        while woken.try_recv().is_ok() {}
    }
}

/// Reads the commits from `next` on; gives the one after the last.
fn read_from(
    shared: &Shared,
    reader: &LedgerReader,
    settings: &Settings,
    mut next: Sequence,
) -> Sequence {
    for commit in reader.commits_from(next) {
        if shared.closed.load(Ordering::Relaxed) {
            return next;
        }
        let of = reader.head().map_or(0, |head| head.sequence.0);
        // What cannot be read is not found; `verify` tells why.
        if let Ok(commit) = &commit {
            let known = known(settings, commit);
            shared.write(|index| {
                for fact in known {
                    fact(index);
                }
                index.progress = (next.0, of);
            });
        }
        next = next.next();
    }
    next
}

type Fact = Box<dyn FnOnce(&mut Index)>;

/// What a commit says to the index, worked out before anybody has to wait for it.
fn known(settings: &Settings, commit: &Commit) -> Vec<Fact> {
    commit.events.iter().filter_map(|event| of_event(settings, event)).collect()
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
            let name =
                name_by(settings, |field| shown(field.name.as_str()).filter(|_| !field.sensitive));
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
