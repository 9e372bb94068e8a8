//! Values made invalid on purpose, each with every rule of `steward.toml` that it breaks.

use super::customers::{Customer, Who};
use super::dice::Dice;
use super::record::{Record, Source};

/// A way to make a record invalid.
type Flaw = fn(&mut Record, &Customer, &mut Dice) -> bool;

/// Every way. Each gives false, and changes nothing, where the record has nothing to spoil.
const FLAWS: [Flaw; 19] = [
    no_family_name,
    unreachable,
    malformed_email,
    mistyped_domain,
    placeholder_email,
    malformed_phone,
    placeholder_phone,
    malformed_mobile,
    unknown_country,
    malformed_postcode,
    malformed_birth_date,
    impossible_birth_date,
    placeholder_birth_date,
    malformed_national_id,
    odd_consent,
    customer_before_birth,
    wild_credit_limit,
    malformed_vat_id,
    stale,
];

/// Spoils records now and then.
#[derive(Default)]
pub(super) struct Flaws {
    planted: [u32; FLAWS.len()],
}

impl Flaws {
    /// Spoils one in sixteen, in the way that was used least of those that fit: a sample of some
    /// hundred customers holds them all.
    pub fn plant(&mut self, record: &mut Record, customer: &Customer, dice: &mut Dice) {
        if !dice.chance(62) {
            return;
        }
        let mut order: [usize; FLAWS.len()] = std::array::from_fn(|index| index);
        order.sort_by_key(|flaw| self.planted[*flaw]);
        for flaw in order {
            if FLAWS[flaw](record, customer, dice) {
                self.planted[flaw] += 1;
                return;
            }
        }
    }
}

fn spoil(value: &mut String, by: &str) -> bool {
    if value.is_empty() {
        return false;
    }
    value.clear();
    value.push_str(by);
    true
}

fn no_family_name(record: &mut Record, _: &Customer, _: &mut Dice) -> bool {
    if record.family.is_empty() || record.source == Source::Support {
        return false;
    }
    record.family.clear();
    record.planted.push(("family_name", "family-name-required"));
    true
}

fn unreachable(record: &mut Record, _: &Customer, _: &mut Dice) -> bool {
    record.email.clear();
    record.phone.clear();
    record.mobile.clear();
    record.planted.push(("email", "email-required"));
    true
}

fn malformed_email(record: &mut Record, _: &Customer, dice: &mut Dice) -> bool {
    let Some((local, domain)) = record.email.split_once('@') else { return false };
    record.email = match dice.below(4) {
        0 => format!("{local}.{domain}"),
        1 => format!("{local}@@{domain}"),
        2 => format!("{local}@"),
        _ => format!("{local} at {domain}"),
    };
    record.planted.push(("email", "email-format"));
    record.planted.push(("email", "email-domain"));
    true
}

fn mistyped_domain(record: &mut Record, customer: &Customer, dice: &mut Dice) -> bool {
    let (Who::Person(_), Some((local, _))) = (&customer.who, record.email.split_once('@')) else {
        return false;
    };
    let domains = [
        "gmial.com",
        "gamil.com",
        "exmaple.com",
        "examlpe.org",
        "hotmial.com",
        "yaho.com",
        "outlok.com",
    ];
    record.email = format!("{local}@{}", dice.pick(&domains));
    record.planted.push(("email", "email-format"));
    record.planted.push(("email", "email-domain"));
    true
}

fn placeholder_email(record: &mut Record, _: &Customer, _: &mut Dice) -> bool {
    if !spoil(&mut record.email, "test@test.com") {
        return false;
    }
    record.planted.push(("email", "email-placeholder"));
    record.planted.push(("email", "email-domain"));
    true
}

/// Short numbers only where none are dialled: in Germany 555-01 may be somebody's.
fn no_number(customer: &Customer, dice: &mut Dice) -> &'static str {
    if customer.country.is_north_american() {
        dice.pick(&["555-01", "555-0", "12", "call the office"])
    } else {
        dice.pick(&["call the office", "ex-directory"])
    }
}

fn malformed_phone(record: &mut Record, customer: &Customer, dice: &mut Dice) -> bool {
    let is_spoiled = spoil(&mut record.phone, no_number(customer, dice));
    if is_spoiled {
        record.planted.push(("phone", "phone-format"));
    }
    is_spoiled
}

fn placeholder_phone(record: &mut Record, _: &Customer, dice: &mut Dice) -> bool {
    let is_spoiled = spoil(&mut record.phone, dice.pick(&["0000000000", "000-000-0000"]));
    if is_spoiled {
        record.planted.push(("phone", "phone-placeholder"));
        record.planted.push(("phone", "phone-format"));
    }
    is_spoiled
}

fn malformed_mobile(record: &mut Record, customer: &Customer, dice: &mut Dice) -> bool {
    let is_spoiled = spoil(&mut record.mobile, no_number(customer, dice));
    if is_spoiled {
        record.planted.push(("mobile", "mobile-format"));
    }
    is_spoiled
}

/// Only where everything else is read the same without a country.
fn unknown_country(record: &mut Record, customer: &Customer, dice: &mut Dice) -> bool {
    if customer.country.code != "US" {
        return false;
    }
    let is_spoiled = spoil(&mut record.country, dice.pick(&["Atlantis", "ZZ", "Freedonia"]));
    if is_spoiled {
        record.planted.push(("country", "country-known"));
    }
    is_spoiled
}

fn malformed_postcode(record: &mut Record, customer: &Customer, dice: &mut Dice) -> bool {
    if customer.country.code != "US" || record.postcode.is_empty() {
        return false;
    }
    record.postcode = match dice.below(3) {
        0 => record.postcode[..3].to_owned(),
        1 => format!("{}O1", &record.postcode[..2]),
        _ => format!("{}77", record.postcode),
    };
    record.planted.push(("postcode", "us-postcode-pattern"));
    true
}

fn malformed_birth_date(record: &mut Record, _: &Customer, dice: &mut Dice) -> bool {
    let nonsense = ["02/31/1980", "13/32/1985", "unknown", "1979-15-40"];
    let is_spoiled = spoil(&mut record.birth, dice.pick(&nonsense));
    if is_spoiled {
        record.planted.push(("birth_date", "birth-date-format"));
        record.planted.push(("birth_date", "birth-date-range"));
    }
    is_spoiled
}

fn impossible_birth_date(record: &mut Record, _: &Customer, dice: &mut Dice) -> bool {
    let is_future = dice.chance(500);
    let day = if is_future { "2087-05-04" } else { "1867-05-04" };
    if !spoil(&mut record.birth, day) {
        return false;
    }
    record.planted.push(("birth_date", "birth-date-range"));
    if is_future && !record.since.is_empty() {
        record.planted.push(("customer_since", "customer-after-birth"));
    }
    true
}

fn placeholder_birth_date(record: &mut Record, customer: &Customer, dice: &mut Dice) -> bool {
    let is_spoiled = if record.source == Source::Webshop && customer.country.code != "US" {
        spoil(&mut record.birth, "01.01.1970")
    } else {
        spoil(&mut record.birth, dice.pick(&["01/01/1970", "1970-01-01", "01/01/1900"]))
    };
    if is_spoiled {
        record.planted.push(("birth_date", "birth-date-placeholder"));
    }
    is_spoiled
}

fn malformed_national_id(record: &mut Record, customer: &Customer, dice: &mut Dice) -> bool {
    if !matches!(&customer.who, Who::Person(person) if !person.shares_national_id)
        || record.national_id.is_empty()
    {
        return false;
    }
    if dice.chance(500) {
        record.national_id.pop();
    } else {
        record.national_id.push('X');
    }
    record.planted.push(("national_id", "national-id-pattern"));
    true
}

fn odd_consent(record: &mut Record, _: &Customer, dice: &mut Dice) -> bool {
    let is_spoiled = spoil(&mut record.consent, dice.pick(&["maybe", "ask again", "perhaps"]));
    if is_spoiled {
        record.planted.push(("marketing_consent", "consent-known"));
    }
    is_spoiled
}

fn customer_before_birth(record: &mut Record, customer: &Customer, _: &mut Dice) -> bool {
    let Who::Person(person) = &customer.who else { return false };
    if record.birth.is_empty() || record.since.is_empty() {
        return false;
    }
    record.since = format!("{}-06-15", person.birth.year - 3);
    record.planted.push(("customer_since", "customer-after-birth"));
    true
}

fn wild_credit_limit(record: &mut Record, _: &Customer, dice: &mut Dice) -> bool {
    let is_spoiled = spoil(&mut record.credit_limit, dice.pick(&["-500", "9999999"]));
    if is_spoiled {
        record.planted.push(("credit_limit", "credit-limit-range"));
    }
    is_spoiled
}

fn malformed_vat_id(record: &mut Record, _: &Customer, dice: &mut Dice) -> bool {
    let is_spoiled = spoil(&mut record.vat_id, dice.pick(&["123", "pending", "999-12"]));
    if is_spoiled {
        record.planted.push(("vat_id", "vat-id-pattern"));
    }
    is_spoiled
}

fn stale(record: &mut Record, _: &Customer, dice: &mut Dice) -> bool {
    if record.street.is_empty() {
        return false;
    }
    let year = dice.between(2006, 2012);
    record.updated.replace_range(..4, &year.to_string());
    record.planted.push(("street", "address-fresh"));
    true
}
