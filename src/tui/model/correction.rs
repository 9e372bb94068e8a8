//! The same correction of many records: found, judged one by one, then corrected.

use domain::{BulkId, DecisionId, FieldName, ReasonCode, RecordAddress};
use door::Refusal;
use door::operations::{CorrectSome, ValuesOf};
use door::views::{CorrectedSome, GoldenChange, HoldersView, TypedValue};

/// Records judged or corrected in one question: a few milliseconds each.
const STEP: usize = 4;

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
    pub fn new(
        serial: u64,
        (field, of): (FieldName, ValuesOf),
        from: Vec<String>,
        to: String,
    ) -> Self {
        Self {
            serial,
            field,
            of,
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
            CorrectionPhase::Finding => "finding the records".to_owned(),
            CorrectionPhase::Judging => format!("checking each record: {reached} of {all}"),
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
