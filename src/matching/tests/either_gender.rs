//! Forms of one name of which one may be a man's and the other a woman's: Sam, who may be Samuel, and Samantha,
//! his sister. The machine leaves them to people, but for what only one person has; a short form that is
//! usually its long one's it merges.

use super::households::{Fate, Names, Pair, fates, of_one_family, pair, wrong};

/// Two people of one home as often as one person.
const EITHER: [[&str; 2]; 25] = [
    ["Sam", "Samantha"],
    ["Toni", "Tony"],
    ["Bobbie", "Bobby"],
    ["Lesley", "Leslie"],
    ["Priya", "Priyanka"],
    ["Alex", "Alexandra"],
    ["Gerry", "Jerry"],
    ["Marian", "Marion"],
    ["Ellen", "Helen"],
    ["Jonas", "Jona"],
    ["Chris", "Christine"],
    ["Pat", "Patricia"],
    ["Nicky", "Nicola"],
    ["Charlie", "Charlotte"],
    ["Danny", "Danielle"],
    ["Ronnie", "Veronica"],
    ["Shawn", "Sean"],
    ["Terry", "Theresa"],
    ["Jackie", "Jacqueline"],
    ["Kim", "Kimberly"],
    ["Sasha", "Alexander"],
    ["Max", "Maxine"],
    ["Robin", "Robyn"],
    ["Kelly", "Kelley"],
    ["Jean", "Jeanette"],
];

/// One person: the short form is usually a man's, or a woman's, as the long one is.
const USUAL: [[&str; 2]; 26] = [
    ["Bob", "Robert"],
    ["Liz", "Elizabeth"],
    ["Sam", "Samuel"],
    ["Alex", "Alexander"],
    ["Chris", "Christopher"],
    ["Bill", "William"],
    ["Danny", "Daniel"],
    ["Peggy", "Margaret"],
    ["Nick", "Nicholas"],
    ["Kate", "Katherine"],
    ["Tony", "Anthony"],
    ["Gerry", "Gerald"],
    ["Jerry", "Gerald"],
    ["Steph", "Stephanie"],
    ["Dani", "Danielle"],
    ["Drew", "Andrew"],
    ["Charlie", "Charles"],
    ["Ronnie", "Ronald"],
    ["Jim", "James"],
    ["Vicky", "Victoria"],
    ["Nate", "Nathan"],
    ["Steve", "Steven"],
    ["Kathy", "Catherine"],
    ["Patty", "Patricia"],
    ["Pepe", "José"],
    ["Mohamed", "Mohammed"],
];

#[test]
fn forms_of_both_genders_are_two_and_usual_short_forms_one() {
    for birth in ["", "1988-05-14"] {
        let found = wrong(&of_one_family(&EITHER, birth), &[Fate::Asked, Fate::Apart]);
        assert!(found.is_empty(), "{found:#?}");
        let found = wrong(&of_one_family(&USUAL, birth), &[Fate::Merged]);
        assert!(found.is_empty(), "{found:#?}");
    }
}

#[test]
fn a_mailbox_of_the_full_name_says_that_they_are_one_and_any_does_beside_a_birth_date() {
    for (birth, mailbox, expected) in [
        ("", "samantha.moonbeam@example.com", Fate::Merged),
        ("", "sam.moonbeam@example.com", Fate::Asked),
        ("1971-06-24", "moonbeam41@example.com", Fate::Merged),
        ("1971-06-24", "", Fate::Asked),
        ("", "moonbeam41@example.com", Fate::Asked),
    ] {
        let mut pairs = of_one_family(&EITHER[..1], birth);
        pairs[0].mailbox = mailbox;
        let found = wrong(&pairs, &[expected]);
        assert!(found.is_empty(), "{birth} {mailbox} {found:#?}");
    }
}

#[test]
fn a_couple_and_a_name_in_another_order_are_told_in_one_column() {
    for birth in ["", "1971-06-24"] {
        let of = |names: [[&'static str; 2]; 2]| pair(names[0], names[1], birth);
        let pairs: Vec<Pair> = [
            [["Jan a Marie", "*"], ["Jan", "*"]],
            [["Jiří a Jana *", ""], ["Jiří *", ""]],
            [["Andreas *", ""], ["* Andrea", ""]],
            [["* Emma", ""], ["Gemma *", ""]],
            [["Paul *", ""], ["* Paula", ""]],
        ]
        .map(of)
        .into();
        for names in [Names::InTwoFields, Names::InOneField] {
            let found = fates(&pairs, names);
            assert!(!found.contains(&Fate::Merged), "{birth} {names:?} {found:?}");
        }
    }
}
