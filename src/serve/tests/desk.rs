//! A desk that tells what reached it.

use std::io::{Read, Write};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex};

use door::views::RuleView;
use door::{Asked, Door, Failure, FailureClass, Outcome, Reply, Session, Streams, Told};

/// What it does stands beside each operation.
#[derive(Default)]
pub(super) struct FakeDesk {
    /// Imports that reached it.
    pub(super) imports: AtomicUsize,
    /// Sessions that have left.
    pub(super) left: Mutex<Vec<u64>>,
    /// Who waits for news.
    waiting: Mutex<Vec<(Asked, Reply)>>,
    /// How exports ended, as their writer saw it.
    pub(super) exported: Mutex<Vec<String>>,
    changed: Condvar,
}

/// The bytes of a file, each another.
pub(super) fn pattern(length: usize) -> Vec<u8> {
    (0..length).map(|at| (at % 253) as u8).collect()
}

fn said(asked: &Asked, text: impl Into<String>) -> Told {
    asked.not_done(Failure::new(FailureClass::Failed, text).into())
}

impl FakeDesk {
    /// Tells those who wait that there is news, once so many do.
    pub(super) fn tell_news(&self, waiting: usize) {
        let mut all = self.waiting.lock().unwrap();
        while all.len() < waiting {
            all = self.changed.wait(all).unwrap();
        }
        for (asked, reply) in all.drain(..).rev() {
            reply(said(&asked, "news"));
        }
    }

    /// How an export ended, once it has.
    pub(super) fn exported(&self) -> String {
        let mut exported = self.exported.lock().unwrap();
        while exported.is_empty() {
            exported = self.changed.wait(exported).unwrap();
        }
        exported.remove(0)
    }

    /// Waits until a session has left.
    pub(super) fn has_left(&self, session: u64) {
        let mut left = self.left.lock().unwrap();
        while !left.contains(&session) {
            left = self.changed.wait(left).unwrap();
        }
    }
}

/// The way in to it.
pub(super) struct Way(pub(super) Arc<FakeDesk>);

impl Door for Way {
    fn send(&self, who: &Session, asked: Asked, mut streams: Streams, reply: Reply) {
        let Way(desk) = self;
        match &asked {
            // Answers.
            Asked::Rules(_) => {
                reply(Told::Here(Box::new(Outcome::<Vec<RuleView>>::Ok(Vec::new()))));
            }
            // Says who asks.
            Asked::Grants(_) => {
                let id = who.id.0;
                reply(said(&asked, format!("{} {id} {:?}", who.person, who.entrance)));
            }
            // Waits for news.
            Asked::Watch(_) => {
                desk.waiting.lock().unwrap().push((asked, reply));
                desk.changed.notify_all();
            }
            // Reads its file and says what it was.
            Asked::Import(_) => {
                desk.imports.fetch_add(1, Ordering::SeqCst);
                std::thread::spawn(move || {
                    let mut read = Vec::new();
                    let whole = streams.input.take().unwrap().read_to_end(&mut read);
                    let is_same = read == pattern(read.len());
                    reply(said(&asked, format!("{} {is_same} {}", read.len(), whole.is_ok())));
                });
            }
            // Writes as many bytes as the data set is called, and says so.
            Asked::Export(export) => {
                let length: usize = export.dataset.parse().unwrap();
                let desk = Arc::clone(desk);
                std::thread::spawn(move || {
                    let mut output = streams.outputs.pop().unwrap();
                    let mut parts = pattern(length);
                    let written = parts.chunks_mut(10_000).try_for_each(|it| output.write_all(it));
                    drop(output);
                    let how = written.map_or_else(|error| error.to_string(), |()| "written".into());
                    desk.exported.lock().unwrap().push(how.clone());
                    desk.changed.notify_all();
                    reply(said(&asked, how));
                });
            }
            // The session has ended.
            Asked::Leave(_) => {
                desk.left.lock().unwrap().push(who.id.0);
                desk.changed.notify_all();
                reply(Told::Here(Box::new(Outcome::<()>::Ok(()))));
            }
            _ => reply(said(&asked, "nobody asks for that here")),
        }
    }
}
