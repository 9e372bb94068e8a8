//! Whether an e-mail address names somebody else than its record and the first column do.

use deunicode::deunicode;

use domain::naming::{bearers, nicknames};
use domain::{FieldType, Golden};
use door::views::{Cell, FieldView, Mark};

/// What is said of a name, or of an address, that holds another given name.
pub(super) const OTHER_GIVEN_NAME: &str = "other given name";

/// The fewest letters of a name in an address: `al` is in many words.
const LEAST: usize = 4;

/// Says of an address that differs whether it holds a given name that neither side bears.
pub(super) fn of_somebody_else(rows: &[FieldView], cells: &mut [Cell], first: &Golden) {
    let places = |of: FieldType| {
        rows.iter().enumerate().filter(move |(_, row)| row.field_type == of).map(|(at, _)| at)
    };
    let mut known = Vec::new();
    for part in [FieldType::GivenName, FieldType::FamilyName, FieldType::FullName] {
        for at in places(part) {
            let theirs = first.text(rows[at].name.as_str());
            known.extend(theirs.into_iter().chain(cells[at].text.as_deref()).map(str::to_owned));
        }
    }
    for at in places(FieldType::Email) {
        let cell = &mut cells[at];
        let says_nothing = cell.words.as_str().is_empty() && cell.mark == Mark::Different;
        let address = cell.text.as_deref().filter(|_| says_nothing);
        if address.is_some_and(|address| names_another(address, &known)) {
            // A masked address tells nothing of it.
            cell.words.values = Some(OTHER_GIVEN_NAME.to_owned());
        }
    }
}

/// Whether the mailbox holds a given name that is of none of these names, and none that is.
fn names_another(address: &str, known: &[String]) -> bool {
    let Some((mailbox, _)) = address.split_once('@') else { return false };
    let words = |text: &str| -> Vec<String> {
        let folded = deunicode(text).to_lowercase();
        folded.split(|c: char| !c.is_alphabetic()).map(str::to_owned).collect()
    };
    let own: Vec<String> =
        known.iter().flat_map(|name| words(name)).filter(|it| !it.is_empty()).collect();
    // Without names nothing can be another one.
    let is_of_them = |word: &String| {
        own.iter().any(|name| {
            word.contains(name.as_str()) && name.len() >= LEAST
                || name.starts_with(word.as_str())
                || nicknames::related(word, name)
                || nicknames::are_spellings(word, name)
        })
    };
    let is_another =
        |word: &String| word.len() >= LEAST && bearers(word).is_some() && !is_of_them(word);
    // A family may be called what is a given name elsewhere: `carter` stands beside `shawn`.
    !own.is_empty() && words(mailbox).iter().any(is_another)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_of_another_given_name_is_told_from_one_that_only_differs() {
        let known = ["Harold".to_owned(), "Carter".to_owned()];
        for (address, other) in [
            ("shawn.carter@example.com", true),
            ("david782@example.com", true),
            ("michael.carter@example.com", true),
            ("harold.carter@example.com", false),
            ("harry.carter@example.com", false),
            ("hcarter53@example.com", false),
            ("h.carter@example.com", false),
            ("info@example.com", false),
            ("carter@example.com", false),
            ("nobody", false),
        ] {
            assert_eq!(names_another(address, &known), other, "{address}");
        }
        assert!(!names_another("shawn.carter@example.com", &[]), "nobody is known");
    }
}
