//! What an operation needs of a role: the verbs, by what is asked and not only by its name.
//!
//! Exhaustive on purpose: an operation that is new does not compile before somebody has said here what it
//! needs.

use super::bulk::BulkVerdict;
use super::operations::{Find, Watch};
use super::request::{Action, Pick, Request};
use super::search::Scope;
use super::table::Asked;
use domain::FieldName;

/// What is needed: of each line, one of the verbs.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Needs {
    /// Each is to be met, by one of its verbs.
    pub verbs: Vec<&'static [&'static str]>,
    /// What is to be seen unmasked.
    pub unmask: Unmasks,
    /// Whether a job that whoever asks has begun needs nothing.
    pub own_job: bool,
}

/// What is to be seen unmasked.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Unmasks {
    /// Nothing.
    #[default]
    Nothing,
    /// What may be, of all that is masked.
    Any,
    /// These fields.
    Fields(Vec<FieldName>),
    /// Everything, in a row that nobody can take apart.
    Whole,
}

impl Needs {
    /// Being in is enough.
    #[must_use]
    pub fn nothing() -> Needs {
        Needs::default()
    }

    fn of(verb: &'static [&'static str]) -> Needs {
        Needs { verbs: vec![verb], ..Needs::default() }
    }

    fn and(mut self, verb: &'static [&'static str]) -> Needs {
        if !self.verbs.contains(&verb) {
            self.verbs.push(verb);
        }
        self
    }

    fn unmasking(mut self, wanted: bool, unmask: Unmasks) -> Needs {
        if wanted {
            self.unmask = unmask;
        }
        self
    }

    /// Whether being in is enough.
    #[must_use]
    pub fn is_nothing(&self) -> bool {
        self.verbs.is_empty() && self.unmask == Unmasks::Nothing
    }
}

impl Asked {
    /// What a role needs for it.
    #[must_use]
    pub fn needs(&self) -> Needs {
        let of = Needs::of;
        match self {
            Asked::Queue(_)
            | Asked::QueueSince(_)
            | Asked::QueueRows(_)
            | Asked::TaskReasons(_)
            | Asked::PrepareQueue(_)
            | Asked::Patterns(_)
            | Asked::CountWhere(_)
            | Asked::ListTasks(_)
            | Asked::TasksWhere(_) => of(&["tasks"]),
            Asked::Find(Find { search, .. }) => match search.scope {
                Scope::Tasks => of(&["find"]).and(&["tasks", "show"]),
                // Whoever makes a record is shown who is like it.
                Scope::Customers => of(&["find", "create"]),
                Scope::Records => of(&["find"]),
            },
            Asked::Alike(_) => of(&["find", "create"]),

            Asked::ShowTask(it) => of(&["show"]).unmasking(it.unmask, Unmasks::Any),
            Asked::Compare(it) => of(&["show"]).unmasking(it.unmask, Unmasks::Any),
            Asked::ShowRecord(it) => of(&["show"]).unmasking(it.unmask, Unmasks::Any),
            Asked::ShowCustomer(it) => of(&["show"]).unmasking(it.unmask, Unmasks::Any),
            Asked::ShowDecision(it) => of(&["show"]).unmasking(it.unmask, Unmasks::Any),
            Asked::KeepInClear(it) => {
                of(&["show"]).unmasking(!it.fields.is_empty(), Unmasks::Fields(it.fields.clone()))
            }
            // What happened to the customer is told beside what it did.
            Asked::Card(it) => of(&["show"]).unmasking(it.unmask, Unmasks::Any),
            Asked::Timeline(it) => of(&["show"]).unmasking(it.unmask, Unmasks::Any),
            Asked::Consent(it) => of(&["show"]).unmasking(it.unmask, Unmasks::Any),
            Asked::Holds(_) => of(&["show", "hold"]),
            Asked::Requests(_) => of(&["show", "request"]),
            Asked::History(it) => of(&["history"]).unmasking(it.unmask, Unmasks::Any),
            Asked::Explain(it) => of(&["explain"]).unmasking(it.unmask, Unmasks::Any),
            Asked::ExplainGroup(_) => of(&["explain", "show"]),
            // A name that was typed leads to a thing, for whatever is done to it next.
            Asked::Follow(_) | Asked::FindRecord(_) => of(&[
                "show", "find", "history", "explain", "decide", "fix", "comment", "hold",
                "request", "subject", "erase",
            ]),

            Asked::Preview(it) => of_request(&it.request).unmasking(it.unmask, Unmasks::Any),
            Asked::Decide(it) => of_request(&it.request),
            Asked::DecideInBulk(it) => of_request(&it.request),
            Asked::DecideSome(it) => {
                let needs = of_bulk(&it.step.verdict);
                if it.step.break_glass.is_some() { needs.and(&["break-glass"]) } else { needs }
            }
            Asked::WholeTask(it) => of_bulk(&it.verdict),
            Asked::FitBulk(_) => of(&["decide", "fix"]),
            Asked::DecisionsOf(_) | Asked::Standing(_) => of(&["history", "undo"]),
            Asked::Claim(_) => of(&["decide", "fix"]),
            Asked::Approvals(_) => of(&["tasks", "approve", "grant"]),
            Asked::ShowApproval(it) => of(&["show"]).unmasking(it.unmask, Unmasks::Any),

            // What belongs to being in: a person's own place, claims, news and last decision.
            Asked::LastDecision(_)
            | Asked::Release(_)
            | Asked::GiveUp(_)
            | Asked::Leave(_)
            | Asked::Changes(_)
            | Asked::KeepPlace(_)
            | Asked::TakeUp(_)
            | Asked::About(_)
            | Asked::AskEdit(_)
            // What concerns everybody, and that they have read it.
            | Asked::OwnChanges(_)
            | Asked::Acknowledge(_)
            | Asked::Admitted(_) => Needs::nothing(),
            Asked::LookAt(it) => match it.task {
                Some(_) => of(&["show"]),
                None => Needs::nothing(),
            },

            Asked::Grants(_)
            | Asked::ShowGrant(_)
            | Asked::GiveGrant(_)
            | Asked::SuspendGrant(_) => of(&["grant"]),

            Asked::KnownIds(it) => {
                match it.begin.chars().next().map(|it| it.to_ascii_uppercase()) {
                    Some('C') => of(&["show", "find"]),
                    Some('D' | 'B') => of(&["history", "undo"]),
                    Some('I') => of(&["imports"]),
                    _ => of(&["tasks"]),
                }
            }
            // An import ends by saying what is next.
            Asked::Dashboard(_) => of(&["dashboard", "import"]),
            Asked::Journeys(_) | Asked::Segments(_) => of(&["dashboard"]),
            Asked::AtStep(_) | Asked::Measures(_) | Asked::ShowSegment(_) => of(&["show"]),
            Asked::Rules(_) | Asked::Failing(_) => of(&["rules"]),
            Asked::Imports(_) => of(&["imports", "import"]),
            Asked::ShowImport(_) => of(&["imports"]),
            Asked::Quarantine(it) => of(&["imports"]).unmasking(it.unmask, Unmasks::Whole),

            Asked::Import(_) => of(&["import"]),
            Asked::Create(_) => of(&["create"]),
            Asked::Reread(it) => match it.undoes {
                Some(_) => of(&["undo"]),
                None => of(&["reread"]),
            },
            Asked::Match(_) | Asked::ReadModel(_) | Asked::CompareRuns(_) => of(&["match"]),
            Asked::MatchStatus(_) => of(&["match", "dashboard"]),
            // Events are whole: whoever reads them sees every value.
            Asked::Export(it) => of(&["export"]).unmasking(it.is_of_events(), Unmasks::Whole),
            Asked::ExportModel(_) => of(&["export"]),
            Asked::BeginEvents(_) => of(&["export"]).unmasking(true, Unmasks::Whole),
            Asked::EndEvents(_) => of(&["export"]),
            Asked::Feed(_) | Asked::FeedOn(_) | Asked::EndFeed(_) => of(&["feed"]),
            Asked::Evaluate(_) => of(&["evaluate"]),
            // Of one's own work one is told anyway.
            Asked::Watch(Watch { .. }) => Needs { own_job: true, ..of(&["imports", "match"]) },
            Asked::Cancel(_) => Needs { own_job: true, ..of(&["cancel"]) },

            Asked::CountValues(_) => of(&["values"]),
            Asked::Values(it) => of(&["values"]).unmasking(it.unmask, Unmasks::Any),
            // Of which field they are the session knows: the desk refuses those that are never unmasked for a role.
            Asked::Holders(_) => of(&["values"]),
            Asked::CorrectSome(_) => of(&["fix"]),
            Asked::CountCodes(_) | Asked::CodeLists(_) => of(&["check"]),

            // The server records in people's own names what became of their codes.
            Asked::NoteAccess(it) if it.noted.what.is_own() => Needs::nothing(),
            Asked::NoteAccess(_) => of(&["otp"]),
            Asked::Access(_) => of(&["access"]),
            Asked::Audit(_) => of(&["audit"]),
            // Who proposes is shown what it would do.
            Asked::ProposeSettings(_)
            | Asked::DiffSettings(_)
            | Asked::SettingsProposals(_)
            | Asked::ReadSettings(_)
            | Asked::SettingsChanges(_)
            | Asked::WithdrawProposal(_) => of(&["govern", "propose"]),
            Asked::AdoptSettings(_) => of(&["govern"]),
            Asked::ForeseeRetention(_) | Asked::Retain(_) => of(&["retain"]),
            Asked::Keys(_) | Asked::ForeseeKeys(_) | Asked::ChangeKeys(_) => of(&["keys"]),
            Asked::ForeseeRekey(_) | Asked::Rekey(_) => of(&["rekey"]),
            Asked::FindPerson(_) => of(&["subject", "erase"]),
            // What is handed over is whole.
            Asked::ForeseeHandOver(_) => of(&["subject"]),
            Asked::HandOver(_) => of(&["subject"]).unmasking(true, Unmasks::Whole),
            Asked::ForeseeErasure(_) | Asked::Erase(_) => of(&["erase"]),
        }
    }
}

/// What a verdict needs, whoever's screen or line it came from.
fn of_request(request: &Request) -> Needs {
    let needs = of_action(&request.action);
    let needs = if request.break_glass.is_some() { needs.and(&["break-glass"]) } else { needs };
    // A breach that it lets stand is waived with it.
    if request.waive.is_empty() { needs } else { needs.and(&["decide"]) }
}

fn of_action(action: &Action) -> Needs {
    let of = Needs::of;
    match action {
        Action::Merge { picks, .. } => {
            let sets = picks.values().any(|pick| *pick != Pick::Survivorship);
            if sets { of(&["decide"]).and(&["fix"]) } else { of(&["decide"]) }
        }
        Action::NotAMatch { .. }
        | Action::Unmerge { .. }
        | Action::Waive { .. }
        | Action::Quarantine { .. }
        | Action::Reopen { .. }
        | Action::Defer { .. }
        | Action::Escalate { .. }
        | Action::Ask { .. }
        | Action::Answer
        | Action::Accept
        | Action::Keep => of(&["decide"]),
        Action::Correct { .. } | Action::Pin { .. } => of(&["fix"]),
        Action::Grant { .. } | Action::Suspend { .. } => of(&["grant"]),
        Action::Hold { .. } | Action::Lift { .. } => of(&["hold"]),
        Action::Record { .. } | Action::Step { .. } => of(&["request"]),
        Action::Comment { .. } => of(&["comment"]),
        // Who may grant approves the grants of others, whether they approve anything else or not.
        Action::Approve { .. } | Action::Reject => of(&["approve", "grant"]),
        Action::Undo { .. } => of(&["undo"]),
    }
}

fn of_bulk(verdict: &BulkVerdict) -> Needs {
    match verdict {
        BulkVerdict::Correct { .. } => Needs::of(&["fix"]),
        BulkVerdict::Merge
        | BulkVerdict::NotAMatch
        | BulkVerdict::Accept
        | BulkVerdict::Keep
        | BulkVerdict::Defer { .. }
        | BulkVerdict::Escalate { .. }
        | BulkVerdict::Waive { .. }
        | BulkVerdict::Quarantine => Needs::of(&["decide"]),
        BulkVerdict::Approve | BulkVerdict::Reject => Needs::of(&["approve", "grant"]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::OPERATIONS;
    use domain::verbs;

    /// Operations that belong to being in, or to work that whoever asks has begun.
    const FREE: [&str; 5] = ["leave", "changes", "watch", "claim", "admitted"];

    #[test]
    fn each_verb_of_an_operation_is_one_that_a_role_may_have() {
        for (name, verb, _) in OPERATIONS {
            assert!(verbs::is_known(verb) || FREE.contains(verb), "{name}: {verb}");
        }
    }

    #[test]
    fn a_verdict_needs_the_same_in_a_bulk_as_alone() {
        let correct = BulkVerdict::Correct { values: Default::default(), cleared: Vec::new() };
        for (bulk, needed) in [
            (BulkVerdict::Merge, "decide"),
            (BulkVerdict::NotAMatch, "decide"),
            (BulkVerdict::Accept, "decide"),
            (BulkVerdict::Keep, "decide"),
            (BulkVerdict::Quarantine, "decide"),
            (BulkVerdict::Waive { rules: Vec::new() }, "decide"),
            (correct, "fix"),
        ] {
            assert_eq!(of_bulk(&bulk).verbs, [&[needed][..]], "{bulk:?}");
        }
        let mut request = Request::new(Action::Accept);
        assert_eq!(of_request(&request).verbs, [&["decide"]]);
        request.action = Action::Undo {
            decisions: Vec::new(),
            with_dependents: false,
            choices: Default::default(),
        };
        request.waive = vec!["email-syntax".into()];
        assert_eq!(of_request(&request).verbs, [&["undo"], &["decide"]]);
    }
}
