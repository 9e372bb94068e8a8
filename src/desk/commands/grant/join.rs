//! One join under a grant: made in the draft, or left to people.

use std::collections::HashMap;

use crate::answers::{Whole, contradict};
use crate::draft::Draft;
use crate::error::{Decided, DeskError};
use crate::facts::{Facts, missing};
use crate::grants::homes;
use crate::jobs::sides_of;
use crate::{enforce, merges};
use domain::event::JoinedUnits;
use domain::grants::Stratum;
use domain::{CustomerId, CustomerState, RecordId, Standing};
use intake::merge::membership;

/// What became of a join.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Joined {
    /// Its two units are one now.
    Made,
    /// Another join of the group made them one already.
    Already,
    /// People decide.
    Left(Against),
}

/// What is against a join.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Against {
    /// The rule of `steward.toml` with `never` at that place.
    Never(usize),
    /// Merged they would break a rule with severity `error`.
    Rule,
    /// A person's decision.
    Decision,
    /// Their source asks about them.
    Source,
    /// What they gained since the joins were found.
    Grown,
    /// They are as they were found no more.
    Changed,
}

impl Against {
    /// The same in words, behind `by`.
    pub(super) fn told(self, facts: Facts<'_>) -> String {
        match self {
            Against::Never(at) => match facts.settings.by_hand.never.get(at) {
                Some([one, other]) => {
                    format!("the rule never = [{:?}, {:?}]", one.to_string(), other.to_string())
                }
                None => "a rule with `never`".to_owned(),
            },
            Against::Rule => "a rule that the merged customer would break".to_owned(),
            Against::Decision => "what people decided".to_owned(),
            Against::Source => "their source, which asks about them".to_owned(),
            Against::Grown => "what has contradicted them since".to_owned(),
            Against::Changed => "changes since the census".to_owned(),
        }
    }
}

/// Joins of one stratum that are made together.
pub(super) struct Joining {
    two_people: bool,
    /// The group of each record, as these joins tell it: a group was judged whole when they were found.
    groups: HashMap<RecordId, RecordId>,
}

impl Joining {
    pub(super) fn of(stratum: &Stratum, joins: &[JoinedUnits]) -> Self {
        let mut joining = Self { two_people: stratum.two_people, groups: HashMap::new() };
        for units in joins {
            let mut records = units.left.iter().chain(&units.right).copied();
            let Some(first) = records.next() else { continue };
            let into = joining.group_of(first);
            joining.groups.insert(first, into);
            for record in records {
                let group = joining.group_of(record);
                joining.groups.insert(record, into);
                joining.groups.insert(group, into);
            }
        }
        joining
    }

    fn group_of(&self, record: RecordId) -> RecordId {
        let mut at = record;
        while let Some(next) = self.groups.get(&at).filter(|next| **next != at) {
            at = *next;
        }
        at
    }

    /// Makes two units one in the draft, or leaves that to people.
    pub(super) fn join(&self, draft: &mut Draft<'_>, units: &JoinedUnits) -> Decided<Joined> {
        let facts = draft.facts();
        let Some((left, right)) = homes(facts, units)? else {
            return Ok(Joined::Left(Against::Changed));
        };
        let (left, right) = (now(draft, left)?, now(draft, right)?);
        if left.0 == right.0 {
            return Ok(Joined::Already);
        }
        if let Some(against) = self.against(facts, units, [&left, &right])? {
            return Ok(Joined::Left(against));
        }
        let mut customers = [left, right];
        customers.sort_by_key(|(id, _)| *id);
        let survivor = customers[0].0;
        let states = membership::merge(survivor, &customers);
        if let Some((_, merged)) = states.iter().find(|(id, _)| *id == survivor)
            && enforce::would_break(facts, merged)?
        {
            return Ok(Joined::Left(Against::Rule));
        }
        for (id, state) in states {
            draft.set_customer(id, state)?;
        }
        Ok(Joined::Made)
    }

    /// A person's decision or a rule of `steward.toml` that puts them apart, their source that asks about
    /// them, or what they gained since the joins were found that contradicts the other.
    fn against(
        &self,
        facts: Facts<'_>,
        units: &JoinedUnits,
        customers: [&(CustomerId, CustomerState); 2],
    ) -> Decided<Option<Against>> {
        let [(left, left_state), (right, right_state)] = customers;
        if !facts.apart(left_state, right_state)?.is_empty() {
            return Ok(Some(Against::Decision));
        }
        if let Some(rule) = never_linked(facts, &left_state.members, &right_state.members)? {
            return Ok(Some(Against::Never(rule)));
        }
        if merges::are_known(facts)? && merges::are_asked_about(facts, [*left, *right].into_iter())?
        {
            return Ok(Some(Against::Source));
        }
        // Where names say "two people" people were asked in spite of it.
        if self.two_people || !self.has_grown(units, left_state, right_state) {
            return Ok(None);
        }
        let left = Whole::in_state(facts, *left, left_state.clone())?;
        let right = Whole::in_state(facts, *right, right_state.clone())?;
        Ok(contradict(facts, &left, &right)?.map(|_| Against::Grown))
    }

    /// Whether they hold what was not looked at when the joins were found: records of no other unit of the
    /// group, by which they may have grown in this very draft.
    fn has_grown(&self, units: &JoinedUnits, left: &CustomerState, right: &CustomerState) -> bool {
        let group = units.left.first().map(|record| self.group_of(*record));
        let is_known = |record: &RecordId| Some(self.group_of(*record)) == group;
        !left.members.iter().chain(&right.members).all(is_known)
    }
}

/// The rule by which `steward.toml`, as it is in force, says of a record of each that they are never linked.
fn never_linked(
    facts: Facts<'_>,
    left: &[RecordId],
    right: &[RecordId],
) -> Result<Option<usize>, DeskError> {
    let by_hand = &facts.settings.by_hand;
    if by_hand.never.is_empty() {
        return Ok(None);
    }
    let sides = |records: &[RecordId]| -> Result<Vec<u32>, DeskError> {
        let of = |record: &RecordId| {
            let record = facts.record(*record)?;
            Ok(sides_of(by_hand, &record.body.address.source, &record.values))
        };
        records.iter().map(of).collect()
    };
    let (left, right) = (sides(left)?, sides(right)?);
    let rule = |one: &u32| right.iter().find_map(|other| by_hand.apart_at(*one, *other));
    Ok(left.iter().find_map(rule))
}

/// The customer that one has become in the draft.
fn now(draft: &Draft<'_>, id: CustomerId) -> Result<(CustomerId, CustomerState), DeskError> {
    let mut id = id;
    loop {
        let state = draft.customer(id)?.ok_or_else(|| missing(format!("customer {id}")))?;
        match state.standing {
            Standing::Merged { into } if into < id => id = into,
            _ => return Ok((id, state)),
        }
    }
}

#[cfg(test)]
mod tests {
    use domain::Kind;
    use domain::grants::{Cut, Maker};

    use super::*;

    #[test]
    fn a_customer_has_grown_where_it_holds_a_record_of_no_unit_of_its_group() {
        let ids = |ids: &[u32]| ids.iter().copied().map(RecordId).collect::<Vec<_>>();
        let units =
            |left: &[u32], right: &[u32]| JoinedUnits { left: ids(left), right: ids(right) };
        let stratum = Stratum {
            kind: Kind::Person,
            maker: Maker::Nobody,
            two_people: false,
            cut: Cut::Weights { from: 0, below: None },
        };
        // Two groups; in the first one two joins hold three units together.
        let joins = [units(&[1, 2], &[5]), units(&[3], &[4]), units(&[5], &[9])];
        let joining = Joining::of(&stratum, &joins);
        let grown = |left: &[u32], right: &[u32]| {
            let [left, right] = [left, right].map(|members| CustomerState::of(ids(members)));
            joining.has_grown(&joins[2], &left, &right)
        };
        assert!(!grown(&[5], &[9]), "as they were found");
        assert!(!grown(&[1, 2, 5], &[9]), "by another join of the group, in this draft or before");
        assert!(grown(&[5, 7], &[9]), "by a record that came since");
        assert!(grown(&[1, 2, 5, 7], &[9]), "by both");
        assert!(grown(&[5], &[3, 9]), "by one of another group");
    }
}
