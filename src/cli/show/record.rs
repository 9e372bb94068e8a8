//! A source record.

use serde_json::{Value, json};

use super::super::text::{Table, clean};
use super::super::{history, moment};
use super::violation_lines;
use door::views::{OverlaidView, RecordView};

/// The record as one object.
pub fn to_json(view: &RecordView) -> Value {
    let unmapped: serde_json::Map<String, Value> =
        view.unmapped.iter().map(|(column, text)| (column.clone(), (**text).into())).collect();
    json!({
        "id": view.record,
        "customer": view.customer,
        "at": view.at,
        "revision": view.revision,
        "import": view.import,
        "imported": view.imported,
        "updated": view.updated,
        "line": view.line,
        "vanished": view.vanished,
        "set_aside": view.quarantined,
        "overlaid": view.overlaid,
        "values": view.values,
        "unmapped": unmapped,
        "parts": view.parts,
        "violations": view.violations,
        "tasks": view.tasks,
        "history": view.history,
    })
}

/// A column that is kept as it came: what several rows said of it stands in lines of its own.
fn kept(table: &mut Table, column: &str, text: &str, what: String) {
    let mut lines = text.split('\n').map(clean);
    table.row([format!("  ({})", clean(column)), lines.next().unwrap_or_default(), what]);
    for line in lines {
        table.row([String::new(), line, String::new()]);
    }
}

/// `revision 2 (I3) is of another customer and held back: the former values are in force`.
fn of_overlay(overlaid: &OverlaidView) -> String {
    let OverlaidView { revision, import, held, decision, .. } = overlaid;
    let what = format!("revision {revision} ({import}) is of another customer");
    match (held, decision) {
        (true, Some(decision)) => format!("{what} and held back by {decision}"),
        (true, None) => format!("{what} and held back until somebody decides"),
        (false, _) => format!("{what}; somebody is to decide"),
    }
}

/// The record as text.
pub fn lines(view: &RecordView) -> Vec<String> {
    let then = view.at.map_or(String::new(), |at| format!(" as it was at {}", moment::shown(at)));
    let updated =
        view.updated.map_or(String::new(), |at| format!(", changed there {}", moment::shown(at)));
    let mut lines = vec![
        format!("{}{then}, of customer {}", clean(&view.record.to_string()), view.customer),
        format!(
            "  revision {}, {} {} {}, imported {}{updated}",
            view.revision,
            view.import,
            view.place,
            view.line,
            moment::shown(view.imported)
        ),
    ];
    lines.extend(view.vanished.map(|vanished| format!("  {vanished}")));
    lines
        .extend(view.quarantined.map(|by| format!("  set aside by {by}: its values are not used")));
    if let Some(overlaid) = &view.overlaid {
        lines.push(format!("  {}", of_overlay(overlaid)));
        lines.extend(overlaid.values.iter().map(|value| format!("    {}", clean(&value.line()))));
    }
    let mut table = Table::default();
    for value in &view.values {
        let delivered = value.delivered.as_deref();
        let beside = match (value.correction, delivered) {
            (Some(decision), Some(raw)) if value.removed => {
                format!("removed by {decision}; delivered: {}", clean(raw))
            }
            (Some(decision), None) if value.removed => format!("removed by {decision}"),
            (Some(decision), Some(raw)) => {
                format!("corrected by {decision}; delivered: {}", clean(raw))
            }
            (Some(decision), None) => format!("set by {decision}"),
            (None, _) if !value.readable => "cannot be read".to_owned(),
            (None, Some(raw)) if value.value != raw => format!("delivered: {}", clean(raw)),
            (None, _) => String::new(),
        };
        table.row([format!("  {}", value.field), clean(&value.value), beside]);
    }
    for part in &view.parts {
        let of = match &part.of {
            Some(field) if part.absent => format!("no value for {field}"),
            Some(field) if part.other => format!("other rows of the record, of {field}"),
            Some(field) => format!("part of {field}"),
            None => "cannot be read as a time".to_owned(),
        };
        kept(&mut table, &part.column, &part.value, of);
    }
    for (column, text) in &view.unmapped {
        kept(&mut table, column, text, "not mapped".to_owned());
    }
    lines.extend(table.lines());
    if !view.violations.is_empty() {
        lines.push("violations".to_owned());
        lines.extend(violation_lines(&view.violations));
    }
    if !view.tasks.is_empty() {
        let tasks: Vec<String> = view.tasks.iter().map(ToString::to_string).collect();
        lines.push(format!("tasks: {}", tasks.join(", ")));
    }
    lines.push("history".to_owned());
    lines.extend(history::lines(&view.history));
    lines
}
