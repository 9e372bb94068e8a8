//! Who the customers really are: people and organisations, alone or in the constellations that
//! make matching hard.

use std::cell::Cell;

use super::day::Day;
use super::dice::Dice;
use super::names::{Names, ORGANISATION_FIRST, ORGANISATION_TRADE, Origin};
use super::places::{Address, Country};

/// A real person or organisation.
#[derive(Clone)]
pub(super) struct Customer {
    pub who: Who,
    pub country: &'static Country,
    pub home: Address,
    /// The home before a move, until that day.
    pub former_home: Option<(Address, Day)>,
    pub email: String,
    pub phone: String,
    pub mobile: String,
    pub consents: bool,
}

/// What a customer is.
#[derive(Clone)]
pub(super) enum Who {
    Person(Person),
    Organisation(Organisation),
}

/// A person.
#[derive(Clone)]
pub(super) struct Person {
    pub given: String,
    pub middle: Option<char>,
    pub family: String,
    /// The family name before a marriage, until that day.
    pub former_family: Option<(String, Day)>,
    pub birth: Day,
    pub national_id: Option<String>,
    pub occupation: &'static str,
    /// Whether the national id is also, wrongly, on another customer's records.
    pub shares_national_id: bool,
}

/// A company or other organisation.
#[derive(Clone)]
pub(super) struct Organisation {
    pub name: String,
    /// The ways its legal form is written.
    pub forms: &'static [&'static str],
    pub vat_id: String,
}

/// Makes customers.
pub(super) struct Maker {
    pub names: Names,
    /// Whether there are more customers than numbers under 555-01xx.
    pub is_large: bool,
    /// National ids given out so far: no two people get one by chance.
    pub ids: Cell<u64>,
}

impl Maker {
    /// The next customers: one, or several that have to do with each other.
    pub fn next(&self, dice: &mut Dice) -> Vec<Customer> {
        match dice.below(1000) {
            0..600 => vec![self.person(dice)],
            600..700 => vec![self.organisation(dice)],
            700..840 => self.couple(dice),
            840..890 => self.twins(dice),
            890..930 => self.father_and_son(dice),
            930..975 => self.parent_and_children(dice),
            _ => self.mixed_up_ids(dice),
        }
    }

    fn person(&self, dice: &mut Dice) -> Customer {
        let country = Country::pick(dice);
        let origin = country.origin(dice);
        let birth = birth(1938, 2006, dice);
        let is_male = dice.chance(500);
        let family = self.names.family(origin, dice);
        let home = country.address(dice);
        let mut customer = self.with_home(country, home, origin, &family, is_male, birth, dice);
        if dice.chance(120) {
            let day = Day::within(2024, 2025, dice);
            customer.former_home = Some((country.address(dice), day));
        }
        if let Who::Person(person) = &mut customer.who
            && !is_male
            && birth.year < 2002
            && dice.chance(60)
        {
            let former = self.names.family(origin, dice);
            person.former_family = Some((former, Day::within(2024, 2025, dice)));
        }
        customer
    }

    #[allow(clippy::too_many_arguments, reason = "the facts of one person, given only here")]
    fn with_home(
        &self,
        country: &'static Country,
        home: Address,
        origin: Origin,
        family: &str,
        is_male: bool,
        birth: Day,
        dice: &mut Dice,
    ) -> Customer {
        let given = self.names.given(origin, is_male, birth.year, dice);
        let phone = country.phone(home.area_code, false, self.is_large, dice);
        let mobile = country.phone("", true, self.is_large, dice);
        let email = email(&given, family, birth, dice);
        let national_id = (country.code == "US").then(|| self.national_id());
        let person = Person {
            given,
            middle: dice.chance(250).then(|| char::from(b"ABCDEFGHJKLMNPRSTW"[dice.index(18)])),
            family: family.to_owned(),
            former_family: None,
            birth,
            national_id,
            occupation: dice.pick(&super::names::OCCUPATIONS),
            shares_national_id: false,
        };
        Customer {
            who: Who::Person(person),
            country,
            home,
            former_home: None,
            email,
            phone,
            mobile,
            consents: dice.chance(620),
        }
    }

    /// Two people of one household: home and telephone shared, at times the e-mail address.
    fn couple(&self, dice: &mut Dice) -> Vec<Customer> {
        let first = self.person(dice);
        let Who::Person(person) = &first.who else { return vec![first] };
        let origin = first.country.origin(dice);
        let family =
            if dice.chance(750) { person.family.clone() } else { self.names.family(origin, dice) };
        let year = person.birth.year;
        let born = birth(year.saturating_sub(6), (year + 6).min(2006), dice);
        let is_male = dice.chance(500);
        let home = first.home.clone();
        let mut second = self.with_home(first.country, home, origin, &family, is_male, born, dice);
        second.phone.clone_from(&first.phone);
        if dice.chance(300) {
            second.email.clone_from(&first.email);
        }
        vec![first, second]
    }

    /// Same birth date, family name, home and telephone; another given name.
    fn twins(&self, dice: &mut Dice) -> Vec<Customer> {
        let country = Country::pick(dice);
        let origin = country.origin(dice);
        let family = self.names.family(origin, dice);
        let home = country.address(dice);
        let born = birth(1960, 2006, dice);
        let is_male = dice.chance(500);
        let mut twin =
            |home: Address| self.with_home(country, home, origin, &family, is_male, born, dice);
        let first = twin(home.clone());
        let mut second = twin(home);
        second.phone.clone_from(&first.phone);
        while given(&second) == given(&first) {
            let other = self.names.given(origin, is_male, born.year, dice);
            if let Who::Person(person) = &mut second.who {
                second.email = email(&other, &person.family, born, dice);
                person.given = other;
            }
        }
        vec![first, second]
    }

    /// One name, one home, a generation between them.
    fn father_and_son(&self, dice: &mut Dice) -> Vec<Customer> {
        let country = Country::pick(dice);
        let origin = country.origin(dice);
        let family = self.names.family(origin, dice);
        let home = country.address(dice);
        let born = birth(1945, 1978, dice);
        let father = self.with_home(country, home.clone(), origin, &family, true, born, dice);
        let born = birth(born.year + 22, born.year + 28, dice);
        let mut son = self.with_home(country, home, origin, &family, true, born, dice);
        if let (Who::Person(father), Who::Person(son)) = (&father.who, &mut son.who) {
            son.given.clone_from(&father.given);
        }
        son.phone.clone_from(&father.phone);
        vec![father, son]
    }

    /// A parent and two grown-up children under one roof.
    fn parent_and_children(&self, dice: &mut Dice) -> Vec<Customer> {
        let parent = self.person(dice);
        let Who::Person(person) = &parent.who else { return vec![parent] };
        let family = person.family.clone();
        let origin = parent.country.origin(dice);
        let mut household = vec![parent];
        for _ in 0..2 {
            let born = birth(1990, 2006, dice);
            let is_male = dice.chance(500);
            let (country, home) = (household[0].country, household[0].home.clone());
            let mut child = self.with_home(country, home, origin, &family, is_male, born, dice);
            child.phone.clone_from(&household[0].phone);
            household.push(child);
        }
        household
    }

    /// Two strangers, one of whom was given the other's national id by mistake.
    fn mixed_up_ids(&self, dice: &mut Dice) -> Vec<Customer> {
        let mut both = vec![self.person(dice), self.person(dice)];
        let id = self.national_id();
        if both.iter().all(|customer| customer.country.code == "US") {
            for customer in &mut both {
                if let Who::Person(person) = &mut customer.who {
                    person.national_id = Some(id.clone());
                    person.shares_national_id = true;
                }
            }
        }
        both
    }

    /// Of the form of a social security number, from 900-01 to 999-49, which are never given out.
    fn national_id(&self) -> String {
        let serial = self.ids.get();
        self.ids.set(serial + 1);
        // The factor is a prime that does not divide the count: every number comes up once.
        let number = (serial + 4_417) * 19_260_817 % (100 * 49 * 9_999);
        let (area, group, last) = (number / (49 * 9_999), number / 9_999 % 49, number % 9_999);
        format!("{}-{:02}-{:04}", 900 + area, 1 + group, 1 + last)
    }

    fn organisation(&self, dice: &mut Dice) -> Customer {
        let country = Country::pick(dice);
        let home = country.address(dice);
        let first = dice.pick(&ORGANISATION_FIRST);
        let trade = dice.pick(&ORGANISATION_TRADE);
        let name = if dice.chance(350) {
            format!("{first} {trade} {}", home.city)
        } else {
            format!("{first} {trade}")
        };
        let forms: &[&[&str]] = match country.code {
            "US" => {
                &[&["Inc.", "Inc", "Incorporated"], &["LLC", "L.L.C."], &["Corp.", "Corporation"]]
            }
            "GB" => &[&["Ltd", "Ltd.", "Limited"], &["PLC", "plc"]],
            "DE" => &[&["GmbH", "G.m.b.H."], &["AG"], &["GmbH & Co. KG", "GmbH & Co KG"]],
            "FR" => &[&["SARL", "S.A.R.L."], &["SAS", "S.A.S."]],
            "NL" => &[&["B.V.", "BV"]],
            "AU" => &[&["Pty Ltd", "Pty. Ltd.", "Pty Limited"]],
            _ => &[&["Ltd.", "Limited"], &["Inc.", "Inc"]],
        };
        let forms = forms[dice.index(forms.len())];
        let slug: String =
            first.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_lowercase();
        let office = dice.pick(&["info", "office", "sales", "accounts", "hello"]);
        let email = format!("{office}@{slug}-{}.example.com", trade.to_lowercase());
        // No state gives out numbers that begin with 999.
        let vat_id = format!("{}999{:06}", country.code, dice.below(1_000_000));
        Customer {
            who: Who::Organisation(Organisation { name, forms, vat_id }),
            country,
            phone: country.phone(home.area_code, false, self.is_large, dice),
            mobile: String::new(),
            home,
            former_home: None,
            email,
            consents: dice.chance(500),
        }
    }
}

fn given(customer: &Customer) -> &str {
    match &customer.who {
        Who::Person(person) => &person.given,
        Who::Organisation(organisation) => &organisation.name,
    }
}

/// A day of birth that no placeholder looks like.
fn birth(first: u32, last: u32, dice: &mut Dice) -> Day {
    let mut day = Day::within(first, last, dice);
    if day.month == 1 && day.day == 1 {
        day.day = 2;
    }
    day
}

/// An address under a domain kept for examples, or under a provider's with a local part that
/// says it is made up.
fn email(given: &str, family: &str, birth: Day, dice: &mut Dice) -> String {
    let plain = |name: &str| -> String {
        deunicode::deunicode(name)
            .to_lowercase()
            .chars()
            .filter(char::is_ascii_alphabetic)
            .collect()
    };
    let (given, family) = (plain(given), plain(family));
    let initial = given.get(..1).unwrap_or("x");
    let local = match dice.below(5) {
        0 => format!("{given}.{family}"),
        1 => format!("{initial}{family}{:02}", birth.year % 100),
        2 => format!("{given}{}", dice.between(10, 999)),
        3 => format!("{family}.{given}{}", dice.between(1, 99)),
        _ => format!("{initial}.{family}"),
    };
    let domain = dice.pick(&PROVIDERS);
    if domain.contains("example") {
        format!("{local}@{domain}")
    } else {
        format!("{local}.sample{:04}@{domain}", dice.below(10_000))
    }
}

/// Domains of people's addresses; those of examples first.
pub(super) const PROVIDERS: [&str; 13] = [
    "example.com",
    "example.com",
    "example.com",
    "example.org",
    "example.org",
    "example.net",
    "mail.example.com",
    "mail.example.org",
    "gmail.com",
    "outlook.com",
    "yahoo.com",
    "hotmail.com",
    "icloud.com",
];
