//! Screens about the workspace as a whole: the dashboard, the rules, the imports, and the lists one
//! key below them.

use super::{GrantsScreen, Scroll, ValuesScreen};
use crate::question::Question;
use domain::scores::ThresholdEffect;
use domain::{ImportId, RuleId};
use door::operations;
use door::views::{
    DashboardView, FailingRecord, FailingView, ImportView, ImportsView, JobId, QuarantineView,
    QuarantinedRowView, RuleView, ScoresView,
};

/// Records and rows fetched of a list.
const LISTED: usize = 500;
/// Customers and tasks of a kind that are named where runs are compared.
const NAMED: usize = 50;

/// One of these screens.
#[derive(Debug, Clone)]
pub struct Overview {
    /// What it shows.
    pub shows: Shows,
    /// Tells its answers from late ones.
    pub serial: u64,
    /// Cursor.
    pub scroll: Scroll,
    /// Rows in quarantine in clear.
    pub unmasked: bool,
}

/// What such a screen shows, once the desk has answered.
#[derive(Debug, Clone)]
pub enum Shows {
    /// The state of the workspace in numbers.
    Dashboard(Option<Box<Dashboard>>),
    /// The rules.
    Rules(Option<Vec<RuleView>>),
    /// The records that break a rule.
    Failing(RuleId, Option<FailingView>),
    /// The imports.
    Imports(Option<ImportsView>),
    /// The rows of an import that are in quarantine.
    Quarantine(ImportId, Option<QuarantineView>),
    /// The values of a field.
    Values(Box<ValuesScreen>),
    /// The newest run beside the one before.
    Runs(RunsScreen),
    /// Merging that people grant.
    Grants(GrantsScreen),
}

/// Two runs beside one another.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RunsScreen {
    /// The job that compares them, once it has begun.
    pub job: Option<JobId>,
    /// What it found, line by line; headings are not indented.
    pub lines: Option<Vec<String>>,
}

/// The dashboard with the thresholds as they are being tried.
#[derive(Debug, Clone)]
pub struct Dashboard {
    /// The numbers.
    pub view: DashboardView,
    /// The buckets the thresholds stand at.
    pub thresholds: Thresholds,
}

/// Two thresholds, as places among the buckets of the scores.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Thresholds {
    /// From here on the machine merges.
    pub auto: usize,
    /// From here on a person is asked.
    pub review: usize,
    /// Whether `h` and `l` move the review threshold.
    pub moves_review: bool,
}

impl Dashboard {
    /// The dashboard with the thresholds in force.
    #[must_use]
    pub fn new(view: DashboardView) -> Self {
        let thresholds = view.scores.as_ref().map_or_else(Thresholds::default, |scores| {
            let bucket = |threshold| scores.scores.bucket(threshold);
            Thresholds {
                auto: bucket(scores.auto),
                review: bucket(scores.review),
                moves_review: false,
            }
        });
        Self { view, thresholds }
    }

    /// What the thresholds would make of the last run's groups.
    #[must_use]
    pub fn effect(&self) -> Option<ThresholdEffect> {
        let scores = self.view.scores.as_ref()?;
        Some(scores.scores.at(self.thresholds.auto, self.thresholds.review))
    }

    /// How many of the machine's joins would be expected to be wrong; none where the run did not count
    /// them.
    #[must_use]
    pub fn wrong(&self) -> Option<f64> {
        self.view.scores.as_ref()?.scores.wrong_at(self.thresholds.auto)
    }

    /// The thresholds as probabilities: auto and review.
    #[must_use]
    pub fn probabilities(&self) -> Option<(f64, f64)> {
        let edges = &self.view.scores.as_ref()?.scores.edges;
        Some((*edges.get(self.thresholds.auto)?, *edges.get(self.thresholds.review)?))
    }

    /// Hours a person would need for the tasks of the thresholds, at the pace of the workspace.
    #[must_use]
    pub fn hours(&self) -> Option<f64> {
        Some(self.effect()?.tasks as f64 * self.view.pace.seconds / 3_600.0)
    }

    /// Whether the thresholds stand elsewhere than in force.
    #[must_use]
    pub fn is_tried(&self) -> bool {
        let in_force = |scores: &ScoresView| {
            let bucket = |threshold| scores.scores.bucket(threshold);
            (bucket(scores.auto), bucket(scores.review))
                == (self.thresholds.auto, self.thresholds.review)
        };
        self.view.scores.as_ref().is_some_and(|scores| !in_force(scores))
    }

    /// Moves the threshold with the keys by one bucket.
    ///
    /// # Errors
    /// Why it stays where it is.
    pub fn step(&mut self, up: bool) -> Result<(), String> {
        let Some(scores) = &self.view.scores else {
            return Err("no matching run has counted its scores yet".to_owned());
        };
        let last = scores.scores.edges.len().saturating_sub(1);
        let lowest = scores.scores.bucket(scores.scores.review);
        let Thresholds { auto, review, moves_review } = &mut self.thresholds;
        match (*moves_review, up) {
            (false, true) if *auto < last => *auto += 1,
            (false, false) if *auto > *review => *auto -= 1,
            (true, true) if *review < *auto => *review += 1,
            (true, false) if *review > lowest => *review -= 1,
            (true, false) => {
                return Err(format!(
                    "the last run grouped nothing below {}: lower it there and match again",
                    scores.scores.review
                ));
            }
            (false, true) => return Err("there is nothing above it".to_owned()),
            _ => return Err("auto cannot be below review".to_owned()),
        }
        Ok(())
    }
}

impl Overview {
    /// A screen that waits for its answer.
    #[must_use]
    pub fn new(shows: Shows, serial: u64) -> Self {
        Self { shows, serial, scroll: Scroll::default(), unmasked: false }
    }

    /// What the desk is asked for it.
    #[must_use]
    pub fn question(&self, unmask: bool) -> Question {
        let limit = LISTED;
        match &self.shows {
            Shows::Dashboard(_) => operations::Dashboard {}.into(),
            Shows::Rules(_) => operations::Rules {}.into(),
            Shows::Failing(rule, _) => operations::Failing { rule: rule.clone(), limit }.into(),
            Shows::Imports(_) => operations::Imports {}.into(),
            Shows::Quarantine(import, _) => {
                operations::Quarantine { import: *import, limit, unmask }.into()
            }
            Shows::Values(screen) => screen.question(unmask),
            Shows::Grants(_) => operations::Grants {}.into(),
            Shows::Runs(_) => operations::CompareRuns { from: None, to: None, limit: NAMED }.into(),
        }
    }

    /// The rows in quarantine that it shows.
    #[must_use]
    pub fn quarantine(&self) -> Option<&QuarantineView> {
        match &self.shows {
            Shows::Quarantine(_, shown) => shown.as_ref(),
            _ => None,
        }
    }

    /// Shows rows in quarantine.
    pub fn fill_quarantine(&mut self, view: QuarantineView) {
        if let Shows::Quarantine(_, shown) = &mut self.shows {
            *shown = Some(view);
        }
    }

    /// How many rows its list has.
    #[must_use]
    pub fn len(&self) -> usize {
        match &self.shows {
            Shows::Dashboard(shown) => shown.as_ref().map_or(0, |it| it.view.quality.len()),
            Shows::Rules(rules) => rules.as_ref().map_or(0, Vec::len),
            Shows::Failing(_, view) => view.as_ref().map_or(0, |view| view.records.len()),
            Shows::Imports(view) => view.as_ref().map_or(0, |view| view.imports.len()),
            Shows::Quarantine(_, view) => view.as_ref().map_or(0, |view| view.rows.len()),
            Shows::Values(screen) => screen.lines().len(),
            Shows::Runs(screen) => screen.lines.as_ref().map_or(0, Vec::len),
            Shows::Grants(screen) => screen.lines.len(),
        }
    }

    /// Whether its list has none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Whether the desk has answered.
    #[must_use]
    pub fn is_filled(&self) -> bool {
        match &self.shows {
            Shows::Dashboard(shown) => shown.is_some(),
            Shows::Rules(rules) => rules.is_some(),
            Shows::Failing(_, view) => view.is_some(),
            Shows::Imports(view) => view.is_some(),
            Shows::Quarantine(_, view) => view.is_some(),
            // It stays, whatever becomes of the count.
            Shows::Values(_) => true,
            Shows::Runs(screen) => screen.job.is_some(),
            Shows::Grants(screen) => screen.view.is_some(),
        }
    }

    /// The rule under the cursor.
    #[must_use]
    pub fn rule(&self) -> Option<&RuleView> {
        match &self.shows {
            Shows::Rules(rules) => rules.as_ref()?.get(self.scroll.cursor),
            _ => None,
        }
    }

    /// The failing record under the cursor.
    #[must_use]
    pub fn failing(&self) -> Option<&FailingRecord> {
        match &self.shows {
            Shows::Failing(_, view) => view.as_ref()?.records.get(self.scroll.cursor),
            _ => None,
        }
    }

    /// The imports, where they are shown.
    #[must_use]
    pub fn imports(&self) -> Option<&ImportsView> {
        match &self.shows {
            Shows::Imports(view) => view.as_ref(),
            _ => None,
        }
    }

    /// The import under the cursor.
    #[must_use]
    pub fn import(&self) -> Option<&ImportView> {
        self.imports()?.imports.get(self.scroll.cursor)
    }

    /// The row in quarantine under the cursor.
    #[must_use]
    pub fn row(&self) -> Option<&QuarantinedRowView> {
        match &self.shows {
            Shows::Quarantine(_, view) => view.as_ref()?.rows.get(self.scroll.cursor),
            _ => None,
        }
    }
}
