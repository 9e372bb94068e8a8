//! Long work: it begins here and goes on between other operations.

use super::Carry;
use crate::core::Desk;
use crate::error::{Decided, DeskError};
use door::operations::{Cancel, Import, Match, Watch};
use door::views::JobView;
use door::{Session, Streams};

impl Carry for Import {
    fn carry(self, desk: &mut Desk, streams: Streams) -> Decided<JobView> {
        let missing = || DeskError::Usage("an import needs its file as input".to_owned());
        let input = streams.input.ok_or_else(missing)?;
        desk.start_import(input, &self.source, self.file)
    }
}

impl Carry for Match {
    fn carry(self, desk: &mut Desk, _: Streams) -> Decided<JobView> {
        desk.start_match()
    }
}

impl Carry for Watch {
    fn carry(self, desk: &mut Desk, _: Streams) -> Decided<Option<JobView>> {
        Ok(desk.job_view())
    }

    fn has_news(&self, desk: &Desk, _: &Session) -> bool {
        let view = desk.job_view();
        view.is_none_or(|view| view.ended.is_some() || view.done != self.done)
    }
}

impl Carry for Cancel {
    fn carry(self, desk: &mut Desk, _: Streams) -> Decided<Option<JobView>> {
        desk.cancel_job();
        Ok(desk.job_view())
    }
}
