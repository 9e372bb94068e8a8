//! What the records of the workspace hold beside what the code lists of `steward.toml` do.

use serde_json::json;

use crate::cli::invocation::Invocation;
use crate::cli::progress::Watch;
use crate::cli::say::say;
use crate::cli::text::{Table, clean, counted};
use door::Streams;
use door::operations::{CodeLists, CountCodes};
use door::views::{CodeListView, CodeListsView};
use settings::Settings;

/// Values listed of one field.
const LISTED: usize = 20;

/// Looks at what is held, where there are code lists and records. That it cannot be looked at is said, and
/// is no fault of `steward.toml`.
pub fn look(invocation: &Invocation, settings: &Settings) -> Option<CodeListsView> {
    if settings.codes.is_empty() || !invocation.workspace().exists() {
        return None;
    }
    let looked = count(invocation);
    if let Err(error) = &looked {
        say(&format!("note: the records were not compared with the code lists: {error:#}"));
    }
    looked.ok()
}

fn count(invocation: &Invocation) -> anyhow::Result<CodeListsView> {
    let entry = invocation.open_to_read()?;
    let watch = Watch::new()?;
    let counted = entry.run(CountCodes {}, Streams::default(), &mut watch.following());
    watch.clear();
    counted?;
    entry.ask(CodeLists { limit: LISTED })
}

/// The same as JSON.
pub fn object(view: &CodeListsView) -> serde_json::Value {
    let lists = view.lists.iter().map(|list| {
        let values = list.values.iter().map(|(row, near)| {
            json!({ "value": row.value, "count": row.count, "sources": row.sources, "near": near })
        });
        json!({
            "field": list.field,
            "unlisted": list.unlisted,
            "values": values.collect::<Vec<_>>(),
            "undelivered": list.undelivered,
            "outdated": list.outdated,
            "beside": list.beside,
        })
    });
    json!({ "records": view.records, "lists": lists.collect::<Vec<_>>() })
}

/// The same in words.
pub fn lines(view: &CodeListsView) -> Vec<String> {
    let records = counted(view.records, "record", "records");
    let mut lines = vec![String::new(), format!("Code lists compared with {records}")];
    if view.records == 0 {
        lines.push("  no data yet: import first".to_owned());
        return lines;
    }
    for list in &view.lists {
        lines.extend(of_list(list));
    }
    lines
}

fn of_list(list: &CodeListView) -> Vec<String> {
    let field = &list.field;
    let mut lines = match list.unlisted {
        0 if list.beside > 0 => {
            vec![format!("  {field}: every value is in the list or can be read as its type")]
        }
        0 => vec![format!("  {field}: every value is in the list")],
        some => {
            let values = counted(some, "value", "values");
            vec![format!("  {field}: {values} in no list")]
        }
    };
    let mut table = Table::default();
    for (row, near) in &list.values {
        let sources: Vec<String> =
            row.sources.iter().map(|(source, count)| format!("{source} {count}")).collect();
        let near = if near.is_empty() { String::new() } else { format!("{}?", near.join(" or ")) };
        table.row([
            format!("    {:>8}", row.count),
            clean(&row.value),
            clean(&sources.join(", ")),
            clean(&near),
        ]);
    }
    lines.extend(table.lines());
    let rest = list.unlisted.saturating_sub(list.values.len() as u64);
    if rest > 0 {
        lines.push(format!("    and {}", counted(rest, "more value", "more values")));
    }
    if !list.undelivered.is_empty() {
        let codes = list.undelivered.iter().map(|(source, code)| match source {
            Some(source) => format!("`{code}` ({source})"),
            None => format!("`{code}`"),
        });
        let codes: Vec<String> = codes.collect();
        lines.push(clean(&format!("    no source delivers {}", codes.join(", "))));
    }
    if list.beside > 0 {
        let records = counted(list.beside, "record holds", "records hold");
        lines.push(format!("    {records} a value that is in no list and was read as plain text"));
    }
    if list.outdated > 0 {
        let records = counted(list.outdated, "record was", "records were");
        lines.push(format!("    {records} read before the list was changed: steward reread"));
    }
    lines
}
