//! Long work beside the review: beginning it, stopping it, and what the desk tells of it. One job is
//! under way, the others wait in the desk's queue.

use super::{imports, navigate, overview, queue};
use crate::effect::{Effect, Ticket};
use crate::model::Model;
use crate::pages::Work;
use door::operations::{Cancel, Match, Watch};
use door::views::{JobEnd, JobId, JobKind, JobReport, JobView};

/// Has records matched.
pub(crate) fn start_match(model: &mut Model) -> Vec<Effect> {
    model.starting = true;
    vec![Effect::ask(Ticket::Job, Match::default())]
}

/// Stops what is under way. Where that is not known yet, the desk is asked in turn: by then it is.
pub(crate) fn cancel(model: &Model) -> Vec<Effect> {
    let job = model.job.as_ref().filter(|_| model.is_working()).map(|job| job.id);
    vec![Effect::ask(Ticket::Job, Cancel { job })]
}

/// A job began, or waits for its turn.
pub(super) fn begun(model: &mut Model, job: JobView) -> Vec<Effect> {
    let known = model.job.iter().chain(&model.waiting).any(|known| known.id == job.id);
    if known {
        return Vec::new();
    }
    if !model.is_working() {
        return follow(model, job);
    }
    let before = match job.ahead {
        1 => "one job is ahead of it".to_owned(),
        ahead => format!("{ahead} jobs are ahead of it"),
    };
    model.say(format!("{} waits: {before}", job.what));
    model.waiting.push_back(job);
    Vec::new()
}

/// The desk told of work in passing: it is followed, where nothing is known of any.
pub(super) fn learned(model: &mut Model, job: JobView) -> Vec<Effect> {
    match (&model.job, &job.ended) {
        (Some(_), _) => Vec::new(),
        (None, None) => begun(model, job),
        (None, Some(_)) => {
            model.job = Some(job);
            Vec::new()
        }
    }
}

/// What is under way came further, or ended: then its report is said once, what it changed is
/// fetched, and the next one is followed. New tasks wait until they are taken in.
pub(super) fn told(model: &mut Model, job: Option<JobView>) -> Vec<Effect> {
    let Some(job) = job else {
        // The desk no longer knows how it ended.
        model.job = None;
        return next(model);
    };
    if !model.is_working() || !is_followed(model, job.id) {
        // What was stopped is told twice: to who stopped it, and to who watches.
        return Vec::new();
    }
    let was_stopping = model.job.as_ref().is_some_and(|job| job.stopping);
    // It was watched before it was asked to stop.
    let is_watched = job.stopping && !was_stopping;
    let job = model.job.insert(job);
    let Some(end) = job.ended.clone() else {
        let watch = (!is_watched).then(|| Effect::ask(Ticket::Job, Watch::past(job)));
        return watch.into_iter().collect();
    };
    let (id, completed, kind) = (job.id, job.kind.completed_by(), job.kind);
    let looked = match kind {
        JobKind::Look => model.looking.pop_front(),
        _ => None,
    };
    let asked = overview::worked(model, id, &end);
    match (end, looked) {
        (JobEnd::Done(JobReport::Import(outcome)), Some(file)) => {
            imports::looked_at(model, file, &outcome);
        }
        // What came of it is the answer to a screen.
        (JobEnd::Done(JobReport::CountValues(_) | JobReport::CompareRuns(_)), _) => {}
        (JobEnd::Done(report), _) if report.is_held_back() => {
            model.complain(report.sentences().join("; "));
        }
        (JobEnd::Done(report), _) => model.say_done(report.sentences().join("; ")),
        (JobEnd::Cancelled, _) => {
            let follow = match model.waiting.len() {
                0 => String::new(),
                1 => "; 1 more job is next".to_owned(),
                many => format!("; {many} more jobs are next"),
            };
            model.say(format!("cancelled; {completed}{follow}"));
        }
        (JobEnd::Failed(failure), Some(file)) => imports::doubted(model, file, failure),
        (JobEnd::Failed(failure), None) => model.complain(failure.message),
    }
    let mut effects = vec![queue::ask_changes(model)];
    effects.extend(asked);
    effects.extend(next(model));
    effects
}

fn is_followed(model: &Model, job: JobId) -> bool {
    model.job.as_ref().is_some_and(|followed| followed.id == job)
}

/// The job whose turn it is now is followed; without one, what the last one changed is shown.
fn next(model: &mut Model) -> Vec<Effect> {
    match model.waiting.pop_front() {
        Some(job) => follow(model, job),
        None => reload(model),
    }
}

fn follow(model: &mut Model, job: JobView) -> Vec<Effect> {
    let mut effects = vec![Effect::ask(Ticket::Job, Watch::past(&job))];
    model.job = Some(job);
    effects.extend(reload(model));
    effects
}

/// Fetches the screen again where it tells of such work.
fn reload(model: &mut Model) -> Vec<Effect> {
    if model.overview().is_some_and(|screen| screen.page.work() == Work::Told) {
        return navigate::reload(model);
    }
    Vec::new()
}
