//! A steward who presses keys and says what is on the screen, and a desk that answers from the
//! fixtures.

use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

use jiff::tz::TimeZone;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::effect::{Effect, Ticket};
use super::fixtures::masking;
use super::keys::Key;
use super::message::{Message, Moment};
use super::model::Model;
use super::paths::Completions;
use super::question::{Answer, Question};
use super::theme::{Colour, Glyphs, Theme};
use super::update::update;
use super::{fixtures, properties, view};
use domain::{BulkId, DecisionId, Golden, ReasonCode, Sequence, Subject, TaskId, Urgency};
use door::operations::{
    Claim, Compare, CorrectSome, Decide, DecideSome, DecisionsOf, Explain, Failing, GiveGrant,
    History, Holders, Import, LastDecision, Preview, Quarantine, Queue, QueueRows, QueueSince,
    Release, ShowCustomer, ShowTask, TaskReasons, Values,
};
use door::views::{
    CorrectedSome, GivenView, GoldenChange, HoldersView, ImportsView, JobEnd, JobId, JobKind,
    JobView, LastDecided, PatternsView, PreviewView, QueueChanges, QueueNews, QueueRow, QueueView,
    ReadSoFar, TaskView,
};
use door::{
    Action, BulkOutcome, BulkResult, BulkStep, Failure, FailureClass, FilePart, Outcome, Receipt,
    Refusal, Request, UnnamedPart,
};

/// Answers from fixtures; what is decided leaves the queue and comes back with an undo.
pub struct FakeDesk {
    pub tasks: BTreeMap<TaskId, TaskView>,
    pub queue: QueueView,
    pub reasons: BTreeMap<TaskId, Vec<String>>,
    /// How much is still to be read before the queue's columns are known.
    pub unread: usize,
    /// Tasks that changed, in order.
    changed: Vec<TaskId>,
    /// Reasons that a bulk must give one of.
    pub demands: Vec<ReasonCode>,
    /// Every step of a bulk.
    pub steps: Vec<BulkStep>,
    /// Every step of a correction of many records.
    pub corrections: Vec<CorrectSome>,
    /// Every portion of a grant.
    pub grants: Vec<GiveGrant>,
    /// What is counted, or was last.
    pub counted: Option<(domain::FieldName, door::operations::ValuesOf)>,
    /// Why the next decision is refused.
    next: Option<Refusal>,
    /// Why any merge would be refused.
    pub forbids: Option<Refusal>,
    /// A text that stands for everything that comes from data.
    pub poison: Option<String>,
    /// What was decided last is a grant.
    pub of_grant: bool,
    /// The ledger cannot be written.
    pub cannot_write: bool,
    /// What was unmasked.
    pub unmasked: Vec<Vec<domain::Subject>>,
    /// Every request that was carried out or refused.
    pub asked: Vec<Request>,
    /// The customers that were compared without a task.
    pub compared: Vec<Vec<domain::CustomerId>>,
    /// What it was asked to look at or import.
    pub imported: Vec<Import>,
    /// The tables of the databases among them.
    pub tables: Vec<String>,
    /// What is under way, or ended last.
    pub job: Option<JobView>,
    /// What waits after it.
    pub waiting: VecDeque<JobView>,
    /// The files of every folder.
    pub files: Vec<String>,
    /// Jobs so far.
    jobs: u64,
    done: Vec<(DecisionId, Option<TaskId>, String, Option<QueueRow>)>,
    undone: Vec<(DecisionId, Option<TaskId>, String, Option<QueueRow>)>,
    /// The decisions of each bulk that still stand.
    bulks: BTreeMap<BulkId, Vec<DecisionId>>,
    decisions: u32,
}

impl FakeDesk {
    fn new() -> Self {
        Self {
            tasks: fixtures::tasks(),
            queue: fixtures::queue(),
            reasons: fixtures::reasons(),
            unread: 0,
            changed: Vec::new(),
            demands: Vec::new(),
            steps: Vec::new(),
            corrections: Vec::new(),
            grants: Vec::new(),
            counted: None,
            next: None,
            forbids: None,
            poison: None,
            of_grant: false,
            cannot_write: false,
            unmasked: Vec::new(),
            asked: Vec::new(),
            compared: Vec::new(),
            imported: Vec::new(),
            tables: Vec::new(),
            job: None,
            waiting: VecDeque::new(),
            files: Vec::new(),
            jobs: 0,
            done: Vec::new(),
            undone: Vec::new(),
            bulks: BTreeMap::new(),
            decisions: 56,
        }
    }

    pub fn answer(&mut self, question: Question) -> Outcome<Answer> {
        let mut answer = self.clean_answer(question)?;
        if let Some(text) = &self.poison {
            properties::poison(&mut answer, text);
        }
        Ok(answer)
    }

    fn clean_answer(&mut self, question: Question) -> Outcome<Answer> {
        Ok(match question {
            Question::Queue(Queue { filter, order }) => {
                Answer::Queue(self.shown(filter, order.reversed))
            }
            Question::QueueSince(QueueSince { filter, since, .. }) => self.changes(filter, since),
            Question::QueueRows(QueueRows { tasks }) => Answer::QueueRows(self.rows(&tasks)),
            Question::TaskReasons(TaskReasons { task, .. }) => {
                Answer::TaskReasons(self.reasons.get(&task).cloned().unwrap_or_default())
            }
            Question::PrepareQueue(_) => {
                self.unread = self.unread.saturating_sub(1);
                Answer::PrepareQueue(ReadSoFar { done: 4 - self.unread, total: 4 })
            }
            Question::Patterns(_) => Answer::Patterns(PatternsView {
                patterns: fixtures::patterns(),
                prepared: ReadSoFar { done: 5, total: 5 },
            }),
            Question::Find(find) => Answer::Find(fixtures::report(&find.search)),
            Question::Claim(Claim { task }) => Answer::Claim(self.claim(task, true)?),
            Question::Release(Release { task }) => {
                let row = task.map(|task| self.claim(task, false)).transpose()?;
                Answer::Release(row.flatten())
            }
            Question::DecideSome(DecideSome { step }) => Answer::DecideSome(self.bulk(step)),
            Question::ShowTask(ShowTask { task, unmask }) => {
                let unknown = || Refusal::Unknown { subject: task.to_string() };
                let mut view = self.tasks.get(&task).cloned().ok_or_else(unknown)?;
                let customers = view.columns.iter().map(|it| Subject::Customer(it.customer));
                let seen = [Subject::Task(task)].into_iter().chain(customers).collect();
                if !self.unmasks(unmask, seen)? {
                    masking::task(&mut view);
                }
                Answer::ShowTask(view)
            }
            Question::ShowCustomer(ShowCustomer { at, unmask, .. }) => {
                let mut view = fixtures::customer(at);
                if !self.unmasks(unmask, vec![Subject::Customer(view.customer)])? {
                    masking::customer(&mut view);
                }
                Answer::ShowCustomer(view)
            }
            Question::History(History { of, unmask }) => {
                let mut entries = fixtures::history();
                if !self.unmasks(unmask, of.into_iter().collect())? {
                    masking::history(&mut entries);
                }
                Answer::History(entries)
            }
            Question::Preview(Preview { request, unmask }) => {
                let mut view = self.preview(&request);
                let subjects = request.task.map(Subject::Task).into_iter().collect();
                if !self.unmasks(unmask, subjects)? {
                    masking::golden(&mut view.golden);
                }
                Answer::Preview(view)
            }
            Question::LastDecision(LastDecision { undone }) => {
                let list = if undone { &self.undone } else { &self.done };
                let bulk_of = |id: DecisionId| self.bulks.iter().find(|(_, of)| of.contains(&id));
                Answer::LastDecision(list.last().map(|last| LastDecided {
                    decision: last.0,
                    line: last.2.clone(),
                    bulk: bulk_of(last.0).map(|(bulk, _)| *bulk),
                    of_grant: self.of_grant,
                }))
            }
            Question::DecisionsOf(DecisionsOf { bulk }) => {
                Answer::DecisionsOf(self.bulks.get(&bulk).cloned().unwrap_or_default())
            }
            Question::Dashboard(_) => Answer::Dashboard(fixtures::dashboard()),
            Question::CompareRuns(_) => {
                let what = "comparing runs".to_owned();
                Answer::CompareRuns(self.begins(
                    JobKind::CompareRuns,
                    what,
                    "reading what came between",
                )?)
            }
            Question::Grants(_) => Answer::Grants(fixtures::grants()),
            Question::GiveGrant(portion) => Answer::GiveGrant(self.gives(portion)),
            Question::Rules(_) => Answer::Rules(fixtures::rules()),
            Question::Failing(Failing { rule, .. }) => Answer::Failing(fixtures::failing(rule)),
            Question::Imports(_) => Answer::Imports(ImportsView {
                job: self.job.clone().map(Box::new),
                ..fixtures::imports()
            }),
            Question::Quarantine(Quarantine { import, unmask, .. }) => {
                let mut view = fixtures::quarantine(import);
                if !self.unmasks(unmask, Vec::new())? {
                    view.rows.iter_mut().for_each(|row| row.text.hide());
                }
                Answer::Quarantine(view)
            }
            Question::Import(Import { source, file, dry_run, .. }) => {
                let (kind, does) = match dry_run {
                    true => (JobKind::Look, "looking at"),
                    false => (JobKind::Import, "importing"),
                };
                let what = format!("{does} {file} ({source})");
                Answer::Import(self.begins(kind, what, "")?)
            }
            Question::Match(_) => {
                Answer::Match(self.begins(JobKind::Match, "matching".into(), "reading")?)
            }
            Question::About(_) => Answer::About(fixtures::about()),
            Question::CountValues(asked) => {
                let what = format!("counting values of {}", asked.field);
                self.counted = Some((asked.field, asked.of));
                Answer::CountValues(self.begins(JobKind::Count, what, "counting")?)
            }
            Question::Values(Values { unmask, .. }) => {
                let (field, of) = self.counted.clone().expect("counted");
                let is_sensitive = field.as_str() == "national_id";
                let mut view = fixtures::values(field, of);
                if is_sensitive && !self.unmasks(unmask, Vec::new())? {
                    masking::values(&mut view);
                }
                Answer::Values(view)
            }
            Question::Holders(Holders { values }) => Answer::Holders(HoldersView {
                records: (1..=6).map(|at| format!("webshop:{at}").parse().unwrap()).collect(),
                of_each: values.iter().map(|_| 3).collect(),
                customers: 5,
                corrected: 1,
                pinned: 1,
            }),
            Question::CorrectSome(asked) => Answer::CorrectSome(self.correct(asked)),
            Question::Watch(_) => Answer::Watch(self.job.clone()),
            Question::Cancel(_) => {
                if let Some(job) = &mut self.job {
                    match job.kind {
                        JobKind::Import => job.ended = Some(JobEnd::Cancelled),
                        _ => job.stopping = true,
                    }
                }
                let job = self.job.clone();
                self.goes_on();
                Answer::Cancel(job)
            }
            Question::Decide(Decide { request }) => {
                self.asked.push(request.clone());
                match self.next.take() {
                    Some(refusal) => return Err(refusal.into()),
                    None => Answer::Decide(self.carry_out(&request)?),
                }
            }
            Question::Explain(Explain { left, right, unmask }) => {
                let mut pair = fixtures::pair(&left.to_string(), &right.to_string(), 0.02);
                let seen = vec![Subject::Record(left), Subject::Record(right)];
                if !self.unmasks(unmask, seen)? {
                    masking::pair(&mut pair);
                }
                Answer::Explain(pair)
            }
            // Any customers are shown as those of a plain pair, without its task.
            Question::Compare(Compare { customers, .. }) => {
                self.compared.push(customers);
                let mut view = TaskView { task: None, ..self.tasks[&TaskId(15)].clone() };
                masking::task(&mut view);
                Answer::Compare(view)
            }
        })
    }

    /// Whether values are shown in clear: that is written down, once for each thing.
    fn unmasks(&mut self, unmask: bool, seen: Vec<Subject>) -> Result<bool, Failure> {
        let known = |subject: &Subject| self.unmasked.iter().flatten().any(|it| it == subject);
        if !unmask || (!seen.is_empty() && seen.iter().all(known)) {
            return Ok(unmask);
        }
        if self.cannot_write {
            return Err(failed("the disk is full"));
        }
        self.unmasked.push(seen);
        Ok(true)
    }

    /// The next decision is refused.
    pub fn refuses(&mut self, refusal: Refusal) {
        self.next = Some(refusal);
    }

    fn begins(&mut self, kind: JobKind, what: String, phase: &str) -> Result<JobView, Refusal> {
        if self.waiting.len() == 16 {
            return Err(Refusal::DoesNotApply { why: "16 jobs wait already".to_owned() });
        }
        self.jobs += 1;
        let is_working = self.job.as_ref().is_some_and(|job| job.ended.is_none());
        let ahead = if is_working { self.waiting.len() + 1 } else { 0 };
        let (id, phase) = (JobId(self.jobs), phase.to_owned());
        let (import, done, total, stopping, ended) = (None, 0, None, false, None);
        let job = JobView { id, kind, what, ahead, phase, import, done, total, stopping, ended };
        match is_working {
            true => self.waiting.push_back(job.clone()),
            false => self.job = Some(job.clone()),
        }
        Ok(job)
    }

    /// The next job begins where the one before has ended.
    fn goes_on(&mut self) {
        let has_ended = self.job.as_ref().is_some_and(|job| job.ended.is_some());
        if has_ended && let Some(next) = self.waiting.pop_front() {
            self.job = Some(JobView { ahead: 0, ..next });
            self.waiting.iter_mut().for_each(|job| job.ahead -= 1);
        }
    }

    fn shown(&self, filter: Option<String>, reversed: bool) -> QueueView {
        let mut rows = self.queue.rows.clone();
        rows.retain(|row| filter.as_ref().is_none_or(|filter| filter.contains(row.kind.name())));
        if reversed {
            rows.reverse();
        }
        QueueView {
            listed: rows.iter().map(|row| row.listed("sam")).collect(),
            rows,
            generation: self.changed.len() as u64,
            preparing: (self.unread > 0).then_some((4 - self.unread, 4)),
            ..self.queue.clone()
        }
    }

    fn rows(&self, tasks: &[TaskId]) -> Vec<QueueRow> {
        self.queue.rows.iter().filter(|row| tasks.contains(&row.task)).cloned().collect()
    }

    fn changes(&self, filter: Option<String>, since: u64) -> Answer {
        let changed = &self.changed[usize::try_from(since).unwrap()..];
        let kept = self.shown(filter, false).rows;
        let (kept, counts) = (kept.into_iter(), self.queue.counts);
        let kept: Vec<_> = kept.filter(|row| changed.contains(&row.task)).collect();
        let is_kept = |task: &TaskId| kept.iter().any(|row| row.task == *task);
        let gone = changed.iter().copied().filter(|task| !is_kept(task)).collect();
        let generation = self.changed.len() as u64;
        let changes = QueueChanges { counts, generation, gone, kept };
        Answer::QueueSince(QueueNews::Changed(changes))
    }

    /// A task comes that was not there.
    pub fn gains(&mut self, row: QueueRow) {
        self.changed.push(row.task);
        self.queue.rows.push(row);
    }

    fn claim(&mut self, task: TaskId, claims: bool) -> Result<Option<QueueRow>, Refusal> {
        let Some(row) = self.queue.rows.iter_mut().find(|row| row.task == task) else {
            return Ok(None);
        };
        match &row.claimed {
            Some(holder) if holder != "sam" => Err(Refusal::ClaimedBy { holder: holder.clone() }),
            _ => {
                row.claimed = claims.then(|| "sam".to_owned());
                Ok(Some(row.clone()))
            }
        }
    }

    /// Judges or decides: what is asked of someone is refused.
    fn bulk(&mut self, step: BulkStep) -> BulkOutcome {
        let mut outcome = BulkOutcome { bulk: step.bulk, ..BulkOutcome::default() };
        for (task, _) in &step.tasks {
            let at = self.queue.rows.iter().position(|row| row.task == *task);
            let asked = at.is_none_or(|at| self.queue.rows[at].urgency == Urgency::Escalated);
            let why = "T44 is asked of someone".to_owned();
            let mut refusal = asked.then_some(Refusal::DoesNotApply { why });
            if step.reason.is_none() && !self.demands.is_empty() {
                let (verdict, offered) = (step.verdict.verdict(), self.demands.clone());
                refusal = Some(Refusal::ReasonRequired { verdict, offered });
            }
            let mut decision = None;
            if !step.rehearse && !asked {
                self.decisions += 1;
                decision = Some(DecisionId(self.decisions));
                outcome.bulk = Some(self.of_bulk(outcome.bulk));
                let row = at.map(|at| self.queue.rows.remove(at));
                self.changed.push(*task);
                self.done.push((DecisionId(self.decisions), Some(*task), "bulk".into(), row));
            }
            outcome.results.push(BulkResult {
                task: Some(*task),
                version: Sequence(u64::from(task.0)),
                decision,
                summary: format!("decided {task}"),
                refusal,
            });
        }
        self.steps.push(step);
        outcome
    }

    /// The last decision belongs to that bulk, or to one that begins with it.
    fn of_bulk(&mut self, bulk: Option<BulkId>) -> BulkId {
        let begun = || BulkId(self.bulks.len() as u32 + 1);
        let bulk = bulk.unwrap_or_else(begun);
        self.bulks.entry(bulk).or_default().push(DecisionId(self.decisions));
        bulk
    }

    /// Half of a grant, then the rest.
    fn gives(&mut self, portion: GiveGrant) -> GivenView {
        let (made, to_go) = match portion.bulk {
            None => (600, 614),
            Some(_) => (612, 0),
        };
        let given = GivenView {
            decision: Some(DecisionId(57)),
            bulk: Some(BulkId(7)),
            made,
            left: if to_go == 0 { 2 } else { 0 },
            to_go,
            summary: format!("granted {}", portion.census),
        };
        self.grants.push(portion);
        given
    }

    fn correct(&mut self, asked: CorrectSome) -> CorrectedSome {
        let mut outcome = BulkOutcome { bulk: asked.bulk, ..BulkOutcome::default() };
        let mut golden = Vec::new();
        for record in &asked.records {
            let changed = record.to_string() == "webshop:6";
            let why = "city has changed since it was counted".to_owned();
            let mut refusal = changed.then_some(Refusal::DoesNotApply { why });
            if asked.reason.is_none() && !self.demands.is_empty() {
                let (verdict, offered) = (domain::Verdict::Correct, self.demands.clone());
                refusal = Some(Refusal::ReasonRequired { verdict, offered });
            }
            let mut decision = None;
            if asked.rehearse {
                golden.push(GoldenChange {
                    customer: domain::CustomerId(17),
                    field: asked.field.clone(),
                    before: Some(asked.from[0].as_str().into()),
                    after: Some(asked.to.as_str().into()),
                });
            } else if refusal.is_none() {
                self.decisions += 1;
                decision = Some(DecisionId(self.decisions));
                outcome.bulk = Some(self.of_bulk(outcome.bulk));
                self.done.push((DecisionId(self.decisions), None, "corrected".into(), None));
            }
            outcome.results.push(BulkResult {
                task: None,
                version: Sequence::ZERO,
                decision,
                summary: format!("corrected city of {record}"),
                refusal,
            });
        }
        self.corrections.push(asked);
        CorrectedSome { outcome, golden, typed: Vec::new() }
    }

    fn preview(&self, request: &Request) -> PreviewView {
        let view = request.task.and_then(|task| self.tasks.get(&task));
        let customer = match &request.action {
            Action::Merge { groups, .. } => {
                groups.first().and_then(|group| group.iter().min().copied())
            }
            _ => None,
        };
        PreviewView {
            effect: "merge into the lowest".into(),
            customer,
            golden: view.map_or_else(Golden::default, |view| view.golden.clone()),
            typed: Vec::new(),
            refusal: self.forbids.clone(),
        }
    }

    fn carry_out(&mut self, request: &Request) -> Outcome<Receipt> {
        self.decisions += 1;
        let decision = DecisionId(self.decisions);
        if let Action::Undo { decisions, .. } = &request.action {
            let (from, to) = match self.done.last() {
                Some(last) if decisions.contains(&last.0) => (&mut self.done, &mut self.undone),
                _ => (&mut self.undone, &mut self.done),
            };
            let Some(mut last) = from.pop() else { return Err(failed("nothing").into()) };
            let task = last.1;
            self.changed.extend(task);
            let taken = last.3.take();
            last.3 = self
                .queue
                .rows
                .iter()
                .position(|row| Some(row.task) == task)
                .map(|at| self.queue.rows.remove(at));
            if let Some(row) = taken {
                self.queue.rows.insert(0, row);
            }
            let summary = format!("undid {}", last.2);
            to.push(last);
            return Ok(done(decision, summary, task));
        }
        let summary = match &request.action {
            Action::Merge { groups, .. } => {
                let group = groups.iter().max_by_key(|group| group.len()).unwrap();
                format!("merged {} records into {}", group.len(), group.iter().min().unwrap())
            }
            Action::NotAMatch { groups } => format!("not a match: {} customers", groups.len()),
            Action::Correct { values, chosen, .. } => {
                format!("corrected {}", values.keys().chain(chosen.keys()).next().unwrap())
            }
            Action::Defer { .. } => "deferred".into(),
            Action::Escalate { to } => format!("asked {to}"),
            Action::Answer => "answered kim".into(),
            other => format!("{other:?}").split([' ', '{']).next().unwrap().to_lowercase(),
        };
        let stays = matches!(
            request.action,
            Action::Correct { .. }
                | Action::Defer { .. }
                | Action::Escalate { .. }
                | Action::Answer
        );
        let at = self.queue.rows.iter().position(|row| Some(row.task) == request.task && !stays);
        let row = at.map(|at| self.queue.rows.remove(at));
        self.changed.extend(request.task);
        self.done.push((decision, request.task, summary.clone(), row));
        Ok(done(decision, summary, request.task))
    }
}

/// What opening a database says of which nobody has named a table.
fn several_tables() -> Failure {
    let mut failure = failed("shop.sqlite has several tables");
    let names = ["customers", "orders"].map(str::to_owned).to_vec();
    failure.part = Some(Box::new(UnnamedPart { kind: FilePart::Table, names }));
    failure
}

fn failed(why: &str) -> Failure {
    Failure::new(FailureClass::Failed, why)
}

fn done(decision: DecisionId, summary: String, task: Option<TaskId>) -> Receipt {
    let sequence = Sequence(500 + u64::from(decision.0));
    Receipt {
        decision,
        sequence,
        summary,
        task,
        bulk: None,
        typed: Vec::new(),
        exported_meanwhile: Vec::new(),
        settled: 0,
        taught: None,
    }
}

/// Someone at a terminal.
pub struct Steward {
    pub model: Model,
    pub desk: FakeDesk,
    pub quit: bool,
    pub suspended: bool,
    /// What was put into the clipboard.
    pub copied: Option<String>,
    /// The screen the terminal was asked for last.
    pub asked_for: Option<u64>,
    /// The ticket of who watches long work.
    pub watching: Option<Ticket>,
    elapsed: Duration,
}

impl Steward {
    /// Opens the review in a terminal of that size.
    pub fn at(columns: u16, rows: u16) -> Self {
        Self::with(Theme { colour: Colour::Sixteen, glyphs: Glyphs::Utf8 }, columns, rows)
    }

    /// The same with another look.
    pub fn with(theme: Theme, columns: u16, rows: u16) -> Self {
        let mut steward = Self {
            model: Model::new("sam".to_owned(), theme, (columns, rows), &view::View),
            desk: FakeDesk::new(),
            quit: false,
            suspended: false,
            copied: None,
            asked_for: None,
            watching: None,
            elapsed: Duration::ZERO,
        };
        let started = Message::Started(steward.moment(), None);
        steward.tell(started);
        steward.looks();
        steward
    }

    /// In front of the queue at 80x23: 80x24 with the status line of a multiplexer.
    pub fn new() -> Self {
        Self::at(80, 23)
    }

    pub fn moment(&self) -> Moment {
        let wall = fixtures::at(fixtures::NOW).to_zoned(TimeZone::UTC);
        Moment { elapsed: self.elapsed, wall }
    }

    /// Something happens; the desk answers at once.
    pub fn tell(&mut self, message: Message) {
        let mut effects: VecDeque<Effect> = update(&mut self.model, message).into();
        while let Some(effect) = effects.pop_front() {
            match effect {
                Effect::Quit => self.quit = true,
                Effect::Suspend => self.suspended = true,
                Effect::ListFolder(typed) => {
                    let begun = typed.rsplit('/').next().unwrap_or_default();
                    let mut names = self.desk.files.clone();
                    names.retain(|name| name.starts_with(begun));
                    let listed = Completions { expanded: typed.clone(), typed, names };
                    effects.extend(update(&mut self.model, Message::Listed(listed)));
                }
                Effect::Copy(text) => self.copied = Some(text),
                Effect::AskWhetherShown(serial) => self.asked_for = Some(serial),
                ref effect @ (Effect::Look(ref to_import) | Effect::Import(ref to_import)) => {
                    let look = matches!(effect, Effect::Look(..));
                    let path = to_import.path.clone();
                    let file = path.display().to_string();
                    let answer = match file.as_str() {
                        "gone.csv" => Err(failed("opening gone.csv: not found").into()),
                        "shop.sqlite" if to_import.table.is_none() => Err(several_tables().into()),
                        _ => {
                            let import = Import { file, ..to_import.request(look) };
                            self.desk.tables.extend(to_import.table.clone());
                            self.desk.imported.push(import.clone());
                            self.desk.answer(import.into())
                        }
                    };
                    let ticket = Ticket::StartImport(path);
                    let answered = Message::Answered(ticket, Box::new(answer), self.moment());
                    effects.extend(update(&mut self.model, answered));
                }
                // Told when there is something to tell.
                Effect::Ask(ticket @ Ticket::Job, question)
                    if matches!(*question, Question::Watch(_)) =>
                {
                    self.watching = Some(ticket);
                }
                Effect::Ask(ticket, question) => {
                    let answer = self.desk.answer(*question);
                    let answered = Message::Answered(ticket, Box::new(answer), self.moment());
                    effects.extend(update(&mut self.model, answered));
                }
            }
        }
    }

    /// The work under way is that far, or at its end.
    #[track_caller]
    pub fn hears(&mut self, done: u64, ended: Option<JobEnd>) -> &mut Self {
        let ticket = self.watching.take().expect("nobody watches");
        let job = self.desk.job.as_mut().expect("nothing is under way");
        (job.done, job.ended) = (done, ended);
        let answer = Answer::Watch(Some(job.clone()));
        self.desk.goes_on();
        let told = Message::Answered(ticket, Box::new(Ok(answer)), self.moment());
        self.tell(told);
        self.looks()
    }

    /// The work under way is that far in that phase.
    #[track_caller]
    pub fn reaches(&mut self, phase: &str, done: u64, total: Option<u64>) -> &mut Self {
        let job = self.desk.job.as_mut().expect("nothing is under way");
        (job.phase, job.total) = (phase.to_owned(), total);
        self.hears(done, None)
    }

    /// What the model asks after a message, unanswered.
    pub fn unanswered(&mut self, message: Message) -> Vec<(Ticket, Question)> {
        let ask = |effect| match effect {
            Effect::Ask(ticket, question) => Some((ticket, *question)),
            _ => None,
        };
        update(&mut self.model, message).into_iter().filter_map(ask).collect()
    }

    /// Sees the frame and takes the time to read it.
    pub fn looks(&mut self) -> &mut Self {
        let drawn = Message::Drawn(self.moment());
        self.tell(drawn);
        self.elapsed += Duration::from_millis(200);
        self
    }

    /// Presses keys one by one, looking after each: `m`, `5j`, `Space`, `Ctrl-r`, `g q`.
    pub fn presses(&mut self, keys: &str) -> &mut Self {
        for key in parsed(keys) {
            let message = Message::Key(key, self.moment());
            self.tell(message);
            self.looks();
        }
        self
    }

    /// Presses keys without waiting for a frame.
    pub fn hurries(&mut self, keys: &str) -> &mut Self {
        for key in parsed(keys) {
            let message = Message::Key(key, self.moment());
            self.tell(message);
        }
        self
    }

    /// Types a text as it stands.
    pub fn types(&mut self, text: &str) -> &mut Self {
        for character in text.chars() {
            let message = Message::Key(Key::Char(character), self.moment());
            self.tell(message);
        }
        self.looks()
    }

    /// What is on the screen, as text.
    pub fn screen(&self) -> String {
        text_of(&self.frame())
    }

    /// What is on the screen.
    pub fn frame(&self) -> Buffer {
        let (width, height) = self.model.size;
        let mut buffer = Buffer::empty(Rect { x: 0, y: 0, width, height });
        view::draw(&self.model, &mut buffer);
        buffer
    }

    #[track_caller]
    pub fn sees(&mut self, text: &str) -> &mut Self {
        let screen = self.screen();
        assert!(screen.contains(text), "no `{text}` on:\n{screen}");
        self
    }

    #[track_caller]
    pub fn does_not_see(&mut self, text: &str) -> &mut Self {
        let screen = self.screen();
        assert!(!screen.contains(text), "`{text}` on:\n{screen}");
        self
    }

    /// The last request the desk was asked to carry out.
    #[track_caller]
    pub fn asked(&self) -> &Request {
        self.desk.asked.last().expect("nothing was asked to be done")
    }
}

/// The rows of a buffer, without the blanks at their ends.
pub fn text_of(buffer: &Buffer) -> String {
    let mut lines = Vec::new();
    for y in 0..buffer.area.height {
        let mut line = String::new();
        let mut skip = 0;
        for x in 0..buffer.area.width {
            if skip > 0 {
                skip -= 1;
                continue;
            }
            let symbol = buffer[(x, y)].symbol();
            skip = super::text::width(symbol).saturating_sub(1);
            line.push_str(symbol);
        }
        lines.push(line.trim_end().to_owned());
    }
    lines.join("\n")
}

pub fn parsed(keys: &str) -> Vec<Key> {
    keys.split_whitespace().flat_map(word).collect()
}

fn word(word: &str) -> Vec<Key> {
    if let Some(letter) = word.strip_prefix("Ctrl-") {
        return letter.chars().next().map(Key::Ctrl).into_iter().collect();
    }
    let named = [
        Key::Char(' '),
        Key::Enter,
        Key::Esc,
        Key::Tab,
        Key::BackTab,
        Key::Backspace,
        Key::Up,
        Key::Down,
        Key::Left,
        Key::Right,
        Key::PageDown,
        Key::PageUp,
        Key::Home,
        Key::End,
    ];
    match named.into_iter().find(|key| key.to_string() == word) {
        Some(key) => vec![key],
        None => word.chars().map(Key::Char).collect(),
    }
}
