//! `steward check`: `steward.toml`, read and explained; and whether a person's own keys and theme
//! are sound.

mod held;
mod requested;
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
use door::operations::{About, AskEdit};
use door::views::EditView;
use settings::{explain, warnings};

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
    let invocation = &invocation.without_edit_note();
    let held = held::look(invocation, &settings);
    let edit = edit(invocation);
    let unread = words::findings(&settings);
    let mut warned = warnings(&settings);
    warned.extend(roles::notes(&settings, &serve::SystemUsers));
    warned.extend(requested::warnings(invocation, &settings));
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
            "edit": edit.as_ref().map(|(edit, _)| edit),
            "codes": held.as_ref().map(held::object),
            "findings": unread,
            "warnings": warned,
            "preferences": preferences.findings.iter().map(ToString::to_string).collect::<Vec<_>>(),
        }))?;
        return Ok(judged(&preferences, &unread));
    }
    let lines: Vec<String> = explanation.lines().map(clean).collect();
    output.lines(&lines)?;
    if let Some(held) = &held {
        output.lines(&held::lines(held))?;
    }
    warned.iter().for_each(|warning| say(&format!("warning: {}", clean(warning))));
    if !unread.is_empty() {
        say("steward.toml:");
        unread.iter().for_each(|finding| say(&format!("  {}", clean(finding))));
    } else if !workspace.exists() {
        say("valid; next: steward init");
    } else {
        say(&match edit {
            Some((edit, has_records)) => match edit.note() {
                Some(note) => format!("valid; {note}"),
                None if has_records => "valid, and in force".to_owned(),
                None => "valid; changes take effect with the first import".to_owned(),
            },
            None => "valid".to_owned(),
        });
    }
    if let (false, Some(file)) = (preferences.findings.is_empty(), &preferences.file) {
        say(&format!("{}:", clean(&file.display().to_string())));
        for finding in &preferences.findings {
            say(&format!("  {}", clean(&finding.to_string())));
        }
    }
    Ok(judged(&preferences, &unread))
}

/// What the file is beside the settings in force, and whether there are records; none where nobody can tell.
fn edit(invocation: &Invocation) -> Option<(EditView, bool)> {
    if !invocation.workspace().exists() {
        return None;
    }
    let entry = invocation.open_quietly().ok()?;
    let has_records = entry.ask(About {}).is_ok_and(|about| about.records > 0);
    Some((entry.ask(AskEdit {}).ok()?, has_records))
}

/// What is wrong with somebody's keys is not in effect, but it is wrong; so are codes that mean nothing.
fn judged(preferences: &Preferences, unread: &[String]) -> Code {
    if preferences.findings.is_empty() && unread.is_empty() { Code::Done } else { Code::Failed }
}
