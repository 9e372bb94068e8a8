//! What waits in a channel, and who waits for it.

use super::*;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use crate::tests::spools;

const SIZE: Size = Size { columns: 80, rows: 23 };

fn terminal() -> Arc<Wire> {
    Arc::new(Wire::terminal(SIZE))
}

fn bytes(heard: Option<Heard>) -> Vec<u8> {
    match heard {
        Some(Heard::Bytes(bytes, _)) => bytes,
        other => panic!("{other:?}"),
    }
}

/// A client that takes nothing, and a room that never stops talking.
#[test]
fn a_room_waits_where_nobody_takes_what_it_says() {
    let wire = terminal();
    let (said, talking) = (Arc::new(AtomicUsize::new(0)), Arc::clone(&wire));
    let counted = Arc::clone(&said);
    let room = thread::spawn(move || {
        while talking.put(Stream::Output, &[b'x'; CHUNK]).is_ok() {
            counted.fetch_add(CHUNK, Ordering::SeqCst);
        }
    });
    let waits = || wire.inside().output_bytes;
    while said.load(Ordering::SeqCst) < OUTWARD {
        thread::yield_now();
    }
    assert_eq!(waits(), OUTWARD);
    // One portion is taken: one more is said.
    assert_eq!(wire.next_already(), Some(Next::Bytes(Stream::Output, vec![b'x'; CHUNK])));
    while said.load(Ordering::SeqCst) < OUTWARD + CHUNK {
        thread::yield_now();
    }
    assert_eq!(waits(), OUTWARD);
    wire.cut();
    room.join().unwrap();
    assert_eq!(waits(), 0);
    assert_eq!(wire.next_already(), Some(Next::Cut));
}

#[test]
fn what_was_said_is_sent_before_the_exit_code() {
    let wire = terminal();
    wire.put(Stream::Output, b"one").unwrap();
    wire.put(Stream::Errors, b"two").unwrap();
    wire.end("that is all");
    // It still may say that it has gone.
    wire.put(Stream::Output, b"bye").unwrap();
    wire.finish(7);
    for (stream, said) in
        [(Stream::Output, "one"), (Stream::Errors, "two"), (Stream::Output, "bye")]
    {
        assert_eq!(wire.next_already(), Some(Next::Bytes(stream, said.as_bytes().to_vec())));
    }
    let finished = Next::Finished(7, Some("that is all".to_owned()));
    assert_eq!(wire.next_already(), Some(finished));
    assert!(wire.put(Stream::Output, b"late").is_err());
}

#[test]
fn a_terminal_hears_what_happens_and_keys_wait_until_they_are_wanted() {
    let wire = terminal();
    assert_eq!(wire.heard_already(true), None);
    wire.came(b"jj").unwrap();
    wire.came(b"k").unwrap();
    assert_eq!(wire.heard_already(false), None);
    wire.resize(SIZE);
    assert_eq!(wire.heard_already(false), None, "the same size");
    wire.resize(Size { columns: 100, rows: 30 });
    wire.notice(Some("kim"), "lunch");
    wire.signal(Signal::Interrupt);
    assert_eq!(wire.heard_already(false), Some(Heard::Signal(Signal::Interrupt)));
    assert_eq!(wire.heard_already(false), Some(Heard::Resized));
    assert_eq!(wire.size().columns, 100);
    let notice = Heard::Notice(Some("kim".to_owned()), "lunch".to_owned());
    assert_eq!(wire.heard_already(false), Some(notice));
    assert_eq!(bytes(wire.heard_already(true)), b"jj");
    assert_eq!(bytes(wire.heard_within(Duration::ZERO)), b"k");
    assert_eq!(wire.heard_within(Duration::ZERO), None);
    wire.came_to_end();
    assert_eq!(wire.heard_already(true), Some(Heard::Ended(None)));
    wire.end("closed");
    assert_eq!(wire.heard_already(false), Some(Heard::Ended(Some("closed".to_owned()))));
}

#[test]
fn keys_that_nobody_hears_are_bounded() {
    let wire = terminal();
    let mut kept = 0;
    while wire.came(&[b'j'; 1_000]).is_ok() {
        kept += 1_000;
        assert!(kept <= KEYS);
    }
    for _ in 0..1_000 {
        wire.notice(None, "again");
        wire.signal(Signal::Interrupt);
    }
    let inside = wire.inside();
    assert_eq!((inside.notices.len(), inside.signals.len()), (NEWS, NEWS));
}

#[test]
fn a_command_reads_to_the_end_what_was_sent() {
    let wire = Arc::new(Wire::command(spools(), None));
    let reading = Arc::clone(&wire);
    let room = thread::spawn(move || {
        let (mut all, mut buffer) = (Vec::<u8>::new(), [0; 7_000]);
        loop {
            match reading.read(&mut buffer).unwrap() {
                0 => return all,
                read => all.extend(&buffer[..read]),
            }
        }
    });
    let sent: Vec<u8> = (0..3_000_000_u32).map(|at| (at % 251) as u8).collect();
    for part in sent.chunks(30_000) {
        wire.came(part).unwrap();
    }
    wire.came_to_end();
    assert!(room.join().unwrap() == sent);
}

#[test]
fn who_reads_or_waits_for_signals_is_not_left_behind() {
    for (ends, finishes) in [(true, false), (false, true)] {
        let wire = Arc::new(Wire::command(spools(), None));
        let (reading, waiting) = (Arc::clone(&wire), Arc::clone(&wire));
        let reader = thread::spawn(move || reading.read(&mut [0; 10]).is_err());
        let waiter = thread::spawn(move || waiting.next_signal());
        if ends {
            wire.cut();
        }
        if finishes {
            wire.finish(0);
        }
        assert!(reader.join().unwrap());
        assert_eq!(waiter.join().unwrap(), ends.then_some(Signal::HangUp));
    }
}

#[test]
fn a_command_shown_in_a_terminal_begins_its_lines_at_the_left() {
    let wire = Wire::command(spools(), Some(SIZE));
    for part in ["a\nb\r", "\nc\n\n", "d"] {
        wire.put(Stream::Output, part.as_bytes()).unwrap();
    }
    let mut said = Vec::new();
    while let Some(Next::Bytes(_, bytes)) = wire.next_already() {
        said.extend(bytes);
    }
    assert_eq!(String::from_utf8(said).unwrap(), "a\r\nb\r\nc\r\n\r\nd");
    wire.came(b"yes\r\x03no\x04").unwrap();
    assert_eq!(wire.next_signal(), Some(Signal::Interrupt));
    let mut buffer = [0; 20];
    assert_eq!(wire.read(&mut buffer).unwrap(), 6);
    assert_eq!(&buffer[..6], b"yes\nno");
    assert_eq!(wire.read(&mut buffer).unwrap(), 0);
}
