//! Words at the ends of a name that are not the name: titles, degrees, `Jr`.

use domain::naming::{Degree, NamePart, Suffix, is_title, may_be_given_name, several};

/// The words of a text, titles set apart from what was typed right behind their dot: `Dr.Weber`.
pub(super) fn tokens(text: &str) -> Vec<&str> {
    let mut words = Vec::with_capacity(6);
    for mut word in text.split(' ').filter(|word| !word.is_empty()) {
        while let Some(at) = glued_title(word) {
            words.push(&word[..at]);
            word = &word[at..];
        }
        words.push(word);
    }
    words
}

/// Where the name begins in a word that begins with a title.
fn glued_title(word: &str) -> Option<usize> {
    let at = word.find('.')? + 1;
    let rest = &word[at..];
    let is_next = rest.starts_with(char::is_uppercase)
        || rest.find('.').is_some_and(|dot| is_title(&rest[..=dot]));
    (is_next && is_title(&word[..at]) && !is_title(word) && Degree::of(&[word]).is_none())
        .then_some(at)
}

/// Takes the generational suffix off the end, if a name remains. `Junior` and `Senior` are names
/// as well: they need `least` words before they are one.
pub(super) fn take_suffix(words: &mut Vec<&str>, least: usize) -> Option<&'static str> {
    if let [_, .., first, second] = words.as_slice()
        && let Some(suffix) = Suffix::of_two(first, second)
    {
        words.truncate(words.len() - 2);
        return Some(suffix.shown());
    }
    let last = words.last()?;
    let has_capitals = || words.iter().any(|word| word.contains(char::is_uppercase));
    let suffix = match Suffix::of(last) {
        // In Czech, but a saint where more follows.
        None if *last == "st." => Suffix::Senior,
        None if words.len() >= least && has_capitals() => {
            Suffix::in_small_letters(words.get(words.len().checked_sub(2)?)?, last)?
        }
        found => found?,
    };
    let needed = if Suffix::is_plain(last) { 2 } else { least };
    // A single letter is an initial.
    if words.len() < needed || last.trim_end_matches('.').len() < 2 {
        return None;
    }
    words.pop().map(|word| suffix.written(word))
}

/// Takes the generational suffix out of the middle of one person's name, where given names and family
/// name were joined with it between them: `Walter Jr Pemberley`.
pub(super) fn take_inner_suffix(words: &mut Vec<&str>) -> Option<&'static str> {
    let inner = 1..words.len().saturating_sub(1);
    let is_suffix = |word: &str| {
        Suffix::is_plain(word) && word.trim_end_matches('.').len() > 1 && Suffix::of(word).is_some()
    };
    let at = inner.into_iter().find(|at| is_suffix(words[*at]))?;
    if several(&words.join(" "), NamePart::Full).is_some() {
        return None;
    }
    let word = words.remove(at);
    Suffix::of(word).map(|suffix| suffix.written(word))
}

/// Takes the suffix that Hungarians write in front.
pub(super) fn take_suffix_in_front(words: &mut Vec<&str>) -> Option<&'static str> {
    let suffix =
        words.first().and_then(|word| Suffix::in_front(word)).filter(|_| words.len() > 1)?;
    words.remove(0);
    Some(suffix.shown())
}

/// Drops the titles in front, as far as a name remains; what may as well be a given name only where
/// more than `least` words stand there.
pub(super) fn drop_titles(words: &mut Vec<&str>, least: usize) {
    let titles = titles(words).min(words.len().saturating_sub(1));
    if titles == 1 && words.len() <= least && may_be_given_name(words[0], &words[1..]) {
        return;
    }
    words.drain(..titles);
}

/// How many words in front are titles, or parts of one.
fn titles(words: &[&str]) -> usize {
    let mut at = 0;
    loop {
        at += match &words[at..] {
            ["h.", "c.", ..] | ["e.", "h.", ..] if at > 0 => 2,
            // `Mgr. et Mgr. Jana Nová`
            ["et", next, ..] if at > 0 && is_title(next) => 2,
            [word, ..] if is_title(word) => 1,
            _ => return at,
        };
    }
}

/// Degrees and posts in capitals that are seldom anybody's initials.
const ONLY_DEGREES: [&str; 12] =
    ["ACCA", "BFA", "CFA", "CFP", "DBA", "FCCA", "FRCP", "FRCS", "LCSW", "MD", "PMP", "RN"];

/// Whether all these words behind a comma are no name: titles, degrees, a suffix. `is_named` where a
/// whole name stands before: `Smith, B.A.` has initials, `Anna Smith, B.A.` a degree.
pub(super) fn are_behind_a_name(
    words: &[&str],
    is_named: bool,
    suffix: &mut Option<&'static str>,
) -> bool {
    let is_degree = |words: &[&str]| match Degree::of(words) {
        Some(Degree::Certain) => true,
        // `Smith, MD` is a doctor, `Smith, M.D.` and `Smith, JD` may have initials.
        Some(Degree::Capitals) => is_named || ONLY_DEGREES.contains(&words.concat().as_str()),
        Some(Degree::Initials) => is_named,
        None => false,
    };
    let is_pair = |pair: &[&str]| pair.iter().all(|word| word.ends_with('.')) && is_degree(pair);
    let (mut at, mut found) = (0, *suffix);
    while at < words.len() {
        let rest = &words[at..];
        let titles = titles(rest);
        let is_given = || !is_named && titles == 1 && may_be_given_name(rest[0], &[]);
        at += if found.is_none()
            && rest[0].trim_end_matches('.').len() > 1
            && let Some(suffix) = Suffix::of(rest[0])
        {
            found = Some(suffix.written(rest[0]));
            1
        } else if titles > 0 && !is_given() {
            titles
        } else if rest.len() > 1 && is_pair(&rest[..2]) {
            2
        } else if is_degree(&rest[..1]) {
            1
        } else {
            return false;
        };
    }
    *suffix = found;
    true
}

/// Drops degrees, and titles written like degrees, behind a name; what may as well be initials behind
/// one of `least` words or more.
pub(super) fn drop_degrees(words: &mut Vec<&str>, least: usize) {
    while let Some((count, is_sure)) = degree_at_end(words) {
        let before = &words[..words.len() - count];
        let names = &before[titles(before)..];
        let is_named = names.iter().any(|name| name.trim_end_matches('.').chars().count() > 1);
        if !is_named || !is_sure && names.len() < least {
            return;
        }
        words.truncate(words.len() - count);
    }
}

/// How many words at the end are one degree without a comma before it, and whether they are nothing
/// else.
fn degree_at_end(words: &[&str]) -> Option<(usize, bool)> {
    if let [.., first, last] = words
        && first.ends_with('.')
        && last.ends_with('.')
        && Degree::of(&[first, last]) == Some(Degree::Certain)
    {
        return Some((2, true));
    }
    let last = words.last()?;
    match Degree::of(&[last]) {
        Some(Degree::Certain) => Some((1, true)),
        Some(Degree::Capitals) => Some((1, false)),
        Some(Degree::Initials) => (last.contains('.') && words.len() > 2).then_some((1, false)),
        None => {
            let is_short = last.contains('.') || last.eq_ignore_ascii_case("dr");
            (is_short && is_title(last) && Suffix::of(last).is_none()).then_some((1, true))
        }
    }
}

/// Whether the last word may be a degree or a family name: `Anna Smith MA`, `Yo Yo MA`.
pub(super) fn ends_doubtfully(words: &[&str]) -> bool {
    let [names @ .., last] = words else { return false };
    names.len() > 1
        && Degree::of(&[last]) == Some(Degree::Initials)
        && names.iter().any(|word| word.contains(char::is_lowercase))
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
            ("Sven Berg d.ä.", "Sven Berg", "Sr"),
            ("Sven Berg d. y.", "Sven Berg", "Jr"),
            ("Hans Müller d.J.", "Hans Müller", "Jr"),
            ("John Smith the 3rd", "John Smith", "III"),
            ("Alexandre Dumas fils", "Alexandre Dumas", "fils"),
            ("Robert Quenby sen", "Robert Quenby", "Sr"),
            ("Robert Quenby jun", "Robert Quenby", "Jr"),
            ("John Q Smythson 3d", "John Q Smythson", "III"),
            ("João Silva Filho", "João Silva", "Filho"),
            ("João Silva Neto", "João Silva", "Neto"),
        ] {
            let mut words: Vec<&str> = name.split(' ').collect();
            let suffix = take_suffix(&mut words, 3);
            assert_eq!((words.join(" ").as_str(), suffix), (rest, Some(expected)), "{name}");
        }
        for name in [
            "Jan de Jonge",
            "Jan de Oude",
            "Walther von der Vogelweide",
            "Anna der Große",
            "Ravi D. J.",
            "Ravi D.J.",
            "João Neto",
            "Paul Fils",
            "Amartya sen",
            "Kim Min jun",
            "ROBERT QUENBY SEN",
        ] {
            let mut words: Vec<&str> = name.split(' ').collect();
            assert_eq!(take_suffix(&mut words, 3), None, "{name}");
        }
    }
}
