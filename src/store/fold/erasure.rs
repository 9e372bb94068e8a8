//! What an erasure changes. A replay meets the erased events with nothing personal in them, the
//! running store has folded them as they were: both must come to the same.

use crate::entries::{Counters, Place, QuarantineEntry};
use crate::overlay::Overlay;
use crate::trees::Trees;
use crate::view::View;
use crate::{StoreError, keys, merged, pages};
use domain::event::{EventErased, PersonErased};
use domain::{Fingerprint, ImportId};

/// The records keep their numbers and hold nothing any more; their addresses are remembered.
pub(super) fn person_erased(
    overlay: &mut Overlay<'_>,
    counters: &mut Counters,
    erased: &PersonErased,
    place: Place,
) -> Result<(), StoreError> {
    for record in &erased.records {
        let mut row = View::over(overlay).record(*record)?;
        if !row.erased {
            counters.erased += 1;
        }
        (row.erased, row.touched) = (true, false);
        (row.key, row.content) = (Fingerprint::default(), Fingerprint::default());
        pages::write_record(overlay, *record, &row)?;
        overlay.remove(keys::record(*record));
        merged::forget(overlay, *record)?;
    }
    // Of whoever had no record left, what is held in others' records goes: what was derived of it is of no use either.
    if erased.records.is_empty() {
        counters.erased += 1;
    }
    for address in &erased.suppressed {
        overlay.put(keys::suppressed(*address), place.sequence.0.to_be_bytes().to_vec());
    }
    Ok(())
}

/// A quarantined row leaves the quarantine; whatever else was erased is kept by its id only.
pub(super) fn event_erased(
    overlay: &mut Overlay<'_>,
    erased: &EventErased,
) -> Result<(), StoreError> {
    let Ok(index) = u16::try_from(erased.index) else { return Ok(()) };
    let place = Place { sequence: erased.sequence, index };
    let Some(row) = overlay.get(&keys::quarantined(place))? else { return Ok(()) };
    if let Some(value) = overlay.get(&row)? {
        let entry: QuarantineEntry = crate::view::parse(&value, "quarantine")?;
        // Where the row was quarantined again since, its later place is erased by itself.
        if entry.place == place {
            let import = ImportId(keys::first_number(&row));
            super::count_quarantined(overlay, import, &entry.reason, false)?;
            overlay.remove(row.into());
        }
    }
    overlay.remove(keys::quarantined(place));
    Ok(())
}
