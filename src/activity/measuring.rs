//! What customers did as one value each: many of them in one scan. Pure: what it is of, and who, is told by whoever asks.

use std::collections::HashMap;

use jiff::ToSpan;
use jiff::civil::Date;

use crate::row::{Class, Row};
use domain::{
    Activity, ActivityKind, Amount, Currency, FieldName, Measured, StreamName, Take, What,
};

const MINUTE: i64 = 60_000_000;
const DAY: i64 = 86_400_000_000;
/// No value.
const NOTHING: u32 = u32::MAX;

/// What is asked of activities.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ask {
    /// The one stream; none: all of them.
    pub stream: Option<StreamName>,
    /// The kinds; none: all of them.
    pub kinds: Vec<ActivityKind>,
    /// What is taken.
    pub take: Take,
    /// Only what was on a later day than this.
    pub after: Option<Date>,
}

impl Ask {
    fn is_of(&self, class: &Class) -> bool {
        self.stream.as_ref().is_none_or(|own| *own == class.stream)
            && (self.kinds.is_empty() || self.kinds.contains(&class.kind))
    }
}

/// The day an activity was on, where it was, in days since 1970.
fn day_of(row: &Row, class: &Class) -> i32 {
    let local = row.at.saturating_add(i64::from(class.offset.unwrap_or_default()) * MINUTE);
    local.div_euclid(DAY) as i32
}

/// Days since 1970.
fn number_of(day: Date) -> i32 {
    let first = Date::constant(1970, 1, 1);
    first.until(day).map_or(i32::MAX, |span| span.get_days())
}

fn day_at(number: i32) -> Option<Date> {
    Date::constant(1970, 1, 1).checked_add(i64::from(number).days()).ok()
}

/// The one activity that counts for somebody: the last, or the first.
#[derive(Debug, Clone, Copy)]
struct One {
    at: i64,
    ordinal: u32,
    day: i32,
}

/// What is known of one measure while activities come.
enum Tally {
    Count(Vec<u32>),
    Sum(Currency, Vec<i64>),
    One {
        is_last: bool,
        ones: Vec<Option<One>>,
    },
    Days(Vec<(u32, i32)>),
    /// Whose, and the activity whose property it is.
    Texts(Vec<(u32, u32)>),
}

/// One measure of everybody, in order of their places.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Values {
    /// Counts, and days since.
    Numbers(Vec<u32>),
    /// Sums in ten-thousandths.
    Amounts(Vec<i64>),
    /// Days since 1970.
    Days(Vec<i32>),
    /// Texts, each once, and whose is which.
    Texts(Vec<u32>, Vec<String>),
}

impl Values {
    /// What it says of whoever is at a place; none of somebody without such an activity.
    #[must_use]
    pub fn get(&self, place: usize) -> Option<Measured> {
        match self {
            Values::Numbers(all) => {
                all.get(place).filter(|it| **it != NOTHING).map(|it| Measured::Number(*it))
            }
            Values::Amounts(all) => all.get(place).map(|it| Measured::Amount(Amount(*it))),
            Values::Days(all) => {
                let day = all.get(place).filter(|it| **it != i32::MIN)?;
                day_at(*day).map(Measured::Day)
            }
            Values::Texts(all, texts) => {
                texts.get(*all.get(place)? as usize).map(|text| Measured::Text(text.clone()))
            }
        }
    }

    /// Takes over what another one says of whoever is at `from` there.
    pub fn put(&mut self, place: usize, other: &Values, from: usize) {
        match (self, other) {
            (Values::Numbers(own), Values::Numbers(other)) => set(own, place, other[from], NOTHING),
            (Values::Amounts(own), Values::Amounts(other)) => set(own, place, other[from], 0),
            (Values::Days(own), Values::Days(other)) => set(own, place, other[from], i32::MIN),
            (Values::Texts(own, texts), Values::Texts(other, said)) => {
                let number = match said.get(other[from] as usize) {
                    None => NOTHING,
                    Some(text) => match texts.iter().position(|own| own == text) {
                        Some(known) => known as u32,
                        None => {
                            texts.push(text.clone());
                            texts.len() as u32 - 1
                        }
                    },
                };
                set(own, place, number, NOTHING);
            }
            // Both are of one measure.
            _ => {}
        }
    }
}

fn set<T: Copy>(all: &mut Vec<T>, place: usize, value: T, nothing: T) {
    if all.len() <= place {
        all.resize(place + 1, nothing);
    }
    all[place] = value;
}

/// Properties of some activities: each text once.
#[derive(Debug, Default)]
pub struct Texts {
    said: Vec<String>,
    known: HashMap<String, u32>,
    by: HashMap<(u32, u32), u32>,
    names: Vec<FieldName>,
}

impl Texts {
    /// For properties of these names.
    #[must_use]
    pub fn of(names: Vec<FieldName>) -> Texts {
        Texts { names, ..Texts::default() }
    }

    /// Takes the properties of an activity in.
    pub fn note(&mut self, ordinal: u32, activity: &Activity) {
        for (name, number) in self.names.iter().zip(0..) {
            let own = activity.properties.iter().find(|(own, _)| own.as_str() == name.as_str());
            let Some((_, text)) = own else { continue };
            let text = match self.known.get(text.as_str()) {
                Some(known) => *known,
                None => {
                    let new = self.said.len() as u32;
                    self.said.push(text.to_string());
                    self.known.insert(text.to_string(), new);
                    new
                }
            };
            self.by.insert((ordinal, number), text);
        }
    }

    fn get(&self, ordinal: u32, name: &FieldName) -> Option<&str> {
        let number = self.names.iter().position(|own| own == name)? as u32;
        self.by.get(&(ordinal, number)).map(|text| self.said[*text as usize].as_str())
    }
}

/// Measures that are being told.
pub struct Measuring {
    asks: Vec<Ask>,
    customers: usize,
    today: i32,
    after: Vec<Option<i32>>,
    tallies: Vec<Tally>,
    /// By the log's number of a class: which measures ask it.
    classes: Vec<Option<Vec<usize>>>,
}

impl Measuring {
    /// Of so many customers, as of a day.
    #[must_use]
    pub fn new(asks: Vec<Ask>, today: Date, customers: usize) -> Measuring {
        let tally = |ask: &Ask| match &ask.take {
            Take::Count => Tally::Count(vec![0; customers]),
            Take::Sum(currency) => Tally::Sum(*currency, vec![0; customers]),
            Take::Last(_) | Take::DaysSince => {
                Tally::One { is_last: true, ones: vec![None; customers] }
            }
            Take::First(_) => Tally::One { is_last: false, ones: vec![None; customers] },
            Take::Distinct(What::Day) => Tally::Days(Vec::new()),
            Take::Distinct(What::Property(_)) => Tally::Texts(Vec::new()),
        };
        Measuring {
            today: number_of(today),
            customers,
            after: asks.iter().map(|ask| ask.after.map(number_of)).collect(),
            tallies: asks.iter().map(tally).collect(),
            classes: Vec::new(),
            asks,
        }
    }

    /// Takes an activity of whoever is at a place in.
    pub fn add(&mut self, place: usize, row: &Row, class: &Class) {
        let number = row.class as usize;
        if self.classes.len() <= number {
            self.classes.resize(number + 1, None);
        }
        let asks = &self.asks;
        let asking = self.classes[number].get_or_insert_with(|| {
            let own = asks.iter().enumerate().filter(|(_, ask)| ask.is_of(class));
            own.map(|(at, _)| at).collect()
        });
        if asking.is_empty() {
            return;
        }
        let day = day_of(row, class);
        for at in asking.iter() {
            if self.after[*at].is_some_and(|after| day <= after) {
                continue;
            }
            match &mut self.tallies[*at] {
                Tally::Count(all) => all[place] = all[place].saturating_add(1).min(NOTHING - 1),
                Tally::Sum(currency, all) => {
                    if class.money == Some(Some(*currency)) {
                        all[place] = all[place].saturating_add(row.amount);
                    }
                }
                Tally::One { is_last, ones } => {
                    let own = (row.at, row.ordinal);
                    let is_better = ones[place].is_none_or(|best| {
                        let best = (best.at, best.ordinal);
                        if *is_last { own > best } else { own < best }
                    });
                    if is_better {
                        ones[place] = Some(One { at: row.at, ordinal: row.ordinal, day });
                    }
                }
                Tally::Days(all) => all.push((place as u32, day)),
                Tally::Texts(all) => all.push((place as u32, row.ordinal)),
            }
        }
    }

    /// The activities whose properties must be read, ascending.
    #[must_use]
    pub fn wanted(&self) -> Vec<u32> {
        let mut wanted = Vec::new();
        for (ask, tally) in self.asks.iter().zip(&self.tallies) {
            match tally {
                Tally::One { ones, .. } if ask.take.property().is_some() => {
                    wanted.extend(ones.iter().flatten().map(|one| one.ordinal));
                }
                Tally::Texts(all) => wanted.extend(all.iter().map(|(_, ordinal)| *ordinal)),
                _ => {}
            }
        }
        wanted.sort_unstable();
        wanted.dedup();
        wanted
    }

    /// The properties that are asked for.
    #[must_use]
    pub fn properties(&self) -> Vec<FieldName> {
        let mut names: Vec<FieldName> =
            self.asks.iter().filter_map(|ask| ask.take.property().cloned()).collect();
        names.sort_unstable();
        names.dedup();
        names
    }

    /// What the measures say, in their order; `texts` are of the activities that were wanted.
    #[must_use]
    pub fn finish(self, texts: &Texts) -> Vec<Values> {
        let today = self.today;
        let tallies = self.asks.into_iter().zip(self.tallies);
        let places = self.customers;
        let of = |(ask, tally): (Ask, Tally)| match tally {
            Tally::Count(all) => Values::Numbers(all),
            Tally::Sum(_, all) => Values::Amounts(all),
            Tally::One { ones, .. } => match &ask.take {
                Take::DaysSince => {
                    let since = |one: &Option<One>| {
                        one.map_or(NOTHING, |one| today.saturating_sub(one.day).max(0) as u32)
                    };
                    Values::Numbers(ones.iter().map(since).collect())
                }
                take => match take.property() {
                    Some(name) => of_property(name, &ones, texts),
                    None => {
                        let day = |one: &Option<One>| one.map_or(i32::MIN, |one| one.day);
                        Values::Days(ones.iter().map(day).collect())
                    }
                },
            },
            Tally::Days(all) => Values::Numbers(distinct(all, places)),
            Tally::Texts(all) => match ask.take.property() {
                Some(name) => {
                    let own = all
                        .into_iter()
                        .filter_map(|(place, ordinal)| Some((place, texts.get(ordinal, name)?)));
                    Values::Numbers(distinct(own.collect(), places))
                }
                None => Values::Numbers(vec![0; places]),
            },
        };
        tallies.map(of).collect()
    }
}

fn of_property(name: &FieldName, ones: &[Option<One>], texts: &Texts) -> Values {
    let mut known: HashMap<&str, u32> = HashMap::new();
    let mut all = Vec::with_capacity(ones.len());
    let mut said: Vec<String> = Vec::new();
    for one in ones {
        all.push(match one.and_then(|one| texts.get(one.ordinal, name)) {
            None => NOTHING,
            Some(text) => *known.entry(text).or_insert_with(|| {
                said.push(text.to_owned());
                said.len() as u32 - 1
            }),
        });
    }
    Values::Texts(all, said)
}

/// How many different ones each has.
fn distinct<T: Ord>(mut all: Vec<(u32, T)>, places: usize) -> Vec<u32> {
    all.sort_unstable();
    all.dedup();
    let mut counts = vec![0; places];
    all.iter().for_each(|(place, _)| counts[*place as usize] += 1);
    counts
}

/// How many activities a sum leaves out, because they are in another currency or in none that is known.
#[must_use]
pub fn left_out<'a>(ask: &Ask, rows: impl IntoIterator<Item = (&'a Row, &'a Class)>) -> u64 {
    let Take::Sum(currency) = ask.take else { return 0 };
    let after = ask.after.map(number_of);
    let is_left_out = |(row, class): &(&Row, &Class)| {
        ask.is_of(class)
            && after.is_none_or(|after| day_of(row, class) > after)
            && class.money.is_some_and(|money| money != Some(currency))
    };
    rows.into_iter().filter(is_left_out).count() as u64
}

#[cfg(test)]
mod tests;
