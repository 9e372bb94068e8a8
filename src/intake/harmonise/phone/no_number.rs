//! Digits that are no telephone number: dates, years, serial numbers of spreadsheets.

/// The fewest digits of a number, but in the smallest countries.
const LEAST: usize = 7;

/// Regions with shorter ones.
const SMALL: [&str; 20] = [
    "AD", "AC", "CK", "FK", "FO", "GL", "KI", "KM", "NC", "NF", "NR", "NU", "PF", "PM", "SB", "SH",
    "SM", "TK", "TV", "WF",
];

/// Whether a text is a date with its year in full: `1985-04-03`, `03.04.1985`.
pub(super) fn is_date(text: &str) -> bool {
    ['-', '.', '/'].iter().any(|sign| {
        let mut parts = text.trim().split(*sign);
        let (Some(one), Some(two), Some(three), None) =
            (parts.next(), parts.next(), parts.next(), parts.next())
        else {
            return false;
        };
        let is_short = |part: &str, most: u8| {
            matches!(part.len(), 1 | 2)
                && part.parse().is_ok_and(|number: u8| (1..=most).contains(&number))
        };
        let are_month_and_day = |one: &str, other: &str| {
            is_short(one, 12) && is_short(other, 31) || is_short(one, 31) && is_short(other, 12)
        };
        is_year(one) && are_month_and_day(two, three)
            || is_year(three) && are_month_and_day(one, two)
    })
}

fn is_year(text: &str) -> bool {
    text.len() == 4 && text.parse().is_ok_and(|year: u16| (1850..2100).contains(&year))
}

/// Whether a number is too short for one that could be dialled from another town.
pub(super) fn is_too_short(text: &str, region: &str) -> bool {
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    !text.trim_start().starts_with('+') && digits < LEAST && !SMALL.contains(&region)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_and_years_are_no_numbers() {
        for text in [
            "1985-04-03",
            "03.04.1985",
            "3.4.1985",
            "04/25/1985",
            "25/04/1985",
            "1985/4/3",
            "2026.11.29",
            "31-12-1999",
            "1.1.2000",
            " 03.04.1985 ",
        ] {
            assert!(is_date(text), "{text}");
        }
        for text in [
            "217-555-0104",
            "03.04.19.85",
            "20 11 1985",
            "030.555.01",
            "01.44.5501",
            "39.04.1985",
            "1985-0403",
            "0175-12-34",
            "1985-55-03",
            "",
        ] {
            assert!(!is_date(text), "{text}");
        }
        for text in ["1985", "31140", "12/34/56", "110", ""] {
            assert!(is_too_short(text, "DE"), "{text}");
        }
        for (text, region) in
            [("355 010", "AD"), ("+683 4123", "DE"), ("0711123", "DE"), ("211 210", "FO")]
        {
            assert!(!is_too_short(text, region), "{text}");
        }
    }
}
