//! Columns: customers and records, field by field.

use std::collections::BTreeMap;

use super::elsewhere::Elsewhere;
use super::explanation;
use super::fix::violation_views;
use super::mailbox;
use super::marks::mark;
use super::organisations;
use super::together::{self, Linked};
use super::words::words;
use crate::closed;
use crate::error::{Decided, DeskError, unknown};
use crate::facts::{Facts, GoldenViolation, RecordFacts, source_of};
use domain::{
    CustomerId, CustomerState, FieldName, FieldType, Golden, GoldenValue, Origin, RecordAddress,
    RecordId, Shown, Value, Values,
};
use door::views::{
    ApartView, CONTRADICTS, Cell, Column, ExplanationView, FieldView, Mark, MemberView, Words,
};
use intake::merge;
use matching::{Likenesses, Standing};
use settings::Settings;

/// What is said of a value that is no evidence, or that stands beside one.
const NOT_COUNTED: &str = "not counted";

/// A customer read whole, before it is laid out.
pub struct Whole {
    pub id: CustomerId,
    pub state: CustomerState,
    pub members: Vec<RecordFacts>,
    pub golden: Golden,
    /// What its golden values were, where all its records are closed.
    pub closed: Option<Golden>,
    pub violations: Vec<GoldenViolation>,
}

impl Whole {
    pub fn read(facts: Facts<'_>, id: CustomerId) -> Decided<Whole> {
        let state = facts.view.customer(id)?.ok_or_else(|| unknown(&id))?;
        let members = facts.members(&state)?;
        let golden = facts.golden(&state, &members)?;
        let violations = facts.golden_violations(id, &members, &golden)?;
        let closed = closed::last_golden(facts, &state, &members)?;
        Ok(Whole { id, state, members, golden, closed, violations })
    }

    /// One in a state that it has in a draft, to be compared with another.
    pub fn in_state(
        facts: Facts<'_>,
        id: CustomerId,
        state: CustomerState,
    ) -> Result<Whole, DeskError> {
        let members = facts.members(&state)?;
        let golden = facts.golden(&state, &members)?;
        let closed = closed::last_golden(facts, &state, &members)?;
        Ok(Whole { id, state, members, golden, closed, violations: Vec::new() })
    }

    /// What is compared with others: of a closed customer, what it was.
    pub(super) fn compared(&self) -> &Golden {
        self.closed.as_ref().unwrap_or(&self.golden)
    }
}

/// The fields that any of the customers has a value for, in the order of the settings.
pub(super) fn rows(settings: &Settings, customers: &[Whole]) -> Vec<FieldView> {
    let has_value = |field: &FieldName| {
        customers.iter().any(|whole| {
            whole.compared().get(field.as_str()).is_some()
                || whole.members.iter().any(|member| {
                    // What was removed is shown as that.
                    member.values.get(field.as_str()).is_some()
                        || member.state.corrections.contains_key(field)
                })
                || whole.violations.iter().any(|broken| broken.violation.field == *field)
        })
    };
    let fields = settings.fields.iter().filter(|field| has_value(&field.name));
    fields
        .map(|field| FieldView {
            name: field.name.clone(),
            field_type: field.field_type,
            sensitive: settings.is_masked(field),
            group: group_of(settings, &field.name),
            description: field.about.description.clone(),
            owner: field.about.owner.clone(),
        })
        .collect()
}

fn group_of(settings: &Settings, field: &FieldName) -> Vec<FieldName> {
    let groups = &settings.survivorship.groups;
    let group = groups.iter().find(|group| group.fields.contains(field));
    group.map(|group| group.fields.clone()).unwrap_or_default()
}

/// What the best pairs of records of columns say of how these go together.
#[derive(Debug, Clone, Default)]
pub(super) struct Between {
    /// How likely each two are one customer.
    pub(super) linked: Vec<Linked>,
    /// Those that have no pair of records that speaks for one customer.
    pub(super) apart: Vec<ApartView>,
}

/// Lays customers out beside each other, and tells which two of them are not merged unasked.
pub(super) fn columns(
    facts: Facts<'_>,
    rows: &[FieldView],
    customers: &[Whole],
    between: Between,
    disputed: Option<RecordId>,
) -> Result<(Vec<Column>, Vec<ApartView>), DeskError> {
    let Some(first) = customers.first() else { return Ok((Vec::new(), Vec::new())) };
    let goldens: Vec<Values> = customers
        .iter()
        .map(|whole| counted_golden(facts, &whole.members, whole.compared()))
        .collect::<Result<_, _>>()?;
    // What came since stands beside what was there: a disputed record is no part of what it is compared
    // with, or the old values would read as the wrong ones.
    let undisputed = match (customers, disputed) {
        ([only], Some(record)) => without(facts, only, record)?,
        _ => None,
    };
    let reference = undisputed.as_ref().unwrap_or_else(|| first.compared());
    let counted_first = counted_golden(facts, &first.members, reference)?;
    let members = customers.iter().flat_map(|whole| &whole.members);
    let members: Vec<Values> =
        members.map(|member| counted(facts, member)).collect::<Result<_, _>>()?;
    // Every golden record, then every member, against the first golden record.
    let others: Vec<&Values> = goldens.iter().chain(&members).collect();
    let counts = |values: &Values, row: &FieldView| values.get(row.name.as_str()).is_some();
    let fields: Vec<FieldName> = rows.iter().map(|row| row.name.clone()).collect();
    let model = facts.model()?;
    let likenesses =
        Likenesses::new(facts.settings, model.as_deref(), &fields, &counted_first, &others);
    let model = model.as_deref();
    let elsewhere = Elsewhere::new(facts.settings, model, rows, &counted_first, &others);
    let apart = apart(facts, &goldens, between.apart);
    let is_in = together::begin(customers.len(), &apart, &between.linked);
    let mut next_member = goldens.len();
    let mut columns = Vec::new();
    for (at, whole) in customers.iter().enumerate() {
        let cells = rows.iter().enumerate().map(|(place, row)| {
            let mut cell = golden_cell(row, whole);
            let own = counts(&goldens[at], row);
            cell.uncounted = cell.text.is_some() && !own;
            if at > 0 {
                let standing = likenesses.standing(at, place);
                let both = Counts { own, first: counts(&counted_first, row) };
                compare(&mut cell, row, reference, standing, both);
            } else if cell.uncounted {
                (cell.mark, cell.words) = (Mark::NotCounted, Words::plain(NOT_COUNTED));
            }
            cell
        });
        let mut cells: Vec<Cell> = cells.collect();
        if at > 0 {
            elsewhere.tell(at, &mut cells);
        }
        name_as_its_parts(rows, &mut cells);
        mailbox::of_somebody_else(rows, &mut cells, reference);
        let mut members = Vec::new();
        for member in &whole.members {
            let mut shown = member_view(facts, rows, member)?;
            for (place, (cell, row)) in shown.cells.iter_mut().zip(rows).enumerate() {
                let own = counts(others[next_member], row);
                cell.uncounted = cell.text.is_some() && !own;
                let both = Counts { own, first: counts(&counted_first, row) };
                let standing = likenesses.standing(next_member, place);
                compare(cell, row, reference, standing, both);
            }
            elsewhere.tell(next_member, &mut shown.cells);
            name_as_its_parts(rows, &mut shown.cells);
            mailbox::of_somebody_else(rows, &mut shown.cells, reference);
            members.push(shown);
            next_member += 1;
        }
        let why_apart = || {
            let other = |it: &&ApartView| {
                it.left == at && is_in[it.right] || it.right == at && is_in[it.left]
            };
            apart.iter().find(other).map(|it| it.why.clone())
        };
        columns.push(Column {
            customer: whole.id,
            version: facts.view.customer_version(whole.id)?,
            members,
            cells,
            golden: whole.golden.clone().into(),
            closed: whole.closed.is_some(),
            contradicts: !is_in[at],
            why_apart: if is_in[at] { None } else { why_apart() },
            activity: None,
        });
    }
    Ok((columns, apart))
}

/// Which two columns something differs between that one customer has only one of, and those whose best
/// pair of records speaks for two, in the order of their places.
fn apart(facts: Facts<'_>, goldens: &[Values], mut apart: Vec<ApartView>) -> Vec<ApartView> {
    for (left, one) in goldens.iter().enumerate() {
        let others: Vec<&Values> = goldens[left + 1..].iter().collect();
        let likenesses = Likenesses::new(facts.settings, None, &[], one, &others);
        for at in 0..others.len() {
            let Some(what) = likenesses.contradiction(at) else { continue };
            let (right, why) = (left + 1 + at, format!("{what}{CONTRADICTS}"));
            // What a customer has only one of says it best.
            apart.retain(|it| (it.left, it.right) != (left, right));
            apart.push(ApartView { left, right, why });
        }
    }
    apart.sort_by_key(|it| (it.left, it.right));
    apart
}

/// The addresses of the records that golden values came from, these customers' and `others`; without
/// those that cannot be read. A pin may be of a record that has left since.
pub(super) fn origins(
    facts: Facts<'_>,
    customers: &[Whole],
    others: &[GoldenValue],
) -> BTreeMap<RecordId, RecordAddress> {
    let values = customers.iter().flat_map(|whole| &whole.golden.values).chain(others);
    let mut origins = BTreeMap::new();
    for record in values.filter_map(|value| value.origin.record()) {
        if origins.contains_key(&record) {
            continue;
        }
        let mut members = customers.iter().flat_map(|whole| &whole.members);
        let member = members.find(|member| member.id == record);
        let address = match member {
            Some(member) => Some(member.body.address.clone()),
            None => facts.body(record).ok().map(|body| body.address),
        };
        origins.extend(address.map(|address| (record, address)));
    }
    origins
}

/// The golden values that say who somebody is: those of a record for which they are no evidence are
/// left out.
fn counted_golden(
    facts: Facts<'_>,
    members: &[RecordFacts],
    golden: &Golden,
) -> Result<Values, DeskError> {
    let mut values = merge::golden_values(golden);
    for member in members {
        for uncounted in facts.not_counted(member)? {
            let field = uncounted.field.as_str();
            let own = member.values.get(field).map(Value::shown);
            if golden.text(field).is_some() && golden.text(field) == own {
                values.remove(field);
            }
        }
    }
    Ok(values)
}

/// What survives of a customer without one of its records; none where that is the only one.
fn without(facts: Facts<'_>, whole: &Whole, record: RecordId) -> Result<Option<Golden>, DeskError> {
    let is_other = |member: &&RecordFacts| member.id != record;
    let others: Vec<RecordFacts> = whole.members.iter().filter(is_other).cloned().collect();
    if others.is_empty() || others.len() == whole.members.len() {
        return Ok(None);
    }
    facts.golden(&whole.state, &others).map(Some)
}

/// The values of a record that say who somebody is.
fn counted(facts: Facts<'_>, member: &RecordFacts) -> Result<Values, DeskError> {
    let mut values = facts.evidence_of(member)?;
    for uncounted in facts.not_counted(member)? {
        values.remove(uncounted.field.as_str());
    }
    Ok(values)
}

/// What is said of a full name of which a part is another one.
const OTHER_PART: [(FieldType, &str); 2] = [
    (FieldType::GivenName, mailbox::OTHER_GIVEN_NAME),
    (FieldType::FamilyName, "other family name"),
];

/// A full name is not similar where a part of it beside it is another one.
fn name_as_its_parts(rows: &[FieldView], cells: &mut [Cell]) {
    let is_other = |part: FieldType| {
        let mut parts = rows.iter().zip(&*cells).filter(|(row, _)| row.field_type == part);
        parts.any(|(_, cell)| cell.mark == Mark::Different)
    };
    let Some((_, said)) = OTHER_PART.into_iter().find(|(part, _)| is_other(*part)) else { return };
    for (row, cell) in rows.iter().zip(cells) {
        if row.field_type == FieldType::FullName && cell.mark == Mark::Similar {
            (cell.mark, cell.words) = (Mark::Different, Words::plain(said));
        }
    }
}

/// Whether a value, and the first column's, count as evidence.
#[derive(Clone, Copy)]
struct Counts {
    own: bool,
    first: bool,
}

/// Says of a cell how it stands to the first column's golden value, where both count as evidence.
fn compare(
    cell: &mut Cell,
    row: &FieldView,
    first: &Golden,
    standing: Option<Standing>,
    counts: Counts,
) {
    let (first, here) = (first.text(row.name.as_str()), cell.text.as_deref());
    // Nothing stands beside it, or something does: one that does not count says nothing.
    let is_void = here.is_some() && (!counts.own || first.is_some() && !counts.first);
    if is_void {
        (cell.mark, cell.words) = (Mark::NotCounted, Words::plain(NOT_COUNTED));
        return;
    }
    let mark = mark(first, here, standing.map(|standing| standing.likeness));
    let mut words = words(row.field_type, first, here, standing);
    let is_name = row.field_type == FieldType::OrganisationName;
    if is_name && mark == Mark::Similar && organisations::is_other_form(first, here) {
        // It weighs more than a slip. A masked name does not tell it.
        words.values = Some(organisations::OTHER_LEGAL_FORM.to_owned());
    }
    (cell.mark, cell.words) = (mark, words);
}

fn golden_cell(row: &FieldView, whole: &Whole) -> Cell {
    let field = row.name.as_str();
    let value = whole.compared().get(field);
    let text = value.map(|value| value.text.clone());
    // What was delivered: by the one record there is, else by the one that the value is of.
    let delivers = match whole.members.as_slice() {
        [only] => Some(only),
        members => value
            .and_then(|value| value.origin.record())
            .and_then(|record| members.iter().find(|member| member.id == record)),
    };
    let delivered = delivers.and_then(|member| member.body.values.get(field));
    let raw = delivered.map(|value| value.raw().to_owned());
    let by_hand = matches!(value.map(|value| &value.origin), Some(Origin::Pinned { .. }))
        || whole
            .members
            .iter()
            .any(|member| whole.members.len() == 1 && member.state.corrections.contains_key(field));
    let broken = whole.violations.iter().filter(|broken| broken.violation.field == row.name);
    Cell {
        field: row.name.clone(),
        raw: raw.filter(|raw| Some(raw) != text.as_ref()).map(Shown::from),
        text: text.map(Shown::from),
        mark: Mark::None,
        words: Words::default(),
        violations: violation_views(whole, broken),
        by_hand,
        uncounted: false,
    }
}

fn member_view(
    facts: Facts<'_>,
    rows: &[FieldView],
    member: &RecordFacts,
) -> Result<MemberView, DeskError> {
    let cells = rows.iter().map(|row| member_cell(facts, row, member)).collect();
    let source = source_of(facts.settings, &member.body);
    Ok(MemberView {
        record: member.id,
        address: member.body.address.clone(),
        quarantined: member.state.quarantined,
        vanished: member.state.vanished,
        trust: source.trust.default,
        link: source.link_of(&member.body.address.key),
        updated: match member.body.updated {
            Some(updated) => updated,
            None => imported_at(facts, member)?,
        },
        cells,
    })
}

fn member_cell(facts: Facts<'_>, row: &FieldView, member: &RecordFacts) -> Cell {
    let field = row.name.as_str();
    let text = member.values.get(field).map(|value| value.shown().to_owned());
    let raw = member.body.values.get(field).map(|value| value.raw().to_owned());
    Cell {
        field: row.name.clone(),
        mark: Mark::None,
        words: Words::default(),
        raw: raw.filter(|raw| Some(raw) != text.as_ref()).map(Shown::from),
        violations: super::fix::of_record(facts, member, &row.name),
        by_hand: member.state.corrections.contains_key(field),
        uncounted: false,
        text: text.map(Shown::from),
    }
}

/// When the record's latest revision was imported.
fn imported_at(facts: Facts<'_>, member: &RecordFacts) -> Result<jiff::Timestamp, DeskError> {
    facts.time_of(facts.view.record(member.id)?.body.sequence)
}

/// What differs between the golden values of customers that one customer has only one of, in few words: of
/// the first two of which that is so.
///
/// # Errors
/// When the store or the ledger is damaged.
pub(super) fn contradiction<'a>(
    facts: Facts<'_>,
    customers: impl Iterator<Item = (&'a CustomerState, &'a [RecordFacts])>,
) -> Result<Option<String>, DeskError> {
    let mut goldens = Vec::new();
    for (state, members) in customers {
        let golden = match closed::last_golden(facts, state, members)? {
            Some(closed) => closed,
            None => facts.golden(state, members)?,
        };
        goldens.push(counted_golden(facts, members, &golden)?);
    }
    Ok(apart(facts, &goldens, Vec::new()).into_iter().next().map(|apart| apart.why))
}

/// Why two customers are not to be merged unasked, in few words: something differs that one customer has only
/// one of, or their best pair of records is likelier to be two customers than one; none where they may be.
pub fn contradict(
    facts: Facts<'_>,
    first: &Whole,
    other: &Whole,
) -> Result<Option<String>, DeskError> {
    let goldens = [
        counted_golden(facts, &first.members, first.compared())?,
        counted_golden(facts, &other.members, other.compared())?,
    ];
    if let Some(apart) = apart(facts, &goldens, Vec::new()).into_iter().next() {
        return Ok(Some(apart.why));
    }
    let Some(model) = facts.model()? else { return Ok(None) };
    let closest = explanation::closest_pair(facts, &model, &first.members, &other.members)?;
    let best = closest.map(|closest| closest.crossed.best).filter(|best| looks_different(*best));
    Ok(best.map(probably_two))
}

fn probably_two(probability: f64) -> String {
    format!("probably two customers, {}", domain::score(probability))
}

/// Why the best pair of records of two customers speaks for two, or does not say which of two it is, in few
/// words; none where it speaks for one. That it is clearly the best join of both says which of two it is.
pub(super) fn why_apart(pair: &ExplanationView, is_clear_best: bool) -> Option<String> {
    let is_different = looks_different(pair.probability);
    let contradicts = || pair.unmerged.contradictions().next().is_some();
    let fits_two = pair.unmerged.fits_two.is_some() && (!is_clear_best || contradicts());
    if !is_different && !fits_two {
        return None;
    }
    Some(match pair.unmerged.contradictions().next() {
        Some(what) => what.clone(),
        None if is_different => probably_two(pair.probability),
        None => {
            let score = domain::score(pair.probability);
            format!("{score}, but one of the two fits another as well")
        }
    })
}

/// Whether the evidence about a pair adds up against a match. Nothing at all is no evidence: the
/// model does not compare the two.
pub(super) fn looks_different(probability: f64) -> bool {
    probability > 0.0 && probability < 0.5
}
