//! What people said about customers and tasks.

use std::collections::BTreeSet;

use crate::chains::Link;
use crate::error::DeskError;
use crate::facts::{Facts, missing};
use domain::{CustomerId, Decision, DecisionId, Event, Subject, Verdict};
use door::views::CommentView;

/// The comments that stand on customers, and on those that were merged into them; the earliest first.
///
/// # Errors
/// When the store or the ledger is damaged.
pub(crate) fn on(
    facts: Facts<'_>,
    customers: &[CustomerId],
) -> Result<Vec<CommentView>, DeskError> {
    let mut comments = Vec::new();
    for id in ids(facts, customers)? {
        let link = link(facts, id)?;
        let Some(decision) = link.decision else { continue };
        let (at, actor) = (link.at, link.actor.person);
        let Decision { id: decision, note: text, task, .. } = decision;
        comments.push(CommentView { decision, at, actor, text, task });
    }
    Ok(comments)
}

/// How many those are; none of them is read.
///
/// # Errors
/// When the store is damaged.
pub(crate) fn count(facts: Facts<'_>, customers: &[CustomerId]) -> Result<usize, DeskError> {
    Ok(ids(facts, customers)?.len())
}

/// The commits of the comments on a customer that stand, for its history.
///
/// # Errors
/// When the store or the ledger is damaged.
pub(crate) fn links(facts: Facts<'_>, customer: CustomerId) -> Result<Vec<Link>, DeskError> {
    let ids = every(facts, &[customer])?;
    ids.into_iter().map(|id| link(facts, id)).collect()
}

/// Those that stand.
fn ids(facts: Facts<'_>, customers: &[CustomerId]) -> Result<BTreeSet<DecisionId>, DeskError> {
    let mut standing = BTreeSet::new();
    for id in every(facts, customers)? {
        if facts.view.decision(id)?.is_some_and(|entry| entry.stands()) {
            standing.insert(id);
        }
    }
    Ok(standing)
}

/// All, withdrawn or not.
///
/// # Errors
/// When the store is damaged.
pub(crate) fn every(
    facts: Facts<'_>,
    customers: &[CustomerId],
) -> Result<BTreeSet<DecisionId>, DeskError> {
    let mut ids = BTreeSet::new();
    let (mut left, mut seen) = (Vec::new(), BTreeSet::new());
    for customer in customers {
        left.push(facts.view.follow(*customer)?.unwrap_or(*customer));
    }
    while let Some(customer) = left.pop() {
        if seen.insert(customer) {
            ids.extend(facts.view.comments_on(customer)?);
            left.extend(facts.view.retired_into(customer)?);
        }
    }
    Ok(ids)
}

fn link(facts: Facts<'_>, id: DecisionId) -> Result<Link, DeskError> {
    let entry = facts.view.decision(id)?.ok_or_else(|| missing(format!("decision {id}")))?;
    let commit = facts.commit(entry.place.sequence)?;
    let decision = commit.events.iter().find_map(|event| match event {
        Event::DecisionMade(made) if made.decision.id == id => Some(made.decision.clone()),
        _ => None,
    });
    Ok(Link {
        sequence: commit.sequence,
        at: commit.at,
        actor: commit.actor,
        decision,
        events: Vec::new(),
    })
}

/// The customers that a decision comments on; none where it is no comment.
pub(crate) fn commented(decision: &Decision) -> impl Iterator<Item = CustomerId> {
    let is_comment = decision.verdict == Verdict::Comment;
    let subjects = if is_comment { &decision.subjects[..] } else { &[] };
    subjects.iter().filter_map(|subject| match subject {
        Subject::Customer(customer) => Some(*customer),
        _ => None,
    })
}

/// The customers that a decision by that id commented on, which was withdrawn or said again.
///
/// # Errors
/// When the store or the ledger is damaged.
pub(crate) fn withdrawn(facts: Facts<'_>, id: DecisionId) -> Result<Vec<CustomerId>, DeskError> {
    let entry = facts.view.decision(id)?;
    if entry.is_none_or(|entry| entry.verdict != Verdict::Comment) {
        return Ok(Vec::new());
    }
    Ok(link(facts, id)?.decision.iter().flat_map(commented).collect())
}
