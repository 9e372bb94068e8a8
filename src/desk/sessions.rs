//! What belongs to a session and to nobody else: the bulks it has under way, what it has seen in
//! clear, the listing it reads part by part, the values it counted.
//!
//! All of it can be read again, or is recorded once more, so that it may be let go of at any time:
//! nothing grows without a bound, whoever comes and goes.

use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};

use jiff::Timestamp;

use super::answers::listing::Listing;
use super::core::Desk;
use super::error::{Decided, DeskError, unknown};
use super::values::Kept;
use domain::{BulkId, FieldName, Sequence, Subject};
use door::{Refusal, SessionId};

/// Sessions that are remembered.
const SESSIONS: usize = 256;
/// Bulks remembered of one session: a person has one under way, or comes back to another.
const BULKS: usize = 8;

/// The sessions that have done something worth remembering.
#[derive(Default)]
pub(super) struct Sessions(BTreeMap<SessionId, State>);

#[derive(Default)]
struct State {
    /// Bulks with how many tasks each has decided, the one decided last at the end.
    bulks: VecDeque<(BulkId, usize)>,
    /// What it has seen in clear, and in which version; `None` means something of everybody.
    seen: HashMap<Option<Subject>, Sequence>,
    /// What it sees in clear from now on.
    kept: InClear,
    /// Masked fields of which it may ask who holds a value that it names.
    guessed: BTreeSet<FieldName>,
    /// Verbs that its person's role was seen not to have.
    refused: BTreeSet<String>,
    /// The listing that it reads.
    listing: Option<Listing>,
    /// What it counted last.
    values: Kept,
}

/// Fields that a session sees in clear, whoever's they are, until a time; and whose it has seen so.
#[derive(Default)]
pub(super) struct InClear {
    pub(super) fields: BTreeSet<FieldName>,
    pub(super) until: Option<Timestamp>,
    pub(super) seen: HashMap<Option<Subject>, Sequence>,
}

impl Sessions {
    /// The verbs that a session was refused, as far as that is recorded.
    pub(super) fn refused(&mut self, session: SessionId) -> &mut BTreeSet<String> {
        &mut self.of(session).refused
    }

    /// What a session sees in clear from now on.
    pub(super) fn in_clear(&mut self, session: SessionId) -> &mut InClear {
        &mut self.of(session).kept
    }

    /// The masked fields of which a session may ask who holds a value: the ledger says that it looked.
    pub(super) fn guessed(&mut self, session: SessionId) -> &mut BTreeSet<FieldName> {
        &mut self.of(session).guessed
    }

    /// The fields that a session sees in clear at that time.
    pub(super) fn kept(&self, session: SessionId, now: Timestamp) -> BTreeSet<FieldName> {
        let kept = self.0.get(&session).map(|state| &state.kept);
        let kept = kept.filter(|kept| kept.until.is_some_and(|until| now < until));
        kept.map(|kept| kept.fields.clone()).unwrap_or_default()
    }

    /// How many tasks a bulk of that session has decided; none where that is not remembered.
    fn decided(&self, session: SessionId, bulk: BulkId) -> Option<usize> {
        let bulks = &self.0.get(&session)?.bulks;
        bulks.iter().find(|(known, _)| *known == bulk).map(|(_, decided)| *decided)
    }

    /// Notes how many tasks a bulk has decided. Another session that had a part in it reads the number
    /// again.
    fn note(&mut self, session: SessionId, bulk: BulkId, decided: usize) {
        for state in self.0.values_mut() {
            state.bulks.retain(|(known, _)| *known != bulk);
        }
        let bulks = &mut self.of(session).bulks;
        bulks.push_back((bulk, decided));
        if bulks.len() > BULKS {
            bulks.pop_front();
        }
    }

    /// The state of a session, where need be instead of the oldest one's.
    fn of(&mut self, session: SessionId) -> &mut State {
        if self.0.len() >= SESSIONS && !self.0.contains_key(&session) {
            self.0.pop_first();
        }
        self.0.entry(session).or_default()
    }

    /// What a session has seen in clear.
    pub(super) fn seen(&mut self, session: SessionId) -> &mut HashMap<Option<Subject>, Sequence> {
        &mut self.of(session).seen
    }

    /// The listing that a session reads.
    pub(super) fn listing(&mut self, session: SessionId) -> &mut Option<Listing> {
        &mut self.of(session).listing
    }

    /// What a session counted last.
    pub(super) fn values(&mut self, session: SessionId) -> &mut Kept {
        &mut self.of(session).values
    }

    /// Forgets what was read from the workspace: a count may be too small after a decision that ended
    /// in a fault, a listing or a count may name somebody who is
    /// erased.
    pub(super) fn forget_read(&mut self) {
        for state in self.0.values_mut() {
            state.bulks.clear();
            state.listing = None;
            state.values = Kept::default();
        }
    }

    /// Frees what belongs to a session that has ended.
    pub(super) fn end(&mut self, session: SessionId) {
        self.0.remove(&session);
    }
}

impl Desk {
    /// Whether one bulk may decide so many tasks.
    ///
    /// # Errors
    /// The refusal where `[decisions] bulk_max` allows fewer.
    pub fn must_fit_a_bulk(&self, tasks: usize) -> Decided<()> {
        fits(tasks, self.settings.decisions.bulk_max)
    }

    /// How many tasks a bulk will have decided with the next one.
    ///
    /// # Errors
    /// The refusal where there is no such bulk, or it is full.
    pub(super) fn next_of_bulk(&self, bulk: BulkId) -> Decided<usize> {
        let decided = match self.sessions.decided(self.acting.id, bulk) {
            Some(decided) => decided,
            None => self.decided_in(bulk)?,
        };
        fits(decided + 1, self.settings.decisions.bulk_max)?;
        Ok(decided + 1)
    }

    /// Remembers how many tasks a bulk has decided.
    pub(super) fn note_bulk(&mut self, bulk: BulkId, decided: usize) {
        self.sessions.note(self.acting.id, bulk, decided);
    }

    /// The id of a bulk that begins now.
    pub(super) fn next_bulk(&self) -> Result<BulkId, DeskError> {
        Ok(BulkId(self.facts().view.counters()?.bulks + 1))
    }

    /// The tasks that a bulk has decided so far, as the store has them.
    fn decided_in(&self, bulk: BulkId) -> Decided<usize> {
        let next = self.next_bulk()?;
        if bulk > next {
            return Err(unknown(&bulk));
        }
        if bulk == next {
            return Ok(0);
        }
        let decisions = self.facts().view.decisions()?;
        Ok(decisions.iter().filter(|(_, entry)| entry.bulk == Some(bulk)).count())
    }
}

/// The refusal where one bulk may decide fewer.
fn fits(tasks: usize, most: usize) -> Decided<()> {
    if tasks <= most {
        return Ok(());
    }
    let why = format!(
        "{tasks} tasks are too many for one bulk: [decisions] bulk_max allows {most}; narrow the filter"
    );
    Err(Refusal::DoesNotApply { why }.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    const KIM: SessionId = SessionId(1);
    const SAM: SessionId = SessionId(2);

    #[test]
    fn each_bulk_of_a_session_has_its_own_count() {
        let mut sessions = Sessions::default();
        sessions.note(KIM, BulkId(1), 1);
        sessions.note(KIM, BulkId(2), 1);
        sessions.note(KIM, BulkId(1), 2);
        let known = |sessions: &Sessions| {
            [(KIM, 1), (KIM, 2), (SAM, 1)].map(|(of, bulk)| sessions.decided(of, BulkId(bulk)))
        };
        assert_eq!(known(&sessions), [Some(2), Some(1), None]);
        sessions.note(SAM, BulkId(1), 3);
        assert_eq!(known(&sessions), [None, Some(1), Some(3)], "Kim's count would be too small");
        sessions.end(KIM);
        assert_eq!(known(&sessions), [None, None, Some(3)]);
    }

    #[test]
    fn sessions_and_their_bulks_are_remembered_up_to_a_bound() {
        let mut sessions = Sessions::default();
        for number in 0..1_000 {
            sessions.note(SessionId(number), BulkId(1_000 + number as u32), 1);
            sessions.note(KIM, BulkId(number as u32), 1);
        }
        assert_eq!(sessions.0.len(), SESSIONS);
        assert!(sessions.0.values().all(|state| state.bulks.len() <= BULKS));
        assert_eq!(sessions.decided(SessionId(999), BulkId(1_999)), Some(1));
    }
}
