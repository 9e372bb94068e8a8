//! Where signs stand, and where letters never do: a price, an apostrophe, a dash.
//!
//! A byte that is a sign at the place of a sign speaks for a reading; a letter there, or a sign inside
//! of a word, speaks against it.

use super::judge::words;
use super::languages::Script;

/// Signs that text is full of.
const COMMON: &str = "’‘“”„«»–—…€£¥°§©®™·•¿¡ªº½²³´";
/// Signs that stand at words.
const AT_WORDS: &str = "’‘“”„«»ªº°–—…·¿¡";
/// Signs that stand behind a name.
const BEHIND: &str = "™®©…”’»ªº°²³";
/// Signs that stand before a word.
const AHEAD: &str = "“„‘«¿¡©®§’";
/// Signs that stand between two letters.
const BETWEEN: &str = "’‘–—·…‐‑";
/// Signs that stand at numbers.
const AT_NUMBERS: &str = "£€¢¥°§½¼¾²³±‰№–—…•";

type Letter = (char, Option<Script>);

/// What a sign costs at its place in a word.
pub(super) fn cost(word: &[Letter], at: usize) -> f64 {
    let Some((sign, _)) = word.get(at) else { return 0.0 };
    let before =
        at.checked_sub(1).and_then(|at| word.get(at)).filter(|(_, script)| script.is_some());
    let next = word.get(at + 1).filter(|(_, script)| script.is_some());
    let is_behind = next.is_none() && BEHIND.contains(*sign);
    match *sign {
        char::REPLACEMENT_CHARACTER => 12.0,
        // O’Brien, D’Angelo, Joe’s.
        '’' => {
            let begins_name = at == 1 && next.is_some_and(|(letter, _)| letter.is_uppercase());
            let is_ending =
                word.len() == at + 2 && next.is_some_and(|(c, _)| matches!(c, 's' | 't'));
            if (begins_name && before.is_some()) || (is_ending && at > 1) { 0.5 } else { 3.0 }
        }
        // Lee–Smith.
        '–' | '—' if is_between_names(before, next) => 0.5,
        '–' | '—' if word.len() == 1 => 1.0,
        '©' | '®' | '™' if word.len() == 1 => 0.0,
        '™' | '®' if before.is_some() && is_behind => 1.0,
        '“' | '„' | '‘' if at == 0 && next.is_some() => 2.0,
        '‚' | '‘' if is_in_single_quotes(word) => 2.0,
        '”' if before.is_some() && next.is_none() => 2.0,
        '…' if before.is_some() && next.is_none() => 0.0,
        _ => {
            let base = if COMMON.contains(*sign) { 4.0 } else { 8.0 };
            match (before.is_some(), next.is_some()) {
                (true, true) if *sign != '·' => base + 5.0,
                (false, false) => base,
                _ if AT_WORDS.contains(*sign) => base,
                _ => base + 3.0,
            }
        }
    }
}

/// Whether a word stands in the single quotes of German and its neighbours.
fn is_in_single_quotes(word: &[Letter]) -> bool {
    matches!(word, [('‚', _), .., ('‘' | '’', _)])
}

fn is_between_names(before: Option<&Letter>, next: Option<&Letter>) -> bool {
    before.is_some_and(|(letter, _)| letter.is_lowercase())
        && next.is_some_and(|(letter, _)| letter.is_uppercase())
}

/// What the signs and letters at the numbers of a text cost; less than nothing where signs stand that
/// belong there.
pub(super) fn at_numbers(text: &str) -> f64 {
    let text: Vec<char> = text.chars().collect();
    let near = |at: Option<usize>| at.and_then(|at| text.get(at)).copied().unwrap_or('\n');
    let mut cost = 0.0;
    for (at, character) in text.iter().enumerate().filter(|(_, character)| !character.is_ascii()) {
        let (before, next) = (near(at.checked_sub(1)), near(Some(at + 1)));
        let touches = before.is_ascii_digit() || next.is_ascii_digit();
        let over_blank = (before == ' ' && near(at.checked_sub(2)).is_ascii_digit())
            || (next == ' ' && near(Some(at + 2)).is_ascii_digit());
        let stands_alone = !before.is_alphabetic() && !next.is_alphabetic();
        cost += match Script::of(*character) {
            None if (touches || over_blank) && AT_NUMBERS.contains(*character) => -3.0,
            Some(script) if script.is_wide() => 0.0,
            // ú50
            Some(_) if touches && stands_alone => 6.0,
            // 50 Ć
            Some(_) if over_blank && stands_alone && character.is_uppercase() => 5.0,
            Some(Script::Latin)
                if over_blank && stands_alone && !matches!(character, 'à' | 'å') =>
            {
                4.0
            }
            Some(_) if over_blank && stands_alone => 2.0,
            // A digit inside of a word.
            Some(_) if touches && is_inside_word(&text, at) => 5.0,
            _ => 0.0,
        };
    }
    cost
}

/// Whether a digit stands beside this letter that has a letter on its other side too.
fn is_inside_word(text: &[char], at: usize) -> bool {
    let is_digit =
        |at: Option<usize>| at.and_then(|at| text.get(at)).is_some_and(char::is_ascii_digit);
    let is_letter =
        |at: Option<usize>| at.and_then(|at| text.get(at)).is_some_and(|c| c.is_alphabetic());
    (is_digit(at.checked_sub(1)) && is_letter(at.checked_sub(2)))
        || (is_digit(Some(at + 1)) && is_letter(Some(at + 2)))
}

/// Whether signs stand inside of words that never do, in more words than a damaged row or two.
pub(super) fn tear(texts: &[String]) -> bool {
    let are_torn = |text: &&String| words(text).any(|word| is_torn(word, COMMON));
    is_more_than_damage(texts.iter().filter(are_torn).count(), texts)
}

/// Whether signs stand at words that never stand there, however common they are elsewhere, or capitals
/// behind small letters.
pub(super) fn are_glued(texts: &[String]) -> bool {
    let are_amiss =
        |text: &&String| words(text).any(|word| is_torn(word, "") || has_capital_behind(word));
    is_more_than_damage(texts.iter().filter(are_amiss).count(), texts)
}

fn is_more_than_damage(count: usize, texts: &[String]) -> bool {
    count * 50 > texts.len()
}

fn has_capital_behind(word: &str) -> bool {
    let follows = |(before, letter): (char, char)| {
        before.is_lowercase() && letter.is_uppercase() && !letter.is_ascii()
    };
    word.chars().zip(word.chars().skip(1)).any(follows)
}

fn is_torn(word: &str, common: &str) -> bool {
    let letters: Vec<char> = word.chars().collect();
    let is_letter = |at: Option<usize>| {
        at.and_then(|at| letters.get(at)).is_some_and(|letter| Script::of(*letter).is_some())
    };
    letters.iter().enumerate().any(|(at, sign)| {
        if Script::of(*sign).is_some() {
            return false;
        }
        match (is_letter(at.checked_sub(1)), is_letter(Some(at + 1))) {
            (true, true) => !BETWEEN.contains(*sign),
            (true, false) => !BEHIND.contains(*sign) && !common.contains(*sign),
            (false, true) if *sign == '‚' => {
                let quoted: Vec<Letter> = letters.iter().map(|c| (*c, Script::of(*c))).collect();
                !is_in_single_quotes(&quoted)
            }
            (false, true) if *sign == '°' => !matches!(letters.get(at + 1), Some('C' | 'F')),
            (false, true) => !AHEAD.contains(*sign) && !common.contains(*sign),
            (false, false) => false,
        }
    })
}
