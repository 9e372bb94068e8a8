//! From the text of an expression to tokens.

use super::InvalidExpression;

/// Words that mean something to the language: as a value they must be quoted.
pub(super) const KEYWORDS: [&str; 6] = ["and", "or", "not", "in", "is", "empty"];

/// One token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Token {
    /// A bare word: a name, a keyword or a value.
    Word(String),
    /// A quoted value.
    Quoted(String),
    /// `=`, `!=`, `<`, `<=`, `>`, `>=`, `~`, `!~`.
    Operator(&'static str),
    /// `(`
    Open,
    /// `)`
    Close,
    /// `,`
    Comma,
}

/// A token and the column of its first character, counted in characters from 1.
pub(super) type Placed = (usize, Token);

/// Whether `character` may stand in a bare word.
pub(super) fn is_word_character(character: char) -> bool {
    !character.is_whitespace() && !character.is_control() && !"()=!<>~,'\"".contains(character)
}

/// The tokens of `text`.
pub(super) fn tokens(text: &str) -> Result<Vec<Placed>, InvalidExpression> {
    let characters: Vec<char> = text.chars().collect();
    let mut tokens = Vec::new();
    let mut at = 0;
    while let Some(&character) = characters.get(at) {
        if character.is_whitespace() {
            at += 1;
            continue;
        }
        let (token, next) = token(&characters, at)?;
        tokens.push((at + 1, token));
        at = next;
    }
    Ok(tokens)
}

/// The token that begins at `at`, and where the next one may begin.
fn token(characters: &[char], at: usize) -> Result<(Token, usize), InvalidExpression> {
    let followed_by_equals = characters.get(at + 1) == Some(&'=');
    let simple = |token| Ok((token, at + 1));
    match characters[at] {
        '(' => simple(Token::Open),
        ')' => simple(Token::Close),
        ',' => simple(Token::Comma),
        '=' => simple(Token::Operator("=")),
        '~' => simple(Token::Operator("~")),
        '!' if characters.get(at + 1) == Some(&'~') => Ok((Token::Operator("!~"), at + 2)),
        '!' if followed_by_equals => Ok((Token::Operator("!="), at + 2)),
        '<' if followed_by_equals => Ok((Token::Operator("<="), at + 2)),
        '>' if followed_by_equals => Ok((Token::Operator(">="), at + 2)),
        '<' => simple(Token::Operator("<")),
        '>' => simple(Token::Operator(">")),
        quote @ ('"' | '\'') => quoted(characters, at, quote),
        character if is_word_character(character) => {
            let length = characters[at..].iter().take_while(|c| is_word_character(**c)).count();
            Ok((Token::Word(characters[at..at + length].iter().collect()), at + length))
        }
        character => Err(InvalidExpression {
            column: at + 1,
            message: format!("unexpected `{}`", character.escape_default()),
        }),
    }
}

/// A quoted text; the quote itself is written twice inside.
fn quoted(
    characters: &[char],
    start: usize,
    quote: char,
) -> Result<(Token, usize), InvalidExpression> {
    let mut text = String::new();
    let mut at = start + 1;
    while let Some(&character) = characters.get(at) {
        if character == quote {
            if characters.get(at + 1) != Some(&quote) {
                return Ok((Token::Quoted(text), at + 1));
            }
            at += 1;
        }
        text.push(character);
        at += 1;
    }
    Err(InvalidExpression { column: start + 1, message: format!("unclosed quote {quote}") })
}
