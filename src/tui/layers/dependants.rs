//! What becomes of later decisions that build on one to be undone.

use super::frame::Frame;
use crate::model::Dependants;
use crate::screens::lines;
use crate::theme::Role;
use crate::widgets::{List, Painter};
use door::DependantChoice;

/// Decisions shown at a time.
const SHOWN: usize = 10;
/// Exports shown.
const EXPORTS: usize = 3;
/// Columns of a choice.
const CHOICE: u16 = 22;

/// Where it stands.
#[must_use]
pub fn frame(dependants: &Dependants) -> Frame {
    Frame::foot(dependants.rows.len().min(SHOWN) + usize::from(under(dependants)))
}

/// The decisions that build on it.
#[must_use]
pub fn list(dependants: &Dependants) -> List {
    List::new(0, under(dependants))
}

/// Lines under the decisions: exports, and what is done.
fn under(dependants: &Dependants) -> u16 {
    lines(dependants.exported.len().min(EXPORTS) + 1)
}

/// Draws the question.
pub fn draw(painter: &mut Painter<'_>, dependants: &Dependants) {
    let named: Vec<String> = dependants.decisions.iter().map(ToString::to_string).collect();
    let title = format!("undo {}: later decisions that build on it", named.join(", "));
    let mut inside = frame(dependants).draw(painter, &title);
    let (columns, height) = (inside.width(), inside.height());
    let (list, length) = (list(dependants), dependants.rows.len());
    list.draw(&mut inside, &dependants.scroll, length, |line, at, _| {
        let (dependant, choice) = &dependants.rows[at];
        line.text(2, 0, CHOICE - 1, said(*choice), Role::Key);
        let what = format!("{} {}", dependant.decision, dependant.summary);
        line.text(2 + CHOICE, 0, columns.saturating_sub(2 + CHOICE), &what, Role::Plain);
    });
    let mut y = list.end(length, height);
    for line in dependants.exported.iter().take(EXPORTS) {
        inside.text(2, y, columns, &format!("already exported: {line}"), Role::Attention);
        y += 1;
    }
    let more = if length > SHOWN { format!("{length} decisions, ") } else { String::new() };
    inside.text(0, y, columns, &format!("{more}all in one commit, or none"), Role::Dim);
}

fn said(choice: DependantChoice) -> &'static str {
    match choice {
        DependantChoice::UndoToo => "undone too",
        DependantChoice::Stay => "stays with survivor",
        DependantChoice::MoveBack => "moves back",
    }
}
