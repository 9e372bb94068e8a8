//! Deliveries that make somebody else of a record: held back, asked about, decided, taken back.

use super::overview::verify;
use super::*;
use domain::{FieldName, ImportId, TaskState};
use door::operations::{Delivery, Reread};
use std::collections::BTreeMap;

const ANNA: &str = "1,Anna,Berger,anna@example.com,+12025550143,1980-02-03,,Ware,,,\n";
const ANNA_MOVED: &str = "1,Anna,Berger,anna@example.com,+12025550143,1980-02-03,,Luton,,,\n";
const MARCUS: &str = "1,Marcus,Holloway,mh@example.com,+12025550199,1962-11-27,,Perth,,,\n";
const MARCUS_MOVED: &str = "1,Marcus,Holloway,mh@example.com,+12025550199,1962-11-27,,York,,,\n";
const PRIYA: &str = "1,Priya,Nair,pn@example.com,+12025550177,1991-06-30,,Kochi,,,\n";
const OTHER: &str = "2,Ida,Fernsby,ida@example.com,+12175550105,1955-01-09,,Hitchin,,,\n";

fn desk(policy: &str) -> TestDesk {
    let more = format!("\n[policy]\noverlay = \"{policy}\"\n");
    let mut test = TestDesk::governed(Databases::default(), 1, &more);
    test.import("crm", &format!("{ANNA}{OTHER}"));
    test
}

/// A desk that holds Marcus back, and the task that asks.
fn held() -> (TestDesk, TaskId) {
    let mut test = desk("hold");
    let outcome = test.import("crm", MARCUS);
    assert_eq!((outcome.report.changed, outcome.report.overlaid, outcome.overlay_tasks), (1, 1, 1));
    let task = asked(&mut test);
    (test, task)
}

fn asked(test: &mut TestDesk) -> TaskId {
    let [task] = test.pending(TaskKind::Overlay)[..] else {
        panic!("{:?}", test.pending_picture());
    };
    task
}

fn answer(test: &mut TestDesk, task: TaskId, action: Action) -> Receipt {
    let version = test.task(task).version;
    test.does(Request::new(action).for_task(task, version))
}

fn apart() -> Action {
    Action::NotAMatch { groups: Vec::new() }
}

/// What people see, without ids that lead on for ever since they may have been exported meanwhile.
fn picture(test: &mut TestDesk) -> Vec<String> {
    test.picture().into_iter().filter(|line| !line.contains(" -> ")).collect()
}

/// The golden line of a record's customer.
fn golden(test: &mut TestDesk, address: &str) -> String {
    let customer = test.customer(address).to_string() + " ";
    test.picture().into_iter().find(|line| line.starts_with(&customer)).unwrap_or_default()
}

fn is_of(test: &mut TestDesk, name: &str) -> bool {
    golden(test, "crm:1").contains(name)
}

fn state(test: &mut TestDesk, task: TaskId) -> TaskState {
    test.desk().facts().view.task(task).unwrap().unwrap().task.state
}

fn withdraw(test: &mut TestDesk, import: u32) {
    test.clock.advance(60);
    let request = Reread { undoes: Some(ImportId(import)), ..Reread::default() };
    let _ = *testing::run_while(test.desk(), request, Streams::default(), |_| true).unwrap();
}

/// The decisions that keep an import from being undone.
fn refused(test: &mut TestDesk, import: u32) -> Vec<DecisionId> {
    let request = Reread { undoes: Some(ImportId(import)), ..Reread::default() };
    match testing::run_while(test.desk(), request, Streams::default(), |_| true) {
        Err(NotDone::Refused(Refusal::DecidedOn { on, .. })) => {
            on.into_iter().map(|it| it.decision).collect()
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_reused_key_is_held_back_until_somebody_says_whose_it_is() {
    let mut test = desk("hold");
    let before = picture(&mut test);
    test.import("crm", MARCUS);
    assert_eq!(picture(&mut test), before, "the former values are in force");
    verify(&mut test);
    let task = asked(&mut test);
    let view = test.task(task);
    assert_eq!(
        view.reasons,
        [
            "I2 delivered another name, date of birth for crm:1",
            "the former values stay in force until somebody decides"
        ]
    );
    let dispute = view.dispute.unwrap();
    let of =
        |field: &str| dispute.values.iter().find(|value| value.field.as_str() == field).unwrap();
    assert_eq!(of("given_name").sides(), Some(["Anna", "Marcus"]));
    assert_eq!(dispute.keep, "keeps the former values");

    let accepted = answer(&mut test, task, Action::Accept);
    assert!(
        accepted.summary.starts_with("accepted what was delivered of C1"),
        "{}",
        accepted.summary
    );
    assert!(is_of(&mut test, "Marcus"));
    assert_eq!(test.customer("crm:1"), CustomerId(1));
    let decided = picture(&mut test);
    verify(&mut test);
    test.rebuild();
    assert_eq!(picture(&mut test), decided);
    let undone = test.undo(accepted.decision);
    assert_eq!(picture(&mut test), before);
    assert_eq!(test.pending(TaskKind::Overlay), [task]);
    test.undo(undone.decision);
    assert_eq!(picture(&mut test), decided);
    assert_eq!(test.pending(TaskKind::Overlay), []);
    verify(&mut test);
}

#[test]
fn whoever_is_kept_stays_until_somebody_else_comes() {
    let (mut test, task) = held();
    let before = picture(&mut test);
    let kept = answer(&mut test, task, Action::Keep);
    assert_eq!(picture(&mut test), before);
    assert_eq!(test.pending(TaskKind::Overlay), []);
    // The same again, and the same person at another address: that was answered.
    for rows in [MARCUS, MARCUS_MOVED] {
        test.import("crm", rows);
        assert_eq!(picture(&mut test), before);
        assert_eq!(test.pending(TaskKind::Overlay), []);
        verify(&mut test);
    }
    let undone = test.undo(kept.decision);
    assert_eq!(test.pending(TaskKind::Overlay), [task], "it is asked again");
    test.undo(undone.decision);
    assert_eq!(test.pending(TaskKind::Overlay), []);
    // Somebody else is another question.
    test.import("crm", PRIYA);
    assert_eq!(picture(&mut test), before);
    let other = asked(&mut test);
    answer(&mut test, other, Action::Accept);
    assert!(is_of(&mut test, "Priya"));
    verify(&mut test);
}

#[test]
fn who_has_the_key_now_is_a_customer_of_their_own() {
    let (mut test, task) = held();
    let before = picture(&mut test);
    let decided = answer(&mut test, task, apart());
    assert_eq!(test.customer("crm:1"), CustomerId(3));
    assert!(is_of(&mut test, "Marcus"));
    let facts = test.desk().facts();
    assert_eq!(facts.view.follow(CustomerId(1)).unwrap(), None, "the former id leads to nobody");
    verify(&mut test);
    let after = picture(&mut test);
    test.rebuild();
    assert_eq!(picture(&mut test), after);
    let undone = test.undo(decided.decision);
    assert_eq!(picture(&mut test), before);
    assert_eq!(test.pending(TaskKind::Overlay), [task]);
    test.undo(undone.decision);
    assert_eq!(picture(&mut test), after);
    verify(&mut test);
}

#[test]
fn of_several_records_the_one_with_the_reused_key_leaves() {
    let mut test = desk("hold");
    test.import("shop", "a,Anna,Berger,anna@example.com,,1980-02-03,,Ware,,,\n");
    let groups = vec![vec![CustomerId(1), CustomerId(3)]];
    let merge =
        Action::Merge { groups, into: None, picks: BTreeMap::new(), rest: door::Rest::Stay };
    test.does(Request::new(merge));
    test.import("crm", MARCUS);
    let before = picture(&mut test);
    let task = asked(&mut test);
    let decided = answer(&mut test, task, apart());
    assert_eq!(test.customer("shop:a"), CustomerId(1));
    assert!(golden(&mut test, "shop:a").contains("Anna"));
    assert_eq!(test.customer("crm:1"), CustomerId(4));
    assert!(is_of(&mut test, "Marcus"));
    verify(&mut test);
    test.undo(decided.decision);
    assert_eq!(picture(&mut test), before);
}

#[test]
fn its_customer_is_merged_and_split_while_it_is_held() {
    let (mut test, task) = held();
    test.import("shop", "a,Anna,Berger,anna@example.com,,1980-02-03,,Ware,,,\n");
    let groups = vec![vec![CustomerId(1), CustomerId(3)]];
    let merge = Action::Merge {
        groups,
        into: Some(CustomerId(3)),
        picks: BTreeMap::new(),
        rest: door::Rest::Stay,
    };
    test.does(Request::new(merge));
    assert_eq!(asked(&mut test), task);
    let entry = test.desk().facts().view.task(task).unwrap().unwrap().task;
    assert_eq!(entry.customers, [CustomerId(3)]);
    let records = vec!["crm:1".parse().unwrap()];
    test.does(Request::new(Action::Unmerge { customer: CustomerId(3), records }));
    let entry = test.desk().facts().view.task(task).unwrap().unwrap().task;
    assert_eq!(entry.customers, [CustomerId(1)]);
    assert!(is_of(&mut test, "Anna"));
    answer(&mut test, task, Action::Accept);
    assert!(is_of(&mut test, "Marcus"));
    verify(&mut test);
}

#[test]
fn who_comes_again_ends_the_question() {
    let (mut test, task) = held();
    let before = picture(&mut test);
    let again = test.import("crm", MARCUS);
    assert_eq!((again.report.unchanged, again.report.overlaid), (1, 0));
    assert_eq!(asked(&mut test), task);
    let outcome = test.import("crm", ANNA_MOVED);
    assert_eq!((outcome.report.changed, outcome.report.overlaid), (1, 0));
    assert_eq!(state(&mut test, task), TaskState::Settled);
    assert!(is_of(&mut test, "Luton"));
    let record = test.desk().facts().find(&"crm:1".parse().unwrap()).unwrap().unwrap();
    assert_eq!(test.desk().facts().view.record_state(record).unwrap().overlaid, None);
    verify(&mut test);
    test.import("crm", ANNA);
    assert_eq!(picture(&mut test), before);
}

#[test]
fn a_third_person_is_judged_against_the_first() {
    let (mut test, task) = held();
    let before = picture(&mut test);
    test.import("crm", PRIYA);
    assert_eq!(picture(&mut test), before);
    assert_eq!(asked(&mut test), task, "one question a record");
    assert!(test.task(task).reasons[0].starts_with("I3 delivered"));
    answer(&mut test, task, Action::Accept);
    assert!(is_of(&mut test, "Priya"));
    verify(&mut test);
}

#[test]
fn an_import_that_is_taken_back_takes_what_it_held_back_with_it() {
    let (mut test, task) = held();
    let before = picture(&mut test);
    withdraw(&mut test, 2);
    assert_eq!(picture(&mut test), before);
    assert_eq!(test.pending(TaskKind::Overlay), []);
    verify(&mut test);
    // And the other way round.
    withdraw(&mut test, 3);
    assert_eq!(picture(&mut test), before);
    let again = asked(&mut test);
    verify(&mut test);
    let accepted = answer(&mut test, again, Action::Accept);
    assert!(is_of(&mut test, "Marcus"));
    // Somebody decided about it: that is undone first.
    assert_eq!(refused(&mut test, 2), [accepted.decision]);
    assert!(is_of(&mut test, "Marcus"));
    test.undo(accepted.decision);
    withdraw(&mut test, 2);
    assert!(is_of(&mut test, "Anna"));
    assert_eq!(test.pending(TaskKind::Overlay), []);
    verify(&mut test);
    test.rebuild();
    assert!(is_of(&mut test, "Anna"));
    assert_ne!(state(&mut test, task), TaskState::Open);
    // And cannot come back before what it was about is delivered again.
    let undone = test.desk().facts().view.counters().unwrap().decisions;
    let redo = Request::new(Action::Undo {
        decisions: vec![DecisionId(undone)],
        with_dependents: false,
        choices: BTreeMap::new(),
    });
    let refusal = test.is_refused(redo).to_string();
    assert!(refusal.contains("is not delivered any more"), "{refusal}");
}

#[test]
fn a_decision_is_taken_back_after_a_later_delivery() {
    let (mut test, task) = held();
    let before = picture(&mut test);
    let accepted = answer(&mut test, task, Action::Accept);
    test.import("crm", MARCUS_MOVED);
    assert!(is_of(&mut test, "York"));
    test.undo(accepted.decision);
    assert_eq!(picture(&mut test), before, "what came since is of the same somebody else");
    assert_eq!(test.pending(TaskKind::Overlay), [task]);
    verify(&mut test);
    let accepted = answer(&mut test, task, Action::Accept);
    assert!(is_of(&mut test, "York"));
    // Anna comes again after Marcus was accepted: now she is somebody else.
    test.import("crm", ANNA);
    assert!(is_of(&mut test, "York"));
    let other = asked(&mut test);
    // Without that decision she is who she was.
    test.undo(accepted.decision);
    assert_eq!(picture(&mut test), before);
    assert_eq!(test.pending(TaskKind::Overlay), []);
    assert_eq!(state(&mut test, other), TaskState::Settled);
    verify(&mut test);
}

#[test]
fn corrections_lie_over_the_values_in_force_and_end_with_the_person() {
    let mut test = desk("hold");
    let correct = |field: &str, value: &str| Action::Correct {
        record: "crm:1".parse().unwrap(),
        values: BTreeMap::from([(FieldName::new(field), value.to_owned())]),
        chosen: BTreeMap::new(),
        cleared: Vec::new(),
    };
    test.does(Request::new(correct("city", "Hertford")));
    test.import("crm", MARCUS);
    assert!(is_of(&mut test, "Hertford"));
    test.does(Request::new(correct("phone", "+12025550111")));
    assert!(is_of(&mut test, "12025550111"));
    let before = picture(&mut test);
    let task = asked(&mut test);
    // Accepted, corrections go on over the new values, and somebody is asked.
    let accepted = answer(&mut test, task, Action::Accept);
    assert!(is_of(&mut test, "Marcus") && is_of(&mut test, "Hertford"));
    assert_eq!(test.pending(TaskKind::Challenge).len(), 2);
    test.undo(accepted.decision);
    assert_eq!(picture(&mut test), before);
    assert_eq!(test.pending(TaskKind::Challenge), []);
    // Of somebody else they say nothing.
    let decided = answer(&mut test, task, apart());
    assert!(is_of(&mut test, "Perth") && is_of(&mut test, "12025550199"));
    assert_eq!(test.pending(TaskKind::Challenge), []);
    test.undo(decided.decision);
    assert_eq!(picture(&mut test), before);
    verify(&mut test);
}

#[test]
fn a_correction_that_the_source_takes_over_is_no_overlay() {
    let mut test = desk("hold");
    let values =
        [("given_name", "Marcus"), ("family_name", "Holloway"), ("birth_date", "1962-11-27")];
    let values = values.map(|(field, text)| (FieldName::new(field), text.to_owned()));
    let record = "crm:1".parse().unwrap();
    let (values, chosen, cleared) = (BTreeMap::from(values), BTreeMap::new(), Vec::new());
    test.does(Request::new(Action::Correct { record, values, chosen, cleared }));
    let outcome = test.import("crm", MARCUS);
    assert_eq!((outcome.report.changed, outcome.report.overlaid), (1, 0));
    assert!(is_of(&mut test, "Perth"));
}

#[test]
fn who_is_set_aside_or_closed_does_not_come_back_with_former_values() {
    let mut test = desk("hold");
    test.does(Request::new(Action::Quarantine { record: "crm:1".parse().unwrap() }));
    let before = picture(&mut test);
    test.import("crm", MARCUS);
    assert_eq!(picture(&mut test), before);
    let task = asked(&mut test);
    let accepted = answer(&mut test, task, Action::Accept);
    assert!(is_of(&mut test, "Marcus"));
    test.undo(accepted.decision);
    assert_eq!(picture(&mut test), before);
    verify(&mut test);
    // Set aside while it is held, it stays so.
    let (mut test, task) = held();
    test.does(Request::new(Action::Quarantine { record: "crm:1".parse().unwrap() }));
    answer(&mut test, task, Action::Accept);
    assert!(!is_of(&mut test, "Marcus") && !is_of(&mut test, "Anna"));
    verify(&mut test);
}

#[test]
fn a_record_that_vanishes_while_it_is_held_is_asked_about_beside() {
    let (mut test, task) = held();
    let delivery = Delivery { complete: true, accept_vanished: true, ..Delivery::default() };
    test.clock.advance(60);
    let request = Import { delivery, ..import_of("crm") };
    testing::import(test.desk(), request, format!("{HEADER}{OTHER}")).unwrap();
    let [vanished] = test.pending(TaskKind::Vanished)[..] else { panic!("no task") };
    answer(&mut test, vanished, Action::Accept);
    assert!(!is_of(&mut test, "Anna"));
    let closed = picture(&mut test);
    // It comes back as whoever is held back: nothing is opened by that.
    test.import("crm", MARCUS_MOVED);
    assert_eq!(picture(&mut test), closed);
    assert_eq!(asked(&mut test), task);
    answer(&mut test, task, Action::Accept);
    // It is closed still: what opens it is that its source delivers it once more.
    assert!(!is_of(&mut test, "Anna") && !is_of(&mut test, "Marcus"));
    verify(&mut test);
}

#[test]
fn by_ask_the_new_values_are_in_force_and_keep_brings_the_former_back() {
    let mut test = desk("ask");
    let before = picture(&mut test);
    let outcome = test.import("crm", MARCUS);
    assert_eq!((outcome.report.overlaid, outcome.overlay_tasks), (1, 1));
    assert!(is_of(&mut test, "Marcus"));
    let during = picture(&mut test);
    let task = asked(&mut test);
    assert_eq!(test.task(task).reasons[1], "the delivered values are in force");
    let kept = answer(&mut test, task, Action::Keep);
    assert_eq!(picture(&mut test), before);
    verify(&mut test);
    test.import("crm", MARCUS_MOVED);
    assert_eq!(picture(&mut test), before);
    test.undo(kept.decision);
    assert_eq!(test.pending(TaskKind::Overlay), [task]);
    assert!(is_of(&mut test, "York"));
    let accepted = answer(&mut test, task, Action::Accept);
    assert!(is_of(&mut test, "York"));
    test.undo(accepted.decision);
    let decided = answer(&mut test, task, apart());
    assert_eq!(test.customer("crm:1"), CustomerId(3));
    test.undo(decided.decision);
    test.import("crm", MARCUS);
    assert_eq!(picture(&mut test), during);
    // The former person again: nothing is left to ask.
    test.import("crm", ANNA);
    assert_eq!(picture(&mut test), before);
    assert_eq!(test.pending(TaskKind::Overlay), []);
    verify(&mut test);
}

#[test]
fn without_a_policy_everything_is_as_it_was() {
    for policy in ["", "off"] {
        let mut test = match policy {
            "" => {
                let mut test = TestDesk::new();
                test.import("crm", &format!("{ANNA}{OTHER}"));
                test
            }
            policy => desk(policy),
        };
        let outcome = test.import("crm", MARCUS);
        assert_eq!((outcome.report.changed, outcome.report.overlaid), (1, 0), "{policy}");
        assert!(is_of(&mut test, "Marcus"));
        assert_eq!(test.pending(TaskKind::Overlay), []);
    }
}

#[test]
fn a_policy_that_changes_decides_nothing_that_was_delivered_before() {
    let (mut test, task) = held();
    let before = picture(&mut test);
    let settings = std::fs::read_to_string(test.workspace().settings()).unwrap();
    test.adopts(&settings.replace("overlay = \"hold\"", "overlay = \"off\""));
    assert_eq!(picture(&mut test), before);
    assert_eq!(asked(&mut test), task);
    verify(&mut test);
    // From now on what comes is taken.
    test.import("crm", MARCUS_MOVED);
    assert!(is_of(&mut test, "York"));
    assert_eq!(state(&mut test, task), TaskState::Settled);
    verify(&mut test);
}

#[test]
fn a_dry_run_says_how_many_would_be_held() {
    let mut test = desk("hold");
    // Masked values are not told by a rehearsal.
    let settings = std::fs::read_to_string(test.workspace().settings()).unwrap();
    test.adopts(&settings.replace("sensitive = true", "sensitive = false"));
    let before = test.dump();
    test.clock.advance(60);
    let request = Import { dry_run: true, ..import_of("crm") };
    let outcome = testing::import(test.desk(), request, format!("{HEADER}{MARCUS}")).unwrap();
    assert_eq!((outcome.report.overlaid, outcome.overlay_tasks), (1, 1));
    assert_eq!(test.dump(), before);
}

#[test]
fn a_row_that_lacks_columns_is_laid_over_what_was_delivered() {
    let (mut test, task) = held();
    let before = picture(&mut test);
    test.clock.advance(60);
    let rows = "id,email\n1,marcus@example.com\n";
    let outcome = testing::import(test.desk(), import_of("crm"), rows.to_owned()).unwrap();
    assert_eq!(outcome.report.changed, 1);
    assert_eq!(picture(&mut test), before);
    answer(&mut test, task, Action::Accept);
    assert!(is_of(&mut test, "Marcus") && is_of(&mut test, "marcus@example.com"));
    verify(&mut test);
}

/// Everything that is delivered comes and is undone in every order of two: nothing that nobody decided about comes
/// into force.
#[test]
fn imports_that_are_undone_bring_nothing_into_force_that_nobody_decided_about() {
    let rows = [ANNA_MOVED, MARCUS, MARCUS_MOVED, PRIYA];
    let mut tried = 0;
    for first in rows {
        for second in rows {
            for third in rows {
                let mut test = desk("hold");
                for row in [MARCUS, first, second, third] {
                    test.import("crm", row);
                }
                for (one, other) in [(5, 4), (4, 5), (4, 3), (3, 4), (5, 3), (3, 5)] {
                    withdraw(&mut test, one);
                    assert!(is_of(&mut test, "Anna"), "{first}{second}{third} {one}");
                    withdraw(&mut test, other);
                    assert!(is_of(&mut test, "Anna"), "{first}{second}{third} {one} {other}");
                    verify(&mut test);
                    // Both are there again.
                    let last = test.desk().facts().view.counters().unwrap().imports;
                    withdraw(&mut test, last);
                    withdraw(&mut test, last - 1);
                    assert!(is_of(&mut test, "Anna"), "{first}{second}{third} {one} {other} again");
                    verify(&mut test);
                    tried += 1;
                }
            }
        }
    }
    assert_eq!(tried, 4 * 4 * 4 * 6);
}

/// Why an import cannot be undone.
fn why_not(test: &mut TestDesk, import: u32) -> String {
    let request = Reread { undoes: Some(ImportId(import)), ..Reread::default() };
    match testing::run_while(test.desk(), request, Streams::default(), |_| true) {
        Err(NotDone::Refused(Refusal::DoesNotApply { why })) => why,
        other => panic!("{other:?}"),
    }
}

#[test]
fn who_was_before_is_not_taken_away_from_under_what_is_held_back() {
    for later in [&[][..], &[MARCUS_MOVED], &[PRIYA], &[PRIYA, MARCUS]] {
        let (mut test, task) = held();
        later.iter().for_each(|row| _ = test.import("crm", row));
        let last = 2 + later.len() as u32;
        let told = why_not(&mut test, 1);
        assert!(told.contains(&format!("undo I{last} first")), "{told}");
        if later.is_empty() {
            // Not believed, it is no better.
            answer(&mut test, task, Action::Keep);
            why_not(&mut test, 1);
        }
        assert!(is_of(&mut test, "Anna"), "{later:?}");
        // She is delivered again: then the first time is not needed, and the second cannot be spared.
        test.import("crm", ANNA_MOVED);
        withdraw(&mut test, 1);
        assert!(is_of(&mut test, "Luton"), "{later:?}");
        why_not(&mut test, last + 1);
        assert!(is_of(&mut test, "Luton"), "{later:?}");
        verify(&mut test);
    }
    // Whoever was held back first goes first.
    let (mut test, _) = held();
    withdraw(&mut test, 2);
    withdraw(&mut test, 1);
    assert!(!is_of(&mut test, "Anna") && !is_of(&mut test, "Marcus"));
    verify(&mut test);
}

#[test]
fn what_is_undone_beneath_does_not_come_back_by_a_later_undo() {
    let mut test = desk("hold");
    test.import("crm", MARCUS);
    test.import("crm", ANNA_MOVED);
    // What came since stays.
    withdraw(&mut test, 2);
    assert!(is_of(&mut test, "Luton"));
    withdraw(&mut test, 3);
    assert!(is_of(&mut test, "Ware"));
    // Nothing of that import could be undone, so that it stands, and is asked about again.
    assert_eq!(test.pending(TaskKind::Overlay).len(), 1);
    verify(&mut test);
}

#[test]
fn the_undo_of_an_import_names_the_decision_that_parted_its_record() {
    let (mut test, task) = held();
    let before = picture(&mut test);
    let decided = answer(&mut test, task, apart());
    assert_eq!(refused(&mut test, 2), [decided.decision]);
    assert_eq!(test.customer("crm:1"), CustomerId(3));
    test.undo(decided.decision);
    assert_eq!(picture(&mut test), before);
    withdraw(&mut test, 2);
    assert_eq!(picture(&mut test), before);
    assert_eq!(test.customer("crm:1"), CustomerId(1));
    assert_eq!(test.pending(TaskKind::Overlay), []);
    // What the customer moved on to in the meantime is another delivery's.
    test.import("crm", MARCUS_MOVED);
    let task = asked(&mut test);
    let decided = answer(&mut test, task, apart());
    test.import("crm", MARCUS);
    withdraw(&mut test, 5);
    assert!(is_of(&mut test, "York"), "who has the key now is not in doubt");
    assert_eq!(refused(&mut test, 4), [decided.decision]);
    verify(&mut test);
}

/// Systems blank a record before its key is used again.
#[test]
fn a_record_that_was_blanked_in_between_is_judged_against_whoever_it_named() {
    let blank = "1,,,,,,,,,,\n";
    let only_place = "1,,,anna@example.com,+12025550143,,,Ware,,,\n";
    for between in [blank, only_place] {
        let mut test = desk("hold");
        test.import("crm", between);
        assert_eq!(test.pending(TaskKind::Overlay), []);
        let outcome = test.import("crm", MARCUS);
        assert_eq!((outcome.report.overlaid, outcome.overlay_tasks), (1, 1), "{between}");
        assert!(!is_of(&mut test, "Marcus"));
        let task = asked(&mut test);
        assert!(test.task(task).reasons[0].contains("another name"), "{between}");
        // The former one again is no other.
        test.import("crm", ANNA_MOVED);
        assert!(is_of(&mut test, "Luton"));
        assert_eq!(test.pending(TaskKind::Overlay), []);
        verify(&mut test);
        test.import("crm", between);
        test.import("crm", MARCUS);
        let task = asked(&mut test);
        answer(&mut test, task, apart());
        // From then on it is of whoever it names now.
        test.import("crm", between);
        test.import("crm", MARCUS_MOVED);
        assert_eq!(test.pending(TaskKind::Overlay), []);
        assert!(is_of(&mut test, "York"));
        verify(&mut test);
    }
}

fn rereads(test: &mut TestDesk) -> door::views::RereadOutcome {
    test.clock.advance(60);
    *testing::run_while(test.desk(), Reread::default(), Streams::default(), |_| true).unwrap()
}

#[test]
fn a_reread_reads_what_is_in_force_beside_what_is_held_back() {
    let (mut test, task) = held();
    let settings = std::fs::read_to_string(test.workspace().settings()).unwrap();
    let other = settings.replace(", city = \"city\"", "");
    assert_ne!(other, settings);
    test.adopts(&other);
    let before = golden(&mut test, "crm:1");
    assert!(before.contains("Ware"));
    let outcome = rereads(&mut test);
    assert_eq!((outcome.read(), outcome.changed(), outcome.ended), (2, 2, 0));
    assert!(!is_of(&mut test, "Ware"), "{}", golden(&mut test, "crm:1"));
    assert!(is_of(&mut test, "Anna"));
    assert_eq!(test.pending(TaskKind::Overlay), [task]);
    verify(&mut test);
    assert!(rereads(&mut test).is_empty(), "a second one writes nothing");
    let kept = answer(&mut test, task, Action::Keep);
    test.adopts(&settings);
    rereads(&mut test);
    assert!(is_of(&mut test, "Ware"), "also what was answered follows the rules");
    assert_eq!(golden(&mut test, "crm:1"), before);
    verify(&mut test);
    test.rebuild();
    assert_eq!(golden(&mut test, "crm:1"), before);
    test.undo(kept.decision);
    assert_eq!(test.pending(TaskKind::Overlay), [task]);
    // Both rereads undone, and the import.
    withdraw(&mut test, 4);
    assert!(!is_of(&mut test, "Ware") && is_of(&mut test, "Anna"));
    withdraw(&mut test, 3);
    assert_eq!(golden(&mut test, "crm:1"), before);
    assert_eq!(test.pending(TaskKind::Overlay), [task]);
    verify(&mut test);
    answer(&mut test, task, Action::Accept);
    assert!(is_of(&mut test, "Perth"));
    verify(&mut test);
}

fn report(test: &mut TestDesk, customer: CustomerId) -> String {
    serde_json::to_string(&test.desk().subject(customer).unwrap()).unwrap()
}

#[test]
fn a_report_tells_each_of_the_two_what_is_theirs() {
    let mut test = desk("hold");
    let noted = |mut request: Request, note: &str| {
        request.note = Some(note.to_owned());
        request
    };
    test.does(noted(fix_request("crm:1", "city", "MARKcity"), "MARKfix"));
    test.import("crm", MARCUS);
    // Held back it is nobody's.
    let told = report(&mut test, CustomerId(1));
    assert!(told.contains("MARKfix") && told.contains("MARKcity"));
    for own in ["Marcus", "Holloway", "mh@example.com", "Perth", "1962"] {
        assert!(!told.contains(own), "{own}");
    }
    assert!(test.desk().subject(CustomerId(1)).unwrap().withheld > 0);
    test.does(noted(fix_request("crm:1", "phone", "+12025550111"), "MARKphone"));
    let task = asked(&mut test);
    let kept = answer(&mut test, task, Action::Keep);
    assert!(!report(&mut test, CustomerId(1)).contains("Marcus"), "not believed neither");
    test.undo(kept.decision);
    let decided = answer(&mut test, task, apart());
    let now = test.customer("crm:1");
    test.does(noted(fix_request("crm:1", "city", "NEWcity"), "NEWfix"));
    let told = report(&mut test, now);
    assert!(told.contains("Marcus") && told.contains("NEWfix") && told.contains("NEWcity"));
    for of_former in ["MARK", "Anna", "Berger", "anna@", "Ware", "0111", "0143"] {
        assert!(!told.contains(of_former), "{of_former}");
    }
    // And whoever it was of has a report still.
    let told = report(&mut test, CustomerId(1));
    for own in ["MARKfix", "MARKcity", "MARKphone", "Anna", "Ware", "0143"] {
        assert!(told.contains(own), "{own}: {told}");
    }
    for of_new in ["Marcus", "Holloway", "mh@example", "NEW", "Perth", "York"] {
        assert!(!told.contains(of_new), "{of_new}");
    }
    test.does(undo_request(decided.decision, true));
    assert!(report(&mut test, CustomerId(1)).contains("MARKfix"));
}

#[test]
fn nobody_is_erased_while_it_is_asked_whose_their_record_is() {
    let (mut test, task) = held();
    let request = super::erasure::request(CustomerId(1));
    let refused = |test: &mut TestDesk| {
        let foreseen = test.desk().foresee_erasure(&super::erasure::request(CustomerId(1)));
        match foreseen {
            Err(crate::error::Stop::Refused(refusal)) => refusal.to_string(),
            other => panic!("{other:?}"),
        }
    };
    let why = refused(&mut test);
    assert!(why.contains(&format!("decide {task} first")), "{why}");
    assert!(test.desk().erase(&request, &mut |_, _| {}).is_err());
    answer(&mut test, task, apart());
    // Whoever has the key now is not.
    test.desk().foresee_erasure(&super::erasure::request(CustomerId(3))).unwrap();
}

#[test]
fn the_former_customer_is_erased_alone_and_so_is_whoever_has_the_key_now() {
    let mut test = desk("hold");
    let noted = |mut request: Request, note: &str| {
        request.note = Some(note.to_owned());
        request
    };
    test.does(noted(fix_request("crm:1", "city", "MARKcity"), "MARKfix"));
    test.import("crm", MARCUS);
    let task = asked(&mut test);
    answer(&mut test, task, apart());
    test.does(noted(fix_request("crm:1", "city", "NEWcity"), "NEWfix"));
    let now = test.customer("crm:1");
    let of_now = golden(&mut test, "crm:1");
    let reach = test.desk().foresee_erasure(&super::erasure::request(CustomerId(1))).unwrap();
    assert_eq!((reach.records.len(), reach.revisions, reach.beside.len()), (0, 1, 1));
    assert!(reach.beside[0].words().contains(&now.to_string()), "{}", reach.beside[0].words());
    test.clock.advance(60);
    test.desk().erase(&super::erasure::request(CustomerId(1)), &mut |_, _| {}).unwrap();
    assert_eq!(golden(&mut test, "crm:1"), of_now, "whoever has the key now stays");
    verify(&mut test);
    let told = test.stored();
    for of_former in ["MARK", "Anna", "Berger", "anna@", "0143", "1980-02-03"] {
        assert!(!told.contains(of_former), "{of_former}");
    }
    for own in ["Marcus", "NEWcity", "NEWfix"] {
        assert!(told.contains(own), "{own}");
    }
    test.rebuild();
    assert_eq!(golden(&mut test, "crm:1"), of_now);
    // What they are, nobody can bring back; whoever has the key now comes again.
    assert!(test.desk().subject(CustomerId(1)).is_err());
    let outcome = test.import("crm", MARCUS_MOVED);
    assert_eq!((outcome.report.changed, outcome.report.suppressed), (1, 0));
    verify(&mut test);
    let reach = test.desk().foresee_erasure(&super::erasure::request(now)).unwrap();
    assert_eq!(reach.beside, [], "nothing is left of the former one");
    test.desk().erase(&super::erasure::request(now), &mut |_, _| {}).unwrap();
    let told = test.stored();
    assert!(!told.contains("Marcus") && !told.contains("NEW"));
}

#[test]
fn a_file_that_numbers_its_rows_anew_is_refused_before_they_are_written() {
    const BEFORE: [[&str; 10]; 2] = [
        ["Anna", "Ida", "Clara", "Dora", "Emil", "Fritz", "Greta", "Hugo", "Ines", "Jonas"],
        [
            "Berger", "Fernsby", "Oakley", "Quist", "Lindholm", "Moreau", "Novak", "Petrov",
            "Rossi", "Tanaka",
        ],
    ];
    const AFTER: [[&str; 10]; 2] = [
        [
            "Marcus",
            "Priya",
            "Wolfgang",
            "Xenia",
            "Zacharias",
            "Uwe",
            "Viola",
            "Sebastian",
            "Rupert",
            "Kwame",
        ],
        [
            "Holloway",
            "Nair",
            "Zimmermann",
            "Vasquez",
            "Okafor",
            "Haugen",
            "Yilmaz",
            "Castellanos",
            "Dupont",
            "Wojcik",
        ],
    ];
    let rows = |others: usize, of: usize| -> String {
        let row = |at: usize| {
            let (names, year) = if at < others { (AFTER, "1947-11") } else { (BEFORE, "1990-03") };
            let (given, family) = (names[0][at % 10], names[1][at / 10 % 10]);
            format!("{at},{given},{family},,,{year}-{:02},,Town{others},,,\n", 1 + at % 28)
        };
        (0..of).map(row).collect()
    };
    for (others, of, is_refused) in
        [(0, 100, false), (19, 100, false), (20, 200, false), (21, 200, true), (60, 60, true)]
    {
        let more = "\n[policy]\noverlay = \"hold\"\n";
        let mut test = TestDesk::governed(Databases::default(), 1, more);
        test.import("crm", &rows(0, of).replace("Town0", "Before"));
        test.clock.advance(60);
        let text = format!("{HEADER}{}", rows(others, of));
        let before = picture(&mut test);
        let outcome = testing::import(test.desk(), import_of("crm"), text.clone());
        assert_eq!(outcome.is_err(), is_refused, "{others} of {of}: {outcome:?}");
        if is_refused {
            let told = format!("{:?}", outcome.unwrap_err());
            assert!(told.contains("--accept-rekeyed"), "{told}");
            assert_eq!(picture(&mut test), before);
            assert_eq!(test.pending(TaskKind::Overlay), []);
            let delivery = Delivery { accept_rekeyed: true, ..Delivery::default() };
            let request = Import { delivery, ..import_of("crm") };
            let outcome = testing::import(test.desk(), request, text).unwrap();
            assert_eq!(outcome.report.overlaid, others as u64);
        }
        assert_eq!(test.pending(TaskKind::Overlay).len(), others);
    }
}
