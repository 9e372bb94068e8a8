//! Bytes that are nearly right: what is altered, left out, doubled, or comes from another place.

use std::io::{Cursor, Read, Write};

use rand::{Rng, RngExt};
use zip::write::{SimpleFileOptions, ZipWriter};
use zip::{CompressionMethod, ZipArchive};

/// Texts that stand for something in one format or another.
const TOKENS: [&[u8]; 40] = [
    b"\"",
    b"\"\"",
    b"'",
    b",",
    b";",
    b"\t",
    b"|",
    b"\n",
    b"\r\n",
    b"\r",
    b"\0",
    b"\\",
    b"\\\"",
    b"{",
    b"}",
    b"[",
    b"]",
    b":",
    b"null",
    b"1e309",
    b"-0",
    b"99999999999999999999",
    b"1001.0",
    b"=\"1\"",
    b"#REF!",
    b"&amp;",
    b"&#0;",
    b"<",
    b"]]>",
    b"\xef\xbb\xbf",
    b"\xff\xfe",
    b"\xc3\xa9",
    b"\xe9",
    b"\xed\xa0\x80",
    b"\xf0\x9f\x98\x80",
    b"\xe2\x80\xae",
    b"BEGIN:VCARD\r\n",
    b"END:VCARD\r\n",
    b"=3D=\r\n",
    b"31.02.1985",
];

/// A few alterations of `seed`, some of them with pieces of `other`.
pub fn altered(seed: &[u8], other: &[u8], chance: &mut impl Rng) -> Vec<u8> {
    if seed.starts_with(b"PK\x03\x04") && chance.random_bool(0.8) {
        return with_altered_member(seed, other, chance).unwrap_or_else(|| seed.to_vec());
    }
    let mut bytes = seed.to_vec();
    for _ in 0..chance.random_range(1..=6) {
        alter(&mut bytes, other, chance);
    }
    bytes
}

fn alter(bytes: &mut Vec<u8>, other: &[u8], chance: &mut impl Rng) {
    if bytes.is_empty() {
        bytes.extend_from_slice(other);
        return;
    }
    let at = chance.random_range(0..bytes.len());
    let most = (bytes.len() - at).min(64);
    match chance.random_range(0..9) {
        0 => bytes[at] ^= 1 << chance.random_range(0..8),
        1 => bytes[at] = chance.random(),
        2 => {
            let token = TOKENS[chance.random_range(0..TOKENS.len())];
            bytes.splice(at..at, token.iter().copied());
        }
        3 => {
            let token = TOKENS[chance.random_range(0..TOKENS.len())];
            let end = (at + token.len()).min(bytes.len());
            bytes.splice(at..end, token.iter().copied());
        }
        4 => drop(bytes.drain(at..at + chance.random_range(1..=most))),
        5 => {
            let piece = bytes[at..at + chance.random_range(1..=most)].to_vec();
            let times = chance.random_range(1..=200);
            let to = chance.random_range(0..=bytes.len());
            bytes.splice(to..to, piece.repeat(times));
        }
        6 => bytes.truncate(at),
        7 if !other.is_empty() => {
            let from = chance.random_range(0..other.len());
            let until = (from + chance.random_range(1..=256)).min(other.len());
            bytes.splice(at..at, other[from..until].iter().copied());
        }
        // Lengths and places in files of bytes.
        _ => {
            let number: u32 = [0, 1, 0x7fff_ffff, 0xffff_ffff, 0x10000][chance.random_range(0..5)];
            let end = (at + 4).min(bytes.len());
            bytes.splice(at..end, number.to_le_bytes());
        }
    }
}

/// The same archive with one file in it altered: its checksum is right, as a hostile one's would be.
fn with_altered_member(seed: &[u8], other: &[u8], chance: &mut impl Rng) -> Option<Vec<u8>> {
    let mut archive = ZipArchive::new(Cursor::new(seed)).ok()?;
    let wanted = chance.random_range(0..archive.len().max(1));
    let mut made = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
    for number in 0..archive.len() {
        let mut member = archive.by_index(number).ok()?;
        let mut content = Vec::new();
        member.read_to_end(&mut content).ok()?;
        if number == wanted {
            for _ in 0..chance.random_range(1..=6) {
                alter(&mut content, other, chance);
            }
        }
        let name = member.name().ok()?.into_owned();
        drop(member);
        made.start_file(name, options).ok()?;
        made.write_all(&content).ok()?;
    }
    Some(made.finish().ok()?.into_inner())
}
