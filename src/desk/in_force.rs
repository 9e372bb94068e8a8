//! What a record was delivered with, over time, as far as it was ever in force and is of whoever the record is of now:
//! what consent and preferences are read from.

use jiff::Timestamp;

use super::chains::Link;
use domain::event::RecordRevised;
use domain::{Event, RecordState, RevisionPlace};

/// The revisions in the links of a record, which stand latest first; the revisions earliest first, each with when it
/// was delivered. `now`: the layers as they are at the end.
pub(crate) fn revisions<'l>(
    links: impl DoubleEndedIterator<Item = &'l Link>,
    now: &RecordState,
) -> Vec<(Timestamp, &'l RecordRevised)> {
    let mut counted: Vec<(Timestamp, &RecordRevised)> = Vec::new();
    let mut held_back: Option<(Timestamp, &RecordRevised)> = None;
    let mut former: Option<RevisionPlace> = None;
    for link in links.rev() {
        let (mut changed, mut came) = (None, Vec::new());
        for event in &link.events {
            match event {
                Event::RecordRevised(revised) => {
                    came.push(revised);
                    held_back = Some((link.at, revised));
                }
                Event::RecordChanged(it) => changed = Some(it.after.in_force()),
                _ => {}
            }
        }
        former = changed.unwrap_or(former);
        match former {
            None => counted.extend(held_back.take()),
            // Taken back in force: what came after it never was, or is not any more.
            Some(former) => {
                let stands = |(_, revised): &(Timestamp, &RecordRevised)| {
                    revised.revision <= former.revision
                };
                if let Some(last) = counted.last().copied().filter(|last| !stands(last)) {
                    held_back = held_back.or(Some(last));
                }
                counted.retain(stands);
                // What is in force was read again.
                let again = came.iter().find(|revised| revised.revision == former.revision);
                counted.extend(again.map(|revised| (link.at, *revised)));
            }
        }
    }
    // Of whoever the key was of before, nothing is said of whoever it is of now.
    counted.retain(|(_, it)| now.reused.is_none_or(|reused| it.revision >= reused.revision));
    counted
}
