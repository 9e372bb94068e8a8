//! The law of an undone import: records, what lies over them, tasks and the quarantine are as before it;
//! and once the undo is undone, as after it.

use super::overview::verify;
use super::*;
use domain::{ImportId, Until, Vanished};
use door::operations::{Delivery, Reread};
use door::views::RereadOutcome;

/// What a scenario does before, or in the import that is taken back.
#[derive(Clone, Copy)]
enum Step {
    Deliver(&'static str, &'static str),
    Complete(&'static str, &'static str),
    Match,
    Fix(&'static str, &'static str, &'static str),
    SetAside(&'static str),
    /// Puts the first pending task off until its data change.
    PutOff,
    Keep,
    Pin(&'static str, &'static str, &'static str),
}
use Step::{Complete, Deliver, Fix, Keep, Match as MatchNow, Pin, PutOff, SetAside};

const TWO: &str = "1,Ada,Fernsby,ada@example.com,,1985-04-12,1 Rose Lane,Ware,,,\n\
    2,Ida,Oaks,ida@example.com,+12175550105,1990-02-03,2 Rose Lane,Hitchin,,,\n";
const CROWD: &str = "11,Ben,Marlow,ben@example.com,+12175550111,1970-01-02,1 Hill St,Salem,,,\n\
    12,Cat,Norris,cat@example.com,+12175550112,1971-01-02,2 Hill St,Salem,,,\n\
    13,Dan,Frost,dan@example.com,+12175550113,1972-01-02,3 Hill St,Omaha,,,\n\
    14,Eva,Hill,eva@example.com,+12175550114,1973-01-02,4 Hill St,Omaha,,,\n\
    15,Fay,Ives,fay@example.com,+12175550115,1974-01-02,5 Hill St,Salem,,,\n\
    16,Guy,Jay,guy@example.com,+12175550116,1975-01-02,6 Hill St,Salem,,,\n\
    21,Kit,Lowe,kit@example.com,+12175550121,1980-05-06,7 Hill St,Salem,,,\n";
/// Nearly the Kit Lowe of the crowd.
const ALIKE: &str = "22,Kit,Lowe,,+12175550199,1980-05-06,8 Hill St,Salem,,,\n";

const BAD: &str = "1,Ada,Fernsby,ada@,,1985-04-12,1 Rose Lane,Ware,,,\n";
const KEYLESS: &str = ",No,Key,nokey@example.com,,,,,,,\n";

struct Scenario {
    name: &'static str,
    policy: &'static str,
    before: &'static [Step],
    import: Step,
}

const SCENARIOS: &[Scenario] = &[
    Scenario {
        name: "new and changed records, a row in quarantine",
        policy: "task",
        before: &[Deliver("a.csv", TWO)],
        import: Deliver(
            "b.csv",
            "1,Ada,Cole,,,1985-04-12,,Luton,,,\n3,Mo,New,mo@example.com,,,,,,,\n,No,Key,n@example.com,,,,,,,\n",
        ),
    },
    Scenario {
        name: "nothing but a row in quarantine",
        policy: "task",
        before: &[Deliver("a.csv", TWO)],
        import: Deliver("b.csv", KEYLESS),
    },
    Scenario {
        name: "rows whose file came again without them",
        policy: "task",
        before: &[Deliver("a.csv", KEYLESS), Deliver("b.csv", KEYLESS)],
        import: Deliver("a.csv", TWO),
    },
    Scenario {
        name: "a row that came mended",
        policy: "task",
        before: &[Deliver("a.csv", "1,Ada,Fernsby,,,,,,,\n1,Ida,Fernsby,,,,,,,\n")],
        import: Deliver("b.csv", TWO),
    },
    Scenario {
        name: "an invalid record, mended",
        policy: "task",
        before: &[Deliver("a.csv", BAD)],
        import: Deliver("b.csv", TWO),
    },
    Scenario {
        name: "a record that becomes invalid",
        policy: "task",
        before: &[Deliver("a.csv", TWO)],
        import: Deliver("b.csv", BAD),
    },
    Scenario {
        name: "a unique value that two had",
        policy: "task",
        before: &[Deliver("a.csv", "1,Ada,Fernsby,,,,,,,M-77,\n2,Bo,Tarn,,,,,,,M-77,\n")],
        import: Deliver("b.csv", "2,Bo,Tarn,,,,,,,M-78,\n"),
    },
    Scenario {
        name: "a unique value that one more has",
        policy: "task",
        before: &[Deliver("a.csv", "1,Ada,Fernsby,,,,,,,M-77,\n")],
        import: Deliver("b.csv", "2,Bo,Tarn,,,,,,,M-77,\n"),
    },
    Scenario {
        name: "records that vanish, asked about",
        policy: "task",
        before: &[Deliver("a.csv", CROWD), Deliver("a.csv", TWO)],
        import: Complete("a.csv", TWO),
    },
    Scenario {
        name: "records that vanish, closed",
        policy: "close",
        before: &[Deliver("a.csv", CROWD), Deliver("a.csv", TWO)],
        import: Complete("a.csv", TWO),
    },
    Scenario {
        name: "records that are back",
        policy: "close",
        before: &[Deliver("a.csv", TWO), Complete("a.csv", CROWD)],
        import: Complete("a.csv", TWO),
    },
    Scenario {
        name: "records that were missing and are back",
        policy: "task",
        before: &[Deliver("a.csv", TWO), Complete("a.csv", CROWD)],
        import: Complete("a.csv", TWO),
    },
    Scenario {
        name: "one kept by a person, and gone again",
        policy: "task",
        before: &[Deliver("a.csv", TWO), Complete("a.csv", CROWD), Keep, Deliver("a.csv", TWO)],
        import: Complete("a.csv", CROWD),
    },
    Scenario {
        name: "a duplicate that is closed",
        policy: "close",
        before: &[Deliver("a.csv", CROWD), Deliver("b.csv", ALIKE), MatchNow],
        import: Complete("b.csv", CROWD),
    },
    Scenario {
        name: "a correction that the source delivers itself",
        policy: "task",
        before: &[Deliver("a.csv", BAD), Fix("crm:1", "email", "ada@example.com")],
        import: Deliver("b.csv", TWO),
    },
    Scenario {
        name: "a correction against a third value",
        policy: "task",
        before: &[Deliver("a.csv", TWO), Fix("crm:1", "city", "Luton")],
        import: Deliver("b.csv", "1,Ada,Fernsby,ada@example.com,,1985-04-12,,Hitchin,,,\n"),
    },
    Scenario {
        name: "a pinned value that comes otherwise",
        policy: "task",
        before: &[Deliver("a.csv", TWO), Pin("crm:1", "city", "Luton")],
        import: Deliver("b.csv", "1,Ada,Fernsby,ada@example.com,,1985-04-12,,Hitchin,,,\n"),
    },
    Scenario {
        name: "a record set aside that comes with other content",
        policy: "task",
        before: &[Deliver("a.csv", BAD), SetAside("crm:1")],
        import: Deliver("b.csv", TWO),
    },
    Scenario {
        name: "a task put off until its data change",
        policy: "task",
        before: &[Deliver("a.csv", BAD), PutOff],
        import: Deliver("b.csv", "1,Ada,Cole,ada@,,,,,,,\n"),
    },
];

fn take(test: &mut TestDesk, step: Step) {
    test.clock.advance(60);
    let deliver = |test: &mut TestDesk, file: &str, rows: &str, complete: bool| {
        let delivery = Delivery { complete, accept_vanished: complete, ..Delivery::default() };
        let request = Import { delivery, ..Import::of(SourceName::new("crm"), file) };
        testing::import(test.desk(), request, format!("{HEADER}{rows}")).unwrap();
    };
    let of_first = |test: &mut TestDesk, action: Action| {
        let task = test.listed()[0];
        let version = test.task(task).version;
        test.does(Request::new(action).for_task(task, version));
    };
    match step {
        Deliver(file, rows) => deliver(test, file, rows, false),
        Complete(file, rows) => deliver(test, file, rows, true),
        MatchNow => drop(test.match_records()),
        Fix(record, field, value) => drop(test.does(fix_request(record, field, value))),
        SetAside(record) => {
            let record = record.parse().unwrap();
            test.does(Request::new(Action::Quarantine { record }));
        }
        PutOff => of_first(test, Action::Defer { until: Until::DataChanges }),
        Keep => of_first(test, Action::Keep),
        Pin(record, field, value) => {
            let customer = test.customer(record);
            let picks = [(field.into(), door::Pick::Typed(value.to_owned()))].into();
            test.does(Request::new(Action::Pin { customer, picks }));
        }
    }
}

/// All that can be seen: records with their values and what lies over them, their customers, the tasks, the
/// quarantine. A record whose import was undone is not there.
fn seen(test: &mut TestDesk) -> Vec<String> {
    let tasks = test.pending_picture();
    let facts = test.desk().facts();
    let mut lines = Vec::new();
    for record in (0..facts.view.counters().unwrap().records).map(domain::RecordId) {
        let state = facts.view.record_state(record).unwrap();
        if state.vanished.is_some_and(|Vanished { undone, .. }| undone) {
            continue;
        }
        let body = facts.body(record).unwrap();
        let customer = facts.view.customer_of(record).unwrap();
        let values: Vec<String> = body
            .values
            .iter()
            .map(|(field, value)| format!("{field}={} ({:?})", value.raw(), value.standard()))
            .collect();
        let unmapped = {
            let mut cells = body.unmapped.clone();
            cells.sort();
            cells
        };
        lines.push(format!(
            "{} {customer} {values:?} {unmapped:?} {:?} {state:?}",
            body.address, body.updated
        ));
        let golden = facts.view.customer(customer).unwrap().unwrap();
        let members = facts.members(&golden).unwrap();
        let golden = facts.golden(&golden, &members).unwrap();
        let golden = golden.values.iter().map(|it| format!("{}={}", it.field, it.text));
        lines.push(golden.collect::<Vec<_>>().join(" "));
    }
    for (import, line, entry) in facts.view.quarantine().unwrap() {
        lines.push(format!("{import} line {line}: {} {:?}", entry.reason, entry.key));
    }
    for (import, entry) in facts.view.imports().unwrap() {
        lines.extend(
            (!entry.quarantined.is_empty())
                .then(|| format!("{import}: {:?} in quarantine", entry.quarantined)),
        );
    }
    lines.extend(tasks);
    lines
}

fn withdraw(test: &mut TestDesk, import: u32, dry_run: bool) -> RereadOutcome {
    test.clock.advance(60);
    let request = Reread { undoes: Some(ImportId(import)), dry_run, ..Reread::default() };
    *testing::run_while(test.desk(), request, Streams::default(), |_| true).unwrap()
}

fn imports(test: &mut TestDesk) -> u32 {
    test.desk().facts().view.counters().unwrap().imports
}

#[test]
fn an_import_and_its_undo_leave_all_as_it_was() {
    for Scenario { name, policy, before: steps, import } in SCENARIOS {
        let mut test = TestDesk::new();
        let path = test.workspace().settings();
        let policy = format!("[sources.crm]\nvanished = \"{policy}\"");
        std::fs::write(path, SETTINGS.replace("[sources.crm]", &policy)).unwrap();
        for step in *steps {
            take(&mut test, *step);
        }
        let before = seen(&mut test);
        take(&mut test, *import);
        let after = seen(&mut test);
        assert_ne!(before, after, "{name}");
        let import = imports(&mut test);

        let foreseen = withdraw(&mut test, import, true);
        assert_eq!(seen(&mut test), after, "{name}: a dry run writes nothing");
        let outcome = withdraw(&mut test, import, false);
        assert_eq!(seen(&mut test), before, "{name}");
        let counts = |outcome: &RereadOutcome| {
            let mut of = outcome.sources[0].clone();
            of.import = None;
            of
        };
        assert_eq!(counts(&outcome), counts(&foreseen), "{name}");
        assert!(withdraw(&mut test, import, false).is_empty(), "{name}: nothing is left of it");

        withdraw(&mut test, import + 1, false);
        assert_eq!(seen(&mut test), after, "{name}: the undo undone");
        withdraw(&mut test, import + 2, false);
        assert_eq!(seen(&mut test), before, "{name}: and that undone");
        verify(&mut test);
        let kept = seen(&mut test);
        test.rebuild();
        assert_eq!(seen(&mut test), kept, "{name}: as replay has it");
    }
}

#[test]
fn no_decision_brings_back_what_an_import_said_that_was_undone() {
    let mut test = TestDesk::new();
    let path = test.workspace().settings();
    let policy = "[sources.crm]\nvanished = \"close\"";
    std::fs::write(path, SETTINGS.replace("[sources.crm]", policy)).unwrap();
    take(&mut test, Deliver("a.csv", TWO));
    take(&mut test, Deliver("a.csv", CROWD));
    let before = seen(&mut test);
    take(&mut test, Complete("a.csv", CROWD));
    let closed = seen(&mut test);
    let records = vec!["crm:1".parse().unwrap()];
    let reopened = test.does(Request::new(Action::Reopen { records })).decision;
    withdraw(&mut test, 3, false);
    let undone = test.undo(reopened).decision;
    assert_eq!(seen(&mut test), before);
    // The import stands again, and nobody has said otherwise.
    withdraw(&mut test, 4, false);
    assert_eq!(seen(&mut test), closed);
    test.undo(undone);
    let [one, ..] = &seen(&mut test)[..] else { unreachable!() };
    assert!(one.contains("closed: false"), "reopened as it was: {one}");
    verify(&mut test);
}

#[test]
fn what_came_since_keeps_its_place_in_and_out_of_quarantine() {
    let mut test = TestDesk::new();
    let rows = |test: &mut TestDesk| test.desk().facts().view.quarantine().unwrap().len();
    take(&mut test, Deliver("a.csv", KEYLESS));
    take(&mut test, Deliver("a.csv", KEYLESS));
    // It came again with I2, which stands.
    assert!(withdraw(&mut test, 1, false).is_empty());
    assert_eq!(rows(&mut test), 1);
    take(&mut test, Deliver("a.csv", TWO));
    take(&mut test, Deliver("a.csv", ALIKE));
    // It left with I3, and I4 did not hold it either.
    assert_eq!(rows(&mut test), 0);
    withdraw(&mut test, 3, false);
    assert_eq!(rows(&mut test), 0);
}

#[test]
fn an_undo_is_told_as_one() {
    let mut test = TestDesk::new();
    take(&mut test, Deliver("a.csv", TWO));
    take(&mut test, Deliver("a.csv", CROWD));
    take(&mut test, Complete("a.csv", CROWD));
    let foreseen = withdraw(&mut test, 3, true);
    let of = &foreseen.sources[0];
    assert_eq!((of.returned, of.found), (0, 2), "they were never closed");
    withdraw(&mut test, 3, false);
    let told = |test: &mut TestDesk| {
        let record = Some(domain::Subject::Record("crm:1".parse().unwrap()));
        let entries = test.ask(door::operations::History { of: record, unmask: false }).unwrap();
        entries.into_iter().map(|entry| entry.what).collect::<Vec<_>>().join("; ")
    };
    let said = told(&mut test);
    assert!(said.starts_with("back again: I3 was undone"), "{said}");

    // What only stands beside the fields, and what was empty.
    let path = test.workspace().settings();
    let text =
        std::fs::read_to_string(&path).unwrap().replace("[fields.city]\ntype = \"city\"\n", "");
    std::fs::write(path, text.replace(", city = \"city\"", "")).unwrap();
    test.desk().adopt_settings().unwrap();
    test.clock.advance(60);
    let row = "1,Ada,Fernsby,NULL,,1985-04-12,1 Rose Lane,Luton,,,\n";
    take(&mut test, Deliver("b.csv", row));
    let undone = withdraw(&mut test, 5, true);
    assert!(undone.columns.is_empty(), "the field says it");
    let email = undone.examples.iter().find(|it| it.field.as_str() == "email").unwrap();
    assert!(email.was_empty && email.after.is_some(), "{email:?}");
    withdraw(&mut test, 5, false);
    assert!(told(&mut test).starts_with("crm:1 as before I5, revision 3 (I6)"));
    let back = withdraw(&mut test, 6, true);
    let email = back.examples.iter().find(|it| it.field.as_str() == "email").unwrap();
    assert_eq!(email.gone, Some(door::views::WhyGone::Empty));
    for (file, rows) in [
        ("c.csv", "2,Ida,Oaks,ida@example.com,+12175550105,1990-02-03,2 Rose Lane,York,,,\n"),
        ("d.csv", "2,Ida,Oaks,ida@example.com,+12175550105,1990-02-03,2 Rose Lane,Leeds,,,\n"),
    ] {
        take(&mut test, Deliver(file, rows));
    }
    let undone = withdraw(&mut test, 8, true);
    assert_eq!((undone.columns, undone.fields), (vec![("city".to_owned(), 1)], vec![]));
}
