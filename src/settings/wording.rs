//! Checks in plain words: for a rule's own message where it has none, and for `steward check`.

use super::{Check, Comparison, DateBound, RangeBounds};
use domain::FieldType;

/// What a pattern is wrapped in, so that it must match the whole value.
pub(super) const ANCHORS: (&str, &str) = (r"\A(?:", r")\z");

impl Comparison {
    /// Every comparison.
    pub const ALL: [Comparison; 6] = [
        Comparison::Equal,
        Comparison::NotEqual,
        Comparison::Less,
        Comparison::LessOrEqual,
        Comparison::Greater,
        Comparison::GreaterOrEqual,
    ];

    /// How it is written.
    #[must_use]
    pub fn symbol(self) -> &'static str {
        match self {
            Comparison::Equal => "=",
            Comparison::NotEqual => "!=",
            Comparison::Less => "<",
            Comparison::LessOrEqual => "<=",
            Comparison::Greater => ">",
            Comparison::GreaterOrEqual => ">=",
        }
    }
}

impl std::fmt::Display for DateBound {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            DateBound::On(date) => date.fmt(f),
            DateBound::Today { years: 0 } => f.write_str("today"),
            DateBound::Today { years } => {
                let (years, when) =
                    (years.unsigned_abs(), if *years < 0 { "ago" } else { "ahead" });
                write!(f, "{years} {} {when}", if years == 1 { "year" } else { "years" })
            }
        }
    }
}

/// What a breach of the check is called, where the rule does not say.
pub(super) fn breach(check: &Check, field: &str, field_type: Option<FieldType>) -> String {
    let field = spoken(field);
    match check {
        Check::Required => format!("{field} is missing"),
        Check::Format => match field_type.and_then(form) {
            Some(form) => format!("not {form}"),
            None => "could not be read".to_owned(),
        },
        Check::OneOf(values) => format!("{field} is not {}", one_of(values)),
        Check::Range(bounds) => format!("{field} is not {}", range(bounds)),
        Check::Pattern(_) => format!("{field} does not have the required format"),
        Check::Unique => format!("another customer has the same {field}"),
        Check::Compare { comparison, other } => {
            let dates = matches!(field_type, Some(FieldType::Date | FieldType::DateOfBirth));
            format!("{field} is {} {}", opposite(*comparison, dates), spoken(other.as_str()))
        }
        Check::NotDefault(_) => format!("{field} is a placeholder"),
        Check::Fresh { days } => format!("not updated for more than {}", days_of(*days)),
    }
}

/// What a value that no code list holds is called.
pub(super) fn unlisted(field: &str) -> String {
    format!("{} is not in any code list", spoken(field))
}

/// What the check demands, as it follows the name of the field.
pub(super) fn demand(check: &Check) -> String {
    match check {
        Check::Required => "must not be empty".to_owned(),
        Check::Format => "must be readable and plausible".to_owned(),
        Check::OneOf(values) => format!("must be {}", one_of(values)),
        Check::Range(bounds) => format!("must be {}", range(bounds)),
        Check::Pattern(regex) => {
            let text = regex.as_str();
            let text = text.strip_prefix(ANCHORS.0).unwrap_or(text);
            format!("must match {}", text.strip_suffix(ANCHORS.1).unwrap_or(text))
        }
        Check::Unique => "must differ from every other customer's".to_owned(),
        Check::Compare { comparison, other } => format!("must be {} {other}", comparison.symbol()),
        Check::NotDefault(values) if values.is_empty() => {
            "must not be a well-known placeholder".to_owned()
        }
        Check::NotDefault(values) => format!("must not be any of {}", values.join(", ")),
        Check::Fresh { days } => format!("must have been updated within {}", days_of(*days)),
    }
}

/// A field's name as people say it.
fn spoken(field: &str) -> String {
    field.replace('_', " ")
}

fn form(field_type: FieldType) -> Option<&'static str> {
    Some(match field_type {
        FieldType::Email => "an e-mail address",
        FieldType::Phone => "a phone number",
        FieldType::Postcode => "a postcode of its country",
        FieldType::Country => "a country",
        FieldType::Date => "a date",
        FieldType::DateOfBirth => "a date of birth",
        FieldType::Number => "a number",
        FieldType::Consent => "a clear yes or no",
        _ => return None,
    })
}

fn one_of(values: &[String]) -> String {
    match values.split_last() {
        None => String::new(),
        Some((only, [])) => only.clone(),
        Some((last, rest)) => format!("one of {} or {last}", rest.join(", ")),
    }
}

fn range(bounds: &RangeBounds) -> String {
    let (dates, min, max) = match bounds {
        RangeBounds::Dates { min, max } => {
            (true, min.map(|bound| bound.to_string()), max.map(|bound| bound.to_string()))
        }
        RangeBounds::Numbers { min, max } => {
            (false, min.map(|bound| bound.to_string()), max.map(|bound| bound.to_string()))
        }
    };
    match (min, max) {
        (Some(min), Some(max)) => format!("between {min} and {max}"),
        (Some(min), None) => format!("{min} or {}", if dates { "later" } else { "more" }),
        (None, Some(max)) => format!("{max} or {}", if dates { "earlier" } else { "less" }),
        (None, None) => "anything".to_owned(),
    }
}

/// How a field stands to another when the comparison does not hold.
fn opposite(comparison: Comparison, dates: bool) -> &'static str {
    match comparison {
        Comparison::Equal => "different from",
        Comparison::NotEqual => "the same as",
        Comparison::Less if dates => "not before",
        Comparison::Less => "not less than",
        Comparison::LessOrEqual if dates => "after",
        Comparison::LessOrEqual => "more than",
        Comparison::Greater if dates => "not after",
        Comparison::Greater => "not more than",
        Comparison::GreaterOrEqual if dates => "before",
        Comparison::GreaterOrEqual => "less than",
    }
}

fn days_of(days: u32) -> String {
    if days == 1 { "a day".to_owned() } else { format!("{days} days") }
}
