//! Ids that there are, by how they begin: for completions. Kinds and states of tasks stand beside them,
//! and nothing that tells of anybody.

use crate::error::DeskError;
use crate::facts::Facts;
use crate::read_ahead;
use crate::second::Withheld;
use domain::{CustomerId, RecordId, TaskId};
use door::views::KnownId;

/// The ids that begin so; without a letter, the tasks that wait.
///
/// # Errors
/// When the store is damaged.
pub(crate) fn ids(
    facts: Facts<'_>,
    withheld: &Withheld,
    begin: &str,
    limit: usize,
) -> Result<Vec<KnownId>, DeskError> {
    if let Some((source, key)) = begin.split_once(':') {
        return keys(facts, (source, key), limit);
    }
    let mut letters = begin.chars();
    let letter = letters.next().map_or('T', |letter| letter.to_ascii_uppercase());
    let digits = letters.as_str();
    if !digits.bytes().all(|digit| digit.is_ascii_digit()) {
        return Ok(Vec::new());
    }
    let counters = facts.view.counters()?;
    let bare = |number: u32| KnownId { id: format!("{letter}{number}"), about: String::new() };
    Ok(match letter {
        'T' => {
            let mut found = Vec::new();
            for number in beginning_with(digits, counters.tasks) {
                if found.len() == limit {
                    break;
                }
                if let Some(entry) = facts.view.task(TaskId(number))?
                    && entry.task.state.is_pending()
                {
                    let about = format!("{}, {}", entry.task.kind.name(), entry.task.state.name());
                    found.push(KnownId { about, ..bare(number) });
                }
            }
            found
        }
        'C' => {
            let mut found = Vec::new();
            for number in beginning_with(digits, counters.customers) {
                if found.len() == limit {
                    break;
                }
                let id = CustomerId(number);
                let is_live = facts.view.customer(id)?.is_some_and(|state| state.is_live());
                if withheld.follow(id, is_live.then_some(id)).is_some() {
                    found.push(bare(number));
                }
            }
            found
        }
        // The latest are wanted most.
        'D' => latest(digits, counters.decisions, limit).map(bare).collect(),
        'I' => latest(digits, counters.imports, limit).map(bare).collect(),
        'M' => latest(digits, counters.runs, limit).map(bare).collect(),
        'S' => {
            let censuses = facts.view.censuses()?.into_iter().map(|(id, _)| id.0);
            let last = censuses.max().unwrap_or(0);
            latest(digits, last, limit).map(bare).collect()
        }
        _ => Vec::new(),
    })
}

/// Records that are looked at for keys that begin so: whoever completes does not wait.
const LOOKED_AT: u32 = 8_192;
/// Records read together.
const PORTION: u32 = 512;

/// Records of a source whose keys begin so, of the first ones.
fn keys(
    facts: Facts<'_>,
    (source, key): (&str, &str),
    limit: usize,
) -> Result<Vec<KnownId>, DeskError> {
    let mut found = Vec::new();
    let last = facts.view.counters()?.records.min(LOOKED_AT);
    let mut from = 0;
    while from < last && found.len() < limit {
        let to = (from + PORTION).min(last);
        let there = (from..to).map(RecordId);
        let there: Result<Vec<_>, DeskError> =
            there.map(|id| Ok((id, facts.view.record(id)?.erased))).collect();
        let there = there?.into_iter().filter(|(_, erased)| !erased).map(|(id, _)| id);
        let there: Vec<RecordId> = there.collect();
        read_ahead::with_records(facts, there.clone(), || {
            for record in there {
                let address = facts.body(record)?.address;
                let is_wanted = address.source.as_str() == source && address.key.starts_with(key);
                if is_wanted && found.len() < limit && is_id(&address.key) {
                    found.push(KnownId { id: address.to_string(), about: String::new() });
                }
            }
            Ok(())
        })?;
        from = to;
    }
    Ok(found)
}

/// Whether a key is an id: one made of an e-mail address or of a name tells of somebody, and a shell would
/// read signs.
fn is_id(key: &str) -> bool {
    key.bytes().any(|byte| byte.is_ascii_digit())
        && key
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.'))
        && key.bytes().filter(u8::is_ascii_alphabetic).count() <= LETTERS
}

/// An id has so many letters at most: more are a word.
const LETTERS: usize = 4;

fn latest(digits: &str, last: u32, limit: usize) -> impl Iterator<Item = u32> {
    let mut all: Vec<u32> = beginning_with(digits, last).collect();
    all.reverse();
    all.into_iter().take(limit)
}

/// The numbers from 1 to `last` that begin with these digits, ascending.
fn beginning_with(digits: &str, last: u32) -> impl Iterator<Item = u32> {
    let begin: u64 = digits.parse().unwrap_or(0);
    let last = u64::from(last);
    let (is_any, is_none) = (digits.is_empty(), digits.starts_with('0'));
    let spans = (0..10).map(move |more| {
        let factor = 10_u64.pow(more);
        (begin * factor, begin * factor + factor)
    });
    let spans = spans.take(if is_any || is_none { 0 } else { 10 });
    let all = is_any.then_some((1, last + 1));
    let numbers = all.into_iter().chain(spans).take_while(move |(from, _)| *from <= last);
    let numbers = numbers.flat_map(move |(from, to)| from..to.min(last + 1));
    numbers.filter_map(|number| u32::try_from(number).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_told_by_how_they_begin() {
        let of = |digits: &str, last| beginning_with(digits, last).collect::<Vec<_>>();
        assert_eq!(of("", 3), [1, 2, 3]);
        assert_eq!(of("1", 12), [1, 10, 11, 12]);
        assert_eq!(of("12", 130), [12, 120, 121, 122, 123, 124, 125, 126, 127, 128, 129]);
        assert_eq!(of("9", 8), [0; 0]);
        assert_eq!(of("0", 100), [0; 0]);
        assert_eq!(of("4294967295", u32::MAX), [u32::MAX]);
        assert_eq!(of("99999999999", u32::MAX), [0; 0]);
    }
}
