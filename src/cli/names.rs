//! What people name on the command line: records, customers, tasks, decisions.

use super::entry::Entry;
use super::failure::Usage;
use super::say::say;
use domain::{CensusId, CustomerId, MatchRunId, RecordAddress, Subject};
use door::Refusal;
use door::operations::{About, FindPerson, FindRecord, Follow};

/// Anything by its name; a bare key is a record where there is exactly one source.
///
/// # Errors
/// When it is no name.
pub fn subject(entry: &Entry, text: &str) -> anyhow::Result<Subject> {
    match text.parse() {
        Ok(Subject::Record(address)) => as_held(entry, address).map(Subject::Record),
        Ok(subject) => Ok(subject),
        Err(_) if text.contains(':') => Err(Usage::error(format!("`{text}` is not a source:key"))),
        Err(_) => match elsewhere(text) {
            Some(why) => Err(Usage::error(why)),
            None => as_held(entry, bare_key(entry, text)?).map(Subject::Record),
        },
    }
}

/// What goes by ids of its own and is shown by a command of its own.
fn elsewhere(text: &str) -> Option<String> {
    if text.parse::<MatchRunId>().is_ok() {
        return Some(format!("{text} is a matching run: steward match --diff {text}"));
    }
    let census = text.parse::<CensusId>().ok()?;
    Some(format!("{census} is a census: steward grant show {census}"))
}

/// A record by `source:key`, or by its bare key where there is exactly one source.
///
/// # Errors
/// When it is no name of a record.
pub fn record(entry: &Entry, text: &str) -> anyhow::Result<RecordAddress> {
    let address = match text.parse() {
        Ok(address) => address,
        Err(_) => bare_key(entry, text)?,
    };
    as_held(entry, address)
}

/// The address as its source writes the key, which people may type in other capitals. One that is not
/// there is answered by whoever is asked about it.
fn as_held(entry: &Entry, address: RecordAddress) -> anyhow::Result<RecordAddress> {
    match entry.ask(FindRecord { record: address.clone() }) {
        Ok(found) => Ok(found.address),
        Err(error) => match error.downcast_ref() {
            Some(Refusal::Unknown { .. } | Refusal::Erased { .. }) => Ok(address),
            _ => Err(error),
        },
    }
}

/// A customer by its id, one it was merged away under, or by one of its records.
///
/// # Errors
/// When it is no name of a customer or record, or there is no such record.
pub fn customer(entry: &Entry, text: &str) -> anyhow::Result<CustomerId> {
    match subject(entry, text)? {
        Subject::Customer(id) => followed(entry, id),
        Subject::Record(address) => customer_of(entry, &address),
        other => {
            Err(Usage::error(format!("{other} is not a customer: name one (C17) or a record")))
        }
    }
}

/// The customer that a person's report is about, named as [`customer`] has it. A verdict that is withheld
/// from a steward holds no report back.
///
/// # Errors
/// As [`customer`].
pub fn person(entry: &Entry, text: &str) -> anyhow::Result<CustomerId> {
    let record = match text.parse() {
        Ok(Subject::Record(address)) => address,
        Ok(_) => return customer(entry, text),
        Err(_) if text.contains(':') => return customer(entry, text),
        Err(_) => bare_key(entry, text)?,
    };
    entry.ask(FindPerson { record })
}

/// Several customers, none of them named twice under two names.
///
/// # Errors
/// As [`customer`]; when two names stand for one customer.
pub fn customers(entry: &Entry, texts: &[String]) -> anyhow::Result<Vec<CustomerId>> {
    let mut found: Vec<CustomerId> = Vec::with_capacity(texts.len());
    for text in texts {
        let id = customer(entry, text)?;
        if let Some(at) = found.iter().position(|known| *known == id) {
            let why = match texts[at].eq_ignore_ascii_case(text) {
                true => format!("{text} is named twice"),
                false => format!("{} and {text} are one customer, {id}", texts[at]),
            };
            return Err(Refusal::DoesNotApply { why }.into());
        }
        found.push(id);
    }
    Ok(found)
}

/// The customer that an id stands for now: where it was merged away its survivor, and that is said.
///
/// # Errors
/// When the store is damaged.
pub fn followed(entry: &Entry, id: CustomerId) -> anyhow::Result<CustomerId> {
    match entry.ask(Follow { customer: id })? {
        Some(live) if live != id => {
            say(&format!("note: {id} was merged into {live}, which is used instead"));
            Ok(live)
        }
        // One that is not there is answered by whoever is asked about it.
        _ => Ok(id),
    }
}

/// The customer of a record.
///
/// # Errors
/// When there is no such record.
pub fn customer_of(entry: &Entry, address: &RecordAddress) -> anyhow::Result<CustomerId> {
    Ok(entry.ask(FindRecord { record: address.clone() })?.customer)
}

fn bare_key(entry: &Entry, text: &str) -> anyhow::Result<RecordAddress> {
    match entry.ask(About {})?.sources.as_slice() {
        [only] => Ok(RecordAddress::new(only, text)),
        [] => Err(Usage::error("steward.toml has no sources yet, so there are no records")),
        [first, ..] => Err(Usage::error(format!(
            "`{text}` is not a record, customer, task or decision: for a record, add its source, as in {}:{text}",
            first
        ))),
    }
}

/// `A C17, B C341`: things with the letters they go by.
pub fn lettered(names: &[String]) -> String {
    let lettered = names.iter().enumerate().map(|(at, name)| format!("{} {name}", letter(at)));
    lettered.collect::<Vec<_>>().join(", ")
}

/// The letter of a task's customer, counted from 0; beyond Z only the id is left.
pub fn letter(at: usize) -> char {
    u8::try_from(at).ok().filter(|at| *at < 26).map_or('-', |at| char::from(b'A' + at))
}
