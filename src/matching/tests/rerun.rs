//! A run repeated under its model, and columns as bytes.

use std::collections::BTreeSet;
use std::convert::Infallible;

use super::learned::{answers_of, delivered};
use super::*;

/// Whose record each is.
type Person = fn(u32) -> u32;

fn builder(records: &[(u32, Values)]) -> ColumnsBuilder {
    let mut builder = ColumnsBuilder::new(&settings());
    for (record, values) in records {
        builder.push(RecordId(*record), values);
    }
    builder
}

fn rerun_of(
    model: &Model,
    records: &[(u32, Values)],
    constraints: &Constraints,
    clusters: &[Vec<RecordId>],
    seeds: &[RecordId],
) -> Rerun {
    let columns = builder(records);
    assert!(serves(model, &columns));
    let columns = columns.finish_under(model, &fingerprinter());
    let request = Request {
        columns: &columns,
        constraints,
        clusters,
        thresholds: MatchingSettings::default(),
        fingerprinter: &fingerprinter(),
        ladder: &[],
        carried: None,
    };
    rerun(&request, model, seeds, &Silent).unwrap()
}

fn everybody(records: &[(u32, Values)]) -> Vec<RecordId> {
    records.iter().map(|(record, _)| RecordId(*record)).collect()
}

/// Records of each finding, and its scores.
fn told(auto: &[AutoMerge], proposals: &[Proposal]) -> Vec<String> {
    let auto = auto.iter().map(|it| format!("auto {:?} {:?}", it.records, it.score));
    let proposed = proposals.iter().map(|it| {
        let Proposal { records, score, weakest, contradictions, .. } = it;
        format!("proposed {records:?} {score:?} {weakest:?} {contradictions:?}")
    });
    auto.chain(proposed).collect()
}

#[test]
fn under_its_own_model_a_run_finds_the_same_again() {
    // Once every pair is compared, once blocking rules say which, once a second pass follows them.
    let sets: [(_, Person); 3] = [
        (numbered(), delivered),
        (many(2_400), delivered),
        (second_pass::crowded(), second_pass::person),
    ];
    for (records, person) in sets {
        let constraints = Constraints {
            must_link: vec![(RecordId(0), RecordId(7))],
            cannot_link: vec![(RecordId(3), RecordId(4))],
            judgements: answers_of(&records, 40, person),
        };
        let clusters = [vec![RecordId(1), RecordId(8)]];
        let outcome = matched(&columns(&records), &constraints, &clusters);
        let again =
            rerun_of(&outcome.model, &records, &constraints, &clusters, &everybody(&records));
        assert_eq!(told(&again.auto, &again.proposals), told(&outcome.auto, &outcome.proposals));
        assert!(!again.auto.is_empty());
        assert_eq!(again.records.len(), records.len());
    }
}

/// What an outcome says of groups that hold one of these records.
fn about(rerun: &Rerun, records: &[RecordId]) -> Vec<String> {
    let meant = |own: &[RecordId]| own.iter().any(|record| records.binary_search(record).is_ok());
    let auto: Vec<AutoMerge> = rerun.auto.iter().filter(|it| meant(&it.records)).cloned().collect();
    let proposals: Vec<Proposal> =
        rerun.proposals.iter().filter(|it| meant(&it.records)).cloned().collect();
    told(&auto, &proposals)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, ..ProptestConfig::default() })]

    #[test]
    fn some_records_get_what_all_of_them_would_get(
        set in 0..3_usize,
        taught in any::<bool>(),
        later in prop::collection::btree_set(0_u32..300, 1..20),
        apart in prop::collection::vec((0_u32..300, 0_u32..300), 0..6),
        joined in prop::collection::vec((0_u32..300, 0_u32..300), 0..6),
    ) {
        let (records, person): (_, Person) = match set {
            0 => (many(300), delivered),
            1 => (many(2_400), delivered),
            _ => (second_pass::crowded(), second_pass::person),
        };
        let before: Vec<(u32, Values)> =
            records.iter().filter(|(record, _)| !later.contains(record)).cloned().collect();
        // Under what people taught as well as under a model that learned nothing from them.
        let judgements = answers_of(&before, if taught { 60 } else { 0 }, person);
        let decided = Constraints { judgements, ..Constraints::default() };
        let model = matched(&columns(&before), &decided, &[]).model;
        prop_assert_eq!(model.kinds[0].rules.iter().any(|run| run.between_groups), set == 2);
        prop_assert_eq!(model.kinds[0].learned.is_some(), taught);
        let pair = |(a, b): &(u32, u32)| (RecordId(*a), RecordId(*b));
        let constraints = Constraints {
            must_link: Vec::new(),
            cannot_link: apart.iter().filter(|(a, b)| a != b).map(pair).collect(),
            judgements: Vec::new(),
        };
        let mut sets = Sets::new(records.len());
        joined.iter().for_each(|(a, b)| sets.join(*a, *b));
        let roots = sets.roots();
        let mut clusters: Vec<Vec<RecordId>> = Vec::new();
        for root in roots.iter().copied().collect::<BTreeSet<u32>>() {
            let members = (0..).zip(&roots).filter(|(_, own)| **own == root);
            let members: Vec<RecordId> = members.map(|(row, _)| RecordId(row)).collect();
            if members.len() > 1 {
                clusters.push(members);
            }
        }
        let all = rerun_of(&model, &records, &constraints, &clusters, &everybody(&records));
        let seeds: Vec<RecordId> = later.iter().copied().map(RecordId).collect();
        let some = rerun_of(&model, &records, &constraints, &clusters, &seeds);
        prop_assert!(seeds.iter().all(|seed| some.records.binary_search(seed).is_ok()));
        prop_assert!(some.records.len() < all.records.len());
        prop_assert_eq!(about(&some, &some.records), told(&some.auto, &some.proposals));
        prop_assert_eq!(about(&all, &some.records), told(&some.auto, &some.proposals));
    }
}

#[test]
fn a_model_serves_only_what_it_knows() {
    let people: Vec<(u32, Values)> = numbered().into_iter().filter(|(it, _)| *it < 10).collect();
    let model = matched(&columns(&people), &Constraints::default(), &[]).model;
    assert!(serves(&model, &builder(&people)));
    assert!(!serves(&model, &builder(&numbered())), "there was no organisation then");
    let mut older = matched(&columns(&many(2_400)), &Constraints::default(), &[]).model;
    assert!(serves(&older, &builder(&many(2_400))));
    older.kinds[0].rules.iter_mut().for_each(|run| run.cap = 0);
    assert!(!serves(&older, &builder(&many(2_400))), "nobody knows its caps");
    let mut twice = second_pass::model();
    assert!(serves(&twice, &builder(&second_pass::crowded())));
    twice.kinds[0].rules.pop();
    assert!(!serves(&twice, &builder(&second_pass::crowded())), "its second pass had other rules");
    let mut other = model;
    other.kinds[0].comparisons[0].levels[0].label = "as of old".to_owned();
    assert!(!serves(&other, &builder(&people)), "its levels are others");
}

fn pieces(builder: &ColumnsBuilder) -> Vec<Vec<u8>> {
    let mut pieces = Vec::new();
    let Ok(()) = builder.write(|piece| {
        pieces.push(piece);
        Ok::<(), Infallible>(())
    });
    pieces
}

fn read_back(pieces: &[Vec<u8>]) -> Option<ColumnsBuilder> {
    let mut reader = SnapshotReader::new(&settings());
    pieces.iter().try_for_each(|piece| reader.take(piece))?;
    reader.finish()
}

#[test]
fn columns_come_back_as_they_were() {
    for records in [Vec::new(), numbered(), many(2_400)] {
        let written = pieces(&builder(&records));
        assert!(written.iter().all(|piece| piece.len() <= PIECE + 1));
        let read = read_back(&written).unwrap();
        assert_eq!(pieces(&read), written);
        assert_eq!(read.pieces(), written.len());
        assert_eq!(
            matched(&read.finish(), &Constraints::default(), &[]),
            matched(&columns(&records), &Constraints::default(), &[])
        );
    }
}

#[test]
fn columns_read_back_take_changes() {
    let all = many(300);
    let mut read = read_back(&pieces(&builder(&all))).unwrap();
    read.retain(|record| record.0 % 3 > 0);
    let changed: Vec<(u32, Values)> = all
        .iter()
        .filter(|(record, _)| record % 3 == 0)
        .map(|(it, _)| (*it, people()[*it as usize % 9].clone()))
        .collect();
    changed.iter().for_each(|(record, values)| read.push(RecordId(*record), values));
    let mut expected: Vec<(u32, Values)> =
        all.into_iter().filter(|(record, _)| record % 3 > 0).collect();
    expected.extend(changed);
    assert_eq!(
        matched(&read.finish(), &Constraints::default(), &[]),
        matched(&columns(&expected), &Constraints::default(), &[])
    );
}

#[test]
fn pieces_that_are_not_all_of_one_are_refused() {
    let written = pieces(&builder(&numbered()));
    for missing in 0..written.len() {
        let mut some = written.clone();
        some.remove(missing);
        assert!(read_back(&some).is_none(), "without piece {missing}");
        let mut cut = written.clone();
        cut[missing].pop();
        assert!(read_back(&cut).is_none(), "piece {missing} cut");
        let mut twice = written.clone();
        twice.push(written[missing].clone());
        assert!(read_back(&twice).is_none(), "piece {missing} twice");
    }
    for tag in [0, 6, 0x2f, 0x4f, 0xff] {
        assert!(SnapshotReader::new(&settings()).take(&[tag, 0, 0, 0, 0]).is_none(), "{tag}");
    }
    assert!(SnapshotReader::new(&settings()).take(&[]).is_none());
    let records = numbered();
    let mut beyond = builder(&records);
    beyond.values[0] = u32::MAX;
    assert!(read_back(&pieces(&beyond)).is_none(), "a value that no pool has");
}
