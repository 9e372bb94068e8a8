//! A file before its import: how it would be read, what is assumed, and what may be said of it.

use crate::keys::{Row, layers};
use crate::model::{Look, Model};
use crate::text::{clean, counted, cut, width, wrapped};
use crate::theme::Role;
use crate::widgets::{Line, piece};
use domain::Place;
use door::views::{ImportOutcome, Lacking, PreviewRow, PreviewValue};

/// Columns of a field's name, at most.
const NAME: usize = 24;

/// What is asked.
pub(super) fn title(look: &Look) -> String {
    format!("import {} as {}?", look.file.path.display(), look.file.request.source)
}

/// The lines, no wider than that.
pub(super) fn lines(look: &Look, columns: u16, model: &Model) -> Vec<Line> {
    let columns = usize::from(columns).max(20);
    let mut lines = Vec::new();
    let mut say = |text: &str, role: Role| {
        let text = clean(text, model.theme.glyphs);
        lines.extend(wrapped(&text, columns).into_iter().map(|text| vec![piece(text, role)]));
    };
    let outcome = &look.outcome;
    let place = outcome.place();
    if !outcome.format.is_empty() {
        say(&outcome.format, Role::Plain);
    }
    say(&counts(outcome), Role::Plain);
    if outcome.report.returned > 0 {
        let records = counted(outcome.report.returned as usize, "record", "records");
        say(&format!("{records} that had vanished came back"), Role::Plain);
    }
    let assumed = outcome.reading.assumptions(place);
    if !assumed.is_empty() {
        say(&format!("assumed: {}", assumed.join("; ")), Role::Plain);
    }
    for remark in outcome.reading.remarks(place) {
        say(&remark, Role::Attention);
    }
    for sentence in outcome.lacking.iter().map(Lacking::sentence) {
        say(&sentence, Role::Attention);
    }
    for troubled in &outcome.troubles {
        say(&troubled.sentence(place), Role::Attention);
    }
    if let Some(sentence) = missing(outcome) {
        say(&sentence, Role::Attention);
    }
    for (line, reason) in outcome.quarantined.iter() {
        say(&format!("{place} {line} goes to quarantine: {reason}"), Role::Bad);
    }
    lines.extend(switches(look, model));
    for row in &outcome.preview {
        lines.push(Vec::new());
        lines.extend(of_row(row, place, columns, model));
    }
    lines
}

/// What the rows come to that were looked at.
fn counts(outcome: &ImportOutcome) -> String {
    let report = &outcome.report;
    let rows = counted(report.read as usize, "row", "rows");
    let mut text = format!(
        "{rows} checked: {} new, {} changed, {} unchanged, {} to quarantine",
        report.new, report.changed, report.unchanged, report.quarantined
    );
    if report.older > 0 {
        text += &format!(", {} older than the data held", report.older);
    }
    let skipped = report.skipped.to_string();
    if !skipped.is_empty() {
        text += &format!("; skipped: {skipped}");
    }
    text
}

/// What becomes of the records that a complete file lacks.
fn missing(outcome: &ImportOutcome) -> Option<String> {
    if let Some(held) = outcome.held_back {
        return Some(format!("{held}: nothing is closed until you confirm"));
    }
    let report = &outcome.report;
    let records = counted(report.vanished as usize, "record", "records");
    match (report.vanished, report.closed) {
        (0, _) => None,
        (_, 0) => Some(format!("{records} not in the file: a task for each customer")),
        (_, closed) => Some(format!("{records} not in the file, {closed} of them would be closed")),
    }
}

/// What may be said of the file, each with its key.
fn switches(look: &Look, model: &Model) -> Vec<Line> {
    let delivery = look.file.request.delivery;
    let source = &look.file.request.source;
    let mut offered: Vec<(&Row, bool, String)> = vec![
        (&layers::WHOLE, delivery.complete, format!("complete: it is everything {source} has")),
        (&layers::OLDER, delivery.accept_older, "import rows older than the data held".to_owned()),
    ];
    if look.outcome.held_back.is_some() {
        let text = "those records are really gone".to_owned();
        offered.push((&layers::SURELY, delivery.accept_vanished, text));
    }
    let line = |(row, on, text): (&Row, bool, String)| {
        let mark = if on { "[x]" } else { "[ ]" };
        let role = if on { Role::Attention } else { Role::Plain };
        vec![
            piece(format!("{} ", model.key_for(row)), Role::Key),
            piece(format!("{mark} {text}"), role),
        ]
    };
    offered.into_iter().map(line).collect()
}

/// A row: each field with what was delivered, and what is made of it where that is something else.
fn of_row(row: &PreviewRow, place: Place, columns: usize, model: &Model) -> Vec<Line> {
    let glyphs = model.theme.glyphs;
    let title = clean(&format!("{place} {}, {}", row.line, row.key), glyphs);
    let mut lines = vec![vec![piece(cut(&title, columns).to_owned(), Role::Title)]];
    let names = row.values.iter().map(|value| width(value.field.as_str()));
    let name = names.max().unwrap_or_default().min(NAME);
    for PreviewValue { field, raw, standard } in &row.values {
        let (read, role) = match standard {
            None => (" (cannot be read)".to_owned(), Role::Bad),
            Some(standard) if standard == raw => (String::new(), Role::Plain),
            Some(standard) => (format!(" -> {}", standard.as_str()), Role::Good),
        };
        let text = clean(&format!("{}{read}", raw.as_str()), glyphs);
        let told = wrapped(&text, columns.saturating_sub(name + 4).max(10));
        let label = cut(field.as_str(), name);
        let blank = " ".repeat(name.saturating_sub(width(&label)));
        let label = format!("  {label}{blank}  ");
        for (at, text) in told.into_iter().enumerate() {
            let before = if at == 0 { label.clone() } else { " ".repeat(name + 4) };
            lines.push(vec![piece(before, Role::Dim), piece(text, role)]);
        }
    }
    lines
}
