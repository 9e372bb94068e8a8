//! The few words beside a mark.
//!
//! What is said of a masked value follows from its comparison's level alone, so that nothing of the
//! value is told; of a value in clear they say how far it lies from the first column's.

use jiff::Unit;
use jiff::civil::Date;

use domain::FieldType;
use door::views::Words;
use matching::{Likeness, Standing};

/// The words beside the mark of `here` against `first`.
#[must_use]
pub fn words(
    field_type: FieldType,
    first: Option<&str>,
    here: Option<&str>,
    standing: Option<Standing>,
) -> Words {
    let (Some(first), Some(here), Some(standing)) = (first, here, standing) else {
        return Words::default();
    };
    let values = of_values(field_type, (first, here), standing);
    Words { level: of_level(standing).to_owned(), values: Some(values) }
}

/// What a level says: all that is told of a masked value.
#[must_use]
pub fn of_level(standing: Standing) -> &'static str {
    match standing.likeness {
        _ if !standing.words.is_empty() => standing.words,
        Likeness::Same => "",
        Likeness::Similar => "similar",
        Likeness::Different => "differ",
    }
}

/// What two values in clear say; empty where the mark says it all.
fn of_values(
    field_type: FieldType,
    (first, here): (&str, &str),
    Standing { likeness, words, remark }: Standing,
) -> String {
    if first == here {
        return String::new();
    }
    if let Some(remark) = remark {
        return remark.to_owned();
    }
    if likeness == Likeness::Same {
        return if words.is_empty() { "other spelling" } else { words }.to_owned();
    }
    let measured = match field_type {
        FieldType::DateOfBirth => day_of_birth(first, here),
        FieldType::Date => dates(first, here).map(|(one, other)| apart(one, other)),
        FieldType::Number => amount(first, here),
        FieldType::Phone | FieldType::NationalId | FieldType::Identifier | FieldType::Postcode => {
            signs(first, here)
        }
        _ => None,
    };
    let said = measured.unwrap_or_else(|| words.to_owned());
    // A mark that says no more than that is hard to tell from one that means much.
    let is_bare = said.is_empty() && likeness == Likeness::Similar;
    if is_bare { "similar".to_owned() } else { said }
}

fn dates(first: &str, here: &str) -> Option<(Date, Date)> {
    Some((first.parse().ok()?, here.parse().ok()?))
}

/// Which part of a date of birth differs, where it is one; else how far the two lie apart.
fn day_of_birth(first: &str, here: &str) -> Option<String> {
    let (one, other) = dates(first, here)?;
    let part = match (
        one.year() == other.year(),
        one.month() == other.month(),
        one.day() == other.day(),
    ) {
        (true, _, _) if (one.month(), one.day()) == (other.day(), other.month()) => "day/month",
        (true, true, false) => "day",
        (true, false, true) => "month",
        _ => return Some(apart(one, other)),
    };
    Some(part.to_owned())
}

/// How far two days lie apart, in the largest unit that says something.
fn apart(one: Date, other: Date) -> String {
    let (early, late) = (one.min(other), one.max(other));
    let count = |unit| early.until((unit, late)).ok();
    let years = count(Unit::Year).map_or(0, |span| i64::from(span.get_years()));
    let months = count(Unit::Month).map_or(0, |span| i64::from(span.get_months()));
    let days = count(Unit::Day).map_or(0, |span| i64::from(span.get_days()));
    let (count, unit) = match (years, months) {
        (2.., _) => (years, "year"),
        (_, 2..) => (months, "month"),
        _ => (days, "day"),
    };
    domain::counted(count.unsigned_abs(), unit, &format!("{unit}s"))
}

/// By how much an amount is more or less than the first one.
fn amount(first: &str, here: &str) -> Option<String> {
    let [first, here] = [first, here].map(|text| text.trim().parse::<f64>().ok());
    let by = here? - first?;
    // Beyond that digits are no amount any more.
    if !by.is_finite() || by.abs() >= 1e12 {
        return None;
    }
    let said = format!("{:.2}", by.abs());
    let said = said.trim_end_matches('0').trim_end_matches('.');
    let more = if by > 0.0 { "more" } else { "less" };
    Some(if said == "0" { format!("a little {more}") } else { format!("{said} {more}") })
}

/// Which signs of a number differ, where they are few; spaces and hyphens are none.
fn signs(first: &str, here: &str) -> Option<String> {
    let of = |text: &str| -> Vec<char> { text.chars().filter(|c| c.is_alphanumeric()).collect() };
    let (one, other) = (of(first), of(here));
    if one.len() != other.len() {
        return None;
    }
    let differs: Vec<usize> = (0..one.len()).filter(|at| one[*at] != other[*at]).collect();
    let is_digit =
        differs.iter().all(|at| one[*at].is_ascii_digit() && other[*at].is_ascii_digit());
    let sign = if is_digit { "digit" } else { "character" };
    match differs.as_slice() {
        [] => Some("other spelling".to_owned()),
        [at] if at + 1 == one.len() => Some(format!("last {sign}")),
        [_] => Some(format!("one {sign}")),
        [at, next] if at + 1 == *next && one[*at] == other[*next] && one[*next] == other[*at] => {
            Some(format!("two {sign}s swapped"))
        }
        [_, _] => Some(format!("two {sign}s")),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn standing(likeness: Likeness, words: &'static str) -> Standing {
        Standing { likeness, words, remark: None }
    }

    #[test]
    fn values_in_clear_say_how_far_they_lie_apart() {
        use Likeness::{Different, Same, Similar};
        for (field_type, first, here, likeness, level, said) in [
            (
                FieldType::DateOfBirth,
                "1984-03-12",
                "1984-12-03",
                Similar,
                "day/month swapped",
                "day/month",
            ),
            (FieldType::DateOfBirth, "1984-03-12", "1984-03-13", Similar, "one digit", "day"),
            (FieldType::DateOfBirth, "1984-03-12", "1984-05-12", Similar, "one digit", "month"),
            (FieldType::DateOfBirth, "1984-03-12", "2010-07-30", Different, "", "26 years"),
            (
                FieldType::DateOfBirth,
                "1984-03-12",
                "1984-11-30",
                Different,
                "same year",
                "8 months",
            ),
            (FieldType::DateOfBirth, "1984", "1985-01-01", Different, "", ""),
            (FieldType::Date, "2020-03-12", "2020-03-13", Different, "", "1 day"),
            (FieldType::Date, "2020-03-12", "2014-03-13", Different, "", "5 years"),
            (FieldType::Number, "1000", "1250.50", Different, "", "250.5 more"),
            (FieldType::Number, "1000", "999.999", Different, "", "a little less"),
            (FieldType::Number, "many", "2", Different, "", ""),
            (FieldType::Phone, "+15550104477", "+15550104470", Similar, "one digit", "last digit"),
            (
                FieldType::NationalId,
                "219-09-4417",
                "219094471",
                Similar,
                "two characters",
                "two digits swapped",
            ),
            (FieldType::Identifier, "A1", "B1", Different, "", "one character"),
            (FieldType::Street, "12 Rose Lane", "12 Rose Ln", Same, "", "other spelling"),
            (FieldType::GivenName, "Pace", "Thomas", Same, "swapped", "swapped"),
            (FieldType::GivenName, "Thomas", "Tom", Similar, "nickname", "nickname"),
            (FieldType::FamilyName, "Pace", "PACE", Same, "", "other spelling"),
            (FieldType::FamilyName, "Pace", "Pace", Same, "", ""),
            (FieldType::Text, "a long note", "another note", Different, "", ""),
        ] {
            let words = words(field_type, Some(first), Some(here), Some(standing(likeness, level)));
            assert_eq!(words.as_str(), said, "{first} {here}");
        }
    }

    /// Over all levels of all types: whatever the values, what is left of the words once they are
    /// masked is one text a level, out of a list that knows no value.
    #[test]
    fn what_is_said_of_a_masked_value_is_a_function_of_its_level() {
        let values = [
            "1984-03-12",
            "1984-12-03",
            "2011-07-30",
            "219094417",
            "219094410",
            "Pace",
            "",
            "12.5",
        ];
        for field_type in FieldType::ALL {
            let levels = matching::level_words(field_type);
            for words_of_level in levels.iter().copied().chain([""]) {
                for likeness in [Likeness::Same, Likeness::Similar, Likeness::Different] {
                    let mut standing = standing(likeness, words_of_level);
                    let meant = of_level(standing);
                    assert!(["", "similar", "differ"].contains(&meant) || levels.contains(&meant));
                    for (first, here) in values.iter().flat_map(|it| values.map(|own| (*it, own))) {
                        for remark in [None, Some("another generation")] {
                            standing.remark = remark;
                            let said = words(field_type, Some(first), Some(here), Some(standing));
                            let mut masked = said.clone();
                            masked.mask();
                            let meant = meant.to_owned();
                            assert_eq!(masked, Words { level: meant, values: None });
                            assert_eq!(masked.as_str(), masked.level);
                        }
                    }
                }
            }
        }
    }

    #[test]
    fn beside_a_value_that_only_one_has_nothing_is_said() {
        let same = Some(standing(Likeness::Same, ""));
        for (first, here) in [(None, Some("x")), (Some("x"), None), (None, None)] {
            assert_eq!(words(FieldType::Text, first, here, same), Words::default());
        }
    }
}
