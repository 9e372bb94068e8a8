//! Walking back: the commits that touched one thing, latest first, without a fold.

use jiff::Timestamp;
use memchr::memmem::Finder;

use super::error::DeskError;
use super::facts::Facts;
use domain::{
    Actor, Commit, CustomerId, Decision, Event, RecordId, Sequence, Task, TaskId, TaskKind,
};

/// One commit that touched a thing.
#[derive(Debug, Clone)]
pub struct Link {
    /// The commit.
    pub sequence: Sequence,
    /// When.
    pub at: Timestamp,
    /// Who.
    pub actor: Actor,
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
        let (at, actor) = self.made(sequence)?;
        Ok((at, actor.person))
    }

    /// As [`Facts::byline`], and how they came.
    ///
    /// # Errors
    /// When the ledger is damaged there.
    pub fn made(&self, sequence: Sequence) -> Result<(Timestamp, Actor), DeskError> {
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

    /// The commits that touched a record: revisions, corrections, waivers. With them stand the
    /// challenges that came or went with a delivery.
    ///
    /// # Errors
    /// When the store or the ledger is damaged.
    pub fn record_chain(&self, record: RecordId) -> Result<Vec<Link>, DeskError> {
        let from = self.view.record_version(record)?;
        let customer = self.view.customer_of(record)?;
        let about = |event: &Event| match event {
            Event::RecordRevised(revised) if revised.record == record => Some(revised.previous),
            Event::RecordChanged(changed) if changed.record == record => {
                Some(Some(changed.previous))
            }
            _ => None,
        };
        let challenges_it = |task: &Task| {
            let is_about =
                task.record.map_or(task.customers.contains(&customer), |it| it == record);
            task.kind == TaskKind::Challenge && is_about
        };
        let beside = |event: &Event| match event {
            Event::TaskChanged(changed) => challenges_it(&changed.after),
            _ => false,
        };
        let mention = Finder::new(r#""kind":"challenge""#);
        let also = |json: &[u8]| mention.find(json).is_some();
        self.walk(from, &format!("\"record\":{}", record.0), about, (beside, also))
    }

    /// The commits that touched a customer itself: members, pins, decisions about it.
    ///
    /// # Errors
    /// When the store or the ledger is damaged.
    pub fn customer_chain(&self, customer: CustomerId) -> Result<Vec<Link>, DeskError> {
        let Some(from) = self.view.customer_touched(customer)? else { return Ok(Vec::new()) };
        let about = |event: &Event| match event {
            Event::CustomerChanged(changed) if changed.customer == customer => {
                Some(changed.previous)
            }
            Event::PersonErased(erased) if erased.customer == customer => Some(erased.previous),
            _ => None,
        };
        self.walk(from, &quoted(customer), about, NOTHING)
    }

    /// The commits that touched a task.
    ///
    /// # Errors
    /// When the store or the ledger is damaged.
    pub fn task_chain(&self, task: TaskId) -> Result<Vec<Link>, DeskError> {
        let Some(entry) = self.view.task(task)? else { return Ok(Vec::new()) };
        let about = |event: &Event| match event {
            Event::TaskChanged(changed) if changed.task == task => Some(changed.previous),
            _ => None,
        };
        self.walk(entry.version, &quoted(task), about, NOTHING)
    }

    /// Follows `previous` from commit to commit; `about` answers `Some` for events of the thing,
    /// whose stored JSON holds `mention`. A commit of an import has hundreds of others, which are
    /// not parsed. `beside` are events that belong to such a commit though they lead nowhere, and
    /// whether some JSON may be one.
    fn walk(
        &self,
        from: Sequence,
        mention: &str,
        about: impl Fn(&Event) -> Option<Option<Sequence>>,
        (beside, may_be_beside): (impl Fn(&Event) -> bool, impl Fn(&[u8]) -> bool),
    ) -> Result<Vec<Link>, DeskError> {
        let mention = Finder::new(mention);
        let wanted = |kind: &str, json: &[u8]| {
            kind == Event::DECISION_MADE || mention.find(json).is_some() || may_be_beside(json)
        };
        let mut links = Vec::new();
        let mut next = Some(from);
        while let Some(sequence) = next {
            let commit = self.commit_where(sequence, wanted)?;
            next = None;
            let (mut events, mut others) = (Vec::new(), Vec::new());
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
                } else if beside(&event) {
                    others.push(event);
                }
            }
            events.extend(others);
            links.push(Link { sequence, at: commit.at, actor: commit.actor, decision, events });
        }
        Ok(links)
    }
}

/// Which events stand beside those of a chain, and whether some JSON may be one.
type Beside = (fn(&Event) -> bool, fn(&[u8]) -> bool);

/// Nothing does.
const NOTHING: Beside = (|_| false, |_| false);

/// An id as it stands in JSON.
fn quoted(id: impl std::fmt::Display) -> String {
    format!("\"{id}\"")
}
