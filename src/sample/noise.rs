//! The slips of people who type.

use super::dice::Dice;

/// Rows of the keyboard: neighbours are what fingers slip to.
const ROWS: [&str; 3] = ["qwertyuiop", "asdfghjkl", "zxcvbnm"];

/// One slip in a text: a neighbouring key, two letters exchanged, one left out or doubled. Texts of
/// fewer than four letters stay, for a slip would leave nothing of them.
pub(super) fn slip(text: &str, dice: &mut Dice) -> String {
    let mut letters: Vec<char> = text.chars().collect();
    if letters.len() < 4 {
        return text.to_owned();
    }
    // The first letter is mostly right.
    let at = dice.between(1, letters.len() as u32 - 2) as usize;
    if !letters[at].is_alphabetic() || !letters[at + 1].is_alphabetic() {
        return text.to_owned();
    }
    match dice.below(4) {
        0 => letters[at] = neighbour(letters[at], dice),
        1 => letters.swap(at, at + 1),
        2 => {
            letters.remove(at);
        }
        _ => letters.insert(at, letters[at]),
    }
    letters.into_iter().collect()
}

fn neighbour(letter: char, dice: &mut Dice) -> char {
    let lower = letter.to_ascii_lowercase();
    for row in ROWS {
        if let Some(at) = row.find(lower) {
            let next =
                if at == 0 || (at + 1 < row.len() && dice.chance(500)) { at + 1 } else { at - 1 };
            let found = row.as_bytes().get(next).map_or(lower, |byte| char::from(*byte));
            return if letter.is_uppercase() { found.to_ascii_uppercase() } else { found };
        }
    }
    letter
}

/// Letters without marks, as forms that know only ASCII leave them.
pub(super) fn without_marks(text: &str, dice: &mut Dice) -> String {
    if text.is_ascii() {
        return text.to_owned();
    }
    let german = dice.chance(500);
    let text = if german {
        text.replace('ä', "ae").replace('ö', "oe").replace('ü', "ue").replace('Ü', "Ue")
    } else {
        text.to_owned()
    };
    deunicode::deunicode(&text)
}

/// A street as others write it.
pub(super) fn abbreviated(street: &str) -> String {
    const FORMS: [(&str, &str); 12] = [
        (" Street", " St"),
        (" Avenue", " Ave"),
        (" Road", " Rd"),
        (" Drive", " Dr."),
        (" Lane", " Ln"),
        (" Boulevard", " Blvd"),
        (" Court", " Ct"),
        ("straße", "str."),
        ("avenue ", "av. "),
        ("boulevard ", "bd "),
        (" Parade", " Pde"),
        (" Crescent", " Cres"),
    ];
    for (long, short) in FORMS {
        if street.contains(long) {
            return street.replacen(long, short, 1);
        }
    }
    street.to_owned()
}

/// A number with its last two digits exchanged or one of them wrong: still one that can be dialled.
pub(super) fn wrong_digit(phone: &str, dice: &mut Dice) -> String {
    let Some((beginning, last)) = phone.split_at_checked(phone.len().saturating_sub(1)) else {
        return phone.to_owned();
    };
    let digit = last.parse().unwrap_or(0);
    format!("{beginning}{}", (digit + dice.between(1, 9)) % 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_changes_one_place() {
        let mut dice = Dice::new(5);
        for _ in 0..200 {
            let slipped = slip("Lindqvist", &mut dice);
            let distance = rapidfuzz::distance::osa::distance("Lindqvist".chars(), slipped.chars());
            assert!(distance <= 1, "{slipped}");
        }
        assert_eq!(slip("Kim", &mut dice), "Kim");
    }

    #[test]
    fn a_wrong_digit_is_wrong() {
        let mut dice = Dice::new(6);
        for _ in 0..50 {
            let phone = wrong_digit("+12175550104", &mut dice);
            assert!(phone.starts_with("+1217555010") && phone != "+12175550104");
        }
    }
}
