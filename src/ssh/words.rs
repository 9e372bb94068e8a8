//! The words of a command line that comes as one text. There is no shell: quotes are understood, and what only a
//! shell could do is refused by name.

/// The longest command line, in bytes.
const LONGEST: usize = 64 << 10;
/// The most words of one.
const MOST: usize = 1_000;
/// What means something to a shell, and nothing here.
const SHELL: &str = ";|&<>()$`\n\r";

/// Why a text is not a command line.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoWords {
    /// It holds what is no text.
    #[error("the command is not UTF-8 text: type it again")]
    NotText,
    /// It is too long.
    #[error("the command is longer than 64 KiB or 1,000 words: pass the rest as standard input")]
    TooLong,
    /// It holds what only a shell understands.
    #[error(
        "no shell reads this command: quote `{0}` twice, once for your own shell and once for steward"
    )]
    Shell(char),
    /// A quote is not closed.
    #[error("the quote `{0}` is not closed: close it")]
    Open(char),
    /// A backslash has nothing behind it.
    #[error("the command ends with a backslash: remove it")]
    LooseEnd,
}

/// Splits a command line as a shell would, without doing anything else that a shell does.
///
/// # Errors
/// Why it cannot be split.
pub fn words(line: &[u8]) -> Result<Vec<String>, NoWords> {
    if line.len() > LONGEST {
        return Err(NoWords::TooLong);
    }
    let line = std::str::from_utf8(line).map_err(|_| NoWords::NotText)?;
    let (mut words, mut word) = (Vec::new(), None::<String>);
    let mut rest = line.chars();
    while let Some(next) = rest.next() {
        match next {
            '\0' => return Err(NoWords::NotText),
            ' ' | '\t' => words.extend(word.take()),
            '\'' | '"' => quoted(next, &mut rest, word.get_or_insert_default())?,
            '\\' => match rest.next() {
                None => return Err(NoWords::LooseEnd),
                Some('\0') => return Err(NoWords::NotText),
                Some(escaped) => word.get_or_insert_default().push(escaped),
            },
            _ if SHELL.contains(next) => return Err(NoWords::Shell(next)),
            _ => word.get_or_insert_default().push(next),
        }
        if words.len() > MOST {
            return Err(NoWords::TooLong);
        }
    }
    words.extend(word);
    if words.len() > MOST { Err(NoWords::TooLong) } else { Ok(words) }
}

/// What stands in quotes, up to the closing one.
fn quoted(quote: char, rest: &mut std::str::Chars<'_>, word: &mut String) -> Result<(), NoWords> {
    while let Some(next) = rest.next() {
        match next {
            '\0' => return Err(NoWords::NotText),
            _ if next == quote => return Ok(()),
            '\\' if quote == '"' => match rest.next() {
                None => break,
                Some(escaped @ ('"' | '\\' | '$' | '`')) => word.push(escaped),
                Some('\0') => return Err(NoWords::NotText),
                Some(other) => word.extend(['\\', other]),
            },
            _ => word.push(next),
        }
    }
    Err(NoWords::Open(quote))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_line_is_split_as_a_shell_would() {
        for (line, expected) in [
            ("", &[][..]),
            ("   ", &[]),
            ("tasks --json", &["tasks", "--json"]),
            ("  tasks\t --json ", &["tasks", "--json"]),
            ("show 'a b'", &["show", "a b"]),
            ("show \"a b\"", &["show", "a b"]),
            ("show a\\ b", &["show", "a b"]),
            ("show ''", &["show", ""]),
            ("show a'b c'\"d e\"f", &["show", "ab cd ef"]),
            (r#"find "say \"hi\" \n""#, &["find", r#"say "hi" \n"#]),
            ("find 'a;b|c&d$e`f<g>h(i)'", &["find", "a;b|c&d$e`f<g>h(i)"]),
            ("find \"$HOME;x\"", &["find", "$HOME;x"]),
            ("find \\;", &["find", ";"]),
            ("find * ? [a] ~ # ! {b}", &["find", "*", "?", "[a]", "~", "#", "!", "{b}"]),
            ("note 'Müller, Zoë'", &["note", "Müller, Zoë"]),
        ] {
            assert_eq!(words(line.as_bytes()).as_deref(), Ok(&strings(expected)[..]), "{line}");
        }
    }

    fn strings(words: &[&str]) -> Vec<String> {
        words.iter().map(|word| (*word).to_owned()).collect()
    }

    #[test]
    fn what_only_a_shell_could_do_is_refused_by_name() {
        for sign in SHELL.chars() {
            let line = format!("tasks {sign} rm");
            assert_eq!(words(line.as_bytes()), Err(NoWords::Shell(sign)));
        }
        assert_eq!(words(b"a 'b"), Err(NoWords::Open('\'')));
        assert_eq!(words(b"a \"b\\"), Err(NoWords::Open('"')));
        assert_eq!(words(b"a \\"), Err(NoWords::LooseEnd));
        for nul in [&b"a\0"[..], b"'\0'", b"\"\0\"", b"\\\0", b"\"\\\0\"", b"\xff"] {
            assert_eq!(words(nul), Err(NoWords::NotText));
        }
        assert_eq!(words(&vec![b'a'; LONGEST + 1]), Err(NoWords::TooLong));
        assert_eq!(words("a ".repeat(MOST + 1).as_bytes()), Err(NoWords::TooLong));
        assert_eq!(words("a ".repeat(MOST).as_bytes()).map(|words| words.len()), Ok(MOST));
    }

    proptest! {
        #[test]
        fn what_was_quoted_comes_out_as_it_was(
            said in proptest::collection::vec("[^\0]{0,12}", 0..6)
        ) {
            let quote = |word: &String| format!("'{}'", word.replace('\'', r"'\''"));
            let line = said.iter().map(quote).collect::<Vec<_>>().join(" ");
            prop_assert_eq!(words(line.as_bytes()), Ok(said));
        }

        #[test]
        fn no_bytes_are_too_much(line in proptest::collection::vec(any::<u8>(), 0..200)) {
            let _ = words(&line);
        }
    }
}
