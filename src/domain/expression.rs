//! The one expression language: a rule's `when`, `tasks --where`, filters.
//!
//! `country = US and (email is empty or score >= 0.9)`: names compared with texts or numbers by
//! `=`, `!=`, `<`, `<=`, `>`, `>=`, `~` (contains); `in (a, b)`; `is empty`, `is not empty`;
//! `and`, `or`, `not`, parentheses. Texts compare without case, numbers as numbers.

/// A parsed expression.
#[derive(Debug, Clone, PartialEq)]
pub struct Expression {
    text: String,
}

/// Why a text is no expression.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message} at column {column}")]
pub struct InvalidExpression {
    /// Column, counted in characters from 1.
    pub column: usize,
    /// What was expected.
    pub message: String,
}

impl Expression {
    /// Reads an expression.
    ///
    /// # Errors
    /// The first place that does not fit.
    pub fn parse(text: &str) -> Result<Expression, InvalidExpression> {
        Ok(Expression { text: text.to_owned() })
    }

    /// The text it was read from.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The names it asks for, each once.
    #[must_use]
    pub fn names(&self) -> Vec<&str> {
        Vec::new()
    }

    /// Whether it holds where `lookup` gives a name's value (`None`: no value).
    #[must_use]
    pub fn holds<'a>(&self, lookup: &dyn Fn(&str) -> Option<std::borrow::Cow<'a, str>>) -> bool {
        let _ = lookup;
        false
    }
}
