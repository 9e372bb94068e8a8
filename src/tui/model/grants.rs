//! The screen of merging that people grant: strata in lines.

use domain::counted;
use door::views::{BoundView, GrantView, GrantsView, StratumState, StratumView, never_granted};

/// Strata and grants, as the desk told them.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct GrantsScreen {
    /// What the desk told.
    pub view: Option<GrantsView>,
    /// Its lines, each with the place of the stratum it is about; those of a stratum that follow its first
    /// are indented, and keys stand in them by the names of their rows.
    pub lines: Vec<(usize, String)>,
}

impl GrantsScreen {
    /// Takes in what the desk told.
    pub fn fill(&mut self, view: GrantsView) {
        self.lines = view.strata.iter().enumerate().flat_map(of_stratum).collect();
        self.view = Some(view);
    }

    /// The stratum that a line is about.
    #[must_use]
    pub fn stratum(&self, line: usize) -> Option<&StratumView> {
        let (at, _) = self.lines.get(line)?;
        self.view.as_ref()?.strata.get(*at)
    }

    /// What is promised: `promised: 95 % right, 95 % sure; granted: 1214 joins, at least 97.1 % right`.
    #[must_use]
    pub fn promise(&self) -> String {
        let Some(view) = &self.view else { return String::new() };
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
        "{} of {} looked at in order, {} right, {} wrong",
        stratum.looked_at,
        counted(stratum.joins, "join", "joins"),
        stratum.right,
        stratum.wrong
    )];
    if stratum.again > 0 {
        lines.push(stratum.asked_again());
    }
    if let Some(why) = &stratum.closed {
        lines.push(format!("{why}: only a new census can be granted"));
        return lines;
    }
    lines.push(match stratum.missing {
        Some(0) => format!("may be granted now: {}", bound(&stratum.waiting)),
        Some(missing) => {
            let missing = counted(missing, "more faultless answer", "more faultless answers");
            format!("waiting: {}; {missing} needed", bound(&stratum.waiting))
        }
        None => format!("{}: answer them yourself", never_granted(stratum.wrong)),
    });
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
    lines.push(format!("{} of them stand{left}", grant.made));
    if grant.to_go > 0 {
        lines.push(format!(
            "interrupted after {} of {}: {{give-grant}} goes on",
            grant.made, grant.granted.joins
        ));
    }
    if let Some(undone) = grant.taken_back.first() {
        lines.push(format!(
            "{undone} was undone: nothing more is merged; steward grant undo {} takes back the rest",
            stratum.census
        ));
    }
    let later = &grant.later;
    if later.joins > 0 {
        lines.push(format!(
            "later runs merged {} on trust, of which {} stand",
            counted(later.joins, "join", "joins"),
            later.stand
        ));
        let again = match later.again {
            0 => String::new(),
            again => format!(", {}", asked_again(again)),
        };
        lines.push(format!(
            "checks: {} right, {} wrong, {} waiting{again}",
            later.right, later.wrong, later.waiting
        ));
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

/// How many answers come back before they count.
fn asked_again(answers: u64) -> String {
    match answers {
        1 => "1 answer is asked again before it counts".to_owned(),
        several => format!("{several} answers are asked again before they count"),
    }
}
