//! Unmasking: that somebody saw sensitive values in clear is written down before they do.

use std::collections::BTreeSet;

use super::core::Desk;
use super::error::DeskError;
use domain::event::Unmasked;
use domain::{ImportId, Subject};

impl Desk {
    /// Records that sensitive values of these are about to be shown in clear.
    ///
    /// # Errors
    /// When the ledger cannot be written: then they must stay masked.
    pub(super) fn record_unmasking(&mut self, subjects: &[Subject]) -> Result<(), DeskError> {
        self.adopt_settings()?;
        let facts = self.facts();
        let mut named = BTreeSet::new();
        for subject in subjects {
            match subject {
                // An address may itself be personal: the ledger names its customer.
                Subject::Record(address) => {
                    if let Some(record) = facts.find(address)? {
                        named.insert(Subject::Customer(facts.view.customer_of(record)?));
                    }
                }
                other => {
                    named.insert(other.clone());
                }
            }
        }
        let fields = facts.settings.fields.iter().filter(|field| field.sensitive);
        let fields = fields.map(|field| field.name.clone()).collect();
        let subjects = named.into_iter().collect();
        let unmasked = Unmasked { subjects, quarantine: None, fields };
        self.commit(vec![unmasked.into()])?;
        Ok(())
    }

    /// Records that the rows of an import that are in quarantine are about to be shown in clear.
    ///
    /// # Errors
    /// When the ledger cannot be written: then they must stay masked.
    pub(super) fn record_unmasked_rows(&mut self, import: ImportId) -> Result<(), DeskError> {
        let (subjects, fields) = (Vec::new(), Vec::new());
        let unmasked = Unmasked { subjects, quarantine: Some(import), fields };
        self.commit(vec![unmasked.into()])?;
        Ok(())
    }
}
