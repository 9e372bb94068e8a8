//! One session of the server: what comes over its line is handed in at the door, one thread; what is to
//! be sent goes out, another.

use std::collections::HashMap;
use std::io;
use std::net::Shutdown;
use std::os::unix::net::UnixStream;
use std::sync::Arc;
use std::thread::Builder;
use std::time::{Duration, Instant};

use jiff::tz::TimeZone;

use super::frame::{
    CHUNK, Control, ControlAnswer, OUTPUTS, PROTOCOL, SessionView, ToClient, ToServer, WINDOW,
};
use super::outbox::{Outbox, OutputWriter, send, send_all};
use super::peer::{Peer, own_user, peer};
use super::reader::FrameReader;
use super::registry::{End, MOST_SESSIONS};
use super::server::Shared;
use super::spool::{Spool, SpoolFile};
use super::tickets::Brought;
use door::operations::{Admitted, Leave};
use door::{
    Asked, Door, Entrance, Failure, FailureClass, Input, Kind, NotDone, Session, SessionId,
    Streams, Told, not_done_bytes,
};

/// How long a stranger may take to say who they are.
const PATIENCE: Duration = Duration::from_secs(10);
/// How long somebody who is sent away may take to read why.
const FAREWELL: Duration = Duration::from_secs(1);
/// How often it is looked whether they have.
const LOOK: Duration = Duration::from_millis(10);
/// Characters of what a client says that it does.
const LONGEST_NAME: usize = 40;
/// Characters that are said to everybody at most.
const LONGEST_NOTICE: usize = 500;

/// Serves a line until it ends.
///
/// # Errors
/// When the line fails, or what comes over it is no frame.
pub(super) fn serve(line: UnixStream, shared: &Arc<Shared>) -> io::Result<()> {
    line.set_write_timeout(Some(PATIENCE))?;
    let peer = peer(&line)?;
    let mut reader = FrameReader::greeting(line.try_clone()?);
    let Some(hello) = reader.next_within(PATIENCE)? else { return Ok(()) };
    let entered = enter(hello, peer, &line, shared);
    let (who, outbox, door, only_keeps) = match entered {
        Ok(entered) => entered,
        Err(why) => {
            let version = shared.version.clone();
            return send(&mut &line, &ToClient::Refused { version, why });
        }
    };
    let welcome = ToClient::Welcome {
        person: who.person.clone(),
        session: who.id.0,
        process: std::process::id(),
    };
    let mut connection = Connection {
        door,
        outbox: outbox.clone(),
        shared: Arc::clone(shared),
        coming: HashMap::new(),
        who: who.clone(),
        only_keeps,
    };
    let served = send(&mut &line, &welcome)
        .and_then(|()| line.set_write_timeout(None))
        .and_then(|()| reader.begin())
        .and_then(|()| connection.exchange(&line, &mut reader));
    if let Some(address) = &who.address {
        tracing::info!(session = who.name, person = who.person, address, "a session has ended");
    }
    outbox.close();
    let _ = line.shutdown(Shutdown::Both);
    // What it has asked for goes on; what belongs to it alone goes.
    connection.door.send(&who, Leave {}.into(), Streams::default(), Box::new(|_| {}));
    shared.registry.leave(who.id.0);
    served
}

/// Commands that look after the server, and what operations of theirs are called. The rest is asked of the server itself.
const KEEPING: [&str; 3] = ["otp", "sessions", "wall"];

/// With them, why they may ask the desk for nothing else, if they may not.
type Entered = (Session, Outbox, Box<dyn Door>, Option<String>);

/// Judges who comes, and takes them in.
fn enter(
    hello: ToServer,
    peer: Peer,
    line: &UnixStream,
    shared: &Arc<Shared>,
) -> Result<Entered, String> {
    let ToServer::Hello { protocol, version, doing, zone, ticket } = hello else {
        return Err("a greeting comes first".to_owned());
    };
    if (protocol, &version) != (PROTOCOL, &shared.version) {
        return Err(other_version(&shared.version, &version));
    }
    let mut only_keeps = None;
    let Brought { person, entrance, address, key_fingerprint, connection } = match ticket {
        None => match by_user(peer, shared) {
            Ok(brought) => brought,
            // Whoever serves has the files: they may look after the sessions, and decide nothing.
            Err(why) if peer.user == own_user() && KEEPING.contains(&&*doing) => {
                only_keeps = Some(why);
                // They are nobody in [people.*], whoever they were when it began to serve.
                let named = shared.users.name(peer.user);
                at_the_socket(named.unwrap_or_else(|| peer.user.to_string()))
            }
            Err(why) => return Err(why),
        },
        Some(ticket) if peer.user == own_user() => {
            shared.tickets.whose(&ticket).ok_or("this ticket is not good any more")?
        }
        Some(_) => return Err("only the user who serves may show a ticket".to_owned()),
    };
    let door = shared.door().ok_or("it is stopping: try again in a moment")?;
    let line = line.try_clone().map_err(|error| error.to_string())?;
    let (number, now) = (shared.next_session(), (shared.clock)());
    let outbox = Outbox::new();
    let view = SessionView {
        session: number,
        name: shared.run.session(number),
        person: person.clone(),
        doing: doing.chars().filter(|it| !it.is_control()).take(LONGEST_NAME).collect(),
        since: now,
        last: now,
        // What comes with a ticket comes through the process that serves: its number tells nobody apart.
        process: peer.process.filter(|_| entrance == Entrance::Socket),
        address: address.clone(),
        key: key_fingerprint.clone(),
    };
    if !shared.registry.enter(view, End::Line(outbox.clone(), line), connection) {
        return Err(format!(
            "{MOST_SESSIONS} sessions are open: wait until one has ended, or end one with steward \
             sessions end"
        ));
    }
    // Only the owner comes in where nobody is named.
    let is_owner = only_keeps.is_some() || (shared.people)().named.is_empty();
    let owns_files = entrance == Entrance::Socket && is_owner;
    let who = Session {
        id: SessionId(number),
        person,
        entrance,
        name: Some(shared.run.session(number)),
        owns_files,
        job: false,
        zone: TimeZone::get(&zone).unwrap_or(TimeZone::UTC),
        address,
        key_fingerprint,
    };
    // Of who comes from elsewhere the ledger has the session only, and the log has from where it is.
    if let Some(address) = &who.address {
        let (session, fingerprint) = (&who.name, &who.key_fingerprint);
        let (session, fingerprint) = (session.as_deref(), fingerprint.as_deref());
        tracing::info!(session, person = who.person, address, fingerprint, "a session has begun");
    }
    Ok((who, outbox, door, only_keeps))
}

/// Whoever the system says that it is.
fn by_user(peer: Peer, shared: &Arc<Shared>) -> Result<Brought, String> {
    let person = (shared.people)().admit(peer.user, &*shared.users)?;
    Ok(at_the_socket(person))
}

fn at_the_socket(person: String) -> Brought {
    let (address, key_fingerprint, connection) = (None, None, None);
    Brought { person, entrance: Entrance::Socket, address, key_fingerprint, connection }
}

fn other_version(server: &str, client: &str) -> String {
    match server == client {
        true => format!(
            "steward {server} serves this workspace in another build than this one: stop steward \
             serve and start it again"
        ),
        false => format!(
            "steward {server} serves this workspace and this is steward {client}: use the same \
             version, or stop steward serve and start it again"
        ),
    }
}

/// A file that is coming, and the operation that waits for it.
struct Coming {
    asked: Asked,
    outputs: Vec<OutputWriter>,
    spool: Box<dyn Spool>,
    /// Bytes that may still come.
    credit: u64,
}

struct Connection {
    who: Session,
    /// Why they may only look after the server, if they may do nothing else.
    only_keeps: Option<String>,
    door: Box<dyn Door>,
    outbox: Outbox,
    shared: Arc<Shared>,
    coming: HashMap<u64, Coming>,
}

impl Connection {
    /// Takes what comes and sends what there is to send, until either ends.
    fn exchange(&mut self, line: &UnixStream, reader: &mut FrameReader) -> io::Result<()> {
        let (outbox, mut sends) = (self.outbox.clone(), line.try_clone()?);
        let sending = Builder::new().name("send".to_owned()).spawn(move || {
            let sent = send_all(&outbox, &mut sends);
            outbox.close();
            // Whoever reads at this end is woken, too.
            let _ = sends.shutdown(Shutdown::Both);
            sent
        })?;
        let mut came = Ok(());
        while !self.outbox.is_closed() {
            match reader.next() {
                Ok(Some(frame)) => {
                    if let Err(why) = self.take(frame) {
                        tracing::warn!(session = self.who.id.0, why, "a client was sent away");
                        self.outbox.say_good_bye(why, true);
                        break;
                    }
                }
                Ok(None) => {
                    self.outbox.close();
                    break;
                }
                Err(error) => {
                    self.outbox.close();
                    came = Err(error);
                    break;
                }
            }
        }
        // Somebody who is told good-bye may never read it.
        let until = Instant::now() + FAREWELL;
        while self.outbox.is_leaving() && !sending.is_finished() && Instant::now() < until {
            std::thread::sleep(LOOK);
        }
        self.outbox.close();
        let _ = line.shutdown(Shutdown::Both);
        let _ = sending.join();
        came
    }

    /// Takes a frame.
    ///
    /// # Errors
    /// Why nothing more of this client is believed.
    fn take(&mut self, frame: ToServer) -> Result<(), &'static str> {
        match frame {
            ToServer::Hello { .. } => return Err("it greeted twice"),
            ToServer::Ask { id, asked, input, outputs } => {
                if outputs > OUTPUTS {
                    return Err("it asked for too many files at once");
                }
                self.ask(id, &asked.0, input, outputs);
            }
            ToServer::Control { id, control } => {
                if !self.outbox.begin() {
                    return Err("it asked for too much at once");
                }
                let answer = self.control(control);
                self.outbox.put(ToClient::Answered { id, answer });
            }
            ToServer::Chunk { id, bytes } => return self.chunk(id, &bytes.0),
            ToServer::End { id } => {
                if let Some(Coming { asked, outputs, spool, .. }) = self.coming.remove(&id) {
                    let input = Some(Input::file(SpoolFile::of(spool)));
                    self.hand_in(id, asked, input, outputs);
                }
            }
            ToServer::Broken { id, why } => {
                if self.coming.remove(&id).is_some() {
                    self.fail(id, Failure::new(FailureClass::Failed, why).into());
                }
            }
            ToServer::More { id, output, bytes } => self.outbox.more((id, output), bytes),
            ToServer::Closed { id, output, why } => self.outbox.refuse((id, output), why),
        }
        Ok(())
    }

    fn ask(&mut self, id: u64, asked: &[u8], input: bool, outputs: u32) {
        let place = |number| self.outbox.output((id, number), &self.shared.spools);
        // Made whatever becomes of it: the other end waits for the end of each.
        let outputs: Vec<OutputWriter> = (0..outputs).map(place).collect();
        let busy = || {
            Failure::new(
                FailureClass::Failed,
                "too many requests are under way: wait for some of their answers",
            )
        };
        if !self.outbox.begin() {
            drop(outputs);
            return self.fail(id, busy().into());
        }
        self.shared.registry.note(self.who.id.0, (self.shared.clock)());
        let asked: Asked = match door::from_bytes(asked) {
            Ok(asked) => asked,
            Err(failure) => {
                drop(outputs);
                return self.fail(id, failure.into());
            }
        };
        if let Some(why) = self.only_keeps.as_ref().filter(|_| !KEEPING.contains(&asked.verb())) {
            drop(outputs);
            return self.fail(id, Failure::new(FailureClass::Failed, why.clone()).into());
        }
        if !input {
            return self.hand_in(id, asked, None, outputs);
        }
        match (self.shared.spools)() {
            Ok(spool) => {
                self.coming.insert(id, Coming { asked, outputs, spool, credit: WINDOW });
            }
            Err(error) => {
                drop(outputs);
                self.fail(id, not_kept(&error));
            }
        }
    }

    fn chunk(&mut self, id: u64, bytes: &[u8]) -> Result<(), &'static str> {
        // What was refused meanwhile may still be on its way.
        let Some(coming) = self.coming.get_mut(&id) else { return Ok(()) };
        let length = bytes.len() as u64;
        if bytes.len() > CHUNK || length > coming.credit {
            return Err("it sent more of a file than there was room for");
        }
        // There is room for as much again once it is put away.
        match coming.spool.append(bytes) {
            Ok(()) => {
                let bytes = u32::try_from(length).unwrap_or(u32::MAX);
                self.outbox.put(ToClient::More { id, bytes });
            }
            Err(error) => {
                self.coming.remove(&id);
                self.fail(id, not_kept(&error));
            }
        }
        Ok(())
    }

    /// Hands an operation in; it is answered whenever it is.
    fn hand_in(&self, id: u64, asked: Asked, input: Option<Input>, outputs: Vec<OutputWriter>) {
        if self.shared.is_closing() {
            drop(outputs);
            return self.fail(id, Failure::stopped().into());
        }
        let outputs =
            outputs.into_iter().map(|output| Box::new(output) as Box<dyn io::Write + Send>);
        let outputs = outputs.collect();
        let (outbox, encoder) = (self.outbox.clone(), asked.encoder());
        // Who only waits for news keeps nobody from stopping.
        let busy = (asked.kind() != Kind::Wait).then(|| self.shared.busy());
        let reply = move |told| {
            outbox.answer(id, told, encoder);
            drop(busy);
        };
        self.door.send(&self.who, asked, Streams { input, outputs }, Box::new(reply));
    }

    /// Answers that there is no answer.
    fn fail(&self, id: u64, why: NotDone) {
        let bytes = not_done_bytes(why).unwrap_or_default();
        self.outbox.answer(id, Told::Bytes(bytes), |told| match told {
            Told::Bytes(bytes) => Ok(bytes),
            Told::Here(_) => Err(Failure::stopped()),
        });
    }

    /// Why their role does not let them: what is done to the sessions of others needs a verb, as all that the
    /// desk does.
    fn may_not(&self, control: &Control) -> Option<String> {
        let is_own = |session: u64| {
            let views = self.shared.registry.views();
            views.iter().any(|it| it.session == session && it.person == self.who.person)
        };
        match control {
            Control::Sessions => return None,
            Control::EndSession { session } if is_own(*session) => return None,
            Control::EndSession { .. } | Control::Wall { .. } => {}
        }
        if !self.who.is_bound() {
            return None;
        }
        let admitted = Admitted { verb: "sessions".to_owned() };
        let verdict = self.door.ask(&self.who, admitted, Streams::default());
        verdict.err().map(|why| why.to_string())
    }

    fn control(&self, control: Control) -> ControlAnswer {
        let registry = &self.shared.registry;
        if let Some(why) = self.may_not(&control) {
            return ControlAnswer::Refused(why);
        }
        match control {
            Control::Sessions => ControlAnswer::Sessions(registry.views()),
            Control::EndSession { session } if session == self.who.id.0 => {
                ControlAnswer::Refused("that is this session itself".to_owned())
            }
            Control::EndSession { session } => {
                let why = format!("{} ended this session", self.who.person);
                let ended = registry.views().into_iter().find(|it| it.session == session);
                match registry.end(session, &why) {
                    Ok(()) => {
                        let (session, person) = ended.map(|it| (it.name, it.person)).unzip();
                        let (by, by_session) = (&self.who.person, &self.who.name);
                        tracing::info!(session, person, by, by_session, "a session was ended");
                        ControlAnswer::Done(1)
                    }
                    Err(why) => ControlAnswer::Refused(why),
                }
            }
            Control::Wall { text } if text.chars().count() > LONGEST_NOTICE => {
                ControlAnswer::Refused(format!("say it in {LONGEST_NOTICE} characters at most"))
            }
            Control::Wall { text } => {
                ControlAnswer::Done(registry.say(Some(&self.who.person), &text))
            }
        }
    }
}

fn not_kept(error: &io::Error) -> NotDone {
    Failure::new(FailureClass::Failed, format!("storing the input: {error}")).into()
}
