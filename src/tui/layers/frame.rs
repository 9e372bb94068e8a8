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
    /// Over the screen, from edge to edge; its first line says what is behind.
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
            Frame::Whole => Rect { x: 0, y: 1, width, height: body.saturating_sub(1) },
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
        edge.text(area.width.saturating_sub(13), y, 12, text, Role::Key);
    }
}

#[cfg(test)]
mod tests {
    use ratatui::buffer::{Buffer, Cell};
    use ratatui::style::{Color, Modifier};

    use super::*;
    use crate::model::Layer;
    use crate::story::Steward;
    use crate::theme::{Colour, Glyphs, Theme};

    #[test]
    fn a_frame_is_inside_of_the_screen_and_leaves_the_two_lines_at_the_bottom() {
        let frames = [Frame::Whole, Frame::foot(0), Frame::foot(1), Frame::foot(9)];
        for frame in frames.into_iter().chain([Frame::foot(40), Frame::foot(usize::MAX)]) {
            for (width, height) in [(80, 24), (120, 40), (200, 60), (80, 23), (3, 3), (1, 1)] {
                let size = Rect { x: 0, y: 0, width, height };
                let mut buffer = Buffer::filled(size, Cell::new("x"));
                let theme = Theme { colour: Colour::None, glyphs: Glyphs::Ascii };
                let mut painter = Painter::new(&mut buffer, size, theme);
                let inside = frame.draw(&mut painter, "title");
                let meant = frame.inside((width, height));
                assert_eq!((inside.width(), inside.height()), (meant.width, meant.height));
                let bottom = height.saturating_sub(BOTTOM)..height;
                let kept = bottom.flat_map(|y| (0..width).map(move |x| (x, y)));
                assert!(kept.clone().all(|at| buffer[at].symbol() == "x"), "{frame:?} {size:?}");
            }
        }
    }

    /// Whatever opens a layer, and however its screen is coloured.
    #[test]
    fn what_is_behind_a_layer_steps_back_and_stays_to_be_read() {
        for colour in Colour::ALL {
            let theme = Theme { colour, glyphs: Glyphs::Utf8 };
            for keys in ["f", "o", ":", "/", "?", "p", "j Enter w", "j Enter d", "g i a"] {
                let (screen, layer) = keys.rsplit_once(' ').unwrap_or(("", keys));
                let mut sam = Steward::with(theme, 80, 24);
                let before = sam.presses(screen).frame();
                let frame = sam.presses(layer).frame();
                let layer = sam.model.layers.last().expect(keys);
                let whole = !matches!(layer, Layer::Prompt(_) | Layer::Menu(_));
                for y in 0..22 {
                    for x in 0..80 {
                        let (was, is) = (&before[(x, y)], &frame[(x, y)]);
                        let is_behind =
                            if whole { y == 0 } else { is.symbol() == was.symbol() && y < 8 };
                        if !is_behind || is.symbol() == " " {
                            continue;
                        }
                        assert_eq!(is.symbol(), was.symbol(), "{keys} {x} {y}");
                        assert!(!is.modifier.contains(Modifier::BOLD), "{keys} {x} {y}");
                        let one = theme.behind().fg.unwrap_or(Color::Reset);
                        assert_eq!(is.fg, one, "{colour:?} {keys} {x} {y}");
                    }
                }
                let closed = sam.presses("Esc").frame();
                assert_eq!(closed.content[..80 * 20], before.content[..80 * 20], "{keys}");
            }
        }
    }
}
