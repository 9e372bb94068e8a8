//! Measures and segments as columns of golden records, as of now: of the past they are not told.

use std::sync::Arc;

use super::walk::Scope;
use crate::error::DeskError;
use crate::export::{Cell, Column, Kind};
use crate::measured::Standing;
use crate::measured::sight::Sight;
use domain::{CustomerId, FieldType, Measured, Take};
use settings::{Measure, Settings};

/// The column of the segments that a customer is in.
pub(super) const SEGMENTS: &str = "segments";

/// The columns that whoever exports may be told, which is nothing that follows from what is masked for them.
pub(super) fn columns(settings: &Settings) -> Vec<Column> {
    let sight = Sight::of_role(settings);
    let measures = settings.measures.iter().filter(|measure| sight.tells(measure));
    let mut columns: Vec<Column> =
        measures.map(|it| Column::of(it.name.as_str(), kind(it))).collect();
    if !segments(settings, &sight).is_empty() {
        columns.push(Column::new(SEGMENTS));
    }
    columns
}

fn kind(measure: &Measure) -> Kind {
    match (&measure.take, measure.gives) {
        (Take::Count | Take::DaysSince | Take::Distinct(_), _) => Kind::Whole,
        (_, FieldType::Number) => Kind::Decimal,
        (_, FieldType::Date | FieldType::DateOfBirth) => Kind::Date,
        _ => Kind::Text,
    }
}

/// The segments that may be told, by their places.
pub(super) fn segments<'s>(settings: &'s Settings, sight: &Sight) -> Vec<(usize, &'s str)> {
    let all = settings.segments.iter().enumerate();
    let told = all.filter(|(_, segment)| sight.hidden_in(settings, segment).is_none());
    told.map(|(at, segment)| (at, segment.name.as_str())).collect()
}

/// What these columns hold.
pub(super) struct Told<'s> {
    standing: Arc<Standing>,
    measures: Vec<usize>,
    segments: Vec<(usize, &'s str)>,
}

impl<'s> Told<'s> {
    /// None where there are no such columns, or nobody asks for them.
    ///
    /// # Errors
    /// When the store or the ledger is damaged.
    pub(super) fn of(scope: &Scope<'s>) -> Result<Option<Told<'s>>, DeskError> {
        let settings = scope.facts.settings;
        let none = settings.measures.is_empty() && settings.segments.is_empty();
        if none || scope.is_of_the_past() || scope.used_for.is_some() {
            return Ok(None);
        }
        let sight = Sight::of_role(settings);
        let measures = settings.measures.iter().enumerate();
        let measures = measures.filter(|(_, it)| sight.tells(it)).map(|(at, _)| at).collect();
        let segments = segments(settings, &sight);
        Ok(Some(Told { standing: scope.facts.standing()?, measures, segments }))
    }

    /// What they hold of a customer.
    pub(super) fn cells(&self, customer: CustomerId) -> Vec<Cell> {
        let said = self.measures.iter().map(|at| match self.standing.measure(*at, customer) {
            None => Cell::Absent,
            Some(Measured::Number(number)) => Cell::Whole(number.into()),
            Some(other) => Cell::text(other),
        });
        let mut cells: Vec<Cell> = said.collect();
        if !self.segments.is_empty() {
            let own = self.segments.iter().filter(|(at, _)| self.standing.is_in(*at, customer));
            cells.push(Cell::list(own.map(|(_, name)| name)));
        }
        cells
    }
}
