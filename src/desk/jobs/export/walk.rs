//! What every data set needs on its way: the facts, what counts as changed, rows out, progress.

use jiff::Timestamp;

use super::super::Progress;
use super::filter;
use super::masks::MaskedColumns;
use super::purpose::ForPurpose;
use crate::error::DeskError;
use crate::export::{Cell, Column, RowWriter};
use crate::facts::{Facts, RecordFacts};
use crate::past::{Past, RecordThen, first_commit};
use crate::second::Withheld;
use domain::expression::Expression;
use domain::{CustomerId, CustomerState, RecordBody, RecordId, RecordState, Sequence};

/// Rows between two looks at cancellation.
const LOOKS: u64 = 1_024;

/// A source record as a data set lists it.
pub(super) struct Listed {
    pub(super) customer: CustomerId,
    pub(super) revision: u32,
    /// The latest revision, where it is not in force.
    pub(super) held_back: Option<u32>,
    pub(super) body: RecordBody,
    pub(super) state: RecordState,
}

/// What a data set is made from.
pub(super) struct Scope<'a> {
    /// The present facts.
    pub(super) facts: Facts<'a>,
    /// The first commit that counts as new, where only what is new is wanted.
    since: Option<Sequence>,
    /// The past, where that is wanted instead of the present.
    past: Option<Past<'a>>,
    /// What is withheld from whoever it is for.
    pub(super) withheld: Withheld,
    /// Of records only those whose customer has a golden record.
    pub(super) with_golden: bool,
    /// What it is for, where it is for a purpose.
    pub(super) used_for: Option<ForPurpose>,
    /// Who watches.
    pub(super) progress: &'a dyn Progress,
}

impl<'a> Scope<'a> {
    pub(super) fn new(
        facts: Facts<'a>,
        since: Option<Timestamp>,
        past: Option<Past<'a>>,
        withheld: Withheld,
        progress: &'a dyn Progress,
    ) -> Result<Self, DeskError> {
        let since = since.map(|since| first_commit(facts, since, false)).transpose()?;
        Ok(Self { facts, since, past, withheld, with_golden: false, used_for: None, progress })
    }

    /// Whether it is made from the past.
    pub(super) fn is_of_the_past(&self) -> bool {
        self.past.is_some()
    }

    /// A customer's facts, live or not; none for one that does not exist.
    pub(super) fn customer(&self, id: CustomerId) -> Result<Option<CustomerState>, DeskError> {
        match &self.past {
            Some(past) => past.customer(id),
            None => Ok(self.facts.view.customer(id)?),
        }
    }

    /// The live customer that `id` stands for.
    pub(super) fn follow(&self, id: CustomerId) -> Result<Option<CustomerId>, DeskError> {
        match &self.past {
            Some(past) => Ok(past.follow(id)?.map(|(id, _)| id)),
            None => Ok(self.facts.view.follow(id)?),
        }
    }

    /// A customer's members, whole.
    pub(super) fn members(&self, state: &CustomerState) -> Result<Vec<RecordFacts>, DeskError> {
        match &self.past {
            Some(past) => past.members(state),
            None => self.facts.members(state),
        }
    }

    /// Whether a customer has golden values: not every record of it is set aside.
    pub(super) fn is_golden(&self, state: &CustomerState) -> Result<bool, DeskError> {
        for member in &state.members {
            let takes_part = match &self.past {
                Some(past) => past.record(*member)?.is_some_and(|then| then.state.takes_part()),
                None => self.facts.takes_part(*member)?,
            };
            if takes_part {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Whether the customer of a record has golden values.
    pub(super) fn has_golden(&self, listed: &Listed) -> Result<bool, DeskError> {
        Ok(listed.state.takes_part() || self.is_golden_customer(listed.customer)?)
    }

    /// Whether there is such a customer, and it has golden values.
    pub(super) fn is_golden_customer(&self, id: CustomerId) -> Result<bool, DeskError> {
        self.customer(id)?.map_or(Ok(false), |state| self.is_golden(&state))
    }

    /// A record's place among customers, its revision and its layers; none if there is none yet.
    pub(super) fn record(&self, id: RecordId) -> Result<Option<Listed>, DeskError> {
        let Some(past) = &self.past else {
            let row = self.facts.view.record(id)?;
            let state = self.facts.view.record_state(id)?;
            let latest = self.facts.view.latest(id)?.1;
            return Ok(Some(Listed {
                customer: row.customer,
                revision: u32::from(row.revision),
                held_back: state.in_force().map(|_| u32::from(latest)),
                body: self.facts.body(id)?,
                state,
            }));
        };
        let Some(RecordThen { revised, state, .. }) = past.record(id)? else { return Ok(None) };
        let customer = past.customer_of(id)?;
        let held_back = match state.in_force() {
            Some(_) => past.delivered(id)?.map(|then| then.revised.revision),
            None => None,
        };
        let (revision, body) = (revised.revision, revised.body);
        Ok(Some(Listed { customer, revision, held_back, body, state }))
    }

    /// Whether something last touched by commit `version` is wanted. The version is only asked
    /// for where it matters.
    pub(super) fn wants(
        &self,
        version: impl FnOnce() -> Result<Sequence, DeskError>,
    ) -> Result<bool, DeskError> {
        match self.since {
            None => Ok(true),
            Some(since) => Ok(version()? >= since),
        }
    }

    /// Begins to count towards `total`.
    pub(super) fn walk(&self, total: u64) -> Walk<'a> {
        self.progress.phase("exporting", Some(total));
        Walk { progress: self.progress, total, done: 0 }
    }

    /// The address of a record, `source:key`.
    pub(super) fn address(&self, record: RecordId) -> Result<String, DeskError> {
        address(self.facts, record)
    }
}

/// The address of a record, `source:key`.
pub(super) fn address(facts: Facts<'_>, record: RecordId) -> Result<String, DeskError> {
    Ok(facts.body(record)?.address.to_string())
}

/// Progress through things of a known number.
pub(super) struct Walk<'p> {
    progress: &'p dyn Progress,
    total: u64,
    done: u64,
}

impl Walk<'_> {
    /// One more is looked at.
    pub(super) fn step(&mut self) -> Result<(), DeskError> {
        if self.done.is_multiple_of(LOOKS) {
            if self.progress.cancelled() {
                return Err(DeskError::Cancelled);
            }
            self.progress.advance(LOOKS.min(self.total.saturating_sub(self.done)));
        }
        self.done += 1;
        Ok(())
    }
}

/// Rows on their way out, counted; without a writer they are only counted.
pub(super) struct Rows<'w> {
    writer: Option<Box<dyn RowWriter + 'w>>,
    count: u64,
    /// The columns, and what must hold of a row.
    wanted: Option<(&'w [Column], &'w Expression)>,
    /// What leaves masked.
    masks: Option<MaskedColumns<'w>>,
}

impl<'w> Rows<'w> {
    pub(super) fn new(writer: Option<Box<dyn RowWriter + 'w>>) -> Self {
        Self { writer, count: 0, wanted: None, masks: None }
    }

    /// The same, of rows for which an expression over their columns holds.
    pub(super) fn only(self, columns: &'w [Column], wanted: Option<&'w Expression>) -> Self {
        Self { wanted: wanted.map(|wanted| (columns, wanted)), ..self }
    }

    /// The same, with what is masked for whoever they are for.
    pub(super) fn masked(self, masks: MaskedColumns<'w>) -> Self {
        Self { masks: Some(masks).filter(|masks| !masks.is_empty()), ..self }
    }

    /// Writes a row: a cell for each column, in order.
    pub(super) fn write(&mut self, cells: &[Cell]) -> Result<(), DeskError> {
        if let Some((columns, wanted)) = self.wanted
            && !filter::holds(columns, wanted, cells)
        {
            return Ok(());
        }
        self.count += 1;
        let Some(writer) = &mut self.writer else { return Ok(()) };
        match &self.masks {
            None => Ok(writer.row(cells)?),
            Some(masks) => {
                let mut cells = cells.to_vec();
                masks.mask(&mut cells);
                Ok(writer.row(&cells)?)
            }
        }
    }

    /// How many rows there were.
    pub(super) fn finish(mut self) -> Result<u64, DeskError> {
        if let Some(writer) = &mut self.writer {
            writer.finish()?;
        }
        Ok(self.count)
    }
}
