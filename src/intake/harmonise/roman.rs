//! Roman numerals in the names of places and firms: `Via XX Settembre`, `Calle Alfonso XIII`.

/// Where `Xi` and `Vi` are syllables of names, ISO 3166-1 alpha-2.
pub(super) const SYLLABLES_OF: [&str; 9] = ["CN", "HK", "KR", "MO", "MY", "SG", "TH", "TW", "VN"];

/// Whether a word is a number from 2 to 39 as it is written, in whatever case. Larger ones are words as
/// well: `Mix`, `Di`, `Liv`, `Dix`.
pub(super) fn is_number(word: &str) -> bool {
    if !(2..=7).contains(&word.len()) {
        return false;
    }
    let small = word.to_ascii_lowercase();
    let ones = small.trim_start_matches('x');
    small.len() - ones.len() <= 3
        && matches!(ones, "" | "i" | "ii" | "iii" | "iv" | "v" | "vi" | "vii" | "viii" | "ix")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_up_to_39_are_told_from_words() {
        for word in ["II", "iii", "IV", "VI", "viii", "IX", "XI", "XIV", "XX", "XXIII", "XXXIX"] {
            assert!(is_number(word), "{word}");
        }
        for word in
            ["", "I", "V", "X", "IIII", "VV", "XXXX", "IXI", "IC", "DI", "MIX", "LIV", "CD", "Via"]
        {
            assert!(!is_number(word), "{word}");
        }
    }
}
