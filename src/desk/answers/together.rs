//! Which columns of a comparison begin as one group.
//!
//! The group grows from the first column, or from the two that are likeliest one customer where nobody goes
//! with the first. The likeliest comes next, and nobody comes in who contradicts one of the group: so neither
//! does an empty value of the first column hide that two others contradict each other, nor a stranger in the
//! first column that two others are one.

use door::views::ApartView;

/// How likely two columns are one customer, by their best pair of records.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Linked {
    /// Their places, the lower one first.
    pub(super) places: (usize, usize),
    /// The match probability; zero where the model does not compare them.
    pub(super) probability: f64,
}

/// For each column whether it begins in the group. Of columns that all contradict each other the first
/// is left, alone.
pub(super) fn begin(columns: usize, apart: &[ApartView], linked: &[Linked]) -> Vec<bool> {
    let are_apart =
        |a: usize, b: usize| apart.iter().any(|it| (it.left, it.right) == (a.min(b), a.max(b)));
    let mut is_in = vec![false; columns];
    let best = linked
        .iter()
        .filter(|it| it.probability > 0.0 && !are_apart(it.places.0, it.places.1))
        // Of equally likely ones the first.
        .reduce(|best, it| if it.probability > best.probability { it } else { best });
    let goes_with_first = (1..columns).any(|at| !are_apart(0, at));
    let seed = best.filter(|_| !goes_with_first).map_or(0, |best| best.places.0);
    if let Some(first) = is_in.get_mut(seed) {
        *first = true;
    }
    loop {
        let likeliest = |at: usize| {
            let with = |it: &&Linked| {
                let (a, b) = it.places;
                a == at && is_in[b] || b == at && is_in[a]
            };
            linked.iter().filter(with).map(|it| it.probability).fold(0.0, f64::max)
        };
        let fits = |at: &usize| {
            !is_in[*at] && (0..columns).all(|other| !is_in[other] || !are_apart(*at, other))
        };
        let next = (0..columns)
            .filter(fits)
            .reduce(|best, at| if likeliest(at) > likeliest(best) { at } else { best });
        let Some(next) = next else { return is_in };
        is_in[next] = true;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn apart(pairs: &[(usize, usize)]) -> Vec<ApartView> {
        let of = |(left, right): &(usize, usize)| ApartView {
            left: *left,
            right: *right,
            why: "date of birth contradicts".to_owned(),
        };
        pairs.iter().map(of).collect()
    }

    #[test]
    fn a_group_holds_nobody_who_contradicts_another_of_it() {
        type Case<'a> = (usize, &'a [(usize, usize)], &'a [(usize, usize, f64)], &'a str);
        let cases: [Case<'_>; 12] = [
            (1, &[], &[], "A"),
            (2, &[], &[], "AA"),
            (2, &[(0, 1)], &[(0, 1, 0.97)], "A."),
            (3, &[], &[(0, 1, 0.9), (0, 2, 0.0), (1, 2, 0.0)], "AAA"),
            // The first has no date, the two others have different ones.
            (3, &[(1, 2)], &[(0, 1, 0.8), (0, 2, 0.99), (1, 2, 0.6)], "A.A"),
            // The first is a stranger.
            (3, &[(0, 1), (0, 2)], &[(0, 1, 0.78), (0, 2, 0.64), (1, 2, 0.998)], ".AA"),
            (3, &[(0, 1)], &[(0, 1, 0.9), (0, 2, 0.99), (1, 2, 0.97)], "A.A"),
            (3, &[(0, 1)], &[(0, 1, 0.9), (0, 2, 0.97), (1, 2, 0.99)], "A.A"),
            (3, &[(0, 1), (0, 2), (1, 2)], &[(0, 1, 0.9), (0, 2, 0.9), (1, 2, 0.9)], "A.."),
            // Equally good: the first.
            (3, &[(1, 2)], &[(0, 1, 0.9), (0, 2, 0.9)], "AA."),
            // Nothing was learned.
            (4, &[(0, 2)], &[], "AA.A"),
            (4, &[(0, 2), (0, 3), (1, 2), (1, 3)], &[(0, 1, 0.9), (2, 3, 0.99)], "AA.."),
        ];
        for (columns, pairs, linked, expected) in cases {
            let of = |(a, b, probability): &(usize, usize, f64)| Linked {
                places: (*a, *b),
                probability: *probability,
            };
            let linked: Vec<Linked> = linked.iter().map(of).collect();
            let begun = begin(columns, &apart(pairs), &linked);
            let told: String = begun.iter().map(|is_in| if *is_in { 'A' } else { '.' }).collect();
            assert_eq!(told, expected, "{pairs:?} {linked:?}");
        }
    }
}
