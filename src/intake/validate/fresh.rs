//! `fresh`: the source changed the record recently enough.

use jiff::{SignedDuration, Timestamp};

/// Whether `updated` is no more than so many days (of 24 hours) before `now`. A record whose
/// source does not say when it changed cannot be called stale.
pub(super) fn holds(updated: Option<Timestamp>, now: Timestamp, days: u32) -> bool {
    let Some(updated) = updated else { return true };
    now.duration_since(updated) <= SignedDuration::from_hours(24 * i64::from(days))
}
