//! The queue.

use super::{Carry, Withholding};
use crate::answers::{listing, queue, task};
use crate::core::Desk;
use crate::error::Decided;
use domain::TaskId;
use door::operations::{
    CountWhere, Find, ListTasks, Patterns, PrepareQueue, Queue, QueueRows, QueueSince, TaskReasons,
    TasksWhere,
};
use door::views::{
    FinderReport, PatternsView, QueueNews, QueueRow, QueueView, ReadSoFar, TaskPage,
};
use door::{Session, Streams};

impl Carry for Queue {
    fn carry(self, desk: &mut Desk, _: Streams) -> Decided<QueueView> {
        queue::queue(desk, self.filter.as_deref(), self.order)
    }
}

impl Carry for QueueSince {
    fn carry(self, desk: &mut Desk, _: Streams) -> Decided<QueueNews> {
        desk.settle_claims();
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
        let mut lines = task::why(desk, self.task)?;
        lines.extend(queue::place(desk, self.task, self.order)?);
        Ok(lines)
    }

    fn withholding(&self) -> Option<Withholding<Self::Answer>> {
        let task = self.task;
        Some(Box::new(move |withheld, lines| withheld.reasons(lines, task)))
    }
}

impl Carry for PrepareQueue {
    fn carry(self, desk: &mut Desk, _: Streams) -> Decided<ReadSoFar> {
        let (done, total) = queue::prepare(desk, self.filter.as_deref(), self.order)?;
        Ok(ReadSoFar { done, total })
    }
}

impl Carry for Patterns {
    fn carry(self, desk: &mut Desk, _: Streams) -> Decided<PatternsView> {
        let (patterns, (done, total)) = queue::patterns(desk, self.filter.as_deref())?;
        Ok(PatternsView { patterns, prepared: ReadSoFar { done, total } })
    }
}

impl Carry for CountWhere {
    fn carry(self, desk: &mut Desk, _: Streams) -> Decided<Vec<Option<usize>>> {
        queue::count_where(desk, &self.filters)
    }
}

impl Carry for ListTasks {
    fn carry(self, desk: &mut Desk, _: Streams) -> Decided<TaskPage> {
        listing::part(desk, self.listing, self.part)
    }

    fn withholding(&self) -> Option<Withholding<Self::Answer>> {
        Some(Box::new(|withheld, page| Ok(withheld.tasks(page))))
    }
}

impl Carry for TasksWhere {
    fn carry(self, desk: &mut Desk, _: Streams) -> Decided<Vec<TaskId>> {
        listing::tasks_where(desk, self.filter)
    }
}

impl Carry for Find {
    fn carry(self, desk: &mut Desk, _: Streams) -> Decided<FinderReport> {
        desk.found(self.number, &self.search)
    }

    fn withholding(&self) -> Option<Withholding<Self::Answer>> {
        Some(Box::new(|withheld, report| Ok(withheld.hits(report))))
    }

    fn begin(&self, desk: &mut Desk, who: &Session) {
        // Why it cannot be searched is said when the operation is carried out.
        let _ = desk.begin_search(who.id, self.number, &self.search);
    }

    fn has_news(&self, desk: &Desk, who: &Session) -> bool {
        desk.has_found(who.id, self.number, self.seen)
    }
}
