//! What is on screen while the workspace is being opened.

use crate::keys::everywhere;
use crate::model::{Model, Opening};
use crate::theme::Role;
use crate::widgets::{Painter, chart};

/// Columns of the bar.
const BAR: u16 = 40;

/// Draws how far the opening is, and the key that leaves.
pub fn draw(painter: &mut Painter<'_>, model: &Model, opening: &Opening) {
    let columns = painter.width().saturating_sub(2);
    painter.text(1, 0, columns, &opening.workspace, Role::Title);
    match opening.progress {
        Some((done, total)) if total > 0 => {
            painter.text(1, 2, columns, "catching up with the ledger", Role::Plain);
            let share = done as f64 / total as f64;
            painter.text(1, 4, BAR, &chart::bar(share, BAR.into(), model.theme), Role::Plain);
            let told = format!("{done} of {total} commits");
            painter.text(BAR + 3, 4, columns.saturating_sub(BAR + 3), &told, Role::Dim);
        }
        _ => {
            painter.text(1, 2, columns, "opening the workspace", Role::Plain);
        }
    }
    let y = painter.height().saturating_sub(1);
    let key = model.key_for(&everywhere::LEAVE);
    let x = painter.text(1, y, columns, &key, Role::Key) + 2;
    painter.text(x, y, columns, "leave", Role::Plain);
}

#[cfg(test)]
mod tests {
    use ratatui::buffer::Buffer;
    use ratatui::layout::Rect;

    use super::*;
    use crate::effect::Effect;
    use crate::keys::Key;
    use crate::message::{Message, Moment};
    use crate::theme::{Colour, Glyphs, Theme};
    use crate::update::update;
    use crate::view;

    fn shown(model: &Model) -> String {
        let (width, height) = model.size;
        let mut buffer = Buffer::empty(Rect { x: 0, y: 0, width, height });
        view::draw(model, &mut buffer);
        buffer.content().iter().map(ratatui::buffer::Cell::symbol).collect()
    }

    fn moment() -> Moment {
        Moment { elapsed: std::time::Duration::ZERO, wall: jiff::Zoned::default() }
    }

    #[test]
    fn one_sees_how_far_it_is_and_can_only_leave() {
        let theme = Theme { colour: Colour::None, glyphs: Glyphs::Ascii };
        let mut model = Model::new("sam".into(), theme, (80, 24), &view::View);
        let opening = |progress| Opening { workspace: "/data/acme".into(), progress };
        for (progress, says) in [
            (None, "opening the workspace"),
            (Some((50, 200)), "##########"),
            (Some((50, 200)), "50 of 200 commits"),
        ] {
            assert_eq!(update(&mut model, Message::Opening(opening(progress))), []);
            let screen = shown(&model);
            for says in [says, "/data/acme", "q leave"] {
                assert!(screen.contains(says), "no `{says}` on {screen}");
            }
        }
        for (key, effects) in [
            (Key::Char('/'), vec![]),
            (Key::Enter, vec![]),
            (Key::Ctrl('z'), vec![Effect::Suspend]),
            (Key::Ctrl('c'), vec![Effect::Quit]),
            (Key::Char('q'), vec![Effect::Quit]),
        ] {
            assert_eq!(update(&mut model, Message::Key(key, moment())), effects, "{key:?}");
        }
        assert_eq!(update(&mut model, Message::Pasted("q".into())), []);
        assert!(!update(&mut model, Message::Started(moment(), None)).is_empty());
        assert!(shown(&model).contains("fetching the queue"));
    }
}
