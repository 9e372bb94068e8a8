use proptest::collection::vec;
use proptest::prelude::*;

use super::*;
use crate::bytes::Bytes;
use crate::frame::{Control, ControlAnswer, SessionView, ToClient, ToServer};

fn bytes() -> impl Strategy<Value = Bytes> {
    vec(any::<u8>(), 0..300).prop_map(Bytes)
}

fn to_server() -> impl Strategy<Value = ToServer> {
    prop_oneof![
        (any::<u32>(), ".{0,20}", ".{0,20}", ".{0,20}").prop_map(
            |(protocol, version, doing, zone)| ToServer::Hello {
                protocol,
                version,
                doing,
                zone,
                ticket: None
            }
        ),
        (any::<u64>(), bytes(), any::<bool>(), any::<u32>())
            .prop_map(|(id, asked, input, outputs)| ToServer::Ask { id, asked, input, outputs }),
        (any::<u64>(), ".{0,40}")
            .prop_map(|(id, text)| ToServer::Control { id, control: Control::Wall { text } }),
        (any::<u64>(), any::<u64>()).prop_map(|(id, session)| ToServer::Control {
            id,
            control: Control::EndSession { session }
        }),
        (any::<u64>(), bytes()).prop_map(|(id, bytes)| ToServer::Chunk { id, bytes }),
        any::<u64>().prop_map(|id| ToServer::End { id }),
        (any::<u64>(), ".{0,40}").prop_map(|(id, why)| ToServer::Broken { id, why }),
        (any::<u64>(), any::<u32>(), any::<u32>()).prop_map(|(id, output, bytes)| ToServer::More {
            id,
            output,
            bytes
        }),
        (any::<u64>(), any::<u32>(), ".{0,40}").prop_map(|(id, output, why)| ToServer::Closed {
            id,
            output,
            why
        }),
    ]
}

fn session() -> impl Strategy<Value = SessionView> {
    let time = -1_000_000_000_i64..4_000_000_000;
    let time = time.prop_map(|second| jiff::Timestamp::from_second(second).unwrap());
    (any::<u64>(), ".{0,20}", ".{0,20}", time.clone(), time, any::<Option<u32>>()).prop_map(
        |(session, person, doing, since, last, process)| SessionView {
            session,
            name: format!("k7f3q-{session}"),
            address: process.map(|process| process.to_string()),
            key: process.map(|_| person.clone()),
            person,
            doing,
            since,
            last,
            process,
        },
    )
}

fn to_client() -> impl Strategy<Value = ToClient> {
    prop_oneof![
        (".{0,20}", any::<u64>(), any::<u32>())
            .prop_map(|(person, session, process)| ToClient::Welcome { person, session, process }),
        (".{0,20}", ".{0,80}").prop_map(|(version, why)| ToClient::Refused { version, why }),
        (any::<u64>(), bytes(), any::<bool>()).prop_map(|(id, bytes, last)| ToClient::Told {
            id,
            bytes,
            last
        }),
        (any::<u64>(), vec(session(), 0..4)).prop_map(|(id, sessions)| ToClient::Answered {
            id,
            answer: ControlAnswer::Sessions(sessions)
        }),
        (any::<u64>(), any::<u32>(), bytes()).prop_map(|(id, output, bytes)| ToClient::Chunk {
            id,
            output,
            bytes
        }),
        (any::<u64>(), any::<u32>()).prop_map(|(id, output)| ToClient::End { id, output }),
        (any::<Option<bool>>(), ".{0,80}").prop_map(|(from, text)| ToClient::Notice {
            from: from.map(|it| it.to_string()),
            text
        }),
    ]
}

/// What a decoder gives of bytes that come in pieces of such lengths.
fn decoded<T: DeserializeOwned>(bytes: &[u8], pieces: &[usize]) -> Result<Vec<T>, Garbled> {
    let mut decoder = Decoder::up_to(LARGEST);
    let mut frames = Vec::new();
    let (mut rest, mut pieces) = (bytes, pieces.iter().copied().cycle());
    while !rest.is_empty() {
        let length = pieces.next().unwrap_or(1).clamp(1, rest.len());
        let (piece, after) = rest.split_at(length);
        decoder.push(piece);
        rest = after;
        while let Some(frame) = decoder.next_frame()? {
            frames.push(frame);
        }
    }
    assert!(!decoder.is_amid(), "all of it was taken");
    Ok(frames)
}

proptest! {
    #[test]
    fn frames_come_through_however_they_are_cut(
        frames in vec(to_server(), 1..8), pieces in vec(1_usize..400, 1..8)
    ) {
        let bytes: Vec<u8> = frames.iter().flat_map(|frame| encode(frame).unwrap()).collect();
        prop_assert_eq!(decoded::<ToServer>(&bytes, &pieces), Ok(frames));
    }

    #[test]
    fn so_do_those_of_a_server(
        frames in vec(to_client(), 1..8), pieces in vec(1_usize..400, 1..8)
    ) {
        let bytes: Vec<u8> = frames.iter().flat_map(|frame| encode(frame).unwrap()).collect();
        prop_assert_eq!(decoded::<ToClient>(&bytes, &pieces), Ok(frames));
    }

    /// Nothing that comes makes a decoder hold more than has come, or go on after what is no frame.
    #[test]
    fn garbage_is_refused_and_takes_no_room(garbage in vec(vec(any::<u8>(), 0..300), 0..20)) {
        let (mut decoder, mut came) = (Decoder::up_to(LARGEST_GREETING), 0);
        for piece in &garbage {
            decoder.push(piece);
            came += piece.len();
            prop_assert!(decoder.held() <= came);
            while let Ok(Some(_)) = decoder.next_frame::<ToServer>() {}
            match decoder.next_frame::<ToServer>() {
                Ok(frame) => prop_assert!(frame.is_none()),
                Err(_) => break,
            }
            prop_assert!(decoder.held() <= LARGEST_GREETING + 4 + piece.len());
        }
    }

    /// A frame with one byte altered is another frame or none, and never a panic.
    #[test]
    fn an_altered_frame_is_another_or_none(
        frame in to_server(), at in any::<prop::sample::Index>(), to in any::<u8>()
    ) {
        let mut bytes = encode(&frame).unwrap();
        let at = at.index(bytes.len());
        let was = std::mem::replace(&mut bytes[at], to);
        let mut decoder = Decoder::up_to(LARGEST);
        decoder.push(&bytes);
        if let Ok(Some(read)) = decoder.next_frame::<ToServer>() {
            prop_assert!(was == to || encode(&read).is_ok());
        }
    }
}

#[test]
fn a_frame_that_says_it_is_too_long_is_refused_at_once() {
    let mut decoder = Decoder::up_to(LARGEST_GREETING);
    decoder.push(&u32::MAX.to_be_bytes());
    assert_eq!(decoder.next_frame::<ToServer>(), Err(Garbled::TooLong(u32::MAX as usize)));
    assert!(decoder.held() < 100);
    let long = ToServer::Chunk { id: 1, bytes: Bytes(vec![0; LARGEST]) };
    assert!(matches!(encode(&long), Err(Garbled::TooLong(_))));
}

#[test]
fn a_value_of_any_depth_ends_no_stack() {
    // An array in an array in an array.
    let mut bytes = vec![0, 0, 0x10, 0];
    bytes.resize(4 + 0x1000, 0x81);
    let mut decoder = Decoder::up_to(LARGEST_GREETING);
    decoder.push(&bytes);
    assert_eq!(decoder.next_frame::<ToServer>(), Err(Garbled::Unknown));
}

/// The bytes in the document of the protocol are those that we say.
#[test]
fn the_document_shows_the_bytes_that_are_said() {
    let document = include_str!("../../docs/socket.md");
    let shown = |frame: Vec<u8>| {
        let hex: Vec<String> = frame.iter().map(|byte| format!("{byte:02x}")).collect();
        let line = format!("    {}", hex.join(" "));
        assert!(document.lines().any(|it| it == line), "docs/socket.md does not show\n{line}");
    };
    let (version, doing, zone) = ("0.1.0".into(), "tasks".into(), "UTC".into());
    shown(encode(&ToServer::Hello { protocol: 1, version, doing, zone, ticket: None }).unwrap());
    shown(encode(&ToClient::Welcome { person: "kim".into(), session: 3, process: 4711 }).unwrap());
    let asked = Bytes(door::to_bytes(&door::Asked::from(door::operations::Rules {})).unwrap());
    shown(encode(&ToServer::Ask { id: 1, asked, input: false, outputs: 0 }).unwrap());
    let none = door::Outcome::<Vec<door::views::RuleView>>::Ok(vec![]);
    let bytes = Bytes(door::to_bytes(&none).unwrap());
    shown(encode(&ToClient::Told { id: 1, bytes, last: true }).unwrap());
    shown(encode(&ToServer::Chunk { id: 2, bytes: Bytes(b"id,city\n".to_vec()) }).unwrap());
    shown(encode(&ToClient::Bye { why: "kim ended this session".into() }).unwrap());
}
