//! What a person does at the terminal, as messages.

use std::io;

use crossterm::event::{
    Event, KeyCode, KeyEvent, KeyEventKind, KeyModifiers, MouseButton, MouseEvent, MouseEventKind,
};
use tokio::sync::mpsc::{Receiver, Sender, channel};

use crate::tui::keys::Key;
use crate::tui::message::Message;

/// Events of the terminal that may wait for the session before its reader has to.
const WAITING: usize = 256;

/// What the terminal's reader sends.
pub(super) enum Input {
    Event(Event),
    Closed,
}

/// Reads the terminal on a thread of its own, which ends with the terminal or the process.
pub(super) fn read_terminal() -> io::Result<Receiver<Input>> {
    let (sender, receiver): (Sender<Input>, _) = channel(WAITING);
    std::thread::Builder::new().name("terminal".into()).spawn(move || {
        loop {
            let input = crossterm::event::read().map_or(Input::Closed, Input::Event);
            let closed = matches!(input, Input::Closed);
            if sender.blocking_send(input).is_err() || closed {
                return;
            }
        }
    })?;
    Ok(receiver)
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
