//! Which blocking rules bring two records together, and which nearly did.

use serde::{Deserialize, Serialize};

use super::super::columns::Columns;
use super::super::portrait::Kind;
use super::counts::{CutBlock, RuleCount};
use super::groups::WITHIN_GROUPS;
use super::loose::{loose_rules, sure_rules};
use super::rules::{MOST_KEYS, Rule, rules};

/// Rules that nearly met, told at most.
const MOST_NEARLY: usize = 3;

/// What became of a rule in a run; kept with the model.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct RuleRun {
    /// The rule, in words.
    pub(crate) rule: String,
    /// It brought more pairs than the run could afford.
    pub(crate) left_out: bool,
    /// Blocks too large to be compared whole.
    pub(crate) cut: u64,
    /// Records of the largest block that was compared whole; 0 in models of runs that did not
    /// write it down.
    #[serde(default)]
    pub(crate) cap: u64,
    /// Of the second pass, whose blocks hold one record of each group.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(crate) between_groups: bool,
}

/// What became of the rules, without any value.
pub(crate) fn rules_run(counts: &[RuleCount], cuts: &[CutBlock]) -> Vec<RuleRun> {
    let run = |count: &RuleCount| RuleRun {
        rule: count.rule.clone(),
        left_out: count.left_out,
        cut: cuts
            .iter()
            .filter(|cut| cut.rule == count.rule && cut.between_groups == count.between_groups)
            .count() as u64,
        cap: count.cap,
        between_groups: count.between_groups,
    };
    counts.iter().map(run).collect()
}

/// How two records stand to the rules of a run.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Meeting {
    /// The first rule that brings them together.
    pub(crate) rule: Option<String>,
    /// Rules that would have, and rules that nearly did: a sentence each.
    pub(crate) notes: Vec<String>,
}

/// How rows 0 and 1 stand to the rules, as these came out in `runs`.
pub(crate) fn meeting(columns: &Columns, kind: Kind, runs: &[RuleRun]) -> Meeting {
    let mut meeting = Meeting::default();
    let (mut in_part, mut nearly) = (None, Vec::new());
    for rule in rules(kind) {
        let run = runs.iter().find(|run| run.rule == rule.name && !run.between_groups);
        if !share_a_key(rule, columns) {
            nearly.extend(how_nearly(rule, columns).map(|how| format!("{}: {how}", rule.name)));
        } else if run.is_some_and(|run| run.left_out) {
            let why = "met, but the run left it out: it gives more pairs than could be compared";
            meeting.notes.push(format!("{}: {why}", rule.name));
        } else if let Some(run) = run.filter(|run| run.cut > 0) {
            in_part.get_or_insert((rule.name, run.cut));
        } else if meeting.rule.is_none() {
            meeting.rule = Some(rule.name.to_owned());
        }
    }
    if meeting.rule.is_none()
        && let Some((rule, cut)) = in_part
    {
        meeting.rule = Some(rule.to_owned());
        meeting.notes.push(format!(
            "{rule}: blocks too large to compare in full in that run: {cut}; these two may be \
             in one of those"
        ));
    }
    if meeting.rule.is_none() {
        meet_between_groups(columns, kind, runs, &mut meeting);
    }
    if meeting.rule.is_none() {
        nearly.truncate(MOST_NEARLY);
        meeting.notes.extend(nearly);
    }
    meeting
}

/// The same of the second pass, where there was one: two records alone do not tell which others stand
/// for them.
fn meet_between_groups(columns: &Columns, kind: Kind, runs: &[RuleRun], meeting: &mut Meeting) {
    let was_run =
        |name: &str| runs.iter().any(|run| run.between_groups && !run.left_out && run.rule == name);
    let mut sure = sure_rules(kind).iter().filter(|_| was_run(WITHIN_GROUPS));
    if let Some(rule) = sure.find(|rule| share_a_key(rule, columns)) {
        meeting.rule = Some(WITHIN_GROUPS.to_owned());
        meeting.notes.push(format!(
            "{}: makes them one group in the second pass, where a record is compared with the next \
             of its group",
            rule.name
        ));
        return;
    }
    let was_run = |rule: &&Rule| was_run(rule.name);
    let mut rules = rules(kind).iter().chain(loose_rules(kind)).filter(was_run);
    if let Some(rule) = rules.find(|rule| share_a_key(rule, columns)) {
        meeting.rule = Some(rule.name.to_owned());
        meeting.notes.push(format!(
            "{}: in the second pass, where one record of a group was compared for all of them",
            rule.name
        ));
    }
}

fn share_a_key(rule: &Rule, columns: &Columns) -> bool {
    let (mut left, mut right) = ([0; MOST_KEYS], [0; MOST_KEYS]);
    let right = rule.keys(columns, 1, &mut right);
    rule.keys(columns, 0, &mut left).iter().any(|key| right.contains(key))
}

/// Whether some key of the two rows agrees in all of its values but one, and what is with that one.
fn how_nearly(rule: &Rule, columns: &Columns) -> Option<&'static str> {
    let (left, right) = (rule.parts(columns, 0), rule.parts(columns, 1));
    let mut missing = false;
    for one in &left {
        for other in right.iter().filter(|other| other.len() == one.len() && one.len() > 1) {
            let mut odd =
                one.iter().zip(other).filter(|(left, right)| left.is_none() || left != right);
            let (Some(first), None) = (odd.next(), odd.next()) else { continue };
            if first.0.is_some() && first.1.is_some() {
                return Some("all of its values agree but one");
            }
            missing = true;
        }
    }
    missing.then_some("all of its values agree but one, which is missing")
}
