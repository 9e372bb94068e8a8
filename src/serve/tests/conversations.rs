//! Clients of ours: what they ask is answered, whatever else happens.

use std::io::{self, Cursor, Read, Write};
use std::sync::atomic::Ordering;
use std::sync::mpsc::{channel, sync_channel};
use std::sync::{Arc, Mutex};

use super::desk::pattern;
use super::{Client, Served, who};
use crate::{Control, ControlAnswer, News};
use domain::SourceName;
use door::operations::{CsvForm, Destination, Export, Grants, Import, Rules, Watch};
use door::{FailureClass, Input, NotDone, Operation, Outcome, Streams};

fn ask<O: Operation>(client: &Client, operation: O) -> Outcome<O::Answer> {
    client.door().ask(&who(), operation, Streams::default())
}

fn said<A>(outcome: Outcome<A>) -> String {
    outcome.err().map_or_else(String::new, |it| it.to_string())
}

fn import(client: &Client, input: Input) -> String {
    let import = Import::of(SourceName::new("crm"), "crm.csv");
    said(client.door().ask(&who(), import, Streams::of(input)))
}

fn export(bytes: usize) -> Export {
    Export {
        dataset: bytes.to_string(),
        format: "csv".to_owned(),
        since: None,
        at: None,
        filter: None,
        with_golden: false,
        used_for: None,
        csv: CsvForm::default(),
        destination: Destination { name: "-".to_owned(), folder: None },
        dry_run: false,
    }
}

/// An output that is looked at later.
#[derive(Clone, Default)]
struct Written(Arc<Mutex<Vec<u8>>>);

impl Write for Written {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn who_asks_is_told_as_the_person_that_the_server_knows() {
    let served = Served::begin();
    let (one, other) = (served.client("tasks"), served.client("tasks"));
    assert_eq!(ask(&one, Rules {}), Ok(vec![]));
    assert_eq!(said(ask(&one, Grants {})), format!("kim {} Socket", one.session));
    assert_eq!(said(ask(&other, Grants {})), format!("kim {} Socket", other.session));
    assert_ne!(one.session, other.session);
    let session = one.session;
    drop(one);
    served.desk.has_left(session);
    assert_eq!(ask(&other, Rules {}), Ok(vec![]));
}

#[test]
fn answers_come_in_any_order() {
    let served = Served::begin();
    let client = served.client("review");
    let (sender, told) = channel();
    for number in 0..20 {
        let sender = sender.clone();
        client.door().ask_then(&who(), Watch::default(), Streams::default(), move |outcome| {
            sender.send((number, said(outcome))).unwrap();
        });
    }
    assert_eq!(ask(&client, Rules {}), Ok(vec![]), "it does not wait behind them");
    served.desk.tell_news(20);
    let mut order: Vec<(u32, String)> = told.iter().take(20).collect();
    assert_eq!(order[0], (19, "news".to_owned()), "as the desk told them");
    order.sort_unstable();
    assert!(order.iter().enumerate().all(|(at, (number, _))| at == *number as usize));
}

#[test]
fn more_than_may_be_under_way_is_told_at_once() {
    let served = Served::begin();
    let client = served.client("review");
    let (sender, told) = channel();
    for _ in 0..=crate::UNDER_WAY {
        let sender = sender.clone();
        client.door().ask_then(&who(), Watch::default(), Streams::default(), move |outcome| {
            sender.send(said(outcome)).unwrap();
        });
    }
    assert!(told.recv().unwrap().starts_with("too many requests are under way"));
    served.desk.tell_news(crate::UNDER_WAY);
    assert_eq!(told.iter().take(crate::UNDER_WAY).filter(|it| it == "news").count(), 64);
    assert_eq!(ask(&client, Rules {}), Ok(vec![]));
}

#[test]
fn a_file_comes_whole_whatever_it_is() {
    let served = Served::begin();
    let client = served.client("import");
    for length in [0, 1, crate::CHUNK, 3 * crate::WINDOW as usize + 17] {
        let file = Input::file(Cursor::new(pattern(length)));
        assert_eq!(import(&client, file), format!("{length} true true"));
        let stream = Input::stream(Cursor::new(pattern(length)));
        assert_eq!(import(&client, stream), format!("{length} true true"));
    }
}

/// Gives what there is and then fails, or goes on only once it is told to.
struct Halting {
    left: usize,
    then: Box<dyn FnMut() -> io::Result<usize> + Send>,
}

impl Read for Halting {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.left == 0 {
            return (self.then)();
        }
        let taken = self.left.min(buffer.len());
        self.left -= taken;
        Ok(taken)
    }
}

#[test]
fn a_file_that_breaks_off_never_reaches_the_desk() {
    let served = Served::begin();
    let client = served.client("import");
    let then = || Err(io::Error::other("the disk is gone"));
    let halting = Halting { left: 400_000, then: Box::new(then) };
    assert_eq!(
        import(&client, Input::stream(halting)),
        "the input cannot be read: the disk is gone"
    );
    // One whose sender goes in the middle of it, too.
    let leaving = served.client("import");
    let session = leaving.session;
    let (arrived, halts) = sync_channel::<()>(0);
    let (go, gone) = sync_channel::<()>(0);
    let then = move || {
        let _ = arrived.send(());
        // For ever: nobody sends.
        let _ = gone.recv();
        Ok(0)
    };
    let import = Import::of(SourceName::new("crm"), "crm.csv");
    let streams = Streams::reading(Box::new(Halting { left: 400_000, then: Box::new(then) }));
    leaving.door().ask_then(&who(), import, streams, |_| {});
    halts.recv().unwrap();
    assert_eq!(ask(&client, Rules {}), Ok(vec![]), "nobody else waits for it");
    drop(leaving);
    served.desk.has_left(session);
    assert_eq!(served.desk.imports.load(Ordering::SeqCst), 0);
    drop(go);
}

#[test]
fn who_is_told_that_an_export_is_done_has_it() {
    let served = Served::begin();
    let client = served.client("export");
    for length in [0, 1, crate::CHUNK + 1, 5 * crate::WINDOW as usize] {
        let written = Written::default();
        let streams = Streams::writing(Box::new(written.clone()));
        let told = said(client.door().ask(&who(), export(length), streams));
        assert_eq!(told, "written");
        assert!(*written.0.lock().unwrap() == pattern(length), "{length}");
        assert_eq!(Arc::strong_count(&written.0), 1, "nobody writes to it any more");
    }
}

/// Takes some and then no more.
struct Full(usize);

impl Write for Full {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0 = self.0.checked_sub(bytes.len()).ok_or(io::ErrorKind::StorageFull)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn an_export_that_cannot_be_written_here_is_not_told_to_be_done() {
    let served = Served::begin();
    let client = served.client("export");
    for room in [0, 300_000] {
        let streams = Streams::writing(Box::new(Full(room)));
        let told = client.door().ask(&who(), export(400_000), streams);
        let Err(NotDone::Failed(failure)) = told else { panic!("it was not written") };
        assert_eq!(failure.class, FailureClass::Output);
        assert!(failure.message.starts_with("writing the output: "), "{failure}");
    }
    assert_eq!(ask(&client, Rules {}), Ok(vec![]));
}

/// Takes nothing until it is let.
struct Stalled(std::sync::mpsc::Receiver<()>, Written);

impl Write for Stalled {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let _ = self.0.recv();
        self.1.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn who_takes_nothing_keeps_nobody_else_waiting() {
    let served = Served::begin();
    let (slow, other) = (served.client("export"), served.client("tasks"));
    let (go, gone) = sync_channel(0);
    let written = Written::default();
    let streams = Streams::writing(Box::new(Stalled(gone, written.clone())));
    let length = 40 * crate::WINDOW as usize;
    let (sender, told) = channel();
    slow.door().ask_then(&who(), export(length), streams, move |outcome| {
        sender.send(said(outcome)).unwrap();
    });
    assert_eq!(served.desk.exported(), "written", "the desk has done its part");
    assert_eq!(ask(&other, Rules {}), Ok(vec![]));
    assert!(told.try_recv().is_err());
    drop(go);
    assert_eq!(told.recv().unwrap(), "written");
    assert!(*written.0.lock().unwrap() == pattern(length));
}

#[test]
fn who_leaves_while_something_is_written_is_told_to_the_writer() {
    let served = Served::begin();
    let slow = served.client("export");
    let session = slow.session;
    let (go, gone) = sync_channel::<()>(0);
    let streams = Streams::writing(Box::new(Stalled(gone, Written::default())));
    slow.door().ask_then(&who(), export(1), streams, |_| {});
    served.desk.exported();
    drop(slow);
    served.desk.has_left(session);
    drop(go);
}

#[test]
fn sessions_are_listed_spoken_to_and_ended() {
    let served = Served::begin();
    let (one, other) = (served.client("review"), served.client("wall\u{1b}[2J"));
    let (hears, here) = channel();
    let ear = move |from: Option<&str>, text: &str| {
        hears.send(format!("{from:?} {text}")).unwrap();
    };
    served.server().enter_here("kim", "review", Box::new(ear));
    let Ok(ControlAnswer::Sessions(all)) = other.door.control(Control::Sessions) else {
        panic!("a list")
    };
    let told: Vec<_> = all.iter().map(|it| (it.session, &*it.doing)).collect();
    assert_eq!(told, [(0, "review"), (one.session, "review"), (other.session, "wall[2J")]);
    assert!(all.iter().all(|it| it.process == Some(std::process::id()) && it.person == "kim"));

    let text = "backup at noon".to_owned();
    let done = other.door.control(Control::Wall { text: text.clone() });
    assert_eq!(done, Ok(ControlAnswer::Done(3)));
    let notice = News::Notice { from: Some("kim".to_owned()), text };
    assert_eq!(one.heard.recv().unwrap(), notice);
    assert_eq!(here.recv().unwrap(), "Some(\"kim\") backup at noon");
    let long = Control::Wall { text: "x".repeat(501) };
    assert!(matches!(other.door.control(long), Ok(ControlAnswer::Refused(_))));

    let end = |session| other.door.control(Control::EndSession { session });
    for (session, why) in [
        (0, "holds the workspace"),
        (other.session, "this session itself"),
        (99, "there is no session 99"),
    ] {
        let Ok(ControlAnswer::Refused(told)) = end(session) else { panic!("{session} ended") };
        assert!(told.contains(why), "{told}");
    }
    assert_eq!(end(one.session), Ok(ControlAnswer::Done(1)));
    let why = "kim ended this session".to_owned();
    assert_eq!(one.heard.recv().unwrap(), News::Ended { why: why.clone() });
    assert_eq!(said(ask(&one, Rules {})), why);
    let Ok(ControlAnswer::Sessions(all)) = other.door.control(Control::Sessions) else {
        panic!("a list")
    };
    assert_eq!(all.len(), 2);
}

#[test]
fn a_server_that_stops_answers_what_is_under_way_says_why_and_takes_its_socket_away() {
    let mut served = Served::begin();
    let client = served.client("export");
    let (sender, told) = channel();
    let waits = sender.clone();
    client.door().ask_then(&who(), Watch::default(), Streams::default(), move |outcome| {
        waits.send(said(outcome)).unwrap();
    });
    let written = Written::default();
    let streams = Streams::writing(Box::new(written.clone()));
    client.door().ask_then(&who(), export(400_000), streams, move |outcome| {
        sender.send(said(outcome)).unwrap();
    });
    served.desk.exported();
    served.stop("the machine is going down");
    assert!(!served.path().exists());
    let mut all = [told.recv().unwrap(), told.recv().unwrap()];
    all.sort_unstable();
    // Who only waits for news is told that none will come.
    assert_eq!(all, ["the machine is going down", "written"]);
    assert!(*written.0.lock().unwrap() == pattern(400_000));
    let why = "the machine is going down".to_owned();
    assert_eq!(client.heard.recv().unwrap(), News::Ended { why });
    assert_eq!(said(ask(&client, Rules {})), "the machine is going down");
}
