//! What nothing tells of a file, asked on the terminal.

use std::io::{self, BufRead};

use super::super::say::say;
use super::super::text::clean;
use domain::{DateOrder, NumberStyle};
use door::Failure;
use door::operations::Import;

/// Asks on the terminal what nothing else tells, one thing at a time; whether it was answered.
pub fn is_answered(error: &anyhow::Error, request: &mut Import) -> io::Result<bool> {
    let failure = error.downcast_ref::<Failure>();
    let undecided = failure.and_then(|failure| failure.undecided.as_ref()?.columns.first());
    let Some(column) = undecided else { return Ok(false) };
    say(&clean(&error.to_string()));
    let choices = column.choices.join(" or ");
    say(&clean(&format!("{} of {}: {choices}?", column.key, column.field)));
    let mut answer = String::new();
    io::stdin().lock().read_line(&mut answer)?;
    let answer = answer.trim();
    if !column.choices.iter().any(|choice| choice == answer) {
        return Ok(false);
    }
    match column.key.as_str() {
        "dates" => request.dates = DateOrder::from_name(answer),
        _ => request.numbers = NumberStyle::from_example(answer),
    }
    Ok(true)
}
