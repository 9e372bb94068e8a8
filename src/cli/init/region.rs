//! The country of a new workspace: said, or asked on the terminal. It is never assumed in silence.

use std::io::{self, BufRead};

use super::super::invocation::Invocation;
use super::super::say::say;

/// The country that was said, or that somebody at the terminal answers; none where nobody can be asked.
///
/// # Errors
/// When the terminal fails.
pub(super) fn of(said: Option<&str>, invocation: &Invocation) -> io::Result<Option<String>> {
    match said {
        Some(said) => Ok(Some(said.to_uppercase())),
        None if invocation.asks() => ask(),
        None => Ok(None),
    }
}

fn ask() -> io::Result<Option<String>> {
    let usual = of_locale();
    let default = usual.as_deref().map_or_else(
        || "Enter leaves it open".to_owned(),
        |usual| format!("Enter takes {usual}, as your system is set"),
    );
    say(&format!(
        "whose forms of phones, addresses and dates are these mostly? A country code such as DE or \
         US; {default}:"
    ));
    let mut answer = String::new();
    io::stdin().lock().read_line(&mut answer)?;
    Ok(match answer.trim() {
        "" => usual,
        answer => Some(answer.to_uppercase()),
    })
}

/// The country that the system's language settings name: `de_AT.UTF-8`.
fn of_locale() -> Option<String> {
    let set = |name| std::env::var(name).ok().filter(|value: &String| !value.is_empty());
    let locale = set("LC_ALL").or_else(|| set("LANG"))?;
    country_in(&locale)
}

fn country_in(locale: &str) -> Option<String> {
    let (_, rest) = locale.split_once('_')?;
    let country: String = rest.chars().take_while(char::is_ascii_uppercase).collect();
    (country.len() == 2).then_some(country)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_locale_may_name_a_country() {
        assert_eq!(country_in("de_AT.UTF-8").as_deref(), Some("AT"));
        for locale in ["C", "C.UTF-8", "POSIX", "en", "es_419"] {
            assert_eq!(country_in(locale), None, "{locale}");
        }
    }
}
