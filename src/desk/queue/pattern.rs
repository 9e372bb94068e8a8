//! What agrees and what differs between the customers of a task, in words that many tasks share:
//! `different family name, same e-mail`.

use crate::error::DeskError;
use crate::facts::Facts;
use domain::{CustomerId, Values};
use matching::{Claim, Explanation, Link, Model, Step};

/// Pieces of evidence named at most, for and against.
const FOR: usize = 3;
const AGAINST: usize = 2;
/// Evidence of less weight (log2 of the odds) says nothing.
const WEAK: f64 = 0.3;
/// Members of one customer that are compared at most: the best link is among the first.
const MEMBERS: usize = 6;

/// The pattern of the best link between the first customer and the others, or between the members
/// of the only one; none where no model was learned or nothing can be compared.
///
/// # Errors
/// When the store or the ledger is damaged.
pub(super) fn pattern(
    facts: Facts<'_>,
    model: &Model,
    customers: &[CustomerId],
) -> Result<Option<String>, DeskError> {
    Ok(best_explained(facts, model, customers)?.and_then(|explained| of_steps(&explained)))
}

/// The pattern of two records.
pub(crate) fn of_steps(explained: &Explanation) -> Option<String> {
    let step = |step: &Step| (step.comparison.clone(), step.level.clone(), step.weight);
    let steps: Vec<_> = explained.steps.iter().map(step).collect();
    in_words(&steps)
}

/// The best link between the first customer and the others, explained.
///
/// # Errors
/// When the store or the ledger is damaged.
fn best_explained(
    facts: Facts<'_>,
    model: &Model,
    customers: &[CustomerId],
) -> Result<Option<Explanation>, DeskError> {
    let mut sides = sides(facts, customers)?;
    if let [only] = sides.as_mut_slice() {
        let rest = only.split_off(1.min(only.len()));
        sides.push(rest);
    }
    let Some((first, others)) = sides.split_first() else { return Ok(None) };
    let pairs: Vec<_> = first
        .iter()
        .flat_map(|left| others.iter().flatten().map(move |right| (left, right)))
        .collect();
    let Facts { settings, fingerprinter, .. } = facts;
    let score = |(left, right): &(&Values, &Values)| {
        matching::score(model, settings, fingerprinter, left, right)
    };
    let best = match pairs.as_slice() {
        [] => return Ok(None),
        // A link between two records needs no search.
        [only] => *only,
        _ => match pairs.iter().max_by(|one, other| score(one).total_cmp(&score(other))) {
            Some(best) => *best,
            None => return Ok(None),
        },
    };
    Ok(Some(matching::explain(model, settings, fingerprinter, best.0, best.1)))
}

/// Customers of one task that are looked at for one who fits two of the others.
const TORN: usize = 4;

/// Who of a task's customers fits two of the others nearly equally well, though these two are not one. None
/// where there are many customers: a list has no time to compare them all.
///
/// # Errors
/// When the store or the ledger is damaged.
pub(crate) fn fits_two(
    facts: Facts<'_>,
    model: &Model,
    customers: &[CustomerId],
) -> Result<Option<CustomerId>, DeskError> {
    if !(3..=TORN).contains(&customers.len()) {
        return Ok(None);
    }
    let sides = sides(facts, customers)?;
    let Facts { settings, fingerprinter, .. } = facts;
    let mut claims = Vec::new();
    for (left, own) in sides.iter().enumerate() {
        for (right, others) in sides.iter().enumerate().skip(left + 1) {
            let pairs = own.iter().flat_map(|a| others.iter().map(move |b| (a, b)));
            let explained =
                pairs.map(|(a, b)| matching::explain(model, settings, fingerprinter, a, b));
            let best = explained.max_by(|a, b| a.match_weight.total_cmp(&b.match_weight));
            let Some(Explanation { match_weight: weight, beside, .. }) = best else { continue };
            claims.push(Claim { places: (left, right), weight, beside });
        }
    }
    let torn = matching::contested(&claims, settings.matching).into_iter().next();
    Ok(torn.and_then(|place| customers.get(place)).copied())
}

/// The best link between two of a task's customers; none where the model compares none of them.
///
/// # Errors
/// When the store or the ledger is damaged.
pub(super) fn best_link(
    facts: Facts<'_>,
    model: &Model,
    customers: &[CustomerId],
) -> Result<Option<Link>, DeskError> {
    let sides = sides(facts, customers)?;
    let Facts { settings, fingerprinter, .. } = facts;
    let others = |at: usize| sides[at + 1..].iter().flatten();
    let pairs = sides.iter().enumerate().flat_map(|(at, own)| {
        own.iter().flat_map(move |left| others(at).map(move |right| (left, right)))
    });
    let links = pairs
        .filter_map(|(left, right)| matching::link(model, settings, fingerprinter, left, right));
    Ok(links.max_by(|one, other| one.weight().cmp(&other.weight()).then_with(|| other.cmp(one))))
}

/// What is compared of customers, of each the first records.
fn sides(facts: Facts<'_>, customers: &[CustomerId]) -> Result<Vec<Vec<Values>>, DeskError> {
    let mut sides = Vec::new();
    for customer in customers.iter().take(MEMBERS) {
        let Some(live) = facts.view.follow(*customer)? else { continue };
        let Some(state) = facts.view.customer(live)? else { continue };
        let members = state.members.iter().take(MEMBERS).map(|record| facts.evidence(*record));
        sides.push(members.collect::<Result<_, _>>()?);
    }
    Ok(sides)
}

/// A comparison, its level in words, and its weight.
type Piece = (String, String, f64);

/// The weightiest steps in the order of the comparisons.
fn in_words(steps: &[Piece]) -> Option<String> {
    // What decisions taught is no likeness of these two.
    let compared = |(comparison, ..): &Piece| {
        comparison != matching::DECISIONS && comparison != matching::RULE
    };
    let heaviest = |wanted: &dyn Fn(f64) -> bool, most: usize| {
        let wanted = |at: &usize| compared(&steps[*at]) && wanted(steps[*at].2);
        let mut found: Vec<usize> = (0..steps.len()).filter(wanted).collect();
        found.sort_by(|one, other| steps[*other].2.abs().total_cmp(&steps[*one].2.abs()));
        found.truncate(most);
        found
    };
    let mut chosen = heaviest(&|weight| weight >= WEAK, FOR);
    chosen.extend(heaviest(&|weight| weight <= -WEAK, AGAINST));
    chosen.sort_unstable();
    let mut pieces: Vec<String> = Vec::new();
    for at in chosen {
        let (comparison, level, _) = &steps[at];
        pieces.extend(phrases(comparison, level));
    }
    // What differs is what has to be decided: it is said first, also where the end is cut.
    pieces.sort_by_key(|piece| !piece.starts_with("different "));
    (!pieces.is_empty()).then(|| pieces.join(", "))
}

/// A level in the words all patterns use; a name has one phrase for each of its parts.
fn phrases(name: &str, level: &str) -> Vec<String> {
    if name == "name" {
        let parts = level.split(", ");
        return parts
            .map(|part| match part.strip_suffix("s differ") {
                Some(what) => format!("different {what}"),
                None => part.to_owned(),
            })
            .collect();
    }
    vec![if level.ends_with(" differ") {
        format!("different {name}")
    } else if level.starts_with("same ") && !level.contains(',') {
        format!("same {name}")
    } else {
        format!("{name} alike")
    }]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn step(comparison: &str, level: &str, weight: f64) -> Piece {
        (comparison.to_owned(), level.to_owned(), weight)
    }

    #[test]
    fn a_pattern_names_what_weighs_most_and_no_value() {
        let steps = [
            step("name", "same given name, family names differ", -4.0),
            step("date of birth", "dates differ", -0.1),
            step("e-mail", "same address", 8.0),
            step("phone", "one digit differs", 5.0),
            step("place", "same postal code", 3.0),
            step("street", "streets differ", -2.0),
            step("status", "values differ", -1.0),
        ];
        assert_eq!(
            in_words(&steps).as_deref(),
            Some(
                "different family name, different street, same given name, same e-mail, phone alike, \
                 same place"
            )
        );
        assert_eq!(in_words(&[]), None);
    }
}
