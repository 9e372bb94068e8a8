//! The challenge: a comparison that first says why the task came back.

use crate::text::{clean, cut_sign, cut_with, wrapped};
use crate::theme::{Role, Theme};
use crate::widgets::{Line, piece};
use door::views::{Disputed, TaskView};

/// Lines the reasons may take.
const MOST: usize = 5;
/// Of them so many at least say who decided what before.
const LEAST_SENTENCES: usize = 2;

/// Why the task is back: which value changed, who decided what before.
#[must_use]
pub fn reasons(view: &TaskView, columns: u16, theme: Theme) -> Vec<Line> {
    let room = usize::from(columns.saturating_sub(2)).max(8);
    let sentences =
        view.reasons.iter().flat_map(|reason| wrapped(&clean(reason, theme.glyphs), room));
    let sentences: Vec<Line> =
        sentences.map(|line| vec![piece(format!(" {line}"), Role::Attention)]).collect();
    // What changed comes first: it is what the dispute is about.
    let values: Vec<&Disputed> = view.dispute.iter().flat_map(|dispute| &dispute.values).collect();
    let most = MOST.saturating_sub(sentences.len().min(LEAST_SENTENCES)).max(1);
    let whole = values.iter().flat_map(|value| wrapped(&clean(&value.line(), theme.glyphs), room));
    let mut changed: Vec<String> = whole.collect();
    if changed.len() > most {
        // One line each, and the names of those that do not fit.
        let shown = if values.len() > most { most - 1 } else { values.len() };
        let (told, others) = values.split_at(shown);
        let names: Vec<&str> = others.iter().map(|value| value.field.as_str()).collect();
        let more = format!("{} more: {}", others.len(), names.join(", "));
        let lines = told.iter().map(|value| value.line());
        let lines = lines.chain((!others.is_empty()).then_some(more));
        let cut = |line: String| cut_with(&clean(&line, theme.glyphs), room, theme.glyphs);
        changed = lines.map(cut).collect();
    }
    let changed = changed.into_iter().map(|line| vec![piece(format!(" {line}"), Role::Title)]);
    let mut lines: Vec<Line> = changed.chain(sentences).collect();
    let is_cut = lines.len() > MOST;
    lines.truncate(MOST);
    if let Some((text, _)) = lines.last_mut().filter(|_| is_cut).and_then(|line| line.last_mut()) {
        let told = format!("{text}{}", cut_sign(theme.glyphs));
        *text = cut_with(&told, room + 1, theme.glyphs);
    }
    lines
}
