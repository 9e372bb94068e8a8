//! The question before many decisions.

use std::io::{self, BufRead, IsTerminal, Write};

use super::failure::Usage;
use super::output::Output;
use super::text::counted;
use door::Refusal;

/// Asks for the number of things (`task`, `tasks`) on a terminal; without one, `--yes` must have been said.
///
/// # Errors
/// When nobody says yes.
pub fn confirm(
    ready: usize,
    (one, more): (&str, &str),
    done: &str,
    output: &Output,
) -> anyhow::Result<()> {
    if output.json || !io::stdin().is_terminal() || !io::stderr().is_terminal() {
        return Err(Usage::error(format!(
            "{} would be {done}: pass --yes, or --dry-run to see them",
            counted(ready as u64, one, more)
        )));
    }
    let verb = if done == "decided" { "decide" } else { "correct" };
    write!(io::stderr(), "type {ready} to {verb} them: ")?;
    io::stderr().flush()?;
    let mut typed = String::new();
    io::stdin().lock().read_line(&mut typed)?;
    if typed.trim() == ready.to_string() {
        return Ok(());
    }
    Err(Refusal::DoesNotApply { why: format!("you did not type {ready}: nothing was {done}") }
        .into())
}

/// Asks on a terminal for a `yes`; `otherwise` is said of anything else.
///
/// # Errors
/// When nobody says it.
pub fn typed_yes(question: &str, otherwise: &str) -> anyhow::Result<()> {
    write!(io::stderr(), "{question}")?;
    io::stderr().flush()?;
    let mut typed = String::new();
    if io::stdin().is_terminal() {
        io::stdin().lock().read_line(&mut typed)?;
    }
    if typed.trim() == "yes" {
        return Ok(());
    }
    Err(Refusal::DoesNotApply { why: format!("not confirmed: {otherwise}") }.into())
}
