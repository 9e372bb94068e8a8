//! A CSI of 8 bits, raw or in UTF-8, as the two bytes `ESC [` that mean the same.

const ESC: u8 = 0x1b;
const CSI: u8 = 0x9b;
/// What U+009B begins with in UTF-8.
const LEAD: u8 = 0xc2;

/// Follows UTF-8 as far as it takes to tell a CSI from the middle of a character.
#[derive(Debug, Default)]
pub(super) struct SevenBits {
    /// Bytes of a character that are still to come.
    left: u8,
    /// The lead came and is held back.
    led: bool,
    /// The last sequence began with 8 bits.
    eight: bool,
}

impl SevenBits {
    /// What a byte comes to.
    pub(super) fn take(&mut self, byte: u8) -> [Option<u8>; 2] {
        let led = std::mem::take(&mut self.led).then_some(LEAD);
        let left = std::mem::take(&mut self.left);
        if left > 0 && (0x80..=0xbf).contains(&byte) {
            self.left = left - 1;
            return [None, Some(byte)];
        }
        match byte {
            CSI => {
                self.eight = true;
                return [Some(ESC), Some(b'[')];
            }
            LEAD => {
                self.led = true;
                return [led, None];
            }
            ESC => self.eight = false,
            0xc3..=0xdf => self.left = 1,
            0xe0..=0xef => self.left = 2,
            0xf0..=0xf7 => self.left = 3,
            _ => {}
        }
        [led, Some(byte)]
    }

    /// Whether the last sequence began with 8 bits.
    pub(super) fn has_eight(&self) -> bool {
        self.eight
    }
}
