//! Taking a person's values out of what a model remembers.
//!
//! A model counts how many customers hold a value, by fingerprint, from two customers on. A person
//! whose records were not recognised as one yet counted more than once; so a count of no more than
//! the person's records may be of this person alone, and is taken out. Counts above that are of
//! others, too, and stay. Values that so many hold that they identify nobody stay as well.

use std::collections::HashSet;

use domain::{Fingerprint, Fingerprinter, RecordId, Values};
use settings::Settings;

use super::columns::ColumnsBuilder;
use super::compare::counted;
use super::frequency::fingerprint;
use super::model::Model;

/// The fingerprints under which a model may count these values.
#[must_use]
pub fn frequency_fingerprints<'v>(
    settings: &Settings,
    fingerprinter: &Fingerprinter,
    records: impl IntoIterator<Item = &'v Values>,
) -> HashSet<Fingerprint> {
    let mut builder = ColumnsBuilder::new(settings);
    for (number, values) in (0..).zip(records) {
        builder.push(RecordId(number), values);
    }
    let columns = builder.finish();
    let mut found = HashSet::new();
    for aspect in counted() {
        for value in 1..columns.pool(aspect).len() as u32 {
            found.insert(fingerprint(fingerprinter, aspect, columns.text(aspect, value)));
        }
    }
    found
}

/// Takes the counts of at most `records` customers out of a model, for the given values, and tells
/// whether there were any.
pub fn forget_frequencies(
    model: &mut Model,
    values: &HashSet<Fingerprint>,
    records: usize,
) -> bool {
    let mut any = false;
    for table in model.kinds.iter_mut().flat_map(|kind| &mut kind.frequencies) {
        let before = table.listed.len();
        table.listed.retain(|(value, count)| *count as usize > records || !values.contains(value));
        any |= table.listed.len() < before;
    }
    any
}

impl Model {
    /// Takes all counts out: what is left scores with the averages.
    pub fn forget_all_frequencies(&mut self) {
        for table in self.kinds.iter_mut().flat_map(|kind| &mut kind.frequencies) {
            table.listed.clear();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::frequency::FrequencyTable;
    use crate::model::KindModel;
    use crate::portrait::Kind;
    use domain::{FieldName, Value};

    const SETTINGS: &str = "[workspace]\nname = \"t\"\nregion = \"US\"\n\
        [fields.email]\ntype = \"email\"\n[fields.family_name]\ntype = \"family_name\"\n";

    fn model(listed: Vec<(Fingerprint, u32)>) -> Model {
        let table = FrequencyTable {
            aspect: "email".to_owned(),
            customers: 10.0,
            concentration: 0.1,
            unlisted: 1.0,
            listed,
        };
        let kind = KindModel {
            kind: Kind::Person,
            records: 10,
            every_pair: true,
            households: false,
            rules: Vec::new(),
            expected: [0.0; 4],
            comparisons: Vec::new(),
            frequencies: vec![table],
            learned: None,
            holds_slips: true,
            sure: 0,
        };
        Model { kinds: vec![kind], ..Model::default() }
    }

    #[test]
    fn counts_that_may_be_of_one_person_go_and_others_stay() {
        let settings = settings::parse(SETTINGS).unwrap();
        let fingerprinter = Fingerprinter::new([3; 32]);
        let values: Values =
            [(FieldName::new("email"), Value::standardised("a@example.com", "a@example.com"))]
                .into_iter()
                .collect();
        let own = frequency_fingerprints(&settings, &fingerprinter, [&values]);
        assert_eq!(own.len(), 1);
        let email = *own.iter().next().unwrap();
        let other = Fingerprint(email.0 ^ 1);
        for (count, left) in [(2, vec![other]), (3, vec![email, other])] {
            let mut model = model(vec![(email, count), (other, 2)]);
            assert_eq!(forget_frequencies(&mut model, &own, 2), left.len() == 1);
            let listed = &model.kinds[0].frequencies[0].listed;
            assert_eq!(listed.iter().map(|(value, _)| *value).collect::<Vec<_>>(), left);
        }
    }
}
