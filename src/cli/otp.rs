//! `steward otp`: the second factors of those who come in over SSH.

use std::io::{self, BufRead, Write};

use serde_json::json;

use super::code::Code;
use super::entry::Entry;
use super::factors::{self, factors};
use super::failure::NotFound;
use super::invocation::Invocation;
use super::output::Output;
use super::say::say;
use super::serve::now;
use super::text::{Table, clean, counted};
use desk::{Desk, read_settings};
use domain::{AccessChange, AccessNoted};
use door::Refusal;
use door::operations::NoteAccess;
use settings::Person;
use ssh::{Enrolment, Factors, NotEnrolled};

/// Where no QR code is drawn.
const NOT_DRAWN: &str =
    "a QR code needs a terminal with colours; type this into the telephone instead: ";
/// How often somebody may mistype the first code.
const TRIES: usize = 3;

/// List who has a second factor for SSH, enrol somebody, or remove theirs.
///
/// Whoever has `second_factor = true` in [people.*] is asked for a one-time code after their key. This runs
/// on the machine of the workspace, beside steward serve or without it.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  steward otp\n  steward otp enrol sam\n  steward otp reset sam"
)]
pub struct Arguments {
    #[command(subcommand)]
    what: Option<What>,
}

#[derive(Debug, clap::Subcommand)]
enum What {
    /// Show a QR code for their telephone, ask for its first code, and print eight recovery codes once.
    Enrol {
        /// The person, as in [people.*].
        #[arg(value_name = "PERSON")]
        person: String,
    },
    /// Remove their second factor: they cannot log in until they are enrolled again.
    Reset {
        /// The person, as in [people.*].
        #[arg(value_name = "PERSON")]
        person: String,
    },
}

/// Lists, enrols or removes.
///
/// # Errors
/// When there is no such person, the code is wrong, or the disk refuses.
pub fn run(
    arguments: &Arguments,
    invocation: &Invocation,
    output: &Output,
) -> anyhow::Result<Code> {
    // The key that seals second factors is had beside whoever has the workspace open.
    let environment = invocation.environment()?;
    let (desk, _) = Desk::open_to_read(invocation.workspace(), environment, &mut |_, _| {})?;
    let factors = factors(&invocation.workspace(), factors::key(&desk));
    drop(desk);
    let settings = read_settings(&invocation.workspace())?;
    match &arguments.what {
        None => list(&settings.people, &factors, output)?,
        Some(What::Enrol { person }) => {
            let known = known(&settings.people, person)?;
            // Nothing is in force that could not be recorded.
            let entry = invocation.open()?;
            enrol(known, &settings.workspace.name, (&factors, &entry), output)?;
        }
        Some(What::Reset { person }) => {
            if !factors.enrolled()?.iter().any(|(enrolled, _)| enrolled == person) {
                let hint = "steward otp lists who has one".to_owned();
                return Err(
                    NotFound { what: format!("{person} has no second factor"), hint }.into()
                );
            }
            let entry = invocation.open()?;
            note(&entry, person, AccessChange::Reset)?;
            factors.reset(person)?;
            if output.json {
                output.object(&json!({ "reset": person }))?;
            } else {
                output.line(&format!("removed the second factor of {person}"))?;
            }
        }
    }
    Ok(Code::Done)
}

/// Records it in the ledger, whoever has the workspace open.
fn note(entry: &Entry, person: &str, what: AccessChange) -> anyhow::Result<()> {
    entry.ask(NoteAccess { noted: AccessNoted { person: person.to_owned(), what } })
}

fn known<'a>(people: &'a [Person], person: &str) -> anyhow::Result<&'a Person> {
    people.iter().find(|it| it.id == person).ok_or_else(|| {
        let what = format!("nobody in [people.*] of steward.toml is called {}", clean(person));
        NotFound { what, hint: "add them there first, with their SSH keys".to_owned() }.into()
    })
}

fn list(people: &[Person], factors: &Factors, output: &Output) -> anyhow::Result<()> {
    let enrolled = factors.enrolled()?;
    let left = |id: &str| enrolled.iter().find(|(person, _)| person == id).map(|(_, left)| *left);
    if output.json {
        let object = |it: &Person| json!({ "person": it.id, "needed": it.second_factor, "recovery_codes": left(&it.id) });
        return Ok(output.objects(&people.iter().map(object).collect::<Vec<_>>())?);
    }
    if people.is_empty() {
        say("nobody is named in [people.*] of steward.toml");
        return Ok(());
    }
    let mut table = Table::default();
    table.row(["person", "code after the key", "enrolled"]);
    for person in people {
        let needed = if person.second_factor { "yes" } else { "no" };
        let enrolled = match left(&person.id) {
            Some(left) => counted(left as u64, "recovery code left", "recovery codes left"),
            None => "no".to_owned(),
        };
        table.row([person.id.clone(), needed.to_owned(), enrolled]);
    }
    Ok(output.lines(&table.lines())?)
}

fn enrol(
    person: &Person,
    workspace: &str,
    (factors, entry): (&Factors, &Entry),
    output: &Output,
) -> anyhow::Result<()> {
    let id = &person.id;
    if factors.enrolled()?.iter().any(|(enrolled, _)| enrolled == id) {
        let why = format!("{id} already has a second factor: run steward otp reset {id} first");
        return Err(Refusal::DoesNotApply { why }.into());
    }
    let enrolment = Enrolment::begin(id)?;
    // Without colours nobody knows which of its squares are the dark ones.
    let drawn = enrolment.drawn(workspace).filter(|_| output.paint.colour).unwrap_or_default();
    output.lines(&drawn)?;
    let begins = if drawn.is_empty() { NOT_DRAWN } else { "or type it in: " };
    output.line(&format!("{begins}{}", *enrolment.secret()))?;
    let codes = first_code(&enrolment, factors)?;
    let recovery_codes = codes.len().try_into().unwrap_or(u32::MAX);
    if let Err(error) = note(entry, id, AccessChange::Enrolled { recovery_codes }) {
        factors.reset(id)?;
        return Err(error.context(format!("{id} is not enrolled: it could not be recorded")));
    }
    output.line(&format!(
        "{id} is enrolled. Recovery codes, each good once; they are not shown again:"
    ))?;
    for code in codes {
        output.line(&format!("  {code}"))?;
    }
    if !person.second_factor {
        say(&format!("note: no code is asked for yet; set second_factor = true in [people.{id}]"));
    }
    Ok(())
}

/// Asks for the code that the telephone shows, until it is right.
fn first_code(enrolment: &Enrolment, factors: &Factors) -> anyhow::Result<Vec<ssh::RecoveryCode>> {
    let mut tries = 0;
    loop {
        write!(io::stderr(), "type the code that the telephone shows: ")?;
        io::stderr().flush()?;
        let mut typed = String::new();
        let read = io::stdin().lock().read_line(&mut typed)?;
        tries += 1;
        match enrolment.confirm(factors, &typed, now()) {
            Err(error @ NotEnrolled::Wrong) if read > 0 && tries < TRIES => {
                say(&format!("note: {error}"));
            }
            ended => return Ok(ended?),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::text::guarded;
    use super::*;

    #[test]
    fn a_drawn_code_is_printed_as_it_was_drawn() {
        let drawn = Enrolment::begin("sam").unwrap().drawn("shop").unwrap();
        for line in &drawn {
            assert!(line.starts_with('\u{1b}'));
            assert_eq!(guarded(line, true), *line);
        }
    }
}
