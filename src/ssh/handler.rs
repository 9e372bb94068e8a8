//! One connection, as the SSH library tells of it: who it is, and its channels.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::Arc;

use russh::keys::ssh_key::PublicKey;
use russh::keys::{Algorithm, Certificate, HashAlg};
use russh::server::VerifiedPublicKey;
use russh::server::{Auth, ChannelOpenHandle, Handler, Msg, PublicKeyOffer, Response, Session};
use russh::{
    Channel, ChannelId, ChannelOpenFailure, ChannelWriteHalf, Error, MethodKind, MethodSet, Pty,
    Sig,
};

use super::auth::{Answer, Evidence, Login};
use super::factors::Told;
use super::room::{Command, Environment, Noted, Signal, Size, Terminal, Who};
use super::server::{Connection, Shared};
use super::span::span;
use super::wire::{Stream, Wire};
use super::words::words;

/// The largest terminal that is drawn on.
const LARGEST: u32 = 1_000;
/// The longest value of the environment.
const LONGEST_VALUE: usize = 64;
/// The longest code that is looked at.
const LONGEST_CODE: usize = 64;
/// What a client may set.
const VARIABLES: [&str; 6] = ["LANG", "LC_ALL", "LC_CTYPE", "COLORTERM", "NO_COLOR", "TZ"];
/// Why there is no terminal.
const NOT_ASKED_FOR: &str = "the review needs a terminal: pass -t to ssh, or name a command";
const NO_PERMIT: &str = "your certificate does not permit a terminal: ask for one with permit-pty";
const NO_SIZE: &str = "the terminal must have 1 to 1,000 columns and rows: resize it";
/// The exit code where a command is not understood.
const MISUSE: u32 = 2;

/// One connection.
pub(super) struct Visitor {
    shared: Arc<Shared>,
    connection: Arc<Connection>,
    login: Login,
    /// What came of the last code, told with the next question.
    told: Option<Told>,
    /// Which enrolment the code was of.
    enrolment: Option<[u8; 16]>,
    seats: HashMap<ChannelId, Seat>,
}

/// One channel.
struct Seat {
    /// Taken by whoever sends once there is a room.
    outward: Option<ChannelWriteHalf<Msg>>,
    environment: Environment,
    terminal: Option<Size>,
    /// Why there is no terminal, if one was asked for.
    no_terminal: Option<&'static str>,
    wire: Option<Arc<Wire>>,
}

impl Visitor {
    pub(super) fn new(shared: Arc<Shared>, connection: Arc<Connection>) -> Visitor {
        let login = Login::new(Arc::new((shared.known)()), connection.address.ip());
        Visitor { shared, connection, login, told: None, enrolment: None, seats: HashMap::new() }
    }

    fn address(&self) -> SocketAddr {
        self.connection.address
    }

    /// The answer to somebody who is not in, and what they may try.
    fn refused(&self) -> Auth {
        self.rejected(false)
    }

    fn rejected(&self, was_right: bool) -> Auth {
        let method = match self.login.awaits_code() {
            true => MethodKind::KeyboardInteractive,
            false => MethodKind::PublicKey,
        };
        Auth::Reject {
            proceed_with_methods: Some(MethodSet::from(&[method][..])),
            partial_success: was_right,
        }
    }

    /// The answer to a key that is none of theirs, which is told once they have gone without another.
    fn key_refused(&self, key: &PublicKey) -> Auth {
        let fingerprint = key.fingerprint(HashAlg::Sha256).to_string();
        self.connection.refuse(self.login.known_name(), Some(fingerprint));
        self.refused()
    }

    fn proved(&mut self, user: &str, evidence: Evidence<'_>) -> Auth {
        match self.login.proved(user, evidence, (self.shared.clock)()) {
            Answer::In => Auth::Accept,
            Answer::CodeNeeded => {
                if let Some(awaited) = self.login.awaited() {
                    self.connection.key_was_right(&awaited.person, &awaited.fingerprint);
                }
                self.rejected(true)
            }
            Answer::Refused => {
                let key = match evidence {
                    Evidence::Key(key) => key.clone(),
                    Evidence::Certificate(it) => PublicKey::new(it.public_key().clone(), ""),
                };
                self.key_refused(&key)
            }
        }
    }

    /// Asks for a code, or says why none is asked for.
    async fn ask_code(&mut self, user: &str) -> Auth {
        let Some(person) = self.login.ask_code(user) else { return self.refused() };
        let (factors, monotonic) = (Arc::clone(&self.shared.factors), self.shared.monotonic());
        let now = (self.shared.clock)();
        let asked = person.clone();
        let before =
            tokio::task::spawn_blocking(move || factors.before(&asked, now, monotonic)).await;
        let refusal = match before {
            Ok(Ok(None)) => None,
            Ok(Ok(Some(told))) => Some(sentence(told, &person)),
            Ok(Err(error)) => Some(cannot_check(&error)),
            Err(_) => return self.refused(),
        };
        let asks = refusal.is_none();
        let instructions = refusal.or_else(|| self.told.take().map(|told| sentence(told, &person)));
        let prompt = ("One-time code or recovery code: ".into(), false);
        Auth::Partial {
            name: "".into(),
            instructions: instructions.unwrap_or_default().into(),
            prompts: if asks { vec![prompt].into() } else { vec![].into() },
        }
    }

    /// Looks at a code.
    async fn code_typed(&mut self, user: &str, typed: Vec<Vec<u8>>) -> Auth {
        let Some(person) = self.login.code_typed(user) else { return self.refused() };
        let [typed] = &typed[..] else {
            // Nothing was asked, or something else than what was.
            self.login.code_was(false);
            return self.refused();
        };
        let typed = match std::str::from_utf8(typed) {
            Ok(typed) if typed.len() <= LONGEST_CODE => typed.to_owned(),
            _ => String::new(),
        };
        let (factors, shared) = (Arc::clone(&self.shared.factors), Arc::clone(&self.shared));
        let asked = person.clone();
        let looked = tokio::task::spawn_blocking(move || {
            let typed = zeroize::Zeroizing::new(typed);
            // Before it is looked at: who is enrolled anew in between has to come again.
            let enrolment = factors.enrolment(&asked)?;
            let told = factors.accept(&asked, &typed, (shared.clock)(), shared.monotonic())?;
            std::io::Result::Ok((told, enrolment))
        })
        .await;
        let told = match looked {
            Ok(Ok((told, enrolment))) => {
                self.enrolment = enrolment;
                told
            }
            Ok(Err(error)) => {
                cannot_check(&error);
                self.login.code_was(false);
                return self.refused();
            }
            Err(_) => {
                self.login.code_was(false);
                return self.refused();
            }
        };
        let address = self.address();
        if let Told::ClockBehind { seconds } = told {
            tracing::error!(person, seconds, "the clock is behind the last code: correct it");
        }
        let noted = match told {
            Told::Right { recovery_left } => recovery_left.map(Noted::RecoveryCode),
            Told::WrongAndLocked(wait) => Some(Noted::LockedOut(wait)),
            _ => None,
        };
        if let (Some(noted), Some(key)) = (noted, self.login.looking()) {
            let (fingerprint, connection) = (key.to_owned(), self.connection.number);
            let who = Who { person: person.clone(), address, fingerprint, connection };
            self.shared.note(who, noted);
        }
        if let Told::Right { recovery_left } = told {
            if let Some(left) = recovery_left {
                tracing::warn!(person, %address, left, "a recovery code was used");
            }
            return match self.login.code_was(true) {
                Answer::In => Auth::Accept,
                _ => self.refused(),
            };
        }
        self.connection.refuse(Some(&person), None);
        if self.shared.refusal_is_told(address.ip()) {
            let fingerprint = self.login.looking();
            tracing::warn!(person, %address, fingerprint, outcome = %told, "a code was refused");
        }
        self.login.code_was(false);
        self.told = Some(told);
        self.refused()
    }

    /// The seat of a channel that leads nowhere yet.
    fn free_seat(&mut self, channel: ChannelId) -> Option<&mut Seat> {
        self.seats.get_mut(&channel).filter(|seat| seat.wire.is_none())
    }

    fn who(&self) -> Option<Who> {
        let admitted = self.login.admitted()?;
        Some(Who {
            person: admitted.person.clone(),
            address: self.address(),
            fingerprint: admitted.fingerprint.clone(),
            connection: self.connection.number,
        })
    }

    /// Says why a channel leads nowhere, and closes it.
    fn say_no(&mut self, channel: ChannelId, why: &str) {
        let spools = Arc::clone(&self.shared.spools);
        let Some(seat) = self.free_seat(channel) else { return };
        let wire = Arc::new(Wire::command(spools, seat.terminal));
        // It is short, so that it does not wait.
        let _ = wire.put(Stream::Errors, format!("steward: {why}\n").as_bytes());
        wire.finish(MISUSE);
        self.carry(channel, wire);
    }

    /// Has everything that a room says sent.
    fn carry(&mut self, channel: ChannelId, wire: Arc<Wire>) {
        let Some(seat) = self.seats.get_mut(&channel) else { return };
        seat.wire = Some(Arc::clone(&wire));
        if let Some(outward) = seat.outward.take() {
            self.connection.carry(&self.shared, wire, outward);
        }
    }

    fn enter_terminal(&mut self, channel: ChannelId, size: Size) {
        let Some(who) = self.who() else { return };
        let Some(seat) = self.free_seat(channel) else { return };
        let environment = std::mem::take(&mut seat.environment);
        let wire = Arc::new(Wire::terminal(size));
        self.carry(channel, Arc::clone(&wire));
        let terminal = Terminal::new(wire, environment);
        self.shared.enter(move |rooms| rooms.terminal(who, terminal));
    }

    /// Enters the terminal, or says why there is none.
    fn shell(&mut self, channel: ChannelId) {
        let Some(seat) = self.free_seat(channel) else { return };
        match (seat.terminal, seat.no_terminal.take()) {
            (Some(size), _) => self.enter_terminal(channel, size),
            (None, why) => self.say_no(channel, why.unwrap_or(NOT_ASKED_FOR)),
        }
    }

    fn enter_command(&mut self, channel: ChannelId, words: Vec<String>) {
        let Some(who) = self.who() else { return };
        let spools = Arc::clone(&self.shared.spools);
        let Some(seat) = self.free_seat(channel) else { return };
        let environment = std::mem::take(&mut seat.environment);
        let wire = Arc::new(Wire::command(spools, seat.terminal));
        self.carry(channel, Arc::clone(&wire));
        let command = Command::new(wire, environment);
        self.shared.enter(move |rooms| rooms.command(who, words, command));
    }

    fn wire(&self, channel: ChannelId) -> Option<&Arc<Wire>> {
        self.seats.get(&channel)?.wire.as_ref()
    }
}

impl Drop for Visitor {
    fn drop(&mut self) {
        for seat in self.seats.values() {
            if let Some(wire) = &seat.wire {
                wire.cut();
            }
        }
    }
}

impl Handler for Visitor {
    type Error = Error;

    async fn auth_none(&mut self, user: &str) -> Result<Auth, Error> {
        self.login.other(user);
        self.connection.refuse(self.login.known_name(), None);
        Ok(self.refused())
    }

    async fn auth_password(&mut self, user: &str, _: &str) -> Result<Auth, Error> {
        self.login.other(user);
        self.connection.refuse(self.login.known_name(), None);
        Ok(self.refused())
    }

    async fn auth_publickey_offered(
        &mut self,
        user: &str,
        offer: PublicKeyOffer<'_>,
    ) -> Result<Auth, Error> {
        let is_worth_it = self.login.offered(user, offer.public_key);
        Ok(match is_worth_it && is_sound(offer.algorithm) {
            true => Auth::Accept,
            false => self.key_refused(offer.public_key),
        })
    }

    async fn auth_publickey(
        &mut self,
        user: &str,
        key: VerifiedPublicKey<'_>,
    ) -> Result<Auth, Error> {
        if !is_sound(key.algorithm) {
            return Ok(self.key_refused(key.public_key));
        }
        Ok(self.proved(user, Evidence::Key(key.public_key)))
    }

    async fn auth_openssh_certificate(
        &mut self,
        user: &str,
        certificate: &Certificate,
    ) -> Result<Auth, Error> {
        Ok(self.proved(user, Evidence::Certificate(certificate)))
    }

    async fn auth_keyboard_interactive<'a>(
        &'a mut self,
        user: &str,
        _: &str,
        response: Option<Response<'a>>,
    ) -> Result<Auth, Error> {
        let Some(response) = response else { return Ok(self.ask_code(user).await) };
        // Two tell that it is not the one that was asked for.
        let typed = response.take(2).map(|answer| answer.to_vec()).collect();
        Ok(self.code_typed(user, typed).await)
    }

    async fn auth_succeeded(&mut self, _: &mut Session) -> Result<(), Error> {
        let Some(admitted) = self.login.admitted() else { return Err(Error::Inconsistent) };
        let standing = self.login.standing(self.enrolment).ok_or(Error::Inconsistent)?;
        if !self.shared.let_in(&self.connection, admitted, standing) {
            return Err(Error::Disconnect);
        }
        Ok(())
    }

    async fn channel_open_session(
        &mut self,
        channel: Channel<Msg>,
        reply: ChannelOpenHandle,
        _: &mut Session,
    ) -> Result<(), Error> {
        if self.login.admitted().is_none() {
            return Err(Error::Inconsistent);
        }
        if !self.shared.may_stay(&self.connection) {
            reply.reject(ChannelOpenFailure::AdministrativelyProhibited).await;
            return Ok(());
        }
        // The library does not tell when a channel that we closed is closed by the other end, too.
        self.seats.retain(|_, seat| seat.wire.as_ref().is_none_or(|wire| !wire.is_finished()));
        if self.seats.len() >= self.shared.limits.channels {
            reply.reject(ChannelOpenFailure::ResourceShortage).await;
            return Ok(());
        }
        let id = channel.id();
        // What comes in is told to `data` as well, and would wait here for nobody.
        let (_, outward) = channel.split();
        let seat = Seat {
            outward: Some(outward),
            environment: Environment::new(),
            terminal: None,
            no_terminal: None,
            wire: None,
        };
        self.seats.insert(id, seat);
        reply.accept().await;
        Ok(())
    }

    // Forwarding of ports, sockets, X11 and agents, and SFTP: the library refuses what nothing here accepts, but not
    // every request that has to be answered.
    async fn x11_request(
        &mut self,
        channel: ChannelId,
        _: bool,
        _: &str,
        _: &str,
        _: u32,
        session: &mut Session,
    ) -> Result<(), Error> {
        session.channel_failure(channel)
    }

    async fn subsystem_request(
        &mut self,
        channel: ChannelId,
        _: &str,
        session: &mut Session,
    ) -> Result<(), Error> {
        session.channel_failure(channel)
    }

    async fn env_request(
        &mut self,
        channel: ChannelId,
        name: &str,
        value: &str,
        session: &mut Session,
    ) -> Result<(), Error> {
        let is_known = VARIABLES.contains(&name) && is_plain(value);
        match self.free_seat(channel) {
            Some(seat) if is_known => {
                seat.environment.insert(name.to_owned(), value.to_owned());
                session.channel_success(channel)
            }
            _ => session.channel_failure(channel),
        }
    }

    async fn pty_request(
        &mut self,
        channel: ChannelId,
        term: &str,
        columns: u32,
        rows: u32,
        _: u32,
        _: u32,
        _: &[(Pty, u32)],
        session: &mut Session,
    ) -> Result<(), Error> {
        let may = self.login.admitted().is_some_and(|admitted| admitted.may_terminal);
        let Some(seat) = self.free_seat(channel) else { return session.channel_failure(channel) };
        match size(columns, rows) {
            _ if !may => seat.no_terminal = Some(NO_PERMIT),
            None => seat.no_terminal = Some(NO_SIZE),
            Some(size) => {
                seat.terminal = Some(size);
                if is_plain(term) {
                    seat.environment.insert("TERM".to_owned(), term.to_owned());
                }
            }
        }
        // A client that is told no here says no more than that: the reason comes with the shell.
        session.channel_success(channel)
    }

    async fn window_change_request(
        &mut self,
        channel: ChannelId,
        columns: u32,
        rows: u32,
        _: u32,
        _: u32,
        _: &mut Session,
    ) -> Result<(), Error> {
        let Some((seat, size)) = self.seats.get_mut(&channel).zip(size(columns, rows)) else {
            return Ok(());
        };
        match &seat.wire {
            Some(wire) => wire.resize(size),
            None if seat.terminal.is_some() => seat.terminal = Some(size),
            None => {}
        }
        Ok(())
    }

    async fn shell_request(
        &mut self,
        channel: ChannelId,
        session: &mut Session,
    ) -> Result<(), Error> {
        if !self.shared.may_stay(&self.connection) {
            return session.channel_failure(channel);
        }
        if self.free_seat(channel).is_none() {
            return session.channel_failure(channel);
        }
        session.channel_success(channel)?;
        self.shell(channel);
        Ok(())
    }

    async fn exec_request(
        &mut self,
        channel: ChannelId,
        line: &[u8],
        session: &mut Session,
    ) -> Result<(), Error> {
        if self.free_seat(channel).is_none() || !self.shared.may_stay(&self.connection) {
            return session.channel_failure(channel);
        }
        session.channel_success(channel)?;
        match words(line) {
            Ok(words) if words.is_empty() => self.say_no(channel, "name a command, such as tasks"),
            Ok(words) if self.shared.is_terminal(&words) => self.shell(channel),
            Ok(words) => self.enter_command(channel, words),
            Err(why) => self.say_no(channel, &why.to_string()),
        }
        Ok(())
    }

    async fn data(
        &mut self,
        channel: ChannelId,
        data: &[u8],
        _: &mut Session,
    ) -> Result<(), Error> {
        if let Some(wire) = self.wire(channel)
            && let Err(error) = wire.came(data)
        {
            tracing::warn!(address = %self.address(), %error, "a channel was closed");
            wire.end(
                "what you sent cannot be kept: ask whoever runs the server to look at its log",
            );
        }
        Ok(())
    }

    async fn channel_eof(&mut self, channel: ChannelId, _: &mut Session) -> Result<(), Error> {
        if let Some(wire) = self.wire(channel) {
            wire.came_to_end();
        }
        Ok(())
    }

    async fn channel_close(&mut self, channel: ChannelId, _: &mut Session) -> Result<(), Error> {
        if let Some(wire) = self.seats.remove(&channel).and_then(|seat| seat.wire) {
            wire.cut();
        }
        Ok(())
    }

    async fn signal(
        &mut self,
        channel: ChannelId,
        signal: Sig,
        _: &mut Session,
    ) -> Result<(), Error> {
        let signal = match signal {
            Sig::INT => Signal::Interrupt,
            Sig::TERM | Sig::QUIT | Sig::KILL => Signal::Terminate,
            Sig::HUP => Signal::HangUp,
            _ => return Ok(()),
        };
        if let Some(wire) = self.wire(channel) {
            wire.signal(signal);
        }
        Ok(())
    }
}

/// Whether a signature of this kind proves anything: over SHA-1 none does any more.
fn is_sound(algorithm: &Algorithm) -> bool {
    *algorithm != Algorithm::Rsa { hash: None }
}

fn size(columns: u32, rows: u32) -> Option<Size> {
    let side = |side: u32| u16::try_from(side).ok().filter(|_| (1..=LARGEST).contains(&side));
    Some(Size { columns: side(columns)?, rows: side(rows)? })
}

fn is_plain(value: &str) -> bool {
    value.len() <= LONGEST_VALUE && value.bytes().all(|byte| (b' '..=b'~').contains(&byte))
}

/// What somebody is told who has proved a key of this person.
fn sentence(told: Told, person: &str) -> String {
    match told {
        Told::Right { .. } => String::new(),
        Told::Wrong | Told::WrongAndLocked(_) => {
            "that code is wrong: type the one that your telephone shows now".to_owned()
        }
        Told::Used => "that code was already used: wait for the next one".to_owned(),
        Told::ClockBehind { seconds } => format!(
            "the server's clock is {seconds} s behind: ask whoever runs it to correct the clock"
        ),
        Told::Locked(left) => format!("too many wrong codes: try again in {}", span(left)),
        Told::NotEnrolled => {
            format!(
                "no second factor is enrolled for {person}: ask whoever runs the server to run steward \
             otp enrol {person}"
            )
        }
    }
}

fn cannot_check(error: &std::io::Error) -> String {
    tracing::error!(%error, "codes cannot be checked");
    "codes cannot be checked: ask whoever runs the server to look at its log".to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_and_values_are_bounded() {
        assert_eq!(size(80, 23), Some(Size { columns: 80, rows: 23 }));
        assert_eq!(size(1_000, 1_000), Some(Size { columns: 1_000, rows: 1_000 }));
        for (columns, rows) in [(0, 24), (80, 0), (1_001, 24), (80, 70_000), (u32::MAX, u32::MAX)] {
            assert_eq!(size(columns, rows), None);
        }
        for bad in ["\x1b[31m", "é", "a\nb", "\0", &"x".repeat(65)] {
            assert!(!is_plain(bad), "{bad}");
        }
        assert!(is_plain("xterm-256color") && is_plain(""));
    }
}
