//! Who fits two people of one home that are not one stays with neither, and one task shows all three.

use super::super::contested::Torn;
use super::households::FAMILIES;
use super::*;

/// People of one street, telephone and family: given name and family name, where `*` stands for the family name.
type Home = [[&'static str; 2]; 3];

/// The third fits the other two, who are not one.
const EITHER: [Home; 12] = [
    [["John", "*"], ["Jane", "*"], ["J.", "*"]],
    [["Robert", "*"], ["Roberta", "*"], ["Rob", "*"]],
    [["Paul", "*"], ["Paula", "*"], ["P.", "*"]],
    [["Christopher", "*"], ["Christina", "*"], ["Chris", "*"]],
    [["Samuel", "*"], ["Samantha", "*"], ["Sam", "*"]],
    [["Alexander", "*"], ["Alexandra", "*"], ["Alex", "*"]],
    [["Patrick", "*"], ["Patricia", "*"], ["Pat", "*"]],
    [["Edward", "* Sr"], ["Edward", "* Jr"], ["Edward", "*"]],
    [["Thomas", "* III"], ["Thomas", "* IV"], ["Thomas", "*"]],
    [["Mark", "*"], ["Mary", "*"], ["M.", "*"]],
    [["Daniel", "*"], ["Danielle", "*"], ["Danny", "*"]],
    [["Anton", "*"], ["Antonia", "*"], ["A", "*"]],
];

/// What becomes of a home: the records that the machine merges, and those of the task about the last one.
#[derive(Debug, PartialEq)]
struct Told {
    merged: Vec<usize>,
    asked: Vec<usize>,
}

/// Tells it of each home. `births` are the dates of birth of the three, `order` the order in which they came.
fn told(homes: &[Home], births: [&str; 3], mailbox: bool, order: [usize; 3]) -> Vec<Told> {
    let mut records = many(240);
    let id = |home: usize, person: usize| {
        let place = order.iter().position(|it| *it == person).unwrap();
        1000 + 3 * home as u32 + place as u32
    };
    for (at, home) in homes.iter().enumerate() {
        let (phone, street) = (format!("+1217555{}", 1000 + 37 * at), format!("{at} Rose Lane"));
        let address = if mailbox { format!("family{at}@example.com") } else { String::new() };
        for person in order {
            let [given, family] = home[person].map(|name| name.replace('*', FAMILIES[at % 20]));
            let values =
                [&given, &family, "", births[person], &address, &phone, &street, "62701", ""];
            records.push((id(at, person), super::values(&values)));
        }
    }
    let outcome = matched(&columns(&records), &Constraints::default(), &[]);
    let of = |home: usize| {
        let own = |records: &[RecordId]| -> Vec<usize> {
            (0..3).filter(|it| records.contains(&RecordId(id(home, *it)))).collect()
        };
        let merged = outcome.auto.iter().map(|it| own(&it.records)).find(|it| it.len() > 1);
        let asked = outcome.proposals.iter().map(|it| own(&it.records)).find(|it| it.contains(&2));
        Told { merged: merged.unwrap_or_default(), asked: asked.unwrap_or_default() }
    };
    (0..homes.len()).map(of).collect()
}

const ORDERS: [[usize; 3]; 3] = [[0, 1, 2], [1, 2, 0], [2, 1, 0]];

#[test]
fn who_fits_two_that_are_not_one_is_given_to_neither() {
    let date = "1971-06-24";
    for (births, mailbox) in
        [([""; 3], false), ([date; 3], false), ([""; 3], true), ([date; 3], true)]
    {
        for order in ORDERS {
            for (home, told) in EITHER.iter().zip(told(&EITHER, births, mailbox, order)) {
                let expected = Told { merged: Vec::new(), asked: vec![0, 1, 2] };
                assert_eq!(told, expected, "{home:?} {births:?} {mailbox} {order:?}");
            }
        }
    }
}

#[test]
fn who_fits_one_of_them_much_better_is_given_to_that_one() {
    let homes = [
        [["Robert", "*"], ["Roberta", "*"], ["Robert", "*"]],
        [["John", "*"], ["Jane", "*"], ["John", "*"]],
        [["Edward", "* Sr"], ["Edward", "* Jr"], ["Edward", "* Jr"]],
        [["Paul", "*"], ["Paula", "*"], ["Paula", "*"]],
    ];
    for order in ORDERS {
        let found = told(&homes, [""; 3], false, order);
        for (told, own) in found.iter().zip([0, 0, 1, 1]) {
            assert_eq!(told.merged, [own, 2], "{order:?} {found:?}");
        }
    }
    // A date of birth says which of the two it is.
    for order in ORDERS {
        for told in told(&EITHER[..1], ["1971-06-24", "1973-01-30", "1971-06-24"], false, order) {
            assert_eq!(told.merged, [0, 2], "{order:?}");
        }
    }
}

#[test]
fn who_has_no_date_beside_father_and_son_of_one_name_is_given_to_neither() {
    let homes = [
        [["Thomas", "*"], ["Thomas", "*"], ["Thomas", "*"]],
        [["Susan", "*"], ["Susan", "*"], ["Susan", "*"]],
    ];
    for order in ORDERS {
        for told in told(&homes, ["1950-03-04", "1980-05-06", ""], false, order) {
            assert_eq!(told, Told { merged: Vec::new(), asked: vec![0, 1, 2] }, "{order:?}");
        }
        // A slip, or dates that are no generation apart, may be of one person.
        for birth in ["1950-03-05", "1950-04-03", "1952-05-06"] {
            for told in told(&homes, ["1950-03-04", birth, ""], false, order) {
                assert!(told.merged.contains(&2), "{birth} {order:?} {told:?}");
            }
        }
    }
}

#[test]
fn who_has_the_names_of_both_is_given_to_neither() {
    let homes = [
        [["Peter", "*"], ["Susan", "*"], ["Peter Susan", "*"]],
        [["Robert", "*"], ["Linda", "*"], ["Linda Robert", "*"]],
    ];
    for order in ORDERS {
        for told in told(&homes, [""; 3], false, order) {
            assert_eq!(told.merged, Vec::<usize>::new(), "{order:?}");
        }
    }
}

#[test]
fn who_has_the_family_names_of_both_is_given_to_neither() {
    let homes = [
        [["Susan", "Hillmark"], ["Susan", "Tanlerik"], ["Susan", "Hillmark-Tanlerik"]],
        [["Clara", "Zetterholm"], ["Clara", "Quistberg"], ["Clara", "Quistberg Zetterholm"]],
        [["Ana", "Ugarciabo"], ["Ana", "Vilopezdo"], ["Ana", "Ugarciabo Vilopezdo"]],
        [["Juan", "Wargacio Belmonte"], ["Juan", "Wargacio Mendruno"], ["Juan", "Wargacio"]],
        [["Marc", "Vordelic Lopezar"], ["Marc", "Mendruzo Vordelic"], ["Marc", "Vordelic"]],
        [["Eva", "Brandtmoor"], ["Eva", "Kesslinger"], ["Eva", "Brandtmoor-Kesslinger"]],
        [["Helen", "Oxenbury"], ["Helen", "Frithmoor"], ["Helen", "Frithmoor Oxenbury"]],
        [["Ines", "Carvalhedo"], ["Ines", "Montalvano"], ["Ines", "Montalvano Carvalhedo"]],
        [["Liesl", "Ummendorf"], ["Liesl", "Wackernagel"], ["Liesl", "Ummendorf-Wackernagel"]],
        [["Nora", "Pellingrath"], ["Nora", "Sturmvogel"], ["Nora", "Sturmvogel-Pellingrath"]],
    ];
    for mailbox in [false, true] {
        for order in ORDERS {
            for (home, told) in homes.iter().zip(told(&homes, [""; 3], mailbox, order)) {
                let expected = Told { merged: Vec::new(), asked: vec![0, 1, 2] };
                assert_eq!(told, expected, "{home:?} {mailbox} {order:?}");
            }
        }
    }
    // Who is called like one of the two is that one.
    let homes = [[["Susan", "Hillmark"], ["Susan", "Tanlerik"], ["Susan", "Hilmark"]]];
    assert_eq!(told(&homes, [""; 3], false, ORDERS[0])[0].merged, [0, 2]);
}

#[test]
fn who_was_merged_before_the_second_of_two_came_is_torn() {
    for (at, home) in EITHER.iter().enumerate() {
        // What says nothing by itself was not merged: an initial, a name beside one with Jr.
        let is_said = home[2][0].len() > 2 && !home[0][1].contains(' ');
        let mut records = many(240);
        for (person, [given, family]) in home.iter().enumerate() {
            let family = family.replace('*', FAMILIES[at]);
            let values =
                [given, family.as_str(), "", "", "", "+12175551234", "9 Rose Lane", "62701", ""];
            records.push((1000 + person as u32, super::values(&values)));
        }
        let columns = columns(&records);
        let of = |clusters: &[[u32; 2]], constraints: &Constraints| {
            let clusters: Vec<Vec<RecordId>> =
                clusters.iter().map(|it| it.map(|id| RecordId(1000 + id)).to_vec()).collect();
            matched(&columns, constraints, &clusters).torn
        };
        let none = Constraints::default();
        assert_eq!(of(&[], &none), [], "{home:?}");
        if !is_said {
            continue;
        }
        let torn = Torn { record: RecordId(1002), rival: RecordId(1001) };
        assert_eq!(of(&[[0, 2]], &none), [torn], "{home:?}");
        let said = (RecordId(1000), RecordId(1002));
        let decided = Constraints { must_link: vec![said], ..Constraints::default() };
        assert_eq!(of(&[[0, 2]], &decided), [], "{home:?}");
        let apart = (RecordId(1001), RecordId(1002));
        let decided = Constraints { cannot_link: vec![apart], ..Constraints::default() };
        assert_eq!(of(&[[0, 2]], &decided), [], "{home:?}");
    }
}
