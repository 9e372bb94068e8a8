//! What tells two organisations apart beside their names: their legal forms and their countries.
//!
//! No comparison counts either, for both are often left out. Where both sides say them and they differ, that is the
//! first thing a person should read.

use domain::{FieldType, Value, Values};
use settings::Settings;

/// What is said of a name with another legal form.
pub(super) const OTHER_LEGAL_FORM: &str = "other legal form";

/// What differs of the two, in few words; none where they are not both organisations.
pub(super) fn told_apart(settings: &Settings, one: &Values, other: &Values) -> Option<String> {
    let both = |of: FieldType| {
        let fields = settings.fields_of(of).map(|field| field.name.as_str());
        let shown = |values: &Values, field: &str| {
            let text = values.get(field).map(Value::shown)?.trim().to_owned();
            (!text.is_empty()).then_some(text)
        };
        let pairs = fields.filter_map(|field| Some((shown(one, field)?, shown(other, field)?)));
        pairs.collect::<Vec<_>>()
    };
    let names = both(FieldType::OrganisationName);
    if names.is_empty() {
        return None;
    }
    let forms = names.iter().any(|(a, b)| matching::have_other_legal_forms(a, b));
    let countries = both(FieldType::Country);
    let countries = countries.iter().any(|(a, b)| a.to_lowercase() != b.to_lowercase());
    let told = [(forms, OTHER_LEGAL_FORM), (countries, "other country")];
    let told: Vec<&str> = told.into_iter().filter(|(is_so, _)| *is_so).map(|(_, it)| it).collect();
    (!told.is_empty()).then(|| told.join(", "))
}

/// Whether the names of two organisations say two legal forms.
pub(super) fn is_other_form(first: Option<&str>, here: Option<&str>) -> bool {
    first.zip(here).is_some_and(|(first, here)| matching::have_other_legal_forms(first, here))
}
