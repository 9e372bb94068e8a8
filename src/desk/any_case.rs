//! Records by a key in whatever case and form: people type `crm:ab12` where the source writes `AB12`, and
//! the name of the source in capitals, and an id of Salesforce by its 15 characters.
//!
//! The store knows keys by their fingerprints only, so all records are read, a portion at a time. That is
//! done for what a person named and nothing is found under as it stands.

use crate::error::{Decided, DeskError};
use crate::facts::Facts;
use crate::read_ahead;
use domain::{RecordAddress, RecordId};
use door::Refusal;

/// Records read together.
const PORTION: u32 = 4_096;
/// Records that are named where several answer.
const NAMED: usize = 5;

impl Facts<'_> {
    /// A record that a person named, with its address as its source writes it: in another case where
    /// nothing is found as it stands and exactly one record answers.
    ///
    /// # Errors
    /// When none answers, or several do; when the store or the ledger is damaged.
    pub(crate) fn named(&self, address: &RecordAddress) -> Decided<(RecordId, RecordAddress)> {
        let mut none = None;
        for address in self.spellings(address) {
            if let Some(record) = self.find(&address)? {
                return Ok((record, address));
            }
            // Who was erased was erased under one of them.
            let why = self.no_record(&address)?;
            if none.is_none() || matches!(why, Refusal::Erased { .. }) {
                none = Some(why);
            }
        }
        let none = none.unwrap_or(Refusal::Unknown { subject: address.to_string() });
        // Who was erased is not looked for under another name.
        let mut found = match none {
            Refusal::Unknown { .. } => self.in_any_case(address)?,
            _ => Vec::new(),
        };
        match found.len() {
            0 => Err(none.into()),
            1 => Ok(found.remove(0)),
            several => {
                let named = found.iter().take(NAMED).map(|(_, address)| address.to_string());
                let mut named = named.collect::<Vec<_>>().join(", ");
                if several > NAMED {
                    named.push_str(&format!(" and {} more", several - NAMED));
                }
                let why = format!(
                    "there is no record {address}, but these differ only in capitals: {named}; \
                     give one of them exactly as written"
                );
                Err(Refusal::DoesNotApply { why }.into())
            }
        }
    }

    /// The address as it stands, and as its source writes it: the source's own name, the one form of its
    /// keys.
    fn spellings(&self, address: &RecordAddress) -> Vec<RecordAddress> {
        let mut spellings = vec![address.clone()];
        let name = address.source.as_str();
        let mut alike =
            self.settings.sources.iter().filter(|it| it.name.as_str().eq_ignore_ascii_case(name));
        let source = match self.settings.source(name) {
            Some(source) => source,
            None => match (alike.next(), alike.next()) {
                (Some(only), None) => only,
                _ => return spellings,
            },
        };
        let form = intake::acquire::one_form(source.key_form, address.key.clone());
        for key in [address.key.as_str(), form.as_str()] {
            let spelling = RecordAddress::new(&source.name, key);
            if !spellings.contains(&spelling) {
                spellings.push(spelling);
            }
        }
        spellings
    }

    /// The records of a source whose keys differ from one in nothing but capitals.
    fn in_any_case(
        &self,
        address: &RecordAddress,
    ) -> Result<Vec<(RecordId, RecordAddress)>, DeskError> {
        let wanted = address.key.to_lowercase();
        if wanted == address.key.to_uppercase() {
            return Ok(Vec::new());
        }
        let mut found = Vec::new();
        let all = self.view.counters()?.records;
        for first in (0..all).step_by(PORTION as usize) {
            let mut places = Vec::new();
            for record in (first..all.min(first + PORTION)).map(RecordId) {
                let row = self.view.record(record)?;
                if !row.erased {
                    places.push((row.body, record));
                }
            }
            let is_alike = |other: &RecordAddress| {
                other.source.as_str().eq_ignore_ascii_case(address.source.as_str())
                    && other.key.to_lowercase() == wanted
            };
            let revised = read_ahead::revisions(*self, places)?.into_iter();
            let alike = revised.filter(|(_, revised)| is_alike(&revised.body.address));
            found.extend(alike.map(|(_, revised)| (revised.record, revised.body.address)));
        }
        found.sort_unstable_by_key(|(record, _)| *record);
        Ok(found)
    }
}
