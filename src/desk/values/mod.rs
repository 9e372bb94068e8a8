//! The distinct values of a field: counted by a job, kept for the session that asked, corrected in bulk.
//!
//! A session keeps what it counted last: each distinct value once, and a number for each record. So it
//! is shown, unmasked and corrected without being counted again.

mod codes;
mod correct;
mod counting;
mod read;
mod tally;

use super::core::Desk;
use super::error::{Decided, DeskError};
use super::read_ahead;
use domain::{Correction, CustomerId, FieldType, RecordId, Shown, SourceName};
use door::Refusal;
use door::operations::{CountValues, Holders, ValuesOf};
use door::views::{ClusterView, CodeListsView, HoldersView, ValueRow, ValuesView};
use matching::{Kinship, SpelledAlike};
use tally::ValueCount;

/// What a session counted last.
#[derive(Default)]
pub(super) struct Kept {
    values: Option<CountedValues>,
    codes: Option<CodeListsView>,
}

/// The distinct values of a field.
struct CountedValues {
    asked: CountValues,
    field_type: FieldType,
    /// Those that `by_source` of a value counts.
    sources: Vec<SourceName>,
    /// The most frequent first.
    values: Vec<ValueCount>,
    /// The place of the value of each record, or customer, among them; [`tally::NONE`] for those without.
    of: Vec<u32>,
    counted: u64,
    absent: u64,
    clusters: Vec<SpelledAlike>,
    compared: usize,
}

impl CountedValues {
    fn row(&self, at: usize) -> ValueRow {
        let value = &self.values[at];
        let counts = value.by_source.iter().enumerate().filter(|(_, count)| **count > 0);
        let mut sources: Vec<(SourceName, u64)> =
            counts.map(|(at, count)| (self.sources[at].clone(), u64::from(*count))).collect();
        sources.sort_by(|one, other| other.1.cmp(&one.1).then_with(|| one.0.cmp(&other.0)));
        ValueRow {
            value: Shown::from(value.text.as_str()),
            count: value.count,
            unreadable: value.unreadable,
            sources,
        }
    }

    fn view(&self, limit: usize) -> ValuesView {
        let clusters = self.clusters.iter().take(limit).map(|cluster| ClusterView {
            why: why(cluster.kinship).to_owned(),
            count: cluster.members.iter().map(|at| self.values[*at].count).sum(),
            rows: cluster.members.iter().map(|at| self.row(*at)).collect(),
        });
        ValuesView {
            field: self.asked.field.clone(),
            field_type: self.field_type,
            source: self.asked.source.clone(),
            of: self.asked.of,
            counted: self.counted,
            absent: self.absent,
            distinct: self.values.len() as u64,
            masked: false,
            rows: (0..self.values.len().min(limit)).map(|at| self.row(at)).collect(),
            clusters: clusters.collect(),
            compared: self.compared as u64,
        }
    }

    /// The records that hold one of some values, and how many hold each.
    fn holders(&self, values: &[String]) -> (Vec<RecordId>, Vec<u64>) {
        let place = |text: &String| self.values.iter().position(|it| it.text.as_str() == text);
        let places: Vec<Option<usize>> = values.iter().map(place).collect();
        let count = |at: &Option<usize>| at.map_or(0, |at| self.values[at].count);
        let counts = places.iter().map(count).collect();
        let wanted: Vec<u32> =
            places.iter().flatten().filter_map(|at| u32::try_from(*at).ok()).collect();
        let held = (0..).zip(&self.of).filter(|(_, value)| wanted.contains(value));
        (held.map(|(record, _)| RecordId(record)).collect(), counts)
    }
}

fn why(kinship: Kinship) -> &'static str {
    match kinship {
        Kinship::SameWords => "the same words",
        Kinship::SameLetters => "the same letters",
        Kinship::Near => "nearly the same",
    }
}

impl Desk {
    fn counted_values(&mut self) -> Decided<&CountedValues> {
        let kept = self.sessions.values(self.acting.id);
        let missing = "count the values first, or count them again";
        kept.values.as_ref().ok_or_else(|| Refusal::DoesNotApply { why: missing.to_owned() }.into())
    }

    /// What this session counted last.
    pub(super) fn values_view(&mut self, limit: usize, unmask: bool) -> Decided<ValuesView> {
        let masks = self.masks();
        let counted = self.counted_values()?;
        let CountValues { field, of, .. } = &counted.asked;
        if unmask || !masks.hide_values(field, counted.field_type, *of) {
            return Ok(counted.view(limit));
        }
        // Where it is cut must not tell the order of what is masked.
        let mut view = counted.view(0);
        view.rows = (0..counted.values.len()).map(|at| counted.row(at)).collect();
        masks.order_values(&mut view);
        view.rows.truncate(limit);
        Ok(view)
    }

    /// What this session counted of the code lists.
    pub(super) fn code_lists_view(&mut self, limit: usize) -> Decided<CodeListsView> {
        let kept = self.sessions.values(self.acting.id).codes.clone();
        let missing = || Refusal::DoesNotApply { why: "count the codes first".to_owned() };
        let mut view = kept.ok_or_else(missing)?;
        self.masks().order_codes(&mut view);
        view.lists.iter_mut().for_each(|list| list.values.truncate(limit));
        Ok(view)
    }

    /// The records that hold one of some values, as this session counted them.
    pub(super) fn holders_of(&mut self, asked: &Holders) -> Decided<HoldersView> {
        let values = &asked.values;
        let counted = self.counted_values()?;
        if counted.asked.of == ValuesOf::Golden {
            let why = "golden values follow from records: count the values of records to correct \
                       them, or pin a customer's";
            return Err(Refusal::DoesNotApply { why: why.to_owned() }.into());
        }
        let field = counted.asked.field.clone();
        self.record_guess(&field, asked.unmask)?;
        let (records, of_each) = self.counted_values()?.holders(values);
        self.must_be_corrected_in_one(records.len())?;
        let (facts, withheld) = (self.facts(), self.withheld()?);
        let mut view = HoldersView {
            records: Vec::with_capacity(records.len()),
            of_each,
            customers: 0,
            corrected: 0,
            pinned: 0,
        };
        let mut customers: Vec<CustomerId> = Vec::new();
        let addressed = read_ahead::with_records(facts, records.iter().copied(), || {
            for record in &records {
                let row = facts.view.record(*record)?;
                view.records.push(facts.body(*record)?.address);
                customers.push(withheld.home(*record, row.customer));
                let corrected: Option<Correction> = match row.touched {
                    true => facts.view.record_state(*record)?.corrections.remove(&field),
                    false => None,
                };
                view.corrected += u64::from(corrected.is_some());
            }
            Ok(())
        });
        addressed?;
        customers.sort_unstable();
        customers.dedup();
        view.customers = customers.len() as u64;
        for customer in customers {
            let state = facts.view.customer(customer)?;
            let is_pinned = state.is_some_and(|state| state.pins.contains_key(&field));
            view.pinned += u64::from(is_pinned);
        }
        Ok(view)
    }

    /// Whether one bulk may correct so many records.
    fn must_be_corrected_in_one(&self, records: usize) -> Decided<()> {
        let most = self.settings.decisions.bulk_max;
        if records <= most {
            return Ok(());
        }
        let why = format!(
            "{records} records are too many for one bulk: [decisions] bulk_max allows {most}; take \
             fewer values, or those of one source"
        );
        Err(Refusal::DoesNotApply { why }.into())
    }

    fn keep_values(&mut self, values: CountedValues) {
        self.sessions.values(self.acting.id).values = Some(values);
    }

    fn keep_codes(&mut self, codes: CodeListsView) {
        self.sessions.values(self.acting.id).codes = Some(codes);
    }
}

/// The settings do not have the field.
fn no_such_field(name: &str, known: &[&str]) -> DeskError {
    DeskError::NotThere(format!("unknown field `{name}`: expected one of {}", known.join(", ")))
}
