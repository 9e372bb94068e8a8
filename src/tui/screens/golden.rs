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
        && let Some(text) = &picked.text
    {
        return Some(GridGolden { text: text.clone(), winner: picked.winner });
    }
    let value = screen.golden()?.get(field.as_str())?;
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
