//! What a matching run drew from the candidates below review, to estimate how many matches nobody is
//! asked about.

use serde::{Deserialize, Serialize};

use super::{MatchRunId, RecordId, TaskId};

/// A sample of the candidates below review.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ElusionSample {
    /// The run that drew it.
    pub run: MatchRunId,
    /// How many candidates there were in each band, from the highest down.
    pub bands: Vec<u64>,
    /// How many lay lower, where nothing is drawn.
    pub lower: u64,
    /// How many matches the model expected among those, in thousandths.
    pub expected_lower: u64,
    /// What was drawn, in the order in which it counts; a pair may come more than once.
    pub draws: Vec<ElusionDraw>,
    /// Records drawn from all, each compared with every other.
    #[serde(default)]
    pub beyond: BeyondSample,
}

/// A sample of all records, each compared with every other, whatever keys bring together.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct BeyondSample {
    /// Records there were to draw from.
    pub records: u64,
    /// Those that did not come out alone, in the order in which they were drawn; a record may come more than once.
    pub draws: Vec<BeyondDraw>,
    /// How many were drawn after them.
    pub alone: u32,
}

/// A record that was drawn, and others that may be of its customer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BeyondDraw {
    /// How many were drawn right before it that came out alone.
    pub alone: u32,
    /// The record.
    pub record: RecordId,
    /// Records that its customer had.
    pub members: u32,
    /// Records of other customers.
    pub near: Vec<BeyondNear>,
}

/// A record near one that was drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct BeyondNear {
    /// The record.
    pub record: RecordId,
    /// The task that asks about it; none where somebody changed its records before it could open.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub task: Option<TaskId>,
}

impl ElusionSample {
    /// The tasks of all that was drawn, each at its place: first those of pairs, then those of records.
    pub fn tasks_mut(&mut self) -> impl Iterator<Item = &mut Option<TaskId>> {
        let near = self.beyond.draws.iter_mut().flat_map(|draw| &mut draw.near);
        self.draws.iter_mut().map(|draw| &mut draw.task).chain(near.map(|near| &mut near.task))
    }

    /// The tasks that ask about what was drawn.
    pub fn tasks(&self) -> impl Iterator<Item = TaskId> {
        let near = self.beyond.draws.iter().flat_map(|draw| &draw.near);
        self.draws.iter().filter_map(|draw| draw.task).chain(near.filter_map(|near| near.task))
    }
}

/// A pair that was drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ElusionDraw {
    /// Its band, counted from the highest.
    pub band: u8,
    /// Its records; none where nothing was to be asked: they were one, or apart, or a task asked about
    /// them already.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pair: Option<(RecordId, RecordId)>,
    /// The task that asks about it; none where somebody changed its records before it could open.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub task: Option<TaskId>,
}
