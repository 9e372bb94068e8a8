//! Segments: how many customers are in each, and how that changed.

use super::{Filled, Opens, Page, SegmentPage, head, waits};
use crate::context::Context;
use crate::model::{Model, Scroll};
use crate::question::{Answer, Question};
use crate::text::wrapped;
use crate::theme::Role;
use crate::widgets::chart::steps;
use crate::widgets::{List, Painter};
use door::operations::Segments;
use door::views::{SegmentView, SegmentsView};

/// Its list, and the lines kept for the segment under the cursor, rule included.
const LIST: List = List::new(2, 6);
/// Columns of the widest bar.
const BAR: usize = 12;

/// Segments, as the desk counted them.
#[derive(Debug, Clone, Default)]
pub struct SegmentsPage {
    view: Option<SegmentsView>,
}

impl SegmentsPage {
    fn segment(&self, row: usize) -> Option<&SegmentView> {
        self.view.as_ref()?.segments.get(row)
    }
}

impl Page for SegmentsPage {
    fn context(&self) -> Context {
        Context::Segments
    }

    fn question(&self, _unmask: bool) -> Question {
        Segments {}.into()
    }

    fn follows(&self) -> bool {
        true
    }

    fn fill(&mut self, answer: Answer) -> Filled {
        let Answer::Segments(view) = answer else { return Filled::Not };
        self.view = Some(view);
        Filled::Shown
    }

    fn is_filled(&self) -> bool {
        self.view.is_some()
    }

    fn rows(&self) -> usize {
        self.view.as_ref().map_or(0, |view| view.segments.len())
    }

    fn list(&self, _height: u16) -> List {
        LIST
    }

    /// Who is in it.
    fn open(&self, row: usize) -> Option<Opens> {
        let names = self.view.as_ref()?.segments.iter().map(|it| it.name.clone()).collect();
        Some(Opens::Page(Box::new(SegmentPage::new(self.segment(row)?.name.clone(), names))))
    }

    fn shows(&self, answer: &Answer) -> bool {
        matches!((answer, &self.view), (Answer::Segments(view), Some(own)) if view == own)
    }

    fn draw(&self, painter: &mut Painter<'_>, model: &Model, scroll: &Scroll) {
        let Some(view) = &self.view else {
            head(painter, model, "segments");
            return waits(painter, "counting");
        };
        head(painter, model, &format!("segments of {} customers", view.customers));
        if view.segments.is_empty() {
            let none = "No segment is set up: add [segments.*] to steward.toml.";
            painter.text(1, 2, painter.width(), none, Role::Plain);
            return;
        }
        let columns =
            format!("{:<24}{:>10}  {:<BAR$} {:>7}  since", "segment", "customers", "", "share");
        painter.text(2, 1, painter.width(), &columns, Role::Dim);
        LIST.draw(painter, scroll, view.segments.len(), |line, at, _| {
            draw_row(line, model, view, &view.segments[at]);
        });
        if let Some(segment) = self.segment(scroll.cursor) {
            let end = LIST.end(view.segments.len(), painter.height());
            detail(painter, segment, end);
        }
    }
}

fn draw_row(line: &mut Painter<'_>, model: &Model, view: &SegmentsView, segment: &SegmentView) {
    line.text(2, 0, 23, &segment.name, Role::Key);
    let count = segment.count.map_or_else(|| "masked".to_owned(), |count| count.to_string());
    line.text(26, 0, 10, &format!("{count:>10}"), Role::Plain);
    if let Some(count) = segment.count {
        // Counts of customers, far under 2^53.
        let bar = steps(count as f64, view.customers as f64, BAR);
        let sign = model.theme.bar().to_string();
        line.text(38, 0, 12, &sign.repeat(bar), Role::Key);
    }
    let share = segment.share(view.customers);
    let share = share.map_or_else(String::new, |share| format!("{:.1} %", share * 100.0));
    let since = segment.since().map_or_else(String::new, |(day, more)| match more {
        0 => format!("as on {day}"),
        more => format!("{more:+} since {day}"),
    });
    let rest = format!("{share:>7}  {since}");
    line.text(51, 0, line.width().saturating_sub(51), &rest, Role::Plain);
}

/// What holds of its members, what it is, and what was counted of days before.
fn detail(painter: &mut Painter<'_>, segment: &SegmentView, from: u16) {
    painter.rule(from, &segment.name);
    let width = painter.width().saturating_sub(2);
    let mut lines = wrapped(&segment.when, usize::from(width));
    lines.truncate(2);
    lines.extend(segment.description.clone());
    lines.extend(segment.owner.as_ref().map(|owner| format!("{owner} answers for it")));
    let days = segment.trend.iter().rev().take(5);
    let days: Vec<String> =
        days.map(|(day, count)| format!("{}: {count}", day.strftime("%m-%d"))).collect();
    if !days.is_empty() {
        lines.push(format!("before: {}", days.join(", ")));
    }
    for (line, text) in (1..).zip(lines) {
        if from + line < painter.height() {
            painter.text(1, from + line, width, &text, Role::Dim);
        }
    }
}
