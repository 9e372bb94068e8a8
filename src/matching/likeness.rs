//! How values stand to each other, field by field: the marks of a comparison on screen.
//!
//! A field that matching compares is judged by the level its comparison gives, never by how alike
//! two texts look: `1984-03-12` and `1971-06-15` share half their characters and say nothing. The
//! other values of a record are kept as far as the comparison looks at them, but a field is judged
//! by its own value: a shared postcode makes no two towns alike.

use super::columns::{Columns, ColumnsBuilder};
use super::compare::{Cache, Subject, TABLE};
use super::layout::Layout;
use super::model::Model;
use super::portrait::Kind;
use super::read_records::{ReadRecords, RecordReader};
use super::text::{fold, same_letters};
use domain::{FieldName, FieldType, RecordId, Value, Values};
use settings::Settings;

/// How a value stands to another one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Likeness {
    /// The same, as far as anyone can tell: written alike, or compared as the same.
    Same,
    /// Not the same, but oftener seen between records of one customer than between others: a slip,
    /// a short form, swapped day and month.
    Similar,
    /// Different.
    Different,
}

/// How a value stands to another one, as far as the comparison's level says: all that may be told of
/// values that are masked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    /// How.
    pub likeness: Likeness,
    /// What the level says of it in two or three words; empty: no more than the likeness.
    pub words: &'static str,
    /// What the values say beside their level; of masked ones it is not told.
    pub remark: Option<&'static str>,
}

impl Standing {
    fn of(likeness: Likeness, words: &'static str) -> Self {
        Self { likeness, words, remark: None }
    }
}

/// How records stand to a first one.
#[derive(Debug)]
pub struct Likenesses {
    /// By record and field; none where a side has no value.
    by_record: Vec<Vec<Option<Standing>>>,
    /// By record, what contradicts the first one.
    contradicting: Vec<Option<&'static str>>,
}

impl Likenesses {
    /// How `others` stand to `first` in these fields. What a level is worth says the model, and
    /// before there is one what is believed of the level.
    #[must_use]
    pub fn new(
        settings: &Settings,
        model: Option<&Model>,
        fields: &[FieldName],
        first: &Values,
        others: &[&Values],
    ) -> Self {
        let records: Vec<&Values> = std::iter::once(first).chain(others.iter().copied()).collect();
        let judges: Vec<Judge> = fields.iter().map(|it| Judge::of(settings, it)).collect();
        let sheet = Sheet::new(settings, &judges, &records);
        let judge = |(place, judge): (usize, &Judge), other: usize| {
            let a = value(records[0], &judge.field)?;
            let b = value(records[other], &judge.field)?;
            if a.to_lowercase() == b.to_lowercase() {
                return Some(Standing::of(Likeness::Same, ""));
            }
            Some(judge.standing(model, (a, b), &sheet.columns, sheet.rows(place, other)))
        };
        let by_record = |other| judges.iter().enumerate().map(|it| judge(it, other)).collect();
        Self {
            by_record: (1..records.len()).map(by_record).collect(),
            contradicting: (1..records.len()).map(|other| sheet.contradiction(other)).collect(),
        }
    }

    /// How the field of that place stands in the other record of that place; none where a side has
    /// no value.
    #[must_use]
    pub fn of(&self, other: usize, field: usize) -> Option<Likeness> {
        self.standing(other, field).map(|standing| standing.likeness)
    }

    /// The same with what the level says.
    #[must_use]
    pub fn standing(&self, other: usize, field: usize) -> Option<Standing> {
        self.by_record.get(other)?.get(field).copied().flatten()
    }

    /// Whether something differs that one customer has only one of: the date of birth, a national
    /// id, the registered identifier of an organisation.
    #[must_use]
    pub fn contradicts(&self, other: usize) -> bool {
        self.contradiction(other).is_some()
    }

    /// What it is that differs so, by the name of its comparison.
    #[must_use]
    pub fn contradiction(&self, other: usize) -> Option<&'static str> {
        self.contradicting.get(other).copied().flatten()
    }
}

fn value<'a>(values: &'a Values, field: &FieldName) -> Option<&'a str> {
    values.get(field.as_str()).map(Value::shown).filter(|text| !text.trim().is_empty())
}

/// Judges the values of one field.
struct Judge {
    field: FieldName,
    field_type: FieldType,
    /// What reads the field; nothing: it is not compared.
    subjects: Vec<Subject>,
    /// The fields that would speak for it: their values are left out.
    others: Vec<FieldName>,
}

impl Judge {
    fn of(settings: &Settings, field: &FieldName) -> Self {
        let declared = settings.field(field.as_str()).map(|declared| declared.field_type);
        let field_type = declared.unwrap_or(FieldType::Text);
        let own = TABLE.into_iter().filter(|spec| spec.judges.contains(&field_type));
        let subjects: Vec<Subject> =
            own.filter_map(|spec| (spec.of_field)(spec, &Layout::new(settings), field)).collect();
        let speaks = |other: &&settings::Field| {
            let speaks = |it: &Subject| it.judges_alone && it.judges.contains(&other.field_type);
            other.name != *field && subjects.iter().any(speaks)
        };
        let others = settings.fields.iter().filter(speaks).map(|other| other.name.clone());
        let others = others.collect();
        Self { field: field.clone(), field_type, subjects, others }
    }

    /// The record as the comparisons of this field may see it.
    fn view(&self, record: &Values) -> Values {
        let mut view = record.clone();
        for other in &self.others {
            view.remove(other.as_str());
        }
        view
    }

    /// Two different values.
    fn standing(
        &self,
        model: Option<&Model>,
        (a, b): (&str, &str),
        columns: &Columns,
        rows: (u32, u32),
    ) -> Standing {
        let mut graded = Vec::new();
        for subject in &self.subjects {
            let level = subject.grade(columns, rows.0, rows.1, &mut Cache::new());
            if let Some(level) = level.checked_sub(1) {
                graded.extend(self.part(model, *subject, level));
            }
        }
        if graded.is_empty() {
            // Of words the spelling says little; of a date or a number every sign counts.
            let same = self.is_words() && same_letters(&fold(a), &fold(b));
            return match same {
                true => Standing::of(Likeness::Similar, "other spelling"),
                false if self.is_one_number(a, b) => Standing::of(Likeness::Same, ""),
                false => Standing::of(Likeness::Different, ""),
            };
        }
        let weight: f64 = graded.iter().map(|part| part.weight).sum();
        let is_same = graded.iter().all(|part| part.same);
        // Of several parts the one that differs is of interest.
        let mut told = graded.iter().filter(|part| part.same == is_same);
        let words = told.find(|part| !part.words.is_empty()).map_or("", |part| part.words);
        let likeness = match is_same {
            true => Likeness::Same,
            false if weight > 0.0 => Likeness::Similar,
            false => Likeness::Different,
        };
        // Which generation of a name somebody is of is said beside the given name.
        let says = matches!(self.field_type, FieldType::GivenName | FieldType::FullName);
        let mut remarks = self.subjects.iter().filter(|_| says && !is_same);
        let remark = remarks.find_map(|subject| (subject.remark)(columns, rows.0, rows.1));
        Standing { likeness, words, remark }
    }

    /// Two spellings of one amount.
    fn is_one_number(&self, a: &str, b: &str) -> bool {
        let number = |text: &str| text.trim().parse::<f64>().ok().filter(|it| it.is_finite());
        self.field_type == FieldType::Number && number(a).is_some() && number(a) == number(b)
    }

    fn is_words(&self) -> bool {
        !matches!(
            self.field_type,
            FieldType::DateOfBirth
                | FieldType::Date
                | FieldType::Number
                | FieldType::NationalId
                | FieldType::Identifier
                | FieldType::Phone
                | FieldType::Postcode
                | FieldType::Country
                | FieldType::Gender
                | FieldType::Category
                | FieldType::Consent
        )
    }

    /// What a level, counted from 0, says of this field; `None` means nothing.
    fn part(&self, model: Option<&Model>, subject: Subject, level: u8) -> Option<Part> {
        let judged = (subject.judge)(self.field_type, level)?;
        let mut weight = weight(model, subject, &judged.levels);
        if (subject.says)(Kind::Person, level).swapped {
            // Whatever it is worth: each part is found, in the other's place.
            weight = weight.max(f64::MIN_POSITIVE);
        }
        let words = (subject.words)(self.field_type, level);
        Some(Part { same: judged.same, weight, words })
    }
}

/// What one comparison says of a field: whether it is the same, what that is worth (log2), and in
/// words.
struct Part {
    same: bool,
    weight: f64,
    words: &'static str,
}

/// Everything that is ever said of a field of that type for its level: the words are of a fixed list,
/// and hold nothing of a value.
#[must_use]
pub fn level_words(field_type: FieldType) -> Vec<&'static str> {
    let mut words = vec!["other spelling"];
    for spec in TABLE.into_iter().filter(|spec| spec.judges.contains(&field_type)) {
        let levels = 0..u8::try_from(spec.levels().len()).unwrap_or(u8::MAX);
        let judged = levels.filter(|level| (spec.judge)(field_type, *level).is_some());
        words.extend(judged.map(|level| (spec.words)(field_type, level)));
    }
    words.retain(|said| !said.is_empty());
    words.sort_unstable();
    words.dedup();
    words
}

/// How much oftener (log2) one of these levels is seen between records of one customer than between
/// others: unrelated ones, and where only one customer has a value also those of one household or
/// name.
fn weight(model: Option<&Model>, subject: Subject, meant: &[u8]) -> f64 {
    let levels = subject.levels();
    let learned = model.and_then(|model| {
        let mut parts = model.kinds.iter().flat_map(|part| &part.comparisons);
        parts.find(|it| it.comparison.subject == subject && it.levels.len() == levels.len())
    });
    let mut chances = [0.0; 4];
    for at in meant.iter().map(|level| usize::from(*level)) {
        let level = &levels[at];
        let own = learned.map_or(level.chances, |learned| learned.levels[at].chances);
        let telling = subject.telling(at, own);
        chances.iter_mut().zip(telling).for_each(|(sum, own)| *sum += own);
    }
    let [same, household, namesake, unrelated] = chances;
    // People who share a name or a home have another one, where one customer has one: it tells them
    // apart, too.
    let others = if subject.only_one { household.max(namesake).max(unrelated) } else { unrelated };
    (same.max(f64::MIN_POSITIVE) / others.max(f64::MIN_POSITIVE)).log2()
}

/// Every record as each judge sees it, and once whole.
struct Sheet {
    columns: Columns,
    /// By view and record.
    rows: Vec<Vec<u32>>,
}

impl Sheet {
    fn new(settings: &Settings, judges: &[Judge], records: &[&Values]) -> Self {
        let reader = RecordReader::new(settings);
        let mut read = ReadRecords::default();
        let mut number = 0;
        let mut numbers = Vec::new();
        let mut add = |values: &Values| {
            reader.read(RecordId(number), values, &mut read);
            number += 1;
            RecordId(number - 1)
        };
        for judge in judges {
            numbers.push(records.iter().map(|it| add(&judge.view(it))).collect::<Vec<_>>());
        }
        numbers.push(records.iter().map(|it| add(it)).collect());
        let mut builder = ColumnsBuilder::new(settings);
        builder.add(&read);
        let columns = builder.finish_whole();
        let row = columns.rows();
        let rows = numbers.iter().map(|view| view.iter().filter_map(|it| row(*it)).collect());
        Self { rows: rows.collect(), columns }
    }

    /// The first record and another one in a view.
    fn rows(&self, view: usize, other: usize) -> (u32, u32) {
        (self.rows[view][0], self.rows[view][other])
    }

    fn contradiction(&self, other: usize) -> Option<&'static str> {
        let (a, b) = self.rows(self.rows.len() - 1, other);
        let kind = self.columns.kind(a);
        if kind != self.columns.kind(b) {
            return None;
        }
        let mut only = TABLE.into_iter().filter(|spec| spec.only_one);
        let found = only.find(|spec| {
            let level = Subject::of(spec).grade(&self.columns, a, b, &mut Cache::new());
            level.checked_sub(1).is_some_and(|level| (spec.says)(kind, level).contradicts)
        });
        found.map(|spec| spec.name)
    }
}
