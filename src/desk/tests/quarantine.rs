//! A record that is set aside takes no part, and comes back with other content or by undo.

use super::*;

const TWO: &str = "\
1,Thomas,Oakhollow,thomas@example.com,+12175550104,1984-03-12,12 Rose Lane,Springfield,,,2026-03-02\n";
const BROKEN: &str =
    "2,Tom,Oakhollow,no address,+12175550104,1984-03-12,12 Rose Lane,Decatur,,,2026-04-02\n";
const MENDED: &str =
    "2,Tom,Oakhollow,tom@example.org,+12175550104,1984-03-12,12 Rose Lane,Decatur,,,2026-05-02\n";

fn quarantine(address: &str) -> Request {
    Request::new(Action::Quarantine { record: address.parse().unwrap() })
}

fn with_task() -> (TestDesk, TaskId) {
    let mut test = TestDesk::new();
    test.import("crm", TWO);
    test.import("shop", BROKEN);
    let [task] = test.pending(TaskKind::Invalid)[..] else { unreachable!("one invalid record") };
    (test, task)
}

#[test]
fn a_quarantined_record_answers_its_task_and_lends_no_value() {
    let (mut test, task) = with_task();
    let before = test.picture();
    let version = test.task(task).version;
    let done = test.does(quarantine("shop:2").for_task(task, version));
    assert!(done.summary.starts_with("quarantined shop:2: "), "{}", done.summary);
    assert_eq!(test.pending(TaskKind::Invalid), []);
    let set_aside = test.customer("shop:2");
    let line = test.picture().into_iter().find(|line| line.starts_with(&set_aside.to_string()));
    assert!(!line.unwrap().contains("Tom"), "none of its values survives");

    test.undo(done.decision);
    assert_eq!(test.picture(), before);
    assert_eq!(test.pending(TaskKind::Invalid), [task]);
}

#[test]
fn its_values_leave_the_golden_record_it_belongs_to() {
    let (mut test, _) = with_task();
    let (one, two) = (test.customer("crm:1"), test.customer("shop:2"));
    test.does(merge_request(&[&[one, two]]));
    let golden = |test: &mut TestDesk| test.picture()[0].clone();
    let before = golden(&mut test);
    test.does(quarantine("crm:1"));
    let after = golden(&mut test);
    assert!(before.contains("given_name=Thomas") && after.contains("given_name=Tom "), "{after}");
    assert_eq!(test.customer("crm:1"), one, "it stays a member");
    let twice = test.is_refused(quarantine("crm:1")).to_string();
    assert_eq!(twice, "crm:1 was already quarantined by D2");
}

#[test]
fn other_content_ends_it_and_the_same_does_not() {
    let (mut test, task) = with_task();
    test.does(quarantine("shop:2"));
    test.import("shop", BROKEN);
    assert_eq!(test.pending(TaskKind::Invalid), [], "nothing new was delivered");
    test.import("shop", &BROKEN.replace("Decatur", "Salem"));
    let [again] = test.pending(TaskKind::Invalid)[..] else { unreachable!("it is asked about") };
    assert_ne!(again, task, "what was settled stays settled");
    test.does(quarantine("shop:2"));
    test.import("shop", MENDED);
    assert_eq!(test.pending(TaskKind::Invalid), []);
    let customer = test.customer("shop:2");
    let line = test.picture().into_iter().find(|line| line.starts_with(&customer.to_string()));
    assert!(line.unwrap().contains("email=tom@example.org"));
}

#[test]
fn it_is_not_compared_and_a_rebuilt_store_knows() {
    let (mut test, _) = with_task();
    test.does(quarantine("shop:2"));
    let crowd: String = (0..40)
        .map(|n| format!("p{n},Given{n},Family{n},g{n}@example.com,,19{}-01-01,,,,,\n", 50 + n))
        .collect();
    test.import("crm", &crowd);
    test.match_records();
    let (one, two) = (test.customer("crm:1"), test.customer("shop:2"));
    assert_ne!(one, two);
    assert_eq!(test.pending(TaskKind::Duplicate), []);
    let before = (test.picture(), test.pending_picture());
    test.rebuild();
    assert_eq!((test.picture(), test.pending_picture()), before);
}

#[test]
fn the_other_holder_of_a_unique_value_is_asked_about_again_once_it_is_undone() {
    let mut test = TestDesk::new();
    test.import("crm", "1,Ada,Fernsby,,,,,,,M-77,\n2,Bo,Tarn,,,,,,,M-77,\n");
    let before = test.pending_picture();
    assert_eq!(before.len(), 2, "both hold it");
    let done = test.does(quarantine("crm:1"));
    assert_eq!(test.pending(TaskKind::Invalid), [], "nobody else holds it any more");
    let undone = test.undo(done.decision);
    assert_eq!(test.pending_picture(), before);
    assert!(undone.summary.ends_with("T1 and T2 wait again"), "{}", undone.summary);
    // A while later, with the store read again, as well.
    test.undo(undone.decision);
    test.import("crm", "3,Cy,Wold,,,,,,,,\n");
    test.reopen();
    test.undo(done.decision);
    assert_eq!(test.pending_picture(), before);
}

#[test]
fn whoever_comes_to_share_a_unique_value_by_new_data_or_a_correction_is_asked_about() {
    let mut test = TestDesk::new();
    test.import("crm", "1,Ada,Fernsby,,,,,,,M-1,\n2,Bo,Tarn,,,,,,,M-2,\n3,Cy,Wold,,,,,,,M-3,\n");
    test.import("crm", "2,Bo,Tarn,,,,,,,M-1,\n");
    assert_eq!(test.pending(TaskKind::Invalid).len(), 2, "the one that had it, too");
    test.import("crm", "2,Bo,Tarn,,,,,,,M-2,\n");
    assert_eq!(test.pending(TaskKind::Invalid), []);
    // A correction that would make two of them share it is refused, as any new error.
    assert!(matches!(
        test.is_refused(fix_request("crm:3", "member_number", "M-2")),
        Refusal::Breaks { .. }
    ));
}

#[test]
fn an_undone_waiver_leaves_its_task_settled_where_the_source_mended_the_value() {
    let (mut test, task) = with_task();
    let version = test.task(task).version;
    let record = "shop:2".parse().unwrap();
    let mut waive = Request::new(Action::Waive { record, rules: Vec::new() });
    waive.reason = Some("checked".into());
    let waived = test.does(waive.for_task(task, version));
    test.import("shop", MENDED);
    let undone = test.undo(waived.decision);
    assert_eq!(
        test.desk().facts().view.task(task).unwrap().unwrap().task.state,
        domain::TaskState::Settled
    );
    test.undo(undone.decision);
    let decided = domain::TaskState::Decided { decision: waived.decision };
    assert_eq!(test.desk().facts().view.task(task).unwrap().unwrap().task.state, decided);
}
