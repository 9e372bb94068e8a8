//! `steward access`: who may what, and what they did of late.

use super::code::Code;
use super::invocation::Invocation;
use super::moment;
use super::output::Output;
use super::say::say;
use super::text::{clean, counted};
use domain::verbs;
use door::operations::Access;
use door::views::{AccessView, Acknowledged, PersonAccess};

/// Show who may do what: people with their role, how they come in, what they see masked, when they
/// last changed anything, and how often they unmasked, exported or were refused something in the last 90 days.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  steward access\n  steward access --json\n  \
    steward access --verbs")]
pub struct Arguments {
    /// List the verbs that a role may have, with what each allows.
    #[arg(long)]
    verbs: bool,
}

/// Prints the review of access.
///
/// # Errors
/// When the workspace cannot be read.
pub fn run(
    arguments: &Arguments,
    invocation: &Invocation,
    output: &Output,
) -> anyhow::Result<Code> {
    if arguments.verbs {
        verbs(output)?;
        return Ok(Code::Done);
    }
    let entry = invocation.open_to_show(false)?;
    let view = entry.ask(Access {})?;
    if output.json {
        output.object(&view)?;
        return Ok(Code::Done);
    }
    if view.people.is_empty() {
        say("no people are named in [people.*]: only the owner of the workspace comes in");
    } else if !view.has_roles {
        say("there are no [roles.*]: whoever comes in may do everything");
    }
    output.lines(&lines(&view))?;
    Ok(Code::Done)
}

fn verbs(output: &Output) -> std::io::Result<()> {
    if output.json {
        let objects = verbs::VERBS.map(|it| serde_json::json!({"verb": it.name, "does": it.does}));
        return output.objects(&objects);
    }
    let lines = verbs::VERBS.map(|verb| format!("{:<10}  {}", verb.name, verb.does));
    output.lines(&lines)
}

/// `rules of commit 17, on 2026-11-30; 2 changes behind`.
fn has_read(acknowledged: &Acknowledged) -> String {
    let behind = match acknowledged.behind {
        0 => "nothing since".to_owned(),
        behind => format!("{} behind", counted(behind, "change", "changes")),
    };
    match (acknowledged.adopted, acknowledged.at) {
        (Some(adopted), Some(at)) => {
            format!("the rules of commit {adopted}, {}; {behind}", moment::shown(at))
        }
        _ if acknowledged.behind == 0 => "all there was to read".to_owned(),
        _ => format!("nothing acknowledged yet; {behind}"),
    }
}

/// A few lines a person, what is odd at the end.
fn lines(view: &AccessView) -> Vec<String> {
    let mut lines = Vec::new();
    for person in &view.people {
        of_person(person, view.has_roles, &mut lines);
    }
    let nobody: Vec<String> = view
        .people
        .iter()
        .filter(|person| view.has_roles && person.role.is_none())
        .map(|person| clean(&person.person))
        .collect();
    if !nobody.is_empty() {
        lines.push(format!("Without a role, so they may do nothing: {}", nobody.join(", ")));
    }
    if !view.unused.is_empty() {
        let unused: Vec<String> = view.unused.iter().map(|role| clean(role)).collect();
        lines.push(format!("Roles that nobody has: {}", unused.join(", ")));
    }
    lines
}

fn of_person(person: &PersonAccess, has_roles: bool, lines: &mut Vec<String>) {
    let name = match person.name == person.person {
        true => String::new(),
        false => format!(" ({})", clean(&person.name)),
    };
    let role = person.role.as_deref().map_or(String::new(), |role| format!(", {}", clean(role)));
    lines.push(format!("{}{name}{role}", clean(&person.person)));
    let unix = person.unix.iter().map(|unix| format!("Unix user {}", clean(unix)));
    let keys = person.keys.iter().map(|key| format!("key {}", clean(key)));
    let mut doors: Vec<String> = unix.chain(keys).collect();
    match doors.is_empty() {
        true => doors.push("no way: neither a Unix user nor a key".to_owned()),
        false if person.second_factor => doors.push("one-time code".to_owned()),
        false => {}
    }
    lines.push(format!("  comes in by: {}", doors.join(", ")));
    let may = match (has_roles, person.may.is_empty()) {
        (false, _) => "everything".to_owned(),
        (true, true) => "nothing".to_owned(),
        (true, false) => person.may.join(", "),
    };
    lines.push(format!("  may:         {may}"));
    if !person.masked.is_empty() {
        let masked = person.masked.iter().map(|(field, how)| {
            let opens = if person.unmask.contains(field) { ", may unmask" } else { "" };
            format!("{} ({}{opens})", clean(field.as_str()), clean(how))
        });
        lines.push(format!("  sees masked: {}", masked.collect::<Vec<_>>().join(", ")));
    }
    if let Some(acknowledged) = &person.acknowledged {
        lines.push(format!("  has read:    {}", has_read(acknowledged)));
    }
    // Who only reads leaves nothing behind.
    let seen = person.last_seen.map_or("never".to_owned(), moment::shown);
    let did = [
        counted(person.unmasked, "unmasking", "unmaskings"),
        counted(person.exported, "export", "exports"),
        counted(person.refused, "refusal", "refusals"),
    ];
    lines.push(format!("  last wrote:  {seen}; in 90 days {}", did.join(", ")));
}
