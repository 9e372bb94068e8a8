//! Telephone numbers, read with the numbering plans of `libphonenumber`.

mod american;
mod labels;
mod plans;
mod vanity;

use rlibphonenumber::{
    PHONE_NUMBER_UTIL, PhoneNumberFormat,
    enums::{NumberLengthType, Region},
};

/// The most digits of an extension that are kept (RFC 3966 names no limit; E.164 ends at 15).
const LONGEST_EXTENSION: usize = 7;

/// The longest number in characters, with what people write around its digits.
const LONGEST: usize = 40;

/// The standard form: E.164, an extension behind it as `;ext=` (RFC 3966).
///
/// `region` (ISO alpha-2) is where a number without country code belongs. Numbers whose length
/// is possible there are read, whether or not the range is in use; a number that lacks its area code
/// could be anybody's and is not read, nor is one with decimals. A cell with two numbers is not read: which one is meant nobody
/// knows.
pub(super) fn standard(text: &str, region: &str) -> Option<String> {
    american::plain(text, region).or_else(|| read_closely(text, region))
}

fn read_closely(text: &str, region: &str) -> Option<String> {
    let plain = plain_signs(text);
    let text = without_decimals(labels::without(&plain));
    if has_decimals(text) {
        return None;
    }
    let (number, extension) = split_extension(text)?;
    if number.len() > LONGEST || labels::are_two(number) {
        return None;
    }
    let spelled = vanity::digits(number);
    let number = spelled.as_deref().unwrap_or(number);
    let is_sign = |byte| matches!(byte, b'+' | b'(' | b')' | b'-' | b'.' | b'/' | b' ');
    if !number.bytes().all(|byte| byte.is_ascii_digit() || is_sign(byte)) {
        return None;
    }
    let number = international(number);
    if labels::has_other_ending(&number) {
        return None;
    }
    let number = plans::without_old_prefixes(&number, region);
    let region = Region::from_code(region).ok();
    let mut standard = e164(&number, region)?;
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

/// The number without the `.0` that a spreadsheet put behind it.
fn without_decimals(text: &str) -> &str {
    match text.split_once('.') {
        Some((number, zeros))
            if number.ends_with(|last: char| last.is_ascii_digit())
                && !zeros.is_empty()
                && zeros.bytes().all(|byte| byte == b'0') =>
        {
            number
        }
        _ => text,
    }
}

/// Whether it is a number that some program took for a decimal one: `+493012345.50`. What its digits
/// were nobody knows.
fn has_decimals(text: &str) -> bool {
    let Some((whole, fraction)) = text.split_once('.') else { return false };
    let run = whole.bytes().rev().take_while(u8::is_ascii_digit).count();
    let are_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    run > 4 && matches!(fraction.len(), 1 | 2) && are_digits(fraction)
}

/// Every kind of dash and dot as the keyboard's.
fn plain_signs(text: &str) -> std::borrow::Cow<'_, str> {
    if text.is_ascii() {
        return text.into();
    }
    let plain = |character| match character {
        '\u{2010}'..='\u{2015}'
        | '\u{2212}'
        | '\u{fe58}'
        | '\u{fe63}'
        | '\u{30fc}'
        | '\u{ff70}' => '-',
        '\u{b7}' | '\u{2022}' | '\u{2024}' | '\u{2027}' | '\u{30fb}' => '.',
        '\u{2215}' | '\u{2044}' => '/',
        other => other,
    };
    text.chars().map(plain).collect::<String>().into()
}

/// `00` as `+`, whatever prefix the region itself dials, and no `(0)` behind a country code, where
/// nobody dials it. In Italy the zero is a part of the number.
fn international(number: &str) -> std::borrow::Cow<'_, str> {
    let start = number.trim_start_matches([' ', '(']);
    let mut read = std::borrow::Cow::Borrowed(number);
    if let Some(rest) = start.strip_prefix("00") {
        read = format!("+{}", rest.trim_start_matches([' ', '-'])).into();
    }
    if read.starts_with('+') && !read[1..].trim_start().starts_with("39") && read.contains("(0)") {
        read = read.replacen("(0)", " ", 1).into();
    }
    read
}

fn e164(number: &str, region: Option<Region>) -> Option<String> {
    let parsed = PHONE_NUMBER_UTIL.parse(number, region).ok()?;
    let is_whole = matches!(parsed.is_possible_with_reason(), Ok(NumberLengthType::IsPossible));
    if parsed.extension.is_some() || !is_whole {
        return None;
    }
    let standard = parsed.format_as(PhoneNumberFormat::E164);
    let is_e164 = standard.len() > 1
        && standard.starts_with('+')
        && standard[1..].bytes().all(|byte| byte.is_ascii_digit());
    (is_e164 && !is_one_digit(&standard) && plans::may_exist(&standard))
        .then(|| standard.into_owned())
}

/// Whether a number in E.164 is one digit over and over, as in 555-555-5555: nobody's.
fn is_one_digit(standard: &str) -> bool {
    let last = standard.bytes().next_back();
    standard.bytes().rev().take_while(|digit| Some(*digit) == last).count() > 8
}

/// How an extension is announced.
const EXTENSION_WORDS: [&str; 25] = [
    "",
    "ext",
    "exten",
    "extn",
    "extension",
    "x",
    "xt",
    "xtn",
    "poste",
    "anexo",
    "dw",
    "durchwahl",
    "int",
    "interno",
    "ramal",
    "app",
    "apparat",
    "klappe",
    "kl",
    "toestel",
    "tst",
    "wew",
    "anknytning",
    "linka",
    "lok",
];

/// The number and the digits of its extension. A word without digits behind it announces none.
/// Words that announce nothing stay with the number, which is not read then.
fn split_extension(text: &str) -> Option<(&str, Option<&str>)> {
    let Some(at) = text.find(|c: char| c.is_alphabetic() || matches!(c, ';' | '#' | ',')) else {
        return Some((text, None));
    };
    let (number, rest) = text.split_at(at);
    let rest = rest.trim_start_matches([';', ',', ' ']);
    let word = rest.len() - rest.trim_start_matches(|c: char| c.is_alphabetic()).len();
    let known = EXTENSION_WORDS.iter().any(|name| name.eq_ignore_ascii_case(&rest[..word]));
    let digits = rest[word..]
        .trim_start_matches(['.', ' ', '=', ':', '#', '-'])
        .trim_end_matches(['#', ' ', ')']);
    let number = number.trim_end_matches([' ', '(', '-', '/', '.']);
    if !known || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Some((text, None));
    }
    if digits.len() > LONGEST_EXTENSION {
        return None;
    }
    Some((number, (!digits.is_empty()).then_some(digits)))
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
            ("555-0104", "US", None),
            ("555 0104", "CA", None),
            ("+1 555 0104", "US", None),
            ("5550104", "US", None),
            ("+493012345.50", "DE", None),
            ("03012345.5", "DE", None),
            ("2175550104.25", "US", None),
            ("+49 30 12345.50", "DE", None),
            ("030.555.01", "DE", Some("+493055501")),
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
            ("1-800-FLOWERS", "US", Some("+18003569377")),
            ("+49 30 12345.0", "US", Some("+493012345")),
            ("(030) 12345.00", "DE", Some("+493012345")),
            ("01.23.45.67.00", "FR", Some("+33123456700")),
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

    #[test]
    fn as_people_write_them() {
        let table = [
            // Extensions.
            ("217.555.0104 ext 22", "US", Some("+12175550104;ext=22")),
            ("217 555 0104 Ext.22", "US", Some("+12175550104;ext=22")),
            ("217-555-0104;22", "US", Some("+12175550104;ext=22")),
            ("217-555-0104,,22#", "US", Some("+12175550104;ext=22")),
            ("2175550104x", "US", Some("+12175550104")),
            ("2175550104 ext.", "US", Some("+12175550104")),
            ("030 555010 Durchwahl 42", "DE", Some("+4930555010;ext=42")),
            ("030 555010 DW-42", "DE", Some("+4930555010;ext=42")),
            ("01 55 50 10 40 poste 12", "FR", Some("+33155501040;ext=12")),
            ("020 7946 0104 (ext 7)", "GB", Some("+442079460104;ext=7")),
            ("217-555-0104 ext 12345678", "US", None),
            // Labels.
            ("217-555-0104 (home)", "US", Some("+12175550104")),
            ("217-555-0104 [work]", "US", Some("+12175550104")),
            ("H: 217-555-0104", "US", Some("+12175550104")),
            ("Tel. 217-555-0104", "US", Some("+12175550104")),
            ("Tel.: 030/55501040", "DE", Some("+493055501040")),
            ("Mobil: 0175 5550104", "DE", Some("+491755550104")),
            ("0175 5550104 mobil", "DE", Some("+491755550104")),
            ("Tél : 01 55 50 10 40", "FR", Some("+33155501040")),
            ("WhatsApp +1 217 555 0104", "US", Some("+12175550104")),
            ("Cell phone: 217-555-0104", "US", Some("+12175550104")),
            ("Tel. privat 030/55501040", "DE", Some("+493055501040")),
            ("217 555 0104 Mom", "US", None),
            ("Fax 217 555 0104", "US", None),
            // Signs of other keyboards.
            ("217\u{2010}555\u{2010}0104", "US", Some("+12175550104")),
            ("217\u{2013}555\u{2013}0104", "US", Some("+12175550104")),
            ("(217)555\u{2212}0104", "US", Some("+12175550104")),
            ("217\u{b7}555\u{b7}0104", "US", Some("+12175550104")),
            // Words on the keypad.
            ("1-800-FLOWERS", "US", Some("+18003569377")),
            ("1 800 GOT-JUNK", "US", Some("+18004685865")),
            ("(217) 555-HOME", "US", Some("+12175554663")),
            ("+1-800-CALL-NOW", "GB", Some("+18002255669")),
            ("0800 REIMAGE", "GB", Some("+448007346243")),
            ("217 555 O104", "US", None),
            ("l217 555 0104", "US", None),
            ("FLOWERS", "US", None),
            ("1-800-flowers", "US", None),
            // Prefixes.
            ("+49 (0)30 55501040", "US", Some("+493055501040")),
            ("0049 (0) 30 55501040", "DE", Some("+493055501040")),
            ("+49 (0) 175 / 555 01-04", "DE", Some("+491755550104")),
            ("+353 (0)85 555 0104", "IE", Some("+353855550104")),
            ("+34 (0)91 555 01 04", "ES", Some("+34915550104")),
            ("+39 06 5550 1040", "IT", Some("+390655501040")),
            ("+39 (0)6 5550 1040", "IT", Some("+390655501040")),
            ("0039065550104", "IT", Some("+39065550104")),
            ("00 1 217 555 0104", "US", Some("+12175550104")),
            ("+52 1 55 5555 0104", "MX", Some("+525555550104")),
            ("5215555550104", "MX", Some("+525555550104")),
            ("044 55 5555 0104", "MX", Some("+525555550104")),
            ("045 55 5555 0104", "MX", Some("+525555550104")),
            ("01 55 5555 0104", "MX", Some("+525555550104")),
            ("55 5555 0104", "MX", Some("+525555550104")),
            ("011 15 5555-0104", "AR", Some("+5491155550104")),
            ("+54 9 11 5555-0104", "AR", Some("+5491155550104")),
            ("+54 11 15 5555-0104", "AR", Some("+5491155550104")),
            ("11 5555 0104", "AR", Some("+541155550104")),
            ("15 5555-0104", "AR", None),
            // Other countries.
            ("175 5550104", "DE", Some("+491755550104")),
            ("0234/123456-106", "DE", Some("+49234123456106")),
            ("(11) 95555-0104", "BR", Some("+5511955550104")),
            ("03-5555-0104", "JP", Some("+81355550104")),
            ("655501040", "FR", Some("+33655501040")),
            ("447911123456", "GB", Some("+447911123456")),
            ("31612345678", "NL", Some("+31612345678")),
            ("0412 555 104", "AU", Some("+61412555104")),
            // No numbers.
            ("0000000000", "US", None),
            ("1234567890", "US", None),
            ("1111111111", "US", None),
            ("+0 217 555 0104", "US", None),
            ("4.47912E+11", "GB", None),
        ];
        for (text, region, expected) in table {
            assert_eq!(standard(text, region).as_deref(), expected, "{text} in {region}");
        }
    }

    #[test]
    fn one_digit_over_and_over_is_no_number() {
        for (text, region) in [
            ("555-555-5555", "US"),
            ("999-999-9999", "US"),
            ("(222) 222-2222", "US"),
            ("+1 888 888 8888", "US"),
            ("888 8888888", "DE"),
            ("+44 7777 777777", "GB"),
        ] {
            assert_eq!(standard(text, region), None, "{text}");
        }
        assert!(standard("212-555-2368", "US").is_some());
    }

    #[test]
    fn another_ending_is_another_number() {
        for (text, region) in [
            ("030 123456/57", "DE"),
            ("030 123456/7", "DE"),
            ("089/123456-12/13", "DE"),
            ("089/1234567/68", "DE"),
            ("+49 30 1234567/68", "DE"),
            ("0049 30 1234567/68", "US"),
            ("01/123 45 67/89", "AT"),
            ("022-2345678/79", "IN"),
            ("022-2345678/679", "IN"),
            ("020-1234567/68", "NL"),
            ("0212 123 45 67/68", "TR"),
            ("08-123 456 78/79", "SE"),
            ("01 55 50 10 40/41", "FR"),
        ] {
            assert_eq!(standard(text, region), None, "{text}");
        }
        for (text, region, expected) in [
            ("01/123 45 67", "AT", "+4311234567"),
            ("039221/123", "DE", "+4939221123"),
            ("+49 39221/123", "DE", "+4939221123"),
            ("0664/123/4567", "AT", "+436641234567"),
            ("02/123/45/67", "BE", "+3221234567"),
            ("0175/1234567", "DE", "+491751234567"),
            ("0 22 123 45 67", "PL", "+48221234567"),
            ("022 123 45 67", "PL", "+48221234567"),
        ] {
            assert_eq!(standard(text, region).as_deref(), Some(expected), "{text}");
        }
    }

    #[test]
    fn two_numbers_in_a_cell_are_neither() {
        for (text, region) in [
            ("217-555-0104 / 217-555-0105", "US"),
            ("217-555-0104, 217-555-0105", "US"),
            ("217-555-0104 or 217-555-0105", "US"),
            ("H: 217-555-0104 W: 217-555-0105", "US"),
            ("217-555-0104;217-555-0105", "US"),
            ("030/5550104, 0175/5550105", "DE"),
            ("030 5550104 / 030 5550105", "DE"),
            ("030 5550104 oder 0175 5550105", "DE"),
            ("0305550104/0305550105", "DE"),
            ("55 50 10 40 / 55 50 10 41", "DK"),
            ("+1 217 555 0104 +1 217 555 0105", "US"),
        ] {
            assert_eq!(standard(text, region), None, "{text}");
        }
    }
}
