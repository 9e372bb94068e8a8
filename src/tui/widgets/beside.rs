//! A list and the entry under its cursor: under it, or on a wide terminal beside it.

use ratatui::layout::Rect;

use super::{List, Painter};

/// Where a list stands and where the entry under its cursor. Drawing, scrolling and the mouse ask it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Beside {
    /// The list.
    pub list: List,
    /// The area it stands on, lines over it included.
    pub area: Rect,
    /// The area of the entry.
    pub entry: Rect,
}

impl Beside {
    /// On an area, for a list that keeps lines for the entry where it stands under it. From `wide`
    /// columns on it stands beside it, under the title.
    #[must_use]
    pub fn of(list: List, length: usize, area: Rect, wide: u16) -> Self {
        if area.width < wide {
            let end = list.end(length, area.height).min(area.height);
            let entry = Rect { y: area.y + end, height: area.height - end, ..area };
            return Self { list, area, entry };
        }
        let half = area.width / 2;
        let x = area.x + half + 1;
        let top = area.height.min(1);
        let entry =
            Rect { x, y: area.y + top, width: area.width - half - 1, height: area.height - top };
        Self { list: list.alone(), area: Rect { width: half.saturating_sub(1), ..area }, entry }
    }

    /// Draws the line between the two, where there is one. After both, so that it joins their rules.
    pub fn line(&self, painter: &mut Painter<'_>) {
        if self.entry.x > self.area.x {
            painter.part(self.entry.x - 1, self.entry.y, 1, self.entry.height).pane_line(0);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn list_and_entry_share_the_area_and_never_overlap() {
        let list = List::new(2, 7);
        for (width, height, length) in
            [(40, 10, 3), (80, 22, 100), (119, 38, 0), (120, 38, 4), (200, 58, 400), (200, 0, 3)]
        {
            let area = Rect { x: 3, y: 2, width, height };
            let beside = Beside::of(list, length, area, 120);
            let is_beside = beside.entry.x > area.x;
            assert_eq!(is_beside, width >= 120);
            assert_eq!(beside.entry.right(), area.right());
            assert_eq!(beside.entry.bottom(), area.bottom());
            let rows = beside.list.height(length, height);
            assert!(!is_beside || usize::from(rows) == length.min(height.saturating_sub(2).into()));
            let end = area.y + beside.list.end(length, height).min(height);
            assert!(if is_beside {
                beside.area.right() < beside.entry.x
            } else {
                end <= beside.entry.y
            });
        }
    }
}
