//! An invalid record: what is wrong, what was delivered, what is suggested, what others hold.

use super::{compare, lines};
use crate::keys::task;
use crate::model::{Model, TaskScreen};
use crate::text::width;
use crate::theme::Role;
use crate::widgets::{Line, List, Painter, piece};
use domain::{Severity, Shown};
use door::views::{FixView, TaskView, ViolationView};

/// Title, the record, and the heads of the list.
const OVER: u16 = 3;
/// Most lines of the list of violations.
const LIST: u16 = 6;
/// The narrowest screen on which the list has all its columns.
const ALL_COLUMNS: u16 = 64;

/// Its list.
#[must_use]
pub fn list(height: u16) -> List {
    List::new(OVER, height.saturating_sub(OVER + LIST))
}

/// Draws the fix.
pub fn draw(painter: &mut Painter<'_>, model: &Model, screen: &TaskScreen) {
    compare::title(painter, model, screen);
    let Some((view, fix)) = screen.view.as_ref().and_then(|view| Some((view, view.fix.as_ref()?)))
    else {
        return;
    };
    let errors = fix.violations.iter().filter(|found| found.severity == Severity::Error).count();
    let record = format!(
        "{} of {}: {}, {}",
        fix.record,
        fix.customer,
        counted(errors, "error"),
        counted(fix.violations.len() - errors, "warning")
    );
    painter.text(1, 1, painter.width(), &record, Role::Plain);
    violations(painter, screen, fix);
    let mut y = list(painter.height()).end(fix.violations.len(), painter.height());
    let mut notices = compare::asked(view, painter.width(), model.theme);
    notices.extend(compare::comments(model, view, painter.width()));
    notices.extend(compare::others(model, screen, painter.width()));
    notices.extend(compare::coach(model, view, painter.width()));
    let end = painter.height().saturating_sub(lines(notices.len()));
    if let Some(violation) = screen.current_violation() {
        painter.rule(y, violation.field.as_str());
        y += 1;
        let columns = painter.width();
        for line in about(model, violation) {
            if y >= end {
                break;
            }
            painter.line(0, y, columns, &line);
            y += 1;
        }
    }
    record_values(painter, view, y, end);
    for (line, (text, role)) in notices.iter().enumerate() {
        painter.text(1, end + lines(line), painter.width(), text, *role);
    }
}

fn counted(count: usize, what: &str) -> String {
    crate::text::counted(count, what, &format!("{what}s"))
}

fn violations(painter: &mut Painter<'_>, screen: &TaskScreen, fix: &FixView) {
    // On a narrow screen only what is wrong and its value; the rest stands under the list.
    let is_narrow = painter.width() < ALL_COLUMNS;
    let longest = |of: &dyn Fn(&ViolationView) -> usize, most: u16| {
        lines(fix.violations.iter().map(of).max().unwrap_or_default()).clamp(8, most)
    };
    let of_field = longest(&|it| width(it.field.as_str()), if is_narrow { 14 } else { 20 });
    let rule_at = 5 + of_field;
    let of_rule = longest(&|it| width(it.rule.as_str()), (painter.width() / 4).max(8));
    let now_at = if is_narrow { rule_at - 1 } else { rule_at + of_rule + 2 };
    let room = painter.width().saturating_sub(now_at);
    let of_value = if is_narrow { room } else { room / 2 };
    let suggested_at = now_at + of_value;
    painter.text(3, 2, of_field, "field", Role::Dim);
    painter.text(now_at, 2, room, if screen.raw { "delivered" } else { "now" }, Role::Dim);
    if !is_narrow {
        painter.text(rule_at, 2, of_rule, "rule", Role::Dim);
        painter.text(suggested_at, 2, room, "suggested", Role::Dim);
    }
    let list = list(painter.height());
    list.draw(painter, &screen.scroll, fix.violations.len(), |line, at, _| {
        let violation = &fix.violations[at];
        let role = match (violation.waived, violation.severity) {
            (Some(_), _) => Role::Dim,
            (None, Severity::Error) => Role::Bad,
            (None, Severity::Warn) => Role::Attention,
        };
        line.text(1, 0, 1, if violation.severity == Severity::Error { "!" } else { " " }, role);
        line.text(3, 0, of_field, violation.field.as_str(), role);
        if !is_narrow {
            line.text(rule_at, 0, of_rule, violation.rule.as_str(), Role::Plain);
        }
        let shown = |text: &Option<Shown>| text.as_deref().unwrap_or_default().to_owned();
        let value = if screen.raw { &violation.delivered } else { &violation.now };
        line.text(now_at, 0, of_value.saturating_sub(1), &shown(value), Role::Plain);
        let suggested = match violation.waived {
            Some(decision) => format!("waived by {decision}"),
            None if violation.removes => ViolationView::REMOVED.to_owned(),
            None => shown(&violation.suggestion),
        };
        line.text(suggested_at, 0, room, &suggested, Role::Good);
    });
}

/// The violation under the cursor: message, remedy, delivered and now, values to take.
fn about(model: &Model, violation: &ViolationView) -> Vec<Line> {
    let shown = |text: &Option<Shown>| text.as_deref().unwrap_or("(none)").to_owned();
    let choices = violation.choices.iter().take(9);
    let longest = choices.clone().map(|(label, _)| width(label) + 4).max().unwrap_or_default();
    let columns = longest.clamp(11, 24);
    let row = |label: &str, text: String, role: Role| {
        vec![piece(format!(" {label:<columns$}"), Role::Dim), piece(text, role)]
    };
    let mut lines = vec![row("wrong", violation.message.clone(), Role::Bad)];
    if let Some(remedy) = &violation.remedy {
        lines.push(row("remedy", remedy.clone(), Role::Plain));
    }
    lines.push(row("delivered", shown(&violation.delivered), Role::Plain));
    if violation.now != violation.delivered {
        lines.push(row("now", shown(&violation.now), Role::Plain));
    }
    if let Some((other, value)) = &violation.against {
        lines.push(row(other.as_str(), shown(value), Role::Plain));
    }
    if !violation.holders.is_empty() {
        let holders: Vec<String> = violation.holders.iter().map(ToString::to_string).collect();
        let key = model.key_for(&task::HOLDERS);
        let line = format!("{}  {key}: side by side", holders.join(", "));
        lines.push(row("held by", line, Role::Plain));
    }
    let of_label = columns - 2;
    for (at, (label, value)) in choices.enumerate() {
        lines.push(vec![
            piece(format!(" {} ", at + 1), Role::Key),
            piece(format!("{label:<of_label$}"), Role::Dim),
            piece(value.as_str(), Role::Plain),
        ]);
    }
    lines
}

/// Columns of a value that are kept beside the name of its field.
const LEAST_VALUE: u16 = 12;

/// The record's customer under it, for the context: every field with its golden value, two a line, or one a
/// line where there is room.
fn record_values(painter: &mut Painter<'_>, view: &TaskView, from: u16, end: u16) {
    if from + 1 >= end {
        return;
    }
    painter.rule(from, "the customer now");
    let rows = usize::from(end - from - 1);
    let columns = if view.fields.len() <= rows { 1 } else { 2 };
    let wide = painter.width() / lines(columns);
    let longest = view.fields.iter().map(|field| width(field.name.as_str())).max();
    let of_name = lines(longest.unwrap_or_default()).min(wide.saturating_sub(LEAST_VALUE + 3));
    for (at, field) in view.fields.iter().enumerate() {
        let y = from + 1 + lines(at / columns);
        if y >= end {
            break;
        }
        let x = wide * lines(at % columns);
        painter.text(x + 1, y, of_name, field.name.as_str(), Role::Dim);
        let text = view.golden.text(field.name.as_str()).unwrap_or("(none)");
        let room = wide.saturating_sub(of_name + 4);
        painter.text(x + of_name + 3, y, room, text, Role::Plain);
    }
}
