//! What is told of a new workspace, to people and to programs.

use std::io;
use std::path::Path;

use serde_json::{Value, json};

use super::super::invocation::{Invocation, absolute};
use super::super::keys::keep_a_copy;
use super::super::output::Output;
use super::super::query::DatabaseArguments;
use super::super::say::say;
use super::super::text::{clean, counted};
use super::Made;
use super::proposing::Proposed;
use desk::Workspace;
use intake::propose::ProposedSource;
use ledger::keys::WrapKind;

/// So many remarks of a source are said; all stand in the file.
const MOST_SAID: usize = 5;

/// Shows a proposal of which nothing is made.
pub fn show(proposed: &Proposed, output: &Output) -> io::Result<()> {
    if output.json {
        let mut object = json!({ "dry_run": true, "settings": proposed.text });
        add(&mut object, proposed, "");
        return output.object(&object);
    }
    let lines: Vec<String> = proposed.text.lines().map(clean).collect();
    output.lines(&lines)?;
    tell_doubts(proposed);
    say("nothing was written (--dry-run)");
    Ok(())
}

/// Says what was made, and how the keys are protected; nothing was made where that is none.
pub fn tell(
    workspace: &Workspace,
    made: &Made,
    invocation: &Invocation,
    output: &Output,
) -> io::Result<()> {
    let folder = absolute(workspace.folder());
    let dry_run = made.protected.is_none();
    let key_file = match &made.protected {
        Some(WrapKind::KeyFile(path)) => Some(absolute(path)),
        _ => None,
    };
    let at = at(workspace, invocation);
    if output.json {
        let mut object = json!({
            "workspace": folder,
            "settings": if made.kept { "kept" } else { "written" },
            "dry_run": dry_run,
            "key_file": key_file,
        });
        if let Some(proposed) = &made.proposed {
            add(&mut object, proposed, &at);
        }
        return output.object(&object);
    }
    let folder = clean(&folder);
    if dry_run {
        output.line(&format!("would create a workspace in {folder}"))?;
        say("nothing was written (--dry-run)");
        return Ok(());
    }
    output.line(&format!("created an encrypted workspace in {folder}"))?;
    match key_file {
        Some(path) => say(&keep_a_copy(&path)),
        None => say("it opens with your passphrase; without it nobody can read it, not even us"),
    }
    if let Some(proposed) = &made.proposed {
        for source in proposed.proposal.written() {
            say(&summary(source));
            if let Some((preset, title)) = &source.preset {
                let name = &source.name;
                say(&clean(&format!("source {name}: recognised as {title} (preset {preset})")));
            }
        }
        tell_doubts(proposed);
        say("steward.toml gives the reason for each line; change what is wrong now");
        say(&format!("next:\n{}", next(proposed, &at).join("\n")));
    } else if made.kept {
        say("the existing steward.toml was kept");
        say("next: steward import FILE --source NAME");
    } else {
        if made.region.is_none() {
            say("no region is set, so none is assumed: set it in steward.toml, or with --region");
        }
        say("next: name your sources and their columns in steward.toml, then: steward check");
        say("or start from your files: steward init --from FILE...");
    }
    Ok(())
}

/// One line about a source.
fn summary(source: &ProposedSource) -> String {
    let rows = counted(source.look.rows, "row", "rows");
    let fields: Vec<&str> = source.map.iter().map(|mapped| mapped.field.as_str()).collect();
    let key = source.key.as_ref().map_or("", |key| &key.column);
    clean(&format!(
        "source {}: {rows} of {}, key `{key}`; read are {}; {}",
        source.name,
        source.file,
        fields.join(", "),
        counted(
            source.unmapped.len() as u64,
            "other column is dropped",
            "other columns are dropped"
        ),
    ))
}

/// What somebody should look at.
fn tell_doubts(proposed: &Proposed) {
    match &proposed.proposal.region {
        Some(region) if region.is_sure => {}
        Some(region) => {
            say(&clean(&format!("not sure: region {}, because {}", region.code, region.why)))
        }
        None => say("not sure: the region; nothing in the files shows it, so none is assumed"),
    }
    for (source, convention) in proposed.proposal.sources.iter().zip(&proposed.conventions) {
        if let Some(lack) = source.lack() {
            say(&clean(&format!("left out: {lack}")));
            continue;
        }
        let open = convention.open.iter().map(|question| question.why.clone());
        let encodings = (!source.look.encodings.is_empty())
            .then(|| format!("its encoding may be {}", source.look.encodings.join(" or ")));
        let remarks = source.remarks.iter().cloned().chain(encodings).chain(open);
        let remarks: Vec<String> = remarks.collect();
        for remark in remarks.iter().take(MOST_SAID) {
            say(&clean(&format!("not sure: {}: {remark}", source.name)));
        }
        if remarks.len() > MOST_SAID {
            say(&format!("and {} more, in steward.toml", remarks.len() - MOST_SAID));
        }
    }
}

/// How the workspace is named on the next command line, where it is not the folder one is in.
fn at(workspace: &Workspace, invocation: &Invocation) -> String {
    let is_here = absolute(workspace.folder()) == absolute(std::path::Path::new("."));
    let folder = invocation.folder();
    if is_here { String::new() } else { format!(" --workspace {}", shell(&folder)) }
}

/// The commands that come next.
fn next(proposed: &Proposed, at: &str) -> Vec<String> {
    let flag = |name: &str, said: &Option<String>| {
        said.as_ref().map_or_else(String::new, |said| format!(" --{name} {}", shell(said)))
    };
    let DatabaseArguments { table, query } = &proposed.asked;
    let asked = flag("table", table) + &flag("query", query);
    let widths = proposed.widths.as_ref().map_or_else(String::new, |widths| {
        let widths: Vec<String> = widths.iter().map(usize::to_string).collect();
        format!(" --widths {}", widths.join(","))
    });
    let imports = proposed.proposal.written().map(|source| {
        let records = source.look.records.as_deref();
        let records = records.map(|path| format!(" --records {}", shell(path)));
        let (file, name) = (shell(&source.file), &source.name);
        let records = records.unwrap_or_default();
        let is_database = DatabaseArguments::is_database(Path::new(&source.file));
        let asked = if is_database { asked.as_str() } else { "" };
        format!("  steward import {file} --source {name}{records}{widths}{asked}{at}")
    });
    let then = [format!("  steward match{at}"), format!("  steward review{at}")];
    imports.chain(then).collect()
}

/// A word as a shell reads it.
fn shell(word: &str) -> String {
    let is_plain = |it: char| it.is_ascii_alphanumeric() || "/._-+,:=@%".contains(it);
    if !word.is_empty() && word.chars().all(is_plain) {
        return word.to_owned();
    }
    format!("'{}'", word.replace('\'', "'\\''"))
}

/// What programs are told of a proposal.
fn add(object: &mut Value, proposed: &Proposed, at: &str) {
    let region = proposed.proposal.region.as_ref();
    let sources = proposed.proposal.sources.iter().zip(&proposed.conventions);
    let sources = sources.map(|(source, convention)| {
        let map = source.map.iter().map(|mapped| {
            json!({
                "field": mapped.field,
                "type": mapped.field_type.name(),
                "columns": mapped.columns,
                "why": mapped.why,
                "sensitive": mapped.meaning.is_sensitive(),
            })
        });
        let unmapped = source.unmapped.iter();
        json!({
            "name": source.name,
            "file": source.file,
            "format": source.look.description,
            "rows": source.look.rows,
            "key": source.key.as_ref().map(|key| &key.column),
            "updated": source.updated,
            "trust": source.trust.0,
            "preset": source.preset.as_ref().map(|(name, _)| name),
            "map": map.collect::<Vec<_>>(),
            "unmapped": unmapped.map(|it| &it.column).collect::<Vec<_>>(),
            "encodings": source.look.encodings,
            "records": source.look.records,
            "not_sure": source.remarks,
            "undecided": convention.open.iter().map(|it| &it.why).collect::<Vec<_>>(),
            "assumed": convention.assumed,
            "left_out": source.lack(),
        })
    });
    let sources: Vec<Value> = sources.collect();
    let commands: Vec<String> =
        next(proposed, at).iter().map(|line| line.trim().to_owned()).collect();
    if let Some(fields) = object.as_object_mut() {
        fields.insert(
            "region".to_owned(),
            json!({
                "code": region.map(|region| &region.code),
                "why": region.map(|region| &region.why),
                "sure": region.is_some_and(|region| region.is_sure),
            }),
        );
        fields.insert("sources".to_owned(), sources.into());
        fields.insert("next".to_owned(), commands.into());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_is_quoted_where_a_shell_would_take_it_apart() {
        assert_eq!(shell("exports/crm.csv"), "exports/crm.csv");
        assert_eq!(shell("my file's.csv"), "'my file'\\''s.csv'");
        assert_eq!(shell("$(x)"), "'$(x)'");
    }
}
