//! The log against the plainest thing that could be right.

use std::collections::BTreeMap;

use proptest::prelude::*;

use crate::{Handles, Log, Nobody, Owner, Owners, Recorded, Records};
use domain::event::{ActivitiesRecorded, ActivitiesWithdrawn};
use domain::{
    Activity, ActivityKind, ActivitySubject, CustomerId, Fingerprint, ImportId, RecordId, Sequence,
    StreamName,
};

#[derive(Debug, Clone)]
enum Step {
    /// By whom, keys with contents.
    Record(u8, Vec<(u8, u8)>),
    /// Which import, by which, and whether only the keys below 4.
    Withdraw(u8, u8, bool),
    Settle,
    /// Kept and read again.
    Keep,
}

fn step() -> impl Strategy<Value = Step> {
    let rows = prop::collection::vec((0..12u8, 0..4u8), 1..5);
    prop_oneof![
        6 => (0..5u8, rows).prop_map(|(who, rows)| Step::Record(who, rows)),
        2 => (0..30u8, any::<bool>()).prop_map(|(import, some)| Step::Withdraw(import, 0, some)),
        2 => (0..40u8, 0..40u8, any::<bool>())
            .prop_map(|(import, by, some)| Step::Withdraw(import, by, some)),
        3 => Just(Step::Settle),
        1 => Just(Step::Keep),
    ]
}

fn activity(key: u8, content: u8) -> Activity {
    Activity {
        key: format!("o{key}").into(),
        kind: ActivityKind::new(if content == 0 { "refund" } else { "purchase" }).unwrap(),
        at: format!("2026-03-{:02}T09:30:00.{content}Z", 1 + key).parse().unwrap(),
        money: (content > 1).then(|| format!("{content}.{key:04} EUR").parse().unwrap()),
        properties: Vec::new(),
        line: 1,
    }
}

fn subject(who: u8) -> ActivitySubject {
    let who = u64::from(who);
    ActivitySubject {
        key: (who % 2 == 1).then_some(Fingerprint(who * 977)),
        handles: (0..who / 2).map(|handle| Fingerprint(1 << (8 * handle))).collect(),
    }
}

/// Key, content, import, whom it names.
type Version = (u8, u8, u32, u8);

/// What counts, in plain words.
fn plainest(versions: &[Version], withdrawn: &[(usize, u32, u32, bool)]) -> Vec<Version> {
    let mut holds = vec![true; withdrawn.len()];
    for at in (0..withdrawn.len()).rev() {
        holds[at] = !(at + 1..withdrawn.len()).any(|later| {
            holds[later] && !withdrawn[later].3 && withdrawn[later].1 == withdrawn[at].2
        });
    }
    let is_gone = |place: usize| {
        let (key, _, import, _) = versions[place];
        withdrawn.iter().zip(&holds).any(|((until, of, _, some), holds)| {
            *holds && place < *until && *of == import && (!some || key < 4)
        })
    };
    let mut counting: BTreeMap<u8, Version> = BTreeMap::new();
    for (place, version) in versions.iter().enumerate() {
        if !is_gone(place) {
            counting.insert(version.0, *version);
        }
    }
    counting.into_values().collect()
}

fn key_of(key: u8) -> Fingerprint {
    Fingerprint(u64::from(key).wrapping_mul(0x9e37_79b9_7f4a_7c15))
}

fn again(log: &Log) -> Log {
    let mut pieces = Vec::new();
    log.write(|piece| {
        pieces.push(piece);
        Ok::<_, ()>(())
    })
    .unwrap();
    assert_eq!(pieces.len(), log.pieces());
    let mut read = Log::default();
    pieces.iter().for_each(|piece| read.take(piece).unwrap());
    read
}

proptest! {
    #[test]
    fn it_knows_what_counts_and_where_it_stands(steps in prop::collection::vec(step(), 1..60)) {
        let mut log = Log::default();
        let mut versions: Vec<Version> = Vec::new();
        let mut places: Vec<(u64, u32, u32)> = Vec::new();
        let mut withdrawn = Vec::new();
        for (step, number) in steps.into_iter().zip(1u32..) {
            let at = Sequence(u64::from(number));
            match step {
                Step::Record(who, rows) => {
                    let event = ActivitiesRecorded {
                        previous: None,
                        import: ImportId(number),
                        stream: StreamName::new(if who < 3 { "orders" } else { "calls" }),
                        subject: subject(who),
                        activities: rows.iter().map(|(key, content)| activity(*key, *content)).collect(),
                    };
                    let fingerprints =
                        rows.iter().map(|(key, content)| (key_of(*key), Fingerprint(u64::from(*content)))).collect();
                    log.record(at, &Recorded { index: 3, event: &event, fingerprints }, None);
                    for (position, (key, content)) in rows.into_iter().enumerate() {
                        versions.push((key, content, number, who));
                        places.push((at.0, 3, position as u32));
                    }
                }
                Step::Withdraw(import, by, some) => {
                    let (import, by) = (u32::from(import), u32::from(by).max(number.min(20)));
                    let keys = if some { (0..4).map(key_of).collect() } else { Vec::new() };
                    let mut keys: Vec<Fingerprint> = keys;
                    keys.sort_unstable();
                    let event = ActivitiesWithdrawn { previous: None, import: ImportId(import), by: ImportId(by), keys };
                    log.withdraw(at, &event);
                    withdrawn.push((versions.len(), import, by, some));
                }
                Step::Settle => log.settle(),
                Step::Keep => {
                    log.settle();
                    log = again(&log);
                }
            }
        }
        log.settle();
        let expected = plainest(&versions, &withdrawn);
        let mut keys: Vec<u64> = (0..12).map(|key| key_of(key).0).collect();
        keys.sort_unstable();
        let known = log.known(&keys);
        let found: BTreeMap<u64, u32> = keys.iter().zip(known)
            .filter_map(|(key, known)| Some((*key, known?.ordinal))).collect();
        let told: Vec<Version> = {
            let mut told: Vec<Version> = found.values().map(|it| versions[*it as usize]).collect();
            told.sort_unstable();
            told
        };
        prop_assert_eq!(&told, &expected);
        prop_assert_eq!(log.count(), expected.len() as u64);
        let in_order: Vec<_> = log.in_order().collect();
        prop_assert!(in_order.is_sorted());
        let mut scanned = Vec::new();
        log.scan(|rows| {
            scanned.extend_from_slice(rows);
            Ok::<_, ()>(())
        })
        .unwrap();
        scanned.sort_unstable();
        prop_assert_eq!(&scanned, &in_order);
        for row in in_order {
            let (key, content, import, who) = versions[row.ordinal as usize];
            let own = activity(key, content);
            prop_assert_eq!(found.get(&key_of(key).0), Some(&row.ordinal));
            prop_assert_eq!(row.at, own.at.at.as_microsecond());
            let class = log.class_of(&row).unwrap();
            prop_assert_eq!(&class.kind, &own.kind);
            prop_assert_eq!(row.amount_of(class), own.money.map(|money| money.amount));
            prop_assert_eq!(log.subject(row.subject), subject(who));
            prop_assert_eq!(log.brought(&row).unwrap().1, ImportId(import));
            let place = log.place_of(&row).unwrap();
            prop_assert_eq!((place.sequence.0, place.event, place.position), places[row.ordinal as usize]);
            prop_assert!(log.rows_of(row.subject).contains(&row));
            for fingerprint in subject(who).handles {
                prop_assert!(log.named(fingerprint).contains(&(row.subject, false)));
            }
        }
    }

    #[test]
    fn pieces_of_any_kind_are_read_without_harm(piece: Vec<u8>) {
        let _ = Log::default().take(&piece);
        let _ = Handles::default().take(&piece);
    }
}

/// Records of the customers of the same number, but for some.
struct Known(BTreeMap<u32, u32>);

impl Records for Known {
    fn of_address(&self, address: Fingerprint) -> Option<RecordId> {
        (address.0 < 100).then_some(RecordId(address.0 as u32))
    }

    fn customer_of(&self, record: RecordId) -> Option<CustomerId> {
        Some(CustomerId(*self.0.get(&record.0).unwrap_or(&record.0)))
    }

    fn holds(&self, record: RecordId) -> bool {
        record.0 != 9
    }
}

#[test]
fn a_handle_leads_to_whoever_held_it_then_else_to_whoever_holds_it_first() {
    let mut handles = Handles::default();
    let (mail, other) = (Fingerprint(500), Fingerprint(600));
    handles.revised(Sequence(10), RecordId(1), [mail]);
    handles.revised(Sequence(20), RecordId(1), [other]);
    handles.revised(Sequence(30), RecordId(2), [mail]);
    handles.revised(Sequence(30), RecordId(3), [mail]);
    handles.revised(Sequence(30), RecordId(9), [mail]);
    handles.settle();
    let named = |handles: &[Fingerprint]| ActivitySubject { key: None, handles: handles.to_vec() };
    let owner = |subject: &ActivitySubject, at: u64, same: &[(u32, u32)]| {
        let known = Known(same.iter().copied().collect());
        match Owners::of(subject, &handles, &known).at(Sequence(at)) {
            Owner::Customer(customer, _) => Ok(customer.0),
            Owner::Nobody(why) => Err(why),
        }
    };
    let by_mail = named(&[mail]);
    assert_eq!(owner(&by_mail, 5, &[]), Ok(1), "the first to come");
    assert_eq!(owner(&by_mail, 10, &[]), Ok(1));
    assert_eq!(owner(&by_mail, 19, &[]), Ok(1));
    assert_eq!(owner(&by_mail, 25, &[]), Err(Nobody::Several), "two come at once");
    assert_eq!(owner(&by_mail, 25, &[(2, 7), (3, 7)]), Ok(7), "who are one");
    assert_eq!(owner(&named(&[mail, other]), 35, &[]), Ok(1), "the next one leads to somebody");
    assert_eq!(owner(&named(&[Fingerprint(1)]), 35, &[]), Err(Nobody::Unknown));
    assert_eq!(owner(&named(&[]), 35, &[]), Err(Nobody::Nameless));
    let by_key = ActivitySubject { key: Some(Fingerprint(42)), handles: vec![mail] };
    assert_eq!(owner(&by_key, 35, &[]), Ok(42));
    let no_key = ActivitySubject { key: Some(Fingerprint(4200)), handles: vec![mail] };
    assert_eq!(owner(&no_key, 12, &[]), Ok(1));
    assert_eq!(handles.ever_held(RecordId(1)), [mail, other]);
    let mut pieces = Vec::new();
    handles
        .write(|piece| {
            pieces.push(piece);
            Ok::<_, ()>(())
        })
        .unwrap();
    let mut read = Handles::default();
    pieces.iter().for_each(|piece| read.take(piece).unwrap());
    read.settle();
    assert_eq!(read.ever_held(RecordId(1)), [mail, other]);
    assert_eq!(read.head(), handles.head());
}

#[test]
fn ten_thousand_rows_are_small_and_found_among_many_runs() {
    let mut log = Log::default();
    let rows = 20_000u64;
    for number in 0..rows / 100 {
        for who in 0..10 {
            let activities: Vec<Activity> = (0..10)
                .map(|place| Activity {
                    key: format!("{number}-{who}-{place}").into(),
                    at: jiff_time(number * 3_600 + place),
                    ..activity(1, 3)
                })
                .collect();
            let own = |place: usize| {
                (number * 100 + who * 10 + place as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15)
            };
            let fingerprints = (0..10)
                .map(|place| (Fingerprint(own(place)), Fingerprint(own(place) ^ 7)))
                .collect();
            let event = ActivitiesRecorded {
                previous: None,
                import: ImportId(1),
                stream: StreamName::new("orders"),
                subject: ActivitySubject { key: Some(Fingerprint(who)), handles: Vec::new() },
                activities,
            };
            let recorded = Recorded { index: who as u32, event: &event, fingerprints };
            log.record(Sequence(1 + number), &recorded, Some(&[]));
        }
        log.settle();
    }
    assert_eq!(log.count(), rows);
    assert_eq!(log.rows_of(3).len() as u64, rows / 10);
    let mut bytes = 0;
    log.write(|piece| {
        bytes += piece.len();
        Ok::<_, ()>(())
    })
    .unwrap();
    assert!(bytes < rows as usize * 24, "{bytes}");
    let mut keys: Vec<u64> = (0..rows).map(|key| key.wrapping_mul(0x9e37_79b9_7f4a_7c15)).collect();
    keys.sort_unstable();
    assert!(
        log.known(&keys).iter().zip(&keys).all(|(it, key)| it.is_some_and(|it| it.is_of(key ^ 7)))
    );
    assert!(log.known(&[3]).iter().all(Option::is_none));
}

fn jiff_time(second: u64) -> domain::ActivityTime {
    let (minute, second) = (second / 60 % 60, second % 60);
    format!("2026-03-01T09:{minute:02}:{second:02}Z").parse().unwrap()
}
