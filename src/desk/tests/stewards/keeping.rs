//! What should be held and kept: a naive book of claims and places.

use std::collections::{BTreeMap, BTreeSet};

use super::super::*;
use crate::claims::Claims;
use door::views::Place;
use jiff::SignedDuration;

/// A claim as it should be.
#[derive(Debug, Clone)]
struct Held {
    holder: String,
    until: Timestamp,
    sessions: BTreeSet<u64>,
}

/// Where somebody is, as it should be kept.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Kept {
    pub(super) session: Option<u64>,
    pub(super) person: String,
    pub(super) at: Timestamp,
    pub(super) place: Place,
}

type Claimed = (TaskId, String, Timestamp);
type Placed = (String, Timestamp, Place);

/// The book.
#[derive(Debug, Clone, Default)]
pub(super) struct Keeping {
    held: BTreeMap<TaskId, Held>,
    kept: Vec<Kept>,
    /// Everything that ever was in it: after a power cut an old state may be found.
    ever_held: Vec<Claimed>,
    ever_kept: Vec<Placed>,
}

const DAY: SignedDuration = SignedDuration::from_hours(24);

impl Keeping {
    /// Who holds a task.
    pub(super) fn holder(&self, task: TaskId, now: Timestamp) -> Option<&str> {
        self.held.get(&task).filter(|held| held.until > now).map(|held| held.holder.as_str())
    }

    /// Tasks that others than this person hold.
    pub(super) fn others<'k>(
        &'k self,
        person: &'k str,
        now: Timestamp,
    ) -> impl Iterator<Item = TaskId> + 'k {
        let held = self.held.iter();
        held.filter(move |(_, it)| it.until > now && it.holder != person).map(|(task, _)| *task)
    }

    /// Whether that person holds anything.
    pub(super) fn holds(&self, person: &str, now: Timestamp) -> bool {
        self.held.values().any(|it| it.until > now && it.holder == person)
    }

    /// Somebody claimed, and was told that they have it.
    pub(super) fn claimed(
        &mut self,
        task: TaskId,
        who: &Session,
        until: Timestamp,
        now: Timestamp,
    ) {
        if let Some(holder) = self.holder(task, now) {
            assert_eq!(holder, who.person, "{task} is claimed by one person");
        } else {
            self.held.remove(&task);
        }
        let held = self.held.entry(task).or_insert_with(|| Held {
            holder: who.person.clone(),
            until,
            sessions: BTreeSet::new(),
        });
        held.until = until;
        held.sessions.insert(who.id.0);
        self.ever_held.push((task, who.person.clone(), until));
    }

    /// A session lets go of a task, or of all that it claimed.
    pub(super) fn released(&mut self, task: Option<TaskId>, who: &Session) {
        self.held.retain(|held, it| {
            if it.holder != who.person || task.is_some_and(|task| task != *held) {
                return true;
            }
            let was_here = it.sessions.remove(&who.id.0);
            !it.sessions.is_empty() || (task.is_none() && !was_here)
        });
    }

    /// Nobody holds it any more.
    pub(super) fn freed(&mut self, task: TaskId) {
        self.held.remove(&task);
    }

    /// A session has ended.
    pub(super) fn ended(&mut self, session: u64) {
        for held in self.held.values_mut() {
            held.sessions.remove(&session);
        }
        for kept in &mut self.kept {
            kept.session.take_if(|it| *it == session);
        }
    }

    /// A session says where it is.
    pub(super) fn placed(&mut self, who: &Session, place: Option<Place>, now: Timestamp) {
        self.kept.retain(|it| it.session != Some(who.id.0));
        if let Some(place) = place {
            self.ever_kept.push((who.person.clone(), now, place.clone()));
            let (session, person) = (Some(who.id.0), who.person.clone());
            self.kept.push(Kept { session, person, at: now, place });
        }
        self.prune(now);
    }

    fn prune(&mut self, now: Timestamp) {
        self.kept.retain(|it| now.duration_since(it.at) < DAY);
    }

    /// Somebody came back, and was told that they were there.
    pub(super) fn took_up(&mut self, who: &Session, told: Option<&Place>, now: Timestamp) {
        self.prune(now);
        let theirs = |it: &Kept| it.person == who.person && it.session.is_none();
        let last = self.kept.iter().filter(|it| theirs(it)).map(|it| it.at).max();
        match (last, told) {
            (None, None) => {}
            (None, Some(place)) => panic!("{} was never at {place:?}", who.person),
            (Some(_), None) => panic!("{} is not told where they were", who.person),
            (Some(last), Some(place)) => {
                let mut kept = self.kept.iter_mut();
                let found = kept.rfind(|it| theirs(it) && it.at == last && it.place == *place);
                found.expect("who comes back is told where they were last").session =
                    Some(who.id.0);
            }
        }
    }

    /// Somebody was erased: nobody is to come back to what was typed or marked before.
    pub(super) fn erased(&mut self) {
        for kept in &mut self.kept {
            (kept.place.filter, kept.place.draft) = (None, None);
        }
        for (_, _, place) in &mut self.ever_kept {
            (place.filter, place.draft) = (None, None);
        }
    }

    /// The desk says what this book says.
    pub(super) fn check(&mut self, desk: &Desk) {
        let now = desk.now();
        let all = claims_of(&desk.claims);
        // One that has run out may be there until somebody looks.
        self.held.retain(|task, it| it.until > now || all.iter().any(|(held, ..)| held == task));
        let lasting: Vec<Claimed> = all.into_iter().filter(|it| it.2 > now).collect();
        let expected = self.claims(now);
        assert_eq!(lasting, expected, "claims");
        let found: Vec<Kept> = desk.working.kept();
        assert_eq!(found, self.kept, "places");
    }

    fn claims(&self, now: Timestamp) -> Vec<Claimed> {
        let lasting = self.held.iter().filter(|(_, it)| it.until > now);
        lasting.map(|(task, it)| (*task, it.holder.clone(), it.until)).collect()
    }

    /// The server came again after it was killed while it did something: this is what one of these books says,
    /// which tell of before that and after.
    pub(super) fn after_kill(&mut self, books: &[Keeping], desk: &Desk) {
        let now = desk.now();
        let found = Found::of(desk);
        let is_told = books.iter().any(|book| book.says(&found, now));
        assert!(is_told, "after a kill: {found:?}, expected {:?} {:?}", self.held, self.kept);
        self.goes_by(found);
    }

    /// It came again after the power was cut: what is there was there at some time.
    pub(super) fn after_power_cut(&mut self, desk: &Desk) {
        let found = Found::of(desk);
        for claim in &found.claims {
            assert!(self.ever_held.contains(claim), "nobody ever claimed {claim:?}");
        }
        // An erasure that came to nothing may have dropped what was begun.
        let dropped = self.ever_kept.iter().map(|(person, at, place)| {
            (person.clone(), *at, Place { filter: None, draft: None, ..place.clone() })
        });
        let dropped: Vec<Placed> = dropped.collect();
        for place in &found.places {
            let was = self.ever_kept.contains(place) || dropped.contains(place);
            assert!(was, "nobody was ever at {place:?}");
        }
        self.goes_by(found);
    }

    fn says(&self, found: &Found, now: Timestamp) -> bool {
        let places: Vec<Placed> = self
            .kept
            .iter()
            .filter(|it| now.duration_since(it.at) < DAY)
            .map(|it| (it.person.clone(), it.at, it.place.clone()))
            .collect();
        // Of a cursor that moved just now it may be kept where it was before.
        let before = |found: &Placed, expected: &Placed| {
            let place = Place { cursor: found.2.cursor, ..expected.2.clone() };
            (&found.0, &found.2) == (&expected.0, &place) && self.ever_kept.contains(found)
        };
        let mut left: Vec<&Placed> = found.places.iter().collect();
        let is_there = |expected: &Placed| {
            let at = left.iter().position(|it| *it == expected || before(it, expected));
            at.map(|at| left.remove(at)).is_some()
        };
        let places = places.iter().all(is_there) && left.is_empty();
        found.claims == self.claims(now) && places
    }

    fn goes_by(&mut self, found: Found) {
        let sessions = BTreeSet::new();
        self.held = found
            .claims
            .into_iter()
            .map(|(task, holder, until)| (task, Held { holder, until, sessions: sessions.clone() }))
            .collect();
        self.kept = found
            .places
            .into_iter()
            .map(|(person, at, place)| Kept { session: None, person, at, place })
            .collect();
    }
}

/// What a desk that was just opened has.
#[derive(Debug)]
struct Found {
    claims: Vec<Claimed>,
    places: Vec<Placed>,
}

impl Found {
    fn of(desk: &Desk) -> Found {
        let places = desk.working.kept();
        let places = places.into_iter().map(|it| (it.person, it.at, it.place)).collect();
        Found { claims: claims_of(&desk.claims), places }
    }
}

/// Every claim, those that have run out among them.
fn claims_of(claims: &Claims) -> Vec<Claimed> {
    claims.all(Timestamp::MIN)
}

impl crate::working::Working {
    fn kept(&self) -> Vec<Kept> {
        let kept = |(session, person, at, place): (Option<door::SessionId>, _, _, _)| Kept {
            session: session.map(|it| it.0),
            person,
            at,
            place,
        };
        self.all().into_iter().map(kept).collect()
    }
}
