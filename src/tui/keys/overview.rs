//! The keys of the screens about the workspace as a whole.

use super::{Kind, Row, c, k, place, row, says};
use crate::context::Context;
use crate::keys::Key;
use crate::model::Model;
use crate::update::{
    approvals, dashboard, imports, jobs, journeys, layers, masks, navigate, overview, segments,
    timeline, values,
};

const DASHBOARD: &[Context] = &[Context::Dashboard];
const RULES: &[Context] = &[Context::Rules];
const FAILING: &[Context] = &[Context::Failing];
const IMPORTS: &[Context] = &[Context::Imports];
const VALUES: &[Context] = &[Context::Values];
const GRANTS: &[Context] = &[Context::Grants];
const APPROVALS: &[Context] = &[Context::Approvals];
const JOURNEYS: &[Context] = &[Context::Journeys];
const AT_STEP: &[Context] = &[Context::AtStep];
const SEGMENTS: &[Context] = &[Context::Segments];
const SEGMENT: &[Context] = &[Context::Segment];
const TIMELINE: &[Context] = &[Context::Timeline];
const APPROVAL: &[Context] = &[Context::Approval];
const BOTH_APPROVALS: &[Context] = &[Context::Approvals, Context::Approval];
const MASKED: &[Context] = &[Context::Values, Context::Approval, Context::Timeline, Context::Card];
const MATCHING: &[Context] = &[Context::Imports, Context::Dashboard];

place! {
    THRESHOLD_DOWN = row("lower-threshold", &[c('h'), k(Key::Left)], DASHBOARD,
        "threshold down: what would become of the last run's groups",
        |model, _| dashboard::move_threshold(model, false)).was(&["threshold-down"]).hint("threshold down");
    THRESHOLD_UP = row("raise-threshold", &[c('l'), k(Key::Right)], DASHBOARD, "threshold up",
        |model, _| dashboard::move_threshold(model, true)).was(&["threshold-up"]).hint("up");
    OTHER_THRESHOLD = row("switch-threshold", &[k(Key::Tab), k(Key::BackTab)], DASHBOARD,
        "the other threshold: auto, review", |model, _| dashboard::other_threshold(model))
        .was(&["other-threshold"]).hint("the other");
    COMPARE_RUNS = row("compare-runs", &[c('c')], DASHBOARD,
        "what the newest matching run changed: customers, tasks, weights, settings",
        |model, _| overview::compare_runs(model)).hint("compare runs");
    OPEN_FAILING = row("open-failing", &[k(Key::Enter)], RULES, "the records that break the rule",
        |model, _| overview::open(model)).was(&["failing"]).hint("records").kind(Kind::Looks).unless(empty);
    OPEN_CUSTOMER = row("open-customer", &[c('c')], FAILING, "the customer under the cursor",
        |model, _| overview::customer(model)).was(&["customer"]);
    OPEN_RECORD = row("open-record", &[k(Key::Enter)], FAILING, "the record's task, otherwise its customer",
        |model, _| overview::open(model)).hint("open").kind(Kind::Looks).unless(empty);
    OPEN_QUARANTINE = row("open-quarantine", &[k(Key::Enter)], IMPORTS,
        "the import's rows in quarantine", |model, _| overview::open(model))
        .was(&["quarantined"]).hint("quarantine").kind(Kind::Looks).unless(empty);
    GRANT = row("give-grant", &[k(Key::Enter)], GRANTS,
        "grant the stratum under the cursor: type how many joins wait", |model, _| overview::open(model))
        .needs(&["grant"])
        .was(&["grant"]).hint("grant").unless(empty);
    OPEN_APPROVAL = row("open-approval", &[k(Key::Enter)], APPROVALS, "what is proposed, and what it would do",
        |model, _| overview::open(model)).hint("open").kind(Kind::Looks).unless(empty);
    APPROVE = row("approve", &[c('a')], APPROVAL, "approve it: what is shown is done, in both names",
        |model, _| approvals::approve(model)).hint("approve").kind(Kind::Decides).needs(&["approve", "grant"])
        .unless(approvals::not_to_be_approved);
    REJECT = row("reject", &[c('x')], APPROVAL, "reject it, and say why",
        |model, _| approvals::reject(model)).hint("reject").needs(&["approve", "grant"])
        .unless(approvals::not_to_be_judged);
    OPEN_PROPOSED = row("open-proposed", &[k(Key::Enter)], APPROVAL,
        "the task that it answers, otherwise its customer", |model, _| overview::open(model))
        .hint("the records").kind(Kind::Looks).unless(empty);
    APPROVAL_CUSTOMER = row("open-customer", &[c('c')], BOTH_APPROVALS, "the customer it is about",
        |model, _| overview::customer(model));
    ADD_FILE = row("add-file", &[c('a')], IMPORTS,
        "look at a file, then import it in the background; {cancel} stops it",
        |model, _| imports::add_file(model)).needs(&["import"]).hint("add a file").unless(no_imports);
    UNMASK = row("unmask", &[c('*')], MASKED, "show sensitive values, or mask them again",
        |model, _| masks::unmask(model)).needs(&["unmask"]).unless(counting);
    CORRECT = row("correct-values", &[k(Key::Enter), c('m')], VALUES,
        "correct all records that hold the marked values, or the group or value under the cursor",
        |model, _| values::ask_for_right_one(model)).needs(&["fix"]).hint("correct").unless(correcting);
    MARK = row("mark-value", &[c(' ')], VALUES, "mark the value, or the whole group",
        |model, _| values::mark(model)).hint("mark").unless(counting);
    FILTER = row("filter", &[c('f')], VALUES, "only values that contain a text",
        |model, _| layers::filter_values(model)).hint("filter").unless(counting);
    AS_DELIVERED = row("switch-kind", &[c('t')], VALUES, "values as they are read, as delivered, golden",
        |model, _| values::next_kind(model)).was(&["kind"]).hint("as delivered");
    NEXT_ACTIVITY_KIND = row("next-activity-kind", &[c('f')], TIMELINE, "one kind of rows alone, the next, all",
        |model, _| timeline::next_kind(model)).hint("kinds");
    OPEN_STEP = row("open-step", &[k(Key::Enter)], JOURNEYS, "the customers who stand at the step today",
        |model, _| overview::open(model)).needs(&["show"]).hint("who").kind(Kind::Looks).unless(empty);
    NEXT_SEGMENT = row("next-segment", &[k(Key::Tab)], JOURNEYS, "the customers of one segment alone, the next, everybody",
        |model, _| journeys::next_segment(model)).hint("segments");
    OPEN_AT_STEP = row("open-customer", &[k(Key::Enter), c('c')], AT_STEP, "the customer under the cursor",
        |model, _| overview::customer(model)).hint("open").kind(Kind::Looks).unless(empty);
    EVER = row("switch-time", &[k(Key::Tab)], AT_STEP, "who ever came that far and no further; who stands there today",
        |model, _| journeys::turn(model)).hint("today, ever");
    OPEN_SEGMENT = row("open-segment", &[k(Key::Enter)], SEGMENTS, "the customers in the segment",
        |model, _| overview::open(model)).needs(&["show"]).hint("who").kind(Kind::Looks).unless(empty);
    OPEN_MEMBER = row("open-customer", &[k(Key::Enter), c('c')], SEGMENT, "the customer under the cursor",
        |model, _| overview::customer(model)).hint("open").kind(Kind::Looks).unless(empty);
    OVERLAP = row("next-overlap", &[k(Key::Tab)], SEGMENT, "who is in the next segment as well, in this one alone",
        |model, _| segments::overlap(model)).hint("overlap");
    MATCH = row("match", &[c('M')], MATCHING, "match now, in the background; {cancel} stops it",
        |model, _| jobs::start_match(model)).needs(&["match"]).hint("match now");
    RELOAD = row("reload", &[c('R')], &Context::OVERVIEWS, "count again",
        |model, _| navigate::reload(model)).hint("count again");
}

fn empty(model: &Model) -> Option<String> {
    let empty = model.overview().is_some_and(|screen| screen.is_empty());
    says(empty, "there is nothing to open")
}

fn no_imports(model: &Model) -> Option<String> {
    says(model.imports().is_none(), "the imports are being fetched")
}

pub(super) fn counting(model: &Model) -> Option<String> {
    let counting = model.values().is_some_and(|values| !values.counted);
    says(counting, "the values are being counted")
}

fn correcting(model: &Model) -> Option<String> {
    says(model.correction.is_some(), "a correction is under way").or_else(|| counting(model))
}
