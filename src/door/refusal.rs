//! Why something is not done. A refusal is an answer, not an error.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use domain::{DecisionId, FieldName, ImportId, ReasonCode, Verdict, Violation};

/// Why a request is refused. Displays as one sentence that names the way out.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, thiserror::Error)]
#[serde(tag = "refusal", rename_all = "kebab-case")]
pub enum Refusal {
    /// The thing changed after it was seen.
    #[error("{subject} changed since you saw it: {}", since.join("; "))]
    Stale {
        /// What changed.
        subject: String,
        /// What happened in between, a line each.
        since: Vec<String>,
    },
    /// It would add `error`s that none of its customers had.
    #[error("refused by {}: {}", rules(violations), messages(violations))]
    Breaks {
        /// The new breaches; the first one's field is where the cursor goes.
        violations: Vec<Violation>,
    },
    /// Someone decided that they differ.
    #[error("{}", not_a_match(decisions))]
    NotAMatchStands {
        /// The decisions that would have to be undone by name.
        decisions: Vec<DecisionId>,
    },
    /// Later decisions build on it.
    #[error(
        "{} builds on it: undo that too (--with-dependents), let it stand (--stay), or let what it \
         brought move back (--move-back)",
        dependants(on)
    )]
    DependedOn {
        /// Those decisions, the latest first.
        on: Vec<Dependant>,
        /// Exports made meanwhile: who received what would be taken back.
        #[serde(default)]
        exported: Vec<String>,
    },
    /// Decisions say whose what the import delivered is.
    #[error(
        "{} decided about what {import} delivered: undo that too (--with-dependents), or first",
        dependants(on)
    )]
    DecidedOn {
        /// The import that was to be undone.
        import: ImportId,
        /// Those decisions, the latest first.
        on: Vec<Dependant>,
    },
    /// A reason is demanded.
    #[error("{} needs a reason: {}", asked_for(*verdict), codes(offered))]
    ReasonRequired {
        /// For this verdict.
        verdict: Verdict,
        /// One of these.
        offered: Vec<ReasonCode>,
    },
    /// The reason is not on the list.
    #[error("`{given}` is not a reason for {}: {}", asked_for(*verdict), codes(offered))]
    UnknownReason {
        /// For this verdict.
        verdict: Verdict,
        /// As given.
        given: ReasonCode,
        /// One of these.
        offered: Vec<ReasonCode>,
    },
    /// The value cannot be read as its field's type.
    #[error("{field}: {why}")]
    InvalidValue {
        /// The field.
        field: FieldName,
        /// What is expected.
        why: String,
    },
    /// An erasure has no reason, or one that is not on its list.
    #[error("{} an erasure: {}", unreasoned(given.as_ref()), codes(offered))]
    ErasureReason {
        /// As given.
        given: Option<ReasonCode>,
        /// One of these.
        offered: Vec<ReasonCode>,
    },
    /// It was erased, for good.
    #[error("{subject} was erased on {} ({reason})", day(*at))]
    Erased {
        /// As given.
        subject: String,
        /// When.
        at: Timestamp,
        /// Why.
        reason: ReasonCode,
    },
    /// There is no such thing.
    #[error("there is no {subject}")]
    Unknown {
        /// As given.
        subject: String,
    },
    /// It does not fit the thing it is said of.
    #[error("{why}")]
    DoesNotApply {
        /// One sentence.
        why: String,
    },
    /// It holds already: to say it again would change nothing.
    #[error("{why}")]
    AlreadySo {
        /// One sentence.
        why: String,
    },
    /// Their role may not.
    #[error("{}", not_allowed(person, role.as_deref(), verb, may))]
    NotAllowed {
        /// The person.
        person: String,
        /// Their role; none where they have none.
        role: Option<String>,
        /// The verb they lack.
        verb: String,
        /// The roles that have it.
        may: Vec<RoleThatMay>,
    },
    /// It changes who may do and see what, and takes two people.
    #[error("{}", needs_another(*is_proposed, others))]
    NeedsAnother {
        /// Whether whoever asks has proposed it; otherwise nobody knows whose it is.
        is_proposed: bool,
        /// Who may adopt it.
        others: Vec<String>,
    },
    /// What was proposed would come to something else by now.
    #[error("{}", differs(*proposal, since))]
    OutcomeDiffers {
        /// The proposal.
        proposal: DecisionId,
        /// What happened since, a line each.
        since: Vec<String>,
        /// What it would come to now: an approval that names it is carried out.
        digest: String,
    },
    /// Someone else works on it.
    #[error("{holder} is working on it")]
    ClaimedBy {
        /// The steward.
        holder: String,
    },
}

/// A role that may do what another may not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoleThatMay {
    /// Its name.
    pub role: String,
    /// Who has it.
    pub people: Vec<String>,
}

/// A later decision that builds on one to be undone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dependant {
    /// The decision.
    pub decision: DecisionId,
    /// What it did, in a line.
    pub summary: String,
}

impl Refusal {
    /// The field the cursor goes to.
    #[must_use]
    pub fn field(&self) -> Option<&FieldName> {
        match self {
            Refusal::Breaks { violations } => violations.first().map(|violation| &violation.field),
            Refusal::InvalidValue { field, .. } => Some(field),
            _ => None,
        }
    }
}

fn joined<T: ToString>(items: impl IntoIterator<Item = T>) -> String {
    items.into_iter().map(|item| item.to_string()).collect::<Vec<_>>().join(", ")
}

fn not_a_match(decisions: &[DecisionId]) -> String {
    match decisions {
        [] | [_] => format!("{} says they are not a match: undo it first", list(decisions)),
        [others @ .., last] => {
            format!("{} and {last} say they are not a match: undo them first", list(others))
        }
    }
}

fn needs_another(is_proposed: bool, others: &[String]) -> String {
    let others = others.join(", ");
    if is_proposed {
        return format!(
            "you proposed it, and it changes who may do and see what: somebody else must adopt it ({others})"
        );
    }
    format!(
        "it changes who may do and see what, and that takes two people: propose it (steward govern propose FILE), \
         and somebody else adopts the proposal ({others})"
    )
}

fn not_allowed(person: &str, role: Option<&str>, verb: &str, may: &[RoleThatMay]) -> String {
    let Some(role) = role else {
        return format!(
            "{person} has no role, and without one may not {verb}: set `role` in [people.{person}] \
             of steward.toml"
        );
    };
    let roles = may.iter().map(|it| match &it.people[..] {
        [] => it.role.clone(),
        people => format!("{} ({})", it.role, people.join(", ")),
    });
    match roles.collect::<Vec<_>>() {
        roles if roles.is_empty() => format!(
            "{person} ({role}) may not {verb}: no role may; add it to `may` of a role in steward.toml"
        ),
        roles => format!("{person} ({role}) may not {verb}: roles that may: {}", roles.join(", ")),
    }
}

fn differs(proposal: DecisionId, since: &[String]) -> String {
    let since = match since {
        [] => "the settings or the day have changed since it was proposed".to_owned(),
        since => format!("since it was proposed: {}", since.join("; ")),
    };
    format!("{proposal} would come to something else now: {since}")
}

fn rules(violations: &[Violation]) -> String {
    joined(violations.iter().map(|violation| &violation.rule))
}

fn messages(violations: &[Violation]) -> String {
    let texts = violations.iter().map(|violation| match &violation.remedy {
        Some(remedy) => format!("{}: {} ({remedy})", violation.field, violation.message),
        None => format!("{}: {}", violation.field, violation.message),
    });
    texts.collect::<Vec<_>>().join("; ")
}

fn list(decisions: &[DecisionId]) -> String {
    joined(decisions)
}

fn unreasoned(given: Option<&ReasonCode>) -> String {
    match given {
        Some(given) => format!("`{given}` is not a reason for"),
        None => "a reason is needed for".to_owned(),
    }
}

/// The day where whoever reads it is, as everything else they are shown.
fn day(at: Timestamp) -> String {
    at.to_zoned(jiff::tz::TimeZone::system()).date().to_string()
}

/// What somebody asked for, who may have called it otherwise than the verdict is recorded.
fn asked_for(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Escalate => "escalate (or assign)",
        verdict => verdict.name(),
    }
}

fn codes(offered: &[ReasonCode]) -> String {
    if offered.is_empty() {
        "steward.toml lists none for it, so any code will do (--reason CODE)".to_owned()
    } else {
        format!("one of {}", joined(offered))
    }
}

fn dependants(on: &[Dependant]) -> String {
    joined(on.iter().map(|dependant| format!("{} ({})", dependant.decision, dependant.summary)))
}
