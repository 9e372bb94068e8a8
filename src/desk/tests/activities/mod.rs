//! Activities: recorded once, revised, withdrawn, and always of whoever they are by what is known now.

mod erased;
mod imported;
mod journeys;
mod measured;
mod model;
mod overlaid;
mod standing;
mod walk;

use super::*;
use crate::activities::recording::Counts;
use crate::activities::{Page, handles};
use activity::{Nobody, Owner};
use domain::event::{ActivitiesRecorded, ActivitiesWithdrawn};
use domain::{Activity, ActivityKind, ActivitySubject, ImportId, StreamName};

/// Whom a row names: `crm:3` by key, `ada@example.com` by handle, `crm:3|ada@example.com` by both, nothing: nobody.
fn subject_of(test: &mut TestDesk, named: &str) -> ActivitySubject {
    let facts = test.desk().facts();
    let mut subject = ActivitySubject::default();
    for part in named.split('|').filter(|part| !part.is_empty()) {
        if part.contains('@') {
            let email = facts.settings.field("email").unwrap();
            subject.handles.extend(handles::of(facts.fingerprinter, email, part));
        } else {
            let address: RecordAddress = part.parse().unwrap();
            subject.key = Some(address.fingerprint(facts.fingerprinter));
        }
    }
    subject
}

fn activity(key: &str, amount: &str, day: u8) -> Activity {
    Activity {
        key: key.into(),
        kind: ActivityKind::new("purchase").unwrap(),
        at: format!("2026-03-{:02}T09:30:00+01:00", 1 + day % 28).parse().unwrap(),
        money: Some(amount.parse().unwrap()),
        properties: vec![("note".into(), format!("note-of-{key}-{amount}").into())],
        line: 1,
    }
}

impl TestDesk {
    /// Records rows of `orders`: whom each names, its key, its sum.
    fn orders(&mut self, import: u32, rows: &[(&str, &str, &str)]) -> Counts {
        self.clock.advance(60);
        let own = |test: &mut TestDesk| {
            let row = |(place, (named, key, amount)): (usize, &(&str, &str, &str))| {
                (subject_of(test, named), activity(key, amount, place as u8))
            };
            rows.iter().enumerate().map(row).collect::<Vec<_>>()
        };
        let rows = own(self);
        let desk = self.desk();
        let mut recording =
            desk.begin_activities(ImportId(import), StreamName::new("orders")).unwrap();
        recording.take(desk, rows).unwrap();
        recording.finish(desk).unwrap()
    }

    fn withdraws(&mut self, import: u32, by: u32) {
        self.clock.advance(60);
        self.desk().withdraw_activities(ImportId(import), ImportId(by), Vec::new()).unwrap();
    }

    /// Every activity that counts, by key: its sum, and whose it is.
    fn owned(&mut self) -> Vec<String> {
        let desk = self.desk();
        let log = desk.activity_log().unwrap();
        let mut rows = Vec::new();
        desk.scan_activities(|row, _, owner| {
            rows.push((*row, owner));
            Ok(())
        })
        .unwrap();
        let places: Vec<_> = rows.iter().map(|(row, _)| log.place_of(row).unwrap()).collect();
        let texts = desk.facts().activity_texts(&places).unwrap();
        let told = |((row, owner), text): ((activity::Row, Owner), Activity)| {
            assert_eq!(text.at.at.as_microsecond(), row.at);
            let owner = match owner {
                Owner::Customer(customer, _) => customer.to_string(),
                Owner::Nobody(why) => why.word().to_owned(),
            };
            format!("{} {} {owner}", text.key, text.money.unwrap())
        };
        let mut lines: Vec<String> = rows.into_iter().zip(texts).map(told).collect();
        lines.sort();
        lines
    }

    /// The keys of all activities that count.
    fn owned_keys(&mut self) -> Vec<String> {
        let desk = self.desk();
        let log = desk.activity_log().unwrap();
        let mut places = Vec::new();
        desk.scan_activities(|row, _, _| {
            places.extend(log.place_of(row));
            Ok(())
        })
        .unwrap();
        let texts = desk.facts().activity_texts(&places).unwrap();
        let mut keys: Vec<String> = texts.into_iter().map(|text| text.key.to_string()).collect();
        keys.sort();
        keys
    }

    /// The keys of a customer's activities, the newest first.
    fn keys_of(&mut self, customer: CustomerId) -> Vec<String> {
        let desk = self.desk();
        let found = desk.facts().activities_of(customer, ALL).unwrap();
        assert!(found.is_sorted_by(|a, b| (a.at.at, a.ordinal) > (b.at.at, b.ordinal)));
        let places: Vec<_> = found.iter().map(|found| found.place).collect();
        let texts = desk.facts().activity_texts(&places).unwrap();
        texts.into_iter().map(|text| text.key.to_string()).collect()
    }
}

/// All of them.
const ALL: Page = Page { limit: usize::MAX, before: None };

const PEOPLE: &str = "1,Ada,Fernsby,ada@example.com,,,,,,,\n2,Theo,Oak,theo@example.com,,,,,,,\n\
    3,Ada,Fernsby,,,,,,,,\n";

fn counts(new: u64, changed: u64, unchanged: u64) -> Counts {
    Counts { new, changed, unchanged, ..Counts::default() }
}

#[test]
fn the_same_rows_again_are_nothing_and_others_replace_them() {
    let mut test = TestDesk::new();
    test.import("crm", PEOPLE);
    let rows = [("crm:1", "o1", "10.00 EUR"), ("theo@example.com", "o2", "20.00 EUR")];
    assert_eq!(test.orders(7, &rows), counts(2, 0, 0));
    let head = test.desk().facts().ledger.head().unwrap().sequence;
    assert_eq!(test.orders(8, &rows), counts(0, 0, 2));
    assert_eq!(test.desk().facts().ledger.head().unwrap().sequence, head, "nothing is written");
    // A refund of one, and the other is somebody else's.
    let revised = [("crm:1", "o1", "0.00 EUR"), ("crm:1", "o2", "20.00 EUR")];
    assert_eq!(test.orders(9, &revised), counts(0, 2, 0));
    let [ada, theo] = ["crm:1", "crm:2"].map(|address| test.customer(address));
    assert_eq!(test.owned(), [format!("o1 0.00 EUR {ada}"), format!("o2 20.00 EUR {ada}")]);
    assert_eq!(test.keys_of(ada), ["o2", "o1"]);
    assert!(test.keys_of(theo).is_empty());
    // Of one key twice in a file the last counts.
    let twice = [("crm:1", "o3", "1.00 EUR"), ("crm:1", "o3", "2.00 EUR")];
    assert_eq!(test.orders(10, &twice), counts(1, 1, 0));
    assert!(test.owned().contains(&format!("o3 2.00 EUR {ada}")));
    // Nothing is written where nothing is to be.
    let mut counting = test.desk().count_activities(StreamName::new("orders")).unwrap();
    let row = |test: &mut TestDesk| (subject_of(test, "crm:2"), activity("o4", "1.00 EUR", 1));
    let rows = vec![row(&mut test), row(&mut test)];
    counting.take(test.desk(), rows).unwrap();
    assert_eq!(counting.finish(test.desk()).unwrap(), counts(1, 0, 1));
    assert_eq!(test.owned().len(), 3);
}

#[test]
fn an_import_that_is_withdrawn_leaves_what_it_replaced_and_the_undo_of_it_too() {
    let mut test = TestDesk::new();
    test.import("crm", PEOPLE);
    test.orders(7, &[("crm:1", "o1", "10.00 EUR")]);
    test.orders(8, &[("crm:2", "o1", "11.00 EUR"), ("crm:2", "o2", "12.00 EUR")]);
    let whole = test.owned();
    test.withdraws(8, 9);
    let ada = test.customer("crm:1");
    let first = [format!("o1 10.00 EUR {ada}")];
    assert_eq!(test.owned(), first);
    test.withdraws(9, 10);
    assert_eq!(test.owned(), whole);
    test.withdraws(10, 11);
    assert_eq!(test.owned(), first);
    test.withdraws(7, 12);
    assert!(test.owned().is_empty());
    test.reopen();
    assert!(test.owned().is_empty());
    // The same file once more is as good as the first time.
    test.orders(13, &[("crm:2", "o1", "11.00 EUR"), ("crm:2", "o2", "12.00 EUR")]);
    assert_eq!(test.owned(), whole);
    test.reopen();
    assert_eq!(test.owned(), whole);
}

#[test]
fn whose_it_is_follows_records_and_handles() {
    let mut test = TestDesk::new();
    test.import("crm", PEOPLE);
    let rows = [
        ("crm:1", "by-key", "1.00 EUR"),
        ("crm:99|theo@example.com", "by-else", "2.00 EUR"),
        ("new@example.com", "late", "3.00 EUR"),
        ("", "nameless", "4.00 EUR"),
    ];
    test.orders(7, &rows);
    let [ada, theo, third] = ["crm:1", "crm:2", "crm:3"].map(|address| test.customer(address));
    let told = |late: &str, key: CustomerId| {
        vec![
            format!("by-else 2.00 EUR {theo}"),
            format!("by-key 1.00 EUR {key}"),
            format!("late 3.00 EUR {late}"),
            "nameless 4.00 EUR nameless".to_owned(),
        ]
    };
    assert_eq!(test.owned(), told("unknown", ada));
    let unattached = test.desk().unattached().unwrap();
    let orders = StreamName::new("orders");
    assert_eq!(unattached[&(orders.clone(), Nobody::Unknown)], 1);
    // Theo had another address for a while: what came by it then stays his.
    test.import("crm", "2,Theo,Oak,new@example.com,,,,,,,\n");
    test.orders(8, &[("theo@example.com", "gone", "5.00 EUR")]);
    test.import("crm", "3,Ada,Fernsby,new@example.com,,,,,,,\n");
    let mut expected = told(&theo.to_string(), ada);
    expected.insert(2, "gone 5.00 EUR unknown".to_owned());
    assert_eq!(test.owned(), expected);
    // From now on two have it.
    test.orders(9, &[("new@example.com", "shared", "6.00 EUR")]);
    assert!(test.owned().contains(&"shared 6.00 EUR several".to_owned()));
    let merge = test.does(merge_request(&[&[theo, third]]));
    let merged = test.customer("crm:2");
    assert!(test.owned().contains(&format!("shared 6.00 EUR {merged}")));
    test.undo(merge.decision);
    assert!(test.owned().contains(&"shared 6.00 EUR several".to_owned()));
    let before = test.owned();
    test.reopen();
    assert_eq!(test.owned(), before);
    // Set aside, a record holds nothing.
    test.does(Request::new(Action::Quarantine { record: "crm:3".parse().unwrap() }));
    assert!(test.owned().contains(&format!("shared 6.00 EUR {theo}")));
}

#[test]
fn pages_go_on_where_the_last_one_ended() {
    let mut test = TestDesk::new();
    test.import("crm", PEOPLE);
    let keys: Vec<String> = (0..60).map(|number| format!("o{number}")).collect();
    let rows: Vec<(&str, &str, &str)> =
        keys.iter().map(|key| ("crm:1", key.as_str(), "1.00")).collect();
    test.orders(7, &rows);
    let ada = test.customer("crm:1");
    let all = test.desk().facts().activities_of(ada, ALL).unwrap();
    let mut found = Vec::new();
    let mut before = None;
    loop {
        let page = test.desk().facts().activities_of(ada, Page { limit: 7, before }).unwrap();
        let Some(last) = page.last() else { break };
        before = Some((last.at.at, last.ordinal));
        found.extend(page);
    }
    assert_eq!(found, all);
}

#[test]
fn a_kept_file_answers_as_the_ledger_does_and_is_never_believed() {
    let mut test = TestDesk::new();
    test.import("crm", PEOPLE);
    let keys: Vec<String> = (0..25_000).map(|number| format!("o{number}")).collect();
    let named = ["crm:1", "theo@example.com", "crm:3|ada@example.com", "nobody@example.com"];
    let rows: Vec<(&str, &str, &str)> =
        keys.iter().zip(named.iter().cycle()).map(|(key, who)| (*who, &**key, "1.00")).collect();
    test.orders(7, &rows);
    let path = test.folder.path().join(".steward/activities");
    assert!(path.exists());
    test.orders(8, &[("crm:1", "o1", "2.00"), ("crm:1", "more", "2.00")]);
    test.withdraws(7, 9);
    let owned = test.owned();
    assert_eq!(owned.len(), 2);
    test.withdraws(9, 10);
    let owned = test.owned();
    assert_eq!(owned.len(), 25_001);
    let bytes = std::fs::read(&path).unwrap();
    for damaged in [bytes.clone(), Vec::new(), bytes[..bytes.len() / 2].to_vec(), {
        let mut other = bytes.clone();
        let middle = other.len() / 2;
        other[middle] ^= 1;
        other
    }] {
        std::fs::write(&path, damaged).unwrap();
        test.reopen();
        assert!(test.owned() == owned);
    }
    std::fs::remove_file(&path).unwrap();
    test.rebuild();
    assert!(test.owned() == owned);
}

#[test]
fn an_address_that_somebody_corrected_is_a_handle_until_that_is_undone() {
    use domain::FieldName;
    use std::collections::BTreeMap;
    let mut test = TestDesk::new();
    test.import("crm", PEOPLE);
    test.orders(7, &[("new@example.com", "before", "1.00"), ("theo@example.com", "old", "2.00")]);
    let [ada, theo] = ["crm:1", "crm:2"].map(|address| test.customer(address));
    let correct = |mail: &str| {
        Request::new(Action::Correct {
            record: "crm:2".parse().unwrap(),
            values: BTreeMap::from([(FieldName::new("email"), mail.to_owned())]),
            chosen: BTreeMap::new(),
            cleared: Vec::new(),
        })
    };
    let first = test.does(correct("new@example.com")).decision;
    test.orders(8, &[("new@example.com", "after", "3.00"), ("theo@example.com", "late", "4.00")]);
    let told = |after: &str, late: &str| {
        let lines = [
            format!("after 3.00 {after}"),
            format!("before 1.00 {after}"),
            format!("late 4.00 {late}"),
            format!("old 2.00 {theo}"),
        ];
        lines.to_vec()
    };
    let corrected = told(&theo.to_string(), "unknown");
    assert_eq!(test.owned(), corrected);
    assert_eq!(test.keys_of(theo), ["old", "after", "before"]);
    test.reopen();
    assert_eq!(test.owned(), corrected);
    // Of a second correction the first was held until then.
    let second = test.does(correct("third@example.com")).decision;
    assert_eq!(test.owned(), corrected);
    let undone = test.undo(second);
    assert_eq!(test.owned(), corrected);
    // Undone, nobody ever held it.
    let undone_first = test.undo(first);
    assert_eq!(test.owned(), told("unknown", &theo.to_string()));
    test.undo(undone_first.decision);
    assert_eq!(test.owned(), corrected);
    test.undo(undone.decision);
    assert_eq!(test.owned(), corrected);
    test.rebuild();
    assert_eq!(test.owned(), corrected);
    let reach = test.erase(theo).reach;
    // Also what came under the address that he was delivered with: it is his as well as anybody's.
    assert_eq!(reach.activities, 4);
    assert!(test.owned().is_empty());
    assert!(test.keys_of(ada).is_empty());
}
