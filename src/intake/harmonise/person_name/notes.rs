//! Remarks inside a name: `Jones, Robert (deceased)`, `Robert "Bob" Jones`, `John Pace c/o Hill`.

use std::borrow::Cow;

/// Brackets and quotation marks that hold a remark or a nickname.
const PAIRS: [(char, char); 7] =
    [('(', ')'), ('[', ']'), ('"', '"'), ('“', '”'), ('„', '“'), ('«', '»'), ('（', '）')];

/// What leads to somebody else: it and what follows is a remark.
const CARE_OF: [&str; 6] = [" c/o ", " C/O ", " C/o ", " z. Hd. ", " z.Hd. ", " zHd "];

/// The name without remarks; the whole text where nothing else is in it.
pub(super) fn without(text: &str) -> Cow<'_, str> {
    let marked =
        |c: char| PAIRS.iter().any(|(open, _)| *open == c) || matches!(c, '/' | '.' | '\'');
    if !text.contains(marked) && !text.contains(" zHd ") {
        return Cow::Borrowed(text);
    }
    let mut kept = text;
    for word in CARE_OF {
        if let Some((before, _)) = kept.split_once(word)
            && before.contains(char::is_alphabetic)
        {
            kept = before;
        }
    }
    let mut out = String::with_capacity(kept.len());
    let mut rest = kept;
    while let Some(character) = rest.chars().next() {
        let after = &rest[character.len_utf8()..];
        let close = PAIRS.iter().find(|(open, _)| *open == character);
        match close.and_then(|(_, close)| Some((after.find(*close)?, close.len_utf8()))) {
            Some((at, length)) => {
                out.push(' ');
                rest = &after[at + length..];
            }
            None => {
                out.push(character);
                rest = after;
            }
        }
    }
    let nickname = |word: &&str| word.len() > 3 && word.starts_with('\'') && word.ends_with('\'');
    let words: Vec<&str> = out.split(' ').filter(|w| !w.is_empty() && !nickname(w)).collect();
    let bare = words.join(" ").replace(" ,", ",");
    let bare = bare.trim_end_matches([',', '-', ' ']);
    if !bare.contains(char::is_alphabetic) {
        return Cow::Borrowed(text);
    }
    if bare == text { Cow::Borrowed(text) } else { Cow::Owned(bare.to_owned()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn remarks_are_no_part_of_a_name() {
        for (text, expected) in [
            ("Mary Anne (Polly) Hill", "Mary Anne Hill"),
            ("Jones, Robert (deceased)", "Jones, Robert"),
            ("Jones (née Hill), Mary", "Jones, Mary"),
            ("Robert \"Bob\" Jones", "Robert Jones"),
            ("Robert “Bob” Jones", "Robert Jones"),
            ("Robert 'Bob' Jones", "Robert Jones"),
            ("Smith, John c/o Mary Hill", "Smith, John"),
            ("Anna Weber z. Hd. Herrn Braun", "Anna Weber"),
            ("Peter Braun [old]", "Peter Braun"),
            ("(Polly)", "(Polly)"),
            ("Peter (Braun", "Peter (Braun"),
            ("Jan van 't Hoff", "Jan van 't Hoff"),
            ("c/o Mary Hill", "c/o Mary Hill"),
            ("J. R. Pace", "J. R. Pace"),
        ] {
            assert_eq!(without(text), expected, "{text}");
        }
    }
}
