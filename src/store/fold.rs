//! The fold: how each event changes the view. Written once; replay is the same fold.

mod erasure;
mod in_force;

use std::collections::BTreeMap;

use serde::Serialize;

use super::entries::{
    CensusEntry, CountedScores, Counters, CustomerEntry, DecisionEntry, ImportEntry, Place,
    QuarantineEntry, RecordEntry,
};
use super::keys::Key;
use super::overlay::Overlay;
use super::pages::{self, CustomerSlot, RecordRow};
use super::task_entry::TaskEntry;
use super::trees::Trees;
use super::view::View;
use super::{StoreError, keys, merged, tallies};
use domain::event::{
    CensusTaken, CustomerChanged, DecisionMade, ImportFinished, ImportStarted, RecordChanged,
    RecordRevised, RowQuarantined, TaskChanged,
};
use domain::{
    Commit, CustomerState, Decision, DecisionId, Event, Fingerprinter, ImportId, QuarantinedPlace,
    Sequence, SourceName, Standing, StreamName, Subject, Task, TaskId, Verdict,
};

/// Applies a commit to the view. `chain` is its chain hash in the ledger.
///
/// # Errors
/// When what the commit builds on is damaged or missing.
pub fn fold(
    overlay: &mut Overlay<'_>,
    commit: &Commit,
    chain: [u8; 32],
    fingerprinter: &Fingerprinter,
) -> Result<(), StoreError> {
    fold_from(overlay, commit, 0, fingerprinter)?;
    set_head(overlay, commit.sequence, chain);
    Ok(())
}

/// Applies the events of a commit from the one at `first` on, those before it being folded in
/// already. The view's head stays where it is: the commit may not be durable yet.
///
/// # Errors
/// As [`fold`].
pub fn fold_from(
    overlay: &mut Overlay<'_>,
    commit: &Commit,
    first: usize,
    fingerprinter: &Fingerprinter,
) -> Result<(), StoreError> {
    let mut counters = View::over(overlay).counters()?;
    for (index, event) in commit.events.iter().enumerate().skip(first) {
        let index = u16::try_from(index)
            .map_err(|_| StoreError::damaged("a commit of more than 65,536 events"))?;
        let place = Place { sequence: commit.sequence, index };
        fold_event(overlay, &mut counters, event, place, fingerprinter)?;
        tallies::count(overlay, commit, event, place, fingerprinter)?;
    }
    put(overlay, keys::COUNTERS.into(), &counters)
}

/// Makes a commit that is folded in and durable the view's newest.
pub fn set_head(overlay: &mut Overlay<'_>, sequence: Sequence, chain: [u8; 32]) {
    let mut head = sequence.0.to_be_bytes().to_vec();
    head.extend_from_slice(&chain);
    overlay.put(keys::HEAD.into(), head);
}

fn fold_event(
    overlay: &mut Overlay<'_>,
    counters: &mut Counters,
    event: &Event,
    place: Place,
    fingerprinter: &Fingerprinter,
) -> Result<(), StoreError> {
    match event {
        Event::WorkspaceCreated(_) | Event::ErasureFinished(_) | Event::Erased(_) => Ok(()),
        Event::SettingsAdopted(_) => {
            counters.settings = Some(place);
            Ok(())
        }
        Event::SettingsProposed(proposed) => {
            counters.proposals = counters.proposals.max(proposed.proposal.0);
            counters.proposed = Some(place);
            Ok(())
        }
        Event::ProposalWithdrawn(_) => {
            counters.proposed = Some(place);
            Ok(())
        }
        Event::ImportStarted(started) => {
            import_started(overlay, counters, started, place, fingerprinter)
        }
        Event::RecordRevised(revised) => {
            record_revised(overlay, counters, revised, place, fingerprinter)
        }
        Event::RowQuarantined(quarantined) => {
            row_quarantined(overlay, quarantined, place, fingerprinter)
        }
        Event::ImportFinished(finished) => import_finished(overlay, finished, place),
        Event::MatchFinished(finished) => {
            counters.runs = counters.runs.max(finished.run.0);
            counters.matched = Some(place);
            match &finished.scores {
                Some(scores) => {
                    let counted =
                        CountedScores { run: finished.run, place, scores: scores.clone() };
                    put(overlay, keys::SCORES.into(), &counted)?;
                }
                // It looked at some records under an earlier model: what that model's run counted
                // of all is still the latest that is known.
                None if finished.model_of.is_some() => {}
                None => overlay.remove(keys::SCORES.into()),
            }
            Ok(())
        }
        Event::CensusTaken(taken) => {
            let CensusTaken { census, .. } = taken;
            let maker = census.stratum.maker;
            let entry = CensusEntry {
                place,
                taking: census.taking,
                maker,
                grants: Vec::new(),
                suspensions: Vec::new(),
            };
            put(overlay, keys::numbered(keys::CENSUS, census.id.0), &entry)
        }
        Event::CustomerChanged(changed) => customer_changed(overlay, counters, changed, place),
        Event::RecordChanged(changed) => record_changed(overlay, changed, place),
        Event::TaskChanged(changed) => task_changed(overlay, counters, changed, place),
        Event::DecisionMade(made) => decision_made(overlay, counters, made, place),
        Event::PersonErased(erased) => erasure::person_erased(overlay, counters, erased, place),
        Event::EventErased(erased) => erasure::event_erased(overlay, erased),
        Event::ActivitiesRecorded(_) | Event::ActivitiesWithdrawn(_) => {
            counters.activities = Some(place.sequence);
            Ok(())
        }
        Event::FiguresMeasured(_) => {
            counters.measured = Some(place.sequence);
            Ok(())
        }
        Event::Exported(_) | Event::ExportBegun(_) => {
            overlay.put(keys::export(place.sequence), Vec::new());
            Ok(())
        }
        Event::AccessNoted(_) | Event::RefusedByRole(_) => {
            overlay.put(keys::access(place.sequence), Vec::new());
            Ok(())
        }
        Event::SettingsAcknowledged(_) => {
            overlay.put(keys::acknowledged(place.sequence), Vec::new());
            Ok(())
        }
        Event::Unmasked(_) => {
            overlay.put(keys::unmasking(place.sequence), Vec::new());
            Ok(())
        }
    }
}

/// What imports of one file have in common: the source, the stream that it delivers, the file's name.
#[must_use]
pub fn file_tag(
    fingerprinter: &Fingerprinter,
    source: &SourceName,
    stream: Option<&StreamName>,
    file: &str,
) -> u64 {
    match stream {
        None => fingerprinter.of([source.as_str(), file]).0,
        Some(stream) => fingerprinter.of([source.as_str(), "stream", stream.as_str(), file]).0,
    }
}

fn import_started(
    overlay: &mut Overlay<'_>,
    counters: &mut Counters,
    started: &ImportStarted,
    place: Place,
    fingerprinter: &Fingerprinter,
) -> Result<(), StoreError> {
    counters.imports = counters.imports.max(started.import.0);
    let ImportStarted { source, stream, file, .. } = started;
    let file = file_tag(fingerprinter, source, stream.as_ref(), file);
    let entry = ImportEntry { started: place, finished: None, file, quarantined: BTreeMap::new() };
    put(overlay, keys::import(started.import), &entry)
}

fn import_finished(
    overlay: &mut Overlay<'_>,
    finished: &ImportFinished,
    place: Place,
) -> Result<(), StoreError> {
    let imports = View::over(overlay).imports()?;
    let Some((_, entry)) = imports.iter().find(|(id, _)| *id == finished.import) else {
        return Err(StoreError::damaged(format!("import {} is missing", finished.import)));
    };
    match &finished.released {
        Some(rows) => {
            for row in rows {
                release_row(overlay, *row)?;
            }
        }
        None => {
            for (earlier, other) in &imports {
                if *earlier < finished.import && other.file == entry.file {
                    release_quarantine(overlay, *earlier)?;
                }
            }
        }
    }
    let Some(entry) = View::over(overlay).import(finished.import)? else { return Ok(()) };
    let entry = ImportEntry { finished: Some(place), ..entry };
    put(overlay, keys::import(finished.import), &entry)
}

/// A row left the quarantine. Where it was put there it stays in the ledger.
fn release_row(overlay: &mut Overlay<'_>, row: QuarantinedPlace) -> Result<(), StoreError> {
    let key = keys::quarantine(row.import, row.line);
    let Some(value) = overlay.get(&key)? else { return Ok(()) };
    let known: QuarantineEntry = super::view::parse(&value, "quarantine")?;
    count_quarantined(overlay, row.import, &known.reason, false)?;
    overlay.remove(key);
    Ok(())
}

/// The file came again: its rows are records now, or in the new import's quarantine.
fn release_quarantine(overlay: &mut Overlay<'_>, import: ImportId) -> Result<(), StoreError> {
    let mut released = Vec::new();
    overlay.scan(&keys::numbered(keys::QUARANTINE, import.0), &[], &mut |key, _| {
        released.push(Key::from_slice(key));
        Ok(true)
    })?;
    released.into_iter().for_each(|key| overlay.remove(key));
    let Some(entry) = View::over(overlay).import(import)? else { return Ok(()) };
    put(overlay, keys::import(import), &ImportEntry { quarantined: BTreeMap::new(), ..entry })
}

fn row_quarantined(
    overlay: &mut Overlay<'_>,
    quarantined: &RowQuarantined,
    place: Place,
    fingerprinter: &Fingerprinter,
) -> Result<(), StoreError> {
    let key = keys::quarantine(quarantined.import, quarantined.row.line);
    let reason = quarantined.row.reason.kind().to_owned();
    overlay.put(keys::quarantined(place), key.to_vec());
    // An import that was interrupted meets its rows again.
    if let Some(value) = overlay.get(&key)? {
        let known: QuarantineEntry = super::view::parse(&value, "quarantine")?;
        count_quarantined(overlay, quarantined.import, &known.reason, false)?;
    }
    count_quarantined(overlay, quarantined.import, &reason, true)?;
    let content = fingerprinter.of([quarantined.row.content().as_str()]);
    put(overlay, key, &QuarantineEntry { place, reason, content, key: quarantined.key })
}

/// One row more, or one less, of a kind of reason.
fn count_quarantined(
    overlay: &mut Overlay<'_>,
    import: ImportId,
    reason: &str,
    more: bool,
) -> Result<(), StoreError> {
    let Some(mut entry) = View::over(overlay).import(import)? else { return Ok(()) };
    let count = entry.quarantined.entry(reason.to_owned()).or_default();
    *count = if more { *count + 1 } else { count.saturating_sub(1) };
    entry.quarantined.retain(|_, count| *count > 0);
    put(overlay, keys::import(import), &entry)
}

fn record_revised(
    overlay: &mut Overlay<'_>,
    counters: &mut Counters,
    revised: &RecordRevised,
    place: Place,
    fingerprinter: &Fingerprinter,
) -> Result<(), StoreError> {
    let before = pages::read_record(overlay, revised.record)?;
    let number = u16::try_from(revised.revision).unwrap_or(u16::MAX);
    let (body, revision) = in_force::delivered(overlay, revised.record, before, (place, number))?;
    let row = RecordRow {
        body,
        customer: before.map_or(revised.customer, |row| row.customer),
        revision,
        touched: before.is_some_and(|row| row.touched),
        erased: false,
        key: revised.body.address.fingerprint(fingerprinter),
        // Ledgers written before rows had a fingerprint of their own know the record's only.
        content: revised.delivered.unwrap_or_else(|| revised.body.content(fingerprinter)),
    };
    if before.is_none() {
        if revised.record.0 != counters.records {
            return Err(StoreError::damaged(format!("a gap before record {}", revised.record.0)));
        }
        counters.records += 1;
        counters.customers = counters.customers.max(revised.customer.0);
        pages::write_customer(overlay, revised.customer, CustomerSlot::Single(revised.record))?;
        pages::write_cross_reference(overlay, revised.record, revised.customer)?;
    }
    merged::revised(overlay, revised.record, &revised.merged, before.is_none())?;
    pages::write_record(overlay, revised.record, &row)
}

fn record_changed(
    overlay: &mut Overlay<'_>,
    changed: &RecordChanged,
    place: Place,
) -> Result<(), StoreError> {
    let mut row = View::over(overlay).record(changed.record)?;
    let latest = in_force::changed(overlay, changed, &mut row)?;
    row.touched = true;
    pages::write_record(overlay, changed.record, &row)?;
    let entry = RecordEntry { state: changed.after.clone(), version: place.sequence, latest };
    put(overlay, keys::record(changed.record), &entry)
}

fn customer_changed(
    overlay: &mut Overlay<'_>,
    counters: &mut Counters,
    changed: &CustomerChanged,
    place: Place,
) -> Result<(), StoreError> {
    let id = changed.customer;
    counters.customers = counters.customers.max(id.0);
    if let Some(CustomerState { standing: Standing::Merged { into }, .. }) = &changed.before {
        overlay.remove(keys::paired(keys::RETIRED_OF_CUSTOMER, into.0, id.0));
    }
    if let Standing::Merged { into } = changed.after.standing {
        overlay.put(keys::paired(keys::RETIRED_OF_CUSTOMER, into.0, id.0), Vec::new());
    }
    for record in &changed.after.members {
        if View::over(overlay).customer_of(*record)? != id {
            pages::write_cross_reference(overlay, *record, id)?;
        }
    }
    pages::write_customer(overlay, id, CustomerSlot::Entry)?;
    let entry = CustomerEntry { state: changed.after.clone(), version: place.sequence };
    overlay.put(keys::customer(id), entry.encode()?);
    Ok(())
}

fn task_changed(
    overlay: &mut Overlay<'_>,
    counters: &mut Counters,
    changed: &TaskChanged,
    place: Place,
) -> Result<(), StoreError> {
    counters.tasks = counters.tasks.max(changed.task.0);
    if let Some(before) = View::over(overlay).task(changed.task)? {
        index_task(overlay, &before.task, false);
    }
    index_task(overlay, &changed.after, changed.after.state.is_pending());
    let entry = TaskEntry { task: changed.after.clone(), version: place.sequence };
    overlay.put(keys::task(changed.task), entry.encode()?);
    Ok(())
}

fn index_task(overlay: &mut Overlay<'_>, task: &Task, pending: bool) {
    let TaskId(number) = task.id;
    let customers = task
        .customers
        .iter()
        .map(|customer| keys::paired(keys::TASK_OF_CUSTOMER, customer.0, number));
    let second = task.second_look_at().map(|_| keys::numbered(keys::PENDING_SECOND, number));
    let pending_key = keys::numbered(keys::PENDING_TASK, number);
    for key in customers.chain([pending_key]).chain(second).collect::<Vec<_>>() {
        if pending {
            overlay.put(key, Vec::new());
        } else {
            overlay.remove(key);
        }
    }
}

fn decision_made(
    overlay: &mut Overlay<'_>,
    counters: &mut Counters,
    made: &DecisionMade,
    place: Place,
) -> Result<(), StoreError> {
    let Decision { id, verdict, task, groups, reverses, bulk, .. } = &made.decision;
    counters.decisions = counters.decisions.max(id.0);
    counters.bulks = counters.bulks.max(bulk.map_or(0, |bulk| bulk.0));
    for record in groups.iter().flat_map(|group| &group.records) {
        overlay.put(keys::paired(keys::DECISION_OF_RECORD, record.0, id.0), Vec::new());
    }
    if *verdict == Verdict::SecondLook {
        overlay.put(keys::numbered(keys::SECOND_LOOK, id.0), Vec::new());
    }
    if *verdict == Verdict::Comment {
        for subject in &made.decision.subjects {
            if let Subject::Customer(customer) = subject {
                overlay.put(keys::paired(keys::COMMENT, customer.0, id.0), Vec::new());
            }
        }
    }
    about_census(overlay, &made.decision)?;
    for reversed in reverses {
        mark_undone(overlay, *reversed, Some(*id))?;
    }
    let entry = DecisionEntry {
        place,
        verdict: *verdict,
        task: *task,
        groups: groups.clone(),
        reverses: reverses.clone(),
        bulk: *bulk,
        undone_by: None,
    };
    put(overlay, keys::decision(*id), &entry)
}

/// A decision that grants a census, or suspends its grant, stands beside it.
fn about_census(overlay: &mut Overlay<'_>, decision: &Decision) -> Result<(), StoreError> {
    let census = decision.grant.as_ref().map(|grant| grant.census);
    let Some(census) = census.or(decision.suspends) else { return Ok(()) };
    let Some(mut entry) = View::over(overlay).census(census)? else {
        return Err(StoreError::damaged(format!("census {census} is missing")));
    };
    let decisions =
        if decision.grant.is_some() { &mut entry.grants } else { &mut entry.suspensions };
    // After a crash it may be folded again.
    if !decisions.contains(&decision.id) {
        decisions.push(decision.id);
    }
    put(overlay, keys::numbered(keys::CENSUS, census.0), &entry)
}

/// A decision taken back; what it had itself taken back stands again.
fn mark_undone(
    overlay: &mut Overlay<'_>,
    id: DecisionId,
    by: Option<DecisionId>,
) -> Result<(), StoreError> {
    let Some(mut entry) = View::over(overlay).decision(id)? else {
        return Err(StoreError::damaged(format!("decision {id} is missing")));
    };
    entry.undone_by = by;
    put(overlay, keys::decision(id), &entry)?;
    // Undoing an undo brings its decisions back; bringing an undo back takes them again.
    let again = if by.is_some() { None } else { Some(id) };
    let reverses = entry.taken_back(id)?;
    reverses.iter().try_for_each(|reversed| mark_undone(overlay, *reversed, again))
}

pub(super) fn put<T: Serialize>(
    overlay: &mut Overlay<'_>,
    key: Key,
    value: &T,
) -> Result<(), StoreError> {
    let value = serde_json::to_vec(value)
        .map_err(|error| StoreError::Failed { reason: error.to_string() })?;
    overlay.put(key, value);
    Ok(())
}
