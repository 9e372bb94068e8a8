//! A request or a draft as it would come out, nothing written: decided, enforced, with its
//! consequences, folded over the store.

use super::approvals::{Planned, decision_of};
use super::core::{Desk, Foreseen};
use super::draft::Draft;
use super::error::{Decided, DeskError, Stop};
use super::facts::Facts;
use super::{commands, consequences, derived, enforce, redirects};
use domain::{Commit, CustomerId, Event, RuleId};
use door::{Action, Request};
use store::{Overlay, fold_from};

impl Desk {
    /// What a plan commits: what it comes to, or the proposal of that.
    pub(super) fn to_commit(&self, request: &Request, planned: Planned) -> Decided<Foreseen> {
        match planned.needs {
            Some(needed) if !planned.breaks_glass => {
                self.proposed(request, &planned.outcome, needed)
            }
            _ => Ok(planned.outcome),
        }
    }

    /// What a request comes to, and who has to approve it: every verdict is judged here, whichever way it came.
    /// Whatever the rules say that are left `unjudged`: for a dry run, never for a commit.
    pub(super) fn planned(&self, request: &Request, unjudged: &[RuleId]) -> Decided<Planned> {
        match &request.action {
            Action::Approve { expect } => {
                return self.answered_approval(request, expect.as_deref());
            }
            Action::Reject => {
                if let Some(task) = commands::seen_task(self.facts(), request)? {
                    self.must_approve(&task)?;
                }
            }
            _ => {}
        }
        self.must_not_judge_own(request)?;
        let outcome = self.outcome_of(request, unjudged, &|_| Ok(()))?;
        self.must_turn(decision_of(&outcome.commit))?;
        let needs = self.needed_approval(request, &outcome)?;
        let (Some(needed), Some(reason)) = (&needs, &request.break_glass) else {
            return Ok(Planned { outcome, needs, breaks_glass: false });
        };
        let customers = self.customers_in(&outcome)?;
        let outcome = self.outcome_of(request, unjudged, &|draft| {
            self.break_glass(draft, needed, reason, &customers)
        })?;
        Ok(Planned { outcome, needs, breaks_glass: true })
    }

    /// What a request comes to, with what is added to its draft.
    pub(super) fn outcome_of(
        &self,
        request: &Request,
        unjudged: &[RuleId],
        add: &dyn Fn(&mut Draft<'_>) -> Decided<()>,
    ) -> Decided<Foreseen> {
        self.must_not_be_held(request)?;
        if let Some(task) = request.task {
            self.must_be_asked(task)?;
        }
        self.may_answer(request)?;
        match (request.task, &request.action) {
            (None, _) => self.withheld()?.request(&request.action)?,
            (Some(_), Action::Comment { .. }) => self.withheld()?.comment(request)?,
            (Some(task), _) => self.withheld()?.must_tell_of(task)?,
        }
        let mut draft = match commands::decide(self.facts(), request) {
            Err(Stop::Refused(refusal)) => {
                return Err(self.withheld()?.refusal(request, refusal).into());
            }
            decided => decided?,
        };
        add(&mut draft)?;
        redirects::settle(&mut draft)?;
        let first = self.fold_draft(&draft)?;
        self.with_foreseen(&first, |after| enforce::check(&mut draft, after, request, unjudged))?;
        // Waivers may have been added, so that it must be folded again.
        let enforced = self.fold_draft(&draft)?;
        let customers = draft.touched_customers();
        self.with_foreseen(&enforced, |after| {
            Ok(consequences::plan(&mut draft, after, &customers)?)
        })?;
        let foreseen = self.fold_draft(&draft)?;
        self.must_touch_nothing_held(request, &foreseen)?;
        Ok(foreseen)
    }

    /// A draft folded over the present store, with what derives from it.
    pub(super) fn fold_draft(&self, draft: &Draft<'_>) -> Result<Foreseen, DeskError> {
        let sequence = self.reader.head().map(|head| head.sequence).unwrap_or_default().next();
        let commit = Commit {
            sequence,
            at: self.now(),
            actor: self.acting.actor(),
            events: draft.events()?,
        };
        let mut overlay = Overlay::over(&self.trees);
        fold_from(&mut overlay, &commit, 0, &self.fingerprinter)?;
        let values = {
            let facts = Facts { pending: Some(&commit), ..self.facts_over(&overlay) };
            derived::of_commit(facts, &commit)?
        };
        derived::remember(self.facts(), &values)?;
        derived::write(&mut overlay, &self.caches, &self.settings, values)?;
        Ok(Foreseen { commit, changes: overlay.into_changes() })
    }

    /// Reads the world as it will be.
    pub(super) fn with_foreseen<T>(
        &self,
        foreseen: &Foreseen,
        read: impl FnOnce(Facts<'_>) -> Decided<T>,
    ) -> Decided<T> {
        let overlay = Overlay::resume(&self.trees, foreseen.changes.clone());
        read(Facts { pending: Some(&foreseen.commit), ..self.facts_over(&overlay) })
    }

    /// A draft that no request stands behind, with its consequences for `customers`, folded.
    pub(super) fn foresee_draft(
        &self,
        mut draft: Draft<'_>,
        customers: &[CustomerId],
    ) -> Result<Foreseen, DeskError> {
        redirects::settle(&mut draft)?;
        let Foreseen { commit, changes } = self.fold_draft(&draft)?;
        let overlay = Overlay::resume(&self.trees, changes);
        let after = Facts { pending: Some(&commit), ..self.facts_over(&overlay) };
        consequences::plan(&mut draft, after, customers)?;
        if draft.planned_tasks() > 0 {
            return self.fold_draft(&draft);
        }
        Ok(Foreseen { commit, changes: overlay.into_changes() })
    }

    /// The events of a draft with its consequences for `customers`.
    pub(super) fn with_consequences(
        &self,
        mut draft: Draft<'_>,
        customers: &[CustomerId],
    ) -> Result<Vec<Event>, DeskError> {
        if !draft.is_empty() || !customers.is_empty() {
            redirects::settle(&mut draft)?;
            let foreseen = self.fold_draft(&draft)?;
            let overlay = Overlay::resume(&self.trees, foreseen.changes);
            let after = Facts { pending: Some(&foreseen.commit), ..self.facts_over(&overlay) };
            consequences::plan(&mut draft, after, customers)?;
        }
        draft.events()
    }
}
