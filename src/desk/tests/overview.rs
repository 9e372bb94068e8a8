//! Counts of work, violations and imports: what the store keeps of them is what a rebuild gives.

use super::*;
use crate::StoreVerdict;
use domain::{Dimension, RuleId, Until};
use door::operations::{Cancel, Dashboard, Failing, Import, Imports, Quarantine, Rules, Watch};
use door::views::{Counted, DashboardView, ImportsView, JobEnd, JobView, RuleView};
use ledger::ports::Clock;

const ROWS: &str = "1,Ada,Fernsby,ada@example.com,,1990-01-01,,,2001-01-01,,\n\
    2,Ida,Fernsby,ida.at.example,,1990-01-01,,,1980-01-01,,\n\
    3,Bo,Marsh,bo.at.example,,,,,,,\n\
    4,Cy,Marsh,,,,,,,,\n";

fn dashboard(test: &mut TestDesk) -> DashboardView {
    test.ask(Dashboard {}).unwrap()
}

fn rules(test: &mut TestDesk) -> Vec<RuleView> {
    test.ask(Rules {}).unwrap()
}

fn counts(test: &mut TestDesk, rule: &str) -> (u64, u64, u64) {
    let rules = rules(test);
    let rule = rules.iter().find(|known| known.rule.as_str() == rule).unwrap();
    (rule.all.applies, rule.all.failing, rule.all.waived)
}

fn imports(test: &mut TestDesk) -> ImportsView {
    test.ask(Imports {}).unwrap()
}

/// Corrects a value at once.
#[track_caller]
fn correct(test: &mut TestDesk, record: &str, field: &str, value: &str) {
    test.decide(fix_request(record, field, value)).unwrap();
}

/// The store is what the ledger says, entry by entry.
pub(super) fn verify(test: &mut TestDesk) {
    test.desk = None;
    let verdict = Desk::compare_store(&test.workspace(), &test.environment(), &[], &mut |_, _| {});
    let verdict = verdict.unwrap();
    assert!(matches!(verdict, StoreVerdict::Same { behind: 0, .. }), "{verdict:?}");
    test.reopen();
}

fn tasks(test: &mut TestDesk) -> Vec<TaskId> {
    test.listed()
}

#[test]
fn rules_count_the_records_they_apply_to_and_list_those_that_fail() {
    let mut test = TestDesk::new();
    test.import("crm", ROWS);
    test.import("shop", "9,Di,Roe,di.at.example,,,,,,,\n");
    assert_eq!(counts(&mut test, "email-format"), (4, 3, 0));
    assert_eq!(counts(&mut test, "since-after-birth"), (2, 1, 0));
    let view = rules(&mut test).remove(0);
    assert_eq!((view.counted, view.tasks), (Counted::Records, 3));
    let by_source: Vec<_> =
        view.sources.iter().map(|(name, all)| (name.as_str(), all.failing)).collect();
    assert_eq!(by_source, [("crm", 2), ("shop", 1)]);
    let failing = |test: &mut TestDesk, limit| {
        let rule = RuleId::new("email-format");
        test.ask(Failing { rule, limit }).unwrap()
    };
    let found = failing(&mut test, 10);
    let named: Vec<String> = found.records.iter().map(|it| it.record.to_string()).collect();
    assert_eq!(named, ["crm:2", "crm:3", "shop:9"]);
    assert!(found.records.iter().all(|record| record.task.is_some()) && !found.more);
    assert!(failing(&mut test, 2).more);
    // Mended at the source, corrected, waived.
    test.import("shop", "9,Di,Roe,di@example.com,,,,,,,\n");
    correct(&mut test, "crm:3", "email", "bo@example.com");
    let waive = Action::Waive {
        record: "crm:2".parse().unwrap(),
        rules: vec![RuleId::new("email-format")],
    };
    let mut request = Request::new(waive);
    request.reason = Some(domain::ReasonCode::new("checked"));
    test.does(request);
    assert_eq!(counts(&mut test, "email-format"), (4, 0, 1));
    assert_eq!(failing(&mut test, 10).records, []);
    verify(&mut test);
    assert_eq!(counts(&mut test, "email-format"), (4, 0, 1));
}

#[test]
fn a_shared_value_is_counted_in_the_tasks_that_ask_about_it() {
    let mut test = TestDesk::new();
    test.import("crm", "1,Ada,Fernsby,,,,,,,M-1,\n2,Bo,Marsh,,,,,,,M-1,\n3,Cy,Roe,,,,,,,M-2,\n");
    let (applies, failing, _) = counts(&mut test, "member-unique");
    assert_eq!(applies, 3);
    assert!(failing > 0);
    let rule = RuleId::new("member-unique");
    let view = test.ask(Failing { rule, limit: 9 }).unwrap();
    assert_eq!(view.records.len() as u64, failing);
    assert!(view.records.iter().all(|record| record.task.is_some()));
}

#[test]
fn other_rules_judge_everything_anew() {
    let mut test = TestDesk::new();
    test.import("crm", ROWS);
    let path = test.workspace().settings();
    let required = "\n[[rules]]\nid = \"phone-there\"\nfield = \"phone\"\ncheck = \"required\"\n\
        severity = \"warn\"\n";
    std::fs::write(&path, format!("{SETTINGS}{required}")).unwrap();
    test.desk().adopt_settings().unwrap();
    assert_eq!(counts(&mut test, "phone-there"), (4, 4, 0));
    assert_eq!(counts(&mut test, "email-format"), (3, 2, 0));
    verify(&mut test);
    std::fs::write(&path, SETTINGS.split("[[rules]]").next().unwrap()).unwrap();
    test.desk().adopt_settings().unwrap();
    assert!(rules(&mut test).is_empty());
    verify(&mut test);
}

#[test]
fn work_is_counted_by_kind_age_and_day_and_decisions_by_hour_and_person() {
    let mut test = TestDesk::new();
    test.import("crm", ROWS);
    let open = tasks(&mut test);
    assert_eq!(open.len(), 2);
    test.clock.advance(3 * 86_400);
    test.import("shop", "9,Di,Roe,di.at.example,,,,,,,\n");
    let view = dashboard(&mut test);
    let [waiting] = view.waiting.as_slice() else { panic!("{:?}", view.waiting) };
    assert_eq!((waiting.kind, waiting.open), (TaskKind::Invalid, 3));
    assert_eq!(waiting.ages, [1, 0, 2, 0, 0]);
    let days: Vec<_> = view.days.iter().map(|day| (day.opened, day.closed, day.waiting)).collect();
    assert_eq!(days, [(2, 0, 2), (0, 0, 2), (0, 0, 2), (1, 0, 3)]);
    assert!(view.pace.measured.is_none());
    // One decision is no pace; the next comes 20 s later, the third after a pause.
    correct(&mut test, "crm:3", "email", "bo@example.com");
    test.clock.advance(20);
    correct(&mut test, "crm:2", "email", "ida@example.com");
    test.clock.advance(3_600);
    let until = Until::Time(test.clock.now() + jiff::SignedDuration::from_hours(48));
    let last = *tasks(&mut test).last().unwrap();
    let mut request = Request::new(Action::Defer { until });
    request.task = Some(last);
    test.decide(request).unwrap();
    let view = dashboard(&mut test);
    let [person] = view.people.as_slice() else { panic!("{:?}", view.people) };
    assert_eq!((person.today, person.week, person.seconds), (3, 3, Some(20)));
    assert_eq!(view.hours.iter().rev().take(2).copied().collect::<Vec<_>>(), [1, 2]);
    assert_eq!(view.days.last().map(|day| day.closed), Some(1));
    assert_eq!(view.waiting[0].deferred, 1);
    test.decide(undo_request(DecisionId(1), false)).unwrap();
    assert_eq!(dashboard(&mut test).people[0].today, 4);
    verify(&mut test);
}

#[test]
fn violations_have_a_history_of_imports() {
    let mut test = TestDesk::new();
    test.import("crm", ROWS);
    test.import("crm", &ROWS.replace("ida.at.example", "ida@example.com"));
    let view = dashboard(&mut test);
    let validity: Vec<_> = view
        .quality
        .iter()
        .filter(|row| row.dimension == Dimension::Validity && row.source == "crm")
        .map(|row| (row.judged, row.broken, row.history.len()))
        .collect();
    assert_eq!(validity, [(3, 1, 2)]);
    assert!(view.quality[0].history[0] > view.quality[0].history[1]);
}

#[test]
fn the_groups_of_the_last_run_are_there_by_score() {
    let mut test = TestDesk::new();
    assert!(dashboard(&mut test).scores.is_none());
    test.import(
        "crm",
        "1,Ada,Fernsby,ada@example.com,555-010-4477,1990-01-01,12 Rose Lane,Springfield,,,\n",
    );
    test.import(
        "shop",
        "1,Ada,Fernsby,ada@example.com,555-010-4477,1990-01-01,12 Rose Lane,Springfield,,,\n",
    );
    let outcome = test.match_records();
    let scores = dashboard(&mut test).scores.unwrap();
    let of = |threshold| scores.scores.bucket(threshold);
    let effect = scores.scores.at(of(scores.auto), of(scores.review));
    assert_eq!(effect.tasks, outcome.opened);
    assert_eq!(effect.merges, outcome.merged);
    assert_eq!(effect.merges + effect.tasks, 1);
    assert_eq!(scores.later, None);
    verify(&mut test);
    // The next run looks at what changed: what was counted of all stays, and is told as what it is.
    let again = test.match_records();
    assert!(!again.learned, "{again:?}");
    let kept = dashboard(&mut test).scores.unwrap();
    assert_eq!((kept.run, kept.at, &kept.scores), (scores.run, scores.at, &scores.scores));
    assert_eq!(kept.later, again.run);
    verify(&mut test);
}

#[test]
fn quarantined_records_are_judged_by_no_rule() {
    let mut test = TestDesk::new();
    test.import("crm", "1,Ann,Elmhurst,no address,,,,,,,\n2,Bo,Elmhurst,bo@example.com,,,,,,,\n");
    let counts = |test: &mut TestDesk| rules(test).iter().map(|rule| rule.all).collect::<Vec<_>>();
    let before = counts(&mut test);
    assert_eq!(before.iter().map(|all| all.failing).sum::<u64>(), 1, "{before:?}");
    let record = "crm:1".parse().unwrap();
    let done = test.does(Request::new(Action::Quarantine { record }));
    let set_aside = counts(&mut test);
    assert_eq!(set_aside.iter().map(|all| all.failing).sum::<u64>(), 0, "{set_aside:?}");
    verify(&mut test);
    test.undo(done.decision);
    assert_eq!(counts(&mut test), before);
    verify(&mut test);
}

#[test]
fn quarantined_rows_are_counted_by_reason_until_the_file_comes_again() {
    let mut test = TestDesk::new();
    let broken = format!("{ROWS},No,Key,,,,,,,,\n9,Again,Ada,,,,,,,,,more\n,Nor,Key,,,,,,,,\n");
    test.import("crm", &broken);
    let view = imports(&mut test);
    assert_eq!((view.total, view.imports[0].in_quarantine()), (1, 3));
    assert_eq!(view.imports[0].quarantined[1], ("no key".to_owned(), 2));
    let import = view.imports[0].import;
    let rows = test.ask(Quarantine { import, limit: 2, unmask: true }).unwrap();
    assert!(rows.more && rows.rows[0].text.contains("No,Key"));
    verify(&mut test);
    test.import("crm", ROWS);
    let view = imports(&mut test);
    assert_eq!((view.total, view.imports[1].in_quarantine()), (2, 0));
    let report = view.imports[1].finished.unwrap().1;
    assert_eq!((report.read, report.quarantined), (7, 3));
    verify(&mut test);
}

fn job(test: &mut TestDesk) -> JobView {
    test.ask(Watch::default()).unwrap().unwrap()
}

fn many(rows: u32) -> String {
    (1..=rows).map(|id| format!("{id},Ada,Fernsby,ada{id}@example.com,,,,,,,\n")).collect()
}

#[test]
fn an_import_beside_decisions_gives_what_an_import_alone_gives() {
    let mut test = TestDesk::new();
    test.import("crm", "1,Ada,Fernsby,wrong.at.example,,,,,,,\n");
    let rows = many(1_000);
    let started = test.starts("all.csv", &rows).unwrap();
    assert_eq!((started.done, started.ended), (0, None));
    while job(&mut test).import.is_none() {
        test.desk().work();
    }
    // Settings that change meanwhile wait: half the file would be read otherwise.
    test.edits(&SETTINGS.replace("test customers", "renamed"));
    let adopting = door::operations::AdoptSettings::default();
    let refused = test.ask(adopting.clone()).unwrap_err();
    assert!(format!("{refused:?}").contains("an import is under way"), "{refused:?}");
    let mut decided = false;
    while test.desk().is_working() {
        test.desk().work();
        if !decided && job(&mut test).done >= 256 {
            correct(&mut test, "crm:200", "email", "x@example.com");
            correct(&mut test, "crm:2", "email", "ada@example.org");
            decided = true;
        }
        if !decided && job(&mut test).done == 0 {
            // Before its first rows the record is as it was.
            assert_eq!(counts(&mut test, "email-format").0, 1);
        }
    }
    assert!(decided);
    let ended = job(&mut test);
    let Some(JobEnd::Done(report)) = ended.ended else { panic!("{ended:?}") };
    let lines = report.sentences();
    assert!(lines[0].contains("1000 rows read: 999 new, 1 changed"), "{lines:?}");
    assert_eq!(test.desk().settings().workspace.name, "test customers");
    assert!(test.ask(adopting).unwrap().sequence.is_some());
    verify(&mut test);
    assert_eq!(counts(&mut test, "email-format"), (1_000, 0, 0));
    assert_eq!(imports(&mut test).imports[0].finished.map(|it| it.1.read), Some(1_000));
}

#[test]
fn a_cancelled_import_keeps_what_was_committed_and_is_completed_later() {
    let mut test = TestDesk::new();
    let rows = many(2_000);
    test.starts("all.csv", &rows).unwrap();
    while job(&mut test).done < 512 {
        test.desk().work();
    }
    test.ask(Cancel { job: None }).unwrap();
    assert_eq!(job(&mut test).ended, Some(JobEnd::Cancelled));
    assert!(!test.desk().is_working());
    assert!(imports(&mut test).imports[0].finished.is_none());
    verify(&mut test);
    test.starts("all.csv", &rows).unwrap();
    while test.desk().is_working() {
        test.desk().work();
    }
    let view = imports(&mut test);
    assert_eq!(view.total, 1, "it is the same import");
    let report = view.imports[0].finished.unwrap().1;
    assert_eq!((report.read, report.new + report.unchanged), (2_000, 2_000));
    verify(&mut test);
}

#[test]
fn an_import_without_a_file_or_of_a_source_that_is_not_there_starts_nothing() {
    let mut test = TestDesk::new();
    let import = |source: &str| Import::of(SourceName::new(source), "all.csv");
    let why = test.ask(import("crm")).unwrap_err().to_string();
    assert!(why.contains("needs its file"), "{why}");
    let streams = Streams::of_file(std::io::Cursor::new(format!("{HEADER}{ROWS}")));
    let why = test.hand_in(import("nobody"), streams).unwrap_err().to_string();
    assert!(why.contains("no source `nobody`"), "{why}");
    assert_eq!(test.ask(Watch::default()).unwrap(), None);
    assert_eq!(imports(&mut test).total, 0);
}

#[test]
fn own_figures_are_those_of_who_asks_and_of_nobody_else() {
    let mut test = TestDesk::new();
    test.import("crm", ROWS);
    let quiet = dashboard(&mut test).own;
    assert_eq!((quiet.decisions(), quiet.whole), (0, true));
    correct(&mut test, "crm:3", "email", "bo@example.com");
    test.clock.advance(20);
    correct(&mut test, "crm:2", "email", "ida@example.com");
    let own = dashboard(&mut test).own;
    assert_eq!(own.verdicts, [(domain::Verdict::Correct, 2)]);
    assert_eq!((own.undone, own.scored, own.seconds), (0, 0, Some(20)));
    let lead = Session::local("lead", TimeZone::UTC);
    let theirs = test.desk().act(&lead, Dashboard {}, Streams::default()).unwrap().own;
    assert_eq!(theirs.decisions(), 0);
    // Derived: a store that is made anew says the same.
    verify(&mut test);
    assert_eq!(dashboard(&mut test).own, own);
    test.clock.advance(31 * 86_400);
    assert_eq!(dashboard(&mut test).own.decisions(), 0);
}
