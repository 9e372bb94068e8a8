//! How given and family names can stand to each other, and the levels made of both.

use std::sync::LazyLock;

use super::super::Level;
use domain::FieldType;

/// How two given names relate, best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Given {
    Same,
    Extended,
    Nickname,
    Initial,
    Close,
    Alike,
    Different,
    Missing,
}

/// How two family names relate, best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Family {
    Same,
    Part,
    Close,
    Alike,
    Different,
    Missing,
}

type Chances = [f64; 4];

pub(super) const GIVEN: [(Given, &str, Chances); 8] = [
    (Given::Same, "same given name", [0.72, 0.02, 0.75, 0.006]),
    (Given::Extended, "one has a further given name", [0.06, 0.006, 0.06, 0.002]),
    (Given::Nickname, "nickname of the given name", [0.07, 0.006, 0.06, 0.003]),
    (Given::Initial, "initial of the given name", [0.03, 0.006, 0.04, 0.004]),
    (Given::Close, "given name differs by a slip", [0.05, 0.006, 0.04, 0.003]),
    (Given::Alike, "given names alike", [0.02, 0.02, 0.03, 0.02]),
    (Given::Different, "given names differ", [0.05, 0.936, 0.02, 0.962]),
    (Given::Missing, "", [1.0, 1.0, 1.0, 1.0]),
];

pub(super) const FAMILY: [(Family, &str, Chances); 6] = [
    (Family::Same, "same family name", [0.86, 0.75, 0.90, 0.003]),
    (Family::Part, "part of the family name", [0.03, 0.05, 0.02, 0.0008]),
    (Family::Close, "family name differs by a slip", [0.05, 0.03, 0.05, 0.002]),
    (Family::Alike, "family names alike", [0.02, 0.02, 0.02, 0.015]),
    (Family::Different, "family names differ", [0.04, 0.15, 0.01, 0.979]),
    (Family::Missing, "", [1.0, 1.0, 1.0, 1.0]),
];

/// The first of the two levels for swapped names.
pub(super) const SWAPPED: u8 = 48;

static LEVELS: LazyLock<Vec<Level>> = LazyLock::new(|| {
    let mut levels = Vec::with_capacity(50);
    for (given, given_label, given_chances) in GIVEN {
        for (family, family_label, family_chances) in FAMILY {
            let (stratum, label) = match (given, family) {
                // Cannot occur: nothing is compared.
                (Given::Missing, Family::Missing) => (3, String::new()),
                (Given::Missing, _) => (1, family_label.to_owned()),
                (_, Family::Missing) => (2, given_label.to_owned()),
                _ => (0, format!("{given_label}, {family_label}")),
            };
            let chances = std::array::from_fn(|class| given_chances[class] * family_chances[class]);
            // The labels live as long as the program: the table is built once.
            levels.push(Level { label: String::leak(label), stratum, chances });
        }
    }
    levels.push(Level {
        label: "given and family name swapped",
        stratum: 0,
        chances: [0.012, 1e-5, 1e-3, 2e-6],
    });
    levels.push(Level {
        label: "given and family name swapped, with a difference",
        stratum: 0,
        chances: [0.004, 2e-5, 1e-3, 1e-5],
    });
    levels
});

/// What a level says beside the mark of one part of the name, or of the whole.
pub(super) fn words(field_type: FieldType, level: u8) -> &'static str {
    let Some((given, family)) = parts(level) else {
        return if level == SWAPPED { "swapped" } else { "swapped, alike" };
    };
    let of_given = match given {
        Given::Extended => "extra name",
        Given::Nickname => "nickname",
        Given::Initial => "initial",
        Given::Close => "slip",
        Given::Same | Given::Alike | Given::Different | Given::Missing => "",
    };
    let of_family = match family {
        Family::Part => "part of it",
        Family::Close => "slip",
        Family::Same | Family::Alike | Family::Different | Family::Missing => "",
    };
    match field_type {
        FieldType::GivenName => of_given,
        FieldType::FamilyName => of_family,
        // Of a whole name the part that differs more is of interest.
        _ if family > Family::Same && given <= Given::Extended => of_family,
        _ if family == Family::Same => of_given,
        _ => "",
    }
}

pub(super) fn levels() -> &'static [Level] {
    &LEVELS
}

/// The number of a level, counted from 0.
pub(super) fn number(given: Given, family: Family) -> u8 {
    given as u8 * FAMILY.len() as u8 + family as u8
}

/// The parts of a level counted from 0; `None` for swapped names.
pub(super) fn parts(level: u8) -> Option<(Given, Family)> {
    let families = FAMILY.len() as u8;
    let given = GIVEN.get(usize::from(level / families))?.0;
    Some((given, FAMILY[usize::from(level % families)].0))
}

/// Marginal chances of the parts among unrelated records are multiplied: see [`independent`].
const GIVEN_GRADES: usize = GIVEN.len() - 1;
/// See [`GIVEN_GRADES`].
const FAMILY_GRADES: usize = FAMILY.len() - 1;

/// Unrelated people's given and family names agree independently, and people of one household
/// have given names like unrelated people's: their joint chances are products of the parts'.
pub(super) fn independent(chances: &mut [[f64; 4]]) {
    const HOUSEHOLD: usize = 1;
    const UNRELATED: usize = 3;
    let grid = |given: usize, family: usize| given * (FAMILY_GRADES + 1) + family;
    let mut given = [[0.0; 4]; GIVEN_GRADES];
    let mut family = [[0.0; 4]; FAMILY_GRADES];
    for g in 0..GIVEN_GRADES {
        for f in 0..FAMILY_GRADES {
            for class in [HOUSEHOLD, UNRELATED] {
                given[g][class] += chances[grid(g, f)][class];
                family[f][class] += chances[grid(g, f)][class];
            }
        }
    }
    let straight: f64 = given.iter().map(|chances| chances[UNRELATED]).sum();
    let household: f64 = family.iter().map(|chances| chances[HOUSEHOLD]).sum();
    for g in 0..GIVEN_GRADES {
        let like_unrelated = given[g][UNRELATED] / straight.max(1e-9);
        // Fathers and sons, mothers and daughters sometimes share a given name.
        let named_after = if g == Given::Same as usize { 0.02 } else { 0.0 };
        for f in 0..FAMILY_GRADES {
            let level = &mut chances[grid(g, f)];
            level[UNRELATED] = given[g][UNRELATED] * family[f][UNRELATED] / straight.max(1e-9);
            level[HOUSEHOLD] = (0.98 * like_unrelated + named_after) * family[f][HOUSEHOLD]
                / household.max(1e-9)
                * household.min(1.0);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn levels_have_parts() {
        assert_eq!(levels().len(), usize::from(SWAPPED) + 2);
        assert_eq!(parts(number(Given::Close, Family::Part)), Some((Given::Close, Family::Part)));
        assert_eq!(parts(SWAPPED), None);
    }
}
