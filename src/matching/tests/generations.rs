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
        (["Bertram", "*"], ["Bertram", "* Jr"], "1931-06-24", Fate::Asked),
        (["Clement", "* Sr"], ["Clement", "* Jr"], "", Fate::Apart),
        (["Desmond", "* III"], ["Desmond", "* IV"], "", Fate::Apart),
        (["Ernest Sr", "*"], ["Ernest", "* III"], "", Fate::Apart),
    ]);
}

#[test]
fn a_generation_in_front_counts_as_one_behind() {
    judge(&[
        (["Jr. Arthur", "*"], ["III Arthur", "*"], "", Fate::Apart),
        (["Snr Basil", "*"], ["Jnr Basil", "*"], "", Fate::Apart),
        (["Cecil", "Jr. *"], ["Cecil", "* III"], "", Fate::Apart),
        (["Senior Denis", "*"], ["Junior Denis", "*"], "", Fate::Apart),
        (["Jr. Eustace", "*"], ["Eustace", "*"], "", Fate::Asked),
        (["Jr. Francis", "*"], ["Francis", "* Jr"], "", Fate::Merged),
        // `Sr.` in front is a Spanish Mr, unless the other one is a younger.
        (["Sr. George", "*"], ["Jr. George", "*"], "", Fate::Asked),
        (["Sr. Herbert", "*"], ["Jr. Herbert", "*"], "1931-06-24", Fate::Asked),
        (["Isaac", "Sr. *"], ["Isaac", "* Jr"], "1931-06-24", Fate::Asked),
        (["Sr. Jasper", "*"], ["Jasper", "*"], "", Fate::Merged),
        (["Sr. Lionel", "*"], ["Lionel", "* Sr"], "", Fate::Merged),
    ]);
}

#[test]
fn two_generations_are_apart_whatever_they_share() {
    let mut records = numbered();
    let person = |family: &str, birth: &str| {
        let mut values =
            values(&["Edgar", family, "", birth, "", "+12175550104", "12 Rose Lane", "62701", ""]);
        values.set(FieldName::new("email"), Value::as_delivered("ottermole@example.com"));
        values
    };
    let pairs = [
        ("Ottermole III", "Ottermole IV", "", false),
        ("Peasgood Sr", "Peasgood Jr", "", false),
        ("Marlow II", "Marlow III", "", false),
        ("Harker Jr.", "Harker III", "", false),
        ("Norris IV", "Norris V", "", false),
        // Nobody has his father's date of birth: one of them is wrong.
        ("Frost III", "Frost IV", "1931-06-24", true),
        ("Hill Jr", "Hill II", "", true),
        ("Ives III", "Ives III", "", true),
    ];
    for ((one, other, birth, _), at) in pairs.iter().zip(0u32..) {
        for (family, record) in [(one, 2 * at), (other, 2 * at + 1)] {
            let mut values = person(family, birth);
            let own = format!("{at}-{}", values.get("email").unwrap().shown());
            values.set(FieldName::new("email"), Value::as_delivered(&own));
            records.push((5_000 + record, values));
        }
    }
    let outcome = matched(&columns(&records), &Constraints::default(), &[]);
    for ((one, other, _, is_seen), at) in pairs.iter().zip(0u32..) {
        let both = [RecordId(5_000 + 2 * at), RecordId(5_001 + 2 * at)];
        let holds = |records: &[RecordId]| both.iter().all(|it| records.contains(it));
        let seen = outcome.auto.iter().any(|it| holds(&it.records))
            || outcome.proposals.iter().any(|it| holds(&it.records));
        assert_eq!(seen, *is_seen, "{one} {other}");
    }
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
        (["Peter/Susan", "*"], ["Peter", "*"], "", Fate::Asked),
        (["Estate of Peter", "*"], ["Peter", "*"], "", Fate::Asked),
        (["Heirs of Peter", "*"], ["Peter", "*"], "", Fate::Asked),
        (["Peter A", "*"], ["Peter B", "*"], "", Fate::Asked),
        (["Peter A", "*"], ["Peter A.", "*"], "", Fate::Merged),
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
    assert_eq!(
        couple.unearned,
        ["one name is that of several people or an estate, the other that of one person"]
    );
    let half = told(&record("Edgar", "Brambleton Jr"), &record("Edgar", "Brambleton"));
    assert!(half.unearned[0].starts_with("one name says Jr"), "{:?}", half.unearned);
    let mut shared = [record("Edgar", "Brambleton Jr"), record("Edgar", "Brambleton")];
    for values in &mut shared {
        values.set(FieldName::new("email"), Value::as_delivered("brambleton@example.com"));
    }
    let half = told(&shared[0], &shared[1]).unearned;
    assert!(half[0].starts_with("one name says Jr"), "a shared mailbox: {half:?}");
    let front = told(&record("Sr. Edgar", "Brambleton"), &record("Jr. Edgar", "Brambleton"));
    assert!(front.unearned[0].starts_with("one name begins with Sr"), "{:?}", front.unearned);
    let sons = told(&record("Edgar", "Brambleton III"), &record("Edgar", "Brambleton IV"));
    let name = sons.steps.iter().find(|step| step.comparison == "name").unwrap();
    assert!(name.level.starts_with("another generation of the name"), "{}", name.level);
    assert_eq!(sons.apart, Some("they say they are from two generations"));
    assert!(sons.unearned.is_empty(), "no task asks: {:?}", sons.unearned);
}

#[test]
fn a_title_may_say_that_it_is_somebody_else() {
    let outcome = matched(&columns(&numbered()), &Constraints::default(), &[]);
    let record = |delivered: &str, given: &str| {
        let mut values =
            values(&[given, "Carthorse", "", "", "", "+12175550104", "12 Rose Lane", "62701", ""]);
        values.set(FieldName::new("given"), Value::standardised(delivered, given));
        values
    };
    for (a, b, is_told) in [
        (("Mrs Peter", "Peter"), ("Peter", "Peter"), true),
        (("Mrs Peter", "Peter"), ("Mr Peter", "Peter"), true),
        (("Mrs Peter", "Peter"), ("Mrs. Peter", "Peter"), false),
        (("Frau Kim", "Kim"), ("Herr Kim", "Kim"), true),
        (("Sra. Kim", "Kim"), ("Sr. Kim", "Kim"), true),
        (("Frau Dr. Kim", "Kim"), ("Herr Prof. Kim", "Kim"), true),
        (("Frau Kim", "Kim"), ("Kim", "Kim"), false),
        (("Mr Peter", "Peter"), ("Peter", "Peter"), false),
        (("Dr. Peter", "Peter"), ("Mr Peter", "Peter"), false),
        (("Mrs Susan", "Susan"), ("Susan", "Susan"), false),
    ] {
        let (left, right) = (record(a.0, a.1), record(b.0, b.1));
        for (left, right) in [(&left, &right), (&right, &left)] {
            let told = explain(&outcome.model, &settings(), &fingerprinter(), left, right).unearned;
            let found = told.iter().any(|it| it.starts_with("one title is a man's"));
            assert_eq!(found, is_told, "{a:?} {b:?}: {told:?}");
        }
    }
}
