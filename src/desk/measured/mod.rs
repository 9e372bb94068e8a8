//! Measures and segments as they stand: a value of each measure and a place in each segment, for every customer.
//! Derived, never believed and never written: told anew once a day, and after each commit of whoever it touched.
//!
//! Lives here: what is kept ([`Standing`]), how it follows commits ([`follow`]), who may be told of what ([`sight`]), and
//! the figures that become facts ([`trend`]).
//!
//! Does not live here: what a measure takes of activities (`activity::Measuring`), what the answers show.
//!
//! Start with [`Facts::standing`].

mod bits;
mod follow;
pub(crate) mod sight;
mod trend;

use std::borrow::Cow;
use std::cell::{OnceCell, RefCell};
use std::sync::Arc;

use jiff::civil::Date;
use rayon::prelude::*;

use self::bits::Bits;
use super::error::DeskError;
use super::facts::Facts;
use activity::{Ask, Measuring, Texts, Values};
use domain::expression::{Asked, Expression};
use domain::{CustomerId, Golden, Measured, Sequence};
use settings::{Measure, Segment, Settings};

/// Activities whose texts are read together.
const TEXTS: usize = 65_536;
/// Customers that are judged together.
const TOGETHER: usize = 16_384;

/// Measures and segments of all customers as of a commit and a day.
#[derive(Clone)]
pub(crate) struct Standing {
    head: Sequence,
    day: Date,
    /// The settings by which they are told.
    settings: String,
    /// By the measures of the settings, then by customer.
    columns: Vec<Values>,
    /// By the segments of the settings.
    segments: Vec<Bits>,
    /// The customers with golden values.
    customers: Bits,
    /// How many commits it followed since everybody was told anew.
    #[cfg(test)]
    pub(crate) followed: u64,
}

impl Standing {
    /// What the measure at a place says of a customer.
    pub(crate) fn measure(&self, place: usize, customer: CustomerId) -> Option<Measured> {
        self.columns.get(place)?.get(customer.0 as usize)
    }

    /// How many customers have golden values.
    pub(crate) fn customers(&self) -> u64 {
        self.customers.count()
    }

    /// Whether a customer is one of them.
    pub(crate) fn is_golden(&self, customer: CustomerId) -> bool {
        self.customers.has(customer.0)
    }

    /// How many of them are in the segment at a place.
    pub(crate) fn count(&self, segment: usize) -> u64 {
        self.segments.get(segment).map_or(0, Bits::count)
    }

    /// Whether a customer is in the segment at a place.
    pub(crate) fn is_in(&self, segment: usize, customer: CustomerId) -> bool {
        self.segments.get(segment).is_some_and(|it| it.has(customer.0))
    }

    /// How many are in both.
    pub(crate) fn in_both(&self, one: usize, other: usize) -> u64 {
        let both = self.segments.get(one).zip(self.segments.get(other));
        both.map_or(0, |(one, other)| one.in_both(other))
    }

    /// Who is in the segment at a place, ascending.
    pub(crate) fn members(&self, segment: usize) -> impl Iterator<Item = CustomerId> + '_ {
        self.segments.get(segment).into_iter().flat_map(Bits::all).map(CustomerId)
    }

    /// The commit as of which it is.
    #[cfg(test)]
    pub(crate) fn head(&self) -> Sequence {
        self.head
    }

    /// The first customer of whom two of the same settings and day say something else, for tests.
    #[cfg(test)]
    pub(crate) fn differs_from(&self, other: &Standing, settings: &Settings) -> Option<String> {
        let most = self.customers.end().max(other.customers.end());
        for id in (0..most).map(CustomerId) {
            let golden = (self.customers.has(id.0), other.customers.has(id.0));
            if golden.0 != golden.1 {
                return Some(format!("{id}: golden {golden:?}"));
            }
            for (at, segment) in settings.segments.iter().enumerate() {
                let is_in = (self.is_in(at, id), other.is_in(at, id));
                if is_in.0 != is_in.1 {
                    return Some(format!("{id} in {}: {is_in:?}", segment.name));
                }
            }
            for (at, measure) in settings.measures.iter().enumerate().filter(|_| golden.0) {
                let said = (self.measure(at, id), other.measure(at, id));
                if said.0 != said.1 {
                    return Some(format!("{} of {id}: {said:?}", measure.name));
                }
            }
        }
        None
    }
}

/// What is asked of activities, measure by measure.
pub(crate) fn asks(settings: &Settings, today: Date) -> Vec<Ask> {
    settings.measures.iter().map(|measure| ask(measure, today)).collect()
}

/// What a measure asks of activities as of a day.
pub(crate) fn ask(measure: &Measure, today: Date) -> Ask {
    Ask {
        stream: measure.stream.clone(),
        kinds: measure.of.clone(),
        take: measure.take.clone(),
        after: measure.within.map(|within| within.before(today)),
    }
}

/// What is kept while it is asked whether something holds of one customer: golden values are made only if they are asked
/// for.
struct One<'f, 's> {
    facts: Facts<'f>,
    columns: &'s [Values],
    id: CustomerId,
    /// Its place in the columns.
    place: usize,
    golden: OnceCell<Option<Golden>>,
    failed: RefCell<Option<DeskError>>,
}

impl One<'_, '_> {
    fn golden(&self) -> Option<&Golden> {
        let made = self.golden.get_or_init(|| {
            let golden = || -> Result<Option<Golden>, DeskError> {
                let Some(state) = self.facts.view.customer(self.id)? else { return Ok(None) };
                let members = self.facts.members(&state)?;
                self.facts.golden(&state, &members).map(Some)
            };
            golden().unwrap_or_else(|error| {
                *self.failed.borrow_mut() = Some(error);
                None
            })
        });
        made.as_ref()
    }

    fn holds(&self, when: &Expression) -> bool {
        let settings = self.facts.settings;
        when.holds_of(&|name| match measured(settings, self.columns, name, (self.id, self.place)) {
            Some(said) => said,
            None => self
                .golden()
                .and_then(|golden| golden.text(name))
                .map_or(Asked::Nothing, |it| Asked::One(Cow::Owned(it.to_owned()))),
        })
    }
}

/// What a name says of a customer beside golden values; none where it is a field's.
fn measured<'a>(
    settings: &Settings,
    columns: &[Values],
    name: &str,
    (id, place): (CustomerId, usize),
) -> Option<Asked<'a>> {
    if let Some(at) = settings.measures.iter().position(|it| it.name.as_str() == name) {
        let said = columns.get(at).and_then(|values| values.get(place));
        return Some(said.map_or(Asked::Nothing, |it| Asked::One(Cow::Owned(it.to_string()))));
    }
    (name == "customer").then(|| Asked::One(Cow::Owned(id.to_string())))
}

/// Whether a segment asks for measures alone: then nothing has to be read for it.
fn is_of_measures(settings: &Settings, segment: &Segment) -> bool {
    let mut names = segment.when.names().into_iter();
    names.all(|name| name == "customer" || settings.measure(name).is_some())
}

impl Facts<'_> {
    /// Measures and segments as of now.
    ///
    /// # Errors
    /// When the store or the ledger is damaged.
    pub(crate) fn standing(&self) -> Result<Arc<Standing>, DeskError> {
        let head = self.ledger.head().map(|head| head.sequence).unwrap_or_default();
        let kept = self.caches.standing().take();
        let known = kept.filter(|it| {
            it.settings == self.settings.fingerprint && it.day == self.today() && it.head <= head
        });
        let standing = match known {
            Some(known) if known.head == head => known,
            Some(known) => match follow::follow(*self, known, head)? {
                Some(followed) => followed,
                None => Arc::new(self.told_anew(head)?),
            },
            None => Arc::new(self.told_anew(head)?),
        };
        *self.caches.standing().borrow_mut() = Some(Arc::clone(&standing));
        Ok(standing)
    }

    /// The same, of everybody anew.
    ///
    /// # Errors
    /// When the store or the ledger is damaged.
    pub(crate) fn told_anew(&self, head: Sequence) -> Result<Standing, DeskError> {
        let (settings, day) = (self.settings, self.today());
        let places = self.view.counters()?.customers as usize + 1;
        let columns = match settings.measures.is_empty() {
            true => Vec::new(),
            false => {
                let mut measuring = Measuring::new(asks(settings, day), day, places);
                self.scan_activities(|row, class, owner| {
                    if let Some(customer) = owner.customer() {
                        measuring.add(customer.0 as usize, row, class);
                    }
                    Ok(())
                })?;
                self.finish(measuring)?
            }
        };
        let customers = self.golden_customers()?;
        let ids: Vec<CustomerId> = customers.all().map(CustomerId).collect();
        let mut segments = vec![Bits::default(); settings.segments.len()];
        let (quick, slow): (Vec<usize>, Vec<usize>) =
            (0..segments.len()).partition(|at| is_of_measures(settings, &settings.segments[*at]));
        for at in quick {
            let when = &settings.segments[at].when;
            let holds = |id: &&CustomerId| {
                when.holds_of(&|name| {
                    let at = (**id, id.0 as usize);
                    measured(settings, &columns, name, at).unwrap_or(Asked::Nothing)
                })
            };
            let found: Vec<CustomerId> = ids
                .par_chunks(TOGETHER)
                .flat_map_iter(|some| some.iter().filter(holds).copied())
                .collect();
            found.into_iter().for_each(|id| segments[at].set(id.0, true));
        }
        for id in ids.iter().filter(|_| !slow.is_empty()) {
            let places = slow.iter().copied();
            let at = (*id, id.0 as usize);
            self.judge(&columns, at, places, &mut |at, is_in| segments[at].set(id.0, is_in))?;
        }
        let settings = settings.fingerprint.clone();
        Ok(Standing {
            head,
            day,
            settings,
            columns,
            segments,
            customers,
            #[cfg(test)]
            followed: 0,
        })
    }

    /// Tells of some segments whether a customer is in them.
    fn judge(
        &self,
        columns: &[Values],
        (id, place): (CustomerId, usize),
        segments: impl Iterator<Item = usize>,
        tell: &mut dyn FnMut(usize, bool),
    ) -> Result<(), DeskError> {
        let (golden, failed) = (OnceCell::new(), RefCell::new(None));
        let one = One { facts: *self, columns, id, place, golden, failed };
        for at in segments {
            let is_in = one.holds(&self.settings.segments[at].when);
            tell(at, is_in);
        }
        one.failed.into_inner().map_or(Ok(()), Err)
    }

    /// What the measures say of a live customer, and in which segments it is, by their places: of nobody else.
    ///
    /// # Errors
    /// When the store or the ledger is damaged.
    pub(crate) fn told_of(
        &self,
        id: CustomerId,
    ) -> Result<(Vec<Option<Measured>>, Vec<usize>), DeskError> {
        let day = self.today();
        let mut columns = Vec::new();
        if !self.settings.measures.is_empty() {
            let mut measuring = Measuring::new(asks(self.settings, day), day, 1);
            self.each_activity_of(id, &mut |log, row| {
                if let Some(class) = log.class_of(row) {
                    measuring.add(0, row, class);
                }
            })?;
            columns = self.finish(measuring)?;
        }
        let mut segments = Vec::new();
        if self.is_golden(id)? {
            let all = 0..self.settings.segments.len();
            self.judge(&columns, (id, 0), all, &mut |at, is_in| {
                segments.extend(is_in.then_some(at))
            })?;
        }
        Ok((columns.iter().map(|values| values.get(0)).collect(), segments))
    }

    /// Whether a customer is live and any of its records takes part.
    fn is_golden(&self, id: CustomerId) -> Result<bool, DeskError> {
        let state = self.view.customer(id)?.filter(|state| state.is_live());
        for record in state.iter().flat_map(|state| &state.members) {
            if self.takes_part(*record)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// The live customers of whom any record takes part.
    fn golden_customers(&self) -> Result<Bits, DeskError> {
        let mut touched = Vec::new();
        self.view.each_record(&mut |id, row| {
            touched.extend((row.touched || row.erased).then_some(id));
            Ok(true)
        })?;
        let mut aside = Vec::new();
        for id in touched {
            if !self.takes_part(id)? {
                aside.push(id);
            }
        }
        let mut customers = Bits::default();
        self.view.each_customer(&mut |id, state| {
            let mut members = state.members.iter();
            let is_golden =
                state.is_live() && members.any(|record| aside.binary_search(record).is_err());
            if is_golden {
                customers.set(id.0, true);
            }
            Ok(true)
        })?;
        Ok(customers)
    }

    /// What measures say, once the texts they ask for are read.
    pub(crate) fn finish(&self, measuring: Measuring) -> Result<Vec<Values>, DeskError> {
        let wanted = measuring.wanted();
        let mut texts = Texts::of(measuring.properties());
        if !wanted.is_empty() {
            let log = self.activities()?;
            for some in wanted.chunks(TEXTS) {
                let places: Option<Vec<_>> = some.iter().map(|it| log.place(*it)).collect();
                let places = places.ok_or_else(|| super::facts::missing("an activity"))?;
                let read = self.activity_texts(&places)?;
                some.iter().zip(&read).for_each(|(ordinal, text)| texts.note(*ordinal, text));
            }
        }
        Ok(measuring.finish(&texts))
    }
}
