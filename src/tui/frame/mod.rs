//! What of a frame goes over the line: only cells that changed, in as few bytes as terminals
//! understand, since a steward's line may be slow.
//!
//! Lives here: the backend ratatui draws to, a copy of what the terminal shows, the shortest way
//! from there to the next frame.
//!
//! Does not live here: what is drawn (`view`), and the terminal itself (`line`).
//!
//! Start with [`FrameBackend`]. Only functions that every terminal in use has are sent: cursor
//! movement, SGR, erasing characters and lines (ECMA-48; xterm, VTE, tmux, screen, the consoles of
//! Linux and Windows, PuTTY, mosh). After a character whose width terminals disagree about, the
//! cursor is placed again, so that columns stay aligned.

mod difference;
mod link;
mod pen;
mod screen;
#[cfg(test)]
mod tests;

use std::cell::RefCell;
use std::io::{self, Write};
use std::rc::Rc;

use ratatui::backend::{Backend, ClearType, WindowSize};
use ratatui::buffer::Cell;
use ratatui::layout::{Position, Size};

use difference::{Hand, difference};
pub use link::Link;
use screen::Screen;

/// Collects the bytes of a frame, so that it goes out in one write.
#[derive(Debug, Clone, Default)]
pub struct FrameBytes(Rc<RefCell<Vec<u8>>>);

impl FrameBytes {
    /// Takes what was collected.
    #[must_use]
    pub fn take(&self) -> Vec<u8> {
        self.0.take()
    }
}

impl Write for FrameBytes {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.borrow_mut().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    /// Does nothing: they are taken once a frame.
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Draws to a terminal that is blank, as [`Backend::clear`] leaves it, with a hidden cursor; nothing is sent for a frame that
/// changes nothing.
#[derive(Debug)]
pub struct FrameBackend {
    bytes: FrameBytes,
    size: Size,
    shown: Screen,
    wanted: Screen,
    hand: Hand,
    cursor: Option<Position>,
    is_cursor_shown: bool,
    /// The link of the frame that is drawn, and the one that the terminal shows.
    link: Option<Link>,
    linked: Option<Link>,
}

impl FrameBackend {
    /// For a terminal of a size.
    #[must_use]
    pub fn sized(bytes: FrameBytes, size: Size) -> Self {
        Self {
            bytes,
            size,
            shown: Screen::blank(size),
            wanted: Screen::blank(size),
            hand: Hand::default(),
            cursor: None,
            is_cursor_shown: false,
            link: None,
            linked: None,
        }
    }

    /// The terminal has another size: the next frame clears it.
    pub fn resize(&mut self, size: Size) {
        self.size = size;
    }

    /// What of the next frame the terminal may open.
    pub fn link(&mut self, link: Option<Link>) {
        self.link = link;
    }

    fn send(&self, bytes: &[u8]) {
        self.bytes.0.borrow_mut().extend_from_slice(bytes);
    }
}

impl Backend for FrameBackend {
    type Error = io::Error;

    fn draw<'a, I>(&mut self, content: I) -> io::Result<()>
    where
        I: Iterator<Item = (u16, u16, &'a Cell)>,
    {
        content.for_each(|(x, y, cell)| self.wanted.put(x, y, cell));
        Ok(())
    }

    fn hide_cursor(&mut self) -> io::Result<()> {
        if std::mem::take(&mut self.is_cursor_shown) {
            self.send(b"\x1b[?25l");
        }
        Ok(())
    }

    fn show_cursor(&mut self) -> io::Result<()> {
        if !std::mem::replace(&mut self.is_cursor_shown, true) {
            self.send(b"\x1b[?25h");
        }
        Ok(())
    }

    /// Where it was put last: the terminal is not asked, its answer would be read as keys.
    fn get_cursor_position(&mut self) -> io::Result<Position> {
        Ok(self.cursor.unwrap_or_default())
    }

    fn set_cursor_position<P: Into<Position>>(&mut self, position: P) -> io::Result<()> {
        self.cursor = Some(position.into());
        Ok(())
    }

    fn clear(&mut self) -> io::Result<()> {
        self.clear_region(ClearType::All)
    }

    /// Clears everything, whatever a part of it is asked for: what is wanted is drawn after it.
    fn clear_region(&mut self, _: ClearType) -> io::Result<()> {
        let size = self.size()?;
        self.shown = Screen::blank(size);
        self.wanted = Screen::blank(size);
        self.hand = Hand::default();
        self.linked = None;
        self.send(b"\x1b[m\x1b[2J");
        Ok(())
    }

    fn size(&self) -> io::Result<Size> {
        Ok(self.size)
    }

    fn window_size(&mut self) -> io::Result<WindowSize> {
        Ok(WindowSize { columns_rows: self.size()?, pixels: Size::default() })
    }

    /// Hands the frame over to its bytes.
    fn flush(&mut self) -> io::Result<()> {
        let Self { bytes, shown, wanted, hand, link, linked, .. } = self;
        let changed = link != linked;
        if changed && let Some(before) = linked.take() {
            before.forget(shown);
        }
        difference(shown, wanted, hand, &mut bytes.0.borrow_mut());
        if changed && let Some(link) = link {
            link.send(wanted, &mut bytes.0.borrow_mut());
            *hand = Hand::default();
            *linked = Some(link.clone());
        }
        shown.take_over(wanted);
        if let Some(Position { x, y }) = self.cursor.take().filter(|_| self.is_cursor_shown) {
            self.send(format!("\x1b[{};{}H", y + 1, x + 1).as_bytes());
            self.hand.is_elsewhere();
        }
        Ok(())
    }
}
