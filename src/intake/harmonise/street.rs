//! Streets with house number and unit.

use std::borrow::Cow;

use compact_str::CompactString;

use super::clean::plain_punctuation;
use super::letter_case::{Casing, Style, is_one_case, push_word};
use super::plate;
use super::street_words::{
    COMPASS, DUTCH, ENGLISH, ENGLISH_AT_END, FRENCH, ITALIAN, Language, NUMBER_WORDS, PORTUGUESE,
    SPANISH, UNITS, language, long,
};

/// The standard form: the street's words in full, its number as written, `Unit 4` at the end.
pub(super) fn standard(text: &str, country: &str) -> Option<String> {
    let text = plain_punctuation(Cow::Borrowed(text));
    let language = language(country);
    let split = Split::of(&text, country, language);
    if split.words.is_empty() && split.units.is_empty() {
        return None;
    }
    let mut words = recased(&split.words, country);
    post_box(&mut words);
    match language {
        Language::English | Language::EnglishAndFrench => {
            if language == Language::EnglishAndFrench {
                first_word(&mut words, &FRENCH[17..]);
            }
            english(&mut words, matches!(country, "US" | "CA" | "PR"));
        }
        Language::German => german(&mut words, "straße"),
        Language::Swiss => {
            german(&mut words, "strasse");
            first_word(&mut words, &FRENCH);
        }
        Language::French => first_word(&mut words, &FRENCH),
        Language::Dutch => dutch(&mut words),
        Language::DutchAndFrench => {
            first_word(&mut words, &FRENCH);
            dutch(&mut words);
        }
        Language::Spanish => first_word(&mut words, &SPANISH),
        Language::Portuguese => first_word(&mut words, &PORTUGUESE),
        Language::Italian => first_word(&mut words, &ITALIAN),
        Language::Other => {}
    }
    let mut standard = words.join(" ");
    for unit in &split.units {
        if !standard.is_empty() {
            standard.push(' ');
        }
        standard.push_str("Unit ");
        standard.push_str(unit);
    }
    Some(standard)
}

/// A street's words without its units.
struct Split<'a> {
    words: Vec<&'a str>,
    units: Vec<String>,
}

impl<'a> Split<'a> {
    fn of(text: &'a str, country: &str, language: Language) -> Split<'a> {
        let mut split = Split { words: Vec::with_capacity(6), units: Vec::new() };
        let parts_glued = matches!(
            language,
            Language::German | Language::Swiss | Language::Spanish | Language::Dutch
        );
        let plate = plate::of(text, country);
        let (before, behind) = plate.map_or((text, ""), |plate| (plate.before, plate.behind));
        let words = |text: &'a str| text.split([' ', ',', ';']).filter(|word| !word.is_empty());
        for word in words(before) {
            let mut rest = word;
            while parts_glued && let Some(at) = glued(rest) {
                split.push(&rest[..at]);
                rest = &rest[at..];
            }
            split.push(rest);
        }
        if let Some(plate) = plate {
            split.words.push("#");
            split.words.extend(words(plate.number));
        }
        words(behind).for_each(|word| split.push(word));
        // Australia and New Zealand write unit and number as `4/12`.
        if matches!(country, "AU" | "NZ")
            && let Some(first) = split.words.first().copied()
            && let Some((unit, number)) = first.split_once('/')
            && is_unit(unit)
            && number.starts_with(|c: char| c.is_ascii_digit())
            && !number.contains('/')
        {
            split.units.push(unit.to_ascii_uppercase());
            split.words[0] = number;
        }
        split
    }

    fn push(&mut self, word: &'a str) {
        if word.starts_with(|c: char| c.is_ascii_digit()) {
            while self.words.last().is_some_and(|last| is_in(&NUMBER_WORDS, last)) {
                self.words.pop();
            }
        }
        let number = word.trim_start_matches('#');
        let marked = number.len() < word.len();
        if is_unit(number) {
            let after = self.words.last().is_some_and(|last| *last == "#" || is_in(&UNITS, last));
            if after {
                self.words.pop();
            }
            while marked && self.words.last().is_some_and(|last| is_in(&UNITS, last)) {
                self.words.pop();
            }
            if after || marked {
                return self.units.push(number.to_ascii_uppercase());
            }
        }
        self.words.push(word);
    }
}

fn is_in(list: &[&str], word: &str) -> bool {
    let word = word.strip_suffix('.').unwrap_or(word);
    word.len() <= 11 && list.iter().any(|entry| entry.eq_ignore_ascii_case(word))
}

/// `4`, `4B`, `B`, `12-A`: short, and a number or one letter.
fn is_unit(text: &str) -> bool {
    (1..=6).contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
        && (text.bytes().any(|byte| byte.is_ascii_digit()) || (text.len() == 1 && text != "-"))
}

/// Where a street and its number, or `C/` and its street, were written without a space.
fn glued(word: &str) -> Option<usize> {
    if word.len() > 2 && (word.starts_with("C/") || word.starts_with("c/")) {
        return Some(2);
    }
    let dot = word
        .as_bytes()
        .windows(4)
        .position(|bytes| bytes[..3].eq_ignore_ascii_case(b"tr.") && bytes[3].is_ascii_digit())?;
    Some(dot + 3)
}

/// The words in mixed case where all were of one; letters of house numbers in capitals.
fn recased(words: &[&str], country: &str) -> Vec<CompactString> {
    let is_number = |word: &&str| word.starts_with(|c: char| c.is_ascii_digit());
    // A house number's own letter says nothing about how the name was typed.
    let names = match words {
        [names @ .., number, letter] if letter.len() == 1 && is_number(number) => names,
        _ => words,
    };
    let repair = is_one_case(names.iter().filter(|word| !is_number(word)).copied());
    let mut casing = Casing::of(Style::Place, country);
    if repair {
        casing = words.iter().fold(casing, |casing, word| casing.for_text(word));
    }
    let last = words.len().saturating_sub(1);
    let mut named = false;
    words
        .iter()
        .enumerate()
        .map(|(at, word)| {
            let is_mended = repair || is_number(word) && !word.bytes().all(|b| b.is_ascii_digit());
            let mended = is_mended.then(|| {
                let mut mended = String::with_capacity(word.len() + 6);
                push_word(&mut mended, word, casing, named && at < last);
                CompactString::from(mended)
            });
            named |= !is_number(word);
            mended.unwrap_or_else(|| CompactString::new(word))
        })
        .collect()
}

/// `P.O. Box 12`, `po box 12`: `PO Box 12`.
fn post_box(words: &mut Vec<CompactString>) {
    let letters = |word: &str| -> String {
        word.chars().filter(|c| *c != '.').map(|c| c.to_ascii_lowercase()).collect()
    };
    for at in 0..words.len() {
        if !matches!(words[at].as_bytes()[0], b'p' | b'P' | b'b' | b'B') || words[at].len() > 6 {
            continue;
        }
        let following = |steps: usize| words.get(at + steps).map(|word| letters(word));
        let count = match (letters(&words[at]).as_str(), following(1).as_deref()) {
            ("po", Some("box")) => 2,
            ("p", Some("o")) if following(2).as_deref() == Some("box") => 3,
            ("pobox" | "pob", Some(number)) if number.starts_with(|c: char| c.is_ascii_digit()) => {
                1
            }
            // `boîte postale`, of every country where French is written.
            ("bp", Some(number)) if number.starts_with(|c: char| c.is_ascii_digit()) => {
                words[at] = "BP".into();
                return;
            }
            _ => continue,
        };
        words.splice(at..at + count, ["PO".into(), "Box".into()]);
        return;
    }
}

/// Writes the street's first word (behind a house number) in full.
fn first_word(words: &mut [CompactString], list: &[(&'static str, &'static str)]) {
    let Some(at) = words.iter().position(|word| !word.starts_with(|c: char| c.is_ascii_digit()))
    else {
        return;
    };
    if at + 1 < words.len()
        && let Some(word) = long(list, &words[at])
    {
        words[at] = word.into();
    }
}

fn english(words: &mut [CompactString], compass: bool) {
    for at in 0..words.len() {
        let ends = || {
            words[at + 1..]
                .iter()
                .all(|word| is_compass(word) || word.starts_with(|c: char| c.is_ascii_digit()))
        };
        let word = long(&ENGLISH, &words[at])
            .or_else(|| long(&ENGLISH_AT_END, &words[at]).filter(|_| at > 0 && ends()));
        if let Some(word) = word {
            words[at] = word.into();
        }
    }
    if !compass {
        return;
    }
    let is_name = |word: &CompactString| !word.starts_with(|c: char| c.is_ascii_digit());
    let Some(first) = words.iter().position(is_name) else { return };
    let last = words.len() - 1;
    // `N Main Street`, but `E Street` and `E Street NW`; `Main Street N`, but `Avenue N`.
    if first + 2 <= last
        && !is_called_by_a_letter(&words[first..])
        && let Some(word) = long(&COMPASS, &words[first])
    {
        words[first] = word.into();
    }
    if last > first + 1
        && let Some(word) = long(&COMPASS, &words[last])
    {
        words[last] = word.into();
    }
}

/// Whether a letter is the street's whole name: behind it stand what kind of street it is and where it lies.
fn is_called_by_a_letter(words: &[CompactString]) -> bool {
    let [letter, kind, rest @ ..] = words else { return false };
    let is_kind = ENGLISH.iter().chain(&ENGLISH_AT_END).any(|(_, long)| kind == long);
    let is_place = |word: &CompactString| {
        is_compass(word) || word.starts_with(|c: char| c.is_ascii_digit() || c == '#')
    };
    letter.len() == 1 && is_kind && rest.iter().all(is_place)
}

fn is_compass(word: &str) -> bool {
    long(&COMPASS, word).is_some()
        || COMPASS.iter().any(|(_, long)| long.eq_ignore_ascii_case(word))
}

/// `Hauptstr.`, `Haupt Strasse`, `Marktpl.`: the ending in full, its capital kept.
fn german(words: &mut Vec<CompactString>, street: &str) {
    house_letter(words);
    for word in words {
        for (ending, full) in [
            ("str.", street),
            ("str", street),
            ("strasse", street),
            ("straße", street),
            ("pl.", "platz"),
        ] {
            if replace_ending(word, ending, full) {
                break;
            }
        }
    }
}

/// `3 a` at the end: `3A`.
fn house_letter(words: &mut Vec<CompactString>) {
    if let [.., number, letter] = words.as_mut_slice()
        && number.bytes().all(|byte| byte.is_ascii_digit())
        && letter.len() == 1
        && letter.bytes().all(|byte| byte.is_ascii_alphabetic())
    {
        number.push_str(&letter.to_ascii_uppercase());
        words.pop();
    }
}

fn dutch(words: &mut [CompactString]) {
    for (at, word) in words.iter_mut().enumerate() {
        if at > 0
            && let Some(full) = long(&DUTCH, word)
        {
            *word = full.into();
        } else {
            replace_ending(word, "str.", "straat");
        }
    }
}

/// Replaces an ending, whatever its case; a capital at its start stays one.
fn replace_ending(word: &mut CompactString, ending: &str, full: &str) -> bool {
    let Some(at) = word.len().checked_sub(ending.len()) else { return false };
    let Some(found) = word.get(at..) else { return false };
    if !found.chars().map(|c| c.to_ascii_lowercase()).eq(ending.chars()) {
        return false;
    }
    let capital = found.starts_with(|c: char| c.is_ascii_uppercase());
    word.truncate(at);
    let mut letters = full.chars();
    if capital && let Some(first) = letters.next() {
        word.push(first.to_ascii_uppercase());
    }
    word.push_str(letters.as_str());
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn streets() {
        let table = [
            ("12 Rose Ln", "US", "12 Rose Lane"),
            ("12 ROSE LANE", "US", "12 Rose Lane"),
            ("900 hill rd.", "US", "900 Hill Road"),
            ("12 St James St", "GB", "12 St James Street"),
            ("5 Dr Pepper Dr", "US", "5 Dr Pepper Drive"),
            ("42nd St", "US", "42nd Street"),
            ("1 W 42ND ST", "US", "1 West 42nd Street"),
            ("100 N Main St", "US", "100 North Main Street"),
            ("100 Main St NE", "US", "100 Main Street Northeast"),
            ("9 E St", "US", "9 E Street"),
            ("9 Avenue N", "US", "9 Avenue N"),
            ("12 E St NW", "US", "12 E Street Northwest"),
            ("12 S STREET SE", "US", "12 S Street Southeast"),
            ("12 E St NW #4", "US", "12 E Street Northwest Unit 4"),
            ("12 E Park Ave", "US", "12 East Park Avenue"),
            ("12 Rose Lane Apt 4", "US", "12 Rose Lane Unit 4"),
            ("12 Rose Lane, Apt. 4b", "US", "12 Rose Lane Unit 4B"),
            ("12 Rose Lane #4", "US", "12 Rose Lane Unit 4"),
            ("12 Rose Lane Apt #4", "US", "12 Rose Lane Unit 4"),
            ("12 Rose Lane # 4", "US", "12 Rose Lane Unit 4"),
            ("Flat 2, 10 High Street", "GB", "10 High Street Unit 2"),
            ("Suite 200 12 Rose Blvd", "US", "12 Rose Boulevard Unit 200"),
            ("4/12 Rose Pde", "AU", "12 Rose Parade Unit 4"),
            ("P.O. Box 123", "US", "PO Box 123"),
            ("BP 12", "FR", "BP 12"),
            ("bp 12", "RE", "BP 12"),
            ("B.P. 1234", "SN", "BP 1234"),
            ("12 rue de la Paix BP 40", "FR", "12 Rue de la Paix BP 40"),
            ("PO BOX 123", "US", "PO Box 123"),
            ("12b rose lane", "GB", "12B Rose Lane"),
            ("No. 12 Rose Lane", "GB", "12 Rose Lane"),
            ("Hauptstr. 5", "DE", "Hauptstraße 5"),
            ("HAUPTSTRASSE 5A", "DE", "Hauptstraße 5A"),
            ("Hauptstr.5", "DE", "Hauptstraße 5"),
            ("Berliner Str. 12", "DE", "Berliner Straße 12"),
            ("Karl-Marx-Str. 12", "DE", "Karl-Marx-Straße 12"),
            ("Am Markt 3 a", "DE", "Am Markt 3A"),
            ("Marktpl. 1", "DE", "Marktplatz 1"),
            ("Bahnhofstr. 1", "CH", "Bahnhofstrasse 1"),
            ("Bahnhofstraße 1", "CH", "Bahnhofstrasse 1"),
            ("12 av. de la Gare", "FR", "12 Avenue de la Gare"),
            ("12 BD DE LA GARE", "FR", "12 Boulevard de la Gare"),
            ("12, rue de la Paix", "FR", "12 Rue de la Paix"),
            ("C/ Mayor 5", "ES", "Calle Mayor 5"),
            ("c/Mayor 5", "ES", "Calle Mayor 5"),
            ("Avda. del Sol 5", "ES", "Avenida del Sol 5"),
            ("P.zza Garibaldi 3", "IT", "Piazza Garibaldi 3"),
            ("Kerkstr. 7", "NL", "Kerkstraat 7"),
            ("R. das Flores 3", "BR", "Rua das Flores 3"),
            ("1-2-3 千代田", "JP", "1-2-3 千代田"),
            ("Apt 4", "US", "Unit 4"),
            ("Calle 10 # 5-51", "CO", "Calle 10 # 5-51"),
            ("Carrera 7 #71-21", "CO", "Carrera 7 # 71-21"),
            ("Cra. 7 # 71-21 Of. 302", "", "Cra. 7 # 71-21 Of. 302"),
            ("Av. 68 # 1-10 Apto 201", "CO", "Avenida 68 # 1-10 Unit 201"),
            ("Calle 100 # 8A - 49", "CO", "Calle 100 # 8A - 49"),
            ("Calle 26 Sur # 20-15", "CO", "Calle 26 Sur # 20-15"),
            ("Calle 5 Bis # 38-25", "", "Calle 5 Bis # 38-25"),
            ("Diagonal 40A # 7-24", "US", "Diagonal 40A # 7-24"),
            ("Transversal 3 # 55", "CO", "Transversal 3 # 55"),
            ("KR 15 # 88-64", "CO", "Kr 15 # 88-64"),
            ("Calle 10 #4", "PR", "Calle 10 Unit 4"),
            ("12 Rose Lane # 4-12", "US", "12 Rose Lane Unit 4-12"),
        ];
        for (text, country, expected) in table {
            assert_eq!(standard(text, country).as_deref(), Some(expected), "{text} in {country}");
        }
    }

    #[test]
    fn numerals_and_what_stands_behind_a_house_number_keep_their_capitals() {
        let table = [
            ("Dorpsstr. 5-II", "NL", "Dorpsstraat 5-II"),
            ("DORPSSTRAAT 5-ii", "NL", "Dorpsstraat 5-II"),
            ("Dorpsstr. 5-HS", "NL", "Dorpsstraat 5-HS"),
            ("dorpsstraat 5-hs", "NL", "Dorpsstraat 5-HS"),
            ("Hauptstr. 12/III", "DE", "Hauptstraße 12/III"),
            ("Hauptstr. 12A/b", "DE", "Hauptstraße 12A/B"),
            ("12-bis rue de la Paix", "FR", "12-bis Rue de la Paix"),
            ("VIA XX SETTEMBRE 3", "IT", "Via XX Settembre 3"),
            ("via xxv aprile 3", "IT", "Via XXV Aprile 3"),
            ("CALLE ALFONSO XIII 5", "ES", "Calle Alfonso XIII 5"),
            ("RUE LOUIS XIV", "FR", "Rue Louis XIV"),
            ("PIAZZA VITTORIO EMANUELE II 1", "IT", "Piazza Vittorio Emanuele II 1"),
            ("XI JIE 5", "CN", "Xi Jie 5"),
            ("12 7-MILE ROAD", "US", "12 7-Mile Road"),
            ("00-d'ANGELO", "US", "00-d'Angelo"),
            ("00-d'Angelo", "US", "00-d'Angelo"),
            ("7-McDONALD road", "US", "7-McDonald Road"),
            ("VIA LIV 3", "IT", "Via Liv 3"),
            ("1-2-3 CHIYODA", "JP", "1-2-3 Chiyoda"),
        ];
        for (text, country, expected) in table {
            assert_eq!(standard(text, country).as_deref(), Some(expected), "{text} in {country}");
        }
    }
}
