//! Reading what matching looks at: where each record stands and whose it is, and its values.

use std::collections::BTreeMap;

use rayon::prelude::*;

use super::super::Progress;
use crate::columns_file::ColumnsFile;
use crate::derived_file::Origin;
use crate::error::DeskError;
use crate::evidence;
use crate::facts::{Facts, missing};
use domain::{CustomerId, RecordId, Sequence};
use ledger::LedgerReader;
use matching::{Columns, ColumnsBuilder, ReadRecords, RecordReader};
use settings::Settings;
use store::Place;

/// Commits whose records are read together, before those of the commits before are interned.
const COMMITS_TOGETHER: usize = 64;
/// Columns are kept again once so many records of a hundred are not as they were kept.
const OUTDATED: usize = 5;
/// Records that are no more than one in so many are few: their texts are looked for, instead of
/// making all texts ready to be found.
const FEW: usize = 100;

/// What the store says of every record, whatever its values.
pub(super) struct Rows {
    rows: Vec<Row>,
    /// The last commit that touched a record people put layers over.
    touched: BTreeMap<RecordId, Sequence>,
    /// The last commit that touched a quarantined record, and its customer.
    set_aside: BTreeMap<RecordId, (Sequence, CustomerId)>,
}

#[derive(Clone, Copy)]
struct Row {
    place: Place,
    customer: CustomerId,
    /// Neither erased nor quarantined.
    takes_part: bool,
}

impl Rows {
    pub(super) fn read(facts: Facts<'_>) -> Result<Self, DeskError> {
        let count = facts.view.counters()?.records as usize;
        let mut rows = Rows {
            rows: Vec::with_capacity(count),
            touched: BTreeMap::new(),
            set_aside: BTreeMap::new(),
        };
        facts.view.each_record(&mut |record, row| {
            let mut takes_part = !row.erased;
            if row.touched && !row.erased {
                let version = facts.view.record_version(record)?;
                takes_part = facts.view.record_state(record)?.takes_part();
                if takes_part {
                    rows.touched.insert(record, version);
                } else {
                    rows.set_aside.insert(record, (version, row.customer));
                }
            }
            rows.rows.push(Row { place: row.body, customer: row.customer, takes_part });
            Ok(true)
        })?;
        if rows.rows.len() == count { Ok(rows) } else { Err(missing("some records")) }
    }

    fn row(&self, record: RecordId) -> Option<&Row> {
        self.rows.get(record.0 as usize).filter(|row| row.takes_part)
    }

    /// Where a record's latest revision stands; none where it was erased or quarantined.
    pub(super) fn place(&self, record: RecordId) -> Option<Place> {
        self.row(record).map(|row| row.place)
    }

    /// Whether people put layers over a record that takes part.
    pub(super) fn is_layered(&self, record: RecordId) -> bool {
        self.touched.contains_key(&record)
    }

    /// The records that take part, ascending: neither erased nor quarantined.
    pub(super) fn present(&self) -> impl Iterator<Item = RecordId> {
        (0..self.rows.len() as u32).map(RecordId).filter(|record| self.row(*record).is_some())
    }

    /// A record's customer; none where it was erased or quarantined.
    pub(super) fn customer(&self, record: RecordId) -> Option<CustomerId> {
        self.row(record).map(|row| row.customer)
    }

    /// Records that were quarantined after a commit, or touched while they were, each with the
    /// customer it is a member of.
    pub(super) fn set_aside_since(
        &self,
        commit: Sequence,
    ) -> impl Iterator<Item = (RecordId, CustomerId)> {
        let later = self.set_aside.iter().filter(move |(_, (version, _))| *version > commit);
        later.map(|(record, (_, customer))| (*record, *customer))
    }

    /// Whether a record came, changed, was corrected or was released after a commit.
    pub(super) fn is_later(&self, record: RecordId, commit: Sequence) -> bool {
        self.row(record).is_some_and(|row| row.place.sequence > commit)
            || self.touched.get(&record).is_some_and(|version| *version > commit)
    }

    /// The records of each customer that has several.
    pub(super) fn clusters(&self) -> Vec<Vec<RecordId>> {
        let mut owned: Vec<(CustomerId, RecordId)> =
            self.present().filter_map(|it| Some((self.customer(it)?, it))).collect();
        owned.par_sort_unstable();
        let several = owned.chunk_by(|a, b| a.0 == b.0).filter(|records| records.len() > 1);
        several.map(|records| records.iter().map(|(_, record)| *record).collect()).collect()
    }
}

/// The columns of all records that take part, from the file of columns as far as it goes; kept there
/// again, as those of the commit `keep`, when much has changed.
pub(super) fn read(
    facts: Facts<'_>,
    rows: &Rows,
    file: Option<&ColumnsFile>,
    keep: Option<(Sequence, [u8; 32])>,
    progress: &dyn Progress,
) -> Result<ColumnsBuilder, DeskError> {
    let erased = facts.view.counters()?.erased;
    let is_ours = |origin: &Origin| {
        origin.erased == erased
            && facts.ledger.chain_at(origin.sequence).is_ok_and(|chain| chain == origin.chain)
    };
    let kept = file.and_then(|file| file.read(facts.settings, is_ours));
    let (since, mut builder) = match kept {
        Some((origin, mut builder)) => {
            builder.retain(|record| {
                rows.row(record).is_some() && !rows.is_later(record, origin.sequence)
            });
            (Some(origin.sequence), builder)
        }
        None => (None, ColumnsBuilder::new(facts.settings)),
    };
    let wanted: Vec<RecordId> =
        rows.present().filter(|it| since.is_none_or(|since| rows.is_later(*it, since))).collect();
    let outdated = wanted.len() * 100 > builder.len() * OUTDATED;
    progress.phase("reading", Some(wanted.len() as u64));
    read_records(facts, rows, wanted, &mut builder, progress)?;
    if let Some(file) = file.filter(|_| outdated)
        && let Some((sequence, chain)) = keep
    {
        builder.settle();
        if let Err(error) = file.write(Origin { sequence, chain, erased }, &builder) {
            // The next run reads the ledger again, and that is all.
            tracing::warn!(%error, "the columns were not kept");
        }
    }
    Ok(builder)
}

/// The columns of all records that take part, read from the ledger.
///
/// # Errors
/// When it is cancelled, or the store or the ledger is damaged.
pub(in super::super) fn columns(
    facts: Facts<'_>,
    progress: &dyn Progress,
) -> Result<Columns, DeskError> {
    let rows = Rows::read(facts)?;
    let sides = super::sides::read(facts, &rows, progress)?;
    Ok(read(facts, &rows, None, None, progress)?.finish().with_sides(sides))
}

/// Adds records' values to a builder, commit by commit, corrections applied.
fn read_records(
    facts: Facts<'_>,
    rows: &Rows,
    wanted: Vec<RecordId>,
    builder: &mut ColumnsBuilder,
    progress: &dyn Progress,
) -> Result<(), DeskError> {
    let few = wanted.len() * FEW <= builder.len();
    let (touched, mut delivered): (Vec<_>, Vec<_>) =
        wanted.into_iter().partition(|record| rows.touched.contains_key(record));
    let place = |record: &RecordId| rows.rows[record.0 as usize].place;
    delivered.par_sort_unstable_by_key(place);
    let commits: Vec<&[RecordId]> =
        delivered.chunk_by(|a, b| place(a).sequence == place(b).sequence).collect();
    let reader = RecordReader::new(facts.settings);
    let from = (facts.ledger, facts.settings);
    let read_commits = |commits: &[&[RecordId]]| -> Result<Vec<ReadRecords>, DeskError> {
        let read = |records: &&[RecordId]| read_commit(from, &reader, records, place);
        commits.par_iter().map(read).collect()
    };
    let mut waiting: Vec<ReadRecords> = Vec::new();
    for commits in commits.chunks(COMMITS_TOGETHER) {
        if progress.cancelled() {
            return Err(DeskError::Cancelled);
        }
        let before = if few { Vec::new() } else { std::mem::take(&mut waiting) };
        let intern = || before.iter().for_each(|read| builder.add(read));
        let ((), read) = rayon::join(intern, || read_commits(commits));
        progress.advance(commits.iter().map(|records| records.len() as u64).sum());
        waiting.extend(read?);
    }
    let mut layered = ReadRecords::default();
    for record in touched {
        reader.read(record, &facts.evidence(record)?, &mut layered);
        progress.advance(1);
    }
    waiting.push(layered);
    if few {
        builder.add_few(&waiting);
    } else {
        waiting.iter().for_each(|read| builder.add(read));
    }
    Ok(())
}

/// Reads the records whose bodies one commit holds.
fn read_commit(
    (ledger, settings): (&LedgerReader, &Settings),
    reader: &RecordReader,
    records: &[RecordId],
    place: impl Fn(&RecordId) -> Place,
) -> Result<ReadRecords, DeskError> {
    let mut read = ReadRecords::default();
    let Some(sequence) = records.first().map(|record| place(record).sequence) else {
        return Ok(read);
    };
    let indexes = records.iter().map(|record| u32::from(place(record).index));
    let delivered = ledger.delivered(sequence, indexes)?;
    let at = ledger.time_of(sequence)?;
    for (record, delivered) in records.iter().zip(delivered) {
        match delivered {
            Some((own, values)) if own == *record => {
                let values = evidence::counted(settings, values, at);
                reader.read(*record, &values, &mut read);
            }
            _ => return Err(missing(format!("record number {}", record.0))),
        }
    }
    Ok(read)
}
