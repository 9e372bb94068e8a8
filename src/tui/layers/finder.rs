//! The finder: a line to type in and the tasks, customers or records that resemble it.

use std::ops::Range;

use crate::model::{Finder, Model};
use crate::text::width;
use crate::theme::{Role, Theme};
use crate::widgets::{Line, List, Painter, piece};
use domain::{CustomerId, TaskId, TaskKind};
use door::Scope;
use door::views::FinderReport;

use super::asking;
use super::frame::Frame;

/// Where it stands.
pub const FRAME: Frame = Frame::Whole;
/// What was found, under the line that is typed and the scopes.
pub const LIST: List = List::new(3, 0);

/// Draws the finder over the screen.
pub fn draw(painter: &mut Painter<'_>, model: &Model, finder: &Finder) {
    let title = match &finder.explains {
        Some(left) => format!("why is {left} (not) the same as"),
        None => "find".to_owned(),
    };
    let mut inside = FRAME.draw(painter, &title);
    let columns = inside.width();
    asking::typed(&mut inside, 0, "/ ", &finder.input);
    let right = finder.report.as_ref().map_or(columns, |report| {
        let scopes: usize = scopes(finder).iter().map(|(text, _)| width(text)).sum();
        let mut told = progress(report);
        // On a narrow screen the scopes come first.
        if scopes + 1 + width(&told) > usize::from(columns) {
            told = match report.finished {
                true => report.searched.to_string(),
                false => format!("{}/{}", report.searched, report.of),
            };
        }
        match scopes + 1 + width(&told) > usize::from(columns) {
            true => columns,
            false => inside.right(1, &told, Role::Dim).saturating_sub(1),
        }
    });
    inside.line(0, 1, right, &scopes(finder));
    let Some(report) = finder.report.as_ref().filter(|report| !report.hits.is_empty()) else {
        let found_none = finder.report.as_ref().is_some_and(|report| report.finished);
        let said = match (found_none, finder.scope) {
            (false, _) => "searching".to_owned(),
            (true, Scope::Tasks | Scope::Customers) if let Some(unknown) = unknown(finder) => {
                unknown
            }
            (true, Scope::Tasks) => {
                let key = model.key_for(&crate::keys::layers::SCOPE);
                format!("No task is like that; {key} searches customers.")
            }
            (true, Scope::Customers) => "No customer is like that.".to_owned(),
            (true, Scope::Records) => "No record is like that.".to_owned(),
        };
        inside.text(0, 3, columns, &said, Role::Dim);
        return;
    };
    LIST.draw(&mut inside, &finder.scroll, report.hits.len(), |line, at, _| {
        let hit = &report.hits[at];
        let kind = kind_in(&hit.line).filter(|_| finder.scope == Scope::Tasks);
        let mut pieces = coloured(&hit.line, &hit.positions, kind);
        if hit.closed {
            pieces.insert(0, piece("closed ", Role::Attention));
        }
        if let Some(settled) = &hit.settled {
            pieces.insert(0, piece(format!("{settled}  "), Role::Attention));
        }
        if finder.is_marked(hit) {
            line.text(1, 0, 1, "*", Role::Title);
        }
        line.line(2, 0, columns.saturating_sub(2), &pieces);
    });
}

/// That nobody has the id that was typed.
fn unknown(finder: &Finder) -> Option<String> {
    let typed = finder.input.text().trim().to_ascii_uppercase();
    let task = typed.parse::<TaskId>().map(|task| format!("There is no task {task}."));
    let customer = || typed.parse::<CustomerId>().map(|it| format!("There is no customer {it}."));
    task.or_else(|_| customer()).ok()
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
    if !finder.marked.is_empty() {
        line.push(piece(format!(" {} marked", finder.marked.len()), Role::Title));
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

/// Where the kind of a task stands in its line, in characters, and how it looks.
fn kind_in(line: &str) -> Option<(Range<usize>, Role)> {
    let (id, rest) = line.split_once(' ')?;
    let word = rest.split(' ').next()?;
    let kind = TaskKind::ALL.into_iter().find(|kind| kind.name() == word)?;
    let from = id.chars().count() + 1;
    Some((from..from + word.chars().count(), Theme::of_kind(kind)))
}

/// The line in pieces, the matched characters marked.
pub(super) fn highlighted(text: &str, positions: &[usize]) -> Line {
    coloured(text, positions, None)
}

/// The same with a part of it in a look of its own.
fn coloured(text: &str, positions: &[usize], part: Option<(Range<usize>, Role)>) -> Line {
    let mut line = Line::new();
    for (at, character) in text.chars().enumerate() {
        let own = part.as_ref().filter(|(range, _)| range.contains(&at));
        let role = match own {
            _ if positions.contains(&at) => Role::Hit,
            Some((_, role)) => *role,
            None => Role::Plain,
        };
        match line.last_mut() {
            Some((piece, last)) if *last == role => piece.push(character),
            _ => line.push(piece(character.to_string(), role)),
        }
    }
    line
}
