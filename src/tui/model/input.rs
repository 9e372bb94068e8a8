//! One line of typed text.

use tui_input::InputRequest;
use unicode_segmentation::UnicodeSegmentation;

/// A text being typed. The cursor stands between two graphemes.
#[derive(Debug, Clone, Default)]
pub struct Input(tui_input::Input);

/// Graphemes a typed line may have: no value of a customer needs more.
const LONGEST: usize = 500;

impl PartialEq for Input {
    fn eq(&self, other: &Self) -> bool {
        (self.0.value(), self.0.cursor()) == (other.0.value(), other.0.cursor())
    }
}

impl Eq for Input {}

impl Input {
    /// A text to edit, the cursor at its end.
    #[must_use]
    pub fn with(text: &str) -> Self {
        let mut input = Self::default();
        input.insert(text);
        input
    }

    /// The text as typed.
    #[must_use]
    pub fn text(&self) -> String {
        self.0.value().to_owned()
    }

    /// The text before and after the cursor.
    #[must_use]
    pub fn parts(&self) -> (String, String) {
        let (before, after) = self.halves();
        (before.to_owned(), after.to_owned())
    }

    fn halves(&self) -> (&str, &str) {
        let (text, cursor) = (self.0.value(), self.0.cursor());
        let byte = text.char_indices().nth(cursor).map_or(text.len(), |(byte, _)| byte);
        text.split_at(byte)
    }

    /// Puts a text in at the cursor. Line breaks and tabs between words are blanks, other controls are left
    /// out.
    pub fn insert(&mut self, text: &str) {
        let (before, after) = self.halves();
        let parts = text.split(['\t', '\r', '\n']).filter(|part| !part.is_empty());
        let line = parts.collect::<Vec<_>>().join(" ");
        let typed: String = line.chars().filter(|character| !character.is_control()).collect();
        let before = format!("{before}{typed}");
        let cursor = before.chars().count();
        let all = before + after;
        let end = all.grapheme_indices(true).nth(LONGEST).map_or(all.len(), |(byte, _)| byte);
        self.0 = tui_input::Input::new(all[..end].to_owned());
        self.go_to(cursor);
    }

    /// Deletes the grapheme before the cursor.
    pub fn backspace(&mut self) {
        self.0.handle(InputRequest::DeletePrevChar);
    }

    /// Deletes the grapheme under the cursor.
    pub fn delete(&mut self) {
        self.0.handle(InputRequest::DeleteNextChar);
    }

    /// Deletes what stands before the cursor back to a blank: of a path or a condition more than a
    /// word.
    pub fn delete_word(&mut self) {
        let (before, _) = self.halves();
        let kept = before.trim_end().trim_end_matches(|letter: char| !letter.is_whitespace());
        let kept = kept.chars().count();
        while self.0.cursor() > kept {
            self.backspace();
        }
    }

    /// Deletes everything before the cursor.
    pub fn delete_line(&mut self) {
        self.0.handle(InputRequest::DeleteFromStart);
    }

    /// Puts the cursor on a character, counted from 0: before the grapheme that it belongs to.
    pub fn go_to(&mut self, character: usize) {
        let mut passed = 0;
        for grapheme in self.0.value().graphemes(true) {
            let next = passed + grapheme.chars().count();
            if next > character {
                break;
            }
            passed = next;
        }
        self.0.handle(InputRequest::SetCursor(passed));
    }

    /// Moves the cursor.
    pub fn step(&mut self, graphemes: isize) {
        let request = match graphemes {
            ..0 => InputRequest::GoToPrevChar,
            _ => InputRequest::GoToNextChar,
        };
        for _ in 0..graphemes.unsigned_abs() {
            if self.0.handle(request).is_none() {
                return;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn edits_by_grapheme_and_word() {
        let mut input = Input::with("Tom Pa\u{301}ce");
        input.step(-2);
        input.backspace();
        assert_eq!(input.text(), "Tom Pce");
        input.delete_word();
        assert_eq!(input.parts(), ("Tom ".into(), "ce".into()));
        input.insert("a\u{1b}\nb");
        input.delete();
        assert_eq!(input.text(), "Tom a be");
        input.delete_line();
        assert_eq!(input.text(), "e");
        assert_eq!(Input::with(&"x".repeat(900)).text().len(), LONGEST);
    }

    #[test]
    fn the_cursor_stands_between_graphemes() {
        let mut input = Input::with("ae\u{301}👩\u{200d}❤\u{fe0f}z");
        for (character, before) in
            [(0, "a"), (1, "a"), (2, "a"), (3, "ae\u{301}"), (5, "ae\u{301}")]
        {
            input.go_to(character);
            let expected = if character == 0 { "" } else { before };
            assert_eq!(input.parts().0, expected, "{character}");
        }
        input.go_to(900);
        assert_eq!(input.parts().1, "");
        input.step(isize::MIN);
        assert_eq!(input.parts().0, "");
        input.step(2);
        assert_eq!(input.parts().0, "ae\u{301}");
        // What joins with what stands before it is one with it.
        input.go_to(1);
        input.insert("\u{308}");
        input.backspace();
        assert_eq!(input.text(), "e\u{301}👩\u{200d}❤\u{fe0f}z");
    }

    #[test]
    fn a_word_goes_back_to_a_blank() {
        for (text, left) in [
            ("", ""),
            ("new/crm 2026.csv", "new/crm "),
            ("given-name", ""),
            ("kind = duplicate  ", "kind = "),
            ("東京 商事", "東京 "),
            ("   ", ""),
        ] {
            let mut input = Input::with(text);
            input.delete_word();
            assert_eq!(input.text(), left, "{text}");
        }
    }
}
