//! How dates and numbers are written where nothing but the country tells.
//!
//! A country that writes in several ways, such as Canada with its dates, has no custom here: what
//! cannot be told is not guessed.

use domain::{DateOrder, NumberStyle};

use DateOrder::{DayFirst, MonthFirst, YearFirst};

/// Regions that write the month before the day.
const MONTH_FIRST: [&str; 11] = ["AS", "FM", "GU", "MH", "MP", "PH", "PR", "PW", "UM", "US", "VI"];

/// Regions that write the year first, also with two digits, and the day first where it stands last.
const YEAR_OR_DAY_FIRST: [&str; 3] = ["HU", "LT", "SE"];

/// Regions that write the year first, and day and month of other dates in either order.
const YEAR_FIRST: [&str; 7] = ["CA", "CN", "IR", "JP", "KR", "MN", "TW"];

/// Regions that write a point before the decimals and commas between thousands.
const COMMA_POINT: [&str; 54] = [
    "AE", "AG", "AS", "AU", "BB", "BD", "BS", "BW", "BZ", "CA", "CN", "DO", "EG", "ET", "FJ", "GB",
    "GH", "GT", "GU", "GY", "HK", "HN", "IE", "IL", "IN", "JM", "JP", "KE", "KR", "LK", "MM", "MT",
    "MW", "MX", "MY", "NG", "NI", "NP", "NZ", "PA", "PE", "PH", "PK", "PR", "SG", "SV", "TH", "TT",
    "TW", "TZ", "UG", "US", "ZA", "ZW",
];

/// Regions that write a comma before the decimals and blanks between thousands.
const SPACE_COMMA: [&str; 20] = [
    "AL", "AM", "BG", "BY", "CR", "CZ", "EE", "FI", "FR", "GE", "HU", "KG", "KZ", "LT", "LV", "NO",
    "PL", "RU", "SE", "SK",
];

/// Regions that write a comma before the decimals and points between thousands.
const POINT_COMMA: [&str; 40] = [
    "AD", "AO", "AR", "AT", "AZ", "BA", "BE", "BO", "BR", "CL", "CO", "CY", "DE", "DK", "EC", "ES",
    "FO", "GL", "GR", "HR", "ID", "IS", "IT", "LU", "MA", "MC", "MD", "ME", "MK", "MZ", "NL", "PT",
    "PY", "RO", "RS", "SI", "TR", "UY", "VE", "VN",
];

/// The orders that dates of a region are tried in; none where it has no custom.
pub(super) fn date_orders(region: Option<&str>, dotted: bool) -> &'static [DateOrder] {
    match region {
        Some("HU") if dotted => &[YearFirst, DayFirst],
        // Dates with dots are European wherever they are written.
        _ if dotted => &[DayFirst],
        Some(region) if MONTH_FIRST.contains(&region) => &[MonthFirst],
        Some(region) if YEAR_OR_DAY_FIRST.contains(&region) => &[YearFirst, DayFirst],
        Some(region) if YEAR_FIRST.contains(&region) => &[YearFirst],
        Some(_) => &[DayFirst],
        None => &[],
    }
}

/// How numbers of a region are written; none where it has no custom.
pub(super) fn number_style(region: Option<&str>) -> Option<NumberStyle> {
    let region = region?;
    let is_in = |regions: &[&str]| regions.contains(&region);
    if is_in(&COMMA_POINT) {
        Some(NumberStyle::CommaPoint)
    } else if is_in(&POINT_COMMA) {
        Some(NumberStyle::PointComma)
    } else if is_in(&SPACE_COMMA) {
        Some(NumberStyle::SpaceComma)
    } else if is_in(&["CH", "LI"]) {
        Some(NumberStyle::ApostrophePoint)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_region_stands_in_one_list_once() {
        let lists: [&[&str]; 3] = [&COMMA_POINT, &SPACE_COMMA, &POINT_COMMA];
        let mut all = lists.concat();
        assert!(lists.iter().all(|list| list.is_sorted()));
        all.sort_unstable();
        assert!(all.windows(2).all(|pair| pair[0] != pair[1]));
        let mut all = [&MONTH_FIRST[..], &YEAR_OR_DAY_FIRST, &YEAR_FIRST].concat();
        all.sort_unstable();
        assert!(all.windows(2).all(|pair| pair[0] != pair[1]));
    }
}
