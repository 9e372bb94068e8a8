//! Days, and the ways sources write them.

use super::dice::Dice;

/// A day of the calendar; ordered by time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Day {
    pub year: u32,
    pub month: u32,
    pub day: u32,
}

impl Day {
    /// Any day from the first to the last year, both included.
    pub fn within(first: u32, last: u32, dice: &mut Dice) -> Day {
        let (year, month) = (dice.between(first, last), dice.between(1, 12));
        let days = match month {
            2 => 28,
            4 | 6 | 9 | 11 => 30,
            _ => 31,
        };
        Day { year, month, day: dice.between(1, days) }
    }

    /// Any day of the `count` half years that begin with that year.
    pub fn within_half_years(first: u32, count: u32, dice: &mut Dice) -> Day {
        let half = dice.below(count);
        let day = Day::within(first + half / 2, first + half / 2, dice);
        let month = (day.month - 1) % 6 + 1 + half % 2 * 6;
        Day { month, day: day.day.min(if month == 2 { 28 } else { 30 }), ..day }
    }

    /// `1984-03-12`
    pub fn iso(self) -> String {
        format!("{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }

    /// `03/12/1984`
    pub fn american(self) -> String {
        format!("{:02}/{:02}/{:04}", self.month, self.day, self.year)
    }

    /// `12.03.1984`
    pub fn european(self) -> String {
        format!("{:02}.{:02}.{:04}", self.day, self.month, self.year)
    }

    /// Day and month exchanged, where that is a day too and another one.
    pub fn swapped(self) -> Option<Day> {
        let Day { year, month, day } = self;
        (day <= 12 && day != month).then_some(Day { year, month: day, day: month })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_years_end_where_they_should() {
        let mut dice = Dice::new(4);
        let days: Vec<Day> =
            (0..2000).map(|_| Day::within_half_years(2023, 7, &mut dice)).collect();
        let first = days.iter().min().unwrap();
        let last = days.iter().max().unwrap();
        assert_eq!((first.year, first.month, last.year, last.month), (2023, 1, 2026, 6));
        assert!(days.iter().all(|day| day.iso().parse::<jiff::civil::Date>().is_ok()));
    }

    #[test]
    fn styles_and_swaps() {
        let day = Day { year: 1984, month: 3, day: 12 };
        assert_eq!(day.american(), "03/12/1984");
        assert_eq!(day.european(), "12.03.1984");
        assert_eq!(day.swapped().map(Day::iso).as_deref(), Some("1984-12-03"));
        assert_eq!(Day { day: 13, ..day }.swapped(), None);
        assert_eq!(Day { day: 3, ..day }.swapped(), None);
    }
}
