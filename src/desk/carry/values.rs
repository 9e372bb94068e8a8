//! The values of a field, and what code lists hold.

use super::{Carry, Masking, Withholding};
use crate::core::Desk;
use crate::error::Decided;
use crate::masking::Masks;
use crate::unmasking::Seen;
use door::Streams;
use door::operations::{CodeLists, CorrectSome, CountCodes, CountValues, Holders, Values};
use door::views::{CodeListsView, CorrectedSome, HoldersView, JobView, ValuesView};

impl Carry for CountValues {
    fn carry(self, desk: &mut Desk, _: Streams) -> Decided<JobView> {
        desk.start_count(self)
    }
}

impl Carry for Values {
    fn carry(self, desk: &mut Desk, _: Streams) -> Decided<ValuesView> {
        desk.values_view(self.limit, self.unmask)
    }

    fn masking(&self) -> Option<Masking<ValuesView>> {
        Some(Masking {
            unmask: self.unmask,
            mask: Masks::values,
            seen: Box::new(|view| Some(Seen::of_values(view))),
        })
    }
}

impl Carry for Holders {
    fn carry(self, desk: &mut Desk, _: Streams) -> Decided<HoldersView> {
        desk.holders_of(&self)
    }
}

impl Carry for CorrectSome {
    fn carry(self, desk: &mut Desk, _: Streams) -> Decided<CorrectedSome> {
        desk.correct_some(&self)
    }

    fn withholding(&self) -> Option<Withholding<Self::Answer>> {
        Some(Box::new(|withheld, done| Ok(withheld.corrected(done))))
    }

    fn masking(&self) -> Option<Masking<CorrectedSome>> {
        let seen = Box::new(|_: &CorrectedSome| None);
        Some(Masking { unmask: false, mask: Masks::corrected, seen })
    }
}

impl Carry for CountCodes {
    fn carry(self, desk: &mut Desk, _: Streams) -> Decided<JobView> {
        desk.start_count_of_codes()
    }
}

impl Carry for CodeLists {
    fn carry(self, desk: &mut Desk, _: Streams) -> Decided<CodeListsView> {
        desk.code_lists_view(self.limit)
    }

    fn masking(&self) -> Option<Masking<CodeListsView>> {
        let seen = Box::new(|_: &CodeListsView| None);
        Some(Masking { unmask: false, mask: Masks::code_lists, seen })
    }
}
