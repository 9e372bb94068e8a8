//! What is wrong with values that are taken in all the same: each import says how many there are, and
//! where the first is, whatever rules ask.

use compact_str::CompactString;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use domain::RecordBody;
use door::views::{Trouble, Troubled};
use intake::validate;
use settings::Source;

/// What is wrong with the values of a record; with its time of change, too, where its row had one of
/// that source.
pub(super) fn of(
    body: &RecordBody,
    timed: Option<&Source>,
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
    if let Some(column) = timed.and_then(|source| source.updated.as_ref()) {
        match body.updated {
            None => troubles.push((Trouble::UnreadTime, column.as_str().into())),
            // A day ahead may be the zone's.
            Some(at) if at.to_zoned(TimeZone::UTC).date() > today.tomorrow().unwrap_or(today) => {
                troubles.push((Trouble::TimeToCome, column.as_str().into()));
            }
            Some(_) => {}
        }
    }
    troubles
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
