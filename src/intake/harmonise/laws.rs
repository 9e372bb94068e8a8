//! What holds for every type of field and any text.

use jiff::civil::date;
use proptest::prelude::*;

use super::{Context, LONGEST, LONGEST_TEXT, timestamp, value};
use domain::{FieldType, NumberStyle};

/// What the harmonisers look for.
#[rustfmt::skip]
const WORDS: &[&str] = &[
    "st", "St.", "APT", "apt", "#4", "#", "4", "12b", "4/12", "N", "n", "Main", "ROSE", "str.",
    "STRASSE", "Hauptstr.5", "c/x", "no", "nr.", "unit", "po", "box", "p.o.", "dr", "Dr.", "Mr",
    "jr", "Jr.", "III", "PhD", "van", "de la", "VAN", "mcdonald", "O'BRIEN", "ß", "İ", "ı", "Σ",
    "ſ", "gmbh", "GmbH & Co.", "KG", "co", "ltd", "limited", "private", "and", "&", "-", ",",
    "inc.", "ibm", "none", "null", "n/a", "+", "00", "49", "030", "0", "1", "217", "555-0104",
    "(", ")", "x9", "ext", "a@b.co", "mailto:", "<", ">", "3/12/84", "12.", "März", "1984", "25",
    "1,234", ".5", "US", "Illinois", "saint", "fort", "é", "e\u{301}", "\u{202e}", "\u{7}",
    "Smith &", "Peter", "und", "y", "Mr & Mrs", "Familie", "(old)", "\"Bob\"", "c/o", "h.c.", "MD",
    "Junior", "DUPONT", "LI", "García", "Nguyễn", "Văn", "Петрович", "+ Co", "A/S", "S.A.", "SPA",
    "NV", "SE", "AT&T", "NASA", ", The", "Tel.", "(home)", "FLOWERS", "+52 1", "+54", "11", "15",
    "\u{2010}", "/ 0", "M.", "Mme", "2nd", "***", "'Bob'", "*",
    "Mgr.", "et", "CSc.", "B.A.", "Ph. D.", "h. c.", "Md", "Dame", "ifj.", "st.", "McDONALD", "d'ANGELO",
    "Nagy", "(Ann)", "„Bob“", "''Al''", "Dr.Weber", "IŞIL", "ijs", "ǆ", "ნ", "spol. s r.o.", "UAB", "OÜ", "ŞTİ",
    "\u{200d}", "李", "伟", "１", "ﬁ", "A", "b", "AB", "lv", "1010", "'", "’s", "d'", "=\"", "\"",
    "'", "`", "#REF!", "##", "NaN", "inf", "1.5E+", "E+1", "1E", ".0", ",00", "0000-00-00", "1899-12-30",
    "43831", "2138", "Null", "NULL", "(none)", "\u{2011}", "−", "·", "٣", "\u{a0}", "\u{ad}", "'t", "'s-",
];

/// Anything: random Unicode, and texts put together from [`WORDS`].
fn texts() -> impl Strategy<Value = String> {
    let words = prop::sample::select(WORDS);
    let separator = prop::sample::select(vec![" ", "", " ", "-", ", "]);
    let made = prop::collection::vec((words, separator), 1..7)
        .prop_map(|parts| parts.into_iter().map(|(word, end)| format!("{word}{end}")).collect());
    prop_oneof![made, any::<String>(), "[ -~]{0,24}", "[0-9+() .,/:-]{0,18}"]
}

fn countries() -> impl Strategy<Value = (&'static str, Option<&'static str>)> {
    let code = || {
        prop::sample::select(vec![
            "US", "GB", "DE", "CH", "FR", "CA", "AU", "NL", "BE", "IT", "ES", "JP", "LV", "SE",
            "TR", "AZ", "CZ", "LT", "XX",
        ])
    };
    (code(), prop::option::of(code()))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1024))]

    #[test]
    fn harmonising_twice_changes_nothing(raw in texts(), (region, country) in countries()) {
        let context = Context { country, ..Context::of(region, date(2026, 11, 28)) };
        for field_type in FieldType::ALL {
            let Some(once) = value(field_type, &raw, &context) else { continue };
            prop_assert_eq!(once.raw(), raw.as_str());
            let Some(standard) = once.standard() else { continue };
            // A standard number has a point before its decimals, whatever the region.
            let context = Context { numbers: Some(NumberStyle::Point), ..context };
            let twice = value(field_type, standard, &context);
            let again = twice.as_ref().and_then(|twice| twice.standard());
            prop_assert_eq!(again, Some(standard), "{:?} of {:?}", field_type, raw);
        }
    }

    #[test]
    fn a_standard_form_is_short_and_shows_all_it_holds(raw in texts(), (region, country) in countries()) {
        let context = Context { country, ..Context::of(region, date(2026, 11, 28)) };
        for field_type in FieldType::ALL {
            let Some(read) = value(field_type, &raw, &context) else { continue };
            let Some(standard) = read.standard() else { continue };
            prop_assert!(!standard.is_empty() && standard.trim() == standard);
            prop_assert!(standard.len() <= 64 + 8 * raw.len());
            let hidden = |c: char| {
                c.is_control() || matches!(c, '\u{200b}' | '\u{200e}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
            };
            prop_assert!(!standard.contains(hidden), "{:?}: {:?}", field_type, standard);
        }
    }

    #[test]
    fn any_text_is_a_timestamp_or_not(raw in texts()) {
        if let Some(at) = timestamp(&raw, &Context::of("US", date(2026, 11, 28))) {
            let elsewhere = Context::of("DE", date(2026, 11, 28));
            prop_assert_eq!(timestamp(&at.to_string(), &elsewhere), Some(at));
        }
    }
}

#[test]
fn long_values_stay_within_the_limits() {
    let context = Context::of("US", date(2026, 11, 28));
    for field_type in FieldType::ALL {
        for word in ["St ", "a ", "1", "é", "\u{fdfa}", "Apt 4 ", ", ", "x@"] {
            let raw = word.repeat(30_000);
            if let Some(read) = value(field_type, &raw, &context)
                && let Some(standard) = read.standard()
            {
                let longest = if field_type == FieldType::Text { LONGEST_TEXT } else { LONGEST };
                assert!(standard.len() <= longest, "{field_type:?} {word:?}");
            }
        }
    }
}
