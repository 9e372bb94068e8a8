//! What the names of columns say, in several languages.
//!
//! The words are data (`words.txt`): a meaning and what it is called, a block a language. A name is
//! compared without case, accents, blanks and signs; words that say whose or which (`billing`,
//! `Kunde`) are left out where nothing is called that as a whole.
//!
//! Does not live here: what a column's values say (`propose`).

mod meaning;

pub use meaning::Meaning;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::LazyLock;

use deunicode::deunicode;

/// What a column's name says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Heading {
    /// What the column holds.
    pub meaning: Meaning,
    /// How surely the name says so.
    pub surety: Surety,
    /// Whether it is a second one beside the customer's own: `Shipping City`.
    pub is_other: bool,
    /// The languages in which it is called that.
    pub languages: BTreeSet<&'static str>,
}

/// How surely a name says what a column holds, the surest last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Surety {
    /// Only its last or first words are known: `Phone of the day`.
    Part,
    /// What is left without words that say whose or which.
    Qualified,
    /// All of it.
    Whole,
}

struct Words {
    named: HashMap<String, (Meaning, BTreeSet<&'static str>)>,
    /// Words that say whose or which.
    left_out: BTreeSet<String>,
    /// Those of them that say that it is another's, or a second one.
    other: BTreeSet<String>,
}

static WORDS: LazyLock<Words> = LazyLock::new(|| Words::of(include_str!("words.txt")));

impl Words {
    fn of(text: &'static str) -> Words {
        let mut words =
            Words { named: HashMap::new(), left_out: BTreeSet::new(), other: BTreeSet::new() };
        let mut language = "";
        for line in text.lines().map(str::trim) {
            if let Some(name) = line.strip_prefix('[') {
                language = name.trim_end_matches(']');
            }
            let Some((name, list)) = line.split_once(" = ").filter(|_| !line.starts_with('#'))
            else {
                continue;
            };
            let list = list.split(',').map(|word| parts(word).concat());
            match Meaning::from_name(name) {
                Some(meaning) => {
                    for word in list {
                        let entry = words.named.entry(word);
                        entry.or_insert_with(|| (meaning, BTreeSet::new())).1.insert(language);
                    }
                }
                None => {
                    let list: BTreeSet<String> = list.collect();
                    if name == "another" {
                        words.other.clone_from(&list);
                    }
                    words.left_out.extend(list);
                }
            }
        }
        words
    }

    fn find(&self, words: &[&str], surety: Surety, is_other: bool) -> Option<Heading> {
        let (meaning, languages) = self.named.get(&words.concat())?;
        Some(Heading { meaning: *meaning, surety, is_other, languages: languages.clone() })
    }
}

/// What a column of that name holds, as far as the name says it.
#[must_use]
pub fn read(name: &str) -> Option<Heading> {
    if name.len() > 200 {
        return None;
    }
    let all = parts(name);
    let all: Vec<&str> = all.iter().map(String::as_str).collect();
    if let Some(found) = WORDS.find(&all, Surety::Whole, false) {
        return Some(found);
    }
    let is_number = |word: &str| word.bytes().all(|byte| byte.is_ascii_digit());
    let number = all.iter().rev().find(|word| is_number(word)).copied();
    let words: Vec<&str> = all.iter().copied().filter(|word| !is_number(word)).collect();
    // A second telephone is one more; a first is the only one.
    let is_second = number.is_some_and(|number| !matches!(number, "0" | "1"));
    if let Some(found) = WORDS.find(&words, Surety::Qualified, is_second) {
        return Some(found);
    }
    let is_other = is_second || words.iter().any(|word| WORDS.other.contains(*word));
    let shortened = |left_out: &dyn Fn(&str) -> bool| {
        let left: Vec<&str> = words.iter().copied().filter(|word| !left_out(word)).collect();
        WORDS.find(&left, Surety::Qualified, is_other)
    };
    shortened(&|word| WORDS.left_out.contains(word))
        .or_else(|| from_an_end(&words, is_other))
        .filter(|found| found.surety > Surety::Part || found.meaning.is_told_by_part())
}

/// By the last words or the first, as many as are known.
fn from_an_end(words: &[&str], is_other: bool) -> Option<Heading> {
    let ends = (1..words.len()).rev().flat_map(|count| {
        [&words[words.len() - count..], &words[..count]].map(|part| (part, count))
    });
    for (part, count) in ends.filter(|(_, count)| *count <= 3) {
        let rest = words.len() - count;
        let found = WORDS.find(part, Surety::Part, is_other);
        let is_qualified = || {
            let others = words.iter().filter(|word| !part.contains(word));
            others.filter(|word| WORDS.left_out.contains(**word)).count() == rest
        };
        if let Some(found) = found {
            let surety = if is_qualified() { Surety::Qualified } else { Surety::Part };
            return Some(Heading { surety, ..found });
        }
    }
    None
}

/// A name as names are compared: `S.-No.` and `s no` are one.
#[must_use]
pub fn folded(name: &str) -> String {
    parts(name).concat()
}

/// Whether a name, folded, says that something is a number, and not of what.
#[must_use]
pub fn is_number_alone(folded: &str) -> bool {
    const NAMES: [&str; 15] = [
        "no",
        "nr",
        "num",
        "number",
        "n",
        "nummer",
        "numero",
        "numer",
        "nro",
        "cislo",
        "szam",
        "nomer",
        "номер",
        "番号",
        "番",
    ];
    NAMES.contains(&folded)
}

/// Whether something is usually called that, on whatever evidence.
#[must_use]
pub fn is_known(name: &str) -> bool {
    read(name).is_some_and(|heading| heading.surety > Surety::Part)
}

/// Whether a column of that name usually holds the key of its record.
#[must_use]
pub fn is_key(name: &str) -> bool {
    read(name).is_some_and(|it| it.meaning == Meaning::Key && it.surety > Surety::Part)
}

/// The languages of these names, with how many are in each and in no other.
pub fn languages<'n>(names: impl Iterator<Item = &'n str>) -> BTreeMap<&'static str, usize> {
    let mut counted = BTreeMap::new();
    for heading in names.filter_map(read).filter(|heading| heading.surety > Surety::Part) {
        let mut languages = heading.languages.into_iter();
        if let (Some(only), None) = (languages.next(), languages.next()) {
            *counted.entry(only).or_default() += 1;
        }
    }
    counted
}

/// A letter as names are compared: without accents in ASCII, but for scripts that words are written in
/// themselves. Written out in ASCII a Russian word could be a Polish one.
fn plain(letter: char) -> String {
    match letter {
        '\u{451}' | '\u{401}' => "\u{435}".to_owned(),
        '\u{400}'..='\u{52f}' => letter.to_lowercase().collect(),
        '\u{3041}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' => letter.to_string(),
        other => deunicode(other.encode_utf8(&mut [0; 4])),
    }
}

/// The words of a name: small letters and digits, parted at signs, at the capitals of
/// `firstName`, and before digits.
fn parts(name: &str) -> Vec<String> {
    let name = name.replace(['°', 'º', '#', '№'], "o ");
    let plain: String = name.chars().map(plain).collect();
    let mut words: Vec<String> = Vec::new();
    let mut before = ' ';
    for letter in plain.chars() {
        let goes_on = letter.is_alphanumeric()
            && before.is_alphanumeric()
            && before.is_ascii_digit() == letter.is_ascii_digit()
            && !(before.is_ascii_lowercase() && letter.is_ascii_uppercase());
        if letter.is_alphanumeric() {
            match words.last_mut().filter(|_| goes_on) {
                Some(word) => word.push(letter.to_ascii_lowercase()),
                None => words.push(letter.to_ascii_lowercase().to_string()),
            }
        }
        before = letter;
    }
    for word in &mut words {
        // `Straße`, `Strasse`; `Änderung`, `Aenderung`: one word.
        for (two, one) in [("ae", "a"), ("oe", "o"), ("ue", "u")] {
            *word = word.replace(two, one);
        }
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_in_many_spellings_and_languages() {
        use Meaning::*;
        for (name, expected) in [
            ("id", Key),
            ("CustomerID", Key),
            ("Kunden-Nr.", Key),
            ("N° client", Key),
            ("Número de cliente", Key),
            ("E-Mail", Email),
            ("e_mail", Email),
            ("E-Mail-Adresse 1", Email),
            ("Correo electrónico", Email),
            ("contact.email", Email),
            ("EMAIL_ADDRESS", Email),
            ("FirstName", GivenName),
            ("first", GivenName),
            ("Prénom", GivenName),
            ("PRIMARY_NAME_FIRST", GivenName),
            ("Nachname", FamilyName),
            ("Achternaam", FamilyName),
            ("Cognome", FamilyName),
            ("Apellidos", FamilyName),
            ("Name", Name),
            ("Nom", Name),
            ("Straße", Street),
            ("STRASSE", Street),
            ("Hausnummer", HouseNumber),
            ("PLZ", Postcode),
            ("Code postal", Postcode),
            ("CAP", Postcode),
            ("Ort", City),
            ("Città", City),
            ("Ländercode", Country),
            ("Geburtsdatum", DateOfBirth),
            ("Date de naissance", DateOfBirth),
            ("Zuletzt geändert", Updated),
            ("updatedAt", Updated),
            ("SystemModstamp", Updated),
            ("Last Updated Date", Updated),
            ("Modification Date", Updated),
            ("Toevoeging", NumberMore),
            ("Hausnummernzusatz", NumberMore),
            ("Telefon privat", Phone),
            ("Téléphone portable", Mobile),
            ("Telemóvel", Mobile),
            ("USt-IdNr.", VatId),
            ("BSN", NationalId),
            ("Razón social", OrganisationName),
            ("Accepts Email Marketing", Consent),
            ("Billing City", City),
            ("properties.city", City),
            ("address.street", Street),
            ("ADDR_CITY", City),
            ("Kunde Vorname", GivenName),
            ("Код", Key),
            ("Фамилия", FamilyName),
            ("Ad", GivenName),
            ("ADI", GivenName),
            ("Soyad", FamilyName),
            ("Soyadı", FamilyName),
            ("Ad Soyad", FullName),
            ("Şehir", City),
            ("ŞEHİR", City),
            ("E-posta", Email),
            ("Cep Telefonu", Mobile),
            ("Doğum Tarihi", DateOfBirth),
            ("ИМЯ", GivenName),
            ("Индекс", Postcode),
            ("Эл. почта", Email),
            ("Населённый пункт", City),
            ("ИНН", TaxId),
            ("Дата рождения", DateOfBirth),
            ("顧客番号", Key),
            ("姓", FamilyName),
            ("郵便番号", Postcode),
            ("メールアドレス", Email),
            ("生年月日", DateOfBirth),
            ("n.family", FamilyName),
            ("n.given", GivenName),
            ("fn", FullName),
            ("bday", DateOfBirth),
            ("adr.street", Street),
            ("adr.city", City),
            ("adr.postcode", Postcode),
            ("adr.country", Country),
            ("Konto", Key),
            ("Kontostand", Measure),
            ("Total Spend", Measure),
            ("Jahresumsatz", Measure),
            ("Chiffre d'affaires", Measure),
            ("Возраст", Measure),
            ("Password", Secret),
            ("API key", Secret),
            ("Passwort", Secret),
            ("IP", Other),
        ] {
            let found = read(name).unwrap_or_else(|| panic!("{name} is not known"));
            assert_eq!(found.meaning, expected, "{name}");
            assert!(found.surety > Surety::Part && !found.is_other, "{name}: {found:?}");
        }
    }

    #[test]
    fn what_is_another_s_or_a_second_one_is_told() {
        for name in [
            "Product name",
            "Shipping City",
            "E-mail 2",
            "Emergency Phone",
            "Company Phone",
            "phone2",
        ] {
            assert!(read(name).is_some_and(|found| found.is_other), "{name}");
        }
        assert!(read("E-mail 1 - Value").is_some_and(|found| !found.is_other));
    }

    #[test]
    fn part_of_a_name_is_enough_only_where_values_show_what_it_is() {
        let found = read("Phone at night").unwrap();
        assert_eq!((found.meaning, found.surety), (Meaning::Phone, Surety::Part));
        for name in ["Colour", "x17", "", "Größe", "given_zeta"] {
            assert_eq!(read(name), None, "{name}");
        }
    }

    #[test]
    fn the_words_are_sound() {
        let mut meanings: HashMap<String, &str> = HashMap::new();
        let mut languages = BTreeSet::new();
        let mut is_word = true;
        for line in include_str!("words.txt").lines() {
            if let Some(name) = line.strip_prefix('[') {
                is_word = name != "which]";
                languages.insert(name);
            }
            let Some((name, list)) = line.split_once(" = ").filter(|_| is_word) else { continue };
            assert!(Meaning::from_name(name).is_some(), "{name}");
            for word in list.split(',') {
                let other = meanings.insert(parts(word).concat(), name);
                assert!(other.is_none_or(|it| it == name), "{word} is {name} and {other:?}");
            }
        }
        assert!(
            ["en]", "de]", "fr]", "es]", "it]", "nl]", "pt]"]
                .iter()
                .all(|it| languages.contains(it))
        );
    }

    #[test]
    fn a_language_is_told_by_words_of_its_own() {
        let names = ["Vorname", "Nachname", "PLZ", "E-Mail", "Firma"];
        let counted = languages(names.into_iter());
        assert!(counted["de"] >= 2 && counted.len() == 1, "{counted:?}");
    }
}
