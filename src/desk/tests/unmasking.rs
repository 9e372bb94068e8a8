//! Who saw sensitive values in clear is in the ledger.

use super::*;
use domain::Subject;
use door::operations::{History, Quarantine, ShowCustomer, ShowRecord};

#[test]
fn who_saw_rows_in_quarantine_is_told_by_their_import() {
    let mut test = TestDesk::new();
    test.import("crm", "1,Ann,Tarn,ann@example.com,,,,,,,\n,No,Key,,,,,,,,\n");
    let import = domain::ImportId(1);
    let shown = |test: &mut TestDesk, unmask| {
        test.ask(Quarantine { import, limit: 9, unmask }).unwrap().rows[0].text.clone()
    };
    assert!(shown(&mut test, false).is_masked());
    assert!(shown(&mut test, true).contains("No,Key"));
    let entries = test.ask(History { of: None, unmask: false }).unwrap();
    assert_eq!(entries[0].what, "unmasked the rows of I1 in quarantine");
}

#[test]
fn an_unmasking_is_told_in_the_history_of_whom_it_was_about() {
    let mut test = TestDesk::new();
    test.import(
        "crm",
        "1,Ann,Tarn,ann@example.com,,1984-03-12,,,,,\n2,Bo,Wold,bo@example.com,,,,,,,\n",
    );
    let (ann, bo) = (test.customer("crm:1"), test.customer("crm:2"));
    let record = "crm:1".parse().unwrap();
    test.ask(ShowRecord { record, at: None, unmask: true }).unwrap();
    let told = |test: &mut TestDesk, of| test.ask(History { of, unmask: false }).unwrap();
    let expected = format!("unmasked birth_date of {ann}");
    for subject in [None, Some(Subject::Customer(ann))] {
        let entries = told(&mut test, subject);
        assert_eq!((entries[0].what.as_str(), entries[0].actor.as_str()), (&*expected, "sam"));
        assert!(entries[0].decision.is_none(), "nothing to undo");
    }
    let of_bo = told(&mut test, Some(Subject::Customer(bo)));
    assert!(of_bo.iter().all(|entry| !entry.what.contains("unmasked")));
    test.rebuild();
    assert_eq!(
        told(&mut test, None)[0].what,
        expected,
        "it is in the ledger, not in the view only"
    );
}

#[test]
fn a_masked_value_is_taken_by_the_label_it_is_offered_under() {
    let mut test = TestDesk::new();
    let sensitive = SETTINGS.replace("type = \"email\"", "type = \"email\"\nsensitive = true");
    std::fs::write(test.workspace().settings(), sensitive).unwrap();
    test.import("crm", "1,Ann,Tarn,no address,,,,,,,\n");
    test.import("shop", "1,Ann,Tarn,ann@example.com,,,,,,,\n");
    let (one, other) = (test.customer("crm:1"), test.customer("shop:1"));
    test.does(merge_request(&[&[one, other]]));
    let take = |label: &str| {
        Request::new(Action::Correct {
            record: "crm:1".parse().unwrap(),
            values: [].into(),
            chosen: [("email".into(), label.to_owned())].into(),
            cleared: Vec::new(),
        })
    };
    let refused = test.is_refused(take("shop:9")).to_string();
    assert!(refused.contains("no value is offered for email of crm:1 from shop:9"), "{refused}");
    test.does(take("shop:1"));
    let email = |test: &mut TestDesk, unmask| {
        let record = "crm:1".parse().unwrap();
        let view = test.ask(ShowRecord { record, at: None, unmask }).unwrap();
        view.values.iter().find(|it| it.field.as_str() == "email").unwrap().value.clone()
    };
    assert_eq!(email(&mut test, true), "ann@example.com");
    assert_eq!(email(&mut test, false), "***@*******.***");
    let refused = test.is_refused(take("shop:1")).to_string();
    assert!(refused.contains("no value is offered"), "it breaks nothing any more: {refused}");
}

#[test]
fn what_changed_since_somebody_looked_is_recorded_when_they_look_again() {
    let mut test = TestDesk::new();
    test.import(
        "crm",
        "1,Ann,Tarn,ann@example.com,,1984-03-12,,,,,\n2,Bo,Wold,bo@example.com,,1990-01-02,,,,,\n",
    );
    let (ann, bo) = (test.customer("crm:1"), test.customer("crm:2"));
    let looks = |test: &mut TestDesk| {
        test.ask(ShowCustomer { customer: ann, at: None, unmask: true }).unwrap();
        let entries = test.ask(History { of: None, unmask: false }).unwrap();
        entries.iter().filter(|entry| entry.what.contains("unmasked")).count()
    };
    assert_eq!([looks(&mut test), looks(&mut test)], [1, 1], "once, as long as nothing changes");
    test.does(merge_request(&[&[ann, bo]]));
    assert_eq!([looks(&mut test), looks(&mut test)], [2, 2], "Bo's value is seen, too");
    test.import("crm", "1,Ann,Tarn,ann@example.com,,1984-03-13,,,,,\n");
    assert_eq!([looks(&mut test), looks(&mut test)], [3, 3], "another value is another look");
}
