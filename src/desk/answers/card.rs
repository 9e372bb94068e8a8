//! A customer on one page.

use super::{customer, measures, timeline};
use crate::core::Desk;
use crate::error::Decided;
use domain::CustomerId;
use door::operations::Timeline;
use door::views::{CardTask, CardView, CustomerView, TimelineView};

/// Activities on the page.
const LAST: usize = 5;

pub(crate) fn card(desk: &Desk, asked: CustomerId) -> Decided<CardView> {
    desk.have_activities()?;
    let facts = desk.facts();
    let whole = customer::customer(facts, asked, None)?;
    let id = whole.customer;
    let page =
        Timeline { customer: id, kinds: Vec::new(), before: None, limit: LAST, unmask: false };
    let timeline = timeline::timeline(facts, &page)?;
    let tasks = facts.view.tasks_of(id)?.into_iter().map(|entry| entry.task);
    let tasks = tasks.map(|task| CardTask { task: task.id, kind: task.kind }).collect();
    Ok(CardView {
        at: facts.now,
        timeline: TimelineView { history: Vec::new(), ..timeline },
        measures: measures::measures(desk, id)?,
        tasks,
        customer: CustomerView { history: Vec::new(), revisions: Vec::new(), ..whole },
    })
}
