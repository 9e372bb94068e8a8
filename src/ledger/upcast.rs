//! The versions of events: which this steward knows, and how it reads old ones.
//!
//! A kind's version rises when the shape of its data changes in a way that `serde` defaults do
//! not cover. The vocabulary rises by one with every new kind or version; each frame names the
//! least vocabulary its reader must know, so that opening notices a newer steward's events
//! without reading them.

use serde_json::Value;

use domain::{Event, QuarantineReason, Task, TaskKind, TaskReason, TaskState, Verdict};

/// The vocabulary that brought censuses, grants and checks.
const GRANTS: u16 = 8;

/// The vocabulary that brought corrections that remove a value.
const CLEARED: u16 = 9;

/// The vocabulary that brought comments.
const COMMENTS: u16 = 10;

/// The vocabulary that brought how whoever made a commit came, and what became of what they log in with.
pub(super) const EVIDENCE: u16 = 11;

/// The vocabulary that brought proposals of settings.
const GOVERNED: u16 = 12;
/// The vocabulary that brought holds.
const HOLDS: u16 = 12;
/// The vocabulary that brought roles.
const ROLES: u16 = 12;
/// The vocabulary that brought requests of persons.
const REQUESTS: u16 = 13;

/// The vocabulary that brought proposals of verdicts, and their approval.
const APPROVALS: u16 = 13;

/// The vocabulary that brought second looks of somebody else than whoever decided.
const OPINIONS: u16 = 13;
/// The vocabulary that brought acknowledgements of settings.
const ACKNOWLEDGED: u16 = 13;
/// The vocabulary that brought the days within which a decision that did not wait is reviewed, and requests of
/// somebody of whom nothing is held.
const REVIEWED: u16 = 14;

/// The vocabulary that brought activities.
const ACTIVITIES: u16 = 14;
/// The vocabulary that brought deliveries that make somebody else of a record.
const OVERLAYS: u16 = 14;

/// One kind of event.
pub(super) struct KindRow {
    pub(super) kind: &'static str,
    /// The vocabulary that brought the kind's version 1.
    pub(super) introduced: u16,
    /// What brought version 2, 3, …, in order.
    pub(super) upcasts: &'static [Upcast],
}

/// A later version of a kind.
pub(super) struct Upcast {
    /// The vocabulary that brought it.
    pub(super) introduced: u16,
    /// Turns the data of the version before into this one's; none when the data is not of the
    /// shape that version had.
    pub(super) convert: fn(Value) -> Option<Value>,
}

impl KindRow {
    /// The version that is written today.
    pub(super) fn version(&self) -> u16 {
        u16::try_from(self.upcasts.len()).unwrap_or(u16::MAX - 1) + 1
    }

    /// The vocabulary needed to read that version.
    pub(super) fn vocabulary(&self) -> u16 {
        self.upcasts.last().map_or(self.introduced, |last| last.introduced)
    }

    /// Brings data of an old version to today's.
    pub(super) fn upcast(&self, version: u16, data: Value) -> Option<Value> {
        let steps = self.upcasts.get(usize::from(version.checked_sub(1)?)..)?;
        steps.iter().try_fold(data, |data, step| (step.convert)(data))
    }
}

const fn first(kind: &'static str) -> KindRow {
    since(1, kind)
}

const fn since(introduced: u16, kind: &'static str) -> KindRow {
    KindRow { kind, introduced, upcasts: &[] }
}

/// Every kind that may stand in a ledger.
pub(super) static KINDS: &[KindRow] = &[
    first("workspace_created"),
    first("settings_adopted"),
    first("import_started"),
    first("record_revised"),
    first("row_quarantined"),
    first("import_finished"),
    first("match_finished"),
    first("customer_changed"),
    first("record_changed"),
    first("task_changed"),
    first("decision_made"),
    first("exported"),
    since(2, "person_erased"),
    since(2, "event_erased"),
    since(2, "erasure_finished"),
    since(3, "unmasked"),
    since(4, "export_begun"),
    since(GRANTS, "census_taken"),
    since(EVIDENCE, "access_noted"),
    since(GOVERNED, "settings_proposed"),
    since(GOVERNED, "proposal_withdrawn"),
    since(ROLES, "refused_by_role"),
    since(ACKNOWLEDGED, "settings_acknowledged"),
    since(ACTIVITIES, "activities_recorded"),
    since(ACTIVITIES, "activities_withdrawn"),
    since(ACTIVITIES, "figures_measured"),
];

/// The vocabulary that an event's content asks for beyond that of its kind and version: words that
/// earlier readers do not know in shapes that they do.
pub(super) fn of_content(event: &Event) -> u16 {
    if is_reviewed_in_time(event) || is_of_nobody(event) {
        return REVIEWED;
    }
    if is_of_overlays(event) {
        return OVERLAYS;
    }
    if is_of_requests(event) {
        return REQUESTS;
    }
    let holds = |state: &domain::RecordState| !state.holds.is_empty();
    if let Event::TaskChanged(changed) = event
        && changed.after.second_by().is_some()
    {
        return OPINIONS;
    }
    if let Event::RecordChanged(changed) = event
        && (holds(&changed.before) || holds(&changed.after))
    {
        return HOLDS;
    }
    if is_of_approvals(event) {
        return APPROVALS;
    }
    if let Event::DecisionMade(made) = event {
        if matches!(made.decision.verdict, Verdict::Hold | Verdict::Lift) {
            return HOLDS;
        }
        if made.decision.verdict == Verdict::Comment {
            return COMMENTS;
        }
        if !made.decision.cleared.is_empty() {
            return CLEARED;
        }
    }
    if let Event::RowQuarantined(quarantined) = event {
        match quarantined.row.reason {
            QuarantineReason::TextAfterQuote { .. } => return 4,
            QuarantineReason::Lacks { .. }
            | QuarantineReason::Nested { .. }
            | QuarantineReason::NotComputed { .. }
            | QuarantineReason::RowsInQuotes { .. } => return 5,
            QuarantineReason::AboveHeader { .. } => return 6,
            QuarantineReason::OddKey { .. }
            | QuarantineReason::Infinite { .. }
            | QuarantineReason::BrokenRow { .. }
            | QuarantineReason::ColumnNames
            | QuarantineReason::OtherOrder { .. } => return 7,
            QuarantineReason::NoTime { .. }
            | QuarantineReason::InTheFuture { .. }
            | QuarantineReason::NotAnAmount { .. }
            | QuarantineReason::NotACurrency { .. }
            | QuarantineReason::NoKind { .. } => return ACTIVITIES,
            _ => {}
        }
    }
    let is_of_grants = match event {
        Event::DecisionMade(made) => {
            matches!(made.decision.verdict, Verdict::Grant | Verdict::Suspend)
        }
        Event::TaskChanged(changed) => changed.after.kind == TaskKind::Check,
        _ => false,
    };
    if is_of_grants {
        return GRANTS;
    }
    let is_second_look = match event {
        Event::DecisionMade(made) => made.decision.verdict == Verdict::SecondLook,
        Event::TaskChanged(changed) => changed.after.kind == TaskKind::Second,
        _ => false,
    };
    if is_second_look {
        return 7;
    }
    if let Event::TaskChanged(changed) = event {
        let is_merge = |task: &Task| matches!(task.reason, TaskReason::Merged { .. });
        if is_merge(&changed.after) || changed.before.as_ref().is_some_and(is_merge) {
            return 6;
        }
    }
    let vanishes = match event {
        Event::DecisionMade(made) => {
            matches!(made.decision.verdict, Verdict::Close | Verdict::Reopen)
        }
        Event::RecordChanged(changed) => {
            changed.before.vanished.is_some() || changed.after.vanished.is_some()
        }
        Event::TaskChanged(changed) => changed.after.kind == TaskKind::Vanished,
        _ => false,
    };
    if vanishes {
        return 5;
    }
    let quarantines = match event {
        Event::DecisionMade(made) => made.decision.verdict == Verdict::Quarantine,
        Event::RecordChanged(changed) => {
            changed.before.quarantined.is_some() || changed.after.quarantined.is_some()
        }
        _ => false,
    };
    if quarantines { 3 } else { 0 }
}

fn is_of_approvals(event: &Event) -> bool {
    let waits = |task: &Task| {
        task.kind == TaskKind::Approval || matches!(task.state, TaskState::Proposed { .. })
    };
    match event {
        Event::DecisionMade(made) => {
            let decision = &made.decision;
            matches!(decision.verdict, Verdict::Propose | Verdict::Approve | Verdict::Reject)
                || decision.approves.is_some()
                || decision.broken_glass.is_some()
        }
        Event::TaskChanged(changed) => {
            waits(&changed.after) || changed.before.as_ref().is_some_and(waits)
        }
        _ => false,
    }
}

/// Whether a decision that did not wait is to be reviewed within some days.
fn is_reviewed_in_time(event: &Event) -> bool {
    match event {
        Event::DecisionMade(made) => {
            made.decision.broken_glass.as_ref().is_some_and(|glass| glass.due.is_some())
        }
        _ => false,
    }
}

/// Whether an event speaks of what a delivery would make of a record, or made.
fn is_of_overlays(event: &Event) -> bool {
    let speaks = |state: &domain::RecordState| state.overlaid.is_some() || state.reused.is_some();
    match event {
        Event::RecordChanged(changed) => speaks(&changed.before) || speaks(&changed.after),
        Event::TaskChanged(changed) => changed.after.kind == TaskKind::Overlay,
        _ => false,
    }
}

/// Whether an event speaks of a request of somebody of whom nothing is held.
fn is_of_nobody(event: &Event) -> bool {
    match event {
        Event::DecisionMade(made) => {
            made.decision.request.as_deref() == Some(&domain::RequestStep::Searched)
        }
        Event::TaskChanged(changed) => matches!(
            changed.after.reason,
            TaskReason::Requested { customer: domain::CustomerId::NOBODY, .. }
        ),
        _ => false,
    }
}

/// Whether an event speaks of a request, or of what keeps a record from being used.
fn is_of_requests(event: &Event) -> bool {
    let restricts = |state: &domain::RecordState| !state.restrictions.is_empty();
    match event {
        Event::RecordChanged(changed) => restricts(&changed.before) || restricts(&changed.after),
        Event::DecisionMade(made) => {
            made.decision.verdict == Verdict::Request || made.decision.request.is_some()
        }
        Event::TaskChanged(changed) => changed.after.kind == TaskKind::Request,
        Event::PersonErased(erased) => erased.request.is_some(),
        _ => false,
    }
}

/// The latest vocabulary that [`of_content`], or an actor, may ask for.
const LATEST_CONTENT: u16 = REVIEWED;

/// The vocabulary of this steward.
pub(super) fn known_vocabulary() -> u16 {
    KINDS.iter().map(KindRow::vocabulary).max().unwrap_or(0).max(LATEST_CONTENT)
}

/// The row of a kind in a table.
pub(super) fn find<'t>(table: &'t [KindRow], kind: &str) -> Option<&'t KindRow> {
    table.iter().find(|row| row.kind == kind)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn read(kind: &str, data: &Value) -> Event {
        Event::read_json(kind, data.to_string().as_bytes()).unwrap().unwrap()
    }

    #[test]
    fn an_older_steward_refuses_a_ledger_in_which_a_value_is_removed() {
        let correction = |cleared: Value| {
            let decision = json!({
                "id": "D9", "verdict": "correct", "subjects": ["crm:9"], "cleared": cleared,
            });
            let made = json!({ "decision": decision, "role": "steward", "settings": "" });
            read("decision_made", &made)
        };
        assert_eq!(of_content(&correction(json!([]))), 0);
        assert_eq!(of_content(&correction(json!(["email"]))), CLEARED);
        assert!(known_vocabulary() >= CLEARED);
    }

    #[test]
    fn an_older_steward_refuses_a_ledger_with_requests_of_persons() {
        let reason = json!({ "requested": {
            "request": "opt-out", "decision": "D4", "customer": "C1", "received": "2026-11-01",
            "due": "2026-12-01", "last": "D4",
        } });
        let after = json!({
            "id": "T12", "kind": "request", "state": "open", "customers": ["C1"], "reason": reason,
            "opened": "2026-11-01T08:00:00Z",
        });
        let task = json!({ "task": "T12", "before": null, "after": after });
        assert_eq!(of_content(&read("task_changed", &task)), REQUESTS);
        for step in [json!("verified"), json!({ "told": { "exports": [7] } })] {
            let decision =
                json!({ "id": "D9", "verdict": "request", "subjects": [], "request": step });
            let made = json!({ "decision": decision, "role": "steward", "settings": "" });
            assert_eq!(of_content(&read("decision_made", &made)), REQUESTS);
        }
        let restricted =
            json!({ "restrictions": { "D4": { "decision": "D4", "kind": "restriction" } } });
        let changed = json!({
            "record": 3, "previous": 4, "before": {}, "after": restricted, "cause": { "decision": "D4" },
        });
        assert_eq!(of_content(&read("record_changed", &changed)), REQUESTS);
        assert!(known_vocabulary() >= REQUESTS);
    }

    #[test]
    fn an_older_steward_refuses_a_ledger_in_which_another_revision_is_in_force() {
        let changed = |after: Value| {
            let changed = json!({
                "record": 3, "previous": 4, "before": {}, "after": after, "cause": { "import": "I2" },
            });
            of_content(&read("record_changed", &changed))
        };
        let former = json!({ "commit": 2, "event": 1, "revision": 1 });
        assert_eq!(changed(json!({})), 0);
        for held in [false, true] {
            let overlaid = json!({ "former": former, "import": "I2", "held": held });
            assert_eq!(changed(json!({ "overlaid": overlaid })), OVERLAYS);
        }
        assert_eq!(changed(json!({ "reused": { "decision": "D3", "revision": 2 } })), OVERLAYS);
        let reason = json!({ "overlaid": { "import": "I2", "says": ["name"], "held": true } });
        let after = json!({
            "id": "T12", "kind": "overlay", "state": "open", "customers": ["C1"], "record": 3,
            "reason": reason, "opened": "2026-11-01T08:00:00Z",
        });
        let task = json!({ "task": "T12", "before": null, "after": after });
        assert_eq!(of_content(&read("task_changed", &task)), OVERLAYS);
        assert!(known_vocabulary() >= OVERLAYS);
    }

    #[test]
    fn an_older_steward_refuses_a_ledger_with_second_looks() {
        let task = |kind: &str, reason: Value| {
            let after = json!({
                "id": "T12", "kind": kind, "state": "open", "customers": ["C1"], "reason": reason,
                "opened": "2026-11-01T08:00:00Z",
            });
            read("task_changed", &json!({ "task": "T12", "before": null, "after": after }))
        };
        assert_eq!(of_content(&task("duplicate", json!("similar"))), 0);
        assert_eq!(of_content(&task("second", json!({ "second_look": { "decision": "D4" } }))), 7);
        let differ = json!({ "disagreement": { "first": "D4", "second": "D9" } });
        assert_eq!(of_content(&task("second", differ)), 7);
        let decision = |verdict: &str| {
            let decision = json!({ "id": "D9", "verdict": verdict, "subjects": [] });
            let made = json!({ "decision": decision, "role": "steward", "settings": "" });
            read("decision_made", &made)
        };
        assert_eq!(of_content(&decision("merge")), 0);
        assert_eq!(of_content(&decision("second-look")), 7);
        assert_eq!(of_content(&decision("grant")), GRANTS);
        assert_eq!(of_content(&decision("suspend")), GRANTS);
        let check = json!({ "check": { "census": "S4", "decision": "D9" } });
        assert_eq!(of_content(&task("check", check)), GRANTS);
        assert!(known_vocabulary() >= GRANTS);
    }
}
