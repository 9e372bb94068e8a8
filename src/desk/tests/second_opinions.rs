//! Second opinions: what somebody decided is asked of somebody else, who is not told what was said.

use super::bulk::{pairs_of, queue};
use super::overview::verify;
use super::role_masks::told;
use super::roles::person;
use super::second_looks::{answer, decides};
use super::*;
use crate::Databases;
use crate::export::Format;
use crate::jobs::Dataset;
use domain::{Answer, Entrance, FieldName, QueueOrder, RuleId, Subject, TaskState};
use door::operations::*;
use door::{Asked, BulkVerdict, Scope, Search, TaskListing};

/// Every decision comes back, to somebody else of these people.
fn between(by: &str, people: &str) -> TestDesk {
    let more = format!("[review]\nsecond = 1\nsecond_by = \"{by}\"\n{people}");
    let mut test = TestDesk::governed(Databases::default(), 1, &more);
    pairs_of(&mut test);
    test
}

const TWO: &str = "[people.sam]\n[people.kim]\n";

fn acts_as(test: &mut TestDesk, name: &str) {
    test.desk().environment.actor = name.to_owned();
}

/// The first pair decided by sam, and the task that asks somebody else.
fn decided(merge: bool, people: &str) -> (TestDesk, Vec<CustomerId>, DecisionId, TaskId) {
    let mut test = between("other", people);
    let task = test.pending(TaskKind::Duplicate)[0];
    let pair = test.task(task).columns.iter().map(|column| column.customer).collect();
    let first = decides(&mut test, task, merge);
    let [again] = test.pending(TaskKind::Second)[..] else { unreachable!() };
    (test, pair, first, again)
}

fn offered(test: &mut TestDesk) -> (Vec<TaskId>, usize) {
    let view = queue(test, None);
    (view.rows.iter().map(|row| row.task).collect(), view.counts.open)
}

fn asks(test: &mut TestDesk, task: TaskId) -> Option<String> {
    let entry = test.desk().facts().view.task(task).unwrap().unwrap();
    entry.task.second_by().map(str::to_owned)
}

#[test]
fn it_is_asked_of_somebody_else_at_once_and_offered_to_nobody_but_them() {
    let (mut test, _, _, again) = decided(true, &format!("{TWO}[people.ada]\n"));
    let asked = asks(&mut test, again).unwrap();
    assert!(["kim", "ada"].contains(&asked.as_str()), "{asked}");
    let counted =
        |test: &mut TestDesk| test.ask(CountWhere { filters: vec!["kind = second".into()] });
    let listed = |test: &mut TestDesk| {
        let listing = TaskListing { kind: Some(TaskKind::Second), ..TaskListing::default() };
        test.ask(ListTasks { listing, part: 0 }).unwrap().lines.len()
    };
    for name in ["sam", "kim", "ada"] {
        acts_as(&mut test, name);
        let is_asked = name == asked;
        let (tasks, open) = offered(&mut test);
        assert_eq!(tasks.contains(&again), is_asked, "{name}");
        assert_eq!((tasks.len(), open), (5 + usize::from(is_asked), 5 + usize::from(is_asked)));
        assert_eq!(counted(&mut test).unwrap(), [Some(usize::from(is_asked))], "{name}");
        assert_eq!(listed(&mut test), usize::from(is_asked), "{name}");
        if !is_asked {
            let request = answer(&mut test, again, true);
            let refusal = test.is_refused(request).to_string();
            let says = format!("{again} asks {asked} about what sam decided: nobody else");
            assert!(refusal.contains(&says), "{refusal}");
        }
    }
    acts_as(&mut test, &asked);
    let second = decides(&mut test, again, true);
    let look = test.desk().facts().decision(second).unwrap().second.unwrap();
    assert_eq!((look.first, look.second, look.agrees), (Answer::Merge, Answer::Merge, true));
    let made = test.ask(Dashboard {}).unwrap();
    assert_eq!(made.own.decisions(), 1, "it counts as the work of whoever answered");
    assert_eq!(made.second.all.pairs, 0, "it is not agreement with oneself");
    let names = ["sam", asked.as_str()].into_iter().collect::<std::collections::BTreeSet<_>>();
    let pair = names.into_iter().collect::<Vec<_>>().join(", ");
    assert_eq!(made.second.between.pairs[0].name, pair);
    assert_eq!((made.second.between.all.pairs, made.second.between.all.same), (1, 1));
    verify(&mut test);
    let dump = test.dump();
    test.rebuild();
    assert_eq!(test.dump(), dump, "replay gives the same");
}

#[test]
fn who_is_asked_follows_from_settings_and_roles_and_is_shared_out() {
    let role = "[roles.steward]\nmay = [\"show\", \"decide\"]\n[roles.viewer]\nmay = [\"show\"]\n";
    let steward = |name: &str| format!("[people.{name}]\nrole = \"steward\"\n");
    let viewer = |name: &str| format!("[people.{name}]\nrole = \"viewer\"\n");
    for (by, people, expected) in [
        ("other", String::new(), vec![None]),
        ("other", "[people.sam]\n".to_owned(), vec![None]),
        ("self", TWO.to_owned(), vec![None]),
        ("other", TWO.to_owned(), vec![Some("kim")]),
        ("both", TWO.to_owned(), vec![Some("kim"), None]),
        ("both", "[people.sam]\n".to_owned(), vec![None]),
        ("other", format!("{role}{}{}", viewer("kim"), steward("sam")), vec![None]),
        (
            "other",
            format!("{role}{}{}{}", viewer("kim"), steward("sam"), steward("ada")),
            vec![Some("ada")],
        ),
        ("other", format!("{role}{}[people.kim]\n", steward("ada")), vec![Some("ada")]),
    ] {
        let mut test = between(by, &people);
        let task = test.pending(TaskKind::Duplicate)[0];
        decides(&mut test, task, true);
        let asked: Vec<_> = test.pending(TaskKind::Second);
        let asked: Vec<_> = asked.into_iter().map(|task| asks(&mut test, task)).collect();
        let asked: Vec<Option<&str>> = asked.iter().map(|it| it.as_deref()).collect();
        assert_eq!(asked, expected, "{by} {people}");
    }
    // Of many, nobody is asked everything.
    let mut test = between("other", &format!("{TWO}[people.ada]\n[people.lee]\n"));
    for task in test.pending(TaskKind::Duplicate) {
        decides(&mut test, task, true);
    }
    let asked = test.pending(TaskKind::Second);
    let asked = asked.into_iter().filter_map(|task| asks(&mut test, task));
    let people = asked.collect::<std::collections::BTreeSet<_>>();
    assert!(people.len() > 1 && !people.contains("sam"), "{people:?}");
}

#[test]
fn whoever_leaves_is_asked_nothing_and_somebody_else_is_or_whoever_decided() {
    let (mut test, _, first, again) = decided(true, TWO);
    let adopts = |test: &mut TestDesk, people: &str| {
        let more = format!("[review]\nsecond = 1\n{people}");
        std::fs::write(test.workspace().settings(), format!("{SETTINGS}{more}")).unwrap();
        test.desk().adopt_settings().unwrap();
    };
    adopts(&mut test, "[people.sam]\n[people.ada]\n");
    acts_as(&mut test, "kim");
    assert!(!offered(&mut test).0.contains(&again));
    test.ask(ShowDecision { decision: first, unmask: false }).unwrap();
    acts_as(&mut test, "ada");
    assert!(offered(&mut test).0.contains(&again));
    let why = test.ask(ShowDecision { decision: first, unmask: false }).unwrap_err().to_string();
    assert!(why.contains("withheld"), "{why}");
    adopts(&mut test, "[people.sam]\n");
    assert!(!offered(&mut test).0.contains(&again));
    acts_as(&mut test, "sam");
    assert!(offered(&mut test).0.contains(&again));
    decides(&mut test, again, true);
    assert_eq!(test.ask(MatchStatus {}).unwrap().second.all.pairs, 1, "asked of oneself");
    verify(&mut test);
}

#[test]
fn two_who_differ_ask_a_lead_who_sees_both_with_their_names() {
    for merge in [true, false] {
        let (mut test, _, first, again) = decided(merge, TWO);
        acts_as(&mut test, "kim");
        let picture = test.picture();
        let second = decides(&mut test, again, !merge);
        assert_eq!(test.picture(), picture, "what was said first stands until a lead decides");
        let [lead] = test.pending(TaskKind::Second)[..] else { unreachable!() };
        let to = TaskState::Escalated { to: "lead".to_owned(), decision: second };
        assert_eq!(test.desk().facts().view.task(lead).unwrap().unwrap().task.state, to);
        acts_as(&mut test, "lead");
        let reasons = test.task(lead).reasons;
        assert!(reasons[0].contains("(D1, sam,"), "{reasons:?}");
        assert!(reasons[1].contains(&format!("({second}, kim,")), "{reasons:?}");
        test.undo(first);
        assert_eq!(test.pending(TaskKind::Second), [], "the lead took the first back");
        verify(&mut test);
    }
}

#[test]
fn neither_of_two_who_differ_says_which_verdict_stands_where_somebody_else_can() {
    for (people, is_left) in [(TWO, false), ("[people.sam]\n[people.kim]\n[people.lee]\n", true)] {
        let mut test = between("other", people);
        let task = test.pending(TaskKind::Duplicate)[0];
        decides(&mut test, task, true);
        let [again] = test.pending(TaskKind::Second)[..] else { unreachable!() };
        let second = if asks(&mut test, again).as_deref() == Some("lee") { "lee" } else { "kim" };
        acts_as(&mut test, second);
        decides(&mut test, again, false);
        let [lead] = test.pending(TaskKind::Second)[..] else { unreachable!() };
        let keep = || Request { task: Some(lead), ..Request::new(Action::Keep) };
        for own in ["sam", second] {
            acts_as(&mut test, own);
            let kept = test.decide(keep());
            assert_eq!(kept.is_err(), is_left, "{own}: {kept:?}");
            if !is_left {
                break;
            }
        }
        if is_left {
            acts_as(&mut test, if second == "lee" { "kim" } else { "lee" });
            test.decide(keep()).unwrap();
        }
    }
}

#[test]
fn of_both_neither_is_told_what_was_said_before_they_have_answered() {
    for merge in [true, false] {
        let mut test = between("both", TWO);
        let task = test.pending(TaskKind::Duplicate)[0];
        let first = decides(&mut test, task, merge);
        let [other, own] = test.pending(TaskKind::Second)[..] else { unreachable!() };
        acts_as(&mut test, "kim");
        let second = decides(&mut test, other, merge);
        acts_as(&mut test, "sam");
        test.clock.advance(super::second_looks::DAY);
        // That kim agreed tells sam what sam said.
        for decision in [first, second] {
            let told = test.ask(ShowDecision { decision, unmask: false }).unwrap_err().to_string();
            assert!(told.contains(&format!("withheld until {own}")), "{told}");
        }
        decides(&mut test, own, merge);
        let counted = test.ask(MatchStatus {}).unwrap().second;
        assert_eq!((counted.all.pairs, counted.between.all.pairs), (1, 1));
        verify(&mut test);
    }
}

#[test]
fn whoever_may_settle_it_is_asked_whatever_the_role_is_called() {
    let people = "[roles.clerk]\nmay = [\"tasks\", \"show\", \"decide\"]\n\
        [roles.chief]\nmay = [\"tasks\", \"show\", \"decide\", \"approve\"]\n\
        [people.sam]\nrole = \"clerk\"\n[people.kim]\nrole = \"clerk\"\n[people.ada]\nrole = \"chief\"\n";
    let mut test = between("other", people);
    let sam = person("sam", Entrance::Socket);
    let task = test.pending(TaskKind::Duplicate)[0];
    let view = test.task(task);
    let pair: Vec<CustomerId> = view.columns.iter().map(|column| column.customer).collect();
    let merge = Request { task: Some(task), ..merge_request(&[&pair]) };
    test.desk().act(&sam, Decide { request: merge }, Streams::default()).unwrap();
    let [again] = test.pending(TaskKind::Second)[..] else { unreachable!() };
    let second = asks(&mut test, again).unwrap();
    let groups: Vec<Vec<CustomerId>> = pair.iter().map(|id| vec![*id]).collect();
    let apart = Request { task: Some(again), ..Request::new(Action::NotAMatch { groups }) };
    let who = person(&second, Entrance::Socket);
    test.desk().act(&who, Decide { request: apart }, Streams::default()).unwrap();
    let [settles] = test.pending(TaskKind::Second)[..] else { unreachable!() };
    let state = test.desk().facts().view.task(settles).unwrap().unwrap().task.state;
    // Where the chief gave one of the two verdicts, another clerk settles it.
    let to = if second == "ada" { "clerk" } else { "chief" };
    assert!(matches!(&state, TaskState::Escalated { to: asked, .. } if asked == to), "{state:?}");
}

#[test]
fn nobody_is_asked_for_a_second_opinion_on_their_own_verdict_under_another_name() {
    let people = "[people.sam]\nunix = \"u-sam\"\n[people.kim]\n";
    let (mut test, _, _, again) = decided(true, people);
    assert_eq!(asks(&mut test, again).as_deref(), Some("kim"));
    let more = "[review]\nsecond = 1\nsecond_by = \"other\"\n";
    // Kim leaves, and sam is called otherwise: there is nobody else, so whoever decided is asked.
    test.adopts(&format!("{SETTINGS}{more}[people.samuel]\nunix = \"u-sam\"\n"));
    acts_as(&mut test, "samuel");
    let facts = test.desk().facts();
    let task = facts.view.task(again).unwrap().unwrap().task;
    assert_eq!(crate::second::asked(facts, &task, "sam"), "samuel");
    // With somebody else there, they are asked and samuel is not.
    test.adopts(&format!("{SETTINGS}{more}[people.samuel]\nunix = \"u-sam\"\n[people.lee]\n"));
    let facts = test.desk().facts();
    assert_eq!(crate::second::asked(facts, &task, "sam"), "lee");
    assert_eq!(crate::second::to_ask(facts, again, "sam"), [Some("lee".to_owned())]);
}

#[test]
fn a_disagreement_is_not_shown_to_whoever_has_yet_to_answer_blind() {
    let mut test = between("both", &format!("{TWO}[people.lee]\n"));
    let task = test.pending(TaskKind::Duplicate)[0];
    decides(&mut test, task, true);
    let looks = test.pending(TaskKind::Second);
    let other = *looks.iter().find(|look| asks(&mut test, **look).is_some()).unwrap();
    let second = asks(&mut test, other).unwrap();
    acts_as(&mut test, &second);
    decides(&mut test, other, false);
    let settles = test.pending(TaskKind::Second);
    let settles = *settles.iter().find(|look| !looks.contains(look)).unwrap();
    let third = if second == "kim" { "lee" } else { "kim" };
    for wait in [0, super::second_looks::DAY] {
        test.clock.advance(wait);
        acts_as(&mut test, "sam");
        assert!(!offered(&mut test).0.contains(&settles), "after {wait}");
        let order = QueueOrder::default();
        assert!(test.ask(TaskReasons { task: settles, order }).is_err(), "after {wait}");
        assert!(test.ask(ShowTask { task: settles, unmask: false }).is_err(), "after {wait}");
        let rows = test.ask(QueueRows { tasks: vec![settles] }).unwrap();
        assert!(rows.is_empty(), "after {wait}: {rows:?}");
        acts_as(&mut test, third);
        assert!(offered(&mut test).0.contains(&settles), "{third} settles it");
    }
    acts_as(&mut test, "sam");
    let own = *looks.iter().find(|look| **look != other).unwrap();
    decides(&mut test, own, true);
    assert!(test.ask(ShowTask { task: settles, unmask: false }).is_ok());
}

#[test]
fn an_answer_that_is_given_again_counts_for_no_agreement() {
    let (mut test, _, _, again) = decided(true, TWO);
    acts_as(&mut test, "kim");
    let pairs = |test: &mut TestDesk| test.ask(MatchStatus {}).unwrap().second.between.all.pairs;
    let answered = decides(&mut test, again, false);
    assert_eq!(pairs(&mut test), 1);
    let undone = test.undo(answered).decision;
    assert_eq!(pairs(&mut test), 0);
    // Kim has seen what sam said by now.
    let second = decides(&mut test, again, true);
    assert_eq!(pairs(&mut test), 0);
    test.undo(second);
    test.undo(undone);
    assert_eq!(pairs(&mut test), 1, "the first answer stands again");
}

/// What is asked of a workspace about the pair, and about everything.
fn all_asked(pair: &[CustomerId], first: DecisionId, again: TaskId) -> Vec<Asked> {
    let (unmask, order, at) = (false, QueueOrder::default(), None);
    let (left, right): (RecordAddress, RecordAddress) =
        ("crm:1".parse().unwrap(), "shop:1".parse().unwrap());
    let whole = TaskListing { whole: true, finished: true, ..TaskListing::default() };
    let mut asked: Vec<Asked> = vec![
        Queue { filter: None, order }.into(),
        QueueSince { filter: None, order, since: 0 }.into(),
        QueueRows { tasks: vec![TaskId(1), TaskId(2), again] }.into(),
        PrepareQueue { filter: Some("subject ~ a".to_owned()), order }.into(),
        Patterns { filter: None }.into(),
        CountWhere { filters: vec!["kind = duplicate".to_owned(), "kind = second".to_owned()] }
            .into(),
        ListTasks { listing: whole, part: 0 }.into(),
        ListTasks { listing: TaskListing::default(), part: 0 }.into(),
        TasksWhere { filter: "kind = second".to_owned() }.into(),
        ShowTask { task: again, unmask }.into(),
        ShowTask { task: TaskId(1), unmask }.into(),
        TaskReasons { task: again, order }.into(),
        TaskReasons { task: TaskId(1), order }.into(),
        Compare { customers: pair.to_vec(), unmask }.into(),
        Explain { left: left.clone(), right: right.clone(), unmask }.into(),
        ExplainGroup { of: Subject::Task(again) }.into(),
        ExplainGroup { of: Subject::Task(TaskId(1)) }.into(),
        ShowDecision { decision: first, unmask }.into(),
        LastDecision { undone: false }.into(),
        History { of: None, unmask }.into(),
        History { of: Some(Subject::Decision(first)), unmask }.into(),
        History { of: Some(Subject::Task(TaskId(1))), unmask }.into(),
        History { of: Some(Subject::Task(again)), unmask }.into(),
        WholeTask { task: again, verdict: BulkVerdict::Merge }.into(),
        Claim { task: again }.into(),
        LookAt { task: Some(again), seen: None }.into(),
        Changes { since: 0 }.into(),
        About {}.into(),
        Rules {}.into(),
        Failing { rule: RuleId::new("email-format"), limit: 50 }.into(),
        Imports {}.into(),
        ShowImport { import: domain::ImportId(1) }.into(),
        Quarantine { import: domain::ImportId(1), limit: 5, unmask }.into(),
        Segments {}.into(),
        Holds {}.into(),
        Requests { closed: true, ..Requests::default() }.into(),
        Access {}.into(),
        SettingsChanges {}.into(),
        DecisionsOf { bulk: domain::BulkId(1) }.into(),
        Standing { decisions: vec![first] }.into(),
        KnownIds { begin: "C".to_owned(), limit: 50 }.into(),
        KnownIds { begin: "D".to_owned(), limit: 50 }.into(),
        KnownIds { begin: "T".to_owned(), limit: 50 }.into(),
        Alike {
            values: [(FieldName::new("family_name"), "Ashgrove".to_owned())].into(),
            customers: pair.to_vec(),
        }
        .into(),
    ];
    for (at_customer, customer) in pair.iter().enumerate() {
        let customer = *customer;
        asked.push(ShowCustomer { customer, at, unmask }.into());
        asked.push(Consent { customer, unmask }.into());
        asked.push(Measures { customer }.into());
        asked.push(Follow { customer }.into());
        asked.push(History { of: Some(Subject::Customer(customer)), unmask }.into());
        let request = ErasureRequest { customer, reason: None, note: None, request: None };
        asked.push(ForeseeErasure { request }.into());
        let number = 70 + at_customer as u64;
        let search = Search { text: customer.to_string(), scope: Scope::Customers, limit: 9 };
        asked.push(Find { number, search, seen: 0 }.into());
        let picks = [(FieldName::new("given_name"), door::Pick::Typed("Tom".to_owned()))];
        for action in [
            Action::Pin { customer, picks: picks.into() },
            Action::Unmerge { customer, records: vec![right.clone()] },
            Action::Lift { customer },
            Action::Correct {
                record: if at_customer == 0 { left.clone() } else { right.clone() },
                values: [(FieldName::new("city"), "Elsewhere".to_owned())].into(),
                chosen: Default::default(),
                cleared: Vec::new(),
            },
        ] {
            asked.push(Preview { request: Request::new(action), unmask }.into());
        }
    }
    for record in [left, right] {
        asked.push(ShowRecord { record: record.clone(), at, unmask }.into());
        asked.push(FindRecord { record: record.clone() }.into());
        asked.push(History { of: Some(Subject::Record(record)), unmask }.into());
    }
    for of in [ValuesOf::Standard, ValuesOf::Raw] {
        let field = FieldName::new("family_name");
        asked.push(CountValues { field, source: None, of }.into());
        asked.push(Values { limit: 9, unmask }.into());
        asked.push(Holders { values: vec!["Ashgrove".to_owned()], unmask }.into());
    }
    for dataset in [Dataset::Decisions, Dataset::Labels, Dataset::Tasks, Dataset::Pairs] {
        asked.push(testing::whole(dataset, Format::JsonLines).into());
    }
    asked
}

/// Without the hashes of the chain, which are of everything.
fn without_chain(told: &str) -> String {
    let mut parts = told.split("\"hash\":\"");
    let mut text = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        text += part.split_once('"').map_or(part, |(_, rest)| rest);
    }
    text
}

/// What is answered; of a search, once it has come to its end.
fn to_its_end(test: &mut TestDesk, who: &Session, asked: &Asked) -> String {
    loop {
        let answer = without_chain(&told(test, who, asked.clone()));
        if !matches!(asked, Asked::Find(_)) || !answer.contains("\"finished\":false") {
            return answer;
        }
        std::thread::sleep(std::time::Duration::from_millis(1));
    }
}

/// Two workspaces, of which one was told that two are one and the other that they are not: whoever is asked is
/// answered the same in both.
#[test]
fn no_answer_to_whoever_is_asked_tells_what_was_said_first() {
    let mut worlds = [true, false].map(|merge| decided(merge, TWO));
    let kim = person("kim", Entrance::Socket);
    let [(.., pair, first, again), _] = &worlds;
    let asked = all_asked(&pair.clone(), *first, *again);
    let mut leaks = Vec::new();
    for asked in asked {
        let name: String = format!("{asked:?}").chars().take(90).collect();
        let [here, there] = worlds.each_mut().map(|(test, ..)| to_its_end(test, &kim, &asked));
        if here != there {
            let at = here.bytes().zip(there.bytes()).take_while(|(a, b)| a == b).count();
            let part = |text: &str| {
                let from = at.saturating_sub(160);
                String::from_utf8_lossy(&text.as_bytes()[from..text.len().min(at + 120)])
                    .into_owned()
            };
            leaks.push(format!("{name}\n   {}\n   {}", part(&here), part(&there)));
        }
    }
    let about = leaks.iter().map(|leak| leak.split(['(', ' ']).next().unwrap_or_default());
    assert!(
        leaks.is_empty(),
        "{:?} {} leaks:\n{}",
        about.collect::<Vec<_>>(),
        leaks.len(),
        leaks.join("\n")
    );
}

#[test]
fn scores_are_those_of_the_model_from_before_the_decision() {
    let mut test = super::rematch::base(1);
    let more = format!("[review]\nsecond = 1\n{TWO}");
    std::fs::write(test.workspace().settings(), format!("{SETTINGS}{more}")).unwrap();
    test.desk().adopt_settings().unwrap();
    let task = test.pending(TaskKind::Duplicate)[0];
    decides(&mut test, task, false);
    let again = test.pending(TaskKind::Second)[0];
    acts_as(&mut test, "kim");
    let seen = |test: &mut TestDesk| {
        let pairs = test.task(again).pairs;
        assert!(!pairs.is_empty());
        pairs.iter().map(|pair| (pair.match_weight, pair.probability)).collect::<Vec<_>>()
    };
    let before = seen(&mut test);
    let rows: String = (0..40)
        .map(|at| super::rematch::row(200 + at, 30 + (at % 17) as u8, (at % 7) as u8))
        .collect();
    test.import("crm", &rows);
    let model = |test: &mut TestDesk| {
        let model = test.desk().facts().model().unwrap().unwrap();
        serde_json::to_string(&*model).unwrap()
    };
    let then = model(&mut test);
    test.match_to(Extent::Full);
    assert_ne!(model(&mut test), then, "another model was learned");
    assert_eq!(seen(&mut test), before);
}
