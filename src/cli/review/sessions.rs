//! Many reviews in one process, each over a byte pipe to a terminal of its own, against one real desk.

use std::future::pending;
use std::io::{self, Cursor, Write};
use std::num::NonZeroU16;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use jiff::Timestamp;
use jiff::tz::TimeZone;
use tempfile::TempDir;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::task::{JoinHandle, LocalSet};

use crate::cli::entry::Entry;
use desk::{Databases, Desk, Environment, Formats, Workspace};
use domain::{QueueOrder, SourceName, TaskId};
use door::operations::{About, Claim, CsvForm, Destination, Export, GiveUp, Import, Match};
use door::{Door, DoorHandle, Operation, Session, SessionId, Streams};
use ledger::ports::clock::SimulatedClock;
use ledger::ports::files::SystemFiles;
use ledger::ports::randomness::SimulatedRandomness;
use ledger::ports::secrets::SimulatedSecrets;
use tui::{Colour, Ended, Glyphs, Heard, Keymap, Line, Opened, Options, Size, TuiError};

const SETTINGS: &str = "[workspace]\nname = \"sessions\"\nregion = \"US\"\n\
    [fields.given]\ntype = \"given_name\"\n[fields.family]\ntype = \"family_name\"\n\
    [fields.city]\ntype = \"city\"\n[fields.phone]\ntype = \"phone\"\n\
    [[rules]]\nid = \"city\"\nfield = \"city\"\ncheck = \"required\"\nseverity = \"warn\"\n\
    [sources.crm]\nkey = \"id\"\n\
    map = { given = \"given\", family = \"family\", city = \"city\", phone = \"phone\" }\n";

/// Three pairs of which nobody can be sure, and others.
const PEOPLE: &str = "id,given,family,city,phone\n\
    1,Anna,Harker,Boston,617 555 0100\n2,Hanna,Harker,Boston,617 555 0100\n\
    3,Robert,Quill,Boston,617 555 0101\n4,Rupert,Quill,Boston,617 555 0101\n\
    5,Catherine,Rowntree,Boston,617 555 0102\n6,Carolyn,Rowntree,Boston,617 555 0102\n\
    7,William,Stavely,Boston,617 555 0103\n8,Wilfred,Stavely,Boston,617 555 0103\n\
    9,Margaret,Tolliver,Boston,617 555 0104\n10,Martha,Tolliver,Boston,617 555 0104\n\
    11,Elizabeth,Umber,Boston,617 555 0105\n12,Elise,Umber,Boston,617 555 0105\n";

fn now() -> Timestamp {
    "2026-03-01T09:00:00Z".parse().unwrap()
}

/// A workspace with open tasks, in which it is always the same moment.
fn desk(folder: &TempDir) -> Desk {
    std::fs::write(folder.path().join("steward.toml"), SETTINGS).unwrap();
    let environment = Environment {
        clock: Arc::new(SimulatedClock::at(now())),
        randomness: Arc::new(SimulatedRandomness::seeded(7)),
        files: Arc::new(SystemFiles),
        secrets: Arc::new(SimulatedSecrets::in_folder(folder.path().join("keys"))),
        databases: Databases::InMemory,
        actor: "kim".to_owned(),
        register: None,
        formats: Formats::default(),
    };
    let entry = Entry::of(Desk::create(Workspace::at(folder.path()), environment).unwrap());
    let import = Import::of(SourceName::new("crm"), "crm.csv");
    let content = Streams::of_file(Cursor::new(PEOPLE.as_bytes()));
    entry.run(import, content, &mut |_| true).unwrap();
    entry.run(Match::default(), Streams::default(), &mut |_| true).unwrap();
    entry.into_desk().unwrap()
}

/// The session's end of a pipe.
struct Pipe {
    size: Size,
    heard: UnboundedReceiver<Heard>,
    screen: Arc<Mutex<vt100::Parser>>,
    sent: Arc<AtomicUsize>,
}

impl Line for Pipe {
    fn size(&self) -> io::Result<Size> {
        Ok(self.size)
    }

    fn send(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.screen.lock().unwrap().process(bytes);
        self.sent.fetch_add(1, Ordering::SeqCst);
        Ok(())
    }

    async fn heard(&mut self, takes_bytes: bool) -> io::Result<Heard> {
        match takes_bytes {
            true => Ok(self.heard.recv().await.unwrap_or(Heard::Ended)),
            false => pending().await,
        }
    }

    fn heard_already(&mut self) -> Option<Heard> {
        self.heard.try_recv().ok()
    }
}

/// A person's end of it.
struct Terminal {
    keys: UnboundedSender<Heard>,
    screen: Arc<Mutex<vt100::Parser>>,
    /// How often something was sent to it.
    sent: Arc<AtomicUsize>,
    session: JoinHandle<Result<Ended, TuiError>>,
}

/// Who sits there, and how their terminal is.
#[derive(Clone, Copy)]
struct Seat {
    number: u64,
    size: (u16, u16),
    colour: Colour,
    glyphs: Glyphs,
}

impl Seat {
    fn of(number: u64) -> Seat {
        let at = u16::try_from(number).unwrap();
        Seat {
            number,
            size: (80 + 7 * (at % 9), 23 + 3 * (at % 7)),
            colour: [Colour::Full, Colour::Sixteen, Colour::None][usize::from(at % 3)],
            glyphs: if at % 2 == 0 { Glyphs::Utf8 } else { Glyphs::Ascii },
        }
    }

    /// Sits down before the queue, or that task.
    fn sit(self, desk: &DoorHandle, start: Option<TaskId>) -> Terminal {
        self.sit_before(b"", desk, start)
    }

    /// The same, at a terminal that was sent that before.
    fn sit_before(self, before: &[u8], desk: &DoorHandle, start: Option<TaskId>) -> Terminal {
        let who = Session {
            id: SessionId(self.number + 1),
            ..Session::local(format!("person-{}", self.number), TimeZone::UTC)
        };
        let (width, height) = self.size;
        let [rows, columns] = [height, width].map(|it| NonZeroU16::new(it).unwrap());
        let mut parser = vt100::Parser::new(rows, columns, 0);
        parser.process(before);
        let screen = Arc::new(Mutex::new(parser));
        let (keys, heard) = unbounded_channel();
        let sent = Arc::new(AtomicUsize::new(0));
        let pipe = Pipe {
            size: Size { width, height },
            heard,
            screen: Arc::clone(&screen),
            sent: Arc::clone(&sent),
        };
        let options = Options {
            who,
            open_file: super::open_file,
            views: Vec::new(),
            change_view: |_, _| Ok(()),
            home: None,
            own_files: true,
            clock: now,
            colour: self.colour,
            glyphs: self.glyphs,
            workspace: "sessions".to_owned(),
            keys: Keymap::default(),
            far: false,
            notice: None,
        };
        let (opener, opening) = tui::opening();
        opener.opened(Opened { start, order: QueueOrder::default(), notes: Vec::new() });
        let session = tui::live(pipe, Box::new(desk.clone()), opening, options);
        Terminal { keys, screen, sent, session: tokio::task::spawn_local(session) }
    }
}

impl Terminal {
    fn shows(&self) -> String {
        self.screen.lock().unwrap().screen().contents()
    }

    /// Waits until that is on the screen.
    async fn sees(&self, text: &str) {
        self.waits_for(text, true).await;
    }

    /// Waits until that is on the screen no more.
    async fn sees_no_more(&self, text: &str) {
        self.waits_for(text, false).await;
    }

    async fn waits_for(&self, text: &str, is_there: bool) {
        let began = Instant::now();
        while self.shows().contains(text) != is_there {
            assert!(began.elapsed() < Duration::from_secs(20), "{text}:\n{}", self.shows());
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    }

    /// How often something was sent to it.
    fn sent(&self) -> usize {
        self.sent.load(Ordering::SeqCst)
    }

    fn press(&self, keys: &str) {
        self.keys.send(Heard::Bytes(keys.as_bytes().to_vec(), Instant::now())).unwrap();
    }

    /// Waits until nothing is on its way to the screen any more.
    async fn rests(&self, desk: &DoorHandle) {
        let mut rested = 0;
        while rested < 4 {
            let before = self.frame();
            // Whatever was asked before this is answered by then.
            let (told, answered) = tokio::sync::oneshot::channel();
            let (who, streams) = (Session::local("kim", TimeZone::UTC), Streams::default());
            let door: &dyn Door = desk;
            door.ask_then(&who, About {}, streams, move |_| {
                let _ = told.send(());
            });
            answered.await.unwrap();
            tokio::time::sleep(Duration::from_millis(5)).await;
            rested = if self.frame() == before { rested + 1 } else { 0 };
        }
    }

    /// What stands on the screen, cell by cell, with colours.
    fn frame(&self) -> Vec<String> {
        let parser = self.screen.lock().unwrap();
        let (rows, columns) = parser.screen().size();
        let cell = |row: u16, column: u16| {
            let cell = parser.screen().cell(row, column).unwrap();
            let text = if cell.has_contents() { cell.contents() } else { " " };
            let pen = (cell.fgcolor(), cell.bgcolor(), cell.bold(), cell.inverse());
            format!(
                "{text}{}",
                if text == " " && !cell.inverse() { String::new() } else { format!("{pen:?}") }
            )
        };
        (0..rows.get())
            .map(|row| (0..columns.get()).map(|column| cell(row, column)).collect())
            .collect()
    }

    async fn leave(self) {
        self.keys.send(Heard::Ended).unwrap();
        assert_eq!(self.session.await.unwrap().unwrap(), Ended::Left);
    }
}

/// What each looks at, and what then is on the screen. Nothing of it claims or decides.
const LOOKS: [&[(&str, &str)]; 7] = [
    &[("jj", "Quill")],
    &[("gd", "dashboard"), ("\x1b", "Harker")],
    &[("gr", "1 rule")],
    &[("gi", "crm.csv")],
    &[("?", "open the task")],
    &[("/umber", "Umber")],
    &[("gd", "dashboard"), ("gi", "crm.csv"), ("gr", "1 rule")],
];

/// The last frame of somebody who looks around.
async fn looks(desk: &DoorHandle, number: u64) -> Vec<String> {
    let terminal = Seat::of(number).sit(desk, None);
    terminal.sees("Harker").await;
    for (keys, shown) in LOOKS[usize::try_from(number).unwrap() % LOOKS.len()] {
        terminal.press(keys);
        terminal.sees(shown).await;
    }
    terminal.rests(desk).await;
    let frame = terminal.frame();
    terminal.leave().await;
    frame
}

fn in_one_thread<T>(what: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    LocalSet::new().block_on(&runtime, what)
}

/// Keeps a desk for whoever asks; gives it back when nobody does any more.
fn kept<T>(folder: &TempDir, what: impl FnOnce(&DoorHandle) -> T) -> T {
    let mut desk = desk(folder);
    desk.start_finder().unwrap();
    let (handle, thread) = DoorHandle::open(move || Ok::<_, io::Error>(desk)).unwrap();
    let result = what(&handle);
    drop(handle);
    thread.join().unwrap().unwrap();
    result
}

#[test]
fn twenty_reviews_at_once_show_what_each_shows_alone() {
    // A workspace each: where somebody was is kept, and a second session would go on there.
    let alone: Vec<_> = kept(&TempDir::new().unwrap(), |desk| {
        (0..20).map(|number| in_one_thread(looks(desk, number))).collect()
    });
    let together = kept(&TempDir::new().unwrap(), |desk| {
        in_one_thread(async {
            let all = (0..20).map(|number| {
                let desk = desk.clone();
                tokio::task::spawn_local(async move { looks(&desk, number).await })
            });
            let mut shown = Vec::new();
            for one in all.collect::<Vec<_>>() {
                shown.push(one.await.unwrap());
            }
            shown
        })
    });
    assert_eq!(alone.len(), together.len());
    for (number, (alone, together)) in alone.iter().zip(&together).enumerate() {
        assert_eq!(alone, together, "person-{number}");
    }
}

/// A place to write to that can be looked at.
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

/// What a workspace holds, in no order; of decisions what they say and not which came first.
fn content(desk: &DoorHandle) -> Vec<String> {
    let who = Session::local("kim", TimeZone::UTC);
    let mut rows = Vec::new();
    for dataset in ["golden", "xref", "decisions", "tasks"] {
        let written = Written::default();
        let export = Export {
            dataset: dataset.to_owned(),
            format: "csv".to_owned(),
            since: None,
            at: None,
            filter: None,
            with_golden: false,
            used_for: None,
            csv: CsvForm::default(),
            destination: Destination { name: "-".to_owned(), folder: None },
            dry_run: false,
        };
        let door: &dyn Door = desk;
        let streams = Streams::writing(Box::new(written.clone()));
        door.run(&who, export, streams, &mut |_| true).unwrap();
        let bytes = written.0.lock().unwrap().clone();
        for row in csv::Reader::from_reader(bytes.as_slice()).records() {
            let is_number =
                |cell: &&str| cell.strip_prefix('D').is_some_and(|it| it.parse::<u64>().is_ok());
            let row = row.unwrap();
            let cells: Vec<_> = row.iter().filter(|cell| !is_number(cell)).collect();
            rows.push(format!("{dataset}: {}", cells.join("|")));
        }
    }
    rows.sort();
    rows
}

/// Begins with that task, which is about that family, and says that they are one.
async fn merges(desk: &DoorHandle, number: u64, (task, family): (u32, &str)) {
    let seat = Seat { size: (80, 23), ..Seat::of(number) };
    let terminal = seat.sit(desk, Some(TaskId(task)));
    terminal.sees(family).await;
    terminal.sees("m merge").await;
    // Keys that decide count only once the task has been on the screen for a moment.
    tokio::time::sleep(Duration::from_millis(400)).await;
    terminal.press("m");
    terminal.sees("2 records, into").await;
    terminal.leave().await;
}

const QUILL: (u32, &str) = (2, "Quill");
const UMBER: (u32, &str) = (3, "Umber");

#[test]
fn two_people_who_decide_at_once_leave_what_they_leave_one_after_the_other() {
    let in_turn = TempDir::new().unwrap();
    let in_turn = kept(&in_turn, |desk| {
        in_one_thread(merges(desk, 0, QUILL));
        in_one_thread(merges(desk, 1, UMBER));
        content(desk)
    });
    let at_once = TempDir::new().unwrap();
    let at_once = kept(&at_once, |desk| {
        in_one_thread(async {
            let of = |number, task| {
                let desk = desk.clone();
                tokio::task::spawn_local(async move { merges(&desk, number, task).await })
            };
            let both = [of(0, QUILL), of(1, UMBER)];
            for one in both {
                one.await.unwrap();
            }
        });
        content(desk)
    });
    assert_eq!(in_turn, at_once);
}

/// Asks, while the reviews of this thread go on.
async fn asks<O: Operation>(desk: &DoorHandle, who: &Session, operation: O) -> O::Answer {
    let (told, answered) = tokio::sync::oneshot::channel();
    let door: &dyn Door = desk;
    door.ask_then(who, operation, Streams::default(), move |outcome| {
        let _ = told.send(outcome);
    });
    answered.await.unwrap().unwrap()
}

/// A seat of the same size for each.
fn seat(number: u64) -> Seat {
    Seat { size: (80, 23), ..Seat::of(number) }
}

#[test]
fn what_one_does_is_on_the_others_screen_without_a_key() {
    let folder = TempDir::new().unwrap();
    kept(&folder, |desk| {
        in_one_thread(async {
            let sam = seat(0).sit(desk, None);
            sam.sees("Quill").await;
            let kim = seat(1).sit(desk, Some(TaskId(QUILL.0)));
            kim.sees("m merge").await;
            sam.sees("person-1 is looking").await;
            kim.press(" ");
            sam.sees("claimed by person-1").await;
            kim.press("\x1b");
            sam.sees("person-1 is looking").await;
            // Sam opens it as well: each sees the other.
            let also = seat(2).sit(desk, Some(TaskId(QUILL.0)));
            also.sees("person-1 is looking at it").await;
            kim.sees("person-2 is looking at it").await;
            tokio::time::sleep(Duration::from_millis(400)).await;
            kim.press("m");
            kim.sees("2 records, into").await;
            also.sees("decided meanwhile: D1 merged").await;
            sam.sees_no_more("Quill").await;
            // Nobody does anything, and nothing is sent.
            for terminal in [&sam, &kim, &also] {
                terminal.rests(desk).await;
            }
            let before = [sam.sent(), kim.sent(), also.sent()];
            tokio::time::sleep(Duration::from_millis(300)).await;
            assert_eq!([sam.sent(), kim.sent(), also.sent()], before);
            // Cut off, they look at nothing any more.
            also.leave().await;
            kim.leave().await;
            sam.sees_no_more("is looking").await;
            sam.leave().await;
        });
    });
}

#[test]
fn whatever_the_terminal_shows_the_review_stands_on_it_alone() {
    let folder = TempDir::new().unwrap();
    kept(&folder, |desk| {
        in_one_thread(async {
            let sam = seat(0).sit(desk, Some(TaskId(QUILL.0)));
            sam.sees("m merge").await;
            sam.rests(desk).await;
            let alone = sam.frame();
            sam.leave().await;
            // As a line that was cut leaves a terminal without another screen: full, the pen and the cursor anywhere.
            let full = format!("\x1b[1;7;41m{}\x1b[5;5H", "X".repeat(80 * 23));
            let kim = seat(0).sit_before(full.as_bytes(), desk, Some(TaskId(QUILL.0)));
            kim.sees("m merge").await;
            kim.rests(desk).await;
            assert_eq!(kim.frame(), alone);
            // Something else writes there, or it comes back from elsewhere at the size that it had.
            for back in
                [Heard::Bytes(b"\x0c".to_vec(), Instant::now()), Heard::Returned, Heard::Resized]
            {
                kim.screen.lock().unwrap().process(full.as_bytes());
                assert_ne!(kim.frame(), alone);
                kim.keys.send(back.clone()).unwrap();
                kim.sees("m merge").await;
                kim.rests(desk).await;
                assert_eq!(kim.frame(), alone, "{back:?}");
            }
            kim.leave().await;
        });
    });
}

#[test]
fn a_storm_of_changes_is_drawn_a_few_times() {
    let folder = TempDir::new().unwrap();
    kept(&folder, |desk| {
        in_one_thread(async {
            let sam = seat(0).sit(desk, None);
            sam.sees("Quill").await;
            sam.rests(desk).await;
            let (before, began) = (sam.sent(), Instant::now());
            let (kim, task) = (
                Session { id: SessionId(9), ..Session::local("kim", TimeZone::UTC) },
                TaskId(QUILL.0),
            );
            for _ in 0..300 {
                asks(desk, &kim, Claim { task }).await;
                asks(desk, &kim, GiveUp { task }).await;
            }
            asks(desk, &kim, Claim { task }).await;
            sam.sees("claimed by kim").await;
            // Twenty times a second, and for each what is asked then.
            let times = usize::try_from(began.elapsed().as_millis() / 50).unwrap() + 2;
            let drawn = sam.sent() - before;
            assert!(drawn <= 3 * times, "drawn {drawn} times in {:?}", began.elapsed());
            sam.leave().await;
        });
    });
}
