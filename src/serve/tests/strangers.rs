//! Ends of the line that are none of ours, and lines that break.

use std::io::{Read, Write};
use std::os::unix::net::{UnixListener, UnixStream};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use super::{Served, VERSION, guest, who};
use crate::codec::{Decoder, LARGEST};
use crate::reader::FrameReader;
use crate::{
    Brought, Bytes, Control, ControlAnswer, Guest, News, NotAttached, PROTOCOL, ToClient, ToServer,
    WINDOW, attach, encode, own_user,
};
use door::operations::{Grants, Rules, Watch};
use door::{Asked, Door, Entrance, Streams};

fn hello() -> ToServer {
    let (version, doing, zone) = (VERSION.into(), "raw".into(), "UTC".into());
    ToServer::Hello { protocol: PROTOCOL, version, doing, zone, ticket: None }
}

fn say(line: &mut UnixStream, frame: &ToServer) {
    line.write_all(&encode(frame).unwrap()).unwrap();
}

/// A line over which we have been let in.
fn entered(served: &Served) -> UnixStream {
    let mut line = UnixStream::connect(served.path()).unwrap();
    say(&mut line, &hello());
    let mut frames = FrameReader::greeting(line.try_clone().unwrap());
    let welcome = frames.next::<ToClient>().unwrap();
    assert!(matches!(welcome, Some(ToClient::Welcome { .. })));
    line
}

/// All that comes until the line ends.
fn heard(line: &mut UnixStream) -> Vec<ToClient> {
    let mut bytes = Vec::new();
    // A line that is cut off may be reset: what came before counts.
    let _ = line.read_to_end(&mut bytes);
    let mut decoder = Decoder::up_to(LARGEST);
    decoder.push(&bytes);
    std::iter::from_fn(|| decoder.next_frame().unwrap()).collect()
}

fn ask(id: u64, asked: impl Into<Asked>, input: bool) -> ToServer {
    let asked = Bytes(door::to_bytes(&asked.into()).unwrap());
    ToServer::Ask { id, asked, input, outputs: 0 }
}

#[test]
fn another_version_is_refused_and_both_are_named() {
    let served = Served::begin();
    let why = served.refused("1.2.4");
    assert_eq!(
        why,
        "steward 1.2.3 serves this workspace and this is steward 1.2.4: use the same version, or \
         stop steward serve and start it again"
    );
    let mut line = UnixStream::connect(served.path()).unwrap();
    let (version, doing, zone) = (VERSION.into(), String::new(), String::new());
    say(&mut line, &ToServer::Hello { protocol: PROTOCOL + 1, version, doing, zone, ticket: None });
    let [ToClient::Refused { version, why }] = &heard(&mut line)[..] else { panic!("refused") };
    assert!(version == VERSION && why.contains("another build"), "{why}");
}

#[test]
fn who_is_not_known_is_refused_whatever_they_say() {
    let served = Served::letting_in(own_user() + 1);
    let why = served.refused(VERSION);
    assert!(why.starts_with("only kim may use this workspace"), "{why}");
    // Nor by going on as if they had been let in.
    let mut line = UnixStream::connect(served.path()).unwrap();
    say(&mut line, &hello());
    let _ = line.write_all(&encode(&ask(1, Rules {}, false)).unwrap());
    assert!(matches!(heard(&mut line)[..], [ToClient::Refused { .. }]));
}

#[test]
fn the_account_that_serves_looks_after_sessions_and_does_nothing_else() {
    // It is nobody who is let in.
    let served = Served::letting_in(own_user() + 1);
    let guest_of = |doing: &str| attach(&served.path(), &guest(VERSION, doing), |_| {});
    for doing in ["tasks", "review", "", "sessions "] {
        let Err(NotAttached::Refused(why)) = guest_of(doing) else { panic!("{doing} was let in") };
        assert!(why.contains("only kim may use"), "{why}");
    }
    for doing in ["sessions", "wall", "otp"] {
        let attached = guest_of(doing).unwrap().expect("it is served");
        let listed = attached.door.control(Control::Sessions).unwrap();
        let ControlAnswer::Sessions(all) = listed else { panic!("{doing}: {listed:?}") };
        // By their own name, and by nobody's whom they once were.
        assert!(all.iter().any(|it| it.doing == doing && it.person != "kim"), "{all:?}");
        let door: &dyn Door = &attached.door;
        let told = door.ask(&who(), Rules {}, Streams::default()).unwrap_err();
        assert!(told.to_string().contains("only kim may use"), "{told}");
    }
}

#[test]
fn a_ticket_says_who_somebody_is_while_it_is_kept() {
    // Whoever has one need not be known as a user.
    let served = Served::letting_in(own_user() + 1);
    let tickets = served.server().tickets();
    let ticket = tickets
        .issue(Brought {
            person: "sam".to_owned(),
            entrance: Entrance::Ssh,
            address: Some("10.0.0.1".to_owned()),
            key_fingerprint: Some("SHA256:x".to_owned()),
            connection: None,
        })
        .unwrap();
    let guest = Guest { ticket: Some(ticket.text().to_owned()), ..guest(VERSION, "tasks") };
    let attached = attach(&served.path(), &guest, |_| {}).unwrap().expect("it is served");
    assert_eq!(attached.person, "sam");
    let door: &dyn Door = &attached.door;
    let told = door.ask(&who(), Grants {}, Streams::default()).unwrap_err();
    assert!(format!("{told:?}").contains("sam") && format!("{told:?}").contains("Ssh"), "{told:?}");
    let mut other = guest.clone();
    other.ticket = other.ticket.map(|ticket| ticket.replace(['0', '1'], "2"));
    drop(ticket);
    for guest in [guest, other] {
        let refused = attach(&served.path(), &guest, |_| {});
        let Err(NotAttached::Refused(why)) = refused else { panic!("it was let in") };
        assert_eq!(why, "this ticket is not good any more");
    }
    // Whoever came with it while it was good is not sent away.
    assert!(door.ask(&who(), Rules {}, Streams::default()).is_ok());
}

#[test]
fn a_connection_is_listed_while_nobody_came_over_it_and_ends_with_whoever_did() {
    let served = Served::begin();
    let ended = Arc::new(Mutex::new(Vec::new()));
    let brought = Brought {
        person: "sam".to_owned(),
        entrance: Entrance::Ssh,
        address: Some("10.0.0.1".to_owned()),
        key_fingerprint: Some("SHA256:x".to_owned()),
        connection: Some(7),
    };
    let enter = |connection: u64| {
        let ended = Arc::clone(&ended);
        served.server().connections().enter(
            &brought,
            "connected over SSH",
            connection,
            move |why| {
                ended.lock().unwrap().push((connection, why.to_owned()));
            },
        )
    };
    let (seven, _eight) = (enter(7).unwrap(), enter(8).unwrap());
    let ends = served.client("sessions");
    let listed = || -> Vec<(u64, String)> {
        let ControlAnswer::Sessions(views) = ends.door.control(Control::Sessions).unwrap() else {
            panic!("a list")
        };
        let sams = views.into_iter().filter(|it| it.person == "sam");
        sams.map(|it| (it.session, it.doing)).collect()
    };
    let idle = listed();
    assert_eq!(idle.iter().map(|it| &*it.1).collect::<Vec<_>>(), ["connected over SSH"; 2]);
    let ticket = served.server().tickets().issue(brought).unwrap();
    let guest = Guest { ticket: Some(ticket.text().to_owned()), ..guest(VERSION, "review") };
    let over = attach(&served.path(), &guest, |_| {}).unwrap().expect("it is served");
    let doing: Vec<_> = listed().into_iter().map(|it| it.1).collect();
    assert_eq!(doing, ["connected over SSH", "review"], "that of the session is not listed twice");
    // Two sessions of one person are told apart, and no number of the server's own process is told of them.
    let ControlAnswer::Sessions(views) = ends.door.control(Control::Sessions).unwrap() else {
        panic!("a list")
    };
    for it in views.iter().filter(|it| it.person == "sam") {
        assert_eq!(
            (it.address.as_deref(), it.key.as_deref()),
            (Some("10.0.0.1"), Some("SHA256:x"))
        );
        assert!(it.process.is_none() && it.name.ends_with(&format!("-{}", it.session)), "{it:?}");
    }
    // One of its sessions is ended: the connection as well, and not the other.
    let end = |session| ends.door.control(Control::EndSession { session }).unwrap();
    assert!(matches!(end(over.session), ControlAnswer::Done(1)));
    assert_eq!(*ended.lock().unwrap(), [(7, "kim ended this session".to_owned())]);
    // One that has none.
    assert!(matches!(end(idle[1].0), ControlAnswer::Done(1)));
    assert_eq!(ended.lock().unwrap().len(), 2);
    drop(seven);
    assert_eq!(listed(), [idle[1].clone()]);
    assert!(matches!(end(idle[0].0), ControlAnswer::Refused(_)));
}

#[test]
fn whatever_comes_before_or_after_a_greeting_disturbs_nobody_else() {
    let served = Served::begin();
    let client = served.client("tasks");
    let chunk = |length| ToServer::Chunk { id: 7, bytes: Bytes(vec![0; length]) };
    let frames = |frames: &[ToServer]| -> Vec<u8> {
        frames.iter().flat_map(|frame| encode(frame).unwrap()).collect()
    };
    let import = || {
        let asked = door::operations::Watch::default();
        ask(7, asked, true)
    };
    let too_much: Vec<ToServer> =
        std::iter::once(import()).chain((0..64).map(|_| chunk(60_000))).collect();
    let outputs = ToServer::Ask { id: 1, asked: Bytes::default(), input: false, outputs: 9_999 };
    for (is_in, bytes) in [
        (false, vec![]),
        (false, b"GET / HTTP/1.1\r\n\r\n".to_vec()),
        (false, vec![0xff; 10_000]),
        (false, frames(&[ask(1, Rules {}, false)])),
        (false, frames(&[chunk(10)])),
        (true, vec![0xff; 100]),
        (true, vec![0, 0, 0, 1, 0xff]),
        (true, frames(&[hello()])),
        (true, frames(&[import(), chunk(crate::CHUNK + 1)])),
        (true, frames(&[outputs])),
        (true, frames(&too_much[..1 + WINDOW as usize / 60_000])),
    ] {
        let mut line = match is_in {
            true => entered(&served),
            false => UnixStream::connect(served.path()).unwrap(),
        };
        // The other end may have gone before all of it was said.
        let _ = line.write_all(&bytes);
        let _ = line.shutdown(std::net::Shutdown::Write);
        let told = heard(&mut line);
        let answers = told.iter().filter(|it| matches!(it, ToClient::Told { .. })).count();
        assert_eq!(answers, 0, "{bytes:?}: {told:?}");
        assert_eq!(client.door().ask(&who(), Rules {}, Streams::default()), Ok(vec![]));
    }
}

#[test]
fn what_is_no_operation_is_told_and_the_session_goes_on() {
    let served = Served::begin();
    let mut line = entered(&served);
    let nothing = Bytes(vec![0x63, b'x', b'y', b'z']);
    say(&mut line, &ToServer::Ask { id: 1, asked: nothing, input: false, outputs: 1 });
    say(&mut line, &ask(2, Rules {}, false));
    // Of what nobody asked for nothing comes.
    say(&mut line, &ToServer::End { id: 99 });
    say(&mut line, &ToServer::More { id: 99, output: 3, bytes: 4 });
    say(&mut line, &ToServer::Closed { id: 99, output: 3, why: String::new() });
    let mut reader = FrameReader::greeting(line);
    let mut told: Vec<String> = (0..3)
        .map(|_| match reader.next::<ToClient>().unwrap() {
            Some(ToClient::Told { id, last, .. }) => format!("told {id} {last}"),
            Some(ToClient::End { id, output }) => format!("end {id}.{output}"),
            other => format!("{other:?}"),
        })
        .collect();
    told.sort_unstable();
    assert_eq!(told, ["end 1.0", "told 1 true", "told 2 true"]);
}

#[test]
fn a_peer_that_says_half_a_greeting_is_given_up() {
    let (ours, mut theirs) = UnixStream::pair().unwrap();
    theirs.write_all(&[0, 0]).unwrap();
    let began = Instant::now();
    let patience = Duration::from_millis(30);
    let next = FrameReader::greeting(ours).next_within::<ToServer>(patience);
    assert_eq!(next.unwrap_err().kind(), std::io::ErrorKind::TimedOut);
    assert!(began.elapsed() >= patience);
}

#[test]
fn a_client_whose_server_goes_or_talks_nonsense_is_answered_all_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("socket");
    for (after, expected) in [
        (vec![], "has gone"),
        (vec![0, 0, 0, 9, 1], "has gone"),
        (vec![0, 0, 0, 1, 0xff], "is not understood"),
        (encode(&ToClient::End { id: 1, output: 9 }).unwrap(), "what nobody asked for"),
        (encode(&ToClient::Bye { why: "enough".into() }).unwrap(), "enough"),
    ] {
        let _ = std::fs::remove_file(&path);
        let listener = UnixListener::bind(&path).unwrap();
        let (go, gone) = std::sync::mpsc::channel::<()>();
        let server = std::thread::spawn(move || {
            let (mut line, _) = listener.accept().unwrap();
            let mut reader = FrameReader::greeting(line.try_clone().unwrap());
            reader.next::<ToServer>().unwrap();
            let welcome = ToClient::Welcome { person: "kim".into(), session: 1, process: 2 };
            line.write_all(&encode(&welcome).unwrap()).unwrap();
            gone.recv().unwrap();
            line.write_all(&after).unwrap();
        });
        let (hears, news) = std::sync::mpsc::channel();
        let attached = attach(&path, &guest(VERSION, "tasks"), move |it| {
            let _ = hears.send(it);
        });
        let client = attached.unwrap().unwrap();
        let (sender, told) = std::sync::mpsc::channel();
        let door: &dyn Door = &client.door;
        door.ask_then(&who(), Watch::default(), Streams::default(), move |outcome| {
            sender.send(outcome.unwrap_err().to_string()).unwrap();
        });
        go.send(()).unwrap();
        let why = told.recv().unwrap();
        assert!(why.contains(expected), "{why}");
        assert_eq!(news.recv().unwrap(), News::Ended { why });
        server.join().unwrap();
    }
}

#[test]
fn whoever_listens_and_is_no_server_is_not_trusted() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("socket");
    let listener = UnixListener::bind(&path).unwrap();
    let server = std::thread::spawn(move || {
        for said in [&b"220 ftp ready\r\n"[..], b""] {
            let (mut line, _) = listener.accept().unwrap();
            let mut greeting = [0; 8];
            line.read_exact(&mut greeting).unwrap();
            let _ = line.write_all(said);
        }
    });
    for _ in 0..2 {
        let attached = attach(&path, &guest(VERSION, "tasks"), |_| {});
        assert!(matches!(attached, Err(NotAttached::Garbled(_))));
    }
    server.join().unwrap();
}

/// Thousands of lines of noise, each cut somewhere else.
#[test]
fn noise_is_survived() {
    let served = Served::begin();
    let client = served.client("tasks");
    let sound: Vec<u8> = [hello(), ask(1, Rules {}, false), ToServer::End { id: 1 }]
        .iter()
        .flat_map(|frame| encode(frame).unwrap())
        .collect();
    let mut state = 88_172_645_463_325_252_u64;
    let mut next = move || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state
    };
    for _ in 0..300 {
        let mut bytes = sound.clone();
        for _ in 0..next() % 4 {
            let at = next() as usize % bytes.len();
            bytes[at] = next() as u8;
        }
        bytes.truncate(next() as usize % (bytes.len() + 1));
        let mut line = UnixStream::connect(served.path()).unwrap();
        let _ = line.write_all(&bytes);
    }
    assert_eq!(client.door().ask(&who(), Rules {}, Streams::default()), Ok(vec![]));
}
