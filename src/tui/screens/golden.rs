//! The golden column: values and who won them.

use crate::model::TaskScreen;
use crate::widgets::grid::GridGolden;
use domain::{FieldName, GoldenValue, Origin, RecordId, Shown};
use door::Pick;
use door::views::{Cell, Column};

/// Strategies that look at the value itself: the source that happens to hold it says little.
const BY_VALUE: [&str; 7] =
    ["strictest", "maximum", "minimum", "longest", "shortest", "most_frequent", "most_complete"];

/// The golden value of a field as drafted: what was picked, else what would survive.
#[must_use]
pub fn drafted(screen: &TaskScreen, field: &FieldName) -> Option<GridGolden> {
    if let Some(picked) = screen.draft.picks.get(field)
        && let Some(text) = screen.picked(field, &picked.pick)
    {
        let flawed = is_picked_flawed(screen, field, &picked.pick);
        return Some(GridGolden { text: text.to_owned(), winner: picked.winner, flawed });
    }
    let golden = screen.golden()?;
    let Some(value) = golden.get(field.as_str()) else {
        return is_lost(screen, field).then(lost);
    };
    let holders: Vec<Vec<RecordId>> = screen
        .shown_columns()
        .iter()
        .map(|shown| match shown.member {
            Some(member) => vec![member.record],
            None => records(shown.column),
        })
        .collect();
    let flawed = is_flawed(screen.columns().iter(), value) || screen.is_refused_for(field);
    Some(GridGolden { text: value.text.to_string(), winner: winner(value, &holders), flawed })
}

/// Whether something is wrong with a golden value where it is in the record that it survived from.
#[must_use]
pub fn is_flawed<'a>(
    columns: impl Iterator<Item = &'a Column>,
    value: &GoldenValue<Shown>,
) -> bool {
    let Some(record) = value.origin.record() else { return false };
    let mut members = columns.flat_map(|column| &column.members);
    let member = members.find(|member| member.record == record);
    let mut cells = member.into_iter().flat_map(|member| &member.cells);
    cells.any(|cell| cell.field == value.field && cell.is_flawed())
}

/// The same of what was picked from a column or a record.
fn is_picked_flawed(screen: &TaskScreen, field: &FieldName, pick: &Pick) -> bool {
    let columns = || screen.columns().iter();
    let mut cells: Box<dyn Iterator<Item = &Cell>> = match pick {
        Pick::From(record) => {
            let members = columns().flat_map(|column| &column.members);
            Box::new(members.filter(|it| it.record == *record).flat_map(|it| &it.cells))
        }
        Pick::FromCustomer(customer) => {
            Box::new(columns().filter(|it| it.customer == *customer).flat_map(|it| &it.cells))
        }
        Pick::Typed(_) | Pick::Survivorship => return false,
    };
    cells.any(|cell| cell.field == *field && cell.is_flawed())
}

/// What stands in the golden column where a value is lost.
#[must_use]
pub fn lost() -> GridGolden {
    GridGolden { text: "(empty)".to_owned(), winner: '!', flawed: false }
}

/// Whether a column that counts has a value of a field that has no golden one: it survives with others,
/// and the record that won has none.
#[must_use]
pub fn is_lost(screen: &TaskScreen, field: &FieldName) -> bool {
    let own = screen.as_it_is().map(|column| column.customer);
    let merged = screen.merged();
    let counts = |customer: usize| merged.as_ref().is_none_or(|letter| letter.contains(&customer));
    let columns = screen.columns().iter().enumerate();
    let is_of = |column: &Column| own.is_none_or(|own| own == column.customer) && !column.closed;
    let mut counting = columns.filter(|(at, column)| counts(*at) && is_of(column));
    counting.any(|(_, column)| {
        let mut cells = column.cells.iter();
        cells.any(|cell| cell.field == *field && cell.text.is_some())
    })
}

/// The records of a customer.
#[must_use]
pub fn records(column: &Column) -> Vec<RecordId> {
    column.members.iter().map(|member| member.record).collect()
}

/// Who won: the number of the column that holds the record, `s` for a strategy that looks at
/// values, `*` for what was typed.
#[must_use]
pub fn winner(value: &GoldenValue<Shown>, holders: &[Vec<RecordId>]) -> char {
    if let Origin::Survived { strategy, .. } = &value.origin
        && BY_VALUE.contains(&strategy.as_str())
    {
        return 's';
    }
    let Some(record) = value.origin.record() else { return '*' };
    let column = holders.iter().position(|records| records.contains(&record));
    let digit = column.and_then(|column| char::from_digit(u32::try_from(column + 1).ok()?, 36));
    digit.unwrap_or('s')
}

/// The lineage of a value, in words.
#[must_use]
pub fn lineage(value: &GoldenValue<Shown>) -> String {
    match &value.origin {
        Origin::Survived { strategy, .. } => strategy.clone(),
        Origin::Pinned { decision, .. } => format!("pinned by {decision}"),
    }
}
