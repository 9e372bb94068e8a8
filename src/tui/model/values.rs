//! The distinct values of a field, and the correction of those that are marked.

use std::collections::BTreeSet;

use domain::{BulkId, DecisionId, FieldName, ReasonCode, RecordAddress};
use door::Refusal;
use door::operations::{CorrectSome, CountValues, Values, ValuesOf};
use door::views::{
    CorrectedSome, GoldenChange, HoldersView, JobId, TypedValue, ValueRow, ValuesView,
};

use crate::question::Question;

/// Values fetched of a field, and groups of values that are alike.
const LISTED: usize = 2_000;
/// Records judged or corrected in one question: a few milliseconds each.
const STEP: usize = 4;

/// The distinct values of a field.
#[derive(Debug, Clone)]
pub struct ValuesScreen {
    /// The field.
    pub field: FieldName,
    /// Which of its values.
    pub of: ValuesOf,
    /// The job that counts them; `None` means it has not begun.
    pub job: Option<JobId>,
    /// Whether they are counted.
    pub counted: bool,
    /// What was counted; the one before, while it is counted again.
    pub view: Option<ValuesView>,
    /// Only values that hold this, whatever the case of letters.
    pub filter: String,
    /// Values that are marked.
    pub marks: BTreeSet<String>,
    lines: Vec<ValueLine>,
}

/// A line of the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ValueLine {
    /// The head of a group of values that are alike.
    Cluster(usize),
    /// A value of a group.
    Member(usize, usize),
    /// The head of all values.
    All,
    /// A value.
    Row(usize),
}

impl ValuesScreen {
    /// A screen whose values are still to be counted.
    #[must_use]
    pub fn new(field: FieldName) -> Self {
        Self {
            field,
            of: ValuesOf::Standard,
            job: None,
            counted: false,
            view: None,
            filter: String::new(),
            marks: BTreeSet::new(),
            lines: Vec::new(),
        }
    }

    /// What the desk is asked for: to count them, then to show them.
    #[must_use]
    pub fn question(&self, unmask: bool) -> Question {
        if self.counted {
            return Values { limit: LISTED, unmask }.into();
        }
        CountValues { field: self.field.clone(), source: None, of: self.of }.into()
    }

    /// Shows what was counted.
    pub fn fill(&mut self, view: ValuesView) {
        self.view = Some(view);
        self.arrange();
    }

    /// Shows only values that hold a text.
    pub fn filter_by(&mut self, text: &str) {
        self.filter = text.trim().to_owned();
        self.arrange();
    }

    /// The next kind of values: as they are read, as delivered, golden.
    pub fn next_kind(&mut self) {
        self.of = match self.of {
            ValuesOf::Standard => ValuesOf::Raw,
            ValuesOf::Raw => ValuesOf::Golden,
            ValuesOf::Golden => ValuesOf::Standard,
        };
        self.marks.clear();
    }

    fn arrange(&mut self) {
        let Some(view) = &self.view else { return };
        let wanted = self.filter.to_lowercase();
        let holds = |row: &ValueRow| row.value.to_lowercase().contains(&wanted);
        self.lines.clear();
        for (at, cluster) in view.clusters.iter().enumerate() {
            // A group is shown whole or not at all.
            if cluster.rows.iter().any(&holds) {
                self.lines.push(ValueLine::Cluster(at));
                let members = (0..cluster.rows.len()).map(|member| ValueLine::Member(at, member));
                self.lines.extend(members);
            }
        }
        if !self.lines.is_empty() {
            self.lines.push(ValueLine::All);
        }
        let rows = view.rows.iter().enumerate().filter(|(_, row)| holds(row));
        self.lines.extend(rows.map(|(at, _)| ValueLine::Row(at)));
    }

    /// The lines of the list.
    #[must_use]
    pub fn lines(&self) -> &[ValueLine] {
        &self.lines
    }

    /// The value of a line; a head has none.
    #[must_use]
    pub fn row(&self, line: ValueLine) -> Option<&ValueRow> {
        let view = self.view.as_ref()?;
        match line {
            ValueLine::Member(cluster, at) => view.clusters.get(cluster)?.rows.get(at),
            ValueLine::Row(at) => view.rows.get(at),
            ValueLine::Cluster(_) | ValueLine::All => None,
        }
    }

    /// The values that a line stands for: of a head those of its group. None of a masked one.
    fn values_of(&self, line: ValueLine) -> Vec<String> {
        let clear = |row: &ValueRow| row.value.clear().map(str::to_owned);
        match (line, &self.view) {
            (ValueLine::Cluster(at), Some(view)) => {
                let rows = view.clusters.get(at).map(|cluster| cluster.rows.as_slice());
                rows.unwrap_or_default().iter().filter_map(clear).collect()
            }
            _ => self.row(line).and_then(clear).into_iter().collect(),
        }
    }

    /// Marks what is under the cursor, or takes the marks off.
    pub fn toggle(&mut self, cursor: usize) {
        let Some(line) = self.lines.get(cursor) else { return };
        let values = self.values_of(*line);
        if values.iter().all(|value| self.marks.contains(value)) {
            values.iter().for_each(|value| {
                self.marks.remove(value);
            });
        } else {
            self.marks.extend(values);
        }
    }

    /// The values to be corrected: the marked ones, else the group under the cursor, else the value there.
    #[must_use]
    pub fn chosen(&self, cursor: usize) -> Vec<String> {
        if !self.marks.is_empty() {
            return self.marks.iter().cloned().collect();
        }
        match self.lines.get(cursor) {
            Some(ValueLine::Member(cluster, _)) => self.values_of(ValueLine::Cluster(*cluster)),
            Some(line) => self.values_of(*line),
            None => Vec::new(),
        }
    }

    /// What is probably right instead of some values: the most frequent of the group that holds one of
    /// them, else the most frequent of them.
    #[must_use]
    pub fn probably_right(&self, values: &[String]) -> String {
        let is_one = |row: &ValueRow| values.iter().any(|value| row.value == value.as_str());
        let clusters = self.view.iter().flat_map(|view| &view.clusters);
        let groups: Vec<_> = clusters.filter(|cluster| cluster.rows.iter().any(is_one)).collect();
        if let [only] = groups.as_slice()
            && let Some(first) = only.rows.first()
            && values.iter().all(|value| only.rows.iter().any(|row| row.value == value.as_str()))
        {
            return first.value.to_string();
        }
        let rows = self.view.iter().flat_map(|view| {
            view.clusters.iter().flat_map(|cluster| &cluster.rows).chain(&view.rows)
        });
        let known = rows.filter(|row| values.iter().any(|value| row.value == value.as_str()));
        let best = known.max_by_key(|row| (row.count, std::cmp::Reverse(row.value.to_string())));
        best.map_or_else(String::new, |row| row.value.to_string())
    }
}

/// How far a correction of many records has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CorrectionPhase {
    /// The records are looked for.
    Finding,
    /// Each is asked what would come of it.
    Judging,
    /// Record by record is corrected.
    Correcting,
}

/// The same correction of many records.
#[derive(Debug, Clone)]
pub struct Correction {
    /// Tells its answers from late ones.
    pub serial: u64,
    /// The field.
    pub field: FieldName,
    /// Which of its values are meant.
    pub of: ValuesOf,
    /// The values that are wrong.
    pub from: Vec<String>,
    /// What is right.
    pub to: String,
    /// A reason from the closed list.
    pub reason: Option<ReasonCode>,
    /// How far it has come.
    pub phase: CorrectionPhase,
    /// The records, once they are found.
    pub holders: Option<HoldersView>,
    /// Records judged, or corrected, so far.
    pub reached: usize,
    /// The records that would be corrected.
    pub ready: Vec<RecordAddress>,
    /// Those that would not, or were not, and why.
    pub refused: Vec<(RecordAddress, String)>,
    /// Golden values that would change.
    pub golden: Vec<GoldenChange>,
    /// How what was typed is read, where that is something else.
    pub typed: Vec<TypedValue>,
    /// Its id, once something was corrected.
    pub bulk: Option<BulkId>,
    /// What was decided.
    pub decided: Vec<DecisionId>,
    /// What failed.
    pub failed: Option<String>,
}

impl Correction {
    /// One whose records are still to be found.
    #[must_use]
    pub fn new(serial: u64, screen: &ValuesScreen, from: Vec<String>, to: String) -> Self {
        Self {
            serial,
            field: screen.field.clone(),
            of: screen.of,
            from,
            to,
            reason: None,
            phase: CorrectionPhase::Finding,
            holders: None,
            reached: 0,
            ready: Vec::new(),
            refused: Vec::new(),
            golden: Vec::new(),
            typed: Vec::new(),
            bulk: None,
            decided: Vec::new(),
            failed: None,
        }
    }

    /// The records were found, or are to be judged once more with a reason.
    pub fn begin_judging(&mut self) {
        (self.phase, self.reached) = (CorrectionPhase::Judging, 0);
        self.ready.clear();
        self.refused.clear();
        self.golden.clear();
        self.typed.clear();
    }

    /// A yes: they are corrected.
    pub fn begin_correcting(&mut self) {
        (self.phase, self.reached) = (CorrectionPhase::Correcting, 0);
    }

    /// The records of this phase.
    #[must_use]
    pub fn records(&self) -> &[RecordAddress] {
        match self.phase {
            CorrectionPhase::Correcting => &self.ready,
            _ => self.holders.as_ref().map_or(&[], |holders| &holders.records),
        }
    }

    /// The next few records; `None` means this phase has reached its end.
    #[must_use]
    pub fn step(&self) -> Option<CorrectSome> {
        let records: Vec<RecordAddress> =
            self.records().iter().skip(self.reached).take(STEP).cloned().collect();
        let left = self.records().len().saturating_sub(self.reached + records.len()) as u64;
        let goes_on = !records.is_empty() && self.failed.is_none();
        goes_on.then(|| CorrectSome {
            field: self.field.clone(),
            of: self.of,
            from: self.from.clone(),
            to: self.to.clone(),
            records,
            reason: self.reason.clone(),
            note: None,
            bulk: self.bulk,
            left,
            rehearse: self.phase == CorrectionPhase::Judging,
        })
    }

    /// Takes in what came of a step. The reasons offered where one is demanded and none is given.
    pub fn take(&mut self, came: CorrectedSome) -> Option<Vec<ReasonCode>> {
        let outcome = came.outcome;
        (self.bulk, self.failed) = (outcome.bulk, outcome.failed);
        for result in outcome.results {
            let Some(record) = self.records().get(self.reached).cloned() else { break };
            self.reached += 1;
            match (result.refusal, result.decision) {
                (
                    Some(
                        Refusal::ReasonRequired { offered, .. }
                        | Refusal::UnknownReason { offered, .. },
                    ),
                    _,
                ) if self.reason.is_none() && !offered.is_empty() => return Some(offered),
                (Some(refusal), _) => self.refused.push((record, refusal.to_string())),
                (None, Some(decision)) => self.decided.push(decision),
                (None, None) => self.ready.push(record),
            }
        }
        for value in came.typed {
            if !self.typed.contains(&value) {
                self.typed.push(value);
            }
        }
        for change in came.golden {
            if !self.golden.iter().any(|known| known.customer == change.customer) {
                self.golden.push(change);
            }
        }
        None
    }

    /// How far it is, in a line.
    #[must_use]
    pub fn progress(&self) -> String {
        let (reached, all) = (self.reached, self.records().len());
        match self.phase {
            CorrectionPhase::Finding => "looking for the records".to_owned(),
            CorrectionPhase::Judging => format!("looking at each record: {reached} of {all}"),
            CorrectionPhase::Correcting => format!("corrected {reached} of {all}"),
        }
    }

    /// The refusals, the most frequent sentence first, each with how often and a record.
    #[must_use]
    pub fn refusals(&self) -> Vec<(usize, &RecordAddress, &str)> {
        let mut counted: Vec<(usize, &RecordAddress, &str)> = Vec::new();
        for (record, why) in &self.refused {
            match counted.iter_mut().find(|known| known.2 == why) {
                Some(known) => known.0 += 1,
                None => counted.push((1, record, why)),
            }
        }
        counted.sort_by_key(|(count, ..)| std::cmp::Reverse(*count));
        counted
    }
}
