//! Why the machine leaves it to people, and what competes: under the comparison, where it is decided.

use crate::model::{Face, TaskScreen};
use crate::text::{clean, wrapped};
use crate::theme::{Role, Theme};
use crate::widgets::{Line, piece};
use door::views::{Competing, TaskView};

/// Lines it may take: more would push the evidence off a small screen.
const MOST: usize = 3;

/// Why the pair under the cursor was not merged, what competes with it, and why columns begin
/// without a mark.
pub fn lines(screen: &TaskScreen, view: &TaskView, columns: u16, theme: Theme) -> Vec<Line> {
    if screen.face() != Face::Compare {
        return Vec::new();
    }
    let room = usize::from(columns.saturating_sub(2)).max(8);
    let said: Vec<(String, Role)> = [
        not_merged(screen, view).map(|text| (text, Role::Attention)),
        unmarked(screen, view).map(|text| (text, Role::Dim)),
        put_in(screen, view).map(|text| (text, Role::Attention)),
    ]
    .into_iter()
    .flatten()
    .collect();
    let lines = said.into_iter().flat_map(|(text, role)| {
        let wrapped = wrapped(&clean(&text, theme.glyphs), room);
        wrapped.into_iter().map(move |part| vec![piece(format!(" {part}"), role)])
    });
    lines.take(MOST).collect()
}

/// `not merged: no registered identifier agrees; 0.97 is below auto 0.99. Or household 0.13`.
fn not_merged(screen: &TaskScreen, view: &TaskView) -> Option<String> {
    let pair = view.pairs.get(screen.pair_under_cursor())?;
    let competing = pair.competing.as_ref().and_then(Competing::told);
    // What is asked blind is not told as left by the machine.
    let asked = view.task.as_ref().is_none_or(|task| !task.kind.may_be_blind());
    let why = pair.unmerged.line().filter(|_| asked);
    match (why, competing) {
        (Some(why), Some(competing)) => Some(format!("not merged: {why}. Or: {competing}")),
        (Some(why), None) => Some(format!("not merged: {why}")),
        (None, competing) => competing.map(|competing| format!("or: {competing}")),
    }
}

/// `[ ] 2: date of birth contradicts`, of the columns that began without a mark and have none.
fn unmarked(screen: &TaskScreen, view: &TaskView) -> Option<String> {
    let labels = screen.labels();
    let marks = &screen.draft.marks;
    let unmarked = view.columns.iter().enumerate().filter_map(|(at, column)| {
        let why = column.why_apart.as_ref()?;
        let is_out = marks.get(at).is_some_and(Option::is_none);
        let label = labels.get(at).filter(|_| is_out)?;
        Some(format!("{label}: {why}"))
    });
    let told: Vec<String> = unmarked.collect();
    (!told.is_empty()).then(|| format!("[ ] {}", told.join("; ")))
}

/// `[A] 2: date of birth contradicts`, of the columns that began without a mark and were put together
/// with the first one.
fn put_in(screen: &TaskScreen, view: &TaskView) -> Option<String> {
    let labels = screen.labels();
    let marks = &screen.draft.marks;
    let first = (*marks.first()?)?;
    let put_in = view.columns.iter().enumerate().filter_map(|(at, column)| {
        let why = column.why_apart.as_ref()?;
        let is_in = marks.get(at) == Some(&Some(first));
        let label = labels.get(at).filter(|_| is_in)?;
        Some(format!("{label}: {why}"))
    });
    let told: Vec<String> = put_in.collect();
    (!told.is_empty()).then(|| format!("[{first}] {}", told.join("; ")))
}
