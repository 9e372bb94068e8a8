//! What a source says of somebody: how things are or were, with the slips of whoever wrote it down.

use sample::Dice;

use super::field::{Cells, Field};
use super::firms::Firm;
use super::land::{Home, Land};
use super::people::Person;
use super::plan::{Life, Plan, Source};
use super::slips::{self, Slipping};

/// Whom a record can be about.
pub enum Being {
    /// A person.
    Person(Box<Person>),
    /// A firm.
    Firm(Box<Firm>),
}

/// Writes records.
pub struct Observer<'a> {
    life: Life,
    loosely: u32,
    lands: &'a [Land; 2],
    slipping: Slipping,
}

/// The first of some, or at times one before it.
fn one_of<'a, T>(all: &'a [T], outdated: u32, dice: &mut Dice) -> &'a T {
    if all.len() > 1 && dice.chance(outdated) {
        &all[1 + dice.index(all.len() - 1)]
    } else {
        &all[0]
    }
}

impl<'a> Observer<'a> {
    /// Of a world, whose own country is the first.
    #[must_use]
    pub fn of(plan: &Plan, lands: &'a [Land; 2]) -> Observer<'a> {
        Observer { life: plan.life, loosely: plan.firms.loosely, lands, slipping: Slipping::new() }
    }

    /// One record of somebody in a source.
    pub fn observe(&self, being: &Being, source: &Source, dice: &mut Dice) -> Cells {
        let mut cells = Cells::default();
        let home = match being {
            Being::Person(person) => {
                self.person(person, source, &mut cells, dice);
                one_of(&person.homes, self.life.outdated, dice)
            }
            Being::Firm(firm) => {
                self.firm(firm, source, &mut cells, dice);
                one_of(&firm.homes, self.life.outdated, dice)
            }
        };
        self.address(home, source, &mut cells, dice);
        self.spoil(source, &mut cells, dice);
        leave_out(being, source, &mut cells, dice);
        cells
    }

    fn person(&self, person: &Person, source: &Source, cells: &mut Cells, dice: &mut Dice) {
        let names = &self.lands[usize::from(person.foreign)];
        let slips = &source.slips;
        let nicknames = names.locale.nicknames(&person.given);
        let mut given = person.given.clone();
        if !nicknames.is_empty() && dice.chance(self.life.nicknames) {
            given = nicknames[dice.index(nicknames.len())].to_owned();
        } else if dice.chance(slips.initials) {
            given = format!("{}{}", slips::cut(&given, 1), if dice.chance(500) { "." } else { "" });
        }
        if let Some(second) = &person.second
            && dice.chance(slips.run_together * 4)
        {
            let initial = format!("{}.", slips::cut(second, 1));
            given = format!("{given} {}", if dice.chance(600) { &initial } else { second });
        }
        let mut family = one_of(&person.families, self.life.outdated, dice).clone();
        // Of two family names, forms have room for one.
        if names.locale.region == "ES"
            && dice.chance(slips.initials)
            && let Some((first, _)) = family.split_once(' ')
        {
            family = first.to_owned();
        }
        if let Some(suffix) = person.suffix.filter(|_| dice.chance(500)) {
            family = format!("{family} {suffix}");
        }
        if dice.chance(slips.swapped) {
            std::mem::swap(&mut given, &mut family);
        }
        set(cells, Field::Given, given);
        set(cells, Field::Family, family);
        set(cells, Field::Birth, born(person, source, dice));
        let woman = person.woman != dice.chance(8);
        set(cells, Field::Gender, if woman { "f" } else { "m" }.to_owned());
        let shared = person.family_mail.as_ref().filter(|_| dice.chance(400));
        let mail = shared.unwrap_or_else(|| one_of(&person.mails, self.life.outdated, dice));
        set(cells, Field::Email, mail.clone());
        let shared = person.home_phone.as_ref().filter(|_| dice.chance(500));
        let phone = shared.unwrap_or_else(|| one_of(&person.phones, self.life.outdated, dice));
        set(cells, Field::Phone, self.lands[0].written(phone, dice));
        set(cells, Field::Number, person.number.clone());
    }

    fn firm(&self, firm: &Firm, source: &Source, cells: &mut Cells, dice: &mut Dice) {
        let locale = &self.lands[0].locale;
        let mut name = one_of(&firm.names, self.life.outdated, dice).clone();
        if dice.chance(self.loosely) {
            name = loosely(&name, &firm.word, dice);
        }
        if dice.chance(source.slips.short) {
            let short = |word| {
                let found = locale.short.iter().find(|(long, _)| *long == word);
                found.map_or(word, |(_, short)| *short)
            };
            name = name.split(' ').map(short).collect::<Vec<_>>().join(" ");
        }
        if let Some(town) = firm.branch.filter(|_| dice.chance(600)) {
            name = format!("{name} {town}");
        }
        if let Some(legal) = firm.legal {
            // Most write the form as it is, some another spelling of it, some none.
            let other = locale.legal[dice.index(locale.legal.len().min(3))];
            match dice.below(10) {
                0..=5 => name = format!("{name} {legal}"),
                6 => name = format!("{name} {other}"),
                _ => {}
            }
        }
        set(cells, Field::Organisation, name);
        set(cells, Field::Email, one_of(&firm.mails, self.life.outdated, dice).clone());
        let phone = one_of(&firm.phones, self.life.outdated, dice);
        set(cells, Field::Phone, self.lands[0].written(phone, dice));
        set(cells, Field::Number, firm.number.clone());
    }

    fn address(&self, home: &Home, source: &Source, cells: &mut Cells, dice: &mut Dice) {
        let short = dice.chance(source.slips.short);
        let street = self.lands[0].street(home, short, dice);
        if dice.chance(source.slips.run_together) {
            set(cells, Field::Street, format!("{street}, {} {}", home.postcode, home.city));
            return;
        }
        set(cells, Field::Street, street);
        set(cells, Field::City, home.city.to_owned());
        set(cells, Field::Postcode, home.postcode.clone());
    }

    /// Each value by itself may have been typed, heard, scanned or cut.
    fn spoil(&self, source: &Source, cells: &mut Cells, dice: &mut Dice) {
        let slips = &source.slips;
        let plain = dice.chance(slips.plain);
        let capitals = dice.chance(slips.capitals);
        for field in Field::ALL {
            let text = &mut cells[field.place()];
            match field {
                _ if text.is_empty() => {}
                _ if has_junk(field) && dice.chance(slips.junk) => {
                    *text = junk(field, dice).to_owned()
                }
                Field::Birth | Field::Gender => {}
                Field::Phone | Field::Postcode | Field::Number => {
                    if dice.chance(slips.digits) {
                        *text = slips::wrong_digit(text, dice);
                    }
                }
                Field::Email => {
                    if dice.chance(slips.typing) {
                        *text = self.slipping.typed(text, dice);
                    }
                }
                _ => {
                    let is_name =
                        matches!(field, Field::Given | Field::Family | Field::Organisation);
                    *text = self.spoiled(text, source, is_name, dice);
                    if plain {
                        *text = slips::without_marks(text, dice);
                    }
                    if capitals {
                        *text = text.to_uppercase();
                    }
                }
            }
        }
    }

    fn spoiled(&self, text: &str, source: &Source, is_name: bool, dice: &mut Dice) -> String {
        let slips = &source.slips;
        let mut text = text.to_owned();
        if dice.chance(slips.hearing) {
            text = self.slipping.heard(&text, dice);
        }
        if dice.chance(slips.typing) {
            text = self.slipping.typed(&text, dice);
        }
        if dice.chance(slips.scanning) {
            text = self.slipping.scanned(&text, dice);
        }
        if is_name && slips.room > 0 { slips::cut(&text, slips.room) } else { text }
    }
}

fn set(cells: &mut Cells, field: Field, text: String) {
    cells[field.place()] = text;
}

fn born(person: &Person, source: &Source, dice: &mut Dice) -> String {
    if dice.chance(source.slips.years) {
        return format!("{}-01-01", &person.born[..4]);
    }
    if dice.chance(source.slips.dates) {
        slips::wrong_date(&person.born, dice)
    } else {
        person.born.clone()
    }
}

/// A firm's name as people say it who know which one is meant.
fn loosely(name: &str, word: &str, dice: &mut Dice) -> String {
    let words: Vec<&str> = name.split(' ').collect();
    match dice.below(10) {
        0..=3 => word.to_owned(),
        4..=7 => words.iter().rev().copied().collect::<Vec<_>>().join(" "),
        8 => words.iter().filter_map(|word| word.chars().next()).collect::<String>().to_uppercase(),
        _ => format!("{name} - {}", ["HQ", "2", "Service", "Group"][dice.index(4)]),
    }
}

const JUNK: [(Field, [&str; 3]); 4] = [
    (Field::Birth, ["1900-01-01", "1970-01-01", "1980-01-01"]),
    (Field::Email, ["none@none.com", "noreply@example.com", "na@na.com"]),
    (Field::Phone, ["0000000000", "1111111111", "123456789"]),
    (Field::Postcode, ["00000", "99999", "12345"]),
];

fn has_junk(field: Field) -> bool {
    JUNK.iter().any(|(own, _)| *own == field)
}

/// What people type who do not know, or will not say.
fn junk(field: Field, dice: &mut Dice) -> &'static str {
    let found = JUNK.iter().find(|(own, _)| *own == field);
    found.map_or("", |(_, texts)| texts[dice.index(texts.len())])
}

/// What a source does not say. Some name is always there.
fn leave_out(being: &Being, source: &Source, cells: &mut Cells, dice: &mut Dice) {
    let named = match being {
        Being::Person(_) => Field::Family,
        Being::Firm(_) => Field::Organisation,
    };
    for field in Field::ALL {
        let missing = dice.chance(source.missing[field.place()]);
        if missing && field != named {
            cells[field.place()].clear();
        }
    }
}
