//! How far a record's value is trusted: as its source is, and less the longer it has not changed there.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::Member;
use domain::FieldName;

/// When the newest of these records changed in its source.
pub(super) fn newest(members: &[&Member<'_>]) -> Option<Timestamp> {
    members.iter().filter_map(|member| member.updated).max()
}

/// The trust in a member's value of a field, in thousandths of a point.
///
/// A source with `decay` is trusted half as much for each such time that its record is older than the newest of the
/// same customer; between two halvings it falls in a straight line. Ages are counted from that record and
/// not from today: golden values follow from the records, whenever they are asked for. A record of unknown age keeps its
/// trust.
pub(super) fn of(member: &Member<'_>, field: &FieldName, newest: Option<Timestamp>) -> u32 {
    let trust = u32::from(member.source.trust.of(field.as_str())) * 1000;
    let (Some(decay), Some(updated), Some(newest)) = (member.source.decay, member.updated, newest)
    else {
        return trust;
    };
    let (updated, newest) = (day(updated), day(newest));
    let half = days(decay.before(newest), newest).max(1);
    let age = days(updated, newest);
    let whole = trust.checked_shr(u32::try_from(age / half).unwrap_or(u32::MAX)).unwrap_or(0);
    let rest = u64::from(whole) * (age % half) / (2 * half);
    whole - u32::try_from(rest).unwrap_or(whole)
}

/// Whether a member's values have expired: its source says so of a record that is so much older than the newest of the same
/// customer, as ages are counted for [`of`].
pub(super) fn is_expired(member: &Member<'_>, newest: Option<Timestamp>) -> bool {
    let (Some(expires), Some(updated), Some(newest)) =
        (member.source.expires, member.updated, newest)
    else {
        return false;
    };
    expires.after(day(updated)) < day(newest)
}

fn day(at: Timestamp) -> Date {
    at.to_zoned(TimeZone::UTC).date()
}

fn days(from: Date, to: Date) -> u64 {
    u64::try_from(to.duration_since(from).as_hours() / 24).unwrap_or(0)
}
