//! From what values allow to how they are read.
//!
//! What is declared comes first, then what the column proves, what an earlier file of the source
//! proved, what other columns of the file prove, and the customs of a region last. Where all of
//! that is silent nobody guesses.

use super::tally::{Convention, Tally};
use super::undecided::{Doubt, Undecided};
use super::{Column, Kind};
use crate::harmonise::customs;
use domain::{
    Against, Assumed, Basis, DateOrder, DateReading, Earlier, FieldName, ImportId, NumberStyle,
    Place, Reading,
};
use settings::{PerField, Source};

/// So many values to one are no contradiction, but errors among those they outnumber.
const OUTNUMBERED: u64 = 100;

/// What else tells how a file is read.
#[derive(Debug, Clone, Copy)]
pub struct Evidence<'a> {
    /// The source: what it declares.
    pub source: &'a Source,
    /// The workspace's region.
    pub region: Option<&'a str>,
    /// How the import began to read this file, where it was interrupted.
    pub begun: Option<&'a Reading>,
    /// How earlier files of the source were read, the latest first.
    pub earlier: &'a [(ImportId, Reading)],
    /// What the rows of the file are numbered by.
    pub place: Place,
}

impl Evidence<'_> {
    /// The region whose customs count, and whether it is the source's own.
    pub(super) fn region(&self) -> Option<(&str, bool)> {
        let own = self.source.conventions.region.as_deref().map(|region| (region, true));
        own.or(self.region.map(|region| (region, false)))
    }
}

/// One set of values of a column: all its numbers, or its dates of one notation.
pub(super) struct Part<'c> {
    column: &'c Column,
    tally: &'c Tally,
    pub(super) dotted: bool,
}

/// What a part's own values and its past tell.
enum Known<C> {
    Settled(Assumed<C>),
    /// Every value fits each of several.
    Open,
    /// None fits every value; two that rule each other out, with a line each.
    Mixed([(C, u64); 2]),
}

pub(super) fn decide(columns: &[Column], evidence: &Evidence<'_>) -> Result<Reading, Undecided> {
    let conventions = &evidence.source.conventions;
    let parts: Vec<Part<'_>> = columns.iter().flat_map(Part::of).collect();
    let (numbers, dates): (Vec<_>, Vec<_>) =
        parts.into_iter().partition(|part| part.column.kind == Kind::Number);
    let mut doubts = Vec::new();
    let mut reading = Reading {
        region: conventions.region.clone(),
        zone: conventions.zone.clone(),
        ..Reading::default()
    };
    settle(&dates, &conventions.dates, evidence, &mut reading, &mut doubts);
    settle(&numbers, &conventions.numbers, evidence, &mut reading, &mut doubts);
    if doubts.is_empty() {
        return Ok(reading);
    }
    let source = evidence.source.name.clone();
    Err(Undecided { source, place: evidence.place, columns: doubts })
}

fn settle<C: Decidable>(
    parts: &[Part<'_>],
    declared: &PerField<C>,
    evidence: &Evidence<'_>,
    reading: &mut Reading,
    doubts: &mut Vec<(FieldName, Doubt)>,
) {
    let declared = |part: &Part<'_>| declared.of(part.column.field.as_str());
    let known: Vec<Known<C>> =
        parts.iter().map(|part| part.known(declared(part), evidence)).collect();
    let proofs: Vec<Proof<'_, C>> = parts
        .iter()
        .zip(&known)
        .filter_map(|(part, known)| match known {
            Known::Settled(Assumed { value, basis: Basis::Proved { line }, .. }) => {
                Some(Proof { part, value: *value, line: *line })
            }
            _ => None,
        })
        .collect();
    for (part, known) in parts.iter().zip(known) {
        let found = match known {
            Known::Settled(assumed) => Ok(assumed),
            Known::Open => part.open(&proofs, evidence),
            Known::Mixed(shown) => Err(C::mixed(shown)),
        };
        match found {
            Ok(assumed) => C::put(reading, part, part.beside_earlier(assumed, evidence)),
            Err(doubt) => doubts.push((part.column.field.clone(), doubt)),
        }
    }
}

/// What another part of the file proves.
struct Proof<'p, C> {
    part: &'p Part<'p>,
    value: C,
    line: u64,
}

impl<'c> Part<'c> {
    /// The parts of a column that have values to decide about.
    fn of(column: &'c Column) -> impl Iterator<Item = Part<'c>> {
        let parts = [(&column.values, false), (&column.dotted, true)];
        let parts = parts.into_iter().map(move |(tally, dotted)| Part { column, tally, dotted });
        parts.filter(|part| part.tally.values() > 0)
    }

    fn known<C: Decidable>(&self, declared: Option<C>, evidence: &Evidence<'_>) -> Known<C> {
        if let Some(value) = declared {
            return self.settled(value, Basis::Declared);
        }
        if let Some(begun) = evidence.begun.and_then(|begun| C::found(begun, self)) {
            let against = self.tally.against(begun.value);
            return Known::Settled(Assumed { against, ..begun.clone() });
        }
        let recorded = self.recorded(evidence);
        let fitting: Vec<C> = self.fitting().collect();
        let undisputed = recorded.filter(|_| self.disputed::<C>(evidence).is_none());
        match (fitting.as_slice(), undisputed) {
            ([], _) => self.mixed(undisputed),
            ([only], _) => self.proved(*only, self.line_proving(*only), recorded),
            (_, Some((value, import))) if self.fits(value) => {
                self.settled(value, Basis::Recorded { import })
            }
            _ => Known::Open,
        }
    }

    fn fits<C: Convention>(&self, convention: C) -> bool {
        self.tally.against(convention).is_none()
    }

    /// The rivals that every value fits.
    fn fitting<C: Convention>(&self) -> impl Iterator<Item = C> {
        C::RIVALS.iter().copied().filter(|rival| self.fits(*rival))
    }

    fn settled<C: Convention>(&self, value: C, basis: Basis) -> Known<C> {
        let against = self.tally.against(value);
        Known::Settled(Assumed { against, ..Assumed::of(value, basis) })
    }

    fn proved<C: Convention>(
        &self,
        value: C,
        line: u64,
        recorded: Option<(C, ImportId)>,
    ) -> Known<C> {
        let against = self.tally.against(value);
        let earlier = recorded.filter(|(before, _)| before.bit() != value.bit());
        let earlier = earlier.map(|(value, import)| Earlier { value, import, unproved: 0 });
        let proved = Assumed::of(value, Basis::Proved { line });
        Known::Settled(Assumed { against, earlier, ..proved })
    }

    /// What dates with dots of the same column prove, and the line: nothing of dates in another notation,
    /// which somebody may expect.
    fn with_dots(&self) -> Option<(DateOrder, u64)> {
        let dotted = Part { column: self.column, tally: &self.column.dotted, dotted: true };
        let mut fitting = dotted.fitting::<DateOrder>();
        let only = fitting.next().filter(|_| !self.dotted && fitting.next().is_none())?;
        Some((only, dotted.line_proving(only)))
    }

    /// The line that rules out every rival of the only one that fits.
    fn line_proving<C: Convention>(&self, only: C) -> u64 {
        let rivals = C::RIVALS.iter().filter(|rival| **rival != only);
        let lines = rivals.filter_map(|rival| self.tally.against(*rival));
        lines.map(|against| against.line).max().unwrap_or_default()
    }

    /// The same, with how earlier files were read by custom where what is known now says otherwise: those
    /// since the column was last decided by more than that.
    fn beside_earlier<C: Decidable>(
        &self,
        assumed: Assumed<C>,
        evidence: &Evidence<'_>,
    ) -> Assumed<C> {
        if assumed.basis.is_custom() || assumed.earlier.is_some() {
            return assumed;
        }
        let of_column = evidence
            .earlier
            .iter()
            .filter_map(|(import, reading)| C::found(reading, self).map(|found| (*import, found)));
        let by_custom = of_column.take_while(|(_, found)| found.basis.is_custom());
        let mut wrong = by_custom.filter(|(_, found)| found.value.contradicts(assumed.value));
        let Some((import, latest)) = wrong.next() else { return assumed };
        let others = wrong.filter(|(_, found)| found.value == latest.value).count() as u64;
        let earlier = Earlier { value: latest.value, import, unproved: others + 1 };
        Assumed { earlier: Some(earlier), ..assumed }
    }

    /// Values that fit the one only, and values that fit the other only. Where the ones hardly
    /// count, or most are as in earlier files, the others are errors of this file.
    fn mixed<C: Convention>(&self, recorded: Option<(C, ImportId)>) -> Known<C> {
        let count = |against: Option<Against>| against.map_or(0, |against| against.values);
        let against = |rival: &C| count(self.tally.against(*rival));
        let Some(best) = C::RIVALS.iter().copied().min_by_key(against) else { return Known::Open };
        let pull = |rival: &C| count(self.tally.rather(*rival, best));
        let Some(other) = C::RIVALS.iter().copied().max_by_key(pull) else { return Known::Open };
        let (Some(for_best), Some(for_other)) =
            (self.tally.rather(best, other), self.tally.rather(other, best))
        else {
            return Known::Open;
        };
        let outnumbered = against(&best).saturating_mul(OUTNUMBERED) <= for_best.values;
        let is_as_before = recorded.is_some_and(|(before, _)| before.bit() == best.bit())
            && against(&best) < for_best.values;
        if outnumbered || is_as_before {
            return self.proved(best, for_best.line, recorded);
        }
        Known::Mixed([(best, for_best.line), (other, for_other.line)])
    }

    /// What the latest earlier file of the source proved of this column.
    fn recorded<C: Decidable>(&self, evidence: &Evidence<'_>) -> Option<(C, ImportId)> {
        evidence.earlier.iter().find_map(|(import, reading)| {
            let found = C::found(reading, self)?;
            recorded_by(found, *import)
        })
    }

    /// Decides by what others say.
    fn open<C: Decidable>(
        &self,
        proofs: &[Proof<'_, C>],
        evidence: &Evidence<'_>,
    ) -> Result<Assumed<C>, Doubt> {
        let mut beside = proofs.iter().filter(|proof| proof.part.dotted == self.dotted);
        if let Some(first) = beside.next()
            && beside.all(|proof| proof.value == first.value)
            && self.fits(first.value)
        {
            let (field, line) = (first.part.column.field.clone(), first.line);
            return Ok(Assumed::of(first.value, Basis::ProvedBeside { field, line }));
        }
        let doubt = |proved| {
            let doubt =
                C::doubt(self.fitting().collect(), self.tally.first_line(), self.with_dots());
            Err(doubt.after(proved))
        };
        if let Some(disputed) = self.disputed::<C>(evidence) {
            return doubt(Some(disputed.map(|(value, import)| (value.to_string(), import))));
        }
        let of_source = evidence.earlier.iter().find_map(|(import, reading)| {
            let mut found = C::all(reading, self.dotted);
            let first = found.next()?;
            let is_one = found.all(|other| other.value == first.value) && self.fits(first.value);
            recorded_by(first, *import).filter(|_| is_one)
        });
        if let Some((value, import)) = of_source {
            return Ok(Assumed::of(value, Basis::Recorded { import }));
        }
        let region = evidence.region();
        let customs = C::customs(region.map(|(code, _)| code), self.dotted);
        // Dates with dots that are proved to be in another order than the region's say that it is not the
        // region's file.
        let is_contradicted = |custom: &C| {
            self.with_dots().is_some_and(|(dotted, _)| dotted.to_string() != custom.to_string())
        };
        let custom = customs.into_iter().find(|custom| self.fits(*custom));
        let custom = custom.filter(|custom| !is_contradicted(custom));
        let basis = match region {
            _ if self.dotted => Some(Basis::Dots),
            Some((region, of_source)) => {
                Some(Basis::Region { region: region.to_owned(), of_source })
            }
            None => None,
        };
        match (custom, basis) {
            (Some(value), Some(basis)) => Ok(Assumed::of(value, basis)),
            _ => doubt(None),
        }
    }
}

/// The value as an earlier file's, where a file had proved it.
fn recorded_by<C: Copy>(found: &Assumed<C>, import: ImportId) -> Option<(C, ImportId)> {
    match found.basis {
        Basis::Proved { .. } => Some((found.value, import)),
        Basis::Recorded { import } => Some((found.value, import)),
        _ => None,
    }
}

/// What differs between dates and numbers.
pub(super) trait Decidable: Convention + ToString {
    /// Says it of a part.
    fn put(reading: &mut Reading, part: &Part<'_>, assumed: Assumed<Self>);

    /// What a reading says of a part.
    fn found<'r>(reading: &'r Reading, part: &Part<'_>) -> Option<&'r Assumed<Self>>;

    /// What a reading says of all columns.
    fn all(reading: &Reading, dotted: bool) -> impl Iterator<Item = &Assumed<Self>>;

    /// The customs of a region, the most usual first.
    fn customs(region: Option<&str>, dotted: bool) -> Vec<Self>;

    /// Every value fits each of these; what dates with dots prove beside them.
    fn doubt(fitting: Vec<Self>, line: u64, with_dots: Option<(DateOrder, u64)>) -> Doubt;

    /// None fits every value.
    fn mixed(shown: [(Self, u64); 2]) -> Doubt;
}

fn notation(dates: &DateReading, dotted: bool) -> Option<&Assumed<DateOrder>> {
    if dotted { dates.dotted.as_ref() } else { dates.plain.as_ref() }
}

impl Decidable for DateOrder {
    fn put(reading: &mut Reading, part: &Part<'_>, assumed: Assumed<Self>) {
        let dates = match part.column.kind {
            Kind::Updated => reading.updated.get_or_insert_default(),
            _ => reading.dates.entry(part.column.field.clone()).or_default(),
        };
        *(if part.dotted { &mut dates.dotted } else { &mut dates.plain }) = Some(assumed);
    }

    fn found<'r>(reading: &'r Reading, part: &Part<'_>) -> Option<&'r Assumed<Self>> {
        let dates = match part.column.kind {
            Kind::Updated => reading.updated.as_ref(),
            _ => reading.dates.get(&part.column.field),
        };
        notation(dates?, part.dotted)
    }

    fn all(reading: &Reading, dotted: bool) -> impl Iterator<Item = &Assumed<Self>> {
        let columns = reading.dates.values().chain(&reading.updated);
        columns.filter_map(move |dates| notation(dates, dotted))
    }

    fn customs(region: Option<&str>, dotted: bool) -> Vec<Self> {
        customs::date_orders(region, dotted).to_vec()
    }

    fn doubt(orders: Vec<Self>, line: u64, with_dots: Option<(DateOrder, u64)>) -> Doubt {
        Doubt::Dates { orders, line, with_dots, proved: None }
    }

    fn mixed(shown: [(Self, u64); 2]) -> Doubt {
        Doubt::MixedDates { shown }
    }
}

impl Decidable for NumberStyle {
    fn put(reading: &mut Reading, part: &Part<'_>, assumed: Assumed<Self>) {
        reading.numbers.insert(part.column.field.clone(), assumed);
    }

    fn found<'r>(reading: &'r Reading, part: &Part<'_>) -> Option<&'r Assumed<Self>> {
        reading.numbers.get(&part.column.field)
    }

    fn all(reading: &Reading, _: bool) -> impl Iterator<Item = &Assumed<Self>> {
        reading.numbers.values()
    }

    fn customs(region: Option<&str>, _: bool) -> Vec<Self> {
        customs::number_style(region).into_iter().collect()
    }

    fn doubt(styles: Vec<Self>, line: u64, _: Option<(DateOrder, u64)>) -> Doubt {
        Doubt::Numbers { styles, line, proved: None }
    }

    fn mixed(shown: [(Self, u64); 2]) -> Doubt {
        Doubt::MixedNumbers { shown }
    }
}
