//! Several names in one text with a sign between them and no word: `Robert Hill, Martin Hill`, two lines,
//! `Peter; Paul`. Most of these signs part what is one person's as well (`Hill, Robert`, `Hill - Weber`), so
//! what tells is a whole second name behind them, or a family name that comes twice.

use std::borrow::Cow;

use super::degrees::is_degree;
use super::has_key;
use super::several::{NamePart, PARTICLES, Several, is_given_name};
use super::suffix::Suffix;
use super::titles::is_title;

/// Signs of other widths and their plain form; of other alphabets, what parts the names in a list.
const WIDE: [(&str, char); 10] = [
    ("＆﹠", '&'),
    ("／⁄∕", '/'),
    ("＋﹢", '+'),
    ("，﹐､、،", ','),
    ("；﹔؛", ';'),
    ("｜¦", '|'),
    ("－﹣–—―", '-'),
    ("･", '・'),
    ("\u{2028}\u{2029}\u{85}\u{b}\u{c}\r", '\n'),
    ("\u{3000}\u{a0}", ' '),
];

/// Whether a character ends a line.
#[must_use]
pub fn is_line_break(character: char) -> bool {
    plain(character) == '\n'
}

/// A delivered name with the signs between two names in their plain form: `＆` as `&`.
#[must_use]
pub fn with_plain_signs(text: &str) -> Cow<'_, str> {
    if text.chars().all(|character| plain(character) == character) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.chars().map(plain).collect())
}

fn plain(character: char) -> char {
    if matches!(character, '\0'..='\n' | ' '..='~') {
        return character;
    }
    let found = WIDE.iter().find(|(wide, _)| wide.contains(character));
    found.map_or(character, |(_, plain)| *plain)
}

/// The people whose names a sign parts.
pub(super) fn people(text: &str, part: NamePart) -> Option<Several<'_>> {
    if !may_be(text, part) {
        return None;
    }
    if part == NamePart::Given
        && let Some(people) = east_asian(text)
    {
        return Some(doubtful(people));
    }
    for sign in ["\n", ";", "|", "・"] {
        if let Some(names) = names(text, sign) {
            let found = match (sign, part) {
                ("・", NamePart::Family) => false,
                ("・", _) => names.iter().all(|name| name.concat().chars().any(is_han)),
                (_, NamePart::Full) => are_whole(&names, |_, _| true),
                _ => true,
            };
            if !found && sign == "・" {
                continue;
            }
            return found.then(|| Several::parted(names.clone(), !share_family_name(&names)));
        }
    }
    for sign in [" - ", " – ", " — ", " -- ", ","] {
        let Some(names) = names(text, sign) else { continue };
        let is_comma = sign == ",";
        if part == NamePart::Given {
            let is_name = |name: &Vec<&str>| name.iter().all(|word| begins_a_name(word, text));
            return names.iter().all(is_name).then(|| Several::parted(names, !is_comma));
        }
        if share_family_name(&names) {
            return Some(Several::parted(names, false));
        }
        let are_two = |name: &[&str], is_last: bool| match name {
            // `Hill, John Paul` has given names behind the comma, `Robert - Martin Hill` a family name.
            [given] => (!is_comma || names.len() > 2) && !is_last && is_given_name(given),
            // Van is a given name, too.
            [given, .., family] => {
                is_given_name(given) && !is_given_name(family) && !has_key(given, &PARTICLES)
            }
            [] => false,
        };
        let are_people = match part {
            NamePart::Full => {
                are_whole(&names, are_two)
                    || are_family_first(&names)
                    || is_comma && are_given(&names)
            }
            // `Hill, Robert Weber` in a column of family names.
            _ => is_comma && names[1..].iter().all(|name| name.len() > 1 && are_two(name, true)),
        };
        return are_people.then(|| Several::parted(names, true));
    }
    twice(text, part)
}

/// A quick look, for most names are of one person: never wrongly no.
fn may_be(text: &str, part: NamePart) -> bool {
    !text.is_ascii()
        || text.bytes().any(|byte| matches!(byte, b'\n' | b';' | b'|' | b',' | b'-'))
        || part == NamePart::Full
            && text.rsplit_once(' ').is_some_and(|(before, last)| {
                before.split(' ').any(|word| word.eq_ignore_ascii_case(last))
            })
}

fn doubtful(people: Vec<Vec<&str>>) -> Several<'_> {
    Several::parted(people, true)
}

/// The words of what a sign parts, if it parts at least two names.
fn names<'a>(text: &'a str, sign: &str) -> Option<Vec<Vec<&'a str>>> {
    if !text.contains(sign) {
        return None;
    }
    let parts = text.split(sign).map(name).filter(|words| !words.is_empty());
    let names: Vec<Vec<&str>> = parts.collect();
    (names.len() > 1).then_some(names)
}

/// The words that name somebody: no titles, initials, degrees and suffixes.
fn name(text: &str) -> Vec<&str> {
    let words = text.split([' ', ',', '\n']).filter(|word| {
        word.chars().count() > usize::from(word.is_ascii())
            && word.contains(char::is_alphabetic)
            && !word.ends_with('.')
            && !is_title(word)
            && !is_degree(word)
            && Suffix::of(word).is_none()
    });
    words.collect()
}

/// Whether each is a whole name, of a given name and a family name.
fn are_whole(names: &[Vec<&str>], is_one: impl Fn(&[&str], bool) -> bool) -> bool {
    let last = names.len() - 1;
    let is_whole = |(at, name): (usize, &Vec<&str>)| {
        let is_short = name.len() == 1 && at < last && is_given_name(name[0]);
        (name.len() > 1 || is_short) && is_one(name, at == last)
    };
    names[last].len() > 1 && names.iter().enumerate().all(is_whole)
}

/// Whether two of them, one behind the other, have one family name behind their given names.
fn share_family_name(names: &[Vec<&str>]) -> bool {
    names.windows(2).any(|pair| {
        let [one, other] = pair else { return false };
        // In a column of family names the first one's given name is elsewhere.
        other.len() > 1 && !one.is_empty() && are_same(one[one.len() - 1], other[other.len() - 1])
    })
}

/// `Susan, Linda Hill`: two given names with a comma between, where a family name would be none.
fn are_given(names: &[Vec<&str>]) -> bool {
    let [one, other] = names else { return false };
    matches!((&one[..], &other[..]), ([first], [second, family])
        if is_given_name(first) && is_given_name(second) && !is_given_name(family))
}

/// `Hill Robert, Hill Martin`.
fn are_family_first(names: &[Vec<&str>]) -> bool {
    names.windows(2).all(|pair| {
        pair.iter().all(|name| name.len() > 1)
            && are_same(pair[0][0], pair[1][0])
            && !is_given_name(pair[0][0])
    })
}

/// A family name that comes twice with nothing between the names: `Robert Hill Martin Hill`, `Robert
/// Hill-Martin Hill`. `García García` is one person's.
fn twice(text: &str, part: NamePart) -> Option<Several<'_>> {
    if part != NamePart::Full || text.contains(',') {
        return None;
    }
    let words: Vec<&str> = text.split(' ').filter(|word| !word.is_empty()).collect();
    let (family, others) = words.split_last().filter(|(_, others)| others.len() > 1)?;
    if name(family).is_empty() {
        return None;
    }
    let people = |cut: usize, joined: Option<(&'_ str, &'_ str)>| {
        let mut people = vec![words[..cut].to_vec(), words[cut..].to_vec()];
        if let Some((one, other)) = joined {
            people[0].push(words[cut].get(..one.len())?);
            people[1][0] = words[cut].get(words[cut].len() - other.len()..)?;
        }
        Some(Several::parted(people, true))
    };
    for at in 1..others.len() {
        let word = others[at];
        if are_same(word, family) && others.get(at + 1).is_some_and(|next| is_given_name(next)) {
            return people(at + 1, None);
        }
        if let Some((one, other)) = word.split_once(['-', '–', '—'])
            && are_same(one, family)
            && !other.is_empty()
        {
            return people(at, Some((one, other)));
        }
    }
    None
}

/// Two given names in Chinese characters with a blank between them: one person's need none.
fn east_asian(text: &str) -> Option<Vec<Vec<&str>>> {
    let words: Vec<&str> = text.split(' ').filter(|word| !word.is_empty()).collect();
    let is_name = |word: &&str| word.chars().count() > 1 && word.chars().all(is_han);
    (words.len() == 2 && words.iter().all(is_name))
        .then(|| words.into_iter().map(|it| vec![it]).collect())
}

/// Chinese characters and hiragana; a foreign name is in katakana.
fn is_han(character: char) -> bool {
    matches!(character, '\u{3040}'..='\u{309f}' | '\u{3400}'..='\u{9fff}' | '々')
}

/// Whether a word of a text begins as a name does.
fn begins_a_name(word: &str, text: &str) -> bool {
    let is_spelled = word.chars().count() > 2 || word.chars().all(is_han);
    let is_small = word.starts_with(char::is_lowercase);
    // Where nothing has capitals, a name that is known.
    is_spelled && (!is_small || !text.contains(char::is_uppercase) && is_given_name(word))
}

pub(super) fn are_same(one: &str, other: &str) -> bool {
    one.len() > 2
        && (one.eq_ignore_ascii_case(other)
            || !one.is_ascii() && one.to_lowercase() == other.to_lowercase())
}

#[cfg(test)]
mod tests {
    use super::super::several;
    use super::*;

    /// The people of a name, joined by `|`; a `?` in front where it may be one person's.
    fn read(text: &str, part: NamePart) -> String {
        let plain = with_plain_signs(text);
        several(&plain, part).map_or_else(String::new, |several| {
            let people: Vec<String> = several.people.iter().map(|words| words.join(" ")).collect();
            format!("{}{}", if several.is_doubtful { "?" } else { "" }, people.join("|"))
        })
    }

    #[test]
    fn full_names_of_several_people() {
        for (text, expected) in [
            ("Robert Quenby, Martin Quenby", "Robert Quenby|Martin Quenby"),
            ("Robert Quenby,Martin Quenby", "Robert Quenby|Martin Quenby"),
            ("ROBERT QUENBY, MARTIN QUENBY", "ROBERT QUENBY|MARTIN QUENBY"),
            ("Robert Quenby\nMartin Quenby", "Robert Quenby|Martin Quenby"),
            ("Robert Quenby\r\nMartin Quenby", "Robert Quenby|Martin Quenby"),
            ("Robert Quenby\nMartin Jones", "?Robert Quenby|Martin Jones"),
            ("Robert Quenby; Martin Quenby", "Robert Quenby|Martin Quenby"),
            ("Robert Quenby | Martin Jones", "?Robert Quenby|Martin Jones"),
            ("Robert Quenby - Martin Quenby", "Robert Quenby|Martin Quenby"),
            ("Robert Quenby – Martin Quenby", "Robert Quenby|Martin Quenby"),
            ("Robert Quenby — Martin Jones", "?Robert Quenby|Martin Jones"),
            ("Robert - Martin Quenby", "?Robert|Martin Quenby"),
            ("Robert Quenby, Martin Jones", "?Robert Quenby|Martin Jones"),
            ("Mr Robert Quenby, Mrs Susan Jones", "?Robert Quenby|Susan Jones"),
            ("Quenby Robert, Quenby Martin", "?Quenby Robert|Quenby Martin"),
            ("Robert Quenby Martin Quenby", "?Robert Quenby|Martin Quenby"),
            ("Peter Hyphbe-Paul Hyphbe", "?Peter Hyphbe|Paul Hyphbe"),
            ("Peter, Paul, Mary Triby", "?Peter|Paul|Mary Triby"),
            ("Robert ＆ Martin Quyby", "Robert|Martin Quyby"),
            ("Robert﹠Martin Quyby", "Robert|Martin Quyby"),
            ("Robert／Martin Quyby", "Robert|Martin Quyby"),
            ("山田太郎・山田花子", "?山田太郎|山田花子"),
            ("Pekka ja Matti Virtanen", "Pekka|Matti Virtanen"),
            ("Иван и Пётр Сидоровы", "Иван|Пётр Сидоровы"),
            ("Janez in Marija Novak", "Janez|Marija Novak"),
            ("John with Mary Smith", "John|Mary Smith"),
            ("Susan Mothby for Emma Mothby", "Susan Mothby|Emma Mothby"),
            ("Susan Quigley attn Emma Quigley", "Susan Quigley|Emma Quigley"),
            ("Susan Quigley attn. Emma Quigley", "Susan Quigley|Emma Quigley"),
            ("Susan Hill as guardian of Emma Hill", "Susan Hill|Emma Hill"),
            ("Susan Hill on behalf of Emma Hill", "Susan Hill|Emma Hill"),
            ("Parents of Emma Quale", "|Emma Quale"),
            ("Eltern von Emma Quale", "|Emma Quale"),
            ("Paul Childby, child of Susan Childby", "Paul Childby,|Susan Childby"),
            ("Erben Robert Quandt", "|Robert Quandt"),
            ("Robert Quast Trust", "|Robert Quast"),
            ("Robert Quill Family Trust", "|Robert Quill"),
            ("The Quill Revocable Trust", "|The Quill"),
        ] {
            assert_eq!(read(text, NamePart::Full), expected, "{text:?}");
        }
    }

    #[test]
    fn full_names_of_one_person() {
        for text in [
            "Smith, Peter",
            "Smith, John Paul",
            "Smith,Peter",
            "SMITH, PETER",
            "Peter Paul Smith",
            "Anne-Marie Smith",
            "José Ortega y Gasset",
            "Juan García y Vega",
            "João da Silva e Souza",
            "Anna Smith-Jones",
            "Lee, Jr",
            "John Lee, Jr.",
            "Anna Smith, B.A.",
            "Smith, John, Springfield",
            "Anna Müller - Schmidt",
            "Müller - Schmidt, Anna",
            "Anna Müller – Schmidt",
            "Jan van der Berg",
            "Berg, Jan van der",
            "Jan in 't Veld",
            "Juan García García",
            "María José García García",
            "García López, María José",
            "Martin Luther, John",
            "Robert\nQuenby",
            "Quenby; Robert",
            "ジョン・スミス",
            "Dan Brown",
            "Anna Dan Brown",
            "Kaj Munk Nielsen",
            "Va Nguyen Lan",
            "Peter O. Ben",
            "Ir. Jan de Vries",
            "Joan of Arc",
            "Anna Trust",
            "Erben Karel Jaromír",
            "Karel Jaromír Erben",
            "J. K. Rowling",
            "Peter - Smith",
            "",
            ",",
            " - ",
            ";",
            "\n\n",
        ] {
            assert_eq!(read(text, NamePart::Full), "", "{text:?}");
        }
    }

    #[test]
    fn given_names() {
        for (text, expected) in [
            ("Peter - Paul", "?Peter|Paul"),
            ("Peter – Paul", "?Peter|Paul"),
            ("Peter\nPaul", "?Peter|Paul"),
            ("Peter＆Paul", "Peter|Paul"),
            ("Peter; Paul", "?Peter|Paul"),
            ("Peter | Paul", "?Peter|Paul"),
            ("Peter, Paul", "Peter|Paul"),
            ("Peter,Paul", "Peter|Paul"),
            ("John w/ Mary", "John|Mary"),
            ("John with Mary", "John|Mary"),
            ("John n Mary", "John|Mary"),
            ("John 'n' Mary", "John|Mary"),
            ("太郎・花子", "?太郎|花子"),
            ("太郎、花子", "太郎|花子"),
            ("太郎 花子", "?太郎|花子"),
            ("Péter és Pál", "Péter|Pál"),
            ("Pekka ja Matti", "Pekka|Matti"),
            ("Petru și Ion", "Petru|Ion"),
            ("Γιώργος και Νίκος", "Γιώργος|Νίκος"),
            ("Paulius ir Jonas", "Paulius|Jonas"),
            ("Jānis un Pēteris", "Jānis|Pēteris"),
            ("Иван и Пётр", "Иван|Пётр"),
            ("Іван та Петро", "Іван|Петро"),
            ("محمد و علي", "محمد|علي"),
            ("Agron dhe Besim", "Agron|Besim"),
            ("राम और श्याम", "राम|श्याम"),
            ("Anne-Marie", ""),
            ("Peter Paul", ""),
            ("Anna Maria", ""),
            ("Peter A", ""),
            ("Peter, A.", ""),
            ("Peter, Jr", ""),
            ("peter, paul", "peter|paul"),
            ("Peter - VI", ""),
            ("Dan", ""),
            ("John Dan", ""),
            ("Ja Un", ""),
            ("ジョン・ポール", ""),
            ("小 明", ""),
            ("민 수", ""),
        ] {
            assert_eq!(read(text, NamePart::Given), expected, "{text:?}");
        }
    }

    #[test]
    fn family_names() {
        for (text, expected) in [
            ("Lowercastle, Susan Lowercastle", "Lowercastle|Susan Lowercastle"),
            ("Quenby\nMartin Quenby", "Quenby|Martin Quenby"),
            ("Müller; Schmidt", "?Müller|Schmidt"),
            ("Müller - Schmidt", ""),
            ("Müller – Schmidt", ""),
            ("Smith-Jones", ""),
            ("Vries, de", ""),
            ("Berg, van den", ""),
            ("BERG, VAN DEN", ""),
            ("Lee, Jr", ""),
            ("Ortega y Gasset", ""),
            ("García y Vega", ""),
            ("Silva e Souza", ""),
            ("van der Berg", ""),
            ("Quast Trust", "|Quast"),
            ("Trust", ""),
        ] {
            assert_eq!(read(text, NamePart::Family), expected, "{text:?}");
        }
    }
}
