//! Decisions: partitions, versions, enforcement, waivers, unmerge.

use super::*;
use domain::TaskState;
use door::Rest;

const PAIR: &str = "\
1,Winifred,Ashgrove,w.ashgrove@example.com,+14025550148,,230 Prairie Avenue,Omaha,2001-04-17,,2026-01-20\n\
2,Winnie,Ashgrove,,,2004-09-14,230 Prairie Avenue,Omaha,,,2026-08-22\n";

fn pair() -> (TestDesk, CustomerId, CustomerId) {
    let mut test = TestDesk::new();
    test.import("crm", PAIR);
    let (one, two) = (test.customer("crm:1"), test.customer("crm:2"));
    (test, one, two)
}

#[test]
fn a_merge_that_would_newly_break_a_rule_is_refused_and_a_reason_waives_it() {
    let (mut test, one, two) = pair();
    let mut request = merge_request(&[&[one, two]]);
    match test.is_refused(request.clone()) {
        Refusal::Breaks { violations } => {
            assert_eq!(violations[0].rule.as_str(), "since-after-birth");
        }
        other => unreachable!("{other:?}"),
    }
    request.waive = vec!["since-after-birth".into()];
    assert!(matches!(test.is_refused(request.clone()), Refusal::ReasonRequired { .. }));
    request.reason = Some("checked".into());
    let done = test.does(request);
    assert_eq!(test.pending(TaskKind::Invalid), [], "a waived violation makes no task");
    let before = test.picture();
    test.undo(done.decision);
    assert_ne!(test.picture(), before);
}

#[test]
fn an_outdated_sight_is_refused_with_what_happened_in_between() {
    let (mut test, one, two) = pair();
    let seen = test.desk().facts().view.customer_version(one).unwrap();
    test.does(fix_request("crm:1", "city", "Lincoln"));
    let mut request = apart_request(&[&[one], &[two]]);
    request.seen = Some(seen);
    match test.is_refused(request) {
        Refusal::Stale { subject, since } => {
            assert_eq!(subject, one.to_string());
            assert_eq!(since, ["D1 corrected city of crm:1 by sam"]);
        }
        other => unreachable!("{other:?}"),
    }
}

#[test]
fn an_unreadable_correction_is_refused_at_its_field() {
    let (mut test, ..) = pair();
    let refused = test.is_refused(fix_request("crm:1", "birth_date", "1984-02-31"));
    assert_eq!(refused.field().map(ToString::to_string).as_deref(), Some("birth_date"));
}

#[test]
fn correcting_what_is_wrong_answers_the_task() {
    let mut test = TestDesk::new();
    test.import("crm", "1,Ada,Fernsby,ada@@example.com,,,,,,,\n");
    let [task] = test.pending(TaskKind::Invalid)[..] else { unreachable!("one invalid record") };
    let view = test.task(task);
    let fix = view.fix.clone().unwrap();
    assert_eq!(fix.violations[0].suggestion.as_deref(), Some("ada@example.com"));
    let done = test.does(Request::new(Action::Accept).for_task(task, view.version));
    let state = test.desk().facts().view.task(task).unwrap().unwrap().task.state;
    assert_eq!(state, TaskState::Decided { decision: done.decision });
    test.undo(done.decision);
    assert_eq!(test.pending(TaskKind::Invalid), [task], "undo reopens the task");
}

#[test]
fn a_unique_value_held_by_another_customer_is_an_error_until_they_merge() {
    let mut test = TestDesk::new();
    test.import(
        "crm",
        "1,Ada,Fernsby,,,,,,,M-77,\n2,A.,Fernsby,,,,,,,M-77,\n3,Bo,Tarn,,,,,,,M-78,\n",
    );
    assert_eq!(test.pending(TaskKind::Invalid).len(), 2, "both customers hold it");
    let (one, two) = (test.customer("crm:1"), test.customer("crm:2"));
    test.does(merge_request(&[&[one, two]]));
    assert_eq!(test.pending(TaskKind::Invalid), []);
}

#[test]
fn unmerge_gives_the_former_id_back_and_puts_them_apart() {
    let mut test = TestDesk::new();
    test.import("crm", "1,Ada,Fernsby,,,,,,,,\n2,Ida,Fernsby,,,,,,,,\n3,Eda,Fernsby,,,,,,,,\n");
    let ids = ["crm:1", "crm:2", "crm:3"].map(|address| test.customer(address));
    test.does(merge_request(&[&ids]));
    let before = test.picture();
    let done = test.does(Request::new(Action::Unmerge {
        customer: ids[0],
        records: vec!["crm:2".parse().unwrap()],
    }));
    assert_eq!(test.customer("crm:2"), ids[1], "its former id is free again");
    let refused = test.is_refused(merge_request(&[&[ids[0], ids[1]]]));
    assert_eq!(refused, Refusal::NotAMatchStands { decisions: vec![done.decision] });
    test.undo(done.decision);
    assert_eq!(test.picture(), before);
}

#[test]
fn the_survivors_own_record_leaves_under_a_new_id() {
    let mut test = TestDesk::new();
    test.import("crm", "1,Ada,Fernsby,,,,,,,,\n2,Ida,Fernsby,,,,,,,,\n");
    let (one, two) = (test.customer("crm:1"), test.customer("crm:2"));
    test.does(merge_request(&[&[one, two]]));
    test.does(Request::new(Action::Unmerge {
        customer: one,
        records: vec!["crm:1".parse().unwrap()],
    }));
    let new = test.customer("crm:1");
    assert!(new != one && new != two, "an id is never reused while it is taken");
    assert_eq!(test.customer("crm:2"), one);
}

#[test]
fn a_reason_off_the_list_is_refused_with_the_list() {
    let (mut test, one, two) = pair();
    let mut request = apart_request(&[&[one], &[two]]);
    request.reason = Some("because".into());
    let refused = test.is_refused(request).to_string();
    assert_eq!(refused, "`because` is not a reason for not-a-match: one of household, checked");
}

#[test]
fn the_rest_of_a_task_can_be_put_apart_in_one_go() {
    let mut test = TestDesk::new();
    let rows = "\
1,Marion,Feldspar,marion@example.com,+12175550101,,1 Elm Street,Salem,,,\n\
2,Marion,Feldspar,,+12175550101,,1 Elm Street,Salem,,,\n\
3,Marian,Feldspar,,,,1 Elm Street,Salem,,,\n";
    test.import("crm", rows);
    test.match_records();
    let tasks = test.pending(TaskKind::Duplicate);
    let Some(task) = tasks.first().copied() else { unreachable!("a task of namesakes") };
    let view = test.task(task);
    let ids: Vec<CustomerId> = view.columns.iter().map(|column| column.customer).collect();
    let request = Request::new(Action::Merge {
        groups: vec![ids[..2].to_vec()],
        into: None,
        picks: std::collections::BTreeMap::new(),
        rest: Rest::NotAMatch,
    });
    let done = test.does(request.for_task(task, view.version));
    let state = test.desk().facts().view.task(task).unwrap().unwrap().task.state;
    assert_eq!(state, TaskState::Decided { decision: done.decision });
}
