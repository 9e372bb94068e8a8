//! Whose what was done is while a record's key is somebody else's, or may be.

use super::*;
use domain::TaskKind;

const ANNA: &str = "1,Anna,Berger,anna@example.com,,1980-02-03,,,,,\n";
const MARCUS: &str = "1,Marcus,Holloway,mh@example.com,,1962-11-27,,,,,\n";

/// Anna, who did something by key and by address, then Marcus under her key, who did something as well.
fn held() -> (TestDesk, TaskId) {
    let mut test = TestDesk::governed(Databases::default(), 1, "\n[policy]\noverlay = \"hold\"\n");
    test.import("crm", ANNA);
    test.orders(100, &[("crm:1", "a1", "1.00 EUR"), ("anna@example.com", "a2", "2.00 EUR")]);
    test.orders(101, &[("mh@example.com", "m0", "9.00 EUR")]);
    test.import("crm", MARCUS);
    test.orders(102, &[("crm:1", "k1", "3.00 EUR"), ("mh@example.com", "m1", "4.00 EUR")]);
    test.orders(103, &[("anna@example.com", "a3", "5.00 EUR")]);
    let [task] = test.pending(TaskKind::Overlay)[..] else { panic!("no task") };
    (test, task)
}

/// Whose each is, by key, as desk and model say alike, and after a rebuild.
fn owned(test: &mut TestDesk) -> Vec<String> {
    let owned = test.owned();
    assert_eq!(owned, model::owned(test));
    test.rebuild();
    assert_eq!(test.owned(), owned);
    let word = |line: String| {
        let mut words = line.split(' ');
        format!("{} {}", words.next().unwrap(), words.next_back().unwrap())
    };
    owned.into_iter().map(word).collect()
}

fn answer(test: &mut TestDesk, task: TaskId, action: Action) -> DecisionId {
    let version = test.task(task).version;
    test.does(Request::new(action).for_task(task, version)).decision
}

const WHILE_HELD: [&str; 6] = ["a1 C1", "a2 C1", "a3 C1", "k1 C1", "m0 unknown", "m1 unknown"];

#[test]
fn what_is_held_back_or_not_believed_leads_nobody() {
    let (mut test, task) = held();
    assert_eq!(owned(&mut test), WHILE_HELD);
    let kept = answer(&mut test, task, Action::Keep);
    assert_eq!(owned(&mut test), WHILE_HELD);
    test.undo(kept);
    assert_eq!(owned(&mut test), WHILE_HELD);
    // The former one is delivered again: what was held back never came into force.
    test.import("crm", "1,Anna,Berger,anna@example.com,,1980-02-03,,Luton,,,\n");
    assert_eq!(owned(&mut test), WHILE_HELD);
}

#[test]
fn what_is_accepted_leads_to_the_customer_from_then_on() {
    let (mut test, task) = held();
    let accepted = answer(&mut test, task, Action::Accept);
    let after = ["a1 C1", "a2 C1", "a3 C1", "k1 C1", "m0 C1", "m1 C1"];
    assert_eq!(owned(&mut test), after);
    test.orders(104, &[("anna@example.com", "a4", "5.00 EUR")]);
    assert!(owned(&mut test).contains(&"a4 unknown".to_owned()));
    test.undo(accepted);
    let after = owned(&mut test);
    assert!(after.contains(&"a4 C1".to_owned()), "{after:?}");
    assert!(after.contains(&"m1 unknown".to_owned()), "{after:?}");
}

#[test]
fn a_report_on_whoever_has_the_key_now_holds_nothing_of_whoever_had_it() {
    let (mut test, task) = held();
    answer(&mut test, task, Action::NotAMatch { groups: Vec::new() });
    test.orders(104, &[("anna@example.com", "a4", "7.00 EUR")]);
    let report = |test: &mut TestDesk, customer: u32| {
        let report = test.desk().subject(CustomerId(customer)).unwrap();
        let report = serde_json::to_string(&report).unwrap();
        ["a1", "a2", "a3", "a4", "k1", "m0", "m1"].map(|key| report.contains(&format!("\"{key}\"")))
    };
    assert_eq!(report(&mut test, 2), [false, false, false, false, true, true, true]);
    assert_eq!(report(&mut test, 1), [true, true, true, true, false, false, false]);
}

#[test]
fn what_was_done_under_a_key_before_it_was_given_away_is_not_of_whoever_has_it_now() {
    let (mut test, task) = held();
    let apart = answer(&mut test, task, Action::NotAMatch { groups: Vec::new() });
    // Anna has no record any more.
    let after = ["a1 unknown", "a2 unknown", "a3 unknown", "k1 C2", "m0 C2", "m1 C2"];
    assert_eq!(owned(&mut test), after);
    assert_eq!(test.keys_of(CustomerId(2)), ["m1", "k1", "m0"]);
    test.undo(apart);
    assert_eq!(owned(&mut test), WHILE_HELD);
}

#[test]
fn it_stays_with_the_former_customer_who_has_other_records() {
    let (mut test, task) = held();
    test.import("shop", "a,Anna,Berger,,,1980-02-03,,,,,\n");
    let other = test.customer("shop:a");
    test.does(merge_request(&[&[CustomerId(1), other]]));
    answer(&mut test, task, Action::NotAMatch { groups: Vec::new() });
    let now = test.customer("crm:1");
    let owned = owned(&mut test);
    let of_anna = test.customer("shop:a");
    for key in ["a1", "a2"] {
        assert!(owned.contains(&format!("{key} {of_anna}")), "{owned:?}");
    }
    for key in ["k1", "m0", "m1"] {
        assert!(owned.contains(&format!("{key} {now}")), "{owned:?}");
    }
    assert_eq!(
        test.keys_of(of_anna).len(),
        2 + usize::from(owned.contains(&format!("a3 {of_anna}")))
    );
}
