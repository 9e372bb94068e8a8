//! What one has claimed, nobody else decides or changes: not the task, and not what it is about.

use super::bulk::{open_task, pairs};
use super::*;
use door::operations::{Changes, Claim, GiveUp, Preview, ShowTask};
use door::{Pick, SessionId};

fn session(person: &str, number: u64) -> Session {
    Session { id: SessionId(number), ..Session::local(person, TimeZone::UTC) }
}

fn act<O: Carry>(test: &mut TestDesk, who: &Session, operation: O) -> Outcome<O::Answer> {
    test.desk().act(who, operation, Streams::default())
}

fn held_by_kim() -> Refusal {
    Refusal::ClaimedBy { holder: "kim".to_owned() }
}

/// Ways to change what the first pair is about without naming its task.
fn ways(test: &mut TestDesk) -> Vec<(&'static str, Request)> {
    let [one, other, third] = ["crm:1", "shop:1", "crm:2"].map(|it| test.customer(it));
    let correct = fix_request("shop:1", "phone", "+14025550199");
    let pin = Action::Pin {
        customer: one,
        picks: [("given_name".into(), Pick::Typed("Tomas".to_owned()))].into(),
    };
    vec![
        ("merge", merge_request(&[&[one, other]])),
        ("merge with a third", merge_request(&[&[one, third]])),
        ("not a match", apart_request(&[&[one], &[other]])),
        ("not a match with a third", apart_request(&[&[other], &[third]])),
        ("fix", correct),
        ("fix of the other", fix_request("crm:1", "city", "Lincoln")),
        ("clear", clear_request("crm:1", "phone")),
        ("pin", Request::new(pin)),
    ]
}

#[test]
fn a_claim_keeps_everybody_else_from_what_its_task_is_about() {
    let mut test = pairs();
    let (kim, sam) = (session("kim", 1), session("sam", 2));
    let task = test.pending(TaskKind::Duplicate)[0];
    let ways = ways(&mut test);
    act(&mut test, &kim, Claim { task }).unwrap();
    for (way, request) in &ways {
        let decide = Decide { request: request.clone() };
        let refused = act(&mut test, &sam, decide).unwrap_err();
        assert_eq!(refused, NotDone::Refused(held_by_kim()), "{way}");
        for who in [&sam, &kim] {
            let preview = Preview { request: request.clone(), unmask: false };
            let foreseen = act(&mut test, who, preview).unwrap();
            let expected = (who.person == "sam").then(held_by_kim);
            assert_eq!(foreseen.refusal, expected, "{way}: dry run of {}", who.person);
        }
    }
    let version = test.task(task).version;
    let whole = apart_request(&[]).for_task(task, version);
    let foreseen = act(&mut test, &sam, Preview { request: whole, unmask: false }).unwrap();
    assert_eq!(foreseen.refusal, Some(held_by_kim()), "the task itself");
    // What the task is not about is anybody's.
    let decide = Decide { request: fix_request("crm:2", "city", "Lincoln") };
    act(&mut test, &sam, decide).unwrap();
    // Deliveries come in all the same.
    test.import("crm", "77,Zoe,Lund,zoe@example.com,,1990-01-02,,,,,\n");
    act(&mut test, &kim, GiveUp { task }).unwrap();
    for (way, request) in ways {
        let preview = Preview { request, unmask: false };
        assert_eq!(act(&mut test, &sam, preview).unwrap().refusal, None, "{way}: given up");
    }
}

#[test]
fn a_decision_that_would_settle_a_claimed_task_is_refused_and_undo_is_not() {
    let mut test = pairs();
    let (kim, sam) = (session("kim", 1), session("sam", 2));
    let customers = ["crm:1", "shop:1"].map(|it| test.customer(it));
    let earlier = test.does(fix_request("crm:1", "city", "Lincoln")).decision;
    // Another task about the same two: whoever answers one settles the other.
    open_task(test.desk(), &customers);
    let tasks = test.pending(TaskKind::Duplicate);
    let (first, last) = (tasks[0], *tasks.last().unwrap());
    act(&mut test, &kim, Claim { task: last }).unwrap();
    let version = test.task(first).version;
    let request = merge_request(&[&customers]).for_task(first, version);
    let refused = act(&mut test, &sam, Decide { request: request.clone() }).unwrap_err();
    assert_eq!(refused, NotDone::Refused(held_by_kim()));
    act(&mut test, &sam, Decide { request: undo_request(earlier, false) }).unwrap();
    let version = test.task(first).version;
    let request = Request { seen: Some(version), ..request };
    act(&mut test, &kim, Decide { request }).unwrap();
}

#[test]
fn a_correction_of_what_has_changed_since_it_was_seen_is_refused_with_who_did_what() {
    for change in ["record", "merge"] {
        let mut test = pairs();
        let (kim, sam) = (session("kim", 1), session("sam", 2));
        let task = test.pending(TaskKind::Duplicate)[0];
        let seen = test.task(task).version;
        let customers = ["crm:1", "shop:1"].map(|it| test.customer(it));
        let by_kim = match change {
            "record" => fix_request("crm:1", "city", "Lincoln"),
            _ => merge_request(&[&customers]),
        };
        act(&mut test, &kim, Decide { request: by_kim }).unwrap();
        let corrections =
            [fix_request("crm:1", "city", "Bellevue"), clear_request("crm:1", "phone")];
        for request in corrections.clone() {
            let stale = Request { seen: Some(seen), ..request };
            let refused = act(&mut test, &sam, Decide { request: stale }).unwrap_err();
            let NotDone::Refused(Refusal::Stale { since, .. }) = refused else {
                panic!("{change}: {refused:?}")
            };
            assert!(since.iter().any(|line| line.contains(" by kim")), "{change}: {since:?}");
        }
        for request in corrections {
            let now = test.desk().reader.head().unwrap().sequence;
            let fresh = Request { seen: Some(now), ..request };
            act(&mut test, &sam, Decide { request: fresh }).unwrap();
        }
    }
}

#[test]
fn an_erasure_is_told_to_whoever_is_there() {
    let mut test = pairs();
    let sam = session("sam", 2);
    let before = act(&mut test, &sam, Changes::default()).unwrap();
    let customer = test.customer("crm:1");
    test.erase(customer);
    let after = act(&mut test, &sam, Changes { since: before.at }).unwrap();
    assert_eq!(after.erased, before.erased + 1);
}

#[test]
fn who_may_not_answer_a_question_is_told_with_the_task() {
    let mut test = pairs();
    let task = test.pending(TaskKind::Duplicate)[0];
    let people = "\n[people.kim]\nstand_ins = [\"lee\"]\n[people.lee]\n[people.sam]\n";
    let file = test.workspace().settings();
    let text = std::fs::read_to_string(&file).unwrap();
    std::fs::write(&file, text + people).unwrap();
    test.desk().adopt_settings().unwrap();
    let action = Action::Escalate { to: "kim".to_owned() };
    let note = Some("one household?".to_owned());
    test.does(Request { task: Some(task), note, ..Request::new(action) });
    for (who, may) in [("kim", true), ("lee", true), ("sam", false)] {
        let view = act(&mut test, &session(who, 5), ShowTask { task, unmask: false }).unwrap();
        let why = view.not_yours_to_answer;
        assert_eq!(why.is_none(), may, "{who}: {why:?}");
        assert!(why.is_none_or(|why| why.contains("asked of kim")));
    }
}
