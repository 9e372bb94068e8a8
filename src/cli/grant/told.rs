//! Strata and grants in lines.

use super::super::moment;
use super::super::text::{clean, counted};
use domain::DecisionId;
use door::views::{BoundView, GrantDetail, GrantView, GrantsView, StratumState, StratumView};

/// All strata.
pub(in super::super) fn list(view: &GrantsView) -> Vec<String> {
    let mut lines = promise(view);
    if view.strata.is_empty() {
        lines.push("no census has been taken yet; a match that learns takes one".to_owned());
    }
    for stratum in &view.strata {
        lines.push(String::new());
        lines.extend(self::stratum(stratum));
    }
    lines
}

/// What is promised, and what that is about.
pub(in super::super) fn promise(view: &GrantsView) -> Vec<String> {
    let mut lines = vec![format!(
        "promised: at least {} of the merges made under grants are right, with {} confidence",
        per_cent(view.precision),
        per_cent(view.confidence)
    )];
    if view.promised.joins > 0 {
        lines.push(format!("granted in all: {}", bound(&view.promised)));
    }
    lines
}

/// One stratum, with its tasks and customers.
pub(super) fn detail(detail: &GrantDetail) -> Vec<String> {
    let mut lines = stratum(&detail.stratum);
    let to_go = detail.stratum.grant.as_ref().is_some_and(|grant| grant.to_go > 0);
    for (what, ids) in [
        ("answer next: ", ids(&detail.next)),
        ("merged into: ", ids(&detail.merged)),
        (if to_go { "still to be merged: " } else { "left to people: " }, ids(&detail.left)),
    ] {
        if !ids.is_empty() {
            lines.push(format!("  {what}{ids}"));
        }
    }
    lines
}

fn ids<T: ToString>(ids: &[T]) -> String {
    ids.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

/// One stratum.
pub(in super::super) fn stratum(stratum: &StratumView) -> Vec<String> {
    let interrupted = match &stratum.grant {
        Some(grant) if grant.to_go > 0 => ", interrupted",
        _ => "",
    };
    let state = match &stratum.checks {
        Some(checks) => format!("checks of {}", checks.of),
        None => format!("{}{interrupted}", stratum.state.name()),
    };
    let mut lines = vec![format!("{} {} ({state})", stratum.census, clean(&stratum.words))];
    if let Some(checks) = &stratum.checks {
        lines.push(format!(
            "  a later run merged {} under {} on trust, {} of them still in place",
            counted(checks.told.joins, "join", "joins"),
            checks.of,
            checks.told.stand
        ));
        lines.push(format!(
            "  {} asked as checks: {}",
            if checks.asked == 1 { "1 is".to_owned() } else { format!("{} are", checks.asked) },
            checks.told.answered()
        ));
        if checks.told.waiting > 0 {
            lines.push("  answer them: steward tasks --kind check".to_owned());
        }
        return lines;
    }
    if let Some(grant) = &stratum.grant {
        lines.extend(given(grant, stratum));
        return lines;
    }
    lines.push(format!(
        "  {} of {} answered in order; {} right and {} wrong in all; {}",
        stratum.looked_at,
        counted(stratum.joins, "join", "joins"),
        stratum.right,
        stratum.wrong,
        waiting(&stratum.waiting)
    ));
    if let Some(again) = stratum.asked_again() {
        let tasks = if stratum.second.now > 0 { ": steward tasks --kind second" } else { "" };
        lines.push(format!("  {again}{tasks}"));
    }
    lines.extend(stratum.held_up().map(|held_up| format!("  {held_up}")));
    if let Some(why) = &stratum.closed {
        lines.push(match stratum.state {
            StratumState::GivenUp => format!("  {}: it can no longer be granted", clean(why)),
            _ => format!(
                "  {}: only a new census can be granted: steward match --census",
                clean(why)
            ),
        });
        return lines;
    }
    lines.push(match stratum.needs() {
        None => format!(
            "  ready to grant: steward grant give {} --count {}",
            stratum.census, stratum.waiting.joins
        ),
        Some(needs) if matches!(stratum.missing, Some(1..)) => {
            format!("  {needs}: steward grant show {}", stratum.census)
        }
        Some(never) => format!("  {never}"),
    });
    lines
}

fn given(grant: &GrantView, stratum: &StratumView) -> Vec<String> {
    let by = clean(&grant.by);
    let mut lines = vec![format!(
        "  granted by {by} with {} on {}: {}; {} answered, {} of them wrong",
        grant.decision,
        moment::shown(grant.at),
        bound(&grant.promised),
        grant.looked_at,
        grant.wrong
    )];
    let left = match stratum.waiting.joins {
        0 => String::new(),
        _ if grant.to_go > 0 => String::new(),
        left => format!("; {left} left to people"),
    };
    let stand = match grant.made {
        1 => "1 join in place".to_owned(),
        made => format!("{made} joins in place"),
    };
    lines.push(format!("  {stand}{left}"));
    if grant.to_go > 0 {
        lines.push(format!(
            "  interrupted after {0} of {1}; to continue: steward grant give {2} --count {1}",
            grant.made, grant.granted.joins, stratum.census
        ));
    }
    if !grant.taken_back.is_empty() {
        lines.push(format!(
            "  {} undone: nothing more is merged under it; to undo the rest: steward grant undo {}",
            undone(&grant.taken_back),
            stratum.census
        ));
    }
    let later = &grant.later;
    if later.joins > 0 {
        lines.push(format!(
            "  later runs merged {} on trust, {} of them still in place; checks: {}",
            counted(later.joins, "join", "joins"),
            later.stand,
            later.answered()
        ));
    }
    if let Some(why) = &grant.broken {
        lines.push(format!("  broken: {}; the next run suspends it", clean(why)));
    }
    if let (StratumState::Suspended, Some(by)) = (stratum.state, grant.suspended) {
        lines.push(format!("  suspended by {by}: only a new census can be granted"));
    }
    lines
}

/// `D101 is`, `D101 and D102 are`.
fn undone(decisions: &[DecisionId]) -> String {
    match decisions {
        [one] => format!("{one} is"),
        several => format!("{} are", ids(several)),
    }
}

fn waiting(waiting: &BoundView) -> String {
    match waiting.joins {
        0 => "none waiting".to_owned(),
        _ => format!("waiting: {}", bound(waiting)),
    }
}

/// `1214 joins, at least 95.3 % of them right`.
fn bound(bound: &BoundView) -> String {
    let joins = counted(bound.joins, "join", "joins");
    match bound.right_at_least {
        Some(right) if right > 0.0 => format!("{joins}, at least {right} % of them right"),
        _ => joins,
    }
}

fn per_cent(share: f64) -> String {
    format!("{} %", (share * 1e6).round() / 1e4)
}
