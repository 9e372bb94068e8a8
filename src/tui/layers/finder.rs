//! The finder: a line to type in and the tasks, customers or records that resemble it.

use crate::model::{Finder, Model};
use crate::screens::{BOTTOM, lines};
use crate::theme::Role;
use crate::widgets::{Line, Painter, piece};
use door::Scope;
use door::views::FinderReport;

use super::asking;

/// Draws the finder over the screen.
pub fn draw(painter: &mut Painter<'_>, model: &Model, finder: &Finder) {
    let (width, height) = (painter.width(), painter.height().saturating_sub(BOTTOM));
    let mut area = painter.part(1, 1, width.saturating_sub(2), height.saturating_sub(2));
    let title = match &finder.explains {
        Some(left) => format!("why is {left} (not) the same as"),
        None => "find".to_owned(),
    };
    let mut inside = area.boxed(&title);
    let columns = inside.width();
    asking::typed(&mut inside, 0, "/ ", &finder.input);
    inside.line(0, 1, columns, &scopes(finder));
    if let Some(report) = &finder.report {
        inside.right(1, &progress(report), Role::Dim);
    }
    let room = usize::from(inside.height().saturating_sub(3));
    let Some(report) = finder.report.as_ref().filter(|report| !report.hits.is_empty()) else {
        let found_none = finder.report.as_ref().is_some_and(|report| report.finished);
        let said = match (found_none, finder.scope) {
            (false, _) => "searching".to_owned(),
            (true, Scope::Tasks) => {
                let key = model.key_for(&crate::keys::layers::SCOPE);
                format!("No task resembles that; {key} searches customers.")
            }
            (true, Scope::Customers) => "No customer resembles that.".to_owned(),
            (true, Scope::Records) => "No record resembles that.".to_owned(),
        };
        inside.text(0, 3, columns, &said, Role::Dim);
        return;
    };
    for (y, at) in finder.scroll.window(report.hits.len(), room).enumerate() {
        let (hit, y) = (&report.hits[at], lines(y) + 3);
        let current = at == finder.scroll.cursor;
        inside.text(0, y, 1, if current { ">" } else { " " }, Role::Title);
        let mut line = highlighted(&hit.line, &hit.positions);
        if hit.closed {
            line.insert(0, piece("closed ", Role::Attention));
        }
        inside.line(2, y, columns.saturating_sub(2), &line);
        if current {
            inside.reverse(0, y, columns);
        }
    }
}

/// The scopes, the one that is searched marked.
fn scopes(finder: &Finder) -> Line {
    if finder.explains.is_some() {
        return vec![piece(Scope::Records.name(), Role::Title)];
    }
    let mut line = Line::new();
    for scope in Scope::ALL {
        if scope == finder.scope {
            line.push(piece(format!("[{}] ", scope.name()), Role::Title));
        } else {
            line.push(piece(format!(" {}  ", scope.name()), Role::Dim));
        }
    }
    line
}

/// How far the search, and the reading of the ledger before it, have come.
fn progress(report: &FinderReport) -> String {
    let (read, of) = report.read;
    let reading = if read < of {
        format!("ledger {}%  ", read.saturating_mul(100) / of.max(1))
    } else {
        String::new()
    };
    let looked = if report.finished {
        format!("{} searched", report.searched)
    } else {
        format!("{} of {}", report.searched, report.of)
    };
    format!("{reading}{looked}")
}

/// The line in pieces, the matched characters marked.
pub(super) fn highlighted(text: &str, positions: &[usize]) -> Line {
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
