//! What the last matching run knows: what decisions taught it, stated against observed.

use super::agreement::second_looks;
use super::said::{self, Said};
use crate::error::DeskError;
use crate::facts::Facts;
use crate::grants;
use domain::quality::interval;
use door::views::{FoundView, MatchStatusView, Share, StatedView, TaughtView};
use matching::{LEAST_JOINS, StatedBand, Taught, splink};

/// The state of matching.
///
/// # Errors
/// When the store or the ledger is damaged.
pub(crate) fn status(facts: Facts<'_>) -> Result<MatchStatusView, DeskError> {
    let model = facts.model()?;
    let said = said::said(facts)?;
    Ok(MatchStatusView {
        run: facts.last_match()?.map(|last| last.run),
        auto: facts.settings.matching.auto,
        review: facts.settings.matching.review,
        least_joins: LEAST_JOINS as u64,
        learned: model.iter().flat_map(|model| model.taught()).map(|it| taught(&it)).collect(),
        second: second_looks(facts)?,
        found: found(facts, &said)?,
        said: said.view(),
        recall: None,
        grants: grants::grants(facts)?,
    })
}

/// How much of what people and the machine were shown is joined.
fn found(facts: Facts<'_>, said: &Said) -> Result<Option<FoundView>, DeskError> {
    let Some((expected, least, most)) = said.waiting() else { return Ok(None) };
    let mut joins = 0;
    facts.view.each_redirect(&mut |_, _| {
        joins += 1;
        Ok(true)
    })?;
    let share = |expected: f64| match joins as f64 + expected {
        0.0 => 1.0,
        all => joins as f64 / all,
    };
    let of = (joins as f64 + expected).round() as u64;
    let share = Share { share: share(expected), least: share(most), most: share(least), of };
    Ok(Some(FoundView { joins, expected, share }))
}

fn taught(taught: &Taught<'_>) -> TaughtView {
    let told = |bands: &[StatedBand]| bands.iter().map(stated).collect();
    TaughtView {
        kind: splink::kind_name(taught.kind).to_owned(),
        decisions: taught.decisions,
        same: taught.same,
        different: taught.different,
        slope: taught.slope,
        shift: taught.shift,
        before: told(&taught.stated.before),
        stated: told(&taught.stated.learned),
    }
}

fn stated(band: &StatedBand) -> StatedView {
    let (least, most) = interval(band.same, band.joins);
    StatedView {
        from: band.from,
        to: band.to,
        joins: band.joins,
        stated: f64::from(band.stated) / 1e6,
        observed: band.same as f64 / band.joins.max(1) as f64,
        least,
        most,
    }
}
