//! Two people in a workspace that is served, over its socket: what one does the other is told, and nothing
//! is decided twice.

use std::sync::Barrier;
use std::sync::mpsc::sync_channel;
use std::time::Duration;

use domain::{TaskId, Until};
use door::operations::{
    Changes, Claim, Decide, GiveUp, KeepPlace, LookAt, QueueRows, ShowTask, TakeUp,
};
use door::views::{OthersView, Place};
use door::{Action, Door, NotDone, Operation, Outcome, Refusal, Request, Session, Streams};
use jiff::tz::TimeZone;
use serve::{Attached, Guest, SocketDoor};

use crate::people::{FATHER, SON, crowd_and};
use crate::serve::Served;
use crate::workspace::{Workspace, text};

/// A person at the socket.
struct Person {
    door: SocketDoor,
    who: Session,
}

impl Person {
    /// Lets the user of this process in under that name, once: who is admitted is read for each who comes.
    fn comes(served: &Served<'_>, name: &str) -> Person {
        served.admit(name);
        let version = env!("CARGO_PKG_VERSION").to_owned();
        let guest =
            Guest { version, doing: "review".to_owned(), zone: "UTC".to_owned(), ticket: None };
        let attached = serve::attach(&served.socket(), &guest, |_| {}).unwrap().unwrap();
        let Attached { door, person, .. } = attached;
        assert_eq!(person, name);
        Person { door, who: Session::local(person, TimeZone::UTC) }
    }

    fn asks<O: Operation>(&self, operation: O) -> Outcome<O::Answer> {
        (&self.door as &dyn Door).ask(&self.who, operation, Streams::default())
    }

    /// Puts a task off as it was seen.
    fn decides(&self, task: TaskId, seen: domain::Sequence) -> Outcome<door::Receipt> {
        let request = Request::new(Action::Defer { until: Until::DataChanges });
        self.asks(Decide { request: request.for_task(task, seen) })
    }

    fn sees(&self, task: TaskId) -> domain::Sequence {
        self.asks(ShowTask { task, unmask: false }).unwrap().version
    }
}

fn a_task(workspace: &Workspace) -> TaskId {
    workspace.done(&["task", "crm:1", "shop:2", "--note", "one?"]);
    let tasks = workspace.done(&["tasks", "--json"]).objects();
    tasks.last().unwrap()["id"].as_str().unwrap().parse().unwrap()
}

#[test]
fn what_one_person_does_the_other_is_told_at_once() {
    let workspace = crowd_and(&[FATHER], &[SON]);
    let task = a_task(&workspace);
    let served = Served::begin(&workspace, &[]);
    let novak = Person::comes(&served, "novak");
    let sam = Person::comes(&served, "sam");
    let mut known = 0;
    // What sam does, and that novak hears of it before a wait would end by itself.
    let mut hears = |what: &mut dyn FnMut()| {
        let (told, answered) = sync_channel(1);
        let door: &dyn Door = &novak.door;
        door.ask_then(&novak.who, Changes { since: known }, Streams::default(), move |outcome| {
            told.send(outcome.unwrap()).unwrap();
        });
        what();
        known = answered.recv_timeout(Duration::from_secs(20)).expect("it is told").at;
    };
    let row = || novak.asks(QueueRows { tasks: vec![task] }).unwrap().remove(0);
    hears(&mut || drop(sam.asks(LookAt { task: Some(task), seen: None }).unwrap()));
    assert_eq!(row().looking, ["sam"]);
    hears(&mut || drop(sam.asks(Claim { task }).unwrap()));
    assert_eq!(row().claimed.as_deref(), Some("sam"));
    let seen = novak.sees(task);
    let held = || NotDone::Refused(Refusal::ClaimedBy { holder: "sam".to_owned() });
    assert_eq!(novak.decides(task, seen).unwrap_err(), held());
    // Cut off, sam looks at nothing any more, and what sam has claimed stays sam's for its time.
    let Person { door, .. } = sam;
    let mut door = Some(door);
    hears(&mut || drop(door.take()));
    assert!(row().looking.is_empty());
    assert_eq!(novak.decides(task, seen).unwrap_err(), held());
    let sam = Person::comes(&served, "sam");
    hears(&mut || drop(sam.asks(GiveUp { task }).unwrap()));
    novak.decides(task, seen).unwrap();
    let told: OthersView = sam.asks(LookAt { task: Some(task), seen: Some(seen) }).unwrap();
    assert!(told.since.iter().any(|line| line.contains("by novak")), "{told:?}");
    let late = sam.decides(task, seen).unwrap_err();
    assert!(late.to_string().contains("by novak"), "{late}");
    served.stop();
    workspace.verified();
}

#[test]
fn a_claim_is_released_and_a_task_assigned_from_the_command_line() {
    let workspace = crowd_and(&[FATHER], &[SON]);
    let task = a_task(&workspace);
    let name = task.to_string();
    let alone = workspace.refused(&["release", &name]);
    assert_eq!(alone["error"], format!("you have not claimed {name}"));
    let served = Served::begin(&workspace, &[]);
    let novak = Person::comes(&served, "novak");
    novak.asks(Claim { task }).unwrap();
    assert_eq!(workspace.done(&["release", &name]).out, format!("released {name}\n"));
    served.admit("sam");
    novak.asks(Claim { task }).unwrap();
    let held = workspace.refused(&["release", &name]);
    assert_eq!(held["error"], "novak is working on it");
    let listed = workspace.done(&["tasks"]).out;
    assert!(listed.contains(", claimed by novak"), "{listed}");
    let listed = workspace.done(&["tasks", "--where", "assignee = novak", "--json"]).objects();
    assert_eq!(listed.len(), 1, "{listed:?}");
    assert_eq!(workspace.refused(&["assign", &name, "sam"])["error"], "novak is working on it");
    novak.asks(GiveUp { task }).unwrap();
    workspace.done(&["assign", &name, "sam", "--note", "you know them", "--dry-run"]);
    workspace.done(&["assign", &name, "sam", "--note", "you know them"]);
    let mine = workspace.done(&["tasks", "--where", "mine = yes", "--json"]).objects();
    assert_eq!((mine.len(), &mine[0]["to"]), (1, &serde_json::json!("sam")), "{mine:?}");
    served.stop();
    workspace.verified();
}

#[test]
fn a_claim_and_a_place_outlive_a_server_that_is_killed() {
    let workspace = crowd_and(&[FATHER], &[SON]);
    let task = a_task(&workspace);
    let place = || Place { open: Some(task), ..Place::default() };
    let served = Served::begin(&workspace, &[]);
    let novak = Person::comes(&served, "novak");
    let seen = novak.sees(task);
    novak.asks(Claim { task }).unwrap();
    novak.asks(KeepPlace { place: Some(place()), erased: 0 }).unwrap();
    // Killed, between the claim and the decision.
    drop(served);
    let served = Served::begin(&workspace, &[]);
    let sam = Person::comes(&served, "sam");
    let held = NotDone::Refused(Refusal::ClaimedBy { holder: "novak".to_owned() });
    assert_eq!(sam.decides(task, seen).unwrap_err(), held);
    assert_eq!(sam.asks(TakeUp {}).unwrap(), None);
    let novak = Person::comes(&served, "novak");
    assert_eq!(novak.asks(TakeUp {}).unwrap(), Some(place()));
    novak.decides(task, seen).unwrap();
    let late = sam.decides(task, seen).unwrap_err();
    assert!(late.to_string().contains("by novak"), "{late}");
    served.stop();
    workspace.verified();
}

#[test]
fn who_was_added_to_settings_with_errors_is_told_of_the_errors() {
    let workspace = crowd_and(&[FATHER], &[SON]);
    let served = Served::begin(&workspace, &[]);
    served.admit("novak");
    workspace.done(&["tasks"]);
    let toml = std::fs::read_to_string(workspace.path("steward.toml")).unwrap();
    let other = toml.replace("unix = \"", "unix = \"9");
    workspace.write("steward.toml", &other);
    let refused = workspace.refused(&["tasks"]);
    assert!(text(&refused, "error").contains("nobody in [people.*]"), "{refused}");
    workspace.write("steward.toml", &format!("{toml}\n[people.sam\n"));
    let refused = workspace.refused(&["tasks"]);
    assert!(text(&refused, "error").starts_with("steward.toml has errors"), "{refused}");
    workspace.write("steward.toml", &toml);
    workspace.done(&["tasks"]);
    served.stop();
}

#[test]
fn a_comment_is_made_shown_withdrawn_and_given_to_whom_it_is_about() {
    let workspace = crowd_and(&[FATHER], &[SON]);
    let task = a_task(&workspace);
    let name = task.to_string();
    let dry = workspace.done(&["comment", &name, "called", "twice", "--dry-run"]);
    assert!(dry.out.contains("commented on C"), "{}", dry.out);
    let made = workspace.done(&["comment", &name, "called", "twice", "--json"]).objects().remove(0);
    workspace.done(&["comment", "crm:1", "prefers letters"]);
    let shown = workspace.show(&name);
    let comments = shown["comments"].as_array().unwrap();
    assert_eq!(comments.len(), 2, "{shown}");
    assert_eq!(comments[0]["text"], "called twice");
    let told = workspace.done(&["show", &name]).out;
    assert!(told.contains("called twice") && told.contains("prefers letters"), "{told}");
    let report = workspace.done(&["subject", "crm:1"]).out;
    // About two people, so that nobody but a person can say of whom the words are.
    assert!(report.contains("prefers letters") && !report.contains("called twice"), "{report}");
    workspace.done(&["undo", made["decision"].as_str().unwrap()]);
    assert_eq!(workspace.show(&name)["comments"].as_array().unwrap().len(), 1);
    assert!(workspace.done(&["history", &name]).out.contains("called twice"));
    let refused = workspace.refused(&["comment", &name, " "]);
    assert_eq!(refused["error"], "a comment needs text");
    workspace.verified();
}

#[test]
fn of_two_who_decide_at_once_one_is_refused() {
    let workspace = crowd_and(&[FATHER], &[SON]);
    let task = a_task(&workspace);
    let before = workspace.rows("decisions").len();
    let served = Served::begin(&workspace, &[]);
    let people = [Person::comes(&served, "novak"), Person::comes(&served, "sam")];
    let rounds = 40;
    for _ in 0..rounds {
        let (seen, at_once) = (people[0].sees(task), Barrier::new(2));
        let outcomes: Vec<Outcome<door::Receipt>> = std::thread::scope(|scope| {
            let both = people.each_ref().map(|person| {
                let at_once = &at_once;
                scope.spawn(move || {
                    at_once.wait();
                    person.decides(task, seen)
                })
            });
            both.into_iter().map(|one| one.join().unwrap()).collect()
        });
        let stale = |it: &&Outcome<_>| matches!(it, Err(NotDone::Refused(Refusal::Stale { .. })));
        assert_eq!(outcomes.iter().filter(|it| it.is_ok()).count(), 1, "{outcomes:?}");
        assert_eq!(outcomes.iter().filter(stale).count(), 1, "{outcomes:?}");
    }
    served.stop();
    assert_eq!(workspace.rows("decisions").len(), before + rounds);
    workspace.verified();
}
