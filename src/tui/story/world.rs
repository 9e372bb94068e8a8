//! The workspace that stories begin in: made once from files, and copied for each of them.

use std::fs;
use std::io::Cursor;
use std::path::Path;
use std::sync::{Arc, LazyLock};

use desk::{Databases, Desk, Environment, Formats, Workspace};
use domain::{SourceName, StreamName};
use door::operations::{Decide, FindRecord, Import, Match};
use door::{Action, Operation, Outcome, Request, Session, SessionId, Streams};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use ledger::ports::clock::SimulatedClock;
use ledger::ports::randomness::SimulatedRandomness;
use ledger::ports::secrets::SimulatedSecrets;
use ledger::ports::simulated_files::SimulatedFiles;
use tempfile::TempDir;

/// The rules of the demo.
pub const SETTINGS: &str = include_str!("../../../sample-data/steward.toml");

/// Where customers come from: source, file, content, and how many rows of it are enough.
const FILES: [(&str, &str, &str, usize); 4] = [
    ("crm", "crm.csv", include_str!("../../../sample-data/crm.csv"), 160),
    ("webshop", "webshop.csv", include_str!("../../../sample-data/webshop.csv"), 120),
    ("crm", "demo-crm.csv", include_str!("../../../sample-data/demo/crm.csv"), usize::MAX),
    (
        "webshop",
        "demo-webshop.csv",
        include_str!("../../../sample-data/demo/webshop.csv"),
        usize::MAX,
    ),
];
/// What the customers of the demo did: its streams, and their files.
pub const STREAMS: &str = include_str!("../../../sample-data/demo/streams.toml");
pub const ORDERS: &str = include_str!("../../../sample-data/demo/orders.csv");
pub const TICKETS: &str = include_str!("../../../sample-data/demo/tickets.csv");
/// What the shop delivers after kim decided.
const LATER: &str = include_str!("../../../sample-data/demo/webshop-later.csv");
/// Whom kim put apart, before the shop's data changed.
const PUT_APART: [&str; 2] = ["crm:demo-8", "webshop:demo-24"];

/// When the workspace is made, and when stories begin.
const NOW: &str = "2026-11-01T08:00:00Z";
const LATER_ON: &str = "2026-11-01T09:00:00Z";

fn clock(at: &str) -> Arc<SimulatedClock> {
    let at: Timestamp = at.parse().unwrap();
    Arc::new(SimulatedClock::at(at))
}

/// A workspace on a simulated disk, under a clock that moves only when told. Its settings are a real
/// file.
pub struct World {
    pub folder: TempDir,
    pub files: SimulatedFiles,
    pub clock: Arc<SimulatedClock>,
}

static TEMPLATE: LazyLock<World> = LazyLock::new(made);

impl World {
    /// A copy of the one that was made, in which nobody has done anything yet.
    pub fn copied() -> World {
        let world = World::empty(SETTINGS);
        let files = TEMPLATE.files.copied(TEMPLATE.folder.path(), world.folder.path());
        World { files, clock: clock(LATER_ON), ..world }
    }

    /// One without a ledger.
    pub fn empty(settings: &str) -> World {
        let folder = TempDir::new().unwrap();
        fs::write(folder.path().join("steward.toml"), settings).unwrap();
        World { folder, files: SimulatedFiles::new(), clock: clock(NOW) }
    }

    fn environment(&self) -> Environment {
        let folder = self.folder.path();
        Environment {
            clock: Arc::clone(&self.clock) as _,
            randomness: Arc::new(SimulatedRandomness::seeded(7)),
            files: Arc::new(self.files.clone()),
            secrets: Arc::new(SimulatedSecrets::in_folder(folder.join("keys"))),
            databases: Databases::InMemory,
            actor: "sam".to_owned(),
            register: None,
            formats: Formats::default(),
        }
    }

    pub fn create(&self) -> Desk {
        Desk::create(Workspace::at(self.folder.path()), self.environment()).unwrap()
    }

    pub fn open(&self) -> Desk {
        let workspace = Workspace::at(self.folder.path());
        Desk::open(workspace, self.environment(), &mut |_, _| {}).unwrap().0
    }

    pub fn path(&self) -> &Path {
        self.folder.path()
    }
}

/// Somebody in a session of their own.
pub fn person(name: &str) -> Session {
    // Of kim and sam the letters come to the same.
    let id = SessionId(name.bytes().fold(0_u64, |id, byte| id.wrapping_mul(31) ^ u64::from(byte)));
    Session { id, ..Session::local(name, TimeZone::UTC) }
}

fn made() -> World {
    let world = World::empty(SETTINGS);
    let mut desk = world.create();
    for (source, name, content, rows) in FILES {
        let rows: Vec<&str> = content.lines().take(rows.saturating_add(1)).collect();
        import(&mut desk, source, name, &rows.join("\n"));
        world.clock.advance(60);
    }
    run(&mut desk, Match::default(), Streams::default());
    world.clock.advance(60);
    let kim = person("kim");
    let groups = PUT_APART.map(|record| {
        let record = record.parse().unwrap();
        vec![desk.act(&kim, FindRecord { record }, Streams::default()).unwrap().customer]
    });
    let mut request = Request::new(Action::NotAMatch { groups: groups.to_vec() });
    request.reason = Some("same-name".into());
    request.note = Some("father and son; spoke to both".to_owned());
    desk.act(&kim, Decide { request }, Streams::default()).unwrap();
    import(&mut desk, "webshop", "demo-webshop.csv", LATER);
    run(&mut desk, Match::default(), Streams::default());
    drop(desk);
    world
}

/// Imports a file whole.
pub fn import(desk: &mut Desk, source: &str, name: &str, content: &str) {
    let content = Cursor::new(content.as_bytes().to_vec());
    let import = Import::of(SourceName::new(source), name);
    run(desk, import, Streams::of_file(content));
}

/// Imports a file of a stream whole.
pub fn import_stream(desk: &mut Desk, stream: &str, name: &str, content: &str) {
    let content = Cursor::new(content.as_bytes().to_vec());
    let stream = StreamName::new(stream);
    let import = Import::of(SourceName::new(stream.as_str()), name);
    run(desk, Import { stream: Some(stream), ..import }, Streams::of_file(content));
}

/// Begins long work and does all of it.
pub fn run<O: desk::Carry>(desk: &mut Desk, operation: O, streams: Streams) {
    let begun: Outcome<<O as Operation>::Answer> = desk.act(&person("kim"), operation, streams);
    assert!(begun.is_ok(), "it was not begun");
    work(desk);
}

/// Does what is left of long work.
pub fn work(desk: &mut Desk) {
    use door::Keeper;
    while Keeper::is_working(desk) {
        Keeper::work(desk);
        std::thread::yield_now();
    }
}
