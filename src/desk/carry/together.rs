//! Several people at one desk.

use super::Carry;
use crate::answers::queue;
use crate::core::Desk;
use crate::error::Decided;
use door::operations::{Changes, Claim, GiveUp, KeepPlace, Leave, LookAt, Release, TakeUp};
use door::views::{Changed, OthersView, Place, QueueRow};
use door::{Session, Streams};

impl Carry for Changes {
    fn carry(self, desk: &mut Desk, _: Streams) -> Decided<Changed> {
        Ok(desk.changed())
    }

    fn has_news(&self, desk: &Desk, who: &Session) -> bool {
        desk.has_changed(who.id, self.since)
    }
}

impl Carry for LookAt {
    fn carry(self, desk: &mut Desk, _: Streams) -> Decided<OthersView> {
        desk.look_at(self.task, self.seen)
    }
}

impl Carry for KeepPlace {
    fn carry(self, desk: &mut Desk, _: Streams) -> Decided<()> {
        desk.keep_place(self.place, self.erased);
        Ok(())
    }
}

impl Carry for TakeUp {
    fn carry(self, desk: &mut Desk, _: Streams) -> Decided<Option<Place>> {
        Ok(desk.take_up())
    }
}

impl Carry for Claim {
    fn carry(self, desk: &mut Desk, _: Streams) -> Decided<Option<QueueRow>> {
        desk.claim(self.task)?;
        Ok(queue::rows(desk, &[self.task])?.pop())
    }
}

impl Carry for Release {
    fn carry(self, desk: &mut Desk, _: Streams) -> Decided<Option<QueueRow>> {
        desk.release(self.task);
        Ok(queue::rows(desk, self.task.as_slice())?.pop())
    }
}

impl Carry for GiveUp {
    fn carry(self, desk: &mut Desk, _: Streams) -> Decided<Option<QueueRow>> {
        desk.give_up(self.task)?;
        Ok(queue::rows(desk, &[self.task])?.pop())
    }
}

impl Carry for Leave {
    fn carry(self, desk: &mut Desk, _: Streams) -> Decided<()> {
        desk.leave();
        Ok(())
    }
}
