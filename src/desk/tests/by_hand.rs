//! What steward.toml insists on, through imports, matches and decisions.

use super::rematch::{PEOPLE, base, row};
use super::*;
use door::operations::{Explain, Extent};
use door::views::ExplanationView;

impl TestDesk {
    fn insist(&mut self, more: &str) {
        self.adopts(&format!("{SETTINGS}{more}"));
    }

    fn explained(&mut self, left: &str, right: &str) -> ExplanationView {
        let (left, right) = (left.parse().unwrap(), right.parse().unwrap());
        self.ask(Explain { left, right, unmask: false }).unwrap()
    }
}

/// A record of somebody else entirely, with a member number.
fn member(record: u32, given: &str, family: &str, birth: &str, number: &str) -> String {
    format!("{record},{given},{family},,,{birth},,,,{number},\n")
}

#[test]
fn same_and_never_hold_from_the_next_match_on_and_people_outrank_them() {
    let mut test = base(5);
    let rows = [
        member(900, "Quentin", "Zabel", "", "Q-77"),
        member(901, "Rosalie", "Anders", "", "Q-77"),
        member(902, "Konrad", "Oster", "1950-01-02", "Q-88"),
        member(903, "Wanda", "Yilmaz", "1987-11-30", "Q-88"),
    ];
    test.import("crm", &rows.concat());
    test.match_records();
    assert_ne!(test.customer("crm:900"), test.customer("crm:901"));
    // Pairs of the two sources were merged by machine already: they stay.
    let joined = test.customer("crm:0");
    assert_eq!(test.customer("shop:0"), joined);
    test.insist(
        "[[matching.rules]]\nsame = [\"member_number\"]\n\
         [[matching.rules]]\nnever = [\"source = crm\", \"source = shop and city = Salem\"]\n",
    );
    let first = test.match_to(Extent::Changed);
    assert!(first.learned, "the settings changed");
    let told = first.forbids().unwrap_or_default();
    assert!(
        told.contains("a `never` rule keeps apart, merged by people or before the rule"),
        "{told}"
    );
    assert_eq!(test.customer("shop:0"), joined);
    let one = test.customer("crm:900");
    assert_eq!(one, test.customer("crm:901"));
    let explained = test.explained("crm:900", "crm:901");
    let rule = explained.steps.iter().find(|step| step.label == matching::RULE).unwrap();
    assert_eq!(rule.level, "steward.toml: same member_number means one customer");
    assert!(explained.unearned.is_empty());
    // Two birthdays: a person is asked.
    let two = [test.customer("crm:902"), test.customer("crm:903")];
    assert_ne!(two[0], two[1]);
    let asks = |test: &mut TestDesk| {
        let entries = test.desk().facts().view.pending_tasks().unwrap();
        entries.iter().any(|entry| entry.task.customers == two)
    };
    assert!(asks(&mut test));
    test.does(apart_request(&[&[two[0]], &[two[1]]]));
    test.match_to(Extent::Full);
    assert!(!asks(&mut test), "decided");
    // What comes later is held to the rules as well: by a run that learns nothing.
    let known = test.customer("crm:3");
    test.import("shop", &row(500, 3, 0));
    test.import("crm", &member(904, "Ursula", "Falk", "", "Q-77"));
    let later = test.match_to(Extent::Changed);
    assert_eq!((later.learned, later.forbids()), (false, None), "it was said");
    assert_eq!(test.customer("crm:904"), one);
    let new = test.customer("shop:500");
    assert_ne!(new, known, "never linked");
    let explained = test.explained("crm:3", "shop:500");
    let never = explained.never.as_deref().unwrap_or_default();
    assert!(never.contains("are never linked, except by people"), "{explained:?}");
    assert_eq!(test.explained("crm:3", "crm:904").never, None);
    let state = test.state();
    assert!(!test.match_to(Extent::Everything).learned);
    assert_eq!(test.state(), state, "a full run under that model finds the same");
    // But by people.
    test.does(merge_request(&[&[known, new]]));
    test.match_to(Extent::Full);
    assert_eq!(test.customer("shop:500"), test.customer("crm:3"));
    test.rebuild();
    assert_eq!(test.customer("shop:500"), test.customer("crm:3"));
}

#[test]
fn a_value_that_breaks_an_error_rule_makes_nobody_one() {
    let mut test = base(5);
    test.insist("[[matching.rules]]\nsame = [\"email\"]\n");
    let broken =
        |record, given, family| format!("{record},{given},{family},not an address,,,,,,,\n");
    test.import("crm", &(broken(900, "Quentin", "Zabel") + &broken(901, "Rosalie", "Anders")));
    test.match_records();
    assert_ne!(test.customer("crm:900"), test.customer("crm:901"));
}

#[test]
fn runs_without_such_rules_read_no_record_for_them() {
    let mut test = base(5);
    let rows: String = (0..PEOPLE).map(|person| row(100 + u32::from(person), person, 3)).collect();
    test.import("crm", &rows);
    let before = test.match_to(Extent::Full);
    test.insist("[[matching.rules]]\nnever = [\"source = crm and city = Nowhere\"]\n");
    let after = test.match_to(Extent::Full);
    assert_eq!((before.records, before.pairs), (after.records, after.pairs));
    assert_eq!(after.merged, 0, "a rule that holds of nobody changes nothing");
    assert_eq!(after.forbids(), None);
}
