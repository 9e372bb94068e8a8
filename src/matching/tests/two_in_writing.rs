//! Family names with nothing in common, names that sound alike and are written with other characters, and
//! whatever stands between two people's names in one cell: the machine merges none of these by itself.

use super::households::{Fate, Names, Pair, fates, judge, of_one_family, pair, wrong};

/// Given names and family names of two people of one flat, or of one who married.
const FAMILIES: [[[&str; 2]; 2]; 10] = [
    [["Susan", "Quailor"], ["Susan", "Tannerik"]],
    [["Jón", "Jónsson"], ["Jón", "Hrafnsson"]],
    [["Ivan", "Ivanov"], ["Ivan", "Petrov"]],
    [["Peter", "Wang"], ["Peter", "Zhang"]],
    [["Gurpreet", "Singh"], ["Gurpreet", "Kaur"]],
    [["Simran", "Singh Gilqa"], ["Simran", "Kaur Gilqa"]],
    [["Robin", "O'Brien"], ["Robin", "Ní Bhriain"]],
    [["Kim", "van den Berg"], ["Kim", "van Dyk"]],
    [["Marie", "Hill-Dupont"], ["Marie", "Hill-Leroy"]],
    [["Robin", "Jonsen"], ["Robin", "Jonsdatter"]],
];

/// A changed family name, and the mailbox of both records.
fn renamed(mailbox: &'static str, birth: &'static str) -> Vec<Pair> {
    let names = [[["Susan", "Quailor"], ["Susan", "Tannerik"]]];
    names.map(|[a, b]| Pair { mailbox, ..pair(a, b, birth) }).into()
}

#[test]
fn family_names_with_nothing_in_common_are_asked_about() {
    let pairs: Vec<Pair> = FAMILIES.map(|[a, b]| pair(a, b, "")).into();
    assert_eq!(wrong(&pairs, &[Fate::Asked, Fate::Apart]), Vec::<String>::new());
    // What only one person has says that it is a changed name.
    for (mailbox, birth, expected) in [
        ("susan.quailor@example.com", "", Fate::Merged),
        ("s.tannerik@example.com", "", Fate::Merged),
        ("", "1971-06-24", Fate::Merged),
        ("home17@example.com", "", Fate::Asked),
        ("quailor@example.com", "", Fate::Asked),
    ] {
        let found = fates(&renamed(mailbox, birth), Names::InTwoFields);
        assert_eq!(found, [expected], "{mailbox} {birth}");
    }
}

#[test]
fn characters_of_one_sound_are_two_names() {
    let given = |a, b| [a, b];
    let pairs = of_one_family(
        &[
            given("伟", "玮"),
            given("伟", "薇"),
            given("小明", "晓明"),
            given("志明", "智明"),
            given("恵子", "圭子"),
            given("علي", "علية"),
            given("علي", "علياء"),
            given("كريم", "كريمة"),
            given("أمير", "أميرة"),
            given("سامي", "سامية"),
        ],
        "1971-06-24",
    );
    for (pair, fate) in pairs.iter().zip(fates(&pairs, Names::InTwoFields)) {
        assert_ne!(fate, Fate::Merged, "{:?}", pair.names);
    }
}

#[test]
fn one_name_in_two_ways_of_writing_is_one() {
    judge(&[
        (["伟", "*"], ["偉", "*"], "", Fate::Merged),
        (["محمد", "*"], ["محمّد", "*"], "", Fate::Merged),
        (["فاطمة", "*"], ["فاطمه", "*"], "", Fate::Merged),
        (["أحمد", "*"], ["احمد", "*"], "", Fate::Merged),
        (["علي", "*"], ["على", "*"], "", Fate::Merged),
        (["Y", "*"], ["Y", "*"], "", Fate::Merged),
        (["U Thant", "*"], ["U Thant", "*"], "", Fate::Merged),
        (["A. K. M. Rahman", "*"], ["A K M Rahman", "*"], "", Fate::Merged),
        (["Md. Ali", "*"], ["Mohammed Ali", "*"], "", Fate::Merged),
        (["Cathrine", "*"], ["Catherine", "*"], "1971-06-24", Fate::Merged),
    ]);
}

#[test]
fn two_in_one_cell_and_who_is_named_for_another_are_asked_about() {
    let given = [
        ["Agim edhe Besim", "Agim"],
        ["Jan oraz Piotr", "Jan"],
        ["Peter • Paul", "Peter"],
        ["محمد وعلي", "محمد"],
        ["太郎と次郎", "太郎"],
        ["Perhe Pekka", "Pekka"],
        ["Państwo Jan", "Jan"],
        ["Baby of Linda", "Linda"],
        ["Hijo de Emma", "Emma"],
        ["Attn: Emma", "Emma"],
        ["Emma (minor)", "Emma"],
        ["Baby Boy", "Baby Girl"],
        ["Pan Kim", "Pani Kim"],
        ["Smt. Kiran", "Shri Kiran"],
    ];
    let families = [
        ["* мл.", "* ст."],
        ["* младший", "* старший"],
        ["* yngre", "* äldre"],
        ["* nuorempi", "* vanhempi"],
        ["* ifj.", "* id."],
        ["* ml", "* st"],
        ["* minor", "* major"],
        ["* figlio", "*"],
        ["* Jún.", "*"],
        ["* h.", "* p."],
    ];
    let mut pairs = of_one_family(&given, "");
    pairs.extend(families.map(|[one, other]| pair(["Robert", one], ["Robert", other], "")));
    for (pair, fate) in pairs.iter().zip(fates(&pairs, Names::InTwoFields)) {
        assert_ne!(fate, Fate::Merged, "{:?}", pair.names);
    }
}
