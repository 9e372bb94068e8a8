//! A property of a card: its name, its parameters, its value; and how lines become one again.

use base64ct::{Base64Unpadded, Encoding as _};

use super::super::encoding::Encoding;

/// Properties whose values are texts, however they are written: base64 among them is text as well.
#[rustfmt::skip]
const TEXTS: [&str; 27] = [
    "fn", "n", "nickname", "sort-string", "gender", "kind", "org", "title", "role", "related", "member",
    "adr", "label", "tel", "email", "url", "impp", "lang", "mailer", "tz", "geo", "bday", "anniversary",
    "note", "categories", "uid", "rev",
];

/// Properties that hold anything but text.
const IMAGES: [&str; 5] = ["photo", "logo", "sound", "key", "x-ms-cardpicture"];

/// What is kept of a value that is no text, in bytes: a photo must not make a card too long.
const BINARY_KEPT: usize = 1 << 10;

/// A property as it stands in a card, in one line again.
#[derive(Default)]
pub(super) struct Unfolded {
    /// The line of the card in which it begins, counted from 1.
    pub line: u64,
    /// Its text.
    pub text: String,
    /// Bytes of a value that is no text, which are not kept.
    pub thrown_away: u64,
}

impl Unfolded {
    fn whole(self) -> Option<Unfolded> {
        Some(self).filter(|it| !it.text.trim().is_empty())
    }
}

/// Puts lines together again that were folded.
#[derive(Default)]
pub(super) struct Unfolder {
    current: Unfolded,
    is_binary: bool,
}

impl Unfolder {
    /// Takes a line, of which `left_out` bytes more are not in memory; gives the property before, which is
    /// whole by now.
    pub fn take(&mut self, number: u64, line: &str, left_out: u64) -> Option<Unfolded> {
        let before = if self.is_soft() {
            self.current.text.pop();
            self.go_on(line);
            None
        } else if let Some(rest) = line.strip_prefix([' ', '\t']) {
            self.go_on(rest);
            None
        } else {
            let next = Unfolded { line: number, ..Unfolded::default() };
            let before = std::mem::replace(&mut self.current, next);
            self.is_binary = false;
            self.go_on(line);
            before.whole()
        };
        self.current.thrown_away += left_out;
        before
    }

    fn go_on(&mut self, text: &str) {
        if self.is_binary {
            self.current.thrown_away += text.len() as u64;
            return;
        }
        let had_value = self.current.text.contains(':');
        self.current.text.push_str(text);
        // What the value is stands before it, which may be folded, too.
        self.is_binary = !had_value && holds_binary(&self.current.text);
        if self.is_binary {
            let text = &mut self.current.text;
            let kept = text.floor_char_boundary(text.len().min(BINARY_KEPT));
            self.current.thrown_away += (text.len() - kept) as u64;
            text.truncate(kept);
        }
    }

    /// Whether the property is one of which only the beginning is kept.
    pub fn is_binary(&self) -> bool {
        self.is_binary
    }

    /// The last property.
    pub fn finish(self) -> Option<Unfolded> {
        self.current.whole()
    }

    /// Whether the next line belongs to the one before, whatever it says.
    pub fn goes_on(&self) -> bool {
        self.is_soft()
    }

    /// Whether the property before holds a card as its value.
    pub fn begins_agent(&self) -> bool {
        self.current.text.trim_end().to_ascii_uppercase().ends_with("AGENT:")
    }

    /// Whether a quoted-printable text goes on in the next line.
    fn is_soft(&self) -> bool {
        let line = &self.current.text;
        let head = line.split(':').next().unwrap_or_default();
        !self.is_binary
            && line.ends_with('=')
            && head.to_ascii_uppercase().contains("QUOTED-PRINTABLE")
    }
}

/// Whether the value of a property is no text.
fn holds_binary(line: &str) -> bool {
    let Some((head, _)) = parted(line, ':') else { return false };
    // Most properties say nothing that could mean it.
    let may_be = head.contains(';') || line[head.len()..].starts_with(":data:");
    may_be && Property::read(line, None).is_some_and(|it| it.is_binary)
}

/// A property.
pub(super) struct Property {
    /// What binds it to others: `item1`.
    pub group: Option<String>,
    /// In small letters.
    pub name: String,
    /// What it is for, in small letters: `home`, `cell`, `pref`.
    pub types: Vec<String>,
    /// Whether it comes before others of its name.
    pub is_preferred: bool,
    /// Its value, decoded, with what parts its components still marked.
    value: String,
    /// Bytes that are no text: a photo.
    pub is_binary: bool,
    charset: Option<String>,
    /// How many more of them there are.
    pub thrown_away: u64,
    /// Why its text cannot be told from its bytes.
    pub fault: Option<&'static str>,
    /// Its bytes, where it names no charset for them and they are no UTF-8.
    pub undeclared: Option<Vec<u8>>,
}

const UNKNOWN_CHARSET: &str = "names an unknown charset";
const NOT_IN_CHARSET: &str = "has bytes that are not in its charset";
const NO_CHARSET: &str =
    "names no charset, and its encoding is not certain: set it with --encoding";
const NO_BASE64: &str = "is not valid base64";

impl Property {
    /// Reads a line; none where it has no colon.
    ///
    /// `undeclared` is the encoding of bytes for which no charset is named, where that is known.
    pub fn read(line: &str, undeclared: Option<Encoding>) -> Option<Property> {
        let (head, value) = parted(line, ':')?;
        let mut parts = pieces(head, ';').into_iter();
        let name = parts.next()?;
        let (group, name) = match name.rsplit_once('.') {
            Some((group, name)) => (Some(group.to_ascii_lowercase()), name),
            None => (None, name),
        };
        let name = name.trim().to_ascii_lowercase();
        if name.is_empty() || name.contains(char::is_whitespace) {
            return None;
        }
        let mut it = Property {
            group,
            name,
            types: Vec::new(),
            is_preferred: false,
            value: value.to_owned(),
            is_binary: false,
            charset: None,
            thrown_away: 0,
            fault: None,
            undeclared: None,
        };
        let mut is_quoted = false;
        let mut stand_in = None;
        for parameter in parts {
            // The oldest cards name a value alone: `TEL;HOME:`.
            let (key, said) = parameter.split_once('=').unwrap_or(("TYPE", parameter));
            let said = said.trim().trim_matches('"');
            match key.trim().to_ascii_uppercase().as_str() {
                "CHARSET" => it.charset = Some(said.to_owned()),
                "PREF" => it.is_preferred |= said == "1",
                "ENCODING" => it.note(said, &mut is_quoted),
                "X-APPLE-OMIT-YEAR" => stand_in = Some(said),
                "TYPE" => said.split(',').for_each(|one| it.note(one, &mut is_quoted)),
                _ => {}
            }
        }
        if is_quoted {
            it.decode(unquoted(value), undeclared);
        }
        if it.is_binary && TEXTS.contains(&it.name.as_str()) {
            it.is_binary = false;
            match unpacked(value) {
                Some(bytes) => it.decode(bytes, undeclared),
                None => it.fault = Some(NO_BASE64),
            }
        }
        if let Some(day) = stand_in.and_then(|year| it.value.trim().strip_prefix(year)) {
            // A year stands there because the form demands one; `--0403` is what vCard 4.0 has for none.
            it.value = format!("--{}", day.replace('-', ""));
        }
        it.is_binary |= it.value.starts_with("data:") && it.value.contains(";base64,");
        Some(it)
    }

    /// Takes the text that base64 holds, of a property that may hold anything: where it is whole, and text.
    pub fn take_text(&mut self) {
        if !self.is_binary || self.thrown_away > 0 {
            return;
        }
        let is_text = |text: &str| {
            !text.is_empty() && text.chars().all(|c| !c.is_control() || c.is_whitespace())
        };
        let text = unpacked(&self.value).and_then(|bytes| String::from_utf8(bytes).ok());
        if let Some(text) =
            text.filter(|text| !IMAGES.contains(&self.name.as_str()) && is_text(text))
        {
            (self.value, self.is_binary) = (text, false);
        }
    }

    /// Takes the text that bytes are.
    fn decode(&mut self, bytes: Vec<u8>, undeclared: Option<Encoding>) {
        let (encoding, fault) = match self.charset.as_deref().filter(|said| !said.is_empty()) {
            Some(said) => (Encoding::named(said), UNKNOWN_CHARSET),
            // Telephones write UTF-8 and forget to say so.
            None if std::str::from_utf8(&bytes).is_ok() => (Some(Encoding::Utf8), NO_CHARSET),
            None => {
                self.undeclared = Some(bytes.clone());
                (undeclared, NO_CHARSET)
            }
        };
        let Some(encoding) = encoding else {
            self.fault = (!bytes.is_ascii()).then_some(fault);
            self.value = String::from_utf8_lossy(&bytes).into_owned();
            return;
        };
        let decoded = encoding.decode(bytes);
        self.fault = decoded.is_bad.then_some(NOT_IN_CHARSET);
        self.value = decoded.text;
    }

    fn note(&mut self, said: &str, is_quoted: &mut bool) {
        match said.trim().to_ascii_lowercase().as_str() {
            "quoted-printable" => *is_quoted = true,
            "base64" | "b" => self.is_binary = true,
            "8bit" | "7bit" | "" => {}
            "pref" => self.is_preferred = true,
            other => self.types.push(other.to_owned()),
        }
    }

    /// Makes of a shown name the name of an organisation, none of whose signs part units.
    pub fn become_name_of_organisation(&mut self) {
        "org".clone_into(&mut self.name);
        self.value = pieces_escaped(&self.value, ';').join("\\;");
    }

    /// Its value as one text.
    pub fn text(&self) -> String {
        if self.is_binary {
            return format!(
                "({} signs of binary data)",
                self.value.len() as u64 + self.thrown_away
            );
        }
        unescaped(&self.value)
    }

    /// The components of its value; several values of one are joined with a space.
    pub fn components(&self) -> Vec<String> {
        let component = |part: &str| {
            let values = pieces_escaped(part, ',').into_iter().map(unescaped);
            values.map(|it| it.trim().to_owned()).filter(|it| !it.is_empty()).collect::<Vec<_>>()
        };
        pieces_escaped(&self.value, ';').into_iter().map(|part| component(part).join(" ")).collect()
    }
}

/// A text before and behind the first sign that stands in no quotes.
fn parted(text: &str, sign: char) -> Option<(&str, &str)> {
    let mut quoted = false;
    let at = text.char_indices().find(|(_, it)| {
        quoted ^= *it == '"';
        *it == sign && !quoted
    });
    at.map(|(at, _)| (&text[..at], &text[at + sign.len_utf8()..]))
}

/// Pieces of a text, parted by a sign that stands in no quotes.
fn pieces(mut text: &str, sign: char) -> Vec<&str> {
    let mut found = Vec::new();
    while let Some((before, behind)) = parted(text, sign) {
        found.push(before);
        text = behind;
    }
    found.push(text);
    found
}

/// Pieces of a text, parted by a sign before which no backslash stands.
fn pieces_escaped(text: &str, sign: char) -> Vec<&str> {
    let (mut found, mut begin, mut escaped) = (Vec::new(), 0, false);
    for (at, it) in text.char_indices() {
        if it == sign && !escaped {
            found.push(&text[begin..at]);
            begin = at + it.len_utf8();
        }
        escaped = it == '\\' && !escaped;
    }
    found.push(&text[begin..]);
    found
}

/// What backslashes stand for; before any other sign they are themselves.
fn unescaped(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut signs = text.chars();
    while let Some(sign) = signs.next() {
        if sign != '\\' {
            plain.push(sign);
            continue;
        }
        match signs.next() {
            Some('n' | 'N') => plain.push('\n'),
            Some(sign @ (',' | ';' | ':' | '\\')) => plain.push(sign),
            other => {
                plain.push('\\');
                plain.extend(other);
            }
        }
    }
    plain
}

/// The bytes that base64 stands for.
fn unpacked(text: &str) -> Option<Vec<u8>> {
    let signs: String = text.chars().filter(|sign| !sign.is_whitespace()).collect();
    Base64Unpadded::decode_vec(signs.trim_end_matches('=')).ok()
}

/// The bytes of a quoted-printable text.
fn unquoted(text: &str) -> Vec<u8> {
    let bytes = text.as_bytes();
    let digit = |at: usize| bytes.get(at).and_then(|it| char::from(*it).to_digit(16));
    let (mut plain, mut at) = (Vec::with_capacity(bytes.len()), 0);
    while let Some(byte) = bytes.get(at) {
        match (byte, digit(at + 1), digit(at + 2)) {
            (b'=', Some(high), Some(low)) => {
                plain.push((high * 16 + low) as u8);
                at += 3;
            }
            _ => {
                plain.push(*byte);
                at += 1;
            }
        }
    }
    plain
}
