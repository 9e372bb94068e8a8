//! How keys are laid out: one byte that names the kind, then big-endian numbers.

use smallvec::{SmallVec, smallvec};

use super::entries::Place;
use domain::{CustomerId, DecisionId, Fingerprint, ImportId, RecordId, RuleId, Sequence, TaskId};

/// A key: the longest fit in without memory of their own.
pub type Key = SmallVec<[u8; 16]>;

pub(super) const HEAD: &[u8] = b"h";
pub(super) const COUNTERS: &[u8] = b"n";

pub(super) const RECORD_PAGE: u8 = b'r';
/// The customer each record belongs to: what merging changes is no more than that.
pub(super) const CROSS_REFERENCE_PAGE: u8 = b'x';
pub(super) const CUSTOMER_PAGE: u8 = b'c';
pub(super) const UNIQUE_PAGE: u8 = b'u';
pub(super) const RECORD: u8 = b'R';
pub(super) const CUSTOMER: u8 = b'C';
pub(super) const TASK: u8 = b'T';
pub(super) const DECISION: u8 = b'D';
pub(super) const IMPORT: u8 = b'I';
pub(super) const QUARANTINE: u8 = b'Q';
pub(super) const EXPORT: u8 = b'E';
pub(super) const UNMASKING: u8 = b'*';
/// Commits in which something became of what somebody logs in with.
pub(super) const ACCESS: u8 = b'A';
/// Commits in which somebody acknowledged settings.
pub(super) const ACKNOWLEDGED: u8 = b'v';
pub(super) const PENDING_TASK: u8 = b'p';
/// Pending second looks: their verdict is withheld.
pub(super) const PENDING_SECOND: u8 = b'w';
/// Decisions that answered one.
pub(super) const SECOND_LOOK: u8 = b'W';
/// Comments by the customer they are about.
pub(super) const COMMENT: u8 = b'K';
/// Censuses of joins, and what was decided about them.
pub(super) const CENSUS: u8 = b'z';
pub(super) const TASK_OF_CUSTOMER: u8 = b't';
pub(super) const DECISION_OF_RECORD: u8 = b'd';
pub(super) const RETIRED_OF_CUSTOMER: u8 = b'm';
/// Every row that was ever quarantined, also those that have left the quarantine since.
pub(super) const QUARANTINED: u8 = b'q';
/// Fingerprints of addresses that are not imported again.
pub(super) const SUPPRESSED: u8 = b's';
/// Tasks opened and closed, by day.
pub(super) const DAY: u8 = b'y';
/// Pending tasks by the day they were opened on.
pub(super) const WAITING: u8 = b'o';
/// Decisions by hour and actor.
pub(super) const PACE: u8 = b'k';
/// When an actor last decided.
pub(super) const ACTOR: u8 = b'a';
/// Pending tasks by the rule they name.
pub(super) const TASK_OF_RULE: u8 = b'b';
/// How many of them there are.
pub(super) const TASKS_OF_RULE: u8 = b'B';
/// The groups of the last matching run by score.
pub(super) const SCORES: &[u8] = b"S";
/// What a record's source says it has merged with it: fingerprints of addresses.
pub(super) const MERGED: u8 = b'g';
/// The same by address: which records say so.
pub(super) const MERGED_BY: u8 = b'G';
/// How rules judge records.
pub(super) const JUDGEMENT_PAGE: u8 = b'j';
/// The sums of that, by source.
pub(super) const TALLY: u8 = b'J';

pub(super) fn numbered(kind: u8, number: u32) -> Key {
    let mut key = Key::new();
    key.push(kind);
    key.extend_from_slice(&number.to_be_bytes());
    key
}

pub(super) fn paired(kind: u8, first: u32, second: u32) -> Key {
    let mut key = numbered(kind, first);
    key.extend_from_slice(&second.to_be_bytes());
    key
}

pub(super) fn record(id: RecordId) -> Key {
    numbered(RECORD, id.0)
}

pub(super) fn customer(id: CustomerId) -> Key {
    numbered(CUSTOMER, id.0)
}

pub(super) fn task(id: TaskId) -> Key {
    numbered(TASK, id.0)
}

pub(super) fn decision(id: DecisionId) -> Key {
    numbered(DECISION, id.0)
}

pub(super) fn import(id: ImportId) -> Key {
    numbered(IMPORT, id.0)
}

pub(super) fn quarantine(import: ImportId, line: u64) -> Key {
    let mut key = numbered(QUARANTINE, import.0);
    key.extend_from_slice(&line.to_be_bytes());
    key
}

pub(super) fn quarantined(place: Place) -> Key {
    let mut key = smallvec![QUARANTINED];
    key.extend_from_slice(&place.sequence.0.to_be_bytes());
    key.extend_from_slice(&place.index.to_be_bytes());
    key
}

pub(super) fn suppressed(address: Fingerprint) -> Key {
    let mut key = smallvec![SUPPRESSED];
    key.extend_from_slice(&address.0.to_be_bytes());
    key
}

pub(super) fn merged(record: RecordId) -> Key {
    numbered(MERGED, record.0)
}

pub(super) fn merged_by(address: Fingerprint, record: RecordId) -> Key {
    let mut key = merged_by_any(address);
    key.extend_from_slice(&record.0.to_be_bytes());
    key
}

/// What the keys of all records begin with that are merged with the one of an address.
pub(super) fn merged_by_any(address: Fingerprint) -> Key {
    let mut key = smallvec![MERGED_BY];
    key.extend_from_slice(&address.0.to_be_bytes());
    key
}

/// The address in a key of [`MERGED_BY`].
pub(super) fn merged_address(key: &[u8]) -> Fingerprint {
    Fingerprint(key.get(..9).map_or(0, line_of))
}

pub(super) fn unmasking(sequence: Sequence) -> Key {
    let mut key = smallvec![UNMASKING];
    key.extend_from_slice(&sequence.0.to_be_bytes());
    key
}

pub(super) fn acknowledged(sequence: Sequence) -> Key {
    let mut key = smallvec![ACKNOWLEDGED];
    key.extend_from_slice(&sequence.0.to_be_bytes());
    key
}

pub(super) fn access(sequence: Sequence) -> Key {
    let mut key = smallvec![ACCESS];
    key.extend_from_slice(&sequence.0.to_be_bytes());
    key
}

pub(super) fn export(sequence: Sequence) -> Key {
    let mut key = smallvec![EXPORT];
    key.extend_from_slice(&sequence.0.to_be_bytes());
    key
}

pub(super) fn unique(rule: u32, page: u32) -> Key {
    paired(UNIQUE_PAGE, rule, page)
}

/// The first 32 bits of the rule id's hash: keys stay short and survive a reordered file.
pub(super) fn rule_number(rule: &RuleId) -> u32 {
    let hash = blake3::hash(rule.as_str().as_bytes());
    hash.as_bytes().first_chunk::<4>().map_or(0, |bytes| u32::from_be_bytes(*bytes))
}

/// The first number after the kind: an hour, the import of a quarantined row.
pub(super) fn first_number(key: &[u8]) -> u32 {
    key.get(..5).map_or(0, last_number)
}

/// The place in the key of a quarantined row.
pub(super) fn place_of(key: &[u8]) -> Option<Place> {
    let (sequence, index) = key.get(1..)?.split_first_chunk::<8>()?;
    let index = index.first_chunk::<2>()?;
    Some(Place {
        sequence: Sequence(u64::from_be_bytes(*sequence)),
        index: u16::from_be_bytes(*index),
    })
}

/// Whether what stands under a key counts what was folded in up to the head: written without the
/// head moving, it would count twice when that is folded in again.
pub(super) fn goes_with_head(key: &[u8]) -> bool {
    const COUNTS: [u8; 7] = [DAY, WAITING, PACE, ACTOR, TASKS_OF_RULE, JUDGEMENT_PAGE, TALLY];
    key == HEAD || key == COUNTERS || key.first().is_some_and(|kind| COUNTS.contains(kind))
}

/// Whether a key is that of a page that many read one row of.
pub(super) fn is_page(key: &[u8]) -> bool {
    const PAGES: [u8; 4] = [RECORD_PAGE, CROSS_REFERENCE_PAGE, CUSTOMER_PAGE, CUSTOMER];
    key.first().is_some_and(|kind| PAGES.contains(kind))
}

/// The last four bytes as a number: the second of a pair, or the only one.
pub(super) fn last_number(key: &[u8]) -> u32 {
    key.last_chunk::<4>().map_or(0, |bytes| u32::from_be_bytes(*bytes))
}

/// The last eight bytes as a number: a quarantined row's line, a commit, a fingerprint.
pub(super) fn line_of(key: &[u8]) -> u64 {
    key.last_chunk::<8>().map_or(0, |bytes| u64::from_be_bytes(*bytes))
}

/// What stands under a key, for messages: `task 12`. Numbers only, for there is nothing else.
pub(super) fn describe(key: &[u8]) -> String {
    let number = || last_number(key);
    match key.first() {
        Some(b'h') => "the head".to_owned(),
        Some(b'n') => "the counters".to_owned(),
        Some(&RECORD_PAGE) => format!("page {} of the records", number()),
        Some(&CROSS_REFERENCE_PAGE) => format!("page {} of the cross-references", number()),
        Some(&CUSTOMER_PAGE) => format!("page {} of the customers", number()),
        Some(&UNIQUE_PAGE) => format!("page {} of a unique rule", number()),
        Some(&RECORD) => format!("record number {}", number()),
        Some(&CUSTOMER) => format!("customer {}", number()),
        Some(&TASK) => format!("task {}", number()),
        Some(&DECISION) => format!("decision {}", number()),
        Some(&IMPORT) => format!("import {}", number()),
        Some(&QUARANTINE) => "a row in quarantine".to_owned(),
        Some(&(DAY | WAITING | PACE | ACTOR | TASKS_OF_RULE)) => "a count of work".to_owned(),
        Some(b'S') => "the scores of the last matching run".to_owned(),
        Some(&JUDGEMENT_PAGE) => format!("page {} of the judgements", number()),
        Some(&TALLY) => "a count of violations".to_owned(),
        _ => "an index".to_owned(),
    }
}
