//! How many rows do not fit on the screen, and how many of them differ.

use ratatui::layout::Rect;

use crate::model::TaskScreen;
use crate::widgets::{List, grid};
use door::views::Mark;

/// Under this width what is not seen is counted in fewer words.
const NARROW: u16 = 60;

/// `  +4 rows below, 1 differs`: rows that the cursor has to go to; empty where all are seen.
#[must_use]
pub fn told(screen: &TaskScreen, list: List, area: Rect) -> String {
    let rows = screen.shown_rows();
    let window = list.window(&screen.scroll, rows.len(), area.height);
    let columns = screen.shown_columns();
    let differs = |row: &&usize| {
        let mut cells = columns.iter().filter_map(|column| column.cells().get(**row));
        cells.any(|cell| cell.mark == Mark::Different)
    };
    let counted = |rows: &[usize], where_to: &str| {
        let count = rows.len();
        if count == 0 {
            return String::new();
        }
        let rows_word = if count == 1 { "row" } else { "rows" };
        let differing = rows.iter().filter(differs).count();
        if area.width < NARROW {
            let sign = grid::sign(Mark::Different).0;
            let differing =
                if differing > 0 { format!(" ({differing} {sign})") } else { String::new() };
            return format!("  +{count} {where_to}{differing}");
        }
        let differing = match differing {
            0 => String::new(),
            1 => ", 1 differs".to_owned(),
            several => format!(", {several} differ"),
        };
        format!("  +{count} {rows_word} {where_to}{differing}")
    };
    let above = rows.get(..window.start).unwrap_or_default();
    let below = rows.get(window.end..).unwrap_or_default();
    counted(above, "above") + &counted(below, "below")
}
