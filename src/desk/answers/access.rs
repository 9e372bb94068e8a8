//! Who may do what now, and what they did of late: the access review.

use std::collections::{BTreeMap, BTreeSet};

use jiff::{Timestamp, ToSpan};

use crate::error::DeskError;
use crate::facts::Facts;
use domain::{DecisionId, Event, Sequence, verbs};
use door::views::{AccessView, PersonAccess};
use govern::Standing;
use settings::{Person, Settings};

/// Days over which unmaskings, exports and refusals are counted.
const DAYS: i64 = 90;
/// Decisions that are looked at to say when somebody was last seen.
const LOOKED_AT: usize = 4_000;

/// The review. Whom a connection lets in is what `steward.toml` says when they come (`file`), adopted or not; what
/// they may do then is what the settings in force say.
///
/// # Errors
/// When the store or the ledger is damaged.
pub(crate) fn access(facts: Facts<'_>, file: &[Person]) -> Result<AccessView, DeskError> {
    let settings = facts.settings;
    let since = facts.now - (DAYS * 24).hours();
    let mut traces = traces(facts, since)?;
    let mut of = |person: &Person| {
        let trace = traces.remove(person.id.as_str()).unwrap_or_default();
        of_person(settings, person, &trace)
    };
    let mut people: Vec<PersonAccess> = settings.people.iter().map(&mut of).collect();
    for person in &mut people {
        let named = file.iter().find(|it| it.id == person.person);
        person.unix = named.and_then(|it| it.unix.clone());
        person.keys = named.map(keys_of).unwrap_or_default();
        person.second_factor = named.is_some_and(|it| it.second_factor);
    }
    for person in file.iter().filter(|it| settings.person(&it.id).is_none()) {
        // Their role counts once it is adopted.
        people.push(PersonAccess { role: None, ..of(person) });
    }
    let has = |role: &str| settings.people.iter().any(|it| it.role.as_deref() == Some(role));
    let unused = settings.roles.iter().filter(|role| !has(&role.name));
    Ok(AccessView {
        has_roles: !settings.roles.is_empty(),
        people,
        unused: unused.map(|role| role.name.clone()).collect(),
        since,
    })
}

/// What a person left in the ledger.
#[derive(Default)]
struct Trace {
    last_seen: Option<Timestamp>,
    unmasked: u64,
    exported: u64,
    refused: u64,
}

fn of_person(settings: &Settings, person: &Person, trace: &Trace) -> PersonAccess {
    let standing = Standing::of_person(settings, &person.id);
    let may = |verb: &str| match standing {
        Standing::Free => true,
        Standing::In(role) => role.may.contains(verb),
        Standing::Nobody => false,
    };
    let (mut masked, mut unmask) = (Vec::new(), Vec::new());
    for field in &settings.fields {
        let (kind, opens) = match standing {
            Standing::Free => (None, true),
            Standing::In(role) => (role.mask.get(&field.name), role.may_unmask(&field.name)),
            Standing::Nobody => continue,
        };
        if kind.is_some() || field.sensitive {
            let how = kind.map_or("sensitive", |kind| kind.name());
            masked.push((field.name.clone(), how.to_owned()));
            if opens {
                unmask.push(field.name.clone());
            }
        }
    }
    PersonAccess {
        person: person.id.clone(),
        name: person.name.clone(),
        role: person.role.clone(),
        unix: person.unix.clone(),
        keys: keys_of(person),
        second_factor: person.second_factor,
        may: verbs::names().filter(|verb| may(verb)).map(str::to_owned).collect(),
        masked,
        unmask,
        last_seen: trace.last_seen,
        unmasked: trace.unmasked,
        exported: trace.exported,
        refused: trace.refused,
        acknowledged: None,
    }
}

fn keys_of(person: &Person) -> Vec<String> {
    person.keys.iter().map(settings::PublicKey::fingerprint).collect()
}

/// What everybody left there, by person: settings, erasures, imports, exports, unmaskings and refusals of all times, and the latest
/// decisions.
fn traces(facts: Facts<'_>, since: Timestamp) -> Result<BTreeMap<String, Trace>, DeskError> {
    let view = facts.view;
    let mut traces: BTreeMap<String, Trace> = BTreeMap::new();
    let mut commits: BTreeSet<Sequence> = view.exports_after(Sequence::ZERO)?.into_iter().collect();
    commits.extend(view.unmaskings()?);
    commits.extend(view.accesses()?);
    commits.extend(view.acknowledgements()?);
    commits.extend(view.imports()?.into_iter().map(|(_, entry)| entry.started.sequence));
    commits.extend(view.erasures()?);
    facts.each_adoption(|_, commit, _, _| {
        commits.insert(commit);
        true
    })?;
    let last = view.counters()?.decisions;
    let of_decisions = (0..=last).rev().take(LOOKED_AT);
    for number in of_decisions {
        let decision = view.decision(DecisionId(number))?;
        commits.extend(decision.map(|entry| entry.place.sequence));
    }
    // The latest first, so that the first of a person is when they were seen last.
    for sequence in commits.into_iter().rev() {
        let is_counted =
            |kind: &str, _: &[u8]| matches!(kind, "unmasked" | "exported" | "refused_by_role");
        let commit = facts.commit_where(sequence, is_counted)?;
        let trace = traces.entry(commit.actor.person).or_default();
        trace.last_seen.get_or_insert(commit.at);
        if commit.at < since {
            continue;
        }
        for event in &commit.events {
            match event {
                Event::Unmasked(_) => trace.unmasked += 1,
                Event::Exported(_) => trace.exported += 1,
                Event::RefusedByRole(_) => trace.refused += 1,
                _ => {}
            }
        }
    }
    Ok(traces)
}
