//! The server: takes connections, lets people in, and sends them away when it stops.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::io;
use std::net::{IpAddr, Shutdown, SocketAddr, TcpListener, TcpStream};
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError, Weak};
use std::time::{Duration, Instant};

use russh::keys::{Algorithm, EcdsaCurve, HashAlg, PrivateKey};
use russh::server::{Config, Msg, run_stream};
use russh::{
    ChannelWriteHalf, MethodKind, MethodSet, Preferred, SshId, cipher, compression, kex, mac,
};
use serve::Spools;
use tokio::runtime::{Handle, Runtime};
use tokio::sync::Notify;
use tokio::time::{sleep, timeout};

use super::auth::{Admitted, Known};
use super::factors::Factors;
use super::handler::Visitor;
use super::host_key::HostKey;
use super::hush::Hush;
use super::outward::{End, carry};
use super::room::{LetIn, Noted, Rooms, Who};
use super::span::span;
use super::standing::Standing;
use super::strangers::{Strangers, household};
use super::wire::Wire;

/// Threads that carry bytes. Rooms have their own.
const THREADS: usize = 2;
/// How long it rests where the system has no room for another connection.
const REST: Duration = Duration::from_millis(100);
/// How often a client is asked whether it is still there, and how many answers may be missing.
const ARE_YOU_THERE: Duration = Duration::from_secs(30);
const MISSING: usize = 4;
/// How long the last words of a server may be on their way.
const LAST_WORDS: Duration = Duration::from_secs(1);
/// How long a client may take to hear that its connection ends.
const LAST_BYTES: Duration = Duration::from_millis(250);
/// How long what strangers do is counted before it is told.
const MINUTE: Duration = Duration::from_secs(60);
/// Lines of a minute about logins of one address that were refused, and about all else that it does.
const REFUSALS: usize = 5;
const TURNED_AWAY: usize = 1;
/// What whoever has to leave is told.
const CHANGED: &str = "what let you in has changed: log in again";
/// And whose certificate has run out.
const EXPIRED: &str = "your certificate has expired: log in with another";
/// So many looks at the files' times are followed by one at what they say, whatever the times are.
const LOOKS: u32 = 30;
/// Attempts on one connection.
const ATTEMPTS: usize = 6;
/// Bytes that a client may have sent and nobody read.
const WINDOW: u32 = 1 << 20;

/// What is enough. [`Limits::default`] is what steward serves with.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// How long somebody may take to log in.
    pub login: Duration,
    /// How long a refusal takes, whatever was wrong.
    pub refusal: Duration,
    /// How long a terminal may be without a key.
    pub idle: Duration,
    /// How long before that somebody is warned.
    pub warning: Duration,
    /// The longest connection.
    pub longest: Duration,
    /// How long a client may take nothing of what it is sent.
    pub stalled: Duration,
    /// How long a room may take to leave once it has to.
    pub farewell: Duration,
    /// Channels of a connection.
    pub channels: usize,
    /// Connections of people who are in.
    pub connections: usize,
    /// Connections of one address that are not logged in yet.
    pub strangers_here: usize,
    /// Connections that are not logged in yet.
    pub strangers: usize,
    /// Connections of one address within a minute that end without a login.
    pub failures: usize,
    /// How often it is looked whether those who are in still may be.
    pub look: Duration,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits {
            login: Duration::from_secs(120),
            refusal: Duration::from_millis(500),
            idle: Duration::from_secs(30 * 60),
            warning: Duration::from_secs(60),
            longest: Duration::from_secs(12 * 60 * 60),
            stalled: Duration::from_secs(10 * 60),
            farewell: Duration::from_secs(5),
            channels: 4,
            connections: 256,
            strangers_here: 10,
            strangers: 100,
            failures: 20,
            look: Duration::from_secs(2),
        }
    }
}

/// What a server needs.
pub struct Options {
    /// Where channels lead to.
    pub rooms: Arc<dyn Rooms>,
    /// Who may come in, asked for each connection and each channel.
    pub known: Box<dyn Fn() -> Known + Send + Sync>,
    /// The file that says it: once it is another, everybody who is in is looked at again.
    pub known_file: PathBuf,
    /// Second factors.
    pub factors: Arc<Factors>,
    /// The server's own key.
    pub host_key: HostKey,
    /// Where input waits that a command has not read.
    pub spools: Spools,
    /// What is enough.
    pub limits: Limits,
    /// What time it is, in seconds since 1970.
    pub clock: Box<dyn Fn() -> u64 + Send + Sync>,
}

/// What all connections share.
pub(super) struct Shared {
    rooms: Arc<dyn Rooms>,
    pub(super) known: Box<dyn Fn() -> Known + Send + Sync>,
    pub(super) factors: Arc<Factors>,
    pub(super) spools: Spools,
    pub(super) limits: Limits,
    pub(super) clock: Box<dyn Fn() -> u64 + Send + Sync>,
    known_file: PathBuf,
    runtime: Handle,
    start: Instant,
    hush: Mutex<Hush>,
    /// Somebody has come in.
    came: Notify,
    strangers: Mutex<Strangers>,
    connections: Mutex<BTreeMap<u64, Arc<Connection>>>,
    numbers: AtomicU64,
    closing: AtomicBool,
    /// Rooms that somebody is in.
    entered: Mutex<usize>,
    left: Condvar,
}

/// A connection.
pub(super) struct Connection {
    pub(super) number: u64,
    pub(super) address: SocketAddr,
    /// The line itself, to cut it.
    line: TcpStream,
    inside: Mutex<Inside>,
    let_in: Notify,
}

#[derive(Default)]
struct Inside {
    admitted: Option<Admitted>,
    /// Counted at the door until they are in.
    stranger: Option<Stranger>,
    wires: Vec<Weak<Wire>>,
    ended: Option<String>,
    standing: Option<Standing>,
    /// What was given for them when they came in.
    kept: Option<Box<dyn Send>>,
    /// What the connection is called among the sessions.
    session: Option<String>,
    refused: Refused,
}

/// What was tried in vain on a connection.
#[derive(Default)]
pub(super) struct Refused {
    /// Whether anything was.
    pub(super) any: bool,
    /// In whose name, if anybody is called that.
    pub(super) person: Option<String>,
    /// The fingerprint of the last key, and how many there were.
    pub(super) fingerprint: Option<String>,
    pub(super) keys: usize,
    /// The fingerprint of the one that was right, if only a code was missing.
    pub(super) right_key: Option<String>,
}

/// A connection of somebody who is in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionRow {
    /// Its number.
    pub connection: u64,
    /// Whose.
    pub person: String,
    /// Where from.
    pub address: SocketAddr,
    /// The fingerprint of the key they proved.
    pub fingerprint: String,
    /// Rooms that they are in.
    pub rooms: usize,
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Connection {
    /// Sends what a room says for as long as there is one.
    pub(super) fn carry(
        self: &Arc<Self>,
        shared: &Arc<Shared>,
        wire: Arc<Wire>,
        outward: ChannelWriteHalf<Msg>,
    ) {
        let mut inside = locked(&self.inside);
        inside.wires.retain(|wire| wire.strong_count() > 0);
        inside.wires.push(Arc::downgrade(&wire));
        if let Some(why) = &inside.ended {
            wire.end(why);
        }
        drop(inside);
        let (connection, limits) = (Arc::clone(self), shared.limits);
        tokio::spawn(async move {
            if carry(wire, outward, limits).await == End::Stalled {
                let address = connection.address;
                tracing::warn!(%address, "a client took nothing for too long and was cut off");
                connection.cut();
            }
        });
    }

    /// Something was tried in vain.
    pub(super) fn refuse(&self, person: Option<&str>, fingerprint: Option<String>) {
        let refused = &mut locked(&self.inside).refused;
        refused.any = true;
        refused.person = person.map(str::to_owned);
        refused.keys += usize::from(fingerprint.is_some());
        refused.fingerprint = fingerprint.or(refused.fingerprint.take());
    }

    /// A key was right, which is not all that is asked for.
    pub(super) fn key_was_right(&self, person: &str, fingerprint: &str) {
        let refused = &mut locked(&self.inside).refused;
        refused.any = true;
        refused.person = Some(person.to_owned());
        refused.keys += 1;
        refused.right_key = Some(fingerprint.to_owned());
    }

    fn wires(&self) -> Vec<Arc<Wire>> {
        locked(&self.inside).wires.iter().filter_map(Weak::upgrade).collect()
    }

    /// Everybody in it has to leave, and is told why.
    fn end(&self, why: &str) {
        locked(&self.inside).ended.get_or_insert_with(|| why.to_owned());
        for wire in self.wires() {
            wire.end(why);
        }
    }

    /// It ends now.
    fn cut(&self) {
        for wire in self.wires() {
            wire.cut();
        }
        let _ = self.line.shutdown(Shutdown::Both);
    }

    fn rooms(&self) -> usize {
        self.wires().iter().filter(|wire| !wire.is_finished()).count()
    }
}

impl Shared {
    /// Time from a clock that nobody sets.
    pub(super) fn monotonic(&self) -> Duration {
        self.start.elapsed()
    }

    /// Somebody is who they say they are; whether there is room for them.
    pub(super) fn let_in(
        self: &Arc<Self>,
        connection: &Arc<Connection>,
        admitted: &Admitted,
        standing: Standing,
    ) -> bool {
        let mut connections = locked(&self.connections);
        let is_in = |it: &&Arc<Connection>| locked(&it.inside).admitted.is_some();
        let has_room = connections.values().filter(is_in).count() < self.limits.connections;
        if !has_room || self.closing.load(Ordering::SeqCst) {
            tracing::warn!(person = admitted.person, "there is no room for another connection");
            return false;
        }
        let mut inside = locked(&connection.inside);
        inside.admitted = Some(admitted.clone());
        inside.standing = Some(standing);
        let stranger = inside.stranger.take();
        drop(inside);
        connections.insert(connection.number, Arc::clone(connection));
        drop(connections);
        if let Some(stranger) = stranger {
            stranger.logs_in();
        }
        connection.let_in.notify_one();
        self.came.notify_one();
        // Meanwhile they may have been taken out.
        if !self.may_stay(connection) {
            return false;
        }
        let who = Who {
            person: admitted.person.clone(),
            address: connection.address,
            fingerprint: admitted.fingerprint.clone(),
            connection: connection.number,
        };
        let LetIn { session, kept } = self.rooms.let_in(&who);
        let (Who { person, address, fingerprint, .. }, named) = (who, session.as_deref());
        tracing::info!(session = named, person, %address, fingerprint, "logged in over SSH");
        let mut inside = locked(&connection.inside);
        (inside.kept, inside.session) = (Some(kept), session);
        true
    }

    /// Whether whoever is in would still be let in. Who would not has to leave.
    pub(super) fn may_stay(self: &Arc<Self>, connection: &Arc<Connection>) -> bool {
        let inside = locked(&connection.inside);
        let (standing, has_ended) = (inside.standing.clone(), inside.ended.is_some());
        drop(inside);
        let Some(standing) = standing.filter(|_| !has_ended) else { return false };
        self.looks_at(connection, &standing, &(self.known)())
    }

    fn looks_at(
        self: &Arc<Self>,
        connection: &Arc<Connection>,
        standing: &Standing,
        known: &Known,
    ) -> bool {
        let enrolment = standing.enrolment.and_then(|was| {
            // A file that cannot be read lets nobody in, and takes nothing away.
            self.factors.enrolment(&standing.person).unwrap_or(Some(was))
        });
        if standing.has_expired((self.clock)()) {
            let (person, address) = (&standing.person, connection.address);
            tracing::warn!(person, %address, "sent away: their certificate has expired");
            self.see_off(connection, EXPIRED);
            return false;
        }
        let holds = standing.holds(known, enrolment);
        if !holds {
            let (person, address) = (&standing.person, connection.address);
            tracing::warn!(person, %address, "sent away: what let them in has changed");
            self.see_off(connection, CHANGED);
        }
        holds
    }

    /// Whether somebody is in with a certificate that has run out.
    fn has_expired(&self) -> bool {
        let now = (self.clock)();
        locked(&self.connections).values().any(|it| {
            let inside = locked(&it.inside);
            inside.ended.is_none() && inside.standing.as_ref().is_some_and(|it| it.has_expired(now))
        })
    }

    /// Everybody who is in is looked at again.
    fn look_again(self: &Arc<Self>) {
        let known = (self.known)();
        let connections: Vec<_> = locked(&self.connections).values().cloned().collect();
        for connection in connections {
            let inside = locked(&connection.inside);
            let standing = inside.standing.clone().filter(|_| inside.ended.is_none());
            drop(inside);
            if let Some(standing) = standing {
                self.looks_at(&connection, &standing, &known);
            }
        }
    }

    /// When the files changed that say who may be in.
    fn stamps(&self) -> [Option<(u64, u64, i64, i64)>; 2] {
        use std::os::unix::fs::MetadataExt;
        [&*self.known_file, self.factors.path()].map(|path| {
            let it = std::fs::metadata(path).ok()?;
            Some((it.ino(), it.size(), it.ctime(), it.ctime_nsec()))
        })
    }

    /// Ends a connection: its rooms are told why and have a moment to leave, then it is cut.
    fn see_off(&self, connection: &Arc<Connection>, why: &str) {
        connection.end(why);
        let (connection, farewell) = (Arc::clone(connection), self.limits.farewell);
        self.runtime.spawn(async move {
            let until = Instant::now() + farewell;
            while connection.rooms() > 0 && Instant::now() < until {
                sleep(Duration::from_millis(20)).await;
            }
            sleep(LAST_BYTES).await;
            connection.cut();
        });
    }

    fn end(&self, connection: u64, why: &str) -> bool {
        let found = locked(&self.connections).get(&connection).cloned();
        let Some(found) = found else { return false };
        self.see_off(&found, why);
        true
    }

    /// Whether one more refusal gets a line in the log.
    pub(super) fn refusal_is_told(self: &Arc<Self>, from: IpAddr) -> bool {
        self.is_told(from, REFUSALS)
    }

    /// Whether something that a stranger did gets a line in the log. What gets none is counted there later.
    fn is_told(self: &Arc<Self>, from: IpAddr, most_here: usize) -> bool {
        let judged = locked(&self.hush).judge(household(from), most_here);
        if judged.begins {
            let shared = Arc::clone(self);
            self.runtime.spawn(async move {
                sleep(MINUTE).await;
                let missed = locked(&shared.hush).close();
                for (address, more) in missed.here {
                    tracing::warn!(%address, more, "more of the same within a minute");
                }
                if missed.elsewhere > 0 {
                    let more = missed.elsewhere;
                    tracing::warn!(more, "more of the same within a minute, from elsewhere");
                }
            });
        }
        judged.is_told
    }

    /// Has it recorded what became of what somebody logs in with; nobody waits for that.
    pub(super) fn note(self: &Arc<Self>, who: Who, what: Noted) {
        let shared = Arc::clone(self);
        self.runtime.spawn_blocking(move || shared.rooms.noted(&who, what));
    }

    pub(super) fn is_terminal(&self, words: &[String]) -> bool {
        self.rooms.is_terminal(words)
    }

    /// Enters a room on a thread of its own.
    pub(super) fn enter(self: &Arc<Self>, enters: impl FnOnce(&dyn Rooms) + Send + 'static) {
        *locked(&self.entered) += 1;
        let leaving = Leaving(Arc::clone(self));
        let begun = std::thread::Builder::new().name("room".to_owned()).spawn(move || {
            let leaving = leaving;
            enters(&*leaving.0.rooms);
        });
        if let Err(error) = begun {
            tracing::warn!(%error, "a room could not be entered");
        }
    }
}

/// Somebody is in a room for as long as this is kept.
struct Leaving(Arc<Shared>);

impl Drop for Leaving {
    fn drop(&mut self) {
        *locked(&self.0.entered) -= 1;
        self.0.left.notify_all();
    }
}

/// Ends connections of a server, from anywhere.
#[derive(Clone)]
pub struct Ender(Weak<Shared>);

impl Ender {
    /// Ends a connection, which is told why; whether there was one.
    pub fn end(&self, connection: u64, why: &str) -> bool {
        self.0.upgrade().is_some_and(|shared| shared.end(connection, why))
    }
}

/// A server that runs.
pub struct Server {
    shared: Arc<Shared>,
    runtime: Option<Runtime>,
    stop: Arc<Notify>,
    address: SocketAddr,
}

impl Server {
    /// Serves whoever comes to an address.
    ///
    /// # Errors
    /// When the system starts no threads.
    pub fn start(listener: TcpListener, options: Options) -> io::Result<Server> {
        let Options { rooms, known, known_file, factors, host_key, spools, limits, clock } =
            options;
        let address = listener.local_addr()?;
        listener.set_nonblocking(true)?;
        let strangers = Strangers::none(limits.strangers_here, limits.strangers, limits.failures);
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(THREADS)
            .thread_name("ssh")
            .enable_all()
            .build()?;
        let shared = Arc::new(Shared {
            rooms,
            known,
            factors,
            spools,
            limits,
            clock,
            known_file,
            runtime: runtime.handle().clone(),
            start: Instant::now(),
            hush: Mutex::default(),
            came: Notify::new(),
            strangers: Mutex::new(strangers),
            connections: Mutex::default(),
            numbers: AtomicU64::new(0),
            closing: AtomicBool::new(false),
            entered: Mutex::new(0),
            left: Condvar::new(),
        });
        let stop = Arc::new(Notify::new());
        let config = Arc::new(config(host_key.0, &limits));
        let entered = runtime.enter();
        let listener = tokio::net::TcpListener::from_std(listener)?;
        drop(entered);
        let (serving, stopped) = (Arc::clone(&shared), Arc::clone(&stop));
        runtime.spawn(async move {
            tokio::select! {
                () = accept(listener, config, serving) => {}
                () = stopped.notified() => {}
            }
        });
        runtime.spawn(watch(Arc::clone(&shared)));
        Ok(Server { shared, runtime: Some(runtime), stop, address })
    }

    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Who is here.
    #[must_use]
    pub fn sessions(&self) -> Vec<SessionRow> {
        let connections: Vec<_> = locked(&self.shared.connections).values().cloned().collect();
        let row = |it: &Arc<Connection>| {
            let admitted = locked(&it.inside).admitted.clone()?;
            Some(SessionRow {
                connection: it.number,
                person: admitted.person,
                address: it.address,
                fingerprint: admitted.fingerprint,
                rooms: it.rooms(),
            })
        };
        connections.iter().filter_map(row).collect()
    }

    /// Says something in every terminal; in how many.
    pub fn say(&self, from: Option<&str>, text: &str) -> usize {
        let connections: Vec<_> = locked(&self.shared.connections).values().cloned().collect();
        let wires = connections.iter().flat_map(|it| it.wires());
        let typed_in = wires.filter(|wire| wire.is_typed_in() && !wire.is_finished());
        typed_in.map(|wire| wire.notice(from, text)).count()
    }

    /// Ends a connection, which is told why; whether there was one.
    pub fn end(&self, connection: u64, why: &str) -> bool {
        self.shared.end(connection, why)
    }

    /// What ends connections of this server.
    #[must_use]
    pub fn ender(&self) -> Ender {
        Ender(Arc::downgrade(&self.shared))
    }

    /// Stops: nobody comes in any more, everybody is told why and has a moment to leave.
    pub fn stop(mut self, why: &str) {
        self.shut(why);
    }

    fn shut(&mut self, why: &str) {
        let Some(runtime) = self.runtime.take() else { return };
        self.shared.closing.store(true, Ordering::SeqCst);
        self.stop.notify_one();
        let connections =
            || -> Vec<_> { locked(&self.shared.connections).values().cloned().collect() };
        for connection in connections() {
            connection.end(why);
        }
        self.wait(self.shared.limits.farewell);
        // Those who have left are told everything, and most clients leave by themselves.
        let until = Instant::now() + LAST_WORDS;
        while !connections().is_empty() && Instant::now() < until {
            std::thread::sleep(Duration::from_millis(10));
        }
        for connection in connections() {
            connection.cut();
        }
        runtime.shutdown_timeout(Duration::from_secs(1));
    }

    /// Waits until all rooms are left, but not longer than this.
    fn wait(&self, longest: Duration) {
        let until = Instant::now() + longest;
        let mut entered = locked(&self.shared.entered);
        while *entered > 0 {
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return tracing::warn!(rooms = *entered, "stopped before all rooms were left");
            }
            let waited = self.shared.left.wait_timeout(entered, left);
            entered = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.shut("the server stops");
    }
}

/// What is offered: what OpenSSH calls safe, and nothing for clients of long ago.
fn config(key: PrivateKey, limits: &Limits) -> Config {
    const KEX: &[kex::Name] = &[
        kex::MLKEM768X25519_SHA256,
        kex::CURVE25519,
        kex::CURVE25519_PRE_RFC_8731,
        kex::DH_G16_SHA512,
        kex::DH_G14_SHA256,
        kex::EXTENSION_SUPPORT_AS_SERVER,
        kex::EXTENSION_OPENSSH_STRICT_KEX_AS_SERVER,
    ];
    const CIPHERS: &[cipher::Name] =
        &[cipher::CHACHA20_POLY1305, cipher::AES_256_GCM, cipher::AES_256_CTR, cipher::AES_128_CTR];
    const MACS: &[mac::Name] = &[mac::HMAC_SHA512_ETM, mac::HMAC_SHA256_ETM, mac::HMAC_SHA256];
    // The server's own key is of the first kind. The others are what people sign with: nothing over SHA-1.
    const SIGNATURES: &[Algorithm] = &[
        Algorithm::Ed25519,
        Algorithm::SkEd25519,
        Algorithm::Ecdsa { curve: EcdsaCurve::NistP256 },
        Algorithm::Ecdsa { curve: EcdsaCurve::NistP384 },
        Algorithm::Ecdsa { curve: EcdsaCurve::NistP521 },
        Algorithm::SkEcdsaSha2NistP256,
        Algorithm::Rsa { hash: Some(HashAlg::Sha512) },
        Algorithm::Rsa { hash: Some(HashAlg::Sha256) },
    ];
    Config {
        // Which version serves is nobody's business who is not in.
        server_id: SshId::Standard(Cow::Borrowed("SSH-2.0-steward")),
        methods: MethodSet::from(&[MethodKind::PublicKey][..]),
        auth_rejection_time: limits.refusal,
        // Every client asks first what there is.
        auth_rejection_time_initial: Some(Duration::ZERO),
        keys: vec![key],
        window_size: WINDOW,
        // Messages that wait to be sent, each of a few kilobytes.
        event_buffer_size: 4,
        preferred: Preferred {
            kex: Cow::Borrowed(KEX),
            key: Cow::Borrowed(SIGNATURES),
            cipher: Cow::Borrowed(CIPHERS),
            mac: Cow::Borrowed(MACS),
            compression: Cow::Borrowed(&[compression::NONE]),
            ..Preferred::DEFAULT
        },
        max_auth_attempts: ATTEMPTS,
        // A client that does not even take what the line holds; who is only quiet answers when asked.
        inactivity_timeout: Some(limits.stalled),
        keepalive_interval: Some(ARE_YOU_THERE),
        keepalive_max: MISSING,
        nodelay: true,
        ..Config::default()
    }
}

/// Looks again at those who are in once the files have changed that say who may be. Without anybody it sleeps.
async fn watch(shared: Arc<Shared>) {
    let mut seen = None;
    for look in 1_u32.. {
        if locked(&shared.connections).is_empty() {
            shared.came.notified().await;
        }
        sleep(shared.limits.look).await;
        let now = shared.stamps();
        if seen == Some(now) && look % LOOKS != 0 && !shared.has_expired() {
            continue;
        }
        seen = Some(now);
        let looking = Arc::clone(&shared);
        let _ = tokio::task::spawn_blocking(move || looking.look_again()).await;
    }
}

/// Takes whoever comes.
async fn accept(listener: tokio::net::TcpListener, config: Arc<Config>, shared: Arc<Shared>) {
    loop {
        match listener.accept().await {
            Ok((line, address)) => begin(line, address, &config, &shared),
            Err(error) => {
                tracing::warn!(%error, "somebody could not be let in");
                sleep(REST).await;
            }
        }
    }
}

fn begin(
    line: tokio::net::TcpStream,
    address: SocketAddr,
    config: &Arc<Config>,
    shared: &Arc<Shared>,
) {
    let arrived = locked(&shared.strangers).arrived(address.ip(), shared.monotonic());
    if let Err(why) = arrived {
        if shared.is_told(address.ip(), TURNED_AWAY) {
            tracing::warn!(%address, "turned away: {why}");
        }
        return;
    }
    let stranger = Stranger { shared: Arc::clone(shared), address: address.ip(), logged_in: false };
    let made = line.set_nodelay(true).and_then(|()| line.into_std()).and_then(|line| {
        let again = line.try_clone()?;
        tokio::net::TcpStream::from_std(line).map(|line| (line, again))
    });
    let (line, again) = match made {
        Ok(made) => made,
        Err(error) => return tracing::warn!(%error, "somebody could not be let in"),
    };
    let connection = Arc::new(Connection {
        number: shared.numbers.fetch_add(1, Ordering::SeqCst) + 1,
        address,
        line: again,
        inside: Mutex::new(Inside { stranger: Some(stranger), ..Inside::default() }),
        let_in: Notify::new(),
    });
    let (config, shared) = (Arc::clone(config), Arc::clone(shared));
    tokio::spawn(async move {
        serve_one(line, config, &shared, &connection).await;
        let was_in = locked(&shared.connections).remove(&connection.number).is_some();
        let mut inside = locked(&connection.inside);
        inside.stranger = None;
        let (refused, kept) = (std::mem::take(&mut inside.refused), inside.kept.take());
        let person = inside.admitted.take().map(|admitted| admitted.person);
        let session = inside.session.take();
        drop(inside);
        drop(kept);
        if was_in {
            tracing::info!(session, person, %address, "left over SSH");
        } else if refused.any && shared.refusal_is_told(address.ip()) {
            let Refused { person, fingerprint, keys, right_key, .. } = refused;
            let person = person.as_deref().unwrap_or("nobody known");
            match right_key {
                // Somebody who has it has no code, and it is the one to take out.
                Some(fingerprint) => {
                    tracing::warn!(person, %address, fingerprint, keys, "a login over SSH was refused; its key was right");
                }
                None => {
                    tracing::warn!(person, %address, fingerprint, keys, "a login over SSH was refused");
                }
            }
        }
        connection.cut();
    });
}

/// Somebody who has come and is not in. Dropped before they are, they have gone without.
struct Stranger {
    shared: Arc<Shared>,
    address: IpAddr,
    logged_in: bool,
}

impl Stranger {
    fn logs_in(mut self) {
        self.logged_in = true;
    }
}

impl Drop for Stranger {
    fn drop(&mut self) {
        let now = self.shared.monotonic();
        locked(&self.shared.strangers).settled(self.address, self.logged_in, now);
    }
}

async fn serve_one(
    line: tokio::net::TcpStream,
    config: Arc<Config>,
    shared: &Arc<Shared>,
    connection: &Arc<Connection>,
) {
    let limits = shared.limits;
    let visitor = Visitor::new(Arc::clone(shared), Arc::clone(connection));
    let until = tokio::time::Instant::now() + limits.login;
    let Ok(Ok(mut running)) = timeout(limits.login, run_stream(config, line, visitor)).await else {
        return;
    };
    let address = connection.address;
    let told = tokio::select! {
        ended = &mut running => Some(ended),
        () = connection.let_in.notified() => None,
        () = tokio::time::sleep_until(until) => {
            if shared.is_told(address.ip(), TURNED_AWAY) {
                tracing::info!(%address, "did not log in within the time there is");
            }
            connection.cut();
            None
        }
    };
    let ended = match told {
        Some(ended) => ended,
        None => tokio::select! {
            ended = &mut running => ended,
            () = sleep(limits.longest) => {
                let longest = span(limits.longest);
                connection.end(&format!("closed after {longest}: log in again"));
                sleep(limits.farewell).await;
                connection.cut();
                running.await
            }
        },
    };
    if let Err(error) = ended {
        tracing::debug!(%address, %error, "a connection was cut");
    }
}
