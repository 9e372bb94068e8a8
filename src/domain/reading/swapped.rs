//! Dates with the year in front whose day and month may have changed places.

use serde::{Deserialize, Serialize};

use crate::{FieldName, Place};

/// Dates of a column that have the year in front and fit either order of day and month, where the column
/// says that they are not what they look like. They are left unread.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct SwappedDates {
    /// What shows it.
    pub cause: SwapCause,
    /// The line of a date that shows it.
    pub shown: u64,
    /// How many are left unread.
    pub values: u64,
    /// The line of the first of these; 0 where there is none.
    pub line: u64,
}

/// Why day and month may have changed places.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SwapCause {
    /// Others have the day before the month: `1985-25-04`.
    DayBeforeMonth,
    /// All the others are text with a day that is no month, `25/04/1985`: a spreadsheet took those that it
    /// could for dates in the other order.
    HalfConverted,
    /// The same of so few that it may be chance: they are read.
    PerhapsHalfConverted,
}

impl SwappedDates {
    /// Whether they are left unread.
    #[must_use]
    pub fn is_certain(&self) -> bool {
        self.cause != SwapCause::PerhapsHalfConverted
    }

    /// What is wrong with them, and what to do about it; nothing where none is left unread.
    pub(super) fn remark(&self, field: &FieldName, place: Place) -> Option<String> {
        let SwappedDates { cause, shown, values, line } = self;
        let (which, are) = match values {
            0 => return None,
            1 => (format!("1 date ({place} {line})"), "is"),
            values => (format!("{values} dates (the first in {place} {line})"), "are"),
        };
        Some(match cause {
            SwapCause::DayBeforeMonth => format!(
                "some dates of {field} can only be year-day-month ({place} {shown}): {which} that could be \
                 either {are} left unread; check the suggested dates, or set dates = {{ {field} = \
                 \"year-first\" }} if they are year-month-day"
            ),
            SwapCause::HalfConverted => format!(
                "a spreadsheet may have swapped day and month of {field}: it left only days after the 12th as \
                 text ({place} {shown}), and turned the others into dates: {which} {are} left unread; check \
                 the suggested dates"
            ),
            SwapCause::PerhapsHalfConverted => format!(
                "check {which} of {field}: a spreadsheet may have swapped day and month, because it left only \
                 days after the 12th as text ({place} {shown})"
            ),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Reading;

    #[test]
    fn dates_whose_day_and_month_may_be_swapped_are_told() {
        let of = |cause, values| Reading {
            swapped_dates: [("born".into(), SwappedDates { cause, shown: 3, values, line: 2 })]
                .into(),
            ..Reading::default()
        };
        let told = |reading: &Reading| reading.remarks(Place::Line).join("; ");
        assert_eq!(
            told(&of(SwapCause::DayBeforeMonth, 2)),
            "some dates of born can only be year-day-month (line 3): 2 dates (the first in line 2) that could \
             be either are left unread; check the suggested dates, or set dates = { born = \"year-first\" } \
             if they are year-month-day"
        );
        assert_eq!(
            told(&of(SwapCause::HalfConverted, 1)),
            "a spreadsheet may have swapped day and month of born: it left only days after the 12th as text \
             (line 3), and turned the others into dates: 1 date (line 2) is left unread; check the suggested \
             dates"
        );
        assert_eq!(
            told(&of(SwapCause::PerhapsHalfConverted, 1)),
            "check 1 date (line 2) of born: a spreadsheet may have swapped day and month, because it left only \
             days after the 12th as text (line 3)"
        );
        assert_eq!(told(&of(SwapCause::HalfConverted, 0)), "");
        let json = serde_json::to_string(&of(SwapCause::DayBeforeMonth, 2)).unwrap();
        assert_eq!(
            serde_json::from_str::<Reading>(&json).unwrap(),
            of(SwapCause::DayBeforeMonth, 2)
        );
    }
}
