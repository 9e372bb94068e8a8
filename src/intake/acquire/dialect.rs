//! How a delimited file is written: what parts its cells, quotes them and ends its lines.

use super::encoding::Units;

/// What ends a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum LineEnd {
    /// A line feed, with a carriage return before it or without.
    #[default]
    Feed,
    /// A carriage return.
    Return,
    /// Either, in one file.
    Either,
}

impl LineEnd {
    /// What ends the lines of a file that begins like this: a file without a line feed but with
    /// carriage returns ends its lines with those.
    pub fn of(sample: &str) -> LineEnd {
        if sample.contains('\r') && !sample.contains('\n') {
            LineEnd::Return
        } else {
            LineEnd::Feed
        }
    }

    /// Whether the unit ends a line.
    #[inline]
    pub fn is(self, unit: u16) -> bool {
        match self {
            LineEnd::Feed => unit == FEED,
            LineEnd::Return => unit == RETURN,
            LineEnd::Either => unit == FEED || unit == RETURN,
        }
    }
}

const FEED: u16 = b'\n' as u16;
const RETURN: u16 = b'\r' as u16;

/// What parts cells and quotes them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Dialect {
    /// Stands between two cells.
    pub delimiter: u8,
    /// Stands around a cell.
    pub quote: u8,
    /// Whether a backslash takes the next character's meaning away.
    pub backslash: bool,
}

impl Dialect {
    /// As in RFC 4180, but for the delimiter.
    pub fn parted_by(delimiter: u8) -> Dialect {
        Dialect { delimiter, quote: b'"', backslash: false }
    }

    /// Whether the byte is a blank that may stand before an opening quote.
    pub fn is_padding(self, byte: u8) -> bool {
        byte == b' ' || (byte == b'\t' && self.delimiter != b'\t')
    }
}

/// Tells the bytes of ASCII characters from bytes of others that look like them.
#[derive(Debug, Clone, Copy)]
pub(super) struct Mask {
    units: Units,
    /// The next byte is the second of a character.
    is_second: bool,
    /// The last bytes of an escape: nothing, the escape, or what follows it.
    escape: Option<u16>,
    is_wide: bool,
}

/// Stands for a unit that means nothing to rows.
pub(super) const LETTER: u16 = 0xffff;

impl Mask {
    /// At the beginning of a row.
    pub fn new(units: Units) -> Mask {
        Mask { units, is_second: false, escape: None, is_wide: false }
    }

    /// The next unit, or [`LETTER`].
    #[inline]
    pub fn take(&mut self, unit: u16) -> u16 {
        match self.units {
            Units::Bytes | Units::LowFirst | Units::HighFirst => unit,
            Units::Pairs | Units::ShiftJis => self.pair(unit),
            Units::Escaped => self.escaped(unit),
        }
    }

    fn pair(&mut self, unit: u16) -> u16 {
        // A second byte is never a control or a common sign: then the first was damaged.
        if std::mem::take(&mut self.is_second) && unit >= 0x30 {
            return LETTER;
        }
        let is_kana = self.units == Units::ShiftJis && (0xa0..=0xdf).contains(&unit);
        self.is_second = (0x81..=0xfe).contains(&unit) && !is_kana;
        unit
    }

    fn escaped(&mut self, unit: u16) -> u16 {
        match (self.escape, unit) {
            (_, 0x1b) => self.escape = Some(0x1b),
            (Some(0x1b), 0x24 | 0x28) => self.escape = Some(unit),
            (Some(kind), _) => {
                self.is_wide = kind == 0x24;
                self.escape = None;
            }
            (None, _) if self.is_wide && unit > 0x20 => {}
            (None, _) => return unit,
        }
        LETTER
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn masked(bytes: &[u8], units: Units) -> String {
        let mut mask = Mask::new(units);
        let units = bytes.iter().map(|byte| mask.take(u16::from(*byte)));
        units.map(|unit| if unit == LETTER { '.' } else { char::from(unit as u8) }).collect()
    }

    #[test]
    fn second_bytes_are_no_signs() {
        // ソ ends with a backslash, ｱ is one byte, 表 ends with one, too.
        assert_eq!(masked(b"\x83\x5c|\xb1|\x95\x5c\"", Units::ShiftJis).matches('\\').count(), 0);
        assert_eq!(masked(b"\xb1|a", Units::ShiftJis).chars().nth(1), Some('|'));
        // 許 ends with a backslash in Big5; a damaged character hides no quote.
        assert!(!masked(b"\xb3\x5c", Units::Pairs).contains('\\'));
        assert!(masked(b"\xb3\",", Units::Pairs).ends_with("\","));
    }

    #[test]
    fn between_escapes_nothing_is_ascii() {
        let bytes = encoding_rs::ISO_2022_JP.encode("1,\"山,田\"\n").0.into_owned();
        let masked = masked(&bytes, Units::Escaped);
        assert_eq!(masked.replace('.', ""), "1,\",\"\n");
    }
}
