//! Whole columns: what they prove, and what is decided where they prove nothing.

use jiff::civil::date;

use super::*;
use domain::{Assumed, Basis, DateReading, ImportId, Place};

const TODAY: Date = date(2026, 11, 28);

/// Settings with a source that maps `born`, `since` and `limit`.
pub(super) fn settings(region: Option<&str>, lines: &str) -> Settings {
    let region = region.map_or_else(String::new, |region| format!("region='{region}'\n"));
    let text = format!(
        "[workspace]\nname='a'\n{region}\n[fields.born]\ntype='date_of_birth'\n[fields.since]\n\
         type='date'\n[fields.limit]\ntype='number'\n[sources.crm]\nkey='id'\nupdated='u'\n\
         map={{born='b',since='s',limit='l'}}\n{lines}\n"
    );
    settings::parse(&text).unwrap()
}

fn survey(settings: &Settings, columns: &[(&str, &[&str])]) -> Survey {
    let mut survey = Survey::of(settings, &settings.sources[0], TODAY);
    for (field, values) in columns {
        let place = survey.fields().position(|known| known.as_str() == *field);
        for (value, line) in values.iter().zip(2..) {
            survey.note(place, line, value, false);
        }
    }
    survey
}

pub(super) fn decide(
    settings: &Settings,
    columns: &[(&str, &[&str])],
    earlier: &[(ImportId, Reading)],
) -> Result<Reading, Undecided> {
    let evidence = Evidence {
        source: &settings.sources[0],
        region: settings.workspace.region.as_deref(),
        begun: None,
        earlier,
        place: Place::Line,
    };
    survey(settings, columns).decide(&evidence)
}

/// In a few words.
fn told<C: ToString>(assumed: &Assumed<C>) -> String {
    let basis = match &assumed.basis {
        Basis::Declared => "declared".to_owned(),
        Basis::Proved { line } => format!("line {line}"),
        Basis::ProvedBeside { field, line } => format!("{field} line {line}"),
        Basis::Recorded { import } => format!("recorded {import}"),
        Basis::Region { region, of_source } => {
            format!("{region}{}", if *of_source { " of source" } else { "" })
        }
        Basis::Dots => "dots".to_owned(),
        Basis::Detected => "detected".to_owned(),
    };
    let against = assumed.against.map_or_else(String::new, |against| {
        format!(" but {} from line {}", against.values, against.line)
    });
    let earlier = assumed.earlier.as_ref().map_or_else(String::new, |earlier| {
        let unproved = match earlier.unproved {
            0 => String::new(),
            files => format!(" by custom in {files}"),
        };
        format!(" not {} as in {}{unproved}", earlier.value.to_string(), earlier.import)
    });
    format!("{}, {basis}{against}{earlier}", assumed.value.to_string())
}

fn told_dates(dates: Option<&DateReading>) -> String {
    let Some(DateReading { plain, dotted }) = dates else { return String::new() };
    let plain = plain.as_ref().map(told);
    let dotted = dotted.as_ref().map(|dotted| format!("dotted {}", told(dotted)));
    plain.into_iter().chain(dotted).collect::<Vec<_>>().join("; ")
}

/// What is decided of `born`, or what is said instead.
fn born(region: Option<&str>, values: &[&str]) -> String {
    match decide(&settings(region, ""), &[("born", values)], &[]) {
        Ok(reading) => told_dates(reading.dates.get(&FieldName::new("born"))),
        Err(undecided) => format!("? {}", undecided.columns[0].1.choices().join(" ")),
    }
}

fn limit(region: Option<&str>, values: &[&str]) -> String {
    match decide(&settings(region, ""), &[("limit", values)], &[]) {
        Ok(reading) => reading.numbers.get(&FieldName::new("limit")).map_or_else(String::new, told),
        Err(undecided) => format!("? {}", undecided.columns[0].1.choices().join(" ")),
    }
}

#[test]
fn the_order_of_dates_is_decided_by_column() {
    let table: &[(&str, &[&str], &str)] = &[
        ("US", &["03/04/1985", "25/04/1985", "12/11/1970"], "day-first, line 3"),
        ("GB", &["03/04/1985", "04/25/1985"], "month-first, line 3"),
        ("US", &["03-04-1985", "25-04-1985"], "day-first, line 3"),
        ("US", &["03/04/1985", "12/11/1970"], "month-first, US"),
        ("GB", &["03/04/1985", "12/11/1970"], "day-first, GB"),
        ("US", &["03.04.1985", "12.11.1970"], "dotted day-first, dots"),
        ("US", &["03.04.1985", "25.11.1970"], "dotted day-first, line 3"),
        ("DE", &["03.04.1985", "11.25.1970"], "dotted month-first, line 3"),
        // Two notations, each in its own order.
        ("GB", &["25.04.1985", "04/25/1985"], "month-first, line 3; dotted day-first, line 2"),
        ("US", &["3 April 1985", "Apr 25, 1985", "03/04/1985"], "month-first, US"),
        ("US", &["1985-04-25", "03/04/1985", "25/04/1985"], "day-first, line 4"),
        ("US", &["1985-04-03", "1985/04/25", "19850425"], ""),
        ("SE", &["03-04-05", "85-04-25"], "year-first, line 3"),
        ("SE", &["03-04-05"], "year-first, SE"),
        ("SE", &["03/04/1985"], "day-first, SE"),
        ("US", &["03/04/85", "25/04/85"], "day-first, line 3"),
        ("US", &["03/04/85", "25/04/11"], "day-first, line 3"),
        ("US", &["12/04/11", "25/04/11"], "? day-first year-first"),
        ("US", &["03/03/1985", "05/05/1970"], ""),
        ("US", &["", " ", "n/a", "unknown"], ""),
        ("US", &["31/02/1985", "99/99/9999", "soon"], ""),
        ("US", &["25/04/1985 10:15", "04/03/1985T00:00"], "day-first, line 2"),
        ("US", &["04/25/1985", "25/04/1985", "03/04/1985"], "? day-first month-first"),
        ("CA", &["03/04/1985"], "? day-first month-first"),
        ("", &["03/04/1985"], "? day-first month-first"),
        ("", &["03/04/1985", "25/04/1985"], "day-first, line 3"),
        ("", &["03.04.1985"], "dotted day-first, dots"),
        ("", &["１２/０４/１９８５", "２５/０４/１９８５"], "day-first, line 3"),
    ];
    for (region, values, expected) in table {
        let region = Some(*region).filter(|region| !region.is_empty());
        assert_eq!(born(region, values), *expected, "{values:?} in {region:?}");
    }
}

#[test]
fn the_style_of_numbers_is_decided_by_column() {
    let table: &[(&str, &[&str], &str)] = &[
        ("DE", &["1.500", "12.000", "1.500,00", "250", "1.000.000"], "1.234,56, line 4"),
        ("US", &["1.500", "12.000", "1.500,00", "250", "1.000.000"], "1.234,56, line 4"),
        ("US", &["1,500", "1.500"], "1,234.56, US"),
        ("DE", &["1.500", "12.000"], "1.234,56, DE"),
        ("US", &["1.500", "12.000"], "1,234.56, US"),
        ("US", &["1,5", "1.500"], "1.234,56, line 2"),
        ("DE", &["1.500", "12.50"], "1,234.56, line 3"),
        ("DE", &["0.500", "1.500"], "1,234.56, line 2"),
        ("FR", &["1 234,5"], "1.234,56, line 2"),
        ("FR", &["1,500"], "1 234,56, FR"),
        ("FR", &["1.500"], "? 1,234.56 1.234,56"),
        ("CH", &["1'234.50", "1.500"], "1,234.56, line 2"),
        ("CH", &["1.500"], "1'234.56, CH"),
        ("IN", &["12,34,567"], "1,234.56, line 2"),
        ("DE", &["1.234,50", "1,234.50"], "? 1,234.56 1.234,56"),
        ("US", &["1500", "12", "", "n/a", "-7"], ""),
        ("US", &["12 apples", "1e5", "1.2.3"], ""),
        ("DE", &["(1.500,00) €", "€ 12"], "1.234,56, line 2"),
        ("", &["1.500"], "? 1,234.56 1.234,56"),
        ("", &["1.5"], "1,234.56, line 2"),
        ("", &["1500", "1 500"], ""),
    ];
    for (region, values, expected) in table {
        let region = Some(*region).filter(|region| !region.is_empty());
        assert_eq!(limit(region, values), *expected, "{values:?} in {region:?}");
    }
}

#[test]
fn one_wrong_value_among_very_many_is_an_error_of_the_file() {
    let mut values = vec!["25/04/1985"; 300];
    values[120] = "04/25/1985";
    assert_eq!(born(Some("US"), &values), "day-first, line 2 but 1 from line 122");
    values[3] = "04/26/1985";
    values[4] = "04/27/1985";
    values[5] = "04/28/1985";
    assert_eq!(born(Some("US"), &values), "? day-first month-first");
    let mut values = vec!["1.500,5"; 300];
    values[7] = "1,500.5";
    assert_eq!(limit(Some("US"), &values), "1.234,56, line 2 but 1 from line 9");
}

#[test]
fn what_is_declared_holds_and_the_others_are_errors() {
    let declared = settings(Some("US"), "dates='month-first'\nnumbers={limit='1234.56'}");
    let columns: &[(&str, &[&str])] =
        &[("born", &["25/04/1985", "03/04/1985", "26/04/1985"]), ("limit", &["1,500", "1.5"])];
    let reading = decide(&declared, columns, &[]).unwrap();
    let born = told_dates(reading.dates.get(&FieldName::new("born")));
    assert_eq!(born, "month-first, declared but 2 from line 2");
    assert_eq!(
        told(&reading.numbers[&FieldName::new("limit")]),
        "1234.56, declared but 1 from line 2"
    );
}

#[test]
fn a_column_that_does_not_tell_follows_another_of_its_file() {
    let columns: &[(&str, &[&str])] =
        &[("born", &["03/04/1985"]), (UPDATED, &["03/04/2026 10:15", "25/04/2026 10:15"])];
    let reading = decide(&settings(Some("US"), ""), columns, &[]).unwrap();
    let born = told_dates(reading.dates.get(&FieldName::new("born")));
    assert_eq!(born, "day-first, updated line 3");
    assert_eq!(told_dates(reading.updated.as_ref()), "day-first, line 3");
    let apart: &[(&str, &[&str])] =
        &[("born", &["03/04/1985"]), ("since", &["04/25/2020"]), (UPDATED, &["25/04/2026 10:15"])];
    let reading = decide(&settings(Some("US"), ""), apart, &[]).unwrap();
    let born = told_dates(reading.dates.get(&FieldName::new("born")));
    assert_eq!(born, "month-first, US", "the others disagree");
}

#[test]
fn what_an_earlier_file_proved_holds_until_a_file_proves_otherwise() {
    let settings = settings(Some("US"), "");
    let of = |values: &[&str], earlier: &[(ImportId, Reading)]| {
        decide(&settings, &[("born", values)], earlier).unwrap()
    };
    let told = |reading: &Reading| told_dates(reading.dates.get(&FieldName::new("born")));
    let first = of(&["25/04/1985"], &[]);
    let mut earlier = vec![(ImportId(1), first)];
    let second = of(&["03/04/1985"], &earlier);
    assert_eq!(told(&second), "day-first, recorded I1");
    earlier.insert(0, (ImportId(2), second));
    let third = of(&["03/04/1985"], &earlier[..1]);
    assert_eq!(told(&third), "day-first, recorded I1");
    // Most are as before: the others are errors.
    let mixed = ["25/04/1985", "26/04/1985", "04/25/1985"];
    assert_eq!(told(&of(&mixed, &earlier)), "day-first, line 2 but 1 from line 4");
    let fourth = of(&["04/25/1985", "03/04/1985"], &earlier);
    assert_eq!(told(&fourth), "month-first, line 2 not day-first as in I1");
    earlier.insert(0, (ImportId(4), fourth));
    // What was assumed only is no proof.
    let assumed = of(&["03/04/1985"], &[]);
    assert_eq!(told(&assumed), "month-first, US");
    let again = of(&["03/04/1985"], &[(ImportId(7), assumed)]);
    assert_eq!(told(&again), "month-first, US");
    // Another column of the source.
    let columns: &[(&str, &[&str])] = &[("since", &["03/04/2020"])];
    let reading = decide(&settings, columns, &earlier[1..]).unwrap();
    let since = told_dates(reading.dates.get(&FieldName::new("since")));
    assert_eq!(since, "day-first, recorded I1");
}

#[test]
fn a_source_whose_files_proved_both_is_asked_of_a_file_that_fits_either() {
    let refused = |settings: &Settings, files: &[(&str, &[&str])]| {
        let (last, before) = files.split_last().unwrap();
        let mut earlier: Vec<(ImportId, Reading)> = Vec::new();
        for (file, id) in before.iter().zip(1..) {
            earlier.insert(0, (ImportId(id), decide(settings, &[*file], &earlier).unwrap()));
        }
        decide(settings, &[*last], &earlier).unwrap_err().to_string()
    };
    let us = settings(Some("US"), "");
    let files: &[(&str, &[&str])] = &[
        ("born", &["03/04/1985"]),
        ("born", &["25/04/1985"]),
        ("born", &["04/25/1985"]),
        ("born", &["03/04/1985"]),
    ];
    assert_eq!(
        refused(&us, files),
        "the dates of born may be day-first or month-first (line 2), and nothing says which (import \
         I2 proved day-first, import I3 month-first); add to [sources.crm] in steward.toml: dates = \
         \"day-first\" or dates = \"month-first\""
    );
    let numbers: &[(&str, &[&str])] =
        &[("limit", &["1.500,5"]), ("limit", &["1,500.5"]), ("limit", &["1.500"])];
    assert!(refused(&us, numbers).contains("(import I1 proved 1.234,56, import I2 1,234.56)"));
    // Another column, of which no file proved anything; one that mixes them.
    let other: &[(&str, &[&str])] = &[files[1], files[2], ("since", &["03/04/2020"])];
    assert!(refused(&us, other).starts_with("the dates of since may be"));
    let mixed: &[&str] = &["04/25/1985", "04/26/1985", "25/04/1985"];
    assert!(refused(&us, &[files[1], files[2], ("born", mixed)]).starts_with("some dates of born"));
    // What proves itself, is declared, or is proved by another column of its file is read.
    let itself = last_of(&us, &[files[1], files[2], ("born", &["26/04/1985"])]);
    let told = told_dates(itself.dates.get(&FieldName::new("born")));
    assert_eq!(told, "day-first, line 2 not month-first as in I2");
    let declared = settings(Some("US"), "dates='day-first'");
    let first =
        |id: u32, values: &[&str]| (ImportId(id), decide(&us, &[("born", values)], &[]).unwrap());
    let earlier = [first(2, &["04/25/1985"]), first(1, &["25/04/1985"])];
    assert!(decide(&declared, &[files[0]], &earlier).is_ok());
    let beside: &[(&str, &[&str])] = &[files[0], ("since", &["25/04/2020"])];
    assert!(decide(&us, beside, &earlier).is_ok());
}

/// What is decided of a field of the last of several files, in the order they come.
fn last_of(settings: &Settings, files: &[(&str, &[&str])]) -> Reading {
    let mut earlier: Vec<(ImportId, Reading)> = Vec::new();
    for (file, id) in files.iter().zip(1..) {
        let reading = decide(settings, &[*file], &earlier).unwrap();
        earlier.insert(0, (ImportId(id), reading));
    }
    earlier.remove(0).1
}

#[test]
fn what_custom_decided_of_earlier_files_is_said_once_a_file_proves_otherwise() {
    let table: &[(&str, &str, &[&[&str]], &str)] = &[
        (
            "US",
            "",
            &[&["03/04/1985"], &["25/04/1985"]],
            "line 2 not month-first as in I1 by custom in 1",
        ),
        (
            "GB",
            "",
            &[&["03/04/1985"], &["04/25/1985"]],
            "line 2 not day-first as in I1 by custom in 1",
        ),
        (
            "US",
            "",
            &[&["03/04/1985"], &["05/06/1985"], &["25/04/1985"]],
            "line 2 not month-first as in I2 by custom in 2",
        ),
        (
            "US",
            "region='PH'",
            &[&["03/04/1985"], &["25/04/1985"]],
            "line 2 not month-first as in I1 by custom in 1",
        ),
        // Once it was said, it is not said again; a file that agrees says nothing.
        ("US", "", &[&["03/04/1985"], &["25/04/1985"], &["26/04/1985"]], "line 2"),
        ("US", "", &[&["03/04/1985"], &["25/04/1985"], &["03/04/1985"]], "recorded I2"),
        ("GB", "", &[&["03/04/1985"], &["25/04/1985"]], "line 2"),
        ("US", "", &[&["1985-04-03"], &["25/04/1985"]], "line 2"),
        // Nor of what was proved then.
        ("US", "", &[&["25/04/1985"], &["04/25/1985"]], "line 2 not day-first as in I1"),
    ];
    for (region, lines, files, expected) in table {
        let settings = settings(Some(region), lines);
        let files: Vec<_> = files.iter().map(|values| ("born", *values)).collect();
        let reading = last_of(&settings, &files);
        let told = told_dates(reading.dates.get(&FieldName::new("born")));
        let (_, why) = told.split_once(", ").unwrap();
        assert_eq!(why, *expected, "{files:?} in {region}");
    }
    // Dates with dots, which custom decides everywhere.
    let dots: &[(&str, &[&str])] = &[("born", &["03.04.1985"]), ("born", &["04.25.1985"])];
    let reading = last_of(&settings(None, ""), dots);
    assert_eq!(
        told_dates(reading.dates.get(&FieldName::new("born"))),
        "dotted month-first, line 2 not day-first as in I1 by custom in 1"
    );
    let declared = settings(Some("US"), "");
    let first = decide(&declared, &[("born", &["03/04/1985"])], &[]).unwrap();
    let settings = settings(Some("US"), "dates='day-first'");
    let reading = decide(&settings, &[("born", &["03/04/1985"])], &[(ImportId(1), first)]).unwrap();
    assert_eq!(
        told_dates(reading.dates.get(&FieldName::new("born"))),
        "day-first, declared not month-first as in I1 by custom in 1"
    );
}

#[test]
fn the_same_holds_of_numbers_whose_decimals_are_parted_otherwise() {
    for (region, files, expected) in [
        ("DE", ["1.500", "1,500.5"], "1,234.56, line 2 not 1.234,56 as in I1 by custom in 1"),
        ("US", ["1.500", "1.500,5"], "1.234,56, line 2 not 1,234.56 as in I1 by custom in 1"),
        ("FR", ["1,500", "1,500.5"], "1,234.56, line 2 not 1 234,56 as in I1 by custom in 1"),
        // The comma parts decimals in both.
        ("FR", ["1,500", "1.500,5"], "1.234,56, line 2"),
        ("CH", ["1.500", "1,500.5"], "1,234.56, line 2"),
    ] {
        let files = files.each_ref().map(|value| ("limit", std::slice::from_ref(value)));
        let reading = last_of(&settings(Some(region), ""), &files);
        assert_eq!(told(&reading.numbers[&FieldName::new("limit")]), expected, "{files:?}");
    }
}

#[test]
fn dates_with_dots_prove_nothing_of_others_and_that_is_said() {
    let settings = settings(None, "");
    let said =
        |values: &[&str]| decide(&settings, &[("born", values)], &[]).unwrap_err().to_string();
    let told = said(&["03/04/1985", "25.04.1985"]);
    assert!(
        told.starts_with(
            "the dates of born may be day-first or month-first (line 2), and nothing says which (its \
             dates with dots are day-first, as line 3 proves, but that says nothing about dates without); add"
        ),
        "{told}"
    );
    assert!(!said(&["03/04/1985", "03.04.1985"]).contains("dots"), "they prove nothing themselves");
    assert!(!said(&["03/04/1985"]).contains("dots"));
}

#[test]
fn an_interrupted_import_goes_on_as_it_began() {
    let settings = settings(Some("US"), "");
    let begun = decide(&settings, &[("born", &["25/04/1985"])], &[]).unwrap();
    let evidence = Evidence {
        source: &settings.sources[0],
        region: None,
        begun: Some(&begun),
        earlier: &[],
        place: Place::Line,
    };
    let reading = survey(&settings, &[("born", &["03/04/1985"])]).decide(&evidence).unwrap();
    assert_eq!(told_dates(reading.dates.get(&FieldName::new("born"))), "day-first, line 2");
}

#[test]
fn the_source_s_region_comes_before_the_workspace_s() {
    let settings = settings(Some("US"), "region='GB'\nzone='Europe/London'");
    let reading = decide(&settings, &[("born", &["03/04/1985"])], &[]).unwrap();
    let born = told_dates(reading.dates.get(&FieldName::new("born")));
    assert_eq!(born, "day-first, GB of source");
    assert_eq!(
        (reading.region.as_deref(), reading.zone.as_deref()),
        (Some("GB"), Some("Europe/London"))
    );
}

#[test]
fn what_nothing_tells_is_said_with_the_line_to_add() {
    let settings = settings(None, "");
    let said =
        |columns: &[(&str, &[&str])]| decide(&settings, columns, &[]).unwrap_err().to_string();
    assert_eq!(
        said(&[("born", &["1985-04-03", "03/04/1985"])]),
        "the dates of born may be day-first or month-first (line 3), and nothing says which; add \
         to [sources.crm] in steward.toml: dates = \"day-first\" or dates = \"month-first\""
    );
    assert_eq!(
        said(&[("born", &["25/04/1985", "04/25/1985"]), ("limit", &["1.500"])]),
        "some dates of born can only be day-first (line 2) and others only month-first (line 3); \
         the numbers of limit may be written as 1,234.56 or as 1.234,56 (line 2), and nothing \
         says which; add to [sources.crm] in steward.toml: dates = \"day-first\" or dates = \
         \"month-first\", and numbers = \"1,234.56\" or numbers = \"1.234,56\"; what does not fit is \
         then left unread"
    );
}
