//! Whose every activity is, told in the plainest way: the ledger is read from its beginning, and nothing is kept.

use std::collections::BTreeMap;

use super::*;
use domain::{Event, Fingerprint, RecordId, Sequence};

/// One version of an activity.
struct Version {
    at: Sequence,
    import: ImportId,
    key: Fingerprint,
    subject: ActivitySubject,
    activity: Activity,
}

/// What [`TestDesk::owned`] should say.
pub(super) fn owned(test: &mut TestDesk) -> Vec<String> {
    let facts = test.desk().facts();
    let mut versions: Vec<Version> = Vec::new();
    let mut withdrawals: Vec<(usize, ActivitiesWithdrawn)> = Vec::new();
    let mut revisions: BTreeMap<RecordId, Vec<(Sequence, Vec<Fingerprint>)>> = BTreeMap::new();
    // Of each record all that was delivered by its place, what holds the last of it back, and what is in force.
    let mut delivered: BTreeMap<RecordId, BTreeMap<(u64, u32), Vec<Fingerprint>>> = BTreeMap::new();
    let mut former: BTreeMap<RecordId, (u64, u32)> = BTreeMap::new();
    let mut in_force: BTreeMap<RecordId, (u64, u32)> = BTreeMap::new();
    for commit in facts.ledger.commits_from(Sequence(1)) {
        let commit = commit.unwrap();
        let at = commit.sequence;
        for (index, event) in (0u32..).zip(commit.events) {
            match event {
                Event::RecordChanged(changed) => {
                    let held = changed.after.in_force().map(|it| (it.commit.0, it.event));
                    former.remove(&changed.record);
                    former.extend(held.map(|held| (changed.record, held)));
                }
                Event::RecordRevised(revised) => {
                    let held = revised.body.values.iter().filter_map(|(name, value)| {
                        let field = facts.settings.field(name.as_str())?;
                        handles::of(facts.fingerprinter, field, value.standard()?)
                    });
                    let own = delivered.entry(revised.record).or_default();
                    own.insert((at.0, index), held.collect());
                }
                Event::ActivitiesRecorded(ActivitiesRecorded {
                    import,
                    stream,
                    subject,
                    activities,
                    ..
                }) => {
                    for activity in activities {
                        let key = facts.fingerprinter.of([
                            "activity",
                            stream.as_str(),
                            activity.key.as_str(),
                        ]);
                        let subject = subject.clone();
                        versions.push(Version { at, import, key, subject, activity });
                    }
                }
                Event::ActivitiesWithdrawn(event) => withdrawals.push((versions.len(), event)),
                _ => {}
            }
        }
        for (record, own) in &delivered {
            let last = own.keys().next_back().copied().unwrap();
            let now = former.get(record).copied().unwrap_or(last);
            if in_force.insert(*record, now) != Some(now) {
                let held = revisions.entry(*record).or_default();
                // What is held back was never in force.
                held.retain(|(since, _)| now == last || since.0 <= now.0);
                if now == last || now.0 == at.0 {
                    held.push((at, own[&now].clone()));
                }
            }
        }
    }
    let holds: Vec<bool> = (0..withdrawals.len()).map(|at| holds(&withdrawals, at)).collect();
    let is_withdrawn = |place: usize| {
        let version = &versions[place];
        withdrawals.iter().zip(&holds).any(|((until, event), holds)| {
            let is_meant = event.keys.is_empty() || event.keys.contains(&version.key);
            *holds && place < *until && event.import == version.import && is_meant
        })
    };
    let mut lines = Vec::new();
    for place in 0..versions.len() {
        let version = &versions[place];
        let later = (place + 1..versions.len())
            .any(|it| versions[it].key == version.key && !is_withdrawn(it));
        if later || is_withdrawn(place) {
            continue;
        }
        let Version { subject, at, activity, .. } = version;
        let owner = owner(test, &revisions, subject, *at);
        lines.push(format!("{} {} {owner}", activity.key, activity.money.unwrap()));
    }
    lines.sort();
    lines
}

/// Whether a withdrawal holds: no later one that holds withdraws the import because of which it was made.
fn holds(all: &[(usize, ActivitiesWithdrawn)], at: usize) -> bool {
    let (_, own) = &all[at];
    !(at + 1..all.len()).any(|later| {
        let (_, event) = &all[later];
        event.import == own.by && event.keys.is_empty() && holds(all, later)
    })
}

fn owner(
    test: &TestDesk,
    revisions: &BTreeMap<RecordId, Vec<(Sequence, Vec<Fingerprint>)>>,
    subject: &ActivitySubject,
    at: Sequence,
) -> String {
    let facts = test.desk.as_ref().unwrap().facts();
    if subject.key.is_none() && subject.handles.is_empty() {
        return "nameless".to_owned();
    }
    let records: Vec<_> = revisions
        .keys()
        .map(|id| (*id, facts.view.record(*id).unwrap()))
        .filter(|(_, row)| !row.erased)
        .collect();
    let whose = |id: RecordId, then: Sequence| -> Option<CustomerId> {
        let now = facts.view.customer_of(id).unwrap();
        match facts.given_on(id).unwrap() {
            Some((since, former)) if then < since => former,
            _ => Some(now),
        }
    };
    if let Some((id, _)) = records.iter().find(|(_, row)| Some(row.key) == subject.key) {
        return whose(*id, at).map_or("unknown".to_owned(), |customer| customer.to_string());
    }
    let mut why = "unknown";
    for handle in &subject.handles {
        let mut then: Vec<CustomerId> = Vec::new();
        let mut later: BTreeMap<Sequence, Vec<CustomerId>> = BTreeMap::new();
        for (id, _) in &records {
            if facts.view.record_state(*id).unwrap().quarantined.is_some() {
                continue;
            }
            let own = &revisions[id];
            let last = own.iter().rev().find(|(sequence, _)| *sequence <= at);
            let last = last.filter(|(_, held)| held.contains(handle));
            then.extend(last.and_then(|(since, _)| whose(*id, *since)));
            for (sequence, held) in own {
                if *sequence > at && held.contains(handle) {
                    later.entry(*sequence).or_default().extend(whose(*id, *sequence));
                }
            }
        }
        if then.is_empty() {
            then = later.into_values().next().unwrap_or_default();
        }
        then.sort_unstable();
        then.dedup();
        match then[..] {
            [] => {}
            [one] => return one.to_string(),
            _ => why = "several",
        }
    }
    why.to_owned()
}
