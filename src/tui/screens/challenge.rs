//! The challenge: a comparison that first says why the task came back.

use crate::model::TaskScreen;
use crate::text::{clean, cut_sign, cut_with, width, wrapped};
use crate::theme::{Role, Theme};
use crate::widgets::{Line, piece};
use domain::TaskKind;
use door::views::{Disputed, TaskView};

/// Lines the reasons may take.
const MOST: usize = 5;
/// Lines that a request may take.
const MOST_OF_REQUEST: usize = 9;
/// Of them so many at least say who decided what before.
const LEAST_SENTENCES: usize = 2;

/// What decides, on a screen on which little fits: what changed in the field under the cursor, what the
/// machine says now, and what keeping does; accepting stands in the hints.
#[must_use]
pub fn low(screen: &TaskScreen, keep: &str, columns: u16, theme: Theme) -> Vec<Line> {
    let Some(view) = &screen.view else { return Vec::new() };
    let room = usize::from(columns.saturating_sub(2)).max(8);
    let cut = |text: &str| cut_with(&clean(text, theme.glyphs), room, theme.glyphs);
    let line = |text: String, role: Role| vec![piece(format!(" {text}"), role)];
    let mut lines = Vec::new();
    if let Some(dispute) = &view.dispute {
        let here = screen.current_field().map(|(_, field)| &field.name);
        let of_field = dispute.values.iter().find(|value| Some(&value.field) == here);
        if let Some(value) = of_field.or(dispute.values.first()) {
            let more = dispute.values.len() - 1;
            // The field under the cursor has its name in its row.
            let name = if of_field.is_some() { "" } else { value.field.as_str() };
            lines.push(line(change(name, value, more, room, theme), Role::Title));
        }
    }
    let said = view.reasons.iter().rev().take(if lines.is_empty() { 2 } else { 1 });
    lines.extend(said.map(|reason| line(cut(reason), Role::Attention)));
    if let Some(dispute) = &view.dispute {
        lines.push(line(cut(&format!("{keep} {}", dispute.keep)), Role::Plain));
    }
    lines
}

/// `229 Railway Parade -> 1 Ocean Drive +6`: both sides are seen, each cut if it must be.
fn change(name: &str, value: &Disputed, more: usize, room: usize, theme: Theme) -> String {
    let name = if name.is_empty() { String::new() } else { format!("{name}: ") };
    let more = if more == 0 { String::new() } else { format!(" +{more}") };
    let Some([old, new]) = value.sides() else {
        return cut_with(&format!("{name}changed (masked){more}"), room, theme.glyphs);
    };
    let [old, new] = [old, new].map(|side| clean(side, theme.glyphs));
    let left = room.saturating_sub(width(&name) + width(" -> ") + width(&more));
    let half = (left / 2).max(4);
    // What one side does not need is the other's.
    let of_old = half.max(left.saturating_sub(width(&new)));
    let old = cut_with(&old, of_old, theme.glyphs);
    let of_new = left.saturating_sub(width(&old)).max(4);
    format!("{name}{old} -> {}{more}", cut_with(&new, of_new, theme.glyphs))
}

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
    let most = most_of(view).saturating_sub(sentences.len().min(LEAST_SENTENCES)).max(1);
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
    let most = most_of(view);
    let is_cut = lines.len() > most;
    lines.truncate(most);
    if let Some((text, _)) = lines.last_mut().filter(|_| is_cut).and_then(|line| line.last_mut()) {
        let told = format!("{text}{}", cut_sign(theme.glyphs));
        *text = cut_with(&told, room + 1, theme.glyphs);
    }
    lines
}

/// Lines that the reasons may take: a request has one column to compare with nothing, and its steps are what it is
/// about; so are both sides of a record that is delivered as somebody else's.
fn most_of(view: &TaskView) -> usize {
    match view.task.as_ref().map(|task| task.kind) {
        Some(TaskKind::Request | TaskKind::Overlay) => MOST_OF_REQUEST,
        _ => MOST,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::{FieldName, FieldType};

    #[test]
    fn both_sides_of_a_change_are_seen_in_little_room() {
        let value = |old: &str, new: &str| Disputed {
            field: FieldName::new("street"),
            record: "crm:1".parse().unwrap(),
            old: Some(old.into()).filter(|_| !old.is_empty()),
            new: Some(new.into()),
        };
        for (name, value, more, room, told) in [
            ("", value("1 Rose Lane", "2 Rose Lane"), 0, 38, "1 Rose Lane -> 2 Rose Lane"),
            ("street", value("1 Rose Lane", "2"), 3, 38, "street: 1 Rose Lane -> 2 +3"),
            ("", value("", "2 Rose Lane"), 1, 38, "(none) -> 2 Rose Lane +1"),
            (
                "",
                value("Harborline Packaging Pty Ltd", "Brightwater Logistics Ltd"),
                6,
                38,
                "Harborline Pac… -> Brightwater Log… +6",
            ),
            (
                "",
                value("Perth", "a very long name of a town indeed"),
                0,
                30,
                "Perth -> a very long name of …",
            ),
        ] {
            let line = change(name, &value, more, room, Theme::default());
            assert_eq!(line, told);
            assert!(width(&line) <= room, "{line}");
        }
        let mut masked = value("1984-03-12", "1971-06-15");
        for side in [&mut masked.old, &mut masked.new].into_iter().flatten() {
            side.mask(FieldType::DateOfBirth);
        }
        assert_eq!(change("", &masked, 0, 38, Theme::default()), "changed (masked)");
    }
}
