//! Which rows of a data set are wanted: an expression over its columns, under the names they are
//! exported by.

use std::borrow::Cow;

use super::{Dataset, DatasetEntry, measures};
use crate::error::DeskError;
use crate::export::{Cell, Column, Kind};
use crate::facts::Facts;
use crate::masking::Masks;
use crate::measured::sight::Sight;
use crate::met::{self, Thing};
use domain::expression::{Asked, Expected, Expression};
use domain::{FieldName, FieldType, TaskColumn, Value, Values, nearest};
use intake::harmonise;
use settings::{Check, Settings};

/// Words of columns that hold nothing else: what else is asked for is never met.
const WORDS: [(Dataset, &str, &[&str]); 8] = [
    (Dataset::Activities, "by", &["key", "handle", "nameless", "unknown", "several"]),
    (Dataset::Decisions, "verdict", &VERDICTS),
    (Dataset::Xref, "kind", &["record", "retired"]),
    (Dataset::Vanished, "state", &["closed", "vanished", "open"]),
    (Dataset::Violations, "severity", &["error", "warn"]),
    (
        Dataset::Tasks,
        "kind",
        &[
            "duplicate",
            "invalid",
            "approval",
            "challenge",
            "vanished",
            "second",
            "check",
            "request",
            "overlay",
        ],
    ),
    (
        Dataset::Tasks,
        "state",
        &["open", "deferred", "escalated", "answered", "proposed", "decided", "settled"],
    ),
    (Dataset::Labels, "label", &["match", "not-a-match"]),
];

/// Columns that hold ids of one kind.
const IDS: [(Dataset, &str, &str); 10] = [
    (Dataset::Activities, "customer", "C17"),
    (Dataset::Golden, "customer", "C17"),
    (Dataset::Records, "customer", "C17"),
    (Dataset::Xref, "customer", "C17"),
    (Dataset::Xref, "retired", "C17"),
    (Dataset::Vanished, "customer", "C17"),
    (Dataset::Violations, "customer", "C17"),
    (Dataset::Tasks, "id", "T9"),
    (Dataset::Tasks, "customer", "C17"),
    (Dataset::Decisions, "decision", "D31"),
];

/// Columns whose values are records, in whatever data set.
const RECORDS: [&str; 5] = ["record", "members", "subjects", "id_l", "id_r"];

/// Verdicts as the log of decisions has them: a deferral until the data changes is `unsure`.
const VERDICTS: [&str; 26] = [
    "merge",
    "not-a-match",
    "unmerge",
    "correct",
    "pin",
    "waive",
    "quarantine",
    "close",
    "reopen",
    "defer",
    "unsure",
    "escalate",
    "answer",
    "accept",
    "keep",
    "approve",
    "reject",
    "undo",
    "second-look",
    "comment",
    "grant",
    "suspend",
    "hold",
    "lift",
    "propose",
    "request",
];

/// Columns that hold values of any field.
const OF_ANY_FIELD: [(Dataset, &str); 9] = [
    (Dataset::Records, "unmapped"),
    (Dataset::Records, "parts"),
    (Dataset::Corrections, "delivered"),
    (Dataset::Corrections, "corrected"),
    (Dataset::Decisions, "before"),
    (Dataset::Decisions, "after"),
    (Dataset::Decisions, "values"),
    (Dataset::Quarantine, "text"),
    (Dataset::Quarantine, "bytes"),
];

/// The rules of `steward.toml`, where a data set has no others; of golden records, the segments. A field may hold what could not be read,
/// so that its code list does not say all that it can hold.
fn rules<'s>(entry: &DatasetEntry, settings: &'s Settings) -> Vec<&'s str> {
    match entry.dataset {
        Dataset::Golden => {
            let told = measures::segments(settings, &Sight::of_role(settings));
            told.into_iter().map(|(_, name)| name).collect()
        }
        Dataset::Violations => settings.rules.iter().map(|rule| rule.id.as_str()).collect(),
        _ => Vec::new(),
    }
}

fn expected<'r>(
    (entry, rules): (&DatasetEntry, &'r [&'r str]),
    columns: &[Column],
    name: &str,
) -> Expected<'r> {
    let words = WORDS.iter().find(|(of, column, _)| *of == entry.dataset && *column == name);
    if let Some((.., words)) = words {
        return Expected::OneOf(words);
    }
    if matches!(
        (entry.dataset, name),
        (Dataset::Violations, "rule") | (Dataset::Golden, measures::SEGMENTS)
    ) {
        return Expected::OneOf(rules);
    }
    let id = IDS.iter().find(|(of, column, _)| *of == entry.dataset && *column == name);
    if let Some((.., like)) = id {
        return Expected::Id(like);
    }
    match columns.iter().find(|column| column.name == name).map(|column| column.kind) {
        Some(Kind::Whole | Kind::Number | Kind::Decimal) => Expected::Number,
        Some(Kind::Flag) => Expected::OneOf(&["true", "false"]),
        Some(Kind::Date | Kind::Time) => Expected::Day,
        Some(Kind::Text) | None => Expected::Text,
    }
}

/// Reads a filter.
///
/// # Errors
/// Where it is none, a name that is no column, a value that its column can never have, or the name of
/// something that is not there.
pub(super) fn read(
    (entry, facts): (&DatasetEntry, Facts<'_>),
    columns: &[Column],
    text: Option<&str>,
) -> Result<Option<Expression>, DeskError> {
    let settings = facts.settings;
    let Some(text) = text.filter(|text| !text.trim().is_empty()) else { return Ok(None) };
    let names: Vec<&str> = columns.iter().map(|column| column.name.as_str()).collect();
    let rules = rules(entry, settings);
    let parsed = Expression::parse(text).and_then(|expression| {
        let rows = format!("rows of {}", entry.name);
        expression.check(&rows, &names, &|name| expected((entry, &rules), columns, name))?;
        Ok(expression)
    });
    let wrong = |why: String| DeskError::Usage(format!("--where: {why}"));
    let filter = parsed.map_err(|error| match elsewhere(entry, text) {
        Some(name) => wrong(format!("{error}; steward tasks --where has `{name}`")),
        None => wrong(error.to_string()),
    })?;
    for column in columns {
        let name = column.name.as_str();
        let id = IDS.iter().find(|(of, id, _)| *of == entry.dataset && *id == name);
        let thing = match id.map(|(.., like)| &like[..1]) {
            Some("T") => Thing::Task,
            Some("D") => Thing::Decision,
            Some(_) => Thing::Customer,
            None if RECORDS.contains(&name) => Thing::Record,
            None if name == "source" => Thing::Source,
            None => {
                never_held((entry, facts), &filter, name).map_or(Ok(()), |why| Err(wrong(why)))?;
                continue;
            }
        };
        if let Some(why) = met::missing(facts, &filter, (name, thing))? {
            return Err(wrong(why));
        }
    }
    Ok(Some(filter))
}

/// A name that rows of tasks do not have and lists of tasks do.
fn elsewhere(entry: &DatasetEntry, text: &str) -> Option<&'static str> {
    let filter = Expression::parse(text).ok().filter(|_| entry.dataset == Dataset::Tasks)?;
    let own = ["id", "kind", "state", "customer", "score", "reason", "opened"];
    let asked = filter.names().into_iter().find_map(TaskColumn::named).map(TaskColumn::name)?;
    (!own.contains(&asked)).then_some(asked)
}

/// That a field of a few words never holds what is asked for: it is held in standard form, or is a slip.
fn never_held(
    (entry, facts): (&DatasetEntry, Facts<'_>),
    filter: &Expression,
    name: &str,
) -> Option<String> {
    use FieldType::{Category, Consent, Country, Gender, Region};
    let is_of_fields = matches!(entry.dataset, Dataset::Golden | Dataset::Records);
    let field = facts.settings.field(name).filter(|_| is_of_fields)?;
    if !matches!(field.field_type, Category | Consent | Country | Gender | Region) {
        return None;
    }
    let today = facts.today();
    let read = |text: &str| harmonise::typed(facts.settings, name, text, &Values::new(), today);
    let words = words_of(facts.settings, name);
    let words = words.iter().map(String::as_str);
    filter.equals(name).into_iter().find_map(|text| {
        match read(text).as_ref().and_then(Value::standard) {
            Some(held) if held.eq_ignore_ascii_case(text) => None,
            Some(held) => Some(format!("`{name}` holds {held} for `{text}`: ask for {held}")),
            // What could not be read is held as it came; one that is nearly a word is a slip.
            None => nearest::name(text, words.clone())
                .filter(|word| !word.eq_ignore_ascii_case(text))
                .map(|word| format!("`{name}` cannot be `{text}`; did you mean {word}?")),
        }
    })
}

/// The words of a field, as far as a code list, a rule or its type lists them.
fn words_of(settings: &Settings, field: &str) -> Vec<String> {
    let rules = settings.rules.iter().filter(|rule| rule.field.as_str() == field);
    let ruled = rules.filter_map(|rule| match &rule.check {
        Check::OneOf(words) => Some(words.clone()),
        _ => None,
    });
    let listed = settings.code_list(field).map(|list| list.distinct_words());
    let of_type: &[&str] = match settings.field(field).map(|field| field.field_type) {
        Some(FieldType::Consent) => &["yes", "no"],
        Some(FieldType::Gender) => &["female", "male"],
        _ => &[],
    };
    let of_type = of_type.iter().map(|word| (*word).to_owned()).collect();
    listed.into_iter().chain(ruled).chain([of_type]).flatten().collect()
}

/// What is recorded of a filter: names and operators, and values where they are words, counts, scores or
/// times of steward's own. A value of a field may be somebody's.
pub(super) fn told(
    (entry, settings): (&DatasetEntry, &Settings),
    columns: &[Column],
    wanted: Option<&Expression>,
) -> Option<String> {
    let rules = rules(entry, settings);
    let of_ours = |name: &str| {
        let kind = columns.iter().find(|column| column.name == name).map(|column| column.kind);
        matches!(expected((entry, &rules), columns, name), Expected::OneOf(_))
            || matches!(kind, Some(Kind::Whole | Kind::Number | Kind::Time))
    };
    wanted.map(|wanted| wanted.shape(&of_ours))
}

/// Refuses a filter by which a dry run, which is not recorded, would count who holds a value that is masked.
///
/// # Errors
/// Names the first such column.
pub(super) fn must_not_count_masked(
    (entry, settings): (&DatasetEntry, &Settings),
    wanted: &Expression,
    masks: &Masks,
) -> Result<(), DeskError> {
    match asked_of((entry, settings), wanted, masks) {
        None => Ok(()),
        Some(name) => Err(DeskError::Usage(format!(
            "--where: `{name}` is masked, and a dry run would tell who holds a value: export without \
             --dry-run, which the ledger records"
        ))),
    }
}

/// Refuses a filter by a field that the role of whoever exports never sees unmasked: who is in the file would
/// tell its values.
///
/// # Errors
/// Names the first such column.
pub(super) fn must_not_ask_closed(
    entry: &DatasetEntry,
    wanted: &Expression,
    closed: Option<&Masks>,
    settings: &Settings,
) -> Result<(), DeskError> {
    match closed.and_then(|closed| asked_of((entry, settings), wanted, closed)) {
        None => Ok(()),
        Some(name) => Err(DeskError::Usage(format!(
            "--where: `{name}` is masked for the role {}, so it cannot filter by it",
            settings.acting_role()
        ))),
    }
}

/// The first column of a filter that tells of a masked field.
fn asked_of<'w>(
    (entry, settings): (&DatasetEntry, &Settings),
    wanted: &'w Expression,
    masks: &Masks,
) -> Option<&'w str> {
    let is_masked = |name: &&str| {
        let of_any = OF_ANY_FIELD.contains(&(entry.dataset, *name)) && masks.hide_any();
        let field = name.strip_suffix("_raw").unwrap_or(name);
        let of_field = matches!(entry.dataset, Dataset::Records | Dataset::Golden)
            && (masks.hides(&FieldName::new(field)) || masks.hides(&FieldName::new(*name)));
        let of_activity = entry.dataset == Dataset::Activities && masks.hides_of_activities(name);
        of_any || of_field || of_activity
    };
    // A measure tells of the property that it takes, and a segment of all that it asks for.
    let sight = Sight::by(settings, Some(masks));
    let is_derived = |name: &&str| {
        entry.dataset == Dataset::Golden
            && match settings.measure(name) {
                Some(measure) => !sight.tells(measure),
                None if *name == measures::SEGMENTS => {
                    let (asked, text) = (wanted.equals(name), wanted.text().to_lowercase());
                    // What is not asked by a whole name asks all of them.
                    let is_by_name =
                        !asked.is_empty() && !text.contains('~') && !text.contains("empty");
                    let mut segments = settings.segments.iter();
                    segments.any(|it| {
                        sight.hidden_in(settings, it).is_some()
                            && (!is_by_name
                                || asked.iter().any(|own| own.eq_ignore_ascii_case(&it.name)))
                    })
                }
                None => false,
            }
    };
    wanted.names().into_iter().find(|name| is_masked(name) || is_derived(name))
}

/// A number as expressions compare it: written out, since one such as `4e-7` would be a text. Six decimals,
/// as scores of tasks have.
fn plain(number: f64) -> String {
    if number.abs() < 1e7 { format!("{number:.6}") } else { format!("{number:.0}") }
}

/// Whether it holds for a row.
pub(super) fn holds(columns: &[Column], wanted: &Expression, cells: &[Cell]) -> bool {
    wanted.holds_of(&|name| {
        let at = columns.iter().position(|column| column.name == name);
        match at.and_then(|at| cells.get(at)) {
            None | Some(Cell::Absent) => Asked::Nothing,
            Some(Cell::Text(text)) => Asked::One(Cow::Owned(text.clone())),
            Some(Cell::List(texts)) => {
                Asked::Each(texts.iter().map(|text| Cow::Owned(text.clone())).collect())
            }
            Some(Cell::Number(number)) => Asked::One(Cow::Owned(plain(*number))),
            Some(other) => Asked::One(Cow::Owned(other.flat())),
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::export::typed;

    #[test]
    fn each_entry_of_a_list_is_asked_by_itself() {
        let columns = typed(&["members"], &[]);
        let cells = [Cell::list(["crm:1001", "support:7"])];
        for (text, expected) in [
            ("members = crm:1001", true),
            ("members = 'crm:1001 support:7'", false),
            ("members != support:7", false),
            ("not members = support:8", true),
            ("members in (support:7)", true),
        ] {
            assert_eq!(
                holds(&columns, &Expression::parse(text).unwrap(), &cells),
                expected,
                "{text}"
            );
        }
    }

    #[test]
    fn every_verdict_may_be_asked_for() {
        for verdict in domain::Verdict::ALL {
            assert!(VERDICTS.contains(&verdict.name()), "{}", verdict.name());
        }
    }

    #[test]
    fn numbers_are_compared_as_numbers_however_small_or_large() {
        let columns = typed(&["score"], &[("score", Kind::Number)]);
        let holds = |text: &str, number| {
            holds(&columns, &Expression::parse(text).unwrap(), &[Cell::Number(number)])
        };
        for (text, number, expected) in [
            ("score > 2", 9e-7, false),
            ("score < 0.1", 9e-7, true),
            ("score > 2", 3e12, true),
            ("score < -4", -5.25, true),
            ("score = 0.5", 0.5, true),
            ("score is empty", 0.0, false),
        ] {
            assert_eq!(holds(text, number), expected, "{text} of {number}");
        }
    }
}
