//! Nobody finds a masked value by guessing or halving: not by what dry runs say, which leave no trace, and
//! not by what is refused without a record.

use std::collections::BTreeMap;

use super::*;
use domain::{FieldName, RuleId};
use door::operations::{
    CorrectSome, CountValues, DecideInBulk, DecideSome, DiffSettings, Holders, KeepInClear, Match,
    Preview, SettingsOf, ValuesOf,
};
use door::{BulkStep, BulkVerdict, Pick};

/// Ann, born on 1985-03-04, and Bo, of whom neither the rules nor the members differ otherwise.
const HELD: &str = "1,Ann,Tarn,a@x.example,,1985-03-04,,Tulsa,2001-02-03,M1,\n\
                    2,Bo,Vane,b@x.example,,1990-05-06,,Salem,1989-02-03,M2,\n";

fn held() -> TestDesk {
    held_under("")
}

/// Under these rules as well.
fn held_under(rules: &str) -> TestDesk {
    let settings =
        SETTINGS.replace("type = \"identifier\"", "type = \"identifier\"\nsensitive = true");
    let settings = settings.replacen("[[rules]]", &format!("{rules}\n[[rules]]"), 1);
    let mut test = TestDesk::new();
    std::fs::write(test.workspace().settings(), settings).unwrap();
    test.import("crm", HELD);
    test
}

fn commits(test: &mut TestDesk) -> u64 {
    test.desk().facts().ledger.head().unwrap().sequence.0
}

fn correct(record: &str, field: &str, to: &str) -> Request {
    Request::new(Action::Correct {
        record: record.parse().unwrap(),
        values: BTreeMap::from([(FieldName::new(field), to.to_owned())]),
        chosen: BTreeMap::new(),
        cleared: Vec::new(),
    })
}

fn pin(test: &mut TestDesk, field: &str, to: &str) -> Request {
    let picks = BTreeMap::from([(FieldName::new(field), Pick::Typed(to.to_owned()))]);
    Request::new(Action::Pin { customer: test.customer("crm:1"), picks })
}

/// A merge that nobody asks about: only its result tells whose birth is later than whose first day.
fn merge(test: &mut TestDesk, since: &str) -> Request {
    let picks = [("customer_since", since)];
    let picks = picks.map(|(field, to)| (FieldName::new(field), Pick::Typed(to.to_owned())));
    let groups = vec![vec![test.customer("crm:1"), test.customer("crm:3")]];
    let (into, rest) = (None, door::Rest::Stay);
    Request::new(Action::Merge { groups, into, picks: picks.into(), rest })
}

/// What somebody tries: a guess that is right, one that is wrong, and the rule that would tell.
fn guesses(test: &mut TestDesk) -> Vec<(Request, Request, &'static str)> {
    vec![
        (
            correct("crm:1", "customer_since", "1985-03-05"),
            correct("crm:1", "customer_since", "1985-03-03"),
            "since-after-birth",
        ),
        (
            pin(test, "customer_since", "1985-03-05"),
            pin(test, "customer_since", "1985-03-03"),
            "since-after-birth",
        ),
        (merge(test, "1999-01-01"), merge(test, "1950-01-01"), "since-after-birth"),
        (
            correct("crm:1", "member_number", "M3"),
            correct("crm:1", "member_number", "M2"),
            "member-unique",
        ),
        (pin(test, "member_number", "M3"), pin(test, "member_number", "M2"), "member-unique"),
    ]
}

#[test]
fn a_dry_run_says_the_same_of_a_guess_whether_it_is_right_or_wrong() {
    let mut test = held();
    test.import("crm", "3,Cy,Roe,c@x.example,,1970-01-02,,Bend,2001-02-03,M9,\n");
    for (right, wrong, rule) in guesses(&mut test) {
        let before = commits(&mut test);
        let mut said = Vec::new();
        for request in [&right, &wrong] {
            let view = test.ask(Preview { request: request.clone(), unmask: false }).unwrap();
            assert_eq!(view.unjudged, [RuleId::new(rule)], "{request:?}");
            let bulk =
                DecideInBulk { request: request.clone(), bulk: None, left: 0, rehearse: true };
            let outcome = test.ask(bulk).unwrap();
            // Those who contradict each other are not merged in bulk, whatever rules say.
            if outcome.results[0].refusal.is_none() {
                assert_eq!(outcome.unjudged, [RuleId::new(rule)]);
            }
            said.push((view.refusal, outcome.results[0].refusal.clone(), view.effect));
        }
        assert_eq!(said[0], said[1], "{rule}");
        assert_eq!(said[0].0, None);
        assert_eq!(commits(&mut test), before, "a dry run writes nothing");
    }
}

/// Settings that somebody tries: a guess of Ann's day of birth that is right and one that is wrong.
fn tried() -> Vec<(&'static str, String, String)> {
    let rule = |text: &str| {
        SETTINGS
            .replace("type = \"identifier\"", "type = \"identifier\"\nsensitive = true")
            .replacen(
                "[[rules]]",
                &format!("[[rules]]\nid = \"probe\"\nseverity = \"error\"\n{text}\n[[rules]]"),
                1,
            )
    };
    let of = |kind, text: &dyn Fn(&str) -> String| {
        (kind, rule(&text("1985-03-04")), rule(&text("1985-03-05")))
    };
    let own = "field = \"birth_date\"\ncheck =";
    vec![
        of("pattern", &|day| format!("{own} \"pattern\"\npattern = \"{day}\"")),
        of("range", &|day| format!("{own} \"range\"\nmin = \"{day}\"\nwhen = \"city = 'Tulsa'\"")),
        of("default", &|day| format!("{own} \"not_default\"\nvalues = [\"{day}\"]")),
        of("when", &|day| {
            format!("field = \"street\"\ncheck = \"required\"\nwhen = \"birth_date = '{day}'\"")
        }),
        (
            "a rule that is there",
            rule("field = \"city\"\ncheck = \"required\"")
                .replace("comparison = \">\"", "comparison = \"<\""),
            rule("field = \"city\"\ncheck = \"required\""),
        ),
    ]
}

#[test]
fn settings_that_are_tried_say_the_same_of_a_guess_whether_it_is_right_or_wrong() {
    let mut test = held();
    let before = commits(&mut test);
    let diff = |test: &mut TestDesk, text: &str| {
        let asked = DiffSettings { of: SettingsOf::Text(text.to_owned()), examples: 2 };
        let mut diff =
            *testing::run_while(test.desk(), asked, Streams::default(), |_| true).unwrap();
        (diff.fingerprint, diff.in_force) = (String::new(), String::new());
        diff.sections.clear();
        diff
    };
    for (kind, right, wrong) in tried() {
        let [mut right, wrong] = [diff(&mut test, &right), diff(&mut test, &wrong)];
        let unjudged = match kind {
            "a rule that is there" => "since-after-birth",
            _ => "probe",
        };
        assert_eq!(right.unjudged, [RuleId::new(unjudged)], "{kind}");
        assert!(right.lines().iter().any(|line| line.contains("not judged")), "{kind}");
        right.unjudged.clone_from(&wrong.unjudged);
        assert_eq!(right, wrong, "{kind}");
    }
    let due = |day: &str| {
        format!(
            "{SETTINGS}\n[[retention]]\nafter = \"1 days\"\nfrom = \"created\"\nthen = \"erase\"\n\
                 where = \"birth_date = '{day}'\"\n"
        )
    };
    let told = diff(&mut test, &due("1985-03-04"));
    assert!(told.unjudged_retention && told.retention.is_none());
    assert_eq!(told, diff(&mut test, &due("1985-03-05")));
    // So does a match by rules that only this text has.
    let never =
        format!("{SETTINGS}\n[[matching.rules]]\nsame = [\"birth_date\", \"family_name\"]\n");
    let under = Some(SettingsOf::Text(never));
    let asked = Match { dry_run: true, under, ..Match::default() };
    assert!(matches!(test.ask(asked), Err(NotDone::Refused(_))));
    assert_eq!(commits(&mut test), before, "a dry run writes nothing");
    test.ask(KeepInClear { fields: vec![FieldName::new("birth_date")] }).unwrap();
    for (kind, right, wrong) in tried() {
        let [right, wrong] = [diff(&mut test, &right), diff(&mut test, &wrong)];
        assert!(right.unjudged.is_empty() && wrong.unjudged.is_empty(), "{kind}");
        assert_ne!(right, wrong, "{kind}");
    }
    assert_eq!(commits(&mut test), before + 1, "that they looked is recorded once");
}

#[test]
fn with_a_record_of_it_a_dry_run_judges() {
    let mut test = held();
    test.import("crm", "3,Cy,Roe,c@x.example,,1970-01-02,,Bend,2001-02-03,M9,\n");
    for (at, kept) in (0..5).flat_map(|at| [(at, false), (at, true)]) {
        let (right, wrong, rule) = guesses(&mut test).swap_remove(at);
        // As another terminal: what one has seen is not recorded again.
        test.reopen();
        if kept {
            let fields = ["birth_date", "member_number"].map(FieldName::new).to_vec();
            test.ask(KeepInClear { fields }).unwrap();
        }
        let before = commits(&mut test);
        let judged = |test: &mut TestDesk, request| {
            let view = test.ask(Preview { request, unmask: !kept }).unwrap();
            assert!(view.unjudged.is_empty());
            view.refusal
        };
        assert_eq!(judged(&mut test, right), None, "{rule}");
        let refused = judged(&mut test, wrong).unwrap();
        assert!(refused.to_string().contains(rule), "{refused}");
        assert!(commits(&mut test) > before, "{rule}: recorded");
    }
}

#[test]
fn a_refusal_that_tells_is_recorded_once() {
    let mut test = held();
    test.import("crm", "3,Cy,Roe,c@x.example,,1970-01-02,,Bend,2001-02-03,M9,\n");
    for at in 0..5 {
        let (_, wrong, rule) = guesses(&mut test).swap_remove(at);
        test.reopen();
        let before = commits(&mut test);
        let refusal = test.is_refused(wrong.clone());
        assert!(refusal.to_string().contains(rule), "{refusal}");
        let after = commits(&mut test);
        assert_eq!(after, before + 1, "{rule}: it is recorded that somebody looked");
        let entries = test.ask(door::operations::History { of: None, unmask: false }).unwrap();
        assert!(entries[0].what.starts_with("unmasked"), "{}", entries[0].what);
        test.is_refused(wrong);
        assert_eq!(commits(&mut test), after, "{rule}: once a sitting");
    }
}

/// Which rules refuse tells that the others hold.
#[test]
fn a_refusal_by_another_rule_tells_as_much_and_is_recorded() {
    let mut test = held_under(
        "[[rules]]\nid = \"city-short\"\nfield = \"city\"\ncheck = \"pattern\"\npattern = \"[A-Z][a-z]{3,6}\"\n\
         severity = \"error\"",
    );
    for since in ["1985-03-05", "1985-03-03"] {
        test.reopen();
        let before = commits(&mut test);
        let mut request = correct("crm:1", "customer_since", since);
        let Action::Correct { values, .. } = &mut request.action else { unreachable!() };
        values.insert(FieldName::new("city"), "Longville".to_owned());
        let refusal = test.is_refused(request);
        assert!(refusal.to_string().contains("city-short"), "{refusal}");
        assert_eq!(commits(&mut test), before + 1, "{since}: it is recorded that somebody looked");
    }
}

#[test]
fn a_refusal_that_tells_nothing_masked_is_not_recorded() {
    let mut test = held();
    let before = commits(&mut test);
    test.is_refused(correct("crm:1", "email", "nobody"));
    test.is_refused(correct("crm:1", "birth_date", "soon"));
    let unmasked = test.ask(Preview { request: correct("crm:1", "city", "Bend"), unmask: false });
    assert!(unmasked.unwrap().unjudged.is_empty());
    assert_eq!(commits(&mut test), before);
}

#[test]
fn the_values_of_a_field_are_corrected_dry_without_a_word_of_masked_ones() {
    let mut test = held();
    let field = FieldName::new("customer_since");
    let asked = CountValues { field: field.clone(), source: None, of: ValuesOf::Standard };
    testing::run_while(test.desk(), asked, Streams::default(), |_| true).unwrap();
    let from = vec!["2001-02-03".to_owned()];
    test.ask(Holders { values: from.clone(), unmask: false }).unwrap();
    let before = commits(&mut test);
    let mut said = Vec::new();
    for to in ["1985-03-05", "1985-03-03"] {
        let some = CorrectSome {
            field: field.clone(),
            of: ValuesOf::Standard,
            from: from.clone(),
            to: to.to_owned(),
            records: vec!["crm:1".parse().unwrap()],
            reason: None,
            note: None,
            bulk: None,
            left: 0,
            rehearse: true,
        };
        let done = test.ask(some).unwrap().outcome;
        assert_eq!(done.unjudged, [RuleId::new("since-after-birth")]);
        said.push(done.results[0].refusal.clone());
    }
    assert_eq!((&said[0], &said[1]), (&None, &None));
    assert_eq!(commits(&mut test), before);
}

#[test]
fn a_bulk_of_a_filter_says_nothing_of_masked_values_either() {
    let mut test = held();
    // Bo's first day is before his birth, which is a task.
    let task = test.pending(TaskKind::Invalid)[0];
    for to in ["1990-05-07", "1980-05-05"] {
        let values = BTreeMap::from([(FieldName::new("customer_since"), to.to_owned())]);
        let verdict = BulkVerdict::Correct { values, cleared: Vec::new() };
        let tasks = vec![(task, None)];
        let step = BulkStep {
            verdict,
            reason: None,
            note: None,
            tasks,
            bulk: None,
            left: 0,
            rehearse: true,
            break_glass: None,
        };
        let outcome = test.ask(DecideSome { step }).unwrap();
        assert_eq!(outcome.results[0].refusal, None);
        assert_eq!(outcome.unjudged, [RuleId::new("since-after-birth")]);
    }
}

#[test]
fn a_dry_import_counts_the_same_whatever_is_guessed() {
    let mut test = held();
    let dry = |test: &mut TestDesk, rows: &str| {
        let import = Import { dry_run: true, ..import_of("crm") };
        testing::import(test.desk(), import, format!("{HEADER}{rows}")).unwrap()
    };
    let of_ann = |birth: &str, member: &str, since: &str| {
        format!("1,Ann,Tarn,a@x.example,,{birth},,Tulsa,{since},{member},\n")
    };
    let of_new =
        |member: &str| format!("9,Di,Poe,d@x.example,,1970-01-02,,Bend,2001-02-03,{member},\n");
    let before = commits(&mut test);
    for (right, wrong, changed) in [
        (of_ann("1985-03-04", "M1", "2001-02-03"), of_ann("1985-03-05", "M1", "2001-02-03"), 0),
        (of_ann("1985-03-04", "M1", "2001-02-03"), of_ann("1985-03-04", "M7", "2001-02-03"), 0),
        (of_ann("1985-03-04", "M1", "2001-02-03"), of_ann("", "", "2001-02-03"), 0),
        (of_ann("", "M1", "1985-03-05"), of_ann("", "M1", "1985-03-03"), 1),
        (of_new("M5"), of_new("M2"), 0),
        (
            of_ann("1985-03-04", "M1", "2001-02-03").repeat(2),
            of_ann("x", "", "2001-02-03").repeat(2),
            0,
        ),
    ] {
        let (one, other) = (dry(&mut test, &right), dry(&mut test, &wrong));
        let counts = |it: &ImportOutcome| (it.report, it.tasks, it.challenges.clone());
        assert_eq!(counts(&one), counts(&other), "{right}{wrong}");
        assert_eq!(one.report.changed, changed, "{right}");
        assert_eq!(one.left_out, ["birth_date", "member_number"].map(FieldName::new));
        assert_eq!(one.unjudged, ["since-after-birth", "member-unique"].map(RuleId::new));
    }
    assert_eq!(commits(&mut test), before);
    test.ask(KeepInClear { fields: ["birth_date", "member_number"].map(FieldName::new).to_vec() })
        .unwrap();
    let looked = dry(&mut test, &of_ann("1985-03-05", "M1", "2001-02-03"));
    assert_eq!((looked.report.changed, looked.left_out.len()), (1, 0));
    // Bo's own task waits already.
    assert_eq!(["M5", "M2"].map(|member| dry(&mut test, &of_new(member)).tasks), [0, 1]);
    assert!(commits(&mut test) > before, "it is recorded");
}

#[test]
fn the_first_file_is_judged_whole() {
    let mut test = TestDesk::new();
    let import = Import { dry_run: true, ..import_of("crm") };
    let outcome = testing::import(test.desk(), import, format!("{HEADER}{HELD}")).unwrap();
    assert_eq!((outcome.tasks, outcome.unjudged.len()), (1, 0));
}
