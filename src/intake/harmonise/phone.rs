//! Telephone numbers, read with the numbering plans of `libphonenumber`.

use rlibphonenumber::{PHONE_NUMBER_UTIL, PhoneNumberFormat, enums::Region};

/// The most digits of an extension that are kept (RFC 3966 names no limit; E.164 ends at 15).
const LONGEST_EXTENSION: usize = 7;

/// The standard form: E.164, an extension behind it as `;ext=` (RFC 3966).
///
/// `region` (ISO alpha-2) is where a number without country code belongs. Numbers whose length
/// is possible there are read, whether or not the range is in use; a number that only lacks its
/// area code counts as possible.
pub(super) fn standard(text: &str, region: &str) -> Option<String> {
    let text = match text.get(..4) {
        Some(start) if start.eq_ignore_ascii_case("tel:") => &text[4..],
        _ => text,
    };
    let (number, extension) = split_extension(text)?;
    let plain = number.bytes().all(|byte| {
        byte.is_ascii_digit() || matches!(byte, b'+' | b'(' | b')' | b'-' | b'.' | b'/' | b' ')
    });
    if !plain || number.len() > 40 {
        return None;
    }
    let region = Region::from_code(region).ok();
    let mut standard = international(number)
        .map_or_else(|| e164(number, region), |number| e164(&number, region))?;
    // A number may still begin with a trunk prefix once one is stripped: read until it rests.
    let again = e164(&standard, region)?;
    if again != standard {
        standard = again;
        if e164(&standard, region)? != standard {
            return None;
        }
    }
    if let Some(extension) = extension {
        standard.push_str(";ext=");
        standard.push_str(extension);
    }
    Some(standard)
}

/// `00` as `+`, whatever prefix the region itself dials.
fn international(number: &str) -> Option<String> {
    let rest = number.trim_start_matches([' ', '(']).strip_prefix("00")?;
    Some(format!("+{}", rest.trim_start_matches([' ', '-'])))
}

fn e164(number: &str, region: Option<Region>) -> Option<String> {
    let parsed = PHONE_NUMBER_UTIL.parse(number, region).ok()?;
    if parsed.extension.is_some() || parsed.is_possible_with_reason().is_err() {
        return None;
    }
    let standard = parsed.format_as(PhoneNumberFormat::E164);
    let is_e164 = standard.len() > 1
        && standard.starts_with('+')
        && standard[1..].bytes().all(|byte| byte.is_ascii_digit());
    is_e164.then(|| standard.into_owned())
}

/// The number and the digits of its extension; `None` where other letters stand in it.
fn split_extension(text: &str) -> Option<(&str, Option<&str>)> {
    let Some(at) = text.find(|c: char| c.is_alphabetic() || matches!(c, ';' | '#' | ',')) else {
        return Some((text, None));
    };
    let (number, rest) = text.split_at(at);
    let rest = rest.trim_start_matches([';', ',', ' ']);
    let word = rest.len() - rest.trim_start_matches(|c: char| c.is_alphabetic()).len();
    let known =
        ["", "ext", "extn", "extension", "x", "xtn", "poste", "anexo", "dw", "durchwahl", "int"]
            .iter()
            .any(|name| name.eq_ignore_ascii_case(&rest[..word]));
    let digits = rest[word..]
        .trim_start_matches(['.', ' ', '=', ':', '#'])
        .trim_end_matches(['#', ' ', ')']);
    let is_extension = known
        && !digits.is_empty()
        && digits.len() <= LONGEST_EXTENSION
        && digits.bytes().all(|byte| byte.is_ascii_digit());
    is_extension.then_some((number.trim_end_matches([' ', '(', '-']), Some(digits)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers() {
        let table = [
            ("(217) 555-0104", "US", Some("+12175550104")),
            ("217.555.0104", "US", Some("+12175550104")),
            ("1-217-555-0104", "US", Some("+12175550104")),
            ("+1 217 555 0104", "DE", Some("+12175550104")),
            ("001 217 555 0104", "DE", Some("+12175550104")),
            ("0044 20 7946 0104", "US", Some("+442079460104")),
            ("(0044) 20 7946 0104", "US", Some("+442079460104")),
            ("011 44 20 7946 0104", "US", Some("+442079460104")),
            ("+15550104477", "US", Some("+15550104477")),
            ("555-0104", "US", Some("+15550104")),
            ("+44 (0)20 7946 0104", "GB", Some("+442079460104")),
            ("020 7946 0104", "GB", Some("+442079460104")),
            ("030 555 01040", "DE", Some("+493055501040")),
            ("030/55501040", "DE", Some("+493055501040")),
            ("tel:+49-30-55501040", "US", Some("+493055501040")),
            ("06 5550 1040", "IT", Some("+390655501040")),
            ("(217) 555-0104 ext. 123", "US", Some("+12175550104;ext=123")),
            ("217-555-0104 x123", "US", Some("+12175550104;ext=123")),
            ("+12175550104;ext=123", "US", Some("+12175550104;ext=123")),
            ("217-555-0104 #9", "US", Some("+12175550104;ext=9")),
            ("1-800-FLOWERS", "US", None),
            ("call me", "US", None),
            ("12", "US", None),
            ("99999999999999999999", "US", None),
            ("217-555-0104 / 217-555-0105", "US", None),
            ("217-555-0104 or 0105", "US", None),
            ("thomas@example.com", "US", None),
        ];
        for (text, region, expected) in table {
            assert_eq!(standard(text, region).as_deref(), expected, "{text} in {region}");
        }
    }

    #[test]
    fn an_unknown_region_reads_international_numbers_only() {
        assert_eq!(standard("+12175550104", "XX").as_deref(), Some("+12175550104"));
        assert_eq!(standard("217-555-0104", "XX"), None);
    }
}
