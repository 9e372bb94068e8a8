//! Values that identify nobody: placeholders and switchboards.
//!
//! `none@none.com`, a helpline's number, 1 January 1900: many records of unlike names hold them.
//! They are taken for missing, before anything is learned. Left in, their pairs (as many as the
//! square of the records) would teach the model that matches have different names.

use super::columns::{Columns, ValueId};
use super::compare::{Crowd, identifying};
use super::layout::Aspect;

/// A value that was not used as evidence.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct CrowdedValue {
    /// What it is: `email`.
    pub aspect: String,
    /// The value. Personal data.
    pub value: String,
    /// Records that hold it.
    pub records: u64,
}

/// No value of fewer holders is crowded.
const LEAST_HOLDERS: usize = 10;
/// An identifier is crowded when its holders have at least so many unlike names.
const UNLIKE_NAMES: usize = 5;
/// A value of another kind (a date of birth) is crowded when it is so many times as common as the average one.
const TIMES_AVERAGE: usize = 12;

/// The crowded values, by aspect, with the number of records that hold them.
pub(crate) fn crowded(columns: &Columns) -> Vec<(Aspect, ValueId, u64)> {
    let mut crowded = Vec::new();
    for (aspect, crowd) in identifying() {
        let mut counts = vec![0_usize; columns.pool(aspect).len()];
        for value in (0..columns.len() as u32).flat_map(|row| columns.values(aspect, row)) {
            counts[value as usize] += 1;
        }
        let distinct = counts.iter().filter(|count| **count > 0).count().max(1);
        let average = counts.iter().sum::<usize>().div_ceil(distinct);
        let least = match crowd {
            Crowd::FarCommoner => LEAST_HOLDERS.max(TIMES_AVERAGE * average),
            _ => LEAST_HOLDERS,
        };
        if counts.iter().all(|count| *count < least) {
            continue;
        }
        let mut holders: Vec<(ValueId, u32)> = (0..columns.len() as u32)
            .flat_map(|row| columns.values(aspect, row).map(move |value| (value, row)))
            .filter(|(value, _)| counts[*value as usize] >= least)
            .collect();
        holders.sort_unstable();
        for same in holders.chunk_by(|a, b| a.0 == b.0) {
            if crowd == Crowd::FarCommoner || unlike_names(columns, same) >= UNLIKE_NAMES {
                crowded.push((aspect, same[0].0, same.len() as u64));
            }
        }
    }
    crowded
}

/// How many names that sound different the holders have.
fn unlike_names(columns: &Columns, holders: &[(ValueId, u32)]) -> usize {
    let mut names: Vec<u32> = holders
        .iter()
        .map(|(_, row)| {
            let family = columns.value(Aspect::Family, *row);
            if family != 0 {
                columns.name_facts(family).word.sound
            } else {
                let organisation = columns.value(Aspect::Organisation, *row);
                super::text::sound(columns.text(Aspect::Organisation, organisation))
            }
        })
        .filter(|sound| *sound != 0)
        .collect();
    names.sort_unstable();
    names.dedup();
    names.len()
}
