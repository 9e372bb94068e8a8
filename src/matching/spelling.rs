//! Values of one field that are probably one value, spelled in several ways.
//!
//! Two ways of finding them, as in OpenRefine: values with the same key (the words, whatever their
//! order, case, accents and signs; the letters, wherever the words are parted), and values whose keys
//! are near (a slip of the keyboard, the same sound). Each group is named after its most frequent
//! value, and the others are near to that one, so that no chain of slips leads from `Bern` to `Essen`.
//! Values whose digits differ are never near: `Unit 4` is not `Unit 5`.

use std::collections::{HashMap, HashSet};

use super::text::{digits, fold, is_alike, is_close, sound, tokens};
use domain::FieldType;

/// The values that are looked at: the most frequent.
pub const COMPARED: usize = 100_000;
/// Values of one block that are compared with each other value of it: the most frequent.
const MET: usize = 32;
/// A key shorter than this is a code, of which any other is a slip away.
const SHORTEST: usize = 4;

/// A value that comes this often is no slip of one that comes not much more often.
const FREQUENT: u64 = 3;
/// How many times as often as a slip the value comes that it is a slip of, by the letters that it has: the
/// shorter a word, the more other words are a slip away. Below the last of these nobody can say that it is one,
/// and such groups come last.
const TIMES: [(usize, u64); 3] = [(8, 4), (6, 10), (0, 20)];

/// What makes values one group.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kinship {
    /// The same words, but for order, case, accents and signs.
    SameWords,
    /// The same letters and digits, but for blanks.
    SameLetters,
    /// A slip of the keyboard away, or of the same sound and with nearly the same letters.
    Near,
}

/// Values that are probably one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SpelledAlike {
    /// What relates the one that is least alike.
    pub kinship: Kinship,
    /// Their places among the values, the most frequent first.
    pub members: Vec<usize>,
}

/// Whether values of a type are words in which a slip can be told from another value.
#[must_use]
pub fn can_be_misspelled(field_type: FieldType) -> bool {
    use FieldType::*;
    match field_type {
        GivenName | FamilyName | FullName | OrganisationName | Street | City | Region | Address
        | Country | Occupation | Category | Text => true,
        // A slip makes another number, another day, another person.
        NameSuffix | Email | Phone | Postcode | DateOfBirth | NationalId | Identifier | Gender
        | Date | Number | Consent => false,
    }
}

/// The groups among values with their counts, which come the most frequent first; groups of one are left
/// out. Those of the most values come first. `goes_on` is asked now and then; a no ends it with what was
/// found.
#[must_use]
pub fn spelled_alike(values: &[(&str, u64)], goes_on: &dyn Fn() -> bool) -> Vec<SpelledAlike> {
    let values = &values[..values.len().min(COMPARED)];
    let keys: Vec<Key> = values.iter().map(|(value, _)| Key::of(value)).collect();
    let mut heads: Vec<Option<(usize, Kinship)>> = vec![None; values.len()];
    by_key(&keys, &mut heads, Kinship::SameWords, |key| key.words.clone());
    by_key(&keys, &mut heads, Kinship::SameLetters, |key| key.words_joined_as_written());
    let mut counts: Vec<u64> = vec![0; values.len()];
    for (at, (_, count)) in values.iter().enumerate() {
        counts[heads[at].map_or(at, |(head, _)| head)] += count;
    }
    let doubtful = nearby(&keys, &counts, &mut heads, goes_on);
    groups(&heads, &doubtful)
}

/// What is compared of a value.
struct Key {
    /// As it is spelled, in small plain letters.
    folded: String,
    /// Its words in order of the alphabet, each once, in one spelling where several are usual.
    words: String,
    digits: String,
}

impl Key {
    fn of(value: &str) -> Self {
        let folded = fold(value);
        let mut words: Vec<&str> = tokens(&folded).enumerate().map(usual).collect();
        words.sort_unstable();
        words.dedup();
        let words = words.join(" ");
        let digits = digits(&folded);
        Self { folded, words, digits }
    }

    fn words_joined_as_written(&self) -> String {
        self.folded.replace(' ', "")
    }

    fn may_be_near(&self) -> bool {
        self.folded.len() >= SHORTEST
    }

    fn is_near(&self, other: &Key) -> bool {
        self.digits == other.digits
            && (is_close(&self.folded, &other.folded) || sounds_alike(&self.folded, &other.folded))
    }

    /// How many letters one is from the other.
    fn distance(&self, other: &Key) -> usize {
        rapidfuzz::distance::osa::distance(self.folded.chars(), other.folded.chars())
    }

    /// Keys that values have in common that are near: every way of leaving one letter out, and the sound.
    fn blocks(&self) -> Vec<String> {
        let text = &self.folded;
        let sounds: Vec<String> = tokens(text).map(|word| format!("{:x}", sound(word))).collect();
        let without = text
            .char_indices()
            .map(|(at, letter)| format!("{}{}", &text[..at], &text[at + letter.len_utf8()..]));
        let whole = std::iter::once(text.clone());
        let sound = std::iter::once(format!("~{}", sounds.join(" ")));
        let mut blocks: Vec<String> = whole.chain(without).chain(sound).collect();
        blocks.sort_unstable();
        blocks.dedup();
        blocks
    }
}

/// A word as others write it: `St` before a name is `Saint`, and behind one a street.
fn usual((place, word): (usize, &str)) -> &str {
    match word {
        "st" | "sankt" | "sint" | "ste" | "sainte" if place == 0 => "saint",
        "mt" if place == 0 => "mount",
        "ft" if place == 0 => "fort",
        "und" | "et" => "and",
        _ => word,
    }
}

/// The same sound word by word, and not many other letters.
fn sounds_alike(a: &str, b: &str) -> bool {
    let alike = |(a, b): (&str, &str)| a == b || (sound(a) == sound(b) && is_alike(a, b));
    tokens(a).count() == tokens(b).count() && tokens(a).zip(tokens(b)).all(alike)
}

/// Values with the same key follow the first of them.
fn by_key(
    keys: &[Key],
    heads: &mut [Option<(usize, Kinship)>],
    kinship: Kinship,
    key: impl Fn(&Key) -> String,
) {
    let mut first: HashMap<String, usize> = HashMap::new();
    for (at, own) in keys.iter().enumerate() {
        let text = key(own);
        // Of nothing but signs no word is left.
        if text.is_empty() || heads[at].is_some() {
            continue;
        }
        match first.get(&text) {
            Some(head) => heads[at] = Some((*head, kinship)),
            None => {
                first.insert(text, at);
            }
        }
    }
    // A head that follows another one leads there.
    for at in 0..heads.len() {
        if let Some((head, kinship)) = heads[at]
            && let Some((over, further)) = heads[head]
        {
            heads[at] = Some((over, kinship.max(further)));
        }
    }
}

/// How surely a value is no other one that is a slip away, by how often each comes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Rarity {
    /// It is so rare beside the other that it is probably a slip of it.
    Slip,
    /// It is clearly rarer, and may be another value.
    Doubtful,
    /// Both are frequent: `Miller` and `Müller`.
    Another,
}

fn rarity(one: u64, other: u64, letters: usize) -> Rarity {
    let (less, more) = (one.min(other), one.max(other));
    let is_below = |times: u64| less < FREQUENT || less.saturating_mul(times) < more;
    let times = TIMES.iter().find(|(least, _)| letters >= *least);
    match times {
        _ if TIMES.iter().all(|(_, times)| is_below(*times)) => Rarity::Slip,
        Some((_, times)) if is_below(*times) => Rarity::Doubtful,
        _ => Rarity::Another,
    }
}

/// Values that head no group yet join the nearest one of those that they may be a slip of; of several
/// that are as near, the most frequent. Gives those of which it is doubtful.
fn nearby(
    keys: &[Key],
    counts: &[u64],
    heads: &mut [Option<(usize, Kinship)>],
    goes_on: &dyn Fn() -> bool,
) -> HashSet<usize> {
    let mut doubtful = HashSet::new();
    let mut blocks: HashMap<String, Vec<usize>> = HashMap::new();
    let mut moved: HashMap<usize, usize> = HashMap::new();
    for (at, key) in keys.iter().enumerate() {
        if at.is_multiple_of(1_024) && !goes_on() {
            return doubtful;
        }
        if heads[at].is_some() || !key.may_be_near() {
            continue;
        }
        let own = key.blocks();
        let met = own.iter().filter_map(|block| blocks.get(block));
        let letters = key.folded.chars().filter(|it| it.is_alphabetic()).count();
        let rarity = |head: &usize| rarity(counts[*head], counts[at], letters);
        let near = met
            .flatten()
            .filter(|head| rarity(head) != Rarity::Another && keys[**head].is_near(key));
        if let Some(head) = near.min_by_key(|head| (key.distance(&keys[**head]), **head)) {
            moved.insert(at, *head);
            doubtful.extend((rarity(head) == Rarity::Doubtful).then_some(at));
            continue;
        }
        for block in own {
            let met = blocks.entry(block).or_default();
            if met.len() < MET {
                met.push(at);
            }
        }
    }
    for (at, slot) in heads.iter_mut().enumerate() {
        let own = slot.map_or(at, |(head, _)| head);
        if let Some(over) = moved.get(&own) {
            *slot = Some((*over, Kinship::Near));
        }
    }
    doubtful
}

/// The groups; those of the most values first, and last those of nothing but doubtful ones.
fn groups(heads: &[Option<(usize, Kinship)>], doubtful: &HashSet<usize>) -> Vec<SpelledAlike> {
    let mut by_head: HashMap<usize, SpelledAlike> = HashMap::new();
    for (at, head) in heads.iter().enumerate() {
        let Some((head, kinship)) = *head else { continue };
        let group =
            by_head.entry(head).or_insert_with(|| SpelledAlike { kinship, members: vec![head] });
        group.kinship = group.kinship.max(kinship);
        group.members.push(at);
    }
    let mut groups: Vec<SpelledAlike> = by_head.into_values().collect();
    groups.sort_by_key(|group| {
        let is_doubtful = group.members[1..].iter().all(|at| doubtful.contains(at));
        (is_doubtful, std::cmp::Reverse(group.members.len()), group.members[0])
    });
    groups
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grouped<'v>(values: &[&'v str]) -> Vec<(Kinship, Vec<&'v str>)> {
        let once: Vec<(&str, u64)> = values.iter().map(|value| (*value, 1)).collect();
        counted(&once)
    }

    fn counted<'v>(values: &[(&'v str, u64)]) -> Vec<(Kinship, Vec<&'v str>)> {
        let found = spelled_alike(values, &|| true);
        let named = |group: SpelledAlike| {
            (group.kinship, group.members.iter().map(|at| values[*at].0).collect())
        };
        found.into_iter().map(named).collect()
    }

    #[test]
    fn what_is_one_value_is_one_group() {
        use Kinship::*;
        for (values, kinship) in [
            (&["München", "MUNCHEN", "munchen."][..], SameWords),
            (&["Acme Inc", "Inc. ACME", "acme, inc"], SameWords),
            (&["San Francisco", "SanFrancisco", "san francisco"], SameLetters),
            (&["e-mail list", "email list"], SameLetters),
            (&["Sankt Gallen", "St. Gallen", "ST GALLEN", "Saint Gallen"], SameWords),
            (&["Mount Vernon", "Mt. Vernon"], SameWords),
            (&["Fort Worth", "Ft Worth"], SameWords),
            (&["Springfield", "Sprngfield", "Springfeild", "Springfieldd"], Near),
            (&["Philadelphia", "Filadelfia"], Near),
            (&["active", "actve", "ACTIVE"], Near),
            (&["Stuttgart", "Stutgart", "Stutttgart"], Near),
            (&["Nurse practitioner", "Nurse practicioner"], Near),
        ] {
            let found = grouped(values);
            assert_eq!(found.len(), 1, "{values:?}: {found:?}");
            assert_eq!(found[0], (kinship, values.to_vec()));
        }
    }

    #[test]
    fn what_is_another_value_is_none() {
        for values in [
            &["Unit 4", "Unit 5", "Unit 45"][..],
            &["A", "B", "C1", "C2"],
            &["yes", "yet"],
            &["Berlin", "Hamburg", "Munich"],
            &["Ulm", "Elm"],
            &["gold", "silver", "bronze"],
            &["-", "?", ""],
            &[],
        ] {
            assert_eq!(grouped(values), [], "{values:?}");
        }
    }

    #[test]
    fn what_is_frequent_is_no_slip_of_another_and_what_is_rare_joins_the_nearest() {
        for (values, groups) in [
            (
                &[("Toulouse", 44), ("Tulsa", 43), ("Tulouse", 1)][..],
                &[&["Toulouse", "Tulouse"][..]][..],
            ),
            (&[("Miller", 40), ("Müller", 30), ("Möller", 20), ("Mueller", 9)], &[]),
            (&[("Jones", 500), ("James", 25)], &[]),
            (&[("Stuttgart", 900), ("Stutgart", 12)], &[&["Stuttgart", "Stutgart"]]),
            (&[("Springfield", 45), ("Springfeild", 3)], &[&["Springfield", "Springfeild"]]),
            (&[("Sacramento", 30), ("Sacremento", 3)], &[&["Sacramento", "Sacremento"]]),
            (&[("Albuquerque", 50), ("Albuquerqe", 3)], &[&["Albuquerque", "Albuquerqe"]]),
            (&[("Pittsburgh", 100), ("Pittsburg", 20)], &[&["Pittsburgh", "Pittsburg"]]),
            (&[("Cincinnati", 200), ("Cincinatti", 40)], &[&["Cincinnati", "Cincinatti"]]),
            (&[("Boston", 60), ("Bostom", 4)], &[&["Boston", "Bostom"]]),
            (&[("Marion", 60), ("Marian", 20)], &[]),
            (&[("Marion", 60), ("Marian", 6)], &[]),
            (&[("Erie", 60), ("Elie", 4)], &[]),
            (&[("Paris", 60), ("Pares", 4)], &[]),
            (&[("Christine", 60), ("Christina", 40)], &[]),
            // What is doubtful comes last, however often it stands there.
            (
                &[("Pittsburgh", 100), ("Pittsburg", 20), ("Salem", 50), ("Salen", 1)],
                &[&["Salem", "Salen"], &["Pittsburgh", "Pittsburg"]],
            ),
            (&[("Stuttgart", 9), ("Stutgart", 2)], &[&["Stuttgart", "Stutgart"]]),
            (&[("München", 30), ("MUNCHEN", 20)], &[&["München", "MUNCHEN"]]),
            (&[("San Juan", 30), ("SanJuan", 20)], &[&["San Juan", "SanJuan"]]),
            (&[("Martens", 40), ("Mertens", 30), ("Merten", 1)], &[&["Mertens", "Merten"]]),
            (&[("Hansen", 20), ("Hanson", 20), ("Hensen", 1)], &[&["Hansen", "Hensen"]]),
            (
                &[("Anderson", 90), ("Andersen", 60), ("Andersenn", 2)],
                &[&["Andersen", "Andersenn"]],
            ),
        ] {
            let found: Vec<Vec<&str>> = counted(values).into_iter().map(|(_, of)| of).collect();
            assert_eq!(found, groups, "{values:?}");
        }
    }

    #[test]
    fn no_chain_of_slips_leads_from_one_value_to_another() {
        // Each is one letter from the next.
        let found = grouped(&["Marten", "Morten", "Norten", "Nordon", "Jordan"]);
        for (_, members) in &found {
            let head = Key::of(members[0]);
            assert!(members[1..].iter().all(|it| head.is_near(&Key::of(it))), "{found:?}");
        }
    }

    #[test]
    fn a_hundred_thousand_values_are_compared_in_blocks() {
        let values: Vec<String> = (0..20_000).map(|at| format!("Place{} {}", at % 7, at)).collect();
        let values: Vec<(&str, u64)> = values.iter().map(|value| (value.as_str(), 1)).collect();
        assert_eq!(spelled_alike(&values, &|| true), []);
        let stopped = std::cell::Cell::new(0);
        let goes_on = || {
            stopped.set(stopped.get() + 1);
            false
        };
        assert_eq!(spelled_alike(&values, &goes_on), []);
        assert_eq!(stopped.get(), 1);
    }
}
