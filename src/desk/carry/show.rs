//! One thing, whole.

use super::Carry;
use crate::answers::{customer, decision, explanation, formation, history, record, task};
use crate::core::Desk;
use crate::error::Decided;
use door::Streams;
use door::operations::{
    Compare, Explain, ExplainGroup, History, ShowCustomer, ShowDecision, ShowRecord, ShowTask,
    Unmask, UnmaskRows,
};
use door::views::{
    CustomerView, DecisionView, ExplanationView, FormationView, HistoryEntry, RecordView, TaskView,
};

impl Carry for ShowTask {
    fn carry(self, desk: &mut Desk, _: Streams) -> Decided<TaskView> {
        task::task(desk.facts(), self.task)
    }
}

impl Carry for Compare {
    fn carry(self, desk: &mut Desk, _: Streams) -> Decided<TaskView> {
        task::comparison(desk.facts(), &self.customers)
    }
}

impl Carry for ShowRecord {
    fn carry(self, desk: &mut Desk, _: Streams) -> Decided<RecordView> {
        record::record(desk.facts(), &self.record, self.at)
    }
}

impl Carry for ShowCustomer {
    fn carry(self, desk: &mut Desk, _: Streams) -> Decided<CustomerView> {
        customer::customer(desk.facts(), self.customer, self.at)
    }
}

impl Carry for ShowDecision {
    fn carry(self, desk: &mut Desk, _: Streams) -> Decided<DecisionView> {
        decision::decision(desk.facts(), self.decision)
    }
}

impl Carry for History {
    fn carry(self, desk: &mut Desk, _: Streams) -> Decided<Vec<HistoryEntry>> {
        history::history(desk.facts(), self.of.as_ref())
    }
}

impl Carry for Explain {
    fn carry(self, desk: &mut Desk, _: Streams) -> Decided<ExplanationView> {
        explanation::explanation(desk.facts(), &self.left, &self.right)
    }
}

impl Carry for ExplainGroup {
    fn carry(self, desk: &mut Desk, _: Streams) -> Decided<FormationView> {
        formation::formation(desk.facts(), &self.of)
    }
}

impl Carry for Unmask {
    fn carry(self, desk: &mut Desk, _: Streams) -> Decided<()> {
        Ok(desk.record_unmasking(&self.subjects)?)
    }
}

impl Carry for UnmaskRows {
    fn carry(self, desk: &mut Desk, _: Streams) -> Decided<()> {
        Ok(desk.record_unmasked_rows(self.import)?)
    }
}
