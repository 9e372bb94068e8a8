//! Cells of a file that are not kept as somebody would think.

use serde::{Deserialize, Serialize};

/// Cells of a column that are not kept as somebody would think.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OddCells {
    /// The column's name.
    pub column: String,
    /// What they are.
    pub fault: CellFault,
    /// In how many rows.
    pub rows: u64,
    /// The row of the first.
    pub line: u64,
}

/// Why cells of a workbook or a table are odd.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CellFault {
    /// Numbers that lost digits before the file was written.
    DigitsLost,
    /// Formulas whose results the file does not hold.
    NotComputed,
    /// They are merged with the cell above them, and hold nothing of their own.
    Merged,
}

impl OddCells {
    /// What they are, and what to do about it.
    pub(super) fn remark(&self) -> String {
        let OddCells { column, fault, rows, line } = self;
        let rows = match rows {
            1 => format!("row {line}"),
            rows => format!("{rows} rows, the first is row {line}"),
        };
        match fault {
            CellFault::DigitsLost => format!(
                "`{column}` has numbers whose last digits were lost before the file was written ({rows}): they \
                 are kept as they are; export the column as text"
            ),
            CellFault::NotComputed => format!(
                "`{column}` has formulas without their results ({rows}): they are not kept; open the file \
                 in a spreadsheet program and save it again"
            ),
            CellFault::Merged => format!(
                "`{column}` has cells that are merged with the one above ({rows}): only the top row of each \
                 has the value; split them and fill the column down"
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Place, Reading};

    #[test]
    fn cells_that_are_not_kept_as_somebody_would_think_are_told() {
        let odd = |column: &str, fault, rows, line| OddCells {
            column: column.to_owned(),
            fault,
            rows,
            line,
        };
        let reading = Reading {
            odd_cells: vec![
                odd("number", CellFault::DigitsLost, 2, 3),
                odd("sum", CellFault::NotComputed, 1, 4),
                odd("firm", CellFault::Merged, 3, 5),
            ],
            ..Reading::default()
        };
        let remarks = reading.remarks(Place::Line);
        for (remark, expected) in remarks.iter().zip([
            ("`number` has numbers whose last digits", "(2 rows, the first is row 3)"),
            ("`sum` has formulas without their results", "(row 4)"),
            ("`firm` has cells that are merged", "(3 rows, the first is row 5)"),
        ]) {
            assert!(remark.starts_with(expected.0) && remark.contains(expected.1), "{remark}");
        }
        let json = serde_json::to_string(&reading).unwrap();
        assert!(json.contains(r#""fault":"digits_lost""#), "{json}");
        assert_eq!(serde_json::from_str::<Reading>(&json).unwrap(), reading);
    }
}
