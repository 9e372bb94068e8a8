//! A unit of human work.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::{
    CensusId, CustomerId, DecisionId, FieldName, ImportId, RecordId, RequestKind, RuleId,
    SourceName, TaskId, Until,
};

/// What kind of verdict is needed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TaskKind {
    /// Customers that may be one.
    Duplicate,
    /// A record with errors that reach its golden record.
    Invalid,
    /// A decision that waits for another person's consent.
    Approval,
    /// New data contradicts a decision.
    Challenge,
    /// The source of some records no longer holds them.
    Vanished,
    /// What was decided is asked again, blind; or two verdicts on one question differ.
    Second,
    /// What the machine merged under a grant is asked of a person, blind.
    Check,
    /// A person asked for something that they have a right to.
    Request,
    /// A delivery would make somebody else of a record.
    Overlay,
}

impl TaskKind {
    /// Every kind.
    pub const ALL: [TaskKind; 9] = [
        TaskKind::Duplicate,
        TaskKind::Invalid,
        TaskKind::Approval,
        TaskKind::Challenge,
        TaskKind::Vanished,
        TaskKind::Second,
        TaskKind::Check,
        TaskKind::Request,
        TaskKind::Overlay,
    ];

    /// The name in lists and filters.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            TaskKind::Duplicate => "duplicate",
            TaskKind::Invalid => "invalid",
            TaskKind::Approval => "approval",
            TaskKind::Challenge => "challenge",
            TaskKind::Vanished => "vanished",
            TaskKind::Second => "second",
            TaskKind::Check => "check",
            TaskKind::Request => "request",
            TaskKind::Overlay => "overlay",
        }
    }

    /// Whether what was decided already may be asked, of customers as they were: nothing of how they are
    /// now is told with the task.
    #[must_use]
    pub fn may_be_blind(self) -> bool {
        matches!(self, TaskKind::Second | TaskKind::Check)
    }
}

/// Where a task stands in its life.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TaskState {
    /// Waits for a verdict.
    Open,
    /// Put off.
    Deferred {
        /// Until when.
        until: Until,
        /// By which decision.
        decision: DecisionId,
    },
    /// Asked of someone; the question stands in the decision.
    Escalated {
        /// A name or a role.
        to: String,
        /// By which decision.
        decision: DecisionId,
    },
    /// Asked of someone, who has answered: it waits for whoever asked. Question and answer stand in
    /// the decisions.
    Answered {
        /// Who asked.
        asker: String,
        /// Whom they asked.
        to: String,
        /// The decision that asked.
        question: DecisionId,
        /// The decision that answered.
        decision: DecisionId,
    },
    /// A verdict on it is proposed, and waits for somebody else's approval.
    Proposed {
        /// The decision that proposes it.
        decision: DecisionId,
        /// The task that asks for the approval.
        approval: TaskId,
        /// How it waited before.
        was: Box<TaskState>,
    },
    /// Decided by a person.
    Decided {
        /// How.
        decision: DecisionId,
    },
    /// Nothing is left to decide: the data changed, or other decisions settled it.
    Settled,
}

impl TaskState {
    /// The name in lists and filters.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            TaskState::Open => "open",
            TaskState::Deferred { .. } => "deferred",
            TaskState::Escalated { .. } => "escalated",
            TaskState::Answered { .. } => "answered",
            TaskState::Proposed { .. } => "proposed",
            TaskState::Decided { .. } => "decided",
            TaskState::Settled => "settled",
        }
    }

    /// Whether a verdict is still wanted, now or later.
    #[must_use]
    pub fn is_pending(&self) -> bool {
        !matches!(self, TaskState::Decided { .. } | TaskState::Settled)
    }
}

/// Where a pending task stands in the queue: what comes first is smaller.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Urgency {
    /// Something that was decided came back.
    Returned,
    /// Put off, and the time has come; or open for too long.
    Due,
    /// What was asked of someone is answered.
    Answered,
    /// Waits for a verdict.
    Open,
    /// Asked of someone.
    Escalated,
    /// Put off to later.
    Deferred,
}

impl Urgency {
    /// Of a task of that kind in that state, due (if open) at a time; a finished one is as far away
    /// as can be. A request is due whatever it waits for: the law does not wait for anybody.
    #[must_use]
    pub fn of(kind: TaskKind, state: &TaskState, due: Option<Timestamp>, now: Timestamp) -> Self {
        match state {
            TaskState::Open if kind == TaskKind::Challenge => Urgency::Returned,
            _ if kind == TaskKind::Request
                && state.is_pending()
                && due.is_some_and(|due| due <= now) =>
            {
                Urgency::Due
            }
            TaskState::Open if due.is_some_and(|due| due <= now) => Urgency::Due,
            TaskState::Answered { .. } => Urgency::Answered,
            TaskState::Open => Urgency::Open,
            TaskState::Deferred { until: Until::Time(until), .. } if *until <= now => Urgency::Due,
            TaskState::Escalated { .. } => Urgency::Escalated,
            _ => Urgency::Deferred,
        }
    }

    /// Whether a verdict is wanted now.
    #[must_use]
    pub fn waits(self) -> bool {
        self <= Urgency::Open
    }
}

/// A task. Holds ids, rule and field names only: no personal value.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Task {
    /// Its id.
    pub id: TaskId,
    /// What is asked.
    pub kind: TaskKind,
    /// Where it stands.
    pub state: TaskState,
    /// The customers in question, ascending; those of a duplicate task are live when it is open, those
    /// of a second look and of a check are the ones that the decision was about.
    pub customers: Vec<CustomerId>,
    /// The record in question, for an invalid record or a challenged correction.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub record: Option<RecordId>,
    /// Why it exists.
    pub reason: TaskReason,
    /// Match probability of the best link, for duplicates and challenged merges.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub score: Option<f64>,
    /// Match probability of the weakest pair of its customers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub weakest: Option<f64>,
    /// When it was opened.
    pub opened: Timestamp,
}

/// Why a task exists.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TaskReason {
    /// Matching scored the customers between the review and the auto threshold, or a person's
    /// decision or a contradiction kept the machine from merging them.
    Similar,
    /// These rules are broken by values that reach the golden record.
    Breaks {
        /// Rules with severity `error`, by id.
        rules: Vec<RuleId>,
    },
    /// A not-a-match was decided and a value it rested on has changed since.
    NotAMatchChanged {
        /// The decision.
        decision: DecisionId,
        /// The fields whose value changed.
        fields: Vec<FieldName>,
    },
    /// A merge was decided and the records now score below the review threshold.
    MergeContradicted {
        /// The decision, where a person merged; the machine's own merges have none.
        decision: Option<DecisionId>,
        /// The fields whose value changed.
        fields: Vec<FieldName>,
    },
    /// The machine merged a record that fits another customer as well, which was delivered or changed later and
    /// is not one with those it was merged with.
    MergeContested,
    /// A field was corrected or pinned and the source now delivers a third value.
    ValueContradicted {
        /// The correction or pin.
        decision: DecisionId,
        /// The field.
        field: FieldName,
    },
    /// Records of the customer were not in a complete delivery of their source.
    Vanished {
        /// The import that brought the delivery.
        import: ImportId,
    },
    /// The source says that it has merged records of these customers.
    Merged {
        /// The source.
        source: SourceName,
    },
    /// What somebody decided is asked again, of them or of somebody else, without telling what they said.
    SecondLook {
        /// What they decided.
        decision: DecisionId,
        /// Who is asked, if it is not whoever decided.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        by: Option<String>,
    },
    /// A second look came to another verdict than the first.
    Disagreement {
        /// The first verdict, which stands.
        first: DecisionId,
        /// The second, which changed nothing.
        second: DecisionId,
    },
    /// The machine merged the customers in a run under a grant; whoever answers is not told.
    Check {
        /// The census of the run's joins under the grant.
        census: CensusId,
        /// The decision that made the join.
        decision: DecisionId,
    },
    /// A decision waits for another person's consent.
    Approval {
        /// The decision that proposes it.
        decision: DecisionId,
    },
    /// A decision that needed approval did not wait for it.
    BreakGlass {
        /// The decision.
        decision: DecisionId,
    },
    /// A person asked for something.
    Requested {
        /// What.
        request: RequestKind,
        /// The decision that recorded it.
        decision: DecisionId,
        /// The customer of whom it was recorded; by now it may be part of another.
        customer: CustomerId,
        /// The day on which it came.
        received: Date,
        /// The last day to answer it.
        due: Date,
        /// The last decision about it.
        last: DecisionId,
    },
    /// What is delivered of the record is of somebody else than what was delivered before.
    Overlaid {
        /// The import that delivered it.
        import: ImportId,
        /// What says so, in the words of the comparisons: `name`, `date of birth`.
        says: Vec<String>,
        /// Whether the former values are in force until somebody decides.
        held: bool,
    },
}

impl TaskReason {
    /// The decision that a challenge asks about; none where the machine decided, and for other
    /// tasks.
    #[must_use]
    pub fn decision(&self) -> Option<DecisionId> {
        match self {
            TaskReason::NotAMatchChanged { decision, .. }
            | TaskReason::ValueContradicted { decision, .. } => Some(*decision),
            TaskReason::MergeContradicted { decision, .. } => *decision,
            TaskReason::Similar
            | TaskReason::MergeContested
            | TaskReason::Breaks { .. }
            | TaskReason::Vanished { .. }
            | TaskReason::Merged { .. }
            | TaskReason::SecondLook { .. }
            | TaskReason::Disagreement { .. }
            | TaskReason::Check { .. }
            | TaskReason::Approval { .. }
            | TaskReason::BreakGlass { .. }
            | TaskReason::Requested { .. }
            | TaskReason::Overlaid { .. } => None,
        }
    }
}

impl Task {
    /// The decision that is asked about again, where the task is a second look.
    #[must_use]
    pub fn second_look_at(&self) -> Option<DecisionId> {
        match self.reason {
            TaskReason::SecondLook { decision, .. } => Some(decision),
            _ => None,
        }
    }

    /// Who was asked for a second opinion: of a second look that somebody else than whoever decided answers.
    #[must_use]
    pub fn second_by(&self) -> Option<&str> {
        match &self.reason {
            TaskReason::SecondLook { by, .. } => by.as_deref(),
            _ => None,
        }
    }

    /// The decision before which the customers of the task are shown, where what came of it is not told:
    /// of a second look and of a check.
    #[must_use]
    pub fn asked_as_before(&self) -> Option<DecisionId> {
        match self.reason {
            TaskReason::SecondLook { decision, .. } | TaskReason::Check { decision, .. } => {
                Some(decision)
            }
            _ => None,
        }
    }

    /// The decision that the task asks somebody to approve, before it does anything or afterwards.
    #[must_use]
    pub fn to_approve(&self) -> Option<DecisionId> {
        match self.reason {
            TaskReason::Approval { decision } | TaskReason::BreakGlass { decision } => {
                Some(decision)
            }
            _ => None,
        }
    }

    /// Whether it is a second look whose time is yet to come: nothing is withheld till then, and it is
    /// not to be answered.
    #[must_use]
    pub fn is_early(&self, now: Timestamp) -> bool {
        match self.state {
            TaskState::Deferred { until: Until::Time(until), decision } => {
                self.second_look_at() == Some(decision) && now < until
            }
            _ => false,
        }
    }
}
