//! Grants that end: taken back in part or whole, interrupted, contradicted by data and settings since.

use super::grants::{give, gives, offered, refusal, row, shown, strata};
use super::grants_later::{grant, granted, more};
use super::overview::verify;
use super::second_looks::{DAY, decides};
use super::*;
use domain::{CensusId, TaskId, TaskState};
use door::operations::{Dashboard, Extent, Grants, SuspendGrant};
use door::views::{GrantView, StratumState};

fn undo(decisions: Vec<DecisionId>, with_dependents: bool) -> Request {
    Request::new(Action::Undo { decisions, with_dependents, choices: Default::default() })
}

fn all_of(test: &mut TestDesk, census: CensusId) -> Vec<DecisionId> {
    grant(test, census).decisions.into_iter().rev().collect()
}

/// A customer that the grant made, with its records.
pub(super) fn made(
    test: &mut TestDesk,
    census: CensusId,
    at: usize,
) -> (CustomerId, Vec<domain::RecordId>) {
    let customer = shown(test, census).merged[at];
    let members = test.desk().facts().view.customer(customer).unwrap().unwrap().members;
    (customer, members)
}

fn unmerges(test: &mut TestDesk, census: CensusId, at: usize) -> CustomerId {
    let (customer, members) = made(test, census, at);
    let records = vec![test.desk().facts().body(members[1]).unwrap().address];
    test.does(Request::new(Action::Unmerge { customer, records }));
    customer
}

#[test]
fn one_of_several_decisions_takes_the_whole_grant_back() {
    let (mut test, census) = offered(80);
    let (picture, pending) = (test.picture(), test.pending_picture());
    gives(&mut test, census);
    let GrantView { decisions, granted, .. } = grant(&mut test, census);
    assert!(decisions.len() >= 2 && granted.joins > 40, "{decisions:?}");
    for named in [decisions[0], decisions[1]] {
        let undone = test.does(undo(vec![named], false));
        assert_eq!((test.picture(), test.pending_picture()), (picture.clone(), pending.clone()));
        assert_eq!(undone.summary.matches("granted").count(), 1, "{}", undone.summary);
        let outcome = test.match_to(Extent::Full);
        assert_eq!(outcome.granted, [], "nothing is granted");
        assert_eq!(test.picture(), picture);
        test.undo(undone.decision);
        assert_eq!(grant(&mut test, census).made, granted.joins, "redone");
        verify(&mut test);
    }
}

#[test]
fn a_grant_of_many_decisions_goes_in_portions_and_never_half_unseen() {
    let (mut test, census) = offered(80);
    let picture = test.picture();
    gives(&mut test, census);
    more(&mut test, 500..502, Extent::Full);
    more(&mut test, 502..504, Extent::Full);
    more(&mut test, 504..506, Extent::Full);
    let decisions = all_of(&mut test, census);
    assert_eq!(decisions.len(), 5);
    for named in [vec![decisions[4]], vec![decisions[3]], decisions[1..].to_vec()] {
        let refused = test.is_refused(undo(named, false)).to_string();
        assert!(refused.contains("is one of 5 decisions of the grant of"), "{refused}");
        assert!(refused.contains(&format!("`steward grant undo {census}`")), "{refused}");
    }
    test.does(undo(decisions[..4].to_vec(), false));
    let stratum = shown(&mut test, census).stratum;
    assert_eq!(stratum.state, StratumState::Suspended, "nothing is merged between two portions");
    assert_eq!(stratum.grant.unwrap().decisions, [decisions[4]]);
    test.does(undo(vec![decisions[4]], false));
    let now = test.picture();
    assert!(picture.iter().all(|line| now.contains(line)));
    assert_eq!(shown(&mut test, census).stratum.grant, None);
    verify(&mut test);
}

#[test]
fn what_a_later_run_merged_and_somebody_took_back_is_not_merged_again() {
    let (mut test, census) = granted(60);
    more(&mut test, 500..504, Extent::Full);
    let picture = test.picture();
    let of_run = *grant(&mut test, census).decisions.last().unwrap();
    let undone = test.does(undo(vec![of_run], false)).decision;
    let before = test.picture();
    assert_ne!(before, picture);
    let stratum = shown(&mut test, census).stratum;
    assert_eq!(stratum.state, StratumState::Suspended);
    let given = stratum.grant.unwrap();
    assert_eq!(given.taken_back, [of_run]);
    let goes_on = refusal(test.ask(give(census, given.granted.joins)));
    assert!(
        goes_on.contains(&format!("{of_run} of the grant of {census} was undone")),
        "{goes_on}"
    );
    test.clock.advance(60);
    assert_eq!(test.match_to(Extent::Full).granted, []);
    assert_eq!(test.picture(), before);
    verify(&mut test);
    test.undo(undone);
    assert_eq!(test.picture(), picture);
    assert_eq!(shown(&mut test, census).stratum.state, StratumState::Granted);
}

#[test]
fn what_a_later_run_merged_and_somebody_took_back_is_asked_by_the_next_run() {
    for whole in [false, true] {
        let (mut test, census) = granted(60);
        // What people answered is learned, so that a run may take the model as it is.
        test.match_to(Extent::Full);
        test.clock.advance(60);
        let outcome = more(&mut test, 500..504, Extent::Changed);
        assert_eq!(outcome.granted[0].made, 4, "{outcome:?}");
        let decisions = match whole {
            true => all_of(&mut test, census),
            false => vec![*grant(&mut test, census).decisions.last().unwrap()],
        };
        let undone = test.does(undo(decisions, false)).decision;
        let before = test.pending(TaskKind::Duplicate).len();
        test.clock.advance(60);
        let outcome = test.match_to(Extent::Changed);
        assert!(!outcome.learned, "{outcome:?}");
        assert_eq!(test.pending(TaskKind::Duplicate).len(), before + 4, "{outcome:?}");
        for number in 500..504 {
            let asked = ["c", "d"].map(|id| test.customer(&format!("crm:{id}{number}")));
            let asks = test.pending(TaskKind::Duplicate).into_iter().any(|task| {
                let customers = test.task(task).task.unwrap().customers;
                asked.iter().all(|customer| customers.contains(customer))
            });
            assert!(asks, "{number}");
        }
        verify(&mut test);
        test.clock.advance(60);
        assert_eq!(test.match_to(Extent::Changed).opened, 0, "once");
        // Redone, nothing of it is asked any more.
        test.undo(undone);
        test.clock.advance(60);
        test.match_to(Extent::Changed);
        assert_eq!(test.pending(TaskKind::Duplicate).len(), if whole { 0 } else { before });
        verify(&mut test);
    }
}

#[test]
fn merges_that_people_corrected_stay_as_they_left_them() {
    let (mut test, census) = granted(60);
    more(&mut test, 500..506, Extent::Full);
    let parted = unmerges(&mut test, census, 3);
    let (picked, members) = made(&mut test, census, 5);
    let picks = [("street".into(), door::Pick::From(members[1]))].into();
    test.does(Request::new(Action::Pin { customer: picked, picks }));
    let checks = test.pending(TaskKind::Check);
    let (yes, no) = (checks[0], checks[1]);
    let confirmed = decides(&mut test, yes, true);
    let refused = decides(&mut test, no, false);
    let together = test.task_customers(yes);

    for with_dependents in [false, true] {
        let before = (test.picture(), test.pending_picture());
        let decisions = all_of(&mut test, census);
        let undone = test.does(undo(decisions, with_dependents));
        let told = &undone.summary;
        let left = if with_dependents { 2 } else { 4 };
        assert!(told.contains(&format!("{left} merges stay as people left them")), "{told}");
        for decision in [confirmed, refused] {
            let stands = test.desk().facts().view.decision(decision).unwrap().unwrap().stands();
            assert!(stands, "what people said of checks is kept");
        }
        let homes = test.homes(&together);
        assert_eq!(homes.len(), 1, "people said they are one: {homes:?}");
        let home = test.desk().facts().view.follow(picked).unwrap();
        let count =
            test.desk().facts().view.customer(home.unwrap()).unwrap().unwrap().members.len();
        assert_eq!(count, if with_dependents { 1 } else { 2 });
        let alone = test.desk().facts().view.customer(parted).unwrap().unwrap().members.len();
        assert_eq!(alone, 1);
        assert!(shown(&mut test, census).stratum.grant.is_none());
        test.undo(undone.decision);
        assert_eq!((test.picture(), test.pending_picture()), before, "redone exactly");
        verify(&mut test);
    }
}

#[test]
fn somebody_who_was_erased_keeps_only_their_own_merge() {
    let (mut test, census) = granted(60);
    let merged = shown(&mut test, census).merged;
    test.erase(merged[0]);
    let decisions = all_of(&mut test, census);
    let undone = test.does(undo(decisions, false));
    let told = undone.summary;
    assert!(told.contains("1 merge stays as it is, because somebody was erased"), "{told}");
    for customer in &merged[1..] {
        let state = test.desk().facts().view.customer(*customer).unwrap().unwrap();
        assert_eq!(state.members.len(), 1, "{customer}");
    }
    verify(&mut test);
}

#[test]
fn a_stratum_whose_checks_found_a_wrong_merge_is_not_offered_again() {
    let (mut test, census) = granted(60);
    more(&mut test, 500..524, Extent::Full);
    let checks = test.pending(TaskKind::Check);
    decides(&mut test, checks[0], false);
    decides(&mut test, checks[1], true);
    test.clock.advance(DAY);
    for task in test.pending(TaskKind::Second) {
        let first = test.desk().facts().view.task(task).unwrap().unwrap().task.second_look_at();
        let verdict = test.desk().facts().view.decision(first.unwrap()).unwrap().unwrap().verdict;
        decides(&mut test, task, verdict == domain::Verdict::Merge);
    }
    assert_eq!(grant(&mut test, census).later.wrong, 1);
    assert_eq!(grant(&mut test, census).broken, None, "one wrong of 24 is no breach");
    let decisions = all_of(&mut test, census);
    test.does(undo(decisions, true));
    let stratum = shown(&mut test, census).stratum;
    assert_eq!(stratum.state, StratumState::Suspended);
    let why = stratum.closed.unwrap();
    assert_eq!(why, "checks found 1 wrong merge under its grant before it was undone");
    let refused = refusal(test.ask(give(census, stratum.waiting.joins)));
    assert!(refused.contains(&why), "{refused}");
    assert!(strata(&mut test).iter().any(|it| it.census == census), "it is listed");
    // It holds up no new census.
    test.clock.advance(60);
    let request = Match { census: true, ..Match::default() };
    assert!(!testing::match_records(test.desk(), request).unwrap().census.is_empty());
    let old = shown(&mut test, census).stratum;
    assert_eq!((old.state, old.missing), (StratumState::GivenUp, None));
    verify(&mut test);
}

#[test]
fn a_suspended_grant_that_is_undone_stays_suspended() {
    let (mut test, census) = granted(60);
    let by = test.ask(SuspendGrant { census, reason: None, note: None }).unwrap().decision;
    let decisions = all_of(&mut test, census);
    let undone = test.does(undo(decisions, false)).decision;
    let stratum = shown(&mut test, census).stratum;
    assert_eq!((stratum.state, stratum.grant), (StratumState::Suspended, None));
    assert_eq!(stratum.closed, Some(format!("its grant was suspended by {by}")));
    let refused = refusal(test.ask(give(census, stratum.waiting.joins)));
    assert!(refused.contains("only a new census can be"), "{refused}");
    test.undo(undone);
    assert_eq!(shown(&mut test, census).stratum.grant.unwrap().suspended, Some(by));
    test.undo(by);
    assert_eq!(shown(&mut test, census).stratum.state, StratumState::Granted);
    verify(&mut test);
}

#[test]
fn an_interrupted_grant_says_so_and_goes_on_when_it_is_given_again() {
    let (mut test, census) = offered(80);
    let joins = shown(&mut test, census).stratum.waiting.joins;
    let first = test.ask(give(census, joins)).unwrap();
    assert!(first.to_go > 0);
    let stratum = shown(&mut test, census).stratum;
    let given = stratum.grant.unwrap();
    assert_eq!((given.made, given.to_go), (40, joins - 40));
    // All that are wrong may be among those that were made.
    let wrong = given.granted.wrong_at_most;
    assert_eq!((given.promised.joins, given.promised.wrong_at_most), (40, wrong));
    assert!(given.promised.right_at_least < given.granted.right_at_least, "{given:?}");
    assert_eq!(test.ask(Grants {}).unwrap().promised, given.promised);
    assert_eq!(test.ask(Dashboard {}).unwrap().grants.promised, given.promised);
    // A run leaves to it what it is still to make.
    test.clock.advance(60);
    let outcome = more(&mut test, 500..503, Extent::Full);
    let made: u64 = outcome.granted.iter().map(|under| under.made).sum();
    assert_eq!(made, 3, "{outcome:?}");
    assert_eq!(grant(&mut test, census).to_go, joins - 40);
    let mut request = give(census, joins);
    loop {
        test.clock.advance(60);
        let portion = test.ask(request.clone()).unwrap();
        assert_eq!(portion.bulk, first.bulk, "one bulk");
        if portion.to_go == 0 {
            break;
        }
        request.bulk = portion.bulk;
    }
    let given = grant(&mut test, census);
    assert_eq!((given.made, given.to_go), (joins, 0));
    assert_eq!(given.promised, given.granted, "all of it");
    verify(&mut test);
}

#[test]
fn a_rule_that_was_written_since_keeps_a_join_from_being_made() {
    let (mut test, census) = offered(60);
    let stratum = shown(&mut test, census).stratum;
    let units = {
        let facts = test.desk().facts();
        let counted = crate::grants::Counted::read(facts, census).unwrap();
        let waits = counted.states(facts).unwrap().iter().position(|it| it.waits).unwrap();
        counted.taken.units[waits].clone()
    };
    let [left, right] = [units.left[0], units.right[0]].map(|record| {
        let body = test.desk().facts().body(record).unwrap();
        body.values.get("company").unwrap().shown().to_owned()
    });
    assert_eq!(left, right, "two of one name");
    let path = test.workspace().settings();
    let settings = std::fs::read_to_string(&path).unwrap();
    let rule = format!(
        "{settings}\n[[matching.rules]]\nnever = [\"company = \\\"{left}\\\"\", \"company = \\\"{left}\\\"\"]\n"
    );
    std::fs::write(&path, rule).unwrap();
    test.desk().adopt_settings().unwrap();
    let joins = stratum.waiting.joins;
    let rehearsed =
        test.ask(door::operations::GiveGrant { rehearse: true, ..give(census, joins) }).unwrap();
    assert_eq!((rehearsed.made, rehearsed.left), (joins - 1, 1));
    let given = gives(&mut test, census);
    assert_eq!((given.made, given.left), (joins - 1, 1));
    let facts = test.desk().facts();
    let [one, other] =
        [units.left[0], units.right[0]].map(|record| facts.view.customer_of(record).unwrap());
    assert_ne!(one, other);
    verify(&mut test);
}

/// The tasks that wait about a census, in its order.
fn in_order(test: &mut TestDesk, census: CensusId) -> Vec<TaskId> {
    let facts = test.desk().facts();
    let counted = crate::grants::Counted::read(facts, census).unwrap();
    let places = 0..counted.taken.census.joins.len();
    places.filter_map(|at| counted.task(facts, at).unwrap()).collect()
}

/// Adds a rule by which records of which both sides hold are never linked.
fn never(test: &mut TestDesk, side: &str) {
    let path = test.workspace().settings();
    let settings = std::fs::read_to_string(&path).unwrap();
    let rule = format!("{settings}\n[[matching.rules]]\nnever = [\"{side}\", \"{side}\"]\n");
    std::fs::write(&path, rule).unwrap();
    test.desk().adopt_settings().unwrap();
}

#[test]
fn a_grant_of_which_a_rule_leaves_most_to_people_is_refused() {
    let (mut test, census) = offered(60);
    let before = test.picture();
    never(&mut test, "city != Alder");
    let stratum = shown(&mut test, census).stratum;
    assert_eq!((stratum.state, stratum.missing), (StratumState::Open, Some(0)));
    assert!(
        stratum.needs().unwrap().contains("by the rule never = "),
        "what is listed says so too"
    );
    let rest = stratum.waiting;
    for rehearse in [true, false] {
        let request = door::operations::GiveGrant { rehearse, ..give(census, rest.joins) };
        let why = refusal(test.ask(request));
        let told =
            format!("{census} cannot be granted: of its {} joins, a grant would make ", rest.joins);
        assert!(why.starts_with(&told), "{why}");
        let made: u64 = why[told.len()..].split(',').next().unwrap().parse().unwrap();
        assert!(made > 0 && made < rest.joins / 2, "{why}");
        let left = rest.joins - made;
        assert!(why.contains(&format!("{left} by the rule never = [\"city != Alder\"")), "{why}");
        let wrong = rest.wrong_at_most.min(made);
        assert!(why.contains(&format!("up to {wrong} of those may be wrong")), "{why}");
        assert!(why.contains("not the 80 %"), "{why}");
    }
    assert_eq!(test.picture(), before);
}

#[test]
fn what_a_grant_promises_is_told_of_what_it_makes() {
    let (mut test, census) = offered(80);
    // More answers than the offer needs, so that a smaller part keeps the promise too.
    assert_eq!(shown(&mut test, census).next, [], "none of them is asked for");
    for task in in_order(&mut test, census).into_iter().take(12) {
        decides(&mut test, task, true);
    }
    never(&mut test, "city = Alder");
    let rest = shown(&mut test, census).stratum.waiting;
    let request = door::operations::GiveGrant { rehearse: true, ..give(census, rest.joins) };
    let rehearsed = test.ask(request).unwrap();
    assert!(rehearsed.left > 0 && rehearsed.made + rehearsed.left == rest.joins, "{rehearsed:?}");
    let right = (rehearsed.made - rest.wrong_at_most) * 1000 / rehearsed.made;
    let told = format!(
        "granted {census}: {} joins, at least {} % of them right",
        rehearsed.made,
        right as f64 / 10.0
    );
    assert!(rehearsed.summary.contains(&told), "{told}: {rehearsed:?}");
    let given = gives(&mut test, census);
    assert_eq!((given.made, given.left), (rehearsed.made, rehearsed.left));
    assert!(given.summary.contains(&told), "{told}: {given:?}");
    let granted = grant(&mut test, census);
    assert_eq!(granted.granted, rest, "the number that was typed");
    let promised = granted.promised;
    assert_eq!((promised.joins, promised.wrong_at_most), (rehearsed.made, rest.wrong_at_most));
    assert_eq!(test.ask(Grants {}).unwrap().promised, promised);
    assert_eq!(test.ask(Dashboard {}).unwrap().grants.promised, promised);
    test.ask(SuspendGrant { census, reason: None, note: None }).unwrap();
    assert_eq!(grant(&mut test, census).promised, promised, "its merges stay");
    verify(&mut test);
    let dump = test.dump();
    test.rebuild();
    assert_eq!(test.dump(), dump);
}

#[test]
fn a_contradiction_in_a_granted_merge_is_asked_about_however_the_customer_grows() {
    let (mut test, census) = granted(60);
    test.match_to(Extent::Full);
    // Who comes in the same run is like those who were there, like the one that changed, or nobody.
    let cases = ["the same", "the other", "nobody"].into_iter().enumerate();
    let cases: Vec<(&str, CustomerId, usize)> = cases
        .map(|(at, newcomer)| {
            let (customer, members) = made(&mut test, census, 4 + at);
            let own = test.desk().facts().body(members[0]).unwrap().address.key.to_string();
            (newcomer, customer, own[1..].parse().unwrap())
        })
        .collect();
    // Three more of each, so that one that changes does not keep others away.
    let more = |number: &usize| ["c", "d", "e"].map(|id| row(&format!("{id}{number}"), *number));
    let rows: String = cases.iter().flat_map(|(.., number)| more(number)).collect();
    test.import("crm", &rows);
    test.clock.advance(60);
    test.match_to(Extent::Full);
    let (mut changed, mut back) = (String::new(), String::new());
    for (newcomer, _, number) in &cases {
        changed += &row(&format!("b{number}"), 900 + number);
        back += &row(&format!("b{number}"), *number);
        changed += &match *newcomer {
            "the same" => row(&format!("n{number}"), *number),
            "the other" => row(&format!("n{number}"), 900 + number),
            _ => String::new(),
        };
    }
    test.import("crm", &changed);
    test.clock.advance(60);
    test.match_to(Extent::Full);
    let challenges = test.pending(TaskKind::Challenge);
    let asked: Vec<CustomerId> =
        challenges.iter().flat_map(|task| test.task(*task).task.unwrap().customers).collect();
    for (newcomer, customer, number) in &cases {
        assert!(asked.contains(customer), "{newcomer}: {asked:?}");
        let grew = *newcomer == "the same";
        let home = |test: &mut TestDesk| test.customer(&format!("crm:n{number}"));
        assert_eq!(grew, *newcomer != "nobody" && home(&mut test) == *customer, "{newcomer}");
    }
    assert_eq!(challenges.len(), 3);
    assert!(test.task(challenges[0]).reasons[0].contains("the machine"));
    // It goes with its cause.
    test.import("crm", &back);
    test.clock.advance(60);
    test.match_to(Extent::Full);
    assert_eq!(test.pending(TaskKind::Challenge), []);
    verify(&mut test);
}

impl TestDesk {
    fn task_customers(&mut self, task: TaskId) -> Vec<CustomerId> {
        let entry = self.desk().facts().view.task(task).unwrap().unwrap();
        assert!(matches!(entry.task.state, TaskState::Decided { .. }));
        entry.task.customers
    }

    /// The customers that these are by now.
    fn homes(&mut self, customers: &[CustomerId]) -> std::collections::BTreeSet<CustomerId> {
        let view = self.desk().facts().view;
        customers.iter().filter_map(|id| view.follow(*id).unwrap()).collect()
    }
}
