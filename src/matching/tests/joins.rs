//! The groups of a run as joins that may be granted.

use super::*;
use crate::grants::{Barred, OpenJoin, open_joins};

fn joins(
    records: &[(u32, Values)],
    decided: &Constraints,
    groups: &[Vec<Vec<u32>>],
) -> Vec<OpenJoin> {
    let columns = columns(records);
    let model = matched(&columns, &Constraints::default(), &[]).model;
    let unit = |unit: &Vec<u32>| unit.iter().copied().map(RecordId).collect::<Vec<_>>();
    let groups: Vec<Vec<Vec<RecordId>>> =
        groups.iter().map(|units| units.iter().map(unit).collect()).collect();
    open_joins(&model, &columns, &fingerprinter(), decided, &groups)
}

/// The numbers of two people of [`many`] who were each delivered twice.
fn twice(records: &[(u32, Values)]) -> [[u32; 2]; 2] {
    let there = |number: u32| records.iter().any(|(own, _)| *own == number);
    let mut both = (0..300).filter(|it| it % 3 == 1 && there(*it) && there(it + 1));
    [(); 2].map(|()| both.next().map(|it| [it, it + 1]).unwrap())
}

#[test]
fn a_group_has_one_join_less_than_it_has_units() {
    let records = many(150);
    let [[a, b], [c, d]] = twice(&records);
    let found = joins(
        &records,
        &Constraints::default(),
        &[vec![vec![a], vec![b]], vec![vec![d], vec![a, b], vec![c]], vec![vec![a]], Vec::new()],
    );
    assert_eq!(found.len(), 3);
    assert_eq!((&*found[0].left, &*found[0].right), (&[RecordId(a)][..], &[RecordId(b)][..]));
    // The best link comes first, and its weight is the pair's score.
    let of = |number: u32| &records.iter().find(|(own, _)| *own == number).unwrap().1;
    let model = matched(&columns(&records), &Constraints::default(), &[]).model;
    let scored = score(&model, &settings(), &fingerprinter(), of(a), of(b));
    let told = 1.0 / (1.0 + (-f64::from(found[0].weight) / 1000.0).exp2());
    assert!((scored - told).abs() < 1e-9, "{scored} {told}");
    let ends = [found[1].left.len(), found[1].right.len()];
    assert_eq!(ends, [1, 1], "the two deliveries of one person");
    assert!(found[1].weight >= found[2].weight);
}

#[test]
fn what_a_person_or_a_date_of_birth_speaks_against_is_barred_in_the_whole_group() {
    let records = many(150);
    let [[a, b], [c, d]] = twice(&records);
    let free = joins(&records, &Constraints::default(), &[vec![vec![a], vec![b]]]);
    assert_eq!(free[0].barred, None);
    let decided =
        Constraints { cannot_link: vec![(RecordId(b), RecordId(a))], ..Constraints::default() };
    let barred = joins(&records, &decided, &[vec![vec![a], vec![b], vec![c]]]);
    assert!(barred.iter().all(|join| join.barred == Some(Barred::Decision)), "{barred:?}");
    let two = joins(&records, &Constraints::default(), &[vec![vec![a], vec![b], vec![c], vec![d]]]);
    assert_eq!(two.len(), 3);
    assert!(two.iter().all(|join| join.barred == Some(Barred::Contradiction)), "{two:?}");
}

#[test]
fn names_that_say_two_people_are_barred_and_what_may_be_a_slip_is_not() {
    for (one, other, barred) in [
        ("Paul", "Paula", true),
        ("Martin", "Martina", true),
        ("Peter and Susan", "Peter", true),
        ("Emma", "Gemma", true),
        ("Edgar", "Edgar Jr", true),
        ("Christopher", "Christoper", false),
        ("Kazuo", "Kazue", true),
        ("Robert", "Bob", false),
    ] {
        let mut records = many(150);
        let home = |given: &str| {
            let (phone, street) = ("+14025550142", "12 Mill Lane");
            values(&[given, "Hawthorn", "", "", "", phone, street, "68102", ""])
        };
        records.push((900, home(one)));
        records.push((901, home(other)));
        let found = joins(&records, &Constraints::default(), &[vec![vec![900], vec![901]]]);
        assert_eq!(found[0].barred == Some(Barred::TwoPeople), barred, "{one} and {other}");
    }
}
