//! Given and family name together, so that swapped names are seen and the two are not counted
//! as if they were independent.

mod grades;
mod splink;
mod words;

use domain::FieldType;

use super::super::columns::{Columns, ValueId};
use super::super::facts::NameFacts;
use super::super::layout::Aspect;
use super::super::portrait::Kind;
use super::{Agreement, Cache, ComparisonSpec, Judged, Learning, Says};
use domain::naming::nicknames;
use grades::{FAMILY, Family, GIVEN, Given, SWAPPED, number, parts};
use words::{compare_couples, compare_family, compare_given};

pub(crate) static SPEC: ComparisonSpec = ComparisonSpec {
    kinds: &[Kind::Person],
    aspects: &[Aspect::Full],
    counted: &[Aspect::Given, Aspect::Family, Aspect::Full],
    learning: [Learning::Free; 3],
    settle: grades::independent,
    fetch: |columns, row| {
        let sound = |aspect| columns.name_facts(columns.value(aspect, row)).word.sound;
        sound(Aspect::Given) ^ sound(Aspect::Family)
    },
    agrees,
    agrees_more,
    agrees_in_more,
    says,
    remark,
    judges: &[FieldType::GivenName, FieldType::FamilyName, FieldType::FullName],
    // With its other part at hand: the two may be swapped.
    judges_alone: false,
    judge,
    words: grades::words,
    ..ComparisonSpec::usual("person_name", "name", grades::levels, grade, splink::table)
};

fn agrees(level: u8) -> Agreement {
    match parts(level) {
        Some((Given::Same, Family::Same)) => Agreement::WholeName,
        Some((Given::Same, _)) => Agreement::by_chance(true, Aspect::Given),
        Some((_, Family::Same)) => Agreement::at_home(true, Aspect::Family),
        Some(_) => Agreement::Nothing,
        None if level == SWAPPED => Agreement::SwappedName,
        None => Agreement::SwappedNearly,
    }
}

/// In both parts at least as much; swapped names are neither more nor less than others.
fn agrees_more(better: u8, worse: u8) -> bool {
    match (parts(better), parts(worse)) {
        (Some(more), Some(less)) => better != worse && more.0 <= less.0 && more.1 <= less.1,
        (None, None) => better < worse,
        _ => false,
    }
}

/// One part is the same in both levels; the other agrees and is missing there, or is missing and differs
/// there.
fn agrees_in_more(better: u8, worse: u8) -> bool {
    let (Some(more), Some(less)) = (parts(better), parts(worse)) else { return false };
    let given = less.0 == Given::Missing && more.0 <= Given::Close
        || more.0 == Given::Missing && less.0 == Given::Different;
    let family = less.1 == Family::Missing && more.1 <= Family::Close
        || more.1 == Family::Missing && less.1 == Family::Different;
    given && more.1 == less.1 || family && more.0 == less.0
}

fn says(_: Kind, level: u8) -> Says {
    let Some((given, family)) = parts(level) else {
        return Says { named_alike: true, swapped: true, ..Says::default() };
    };
    Says {
        named_differently: given == Given::Different
            || given == Given::Missing && family == Family::Different,
        other_given: given == Given::Different,
        other_family: family == Family::Different,
        named_alike: matches!(
            given,
            Given::Same | Given::Extended | Given::Nickname | Given::Close
        ),
        ..Says::default()
    }
}

/// Where the generation tells two people of one name apart, or only one record says which it is, that is said.
fn remark(columns: &Columns, a: u32, b: u32) -> Option<&'static str> {
    let (one, other) = (columns.bearer(a), columns.bearer(b));
    let is_one_name = columns.value(Aspect::Given, a) == columns.value(Aspect::Given, b);
    if is_one_name && one.is_of_another_generation(other) {
        return Some("another generation of the name");
    }
    one.says_less_than(other).then_some("Jr, III or the like on one side only")
}

fn judge(field_type: FieldType, level: u8) -> Option<Judged> {
    let Some((given, family)) = parts(level) else {
        // Swapped: each is found, in the other's place.
        return Judged::whole(level, &[SWAPPED]);
    };
    let with_both = |same: bool, is_meant: &dyn Fn(Given, Family) -> bool| {
        let meant = |level: &u8| {
            parts(*level).is_some_and(|(given, family)| {
                given != Given::Missing && family != Family::Missing && is_meant(given, family)
            })
        };
        Some(Judged { same, levels: (0..SWAPPED).filter(meant).collect() })
    };
    match field_type {
        FieldType::GivenName if given == Given::Missing => None,
        FieldType::GivenName => with_both(given == Given::Same, &|it, _| it == given),
        FieldType::FamilyName if family == Family::Missing => None,
        FieldType::FamilyName => with_both(family == Family::Same, &|_, it| it == family),
        _ => Judged::whole(level, &[number(Given::Same, Family::Same)]),
    }
}

fn grade(columns: &Columns, _: u8, a: u32, b: u32, cache: &mut Cache) -> u8 {
    let value = |aspect, row| columns.value(aspect, row);
    let (given_a, given_b) = (value(Aspect::Given, a), value(Aspect::Given, b));
    let (family_a, family_b) = (value(Aspect::Family, a), value(Aspect::Family, b));
    let mut given = given_grade(columns, given_a, given_b, cache);
    let mut family = family_grade(columns, family_a, family_b, cache);
    let (bearer_a, bearer_b) = (columns.bearer(a), columns.bearer(b));
    if given != Given::Different && bearer_a.is_of_another_generation(bearer_b) {
        // Father and son of one name are two people.
        given = Given::Different;
    }
    if given == Given::Extended && bearer_a.is_several() && bearer_b.is_several() {
        // Two couples of which one of the two has the same name.
        let text = |id| columns.text(Aspect::Given, id);
        given = compare_couples(text(given_a), text(given_b));
    }
    if family >= Family::Alike && given >= Given::Alike {
        let across = family_grade(columns, given_a, family_b, cache);
        let back = family_grade(columns, family_a, given_b, cache);
        match (across, back) {
            (Family::Same, Family::Same) => return SWAPPED + 1,
            (Family::Missing, _) | (_, Family::Missing) => {
                // One record has a single name: it may have landed in the wrong field.
                let other = across.min(back);
                if other <= Family::Close && family == Family::Different {
                    (given, family) = (Given::Missing, Family::Alike);
                }
            }
            (across, back) if across <= Family::Close && back <= Family::Close => {
                return SWAPPED + 2;
            }
            // `Greenford, Matthew` and `Matt, Greenford`.
            (across, _)
                if across <= Family::Close
                    && given_grade(columns, family_a, given_b, cache) == Given::Nickname =>
            {
                return SWAPPED + 2;
            }
            (_, back)
                if back <= Family::Close
                    && given_grade(columns, given_a, family_b, cache) == Given::Nickname =>
            {
                return SWAPPED + 2;
            }
            _ => {}
        }
    }
    if given == Given::Missing && family == Family::Missing {
        return 0;
    }
    number(given, family) + 1
}

fn given_grade(columns: &Columns, a: ValueId, b: ValueId, cache: &mut Cache) -> Given {
    if a == 0 || b == 0 {
        return Given::Missing;
    }
    if a == b {
        return if columns.name_facts(a).is_initial { Given::Initial } else { Given::Same };
    }
    let (left, right) = (columns.name_facts(a), columns.name_facts(b));
    let plain = |facts: &NameFacts| facts.word.is_one_word && !facts.is_initial;
    if plain(left)
        && plain(right)
        && !left.word.may_be_alike(&right.word)
        && !left.word.may_begin(&right.word)
        && !nicknames::share(&left.groups, &right.groups)
    {
        return Given::Different;
    }
    let compute = || {
        let text = |id| columns.text(Aspect::Given, id);
        compare_given(text(a), text(b)) as u8
    };
    GIVEN[usize::from(cache.get(1, a, b, compute))].0
}

fn family_grade(columns: &Columns, a: ValueId, b: ValueId, cache: &mut Cache) -> Family {
    if a == 0 || b == 0 {
        return Family::Missing;
    }
    if a == b {
        return Family::Same;
    }
    let (left, right) = (columns.name_facts(a), columns.name_facts(b));
    let plain = |facts: &NameFacts| facts.word.is_one_word && !facts.is_initial;
    if plain(left) && plain(right) && !left.word.may_be_alike(&right.word) {
        return Family::Different;
    }
    let compute = || {
        let text = |id| columns.text(Aspect::Family, id);
        compare_family(text(a), text(b)) as u8
    };
    FAMILY[usize::from(cache.get(2, a, b, compute))].0
}
