//! Every readable event of the ledger, in order: what is left to export when the ledger is damaged,
//! and the whole history for who wants all of it.
//!
//! Read straight from the ledger: nothing is locked or written, and no store is needed. Whoever may not read it
//! has it read through the door.

use std::io::Write;
use std::sync::Arc;

use super::Progress;
use super::apart::{Apart, Plan, Read};
use super::export::{Output, format, output};
use crate::core::Desk;
use crate::environment::Environment;
use crate::error::{Decided, DeskError};
use crate::export::{Cell, CsvForm, Format, Kind, RowWriter, evidence, typed};
use crate::exported::Leaving;
use crate::facts::Facts;
use crate::keys::open_keyring;
use crate::ledger_options::options;
use crate::lost::no_workspace;
use crate::open;
use crate::workspace::Workspace;
use domain::hexadecimal::encode as hex;
use domain::{Event, Sequence};
pub use door::operations::EVENTS;
use door::operations::{Destination, Export};
use door::views::{ExportOutcome, JobKind, JobReport, JobView};
use ledger::{Damage, LedgerError, LedgerOptions, LedgerReader};

const COLUMNS: [&str; 10] =
    ["sequence", "time", "actor", "event", "kind", "data", "door", "session", "job", "key"];
/// Memory for bodies: each is read once.
const CACHE: usize = 1024 * 1024;
/// Commits between two looks at cancellation.
const LOOKS: u64 = 1_024;

/// What was found.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct EventsOutcome {
    /// Events written.
    pub rows: u64,
    /// The last commit there is, and the chain's hash after it in hexadecimal.
    pub head: Option<(Sequence, String)>,
    /// Every place that could not be read, in order; what stood there is not in the output.
    pub damage: Vec<String>,
}

/// Writes every readable event to `out`; without it they are only counted. `before`: only those of
/// the commits before this one, which records the export.
///
/// # Errors
/// When there is no ledger, a newer steward wrote it, the output cannot be written or it is
/// cancelled. Damage is no error: it is listed.
pub fn export_events(
    workspace: &Workspace,
    environment: &Environment,
    (format, before): (Format, Option<Sequence>),
    out: Option<&mut dyn Write>,
    progress: &dyn Progress,
) -> Result<EventsOutcome, DeskError> {
    if !workspace.exists() {
        return Err(no_workspace(workspace, environment));
    }
    let files = Arc::clone(&environment.files);
    let keyring = open_keyring(workspace, environment)
        .map_err(|error| open::of_workspace(error, workspace, environment))?;
    let options = LedgerOptions { cache_bytes: CACHE, ..options(environment, keyring.as_ref()) };
    let (reader, damage, _) = LedgerReader::open_read_only(files, &workspace.hidden(), &options)?;
    let columns = typed(&COLUMNS, &[("job", Kind::Flag)]);
    let writer = out.map(|out| format.open(&columns, CsvForm::default(), out)).transpose()?;
    let mut walk = Walk { reader, writer, rows: 0, damage };
    let head = walk.reader.head().map(|head| (head.sequence, head.chain));
    let head = match (head, before) {
        (Some((sequence, _)), Some(before)) if sequence >= before => {
            let last = Sequence(before.0.saturating_sub(1));
            Some((last, walk.reader.chain_at(last)?))
        }
        (head, _) => head,
    };
    let last = head.map_or(0, |(sequence, _)| sequence.0);
    progress.phase("exporting", Some(last));
    for sequence in 1..=last {
        walk.commit(Sequence(sequence))?;
        if sequence.is_multiple_of(LOOKS) {
            if progress.cancelled() {
                return Err(DeskError::Cancelled);
            }
            progress.advance(LOOKS);
        }
    }
    if let Some(writer) = &mut walk.writer {
        writer.finish()?;
    }
    walk.damage.sort_by_key(|damage| (damage.segment, damage.offset));
    walk.damage.dedup();
    Ok(EventsOutcome {
        rows: walk.rows,
        head: head.map(|(sequence, chain)| (sequence, hex(&chain))),
        damage: walk.damage.iter().map(ToString::to_string).collect(),
    })
}

struct Walk<'w> {
    reader: LedgerReader,
    writer: Option<Box<dyn RowWriter + 'w>>,
    rows: u64,
    damage: Vec<Damage>,
}

impl Walk<'_> {
    fn commit(&mut self, sequence: Sequence) -> Result<(), DeskError> {
        let (at, actor, events) = match self.reader.events(sequence) {
            Ok(found) => found,
            Err(LedgerError::Damaged(damage)) => {
                self.damage.extend(damage);
                return Ok(());
            }
            // Where it stood is named already: what is there instead cannot be read.
            Err(LedgerError::NoSuchCommit(_)) => return Ok(()),
            Err(error) => return Err(error.into()),
        };
        for (index, event) in events.into_iter().enumerate() {
            let event = match event {
                Ok(event) => event,
                Err(damage) => {
                    self.damage.push(damage);
                    continue;
                }
            };
            self.rows += 1;
            if let Some(writer) = &mut self.writer {
                let mut cells = vec![
                    Cell::Whole(sequence.0),
                    Cell::text(at),
                    Cell::text(&actor.person),
                    Cell::Whole(index as u64),
                    Cell::text(event.kind()),
                    data(&event)?,
                ];
                cells.extend(evidence(actor.came.as_ref()));
                writer.row(&cells)?;
            }
        }
        Ok(())
    }
}

/// The event's data as it stands in the ledger, but for the workspace's key: with it, fingerprints
/// of what was erased could be tried out.
fn data(event: &Event) -> Result<Cell, DeskError> {
    let mut json = Vec::new();
    let failed = |error: serde_json::Error| DeskError::Output(error.into());
    match event {
        Event::WorkspaceCreated(created) => {
            let without = serde_json::json!({
                "workspace": created.workspace, "steward": created.steward,
            });
            serde_json::to_writer(&mut json, &without).map_err(failed)?;
        }
        event => event.write_json(&mut json).map_err(failed)?,
    }
    Ok(Cell::Json(String::from_utf8_lossy(&json).into_owned()))
}

impl Desk {
    /// Starts to export all events, for whoever cannot read the ledger themselves: recorded, then written to `out`,
    /// then recorded again. What others decide meanwhile is not among them.
    ///
    /// # Errors
    /// When it cannot be recorded; the refusal when too many jobs wait; when it is not asked for whole.
    pub(crate) fn start_events_export(
        &mut self,
        request: Export,
        out: Option<Output>,
    ) -> Decided<JobView> {
        let Export { since, at, filter, csv, destination, dry_run, .. } = request;
        let format = format(&request.format)?;
        let mut out = output(dry_run, out)?;
        if since.is_some()
            || at.is_some()
            || filter.is_some()
            || request.used_for.is_some()
            || csv != door::operations::CsvForm::default()
        {
            let why = "events are exported whole, as csv or jsonl".to_owned();
            return Err(DeskError::Usage(why).into());
        }
        if !dry_run {
            self.must_record_exports()?;
        }
        let steps = Apart::of(move |desk| {
            let begin = || desk.begin_events_export(format, &destination);
            let begun = (!dry_run).then(begin).transpose()?;
            let (workspace, environment) = (desk.workspace.clone(), desk.environment.clone());
            let read = move |_: Facts<'_>, progress: &dyn Progress| {
                let out = out.as_mut().map(|out| &mut **out as &mut dyn Write);
                export_events(&workspace, &environment, (format, begun), out, progress)
            };
            let finish = move |desk: &mut Desk, outcome: EventsOutcome| {
                let EventsOutcome { rows, head, damage } = outcome;
                let (up_to, chain) = head.unwrap_or_default();
                if let Some(begun) = begun {
                    desk.end_events_export((begun, rows, up_to), format, &destination)?;
                }
                let columns = Vec::new();
                Ok(JobReport::Export(ExportOutcome {
                    rows,
                    up_to,
                    chain,
                    columns,
                    damage,
                    masked: Vec::new(),
                    used_for: None,
                }))
            };
            Ok(Plan { read: Read::Once(Box::new(read)), finish: Box::new(finish) })
        });
        self.begin_job(JobKind::Export, format!("exporting {EVENTS}"), Box::new(steps))
    }

    /// Writes down that all events up to now are about to leave the workspace; gives the commit that
    /// says so.
    ///
    /// # Errors
    /// When the ledger cannot be written.
    pub(crate) fn begin_events_export(
        &mut self,
        format: Format,
        destination: &Destination,
    ) -> Result<Sequence, DeskError> {
        self.must_record_exports()?;
        let up_to = self.reader.head().map(|head| head.sequence).unwrap_or_default();
        self.begin_exports(&[leaving(format, up_to, destination).begun()])
    }

    /// Writes down that they left: the commit that said so, how many they were, up to which commit.
    ///
    /// # Errors
    /// When the ledger cannot be written.
    pub(crate) fn end_events_export(
        &mut self,
        (begun, rows, up_to): (Sequence, u64, Sequence),
        format: Format,
        destination: &Destination,
    ) -> Result<(), DeskError> {
        self.end_exports(vec![leaving(format, up_to, destination).ended(begun, rows)])
    }
}

fn leaving(format: Format, up_to: Sequence, destination: &Destination) -> Leaving {
    let (format, filter) = (format.name().to_owned(), String::new());
    Leaving { dataset: EVENTS, format, filter, up_to, destination: destination.clone() }
}
