//! Long work: it begins here and goes on between other operations.

use super::Carry;
use crate::core::Desk;
use crate::error::{Decided, DeskError};
use crate::jobs::matching::carried;
use door::operations::{Cancel, Import, Match, ReadModel, Watch};
use door::views::{JobView, ModelView};
use door::{Session, Streams};

impl Carry for Import {
    fn carry(self, desk: &mut Desk, streams: Streams) -> Decided<JobView> {
        let missing = || DeskError::Usage("an import needs its file as input".to_owned());
        let input = streams.input.ok_or_else(missing)?;
        desk.start_import(input, self)
    }
}

impl Carry for Match {
    fn carry(self, desk: &mut Desk, _: Streams) -> Decided<JobView> {
        desk.start_match(&self)
    }
}

impl Carry for ReadModel {
    fn carry(self, desk: &mut Desk, _: Streams) -> Decided<ModelView> {
        let (model, _) = carried(&self.model, desk.settings())?;
        Ok(ModelView {
            taken: model.taken().into_iter().map(str::to_owned).collect(),
            left_over: model.left_over().to_vec(),
        })
    }
}

impl Carry for Watch {
    fn carry(self, desk: &mut Desk, _: Streams) -> Decided<Option<JobView>> {
        Ok(desk.job_view(self.job))
    }

    fn has_news(&self, desk: &Desk, _: &Session) -> bool {
        desk.job_view(self.job).is_none_or(|view| {
            view.ended.is_some() || (&view.phase, view.done) != (&self.phase, self.done)
        })
    }
}

impl Carry for Cancel {
    fn carry(self, desk: &mut Desk, _: Streams) -> Decided<Option<JobView>> {
        desk.cancel_job(self.job);
        Ok(desk.job_view(self.job))
    }
}
