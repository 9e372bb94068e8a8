//! Text fit for a terminal: nothing in it is a command, and it is as wide as it says.

use std::borrow::Cow;

use deunicode::deunicode_char;
use unicode_segmentation::UnicodeSegmentation;
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use super::theme::Glyphs;
use domain::printable::{Controls, printable};

/// Stands where a text was cut.
pub const CUT: char = '>';

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
    cut_from(text, 0, columns)
}

/// The text in at most `columns`; of a longer one its end is shown.
#[must_use]
pub fn cut_to_end(text: &str, columns: usize) -> String {
    cut_from(text, text.graphemes(true).count(), columns)
}

/// The text in at most `columns`; a longer one shows the part from where it differs from `other`.
#[must_use]
pub fn cut_to_difference(text: &str, other: &str, columns: usize) -> String {
    if width(text) <= columns {
        return text.to_owned();
    }
    let same = text
        .graphemes(true)
        .zip(other.graphemes(true))
        .take_while(|(left, right)| left == right)
        .count();
    cut_from(text, same, columns)
}

/// Cuts so that the grapheme `first` is shown, with as much as fits before and after it.
fn cut_from(text: &str, first: usize, columns: usize) -> String {
    if width(text) <= columns {
        return text.to_owned();
    }
    if columns == 0 {
        return String::new();
    }
    let graphemes: Vec<&str> = text.graphemes(true).collect();
    let widths: Vec<usize> = graphemes.iter().map(|grapheme| grapheme.width()).collect();
    let mut start = first.min(graphemes.len());
    // Room left behind the tail goes to what stands before it.
    let mut tail: usize = widths[start..].iter().sum();
    while start > 0 && tail + widths[start - 1] < columns {
        start -= 1;
        tail += widths[start];
    }
    let mut shown = String::new();
    let mut used = 0;
    if start > 0 {
        shown.push(CUT);
        used = 1;
    }
    let whole = used + tail <= columns;
    let limit = if whole { columns } else { columns - 1 };
    for (grapheme, wide) in graphemes[start..].iter().zip(&widths[start..]) {
        if used + wide > limit {
            break;
        }
        shown.push_str(grapheme);
        used += wide;
    }
    if !whole && used < columns {
        shown.push(CUT);
    }
    shown
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
    fn a_cut_value_shows_the_part_that_differs() {
        for (text, other, columns, shown) in [
            ("thomas.pace@example.com", "", 14, "thomas.pace@e>"),
            ("t.pace@exmaple.com", "thomas.pace@example.com", 14, ">.pace@exmapl>"),
            ("900 Hill Road East", "900 Hill Road West", 12, "> Road East"),
            ("short", "shore", 14, "short"),
            ("東京都千代田区", "", 7, "東京都>"),
            ("東京都千代田区", "", 6, "東京>"),
            ("e\u{301}e\u{301}e\u{301}", "", 2, "e\u{301}>"),
            ("ab", "", 1, ">"),
            ("ab", "", 0, ""),
        ] {
            let cut = cut_to_difference(text, other, columns);
            assert!(width(&cut) <= columns, "{cut}");
            if text.starts_with("900") {
                assert!(cut.ends_with("East"), "{cut}");
            } else {
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
        fn a_cut_text_is_never_wider_than_asked(text: String, other: String, columns in 0_usize..40) {
            let text = clean(&text, Glyphs::Utf8);
            proptest::prop_assert!(width(&cut_to_difference(&text, &other, columns)) <= columns);
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
