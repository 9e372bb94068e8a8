//! The way through the commits: what each did to customers, a portion at a time.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;

use super::line::Line;
use super::then::{Side, Then, Touched, is_erased};
use super::told::{self, Changed, Told};
use crate::error::DeskError;
use crate::facts::Facts;
use crate::past::Past;
use domain::{Commit, CustomerId, CustomerState, Event, Golden, Sequence, Standing};
use settings::Settings;

/// Events that are as much work to read as a customer is to tell of.
const EVENTS: usize = 8;

/// Commits being told, from one to another.
pub(super) struct Telling {
    then: Then,
    up_to: Sequence,
    /// The settings in force at the commit that is told next.
    settings: Arc<Settings>,
    /// The commit at hand.
    at: Option<At>,
    /// The last line that was made: whether more follow is not known yet.
    held: Option<Line>,
}

/// A commit that is being told.
struct At {
    commit: Commit,
    /// The settings in force before it.
    before: Arc<Settings>,
    /// Customers of whose golden values nothing was told yet.
    left: VecDeque<CustomerId>,
    withdrawn: Vec<Told>,
    erased: BTreeSet<CustomerId>,
    lines: u32,
}

impl Telling {
    /// Tells what happened after a commit, up to another.
    ///
    /// # Errors
    /// When the store or the ledger is damaged.
    pub(super) fn of(
        facts: Facts<'_>,
        after: Sequence,
        up_to: Sequence,
    ) -> Result<Telling, DeskError> {
        let settings = facts.settings_after(after)?;
        let settings = Arc::new(settings.unwrap_or_else(|| facts.settings.clone()));
        Ok(Telling { then: Then::after(after), up_to, settings, at: None, held: None })
    }

    /// The last commit that was told whole, and the last that will be.
    pub(super) fn progress(&self) -> (Sequence, Sequence) {
        (self.then.until(), self.up_to)
    }

    /// Goes on for about so many commits and customers. Lines go to `into`; whether that was all.
    ///
    /// # Errors
    /// When the store or the ledger is damaged.
    pub(super) fn go_on(
        &mut self,
        facts: Facts<'_>,
        portion: usize,
        into: &mut Vec<Line>,
    ) -> Result<bool, DeskError> {
        let mut past = Past::after(facts, self.then.until());
        let mut spent = 0;
        while spent < portion {
            let Some(at) = &mut self.at else {
                if self.then.until() >= self.up_to {
                    return Ok(true);
                }
                spent += 1 + self.begin(&past, into)? / EVENTS;
                continue;
            };
            if let Some(customer) = at.left.pop_front() {
                self.tell_golden(&past, customer, into)?;
                spent += 1;
            } else {
                self.end(into);
                past.move_on(self.then.until());
            }
        }
        Ok(false)
    }

    /// Takes the next commit in, and tells whom it merged and unmerged; how many events it has.
    fn begin(&mut self, past: &Past<'_>, into: &mut Vec<Line>) -> Result<usize, DeskError> {
        let facts = past.facts();
        let commit = facts.commit(self.then.until().next())?;
        let before = Arc::clone(&self.settings);
        let mut left_by_settings = None;
        for event in &commit.events {
            if let Event::SettingsAdopted(adopted) = event {
                let settings = settings::parse(&adopted.text).map_err(DeskError::Settings)?;
                self.settings = Arc::new(settings);
                // How values survive may be another way now, for everybody.
                left_by_settings = adopted.previous.map(|_| facts.view.counters());
            }
        }
        let Touched { changed, customers, erased } = self.then.take_in(past, &commit)?;
        let left = match left_by_settings.transpose()? {
            Some(counters) => (1..=counters.customers).map(CustomerId).collect(),
            None => customers.into_iter().collect(),
        };
        let changes = self.changes(past, &commit, &changed)?;
        let (withdrawn, lines, events) = (Vec::new(), 0, commit.events.len());
        self.at = Some(At { commit, before, left, withdrawn, erased, lines });
        for told in told::of_customers(&changes) {
            self.tell(told, into);
        }
        Ok(events)
    }

    fn changes(
        &mut self,
        past: &Past<'_>,
        commit: &Commit,
        changed: &BTreeSet<CustomerId>,
    ) -> Result<Vec<Changed>, DeskError> {
        let mut changes = Vec::new();
        for id in changed {
            let before = self.then.customer(past, *id, Side::Before)?;
            let after = self.then.customer(past, *id, Side::After)?;
            let members = |state: &Option<CustomerState>| {
                state.as_ref().map(|state| state.members.clone()).unwrap_or_default()
            };
            let (had, has) = (members(&before), members(&after));
            let mut parted: BTreeMap<CustomerId, Vec<String>> = BTreeMap::new();
            for record in had.iter().filter(|record| !has.contains(record)) {
                let home = self.then.home(*record).filter(|home| home != id);
                if let Some((home, body)) = home.zip(self.then.delivered((past, commit), *record)?)
                {
                    parted.entry(home).or_default().push(body.address.to_string());
                }
            }
            let mut records = Vec::new();
            let lives_again = before.as_ref().is_some_and(|it| !it.is_live()) && !has.is_empty();
            for record in has.iter().filter(|_| lives_again) {
                let body = self.then.delivered((past, commit), *record)?;
                records.extend(body.map(|body| body.address.to_string()));
            }
            changes.push(Changed { customer: *id, before, after, parted, records });
        }
        Ok(changes)
    }

    /// Tells what became of a customer's golden values.
    fn tell_golden(
        &mut self,
        past: &Past<'_>,
        customer: CustomerId,
        into: &mut Vec<Line>,
    ) -> Result<(), DeskError> {
        let Some(at) = self.at.take() else { return Ok(()) };
        let before = self.then.customer(past, customer, Side::Before)?;
        let after = self.then.customer(past, customer, Side::After)?;
        let stays = |state: &Option<CustomerState>| {
            let standing = state.as_ref().map(|state| state.standing);
            matches!(standing, Some(Standing::Live | Standing::Vacant))
        };
        // A customer that was merged away is told of no more: its id only leads on.
        let told = if stays(&after) {
            let lost = lost(past, before.as_ref(), after.as_ref())?;
            let (then, now) = (Arc::clone(&at.before), Arc::clone(&self.settings));
            let by = (Arc::clone(&then), Arc::clone(&now));
            let then = self.golden((past, &at.commit), &then, before.as_ref(), Side::Before)?;
            let now = self.golden((past, &at.commit), &now, after.as_ref(), Side::After)?;
            let both = (then.as_ref(), now.as_ref());
            let told = told::of_golden(customer, both, (&by.0, &by.1), lost);
            told.map(|told| (told, then.zip(now)))
        } else {
            None
        };
        let at = self.at.insert(at);
        if let Some((told, both)) = told {
            if let Some((then, now)) = &both {
                let withdrawn = told::withdrawn(customer, (then, now), &self.settings);
                at.withdrawn.extend(withdrawn);
            }
            self.tell(told, into);
        }
        Ok(())
    }

    /// The golden values of a customer; none where it is not live, or none of its records counts.
    fn golden(
        &mut self,
        (past, commit): (&Past<'_>, &Commit),
        settings: &Settings,
        state: Option<&CustomerState>,
        side: Side,
    ) -> Result<Option<Golden>, DeskError> {
        let Some(state) = state.filter(|state| state.is_live()) else { return Ok(None) };
        // As of the day of the commit, on both sides: what time alone changes nobody can be told of.
        let facts = past.facts().seen_at(Some(commit.at), Some(settings));
        let members = self.then.members((past, commit), facts, state, side)?;
        if members.is_empty() {
            return Ok(None);
        }
        facts.golden(state, &members).map(Some)
    }

    /// Tells the rest of a commit and goes on to the next.
    fn end(&mut self, into: &mut Vec<Line>) {
        if let Some(at) = &mut self.at {
            let withdrawn = std::mem::take(&mut at.withdrawn);
            let erased = std::mem::take(&mut at.erased);
            let erased = erased.into_iter().map(|customer| Told::Erased { customer });
            for told in withdrawn.into_iter().chain(erased) {
                self.tell(told, into);
            }
        }
        into.extend(self.held.take());
        self.at = None;
        self.then.go_on();
    }

    fn tell(&mut self, told: Told, into: &mut Vec<Line>) {
        let Some(At { commit, lines, .. }) = &mut self.at else { return };
        let line =
            Line { commit: commit.sequence, at: commit.at, index: *lines, told, more: false };
        *lines += 1;
        into.extend(self.held.replace(line).map(|held| Line { more: true, ..held }));
    }
}

/// Whether records left a customer that were erased since. What they said of it is gone from every time;
/// a consumer that heard of it then must be told how things are without them.
fn lost(
    past: &Past<'_>,
    before: Option<&CustomerState>,
    after: Option<&CustomerState>,
) -> Result<bool, DeskError> {
    let stays = |record| after.is_some_and(|after| after.members.contains(&record));
    for record in before.iter().flat_map(|state| &state.members) {
        if !stays(*record) && is_erased(past, *record)? {
            return Ok(true);
        }
    }
    Ok(false)
}
