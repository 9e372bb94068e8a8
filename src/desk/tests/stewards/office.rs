//! The workspace, its server and everybody's lines, one thing after the other.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::sync::LazyLock;

use super::super::bulk::{open_task, pairs_of};
use super::super::*;
use super::keeping::Keeping;
use super::laws::Laws;
use super::plan::{End, Plan, Step, Wish};
use super::seat::Seat;
use super::tally::Tally;
use super::words::{Word, read, told};
use door::Keeper;
use door::operations::{Claim, Decide, DecideSome, Queue, TakeUp};
use door::views::QueueRow;
use ledger::ports::simulated_files::{Fault, SimulatedFiles};

/// More settings than other tests need.
pub(super) const PEOPLE: &str = "\n[people.kim]\nstand_ins = [\"sam\"]\n[people.sam]\n[people.lee]\n[people.max]\n\
    [people.ida]\n[people.noa]\n[queue]\nclaim = 30\n";

/// The same where people have roles, and merges need the approval of a lead: kim and sam lead, lee and max decide,
/// the others look.
pub(super) const GOVERNED: &str = "\n[people.kim]\nstand_ins = [\"sam\"]\nrole = \"lead\"\n[people.sam]\nrole = \"lead\"\n\
    [people.lee]\nrole = \"steward\"\n[people.max]\nrole = \"steward\"\n[people.ida]\nrole = \"viewer\"\n[people.noa]\nrole = \"viewer\"\n\
    [queue]\nclaim = 30\n\
    [roles.lead]\nmay = [\"tasks\", \"show\", \"decide\", \"fix\", \"undo\", \"comment\", \"approve\"]\n\
    [roles.steward]\nmay = [\"tasks\", \"show\", \"decide\", \"fix\", \"undo\", \"comment\"]\n\
    [roles.viewer]\nmay = [\"tasks\", \"show\"]\n\
    [[approvals]]\nwhen = \"verdict = merge\"\nby = \"lead\"\n";

/// The settings of people, with roles or without.
pub(super) fn people(governed: bool) -> &'static str {
    if governed { GOVERNED } else { PEOPLE }
}

/// A workspace on a disk in memory, in which nobody has decided anything yet.
struct Template {
    test: TestDesk,
    disk: SimulatedFiles,
}

static TEMPLATES: LazyLock<[std::sync::Mutex<Template>; 2]> =
    LazyLock::new(|| [false, true].map(template));

fn template(governed: bool) -> std::sync::Mutex<Template> {
    let disk = SimulatedFiles::new();
    let mut test = TestDesk::on_disk(&disk, &(SETTINGS.to_owned() + people(governed)), 1);
    test.desk = Some(Desk::create(test.workspace(), test.environment()).unwrap());
    pairs_of(&mut test);
    test.import("crm", "9,Ina,Quill,no address,,1990-01-02,,Salem,,,\n");
    // Another task about the first: whoever answers one changes what the other is about.
    let customers = ["crm:1", "shop:2"].map(|it| test.customer(it));
    open_task(test.desk(), &customers);
    test.desk = None;
    std::sync::Mutex::new(Template { test, disk })
}

/// What is under way while the server may end.
#[derive(Clone)]
pub(super) struct UnderWay {
    pub(super) actor: String,
    pub(super) before: Keeping,
}

pub(super) struct Office<'l> {
    pub(super) governed: bool,
    pub(super) test: TestDesk,
    pub(super) disk: SimulatedFiles,
    seats: Vec<Seat>,
    laws: Laws,
    pub(super) keeping: Keeping,
    sessions: u64,
    pub(super) came: u32,
    /// How many people were erased since the server came.
    erased: u64,
    /// How the server ends at the call that goes wrong.
    pub(super) ends: Option<End>,
    log: &'l RefCell<Vec<String>>,
    tally: Tally,
}

impl<'l> Office<'l> {
    pub(super) fn open(plan: &Plan, log: &'l RefCell<Vec<String>>) -> Office<'l> {
        let template = &TEMPLATES[usize::from(plan.governed)];
        let template = template.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let settings = SETTINGS.to_owned() + people(plan.governed);
        let mut test = TestDesk::on_disk(&SimulatedFiles::new(), &settings, 2);
        let disk = template.disk.copied(template.test.folder.path(), test.folder.path());
        drop(template);
        test.files = Arc::new(disk.clone());
        test.clock.advance(3_600);
        test.reopen();
        let mut laws = Laws::default();
        laws.read(test.desk());
        laws.is_governed = plan.governed;
        laws.take_erased();
        let seats = plan.seats.iter().map(|person| Seat::of(person)).collect();
        let (keeping, ends) = (Keeping::default(), None);
        Office {
            governed: plan.governed,
            test,
            disk,
            seats,
            laws,
            keeping,
            sessions: 0,
            came: 0,
            erased: 0,
            ends,
            tally: Tally::default(),
            log,
        }
    }

    /// All of it, and a look at the end.
    pub(super) fn goes_through(mut self, steps: &[Step]) -> Tally {
        for step in steps {
            self.log.borrow_mut().push(format!("{step:?}"));
            self.takes(step);
            self.checks();
        }
        self.log.borrow_mut().push("the end".to_owned());
        self.ends(End::Rebuilt, None);
        self.checks();
        (self.tally.approved, self.tally.refused) = (self.laws.approved, self.laws.refused);
        self.tally
    }

    pub(super) fn say(&self, what: impl FnOnce() -> String) {
        self.log.borrow_mut().push(format!("    {}", what()));
    }

    fn seat(&mut self, number: u8) -> usize {
        let at = usize::from(number) % self.seats.len();
        if self.seats[at].who.is_none() {
            self.sessions += 1;
            let entrance = match self.governed {
                true => domain::Entrance::Socket,
                false => domain::Entrance::Local,
            };
            self.seats[at].enters(self.sessions, entrance);
            self.drains(at);
        }
        at
    }

    fn takes(&mut self, step: &Step) {
        match step {
            Step::Does(number, wish) => {
                let at = self.seat(*number);
                self.drains(at);
                if let (Some(task), None) = (wish.needs_open(), &self.seats[at].open) {
                    let words = self.seats[at].wishes(&Wish::Open(task));
                    self.seats[at].says.extend(words);
                    self.drains(at);
                }
                match wish {
                    Wish::ThereAndBack(_) => self.there_and_back(at, wish),
                    wish => {
                        let words = self.seats[at].wishes(wish);
                        self.seats[at].says.extend(words);
                        self.drains(at);
                    }
                }
                if *wish == Wish::Leave && self.seats[at].who.is_some() {
                    self.seats[at] = Seat::of(self.seats[at].person);
                }
            }
            Step::Says(number, wish) => {
                let at = self.seat(*number);
                let words = self.seats[at].wishes(wish);
                self.seats[at].says.extend(words);
            }
            Step::Arrives(number) => {
                let at = self.seat(*number);
                self.arrives(at);
            }
            Step::Answered(number) => {
                let at = self.seat(*number);
                self.seats[at].hears();
            }
            Step::Cut(number, taken) => {
                let at = self.seat(*number);
                self.cut(at, *taken);
            }
            Step::Beside(beside) => self.beside(beside),
            Step::Works => self.works(),
            Step::Clock(seconds) => self.test.clock.advance(*seconds),
            Step::Ends(end) => self.ends(*end, None),
            Step::EndsAt(calls, end) => {
                let call = self.disk.calls() + u64::from(*calls);
                self.disk = self.disk.clone().with_fault(call, Fault::PowerOff);
                self.ends = Some(*end);
            }
        }
    }

    /// Everything on its way arrives, and every answer.
    fn drains(&mut self, at: usize) {
        while self.seats[at].who.is_some() && !self.seats[at].is_quiet() {
            while !self.seats[at].hears.is_empty() {
                self.seats[at].hears();
            }
            self.arrives(at);
        }
    }

    /// A line is cut: what had arrived is carried out, and its answers reach nobody.
    fn cut(&mut self, at: usize, taken: u8) {
        for _ in 0..taken {
            self.arrives(at);
        }
        let Some(who) = self.seats[at].who.take() else { return };
        self.say(|| format!("{}'s line is cut", who.person));
        self.seats[at] = Seat::of(self.seats[at].person);
        self.carries(&who, &Word::Leave);
    }

    /// A word arrives, and is carried out.
    fn arrives(&mut self, at: usize) {
        let Some(who) = self.seats[at].who.clone() else { return };
        let Some(word) = self.seats[at].says.pop_front() else { return };
        let Some(bytes) = self.carries(&who, &word) else { return };
        let seat = &mut self.seats[at];
        match word {
            Word::Queue | Word::Since(_) => seat.has_acted = false,
            Word::Changes(_) | Word::Show(_) | Word::Keep(..) | Word::TakeUp => {}
            _ => seat.has_acted = true,
        }
        seat.hears.push_back((word, bytes));
    }

    /// What the desk answers; none where the server ended over it.
    fn carries(&mut self, who: &Session, word: &Word) -> Option<Vec<u8>> {
        let before = self.keeping.clone();
        let versions = match word {
            Word::Decide(request) => vec![self.laws.versions(request).unwrap_or_default()],
            Word::Bulk(step) => step.tasks.iter().map(|it| self.laws.version(it.0)).collect(),
            _ => Vec::new(),
        };
        let bytes = self.test.desk().bytes(who, &word.bytes(), Streams::default()).unwrap();
        self.say(|| format!("{}/{}: {}", who.person, who.id.0, told(word, &bytes)));
        self.disk.look_at(true);
        self.notes(who, word, &bytes, &versions);
        self.disk.look_at(false);
        if self.disk.is_off() {
            let under_way = UnderWay { actor: who.person.clone(), before };
            self.ends(self.ends.unwrap_or(End::Killed), Some(under_way));
            return None;
        }
        Some(bytes)
    }

    /// Judges what was answered, and writes it into the book.
    fn notes(&mut self, who: &Session, word: &Word, bytes: &[u8], versions: &[domain::Sequence]) {
        let now = self.test.clock_now();
        // Whatever is said once the power is off reaches nobody.
        let is_off = self.disk.is_off();
        let desk = self.test.desk.as_ref().unwrap();
        let keeping = &mut self.keeping;
        match word {
            Word::Claim(task) => match read::<Claim>(bytes) {
                // Without power it may be kept though nobody is told.
                told if told.is_ok() || (is_off && matches!(told, Err(NotDone::Failed(_)))) => {
                    let until = now + desk.settings.queue.claim;
                    keeping.claimed(*task, who, until, now);
                }
                Err(NotDone::Refused(Refusal::ClaimedBy { holder })) => {
                    assert_eq!(keeping.holder(*task, now), Some(&*holder));
                    assert_ne!(holder, who.person);
                }
                Err(NotDone::Refused(_)) | Ok(_) => {}
                Err(NotDone::Failed(failure)) => panic!("{failure}"),
            },
            Word::Release(task) => {
                keeping.released(*task, who);
                if task.is_none() {
                    keeping.ended(who.id.0);
                }
            }
            Word::GiveUp(task) => {
                let holds = keeping.holder(*task, now) == Some(&who.person);
                let given = read::<door::operations::GiveUp>(bytes);
                assert_eq!(given.is_ok(), holds, "{given:?}");
                if holds {
                    keeping.freed(*task);
                }
            }
            Word::Leave => keeping.ended(who.id.0),
            Word::Keep(place, erased) => {
                let mut place = place.clone();
                // Whatever was said before they heard of it may tell of whoever was erased.
                if let Some(place) = place.as_mut().filter(|_| *erased < self.erased) {
                    (place.filter, place.draft) = (None, None);
                }
                keeping.placed(who, place, now);
            }
            Word::TakeUp => {
                let place = read::<TakeUp>(bytes).expect("where they were");
                let drafted = place.as_ref().is_some_and(|place| place.draft.is_some());
                self.tally.drafts_back += u32::from(drafted);
                keeping.took_up(who, place.as_ref(), now);
            }
            Word::Queue => match read::<Queue>(bytes) {
                Ok(view) => Laws::is_the_queue(&view, desk),
                Err(why) => assert!(is_off, "{why}"),
            },
            Word::Decide(request) => {
                let outcome = read::<Decide>(bytes);
                match &outcome {
                    Ok(_) => self.tally.decided += 1,
                    Err(NotDone::Refused(Refusal::Stale { .. })) => self.tally.stale += 1,
                    Err(NotDone::Refused(Refusal::ClaimedBy { .. })) => self.tally.claimed += 1,
                    Err(_) => {}
                }
                if !is_off {
                    let version = request.task.map(|_| versions[0]);
                    self.laws.decided(who, request, version, &outcome, (desk, keeping, now));
                }
                let comments = matches!(request.action, Action::Comment { .. });
                if let (Ok(_), Some(task), false) = (&outcome, request.task, comments) {
                    keeping.freed(task);
                }
            }
            Word::Bulk(step) => {
                let outcome = read::<DecideSome>(bytes);
                if !is_off {
                    let at = (desk, &*keeping, now);
                    self.laws.decided_some(who, &step.tasks, versions, &outcome, at);
                }
                let results = outcome.into_iter().flat_map(|it| it.results);
                for task in results.filter(|it| it.decision.is_some()).filter_map(|it| it.task) {
                    keeping.freed(task);
                }
            }
            Word::Changes(_) | Word::Since(_) | Word::Look(_) | Word::Show(_) => {}
        }
    }

    /// The server ends, and comes again.
    pub(super) fn ends(&mut self, end: End, under_way: Option<UnderWay>) {
        self.ends = None;
        let clean = !self.disk.is_off();
        let head = self.test.desk().reader.head();
        let whole = clean && !Keeper::is_working(self.test.desk());
        self.disk.look_at(true);
        let dump = whole.then(|| self.test.dump());
        self.disk.look_at(false);
        match end {
            End::Rebuilt if clean => {
                self.disk.mend();
                self.test.rebuild();
            }
            end => {
                self.disk = match end {
                    End::PowerCut(seed) => self.disk.crash(seed),
                    End::Killed | End::Rebuilt => self.disk.killed(),
                };
                // What it would do while it closes reaches nothing.
                let old = std::mem::replace(&mut self.test.files, Arc::new(self.disk.clone()));
                self.test.reopen();
                drop(old);
            }
        }
        self.say(|| format!("the server ended ({end:?}) and came again"));
        self.erased = 0;
        for seat in &mut self.seats {
            *seat = Seat::of(seat.person);
        }
        let desk = self.test.desk.as_ref().unwrap();
        let unheard = self.laws.after_end(desk, under_way.as_ref().map(|it| &*it.actor));
        self.tally.unheard += unheard;
        self.tally.ended += 1;
        let erased = self.laws.take_erased();
        if erased {
            self.keeping.erased();
        }
        match end {
            End::PowerCut(_) => self.keeping.after_power_cut(desk),
            _ => {
                let mut books = vec![self.keeping.clone()];
                books.extend(under_way.map(|it| it.before).filter(|_| !erased));
                // An erasure that came to nothing may have dropped what was begun.
                let dropped = books.iter().cloned().map(|mut book| {
                    book.erased();
                    book
                });
                let dropped: Vec<Keeping> = dropped.collect();
                books.extend(dropped.into_iter().filter(|_| !clean));
                self.keeping.after_kill(&books, desk);
            }
        }
        // Opening may complete something; else the store is what the ledger makes of it.
        if let Some(dump) = dump.filter(|_| desk.reader.head() == head) {
            assert!(self.test.dump() == dump, "the store is not what the ledger says");
        }
    }

    /// Decides and takes it back: everything is as it was.
    fn there_and_back(&mut self, at: usize, wish: &Wish) {
        let Some(who) = self.seats[at].who.clone() else { return };
        let before = self.sight();
        for word in self.seats[at].wishes(wish) {
            let Some(bytes) = self.carries(&who, &word) else { return };
            let Ok(receipt) = read::<Decide>(&bytes) else { return };
            let undo = Word::Decide(undo_request(receipt.decision, false).into());
            let Some(bytes) = self.carries(&who, &undo) else { return };
            read::<Decide>(&bytes).expect("what was just decided can be undone");
            super::super::walk::same(&self.sight(), &before, "undone at once");
            self.seats[at].has_acted = true;
        }
    }

    fn sight(&mut self) -> (Vec<String>, Vec<String>) {
        self.disk.look_at(true);
        let sight = (self.test.picture(), self.test.pending_picture());
        self.disk.look_at(false);
        sight
    }

    /// After each step.
    fn checks(&mut self) {
        if self.disk.is_off() {
            self.ends(self.ends.unwrap_or(End::Killed), None);
        }
        self.disk.look_at(true);
        let desk = self.test.desk.as_ref().unwrap();
        let made = self.laws.read(desk);
        assert!(made.is_empty(), "nobody asked for {made:?}");
        if self.laws.take_erased() {
            self.keeping.erased();
            self.erased += 1;
            self.tally.erased += 1;
        }
        self.keeping.check(desk);
        for at in 0..self.seats.len() {
            self.misses_nothing(at);
        }
        self.disk.look_at(false);
    }

    /// Whoever is told nothing has missed nothing.
    fn misses_nothing(&mut self, at: usize) {
        let seat = &self.seats[at];
        let Some(who) = seat.who.clone().filter(|_| seat.is_quiet() && !seat.has_acted) else {
            return;
        };
        let working = Keeper::is_working(self.test.desk());
        if working || self.test.desk().has_changed(who.id, seat.news) {
            return;
        }
        let Some(known) = seat.rows.clone() else { return };
        let queue = Queue { filter: None, order: Default::default() };
        let Ok(view) = self.test.desk().act(&who, queue, Streams::default()) else { return };
        let sight = |row: &QueueRow| (row.version, row.claimed.clone(), row.looking.clone());
        let now: BTreeMap<_, _> = view.rows.iter().map(|row| (row.task, sight(row))).collect();
        let known: BTreeMap<_, _> = known.values().map(|row| (row.task, sight(row))).collect();
        assert_eq!(known, now, "{}/{} was told nothing, and missed this", who.person, who.id.0);
    }
}
