//! The settings under which a record was last read.

use std::collections::HashMap;
use std::sync::Arc;

use crate::error::DeskError;
use crate::facts::{Facts, missing};
use crate::jobs::import::beginning::start_of;
use crate::past::Past;
use domain::event::RecordRevised;
use domain::{Event, ImportId, Sequence};
use settings::Settings;

/// Settings as they were adopted, the latest first, as far back as was asked.
#[derive(Default)]
pub(super) struct Then {
    adopted: Vec<Adopted>,
    /// Whether a reread took another one back.
    takes_back: HashMap<ImportId, bool>,
}

struct Adopted {
    by: Sequence,
    previous: Option<Sequence>,
    /// None where this version does not read them any more.
    settings: Option<Arc<Settings>>,
}

impl Then {
    /// The settings that the values of a revision were read by; none where this version does not read
    /// them any more.
    ///
    /// # Errors
    /// When store or ledger are damaged.
    pub(super) fn settings_of(
        &mut self,
        facts: Facts<'_>,
        at: Sequence,
        held: &RecordRevised,
    ) -> Result<Option<Arc<Settings>>, DeskError> {
        let (mut at, mut reread) = (at, held.reread);
        // What took a reread back put values back that were read before it.
        while let Some(import) = reread
            && self.takes_back(facts, import)?
        {
            let earlier = |at: Sequence| Past::after(facts, Sequence(at.0.saturating_sub(1)));
            let Some(undone) = earlier(at).record(held.record)? else { break };
            let Some(before) = earlier(undone.delivered).record(held.record)? else { break };
            (at, reread) = (before.delivered, before.revised.reread);
        }
        self.adopted_at(facts, at)
    }

    fn takes_back(&mut self, facts: Facts<'_>, import: ImportId) -> Result<bool, DeskError> {
        if let Some(known) = self.takes_back.get(&import) {
            return Ok(*known);
        }
        let entry = facts.view.import(import)?;
        let started = entry.map(|entry| start_of(facts, &entry)).transpose()?.flatten();
        let reread = started.and_then(|started| started.reread);
        let takes_back = reread.is_some_and(|reread| reread.undoes.is_some());
        self.takes_back.insert(import, takes_back);
        Ok(takes_back)
    }

    fn adopted_at(
        &mut self,
        facts: Facts<'_>,
        at: Sequence,
    ) -> Result<Option<Arc<Settings>>, DeskError> {
        loop {
            if let Some(found) = self.adopted.iter().find(|adopted| adopted.by <= at) {
                return Ok(found.settings.clone());
            }
            let next = match self.adopted.last() {
                Some(last) => last.previous,
                None => facts.view.counters()?.settings.map(|place| place.sequence),
            };
            let Some(by) = next else { return Ok(None) };
            let commit = facts.commit(by)?;
            let adopted = commit.events.iter().rev().find_map(|event| match event {
                Event::SettingsAdopted(adopted) => Some(adopted),
                _ => None,
            });
            let adopted = adopted.ok_or_else(|| missing("the adopted settings"))?;
            let settings = settings::parse(&adopted.text).ok().map(Arc::new);
            // Never forward, whatever a damaged ledger says.
            let previous = adopted.previous.filter(|previous| *previous < by);
            self.adopted.push(Adopted { by, previous, settings });
        }
    }
}
