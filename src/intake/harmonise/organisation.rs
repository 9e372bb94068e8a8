//! Names of companies and other organisations, with their legal forms.

use std::borrow::Cow;

use super::clean::plain_punctuation;
use super::legal_forms::{LEGAL_FORMS, WORDS};
use super::letter_case::{Style, is_one_case, repaired};

/// The most words a legal form is written in.
const LONGEST: usize = 5;

/// The standard form of an organisation's name: its own words, then its legal form, where it is one
/// in `country`.
pub(super) fn standard<'a>(text: Cow<'a, str>, country: &str) -> Option<Cow<'a, str>> {
    let text = plain_punctuation(text);
    let text = article_in_front(text);
    let words: Vec<&str> = text.split(' ').collect();
    let (own, form) = split_legal_form(&words, country);
    let own_text = own.join(" ");
    let own_text = if form.is_some() { without_end(&own_text) } else { own_text.as_str() };
    let mends = if own_text.chars().any(char::is_uppercase) {
        shouts(own_text, &words[own.len()..], form)
    } else {
        is_one_case([own_text])
    };
    let mut name =
        if mends { repaired(own_text, Style::Organisation) } else { own_text.to_owned() };
    if let Some(form) = form {
        name.push(' ');
        name.push_str(form);
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
        let rest = text.strip_prefix("Mc").unwrap_or(text);
        rest.chars().any(char::is_lowercase)
    };
    if own.split(' ').any(small) || delivered_form.iter().any(|word| small(word)) {
        return false;
    }
    let letters = own.chars().filter(|c| c.is_alphabetic()).count();
    letters > ACRONYM || form.is_some_and(|form| form.chars().any(char::is_lowercase))
}

/// Words that join what follows to what stands before.
const JOINING: [&str; 8] = ["&", "+", "and", "e", "ed", "et", "und", "y"];

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
        // What an "and" joins to the name is a part of it: `Salon & Spa`.
        if own.last().is_some_and(|word| JOINING.contains(&word.to_lowercase().as_str())) {
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
    if let Some(form) = same().find(|form| form.is_of(country)) {
        return Some(form.shown);
    }
    let mut unmistakable = same().filter(|form| is_unmistakable(form.shown, delivered));
    let first = unmistakable.next()?;
    if unmistakable.next().is_some() { None } else { Some(first.shown) }
}

/// Whether a form is spelled as no word of a name is: `S.p.A.`, `A/S`, `ApS`.
fn is_unmistakable(shown: &str, delivered: &[&str]) -> bool {
    let delivered = delivered.concat();
    let is_marked = |text: &str| (text.contains('/'), text.matches('.').count() > 1);
    let inner_capital = shown.chars().skip_while(|c| c.is_uppercase()).any(char::is_uppercase);
    match is_marked(&delivered) {
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
            key.extend(character.to_lowercase());
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
mod tests {
    use super::*;

    fn read(text: &str, country: &str) -> String {
        standard(Cow::Borrowed(text), country).unwrap().into_owned()
    }

    #[test]
    fn forms_are_sorted_and_read_as_themselves() {
        let sorted = |pair: &[super::super::legal_forms::LegalForm]| {
            compare(pair[0].key, pair[1].key).is_le()
        };
        assert!(LEGAL_FORMS.windows(2).all(sorted));
        for form in &LEGAL_FORMS {
            let name = format!("Nordwind {}", form.shown);
            assert_eq!(read(&name, form.home()), name);
        }
    }

    #[test]
    fn names() {
        let table = [
            ("NORDWIND GMBH", "DE", "Nordwind GmbH"),
            ("Nordwind G.m.b.H.", "DE", "Nordwind GmbH"),
            ("nordwind gmbh und co kg", "DE", "Nordwind GmbH & Co. KG"),
            ("Nordwind GmbH & Co.KG", "DE", "Nordwind GmbH & Co. KG"),
            ("NORDWIND GMBH & CO. KG", "US", "Nordwind GmbH & Co. KG"),
            ("Nordwind Gesellschaft mit beschränkter Haftung", "DE", "Nordwind GmbH"),
            ("Nordwind GmbH i.L.", "DE", "Nordwind GmbH i.L."),
            ("Nordwind GmbH, Niederlassung Bremen", "DE", "Nordwind GmbH, Niederlassung Bremen"),
            ("Acme, Inc.", "US", "Acme Inc"),
            ("ACME INCORPORATED", "US", "Acme Inc"),
            ("Acme Limited", "GB", "Acme Ltd"),
            ("Acme Private Limited", "IN", "Acme Pvt Ltd"),
            ("Acme Pty. Ltd.", "AU", "Acme Pty Ltd"),
            ("Acme Proprietary Limited", "AU", "Acme Pty Ltd"),
            ("Acme Co., Ltd.", "JP", "Acme Co Ltd"),
            ("Smith and Company", "US", "Smith & Co"),
            ("Acme L.L.C.", "US", "Acme LLC"),
            ("Acme Limited Liability Company", "US", "Acme LLC"),
            ("Acme Public Limited Company", "GB", "Acme plc"),
            ("Acme SA", "FR", "Acme S.A."),
            ("ACME, S.A. DE C.V.", "MX", "Acme S.A. de C.V."),
            ("Acme SA de CV", "MX", "Acme S.A. de C.V."),
            ("Molino Srl", "IT", "Molino S.r.l."),
            ("Molino SPA", "IT", "Molino S.p.A."),
            ("Tulp BV", "NL", "Tulp B.V."),
            // In Denmark it is written with the stroke.
            ("Fjord A/S", "DK", "Fjord A/S"),
            ("Fjord AS", "NO", "Fjord AS"),
            ("Acme Sp. z o.o.", "PL", "Acme sp. z o.o."),
            ("Acme Spółka z ograniczoną odpowiedzialnością", "PL", "Acme sp. z o.o."),
            ("Acme S.à r.l.", "LU", "Acme S.à r.l."),
            ("Acme Sàrl", "CH", "Acme Sàrl"),
            ("Acme Aktiengesellschaft", "CH", "Acme AG"),
            ("PLC", "GB", "PLC"),
            ("Acme", "US", "Acme"),
            ("Acme Company, The", "US", "The Acme Co"),
            ("Turnverein Musterstadt e. V.", "DE", "Turnverein Musterstadt e.V."),
            ("株式会社テスト", "JP", "株式会社テスト"),
        ];
        for (text, country, expected) in table {
            assert_eq!(read(text, country), expected, "{text}");
        }
    }

    #[test]
    fn a_form_is_none_elsewhere() {
        for name in [
            "Serenity Salon & Spa",
            "Rapid EV",
            "Reno NV",
            "Blue Door AS",
            "Team SE",
            "Bright Ideas AG",
            "Hampton Sa",
            "Corner Store KG",
            "Golden Gate SL",
            "Maple EG",
            "Good Cv",
            "My SAS",
            "Data SCI",
            "Casa SL",
            "Pico OY",
            "Nail Bar SRL",
            "Sunset UG",
            "Ranch KK",
            "Vista AB",
            "Green VOF",
            "Sales Co",
            "Vinyl LP",
            "Boston MA",
        ] {
            assert_eq!(read(name, "US"), name);
        }
        assert_eq!(read("Salon & Spa", "GB"), "Salon & Spa");
        assert_eq!(read("Reno NV", "NL"), "Reno N.V.");
        assert_eq!(read("Nordwind AG", "XX"), "Nordwind AG");
    }

    #[test]
    fn an_unmistakable_spelling_is_a_form_anywhere() {
        for (text, expected) in [
            ("Molino S.P.A.", "Molino S.p.A."),
            ("Nordlys A/S", "Nordlys A/S"),
            ("Turnverein e.V.", "Turnverein e.V."),
            ("Weber GbR", "Weber GbR"),
            ("Tulp n.v.", "Tulp N.V."),
            ("Pekka d.o.o.", "Pekka d.o.o."),
            ("Hora s. r. o.", "Hora s.r.o."),
            ("Lyset ApS", "Lyset ApS"),
            ("Acme A.G.", "Acme A.G."),
            ("Acme S.A.", "Acme S.A."),
            ("Acme s.a.s.", "Acme s.a.s."),
            ("Acme Aktiengesellschaft", "Acme AG"),
            ("Turnverein eingetragener Verein", "Turnverein e.V."),
        ] {
            assert_eq!(read(text, "US"), expected, "{text}");
        }
    }

    #[test]
    fn capitals_are_left_unless_the_whole_name_shouts() {
        for (text, expected) in [
            ("YMCA", "YMCA"),
            ("NASA Ltd", "NASA Ltd"),
            ("NASA LTD", "NASA Ltd"),
            ("AT&T Inc.", "AT&T Inc"),
            ("AT&T INC", "AT&T Inc"),
            ("H&M AB", "H&M AB"),
            ("BASF SE", "BASF SE"),
            ("HSBC plc", "HSBC plc"),
            ("KPMG LLP", "KPMG LLP"),
            ("UPS Inc.", "UPS Inc"),
            ("3M Co", "3M Co"),
            ("DHL", "DHL"),
            ("IBM Deutschland GmbH", "IBM Deutschland GmbH"),
            ("IBM DEUTSCHLAND GMBH", "IBM Deutschland GmbH"),
            ("ibm deutschland gmbh", "IBM Deutschland GmbH"),
            ("ABC TOOLS INC", "ABC Tools Inc"),
            ("JPMORGAN CHASE & CO.", "Jpmorgan Chase & Co"),
            ("McDONALD'S CORP", "McDonald's Corp"),
            ("MCDONALD'S CORP", "McDonald's Corp"),
            ("ACME LTD", "Acme Ltd"),
            ("BMX LOGISTICS AG", "BMX Logistics AG"),
            ("BOSTON TEA HOUSE", "Boston Tea House"),
            ("iRobot Corp", "iRobot Corp"),
            ("eBay Inc", "eBay Inc"),
            ("NORDWIND GmbH", "NORDWIND GmbH"),
            ("acme ltd", "Acme Ltd"),
            ("Acme UK Ltd", "Acme UK Ltd"),
        ] {
            assert_eq!(read(text, "US"), expected, "{text}");
        }
    }
}
