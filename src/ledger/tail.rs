//! Where the last segment's torn tail begins: what a writer had not synced when power was lost.
//!
//! The frames of a group are written one after the other and synced together. A crash leaves any
//! subset of their pages: whole frames may stand behind one that is gone. What tells them from damage
//! is that each names its group's first commit: nothing from there on was synced when it was written.

use std::io;

use domain::Sequence;

use super::body::stored_checksum;
use super::frame::{FrameHeader, HEADER_LENGTH, MAX_FRAME, NoHeader};
use super::segment::SEGMENT_HEADER_LENGTH;
use super::window::Window;

/// How the last segment ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Ending {
    /// Where what is whole ends: the torn tail begins there, if there is one.
    pub(super) whole: u64,
    /// Where the last group begins, or the last frame that was synced by itself.
    pub(super) group: u64,
}

/// A place where a commit should begin: its first byte, and the commit's number.
type Place = (u64, Sequence);

/// Looks how the last segment ends. `next` is the commit that its first frame should hold.
pub(super) fn ending(window: &mut Window, next: Sequence) -> io::Result<Ending> {
    let end = window.limit();
    let mut offset = SEGMENT_HEADER_LENGTH as u64;
    let mut expected = next;
    // Those of the last group, as far as they stand one behind the other.
    let mut group: Vec<(u64, FrameHeader)> = Vec::new();
    let mut begins = end;
    while offset < end {
        match FrameHeader::decode(window.get(offset, HEADER_LENGTH)?) {
            Ok(header) if offset + header.frame_length() <= end => {
                let first = header.logical.first_of_group();
                if group.last().is_none_or(|(_, before)| before.logical.first_of_group() != first) {
                    group.clear();
                    begins = offset;
                }
                expected = header.logical.sequence.next();
                let at = offset;
                offset += header.frame_length();
                group.push((at, header));
                continue;
            }
            // What comes behind is not for this steward to judge.
            Err(NoHeader::Newer(_)) => return Ok(Ending { whole: end, group: begins }),
            Ok(_) | Err(NoHeader::Damaged) => {}
        }
        let torn = first_broken(window, &group)?.unwrap_or((offset, expected));
        if is_torn(window, torn)? {
            return Ok(Ending { whole: torn.0, group: begins.min(torn.0) });
        }
        // Where bytes went missing inside the last frame, the next one begins inside its length.
        let last = group.last().map(std::slice::from_ref).unwrap_or_default();
        let from = first_broken(window, last)?.map_or(offset, |(at, _)| at);
        let Some(next) = window.find_header(from + 1)? else {
            return Ok(Ending { whole: end, group: begins });
        };
        offset = next;
        group.clear();
    }
    match first_broken(window, &group)? {
        Some(torn) if is_torn(window, torn)? => Ok(Ending { whole: torn.0, group: begins }),
        _ => Ok(Ending { whole: end, group: begins }),
    }
}

/// The first of a group's frames whose stored bytes are not what its header says.
fn first_broken(window: &mut Window, group: &[(u64, FrameHeader)]) -> io::Result<Option<Place>> {
    for (at, header) in group {
        let length = header.physical.stored_length as usize;
        let stored = window.get(at + HEADER_LENGTH as u64, length)?;
        if stored_checksum(stored) != header.physical.stored_checksum {
            return Ok(Some((*at, header.logical.sequence)));
        }
    }
    Ok(None)
}

/// Whether all from a place on was written without a sync in between, the commit that should be there
/// among it.
fn is_torn(window: &mut Window, (from, missing): Place) -> io::Result<bool> {
    if window.limit() - from > MAX_FRAME {
        return Ok(false);
    }
    let mut at = from;
    while let Some(found) = window.find_header(at)? {
        let Ok(header) = FrameHeader::decode(window.get(found, HEADER_LENGTH)?) else {
            return Ok(false);
        };
        let group = header.logical.first_of_group()..=header.logical.sequence;
        if !group.contains(&missing) {
            return Ok(false);
        }
        at = found + 1;
    }
    Ok(true)
}
