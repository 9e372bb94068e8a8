//! `steward decide --where` and `--from`: many tasks, each decided by itself, under one `B` id.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::json;

use super::code::Code;
use super::confirm::confirm;
use super::decide::{self, Arguments};
use super::decide_lines::{self, Lines, Pair};
use super::entry::Entry;
use super::failure::Usage;
use super::invocation::Invocation;
use super::names;
use super::output::Output;
use super::progress::Watch;
use super::say::say;
use super::text::{clean, counted};
use super::unmasking;
use super::verdict::Said;
use desk::jobs::Progress;
use domain::{BulkId, ReasonCode, RuleId, Sequence, TaskId};
use door::operations::{DecideInBulk, DecideSome, FitBulk, TasksWhere, WholeTask};
use door::{Action, BulkOutcome, BulkResult, BulkStep, BulkVerdict, Refusal, Request, Rest};

/// Samples of what would be done.
const SAMPLES: usize = 3;

/// What one of many is called, and several.
type Noun = (&'static str, &'static str);

/// What is asked for each task.
enum Many {
    /// The verdict of a filter.
    Whole(BulkVerdict, Vec<TaskId>),
    /// The lines of a file.
    Lines(Vec<Said>),
    /// The pairs of a file.
    Pairs(Vec<Pair>),
}

impl Many {
    fn len(&self) -> usize {
        match self {
            Many::Whole(_, tasks) => tasks.len(),
            Many::Lines(lines) => lines.len(),
            Many::Pairs(pairs) => pairs.len(),
        }
    }

    /// What each of them is called.
    fn labels(&self) -> Vec<String> {
        match self {
            Many::Whole(_, tasks) => tasks.iter().map(ToString::to_string).collect(),
            Many::Lines(lines) => lines.iter().map(|line| line.task.to_string()).collect(),
            Many::Pairs(pairs) => {
                pairs.iter().map(|pair| format!("{} and {}", pair.left, pair.right)).collect()
            }
        }
    }

    /// What one of them is called, and several.
    fn noun(&self) -> Noun {
        match self {
            Many::Whole(..) | Many::Lines(_) => ("task", "tasks"),
            Many::Pairs(_) => ("pair", "pairs"),
        }
    }
}

/// Decides many tasks.
///
/// # Errors
/// When the filter, the file or flags make no sense, nobody confirms, everything is refused, or the
/// workspace cannot be written.
pub fn run(
    arguments: &Arguments,
    invocation: &Invocation,
    output: &Output,
) -> anyhow::Result<Code> {
    let lines = arguments.from.as_deref().map(decide_lines::read).transpose()?;
    let entry = unmasking::open(invocation, arguments.dry_run, arguments.unmask)?;
    let many = match lines {
        Some(Lines::Tasks(lines)) => Many::Lines(lines),
        Some(Lines::Pairs(pairs)) => Many::Pairs(pairs),
        None => {
            let (verdict, details) = (arguments.verdict_on_many()?, &arguments.details);
            let verdict = details.on_many(verdict, &details.look_up(&entry)?)?;
            let filter = arguments.filter.clone().unwrap_or_default();
            Many::Whole(verdict, entry.ask(TasksWhere { filter })?)
        }
    };
    if many.len() == 0 {
        say("no task matches: nothing was decided");
        return Ok(Code::Done);
    }
    entry.ask(FitBulk { tasks: many.len() })?;
    let watch = Watch::new()?;
    let judged = each(&entry, arguments, &many, None, &watch)?;
    let told = Told { noun: many.noun(), labels: many.labels() };
    let ready = judged.results.iter().filter(|result| result.refusal.is_none()).count();
    if arguments.dry_run {
        return foreseen(&judged, (&told, ready), arguments, output);
    }
    if ready == 0 {
        tell_so(&judged.results, told.noun);
        if judged.results.iter().all(is_so) {
            say("nothing was decided");
            return Ok(Code::Done);
        }
        return Err(told.all_refused(&judged.results));
    }
    if !output.json {
        told.samples(&judged.results, ready);
        told.refused(&judged.results, "would be refused");
        judged_later(&judged.unjudged);
    }
    if !arguments.yes {
        confirm(ready, many.noun(), "decided", output)?;
    }
    let decided = each(&entry, arguments, &many, Some(&judged.results), &watch)?;
    report(&decided, &told, arguments, output, watch.cancelled())
}

/// Says which rules are judged only as each is decided: what they say of masked fields is recorded then.
fn judged_later(rules: &[RuleId]) {
    if !rules.is_empty() {
        let rules: Vec<&str> = rules.iter().map(RuleId::as_str).collect();
        say(&format!("judged as each is decided: {}", clean(&rules.join(", "))));
    }
}

/// Judges each (`judged`: none), or decides it, until something fails or Ctrl-C is pressed. What was
/// refused when it was judged is not asked again, but listed.
fn each(
    entry: &Entry,
    arguments: &Arguments,
    many: &Many,
    judged: Option<&[BulkResult]>,
    watch: &Watch,
) -> anyhow::Result<BulkOutcome> {
    let phase = if judged.is_none() { "checking each" } else { "deciding" };
    watch.phase(phase, Some(many.len() as u64));
    let mut outcome = BulkOutcome::default();
    let mut said: BTreeSet<String> = BTreeSet::new();
    for at in 0..many.len() {
        if watch.cancelled() || outcome.failed.is_some() {
            break;
        }
        watch.advance(1);
        let before = judged.and_then(|judged| judged.get(at));
        if let Some(refused) = before.filter(|before| before.refusal.is_some()) {
            outcome.results.push(refused.clone());
            continue;
        }
        let after = judged.and_then(|judged| judged.get(at + 1..)).unwrap_or_default();
        let one = One {
            entry,
            bulk: outcome.bulk,
            left: after.iter().filter(|it| it.refusal.is_none()).count() as u64,
            rehearse: judged.is_none(),
            seen: before.map(|before| before.version),
        };
        let BulkOutcome { bulk, mut results, failed, unjudged } = match many {
            Many::Whole(verdict, tasks) => one.whole(tasks[at], verdict, arguments)?,
            Many::Lines(lines) => one.line(&lines[at])?,
            Many::Pairs(pairs) => one.pair(&pairs[at])?,
        };
        if let Many::Pairs(pairs) = many
            && judged.is_none()
            && !pairs[at].is_one
        {
            results.iter_mut().for_each(|result| only_once(result, &mut said));
        }
        outcome.bulk = bulk;
        outcome.results.extend(results);
        outcome.failed = failed;
        outcome.leaves_unjudged(unjudged);
    }
    watch.clear();
    if let Some(failed) = outcome.failed.as_ref().filter(|_| outcome.bulk.is_none()) {
        anyhow::bail!("{failed}");
    }
    Ok(outcome)
}

/// Two records of the same customers as in a line before say nothing new.
fn only_once(result: &mut BulkResult, said: &mut BTreeSet<String>) {
    if result.refusal.is_none() && !said.insert(result.summary.clone()) {
        let why = "an earlier line says the same about these customers".to_owned();
        result.refusal = Some(Refusal::AlreadySo { why });
    }
}

/// Whether it would change nothing, since it is so.
fn is_so(result: &BulkResult) -> bool {
    matches!(result.refusal, Some(Refusal::AlreadySo { .. }))
}

/// How many of these are so already.
fn tell_so(results: &[BulkResult], noun: Noun) {
    let count = results.iter().filter(|result| is_so(result)).count() as u64;
    if count > 0 {
        let verb = if count == 1 { "is" } else { "are" };
        say(&format!("{} {verb} already decided that way", counted(count, noun.0, noun.1)));
    }
}

/// One task of a bulk.
struct One<'a> {
    entry: &'a Entry,
    /// The bulk, once it has begun.
    bulk: Option<BulkId>,
    /// How many more follow it.
    left: u64,
    rehearse: bool,
    /// The version it was judged at.
    seen: Option<Sequence>,
}

impl One<'_> {
    /// Gives the verdict of a filter.
    fn whole(
        self,
        task: TaskId,
        verdict: &BulkVerdict,
        arguments: &Arguments,
    ) -> anyhow::Result<BulkOutcome> {
        let step = BulkStep {
            verdict: verdict.clone(),
            reason: arguments.details.reason.as_deref().map(ReasonCode::new),
            note: arguments.details.note.clone(),
            tasks: vec![(task, self.seen)],
            bulk: self.bulk,
            left: self.left,
            rehearse: self.rehearse,
            break_glass: arguments.details.break_glass.clone(),
        };
        self.entry.ask(DecideSome { step })
    }

    /// Gives the verdict of a line. One that cannot be said of its task is refused like any other.
    fn line(self, said: &Said) -> anyhow::Result<BulkOutcome> {
        match refused(self.request(said))? {
            Ok(request) => {
                let request = Request { seen: request.seen.or(self.seen), ..request };
                let (bulk, left, rehearse) = (self.bulk, self.left, self.rehearse);
                self.entry.ask(DecideInBulk { request, bulk, left, rehearse })
            }
            Err(refusal) => {
                let result = BulkResult {
                    task: Some(said.task),
                    version: Sequence::ZERO,
                    decision: None,
                    summary: String::new(),
                    proposed: None,
                    refusal: Some(refusal),
                    about: None,
                };
                let results = vec![result];
                Ok(BulkOutcome { bulk: self.bulk, results, ..BulkOutcome::default() })
            }
        }
    }

    /// Says of two records what a line says of them.
    fn pair(self, pair: &Pair) -> anyhow::Result<BulkOutcome> {
        let request = match refused(self.request_of(pair))? {
            Ok(request) => request,
            Err(refusal) => {
                let result = BulkResult {
                    task: None,
                    version: Sequence::ZERO,
                    decision: None,
                    summary: String::new(),
                    proposed: None,
                    refusal: Some(refusal),
                    about: None,
                };
                let results = vec![result];
                return Ok(BulkOutcome { bulk: self.bulk, results, ..BulkOutcome::default() });
            }
        };
        let (bulk, left, rehearse) = (self.bulk, self.left, self.rehearse);
        self.entry.ask(DecideInBulk { request, bulk, left, rehearse })
    }

    fn request_of(&self, pair: &Pair) -> anyhow::Result<Request> {
        let (left, right) = (&pair.left, &pair.right);
        let (one, other) =
            (names::customer_of(self.entry, left)?, names::customer_of(self.entry, right)?);
        let refusal = match (one == other, pair.is_one) {
            (true, true) => Some(Refusal::AlreadySo {
                why: format!("{left} and {right} are already one customer, {one}"),
            }),
            (true, false) => Some(Refusal::DoesNotApply {
                why: format!(
                    "{left} and {right} are one customer, {one}; to unmerge them: steward unmerge {one} {right}"
                ),
            }),
            (false, _) => None,
        };
        if let Some(refusal) = refusal {
            return Err(refusal.into());
        }
        let action = match pair.is_one {
            true => Action::Merge {
                groups: vec![vec![one, other]],
                into: None,
                picks: BTreeMap::new(),
                rest: Rest::Stay,
            },
            false => Action::NotAMatch { groups: vec![vec![one], vec![other]] },
        };
        Ok(Request {
            reason: pair.reason.as_deref().map(ReasonCode::new),
            note: pair.note.clone(),
            ..Request::new(action)
        })
    }

    fn request(&self, said: &Said) -> anyhow::Result<Request> {
        if said.merges_whole_task() {
            // Refused where its customers contradict each other.
            self.entry.ask(WholeTask { task: said.task, verdict: BulkVerdict::Merge })?;
        }
        decide::request(self.entry, said)
    }
}

/// A refusal, or a line that makes no sense for its task, as an answer; whatever else is an error.
fn refused<T>(done: anyhow::Result<T>) -> anyhow::Result<Result<T, Refusal>> {
    let error = match done {
        Ok(done) => return Ok(Ok(done)),
        Err(error) => error,
    };
    match error.downcast::<Refusal>() {
        Ok(refusal) => Ok(Err(refusal)),
        Err(error) if error.is::<Usage>() => {
            Ok(Err(Refusal::DoesNotApply { why: error.to_string() }))
        }
        Err(error) => Err(error),
    }
}

/// How the parts of a bulk are told of: what they are called, each and together.
struct Told {
    noun: Noun,
    labels: Vec<String>,
}

impl Told {
    fn label(&self, at: usize) -> String {
        self.labels.get(at).map(|label| clean(label)).unwrap_or_default()
    }

    fn samples(&self, results: &[BulkResult], ready: usize) {
        say(&format!("{} would be decided", counted(ready as u64, self.noun.0, self.noun.1)));
        let fitting = results.iter().enumerate().filter(|(_, result)| result.refusal.is_none());
        for (at, result) in fitting.take(SAMPLES) {
            say(&format!("  {} {}", self.label(at), clean(&result.summary)));
        }
    }

    /// The refusals by sentence, the most frequent first.
    fn refused(&self, results: &[BulkResult], what: &str) {
        tell_so(results, self.noun);
        let mut by_reason: Vec<(String, Vec<String>)> = Vec::new();
        for (at, result) in results.iter().enumerate().filter(|(_, result)| !is_so(result)) {
            let Some(refusal) = &result.refusal else { continue };
            let (why, label) = (refusal.to_string(), self.label(at));
            match by_reason.iter_mut().find(|known| known.0 == why) {
                Some(known) => known.1.push(label),
                None => by_reason.push((why, vec![label])),
            }
        }
        if by_reason.is_empty() {
            return;
        }
        let count: usize = by_reason.iter().map(|(_, labels)| labels.len()).sum();
        say(&format!("{} {what}", counted(count as u64, self.noun.0, self.noun.1)));
        by_reason.sort_by_key(|(_, labels)| std::cmp::Reverse(labels.len()));
        for (why, labels) in by_reason {
            match labels.as_slice() {
                // The sentence names it already.
                [only] if why.starts_with(only) => say(&format!("  {}", clean(&why))),
                _ => say(&format!("  {}: {}", labels.join(", "), clean(&why))),
            }
        }
    }

    /// Why nothing of it is decided. Each refusal is listed unless there is but one.
    fn all_refused(&self, results: &[BulkResult]) -> anyhow::Error {
        let mut refused = results.iter().enumerate().filter(|(_, result)| !is_so(result));
        if let (Some((_, only)), None) = (refused.next(), refused.next())
            && let Some(refusal) = only.refusal.clone()
        {
            return refusal.into();
        }
        self.refused(results, "would be refused");
        let count = results.iter().filter(|result| !is_so(result)).count() as u64;
        let all = counted(count, self.noun.0, self.noun.1);
        Refusal::DoesNotApply { why: format!("all {all} would be refused") }.into()
    }
}

fn foreseen(
    judged: &BulkOutcome,
    (told, ready): (&Told, usize),
    arguments: &Arguments,
    output: &Output,
) -> anyhow::Result<Code> {
    let so = judged.results.iter().filter(|result| is_so(result)).count();
    let is_refused = ready == 0 && so < judged.results.len();
    if output.json {
        for result in &judged.results {
            let mut object = object(result, None, true);
            object["unjudged"] = json!(judged.unjudged);
            output.object(&object)?;
        }
    } else {
        let fitting =
            judged.results.iter().enumerate().filter(|(_, result)| result.refusal.is_none());
        for (at, result) in fitting {
            let effect = super::carry_out::would_be(&result.summary);
            let line = match result.task {
                Some(task) => format!("{task} {effect}"),
                None => format!("{}: {effect}", told.label(at)),
            };
            output.line(&line)?;
        }
        if !is_refused {
            told.refused(&judged.results, "would be refused");
        }
    }
    if is_refused {
        return Err(told.all_refused(&judged.results));
    }
    unmasking::tell(&judged.unjudged, output);
    say("nothing was written (--dry-run)");
    Ok(code(judged.results.len() - ready - so, arguments))
}

fn object(result: &BulkResult, bulk: Option<String>, dry_run: bool) -> serde_json::Value {
    let mut object = json!({ "task": result.task });
    if dry_run {
        object["dry_run"] = true.into();
    }
    if let Some(decision) = result.decision {
        object["decision"] = decision.to_string().into();
        object["bulk"] = bulk.into();
    }
    match &result.refusal {
        Some(Refusal::AlreadySo { why }) => object["already_so"] = why.clone().into(),
        Some(refusal) => object["refused"] = refusal.to_string().into(),
        None => object["effect"] = result.summary.clone().into(),
    }
    object
}

fn report(
    decided: &BulkOutcome,
    told_as: &Told,
    arguments: &Arguments,
    output: &Output,
    stopped: bool,
) -> anyhow::Result<Code> {
    let count = decided.results.iter().filter(|result| result.decision.is_some()).count();
    let so = decided.results.iter().filter(|result| is_so(result)).count();
    let skipped = decided.results.len() - count - so;
    let bulk = decided.bulk.map(|bulk| bulk.to_string());
    let told = if output.json {
        let object = |result| object(result, bulk.clone(), false);
        output.objects(&decided.results.iter().map(object).collect::<Vec<_>>())
    } else if let Some(bulk) = &bulk {
        let proposed = decided.results.iter().filter(|it| it.proposed.is_some()).count();
        let noun = |count: usize| counted(count as u64, told_as.noun.0, told_as.noun.1);
        let done = match (count - proposed, proposed) {
            (all, 0) => format!("{} decided", noun(all)),
            (0, proposed) => format!("{} proposed", noun(proposed)),
            (some, proposed) => format!("{} decided, {proposed} proposed", noun(some)),
        };
        output.line(&format!("{bulk} {done}, {skipped} skipped"))
    } else {
        Ok(())
    };
    told_as.refused(&decided.results, "skipped");
    if let Some(bulk) = &bulk {
        say(&format!("to undo: steward undo {bulk}; to undo some: steward history {bulk}"));
    }
    if let Some(failed) = &decided.failed {
        anyhow::bail!("{failed}; earlier decisions stand");
    }
    told?;
    if stopped {
        say("stopped; decisions already made stay");
        return Ok(Code::Failed);
    }
    if count == 0 && so < decided.results.len() {
        return Err(told_as.all_refused(&decided.results));
    }
    Ok(code(skipped, arguments))
}

fn code(skipped: usize, arguments: &Arguments) -> Code {
    if skipped > 0 && arguments.strict { Code::Rejects } else { Code::Done }
}
