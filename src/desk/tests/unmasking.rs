//! Who saw sensitive values in clear is in the ledger.

use super::*;
use domain::Subject;

#[test]
fn who_saw_rows_in_quarantine_is_told_by_their_import() {
    let mut test = TestDesk::new();
    test.import("crm", "1,Ann,Tarn,ann@example.com,,,,,,,\n,No,Key,,,,,,,,\n");
    let import = domain::ImportId(1);
    assert_eq!(test.asks(Question::UnmaskRows(import)), Answer::Unmasked);
    let Answer::History(entries) = test.asks(Question::History(None)) else { unreachable!() };
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
    let subjects = vec![Subject::Record("crm:1".parse().unwrap())];
    assert_eq!(test.asks(Question::Unmask(subjects)), Answer::Unmasked);
    let told = |test: &mut TestDesk, subject| match test.asks(Question::History(subject)) {
        Answer::History(entries) => entries,
        other => unreachable!("{other:?}"),
    };
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
