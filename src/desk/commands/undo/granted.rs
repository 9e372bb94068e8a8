//! A grant is taken back as it was given, whole, but for merges about which people decided since: these
//! stay as people left them, as do those of somebody who was erased.

use std::collections::{BTreeMap, BTreeSet};

use super::commit::commit_of;
use super::dependants::Effect;
use crate::commands::command::does_not_apply;
use crate::error::{Decided, DeskError};
use crate::facts::Facts;
use crate::grants::Given;
use domain::event::{Cause, CustomerChanged, TaskChanged};
use domain::{Commit, CustomerId, Decision, DecisionId, Event, Standing, TaskKind, Verdict};
use door::operations::GRANT_UNDONE_TOGETHER;

/// Decisions of a grant that are taken back in one commit.
const TOGETHER: usize = if cfg!(test) { 4 } else { GRANT_UNDONE_TOGETHER };
/// Customers named of those that were left.
const NAMED: usize = 10;

/// Adds the other decisions of the grants that a person gave, so that what was given at once is taken
/// back at once. One of too many for a commit goes in portions, the latest first, as `steward grant undo`
/// does; until that is done, nothing is merged under it.
pub(super) fn whole(facts: Facts<'_>, undone: &mut BTreeSet<DecisionId>) -> Decided<()> {
    let mut granted = BTreeMap::new();
    for id in undone.iter() {
        if !is_grant(facts, *id)? {
            continue;
        }
        let decision = facts.decision(*id)?;
        if let (Some(grant), None) = (decision.grant, decision.run) {
            granted.insert(grant.census, *id);
        }
    }
    for (census, id) in granted {
        let Some(entry) = facts.view.census(census)? else { continue };
        let Some(given) = Given::of(facts, &entry)? else { continue };
        let count = given.decisions.len();
        let (named, others): (Vec<DecisionId>, Vec<DecisionId>) =
            given.decisions.into_iter().partition(|id| undone.contains(id));
        if count <= TOGETHER {
            undone.extend(others);
            continue;
        }
        let are_latest = others.last() < named.first();
        let is_portion = named.len() == TOGETHER && are_latest;
        if !is_portion {
            return Err(does_not_apply(format!(
                "{id} is one of {count} decisions of the grant of {census}: `steward grant undo {census}` \
                 takes all of them back"
            )));
        }
    }
    Ok(())
}

pub(super) fn is_grant(facts: Facts<'_>, id: DecisionId) -> Result<bool, DeskError> {
    Ok(facts.view.decision(id)?.is_some_and(|entry| entry.verdict == Verdict::Grant))
}

/// What of the grants among decisions an undo leaves as it is.
#[derive(Default)]
pub(super) struct Left {
    /// The customers of merges that stay, by the decision that made them.
    customers: BTreeMap<DecisionId, BTreeSet<CustomerId>>,
    /// The later decisions of people about them.
    pub(super) by: BTreeSet<DecisionId>,
}

impl Left {
    /// Of these decisions.
    pub(super) fn of(facts: Facts<'_>, undone: &BTreeSet<DecisionId>) -> Decided<Self> {
        let mut left = Self::default();
        let mut stays: BTreeSet<CustomerId> = BTreeSet::new();
        // The latest first: what an earlier one merged went into later merges.
        for id in undone.iter().rev() {
            if !is_grant(facts, *id)? {
                continue;
            }
            let commit = commit_of(facts, *id)?;
            let mut own = BTreeSet::new();
            for part in parts(&commit) {
                let by = part.decided_since(facts, &commit, undone)?;
                let is_left = stays.contains(&part.survivor)
                    || !by.is_empty()
                    || part.is_about_erased(facts)?;
                left.by.extend(by);
                if is_left {
                    own.extend(part.customers());
                }
            }
            stays.extend(&own);
            left.customers.insert(*id, own);
        }
        Ok(left)
    }

    /// The commit of a decision without what is left of it.
    pub(super) fn commit(&self, facts: Facts<'_>, id: DecisionId) -> Decided<Commit> {
        let mut commit = commit_of(facts, id)?;
        let Some(stay) = self.customers.get(&id).filter(|stay| !stay.is_empty()) else {
            return Ok(commit);
        };
        let mut go: BTreeSet<CustomerId> = changes(&commit).map(|it| it.customer).collect();
        go.retain(|customer| !stay.contains(customer));
        let is_about = |changed: &TaskChanged, of: &BTreeSet<CustomerId>| {
            let before = changed.before.iter().flat_map(|task| &task.customers);
            before.chain(&changed.after.customers).any(|customer| of.contains(customer))
        };
        commit.events.retain(|event| match event {
            Event::CustomerChanged(changed) => !stay.contains(&changed.customer),
            Event::TaskChanged(changed) => is_about(changed, &go) || !is_about(changed, stay),
            _ => true,
        });
        Ok(commit)
    }

    /// Refuses to take back what is left whole. Where others of the grant stand it goes: they may not be.
    pub(super) fn refuse_all(
        &self,
        facts: Facts<'_>,
        undone: &BTreeSet<DecisionId>,
    ) -> Decided<()> {
        for id in undone {
            if !self.customers.contains_key(id)
                || changes(&self.commit(facts, *id)?).next().is_some()
                || !is_last_of_grant(facts, *id, undone)?
            {
                return Ok(());
            }
        }
        let ids: Vec<String> = undone.iter().map(ToString::to_string).collect();
        Err(does_not_apply(format!(
            "nothing in {} can be taken back: people have since decided about each of the merges, or somebody \
             they are about was erased",
            ids.join(", ")
        )))
    }
}

/// Whether nothing else of its grant stands than what is undone.
fn is_last_of_grant(
    facts: Facts<'_>,
    id: DecisionId,
    undone: &BTreeSet<DecisionId>,
) -> Result<bool, DeskError> {
    let Some(grant) = facts.decision(id)?.grant else { return Ok(true) };
    let Some(entry) = facts.view.census(grant.census)? else { return Ok(true) };
    let given = Given::of(facts, &entry)?;
    Ok(given.is_none_or(|given| given.decisions.iter().all(|id| undone.contains(id))))
}

/// Whether a later decision answers a check: what a person said of a merge is kept, whatever becomes of
/// the grant.
pub(super) fn answers_check(facts: Facts<'_>, id: DecisionId) -> Result<bool, DeskError> {
    let task = facts.view.decision(id)?.and_then(|entry| entry.task);
    let task = task.map(|task| facts.view.task(task)).transpose()?.flatten();
    Ok(task.is_some_and(|entry| entry.task.kind == TaskKind::Check))
}

/// Customers that a commit made one.
struct Part<'c> {
    survivor: CustomerId,
    changes: Vec<&'c CustomerChanged>,
}

/// What a commit made one, each by itself.
fn parts(commit: &Commit) -> Vec<Part<'_>> {
    let changed: BTreeMap<CustomerId, &CustomerChanged> =
        changes(commit).map(|changed| (changed.customer, changed)).collect();
    let mut parts: BTreeMap<CustomerId, Part<'_>> = BTreeMap::new();
    for (id, change) in &changed {
        let (mut survivor, mut at) = (*id, Some(*change));
        while let Some(Standing::Merged { into }) = at.map(|it| it.after.standing)
            && into < survivor
        {
            (survivor, at) = (into, changed.get(&into).copied());
        }
        let part = parts.entry(survivor).or_insert(Part { survivor, changes: Vec::new() });
        part.changes.push(change);
    }
    parts.into_values().collect()
}

fn changes(commit: &Commit) -> impl Iterator<Item = &CustomerChanged> {
    commit.events.iter().filter_map(|event| match event {
        Event::CustomerChanged(changed) if matches!(changed.cause, Cause::Decision(_)) => {
            Some(changed)
        }
        _ => None,
    })
}

impl Part<'_> {
    fn customers(&self) -> impl Iterator<Item = CustomerId> {
        self.changes.iter().map(|changed| changed.customer)
    }

    /// Customers that were merged away.
    fn merged_away(&self) -> impl Iterator<Item = CustomerId> {
        let is_away = |changed: &&&CustomerChanged| {
            changed.before.as_ref().is_some_and(|before| before.is_live())
                && !changed.after.is_live()
        };
        self.changes.iter().filter(is_away).map(|changed| changed.customer)
    }

    /// The standing decisions of people, other than those that go as well, that rest on it.
    fn decided_since(
        &self,
        facts: Facts<'_>,
        commit: &Commit,
        undone: &BTreeSet<DecisionId>,
    ) -> Decided<Vec<DecisionId>> {
        let events = self.changes.iter().map(|changed| (*changed).clone().into()).collect();
        let own = Commit { events, actor: "".into(), ..*commit };
        let effect = Effect::of(&own);
        let mut found = Vec::new();
        for later in effect.later_decisions(facts, &own)? {
            let is_by_people = later.verdict != Verdict::Grant && !undone.contains(&later.id);
            if is_by_people && effect.is_built_on_by(&later, facts)? {
                found.push(later.id);
            }
        }
        Ok(found)
    }

    fn is_about_erased(&self, facts: Facts<'_>) -> Result<bool, DeskError> {
        for changed in &self.changes {
            if facts.view.erased_in(changed.customer)?.is_some() {
                return Ok(true);
            }
            for record in changed.before.iter().flat_map(|before| &before.members) {
                if facts.view.record(*record)?.erased {
                    return Ok(true);
                }
            }
        }
        Ok(false)
    }
}

/// What an undo left of grants, in words; nothing where it left nothing. `undo` is its own commit.
///
/// # Errors
/// When the store or the ledger is damaged.
pub(crate) fn left_by(
    facts: Facts<'_>,
    decision: &Decision,
    undo: &Commit,
) -> Result<String, DeskError> {
    let gone: BTreeSet<CustomerId> = changes(undo).map(|changed| changed.customer).collect();
    let (mut decided, mut erased) = ((0, BTreeSet::new()), 0);
    for id in &decision.reverses {
        let Some(entry) = facts.view.decision(*id)?.filter(|it| it.verdict == Verdict::Grant)
        else {
            continue;
        };
        for part in parts(&facts.commit(entry.place.sequence)?) {
            if part.merged_away().any(|customer| gone.contains(&customer)) {
                continue;
            }
            let merges = part.merged_away().count() as u64;
            if merges == 0 {
                continue;
            }
            if part.is_about_erased(facts)? {
                erased += merges;
            } else {
                decided.0 += merges;
                decided.1.extend(facts.view.follow(part.survivor)?);
            }
        }
    }
    let mut told = String::new();
    if decided.0 > 0 {
        let mut named: Vec<String> =
            decided.1.iter().take(NAMED).map(ToString::to_string).collect();
        let more = decided.1.len().saturating_sub(NAMED);
        named.extend((more > 0).then(|| format!("{more} more")));
        let left = match decided.0 {
            1 => "1 merge stays as people left it".to_owned(),
            merges => format!("{merges} merges stay as people left them"),
        };
        told += &format!("; {left} ({})", named.join(", "));
    }
    if erased > 0 {
        let left = match erased {
            1 => "1 merge stays as it is".to_owned(),
            merges => format!("{merges} merges stay as they are"),
        };
        told += &format!("; {left}, because somebody was erased");
    }
    Ok(told)
}
