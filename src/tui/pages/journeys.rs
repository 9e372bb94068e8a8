//! How far customers came on each journey: bars of who ever reached a step, and who stands there today.

use super::{AtStepPage, Filled, Opens, Page, head, waits};
use crate::context::Context;
use crate::model::{Model, Scroll};
use crate::question::{Answer, Question};
use crate::theme::Role;
use crate::widgets::chart::steps;
use crate::widgets::{List, Painter};
use door::operations::Journeys;
use door::views::{JourneyStepView, JourneyView, JourneysView};

/// Its list, and the lines kept for the journey under the cursor.
const LIST: List = List::new(2, 4);
/// Columns of the widest bar.
const BAR: usize = 12;

/// Journeys, as the desk told them.
#[derive(Debug, Clone, Default)]
pub struct JourneysPage {
    /// The segment whose customers alone are counted.
    segment: Option<String>,
    view: Option<JourneysView>,
    /// Its rows: the place of a journey, and of a step of it; none: the journey's own line.
    rows: Vec<(usize, Option<usize>)>,
}

impl JourneysPage {
    /// Counts the customers of the next segment alone, after the last everybody again.
    pub fn count_next_segment(&mut self) {
        let Some(view) = &self.view else { return };
        let next = match &self.segment {
            None => 0,
            Some(segment) => {
                view.segments.iter().position(|it| it == segment).map_or(0, |at| at + 1)
            }
        };
        self.segment = view.segments.get(next).cloned();
        self.view = None;
    }

    fn journey(&self, row: usize) -> Option<(&JourneyView, Option<usize>)> {
        let (at, step) = *self.rows.get(row)?;
        Some((self.view.as_ref()?.journeys.get(at)?, step))
    }
}

impl Page for JourneysPage {
    fn context(&self) -> Context {
        Context::Journeys
    }

    fn question(&self, _unmask: bool) -> Question {
        let segments = self.segment.iter().cloned().collect();
        Journeys { journey: None, segments }.into()
    }

    fn fill(&mut self, answer: Answer) -> Filled {
        let Answer::Journeys(mut view) = answer else { return Filled::Not };
        view.journeys.retain(|journey| journey.segment == self.segment);
        let of = |(at, journey): (usize, &JourneyView)| {
            let steps = 0..journey.steps.len();
            std::iter::once((at, None)).chain(steps.map(move |step| (at, Some(step))))
        };
        self.rows = view.journeys.iter().enumerate().flat_map(of).collect();
        self.view = Some(view);
        Filled::Shown
    }

    fn is_filled(&self) -> bool {
        self.view.is_some()
    }

    fn rows(&self) -> usize {
        self.rows.len()
    }

    fn list(&self, _height: u16) -> List {
        LIST
    }

    /// Who stands at a step today.
    fn open(&self, row: usize) -> Option<Opens> {
        let (journey, step) = self.journey(row)?;
        Some(match step {
            None => Opens::Nothing("choose one of its steps".to_owned()),
            Some(step) => {
                let step = journey.steps[step].name.clone();
                Opens::Page(Box::new(AtStepPage::new(
                    journey.id.clone(),
                    step,
                    self.segment.clone(),
                )))
            }
        })
    }

    fn draw(&self, painter: &mut Painter<'_>, model: &Model, scroll: &Scroll) {
        let whose = match &self.segment {
            None => "how far customers came".to_owned(),
            Some(segment) => format!("how far customers in {segment} came"),
        };
        head(painter, model, &format!("journeys: {whose}"));
        if self.view.is_none() {
            return waits(painter, "counting");
        }
        if self.rows.is_empty() {
            let none = "No journey is set up: add [[journeys]] to steward.toml.";
            painter.text(1, 2, painter.width(), none, Role::Plain);
            return;
        }
        let columns = format!(
            "{:<20}{:<BAR$} {:>9} {:>7} {:>9} {:>9}  after",
            "step", "", "reached", "of last", "now", "unmerged"
        );
        painter.text(1, 1, painter.width(), &columns, Role::Dim);
        LIST.draw(painter, scroll, self.rows.len(), |line, at, _| {
            let Some((journey, step)) = self.journey(at) else { return };
            match step {
                None => {
                    line.text(1, 0, line.width(), &journey.id, Role::Key);
                }
                Some(step) => draw_step(line, model, journey, step),
            }
        });
        if let Some((journey, _)) = self.journey(scroll.cursor) {
            let end = LIST.end(self.rows.len(), painter.height());
            detail(painter, journey, end);
        }
    }
}

fn draw_step(line: &mut Painter<'_>, model: &Model, journey: &JourneyView, at: usize) {
    let step = &journey.steps[at];
    line.text(3, 0, 17, &step.name, Role::Plain);
    // Counts of customers, far under 2^53.
    let most = journey.steps.iter().map(|step| step.reached).max().unwrap_or(0) as f64;
    let sign = model.theme.bar().to_string();
    let bar = sign.repeat(steps(step.reached as f64, most, BAR));
    line.text(21, 0, line.width(), &bar, Role::Key);
    let rate =
        journey.step_rate(at).map_or_else(String::new, |rate| format!("{:.0} %", rate * 100.0));
    let JourneyStepView { reached, current, unmerged, .. } = step;
    let numbers = format!("{reached:>9} {rate:>7} {current:>9} {unmerged:>9}  {}", step.after());
    let from = 22 + u16::try_from(BAR).unwrap_or(0);
    line.text(from, 0, line.width().saturating_sub(from), &numbers, Role::Plain);
}

/// The journey under the cursor, and what merges changed of it.
fn detail(painter: &mut Painter<'_>, journey: &JourneyView, from: u16) {
    painter.rule(from, &journey.id);
    let width = painter.width().saturating_sub(2);
    let mut lines = vec![journey.words.clone()];
    lines.extend(journey.description.clone());
    lines.extend(journey.steps.last().map(|last| {
        let (with, without) = (last.reached, last.unmerged);
        format!("without merges {without} reached {}, with {with}", last.name)
    }));
    for (line, text) in (1..).zip(lines) {
        painter.text(1, from + line, width, &text, Role::Dim);
    }
}
