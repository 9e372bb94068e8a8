//! What makes somebody else of a record, and what does not.

use crate::{identity_change, is_named_alike};
use domain::{FieldName, Value, Values};
use settings::{Settings, parse};

fn settings(rules: &str) -> Settings {
    let types = [
        ("given", "given_name"),
        ("family", "family_name"),
        ("firm", "organisation_name"),
        ("born", "date_of_birth"),
        ("email", "email"),
        ("phone", "phone"),
        ("ssn", "national_id"),
        ("vat", "identifier"),
        ("street", "street"),
        ("note", "text"),
    ];
    let fields: String =
        types.iter().map(|(name, own)| format!("[fields.{name}]\ntype='{own}'\n")).collect();
    let text = format!(
        "[workspace]\nname='w'\nregion='US'\n{fields}\
         [sources.a]\nkey='id'\nmap={{given='g'}}\n{rules}"
    );
    parse(&text).unwrap_or_else(|findings| panic!("{findings:#?}"))
}

fn record(text: &str) -> Values {
    let pairs = text.split(';').filter_map(|pair| pair.split_once('='));
    pairs
        .map(|(field, value)| match value.strip_prefix('?') {
            Some(raw) => (FieldName::new(field), Value::unreadable(raw)),
            None => (FieldName::new(field), Value::as_delivered(value)),
        })
        .collect()
}

fn says(settings: &Settings, former: &str, delivered: &str) -> Vec<&'static str> {
    let (former, delivered) = (record(former), record(delivered));
    let says =
        |one, other| identity_change(settings, one, other).map_or_else(Vec::new, |it| it.says);
    assert_eq!(says(&former, &delivered), says(&delivered, &former), "the other way round");
    says(&former, &delivered)
}

#[test]
fn another_customer_is_seen() {
    let settings = settings("");
    for (former, delivered, expected) in [
        // A reused key, all other.
        (
            "given=Anna;family=Berger;born=1980-02-03;email=anna@a.example",
            "given=Marcus;family=Holloway;born=1962-11-27;email=mh@b.example",
            &["name", "date of birth"][..],
        ),
        // Brother and sister, or mother and daughter, of one mailbox.
        (
            "given=Anna;family=Berger;born=1980-02-03;email=berger@a.example",
            "given=Felix;family=Berger;born=1983-07-19;email=berger@a.example",
            &["name", "date of birth"],
        ),
        // Another of the same given name, and nothing in common beside it.
        (
            "given=Maria;family=Lopez;born=1980-02-03;phone=+12025550143",
            "given=Maria;family=Schneider;born=1991-12-24;phone=+12025550199",
            &["name", "date of birth"],
        ),
        // No date of birth, and nothing speaks for the same person.
        ("given=Anna;family=Berger", "given=Marcus;family=Holloway", &["name"]),
        ("given=Anna;family=Berger;born=1980-02-03", "given=Marcus;family=Holloway", &["name"]),
        // A date that says nothing.
        (
            "given=Anna;family=Berger;born=1980-02-03",
            "given=Marcus;family=Holloway;born=1900-01-01",
            &["name"],
        ),
        // A number that a state issued, whatever else agrees.
        (
            "given=Anna;family=Berger;ssn=536-22-1874",
            "given=Anna;family=Berger;ssn=219-09-9933",
            &["national id"],
        ),
        (
            "given=Anna;family=Berger;born=1980-02-03;ssn=536-22-1874",
            "given=Marcus;family=Holloway;born=1962-11-27;ssn=219-09-9933",
            &["national id"],
        ),
        // Organisations.
        ("firm=Northwind Traders;vat=DE318204975", "firm=Globex;vat=DE987610044", &["identifier"]),
        ("firm=Northwind Traders", "firm=Globex Corporation", &["organisation"]),
        (
            "firm=Northwind Traders;email=hello@northwind.example",
            "firm=Globex Corporation;email=hello@globex.example",
            &["organisation"],
        ),
    ] {
        assert_eq!(says(&settings, former, delivered), expected, "{former} -> {delivered}");
    }
}

#[test]
fn the_same_customer_is_left_alone() {
    let settings = settings("");
    for (former, delivered) in [
        // A slip, in each part.
        ("given=Anna;family=Berger;born=1980-02-03", "given=Ana;family=Bergher;born=1980-03-02"),
        ("given=Jonathan;family=Smith", "given=Jonathon;family=Smyth"),
        // A nickname, an initial, a further name.
        ("given=Robert;family=Miller;born=1971-06-24", "given=Bob;family=Miller;born=1971-06-24"),
        ("given=Robert;family=Miller", "given=R.;family=Miller"),
        ("given=Anna;family=Berger", "given=Anna Maria;family=Berger"),
        // Who marries keeps given name and date of birth.
        ("given=Anna;family=Berger;born=1980-02-03", "given=Anna;family=Holloway;born=1980-02-03"),
        ("given=Anna;family=Berger", "given=Anna;family=Holloway"),
        ("given=Anna;family=Berger", "given=Anna;family=Berger-Holloway"),
        // Another name altogether, and the same date of birth.
        (
            "given=Anna;family=Berger;born=1980-02-03",
            "given=Marcus;family=Holloway;born=1980-02-03",
        ),
        // Swapped.
        ("given=Anna;family=Berger;born=1980-02-03", "given=Berger;family=Anna;born=1980-02-03"),
        ("given=Anna;family=Berger", "given=Berger;family=Anna"),
        // In another script.
        ("given=Иван;family=Петров;born=1980-02-03", "given=Ivan;family=Petrov;born=1980-02-03"),
        ("given=Иван;family=Петров", "given=Ivan;family=Petrov"),
        ("given=伟;family=王", "given=Wei;family=Wang"),
        // The date alone: a correction.
        ("given=Anna;family=Berger;born=1980-02-03", "given=Anna;family=Berger;born=1962-11-27"),
        // A placeholder, and a missing value that came or went.
        ("given=Anna;family=Berger;born=1900-01-01", "given=Anna;family=Berger;born=1980-02-03"),
        ("given=Anna;family=Berger;born=1980-02-03", "given=Anna;family=Berger"),
        ("family=Berger", "given=Anna;family=Berger;born=1980-02-03"),
        ("born=1980-02-03", "given=Anna;family=Berger;born=1980-02-03"),
        // What could not be read says nothing.
        ("given=Anna;family=Berger;born=?3.2.80", "given=Anna;family=Berger;born=1962-11-27"),
        ("given=Anna;family=Berger;ssn=?n/a", "given=Anna;family=Berger;ssn=219-09-9933"),
        // A digit or two of a number.
        ("given=Anna;family=Berger;ssn=536-22-1874", "given=Anna;family=Berger;ssn=536-22-1847"),
        // Another name, still reached as before.
        (
            "given=Anna;family=Berger;email=anna@a.example",
            "given=Marcus;family=Holloway;email=anna@a.example",
        ),
        (
            "given=Anna;family=Berger;ssn=536-22-1874",
            "given=Marcus;family=Holloway;ssn=536-22-1874",
        ),
        // The contact of a company was replaced.
        (
            "given=Anna;family=Berger;firm=Northwind Traders",
            "given=Marcus;family=Holloway;firm=Northwind Traders",
        ),
        // Only other things changed.
        (
            "given=Anna;family=Berger;email=anna@a.example;phone=+12025550143;note=x",
            "given=Anna;family=Berger;email=ab@b.example;phone=+12025550199;note=y",
        ),
        // Organisations: renamed, another legal form, part of the name, a slip in the number.
        ("firm=Northwind Traders;vat=DE318204975", "firm=Globex;vat=DE318204975"),
        ("firm=Northwind Traders GmbH", "firm=Northwind Traders AG"),
        ("firm=Northwind Traders", "firm=Northwind"),
        ("firm=Northwind Traders;vat=DE318204975", "firm=Northwind Traders;vat=DE318204957"),
        ("firm=Northwind Traders;phone=+12025550143", "firm=Globex Corporation;phone=+12025550143"),
        // A trader who registers a company.
        ("given=Anna;family=Berger", "firm=Berger Consulting Ltd"),
    ] {
        let nothing: &[&str] = &[];
        assert_eq!(says(&settings, former, delivered), nothing, "{former} -> {delivered}");
    }
}

#[test]
fn a_number_that_a_rule_says_a_customer_is_known_by_counts_as_issued() {
    let (former, delivered) =
        ("given=Anna;family=Berger;vat=1804974", "given=Anna;family=Berger;vat=9907132");
    assert!(says(&settings(""), former, delivered).is_empty());
    let strong = settings("[matching]\n[[matching.rules]]\nsame=['vat']\n");
    assert_eq!(says(&strong, former, delivered), ["identifier"]);
    let slip = "given=Anna;family=Berger;vat=1804947";
    assert!(says(&strong, former, slip).is_empty());
    // Only together with another field.
    let weak = settings("[matching]\n[[matching.rules]]\nsame=['vat', 'born']\n");
    assert!(says(&weak, former, delivered).is_empty());
}

#[test]
fn whoever_is_named_in_the_same_words_is_named_alike() {
    let settings = settings("");
    let (one, moved) = (record("given=Anna;street=A 1"), record("given=Anna;street=B 2"));
    assert!(is_named_alike(&settings, &one, &moved));
    assert!(!is_named_alike(&settings, &one, &record("given=Ann;street=A 1")));
}
