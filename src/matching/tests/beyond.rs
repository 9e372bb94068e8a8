//! Records that are compared with every other, whatever keys say.

use super::*;
use crate::elusion::{Search, Searched};

/// Two records of one customer each.
const ONE: [(u32, u32); 4] = [(0, 1), (3, 4), (5, 6), (10, 11)];

fn searched(met: &[(u32, u32, f64)], customers: &[Vec<RecordId>], seed: u64) -> Searched {
    let columns = columns(&numbered());
    let model = matched(&columns, &Constraints::default(), &[]).model;
    let known = customers.iter().map(Vec::as_slice);
    let mut search = Search::new(&columns, known, 0.5, (40, seed));
    for (left, right, weight) in met {
        search.see([RecordId(*left), RecordId(*right)], *weight);
    }
    search.run(&model, &fingerprinter(), &Silent).unwrap()
}

fn partner(record: RecordId) -> Option<RecordId> {
    let own = ONE.iter().find(|(one, other)| [*one, *other].contains(&record.0))?;
    Some(RecordId(if own.0 == record.0 { own.1 } else { own.0 }))
}

/// How many draws found the other record of their customer.
fn finds(searched: &Searched) -> usize {
    let found = searched.near.iter().filter(|near| {
        partner(near.record).is_some_and(|it| near.others.iter().any(|other| other.0 == it))
    });
    found.count()
}

#[test]
fn whoever_is_one_is_near_and_comes_first() {
    let found = searched(&[], &[], 1);
    assert_eq!(found.records, 13);
    let of_two = found.near.iter().filter(|near| partner(near.record).is_some());
    assert!(of_two.clone().count() > 5, "{found:?}");
    for near in of_two {
        assert_eq!(Some(near.others[0].0), partner(near.record), "{near:?}");
    }
    assert_eq!(found, searched(&[], &[], 1));
    assert_ne!(found, searched(&[], &[], 2));
    // As many pairs as may be asked about, or as many records as may be drawn.
    let asked: usize = found.near.iter().map(|near| near.others.len()).sum();
    let drawn: u32 = found.near.iter().map(|near| near.alone + 1).sum::<u32>() + found.alone;
    assert!(asked >= 40 || drawn == 400, "{asked} {drawn}");
}

#[test]
fn whom_keys_bring_together_and_who_is_one_already_is_not_found() {
    let met: Vec<_> = ONE.iter().map(|(one, other)| (*one, *other, 3.0)).collect();
    assert_eq!(finds(&searched(&met, &[], 1)), 0);
    let customers: Vec<_> = ONE.iter().map(|it| vec![RecordId(it.0), RecordId(it.1)]).collect();
    assert_eq!(finds(&searched(&[], &customers, 1)), 0);
    // What scores too low for anybody to be asked about brings nobody together.
    let low: Vec<_> = ONE.iter().map(|(one, other)| (*one, *other, -30.0)).collect();
    assert!(finds(&searched(&low, &[], 1)) > 5);
    // What one record of a customer was brought to, its others were.
    let both = [vec![RecordId(0), RecordId(2)]];
    let found = searched(&[(1, 2, 3.0)], &both, 1);
    let of_it = found.near.iter().filter(|near| [0, 2].contains(&near.record.0));
    assert!(of_it.flat_map(|near| &near.others).all(|other| other.0 != RecordId(1)), "{found:?}");
}
