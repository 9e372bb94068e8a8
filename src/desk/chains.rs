//! Walking back: the commits that touched one thing, latest first, without a fold.

use jiff::Timestamp;
use memchr::memmem::Finder;

use super::error::DeskError;
use super::facts::Facts;
use crate::domain::{Commit, CustomerId, Decision, Event, RecordId, Sequence, TaskId};

/// One commit that touched a thing.
#[derive(Debug, Clone)]
pub struct Link {
    /// The commit.
    pub sequence: Sequence,
    /// When.
    pub at: Timestamp,
    /// Who.
    pub actor: String,
    /// The decision it records, if it is one.
    pub decision: Option<Decision>,
    /// Its events about the thing.
    pub events: Vec<Event>,
}

impl Facts<'_> {
    /// A commit, whole.
    ///
    /// # Errors
    /// When the ledger is damaged there.
    pub fn commit(&self, sequence: Sequence) -> Result<Commit, DeskError> {
        self.commit_where(sequence, |_, _| true)
    }

    /// When and by whom a commit was made; none of its events is parsed.
    ///
    /// # Errors
    /// When the ledger is damaged there.
    pub fn byline(&self, sequence: Sequence) -> Result<(Timestamp, String), DeskError> {
        let commit = self.commit_where(sequence, |_, _| false)?;
        Ok((commit.at, commit.actor))
    }

    /// A commit with those of its events that are wanted, by kind and by what they say.
    ///
    /// # Errors
    /// When the ledger is damaged there.
    pub fn commit_where(
        &self,
        sequence: Sequence,
        wanted: impl Fn(&str, &[u8]) -> bool,
    ) -> Result<Commit, DeskError> {
        match self.pending {
            Some(pending) if pending.sequence == sequence => Ok(pending.clone()),
            _ => Ok(self.ledger.commit_where(sequence, wanted)?),
        }
    }

    /// The commits that touched a record: revisions, corrections, waivers.
    ///
    /// # Errors
    /// When the store or the ledger is damaged.
    pub fn record_chain(&self, record: RecordId) -> Result<Vec<Link>, DeskError> {
        let from = self.view.record_version(record)?;
        self.walk(from, &format!("\"record\":{}", record.0), |event| match event {
            Event::RecordRevised(revised) if revised.record == record => Some(revised.previous),
            Event::RecordChanged(changed) if changed.record == record => {
                Some(Some(changed.previous))
            }
            _ => None,
        })
    }

    /// The commits that touched a customer itself: members, pins, decisions about it.
    ///
    /// # Errors
    /// When the store or the ledger is damaged.
    pub fn customer_chain(&self, customer: CustomerId) -> Result<Vec<Link>, DeskError> {
        let Some(from) = self.view.customer_touched(customer)? else { return Ok(Vec::new()) };
        self.walk(from, &quoted(customer), |event| match event {
            Event::CustomerChanged(changed) if changed.customer == customer => {
                Some(changed.previous)
            }
            Event::PersonErased(erased) if erased.customer == customer => Some(erased.previous),
            _ => None,
        })
    }

    /// The commits that touched a task.
    ///
    /// # Errors
    /// When the store or the ledger is damaged.
    pub fn task_chain(&self, task: TaskId) -> Result<Vec<Link>, DeskError> {
        let Some(entry) = self.view.task(task)? else { return Ok(Vec::new()) };
        self.walk(entry.version, &quoted(task), |event| match event {
            Event::TaskChanged(changed) if changed.task == task => Some(changed.previous),
            _ => None,
        })
    }

    /// Follows `previous` from commit to commit; `about` answers `Some` for events of the thing,
    /// whose stored JSON holds `mention`. A commit of an import has hundreds of others, which are
    /// not parsed.
    fn walk(
        &self,
        from: Sequence,
        mention: &str,
        about: impl Fn(&Event) -> Option<Option<Sequence>>,
    ) -> Result<Vec<Link>, DeskError> {
        let mention = Finder::new(mention);
        let wanted =
            |kind: &str, json: &[u8]| kind == Event::DECISION_MADE || mention.find(json).is_some();
        let mut links = Vec::new();
        let mut next = Some(from);
        while let Some(sequence) = next {
            let commit = self.commit_where(sequence, wanted)?;
            next = None;
            let mut events = Vec::new();
            let mut decision = None;
            for event in commit.events {
                if let Event::DecisionMade(made) = &event {
                    decision = Some(made.decision.clone());
                }
                if let Some(previous) = about(&event) {
                    // Within one commit the chain goes on from its first event about the thing.
                    let earlier = previous.filter(|previous| *previous < sequence);
                    next = if events.is_empty() { earlier } else { next };
                    events.push(event);
                }
            }
            links.push(Link { sequence, at: commit.at, actor: commit.actor, decision, events });
        }
        Ok(links)
    }
}

/// An id as it stands in JSON.
fn quoted(id: impl std::fmt::Display) -> String {
    format!("\"{id}\"")
}
