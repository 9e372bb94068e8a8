//! What a comparison says about itself. Whoever works with comparisons asks this, and never which
//! comparison it is.

use domain::{FieldName, FieldType};

use super::super::columns::Columns;
use super::super::layout::{Aspect, Layout};
use super::super::portrait::Kind;
use super::super::splink::Dialect;
use super::super::splink::levels::CarriedTable;
use super::{Cache, Comparison, Subject};

/// One graded outcome of a comparison.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Level {
    /// In words: `day and month swapped`.
    pub(crate) label: &'static str,
    /// Which values both records have.
    pub(crate) stratum: u8,
    /// Its chance in each class before data are seen: match, household, namesake, unrelated.
    pub(crate) chances: [f64; 4],
}

/// A level without strata.
pub(super) const fn level(label: &'static str, chances: [f64; 4]) -> Level {
    Level { label, stratum: 0, chances }
}

/// What a class is allowed to learn about a comparison from data.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Learning {
    /// Its level chances, starting from the believed ones.
    Free,
    /// Nothing: the believed chances stand.
    Believed,
    /// Nothing of its own: the values agree as often as those of unrelated records.
    AsUnrelated,
}

/// What two records agree on, whose frequency counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Agreement {
    /// Nothing whose frequency is known.
    Nothing,
    /// The values of one aspect. People who live together may share it for one reason, as the
    /// records of one customer do; otherwise they share it by chance.
    On {
        /// The aspect.
        aspect: Aspect,
        /// Whether people who live together share it for one reason.
        at_home: bool,
    },
    /// Given and family name.
    WholeName,
    /// Given and family name, each in the other's place.
    SwappedName,
    /// The same with a difference: nothing is known of how common that is.
    SwappedNearly,
}

impl Agreement {
    /// On an aspect that people who live together share for one reason; on nothing otherwise.
    pub(super) const fn at_home(agrees: bool, aspect: Aspect) -> Self {
        if agrees { Self::On { aspect, at_home: true } } else { Self::Nothing }
    }

    /// On an aspect that other people share by chance only; on nothing otherwise.
    pub(super) const fn by_chance(agrees: bool, aspect: Aspect) -> Self {
        if agrees { Self::On { aspect, at_home: false } } else { Self::Nothing }
    }
}

/// What a level says, beside its weight, to whether the machine may merge.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Says {
    /// How many personal or registered identifiers agree; one issued by a state counts twice.
    pub(crate) identified: u8,
    /// Something differs which one customer has only one of.
    pub(crate) contradicts: bool,
    /// Father and son seldom share it.
    pub(crate) one_generation: bool,
    /// A mailbox is the same.
    pub(crate) one_mailbox: bool,
    /// Given names are plainly different.
    pub(crate) named_differently: bool,
    /// Both have a given name, and it is plainly another one.
    pub(crate) other_given: bool,
    /// Both have a family name, and it is plainly another one.
    pub(crate) other_family: bool,
    /// Given names are the same, forms of one another or a slip apart.
    pub(crate) named_alike: bool,
    /// Given and family name stand in each other's place.
    pub(crate) swapped: bool,
}

/// When a value identifies nobody.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Crowd {
    /// Never asked: the value identifies nobody anyway.
    Never,
    /// When people of many unlike names hold it.
    UnlikeNames,
    /// When it is far commoner than the average value.
    FarCommoner,
}

/// Grades two rows; the number is a slot, for comparisons of one field each. The level is counted
/// from 1; 0 when a value to compare is missing.
type Grade = fn(&Columns, u8, u32, u32, &mut Cache) -> u8;

/// A comparison: one row of [`super::TABLE`], said in the comparison's own file.
pub(crate) struct ComparisonSpec {
    /// What it goes by in models that are kept: never changed.
    pub(crate) key: &'static str,
    /// In words: `date of birth`. A comparison of one field has the field's name.
    pub(crate) name: &'static str,
    /// The kinds of record it is made for.
    pub(crate) kinds: &'static [Kind],
    /// What it reads.
    pub(crate) aspects: &'static [Aspect],
    /// Aspects among these, and what is made of them, whose frequencies count.
    pub(crate) counted: &'static [Aspect],
    /// The comparisons of a workspace: one where its fields are mapped, or one for each field.
    pub(crate) made: fn(Subject, &Layout, Kind) -> Vec<Comparison>,
    /// Its levels: see [`ComparisonSpec::levels`].
    pub(super) table: fn() -> &'static [Level],
    /// What match, household and namesake may learn.
    pub(crate) learning: [Learning; 3],
    /// Holds learned chances to what is known of how they depend on one another.
    pub(crate) settle: fn(&mut [[f64; 4]]),
    /// Levels, counted from 0, that are seen only where names agree, and follow from that: to
    /// unrelated people of one name it happens as often as to any namesakes, whatever their chance
    /// among all unrelated people.
    pub(crate) follows_from_names: &'static [u8],
    /// How many pairs of rows show each level, for the levels that the values alone tell: so
    /// exactly no sample of pairs can say it of levels that one pair in a hundred thousand shows.
    /// Empty, or `None` for a level, where values do not tell.
    pub(crate) pairs_by_value: fn(&Columns, &[u32]) -> Vec<Option<f64>>,
    pub(crate) grade: Grade,
    /// Reads the facts about a row that `grade` is going to need, for nothing but to have them
    /// near: see `nearness`.
    pub(crate) fetch: fn(&Columns, u32) -> u32,
    /// What a level, counted from 0, agrees on.
    pub(crate) agrees: fn(u8) -> Agreement,
    /// Whether of two levels (counted from 0) of the same values the first agrees more than the
    /// second.
    pub(crate) agrees_more: fn(u8, u8) -> bool,
    /// Whether of two levels (counted from 0) of unlike values the first agrees as the second does and in
    /// something that is missing there, or misses what differs there.
    pub(crate) agrees_in_more: fn(u8, u8) -> bool,
    /// What a level, counted from 0, says to whether the machine may merge.
    pub(crate) says: fn(Kind, u8) -> Says,
    /// What is to be said of two rows before the words of their level.
    pub(crate) remark: fn(&Columns, u32, u32) -> Option<&'static str>,
    /// Whether it may tell a person from a relative of the same name.
    pub(crate) tells_relatives_apart: bool,
    /// Whether a customer has only one such value.
    pub(crate) only_one: bool,
    /// When a value identifies nobody.
    pub(crate) crowd: Crowd,
    /// The types of the fields it judges on screen.
    pub(crate) judges: &'static [FieldType],
    /// What judges a field of such a type.
    pub(crate) of_field: fn(&'static Self, &Layout, &FieldName) -> Option<Subject>,
    /// Whether a field is judged without the other fields it is compared with.
    pub(crate) judges_alone: bool,
    /// What a level, counted from 0, says of a field of that type; `None`: nothing.
    pub(crate) judge: fn(FieldType, u8) -> Option<Judged>,
    /// What a level, counted from 0, says beside the mark of a field of that type, in two or three
    /// words; empty: no more than that values are alike or differ.
    pub(crate) words: fn(FieldType, u8) -> &'static str,
    /// How Splink says it.
    pub(crate) carried: fn(&Comparison, &Layout, Dialect) -> CarriedTable,
}

/// What a level says of a field.
pub(crate) struct Judged {
    /// Whether the field's value is the same.
    pub(crate) same: bool,
    /// The levels, counted from 0, that say no other thing of this field.
    pub(crate) levels: Vec<u8>,
}

impl ComparisonSpec {
    /// What most comparisons have in common; the rest each says for itself.
    pub(super) const fn usual(
        key: &'static str,
        name: &'static str,
        table: fn() -> &'static [Level],
        grade: Grade,
        carried: fn(&Comparison, &Layout, Dialect) -> CarriedTable,
    ) -> Self {
        Self {
            key,
            name,
            table,
            grade,
            carried,
            kinds: &[Kind::Person, Kind::Organisation],
            aspects: &[],
            counted: &[],
            made: one,
            learning: [Learning::Free, Learning::Free, Learning::AsUnrelated],
            settle: |_| {},
            follows_from_names: &[],
            pairs_by_value: |_, _| Vec::new(),
            fetch: |_, _| 0,
            agrees: |_| Agreement::Nothing,
            agrees_more: |better, worse| better < worse,
            agrees_in_more: |_, _| false,
            says: |_, _| Says {
                identified: 0,
                contradicts: false,
                one_generation: false,
                one_mailbox: false,
                named_differently: false,
                other_given: false,
                other_family: false,
                named_alike: false,
                swapped: false,
            },
            remark: |_, _, _| None,
            tells_relatives_apart: false,
            only_one: false,
            crowd: Crowd::Never,
            judges: &[],
            of_field: |spec, _, _| Some(Subject::of(spec)),
            judges_alone: true,
            judge: |_, level| Judged::whole(level, &[0]),
            words: |_, _| "",
        }
    }

    /// Its levels, the number of each being its place.
    pub(crate) fn levels(&self) -> &'static [Level] {
        (self.table)()
    }

    /// A level's chances as they tell the classes apart.
    pub(crate) fn telling(&self, level: usize, mut chances: [f64; 4]) -> [f64; 4] {
        if self.follows_from_names.iter().any(|it| usize::from(*it) == level) {
            chances[3] = chances[3].max(chances[2]);
        }
        chances
    }
}

impl Judged {
    /// Of a comparison whose levels speak of all its fields alike; some of them say that the values
    /// are the same.
    #[expect(clippy::unnecessary_wraps, reason = "`ComparisonSpec::judge` is such a function")]
    pub(super) fn whole(level: u8, same: &[u8]) -> Option<Self> {
        Some(Self { same: same.contains(&level), levels: vec![level] })
    }
}

/// One comparison of all the fields, where there is any.
fn one(subject: Subject, layout: &Layout, _: Kind) -> Vec<Comparison> {
    let mut fields = Vec::new();
    for field in subject.aspects.iter().flat_map(|aspect| layout.fields_of(*aspect)) {
        if !fields.contains(&field) {
            fields.push(field);
        }
    }
    let comparison = Comparison { name: subject.name.to_owned(), subject, fields };
    if comparison.fields.is_empty() { Vec::new() } else { vec![comparison] }
}
