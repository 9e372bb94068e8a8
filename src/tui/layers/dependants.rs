//! What becomes of later decisions that build on one to be undone.

use super::at_bottom;
use crate::model::Dependants;
use crate::screens::lines;
use crate::theme::Role;
use crate::widgets::Painter;
use door::DependantChoice;

/// Decisions shown at a time.
const SHOWN: usize = 10;
/// Exports shown.
const EXPORTS: usize = 3;
/// Columns of a choice.
const CHOICE: u16 = 22;

/// Draws the question.
pub fn draw(painter: &mut Painter<'_>, dependants: &Dependants) {
    let shown = dependants.rows.len().min(SHOWN);
    let exports = dependants.exported.len().min(EXPORTS);
    let named: Vec<String> = dependants.decisions.iter().map(ToString::to_string).collect();
    let mut area = at_bottom(painter, shown + exports + 1);
    let title = format!("undo {}: what becomes of what builds on it", named.join(", "));
    let mut inside = area.boxed(&title);
    let columns = inside.width();
    let scroll = &dependants.scroll;
    let mut y = 0;
    for at in scroll.window(dependants.rows.len(), shown) {
        let (dependant, choice) = &dependants.rows[at];
        let current = at == scroll.cursor;
        inside.text(0, y, 1, if current { ">" } else { " " }, Role::Title);
        inside.text(2, y, CHOICE - 1, said(*choice), Role::Key);
        let what = format!("{} {}", dependant.decision, dependant.summary);
        inside.text(2 + CHOICE, y, columns.saturating_sub(2 + CHOICE), &what, Role::Plain);
        if current {
            inside.reverse(0, y, columns);
        }
        y += 1;
    }
    for line in dependants.exported.iter().take(exports) {
        inside.text(2, y, columns, &format!("exported meanwhile: {line}"), Role::Attention);
        y += 1;
    }
    let more = dependants.rows.len() - shown;
    let more =
        if more > 0 { format!("{} decisions, ", lines(shown + more)) } else { String::new() };
    inside.text(0, y, columns, &format!("{more}all is done in one commit, or nothing"), Role::Dim);
}

fn said(choice: DependantChoice) -> &'static str {
    match choice {
        DependantChoice::UndoToo => "undone too",
        DependantChoice::Stay => "stays with survivor",
        DependantChoice::MoveBack => "moves back",
    }
}
