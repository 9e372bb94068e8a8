//! From the terminal's bytes to keys, pasted text, clicks and answers. Pure: time is silence, and
//! whoever reads tells of it.
//!
//! A terminal never says where a key ends. What has begun and does not go on is therefore given up
//! after a silence: half an escape sequence after 50 ms (a lone `ESC` is the key of that name, all
//! else is dropped), a paste without an end after a second (what came of it counts as pasted).
//!
//! **Nothing pasted is read as keys.** The text may hold the very sequence that ends a paste, so a
//! paste is over only where its end is followed by silence. And where the end never came, the rest of
//! it may still be on its way: whatever comes in a burst then is taken for that rest, until the end
//! comes after all, or one key by itself, as people press them.

use std::time::Duration;

use super::sequences::{Meant, meant};
use crate::tui::keys::Key;

/// How long half an escape sequence is waited for, and how long it is silent around a key that comes
/// by itself.
const SEQUENCE: Duration = Duration::from_millis(50);
/// How long a paste without an end is waited for.
const PASTE: Duration = Duration::from_secs(1);
/// Bytes of a paste that are kept: more than any line to type in takes.
const LONGEST_PASTE: usize = 64 * 1024;
/// Bytes of an escape sequence that are kept.
const LONGEST_SEQUENCE: usize = 64;

const ESC: u8 = 0x1b;
const PASTE_BEGINS: &str = "\x1b[200~";
const PASTE_ENDS: &str = "\x1b[201~";

/// One thing the terminal told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::tui::session) enum Told {
    /// A key was pressed.
    Key(Key),
    /// Text was pasted.
    Pasted(String),
    /// The mouse was clicked at this column and row.
    Clicked(u16, u16),
    /// The wheel was turned by a notch.
    Wheel {
        /// Towards the steward.
        down: bool,
    },
    /// Where the cursor is: the answer to a question.
    Position,
    /// Something that began as no key went no further.
    Broken,
}

/// Between what the decoder is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum State {
    /// Keys.
    #[default]
    Keys,
    /// The beginning of a paste and its end.
    Paste,
    /// A paste that never ended and the next key.
    Wary,
}

/// Decodes what a terminal sends.
#[derive(Debug, Default)]
pub(super) struct Decoder {
    state: State,
    /// What has begun: a key, a paste, or what may be the rest of one.
    bytes: Vec<u8>,
    /// The last bytes of a paste.
    tail: Vec<u8>,
}

impl Decoder {
    /// Takes bytes in.
    pub(super) fn take(&mut self, bytes: &[u8], told: &mut Vec<Told>) {
        for byte in bytes {
            match self.state {
                State::Keys => self.key(*byte, told),
                State::Paste | State::Wary => self.pasted(*byte),
            }
        }
    }

    /// How long to wait for more, and then to tell of the [`Decoder::silence`]; none: nothing has
    /// begun.
    pub(super) fn patience(&self) -> Option<Duration> {
        match self.state {
            State::Paste if !self.has_ended() => Some(PASTE),
            State::Paste => Some(SEQUENCE),
            State::Keys | State::Wary => (!self.bytes.is_empty()).then_some(SEQUENCE),
        }
    }

    /// Nothing came for as long as was waited.
    pub(super) fn silence(&mut self, told: &mut Vec<Told>) {
        match self.state {
            State::Keys => match std::mem::take(&mut self.bytes).as_slice() {
                [] => {}
                [ESC] => told.push(Told::Key(Key::Esc)),
                _ => told.push(Told::Broken),
            },
            State::Paste => self.end_of_paste(told),
            State::Wary => match self.by_itself() {
                Some(Told::Position) => {
                    self.forget();
                    told.push(Told::Position);
                }
                Some(key) => {
                    self.forget();
                    self.state = State::Keys;
                    told.push(key);
                }
                None => self.end_of_paste(told),
            },
        }
    }

    fn key(&mut self, byte: u8, told: &mut Vec<Told>) {
        if self.bytes.len() == LONGEST_SEQUENCE {
            // Where it ends is all that is looked for.
            self.bytes.remove(LONGEST_SEQUENCE - 2);
        }
        self.bytes.push(byte);
        match meant(&self.bytes) {
            Meant::More => return,
            Meant::Told(thing) => told.push(thing),
            Meant::Nothing => {}
            Meant::Paste => self.state = State::Paste,
            Meant::Anew => {
                if self.bytes == [ESC, ESC] {
                    told.push(Told::Key(Key::Esc));
                }
                self.bytes.clear();
                return self.key(byte, told);
            }
        }
        self.bytes.clear();
    }

    fn pasted(&mut self, byte: u8) {
        if self.bytes.len() < LONGEST_PASTE {
            self.bytes.push(byte);
        }
        if self.tail.len() == PASTE_ENDS.len() {
            self.tail.remove(0);
        }
        self.tail.push(byte);
    }

    fn has_ended(&self) -> bool {
        self.tail == PASTE_ENDS.as_bytes()
    }

    /// The one thing that came by itself after a paste without an end; none: it was a burst.
    fn by_itself(&self) -> Option<Told> {
        let (mut decoder, mut told) = (Self::default(), Vec::new());
        decoder.take(&self.bytes, &mut told);
        decoder.silence(&mut told);
        let is_over = decoder.state == State::Keys;
        match (told.pop(), told.is_empty() && is_over) {
            (Some(Told::Pasted(_) | Told::Broken), _) | (_, false) => None,
            (thing, true) => thing,
        }
    }

    fn end_of_paste(&mut self, told: &mut Vec<Told>) {
        self.state = if self.has_ended() { State::Keys } else { State::Wary };
        let text = String::from_utf8_lossy(&self.bytes);
        told.push(Told::Pasted(text.replace(PASTE_BEGINS, "").replace(PASTE_ENDS, "")));
        self.forget();
    }

    fn forget(&mut self) {
        self.bytes.clear();
        self.tail.clear();
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// What is told of these bursts, each followed by as much silence as was waited for.
    fn told(bursts: &[&[u8]]) -> Vec<Told> {
        let (mut decoder, mut told) = (Decoder::default(), Vec::new());
        for burst in bursts {
            decoder.take(burst, &mut told);
            while decoder.patience().is_some() {
                decoder.silence(&mut told);
            }
        }
        told
    }

    fn keys(bytes: &str) -> String {
        let told = told(&[bytes.as_bytes()]);
        let one = |it: &Told| match it {
            Told::Key(key) => key.to_string(),
            other => format!("{other:?}"),
        };
        told.iter().map(one).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn keys_are_told_as_they_were_pressed() {
        for (bytes, expected) in [
            ("m", "m"),
            ("Gé水", "G é 水"),
            ("\r\n\t\x7f \x12\x08", "Enter Enter Tab Backspace Space Ctrl-r Ctrl-h"),
            ("\x1b", "Esc"),
            ("\x1b\x1b", "Esc Esc"),
            ("\x1b[A\x1b[B\x1b[C\x1b[D", "Up Down Right Left"),
            ("\x1bOA\x1bOH\x1bOF", "Up Home End"),
            ("\x1b[H\x1b[F\x1b[1~\x1b[4~\x1b[7~\x1b[8~", "Home End Home End Home End"),
            ("\x1b[3~\x1b[5~\x1b[6~\x1b[Z", "Delete PageUp PageDown S-Tab"),
            ("\x1b[1;5A\x1b[3;2~", "Up Delete"),
            // Alt is no key, function keys and answers nobody asked for are none either.
            ("\x1bm\x1b\r\x1bé\x1b[1;3Ax", "x"),
            ("\x1bOP\x1b[15~\x1b[[A\x1b[?62;c\x1b[24;5ux", "x"),
            ("\x1b]11;rgb:0000/mm/nn\x1b\\\x1bP>|term\x07x", "x"),
            ("\x1b[201~x", "x"),
            ("\x1b[12;40R", "Position"),
            (
                "\x1b[<0;10;5M\x1b[<0;10;5m\x1b[<64;1;1M\x1b[<65;1;1M",
                "Clicked(9, 4) Wheel { down: false } Wheel { down: true }",
            ),
            ("\x1b[M *%\x1b[M#*%x", "Clicked(9, 4) x"),
            // A sequence that breaks off takes nothing that follows with it.
            ("\x1b[1\x1b[A", "Up"),
            ("\x1b[12\rj", "Enter j"),
            ("\u{9b}x", "x"),
        ] {
            assert_eq!(keys(bytes), expected, "{bytes:?}");
        }
        assert_eq!(told(&[b"\xc3m\xffx"]), [Told::Key(Key::Char('m')), Told::Key(Key::Char('x'))]);
    }

    #[test]
    fn half_a_sequence_is_given_up_after_a_silence() {
        for half in ["\x1b[", "\x1b[1;5", "\x1bO", "\x1b]0;mnn", "\x1b[M ", "\x1b[200"] {
            let told = told(&[half.as_bytes(), b"j"]);
            assert_eq!(told, [Told::Broken, Told::Key(Key::Char('j'))], "{half:?}");
        }
        let told = told(&[b"\x1b", b"[A"]);
        assert_eq!(told[0], Told::Key(Key::Esc));
        let mut decoder = Decoder::default();
        assert_eq!(decoder.patience(), None);
        decoder.take(b"\x1b", &mut Vec::new());
        assert_eq!(decoder.patience(), Some(SEQUENCE));
        decoder.take(b"[200~half", &mut Vec::new());
        assert_eq!(decoder.patience(), Some(PASTE));
        decoder.take(b"\x1b[201~", &mut Vec::new());
        assert_eq!(decoder.patience(), Some(SEQUENCE));
    }

    #[test]
    fn a_paste_is_over_once_its_end_is_followed_by_silence() {
        let pasted = |text: &str| Told::Pasted(text.to_owned());
        let key = |key| Told::Key(Key::Char(key));
        let whole = b"\x1b[200~m\rn\x1b[201~";
        assert_eq!(told(&[whole, b"j"]), [pasted("m\rn"), key('j')]);
        // The text holds the end, and keys behind it.
        assert_eq!(told(&[b"\x1b[200~a\x1b[201~mn\x1b[201~", b"j"]), [pasted("amn"), key('j')]);
        assert_eq!(told(&[b"\x1b[200~a\x1bb\x1b[Ac\x1b[201~"]), [pasted("a\x1bb\x1b[Ac")]);
        assert_eq!(told(&[whole, whole]), [pasted("m\rn"), pasted("m\rn")]);
    }

    #[test]
    fn after_a_paste_without_an_end_only_a_key_by_itself_counts() {
        let pasted = |text: &str| Told::Pasted(text.to_owned());
        let key = |key| Told::Key(Key::Char(key));
        let half = b"\x1b[200~mm";
        assert_eq!(told(&[half, b"j"]), [pasted("mm"), key('j')]);
        assert_eq!(
            told(&[half, b"\x1b[B", b"mn"])[1..],
            [Told::Key(Key::Down), key('m'), key('n')]
        );
        assert_eq!(told(&[half, b"\x1b"])[1], Told::Key(Key::Esc));
        // The rest of it, in bursts, and its end after all.
        assert_eq!(
            told(&[half, b"mn", b"nm\x1b[201~", b"mn"])[1..],
            [pasted("mn"), pasted("nm"), key('m'), key('n')]
        );
        // An answer is no key, and another paste is one.
        assert_eq!(
            told(&[half, b"\x1b[1;1R", b"mn", b"\x1b[200~x\x1b[201~", b"mn"])[1..],
            [Told::Position, pasted("mn"), pasted("x"), key('m'), key('n')]
        );
    }

    #[test]
    fn of_a_flood_only_a_beginning_is_kept() {
        let mut flood = PASTE_BEGINS.as_bytes().to_vec();
        flood.extend(std::iter::repeat_n(b'm', 3_000_000));
        flood.extend(PASTE_ENDS.as_bytes());
        match told(&[&flood, b"j"]).as_slice() {
            [Told::Pasted(text), Told::Key(Key::Char('j'))] => {
                assert_eq!(text.len(), LONGEST_PASTE)
            }
            other => panic!("{} things", other.len()),
        }
        let sequence = format!("\x1b[{}A", "1;".repeat(10_000));
        assert_eq!(keys(&format!("{sequence}j")), "Up j");
    }

    proptest! {
        /// However a terminal cuts a paste up, and whatever is in it: none of it is a key.
        #[test]
        fn nothing_pasted_is_a_key(
            pieces in prop::collection::vec(
                prop_oneof![
                    "[a-z\r\n\x1b]{1,4}", Just(PASTE_ENDS.to_owned()), Just("\x1b[".to_owned()),
                    Just(PASTE_BEGINS.to_owned()), Just("\x1b[A".to_owned()),
                ],
                0..12,
            ),
            cuts in prop::collection::vec(1_usize..9, 0..12),
        ) {
            let text = format!("{PASTE_BEGINS}{}{PASTE_ENDS}", pieces.concat());
            let (mut decoder, mut told) = (Decoder::default(), Vec::new());
            let mut rest = text.as_bytes();
            for cut in cuts {
                let (now, later) = rest.split_at(cut.min(rest.len()));
                decoder.take(now, &mut told);
                rest = later;
            }
            decoder.take(rest, &mut told);
            while decoder.patience().is_some() {
                decoder.silence(&mut told);
            }
            prop_assert!(told.iter().all(|it| matches!(it, Told::Pasted(_))), "{told:?}");
            prop_assert_eq!(decoder.state, State::Keys);
        }

        /// No bytes whatsoever make it panic, grow or wait for ever.
        #[test]
        fn any_bytes_come_to_an_end(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
            let (mut decoder, mut told) = (Decoder::default(), Vec::new());
            decoder.take(&bytes, &mut told);
            decoder.silence(&mut told);
            decoder.silence(&mut told);
            prop_assert_eq!(decoder.patience(), None);
        }
    }
}
