//! Long work: it begins here and goes on between other operations.

use super::Carry;
use crate::answers::{matched, recall};
use crate::core::Desk;
use crate::error::{Decided, DeskError};
use crate::export::Format;
use crate::jobs::matching::carried;
use domain::Sequence;
use door::operations::{
    Audit, BeginEvents, Cancel, CompareRuns, EndEvents, EndFeed, Evaluate, Export, ExportModel,
    Feed, FeedOn, Import, Match, MatchStatus, ReadModel, Reread, Watch,
};
use door::views::{ExportedModel, FeedOutcome, JobView, MatchStatusView, ModelView};
use door::{Session, Streams};

impl Carry for Import {
    fn carry(self, desk: &mut Desk, streams: Streams) -> Decided<JobView> {
        let missing = || DeskError::Usage("an import needs its file as input".to_owned());
        let input = streams.input.ok_or_else(missing)?;
        desk.start_import(input, self)
    }
}

impl Carry for Reread {
    fn carry(self, desk: &mut Desk, _: Streams) -> Decided<JobView> {
        desk.start_reread(self)
    }
}

impl Carry for Match {
    fn carry(self, desk: &mut Desk, _: Streams) -> Decided<JobView> {
        desk.start_match(&self)
    }
}

impl Carry for ReadModel {
    fn carry(self, desk: &mut Desk, _: Streams) -> Decided<ModelView> {
        let (model, _) = carried(&self.model, &desk.settings)?;
        Ok(ModelView {
            taken: model.taken().into_iter().map(str::to_owned).collect(),
            left_over: model.left_over().to_vec(),
        })
    }
}

impl Carry for MatchStatus {
    fn carry(self, desk: &mut Desk, _: Streams) -> Decided<MatchStatusView> {
        let recall = recall::recall(desk)?;
        Ok(MatchStatusView { recall, ..matched::status(desk.facts())? })
    }
}

impl Carry for CompareRuns {
    fn carry(self, desk: &mut Desk, _: Streams) -> Decided<JobView> {
        desk.start_comparing_runs(self)
    }
}

impl Carry for Export {
    fn carry(self, desk: &mut Desk, mut streams: Streams) -> Decided<JobView> {
        let out = streams.outputs.pop();
        if self.is_of_events() {
            return desk.start_events_export(self, out);
        }
        desk.start_export(self, out)
    }
}

impl Carry for ExportModel {
    fn carry(self, desk: &mut Desk, mut streams: Streams) -> Decided<ExportedModel> {
        Ok(desk.export_model(&self, streams.outputs.pop())?)
    }
}

impl Carry for BeginEvents {
    fn carry(self, desk: &mut Desk, _: Streams) -> Decided<Sequence> {
        Ok(desk.begin_events_export(events_format(&self.format)?, &self.destination)?)
    }
}

impl Carry for EndEvents {
    fn carry(self, desk: &mut Desk, _: Streams) -> Decided<()> {
        let format = events_format(&self.format)?;
        let left = (self.begun, self.rows, self.up_to);
        Ok(desk.end_events_export(left, format, &self.destination)?)
    }
}

impl Carry for Feed {
    fn carry(self, desk: &mut Desk, mut streams: Streams) -> Decided<JobView> {
        desk.start_feed(self, streams.outputs.pop())
    }
}

impl Carry for FeedOn {
    fn carry(self, desk: &mut Desk, mut streams: Streams) -> Decided<Option<FeedOutcome>> {
        desk.must_not_feed_masked(&self.feed)?;
        Ok(desk.feed_on(self.feed, streams.outputs.pop())?)
    }
}

impl Carry for EndFeed {
    fn carry(self, desk: &mut Desk, _: Streams) -> Decided<()> {
        Ok(desk.end_feed(&self)?)
    }
}

fn events_format(name: &str) -> Result<Format, DeskError> {
    let unknown = || DeskError::Usage(format!("unknown format `{name}`"));
    Format::from_name(name).ok_or_else(unknown)
}

impl Carry for Evaluate {
    fn carry(self, desk: &mut Desk, streams: Streams) -> Decided<JobView> {
        let missing = || DeskError::Usage("an evaluation needs its file as input".to_owned());
        desk.start_evaluation(streams.input.ok_or_else(missing)?)
    }
}

impl Carry for Audit {
    fn carry(self, desk: &mut Desk, _: Streams) -> Decided<JobView> {
        desk.start_audit(self)
    }
}

impl Carry for Watch {
    fn carry(self, desk: &mut Desk, _: Streams) -> Decided<Option<JobView>> {
        Ok(desk.job_view(self.job))
    }

    fn has_news(&self, desk: &Desk, _: &Session) -> bool {
        desk.job_view(self.job).is_none_or(|view| !self.is_still(&view))
    }
}

impl Carry for Cancel {
    fn carry(self, desk: &mut Desk, _: Streams) -> Decided<Option<JobView>> {
        // Once it has ended, another one is under way.
        let meant = self.job.or_else(|| desk.job_view(None).map(|view| view.id));
        desk.cancel_job(meant);
        Ok(desk.job_view(meant))
    }
}
