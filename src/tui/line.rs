//! The line between a session and the terminal it is shown on, wherever that is: this process's own, one
//! behind a socket, a pipe in a test.
//!
//! Whoever makes a line has taken the terminal over (its alternate screen, if it has one, with a hidden cursor)
//! and gives it back when the line is dropped. What the terminal shows is never assumed: [`crate::session`]
//! erases it before its first frame and whenever it comes back.

use std::future::Future;
use std::io;
use std::time::Instant;

use ratatui::layout::Size;

/// What a session hears of its terminal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Heard {
    /// Bytes that it sent in one go, and when they came: what was silent between two of these was silent
    /// at the terminal.
    Bytes(Vec<u8>, Instant),
    /// It may have another size.
    Resized,
    /// It was in other hands and is ours again: nothing that was drawn may stand there.
    Returned,
    /// It is gone, or the session is asked to end.
    Ended,
}

/// A line to a terminal.
pub trait Line {
    /// How many columns and rows the terminal has.
    ///
    /// # Errors
    /// When it does not tell.
    fn size(&self) -> io::Result<Size>;

    /// Sends bytes, all of them and at once.
    ///
    /// # Errors
    /// When the terminal is gone.
    fn send(&mut self, bytes: &[u8]) -> io::Result<()>;

    /// Waits for what happens next. Bytes wait in the line unless `takes_bytes`. Dropping the future loses
    /// nothing.
    ///
    /// # Errors
    /// When the terminal fails.
    fn heard(&mut self, takes_bytes: bool) -> impl Future<Output = io::Result<Heard>>;

    /// Bytes that have come already.
    fn heard_already(&mut self) -> Option<Heard>;

    /// Whether the terminal still shows the session: a panic that nobody answers gives it back.
    fn is_ours(&self) -> bool {
        true
    }

    /// Hands the terminal to the shell that the session was started from and waits until it comes back. Where
    /// no shell is, nothing happens.
    ///
    /// # Errors
    /// When the terminal fails.
    fn suspend(&mut self) -> impl Future<Output = io::Result<()>> {
        std::future::ready(Ok(()))
    }
}
