//! The job that counts: a portion of the records a step.

use std::ops::Range;
use std::time::Duration;

use compact_str::CompactString;

use super::codes::CodesTally;
use super::tally::Tally;
use super::{CountedValues, no_such_field, read};
use crate::adoption::read_settings;
use crate::core::Desk;
use crate::error::{Decided, DeskError};
use crate::facts::Facts;
use crate::job::{Stepped, Steps};
use crate::read_ahead;
use crate::typed::Laid;
use domain::{CustomerId, FieldType, Origin, RecordBody, SourceName, Value};
use door::operations::{CountValues, ValuesOf};
use door::views::{JobKind, JobReport, JobView, ValuesCounted};
use matching::{COMPARED, can_be_misspelled, spelled_alike};

/// Records of a step beside others: some milliseconds.
const FEW: u32 = 2_048;
/// Records of a step where nobody waits.
const MANY: u32 = 32_768;

impl Desk {
    /// Starts to count the values of a field, or when its turn comes.
    ///
    /// # Errors
    /// The refusal when too many jobs wait; when there is no such field or source.
    pub(crate) fn start_count(&mut self, asked: CountValues) -> Decided<JobView> {
        let settings = self.settings();
        let Some(field) = settings.field(asked.field.as_str()) else {
            let known: Vec<&str> = settings.fields.iter().map(|it| it.name.as_str()).collect();
            return Err(no_such_field(asked.field.as_str(), &known).into());
        };
        let field_type = field.field_type;
        if let Some(source) = &asked.source
            && settings.source(source.as_str()).is_none()
        {
            let known: Vec<&str> = settings.sources.iter().map(|it| it.name.as_str()).collect();
            let known = known.join(", ");
            let why = format!("unknown source `{source}`: expected one of {known}");
            return Err(DeskError::NotThere(why).into());
        }
        let what = format!("counting values of {}", asked.field);
        let work = Work::Values { asked, field_type, tally: Box::default() };
        self.begin_job(JobKind::Count, what, Box::new(Counting::of(work)))
    }

    /// Starts to count what the code lists of `steward.toml` hold, those in force while it has errors, or when its
    /// turn comes.
    ///
    /// # Errors
    /// The refusal when too many jobs wait.
    pub(crate) fn start_count_of_codes(&mut self) -> Decided<JobView> {
        let edited = read_settings(&self.workspace);
        let tally = CodesTally::of(edited.as_ref().unwrap_or(&self.settings));
        let work = Work::Codes(Box::new(tally));
        self.begin_job(JobKind::Count, "counting codes".to_owned(), Box::new(Counting::of(work)))
    }
}

/// What is counted.
enum Work {
    /// The values of a field.
    Values { asked: CountValues, field_type: FieldType, tally: Box<Tally> },
    /// What code lists hold.
    Codes(Box<CodesTally>),
}

/// A count on its way.
struct Counting {
    work: Work,
    /// Records, or customers, looked at.
    done: u32,
    /// `None` means it has not begun.
    total: Option<u32>,
}

impl Counting {
    fn of(work: Work) -> Self {
        Self { work, done: 0, total: None }
    }

    fn go_on(&mut self, desk: &Desk) -> Result<bool, DeskError> {
        let facts = desk.facts();
        let counters = facts.view.counters()?;
        let is_golden =
            matches!(&self.work, Work::Values { asked, .. } if asked.of == ValuesOf::Golden);
        let total = if is_golden { counters.customers } else { counters.records };
        let from = self.done;
        let to = total.min(from.saturating_add(if desk.alone { MANY } else { FEW }));
        (self.done, self.total) = (to, Some(total));
        match &mut self.work {
            Work::Values { asked, tally, .. } if is_golden => {
                golden(facts, asked, from + 1..to + 1, tally)?;
            }
            Work::Values { asked, tally, .. } => of_records(facts, asked, from..to, tally)?,
            Work::Codes(tally) => tally.add(facts, from..to)?,
        }
        Ok(to == total)
    }

    fn end(self, desk: &mut Desk) -> Result<JobReport, DeskError> {
        match self.work {
            Work::Values { asked, field_type, tally } => {
                let counted = finished(asked, field_type, *tally);
                let report = ValuesCounted {
                    fields: vec![counted.asked.field.clone()],
                    looked_at: counted.counted,
                    distinct: counted.values.len() as u64,
                };
                desk.keep_values(counted);
                Ok(JobReport::CountValues(report))
            }
            Work::Codes(tally) => {
                let view = tally.finish();
                let report = ValuesCounted {
                    fields: view.lists.iter().map(|list| list.field.clone()).collect(),
                    looked_at: view.records,
                    distinct: view.lists.iter().map(|list| list.unlisted).sum(),
                };
                desk.keep_codes(view);
                Ok(JobReport::CountCodes(report))
            }
        }
    }
}

impl Steps<Desk> for Counting {
    fn step(mut self: Box<Self>, desk: &mut Desk) -> Result<Stepped<Desk>, DeskError> {
        Ok(match self.go_on(desk)? {
            true => Stepped::End(self.end(desk)?),
            false => Stepped::More(self, Duration::ZERO),
        })
    }

    fn tell(&self, view: &mut JobView) {
        "counting".clone_into(&mut view.phase);
        (view.done, view.total) = (u64::from(self.done), self.total.map(u64::from));
    }

    fn cancel(&self) -> bool {
        // Nothing is written.
        true
    }
}

/// Counts the values of some records.
fn of_records(
    facts: Facts<'_>,
    asked: &CountValues,
    numbers: Range<u32>,
    tally: &mut Tally,
) -> Result<(), DeskError> {
    let field = asked.field.as_str();
    let wanted = |body: &RecordBody| -> Option<(SourceName, Option<(CompactString, bool)>)> {
        let source = &body.address.source;
        let is_wanted = asked.source.as_ref().is_none_or(|wanted| wanted == source);
        is_wanted.then(|| (source.clone(), body.values.get(field).map(|it| counted(asked.of, it))))
    };
    for found in read::records(facts, numbers, &wanted)? {
        let Some((source, mut value)) = found.found else { continue };
        if found.touched {
            let state = facts.view.record_state(found.record)?;
            if !state.takes_part() {
                continue;
            }
            if asked.of == ValuesOf::Standard
                && let Some(correction) = state.corrections.get(field)
            {
                let values = facts.body(found.record)?.values;
                value = match facts.laid_by(correction.decision, &asked.field, &values)? {
                    Some(Laid::Value(corrected)) => Some(counted(asked.of, &corrected)),
                    Some(Laid::Nothing) => None,
                    None => value,
                };
            }
        }
        tally.add(found.record.0, Some(&source), value);
    }
    Ok(())
}

/// A value as it is counted, and whether it could be read.
fn counted(of: ValuesOf, value: &Value) -> (CompactString, bool) {
    let text = if of == ValuesOf::Raw { value.raw() } else { value.shown() };
    (CompactString::from(text), value.is_readable())
}

/// Counts the golden values of some customers.
fn golden(
    facts: Facts<'_>,
    asked: &CountValues,
    numbers: Range<u32>,
    tally: &mut Tally,
) -> Result<(), DeskError> {
    let mut live = Vec::new();
    for id in numbers.map(CustomerId) {
        if let Some(state) = facts.view.customer(id)?.filter(|state| state.is_live()) {
            live.push((id, state));
        }
    }
    let members = live.iter().flat_map(|(_, state)| state.members.iter().copied());
    let members: Vec<_> = members.collect();
    read_ahead::with_records(facts, members, || {
        for (id, state) in &live {
            let members = facts.members(state)?;
            if !members.iter().any(|member| member.takes_part()) {
                continue;
            }
            let golden = facts.golden(state, &members)?;
            let value = golden.get(asked.field.as_str());
            let source = value.and_then(|value| match &value.origin {
                Origin::Survived { record, .. } => {
                    let member = members.iter().find(|member| member.id == *record)?;
                    Some(member.body.address.source.clone())
                }
                Origin::Pinned { .. } => None,
            });
            if asked.source.is_some() && source != asked.source {
                continue;
            }
            let value = value.map(|it| (CompactString::from(it.text.as_str()), it.readable));
            tally.add(id.0, source.as_ref(), value);
        }
        Ok(())
    })
}

fn finished(asked: CountValues, field_type: FieldType, tally: Tally) -> CountedValues {
    let done = tally.finish();
    let (clusters, compared) = if can_be_misspelled(field_type) {
        let texts: Vec<(&str, u64)> = done
            .values
            .iter()
            .take(COMPARED)
            .map(|value| (value.text.as_str(), value.count))
            .collect();
        (spelled_alike(&texts, &|| true), texts.len())
    } else {
        (Vec::new(), 0)
    };
    CountedValues {
        asked,
        field_type,
        sources: done.sources,
        values: done.values,
        of: done.of,
        counted: done.counted,
        absent: done.absent,
        clusters,
        compared,
    }
}
