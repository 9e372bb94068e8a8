//! Values that a name can never have: `kind = dup`, `score > abc`. Each is told with what was probably
//! meant, since a filter that never holds looks like an answer.

use super::{Condition, Expression, InvalidExpression, Literal, Node, Operator, number};
use crate::nearest;

/// What a name's values are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Expected<'a> {
    /// Anything.
    Text,
    /// A number.
    Number,
    /// A day or a time, as far as it is written: `2026`, `2026-03`, `2026-03-02`.
    Day,
    /// One of these words.
    OneOf(&'a [&'a str]),
    /// An id that looks like this one: `T9`.
    Id(&'a str),
}

impl Expression {
    /// Refuses the first name that is none, and the first value that its name can never have.
    ///
    /// # Errors
    /// Where it stands, and what was probably meant.
    pub fn check<'a>(
        &self,
        thing: &str,
        names: &[&str],
        expected: &dyn Fn(&str) -> Expected<'a>,
    ) -> Result<(), InvalidExpression> {
        let at = |name: &str| self.place_of(name).unwrap_or(1);
        for name in self.names() {
            if !names.contains(&name) {
                let meant = meant(name, names.iter().copied());
                let list = names.join(", ");
                let message = format!("{thing} have no `{name}`{meant}; they have {list}");
                return Err(InvalidExpression { column: at(name), message });
            }
        }
        self.root.check(&mut |name, operator, literal| {
            wrong(expected(name), name, operator, literal)
                .map_or(Ok(()), |message| Err(InvalidExpression { column: at(name), message }))
        })
    }

    /// The expression without its values, but for those of the names that `keeps` says may be told.
    #[must_use]
    pub fn shape(&self, keeps: &dyn Fn(&str) -> bool) -> String {
        let mut bare = self.root.clone();
        bare.hide(keeps);
        bare.to_string()
    }
}

type Judge<'j> = dyn FnMut(&str, Operator, &Literal) -> Result<(), InvalidExpression> + 'j;

impl Node {
    fn check(&self, judge: &mut Judge<'_>) -> Result<(), InvalidExpression> {
        match self {
            Node::All(nodes) | Node::Any(nodes) => {
                nodes.iter().try_for_each(|node| node.check(judge))
            }
            Node::Not(node) => node.check(judge),
            Node::Test { name, condition } => match condition {
                Condition::IsEmpty | Condition::IsNotEmpty => Ok(()),
                Condition::Is(operator, literal) => judge(name, *operator, literal),
                Condition::In(literals) => {
                    literals.iter().try_for_each(|literal| judge(name, Operator::Equal, literal))
                }
            },
        }
    }

    fn hide(&mut self, keeps: &dyn Fn(&str) -> bool) {
        match self {
            Node::All(nodes) | Node::Any(nodes) => {
                nodes.iter_mut().for_each(|node| node.hide(keeps));
            }
            Node::Not(node) => node.hide(keeps),
            Node::Test { name, .. } if keeps(name) => {}
            Node::Test { condition, .. } => match condition {
                Condition::IsEmpty | Condition::IsNotEmpty => {}
                Condition::Is(_, literal) => *literal = Literal::new("...".to_owned()),
                Condition::In(literals) => *literals = vec![Literal::new("...".to_owned())],
            },
        }
    }
}

/// What is wrong with a value, if it can never be met.
fn wrong(
    expected: Expected<'_>,
    name: &str,
    operator: Operator,
    literal: &Literal,
) -> Option<String> {
    let text = literal.text.as_str();
    let sign = operator.symbol();
    match (expected, operator) {
        (Expected::Number, Operator::Contains | Operator::ContainsNot) => {
            Some(format!("`{name}` is a number: compare it with = or >=, not with {sign}"))
        }
        // A part of a text may be any text.
        (_, Operator::Contains | Operator::ContainsNot) | (Expected::Text, _) => None,
        (
            Expected::OneOf(_) | Expected::Id(_),
            Operator::Less | Operator::LessOrEqual | Operator::Greater | Operator::GreaterOrEqual,
        ) => Some(format!("`{name}` has no order: compare it with = or in (...), not with {sign}")),
        (Expected::Number, _) => literal
            .number
            .is_none()
            .then(|| format!("`{name}` takes a number, not `{text}`{}", decimal(text))),
        (Expected::Day, _) => (!is_day(text))
            .then(|| format!("`{name}` takes a date such as 2026-03-02, not `{text}`")),
        (Expected::Id(like), _) => (!is_id(text, like))
            .then(|| format!("`{name}` takes an id such as {like}, not `{text}`")),
        (Expected::OneOf(known), _) => {
            let is_known = known.iter().any(|word| word.eq_ignore_ascii_case(text));
            (!is_known).then(|| never(name, text, known))
        }
    }
}

/// That a name never has that value, what was probably meant, and what it can have.
fn never(name: &str, text: &str, known: &[&str]) -> String {
    /// So many words are listed.
    const FEW: usize = 30;
    let listed = known.iter().take(FEW).copied().collect::<Vec<_>>().join(", ");
    let more = if known.len() > FEW { ", ..." } else { "" };
    match (known, probable(text, known.iter().copied())) {
        ([], _) => format!("`{name}` cannot be `{text}`: there is none here"),
        (_, Some(word)) => {
            format!("`{name}` cannot be `{text}`; did you mean {word}? It is one of {listed}{more}")
        }
        (_, None) => format!("`{name}` cannot be `{text}`; it is one of {listed}{more}"),
    }
}

/// `T47` and `t47` are ids like `T9`.
fn is_id(text: &str, like: &str) -> bool {
    let letter = like.get(..1).unwrap_or_default();
    let begin = text.get(..letter.len());
    let number = text.get(letter.len()..).unwrap_or_default();
    begin.is_some_and(|begin| begin.eq_ignore_ascii_case(letter))
        && !number.is_empty()
        && number.bytes().all(|byte| byte.is_ascii_digit())
}

/// Refuses the first text that a name is asked to be equal to and that is none of what is known.
///
/// # Errors
/// Where the name stands, and what was probably meant.
pub fn must_be_known(
    expression: &Expression,
    name: &str,
    known: &[&str],
) -> Result<(), InvalidExpression> {
    let column = expression.place_of(name).unwrap_or(1);
    let wrong = |text: &&str| {
        let literal = Literal::new((*text).to_owned());
        wrong(Expected::OneOf(known), name, Operator::Equal, &literal)
    };
    match expression.equals(name).iter().find_map(wrong) {
        Some(message) => Err(InvalidExpression { column, message }),
        None => Ok(()),
    }
}

/// ` (did you mean duplicate?)`, where that can be told.
fn meant<'k>(text: &str, known: impl Iterator<Item = &'k str> + Clone) -> String {
    probable(text, known).map_or_else(String::new, |word| format!(" (did you mean {word}?)"))
}

/// What was probably meant: by how it begins, else by a slip of the keys.
fn probable<'k>(text: &str, known: impl Iterator<Item = &'k str> + Clone) -> Option<&'k str> {
    let begins = |word: &str| {
        let start = word.get(..text.len());
        !text.is_empty() && start.is_some_and(|start| start.eq_ignore_ascii_case(text))
    };
    let mut begun = known.clone().filter(|word| begins(word));
    let by_beginning = begun.next().filter(|_| begun.next().is_none());
    by_beginning.or_else(|| nearest::name(text, known))
}

/// What a number in the hand of another country, or of a percentage, was meant to be.
fn decimal(text: &str) -> String {
    let point = text.trim_end_matches('%').replace(',', ".");
    match number(&point) {
        Some(share) if text.ends_with('%') => format!(" (did you mean {}?)", share / 100.0),
        Some(_) => format!(" (did you mean {point}?)"),
        None => String::new(),
    }
}

/// `2026`, `2026-03`, `2026-03-02`, and a time after it.
fn is_day(text: &str) -> bool {
    let (day, time) = text.split_once(['T', ' ']).map_or((text, None), |(a, b)| (a, Some(b)));
    let parts: Vec<&str> = day.split('-').collect();
    let digits =
        |part: &str, count| part.len() == count && part.bytes().all(|it| it.is_ascii_digit());
    let within = |part: &str, most: u8| {
        digits(part, 2) && part.parse::<u8>().is_ok_and(|number| (1..=most).contains(&number))
    };
    let is_day = match parts.as_slice() {
        [year] => digits(year, 4),
        [year, month] => digits(year, 4) && within(month, 12),
        [year, month, day] => digits(year, 4) && within(month, 12) && within(day, 31),
        _ => false,
    };
    is_day
        && time
            .is_none_or(|time| parts.len() == 3 && time.starts_with(|it: char| it.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const KINDS: [&str; 3] = ["duplicate", "invalid", "challenge"];

    fn check(text: &str) -> Result<(), String> {
        let expression = Expression::parse(text).unwrap();
        let names = ["id", "kind", "score", "opened", "subject"];
        let expected = |name: &str| match name {
            "kind" => Expected::OneOf(&KINDS),
            "id" => Expected::Id("T9"),
            "score" => Expected::Number,
            "opened" => Expected::Day,
            _ => Expected::Text,
        };
        expression.check("tasks", &names, &expected).map_err(|error| error.to_string())
    }

    #[test]
    fn a_value_that_can_never_be_met_is_told_with_what_was_meant() {
        for (text, says) in [
            ("kind = dup", "did you mean duplicate?"),
            ("kind != challange", "did you mean challenge?"),
            ("kind in (invalid, dupl)", "did you mean duplicate?"),
            ("not (kind = xyz)", "it is one of duplicate, invalid, challenge"),
            ("score > abc", "`score` takes a number, not `abc`"),
            ("score ~ 0.9", "compare it with = or >=, not with ~"),
            ("score !~ 9", "not with !~"),
            ("kind > duplicate", "`kind` has no order"),
            ("not kind <= challenge", "not with <="),
            ("id > T4", "`id` has no order"),
            ("score > '0,9'", "did you mean 0.9?"),
            ("score >= 90%", "did you mean 0.9?"),
            ("opened > yesterday", "such as 2026-03-02"),
            ("opened > 2026-13-01", "such as 2026-03-02"),
            ("opened > 02.03.2026", "such as 2026-03-02"),
            ("sbject ~ pace", "did you mean subject?"),
            ("id = 47", "column 1: `id` takes an id such as T9, not `47`"),
            ("id in (T4, C4)", "such as T9"),
            ("colour = red", "tasks have no `colour`; they have id, kind, score, opened, subject"),
        ] {
            let error = check(text).expect_err(text);
            assert!(error.contains(says), "{text}: {error}");
        }
    }

    #[test]
    fn what_may_be_met_is_let_through() {
        for text in [
            "kind = DUPLICATE",
            "kind ~ dup",
            "kind !~ dup",
            "kind is empty",
            "id = T47 or id = t4 or id ~ 4",
            "score > -1.5 or score in (0.5, 1)",
            "opened >= 2026 and opened < 2026-03 and opened != 2026-03-02T14:00",
            "subject = dup",
        ] {
            assert_eq!(check(text), Ok(()), "{text}");
        }
    }

    #[test]
    fn a_shape_has_no_value_but_those_that_may_be_told() {
        let text = "kind = invalid and (subject ~ pace or not subject in (a, \"b c\"))";
        let shape = Expression::parse(text).unwrap().shape(&|name| name == "kind");
        assert_eq!(shape, "kind = invalid and (subject ~ ... or not subject in (...))");
        assert!(Expression::parse(&shape).is_ok());
    }
}
