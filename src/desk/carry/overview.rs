//! The workspace as a whole.

use super::{Carry, Masking, Withholding};
use crate::answers::{dashboard, imports, journeys, measures, queue, recall, rules};
use crate::core::Desk;
use crate::error::Decided;
use crate::masking::Masks;
use crate::unmasking::Seen;
use door::Streams;
use door::operations::{
    About, AtStep, Dashboard, Failing, Imports, Journeys, Measures, Quarantine, Rules, Segments,
    ShowImport, ShowSegment,
};
use door::views::{
    AboutView, AtStepView, DashboardView, FailingView, ImportView, ImportsView, JourneysView,
    MeasuresView, QuarantineView, RuleView, SegmentDetail, SegmentsView,
};

impl Carry for About {
    fn carry(self, desk: &mut Desk, _: Streams) -> Decided<AboutView> {
        let facts = desk.facts();
        let mut owners: Vec<String> =
            desk.settings().sources.iter().filter_map(|source| source.owner.clone()).collect();
        owners.sort();
        owners.dedup();
        Ok(AboutView {
            owners,
            head: facts.ledger.head().map(|head| head.sequence).unwrap_or_default(),
            records: facts.view.counters()?.present_records().into(),
            sources: facts.settings.sources.iter().map(|source| source.name.clone()).collect(),
            fields: facts.settings.fields.iter().map(|field| field.name.clone()).collect(),
            auto: facts.settings.matching.auto,
            review: facts.settings.matching.review,
            order: facts.settings.queue.order,
            actor: desk.actor().to_owned(),
            role: govern::bound_role(desk.settings(), &desk.acting),
            is_reading_only: desk.is_reading_only(),
            now: facts.now,
        })
    }
}

impl Carry for Dashboard {
    fn carry(self, desk: &mut Desk, _: Streams) -> Decided<DashboardView> {
        let recall = recall::recall(desk)?;
        let edit = desk.edit_view();
        let approvals = queue::approvals(desk)?;
        let rest = dashboard::dashboard(desk.facts(), desk.actor())?;
        Ok(DashboardView { recall, edit, approvals, ..rest })
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

impl Carry for Journeys {
    fn carry(self, desk: &mut Desk, _: Streams) -> Decided<JourneysView> {
        desk.have_activities()?;
        journeys::journeys(desk, &self)
    }
}

impl Carry for AtStep {
    fn carry(self, desk: &mut Desk, _: Streams) -> Decided<AtStepView> {
        desk.have_activities()?;
        journeys::at_step(desk, &self)
    }
}

impl Carry for Measures {
    fn carry(self, desk: &mut Desk, _: Streams) -> Decided<MeasuresView> {
        measures::measures(desk, self.customer)
    }

    fn withholding(&self) -> Option<Withholding<MeasuresView>> {
        let asked = self.customer;
        Some(Box::new(move |withheld, view| withheld.measures(view, asked)))
    }
}

impl Carry for Segments {
    fn carry(self, desk: &mut Desk, _: Streams) -> Decided<SegmentsView> {
        measures::segments(desk)
    }
}

impl Carry for ShowSegment {
    fn carry(self, desk: &mut Desk, _: Streams) -> Decided<SegmentDetail> {
        measures::segment(desk, &self)
    }
}

impl Carry for Imports {
    fn carry(self, desk: &mut Desk, _: Streams) -> Decided<ImportsView> {
        Ok(imports::imports(desk.facts(), desk.job_view(None))?)
    }
}

impl Carry for ShowImport {
    fn carry(self, desk: &mut Desk, _: Streams) -> Decided<ImportView> {
        imports::import(desk.facts(), self.import)
    }
}

impl Carry for Quarantine {
    fn carry(self, desk: &mut Desk, _: Streams) -> Decided<QuarantineView> {
        imports::quarantine(desk.facts(), self.import, self.limit)
    }

    fn masking(&self) -> Option<Masking<QuarantineView>> {
        let import = self.import;
        Some(Masking {
            unmask: self.unmask,
            mask: Masks::rows,
            seen: Box::new(move |_| Some(Seen::Rows(import))),
        })
    }
}
