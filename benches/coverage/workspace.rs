//! A made-up workspace in which people answer, grant and import, and which knows the truth: is what
//! is promised true?
//!
//! Whoever answers here makes it as hard as a person can: the stratum that looks best is worked on first
//! and granted as soon as it may be; joins that are one are answered out of order more readily than
//! those that are two, joins that are two are put off more readily; what is one changes more often; a
//! census that does not go well is given up, and taken again.

use std::collections::HashMap;

use domain::grants::{Autonomy, Bounded, Census, Cut, Maker, Seed, Stratum};
use domain::{CensusId, Kind, MatchRunId, RecordId, Sequence};
use matching::grants::{
    Account, Answer, JoinState, OpenJoin, Pooled, Standing, Taking, broken, check_size, take,
};
use rand::RngExt;
use rand_chacha::ChaCha8Rng;

/// What workspaces are made of.
#[derive(Debug, Clone, Copy)]
pub struct World {
    /// Strata at most, and joins of the largest.
    pub strata: usize,
    /// Joins of the largest stratum.
    pub largest: u32,
    /// The share of answers that are false.
    pub errors: f64,
    /// What is promised.
    pub promise: Autonomy,
    /// How many times larger the risk of each census is than it should be: what is told must then turn
    /// out false too often, or this simulation shows nothing.
    pub laxer: f64,
}

/// What became of a workspace.
#[derive(Debug, Clone, Copy, Default)]
pub struct Became {
    /// A promise in force was false at some time.
    pub false_promise: bool,
    /// What was told of some stratum that was granted, or had joined, was false at some time.
    pub false_bound: bool,
    /// Grants given.
    pub grants: u64,
    /// Joins promised in the end, and how many are wrong.
    pub promised: u64,
    /// See `promised`.
    pub wrong: u64,
    /// Answers given.
    pub answers: u64,
    /// Grants that were suspended.
    pub suspended: u64,
}

/// A join that is in no census yet, and whether it is wrong.
type Loose = (OpenJoin, bool);

#[derive(Debug, Clone, PartialEq)]
enum Stage {
    /// People answer; where the machine made the joins, they may join the promise.
    Open,
    Granted {
        bounded: Bounded,
        wrong: u64,
        suspended: bool,
    },
    GivenUp,
}

struct Kept {
    census: Census,
    /// The stratum it is of.
    of: usize,
    /// By place: whether the join is wrong.
    wrong: Vec<bool>,
    states: Vec<JoinState>,
    stage: Stage,
    rest: Bounded,
}

impl Kept {
    fn is_open(&self, made: bool) -> bool {
        self.stage == Stage::Open && (self.census.stratum.maker != Maker::Nobody) == made
    }

    fn standing(&self) -> Standing<'_> {
        Standing::of(&self.census, &self.states)
    }

    /// How many of the rest are wrong.
    fn wrong_left(&self) -> u64 {
        let left = self.states.iter().zip(&self.wrong);
        left.filter(|(state, wrong)| state.waits && state.answers.is_empty() && **wrong).count()
            as u64
    }
}

struct Workspace {
    world: World,
    chance: ChaCha8Rng,
    /// The share of wrong joins of each stratum, and what is in no census of it.
    shares: Vec<f64>,
    loose: Vec<Vec<Loose>>,
    makers: Vec<Maker>,
    kept: Vec<Kept>,
    records: u32,
    became: Became,
}

/// Lets a workspace live.
pub fn live(world: World, chance: ChaCha8Rng) -> Became {
    let mut workspace = Workspace {
        world,
        chance,
        shares: Vec::new(),
        loose: Vec::new(),
        makers: Vec::new(),
        kept: Vec::new(),
        records: 0,
        became: Became::default(),
    };
    workspace.fill();
    workspace.take();
    let rounds = workspace.chance.random_range(10..80);
    for _ in 0..rounds {
        workspace.answer_some();
        workspace.come_back();
        workspace.look();
        match workspace.chance.random_range(0..20) {
            0..3 => workspace.import(),
            3 => workspace.give_up(),
            4..7 => workspace.take(),
            _ => {}
        }
    }
    workspace.count();
    workspace.became
}

impl Workspace {
    fn happens(&mut self, share: f64) -> bool {
        self.chance.random_bool(share.clamp(0.0, 1.0))
    }

    /// Strata whose joins are wrong about as often as is allowed, a little more often, or anything.
    fn fill(&mut self) {
        let allowed = 1.0 - self.world.promise.precision();
        let on_the_edge = self.happens(0.5);
        // Few strata as often as many.
        let strata = (self.world.strata as f64 + 1.0).powf(self.chance.random()) as usize;
        for _ in 0..strata.clamp(1, self.world.strata) {
            let times = match on_the_edge {
                true => self.chance.random_range(1.0..1.7),
                false => [0.0, 0.2, 0.6, 1.0, 1.2, 2.0, 6.0][self.chance.random_range(0..7)],
            };
            // Sizes from 20 on, small ones as often as large ones.
            let size = 20.0 * (f64::from(self.world.largest) / 20.0).powf(self.chance.random());
            self.shares.push(allowed * times);
            self.loose.push(Vec::new());
            let maker = if self.happens(0.2) { Maker::Rules } else { Maker::Nobody };
            self.makers.push(maker);
            self.come(self.shares.len() - 1, size as u32);
        }
    }

    /// New joins of a stratum: its share of them is wrong, as exactly as can be.
    fn come(&mut self, of: usize, count: u32) {
        let wrong = (f64::from(count) * self.shares[of]).ceil() as u32;
        for number in 0..count {
            self.let_loose(of, number < wrong);
        }
    }

    fn let_loose(&mut self, of: usize, wrong: bool) {
        let join = OpenJoin {
            left: vec![RecordId(self.records)],
            right: vec![RecordId(self.records + 1)],
            kind: Kind::Person,
            levels: Vec::new(),
            weight: 0,
            two_people: false,
            barred: None,
        };
        self.records += 2;
        self.loose[of].push((join, wrong));
    }

    /// Takes a census of each stratum that has none; those that are granted are checked.
    fn take(&mut self) {
        let mut strata = Vec::new();
        let mut truth = HashMap::new();
        let seed = Seed(self.chance.random());
        for of in 0..self.loose.len() {
            let own = |it: &&Kept| it.of == of;
            let waiting = self.kept.iter().filter(own).any(|it| it.is_open(false));
            let granted = self.kept.iter().filter(own).rev().find_map(|it| match it.stage {
                Stage::Granted { suspended: false, .. } => Some(it.census.id),
                _ => None,
            });
            if waiting || self.loose[of].is_empty() {
                continue;
            }
            let maker = granted.map_or(self.makers[of], Maker::Grant);
            let cut = Cut::Weights { from: of as i32, below: None };
            let stratum = Stratum { kind: Kind::Person, maker, two_people: false, cut };
            let joins: Vec<OpenJoin> =
                self.loose[of].iter().map(|(join, _)| join.clone()).collect();
            for (join, wrong) in self.loose[of].drain(..) {
                truth.insert(seed.join(&join.left, &join.right), (of, wrong));
            }
            strata.push(Pooled { stratum, joins });
        }
        let taking = Taking {
            before: self.kept.iter().map(|it| it.census.taking).max().unwrap_or(0),
            first: CensusId(self.kept.len() as u32),
            model: MatchRunId(1),
            read_up_to: Sequence(1),
            seed,
            promise: self.world.promise,
        };
        for mut census in take(&taking, strata).censuses {
            census.risk = (census.risk * self.world.laxer).min(1.0);
            let known: Vec<(usize, bool)> = census.joins.iter().map(|join| truth[join]).collect();
            let mut kept = Kept {
                of: known[0].0,
                wrong: known.iter().map(|(_, wrong)| *wrong).collect(),
                states: vec![JoinState::open(); census.joins.len()],
                census,
                stage: Stage::Open,
                rest: Bounded::default(),
            };
            kept.rest = kept.standing().rest;
            self.kept.push(kept);
        }
    }

    /// A batch of answers to one census, or to the checks of all.
    fn answer_some(&mut self) {
        // Nobody goes on with what is answered to its end.
        let is_open = |at: &usize| {
            let kept = &self.kept[*at];
            kept.stage == Stage::Open && kept.states.iter().any(|it| it.may_be_asked)
        };
        let open: Vec<usize> = (0..self.kept.len()).filter(is_open).collect();
        let Some(first) = open.first() else { return };
        for at in &open {
            if let Maker::Grant(_) = self.kept[*at].census.stratum.maker {
                let standing = self.kept[*at].standing();
                let size = check_size(self.kept[*at].census.joins.len() as u64);
                let due = size.saturating_sub(standing.right + standing.wrong) as usize;
                self.answer(*at, due);
            }
        }
        // The best first, since it may be luck.
        let bad = |at: &usize| {
            let standing = self.kept[*at].standing();
            (standing.wrong + 1) * 1000 / (standing.wrong + standing.right + 15)
        };
        let best = open.iter().copied().min_by_key(bad).unwrap_or(*first);
        let other = open[self.chance.random_range(0..open.len())];
        let at = if self.happens(0.8) { best } else { other };
        let count = self.chance.random_range(1..100);
        if self.happens(0.15) {
            self.answer_out_of_order(at, count);
        } else {
            self.answer(at, count);
        }
    }

    /// The next samples of a census, some of which are put off.
    fn answer(&mut self, at: usize, count: usize) {
        let next = self.kept[at].standing().next(count);
        let place = |join| self.kept[at].census.joins.binary_search(join);
        for place in next.iter().filter_map(|join| place(join).ok()).collect::<Vec<_>>() {
            let put_off = if self.kept[at].wrong[place] { 0.1 } else { 0.02 };
            if self.kept[at].states[place].answers.is_empty() && self.happens(put_off) {
                self.put_off(at, place, true);
            } else {
                self.say(at, place);
            }
        }
        self.renew(at);
    }

    /// Some joins from anywhere in the census, those that are one more readily.
    fn answer_out_of_order(&mut self, at: usize, count: usize) {
        for _ in 0..count {
            let place = self.chance.random_range(0..self.kept[at].states.len());
            let state = &self.kept[at].states[place];
            let is_open = state.answers.is_empty() && state.waits;
            let shirked = self.kept[at].wrong[place] && self.happens(0.8);
            if is_open && !shirked {
                self.say(at, place);
            }
        }
        self.renew(at);
    }

    fn say(&mut self, at: usize, place: usize) {
        let is_wrong = self.kept[at].wrong[place] != self.happens(self.world.errors);
        let answer = if is_wrong { Answer::Different } else { Answer::Same };
        self.kept[at].states[place].answers.push(answer);
        self.put_off(at, place, true);
        self.became.answers += 1;
    }

    /// A grant leaves it alone; it is asked no more, or again.
    fn put_off(&mut self, at: usize, place: usize, is_asked_no_more: bool) {
        let state = &mut self.kept[at].states[place];
        (state.waits, state.may_be_asked) = (false, !is_asked_no_more);
    }

    /// Some of what was put off comes back.
    fn come_back(&mut self) {
        for at in 0..self.kept.len() {
            for place in 0..self.kept[at].states.len() {
                let state = &self.kept[at].states[place];
                let is_put_off = state.answers.is_empty() && !state.may_be_asked;
                if is_put_off && self.happens(0.2) {
                    self.put_off(at, place, false);
                }
            }
        }
    }

    fn renew(&mut self, at: usize) {
        self.kept[at].rest = self.kept[at].standing().rest;
    }

    /// Grants the best stratum if it may be, lets broken grants rest, and asks whether all that is told
    /// is true.
    fn look(&mut self) {
        self.suspend_what_is_broken();
        let account = self.account();
        let offered = (0..self.kept.len()).filter(|at| {
            let kept = &self.kept[*at];
            kept.is_open(false) && account.carries(kept.rest)
        });
        let best = offered.max_by_key(|at| self.kept[*at].rest.joins);
        if let Some(at) = best
            && self.happens(0.7)
        {
            let kept = &mut self.kept[at];
            let wrong = kept.wrong_left();
            kept.stage = Stage::Granted { bounded: kept.rest, wrong, suspended: false };
            self.became.grants += 1;
        }
        self.count();
    }

    fn account(&self) -> Account {
        let granted = self.kept.iter().filter_map(|it| match &it.stage {
            Stage::Granted { bounded, .. } => Some(*bounded),
            _ => None,
        });
        let made: Vec<Standing<'_>> =
            self.kept.iter().filter(|it| it.is_open(true)).map(Kept::standing).collect();
        Account::of(self.world.promise, &granted.collect::<Vec<_>>(), &made)
    }

    /// Holds what is promised against the truth.
    fn count(&mut self) {
        let account = self.account();
        let mut wrong = 0;
        for kept in &self.kept {
            let joined = account.joined.iter().find(|(id, _)| *id == kept.census.id);
            let (own, at_most) = match (&kept.stage, joined) {
                (Stage::Granted { bounded, wrong, .. }, _) => (*wrong, bounded.wrong_at_most),
                (Stage::Open, Some((_, bounded))) => (kept.wrong_left(), bounded.wrong_at_most),
                _ => continue,
            };
            self.became.false_bound |= own > at_most;
            wrong += own;
        }
        let promised = account.promised();
        self.became.false_promise |= wrong > self.world.promise.allowed(promised.joins);
        (self.became.promised, self.became.wrong) = (promised.joins, wrong);
    }

    fn suspend_what_is_broken(&mut self) {
        for at in 0..self.kept.len() {
            let Stage::Granted { bounded, suspended: false, .. } = self.kept[at].stage else {
                continue;
            };
            let maker = Maker::Grant(self.kept[at].census.id);
            let checks: Vec<Standing<'_>> = self
                .kept
                .iter()
                .filter(|it| it.census.stratum.maker == maker)
                .map(Kept::standing)
                .collect();
            if broken(self.world.promise, bounded, 0, &checks).is_some()
                && let Stage::Granted { suspended, .. } = &mut self.kept[at].stage
            {
                *suspended = true;
                self.became.suspended += 1;
            }
        }
    }

    /// New joins come, at times worse ones than before; some change, those that are one more often.
    fn import(&mut self) {
        for of in 0..self.loose.len() {
            if self.happens(0.1) {
                let times = self.chance.random_range(0.5..3.0);
                self.shares[of] = (self.shares[of] * times).min(0.5);
            }
            let count = self.chance.random_range(0..self.world.largest / 10);
            self.come(of, count);
        }
        for at in 0..self.kept.len() {
            if !self.kept[at].is_open(false) {
                continue;
            }
            for place in 0..self.kept[at].states.len() {
                let changes = if self.kept[at].wrong[place] { 0.01 } else { 0.03 };
                let state = &self.kept[at].states[place];
                if state.answers.is_empty() && state.waits && self.happens(changes) {
                    self.put_off(at, place, false);
                }
            }
            self.renew(at);
        }
    }

    /// Gives up the census that looks worst, to try again with what is left of it.
    fn give_up(&mut self) {
        let open = (0..self.kept.len()).filter(|at| self.kept[*at].is_open(false));
        let share = |at: &usize| {
            self.kept[*at].rest.wrong_at_most * 1000 / self.kept[*at].rest.joins.max(1)
        };
        let Some(at) = open.max_by_key(share) else { return };
        self.kept[at].stage = Stage::GivenUp;
        for place in 0..self.kept[at].states.len() {
            let state = &self.kept[at].states[place];
            if state.answers.is_empty() && state.waits {
                let (of, wrong) = (self.kept[at].of, self.kept[at].wrong[place]);
                self.let_loose(of, wrong);
            }
        }
    }
}
