//! What the bytes of one key are: a character, a control, an escape sequence of xterm and its kin
//! (ECMA-48; VTE, tmux, screen, the consoles, PuTTY), a mouse report, an answer.

use super::decoder::Told;
use crate::keys::Key;

/// What bytes are so far.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Meant {
    /// The beginning of something.
    More,
    /// One thing.
    Told(Told),
    /// A paste begins behind them.
    Paste,
    /// Something whole without a meaning here: Alt and a key, an unknown key, a report nobody asked
    /// for.
    Nothing,
    /// Nothing but for the last of them, which begins something else.
    Anew,
}

const ESC: u8 = 0x1b;

/// What these bytes are, of which all but the last are the beginning of something.
pub(super) fn meant(bytes: &[u8]) -> Meant {
    match bytes {
        [] => Meant::More,
        [ESC] => Meant::More,
        [ESC, b'[', rest @ ..] => control_sequence(rest),
        [ESC, b'O'] => Meant::More,
        [ESC, b'O', last] => named(*last, &[]).map_or(Meant::Nothing, Meant::Told),
        [ESC, b'P' | b']' | b'^' | b'_' | b'X', rest @ ..] => string(rest),
        [ESC, ESC] => Meant::Anew,
        // Alt and a key.
        [ESC, rest @ ..] => match character(rest) {
            Meant::Told(_) => Meant::Nothing,
            other => other,
        },
        _ => character(bytes),
    }
}

/// One character, or a control.
fn character(bytes: &[u8]) -> Meant {
    let key = |key| Meant::Told(Told::Key(key));
    let [first, rest @ ..] = bytes else { return Meant::More };
    match *first {
        b'\r' | b'\n' => key(Key::Enter),
        b'\t' => key(Key::Tab),
        0x7f => key(Key::Backspace),
        0 => key(Key::Ctrl(' ')),
        letter @ 1..=26 => key(Key::Ctrl(char::from(letter - 1 + b'a'))),
        digit @ 0x1c..=0x1f => key(Key::Ctrl(char::from(digit - 0x1c + b'4'))),
        0x20..=0x7e => key(Key::Char(char::from(*first))),
        _ => {
            if rest.last().is_some_and(|last| !(0x80..=0xbf).contains(last)) {
                return Meant::Anew;
            }
            match std::str::from_utf8(bytes).map(|text| text.chars().next()) {
                Ok(Some(character)) if !character.is_control() => key(Key::Char(character)),
                Err(error) if error.error_len().is_none() => Meant::More,
                _ => Meant::Nothing,
            }
        }
    }
}

/// A sequence behind `ESC [`.
fn control_sequence(bytes: &[u8]) -> Meant {
    match bytes {
        // The consoles' function keys.
        [b'['] => return Meant::More,
        [b'[', _] => return Meant::Nothing,
        // A mouse of before there were numbers.
        [b'M', button, x, y] => {
            let [button, x, y] = [button, x, y].map(|byte| u16::from(byte.saturating_sub(32)));
            return mouse(button, x, y);
        }
        [b'M', ..] => return Meant::More,
        _ => {}
    }
    let Some((last, parameters)) = bytes.split_last() else { return Meant::More };
    match last {
        0x20..=0x3f => Meant::More,
        0x40..=0x7e => finished(parameters, *last),
        _ => Meant::Anew,
    }
}

fn finished(parameters: &[u8], last: u8) -> Meant {
    let text = std::str::from_utf8(parameters).unwrap_or_default();
    let (is_mouse, numbers) = match text.strip_prefix('<') {
        Some(numbers) => (true, numbers),
        None => (false, text),
    };
    let numbers: Vec<u16> =
        numbers.split(';').map(|number| number.parse().unwrap_or_default()).collect();
    match (is_mouse, last, numbers.as_slice()) {
        (true, b'M', [button, x, y]) => mouse(*button, *x, *y),
        (true, ..) => Meant::Nothing,
        (_, b'~', [200]) => Meant::Paste,
        (_, b'R', [_, _]) => Meant::Told(Told::Position),
        (_, last, numbers) => named(last, numbers).map_or(Meant::Nothing, Meant::Told),
    }
}

/// A key with a name, by the end of its sequence and the numbers in it: the second one tells what
/// was held down.
fn named(last: u8, numbers: &[u16]) -> Option<Told> {
    let held = numbers.get(1).copied().unwrap_or(1).saturating_sub(1);
    let is_alt = held & 0b10 != 0;
    let key = match (last, numbers.first().copied().unwrap_or_default()) {
        (b'A', _) => Key::Up,
        (b'B', _) => Key::Down,
        (b'C', _) => Key::Right,
        (b'D', _) => Key::Left,
        (b'H', _) | (b'~', 1 | 7) => Key::Home,
        (b'F', _) | (b'~', 4 | 8) => Key::End,
        (b'Z', _) => Key::BackTab,
        (b'~', 3) => Key::Delete,
        (b'~', 5) => Key::PageUp,
        (b'~', 6) => Key::PageDown,
        _ => return None,
    };
    (!is_alt).then_some(Told::Key(key))
}

/// A press of the left button or a notch of the wheel; nothing for everything else a mouse does.
fn mouse(button: u16, x: u16, y: u16) -> Meant {
    // Shift, Alt and Ctrl change nothing; bit 5 is a movement.
    match button & !0b1_1100 {
        0 => Meant::Told(Told::Clicked(x.saturating_sub(1), y.saturating_sub(1))),
        64 => Meant::Told(Told::Wheel { down: false }),
        65 => Meant::Told(Told::Wheel { down: true }),
        _ => Meant::Nothing,
    }
}

/// An answer of many bytes, to a question that was not ours: it ends with BEL or `ESC \`.
fn string(bytes: &[u8]) -> Meant {
    match bytes {
        [.., 0x07] | [.., ESC, b'\\'] => Meant::Nothing,
        _ => Meant::More,
    }
}
