//! The imports with what they counted, and what is under way.

use jiff::Timestamp;

use super::lines;
use crate::keys::{layers, overview};
use crate::model::{Model, Overview};
use crate::text::{counted, wrapped};
use crate::theme::Role;
use crate::widgets::Painter;
use door::views::{ImportView, JobEnd, JobKind, JobView};

/// Lines over the rows: the title, what is under way, the heads.
pub const OVER: u16 = 3;
/// Lines kept for the import under the cursor, rule included.
const UNDER: u16 = 6;

/// Lines that tell of it how it was read and how it went.
const TOLD: usize = 3;

/// How many imports fit.
#[must_use]
pub fn rows_height(screen: &Overview, height: u16) -> u16 {
    lines(screen.len()).min(height.saturating_sub(OVER + UNDER))
}

/// The long work that was begun last: how far what is under way is and how many wait, or how it
/// ended.
#[must_use]
pub fn long_work(model: &Model) -> Option<String> {
    let progress = progress(model.job.as_ref()?);
    Some(match model.waiting.len() {
        0 => progress,
        1 => format!("{progress}; 1 waits"),
        waiting => format!("{progress}; {waiting} wait"),
    })
}

/// What is under way, or how it ended, in a line.
fn progress(job: &JobView) -> String {
    match &job.ended {
        None => under_way(job),
        Some(JobEnd::Done(report)) => report.sentences().join("; "),
        Some(JobEnd::Cancelled) => {
            let completed = job.kind.completed_by();
            match job.kind {
                JobKind::Import => {
                    format!("{}: cancelled after {} rows; {completed}", job.what, job.done)
                }
                _ => format!("{}: cancelled; {completed}", job.what),
            }
        }
        Some(JobEnd::Failed(failure)) => format!("{}: {failure}", job.what),
    }
}

fn under_way(job: &JobView) -> String {
    let stopping = if job.stopping { ", stopping" } else { "" };
    match (job.kind, job.total) {
        _ if job.ahead > 0 => format!("{}: waits for its turn", job.what),
        (JobKind::Import | JobKind::Look, _) => {
            format!("{}: {} rows{stopping}", job.what, job.done)
        }
        (_, Some(total)) => {
            format!("{}: {} {} of {total}{stopping}", job.what, job.phase, job.done)
        }
        (_, None) => format!("{}: {}{stopping}", job.what, job.phase),
    }
}

/// What is under way in a few characters, and how many wait: `matching: scoring 34%, 2 wait`.
#[must_use]
pub fn short_work(model: &Model) -> Option<String> {
    let job = model.job.as_ref().filter(|_| model.is_working())?;
    let waiting = match model.waiting.len() {
        0 => String::new(),
        1 => ", 1 waits".to_owned(),
        waiting => format!(", {waiting} wait"),
    };
    Some(short_progress(job) + &waiting)
}

fn short_progress(job: &JobView) -> String {
    match (job.kind, job.total) {
        _ if job.stopping => "stopping".to_owned(),
        _ if job.ahead > 0 => format!("{}: waits", job.what),
        (JobKind::Import, _) => format!("importing: {} rows", job.done),
        (JobKind::Look, _) => format!("looking: {} rows", job.done),
        (_, Some(total)) => {
            let percent = job.done.min(total) * 100 / total.max(1);
            format!("{}: {} {percent}%", job.what, job.phase)
        }
        (_, None) => format!("{}: {}", job.what, job.phase),
    }
}

/// Draws the imports.
pub fn draw(painter: &mut Painter<'_>, model: &Model, screen: &Overview) {
    let right = painter.right(0, &format!("{} ", model.actor), Role::Dim);
    let Some(view) = screen.imports() else {
        painter.text(0, 0, right, "imports", Role::Title);
        painter.text(1, 2, painter.width(), "fetching them", Role::Dim);
        return;
    };
    let quarantined: u64 = view.imports.iter().map(ImportView::in_quarantine).sum();
    let title = format!("imports {}  rows in quarantine {quarantined}", view.total);
    painter.text(0, 0, right.saturating_sub(1), &title, Role::Title);
    // Of a look that has ended, its answer is shown instead.
    let is_told = |job: &&JobView| job.kind != JobKind::Look || job.ended.is_none();
    if let Some(job) = model.job.as_ref().filter(is_told) {
        let role = match &job.ended {
            None => Role::Attention,
            Some(JobEnd::Failed(_)) => Role::Bad,
            Some(_) => Role::Good,
        };
        let work = long_work(model).unwrap_or_default();
        let next: Vec<&str> = model.waiting.iter().map(|job| job.what.as_str()).collect();
        let next = if next.is_empty() { String::new() } else { format!(": {}", next.join(", ")) };
        painter.text(1, 1, painter.width(), &(work + &next), role);
    }
    if view.imports.is_empty() {
        painter.text(
            1,
            3,
            painter.width(),
            &format!(
                "Nothing was imported yet: {} adds a file.",
                model.key_for(&overview::ADD_FILE)
            ),
            Role::Plain,
        );
        return;
    }
    let file = file_width(painter.width());
    let head = format!(
        "{:<6}{:<2$}{3:<12}{4:>9}{5:>9}{6:>8}{7:>6}",
        "id",
        "file",
        usize::from(file) + 1,
        "when",
        "read",
        "new",
        "changed",
        "quar."
    );
    painter.text(2, 2, painter.width(), &head, Role::Dim);
    let height = rows_height(screen, painter.height());
    for (line, at) in screen.scroll.window(view.imports.len(), height.into()).enumerate() {
        let current = at == screen.scroll.cursor;
        row(painter, model, OVER + lines(line), &view.imports[at], current, file);
    }
    if let Some(import) = screen.import() {
        detail(painter, model, import, OVER + height);
    }
}

/// Columns of a file's name.
fn file_width(width: u16) -> u16 {
    width.saturating_sub(56).clamp(8, 60)
}

fn when(model: &Model, at: Timestamp, format: &str) -> String {
    let zone = model.moment.as_ref().map(|moment| moment.wall.time_zone().clone());
    zone.map_or_else(String::new, |zone| at.to_zoned(zone).strftime(format).to_string())
}

fn row(
    painter: &mut Painter<'_>,
    model: &Model,
    y: u16,
    import: &ImportView,
    current: bool,
    file: u16,
) {
    painter.text(0, y, 1, if current { ">" } else { " " }, Role::Title);
    painter.text(2, y, 5, &import.import.to_string(), Role::Plain);
    painter.text(8, y, file, &import.file, Role::Plain);
    let x = 9 + file;
    painter.text(x, y, 11, &when(model, import.started, "%m-%d %H:%M"), Role::Plain);
    match &import.finished {
        Some((_, report)) => {
            let counts = format!("{:>9}{:>9}{:>8}", report.read, report.new, report.changed);
            painter.text(x + 12, y, 26, &counts, Role::Plain);
        }
        None => {
            let job = model.job.as_ref().filter(|_| model.is_working());
            let is_under_way = job.is_some_and(|job| job.import == Some(import.import));
            let text = if is_under_way { "under way" } else { "left unfinished" };
            painter.text(x + 12, y, 26, text, Role::Attention);
        }
    }
    let quarantined = import.in_quarantine();
    let role = if quarantined > 0 { Role::Bad } else { Role::Dim };
    painter.text(x + 38, y, 6, &format!("{quarantined:>6}"), role);
    if current {
        painter.reverse(0, y, painter.width());
    }
}

/// What was held back, and how it is confirmed.
fn held_back(model: &Model, records: u64) -> String {
    let records = counted(records as usize, "record is", "records are");
    let add = model.key_for(&overview::ADD_FILE);
    let (whole, surely) = (model.key_for(&layers::WHOLE), model.key_for(&layers::SURELY));
    format!(
        "; {records} missing or deleted: nothing is closed until you add the file again and confirm it \
         ({add}, then {surely}; {whole} before it where the file is complete)"
    )
}

fn detail(painter: &mut Painter<'_>, model: &Model, import: &ImportView, from: u16) {
    let title = format!("{}, {} of {}", import.import, import.file, import.source);
    painter.rule(from, &title);
    let width = painter.width();
    let mut text = format!(
        "{}; by {} on {}",
        import.format,
        import.actor,
        when(model, import.started, "%Y-%m-%d %H:%M")
    );
    match &import.finished {
        Some((at, report)) => {
            let took = at.as_second() - import.started.as_second();
            text += &format!(", took {took} s; {} unchanged", report.unchanged);
            let more = [
                (report.suppressed, "of erased people left out"),
                (report.older, "older than what is held"),
                (report.vanished, "vanished"),
                (report.deleted, "deleted in the source"),
                (report.closed, "closed"),
                (report.returned, "back again"),
                (report.merged, "merged in the source and asked about"),
                (report.merged_unknown, "merged there with records that never came"),
            ];
            for (count, what) in more.into_iter().filter(|(count, _)| *count > 0) {
                text += &format!(", {count} {what}");
            }
            if report.held_back > 0 {
                text += &held_back(model, report.held_back);
            }
        }
        None if import.format == "reread" => text += "; `steward reread` completes it",
        None => text += "; importing the file again completes it",
    }
    if let Some(reading) = &import.reading {
        let mut read = reading.assumptions(import.place());
        // Encoding and delimiter are told by the format.
        read.retain(|piece| !import.format.contains(piece.as_str()));
        read.extend(reading.remarks(import.place()));
        if !read.is_empty() {
            text += &format!("; assumed {}", read.join("; "));
        }
    }
    let told = wrapped(&text, usize::from(width.saturating_sub(2)));
    for (line, text) in told.iter().take(TOLD).enumerate() {
        painter.text(1, from + 1 + lines(line), width, text, Role::Plain);
    }
    let y = from + 1 + lines(told.len().min(TOLD));
    let reasons: Vec<String> =
        import.quarantined.iter().map(|(reason, count)| format!("{count}: {reason}")).collect();
    let text = if reasons.is_empty() {
        "none of its rows is in quarantine".to_owned()
    } else {
        format!("in quarantine {}", reasons.join("; "))
    };
    for (line, text) in wrapped(&text, usize::from(width.saturating_sub(2))).iter().enumerate() {
        painter.text(1, y + lines(line), width, text, Role::Dim);
    }
}
