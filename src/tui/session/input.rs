//! What a person does at the terminal, as messages.

use std::io;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use crossterm::event::{
    self, Event, KeyCode, KeyEvent, KeyEventKind, KeyModifiers, MouseButton, MouseEvent,
    MouseEventKind,
};
use rustix::process::{Signal, getpid, kill_process};
use tokio::sync::mpsc::{Receiver, Sender, channel};

use crate::tui::keys::Key;
use crate::tui::message::Message;

/// Events of the terminal that may wait for the session before its reader has to.
const WAITING: usize = 256;

/// What the terminal's reader sends.
pub(super) enum Input {
    Event(Event),
    /// The terminal has shown the frame with that screen, or did not answer.
    Shown {
        serial: u64,
        answered: bool,
    },
    Closed,
}

/// Has the terminal asked whether it has shown a screen.
pub(super) struct Pacer(Arc<Mutex<Option<u64>>>);

impl Pacer {
    /// Asks for a screen, in the place of one that was not asked for yet.
    ///
    /// # Errors
    /// When the reader cannot be woken.
    pub(super) fn ask(&self, serial: u64) -> io::Result<()> {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(serial);
        // The reader waits for the terminal; of what wakes it this alone changes nothing.
        Ok(kill_process(getpid(), Signal::WINCH)?)
    }
}

/// Reads the terminal on a thread of its own, which ends with the terminal or the process.
pub(super) fn read_terminal() -> io::Result<(Receiver<Input>, Pacer)> {
    let (sender, receiver): (Sender<Input>, _) = channel(WAITING);
    let asked = Arc::new(Mutex::new(None));
    let pacer = Pacer(Arc::clone(&asked));
    let take = move || asked.lock().unwrap_or_else(PoisonError::into_inner).take();
    std::thread::Builder::new().name("terminal".into()).spawn(move || {
        let read = || event::read().map_or(Input::Closed, Input::Event);
        // Whether there is someone to read for.
        let send = |input: Input| {
            let closed = matches!(input, Input::Closed);
            sender.blocking_send(input).is_ok() && !closed
        };
        while send(read()) {
            while let Some(serial) = take() {
                let answered = crossterm::cursor::position().is_ok();
                // What came before the answer is told before it.
                while event::poll(Duration::ZERO).unwrap_or_default() {
                    if !send(read()) {
                        return;
                    }
                }
                if !send(Input::Shown { serial, answered }) {
                    return;
                }
            }
        }
    })?;
    Ok((receiver, pacer))
}

/// A click or a turn of the wheel; none for everything else a mouse does.
pub(super) fn mouse(event: MouseEvent) -> Option<Message> {
    Some(match event.kind {
        MouseEventKind::Down(MouseButton::Left) => Message::Clicked(event.column, event.row),
        MouseEventKind::ScrollDown => Message::Wheel { down: true },
        MouseEventKind::ScrollUp => Message::Wheel { down: false },
        _ => return None,
    })
}

/// A press as a plain key; none for releases, Alt and keys without a meaning anywhere.
pub(super) fn key(event: KeyEvent) -> Option<Key> {
    if event.kind == KeyEventKind::Release || event.modifiers.contains(KeyModifiers::ALT) {
        return None;
    }
    let control = event.modifiers.contains(KeyModifiers::CONTROL);
    Some(match event.code {
        // What a line feed is read as: pipes and scripts send it for Enter.
        KeyCode::Char('j' | 'J') if control => Key::Enter,
        KeyCode::Char(letter) if control => Key::Ctrl(letter.to_ascii_lowercase()),
        KeyCode::Char(character) => Key::Char(character),
        KeyCode::Enter => Key::Enter,
        KeyCode::Esc => Key::Esc,
        KeyCode::Tab => Key::Tab,
        KeyCode::BackTab => Key::BackTab,
        KeyCode::Backspace => Key::Backspace,
        KeyCode::Delete => Key::Delete,
        KeyCode::Up => Key::Up,
        KeyCode::Down => Key::Down,
        KeyCode::Left => Key::Left,
        KeyCode::Right => Key::Right,
        KeyCode::PageUp => Key::PageUp,
        KeyCode::PageDown => Key::PageDown,
        KeyCode::Home => Key::Home,
        KeyCode::End => Key::End,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn presses_become_plain_keys() {
        let none = KeyModifiers::NONE;
        for (code, modifiers, expected) in [
            (KeyCode::Char('m'), none, Some(Key::Char('m'))),
            (KeyCode::Char('G'), KeyModifiers::SHIFT, Some(Key::Char('G'))),
            (KeyCode::Char('R'), KeyModifiers::CONTROL, Some(Key::Ctrl('r'))),
            (KeyCode::Char('x'), KeyModifiers::ALT, None),
            (KeyCode::Char('j'), KeyModifiers::CONTROL, Some(Key::Enter)),
            (KeyCode::F(5), none, None),
            (KeyCode::Esc, none, Some(Key::Esc)),
        ] {
            assert_eq!(key(KeyEvent::new(code, modifiers)), expected);
        }
        let mut release = KeyEvent::new(KeyCode::Char('m'), none);
        release.kind = KeyEventKind::Release;
        assert_eq!(key(release), None);
    }
}
