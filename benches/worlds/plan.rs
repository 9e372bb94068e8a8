//! What a world is like: drawn from its seed, and from nothing else.
//!
//! Rates are per mille. They are drawn for each world and, where people who type differ, for each
//! source, so that no engine can be tuned to one of them.

use sample::Dice;
use serde::Serialize;

use super::field::Field;
use super::locale::codes;

/// Whom a world is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum About {
    /// People.
    People,
    /// Firms.
    Organisations,
    /// Both, in the same files.
    Both,
}

/// How the records of a world fall to those whom it is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Spread {
    /// Each has about as many.
    Even,
    /// The more records, the fewer have them.
    Falling,
    /// A few have very many.
    Heavy,
}

/// A world before anybody lives in it.
#[derive(Debug, Clone, Serialize)]
pub struct Plan {
    /// What it was drawn from.
    pub seed: u64,
    /// Whom it is about.
    pub about: About,
    /// The country.
    pub country: &'static str,
    /// Another one, and how many people have come from there.
    pub foreign: (&'static str, u32),
    /// How many records there are.
    pub records: u32,
    /// How many of them one person or firm has on the average, in tenths.
    pub tenths_each: u32,
    /// How they fall.
    pub spread: Spread,
    /// The fields that any source has, beside names.
    pub fields: Vec<Field>,
    /// Where records come from.
    pub sources: Vec<Source>,
    /// What people are called.
    pub names: Names,
    /// Who lives with whom.
    pub homes: Homes,
    /// What changes in the course of time.
    pub life: Life,
    /// What is special about firms.
    pub firms: Firms,
}

/// What people are called.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct Names {
    /// See [`Skew`](super::skew::Skew): the smaller, the more people share the commonest names.
    pub flatness: u32,
    /// How much of the list of common family names is known here.
    pub known: u32,
    /// Who has a rare family name.
    pub rare: u32,
    /// Who has the whole name of somebody else.
    pub namesakes: u32,
    /// Who has a second given name.
    pub second: u32,
}

/// Who lives with whom.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct Homes {
    /// Homes of a family.
    pub families: u32,
    /// Sons and daughters who have the name of their father or mother.
    pub juniors: u32,
    /// Brothers and sisters born on one day.
    pub twins: u32,
    /// Families with a mailbox for all.
    pub shared_mail: u32,
    /// People who give the telephone of their home.
    pub shared_phone: u32,
}

/// What changes in the course of time.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct Life {
    /// Who has moved.
    pub moved: u32,
    /// Women who have had another family name, and, half as often, firms that have had another name.
    pub renamed: u32,
    /// Records that say what somebody is called by.
    pub nicknames: u32,
    /// Who has a second mailbox.
    pub other_mail: u32,
    /// Who has a second telephone.
    pub other_phone: u32,
    /// Records that say how it was before.
    pub outdated: u32,
}

/// What is special about firms.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct Firms {
    /// Firms that are chains.
    pub chains: u32,
    /// How many branches a chain has at most.
    pub branches: u32,
    /// Firms with a sister of nearly the same name in the same house.
    pub sisters: u32,
    /// Firms in a house of many.
    pub shared_houses: u32,
    /// Branches that give the telephone of their head office.
    pub switchboard: u32,
    /// Records that call a firm by a part of its name, the other way round, or by its first letters.
    pub loosely: u32,
}

/// How a source writes names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum NameForm {
    /// In two columns.
    Split,
    /// `Given Family` in one.
    Whole,
    /// `Family, Given` in one.
    FamilyFirst,
}

/// Where records come from.
#[derive(Debug, Clone, Serialize)]
pub struct Source {
    /// Its name.
    pub name: &'static str,
    /// How many parts of all records it has.
    pub parts: u32,
    /// How it writes names.
    pub names: NameForm,
    /// Whether it writes addresses in one column.
    pub one_line: bool,
    /// How often each field is empty, in the order of [`Field::ALL`]; always: it has no such column.
    pub missing: [u32; Field::ALL.len()],
    /// What goes wrong in it.
    pub slips: Slips,
}

/// What goes wrong where somebody types, hears or scans, for each value.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct Slips {
    /// A wrong key.
    pub typing: u32,
    /// A letter that looks like another.
    pub scanning: u32,
    /// A letter that sounds like another.
    pub hearing: u32,
    /// A given name of which the first letter is there.
    pub initials: u32,
    /// A street, or a firm's name, in short.
    pub short: u32,
    /// Given and family name the other way round.
    pub swapped: u32,
    /// Two fields in one: both given names, or town and postcode in the street.
    pub run_together: u32,
    /// A wrong digit in a telephone number, a postcode or a registered number.
    pub digits: u32,
    /// A date with day and month exchanged, or a wrong part.
    pub dates: u32,
    /// A value that stands for none: `none@none.com`, `0000000000`, `1900-01-01`.
    pub junk: u32,
    /// A date of which the year is known.
    pub years: u32,
    /// A text in capitals.
    pub capitals: u32,
    /// A text without accents.
    pub plain: u32,
    /// The most letters that a name has room for; 0: any number.
    pub room: usize,
}

const SIZES: [u32; 14] =
    [300, 420, 580, 800, 1_100, 1_500, 2_100, 2_900, 4_000, 5_500, 7_600, 10_500, 14_500, 20_000];
const TENTHS: [u32; 12] = [12, 14, 17, 20, 24, 28, 34, 42, 55, 70, 90, 120];
const SOURCES: [&str; 4] = ["crm", "shop", "support", "archive"];

/// A rate that is mostly small and at most `most`.
fn rate(dice: &mut Dice, most: u32) -> u32 {
    let share = dice.below(1_001);
    share * share / 1_000 * most / 1_000
}

/// A number between two neighbours of a list.
fn along(list: &[u32], dice: &mut Dice) -> u32 {
    let at = dice.index(list.len() - 1);
    dice.between(list[at], list[at + 1])
}

impl Plan {
    /// The world of a seed, with so many records in a hundred of what it has by itself.
    #[must_use]
    pub fn of(seed: u64, scale: u32) -> Plan {
        let mut dice = Dice::new(seed);
        let about = match dice.below(10) {
            0..=5 => About::People,
            6 | 7 => About::Organisations,
            _ => About::Both,
        };
        let countries = codes();
        let country = countries[dice.index(countries.len())];
        let other = countries[dice.index(countries.len())];
        let records = (along(&SIZES, &mut dice) * scale / 100).max(100);
        let tenths_each = along(&TENTHS, &mut dice);
        let spread = [Spread::Even, Spread::Falling, Spread::Heavy][dice.index(3)];
        let foreign = (other, rate(&mut dice, 300));
        let fields = fields(&mut dice, about);
        let count = 1 + dice.index(SOURCES.len());
        let sources =
            SOURCES[..count].iter().map(|name| source(name, &fields, &mut dice)).collect();
        Plan {
            seed,
            about,
            country,
            foreign,
            records,
            tenths_each,
            spread,
            fields,
            sources,
            names: names(&mut dice),
            homes: homes(&mut dice),
            life: life(&mut dice),
            firms: firms(&mut dice),
        }
    }
}

/// What any source has, beside names: at least two signs of who it is, mostly.
fn fields(dice: &mut Dice, about: About) -> Vec<Field> {
    let people = about != About::Organisations;
    let mut fields = Vec::new();
    let mut throw = |field, per_mille| {
        if dice.chance(per_mille) {
            fields.push(field);
        }
    };
    throw(Field::Birth, if people { 750 } else { 0 });
    throw(Field::Gender, if people { 250 } else { 0 });
    throw(Field::Email, 700);
    throw(Field::Phone, 700);
    throw(Field::Number, 150);
    let address: &[Field] = match dice.below(20) {
        0..=2 => &[],
        3..=5 => &[Field::City],
        6..=7 => &[Field::City, Field::Postcode],
        _ => &[Field::Street, Field::City, Field::Postcode],
    };
    fields.extend(address);
    let signs = fields.iter().filter(|field| **field != Field::Gender).count();
    // A name and a town are what a register of long ago has; firms would have nothing.
    if signs < 2 || !people && signs < 3 {
        for field in [Field::Email, Field::Street, Field::City, Field::Postcode] {
            if !fields.contains(&field) {
                fields.push(field);
            }
        }
    }
    fields
}

fn source(name: &'static str, fields: &[Field], dice: &mut Dice) -> Source {
    let mut missing = [1_000; Field::ALL.len()];
    for field in [Field::Given, Field::Family, Field::Organisation] {
        missing[field.place()] = rate(dice, 20);
    }
    for field in fields {
        let lacks = dice.chance(200) && fields.len() > 3;
        let empty = rate(dice, 900);
        missing[field.place()] = if lacks { 1_000 } else { empty };
    }
    let names =
        [NameForm::Split, NameForm::Split, NameForm::Whole, NameForm::FamilyFirst][dice.index(4)];
    let one_line = dice.chance(150) && missing[Field::Street.place()] < 1_000;
    Source { name, parts: dice.between(1, 10), names, one_line, missing, slips: slips(dice) }
}

fn slips(dice: &mut Dice) -> Slips {
    let scanned = dice.chance(200);
    let heard = dice.chance(350);
    Slips {
        typing: 2 + rate(dice, 100),
        scanning: if scanned { 10 + rate(dice, 80) } else { 0 },
        hearing: if heard { 5 + rate(dice, 60) } else { 0 },
        initials: rate(dice, 200),
        short: rate(dice, 900),
        swapped: rate(dice, 40),
        run_together: rate(dice, 50),
        digits: 2 + rate(dice, 60),
        dates: 2 + rate(dice, 80),
        junk: rate(dice, 40),
        years: if dice.chance(200) { rate(dice, 700) } else { 0 },
        capitals: if dice.chance(150) { 1_000 } else { rate(dice, 100) },
        plain: if dice.chance(250) { 1_000 } else { rate(dice, 100) },
        room: if dice.chance(120) { dice.between(7, 14) as usize } else { 0 },
    }
}

fn names(dice: &mut Dice) -> Names {
    Names {
        flatness: dice.between(2, 40),
        known: dice.between(300, 1_000),
        rare: dice.between(100, 600),
        namesakes: rate(dice, 120),
        second: dice.between(0, 500),
    }
}

fn homes(dice: &mut Dice) -> Homes {
    Homes {
        families: dice.between(0, 800),
        juniors: rate(dice, 250),
        twins: rate(dice, 100),
        shared_mail: rate(dice, 400),
        shared_phone: rate(dice, 500),
    }
}

fn life(dice: &mut Dice) -> Life {
    Life {
        moved: rate(dice, 800),
        renamed: rate(dice, 400),
        nicknames: rate(dice, 350),
        other_mail: dice.between(0, 500),
        other_phone: dice.between(0, 500),
        outdated: dice.between(50, 500),
    }
}

fn firms(dice: &mut Dice) -> Firms {
    Firms {
        chains: rate(dice, 120),
        branches: dice.between(2, 25),
        sisters: rate(dice, 120),
        shared_houses: rate(dice, 200),
        switchboard: dice.between(0, 600),
        loosely: rate(dice, 500),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plan_follows_from_its_seed() {
        let told = |seed| serde_json::to_string(&Plan::of(seed, 100)).unwrap();
        assert_eq!(told(7), told(7));
        assert_ne!(told(7), told(8));
    }

    #[test]
    fn worlds_differ_in_every_way() {
        let plans: Vec<Plan> = (1..=200).map(|seed| Plan::of(seed, 100)).collect();
        for about in [About::People, About::Organisations, About::Both] {
            assert!(plans.iter().filter(|plan| plan.about == about).count() > 15, "{about:?}");
        }
        for code in codes() {
            assert!(plans.iter().any(|plan| plan.country == code), "{code}");
        }
        assert!(plans.iter().all(|plan| (300..=20_000).contains(&plan.records)));
        assert!(plans.iter().all(|plan| (12..=120).contains(&plan.tenths_each)));
        for few in [true, false] {
            assert!(plans.iter().any(|plan| (plan.sources.len() == 1) == few));
        }
        for plan in &plans {
            let signs = plan.fields.iter().filter(|field| **field != Field::Gender).count();
            assert!(signs >= 2, "seed {}: {:?}", plan.seed, plan.fields);
        }
    }
}
