//! An encrypted ledger: nothing in it can be read without its keys, nothing opens but where it
//! was written, and a wrong key is told from damage.

use std::path::PathBuf;
use std::sync::Arc;

use super::frame::{FrameHeader, HEADER_LENGTH};
use super::samples::{
    WORKSPACE, at, cipher, cipher_of, create_with, events, folder, ledger_of, ledger_with, open,
    open_with, options, plain_options, verified, verified_with,
};
use super::segment::{self, SEGMENT_HEADER_LENGTH};
use super::*;
use crate::ports::cipher::{NoCipher, OVERHEAD};
use crate::ports::simulated_files::SimulatedFiles;
use domain::Sequence;

fn segment(number: u32) -> PathBuf {
    segment::path(folder(), number)
}

fn holds(files: &SimulatedFiles, needle: &[u8]) -> bool {
    let content = files.content(&segment(1)).unwrap();
    content.windows(needle.len()).any(|window| window == needle)
}

/// The first frame's header and where its stored bytes are.
fn first_frame(content: &[u8]) -> (FrameHeader, std::ops::Range<usize>) {
    let header = FrameHeader::decode(&content[SEGMENT_HEADER_LENGTH..]).unwrap();
    let start = SEGMENT_HEADER_LENGTH + HEADER_LENGTH;
    (header.clone(), start..start + header.physical.stored_length as usize)
}

#[test]
fn nothing_of_a_commit_can_be_read_in_the_file() {
    let (encrypted, ledger) = ledger_of(3);
    let (plain, _) = ledger_with(3, &plain_options());
    assert!(holds(&plain, b"record_revised"), "the search finds what is there");
    for needle in [&b"record_revised"[..], b"kim", b"person", b"example.com"] {
        assert!(!holds(&encrypted, needle));
    }
    let segments = ledger.segments();
    assert_eq!((segments.len(), &segments[0].keys[..]), (1, &[1][..]));
    // The chain is over what was said, not over how it is kept.
    let (_, again) = ledger_of(3);
    assert_eq!(ledger.head(), again.head());
}

#[test]
fn the_stored_bytes_are_what_the_format_page_says() {
    use chacha20poly1305::aead::{Aead, Payload};
    use chacha20poly1305::{KeyInit, XChaCha20Poly1305};
    let (files, _) = ledger_of(1);
    let content = files.content(&segment(1)).unwrap();
    let (header, stored) = first_frame(&content);
    assert_eq!((header.physical.cipher, header.physical.key), (1, 1));
    let stored = &content[stored];
    let aad = [
        &b"steward sealed data 1"[..],
        &[1],
        &1u16.to_le_bytes(),
        &WORKSPACE,
        &1u32.to_le_bytes(),
        &1u32.to_le_bytes(),
        &1u64.to_le_bytes(),
    ]
    .concat();
    let nonce = stored[..24].try_into().unwrap();
    let payload = Payload { msg: &stored[24..], aad: &aad };
    let plain = XChaCha20Poly1305::new(&[1; 32].into()).decrypt(&nonce, payload).unwrap();
    assert_eq!(plain.len() + OVERHEAD, stored.len());
    assert_eq!(plain[0], 0, "the table begins with the actor's live entry");
}

#[test]
fn a_wrong_or_missing_key_is_no_damage_of_the_disk() {
    let (files, ledger) = ledger_of(9);
    drop(ledger);
    let what = |found: &dyn crate::ports::Cipher| {
        let damage = verified_with(&files, found).damage;
        assert_eq!(damage.len(), 9, "{damage:?}");
        damage[0].what.clone()
    };
    assert_eq!(verified_with(&files, &cipher_of(WORKSPACE, &[1, 2], 2)).damage, []);
    let first = Sequence(1);
    assert_eq!(what(&NoCipher), DamageKind::NoKey { sequence: first, key: 1 });
    assert_eq!(what(&cipher_of(WORKSPACE, &[2], 2)), DamageKind::NoKey { sequence: first, key: 1 });
    assert_eq!(what(&cipher_of([9; 16], &[1], 1)), DamageKind::DoesNotOpen(first));
    let foreign = LedgerOptions { cipher: Arc::new(cipher_of([9; 16], &[1], 1)), ..options() };
    assert!(matches!(open_with(&files, None, &foreign), Err(LedgerError::Damaged(_))));
    assert!(verified(&files).is_sound(), "nothing was written");
}

#[test]
fn a_commit_altered_with_its_checksums_does_not_open() {
    let (files, ledger) = ledger_of(3);
    drop(ledger);
    let mut content = files.content(&segment(1)).unwrap();
    let (header, stored) = first_frame(&content);
    content[stored.start + 30] ^= 1;
    let physical = body::physical(header.physical.codec, &content[stored]);
    let physical = super::frame::Physical { cipher: 1, key: 1, ..physical };
    let header = FrameHeader { physical, ..header };
    content[SEGMENT_HEADER_LENGTH..][..HEADER_LENGTH].copy_from_slice(&header.encode());
    files.plant(&segment(1), &content);
    let damage = verified(&files).damage;
    assert_eq!(damage[0].what, DamageKind::DoesNotOpen(Sequence(1)));
    let (ledger, _) = open(&files, None).unwrap();
    let error = ledger.reader().commit(Sequence(1)).unwrap_err().to_string();
    assert!(error.contains("altered, or moved from another place"), "{error}");
    assert!(ledger.reader().commit(Sequence(2)).is_ok());
}

#[test]
fn a_commit_in_the_clear_is_damage_where_the_workspace_is_encrypted() {
    let (files, ledger) = ledger_with(20, &plain_options());
    drop(ledger);
    let damage = verified(&files).damage;
    assert_eq!(damage.len(), 20);
    assert_eq!(damage[0].what, DamageKind::InTheClear(Sequence(1)));
    let Err(LedgerError::Damaged(damage)) = open(&files, None) else { panic!("opened") };
    assert_eq!(damage.len(), 20, "also those whose bodies are not looked into");
    assert!(verified_with(&files, &NoCipher).is_sound());
}

#[test]
fn a_new_key_seals_from_the_next_commit_on() {
    let (files, mut ledger) = ledger_of(3);
    ledger.begin_segment().unwrap();
    ledger.begin_segment().unwrap();
    ledger.set_cipher(cipher(2));
    ledger.append(at(4), "kim", &events(4)).unwrap();
    let keys: Vec<_> = ledger.segments().into_iter().map(|it| (it.keys, it.closed)).collect();
    assert_eq!(keys, [(vec![1], true), (vec![2], false)]);
    let all = ledger.reader().commits_from(Sequence(1)).map(|it| it.unwrap().events);
    assert_eq!(all.collect::<Vec<_>>(), (1..=4).map(events).collect::<Vec<_>>());
    drop(ledger);
    let (ledger, _) =
        open_with(&files, None, &LedgerOptions { cipher: cipher(2), ..options() }).unwrap();
    assert_eq!(ledger.segments()[1].keys, [2], "known again after reopening");
    assert!(verified(&files).is_sound());
}

#[test]
fn what_a_ledger_is_can_be_told_without_a_key() {
    let (files, _ledger) = ledger_of(1);
    let found = inspect(&files, folder()).unwrap();
    assert_eq!(found, Inspected { workspace: Some(WORKSPACE), encrypted: Some(true), begun: true });
    let (files, _ledger) = ledger_with(1, &plain_options());
    assert_eq!(inspect(&files, folder()).unwrap().encrypted, Some(false));
    let files = SimulatedFiles::new();
    assert!(matches!(inspect(&files, folder()), Err(LedgerError::NotFound { .. })));
    create_with(&files, &options()).unwrap();
    assert_eq!(inspect(&files, folder()).unwrap().encrypted, None);
}
