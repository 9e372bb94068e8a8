//! What is told of grants: by lists, comparisons of runs and checks.

use super::grants::{give, gives, offered, refusal, row, shown};
use super::grants_later::{grant, granted, more};
use super::grants_undone::made;
use super::*;
use door::operations::{Extent, Grants};
use door::views::StratumState;

#[test]
fn what_a_grant_merged_is_no_merge_by_people_where_runs_are_compared() {
    let (mut test, census) = granted(60);
    let merged = shown(&mut test, census).merged;
    more(&mut test, 500..503, Extent::Full);
    let found = super::runs::compare(&mut test, None, None).unwrap();
    let by: Vec<&str> = found
        .groups
        .grew
        .first
        .iter()
        .filter(|grew| merged.contains(&grew.customer))
        .map(|grew| grew.by.words())
        .collect();
    assert_eq!(by.len(), merged.len());
    assert!(by.iter().all(|words| *words == "by a grant"), "{by:?}");
}

#[test]
fn answers_to_checks_leave_what_the_grant_made_as_it_was_counted() {
    let (mut test, census) = offered(80);
    gives(&mut test, census);
    let joins = grant(&mut test, census).made;
    let (customer, members) = made(&mut test, census, 2);
    let records = vec![test.desk().facts().body(members[1]).unwrap().address];
    let unmerge = test.does(Request::new(Action::Unmerge { customer, records }));
    assert_eq!(grant(&mut test, census).made, joins - 1, "taken apart");
    test.undo(unmerge.decision);
    // Somebody says of one that it is right, by taking another record in.
    let (one, _) = made(&mut test, census, 3);
    let other = test.pending(TaskKind::Duplicate).len();
    test.import("crm", &row("z1", 950));
    let new = test.customer("crm:z1");
    test.does(merge_request(&[&[one, new]]));
    assert_eq!(grant(&mut test, census).made, joins, "{other}");
}

#[test]
fn the_checks_of_a_run_say_under_which_grant_and_how_many_are_asked() {
    let (mut test, census) = granted(60);
    more(&mut test, 500..524, Extent::Full);
    let facts = test.desk().facts();
    let (of_run, _) = facts.view.censuses().unwrap().pop().unwrap();
    let check = test.pending(TaskKind::Check)[0];
    super::second_looks::decides(&mut test, check, true);
    let stratum = shown(&mut test, of_run).stratum;
    let checks = stratum.checks.unwrap();
    assert_eq!((checks.of, checks.asked), (census, 20), "{checks:?}");
    let told = checks.told;
    assert_eq!((told.joins, told.stand, told.right, told.waiting), (24, 24, 1, 19), "{told:?}");
    assert_eq!(shown(&mut test, census).stratum.checks, None);
}

#[test]
fn a_check_tells_nothing_of_what_was_merged() {
    let (mut test, census) = granted(60);
    let (_, members) = made(&mut test, census, 4);
    let own = test.desk().facts().body(members[0]).unwrap().address.key.to_string();
    let number: usize = own[1..].parse().unwrap();
    test.match_to(Extent::Full);
    test.import("crm", &row(&format!("n{number}"), number));
    test.clock.advance(60);
    test.match_to(Extent::Full);
    let check = test.pending(TaskKind::Check)[0];
    let view = test.task(check);
    assert_eq!(view.columns.len(), 2);
    assert_eq!(view.earlier, [], "that a grant made one of them says what the machine may merge");
    let of = domain::Subject::Task(check);
    let formed = test.ask(door::operations::ExplainGroup { of }).unwrap();
    let parts: Vec<usize> = formed.parts.iter().map(|part| part.records.len()).collect();
    assert_eq!((parts.iter().sum::<usize>(), parts.len()), (3, 2), "{formed:?}");
}

#[test]
fn the_list_is_judged_by_the_settings_in_force_as_a_grant_is() {
    let (mut test, census) = offered(60);
    let path = test.workspace().settings();
    let settings = std::fs::read_to_string(&path).unwrap();
    std::fs::write(&path, settings.replace("precision = 0.8", "precision = 0.99")).unwrap();
    let view = test.ask(Grants {}).unwrap();
    assert!((view.precision - 0.8).abs() < 1e-9, "the edit waits: {view:?}");
    test.desk().adopt_settings().unwrap();
    let view = test.ask(Grants {}).unwrap();
    assert!((view.precision - 0.99).abs() < 1e-9, "{view:?}");
    let stratum = shown(&mut test, census).stratum;
    assert_eq!(stratum.state, StratumState::Open);
    let refused = refusal(test.ask(give(census, stratum.waiting.joins)));
    assert!(refused.contains("cannot be granted"), "{refused}");
}
