//! Which imports stand, and by which policy each was judged.

use std::cell::OnceCell;
use std::collections::BTreeMap;

use crate::error::DeskError;
use crate::facts::{Facts, missing};
use domain::{Event, ImportId, Sequence};
use settings::OverlayPolicy;
use store::ImportEntry;

/// Which imports took which back.
pub(crate) struct Imports {
    undoes: BTreeMap<ImportId, ImportId>,
    /// One that is being taken back.
    without: Option<ImportId>,
    /// What was done with deliveries that make somebody else of a record, since each commit: read once somebody asks.
    policies: OnceCell<Vec<(Sequence, OverlayPolicy)>>,
}

impl Imports {
    /// As they stand.
    ///
    /// # Errors
    /// When the store or the ledger is damaged.
    pub(crate) fn of(facts: Facts<'_>) -> Result<Imports, DeskError> {
        let mut undoes = BTreeMap::new();
        for (import, entry) in facts.view.imports()? {
            undoes.extend(taken_back(facts, import, &entry)?.map(|undone| (import, undone)));
        }
        Ok(Imports { undoes, without: None, policies: OnceCell::new() })
    }

    /// As they stood before an undo of one of them that is under way; as they are where none is.
    pub(crate) fn before(mut self, undo: Option<ImportId>) -> Imports {
        if let Some(undo) = undo {
            self.undoes.remove(&undo);
        }
        self
    }

    /// As they stand once an import is taken back.
    pub(crate) fn without(&self, import: ImportId) -> Imports {
        let policies = self.policies.clone();
        Imports { undoes: self.undoes.clone(), without: Some(import), policies }
    }

    /// Whether an import stands.
    pub(crate) fn stands(&self, import: ImportId) -> bool {
        let undone = || {
            let mut undoes = self.undoes.iter().filter(|(_, undone)| **undone == import);
            undoes.any(|(undo, _)| self.stands(*undo))
        };
        self.without != Some(import) && !undone()
    }

    /// The import that an import took back; none where a file came, or what is held was read again.
    pub(crate) fn undone_by(&self, import: ImportId) -> Option<ImportId> {
        self.undoes.get(&import).copied()
    }

    /// What was done, when a commit was made, with deliveries that make somebody else of a record.
    ///
    /// # Errors
    /// When the store or the ledger is damaged.
    pub(super) fn policy_at(
        &self,
        facts: Facts<'_>,
        commit: Sequence,
    ) -> Result<OverlayPolicy, DeskError> {
        let policies = match self.policies.get() {
            Some(known) => known,
            None => {
                let read = policies(facts)?;
                self.policies.get_or_init(|| read)
            }
        };
        let then = policies.iter().find(|(since, _)| *since <= commit).or(policies.last());
        Ok(then.map_or(facts.settings.policy.overlay, |(_, policy)| *policy))
    }
}

/// The policies that were adopted, the latest first.
fn policies(facts: Facts<'_>) -> Result<Vec<(Sequence, OverlayPolicy)>, DeskError> {
    let mut found = Vec::new();
    let mut next = facts.view.counters()?.settings.map(|place| place.sequence);
    while let Some(since) = next {
        let commit = facts.commit(since)?;
        let adopted = commit.events.iter().rev().find_map(|event| match event {
            Event::SettingsAdopted(adopted) => Some(adopted),
            _ => None,
        });
        let adopted = adopted.ok_or_else(|| missing("the adopted settings"))?;
        // Settings that this version does not read any more say nothing; today's do.
        let read = settings::parse(&adopted.text).ok();
        let policy = read.map_or(facts.settings.policy.overlay, |read| read.policy.overlay);
        found.push((since, policy));
        // Never forward, whatever a damaged ledger says.
        next = adopted.previous.filter(|previous| *previous < since);
    }
    Ok(found)
}

/// The import that an import took back; none where a file came, or what is held was read again.
///
/// # Errors
/// When the store or the ledger is damaged.
pub(crate) fn undone_by(facts: Facts<'_>, import: ImportId) -> Result<Option<ImportId>, DeskError> {
    let entry = facts.view.import(import)?;
    entry.map_or(Ok(None), |entry| taken_back(facts, import, &entry))
}

fn taken_back(
    facts: Facts<'_>,
    import: ImportId,
    entry: &ImportEntry,
) -> Result<Option<ImportId>, DeskError> {
    let Event::ImportStarted(started) = facts.event(entry.started)? else { return Ok(None) };
    let undone = started.reread.and_then(|reread| reread.undoes);
    // Never forward, whatever a damaged ledger says.
    Ok(undone.filter(|undone| *undone < import))
}
