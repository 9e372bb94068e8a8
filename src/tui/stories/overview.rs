//! The workspace as a whole: numbers, rules, imports.

use crate::effect::Ticket;
use crate::fixtures;
use crate::message::Message;
use crate::pages::{DashboardPage, ImportsPage};
use crate::paths::Completions;
use crate::question::Answer;
use crate::story::Steward;
use domain::{
    Assumed, Basis, DateOrder, DateReading, FieldName, ImportId, ImportReport, MatchRunId, Reading,
    TaskId,
};
use door::operations::Delivery;
use door::views::{
    HeldBack, ImportOutcome, JobEnd, JobId, JobReport, JobView, Lacking, MatchOutcome, Pace,
    PreviewRow, PreviewValue, Trouble, Troubled, WhyHeldBack,
};
use door::{Failure, FailureClass, FilePart, UndecidedColumn, UndecidedView, UnnamedPart};

#[test]
fn thresholds_are_tried_on_the_last_runs_groups() {
    let mut sam = Steward::new();
    sam.presses("g d").sees("auto 0.99, review 0.5 (in force): 762 merges, 214 tasks, 0 left");
    sam.sees("0.8 h").sees("14 s a decision: the mean of 258 in 30 days");
    sam.presses("h h").sees("auto 0.97, review 0.5: 822 merges, 154 tasks, 0 left alone; 0.6 h");
    sam.sees("joins wrong.  [matching]  auto = 0.97  review = 0.5  then match");
    sam.presses("h").presses("Tab l").sees("auto 0.95, review 0.55");
    sam.presses("l").sees("review 0.6: 822 merges, 96 tasks, 58 left alone");
    sam.presses("h h h").sees("the last run grouped nothing below 0.5");
    // Counted again, what is being tried stays.
    sam.presses("R").sees("auto 0.95, review 0.5:");
    sam.presses("q").sees("T12");
}

#[test]
fn without_a_run_or_a_measured_pace_the_dashboard_says_so() {
    let mut sam = Steward::new();
    sam.presses("g d");
    let page = sam.model.page_mut::<DashboardPage>().expect("the dashboard");
    let shown = page.shown.as_mut().expect("its numbers");
    shown.view.pace = Pace { seconds: 30.0, measured: None };
    sam.looks().sees("30 s a decision, assumed until 20 were made");
    let page = sam.model.page_mut::<DashboardPage>().expect("the dashboard");
    let shown = page.shown.as_mut().expect("its numbers");
    shown.view.scores = None;
    sam.looks().sees("No matching run has counted its scores yet");
    sam.presses("h").sees("no matching run has counted its scores yet");
}

#[test]
fn a_failing_record_is_one_key_from_its_rule_and_its_task_one_more() {
    let mut sam = Steward::new();
    sam.presses("g r").sees("4 rules  2 broken").sees(" 97.9%").presses("Enter");
    sam.sees("2 records that break email-syntax").sees("T31").presses("Enter").sees("T31 invalid");
    sam.presses("g r Enter j Enter").sees("C17").presses("q").sees("2 records that break");
    sam.presses("c").sees("C17");
    sam.presses("g r 3j").sees("time decides: judged when a record is shown");
}

#[test]
fn rows_in_quarantine_stay_masked_until_asked_for() {
    let mut sam = Steward::new();
    sam.presses("g i j").sees("in quarantine 2: no key; 1: too long").presses("Enter");
    sam.sees("quarantine of I3  3 rows").sees(",***,******,***@*******.***").does_not_see("Okafor");
    sam.presses("*").sees(",Ada,Okafor,ada@example.com").presses("j").sees("Ito,Kenji");
}

#[test]
fn an_import_goes_on_beside_decisions_and_its_tasks_wait() {
    let mut sam = Steward::new();
    sam.presses("g i a").types("new/crm.csv").presses("Enter").sees("is of which source");
    sam.presses("c").sees("looking at new/crm.csv (crm): 0 rows");
    looked(&mut sam, ImportOutcome::default());
    sam.presses("y").sees("importing new/crm.csv (crm): 0 rows");
    sam.presses("g q 2j Enter m").sees("D57 merged 2 records").presses("g q");
    sam.hears(512, None);
    sam.presses("j").presses("g i").sees("importing new/crm.csv (crm): 512 rows");
    let mut new = sam.desk.queue.rows[0].clone();
    new.task = TaskId(99);
    sam.desk.gains(new);
    let report = ImportReport { read: 600, new: 600, ..ImportReport::default() };
    let (import, tasks) = (Some(ImportId(5)), 1);
    let outcome = ImportOutcome { import, report, tasks, ..ImportOutcome::default() };
    sam.hears(600, Some(JobEnd::Done(JobReport::Import(Box::new(outcome)))));
    sam.sees("I5: 600 rows read: 600 new, 0 changed, 0 unchanged").presses("g q").sees("new 1: R");
    sam.does_not_see("T99").presses("R").sees("T99");
    assert!(sam.watching.is_none(), "nobody watches what has ended");
}

/// The newest run is compared with the one before.
pub fn compared(sam: &mut Steward) {
    sam.presses("g d c").sees("comparing runs: reading what came between");
    let report = JobReport::CompareRuns(Box::new(fixtures::runs()));
    sam.hears(40, Some(JobEnd::Done(report)));
}

#[test]
fn the_newest_run_is_compared_with_the_one_before_beside_the_review() {
    let mut sam = Steward::at(100, 50);
    compared(&mut sam);
    sam.sees("M4")
        .sees("customers that grew: 57")
        .sees("C12: 4 records, 2 more, from C311, by machine");
    sam.sees("C77: 3 records, now of C77, C2140, by people").sees("taken apart by people since: 1");
    sam.sees("T301 duplicate 0.942").sees("-1.30").sees("matching.auto: 0.99 became 0.97");
    sam.presses("G").sees("nor of pairs below review").presses("q").sees("dashboard");
}

#[test]
fn runs_that_cannot_be_compared_say_why_in_their_place() {
    let mut sam = Steward::new();
    sam.presses("g d c");
    let message = "M1 is the first run: there is none before it to compare".to_owned();
    let failure = Failure { message, ..Failure::new(FailureClass::Usage, "") };
    sam.hears(0, Some(JobEnd::Failed(failure))).sees("M1 is the first run");
    sam.presses("q").sees("dashboard");
}

/// The desk has looked at the file.
fn looked(sam: &mut Steward, outcome: ImportOutcome) {
    sam.hears(0, Some(JobEnd::Done(JobReport::Import(Box::new(outcome)))));
}

#[test]
fn a_file_is_shown_as_it_would_be_read_before_it_is_imported() {
    let mut sam = Steward::new();
    let row = PreviewRow {
        line: 2,
        key: "7".to_owned(),
        values: vec![
            PreviewValue {
                field: FieldName::new("born"),
                raw: "03/04/1985".into(),
                standard: Some("1985-04-03".into()),
            },
            PreviewValue { field: FieldName::new("phone"), raw: "soon".into(), standard: None },
            PreviewValue {
                field: FieldName::new("city"),
                raw: "Omaha".into(),
                standard: Some("Omaha".into()),
            },
        ],
    };
    let order = Assumed::of(DateOrder::DayFirst, Basis::Proved { line: 14 });
    let dates = DateReading { plain: Some(order), dotted: None };
    let reading = Reading { dates: [(FieldName::new("born"), dates)].into(), ..Reading::default() };
    let outcome = ImportOutcome {
        preview: vec![row],
        reading: Box::new(reading),
        ..ImportOutcome::default()
    };
    sam.presses("g i a").types("crm.csv").presses("Enter c");
    looked(&mut sam, outcome.clone());
    sam.sees("import crm.csv as crm?").sees("assumed: dates day-first (proved by line 14)");
    sam.sees("line 2, 7").sees("born   03/04/1985 -> 1985-04-03");
    sam.sees("phone  soon (cannot be read)").sees("city   Omaha");
    sam.presses("Esc").does_not_see("importing crm.csv").does_not_see("import crm.csv as crm?");
    // Whoever has gone elsewhere is asked nothing there.
    sam.presses("a").types("crm.csv").presses("Enter c g q");
    looked(&mut sam, outcome);
    sam.sees("crm.csv was looked at, and not imported").does_not_see("as crm?");
}

/// Ten rows of more fields than fit.
/// A complete file that lacks more than is likely.
fn lacking_many() -> ImportOutcome {
    let held = HeldBack { vanished: 40, of: 100, why: WhyHeldBack::Many };
    let trouble =
        Troubled { trouble: Trouble::Unread, field: "phone".to_owned(), count: 2, first: 9 };
    ImportOutcome { held_back: Some(held), troubles: vec![trouble], ..ten_rows() }
}

fn ten_rows() -> ImportOutcome {
    let value = |field: &str, raw: &str, standard: Option<&str>| PreviewValue {
        field: FieldName::new(field),
        raw: raw.into(),
        standard: standard.map(Into::into),
    };
    let long = "a remark that is far longer than any screen is wide, word after word after word";
    let row = |line: u64| PreviewRow {
        line,
        key: format!("{}", 1000 + line),
        values: vec![
            value("name", "Ada Fernsby", Some("Ada Fernsby")),
            value("birth_date", "03/04/1985", Some("1985-04-03")),
            value("phone", "soon", None),
            value("remark", long, Some(long)),
        ],
    };
    let order = Assumed::of(DateOrder::DayFirst, Basis::Proved { line: 14 });
    let dates = DateReading { plain: Some(order), dotted: None };
    let field = FieldName::new("birth_date");
    let reading = Reading { dates: [(field, dates)].into(), ..Reading::default() };
    let report = ImportReport {
        read: 256,
        new: 250,
        changed: 3,
        unchanged: 1,
        quarantined: 2,
        ..ImportReport::default()
    };
    let lacking =
        Lacking { column: "e-mail".to_owned(), nearest: Some("mail".to_owned()), is_held: true };
    ImportOutcome {
        format: "csv, windows-1252, semicolon".to_owned(),
        report,
        quarantined: vec![(17, "no key in column `id`".to_owned())],
        preview: (2..12).map(row).collect(),
        reading: Box::new(reading),
        lacking: vec![lacking],
        ..ImportOutcome::default()
    }
}

#[test]
fn every_row_that_was_looked_at_can_be_read_on_a_small_screen() {
    for (columns, rows, name) in [(80, 24, "80x24"), (120, 40, "120x40")] {
        let mut sam = Steward::at(columns, rows);
        sam.presses("g i a").types("crm.csv").presses("Enter c");
        looked(&mut sam, ten_rows());
        sam.sees("import crm.csv as crm?");
        insta::assert_snapshot!(format!("look-{name}"), sam.screen());
        sam.presses("c").sees("looking at crm.csv (crm)");
        looked(&mut sam, lacking_many());
        sam.sees("[x] complete").presses("v").sees("[x] those records are really gone");
        sam.presses("Space Space Space Space Space Space Space Space");
        sam.sees("line 11, 1011").sees("remark");
        insta::assert_snapshot!(format!("look-end-{name}"), sam.screen());
    }
}

#[test]
fn what_may_be_said_of_a_file_is_said_before_its_import() {
    let mut sam = Steward::new();
    sam.presses("g i a").types("crm.csv").presses("Enter c");
    looked(&mut sam, ten_rows());
    sam.sees("256 rows looked at: 250 new, 3 changed, 1 unchanged, 2 to quarantine");
    sam.sees("no column `e-mail` (did you mean `mail`?)");
    sam.presses("v").sees("only a complete file can lack records");
    sam.presses("c").sees("looking at crm.csv (crm)");
    let said = sam.desk.imported.last().unwrap();
    assert_eq!((said.delivery.complete, said.glance, said.dry_run), (true, false, true));
    looked(&mut sam, ten_rows());
    sam.presses("v").sees("nothing is held back that would have to be confirmed");
    sam.presses("o");
    looked(&mut sam, lacking_many());
    sam.sees("40 of 100 records (40 %) are not in the file, more than a tenth: nothing");
    sam.sees("phone: 2 values could not be read, the first in line 9");
    sam.presses("v y").sees("importing crm.csv (crm)");
    let said = sam.desk.imported.last().unwrap();
    let delivery = Delivery { complete: true, accept_older: true, accept_vanished: true };
    assert_eq!((said.delivery, said.glance, said.dry_run), (delivery, false, false));
}

#[test]
fn a_file_that_could_be_read_in_several_ways_is_asked_about() {
    let mut sam = Steward::new();
    sam.presses("g i a").types("crm.csv").presses("Enter c");
    let mut failure =
        Failure::new(FailureClass::Undecided, "crm.csv could be in several encodings");
    let reading = |name: &str, words: &str| (name.to_owned(), words.to_owned());
    failure.readings = vec![reading("windows-1250", "Łódź"), reading("windows-1252", "£ódŸ")];
    sam.hears(0, Some(JobEnd::Failed(failure)));
    sam.sees("which reading of crm.csv is right").sees("windows-1250: Łódź");
    sam.presses("1").sees("looking at crm.csv (crm)");
    let said = |sam: &Steward| sam.desk.imported.last().unwrap().clone();
    assert_eq!(said(&sam).written.encoding.as_deref(), Some("windows-1250"));

    let mut failure = Failure::new(FailureClass::Undecided, "nothing tells the order");
    let column = |field: &str| UndecidedColumn {
        field: FieldName::new(field),
        key: "dates".to_owned(),
        choices: vec!["day-first".to_owned(), "month-first".to_owned()],
    };
    let columns = vec![column("born"), column("since")];
    failure.undecided = Some(Box::new(UndecidedView { columns }));
    sam.hears(0, Some(JobEnd::Failed(failure)));
    sam.sees("how are the dates of born, since written").presses("m");
    assert_eq!(said(&sam).dates, Some(DateOrder::MonthFirst));
    assert_eq!(said(&sam).written.encoding.as_deref(), Some("windows-1250"), "it is still so");
    looked(&mut sam, ten_rows());
    sam.presses("y");
    assert_eq!((said(&sam).dates, said(&sam).glance), (Some(DateOrder::MonthFirst), false));
}

#[test]
fn a_question_takes_the_refusal_s_place_and_the_next_preview_says_nothing_of_it() {
    let undecided = || {
        let told = "crm.csv was not imported: add to [sources.crm] in steward.toml dates = ...";
        let mut failure = Failure::new(FailureClass::Undecided, told);
        let columns = vec![UndecidedColumn {
            field: FieldName::new("born"),
            key: "dates".to_owned(),
            choices: vec!["day-first".to_owned(), "month-first".to_owned()],
        }];
        failure.undecided = Some(Box::new(UndecidedView { columns }));
        Some(JobEnd::Failed(failure))
    };
    let part = |names: &[&str]| {
        let told = "crm.json was not imported: say where with --records";
        let mut failure = Failure::new(FailureClass::Unusable, told);
        let names = names.iter().map(|name| (*name).to_owned()).collect();
        failure.part = Some(Box::new(UnnamedPart { kind: FilePart::Records, names }));
        Some(JobEnd::Failed(failure))
    };
    let mut sam = Steward::new();
    sam.presses("g i a").types("crm.csv").presses("Enter c");
    sam.hears(0, undecided()).sees("how are the dates of born written");
    sam.does_not_see("was not imported").does_not_see("steward.toml").presses("m");
    looked(&mut sam, ten_rows());
    sam.sees("import crm.csv as crm?").does_not_see("was not imported");
    // Another file, whose part is asked for; one that was named and is not there is said.
    sam.presses("Esc a").types("crm.json").presses("Enter c");
    sam.hears(0, part(&["data.items"])).does_not_see("--records").presses("Enter");
    sam.hears(0, part(&[])).sees("no list of records stands at `data.items`");
    sam.does_not_see("--records").types("rows").presses("Enter");
    let returned = ImportReport { returned: 2, ..ten_rows().report };
    looked(&mut sam, ImportOutcome { report: returned, ..ten_rows() });
    sam.does_not_see("no list of records").sees("2 records that had vanished came again");
}

#[test]
fn the_part_of_a_file_that_holds_the_rows_is_asked_for() {
    let said = |sam: &Steward| sam.desk.imported.last().unwrap().clone();
    // A database of several tables.
    let mut sam = Steward::new();
    sam.presses("g i a").types("shop.sqlite").presses("Enter c");
    sam.sees("which table of shop.sqlite holds its rows").sees("customers").sees("orders");
    assert!(sam.desk.imported.is_empty(), "nothing was read yet");
    sam.presses("o").sees("looking at shop.sqlite (crm)");
    looked(&mut sam, ten_rows());
    sam.sees("import shop.sqlite as crm?").presses("y").sees("importing shop.sqlite (crm)");
    assert_eq!(sam.desk.tables, ["orders", "orders"], "looked at, and imported");

    // A list within an object of JSON: what was found stands there, and may be changed.
    let part = |kind, names: &[&str]| {
        let mut failure = Failure::new(FailureClass::Unusable, "the records stand within");
        let names = names.iter().map(|name| (*name).to_owned()).collect();
        failure.part = Some(Box::new(UnnamedPart { kind, names }));
        Some(JobEnd::Failed(failure))
    };
    let mut sam = Steward::new();
    sam.presses("g i a").types("crm.json").presses("Enter c");
    sam.hears(0, part(FilePart::Records, &["data.items"]));
    sam.sees("where in crm.json do its records stand").sees("data.items").sees("joined by dots");
    sam.presses("Ctrl-w").presses("Enter").sees("no list was named");
    sam.presses("a").types("crm.json").presses("Enter c");
    sam.hears(0, part(FilePart::Records, &["data.items"])).presses("Enter");
    assert_eq!(said(&sam).written.records.as_deref(), Some("data.items"));
    sam.hears(0, part(FilePart::Records, &[])).types("rows").presses("Enter");
    assert_eq!(said(&sam).written.records.as_deref(), Some("rows"));
    looked(&mut sam, ten_rows());
    sam.presses("y");
    assert_eq!((said(&sam).written.records.as_deref(), said(&sam).dry_run), (Some("rows"), false));

    // A workbook without the sheet that was said.
    let mut sam = Steward::new();
    sam.presses("g i a").types("crm.xlsx").presses("Enter c");
    sam.hears(0, part(FilePart::Sheet, &["Notes", "People"])).sees("which sheet of crm.xlsx");
    sam.presses("e");
    assert_eq!(said(&sam).written.sheet.as_deref(), Some("People"));
    // Whoever has gone elsewhere is asked nothing there.
    sam.presses("g q").hears(0, part(FilePart::Sheet, &["Notes"]));
    sam.does_not_see("which sheet").sees("the records stand within");
}

#[test]
fn what_was_held_back_is_said_whole_and_told_of_the_import() {
    let mut sam = Steward::new();
    sam.presses("g i a").types("crm.csv").presses("Enter c c");
    looked(&mut sam, ten_rows());
    sam.presses("c").does_not_see("v really gone");
    looked(&mut sam, lacking_many());
    sam.sees("v really gone").presses("y");
    looked(&mut sam, ImportOutcome { import: Some(ImportId(5)), ..lacking_many() });
    sam.sees("40 of 100 records (40 %)").sees("nothing was closed");

    let mut sam = Steward::new();
    sam.presses("g i j");
    let page = sam.model.page_mut::<ImportsPage>().expect("the imports");
    let view = page.view.as_mut().expect("what the desk told");
    let first = view.imports[1].finished.as_mut().unwrap();
    first.1.held_back = 40;
    sam.sees("records are missing or deleted: nothing is closed until you add the file again");
    sam.sees("(a, then v; c before it where the file is complete)");
}

#[test]
fn a_match_goes_on_beside_decisions_and_its_tasks_wait() {
    let mut sam = Steward::new();
    sam.presses("g m").sees("matching: reading");
    sam.presses("2j Enter m").sees("D57 merged 2 records").sees("matching: reading");
    sam.reaches("scoring", 340, Some(1_000)).sees("matching: scoring 34%").sees("D57 merged");
    sam.presses("g i").sees("matching: scoring 340 of 1000");
    sam.presses("g d").sees("matching: scoring 340 of 1000").presses("g q");
    let mut new = sam.desk.queue.rows[0].clone();
    new.task = TaskId(99);
    sam.desk.gains(new);
    let (run, merged, opened) = (Some(MatchRunId(3)), 12, 1);
    let outcome = MatchOutcome { run, merged, opened, ..MatchOutcome::default() };
    sam.hears(0, Some(JobEnd::Done(JobReport::Match(outcome))));
    sam.sees("M3: 12 customers merged away, 1 tasks opened").sees("new 1: R");
    sam.does_not_see("matching:").does_not_see("T99").presses("R").sees("T99");
    assert!(sam.watching.is_none(), "nobody watches what has ended");
    sam.presses("g x").sees("x: nothing is under way");
}

#[test]
fn a_match_is_stopped_from_any_screen() {
    let mut sam = Steward::new();
    for (start, stop) in [("g d M", "Ctrl-c"), ("g i M", "Ctrl-c"), ("g q g m Enter", "g x")] {
        sam.presses(start).presses(stop).sees("stopping");
        assert!(sam.model.is_working(), "its thread has not seen it yet");
        sam.presses("g x").sees("x: it stops as soon as it can");
        sam.hears(0, Some(JobEnd::Cancelled)).sees("cancelled; the next match completes it");
        assert!(sam.watching.is_none() && !sam.model.is_working());
    }
    sam.presses("g q g m q")
        .sees("a match is under way: q again stops it; the next match completes");
    assert!(!sam.quit);
    sam.presses("q");
    assert!(sam.quit);
}

#[test]
fn what_is_begun_meanwhile_waits_and_follows_by_itself() {
    let mut sam = Steward::new();
    sam.presses("g i a").types("a.csv").presses("Enter c").sees("looking at a.csv (crm): 0 rows");
    looked(&mut sam, ImportOutcome::default());
    sam.presses("y").sees("importing a.csv (crm): 0 rows");
    sam.presses("g m").sees("matching waits: one job is before it").sees("0 rows, 1 waits");
    sam.presses("a").types("b.csv").presses("Enter w");
    sam.sees("looking at b.csv (webshop) waits: 2 jobs are before it");
    sam.sees("a.csv (crm): 0 rows; 2 wait: matching, looking at b.csv (webshop)");
    sam.presses("g d").sees("importing a.csv (crm): 0 rows; 2 wait");
    sam.presses("g q q").sees("an import is under way, 2 more wait: q again stops all");
    // The one under way is stopped, and not what waits.
    sam.presses("j g x").sees("cancelled; importing the file again completes it; 2 more jobs");
    sam.presses("g i").sees("matching: waits for its turn; 1 waits");
    sam.hears(0, None).sees("matching: reading; 1 waits: looking at b.csv (webshop)");
    // Whoever watched what was stopped is told as well.
    let stale = Some(JobView { ended: Some(JobEnd::Cancelled), ..job(&sam, 2) });
    let told = Message::Answered(Ticket::Job, Box::new(Ok(Answer::Watch(stale))), sam.moment());
    sam.tell(told);
    sam.sees("matching: reading; 1 waits");
    let outcome = MatchOutcome { run: Some(MatchRunId(3)), merged: 12, ..MatchOutcome::default() };
    sam.hears(0, Some(JobEnd::Done(JobReport::Match(outcome))));
    sam.sees("M3: 12 customers merged away").sees("looking at b.csv (webshop): ");
    looked(&mut sam, ImportOutcome::default());
    sam.sees("import b.csv as webshop?").presses("y").sees("importing b.csv (webshop): ");
    let failed = Failure::new(FailureClass::Failed, "b.csv: the disk is full");
    sam.hears(7, Some(JobEnd::Failed(failed))).sees("b.csv: the disk is full");
    sam.presses("g x").sees("x: nothing is under way");
    assert!(sam.watching.is_none() && sam.model.waiting.is_empty());
}

fn job(sam: &Steward, id: u64) -> JobView {
    JobView { id: JobId(id), ..sam.model.job.clone().unwrap() }
}

#[test]
fn a_job_that_waits_for_others_says_so_until_it_begins() {
    let mut sam = Steward::new();
    sam.presses("g i a").types("a.csv").presses("Enter c");
    // One that somebody else began stands before it.
    sam.desk.job.as_mut().unwrap().ahead = 1;
    sam.hears(0, None).sees("looking at a.csv (crm): waits for its turn");
    sam.presses("g q").sees("looking at a.csv (crm): waits for its turn");
    sam.desk.job.as_mut().unwrap().ahead = 0;
    sam.hears(0, None).sees("looking at a.csv (crm): 0 rows");
}

#[test]
fn only_a_full_queue_takes_no_more_jobs_and_the_desk_says_so() {
    let mut sam = Steward::new();
    for _ in 0..17 {
        sam.presses("g m").does_not_see("wait already");
    }
    sam.sees("reading, 16 wait").presses("g m").sees("16 jobs wait already");
    assert_eq!(sam.model.waiting.len(), 16);
    // A job that the desk remembers no longer holds up none of those after it.
    let told = Message::Answered(Ticket::Job, Box::new(Ok(Answer::Watch(None))), sam.moment());
    sam.tell(told);
    assert_eq!((sam.model.waiting.len(), sam.model.job.as_ref().unwrap().id), (15, JobId(2)));
}

#[test]
fn the_palette_matches_now() {
    let mut sam = Steward::new();
    sam.presses(":").types("match now").sees("match now, beside the review").presses("Enter");
    sam.sees("matching: reading");
    sam.presses("g").sees("stop the import or the match");
}

#[test]
fn an_import_is_cancelled_on_its_screen_and_does_not_end_with_one_q() {
    let mut sam = Steward::new();
    sam.presses("g i a").types("crm.csv").presses("Enter Enter");
    looked(&mut sam, ImportOutcome::default());
    sam.presses("y").sees("importing crm.csv (crm)");
    sam.presses("q q").sees("an import is under way: q again stops it");
    assert!(!sam.quit);
    sam.presses("g i Ctrl-c").sees("cancelled; importing the file again completes it");
    // The watch that was open is told as well, and says nothing new.
    sam.presses("j").hears(0, Some(JobEnd::Cancelled));
    sam.presses("q q");
    assert!(sam.quit);
}

#[test]
fn a_path_is_completed_with_tab_as_far_as_names_agree() {
    let mut sam = Steward::new();
    let names = ["archive/", "crm-2026.csv", "crm-old.csv", "Gr\u{00f6}\u{00df}e.csv"];
    sam.desk.files = names.map(str::to_owned).to_vec();
    sam.presses("g i a").sees("Tab completes the path").types("new/c").presses("Tab");
    sam.sees("new/crm-").sees("crm-2026.csv  crm-old.csv").types("o");
    sam.does_not_see("crm-2026.csv").presses("Tab").sees("new/crm-old.csv");
    sam.does_not_see("crm-2026.csv").presses("Ctrl-u Tab").sees("archive/  crm-2026.csv");
    sam.types("a").presses("Tab").sees("archive/").types("x").presses("Tab");
    sam.sees("no file begins so").presses("Ctrl-u").types("G").presses("Tab Enter");
    sam.sees("Gr\u{00f6}\u{00df}e.csv is of which source");
}

#[test]
fn names_that_come_too_late_complete_nothing() {
    let mut sam = Steward::new();
    sam.presses("g i a").types("lx");
    let names = vec!["loyalty.csv".to_owned()];
    let listed = Completions { typed: "l".into(), expanded: "l".into(), names };
    sam.tell(Message::Listed(listed.clone()));
    sam.does_not_see("loyalty.csv").presses("Esc");
    sam.tell(Message::Listed(listed));
    sam.does_not_see("loyalty.csv");
}

#[test]
fn a_file_that_is_not_there_leaves_its_name_to_be_mended() {
    let mut sam = Steward::new();
    sam.presses("g i a Enter").sees("no file was named");
    sam.presses("a").types("gone.csv").presses("Enter w").sees("opening gone.csv: not found");
    sam.sees("import which file").presses("Esc").sees("webshop.csv");
}
