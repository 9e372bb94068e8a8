//! What people, streets, towns and firms of a country are called: the lists in `data/`.
//!
//! A line is `key: item, item, ...`; lists of one key go on from line to line, the commonest first. A `#`
//! begins a comment. `type` is a kind of street with its short forms, `short` long words with theirs, `nick`
//! a given name with what it is called by. In `form` N, S and T are the house number, the street and its
//! kind, in `firm` T and W what a firm does and the word it is called by; `dial` is the country's code and what
//! a number within the country begins with instead. In numbers and postcodes `#` is a digit, `A` one from 2 to 9, `X` a letter.

use sample::Dice;

use super::skew::Skew;

/// The lists of a country.
pub struct Locale {
    /// The country, as `[workspace] region` names it.
    pub region: &'static str,
    /// The code of its telephone numbers, and what they begin with at home instead.
    pub dial: (&'static str, &'static str),
    /// How trade and word of a firm are put together.
    pub firm: &'static str,
    /// Given names of men.
    pub men: Vec<&'static str>,
    /// Given names of women.
    pub women: Vec<&'static str>,
    /// Family names.
    pub families: Vec<&'static str>,
    /// What rarer family names begin with.
    pub stems: Vec<&'static str>,
    /// What they end in.
    pub endings: Vec<&'static str>,
    /// Streets.
    pub streets: Vec<&'static str>,
    /// Kinds of street, each with its short forms.
    pub street_types: Vec<Vec<&'static str>>,
    /// How number, street and kind are put together.
    pub form: &'static str,
    /// Towns, each with the pattern of its postcodes.
    pub towns: Vec<(&'static str, &'static str)>,
    /// Patterns of telephone numbers of homes.
    pub landlines: Vec<&'static str>,
    /// Patterns of telephone numbers of people.
    pub mobiles: Vec<&'static str>,
    /// Whoever gives people their mailboxes.
    pub mails: Vec<&'static str>,
    /// Legal forms.
    pub legal: Vec<&'static str>,
    /// What firms do.
    pub trades: Vec<&'static str>,
    /// Words that firms are called by.
    pub brands: Vec<&'static str>,
    /// Long words of names of firms, and their short forms.
    pub short: Vec<(&'static str, &'static str)>,
    /// Given names, each with what it is called by.
    pub nicks: Vec<Vec<&'static str>>,
}

const TEXTS: [(&str, &str); 7] = [
    ("us", include_str!("data/us.txt")),
    ("gb", include_str!("data/gb.txt")),
    ("de", include_str!("data/de.txt")),
    ("fr", include_str!("data/fr.txt")),
    ("es", include_str!("data/es.txt")),
    ("se", include_str!("data/se.txt")),
    ("pl", include_str!("data/pl.txt")),
];

/// The codes of all countries there are lists of.
#[must_use]
pub fn codes() -> Vec<&'static str> {
    TEXTS.iter().map(|(code, _)| *code).collect()
}

/// The items of all lines of a key.
pub(super) fn list(text: &'static str, key: &str) -> Vec<&'static str> {
    lines(text, key).flat_map(items).collect()
}

fn lines<'a>(text: &'static str, key: &'a str) -> impl Iterator<Item = &'static str> + 'a {
    let parts = text.lines().filter_map(|line| line.split_once(": "));
    parts.filter(move |(found, _)| *found == key).map(|(_, rest)| rest)
}

fn items(line: &'static str) -> impl Iterator<Item = &'static str> {
    line.split(',').map(str::trim)
}

impl Locale {
    /// The lists of the country with that code; the first country's where there is no such code.
    #[must_use]
    pub fn of(code: &str) -> Locale {
        let found = TEXTS.iter().find(|(known, _)| *known == code);
        let text = found.unwrap_or(&TEXTS[0]).1;
        let word = |key| list(text, key).first().copied().unwrap_or_default();
        let pairs =
            |key, sign| list(text, key).into_iter().filter_map(move |it| it.split_once(sign));
        Locale {
            region: word("region"),
            dial: pairs("dial", '|').next().unwrap_or_default(),
            firm: word("firm"),
            men: list(text, "men"),
            women: list(text, "women"),
            families: list(text, "families"),
            stems: list(text, "stems"),
            endings: list(text, "endings"),
            streets: list(text, "streets"),
            street_types: lines(text, "type").map(|line| items(line).collect()).collect(),
            form: word("form"),
            towns: pairs("towns", '|').collect(),
            landlines: list(text, "landlines"),
            mobiles: list(text, "mobiles"),
            mails: list(text, "mails"),
            legal: list(text, "legal"),
            trades: list(text, "trades"),
            brands: list(text, "brands"),
            short: pairs("short", '=').collect(),
            nicks: lines(text, "nick").map(|line| items(line).collect()).collect(),
        }
    }

    /// Given names of either sex.
    #[must_use]
    pub fn given(&self, woman: bool) -> &[&'static str] {
        if woman { &self.women } else { &self.men }
    }

    /// What somebody of that given name is called by.
    #[must_use]
    pub fn nicknames(&self, given: &str) -> &[&'static str] {
        let found = self.nicks.iter().find(|names| names.first() == Some(&given));
        found.map_or(&[], |names| &names[1..])
    }

    /// A family name put together as rare ones are.
    pub fn rare_family(&self, stems: &Skew, endings: &Skew, dice: &mut Dice) -> String {
        let (stem, ending) = (self.stems[stems.pick(dice)], self.endings[endings.pick(dice)]);
        format!("{stem}{ending}")
    }

    /// A family name as a woman has it, where that makes a difference.
    #[must_use]
    pub fn of_a_woman(&self, family: &str) -> String {
        let changed = ["ski", "cki", "dzki"].iter().any(|ending| family.ends_with(ending));
        match family.strip_suffix('i') {
            Some(stem) if changed && self.region == "PL" => format!("{stem}a"),
            _ => family.to_owned(),
        }
    }
}

/// A text of a pattern: `#` becomes a digit, `A` one from 2 to 9, `X` a letter.
pub fn filled(pattern: &str, dice: &mut Dice) -> String {
    let letter = |sign: char, dice: &mut Dice| match sign {
        '#' => char::from(b'0' + dice.below(10) as u8),
        'A' => char::from(b'2' + dice.below(8) as u8),
        'X' => char::from(b'A' + dice.below(26) as u8),
        other => other,
    };
    pattern.chars().map(|sign| letter(sign, dice)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_country_has_every_list() {
        for code in codes() {
            let it = Locale::of(code);
            assert_eq!(it.region.to_lowercase(), code);
            assert!(
                it.men.len() >= 50 && it.women.len() >= 50 && it.families.len() >= 90,
                "{code}"
            );
            assert!(it.stems.len() * it.endings.len() >= 500, "{code}: rare names");
            assert!(it.streets.len() >= 50 && it.towns.len() >= 20, "{code}");
            for letter in ['N', 'S'] {
                assert!(it.form.contains(letter), "{code}");
            }
            for list in [&it.landlines, &it.mobiles, &it.mails, &it.legal, &it.trades, &it.brands] {
                assert!(list.len() >= 5 && list.iter().all(|item| !item.is_empty()), "{code}");
            }
            assert!(it.brands.len() >= 30, "{code}: what mailboxes are called by");
            assert!(!it.street_types.is_empty() && !it.short.is_empty(), "{code}");
            assert!(it.nicks.len() >= 25 && it.nicks.iter().all(|names| names.len() > 1), "{code}");
        }
    }

    #[test]
    fn a_pattern_is_filled_letter_by_letter() {
        let text = filled("A## X-", &mut Dice::new(1));
        let fits = text.chars().zip("A## X-".chars()).all(|(letter, sign)| match sign {
            '#' => letter.is_ascii_digit(),
            'A' => ('2'..='9').contains(&letter),
            'X' => letter.is_ascii_uppercase(),
            _ => letter == sign,
        });
        assert!(fits && text.len() == 6, "{text}");
    }
}
