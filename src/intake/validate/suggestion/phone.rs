//! Phone numbers without their country code or trunk prefix, or with letters for digits.
//!
//! Derived from the digits and the record's country alone: a number is offered only where its
//! length fits the country's plan.

use super::confusion::{digit_for, is_of_digits};
use domain::covered;

/// How a country writes its numbers (ITU-T E.164 and its national numbering plans).
struct Plan {
    /// ISO 3166-1 alpha-2.
    country: &'static str,
    /// The country calling code.
    code: &'static str,
    /// The trunk prefix dialled inside the country.
    trunk: &'static str,
    /// Fewest and most digits behind the country code.
    length: (usize, usize),
}

const fn plan(
    country: &'static str,
    code: &'static str,
    trunk: &'static str,
    least: usize,
    most: usize,
) -> Plan {
    Plan { country, code, trunk, length: (least, most) }
}

const PLANS: [Plan; 26] = [
    plan("US", "1", "1", 10, 10),
    plan("CA", "1", "1", 10, 10),
    plan("GB", "44", "0", 10, 10),
    plan("IE", "353", "0", 9, 9),
    plan("DE", "49", "0", 9, 11),
    plan("AT", "43", "0", 9, 12),
    plan("CH", "41", "0", 9, 9),
    plan("FR", "33", "0", 9, 9),
    plan("BE", "32", "0", 8, 9),
    plan("NL", "31", "0", 9, 9),
    plan("LU", "352", "", 8, 9),
    plan("ES", "34", "", 9, 9),
    plan("PT", "351", "", 9, 9),
    plan("IT", "39", "", 9, 10),
    plan("DK", "45", "", 8, 8),
    plan("NO", "47", "", 8, 8),
    plan("SE", "46", "0", 8, 9),
    plan("FI", "358", "0", 8, 10),
    plan("PL", "48", "", 9, 9),
    plan("CZ", "420", "", 9, 9),
    plan("AU", "61", "0", 9, 9),
    plan("NZ", "64", "0", 8, 10),
    plan("JP", "81", "0", 9, 10),
    plan("IN", "91", "0", 10, 10),
    plan("BR", "55", "0", 10, 11),
    plan("MX", "52", "", 10, 10),
];

/// The fewest digits of a number of its own.
const LEAST_DIGITS: usize = 7;

impl Plan {
    fn fits(&self, national: &str) -> bool {
        let (least, most) = self.length;
        let first_is_sound = !national.starts_with('0') || self.country == "IT";
        (least..=most).contains(&national.len()) && first_is_sound && self.area_is_sound(national)
    }

    /// In North America neither area nor exchange begins with 0 or 1.
    fn area_is_sound(&self, national: &str) -> bool {
        let begins = |at: usize| national.as_bytes().get(at).is_some_and(|digit| *digit >= b'2');
        self.code != "1" || (begins(0) && begins(3))
    }
}

/// The numbers that may be meant, in E.164.
pub(super) fn candidates(raw: &str, country: &str) -> Vec<String> {
    if !is_of_digits(raw) {
        return Vec::new();
    }
    let read: String = raw.trim().chars().map(|c| digit_for(c).unwrap_or(c)).collect();
    // What is left of an extension or a remark would be taken for digits of the number; two countries are
    // of two numbers.
    if read.chars().any(char::is_alphabetic)
        || read.matches('+').count() > 1
        || covered::telephone(raw)
    {
        return Vec::new();
    }
    let digits: String = read.chars().filter(char::is_ascii_digit).collect();
    let international = read.starts_with('+').then_some(digits.as_str());
    if let Some(digits) = international.or(digits.strip_prefix("00")) {
        return abroad(digits).into_iter().collect();
    }
    let Some(plan) = PLANS.iter().find(|plan| plan.country == country) else {
        return Vec::new();
    };
    // A town of Italy whose zero a spreadsheet lost.
    let with_zero =
        (country == "IT" && !digits.starts_with(['0', '3'])).then(|| format!("0{digits}"));
    let with_code = digits.strip_prefix(plan.code);
    let without_trunk = digits.strip_prefix(plan.trunk).filter(|_| !plan.trunk.is_empty());
    let at_home = [with_zero.as_deref(), without_trunk, Some(digits.as_str()), with_code];
    let at_home = at_home
        .into_iter()
        .flatten()
        .filter(|national| plan.fits(national))
        .map(|national| format!("+{}{national}", plan.code));
    lost_plus(&read, &digits, plan).into_iter().chain(at_home).collect()
}

/// The numbers of a cell that holds more than one; none where a part cannot be read.
pub(super) fn each(raw: &str, country: &str) -> Vec<String> {
    let parts = parts(raw);
    let numbers: Option<Vec<String>> =
        parts.iter().map(|part| candidates(part, country).into_iter().next()).collect();
    numbers.filter(|numbers| numbers.len() > 1).unwrap_or_default()
}

/// The parts of a cell that are long enough to be numbers: between commas, words, and strokes or
/// plus signs that do not stand in a number.
fn parts(raw: &str) -> Vec<&str> {
    let inside = |c: char| c.is_ascii_digit() || "+()-. /\u{2010}\u{2011}\u{2013}".contains(c);
    let digits = |text: &str| text.bytes().filter(u8::is_ascii_digit).count();
    let mut parts = Vec::new();
    for part in raw.split(|c| !inside(c)) {
        let mut rest = part;
        let signs = part.match_indices(['/', '+']).map(|(at, _)| at);
        for at in signs {
            let from = part.len() - rest.len();
            let Some(first) = part.get(from..at) else { continue };
            let second = part[at..].trim_start_matches('/');
            if digits(first) >= LEAST_DIGITS && digits(second) >= LEAST_DIGITS {
                parts.push(first.trim());
                rest = second;
            }
        }
        if digits(rest) >= LEAST_DIGITS {
            parts.push(rest.trim());
        }
    }
    parts
}

/// The number of another country whose `+` was lost: with as many digits as a national number seldom has, or
/// grouped as in North America.
fn lost_plus(read: &str, digits: &str, plan: &Plan) -> Option<String> {
    const LONG: usize = 11;
    if digits.starts_with(plan.code) || digits.starts_with('0') {
        return None;
    }
    let groups = read.split(|sign: char| !sign.is_ascii_digit());
    let is_american = plan.trunk == "0" && groups.map(str::len).filter(|it| *it > 0).eq([3, 3, 4]);
    match digits.len() {
        10 if is_american => abroad(&format!("1{digits}")),
        length if length >= LONG => abroad(digits),
        _ => None,
    }
}

/// A number with its country code, without the trunk prefix that people leave behind it.
fn abroad(digits: &str) -> Option<String> {
    PLANS.iter().find_map(|plan| {
        let national = digits.strip_prefix(plan.code)?;
        let national =
            national.strip_prefix(plan.trunk).filter(|_| plan.trunk == "0").unwrap_or(national);
        plan.fits(national).then(|| format!("+{}{national}", plan.code))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn country_codes_and_trunk_prefixes() {
        for (raw, country, expected) in [
            ("217 555 O1O4", "US", "+12175550104"),
            ("1 (217) 555-0104", "US", "+12175550104"),
            ("+49 (0)30 555 0104", "US", "+49305550104"),
            ("0049 30 5550104", "US", "+49305550104"),
            ("030 555 0104", "DE", "+49305550104"),
            ("30 555 0104", "DE", "+49305550104"),
            ("555 0104", "US", ""),
            ("017 555 0104", "US", ""),
            ("030 555 0104", "XX", ""),
            ("217 555 0104 ext 3", "US", ""),
            ("655501040", "IT", "+390655501040"),
            ("25550104", "IT", "+39025550104"),
            ("217 555 01**", "US", ""),
            ("+49 +1 217 555 0104", "DE", ""),
            ("LOSS OSLO BILL", "US", ""),
            ("447911123456", "DE", "+447911123456"),
            ("33612345678", "NL", "+33612345678"),
            ("12175550104", "DE", "+12175550104"),
            ("(217) 555-0104", "DE", "+12175550104"),
            ("030 555 0104", "DE", "+49305550104"),
            ("491755550104", "DE", "+491755550104"),
        ] {
            let found = candidates(raw, country).into_iter().next().unwrap_or_default();
            assert_eq!(found, expected, "{raw} {country}");
        }
    }

    #[test]
    fn each_number_of_a_cell() {
        for (raw, country, expected) in [
            ("217-555-0104 / 217-555-0105", "US", "+12175550104 +12175550105"),
            ("217-555-0104, 217-555-0105", "US", "+12175550104 +12175550105"),
            ("217-555-0104 or 217-555-0105", "US", "+12175550104 +12175550105"),
            ("H: 217-555-0104 W: 217-555-0105", "US", "+12175550104 +12175550105"),
            ("217-555-0104;217-555-0105", "US", "+12175550104 +12175550105"),
            ("+1 217 555 0104 +1 217 555 0105", "DE", "+12175550104 +12175550105"),
            ("030/55501040, 0175/5550105", "DE", "+493055501040 +491755550105"),
            ("030 55501040 / 030 55501050", "DE", "+493055501040 +493055501050"),
            ("55 50 10 40 / 55 50 10 41", "DK", "+4555501040 +4555501041"),
            ("030 55501040 oder 0175 5550105", "DE", "+493055501040 +491755550105"),
            ("217-555-0104", "US", ""),
            ("030/555010", "DE", ""),
            ("217-555-0104 / soon", "US", ""),
        ] {
            assert_eq!(each(raw, country).join(" "), expected, "{raw}");
        }
    }
}
