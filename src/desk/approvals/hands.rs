//! Who has had a hand in what waits for an approval: whoever proposed it, and whoever proposed it again by undoing
//! that it was undone. And who may undo what was said to it.

use std::sync::Arc;

use nix::unistd::{Uid, User};

use crate::commands::does_not_apply;
use crate::core::Desk;
use crate::error::{Decided, DeskError};
use crate::facts::Facts;
use crate::turned::Turned;
use domain::{Actor, Author, Decision, DecisionId, Sequence, Task, Verdict};

impl Desk {
    /// The same people by all that they were ever called, as the settings of then and since say.
    pub(super) fn known_as(&self, authors: Vec<Author>) -> Decided<Vec<Author>> {
        Ok(govern::connected(authors, &self.everybody_named()?))
    }

    /// Everybody whom any settings name that were ever adopted: see [`Facts::everybody_named`].
    pub(crate) fn everybody_named(&self) -> Result<Arc<Vec<Author>>, DeskError> {
        self.facts().everybody_named()
    }

    /// Refuses to undo or redo an approval or a rejection to whoever could not give it. A proposal may also be undone
    /// by whoever made it.
    pub(crate) fn must_turn(&self, decision: Option<&Decision>) -> Decided<()> {
        let Some(undo) = decision.filter(|made| made.verdict == Verdict::Undo) else {
            return Ok(());
        };
        let facts = self.facts();
        let turned = Turned::by(facts.view, undo.reverses.iter().copied())?;
        for id in turned.down.iter().chain(&turned.up) {
            let Some(entry) = facts.view.decision(*id)? else { continue };
            match entry.verdict {
                Verdict::Approve | Verdict::Reject => {
                    let task = entry.task.map(|task| facts.view.task(task)).transpose()?.flatten();
                    if let Some(task) = task {
                        self.must_approve(&task.task)?;
                    }
                }
                Verdict::Propose if turned.down.contains(id) => self.must_withdraw(*id)?,
                _ => {}
            }
        }
        Ok(())
    }

    fn must_withdraw(&self, proposed: DecisionId) -> Decided<()> {
        let facts = self.facts();
        let Some(proposal) = facts.decision(proposed)?.proposal else { return Ok(()) };
        let Some(entry) = facts.view.task(proposal.task)? else { return Ok(()) };
        let own = govern::author(&self.settings, &self.acting);
        let is_own =
            |sought: govern::Sought<'_>| sought.authors.iter().any(|it| it.is_same_as(&own));
        if self.sought(&entry.task, is_own)? || self.not_theirs_to_approve(&entry.task)?.is_none() {
            return Ok(());
        }
        Err(does_not_apply(format!(
            "{proposed} is a proposal: only whoever proposed it, or may approve it, can undo it"
        )))
    }
}

impl Facts<'_> {
    /// Everybody whom any settings name that were ever adopted. Settings that this version does not read any more
    /// name nobody.
    ///
    /// # Errors
    /// When the store or the ledger is damaged.
    pub(crate) fn everybody_named(&self) -> Result<Arc<Vec<Author>>, DeskError> {
        let newest = self.view.counters()?.settings.map(|place| place.sequence);
        let newest = newest.unwrap_or(Sequence::ZERO);
        if let Some(known) = self.caches.named_until(newest) {
            return Ok(known);
        }
        let mut texts = Vec::new();
        self.each_adoption(|adopted, _, _, _| {
            texts.push(adopted.text);
            true
        })?;
        let mut all: Vec<Author> = Vec::new();
        for settings in texts.iter().filter_map(|text| settings::parse(text).ok()) {
            for author in govern::named(&settings) {
                // Settings say a user by name or by number.
                let other = author.unix.as_deref().and_then(said_otherwise);
                let other = other.map(|unix| Author { unix: Some(unix), ..author.clone() });
                for author in std::iter::once(author).chain(other) {
                    if !all.contains(&author) {
                        all.push(author);
                    }
                }
            }
        }
        let all = Arc::new(all);
        self.caches.note_named(newest, &all);
        Ok(all)
    }
}

/// Whoever had a hand in a decision that a task asks to approve: those whom it names, and those who brought it
/// back since.
///
/// # Errors
/// When the store or the ledger is damaged.
pub(super) fn hands_in(
    facts: Facts<'_>,
    task: &Task,
    decision: &Decision,
) -> Result<Vec<Author>, DeskError> {
    let mut authors = match (&decision.proposal, &decision.broken_glass) {
        (Some(proposal), _) => proposal.authors.clone(),
        (None, Some(glass)) => glass.authors.clone(),
        (None, None) => Vec::new(),
    };
    for (undo, actor) in undos_of(facts, task, decision)? {
        let turned = Turned::by(facts.view, undo)?;
        if turned.up.contains(&decision.id) {
            let own = govern::author_then(facts.settings, &actor);
            if !authors.contains(&own) {
                authors.push(own);
            }
        }
    }
    Ok(authors)
}

/// What each undo took back that may have brought a decision back, with whoever made it. A proposal that comes back
/// changes its task; a decision that did not wait leaves the task that asks for its review as it is.
fn undos_of(
    facts: Facts<'_>,
    task: &Task,
    decision: &Decision,
) -> Result<Vec<(Vec<DecisionId>, Actor)>, DeskError> {
    let mut found = Vec::new();
    if decision.broken_glass.is_none() {
        for link in facts.task_chain(task.id)? {
            if let Some(undo) = link.decision.filter(|made| made.verdict == Verdict::Undo) {
                found.push((undo.reverses, link.actor));
            }
        }
        return Ok(found);
    }
    for number in decision.id.0 + 1..=facts.view.counters()?.decisions {
        let entry = facts.view.decision(DecisionId(number))?;
        if let Some(undo) = entry.filter(|entry| entry.verdict == Verdict::Undo) {
            let actor = facts.commit_where(undo.place.sequence, |_, _| false)?.actor;
            found.push((undo.reverses, actor));
        }
    }
    Ok(found)
}

/// The number of a Unix user of that name, or the name of one of that number, if this machine knows it.
fn said_otherwise(unix: &str) -> Option<String> {
    match unix.parse() {
        Ok(number) => User::from_uid(Uid::from_raw(number)).ok().flatten().map(|user| user.name),
        Err(_) => User::from_name(unix).ok().flatten().map(|user| user.uid.to_string()),
    }
}
