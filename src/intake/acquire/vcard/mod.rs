//! vCard 2.1, 3.0 and 4.0: one card or many in a file, each a row.

mod card;
mod folds;
mod property;

use std::io;
use std::sync::Arc;

use domain::{QuarantineReason, QuarantinedRow, Skipped, hexadecimal};

use super::columns::Columns;
use super::encoding::{Detector, Encoding, Found};
use super::error::AcquireError;
use super::format::Opening;
use super::keys::{self, Key};
use super::lines::{Line, Lines, Shape};
use super::mapping::{Draft, Mapping};
use super::reader::{Delivered, Row, Rows};
use super::{KEPT_LIMIT, ROW_LIMIT};
use card::Card;
pub(super) use folds::Folds;
use property::{Property, Unfolded, Unfolder};

/// Whether a file that begins like this is a vCard.
pub(super) fn recognises(sample: &str) -> bool {
    sample.lines().map(str::trim).find(|line| !line.is_empty()).is_some_and(is_begin)
}

fn is_begin(line: &str) -> bool {
    is_line(line, "BEGIN:VCARD")
}

fn is_line(line: &str, expected: &str) -> bool {
    let plain: String = line.chars().filter(|sign| !sign.is_whitespace()).collect();
    plain.eq_ignore_ascii_case(expected)
}

/// What a line of a value that is no text counts towards the length of a card: nothing to speak of, but
/// no card has any number of them.
const FEW: u64 = 1;

struct Cards {
    lines: Lines,
    /// What bytes are in for which a card names no charset, where that is known.
    undeclared: Option<Encoding>,
    mapping: Mapping,
    skipped: Skipped,
    /// A line that was read and belongs to the next card.
    ahead: Option<Piece>,
    /// The same, before it was looked at.
    ahead_line: Option<Line>,
    /// The card last delivered, as it stands in the file.
    last: Option<Raw>,
}

/// A line of a card.
struct Piece {
    number: u64,
    text: String,
    /// Bytes of it that are not in memory.
    left_out: u64,
}

/// A card as it stands in the file.
#[derive(Default)]
struct Raw {
    /// The line in which it begins.
    line: u64,
    /// Its text, or the beginning of that.
    text: String,
    /// Bytes of a line that could not be read.
    bytes: Option<Vec<u8>>,
    /// How long it is.
    length: u64,
    /// How long without what is no text.
    length_of_text: u64,
    /// Its lines, put together again.
    unfolded: Vec<Unfolded>,
    fault: Option<&'static str>,
}

/// Starts reading.
pub(super) fn open(opening: Opening<'_>) -> Result<Box<dyn Rows + Send>, AcquireError> {
    let (skipped, mapping) = (Skipped::default(), Mapping::of(opening.source));
    let lines = opening.lines();
    let undeclared = undeclared(&opening)
        .map_err(|cause| AcquireError::Unreadable { file: opening.file.to_owned(), cause })?;
    Ok(Box::new(Cards {
        lines,
        undeclared,
        mapping,
        skipped,
        ahead: None,
        ahead_line: None,
        last: None,
    }))
}

/// The encoding of quoted-printable texts for which no charset is named: the file's, where that says
/// more than that it is ASCII, else what all of them together are in.
fn undeclared(opening: &Opening<'_>) -> io::Result<Option<Encoding>> {
    if opening.encoding.of != Encoding::Utf8 {
        return Ok(Some(opening.encoding.of));
    }
    let mut lines = opening.lines();
    let (mut unfolder, mut detector) = (Unfolder::default(), Detector::new());
    let mut take = |whole: Option<Unfolded>| {
        let read = whole.and_then(|it| Property::read(&it.text, None));
        if let Some(bytes) = read.and_then(|property| property.undeclared) {
            // What parts the components of a name is no part of its words.
            let parted = bytes.iter().map(|byte| if *byte == b';' { b'\n' } else { *byte });
            detector.feed(&parted.chain(*b"\n").collect::<Vec<u8>>());
        }
    };
    while let Some(line) = lines.next_row(None)? {
        take(unfolder.take(line.number, line.content(), 0));
    }
    take(unfolder.finish());
    Ok(match detector.finish(opening.hints()) {
        Found::Sure(found) => Some(found.of),
        Found::Unsure(_) | Found::Unread(_) => None,
    })
}

impl Cards {
    /// The next card, or what stands between two.
    fn next_raw(&mut self) -> io::Result<Option<Raw>> {
        let mut raw = Raw::default();
        let (mut unfolder, mut depth) = (Unfolder::default(), 0_u32);
        loop {
            let Some(piece) = self.next_piece(&mut raw)? else {
                raw.unfolded.extend(unfolder.finish());
                raw.fault = Some("no END:VCARD before the file ends");
                return Ok((raw.line > 0).then_some(raw));
            };
            let line = piece.text.as_str();
            let begins = is_begin(line) && !unfolder.goes_on();
            if depth == 0 && !begins {
                self.skipped.blank += u64::from(line.trim().is_empty());
                if line.trim().is_empty() {
                    continue;
                }
                raw.keep(&piece);
                raw.length_of_text = raw.length;
                raw.fault = Some("text outside of any card");
                return Ok(Some(raw));
            }
            // A card within a card is that of somebody else, an agent; one before the end of another
            // begins with a property of its own, and so this one was never closed.
            if begins && depth > 0 && !unfolder.begins_agent() {
                self.ahead = Some(piece);
                raw.fault = Some("no END:VCARD before the next card begins");
                return Ok(Some(raw));
            }
            raw.keep(&piece);
            depth += u32::from(begins);
            if is_line(line, "END:VCARD") && !unfolder.goes_on() {
                depth -= 1;
                if depth == 0 {
                    raw.unfolded.extend(unfolder.finish());
                    return Ok(Some(raw));
                }
                continue;
            }
            if depth == 1 && !begins && raw.length_of_text <= ROW_LIMIT as u64 {
                let number = piece.number - raw.line + 1;
                raw.unfolded.extend(unfolder.take(number, line, piece.left_out));
            }
            let is_text = depth != 1 || begins || !unfolder.is_binary();
            let length = line.len() as u64 + piece.left_out;
            raw.length_of_text += if is_text { length } else { length.min(FEW) };
        }
    }

    fn next_piece(&mut self, raw: &mut Raw) -> io::Result<Option<Piece>> {
        if let Some(ahead) = self.ahead.take() {
            return Ok(Some(ahead));
        }
        let Some(mut line) = self.next_line()? else { return Ok(None) };
        let mut torn = None;
        while let Some(begun) = torn.take().or_else(|| torn_letter(&line)) {
            let Some(next) = self.next_line()? else { break };
            let Some(whole) = put_together(&begun, &next) else {
                self.ahead_line = Some(next);
                break;
            };
            match String::from_utf8(whole) {
                Ok(text) => line = Line { text, bytes: None, is_bad: false, ..line },
                // The next letter was torn as well.
                Err(error) if error.utf8_error().error_len().is_none() => {
                    line.bytes = Some(error.as_bytes().to_vec());
                    torn = Some(error.into_bytes());
                }
                Err(error) => line.bytes = Some(error.into_bytes()),
            }
        }
        if line.is_bad {
            raw.bytes = line.bytes.clone();
        }
        let text = line.content().trim_start_matches('\u{feff}').to_owned();
        let left_out = match line.shape {
            Shape::SetAside { extent, .. } => extent.bytes.saturating_sub(text.len() as u64),
            Shape::Whole | Shape::Unclosed | Shape::Several { .. } | Shape::Misplaced { .. } => 0,
        };
        Ok(Some(Piece { number: line.number, text, left_out }))
    }

    fn next_line(&mut self) -> io::Result<Option<Line>> {
        match self.ahead_line.take() {
            Some(line) => Ok(Some(line)),
            None => self.lines.next_row(None),
        }
    }

    fn read(&self, raw: &Raw) -> Result<Row, QuarantineReason> {
        if raw.length_of_text > ROW_LIMIT as u64 {
            return Err(QuarantineReason::TooLong { limit: ROW_LIMIT, extent: None, column: None });
        }
        let not_a_card = |detail: &str| QuarantineReason::NotACard { detail: detail.to_owned() };
        if let Some(fault) = raw.fault {
            return Err(not_a_card(fault));
        }
        let encoding = self.lines.encoding();
        if raw.bytes.is_some() {
            return Err(QuarantineReason::BadEncoding { encoding: encoding.name().to_owned() });
        }
        let card = Card::read(&raw.unfolded, self.undeclared).map_err(|it| not_a_card(&it))?;
        if let Some(fault) = &card.fault {
            return Err(not_a_card(fault));
        }
        let is_read = |name: &str| self.mapping.roles(name).is_some();
        let values = card.columns(is_read);
        let mut draft = Draft::new(&self.mapping);
        for (name, text) in &values {
            draft.take(name, self.mapping.roles(name), text);
        }
        // A card says all that there is: what it has no property for is not there.
        let named = self.mapping.read().chain(values.iter().map(|(name, _)| name.as_str()));
        let columns = Columns::of_header(named.map(Into::into));
        draft.finish(raw.line, Arc::new(columns))
    }

    fn put_aside(&self, raw: Raw, reason: QuarantineReason) -> QuarantinedRow {
        let key = Card::read(&raw.unfolded, self.undeclared).ok().and_then(|card| {
            let columns = card.columns(|name| name == self.mapping.key);
            let (_, text) = columns.into_iter().find(|(name, _)| *name == self.mapping.key)?;
            match keys::read(&text) {
                Key::Sound(key) => Some(key.to_string()),
                Key::Absent | Key::Lost(_) => None,
            }
        });
        let length = (raw.length > raw.text.len() as u64).then_some(raw.length);
        let bytes = raw.bytes.map(|bytes| hexadecimal::encode(&bytes));
        QuarantinedRow { line: raw.line, reason, text: raw.text, bytes, length, key, named: None }
    }
}

/// The bytes of a line that ends inside of a letter of UTF-8: some programs fold lines by bytes.
fn torn_letter(line: &Line) -> Option<Vec<u8>> {
    let bytes = without_line_end(line.bytes.as_deref()?);
    let error = std::str::from_utf8(bytes).err()?;
    error.error_len().is_none().then(|| bytes.to_vec())
}

/// A line and the one that it was folded into; none where that is none.
fn put_together(begun: &[u8], next: &Line) -> Option<Vec<u8>> {
    let bytes = next.bytes.as_deref().unwrap_or(next.text.as_bytes());
    let bytes = without_line_end(bytes);
    let rest = bytes.strip_prefix(b" ").or_else(|| bytes.strip_prefix(b"\t"))?;
    let is_within = rest.first().is_some_and(|byte| byte & 0xc0 == 0x80);
    (is_within && begun.len() + rest.len() <= ROW_LIMIT).then(|| [begun, rest].concat())
}

fn without_line_end(bytes: &[u8]) -> &[u8] {
    let bytes = bytes.strip_suffix(b"\n").unwrap_or(bytes);
    bytes.strip_suffix(b"\r").unwrap_or(bytes)
}

impl Raw {
    fn keep(&mut self, piece: &Piece) {
        let line = piece.text.as_str();
        if self.line == 0 {
            self.line = piece.number;
        }
        let (before, room) = (self.length, self.text.len());
        self.length += line.len() as u64 + piece.left_out + u64::from(before > 0);
        if self.length > ROW_LIMIT as u64 {
            // Of what is far too long the beginning is kept.
            self.text.truncate(self.text.floor_char_boundary(room.min(KEPT_LIMIT)));
            return;
        }
        if before > 0 {
            self.text.push('\n');
        }
        self.text.push_str(line);
    }
}

impl Rows for Cards {
    fn next_row(&mut self) -> io::Result<Option<Delivered>> {
        let Some(raw) = self.next_raw()? else { return Ok(None) };
        Ok(Some(match self.read(&raw) {
            Ok(row) => {
                self.last = Some(raw);
                Delivered::Row(row)
            }
            Err(reason) => Delivered::Quarantined(self.put_aside(raw, reason)),
        }))
    }

    fn set_aside(&mut self, reason: QuarantineReason) -> Option<QuarantinedRow> {
        self.last.take().map(|raw| self.put_aside(raw, reason))
    }

    fn skipped(&self) -> Skipped {
        self.skipped
    }

    fn header_line(&self) -> Option<&str> {
        None
    }

    fn bytes_read(&self) -> u64 {
        self.lines.bytes_read()
    }
}

#[cfg(test)]
mod tests;
