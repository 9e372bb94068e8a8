//! Deliveries beside what is held: with fewer columns, older, again.

use super::*;
use door::operations::Delivery;

/// Imports whole text of `crm`.
fn import(test: &mut TestDesk, text: &str) -> ImportOutcome {
    import_as(test, Import::of("crm".into(), "crm.csv"), text)
}

fn import_as(test: &mut TestDesk, request: Import, text: &str) -> ImportOutcome {
    test.clock.advance(60);
    testing::import(test.desk(), request, text).unwrap()
}

/// New, changed, unchanged, older.
fn counts(outcome: &ImportOutcome) -> [u64; 4] {
    let report = outcome.report;
    [report.new, report.changed, report.unchanged, report.older]
}

/// The fields and kept columns of `crm:1`, as delivered.
fn held(test: &mut TestDesk) -> String {
    let record = test.desk().facts().find(&"crm:1".parse().unwrap()).unwrap().unwrap();
    let body = test.desk().facts().body(record).unwrap();
    let mut held: Vec<String> =
        body.values.iter().map(|(field, value)| format!("{field}={}", value.raw())).collect();
    held.extend(body.unmapped.iter().map(|(column, text)| format!("{column}:{text}")));
    held.extend(body.updated.map(|at| at.strftime("@%F").to_string()));
    held.join(" ")
}

const WHOLE: &str = "id,given,family,email,phone,road,number,note,updated\n\
    1,Ada,Fernsby,ada@example.com,+12175550104,Rose Lane,12,likes tea,2026-03-01\n";

/// `crm` with a street of two columns and a time of change.
fn desk() -> TestDesk {
    let mut test = TestDesk::new();
    settings(&mut test, "");
    test
}

fn settings(test: &mut TestDesk, more: &str) {
    let text = format!(
        "[workspace]\nname = \"a\"\nregion = \"US\"\n\
         [fields.given_name]\ntype = \"given_name\"\n[fields.family_name]\ntype = \"family_name\"\n\
         [fields.email]\ntype = \"email\"\n[fields.phone]\ntype = \"phone\"\n\
         [fields.street]\ntype = \"street\"\n\
         [sources.crm]\nkey = \"id\"\nupdated = \"updated\"\n{more}\n\
         map = {{ given_name = \"given\", family_name = \"family\", email = \"email\", \
         phone = \"phone\", street = [\"road\", \"number\"] }}\n"
    );
    test.edits(&text);
    test.desk().adopt_settings().unwrap();
}

#[test]
fn a_file_with_fewer_columns_changes_only_what_it_has() {
    let mut test = desk();
    import(&mut test, WHOLE);
    let whole = "email=ada@example.com family_name=Fernsby given_name=Ada phone=+12175550104 \
                 street=Rose Lane 12 road:Rose Lane number:12 note:likes tea @2026-03-01";
    assert_eq!(held(&mut test), whole);
    for (text, from, to) in [
        ("id,email\n1,ada@example.org\n", "ada@example.com", "ada@example.org"),
        // A part of a field of several columns.
        (
            "id,number\n1,14\n",
            "Rose Lane 12 road:Rose Lane number:12",
            "Rose Lane 14 road:Rose Lane number:14",
        ),
        // A column that is kept as it is; an empty one empties.
        ("id,given,note\n1,Ada,likes coffee\n", "likes tea", "likes coffee"),
        ("id,given,note\n1,Ada,\n", " note:likes tea", ""),
        ("email,id\n,1\n", "email=ada@example.com ", ""),
        ("id,phone,updated\n1,+12175550105,2026-04-01\n", "+12175550104", "+12175550105"),
    ] {
        import(&mut test, WHOLE);
        assert_eq!(counts(&import(&mut test, text)), [0, 1, 0, 0], "{text}");
        let expected = whole.replace(from, to);
        let expected = if text.contains("updated") {
            expected.replace("2026-03-01", "2026-04-01")
        } else {
            expected
        };
        assert_eq!(held(&mut test), expected, "{text}");
        // Again, and it is known by its fingerprint; after a rebuild, too.
        let kept = test.picture();
        assert_eq!(counts(&import(&mut test, text)), [0, 0, 1, 0], "{text}");
        assert_eq!(test.picture(), kept);
        test.rebuild();
        assert_eq!(counts(&import(&mut test, text)), [0, 0, 1, 0], "{text}");
        // Back to where it began.
        let back = Import {
            delivery: Delivery { accept_older: true, ..Delivery::default() },
            ..Import::of("crm".into(), "crm.csv")
        };
        assert_eq!(counts(&import_as(&mut test, back, WHOLE)), [0, 1, 0, 0], "{text}");
        assert_eq!(held(&mut test), whole);
    }
}

#[test]
fn an_empty_column_is_told_from_one_that_is_not_there() {
    let mut test = desk();
    import(&mut test, WHOLE);
    // The same values, once without a column for the note and once with an empty one.
    let without = "id,email\n1,ada@example.org\n";
    let empty = "id,email,note\n1,ada@example.org,\n";
    assert_eq!(counts(&import(&mut test, without)), [0, 1, 0, 0]);
    assert!(held(&mut test).contains("note:likes tea"));
    assert_eq!(counts(&import(&mut test, empty)), [0, 1, 0, 0]);
    assert!(!held(&mut test).contains("note"));
    assert_eq!(counts(&import(&mut test, without)), [0, 0, 1, 0]);
    assert_eq!(counts(&import(&mut test, empty)), [0, 0, 1, 0]);
}

#[test]
fn a_json_object_says_nothing_of_what_it_does_not_hold() {
    let mut test = desk();
    let request = || Import::of("crm".into(), "crm.jsonl");
    let whole = r#"{"id":1,"given":"Ada","family":"Fernsby","email":"ada@example.com","tags":["a","b"],"x":{"y":"1","z":"2"}}"#;
    import_as(&mut test, request(), whole);
    let first = held(&mut test);
    assert_eq!(
        first,
        "email=ada@example.com family_name=Fernsby given_name=Ada tags.0:a tags.1:b x.y:1 x.z:2"
    );
    for (text, gone) in [
        (r#"{"id":1,"email":"ada@example.com"}"#, ""),
        (r#"{"id":1,"given":"Ada","email":null}"#, "email=ada@example.com "),
        (r#"{"id":1,"given":"Ada","email":""}"#, "email=ada@example.com "),
        (r#"{"id":1,"given":"Ada","tags":["a"]}"#, " tags.1:b"),
        (r#"{"id":1,"given":"Ada","tags":[]}"#, " tags.0:a tags.1:b"),
        (r#"{"id":1,"given":"Ada","x":{"z":"2"}}"#, ""),
        (r#"{"id":1,"given":"Ada","x":{"y":null}}"#, " x.y:1"),
        (r#"{"id":1,"given":"Ada","x":null}"#, " x.y:1 x.z:2"),
    ] {
        import_as(&mut test, request(), whole);
        import_as(&mut test, request(), text);
        assert_eq!(held(&mut test), first.replace(gone, ""), "{text}");
        assert_eq!(counts(&import_as(&mut test, request(), text)), [0, 0, 1, 0], "{text}");
    }
}

#[test]
fn what_a_source_requires_must_be_there() {
    let mut test = desk();
    settings(&mut test, "required = [\"email\", \"street\"]");
    let refused = |test: &mut TestDesk, text: &str| {
        let request = Import::of("crm".into(), "crm.csv");
        testing::import(test.desk(), request, text).unwrap_err().to_string()
    };
    let why = refused(&mut test, "id,given,mail,road\n1,Ada,,\n");
    assert!(
        why.contains("crm.csv has no column `email` (did you mean `mail`?), `number`;"),
        "{why}"
    );
    let why = refused(&mut test, "given,email,road,number\nAda,,,\n");
    assert!(why.contains("no column `id`;"), "{why}");
    let lines = "{\"id\":1,\"email\":\"a@example.com\",\"road\":null,\"number\":\"\"}\n{\"id\":2,\"road\":\"\"}\n";
    let outcome = import_as(&mut test, Import::of("crm".into(), "crm.jsonl"), lines);
    assert_eq!(outcome.quarantined, [(2, "it has no `email`".to_owned())]);
    assert_eq!(counts(&outcome), [1, 0, 0, 0]);
    settings(&mut test, "");
    let why = refused(&mut test, "id,mail,note\n1,a,b\n");
    assert!(why.contains("no column `given`, `family`, `email` (did you mean `mail`?)"), "{why}");
}

#[test]
fn columns_that_are_not_there_are_named() {
    let mut test = desk();
    let outcome = import(&mut test, "id,given,Family_\n1,Ada,Fernsby\n");
    let lacking: Vec<String> = outcome.lacking.iter().map(|it| it.sentence()).collect();
    assert_eq!(
        lacking[..2],
        [
            "no column `family` (did you mean `Family_`?): it stays empty",
            "no column `email`: it stays empty",
        ]
    );
    assert_eq!(lacking.len(), 6);
    assert_eq!(import(&mut test, WHOLE).lacking, []);
    let outcome = import(&mut test, "id,given\n1,Ada\n");
    assert_eq!(outcome.lacking[0].sentence(), "no column `family`: what is held there stays");
}

#[test]
fn a_row_older_than_what_is_held_changes_nothing() {
    let mut test = desk();
    let row = |email: &str, at: &str| format!("id,given,email,updated\n1,Ada,{email},{at}\n");
    import(&mut test, &row("new@example.com", "2026-03-01"));
    let before = test.picture();
    let old = row("old@example.com", "2024-01-01");
    for _ in 0..2 {
        assert_eq!(counts(&import(&mut test, &old)), [0, 0, 0, 1]);
    }
    assert_eq!(test.picture(), before);
    // Without a time, or with the same one, other content counts.
    for (email, at, changed) in [
        ("same@example.com", "2026-03-01", true),
        ("none@example.com", "", true),
        // The time that was known before still counts.
        ("again@example.com", "2024-01-01", false),
        ("", "2026-04-01", true),
        ("x@example.com", "2026-03-31", false),
    ] {
        let expected = if changed { [0, 1, 0, 0] } else { [0, 0, 0, 1] };
        assert_eq!(counts(&import(&mut test, &row(email, at))), expected, "{email} {at}");
    }
    assert_eq!(held(&mut test), "given_name=Ada @2026-04-01");
    let request = Import {
        delivery: Delivery { accept_older: true, ..Delivery::default() },
        ..Import::of("crm".into(), "crm.csv")
    };
    assert_eq!(counts(&import_as(&mut test, request, &old)), [0, 1, 0, 0]);
    assert_eq!(held(&mut test), "email=old@example.com given_name=Ada @2024-01-01");
}

#[test]
fn rows_of_one_key_are_laid_over_what_is_held_in_the_order_of_their_times() {
    let mut test = desk();
    import(&mut test, WHOLE);
    let twice = "id,phone,updated\n1,+12175550106,2026-05-01\n2,+12175550107,2026-04-01\n\
                 1,+12175550105,2026-04-01\n";
    assert_eq!(counts(&import(&mut test, twice)), [1, 2, 0, 0]);
    let now = "email=ada@example.com family_name=Fernsby given_name=Ada phone=+12175550106 \
               street=Rose Lane 12 road:Rose Lane number:12 note:likes tea @2026-05-01";
    assert_eq!(held(&mut test), now);
    assert_eq!(counts(&import(&mut test, twice)), [0, 0, 3, 0]);
    // What a later row of its file replaces is not looked at as old; that row is.
    let old = "id,phone,updated\n1,+12175550108,2026-01-01\n1,+12175550109,2026-02-01\n";
    assert_eq!(counts(&import(&mut test, old)), [0, 0, 1, 1]);
    assert_eq!(held(&mut test), now);
}

#[test]
fn a_word_for_nothing_stays_where_its_column_is_not_there() {
    let mut test = desk();
    import(&mut test, &WHOLE.replace("+12175550104", "N/A"));
    let outcome = import(&mut test, "id,email\n1,ada@example.org\n");
    assert_eq!(counts(&outcome), [0, 1, 0, 0]);
    let record = test.desk().facts().find(&"crm:1".parse().unwrap()).unwrap().unwrap();
    let absent = test.desk().facts().body(record).unwrap().absent;
    assert_eq!(absent, [("phone".into(), "N/A".into())]);
}

#[test]
fn a_time_that_nobody_can_read_lets_nothing_older_come_back() {
    let mut test = desk();
    import(&mut test, WHOLE);
    for time in ["", "n.a.", "2026-13-45", "soon"] {
        let other = WHOLE.replace("ada@", "mid@").replace("2026-03-01", time);
        import(&mut test, &other);
        assert!(held(&mut test).contains("email=mid@example.com"), "{time}");
        let old = WHOLE.replace("ada@", "old@").replace("2026-03-01", "2019-01-01");
        assert_eq!(counts(&import(&mut test, &old)), [0, 0, 0, 1], "{time}");
        import(&mut test, &WHOLE.replace("likes tea", time));
    }
}

#[test]
fn where_a_record_has_several_rows_an_empty_cell_keeps_what_is_held() {
    let mut test = desk();
    settings(&mut test, "rows = \"several\"");
    let whole = "email=ada@example.com family_name=Fernsby given_name=Ada phone=+12175550104 \
                 street=Rose Lane 12 road:Rose Lane number:12 note:likes tea @2026-03-01";
    for (row, from, to) in [
        ("1,,,ada@example.org,,,,,", "ada@example.com", "ada@example.org"),
        ("1,Ada,,,+12175550105,Rose Lane,,,", "+12175550104", "+12175550105"),
        // Another name or street, and nothing of the one that is held stays beside it.
        ("1,Ann,,,,,,,", "family_name=Fernsby given_name=Ada", "given_name=Ann"),
        ("1,,,,,Oak,,,", "Rose Lane 12 road:Rose Lane number:12", "Oak road:Oak"),
        ("1,,,,,,,,2026-04-01", "@2026-03-01", "@2026-04-01"),
    ] {
        let back = Import {
            delivery: Delivery { accept_older: true, ..Delivery::default() },
            ..Import::of("crm".into(), "crm.csv")
        };
        import_as(&mut test, back, WHOLE);
        assert_eq!(held(&mut test), whole);
        let (header, _) = WHOLE.split_once('\n').unwrap();
        let text = format!("{header}\n{row}\n");
        assert_eq!(counts(&import(&mut test, &text)), [0, 1, 0, 0], "{row}");
        let mut told: Vec<String> = held(&mut test).split(' ').map(str::to_owned).collect();
        let expected = whole.replace(from, to);
        let mut expected: Vec<String> = expected.split(' ').map(str::to_owned).collect();
        told.sort_unstable();
        expected.sort_unstable();
        assert_eq!(told, expected, "{row}");
        assert_eq!(counts(&import(&mut test, &text)), [0, 0, 1, 0], "{row}");
    }
}

#[test]
fn keys_that_are_addresses_are_one_in_capitals_and_in_small_letters() {
    let mut test = desk();
    let row = |key: &str| format!("{key},Bob,Bell,{key},,,,,2026-03-01\n");
    let (header, _) = WHOLE.split_once('\n').unwrap();
    // What is held already keeps its key.
    import(&mut test, &format!("{header}\n{}", row("Eve@Example.com")));
    settings(&mut test, "key_form = \"email\"");
    for (at, key) in ["Bob@example.com", "BOB@EXAMPLE.COM", "bob@example.com"].iter().enumerate() {
        let outcome = import(&mut test, &format!("{header}\n{}", row(key)));
        assert_eq!(counts(&outcome)[0], u64::from(at == 0), "{key}");
    }
    test.customer("crm:bob@example.com");
    let outcome = import(&mut test, &format!("{header}\n{}", row("Eve@Example.com")));
    assert_eq!(counts(&outcome), [0, 0, 1, 0]);
    test.customer("crm:Eve@Example.com");
}

#[test]
fn a_key_whose_zeros_were_dropped_is_said_and_one_of_so_many_digits_has_them() {
    let (header, _) = WHOLE.split_once('\n').unwrap();
    let file = |keys: &[&str]| {
        let rows = keys.iter().map(|key| format!("{key},Bob,Bell,{key}@x.org,,,,,2026-03-01\n"));
        format!("{header}\n{}", rows.collect::<String>())
    };
    let mut test = desk();
    let first = import(&mut test, &file(&["0012", "12", "0345", "x7", "100"]));
    assert!(first.troubles.is_empty(), "what stands in one file is two: {:?}", first.troubles);
    let told = |outcome: &ImportOutcome| {
        let troubles = outcome.troubles.iter();
        troubles
            .map(|it| format!("{:?} {} {} {}", it.trouble, it.field, it.count, it.first))
            .collect()
    };
    for (keys, expected) in [
        (&["345", "00100", "x07"][..], vec!["OtherZeros id 2 2".to_owned()]),
        (&["1234", "10", "0", "000", "12", "0012"], Vec::new()),
        (&["1.234", "9.999", "A.100"], vec!["OtherSigns id 1 2".to_owned()]),
    ] {
        let found: Vec<String> = told(&import(&mut test, &file(keys)));
        assert_eq!(found, expected, "{keys:?}");
    }
    let mut test = desk();
    import(&mut test, &file(&["0012", "0345"]));
    settings(&mut test, "key_form = \"digits 4\"");
    let outcome = import(&mut test, &file(&["12", "00345", "7", "12345", "x7"]));
    assert_eq!((counts(&outcome)[0], outcome.troubles.len()), (3, 0));
    for key in ["crm:0012", "crm:0345", "crm:0007", "crm:12345", "crm:x7"] {
        test.customer(key);
    }
    // What an import without it took for new does not come between once that is undone.
    let mut test = desk();
    import(&mut test, &file(&["0012"]));
    import(&mut test, &file(&["12"]));
    let undo = door::operations::Reread { undoes: Some(domain::ImportId(2)), ..Default::default() };
    testing::run_while(test.desk(), undo, Streams::default(), |_| true).unwrap();
    settings(&mut test, "key_form = \"digits 4\"");
    let outcome = import(&mut test, &file(&["12"]));
    assert_eq!((counts(&outcome)[0], outcome.report.returned), (0, 0));
    // Held without its zeros, it keeps that spelling.
    let mut test = desk();
    import(&mut test, &file(&["12"]));
    settings(&mut test, "key_form = \"digits 4\"");
    assert_eq!(counts(&import(&mut test, &file(&["0012"])))[0], 0);
}

#[test]
fn a_day_is_any_time_of_it() {
    let mut test = TestDesk::new();
    let row = |city: &str, at: &str| format!("1,Ada,,,,,,{city},,,{at}\n");
    test.import("crm", &row("Salem", "2026-03-05 14:22"));
    for (city, at, [changed, older]) in [
        ("Troy", "2026-03-05", [1, 0]),
        ("Ulm", "2026-03-04", [0, 1]),
        // Nor does it make a time of the same day newer than it is.
        ("Erie", "2026-03-05 13:00", [0, 1]),
        ("Lima", "2026-03-05 15:00", [1, 0]),
        ("Reno", "2026-03-05 00:00", [0, 1]),
        ("Rome", "2026-03-06", [1, 0]),
        ("Oslo", "2026-03-06 09:00", [1, 0]),
        ("Oslo", "2026-03-06", [0, 0]),
    ] {
        let report = test.import("crm", &row(city, at)).report;
        assert_eq!([report.changed, report.older], [changed, older], "{at}");
    }
}

#[test]
fn a_row_without_a_time_over_one_that_has_one_is_said() {
    let mut test = TestDesk::new();
    test.import("crm", "1,Ada,,,,,,Salem,,,2026-03-05\n2,Bo,,,,,,Ulm,,,\n");
    let told = |test: &mut TestDesk, rows: &str| {
        let outcome = test.import("crm", rows);
        let told = outcome.troubles.iter().map(|it| it.sentence(outcome.place()));
        told.collect::<Vec<_>>().join("; ")
    };
    assert_eq!(
        told(&mut test, "1,Ada,,,,,,Troy,,,\n2,Bo,,,,,,Reno,,,\n"),
        "updated: 1 row was imported without a time of change over a record that has one, the first in \
         line 2"
    );
    assert_eq!(told(&mut test, "1,Ada,,,,,,Troy,,,\n"), "", "it changes nothing");
    assert!(told(&mut test, "1,Ada,,,,,,Rome,,,soon\n").contains("could not be read"));
}
