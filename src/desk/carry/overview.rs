//! The workspace as a whole.

use super::Carry;
use crate::answers::{dashboard, imports, rules};
use crate::core::Desk;
use crate::error::Decided;
use door::Streams;
use door::operations::{Dashboard, Failing, Imports, Quarantine, Rules};
use door::views::{DashboardView, FailingView, ImportsView, QuarantineView, RuleView};

impl Carry for Dashboard {
    fn carry(self, desk: &mut Desk, _: Streams) -> Decided<DashboardView> {
        Ok(dashboard::dashboard(desk.facts())?)
    }
}

impl Carry for Rules {
    fn carry(self, desk: &mut Desk, _: Streams) -> Decided<Vec<RuleView>> {
        Ok(rules::rules(desk.facts())?)
    }
}

impl Carry for Failing {
    fn carry(self, desk: &mut Desk, _: Streams) -> Decided<FailingView> {
        rules::failing(desk.facts(), &self.rule, self.limit)
    }
}

impl Carry for Imports {
    fn carry(self, desk: &mut Desk, _: Streams) -> Decided<ImportsView> {
        Ok(imports::imports(desk.facts(), desk.job_view(None))?)
    }
}

impl Carry for Quarantine {
    fn carry(self, desk: &mut Desk, _: Streams) -> Decided<QuarantineView> {
        imports::quarantine(desk.facts(), self.import, self.limit)
    }
}
