//! One task, whole.

use super::comparison::{self, Between, Whole};
use super::explanation::Two;
use super::together::Linked;
use super::{comments, did, dispute, explanation, fix, queue, summary, unmerged};
use crate::core::Desk;
use crate::error::{Decided, DeskError, unknown};
use crate::facts::{Facts, missing};
use crate::second::Question;
use crate::{describe, merges, versions};
use domain::{
    CustomerId, DecisionId, Event, Golden, ImportId, ReasonCode, Sequence, Task, TaskId, TaskKind,
    TaskReason, TaskState, Value, Vanished, Verdict,
};
use door::views::{
    ApartView, Column, EarlierDecision, ExplanationView, FieldView, LinkScore, TaskView,
};
use intake::merge::membership;
use matching::{Beside, Claim};

/// Pairs explained besides those with the first column.
const PAIRS: usize = 12;
/// Pairs of columns of which it is known how they go together, at most: those of 32 columns.
const LINKS: usize = 496;
/// Earlier decisions shown.
const EARLIER: usize = 5;

pub(crate) fn task(facts: Facts<'_>, id: TaskId) -> Decided<TaskView> {
    let entry = facts.view.task(id)?.ok_or_else(|| unknown(&id))?;
    let version = versions::of_task(facts, &entry.task)?;
    if let Some(question) = Question::asked_by(facts, &entry.task)? {
        return as_asked(facts, entry.task, version, &question);
    }
    let mut customers = Vec::new();
    for customer in &entry.task.customers {
        if let Some(live) = facts.view.follow(*customer)?
            && !customers.contains(&live)
        {
            customers.push(live);
        }
    }
    view(facts, Some(entry.task), version, wholes(facts, &customers)?, None)
}

/// The customers of a second look or a check as they were when it was decided about them.
fn as_asked(
    facts: Facts<'_>,
    task: Task,
    version: Sequence,
    question: &Question,
) -> Decided<TaskView> {
    let wholes = question.wholes(facts)?;
    view(facts, Some(task), version, wholes, Some(question.sequence))
}

fn wholes(facts: Facts<'_>, customers: &[CustomerId]) -> Decided<Vec<Whole>> {
    customers.iter().map(|id| Whole::read(facts, *id)).collect()
}

pub(crate) fn comparison(facts: Facts<'_>, customers: &[CustomerId]) -> Decided<TaskView> {
    let mut version = Sequence::ZERO;
    let mut live = Vec::new();
    for customer in customers {
        let followed = match facts.view.follow(*customer)? {
            Some(live) => live,
            None => return Err(facts.no_customer(*customer)?.into()),
        };
        version = version.max(facts.view.customer_version(followed)?);
        live.push(followed);
    }
    view(facts, None, version, wholes(facts, &live)?, None)
}

fn view(
    facts: Facts<'_>,
    task: Option<Task>,
    version: Sequence,
    wholes: Vec<Whole>,
    before: Option<Sequence>,
) -> Decided<TaskView> {
    let fields = comparison::rows(facts.settings, &wholes);
    // Who survives follows from the task's own order.
    let golden = merged_golden(facts, &wholes)?;
    let mut wholes = wholes;
    let mut laid = laid_out(facts, task.as_ref(), &fields, &wholes, before)?;
    let is_duplicate = task.as_ref().is_some_and(|task| task.kind == TaskKind::Duplicate);
    // What `m` would merge is seen first, and the others stand against it.
    if is_duplicate && !laid.columns.is_sorted_by_key(|column| column.contradicts) {
        let are_out = laid.columns.iter().map(|column| column.contradicts);
        let mut placed: Vec<(bool, Whole)> = are_out.zip(wholes).collect();
        placed.sort_by_key(|(is_out, _)| *is_out);
        wholes = placed.into_iter().map(|(_, whole)| whole).collect();
        laid = laid_out(facts, task.as_ref(), &fields, &wholes, before)?;
    }
    let LaidOut { mut pairs, links, mut columns, apart } = laid;
    let may_be_blind = task.as_ref().is_some_and(|task| task.kind.may_be_blind());
    // Of customers as they were before a decision, what they do now would tell it.
    if columns.len() > 1 && before.is_none() && !may_be_blind {
        did::tell(facts, &mut columns)?;
    }
    let record = task.as_ref().filter(|task| task.kind == TaskKind::Invalid);
    let record = record.and_then(|task| task.record);
    let fix = match record {
        Some(record) => fix::fix(facts, &wholes, record)?,
        None => None,
    };
    let decisions = &facts.settings.decisions;
    let dispute = task.as_ref().map_or(Ok(None), |task| dispute::dispute(facts, task))?;
    let mut reasons = task.as_ref().map_or(Ok(Vec::new()), |task| reasons(facts, task))?;
    if dispute.as_ref().is_some_and(|dispute| !dispute.values.is_empty()) {
        without_changes(&mut reasons);
    }
    Ok(TaskView {
        version,
        columns,
        origins: comparison::origins(facts, &wholes, &golden.values),
        golden: golden.into(),
        summary: match before {
            None => Some(summary::of_view(facts, task.as_ref(), &wholes, &mut pairs)?),
            Some(_) => None,
        },
        dispute,
        pairs,
        links,
        apart,
        review: facts.settings.matching.review,
        fix,
        reasons,
        asked: match &task {
            Some(task) => asked(facts, task)?,
            None => Vec::new(),
        },
        comments: match before {
            // It may tell what was said the first time.
            Some(_) => Vec::new(),
            None if may_be_blind => Vec::new(),
            None => {
                let customers: Vec<CustomerId> = wholes.iter().map(|whole| whole.id).collect();
                comments::on(facts, &customers)?
            }
        },
        earlier: earlier(facts, &wholes, before)?,
        reason_codes: Verdict::ALL
            .into_iter()
            .map(|verdict| {
                let codes = decisions.reasons_for(verdict).map(|reason| &reason.code);
                (verdict, codes.map(ReasonCode::to_string).collect())
            })
            .collect(),
        reason_required: decisions.reason_required.clone(),
        asks_reason: facts.settings.review.ask_reason,
        not_yours_to_answer: None,
        coach: None,
        fields,
        task,
    })
}

/// Customers beside each other, with what their records say of each other.
struct LaidOut {
    pairs: Vec<ExplanationView>,
    links: Vec<LinkScore>,
    columns: Vec<Column>,
    apart: Vec<ApartView>,
}

fn laid_out(
    facts: Facts<'_>,
    task: Option<&Task>,
    fields: &[FieldView],
    wholes: &[Whole],
    before: Option<Sequence>,
) -> Result<LaidOut, DeskError> {
    let Compared { pairs, links, between } = compared(facts, task, wholes, before)?;
    let disputed = task.filter(|task| task.kind == TaskKind::Challenge);
    let disputed = disputed.and_then(|task| task.record);
    let (columns, apart) = comparison::columns(facts, fields, wholes, between, disputed)?;
    Ok(LaidOut { pairs, links, columns, apart })
}

/// What the records of a task's customers say of each other.
#[derive(Default)]
struct Compared {
    /// The best pairs of records, those of the first customer first; at the end the least alike one, where
    /// that speaks against a merge.
    pairs: Vec<ExplanationView>,
    /// How well two columns go together.
    links: Vec<LinkScore>,
    /// What the best pair of each two says of how they go together.
    between: Between,
}

fn compared(
    facts: Facts<'_>,
    task: Option<&Task>,
    wholes: &[Whole],
    before: Option<Sequence>,
) -> Result<Compared, DeskError> {
    let mut all = Compared::default();
    let is_blind = before.is_some();
    // What was said the first time has taught the models since.
    let is_second = task.is_some_and(|task| task.second_look_at().is_some());
    let model = match before.filter(|_| is_second) {
        Some(decided) => facts.model_before(decided)?,
        None => facts.model()?,
    };
    let Some(model) = model else { return Ok(all) };
    let mut claims: Vec<Claim> = Vec::new();
    let mut weakest: Option<(f64, Two<'_>)> = None;
    for (at, left) in wholes.iter().enumerate() {
        for (place, right) in wholes.iter().enumerate().skip(at + 1) {
            let explains = at == 0 || all.pairs.len() < PAIRS;
            if !explains && all.links.len() >= LINKS {
                continue;
            }
            let closest = explanation::closest_pair(facts, &model, &left.members, &right.members)?;
            let Some(closest) = closest else { continue };
            let least = closest.crossed.least;
            if explains {
                // Who is asked blind is not told what was said.
                let (best, beside) = if is_blind {
                    explanation::judged(facts, &model, closest.best.0, closest.best.1)?
                } else {
                    unmerged::of_customers(facts, &model, (left.into(), right.into()), &closest)?
                };
                claims.push(Claim { places: (at, place), weight: best.match_weight, beside });
                all.pairs.push(best);
            }
            all.links.push(LinkScore { left: at, right: place, least });
            let thresholds = facts.settings.matching;
            let is_sure = closest.crossed.best >= thresholds.auto;
            let is_weak = least < if is_sure { thresholds.auto } else { thresholds.review };
            if is_weak && weakest.is_none_or(|(known, _)| least < known) {
                weakest = Some((least, closest.least));
            }
        }
    }
    if !is_blind {
        unmerged::of_several(facts, wholes, &claims, &mut all.pairs);
    }
    for (Claim { places, .. }, pair) in claims.iter().zip(&all.pairs) {
        all.between.linked.push(Linked { places: *places, probability: pair.probability });
        if let Some(why) =
            comparison::why_apart(pair, is_clear_best(&claims, *places, wholes.len()))
        {
            all.between.apart.push(ApartView { left: places.0, right: places.1, why });
        }
    }
    let two = match (wholes, task) {
        // A record that a merge is disputed for, and the one of its customer that it is most like.
        ([only], Some(task)) => match task.record.filter(|_| task.kind == TaskKind::Challenge) {
            Some(record) => explanation::beside_others(facts, &model, &only.members, record)?,
            None => None,
        },
        _ => weakest.map(|(_, two)| two),
    };
    if let Some((one, other)) = two {
        let (left, right) = (&one.body.address, &other.body.address);
        let is_told = |pair: &ExplanationView| pair.left == *left && pair.right == *right;
        if !all.pairs.iter().any(is_told) {
            all.pairs.push(explanation::of_pair(facts, &model, one, other)?);
        }
    }
    Ok(all)
}

/// How many bits better than any other join of either a pair is that is offered though one of the two fits another
/// as well: odds of four to one. The machine asks for more before it chooses.
const CLEARLY: f64 = 2.0;

/// Whether a pair is clearly the best one for both its columns, among so many that all pairs of theirs are known.
fn is_clear_best(claims: &[Claim], places: (usize, usize), columns: usize) -> bool {
    let touches = |claim: &&Claim| {
        let ends = [claim.places.0, claim.places.1];
        claim.places != places && (ends.contains(&places.0) || ends.contains(&places.1))
    };
    let own = claims.iter().find(|claim| claim.places == places).map(|claim| claim.weight);
    let mut others = claims.iter().filter(touches).filter(|it| it.beside != Beside::Two);
    claims.len() == columns * columns.saturating_sub(1) / 2
        && own.is_some_and(|own| others.all(|other| own - other.weight >= CLEARLY))
}

/// What would survive if all of them merged.
pub(super) fn merged_golden(facts: Facts<'_>, wholes: &[Whole]) -> Result<Golden, DeskError> {
    let Some(first) = wholes.first() else { return Ok(Golden::default()) };
    if wholes.len() == 1 {
        return Ok(first.golden.clone());
    }
    let customers: Vec<_> = wholes.iter().map(|whole| (whole.id, whole.state.clone())).collect();
    let merged = membership::merge(first.id, &customers);
    let survivor = merged.into_iter().find(|(id, _)| *id == first.id);
    let Some((_, state)) = survivor else { return Ok(Golden::default()) };
    let members: Vec<_> = wholes.iter().flat_map(|whole| whole.members.clone()).collect();
    facts.golden(&state, &members)
}

/// Why the task of that id is here, in sentences.
pub(crate) fn why(desk: &Desk, id: TaskId) -> Decided<Vec<String>> {
    let facts = desk.facts();
    let entry = facts.view.task(id)?.ok_or_else(|| unknown(&id))?;
    let mut lines = match queue::summary_of(desk, &entry.task)? {
        // Who and what says more than how many.
        Some(summary) if entry.task.reason == TaskReason::Similar => summary.sentences(),
        _ => reasons(facts, &entry.task)?,
    };
    if let Some(dispute) = dispute::dispute(facts, &entry.task)? {
        if !dispute.values.is_empty() {
            without_changes(&mut lines);
        }
        lines.splice(0..0, summary::of_dispute(facts, &dispute));
    }
    lines.extend(asked(facts, &entry.task)?);
    Ok(lines)
}

/// What was asked of someone about a task, and what they answered.
fn asked(facts: Facts<'_>, task: &Task) -> Result<Vec<String>, DeskError> {
    let told = |id: DecisionId, verb: &str, whom: &str| -> Result<String, DeskError> {
        let entry = facts.view.decision(id)?.ok_or_else(|| missing(format!("decision {id}")))?;
        let actor = facts.commit(entry.place.sequence)?.actor.person;
        let text = facts.decision(id)?.note.map(|note| format!(": {note}")).unwrap_or_default();
        Ok(format!("{actor} {verb} {whom} ({id}){text}"))
    };
    Ok(match &task.state {
        TaskState::Escalated { to, decision } => vec![told(*decision, "asked", to)?],
        TaskState::Answered { asker, to, question, decision } => {
            vec![told(*question, "asked", to)?, told(*decision, "answered", asker)?]
        }
        _ => Vec::new(),
    })
}

/// What the names of the changed fields follow.
const CHANGED: &str = "; changed since then: ";

/// Beside the values themselves nobody needs the names of the fields.
fn without_changes(sentences: &mut [String]) {
    for sentence in sentences {
        if let Some(at) = sentence.find(CHANGED) {
            sentence.truncate(at);
        }
    }
}

/// Why a task is here, in sentences.
pub(super) fn reasons(facts: Facts<'_>, task: &Task) -> Result<Vec<String>, DeskError> {
    let who = |id| -> Result<String, DeskError> {
        let place = facts.view.decision(id)?.map(|entry| entry.place.sequence);
        let Some(sequence) = place else { return Ok(id.to_string()) };
        let (at, actor) = facts.byline(sequence)?;
        let decision = facts.decision(id)?;
        let note = decision.note.map(|note| format!(": {note}")).unwrap_or_default();
        Ok(format!("{id}, {actor}, {}{note}", facts.day(at)))
    };
    Ok(match &task.reason {
        TaskReason::Similar => vec![describe::reason(task)],
        TaskReason::Vanished { import } => vanished(facts, task, *import)?,
        TaskReason::Merged { .. } => merged(facts, task)?,
        TaskReason::SecondLook { .. } => second_look(facts, task)?,
        TaskReason::Check { .. } => check(task),
        TaskReason::Approval { decision } => {
            vec![describe::reason(task), format!("proposed by {}", who(*decision)?)]
        }
        TaskReason::BreakGlass { decision } => {
            vec![describe::reason(task), format!("decided by {}", who(*decision)?)]
        }
        TaskReason::Requested { .. } => crate::requests::view(facts, task)?.told(),
        TaskReason::Overlaid { .. } => overlaid(facts, task)?,
        TaskReason::Disagreement { first, second } => disagreement(facts, *first, *second, &who)?,
        TaskReason::Breaks { rules } => rules
            .iter()
            .map(|id| match facts.settings.rule(id.as_str()) {
                Some(rule) => format!("{}: {} ({id})", rule.field, rule.message),
                None => id.to_string(),
            })
            .collect(),
        TaskReason::NotAMatchChanged { decision, fields } => vec![
            format!("decided not a match ({})", who(*decision)?),
            format!("they look alike again{CHANGED}{}", describe::fields(fields)),
        ],
        TaskReason::MergeContradicted { decision, fields } => {
            let by = decision.map_or(Ok("the machine".to_owned()), who)?;
            vec![
                format!("merged ({by})"),
                format!("they look different now{CHANGED}{}", describe::fields(fields)),
            ]
        }
        TaskReason::MergeContested => contested(facts, task)?,
        TaskReason::ValueContradicted { decision, field } => {
            contradicted_value(facts, task, *decision, field, &who(*decision)?)?
        }
    })
}

/// That a record was delivered as somebody else's, and which values are in force until somebody decides.
fn overlaid(facts: Facts<'_>, task: &Task) -> Result<Vec<String>, DeskError> {
    let TaskReason::Overlaid { import, says, held } = &task.reason else { return Ok(Vec::new()) };
    let Some(record) = task.record else { return Ok(Vec::new()) };
    let address = facts.body(record)?.address;
    let says = if says.is_empty() {
        "another customer".to_owned()
    } else {
        format!("another {}", describe::list(says))
    };
    let in_force = match held {
        true => "the former values stay in force until somebody decides",
        false => "the delivered values are in force",
    };
    let mut lines = vec![format!("{import} delivered {says} for {address}")];
    // Once it is decided, the decision says which are.
    lines.extend(task.state.is_pending().then(|| in_force.to_owned()));
    Ok(lines)
}

/// That a record the machine merged fits somebody else as well.
fn contested(facts: Facts<'_>, task: &Task) -> Result<Vec<String>, DeskError> {
    let Some(record) = task.record else { return Ok(Vec::new()) };
    let own = facts.view.customer_of(record)?;
    let mut others = Vec::new();
    for customer in &task.customers {
        others.extend(facts.view.follow(*customer)?.filter(|live| *live != own));
    }
    let address = facts.body(record)?.address;
    let mut sentences = vec![format!("the machine merged {address} into {own}")];
    if let Some(rival) = others.first() {
        sentences.push(format!(
            "{address} fits {rival} about equally well, and {rival} is not one with the rest of {own}"
        ));
    }
    Ok(sentences)
}

/// That it is asked again, and nothing of what was said.
fn second_look(facts: Facts<'_>, task: &Task) -> Result<Vec<String>, DeskError> {
    let mut sentences = vec![describe::reason(task)];
    if task.is_early(facts.now) {
        sentences
            .push("it goes back to whoever decided, without showing what they said".to_owned());
    } else if task.state.is_pending() {
        sentences.push(
            "decide as if it were new: what was said is hidden until then, and your answer changes no \
             customer"
                .to_owned(),
        );
    }
    Ok(sentences)
}

/// That it is asked, and nothing of what the machine did.
fn check(task: &Task) -> Vec<String> {
    let mut sentences = vec![describe::reason(task)];
    if task.state.is_pending() {
        sentences.push(
            "decide as if it were new: your answer counts, and the customers change to match it"
                .to_owned(),
        );
    }
    sentences
}

/// Both verdicts, and the ways on.
fn disagreement(
    facts: Facts<'_>,
    first: DecisionId,
    second: DecisionId,
    who: &dyn Fn(DecisionId) -> Result<String, DeskError>,
) -> Result<Vec<String>, DeskError> {
    let decision = facts.decision(first)?;
    let look = facts.decision(second)?.second;
    let said = look.map_or("something else", |look| look.second.name());
    let task = decision.task.map(|task| format!(" and answer {task} again")).unwrap_or_default();
    Ok(vec![
        format!("first: {} ({})", describe::decision(&decision), who(first)?),
        format!("asked again, blind: {said} ({})", who(second)?),
        format!("keep lets {first} stand; if the second verdict is right, undo {first}{task}"),
    ])
}

/// What the source says of merges, and that the people look alike where matching has found that as well.
fn merged(facts: Facts<'_>, task: &Task) -> Result<Vec<String>, DeskError> {
    let mut sentences = merges::sentences(facts, task)?;
    if sentences.is_empty() {
        sentences.push(describe::reason(task));
    }
    Ok(sentences)
}

/// The records that their source no longer holds.
fn vanished(facts: Facts<'_>, task: &Task, import: ImportId) -> Result<Vec<String>, DeskError> {
    let mut sentences = Vec::new();
    for customer in &task.customers {
        let Some(customer) = facts.view.follow(*customer)? else { continue };
        for record in facts.view.customer(customer)?.into_iter().flat_map(|state| state.members) {
            let state = facts.view.record_state(record)?;
            if let Some(vanished) = state.vanished.filter(Vanished::is_undecided) {
                let address = facts.body(record)?.address;
                let source = &address.source;
                sentences.push(match vanished.deleted {
                    true => format!("{address} is deleted in {source}; accept closes it"),
                    false => format!(
                        "{address} is not in {import}, which holds everything its source has; accept \
                         closes it"
                    ),
                });
            }
        }
    }
    Ok(sentences)
}

fn contradicted_value(
    facts: Facts<'_>,
    task: &Task,
    decision: domain::DecisionId,
    field: &domain::FieldName,
    who: &str,
) -> Result<Vec<String>, DeskError> {
    let sensitive = facts.settings.masks(field.as_str());
    let shown = |value: Option<&Value>| match value {
        None => "nothing".to_owned(),
        Some(_) if sensitive => "another value".to_owned(),
        Some(value) => value.shown().to_owned(),
    };
    let set = facts.decision(decision)?;
    let value = shown(set.values.get(field.as_str()));
    let subject = set.subjects.first().map(ToString::to_string).unwrap_or_default();
    let mut lines = vec![format!("{field} of {subject} was set to {value} ({who})")];
    if let Some(record) = task.record {
        let body = facts.body(record)?;
        let now = shown(body.values.get(field.as_str()));
        let held = facts.event(facts.view.record(record)?.body)?;
        let is_reread = matches!(held, Event::RecordRevised(held) if held.reread.is_some());
        // Nobody delivered what a reread made of it.
        let how = if is_reread { "is now read as" } else { "now delivers" };
        lines.push(format!("{} {how} {now}", body.address));
    }
    Ok(lines)
}

/// What was decided about these customers (before a commit), latest first.
fn earlier(
    facts: Facts<'_>,
    wholes: &[Whole],
    before: Option<Sequence>,
) -> Result<Vec<EarlierDecision>, DeskError> {
    let mut decisions = std::collections::BTreeMap::new();
    for whole in wholes {
        for link in describe::customer_and_members(facts, whole.id)? {
            let is_wanted = before.is_none_or(|before| link.sequence < before);
            // Whoever is asked blind is not told either what the machine was let merge.
            let tells = |decision: &domain::Decision| {
                before.is_some() && decision.verdict == Verdict::Grant
            };
            let decision = link.decision.filter(|decision| is_wanted && !tells(decision));
            if let Some(decision) = decision {
                let stands = facts.view.decision(decision.id)?.is_some_and(|entry| entry.stands());
                let undone = if stands { "" } else { ", undone" };
                let (at, _) = facts.byline(link.sequence)?;
                let note = decision.note.as_ref().map(|note| format!(": {note}"));
                let line = format!(
                    "{} {} by {}, {}{undone}{}",
                    decision.id,
                    describe::in_full(facts, &decision)?,
                    link.actor.person,
                    facts.day(at),
                    note.unwrap_or_default()
                );
                decisions.insert(decision.id, line);
            }
        }
    }
    let latest = decisions.into_iter().rev().take(EARLIER);
    Ok(latest.map(|(decision, line)| EarlierDecision { decision, line }).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_clearly_best_join_of_somebody_torn_is_told_from_one_of_two_good_ones() {
        let claim = |places, weight, beside| Claim { places, weight, beside };
        for (first, second, clear) in [(8.2, 5.6, true), (8.2, 6.6, false), (8.2, 8.2, false)] {
            let claims = [
                claim((0, 1), first, Beside::MayBeOne),
                claim((0, 2), second, Beside::MayBeOne),
                claim((1, 2), 9.0, Beside::Two),
            ];
            assert_eq!(is_clear_best(&claims, (0, 1), 3), clear, "{first} {second}");
            assert!(!is_clear_best(&claims, (0, 2), 3), "{first} {second}");
            assert!(!is_clear_best(&claims[..2], (0, 1), 3), "one pair is not known");
        }
    }
}
