//! `[queue] order`, `[queue] due` and `[decisions] bulk_max` of `steward.toml` are obeyed.

use super::bulk::{pairs, queue, step};
use super::*;
use domain::Urgency;
use door::operations::{FitBulk, TasksWhere};
use door::{BulkOutcome, BulkVerdict};

/// Makes other settings take effect.
fn adopt(test: &mut TestDesk, settings: &str) {
    std::fs::write(test.workspace().settings(), settings).unwrap();
    test.desk().adopt_settings().unwrap();
}

fn ids(test: &mut TestDesk) -> Vec<TaskId> {
    test.listed()
}

#[test]
fn tasks_are_listed_and_decided_in_the_order_of_the_settings() {
    let mut test = pairs();
    let oldest_first = test.pending(TaskKind::Duplicate);
    assert_eq!(ids(&mut test), oldest_first);
    adopt(&mut test, &format!("{SETTINGS}\n[queue]\norder = \"-subject\"\n"));
    let backwards: Vec<TaskId> = oldest_first.into_iter().rev().collect();
    assert_eq!(ids(&mut test), backwards);
    assert_eq!(test.ask(TasksWhere { filter: "kind = duplicate".to_owned() }).unwrap(), backwards);
}

#[test]
fn open_tasks_are_due_after_the_days_the_settings_give_their_kind() {
    let mut test = pairs();
    test.import("crm", "9,Bo,Marsh,bo.at.example,,,,,,,\n");
    let invalid = test.pending(TaskKind::Invalid)[0];
    let states = |test: &mut TestDesk| {
        let view = queue(test, None);
        let due = view.rows.iter().filter(|row| row.urgency == Urgency::Due).count();
        assert_eq!(due, view.counts.due);
        (due, view.rows[0].state.clone())
    };
    adopt(&mut test, &format!("{SETTINGS}\n[queue]\ndue = {{ duplicate = 10 }}\n"));
    assert_eq!(states(&mut test).0, 0);
    test.clock.advance(10 * 86_400);
    assert_eq!(states(&mut test), (6, "due today".to_owned()));
    test.clock.advance(86_400);
    let day = queue(&mut test, Some("state = due and due = 2026-11-11"));
    assert_eq!(day.listed.len(), 6, "{day:?}");
    assert_eq!(states(&mut test), (6, "due since 2026-11-11".to_owned()));
    adopt(&mut test, &format!("{SETTINGS}\n[queue]\ndue = 10\n"));
    assert_eq!(states(&mut test).0, 7);
    assert_eq!(ids(&mut test).last(), Some(&invalid), "it has no score");
    adopt(&mut test, SETTINGS);
    assert_eq!(states(&mut test).0, 0);
}

#[test]
fn a_bulk_decides_no_more_than_the_settings_allow() {
    let mut test = pairs();
    adopt(&mut test, &SETTINGS.replace("[decisions]", "[decisions]\nbulk_max = 3"));
    assert!(test.ask(FitBulk { tasks: 3 }).is_ok());
    let verdict = BulkVerdict::NotAMatch;
    let judged = step(&mut test, &verdict, true, &BulkOutcome::default());
    let first = BulkOutcome { results: judged.results[..2].to_vec(), ..judged.clone() };
    let begun = step(&mut test, &verdict, false, &first);
    assert!(begun.results.iter().all(|result| result.decision.is_some()));
    // However it is cut into steps.
    let rest = BulkOutcome { results: judged.results[2..].to_vec(), bulk: begun.bulk, ..judged };
    let ended = step(&mut test, &verdict, false, &rest);
    let decided = ended.results.iter().filter(|result| result.decision.is_some()).count();
    assert_eq!(decided, 1, "{ended:?}");
    let why = ended.results[1].refusal.as_ref().unwrap().to_string();
    assert!(why.contains("bulk_max allows 3"), "{why}");
    let again = step(&mut test, &verdict, true, &BulkOutcome::default());
    assert_eq!(again.results.len(), 3, "what is left is another bulk's");
}

#[test]
fn a_bulk_must_fit_the_settings_that_its_decisions_are_made_under() {
    let mut test = pairs();
    adopt(&mut test, SETTINGS);
    assert!(test.ask(FitBulk { tasks: 6 }).is_ok());
    let bulk_max =
        |most: usize| SETTINGS.replace("[decisions]", &format!("[decisions]\nbulk_max = {most}"));
    test.edits(&bulk_max(5));
    assert!(test.ask(FitBulk { tasks: 6 }).is_ok(), "the edit waits");
    assert_eq!(queue(&mut test, None).bulk_max, 10_000);
    test.desk().adopt_settings().unwrap();
    let why = test.ask(FitBulk { tasks: 6 }).unwrap_err().to_string();
    assert!(why.contains("bulk_max allows 5"), "{why}");
    assert_eq!(queue(&mut test, None).bulk_max, 5);
    test.edits("[decisions]\nbulk_max = 0\n");
    assert!(test.ask(FitBulk { tasks: 5 }).is_ok(), "a wrong file stops nothing");
}
