//! From tokens to the tree, by recursive descent: `or` binds weakest, then `and`, then `not`.

use super::token::{KEYWORDS, Placed, Token, tokens};
use super::{Condition, InvalidExpression, Literal, Node, Operator};

/// Parentheses and `not` may nest no deeper, so that no text can exhaust the stack.
const DEEPEST: usize = 64;

/// Reads a whole text.
pub(super) fn parse(text: &str) -> Result<Node, InvalidExpression> {
    let tokens = tokens(text)?;
    let mut parser = Parser { tokens, next: 0, end: text.chars().count() + 1 };
    let node = parser.any(0)?;
    match parser.peek() {
        None => Ok(node),
        Some(Token::Close) => Err(parser.error("a `)` without its `(`")),
        Some(Token::Comma) => Err(parser.error(
            "unexpected comma: use a decimal point (0.9); quote text that contains a comma",
        )),
        Some(_) => Err(parser.error("expected `and`, `or` or the end")),
    }
}

struct Parser {
    tokens: Vec<Placed>,
    next: usize,
    /// The column behind the last character.
    end: usize,
}

impl Parser {
    fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.next).map(|(_, token)| token)
    }

    fn take(&mut self) -> Option<Token> {
        let token = self.peek().cloned();
        self.next += 1;
        token
    }

    /// What is wrong with the next token.
    fn error(&self, message: impl Into<String>) -> InvalidExpression {
        let column = self.tokens.get(self.next).map_or(self.end, |(column, _)| *column);
        InvalidExpression { column, message: message.into() }
    }

    /// Takes the next token if it is this keyword.
    fn keyword(&mut self, keyword: &str) -> bool {
        let found =
            matches!(self.peek(), Some(Token::Word(word)) if word.eq_ignore_ascii_case(keyword));
        self.next += usize::from(found);
        found
    }

    fn any(&mut self, depth: usize) -> Result<Node, InvalidExpression> {
        let first = self.all(depth)?;
        let mut nodes = vec![first];
        while self.keyword("or") {
            nodes.push(self.all(depth)?);
        }
        Ok(single_or(nodes, Node::Any))
    }

    fn all(&mut self, depth: usize) -> Result<Node, InvalidExpression> {
        let first = self.not(depth)?;
        let mut nodes = vec![first];
        while self.keyword("and") {
            nodes.push(self.not(depth)?);
        }
        Ok(single_or(nodes, Node::All))
    }

    fn not(&mut self, depth: usize) -> Result<Node, InvalidExpression> {
        if depth > DEEPEST {
            return Err(self.error(format!("nested deeper than {DEEPEST}")));
        }
        if self.keyword("not") {
            return Ok(Node::Not(Box::new(self.not(depth + 1)?)));
        }
        if self.peek() == Some(&Token::Open) {
            self.next += 1;
            let inner = self.any(depth + 1)?;
            self.expect(&Token::Close, "expected `)`")?;
            return Ok(inner);
        }
        self.test()
    }

    /// A name and what is asked of it.
    fn test(&mut self) -> Result<Node, InvalidExpression> {
        let name = match self.peek() {
            Some(Token::Word(word)) if !is_keyword(word) => word.clone(),
            _ => return Err(self.error("expected a name, `not` or `(`")),
        };
        self.next += 1;
        let condition = self.condition()?;
        Ok(Node::Test { name, condition })
    }

    fn condition(&mut self) -> Result<Condition, InvalidExpression> {
        if self.keyword("is") {
            let not = self.keyword("not");
            if !self.keyword("empty") {
                let expected = if not { "expected `empty`" } else { "expected `empty` or `not`" };
                return Err(self.error(expected));
            }
            return Ok(if not { Condition::IsNotEmpty } else { Condition::IsEmpty });
        }
        if self.keyword("in") {
            return self.list().map(Condition::In);
        }
        let operator = match self.peek() {
            Some(Token::Operator(symbol)) => Operator::from_symbol(symbol),
            _ => None,
        };
        let Some(operator) = operator else {
            return Err(self.error("expected =, !=, <, <=, >, >=, ~, !~, `in` or `is`"));
        };
        self.next += 1;
        Ok(Condition::Is(operator, self.value()?))
    }

    fn list(&mut self) -> Result<Vec<Literal>, InvalidExpression> {
        self.expect(&Token::Open, "expected `(`")?;
        let mut values = vec![self.value()?];
        while self.peek() == Some(&Token::Comma) {
            self.next += 1;
            values.push(self.value()?);
        }
        self.expect(&Token::Close, "expected `,` or `)`")?;
        Ok(values)
    }

    fn value(&mut self) -> Result<Literal, InvalidExpression> {
        match self.peek() {
            Some(Token::Word(word)) if word.eq_ignore_ascii_case("empty") => {
                Err(self.error("write `is empty`, or quote the text"))
            }
            Some(Token::Word(word)) if is_keyword(word) => {
                Err(self.error(format!("expected a value; quote `{word}` if it is meant as text")))
            }
            Some(Token::Word(_) | Token::Quoted(_)) => match self.take() {
                Some(Token::Word(text) | Token::Quoted(text)) => Ok(Literal::new(text)),
                _ => Err(self.error("expected a value")),
            },
            _ => Err(self.error("expected a value")),
        }
    }

    fn expect(&mut self, token: &Token, message: &str) -> Result<(), InvalidExpression> {
        if self.peek() != Some(token) {
            return Err(self.error(message));
        }
        self.next += 1;
        Ok(())
    }
}

/// Whether the language gives this word a meaning.
pub(super) fn is_keyword(word: &str) -> bool {
    KEYWORDS.iter().any(|keyword| keyword.eq_ignore_ascii_case(word))
}

fn single_or(mut nodes: Vec<Node>, join: fn(Vec<Node>) -> Node) -> Node {
    match nodes.pop() {
        Some(only) if nodes.is_empty() => only,
        last => {
            nodes.extend(last);
            join(nodes)
        }
    }
}
