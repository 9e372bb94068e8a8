//! Clients and a server over a real socket, before a desk that does as each test needs.

#![allow(clippy::panic)]

mod conversations;
mod desk;
mod strangers;

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, channel};

use jiff::Timestamp;
use tempfile::TempDir;

use crate::spool::testing::spools;
use crate::{
    Attached, BoundSocket, Guest, News, NotAttached, Options, People, Run, Server, SocketDoor,
    SystemUsers, attach, own_user,
};
use desk::{FakeDesk, Way};
use door::{Door, Session};

const VERSION: &str = "1.2.3";

/// A server in a folder of its own.
struct Served {
    folder: TempDir,
    desk: Arc<FakeDesk>,
    server: Option<Server>,
}

/// A client, and what it hears.
struct Client {
    door: SocketDoor,
    heard: Receiver<News>,
    session: u64,
}

impl Served {
    fn begin() -> Served {
        Served::letting_in(own_user())
    }

    /// A server that knows that user alone.
    fn letting_in(owner: u32) -> Served {
        let folder = tempfile::tempdir().unwrap();
        let desk = Arc::new(FakeDesk::default());
        let socket = BoundSocket::bind(&folder.path().join("socket"), None).unwrap();
        let way = Arc::clone(&desk);
        let options = Options {
            way: Box::new(move || Box::new(Way(Arc::clone(&way)))),
            people: Box::new(move || People {
                owner,
                owner_name: "kim".to_owned(),
                named: Vec::new(),
                are_of_before: false,
            }),
            users: Box::new(SystemUsers),
            spools: spools(),
            version: VERSION.to_owned(),
            clock: Timestamp::now,
            run: Run::begin().unwrap(),
        };
        let server = Some(Server::start(socket, options).unwrap());
        Served { folder, desk, server }
    }

    fn path(&self) -> PathBuf {
        self.folder.path().join("socket")
    }

    fn server(&self) -> &Server {
        self.server.as_ref().unwrap()
    }

    fn client(&self, doing: &str) -> Client {
        let (hears, heard) = channel();
        let hear = move |news| {
            // Nobody may listen any more.
            let _ = hears.send(news);
        };
        let attached = attach(&self.path(), &guest(VERSION, doing), hear).unwrap();
        let Attached { door, session, person, process } = attached.expect("it is served");
        assert_eq!((person.as_str(), process), ("kim", std::process::id()));
        Client { door, heard, session }
    }

    fn refused(&self, version: &str) -> String {
        match attach(&self.path(), &guest(version, "tasks"), |_| {}) {
            Err(NotAttached::Refused(why)) => why,
            Err(other) => panic!("{other}"),
            Ok(_) => panic!("it was let in"),
        }
    }

    fn stop(&mut self, why: &str) {
        self.server.take().unwrap().stop(why);
    }
}

fn guest(version: &str, doing: &str) -> Guest {
    let (version, doing) = (version.to_owned(), doing.to_owned());
    Guest { version, doing, zone: "UTC".to_owned(), ticket: None }
}

/// Whoever asks over a socket is known there: what they say of themselves counts for nothing.
fn who() -> Session {
    Session::local("somebody else", jiff::tz::TimeZone::UTC)
}

impl Client {
    fn door(&self) -> &dyn Door {
        &self.door
    }
}
