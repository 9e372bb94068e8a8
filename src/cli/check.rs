//! `steward check`: `steward.toml`, read and explained; and whether a person's own keys and theme
//! are sound.

mod held;
mod roles;
mod words;

use serde_json::json;

use super::code::Code;
use super::invocation::Invocation;
use super::output::Output;
use super::preferences::{self, Preferences};
use super::say::say;
use super::text::clean;
use desk::read_settings;
use settings::explain;

/// Read steward.toml and explain it in plain words, or say what is wrong and on which line. The same
/// goes for your own keys and theme in ~/.config/steward/config.toml. If there are code lists, count
/// the values that records hold and no list contains, and the codes that no source delivers.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  steward check")]
pub struct Arguments {}

/// Checks `steward.toml`.
///
/// # Errors
/// When it cannot be read or is wrong.
pub fn run(invocation: &Invocation, output: &Output) -> anyhow::Result<Code> {
    let workspace = invocation.workspace();
    let settings = read_settings(&workspace)?;
    let preferences = preferences::read();
    let explanation = explain(&settings);
    let held = held::look(invocation, &settings);
    let unread = words::findings(&settings);
    let notes = roles::notes(&settings);
    if output.json {
        let names = |list: &mut dyn Iterator<Item = &str>| -> Vec<String> {
            list.map(ToOwned::to_owned).collect()
        };
        output.object(&json!({
            "valid": unread.is_empty(),
            "fingerprint": settings.fingerprint,
            "workspace": settings.workspace.name,
            "region": settings.workspace.region,
            "fields": names(&mut settings.fields.iter().map(|field| field.name.as_str())),
            "sources": names(&mut settings.sources.iter().map(|source| source.name.as_str())),
            "rules": names(&mut settings.rules.iter().map(|rule| rule.id.as_str())),
            "explanation": explanation,
            "codes": held.as_ref().map(held::object),
            "findings": unread,
            "notes": notes,
            "preferences": preferences.findings.iter().map(ToString::to_string).collect::<Vec<_>>(),
        }))?;
        return Ok(judged(&preferences, &unread));
    }
    let lines: Vec<String> = explanation.lines().map(clean).collect();
    output.lines(&lines)?;
    if let Some(held) = &held {
        output.lines(&held::lines(held))?;
    }
    notes.iter().for_each(|note| say(&format!("note: {}", clean(note))));
    if !unread.is_empty() {
        say("steward.toml:");
        unread.iter().for_each(|finding| say(&format!("  {}", clean(finding))));
    } else if !workspace.exists() {
        say("valid; next: steward init");
    } else {
        say("valid; changes take effect with the next command that writes");
    }
    if let (false, Some(file)) = (preferences.findings.is_empty(), &preferences.file) {
        say(&format!("{}:", clean(&file.display().to_string())));
        for finding in &preferences.findings {
            say(&format!("  {}", clean(&finding.to_string())));
        }
    }
    Ok(judged(&preferences, &unread))
}

/// What is wrong with somebody's keys is not in effect, but it is wrong; so are codes that mean nothing.
fn judged(preferences: &Preferences, unread: &[String]) -> Code {
    if preferences.findings.is_empty() && unread.is_empty() { Code::Done } else { Code::Failed }
}
