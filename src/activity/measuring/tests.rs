//! Measures against the plainest thing that could be right.

use std::collections::{BTreeSet, HashMap};

use jiff::civil::{Date, date};
use proptest::prelude::*;

use super::*;
use crate::log::{Log, Recorded};
use domain::event::{ActivitiesRecorded, ActivitiesWithdrawn};
use domain::{ActivitySubject, Fingerprint, ImportId, Sequence};

const TODAY: Date = date(2026, 12, 1);

/// Stream, whose, key, kind, days ago and hour, offset, cents, currency, property.
type Told = (u8, u8, u8, u8, (u16, u8), i8, i16, u8, u8);

fn activity((_, _, key, kind, (ago, hour), offset, cents, currency, text): &Told) -> Activity {
    let day = TODAY.saturating_sub(i64::from(*ago).days());
    let zone = match offset {
        0 => "Z".to_owned(),
        east => format!("{}{:02}:00", if *east < 0 { '-' } else { '+' }, east.unsigned_abs()),
    };
    let currency = ["EUR", "USD", ""][usize::from(*currency)];
    let money = format!("{}.00 {currency}", cents).trim().parse().unwrap();
    Activity {
        key: format!("k{key}").into(),
        kind: ActivityKind::new(["purchase", "refund"][usize::from(*kind)]).unwrap(),
        at: match hour {
            24.. => day.to_string().parse().unwrap(),
            hour => format!("{day}T{hour:02}:30:00{zone}").parse().unwrap(),
        },
        money: Some(money),
        properties: match text {
            0 => Vec::new(),
            text => vec![("product".into(), format!("p{text}").into())],
        },
        line: 1,
    }
}

fn stream(number: u8) -> StreamName {
    StreamName::new(["orders", "letters"][usize::from(number)])
}

fn asks() -> Vec<Ask> {
    let product = || What::Property(FieldName::new("product"));
    let eur = Currency::parse("EUR").unwrap();
    let takes = [
        Take::Count,
        Take::Sum(eur),
        Take::Last(What::Day),
        Take::First(What::Day),
        Take::DaysSince,
        Take::Distinct(What::Day),
        Take::Last(product()),
        Take::First(product()),
        Take::Distinct(product()),
    ];
    let purchase = ActivityKind::new("purchase").unwrap();
    let mut asks = Vec::new();
    for take in takes {
        for (of, kinds, after) in [
            (None, vec![], None),
            (Some(stream(0)), vec![purchase.clone()], Some(date(2026, 11, 1))),
        ] {
            asks.push(Ask { stream: of, kinds, take: take.clone(), after });
        }
    }
    asks
}

/// In plain words, of one customer's activities: each with its stream, in the order in which they were recorded.
fn plainest(ask: &Ask, all: &[(StreamName, Activity)]) -> Option<String> {
    let mut own: Vec<&Activity> = all
        .iter()
        .filter(|(stream, it)| {
            ask.stream.as_ref().is_none_or(|own| own == stream)
                && (ask.kinds.is_empty() || ask.kinds.contains(&it.kind))
                && ask.after.is_none_or(|after| it.at.day() > after)
        })
        .map(|(_, it)| it)
        .collect();
    own.sort_by_key(|it| it.at.at);
    let said = |it: &Activity| it.properties.first().map(|(_, text)| text.to_string());
    let count = |it: BTreeSet<String>| Some(it.len().to_string());
    match &ask.take {
        Take::Count => Some(own.len().to_string()),
        Take::Sum(currency) => {
            let money = own.iter().filter_map(|it| it.money);
            let own = money.filter(|it| it.currency == Some(*currency));
            Some(Amount(own.map(|it| it.amount.0).sum()).to_string())
        }
        Take::Last(What::Day) => own.last().map(|it| it.at.day().to_string()),
        Take::First(What::Day) => own.first().map(|it| it.at.day().to_string()),
        Take::Last(_) => own.last().and_then(|it| said(it)),
        Take::First(_) => own.first().and_then(|it| said(it)),
        Take::DaysSince => own.last().map(|it| {
            let days = it.at.day().until(TODAY).unwrap().get_days();
            days.max(0).to_string()
        }),
        Take::Distinct(What::Day) => count(own.iter().map(|it| it.at.day().to_string()).collect()),
        Take::Distinct(_) => count(own.iter().filter_map(|it| said(it)).collect()),
    }
}

fn told() -> impl Strategy<Value = Told> {
    (0..2u8, 0..3u8, 0..12u8, 0..2u8, (0..60u16, 0..26u8), -11..12i8, -300..3000i16, 0..3u8, 0..4u8)
}

proptest! {
    #[test]
    fn they_say_what_the_plainest_model_says(
        imports in prop::collection::vec((prop::collection::vec(told(), 1..6), any::<bool>()), 1..12)
    ) {
        let mut log = Log::default();
        // By stream and key: the version that counts, with when it was recorded, whose, and in which import.
        let mut versions: Vec<(u32, u32, Told)> = Vec::new();
        let mut withdrawn = BTreeSet::new();
        let mut sequence = 0;
        for (import, (rows, is_withdrawn)) in (1u32..).zip(&imports) {
            for row in rows {
                sequence += 1;
                let (of, who, key, ..) = *row;
                let subject = ActivitySubject {
                    key: Some(Fingerprint(u64::from(who) + 1)),
                    handles: Vec::new(),
                };
                let own = activity(row);
                let content = Fingerprint(sequence * 977);
                let fingerprints = vec![(Fingerprint(u64::from(of) << 8 | u64::from(key)), content)];
                versions.push((log.recorded(), import, *row));
                let event = ActivitiesRecorded {
                    previous: None,
                    import: ImportId(import),
                    stream: stream(of),
                    subject,
                    activities: vec![own],
                };
                let recorded = Recorded { index: 0, event: &event, fingerprints };
                log.record(Sequence(sequence), &recorded, None);
            }
            if *is_withdrawn {
                sequence += 1;
                withdrawn.insert(import);
                let event = ActivitiesWithdrawn {
                    previous: None,
                    import: ImportId(import),
                    by: ImportId(1000 + import),
                    keys: Vec::new(),
                };
                log.withdraw(Sequence(sequence), &event);
            }
        }
        log.settle();
        let mut counting: HashMap<(u8, u8), (u32, Told)> = HashMap::new();
        for (ordinal, import, row) in &versions {
            if !withdrawn.contains(import) {
                counting.insert((row.0, row.2), (*ordinal, *row));
            }
        }
        let mut measuring = Measuring::new(asks(), TODAY, 4);
        log.scan(|rows| -> Result<(), ()> {
            for row in rows {
                let who = log.subject(row.subject).key.unwrap().0 as usize;
                measuring.add(who, row, log.class_of(row).unwrap());
            }
            Ok(())
        }).unwrap();
        let mut texts = Texts::of(measuring.properties());
        for ordinal in measuring.wanted() {
            texts.note(ordinal, &activity(&versions[ordinal as usize].2));
        }
        let values = measuring.finish(&texts);
        for (ask, values) in asks().iter().zip(&values) {
            for who in 0..4u8 {
                let mut own: Vec<&(u32, Told)> =
                    counting.values().filter(|(_, row)| row.1 + 1 == who).collect();
                own.sort();
                let own: Vec<_> =
                    own.into_iter().map(|(_, row)| (stream(row.0), activity(row))).collect();
                let said = values.get(usize::from(who)).map(|it| it.to_string());
                prop_assert_eq!(said, plainest(ask, &own), "{:?} of {}", ask, who);
            }
        }
    }
}

#[test]
fn what_is_in_another_currency_is_left_out_and_counted() {
    let class = |currency: Option<&str>| Class {
        stream: stream(0),
        kind: ActivityKind::new("purchase").unwrap(),
        offset: None,
        is_day: false,
        money: currency.map(Currency::parse),
    };
    let row = |class: u32, amount: i64| Row { subject: 0, at: 0, ordinal: 0, class, amount };
    let classes = [class(Some("EUR")), class(Some("USD")), class(Some("")), class(None)];
    let rows = [row(0, 10_000), row(1, 10_000), row(2, 10_000), row(3, 0)];
    let eur = Take::Sum(Currency::parse("EUR").unwrap());
    let ask = Ask { stream: None, kinds: Vec::new(), take: eur, after: None };
    assert_eq!(left_out(&ask, rows.iter().zip(&classes)), 2);
    let count = Ask { take: Take::Count, ..ask.clone() };
    assert_eq!(left_out(&count, rows.iter().zip(&classes)), 0);
    let later = Ask { after: Some(date(1970, 1, 1)), ..ask };
    assert_eq!(left_out(&later, rows.iter().zip(&classes)), 0);
}

#[test]
fn one_customer_is_put_beside_the_others() {
    let mut texts = Values::Texts(vec![0, NOTHING], vec!["a".to_owned()]);
    texts.put(3, &Values::Texts(vec![0], vec!["b".to_owned()]), 0);
    texts.put(1, &Values::Texts(vec![0], vec!["a".to_owned()]), 0);
    texts.put(0, &Values::Texts(vec![NOTHING], Vec::new()), 0);
    let said: Vec<Option<String>> =
        (0..5).map(|it| texts.get(it).map(|it| it.to_string())).collect();
    let text = |text: &str| Some(text.to_owned());
    assert_eq!(said, [None, text("a"), None, text("b"), None]);
    let mut numbers = Values::Numbers(vec![1, NOTHING]);
    numbers.put(4, &Values::Numbers(vec![7]), 0);
    assert_eq!(numbers, Values::Numbers(vec![1, NOTHING, NOTHING, NOTHING, 7]));
}
