//! Towns and suburbs.

use std::borrow::Cow;

use super::clean::plain_punctuation;
use super::letter_case::{Casing, Style, is_one_case, is_two_capitals, repaired};
use super::street_words::{Language, language};

/// The standard form: the name in repaired case; in English `St`, `Fort` and `Mount`, however
/// they are shortened.
pub(super) fn standard<'a>(text: Cow<'a, str>, country: &str) -> Option<Cow<'a, str>> {
    let text = plain_punctuation(text);
    let trimmed = text.trim_matches([',', ';', ' ']);
    if trimmed.is_empty() {
        return None;
    }
    let mut name = if is_one_case([trimmed]) && !is_short_for_a_town(trimmed) {
        Cow::Owned(with_state(repaired(trimmed, Casing::of(Style::Place, country)), country))
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

/// Towns that are called by their capitals: `DC`, `NYC`.
fn is_short_for_a_town(text: &str) -> bool {
    is_two_capitals(text) || ["NYC", "SLC", "OKC", "CDMX", "HCMC"].contains(&text)
}

/// The code of a state behind a town stays in capitals: `Washington DC`.
fn with_state(mut town: String, country: &str) -> String {
    if let ("US" | "CA" | "AU", Some(at)) = (country, town.rfind(' '))
        && town.len() == at + 3
        && let Some(code) = town.get_mut(at + 1..)
    {
        code.make_ascii_uppercase();
    }
    town
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
            ("BERGEN OP ZOOM", "NL", "Bergen op Zoom"),
            ("CAPELLE AAN DEN IJSSEL", "NL", "Capelle aan den IJssel"),
            ("'T HARDE", "NL", "'t Harde"),
            ("'S-GRAVENHAGE", "NL", "'s-Gravenhage"),
            ("DEN HAAG", "NL", "Den Haag"),
            ("WASHINGTON DC", "US", "Washington DC"),
            ("washington dc", "US", "Washington DC"),
            ("WASHINGTON D.C.", "US", "Washington D.C."),
            ("DC", "US", "DC"),
            ("LA", "US", "LA"),
            ("NYC", "US", "NYC"),
            ("KL", "MY", "KL"),
            ("SANT'ANGELO", "IT", "Sant'Angelo"),
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
