//! The waterfall of a pair: on one line, and as bars.

use super::{Line, piece};
use crate::text::{cut, width};
use crate::theme::{Role, Theme};
use domain::{score, score_in};
use door::views::{ExplanationView, StepView};

/// The longest bar, in columns.
const LONGEST_BAR: u8 = 16;
/// Columns that labels take at least and at most.
const LABELS: (usize, usize) = (10, 20);
/// The weight of the longest bar, log2: 1 in 4,096.
const LONGEST_WEIGHT: f64 = 12.0;

/// `0.98 prior-11.0 phone+6.4 …`, largest effect first.
#[must_use]
pub fn one_line(label: &str, pair: &ExplanationView) -> Line {
    let mut line = vec![
        piece(format!(" {label} "), Role::Title),
        piece(score(pair.probability), Role::Plain),
        piece(format!(" prior{:+.1}", pair.prior), Role::Dim),
    ];
    // What would read +0.0 says nothing; the bars still list it.
    for step in pair.steps.iter().filter(|step| step.weight.abs() >= 0.05) {
        line.push(piece(format!(" {}{:+.1}", step.label, step.weight), role(step.weight)));
    }
    for step in pair.steps.iter().filter(|step| !step.counts) {
        line.push(piece(format!(" {} not counted", step.label), Role::Dim));
    }
    line
}

/// One line a comparison: label, weight, bar, level, note.
#[must_use]
pub fn bars(pair: &ExplanationView, theme: Theme) -> Vec<Line> {
    let label = |text: &str| label(pair, text);
    let mut lines =
        vec![bar_line(&label("prior"), pair.prior, "how rare matches are", None, theme)];
    lines.extend(pair.steps.iter().map(|step| {
        bar_line(&label(&step.label), step.weight, &step.level, step.note.as_deref(), theme)
    }));
    lines.push(vec![
        piece(format!(" {}{:>+6.1}  ", label("sum"), pair.match_weight), Role::Title),
        piece(format!("match probability {}", score(pair.probability)), Role::Title),
    ]);
    lines
}

/// A label and the blanks that bring all of a pair to one width.
fn label(pair: &ExplanationView, text: &str) -> String {
    let (least, most) = LABELS;
    let longest = pair.steps.iter().map(|step| width(&step.label) + 1).max().unwrap_or(least);
    let columns = longest.clamp(least, most);
    let shown = cut(text, columns - 1);
    format!("{shown}{:1$}", "", columns - width(&shown))
}

fn bar_line(label: &str, weight: f64, level: &str, note: Option<&str>, theme: Theme) -> Line {
    let share = (weight.abs() / LONGEST_WEIGHT).min(1.0);
    // Between 0 and the longest, so the cast neither wraps nor loses a sign.
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    let columns = (share * f64::from(LONGEST_BAR)).round() as usize;
    let bar: String = std::iter::repeat_n(theme.bar(), columns).collect();
    let mut line = vec![
        piece(format!(" {label}{weight:>+6.1}  "), Role::Plain),
        piece(format!("{:<1$}  ", bar, usize::from(LONGEST_BAR)), role(weight)),
        piece(level, Role::Plain),
    ];
    if let Some(note) = note {
        line.push(piece(format!("  {note}"), Role::Dim));
    }
    line
}

fn role(weight: f64) -> Role {
    if weight < 0.0 { Role::Bad } else { Role::Good }
}

/// The whole explanation, for the layer of `w`.
#[must_use]
pub fn explained(pair: &ExplanationView, theme: Theme) -> Vec<Line> {
    let mut lines = vec![vec![
        piece(format!("{} and {}", pair.left, pair.right), Role::Title),
        piece(format!("  match probability {}", score_in(pair.probability, 4)), Role::Plain),
    ]];
    // What is as good as impossible would only fill the line.
    let shares = pair.classes.iter().filter(|(_, share)| *share >= 0.005);
    let shares: Vec<String> =
        shares.map(|(class, share)| format!("{class} {}", score(*share))).collect();
    if !shares.is_empty() {
        lines.push(vec![piece(format!("likely {}", shares.join(", ")), Role::Plain)]);
    }
    let blocking = match &pair.blocking {
        Some(rule) => format!("brought together by: {rule}"),
        None => "no blocking rule brings them together".to_owned(),
    };
    lines.push(vec![piece(blocking, Role::Dim)]);
    lines
        .extend(pair.blocking_notes.iter().map(|note| vec![piece(format!("  {note}"), Role::Dim)]));
    if let Some(rule) = &pair.never {
        lines.push(vec![piece(format!("kept apart: {rule}"), Role::Dim)]);
    }
    if !pair.unearned.is_empty() {
        let why = format!("not merged by the machine: {}", pair.unearned.join(", "));
        lines.push(vec![piece(why, Role::Dim)]);
    }
    lines.push(Vec::new());
    lines.extend(bars(pair, theme));
    lines.push(Vec::new());
    // What decisions taught compares no values.
    for step in pair.steps.iter().filter(|step| !step.fields.is_empty()) {
        lines.push(values(&label(pair, &step.label), step));
    }
    lines
}

fn values(label: &str, step: &StepView) -> Line {
    let shown = |value: &str| if value.is_empty() { "(none)" } else { value }.to_owned();
    vec![
        piece(format!(" {label} "), Role::Title),
        piece(shown(&step.left), Role::Plain),
        piece("  |  ", Role::Dim),
        piece(shown(&step.right), Role::Plain),
    ]
}
