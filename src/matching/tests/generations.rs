//! Father and son, couples and one of the two: what a name says beside the name.

use super::households::{Fate, judge};
use super::*;

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
