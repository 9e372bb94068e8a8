//! A steward who presses keys and says what is on the screen, and a desk that answers from the
//! fixtures.

use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

use jiff::tz::TimeZone;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::effect::{Effect, Ticket};
use super::keys::Key;
use super::message::{Message, Moment};
use super::model::Model;
use super::paths::Completions;
use super::theme::{Colour, Glyphs, Theme};
use super::update::update;
use super::{fixtures, properties, view};
use domain::{BulkId, DecisionId, Golden, ReasonCode, Sequence, TaskId, Urgency};
use door::views::{
    ImportsView, JobEnd, JobId, JobKind, JobView, PreviewView, QueueChanges, QueueRow, QueueView,
    TaskView,
};
use door::{
    Action, Answer, BulkOutcome, BulkResult, BulkStep, Question, Receipt, Refusal, Request,
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
    /// Answers to the next decisions, before the usual ones.
    pub next: VecDeque<Answer>,
    /// Why any merge would be refused.
    pub forbids: Option<Refusal>,
    /// A text that stands for everything that comes from data.
    pub poison: Option<String>,
    /// The ledger cannot be written.
    pub cannot_write: bool,
    /// What was unmasked.
    pub unmasked: Vec<Vec<domain::Subject>>,
    /// Every request that was carried out or refused.
    pub asked: Vec<Request>,
    /// The customers that were compared without a task.
    pub compared: Vec<Vec<domain::CustomerId>>,
    /// What is under way.
    pub job: Option<JobView>,
    /// The files of every folder.
    pub files: Vec<String>,
    done: Vec<(DecisionId, Option<TaskId>, String, Option<QueueRow>)>,
    undone: Vec<(DecisionId, Option<TaskId>, String, Option<QueueRow>)>,
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
            next: VecDeque::new(),
            forbids: None,
            poison: None,
            cannot_write: false,
            unmasked: Vec::new(),
            asked: Vec::new(),
            compared: Vec::new(),
            job: None,
            files: Vec::new(),
            done: Vec::new(),
            undone: Vec::new(),
            decisions: 56,
        }
    }

    pub fn answer(&mut self, question: Question) -> Answer {
        let mut answer = self.clean_answer(question);
        if let Some(text) = &self.poison {
            properties::poison(&mut answer, text);
        }
        answer
    }

    fn clean_answer(&mut self, question: Question) -> Answer {
        match question {
            Question::Queue { filter, order } => Answer::Queue(self.shown(filter, order.reversed)),
            Question::QueueChanges { filter, since, .. } => self.changes(filter, since),
            Question::QueueRows(tasks) => Answer::QueueRows(self.rows(&tasks)),
            Question::TaskReasons(task) => {
                Answer::TaskReasons(task, self.reasons.get(&task).cloned().unwrap_or_default())
            }
            Question::PrepareQueue { .. } => {
                self.unread = self.unread.saturating_sub(1);
                Answer::QueuePrepared(4 - self.unread, 4)
            }
            Question::Patterns { .. } => Answer::Patterns(fixtures::patterns(), (5, 5)),
            Question::Claim(task) => self.claim(task, true),
            Question::Release(task) => {
                task.map_or(Answer::Claimed(None), |task| self.claim(task, false))
            }
            Question::Bulk(step) => Answer::Bulk(Box::new(self.bulk(*step))),
            Question::Task(id) => match self.tasks.get(&id) {
                Some(view) => Answer::Task(Box::new(view.clone())),
                None => Answer::Refused(Refusal::Unknown { subject: id.to_string() }),
            },
            Question::Customer { at, .. } => Answer::Customer(Box::new(fixtures::customer(at))),
            Question::History(_) => Answer::History(fixtures::history()),
            Question::Preview(request) => self.preview(&request),
            Question::Unmask(_) if self.cannot_write => Answer::Failed("the disk is full".into()),
            Question::Unmask(subjects) => {
                self.unmasked.push(subjects);
                Answer::Unmasked
            }
            Question::UnmaskRows(_) => {
                self.unmasked.push(Vec::new());
                Answer::Unmasked
            }
            Question::LastDecision { undone } => {
                let list = if undone { &self.undone } else { &self.done };
                Answer::LastDecision(list.last().map(|last| (last.0, last.2.clone())))
            }
            Question::Dashboard => Answer::Dashboard(Box::new(fixtures::dashboard())),
            Question::Rules => Answer::Rules(fixtures::rules()),
            Question::Failing { rule, .. } => Answer::Failing(fixtures::failing(rule)),
            Question::Imports => Answer::Imports(ImportsView {
                job: self.job.clone().map(Box::new),
                ..fixtures::imports()
            }),
            Question::Quarantine { import, .. } => Answer::Quarantine(fixtures::quarantine(import)),
            Question::StartImport { path, source } => match path.to_str() {
                Some("gone.csv") => Answer::Failed("opening gone.csv: not found".into()),
                _ => {
                    let what = format!("importing {} ({source})", path.display());
                    self.begins(JobKind::Import, what, "")
                }
            },
            Question::StartMatch => self.begins(JobKind::Match, "matching".into(), "reading"),
            Question::Watch { .. } => Answer::Job(self.job.clone()),
            Question::CancelJob => {
                if let Some(job) = &mut self.job {
                    match job.kind {
                        JobKind::Import => job.ended = Some(JobEnd::Cancelled),
                        _ => job.stopping = true,
                    }
                }
                Answer::Job(self.job.clone())
            }
            Question::Record { .. } | Question::Decision(_) => {
                unreachable!("only the command line asks this")
            }
            Question::CarryOut(request) => {
                self.asked.push(request.clone());
                match self.next.pop_front() {
                    Some(answer) => answer,
                    None => self.carry_out(&request),
                }
            }
            Question::Explain { left, right } => {
                let pair = fixtures::pair(&left.to_string(), &right.to_string(), 0.02);
                Answer::Explanation(Box::new(pair))
            }
            // Any customers are shown as those of a plain pair, without its task.
            Question::Compare(customers) => {
                self.compared.push(customers);
                match self.tasks.get(&TaskId(15)) {
                    Some(view) => Answer::Task(Box::new(TaskView { task: None, ..view.clone() })),
                    None => Answer::Failed("no pair to show".into()),
                }
            }
            Question::ExplainGroup(_) => Answer::Failed("not asked".into()),
        }
    }

    fn begins(&mut self, kind: JobKind, what: String, phase: &str) -> Answer {
        let phase = phase.to_owned();
        let (id, ahead, import, done, total) = (JobId(1), 0, None, 0, None);
        let (stopping, ended) = (false, None);
        self.job =
            Some(JobView { id, kind, what, ahead, phase, import, done, total, stopping, ended });
        Answer::Job(self.job.clone())
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
        Answer::QueueChanges(QueueChanges { counts, generation, gone, kept })
    }

    /// A task comes that was not there.
    pub fn gains(&mut self, row: QueueRow) {
        self.changed.push(row.task);
        self.queue.rows.push(row);
    }

    fn claim(&mut self, task: TaskId, claims: bool) -> Answer {
        let Some(row) = self.queue.rows.iter_mut().find(|row| row.task == task) else {
            return Answer::Claimed(None);
        };
        match &row.claimed {
            Some(holder) if holder != "sam" => {
                Answer::Refused(Refusal::ClaimedBy { holder: holder.clone() })
            }
            _ => {
                row.claimed = claims.then(|| "sam".to_owned());
                Answer::Claimed(Some(Box::new(row.clone())))
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
                outcome.bulk = Some(BulkId(1));
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

    fn preview(&self, request: &Request) -> Answer {
        let view = request.task.and_then(|task| self.tasks.get(&task));
        let customer = match &request.action {
            Action::Merge { groups, .. } => {
                groups.first().and_then(|group| group.iter().min().copied())
            }
            _ => None,
        };
        Answer::Preview(Box::new(PreviewView {
            effect: "merge into the lowest".into(),
            customer,
            golden: view.map_or_else(Golden::default, |view| view.golden.clone()),
            refusal: self.forbids.clone(),
        }))
    }

    fn carry_out(&mut self, request: &Request) -> Answer {
        self.decisions += 1;
        let decision = DecisionId(self.decisions);
        if let Action::Undo { decisions, .. } = &request.action {
            let (from, to) = match self.done.last() {
                Some(last) if decisions.contains(&last.0) => (&mut self.done, &mut self.undone),
                _ => (&mut self.undone, &mut self.done),
            };
            let Some(mut last) = from.pop() else { return Answer::Failed("nothing".into()) };
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
            return done(decision, summary, task);
        }
        let summary = match &request.action {
            Action::Merge { groups, .. } => {
                let group = groups.iter().max_by_key(|group| group.len()).unwrap();
                format!("merged {} records into {}", group.len(), group.iter().min().unwrap())
            }
            Action::NotAMatch { groups } => format!("not a match: {} customers", groups.len()),
            Action::Correct { values, .. } => {
                format!("corrected {}", values.keys().next().unwrap())
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
        done(decision, summary, request.task)
    }
}

fn done(decision: DecisionId, summary: String, task: Option<TaskId>) -> Answer {
    let sequence = Sequence(500 + u64::from(decision.0));
    Answer::Done(Receipt {
        decision,
        sequence,
        summary,
        task,
        bulk: None,
        exported_meanwhile: Vec::new(),
    })
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

    /// In front of the queue at 80x24.
    pub fn new() -> Self {
        Self::at(80, 24)
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
                Effect::Search(number, search) => {
                    let mut report = fixtures::report(&search);
                    if let Some(text) = &self.desk.poison {
                        properties::poison_report(&mut report, text);
                    }
                    effects.extend(update(&mut self.model, Message::Found(number, report)));
                }
                // Told when there is something to tell.
                Effect::Ask(ticket @ Ticket::Job, question)
                    if matches!(*question, Question::Watch { .. }) =>
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
        let answer = Answer::Job(Some(job.clone()));
        let told = Message::Answered(ticket, Box::new(answer), self.moment());
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

fn parsed(keys: &str) -> Vec<Key> {
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
