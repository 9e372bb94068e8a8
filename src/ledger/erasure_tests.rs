//! Erasing: what is read, what is left in the files, and what an interruption leaves.

use super::samples::{
    at, erased, events, folder, ledger_of, ledger_with, open, plain_options, record, verified,
    verified_with,
};
use super::*;
use crate::ports::cipher::NoCipher;
use crate::ports::simulated_files::{Fault, SimulatedFiles};
use domain::event::{ErasureFinished, PersonErased};
use domain::{CustomerId, Event, ReasonCode, Sequence};

const COMMITS: u64 = 9;

/// What is read in the place of the only event of commit 3.
fn instead() -> Event {
    record(300, 7)
}

/// The commit that erases the only events of commits 3 and 6.
fn erasure(reader: &LedgerReader) -> Vec<Event> {
    let person = PersonErased {
        customer: CustomerId(300),
        previous: None,
        records: Vec::new(),
        reason: ReasonCode::new("request"),
        request: None,
        note: None,
        suppressed: Vec::new(),
    };
    vec![person.into(), erased(reader, 3, 0, Some(&instead())), erased(reader, 6, 0, None)]
}

/// Erases and says so; gives up at the first failure.
fn erase(ledger: &mut Ledger, events: &[Event]) -> Result<(), LedgerError> {
    let of = ledger.append(at(50), "kim", events)?.sequence;
    ledger.redact()?;
    ledger.append(at(51), "kim", &[ErasureFinished { of }.into()])?;
    Ok(())
}

/// Takes up what an interruption left, as whoever opens a ledger does.
fn resume(ledger: &mut Ledger) {
    let unfinished = ledger.unfinished_erasures();
    ledger.redact().unwrap();
    for of in unfinished {
        ledger.append(at(60), "sam", &[ErasureFinished { of }.into()]).unwrap();
    }
}

/// The first nine commits, as they read.
fn read(ledger: &Ledger) -> Vec<Vec<Event>> {
    let commits = ledger.reader().commits_from(Sequence(1)).take(COMMITS as usize);
    commits.map(|commit| commit.unwrap().events).collect()
}

fn unerased() -> Vec<Vec<Event>> {
    (1..=COMMITS).map(events).collect()
}

fn is_erased(found: &[Vec<Event>]) -> bool {
    let mut expected = unerased();
    expected[2] = vec![instead()];
    expected[5] = found[5].clone();
    found == expected && matches!(found[5][..], [Event::Erased(_)])
}

fn holds(files: &SimulatedFiles, needle: &[u8]) -> bool {
    let numbers = segment::numbers(files, folder()).unwrap();
    numbers.into_iter().any(|number| {
        let content = files.content(&segment::path(folder(), number)).unwrap();
        content.windows(needle.len()).any(|window| window == needle)
    })
}

#[test]
fn what_was_erased_reads_as_what_was_put_there_and_is_gone_from_the_files() {
    let (files, mut ledger) = ledger_with(COMMITS, &plain_options());
    let chain = |ledger: &Ledger| -> Vec<[u8; 32]> {
        (1..=COMMITS).map(|it| ledger.reader().chain_at(Sequence(it)).unwrap()).collect()
    };
    let before = chain(&ledger);
    // Short events are not compressed, so that they can be searched for.
    assert!(holds(&files, b"person300@") && holds(&files, b"person600@"));
    let reader = ledger.reader();
    let of = ledger.append(at(50), "kim", &erasure(&reader)).unwrap().sequence;
    assert!(is_erased(&read(&ledger)), "as soon as it is committed");
    assert!(holds(&files, b"person600@"), "not yet");
    assert_eq!(ledger.unfinished_erasures(), [of]);
    assert!(ledger.redact().unwrap() >= 1);
    assert!(is_erased(&read(&ledger)) && is_erased(&read_again(&reader)));
    // What stands for commit 3 names person 300 as well; commit 6 leaves nothing.
    assert!(!holds(&files, b"person600@"));
    ledger.append(at(51), "kim", &[ErasureFinished { of }.into()]).unwrap();
    assert!(ledger.unfinished_erasures().is_empty());
    assert_eq!(ledger.redact().unwrap(), 0, "there is nothing left to do");
    assert_eq!(chain(&ledger), before);
    drop(ledger);
    let report = verified_with(&files, &NoCipher);
    assert!(report.is_sound(), "{report:?}");
    assert_eq!(report.redacted, 2);
}

fn read_again(reader: &LedgerReader) -> Vec<Vec<Event>> {
    (1..=COMMITS).map(|it| reader.commit(Sequence(it)).unwrap().events).collect()
}

#[test]
fn an_erasure_may_be_erased_itself_and_the_last_word_counts() {
    let (files, mut ledger) = ledger_of(COMMITS);
    let events = erasure(&ledger.reader());
    erase(&mut ledger, &events).unwrap();
    let reader = ledger.reader();
    let (by, index) = reader.erased_by(Sequence(3), 0).unwrap();
    let mut later = erasure(&reader);
    later.truncate(1);
    later.push(erased(&reader, 3, 0, Some(&record(300, 8))));
    later.push(erased(&reader, by.0, index, None));
    let of = ledger.append(at(70), "kim", &later).unwrap().sequence;
    ledger.redact().unwrap();
    ledger.append(at(71), "kim", &[ErasureFinished { of }.into()]).unwrap();
    assert_eq!(reader.event(Sequence(3), 0).unwrap(), record(300, 8));
    assert!(matches!(reader.event(by, index).unwrap(), Event::Erased(_)));
    drop(ledger);
    assert!(verified(&files).is_sound());
    let (ledger, _) = open(&files, None).unwrap();
    assert_eq!(ledger.reader().event(Sequence(3), 0).unwrap(), record(300, 8));
}

#[test]
fn what_a_finished_erasure_lists_and_still_stands_is_damage() {
    let (files, mut ledger) = ledger_of(COMMITS);
    let of = ledger.append(at(50), "kim", &erasure(&ledger.reader())).unwrap().sequence;
    assert!(verified(&files).is_sound(), "an unfinished one may be anywhere on its way");
    ledger.append(at(51), "kim", &[ErasureFinished { of }.into()]).unwrap();
    let found: Vec<_> = verified(&files).damage.into_iter().map(|damage| damage.what).collect();
    let stands =
        |sequence| DamageKind::ErasedStands { sequence: Sequence(sequence), index: 0, by: of };
    assert_eq!(found, [stands(3), stands(6)]);
}

#[test]
fn interrupted_at_any_call_an_erasure_is_absent_or_is_completed() {
    let calls = {
        let (files, mut ledger) = ledger_of(COMMITS);
        let events = erasure(&ledger.reader());
        let before = files.calls();
        erase(&mut ledger, &events).unwrap();
        before..files.calls()
    };
    assert!(calls.end - calls.start > 15, "{calls:?}");
    let (mut absent, mut completed) = (0, 0);
    for fault in [Fault::PowerOff, Fault::Fail, Fault::Tear, Fault::FailAfter] {
        for call in calls.clone() {
            let (files, mut ledger) = ledger_of(COMMITS);
            let events = erasure(&ledger.reader());
            let files = files.with_fault(call, fault);
            let head = ledger.head();
            let done = erase(&mut ledger, &events);
            drop(ledger);
            for seed in 0..4 {
                let context = format!("{fault:?} at call {call}, seed {seed}");
                let files = files.crash(seed);
                let (mut ledger, _) =
                    open(&files, head).unwrap_or_else(|error| panic!("{context}: {error}"));
                resume(&mut ledger);
                let found = read(&ledger);
                if ledger.reader().erased_by(Sequence(3), 0).is_some() {
                    completed += 1;
                    assert!(is_erased(&found), "{context}");
                    assert_eq!(verified(&files).redacted, 2, "{context}");
                } else {
                    absent += 1;
                    assert!(done.is_err(), "{context}: acknowledged and absent");
                    assert_eq!(found, unerased(), "{context}");
                }
                assert!(verified(&files).is_sound(), "{context}");
                assert!(ledger.unfinished_erasures().is_empty(), "{context}");
            }
        }
    }
    assert!(absent > 0 && completed > 0, "{absent} {completed}");
}
