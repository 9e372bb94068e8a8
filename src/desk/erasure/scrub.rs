//! What is read in the place of an erased event: the same event without what was personal in it,
//! so that replay, history and undo of everything else keep working.

use super::person::Person;
use super::trail::Trail;
use domain::event::{Cause, DecisionMade, RecordChanged, RecordRevised};
use domain::{
    Commit, Decision, Event, Fingerprint, HandedFile, RecordAddress, RecordBody, RecordState,
    RequestStep, Requested, Subject, Values,
};

/// The event without what it says of the person; none where it says nothing.
pub(super) fn scrubbed(
    person: &Person,
    trail: &Trail,
    commit: &Commit,
    event: &Event,
) -> Option<Event> {
    let after = match event {
        Event::RecordRevised(revised) if person.records.contains(&revised.record) => {
            without_body(revised).into()
        }
        Event::RecordRevised(revised) if person.has_revision(revised) => {
            // Its address is of whoever has the key now.
            let mut blank = without_body(revised);
            blank.body.address = revised.body.address.clone();
            blank.into()
        }
        Event::RecordChanged(changed) if person.has_in(changed.record, commit.sequence) => {
            without_fingerprints(changed).into()
        }
        Event::DecisionMade(made) if is_about(person, trail, commit, &made.decision) => {
            let decision = without_words(person, commit, &made.decision);
            DecisionMade { decision, ..made.clone() }.into()
        }
        _ => return None,
    };
    (after != *event).then_some(after)
}

fn without_body(revised: &RecordRevised) -> RecordRevised {
    let body = RecordBody {
        address: revised.body.address.erased(),
        values: Values::new(),
        unmapped: Vec::new(),
        absent: Vec::new(),
        decimals: Vec::new(),
        updated: None,
        line: 0,
    };
    RecordRevised { body, delivered: None, merged: Vec::new(), ..revised.clone() }
}

/// Fingerprints of values: with the workspace's key at hand they would tell whether a guess is
/// right.
fn without_fingerprints(changed: &RecordChanged) -> RecordChanged {
    let blank = |state: &RecordState| {
        let mut state = state.clone();
        for correction in state.corrections.values_mut() {
            (correction.over, correction.corrected) =
                (Fingerprint::default(), Fingerprint::default());
        }
        for waiver in state.waivers.values_mut() {
            waiver.value = Fingerprint::default();
        }
        state
    };
    RecordChanged {
        before: blank(&changed.before),
        after: blank(&changed.after),
        ..changed.clone()
    }
}

/// Whether a decision was about the person, alone or with others.
pub(super) fn is_about(
    person: &Person,
    trail: &Trail,
    commit: &Commit,
    decision: &Decision,
) -> bool {
    let second = decision.second.iter().flat_map(|second| &second.groups);
    let mut grouped = decision.groups.iter().chain(second).flat_map(|group| &group.records);
    let mut keyed = decision.key.iter().map(|keyed| &keyed.record);
    let named = |subject: &Subject| match subject {
        Subject::Record(address) => person.addresses.contains(address),
        Subject::Customer(id) => person.customers.contains(id),
        Subject::Task(id) => trail.tasks.contains(id),
        Subject::Decision(_) | Subject::Bulk(_) | Subject::Import(_) => false,
    };
    let cause = Cause::Decision(decision.id);
    let touched = |event: &Event| match event {
        Event::RecordChanged(changed) => {
            changed.cause == cause && person.has_in(changed.record, commit.sequence)
        }
        Event::CustomerChanged(changed) => {
            changed.cause == cause && person.customers.contains(&changed.customer)
        }
        _ => false,
    };
    grouped.any(|record| person.has_in(*record, commit.sequence))
        || keyed.any(|record| person.has_in(*record, commit.sequence))
        || decision.subjects.iter().any(named)
        || decision.task.is_some_and(|task| trail.tasks.contains(&task))
        || commit.events.iter().any(touched)
}

/// The values that decisions set on the person: corrections and pins.
pub(super) fn values_set_on<'t>(
    person: &'t Person,
    trail: &'t Trail,
) -> impl Iterator<Item = &'t Values> {
    trail.commits.values().flat_map(move |commit| {
        commit.events.iter().filter_map(move |event| match event {
            Event::DecisionMade(made)
                if is_about(person, trail, commit, &made.decision)
                    && !set_values_of_others(person, commit, &made.decision) =>
            {
                Some(&made.decision.values)
            }
            _ => None,
        })
    })
}

/// The note goes whole: nobody can tell whom its words are about. Values stay where they were set
/// on somebody else.
fn without_words(person: &Person, commit: &Commit, decision: &Decision) -> Decision {
    let mut decision = decision.clone();
    decision.note = None;
    if let Some(proposal) = &mut decision.proposal {
        proposal.request.clear();
        proposal.digest = Fingerprint::default();
    }
    if let Some(glass) = &mut decision.broken_glass {
        glass.reason.clear();
    }
    decision.request = decision.request.map(|step| Box::new(without_names(*step)));
    decision.key.retain(|keyed| !person.has_in(keyed.record, commit.sequence));
    for subject in &mut decision.subjects {
        if let Subject::Record(address) = subject
            && person.addresses.contains(address)
        {
            *subject = Subject::Record(RecordAddress::erased(address));
        }
    }
    if !set_values_of_others(person, commit, &decision) {
        decision.values = Values::new();
    }
    decision
}

/// What was asked for, the days and how much was handed over stay: that a request was answered must be shown when
/// nothing of the person is left. The names of files and of recipients may say who it was.
fn without_names(step: RequestStep) -> RequestStep {
    match step {
        RequestStep::Opened(requested) => RequestStep::Opened(Requested { by: None, ..requested }),
        RequestStep::Told { exports, .. } => RequestStep::Told { exports, other: None },
        RequestStep::Handed { files } => {
            let blank = |file: HandedFile| HandedFile {
                name: String::new(),
                blake3: String::new(),
                ..file
            };
            RequestStep::Handed { files: files.into_iter().map(blank).collect() }
        }
        other => other,
    }
}

/// Whether the decision's values became a correction or pin of somebody else.
fn set_values_of_others(person: &Person, commit: &Commit, decision: &Decision) -> bool {
    let id = decision.id;
    commit.events.iter().any(|event| match event {
        Event::RecordChanged(changed) if !person.has_in(changed.record, commit.sequence) => {
            changed.after.corrections.values().any(|correction| correction.decision == id)
        }
        Event::CustomerChanged(changed) if !person.customers.contains(&changed.customer) => {
            changed.after.pins.values().any(|pin| pin.decision == id)
        }
        _ => false,
    })
}
