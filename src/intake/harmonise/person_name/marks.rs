//! What stands in brackets and quotation marks.

/// A part of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Piece<'a> {
    /// Outside of all marks.
    Text(&'a str),
    /// Inside of them.
    Marked(Marked<'a>),
}

/// What stands inside of marks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Marked<'a> {
    /// Without the marks.
    pub(super) inner: &'a str,
    /// Quoted words are a name; what is in brackets may be anything.
    pub(super) is_quoted: bool,
    /// Whether it stays in the text.
    pub(super) is_kept: bool,
}

/// Quotation marks, any of which ends what any of them began: languages differ in their order.
const QUOTES: [char; 10] = ['"', '“', '”', '„', '‟', '«', '»', '‹', '›', '＂'];

const BRACKETS: [(char, char); 5] =
    [('(', ')'), ('[', ']'), ('（', '）'), ('「', '」'), ('『', '』')];

/// Whether marks may begin here.
pub(super) fn is_mark(character: char) -> bool {
    character == '\''
        || BRACKETS.iter().any(|(open, _)| *open == character)
        || QUOTES.contains(&character)
}

/// The text in its parts; a mark without its other half is text.
pub(super) fn pieces(text: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::with_capacity(4);
    let (mut from, mut at) = (0, 0);
    while let Some(character) = text[at..].chars().next() {
        let marked = if is_mark(character) { marked(text, at, character) } else { None };
        let Some((marked, length)) = marked else {
            at += character.len_utf8();
            continue;
        };
        if from < at {
            pieces.push(Piece::Text(&text[from..at]));
        }
        pieces.push(Piece::Marked(marked));
        at += length;
        from = at;
    }
    if from < text.len() {
        pieces.push(Piece::Text(&text[from..]));
    }
    pieces
}

/// What the mark at that place begins, and how long it is with its marks.
fn marked(text: &str, at: usize, open: char) -> Option<(Marked<'_>, usize)> {
    let rest = &text[at..];
    let (start, end, close) = if open == '\'' {
        let before = text[..at].chars().next_back();
        if before.is_some_and(char::is_alphanumeric) {
            return None;
        }
        // Two of them are a quotation mark.
        let mark = if rest.starts_with("''") { "''" } else { "'" };
        (mark.len(), closing_apostrophe(&rest[mark.len()..], mark)? + mark.len(), mark.len())
    } else {
        let start = open.len_utf8();
        let close = match BRACKETS.iter().find(|(bracket, _)| *bracket == open) {
            Some((_, close)) => std::slice::from_ref(close),
            None => &QUOTES[..],
        };
        let end = rest[start..].find(close)? + start;
        (start, end, rest[end..].chars().next().map_or(0, char::len_utf8))
    };
    let inner =
        rest[start..end].trim_matches(|c: char| c == ' ' || c == '\'' || QUOTES.contains(&c));
    let marked =
        Marked { inner, is_quoted: !BRACKETS.iter().any(|it| it.0 == open), is_kept: false };
    Some((marked, end + close))
}

/// Where an apostrophe ends what another began: one or two words, and none of `'t` and `'s`.
fn closing_apostrophe(rest: &str, mark: &str) -> Option<usize> {
    let ends = |at: usize| {
        !rest[at + mark.len()..].starts_with(|c: char| c.is_alphanumeric() || c == '\'')
    };
    let end = rest.match_indices(mark).map(|(at, _)| at).find(|at| ends(*at))?;
    let inner = &rest[..end];
    let first = inner.split(' ').next()?;
    let is_name = inner.starts_with(char::is_alphabetic)
        && first.chars().count() > 1
        && inner.split(' ').count() < 3;
    is_name.then_some(end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_have_two_halves() {
        let inner = |text: &str| {
            let marked: Vec<String> = pieces(text)
                .iter()
                .filter_map(|piece| match piece {
                    Piece::Marked(marked) => Some(marked.inner.to_owned()),
                    Piece::Text(_) => None,
                })
                .collect();
            marked.join("|")
        };
        for (text, expected) in [
            ("Robert (Bob) \"Bobby\" Lee", "Bob|Bobby"),
            ("Robert (\"Bob\") Lee", "Bob"),
            ("„Bob“", "Bob"),
            ("»Bob« ‹Al›", "Bob|Al"),
            ("'Bob' Lee", "Bob"),
            ("Al 'Big Al' Lee", "Big Al"),
            ("Jan van 't Hoff", ""),
            ("'s-Gravenhage", ""),
            ("O'Brien D'Angelo", ""),
            ("Dato' Lee", ""),
            ("Robert (Bob", ""),
            ("Robert Bob\"", ""),
            ("()", ""),
            ("'", ""),
            ("''", ""),
        ] {
            assert_eq!(inner(text), expected, "{text}");
        }
    }
}
