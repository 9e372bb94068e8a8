//! The table of blocking rules: what records must share to be compared.

use super::super::columns::{Columns, ValueId};
use super::super::facts::{Date, Facts};
use super::super::hash::{self, mix};
use super::super::layout::Aspect;
use super::super::legal_forms;
use super::super::portrait::Kind;
use super::super::text::{mailbox_and_domain, sound, tokens};
use super::radix;

/// The most keys a rule gives one record.
pub(crate) const MOST_KEYS: usize = 4;

/// How many last digits of a telephone number are compared: a country code may be missing.
const PHONE_TAIL: u32 = 8;

/// A blocking rule.
pub(crate) struct Rule {
    /// In words: `e-mail`.
    pub(crate) name: &'static str,
    /// The keys of a row; unused places stay 0.
    pub(super) keys: fn(&Row<'_>, &mut Keys<'_>),
}

impl Rule {
    /// The keys of a row, each once, written into `into`.
    pub(crate) fn keys<'k>(
        &self,
        columns: &Columns,
        row: u32,
        into: &'k mut [u32; MOST_KEYS],
    ) -> &'k [u32] {
        let mut keys = Keys { hashes: into, count: 0, parts: None };
        (self.keys)(&Row { columns, row }, &mut keys);
        let count = keys.count;
        &into[..count]
    }

    /// Keys and rows, a key in the upper half of each entry, sorted.
    pub(super) fn entries(&self, columns: &Columns, rows: &[u32]) -> Vec<u64> {
        let mut entries = Vec::with_capacity(rows.len());
        let mut keys = [0; MOST_KEYS];
        for row in rows {
            let keys = self.keys(columns, *row, &mut keys).iter();
            entries.extend(keys.map(|key| u64::from(*key) << 32 | u64::from(*row)));
        }
        radix::sorted(&[&entries], u64::BITS)
    }

    /// What the keys of a row are made of, those as well that lack a value.
    pub(crate) fn parts(&self, columns: &Columns, row: u32) -> Vec<Vec<Option<u64>>> {
        let mut parts = Vec::new();
        let mut hashes = [0; MOST_KEYS];
        let mut keys = Keys { hashes: &mut hashes, count: 0, parts: Some(&mut parts) };
        (self.keys)(&Row { columns, row }, &mut keys);
        parts
    }
}

pub(super) struct Keys<'k> {
    hashes: &'k mut [u32; MOST_KEYS],
    count: usize,
    /// What every key is made of, kept only to explain.
    parts: Option<&'k mut Vec<Vec<Option<u64>>>>,
}

impl Keys<'_> {
    /// Adds the key made of `parts`, unless it is there already; none when a part is missing.
    #[inline]
    pub(super) fn add<const N: usize>(&mut self, parts: [Option<u64>; N]) {
        if let Some(known) = &mut self.parts {
            known.push(parts.to_vec());
        }
        if self.count >= MOST_KEYS {
            return;
        }
        let mut state = N as u64;
        for part in parts {
            let Some(part) = part else { return };
            state = mix(state, part);
        }
        let key = hash::key(state);
        if !self.hashes[..self.count].contains(&key) {
            self.hashes[self.count] = key;
            self.count += 1;
        }
    }
}

/// A row as the rules see it. Parts are `None` when the value is missing.
pub(super) struct Row<'a> {
    pub(super) columns: &'a Columns,
    pub(super) row: u32,
}

pub(super) fn present(code: u32) -> Option<u64> {
    (code != 0).then_some(u64::from(code))
}

pub(super) fn hashed(text: &str) -> Option<u64> {
    (!text.is_empty()).then(|| hash::text(1, text))
}

impl<'a> Row<'a> {
    pub(super) fn facts(&self) -> &'a Facts {
        self.columns.facts()
    }

    pub(super) fn texts(&self, aspect: Aspect) -> impl Iterator<Item = &'a str> + use<'a> {
        let columns = self.columns;
        columns.values(aspect, self.row).map(move |id| columns.text(aspect, id))
    }

    /// A key of each value: the same text has the same number.
    pub(super) fn each_value(&self, aspect: Aspect, keys: &mut Keys<'_>) {
        self.columns.values(aspect, self.row).for_each(|value| keys.add([present(value)]));
    }

    pub(super) fn text(&self, aspect: Aspect) -> &'a str {
        self.columns.text(aspect, self.columns.value(aspect, self.row))
    }

    pub(super) fn given(&self) -> ValueId {
        self.columns.value(Aspect::Given, self.row)
    }

    pub(super) fn family(&self) -> ValueId {
        self.columns.value(Aspect::Family, self.row)
    }

    pub(super) fn initial(&self, name: ValueId) -> Option<u64> {
        present(u32::from(self.columns.name_facts(name).initial))
    }

    pub(super) fn family_sound(&self) -> Option<u64> {
        present(self.columns.name_facts(self.family()).word.sound)
    }

    pub(super) fn given_sound(&self) -> Option<u64> {
        present(self.columns.name_facts(self.given()).first_sound)
    }

    /// The first token's nickname groups, or its sound where it has none.
    pub(super) fn given_forms(&self) -> impl Iterator<Item = Option<u64>> + use<> {
        let facts = self.columns.name_facts(self.given());
        let groups = facts.groups.into_iter().take_while(|group| *group != 0);
        let sound = (facts.groups[0] == 0 && !facts.is_initial).then(|| self.given_sound());
        groups.map(|group| Some(u64::from(group) << 40)).chain(sound.filter(Option::is_some))
    }

    pub(super) fn birth(&self) -> Option<u64> {
        present(self.date().0).or_else(|| hashed(self.text(Aspect::Birth)))
    }

    pub(super) fn date(&self) -> Date {
        self.facts().dates[self.columns.value(Aspect::Birth, self.row) as usize]
    }

    /// Year, month and day.
    pub(super) fn birth_parts(&self) -> Option<[Option<u64>; 3]> {
        let date = self.date();
        let parts = [date.year(), date.month(), date.day()];
        (date != Date::default()).then(|| parts.map(|part| Some(u64::from(part))))
    }

    /// House number, and sound of the street's name.
    pub(super) fn house(&self) -> [Option<u64>; 2] {
        let facts = self.facts();
        let street = facts.streets[self.columns.value(Aspect::Street, self.row) as usize];
        let number = facts.house_codes[street.number as usize];
        [present(number), present(facts.street_names[street.name as usize].sound)]
    }

    pub(super) fn town(&self) -> Option<u64> {
        present(self.facts().towns[self.columns.value(Aspect::City, self.row) as usize].code)
    }

    pub(super) fn postcode(&self) -> Option<u64> {
        let value = self.columns.value(Aspect::Postcode, self.row);
        present(self.facts().postcodes[value as usize].code)
    }

    /// The first 2, 3 or 4 letters of a name.
    pub(super) fn start(&self, name: ValueId, length: usize) -> Option<u64> {
        present(self.columns.name_facts(name).starts[length - 2])
    }
}

/// The rules for one kind of record, in the order they are tried.
pub(crate) fn rules(kind: Kind) -> &'static [Rule] {
    match kind {
        Kind::Person => &PERSON,
        Kind::Organisation => &ORGANISATION,
    }
}

const NATIONAL_ID: Rule =
    Rule { name: "national id", keys: |row, keys| row.each_value(Aspect::NationalId, keys) };
const IDENTIFIER: Rule =
    Rule { name: "identifier", keys: |row, keys| row.each_value(Aspect::Identifier, keys) };
const EMAIL: Rule = Rule { name: "e-mail", keys: |row, keys| row.each_value(Aspect::Email, keys) };
const PHONE: Rule = Rule {
    name: "phone",
    keys: |row, keys| {
        for id in row.columns.values(Aspect::Phone, row.row) {
            let tail = row.facts().phones[id as usize].last(PHONE_TAIL);
            keys.add([tail.or_else(|| hashed(row.columns.text(Aspect::Phone, id)))]);
        }
    },
};

static PERSON: [Rule; 19] = [
    NATIONAL_ID,
    IDENTIFIER,
    EMAIL,
    PHONE,
    Rule {
        name: "date of birth and sound of a name",
        keys: |row, keys| {
            keys.add([row.birth(), row.family_sound()]);
            keys.add([row.birth(), row.given_sound()]);
        },
    },
    Rule {
        name: "mailbox",
        keys: |row, keys| {
            for address in row.texts(Aspect::Email) {
                let mailbox = mailbox_and_domain(address).0;
                keys.add([hashed(mailbox).filter(|_| mailbox.len() > 4)]);
            }
        },
    },
    Rule {
        name: "day and month in either order, and family name",
        keys: |row, keys| {
            let Some([year, month, day]) = row.birth_parts() else { return };
            let (low, high) = (month.min(day), month.max(day));
            keys.add([year, low, high, row.family_sound()]);
            keys.add([year, low, high, row.given_sound()]);
        },
    },
    Rule {
        name: "family name and postal code",
        keys: |row, keys| keys.add([row.family_sound(), row.postcode()]),
    },
    Rule {
        name: "house and initial",
        keys: |row, keys| {
            let [number, street] = row.house();
            keys.add([number, street, row.initial(row.given())]);
        },
    },
    Rule {
        name: "given name and postal code",
        keys: |row, keys| {
            let code = row.postcode();
            row.given_forms().for_each(|form| keys.add([form, code]));
        },
    },
    Rule {
        name: "family name, initial and town",
        keys: |row, keys| {
            let town = row.town();
            keys.add([row.family_sound(), row.initial(row.given()), town]);
            keys.add([row.start(row.family(), 3), row.initial(row.given()), town]);
        },
    },
    Rule {
        name: "sounds of both names",
        keys: |row, keys| {
            let (given, family) = (row.given_sound(), row.family_sound());
            keys.add([given.min(family), given.max(family)]);
        },
    },
    Rule {
        name: "nickname and family name",
        keys: |row, keys| row.given_forms().for_each(|form| keys.add([form, row.family_sound()])),
    },
    Rule {
        name: "given name and town",
        keys: |row, keys| {
            let town = row.town();
            row.given_forms().for_each(|form| keys.add([form, town, row.initial(row.family())]));
        },
    },
    Rule {
        name: "part of the date of birth and family name",
        keys: |row, keys| {
            let Some([year, month, day]) = row.birth_parts() else { return };
            keys.add([Some(1), year, month, row.family_sound()]);
            keys.add([Some(2), year, day, row.family_sound()]);
            keys.add([Some(3), month, day, row.family_sound()]);
        },
    },
    Rule {
        name: "given name and beginning of the family name",
        keys: |row, keys| {
            let start = row.start(row.family(), 4);
            row.given_forms().for_each(|form| keys.add([form, start]));
        },
    },
    Rule {
        name: "date of birth and initial",
        keys: |row, keys| {
            keys.add([row.birth(), row.initial(row.given())]);
            keys.add([row.birth(), row.initial(row.family())]);
        },
    },
    Rule {
        name: "beginning of the given name and family name",
        keys: |row, keys| keys.add([row.start(row.given(), 2), row.family_sound()]),
    },
    Rule {
        name: "part of the date of birth and given name",
        keys: |row, keys| {
            let Some([year, month, day]) = row.birth_parts() else { return };
            keys.add([Some(1), year, month, row.given_sound()]);
            keys.add([Some(2), year, day, row.given_sound()]);
            keys.add([Some(3), month, day, row.given_sound()]);
        },
    },
];

static ORGANISATION: [Rule; 9] = [
    NATIONAL_ID,
    IDENTIFIER,
    EMAIL,
    PHONE,
    Rule {
        name: "name without legal form",
        keys: |row, keys| {
            let mut core = legal_forms::core(row.text(Aspect::Organisation));
            core.sort_unstable();
            keys.add([hashed(&core.concat())]);
        },
    },
    Rule {
        name: "house and postal code",
        keys: |row, keys| {
            let [number, street] = row.house();
            keys.add([number, street, row.postcode()]);
        },
    },
    Rule {
        name: "first word and town",
        keys: |row, keys| {
            let core = legal_forms::core(row.text(Aspect::Organisation));
            let start = core.first().and_then(|word| present(sound(word)));
            keys.add([start, row.town()]);
            keys.add([start, row.postcode()]);
        },
    },
    Rule {
        name: "domain",
        keys: |row, keys| {
            row.texts(Aspect::Email)
                .for_each(|address| keys.add([hashed(mailbox_and_domain(address).1)]));
        },
    },
    Rule {
        name: "word of the name",
        keys: |row, keys| {
            let name = legal_forms::core(row.text(Aspect::Organisation)).join(" ");
            tokens(&name)
                .filter(|word| word.len() > 3)
                .for_each(|word| keys.add([present(sound(word)), Some(word.len() as u64 / 4)]));
        },
    },
];
