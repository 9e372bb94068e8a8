//! Words at the ends of a name that are not the name: titles, degrees, `Jr`.

use domain::naming::{NamePart, Suffix, is_degree, is_title, several};

/// Takes the generational suffix off the end, if a name remains. `Junior` and `Senior` are names
/// as well: they need `least` words before they are one.
pub(super) fn take_suffix(words: &mut Vec<&str>, least: usize) -> Option<Suffix> {
    if let [_, .., first, second] = words.as_slice()
        && let Some(suffix) = Suffix::of_two(first, second)
    {
        words.truncate(words.len() - 2);
        return Some(suffix);
    }
    let last = words.last()?;
    let suffix = Suffix::of(last)?;
    let needed = if Suffix::is_plain(last) { 2 } else { least };
    // A single letter is an initial.
    if words.len() < needed || last.trim_end_matches('.').len() < 2 {
        return None;
    }
    words.pop();
    Some(suffix)
}

/// Takes the generational suffix out of the middle of one person's name, where given names and family
/// name were joined with it between them: `Walter Jr Pemberley`.
pub(super) fn take_inner_suffix(words: &mut Vec<&str>) -> Option<Suffix> {
    let inner = 1..words.len().saturating_sub(1);
    let is_suffix = |word: &str| {
        Suffix::is_plain(word) && word.trim_end_matches('.').len() > 1 && Suffix::of(word).is_some()
    };
    let at = inner.into_iter().find(|at| is_suffix(words[*at]))?;
    if several(&words.join(" "), NamePart::Full).is_some() {
        return None;
    }
    Suffix::of(words.remove(at))
}

/// Drops the titles in front, as far as a name remains.
pub(super) fn drop_titles(words: &mut Vec<&str>) {
    let titles = words.iter().take_while(|word| is_title(word)).count();
    words.drain(..titles.min(words.len().saturating_sub(1)));
}

/// Drops degrees behind a name of `least` words or more.
pub(super) fn drop_degrees(words: &mut Vec<&str>, least: usize) {
    while words.len() > least && words.last().is_some_and(|word| is_degree(word)) {
        words.pop();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_words_may_say_the_generation() {
        for (name, rest, expected) in [
            ("Hans Holbein der Ältere", "Hans Holbein", "Sr"),
            ("Hans Holbein der Jüngere", "Hans Holbein", "Jr"),
            ("Lucas Cranach d. Ä.", "Lucas Cranach", "Sr"),
            ("Lucas Cranach d. J.", "Lucas Cranach", "Jr"),
            ("HANS BRAUN DER ÄLTERE", "HANS BRAUN", "Sr"),
            ("Hans Braun der Aeltere", "Hans Braun", "Sr"),
            ("William Pitt the Elder", "William Pitt", "Sr"),
            ("William Pitt the Younger", "William Pitt", "Jr"),
            ("Sven Berg den yngre", "Sven Berg", "Jr"),
            ("Sven Berg den äldre", "Sven Berg", "Sr"),
        ] {
            let mut words: Vec<&str> = name.split(' ').collect();
            let suffix = take_suffix(&mut words, 3).map(Suffix::shown);
            assert_eq!((words.join(" ").as_str(), suffix), (rest, Some(expected)), "{name}");
        }
        for name in [
            "Jan de Jonge",
            "Jan de Oude",
            "Walther von der Vogelweide",
            "Anna der Große",
            "Ravi D. J.",
        ] {
            let mut words: Vec<&str> = name.split(' ').collect();
            assert_eq!(take_suffix(&mut words, 3), None, "{name}");
        }
    }
}
