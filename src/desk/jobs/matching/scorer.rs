//! The recorded model, and single pairs under it.

use std::sync::Arc;

use crate::error::DeskError;
use crate::facts::{Facts, missing};
use domain::event::MatchFinished;
use domain::{Event, RecordId, Sequence};
use matching::Model;
use store::Place;

/// Scores single pairs under a model.
pub(crate) struct Scorer<'a> {
    pub(crate) facts: Facts<'a>,
    pub(crate) model: Arc<Model>,
}

impl Scorer<'_> {
    /// The match probability of two records as they stand.
    pub(crate) fn score(&self, left: RecordId, right: RecordId) -> Result<f64, DeskError> {
        let (left, right) = (self.facts.evidence(left)?, self.facts.evidence(right)?);
        let Facts { settings, fingerprinter, .. } = self.facts;
        Ok(matching::score(&self.model, settings, fingerprinter, &left, &right))
    }
}

fn parsed(model: serde_json::Value) -> Result<Model, DeskError> {
    serde_json::from_value(model).map_err(|error| missing(format!("the model ({error})")))
}

impl Facts<'_> {
    /// The run that learned the model in force, and the commit that records it; none before the
    /// first run.
    ///
    /// # Errors
    /// When the store or the ledger is damaged.
    pub(crate) fn learned(&self) -> Result<Option<(Sequence, MatchFinished)>, DeskError> {
        let (Some(place), Some(last)) = (self.view.counters()?.matched, self.last_match()?) else {
            return Ok(None);
        };
        let Some(learned) = last.model_of else { return Ok(Some((place.sequence, last))) };
        Ok(Some((learned, self.run_ended_in(learned)?)))
    }

    /// The run whose end a commit records.
    ///
    /// # Errors
    /// When the ledger is damaged, or the commit records no such thing.
    pub(crate) fn run_ended_in(&self, commit: Sequence) -> Result<MatchFinished, DeskError> {
        let events = self.commit_where(commit, |kind, _| kind == "match_finished")?.events;
        let finished = events.into_iter().find_map(|event| match event {
            Event::MatchFinished(finished) => Some(finished),
            _ => None,
        });
        finished.ok_or_else(|| missing(format!("a matching run in commit {commit}")))
    }

    /// The model that a commit records.
    ///
    /// # Errors
    /// When the ledger is damaged, or the model cannot be read.
    pub(crate) fn model_learned_in(&self, commit: Sequence) -> Result<Model, DeskError> {
        parsed(self.run_ended_in(commit)?.model)
    }

    /// The model of the last run; none before the first.
    ///
    /// # Errors
    /// When the ledger is damaged, or the model cannot be read.
    pub fn model(&self) -> Result<Option<Arc<Model>>, DeskError> {
        let Some(place) = self.view.counters()?.matched else { return Ok(None) };
        let read = || {
            let (_, finished) = self.learned()?.ok_or_else(|| missing("the last matching run"))?;
            parsed(finished.model)
        };
        self.caches.model(place, read).map(Some)
    }

    /// The model of the last run that ended before a commit; none where there was none. What was decided in that
    /// commit has taught it nothing.
    ///
    /// # Errors
    /// When the ledger is damaged, or the model cannot be read.
    pub(crate) fn model_before(&self, commit: Sequence) -> Result<Option<Arc<Model>>, DeskError> {
        let mut next = self.view.counters()?.matched.map(|place| place.sequence);
        let latest = next;
        while let Some(sequence) = next {
            if sequence < commit {
                if next == latest {
                    return self.model();
                }
                let learned = self.run_ended_in(sequence)?.model_of.unwrap_or(sequence);
                return self.model_learned_in(learned).map(Arc::new).map(Some);
            }
            next = self.run_ended_in(sequence)?.previous.filter(|previous| *previous < sequence);
        }
        Ok(None)
    }

    /// The model of the last run, as the run that learned it holds it; nobody reads it from there
    /// afterwards.
    pub(super) fn model_of(
        &self,
        place: Place,
        learned: &mut MatchFinished,
    ) -> Result<Arc<Model>, DeskError> {
        self.caches.model(place, || parsed(learned.model.take()))
    }
}
