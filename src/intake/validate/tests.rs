//! What the rules of a workspace make of values.

use jiff::civil::date;
use proptest::prelude::*;

use super::*;
use domain::{FieldName, Severity};
use settings::parse;

const CONTEXT: Context = Context { today: date(2026, 2, 28) };

/// Fields of every kind that has checks, and these rules.
fn settings(rules: &str) -> Settings {
    let fields = "email phone postcode country date_of_birth date number identifier text consent"
        .split(' ')
        .map(|name| format!("[fields.{name}]\ntype='{name}'\n"))
        .collect::<String>();
    let text = format!("[workspace]\nname='w'\nregion='US'\n{fields}{rules}");
    parse(&text).unwrap_or_else(|findings| panic!("{findings:#?}"))
}

fn rule(body: &str) -> Settings {
    settings(&format!("[[rules]]\nid='r'\nseverity='error'\n{body}"))
}

/// `field=value`, `field=?value` for an unreadable one, separated by `;`.
fn values(text: &str) -> Values {
    let one = |pair: &str| {
        let (field, value) = pair.split_once('=').unwrap();
        let value = match value.strip_prefix('?') {
            Some(raw) => Value::unreadable(raw),
            None => Value::as_delivered(value),
        };
        (FieldName::new(field), value)
    };
    text.split(';').filter(|pair| !pair.is_empty()).map(one).collect()
}

#[test]
fn what_cannot_be_read_is_not_told_in_the_words_of_a_rule_about_what_can() {
    let settings = settings::parse(
        "[workspace]\nname='a'\n[fields.born]\ntype='date_of_birth'\n[fields.limit]\ntype='number'\n\
         [sources.s]\nkey='id'\nmap={born='b', limit='l'}\n\
         [[rules]]\nid='r'\nfield='born'\ncheck='range'\nmin='1900-01-01'\nmessage='too old'\n\
         [[rules]]\nid='n'\nfield='limit'\ncheck='range'\nmin=1\nmessage='too low'\n",
    )
    .unwrap();
    for (born, limit, expected) in [
        (
            Value::unreadable("soon"),
            Value::as_delivered("0"),
            "could not be read as a date, too low",
        ),
        (
            Value::unreadable(" --04-25"),
            Value::unreadable("much"),
            "it has no year, and could not be read as a date, could not be read as a number",
        ),
        (Value::as_delivered("1800-01-01"), Value::as_delivered("2"), "too old"),
    ] {
        let mut values = Values::new();
        values.set("born".into(), born);
        values.set("limit".into(), limit);
        let context = Context { today: jiff::civil::date(2026, 1, 1) };
        let told = violations(&settings, &values, &context);
        let told: Vec<String> = told.into_iter().map(|broken| broken.message).collect();
        assert_eq!(told.join(", "), expected);
    }
}

#[test]
fn each_check_holds_and_breaks() {
    for (body, sound, broken) in [
        ("field='email'\ncheck='required'", &["email=x"][..], &["", "text=x", "email= "][..]),
        ("field='phone'\ncheck='format'", &["", "phone=+12175550104"], &["phone=?217"]),
        (
            "field='email'\ncheck='format'",
            &["", "email=ada@example.com"],
            &["email=?ada", "email=ada@gmial.com", "email=ada@acme.con"],
        ),
        ("field='text'\ncheck='one_of'\nvalues=['A', 2]", &["", "text=a", "text=2"], &["text=b"]),
        (
            "field='number'\ncheck='range'\nmin=-1\nmax=2.5",
            &["", "number=-1", "number=2.5"],
            &["number=2.6", "number=-2", "number=?many"],
        ),
        (
            "field='date'\ncheck='range'\nmin='1900-01-01'\nmax='today'",
            &["", "date=1900-01-01", "date=2026-02-28"],
            &["date=1899-12-31", "date=2026-03-01", "date=?soon"],
        ),
        (
            "field='date_of_birth'\ncheck='range'\nmax='today-18y'",
            &["date_of_birth=2008-02-28"],
            &["date_of_birth=2008-02-29"],
        ),
        (
            "field='identifier'\ncheck='pattern'\npattern='[A-Z]{2}[0-9]+'",
            &["", "identifier=DE12"],
            &["identifier=DE12X", "identifier=12"],
        ),
        (
            "field='date_of_birth'\ncheck='compare'\nother='date'\ncomparison='<'",
            &[
                "date=2000-01-01",
                "date_of_birth=1999-12-31;date=2000-01-01",
                "date_of_birth=?x;date=2000-01-01",
                "date_of_birth=1999-12-31",
            ],
            &["date_of_birth=2000-01-01;date=2000-01-01"],
        ),
        (
            "field='text'\ncheck='compare'\nother='identifier'\ncomparison='!='",
            &["text=a;identifier=b"],
            &["text=a;identifier=A"],
        ),
        ("field='text'\ncheck='not_default'", &["", "text=word"], &["text=N/A", "text=?unknown"]),
        (
            "field='email'\ncheck='required'\nwhen='country = US'",
            &["country=DE", ""],
            &["country=US"],
        ),
    ] {
        let settings = rule(body);
        for text in sound {
            assert_eq!(violations(&settings, &values(text), &CONTEXT), [], "{body}: {text}");
            assert!(!breaks(&settings, Severity::Error, &values(text), &CONTEXT), "{text}");
        }
        for text in broken {
            let found = violations(&settings, &values(text), &CONTEXT);
            assert_eq!(found.len(), 1, "{body}: {text}");
            assert_eq!((found[0].rule.as_str(), found[0].severity), ("r", Severity::Error));
            assert!(breaks(&settings, Severity::Error, &values(text), &CONTEXT), "{text}");
            assert!(!breaks(&settings, Severity::Warn, &values(text), &CONTEXT), "{text}");
        }
    }
}

#[test]
fn suggests_what_was_probably_meant() {
    for (body, text, expected) in [
        ("field='email'\ncheck='format'", "email=ada@gmial.com", Some("ada@gmail.com")),
        ("field='email'\ncheck='format'", "email=?ada@example,com", Some("ada@example.com")),
        ("field='email'\ncheck='format'", "email=?ada", None),
        ("field='email'\ncheck='required'", "", None),
        ("field='date'\ncheck='format'", "date=?1984-31-12", Some("1984-12-31")),
        ("field='date'\ncheck='range'\nmax='today'", "date=2026-12-02", Some("2026-02-12")),
        ("field='date'\ncheck='range'\nmax='today'", "date=2027-12-02", None),
        ("field='phone'\ncheck='format'", "phone=?217 555 O1O4", Some("+12175550104")),
        ("field='phone'\ncheck='format'", "phone=?030 555 0104;country=DE", Some("+49305550104")),
        ("field='phone'\ncheck='format'", "phone=?4.47912E+11;country=GB", None),
        (
            "field='phone'\ncheck='format'",
            "phone=?4.42079460104E+11;country=GB",
            Some("+442079460104"),
        ),
        ("field='phone'\ncheck='format'", "phone=?#####", None),
        ("field='phone'\ncheck='format'", "phone=?305550104.0;country=DE", Some("+49305550104")),
        ("field='identifier'\ncheck='format'", "identifier=?1.23457E+11", None),
        ("field='identifier'\ncheck='format'", "identifier=?1.23457E+05", Some("123457")),
        ("field='identifier'\ncheck='format'", "identifier=?#REF!", None),
        ("field='date'\ncheck='format'", "date=?43831", Some("2020-01-01")),
        ("field='date'\ncheck='range'\nmax='today'", "date=?45500.5", Some("2024-07-27")),
        ("field='date'\ncheck='range'\nmin='2025-01-01'", "date=?44200", Some("2025-01-05")),
        ("field='date'\ncheck='format'", "date=?0000-00-00", None),
        ("field='date_of_birth'\ncheck='format'", "date_of_birth=?30745", Some("1984-03-04")),
        ("field='date_of_birth'\ncheck='format'", "date_of_birth=?1900-01-00", None),
        ("field='postcode'\ncheck='format'", "postcode=?2138", Some("02138")),
        ("field='postcode'\ncheck='format'", "postcode=?2138.0", Some("02138")),
        ("field='postcode'\ncheck='format'", "postcode=?1067;country=DE", Some("01067")),
        ("field='postcode'\ncheck='format'", "postcode=?627O4", Some("62704")),
        ("field='postcode'\ncheck='format'", "postcode=?KIA OBI;country=CA", Some("K1A 0B1")),
        (
            "field='identifier'\ncheck='pattern'\npattern='[A-Z]{2}[0-9]+'",
            "identifier=BO1O2",
            Some("BO102"),
        ),
        ("field='text'\ncheck='one_of'\nvalues=['gold','silver']", "text=sliver", Some("silver")),
        ("field='text'\ncheck='one_of'\nvalues=['cart','card']", "text=carx", None),
    ] {
        let found = violations(&rule(body), &values(text), &CONTEXT);
        assert_eq!(found.len(), 1, "{body}: {text}");
        assert_eq!(found[0].suggestion.as_deref(), expected, "{body}: {text}");
    }
}

#[test]
fn unique_values_are_readable_and_apply() {
    let settings = rule("field='email'\ncheck='unique'\nwhen='country = US'");
    let unique = |text: &str| {
        let values = values(text);
        let found = unique_values(&settings, &values);
        found.iter().map(|(rule, value)| format!("{} {value}", rule.id)).collect::<Vec<_>>()
    };
    assert_eq!(unique("email=ada@example.com;country=US"), ["r ada@example.com"]);
    assert!(unique("email=ada@example.com;country=DE").is_empty());
    assert!(unique("email=?ada;country=US").is_empty());
    assert!(unique("country=US").is_empty());
    assert_eq!(violations(&settings, &values("email=?ada;country=US"), &CONTEXT), []);
    assert_eq!(unique_violation(&settings.rules[0]).message, "another customer has the same email");
}

#[test]
fn stale_after_its_last_day() {
    let settings = rule("field='email'\ncheck='fresh'\ndays=10");
    let now: Timestamp = "2026-03-11T12:00:00Z".parse().unwrap();
    let count = |text: &str, updated: Option<&str>| {
        let updated = updated.map(|updated| updated.parse().unwrap());
        stale(&settings, &values(text), updated, now).len()
    };
    assert_eq!(count("email=x", Some("2026-03-01T12:00:00Z")), 0);
    assert_eq!(count("email=x", Some("2026-03-01T11:59:59Z")), 1);
    assert_eq!(count("email=x", Some("2026-04-01T12:00:00Z")), 0);
    assert_eq!(count("email=x", None), 0);
    assert_eq!(count("text=x", Some("2020-03-01T12:00:00Z")), 0);
    assert_eq!(violations(&settings, &values("email=x"), &CONTEXT), []);
}

fn broken_texts() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-z]{1,3}[@,.]{1,3}(gmial|gmail|yaho|exmaple|acme)[.,]{1,2}(com|con|net|ocm)",
        "[0-9]{1,4}[-/. ][0-9OIl]{1,2}[-/. ][0-9]{1,4}",
        "[+0-9OIl() -]{6,16}",
        "[A-Z0-9OIl]{3,8}",
        "(gold|sliver|glod|silve)",
        "\\PC{1,12}",
    ]
}

proptest! {
    /// A suggestion, once applied, no longer breaks the rule, and says something new.
    #[test]
    fn a_suggestion_mends_its_breach(
        text in broken_texts(),
        readable in any::<bool>(),
        country in prop_oneof![Just("US"), Just("DE"), Just("GB"), Just("CA")],
        field in prop_oneof![
            Just("email\ncheck='format'"), Just("date\ncheck='range'\nmax='today'"),
            Just("phone\ncheck='format'"), Just("postcode\ncheck='format'"),
            Just("postcode\ncheck='pattern'\npattern='[0-9]{5}'"),
            Just("identifier\ncheck='pattern'\npattern='[A-Z]+[0-9]{2,}'"),
            Just("text\ncheck='one_of'\nvalues=['gold','silver']"),
        ],
    ) {
        let settings = rule(&format!("field='{}", field.replacen('\n', "'\n", 1)));
        let value = if readable { Value::as_delivered(&text) } else { Value::unreadable(&text) };
        let name = settings.rules[0].field.clone();
        let mut values: Values = [(FieldName::new("country"), Value::as_delivered(country))]
            .into_iter().collect();
        values.set(name.clone(), value);
        for violation in violations(&settings, &values, &CONTEXT) {
            let Some(suggestion) = violation.suggestion else { continue };
            prop_assert_ne!(&suggestion, &text);
            values.set(name.clone(), Value::as_delivered(suggestion));
            prop_assert_eq!(violations(&settings, &values, &CONTEXT), []);
        }
    }
}

#[test]
fn what_a_code_list_does_not_hold_breaks_format_with_near_words_suggested() {
    let settings = settings(
        "[fields.status]\ntype='category'\n[codes.status]\nA='active'\nI='inactive'\nB='blue'\n\
         G='glue'\n[[rules]]\nid='status-listed'\nfield='status'\ncheck='format'\n",
    );
    for (value, broken, suggestion, alternatives) in [
        ("status=active", false, None, &[][..]),
        ("status=?activ", true, Some("active"), &[]),
        ("status=?inactiv", true, Some("inactive"), &[]),
        ("status=?clue", true, None, &["blue", "glue"]),
        ("status=?X", true, None, &[]),
        ("", false, None, &[]),
    ] {
        let found = violations(&settings, &values(value), &CONTEXT);
        assert_eq!(!found.is_empty(), broken, "{value}");
        let first = found.first();
        assert_eq!(first.and_then(|it| it.suggestion.as_deref()), suggestion, "{value}");
        let told = first.map_or(&[][..], |it| it.alternatives.as_slice());
        assert_eq!(told, alternatives, "{value}");
    }
}
