//! The quarantine as it was before an import that is taken back: its rows go with it, and those that
//! left because of it are back.

use std::collections::{BTreeMap, BTreeSet};

use super::withdraw::Withdrawn;
use crate::core::Desk;
use crate::error::DeskError;
use crate::facts::Facts;
use domain::event::{ImportFinished, RowQuarantined};
use domain::{Event, ImportId, QuarantinedPlace, Sequence, SourceName};
use store::{ImportEntry, Place};

/// Rows that are put back in one commit.
const ROWS_A_COMMIT: usize = 256;

/// What becomes of the quarantine.
#[derive(Default)]
pub(super) struct Rows {
    /// Those that leave it.
    pub(super) leaving: Vec<QuarantinedPlace>,
    /// Those that are back, where each stands in the ledger.
    pub(super) back: Vec<Place>,
}

/// The rows that an import put there or took away, as far as no later one of the same file stands, which
/// had its own say.
///
/// # Errors
/// When the store or the ledger is damaged.
pub(super) fn rows(
    facts: Facts<'_>,
    withdrawn: &Withdrawn,
    source: &SourceName,
) -> Result<Rows, DeskError> {
    let imports: BTreeMap<ImportId, ImportEntry> = facts.view.imports()?.into_iter().collect();
    let is_replaced = |import: &ImportId| {
        let file = imports.get(import).map(|entry| entry.file);
        let mut since = imports.range(withdrawn.import..).skip(1);
        since.any(|(later, entry)| {
            Some(entry.file) == file && entry.finished.is_some() && withdrawn.imports.stands(*later)
        })
    };
    let mut rows = Rows::default();
    let mut present = BTreeSet::new();
    let put = Put::of(withdrawn, imports.get(&withdrawn.import));
    for (import, line, entry) in facts.view.quarantine()? {
        let place = QuarantinedPlace { import, line };
        present.insert(place);
        if put.holds(import, entry.place.sequence)
            && is_of(facts, imports.get(&import), source)?
            && !is_replaced(&import)
        {
            rows.leaving.push(place);
        }
    }
    let finished = imports.get(&withdrawn.import).and_then(|entry| entry.finished);
    let finished = finished.map(|place| facts.event(place)).transpose()?;
    let Some(Event::ImportFinished(ImportFinished { released: Some(released), .. })) = finished
    else {
        return Ok(rows);
    };
    let released = released.into_iter().filter(|row| !present.contains(row));
    let released: BTreeSet<_> = released.filter(|row| !is_replaced(&row.import)).collect();
    if released.is_empty() {
        return Ok(rows);
    }
    let mut latest = BTreeMap::new();
    for (place, import, line) in facts.view.ever_quarantined_rows()? {
        let row = QuarantinedPlace { import, line };
        if released.contains(&row) {
            latest.insert(row, place);
        }
    }
    for place in latest.into_values() {
        // Of a person who was erased since nothing is left.
        let Event::RowQuarantined(row) = facts.event(place)? else { continue };
        if !came_since(facts, withdrawn.import, &row)? {
            rows.back.push(place);
        }
    }
    Ok(rows)
}

/// Whether a row's record was delivered after an import.
fn came_since(facts: Facts<'_>, import: ImportId, row: &RowQuarantined) -> Result<bool, DeskError> {
    let Some(key) = row.key else { return Ok(false) };
    let Some(record) = facts.caches.record_of(facts.view, key)? else { return Ok(false) };
    let (place, _) = facts.view.latest(record)?;
    Ok(match facts.event(place)? {
        Event::RecordRevised(revised) => revised.import > import,
        _ => false,
    })
}

fn is_of(
    facts: Facts<'_>,
    entry: Option<&ImportEntry>,
    source: &SourceName,
) -> Result<bool, DeskError> {
    let Some(entry) = entry else { return Ok(false) };
    Ok(match facts.event(entry.started)? {
        Event::ImportStarted(started) => started.source == *source,
        _ => false,
    })
}

/// The rows that an import put into quarantine: those of its file, or, of an undo, those that it put back.
enum Put {
    Own(ImportId),
    Between(Sequence, Sequence),
}

impl Put {
    fn of(withdrawn: &Withdrawn, entry: Option<&ImportEntry>) -> Put {
        match withdrawn.imports.undone_by(withdrawn.import) {
            None => Put::Own(withdrawn.import),
            Some(_) => {
                let ended = entry.and_then(|entry| entry.finished).map(|place| place.sequence);
                Put::Between(withdrawn.began, ended.unwrap_or(Sequence(u64::MAX)))
            }
        }
    }

    fn holds(&self, import: ImportId, at: Sequence) -> bool {
        match self {
            Put::Own(own) => import == *own,
            Put::Between(began, ended) => (*began..=*ended).contains(&at),
        }
    }
}

/// Puts rows back.
///
/// # Errors
/// When the store or the ledger is damaged, or cannot be written.
pub(super) fn put_back(desk: &mut Desk, rows: &[Place]) -> Result<(), DeskError> {
    for some in rows.chunks(ROWS_A_COMMIT) {
        let events = some.iter().map(|place| desk.facts().event(*place));
        let events = events.collect::<Result<Vec<Event>, DeskError>>()?;
        let rows = events.into_iter().filter(|event| matches!(event, Event::RowQuarantined(_)));
        let rows: Vec<Event> = rows.collect();
        if !rows.is_empty() {
            desk.commit(rows)?;
        }
    }
    Ok(())
}
