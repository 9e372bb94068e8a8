//! What is withheld while a second look waits: from whoever is asked, and from nobody else.

use super::bulk::{queue, step};
use super::second_looks::{DAY, answer, asked_again, decided_a_day_ago, decides, told};
use super::*;
use crate::testing::{self, Seen};
use domain::{FieldName, Subject, TaskReason};
use door::operations::{
    Compare, ErasureRequest, Explain, Export, FindPerson, FindRecord, Follow, ForeseeErasure,
    ForeseeHandOver, History, LastDecision, Preview, ShowCustomer, ShowDecision, ShowRecord,
    WholeTask,
};
use door::views::{FinderHit, FinderReport};
use door::{BulkOutcome, BulkVerdict};

fn exported(test: &mut TestDesk, dataset: &str) -> String {
    let request = Export {
        dataset: dataset.to_owned(),
        format: "csv".to_owned(),
        since: None,
        at: None,
        filter: None,
        with_golden: false,
        used_for: None,
        csv: Default::default(),
        destination: testing::destination("out.csv"),
        dry_run: false,
    };
    let out = Seen::default();
    testing::export(test.desk(), &request, out.clone()).unwrap();
    out.text()
}

/// What an answer would do is told whichever way it goes, and nothing of what was said first.
fn foreseen_without_the_first(test: &mut TestDesk, again: TaskId) {
    for (merge, says) in [(true, "merge"), (false, "not-a-match")] {
        let request = answer(test, again, merge);
        let view = test.ask(Preview { request, unmask: false }).unwrap();
        assert_eq!(view.effect, format!("answers again for C1, C7: {says}; changes no customer"));
        assert_eq!(view.refusal, None);
        assert_eq!(
            view.golden.get("given_name").map(|it| it.text.to_string()),
            Some("Thomas".into())
        );
        let verdict = if merge { BulkVerdict::Merge } else { BulkVerdict::NotAMatch };
        let bulk = step(test, &verdict, true, &BulkOutcome::default());
        assert!(bulk.results.iter().all(|result| !result.summary.contains("where D1 says")));
        let request = test.ask(WholeTask { task: again, verdict }).unwrap();
        assert_eq!(request.task, Some(again), "both customers of then are in it");
    }
}

#[test]
fn a_day_later_the_question_is_as_it_was_and_the_verdict_is_withheld() {
    for merge in [true, false] {
        let mut test = asked_again("1");
        let task = test.pending(TaskKind::Duplicate)[0];
        let question = test.task(task);
        let first = decides(&mut test, task, merge);
        let again = test.pending(TaskKind::Second)[0];
        let who = Subject::Customer(question.columns[0].customer);
        let early = answer(&mut test, again, merge);
        let refusal = test.is_refused(early).to_string();
        assert!(refusal.contains("a day old"), "{refusal}");
        let until = domain::Until::DataChanges;
        let defer = Request { task: Some(again), ..Request::new(Action::Defer { until }) };
        let refusal = test.is_refused(defer).to_string();
        assert!(refusal.contains("a day old"), "{refusal}");
        let told_early = told(&mut test, Some(who.clone()));
        assert!(!told_early[0].what.contains("withheld"), "{told_early:?}");
        test.clock.advance(DAY);
        foreseen_without_the_first(&mut test, again);
        let rows = queue(&mut test, Some("kind = second")).rows;
        assert_eq!((rows[0].task, rows[0].subject.as_str()), (again, "Ashgrove, Thomas"));
        assert!(rows[0].urgency.waits(), "it is due");
        let view = test.task(again);
        let cells = |view: &TaskView| -> Vec<_> {
            view.columns.iter().map(|it| (it.customer, it.cells.clone(), it.contradicts)).collect()
        };
        assert_eq!(cells(&view), cells(&question), "merged: {merge}");
        assert_eq!((view.earlier, view.task.unwrap().score), (Vec::new(), Some(0.9)));
        let withheld = format!("{first}: a verdict is withheld until {again} is answered");
        for of in [Some(who), Some(Subject::Decision(first)), Some(Subject::Task(task)), None] {
            let entries = told(&mut test, of.clone());
            let of_it = entries.iter().find(|entry| entry.decision == Some(first)).unwrap();
            let told = withheld.strip_prefix(&format!("{first}: ")).unwrap();
            assert_eq!((of_it.what.as_str(), of_it.changes.len()), (told, 0), "{of:?}");
        }
        let last = test.ask(LastDecision { undone: false }).unwrap().unwrap();
        assert_eq!((last.decision, last.line), (first, withheld));
        let pages = exported(&mut test, "decisions");
        assert!(pages.contains(&format!("withheld until {again} is answered")), "{pages}");
        assert!(!pages.contains("merge") && !pages.contains("not-a-match"), "{pages}");
    }
}

#[test]
fn what_shows_who_is_one_now_is_refused_to_whoever_is_asked_and_to_nobody_else() {
    for merge in [true, false] {
        let (mut test, pair, first, again) = decided_a_day_ago(merge);
        let address = |text: &str| text.parse::<RecordAddress>().unwrap();
        let (left, right) = (address("crm:1"), address("shop:1"));
        let at = Some("2026-11-01T08:02:30Z".parse().unwrap());
        let unmask = false;
        let asks = |test: &mut TestDesk| -> Vec<Result<(), String>> {
            let told = |outcome: Result<(), NotDone>| outcome.map_err(|error| error.to_string());
            let customer = |test: &mut TestDesk, customer| {
                told(test.ask(ShowCustomer { customer, at: None, unmask }).map(|_| ()))
            };
            vec![
                customer(test, pair[0]),
                customer(test, pair[1]),
                told(test.ask(ShowDecision { decision: first, unmask }).map(|_| ())),
                told(test.ask(ShowRecord { record: left.clone(), at: None, unmask }).map(|_| ())),
                told(
                    test.ask(Explain { left: left.clone(), right: right.clone(), unmask })
                        .map(|_| ()),
                ),
                told(test.ask(FindRecord { record: right.clone() }).map(|_| ())),
                told(test.ask(Compare { customers: pair.clone(), unmask }).map(|_| ())),
                told(test.ask(ShowTask { task: TaskId(1), unmask }).map(|_| ())),
            ]
        };
        let unmatched = "nothing has been matched";
        for refused in asks(&mut test) {
            let why = refused.unwrap_err();
            let tells = format!("withheld until {again} is answered");
            assert!(why.contains(&tells) || why.contains(unmatched), "{why}");
        }
        assert_eq!(test.ask(Follow { customer: pair[1] }).unwrap(), Some(pair[1]));
        let before = test.ask(ShowCustomer { customer: pair[1], at, unmask }).unwrap();
        assert_eq!(before.customer, pair[1], "what was before says nothing of the verdict");
        assert!(before.history.iter().all(|entry| !entry.what.contains("merged 2")));
        let others = test.customer("crm:2");
        test.ask(ShowCustomer { customer: others, at: None, unmask }).unwrap();
        test.desk().environment.actor = "kim".to_owned();
        for seen in asks(&mut test) {
            assert!(seen.is_ok() || seen.unwrap_err().contains(unmatched));
        }
        let answered = answer(&mut test, again, merge);
        let refusal = test.is_refused(answered).to_string();
        assert!(refusal.contains("asks sam again what sam decided"), "{refusal}");
        test.desk().environment.actor = "sam".to_owned();
        decides(&mut test, again, merge);
        for seen in asks(&mut test) {
            assert!(seen.is_ok() || seen.unwrap_err().contains(unmatched));
        }
    }
}

#[test]
fn a_search_says_that_there_is_somebody_and_not_who_is_one_with_them() {
    let (mut test, pair, ..) = decided_a_day_ago(true);
    let hit = |subject: Subject, customer| FinderHit {
        subject,
        customer: Some(customer),
        line: "Ashgrove, Thomas".to_owned(),
        positions: vec![0],
        closed: false,
        settled: None,
    };
    let other = test.customer("crm:2");
    let hits = vec![
        hit(Subject::Customer(pair[0]), pair[0]),
        hit(Subject::Record("shop:1".parse().unwrap()), pair[0]),
        hit(Subject::Customer(other), other),
    ];
    let report = FinderReport { hits, ..FinderReport::default() };
    let told = test.desk().withheld().unwrap().hits(report).hits;
    // How many customers they are would tell the verdict, so that only the record is named.
    assert_eq!(told.len(), 2);
    assert_eq!(told[0].line, "shop:1: a verdict is withheld until T7 is answered");
    assert!(told[0].customer.is_none() && told[0].positions.is_empty());
    assert_eq!((told[1].line.as_str(), told[1].customer), ("Ashgrove, Thomas", Some(other)));
}

#[test]
fn a_task_names_the_decision_by_its_id_and_nothing_of_it() {
    let (mut test, _, first, again) = decided_a_day_ago(true);
    let task = test.desk().facts().view.task(again).unwrap().unwrap().task;
    assert_eq!(task.reason, TaskReason::SecondLook { decision: first, by: None });
    let listing = TaskListing { whole: true, ..TaskListing::default() };
    let lines = test.ask(ListTasks { listing, part: 0 }).unwrap().lines;
    let line = lines.iter().find(|line| line.id == again);
    let rest = test.ask(ListTasks {
        listing: TaskListing { kind: Some(TaskKind::Second), ..TaskListing::default() },
        part: 0,
    });
    let line = line.cloned().unwrap_or_else(|| rest.unwrap().lines.remove(0));
    assert!(line.reason.contains("hidden until then") && !line.reason.contains("merge"));
    assert_eq!((line.name.as_str(), line.score), ("Ashgrove, Thomas", Some(0.9)));
}

#[test]
fn what_an_undo_would_take_back_is_withheld_beforehand() {
    for merge in [true, false] {
        let (mut test, _, first, again) = decided_a_day_ago(merge);
        let undo = |decisions| {
            let choices = Default::default();
            Request::new(Action::Undo { decisions, with_dependents: false, choices })
        };
        let preview = Preview { request: undo(vec![first]), unmask: false };
        let view = test.ask(preview.clone()).unwrap();
        let told = format!("would undo {first}: a verdict is withheld until {again} is answered");
        assert_eq!((view.effect, view.customer), (told, None));
        assert_eq!(view.golden, Default::default());
        test.desk().environment.actor = "kim".to_owned();
        let view = test.ask(preview).unwrap();
        assert!(view.effect.contains(&format!("undid {first} (")), "{}", view.effect);
    }
}

#[test]
fn what_is_asked_of_the_two_beforehand_tells_nothing_of_them() {
    for merge in [true, false] {
        let (mut test, pair, _, again) = decided_a_day_ago(merge);
        let other = test.customer("crm:2");
        let unmerge = || {
            let records = vec!["shop:1".parse().unwrap()];
            Request::new(Action::Unmerge { customer: pair[1], records })
        };
        let pin = || {
            let picks = [(FieldName::new("given_name"), door::Pick::Typed("Tom".to_owned()))];
            Request::new(Action::Pin { customer: pair[1], picks: picks.into() })
        };
        let two = vec![vec![pair[0]], vec![pair[1]]];
        let requests = || {
            let both = merge_request(&[&pair]);
            let apart = Request::new(Action::NotAMatch { groups: two.clone() });
            // Whether the second of the two is a customer of its own or not.
            vec![both, apart, unmerge(), pin(), merge_request(&[&[pair[1], other]])]
        };
        let effect = |test: &mut TestDesk, request: Request| {
            test.ask(Preview { request, unmask: false }).unwrap().effect
        };
        let told = format!("a verdict is withheld until {again} is answered");
        for request in requests() {
            let effect = effect(&mut test, request.clone());
            assert!(effect.ends_with(&told), "{request:?}: {effect}");
        }
        test.desk().environment.actor = "kim".to_owned();
        for request in requests() {
            let effect = effect(&mut test, request.clone());
            assert!(!effect.contains("withheld"), "{request:?}: {effect}");
        }
    }
}

/// Whatever was said, an answer says the same of each of the two.
#[test]
fn what_is_told_of_the_two_is_the_same_whatever_was_said() {
    let told = |merge: bool| {
        let (mut test, pair, first, again) = decided_a_day_ago(merge);
        let mut told = Vec::new();
        for (at, customer) in pair.iter().enumerate() {
            let customer = *customer;
            let shown = test.ask(ShowCustomer { customer, at: None, unmask: false });
            let why = shown.unwrap_err().to_string();
            assert!(
                why.contains(&format!("{customer}: a verdict is withheld until {again}")),
                "{why}"
            );
            told.push(why);
            let request = ErasureRequest {
                customer,
                reason: Some(domain::ReasonCode::new("request")),
                note: None,
                request: None,
            };
            told.push(test.ask(ForeseeErasure { request }).unwrap_err().to_string());
            let of = Some(Subject::Customer(customer));
            let history = test.ask(History { of, unmask: false }).unwrap();
            assert!(history.iter().any(|entry| entry.decision == Some(first)));
            assert_eq!(history.iter().filter(|it| it.decision.is_none()).count(), 1, "{history:?}");
            told.extend(
                history.iter().map(|entry| format!("{at} {} {}", entry.sequence, entry.what)),
            );
        }
        let of = Some(Subject::Task(again));
        told.push(test.ask(History { of, unmask: false }).unwrap_err().to_string());
        let view = test.task(again);
        let task = view.task.unwrap();
        told.push(format!("{} {} {:?}", view.version, task.opened, task.state));
        // Others are told what was said.
        test.desk().environment.actor = "kim".to_owned();
        test.ask(ShowCustomer { customer: pair[1], at: None, unmask: false }).unwrap();
        told
    };
    assert_eq!(told(true), told(false));
}

#[test]
fn a_report_on_a_person_is_never_held_back() {
    for merge in [true, false] {
        let (mut test, pair, ..) = decided_a_day_ago(merge);
        let record = "shop:1".parse().unwrap();
        let of_second = if merge { pair[0] } else { pair[1] };
        assert_eq!(test.ask(FindPerson { record }).unwrap(), of_second);
        for customer in pair {
            assert!(test.ask(ForeseeHandOver { customer }).unwrap().records > 0);
        }
    }
}

#[test]
fn a_refusal_to_undo_tells_nothing_of_a_later_decision_that_is_asked_again() {
    let mut test = asked_again("1");
    let (one, other) = (test.customer("crm:1"), test.customer("crm:2"));
    let earlier = test.does(merge_request(&[&[one, other]])).decision;
    let task = test.pending(TaskKind::Duplicate)[0];
    let later = decides(&mut test, task, true);
    let [again] = test.pending(TaskKind::Second)[..] else { unreachable!() };
    let undo = || {
        let (decisions, with_dependents) = (vec![earlier], false);
        Request::new(Action::Undo { decisions, with_dependents, choices: Default::default() })
    };
    let early = test.is_refused(undo()).to_string();
    assert!(early.contains(&format!("{later} (merged")), "{early}");
    test.clock.advance(DAY);
    let preview = Preview { request: undo(), unmask: false };
    for refused in [test.is_refused(undo()).to_string(), test.ask(preview).unwrap().effect] {
        let told = format!("{later}: a verdict is withheld until {again} is answered");
        assert!(refused.contains(&told) && !refused.contains("merged"), "{refused}");
    }
}
