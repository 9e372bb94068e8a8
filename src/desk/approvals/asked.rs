//! What a verdict comes to, as the rules of approvals ask it.

use std::collections::{BTreeMap, BTreeSet};

use super::decision_of;
use crate::core::{Desk, Foreseen};
use crate::describe;
use crate::error::{Decided, DeskError};
use crate::facts::{Facts, missing};
use crate::queue::sources_and_stake;
use crate::turned::Turned;
use domain::expression::Asked;
use domain::{
    Commit, CustomerId, Decision, DecisionId, Event, FieldName, Subject, Task, TaskId, TaskKind,
    TaskReason, TaskState, Verdict,
};
use door::{Action, Refusal, Request};
use govern::NeededApproval;

/// Verdicts that change something which somebody may have to approve.
fn may_need(verdict: Verdict) -> bool {
    settings::APPROVED_VERDICTS.contains(&verdict.name())
}

impl Desk {
    /// Who has to approve a request that comes to this.
    pub(crate) fn needed_approval(
        &self,
        request: &Request,
        outcome: &Foreseen,
    ) -> Decided<Option<NeededApproval>> {
        let facts = self.facts();
        let Some(decision) = decision_of(&outcome.commit) else { return Ok(None) };
        if !may_need(decision.verdict) {
            return Ok(None);
        }
        if decision.verdict == Verdict::Undo {
            let turned = Turned::by(facts.view, decision.reverses.iter().copied())?;
            if is_only_about_approvals(facts, &turned)? {
                return Ok(None);
            }
            if let Some(needed) = of_undone(facts, decision, &turned)? {
                return Ok(Some(needed));
            }
        } else if let Some(needed) = of_approved(facts, &dropped(&outcome.commit))? {
            return Ok(Some(needed));
        }
        let is_grant = decision.verdict == Verdict::Grant;
        if is_grant && self.goes_on(&request.action)? {
            return Ok(None);
        }
        if self.settings.approvals.is_empty() && !is_grant {
            return Ok(None);
        }
        let about = About::of(facts, request, &outcome.commit, decision, self.bulk_of(request))?;
        let person = self.actor();
        let role = self.settings().acting.as_ref().map(|acting| acting.role.as_str());
        let lookup = |name: &str| match name {
            "person" => Asked::One(person.into()),
            "role" => role.map_or(Asked::Nothing, |role| Asked::One(role.into())),
            name => about.value(name),
        };
        Ok(govern::needed(&self.settings, is_grant, &lookup))
    }

    /// Whether a grant has begun already: whoever approved it approved all of it.
    fn goes_on(&self, action: &Action) -> Decided<bool> {
        let Action::Grant { census, .. } = action else { return Ok(false) };
        Ok(self.grant_of(*census)?.is_some())
    }

    /// How many decisions the bulk of a request has, as whoever decides says.
    fn bulk_of(&self, request: &Request) -> u64 {
        let done = request.bulk.and_then(|bulk| self.next_of_bulk(bulk).ok()).unwrap_or(1);
        done as u64 + request.bulk_left.unwrap_or(0)
    }
}

/// Whether an undo takes back or brings back nothing but proposals and what was said to them: nothing of that
/// is in force.
fn is_only_about_approvals(facts: Facts<'_>, turned: &Turned) -> Result<bool, DeskError> {
    let mut any = false;
    for id in turned.down.iter().chain(&turned.up) {
        let Some(entry) = facts.view.decision(*id)? else { continue };
        if !matches!(entry.verdict, Verdict::Propose | Verdict::Approve | Verdict::Reject) {
            return Ok(false);
        }
        any = true;
    }
    Ok(any)
}

/// Who has to approve that these decisions are undone, or are in force again: whoever had to approve one of
/// them before.
fn of_undone(
    facts: Facts<'_>,
    undo: &Decision,
    turned: &Turned,
) -> Decided<Option<NeededApproval>> {
    let down = undo.reverses.iter().chain(&turned.down).map(|id| (*id, false));
    of_approved(facts, &down.chain(turned.up.iter().map(|id| (*id, true))).collect())
}

/// The decisions whose corrections, pins, holds and the like a commit takes off, with nothing in their place: that
/// undoes them, whatever the verdict is called.
fn dropped(commit: &Commit) -> BTreeMap<DecisionId, bool> {
    let mut dropped = BTreeSet::new();
    for event in &commit.events {
        match event {
            Event::RecordChanged(changed) => {
                let (before, after) = (&changed.before, &changed.after);
                let corrections = before.corrections.iter();
                let gone = corrections.filter(|(field, _)| !after.corrections.contains_key(*field));
                dropped.extend(gone.map(|(_, it)| it.decision));
                let waivers = before.waivers.iter();
                let gone = waivers.filter(|(rule, _)| !after.waivers.contains_key(*rule));
                dropped.extend(gone.map(|(_, it)| it.decision));
                dropped.extend(before.holds.keys().filter(|it| !after.holds.contains_key(*it)));
                dropped.extend(before.quarantined.filter(|_| after.quarantined.is_none()));
            }
            Event::CustomerChanged(changed) => {
                // Pins go along with members that move.
                let Some(before) = &changed.before else { continue };
                if before.members == changed.after.members {
                    let pins = before.pins.iter();
                    let gone = pins.filter(|(field, _)| !changed.after.pins.contains_key(*field));
                    dropped.extend(gone.map(|(_, it)| it.decision));
                }
            }
            _ => {}
        }
    }
    dropped.into_iter().map(|id| (id, false)).collect()
}

/// Who has to approve that these decisions are in force no longer, or again (`true`).
fn of_approved(
    facts: Facts<'_>,
    turned: &BTreeMap<DecisionId, bool>,
) -> Decided<Option<NeededApproval>> {
    let mut found: Option<(DecisionId, NeededApproval)> = None;
    for (id, is_again) in turned {
        let (id, is_again) = (*id, *is_again);
        let decision = facts.decision(id)?;
        let needed = match (decision.approves, decision.broken_glass) {
            (Some(proposal), _) => {
                let proposal = facts.decision(proposal)?.proposal;
                let proposal = proposal.ok_or_else(|| missing("a proposal"))?;
                Some(NeededApproval { by: proposal.by, rule: proposal.rule, due: proposal.due })
            }
            // Undoing what did not wait is no harm, unless it was approved since; bringing it back is as doing it.
            (None, Some(glass)) if is_again || is_approved_since(facts, glass.task)? => {
                Some(NeededApproval { by: glass.by, rule: glass.rule, due: glass.due })
            }
            _ => None,
        };
        match (&found, needed) {
            (_, None) => {}
            (None, Some(needed)) => found = Some((id, needed)),
            (Some((first, known)), Some(needed)) if known.by != needed.by => {
                let why = format!(
                    "{first} was for {} to approve and {id} for {}: undo one of them at a time",
                    known.by, needed.by
                );
                return Err(Refusal::DoesNotApply { why }.into());
            }
            _ => {}
        }
    }
    Ok(found.map(|(_, needed)| needed))
}

/// Whether the task that asked for the review of a decision was answered by an approval, which stands.
fn is_approved_since(facts: Facts<'_>, review: TaskId) -> Result<bool, DeskError> {
    let Some(entry) = facts.view.task(review)? else { return Ok(false) };
    let TaskState::Decided { decision } = entry.task.state else { return Ok(false) };
    let answer = facts.view.decision(decision)?;
    Ok(answer.is_some_and(|it| it.verdict == Verdict::Approve && it.stands()))
}

/// What a rule may ask of a verdict.
struct About {
    verdicts: Vec<&'static str>,
    kinds: Vec<String>,
    scores: Vec<String>,
    stake: Option<String>,
    sources: Vec<String>,
    rules: Vec<String>,
    reasons: Vec<String>,
    code: Option<String>,
    customers: String,
    records: String,
    fields: Vec<String>,
    bulk: String,
}

impl About {
    fn of(
        facts: Facts<'_>,
        request: &Request,
        commit: &Commit,
        decision: &Decision,
        bulk: u64,
    ) -> Result<About, DeskError> {
        let tasks = tasks_of(facts, commit, decision)?;
        let customers: Vec<CustomerId> =
            customers_of(facts, commit, decision)?.into_iter().collect();
        let mut records = 0;
        for customer in &customers {
            records += facts.view.customer(*customer)?.map_or(0, |state| state.members.len());
        }
        let (sources, stake) = sources_and_stake(facts, &customers)?;
        let mut rules: Vec<String> = decision.rules.iter().map(ToString::to_string).collect();
        for task in &tasks {
            if let TaskReason::Breaks { rules: broken } = &task.reason {
                rules.extend(broken.iter().map(ToString::to_string));
            }
        }
        let scores = tasks.iter().map(|task| task.score).chain([decision.score]).flatten();
        Ok(About {
            verdicts: verdicts_of(request, commit, decision),
            kinds: tasks.iter().map(|task| task.kind.name().to_owned()).collect(),
            scores: scores.map(|score| format!("{score:.6}")).collect(),
            stake: stake.map(|stake| stake.to_string()),
            sources,
            rules,
            reasons: tasks.iter().map(describe::reason).collect(),
            code: decision.reason.as_ref().map(ToString::to_string),
            customers: customers.len().to_string(),
            records: records.to_string(),
            fields: fields_of(decision).into_iter().map(|field| field.to_string()).collect(),
            bulk: bulk.to_string(),
        })
    }

    fn value(&self, name: &str) -> Asked<'_> {
        let one = |text: Option<&'_ str>| match text {
            Some(text) => Asked::One(text.to_owned().into()),
            None => Asked::Nothing,
        };
        let each = |texts: &'_ [String]| match texts {
            [] => Asked::Nothing,
            texts => Asked::Each(texts.iter().map(|text| text.clone().into()).collect()),
        };
        match name {
            "verdict" => Asked::Each(self.verdicts.iter().map(|name| (*name).into()).collect()),
            "kind" => each(&self.kinds),
            "score" => each(&self.scores),
            "stake" => one(self.stake.as_deref()),
            "source" => each(&self.sources),
            "rule" => each(&self.rules),
            "reason" => each(&self.reasons),
            "code" => one(self.code.as_deref()),
            "customers" => one(Some(&self.customers)),
            "records" => one(Some(&self.records)),
            "field" => each(&self.fields),
            "bulk" => one(Some(&self.bulk)),
            _ => Asked::Nothing,
        }
    }
}

/// The task that a decision answers, and those that it settles beside it: whoever decides without naming the task
/// decides it all the same.
fn tasks_of(
    facts: Facts<'_>,
    commit: &Commit,
    decision: &Decision,
) -> Result<Vec<Task>, DeskError> {
    let task = decision.task.map(|id| facts.view.task(id)).transpose()?.flatten();
    let mut tasks: Vec<Task> = task.into_iter().map(|entry| entry.task).collect();
    for event in &commit.events {
        if let Event::TaskChanged(changed) = event
            && let Some(before) = &changed.before
            && before.state.is_pending()
            && !changed.after.state.is_pending()
            && before.kind != TaskKind::Approval
            && tasks.iter().all(|known| known.id != before.id)
        {
            tasks.push(before.clone());
        }
    }
    Ok(tasks)
}

/// The fields that a decision sets, removes or leaves to the sources again.
pub(super) fn fields_of(decision: &Decision) -> BTreeSet<FieldName> {
    let set = decision.values.iter().map(|(field, _)| field.clone());
    set.chain(decision.cleared.iter().cloned()).chain(decision.withdrawn.iter().cloned()).collect()
}

/// The customers, as they stand before, that a commit is about.
pub(super) fn customers_of(
    facts: Facts<'_>,
    commit: &Commit,
    decision: &Decision,
) -> Result<BTreeSet<CustomerId>, DeskError> {
    let mut customers = BTreeSet::new();
    for event in &commit.events {
        match event {
            Event::CustomerChanged(changed) if changed.before.is_some() => {
                customers.insert(changed.customer);
            }
            Event::RecordChanged(changed) => {
                customers.insert(facts.view.customer_of(changed.record)?);
            }
            _ => {}
        }
    }
    for subject in &decision.subjects {
        if let Subject::Customer(id) = subject
            && let Some(live) = facts.view.follow(*id)?
        {
            customers.insert(live);
        }
    }
    // Those that were merged away before have no records of their own.
    let mut live = BTreeSet::new();
    for customer in customers {
        if facts.view.customer(customer)?.is_some_and(|state| state.is_live()) {
            live.insert(customer);
        }
    }
    Ok(live)
}

/// The verdict, and what it comes to where that has a name of its own: whoever accepts new data may merge with
/// it, and whoever merges may pin. Undo restores what was, and is an undo only.
fn verdicts_of(request: &Request, commit: &Commit, decision: &Decision) -> Vec<&'static str> {
    let mut verdicts = vec![decision.verdict];
    if decision.verdict == Verdict::Undo {
        return vec![decision.verdict.name()];
    }
    let (mut merges, mut splits) = (false, false);
    for event in &commit.events {
        let Event::CustomerChanged(changed) = event else { continue };
        let before: BTreeSet<_> = changed.before.iter().flat_map(|it| &it.members).collect();
        let came = changed.after.members.iter().any(|record| !before.contains(record));
        merges |= came && changed.before.is_some();
        splits |= changed.before.is_none();
    }
    let sets = !fields_of(decision).is_empty();
    let accepts = decision.verdict == Verdict::Accept;
    for (verdict, is_so) in [
        (Verdict::Merge, merges && decision.verdict != Verdict::Grant),
        (Verdict::Unmerge, splits),
        (Verdict::Pin, sets && decision.verdict == Verdict::Merge),
        (Verdict::Correct, sets && accepts),
        (Verdict::Waive, !request.waive.is_empty()),
    ] {
        if is_so && !verdicts.contains(&verdict) {
            verdicts.push(verdict);
        }
    }
    verdicts.into_iter().map(Verdict::name).collect()
}
