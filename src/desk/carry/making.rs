//! Records made by hand, who is like them, and the ids that there are.

use super::{Carry, Withholding};
use crate::answers::known;
use crate::core::Desk;
use crate::creating;
use crate::error::Decided;
use door::Streams;
use door::operations::{Alike, Create, KnownIds};
use door::views::{AlikeView, JobView, KnownId};

impl Carry for Create {
    fn carry(self, desk: &mut Desk, _: Streams) -> Decided<JobView> {
        desk.start_creating(self)
    }
}

impl Carry for Alike {
    fn carry(self, desk: &mut Desk, _: Streams) -> Decided<Vec<AlikeView>> {
        let by = (&desk.columns_file(), &*desk.masks());
        creating::alike(desk.facts(), by, &self.values, &self.customers)
    }

    fn withholding(&self) -> Option<Withholding<Self::Answer>> {
        Some(Box::new(|withheld, views| Ok(withheld.alike(views))))
    }
}

impl Carry for KnownIds {
    fn carry(self, desk: &mut Desk, _: Streams) -> Decided<Vec<KnownId>> {
        Ok(known::ids(desk.facts(), &desk.withheld()?, &self.begin, self.limit)?)
    }
}
