//! What became of a record by the imports and decisions that stand: all that was delivered of it is gone through, from
//! the first revision on.

use super::chain::{Chain, Delivered, Step};
use super::{Decisions, Imports};
use crate::error::DeskError;
use crate::facts::Facts;
use crate::overlays::differs;
use domain::event::{Cause, RecordChanged};
use domain::{DecisionId, Overlaid, RecordState, Reused, Verdict};
use matching::{is_named_alike, names_somebody};
use settings::OverlayPolicy;

/// What is to be of a record.
#[derive(Default)]
pub(crate) struct Stands {
    /// What is delivered of it; none where no import stands that delivered it.
    pub(crate) latest: Option<Delivered>,
    /// The last revision of which nobody doubts whose it is.
    pub(crate) base: Option<Delivered>,
    /// The last of those that names somebody.
    pub(crate) named: Option<Delivered>,
    /// Whether what is delivered was held back when it came, and nothing stands that nobody doubted: then it is in force
    /// only because nothing else is.
    pub(crate) is_doubted: bool,
    /// Whether what is delivered is of somebody else.
    pub(crate) overlaid: Option<Overlaid>,
    /// Since when it is of whoever it is now.
    pub(crate) reused: Option<Reused>,
    /// The decisions that stand though what they decided about is not delivered.
    pub(crate) moot: Vec<DecisionId>,
}

impl Stands {
    /// What a delivery is judged against: the last revision that nobody doubted, or where that names nobody, as systems
    /// blank a record before its key is given out again, the last one that did.
    pub(crate) fn judged_against(&self, facts: Facts<'_>) -> Option<&Delivered> {
        let base = self.base.as_ref()?;
        if names_somebody(facts.settings, &base.revised.body.values) {
            return Some(base);
        }
        Some(self.named.as_ref().unwrap_or(base))
    }
}

/// What is to be by those that stand.
pub(super) fn of(
    chain: &Chain,
    facts: Facts<'_>,
    imports: &Imports,
    decisions: &Decisions<'_>,
) -> Result<Stands, DeskError> {
    let mut replay = Replay {
        chain,
        facts,
        imports,
        then: RecordState::default(),
        delivered: None,
        stands: Stands::default(),
    };
    for step in &chain.steps {
        replay.take(step, decisions)?;
    }
    Ok(replay.stands)
}

struct Replay<'a> {
    chain: &'a Chain,
    facts: Facts<'a>,
    imports: &'a Imports,
    /// What lay over the record at the time.
    then: RecordState,
    /// What had been delivered last at the time.
    delivered: Option<Delivered>,
    stands: Stands,
}

/// How a delivery was judged when it came.
struct Judged {
    /// Against which revision.
    against: Option<Delivered>,
    is_another: bool,
    /// Whether it was held back.
    is_held: bool,
}

impl Replay<'_> {
    fn take(&mut self, step: &Step, decisions: &Decisions<'_>) -> Result<(), DeskError> {
        let after = step.changed.as_ref().map_or(&self.then, |changed| &changed.after).clone();
        let judged = self.judged(step, &after);
        for (at, revised) in step.revised.iter().enumerate() {
            let by = revised.by();
            if !self.imports.stands(by) || self.imports.undone_by(by).is_some() {
                continue;
            }
            let is_last = at + 1 == step.revised.len();
            if !is_last && after.overlaid.is_some_and(|it| it.former == revised.at()) {
                self.read_again(revised);
            } else {
                self.delivered(revised, &judged)?;
            }
        }
        if let Some(changed) = &step.changed
            && let Cause::Decision(by) = changed.cause
            && decisions(by)?.is_some_and(|verdict| verdict != Verdict::Undo)
        {
            self.decided(by, changed);
        }
        self.then = after;
        if let Some(last) = step.revised.last() {
            self.delivered = Some(last.clone());
        }
        Ok(())
    }

    /// How what a commit delivered was judged: what it says of the record afterwards tells.
    fn judged(&self, step: &Step, after: &RecordState) -> Judged {
        let former = after.overlaid.or(self.then.overlaid).map(|overlaid| overlaid.former);
        let against = match former {
            Some(former) => self.chain.at(former).cloned(),
            None => self.delivered.clone(),
        };
        let is_another = after.overlaid.is_some() && !step.revised.is_empty();
        let against = against.map(|it| self.chain.origin(&it, self.imports).clone());
        let is_held = is_another && after.overlaid.is_some_and(|overlaid| overlaid.held);
        Judged { against, is_another, is_held }
    }

    /// What is in force was read again, while something else is delivered.
    fn read_again(&mut self, revised: &Delivered) {
        let is_base = |base: &Delivered| base.revised.import == revised.revised.import;
        if !self.stands.base.as_ref().is_some_and(is_base) {
            return;
        }
        if let Some(overlaid) = &mut self.stands.overlaid {
            overlaid.former = revised.at();
        }
        self.trust(revised.clone());
    }

    /// Nobody doubts whose a revision is.
    fn trust(&mut self, revised: Delivered) {
        if names_somebody(self.facts.settings, &revised.revised.body.values) {
            self.stands.named = Some(revised.clone());
        }
        self.stands.is_doubted = false;
        self.stands.base = Some(revised);
    }

    /// A revision came.
    fn delivered(&mut self, revised: &Delivered, judged: &Judged) -> Result<(), DeskError> {
        let before = self.stands.latest.replace(revised.clone());
        let Some(base) = self.stands.base.clone() else {
            match judged.is_held {
                true => self.stands.is_doubted = true,
                false => self.trust(revised.clone()),
            }
            return Ok(());
        };
        let is_reread = revised.revised.reread.is_some();
        let policy = match (is_reread, self.stands.overlaid) {
            // Nothing was delivered: what was not held back is not, and what was is judged by the rules it came under.
            (true, None) => OverlayPolicy::Off,
            (true, Some(layer)) if layer.decision.is_none() && !layer.held => OverlayPolicy::Ask,
            (true, Some(_)) => OverlayPolicy::Hold,
            (false, _) => self.imports.policy_at(self.facts, revised.place.sequence)?,
        };
        let is_another = policy != OverlayPolicy::Off && self.is_another(revised, judged)?;
        if !is_another {
            self.stands.overlaid = None;
            self.trust(revised.clone());
            return Ok(());
        }
        let is_known = |before: &Delivered| {
            is_reread && before.revised.import == revised.revised.import
                || is_named_alike(
                    self.facts.settings,
                    &before.revised.body.values,
                    &revised.revised.body.values,
                )
        };
        let known = self.stands.overlaid.filter(|_| before.as_ref().is_some_and(is_known));
        let decision = known.and_then(|known| known.decision);
        let held = policy == OverlayPolicy::Hold || decision.is_some();
        let import = known.map_or(revised.revised.import, |known| known.import);
        self.stands.overlaid = Some(Overlaid { former: base.at(), import, held, decision });
        Ok(())
    }

    /// Whether a revision makes somebody else of the record: as it was judged when it came, where that was by the same,
    /// else by what stands now.
    fn is_another(&self, revised: &Delivered, judged: &Judged) -> Result<bool, DeskError> {
        let base = self.stands.base.as_ref().map(|base| self.chain.origin(base, self.imports));
        if let (Some(base), Some(against)) = (base, &judged.against)
            && base.is(against)
        {
            return Ok(judged.is_another);
        }
        let Some(former) = self.stands.judged_against(self.facts) else { return Ok(false) };
        let (former, now) = (&former.revised.body.values, &revised.revised.body.values);
        Ok(differs(self.facts, &self.then, former, now)?.is_some())
    }

    /// Somebody decided whose it is.
    fn decided(&mut self, by: DecisionId, changed: &RecordChanged) {
        let (before, after) = (changed.before.overlaid, changed.after.overlaid);
        let ends = before.is_some() && after.is_none();
        if !ends && after.is_none_or(|after| after.decision != Some(by)) {
            return;
        }
        if let Some(reused) = changed.after.reused.filter(|reused| reused.decision == by) {
            self.stands.reused = Some(reused);
        }
        // What was decided about is what was delivered then, or says the same of who it is.
        let is_it = |(latest, then): (&Delivered, &Delivered)| {
            latest.is(self.chain.origin(then, self.imports))
                || is_named_alike(
                    self.facts.settings,
                    &latest.revised.body.values,
                    &then.revised.body.values,
                )
        };
        let delivered = self.stands.latest.as_ref().zip(self.delivered.as_ref());
        match &mut self.stands.overlaid {
            Some(layer) if delivered.is_some_and(is_it) => {
                if !ends {
                    (layer.held, layer.decision) = (true, Some(by));
                    return;
                }
                self.stands.overlaid = None;
                if let Some(latest) = self.stands.latest.clone() {
                    // Who the record was of before says nothing of who it is of now.
                    self.stands.named = None;
                    self.trust(latest);
                }
            }
            _ if ends => self.stands.moot.push(by),
            _ => {}
        }
    }
}
