//! What waits for somebody else's approval.

use std::collections::BTreeSet;

use super::{Carry, Masking};
use crate::core::Desk;
use crate::error::Decided;
use crate::masking::Masks;
use crate::unmasking::Seen;
use domain::{CustomerId, Subject};
use door::Streams;
use door::operations::{Approvals, ShowApproval};
use door::views::{ApprovalRow, ApprovalView};

impl Carry for Approvals {
    fn carry(self, desk: &mut Desk, _: Streams) -> Decided<Vec<ApprovalRow>> {
        desk.approvals(self.mine)
    }
}

impl Carry for ShowApproval {
    fn carry(self, desk: &mut Desk, _: Streams) -> Decided<ApprovalView> {
        desk.approval(self.task, self.unmask)
    }

    fn masking(&self) -> Option<Masking<ApprovalView>> {
        let task = self.task;
        Some(Masking {
            unmask: self.unmask,
            mask: Masks::approval,
            seen: Box::new(move |view| {
                let preview = view.preview.as_ref()?;
                let customers = view.values.iter().map(|it| it.customer).chain(preview.customer);
                let customers: BTreeSet<CustomerId> =
                    customers.filter(|id| view.row.customers.contains(id)).collect();
                let customers = customers.into_iter().map(Subject::Customer);
                Some(Seen::of(std::iter::once(Subject::Task(task)).chain(customers)))
            }),
        })
    }
}
