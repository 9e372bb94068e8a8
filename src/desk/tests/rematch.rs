//! Matching again: what changed, under the recorded model, from the columns kept in a file.

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::*;
use crate::derived_file::Origin;
use crate::jobs::matching::{Found, MatchInput};
use domain::{Event, Sequence};
use door::operations::{Extent, KeyChange};
use door::views::{JobEnd, JobReport};

const FIRST: [&str; 8] = ["Anna", "Bruno", "Clara", "David", "Edith", "Felix", "Greta", "Henry"];
const LAST: [&str; 7] =
    ["Ashdown", "Brightwell", "Corrigan", "Dunmore", "Eastlake", "Fernsby", "Garrick"];

/// A record of a person, in one of several states of decay.
pub(super) fn row(record: u32, person: u8, decay: u8) -> String {
    let (first, last) = (FIRST[usize::from(person) % 8], LAST[usize::from(person) % 7]);
    let last = if decay & 1 > 0 { last.replace('e', "a") } else { last.to_owned() };
    let email = if decay & 2 > 0 { String::new() } else { format!("p{person}@example.com") };
    let phone = if decay & 4 > 0 { String::new() } else { format!("+12175550{:03}", person % 200) };
    let birth = if decay & 8 > 0 {
        String::new()
    } else {
        format!("19{:02}-0{}-1{}", 40 + person % 50, 1 + person % 9, person % 9)
    };
    format!("{record},{first},{last},{email},{phone},{birth},{person} Alder Lane,Salem,,,\n")
}

pub(super) const PEOPLE: u8 = 24;

/// Two sources with a record of each person, matched.
pub(super) fn base(seed: u64) -> TestDesk {
    let mut test = TestDesk::seeded(seed);
    let rows = |decay: fn(u8) -> u8| -> String {
        (0..PEOPLE).map(|person| row(u32::from(person), person, decay(person))).collect()
    };
    test.import("crm", &rows(|_| 0));
    test.import("shop", &rows(|person| person % 16));
    test.match_records();
    test
}

impl TestDesk {
    pub(super) fn match_to(&mut self, extent: Extent) -> MatchOutcome {
        self.clock.advance(60);
        testing::match_records(self.desk(), Match { extent, ..Match::default() }).unwrap()
    }

    fn columns_path(&self) -> std::path::PathBuf {
        self.workspace().hidden().join("columns")
    }

    /// What the columns were read at, if they can be read; and whether they hold a text.
    fn kept(&mut self, text: &str) -> Option<(Origin, bool)> {
        let settings = self.desk().settings().clone();
        let file = self.desk().columns_file();
        let (origin, builder) = file.read(&settings, |_| true)?;
        let mut holds = false;
        let Ok(()) = builder.write(|piece| {
            holds |= piece.windows(text.len()).any(|window| window == text.as_bytes());
            Ok::<(), std::convert::Infallible>(())
        });
        Some((origin, holds))
    }

    /// Who is one, and what waits to be decided, without numbers of tasks and scores.
    pub(super) fn state(&mut self) -> (Vec<String>, BTreeSet<String>) {
        let tasks = self.pending_picture();
        let tasks =
            tasks.iter().filter_map(|line| line.split_once(' ')).map(|(_, rest)| rest.to_owned());
        (self.picture(), tasks.collect())
    }
}

#[derive(Debug, Clone)]
enum Step {
    Comes(u8, u8),
    Changes(u8, u8, u8),
    Merge(u8, u8),
    Apart(u8, u8),
    Unmerge(u8),
    Correct(u8, u8),
    Quarantine(u8),
    UndoLast,
    Erase(u8),
    Match,
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        2 => (any::<u8>(), any::<u8>()).prop_map(|(person, decay)| Step::Comes(person, decay)),
        2 => (any::<u8>(), any::<u8>(), any::<u8>()).prop_map(|(it, p, d)| Step::Changes(it, p, d)),
        1 => (any::<u8>(), any::<u8>()).prop_map(|(left, right)| Step::Merge(left, right)),
        2 => (any::<u8>(), any::<u8>()).prop_map(|(left, right)| Step::Apart(left, right)),
        2 => any::<u8>().prop_map(Step::Unmerge),
        1 => (any::<u8>(), any::<u8>()).prop_map(|(record, value)| Step::Correct(record, value)),
        1 => any::<u8>().prop_map(Step::Quarantine),
        2 => Just(Step::UndoLast),
        1 => any::<u8>().prop_map(Step::Erase),
        2 => Just(Step::Match),
    ]
}

pub(super) fn customers(test: &mut TestDesk) -> Vec<CustomerId> {
    let mut ids = Vec::new();
    let visit = &mut |id, _| {
        ids.push(id);
        Ok(true)
    };
    test.desk().facts().view.each_customer(visit).unwrap();
    ids
}

/// Takes a step where it is not refused; gives the decision.
fn take(test: &mut TestDesk, step: &Step, came: &mut u32, extent: Extent) -> Option<DecisionId> {
    let ids = customers(test);
    let pick = |number: u8| ids[usize::from(number) % ids.len()];
    let request = match step {
        Step::Comes(person, decay) => {
            *came += 1;
            test.import("crm", &row(100 + *came, person % PEOPLE, *decay));
            return None;
        }
        Step::Changes(record, person, decay) => {
            test.import("shop", &row(u32::from(record % PEOPLE), person % PEOPLE, *decay));
            return None;
        }
        Step::Match => {
            test.match_to(extent);
            return None;
        }
        Step::Erase(number) => {
            test.erase(pick(*number));
            return None;
        }
        Step::Merge(left, right) => merge_request(&[&[pick(*left), pick(*right)]]),
        Step::Apart(left, right) => apart_request(&[&[pick(*left)], &[pick(*right)]]),
        Step::Unmerge(number) => {
            let customer = pick(*number);
            let members = test.desk().facts().view.customer(customer).unwrap().unwrap().members;
            let facts = test.desk().facts();
            let addresses = members.iter().skip(1).map(|it| facts.body(*it).unwrap().address);
            let records = addresses.collect();
            Request::new(Action::Unmerge { customer, records })
        }
        Step::Correct(record, value) => {
            let record = format!("crm:{}", record % PEOPLE);
            fix_request(&record, "email", &format!("p{}@example.com", value % PEOPLE))
        }
        Step::Quarantine(number) => {
            let record = format!("shop:{}", number % PEOPLE).parse().unwrap();
            Request::new(Action::Quarantine { record })
        }
        Step::UndoLast => {
            let last = test.desk().facts().view.counters().unwrap().decisions;
            if last == 0 {
                return None;
            }
            undo_request(DecisionId(last), false)
        }
    };
    test.clock.advance(60);
    match test.decide(request) {
        Ok(receipt) => Some(receipt.decision),
        Err(NotDone::Refused(_)) => None,
        other => unreachable!("{other:?}"),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, ..ProptestConfig::default() })]

    #[test]
    fn what_changed_gets_what_everything_would_get(
        steps in prop::collection::vec(step(), 1..7)
    ) {
        let mut states = Vec::new();
        for extent in [Extent::Changed, Extent::Everything] {
            let mut test = base(1);
            let mut came = 0;
            for step in &steps {
                take(&mut test, step, &mut came, extent);
            }
            let outcome = test.match_to(extent);
            states.push((outcome.learned, test.state()));
            let finished = test.desk().facts().last_match().unwrap().unwrap();
            prop_assert_eq!(finished.model_of.is_none(), outcome.learned);
            prop_assert_eq!(finished.model.is_null(), !outcome.learned);
            test.desk().facts().model().unwrap().unwrap();
        }
        prop_assert_eq!(&states[0], &states[1]);
    }
}

#[test]
fn a_second_run_takes_the_model_and_looks_at_what_came() {
    let mut test = base(1);
    let learned = test.desk().facts().learned().unwrap().unwrap().0;
    let nothing = test.match_to(Extent::Changed);
    assert_eq!((nothing.learned, nothing.records, nothing.merged), (false, 0, 0));
    test.import("crm", &row(100, 3, 0));
    let outcome = test.match_to(Extent::Changed);
    assert!(!outcome.learned && outcome.merged == 1, "{outcome:?}");
    assert!((2..10).contains(&outcome.records), "{outcome:?}");
    assert_eq!(test.customer("crm:100"), test.customer("crm:3"));
    assert_eq!(test.desk().facts().learned().unwrap().unwrap().0, learned);
    assert!(test.match_to(Extent::Full).learned);
    assert_ne!(test.desk().facts().learned().unwrap().unwrap().0, learned);
    let many: String = (0..12).map(|number| row(200 + number, number as u8, 0)).collect();
    test.import("crm", &many);
    assert!(test.match_to(Extent::Changed).learned, "a tenth of the records is new");
}

#[test]
fn other_settings_bring_another_model() {
    let mut test = base(1);
    let path = test.workspace().settings();
    let text = std::fs::read_to_string(&path).unwrap();
    test.adopts(&format!("{text}\n[matching]\nauto = 0.995\nreview = 0.6\n"));
    assert!(test.match_to(Extent::Changed).learned);
    assert!(!test.match_to(Extent::Changed).learned);
}

/// The state after one more record came and was matched, with the file of columns harmed before.
fn after(harm: impl FnOnce(&mut TestDesk)) -> (Vec<String>, BTreeSet<String>) {
    let mut test = base(1);
    harm(&mut test);
    test.import("crm", &row(100, 3, 1));
    let outcome = test.match_to(Extent::Changed);
    assert!(!outcome.learned);
    test.state()
}

#[test]
fn columns_that_cannot_be_used_are_made_anew() {
    let expected = after(|test| assert!(test.kept("salem").is_some()));
    let length = std::fs::metadata(base(1).columns_path()).unwrap().len();
    let gone = after(|test| std::fs::remove_file(test.columns_path()).unwrap());
    assert_eq!(gone, expected, "missing");
    for kept in [0, 1, 60, length / 2, length - 1] {
        let state = after(|test| {
            let file = std::fs::File::options().write(true).open(test.columns_path()).unwrap();
            file.set_len(kept).unwrap();
            assert!(test.kept("salem").is_none());
        });
        assert_eq!(state, expected, "cut to {kept} bytes");
    }
    for at in (0..length).step_by(length as usize / 9) {
        let state = after(|test| {
            let mut bytes = std::fs::read(test.columns_path()).unwrap();
            bytes[at as usize] ^= 0x10;
            std::fs::write(test.columns_path(), bytes).unwrap();
            assert!(test.kept("salem").is_none(), "byte {at}");
        });
        assert_eq!(state, expected, "byte {at}");
    }
    let longer = after(|test| {
        let mut bytes = std::fs::read(test.columns_path()).unwrap();
        bytes.push(0);
        std::fs::write(test.columns_path(), bytes).unwrap();
        assert!(test.kept("salem").is_none());
    });
    assert_eq!(longer, expected, "a byte too many");
}

#[test]
fn columns_of_another_workspace_or_a_later_time_are_not_believed() {
    let expected = after(|_| {});
    let other = after(|test| {
        std::fs::copy(base(77).columns_path(), test.columns_path()).unwrap();
    });
    assert_eq!(other, expected);
    let later = after(|test| {
        // As a workspace that was set back finds them: its ledger has another history.
        let mut ahead = base(1);
        ahead.import("crm", &row(55, 5, 0));
        ahead.match_to(Extent::Full);
        std::fs::copy(ahead.columns_path(), test.columns_path()).unwrap();
    });
    assert_eq!(later, expected);
}

#[test]
fn nobody_erased_remains_in_the_columns() {
    let mut test = base(1);
    let text = "p3@example.com";
    assert!(test.kept(text).unwrap().1, "it is there before");
    let customer = test.customer("crm:3");
    let shop = test.customer("shop:3");
    test.erase(customer);
    assert!(!test.columns_path().exists());
    if shop != customer {
        test.erase(shop);
    }
    test.match_to(Extent::Full);
    assert!(!test.kept(text).unwrap().1);
    assert!(test.kept("p4@example.com").unwrap().1, "others are");
}

#[test]
fn a_quarantined_record_is_left_out_and_comes_back_when_it_is_released() {
    let mut test = base(1);
    let before = test.state();
    let everybody = test.match_to(Extent::Everything).records;
    assert_eq!(everybody, u64::from(PEOPLE) * 2);
    // Decayed, so that a person is asked about it.
    let asked = |test: &mut TestDesk, record: &str| {
        let customer = format!("{:?}", test.customer(record));
        test.pending_picture().iter().any(|line| line.contains(&customer))
    };
    let decayed = (0..PEOPLE).map(|person| format!("shop:{person}"));
    let record = decayed.into_iter().find(|record| asked(&mut test, record)).unwrap();
    let quarantine = Action::Quarantine { record: record.parse().unwrap() };
    let decision = test.does(Request::new(quarantine)).decision;
    assert!(!test.match_to(Extent::Changed).learned);
    assert!(!asked(&mut test, &record), "{:?}", test.pending_picture());
    let state = test.state();
    assert_eq!(test.match_to(Extent::Everything).records, everybody - 1);
    assert_eq!(test.state(), state);
    test.undo(decision);
    assert!(test.match_to(Extent::Changed).records > 0);
    assert_eq!(test.state(), before);
    assert_eq!(test.match_to(Extent::Everything).records, everybody);
}

#[test]
fn columns_go_with_the_keys_that_sealed_them() {
    let mut test = base(1);
    test.desk().change_keys(KeyChange::Rotate).unwrap();
    assert!(test.kept("salem").is_some(), "the old key is there still");
    test.rekey();
    assert!(!test.columns_path().exists());
    test.match_to(Extent::Full);
    test.desk().change_keys(KeyChange::KeyFile).unwrap();
    test.reopen();
    assert!(test.kept("salem").is_some(), "the same key, wrapped again");
    let bytes = std::fs::read(test.columns_path()).unwrap();
    assert!(!bytes.windows(7).any(|window| window == b"ashdown"), "nothing is in the clear");
}

/// What a match reads.
fn prepare(test: &mut TestDesk) -> MatchInput {
    let desk = test.desk();
    let file = (&desk.columns_file(), true);
    crate::jobs::matching::prepare(desk.facts(), file, &Default::default(), &Silent).unwrap()
}

/// Writes what a match found.
fn apply(test: &mut TestDesk, found: Found) -> MatchOutcome {
    let desk = test.desk();
    let id = desk.start_match_that_found(found).unwrap().id;
    match testing::finish(desk, id, &mut |_| true) {
        JobEnd::Done(JobReport::Match(outcome)) => outcome,
        other => panic!("{other:?}"),
    }
}

#[test]
fn what_people_changed_meanwhile_is_passed_over_and_looked_at_again() {
    let mut test = base(1);
    let rows: String = (0..3).map(|number| row(100 + number, number as u8, 0)).collect();
    test.import("crm", &rows);
    let expected = {
        let mut other = base(1);
        other.import("crm", &rows);
        other.match_to(Extent::Changed);
        other.customer("crm:101") == other.customer("crm:1")
    };
    assert!(expected);
    let found = {
        let prepared = prepare(&mut test);
        // It may run on any thread.
        rayon::join(|| prepared.run(&Silent), || ()).0.unwrap()
    };
    let [old, new] = [test.customer("crm:0"), test.customer("crm:100")];
    test.does(apart_request(&[&[old], &[new]]));
    let outcome = apply(&mut test, found);
    assert_eq!((outcome.passed_over, outcome.merged), (1, 2), "{outcome:?}");
    assert_eq!(test.customer("crm:101"), test.customer("crm:1"));
    assert_ne!(test.customer("crm:100"), test.customer("crm:0"));
    let again = test.match_to(Extent::Changed);
    assert!(again.records > 0 && again.merged == 0, "{again:?}");
}

#[test]
fn an_interrupted_run_is_completed_by_the_next() {
    let mut expected = base(1);
    let rows: String = (0..3).map(|number| row(100 + number, number as u8, 0)).collect();
    expected.import("crm", &rows);
    expected.match_to(Extent::Changed);

    let mut test = base(1);
    test.import("crm", &rows);
    let prepared = prepare(&mut test);
    let found = prepared.run(&Silent).unwrap();
    let before = test.desk().facts().view.head().unwrap().unwrap().0;
    apply(&mut test, found);
    // Only the merges have come through: the ledger ends before the run did.
    let merges = test.desk().facts().commit(before.next()).unwrap();
    let merged = |event: &Event| matches!(event, Event::CustomerChanged(_));
    assert!(merges.events.iter().all(merged) && merges.sequence > Sequence(0));

    let mut cut = base(1);
    cut.import("crm", &rows);
    cut.desk().commit(merges.events).unwrap();
    cut.reopen();
    cut.match_to(Extent::Changed);
    assert_eq!(cut.state(), expected.state());
}
