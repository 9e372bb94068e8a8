//! One line of typed text.

use unicode_segmentation::UnicodeSegmentation;

/// A text being typed. The cursor counts graphemes.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Input {
    graphemes: Vec<String>,
    cursor: usize,
}

/// Graphemes a typed line may have: no value of a customer needs more.
const LONGEST: usize = 500;

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
        self.graphemes.concat()
    }

    /// The text before and after the cursor.
    #[must_use]
    pub fn parts(&self) -> (String, String) {
        let (before, after) = self.graphemes.split_at(self.cursor);
        (before.concat(), after.concat())
    }

    /// Puts a text in at the cursor; line breaks and other controls in it are left out.
    pub fn insert(&mut self, text: &str) {
        let (before, after) = self.parts();
        let typed: String = text.chars().filter(|character| !character.is_control()).collect();
        let before = before + &typed;
        self.cursor = before.graphemes(true).count().min(LONGEST);
        self.graphemes =
            (before + &after).graphemes(true).take(LONGEST).map(str::to_owned).collect();
        self.cursor = self.cursor.min(self.graphemes.len());
    }

    /// Deletes the grapheme before the cursor.
    pub fn backspace(&mut self) {
        if self.cursor > 0 {
            self.cursor -= 1;
            self.graphemes.remove(self.cursor);
        }
    }

    /// Deletes the grapheme under the cursor.
    pub fn delete(&mut self) {
        if self.cursor < self.graphemes.len() {
            self.graphemes.remove(self.cursor);
        }
    }

    /// Deletes the word before the cursor.
    pub fn delete_word(&mut self) {
        let blank = |text: &String| text.trim().is_empty();
        while self.cursor > 0 && blank(&self.graphemes[self.cursor - 1]) {
            self.backspace();
        }
        while self.cursor > 0 && !blank(&self.graphemes[self.cursor - 1]) {
            self.backspace();
        }
    }

    /// Deletes everything before the cursor.
    pub fn delete_line(&mut self) {
        self.graphemes.drain(..self.cursor);
        self.cursor = 0;
    }

    /// Puts the cursor on a character, counted from 0.
    pub fn go_to(&mut self, character: usize) {
        let mut passed = 0;
        self.cursor = self.graphemes.len();
        for (place, grapheme) in self.graphemes.iter().enumerate() {
            passed += grapheme.chars().count();
            if passed > character {
                self.cursor = place;
                break;
            }
        }
    }

    /// Moves the cursor.
    pub fn step(&mut self, graphemes: isize) {
        self.cursor = self.cursor.saturating_add_signed(graphemes).min(self.graphemes.len());
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
        assert_eq!(input.text(), "Tom abe");
        input.delete_line();
        assert_eq!(input.text(), "e");
        assert_eq!(Input::with(&"x".repeat(900)).text().len(), LONGEST);
    }
}
