//! A group that hangs together by a link that matching would not even ask about, or that a column was
//! put into which contradicts: it is named, and the key that merges it counts once it is pressed again.

use crate::keys::{Row, task};
use crate::model::{Model, TaskScreen};
use door::views::{ApartView, LinkScore};

/// Asks about the weak link of what is marked, where there is one and nobody was asked yet; whether it
/// did.
pub(super) fn asks_about_weak_link(model: &mut Model, pressed: &'static Row) -> bool {
    let Some(screen) = model.task().filter(|screen| !screen.was_asked()) else { return false };
    let link = screen.weak_link().map(|link| told(screen, &link));
    let why: Vec<String> = contradictions(screen).into_iter().chain(link).collect();
    if why.is_empty() {
        return false;
    }
    let (merge, mark) = (model.key_for(pressed), model.key_for(&task::MARK));
    let said =
        format!("{}: {merge} again merges anyway, {mark} takes a column out", why.join("; "));
    model.complain(said);
    if let Some(screen) = model.task_mut() {
        screen.asked_about = Some(screen.draft.marks.clone());
    }
    // Pressed twice in a hurry it is not an answer: nobody can have read the question.
    model.pacing.disturbed();
    true
}

/// `2 with 1: date of birth contradicts`, of the columns that were put together by hand though they
/// contradict each other.
fn contradictions(screen: &TaskScreen) -> Vec<String> {
    let Some(view) = &screen.view else { return Vec::new() };
    let (labels, letters) = (screen.labels(), screen.draft.letters());
    let told = view.apart.iter().filter_map(|ApartView { left, right, why }| {
        let is_one = letters.iter().any(|it| it.contains(left) && it.contains(right));
        let label = |at: &usize| labels.get(*at).filter(|_| is_one);
        Some(format!("{} with {}: {why}", label(right)?, label(left)?))
    });
    told.collect()
}

/// `weakest link 0.23: 3 with 5`.
fn told(screen: &TaskScreen, link: &LinkScore) -> String {
    let labels = screen.labels();
    let named = |column: usize| labels.get(column).cloned().unwrap_or_default();
    let (left, right) = (named(link.left), named(link.right));
    format!("weakest link {}: {left} with {right}", domain::score(link.least))
}
