//! Which rules bring two records together, which nearly do, and what keeps the machine away.

use super::super::blocking::{RuleRun, meeting};
use super::*;

fn run_of(rule: &str, left_out: bool, cut: u64) -> RuleRun {
    RuleRun { rule: rule.to_owned(), left_out, cut, cap: 120, between_groups: false }
}

const EMAIL: &str = "e-mail";
const BIRTH: &str = "date of birth and sound of a name";

fn two(a: &[&str], b: &[&str]) -> Columns {
    columns(&[(0, values(a)), (1, values(b))])
}

#[test]
fn a_rule_that_was_left_out_is_named_and_does_not_count() {
    let here = two(
        &["Ada", "Brocott", "", "", "ada@example.com"],
        &["Eve", "Kel", "", "", "ada@example.com"],
    );
    let met = meeting(&here, Kind::Person, &[]);
    assert_eq!((met.rule.as_deref(), met.notes.len()), (Some(EMAIL), 0));
    let met = meeting(&here, Kind::Person, &[run_of(EMAIL, true, 0), run_of("mailbox", true, 0)]);
    assert_eq!(met.rule, None);
    assert!(met.notes[0].starts_with("e-mail: met, but the run left it out"), "{met:?}");
}

#[test]
fn rules_that_nearly_met_are_named() {
    let here = two(&["Ada", "Brocott", "", "1971-06-24"], &["Eve", "Kelwick", "", "1971-06-24"]);
    let met = meeting(&here, Kind::Person, &[]);
    assert_eq!(met.rule, None);
    assert_eq!(met.notes[0], format!("{BIRTH}: all of its values agree but one"));
    assert!(met.notes.len() <= 3, "{met:?}");
    let here = two(&["Ada", "Brocott", "", "1971-06-24"], &["", "", "", "1971-06-24"]);
    let met = meeting(&here, Kind::Person, &[]);
    assert_eq!(met.notes[0], format!("{BIRTH}: all of its values agree but one, which is missing"));
    let here = two(&["Ada", "Brocott"], &["Eve", "Kelwick"]);
    assert_eq!(meeting(&here, Kind::Person, &[]).notes, Vec::<String>::new(), "nothing is near");
}

#[test]
fn a_block_that_was_cut_may_be_theirs_unless_another_rule_is_sure() {
    let here = two(
        &["Ada", "Brocott", "", "", "ada@example.com"],
        &["Ada", "Brocott", "", "", "ada@example.com"],
    );
    let cut = |rule: &str| run_of(rule, false, 2);
    let met = meeting(&here, Kind::Person, &[cut(EMAIL)]);
    assert_eq!(met.rule.as_deref(), Some("sounds of both names"), "the rule that is sure");
    assert!(met.notes.is_empty());
    let all: Vec<RuleRun> = [EMAIL, "mailbox", "sounds of both names", "nickname and family name"]
        .into_iter()
        .chain(["given name and beginning of the family name"])
        .chain(["beginning of the given name and family name"])
        .map(cut)
        .collect();
    let met = meeting(&here, Kind::Person, &all);
    assert_eq!(met.rule.as_deref(), Some(EMAIL));
    assert!(met.notes[0].contains("these two may be in one of those"), "{met:?}");
}

#[test]
fn a_run_of_many_records_remembers_its_rules() {
    let records = many(2400);
    let outcome = matched(&columns(&records), &Constraints::default(), &[]);
    let why = |a: usize, b: usize| {
        explain(&outcome.model, &settings(), &fingerprinter(), &records[a].1, &records[b].1)
    };
    assert!(why(1, 2).blocking.is_some());
    let strangers = (0..30).map(|number| why(number * 3, number * 3 + 3));
    let unmet: Vec<Explanation> = strangers.filter(|it| it.blocking.is_none()).collect();
    assert!(!unmet.is_empty(), "most strangers were never compared");
    for explained in unmet {
        assert!(explained.probability < 0.5, "{explained:?}");
    }
}

#[test]
fn what_keeps_the_machine_from_merging_is_said() {
    let records = numbered();
    let outcome = matched(&columns(&records), &Constraints::default(), &[]);
    let lacks = |a: usize, b: usize| {
        explain(&outcome.model, &settings(), &fingerprinter(), &records[a].1, &records[b].1)
            .unearned
    };
    assert_eq!(lacks(0, 1), Vec::<String>::new());
    assert!(lacks(0, 2).contains(&"given names differ".to_owned()), "{:?}", lacks(0, 2));
    assert_eq!(lacks(8, 9).last().map(String::as_str), Some("given names differ"));
    assert_eq!(lacks(10, 12), ["no registered identifier agrees"]);
    assert!(lacks(0, 10)[0].contains("not compared"));
}
