//! How many values of a column can be read in which ways.

use domain::{Against, DateOrder, NumberStyle};

/// A way of writing that a column has or has not.
pub(super) trait Convention: Copy + Eq + 'static {
    /// Those of which a value can prove one by ruling out the others.
    const RIVALS: &'static [Self];

    /// The bit that stands for it: those that read every text alike share one.
    fn bit(self) -> u8;

    /// Whether a text that both can read is read as another value by the other.
    fn contradicts(self, other: Self) -> bool;
}

impl Convention for DateOrder {
    const RIVALS: &'static [Self] = &DateOrder::ALL;

    fn bit(self) -> u8 {
        match self {
            DateOrder::DayFirst => 1,
            DateOrder::MonthFirst => 2,
            DateOrder::YearFirst => 4,
        }
    }

    fn contradicts(self, other: Self) -> bool {
        self != other
    }
}

impl Convention for NumberStyle {
    // Whatever fits a style in which one of point and comma is an error fits one of these, too.
    const RIVALS: &'static [Self] = &[NumberStyle::CommaPoint, NumberStyle::PointComma];

    fn bit(self) -> u8 {
        match self {
            NumberStyle::CommaPoint => 1,
            NumberStyle::PointComma => 2,
            NumberStyle::SpaceComma | NumberStyle::Comma => 4,
            NumberStyle::SpacePoint | NumberStyle::ApostrophePoint | NumberStyle::Point => 8,
        }
    }

    fn contradicts(self, other: Self) -> bool {
        self.decimal() != other.decimal()
    }
}

/// The values of one column, counted by the set of conventions that each fits.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Tally {
    /// By the bits of the set.
    sets: [Seen; 16],
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Seen {
    values: u64,
    /// The line of the first.
    line: u64,
}

impl Tally {
    /// Counts a value that fits those; one that fits none cannot be read, and says nothing.
    pub(super) fn note<C: Convention>(&mut self, fits: impl Iterator<Item = C>, line: u64) {
        let set = fits.fold(0, |set, convention| set | convention.bit());
        let seen = &mut self.sets[usize::from(set & 15)];
        if set != 0 {
            if seen.values == 0 {
                seen.line = line;
            }
            seen.values += 1;
        }
    }

    /// How many values a convention would make a difference to.
    pub(super) fn values(&self) -> u64 {
        self.sets.iter().map(|seen| seen.values).sum()
    }

    /// The line of the first of them.
    pub(super) fn first_line(&self) -> u64 {
        self.which(|_| true).map_or(0, |against| against.line)
    }

    /// The values that do not fit.
    pub(super) fn against<C: Convention>(&self, convention: C) -> Option<Against> {
        self.which(|set| set & convention.bit() == 0)
    }

    /// The values that fit the one and not the other.
    pub(super) fn rather<C: Convention>(&self, one: C, other: C) -> Option<Against> {
        self.which(|set| set & one.bit() != 0 && set & other.bit() == 0)
    }

    fn which(&self, is_meant: impl Fn(u8) -> bool) -> Option<Against> {
        let sets = (0_u8..).zip(&self.sets).filter(|(set, seen)| seen.values > 0 && is_meant(*set));
        sets.fold(None, |all: Option<Against>, (_, seen)| {
            Some(match all {
                None => Against { values: seen.values, line: seen.line },
                Some(all) => {
                    Against { values: all.values + seen.values, line: all.line.min(seen.line) }
                }
            })
        })
    }
}
