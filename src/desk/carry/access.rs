//! Who may do what.

use super::Carry;
use crate::adoption::Edit;
use crate::answers::access;
use crate::core::Desk;
use crate::error::Decided;
use door::Streams;
use door::operations::{Access, Admitted};
use door::views::AccessView;

impl Carry for Admitted {
    fn carry(self, desk: &mut Desk, _: Streams) -> Decided<()> {
        desk.must_have(&self.verb)
    }
}

impl Carry for Access {
    fn carry(self, desk: &mut Desk, _: Streams) -> Decided<AccessView> {
        let mut acknowledged = desk.all_acknowledged()?;
        let edited = match desk.edit() {
            Edit::Waits(edited, _) => Some(edited),
            _ => None,
        };
        let file = edited.as_ref().map_or(&desk.settings.people, |edited| &edited.people);
        let mut view = access::access(desk.facts(), file)?;
        for person in &mut view.people {
            person.acknowledged = acknowledged.remove(&person.person);
        }
        Ok(view)
    }
}
