//! Draws the model into any frame.

use ratatui::Frame;
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use super::frame::Link;
use super::keys::everywhere;
use super::model::{Confirm, Drawn, Layer, Model, Pointed, SMALLEST, Screen};
use super::text::{width, wrapped};
use super::theme::{Colour, Glyphs, Role};
use super::widgets::{Painter, bottom};
use super::{layers, screens};

/// How this draws, for those who change the model.
#[derive(Debug)]
pub struct View;

impl Drawn for View {
    fn list_height(&self, model: &Model) -> usize {
        screens::list_height(model)
    }

    fn layer_height(&self, model: &Model) -> Option<usize> {
        layers::placed(model).map(|placed| placed.height())
    }

    fn queue_height(&self, model: &Model) -> Option<usize> {
        screens::queue_height(model)
    }

    fn at(&self, model: &Model, x: u16, y: u16) -> Option<Pointed> {
        if model.layers.is_empty() {
            return screens::pointer::at(model, x, y);
        }
        let row = layers::placed(model)?.row_at(x, y);
        Some(Pointed { row, column: None })
    }

    fn reading(&self, model: &Model, layer: &Layer) -> Vec<String> {
        let lines = layers::reading_lines(model, layer).into_iter();
        lines.map(|line| line.into_iter().map(|(text, _)| text).collect()).collect()
    }

    fn below(&self, model: &Model, confirm: &Confirm) -> Vec<String> {
        layers::told_with(confirm, model.size).1
    }
}

/// Draws everything.
pub fn view(model: &Model, frame: &mut Frame<'_>) {
    draw(model, frame.buffer_mut());
}

/// Draws everything into a buffer.
pub fn draw(model: &Model, buffer: &mut Buffer) {
    let whole = buffer.area;
    if model.is_too_small() || whole.width < SMALLEST.0 || whole.height < SMALLEST.1 {
        return too_small(model, buffer);
    }
    let areas = screens::areas(model);
    let theme = model.theme;
    if let Some(opening) = &model.opening {
        return screens::opening::draw(&mut Painter::new(buffer, whole, theme), model, opening);
    }
    if let Some(area) = areas.queue {
        screens::queue::draw(&mut Painter::new(buffer, area, theme), model, area);
    }
    if let Some(area) = areas.screen {
        let mut painter = Painter::new(buffer, area, theme);
        match model.screens.last() {
            Some(Screen::Customer(screen)) => screens::customer::draw(&mut painter, model, screen),
            Some(Screen::History(screen)) => screens::history::draw(&mut painter, model, screen),
            Some(Screen::Overview(screen)) => {
                screen.page.draw(&mut painter, model, &screen.scroll);
            }
            _ => {
                if let Some(screen) = model.shown_task() {
                    screens::draw_task(&mut painter, model, screen, area);
                }
            }
        }
        if let Some(queue) = areas.queue {
            // After both, so that it joins their rules.
            let line = Rect { x: queue.right(), width: 1, ..area };
            Painter::new(buffer, line, theme).pane_line(0);
        }
    }
    bottom::draw(&mut Painter::new(buffer, areas.bottom, theme), model);
    layers::draw(&mut Painter::new(buffer, whole, theme), model);
    bottom::draw_complaint(&mut Painter::new(buffer, whole, theme), model);
}

/// Where the screen shows an address that the terminal may open. Not of a terminal that is told to have
/// neither many colours nor more than ASCII: it may not know the sign for it.
#[must_use]
pub fn linked(model: &Model) -> Option<Link> {
    let is_plain = matches!(model.theme.colour, Colour::None | Colour::Sixteen);
    if is_plain || model.theme.glyphs == Glyphs::Ascii || model.count.is_some() {
        return None;
    }
    let status = model.status.as_ref()?;
    let address = status.link.as_deref()?;
    let before = screens::lines(width(status.text.strip_suffix(address)?));
    let Rect { x, y, .. } = screens::areas(model).bottom;
    Link::of(Position { x: x + 1 + before, y }, address)
}

fn too_small(model: &Model, buffer: &mut Buffer) {
    let area = buffer.area;
    let leave = model.key_for(&everywhere::LEAVE);
    let notice = format!(
        "steward needs {} columns and {} rows; this terminal has {} and {}. {leave} leaves.",
        SMALLEST.0, SMALLEST.1, area.width, area.height
    );
    let mut painter = Painter::new(buffer, area, model.theme);
    for (y, line) in wrapped(&notice, area.width.into()).into_iter().enumerate() {
        painter.text(0, screens::lines(y), area.width, &line, Role::Plain);
    }
}
