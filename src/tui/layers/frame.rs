//! The frame that a layer is drawn in. Drawing and the mouse ask it where its inside is.

use ratatui::layout::Rect;

use crate::screens::{BOTTOM, lines};
use crate::theme::Role;
use crate::widgets::Painter;

/// Columns and lines of a frame on each side of what is in it.
const EDGE: (u16, u16) = (2, 1);

/// Where a frame stands. The two lines at the bottom tell of the layer, and are never covered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Frame {
    /// Over the screen, but for a margin.
    Whole,
    /// At the foot of the screen, with that many lines inside: what it asks about stays in sight.
    Foot(u16),
}

impl Frame {
    /// A frame at the foot of the screen, with that many lines inside.
    #[must_use]
    pub fn foot(inside: usize) -> Self {
        Frame::Foot(lines(inside))
    }

    /// The whole of it, on a terminal of that size.
    fn area(self, (width, height): (u16, u16)) -> Rect {
        let body = height.saturating_sub(BOTTOM);
        match self {
            Frame::Whole => {
                Rect { x: 1, y: 1, width: width.saturating_sub(2), height: body.saturating_sub(2) }
            }
            Frame::Foot(inside) => {
                let height = inside.saturating_add(2 * EDGE.1).min(body);
                Rect { x: 0, y: body - height, width, height }
            }
        }
    }

    /// What is inside of it, on a terminal of that size.
    #[must_use]
    pub fn inside(self, size: (u16, u16)) -> Rect {
        let area = self.area(size);
        Rect {
            x: area.x + EDGE.0,
            y: area.y + EDGE.1,
            width: area.width.saturating_sub(2 * EDGE.0),
            height: area.height.saturating_sub(2 * EDGE.1),
        }
    }

    /// Draws it over whatever is there; gives a painter for its inside.
    pub fn draw<'a>(self, painter: &'a mut Painter<'_>, title: &str) -> Painter<'a> {
        let size = (painter.width(), painter.height());
        painter.part_at(self.area(size)).boxed(title);
        painter.part_at(self.inside(size))
    }

    /// Says something on its lower edge, at the right: what its inside has no room for.
    pub fn note(self, painter: &mut Painter<'_>, text: &str) {
        let area = self.area((painter.width(), painter.height()));
        let mut edge = painter.part_at(area);
        let y = area.height.saturating_sub(1);
        edge.text(area.width.saturating_sub(12), y, 12, text, Role::Key);
    }
}
