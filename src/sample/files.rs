//! The files of a sample: three sources, the truth, the planted violations.

use std::io::{self, Write};

use serde::Serialize;

use super::dice::Dice;
use super::record::{Record, Source};

/// Records held back to come out in another order: those of one customer do not stand together.
const HELD_BACK: usize = 400;

/// The columns of `crm.csv`.
pub(super) const CRM: [&str; 20] = [
    "customer_id",
    "first_name",
    "last_name",
    "company",
    "email",
    "phone",
    "mobile",
    "street",
    "city",
    "state",
    "zip",
    "country",
    "birth_date",
    "ssn",
    "vat_no",
    "job_title",
    "credit_limit",
    "marketing_opt_in",
    "customer_since",
    "modified_at",
];

/// The columns of `webshop.csv`.
pub(super) const WEBSHOP: [&str; 16] = [
    "shop_id",
    "given",
    "surname",
    "organisation",
    "e_mail",
    "tel",
    "address_line",
    "town",
    "province",
    "postal_code",
    "country_name",
    "dob",
    "vat",
    "newsletter",
    "orders",
    "last_changed",
];

/// Every file being written.
pub(super) struct Files {
    crm: csv::Writer<Box<dyn Write>>,
    webshop: csv::Writer<Box<dyn Write>>,
    support: Box<dyn Write>,
    truth: csv::Writer<Box<dyn Write>>,
    planted: csv::Writer<Box<dyn Write>>,
    held_back: Vec<Record>,
    /// Records written and violations planted.
    pub written: [u64; 3],
    pub planted_count: u64,
}

impl Files {
    /// Opens the files and writes their headers.
    pub fn new(folder: &mut dyn FnMut(&str) -> io::Result<Box<dyn Write>>) -> io::Result<Files> {
        let mut csv = |name: &str, columns: &[&str]| -> io::Result<csv::Writer<Box<dyn Write>>> {
            let mut writer = csv::Writer::from_writer(folder(name)?);
            writer.write_record(columns)?;
            Ok(writer)
        };
        Ok(Files {
            crm: csv("crm.csv", &CRM)?,
            webshop: csv("webshop.csv", &WEBSHOP)?,
            truth: csv("truth.csv", &["id", "cluster"])?,
            planted: csv("planted.csv", &["id", "field", "rule"])?,
            support: folder("support.jsonl")?,
            held_back: Vec::with_capacity(HELD_BACK),
            written: [0; 3],
            planted_count: 0,
        })
    }

    /// Takes a record, and writes one that was held back.
    pub fn add(&mut self, record: Record, dice: &mut Dice) -> io::Result<()> {
        if self.held_back.len() < HELD_BACK {
            self.held_back.push(record);
            return Ok(());
        }
        let at = dice.index(HELD_BACK);
        let out = std::mem::replace(&mut self.held_back[at], record);
        self.write(&out, dice)
    }

    /// Writes what is still held back, and ends every file.
    pub fn finish(&mut self, dice: &mut Dice) -> io::Result<()> {
        while !self.held_back.is_empty() {
            let at = dice.index(self.held_back.len());
            let record = self.held_back.swap_remove(at);
            self.write(&record, dice)?;
        }
        self.crm.flush()?;
        self.webshop.flush()?;
        self.support.flush()?;
        self.truth.flush()?;
        self.planted.flush()
    }

    fn write(&mut self, record: &Record, dice: &mut Dice) -> io::Result<()> {
        let count = &mut self.written[record.source as usize];
        *count += 1;
        let key = match record.source {
            Source::Crm => 1000 + *count,
            Source::Webshop => 88_000 + *count,
            Source::Support => 500 + *count,
        }
        .to_string();
        match record.source {
            Source::Crm => self.crm.write_record(crm_row(record, &key))?,
            Source::Webshop => {
                let orders = dice.below(40).to_string();
                self.webshop.write_record(webshop_row(record, &key, &orders))?;
            }
            Source::Support => {
                serde_json::to_writer(&mut self.support, &Ticket::of(record, &key))?;
                self.support.write_all(b"\n")?;
            }
        }
        let id = format!("{}:{key}", record.source.name());
        self.truth.write_record([id.as_str(), &format!("P{}", record.customer)])?;
        for (field, rule) in &record.planted {
            self.planted.write_record([id.as_str(), field, rule])?;
            self.planted_count += 1;
        }
        Ok(())
    }
}

fn crm_row<'a>(record: &'a Record, key: &'a str) -> [&'a str; CRM.len()] {
    [
        key,
        &record.given,
        &record.family,
        &record.organisation,
        &record.email,
        &record.phone,
        &record.mobile,
        &record.street,
        &record.city,
        &record.region,
        &record.postcode,
        &record.country,
        &record.birth,
        &record.national_id,
        &record.vat_id,
        &record.occupation,
        &record.credit_limit,
        &record.consent,
        &record.since,
        &record.updated,
    ]
}

fn webshop_row<'a>(record: &'a Record, key: &'a str, orders: &'a str) -> [&'a str; WEBSHOP.len()] {
    [
        key,
        &record.given,
        &record.family,
        &record.organisation,
        &record.email,
        &record.phone,
        &record.street,
        &record.city,
        &record.region,
        &record.postcode,
        &record.country,
        &record.birth,
        &record.vat_id,
        &record.consent,
        orders,
        &record.updated,
    ]
}

/// A line of `support.jsonl`.
#[derive(Serialize)]
struct Ticket<'a> {
    id: &'a str,
    #[serde(skip_serializing_if = "String::is_empty")]
    name: String,
    #[serde(skip_serializing_if = "str::is_empty")]
    company: &'a str,
    contact: Contact<'a>,
    address: Address<'a>,
    #[serde(skip_serializing_if = "str::is_empty")]
    birthday: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    consent: &'a str,
    updated_at: &'a str,
}

#[derive(Serialize)]
struct Contact<'a> {
    #[serde(skip_serializing_if = "str::is_empty")]
    email: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    phone: &'a str,
}

#[derive(Serialize)]
struct Address<'a> {
    #[serde(skip_serializing_if = "str::is_empty")]
    street: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    city: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    region: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    postcode: &'a str,
    country: &'a str,
}

impl<'a> Ticket<'a> {
    fn of(record: &'a Record, key: &'a str) -> Ticket<'a> {
        let name = match (record.given.as_str(), record.family.as_str()) {
            ("", "") => String::new(),
            // Every third agent types the name as it is spoken.
            (given, family) if record.customer.is_multiple_of(3) => format!("{given} {family}"),
            (given, family) => format!("{family}, {given}"),
        };
        Ticket {
            id: key,
            name,
            company: &record.organisation,
            contact: Contact { email: &record.email, phone: &record.phone },
            address: Address {
                street: &record.street,
                city: &record.city,
                region: &record.region,
                postcode: &record.postcode,
                country: &record.country,
            },
            birthday: &record.birth,
            consent: &record.consent,
            updated_at: &record.updated,
        }
    }
}
