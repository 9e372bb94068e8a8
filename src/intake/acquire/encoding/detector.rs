//! Finding out the encoding of a whole file, a piece at a time.

use std::collections::BTreeSet;

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::Encoding as Web;

use super::candidates;
use super::judge::{self, Hints, Judged, judge};
use super::languages::Script;
use super::mixed::{self, Mixed};
use super::seven_bit::SevenBit;
use super::{Encoding, RowEncoding};

/// So many different pieces of text tell an encoding; more would change nothing.
const PIECES: usize = 400;
/// So many different pieces tell whether some are of another encoding.
const LOW: usize = 100;
/// The longest piece that is kept, in bytes.
const PIECE: usize = 96;
/// Rows that readings are shown of.
const EXAMPLES: usize = 40;
/// The longest row that readings are shown of, in bytes.
const EXAMPLE: usize = 160;
/// What is kept of a line whose end has not come, in bytes.
const OPEN_LINE: usize = 64 << 10;
/// What `chardetng` gets to see, in bytes.
const GUESSED: usize = 4 << 20;

/// Words of a row that are shown.
const WORDS: usize = 6;

const ESCAPE: u8 = 0x1b;

/// Takes the bytes of a file, however they are cut, and says which encoding they are in.
///
/// What is ASCII decides nothing: a file is undecided up to its first other byte.
pub(in crate::acquire) struct Detector {
    /// The beginning of a line whose end has not come.
    open: Vec<u8>,
    /// Lines of UTF-8 with more than ASCII in them.
    utf8: u64,
    /// Lines of UTF-8 that are rather something else: letters of a rare script stand among those of ASCII.
    doubtful: u64,
    /// Lines that are no UTF-8.
    other: u64,
    /// Lines of ASCII with an escape in them.
    escaped: u64,
    pieces: BTreeSet<Vec<u8>>,
    /// Pieces that may be of another encoding than the rest, which may come late.
    low: BTreeSet<Vec<u8>>,
    examples: Vec<Vec<u8>>,
    guesser: EncodingDetector,
    guessed: usize,
    seven_bit: SevenBit,
}

/// What comes of it.
pub(in crate::acquire) enum Found {
    /// The encoding of the file, and of its odd rows.
    Sure(RowEncoding),
    /// The likeliest encodings, each with its reading of one row.
    Unsure(Vec<(Encoding, String)>),
    /// All of it is ASCII, and rather in an encoding that nothing here decodes, by its name for `iconv`.
    Unread(&'static str),
}

impl Detector {
    /// Has seen nothing.
    pub fn new() -> Detector {
        Detector {
            open: Vec::new(),
            utf8: 0,
            doubtful: 0,
            other: 0,
            escaped: 0,
            pieces: BTreeSet::new(),
            low: BTreeSet::new(),
            examples: Vec::new(),
            guesser: EncodingDetector::new(Iso2022JpDetection::Allow),
            guessed: 0,
            seven_bit: SevenBit::default(),
        }
    }

    /// Takes the next bytes.
    pub fn feed(&mut self, bytes: &[u8]) {
        if self.other + self.utf8 + self.doubtful == 0 {
            self.seven_bit.feed(bytes);
        }
        let mut rest = bytes;
        loop {
            let telling = next_telling(rest);
            let plain = &rest[..telling];
            let mut begin = 0;
            if let Some(first) = plain.iter().position(|byte| is_end(*byte)) {
                self.keep_open(&plain[..first]);
                self.end_line();
                begin = plain.iter().rposition(|byte| is_end(*byte)).map_or(0, |at| at + 1);
            }
            let Some(length) = rest[telling..].iter().position(|byte| is_end(*byte)) else {
                self.keep_open(&rest[begin..]);
                return;
            };
            self.keep_open(&rest[begin..telling + length]);
            self.end_line();
            rest = &rest[telling + length + 1..];
        }
    }

    fn keep_open(&mut self, bytes: &[u8]) {
        let room = OPEN_LINE.saturating_sub(self.open.len());
        self.open.extend_from_slice(&bytes[..bytes.len().min(room)]);
    }

    fn end_line(&mut self) {
        let line = std::mem::take(&mut self.open);
        self.take_line(&line);
        self.open = line;
        self.open.clear();
    }

    fn take_line(&mut self, line: &[u8]) {
        if line.is_ascii() && !line.contains(&ESCAPE) {
            return;
        }
        let is_cut =
            |error: std::str::Utf8Error| error.error_len().is_none() && line.len() == OPEN_LINE;
        let utf8 = std::str::from_utf8(line);
        let is_doubtful = self.utf8 == 0 && utf8.is_ok_and(is_doubtful);
        if !line.is_ascii() && !is_doubtful && utf8.map_or_else(is_cut, |_| true) {
            self.utf8 += 1;
            return;
        }
        let of_its_kind = match (is_doubtful, line.is_ascii()) {
            (true, _) => &mut self.doubtful,
            (_, true) => &mut self.escaped,
            _ => &mut self.other,
        };
        *of_its_kind += 1;
        if self.guessed < GUESSED {
            self.guessed += line.len();
            self.guesser.feed(line, false);
            self.guesser.feed(b"\n", false);
        }
        if self.examples.len() < EXAMPLES && line.len() <= EXAMPLE {
            self.examples.push(line.to_vec());
        }
        if self.low.len() < LOW && line.len() <= OPEN_LINE && mixed::is_low(line) {
            let is_telling = |piece: &&[u8]| {
                piece.len() <= PIECE && mixed::is_low(piece) && std::str::from_utf8(piece).is_err()
            };
            self.low.extend(pieces(line).filter(is_telling).map(<[u8]>::to_vec));
        }
        if self.pieces.len() < PIECES {
            let is_telling = |piece: &&[u8]| {
                let is_utf8 = || std::str::from_utf8(piece).is_ok();
                piece.len() <= PIECE && !piece.is_ascii() && (is_doubtful || !is_utf8())
            };
            self.pieces.extend(pieces(line).filter(is_telling).map(<[u8]>::to_vec));
        }
    }

    /// What the file is in.
    pub fn finish(&mut self, hints: Hints) -> Found {
        self.end_line();
        let is_ascii = self.other + self.utf8 + self.doubtful == 0;
        let unread = is_ascii.then(|| std::mem::take(&mut self.seven_bit).finish()).flatten();
        if self.other == 0 && self.utf8 == 0 && self.doubtful > 0 {
            let guessed = None;
            let mut encodings = match judge(&self.pieces, &Hints { guessed, ..hints }) {
                Judged::Sure(encoding) => vec![encoding],
                Judged::Unsure(encodings) => encodings,
            };
            encodings.insert(1.min(encodings.len()), Encoding::Utf8);
            return Found::Unsure(self.readings(&encodings));
        }
        if self.other + self.escaped == 0 {
            let utf8 = Found::Sure(RowEncoding::all(Encoding::Utf8));
            return unread.map_or(utf8, Found::Unread);
        }
        let region = hints.region.as_deref().and_then(domain_of);
        self.guesser.feed(b"", true);
        let guessed = self.guesser.guess(region.as_deref().map(str::as_bytes), Utf8Detection::Deny);
        if guessed == encoding_rs::ISO_2022_JP {
            return Found::Sure(RowEncoding::all(Encoding::Web(guessed)));
        }
        if self.other == 0 {
            let utf8 = Found::Sure(RowEncoding::all(Encoding::Utf8));
            return unread.map_or(utf8, Found::Unread);
        }
        let hints = Hints { guessed: Some(guessed), ..hints };
        let judged = judge(&self.pieces, &hints);
        if self.utf8 >= self.other {
            let odd = match judged {
                Judged::Sure(encoding) => Some(encoding),
                Judged::Unsure(_) => None,
            };
            return Found::Sure(RowEncoding { of: Encoding::Utf8, odd });
        }
        let is_wide = matches!(judged, Judged::Sure(of) if of.is_wide());
        // The guess is one of the whole.
        let hints = Hints { guessed: None, ..hints };
        let mixed =
            if is_wide { Mixed::No } else { mixed::judged(&self.pieces, &self.low, &hints) };
        match mixed {
            Mixed::No => {}
            Mixed::Rows(of, odd) if self.utf8 == 0 => {
                return Found::Sure(RowEncoding { of, odd: Some(odd) });
            }
            Mixed::Rows(of, odd) => return Found::Unsure(self.readings(&[of, odd])),
            Mixed::Open(likeliest) => return Found::Unsure(self.readings(&likeliest)),
        }
        match judged {
            Judged::Sure(of) => Found::Sure(RowEncoding { of, odd: Some(Encoding::Utf8) }),
            Judged::Unsure(encodings) => Found::Unsure(self.readings(&encodings)),
        }
    }

    /// Whether the file tells the encoding from others that are about as common. ASCII tells none.
    pub fn tells(&self, of: Encoding) -> bool {
        if of == Encoding::Utf8 {
            return self.utf8 > 0;
        }
        candidates::tell(&self.pieces, of)
    }

    /// The encoding in which the text is by far more plausible than in the one it is said to be in.
    pub fn likelier(mut self, said: Encoding, hints: &Hints) -> Option<Encoding> {
        self.end_line();
        if self.other == 0 || said.is_wide() || self.utf8 >= self.other {
            return None;
        }
        judge::likelier(&self.pieces, said, hints)
    }

    /// What the three likeliest encodings make of the words of a row: of the one in which they differ
    /// most.
    fn readings(&self, encodings: &[Encoding]) -> Vec<(Encoding, String)> {
        let likeliest = &encodings[..encodings.len().min(3)];
        let read = |row: &Vec<u8>| -> Vec<String> {
            likeliest.iter().map(|encoding| words(row, *encoding)).collect()
        };
        let different = |texts: &Vec<String>| texts.iter().collect::<BTreeSet<_>>().len();
        let texts = self.examples.iter().map(read).max_by_key(different);
        likeliest.iter().copied().zip(texts.unwrap_or_default()).collect()
    }
}

/// Whether a letter of a script that few write stands in a word of ASCII, or the only letter beyond ASCII
/// is of another script than its word: two bytes of another encoding look like that.
fn is_doubtful(line: &str) -> bool {
    let is_single = line.chars().filter(|c| !c.is_ascii()).count() == 1;
    judge::words(line).any(|word| {
        let is_strange = |c: char| {
            let is_latin = |it: Script| it == Script::Latin && !is_dangling(word, c);
            c.len_utf8() == 2 && Script::of(c).is_some_and(|it| !is_latin(it))
        };
        let has_latin = word.contains(|c: char| c.is_ascii_alphabetic());
        (is_single && word.contains(is_strange) && (has_latin || is_dangling_alone(word)))
            || is_rare(word)
    })
}

/// Whether a mark that stands on a letter begins a word.
fn is_dangling(word: &str, mark: char) -> bool {
    matches!(mark, '\u{300}'..='\u{36f}' | '\u{591}'..='\u{5c7}' | '\u{64b}'..='\u{652}')
        && word.starts_with(mark)
}

fn is_dangling_alone(word: &str) -> bool {
    word.chars().next().is_some_and(|first| is_dangling(word, first))
}

fn is_rare(word: &str) -> bool {
    word.contains(|c: char| c.is_ascii_alphabetic())
        && word.contains(|c: char| c.len_utf8() == 2 && Script::of(c) == Some(Script::Other))
}

/// Where the next byte is that is not ASCII, or begins one of the escapes of ISO-2022-JP.
fn next_telling(bytes: &[u8]) -> usize {
    let end = Web::ascii_valid_up_to(bytes);
    let plain = &bytes[..end];
    if plain.contains(&ESCAPE) {
        return plain.iter().position(|byte| *byte == ESCAPE).unwrap_or(end);
    }
    end
}

/// The words of a line with the digits in them, and where a digit stands beside a word, over a blank,
/// with that: a sign of money is one by its number.
fn pieces(line: &[u8]) -> impl Iterator<Item = &[u8]> {
    let is_digit =
        |at: Option<usize>| at.and_then(|at| line.get(at)).is_some_and(u8::is_ascii_digit);
    let is_blank = |at: Option<usize>| at.and_then(|at| line.get(at)) == Some(&b' ');
    let mut at = 0;
    std::iter::from_fn(move || {
        let begin = at + line.get(at..)?.iter().position(|byte| is_of_word(*byte))?;
        let length = line[begin..].iter().position(|byte| !is_of_word(*byte));
        let end = length.map_or(line.len(), |length| begin + length);
        at = end;
        let has_before = is_blank(begin.checked_sub(1)) && is_digit(begin.checked_sub(2));
        let has_after = is_blank(Some(end)) && is_digit(Some(end + 1));
        // A sign between words is another thing than one in a cell of its own.
        let is_between = end == begin + 1 && is_blank(begin.checked_sub(1)) && is_blank(Some(end));
        let from = match (has_before, is_between) {
            (true, _) => begin - 2,
            (false, true) => begin - 1,
            (false, false) => begin,
        };
        let to = match (has_after, is_between) {
            (true, _) => end + 2,
            (false, true) => end + 1,
            (false, false) => end,
        };
        line.get(from..to)
    })
}

fn is_of_word(byte: u8) -> bool {
    byte >= 0x40 || byte.is_ascii_digit()
}

/// The words of a row that hold more than ASCII, the first of them, whole; a sign alone with what
/// stands before it.
fn words(row: &[u8], encoding: Encoding) -> String {
    let text = encoding.decode(row.to_vec()).text;
    let cells = text.split([',', ';', '\t', '|', '"']);
    let mut shown = Vec::new();
    for cell in cells {
        let parts: Vec<&str> = cell.split(' ').filter(|part| !part.is_empty()).collect();
        for (at, word) in parts.iter().enumerate().filter(|(_, word)| !word.is_ascii()) {
            let is_alone = word.chars().count() == 1;
            let before = at.checked_sub(1).and_then(|at| parts.get(at)).filter(|it| it.is_ascii());
            match before.filter(|_| is_alone) {
                Some(before) => shown.push(format!("{before} {word}")),
                None => shown.push((*word).to_owned()),
            }
        }
    }
    shown.truncate(WORDS);
    shown.join(" ")
}

fn is_end(byte: u8) -> bool {
    matches!(byte, b'\n' | b'\r')
}

/// A region as the domain that `chardetng` knows it by.
fn domain_of(region: &str) -> Option<String> {
    let domain = if region == "GB" { "uk".to_owned() } else { region.to_ascii_lowercase() };
    (domain.len() == 2 && domain.bytes().all(|byte| byte.is_ascii_lowercase())).then_some(domain)
}

#[cfg(test)]
mod tests;
