//! A world: whoever lives in it, and the records there are of them.

use sample::Dice;

use super::field::Cells;
use super::firms::Firms;
use super::land::Land;
use super::observe::{Being, Observer};
use super::people::People;
use super::plan::{About, Plan, Spread};

/// A record and whom it is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// The place of its source in the plan.
    pub source: usize,
    /// Its key there.
    pub key: String,
    /// Whom it is about.
    pub entity: u32,
    /// What it says.
    pub cells: Cells,
}

/// A world.
pub struct World {
    /// What it was made from.
    pub plan: Plan,
    /// Its records, in no order.
    pub rows: Vec<Row>,
    /// How many people and firms they are about.
    pub entities: u32,
}

/// Most records of one person or firm.
const MOST: u32 = 80;

impl World {
    /// The world of a plan.
    #[must_use]
    pub fn of(plan: Plan) -> World {
        // Another stream than the plan's, so that a new parameter changes no name.
        let mut dice = Dice::new(plan.seed ^ 0x9e37_79b9_7f4a_7c15);
        let lands =
            [plan.country, plan.foreign.0].map(|code| Land::of(code, &plan.names, &mut dice));
        let (mut people, mut firms) = (People::of(&plan, &lands), Firms::of(&plan, &lands[0]));
        let observer = Observer::of(&plan, &lands);
        let mut rows: Vec<Row> = Vec::new();
        let mut entities = 0;
        while rows.len() < plan.records as usize {
            let of_people = match plan.about {
                About::People => true,
                About::Organisations => false,
                About::Both => dice.chance(650),
            };
            let beings: Vec<Being> = if of_people {
                people
                    .household(&mut dice)
                    .into_iter()
                    .map(|it| Being::Person(Box::new(it)))
                    .collect()
            } else {
                firms.some(&mut dice).into_iter().map(|it| Being::Firm(Box::new(it))).collect()
            };
            for being in beings {
                for _ in 0..records_of_one(&plan, &mut dice) {
                    let source = source_of(&plan, &mut dice);
                    let cells = observer.observe(&being, &plan.sources[source], &mut dice);
                    rows.push(Row { source, key: String::new(), entity: entities, cells });
                }
                entities += 1;
            }
        }
        shuffle(&mut rows, &mut dice);
        for (number, row) in rows.iter_mut().enumerate() {
            row.key = format!("{}", 100_001 + number);
        }
        World { plan, rows, entities }
    }

    /// The address of a record, as `source:key`.
    #[must_use]
    pub fn address(&self, row: &Row) -> String {
        format!("{}:{}", self.plan.sources[row.source].name, row.key)
    }
}

/// How many records one person or firm has: so many on the average as the plan says.
fn records_of_one(plan: &Plan, dice: &mut Dice) -> u32 {
    let mean = plan.tenths_each;
    let falling = |mean: u32, dice: &mut Dice| {
        let mut count = 1;
        while count < MOST && dice.below(mean) >= 10 {
            count += 1;
        }
        count
    };
    match plan.spread {
        // From 1 to twice the mean less 1, the last one at times.
        Spread::Even => 1 + (dice.below(2 * mean - 20 + 10) / 10).min(MOST),
        Spread::Falling => falling(mean, dice),
        // One in five has thrice as many as the mean, the others half, or one where that is less.
        Spread::Heavy if dice.chance(200) => {
            falling(mean.min(20) * 5 - 40 + mean.saturating_sub(20) * 3, dice)
        }
        Spread::Heavy => falling((mean / 2).max(10), dice),
    }
}

fn source_of(plan: &Plan, dice: &mut Dice) -> usize {
    let mut at = dice.below(plan.sources.iter().map(|source| source.parts).sum());
    let found = plan.sources.iter().position(|source| {
        let here = at < source.parts;
        at = at.saturating_sub(source.parts);
        here
    });
    found.unwrap_or(0)
}

/// Fisher and Yates.
fn shuffle(rows: &mut [Row], dice: &mut Dice) {
    for last in (1..rows.len()).rev() {
        rows.swap(last, dice.index(last + 1));
    }
}

#[cfg(test)]
mod tests;
