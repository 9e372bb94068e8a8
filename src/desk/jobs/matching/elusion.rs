//! The sample below review: drawn where a run learns, kept until all of it is answered.

use std::collections::{BTreeMap, BTreeSet};

use super::apply::customers_of;
use super::duplicates::similar;
use crate::draft::Draft;
use crate::elusion::is_waiting;
use crate::error::DeskError;
use crate::facts::Facts;
use crate::jobs::Progress;
use domain::elusion::{BeyondDraw, BeyondNear, BeyondSample, ElusionDraw, ElusionSample};
use domain::{Fingerprinter, MatchRunId, RecordId, TaskId};
use matching::elusion::{Sample, Sampler, Search, Searched};
use matching::{AutoMerge, Columns, Model};

/// What a run does about the sample.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Sampling {
    /// It goes on with the one there is, if there is one.
    Kept(Option<ElusionSample>),
    /// So many pairs are drawn where it learns, with that seed.
    Due(usize, u64),
    /// They were drawn.
    Drawn(Sample, Searched),
}

impl Sampling {
    /// What a run has to do: a sample is drawn where the settings ask for one and nothing of the last one
    /// waits.
    pub(super) fn of(facts: Facts<'_>, learns: bool) -> Result<Self, DeskError> {
        let kept = facts.last_match()?.and_then(|last| last.elusion);
        let draws = facts.settings.review.elusion;
        let is_waiting = match &kept {
            Some(sample) => is_waiting(facts, sample)?,
            None => false,
        };
        if !learns || draws == 0 || is_waiting {
            return Ok(Self::Kept(kept));
        }
        let run = facts.view.counters()?.runs.to_string();
        let seed = facts.fingerprinter.of(["elusion", &run]).0;
        Ok(Self::Due(draws as usize, seed))
    }

    /// Draws what is due from the candidates of a model that was just learned, and from all records; whose
    /// records are one customer by now, before the run and by it, is known.
    pub(super) fn draw(
        self,
        (model, columns): (&Model, &Columns),
        (clusters, merges): (&[Vec<RecordId>], &[AutoMerge]),
        fingerprinter: &Fingerprinter,
        review: f64,
        progress: &dyn Progress,
    ) -> Result<Self, DeskError> {
        let Self::Due(draws, seed) = self else { return Ok(self) };
        let mut sampler = Sampler::new(review, draws, seed);
        let customers = clusters.iter().chain(merges.iter().map(|merge| &merge.records));
        let customers = customers.map(Vec::as_slice);
        let mut search = Search::new(columns, customers, review, (draws, seed));
        let mut see = |pair: matching::ScoredPair<'_>| -> Result<(), DeskError> {
            sampler.see(pair.left, pair.right, pair.weight);
            search.see([pair.left, pair.right], pair.weight);
            Ok(())
        };
        matching::scored_pairs(model, columns, fingerprinter, progress, &mut see)?;
        let searched = search.run(model, fingerprinter, progress)?;
        Ok(Self::Drawn(sampler.draw(), searched))
    }
}

/// Plans a task for each pair that was drawn and about which nothing is known; gives the sample as it is
/// written down, and by the tasks' ids in the draft the places that they answer.
pub(super) fn plan(
    draft: &mut Draft<'_>,
    run: MatchRunId,
    (sample, searched): (&Sample, &Searched),
) -> Result<(ElusionSample, BTreeMap<TaskId, Vec<usize>>), DeskError> {
    let mut asks = Asks::default();
    let mut draws = Vec::with_capacity(sample.draws.len());
    for drawn in &sample.draws {
        let pair = (drawn.left, drawn.right);
        let task = asks.about(draft, pair, drawn.probability)?;
        asks.note(task);
        let band = u8::try_from(drawn.band).unwrap_or(u8::MAX);
        draws.push(ElusionDraw { band, pair: task.map(|_| pair), task: None });
    }
    let beyond = beyond(draft, &mut asks, searched)?;
    let population = &sample.population;
    let sample = ElusionSample {
        run,
        bands: population.bands.to_vec(),
        lower: population.lower,
        expected_lower: population.expected_lower,
        draws,
        beyond,
    };
    Ok((sample, asks.places))
}

/// Plans the tasks of records that were compared with every other: of each customer near one of them.
fn beyond(
    draft: &mut Draft<'_>,
    asks: &mut Asks,
    searched: &Searched,
) -> Result<BeyondSample, DeskError> {
    let mut beyond = BeyondSample { records: searched.records, ..BeyondSample::default() };
    let mut alone = 0;
    for drawn in &searched.near {
        alone += drawn.alone;
        let (mut near, mut tasks) = (Vec::new(), BTreeSet::new());
        for (other, probability) in &drawn.others {
            let pair = (drawn.record.min(*other), drawn.record.max(*other));
            let Some(task) = asks.about(draft, pair, *probability)? else { continue };
            // Two records near it may be one customer by now.
            if tasks.insert(task) {
                asks.note(Some(task));
                near.push(BeyondNear { record: *other, task: None });
            }
        }
        if near.is_empty() {
            alone += 1;
            continue;
        }
        let members = customers_of(draft.facts(), &[drawn.record])?;
        let members = members.first().map_or(1, |(_, state)| state.members.len() as u32);
        let alone = std::mem::take(&mut alone);
        beyond.draws.push(BeyondDraw { alone, record: drawn.record, members, near });
    }
    beyond.alone = alone + searched.alone;
    Ok(beyond)
}

/// What is asked about the sample.
#[derive(Default)]
struct Asks {
    pairs: BTreeMap<(RecordId, RecordId), Option<TaskId>>,
    /// The places that each task answers.
    places: BTreeMap<TaskId, Vec<usize>>,
    count: usize,
}

impl Asks {
    /// The task about a pair; none where there is nothing to ask.
    fn about(
        &mut self,
        draft: &mut Draft<'_>,
        pair: (RecordId, RecordId),
        probability: f64,
    ) -> Result<Option<TaskId>, DeskError> {
        if let Some(task) = self.pairs.get(&pair) {
            return Ok(*task);
        }
        let task = ask(draft, pair, probability, &self.places)?;
        self.pairs.insert(pair, task);
        Ok(task)
    }

    /// The next place is answered by a task, or by none.
    fn note(&mut self, task: Option<TaskId>) {
        if let Some(task) = task {
            self.places.entry(task).or_default().push(self.count);
        }
        self.count += 1;
    }
}

/// Opens the task of a pair, or gives that of another pair of the same customers among the sample's `own`;
/// none where there is nothing to ask.
fn ask(
    draft: &mut Draft<'_>,
    (left, right): (RecordId, RecordId),
    probability: f64,
    own: &BTreeMap<TaskId, Vec<usize>>,
) -> Result<Option<TaskId>, DeskError> {
    let facts = draft.facts();
    let customers = customers_of(facts, &[left, right])?;
    let [(one, one_state), (other, other_state)] = customers.as_slice() else { return Ok(None) };
    let pending = draft.pending_tasks_of(*one)?;
    let mut about_both = pending.iter().filter(|task| task.customers.contains(other));
    if let Some(task) = about_both.clone().find(|task| own.contains_key(&task.id)) {
        // Another pair of the same customers was drawn: one answer is about both.
        return Ok(Some(task.id));
    }
    if about_both.next().is_some() || !facts.apart(one_state, other_state)?.is_empty() {
        return Ok(None);
    }
    let id = draft.new_task();
    draft.set_task(similar(id, vec![*one, *other], (probability, probability), facts.now))?;
    Ok(Some(id))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::TestDesk;
    use domain::event::Cause;
    use matching::elusion::Near;

    #[test]
    fn who_is_near_a_record_is_asked_about_once_and_who_is_its_customer_is_not() {
        let mut test = TestDesk::new();
        test.import("crm", "1,Bo,Marsh,,,,,,,\n2,Bob,Marsh,,,,,,,\n3,Rob,Marsh,,,,,,,\n");
        let customers = ["crm:1", "crm:2", "crm:3"].map(|name| test.customer(name));
        let facts = test.desk().facts();
        let record = |at: usize| facts.view.customer(customers[at]).unwrap().unwrap().members[0];
        let (a, b, c) = (record(0), record(1), record(2));
        let near = |alone, record, others: &[(RecordId, f64)]| Near {
            alone,
            record,
            others: others.to_vec(),
        };
        let searched = Searched {
            records: 3,
            near: vec![
                near(2, a, &[(b, 0.6), (c, 0.3)]),
                near(1, b, &[(a, 0.6)]),
                near(3, c, &[(c, 1.0)]),
            ],
            alone: 4,
        };
        let mut draft = Draft::new(facts, Cause::Match(MatchRunId(1))).unwrap();
        let (sample, places) =
            plan(&mut draft, MatchRunId(1), (&Sample::default(), &searched)).unwrap();
        let drawn: Vec<_> =
            sample.beyond.draws.iter().map(|it| (it.alone, it.members, it.near.len())).collect();
        assert_eq!(drawn, [(2, 1, 2), (1, 1, 1)]);
        assert_eq!(
            (sample.beyond.records, sample.beyond.alone),
            (3, 8),
            "three, the last one and four"
        );
        assert_eq!(places.values().cloned().collect::<Vec<_>>(), [vec![0, 2], vec![1]]);
        let asked: Vec<_> =
            draft.into_tasks().into_values().map(|(_, task)| task.customers).collect();
        assert_eq!(asked, [[customers[0], customers[1]], [customers[0], customers[2]]]);
    }
}
