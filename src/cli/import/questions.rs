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
    say("which reading is right? (its number or name; Enter: none)");
    let typed = typed()?;
    let by_number = typed.parse::<usize>().ok().and_then(|number| number.checked_sub(1));
    let named = failure.readings.iter().find(|(name, _)| name.eq_ignore_ascii_case(&typed));
    let chosen = by_number.and_then(|at| failure.readings.get(at)).or(named);
    Ok(chosen.map(|(name, _)| {
        request.written.encoding = Some(name.clone());
        format!("encoding = \"{name}\"")
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
    say(&clean(&format!("{key} of {}: {}?", fields.join(", "), choices.join(" or "))));
    let typed = typed()?;
    if !choices.contains(&typed) {
        return Ok(None);
    }
    match key.as_str() {
        "dates" => request.dates = DateOrder::from_name(&typed),
        _ => request.numbers = NumberStyle::from_example(&typed),
    }
    Ok(Some(format!("{key} = \"{typed}\"")))
}

fn typed() -> io::Result<String> {
    let mut typed = String::new();
    io::stdin().lock().read_line(&mut typed)?;
    Ok(typed.trim().to_owned())
}
