//! Approvals: verdicts that do nothing before somebody else has consented.
//!
//! Every verdict is foreseen first (`foresee.rs`): what would be refused is refused, and is never a proposal. What
//! it comes to is then judged by the rules (`asked`). Where one holds, the commit is a proposal (`propose`): it
//! keeps the request and a digest of the outcome (`digest`). Approving it foresees the request again, on present
//! facts (`consent`): the same digest, and the commit is the proposed decision itself, by whoever approves it. Whoever
//! had a hand in it (`hands`) never does; whoever approves is shown what becomes of each value (`values`). Lists ask
//! `asks`.
//!
//! Does not live here: who may approve and which rule holds, which is pure (`govern`).
//!
//! Start with [`Planned`].

mod asked;
mod asks;
mod consent;
mod digest;
mod hands;
mod propose;
mod values;
mod view;

pub(super) use asks::{Approving, Asks};
pub(super) use consent::{fine, reject};
pub(super) use propose::was_before;

use super::core::Foreseen;
use super::error::DeskError;
use super::facts::Facts;
use domain::{Commit, Decision, Event, Proposal, TaskReason, TaskState, Verdict};
use door::Request;
use door::views::NeedsApproval;
use govern::NeededApproval;

/// A request as it would come out, and whether somebody else has to approve it first.
pub(super) struct Planned {
    /// What it comes to once it is approved.
    pub(super) outcome: Foreseen,
    /// Who has to approve it; `None` if it is done at once.
    pub(super) needs: Option<NeededApproval>,
    /// Whether approval is needed and not waited for.
    pub(super) breaks_glass: bool,
}

impl Planned {
    /// What is done at once.
    pub(super) fn at_once(outcome: Foreseen) -> Self {
        Planned { outcome, needs: None, breaks_glass: false }
    }

    /// What people are told of the approval that it needs.
    pub(super) fn told(&self) -> Option<NeedsApproval> {
        let NeededApproval { by, rule, .. } = self.needs.clone()?;
        Some(NeedsApproval { by, rule, breaks_glass: self.breaks_glass })
    }

    /// The same after a sentence: `; needs approval by lead`.
    pub(super) fn clause(&self) -> String {
        self.told().map(|needs| format!("; {}", needs.sentence())).unwrap_or_default()
    }
}

/// What a commit takes the place of, in a clause: `; takes the place of the proposal D3 (T90)`. An undo tells what it
/// undoes itself.
pub(super) fn replaced(commit: &Commit) -> String {
    if decision_of(commit).is_none_or(|made| made.verdict == Verdict::Undo) {
        return String::new();
    }
    let ended = commit.events.iter().filter_map(|event| {
        let Event::TaskChanged(changed) = event else { return None };
        let before = changed.before.as_ref().filter(|before| before.state.is_pending())?;
        let TaskReason::Approval { decision } = before.reason else { return None };
        let ends = changed.after.state == TaskState::Settled;
        ends.then(|| format!("; takes the place of the proposal {decision} ({})", changed.task))
    });
    ended.collect()
}

/// The decision of a commit.
pub(super) fn decision_of(commit: &Commit) -> Option<&Decision> {
    commit.events.iter().find_map(|event| match event {
        Event::DecisionMade(made) => Some(&made.decision),
        _ => None,
    })
}

/// The request of a proposal; none where it was erased.
pub(super) fn request_of(proposal: &Proposal) -> Option<Request> {
    if proposal.request.is_empty() {
        return None;
    }
    let read = serde_json::from_str(&proposal.request);
    read.inspect_err(|error| tracing::warn!(%error, "a proposal's request cannot be read")).ok()
}

/// Who proposed what a decision approves.
///
/// # Errors
/// When the store or the ledger is damaged.
pub(super) fn proposer(facts: Facts<'_>, decision: &Decision) -> Result<Option<String>, DeskError> {
    let Some(proposal) = decision.approves else { return Ok(None) };
    match facts.view.decision(proposal)? {
        Some(entry) => Ok(Some(facts.byline(entry.place.sequence)?.1)),
        None => Ok(None),
    }
}
