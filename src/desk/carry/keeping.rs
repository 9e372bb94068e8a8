//! Keeping the workspace: its keys, what is held on one person, and a person's erasure.

use std::io::Write;

use super::{Carry, Withholding};
use crate::core::Desk;
use crate::error::{Decided, DeskError};
use crate::export::{SubjectFormat, SubjectReport};
use crate::jobs::SubjectOutput;
use domain::CustomerId;
use door::Streams;
use door::operations::{
    ChangeKeys, Erase, FindPerson, ForeseeErasure, ForeseeHandOver, ForeseeKeys, ForeseeRekey,
    ForeseeRetention, HandOver, Keys, NoteAccess, Rekey, Retain, SubjectFile,
};
use door::views::{
    Erased, ErasureReach, JobView, KeysView, RekeyOutcome, RetentionView, SubjectView,
};

impl Carry for Keys {
    fn carry(self, desk: &mut Desk, _: Streams) -> Decided<KeysView> {
        Ok(desk.keys())
    }
}

impl Carry for ForeseeKeys {
    fn carry(self, desk: &mut Desk, _: Streams) -> Decided<KeysView> {
        desk.foresee_keys(self.change)?;
        Ok(desk.keys())
    }
}

impl Carry for ChangeKeys {
    fn carry(self, desk: &mut Desk, _: Streams) -> Decided<KeysView> {
        desk.change_keys(self.change)?;
        Ok(desk.keys())
    }
}

impl Carry for ForeseeRekey {
    fn carry(self, desk: &mut Desk, _: Streams) -> Decided<RekeyOutcome> {
        Ok(desk.foresee_rekey()?)
    }
}

impl Carry for Rekey {
    fn carry(self, desk: &mut Desk, _: Streams) -> Decided<JobView> {
        desk.start_rekey()
    }
}

impl Carry for NoteAccess {
    fn carry(self, desk: &mut Desk, _: Streams) -> Decided<()> {
        desk.note_access(self.noted)
    }
}

impl Carry for FindPerson {
    fn carry(self, desk: &mut Desk, _: Streams) -> Decided<CustomerId> {
        let facts = desk.facts();
        let (record, _) = facts.named(&self.record)?;
        Ok(facts.view.customer_of(record)?)
    }
}

impl Carry for ForeseeHandOver {
    fn carry(self, desk: &mut Desk, _: Streams) -> Decided<SubjectView> {
        Ok(counted(&desk.subject(self.customer)?))
    }
}

impl Carry for HandOver {
    fn carry(self, desk: &mut Desk, mut streams: Streams) -> Decided<SubjectView> {
        if self.reports.is_empty() || self.reports.len() != streams.outputs.len() {
            let message = "each report needs an output, and there must be at least one";
            return Err(DeskError::Usage(message.to_owned()).into());
        }
        let outputs = self.reports.into_iter().zip(&mut streams.outputs);
        let outputs = outputs.map(|(report, out)| output(report, out));
        let mut outputs = outputs.collect::<Result<Vec<_>, _>>()?;
        Ok(counted(&desk.hand_over_subject(self.customer, self.request, &mut outputs)?))
    }
}

impl Carry for ForeseeErasure {
    fn carry(self, desk: &mut Desk, _: Streams) -> Decided<ErasureReach> {
        desk.foresee_erasure(&self.request)
    }

    fn withholding(&self) -> Option<Withholding<Self::Answer>> {
        let asked = self.request.customer;
        Some(Box::new(move |withheld, reach| withheld.erasure(reach, asked)))
    }
}

impl Carry for ForeseeRetention {
    fn carry(self, desk: &mut Desk, _: Streams) -> Decided<RetentionView> {
        desk.must_see_what_retention_reads()?;
        desk.foresee_retention(self.warn)
    }
}

impl Carry for Retain {
    fn carry(self, desk: &mut Desk, _: Streams) -> Decided<RetentionView> {
        desk.must_see_what_retention_reads()?;
        desk.retain(&self)
    }
}

impl Carry for Erase {
    fn carry(self, desk: &mut Desk, _: Streams) -> Decided<Erased> {
        desk.erase(&self.request, &mut |_, _| {})
    }
}

fn output(
    SubjectFile { format, destination }: SubjectFile,
    out: &mut dyn Write,
) -> Result<SubjectOutput<'_>, DeskError> {
    let unknown = || DeskError::Usage(format!("unknown format `{format}`: expected json or html"));
    let format = SubjectFormat::from_name(&format).ok_or_else(unknown)?;
    Ok(SubjectOutput { format, destination, out })
}

fn counted(report: &SubjectReport) -> SubjectView {
    SubjectView {
        customer: report.customer,
        records: report.records.len(),
        revisions: report.records.iter().map(|record| record.revisions.len()).sum(),
        decisions: report.decisions.len(),
        tasks: report.tasks.len(),
        quarantined: report.quarantine.len(),
        exports: report.exports.len(),
        withheld: report.withheld,
        up_to: report.up_to,
        hash: report.hash.clone(),
    }
}
