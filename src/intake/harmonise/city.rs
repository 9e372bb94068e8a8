//! Towns and suburbs.

use std::borrow::Cow;

use super::clean::plain_punctuation;
use super::letter_case::{Casing, Style, is_one_case, repaired};
use super::street_words::{Language, language};

/// The standard form: the name in repaired case; in English `St`, `Fort` and `Mount`, however
/// they are shortened.
pub(super) fn standard<'a>(text: Cow<'a, str>, country: &str) -> Option<Cow<'a, str>> {
    let text = plain_punctuation(text);
    let trimmed = text.trim_matches([',', ';', ' ']);
    if trimmed.is_empty() {
        return None;
    }
    let mut name = if is_one_case([trimmed]) {
        Cow::Owned(repaired(trimmed, Casing::of(Style::Place, country)))
    } else if trimmed.len() == text.len() {
        text
    } else {
        Cow::Owned(trimmed.to_owned())
    };
    if matches!(language(country), Language::English | Language::EnglishAndFrench)
        && let Some((first, rest)) = name.split_once(' ')
        && let Some(long) = first_word(first)
        && long != first
    {
        name = Cow::Owned(format!("{long} {rest}"));
    }
    Some(name)
}

fn first_word(word: &str) -> Option<&'static str> {
    Some(match word {
        "St" | "St." | "Saint" => "St",
        "Ft" | "Ft." | "Fort" => "Fort",
        "Mt" | "Mt." | "Mount" => "Mount",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cities() {
        let table = [
            ("SPRINGFIELD", "US", "Springfield"),
            ("springfield", "US", "Springfield"),
            ("St. Louis", "US", "St Louis"),
            ("SAINT LOUIS", "US", "St Louis"),
            ("FT. WAYNE", "US", "Fort Wayne"),
            ("mt pleasant", "US", "Mount Pleasant"),
            ("RIO DE JANEIRO", "BR", "Rio de Janeiro"),
            ("FRANKFURT AM MAIN", "DE", "Frankfurt am Main"),
            ("SAINT-ÉTIENNE", "FR", "Saint-Étienne"),
            ("St. Gallen", "CH", "St. Gallen"),
            ("Springfield,", "US", "Springfield"),
            ("東京", "JP", "東京"),
            ("Val-d'Or", "CA", "Val-d'Or"),
        ];
        for (text, country, expected) in table {
            assert_eq!(standard(Cow::Borrowed(text), country).unwrap(), expected, "{text}");
        }
    }
}
