//! How texts go wrong: keys, scanners, ears, forms with little room.
//!
//! What a scanner or an ear takes for what stands in `data/slips.txt`.

use sample::Dice;

use super::locale::list;

const TEXT: &str = include_str!("data/slips.txt");

/// What is taken for what.
pub struct Slipping {
    ocr: Vec<(&'static str, &'static str)>,
    heard: Vec<(&'static str, &'static str)>,
    rows: Vec<&'static str>,
}

impl Slipping {
    /// As the list says.
    #[must_use]
    pub fn new() -> Slipping {
        let pairs = |key| list(TEXT, key).into_iter().filter_map(|it| it.split_once('=')).collect();
        let rows = list(TEXT, "keys").into_iter().flat_map(str::split_whitespace).collect();
        Slipping { ocr: pairs("ocr"), heard: pairs("heard"), rows }
    }

    /// A slip of somebody who types: a neighbouring key, two letters exchanged, one left out or doubled. The
    /// first letter is mostly right.
    #[must_use]
    pub fn typed(&self, text: &str, dice: &mut Dice) -> String {
        let mut letters: Vec<char> = text.chars().collect();
        if letters.len() < 3 {
            return text.to_owned();
        }
        let first = usize::from(!dice.chance(100));
        let at = first + dice.index(letters.len() - 1 - first);
        match dice.below(5) {
            0 => letters[at] = self.neighbour(letters[at], dice),
            1 => letters.insert(at, self.neighbour(letters[at], dice)),
            2 => letters.insert(at, letters[at]),
            3 => drop(letters.remove(at)),
            _ => letters.swap(at, at + 1),
        }
        letters.into_iter().collect()
    }

    fn neighbour(&self, letter: char, dice: &mut Dice) -> char {
        let lower = letter.to_ascii_lowercase();
        let Some((row, at)) = self.rows.iter().find_map(|row| Some((row, row.find(lower)?))) else {
            return letter;
        };
        let last = row.len() - 1;
        let next = if at == 0 || at < last && dice.chance(500) { at + 1 } else { at - 1 };
        let found = char::from(row.as_bytes()[next]);
        if letter.is_uppercase() { found.to_ascii_uppercase() } else { found }
    }

    /// One letter that looks like another.
    #[must_use]
    pub fn scanned(&self, text: &str, dice: &mut Dice) -> String {
        replaced(&self.ocr, text, dice)
    }

    /// One letter that sounds like another.
    #[must_use]
    pub fn heard(&self, text: &str, dice: &mut Dice) -> String {
        replaced(&self.heard, text, dice)
    }
}

impl Default for Slipping {
    fn default() -> Self {
        Self::new()
    }
}

/// One of the places where something of the table stands, as it is taken for.
fn replaced(table: &[(&str, &str)], text: &str, dice: &mut Dice) -> String {
    let places: Vec<(usize, &str, &str)> = table
        .iter()
        .flat_map(|(from, to)| text.match_indices(from).map(move |(at, _)| (at, *from, *to)))
        .filter(|(at, ..)| *at > 0)
        .collect();
    if places.is_empty() {
        return text.to_owned();
    }
    let (at, from, to) = places[dice.index(places.len())];
    format!("{}{to}{}", &text[..at], &text[at + from.len()..])
}

/// One digit wrong, or two exchanged.
#[must_use]
pub fn wrong_digit(text: &str, dice: &mut Dice) -> String {
    let mut signs: Vec<char> = text.chars().collect();
    let places: Vec<usize> = (1..signs.len()).filter(|at| signs[*at].is_ascii_digit()).collect();
    let Some(at) = (!places.is_empty()).then(|| places[dice.index(places.len())]) else {
        return text.to_owned();
    };
    if dice.chance(300) && signs[at - 1].is_ascii_digit() && at > 1 {
        signs.swap(at - 1, at);
    } else {
        let digit = signs[at].to_digit(10).unwrap_or(0) + dice.between(1, 9);
        signs[at] = char::from(b'0' + (digit % 10) as u8);
    }
    signs.into_iter().collect()
}

/// A date (`1984-03-12`) with day and month exchanged, where there is such a date, or one part a little wrong.
#[must_use]
pub fn wrong_date(date: &str, dice: &mut Dice) -> String {
    let parts: Vec<u32> = date.split('-').filter_map(|part| part.parse().ok()).collect();
    let [year, month, day] = parts[..] else { return date.to_owned() };
    let (year, month, day) = match dice.below(4) {
        0 if day <= 12 => (year, day, month),
        1 => (year, month, 1 + day % 28),
        2 => (year, 1 + month % 12, day.min(28)),
        _ => (year - 10 + dice.below(10), month, day.min(28)),
    };
    format!("{year:04}-{month:02}-{day:02}")
}

/// Letters without marks, as forms that know only ASCII leave them.
#[must_use]
pub fn without_marks(text: &str, dice: &mut Dice) -> String {
    if text.is_ascii() {
        return text.to_owned();
    }
    let spelled = dice.chance(400);
    let spell = |letter: char| match (letter, spelled) {
        ('ä', true) => "ae".to_owned(),
        ('ö', true) => "oe".to_owned(),
        ('ü', true) => "ue".to_owned(),
        ('å', true) => "aa".to_owned(),
        _ => deunicode::deunicode(&letter.to_string()),
    };
    text.chars().map(spell).collect()
}

/// What there is room for.
#[must_use]
pub fn cut(text: &str, room: usize) -> String {
    let kept: String = text.chars().take(room).collect();
    kept.trim_end().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_is_small_and_mostly_one() {
        let (slipping, mut dice) = (Slipping::new(), Dice::new(4));
        let (mut typed, mut heard) = (0, 0);
        for _ in 0..300 {
            let text = slipping.typed("Fitzgerald", &mut dice);
            assert!(text.chars().count().abs_diff(10) <= 1, "{text}");
            typed += usize::from(text != "Fitzgerald");
            heard += usize::from(slipping.heard("Fitzgerald", &mut dice) != "Fitzgerald");
        }
        assert!(typed > 270 && heard > 270, "{typed} {heard}");
        assert_eq!(slipping.typed("Al", &mut dice), "Al");
        assert_eq!(slipping.scanned("X", &mut dice), "X");
    }

    #[test]
    fn numbers_and_dates_keep_their_form() {
        let mut dice = Dice::new(5);
        for _ in 0..300 {
            let phone = wrong_digit("+1 (217) 555-0104", &mut dice);
            assert_eq!(phone.replace(|sign: char| sign.is_ascii_digit(), ""), "+ () -");
            let date: jiff::civil::Date = wrong_date("1984-03-31", &mut dice).parse().unwrap();
            assert!((1974..=1984).contains(&date.year()), "{date}");
        }
        assert_eq!(wrong_digit("no number", &mut dice), "no number");
    }

    #[test]
    fn marks_go_and_room_ends() {
        let mut dice = Dice::new(6);
        let spellings: Vec<String> =
            (0..50).map(|_| without_marks("Schönærł", &mut dice)).collect();
        assert!(spellings.iter().all(|text| text.is_ascii()), "{spellings:?}");
        assert!(spellings.iter().any(|text| text.starts_with("Schoen")));
        assert!(spellings.iter().any(|text| text.starts_with("Schona")));
        assert_eq!(cut("Anna Maria", 5), "Anna");
    }
}
