//! Which values survive, and what stays true whatever the strategies.

use proptest::prelude::{
    Just, Strategy, any, prop, prop_assert, prop_assert_eq, prop_oneof, proptest,
};

use super::*;
use settings::parse;

/// A workspace with these survivorship lines.
fn settings(survivorship: &str) -> Settings {
    let text = format!(
        "[workspace]\nname='w'\nregion='US'\n\
         [fields.name]\ntype='family_name'\n[fields.street]\ntype='street'\n\
         [fields.city]\ntype='city'\n[fields.postcode]\ntype='postcode'\n\
         [fields.country]\ntype='country'\n[fields.visits]\ntype='number'\n\
         [fields.consent]\ntype='consent'\n\
         [sources.low]\nkey='id'\ntrust={{default=20,city=95}}\nmap={{name='n'}}\n\
         [sources.high]\nkey='id'\ntrust=90\nmap={{name='n'}}\n\
         [survivorship]\n{survivorship}"
    );
    parse(&text).unwrap_or_else(|findings| panic!("{findings:#?}"))
}

/// What a member needs to own in a test.
#[derive(Debug, Clone)]
struct Owned {
    record: u32,
    high: bool,
    values: Values,
    updated: Option<i64>,
    invalid: Vec<FieldName>,
    consents: Vec<Statement>,
}

/// `field=value`, `?value` unreadable, `!value` invalid, separated by `;`.
fn owned(record: u32, high: bool, updated: i64, text: &str) -> Owned {
    let mut invalid = Vec::new();
    let mut values = Values::new();
    for pair in text.split(';').filter(|pair| !pair.is_empty()) {
        let (field, value) = pair.split_once('=').unwrap();
        let field = FieldName::new(field);
        let value = match (value.strip_prefix('?'), value.strip_prefix('!')) {
            (Some(raw), _) => Value::unreadable(raw),
            (_, Some(raw)) => {
                invalid.push(field.clone());
                Value::as_delivered(raw)
            }
            _ => Value::as_delivered(value),
        };
        values.set(field, value);
    }
    let updated = (updated > 0).then_some(updated);
    Owned { record, high, values, updated, invalid, consents: Vec::new() }
}

fn survived(settings: &Settings, members: &[Owned], pins: &[PinnedValue]) -> Golden {
    let members: Vec<Member<'_>> = members
        .iter()
        .map(|owned| Member {
            record: RecordId(owned.record),
            source: settings.source(if owned.high { "high" } else { "low" }).unwrap(),
            values: &owned.values,
            updated: owned.updated.map(|second| Timestamp::from_second(second).unwrap()),
            invalid: &owned.invalid,
            consents: &owned.consents,
        })
        .collect();
    golden(settings, &members, pins)
}

/// `field=text/record/strategy` of every golden value.
fn told(golden: &Golden) -> String {
    let one = |value: &GoldenValue| {
        let origin = match &value.origin {
            Origin::Survived { record, strategy } => format!("{}/{strategy}", record.0),
            Origin::Pinned { decision, .. } => decision.to_string(),
        };
        format!("{}={}/{origin}", value.field, value.text)
    };
    golden.values.iter().map(one).collect::<Vec<_>>().join(" ")
}

#[test]
fn consent_goes_by_when_it_was_said_and_takes_its_date_along() {
    let text = "[workspace]\nname='w'\nregion='US'\n[fields.consent]\ntype='consent'\nat='at'\n\
        [fields.at]\ntype='date'\n[sources.low]\nkey='id'\nmap={consent='c',at='a'}\n\
        [survivorship]\nconsent=['consent']\n";
    let settings = parse(text).unwrap_or_else(|findings| panic!("{findings:#?}"));
    let says = |record: u32, text: &str, first: &str| {
        let mut owned = owned(record, false, 0, text);
        let value = |field: &str| owned.values.get(field).map(|value| value.shown().to_owned());
        let day: jiff::civil::Date = first.parse().unwrap();
        let said = value("consent").and_then(|word| domain::consent::Said::of(&word, false));
        owned.consents.extend(said.map(|said| Statement {
            record: RecordId(record),
            field: FieldName::new("consent"),
            channel: None,
            said,
            at: value("at").map(|at| at.parse().unwrap()),
            since: domain::consent::Since { first: day, other: None, granted_before: false },
            until: None,
            evidence: None,
        }));
        owned
    };
    for (one, two, expected) in [
        (
            ("consent=no;at=2024-01-01", "2024-01-02"),
            ("consent=yes;at=2025-01-01", "2025-01-02"),
            "consent=yes/2/consent at=2025-01-01/2/consent",
        ),
        // The newest date is of the refusal, which has none of its own.
        (
            ("consent=yes;at=2025-01-01", "2025-01-02"),
            ("consent=no", "2025-06-01"),
            "consent=no/2/consent",
        ),
        // A value that breaks a rule still forbids.
        (
            ("consent=yes;at=2025-01-01", "2025-01-02"),
            ("consent=!no;at=2025-06-01", "2025-06-01"),
            "consent=no/2/consent at=2025-06-01/2/consent",
        ),
        (
            ("consent=?perhaps;at=2026-01-01", "2026-01-01"),
            ("consent=yes;at=2025-01-01", "2025-06-01"),
            "consent=yes/2/consent at=2025-01-01/2/consent",
        ),
    ] {
        let (one, two) = (says(1, one.0, one.1), says(2, two.0, two.1));
        assert_eq!(told(&survived(&settings, &[one, two], &[])), expected);
    }
}

#[test]
fn each_strategy_picks_and_is_named() {
    for (strategy, one, two, expected) in [
        ("name=['valid']", "name=!A", "name=B", "name=B/2/valid"),
        ("name=['longest']", "name=!Long", "name=B", "name=B/2/valid"),
        ("name=['longest']", "name=?Long", "name=B", "name=B/2/valid"),
        ("name=['longest']", "name=?Long", "", "name=Long/1/only_value"),
        ("name=['most_trusted']", "name=A", "name=B", "name=B/2/most_trusted"),
        ("city=['most_trusted']", "city=A", "city=B", "city=A/1/most_trusted"),
        ("name=['most_recent']", "name=A", "name=B", "name=A/1/most_recent"),
        ("name=['oldest']", "name=A", "name=B", "name=B/2/oldest"),
        ("name=['longest']", "name=A", "name=Bb", "name=Bb/2/longest"),
        ("name=['shortest']", "name=A", "name=Bb", "name=A/1/shortest"),
        (
            "name=['most_complete']",
            "name=A",
            "name=B;visits=1",
            "name=B/2/most_complete visits=1/2/only_value",
        ),
        (
            "name=['most_complete']",
            "name=A",
            "name=B;visits=!1",
            "name=A/1/lowest_record visits=1/2/only_value",
        ),
        ("consent=['strictest']", "consent=yes", "consent=no", "consent=no/2/strictest"),
        ("visits=['maximum']", "visits=9", "visits=10", "visits=10/2/maximum"),
        ("visits=['minimum']", "visits=9", "visits=10", "visits=9/1/minimum"),
        ("name=['most_frequent']", "name=A", "name=B", "name=A/1/lowest_record"),
        ("name=['longest','most_trusted']", "name=A", "name=B", "name=B/2/most_trusted"),
        ("name=['most_trusted']", "name=A", "name=A", "name=A/2/only_value"),
    ] {
        let settings = settings(strategy);
        let members = [owned(1, false, 20, one), owned(2, true, 10, two)];
        assert_eq!(told(&survived(&settings, &members, &[])), expected, "{strategy} {one} {two}");
    }
}

#[test]
fn the_most_frequent_value_is_counted_among_sound_ones() {
    let settings = settings("name=['most_frequent']");
    let members = [
        owned(1, false, 0, "name=!A"),
        owned(2, false, 0, "name=!A"),
        owned(3, false, 0, "name=B"),
        owned(4, false, 0, "name=C"),
        owned(5, false, 0, "name=C"),
    ];
    assert_eq!(told(&survived(&settings, &members, &[])), "name=C/4/most_frequent");
}

#[test]
fn a_record_without_a_time_is_neither_recent_nor_old() {
    for strategy in ["most_recent", "oldest"] {
        let settings = settings(&format!("name=['{strategy}']"));
        let members = [owned(1, false, 0, "name=A"), owned(2, false, 10, "name=B")];
        let expected = format!("name=B/2/{strategy}");
        assert_eq!(told(&survived(&settings, &members, &[])), expected);
    }
}

#[test]
fn a_group_survives_together_and_leaves_gaps() {
    let settings = settings("address={fields=['street','city'],strategy=['most_recent']}");
    let members = |one: &str, two: &str| [owned(1, false, 20, one), owned(2, true, 10, two)];
    for (one, two, expected) in [
        ("street=A", "street=B", "street=A/1/most_recent"),
        ("street=A;city=C", "street=B;city=C", "street=A/1/most_recent city=C/1/most_recent"),
        (
            "name=N",
            "street=B;city=C",
            "name=N/1/only_value street=B/2/only_value city=C/2/only_value",
        ),
        ("street=A;city=!X", "street=B;city=C", "street=B/2/fullest city=C/2/fullest"),
        ("street=!A;city=X", "street=!B", "street=A/1/fullest city=X/1/fullest"),
    ] {
        assert_eq!(told(&survived(&settings, &members(one, two), &[])), expected, "{one} {two}");
    }
}

const ADDRESS: &str =
    "a={fields=['street','city','postcode','country'],strategy=['valid','most_recent']}";

#[test]
fn a_record_takes_part_in_a_group_only_with_its_core() {
    let settings = settings(ADDRESS);
    let whole = "street=B;city=C;postcode=P;country=US";
    let kept = "street=B/2 city=C/2 postcode=P/2 country=US/2";
    for (newer, older, expected) in [
        ("country=CA", whole, kept),
        ("city=X;country=US", whole, kept),
        ("city=X;postcode=Q;country=US", whole, kept),
        ("street=A", whole, kept),
        ("street=A;country=US", "city=C;postcode=P", "street=A/1 country=US/1"),
        // A move to where nobody has a postcode is a move.
        ("street=A;city=X;country=AE", whole, "street=A/1 city=X/1 country=AE/1"),
        // The same address told again, without its postcode, is none.
        ("street=B;city=C", whole, kept),
        // Broken values are no core, and the only address there is goes before none.
        ("street=!A;city=!X;country=US", whole, kept),
        ("country=US", "street=B;city=!C", "street=B/2 city=C/2"),
        // Nobody has one: the group survives as its strategies say.
        ("country=CA", "country=US", "country=CA/1"),
    ] {
        let members = [owned(1, false, 20, newer), owned(2, true, 10, older)];
        let golden = told(&survived(&settings, &members, &[]));
        let without_lineage: Vec<&str> =
            golden.split(' ').map(|value| value.rsplit_once('/').unwrap().0).collect();
        assert_eq!(without_lineage.join(" "), expected, "{newer} / {older}");
    }
}

#[test]
fn a_pin_overrides_its_own_field_only() {
    let settings = settings("address={fields=['street','city'],strategy=['most_recent']}");
    let pin = |field: &str, text: &str, decision: u32| PinnedValue {
        field: FieldName::new(field),
        text: text.to_owned(),
        readable: true,
        decision: DecisionId(decision),
        record: None,
    };
    let members = [owned(1, false, 20, "street=A;city=X"), owned(2, true, 10, "street=B;city=Y")];
    let pins = [pin("street", "P", 7), pin("street", "O", 3), pin("visits", "4", 8)];
    let golden = survived(&settings, &members, &pins);
    assert_eq!(told(&golden), "street=P/D7 city=X/1/most_recent visits=4/D8");
    assert_eq!(
        told(&survived(&settings, &members, &[pin("city", "", 9)])),
        "street=A/1/most_recent city=X/1/most_recent"
    );
    assert_eq!(told(&survived(&settings, &[], &[])), "");
}

#[test]
fn golden_values_keep_what_could_not_be_read() {
    let settings = settings("");
    let golden = survived(&settings, &[owned(1, false, 0, "name=A;city=?B")], &[]);
    let values = golden_values(&golden);
    assert_eq!(values.standard("name"), Some("A"));
    assert_eq!(values.get("city").map(Value::is_readable), Some(false));
}

fn members() -> impl Strategy<Value = Vec<Owned>> {
    let value = prop_oneof![Just(""), Just("a"), Just("bb"), Just("ccc"), Just("!dd"), Just("?e")];
    let member = (any::<bool>(), 0..3_i64, prop::collection::vec(value, 5));
    prop::collection::vec(member, 1..6).prop_map(|members| {
        let number = |(at, (high, updated, texts)): (usize, (bool, i64, Vec<&str>))| {
            let fields = ["name", "street", "city", "visits", "consent"].iter().zip(texts);
            let pairs: Vec<String> = fields
                .filter(|(_, text)| !text.is_empty())
                .map(|(field, text)| format!("{field}={text}"))
                .collect();
            owned(u32::try_from(at).unwrap(), high, updated, &pairs.join(";"))
        };
        members.into_iter().enumerate().map(number).collect()
    })
}

/// Members with addresses in all states: whole, partial, broken, only a country.
fn addresses() -> impl Strategy<Value = Vec<Owned>> {
    let value = || prop_oneof![Just(""), Just("a"), Just("b"), Just("!c"), Just("?d")];
    let member = (any::<bool>(), 0..3_i64, prop::collection::vec(value(), 4));
    prop::collection::vec(member, 1..6).prop_map(|members| {
        let number = |(at, (high, updated, texts)): (usize, (bool, i64, Vec<&str>))| {
            let fields = ["street", "city", "postcode", "country"].iter().zip(texts);
            let pairs: Vec<String> = fields
                .filter(|(_, text)| !text.is_empty())
                .map(|(field, text)| format!("{field}={text}"))
                .collect();
            owned(u32::try_from(at).unwrap(), high, updated, &pairs.join(";"))
        };
        members.into_iter().enumerate().map(number).collect()
    })
}

fn is_sound(member: &Owned, field: &str) -> bool {
    member.values.get(field).is_some_and(Value::is_readable)
        && !member.invalid.iter().any(|invalid| invalid.as_str() == field)
}

/// How many of the core's parts a member fills with sound values.
fn core_of(member: &Owned) -> usize {
    let place = is_sound(member, "city") || is_sound(member, "postcode");
    usize::from(is_sound(member, "street")) + usize::from(place)
}

fn survivorships() -> impl Strategy<Value = Settings> {
    let strategies = prop::sample::subsequence(settings::Strategy::ALL.to_vec(), 1..4)
        .prop_shuffle()
        .prop_map(|list| list.iter().map(|s| format!("'{}'", s.name())).collect::<Vec<_>>());
    (strategies, any::<bool>()).prop_map(|(list, grouped)| {
        let list = list.join(",");
        let group = format!("a={{fields=['street','city'],strategy=[{list}]}}");
        settings(&format!("default=[{list}]\n{}", if grouped { group } else { String::new() }))
    })
}

/// Text and record of every golden value that is readable and not invalid in its record.
fn sound_values(golden: &Golden, members: &[Owned]) -> Vec<(FieldName, String, RecordId)> {
    let sound = golden.values.iter().filter(|value| {
        let from = members.iter().find(|m| Some(RecordId(m.record)) == value.origin.record());
        value.readable && from.is_some_and(|member| !member.invalid.contains(&value.field))
    });
    sound.filter_map(|v| Some((v.field.clone(), v.text.clone(), v.origin.record()?))).collect()
}

proptest! {
    /// Whatever the strategy, the golden address is one member's, has no less of the core than any
    /// other member's, and no other member says the same and more.
    #[test]
    fn a_golden_address_is_one_members_and_no_emptier_than_anyones(
        strategy in prop::sample::select(settings::Strategy::ALL.to_vec()),
        members in addresses(),
    ) {
        let settings = settings(&ADDRESS.replace("'most_recent'", &format!("'{}'", strategy.name())));
        let golden = survived(&settings, &members, &[]);
        let mut records = golden.values.iter().filter_map(|value| value.origin.record());
        let Some(record) = records.next() else { return Ok(()) };
        prop_assert!(records.all(|other| other == record), "{}", told(&golden));
        let won = members.iter().find(|member| member.record == record.0).unwrap();
        for field in ["street", "city", "postcode", "country"] {
            prop_assert_eq!(golden.text(field), won.values.get(field).map(Value::shown));
        }
        for other in &members {
            prop_assert!(core_of(won) >= core_of(other), "{}", told(&golden));
            let all = |hold: &dyn Fn(&str) -> bool| {
                ["street", "city", "postcode", "country"].into_iter().all(hold)
            };
            let same = |field: &str| won.values.get(field) == other.values.get(field);
            let repeats = all(&|field| won.values.get(field).is_none() || same(field));
            let sound = all(&|field| other.values.get(field).is_none() || is_sound(other, field));
            prop_assert!(!(repeats && sound) || all(&same), "{}", told(&golden));
        }
    }

    #[test]
    fn the_order_of_members_does_not_matter(
        settings in survivorships(),
        (members, shuffled) in members().prop_flat_map(|m| (Just(m.clone()), Just(m).prop_shuffle())),
    ) {
        prop_assert_eq!(survived(&settings, &members, &[]), survived(&settings, &shuffled, &[]));
    }

    /// A value that is empty, unreadable or invalid never changes a sound golden value.
    #[test]
    fn an_unsound_member_changes_no_sound_value(
        settings in survivorships(),
        members in members(),
        added in prop::collection::vec(prop_oneof![Just("!zzzzzz"), Just("?9"), Just("?no")], 5),
        high in any::<bool>(),
        first in any::<bool>(),
    ) {
        let pairs = format!(
            "name={};street={};city={};visits={};consent={}",
            added[0], added[1], added[2], added[3], added[4]
        );
        let before = sound_values(&survived(&settings, &members, &[]), &members);
        let mut more: Vec<Owned> = members.iter().cloned().map(|mut member| {
            member.record += 1;
            member
        }).collect();
        more.push(owned(if first { 0 } else { 99 }, high, 9, &pairs));
        let after = sound_values(&survived(&settings, &more, &[]), &more);
        for (field, text, record) in before {
            prop_assert!(after.contains(&(field, text, RecordId(record.0 + 1))));
        }
    }

    /// Outside groups, an unsound golden value means that no member has a sound one.
    #[test]
    fn unsound_never_beats_sound(members in members()) {
        let settings = settings("default=['longest','maximum']");
        let golden = survived(&settings, &members, &[]);
        let sound = sound_values(&golden, &members);
        for value in &golden.values {
            let any_sound = members.iter().any(|member| {
                member.values.standard(value.field.as_str()).is_some()
                    && !member.invalid.contains(&value.field)
            });
            prop_assert_eq!(any_sound, sound.iter().any(|(field, _, _)| *field == value.field));
        }
    }
}
