//! Export: a data set leaves the workspace, and that it did is written down.
//!
//! The same view gives the same bytes. Rows are written as they are made. Each data set is one
//! file here and one row in [`DATASETS`].

mod activities;
mod corrections;
mod decisions;
mod effects;
mod filter;
mod golden;
pub(in crate::jobs) mod kept;
mod labels;
mod masks;
mod measures;
mod model;
mod pairs;
mod purpose;
mod quarantine;
mod records;
mod tasks;
mod vanished;
mod violations;
mod walk;
mod xref;

use std::io::Write;

pub(super) use self::masks::MASKED_FOR;
use self::masks::MaskedColumns;
use super::Progress;
use super::apart::{Apart, Plan, Read};
use crate::core::Desk;
use crate::error::{Decided, DeskError};
use crate::export::{Column, CsvForm, FORMATS, Format, Written, columns};
use crate::exported::Leaving;
use crate::facts::Facts;
use crate::past::Past;
use crate::second::Withheld;
use domain::Sequence;
use domain::expression::Expression;
use domain::hexadecimal::encode as hex;
use door::operations::Export;
use door::views::{ExportColumn, ExportOutcome, JobKind, JobReport, JobView};
pub use model::MODEL;
use purpose::{ForPurpose, LeftOut};
use walk::{Rows, Scope};

/// What can be exported.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dataset {
    /// Source records: each field raw and as it counts now.
    Records,
    /// Customers with their golden values.
    Golden,
    /// Which customer each source record belongs to, and where retired ids lead.
    Xref,
    /// The decision log.
    Decisions,
    /// Standing corrections: the way back to the sources' owners.
    Corrections,
    /// Every task there ever was.
    Tasks,
    /// Candidate pairs, scored under the last run's model.
    Pairs,
    /// Broken rules, waived or not.
    Violations,
    /// Rows that could not become records.
    Quarantine,
    /// Records that their source no longer holds, and what became of them.
    Vanished,
    /// What people decided of pairs of records.
    Labels,
    /// What customers did, and whose it is.
    Activities,
}

/// What is known about a data set.
pub struct DatasetEntry {
    /// The data set.
    pub dataset: Dataset,
    /// Its name on the command line.
    pub name: &'static str,
    /// Whether it can be narrowed to what changed since a time.
    pub since: bool,
    /// Whether it can be had as it was at a time.
    pub at: bool,
    columns: fn(Facts<'_>) -> Result<Vec<Column>, DeskError>,
    write: fn(&Scope<'_>, &mut Rows<'_>) -> Result<(), DeskError>,
}

/// Every data set, in the order of the documentation.
pub const DATASETS: [DatasetEntry; 12] = [
    DatasetEntry {
        dataset: Dataset::Records,
        name: "records",
        since: true,
        at: true,
        columns: records::columns,
        write: records::write,
    },
    DatasetEntry {
        dataset: Dataset::Golden,
        name: "golden",
        since: true,
        at: true,
        columns: golden::columns,
        write: golden::write,
    },
    DatasetEntry {
        dataset: Dataset::Xref,
        name: "xref",
        since: true,
        at: true,
        columns: xref::columns,
        write: xref::write,
    },
    DatasetEntry {
        dataset: Dataset::Decisions,
        name: "decisions",
        since: true,
        at: false,
        columns: decisions::columns,
        write: decisions::write,
    },
    DatasetEntry {
        dataset: Dataset::Corrections,
        name: "corrections",
        since: true,
        at: false,
        columns: corrections::columns,
        write: corrections::write,
    },
    DatasetEntry {
        dataset: Dataset::Tasks,
        name: "tasks",
        since: true,
        at: false,
        columns: tasks::columns,
        write: tasks::write,
    },
    DatasetEntry {
        dataset: Dataset::Pairs,
        name: "pairs",
        since: false,
        at: false,
        columns: pairs::columns,
        write: pairs::write,
    },
    DatasetEntry {
        dataset: Dataset::Violations,
        name: "violations",
        since: false,
        at: false,
        columns: violations::columns,
        write: violations::write,
    },
    DatasetEntry {
        dataset: Dataset::Quarantine,
        name: "quarantine",
        since: true,
        at: false,
        columns: quarantine::columns,
        write: quarantine::write,
    },
    DatasetEntry {
        dataset: Dataset::Vanished,
        name: "vanished",
        since: true,
        at: false,
        columns: vanished::columns,
        write: vanished::write,
    },
    DatasetEntry {
        dataset: Dataset::Labels,
        name: "labels",
        since: true,
        at: false,
        columns: labels::columns,
        write: labels::write,
    },
    DatasetEntry {
        dataset: Dataset::Activities,
        name: "activities",
        since: true,
        at: false,
        columns: activities::columns,
        write: activities::write,
    },
];

impl Dataset {
    /// The data set of that name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Dataset> {
        DATASETS.iter().find(|entry| entry.name == name).map(|entry| entry.dataset)
    }

    /// The name on the command line.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.entry().name
    }

    fn entry(self) -> &'static DatasetEntry {
        // The table stands in the order of the enumeration; a test holds it to that.
        &DATASETS[self as usize]
    }
}

pub(super) type Output = Box<dyn Write + Send>;

impl Desk {
    /// Starts to export a data set, or when its turn comes. That it is about to leave is recorded, it
    /// is written to `out`, then it is recorded that it left. What others decide meanwhile is not in it,
    /// see [`Apart`].
    ///
    /// # Errors
    /// When it cannot be recorded, since the workspace was opened only to be read.
    /// The refusal when too many jobs wait; when there is no such data set or format, or it cannot be
    /// narrowed as asked: nothing is recorded then.
    pub(crate) fn start_export(
        &mut self,
        request: Export,
        out: Option<Output>,
    ) -> Decided<JobView> {
        let out = output(request.dry_run, out)?;
        let entry = dataset(&request.dataset)?.entry();
        let written = self.written(&request)?;
        check(entry, &request)?;
        if !masks::can_be_masked(entry) {
            self.must_see_all()?;
        }
        if !request.dry_run {
            self.must_record_exports()?;
        }
        let what = format!("exporting {}", entry.name);
        let steps = Apart::of(move |desk| desk.begin_export((entry, written), request, out));
        self.begin_job(JobKind::Export, what, Box::new(steps))
    }

    fn begin_export(
        &mut self,
        (entry, written): (&'static DatasetEntry, Written),
        request: Export,
        out: Option<Output>,
    ) -> Result<Plan<(u64, LeftOut)>, DeskError> {
        let is_recorded = !request.dry_run;
        if entry.dataset == Dataset::Activities {
            self.have_activities()?;
        }
        if entry.dataset == Dataset::Golden && !self.settings().measures.is_empty() {
            self.have_activities()?;
        }
        let (columns, up_to) = self.foresee_export(entry, &request)?;
        let wanted = filter::read((entry, self.facts()), &columns, request.filter.as_deref())?;
        if let Some(wanted) = wanted.as_ref().filter(|_| !is_recorded) {
            filter::must_not_count_masked((entry, self.settings()), wanted, &self.masks())?;
        }
        if let Some(purpose) = purpose::of(self.settings(), entry, &request)? {
            let (masks, closed) = (self.masks(), self.closed_masks());
            let who = (&*masks, closed.as_deref(), is_recorded);
            purpose::must_not_tell(entry, (self.settings(), purpose), who)?;
        }
        if let Some(wanted) = &wanted {
            filter::must_not_ask_closed(
                entry,
                wanted,
                self.closed_masks().as_deref(),
                self.settings(),
            )?;
        }
        let masked = match entry.dataset {
            Dataset::Records | Dataset::Golden => masks::closed(self.settings()),
            Dataset::Activities => {
                let closed = self.closed_masks();
                closed.map(|closed| closed.columns_of_activities()).unwrap_or_default()
            }
            _ => Vec::new(),
        };
        let chain = hex(&self.reader.chain_at(up_to)?);
        let told = columns.iter().filter(|column| !column.nested).map(|column| ExportColumn {
            name: column.name.clone(),
            kind: column.kind.name().to_owned(),
        });
        let told = told.collect();
        let leaving = Leaving {
            dataset: entry.name,
            format: written.format.name().to_owned(),
            filter: filter(
                &request,
                filter::told((entry, &self.settings), &columns, wanted.as_ref()),
                masks::told(self.settings(), &masked),
            ),
            up_to,
            destination: request.destination.clone(),
        };
        let begun = is_recorded.then(|| self.begin_exports(&[leaving.begun()])).transpose()?;
        let withheld = self.withheld()?;
        let used_for = request.used_for.clone();
        Ok(Plan {
            read: Read::Once(Box::new(move |facts, progress| {
                let told = (request, wanted, withheld);
                write_rows(facts, (entry, &written, &columns), told, out, progress)
            })),
            finish: Box::new(move |desk, (rows, left_out)| {
                let used_for =
                    used_for.and_then(|it| purpose::told(desk.settings(), &it, left_out));
                if let Some(begun) = begun {
                    desk.end_exports(vec![leaving.ended(begun, rows)])?;
                }
                let (columns, damage) = (told, Vec::new());
                Ok(JobReport::Export(ExportOutcome {
                    rows,
                    up_to,
                    chain,
                    columns,
                    damage,
                    masked,
                    used_for,
                }))
            }),
        })
    }

    /// The format of an export, and all that it is written with.
    fn written(&self, request: &Export) -> Result<Written, DeskError> {
        let format = format(&request.format)?;
        let delimiter = match request.csv.delimiter.as_deref() {
            None => CsvForm::default().delimiter,
            Some(text) => settings::delimiter(text)
                .ok_or_else(|| DeskError::Usage(format!("`{text}` is not a delimiter")))?,
        };
        let form = CsvForm { delimiter, bom: request.csv.bom };
        if format != Format::Csv && form != CsvForm::default() {
            let why = "a delimiter and a byte order mark apply only to csv".to_owned();
            return Err(DeskError::Usage(why));
        }
        let mut writers = self.environment.formats.writers.iter();
        let writer = writers.find(|(own, _)| *own == format).map(|(_, writer)| writer.clone());
        if writer.is_none() && format.is_beside() {
            let name = format.name();
            return Err(DeskError::Usage(format!(
                "this build cannot write {name}: cargo install --path . --features {name}"
            )));
        }
        Ok(Written { format, form, writer })
    }

    /// The columns, and the last commit whose effects will be in the rows.
    fn foresee_export(
        &self,
        entry: &DatasetEntry,
        request: &Export,
    ) -> Result<(Vec<Column>, Sequence), DeskError> {
        let facts = self.facts();
        let then = request.at.map(|at| facts.settings_at(at)).transpose()?.flatten();
        let facts = facts.seen_at(request.at, then.as_ref());
        let past = request.at.map(|at| Past::at(facts, at)).transpose()?;
        let head = facts.view.head()?.map_or(Sequence::ZERO, |(sequence, _)| sequence);
        let up_to = past.as_ref().map_or(head, Past::until);
        if up_to == Sequence::ZERO {
            return Err(DeskError::NotThere(
                "the workspace did not exist yet at that time".to_owned(),
            ));
        }
        let purpose = purpose::of(facts.settings, entry, request)?;
        let named = match purpose {
            Some(purpose) => golden::columns_for(facts, purpose),
            None => (entry.columns)(facts)?,
        };
        let mut named = columns(named);
        if entry.dataset == Dataset::Golden && request.at.is_some() {
            // Of the past nobody tells them.
            let told = measures::columns(facts.settings);
            named.retain(|column| !told.iter().any(|it| it.name == column.name));
        }
        Ok((named, up_to))
    }
}

/// How many rows were written.
fn write_rows(
    facts: Facts<'_>,
    (entry, written, columns): (&DatasetEntry, &Written, &[Column]),
    (request, wanted, withheld): (Export, Option<Expression>, Withheld),
    mut out: Option<Output>,
    progress: &dyn Progress,
) -> Result<(u64, LeftOut), DeskError> {
    let then = request.at.map(|at| facts.settings_at(at)).transpose()?.flatten();
    let facts = facts.seen_at(request.at, then.as_ref());
    let past = request.at.map(|at| Past::at(facts, at)).transpose()?;
    let writer = out.as_mut().map(|out| written.open(columns, &mut **out)).transpose()?;
    let masks = MaskedColumns::of(entry, facts.settings, columns);
    let mut rows = Rows::new(writer).only(columns, wanted.as_ref()).masked(masks);
    let mut scope = Scope::new(facts, request.since, past, withheld, progress)?;
    scope.with_golden = request.with_golden;
    scope.used_for = request.used_for.map(ForPurpose::new);
    (entry.write)(&scope, &mut rows)?;
    let count = rows.finish()?;
    if let Some(out) = &mut out {
        out.flush()?;
    }
    Ok((count, scope.used_for.as_ref().map(ForPurpose::left_out).unwrap_or_default()))
}

/// Where an export is written to; `None` means it is only counted.
pub(super) fn output(dry_run: bool, out: Option<Output>) -> Result<Option<Output>, DeskError> {
    match out {
        _ if dry_run => Ok(None),
        Some(out) => Ok(Some(out)),
        None => Err(DeskError::Usage("an export needs an output".to_owned())),
    }
}

fn dataset(name: &str) -> Result<Dataset, DeskError> {
    Dataset::from_name(name).ok_or_else(|| {
        let names = DATASETS.iter().map(|entry| entry.name).collect::<Vec<_>>().join(", ");
        DeskError::Usage(format!("unknown data set `{name}`: expected one of {names}"))
    })
}

pub(super) fn format(name: &str) -> Result<Format, DeskError> {
    Format::from_name(name).ok_or_else(|| {
        let names = FORMATS.iter().map(|entry| entry.name).collect::<Vec<_>>().join(", ");
        DeskError::Usage(format!("unknown format `{name}`: expected one of {names}"))
    })
}

/// Whether the data set can be narrowed as asked.
fn check(entry: &DatasetEntry, request: &Export) -> Result<(), DeskError> {
    if request.since.is_some() && !entry.since {
        return Err(DeskError::Usage(format!(
            "{} are computed each time and have no date: export them without --since",
            entry.name
        )));
    }
    if request.at.is_some() && !entry.at {
        let able = DATASETS.iter().filter(|entry| entry.at).map(|entry| entry.name);
        return Err(DeskError::Usage(format!(
            "{} are only available as they are now: --at works with {}",
            entry.name,
            able.collect::<Vec<_>>().join(", ")
        )));
    }
    if request.at.is_some() && request.since.is_some() {
        return Err(DeskError::Usage("--at and --since cannot be combined".to_owned()));
    }
    Ok(())
}

/// What is recorded of what was asked for: nothing that anybody typed of a person.
fn filter(request: &Export, wanted: Option<String>, masked: Option<String>) -> String {
    let of_time = match (request.since, request.at) {
        (Some(since), _) => Some(format!("since {since}")),
        (None, Some(at)) => Some(format!("at {at}")),
        (None, None) => None,
    };
    let wanted = wanted.map(|wanted| format!("where {wanted}"));
    let used_for = request.used_for.as_ref().map(purpose::recorded);
    of_time.into_iter().chain(wanted).chain(used_for).chain(masked).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests;
