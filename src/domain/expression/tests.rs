//! What the expression language promises.

use proptest::prelude::*;

use super::*;

/// Holds with country=US, score=0.9, email absent, city="New York", since=2026-03-01, code=007.
fn holds(text: &str) -> bool {
    let expression = Expression::parse(text).unwrap_or_else(|error| panic!("{text}: {error}"));
    expression.holds(&|name| {
        Some(Cow::Borrowed(match name {
            "country" => "US",
            "score" => "0.9",
            "city" => "New York",
            "since" => "2026-03-01",
            "code" => "007",
            "blank" => "  ",
            "count" => "10",
            _ => return None,
        }))
    })
}

#[test]
fn each_operator_means_what_it_says() {
    for (text, expected) in [
        ("country = us", true),
        ("country != US", false),
        ("country in (DE, us)", true),
        ("country in (DE)", false),
        ("city ~ york", true),
        ("city !~ york", false),
        ("city !~ bonn", true),
        ("city!~bonn", true),
        ("not city !~ york", true),
        ("city = 'new york'", true),
        ("count > 9", true),
        ("count > '9'", true),
        ("count <= 10.0", true),
        ("count = -10", false),
        ("code = 7", false),
        ("code = 007", true),
        ("score >= 0.9", true),
        ("since < 2026-12-01", true),
        ("since >= 2026-03-02", false),
    ] {
        assert_eq!(holds(text), expected, "{text}");
    }
}

#[test]
fn an_absent_or_blank_value_is_empty_and_equals_nothing() {
    for name in ["email", "blank"] {
        for (rest, expected) in [
            ("is empty", true),
            ("is not empty", false),
            ("= x", false),
            ("!= x", true),
            ("< x", false),
            (">= x", false),
            ("~ ''", false),
            ("!~ x", true),
            ("in (x, '')", false),
        ] {
            assert_eq!(holds(&format!("{name} {rest}")), expected, "{name} {rest}");
        }
    }
}

#[test]
fn and_binds_tighter_than_or_and_not_tighter_than_both() {
    assert!(holds("country = US or country = DE and email = x"));
    assert!(!holds("(country = US or country = DE) and email = x"));
    assert!(holds("not country = DE and country = US"));
    assert!(holds("country = US AND (email IS EMPTY or score >= 0.9)"));
    assert!(!holds("not not country = DE"));
}

#[test]
fn names_come_once_each() {
    let text = "a = 1 and (b is empty or not a in (c, d)) or e ~ f";
    assert_eq!(Expression::parse(text).unwrap().names(), ["a", "b", "e"]);
}

#[test]
fn errors_name_the_column_and_what_is_expected() {
    for (text, expected) in [
        ("", "column 1: expected a name, `not` or `(`"),
        ("country", "column 8: expected =, !=, <, <=, >, >=, ~, !~, `in` or `is`"),
        ("country = ", "column 11: expected a value"),
        ("ü = 'x", "column 5: unclosed quote '"),
        ("(a = 1", "column 7: expected `)`"),
        ("a = 1)", "column 6: a `)` without its `(`"),
        ("a = 1 b = 2", "column 7: expected `and`, `or` or the end"),
        (
            "a > 0,9",
            "column 6: unexpected comma: use a decimal point (0.9); quote text that contains a comma",
        ),
        ("a is full", "column 6: expected `empty` or `not`"),
        ("a = empty", "column 5: write `is empty`, or quote the text"),
        ("a = and", "column 5: expected a value; quote `and` if it is meant as text"),
        ("a ! 1", "column 3: unexpected `!`"),
        ("a in (1 2)", "column 9: expected `,` or `)`"),
    ] {
        assert_eq!(Expression::parse(text).unwrap_err().to_string(), expected, "{text}");
    }
    let deep = format!("{}a = 1", "not ".repeat(100_000));
    assert!(Expression::parse(&deep).unwrap_err().message.contains("nested"));
}

fn literals() -> impl Strategy<Value = Literal> {
    ".{0,6}".prop_map(Literal::new)
}

fn nodes() -> impl Strategy<Value = Node> {
    let condition = prop_oneof![
        Just(Condition::IsEmpty),
        Just(Condition::IsNotEmpty),
        (0..Operator::ALL.len(), literals())
            .prop_map(|(at, literal)| Condition::Is(Operator::ALL[at], literal)),
        prop::collection::vec(literals(), 1..4).prop_map(Condition::In),
    ];
    let test =
        ("[a-d_]{1,3}x", condition).prop_map(|(name, condition)| Node::Test { name, condition });
    test.prop_recursive(4, 24, 3, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 2..4).prop_map(Node::All),
            prop::collection::vec(inner.clone(), 2..4).prop_map(Node::Any),
            inner.prop_map(|node| Node::Not(Box::new(node))),
        ]
    })
}

proptest! {
    #[test]
    fn no_text_panics(text in "\\PC{0,40}", other in "[ab()=!<>~,'\" .innotisemptyandor0-9]{0,40}") {
        let _ = Expression::parse(&text);
        let _ = Expression::parse(&other);
    }

    #[test]
    fn what_is_printed_is_read_back_the_same(node in nodes()) {
        let printed = node.to_string();
        prop_assert_eq!(parser::parse(&printed), Ok(node), "{}", printed);
    }

    #[test]
    fn not_equal_is_the_negation_of_equal(value in "\\PC{0,4}|[0-9.]{1,4}", literal in literals()) {
        let lookup = |_: &str| Asked::One(Cow::Borrowed(value.as_str()));
        let test = |operator| {
            let condition = Condition::Is(operator, literal.clone());
            Node::Test { name: "a".to_owned(), condition }.holds(&lookup)
        };
        prop_assert_ne!(test(Operator::Equal), test(Operator::NotEqual));
    }
}
