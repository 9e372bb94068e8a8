//! Of somebody who was erased no activity is left, whoever else held the handle.

use super::*;
use std::path::Path;

/// Every byte of every file below a folder, and all commits as they are read and as they are stored.
fn everything(test: &mut TestDesk) -> String {
    fn files(folder: &Path, into: &mut String) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                files(&path, into);
            } else {
                into.push_str(&String::from_utf8_lossy(&std::fs::read(&path).unwrap()));
            }
        }
    }
    let mut text = String::new();
    files(test.folder.path(), &mut text);
    let ledger = test.desk().facts().ledger;
    let head = ledger.head().unwrap().sequence;
    for sequence in 1..=head.0 {
        let sequence = domain::Sequence(sequence);
        text.push_str(&String::from_utf8_lossy(&ledger.stored(sequence).unwrap()));
        text.push_str(&format!("{:?}", ledger.commit(sequence).unwrap()));
    }
    text
}

#[test]
fn nothing_that_somebody_did_is_left_once_they_are_erased() {
    let mut test = TestDesk::new();
    test.import("crm", PEOPLE);
    test.import("crm", "1,Ada,Fernsby,later@example.com,,,,,,,\n");
    let rows = [
        ("crm:1", "zq-key", "1.00"),
        ("ada@example.com", "zq-first-mail", "2.00"),
        ("later@example.com", "zq-second-mail", "3.00"),
        ("crm:77|later@example.com", "zq-else", "4.00"),
        ("crm:2", "theo-key", "5.00"),
        ("crm:2|later@example.com", "theo-whoever-wrote", "6.00"),
        ("stranger@example.com", "stranger", "7.00"),
        ("theo@example.com", "zq-moved", "8.00"),
    ];
    test.orders(7, &rows);
    // What was replaced goes, and with it what replaces something of theirs.
    test.orders(8, &[("crm:1", "zq-moved", "8.00"), ("crm:1", "zq-key", "9.00")]);
    test.orders(9, &[("crm:1", "zq-withdrawn", "9.00")]);
    test.withdraws(9, 10);
    let theo = test.customer("crm:2");
    let marks = ["zq-key", "zq-first", "zq-second", "zq-else", "zq-moved", "zq-withdrawn"];
    let before = everything(&mut test);
    assert!(marks.iter().all(|mark| before.contains(mark)));
    let ada = test.customer("crm:1");
    let reach = test.erase(ada).reach;
    assert_eq!((reach.activities, reach.shared_activities), (5, 0));
    let after = everything(&mut test);
    assert!(!after.contains("zq-"), "something is left");
    let owned = test.owned();
    let left = [
        "stranger 7.00 unknown".to_owned(),
        format!("theo-key 5.00 {theo}"),
        format!("theo-whoever-wrote 6.00 {theo}"),
    ];
    assert_eq!(owned, left);
    // The same file again brings nothing of them.
    let again = test.orders(11, &rows);
    assert_eq!((again.suppressed, again.unchanged, again.new), (5, 3, 0));
    assert_eq!(test.owned(), left);
    test.rebuild();
    assert_eq!(test.owned(), left);
    super::overview::verify(&mut test);
}

#[test]
fn what_two_held_a_handle_of_goes_with_either() {
    let mut test = TestDesk::new();
    test.import("crm", "1,Ada,Fernsby,we@example.com,,,,,,,\n2,Theo,Oak,we@example.com,,,,,,,\n");
    test.orders(7, &[("we@example.com", "ours", "1.00"), ("crm:2", "his", "2.00")]);
    assert!(test.owned().contains(&"ours 1.00 several".to_owned()));
    let ada = test.customer("crm:1");
    let reach = test.erase(ada).reach;
    assert_eq!((reach.activities, reach.shared_activities), (1, 1));
    let theo = test.customer("crm:2");
    assert_eq!(test.owned(), [format!("his 2.00 {theo}")]);
}
