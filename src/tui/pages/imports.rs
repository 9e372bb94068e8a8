//! The imports with what they counted, and what is under way.

use jiff::Timestamp;

use super::{Filled, Opens, Page, QuarantinePage, Work, head, waits};
use crate::context::Context;
use crate::keys::{layers, overview};
use crate::model::{Model, Scroll};
use crate::question::{Answer, Question};
use crate::screens::lines;
use crate::text::{counted, wrapped};
use crate::theme::Role;
use crate::widgets::{List, Painter};
use door::operations::Imports;
use door::views::{ImportView, ImportsView, JobEnd, JobKind, JobView};

/// Its list: over it the title, what is under way, the heads; under it the lines kept for the import
/// under the cursor, rule included.
const LIST: List = List::new(3, 6);
/// Lines that tell of it how it was read and how it went.
const TOLD: usize = 3;

/// The imports.
#[derive(Debug, Clone, Default)]
pub struct ImportsPage {
    /// What the desk told.
    pub view: Option<ImportsView>,
}

impl Model {
    /// The imports, where they are on screen.
    #[must_use]
    pub fn imports(&self) -> Option<&ImportsView> {
        self.page::<ImportsPage>()?.view.as_ref()
    }
}

impl Page for ImportsPage {
    fn context(&self) -> Context {
        Context::Imports
    }

    fn question(&self, _unmask: bool) -> Question {
        Imports {}.into()
    }

    fn fill(&mut self, answer: Answer) -> Filled {
        let Answer::Imports(view) = answer else { return Filled::Not };
        let job = view.job.clone();
        self.view = Some(view);
        job.map_or(Filled::Shown, Filled::Told)
    }

    fn is_filled(&self) -> bool {
        self.view.is_some()
    }

    fn work(&self) -> Work {
        Work::Told
    }

    fn rows(&self) -> usize {
        self.view.as_ref().map_or(0, |view| view.imports.len())
    }

    fn list(&self, _height: u16) -> List {
        LIST
    }

    /// The rows of an import that are in quarantine.
    fn open(&self, row: usize) -> Option<Opens> {
        let import = self.view.as_ref()?.imports.get(row)?;
        Some(Opens::Page(Box::new(QuarantinePage::new(import.import))))
    }

    fn draw(&self, painter: &mut Painter<'_>, model: &Model, scroll: &Scroll) {
        let Some(view) = &self.view else {
            head(painter, model, "imports");
            return waits(painter, "fetching them");
        };
        let quarantined: u64 = view.imports.iter().map(ImportView::in_quarantine).sum();
        let title = format!("imports {}  rows in quarantine {quarantined}", view.total);
        head(painter, model, &title);
        under_way(painter, model);
        if view.imports.is_empty() {
            let key = model.key_for(&overview::ADD_FILE);
            let none = format!("Nothing has been imported yet: {key} adds a file.");
            painter.text(1, 3, painter.width(), &none, Role::Plain);
            return;
        }
        let file = file_width(painter.width());
        let columns = format!(
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
        painter.text(2, 2, painter.width(), &columns, Role::Dim);
        LIST.draw(painter, scroll, view.imports.len(), |line, at, _| {
            row(line, model, &view.imports[at], file);
        });
        if let Some(import) = view.imports.get(scroll.cursor) {
            let end = LIST.end(view.imports.len(), painter.height());
            detail(painter, model, import, end);
        }
    }
}

/// What is under way, and what waits.
fn under_way(painter: &mut Painter<'_>, model: &Model) {
    // Of a look that has ended, its answer is shown instead.
    let is_told = |job: &&JobView| job.kind != JobKind::Look || job.ended.is_none();
    let Some(job) = model.job.as_ref().filter(is_told) else { return };
    let role = match &job.ended {
        None => Role::Attention,
        Some(JobEnd::Failed(_)) => Role::Bad,
        Some(_) => Role::Good,
    };
    let work = model.long_work().unwrap_or_default();
    let next: Vec<&str> = model.waiting.iter().map(|job| job.what.as_str()).collect();
    let next = if next.is_empty() { String::new() } else { format!(": {}", next.join(", ")) };
    painter.text(1, 1, painter.width(), &(work + &next), role);
}

/// Columns of a file's name.
fn file_width(width: u16) -> u16 {
    width.saturating_sub(56).clamp(8, 60)
}

fn when(model: &Model, at: Timestamp, format: &str) -> String {
    let zone = model.moment.as_ref().map(|moment| moment.wall.time_zone().clone());
    zone.map_or_else(String::new, |zone| at.to_zoned(zone).strftime(format).to_string())
}

fn row(line: &mut Painter<'_>, model: &Model, import: &ImportView, file: u16) {
    line.text(2, 0, 5, &import.import.to_string(), Role::Plain);
    line.text(8, 0, file, &import.file, Role::Plain);
    let x = 9 + file;
    line.text(x, 0, 11, &when(model, import.started, "%m-%d %H:%M"), Role::Plain);
    match &import.finished {
        Some((_, report)) => {
            let counts = format!("{:>9}{:>9}{:>8}", report.read, report.new, report.changed);
            line.text(x + 12, 0, 26, &counts, Role::Plain);
        }
        None => {
            let job = model.job.as_ref().filter(|_| model.is_working());
            let is_under_way = job.is_some_and(|job| job.import == Some(import.import));
            let text = if is_under_way { "under way" } else { "not finished" };
            line.text(x + 12, 0, 26, text, Role::Attention);
        }
    }
    let quarantined = import.in_quarantine();
    let role = if quarantined > 0 { Role::Bad } else { Role::Dim };
    line.text(x + 38, 0, 6, &format!("{quarantined:>6}"), role);
}

/// What was held back, and how it is confirmed.
fn held_back(model: &Model, records: u64) -> String {
    let records = counted(records as usize, "record is", "records are");
    let add = model.key_for(&overview::ADD_FILE);
    let (whole, surely) = (model.key_for(&layers::WHOLE), model.key_for(&layers::SURELY));
    format!(
        "; {records} missing or deleted: nothing is closed until you add the file again and confirm \
         ({add}, then {surely}; {whole} first if the file is complete)"
    )
}

fn detail(painter: &mut Painter<'_>, model: &Model, import: &ImportView, from: u16) {
    let stream = import.stream.as_ref().map(|stream| format!(", stream {stream}"));
    let stream = stream.unwrap_or_default();
    let title = format!("{}, {} of {}{stream}", import.import, import.file, import.source);
    painter.rule(from, &title);
    let width = painter.width();
    let mut text = format!(
        "{}; by {} on {}",
        import.format,
        domain::told(&import.actor, import.evidence.as_ref()),
        when(model, import.started, "%Y-%m-%d %H:%M")
    );
    match &import.finished {
        Some((at, report)) => {
            let took = at.as_second() - import.started.as_second();
            text += &format!(", took {took} s; {} unchanged", report.unchanged);
            let more = [
                (report.suppressed, "of erased people left out"),
                (report.older, "older than the data held"),
                (report.vanished, "vanished"),
                (report.deleted, "deleted in the source"),
                (report.closed, "closed"),
                (report.returned, "back again"),
                (report.merged, "merged in the source, to be decided"),
                (report.merged_unknown, "merged there with records not yet delivered"),
                (report.overlaid, "of another customer than before"),
            ];
            for (count, what) in more.into_iter().filter(|(count, _)| *count > 0) {
                text += &format!(", {count} {what}");
            }
            if report.held_back > 0 {
                text += &held_back(model, report.held_back);
            }
        }
        None if import.format == "reread" => text += "; run `steward reread` to complete it",
        None => text += "; import the file again to complete it",
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
        "none of its rows are in quarantine".to_owned()
    } else {
        format!("in quarantine {}", reasons.join("; "))
    };
    for (line, text) in wrapped(&text, usize::from(width.saturating_sub(2))).iter().enumerate() {
        painter.text(1, y + lines(line), width, text, Role::Dim);
    }
}
