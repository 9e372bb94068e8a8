//! The one expression language: a rule's `when`, `tasks --where`, filters.
//!
//! `country = US and (email is empty or score >= 0.9)`: names compared with texts or numbers by
//! `=`, `!=`, `<`, `<=`, `>`, `>=`, `~` (contains), `!~`; `in (a, b)`; `is empty`, `is not empty`;
//! `and`, `or`, `not`, parentheses. Texts compare without case, numbers as numbers.
//!
//! - A value is a bare word or stands in `"…"` or `'…'`; the quote itself is written twice inside.
//!   `and`, `or`, `not`, `in`, `is` and `empty` must be quoted to be values.
//! - Two sides compare as numbers where both are plain decimal numbers of at most 15 digits without
//!   a leading zero (so that `007` and long identifiers stay texts), else as texts. ISO dates
//!   compare as texts, which is their order in time.
//! - A name without a value is empty and equals nothing: `!=` and `!~` hold for it (they always say
//!   the same as `not … =` and `not … ~`), every other comparison and `in` does not.
//! - A name may have several values, as the rules that a record breaks: `=`, `~`, `in` and an order hold
//!   where they do for any of them; `!=` and `!~` where they do for all, so that they stay the negation.
//!
//! Lives here: the tree, asking it, printing it. [`token`] and [`parser`] read it, [`check`] says
//! which values can never be met.

mod check;
mod parser;
mod several;
mod token;

pub use check::{Expected, must_be_known};
pub use several::Asked;

use std::borrow::Cow;
use std::cmp::Ordering;
use std::fmt;

/// A parsed expression.
#[derive(Debug, Clone, PartialEq)]
pub struct Expression {
    text: String,
    root: Node,
}

/// Why a text is no expression.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("column {column}: {message}")]
pub struct InvalidExpression {
    /// Column, counted in characters from 1.
    pub column: usize,
    /// What was expected.
    pub message: String,
}

#[derive(Debug, Clone, PartialEq)]
enum Node {
    /// Every one holds.
    All(Vec<Node>),
    /// At least one holds.
    Any(Vec<Node>),
    /// It does not hold.
    Not(Box<Node>),
    /// What is asked of one name.
    Test { name: String, condition: Condition },
}

#[derive(Debug, Clone, PartialEq)]
enum Condition {
    IsEmpty,
    IsNotEmpty,
    Is(Operator, Literal),
    In(Vec<Literal>),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Operator {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    Contains,
    ContainsNot,
}

impl Operator {
    const ALL: [Operator; 8] = [
        Operator::Equal,
        Operator::NotEqual,
        Operator::Less,
        Operator::LessOrEqual,
        Operator::Greater,
        Operator::GreaterOrEqual,
        Operator::Contains,
        Operator::ContainsNot,
    ];

    fn symbol(self) -> &'static str {
        match self {
            Operator::Equal => "=",
            Operator::NotEqual => "!=",
            Operator::Less => "<",
            Operator::LessOrEqual => "<=",
            Operator::Greater => ">",
            Operator::GreaterOrEqual => ">=",
            Operator::Contains => "~",
            Operator::ContainsNot => "!~",
        }
    }

    fn from_symbol(symbol: &str) -> Option<Operator> {
        Self::ALL.into_iter().find(|operator| operator.symbol() == symbol)
    }

    fn holds(self, value: &str, literal: &Literal) -> bool {
        let contains = || value.to_lowercase().contains(&literal.lower);
        let order = literal.order_of(value);
        match self {
            Operator::Equal => order.is_eq(),
            Operator::NotEqual => order.is_ne(),
            Operator::Less => order.is_lt(),
            Operator::LessOrEqual => order.is_le(),
            Operator::Greater => order.is_gt(),
            Operator::GreaterOrEqual => order.is_ge(),
            Operator::Contains => contains(),
            Operator::ContainsNot => !contains(),
        }
    }
}

/// A value written in the expression, prepared once for many comparisons.
#[derive(Debug, Clone, PartialEq)]
struct Literal {
    text: String,
    lower: String,
    number: Option<f64>,
}

impl Literal {
    fn new(text: String) -> Self {
        Self { lower: text.to_lowercase(), number: number(&text), text }
    }

    /// How `value` stands to this literal.
    fn order_of(&self, value: &str) -> Ordering {
        if let (Some(value), Some(own)) = (number(value), self.number) {
            return value.total_cmp(&own);
        }
        value.to_lowercase().cmp(&self.lower)
    }
}

/// The number a text stands for, if it is a plain decimal one that `f64` holds exactly enough.
fn number(text: &str) -> Option<f64> {
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    let (whole, fraction) = unsigned.split_once('.').unwrap_or((unsigned, "0"));
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let leading_zero = whole.len() > 1 && whole.starts_with('0');
    if !digits(whole) || !digits(fraction) || leading_zero || unsigned.len() > 15 {
        return None;
    }
    // Adding zero turns −0 into 0, which `total_cmp` would tell apart.
    text.parse::<f64>().ok().map(|number| number + 0.0)
}

impl Expression {
    /// Reads an expression.
    ///
    /// # Errors
    /// The first place that does not fit.
    pub fn parse(text: &str) -> Result<Expression, InvalidExpression> {
        Ok(Expression { text: text.to_owned(), root: parser::parse(text)? })
    }

    /// Whether `text` can be asked for in an expression: a bare word that is no keyword.
    #[must_use]
    pub fn is_name(text: &str) -> bool {
        !text.is_empty() && text.chars().all(token::is_word_character) && !parser::is_keyword(text)
    }

    /// The text it was read from.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The names it asks for, each once, in the order they are first asked for.
    #[must_use]
    pub fn names(&self) -> Vec<&str> {
        let mut names = Vec::new();
        self.root.collect_names(&mut names);
        names
    }

    /// Where a name is first asked for, counted in characters from 1.
    #[must_use]
    pub fn place_of(&self, name: &str) -> Option<usize> {
        let tokens = token::tokens(&self.text).ok()?;
        // A word is a name, not a value, where no operator stands before it.
        let begins = |before: Option<&token::Token>| match before {
            None | Some(token::Token::Open) => true,
            Some(token::Token::Word(word)) => {
                ["and", "or", "not"].iter().any(|keyword| word.eq_ignore_ascii_case(keyword))
            }
            Some(_) => false,
        };
        let found = tokens.iter().enumerate().find(|(at, (_, token))| {
            let before = at.checked_sub(1).and_then(|before| tokens.get(before));
            matches!(token, token::Token::Word(word) if word == name)
                && begins(before.map(|(_, token)| token))
        });
        found.map(|(_, (column, _))| *column)
    }

    /// The texts that a name is asked to be equal to, or to be one of.
    #[must_use]
    pub fn equals(&self, name: &str) -> Vec<&str> {
        let mut texts = Vec::new();
        self.root.collect_equals(name, &mut texts);
        texts
    }

    /// Its two parts where it is `name = one and name = other`: of one thing it cannot hold.
    #[must_use]
    pub fn halves(&self) -> Option<[Expression; 2]> {
        let Node::All(nodes) = &self.root else { return None };
        let [one, other] = nodes.as_slice() else { return None };
        let equal = |node: &'_ Node| match node {
            Node::Test { name, condition: Condition::Is(Operator::Equal, literal) } => {
                Some((name.clone(), literal.lower.clone()))
            }
            _ => None,
        };
        let ((name, value), (same, against)) = (equal(one)?, equal(other)?);
        let half = |node: &Node| Expression { text: node.to_string(), root: node.clone() };
        (name == same && value != against).then(|| [half(one), half(other)])
    }

    /// Whether it holds where `lookup` gives a name's value (`None`: no value).
    #[must_use]
    pub fn holds<'a>(&self, lookup: &dyn Fn(&str) -> Option<Cow<'a, str>>) -> bool {
        self.holds_of(&|name| lookup(name).map_or(Asked::Nothing, Asked::One))
    }

    /// The same where a name may have several values.
    #[must_use]
    pub fn holds_of<'a>(&self, lookup: &dyn Fn(&str) -> Asked<'a>) -> bool {
        self.root.holds(lookup)
    }
}

impl Node {
    fn collect_names<'node>(&'node self, names: &mut Vec<&'node str>) {
        match self {
            Node::All(nodes) | Node::Any(nodes) => {
                nodes.iter().for_each(|node| node.collect_names(names));
            }
            Node::Not(node) => node.collect_names(names),
            Node::Test { name, .. } => {
                if !names.contains(&name.as_str()) {
                    names.push(name);
                }
            }
        }
    }

    fn collect_equals<'node>(&'node self, of: &str, texts: &mut Vec<&'node str>) {
        match self {
            Node::All(nodes) | Node::Any(nodes) => {
                nodes.iter().for_each(|node| node.collect_equals(of, texts));
            }
            Node::Not(node) => node.collect_equals(of, texts),
            Node::Test { name, condition } if name == of => match condition {
                Condition::Is(Operator::Equal | Operator::NotEqual, literal) => {
                    texts.push(&literal.text);
                }
                Condition::In(literals) => texts.extend(literals.iter().map(|it| it.text.as_str())),
                _ => {}
            },
            Node::Test { .. } => {}
        }
    }

    fn holds<'a>(&self, lookup: &dyn Fn(&str) -> Asked<'a>) -> bool {
        match self {
            Node::All(nodes) => nodes.iter().all(|node| node.holds(lookup)),
            Node::Any(nodes) => nodes.iter().any(|node| node.holds(lookup)),
            Node::Not(node) => !node.holds(lookup),
            Node::Test { name, condition } => condition.holds_of(&lookup(name)),
        }
    }
}

impl Condition {
    /// Whether it holds for a value.
    fn holds(&self, value: &str) -> bool {
        match self {
            Condition::IsEmpty => false,
            Condition::IsNotEmpty => true,
            Condition::Is(operator, literal) => operator.holds(value, literal),
            Condition::In(literals) => {
                literals.iter().any(|literal| literal.order_of(value).is_eq())
            }
        }
    }
}

/// The canonical form: every value quoted where it must be, parentheses where they are needed.
impl fmt::Display for Expression {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.root.fmt(f)
    }
}

impl fmt::Display for Node {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (nodes, separator) = match self {
            Node::All(nodes) => (nodes, " and "),
            Node::Any(nodes) => (nodes, " or "),
            Node::Not(node) => return write!(f, "not {}", Inner(node)),
            Node::Test { name, condition } => return write!(f, "{name} {condition}"),
        };
        for (at, node) in nodes.iter().enumerate() {
            write!(f, "{}{}", if at == 0 { "" } else { separator }, Inner(node))?;
        }
        Ok(())
    }
}

/// A node inside another: joined ones stand in parentheses.
struct Inner<'node>(&'node Node);

impl fmt::Display for Inner<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Node::All(_) | Node::Any(_) => write!(f, "({})", self.0),
            Node::Not(_) | Node::Test { .. } => self.0.fmt(f),
        }
    }
}

impl fmt::Display for Condition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Condition::IsEmpty => f.write_str("is empty"),
            Condition::IsNotEmpty => f.write_str("is not empty"),
            Condition::Is(operator, literal) => write!(f, "{} {literal}", operator.symbol()),
            Condition::In(literals) => {
                let list: Vec<String> = literals.iter().map(Literal::to_string).collect();
                write!(f, "in ({})", list.join(", "))
            }
        }
    }
}

impl fmt::Display for Literal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if Expression::is_name(&self.text) {
            return f.write_str(&self.text);
        }
        write!(f, "\"{}\"", self.text.replace('"', "\"\""))
    }
}

#[cfg(test)]
mod tests;
