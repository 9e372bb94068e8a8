//! Merging that people grant: each stratum in words, what is missing, what was granted. Names of fields and
//! counts only: no value of anybody.

use super::{Filled, Opens, Page, head, told, waits};
use crate::context::Context;
use crate::model::{Model, PromptKind, Scroll};
use crate::question::{Answer, Question};
use crate::theme::Role;
use crate::widgets::{List, Painter};
use domain::counted;
use door::operations::Grants;
use door::views::{BoundView, GrantView, GrantsView, StratumState, StratumView};

/// Its list.
const LIST: List = List::new(2, 0);

/// Strata and grants, as the desk told them.
#[derive(Debug, Clone, Default)]
pub struct GrantsPage {
    /// What the desk told.
    view: Option<GrantsView>,
    /// Its lines, each with the place of the stratum it is about; those of a stratum that follow its first
    /// are indented, and keys stand in them by the names of their rows.
    lines: Vec<(usize, String)>,
}

impl Page for GrantsPage {
    fn context(&self) -> Context {
        Context::Grants
    }

    fn question(&self, _unmask: bool) -> Question {
        Grants {}.into()
    }

    fn fill(&mut self, answer: Answer) -> Filled {
        let Answer::Grants(view) = answer else { return Filled::Not };
        self.lines = view.strata.iter().enumerate().flat_map(of_stratum).collect();
        self.view = Some(view);
        Filled::Shown
    }

    fn is_filled(&self) -> bool {
        self.view.is_some()
    }

    fn rows(&self) -> usize {
        self.lines.len()
    }

    fn list(&self, _height: u16) -> List {
        LIST
    }

    /// The stratum is granted, by typing how many joins wait.
    fn open(&self, row: usize) -> Option<Opens> {
        let (at, _) = self.lines.get(row)?;
        self.view.as_ref()?.strata.get(*at).map(grant)
    }

    fn draw(&self, painter: &mut Painter<'_>, model: &Model, scroll: &Scroll) {
        head(painter, model, "grants: merges granted from a sample");
        let Some(view) = &self.view else { return waits(painter, "counting") };
        painter.text(1, 1, painter.width().saturating_sub(1), &promise(view), Role::Dim);
        if self.lines.is_empty() {
            let none = "No census has been taken yet: a match that learns takes one.";
            painter.text(1, 2, painter.width(), none, Role::Plain);
            return;
        }
        LIST.draw(painter, scroll, self.lines.len(), |line, at, _| {
            told(line, &model.told(&self.lines[at].1));
        });
    }
}

/// What is promised: `promised: 95 % right, 95 % sure; granted: 1214 joins, at least 97.1 % right`.
fn promise(view: &GrantsView) -> String {
    let per_cent = |share: f64| (share * 1e6).round() / 1e4;
    let promise = format!(
        "promised: {} % right, {} % sure",
        per_cent(view.precision),
        per_cent(view.confidence)
    );
    match view.promised.joins {
        0 => promise,
        _ => format!("{promise}; granted: {}", bound(&view.promised)),
    }
}

/// What asks for the number of joins that wait; why there is none where the stratum may not be granted.
fn grant(stratum: &StratumView) -> Opens {
    let census = stratum.census;
    let why = match (stratum.state, stratum.missing) {
        (StratumState::Offered, _) => {
            let joins = stratum.waiting.joins;
            return Opens::Prompt(PromptKind::Grant { census, joins });
        }
        (StratumState::Granted, _) if let Some(joins) = interrupted(stratum) => {
            return Opens::Prompt(PromptKind::Grant { census, joins });
        }
        (StratumState::Granted, _) => {
            format!("{census} is granted: the history undoes it, steward grant suspend ends it")
        }
        (StratumState::Suspended, _) => match &stratum.closed {
            Some(why) => format!("{census}: {why}: only a new census can be granted"),
            None => format!("{census} is suspended: only a new census can be granted"),
        },
        (StratumState::GivenUp, _) => {
            format!("{census} was given up when a later census was taken")
        }
        (StratumState::Open, missing) => {
            let needs = stratum.needs().unwrap_or_default();
            match missing {
                Some(1..) => format!("steward grant show {census} names the tasks: {needs}"),
                _ => format!("{census}: {needs}"),
            }
        }
    };
    Opens::Nothing(why)
}

/// How many joins a grant was given with that was interrupted.
fn interrupted(stratum: &StratumView) -> Option<u64> {
    let grant = stratum.grant.as_ref().filter(|grant| grant.to_go > 0)?;
    Some(grant.granted.joins)
}

fn of_stratum((at, stratum): (usize, &StratumView)) -> Vec<(usize, String)> {
    let head = format!("{} {}: {}", stratum.census, stratum.state.name(), stratum.words);
    let more = match &stratum.grant {
        None => open(stratum),
        Some(grant) => granted(stratum, grant),
    };
    let lines = more.into_iter().map(|line| format!("  {line}"));
    std::iter::once(head).chain(lines).map(|line| (at, line)).collect()
}

fn open(stratum: &StratumView) -> Vec<String> {
    let mut lines = vec![format!(
        "{} of {} answered in order, {} right, {} wrong",
        stratum.looked_at,
        counted(stratum.joins, "join", "joins"),
        stratum.right,
        stratum.wrong
    )];
    lines.extend(stratum.asked_again());
    lines.extend(stratum.held_up());
    if let Some(why) = &stratum.closed {
        lines.push(format!("{why}: only a new census can be granted"));
        return lines;
    }
    let waiting = bound(&stratum.waiting);
    match stratum.needs() {
        None => lines.push(format!("ready to grant: {waiting}")),
        Some(needs) if matches!(stratum.missing, Some(1..)) => {
            lines.extend([format!("waiting: {waiting}"), needs]);
        }
        Some(never) => lines.push(never),
    }
    lines
}

fn granted(stratum: &StratumView, grant: &GrantView) -> Vec<String> {
    let mut lines = vec![format!(
        "granted by {} with {} on {}: {}",
        grant.by,
        grant.decision,
        grant.at.strftime("%Y-%m-%d"),
        bound(&grant.promised)
    )];
    let left = match stratum.waiting.joins {
        0 => String::new(),
        _ if grant.to_go > 0 => String::new(),
        left => format!(", {left} left to people"),
    };
    lines.push(format!("{} still in place{left}", grant.made));
    if grant.to_go > 0 {
        lines.push(format!(
            "interrupted after {} of {}: {{give-grant}} continues",
            grant.made, grant.granted.joins
        ));
    }
    if let Some(undone) = grant.taken_back.first() {
        lines.push(format!(
            "{undone} was undone: nothing more is merged; steward grant undo {} undoes the rest",
            stratum.census
        ));
    }
    let later = &grant.later;
    if later.joins > 0 {
        lines.push(format!(
            "later runs merged {} on trust, {} still in place",
            counted(later.joins, "join", "joins"),
            later.stand
        ));
        lines.push(format!("checks: {}", later.answered()));
    }
    if let Some(why) = &grant.broken {
        lines.push(format!("broken: {why}; the next run suspends it"));
    }
    if let (StratumState::Suspended, Some(by)) = (stratum.state, grant.suspended) {
        lines.push(format!("suspended by {by}: only a new census can be granted"));
    }
    lines
}

/// `1214 joins, at least 95.3 % right`.
fn bound(bound: &BoundView) -> String {
    let joins = counted(bound.joins, "join", "joins");
    match bound.right_at_least {
        Some(right) => format!("{joins}, at least {right} % right"),
        None => joins,
    }
}
