//! What a handle is: an e-mail address, a telephone number or an identifier by which somebody is known. The one place
//! for whoever reads the rows of a stream and whoever asks which records held a handle.

use domain::{FieldType, Fingerprint, Fingerprinter, placeholder};
use settings::Field;

/// To be raised when fingerprints of handles are made otherwise.
pub(super) const RECIPE: u32 = 2;

/// The fingerprint of the handle that a harmonised value of a field is; none where it tells nobody who somebody is.
///
/// Addresses and numbers are the same in whatever field they stand; identifiers only in fields of one name.
#[must_use]
pub(crate) fn of(
    fingerprinter: &Fingerprinter,
    field: &Field,
    harmonised: &str,
) -> Option<Fingerprint> {
    if harmonised.is_empty() || placeholder::is_no_evidence(harmonised, field.field_type) {
        return None;
    }
    let name = match field.field_type {
        FieldType::Email | FieldType::Phone => "",
        FieldType::Identifier | FieldType::NationalId => field.name.as_str(),
        _ => return None,
    };
    Some(fingerprinter.of(["handle", field.field_type.name(), name, harmonised]))
}

/// The fingerprint under which an activity's key is known in its stream.
#[must_use]
pub(crate) fn of_key(fingerprinter: &Fingerprinter, stream: &str, key: &str) -> Fingerprint {
    fingerprinter.of(["activity", stream, key])
}
