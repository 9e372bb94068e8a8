//! The feed: what happened to customers, told commit by commit, so that other systems can follow.
//!
//! Lives here: things before a commit and after it ([`then`]), what lies between the two ([`told`], pure),
//! the way through the commits ([`telling`]), a line of the output (`line.rs`), and the job, below.
//!
//! Nothing of a feed is stored: it is read from the ledger each time, as the past is. What was erased is
//! gone from every time, and so from what is told of it: erasure reaches the feed by construction.

mod line;
mod telling;
mod then;
mod told;

use std::collections::BTreeMap;
use std::io::Write;
use std::time::Duration;

use crate::core::Desk;
use crate::error::{Decided, DeskError};
use crate::exported::Leaving;
use crate::facts::missing;
use crate::job::{Stepped, Steps};
use domain::{Event, Sequence};
use door::operations::{EndFeed, Feed};
use door::views::{FeedOutcome, JobKind, JobReport, JobView};
use line::Line;
use store::Place;
use telling::Telling;

/// The data set's name, for the record.
pub const FEED: &str = "feed";
/// Commits and customers of a step beside other work: some milliseconds.
const PORTION: usize = 64;
/// Those of one operation.
const AT_ONCE: usize = 128;
/// Those of a step where nobody else waits.
const ALONE: usize = 4_096;

type Output = Box<dyn Write + Send>;

impl Desk {
    /// Starts to tell what happened after a commit, or when its turn comes.
    ///
    /// # Errors
    /// The refusal when too many jobs wait; when it cannot be recorded, or there is no such commit:
    /// nothing is recorded then.
    pub(crate) fn start_feed(&mut self, request: Feed, out: Option<Output>) -> Decided<JobView> {
        self.must_not_feed_masked(&request)?;
        let feeding = Box::new(self.feeding(request, out)?);
        self.begin_job(JobKind::Feed, "telling what happened".to_owned(), feeding)
    }

    /// Tells what happened after a commit, where that is little; `None` means it is not, and nothing was
    /// written.
    ///
    /// # Errors
    /// As [`Desk::start_feed`], and when the output cannot be written.
    pub(crate) fn feed_on(
        &mut self,
        request: Feed,
        out: Option<Output>,
    ) -> Result<Option<FeedOutcome>, DeskError> {
        let mut feeding = self.feeding(request, out)?;
        let mut under_way = feeding.begin(self)?;
        let mut lines = Vec::new();
        if !under_way.telling.go_on(self.facts(), AT_ONCE, &mut lines)? {
            return Ok(None);
        }
        feeding.write(self, &mut under_way, &lines)?;
        feeding.end(self, under_way).map(Some)
    }

    /// Refuses golden values in a feed to whoever does not see all of them, since a consumer could not tell a mask
    /// from a value; and any feed to whoever does not see consent, since it tells that one was withdrawn.
    pub(crate) fn must_not_feed_masked(&mut self, request: &Feed) -> Decided<()> {
        if request.values {
            return self.must_see_all();
        }
        // That a consent was withdrawn tells what it is.
        let settings = std::sync::Arc::clone(&self.settings);
        let mut consents = settings.fields_of(domain::FieldType::Consent);
        consents.try_for_each(|field| self.must_not_be_closed(&field.name))
    }

    /// A feed that has not begun.
    fn feeding(&self, request: Feed, out: Option<Output>) -> Result<Feeding, DeskError> {
        let out = match out {
            _ if request.dry_run => None,
            Some(out) => Some(out),
            None => return Err(DeskError::Usage("a feed needs an output".to_owned())),
        };
        if !request.dry_run {
            self.must_record_exports()?;
        }
        self.must_hold(request.after)?;
        if let Some(begun) = request.begun {
            self.feed_begun(begun)?;
        }
        Ok(Feeding { request, out, under_way: None })
    }

    /// Writes down that a feed which went on came to its end.
    ///
    /// # Errors
    /// When it never began, or the ledger cannot be written.
    pub(crate) fn end_feed(&mut self, ended: &EndFeed) -> Result<(), DeskError> {
        let leaving = self.feed_begun(ended.begun)?;
        let leaving = Leaving { up_to: ended.up_to, ..leaving };
        self.end_exports(vec![leaving.ended(ended.begun, ended.lines)])
    }

    /// The feed of whom the desk is working for whose beginning a commit records.
    fn feed_begun(&self, begun: Sequence) -> Result<Leaving, DeskError> {
        let none = || DeskError::Usage(format!("commit {begun} did not begin a feed of yours"));
        self.must_hold(begun).map_err(|_| none())?;
        let commit = self.facts().commit(begun).map_err(|_| none())?;
        let mut events = commit.events.into_iter();
        match events.next() {
            Some(Event::ExportBegun(it))
                if it.dataset == FEED && commit.actor.person == self.actor() =>
            {
                let destination =
                    door::operations::Destination { name: it.destination, folder: it.folder };
                let (format, filter, up_to) = (it.format, it.filter, it.up_to);
                Ok(Leaving { dataset: FEED, format, filter, up_to, destination })
            }
            _ => Err(none()),
        }
    }

    /// That the ledger goes as far as a commit that somebody has heard of.
    fn must_hold(&self, after: Sequence) -> Result<(), DeskError> {
        let head = self.reader.head().map(|head| head.sequence).unwrap_or_default();
        if after <= head {
            return Ok(());
        }
        Err(DeskError::Usage(format!(
            "there is no commit {after}: the ledger of this workspace ends with commit {head}; the \
             number is of another workspace, or this one was restored from an older backup: start \
             again with --since 0"
        )))
    }
}

/// A feed being told.
struct Feeding {
    request: Feed,
    /// None: it is only counted.
    out: Option<Output>,
    /// `None` means it has not begun.
    under_way: Option<UnderWay>,
}

struct UnderWay {
    telling: Telling,
    workspace: String,
    begun: Option<Sequence>,
    told: BTreeMap<String, u64>,
}

impl Feeding {
    fn begin(&self, desk: &Desk) -> Result<UnderWay, DeskError> {
        let facts = desk.facts();
        let up_to = facts.view.head()?.map_or(Sequence::ZERO, |(sequence, _)| sequence);
        let first = Place { sequence: Sequence(1), index: 0 };
        let Event::WorkspaceCreated(created) = facts.event(first)? else {
            return Err(missing("the beginning of the workspace"));
        };
        let telling = Telling::of(facts, self.request.after, up_to)?;
        let (workspace, begun) = (created.workspace, self.request.begun);
        Ok(UnderWay { telling, workspace, begun, told: BTreeMap::new() })
    }

    /// What is written down of it.
    fn leaving(&self, up_to: Sequence) -> Leaving {
        let Feed { after, format, values, destination, .. } = &self.request;
        let since = (*after > Sequence::ZERO).then(|| format!("since {after}"));
        let values = (!values).then(|| "without values".to_owned());
        Leaving {
            dataset: FEED,
            format: format.name().to_owned(),
            filter: since.into_iter().chain(values).collect::<Vec<_>>().join(", "),
            up_to,
            destination: destination.clone(),
        }
    }

    /// Writes lines, once it is written down that they leave.
    fn write(
        &mut self,
        desk: &mut Desk,
        under_way: &mut UnderWay,
        lines: &[Line],
    ) -> Result<(), DeskError> {
        for line in lines {
            *under_way.told.entry(line.told.name().to_owned()).or_default() += 1;
        }
        if lines.is_empty() || self.request.dry_run {
            return Ok(());
        }
        if under_way.begun.is_none() {
            let begun = self.leaving(under_way.telling.progress().1).begun();
            under_way.begun = Some(desk.begin_exports(&[begun])?);
        }
        let Some(out) = &mut self.out else { return Ok(()) };
        let form = (self.request.format, self.request.values);
        let mut bytes = Vec::new();
        for line in lines {
            line.write(form, &under_way.workspace, &mut bytes)?;
        }
        Ok(out.write_all(&bytes)?)
    }

    /// Flushes what was written, and writes down that it left.
    fn end(&mut self, desk: &mut Desk, ended: UnderWay) -> Result<FeedOutcome, DeskError> {
        if let Some(out) = &mut self.out {
            out.flush()?;
        }
        let (_, up_to) = ended.telling.progress();
        let outcome = FeedOutcome { told: ended.told, up_to, begun: ended.begun };
        if let Some(begun) = outcome.begun.filter(|_| !self.request.goes_on) {
            desk.end_exports(vec![self.leaving(up_to).ended(begun, outcome.lines())])?;
        }
        Ok(outcome)
    }
}

impl Steps<Desk> for Feeding {
    fn step(mut self: Box<Self>, desk: &mut Desk) -> Result<Stepped<Desk>, DeskError> {
        let mut under_way = match self.under_way.take() {
            Some(under_way) => under_way,
            None => self.begin(desk)?,
        };
        let portion = if desk.alone { ALONE } else { PORTION };
        let mut lines = Vec::new();
        let is_done = under_way.telling.go_on(desk.facts(), portion, &mut lines)?;
        self.write(desk, &mut under_way, &lines)?;
        if is_done {
            return Ok(Stepped::End(JobReport::Feed(self.end(desk, under_way)?)));
        }
        self.under_way = Some(under_way);
        Ok(Stepped::More(self, Duration::ZERO))
    }

    fn tell(&self, view: &mut JobView) {
        if let Some(under_way) = &self.under_way {
            let (done, total) = under_way.telling.progress();
            "telling".clone_into(&mut view.phase);
            (view.done, view.total) = (done.0, Some(total.0));
        }
    }

    fn cancel(&self) -> bool {
        // What was written is whole lines, and another feed goes on behind them.
        true
    }
}
