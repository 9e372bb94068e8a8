//! Dates whose day and month were swapped, or whose digits were typed as letters.

use jiff::civil::Date;

use super::confusion::digit_for;

/// A date that could be read with day and month in each other's place.
pub(super) fn swapped(standard: &str) -> Option<String> {
    let date: Date = standard.parse().ok()?;
    Date::new(date.year(), date.day(), date.month()).ok().map(|date| date.to_string())
}

/// The one date the three numbers of an unreadable text can mean, if it is one alone: the year is
/// the number with four digits, at either end.
pub(super) fn only_reading(text: &str) -> Option<String> {
    let digits: String = text.trim().chars().map(|c| digit_for(c).unwrap_or(c)).collect();
    let parts: Vec<&str> = digits.split(['-', '/', '.', ' ']).filter(|p| !p.is_empty()).collect();
    let (year, first, second) = match parts.as_slice() {
        [year, first, second] if year.len() == 4 => (year, first, second),
        [first, second, year] if year.len() == 4 => (year, first, second),
        _ => return None,
    };
    let (year, first, second) = (year.parse().ok()?, first.parse().ok()?, second.parse().ok()?);
    match (Date::new(year, first, second).ok(), Date::new(year, second, first).ok()) {
        (Some(one), Some(other)) if one != other => None,
        (one, other) => one.or(other).map(|date| date.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_certain() {
        for (raw, expected) in [
            ("1984-31-12", "1984-12-31"),
            ("12/31/1984", "1984-12-31"),
            ("31.12.1984", "1984-12-31"),
            ("1984-O3-l3", "1984-03-13"),
            ("31/02/1984", ""),
            ("03/04/1984", ""),
            ("03/03/1984", "1984-03-03"),
            ("31/12/84", ""),
            ("soon", ""),
        ] {
            assert_eq!(only_reading(raw).unwrap_or_default(), expected, "{raw}");
        }
        assert_eq!(swapped("2026-12-03").as_deref(), Some("2026-03-12"));
        assert_eq!(swapped("2026-12-31"), None);
    }
}
