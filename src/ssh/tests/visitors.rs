//! A client that says what OpenSSH's would not.

use std::future::Future;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use russh::client::{self, Handle, KeyboardInteractiveAuthResponse, Msg};
use russh::keys::{PrivateKeyWithHashAlg, PublicKeyBase64, PublicKeyOrCertificate};
use russh::{Channel, ChannelMsg, MethodKind, Sig};

use super::site::{Site, limits, text};
use crate::{Limits, Noted, Who};

/// Knows the server by its key.
struct Client(String);

impl client::Handler for Client {
    type Error = russh::Error;

    async fn check_server_key(
        &mut self,
        key: &PublicKeyOrCertificate,
    ) -> Result<bool, russh::Error> {
        let PublicKeyOrCertificate::PublicKey { key, .. } = key else { return Ok(false) };
        Ok(self.0.ends_with(&key.public_key_base64()))
    }
}

type Line = Handle<Client>;

async fn connect(site: &Site) -> Line {
    // A small window: what is not read is soon not sent either.
    let config = client::Config { window_size: 64 << 10, ..client::Config::default() };
    let client = Client(site.host.clone());
    let line = tokio::net::TcpStream::connect(("127.0.0.1", site.port)).await.unwrap();
    line.set_nodelay(true).unwrap();
    client::connect_stream(Arc::new(config), line, client).await.unwrap()
}

async fn prove(line: &mut Line, site: &Site, user: &str, whose: &str) -> client::AuthResult {
    let key = PrivateKeyWithHashAlg::new(Arc::new(site.key(whose)), None);
    line.authenticate_publickey(user, key).await.unwrap()
}

async fn kim(site: &Site) -> Line {
    let mut line = connect(site).await;
    assert!(prove(&mut line, site, "kim", "kim").await.success());
    line
}

/// What a code is asked for with: instructions, and whether it is.
fn asked(response: &KeyboardInteractiveAuthResponse) -> Option<(&str, bool)> {
    match response {
        KeyboardInteractiveAuthResponse::InfoRequest { instructions, prompts, .. } => {
            Some((instructions, !prompts.is_empty()))
        }
        _ => None,
    }
}

/// A code, typed whether one is asked for or not; whether that let them in.
async fn type_code(line: &mut Line, user: &str, code: &str) -> bool {
    let begun = line.authenticate_keyboard_interactive_start(user, None).await;
    let Ok(KeyboardInteractiveAuthResponse::InfoRequest { .. }) = begun else { return false };
    let code = vec![code.to_owned()];
    let answer = line.authenticate_keyboard_interactive_respond(code).await;
    matches!(answer, Ok(KeyboardInteractiveAuthResponse::Success))
}

fn run<F: Future>(future: F) -> F::Output {
    let mut runtime = tokio::runtime::Builder::new_multi_thread();
    runtime.worker_threads(1).enable_all().build().unwrap().block_on(future)
}

/// All that a channel says, and its exit code.
async fn all(channel: &mut Channel<Msg>) -> (String, String, Option<u32>) {
    let (mut output, mut errors, mut code) = (Vec::new(), Vec::new(), None);
    while let Some(said) = channel.wait().await {
        match said {
            ChannelMsg::Data { data } => output.extend(data.as_ref()),
            ChannelMsg::ExtendedData { data, .. } => errors.extend(data.as_ref()),
            ChannelMsg::ExitStatus { exit_status } => code = Some(exit_status),
            _ => {}
        }
    }
    (text(&output), text(&errors), code)
}

async fn until(channel: &mut Channel<Msg>, expected: &str) {
    let mut shown = String::new();
    while !shown.contains(expected) {
        match channel.wait().await {
            Some(ChannelMsg::Data { data }) => shown.push_str(&text(&data)),
            Some(_) => {}
            None => panic!("{expected} in {shown}"),
        }
    }
}

#[test]
fn a_code_before_the_key_is_refused_even_where_it_is_right() {
    let site = Site::open();
    run(async {
        for user in ["sam", "kim", "eve", ""] {
            let mut line = connect(&site).await;
            assert!(!type_code(&mut line, user, &site.code()).await, "{user}");
            assert!(!line.authenticate_password(user, site.code()).await.unwrap().success());
            assert!(!line.authenticate_none(user).await.unwrap().success());
            assert!(line.channel_open_session().await.is_err());
        }
        // The key of one, the code of another, in one connection.
        let mut line = connect(&site).await;
        let proved = prove(&mut line, &site, "sam", "sam").await;
        let client::AuthResult::Failure { remaining_methods, partial_success } = proved else {
            panic!("a key was enough");
        };
        assert!(partial_success);
        assert_eq!(&remaining_methods[..], [MethodKind::KeyboardInteractive]);
        assert!(!type_code(&mut line, "kim", &site.code()).await);
        assert!(!type_code(&mut line, "sam", &site.code()).await, "the name has changed");
        // Kim's key in Sam's name, then Sam's code.
        let mut line = connect(&site).await;
        assert!(!prove(&mut line, &site, "sam", "kim").await.success());
        assert!(!type_code(&mut line, "sam", &site.code()).await);
        // In order.
        let mut line = connect(&site).await;
        assert!(!prove(&mut line, &site, "sam", "sam").await.success());
        assert!(!type_code(&mut line, "sam", "").await);
        assert!(type_code(&mut line, "sam", &site.code()).await);
    });
}

#[test]
fn fifty_connections_with_the_key_are_five_guesses() {
    let site = Site::open();
    run(async {
        let (mut tried, mut let_in) = (0, 0);
        let mut lines = Vec::new();
        for _ in 0..50 {
            let mut line = connect(&site).await;
            assert!(!prove(&mut line, &site, "sam", "sam").await.success());
            lines.push(line);
        }
        let wrong = site.wrong_code();
        for line in &mut lines {
            for _ in 0..3 {
                let_in += usize::from(type_code(line, "sam", &wrong).await);
                tried += 1;
            }
        }
        let mut line = connect(&site).await;
        prove(&mut line, &site, "sam", "sam").await;
        let begun = line.authenticate_keyboard_interactive_start("sam", None).await.unwrap();
        let (told, is_asked) = asked(&begun).unwrap();
        assert!(told.starts_with("too many wrong codes: try again in ") && !is_asked, "{told}");
        let answer = line.authenticate_keyboard_interactive_respond(vec![site.code()]).await;
        assert!(!matches!(answer, Ok(KeyboardInteractiveAuthResponse::Success)));
        println!("{tried} codes on 50 connections and a right one while locked: {let_in} let in");
        assert_eq!((tried, let_in), (150, 0));
        // It is recorded once, in the name of whoever's key was proved, and never what was typed.
        let noted = noted(&site).await;
        assert_eq!((&*noted.0.person, noted.1), ("sam", Noted::LockedOut(Duration::from_secs(30))));
        assert!(noted.0.fingerprint.starts_with("SHA256:"));
        assert!(site.seen.noted.lock().unwrap().is_empty());
        // Kim is not disturbed.
        kim(&site).await;
    });
}

/// What became of a code, once it is recorded: nobody waits for that.
async fn noted(site: &Site) -> (Who, Noted) {
    for _ in 0..6_000 {
        let first = site.seen.noted.lock().unwrap().pop();
        if let Some(first) = first {
            return first;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("nothing was recorded");
}

#[test]
fn a_recovery_code_that_lets_in_is_recorded() {
    let site = Site::open();
    run(async {
        let mut line = connect(&site).await;
        assert!(!prove(&mut line, &site, "sam", "sam").await.success());
        let code = site.recovery[0].to_string();
        assert!(type_code(&mut line, "sam", &code).await);
        let (who, what) = noted(&site).await;
        assert_eq!((&*who.person, what), ("sam", Noted::RecoveryCode(7)));
        assert!(!format!("{who:?}{what:?}").contains(&code));
        // A code of the moment is nothing to be recorded; neither is one wrong code.
        let mut line = connect(&site).await;
        assert!(!prove(&mut line, &site, "sam", "sam").await.success());
        assert!(!type_code(&mut line, "sam", &site.wrong_code()).await);
        assert!(type_code(&mut line, "sam", &site.code()).await);
        kim(&site).await;
        assert!(site.seen.noted.lock().unwrap().is_empty());
    });
}

#[test]
fn what_is_not_offered_is_refused() {
    let site = Site::open();
    run(async {
        let line = kim(&site).await;
        let refused = |what: &str, error: russh::Error| {
            assert!(matches!(error, russh::Error::ChannelOpenFailure(_)), "{what}: {error:?}");
        };
        refused("port", line.channel_open_direct_tcpip("::1", 22, "::1", 1).await.unwrap_err());
        refused("socket", line.channel_open_direct_streamlocal("/x").await.unwrap_err());
        refused("x11", line.channel_open_x11("::1", 1).await.unwrap_err());
        assert!({ line }.tcpip_forward("", 0).await.is_err());
        let line = kim(&site).await;
        let mut channel = line.channel_open_session().await.unwrap();
        channel.request_x11(true, false, "MIT-MAGIC-COOKIE-1", "00", 0).await.unwrap();
        channel.agent_forward(true).await.unwrap();
        channel.request_subsystem(true, "sftp").await.unwrap();
        channel.set_env(true, "LD_PRELOAD", "/tmp/x.so").await.unwrap();
        for number in 0..4 {
            let said = channel.wait().await;
            assert!(matches!(said, Some(ChannelMsg::Failure)), "{number}: {said:?}");
        }
        // All the same the connection serves.
        channel.exec(true, "say in").await.unwrap();
        channel.exec(true, "say twice").await.unwrap();
        let (output, _, code) = all(&mut channel).await;
        assert_eq!((output.as_str(), code), ("in\n", Some(0)));
        for (columns, rows) in [(0, 24), (80, 0), (1_001, 24), (80, u32::MAX)] {
            let mut channel = line.channel_open_session().await.unwrap();
            channel.request_pty(true, "xterm", columns, rows, 0, 0, &[]).await.unwrap();
            channel.request_shell(true).await.unwrap();
            let (_, errors, code) = all(&mut channel).await;
            assert!(errors.contains("1 to 1,000 columns and rows"), "{errors}");
            assert_eq!(code, Some(2));
        }
        assert_eq!(site.seen.commands.load(Ordering::SeqCst), 1);
        assert_eq!(site.seen.terminals.load(Ordering::SeqCst), 0);
    });
}

#[test]
fn every_exit_code_is_kept_on_one_connection_which_has_four_channels_at_most() {
    let site = Site::open();
    run(async {
        let line = kim(&site).await;
        for code in 0..=255 {
            let mut channel = line.channel_open_session().await.unwrap();
            channel.exec(true, format!("exit {code}")).await.unwrap();
            assert_eq!(all(&mut channel).await.2, Some(code));
        }
        let mut channels = Vec::new();
        for _ in 0..4 {
            channels.push(line.channel_open_session().await.unwrap());
        }
        assert!(line.channel_open_session().await.is_err());
        channels.pop().unwrap().close().await.unwrap();
        line.channel_open_session().await.unwrap();
    });
}

#[test]
fn signals_reach_a_command_and_a_terminal_hears_of_its_size() {
    let site = Site::open();
    run(async {
        let line = kim(&site).await;
        let mut channel = line.channel_open_session().await.unwrap();
        channel.exec(true, "signal").await.unwrap();
        until(&mut channel, "ready").await;
        channel.signal(Sig::USR1).await.unwrap();
        channel.signal(Sig::INT).await.unwrap();
        assert!(all(&mut channel).await.0.contains("Some(Interrupt)"));
        let mut channel = line.channel_open_session().await.unwrap();
        channel.request_pty(true, "xterm", 80, 23, 0, 0, &[]).await.unwrap();
        channel.request_shell(true).await.unwrap();
        until(&mut channel, "hello kim 80x23").await;
        for (columns, rows) in [(0, 0), (5_000, 5), (100, 30)] {
            channel.window_change(columns, rows, 0, 0).await.unwrap();
        }
        until(&mut channel, "size 100x30").await;
        assert_eq!(site.server().say(Some("ann"), "lunch"), 1);
        until(&mut channel, "notice Some(\"ann\") lunch").await;
        channel.data(&b"q"[..]).await.unwrap();
        assert_eq!(all(&mut channel).await.2, Some(0));
    });
}

/// One that reads nothing although it is sent without end, while another works.
#[test]
fn a_client_that_takes_nothing_waits_is_cut_off_and_disturbs_nobody() {
    let stalled = Duration::from_secs(3);
    let site = Site::with(Limits { stalled, ..limits() }, |_| {});
    run(async {
        let line = kim(&site).await;
        let channel = line.channel_open_session().await.unwrap();
        channel.exec(true, "flood").await.unwrap();
        // Not read: neither its window grows, nor does what the room could say.
        site.until("it floods", |seen| seen.flooded.load(Ordering::SeqCst) > 64_000);
        let other = kim(&site).await;
        for _ in 0..20 {
            let mut channel = other.channel_open_session().await.unwrap();
            channel.exec(true, "say in").await.unwrap();
            assert_eq!(all(&mut channel).await.0, "in\n");
        }
        site.until("it is cut off", |seen| seen.left.load(Ordering::SeqCst) == 21);
        let said = site.seen.flooded.load(Ordering::SeqCst);
        println!("a client that takes nothing: {said} bytes said in {stalled:?}, then cut off");
        // The client's window and buffers, the system's, and what waits here.
        assert!(said < 16 << 20, "{said}");
        drop(channel);
    });
}

#[test]
fn a_terminal_that_nobody_types_in_is_warned_and_closed() {
    let (idle, warning) = (Duration::from_millis(900), Duration::from_millis(600));
    let site = Site::with(Limits { idle, warning, ..limits() }, |_| {});
    run(async {
        let line = kim(&site).await;
        let mut channel = line.channel_open_session().await.unwrap();
        channel.request_pty(true, "xterm", 80, 23, 0, 0, &[]).await.unwrap();
        channel.request_shell(true).await.unwrap();
        until(&mut channel, "hello").await;
        until(&mut channel, "this session closes in 1 s: press a key to stay").await;
        let (output, errors, code) = all(&mut channel).await;
        assert_eq!(output, "bye\r\n");
        assert_eq!(errors, "steward: closed after 1 s without a key\r\n");
        assert_eq!(code, Some(0));
    });
}

#[test]
fn nobody_stays_longer_than_there_is_or_without_logging_in() {
    let (longest, login) = (Duration::from_millis(700), Duration::from_millis(700));
    let farewell = Duration::from_millis(300);
    let site = Site::with(Limits { longest, login, farewell, ..limits() }, |_| {});
    run(async {
        let line = kim(&site).await;
        let mut channel = line.channel_open_session().await.unwrap();
        channel.exec(true, "count").await.unwrap();
        let (_, errors, code) = all(&mut channel).await;
        assert_eq!(errors, "steward: closed after 1 s: log in again\n");
        assert_eq!(code, Some(1));
        site.until("the connection is over", |_| site.server().sessions().is_empty());
    });
    // One that says nothing, one that says what SSH is not, one that stays in the middle of it.
    for said in [&b""[..], b"GET / HTTP/1.0\r\n\r\n", b"SSH-2.0-x\r\n\0\0\0\x0c"] {
        let mut line = TcpStream::connect(("127.0.0.1", site.port)).unwrap();
        line.write_all(said).unwrap();
        line.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
        let _ = line.read_to_end(&mut Vec::new());
    }
    run(async {
        kim(&site).await;
    });
}

#[test]
fn who_is_here_is_known_and_can_be_sent_away() {
    let site = Site::open();
    run(async {
        let (line, other) = (kim(&site).await, kim(&site).await);
        let mut channel = line.channel_open_session().await.unwrap();
        channel.exec(true, "count").await.unwrap();
        site.until("both are here", |_| site.server().sessions().len() == 2);
        site.until("one is in a room", |_| {
            site.server().sessions().iter().map(|row| row.rooms).sum::<usize>() == 1
        });
        let rows = site.server().sessions();
        assert!(
            rows.iter().all(|row| row.person == "kim" && row.fingerprint.starts_with("SHA256:"))
        );
        let row = rows.iter().find(|row| row.rooms == 1).unwrap();
        assert!(site.server().end(row.connection, "ann ended this session"));
        assert!(!site.server().end(4_711, "nobody"));
        let (_, errors, _) = all(&mut channel).await;
        assert_eq!(errors, "steward: ann ended this session\n");
        let mut channel = other.channel_open_session().await.unwrap();
        channel.exec(true, "say in").await.unwrap();
        assert_eq!(all(&mut channel).await.0, "in\n");
    });
}

#[test]
fn a_server_that_stops_tells_everybody_why() {
    let mut site = Site::open();
    run(async {
        let line = kim(&site).await;
        let mut terminal = line.channel_open_session().await.unwrap();
        terminal.request_pty(true, "xterm", 80, 23, 0, 0, &[]).await.unwrap();
        terminal.request_shell(true).await.unwrap();
        until(&mut terminal, "hello").await;
        let mut command = line.channel_open_session().await.unwrap();
        command.exec(true, "count").await.unwrap();
        site.until("it reads", |seen| seen.commands.load(Ordering::SeqCst) == 1);
        let server = site.server.take().unwrap();
        let begun = Instant::now();
        let stopping = std::thread::spawn(move || server.stop("steward serve stops"));
        let (output, errors, _) = all(&mut terminal).await;
        assert_eq!((&*output, &*errors), ("bye\r\n", "steward: steward serve stops\r\n"));
        assert_eq!(all(&mut command).await.1, "steward: steward serve stops\n");
        drop(line);
        stopping.join().unwrap();
        assert!(begun.elapsed() < Duration::from_secs(30));
        assert_eq!(site.seen.left.load(Ordering::SeqCst), 2);
        assert!(TcpStream::connect(("127.0.0.1", site.port)).is_err());
    });
}

#[test]
fn who_fails_too_often_is_turned_away_before_a_word_is_said() {
    let site = Site::with(Limits { failures: 3, ..limits() }, |_| {});
    run(async {
        for _ in 0..3 {
            let mut line = connect(&site).await;
            assert!(!prove(&mut line, &site, "kim", "nobody").await.success());
            line.disconnect(russh::Disconnect::ByApplication, "", "").await.unwrap();
            let _ = { line }.await;
        }
        let mut turned_away = false;
        for _ in 0..200 {
            let mut line = TcpStream::connect(("127.0.0.1", site.port)).unwrap();
            let read = line.read(&mut [0; 1]);
            turned_away |= matches!(read, Ok(0) | Err(_));
            if turned_away {
                break;
            }
        }
        assert!(turned_away);
    });
}

/// Sam, with key and code.
async fn sam(site: &Site) -> Line {
    let mut line = connect(site).await;
    assert!(!prove(&mut line, site, "sam", "sam").await.success());
    assert!(type_code(&mut line, "sam", &site.code()).await);
    line
}

async fn closes(line: &Line, what: &str) {
    let begun = Instant::now();
    while !line.is_closed() {
        assert!(begun.elapsed() < Duration::from_secs(60), "{what}: it is still open");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

async fn says_in(line: &Line) -> bool {
    let Ok(mut channel) = line.channel_open_session().await else { return false };
    channel.exec(true, "say in").await.is_ok() && all(&mut channel).await.0 == "in\n"
}

#[test]
fn who_is_taken_out_gets_no_further_channel_and_loses_those_they_have() {
    // Nobody looks at the files meanwhile: each channel is looked at for itself.
    let site = Site::with(Limits { look: Duration::from_secs(3_600), ..limits() }, |_| {});
    run(async {
        let line = kim(&site).await;
        let mut review = line.channel_open_session().await.unwrap();
        review.request_pty(true, "xterm", 80, 23, 0, 0, &[]).await.unwrap();
        review.request_shell(true).await.unwrap();
        until(&mut review, "hello kim").await;
        let waits = line.channel_open_session().await.unwrap();
        assert!(says_in(&line).await);
        let commands = site.seen.commands.load(Ordering::SeqCst);
        site.change(false, |known| known.people.retain(|it| it.id != "kim"));
        // A channel that was open before runs nothing either.
        let _ = waits.exec(true, "say in").await;
        assert!(!says_in(&line).await);
        let (_, errors, code) = all(&mut review).await;
        assert!(errors.contains("what let you in has changed: log in again"), "{errors}");
        assert_eq!(code, Some(0));
        closes(&line, "taken out").await;
        assert_eq!(site.seen.commands.load(Ordering::SeqCst), commands);
        let mut again = connect(&site).await;
        assert!(!prove(&mut again, &site, "kim", "kim").await.success());
    });
}

#[test]
fn an_idle_connection_ends_once_what_let_it_in_has_changed_and_no_other_does() {
    let site = Site::open();
    let person = |known: &mut crate::Known, whose: &str, change: &dyn Fn(&mut settings::Person)| {
        change(known.people.iter_mut().find(|it| it.id == whose).unwrap());
    };
    run(async {
        let bystander = kim(&site).await;
        let other = super::site::public(&site.key("nobody"));
        let sams = super::site::public(&site.key("sam"));
        for what in ["removed", "key", "reset", "enrolled anew", "nothing"] {
            site.next_step();
            let line = sam(&site).await;
            assert!(says_in(&line).await, "{what}");
            let connected = site.inside.lock().unwrap().len();
            assert_eq!(connected, 2, "{what}");
            match what {
                "removed" => site.change(true, |known| person(known, "sam", &|it| it.id.push('x'))),
                "key" => {
                    site.change(true, |known| {
                        person(known, "sam", &|it| it.keys = vec![other.clone()]);
                    });
                }
                "reset" => assert!(site.factors.reset("sam").unwrap()),
                "enrolled anew" => {
                    assert!(site.factors.reset("sam").unwrap());
                    site.enrol_again();
                }
                _ => {
                    site.change(true, |_| {});
                    tokio::time::sleep(Duration::from_millis(200)).await;
                    assert!(says_in(&line).await, "nothing was changed for them");
                    continue;
                }
            }
            closes(&line, what).await;
            let begun = Instant::now();
            while site.inside.lock().unwrap().len() > 1 {
                assert!(begun.elapsed() < Duration::from_secs(60), "{what}: still listed");
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
            site.change(true, |known| {
                for it in known.people.iter_mut().filter(|it| it.id.starts_with("sam")) {
                    (it.id, it.keys) = ("sam".to_owned(), vec![sams.clone()]);
                }
            });
            if what == "reset" {
                site.enrol_again();
            }
        }
        assert!(says_in(&bystander).await, "nobody else is disturbed");
        // Who is asked for a code from now on and has typed none.
        site.change(true, |known| person(known, "kim", &|it| it.second_factor = true));
        closes(&bystander, "a code is needed now").await;
    });
}

#[test]
fn whoever_is_ended_is_ended_with_all_their_channels_and_without_any() {
    let site = Site::open();
    run(async {
        let (idle, busy) = (kim(&site).await, kim(&site).await);
        let mut flood = busy.channel_open_session().await.unwrap();
        flood.exec(true, "cat").await.unwrap();
        site.until("cat", |seen| seen.commands.load(Ordering::SeqCst) == 1);
        let ender = site.server().ender();
        let connections = site.inside.lock().unwrap().clone();
        for connection in connections {
            assert!(ender.end(connection, "sam ended this session"));
        }
        assert!(!says_in(&busy).await);
        let (_, errors, _) = all(&mut flood).await;
        assert!(errors.contains("sam ended this session"), "{errors}");
        closes(&idle, "idle").await;
        closes(&busy, "busy").await;
        assert!(!ender.end(99, "there is none"));
    });
}

#[test]
fn a_name_of_the_terminal_opens_it_and_needs_one() {
    let site = Site::open();
    run(async {
        let line = kim(&site).await;
        let mut channel = line.channel_open_session().await.unwrap();
        channel.request_pty(true, "xterm", 80, 23, 0, 0, &[]).await.unwrap();
        channel.exec(true, "review").await.unwrap();
        until(&mut channel, "hello kim 80x23").await;
        let mut channel = line.channel_open_session().await.unwrap();
        channel.exec(true, "review").await.unwrap();
        let (_, errors, code) = all(&mut channel).await;
        assert!(errors.contains("pass -t to ssh"), "{errors}");
        assert_eq!(code, Some(2));
    });
}
