//! A row whose record is known already: what of it is another than before.

use domain::{FieldType, RecordBody};
use intake::harmonise;
use settings::Settings;

/// A two-digit year that came before keeps the century it was read in then.
pub(in crate::jobs) fn keep_centuries(known: &RecordBody, body: &mut RecordBody) {
    for (field, before) in known.values.iter() {
        let Some(now) = body.values.get(field.as_str()) else { continue };
        let same = now.raw() == before.raw();
        if same
            && let (Some(one), Some(other)) = (now.standard(), before.standard())
            && harmonise::differ_by_century(one, other)
        {
            body.values.set(field.clone(), before.clone());
        }
    }
}

/// Whether dates and numbers have the values they had: another order or style gives others.
pub(super) fn reads_alike(settings: &Settings, known: &RecordBody, body: &RecordBody) -> bool {
    use FieldType::{Date, DateOfBirth, Number};
    settings.fields.iter().all(|field| {
        let name = field.name.as_str();
        !matches!(field.field_type, Date | DateOfBirth | Number)
            || known.values.get(name) == body.values.get(name)
    })
}
