//! The client: a door to a desk that another process keeps.

mod files;

use std::collections::HashMap;
use std::io::{self, Write};
use std::net::Shutdown;
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::sync::mpsc::{SyncSender, sync_channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::Builder;
use std::time::Duration;

use super::bytes::Bytes;
use super::codec::{LARGEST, encode};
use super::frame::{Control, ControlAnswer, PROTOCOL, ToClient, ToServer};
use super::reader::FrameReader;
use super::socket::connect;
use door::{
    Asked, Door, Failure, FailureClass, NotDone, Reply, Session, Streams, Told, not_done_bytes,
    to_bytes,
};
use files::{Arriving, Leaving};

/// How long a server may take to say who we are.
const PATIENCE: Duration = Duration::from_secs(20);
/// Bytes that an answer has at most: a server that sends more is none of ours.
const LARGEST_ANSWER: usize = 1 << 30;

/// What a client says of itself.
#[derive(Debug, Clone)]
pub struct Guest {
    /// The version of steward that it is.
    pub version: String,
    /// What it comes for, as people read it in `steward sessions`.
    pub doing: String,
    /// Where its person's days begin, an IANA name.
    pub zone: String,
    /// The ticket of somebody whom the process that serves has let in by another way.
    pub ticket: Option<String>,
}

/// What is heard without having been asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum News {
    /// Something that people should know.
    Notice {
        /// Who says it; `None` means the server itself.
        from: Option<String>,
        /// What.
        text: String,
    },
    /// The session has ended.
    Ended {
        /// Why.
        why: String,
    },
}

/// A client that was let in.
pub struct Attached {
    /// The way to the desk.
    pub door: SocketDoor,
    /// Who they are there, as the ledger calls them.
    pub person: String,
    /// The number of the session.
    pub session: u64,
    /// The process that serves.
    pub process: u32,
}

/// Why a client was not let in.
#[derive(Debug, thiserror::Error)]
pub enum NotAttached {
    /// The server says so.
    #[error("{0}")]
    Refused(String),
    /// Somebody listens, and it is no server of ours.
    #[error("whoever listens on the socket does not answer as steward does: {0}")]
    Garbled(io::Error),
    /// The system refuses.
    #[error(transparent)]
    System(#[from] io::Error),
}

/// Attaches to whoever serves at a path; none where nobody does. `heard` hears what was not asked for,
/// on a thread that must not be kept long.
///
/// # Errors
/// When the server lets nobody in, or is no server.
pub fn attach(
    path: &Path,
    guest: &Guest,
    heard: impl Fn(News) + Send + 'static,
) -> Result<Option<Attached>, NotAttached> {
    match connect(path)? {
        Some(line) => greet(line, guest, heard).map(Some),
        None => Ok(None),
    }
}

/// Says who comes.
fn greet(
    line: UnixStream,
    guest: &Guest,
    heard: impl Fn(News) + Send + 'static,
) -> Result<Attached, NotAttached> {
    let Guest { version, doing, zone, ticket } = guest.clone();
    let hello = ToServer::Hello { protocol: PROTOCOL, version, doing, zone, ticket };
    let mut reader = FrameReader::greeting(line.try_clone()?);
    let sent = encode(&hello).map_err(io::Error::other).and_then(|it| (&line).write_all(&it));
    let answer = reader.next_within(PATIENCE).map_err(NotAttached::Garbled)?;
    match answer {
        Some(ToClient::Welcome { person, session, process }) => {
            sent.and_then(|()| reader.begin())?;
            let shared = Arc::new(Shared { line, turn: Mutex::default(), state: Mutex::default() });
            let hearing = Arc::clone(&shared);
            Builder::new().name("hear".to_owned()).spawn(move || {
                let why = hear(&mut reader, &hearing, &heard);
                hearing.end(&why);
                if !hearing.state().left {
                    heard(News::Ended { why });
                }
            })?;
            let door = SocketDoor(Arc::new(HangUp(shared)));
            Ok(Attached { door, person, session, process })
        }
        Some(ToClient::Refused { why, .. }) => Err(NotAttached::Refused(why)),
        Some(_) => Err(NotAttached::Garbled(io::ErrorKind::InvalidData.into())),
        None => Err(NotAttached::Garbled(io::ErrorKind::UnexpectedEof.into())),
    }
}

/// The way to a desk that another process keeps. A clone is the same session, which ends with the last.
#[derive(Clone)]
pub struct SocketDoor(Arc<HangUp>);

/// Ends the session when nobody has it any more.
struct HangUp(Arc<Shared>);

impl Drop for HangUp {
    fn drop(&mut self) {
        self.0.state().left = true;
        let _ = self.0.line.shutdown(Shutdown::Both);
    }
}

/// What the threads of a client share.
struct Shared {
    line: UnixStream,
    /// Whoever sends a frame has it.
    turn: Mutex<()>,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    /// What was asked so far.
    count: u64,
    waiting: HashMap<u64, Waiting>,
    arriving: HashMap<(u64, u32), Arriving>,
    /// What could not be written of what arrived, and nobody was told yet.
    unwritten: Option<Failure>,
    /// Why the session has ended, once it has.
    ended: Option<String>,
    /// Whether we have ended it ourselves.
    left: bool,
}

/// Who waits for an answer.
enum Waiting {
    Operation { reply: Reply, bytes: Vec<u8>, leaving: Option<Leaving> },
    Control(SyncSender<ControlAnswer>),
}

impl Shared {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Sends a frame, whole: threads take turns.
    fn send(&self, frame: &ToServer) -> io::Result<()> {
        let bytes = encode(frame).map_err(io::Error::other)?;
        let _turn = self.turn.lock().unwrap_or_else(PoisonError::into_inner);
        (&self.line).write_all(&bytes)
    }

    /// The session has ended: nobody who waits will be answered.
    fn end(&self, why: &str) {
        let _ = self.line.shutdown(Shutdown::Both);
        let (waiting, arriving) = {
            let mut state = self.state();
            state.ended.get_or_insert_with(|| why.to_owned());
            (std::mem::take(&mut state.waiting), std::mem::take(&mut state.arriving))
        };
        // What has arrived is written; that it is not whole is told by the answer.
        arriving.into_values().for_each(Arriving::cut_off);
        for waiting in waiting.into_values() {
            if let Waiting::Operation { reply, leaving, .. } = waiting {
                leaving.iter().for_each(Leaving::stop);
                reply(not_done(ended(why)));
            }
        }
    }
}

/// The session has ended.
fn ended(why: &str) -> NotDone {
    Failure::new(FailureClass::Stopped, why).into()
}

fn not_done(why: NotDone) -> Told {
    Told::Bytes(not_done_bytes(why).unwrap_or_default())
}

impl SocketDoor {
    /// Asks something of the server itself, and waits.
    ///
    /// # Errors
    /// When the session has ended.
    pub fn control(&self, control: Control) -> Result<ControlAnswer, Failure> {
        let shared = &self.0.0;
        let (sender, answered) = sync_channel(1);
        let id = {
            let mut state = shared.state();
            if let Some(why) = &state.ended {
                return Err(Failure::new(FailureClass::Stopped, why));
            }
            state.count += 1;
            let id = state.count;
            state.waiting.insert(id, Waiting::Control(sender));
            id
        };
        let sent = shared.send(&ToServer::Control { id, control });
        let stopped = |_| {
            let why = shared.state().ended.clone().unwrap_or_else(|| GONE.to_owned());
            Failure::new(FailureClass::Stopped, why)
        };
        sent.map_err(stopped)?;
        answered.recv().map_err(|_| stopped(io::ErrorKind::UnexpectedEof.into()))
    }
}

/// What is said of a server that went without a word.
const GONE: &str = "steward serve has gone; what was confirmed is kept";

impl Door for SocketDoor {
    fn send(&self, _: &Session, asked: Asked, streams: Streams, reply: Reply) {
        let shared = &self.0.0;
        let asked = match to_bytes(&asked) {
            Ok(asked) if asked.len() < LARGEST / 2 => Bytes(asked),
            Ok(_) => {
                let why = "this is too much for one request: ask for it in parts";
                return reply(not_done(Failure::new(FailureClass::Usage, why).into()));
            }
            Err(failure) => return reply(not_done(failure.into())),
        };
        let Streams { input, outputs } = streams;
        let has_input = input.is_some();
        let count = u32::try_from(outputs.len()).unwrap_or(u32::MAX);
        let (leaving, sends) = match input.map(Leaving::of) {
            Some((leaving, sends)) => (Some(leaving), Some(sends)),
            None => (None, None),
        };
        let mut state = shared.state();
        if let Some(why) = &state.ended {
            let why = ended(why);
            drop(state);
            return reply(not_done(why));
        }
        state.count += 1;
        let id = state.count;
        for (number, output) in (0..).zip(outputs) {
            match Arriving::begin(Arc::clone(shared), (id, number), output) {
                Ok(arriving) => drop(state.arriving.insert((id, number), arriving)),
                Err(error) => {
                    drop(state);
                    return reply(not_done(not_begun(&error)));
                }
            }
        }
        state.waiting.insert(id, Waiting::Operation { reply, bytes: Vec::new(), leaving });
        drop(state);
        let ask = ToServer::Ask { id, asked, input: has_input, outputs: count };
        let begun = shared.send(&ask).and_then(|()| match sends {
            Some(sends) => sends.begin(Arc::clone(shared), id),
            None => Ok(()),
        });
        if let Err(error) = begun {
            // Whoever hears the line end answers for it; where that is over, we do.
            if let Some(Waiting::Operation { reply, .. }) = shared.state().waiting.remove(&id) {
                reply(not_done(not_begun(&error)));
            }
        }
    }
}

fn not_begun(error: &io::Error) -> NotDone {
    match error.kind() {
        io::ErrorKind::BrokenPipe | io::ErrorKind::ConnectionReset => ended(GONE),
        _ => Failure::new(FailureClass::Failed, format!("asking steward serve: {error}")).into(),
    }
}

/// Hears what comes until the line ends, and why it did.
fn hear(reader: &mut FrameReader, shared: &Arc<Shared>, heard: &impl Fn(News)) -> String {
    loop {
        match reader.next() {
            Ok(Some(ToClient::Bye { why })) => return why,
            Ok(Some(ToClient::Notice { from, text })) => heard(News::Notice { from, text }),
            Ok(Some(frame)) => {
                if take(frame, shared).is_none() {
                    return "steward serve says what nobody asked for".to_owned();
                }
            }
            Ok(None) => return GONE.to_owned(),
            Err(error) if error.kind() == io::ErrorKind::InvalidData => {
                return format!("steward serve is not understood: {error}");
            }
            Err(_) => return GONE.to_owned(),
        }
    }
}

/// Takes a frame; none where it cannot be meant.
fn take(frame: ToClient, shared: &Arc<Shared>) -> Option<()> {
    match frame {
        ToClient::Told { id, bytes, last } => {
            let mut state = shared.state();
            let Some(Waiting::Operation { bytes: known, .. }) = state.waiting.get_mut(&id) else {
                return None;
            };
            if known.len() + bytes.0.len() > LARGEST_ANSWER {
                return None;
            }
            known.extend(bytes.0);
            if !last {
                return Some(());
            }
            let Waiting::Operation { reply, bytes, leaving } = state.waiting.remove(&id)? else {
                return None;
            };
            let unwritten = state.unwritten.take();
            drop(state);
            leaving.iter().for_each(Leaving::stop);
            reply(match unwritten {
                // It was done there, and what it wrote did not arrive here.
                Some(failure) => not_done(failure.into()),
                None => Told::Bytes(bytes),
            });
        }
        ToClient::Answered { id, answer } => {
            let Waiting::Control(sender) = shared.state().waiting.remove(&id)? else { return None };
            let _ = sender.send(answer);
        }
        ToClient::More { id, bytes } => {
            // Its answer may have come meanwhile.
            if let Some(Waiting::Operation { leaving: Some(leaving), .. }) =
                shared.state().waiting.get(&id)
            {
                leaving.more(bytes);
            }
        }
        ToClient::Chunk { id, output, bytes } => {
            shared.state().arriving.get(&(id, output))?.take(bytes.0)?;
        }
        ToClient::End { id, output } => {
            let arriving = shared.state().arriving.remove(&(id, output))?;
            // What follows may say that it is done: by then it is.
            arriving.end();
        }
        ToClient::Welcome { .. } | ToClient::Refused { .. } => return None,
        ToClient::Notice { .. } | ToClient::Bye { .. } => {}
    }
    Some(())
}
