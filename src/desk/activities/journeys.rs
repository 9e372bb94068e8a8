//! How far customers came on the journeys of the settings, read from what they did.

use activity::{Class, Course, Moment, Owner, Records, Stage};
use domain::{CustomerId, RecordId, Sequence};
use settings::{Journey, StepOrder};

use super::records::Everybody;
use crate::error::DeskError;
use crate::facts::Facts;

/// Microseconds of a minute and of a day.
const MINUTE: i64 = 60_000_000;
const DAY: i64 = 24 * 60 * MINUTE;

/// As whose activities they are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum CountedAs {
    /// As the customers' they are.
    Customers,
    /// As if no two records had ever been merged: each record is somebody of its own.
    Records,
}

/// What somebody did, packed: sixteen bytes, since there are millions.
#[derive(Debug, Clone, Copy)]
struct Did {
    customer: CustomerId,
    at: i64,
    class: u32,
}

/// What some journeys look at, sorted by customer and time.
pub(crate) struct Trodden {
    rows: Vec<Did>,
    /// By the number of a class in the log.
    classes: Vec<Option<Class>>,
}

/// Each record as a customer of its own.
struct Apart<'e>(&'e Everybody);

impl Records for Apart<'_> {
    fn of_address(&self, address: domain::Fingerprint) -> Option<RecordId> {
        self.0.of_address(address)
    }

    fn customer_of(&self, record: RecordId) -> Option<CustomerId> {
        self.0.customer_of(record).map(|_| CustomerId(record.0))
    }

    fn holds(&self, record: RecordId) -> bool {
        self.0.holds(record)
    }

    fn given_on(&self, record: RecordId) -> Option<(Sequence, Option<CustomerId>)> {
        // Whoever had the key before is somebody else, and no record of today's.
        self.0.given_on(record).map(|(since, _)| (since, None))
    }
}

impl Trodden {
    /// All that these journeys look at.
    ///
    /// # Errors
    /// When the store or the ledger is damaged.
    pub(crate) fn of(
        facts: Facts<'_>,
        journeys: &[&Journey],
        counted: CountedAs,
    ) -> Result<Trodden, DeskError> {
        let everybody = Everybody::of(facts)?;
        let mut trodden = Trodden { rows: Vec::new(), classes: Vec::new() };
        // Of each class that was met, whether some journey looks at it.
        let mut counts: Vec<Option<bool>> = Vec::new();
        let mut each = |row: &activity::Row, class: &Class, owner: Owner| {
            let number = row.class as usize;
            if counts.len() <= number {
                counts.resize(number + 1, None);
                trodden.classes.resize(number + 1, None);
            }
            let counts = *counts[number].get_or_insert_with(|| {
                let is_seen = journeys.iter().any(|journey| sees(journey, class));
                trodden.classes[number] = is_seen.then(|| class.clone());
                is_seen
            });
            if let Some(customer) = owner.customer().filter(|_| counts) {
                trodden.rows.push(Did { customer, at: row.at, class: row.class });
            }
            Ok(())
        };
        match counted {
            CountedAs::Customers => facts.scan_activities_of(&everybody, &mut each)?,
            CountedAs::Records => facts.scan_activities_of(&Apart(&everybody), &mut each)?,
        }
        // Stable: what came at one time stays in the order in which it was recorded.
        trodden.rows.sort_by_key(|did| (did.customer, did.at));
        Ok(trodden)
    }

    /// Hands on everybody who took a step of a journey, by customer, with how far they came as of a time.
    pub(crate) fn walk(
        &self,
        journey: &Journey,
        now: jiff::Timestamp,
        mut each: impl FnMut(CustomerId, &Stage),
    ) {
        let course = Course {
            steps: journey.steps.len(),
            is_strict: journey.order == StepOrder::Strict,
            window: journey.window.map(settings::Window::microseconds),
        };
        let seen: Vec<Option<(&Class, u32)>> = self
            .classes
            .iter()
            .map(|class| class.as_ref().filter(|it| sees(journey, it)))
            .map(|class| class.map(|class| (class, steps_of(journey, class))))
            .collect();
        let mut moments = Vec::new();
        for did in self.rows.chunk_by(|a, b| a.customer == b.customer) {
            moments.clear();
            let own = did.iter().filter_map(|it| Some((it, (*seen.get(it.class as usize)?)?)));
            moments.extend(own.map(|(it, (class, steps))| moment(it.at, class, steps)));
            let stage = course.walk(&mut moments, now.as_microsecond());
            if stage.furthest.is_some() {
                each(did[0].customer, &stage);
            }
        }
    }
}

/// Whether a journey looks at activities of a class at all: one of strict order looks at whatever may come between.
fn sees(journey: &Journey, class: &Class) -> bool {
    journey.looks_at(&class.stream)
        && (journey.order == StepOrder::Strict || steps_of(journey, class) > 0)
}

/// The steps that an activity of a class takes, a bit each.
fn steps_of(journey: &Journey, class: &Class) -> u32 {
    let steps = journey.steps.iter().zip(0..32);
    steps.filter(|(step, _)| step.kinds.contains(&class.kind)).map(|(_, place)| 1 << place).sum()
}

fn moment(at: i64, class: &Class, steps: u32) -> Moment {
    let local = at.saturating_add(i64::from(class.offset.unwrap_or(0)) * MINUTE);
    let day = i32::try_from(local.div_euclid(DAY)).unwrap_or(i32::MAX);
    Moment { at, day, is_day: class.is_day, steps }
}
