//! Everything that is counted, granted and promised, as it stands.

use crate::error::DeskError;
use crate::facts::Facts;
use domain::grants::{Bounded, Grant, Maker};
use domain::{BulkId, CensusId, Decision, DecisionId, counted};
use matching::grants::{Account, Answer, Broken, JoinState, Standing, broken};
use store::CensusEntry;

use super::Counted;

/// A grant that was not undone.
pub(crate) struct Given {
    /// What it says.
    pub(crate) grant: Grant,
    /// The first of its decisions by which a person gave it.
    pub(crate) first: DecisionId,
    /// Its decisions that stand, earliest first: each made some of its joins, or joins of a later run.
    pub(crate) decisions: Vec<DecisionId>,
    /// The bulk that they are.
    pub(crate) bulk: Option<BulkId>,
    /// Joins that those of them made by which a person gave it.
    made: u64,
    /// The decision that suspended it.
    pub(crate) suspended: Option<DecisionId>,
    /// Decisions of it that somebody took back while others stand, earliest first: what a person does not
    /// want is not made again, so that nothing more is merged under it.
    pub(crate) taken_back: Vec<DecisionId>,
    /// Whether it was interrupted before all of its joins were looked at.
    pub(crate) is_interrupted: bool,
}

impl Given {
    /// What was made, and how many of that are wrong at most: what was granted besides is left to people, or
    /// was not reached.
    pub(crate) fn made(&self) -> Bounded {
        self.grant.granted.part(self.made)
    }

    /// Whether anything may still be merged under it.
    pub(crate) fn is_in_force(&self) -> bool {
        self.suspended.is_none() && self.taken_back.is_empty()
    }

    /// The grant of a census; none where there is none that stands.
    ///
    /// # Errors
    /// When the store or the ledger is damaged.
    pub(crate) fn of(facts: Facts<'_>, entry: &CensusEntry) -> Result<Option<Self>, DeskError> {
        let decisions = standing(facts, &entry.grants)?;
        let by_people = by_people(facts, &decisions)?;
        let (Some(first), Some(last)) = (by_people.first(), by_people.last()) else {
            return Ok(None);
        };
        let (id, Some(grant)) = (first.id, first.grant.clone()) else { return Ok(None) };
        // What suspended an earlier grant that was undone says nothing of this one.
        let suspended = standing(facts, &entry.suspensions)?.into_iter().rfind(|by| *by > id);
        let mut taken_back = Vec::new();
        for other in &entry.grants {
            // An earlier grant was undone whole before this one was given.
            let undone_by = facts.view.decision(*other)?.and_then(|entry| entry.undone_by);
            taken_back.extend(undone_by.filter(|by| *by > id).map(|_| *other));
        }
        Ok(Some(Self {
            first: id,
            bulk: first.bulk,
            made: made(&by_people, &grant),
            is_interrupted: last.bulk_left.is_some_and(|left| left > 0),
            decisions,
            suspended,
            taken_back,
            grant,
        }))
    }
}

/// Those of these decisions by which a person granted: what later runs merged under it is no grant by itself.
fn by_people(facts: Facts<'_>, decisions: &[DecisionId]) -> Result<Vec<Decision>, DeskError> {
    let mut found = Vec::new();
    for id in decisions {
        let decision = facts.decision(*id)?;
        if decision.run.is_none() {
            found.push(decision);
        }
    }
    Ok(found)
}

/// How many joins the decisions of a grant made; all of them where that was not written down yet.
fn made(decisions: &[Decision], grant: &Grant) -> u64 {
    let here = |decision: &Decision| decision.grant.as_ref().and_then(|own| own.here);
    decisions.iter().map(here).sum::<Option<u64>>().unwrap_or(grant.granted.joins)
}

/// Why a census can be granted no more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Closed {
    /// A later one was taken.
    GivenUp,
    /// Its grant was suspended, whether or not it was undone since.
    Suspended(DecisionId),
    /// Of its grant, which was undone since, people said in checks that so many merges are wrong.
    Checked(u64),
}

impl Closed {
    /// The same in words.
    pub(crate) fn told(self) -> String {
        match self {
            Closed::GivenUp => "a later census was taken".to_owned(),
            Closed::Suspended(by) => format!("its grant was suspended by {by}"),
            Closed::Checked(wrong) => {
                let merges = counted(wrong, "wrong merge", "wrong merges");
                format!("checks found {merges} under its grant before it was undone")
            }
        }
    }

    /// Of a census without a grant that stands.
    fn of(
        facts: Facts<'_>,
        all: &[(CensusId, CensusEntry)],
        (id, entry): (CensusId, &CensusEntry),
    ) -> Result<Option<Self>, DeskError> {
        if entry.maker != Maker::Nobody {
            return Ok(None);
        }
        if Some(entry.taking) != latest(all) {
            return Ok(Some(Closed::GivenUp));
        }
        if let Some(by) = standing(facts, &entry.suspensions)?.last() {
            return Ok(Some(Closed::Suspended(*by)));
        }
        if entry.grants.is_empty() {
            return Ok(None);
        }
        let mut wrong = 0;
        for (check, _) in all.iter().filter(|(_, other)| other.maker == Maker::Grant(id)) {
            let states = Counted::read(facts, *check)?.states(facts)?;
            // A "no" that is still to be asked again is reason enough not to offer the stratum.
            let is_wrong = |state: &&JoinState| state.answers.last() == Some(&Answer::Different);
            wrong += states.iter().filter(is_wrong).count() as u64;
        }
        Ok((wrong > 0).then_some(Closed::Checked(wrong)))
    }
}

fn standing(facts: Facts<'_>, decisions: &[DecisionId]) -> Result<Vec<DecisionId>, DeskError> {
    let mut standing = Vec::new();
    for id in decisions {
        if facts.view.decision(*id)?.is_some_and(|entry| entry.stands()) {
            standing.push(*id);
        }
    }
    Ok(standing)
}

/// The censuses that are open: of the last time any was taken, those that wait for people, are not granted,
/// and can be. Earlier ones were given up then.
///
/// # Errors
/// When the store or the ledger is damaged.
pub(crate) fn open(facts: Facts<'_>) -> Result<Vec<CensusId>, DeskError> {
    let all = facts.view.censuses()?;
    let mut open = Vec::new();
    for (id, entry) in &all {
        let waits = entry.maker == Maker::Nobody && standing(facts, &entry.grants)?.is_empty();
        if waits && Closed::of(facts, &all, (*id, entry))?.is_none() {
            open.push(*id);
        }
    }
    Ok(open)
}

/// The censuses of which answers count: those that are open, and the checks of grants.
///
/// # Errors
/// When the store is damaged.
pub(crate) fn counting(facts: Facts<'_>) -> Result<Vec<CensusId>, DeskError> {
    let mut counting = open(facts)?;
    for (id, entry) in facts.view.censuses()? {
        if let Maker::Grant(of) = entry.maker
            && let Some(granted) = facts.view.census(of)?
            && !standing(facts, &granted.grants)?.is_empty()
        {
            counting.push(id);
        }
    }
    Ok(counting)
}

fn latest(all: &[(CensusId, CensusEntry)]) -> Option<u32> {
    let asked = all.iter().filter(|(_, entry)| entry.maker == Maker::Nobody);
    asked.map(|(_, entry)| entry.taking).max()
}

/// All censuses, and what is promised.
pub(crate) struct Register {
    /// Each census with the states of its joins and its grant, by id.
    pub(crate) all: Vec<Standings>,
}

/// One census as it stands.
pub(crate) struct Standings {
    pub(crate) counted: Counted,
    pub(crate) states: Vec<JoinState>,
    pub(crate) given: Option<Given>,
    /// Why it can be granted no more, where nothing of a grant stands.
    pub(crate) closed: Option<Closed>,
    /// Whether it was neither granted nor closed.
    pub(crate) is_open: bool,
}

impl Standings {
    pub(crate) fn standing(&self) -> Standing<'_> {
        Standing::of(&self.counted.taken.census, &self.states)
    }
}

impl Register {
    /// Reads all of it that is of any consequence: censuses that were given up ungranted are of none, but
    /// that a person `named` one.
    ///
    /// # Errors
    /// When the store or the ledger is damaged.
    pub(crate) fn read(facts: Facts<'_>, named: Option<CensusId>) -> Result<Self, DeskError> {
        let censuses = facts.view.censuses()?;
        let mut all = Vec::new();
        for (id, entry) in &censuses {
            let given = Given::of(facts, entry)?;
            let closed = match given {
                Some(_) => None,
                None => Closed::of(facts, &censuses, (*id, entry))?,
            };
            if closed == Some(Closed::GivenUp) && named != Some(*id) {
                continue;
            }
            let is_open = given.is_none() && closed.is_none();
            let counted = Counted::read(facts, *id)?;
            let states = counted.states(facts)?;
            all.push(Standings { counted, states, given, closed, is_open });
        }
        Ok(Self { all })
    }

    pub(crate) fn find(&self, id: CensusId) -> Option<&Standings> {
        self.all.iter().find(|it| it.counted.id() == id)
    }

    /// The checks of a grant: the joins of later runs under it, a census a run, in order.
    pub(crate) fn checks(&self, of: CensusId) -> impl Iterator<Item = &Standings> {
        let is_check =
            move |it: &&Standings| it.counted.taken.census.stratum.maker == Maker::Grant(of);
        self.all.iter().filter(is_check)
    }

    /// Why a grant must rest; none where it keeps what was promised, is none, or rests already.
    ///
    /// # Errors
    /// When the store or the ledger is damaged.
    pub(crate) fn broken(
        &self,
        facts: Facts<'_>,
        it: &Standings,
    ) -> Result<Option<Broken>, DeskError> {
        let Some(given) = it.given.as_ref().filter(|given| given.is_in_force()) else {
            return Ok(None);
        };
        let mut known_wrong = 0;
        for (at, state) in it.states.iter().enumerate() {
            if state.answers.last() != Some(&Answer::Different) {
                continue;
            }
            // What was said before the grant was known to it.
            let said = it.counted.said(facts, at)?;
            known_wrong += u64::from(said.last().is_some_and(|judged| judged.by > given.first));
        }
        let checks: Vec<Standing<'_>> =
            self.checks(it.counted.id()).map(Standings::standing).collect();
        let Grant { promise, granted, .. } = given.grant;
        Ok(broken(promise, granted, known_wrong, &checks))
    }

    /// What was made under each grant; under suspended ones too, whose joins stay.
    pub(crate) fn granted(&self) -> Vec<Bounded> {
        self.all.iter().filter_map(|it| Some(it.given.as_ref()?.made())).collect()
    }

    /// The censuses that are open, as they stand.
    pub(crate) fn open(&self) -> Vec<Standing<'_>> {
        self.all.iter().filter(|it| it.is_open).map(Standings::standing).collect()
    }

    /// What is promised, and what may be granted.
    pub(crate) fn account(&self, facts: Facts<'_>) -> Account {
        Account::of(facts.settings.matching.autonomy, &self.granted(), &self.open())
    }
}
