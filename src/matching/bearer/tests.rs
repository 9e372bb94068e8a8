use domain::{FieldName, FieldType, Value, Values};
use settings::Field;

use super::super::layout::Layout;
use super::generation::{code, take_generation, take_generation_of_given};
use super::whole_name::{family_start, has_alternatives};
use super::*;

#[test]
fn family_names_begin_after_the_given_ones() {
    for (words, expected) in [
        (vec!["anna", "maria", "weber"], 2),
        (vec!["ludwig", "van", "der", "berg"], 1),
        (vec!["weber"], 0),
        (vec![], 0),
        (vec!["van", "berg"], 1),
    ] {
        assert_eq!(family_start(&words, 0), expected, "{words:?}");
    }
}

#[test]
fn the_generation_is_not_part_of_the_name() {
    let mut name = "pace jr".to_owned();
    assert_eq!((take_generation(&mut name), name.as_str()), (2, "pace"));
    let mut given = "morris ii".to_owned();
    assert_eq!((take_generation_of_given(&mut given), given.as_str()), (3, "morris"));
    let mut given = "morris v".to_owned();
    assert_eq!((take_generation_of_given(&mut given), given.as_str()), (0, "morris v"));
    let mut name = "jr".to_owned();
    assert_eq!((take_generation(&mut name), name.as_str()), (0, "jr"));
}

fn bearer(suffix: &str) -> Bearer {
    match suffix {
        "" => Bearer::default(),
        "I" => Bearer(Bearer::PERHAPS_THE_FIRST),
        _ => Bearer(Suffix::of(suffix).and_then(code).unwrap()),
    }
}

#[test]
fn fathers_and_sons() {
    for (a, b, differ, less) in [
        ("Jr", "Sr", true, false),
        ("II", "III", true, false),
        ("Jr", "III", true, false),
        ("Sr", "II", true, false),
        ("Jr", "II", false, false),
        ("Jr", "Jr", false, false),
        ("", "Jr", false, true),
        ("", "", false, false),
        ("I", "II", true, false),
        ("I", "Jr", false, false),
        ("I", "", false, false),
        ("Filho", "Neto", true, false),
        ("Sobrinho", "Filho", true, false),
        ("Bisneto", "Neto", true, false),
        ("Neto", "", false, true),
    ] {
        let (one, other) = (bearer(a), bearer(b));
        assert_eq!(one.is_of_another_generation(other), differ, "{a} {b}");
        assert_eq!(other.is_of_another_generation(one), differ, "{b} {a}");
        assert_eq!(one.says_less_than(other), less, "{a} {b}");
        assert_eq!(other.says_less_than(one), less, "{b} {a}");
    }
}

/// The name of a record with these fields.
fn read(fields: &[(FieldType, &str)]) -> (String, String, u8, bool) {
    let name = |field_type: FieldType| FieldName::new(field_type.name());
    let types =
        [FieldType::GivenName, FieldType::FamilyName, FieldType::FullName, FieldType::NameSuffix];
    let mut settings = super::super::tests::settings();
    settings.fields = types.map(|field_type| Field::plain(name(field_type), field_type)).to_vec();
    let values: Values =
        fields.iter().map(|(own, text)| (name(*own), Value::as_delivered(text))).collect();
    let PersonName { given, family, bearer } = PersonName::read(&Layout::new(&settings), &values);
    (given, family, bearer.0 & Bearer::GENERATION, bearer.is_several())
}

#[test]
fn the_fields_of_a_name_do_not_matter() {
    use FieldType::{FamilyName, FullName, GivenName, NameSuffix};
    let of = |given: &str, family: &str, generation: u8, several: bool| {
        (given.to_owned(), family.to_owned(), generation, several)
    };
    for (fields, expected) in [
        (
            vec![(GivenName, "Edgar"), (FamilyName, "Brambleton Jr")],
            of("edgar", "brambleton", 2, false),
        ),
        (
            vec![(GivenName, "Edgar Jr"), (FamilyName, "Brambleton")],
            of("edgar", "brambleton", 2, false),
        ),
        (vec![(FullName, "Edgar Brambleton Jr")], of("edgar", "brambleton", 2, false)),
        (
            vec![(GivenName, "Edgar"), (FamilyName, "Brambleton"), (NameSuffix, "Jr")],
            of("edgar", "brambleton", 2, false),
        ),
        (
            vec![(FullName, "Edgar Brambleton"), (NameSuffix, "MD III")],
            of("edgar", "brambleton", 4, false),
        ),
        (
            vec![
                (GivenName, "Edgar"),
                (FamilyName, "Brambleton"),
                (FullName, "Edgar Brambleton Sr"),
            ],
            of("edgar", "brambleton", 1, false),
        ),
        (
            vec![(GivenName, "Peter and Susan"), (FamilyName, "Carthorse")],
            of("peter susan", "carthorse", 0, true),
        ),
        (vec![(FullName, "Peter and Susan Carthorse")], of("peter susan", "carthorse", 0, true)),
        (vec![(FullName, "Peter & Susan Carthorse")], of("peter susan", "carthorse", 0, true)),
        (
            vec![(FullName, "Peter Carthorse and Susan Carthorse")],
            of("peter susan", "carthorse", 0, true),
        ),
        (vec![(FullName, "Peter/Susan Carthorse")], of("peter susan", "carthorse", 0, true)),
        (vec![(FullName, "Estate of Peter Carthorse")], of("peter", "carthorse", 0, true)),
        (vec![(FullName, "Heirs of Peter A Carthorse")], of("peter a", "carthorse", 0, true)),
        (
            vec![(GivenName, "Estate of Peter"), (FamilyName, "Carthorse")],
            of("peter", "carthorse", 0, true),
        ),
        (vec![(FullName, "Erbengemeinschaft Carthorse")], of("", "carthorse", 0, true)),
        (vec![(FullName, "Mr & Mrs John Smith")], of("john", "smith", 0, true)),
        (vec![(GivenName, "Mr & Mrs John"), (FamilyName, "Smith")], of("john", "smith", 0, true)),
        (
            vec![(FullName, "Mr & Mrs John Smith"), (FamilyName, "Smith")],
            of("john", "smith", 0, true),
        ),
        (vec![(FullName, "Familie Müller")], of("", "muller", 0, true)),
        (vec![(GivenName, "Familie"), (FamilyName, "Müller")], of("", "muller", 0, true)),
        (
            vec![(FullName, "Hans und Grete von der Heide")],
            of("hans grete", "von der heide", 0, true),
        ),
        (
            vec![(GivenName, "Peter"), (FamilyName, "Carthorse (Susan)")],
            of("peter", "carthorse", 0, true),
        ),
        (
            vec![(GivenName, "Peter (Susan)"), (FamilyName, "Carthorse")],
            of("peter", "carthorse", 0, true),
        ),
        (vec![(FullName, "Peter (Susan) Carthorse")], of("peter", "carthorse", 0, true)),
        (
            vec![(GivenName, "Peter"), (FamilyName, "Marlow (Hillbrook)")],
            of("peter", "marlow hillbrook", 0, false),
        ),
        (vec![(GivenName, "Rushmord, Paul")], of("paul", "rushmord", 0, false)),
        (vec![(GivenName, "Peter, Paul")], of("peter paul", "", 0, true)),
        (vec![(GivenName, "João"), (FamilyName, "Silva Neto")], of("joao", "silva", 7, false)),
        (vec![(FullName, "João Silva Sobrinho")], of("joao", "silva", 8, false)),
        (vec![(FullName, "José da Silva Filho")], of("jose", "da silva", 2, false)),
        (vec![(FullName, "Jean Dupont père")], of("jean", "dupont", 1, false)),
        (
            vec![(GivenName, "Alexandre"), (FamilyName, "Dumas fils")],
            of("alexandre", "dumas", 2, false),
        ),
        (
            vec![(GivenName, "Jean"), (FamilyName, "Dupont"), (NameSuffix, "père")],
            of("jean", "dupont", 1, false),
        ),
        (vec![(GivenName, "Joan Pere"), (FamilyName, "Puig")], of("joan pere", "puig", 0, false)),
        (vec![(FullName, "João Neto")], of("joao", "neto", 0, false)),
        // In front, in any column.
        (vec![(GivenName, "Jr. John"), (FamilyName, "Lee")], of("john", "lee", 2, false)),
        (vec![(GivenName, "John"), (FamilyName, "Jr Lee")], of("john", "lee", 2, false)),
        (vec![(FullName, "Jr. John Lee")], of("john", "lee", 2, false)),
        (vec![(GivenName, "III John"), (FamilyName, "Lee")], of("john", "lee", 4, false)),
        (vec![(FullName, "IV John Lee")], of("john", "lee", 5, false)),
        (vec![(GivenName, "Snr John"), (FamilyName, "Lee")], of("john", "lee", 1, false)),
        (vec![(GivenName, "Senior John"), (FamilyName, "Lee")], of("john", "lee", 1, false)),
        (vec![(FullName, "Junior Kevin Lee")], of("kevin", "lee", 2, false)),
        (vec![(GivenName, "Sr. John"), (FamilyName, "Lee")], of("john", "lee", 14, false)),
        (vec![(GivenName, "John"), (FamilyName, "Sr. Lee")], of("john", "lee", 14, false)),
        (vec![(FullName, "Sr. John Lee")], of("john", "lee", 14, false)),
        (vec![(FullName, "Sr. John Lee Jr.")], of("john", "lee", 2, false)),
        // Names and initials.
        (vec![(FullName, "Junior Walker")], of("junior", "walker", 0, false)),
        (vec![(GivenName, "Junior"), (FamilyName, "Lee")], of("junior", "lee", 0, false)),
        (vec![(GivenName, "V John"), (FamilyName, "Lee")], of("v john", "lee", 0, false)),
        (vec![(GivenName, "Jr"), (FamilyName, "Lee")], of("jr", "lee", 0, false)),
        (vec![(FullName, "Ludwig von und zu Berg")], of("ludwig", "von und zu berg", 0, false)),
    ] {
        assert_eq!(read(&fields), expected, "{fields:?}");
    }
}

#[test]
fn a_slash_in_a_family_name_is_of_two() {
    for name in [
        "Carthorse/Hill",
        "Müller/Schmidt",
        "O'Brien/Hill",
        "Hill / Carthorse",
        "van der Berg/Hill",
        "Hill/Smith-Jones",
        "HILL/SMITH",
        "A. Hill/Lee",
        "Li/Wu",
        "Hill/Lee/Pace",
    ] {
        assert!(has_alternatives(name), "{name}");
    }
    for name in
        ["Hill", "Hill-Smith", "A/B", "Hill/2", "/Hill", "Hill/", "n/a", "c/o Hill", "1/2", ""]
    {
        assert!(!has_alternatives(name), "{name}");
    }
}
