//! Father and son, couples and one of the two: what a name says beside the name.

use super::*;

/// What becomes of two records of one street and telephone.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Fate {
    Merged,
    Asked,
    Apart,
}

/// A family name for each pair, none like another.
const FAMILIES: [&str; 20] = [
    "Ashcombe",
    "Birkinshaw",
    "Carthorse",
    "Dunmore",
    "Ellerby",
    "Fothergill",
    "Grimsdale",
    "Huxtable",
    "Inglethorpe",
    "Jessamy",
    "Kettlewell",
    "Lowndes",
    "Mapplebeck",
    "Nethercott",
    "Ottermole",
    "Peasgood",
    "Quickfall",
    "Rushmore",
    "Satterthwaite",
    "Tredwell",
];

/// A pair of given and family name, where `*` stands for a family name of its own, and their common
/// date of birth.
type Case = ([&'static str; 2], [&'static str; 2], &'static str, Fate);

/// Judges all pairs in one run, among other people.
fn judge(cases: &[Case]) {
    let mut records = many(240);
    for ((a, b, birth, _), at) in cases.iter().zip(0_usize..) {
        for (number, [given, family]) in (0_u32..).zip([a, b]) {
            let family = family.replace('*', FAMILIES[at]);
            let (phone, street) =
                (format!("+1217555{}", 1000 + 37 * at), format!("{at} Rose Lane"));
            let values = values(&[given, &family, "", birth, "", &phone, &street, "62701", ""]);
            records.push((1000 + 2 * at as u32 + number, values));
        }
    }
    let outcome = matched(&columns(&records), &Constraints::default(), &[]);
    let told: Vec<Fate> = (0..cases.len() as u32)
        .map(|at| {
            let pair = [RecordId(1000 + 2 * at), RecordId(1001 + 2 * at)];
            let both = |records: &[RecordId]| pair.iter().all(|it| records.contains(it));
            if outcome.auto.iter().any(|merge| both(&merge.records)) {
                Fate::Merged
            } else if outcome.proposals.iter().any(|proposal| both(&proposal.records)) {
                Fate::Asked
            } else {
                Fate::Apart
            }
        })
        .collect();
    for (case, told) in cases.iter().zip(told) {
        assert_eq!(told, case.3, "{case:?}");
    }
}

#[test]
fn generations_are_told_apart_wherever_they_stand() {
    judge(&[
        (["Edgar", "*"], ["Edgar", "*"], "", Fate::Merged),
        (["Walter", "*"], ["Walter", "* Jr"], "", Fate::Asked),
        (["Rupert Jr", "*"], ["Rupert", "*"], "", Fate::Asked),
        (["Cyril", "*"], ["Cyril", "* III"], "", Fate::Asked),
        (["Norbert", "* Jr"], ["Norbert Jr", "*"], "", Fate::Merged),
        (["Alfred", "* Jr"], ["Alfred", "* II"], "", Fate::Merged),
        (["Bertram", "*"], ["Bertram", "* Jr"], "1931-06-24", Fate::Merged),
        (["Clement", "* Sr"], ["Clement", "* Jr"], "", Fate::Apart),
        (["Desmond", "* III"], ["Desmond", "* IV"], "", Fate::Apart),
        (["Ernest Sr", "*"], ["Ernest", "* III"], "", Fate::Apart),
    ]);
}

#[test]
fn a_couple_is_none_of_the_two() {
    judge(&[
        (["Peter and Susan", "*"], ["Peter", "*"], "", Fate::Asked),
        (["Susan", "*"], ["Peter & Susan", "*"], "", Fate::Asked),
        (["Mr & Mrs Peter", "*"], ["Peter", "*"], "", Fate::Asked),
        (["Hans und Grete", "*"], ["Hans", "*"], "", Fate::Asked),
        (["Peter and Susan", "*"], ["Peter & Susan", "*"], "", Fate::Merged),
        (["Peter and Susan", "*"], ["Peter and Helen", "*"], "", Fate::Asked),
        (["Peter and Susan", "*"], ["William", "*"], "", Fate::Apart),
        // Two identifiers do not make a couple one person.
        (["Peter and Susan", "*"], ["Peter", "*"], "1931-06-24", Fate::Asked),
    ]);
}

#[test]
fn the_explanation_says_what_tells_them_apart() {
    let record = |given: &str, family: &str| {
        values(&[given, family, "", "", "", "+12175550104", "12 Rose Lane", "62701", ""])
    };
    let outcome = matched(&columns(&numbered()), &Constraints::default(), &[]);
    let told =
        |a: &Values, b: &Values| explain(&outcome.model, &settings(), &fingerprinter(), a, b);
    let couple = told(&record("Peter and Susan", "Carthorse"), &record("Peter", "Carthorse"));
    assert_eq!(couple.unearned, ["one name is of several people, the other of one person"]);
    let half = told(&record("Edgar", "Brambleton Jr"), &record("Edgar", "Brambleton"));
    assert!(half.unearned[0].starts_with("one name says Jr"), "{:?}", half.unearned);
    let sons = told(&record("Edgar", "Brambleton III"), &record("Edgar", "Brambleton IV"));
    let name = sons.steps.iter().find(|step| step.comparison == "name").unwrap();
    assert!(name.level.starts_with("another generation of the name"), "{}", name.level);
}
