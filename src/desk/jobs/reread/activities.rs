//! An import of a stream that is taken back: its activities count no more, and what they replaced counts again. It is
//! one commit, an import of its own that has no file, and is taken back by another.

use super::super::import::beginning::start_of;
use crate::core::Desk;
use crate::error::{Decided, DeskError};
use crate::facts::Facts;
use crate::job::{Stepped, Steps};
use activity::Log;
use domain::event::{ActivitiesWithdrawn, ImportFinished, ImportStarted};
use domain::{ImportId, ImportReport, Sequence, StreamName};
use door::operations::Reread;
use door::views::{JobReport, JobView, RereadOf, RereadOutcome};

/// The stream of an import that is to be taken back, where it delivered activities.
///
/// # Errors
/// When the store or the ledger is damaged.
pub(super) fn stream_of(facts: Facts<'_>, import: ImportId) -> Decided<Option<ImportStarted>> {
    let Some(entry) = facts.view.import(import)? else { return Ok(None) };
    Ok(start_of(facts, &entry)?.filter(|started| started.stream.is_some()))
}

/// Activities that are taken back when their turn comes.
pub(super) struct Withdrawing {
    pub(super) request: Reread,
    pub(super) undoes: ImportId,
}

impl Withdrawing {
    fn carry_out(&self, desk: &mut Desk) -> Result<RereadOutcome, DeskError> {
        let entry = desk.facts().view.import(self.undoes)?;
        let started = entry.map(|entry| start_of(desk.facts(), &entry)).transpose()?.flatten();
        let undoes = Some(self.undoes);
        let Some((started, stream)) = started.and_then(|it| Some((it.clone(), it.stream?))) else {
            return Ok(RereadOutcome { undoes, ..RereadOutcome::default() });
        };
        let own = ImportId(desk.facts().view.counters()?.imports + 1);
        let (withdrawn, restored) = foreseen(desk, self.undoes, own)?;
        let is_any = withdrawn + restored > 0;
        let import = (is_any && !self.request.dry_run).then_some(own);
        if let Some(import) = import {
            self.write(desk, started, stream.clone(), import)?;
        }
        let source = RereadOf {
            import,
            stream: Some(stream.clone()),
            withdrawn,
            restored,
            ..RereadOf::of(self.source(desk, &stream))
        };
        Ok(RereadOutcome { undoes, sources: vec![source], ..RereadOutcome::default() })
    }

    fn source(&self, desk: &Desk, stream: &StreamName) -> domain::SourceName {
        let known = desk.settings.stream(stream.as_str()).map(|stream| stream.source.clone());
        known.unwrap_or_else(|| domain::SourceName::new(stream.as_str()))
    }

    fn write(
        &self,
        desk: &mut Desk,
        undone: ImportStarted,
        stream: StreamName,
        import: ImportId,
    ) -> Result<(), DeskError> {
        let kind = domain::Reread { undoes: Some(self.undoes) };
        let file = kind.what();
        let day = Some(desk.facts().today());
        let started = ImportStarted {
            import,
            source: undone.source,
            file: format!("/{file}"),
            format: file,
            day,
            reading: None,
            reread: Some(kind),
            stream: Some(stream),
            content: None,
        };
        desk.commit(vec![started.into()])?;
        desk.withdraw_activities(self.undoes, import, Vec::new())?;
        let (report, quality) = (ImportReport::default(), Vec::new());
        let finished = ImportFinished { import, report, quality, released: Some(Vec::new()) };
        desk.commit(vec![finished.into()])?;
        Ok(())
    }
}

/// How many activities count no more once an import is withdrawn, and how many count again.
fn foreseen(desk: &Desk, undoes: ImportId, by: ImportId) -> Result<(u64, u64), DeskError> {
    let before = desk.activity_log()?;
    if before.is_withdrawn_whole(undoes) {
        return Ok((0, 0));
    }
    let mut after = Log::clone(&before);
    let event = ActivitiesWithdrawn { previous: None, import: undoes, by, keys: Vec::new() };
    after.withdraw(after.head().unwrap_or(Sequence::ZERO), &event);
    after.settle();
    Ok(before.differs_from(&after))
}

impl Steps<Desk> for Withdrawing {
    fn step(self: Box<Self>, desk: &mut Desk) -> Result<Stepped<Desk>, DeskError> {
        let outcome = self.carry_out(desk)?;
        Ok(Stepped::End(JobReport::Reread(Box::new(outcome))))
    }

    fn tell(&self, view: &mut JobView) {
        "withdrawing".clone_into(&mut view.phase);
    }

    fn cancel(&self) -> bool {
        true
    }
}
