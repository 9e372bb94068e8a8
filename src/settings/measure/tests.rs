//! What `[measures.*]` and `[segments.*]` may say, and how their mistakes are told.

use super::*;
use crate::{Settings, explain, parse, told};

const BASE: &str = r#"[workspace]
name = "acme"
region = "us"
[purposes.newsletter]
basis = "contract"
[fields.email]
type = "email"
keep = { columns = 1 }
[fields.visits]
type = "number"
[fields.since]
type = "date"
[fields.consent]
type = "consent"
[sources.shop]
key = "id"
map = { email = "email" }
[streams.orders]
source = "shop"
kind = "purchase"
key = "no"
at = "when"
subject = "id"
amount = "total"
currency = "EUR"
properties = { product = "sku", tip = { column = "tip", type = "number" } }
[streams.letters]
source = "shop"
kind = { column = "event", "Opened it" = "opened" }
key = "no"
at = "when"
subject = "id"
"#;

fn read(rest: &str) -> Result<Settings, Vec<String>> {
    let lines = BASE.lines().count();
    parse(&format!("{BASE}{rest}")).map_err(|findings| {
        let told = findings.into_iter();
        told.map(|it| format!("{} {}", it.line.saturating_sub(lines), it.message)).collect()
    })
}

#[test]
fn measures_and_segments_are_read_in_the_order_of_the_file() {
    let settings = read(
        "[measures.orders_12m]\nof = \"purchase\"\ntake = \"count\"\nwithin = \"12 months\"\n\
         [measures.spent]\nof = [\"purchase\", \"refund\"]\ntake = \"sum\"\ncurrency = \"EUR\"\n\
         purpose = \"newsletter\"\ndescription = \"What they spent.\"\n\
         [measures.last_product]\nstream = \"orders\"\ntake = \"last\"\nwhat = \"product\"\n\
         [measures.last_tip]\nstream = \"orders\"\ntake = \"first\"\nwhat = \"tip\"\n\
         [measures.quiet]\nof = \"opened\"\ntake = \"days_since\"\n\
         [measures.days]\ntake = \"distinct\"\nwhat = \"day\"\nwithin = \"90d\"\n\
         [segments.lapsed_best]\nwhere = \"orders_12m = 0 and spent >= 1000 and email is not empty\"\n\
         description = \"Who bought much.\"\nowner = \"crm team\"\n",
    )
    .unwrap();
    let words: Vec<String> = settings.measures.iter().map(Measure::words).collect();
    assert_eq!(
        words,
        [
            "count of purchase, within 12 months",
            "sum of purchase or refund in EUR",
            "product of the last activity in orders",
            "tip of the first activity in orders",
            "days since the last opened",
            "different day of activity, within 90 days",
        ]
    );
    let gives: Vec<&str> = settings.measures.iter().map(|it| it.gives.name()).collect();
    assert_eq!(gives, ["number", "number", "text", "number", "number", "number"]);
    assert_eq!(settings.segments[0].when.names(), ["orders_12m", "spent", "email"]);
    let told = explain(&settings);
    for line in [
        "Measures\n  orders_12m: count of purchase, within 12 months\n",
        "    What they spent.\n    for newsletter\n",
        "Segments\n  lapsed_best: orders_12m = 0 and spent >= 1000 and email is not empty\n",
        "    crm team answers for it\n",
    ] {
        assert!(told.contains(line), "{line}\n{told}");
    }
}

#[test]
fn mistakes_are_told_with_their_line_and_what_was_meant() {
    for (text, expected) in [
        ("[measures.x]\ntake = \"counts\"\n", "2 unknown `take`: `counts`; did you mean `count`?"),
        ("[measures.x]\nof = \"purchase\"\n", "1 [measures.x] needs `take`"),
        (
            "[measures.email]\ntake = \"count\"\n",
            "1 `email` is already a field: give the measure another name",
        ),
        (
            "[measures.email_others]\ntake = \"count\"\n",
            "1 `email_others` is already a column of exports: give the measure another name",
        ),
        (
            "[measures.customer]\ntake = \"count\"\n",
            "1 `customer` is already a column of exports: give the measure another name",
        ),
        (
            "[measures.score]\ntake = \"count\"\n",
            "1 `score` is already a column of tasks: give the measure another name",
        ),
        (
            "[measures.\"a b\"]\ntake = \"count\"\n",
            "1 the measure name `a b` cannot be used in `where`; use letters, digits and _",
        ),
        (
            "[measures.x]\ntake = \"count\"\nstream = \"order\"\n",
            "3 unknown stream `order` in [measures.x]; did you mean `orders`?",
        ),
        (
            "[measures.x]\ntake = \"count\"\nstream = \"orders\"\nof = \"purchases\"\n",
            "4 no stream delivers `purchases`, which [measures.x] asks; did you mean `purchase`?",
        ),
        (
            "[measures.x]\ntake = \"count\"\nof = \"Add to cart\"\n",
            "3 `Add to cart` is not the name of a kind (small letters, digits and _)",
        ),
        (
            "[measures.x]\ntake = \"sum\"\n",
            "1 [measures.x] needs `currency`: amounts of different currencies cannot be added",
        ),
        (
            "[measures.x]\ntake = \"sum\"\ncurrency = \"EURO\"\n",
            "3 `EURO` is not a currency of ISO 4217, such as EUR",
        ),
        (
            "[measures.x]\ntake = \"count\"\ncurrency = \"EUR\"\n",
            "3 `currency` goes with take = \"sum\"",
        ),
        (
            "[measures.x]\ntake = \"sum\"\nstream = \"letters\"\ncurrency = \"EUR\"\n",
            "2 [measures.x] sums amounts; set `amount` in the stream it asks",
        ),
        (
            "[measures.x]\ntake = \"distinct\"\n",
            "1 [measures.x] needs `what`: the property to count, or \"day\"",
        ),
        (
            "[measures.x]\ntake = \"last\"\nwhat = \"produkt\"\n",
            "3 no stream that [measures.x] asks has the property `produkt`; did you mean `product`?",
        ),
        (
            "[measures.x]\ntake = \"count\"\nwhat = \"product\"\n",
            "3 `what` goes with take = \"last\", \"first\" or \"distinct\"",
        ),
        (
            "[measures.x]\ntake = \"count\"\nwithin = \"a year\"\n",
            "3 `within` should be a number of days, weeks, months or years, such as \"36 months\", \
             not `a year`",
        ),
        (
            "[measures.x]\ntake = \"count\"\npurpose = \"letters\"\n",
            "3 unknown purpose `letters` in [measures.x]; known is newsletter",
        ),
        ("[measures.x]\ntake = \"count\"\nkind = \"a\"\n", "3 unknown key `kind` in [measures.x]"),
        ("[segments.x]\nowner = \"a\"\n", "1 [segments.x] needs `where`"),
        (
            "[segments.x]\nwhere = \"emial is empty\"\n",
            "2 `where` of [segments.x]: column 1: customers have no `emial` (did you mean email?)",
        ),
        (
            "[segments.x]\nwhere = \"visits > many\"\n",
            "2 `where` of [segments.x]: column 1: `visits` takes a number, not `many`",
        ),
        (
            "[segments.x]\nwhere = \"since > yesterday\"\n",
            "2 `where` of [segments.x]: column 1: `since` takes a date such as 2026-03-02",
        ),
        (
            "[segments.x]\nwhere = \"consent = maybe\"\n",
            "2 `where` of [segments.x]: column 1: `consent` cannot be `maybe`; it is one of yes, no",
        ),
        (
            "[segments.x]\nwhere = \"m > much\"\n[measures.m]\ntake = \"count\"\n",
            "2 `where` of [segments.x]: column 1: `m` takes a number, not `much`",
        ),
        (
            "[segments.x]\nwhere = \"m > 'a'\"\n[measures.m]\ntake = \"last\"\n",
            "2 `where` of [segments.x]: column 1: `m` takes a date such as 2026-03-02",
        ),
        (
            "[measures.m]\ntake = \"last\"\n[queue]\nstake = \"m\"\n",
            "4 `stake` adds up numbers; the measure `m` gives none",
        ),
        ("[segments.\"a b\"]\nwhere = \"visits = 1\"\n", "1 the segment name `a b` must be a word"),
        ("[segments.x]\nwhere = \"visits =\"\n", "2 `where` of [segments.x]: column 9: "),
    ] {
        let findings = read(text).expect_err(text);
        assert_eq!(findings.len(), 1, "{text}: {findings:#?}");
        assert!(findings[0].starts_with(expected), "{text}: {findings:#?}");
    }
    // A measure with a mistake is known by its name, so that one mistake is told once.
    let stake =
        read("[measures.m]\ntake = \"count\"\n[queue]\nstake = \"m\"\n").unwrap().queue.stake;
    assert_eq!(stake.as_ref().map(FieldName::as_str), Some("m"));
    let both = "[measures.m]\ntake = \"cuont\"\n[segments.x]\nwhere = \"m > 1\"\n";
    assert_eq!(read(both).expect_err("it has a mistake").len(), 1);
    // What a column says may be any kind.
    assert!(read("[measures.x]\ntake = \"count\"\nof = \"whatever\"\n").is_ok());
    let none = "[workspace]\nname = \"a\"\n[measures.x]\ntake = \"count\"\n";
    let findings = parse(none).expect_err("there is no stream");
    assert!(findings[0].message.contains("declare a [streams.*] first"), "{findings:?}");
}

#[test]
fn changes_are_told_in_prose() {
    let one = "[measures.spent]\ntake = \"sum\"\nof = \"purchase\"\ncurrency = \"EUR\"\n";
    let more = "[segments.best]\nwhere = \"spent > 1000\"\n";
    for (before, after, expected) in [
        ("", one, "measure spent is new: take = \"sum\" of = \"purchase\" currency = \"EUR\""),
        ("", more, "segment best is new: customers where spent > 1000"),
        (more, "", "segment best is removed"),
        (
            more,
            "[segments.best]\nwhere = \"spent > 500\"\n",
            "segment best is of customers where spent > 500; it was where spent > 1000",
        ),
        (
            "[measures.spent]\nwithin = \"30d\"\ntake = \"count\"\n",
            "[measures.spent]\ntake = \"count\"\n",
            "measure spent asks all activities, however old; it was the last 30d",
        ),
        (
            "[measures.spent]\ntake = \"count\"\n",
            "[measures.spent]\nwithin = \"30d\"\ntake = \"count\"\n",
            "measure spent asks activities of the last 30d only",
        ),
    ] {
        let told = told(before, after);
        assert_eq!(told.len(), 1, "{told:?}");
        assert_eq!(told[0].section, "measures and segments");
        if expected.contains("take = ") {
            assert!(told[0].text.starts_with("measure spent is new: "), "{told:?}");
        } else {
            assert_eq!(told[0].text, expected);
        }
    }
}
