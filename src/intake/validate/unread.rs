//! What is said of a value that lies within no bounds since it could not be read: the words of its rule are
//! about values that could be.

use domain::FieldType;
use settings::Check;

use super::Subject;

/// What is wrong with the value, where that is not what its rule says.
pub(super) fn message(subject: &Subject<'_>) -> Option<&'static str> {
    let value = subject.values.get(subject.rule.field.as_str())?;
    if !matches!(subject.rule.check, Check::Range(_)) || value.is_readable() {
        return None;
    }
    match subject.field_type {
        FieldType::Date | FieldType::DateOfBirth if lacks_year(value.raw()) => {
            Some("it has no year, and could not be read as a date")
        }
        FieldType::Date | FieldType::DateOfBirth => Some("could not be read as a date"),
        FieldType::Number => Some("could not be read as a number"),
        _ => Some("could not be read"),
    }
}

/// Whether a text is a day and a month alone, as address books keep it: `--04-25`, `--0425`, `25.04.`.
fn lacks_year(text: &str) -> bool {
    let text = text.trim();
    let is_sign = |c: char| matches!(c, '-' | '.' | '/' | ' ');
    if !text.chars().all(|c| c.is_ascii_digit() || is_sign(c)) {
        return false;
    }
    let parts: Vec<usize> = text.split(is_sign).map(str::len).filter(|it| *it > 0).collect();
    match parts[..] {
        [one, other] => one <= 2 && other <= 2,
        [4] => text.starts_with("--"),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_without_its_year_is_told_from_others() {
        for text in ["--04-25", " --04-25", "--0425", "25.04.", "04/25", "4-5", "25. 4."] {
            assert!(lacks_year(text), "{text}");
        }
        for text in ["", "1985", "25.04.85", "0425", "04-1985", "1985-04", "soon", "25 April"] {
            assert!(!lacks_year(text), "{text}");
        }
    }
}
