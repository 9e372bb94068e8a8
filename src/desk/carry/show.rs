//! One thing, whole.

use super::{Carry, Masking, Withholding};
use crate::answers::{
    card, consent, customer, decision, explanation, formation, history, measures, record, task,
    timeline,
};
use crate::core::Desk;
use crate::error::Decided;
use crate::masking::Masks;
use crate::second::Withheld;
use crate::unmasking::Seen;
use domain::{CustomerId, Subject};
use door::Streams;
use door::operations::{
    Card, Compare, Consent, Explain, ExplainGroup, FindRecord, Follow, History, Holds, KeepInClear,
    Requests, ShowCustomer, ShowDecision, ShowRecord, ShowTask, Timeline,
};
use door::views::{
    CardView, ConsentView, CustomerView, DecisionView, ExplanationView, FormationView, FoundRecord,
    HistoryEntry, HoldView, RecordView, RequestView, TaskView, TimelineView,
};

impl Carry for ShowTask {
    fn carry(self, desk: &mut Desk, _: Streams) -> Decided<TaskView> {
        desk.have_activities()?;
        let mut view = task::task(desk.facts(), self.task)?;
        if let Some(asked) = view.task.as_ref().filter(|task| task.state.is_pending())
            && let Some(why) = desk.asks_somebody_else(asked)?
        {
            // What whoever is asked is told how to answer is nothing to others.
            view.reasons.truncate(1);
            view.reasons.push(why);
        }
        view.not_yours_to_answer =
            view.task.as_ref().and_then(|task| desk.not_theirs_to_answer(task));
        Ok(view)
    }

    fn withholding(&self) -> Option<Withholding<Self::Answer>> {
        Some(Box::new(Withheld::task))
    }

    fn masking(&self) -> Option<Masking<TaskView>> {
        Some(Masking {
            unmask: self.unmask,
            mask: Masks::task,
            seen: Box::new(|view| Some(Seen::of_task(view))),
        })
    }
}

impl Carry for Compare {
    fn carry(self, desk: &mut Desk, _: Streams) -> Decided<TaskView> {
        desk.have_activities()?;
        task::comparison(desk.facts(), &self.customers)
    }

    fn withholding(&self) -> Option<Withholding<Self::Answer>> {
        Some(Box::new(Withheld::task))
    }

    fn masking(&self) -> Option<Masking<TaskView>> {
        Some(Masking {
            unmask: self.unmask,
            mask: Masks::task,
            seen: Box::new(|view| Some(Seen::of_task(view))),
        })
    }
}

impl Carry for KeepInClear {
    fn carry(self, desk: &mut Desk, _: Streams) -> Decided<()> {
        desk.keep_in_clear(self.fields);
        Ok(())
    }
}

impl Carry for ShowRecord {
    fn carry(self, desk: &mut Desk, _: Streams) -> Decided<RecordView> {
        record::record(desk.facts(), &self.record, self.at)
    }

    fn withholding(&self) -> Option<Withholding<Self::Answer>> {
        let at = self.at;
        Some(Box::new(move |withheld, view| withheld.record(view, at)))
    }

    fn masking(&self) -> Option<Masking<RecordView>> {
        Some(Masking {
            unmask: self.unmask,
            mask: Masks::record,
            seen: Box::new(|view| Some(Seen::of([Subject::Customer(view.customer)]))),
        })
    }
}

impl Carry for ShowCustomer {
    fn carry(self, desk: &mut Desk, _: Streams) -> Decided<CustomerView> {
        let mut view = customer::customer(desk.facts(), self.customer, self.at)?;
        let settings = desk.settings();
        if self.at.is_none() && !(settings.measures.is_empty() && settings.segments.is_empty()) {
            let told = measures::measures(desk, view.customer)?;
            (view.measures, view.segments) = (told.measures, told.segments);
        }
        Ok(view)
    }

    fn withholding(&self) -> Option<Withholding<Self::Answer>> {
        let asked = self.customer;
        Some(Box::new(move |withheld, view| withheld.customer(view, asked)))
    }

    fn masking(&self) -> Option<Masking<CustomerView>> {
        Some(Masking {
            unmask: self.unmask,
            mask: Masks::customer,
            seen: Box::new(|view| Some(Seen::of([Subject::Customer(view.customer)]))),
        })
    }
}

impl Carry for Card {
    fn carry(self, desk: &mut Desk, _: Streams) -> Decided<CardView> {
        card::card(desk, self.customer)
    }

    fn withholding(&self) -> Option<Withholding<Self::Answer>> {
        let asked = self.customer;
        Some(Box::new(move |withheld, view| {
            let CardView { at, customer, timeline, measures, tasks } = view;
            let customer = withheld.customer(customer, asked)?;
            let timeline = withheld.timeline(timeline, asked)?;
            let measures = withheld.measures(measures, asked)?;
            Ok(CardView { at, customer, timeline, measures, tasks })
        }))
    }

    fn masking(&self) -> Option<Masking<CardView>> {
        Some(Masking {
            unmask: self.unmask,
            mask: Masks::card,
            seen: Box::new(|view| Some(Seen::of([Subject::Customer(view.customer.customer)]))),
        })
    }
}

impl Carry for Timeline {
    fn carry(self, desk: &mut Desk, _: Streams) -> Decided<TimelineView> {
        let log = desk.activity_log()?;
        desk.activity_handles(&log)?;
        timeline::timeline(desk.facts(), &self)
    }

    fn withholding(&self) -> Option<Withholding<Self::Answer>> {
        let asked = self.customer;
        Some(Box::new(move |withheld, view| withheld.timeline(view, asked)))
    }

    fn masking(&self) -> Option<Masking<TimelineView>> {
        Some(Masking {
            unmask: self.unmask,
            mask: Masks::timeline,
            seen: Box::new(|view| Some(Seen::of([Subject::Customer(view.customer)]))),
        })
    }
}

impl Carry for Consent {
    fn carry(self, desk: &mut Desk, _: Streams) -> Decided<ConsentView> {
        consent::consent(desk.facts(), self.customer)
    }

    fn withholding(&self) -> Option<Withholding<Self::Answer>> {
        let asked = self.customer;
        Some(Box::new(move |withheld, view| withheld.consent(view, asked)))
    }

    fn masking(&self) -> Option<Masking<ConsentView>> {
        Some(Masking {
            unmask: self.unmask,
            mask: Masks::consent,
            seen: Box::new(|view| view.customer.map(|id| Seen::of([Subject::Customer(id)]))),
        })
    }
}

impl Carry for Holds {
    fn carry(self, desk: &mut Desk, _: Streams) -> Decided<Vec<HoldView>> {
        Ok(desk.facts().holds()?)
    }

    fn withholding(&self) -> Option<Withholding<Self::Answer>> {
        Some(Box::new(|withheld, views| Ok(withheld.holds(views))))
    }
}

impl Carry for Requests {
    fn carry(self, desk: &mut Desk, _: Streams) -> Decided<Vec<RequestView>> {
        desk.facts().requests(&self)
    }

    fn withholding(&self) -> Option<Withholding<Self::Answer>> {
        Some(Box::new(|withheld, views| Ok(withheld.requests(views))))
    }
}

impl Carry for ShowDecision {
    fn carry(self, desk: &mut Desk, _: Streams) -> Decided<DecisionView> {
        decision::decision(desk.facts(), self.decision)
    }

    fn withholding(&self) -> Option<Withholding<Self::Answer>> {
        let id = self.decision;
        Some(Box::new(move |withheld, view| withheld.decision(view, id)))
    }

    fn masking(&self) -> Option<Masking<DecisionView>> {
        Some(Masking {
            unmask: self.unmask,
            mask: Masks::decision,
            seen: Box::new(|view| Some(Seen::of_decision(view))),
        })
    }
}

impl Carry for History {
    fn carry(self, desk: &mut Desk, _: Streams) -> Decided<Vec<HistoryEntry>> {
        let withheld = desk.withheld()?;
        match (&self.of, withheld.history_ends(self.of.as_ref())?) {
            (Some(Subject::Customer(id)), Some((end, records))) => {
                history::up_to(desk.facts(), *id, records, end)
            }
            _ => history::history(desk.facts(), self.of.as_ref()),
        }
    }

    fn withholding(&self) -> Option<Withholding<Self::Answer>> {
        Some(Box::new(Withheld::history))
    }

    fn masking(&self) -> Option<Masking<Vec<HistoryEntry>>> {
        let of = self.of.clone();
        Some(Masking {
            unmask: self.unmask,
            mask: Masks::history,
            // Nobody is told that somebody saw what is shown to all.
            seen: Box::new(move |entries| {
                let mut changes = entries.iter().flat_map(|entry| &entry.changes);
                changes.any(|change| change.sensitive).then(|| Seen::of(of))
            }),
        })
    }
}

impl Carry for Explain {
    fn carry(self, desk: &mut Desk, _: Streams) -> Decided<ExplanationView> {
        explanation::explanation(desk.facts(), &self.left, &self.right)
    }

    fn withholding(&self) -> Option<Withholding<Self::Answer>> {
        Some(Box::new(Withheld::pair))
    }

    fn masking(&self) -> Option<Masking<ExplanationView>> {
        Some(Masking {
            unmask: self.unmask,
            mask: Masks::pair,
            seen: Box::new(|view| {
                Some(Seen::of([view.left.clone(), view.right.clone()].map(Subject::Record)))
            }),
        })
    }
}

impl Carry for ExplainGroup {
    fn carry(self, desk: &mut Desk, _: Streams) -> Decided<FormationView> {
        formation::formation(desk.facts(), &self.of)
    }

    fn withholding(&self) -> Option<Withholding<Self::Answer>> {
        let of = self.of.clone();
        Some(Box::new(move |withheld, view| withheld.formation(view, &of)))
    }
}

impl Carry for Follow {
    fn carry(self, desk: &mut Desk, _: Streams) -> Decided<Option<CustomerId>> {
        Ok(desk.facts().view.follow(self.customer)?)
    }

    fn withholding(&self) -> Option<Withholding<Self::Answer>> {
        let asked = self.customer;
        Some(Box::new(move |withheld, live| Ok(withheld.follow(asked, live))))
    }
}

impl Carry for FindRecord {
    fn carry(self, desk: &mut Desk, _: Streams) -> Decided<FoundRecord> {
        let facts = desk.facts();
        let (record, address) = facts.named(&self.record)?;
        Ok(FoundRecord { record, address, customer: facts.view.customer_of(record)? })
    }

    fn withholding(&self) -> Option<Withholding<Self::Answer>> {
        let record = self.record.clone();
        Some(Box::new(move |withheld, found| withheld.found_record(found, &record)))
    }
}
