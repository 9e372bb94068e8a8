//! A country as one world knows it: its lists, how steeply their frequencies fall, and the postcodes of its
//! towns.

use sample::Dice;

use super::locale::{Locale, filled};
use super::plan::Names;
use super::skew::Skew;

/// Where somebody lives, or has their office.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Home {
    street: &'static str,
    kind: usize,
    house: String,
    /// The town.
    pub city: &'static str,
    /// The postcode.
    pub postcode: String,
    town: usize,
}

/// A country as one world knows it.
pub struct Land {
    /// Its lists.
    pub locale: Locale,
    given: [Skew; 2],
    families: Skew,
    stems: Skew,
    endings: Skew,
    rare: u32,
    towns: Skew,
    postcodes: Vec<Vec<String>>,
    streets: Skew,
    kinds: Skew,
    firms: [Skew; 2],
}

impl Land {
    /// The country with that code.
    #[must_use]
    pub fn of(code: &str, names: &Names, dice: &mut Dice) -> Land {
        let locale = Locale::of(code);
        let known = (locale.families.len() * names.known as usize / 1_000).max(30);
        let flat = names.flatness;
        let of_town = |(rank, (_, pattern)): (usize, &(&str, &'static str))| {
            let count = 1 + 40 / (rank + 2);
            (0..count).map(|_| filled(pattern, dice)).collect()
        };
        let postcodes = locale.towns.iter().enumerate().map(of_town).collect();
        Land {
            given: [&locale.men, &locale.women].map(|list| Skew::over(list.len(), flat)),
            families: Skew::over(known.min(locale.families.len()), flat),
            stems: Skew::over(locale.stems.len(), 60),
            endings: Skew::over(locale.endings.len(), 4),
            rare: names.rare,
            towns: Skew::over(locale.towns.len(), flat / 4),
            postcodes,
            streets: Skew::over(locale.streets.len(), 10),
            kinds: Skew::over(locale.street_types.len(), 1),
            firms: [&locale.trades, &locale.brands].map(|list| Skew::over(list.len(), flat)),
            locale,
        }
    }

    /// A given name.
    pub fn given(&self, woman: bool, dice: &mut Dice) -> String {
        let at = self.given[usize::from(woman)].pick(dice);
        self.locale.given(woman)[at].to_owned()
    }

    /// A family name, as a man has it.
    pub fn family(&self, dice: &mut Dice) -> String {
        let one = |dice: &mut Dice| {
            if dice.chance(self.rare) {
                return self.locale.rare_family(&self.stems, &self.endings, dice);
            }
            self.locale.families[self.families.pick(dice)].to_owned()
        };
        let first = one(dice);
        // The father's and the mother's.
        if self.locale.region == "ES" { format!("{first} {}", one(dice)) } else { first }
    }

    /// What a firm does, and a word it is called by.
    pub fn trade_and_word(&self, dice: &mut Dice) -> (&'static str, String) {
        let trade = self.locale.trades[self.firms[0].pick(dice)];
        let word = match dice.below(10) {
            0..=4 => self.locale.brands[self.firms[1].pick(dice)].to_owned(),
            5..=7 => self.family(dice),
            8 => format!("{} & {}", self.family(dice), self.family(dice)),
            _ => self.locale.towns[self.towns.pick(dice)].0.to_owned(),
        };
        (trade, word)
    }

    /// A place to live.
    pub fn home(&self, dice: &mut Dice) -> Home {
        self.home_in(self.towns.pick(dice), dice)
    }

    /// A place to live in the town of another.
    pub fn home_near(&self, other: &Home, dice: &mut Dice) -> Home {
        self.home_in(other.town, dice)
    }

    fn home_in(&self, town: usize, dice: &mut Dice) -> Home {
        let most = 10 + dice.below(190);
        let house = 1 + dice.below(most);
        let house = match (self.locale.region, dice.below(100)) {
            ("US", 0..=14) => format!("{} Apt {}", 100 + house, 1 + dice.below(40)),
            ("US", _) => format!("{}", dice.below(40) * 100 + house),
            ("PL", 0..=39) => format!("{house}/{}", 1 + dice.below(60)),
            ("DE" | "SE" | "GB" | "FR", 0..=7) => {
                format!("{house}{}", ["a", "b", "c"][dice.index(3)])
            }
            _ => house.to_string(),
        };
        let codes = &self.postcodes[town];
        Home {
            street: self.locale.streets[self.streets.pick(dice)],
            kind: self.kinds.pick(dice),
            house,
            city: self.locale.towns[town].0,
            postcode: codes[dice.index(codes.len())].clone(),
            town,
        }
    }

    /// Street and house number as somebody writes them: in short or in full.
    pub fn street(&self, home: &Home, short: bool, dice: &mut Dice) -> String {
        let forms = &self.locale.street_types[home.kind];
        let mut kind = forms[if short { dice.index(forms.len()) } else { 0 }].to_owned();
        let mut street = home.street.to_owned();
        if !self.locale.form.contains('T') {
            kind.clear();
            if short {
                street = self.shortened(&street, dice)
            }
        }
        // Whoever lives at 12 Apt 4 has the flat behind the street.
        let (house, flat) = match home.house.split_once(" Apt ") {
            Some((house, flat)) => (house, format!(" {} {flat}", if short { "#" } else { "Apt" })),
            None => (&*home.house, String::new()),
        };
        let part = |sign: &str| match sign {
            "N" => house.to_owned(),
            "T" => kind.clone(),
            _ => street.clone(),
        };
        let parts: Vec<String> =
            self.locale.form.split(' ').map(part).filter(|it| !it.is_empty()).collect();
        format!("{}{flat}", parts.join(" "))
    }

    /// A street whose kind is its ending, in short.
    fn shortened(&self, street: &str, dice: &mut Dice) -> String {
        for forms in &self.locale.street_types {
            if let Some(stem) = street.strip_suffix(forms[0]) {
                return format!("{stem}{}", forms[1 + dice.index(forms.len() - 1)]);
            }
        }
        street.to_owned()
    }

    /// A telephone number as it is written at home.
    pub fn phone(&self, mobile: bool, dice: &mut Dice) -> String {
        let patterns = if mobile { &self.locale.mobiles } else { &self.locale.landlines };
        filled(patterns[dice.index(patterns.len())], dice)
    }

    /// A telephone number in one of the ways people write it.
    pub fn written(&self, phone: &str, dice: &mut Dice) -> String {
        let (code, trunk) = self.locale.dial;
        match dice.below(4) {
            0 => phone.chars().filter(char::is_ascii_digit).collect(),
            1 => format!("{code} {}", phone.strip_prefix(trunk).unwrap_or(phone)),
            2 => phone.replace([' ', '-'], "."),
            _ => phone.to_owned(),
        }
    }
}
