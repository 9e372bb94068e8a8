//! Telling people that what they ask for was erased, when and why.

use std::collections::BTreeSet;

use crate::error::DeskError;
use crate::facts::{Facts, missing};
use domain::event::PersonErased;
use domain::{CustomerId, Event, RecordAddress, Sequence};
use door::Refusal;

impl Facts<'_> {
    /// Why a customer is not to be had: it was erased, or there is none.
    ///
    /// # Errors
    /// When the store or the ledger is damaged.
    pub fn no_customer(&self, id: CustomerId) -> Result<Refusal, DeskError> {
        match self.view.erased_in(id)? {
            Some(sequence) => self.told(id.to_string(), sequence),
            None => Ok(match self.parts_of(&BTreeSet::from([id]))?.first() {
                Some(part) => {
                    let address = self.body(part.record)?.address;
                    let (now, by) = (self.view.customer_of(part.record)?, part.reused.decision);
                    let why = format!(
                        "{id} has no record any more: {address} is of {now} since {by}; what is held on \
                         {id}: steward subject {id}"
                    );
                    Refusal::DoesNotApply { why }
                }
                None => Refusal::Unknown { subject: id.to_string() },
            }),
        }
    }

    /// Why a record is not to be had: it was erased, or there is none.
    ///
    /// # Errors
    /// When the store or the ledger is damaged.
    pub fn no_record(&self, address: &RecordAddress) -> Result<Refusal, DeskError> {
        match self.view.suppressed_in(address.fingerprint(self.fingerprinter))? {
            Some(sequence) => self.told(address.to_string(), sequence),
            None => Ok(Refusal::Unknown { subject: address.to_string() }),
        }
    }

    fn told(&self, subject: String, sequence: Sequence) -> Result<Refusal, DeskError> {
        let commit = self.commit(sequence)?;
        let erased = commit.events.into_iter().find_map(|event| match event {
            Event::PersonErased(erased) => Some(erased),
            _ => None,
        });
        let PersonErased { reason, .. } =
            erased.ok_or_else(|| missing(format!("the erasure of {subject}")))?;
        Ok(Refusal::Erased { subject, at: commit.at, reason })
    }
}
