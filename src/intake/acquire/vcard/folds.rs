//! The bytes of cards without the folds of their lines, which some programs put inside of a letter.

/// Takes the folds out of what is read piece by piece.
#[derive(Debug, Default)]
pub(in super::super) struct Folds {
    /// A line end that may be of a fold.
    held: Vec<u8>,
}

impl Folds {
    /// Of a file that begins like this; none where it is no vCard.
    pub fn of(begin: &[u8]) -> Option<Folds> {
        let begin = begin.strip_prefix(b"\xef\xbb\xbf").unwrap_or(begin).trim_ascii_start();
        let is_card = begin.get(..11).is_some_and(|it| it.eq_ignore_ascii_case(b"BEGIN:VCARD"));
        is_card.then(Folds::default)
    }

    /// A piece without its folds; a line end at its end comes with the next.
    pub fn without(&mut self, piece: &[u8]) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(self.held.len() + piece.len());
        for byte in piece {
            match byte {
                b'\r' | b'\n' => self.held.push(*byte),
                b' ' | b'\t' if matches!(self.held.as_slice(), b"\n" | b"\r\n") => {
                    self.held.clear()
                }
                byte => {
                    bytes.append(&mut self.held);
                    bytes.push(*byte);
                }
            }
        }
        bytes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folds_go_wherever_a_piece_ends() {
        let file = b"BEGIN:VCARD\r\nFN:J\xc3\r\n \xb6rg\r\nNOTE:a\n\tb\r\n\r\n c\r\nEND:VCARD";
        let plain = b"BEGIN:VCARD\r\nFN:J\xc3\xb6rg\r\nNOTE:ab\r\n\r\n c\r\nEND:VCARD";
        for size in 1..file.len() {
            let mut folds = Folds::of(file).unwrap();
            let without: Vec<u8> = file.chunks(size).flat_map(|it| folds.without(it)).collect();
            assert_eq!(without, plain, "{size}");
        }
        assert!(Folds::of(b"id,name\n").is_none());
        assert!(Folds::of(b"\xef\xbb\xbfbegin:vcard\n").is_some());
    }
}
