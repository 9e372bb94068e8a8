//! Where the columns of a grid of values stand: the one place that drawing and the mouse ask.

use door::views::FieldView;

use crate::text::width as width_of;

/// The narrowest a column gets where columns page.
const NARROWEST: u16 = 16;
/// The narrowest it gets so that all columns are seen at once.
const SQUEEZED: u16 = 14;

/// From that width on a name may have a little more than its part.
const ROOMY: u16 = 72;
/// How much more.
const A_LITTLE: u16 = 3;

/// How a grid stands on an area of some width.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Geometry {
    /// Columns of the field names, the cursor before them and the blank behind them included.
    pub names: u16,
    /// The columns shown, ascending.
    pub visible: Vec<usize>,
    /// How wide each of them is, the blank behind it included.
    pub wide: u16,
    /// Where the golden column begins; `None` means the cursor is not on it, and there is no room.
    pub golden: Option<u16>,
    /// By how much columns with words beside their values are wider.
    gain: u16,
    /// Whether the first column has marks.
    marked: bool,
}

/// What a grid shows.
#[derive(Debug, Clone, Copy)]
pub struct Contents<'a> {
    /// The fields.
    pub fields: &'a [FieldView],
    /// How many columns there are, without the golden one.
    pub columns: usize,
    /// The column under the cursor; that number is the golden one.
    pub cursor: usize,
    /// Whether the first column has marks: a member stands beside what survived.
    pub marked: bool,
}

impl Geometry {
    /// How it stands on an area of that width. Names take what they need and no more than the values
    /// can spare; where not even two columns fit beside the golden one, it is shown in the place of
    /// the second while the cursor is on it.
    #[must_use]
    pub fn of(width: u16, contents: Contents<'_>) -> Self {
        let Contents { fields, columns, cursor, marked } = contents;
        let longest = fields.iter().map(|field| width_of(field.name.as_str())).max().unwrap_or(0);
        let most = (width / 5).clamp(11, 28);
        // A name that lacks little is shown whole.
        let whole = if width >= ROOMY { most + A_LITTLE } else { most };
        let names = u16::try_from(longest + 2).unwrap_or(whole).max(8);
        let names = if names <= whole { names } else { most };
        // An unmarked first column has no place for marks.
        let body = width.saturating_sub(names).saturating_add(u16::from(!marked));
        let fit = |narrowest: u16| usize::from((body / narrowest).saturating_sub(1).max(1));
        if columns > 1 && fit(SQUEEZED) < 2 {
            return Self::narrow(names, body, contents);
        }
        let all_fit = columns <= fit(SQUEEZED);
        let shown = columns.clamp(1, if all_fit { columns.max(1) } else { fit(NARROWEST) });
        let wide = body / (u16::try_from(shown).unwrap_or(1) + 1);
        let cursor = cursor.min(columns.saturating_sub(1));
        // Pages, not a sliding window: a column keeps its place while the cursor is on its page.
        let first = (cursor / shown * shown).min(columns.saturating_sub(shown));
        let visible = (first..(first + shown).min(columns)).collect();
        let mut geometry = Self { names, visible, wide, golden: None, gain: 0, marked };
        // A date with its words needs two columns more than a golden value.
        let with_words = (0..geometry.visible.len()).filter(|place| geometry.has_marks(*place));
        let gain = if names > most { 3 } else { 2 };
        geometry.gain = gain / u16::try_from(with_words.count()).unwrap_or(u16::MAX).max(1);
        geometry.golden = Some(geometry.end());
        geometry
    }

    /// The first column beside the one under the cursor, whichever that is.
    fn narrow(names: u16, body: u16, contents: Contents<'_>) -> Self {
        let Contents { columns, cursor, marked, .. } = contents;
        let wide = body / 2;
        let visible = if cursor >= columns { vec![0] } else { vec![0, cursor.max(1)] };
        let mut geometry = Self { names, visible, wide, golden: None, gain: 0, marked };
        geometry.golden = (cursor >= columns).then(|| geometry.end());
        geometry
    }

    /// Where the column in that place begins.
    #[must_use]
    pub fn x(&self, place: usize) -> u16 {
        let x = self.names + u16::try_from(place).unwrap_or(0).saturating_mul(self.wide);
        let before = (0..place).filter(|place| self.has_marks(*place)).count();
        let gained = u16::try_from(before).unwrap_or(0).saturating_mul(self.gain);
        let saved = place > 0 && !self.has_marks(0);
        x.saturating_add(gained).saturating_sub(u16::from(saved))
    }

    /// Where the column in that place has its values, and how many columns they have.
    #[must_use]
    pub fn value(&self, place: usize) -> (u16, u16) {
        match self.has_marks(place) {
            true => (self.x(place) + 2, (self.wide + self.gain).saturating_sub(3)),
            false => (self.x(place) + 1, self.wide.saturating_sub(3)),
        }
    }

    /// Whether the column in that place has a place for marks.
    #[must_use]
    pub fn has_marks(&self, place: usize) -> bool {
        self.marked || self.visible.get(place) != Some(&0)
    }

    /// Whether there are columns out of sight.
    #[must_use]
    pub fn pages(&self, columns: usize) -> bool {
        self.visible.len() < columns
    }

    /// The column under `x`; the one after the last is the golden one.
    #[must_use]
    pub fn column_at(&self, x: u16, columns: usize) -> Option<usize> {
        if x < self.names {
            return None;
        }
        if self.golden.is_some_and(|golden| x >= golden) {
            return Some(columns);
        }
        let place = (0..self.visible.len()).rev().find(|place| x >= self.x(*place))?;
        self.visible.get(place).copied()
    }

    fn end(&self) -> u16 {
        self.x(self.visible.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::{FieldName, FieldType};

    fn named(name: &str) -> Vec<FieldView> {
        let name = FieldName::new(name);
        let field_type = FieldType::Text;
        vec![FieldView {
            name,
            field_type,
            sensitive: false,
            group: Vec::new(),
            description: None,
            owner: None,
        }]
    }

    #[test]
    fn columns_page_only_where_they_must_and_the_golden_one_gives_way_last() {
        for (width, columns, cursor, visible, wide, golden) in [
            (80, 3, 0, vec![0, 1, 2], 17, true),
            (80, 2, 0, vec![0, 1], 22, true),
            (80, 5, 0, vec![0, 1, 2], 17, true),
            (80, 5, 3, vec![2, 3, 4], 17, true),
            (80, 5, 5, vec![2, 3, 4], 17, true),
            (80, 1, 0, vec![0], 34, true),
            // Squeezed, so that nothing is out of sight: beside the queue at 100 columns, too.
            (69, 3, 0, vec![0, 1, 2], 14, true),
            (89, 4, 0, vec![0, 1, 2, 3], 15, true),
            (89, 5, 0, vec![0, 1, 2], 19, true),
            // The golden column is shown while the cursor is on it.
            (40, 2, 0, vec![0, 1], 15, false),
            (40, 5, 3, vec![0, 3], 15, false),
            (40, 5, 5, vec![0], 15, true),
            (40, 1, 0, vec![0], 15, true),
        ] {
            let fields = named("family_name");
            let found =
                Geometry::of(width, Contents { fields: &fields, columns, cursor, marked: false });
            let told = (found.visible.clone(), found.wide, found.golden.is_some());
            assert_eq!(told, (visible, wide, golden), "{width} {columns} {cursor}");
        }
    }

    #[test]
    fn names_have_the_room_they_need_where_there_is_some() {
        for (width, name, names) in [
            (200, "marketing_consent", 19),
            (80, "date_of_birth", 15),
            (80, "marketing_consent", 19),
            (80, "marketing_consent_given", 16),
            (40, "date_of_birth", 11),
            (80, "id", 8),
        ] {
            let fields = named(name);
            let contents = Contents { fields: &fields, columns: 2, cursor: 0, marked: false };
            assert_eq!(Geometry::of(width, contents).names, names, "{width} {name}");
        }
    }

    #[test]
    fn a_column_is_hit_where_it_is_drawn() {
        let fields = named("family_name");
        for width in [40, 52, 80, 120, 200] {
            for columns in 1..8 {
                for (cursor, marked) in (0..=columns).flat_map(|it| [(it, false), (it, true)]) {
                    let contents = Contents { fields: &fields, columns, cursor, marked };
                    let geometry = Geometry::of(width, contents);
                    for (place, column) in geometry.visible.iter().enumerate() {
                        let (x, room) = geometry.value(place);
                        assert_eq!(geometry.column_at(x, columns), Some(*column));
                        assert_eq!(geometry.column_at(x + room - 1, columns), Some(*column));
                        assert!(x + room <= width, "{width} {columns} {cursor}");
                    }
                    if let Some(golden) = geometry.golden {
                        assert_eq!(geometry.column_at(golden, columns), Some(columns));
                        assert!(golden + 8 < width, "{width} {columns} {cursor}");
                    }
                }
            }
        }
    }
}
