//! Text in another encoding as UTF-8, for formats whose readers look at bytes.

use std::io::{self, BufRead, BufReader};
use std::sync::{Mutex, PoisonError};

use encoding_rs::{Decoder, DecoderResult, Encoding as Web};

use super::input::{Content, Input};

/// Bytes written at once.
const CHUNK: usize = 64 << 10;

/// No text of UTF-8 holds it: it stands for what could not be decoded, so that its row tells.
const BAD: u8 = 0xff;

/// A content as UTF-8, decoded as it is read; whoever goes back begins again.
pub(super) struct Transcoded {
    input: Input,
    from: &'static Web,
    place: Mutex<Place>,
}

/// How far it is read.
struct Place {
    input: BufReader<Input>,
    decoder: Decoder,
    /// What was decoded last, and where it begins.
    text: Vec<u8>,
    begin: u64,
    ended: bool,
}

impl Place {
    fn at_the_beginning(input: &Input, from: &'static Web) -> Place {
        Place {
            input: BufReader::with_capacity(CHUNK, input.from_the_beginning()),
            decoder: from.new_decoder_without_bom_handling(),
            text: Vec::new(),
            begin: 0,
            ended: false,
        }
    }

    fn end(&self) -> u64 {
        self.begin + self.text.len() as u64
    }

    /// Decodes what comes next; false: nothing does.
    fn go_on(&mut self) -> io::Result<bool> {
        self.begin = self.end();
        self.text.clear();
        while self.text.is_empty() && !self.ended {
            let bytes = self.input.fill_buf()?;
            let is_last = bytes.is_empty();
            self.text.resize(CHUNK, 0);
            let (result, read, written) =
                self.decoder.decode_to_utf8_without_replacement(bytes, &mut self.text, is_last);
            self.text.truncate(written);
            self.input.consume(read);
            match result {
                DecoderResult::Malformed(..) => self.text.push(BAD),
                DecoderResult::InputEmpty => self.ended = is_last,
                DecoderResult::OutputFull => {}
            }
        }
        Ok(!self.text.is_empty())
    }
}

impl Transcoded {
    /// What is read in that encoding.
    pub fn of(input: &Input, from: &'static Web) -> Transcoded {
        let place = Mutex::new(Place::at_the_beginning(input, from));
        Transcoded { input: input.from_the_beginning(), from, place }
    }
}

impl Content for Transcoded {
    fn length(&self) -> io::Result<u64> {
        let mut place = Place::at_the_beginning(&self.input, self.from);
        while place.go_on()? {}
        Ok(place.end())
    }

    fn read_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
        let mut place = self.place.lock().unwrap_or_else(PoisonError::into_inner);
        if offset < place.begin {
            *place = Place::at_the_beginning(&self.input, self.from);
        }
        while place.end() <= offset {
            if !place.go_on()? {
                return Ok(0);
            }
        }
        let from = usize::try_from(offset - place.begin).unwrap_or(usize::MAX);
        let text = place.text.get(from..).unwrap_or_default();
        let taken = text.len().min(buffer.len());
        buffer[..taken].copy_from_slice(&text[..taken]);
        Ok(taken)
    }
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use super::*;
    use encoding_rs::{SHIFT_JIS, UTF_16LE};

    fn utf16(text: &str) -> Vec<u8> {
        text.encode_utf16().flat_map(u16::to_le_bytes).collect()
    }

    #[test]
    fn text_is_read_as_utf8_as_often_as_it_is_asked_for() {
        let long = "Zoë und 李伟 😀 ".repeat(9000);
        let (kanji, ..) = SHIFT_JIS.encode("表示 ソ");
        for (bytes, from, expected) in [
            (utf16(""), UTF_16LE, String::new()),
            (utf16("Ann"), UTF_16LE, "Ann".to_owned()),
            (utf16(&long), UTF_16LE, long.clone()),
            (kanji.into_owned(), SHIFT_JIS, "表示 ソ".to_owned()),
        ] {
            let input = Input::of(Transcoded::of(&Input::of(bytes), from));
            assert_eq!(input.length().unwrap(), expected.len() as u64);
            for _ in 0..2 {
                let mut text = String::new();
                input.from_the_beginning().read_to_string(&mut text).unwrap();
                assert_eq!(text, expected);
            }
        }
    }

    #[test]
    fn what_cannot_be_decoded_is_no_text() {
        let mut bytes = utf16("a");
        bytes.extend([0x00, 0xd8]);
        bytes.extend(utf16("b"));
        let mut read = Vec::new();
        Input::of(Transcoded::of(&Input::of(bytes), UTF_16LE)).read_to_end(&mut read).unwrap();
        assert_eq!(read, b"a\xffb");
    }
}
