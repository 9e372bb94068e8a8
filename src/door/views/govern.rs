//! What has become of an edit of `steward.toml`, and what it would do.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use domain::{CustomerId, FieldName, ProposalId, RuleId, Sequence, Shown, SourceName};

/// An edit of `steward.toml` beside the settings in force.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "state")]
pub enum EditView {
    /// Nothing is said differently.
    #[default]
    None,
    /// It waits until somebody adopts it.
    Waits {
        /// How many changes are told of it.
        changes: usize,
        /// The fingerprint of the edited text.
        fingerprint: String,
    },
    /// The file has errors.
    Wrong {
        /// How many.
        findings: usize,
    },
    /// The file cannot be read.
    Unreadable,
}

impl EditView {
    /// What whoever works here is told; none where there is nothing to tell.
    #[must_use]
    pub fn note(&self) -> Option<String> {
        match self {
            EditView::None => None,
            EditView::Waits { changes, .. } => Some(format!(
                "an edit of steward.toml waits ({}): steward govern diff shows what it would do, steward govern \
                 adopt makes it take effect",
                counted(*changes)
            )),
            EditView::Wrong { .. } => Some(
                "steward.toml has errors, so the adopted settings stay in force: steward check says where"
                    .to_owned(),
            ),
            EditView::Unreadable => Some(
                "steward.toml cannot be read, so the adopted settings stay in force: steward govern show prints \
                 them"
                .to_owned(),
            ),
        }
    }

    /// The same for a line of the review.
    #[must_use]
    pub fn in_short(&self) -> Option<String> {
        match self {
            EditView::None => None,
            EditView::Waits { changes, .. } => Some(format!(
                "an edit of steward.toml waits ({}): steward govern diff",
                counted(*changes)
            )),
            EditView::Wrong { .. } => Some("steward.toml has errors: steward check".to_owned()),
            EditView::Unreadable => Some("steward.toml cannot be read".to_owned()),
        }
    }
}

fn counted(changes: usize) -> String {
    if changes == 1 { "1 change".to_owned() } else { format!("{changes} changes") }
}

/// What settings would change.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct SettingsDiff {
    /// The fingerprint of their text.
    pub fingerprint: String,
    /// The fingerprint of the settings in force.
    pub in_force: String,
    /// What is said differently, by what it is about.
    pub sections: Vec<ChangedSection>,
    /// Records that would break a rule, or break it no more.
    pub violations: Vec<RuleShift>,
    /// Tasks that would open or close.
    pub tasks: Vec<TaskShift>,
    /// How many tasks would open.
    pub opened: u64,
    /// How many tasks would close.
    pub closed: u64,
    /// How many open tasks would ask something else.
    pub changed: u64,
    /// Customers whose golden record would change.
    pub customers: u64,
    /// The golden values that would change, by field.
    pub golden: Vec<GoldenShift>,
    /// Customers whom retention would erase, where its rules are others.
    #[serde(default)]
    pub retention: Option<RetentionShift>,
    /// New rules that read a masked field: they are judged once it is recorded that somebody looks.
    #[serde(default)]
    pub unjudged: Vec<RuleId>,
    /// Whether retention is not judged, because a new rule of it reads a masked field.
    #[serde(default)]
    pub unjudged_retention: bool,
    /// What it cannot tell, or what does not follow at once.
    pub notes: Vec<String>,
}

/// Customers whom retention would erase.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct RetentionShift {
    /// How many are due.
    pub due_now: u64,
    /// How many would be.
    pub due: u64,
    /// How many of them are not due now.
    pub newly_due: u64,
    /// Some of those.
    pub examples: Vec<CustomerId>,
    /// How many would be due but must be kept or are held.
    pub kept_now: u64,
    /// How many of those there would be.
    pub kept: u64,
}

/// What is said differently about one thing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChangedSection {
    /// What it is about.
    pub about: String,
    /// A sentence each.
    pub changes: Vec<String>,
}

/// Records of a source that would break a rule, or break it no more.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RuleShift {
    /// The rule.
    pub rule: RuleId,
    /// The source.
    pub source: SourceName,
    /// Records that break it and did not.
    pub new: u64,
    /// Records that broke it and do not any more.
    pub gone: u64,
}

/// Tasks of a kind that would open or close.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TaskShift {
    /// The kind.
    pub kind: String,
    /// The rule they name. A task that names two is counted with each.
    pub rule: Option<RuleId>,
    /// How many open.
    pub opened: u64,
    /// How many close.
    pub closed: u64,
}

/// Golden values of a field that would change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GoldenShift {
    /// The field.
    pub field: FieldName,
    /// How many customers.
    pub customers: u64,
    /// Some of them.
    pub examples: Vec<GoldenExample>,
}

/// A golden value that would change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GoldenExample {
    /// The customer.
    pub customer: CustomerId,
    /// The value now.
    pub before: Option<Shown>,
    /// The value then.
    pub after: Option<Shown>,
}

impl SettingsDiff {
    /// Whether the settings are those in force.
    #[must_use]
    pub fn is_of_nothing(&self) -> bool {
        self.fingerprint == self.in_force
    }

    /// What would change, a line each.
    #[must_use]
    pub fn lines(&self) -> Vec<String> {
        let mut lines = Vec::new();
        for section in &self.sections {
            lines.push(format!("{}:", section.about));
            lines.extend(section.changes.iter().map(|change| format!("  {change}")));
        }
        lines.push("it would do:".to_owned());
        let before = lines.len();
        for shift in &self.violations {
            let RuleShift { rule, source, new, gone } = shift;
            lines.push(format!("  rule {rule}, {source}: {new} new violations, {gone} gone"));
        }
        if self.opened + self.closed + self.changed > 0 {
            let asks = match self.changed {
                0 => String::new(),
                changed => format!(", {changed} would name other rules"),
            };
            lines.push(format!(
                "  tasks: {} would open, {} would close{asks}",
                self.opened, self.closed
            ));
        }
        for shift in &self.tasks {
            let rule = shift.rule.as_ref().map(|rule| format!(", rule {rule}")).unwrap_or_default();
            lines.push(format!(
                "    {}{rule}: {} would open, {} would close",
                shift.kind, shift.opened, shift.closed
            ));
        }
        if self.customers > 0 {
            lines.push(format!("  golden records: {} would change", self.customers));
        }
        for shift in &self.golden {
            lines.push(format!("    {}: {} would change", shift.field, shift.customers));
            for example in &shift.examples {
                let text = |value: &Option<Shown>| match value {
                    Some(value) => value.as_str().to_owned(),
                    None => "no value".to_owned(),
                };
                lines.push(format!(
                    "      {}: {} -> {}",
                    example.customer,
                    text(&example.before),
                    text(&example.after)
                ));
            }
        }
        if let Some(shift) = &self.retention {
            lines.extend(shift.lines());
        }
        let unjudged = self.unjudged.iter().map(|rule| format!("rule {rule}"));
        let retention = self.unjudged_retention.then(|| "retention".to_owned());
        let unjudged: Vec<String> = unjudged.chain(retention).collect();
        if !unjudged.is_empty() {
            lines.push(format!(
                "  not judged without steward govern diff --unmask, because masked fields are read: {}",
                unjudged.join(", ")
            ));
        }
        if lines.len() == before {
            lines.push("  no violation, task or golden value would change".to_owned());
        }
        lines.extend(self.notes.iter().map(|note| format!("note: {note}")));
        lines
    }
}

impl RetentionShift {
    fn lines(&self) -> Vec<String> {
        let mut due = format!(
            "  retention: {} would be due to be erased, {} are now; {} would be new",
            self.due, self.due_now, self.newly_due
        );
        if !self.examples.is_empty() {
            let examples: Vec<String> = self.examples.iter().map(ToString::to_string).collect();
            due += &format!(" ({})", examples.join(", "));
        }
        let mut lines = vec![due];
        if self.kept + self.kept_now > 0 {
            lines.push(format!(
                "    due but kept or held: {} would be, {} are now",
                self.kept, self.kept_now
            ));
        }
        lines.push("    nothing is erased until somebody runs steward retain".to_owned());
        lines
    }
}

/// What adopting came to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AdoptedView {
    /// The commit; none where there was nothing to adopt.
    pub sequence: Option<Sequence>,
    /// The fingerprint of the settings in force.
    pub fingerprint: String,
    /// How many changes are told of them.
    pub changes: usize,
    /// How many tasks opened.
    pub opened: u64,
    /// How many tasks closed.
    pub closed: u64,
}

impl AdoptedView {
    /// What was done, in a line.
    #[must_use]
    pub fn line(&self) -> String {
        match self.sequence {
            None => "no edit waits: these settings are already in force".to_owned(),
            Some(commit) => format!(
                "adopted ({}; commit {commit}): {} tasks opened, {} closed",
                counted(self.changes),
                self.opened,
                self.closed
            ),
        }
    }
}

/// Settings that somebody proposed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProposalView {
    /// Its id.
    pub proposal: ProposalId,
    /// Who proposed it.
    pub by: String,
    /// When.
    pub at: Timestamp,
    /// Why.
    pub note: Option<String>,
    /// The fingerprint of its text.
    pub fingerprint: String,
    /// What has become of it.
    pub state: ProposalState,
    /// Whether other settings have been adopted since it was made.
    pub is_outdated: bool,
    /// Who has to adopt it, where it changes who may do and see what and that takes two people.
    #[serde(default)]
    pub asked: Vec<String>,
    /// How many changes from the settings in force are told of it.
    pub changes: usize,
}

/// What has become of a proposal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProposalState {
    /// It waits.
    Open,
    /// Somebody adopted it.
    Adopted {
        /// Who.
        by: String,
        /// When.
        at: Timestamp,
        /// In which commit.
        commit: Sequence,
    },
    /// Somebody withdrew it.
    Withdrawn {
        /// Who.
        by: String,
        /// When.
        at: Timestamp,
    },
}

impl ProposalView {
    /// It, in a line.
    #[must_use]
    pub fn line(&self) -> String {
        let ProposalView { proposal, by, at, note, .. } = self;
        let state = match &self.state {
            ProposalState::Open if self.is_outdated => {
                format!(
                    "waits ({}), made over settings that have changed since",
                    counted(self.changes)
                )
            }
            ProposalState::Open => format!("waits ({})", counted(self.changes)),
            ProposalState::Adopted { by, at, commit } => {
                format!("adopted by {by} at {at:.0} (commit {commit})")
            }
            ProposalState::Withdrawn { by, at } => format!("withdrawn by {by} at {at:.0}"),
        };
        let asked = match (&self.state, &self.asked[..]) {
            (ProposalState::Open, asked @ [_, ..]) => {
                format!("; needs somebody else to adopt it ({})", asked.join(", "))
            }
            _ => String::new(),
        };
        let note = note.as_ref().map(|note| format!(": {note}")).unwrap_or_default();
        format!("{proposal}  {state}; proposed by {by} at {at:.0}{asked}{note}")
    }
}

/// Settings that took effect.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AdoptionView {
    /// The commit.
    pub commit: Sequence,
    /// Who adopted them.
    pub by: String,
    /// When.
    pub at: Timestamp,
    /// The fingerprint of their text.
    pub fingerprint: String,
    /// The proposal they come from.
    pub proposal: Option<ProposalId>,
    /// Why.
    pub note: Option<String>,
    /// What they say differently from those before, a sentence each; nothing for the first ones.
    pub changes: Vec<String>,
    /// Who has acknowledged them, or later ones.
    pub acknowledged: Vec<String>,
}

impl AdoptionView {
    /// It, a line each.
    #[must_use]
    pub fn lines(&self) -> Vec<String> {
        let of = self.proposal.map(|proposal| format!(", from {proposal}")).unwrap_or_default();
        let note = self.note.as_ref().map(|note| format!(": {note}")).unwrap_or_default();
        let AdoptionView { commit, by, at, .. } = self;
        let mut lines = vec![format!("commit {commit}, {at:.0}, {by}{of}{note}")];
        lines.extend(self.changes.iter().map(|change| format!("  {change}")));
        if !self.acknowledged.is_empty() {
            lines.push(format!("  acknowledged by {}", self.acknowledged.join(", ")));
        }
        lines
    }
}
