//! Two matching runs beside one another.

use super::rematch::{PEOPLE, base, row};
use super::*;
use door::operations::{CompareRuns, Extent, MatchStatus};
use door::views::RunsDiff;

pub(super) fn compare(
    test: &mut TestDesk,
    from: Option<u32>,
    to: Option<u32>,
) -> Outcome<RunsDiff> {
    let run = |run: u32| domain::MatchRunId(run);
    let asked = CompareRuns { from: from.map(run), to: to.map(run), limit: 100 };
    let found = testing::run_while(test.desk(), asked, Streams::default(), |_| true)?;
    Ok(*found)
}

/// Decides the task about some customers.
fn decide(test: &mut TestDesk, request: Request, customers: [CustomerId; 2]) {
    let entries = test.desk().facts().view.pending_tasks().unwrap();
    let entry = entries.into_iter().find(|entry| entry.task.customers == customers).unwrap();
    test.does(request.for_task(entry.task.id, entry.version));
}

/// A first run; then half of the people once more, decayed too far for the machine.
fn queued() -> TestDesk {
    let mut test = base(5);
    let rows: String = (0..PEOPLE).map(|person| row(100 + u32::from(person), person, 15)).collect();
    test.import("crm", &rows);
    test.match_records();
    test
}

#[test]
fn what_two_decisions_and_a_delivery_changed_is_told_by_id() {
    let mut test = queued();
    let [known, other] = ["crm:0", "crm:100"].map(|address| test.customer(address));
    let [apart, different] = ["crm:1", "crm:101"].map(|address| test.customer(address));
    let waiting = test.pending(TaskKind::Duplicate).len() as u64;
    decide(&mut test, merge_request(&[&[known, other]]), [known, other]);
    decide(&mut test, apart_request(&[&[apart], &[different]]), [apart, different]);
    test.import("shop", &row(500, 3, 1));
    test.match_to(Extent::Changed);
    let found = compare(&mut test, None, None).unwrap();
    assert_eq!((found.from.run.0, found.to.run.0), (2, 3));
    assert_eq!((found.between.new, found.between.decisions), (1, 2));
    assert_eq!(found.between.imports.len(), 1);
    // People merged one; the machine took the new record in.
    let merged = found.groups.grew.first.iter().find(|it| it.customer == known).unwrap();
    assert_eq!((merged.records, merged.came, merged.from.as_slice()), (3, 1, &[other][..]));
    assert!(merged.by.people && !merged.by.machine);
    let new = test.customer("shop:500");
    let grew = found.groups.grew.first.iter().find(|it| it.customer == new);
    assert!(grew.is_some_and(|it| it.by.machine && it.from.is_empty()), "{found:?}");
    assert_eq!(found.groups.went.first.len(), 1, "the new record's own customer was never there");
    assert_eq!(found.groups.went.first[0].into, Some(known));
    assert_eq!((found.groups.joined, found.groups.taken_apart), (1, 0));
    // No model was learned, no settings were changed.
    assert!(!found.to.learned && found.weights.is_empty() && found.settings.is_empty());
    assert_eq!(found.tasks.decided.count, 2);
    let said: (u64, u64, u64) = found
        .said
        .bands
        .iter()
        .fold((0, 0, 0), |sum, it| (sum.0 + it.tasks, sum.1 + it.decided, sum.2 + it.same));
    assert_eq!(said, (waiting, 2, 1), "{:?}", found.said);
    // What comes later changes nothing of it.
    test.undo(DecisionId(1));
    test.import("shop", &row(501, 4, 1));
    test.match_to(Extent::Full);
    let again = compare(&mut test, Some(2), Some(3)).unwrap();
    assert_eq!((again.groups.grew, again.groups.went), (found.groups.grew, found.groups.went));
    assert_eq!((again.between, again.tasks), (found.between, found.tasks));
    let back = compare(&mut test, Some(3), None).unwrap();
    let split: Vec<_> = back.groups.split.first.iter().map(|it| it.customer).collect();
    assert_eq!(split, [known], "{back:?}");
}

#[test]
fn a_run_over_the_first_one_tells_what_moved_and_what_the_settings_say() {
    let mut test = queued();
    let text = format!("{SETTINGS}[matching]\nreview = 0.4\n");
    std::fs::write(test.workspace().settings(), text).unwrap();
    test.desk().adopt_settings().unwrap();
    test.match_to(Extent::Full);
    let found = compare(&mut test, Some(1), None).unwrap();
    assert!(found.to.learned && !found.weights.is_empty());
    assert!(found.weights.is_sorted_by(|one, other| one.by.abs() >= other.by.abs()));
    let changed: Vec<_> = found.settings.iter().map(|it| it.key.as_str()).collect();
    assert_eq!(changed, ["matching.review"]);
    assert_eq!(
        (found.settings[0].before.as_deref(), found.settings[0].after.as_deref()),
        (None, Some("0.4"))
    );
    let said = found.lines().join("\n");
    assert!(said.contains("matching.review: added, 0.4"), "{said}");
    assert!(said.contains("runs between them: M2"), "{said}");
}

#[test]
fn runs_that_cannot_be_compared_are_refused_in_words() {
    let mut test = TestDesk::new();
    let refused = |test: &mut TestDesk, from, to| match compare(test, from, to) {
        Err(NotDone::Failed(failure)) => failure.message,
        other => unreachable!("{other:?}"),
    };
    assert!(refused(&mut test, None, None).contains("nothing has been matched yet"));
    let mut test = base(5);
    assert!(refused(&mut test, None, None).contains("M1 is the first run"));
    assert!(refused(&mut test, Some(1), None).contains("M1 is the newest run"));
    test.match_records();
    assert!(refused(&mut test, Some(9), None).contains("there is no run M9: the newest is M2"));
    assert!(refused(&mut test, Some(1), Some(9)).contains("there is no run M9"));
    assert!(refused(&mut test, Some(2), Some(1)).contains("name the earlier run first"));
    assert!(compare(&mut test, Some(1), Some(2)).is_ok());
}

#[test]
fn the_state_of_matching_tells_what_people_said_and_how_much_is_joined() {
    let mut test = queued();
    let status = |test: &mut TestDesk| {
        test.desk().act(&super::faults::kim(), MatchStatus {}, Streams::default()).unwrap()
    };
    assert_eq!(status(&mut test).found, None, "nobody decided yet");
    let [known, other] = ["crm:0", "crm:100"].map(|address| test.customer(address));
    decide(&mut test, merge_request(&[&[known, other]]), [known, other]);
    let told = status(&mut test);
    let found = told.found.unwrap();
    let facts = test.desk().facts();
    let (records, mut customers) = (u64::from(facts.view.counters().unwrap().records), 0);
    facts
        .view
        .each_customer(&mut |_, _| {
            customers += 1;
            Ok(true)
        })
        .unwrap();
    assert_eq!(found.joins, records - customers);
    assert!(found.share.least <= found.share.share && found.share.share <= found.share.most);
    let decided: u64 = told.said.bands.iter().map(|band| band.decided).sum();
    assert_eq!((decided, told.said.whole.unwrap().share), (1, 1.0));
    // A decision that is taken back says nothing any more.
    test.undo(DecisionId(1));
    assert_eq!(status(&mut test).found, None);
}
