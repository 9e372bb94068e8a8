//! The country of a new workspace: said, or asked on the terminal. It is never assumed in silence.

use std::io::{self, BufRead};

use domain::FieldType;
use intake::harmonise::{self, Context};
use jiff::civil::Date;

use super::super::invocation::Invocation;
use super::super::say::say;

/// The country that was said, or that somebody at the terminal answers; none where nobody can be asked.
///
/// # Errors
/// When the terminal fails.
pub(super) fn of(said: Option<&str>, invocation: &Invocation) -> io::Result<Option<String>> {
    match said {
        Some(said) => Ok(Some(code_of(said).unwrap_or_else(|| said.to_uppercase()))),
        None if invocation.asks() => ask(),
        None => Ok(None),
    }
}

fn ask() -> io::Result<Option<String>> {
    let usual = of_locale();
    let default = usual.as_deref().map_or_else(
        || "Enter leaves it unset".to_owned(),
        |usual| format!("Enter takes {usual}, your system's setting"),
    );
    say(&format!(
        "which country's phone, address and date formats are these mostly? Its name or code, such as DE \
         or US; {default}:"
    ));
    loop {
        let mut answer = String::new();
        if io::stdin().lock().read_line(&mut answer)? == 0 {
            return Ok(usual);
        }
        match (answer.trim(), code_of(answer.trim())) {
            ("", _) => return Ok(usual),
            (_, Some(code)) => return Ok(Some(code)),
            (_, None) => say(&format!("no country has that name or code; {default}:")),
        }
    }
}

/// The code of a country that was named by its code or in words: `de`, `UK`, `Germany`, `Deutschland`.
fn code_of(answer: &str) -> Option<String> {
    let context = Context::of("", Date::ZERO);
    let country = harmonise::value(FieldType::Country, answer, &context)?;
    country.standard().map(str::to_owned)
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
    fn a_country_is_its_code_or_its_name() {
        for (answer, code) in [
            ("DE", "DE"),
            ("de", "DE"),
            ("Germany", "DE"),
            ("Deutschland", "DE"),
            ("UK", "GB"),
            ("USA", "US"),
            ("United States", "US"),
            ("France", "FR"),
            ("Schweiz", "CH"),
            ("España", "ES"),
        ] {
            assert_eq!(code_of(answer).as_deref(), Some(code), "{answer}");
        }
        for answer in ["", "x", "yes", "Mordor", "ZZ"] {
            assert_eq!(code_of(answer), None, "{answer}");
        }
    }

    #[test]
    fn the_locale_may_name_a_country() {
        assert_eq!(country_in("de_AT.UTF-8").as_deref(), Some("AT"));
        for locale in ["C", "C.UTF-8", "POSIX", "en", "es_419"] {
            assert_eq!(country_in(locale), None, "{locale}");
        }
    }
}
