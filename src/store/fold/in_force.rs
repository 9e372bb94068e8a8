//! Which revision of a record is in force: the latest that was delivered, but where what it says is held back.

use crate::StoreError;
use crate::entries::{Place, RecordEntry};
use crate::keys;
use crate::overlay::Overlay;
use crate::pages::RecordRow;
use crate::view::View;
use domain::RecordId;
use domain::event::RecordChanged;

/// A revision was delivered: the one in force then, and its number. What comes while another is held back is held
/// back as well, until the layers say otherwise.
pub(super) fn delivered(
    overlay: &mut Overlay<'_>,
    record: RecordId,
    before: Option<RecordRow>,
    (place, number): (Place, u16),
) -> Result<(Place, u16), StoreError> {
    let Some(before) = before.filter(|row| row.touched) else { return Ok((place, number)) };
    let Some(entry) = View::over(overlay).record_entry(record)? else {
        return Ok((place, number));
    };
    if entry.state.in_force().is_none() {
        return Ok((place, number));
    }
    let entry = RecordEntry { version: place.sequence, latest: Some((place, number)), ..entry };
    super::put(overlay, keys::record(record), &entry)?;
    Ok((before.body, before.revision))
}

/// The layers of a record changed: writes into its row which revision is in force now, and gives the latest one where
/// that is another.
pub(super) fn changed(
    overlay: &Overlay<'_>,
    changed: &RecordChanged,
    row: &mut RecordRow,
) -> Result<Option<(Place, u16)>, StoreError> {
    let latest = View::over(overlay).latest(changed.record)?;
    let Some(former) = changed.after.in_force() else {
        (row.body, row.revision) = latest;
        return Ok(None);
    };
    row.body = Place {
        sequence: former.commit,
        index: u16::try_from(former.event)
            .map_err(|_| StoreError::damaged("a revision that is in force"))?,
    };
    row.revision = u16::try_from(former.revision).unwrap_or(u16::MAX);
    Ok(Some(latest))
}
