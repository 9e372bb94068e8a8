//! Quotes in CSV: one that is not closed takes the lines after it into its value, and their
//! verdicts with them.

use super::Wrong;
use domain::TaskId;

/// Where in a row something stands.
#[derive(Clone, Copy)]
enum At {
    /// Where a value begins.
    Start,
    /// In a value without quotes, where one is a sign like any other.
    Plain,
    /// Between quotes.
    Quoted,
    /// Behind a quote that closes a value, or is the first of two that stand for one.
    Closed,
    /// In the blanks behind a closed value.
    After,
}

/// Whether every value that opens with a quote ends with one, and none of them holds a line that
/// is a verdict of its own.
///
/// # Errors
/// The line where the first that does not opens.
pub fn must_close(text: &str) -> Result<(), Wrong> {
    let (mut at, mut line, mut opened) = (At::Start, 1, 1);
    let open =
        |opened| Err((opened, "a quoted value does not end at its closing quote".to_owned()));
    for (place, sign) in text.char_indices() {
        at = match (at, sign) {
            (At::Start, '"') => {
                opened = line;
                At::Quoted
            }
            (At::Closed, '"') => At::Quoted,
            (At::Quoted, '"') => At::Closed,
            (At::Quoted, '\n') if is_verdict(text.get(place + 1..).unwrap_or_default()) => {
                return open(opened);
            }
            (At::Quoted, _) => At::Quoted,
            (_, ',' | '\n' | '\r') => At::Start,
            (At::Closed | At::After, ' ' | '\t') => At::After,
            (At::Closed | At::After, _) => return open(opened),
            (At::Start | At::Plain, _) => At::Plain,
        };
        line += u64::from(sign == '\n');
    }
    if matches!(at, At::Quoted) { open(opened) } else { Ok(()) }
}

/// Whether a line begins with a task, as one with a verdict does.
fn is_verdict(rest: &str) -> bool {
    let first = rest.lines().next().and_then(|line| line.split_once(','));
    first.is_some_and(|(cell, _)| cell.trim_matches([' ', '"']).parse::<TaskId>().is_ok())
}
