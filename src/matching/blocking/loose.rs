//! The rules of the second pass: what is too common among records but not among groups of them, and
//! what makes groups.

use super::super::layout::Aspect;
use super::super::legal_forms;
use super::super::portrait::Kind;
use super::super::text::{mailbox_and_domain, sound, tokens};
use super::rules::{Keys, Row, Rule, hashed, present};

/// Letters of a mailbox's beginning.
const MAILBOX_START: usize = 5;
/// Digits of a half of a telephone number without its country code.
const HALF_A_PHONE: u32 = 4;

/// What groups of one kind must share to be compared in the second pass, besides the rules of the
/// first, in the order they are tried.
pub(crate) fn loose_rules(kind: Kind) -> &'static [Rule] {
    match kind {
        Kind::Person => &LOOSE_PERSON,
        Kind::Organisation => &LOOSE_ORGANISATION,
    }
}

/// What makes records of one kind a group.
pub(super) fn sure_rules(kind: Kind) -> &'static [Rule] {
    match kind {
        Kind::Person => &SURE_PERSON,
        Kind::Organisation => &SURE_ORGANISATION,
    }
}

impl Row<'_> {
    /// Each half of the local part of every telephone number.
    fn halves_of_phones(&self, keys: &mut Keys<'_>) {
        for id in self.columns.values(Aspect::Phone, self.row) {
            let Some(tail) = self.facts().phones[id as usize].last(2 * HALF_A_PHONE) else {
                continue;
            };
            let bits = 4 * HALF_A_PHONE;
            keys.add([Some(1), Some(tail >> bits)]);
            keys.add([Some(2), Some(tail & ((1 << bits) - 1))]);
        }
    }

    /// Each half of every registered identifier.
    fn halves_of_identifiers(&self, keys: &mut Keys<'_>) {
        for text in self.texts(Aspect::NationalId).chain(self.texts(Aspect::Identifier)) {
            let half = text.len() / 2;
            if let (Some(start), Some(end)) = (text.get(..half), text.get(half..)) {
                keys.add([Some(1), hashed(start).filter(|_| half > 2)]);
                keys.add([Some(2), hashed(end).filter(|_| half > 2)]);
            }
        }
    }

    fn starts_of_mailboxes(&self, keys: &mut Keys<'_>) {
        for address in self.texts(Aspect::Email) {
            let mailbox = mailbox_and_domain(address).0;
            keys.add([mailbox.get(..MAILBOX_START).and_then(hashed)]);
        }
    }

    fn year(&self) -> Option<u64> {
        self.birth_parts().and_then(|[year, ..]| year)
    }

    fn given_text(&self) -> Option<u64> {
        present(self.given())
    }

    fn family_text(&self) -> Option<u64> {
        present(self.family())
    }

    fn value_of(&self, aspect: Aspect) -> Option<u64> {
        present(self.columns.value(aspect, self.row))
    }

    /// The words of an organisation's name that its legal form is no part of, in any order.
    fn core(&self) -> Option<u64> {
        let mut core = legal_forms::core(self.text(Aspect::Organisation));
        core.sort_unstable();
        hashed(&core.concat())
    }
}

static LOOSE_PERSON: [Rule; 13] = [
    Rule { name: "date of birth", keys: |row, keys| keys.add([row.birth()]) },
    Rule {
        name: "family name and year of birth",
        keys: |row, keys| {
            keys.add([Some(1), row.family_sound(), row.year()]);
            keys.add([Some(2), row.start(row.family(), 3), row.year()]);
        },
    },
    Rule {
        name: "given name and year of birth",
        keys: |row, keys| row.given_forms().for_each(|form| keys.add([form, row.year()])),
    },
    Rule { name: "half of an identifier", keys: |row, keys| row.halves_of_identifiers(keys) },
    Rule { name: "half of a phone number", keys: |row, keys| row.halves_of_phones(keys) },
    Rule { name: "beginning of the mailbox", keys: |row, keys| row.starts_of_mailboxes(keys) },
    Rule { name: "house", keys: |row, keys| keys.add(row.house()) },
    Rule {
        name: "an initial and postal code",
        keys: |row, keys| {
            keys.add([row.initial(row.given()), row.postcode()]);
            keys.add([row.initial(row.family()), row.postcode()]);
        },
    },
    Rule {
        name: "family name and town",
        keys: |row, keys| keys.add([row.family_sound(), row.town()]),
    },
    Rule {
        name: "initials and year of birth",
        keys: |row, keys| {
            let (given, family) = (row.initial(row.given()), row.initial(row.family()));
            keys.add([given.min(family), given.max(family), row.year()]);
        },
    },
    Rule {
        name: "beginnings of both names",
        keys: |row, keys| {
            let (given, family) = (row.start(row.given(), 2), row.start(row.family(), 2));
            keys.add([given.min(family), given.max(family)]);
        },
    },
    Rule { name: "family name", keys: |row, keys| keys.add([row.family_sound()]) },
    Rule {
        name: "given name and an initial",
        keys: |row, keys| {
            let initial = row.initial(row.family());
            row.given_forms().for_each(|form| keys.add([form, initial]));
        },
    },
];

static LOOSE_ORGANISATION: [Rule; 5] = [
    Rule { name: "half of an identifier", keys: |row, keys| row.halves_of_identifiers(keys) },
    Rule { name: "half of a phone number", keys: |row, keys| row.halves_of_phones(keys) },
    Rule { name: "beginning of the mailbox", keys: |row, keys| row.starts_of_mailboxes(keys) },
    Rule { name: "house", keys: |row, keys| keys.add(row.house()) },
    Rule {
        name: "beginning of a word of the name",
        keys: |row, keys| {
            let name = legal_forms::core(row.text(Aspect::Organisation)).join(" ");
            tokens(&name)
                .filter_map(|word| word.get(..4))
                .for_each(|start| keys.add([hashed(start)]));
        },
    },
];

static SURE_PERSON: [Rule; 6] = [
    Rule {
        name: "identifier and a name",
        keys: |row, keys| {
            for text in row.texts(Aspect::NationalId).chain(row.texts(Aspect::Identifier)) {
                keys.add([hashed(text), row.given_sound()]);
                keys.add([hashed(text), row.family_sound()]);
            }
        },
    },
    Rule {
        name: "e-mail and given name",
        keys: |row, keys| {
            row.texts(Aspect::Email)
                .for_each(|address| keys.add([hashed(address), row.given_sound()]));
        },
    },
    Rule {
        name: "phone and both names",
        keys: |row, keys| {
            for id in row.columns.values(Aspect::Phone, row.row) {
                keys.add([present(id), row.given_text(), row.family_sound()]);
            }
        },
    },
    Rule {
        name: "both names and date of birth",
        keys: |row, keys| keys.add([row.given_text(), row.family_text(), row.birth()]),
    },
    Rule {
        name: "both names and street",
        keys: |row, keys| {
            keys.add([row.given_text(), row.family_text(), row.value_of(Aspect::Street)]);
        },
    },
    Rule {
        name: "both names and postal code",
        keys: |row, keys| keys.add([row.given_text(), row.family_text(), row.postcode()]),
    },
];

static SURE_ORGANISATION: [Rule; 4] = [
    Rule {
        name: "identifier and name",
        keys: |row, keys| {
            for text in row.texts(Aspect::NationalId).chain(row.texts(Aspect::Identifier)) {
                keys.add([hashed(text), row.core()]);
            }
        },
    },
    Rule {
        name: "e-mail and first word",
        keys: |row, keys| {
            let core = legal_forms::core(row.text(Aspect::Organisation));
            let first = core.first().and_then(|word| present(sound(word)));
            row.texts(Aspect::Email).for_each(|address| keys.add([hashed(address), first]));
        },
    },
    Rule {
        name: "name and street",
        keys: |row, keys| {
            keys.add([row.core(), row.value_of(Aspect::Street)]);
        },
    },
    Rule { name: "name and postal code", keys: |row, keys| keys.add([row.core(), row.postcode()]) },
];
