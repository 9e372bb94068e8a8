use super::*;
use crate::codec::Decoder;
use crate::spool::testing::spools;

fn raw(told: Told) -> Result<Vec<u8>, Failure> {
    match told {
        Told::Bytes(bytes) => Ok(bytes),
        Told::Here(_) => Err(Failure::stopped()),
    }
}

/// What is sent until nothing more is there to be sent.
fn sent(outbox: &Outbox) -> Vec<ToClient> {
    let mut frames = Vec::new();
    loop {
        let next = {
            let mut state = outbox.state();
            let item = state.next_item();
            item.or_else(|| state.next_of_files().map(Next::Frame))
        };
        let mut bytes = Vec::new();
        match next {
            None => return frames,
            Some(Next::Frame(frame)) => send(&mut bytes, &frame).unwrap(),
            Some(Next::Answer(id, told)) => {
                let (told, encoder) = *told;
                send_answer(&mut bytes, id, encoder(told)).unwrap();
            }
        }
        let mut decoder = Decoder::up_to(crate::codec::LARGEST);
        decoder.push(&bytes);
        while let Some(frame) = decoder.next_frame().unwrap() {
            frames.push(frame);
        }
    }
}

fn in_short(frames: &[ToClient]) -> Vec<String> {
    let told = frames.iter().map(|frame| match frame {
        ToClient::Told { id, bytes, last } => format!("told {id} {} {last}", bytes.0.len()),
        ToClient::Chunk { id, output, bytes } => format!("chunk {id}.{output} {}", bytes.0.len()),
        ToClient::End { id, output } => format!("end {id}.{output}"),
        ToClient::Bye { why } => format!("bye {why}"),
        other => format!("{other:?}"),
    });
    told.collect()
}

#[test]
fn an_answer_waits_for_the_files_that_were_whole_before_it() {
    let outbox = Outbox::new();
    let mut file = outbox.output((1, 0), &spools());
    let other = outbox.output((1, 1), &spools());
    file.write_all(b"abc").unwrap();
    drop(file);
    outbox.answer(1, Told::Bytes(vec![7]), raw);
    // This one is not whole: nobody waits for it.
    assert_eq!(in_short(&sent(&outbox)), ["chunk 1.0 3", "end 1.0", "told 1 1 true"]);
    outbox.answer(2, Told::Bytes(vec![7]), raw);
    assert_eq!(in_short(&sent(&outbox)), ["told 2 1 true"]);
    drop(other);
    outbox.answer(3, Told::Bytes(vec![]), raw);
    assert_eq!(in_short(&sent(&outbox)), ["end 1.1", "told 3 0 true"]);
}

#[test]
fn no_more_of_a_file_is_sent_than_is_taken_and_whoever_writes_it_never_waits() {
    let outbox = Outbox::new();
    let mut file = outbox.output((1, 0), &spools());
    let all = vec![1; 3 * WINDOW as usize];
    file.write_all(&all).unwrap();
    drop(file);
    outbox.answer(1, Told::Bytes(vec![]), raw);
    let bytes = |frames: &[ToClient]| -> usize {
        let of = |frame: &ToClient| match frame {
            ToClient::Chunk { bytes, .. } => bytes.0.len(),
            _ => 0,
        };
        frames.iter().map(of).sum()
    };
    let first = sent(&outbox);
    assert_eq!(bytes(&first), WINDOW as usize, "{:?}", in_short(&first));
    outbox.more((1, 0), 10);
    assert_eq!(in_short(&sent(&outbox)), ["chunk 1.0 10"]);
    // Whoever says that it takes more than it ever was sent is not believed.
    outbox.more((1, 0), u32::MAX);
    outbox.more((1, 0), u32::MAX);
    assert_eq!(bytes(&sent(&outbox)), WINDOW as usize);
    outbox.more((1, 0), u32::MAX);
    let last = sent(&outbox);
    assert_eq!(bytes(&last), WINDOW as usize - 10);
    assert_eq!(in_short(&last)[last.len() - 2..], ["end 1.0", "told 1 0 true"]);
}

#[test]
fn files_take_turns() {
    let outbox = Outbox::new();
    for number in 0..2 {
        let mut file = outbox.output((1, number), &spools());
        file.write_all(&vec![1; 2 * CHUNK]).unwrap();
    }
    let frames = in_short(&sent(&outbox));
    let from: Vec<&str> = frames.iter().map(|it| it.split_whitespace().nth(1).unwrap()).collect();
    assert_eq!(from, ["1.0", "1.1", "1.0", "1.1", "1.0", "1.1"], "{frames:?}");
}

#[test]
fn a_file_that_nobody_takes_fails_for_whoever_writes_it_and_keeps_no_answer_back() {
    let outbox = Outbox::new();
    let mut file = outbox.output((1, 0), &spools());
    file.write_all(b"abc").unwrap();
    outbox.refuse((1, 0), "the disk is full".to_owned());
    let error = file.write(b"d").unwrap_err();
    assert_eq!(
        (error.kind(), &*error.to_string()),
        (io::ErrorKind::BrokenPipe, "the disk is full")
    );
    drop(file);
    outbox.answer(1, Told::Bytes(vec![]), raw);
    assert_eq!(in_short(&sent(&outbox)), ["told 1 0 true"]);
    // One of a session that has gone, too.
    let mut file = outbox.output((2, 0), &spools());
    outbox.close();
    assert_eq!(file.write(b"d").unwrap_err().kind(), io::ErrorKind::BrokenPipe);
    assert!(outbox.next().is_none());
}

#[test]
fn a_long_answer_goes_in_parts() {
    let outbox = Outbox::new();
    outbox.answer(1, Told::Bytes(vec![1; 2 * PART + 5]), raw);
    let frames = in_short(&sent(&outbox));
    let part = format!("told 1 {PART} false");
    assert_eq!(frames, [part.clone(), part, "told 1 5 true".to_owned()]);
}

#[test]
fn what_may_be_under_way_is_bounded_until_it_is_told() {
    let outbox = Outbox::new();
    assert!((0..UNDER_WAY).all(|_| outbox.begin()));
    assert!(!outbox.begin());
    outbox.answer(1, Told::Bytes(vec![]), raw);
    assert!(!outbox.begin(), "it is not told");
    sent(&outbox);
    assert!(outbox.begin());
    for _ in 0..=MOST {
        outbox.put(ToClient::Notice { from: None, text: String::new() });
    }
    assert!(outbox.is_closed(), "nobody takes any of it");
}

#[test]
fn good_bye_is_the_last_that_is_said() {
    let outbox = Outbox::new();
    outbox.answer(1, Told::Bytes(vec![]), raw);
    outbox.say_good_bye("why", true);
    outbox.say_good_bye("another", true);
    outbox.answer(2, Told::Bytes(vec![]), raw);
    assert_eq!(last_words(&outbox), ["bye why"]);
    // Where there is time, what waits is sent first, and nothing that comes later.
    let outbox = Outbox::new();
    let mut file = outbox.output((1, 0), &spools());
    file.write_all(b"abc").unwrap();
    drop(file);
    outbox.answer(1, Told::Bytes(vec![]), raw);
    outbox.say_good_bye("why", false);
    outbox.answer(2, Told::Bytes(vec![]), raw);
    assert_eq!(last_words(&outbox), ["chunk 1.0 3", "end 1.0", "told 1 0 true", "bye why"]);
}

/// What is sent until it ends.
fn last_words(outbox: &Outbox) -> Vec<String> {
    let mut bytes = Vec::new();
    send_all(outbox, &mut bytes).unwrap();
    let mut decoder = Decoder::up_to(crate::codec::LARGEST);
    decoder.push(&bytes);
    let frames: Vec<ToClient> = std::iter::from_fn(|| decoder.next_frame().unwrap()).collect();
    in_short(&frames)
}
