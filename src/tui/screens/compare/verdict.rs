//! Why the machine leaves it to people, and what competes: under the comparison, where it is decided.

use crate::layers;
use crate::model::{Face, TaskScreen};
use crate::text::{clean, cut_sign, cut_with, width, wrapped};
use crate::theme::{Role, Theme};
use crate::widgets::{Line, piece};
use door::views::{ApartView, Competing, ExplanationView, TaskView};

/// Lines it may take: more would push the evidence off a small screen. Of several columns there is more to say.
const MOST: usize = 3;
const MOST_OF_SEVERAL: usize = 4;

/// Why the pair under the cursor was not merged, what competes with it, and why columns begin
/// without a mark; of each line whether it goes on with the sentence of the one before.
pub fn lines(
    screen: &TaskScreen,
    view: &TaskView,
    columns: u16,
    theme: Theme,
) -> Vec<(Line, bool)> {
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
    let mut left = if view.columns.len() > 2 { MOST_OF_SEVERAL } else { MOST };
    let mut after = said.len();
    let mut lines = Vec::new();
    for (text, role) in said {
        after -= 1;
        let mut parts = wrapped(&clean(&text, theme.glyphs), room);
        // A long sentence leaves a line to each of those after it.
        let most = left.saturating_sub(after).max(1);
        cut_after(&mut parts, most, room, theme);
        left = left.saturating_sub(parts.len());
        let parts = parts.into_iter().enumerate();
        lines.extend(parts.map(|(at, part)| (vec![piece(format!(" {part}"), role)], at > 0)));
    }
    lines
}

/// Keeps so many lines, the last of them with the sign of what is cut.
fn cut_after(lines: &mut Vec<String>, most: usize, room: usize, theme: Theme) {
    if lines.len() <= most {
        return;
    }
    lines.truncate(most);
    let Some(last) = lines.last_mut() else { return };
    let sign = cut_sign(theme.glyphs);
    let fits = room.saturating_sub(width(sign));
    *last = match width(last) <= fits {
        true => format!("{last}{sign}"),
        false => cut_with(&format!("{last}{sign}"), room, theme.glyphs),
    };
}

/// What contradicts in one line, for a screen on which no more fits: cut, if it must be, with the sign
/// of what is cut.
pub fn contradiction(
    screen: &TaskScreen,
    view: &TaskView,
    columns: u16,
    theme: Theme,
) -> Option<Line> {
    if screen.face() != Face::Compare {
        return None;
    }
    let weakest = || {
        let link = screen.weak_link()?;
        let labels = screen.labels();
        let [left, right] = [link.left, link.right].map(|at| labels.get(at).cloned());
        let score = domain::score(link.least);
        Some(format!("weakest link {score}: {} with {}", left?, right?))
    };
    let text = unmarked(screen, view).or_else(|| put_in(screen, view)).or_else(weakest)?;
    let text = clean(&text, theme.glyphs);
    let room = usize::from(columns.saturating_sub(2)).max(8);
    Some(vec![piece(format!(" {}", cut_with(&text, room, theme.glyphs)), Role::Attention)])
}

/// `not merged: no registered identifier agrees; 0.97 is below auto 0.99. Or household 0.13`: of the pair
/// under the cursor, which from the first column is the best one, as the queue tells it; of others
/// what is different about them.
fn not_merged(screen: &TaskScreen, view: &TaskView) -> Option<String> {
    let at = screen.pair_under_cursor();
    let pair = view.pairs.get(at)?;
    let competing = pair.competing.as_ref().and_then(Competing::told);
    // What is asked blind is not told as left by the machine.
    let asked = view.task.as_ref().is_none_or(|task| !task.kind.may_be_blind());
    let several = view.columns.len() > 2;
    let label = |pair: &ExplanationView| match several {
        true => format!("{}: ", layers::pair_label(screen, pair)),
        false => String::new(),
    };
    let own = pair.unmerged.line().map(|why| format!("{}{why}", label(pair)));
    let against = screen.told_pairs().into_iter().filter(|other| several && *other != at);
    let against = against.filter_map(|other| {
        let other = view.pairs.get(other)?;
        let said = other.unmerged.contradictions().next()?;
        Some(format!("{}{said}", label(other)))
    });
    // What contradicts weighs more than what the best pair lacks.
    let contradicts = pair.unmerged.contradictions().next().is_some();
    let (mut told, mut own): (Vec<String>, Vec<String>) = (against.collect(), Vec::from_iter(own));
    match contradicts {
        true => told.splice(0..0, own.drain(..)).for_each(drop),
        false => told.append(&mut own),
    }
    let why = (asked && !told.is_empty()).then(|| told.join("; "));
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
        let others = view.apart.iter().filter_map(|it| match (it.left == at, it.right == at) {
            (true, _) => Some(it.right),
            (_, true) => Some(it.left),
            _ => None,
        });
        let mut marked = others.filter(|other| marks.get(*other).is_some_and(Option::is_some));
        // That it is the first one goes without saying.
        match marked.next().filter(|other| *other > 0).and_then(|other| labels.get(other)) {
            Some(with) => Some(format!("{label} with {with}: {why}")),
            None => Some(format!("{label}: {why}")),
        }
    });
    let told: Vec<String> = unmarked.collect();
    (!told.is_empty()).then(|| format!("[ ] {}", told.join("; ")))
}

/// `[A] 2 with 1: date of birth contradicts`, of the columns that were put together though they
/// contradict each other.
fn put_in(screen: &TaskScreen, view: &TaskView) -> Option<String> {
    let labels = screen.labels();
    let marks = &screen.draft.marks;
    let put_in = view.apart.iter().filter_map(|ApartView { left, right, why }| {
        let mark = (*marks.get(*left)?)?;
        let is_in = marks.get(*right) == Some(&Some(mark));
        let label = |at: usize| labels.get(at).filter(|_| is_in);
        Some(format!("[{mark}] {} with {}: {why}", label(*right)?, label(*left)?))
    });
    let told: Vec<String> = put_in.collect();
    (!told.is_empty()).then(|| told.join("; "))
}
