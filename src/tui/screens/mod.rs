//! One file a screen: how its state is drawn.
//!
//! Lives here: drawing, and the geometry that scrolling needs to know. Only the rows that fit are
//! handed to anything that draws.
//!
//! Does not live here: keys, changes of state; screens about the workspace as a whole
//! ([`pages`](super::pages)).

pub mod challenge;
pub mod compare;
pub mod customer;
pub mod fix;
pub mod golden;
pub mod history;
pub mod opening;
pub mod pointer;
pub mod queue;
mod queue_views;

use ratatui::layout::Rect;

use super::model::{Face, Model, Screen, TaskScreen};
use super::widgets::{List, Painter, Placed};

/// The lines at the bottom of every screen: status and hints.
pub const BOTTOM: u16 = 2;

/// Where the queue, the screen beside or above it, and the two bottom lines are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Areas {
    /// The queue, where it is shown.
    pub queue: Option<Rect>,
    /// The screen over or beside the queue, where there is one.
    pub screen: Option<Rect>,
    /// Status and hints.
    pub bottom: Rect,
}

/// The areas of a terminal of that size.
#[must_use]
pub fn areas(model: &Model) -> Areas {
    let (width, height) = model.size;
    let body = height.saturating_sub(BOTTOM);
    let bottom = Rect { x: 0, y: body, width, height: height - body };
    let whole = Rect { x: 0, y: 0, width, height: body };
    let beside = matches!(model.screens.last(), None | Some(Screen::Task(_)));
    if model.is_wide() && beside {
        let pane = model.queue_pane();
        let queue = Rect { width: pane, ..whole };
        let screen = Rect { x: pane + 1, width: width - pane - 1, ..whole };
        return Areas { queue: Some(queue), screen: Some(screen), bottom };
    }
    let over = !model.screens.is_empty();
    Areas { queue: (!over).then_some(whole), screen: over.then_some(whole), bottom }
}

/// The list with the cursor, where it stands.
#[must_use]
pub fn placed(model: &Model) -> Option<Placed<'_>> {
    let areas = areas(model);
    let Some(screen) = model.screens.last() else {
        let (list, area) = (queue::list(model), areas.queue?);
        let (scroll, length) = (&model.queue.scroll, model.queue.len());
        return Some(Placed { list, area, scroll, length });
    };
    let area = areas.screen?;
    let (list, scroll, length) = match screen {
        Screen::Task(screen) => {
            (task_list(model, screen, area), &screen.scroll, screen.row_count())
        }
        Screen::Customer(screen) => {
            let fields = screen.view.as_ref().map_or(0, |view| view.fields.len());
            (customer::list(area.height), &screen.scroll, fields)
        }
        Screen::History(screen) => {
            let beside = history::beside(screen, area);
            let (list, area) = (beside.list, beside.area);
            return Some(Placed { list, area, scroll: &screen.scroll, length: screen.len() });
        }
        Screen::Overview(screen) => {
            let (list, area) = screen.page.placed(area);
            return Some(Placed { list, area, scroll: &screen.scroll, length: screen.len() });
        }
    };
    Some(Placed { list, area, scroll, length })
}

/// How many rows of the list with the cursor fit.
#[must_use]
pub fn list_height(model: &Model) -> usize {
    match model.screens.is_empty() {
        true => queue_height(model).unwrap_or_default(),
        false => placed(model).map_or(0, |placed| placed.height()),
    }
}

/// How many rows of the queue fit, where it is shown.
#[must_use]
pub fn queue_height(model: &Model) -> Option<usize> {
    areas(model).queue.map(|area| queue::rows_height(model, area.height).into())
}

fn task_list(model: &Model, task: &TaskScreen, area: Rect) -> List {
    match task.face() {
        Face::Fix => fix::list(area.height),
        _ => compare::list(model, task, area),
    }
}

/// Draws a task by its face.
pub fn draw_task(painter: &mut Painter<'_>, model: &Model, screen: &TaskScreen, area: Rect) {
    match screen.face() {
        Face::Fix => fix::draw(painter, model, screen),
        Face::Compare | Face::Challenge => compare::draw(painter, model, screen, area),
    }
}

/// A number of lines as rows of a terminal.
#[must_use]
pub fn lines(count: usize) -> u16 {
    u16::try_from(count).unwrap_or(u16::MAX)
}
