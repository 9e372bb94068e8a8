//! Figures of segments as facts: what was counted on a day stays, whatever the rules become.

use jiff::civil::Date;

use crate::core::Desk;
use crate::error::DeskError;
use crate::facts::Facts;
use domain::event::{Figure, FiguresMeasured};
use domain::{Event, Sequence};

/// Commits that are gone back at most for a trend.
const BACK: usize = 1_000;

impl Facts<'_> {
    /// The figures that were measured, the latest first: of each day the last ones, of at most so many days.
    ///
    /// # Errors
    /// When the ledger is damaged.
    pub(crate) fn figures(&self, days: usize) -> Result<Vec<(Date, Vec<Figure>)>, DeskError> {
        let mut told: Vec<(Date, Vec<Figure>)> = Vec::new();
        let mut next = self.view.counters()?.measured;
        for _ in 0..BACK {
            let Some(sequence) = next else { break };
            let Some(measured) = self.measured_in(sequence)? else { break };
            next = measured.previous.filter(|previous| *previous < sequence);
            if told.last().is_some_and(|(day, _)| *day == measured.day) {
                continue;
            }
            if told.len() == days {
                break;
            }
            told.push((measured.day, measured.of));
        }
        Ok(told)
    }

    fn measured_in(&self, sequence: Sequence) -> Result<Option<FiguresMeasured>, DeskError> {
        let commit = self.commit(sequence)?;
        Ok(commit.events.into_iter().find_map(|event| match event {
            Event::FiguresMeasured(measured) => Some(measured),
            _ => None,
        }))
    }
}

impl Desk {
    /// Records how many customers are in each segment, if there are any. Also if nothing changed: whether there is another
    /// commit would tell whoever may not know the counts.
    ///
    /// # Errors
    /// When the store, or the ledger, is damaged or cannot be written.
    pub(crate) fn measure_figures(&mut self) -> Result<(), DeskError> {
        if self.settings.segments.is_empty() || self.is_reading_only() {
            return Ok(());
        }
        if !self.settings.measures.is_empty() {
            self.have_activities()?;
        }
        let facts = self.facts();
        let standing = facts.standing()?;
        let day = facts.today();
        let all = standing.customers();
        let segments = self.settings.segments.iter().enumerate();
        let of: Vec<Figure> = segments
            .map(|(at, segment)| Figure {
                what: Figure::SEGMENT.to_owned(),
                name: segment.name.clone(),
                count: standing.count(at),
                all,
            })
            .collect();
        let previous = facts.view.counters()?.measured;
        self.commit(vec![FiguresMeasured { previous, day, of }.into()])?;
        Ok(())
    }

    /// The same at the end of work that is done whether it succeeds or not.
    pub(crate) fn try_to_measure_figures(&mut self) {
        if let Err(error) = self.measure_figures() {
            tracing::warn!(%error, "the figures of segments could not be recorded");
        }
    }
}
