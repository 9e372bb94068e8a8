//! From the terminal's bytes to keys, pasted text, clicks and answers. Pure: time is silence, and
//! whoever reads tells of it.
//!
//! A terminal never says where a key ends. What has begun and does not go on is therefore given up
//! after a silence: half an escape sequence after 50 ms (a lone `ESC` is the key of that name, all
//! else is dropped), a paste without an end after a second (what came of it counts as pasted).
//!
//! **Nothing pasted is read as keys.** The text may hold the very sequence that ends a paste, so a
//! paste is over only where its end is followed by silence. Where the end never came, the rest of it
//! may still be on its way, a burst or a letter at a time. Until it has been silent for a second, no
//! text counts; then the first key by itself may look and move but not decide; and once a key was
//! followed by a second of silence, all keys count again. A key that is no text, such as `Esc`, ends
//! it at once.
//!
//! **A beginning or an end is found however it is cut up**: behind half of it, without its first
//! bytes in one burst, with a CSI of 8 bits. An end without a beginning makes its whole burst pasted.

use std::time::Duration;

use super::sequences::{Meant, meant};
use super::seven_bits::SevenBits;
use crate::keys::Key;

/// How long half an escape sequence is waited for, and how long it is silent around a key that comes
/// by itself.
const SEQUENCE: Duration = Duration::from_millis(50);
/// How long a paste without an end is waited for, and then for the rest of it.
const PASTE: Duration = Duration::from_secs(1);
/// Bytes of a paste that are kept: more than any line to type in takes.
const LONGEST_PASTE: usize = 64 * 1024;
/// Bytes of an escape sequence that are kept.
const LONGEST_SEQUENCE: usize = 64;

const ESC: u8 = 0x1b;
const PASTE_BEGINS: &str = "\x1b[200~";
const PASTE_ENDS: &str = "\x1b[201~";
/// An end whose CSI has 8 bits, in UTF-8 behind another byte.
const PASTE_ENDS_C1: &[u8] = b"\x9b201~";
/// Less of a beginning or an end is what a hand may type.
const SHORTEST_HALF: usize = 3;

/// One thing the terminal told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::session) enum Told {
    /// A key was pressed.
    Key(Key),
    /// A key that may be the rest of a paste without an end.
    Rest(Key),
    /// The first key after a paste without an end, pressed by itself after a long silence.
    Doubted(Key),
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
    /// Half the beginning or end of a paste and what follows.
    Half,
    /// The beginning of a paste and its end.
    Paste,
    /// A paste that never ended and a second of silence.
    Wary {
        /// The last that came was a key by itself.
        pressed: bool,
    },
    /// That second and the next key.
    Doubt,
}

/// Decodes what a terminal sends.
#[derive(Debug, Default)]
pub(super) struct Decoder {
    state: State,
    /// What has begun: a key, a paste, or what may be the rest of one.
    bytes: Vec<u8>,
    /// The last bytes that came, as many as the end of a paste has.
    tail: Vec<u8>,
    csi: SevenBits,
}

impl Decoder {
    /// Takes bytes in.
    pub(super) fn take(&mut self, bytes: &[u8], told: &mut Vec<Told>) {
        if self.state == State::Keys && ends_a_paste(bytes) {
            self.paste();
        }
        for byte in bytes {
            let is_text = self.state == State::Paste && !self.csi.has_eight();
            let is_place = self.bytes.starts_with(b"\x1b[M");
            let came = match is_text || is_place {
                true => [Some(*byte), None],
                false => self.csi.take(*byte),
            };
            came.into_iter().flatten().for_each(|byte| self.byte(byte, told));
        }
    }

    fn byte(&mut self, byte: u8, told: &mut Vec<Told>) {
        if self.tail.len() == PASTE_ENDS.len() {
            self.tail.remove(0);
        }
        self.tail.push(byte);
        let is_marker = self.tail == PASTE_BEGINS.as_bytes() || self.has_ended();
        match self.state {
            State::Keys | State::Half if is_marker => self.paste(),
            State::Keys => self.key(byte, told),
            State::Half | State::Paste | State::Wary { .. } | State::Doubt => self.keep(byte),
        }
    }

    /// How long to wait for more, and then to tell of the [`Decoder::silence`]; `None` means
    /// nothing has begun.
    pub(super) fn patience(&self) -> Option<Duration> {
        match self.state {
            State::Paste if !self.has_ended() => Some(PASTE),
            State::Wary { .. } if self.bytes.is_empty() => Some(PASTE),
            State::Paste | State::Wary { .. } => Some(SEQUENCE),
            State::Keys | State::Half | State::Doubt => {
                (!self.bytes.is_empty()).then_some(SEQUENCE)
            }
        }
    }

    /// Nothing came for as long as was waited.
    pub(super) fn silence(&mut self, told: &mut Vec<Told>) {
        match self.state {
            State::Keys => {
                match self.bytes.as_slice() {
                    [] => {}
                    [ESC] => told.push(Told::Key(Key::Esc)),
                    held if is_part_of_marker(held) => told.extend(held.iter().map(typed)),
                    _ => {
                        told.push(Told::Broken);
                        if self.is_half() {
                            self.state = State::Half;
                        }
                    }
                }
                self.bytes.clear();
            }
            State::Paste => self.end_of_paste(told),
            State::Wary { pressed } if self.bytes.is_empty() => {
                self.state = if pressed { State::Keys } else { State::Doubt };
            }
            State::Half | State::Doubt if self.bytes.is_empty() => {}
            State::Half if self.is_half() => {
                told.push(Told::Broken);
                self.bytes.clear();
            }
            State::Half | State::Wary { .. } | State::Doubt => self.end_of_burst(told),
        }
    }

    /// A burst came where a paste may not be over.
    fn end_of_burst(&mut self, told: &mut Vec<Told>) {
        let Some(thing) = self.by_itself() else { return self.end_of_paste(told) };
        self.forget();
        let was = self.state;
        told.push(match thing {
            Told::Position => Told::Position,
            Told::Key(key) if was != State::Half && is_text(key) => {
                self.state = State::Wary { pressed: true };
                if was == State::Doubt { Told::Doubted(key) } else { Told::Rest(key) }
            }
            thing => {
                self.state = State::Keys;
                thing
            }
        });
    }

    fn key(&mut self, byte: u8, told: &mut Vec<Told>) {
        if self.bytes.len() == LONGEST_SEQUENCE {
            // Where it ends is all that is looked for.
            self.bytes.remove(LONGEST_SEQUENCE - 2);
        }
        if is_part_of_marker(&self.bytes) {
            self.bytes.push(byte);
            if is_part_of_marker(&self.bytes) {
                return self.marked();
            }
            self.bytes.pop();
            told.extend(self.bytes.drain(..).map(|byte| typed(&byte)));
        }
        self.bytes.push(byte);
        if is_part_of_marker(&self.bytes) {
            return;
        }
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

    /// The last bytes of a beginning or an end came in one burst: its first ones are lost.
    fn marked(&mut self) {
        if self.bytes.last() == Some(&b'~') {
            if self.bytes.ends_with(b"1~") {
                self.tail = PASTE_ENDS.into();
            }
            self.paste();
        }
    }

    fn paste(&mut self) {
        self.state = State::Paste;
        self.bytes.clear();
    }

    fn keep(&mut self, byte: u8) {
        if self.bytes.len() < LONGEST_PASTE {
            self.bytes.push(byte);
        }
    }

    fn has_ended(&self) -> bool {
        self.tail == PASTE_ENDS.as_bytes()
    }

    /// Whether the last that came is half a beginning or an end.
    fn is_half(&self) -> bool {
        let whole = [PASTE_BEGINS.as_bytes(), PASTE_ENDS.as_bytes()];
        let mut halves = SHORTEST_HALF..PASTE_ENDS.len();
        halves.any(|half| whole.iter().any(|it| self.tail.ends_with(&it[..half])))
    }

    /// The one thing that came by itself after a paste without an end; `None` means it was a burst.
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
        self.state = if self.has_ended() { State::Keys } else { State::Wary { pressed: false } };
        let text = String::from_utf8_lossy(&self.bytes);
        told.push(Told::Pasted(text.replace(PASTE_BEGINS, "").replace(PASTE_ENDS, "")));
        self.forget();
    }

    fn forget(&mut self) {
        self.bytes.clear();
        self.tail.clear();
    }
}

/// Whether a paste ends in these bytes that does not begin in them.
fn ends_a_paste(bytes: &[u8]) -> bool {
    let find = |marker: &[u8]| bytes.windows(marker.len()).position(|part| part == marker);
    let ends = [find(PASTE_ENDS.as_bytes()), find(PASTE_ENDS_C1)].into_iter().flatten().min();
    let begins = [find(PASTE_BEGINS.as_bytes()), find(b"\x9b200~")].into_iter().flatten().min();
    ends.is_some_and(|end| begins.is_none_or(|begin| end < begin))
}

/// Whether something in a beginning or an end of a paste, but for its `ESC`, starts like this: it is
/// waited for as long as for an escape sequence.
fn is_part_of_marker(bytes: &[u8]) -> bool {
    let mut ends = [PASTE_BEGINS, PASTE_ENDS].into_iter().flat_map(|whole| {
        // What is left of it: `[200~`, `200~`, `00~`, `0~`.
        (1..whole.len() - 1).map(move |lost| &whole.as_bytes()[lost..])
    });
    !bytes.is_empty() && ends.any(|end| end.starts_with(bytes))
}

/// A character of a beginning or an end that was none.
fn typed(byte: &u8) -> Told {
    Told::Key(Key::Char(char::from(*byte)))
}

/// Whether text may hold what this key sends.
fn is_text(key: Key) -> bool {
    match key {
        Key::Ctrl(letter) => letter != 'c',
        key => matches!(key, Key::Char(_) | Key::Enter | Key::Tab | Key::Backspace),
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

    /// What is told of these bursts, each followed by so many milliseconds of silence.
    fn timed(bursts: &[(&[u8], u64)]) -> Vec<Told> {
        let (mut decoder, mut told) = (Decoder::default(), Vec::new());
        for (burst, silence) in bursts {
            decoder.take(burst, &mut told);
            let mut left = Duration::from_millis(*silence);
            while let Some(rest) = decoder.patience().and_then(|it| left.checked_sub(it)) {
                left = rest;
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
            // What only looks like the rest of a marker.
            ("[20j2200x01", "[ 2 0 j 2 2 0 0 x 0 1"),
            ("\x1b[12;40R", "Position"),
            (
                "\x1b[<0;10;5M\x1b[<0;10;5m\x1b[<64;1;1M\x1b[<65;1;1M",
                "Clicked(9, 4) Wheel { down: false } Wheel { down: true }",
            ),
            ("\x1b[M *%\x1b[M#*%x", "Clicked(9, 4) x"),
            // A sequence that breaks off takes nothing that follows with it.
            ("\x1b[1\x1b[A", "Up"),
            ("\x1b[12\rj", "Enter j"),
            ("\u{9b}A\u{9b}5~ě水x", "Up PageUp ě 水 x"),
        ] {
            assert_eq!(keys(bytes), expected, "{bytes:?}");
        }
        assert_eq!(told(&[b"\x9bA\x9b201~"]).len(), 1, "{:?}", told(&[b"\x9bA"]));
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
    fn after_a_paste_without_an_end_text_does_not_count_until_a_key_was_followed_by_silence() {
        let pasted = |text: &str| Told::Pasted(text.to_owned());
        let key = |key| Told::Key(Key::Char(key));
        let (rest, doubted) =
            (|key| Told::Rest(Key::Char(key)), |key| Told::Doubted(Key::Char(key)));
        let half: &[u8] = b"\x1b[200~h";
        for (bursts, expected) in [
            // Soon after it all is its rest, a letter at a time, too.
            (vec![(half, 1300), (b"m", 400), (b"\r", 400), (b"y", 400)], {
                vec![rest('m'), Told::Rest(Key::Enter), rest('y')]
            }),
            (vec![(half, 1300), (b"mn", 400), (b"n", 400)], vec![pasted("mn"), rest('n')]),
            // The key that ends it does not decide; the next one does, after a second.
            (vec![(half, 1600), (b"m", 1100), (b"m", 60)], vec![rest('m'), key('m')]),
            (vec![(half, 9000), (b"m", 1100), (b"m", 60)], vec![doubted('m'), key('m')]),
            (vec![(half, 9000), (b"m", 400), (b"m", 60)], vec![doubted('m'), rest('m')]),
            (vec![(half, 9000), (b"mn", 9000), (b"m", 60)], vec![pasted("mn"), doubted('m')]),
            // What is no text ends it.
            (vec![(half, 1100), (b"\x1b", 60), (b"m", 60)], vec![Told::Key(Key::Esc), key('m')]),
            (vec![(half, 1100), (b"\x1b[B", 60), (b"mn", 60)], {
                vec![Told::Key(Key::Down), key('m'), key('n')]
            }),
            // So does its end after all, and another paste; an answer is no key.
            (vec![(half, 1100), (b"nm\x1b[201~", 60), (b"m", 60)], vec![pasted("nm"), key('m')]),
            (vec![(half, 1100), (b"\x1b[1;1R", 60), (b"m", 60)], vec![Told::Position, rest('m')]),
            (vec![(half, 1100), (b"\x1b[200~x\x1b[201~", 60), (b"m", 60)], {
                vec![pasted("x"), key('m')]
            }),
        ] {
            assert_eq!(timed(&bursts)[1..], expected, "{bursts:?}");
        }
    }

    #[test]
    fn the_markers_of_a_paste_are_found_however_they_are_cut_up() {
        let cut = |bytes: &'static [u8]| -> Vec<&'static [u8]> { bytes.chunks(1).collect() };
        let (deciding, slow) = (b"m\ry\x1b[201~" as &[u8], 400);
        for beginning in [
            vec![b"\x1b[200~" as &[u8]],
            vec![b"\x1b", b"[200~"],
            vec![b"\x1b[", b"200~"],
            vec![b"\x1b[2", b"00~"],
            vec![b"\x1b[20", b"0~"],
            vec![b"\x1b[200", b"~"],
            vec![b"\x1b[20", b"0", b"~"],
            vec![b"200~"],
            vec![b"0~"],
            vec![b"\x9b200~"],
            vec![b"\xc2\x9b200~"],
            vec![b"\xc2", b"\x9b20", b"0~"],
            cut(b"\x1b[200~"),
        ] {
            let (last, first) = beginning.split_last().expect("a beginning");
            let mut bursts: Vec<(&[u8], u64)> = first.iter().map(|it| (*it, 1500)).collect();
            let last = [last, deciding].concat();
            bursts.extend([(last.as_slice(), 60), (b"x" as &[u8], 60)]);
            check(&bursts, &[Key::Char('x')]);
            // Its text comes later, and slowly.
            let mut bursts: Vec<(&[u8], u64)> = beginning.iter().map(|it| (*it, 1500)).collect();
            bursts.pop();
            bursts.push((beginning.last().expect("its last"), slow));
            bursts.extend(b"mym".chunks(1).map(|it| (it, slow)));
            check(&bursts, &[]);
        }
        for stray in ["\x1b[201~m\ry", "m\x1b[201~", "201~m", "1~m", "\u{9b}201~m", "\x1b[201~"] {
            check(&[(stray.as_bytes(), 400)], &[]);
        }
        check(&[(b"\x1b[20", 100), (b"1~m", 400)], &[]);
        check(&[(b"\x1b[20", 100), (b"m\ry", 400), (b"m", 400)], &[]);
        check(&[(b"\x1b[201~", 60), (b"m", 400)], &[Key::Char('m')]);
    }

    /// No other letter that decides is told of than these.
    #[track_caller]
    fn check(bursts: &[(&[u8], u64)], expected: &[Key]) {
        let told = timed(bursts);
        let deciding = |it: &Told| match it {
            Told::Key(key @ (Key::Char('m' | 'y' | 'x') | Key::Enter)) => Some(*key),
            _ => None,
        };
        let keys: Vec<Key> = told.iter().filter_map(deciding).collect();
        assert_eq!(keys, expected, "{bursts:?}: {told:?}");
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
