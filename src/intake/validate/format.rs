//! `format`: the value is of its field type's form.
//!
//! Reading it is the harmoniser's work, so a value holds if that could read it; on top an e-mail
//! address must not end in a misspelt well-known domain: the syntax is fine, the mail never arrives.
//! And no letter of a text may have been lost on its way (`JosÃ©`), whatever type it is of.

use super::email_domain;
use domain::{FieldType, Value};

/// Whether the value is readable and plausible.
pub(super) fn holds(value: &Value, field_type: FieldType) -> bool {
    let Some(standard) = value.standard() else { return false };
    if super::is_garbled(value) {
        return false;
    }
    match field_type {
        FieldType::Email => standard
            .rsplit_once('@')
            .is_some_and(|(_, domain)| email_domain::corrected(domain).is_none()),
        _ => true,
    }
}
