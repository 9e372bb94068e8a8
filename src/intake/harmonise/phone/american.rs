//! Numbers of North America written as nearly all are: ten digits, perhaps a 1 before them, and signs
//! between. Asking `libphonenumber` takes thirty times as long and says the same.

use super::{LONGEST, is_one_digit, without_decimals};

/// Regions where ten digits are a number of the North American plan whose area they begin with.
const REGIONS: [&str; 2] = ["US", "CA"];

/// The standard form; `None` where a closer look is needed.
pub(super) fn plain(text: &str, region: &str) -> Option<String> {
    let national = text.strip_prefix("+1");
    if (national.is_none() && !REGIONS.contains(&region)) || text.len() > LONGEST {
        return None;
    }
    let mut standard = String::with_capacity(16);
    standard.push_str("+1");
    let mut has_one = national.is_some();
    for byte in national.unwrap_or(text).bytes() {
        match byte {
            // A one before the area is dialled first, and none of the number.
            b'1' if standard.len() == 2 && !has_one => has_one = true,
            b'0' | b'1' if standard.len() == 2 => return None,
            b'0'..=b'9' if standard.len() < 12 => standard.push(char::from(byte)),
            b'(' | b')' | b'-' | b'.' | b'/' | b' ' => {}
            _ => return None,
        }
    }
    let has_decimals = without_decimals(text).len() < text.len();
    (standard.len() == 12 && !has_decimals && !is_one_digit(&standard)).then_some(standard)
}

#[cfg(test)]
mod tests {
    use super::super::read_closely;
    use super::*;

    #[test]
    fn a_closer_look_says_the_same() {
        let mut read = 0;
        for form in [
            "##########",
            "1##########",
            "+1##########",
            "(###) ###-####",
            "###-###-####",
            "###.###.####",
            "### ### ####",
            "+1 ### ### ####",
            "1-###-###-####",
            "+1 (###) ###-####",
            "1 (###) ###.####",
            "###/###-####",
            "(###)###-####",
            "+1-###-###-####",
            "+ 1 ### ### ####",
            "11##########",
            "1 1 ### ### ####",
            "##########.0",
            "########.00",
            "###-####",
            "+1 1 ### ### ####",
            "-##########",
            "##########-",
            "###########",
            "#########",
            "+1 ### ### #### / ### ####",
            "(1) ### ### ####",
            "(##########)",
            "+(1) ### ### ####",
            "001##########",
            "###.#######",
            "###.000.0000",
            "### ### 0000.",
        ] {
            for seed in 0_u64..24 {
                let digits = (200 + seed * 33).wrapping_mul(10_000_019) + seed * 7;
                let mut digits = digits.to_string().into_bytes().into_iter().cycle();
                let fill = |c: char| if c == '#' { digits.next().map_or(c, char::from) } else { c };
                let text: String = form.chars().map(fill).collect();
                for region in ["US", "CA", "MX", "DE", ""] {
                    let Some(plain) = plain(&text, region) else { continue };
                    assert_eq!(Some(plain), read_closely(&text, region), "{text} in {region}");
                    read += 1;
                }
            }
        }
        assert!(read > 1000, "only {read} were plain");
    }

    #[test]
    fn what_is_not_plain_is_looked_at_closely() {
        for text in [
            "0175550104",
            "1175550104",
            "555-0104",
            "2175550104 x9",
            "+442079460104",
            "217555010.0",
            "",
            "21755501041",
            "11 217 555 0104",
            "2175550104 2175550105",
            "217 555+0104",
            "2175550.000",
        ] {
            assert_eq!(plain(text, "US"), None, "{text}");
        }
        assert_eq!(plain("2175550104", "DE"), None);
        assert_eq!(plain("+1 217 555 0104", "DE").as_deref(), Some("+12175550104"));
    }
}
