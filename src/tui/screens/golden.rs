//! The golden column: values and who won them.

use crate::model::TaskScreen;
use crate::widgets::grid::GridGolden;
use domain::{FieldName, GoldenValue, Origin, RecordId, Shown};
use door::views::Column;

/// Strategies that look at the value itself: the source that happens to hold it says little.
const BY_VALUE: [&str; 7] =
    ["strictest", "maximum", "minimum", "longest", "shortest", "most_frequent", "most_complete"];

/// The golden value of a field as drafted: what was picked, else what would survive.
#[must_use]
pub fn drafted(screen: &TaskScreen, field: &FieldName) -> Option<GridGolden> {
    if let Some(picked) = screen.draft.picks.get(field)
        && let Some(text) = screen.picked(field, &picked.pick)
    {
        return Some(GridGolden { text: text.to_owned(), winner: picked.winner });
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
    Some(GridGolden { text: value.text.to_string(), winner: winner(value, &holders) })
}

/// What stands in the golden column where a value is lost.
#[must_use]
pub fn lost() -> GridGolden {
    GridGolden { text: "(empty)".to_owned(), winner: '!' }
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
