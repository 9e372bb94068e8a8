//! Numbers of persons that their country never gave to anybody, or printed on cards and forms for all to see.

/// Social security numbers of advertisements and leaflets.
const ADVERTISED: [&str; 3] = ["078051120", "219099999", "457555462"];

/// Prefixes of national insurance numbers that are not given out.
const NO_PREFIXES: [&str; 7] = ["BG", "GB", "KN", "NK", "NT", "TN", "ZZ"];

/// Whether a state never gave a number to a person. `text` is as it was delivered, `standard` without its signs,
/// `country` where it belongs.
#[must_use]
pub fn is_never_issued(text: &str, standard: &str, country: &str) -> bool {
    let are_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    match country {
        "GB" => is_no_insurance_number(standard),
        _ if standard.len() != 9 || !are_digits(standard) => false,
        "US" | "PR" | "GU" | "VI" => is_no_social_security_number(standard),
        // Nobody else groups digits by three, two and four.
        _ => is_grouped(text) && is_no_social_security_number(standard),
    }
}

/// `078-05-1120`.
fn is_grouped(text: &str) -> bool {
    let groups = text.trim().split(['-', ' ', '\u{2010}', '\u{2011}', '\u{2013}']);
    groups.map(str::len).eq([3, 2, 4])
}

/// The Social Security Administration gives out no area 000 or 666, no group 00 and no serial 0000. Areas from
/// 900 on are of tax numbers, and of made-up data, ours among them, that must be nobody's: they stay.
fn is_no_social_security_number(digits: &str) -> bool {
    let (area, group, serial) = (&digits[..3], &digits[3..5], &digits[5..]);
    matches!(area, "000" | "666")
        || group == "00"
        || serial == "0000"
        // 987-65-4320 to 4329 are for advertisements.
        || digits.starts_with("98765432")
        || ADVERTISED.contains(&digits)
}

/// No prefix has D, F, I, Q, U or V, none ends in O, and a few are kept back: `QQ123456C` is the form's example.
fn is_no_insurance_number(standard: &str) -> bool {
    let bytes = standard.as_bytes();
    let is_one = matches!(bytes.len(), 8 | 9)
        && bytes[..2].iter().all(u8::is_ascii_uppercase)
        && bytes[2..8].iter().all(u8::is_ascii_digit);
    is_one
        && (bytes[..2].iter().any(|letter| b"DFIQUV".contains(letter))
            || bytes[1] == b'O'
            || NO_PREFIXES.iter().any(|prefix| standard.starts_with(prefix)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_that_nobody_has() {
        for (text, country) in [
            ("078-05-1120", "US"),
            ("078051120", "US"),
            ("219-09-9999", ""),
            ("457-55-5462", "DE"),
            ("000-12-3456", "US"),
            ("666-00-0000", "US"),
            ("666-12-3456", "US"),
            ("987-65-4325", "US"),
            ("123-00-4567", "US"),
            ("123-45-0000", "US"),
            ("QQ123456C", "GB"),
            ("GB123456A", "GB"),
            ("AO123456A", "GB"),
        ] {
            let standard = text.replace('-', "");
            assert!(is_never_issued(text, &standard, country), "{text} {country}");
        }
        for (text, country) in [
            ("123-45-6781", "US"),
            ("900-70-1234", "US"),
            ("900-01-1234", "US"),
            ("899-12-3456", "US"),
            ("000123456", "DE"),
            ("666123456", ""),
            ("078051120", "NO"),
            ("AB123456C", "GB"),
            ("QQ123456C", "DE"),
            ("078-05-112", "US"),
            ("", "US"),
            ("Ä78051120", "US"),
            ("ÄÖ123456", "GB"),
        ] {
            let standard = text.replace('-', "");
            assert!(!is_never_issued(text, &standard, country), "{text} {country}");
        }
    }
}
