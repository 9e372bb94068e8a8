//! The queue.

use super::Carry;
use crate::answers::{listing, queue, task};
use crate::core::Desk;
use crate::error::Decided;
use domain::TaskId;
use door::Streams;
use door::operations::{
    ListTasks, Patterns, PrepareQueue, Queue, QueueRows, QueueSince, TaskReasons, TasksWhere,
};
use door::views::{PatternsView, Prepared, QueueNews, QueueRow, QueueView, TaskPage};

impl Carry for Queue {
    fn carry(self, desk: &mut Desk, _: Streams) -> Decided<QueueView> {
        queue::queue(desk, self.filter.as_deref(), self.order)
    }
}

impl Carry for QueueSince {
    fn carry(self, desk: &mut Desk, _: Streams) -> Decided<QueueNews> {
        queue::changes(desk, self.filter.as_deref(), self.order, self.since)
    }
}

impl Carry for QueueRows {
    fn carry(self, desk: &mut Desk, _: Streams) -> Decided<Vec<QueueRow>> {
        queue::rows(desk, &self.tasks)
    }
}

impl Carry for TaskReasons {
    fn carry(self, desk: &mut Desk, _: Streams) -> Decided<Vec<String>> {
        task::why(desk.facts(), self.task)
    }
}

impl Carry for PrepareQueue {
    fn carry(self, desk: &mut Desk, _: Streams) -> Decided<Prepared> {
        let (done, total) = queue::prepare(desk, self.filter.as_deref(), self.order)?;
        Ok(Prepared { done, total })
    }
}

impl Carry for Patterns {
    fn carry(self, desk: &mut Desk, _: Streams) -> Decided<PatternsView> {
        let (patterns, (done, total)) = queue::patterns(desk, self.filter.as_deref())?;
        Ok(PatternsView { patterns, prepared: Prepared { done, total } })
    }
}

impl Carry for ListTasks {
    fn carry(self, desk: &mut Desk, _: Streams) -> Decided<TaskPage> {
        listing::part(desk, self.listing, self.part)
    }
}

impl Carry for TasksWhere {
    fn carry(self, desk: &mut Desk, _: Streams) -> Decided<Vec<TaskId>> {
        listing::tasks_where(desk, self.filter)
    }
}
