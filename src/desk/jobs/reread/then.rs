//! The settings under which a record was last read.

use std::sync::Arc;

use crate::error::DeskError;
use crate::facts::{Facts, missing};
use crate::past::Past;
use crate::standing::{Chain, Imports};
use domain::event::RecordRevised;
use domain::{Event, ImportId, Sequence};
use settings::Settings;

/// Settings as they were adopted, the latest first, as far back as was asked.
#[derive(Default)]
pub(super) struct Then {
    adopted: Vec<Adopted>,
    imports: Option<Imports>,
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
        // What took a reread back put values back that were read before it.
        let at = match held.reread {
            Some(reread) => self.origin(facts, (at, reread), held)?,
            None => at,
        };
        self.adopted_at(facts, at)
    }

    fn origin(
        &mut self,
        facts: Facts<'_>,
        (at, reread): (Sequence, ImportId),
        held: &RecordRevised,
    ) -> Result<Sequence, DeskError> {
        let imports = match &self.imports {
            Some(known) => known,
            None => self.imports.insert(Imports::of(facts)?),
        };
        if imports.undone_by(reread).is_none() {
            return Ok(at);
        }
        let chain = Chain::of(&Past::after(facts, Sequence::ZERO), held.record)?;
        let own = chain.numbered(held.revision);
        let of = own.map(|own| chain.origin(own, imports).place.sequence);
        Ok(of.unwrap_or(at))
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
