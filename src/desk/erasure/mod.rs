//! Erasing a person for good: what the workspace holds on them goes, the fact stays.
//!
//! Lives here: finding what is personal ([`person`], [`trail`], [`quarantine`],
//! [`activities`], [`models`]), what
//! is read in its place ([`scrub`]), copies that left the workspace ([`copies`]), completing an
//! erasure ([`mod@complete`]), and telling people that something was erased ([`told`]).
//!
//! Does not live here: how bytes leave the ledger (`ledger/redact.rs`), what the store makes of it
//! (`store/fold/erasure.rs`).
//!
//! The way of an erasure: everything is planned from the present facts; one commit lists it and is
//! durable; the workspace is opened again in place, and *opening* completes it, as it completes one
//! that was interrupted. So there is one way through, and every run takes it.
//!
//! Start with [`Desk::erase`].

mod activities;
pub(super) mod complete;
mod copies;
mod models;
mod person;
mod plan;
mod quarantine;
mod scrub;
mod told;
mod trail;

use std::collections::BTreeSet;

use person::Person;

use super::core::Desk;
use super::error::{Decided, DeskError};
use super::facts::Facts;
use super::raise::Wanted;
use super::replay::ReplayProgress;
use super::requests::{self, must_be_ready};
use domain::event::PersonErased;
use domain::{CustomerId, MissingStep, ReasonCode, RequestKind, Sequence, TaskId};
use door::Refusal;
use door::operations::ErasureRequest;
use door::views::{Erased, ErasureReach};

/// Where the quarantined rows stand that an erasure of a customer would take.
///
/// # Errors
/// When the store or the ledger is damaged.
pub(crate) fn quarantined_rows(
    facts: Facts<'_>,
    customer: CustomerId,
) -> Result<BTreeSet<(Sequence, u32)>, DeskError> {
    let person = Person::of_customer(facts, customer)?;
    let trail = trail::Trail::of(facts, &person)?;
    Ok(quarantine::rows_of(facts, &person, &trail)?.into_keys().collect())
}

/// Why somebody is erased.
struct Why<'w> {
    reason: &'w ReasonCode,
    note: Option<&'w str>,
    request: Option<TaskId>,
}

impl Desk {
    /// What an erasure would reach; writes nothing.
    ///
    /// # Errors
    /// The refusal (no such customer, erased already, no reason), or a failure.
    pub(crate) fn foresee_erasure(&self, request: &ErasureRequest) -> Decided<ErasureReach> {
        let person = self.person_of(request)?;
        self.reason_to_erase(request.reason.clone())?;
        self.facts().refuse_held(person.customer, &person.all_records())?;
        self.must_be_theirs(person.customer)?;
        self.must_be_asked_for(request)?;
        self.have_activities()?;
        Ok(plan::plan(self.facts(), self.register().as_ref(), &person)?.reach)
    }

    /// Erases a person. Once it returns the bytes are gone from the workspace's files, and the register
    /// outside of it knows of the erasure.
    ///
    /// # Errors
    /// The refusal, or a failure: nothing was changed. `ErasureUnfinished`: the person is erased
    /// and nobody reads the data any more, but not all bytes are gone; the next command that opens
    /// the workspace completes it.
    pub(crate) fn erase(
        &mut self,
        request: &ErasureRequest,
        progress: ReplayProgress<'_>,
    ) -> Decided<Erased> {
        self.ledger.must_be_for_writing()?;
        self.must_be_idle()?;
        let reason = self.reason_to_erase(request.reason.clone())?;
        let person = self.person_of(request)?;
        self.facts().refuse_held(person.customer, &person.all_records())?;
        self.must_be_theirs(person.customer)?;
        self.must_be_asked_for(request)?;
        let why = Why { reason: &reason, note: request.note.as_deref(), request: request.request };
        Ok(self.erase_people(&person, std::slice::from_ref(&person), &why, progress)?)
    }

    /// Repeats erasures in a workspace that was set back to before them, from their notes in the
    /// register; those that are in the workspace are left as they are. Gives how many were repeated.
    ///
    /// # Errors
    /// As [`Desk::erase`]; those repeated by then stay.
    pub fn reapply_erasures(
        &mut self,
        erasures: &[PersonErased],
        progress: ReplayProgress<'_>,
    ) -> Result<usize, DeskError> {
        let mut repeated = 0;
        for erasure in erasures {
            if let Some(person) = Person::of_erasure(self.facts(), erasure)? {
                let (reason, note) = (&erasure.reason, erasure.note.as_deref());
                let why = Why { reason, note, request: erasure.request };
                self.erase_people(&person, std::slice::from_ref(&person), &why, progress)?;
                repeated += 1;
            }
        }
        Ok(repeated)
    }

    /// Erases several customers in one commit, so that the ledger's segments are rewritten once. Whoever is held
    /// is refused with all of them.
    ///
    /// # Errors
    /// As [`Desk::erase`].
    pub(crate) fn erase_together(
        &mut self,
        customers: &[CustomerId],
        reason: &ReasonCode,
        progress: ReplayProgress<'_>,
    ) -> Decided<Erased> {
        let people = customers.iter().map(|id| Person::of_customer(self.facts(), *id));
        let people = people.collect::<Result<Vec<_>, _>>()?;
        for person in &people {
            self.facts().refuse_held(person.customer, &person.all_records())?;
        }
        let all = Person::together(self.facts(), &people)?;
        let why = Why { reason, note: None, request: None };
        Ok(self.erase_people(&all, &people, &why, progress)?)
    }

    /// Refuses to erase whoever has a record of which something is delivered that may be somebody else's: that would be
    /// erased with them, and never be imported again.
    fn must_be_theirs(&self, customer: CustomerId) -> Decided<()> {
        let asked = requests::maybe_same(self.facts(), customer)?;
        match asked.iter().find_map(|it| it.overlaid.as_ref().zip(Some(it.task))) {
            Some((record, task)) => Err(Refusal::DoesNotApply {
                why: format!(
                    "what is delivered under {record} may be somebody else's, who would be erased with {customer} \
                     and whose key would stay closed: decide {task} first"
                ),
            }
            .into()),
            None => Ok(()),
        }
    }

    /// Refuses an erasure for a request that is not ready for it: who asks is not checked, or recipients are not
    /// told, whom nobody could name once the person is gone.
    fn must_be_asked_for(&self, request: &ErasureRequest) -> Decided<()> {
        let Some(task) = request.request else { return Ok(()) };
        let needed = [MissingStep::Identity, MissingStep::Recipients];
        let kinds = [RequestKind::Erasure];
        must_be_ready(self.facts(), task, request.customer, &kinds, &needed)?;
        Ok(())
    }

    /// `person` is all of the people: what is personal is looked for once.
    fn erase_people(
        &mut self,
        person: &Person,
        people: &[Person],
        why: &Why<'_>,
        progress: ReplayProgress<'_>,
    ) -> Result<Erased, DeskError> {
        self.have_activities()?;
        let plan = plan::plan(self.facts(), self.register().as_ref(), person)?;
        self.carry_through((person, people), plan, why, progress)
    }

    /// Erases the activities of nobody's that are due by the rules of retention; gives the commit, none where there
    /// are none.
    ///
    /// # Errors
    /// As [`Desk::erase`].
    pub(crate) fn erase_unattached(
        &mut self,
        reason: &ReasonCode,
        progress: ReplayProgress<'_>,
    ) -> Result<Option<Sequence>, DeskError> {
        let Some(judged) = self.judge_unattached(self.facts().today())? else { return Ok(None) };
        if judged.gone.is_empty() {
            return Ok(None);
        }
        let nobody = Person::nobody();
        let plan = plan::Plan::of_activities(self.facts(), judged.gone)?;
        let why = Why { reason, note: None, request: None };
        let whose = (&nobody, std::slice::from_ref(&nobody));
        Ok(Some(self.carry_through(whose, plan, &why, progress)?.sequence))
    }

    fn carry_through(
        &mut self,
        (person, people): (&Person, &[Person]),
        plan: plan::Plan,
        why: &Why<'_>,
        progress: ReplayProgress<'_>,
    ) -> Result<Erased, DeskError> {
        // It has names in memory, and may be about to keep them in a file.
        self.finding.forget();
        self.forget_begun_work()?;
        let why = (why.reason, why.note, why.request);
        let events = plan.events(self, person, people, why)?;
        let reach = plan.reach;
        // In the clear, and of use to nobody: whatever becomes of the rest, they go.
        let cleared = copies::clear_up_unfinished(self)?;
        let sequence = self.append(events)?.sequence;
        // From here on it stands. Whatever is to be done is done by opening, with the keys at hand.
        self.close_in_place();
        let unfinished = |reason: String| DeskError::ErasureUnfinished { sequence, reason };
        let report =
            self.reopen(Wanted::AsItIs, progress).map_err(|error| unfinished(error.to_string()))?;
        // What was typed while it was done goes as well.
        self.forget_begun_work().map_err(|error| unfinished(error.to_string()))?;
        self.news.note_erasure();
        match report.erasure_unfinished {
            Some(reason) => Err(unfinished(reason)),
            None => {
                let cleared = cleared.iter().map(|path| path.display().to_string()).collect();
                Ok(Erased { sequence, reach, cleared })
            }
        }
    }

    /// The reason of an erasure, if it is one that is offered.
    pub(crate) fn reason_to_erase(&self, given: Option<ReasonCode>) -> Decided<ReasonCode> {
        let offered = self.settings.decisions.reasons_to_erase();
        match given {
            Some(given) if offered.contains(&given) => Ok(given),
            given => Err(Refusal::ErasureReason { given, offered }.into()),
        }
    }

    fn person_of(&self, request: &ErasureRequest) -> Decided<Person> {
        let facts = self.facts();
        if let Some(live) = facts.view.follow(request.customer)? {
            return Ok(Person::of_customer(facts, live)?);
        }
        // Whoever has no record any more is still held in those that were theirs.
        let is_erased = facts.view.erased_in(request.customer)?.is_some();
        let ids = BTreeSet::from([request.customer]);
        match is_erased || facts.parts_of(&ids)?.is_empty() {
            true => Err(facts.no_customer(request.customer)?.into()),
            false => Ok(Person::of_customer(facts, request.customer)?),
        }
    }
}
