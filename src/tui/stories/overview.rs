//! The workspace as a whole: numbers, rules, imports.

use crate::fixtures;
use crate::message::Message;
use crate::pages::{DashboardPage, ImportsPage};
use crate::paths::Completions;
use crate::story::Steward;
use domain::{Assumed, Basis, DateOrder, DateReading, FieldName, ImportId, ImportReport, Reading};
use door::operations::Delivery;
use door::views::{
    HeldBack, ImportOutcome, JobEnd, JobReport, Lacking, Pace, PreviewRow, PreviewValue, Trouble,
    Troubled, WhyHeldBack,
};
use door::{Failure, FailureClass, FilePart, UndecidedColumn, UndecidedView, UnnamedPart};

#[test]
fn thresholds_are_tried_on_the_last_runs_groups() {
    let mut sam = Steward::new();
    sam.presses("g d").sees("auto 0.99, review 0.5 (in force): 762 merges, 214 tasks, 0 left");
    sam.sees("0.8 h").sees("14 s per decision: mean of 258 in 30 days");
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
    sam.looks().sees("30 s per decision, assumed until 20 are made");
    let page = sam.model.page_mut::<DashboardPage>().expect("the dashboard");
    let shown = page.shown.as_mut().expect("its numbers");
    shown.view.scores = None;
    sam.looks().sees("No scores yet");
    sam.presses("h").sees("no matching run has counted its scores yet");
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
    sam.sees("C77: 3 records, now in C77, C2140, by people").sees("split by people since: 1");
    sam.sees("T301 duplicate 0.942").sees("-1.30").sees("matching.auto: 0.99 became 0.97");
    sam.presses("G")
        .sees("nothing about what the machine merges, nor about pairs below review.")
        .presses("q")
        .sees("dashboard");
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
    sam.sees("crm.csv was checked but not imported: add it again").does_not_see("as crm?");
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
        sam.presses("c").sees("checking crm.csv (crm)");
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
    sam.sees("256 rows checked: 250 new, 3 changed, 1 unchanged, 2 to quarantine");
    sam.sees("no column `e-mail` (did you mean `mail`?)");
    sam.presses("v").sees("only a complete file can lack records");
    sam.presses("c").sees("checking crm.csv (crm)");
    let said = sam.desk.imported.last().unwrap();
    assert_eq!((said.delivery.complete, said.glance, said.dry_run), (true, false, true));
    looked(&mut sam, ten_rows());
    sam.presses("v").sees("nothing is held back for confirmation");
    sam.presses("o");
    looked(&mut sam, lacking_many());
    sam.sees("40 of 100 records (40 %) are not in the file, more than a tenth: nothing");
    sam.sees("phone: 2 values could not be read, the first in line 9");
    sam.presses("v y").sees("importing crm.csv (crm)");
    let said = sam.desk.imported.last().unwrap();
    let delivery = Delivery {
        complete: true,
        accept_older: true,
        accept_vanished: true,
        accept_rekeyed: false,
    };
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
    sam.sees("Which reading of crm.csv is right?").sees("windows-1250: Łódź");
    sam.presses("1").sees("checking crm.csv (crm)");
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
    sam.sees("How are the dates of born, since written?").presses("m");
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
    sam.hears(0, undecided()).sees("How are the dates of born written?");
    sam.does_not_see("was not imported").does_not_see("steward.toml").presses("m");
    looked(&mut sam, ten_rows());
    sam.sees("import crm.csv as crm?").does_not_see("was not imported");
    // Another file, whose part is asked for; one that was named and is not there is said.
    sam.presses("Esc a").types("crm.json").presses("Enter c");
    sam.hears(0, part(&["data.items"])).does_not_see("--records").presses("Enter");
    sam.hears(0, part(&[])).sees("there is no list of records at `data.items`");
    sam.does_not_see("--records").types("rows").presses("Enter");
    let returned = ImportReport { returned: 2, ..ten_rows().report };
    looked(&mut sam, ImportOutcome { report: returned, ..ten_rows() });
    sam.does_not_see("no list of records").sees("2 records that had vanished came back");
}

#[test]
fn the_part_of_a_file_that_holds_the_rows_is_asked_for() {
    let said = |sam: &Steward| sam.desk.imported.last().unwrap().clone();
    // A database of several tables.
    let mut sam = Steward::new();
    sam.presses("g i a").types("shop.sqlite").presses("Enter c");
    sam.sees("Which table of shop.sqlite holds its rows?").sees("customers").sees("orders");
    assert!(sam.desk.imported.is_empty(), "nothing was read yet");
    sam.presses("o").sees("checking shop.sqlite (crm)");
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
    sam.sees("Where in crm.json are its records?").sees("data.items").sees("joined by dots");
    sam.presses("Ctrl-w").presses("Enter").sees("no list named");
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
    sam.hears(0, part(FilePart::Sheet, &["Notes", "People"])).sees("Which sheet of crm.xlsx");
    sam.presses("e");
    assert_eq!(said(&sam).written.sheet.as_deref(), Some("People"));
    // Whoever has gone elsewhere is asked nothing there.
    sam.presses("g q").hears(0, part(FilePart::Sheet, &["Notes"]));
    sam.does_not_see("Which sheet").sees("the records stand within");
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
    sam.sees("(a, then v; c first if the file is complete)");
}

#[test]
fn a_job_that_waits_for_others_says_so_until_it_begins() {
    let mut sam = Steward::new();
    sam.presses("g i a").types("a.csv").presses("Enter c");
    // One that somebody else began stands before it.
    sam.desk.job.as_mut().unwrap().ahead = 1;
    sam.hears(0, None).sees("checking a.csv (crm): waiting its turn");
    sam.presses("g q").sees("checking a.csv (crm): waiting its turn");
    sam.desk.job.as_mut().unwrap().ahead = 0;
    sam.hears(0, None).sees("checking a.csv (crm): 0 rows");
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
    sam.sees("no file name starts like that").presses("Ctrl-u").types("G").presses("Tab Enter");
    sam.sees("Which source is Gr\u{00f6}\u{00df}e.csv from?");
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
