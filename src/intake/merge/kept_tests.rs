//! What is kept beside golden values, and trust that decays.

use super::*;
use settings::parse;

fn settings(more: &str) -> Settings {
    let text = format!(
        "[workspace]\nname='w'\nregion='US'\n\
         [fields.email]\ntype='email'\nkeep={{ columns = 1, kind = 'kind' }}\n[fields.email_2]\ntype='email'\nkeep='all'\n\
         [fields.kind]\ntype='text'\n[fields.phone]\ntype='phone'\n\
         [fields.street]\ntype='street'\n[fields.city]\ntype='city'\n\
         [sources.a]\nkey='id'\ntrust=90\nmap={{email='n'}}\n[sources.b]\nkey='id'\ntrust=50\nmap={{email='n'}}\n\
         [sources.old]\nkey='id'\ntrust=90\nupdated='u'\ndecay='1 year'\nmap={{email='n'}}\n\
         [survivorship]\naddress={{ fields=['street','city'], strategy=['most_trusted'], keep='all' }}\n{more}"
    );
    parse(&text).unwrap_or_else(|findings| panic!("{findings:#?}"))
}

type Row<'a> = (u32, &'a str, Option<&'a str>, &'a [(&'a str, &'a str)]);

fn golden_of(settings: &Settings, rows: &[Row<'_>]) -> Golden {
    let values: Vec<Values> = rows
        .iter()
        .map(|(.., values)| {
            let value = |(field, text): &(&str, &str)| {
                let value = match text.strip_prefix('?') {
                    Some(raw) => Value::unreadable(raw),
                    None => Value::as_delivered(text),
                };
                (FieldName::new(field), value)
            };
            values.iter().map(value).collect()
        })
        .collect();
    let members: Vec<Member<'_>> = rows
        .iter()
        .zip(&values)
        .map(|((record, source, updated, _), values)| Member {
            record: RecordId(*record),
            source: settings.source(source).unwrap(),
            values,
            updated: updated.map(|day| format!("{day}T00:00:00Z").parse().unwrap()),
            invalid: &[],
            consents: &[],
        })
        .collect();
    golden(settings, &members, &[])
}

fn kept(settings: &Settings, rows: &[Row<'_>]) -> Vec<String> {
    let told = |it: &domain::KeptValue| {
        let records: Vec<String> = it.records.iter().map(|record| record.0.to_string()).collect();
        let kind = it.kind.as_ref().map(|kind| format!(" ({})", kind.text)).unwrap_or_default();
        format!("{} {}{kind} {}", it.of, it.text, records.join(","))
    };
    golden_of(settings, rows).kept.iter().map(told).collect()
}

#[test]
fn all_sound_values_are_kept_once_the_next_best_first() {
    let settings = settings("");
    let rows: [Row<'_>; 5] = [
        (1, "b", None, &[("email", "ann@x.com"), ("kind", "work")]),
        (2, "a", None, &[("email", "ann@y.com"), ("email_2", "ann@x.com")]),
        (3, "b", None, &[("email_2", "a@z.com"), ("phone", "+1")]),
        (4, "b", None, &[("email", "?nothing"), ("phone", "+2")]),
        (5, "b", None, &[("email", "ann@y.com")]),
    ];
    let golden = golden_of(&settings, &rows);
    assert_eq!(
        (golden.text("email"), golden.text("email_2")),
        (Some("ann@y.com"), Some("ann@x.com"))
    );
    // What is golden in either is not kept again; phones are one.
    assert_eq!(kept(&settings, &rows), ["email a@z.com 3"]);
    assert_eq!(kept(&settings, &rows[..2]), Vec::<String>::new());
    let alone: [Row<'_>; 3] = [
        rows[0],
        (2, "a", None, &[("email", "ann@y.com")]),
        (3, "b", None, &[("email", "bob@y.com")]),
    ];
    assert_eq!(kept(&settings, &alone), ["email ann@x.com (work) 1", "email bob@y.com 3"]);
}

#[test]
fn an_address_is_kept_whole_unless_it_only_repeats_a_part() {
    let settings = settings("");
    let rows: [Row<'_>; 4] = [
        (1, "a", None, &[("street", "1 Oak St"), ("city", "Omaha")]),
        (2, "b", None, &[("street", "2 Elm St"), ("city", "Boise")]),
        (3, "b", None, &[("city", "Omaha")]),
        (4, "b", None, &[("city", "Boise")]),
    ];
    assert_eq!(kept(&settings, &rows), ["address 2 Elm St, Boise 2"]);
}

#[test]
fn merging_and_unmerging_bring_and_take_what_is_kept() {
    let settings = settings("");
    let all: [Row<'_>; 3] = [
        (1, "a", None, &[("email", "a@x.com")]),
        (2, "b", None, &[("email", "b@x.com")]),
        (3, "b", None, &[("email", "c@x.com")]),
    ];
    let mut turned = all;
    turned.reverse();
    assert_eq!(golden_of(&settings, &all), golden_of(&settings, &turned), "in any order");
    assert_eq!(kept(&settings, &all), ["email b@x.com 2", "email c@x.com 3"]);
    assert_eq!(kept(&settings, &all[..2]), ["email b@x.com 2"]);
    assert_eq!(kept(&settings, &all[..1]), Vec::<String>::new());
}

#[test]
fn trust_halves_with_each_year_that_a_record_lags_behind() {
    let settings = settings("phone=['most_trusted']\n");
    // Source `old` is trusted 90, `b` 50: 90 falls below 50 after ten months and a half.
    for (updated, expected) in [
        ("2026-01-01", "+1"),
        ("2025-04-01", "+1"),
        ("2025-01-01", "+2"),
        ("2020-01-01", "+2"),
        ("1971-01-01", "+2"),
    ] {
        let rows: [Row<'_>; 2] = [
            (1, "old", Some(updated), &[("phone", "+1")]),
            (2, "b", Some("2026-01-01"), &[("phone", "+2")]),
        ];
        assert_eq!(golden_of(&settings, &rows).text("phone"), Some(expected), "{updated}");
    }
    let rows: [Row<'_>; 2] =
        [(1, "old", None, &[("phone", "+1")]), (2, "b", Some("2026-01-01"), &[("phone", "+2")])];
    assert_eq!(golden_of(&settings, &rows).text("phone"), Some("+1"), "of unknown age");
}

#[test]
fn what_expired_gives_way_to_all_others_and_stands_where_there_are_none() {
    let more =
        "[sources.bureau]\nkey='id'\ntrust=99\nupdated='u'\nexpires='2 years'\nmap={email='n'}\n";
    let head = settings("").text;
    let text = head.replace("[survivorship]", &format!("{more}[survivorship]"));
    let settings = parse(&text).unwrap();
    let golden = |rows: &[Row<'_>]| {
        let golden = golden_of(&settings, rows);
        let value = golden.values.iter().find(|value| value.field.as_str() == "email").unwrap();
        let Origin::Survived { strategy, .. } = &value.origin else { panic!("{value:?}") };
        format!("{} {strategy}", value.text)
    };
    let of = |day: &'static str, mail: &'static [(&'static str, &'static str)]| {
        [
            (1, "bureau", Some(day), mail),
            (2, "old", Some("2026-06-01"), &[("email", "b@x.org")][..]),
        ]
    };
    let mail = &[("email", "a@x.org")];
    assert_eq!(golden(&of("2024-06-01", mail)), "a@x.org most_trusted", "two years to the day");
    assert_eq!(golden(&of("2024-05-31", mail)), "b@x.org not_expired");
    assert_eq!(golden(&of("2026-06-01", mail)), "a@x.org most_trusted");
    assert_eq!(golden(&of("2001-01-01", mail)[..1]), "a@x.org only_value", "nothing is newer");
    let same = &[("email", "b@x.org")];
    assert_eq!(golden(&of("2001-01-01", same)), "b@x.org only_value");
    // Of an unknown age nothing expires; a sound value goes before one that cannot be read, however old.
    let unknown =
        [(1, "bureau", None, &mail[..]), (2, "b", Some("2026-06-01"), &[("email", "c@x.org")][..])];
    assert_eq!(golden(&unknown), "a@x.org most_trusted");
    let broken = [
        (1, "bureau", Some("2001-01-01"), &mail[..]),
        (2, "b", Some("2026-06-01"), &[("email", "?c")][..]),
    ];
    assert_eq!(golden(&broken), "a@x.org valid");
    for wrong in ["expires='2 years'", "updated='u'\nexpires='soon'"] {
        let text = text.replace("updated='u'\nexpires='2 years'", wrong);
        let found = parse(&text).unwrap_err();
        assert!(
            found[0].message.contains("expires") || found[0].message.contains("soon"),
            "{found:?}"
        );
    }
}

#[test]
fn a_strategy_may_be_asked_of_some_values_alone() {
    let with = |steps: &str| {
        let text = settings("")
            .text
            .replace("[survivorship]", &format!("[survivorship]\nemail = {steps}"));
        parse(&text)
    };
    let golden = |steps: &str, rows: &[Row<'_>]| {
        let settings = with(steps).unwrap_or_else(|findings| panic!("{findings:#?}"));
        let golden = golden_of(&settings, rows);
        let value = golden.values.iter().find(|value| value.field.as_str() == "email").unwrap();
        let Origin::Survived { strategy, .. } = &value.origin else { panic!("{value:?}") };
        format!("{} {strategy}", value.text)
    };
    let rows: [Row<'_>; 4] = [
        (1, "a", Some("2026-01-01"), &[("email", "a@x.org"), ("city", "Bonn")]),
        (2, "b", Some("2024-01-01"), &[("email", "old-b@x.org"), ("city", "Ulm")]),
        (3, "b", Some("2025-01-01"), &[("email", "new-b@x.org"), ("city", "Ulm")]),
        (4, "old", Some("2026-06-01"), &[("email", "o@x.org")]),
    ];
    let recent = |when: &str| {
        format!("['valid', {{ strategy = 'most_recent', when = '{when}' }}, 'most_trusted']")
    };
    for (steps, expected) in [
        ("['most_trusted']".to_owned(), "a@x.org lowest_record"),
        (recent("source = b"), "new-b@x.org most_recent when source = b"),
        (recent("city = Ulm"), "new-b@x.org most_recent"),
        (recent("city = Bonn"), "a@x.org most_recent"),
        (recent("source = b and city = Ulm"), "new-b@x.org most_recent"),
        (recent("source = nobody"), "a@x.org lowest_record"),
        (recent("city is empty"), "o@x.org most_recent"),
        (recent("source != b"), "o@x.org most_recent when source != b"),
        (
            "[{ strategy = 'oldest', when = 'source = b' }]".to_owned(),
            "old-b@x.org oldest when source = b",
        ),
        (
            "[{ strategy = 'longest', when = 'source = a' }, 'most_recent']".to_owned(),
            "a@x.org longest when source = a",
        ),
    ] {
        assert_eq!(golden(&steps, &rows), expected, "{steps}");
        // In whatever order they came together, it comes to the same.
        let mut turned = rows;
        turned.reverse();
        assert_eq!(golden(&steps, &turned), expected, "{steps}");
    }
    for wrong in [
        "[{ strategy = 'longest' }]",
        "[{ strategy = 'longest', when = 'town = Ulm' }]",
        "[{ when = 'city = Ulm' }]",
        "[{ strategy = 'longest', when = 'city =' }]",
    ] {
        assert!(with(wrong).is_err(), "{wrong}");
    }
}
