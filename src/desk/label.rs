//! A customer in a few words: `Pace, Thomas`, `Nordwind GmbH`.

use super::error::DeskError;
use super::facts::Facts;
use domain::{CustomerId, FieldType, Golden};
use settings::{Field, Settings};

/// The name people know golden values by; none where no name is known.
#[must_use]
pub fn name_of(settings: &Settings, golden: &Golden) -> Option<String> {
    name_by(settings, |field| golden.text(field.name.as_str()))
}

/// The name people know values by, whatever holds them; none where no name is known.
pub fn name_by<'t>(
    settings: &Settings,
    text: impl Fn(&Field) -> Option<&'t str>,
) -> Option<String> {
    // A name is shown in lists and asked for in filters: a masked one is not used.
    let of_type = |it| settings.fields_of(it).filter(|field| !settings.is_masked(field));
    let first = |field_type: FieldType| of_type(field_type).find_map(&text);
    let person = match (first(FieldType::FamilyName), first(FieldType::GivenName)) {
        (Some(family), Some(given)) => Some(format!("{family}, {given}")),
        (Some(one), None) | (None, Some(one)) => Some(one.to_owned()),
        (None, None) => first(FieldType::FullName).map(ToOwned::to_owned),
    };
    let organisation = || first(FieldType::OrganisationName).map(ToOwned::to_owned);
    let other = || first(FieldType::Email).map(ToOwned::to_owned);
    person.or_else(organisation).or_else(other)
}

/// The same as it is said: `Thomas Pace`, `Nordwind GmbH`.
#[must_use]
pub fn spoken_name_of(settings: &Settings, golden: &Golden) -> Option<String> {
    let name = name_of(settings, golden)?;
    let text = |field_type: FieldType| {
        let mut fields = settings.fields_of(field_type).filter(|field| !settings.is_masked(field));
        fields.find_map(|field| golden.text(field.name.as_str()))
    };
    Some(match (text(FieldType::GivenName), text(FieldType::FamilyName)) {
        (Some(given), Some(family)) => format!("{given} {family}"),
        _ => name,
    })
}

/// A customer as it is said: by its name, else its id.
///
/// # Errors
/// When the store or the ledger is damaged.
pub fn spoken_label(facts: Facts<'_>, customer: CustomerId) -> Result<String, DeskError> {
    let Some(state) = facts.view.customer(customer)? else { return Ok(customer.to_string()) };
    let members = facts.members(&state)?;
    let golden = facts.golden(&state, &members)?;
    Ok(spoken_name_of(facts.settings, &golden).unwrap_or_else(|| customer.to_string()))
}

/// A customer's name, else the address of its first record, else its id.
///
/// # Errors
/// When the store or the ledger is damaged.
pub fn subject_label(facts: Facts<'_>, customer: CustomerId) -> Result<String, DeskError> {
    let live = facts.view.follow(customer)?.unwrap_or(customer);
    let Some(state) = facts.view.customer(live)? else { return Ok(customer.to_string()) };
    let members = facts.members(&state)?;
    let golden = facts.golden(&state, &members)?;
    Ok(name_of(facts.settings, &golden)
        .or_else(|| members.first().map(|member| member.body.address.to_string()))
        .unwrap_or_else(|| customer.to_string()))
}
