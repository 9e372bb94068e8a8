//! The rules with their pass rates, and under them the one under the cursor source by source.

use ratatui::layout::Rect;

use super::{FailingPage, Filled, Opens, Page, head, waits};
use crate::context::Context;
use crate::model::{Model, Scroll};
use crate::question::{Answer, Question};
use crate::screens::lines;
use crate::text::counted;
use crate::theme::Role;
use crate::widgets::{Beside, List, Painter, chart};
use domain::Severity;
use door::operations::Rules;
use door::views::{Counted, RuleCounts, RuleView};

/// Its list, and the lines kept for the rule under the cursor, rule included.
const LIST: List = List::new(2, 8);
/// From that width on it stands beside the list: both are tables.
const BESIDE: u16 = 160;
/// Columns of a bar.
const BAR: u16 = 10;

/// The rules.
#[derive(Debug, Clone, Default)]
pub struct RulesPage {
    rules: Option<Vec<RuleView>>,
}

impl Page for RulesPage {
    fn context(&self) -> Context {
        Context::Rules
    }

    fn question(&self, _unmask: bool) -> Question {
        Rules {}.into()
    }

    fn fill(&mut self, answer: Answer) -> Filled {
        let Answer::Rules(rules) = answer else { return Filled::Not };
        self.rules = Some(rules);
        Filled::Shown
    }

    fn is_filled(&self) -> bool {
        self.rules.is_some()
    }

    fn rows(&self) -> usize {
        self.rules.as_ref().map_or(0, Vec::len)
    }

    fn list(&self, _height: u16) -> List {
        LIST
    }

    fn placed(&self, area: Rect) -> (List, Rect) {
        let beside = self.beside(area);
        (beside.list, beside.area)
    }

    /// The records that break a rule.
    fn open(&self, row: usize) -> Option<Opens> {
        let rule = self.rules.as_ref()?.get(row)?;
        Some(Opens::Page(Box::new(FailingPage::new(rule.rule.clone()))))
    }

    fn draw(&self, painter: &mut Painter<'_>, model: &Model, scroll: &Scroll) {
        let Some(rules) = &self.rules else {
            head(painter, model, "rules");
            return waits(painter, "counting");
        };
        let failing = rules.iter().filter(|rule| rule.all.failing > 0).count();
        let title = format!("{}  {failing} broken", counted(rules.len(), "rule", "rules"));
        head(painter, model, &title);
        if rules.is_empty() {
            let text = "No rules yet: add [[rules]] to steward.toml.";
            painter.text(1, 2, painter.width(), text, Role::Plain);
            return;
        }
        let beside = self.beside(painter.whole());
        let mut list = painter.part_at(beside.area);
        let name = name_width(list.width());
        let columns = format!(
            "{:<1$}{2:<13}{3:<6}{4:>9}{5:>8}{6:>7} pass",
            "rule",
            usize::from(name) + 1,
            "dimension",
            "",
            "applies",
            "failing",
            "waived"
        );
        list.text(2, 1, list.width(), &columns, Role::Dim);
        beside.list.draw(&mut list, scroll, rules.len(), |line, at, current| {
            row(line, &rules[at], current, name);
        });
        if let Some(rule) = rules.get(scroll.cursor) {
            detail(&mut painter.part_at(beside.entry), rule);
        }
        beside.line(painter);
    }
}

impl RulesPage {
    fn beside(&self, area: Rect) -> Beside {
        Beside::of(LIST, self.rows(), area, BESIDE)
    }
}

/// Columns of a rule's id.
fn name_width(width: u16) -> u16 {
    width.saturating_sub(62).clamp(8, 40)
}

fn row(line: &mut Painter<'_>, rule: &RuleView, current: bool, name: u16) {
    line.text(2, 0, name, rule.rule.as_str(), if current { Role::Title } else { Role::Plain });
    let x = 3 + name;
    line.text(x, 0, 12, rule.dimension.name(), Role::Plain);
    let severity = if rule.severity == Severity::Error { Role::Bad } else { Role::Dim };
    line.text(x + 13, 0, 5, rule.severity.name(), severity);
    line.text(x + 19, 0, 30, &numbers(&rule.all, rule.counted), Role::Plain);
    rate(line, x + 44, 0, rule.counted, &rule.all);
}

fn numbers(counts: &RuleCounts, how: Counted) -> String {
    match how {
        Counted::WhenRead => "judged when read".to_owned(),
        _ => format!("{:>9}{:>8}{:>7}", counts.applies, counts.failing, counts.waived),
    }
}

fn rate(painter: &mut Painter<'_>, x: u16, y: u16, how: Counted, counts: &RuleCounts) {
    let Some(rate) = counts.pass_rate().filter(|_| how != Counted::WhenRead) else { return };
    // Never 100 while something fails.
    let shown = if counts.failing > 0 { (1_000.0 * rate).floor() / 10.0 } else { 100.0 * rate };
    let role = if counts.failing > 0 { Role::Attention } else { Role::Good };
    painter.text(x, y, 6, &format!("{shown:>5.1}%"), role);
    let columns = BAR.min(painter.width().saturating_sub(x + 7));
    let bar = chart::bar(rate, columns.into(), painter.theme());
    painter.text(x + 7, y, columns, &bar, role);
}

fn detail(painter: &mut Painter<'_>, rule: &RuleView) {
    painter.rule(0, &format!("{} of {}", rule.rule, rule.field));
    let width = painter.width();
    painter.text(1, 1, width, &rule.message, Role::Plain);
    let remedy = rule.remedy.as_deref().unwrap_or_default();
    painter.text(1, 2, width, remedy, Role::Dim);
    let how = match rule.counted {
        Counted::Records => {
            format!("checked when a record last changed; {} pending tasks", rule.tasks)
        }
        Counted::Tasks => "depends on other records: failing counts pending tasks".to_owned(),
        Counted::WhenRead => {
            "depends on the date: checked when shown; `steward export violations` counts".to_owned()
        }
    };
    painter.text(1, 3, width, &how, Role::Dim);
    if rule.counted == Counted::WhenRead {
        return;
    }
    let room = painter.height().saturating_sub(4);
    for (line, (source, counts)) in rule.sources.iter().take(room.into()).enumerate() {
        let y = 4 + lines(line);
        let name = if source.is_empty() { "(unnamed)" } else { source };
        painter.text(1, y, 17, name, Role::Plain);
        painter.text(19, y, 26, &numbers(counts, rule.counted), Role::Plain);
        if rule.counted == Counted::Records {
            rate(painter, 46, y, rule.counted, counts);
        }
    }
}
