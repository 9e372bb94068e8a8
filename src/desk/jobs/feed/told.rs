//! What a commit did to customers, as other systems are told. Pure: from how things were before it and
//! after it.

use std::collections::{BTreeMap, BTreeSet};

use crate::jobs::export::kept;
use domain::{CustomerId, CustomerState, FieldName, FieldType, Golden, Standing};
use settings::Settings;

/// The golden values of a customer, in the order of the settings' fields.
pub(super) type Values = Vec<(FieldName, String)>;

/// One thing that happened to a customer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Told {
    /// Customers were merged into it: their ids lead to it from now on.
    Merged { customer: CustomerId, retired: Vec<CustomerId> },
    /// Records of it are others' now; customers that were merged live again.
    Unmerged { customer: CustomerId, parted: Vec<Parted> },
    /// A retired id leads to another customer, or to nobody.
    Redirected { customer: CustomerId, from: CustomerId, to: Option<CustomerId> },
    /// Its golden values differ.
    Changed { customer: CustomerId, fields: Vec<FieldName>, golden: Values, first: bool },
    /// None of its records counts any more, or it has none left: it has no golden values.
    Closed { customer: CustomerId },
    /// A consent that was given is not given any more.
    Withdrawn { customer: CustomerId, field: FieldName },
    /// The person was erased.
    Erased { customer: CustomerId },
}

/// Who records of a customer belong to now.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub(super) struct Parted {
    pub(super) customer: CustomerId,
    /// Their addresses.
    pub(super) records: Vec<String>,
}

impl Told {
    /// What it is called.
    pub(super) fn name(&self) -> &'static str {
        match self {
            Told::Merged { .. } => "customer.merged",
            Told::Unmerged { .. } => "customer.unmerged",
            Told::Redirected { .. } => "customer.redirected",
            Told::Changed { .. } => "golden.changed",
            Told::Closed { .. } => "golden.closed",
            Told::Withdrawn { .. } => "consent.withdrawn",
            Told::Erased { .. } => "customer.erased",
        }
    }

    /// The customer it is about.
    pub(super) fn customer(&self) -> CustomerId {
        match self {
            Told::Merged { customer, .. }
            | Told::Unmerged { customer, .. }
            | Told::Redirected { customer, .. }
            | Told::Changed { customer, .. }
            | Told::Closed { customer }
            | Told::Withdrawn { customer, .. }
            | Told::Erased { customer } => *customer,
        }
    }
}

/// A customer that a commit changed.
#[derive(Debug, Clone)]
pub(super) struct Changed {
    pub(super) customer: CustomerId,
    pub(super) before: Option<CustomerState>,
    pub(super) after: Option<CustomerState>,
    /// Records that it holds no longer, by whose they are now.
    pub(super) parted: BTreeMap<CustomerId, Vec<String>>,
    /// Those that it holds now.
    pub(super) records: Vec<String>,
}

/// Who was merged into whom, who lives again and which ids lead elsewhere, by id.
pub(super) fn of_customers(changes: &[Changed]) -> Vec<Told> {
    let mut merged: BTreeMap<CustomerId, Vec<CustomerId>> = BTreeMap::new();
    let mut unmerged: BTreeMap<CustomerId, Vec<Parted>> = BTreeMap::new();
    let mut redirected = Vec::new();
    let mut named = BTreeSet::new();
    for change in changes {
        let (customer, from) = (change.customer, led_to(change.before.as_ref()));
        let Some(after) = &change.after else { continue };
        match (from, after.standing) {
            (None, Standing::Merged { into }) => merged.entry(into).or_default().push(customer),
            (Some(from), Standing::Merged { into: to }) if to != from => {
                redirected.push(Told::Redirected { customer, from, to: Some(to) });
            }
            (Some(from), Standing::Vacant) => {
                redirected.push(Told::Redirected { customer, from, to: None });
            }
            _ => {}
        }
        if !matches!(after.standing, Standing::Merged { .. }) && !change.parted.is_empty() {
            named.extend(change.parted.keys().copied());
            let parted = change.parted.iter();
            let parted = parted.map(|(customer, records)| {
                let (customer, records) = (*customer, records.clone());
                Parted { customer, records }
            });
            unmerged.insert(customer, parted.collect());
        }
    }
    // Whoever lives again is told of, whatever becomes of the customer that it led to.
    for change in changes.iter().filter(|change| !named.contains(&change.customer)) {
        let lives = change.after.as_ref().is_some_and(CustomerState::is_live);
        if let Some(from) = led_to(change.before.as_ref()).filter(|_| lives) {
            let (customer, records) = (change.customer, change.records.clone());
            unmerged.entry(from).or_default().push(Parted { customer, records });
        }
    }
    let merged = merged.into_iter().map(|(customer, retired)| Told::Merged { customer, retired });
    let unmerged = unmerged.into_iter().map(|(customer, mut parted)| {
        parted.sort_by_key(|parted| parted.customer);
        Told::Unmerged { customer, parted }
    });
    merged.chain(unmerged).chain(redirected).collect()
}

fn led_to(state: Option<&CustomerState>) -> Option<CustomerId> {
    match state?.standing {
        Standing::Merged { into } => Some(into),
        _ => None,
    }
}

/// What became of a customer's golden values; `None` stands for none. `lost`: records left it that were
/// erased since, so that nobody can say any more whether they differ.
pub(super) fn of_golden(
    customer: CustomerId,
    (before, after): (Option<&Golden>, Option<&Golden>),
    (then, now): (&Settings, &Settings),
    lost: bool,
) -> Option<Told> {
    let Some(golden) = after.map(|golden| values(golden, now)) else {
        return (before.is_some() || lost).then_some(Told::Closed { customer });
    };
    let first = before.is_none();
    let before = before.map(|golden| values(golden, then)).unwrap_or_default();
    let fields = differing(&before, &golden);
    let differs = first || lost || !fields.is_empty();
    differs.then_some(Told::Changed { customer, fields, golden, first })
}

/// The consents that a customer had given and has not any more.
pub(super) fn withdrawn(
    customer: CustomerId,
    (before, after): (&Golden, &Golden),
    settings: &Settings,
) -> impl Iterator<Item = Told> {
    let consents = settings.fields.iter().filter(|field| field.field_type == FieldType::Consent);
    consents.filter_map(move |field| {
        let given = |golden: &Golden| golden.text(field.name.as_str()) == Some("yes");
        let field = field.name.clone();
        (given(before) && !given(after)).then_some(Told::Withdrawn { customer, field })
    })
}

/// Golden values, and the lists of those that are kept beside them, as an export has them.
fn values(golden: &Golden, settings: &Settings) -> Values {
    let own = golden.values.iter().map(|value| (value.field.clone(), value.text.clone()));
    let kept = kept::lists(settings);
    own.chain(kept.iter().filter_map(|list| list.told(golden))).collect()
}

/// The fields that differ: those there are now in their order, then those that are gone.
fn differing(before: &Values, after: &Values) -> Vec<FieldName> {
    let text = |values: &Values, field: &FieldName| {
        let found = values.iter().find(|(name, _)| name == field);
        found.map(|(_, text)| text.clone())
    };
    let changed = after.iter().filter(|(field, value)| text(before, field).as_ref() != Some(value));
    let gone = before.iter().filter(|(field, _)| text(after, field).is_none());
    changed.chain(gone).map(|(field, _)| field.clone()).collect()
}
