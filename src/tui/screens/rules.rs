//! The rules with their pass rates, and under them the one under the cursor source by source.

use super::lines;
use crate::model::{Model, Overview, Shows};
use crate::text::counted;
use crate::theme::Role;
use crate::widgets::{List, Painter, chart};
use domain::Severity;
use door::views::{Counted, RuleCounts, RuleView};

/// Its list, and the lines kept for the rule under the cursor, rule included.
pub const LIST: List = List::new(2, 8);
/// Columns of a bar.
const BAR: u16 = 10;

/// Draws the rules.
pub fn draw(painter: &mut Painter<'_>, model: &Model, screen: &Overview) {
    let right = painter.right(0, &format!("{} ", model.actor), Role::Dim);
    let Shows::Rules(Some(rules)) = &screen.shows else {
        painter.text(0, 0, right, "rules", Role::Title);
        painter.text(1, 2, painter.width(), "counting", Role::Dim);
        return;
    };
    let failing = rules.iter().filter(|rule| rule.all.failing > 0).count();
    let title = format!("{}  {failing} broken", counted(rules.len(), "rule", "rules"));
    painter.text(0, 0, right.saturating_sub(1), &title, Role::Title);
    if rules.is_empty() {
        let text = "There is no rule yet: [[rules]] in steward.toml.";
        painter.text(1, 2, painter.width(), text, Role::Plain);
        return;
    }
    let name = name_width(painter.width());
    let head = format!(
        "{:<1$}{2:<13}{3:<6}{4:>9}{5:>8}{6:>7} pass",
        "rule",
        usize::from(name) + 1,
        "dimension",
        "",
        "applies",
        "failing",
        "waived"
    );
    painter.text(2, 1, painter.width(), &head, Role::Dim);
    LIST.draw(painter, &screen.scroll, rules.len(), |line, at, current| {
        row(line, &rules[at], current, name);
    });
    if let Some(rule) = screen.rule() {
        let end = LIST.end(rules.len(), painter.height());
        detail(painter, rule, end);
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

fn detail(painter: &mut Painter<'_>, rule: &RuleView, from: u16) {
    painter.rule(from, &format!("{} of {}", rule.rule, rule.field));
    let width = painter.width();
    painter.text(1, from + 1, width, &rule.message, Role::Plain);
    let remedy = rule.remedy.as_deref().unwrap_or_default();
    painter.text(1, from + 2, width, remedy, Role::Dim);
    let how = match rule.counted {
        Counted::Records => {
            format!("judged on the day a record was last touched; {} pending tasks", rule.tasks)
        }
        Counted::Tasks => "other records decide: failing are those with a pending task".to_owned(),
        Counted::WhenRead => {
            "time decides: judged when a record is shown, `steward export violations` counts"
                .to_owned()
        }
    };
    painter.text(1, from + 3, width, &how, Role::Dim);
    if rule.counted == Counted::WhenRead {
        return;
    }
    let room = painter.height().saturating_sub(from + 4);
    for (line, (source, counts)) in rule.sources.iter().take(room.into()).enumerate() {
        let y = from + 4 + lines(line);
        let name = if source.is_empty() { "(unnamed)" } else { source };
        painter.text(1, y, 17, name, Role::Plain);
        painter.text(19, y, 26, &numbers(counts, rule.counted), Role::Plain);
        if rule.counted == Counted::Records {
            rate(painter, 46, y, rule.counted, counts);
        }
    }
}
