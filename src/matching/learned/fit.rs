//! Fitting the layer: penalised logistic regression from the weight as it is, by Newton's method.
//!
//! With `s` the weight in nats, the odds are `s + a s + b + Σ c`, and what is minimised is the log
//! loss (nats) plus `½ ((4 a)² + b² / 4 + Σ c²)`. All sums are taken in the order of the examples.

use std::f64::consts::LN_2;

use super::evidence::Weighed;

/// Penalties of slope, shift and corrections.
pub(super) const PENALTIES: [f64; 3] = [16.0, 0.25, 1.0];
/// Beyond this many bits a weight is as sure as can be: a slope must not hang on it.
pub(super) const SUREST: f64 = 40.0;
/// Newton's method ends after a handful of rounds; this many never happen.
const MOST_ROUNDS: usize = 50;
/// No change worth mention, in nats: far under a thousandth of a bit.
const SETTLED: f64 = 1e-9;

/// What was fitted; shift and corrections in bits.
pub(super) struct Fit {
    pub(super) slope: f64,
    pub(super) shift: f64,
    /// By comparison and level.
    pub(super) corrections: Vec<Vec<f64>>,
}

/// One example: its weight in nats, and the places of its parameters that are 1.
struct Row {
    weight: f64,
    places: Vec<usize>,
    same: f64,
    counts: f64,
}

impl Row {
    fn odds(&self, parameters: &[f64]) -> f64 {
        let corrections: f64 = self.places.iter().map(|place| parameters[*place]).sum();
        self.weight + self.weight * parameters[0] + parameters[1] + corrections
    }

    /// Parameters it speaks of, and by how much each moves its odds.
    fn moves(&self) -> impl Iterator<Item = (usize, f64)> + Clone + '_ {
        [(0, self.weight), (1, 1.0)].into_iter().chain(self.places.iter().map(|it| (*it, 1.0)))
    }
}

/// Fits the layer for comparisons of so many levels each.
pub(super) fn fit(examples: &[Weighed<'_>], levels: &[usize]) -> Fit {
    // Levels that nothing is known of are no parameters: they stay 0.
    let mut places: Vec<Vec<Option<usize>>> = levels.iter().map(|it| vec![None; *it]).collect();
    let mut count = 2;
    let mut rows = Vec::with_capacity(examples.len());
    for example in examples {
        let mut own = Vec::new();
        for (places, level) in places.iter_mut().zip(example.levels).filter(|(_, it)| **it > 0) {
            own.push(*places[usize::from(*level) - 1].get_or_insert_with(|| {
                count += 1;
                count - 1
            }));
        }
        let weight = example.weight.clamp(-SUREST, SUREST) * LN_2;
        rows.push(Row { weight, places: own, same: example.same, counts: example.counts });
    }
    let parameters = minimised(&rows, count);
    let bits = |place: &Option<usize>| place.map_or(0.0, |place| parameters[place] / LN_2);
    Fit {
        slope: parameters[0],
        shift: parameters[1] / LN_2,
        corrections: places.iter().map(|own| own.iter().map(bits).collect()).collect(),
    }
}

/// The shift, in bits, that is best where all else is given: `without` tells a pair's odds (bits) without
/// it. What rises with it is halved in, which no start can lead astray.
pub(super) fn shift(examples: &[Weighed<'_>], without: impl Fn(&Weighed<'_>) -> f64) -> f64 {
    let odds: Vec<f64> =
        examples.iter().map(|it| without(it).clamp(-2.0 * SUREST, 2.0 * SUREST) * LN_2).collect();
    let slope = |shift: f64| {
        let of = |(odds, it): (&f64, &Weighed<'_>)| {
            it.counts * (1.0 / (1.0 + (-odds - shift).exp()) - it.same)
        };
        penalty(1) * shift + odds.iter().zip(examples).map(of).sum::<f64>()
    };
    let (mut low, mut high) = (-SUREST * LN_2, SUREST * LN_2);
    for _ in 0..MOST_ROUNDS {
        let middle = low.midpoint(high);
        *(if slope(middle) < 0.0 { &mut low } else { &mut high }) = middle;
    }
    low.midpoint(high) / LN_2
}

fn penalty(place: usize) -> f64 {
    PENALTIES[place.min(2)]
}

/// The penalised loss.
fn loss(rows: &[Row], parameters: &[f64]) -> f64 {
    let data: f64 = rows
        .iter()
        .map(|row| {
            let odds = row.odds(parameters);
            // ln(1 + e^odds), whatever the size of the odds.
            let both = odds.max(0.0) + (-odds.abs()).exp().ln_1p();
            row.counts * (both - row.same * odds)
        })
        .sum();
    let penalties = parameters.iter().enumerate().map(|(place, it)| penalty(place) * it * it);
    data + 0.5 * penalties.sum::<f64>()
}

fn minimised(rows: &[Row], count: usize) -> Vec<f64> {
    let mut parameters = vec![0.0; count];
    let mut known = loss(rows, &parameters);
    for _ in 0..MOST_ROUNDS {
        let (mut gradient, mut curvature) = (vec![0.0; count], vec![0.0; count * count]);
        for (place, own) in parameters.iter().enumerate() {
            gradient[place] = penalty(place) * own;
            curvature[place * count + place] = penalty(place);
        }
        for row in rows {
            let chance = 1.0 / (1.0 + (-row.odds(&parameters)).exp());
            let (off, bend) =
                (row.counts * (chance - row.same), row.counts * chance * (1.0 - chance));
            for (place, by) in row.moves() {
                gradient[place] += off * by;
                for (other, more) in row.moves() {
                    curvature[place * count + other] += bend * by * more;
                }
            }
        }
        let step = solved(&mut curvature, gradient, count);
        let mut part = 1.0;
        let next = loop {
            let moved = parameters.iter().zip(&step).map(|(own, step)| own - part * step);
            let moved: Vec<f64> = moved.collect();
            let found = loss(rows, &moved);
            if found <= known || part < 1e-6 {
                break (moved, found);
            }
            part /= 2.0;
        };
        (parameters, known) = next;
        if step.iter().all(|step| step.abs() < SETTLED) {
            break;
        }
    }
    parameters
}

/// Solves for a positive definite matrix, by Cholesky's decomposition in place.
fn solved(matrix: &mut [f64], right: Vec<f64>, size: usize) -> Vec<f64> {
    decompose(matrix, size);
    solve(matrix, right, size)
}

/// Cholesky's decomposition of a positive definite matrix, in place.
pub(super) fn decompose(matrix: &mut [f64], size: usize) {
    for row in 0..size {
        for column in 0..=row {
            let before: f64 =
                (0..column).map(|it| matrix[row * size + it] * matrix[column * size + it]).sum();
            let rest = matrix[row * size + column] - before;
            matrix[row * size + column] = if row == column {
                rest.max(f64::MIN_POSITIVE).sqrt()
            } else {
                rest / matrix[column * size + column]
            };
        }
    }
}

/// Solves for a matrix that was decomposed.
pub(super) fn solve(matrix: &[f64], mut right: Vec<f64>, size: usize) -> Vec<f64> {
    for row in 0..size {
        let before: f64 = (0..row).map(|it| matrix[row * size + it] * right[it]).sum();
        right[row] = (right[row] - before) / matrix[row * size + row];
    }
    for row in (0..size).rev() {
        let after: f64 = (row + 1..size).map(|it| matrix[it * size + row] * right[it]).sum();
        right[row] = (right[row] - after) / matrix[row * size + row];
    }
    right
}

#[cfg(test)]
mod tests {
    use super::*;

    fn example(levels: &[u8], weight: f64, same: bool, counts: f64) -> Weighed<'_> {
        Weighed { levels, weight, same: f64::from(u8::from(same)), counts }
    }

    #[test]
    fn without_evidence_nothing_changes() {
        let found = fit(&[], &[3, 2]);
        assert_eq!((found.slope, found.shift), (0.0, 0.0));
        assert_eq!(found.corrections, [vec![0.0; 3], vec![0.0; 2]]);
        // What says what the weight says anyway moves nothing.
        let as_it_is = Weighed { levels: &[], weight: -3.0, same: 1.0 / 9.0, counts: 50.0 };
        let found = fit(&[as_it_is], &[]);
        assert!(found.slope.abs() < 1e-9 && found.shift.abs() < 1e-9);
    }

    #[test]
    fn the_fit_is_where_the_penalised_loss_is_level() {
        let levels = [[1, 1], [1, 2], [2, 0], [2, 2]];
        let examples: Vec<Weighed<'_>> = (0..200)
            .map(|it| {
                let own = &levels[it % 4];
                example(own, it as f64 / 20.0 - 4.0, it % 3 == 0 || own[0] == 1, 0.5)
            })
            .collect();
        let found = fit(&examples, &[2, 2]);
        let flat = |found: &Fit| {
            let mut all = vec![found.slope, found.shift * LN_2];
            all.extend(found.corrections.iter().flatten().map(|it| it * LN_2));
            all
        };
        let rows: Vec<Row> = examples
            .iter()
            .map(|it| Row {
                weight: it.weight * LN_2,
                places: (0..2)
                    .filter(|at| it.levels[*at] > 0)
                    .map(|at| 1 + 2 * at + usize::from(it.levels[at]))
                    .collect(),
                same: it.same,
                counts: it.counts,
            })
            .collect();
        let best = flat(&found);
        let least = loss(&rows, &best);
        for place in 0..best.len() {
            for by in [-1e-3, 1e-3] {
                let mut moved = best.clone();
                moved[place] += by;
                assert!(loss(&rows, &moved) > least, "{place} {by}");
            }
        }
        assert!(found.corrections[0][0] > 0.0 && found.corrections[0][1] < 0.0);
    }

    #[test]
    fn many_yeses_raise_what_is_too_low_and_settle_far_from_the_start() {
        let levels = [1];
        let yes: Vec<_> = (0..400).map(|_| example(&levels, -30.0, true, 1.0)).collect();
        let found = fit(&yes, &[1]);
        let odds = -30.0 * (1.0 + found.slope) + found.shift + found.corrections[0][0];
        assert!(odds > 2.0 && odds.is_finite(), "{odds}");
    }
}
