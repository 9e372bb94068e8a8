//! A real desk over a simulated disk and clock: whatever a story finds refused, changed or missing is so.

use std::collections::BTreeMap;
use std::io::Cursor;
use std::sync::mpsc::sync_channel;
use std::sync::{Arc, Mutex};

use jiff::Timestamp;

use super::world::{self, World, person};
use super::{Desk, Person};
use crate::effect::Ticket;
use crate::message::Message;
use crate::model::ToImport;
use crate::question::{Answer, Question};
use crate::theme::{Colour, Glyphs, Theme};
use domain::{CustomerId, TaskId};
use door::operations::{
    AdoptSettings, Claim, Decide, Erase, ErasureRequest, FindRecord, GiveUp, Leave, LookAt, Match,
    Release, ShowCustomer,
};
use door::views::CustomerView;
use door::{
    Action, Asked, Door, Failure, FailureClass, Input, Keeper, Kind, Outcome, Pick, Receipt, Reply,
    Request, Rest, Session, SessionId, Streams,
};
use ledger::ports::{Clock, Files};

/// Someone before a real desk.
pub type Sam = Person<RealDesk>;

/// The desk, and what is around it.
pub struct RealDesk {
    way: Way,
    world: World,
    who: Session,
    /// The files that can be imported, by name.
    pub inbox: BTreeMap<String, Result<Vec<u8>, Failure>>,
    /// Everything that was asked, in order.
    pub asked: Vec<Question>,
}

/// The way to the desk: what is asked is answered on the thread that asks, and long work is done while
/// somebody waits for it, a step at a time.
#[derive(Clone)]
struct Way(Arc<Mutex<desk::Desk>>);

impl Door for Way {
    fn send(&self, who: &Session, asked: Asked, streams: Streams, reply: Reply) {
        let mut desk = self.0.lock().unwrap();
        if asked.kind() == Kind::Wait {
            desk.begin(who, &asked);
            while !desk.has_news(who, &asked) {
                Keeper::work(&mut *desk);
                std::thread::yield_now();
            }
        }
        let told = desk.here(who, asked, streams);
        drop(desk);
        reply(told);
    }
}

impl RealDesk {
    fn of(world: World, desk: desk::Desk) -> Self {
        let way = Way(Arc::new(Mutex::new(desk)));
        Self { way, world, who: person("sam"), inbox: BTreeMap::new(), asked: Vec::new() }
    }

    fn hand_in(&self, question: Question, streams: Streams) -> Outcome<Answer> {
        let (told, answered) = sync_channel(1);
        question.ask(&self.way, &self.who, streams, move |answer| {
            let _ = told.send(answer);
        });
        answered.recv().unwrap()
    }

    /// The desk itself.
    pub fn with<T>(&self, what: impl FnOnce(&mut desk::Desk) -> T) -> T {
        what(&mut self.way.0.lock().unwrap())
    }

    /// Time passes.
    pub fn passes(&self, seconds: i64) {
        self.world.clock.advance(seconds);
    }

    /// From here on nothing can be written.
    pub fn fills_its_disk(&self) {
        self.world.files.fill();
    }

    /// Whoever governs changes the settings while the workspace is open, and adopts them.
    pub fn governs(&self, what: &str, instead: &str) {
        self.governs_as("sam", what, instead);
    }

    /// The same, by somebody.
    pub fn governs_as(&self, name: &str, what: &str, instead: &str) {
        let path = self.world.path().join("steward.toml");
        let text = std::fs::read_to_string(&path).unwrap();
        assert!(text.contains(what), "the settings do not say {what}");
        std::fs::write(path, text.replacen(what, instead, 1)).unwrap();
        let adopted = |desk: &mut desk::Desk| {
            desk.act(&person(name), AdoptSettings::default(), Streams::default()).unwrap().sequence
        };
        assert!(self.with(adopted).is_some());
    }

    /// The customer of a record.
    pub fn customer(&self, record: &str) -> CustomerId {
        let record = record.parse().unwrap();
        let found = |desk: &mut desk::Desk| {
            desk.act(&self.who, FindRecord { record }, Streams::default()).unwrap().customer
        };
        self.with(found)
    }

    /// A customer, masked.
    pub fn shows(&self, show: ShowCustomer) -> CustomerView {
        self.with(|desk| desk.act(&self.who, show, Streams::default())).unwrap()
    }

    /// The pending task that is about a record's customer.
    #[track_caller]
    pub fn task(&self, record: &str) -> TaskId {
        let show = ShowCustomer { customer: self.customer(record), at: None, unmask: false };
        let shown = self.with(|desk| desk.act(&self.who, show, Streams::default())).unwrap();
        *shown.tasks.last().expect("a task")
    }

    /// Somebody else decides meanwhile.
    pub fn decides(&self, name: &str, request: Request) -> Receipt {
        let decide = Decide { request };
        self.with(|desk| desk.act(&person(name), decide, Streams::default())).unwrap()
    }

    /// Somebody else corrects a value meanwhile.
    pub fn corrects(&self, name: &str, record: &str, field: &str, value: &str) -> Receipt {
        let values = [(field.into(), value.to_owned())].into();
        let chosen = BTreeMap::new();
        let record = record.parse().unwrap();
        let mut request =
            Request::new(Action::Correct { record, values, chosen, cleared: Vec::new() });
        request.reason = Some("moved".into());
        self.decides(name, request)
    }

    /// Somebody else pins a golden value meanwhile.
    pub fn pins(&self, name: &str, record: &str, field: &str, value: &str) -> Receipt {
        let picks = [(field.into(), Pick::Typed(value.to_owned()))].into();
        let customer = self.customer(record);
        self.decides(name, Request::new(Action::Pin { customer, picks }))
    }

    /// Somebody else claims a task meanwhile.
    pub fn claims(&self, name: &str, task: TaskId) {
        self.with(|desk| desk.act(&person(name), Claim { task }, Streams::default())).unwrap();
    }

    /// Somebody else gives a claim up meanwhile.
    pub fn gives_up(&self, name: &str, task: TaskId) {
        self.with(|desk| desk.act(&person(name), GiveUp { task }, Streams::default())).unwrap();
    }

    /// Somebody else erases a person meanwhile.
    pub fn erases(&self, name: &str, customer: CustomerId) {
        let reason = Some("request".into());
        let request = ErasureRequest { customer, reason, note: None, request: None };
        self.with(|desk| desk.act(&person(name), Erase { request }, Streams::default())).unwrap();
    }

    /// Somebody else opens a task meanwhile.
    pub fn opens_elsewhere(&self, name: &str, task: Option<TaskId>) {
        let look = LookAt { task, seen: None };
        self.with(|desk| desk.act(&person(name), look, Streams::default())).unwrap();
    }

    /// Whether somebody else could claim a task: who could gives it back at once.
    pub fn would_claim(&self, name: &str, task: TaskId) -> Outcome<()> {
        self.with(|desk| {
            desk.act(&person(name), Claim { task }, Streams::default())?;
            desk.act(&person(name), Release { task: Some(task) }, Streams::default())?;
            Ok(())
        })
    }

    /// Somebody else says that those records are one customer's.
    pub fn merges(&self, name: &str, records: &[&str]) -> Receipt {
        let group = records.iter().map(|record| self.customer(record)).collect();
        let (groups, picks) = (vec![group], BTreeMap::new());
        let merge = Action::Merge { groups, into: None, picks, rest: Rest::Stay };
        self.decides(name, Request::new(merge))
    }

    /// The first record with that value.
    pub fn address_with(&self, field: &str, value: &str) -> String {
        let customers = (1..300).map(CustomerId);
        let mut found = customers.filter_map(|customer| {
            let show = ShowCustomer { customer, at: None, unmask: false };
            let view = self.with(|desk| desk.act(&self.who, show, Streams::default())).ok()?;
            let at = view.fields.iter().position(|it| it.name.as_str() == field)?;
            let holds = |member: &&door::views::MemberView| {
                member.cells[at].text.as_ref().is_some_and(|it| *it == value)
            };
            view.column.members.iter().find(holds).map(|member| member.address.to_string())
        });
        found.next().expect("a record with it")
    }

    /// How long the ledger is by now: anything that is written down makes it longer.
    pub fn written(&self) -> usize {
        let folder = self.world.path().join(".steward/ledger");
        let names = self.world.files.list(&folder).unwrap();
        let contents = names.iter().filter_map(|name| self.world.files.content(&folder.join(name)));
        contents.map(|content| content.len()).sum()
    }

    /// A file is delivered, and imported by somebody else.
    pub fn receives(&self, source: &str, content: &str) {
        let name = if content.starts_with('{') { "later.jsonl" } else { "later.csv" };
        self.with(|desk| world::import(desk, source, name, content));
    }

    /// The requests that were to be carried out.
    pub fn decided(&self) -> Vec<&Request> {
        let decided = self.asked.iter().filter_map(|question| match question {
            Question::Decide(decide) => Some(&decide.request),
            _ => None,
        });
        decided.collect()
    }
}

impl Desk for RealDesk {
    fn answer(&mut self, question: Question) -> Outcome<Answer> {
        self.asked.push(question.clone());
        self.hand_in(question, Streams::default())
    }

    fn import(&mut self, to_import: &ToImport, look: bool) -> Outcome<Answer> {
        let name = to_import.path.display().to_string();
        let gone = || Failure::new(FailureClass::Failed, format!("opening {name}: not found"));
        let content = self.inbox.get(&name).cloned().unwrap_or_else(|| Err(gone()))?;
        let question = Question::from(to_import.request(look));
        self.asked.push(question.clone());
        self.hand_in(question, Streams::of(Input::file(Cursor::new(content))))
    }

    fn files(&self) -> Vec<String> {
        self.inbox.keys().cloned().collect()
    }

    fn now(&self) -> Timestamp {
        self.world.clock.now()
    }
}

impl Sam {
    /// In front of the queue at 80x23: 80x24 with the status line of a multiplexer.
    pub fn new() -> Self {
        Self::at(80, 23)
    }

    /// In front of a workspace into which nothing was imported yet.
    pub fn begun() -> Self {
        let world = World::empty(world::SETTINGS);
        let desk = world.create();
        let theme = Theme { colour: Colour::Sixteen, glyphs: Glyphs::Utf8 };
        Person::sitting(RealDesk::of(world, desk), theme, 80, 23)
    }

    /// In front of what comes of those files (source, name, content), in a terminal of that size.
    pub fn before(files: &[(&str, &str, &str)], (columns, rows): (u16, u16)) -> Self {
        let world = World::empty(world::SETTINGS);
        let mut desk = world.create();
        for (source, name, content) in files {
            world::import(&mut desk, source, name, content);
        }
        world::run(&mut desk, Match::default(), Streams::default());
        let theme = Theme { colour: Colour::Sixteen, glyphs: Glyphs::Utf8 };
        Person::sitting(RealDesk::of(world, desk), theme, columns, rows)
    }

    /// Leaves, and sits down again before the same desk, in another session.
    pub fn comes_again(self) -> Self {
        let theme = self.model.theme;
        let (columns, rows) = self.model.size;
        let who = Session { id: SessionId(self.desk.who.id.0 + 1), ..self.desk.who };
        let desk = RealDesk { who, asked: Vec::new(), ..self.desk };
        Person::sitting(desk, theme, columns, rows)
    }

    /// In a terminal of that size.
    pub fn at(columns: u16, rows: u16) -> Self {
        let world = World::copied();
        let desk = world.open();
        let theme = Theme { colour: Colour::Sixteen, glyphs: Glyphs::Utf8 };
        Person::sitting(RealDesk::of(world, desk), theme, columns, rows)
    }

    /// Where the settings say something else of that: in force since a decision of kim's (D2).
    pub fn governed(what: &str, instead: &str) -> Self {
        let mut sam = Self::new();
        sam.desk.governs(what, instead);
        sam.desk.corrects("kim", "crm:demo-3", "occupation", "Chef");
        sam.presses("R");
        sam
    }

    /// The line is cut, and they come back in another session.
    pub fn comes_back(self) -> Self {
        let Person { mut desk, .. } = self;
        desk.with(|it| it.act(&desk.who, Leave {}, Streams::default())).unwrap();
        desk.who.id = SessionId(desk.who.id.0 + 1);
        let theme = Theme { colour: Colour::Sixteen, glyphs: Glyphs::Utf8 };
        Person::sitting(desk, theme, 80, 23)
    }

    /// What others have done by now is told.
    #[track_caller]
    pub fn hears_of_others(&mut self) -> &mut Self {
        let changes = self.following.take().expect("nobody asks after others");
        // Asked at once, not waited for: nobody may have done anything.
        let who = self.desk.who.clone();
        let answer = self.desk.with(|desk| desk.act(&who, changes, Streams::default()));
        let answer = Box::new(answer.map(Answer::Changes));
        let told = Message::Answered(Ticket::Changes, answer, self.moment());
        self.tell(told);
        self.looks()
    }

    /// The last request the desk was asked to carry out.
    #[track_caller]
    pub fn asked(&self) -> &Request {
        self.desk.decided().last().expect("nothing was asked to be done")
    }

    /// Has only the tasks in the queue that are about those records' customers.
    #[track_caller]
    pub fn takes(&mut self, records: &[&str]) -> &mut Self {
        let tasks = records.iter().map(|record| format!("id = {}", self.desk.task(record)));
        let filter = tasks.collect::<Vec<_>>().join(" or ");
        self.presses("Esc g q f Ctrl-u").types(&filter).presses("Enter g g")
    }

    /// The same, the least probable first and what has no probability last: whose score is a little higher
    /// changes with what matching learns.
    pub fn takes_in_turn(&mut self, records: &[&str]) -> &mut Self {
        self.takes(records).presses("o s o s g g").sees("score, reversed")
    }

    /// Opens the task that is about that record's customer.
    #[track_caller]
    pub fn opens(&mut self, record: &str) -> &mut Self {
        self.takes(&[record]).presses("Enter")
    }

    /// Hears how far long work is; `None` once it has ended.
    #[track_caller]
    pub fn hears(&mut self) -> &mut Self {
        let (ticket, question) = self.watching.take().expect("nobody watches");
        let answer = self.desk.hand_in(question, Streams::default());
        let told = Message::Answered(ticket, Box::new(answer), self.moment());
        self.tell(told);
        self.looks()
    }

    /// Waits until all long work is done.
    #[track_caller]
    pub fn waits(&mut self) -> &mut Self {
        while self.watching.is_some() {
            self.hears();
        }
        self
    }
}
