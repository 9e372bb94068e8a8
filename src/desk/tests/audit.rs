//! What an audit asks is listed, in whatever span, and nothing of a customer is in it.

use super::*;
use crate::export::{Format, audit_page};
use crate::jobs::Dataset;
use domain::{AccessChange, AccessNoted, RefusedByRole, Verdict};
use door::operations::{Audit, Export, ShowRecord};
use door::views::{AuditSection, AuditView};
use jiff::ToSpan;

/// What must be in no audit: values, notes and the words of a filter.
const SECRETS: [&str; 6] = ["Xyzzy", "xyzzy", "1984-03-12", "Frobville", "quietly", "Zebra"];

impl TestDesk {
    fn audit(&mut self, since: Option<Timestamp>, until: Option<Timestamp>) -> AuditView {
        let desk = self.desk();
        *testing::run_while(desk, Audit { since, until }, Streams::default(), |_| true).unwrap()
    }
}

/// A workspace in which one of everything has happened.
fn lived() -> TestDesk {
    let mut test = TestDesk::new();
    test.import(
        "crm",
        "1,Xyzzy,Zebra,xyzzy@example.com,,1984-03-12,,,,,\n2,Xyzzy,Zebra,bo@example.com,,,,,,,\n\
         3,Mia,Lund,mia@example.com,,,,,,,\n,No,Key,,,,,,,,\n",
    );
    test.match_records();
    let record = "crm:1".parse().unwrap();
    test.ask(ShowRecord { record, at: None, unmask: true }).unwrap();
    let mut fix = fix_request("crm:1", "city", "Frobville");
    fix.note = Some("quietly".to_owned());
    let fixed = test.does(fix);
    test.clock.advance(60);
    test.undo(fixed.decision);
    for filter in [None, Some("family_name = \"Zebra\"".to_owned())] {
        test.clock.advance(60);
        let request = Export { filter, ..testing::whole(Dataset::Records, Format::Csv) };
        testing::export(test.desk(), &request, std::io::sink()).unwrap();
    }
    let noted = AccessNoted {
        person: "kim".to_owned(),
        what: AccessChange::Enrolled { recovery_codes: 8 },
    };
    test.desk().note_access(noted).unwrap_or_else(|_| unreachable!());
    let refused = RefusedByRole { verb: "fix".to_owned(), role: Some("viewer".to_owned()) };
    test.desk().commit(vec![refused.into()]).unwrap();
    let changed = SETTINGS.replace("severity = \"error\"", "severity = \"warn\"")
        + "\n[people.kim]\nunix = \"kim\"\n[views]\nvip = \"subject ~ 'Frobville'\"\n";
    test.clock.advance(60);
    std::fs::write(test.workspace().settings(), &changed).unwrap();
    let changed = settings::parse(&changed).unwrap();
    test.desk().adopt(changed).unwrap();
    let customer = test.customer("crm:1");
    test.erase(customer);
    test
}

fn told(view: &AuditView, about: AuditSection) -> Vec<&str> {
    view.of(about).map(|entry| entry.what.as_str()).collect()
}

#[test]
fn one_of_everything_is_listed_with_who_and_when() {
    let mut test = lived();
    let (workspace, environment) = (test.workspace(), test.environment());
    let verified = Desk::verify(&workspace, &environment, None, &mut |_, _, _| {}).unwrap();
    assert!(verified.is_sound());
    let view = test.audit(None, None);
    let customer = "C1";
    let one = |about| match told(&view, about)[..] {
        [one] => one.to_owned(),
        ref all => unreachable!("{about}: {all:?}"),
    };
    assert_eq!(one(AuditSection::People), "people.kim.unix: added, \"kim\"");
    let rules = told(&view, AuditSection::Rules);
    assert_eq!(rules[0], "the first settings");
    assert!(rules.len() > 1);
    assert!(rules.contains(&"views.vip: added"), "a filter may name somebody: {rules:?}");
    let other = |it: &&&str| !it.starts_with("views.");
    assert!(rules[1..].iter().filter(other).all(|it| it.ends_with(": \"error\" -> \"warn\"")));
    assert_eq!(one(AuditSection::Refusal), "was refused fix: the role viewer may not");
    assert_eq!(
        one(AuditSection::Access),
        "enrolled a second factor for kim, with 8 recovery codes"
    );
    assert_eq!(one(AuditSection::Unmasking), format!("birth_date of {customer}"));
    let exports = told(&view, AuditSection::Export);
    assert_eq!(
        exports,
        [
            "records as csv, to standard output: 3 rows",
            "records as csv, filtered, to standard output: 2 rows"
        ]
    );
    assert_eq!(one(AuditSection::Erasure), format!("{customer} with 1 record, reason request"));
    assert_eq!(
        one(AuditSection::Import),
        "I1: crm.csv of crm: 4 rows, 3 new, 0 changed, 1 quarantined"
    );
    assert!(one(AuditSection::Match).starts_with("M1: 3 records, "));
    assert!(one(AuditSection::Verification).starts_with("the ledger is sound; the view: "));
    assert!(told(&view, AuditSection::Backup).is_empty());
    let decided: Vec<_> =
        view.decided.iter().map(|it| (it.by.as_str(), it.verdict, it.decisions)).collect();
    assert_eq!(decided, [("sam", Verdict::Correct, 1), ("sam", Verdict::Undo, 1)]);
    assert!(view.entries.iter().all(|entry| entry.by == "sam"));
    let head = test.desk().facts().ledger.head().unwrap();
    assert_eq!((view.up_to, view.chain.clone()), (head.sequence, crate::hex(&head.chain)));
    assert_eq!(view.unfinished, Vec::<String>::new());
}

#[test]
fn nothing_of_a_customer_is_in_it_before_or_after_an_erasure() {
    let mut test = lived();
    let view = test.audit(None, None);
    for written in [serde_json::to_string(&view).unwrap(), audit_page(&view)] {
        for secret in SECRETS {
            assert!(!written.contains(secret), "{secret}: {written}");
        }
    }
}

#[test]
fn two_spans_that_meet_hold_what_one_holds() {
    let mut test = lived();
    let whole = test.audit(None, None);
    let start: Timestamp = START.parse().unwrap();
    for minutes in 0..16 {
        let at = start + (30 * minutes).seconds();
        let (before, after) = (test.audit(None, Some(at)), test.audit(Some(at), None));
        assert_eq!(before.commits + after.commits, whole.commits, "{minutes}");
        let count = |view: &AuditView| {
            view.decided.iter().map(|it| it.decisions).sum::<u64>() + view.entries.len() as u64
        };
        assert_eq!(count(&before) + count(&after), count(&whole), "{minutes}");
        assert!(before.entries.iter().all(|entry| entry.at < at));
        assert!(after.entries.iter().all(|entry| entry.at >= at));
        assert_eq!(after.chain, whole.chain);
    }
    let nothing = test.audit(None, Some(start));
    assert_eq!((nothing.commits, nothing.chain.as_str()), (0, ""));
}

#[test]
fn an_export_that_did_not_end_is_said() {
    let mut test = lived();
    let begun = {
        let destination = testing::destination("all.jsonl");
        test.desk().begin_events_export(Format::from_name("jsonl").unwrap(), &destination).unwrap()
    };
    let view = test.audit(None, None);
    assert_eq!(view.unfinished, [format!("the export of commit {begun}")]);
    let last = *told(&view, AuditSection::Export).last().unwrap();
    assert_eq!(last, "events as jsonl, to all.jsonl: not ended");
}
