//! Whose every activity is, told in the plainest way: the ledger is read from its beginning, and nothing is kept.

use std::collections::BTreeMap;

use super::*;
use domain::{Decision, DecisionId, Event, Fingerprint, RecordId, RecordState, Sequence, Verdict};

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
    let mut said: Vec<Said> = Vec::new();
    let mut made: Vec<Decision> = Vec::new();
    // Of each record all that was delivered by its place, what holds the last of it back, and what is in force.
    let mut delivered: BTreeMap<RecordId, BTreeMap<(u64, u32), Vec<Fingerprint>>> = BTreeMap::new();
    let mut former: BTreeMap<RecordId, (u64, u32)> = BTreeMap::new();
    let mut in_force: BTreeMap<RecordId, (u64, u32)> = BTreeMap::new();
    for commit in facts.ledger.commits_from(Sequence(1)) {
        let commit = commit.unwrap();
        let at = commit.sequence;
        let made_here = commit.events.iter().find_map(|event| match event {
            Event::DecisionMade(made) => Some(made.decision.clone()),
            _ => None,
        });
        made.extend(made_here.clone());
        for (index, event) in (0u32..).zip(commit.events) {
            match event {
                Event::RecordChanged(changed) => {
                    let held = changed.after.in_force().map(|it| (it.commit.0, it.event));
                    former.remove(&changed.record);
                    former.extend(held.map(|held| (changed.record, held)));
                    let email = |state: &RecordState| state.corrections.get("email").cloned();
                    let after = email(&changed.after);
                    if email(&changed.before) == after {
                        continue;
                    }
                    let by = made_here.as_ref();
                    let value = by.and_then(|by| by.values.get("email")?.standard());
                    let handle = value.and_then(|value| {
                        let field = facts.settings.field("email").unwrap();
                        handles::of(facts.fingerprinter, field, value)
                    });
                    let own = by.filter(|by| after.is_some_and(|it| it.decision == by.id));
                    said.push(Said {
                        at,
                        record: changed.record,
                        by: by.map(|by| by.id),
                        is_undo: by.is_some_and(|by| by.verdict == Verdict::Undo),
                        email: own.map(|_| handle),
                    });
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
    let revisions = with_corrections(revisions, &said, &made);
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

/// What was said of a record's address by hand.
struct Said {
    at: Sequence,
    record: RecordId,
    by: Option<DecisionId>,
    is_undo: bool,
    /// The address from now on, if any; none where a correction went.
    email: Option<Option<Fingerprint>>,
}

/// Whether a decision stands: none that stands undoes it.
fn stands(made: &[Decision], id: DecisionId) -> bool {
    !made.iter().any(|later| later.reverses.contains(&id) && stands(made, later.id))
}

/// What records held since when, as if nothing that was undone had ever been said, nor any undo. They hold nothing but
/// addresses.
fn with_corrections(
    revisions: BTreeMap<RecordId, Vec<(Sequence, Vec<Fingerprint>)>>,
    said: &[Said],
    made: &[Decision],
) -> BTreeMap<RecordId, Vec<(Sequence, Vec<Fingerprint>)>> {
    let mut held = BTreeMap::new();
    for (record, delivered) in revisions {
        let counts = |it: &&Said| {
            it.record == record && !it.is_undo && it.by.is_none_or(|by| stands(made, by))
        };
        let own: Vec<&Said> = said.iter().filter(counts).collect();
        let mut times: Vec<Sequence> = delivered.iter().map(|(at, _)| *at).collect();
        times.extend(own.iter().map(|it| it.at));
        times.sort_unstable();
        times.dedup();
        let at_time = |at: Sequence| {
            let last = own.iter().rev().find(|it| it.at <= at);
            match last.and_then(|it| it.email) {
                Some(email) => email.into_iter().collect(),
                None => delivered.iter().rev().find(|(it, _)| *it <= at).unwrap().1.clone(),
            }
        };
        let spans = times.into_iter().map(|at| (at, at_time(at))).collect();
        held.insert(record, spans);
    }
    held
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
