//! The challenge: a comparison that first says why the task came back.

use crate::text::{clean, wrapped};
use crate::theme::{Role, Theme};
use crate::widgets::{Line, piece};
use door::views::{Disputed, TaskView};

/// Lines the reasons may take.
const MOST: usize = 5;

/// Why the task is back: which value changed, who decided what before.
#[must_use]
pub fn reasons(view: &TaskView, columns: u16, theme: Theme) -> Vec<Line> {
    let room = usize::from(columns.saturating_sub(2)).max(8);
    // What changed comes first: it is what the dispute is about.
    let disputed = view.dispute.iter().flat_map(|dispute| &dispute.values).map(Disputed::line);
    let changed = disputed.flat_map(|line| wrapped(&clean(&line, theme.glyphs), room));
    let changed = changed.take(MOST).map(|line| vec![piece(format!(" {line}"), Role::Title)]);
    let sentences =
        view.reasons.iter().flat_map(|reason| wrapped(&clean(reason, theme.glyphs), room));
    let sentences = sentences.map(|line| vec![piece(format!(" {line}"), Role::Attention)]);
    changed.chain(sentences).take(MOST).collect()
}
