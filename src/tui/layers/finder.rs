//! The finder: a line to type in and the tasks that resemble it.

use crate::tui::model::Finder;
use crate::tui::screens::{BOTTOM, lines};
use crate::tui::theme::Role;
use crate::tui::widgets::{Line, Painter, piece};

use super::asking;

/// Draws the finder over the screen.
pub fn draw(painter: &mut Painter<'_>, finder: &Finder) {
    let (width, height) = (painter.width(), painter.height().saturating_sub(BOTTOM));
    let mut area = painter.part(1, 1, width.saturating_sub(2), height.saturating_sub(2));
    let mut inside = area.boxed("find a task");
    let columns = inside.width();
    asking::typed(&mut inside, 0, "/ ", &finder.input);
    let room = usize::from(inside.height().saturating_sub(2));
    if finder.hits.is_empty() {
        let said = if finder.answered { "No task resembles that." } else { "searching" };
        inside.text(0, 2, columns, said, Role::Dim);
        return;
    }
    for (y, at) in finder.scroll.window(finder.hits.len(), room).enumerate() {
        let (hit, y) = (&finder.hits[at], lines(y) + 2);
        let current = at == finder.scroll.cursor;
        inside.text(0, y, 1, if current { ">" } else { " " }, Role::Title);
        let line = highlighted(&hit.line, &hit.positions);
        inside.line(2, y, columns.saturating_sub(2), &line);
        if current {
            inside.reverse(0, y, columns);
        }
    }
}

/// The line in pieces, the matched characters marked.
fn highlighted(text: &str, positions: &[usize]) -> Line {
    let mut line = Line::new();
    for (at, character) in text.chars().enumerate() {
        let role = if positions.contains(&at) { Role::Key } else { Role::Plain };
        match line.last_mut() {
            Some((piece, last)) if *last == role => piece.push(character),
            _ => line.push(piece(character.to_string(), role)),
        }
    }
    line
}
