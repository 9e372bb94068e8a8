//! A group that hangs together by a link that matching would not even ask about: it is named, and the
//! key that merges it counts once it is pressed again.

use crate::keys::task;
use crate::model::{Model, TaskScreen};
use door::views::LinkScore;

/// Asks about the weak link of what is marked, where there is one and nobody was asked yet; whether it
/// did.
pub(super) fn asks_about_weak_link(model: &mut Model) -> bool {
    let Some(screen) = model.task().filter(|screen| !screen.was_asked()) else { return false };
    let Some(link) = screen.weak_link() else { return false };
    let (merge, mark) = (model.key_for(&task::MERGE), model.key_for(&task::MARK));
    let said = format!(
        "{}: {merge} again merges all the same, {mark} takes a column out",
        told(screen, &link)
    );
    model.complain(said);
    if let Some(screen) = model.task_mut() {
        screen.asked_about = Some(screen.draft.marks.clone());
    }
    // Pressed twice in a hurry it is not an answer: nobody can have read the question.
    model.pacing.disturbed();
    true
}

/// `weakest link 0.23: 3 with 5`.
fn told(screen: &TaskScreen, link: &LinkScore) -> String {
    let labels = screen.labels();
    let named = |column: usize| labels.get(column).cloned().unwrap_or_default();
    let (left, right) = (named(link.left), named(link.right));
    format!("weakest link {}: {left} with {right}", domain::score(link.least))
}
