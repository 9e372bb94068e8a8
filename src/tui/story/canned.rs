//! A desk that answers from the fixtures: what is drawn needs no other.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::Desk;
use crate::fixtures::{self, masking};
use crate::model::ToImport;
use crate::properties;
use crate::question::{Answer, Question};
use domain::{BulkId, DecisionId, Golden, Sequence, TaskId, Urgency};
use door::operations::{
    Claim, CorrectSome, Decide, DecideSome, Explain, Failing, GiveGrant, GiveUp, History, Holders,
    Import, LastDecision, Preview, Quarantine, Queue, QueueRows, Release, ShowCustomer, ShowTask,
    TaskReasons, Values,
};
use door::views::{
    Changed, CorrectedSome, GivenView, GoldenChange, HoldersView, ImportsView, JobEnd, JobId,
    JobKind, JobView, LastDecided, OthersView, PatternsView, PolicyView, PreviewView, QueueChanges,
    QueueNews, QueueRow, QueueView, ReadSoFar, TaskView,
};
use door::{
    Action, BulkAbout, BulkOutcome, BulkResult, BulkStep, Failure, FailureClass, FilePart, Outcome,
    Receipt, Refusal, Request, UnnamedPart,
};

/// Answers from the fixtures, whatever happened before: nothing is decided here.
pub struct FakeDesk {
    pub tasks: BTreeMap<TaskId, TaskView>,
    pub queue: QueueView,
    pub reasons: BTreeMap<TaskId, Vec<String>>,
    /// What was decided last, and the decisions of its bulk.
    pub last: Option<(LastDecided, Vec<DecisionId>)>,
    /// Every portion of a grant.
    pub grants: Vec<GiveGrant>,
    /// What is counted, or was last.
    pub counted: Option<(domain::FieldName, door::operations::ValuesOf)>,
    /// A text that stands for everything that comes from data.
    pub poison: Option<String>,
    /// Every request that was to be carried out.
    pub asked: Vec<Request>,
    /// What it was asked to look at or import.
    pub imported: Vec<Import>,
    /// The tables of the databases among them.
    pub tables: Vec<String>,
    /// What is under way, or ended last.
    pub job: Option<JobView>,
    /// The files of every folder.
    pub files: Vec<String>,
    /// Jobs so far.
    jobs: u64,
}

impl FakeDesk {
    pub fn new() -> Self {
        Self {
            tasks: fixtures::tasks(),
            queue: fixtures::queue(),
            reasons: fixtures::reasons(),
            last: None,
            grants: Vec::new(),
            counted: None,
            poison: None,
            asked: Vec::new(),
            imported: Vec::new(),
            tables: Vec::new(),
            job: None,
            files: Vec::new(),
            jobs: 0,
        }
    }

    fn clean_answer(&mut self, question: Question) -> Outcome<Answer> {
        Ok(match question {
            Question::Queue(Queue { filter, order }) => {
                Answer::Queue(self.shown(filter, order.reversed))
            }
            Question::QueueSince(_) => Answer::QueueSince(QueueNews::Changed(QueueChanges {
                counts: self.queue.counts,
                generation: 0,
                gone: Vec::new(),
                kept: Vec::new(),
            })),
            Question::QueueRows(QueueRows { tasks }) => Answer::QueueRows(self.rows(&tasks)),
            Question::TaskReasons(TaskReasons { task, .. }) => {
                Answer::TaskReasons(self.reasons.get(&task).cloned().unwrap_or_default())
            }
            Question::PrepareQueue(_) => Answer::PrepareQueue(ReadSoFar { done: 4, total: 4 }),
            Question::TasksWhere(_) => {
                Answer::TasksWhere(self.queue.rows.iter().map(|row| row.task).collect())
            }
            Question::CountWhere(asked) => {
                let count = |filter: &String| self.shown(Some(filter.clone()), false).rows.len();
                Answer::CountWhere(asked.filters.iter().map(|filter| Some(count(filter))).collect())
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
            Question::GiveUp(GiveUp { task }) => Answer::GiveUp(self.claim(task, false)?),
            Question::Changes(_) => Answer::Changes(Changed::default()),
            Question::KeepPlace(_) => Answer::KeepPlace(()),
            Question::TakeUp(_) => Answer::TakeUp(None),
            Question::OwnChanges(_) => Answer::OwnChanges(PolicyView::default()),
            Question::Acknowledge(_) => Answer::Acknowledge(PolicyView::default()),
            Question::LookAt(_) => Answer::LookAt(OthersView::default()),
            Question::DecideSome(DecideSome { step }) => Answer::DecideSome(self.bulk(&step)),
            Question::ShowTask(ShowTask { task, unmask }) => {
                let unknown = || Refusal::Unknown { subject: task.to_string() };
                let mut view = self.tasks.get(&task).cloned().ok_or_else(unknown)?;
                if !unmask {
                    masking::task(&mut view);
                }
                Answer::ShowTask(view)
            }
            Question::KeepInClear(_) => Answer::KeepInClear(()),
            Question::Timeline(asked) => Answer::Timeline(door::views::TimelineView {
                customer: asked.customer,
                redirected_from: None,
                activities: Vec::new(),
                more: false,
                history: Vec::new(),
            }),
            Question::Card(asked) => {
                let mut view = fixtures::card(asked.customer);
                if !asked.unmask {
                    masking::customer(&mut view.customer);
                }
                Answer::Card(view)
            }
            Question::Journeys(asked) => Answer::Journeys(fixtures::journeys(&asked)),
            Question::AtStep(asked) => Answer::AtStep(fixtures::at_step(&asked)),
            Question::Segments(_) => Answer::Segments(fixtures::segments()),
            Question::ShowSegment(asked) => Answer::ShowSegment(fixtures::segment(&asked)),
            Question::ShowCustomer(ShowCustomer { at, unmask, .. }) => {
                let mut view = fixtures::customer(at);
                if !unmask {
                    masking::customer(&mut view);
                }
                Answer::ShowCustomer(view)
            }
            Question::History(History { unmask, .. }) => {
                let mut entries = fixtures::history();
                if !unmask {
                    masking::history(&mut entries);
                }
                Answer::History(entries)
            }
            Question::Preview(Preview { request, unmask }) => {
                let mut view = self.preview(&request);
                if !unmask {
                    masking::golden(&mut view.golden);
                }
                Answer::Preview(view)
            }
            Question::LastDecision(LastDecision { undone }) => {
                let last = self.last.as_ref().filter(|_| !undone);
                Answer::LastDecision(last.map(|(last, _)| last.clone()))
            }
            Question::DecisionsOf(_) => {
                let last = self.last.as_ref();
                Answer::DecisionsOf(last.map(|(_, all)| all.clone()).unwrap_or_default())
            }
            Question::Dashboard(_) => Answer::Dashboard(fixtures::dashboard()),
            Question::CompareRuns(_) => {
                let what = "comparing runs".to_owned();
                Answer::CompareRuns(self.begins(
                    JobKind::CompareRuns,
                    what,
                    "reading what came between",
                ))
            }
            Question::Approvals(_) => Answer::Approvals(fixtures::approvals()),
            Question::ShowApproval(asked) => {
                let mut view = fixtures::approval(asked.task);
                if let Some(preview) = view.preview.as_mut().filter(|_| !asked.unmask) {
                    masking::golden(&mut preview.golden);
                }
                Answer::ShowApproval(view)
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
                if !unmask {
                    view.rows.iter_mut().for_each(|row| row.text.hide());
                }
                Answer::Quarantine(view)
            }
            Question::Import(Import { source, file, dry_run, .. }) => {
                let (kind, does) = match dry_run {
                    true => (JobKind::Look, "checking"),
                    false => (JobKind::Import, "importing"),
                };
                let what = format!("{does} {file} ({source})");
                Answer::Import(self.begins(kind, what, ""))
            }
            Question::Match(_) => {
                Answer::Match(self.begins(JobKind::Match, "matching".into(), "reading"))
            }
            Question::About(_) => Answer::About(fixtures::about()),
            Question::CountValues(asked) => {
                let what = format!("counting values of {}", asked.field);
                self.counted = Some((asked.field, asked.of));
                Answer::CountValues(self.begins(JobKind::Count, what, "counting"))
            }
            Question::Values(Values { unmask, .. }) => {
                let (field, of) = self.counted.clone().expect("counted");
                let is_sensitive = field.as_str() == "national_id";
                let mut view = fixtures::values(field, of);
                if is_sensitive && !unmask {
                    masking::values(&mut view);
                }
                Answer::Values(view)
            }
            Question::Holders(Holders { values, .. }) => Answer::Holders(HoldersView {
                records: (1..=6).map(|at| format!("webshop:{at}").parse().unwrap()).collect(),
                of_each: values.iter().map(|_| 3).collect(),
                customers: 5,
                corrected: 1,
                pinned: 1,
            }),
            Question::CorrectSome(asked) => Answer::CorrectSome(self.correct(&asked)),
            Question::Watch(_) => Answer::Watch(self.job.clone()),
            Question::Cancel(_) => {
                if let Some(job) = &mut self.job {
                    job.ended = Some(JobEnd::Cancelled);
                }
                Answer::Cancel(self.job.clone())
            }
            Question::Decide(Decide { request }) => {
                self.asked.push(request.clone());
                Answer::Decide(done(&request))
            }
            Question::Explain(Explain { left, right, unmask }) => {
                let mut pair = fixtures::pair(&left.to_string(), &right.to_string(), 0.02);
                if !unmask {
                    masking::pair(&mut pair);
                }
                Answer::Explain(pair)
            }
            // Any customers are shown as those of a plain pair, without its task.
            Question::Compare(_) => {
                let mut view = TaskView { task: None, ..self.tasks[&TaskId(15)].clone() };
                masking::task(&mut view);
                Answer::Compare(view)
            }
        })
    }

    fn begins(&mut self, kind: JobKind, what: String, phase: &str) -> JobView {
        self.jobs += 1;
        let (id, phase) = (JobId(self.jobs), phase.to_owned());
        let (import, done, total, stopping, ended) = (None, 0, None, false, None);
        let job = JobView { id, kind, what, ahead: 0, phase, import, done, total, stopping, ended };
        self.job = Some(job.clone());
        job
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
            generation: 0,
            ..self.queue.clone()
        }
    }

    fn rows(&self, tasks: &[TaskId]) -> Vec<QueueRow> {
        self.queue.rows.iter().filter(|row| tasks.contains(&row.task)).cloned().collect()
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

    /// What is asked of someone is refused.
    fn bulk(&self, step: &BulkStep) -> BulkOutcome {
        let result = |task: TaskId| {
            let row = self.queue.rows.iter().find(|row| row.task == task);
            let asked = row.is_none_or(|row| row.urgency == Urgency::Escalated);
            let why = "T44 is asked of someone".to_owned();
            BulkResult {
                task: Some(task),
                version: Sequence(u64::from(task.0)),
                decision: (!step.rehearse && !asked).then_some(DecisionId(57)),
                summary: format!("decided {task}"),
                proposed: None,
                refusal: asked.then_some(Refusal::DoesNotApply { why }),
                about: step.rehearse.then(|| BulkAbout {
                    names: row.map(|row| row.subject.clone()).into_iter().collect(),
                    differ: vec!["email".into(), "street".into()],
                    alike: vec!["given_name".into()],
                    ..BulkAbout::default()
                }),
            }
        };
        let results = step.tasks.iter().map(|(task, _)| result(*task)).collect();
        let bulk = (!step.rehearse).then_some(BulkId(1));
        BulkOutcome { bulk, results, ..BulkOutcome::default() }
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

    fn correct(&self, asked: &CorrectSome) -> CorrectedSome {
        let change = |_: &domain::RecordAddress| GoldenChange {
            customer: domain::CustomerId(17),
            field: asked.field.clone(),
            before: Some(asked.from[0].as_str().into()),
            after: Some(asked.to.as_str().into()),
        };
        let result = |record: &domain::RecordAddress| {
            let changed = record.to_string() == "webshop:6";
            let why = "city has changed since it was counted".to_owned();
            BulkResult {
                task: None,
                version: Sequence::ZERO,
                decision: (!asked.rehearse && !changed).then_some(DecisionId(57)),
                summary: format!("corrected city of {record}"),
                proposed: None,
                refusal: changed.then_some(Refusal::DoesNotApply { why }),
                about: None,
            }
        };
        let results = asked.records.iter().map(result).collect();
        let outcome = BulkOutcome { bulk: asked.bulk, results, ..BulkOutcome::default() };
        let golden =
            if asked.rehearse { asked.records.iter().map(change).collect() } else { Vec::new() };
        CorrectedSome { outcome, golden, typed: Vec::new(), needs: Vec::new() }
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
            unjudged: Vec::new(),
            needs: None,
            refusal: None,
            about: Vec::new(),
        }
    }
}

impl Desk for FakeDesk {
    fn answer(&mut self, question: Question) -> Outcome<Answer> {
        let mut answer = self.clean_answer(question)?;
        if let Some(text) = &self.poison {
            properties::poison(&mut answer, text);
        }
        Ok(answer)
    }

    fn import(&mut self, to_import: &ToImport, look: bool) -> Outcome<Answer> {
        let file = to_import.path.display().to_string();
        match file.as_str() {
            "gone.csv" => Err(failed("opening gone.csv: not found").into()),
            "shop.sqlite" if to_import.table.is_none() => Err(several_tables().into()),
            _ => {
                let import = Import { file, ..to_import.request(look) };
                self.tables.extend(to_import.table.clone());
                self.imported.push(import.clone());
                self.answer(import.into())
            }
        }
    }

    fn files(&self) -> Vec<String> {
        self.files.clone()
    }

    fn now(&self) -> Timestamp {
        fixtures::at(fixtures::NOW)
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

fn done(request: &Request) -> Receipt {
    Receipt {
        decision: DecisionId(57),
        sequence: Sequence(557),
        summary: "decided".to_owned(),
        task: request.task,
        bulk: None,
        typed: Vec::new(),
        exported_meanwhile: Vec::new(),
        settled: 0,
        like_it: None,
        proposed: None,
        taught: None,
    }
}
