//! Text fit for a terminal: nothing in it is a command, and it is as wide as it says.

use std::borrow::Cow;

use deunicode::deunicode_char;
use unicode_segmentation::UnicodeSegmentation;
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use super::theme::Glyphs;
use domain::printable::{Controls, printable};

/// Stands where a text was cut. In ASCII it is two signs wide.
#[must_use]
pub fn cut_sign(glyphs: Glyphs) -> &'static str {
    match glyphs {
        Glyphs::Utf8 => "…",
        Glyphs::Ascii => "..",
    }
}

/// A text that was made to fit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// What is shown, with the signs where it was cut.
    pub text: String,
    /// How many graphemes are cut off before what is shown.
    pub skipped: usize,
    /// How wide the sign for them is.
    pub lead: usize,
    /// How many graphemes of the text are shown.
    pub shown: usize,
}

/// The text with every character that would steer a terminal or hide written out, and, for a
/// terminal without UTF-8, in ASCII only.
#[must_use]
pub fn clean(text: &str, glyphs: Glyphs) -> String {
    let plain = if text.is_ascii() { Cow::Borrowed(text) } else { settled(text) };
    match glyphs {
        Glyphs::Utf8 => printable(&plain, Controls::Pictures).into_owned(),
        Glyphs::Ascii => {
            let shown = printable(&plain, Controls::Carets);
            let mut ascii = String::with_capacity(shown.len());
            for character in shown.chars() {
                match character {
                    '\u{200c}' | '\u{200d}' | '\u{fe0e}' | '\u{fe0f}' => {}
                    '…' => ascii.push_str(cut_sign(Glyphs::Ascii)),
                    _ if character.is_ascii() => ascii.push(character),
                    _ => ascii.push_str(&spelled(character)),
                }
            }
            ascii
        }
    }
}

/// The text without graphemes about whose width terminals disagree: joined emoji stand side by side,
/// skin tones and presentation selectors are left out.
fn settled(text: &str) -> Cow<'_, str> {
    let one_by_one = |grapheme: &str| -> usize {
        grapheme.chars().map(|character| character.width().unwrap_or(0)).sum()
    };
    if text.graphemes(true).all(|grapheme| grapheme.width() == one_by_one(grapheme)) {
        return Cow::Borrowed(text);
    }
    let mut settled = String::with_capacity(text.len());
    for grapheme in text.graphemes(true) {
        if grapheme.width() == one_by_one(grapheme) {
            settled.push_str(grapheme);
            continue;
        }
        let joins = |character: &char| matches!(u32::from(*character), 0x200d | 0xfe00..=0xfe0f | 0x20e3 | 0x1f3fb..=0x1f3ff);
        let said = grapheme.chars().filter(|character| !joins(character));
        settled.extend(said);
    }
    Cow::Owned(settled)
}

/// An ASCII spelling of a printable character; `?` where there is none.
fn spelled(character: char) -> String {
    let spelling = deunicode_char(character).unwrap_or("?");
    let printable: String = spelling.chars().filter(|c| (' '..='~').contains(c)).collect();
    if printable.is_empty() { "?".to_owned() } else { printable }
}

/// `1 record`, `2 records`.
#[must_use]
pub fn counted(number: usize, one: &str, more: &str) -> String {
    domain::counted(number as u64, one, more)
}

/// Columns the text takes on screen.
#[must_use]
pub fn width(text: &str) -> usize {
    // A sum over graphemes, as the buffer lays them out, not over the whole text.
    text.graphemes(true).map(|grapheme| grapheme.width()).sum()
}

/// The text in at most `columns`; a longer one is cut at its end.
#[must_use]
pub fn cut(text: &str, columns: usize) -> String {
    cut_with(text, columns, Glyphs::Utf8)
}

/// The same with the sign of such a terminal.
#[must_use]
pub fn cut_with(text: &str, columns: usize, glyphs: Glyphs) -> String {
    cut_from(text, 0, columns, glyphs).text
}

/// The text in at most so many lines of that width; where more follows, the last one ends with the sign of
/// what is cut.
#[must_use]
pub fn few(text: &str, columns: usize, most: usize, glyphs: Glyphs) -> Vec<String> {
    first_of(wrapped(text, columns), columns, most, glyphs)
}

/// The first ones of lines; where more follow, the last one ends with the sign of what is cut.
#[must_use]
pub fn first_of(
    mut lines: Vec<String>,
    columns: usize,
    most: usize,
    glyphs: Glyphs,
) -> Vec<String> {
    if lines.len() > most {
        lines.truncate(most);
        if let Some(last) = lines.last_mut() {
            let sign = cut_sign(glyphs);
            *last = match width(last) + width(sign) <= columns {
                true => format!("{last}{sign}"),
                false => cut_with(&format!("{last}{sign}"), columns, glyphs),
            };
        }
    }
    lines
}

/// The text in at most `columns`; of a longer one its end is shown.
#[must_use]
pub fn cut_to_end(text: &str, columns: usize) -> String {
    cut_from(text, text.graphemes(true).count(), columns, Glyphs::Utf8).text
}

/// The text in at most `columns`; of a longer one the grapheme in that place is shown, with as much as
/// fits before and behind it.
#[must_use]
pub fn cut_around(text: &str, first: usize, columns: usize, glyphs: Glyphs) -> Part {
    cut_from(text, first, columns, glyphs)
}

/// Cuts so that the grapheme `first` is shown, with as much as fits before and after it.
fn cut_from(text: &str, first: usize, columns: usize, glyphs: Glyphs) -> Part {
    let graphemes: Vec<&str> = text.graphemes(true).collect();
    if width(text) <= columns {
        return Part { text: text.to_owned(), skipped: 0, lead: 0, shown: graphemes.len() };
    }
    let sign = cut_sign(glyphs);
    let mark = sign.chars().count();
    if columns < mark {
        let text = sign.chars().take(columns).collect();
        return Part { text, skipped: graphemes.len(), lead: 0, shown: 0 };
    }
    let widths: Vec<usize> = graphemes.iter().map(|grapheme| grapheme.width()).collect();
    let mut start = first.min(graphemes.len());
    // What is seen anyway needs no cut before it.
    let before: usize = widths.iter().take(start + 1).sum();
    if start < graphemes.len() && before + mark <= columns {
        start = 0;
    }
    // Room left behind the tail goes to what stands before it.
    let mut tail: usize = widths[start..].iter().sum();
    while start > 0 && tail + widths[start - 1] + mark <= columns {
        start -= 1;
        tail += widths[start];
    }
    let mut shown = String::new();
    let mut used = 0;
    if start > 0 {
        shown.push_str(sign);
        used = mark;
    }
    let lead = used;
    let whole = used + tail <= columns;
    let limit = if whole { columns } else { columns - mark };
    let mut count = 0;
    for (grapheme, wide) in graphemes[start..].iter().zip(&widths[start..]) {
        if used + wide > limit {
            break;
        }
        shown.push_str(grapheme);
        used += wide;
        count += 1;
    }
    if !whole && used + mark <= columns {
        shown.push_str(sign);
    }
    Part { text: shown, skipped: start, lead, shown: count }
}

/// The text broken at spaces into lines of at most `columns`; a longer word is broken anywhere.
#[must_use]
pub fn wrapped(text: &str, columns: usize) -> Vec<String> {
    let columns = columns.max(1);
    let mut lines = Vec::new();
    let mut line = String::new();
    let mut used = 0;
    for word in text.split_inclusive(' ') {
        let wide = width(word.trim_end());
        if used + wide > columns && used > 0 {
            lines.push(std::mem::take(&mut line).trim_end().to_owned());
            used = 0;
        }
        if wide <= columns {
            line.push_str(word);
            used += width(word);
            continue;
        }
        for grapheme in word.graphemes(true) {
            let wide = grapheme.width();
            if used + wide > columns && used > 0 {
                lines.push(std::mem::take(&mut line));
                used = 0;
            }
            line.push_str(grapheme);
            used += wide;
        }
    }
    if !line.is_empty() || lines.is_empty() {
        lines.push(line.trim_end().to_owned());
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_steers_a_terminal_is_shown_not_sent() {
        for (text, utf8, ascii) in [
            ("a\u{1b}[31m", "a␛[31m", "a^[[31m"),
            ("a\r\nb\t", "a␍␊b␉", "a^M^Jb^I"),
            ("\u{9b}2J", "<9b>2J", "<9b>2J"),
            ("x\u{202e}y", "x<202e>y", "x<202e>y"),
            ("soft\u{ad}ware\u{feff}", "soft<ad>ware<feff>", "soft<ad>ware<feff>"),
            ("\u{7f}", "␡", "^?"),
            ("Müller", "Müller", "Muller"),
            ("東", "東", "Dong "),
        ] {
            assert_eq!(clean(text, Glyphs::Utf8), utf8);
            assert_eq!(clean(text, Glyphs::Ascii), ascii);
        }
    }

    #[test]
    fn what_terminals_disagree_about_is_written_so_that_they_agree() {
        for (text, shown) in [
            ("👩\u{200d}👩\u{200d}👧 Pace", "👩👩👧 Pace"),
            ("👍🏽", "👍"),
            ("🇺🇸", "🇺🇸"),
            ("❤\u{fe0f}", "❤"),
            ("1\u{fe0f}\u{20e3}", "1"),
            ("e\u{301}", "e\u{301}"),
            ("السلام", "السلام"),
            ("क्षत्रिय", "क्षत्रिय"),
            ("東京", "東京"),
        ] {
            assert_eq!(clean(text, Glyphs::Utf8), shown);
        }
    }

    #[test]
    fn a_cut_value_shows_the_part_that_is_asked_for() {
        for (text, first, columns, shown, ascii) in [
            ("thomas.pace@example.com", 0, 14, "thomas.pace@e…", "thomas.pace@.."),
            ("t.pace@exmaple.com", 1, 14, "t.pace@exmapl…", "t.pace@exmap.."),
            ("900 Hill Road East", 14, 12, "…l Road East", ".. Road East"),
            ("900 Hill Road East", 17, 12, "…l Road East", ".. Road East"),
            ("short", 4, 14, "short", "short"),
            ("東京都千代田区", 0, 7, "東京都…", "東京.."),
            ("東京都千代田区", 0, 6, "東京…", "東京.."),
            ("e\u{301}e\u{301}e\u{301}", 0, 2, "e\u{301}…", ".."),
            ("ab", 0, 1, "…", "."),
            ("ab", 0, 0, "", ""),
        ] {
            for (glyphs, shown) in [(Glyphs::Utf8, shown), (Glyphs::Ascii, ascii)] {
                let cut = cut_around(text, first, columns, glyphs).text;
                assert!(width(&cut) <= columns, "{cut}");
                assert_eq!(cut, shown);
            }
        }
    }

    #[test]
    fn lines_break_at_words() {
        assert_eq!(wrapped("one two three", 7), ["one two", "three"]);
        assert_eq!(wrapped("abcdefgh", 3), ["abc", "def", "gh"]);
        assert_eq!(wrapped("", 3), [""]);
        assert_eq!(wrapped("since 1984-03-12 (kim)", 12), ["since", "1984-03-12", "(kim)"]);
    }

    proptest::proptest! {
        #[test]
        fn a_cut_text_is_never_wider_than_asked(text: String, first in 0_usize..60, columns in 0_usize..40) {
            let text = clean(&text, Glyphs::Utf8);
            for glyphs in [Glyphs::Utf8, Glyphs::Ascii] {
                let part = cut_around(&text, first, columns, glyphs);
                proptest::prop_assert!(width(&part.text) <= columns);
                let there = text.graphemes(true).count();
                proptest::prop_assert!(part.skipped + part.shown <= there);
            }
            for line in wrapped(&text, columns.max(2)) {
                // One grapheme may be wider than anything: the buffer then leaves it out.
                let whole = line.graphemes(true).count() == 1;
                proptest::prop_assert!(whole || width(&line) <= columns.max(2));
            }
        }

        #[test]
        fn a_clean_text_is_as_wide_as_its_characters(text in "[ -~é東한क्ا\u{300}\u{1f3fb}\u{1f1e6}👩❤️\u{200d}\u{200c}\u{fe0f}]{0,16}") {
            let shown = clean(&text, Glyphs::Utf8);
            let one_by_one: usize = shown.chars().filter_map(UnicodeWidthChar::width).sum();
            proptest::prop_assert_eq!(width(&shown), one_by_one);
        }

        #[test]
        fn nothing_clean_is_a_control_character(text: String) {
            for glyphs in [Glyphs::Utf8, Glyphs::Ascii] {
                proptest::prop_assert!(!clean(&text, glyphs).chars().any(char::is_control));
            }
            proptest::prop_assert!(clean(&text, Glyphs::Ascii).is_ascii());
        }
    }
}
