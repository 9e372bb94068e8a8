//! What a source knows of a customer: its columns, its styles, its slips.

use super::customers::{Customer, Organisation, PROVIDERS, Person, Who};
use super::day::Day;
use super::dice::Dice;
use super::noise::{abbreviated, slip, without_marks, wrong_digit};
use super::places::Country;

/// The three sources.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Source {
    Crm,
    Webshop,
    Support,
}

impl Source {
    pub const ALL: [Source; 3] = [Source::Crm, Source::Webshop, Source::Support];

    /// Its name in `steward.toml`.
    pub fn name(self) -> &'static str {
        match self {
            Source::Crm => "crm",
            Source::Webshop => "webshop",
            Source::Support => "support",
        }
    }
}

/// A record as the source delivers it; an empty text is an absent value.
#[derive(Debug, Clone)]
pub(super) struct Record {
    pub source: Source,
    /// The number of the customer it is of.
    pub customer: u32,
    pub given: String,
    pub family: String,
    pub organisation: String,
    pub email: String,
    pub phone: String,
    pub mobile: String,
    pub street: String,
    pub city: String,
    pub region: String,
    pub postcode: String,
    pub country: String,
    pub birth: String,
    pub national_id: String,
    pub vat_id: String,
    pub occupation: String,
    pub credit_limit: String,
    pub consent: String,
    pub since: String,
    pub updated: String,
    /// What was made invalid: field and rule.
    pub planted: Vec<(&'static str, &'static str)>,
}

/// How `source` writes `customer` down.
pub(super) fn observe(customer: &Customer, number: u32, source: Source, dice: &mut Dice) -> Record {
    let updated = Day::within_half_years(2023, 7, dice);
    let country = customer.country;
    let mut record = Record {
        source,
        customer: number,
        given: String::new(),
        family: String::new(),
        organisation: String::new(),
        email: email(customer, dice),
        phone: String::new(),
        mobile: String::new(),
        street: String::new(),
        city: String::new(),
        region: String::new(),
        postcode: String::new(),
        country: if source == Source::Webshop { country.name } else { country.code }.to_owned(),
        birth: String::new(),
        national_id: String::new(),
        vat_id: String::new(),
        occupation: String::new(),
        credit_limit: String::new(),
        consent: consent(source, customer.consents != dice.chance(60)).to_owned(),
        since: String::new(),
        updated: match source {
            Source::Webshop => updated.iso(),
            _ => format!("{}T{:02}:{:02}:00Z", updated.iso(), dice.below(24), dice.below(60)),
        },
        planted: Vec::new(),
    };
    telephones(customer, &mut record, dice);
    address(customer, updated, &mut record, dice);
    match &customer.who {
        Who::Person(person) => describe_person(person, country, updated, &mut record, dice),
        Who::Organisation(it) => describe_organisation(it, &mut record, dice),
    }
    if source == Source::Crm {
        record.credit_limit = (dice.between(0, 500) * 100).to_string();
        let first = match &customer.who {
            Who::Person(person) => (person.birth.year + 18).max(1999),
            Who::Organisation(_) => 1999,
        };
        let since = Day::within(first, 2025, dice);
        record.since = if country.code == "US" { since.american() } else { since.iso() };
    }
    if dice.chance(150) {
        record.consent.clear();
    }
    record
}

fn consent(source: Source, consents: bool) -> &'static str {
    match (source, consents) {
        (Source::Crm, true) => "Y",
        (Source::Crm, false) => "N",
        (Source::Webshop, true) => "true",
        (Source::Webshop, false) => "false",
        (Source::Support, true) => "yes",
        (Source::Support, false) => "no",
    }
}

fn email(customer: &Customer, dice: &mut Dice) -> String {
    let email = &customer.email;
    let Some((local, domain)) = email.split_once('@') else { return email.clone() };
    match dice.below(1000) {
        0..20 => format!("{}@{domain}", slip(local, dice)),
        20..90 if matches!(customer.who, Who::Person(_)) => {
            // A second address of the same person.
            let local = local.split(".sample").next().unwrap_or(local);
            format!("{local}@{}", dice.pick(&PROVIDERS[..8]))
        }
        90..130 => email.to_uppercase(),
        _ => email.clone(),
    }
}

fn telephones(customer: &Customer, record: &mut Record, dice: &mut Dice) {
    let country = customer.country;
    let written = |number: &str, dice: &mut Dice| {
        if number.is_empty() {
            return String::new();
        }
        let wrong = dice.chance(20).then(|| wrong_digit(number, dice));
        in_style(wrong.as_deref().unwrap_or(number), country, record.source, dice)
    };
    if record.source == Source::Crm {
        record.phone = written(&customer.phone, dice);
        record.mobile = written(&customer.mobile, dice);
        if dice.chance(350) {
            record.mobile.clear();
        }
    } else if dice.chance(400) && !customer.mobile.is_empty() {
        record.phone = written(&customer.mobile, dice);
    } else {
        record.phone = written(&customer.phone, dice);
    }
    // At least one way to reach the customer stays.
    match dice.below(1000) {
        0..80 => record.phone.clear(),
        80..150 => record.email.clear(),
        _ => {}
    }
}

fn in_style(number: &str, country: &Country, source: Source, dice: &mut Dice) -> String {
    if !country.is_north_american() {
        let (code, rest) = number.split_at(3);
        return match dice.below(3) {
            0 => number.to_owned(),
            1 => format!("{code} {rest}"),
            _ => format!("{code} {} {}", &rest[..2], &rest[2..]),
        };
    }
    let (area, line) = (&number[2..5], &number[8..]);
    match (source, dice.below(4)) {
        (Source::Crm, 0..3) => format!("({area}) 555-{line}"),
        (Source::Webshop, 0..2) => format!("{area}-555-{line}"),
        (Source::Webshop, 2) => format!("{area}555{line}"),
        (Source::Support, 0..2) => number.to_owned(),
        (Source::Support, 2) => format!("1-{area}-555-{line}"),
        _ => format!("+1 {area} 555 {line}"),
    }
}

fn address(customer: &Customer, updated: Day, record: &mut Record, dice: &mut Dice) {
    if dice.chance(50) {
        return;
    }
    let home = match &customer.former_home {
        Some((former, until)) if updated < *until => former,
        _ => &customer.home,
    };
    record.street = match dice.below(1000) {
        0..300 => abbreviated(&home.street),
        300..340 => slip(&home.street, dice),
        _ => home.street.clone(),
    };
    record.city = home.city.to_owned();
    if dice.chance(20) {
        record.city = slip(home.city, dice);
    }
    if dice.chance(900) {
        record.region = home.region.to_owned();
    }
    record.postcode.clone_from(&home.postcode);
    if record.source == Source::Webshop && dice.chance(300) {
        record.street = without_marks(&record.street, dice);
        record.city = without_marks(&record.city, dice);
    }
}

fn describe_person(
    person: &Person,
    country: &Country,
    updated: Day,
    record: &mut Record,
    dice: &mut Dice,
) {
    record.given = given(person, dice);
    record.family = match &person.former_family {
        Some((former, until)) if updated < *until => former.clone(),
        _ => person.family.clone(),
    };
    if dice.chance(35) {
        record.family = slip(&record.family, dice);
    }
    if record.source != Source::Crm && dice.chance(300) {
        record.given = without_marks(&record.given, dice);
        record.family = without_marks(&record.family, dice);
    }
    if dice.chance(15) {
        std::mem::swap(&mut record.given, &mut record.family);
    }
    if record.source == Source::Webshop {
        let change: fn(&str) -> String = match dice.below(1000) {
            0..80 => str::to_lowercase,
            80..130 => str::to_uppercase,
            _ => str::to_owned,
        };
        record.given = change(&record.given);
        record.family = change(&record.family);
    }
    let birth = match person.birth.swapped() {
        Some(swapped) if dice.chance(20) => swapped,
        _ => person.birth,
    };
    if dice.chance(if record.source == Source::Webshop { 650 } else { 880 }) {
        record.birth = match (record.source, country.code == "US") {
            (Source::Crm, true) => birth.american(),
            (Source::Webshop, false) => birth.european(),
            _ => birth.iso(),
        };
    }
    if record.source == Source::Crm {
        if let Some(id) = &person.national_id
            && (person.shares_national_id || dice.chance(750))
        {
            record.national_id.clone_from(id);
            if person.shares_national_id {
                record.planted.push(("national_id", "national-id-unique"));
            }
        }
        if dice.chance(700) {
            record.occupation = person.occupation.to_owned();
        }
    }
}

fn given(person: &Person, dice: &mut Dice) -> String {
    let name = &person.given;
    match dice.below(1000) {
        0..110 => super::names::nickname(name, dice).unwrap_or(name).to_owned(),
        110..150 => slip(name, dice),
        150..165 => name.chars().take(1).chain(['.']).collect(),
        165..300 => match person.middle {
            Some(middle) => format!("{name} {middle}."),
            None => name.clone(),
        },
        _ => name.clone(),
    }
}

fn describe_organisation(organisation: &Organisation, record: &mut Record, dice: &mut Dice) {
    let name = match dice.below(1000) {
        0..40 => slip(&organisation.name, dice),
        40..90 => organisation.name.to_uppercase(),
        90..120 => organisation.name.replace(" & ", " and "),
        _ => organisation.name.clone(),
    };
    record.organisation =
        if dice.chance(80) { name } else { format!("{name} {}", dice.pick(organisation.forms)) };
    if record.source != Source::Support && dice.chance(800) {
        record.vat_id.clone_from(&organisation.vat_id);
    }
}
