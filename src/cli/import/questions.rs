//! What nothing tells of a file, asked on the terminal.

use std::io::{self, BufRead};

use super::super::say::say;
use super::super::text::clean;
use domain::{DateOrder, NumberStyle};
use door::operations::Import;
use door::{Failure, UndecidedColumn};

/// Asks on the terminal what nothing else tells, one thing at a time; the answer as steward.toml would
/// say it, if there was one.
pub fn answer(error: &anyhow::Error, request: &mut Import) -> io::Result<Option<String>> {
    let Some(failure) = error.downcast_ref::<Failure>() else { return Ok(None) };
    if !failure.readings.is_empty() {
        return encoding(failure, request);
    }
    let columns = failure.undecided.as_ref().map_or(&[][..], |undecided| &undecided.columns);
    match columns.first() {
        Some(first) => way(failure, first, columns, request),
        None => Ok(None),
    }
}

/// In which encoding the file is.
fn encoding(failure: &Failure, request: &mut Import) -> io::Result<Option<String>> {
    say(&clean(&failure.message));
    for (number, (name, words)) in (1..).zip(&failure.readings) {
        let words = if words.is_empty() { String::new() } else { format!(": {words}") };
        say(&clean(&format!("  {number}  {name}{words}")));
    }
    let names: Vec<&str> = failure.readings.iter().map(|(name, _)| name.as_str()).collect();
    Ok(asked("which reading is right? (its number or name; Enter: none)", &names)?.map(|at| {
        request.written.encoding = Some(names[at].to_owned());
        format!("encoding = \"{}\"", names[at])
    }))
}

/// How dates or numbers are written, of every column that may be written in several ways.
fn way(
    failure: &Failure,
    first: &UndecidedColumn,
    columns: &[UndecidedColumn],
    request: &mut Import,
) -> io::Result<Option<String>> {
    let (key, choices) = (&first.key, &first.choices);
    let same = columns.iter().filter(|column| column.key == *key);
    let fields: Vec<&str> = same.map(|column| column.field.as_str()).collect();
    say(&clean(&failure.message));
    let choices: Vec<&str> = choices.iter().map(String::as_str).collect();
    let question =
        format!("{key} of {}: {}? (Enter: none)", fields.join(", "), choices.join(" or "));
    let Some(at) = asked(&question, &choices)? else { return Ok(None) };
    match key.as_str() {
        "dates" => request.dates = DateOrder::from_name(choices[at]),
        _ => request.numbers = NumberStyle::from_example(choices[at]),
    }
    Ok(Some(format!("{key} = \"{}\"", choices[at])))
}

/// Asks until one of the choices is named; none where nothing is typed, or no more can be.
fn asked(question: &str, choices: &[&str]) -> io::Result<Option<usize>> {
    say(&clean(question));
    loop {
        let mut typed = String::new();
        io::stdin().lock().read_line(&mut typed)?;
        let typed = typed.trim();
        if typed.is_empty() {
            return Ok(None);
        }
        if let Some(chosen) = chosen(typed, choices) {
            return Ok(Some(chosen));
        }
        say(&clean(&format!("type one of them: {}", choices.join(", "))));
    }
}

/// Which of the choices is meant: by its name, its number counted from 1, or how it alone begins.
fn chosen(typed: &str, choices: &[&str]) -> Option<usize> {
    let begins = |choice: &str, with: &str| {
        choice.get(..with.len()).is_some_and(|start| start.eq_ignore_ascii_case(with))
    };
    let named = choices.iter().position(|choice| choice.eq_ignore_ascii_case(typed));
    let by_number = || {
        let number: usize = typed.parse().ok()?;
        number.checked_sub(1).filter(|at| *at < choices.len())
    };
    let begun = || {
        let mut begun = (0..choices.len()).filter(|at| begins(choices[*at], typed));
        begun.next().filter(|_| begun.next().is_none())
    };
    named.or_else(by_number).or_else(begun)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_a_number_a_name_or_how_one_begins() {
        let ways = ["day-first", "month-first", "year-first"];
        for (typed, expected) in [
            ("day-first", Some(0)),
            ("DAY-FIRST", Some(0)),
            ("d", Some(0)),
            ("day", Some(0)),
            ("Month", Some(1)),
            ("1", Some(0)),
            ("3", Some(2)),
            ("4", None),
            ("0", None),
            ("x", None),
            ("first", None),
        ] {
            assert_eq!(chosen(typed, &ways), expected, "{typed}");
        }
        let styles = ["1.234,56", "1,234.56"];
        assert_eq!(chosen("1,", &styles), Some(1));
        assert_eq!(chosen("1.234,56", &styles), Some(0));
        assert_eq!(chosen("2", &styles), Some(1));
        // What several begin with is none of them.
        assert_eq!(chosen("windows-125", &["windows-1250", "windows-1252"]), None);
    }
}
