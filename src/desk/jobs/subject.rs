//! Everything held on one person, gathered for that person (GDPR article 15, CCPA right to know).
//!
//! What others' data is in the way is left out, and that it is left out is said: other persons are
//! named by their customer's id only. Each part of the report is one file here.

mod activities;
mod consent;
mod decisions;
pub(crate) mod exports;
mod person;
mod quarantine;
mod records;
mod tasks;

use std::io::Write;

use crate::core::Desk;
use crate::describe;
use crate::error::{Decided, DeskError};
use crate::export::{
    GoldenHeld, MembershipChange, PinHeld, RestrictionHeld, SubjectFormat, SubjectReport,
};
use crate::exported::Leaving;
use crate::requests::must_be_ready;
use domain::event::{ExportBegun, Exported};
use domain::hexadecimal::encode as hex;
use domain::{
    CustomerId, Event, HandedFile, MissingStep, Origin, RequestKind, RequestStep, Sequence, TaskId,
};
use door::operations::Destination;
use door::{Action, Request};
use person::Person;

/// The data set's name in the record of exports.
pub const DATASET: &str = "subject";

/// Where a report goes, in one of its formats.
pub(crate) struct SubjectOutput<'w> {
    /// The format.
    pub(crate) format: SubjectFormat,
    /// For the record.
    pub(crate) destination: Destination,
    /// The output.
    pub(crate) out: &'w mut dyn Write,
}

impl Desk {
    /// Everything held on the person a customer stands for; a retired id is followed.
    ///
    /// # Errors
    /// A refusal when there is no such customer; when the store or the ledger is damaged.
    pub(crate) fn subject(&self, customer: CustomerId) -> Decided<SubjectReport> {
        self.have_activities()?;
        let person = Person::find(self.facts(), customer)?;
        Ok(gather(&person, self.actor())?)
    }

    /// Gathers the report, records that it is about to leave the workspace, writes it to every
    /// output, then records that it left.
    ///
    /// # Errors
    /// As [`Desk::subject`], or when the request that it is for asks for something else or nobody checked who asks:
    /// nothing is recorded then. When an output cannot be written.
    pub(crate) fn hand_over_subject(
        &mut self,
        customer: CustomerId,
        request: Option<TaskId>,
        outputs: &mut [SubjectOutput<'_>],
    ) -> Decided<SubjectReport> {
        if let Some(task) = request {
            self.must_have("request")?;
            let kinds = [RequestKind::Access, RequestKind::Portability];
            let asked =
                must_be_ready(self.facts(), task, customer, &kinds, &[MissingStep::Identity])?;
            let is_read_by_machines = outputs.iter().any(|it| it.format == SubjectFormat::Json);
            if asked.kind == RequestKind::Portability && !is_read_by_machines {
                let why = format!("{task} asks for data that a machine reads: pass -o FILE.json");
                return Err(door::Refusal::DoesNotApply { why }.into());
            }
        }
        let report = self.subject(customer)?;
        let leaving: Vec<(ExportBegun, Exported)> = outputs
            .iter()
            .map(|output| {
                let leaving = Leaving {
                    dataset: DATASET,
                    format: output.format.name().to_owned(),
                    filter: report.customer.to_string(),
                    up_to: report.up_to,
                    destination: output.destination.clone(),
                };
                (leaving.begun(), leaving.ended(Sequence::ZERO, 1))
            })
            .collect();
        let (begun, mut ended): (Vec<_>, Vec<_>) = leaving.into_iter().unzip();
        let begun = self.begin_exports(&begun)?;
        let mut files = Vec::new();
        for output in outputs {
            let mut out = Counted::over(output.out);
            let written = output.format.write(&report, &mut out);
            written.and_then(|()| out.flush()).map_err(DeskError::Output)?;
            files.push(out.file(&output.destination.name));
        }
        ended.iter_mut().for_each(|exported| exported.begun = Some(begun));
        self.end_exports(ended)?;
        if let Some(task) = request {
            let action = Action::Step { step: RequestStep::Handed { files } };
            self.carry_out(&Request { task: Some(task), ..Request::new(action) })?;
        }
        Ok(report)
    }
}

/// An output of which it is told how much was written, and what, without keeping it.
struct Counted<'w> {
    out: &'w mut dyn Write,
    bytes: u64,
    hash: blake3::Hasher,
}

impl<'w> Counted<'w> {
    fn over(out: &'w mut dyn Write) -> Self {
        Self { out, bytes: 0, hash: blake3::Hasher::new() }
    }

    fn file(self, name: &str) -> HandedFile {
        let blake3 = self.hash.finalize().to_hex().to_string();
        HandedFile { name: name.to_owned(), bytes: self.bytes, blake3 }
    }
}

impl Write for Counted<'_> {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        let written = self.out.write(bytes)?;
        self.bytes += written as u64;
        self.hash.update(&bytes[..written]);
        Ok(written)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.out.flush()
    }
}

fn gather(person: &Person<'_>, actor: &str) -> Result<SubjectReport, DeskError> {
    let facts = person.facts;
    let up_to = facts.view.head()?.map_or(Sequence::ZERO, |(sequence, _)| sequence);
    let decisions = decisions::about(person)?;
    let quarantine = quarantine::rows(person)?;
    let withheld = decisions.iter().filter(|decision| decision.withheld).count()
        + quarantine.iter().filter(|row| row.text.is_none()).count();
    let (activities, of_others) = activities::held(person)?;
    let retired = person.ids.iter().copied().filter(|id| *id != person.customer);
    Ok(SubjectReport {
        customer: person.customer,
        merged_ids: retired.collect(),
        workspace: facts.settings.workspace.name.clone(),
        made_at: facts.now,
        made_by: actor.to_owned(),
        up_to,
        hash: hex(&facts.ledger.chain_at(up_to)?),
        golden: golden(person)?,
        pins: pins(person)?,
        records: records::held(person)?,
        consent: consent::history(person, &decisions)?,
        restrictions: restrictions(person)?,
        decisions,
        memberships: memberships(person),
        tasks: tasks::about(person)?,
        quarantine,
        activities,
        exports: exports::that_held(person)?,
        withheld: withheld + of_others + person.held_back,
    })
}

fn restrictions(person: &Person<'_>) -> Result<Vec<RestrictionHeld>, DeskError> {
    let live = person.facts.view.customer(person.customer)?;
    let Some(live) = live.filter(domain::CustomerState::is_live) else { return Ok(Vec::new()) };
    let shown = person.facts.restrictions_shown(&live)?.into_iter();
    // What whoever a key was of before asked for is theirs.
    let is_own = |decision: domain::DecisionId| {
        person.present().iter().any(|member| {
            let lies = member.state.restrictions.contains_key(&decision);
            lies && person.had(member.id, decision)
        })
    };
    Ok(shown
        .filter(|it| is_own(it.decision))
        .map(|it| RestrictionHeld { decision: it.decision, what: it.what })
        .collect())
}

fn golden(person: &Person<'_>) -> Result<Vec<GoldenHeld>, DeskError> {
    let golden = person.facts.golden(&person.state, person.present())?;
    let held = golden.values.into_iter().map(|value| {
        let record = value.origin.record().and_then(|record| person.address(record));
        let (strategy, decision) = match value.origin {
            Origin::Survived { strategy, .. } => (Some(strategy), None),
            Origin::Pinned { decision, .. } => (None, Some(decision)),
        };
        let (field, readable) = (value.field, value.readable);
        let about = person.facts.settings.field(field.as_str()).map(|field| &field.about);
        let description = about.and_then(|about| about.description.clone());
        GoldenHeld { field, description, value: value.text, readable, record, strategy, decision }
    });
    Ok(held.collect())
}

fn pins(person: &Person<'_>) -> Result<Vec<PinHeld>, DeskError> {
    let pins = person.facts.pins(&person.state)?.into_iter();
    let held =
        pins.map(|pin| PinHeld { field: pin.field, value: pin.text, decision: pin.decision });
    Ok(held.collect())
}

/// What happened to the person's ids, in words that hold nothing but ids and numbers.
fn memberships(person: &Person<'_>) -> Vec<MembershipChange> {
    let mut changes = Vec::new();
    for link in &person.customer_links {
        for event in &link.events {
            let Event::CustomerChanged(changed) = event else { continue };
            if changed.before.as_ref() == Some(&changed.after) {
                continue;
            }
            if let Some(what) = describe::event(event, None) {
                changes.push(MembershipChange {
                    at: link.at,
                    actor: link.actor.person.clone(),
                    what,
                });
            }
        }
    }
    changes
}

#[cfg(test)]
mod tests;
