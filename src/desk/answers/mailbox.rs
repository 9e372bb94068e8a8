//! Whether an e-mail address names somebody else than its record and the first column do.

use deunicode::deunicode;

use domain::naming::{bearers, nicknames};
use domain::{FieldType, Golden};
use door::views::{Cell, FieldView, Mark};

/// What is said of a name, or of an address, that holds another given name.
pub(super) const OTHER_GIVEN_NAME: &str = "other given name";

/// What is said of an address made of the family name and of an initial that is nobody's here.
const OTHER_INITIAL: &str = "other initial";

/// The fewest letters of a name in an address: `al` is in many words.
const LEAST: usize = 4;

/// The names that an address is held against.
#[derive(Debug, Default)]
struct Known {
    /// Words of given names.
    given: Vec<String>,
    /// Words of family names.
    family: Vec<String>,
}

impl Known {
    fn add(&mut self, part: FieldType, name: &str) {
        let mut words = words_of(name);
        match part {
            FieldType::GivenName => self.given.append(&mut words),
            FieldType::FamilyName => self.family.append(&mut words),
            // Where the parts are not told, any word may be either.
            _ => {
                self.given.extend(words.iter().cloned());
                self.family.extend(words);
            }
        }
    }

    fn all(&self) -> impl Iterator<Item = &String> {
        self.given.iter().chain(&self.family)
    }
}

fn words_of(text: &str) -> Vec<String> {
    let folded = deunicode(text).to_lowercase();
    let words = folded.split(|c: char| !c.is_alphabetic()).filter(|word| !word.is_empty());
    words.map(str::to_owned).collect()
}

/// Says of an address whether it names somebody whom neither side is called; of one in the first column, which is
/// held against nothing else, whether its own record is not.
pub(super) fn of_somebody_else(rows: &[FieldView], cells: &mut [Cell], first: &Golden) {
    let places = |of: FieldType| {
        rows.iter().enumerate().filter(move |(_, row)| row.field_type == of).map(|(at, _)| at)
    };
    let mut known = Known::default();
    for part in [FieldType::GivenName, FieldType::FamilyName, FieldType::FullName] {
        for at in places(part) {
            let theirs = first.text(rows[at].name.as_str());
            for name in theirs.into_iter().chain(cells[at].text.as_deref()) {
                known.add(part, name);
            }
        }
    }
    for at in places(FieldType::Email) {
        let cell = &mut cells[at];
        let is_alone = matches!(cell.mark, Mark::Different | Mark::Added | Mark::None);
        let says_nothing = cell.words.as_str().is_empty() && is_alone && !cell.uncounted;
        let address = cell.text.as_deref().filter(|_| says_nothing);
        if let Some(said) = address.and_then(|address| names_another(address, &known)) {
            // A masked address tells nothing of it.
            cell.words.values = Some(said.to_owned());
        }
    }
}

/// What the mailbox says of whose it is, where that is nobody of these names: another given name, or the family
/// name with another initial.
fn names_another(address: &str, known: &Known) -> Option<&'static str> {
    let (mailbox, _) = address.split_once('@')?;
    // Without names nothing can be another one.
    known.all().next()?;
    let is_of_them = |word: &String| {
        known.all().any(|name| {
            word.contains(name.as_str()) && name.len() >= LEAST
                || name.starts_with(word.as_str())
                || nicknames::related(word, name)
                || nicknames::are_spellings(word, name)
        })
    };
    let is_another =
        |word: &String| word.len() >= LEAST && bearers(word).is_some() && !is_of_them(word);
    let words = words_of(mailbox);
    // A family may be called what is a given name elsewhere: `carter` stands beside `shawn`.
    if words.iter().any(is_another) {
        return Some(OTHER_GIVEN_NAME);
    }
    let initial = beside_family(&words, known)?;
    (!is_an_initial(initial, known)).then_some(OTHER_INITIAL)
}

/// The one letter that stands beside a family name in a mailbox that holds nothing else: `e` of `ecooper46`.
fn beside_family(words: &[String], known: &Known) -> Option<char> {
    let families = || known.family.iter().filter(|family| family.len() >= LEAST);
    let only = |rest: &str| {
        let mut letters = rest.chars();
        letters.next().filter(|_| letters.next().is_none())
    };
    match words {
        [word] => families().find_map(|family| {
            let rest = word.strip_suffix(family.as_str());
            rest.or_else(|| word.strip_prefix(family.as_str())).and_then(only)
        }),
        [one, other] if families().any(|family| family == other) => only(one),
        [one, other] if families().any(|family| family == one) => only(other),
        _ => None,
    }
}

/// Whether a given name, or another form of one, begins with that letter; so it may where none is known.
fn is_an_initial(letter: char, known: &Known) -> bool {
    let begins = |name: &String| {
        name.starts_with(letter) || nicknames::has_form_beginning_with(name, letter)
    };
    known.given.is_empty() || known.given.iter().any(begins)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn known(given: &str, family: &str) -> Known {
        let mut known = Known::default();
        known.add(FieldType::GivenName, given);
        known.add(FieldType::FamilyName, family);
        known
    }

    #[test]
    fn an_address_of_somebody_else_is_told_from_one_that_only_differs() {
        let (given, initial) = (Some(OTHER_GIVEN_NAME), Some(OTHER_INITIAL));
        for (name, address, said) in [
            (("Harold", "Carter"), "shawn.carter@example.com", given),
            (("Harold", "Carter"), "david782@example.com", given),
            (("Harold", "Carter"), "michael.carter@example.com", given),
            (("Harold", "Carter"), "harold.carter@example.com", None),
            (("Harold", "Carter"), "harry.carter@example.com", None),
            (("Harold", "Carter"), "hcarter53@example.com", None),
            (("Harold", "Carter"), "h.carter@example.com", None),
            (("Harold", "Carter"), "info@example.com", None),
            (("Harold", "Carter"), "carter@example.com", None),
            (("Harold", "Carter"), "nobody", None),
            (("William F.", "Smith"), "mark564@example.com", given),
            (("Walter", "Martin"), "jason205@example.com", given),
            (("Walter", "Martin"), "martin.walter12@example.org", None),
            (("Eugene", "Cooper"), "ecooper46@mail.example.org", None),
            (("Eugene", "Cooper"), "mcooper70@example.com", initial),
            (("Eugene", "Cooper"), "cooper.m@example.com", initial),
            (("Eugene", "Cooper"), "cooperm7@example.com", initial),
            (("Eugene", "Cooper"), "m_cooper@example.com", initial),
            (("Eugene", "Cooper"), "mc70@example.com", None),
            (("Eugene", "Cooper"), "em.cooper@example.com", None),
            // Short forms begin with letters of their own.
            (("William", "Cooper"), "b.cooper@example.com", None),
            (("Peggy", "Cooper"), "mcooper@example.com", None),
            (("Mary Ann", "Cooper"), "acooper@example.com", None),
            (("", "Cooper"), "acooper@example.com", None),
            (("É.", "Cooper"), "ecooper@example.com", None),
        ] {
            let known = known(name.0, name.1);
            assert_eq!(names_another(address, &known), said, "{name:?} {address}");
        }
        assert_eq!(names_another("shawn.carter@example.com", &Known::default()), None, "nobody");
        let mut whole = Known::default();
        whole.add(FieldType::FullName, "Eugene Cooper");
        assert_eq!(names_another("mcooper70@example.com", &whole), initial);
        assert_eq!(names_another("ecooper70@example.com", &whole), None);
    }
}
