//! Approvals: what is proposed does nothing, somebody else approves it, and then it is what it would have been.

use std::collections::BTreeMap;

use super::bulk::pairs_of;
use super::roles::person;
use super::*;
use domain::{
    BulkId, Decision, Entrance, Event, FieldName, ReasonCode, Sequence, TaskReason, TaskState,
    Verdict,
};
use door::operations::{
    Approvals, DecideInBulk, DecisionsOf, Erase, ErasureRequest, History, Preview, ShowApproval,
    ShowDecision,
};
use door::views::{ApprovalRow, ApprovalView};
use door::{DependantChoice, Operation};

/// Leads approve, stewards decide; both may undo and break the glass.
pub(super) const PEOPLE: &str = r#"
[roles.lead]
may = ["tasks", "show", "history", "decide", "fix", "undo", "hold", "grant", "unmask", "approve", "break-glass", "erase"]
[roles.steward]
may = ["tasks", "show", "history", "decide", "fix", "undo", "hold", "unmask", "approve", "break-glass"]
[people.ada]
role = "lead"
[people.lee]
role = "lead"
[people.sam]
role = "steward"
unix = "u-sam"
[people.kim]
role = "steward"
"#;
pub(super) const RULES: &str = r#"
[[approvals]]
when = "verdict = merge"
by = "lead"
due = 2
[[approvals]]
when = "verdict = correct and field = email"
by = "lead"
"#;

pub(super) fn world_under(rules: &str) -> TestDesk {
    let mut test = TestDesk::governed(Databases::default(), 1, &format!("{PEOPLE}{rules}"));
    pairs_of(&mut test);
    test
}

pub(super) fn world() -> TestDesk {
    world_under(RULES)
}

pub(super) fn over_ssh(name: &str) -> Session {
    Session { key_fingerprint: Some(format!("SHA256:{name}")), ..person(name, Entrance::Ssh) }
}

pub(super) fn ask_as<O: Carry>(
    test: &mut TestDesk,
    who: &Session,
    operation: O,
) -> Outcome<O::Answer> {
    test.clock.advance(60);
    test.desk().act(who, operation, Streams::default())
}

pub(super) fn does_as(test: &mut TestDesk, name: &str, request: Request) -> Receipt {
    ask_as(test, &over_ssh(name), Decide { request }).unwrap()
}

pub(super) fn refused_as(test: &mut TestDesk, who: &Session, request: Request) -> String {
    match ask_as(test, who, Decide { request }) {
        Err(NotDone::Refused(refusal)) => refusal.to_string(),
        other => panic!("{other:?}"),
    }
}

pub(super) fn approve(task: TaskId) -> Request {
    Request { task: Some(task), ..Request::new(Action::Approve { expect: None }) }
}

pub(super) fn approve_as_it_is(task: TaskId, digest: &str) -> Request {
    let expect = Some(digest.to_owned());
    Request { task: Some(task), ..Request::new(Action::Approve { expect }) }
}

pub(super) fn reject(task: TaskId) -> Request {
    let note = Some("not yet".to_owned());
    Request { task: Some(task), note, ..Request::new(Action::Reject) }
}

/// The first duplicate task, and the request that merges all of it.
pub(super) fn duplicate(test: &mut TestDesk, at: usize) -> (TaskId, Request) {
    let task = test.pending(TaskKind::Duplicate)[at];
    let view = test.task(task);
    let customers: Vec<CustomerId> = view.columns.iter().map(|it| it.customer).collect();
    (task, Request { task: Some(task), ..merge_request(&[&customers]) })
}

pub(super) fn state(test: &mut TestDesk, task: TaskId) -> TaskState {
    test.desk().facts().view.task(task).unwrap().unwrap().task.state
}

pub(super) fn decision(test: &mut TestDesk, id: DecisionId) -> Decision {
    test.desk().facts().decision(id).unwrap()
}

pub(super) fn view(test: &mut TestDesk, name: &str, task: TaskId) -> ApprovalView {
    ask_as(test, &over_ssh(name), ShowApproval { task, unmask: false }).unwrap()
}

pub(super) fn listed(test: &mut TestDesk, name: &str, mine: bool) -> Vec<ApprovalRow> {
    ask_as(test, &over_ssh(name), Approvals { mine }).unwrap()
}

#[test]
fn what_is_proposed_changes_nobody_and_what_is_approved_is_what_it_would_have_been() {
    let (mut test, mut free) = (world(), world_under(""));
    let (task, request) = duplicate(&mut test, 0);
    let before = test.picture();
    let told =
        ask_as(&mut test, &over_ssh("sam"), Preview { request: request.clone(), unmask: false })
            .unwrap();
    assert!(told.effect.contains("needs approval by lead (verdict = merge)"), "{}", told.effect);
    let proposed = does_as(&mut test, "sam", request.clone());
    let asks = proposed.proposed.unwrap();
    assert!(proposed.summary.contains("needs approval by lead"), "{}", proposed.summary);
    assert!(proposed.summary.ends_with(&asks.to_string()), "{}", proposed.summary);
    assert_eq!(test.picture(), before);
    assert!(
        matches!(state(&mut test, task), TaskState::Proposed { approval, .. } if approval == asks)
    );
    let rows = listed(&mut test, "lee", true);
    assert_eq!(rows.len(), 1);
    assert_eq!((rows[0].task, rows[0].who.as_str(), rows[0].answers), (asks, "sam", Some(task)));
    assert_eq!(rows[0].may, ["ada", "lee"]);
    assert!(rows[0].due.is_some() && rows[0].stuck.is_none() && rows[0].not_yours.is_none());
    assert_eq!(listed(&mut test, "sam", true), []);
    let shown = view(&mut test, "lee", asks);
    assert!(!shown.differs && shown.waits && shown.since.is_empty(), "{shown:?}");
    assert!(shown.preview.unwrap().effect.starts_with("would merge") || shown.digest.is_some());
    let approved = does_as(&mut test, "lee", approve(asks));
    let made = decision(&mut test, approved.decision);
    assert_eq!((made.verdict, made.approves), (Verdict::Merge, Some(proposed.decision)));
    assert_eq!((made.task, approved.settled), (Some(task), 0));
    assert!(
        matches!(state(&mut test, task), TaskState::Decided { decision } if decision == made.id)
    );
    assert!(
        matches!(state(&mut test, asks), TaskState::Decided { decision } if decision == made.id)
    );
    free.does(request);
    assert_eq!(test.picture(), free.picture());
    let ended = view(&mut test, "sam", asks);
    assert!(ended.ended.unwrap().starts_with("approved by lee"));
    test.rebuild();
    assert_eq!(test.picture(), free.picture());
}

#[test]
fn the_proposer_never_approves_by_any_path() {
    let mut test = world();
    // Sam is a lead by then: the rule is about hands, not about roles.
    let promoted = format!(
        "{SETTINGS}{}{RULES}",
        PEOPLE.replace("[people.sam]\nrole = \"steward\"", "[people.sam]\nrole = \"lead\"",)
    );
    let (task, request) = duplicate(&mut test, 0);
    let asks = does_as(&mut test, "sam", request.clone()).proposed.unwrap();
    test.adopts(&promoted);
    let sam = over_ssh("sam");
    for (who, why) in [
        (sam.clone(), "you proposed it"),
        (
            Session { key_fingerprint: Some("SHA256:other".into()), ..sam.clone() },
            "you proposed it",
        ),
        (Session { key_fingerprint: sam.key_fingerprint.clone(), ..over_ssh("lee") }, "same key"),
        (person("sam", Entrance::Socket), "you proposed it"),
        (Session { owns_files: true, ..person("sam", Entrance::Socket) }, "you proposed it"),
        (Session::local("sam", TimeZone::UTC), "you proposed it"),
        (Session::local("u-sam", TimeZone::UTC), "Unix user"),
        (over_ssh("kim"), "it is for lead to approve (ada, lee)"),
    ] {
        let expect = view(&mut test, "lee", asks).digest.unwrap();
        for request in [approve(asks), approve_as_it_is(asks, &expect), reject(asks)] {
            let refused = refused_as(&mut test, &who, request.clone());
            assert!(refused.contains(why), "{}: {refused}", who.person);
            let in_bulk = DecideInBulk { request, bulk: None, left: 0, rehearse: false };
            let told = ask_as(&mut test, &who, in_bulk).unwrap();
            assert!(told.results[0].refusal.is_some());
        }
    }
    // Under another name with the key, or the Unix user, of before.
    let renamed = promoted.replace("[people.sam]", "[people.samuel]");
    test.adopts(&renamed);
    let samuel = Session { person: "samuel".to_owned(), ..sam.clone() };
    assert!(refused_as(&mut test, &samuel, approve(asks)).contains("same key or Unix user"));
    let new_key = Session { key_fingerprint: Some("SHA256:new".into()), ..samuel };
    assert!(refused_as(&mut test, &new_key, approve(asks)).contains("same key or Unix user"));
    // Somebody edits the proposal: both have had a hand in it.
    test.adopts(&promoted);
    let edited = does_as(&mut test, "lee", request).proposed.unwrap();
    assert_eq!(state(&mut test, asks), TaskState::Settled);
    for name in ["lee", "sam"] {
        let refused = refused_as(&mut test, &over_ssh(name), approve(edited));
        assert!(refused.contains("you proposed it"), "{name}: {refused}");
    }
    let made = does_as(&mut test, "ada", approve(edited)).decision;
    // Nor does whoever asks to undo it, or to redo it.
    let undo = does_as(&mut test, "ada", undo_request(made, false)).proposed.unwrap();
    assert!(refused_as(&mut test, &over_ssh("ada"), approve(undo)).contains("you proposed it"));
    let undone = does_as(&mut test, "lee", approve(undo)).decision;
    assert_eq!(state(&mut test, task), TaskState::Open);
    let redo = does_as(&mut test, "lee", undo_request(undone, false)).proposed.unwrap();
    assert!(refused_as(&mut test, &over_ssh("lee"), approve(redo)).contains("you proposed it"));
    does_as(&mut test, "ada", approve(redo));
    assert!(matches!(state(&mut test, task), TaskState::Decided { decision } if decision == made));
}

#[test]
fn a_golden_value_that_changes_is_another_outcome() {
    let mut test = world();
    let (_, request) = duplicate(&mut test, 0);
    let Action::Merge { groups, .. } = &request.action else { unreachable!() };
    let (customer, pins) = (groups[0][0], FieldName::new("city"));
    let asks = does_as(&mut test, "sam", request).proposed.unwrap();
    let picks = BTreeMap::from([(pins, door::Pick::Typed("Nowhere".to_owned()))]);
    does_as(&mut test, "kim", Request::new(Action::Pin { customer, picks }));
    let refusal =
        ask_as(&mut test, &over_ssh("lee"), Decide { request: approve(asks) }).unwrap_err();
    let NotDone::Refused(Refusal::OutcomeDiffers { digest, since, .. }) = refusal else {
        panic!("{refusal:?}")
    };
    assert!(since.iter().any(|line| line.contains("pinned city")), "{since:?}");
    let shown = view(&mut test, "lee", asks);
    assert_eq!((shown.differs, shown.digest.as_ref(), &shown.since), (true, Some(&digest), &since));
    for short in ["", &digest[..7], "0000000000000000"] {
        let request = approve_as_it_is(asks, short);
        assert!(ask_as(&mut test, &over_ssh("lee"), Decide { request }).is_err(), "{short}");
    }
    does_as(&mut test, "lee", approve_as_it_is(asks, &digest));
}

#[test]
fn what_happened_since_is_told_and_what_does_not_differ_is_approved() {
    let mut test = world();
    let (_, request) = duplicate(&mut test, 0);
    let asks = does_as(&mut test, "sam", request).proposed.unwrap();
    // The street of the source that is trusted more survives.
    does_as(&mut test, "kim", fix_request("shop:1", "street", "99 Long Road"));
    let shown = view(&mut test, "lee", asks);
    assert!(shown.since.iter().any(|line| line.contains("corrected street")), "{:?}", shown.since);
    assert!(!shown.differs);
    does_as(&mut test, "lee", approve(asks));
}

#[test]
fn a_rejected_and_a_withdrawn_proposal_leave_everything_as_it_was() {
    for ends in ["reject", "withdraw", "decide otherwise"] {
        let mut test = world();
        let (task, request) = duplicate(&mut test, 0);
        let (before, waits) = (test.picture(), state(&mut test, task));
        let proposed = does_as(&mut test, "sam", request.clone());
        let asks = proposed.proposed.unwrap();
        let later = Action::Defer { until: domain::Until::DataChanges };
        for action in [later, Action::Escalate { to: "lee".to_owned() }] {
            let put_off = Request { task: Some(task), ..Request::new(action) };
            assert!(
                refused_as(&mut test, &over_ssh("kim"), put_off).contains("waits for the approval")
            );
        }
        match ends {
            "reject" => {
                let no_word = Request { note: None, ..reject(asks) };
                assert!(refused_as(&mut test, &over_ssh("lee"), no_word).contains("needs a text"));
                let rejected = does_as(&mut test, "lee", reject(asks));
                assert_eq!(decision(&mut test, rejected.decision).verdict, Verdict::Reject);
                assert_eq!(state(&mut test, task), waits);
                // Whoever may reject undoes that, and the proposal waits again.
                does_as(&mut test, "lee", undo_request(rejected.decision, false));
                assert!(matches!(state(&mut test, task), TaskState::Proposed { .. }));
                assert!(state(&mut test, asks).is_pending());
                does_as(&mut test, "ada", reject(asks));
            }
            "withdraw" => {
                let back = does_as(&mut test, "sam", undo_request(proposed.decision, false));
                assert_eq!(back.proposed, None, "{}", back.summary);
                assert_eq!(state(&mut test, asks), TaskState::Settled);
                assert_eq!(state(&mut test, task), waits);
                // And is proposed again by undoing that.
                let again = does_as(&mut test, "sam", undo_request(back.decision, false));
                assert_eq!(again.proposed, None);
                assert!(state(&mut test, asks).is_pending());
                does_as(&mut test, "sam", undo_request(again.decision, false));
            }
            _ => {
                let Action::Merge { groups, .. } = &request.action else { unreachable!() };
                let apart: Vec<&[CustomerId]> = groups[0].chunks(1).collect();
                let other = Request { task: Some(task), ..apart_request(&apart) };
                let told = does_as(&mut test, "kim", other);
                assert_eq!((told.proposed, told.settled), (None, 0));
                assert_eq!(state(&mut test, asks), TaskState::Settled);
                let refused = refused_as(&mut test, &over_ssh("lee"), approve(asks));
                assert!(refused.contains("is already settled"), "{refused}");
                test.undo(told.decision);
            }
        }
        assert_eq!(test.picture(), before, "{ends}");
        assert!(!state(&mut test, asks).is_pending() || ends == "decide otherwise", "{ends}");
        let dump = test.dump();
        test.rebuild();
        assert_eq!(test.dump(), dump, "{ends}");
    }
}

#[test]
fn undoing_what_was_approved_needs_approval_and_brings_everything_back() {
    let mut test = world();
    let (task, request) = duplicate(&mut test, 0);
    let before = test.picture();
    let proposed = does_as(&mut test, "sam", request);
    let made = does_as(&mut test, "lee", approve(proposed.proposed.unwrap()));
    let after = test.picture();
    let refused = refused_as(&mut test, &over_ssh("sam"), undo_request(proposed.decision, false));
    assert!(refused.contains(&format!("answered by {}", made.decision)), "{refused}");
    let undo = does_as(&mut test, "lee", undo_request(made.decision, false));
    assert_eq!(test.picture(), after, "{}", undo.summary);
    assert!(undo.summary.contains("needs approval by lead"), "{}", undo.summary);
    let undone = does_as(&mut test, "ada", approve(undo.proposed.unwrap()));
    assert_eq!(test.picture(), before);
    assert_eq!(state(&mut test, task), TaskState::Open);
    let redo = does_as(&mut test, "sam", undo_request(undone.decision, false));
    does_as(&mut test, "ada", approve(redo.proposed.unwrap()));
    assert_eq!(test.picture(), after);
}

#[test]
fn a_bulk_is_so_many_proposals_of_which_some_are_approved() {
    let mut test = world();
    let tasks = test.pending(TaskKind::Duplicate);
    let sam = over_ssh("sam");
    let step = |rehearse| door::BulkStep {
        verdict: door::BulkVerdict::Merge,
        reason: None,
        note: None,
        tasks: tasks.iter().take(3).map(|task| (*task, None)).collect(),
        bulk: None,
        left: 0,
        rehearse,
        break_glass: None,
    };
    let told = ask_as(&mut test, &sam, door::operations::DecideSome { step: step(true) }).unwrap();
    assert!(
        told.results.iter().all(|it| it.summary.contains("needs approval by lead")),
        "{told:?}"
    );
    let done = ask_as(&mut test, &sam, door::operations::DecideSome { step: step(false) }).unwrap();
    let asks: Vec<TaskId> = done.results.iter().filter_map(|it| it.proposed).collect();
    assert_eq!(asks.len(), 3, "{done:?}");
    let rows = listed(&mut test, "lee", false);
    assert!(rows.iter().all(|row| row.bulk == done.bulk), "{rows:?}");
    let (one, other) = (approve(asks[0]), approve(asks[1]));
    let first = DecideInBulk { request: one, bulk: None, left: 1, rehearse: false };
    let first = ask_as(&mut test, &over_ssh("lee"), first).unwrap();
    let more = DecideInBulk { request: other, bulk: first.bulk, left: 0, rehearse: false };
    let more = ask_as(&mut test, &over_ssh("lee"), more).unwrap();
    assert!(more.results[0].refusal.is_none() && first.bulk != done.bulk, "{more:?}");
    assert_eq!(test.pending(TaskKind::Approval), [asks[2]]);
    // The bulk of proposals is taken back as far as it still waits.
    let rest = ask_as(&mut test, &sam, DecisionsOf { bulk: BulkId(1) }).unwrap();
    let (choices, with_dependents) = (BTreeMap::<DecisionId, DependantChoice>::new(), false);
    let undo = Request::new(Action::Undo { decisions: rest, with_dependents, choices });
    let told = does_as(&mut test, "sam", undo);
    assert_eq!(told.proposed, None, "{}", told.summary);
    assert_eq!(test.pending(TaskKind::Approval), []);
    assert_eq!(state(&mut test, tasks[2]), TaskState::Open);
}

#[test]
fn broken_glass_decides_at_once_and_somebody_else_reviews_it() {
    let mut test = world();
    let (task, request) = duplicate(&mut test, 0);
    let (before, glass) = (test.picture(), Some("court date today".to_owned()));
    let blank = Request { break_glass: Some(" ".to_owned()), ..request.clone() };
    assert!(refused_as(&mut test, &over_ssh("sam"), blank).contains("needs a reason"));
    let done = does_as(&mut test, "sam", Request { break_glass: glass.clone(), ..request });
    assert_eq!(done.proposed, None);
    assert!(
        done.summary.contains("to be reviewed by lead (verdict = merge): T"),
        "{}",
        done.summary
    );
    assert!(matches!(state(&mut test, task), TaskState::Decided { .. }));
    let made = decision(&mut test, done.decision);
    let broken = made.broken_glass.clone().unwrap();
    assert_eq!((made.verdict, Some(broken.reason)), (Verdict::Merge, glass));
    let shown = view(&mut test, "lee", broken.task);
    assert!(shown.row.done && shown.preview.is_none(), "{shown:?}");
    for request in [approve(broken.task), reject(broken.task)] {
        let refused = refused_as(&mut test, &over_ssh("sam"), request);
        assert!(refused.contains("you proposed it"), "{refused}");
    }
    let after = test.picture();
    let answer = does_as(&mut test, "lee", reject(broken.task));
    assert_eq!(test.picture(), after, "it is undone by whoever undoes it");
    assert_eq!(decision(&mut test, answer.decision).verdict, Verdict::Reject);
    let undone = does_as(&mut test, "kim", undo_request(done.decision, false));
    assert_eq!(undone.proposed, None);
    assert_eq!(test.picture(), before);
    // Bringing it back is as doing it.
    let redo = does_as(&mut test, "sam", undo_request(undone.decision, false));
    assert!(redo.proposed.is_some());
    // Whoever lacks the verb breaks no glass.
    let settings = PEOPLE.replace(", \"break-glass\"]\n[people.ada]", "]\n[people.ada]");
    test.adopts(&format!("{SETTINGS}{settings}{RULES}"));
    let (_, request) = duplicate(&mut test, 0);
    let request = Request { break_glass: Some("now".to_owned()), ..request };
    let refused = refused_as(&mut test, &over_ssh("kim"), request);
    assert!(refused.contains("may not break-glass"), "{refused}");
}

#[test]
fn every_way_to_decide_is_asked_and_what_is_refused_is_no_proposal() {
    let mut test = world_under(
        "[[approvals]]\nwhen = \"verdict in (merge, correct, pin, hold, undo, not-a-match, unmerge, waive)\"\n\
         by = \"lead\"\n",
    );
    let (_, merge) = duplicate(&mut test, 0);
    let Action::Merge { groups, .. } = merge.action.clone() else { unreachable!() };
    let customer = groups[0][0];
    let picks = BTreeMap::from([(FieldName::new("city"), door::Pick::Typed("Nowhere".into()))]);
    let reason = Some(ReasonCode::new("checked"));
    let before = test.picture();
    for request in [
        Request { task: None, ..merge.clone() },
        apart_request(&[&groups[0][..1], &groups[0][1..]]),
        fix_request("crm:1", "city", "Nowhere"),
        Request::new(Action::Pin { customer, picks }),
        Request { reason, ..Request::new(Action::Hold { customer, until: None }) },
    ] {
        // The owner of the machine as well: it is a rule of work.
        let done = test.does(request.clone());
        assert!(done.proposed.is_some(), "{request:?}");
        assert!(test.is_refused(request).to_string().contains("already asks"));
    }
    assert_eq!(test.picture(), before);
    let broken = fix_request("crm:1", "email", "no address");
    let tasks = test.pending(TaskKind::Approval).len();
    assert!(!test.is_refused(broken).to_string().is_empty());
    assert!(matches!(test.is_refused(merge_request(&[&[customer]])), Refusal::DoesNotApply { .. }));
    assert_eq!(test.pending(TaskKind::Approval).len(), tasks);
}

#[test]
fn a_role_that_is_gone_leaves_it_to_todays_rule_and_a_rule_that_is_gone_frees_nothing() {
    let mut test = world();
    let (_, request) = duplicate(&mut test, 0);
    let asks = does_as(&mut test, "sam", request).proposed.unwrap();
    // The rule is gone: it waits all the same.
    test.adopts(&format!("{SETTINGS}{PEOPLE}"));
    assert!(refused_as(&mut test, &over_ssh("kim"), approve(asks)).contains("for lead"));
    // So is the role: nobody but whoever no role binds.
    let people = PEOPLE.replace("lead", "chief");
    test.adopts(&format!("{SETTINGS}{people}"));
    let rows = listed(&mut test, "kim", false);
    assert!(rows[0].stuck.as_ref().unwrap().contains("undo the proposal"), "{rows:?}");
    assert!(
        refused_as(&mut test, &over_ssh("lee"), approve(asks))
            .contains("no longer in the settings")
    );
    // Today's rule names another.
    test.adopts(&format!("{SETTINGS}{people}{}", RULES.replace("lead", "chief")));
    assert_eq!(listed(&mut test, "lee", true).len(), 1);
    does_as(&mut test, "lee", approve(asks));
}

#[test]
fn an_erased_persons_proposal_is_closed_and_nothing_of_it_is_left() {
    let mut test = world();
    let request = fix_request("crm:1", "email", "secret.words@example.com");
    let note = Some("secret note".to_owned());
    let proposed = does_as(&mut test, "sam", Request { note, ..request });
    let asks = proposed.proposed.unwrap();
    let customer = test.customer("crm:1");
    let kept = decision(&mut test, proposed.decision);
    assert!(kept.proposal.unwrap().request.contains("secret.words"));
    let reason = Some(ReasonCode::new("request"));
    let request = ErasureRequest { customer, reason, note: None, request: None };
    test.ask(Erase { request }).unwrap();
    assert_eq!(state(&mut test, asks), TaskState::Settled);
    let left = decision(&mut test, proposed.decision);
    let proposal = left.proposal.unwrap();
    assert!(proposal.request.is_empty() && left.note.is_none());
    assert_eq!(proposal.digest, domain::Fingerprint::default());
    assert!(!view(&mut test, "lee", asks).waits);
}

#[test]
fn history_and_exports_name_both_people() {
    let mut test = world();
    let (_, request) = duplicate(&mut test, 0);
    let proposed = does_as(&mut test, "sam", request);
    let made = does_as(&mut test, "lee", approve(proposed.proposed.unwrap())).decision;
    let shown = test.ask(ShowDecision { decision: made, unmask: false }).unwrap();
    assert_eq!(
        (shown.approves, shown.proposed_by.as_deref()),
        (Some(proposed.decision), Some("sam"))
    );
    let history = test.ask(History { of: None, unmask: false }).unwrap();
    let told = history.iter().find(|entry| entry.what.contains("(proposal D1)"));
    assert!(told.is_some(), "{history:?}");
    let request = testing::whole(crate::jobs::Dataset::Decisions, crate::export::Format::JsonLines);
    let out = testing::Seen::default();
    testing::export(test.desk(), &request, out.clone()).unwrap();
    let text = out.text();
    let row = text.lines().find(|line| line.contains("\"merge\"")).unwrap();
    assert!(row.contains("\"proposed_by\":\"sam\"") && row.contains("lee"), "{row}");
}

#[test]
fn a_proposal_is_of_its_vocabulary_and_reads_back() {
    let mut test = world();
    let (_, request) = duplicate(&mut test, 0);
    let made = does_as(&mut test, "sam", request.clone());
    let commit = test.desk().facts().commit(made.sequence).unwrap();
    let kept = commit.events.iter().find_map(|event| match event {
        Event::DecisionMade(made) => made.decision.proposal.clone(),
        _ => None,
    });
    let inner = crate::approvals::request_of(&kept.unwrap()).unwrap();
    assert_eq!(inner, Request { seen: None, ..request });
    assert!(made.sequence > Sequence::ZERO && Decide::VERB == "decide");
    let asks = test.pending(TaskKind::Approval);
    let entry = test.desk().facts().view.task(asks[0]).unwrap().unwrap();
    assert_eq!(entry.task.reason, TaskReason::Approval { decision: made.decision });
}
