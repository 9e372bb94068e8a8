//! What is promised of merges that people grant, what may be granted, and what was.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

use domain::{BulkId, CensusId, CustomerId, DecisionId, Kind, MatchRunId, TaskId, counted};

/// Everything about grants. Counts, ids and names of comparisons: no value of anybody.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct GrantsView {
    /// The share of the merges made under grants that is promised to be right.
    pub precision: f64,
    /// How sure that is.
    pub confidence: f64,
    /// What is promised now: everything granted.
    pub promised: BoundView,
    /// Strata: what may be granted first, then what misses the fewest answers, then what is granted, the
    /// latest first.
    pub strata: Vec<StratumView>,
}

/// So many joins, and how many of them are wrong at most.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub struct BoundView {
    /// The joins.
    pub joins: u64,
    /// How many are wrong at most.
    pub wrong_at_most: u64,
    /// The share that is right at least, rounded down to tenths of a per cent; nothing of no joins.
    pub right_at_least: Option<f64>,
}

/// Where a stratum stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StratumState {
    /// It may be granted now.
    Offered,
    /// It needs more answers, or all of them.
    Open,
    /// It is granted.
    Granted,
    /// Its grant was suspended, or taken back in part, or undone after its checks found a wrong merge: no
    /// more is merged, and only a new census can be granted.
    Suspended,
    /// A later census was taken before it was granted.
    GivenUp,
}

impl StratumState {
    /// The name in lists.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            StratumState::Offered => "offered",
            StratumState::Open => "open",
            StratumState::Granted => "granted",
            StratumState::Suspended => "suspended",
            StratumState::GivenUp => "given up",
        }
    }
}

/// A stratum: joins that are asked about, and granted, together.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct StratumView {
    /// Its census, by which it is named.
    pub census: CensusId,
    /// Where it stands.
    pub state: StratumState,
    /// What its records are about.
    pub kind: Kind,
    /// What its joins have in common: `organisations: name, street and phone agree; e-mail missing`.
    pub words: String,
    /// The run that took the census.
    pub run: MatchRunId,
    /// When.
    pub taken: Timestamp,
    /// Joins in the census.
    pub joins: u64,
    /// Joins that nobody decided and a grant would make, and how many of them are wrong at most: the
    /// number that a person types.
    pub waiting: BoundView,
    /// Joins looked at in the order of the census, as far as that counts.
    pub looked_at: u64,
    /// Joins that people said are one, wherever they lie.
    pub right: u64,
    /// Joins that people said are two, wherever they lie.
    pub wrong: u64,
    /// Answers that count only once they were looked at again.
    pub again: u64,
    /// What becomes of those.
    #[serde(default)]
    pub second: AgainView,
    /// Answers that wait for one before them, since they count in the order of the census.
    #[serde(default)]
    pub held_up: Option<HeldUpView>,
    /// Answers without a fault that are missing until it may be granted: none where it may be now,
    /// `None` where it has too few joins for a bound and can only be answered to its end.
    pub missing: Option<u64>,
    /// Why it may not be granted though its answers carry it: rules and decisions forbid so many of its joins
    /// that what is left does not keep the promise.
    #[serde(default)]
    pub forbidden: Option<String>,
    /// Why it can be granted no more, where nothing of a grant stands.
    #[serde(default)]
    pub closed: Option<String>,
    /// Its grant.
    pub grant: Option<GrantView>,
    /// Where a run merged its joins under a grant: that, and its checks.
    #[serde(default)]
    pub checks: Option<ChecksView>,
}

/// What one run merged under a grant, and its checks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChecksView {
    /// The census that was granted.
    pub of: CensusId,
    /// Joins that were asked as checks.
    pub asked: u64,
    /// What became of all of them.
    pub told: LaterView,
}

/// What becomes of the answers that are looked at again before they count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct AgainView {
    /// They are asked now.
    pub now: u64,
    /// They come back later.
    pub later: u64,
    /// When the first of those comes back.
    pub from: Option<Timestamp>,
    /// Nobody is asked: however they were answered, the stratum could not be granted.
    pub unasked: u64,
}

/// Answers that count only once one before them in the order of the census does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct HeldUpView {
    /// How many.
    pub answers: u64,
    /// The task that asks for the one they wait for, be it later or asked of somebody; none where no task does.
    pub by: Option<TaskId>,
    /// They wait for a second look.
    #[serde(default)]
    pub is_again: bool,
}

impl AgainView {
    /// `from 2026-11-30 on`, of those that come back later.
    fn when(&self) -> String {
        let day = |from: Timestamp| from.to_zoned(TimeZone::system()).date();
        self.from.map_or_else(String::new, |from| format!("from {} on", day(from)))
    }
}

/// That so many answers come back before they count; nothing of none.
fn asked_again(answers: u64) -> Option<String> {
    match answers {
        0 => None,
        1 => Some("1 question is asked again before its answer counts".to_owned()),
        several => Some(format!("{several} questions are asked again before their answers count")),
    }
}

impl StratumView {
    /// How many answers come back before they count, and when; nothing where none does.
    #[must_use]
    pub fn asked_again(&self) -> Option<String> {
        let AgainView { now, later, .. } = self.second;
        let again = asked_again(now + later)?;
        let when = match (later, now) {
            (0, _) => String::new(),
            (_, 0) => format!(" ({})", self.second.when()),
            _ => format!(" ({later} of them {})", self.second.when()),
        };
        Some(again + &when)
    }

    /// What holds up answers that were given before their turn; nothing where nothing does.
    #[must_use]
    pub fn held_up(&self) -> Option<String> {
        let HeldUpView { answers, by, is_again } = self.held_up?;
        let answers = counted(answers, "answer counts", "answers count");
        Some(match (by, is_again) {
            (Some(task), _) => format!("{answers} only once {task} is answered"),
            (None, true) => format!(
                "{answers} only once an earlier one gets its second look, which comes when a grant is within reach"
            ),
            (None, false) => {
                format!("{answers} for nothing: an earlier join can no longer be asked")
            }
        })
    }

    /// What is missing until it may be granted: `12 more error-free answers needed, 2 of them second looks from
    /// 2026-11-30 on`, or why it never can be; nothing where nothing is missing.
    #[must_use]
    pub fn needs(&self) -> Option<String> {
        if let Some(why) = &self.forbidden {
            return Some(format!("cannot be granted: {why}"));
        }
        let Some(missing) = self.missing else {
            let why = match (self.held_up, self.wrong) {
                (Some(_), _) => "too few joins would be left once all answers count",
                (None, 0) => "too few joins for the promise, even if all are right",
                (None, _) => "too many wrong for so few joins",
            };
            return Some(format!("{why}: answer them yourself"));
        };
        if missing == 0 {
            return None;
        }
        let answers = counted(missing, "more error-free answer", "more error-free answers");
        // Second looks come first.
        let later = self.second.later.min(missing.saturating_sub(self.second.now));
        let when = self.second.when();
        Some(match (later, missing) {
            (0, _) => format!("{answers} needed"),
            (1, 1) => format!("{answers} needed: a second look, {when}"),
            (all, many) if all == many => format!("{answers} needed: second looks, {when}"),
            (1, _) => format!("{answers} needed, 1 of them a second look {when}"),
            (some, _) => format!("{answers} needed, {some} of them second looks {when}"),
        })
    }
}

/// A grant.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct GrantView {
    /// Its first decision.
    pub decision: DecisionId,
    /// All its decisions that stand: to undo them together is to undo the grant.
    pub decisions: Vec<DecisionId>,
    /// The bulk that they are: `steward undo B7`.
    pub bulk: Option<BulkId>,
    /// Who gave it.
    pub by: String,
    /// When.
    pub at: Timestamp,
    /// What was granted, and the bound on it then: the number that a person typed.
    pub granted: BoundView,
    /// What of it was made, and the bound on that: all that are wrong may be among it. What a rule or a
    /// decision is against was left to people; of an interrupted grant not all was reached.
    #[serde(default)]
    pub promised: BoundView,
    /// Joins looked at then.
    pub looked_at: u64,
    /// Those of them that were wrong.
    pub wrong: u64,
    /// Joins that it made and that still stand.
    pub made: u64,
    /// The decision that suspended it.
    pub suspended: Option<DecisionId>,
    /// Decisions of it that were undone while others stand: nothing more is merged under it.
    #[serde(default)]
    pub taken_back: Vec<DecisionId>,
    /// Joins that are still to be looked at, since it was interrupted; 0 where it was not.
    #[serde(default)]
    pub to_go: u64,
    /// Why it no longer keeps what was promised: the next run suspends it. None where it does, or was
    /// suspended.
    #[serde(default)]
    pub broken: Option<String>,
    /// What later runs merged under it.
    #[serde(default)]
    pub later: LaterView,
}

/// A stratum with its tasks and customers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct GrantDetail {
    /// The stratum.
    pub stratum: StratumView,
    /// The tasks to answer next, in the order that counts; second looks first.
    pub next: Vec<TaskId>,
    /// Customers that the grant composed, ascending.
    pub merged: Vec<CustomerId>,
    /// Tasks that the grant left to people, since a rule or a decision forbids the merge.
    pub left: Vec<TaskId>,
}

/// What one portion of a grant did, or would do.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct GivenView {
    /// The decision; none where nothing was made, or it was only rehearsed.
    pub decision: Option<DecisionId>,
    /// The bulk of all portions: named in the next one.
    pub bulk: Option<BulkId>,
    /// Joins that it made, or would make.
    pub made: u64,
    /// Joins that are left to people, since a rule or a decision forbids the merge.
    pub left: u64,
    /// Joins that the next portions look at; 0 once all is done.
    pub to_go: u64,
    /// The grant in a line.
    pub summary: String,
}

/// What a run merged under a grant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnderGrantView {
    /// The census that was granted.
    pub census: CensusId,
    /// Joins that it made, or would make.
    pub made: u64,
    /// Joins that are left to people, since a rule, a decision or somebody who put it off is against it.
    pub left: u64,
    /// Checks that it opened.
    pub checks: u64,
}

/// A grant that a run suspended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SuspendedView {
    /// The census that was granted.
    pub census: CensusId,
    /// The decision that suspended it.
    pub decision: DecisionId,
    /// Why.
    pub why: String,
}

/// What later runs merged under a grant, and what checks say of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct LaterView {
    /// Joins that they made.
    pub joins: u64,
    /// Those that still stand.
    pub stand: u64,
    /// Checks that wait for an answer.
    pub waiting: u64,
    /// Joins that people said are one.
    pub right: u64,
    /// Joins that people said are two, and said again.
    pub wrong: u64,
    /// Answers that are looked at again before they count.
    pub again: u64,
}

impl LaterView {
    /// What became of the checks: `3 right, 1 wrong, 16 waiting, 1 question is asked again before its answer counts`.
    #[must_use]
    pub fn answered(&self) -> String {
        let again = asked_again(self.again).map_or_else(String::new, |again| format!(", {again}"));
        format!("{} right, {} wrong, {} waiting{again}", self.right, self.wrong, self.waiting)
    }
}

/// Grants in a line: what the dashboard says of them.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub struct GrantsLine {
    /// Strata that are granted.
    pub granted: u64,
    /// Grants that are suspended.
    pub suspended: u64,
    /// Strata that wait for answers or a grant.
    pub open: u64,
    /// Joins that were granted, and how many of them are wrong at most.
    pub promised: BoundView,
}

impl GrantsLine {
    /// Whether there is anything to say.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.granted + self.suspended + self.open == 0
    }

    /// The same where there is little room, behind `grants:`: `2, 1 suspended, 3 open`.
    #[must_use]
    pub fn short(&self) -> String {
        let Self { granted, suspended, open, .. } = self;
        format!("{granted}, {suspended} suspended, {open} open")
    }

    /// The line: `2 granted (1214 joins, at least 97.1 % right), 1 suspended, 3 strata open`.
    #[must_use]
    pub fn told(&self) -> String {
        let mut parts = Vec::new();
        if self.granted > 0 || self.promised.joins > 0 {
            let joins = counted(self.promised.joins, "join", "joins");
            let right = self.promised.right_at_least;
            let right = right.map_or_else(String::new, |it| format!(", at least {it} % right"));
            parts.push(format!("{} granted ({joins}{right})", self.granted));
        }
        if self.suspended > 0 {
            parts.push(format!("{} suspended", self.suspended));
        }
        if self.open > 0 {
            parts.push(format!("{} open", counted(self.open, "stratum", "strata")));
        }
        parts.join(", ")
    }
}
