//! What is wrong with values that are taken in all the same: each import says how many there are, and
//! where the first is, whatever rules ask.

use compact_str::CompactString;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use domain::RecordBody;
use door::views::{Trouble, Troubled};
use intake::acquire::{is_deletion_unclear, is_kind_unclear};
use intake::validate;
use settings::Source;

/// What is wrong with the values of a record; with its time of change, too, where its row had one, as
/// delivered.
pub(super) fn of(
    body: &RecordBody,
    source: &Source,
    time: Option<&str>,
    today: Date,
) -> Vec<(Trouble, CompactString)> {
    let mut troubles = Vec::new();
    for (field, value) in body.values.iter() {
        if validate::is_garbled(value) {
            troubles.push((Trouble::Garbled, field.as_str().into()));
        } else if !value.is_readable() {
            troubles.push((Trouble::Unread, field.as_str().into()));
        }
    }
    if let Some((column, time)) = source.updated.as_ref().zip(time) {
        match body.updated {
            None if is_serial(time) => {
                troubles.push((Trouble::SerialTime, column.as_str().into()));
            }
            None => troubles.push((Trouble::UnreadTime, column.as_str().into())),
            Some(at) if is_to_come(at, today) => {
                troubles.push((Trouble::TimeToCome, column.as_str().into()));
            }
            Some(_) => {}
        }
    }
    if let Some(mark) = source.deleted.as_ref().filter(|_| is_deletion_unclear(source, body)) {
        troubles.push((Trouble::UnclearDeletion, mark.column.as_str().into()));
    }
    if let Some(flag) = source.organisation.as_ref().filter(|_| is_kind_unclear(source, body)) {
        troubles.push((Trouble::UnclearKind, flag.column.as_str().into()));
    }
    troubles
}

/// Whether a time of change is still to come, so that some clock was wrong; a day ahead may be the zone's.
pub(super) fn is_to_come(at: Timestamp, today: Date) -> bool {
    at.to_zoned(TimeZone::UTC).date() > today.tomorrow().unwrap_or(today)
}

/// The same of a record as it is held; what its row had for its time of change is kept only where that
/// could not be read.
pub(super) fn of_held(
    body: &RecordBody,
    source: &Source,
    today: Date,
) -> Vec<(Trouble, CompactString)> {
    let column = source.updated.as_deref().unwrap_or_default();
    let kept = body.unmapped.iter().find(|(own, _)| own == column).map(|(_, text)| text.as_str());
    let time = if body.updated.is_some() { Some("") } else { kept };
    of(body, source, time, today)
}

/// Whether it is a day of the last decades, or of the coming ones, as spreadsheets keep it: a number of
/// days, with a fraction for the time of day.
fn is_serial(text: &str) -> bool {
    let text = text.trim();
    let (days, fraction) = text.split_once(['.', ',']).unwrap_or((text, ""));
    let is_number = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let days = days.parse::<u32>().ok().filter(|_| days.len() == 5 && is_number(days));
    days.is_some_and(|days| (20_000..=60_000).contains(&days)) && is_number(fraction)
}

/// Counts what is wrong with the row in that line.
pub(super) fn count(counts: &mut Vec<Troubled>, line: u64, of: &[(Trouble, CompactString)]) {
    for (trouble, field) in of {
        let is_it = |known: &&mut Troubled| known.trouble == *trouble && known.field == field[..];
        match counts.iter_mut().find(is_it) {
            Some(known) => {
                known.count += 1;
                known.first = known.first.min(line);
            }
            None => counts.push(Troubled {
                trouble: *trouble,
                field: field.to_string(),
                count: 1,
                first: line,
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn serial_numbers_of_spreadsheets_are_told_from_other_numbers() {
        for text in ["45292", "45292.75", "45292,5", " 30745 ", "45292.0"] {
            assert!(is_serial(text), "{text}");
        }
        for text in
            ["", "2024", "19999", "60001", "1772446500", "45292.7.5", "4529x", "-45292", "+5292"]
        {
            assert!(!is_serial(text), "{text}");
        }
    }
}
