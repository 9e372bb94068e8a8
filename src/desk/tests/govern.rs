//! An edit of `steward.toml` waits, is told for what it would do, and does just that when it is adopted.

use std::collections::BTreeMap;

use super::*;
use domain::{FieldName, Sequence};
use door::operations::{
    AdoptSettings, AskEdit, DiffSettings, History, KeepInClear, ProposeSettings, ReadSettings,
    Rules, SettingsAt, SettingsChanges, SettingsOf, SettingsProposals, WithdrawProposal,
};
use door::views::{EditView, ProposalState, SettingsDiff};

const ROWS: &str = "\
1,Ann,Tarn,a@x.example,,1985-03-04,1 Elm,Salem,2001-02-03,M1,2026-01-01\n\
2,Bo,Vane,bo at x,,1990-05-06,2 Oak,Tulsa,1980-01-01,M2,2026-01-02\n\
3,Cy,Wold,,555-010-4477,,3 Ash,Salem,,M2,2026-01-03\n\
4,Di,Lund,d@x.example,,1970-01-01,4 Fir,,,,2026-01-04\n";
const OTHER: &str = "\
a,Anne,Tarn,ann@x.example,,1985-03-04,1 Elm St,Salem,,,2026-02-01\n\
b,Bob,Vane,b@x.example,,1990-05-06,,Tulsa,,,2025-02-01\n\
c,Eve,Holm,e@x,,,,Bath,,,2026-02-03\n";
const RULE: &str = "[[rules]]\nid = \"city-there\"\nfield = \"city\"\ncheck = \"required\"\n\
                    severity = \"error\"\n";

/// Two pairs merged by a person, so that values survive from several records.
fn world() -> TestDesk {
    let mut test = TestDesk::new();
    test.import("crm", ROWS);
    test.import("shop", OTHER);
    for (one, other) in [("crm:1", "shop:a"), ("crm:2", "shop:b")] {
        let customers = [test.customer(one), test.customer(other)];
        let request = merge_request(&[&customers]);
        if test.decide(request.clone()).is_err() {
            // What breaks a rule is merged all the same once that is waived.
            test.does(fix_request("crm:2", "email", "bo@x.example"));
            test.does(request);
        }
    }
    // What a diff says of rules about masked fields is told once it is recorded.
    let sensitive = FieldName::new("birth_date");
    test.ask(KeepInClear { fields: vec![sensitive.clone()] }).unwrap();
    assert!(test.desk().looks_at(&[sensitive].into()).unwrap());
    test
}

fn diff(test: &mut TestDesk, of: SettingsOf) -> SettingsDiff {
    let asked = DiffSettings { of, examples: 2 };
    *testing::run_while(test.desk(), asked, Streams::default(), |_| true).unwrap()
}

type Golden = BTreeMap<(CustomerId, FieldName), String>;

/// What stands: how many records break each rule by source, tasks that wait by what they ask, golden values.
fn standing(test: &mut TestDesk) -> (BTreeMap<(String, String), i64>, Vec<TaskId>, Golden) {
    let mut broken = BTreeMap::new();
    for rule in test.ask(Rules {}).unwrap() {
        for (source, counts) in rule.sources {
            broken.insert((rule.rule.to_string(), source), counts.failing as i64);
        }
    }
    let tasks = test.listed();
    let facts = test.desk().facts();
    let mut golden = Golden::new();
    let mut live = Vec::new();
    facts
        .view
        .each_customer(&mut |id, _| {
            live.push(id);
            Ok(true)
        })
        .unwrap();
    for id in live {
        let state = facts.view.customer(id).unwrap().unwrap();
        if !state.is_live() {
            continue;
        }
        let members = facts.members(&state).unwrap();
        for value in facts.golden(&state, &members).unwrap().values {
            golden.insert((id, value.field), value.text);
        }
    }
    (broken, tasks, golden)
}

/// What the diff says is what adopting does.
fn holds(test: &mut TestDesk, kind: &str, edited: &str) -> SettingsDiff {
    let before = standing(test);
    let head = test.desk().facts().ledger.head();
    test.edits(edited);
    let told = diff(test, SettingsOf::File);
    assert_eq!(test.desk().facts().ledger.head(), head, "{kind}: a diff writes nothing");
    assert_eq!(standing(test), before, "{kind}: nothing has changed yet");
    let adopting =
        AdoptSettings { expect: Some(told.fingerprint.clone()), ..AdoptSettings::default() };
    let adopted = test.ask(adopting).unwrap();
    assert_eq!((adopted.opened, adopted.closed), (told.opened, told.closed), "{kind}: tasks");
    let after = standing(test);
    let gone = before.1.iter().filter(|task| !after.1.contains(task)).count() as u64;
    let new = after.1.iter().filter(|task| !before.1.contains(task)).count() as u64;
    assert_eq!((new, gone), (told.opened, told.closed), "{kind}: the queue");
    let mut shifts: BTreeMap<(String, String), i64> = BTreeMap::new();
    for (key, count) in &after.0 {
        *shifts.entry(key.clone()).or_default() += count;
    }
    for (key, count) in &before.0 {
        *shifts.entry(key.clone()).or_default() -= count;
    }
    shifts.retain(|_, shift| *shift != 0);
    // The list of rules counts the tasks of those that no two may share, not their violations.
    let told_shifts =
        told.violations.iter().filter(|it| !it.rule.as_str().starts_with("member-")).map(|it| {
            ((it.rule.to_string(), it.source.to_string()), it.new as i64 - it.gone as i64)
        });
    let told_shifts: BTreeMap<_, _> = told_shifts.filter(|(_, shift)| *shift != 0).collect();
    assert_eq!(told_shifts, shifts, "{kind}: violations");
    let mut changed: BTreeMap<FieldName, u64> = BTreeMap::new();
    let keys: std::collections::BTreeSet<_> = before.2.keys().chain(after.2.keys()).collect();
    for key in keys {
        if before.2.get(key) != after.2.get(key) {
            *changed.entry(key.1.clone()).or_default() += 1;
        }
    }
    let golden: BTreeMap<_, _> =
        told.golden.iter().map(|it| (it.field.clone(), it.customers)).collect();
    assert_eq!(golden, changed, "{kind}: golden values");
    told
}

#[test]
fn what_a_diff_says_is_what_adopting_does_for_ten_kinds_of_edits() {
    let rules = SETTINGS.find("[[rules]]").unwrap();
    let decisions = SETTINGS.find("[decisions]").unwrap();
    let edit = |from: &str, to: &str| {
        let edited = SETTINGS.replacen(from, to, 1);
        assert_ne!(edited, SETTINGS, "{from}");
        edited
    };
    let cases = [
        (
            "severity",
            edit(
                "check = \"format\"\nseverity = \"error\"",
                "check = \"format\"\nseverity = \"warn\"",
            ),
        ),
        ("new rule", edit("[decisions]", &format!("{RULE}\n[decisions]"))),
        ("removed rules", SETTINGS[..rules].to_owned() + &SETTINGS[decisions..]),
        ("limit", edit("[decisions]", "[decisions]\nbulk_max = 7")),
        ("new field", edit("[fields.city]", "[fields.fax]\ntype = \"phone\"\n[fields.city]")),
        (
            "removed field",
            edit("[fields.phone]\ntype = \"phone\"\n", "").replace("phone = \"phone\", ", ""),
        ),
        (
            "renamed field",
            edit("[fields.city]", "[fields.town]").replace("city = \"city\"", "town = \"city\""),
        ),
        ("type of a field", edit("type = \"city\"", "type = \"text\"")),
        (
            "survivorship",
            format!(
                "{SETTINGS}\n[survivorship]\nemail = [\"most_recent\"]\ngiven_name = [\"most_recent\"]\n"
            ),
        ),
        ("thresholds", format!("{SETTINGS}\n[matching]\nauto = 0.999\nreview = 0.4\n")),
        ("reasons", edit("code = \"checked\"", "code = \"looked-at\"")),
        ("trust", edit("trust = 90", "trust = 10")),
        (
            "a rule that no two share",
            edit(
                "[decisions]",
                "[[rules]]\nid = \"member-alone\"\nfield = \"member_number\"\ncheck = \"unique\"\nseverity = \"error\"\n\n[decisions]",
            ),
        ),
        ("codes", format!("{SETTINGS}\n[codes.city]\nS = \"Salem\"\n")),
    ];
    let (mut tasks, mut golden, mut violations) = (0, 0, 0);
    for (kind, edited) in cases {
        let mut test = world();
        if kind == "codes" && settings::parse(&edited).is_err() {
            continue;
        }
        let told = holds(&mut test, kind, &edited);
        tasks += told.opened + told.closed;
        golden += told.customers;
        violations += told.violations.len();
        assert!(!told.sections.is_empty(), "{kind}");
        // And back again.
        holds(&mut test, kind, SETTINGS);
    }
    assert!(tasks > 0 && golden > 0 && violations > 0, "{tasks} {golden} {violations}");
}

#[test]
fn a_diff_counts_what_is_held_twice_and_what_is_old() {
    let mut test = world();
    let rules = "[[rules]]\nid = \"town\"\nfield = \"city\"\ncheck = \"unique\"\n\
                 [[rules]]\nid = \"old\"\nfield = \"city\"\ncheck = \"fresh\"\ndays = 1\n\n[decisions]";
    test.edits(&SETTINGS.replacen("[decisions]", rules, 1));
    let told = diff(&mut test, SettingsOf::File);
    let count = |diff: &SettingsDiff, rule: &str, new: bool| -> u64 {
        let of = diff.violations.iter().filter(|it| it.rule.as_str() == rule);
        of.map(|it| if new { it.new } else { it.gone }).sum()
    };
    // Two customers are of Salem, and every town was told long ago.
    assert_eq!(count(&told, "town", true), 2, "{told:?}");
    assert!(count(&told, "old", true) >= 4, "{told:?}");
    test.ask(AdoptSettings::default()).unwrap();
    test.edits(SETTINGS);
    let back = diff(&mut test, SettingsOf::File);
    for rule in ["town", "old"] {
        assert_eq!(count(&back, rule, false), count(&told, rule, true), "{rule}");
    }
}

#[test]
fn an_edit_waits_and_its_examples_are_masked() {
    let mut test = world();
    assert_eq!(test.ask(AskEdit {}).unwrap(), EditView::None);
    test.edits(&format!("# a comment\n{SETTINGS}"));
    assert_eq!(test.ask(AskEdit {}).unwrap(), EditView::None, "a comment does not wait");
    test.edits(
        &SETTINGS
            .replace(
                "[fields.email]\ntype = \"email\"",
                "[fields.email]\ntype = \"email\"\nsensitive = true",
            )
            .replace("trust = 90", "trust = 10"),
    );
    let waits = test.ask(AskEdit {}).unwrap();
    assert!(matches!(waits, EditView::Waits { changes: 2, .. }), "{waits:?}");
    let told = diff(&mut test, SettingsOf::File);
    let email = told.golden.iter().find(|it| it.field.as_str() == "email").unwrap();
    for example in &email.examples {
        let shown = example.before.iter().chain(&example.after);
        assert!(shown.clone().count() > 0 && shown.clone().all(|it| it.is_masked()), "{example:?}");
    }
    let people = told.sections.iter().find(|it| it.about == settings::PEOPLE).unwrap();
    assert_eq!(
        people.changes,
        ["email is sensitive: it is masked, and the ledger records who unmasks it"]
    );
    let stale = AdoptSettings { expect: Some("0".repeat(64)), ..AdoptSettings::default() };
    assert!(matches!(test.ask(stale), Err(NotDone::Refused(_))));
}

#[test]
fn a_proposal_is_listed_told_adopted_once_and_becomes_the_file() {
    let mut test = world();
    let stricter = SETTINGS.replace("[decisions]", &format!("{RULE}\n[decisions]"));
    let propose =
        |text: &str| ProposeSettings { text: text.to_owned(), note: Some("a lead".to_owned()) };
    let first = test.ask(propose(&stricter)).unwrap();
    assert_eq!((first.proposal.0, first.is_outdated), (1, false));
    assert!(test.ask(propose(&stricter)).is_err(), "it is proposed already");
    assert!(test.ask(propose(SETTINGS)).is_err(), "it is in force");
    assert!(matches!(test.ask(propose("[nonsense")), Err(NotDone::Failed(_))));
    let second = test.ask(propose(&SETTINGS.replace("trust = 90", "trust = 80"))).unwrap().proposal;
    let told = diff(&mut test, SettingsOf::Proposal(first.proposal));
    assert!(told.opened > 0);
    let adopt = |proposal, expect| AdoptSettings { proposal: Some(proposal), expect, note: None };
    // Another edit waits in the file: neither is lost.
    test.edits(&SETTINGS.replace("trust = 90", "trust = 70"));
    let why = test.ask(adopt(first.proposal, None)).unwrap_err();
    assert!(format!("{why:?}").contains("another edit"), "{why:?}");
    test.edits(SETTINGS);
    let adopted = test.ask(adopt(first.proposal, None)).unwrap();
    assert_eq!((adopted.opened, adopted.closed), (told.opened, told.closed));
    assert_eq!(std::fs::read_to_string(test.workspace().settings()).unwrap(), stricter);
    assert!(matches!(
        test.ask(adopt(first.proposal, None)),
        Err(NotDone::Refused(Refusal::AlreadySo { .. }))
    ));
    // The second would undo the first, unsaid.
    let why = test.ask(adopt(second, None)).unwrap_err();
    assert!(format!("{why:?}").contains("have changed since"), "{why:?}");
    test.ask(WithdrawProposal { proposal: second, note: None }).unwrap();
    assert!(test.ask(WithdrawProposal { proposal: second, note: None }).is_err());
    for reopened in [false, true] {
        if reopened {
            test.rebuild();
        }
        let listed = test.ask(SettingsProposals {}).unwrap();
        let states: Vec<_> = listed.iter().map(|it| (it.proposal.0, &it.state)).collect();
        assert!(
            matches!(
                states[..],
                [(2, ProposalState::Withdrawn { .. }), (1, ProposalState::Adopted { .. })]
            ),
            "{states:?}"
        );
        let log = test.ask(SettingsChanges {}).unwrap();
        assert_eq!((log.len(), log[0].proposal.map(|it| it.0)), (2, Some(1)));
        assert!(log[0].changes[0].starts_with("rule city-there is new"), "{log:?}");
        let commit = log[1].commit;
        let text = test.ask(ReadSettings { at: SettingsAt::Commit(commit) }).unwrap();
        assert_eq!((commit, text.as_str()), (Sequence(1), SETTINGS));
        let proposed = test.ask(ReadSettings { at: SettingsAt::Proposal(second) }).unwrap();
        assert!(proposed.contains("trust = 80"));
    }
    assert!(!test.ask(History { of: None, unmask: false }).unwrap().is_empty());
}
