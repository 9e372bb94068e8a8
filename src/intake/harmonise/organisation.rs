//! Names of companies and other organisations, with their legal forms.

mod brackets;

use std::borrow::Cow;

use super::alphabet::Alphabet;
use super::clean::plain_punctuation;
use super::legal_forms::{IN_FRONT, LEGAL_FORMS, WORDS};
use super::letter_case::{Casing, Style, is_acronym, is_one_case, prefixed, repaired};

/// The most words a legal form is written in.
const LONGEST: usize = 6;

/// The standard form of an organisation's name: its own words, then its legal form, where it is one
/// in `country`.
pub(super) fn standard<'a>(text: Cow<'a, str>, country: &str) -> Option<Cow<'a, str>> {
    let text = plain_punctuation(text);
    let text = article_in_front(text);
    let words: Vec<&str> = text.split(' ').collect();
    let (in_front, words) = form_in_front(&words, country);
    let (own, form) = split_legal_form(words, country);
    let own_text = own.join(" ");
    let own_text = if form.is_some() { without_end(&own_text) } else { own_text.as_str() };
    let mends = if own_text.chars().any(char::is_uppercase) {
        shouts(own_text, &words[own.len()..], form)
    } else {
        is_one_case([own_text])
    };
    let casing = Casing::of(Style::Organisation, country);
    let mut name = if mends { repaired(own_text, casing) } else { own_text.to_owned() };
    if let Some(form) = in_front {
        name.insert(0, ' ');
        name.insert_str(0, form);
    }
    if let Some(form) = form {
        name.push(' ');
        name.push_str(form);
        name.extend(brackets::closed_by(own_text, &words[own.len()..]).unwrap_or_default());
    }
    if name == text { Some(text) } else { Some(Cow::Owned(name)) }
}

/// `Acme Company, The`, as lists are sorted.
fn article_in_front(mut text: Cow<'_, str>) -> Cow<'_, str> {
    while let Some(rest) = [", The", ", THE", ", the"].iter().find_map(|end| text.strip_suffix(end))
    {
        let rest = without_end(rest);
        if !rest.contains(char::is_alphanumeric) {
            break;
        }
        text = Cow::Owned(format!("{} {rest}", &text[text.len() - 3..]));
    }
    text
}

/// The most letters of an acronym.
const ACRONYM: usize = 5;

/// Whether the whole name, its legal form as well, is in capitals and longer than an acronym.
///
/// `NASA Ltd` has its capitals on purpose, and so has `BASF SE`, for its legal form is always
/// written so; in `ACME LTD` they say nothing.
fn shouts(own: &str, delivered_form: &[&str], form: Option<&str>) -> bool {
    let small = |text: &str| {
        // `McDONALD'S` is in capitals.
        prefixed(text).map_or(text, |(_, capitals)| capitals).chars().any(char::is_lowercase)
    };
    if own.split(' ').any(small) || delivered_form.iter().any(|word| small(word)) {
        return false;
    }
    // `HUK-COBURG` and `BMW-BANK` begin with an acronym.
    let begins_so = |word: &str| word.split_once('-').is_some_and(|(first, _)| is_acronym(first));
    if own.contains('-') && own.split(' ').all(|word| begins_so(word) || is_acronym(word)) {
        return false;
    }
    let letters = own.chars().filter(|c| c.is_alphabetic()).count();
    letters > ACRONYM || form.is_some_and(|form| form.chars().any(char::is_lowercase))
}

/// A legal form of the country that stands before the name, and the name's words.
fn form_in_front<'w, 'a>(
    words: &'w [&'a str],
    country: &str,
) -> (Option<&'static str>, &'w [&'a str]) {
    let [first, rest @ ..] = words else { return (None, words) };
    if rest.is_empty() || !IN_FRONT.contains(&country) {
        return (None, words);
    }
    let mut key = String::new();
    push_key(&mut key, first);
    let form = form_of(&key, country);
    if form.is_some() { (form, rest) } else { (None, words) }
}

/// How the form with that key is written in a country where it exists.
fn form_of(key: &str, country: &str) -> Option<&'static str> {
    let from = LEGAL_FORMS.partition_point(|form| compare(form.key, key).is_lt());
    let same = LEGAL_FORMS[from..].iter().take_while(|form| form.key == key);
    same.filter(|form| form.is_of(country)).map(|form| form.shown).next()
}

/// Words that join what follows to what stands before.
const JOINING: [&str; 8] = ["&", "+", "and", "e", "ed", "et", "und", "y"];

/// What alone before a word makes no name.
fn is_article(word: &str) -> bool {
    const ARTICLES: [&str; 10] = ["the", "der", "die", "das", "le", "la", "les", "el", "il", "het"];
    ARTICLES.contains(&word.to_lowercase().as_str())
}

/// Whether a form is one whole word, which may be somebody's name: `Limited`, and not `Ltd` or `S.A.`.
fn is_a_word(form: &[&str]) -> bool {
    form.len() == 1 && form[0].chars().count() > 4 && form[0].chars().all(char::is_alphabetic)
}

/// The words before the legal form, and the form. A name is never a legal form alone.
fn split_legal_form<'w, 'a>(
    words: &'w [&'a str],
    country: &str,
) -> (&'w [&'a str], Option<&'static str>) {
    let mut key = String::with_capacity(32);
    for count in (1..=LONGEST.min(words.len().saturating_sub(1))).rev() {
        let (own, form) = words.split_at(words.len() - count);
        key.clear();
        push_key(&mut key, form[0]);
        // A form begins with a word of its own, else dashes before it would belong to it.
        if key.is_empty() || !own.iter().any(|word| word.contains(char::is_alphanumeric)) {
            continue;
        }
        // `The Limited` is a shop.
        if is_a_word(form) && own.iter().all(|word| is_article(word)) {
            continue;
        }
        // What an "and" joins to the name is a part of it: `Salon & Spa`.
        if own.last().is_some_and(|word| JOINING.contains(&word.to_lowercase().as_str())) {
            continue;
        }
        if brackets::closed_by(&own.join(" "), form).is_none() {
            continue;
        }
        for word in &form[1..] {
            push_key(&mut key, word);
        }
        if let Some(shown) = legal_form(&key, form, country) {
            return (own, Some(shown));
        }
    }
    (words, None)
}

/// How the form with that key is written in `country`; none where the words are none there.
fn legal_form(key: &str, delivered: &[&str], country: &str) -> Option<&'static str> {
    let from = LEGAL_FORMS.partition_point(|form| compare(form.key, key).is_lt());
    let same = || LEGAL_FORMS[from..].iter().take_while(|form| form.key == key);
    if let Some(shown) = form_of(key, country) {
        return Some(shown);
    }
    let mut unmistakable = same().filter(|form| is_unmistakable(form.shown, delivered));
    let first = unmistakable.next()?;
    if unmistakable.next().is_some() { None } else { Some(first.shown) }
}

/// Whether a form is spelled as no word of a name is: `S.p.A.`, `A/S`, `ApS`.
fn is_unmistakable(shown: &str, delivered: &[&str]) -> bool {
    let delivered = delivered.concat();
    let delivered = delivered.trim_matches(brackets::is_one);
    let is_marked = |text: &str| (text.contains('/'), text.matches('.').count() > 1);
    let inner_capital = shown.chars().skip_while(|c| c.is_uppercase()).any(char::is_uppercase);
    match is_marked(delivered) {
        (false, false) => inner_capital && !shown.contains('.') && delivered == shown,
        marked => marked == is_marked(shown),
    }
}

/// The order of [`LEGAL_FORMS`]: letters before `&`, which stands last in the table.
fn compare(entry: &str, key: &str) -> std::cmp::Ordering {
    let rank = |text: &str| text.starts_with('&');
    rank(entry).cmp(&rank(key)).then_with(|| entry.cmp(key))
}

/// Adds one word's key: small letters without punctuation, long words short.
fn push_key(key: &mut String, word: &str) {
    if word.len() > 32 {
        // Longer than any word of a form: must not match, wherever it stands.
        return key.push('*');
    }
    let start = key.len();
    for character in word.chars() {
        if character.is_alphanumeric() || matches!(character, '&' | '+') {
            key.push(Alphabet::Common.lower(character));
        }
    }
    if let Some((_, short)) = WORDS.iter().find(|(long, _)| *long == &key[start..]) {
        key.truncate(start);
        key.push_str(short);
    }
}

fn without_end(text: &str) -> &str {
    text.trim_end_matches([',', ';', ' '])
}

#[cfg(test)]
mod tests;
