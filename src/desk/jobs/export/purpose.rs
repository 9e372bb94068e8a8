//! An export for a purpose: only customers that may be used for it, with no field that is not used for it.
//!
//! Whoever did not consent, where the purpose rests on consent, is left out, and so is whoever restricted, objected or
//! opted out. What nobody knows permits nothing.

use std::cell::Cell;

use super::{Dataset, DatasetEntry, filter};
use crate::answers::consent;
use crate::error::DeskError;
use crate::facts::{Facts, RecordFacts};
use crate::masking::Masks;
use crate::restrictions::widened;
use domain::consent::Consent;
use domain::expression::Expression;
use domain::{CustomerState, FieldName};
use door::operations::{Export, UsedFor};
use door::views::ForPurposeView;
use settings::{Field, LegalBasis, Purpose, Settings};

/// How many customers were left out so far.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct LeftOut {
    pub(super) without_consent: u64,
    pub(super) restricted: u64,
}

/// What an export is for, and who was left out of it.
pub(super) struct ForPurpose {
    used_for: UsedFor,
    left_out: Cell<LeftOut>,
}

/// The purpose that an export is for, as the settings have it.
///
/// # Errors
/// When the data set has no purposes, or the settings do not know the purpose or the channel.
pub(super) fn of<'s>(
    settings: &'s Settings,
    entry: &DatasetEntry,
    request: &Export,
) -> Result<Option<&'s Purpose>, DeskError> {
    let Some(used_for) = &request.used_for else { return Ok(None) };
    if entry.dataset != Dataset::Golden {
        return Err(DeskError::Usage(format!(
            "--purpose works with golden: {} are no data for a purpose",
            entry.name
        )));
    }
    if request.at.is_some() {
        return Err(DeskError::Usage(
            "--purpose and --at cannot be combined: who may be used is judged today".to_owned(),
        ));
    }
    let known =
        |names: Vec<&str>| if names.is_empty() { "none".to_owned() } else { names.join(", ") };
    let purpose = settings.purpose(&used_for.purpose).ok_or_else(|| {
        let names = settings.purposes.iter().map(|purpose| purpose.name.as_str()).collect();
        DeskError::Usage(format!(
            "steward.toml has no purpose `{}`; it has {}",
            used_for.purpose,
            known(names)
        ))
    })?;
    let channels = settings.channels();
    if let Some(channel) = &used_for.channel
        && !channels.is_empty()
        && !channels.contains(&channel.as_str())
    {
        return Err(DeskError::Usage(format!(
            "steward.toml has no channel `{channel}`; it has {}",
            known(channels)
        )));
    }
    Ok(Some(purpose))
}

/// Refuses an export for a purpose whose consent whoever exports may not see: who is in the file would tell it.
///
/// # Errors
/// Names the first such field.
pub(super) fn must_not_tell(
    entry: &DatasetEntry,
    (settings, purpose): (&Settings, &Purpose),
    (masks, closed, is_recorded): (&Masks, Option<&Masks>, bool),
) -> Result<(), DeskError> {
    let named = purpose.consent.iter().filter_map(|name| settings.field(name.as_str()));
    for field in
        named.flat_map(|field| std::iter::once(&field.name).chain(field.about.consent.named()))
    {
        let Ok(asked) = Expression::parse(&format!("{field} = yes")) else { continue };
        filter::must_not_ask_closed(entry, &asked, closed, settings)?;
        if !is_recorded {
            filter::must_not_count_masked((entry, settings), &asked, masks)?;
        }
    }
    Ok(())
}

/// The fields that leave: all of them, or those that are used for the purpose.
pub(super) fn fields<'s>(settings: &'s Settings, purpose: Option<&Purpose>) -> Vec<&'s Field> {
    let fields = settings.fields.iter();
    fields.filter(|field| purpose.is_none_or(|it| settings.is_used_for(field, it))).collect()
}

/// The fields that do not.
pub(super) fn left_out(settings: &Settings, purpose: &Purpose) -> Vec<FieldName> {
    let fields = settings.fields.iter().filter(|field| !settings.is_used_for(field, purpose));
    fields.map(|field| field.name.clone()).collect()
}

impl ForPurpose {
    pub(super) fn new(used_for: UsedFor) -> Self {
        Self { used_for, left_out: Cell::default() }
    }

    pub(super) fn left_out(&self) -> LeftOut {
        self.left_out.get()
    }

    pub(super) fn purpose<'s>(&self, settings: &'s Settings) -> Option<&'s Purpose> {
        settings.purpose(&self.used_for.purpose)
    }

    /// Whether a customer may be used for it.
    pub(super) fn may_use(
        &self,
        facts: Facts<'_>,
        state: &CustomerState,
        members: &[RecordFacts],
    ) -> Result<bool, DeskError> {
        let Some(purpose) = self.purpose(facts.settings) else { return Ok(false) };
        let channel = self.used_for.channel.as_deref();
        let mut left_out = self.left_out.get();
        let restricts = facts.restrictions_on(state)?;
        let forbids = |it| widened(facts.settings, it).forbids(&purpose.name, channel);
        if restricts.values().any(|(it, _)| forbids(it)) {
            left_out.restricted += 1;
        } else if is_permitted(facts, purpose, channel, (state, members))? {
            return Ok(true);
        } else {
            left_out.without_consent += 1;
        }
        self.left_out.set(left_out);
        Ok(false)
    }
}

/// Whether the person permits it, where that is needed: by the channel that is named, else by each that the purpose
/// knows.
fn is_permitted(
    facts: Facts<'_>,
    purpose: &Purpose,
    channel: Option<&str>,
    (state, members): (&CustomerState, &[RecordFacts]),
) -> Result<bool, DeskError> {
    if purpose.basis != LegalBasis::Consent {
        return Ok(true);
    }
    let consent = consent::of(facts, state, members)?;
    let rows: Vec<_> =
        consent.rows.iter().filter(|row| row.purpose.as_ref() == Some(&purpose.name)).collect();
    let fields = purpose.consent.iter().filter_map(|name| facts.settings.field(name.as_str()));
    let wanted: Vec<Option<&str>> = match channel {
        Some(channel) => vec![Some(channel)],
        None => fields.map(|field| field.about.consent.channel.as_deref()).collect(),
    };
    let is_granted = |channel: &Option<&str>| {
        let exact = rows.iter().find(|row| row.channel.as_deref() == *channel);
        let row = exact.or_else(|| rows.iter().find(|row| row.channel.is_none()));
        row.is_some_and(|row| &*row.state == Consent::Granted.name())
    };
    // A word against one channel is one against a use of which nobody says by which.
    let refuses =
        channel.is_none() && rows.iter().any(|row| &*row.state != Consent::Granted.name());
    Ok(!refuses && !wanted.is_empty() && wanted.iter().all(is_granted))
}

/// What whoever exports is told.
pub(super) fn told(
    settings: &Settings,
    used_for: &UsedFor,
    left_out_customers: LeftOut,
) -> Option<ForPurposeView> {
    let purpose = settings.purpose(&used_for.purpose)?;
    Some(ForPurposeView {
        purpose: used_for.purpose.clone(),
        channel: used_for.channel.clone(),
        fields_left_out: left_out(settings, purpose),
        without_consent: left_out_customers.without_consent,
        restricted: left_out_customers.restricted,
    })
}

/// What is recorded of it.
pub(super) fn recorded(used_for: &UsedFor) -> String {
    match &used_for.channel {
        None => format!("for {}", used_for.purpose),
        Some(channel) => format!("for {} by {channel}", used_for.purpose),
    }
}
