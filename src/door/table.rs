//! The one table of operations: what each is answered with, its verb, its kind.

use serde::{Deserialize, Serialize};

use super::operation::{Kind, Operation};
use super::operations::*;
use super::outcome::{NotDone, Outcome};
use super::views::{
    AboutView, AccessView, AdoptedView, AdoptionView, AlikeView, ApprovalRow, ApprovalView,
    AtStepView, CardView, Changed, CodeListsView, ConsentView, CorrectedSome, CustomerView,
    DashboardView, DecisionView, EditView, Erased, ErasureReach, ExplanationView, ExportedModel,
    FailingView, FeedOutcome, FinderReport, FormationView, FoundRecord, GivenView, GrantDetail,
    GrantsView, HistoryEntry, HoldView, HoldersView, ImportView, ImportsView, JobView,
    JourneysView, KeysView, KnownId, LastDecided, MatchStatusView, MeasuresView, ModelView,
    OthersView, PatternsView, Place, PolicyView, PreviewView, ProposalView, QuarantineView,
    QueueNews, QueueRow, QueueView, ReadSoFar, RecordView, RekeyOutcome, RequestView,
    RetentionView, RuleView, SegmentDetail, SegmentsView, SubjectView, TaskPage, TaskView,
    TimelineView, ValuesView,
};
use super::way::{Encoder, Told, told_bytes};
use super::{BulkOutcome, Receipt, Request};
use domain::{CustomerId, DecisionId, Sequence, TaskId};

macro_rules! operations {
    // `$d` is a dollar: the macro that is made here has arguments of its own.
    (($d:tt) $($name:ident -> $answer:ty, $verb:literal, $kind:ident;)*) => {
        /// Any operation: what is handed through a door, and what a socket carries.
        #[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum Asked {
            $(#[doc = concat!("See [`", stringify!($name), "`].")] $name($name),)*
        }

        impl Asked {
            /// What roles, logs and the command line call it.
            #[must_use]
            pub fn verb(&self) -> &'static str {
                match self { $(Asked::$name(_) => $name::VERB,)* }
            }

            /// What it does to the workspace.
            #[must_use]
            pub fn kind(&self) -> Kind {
                match self { $(Asked::$name(_) => $name::KIND,)* }
            }

            /// What puts what is told of it into bytes, whoever keeps them from here on: a server hands
            /// operations in and answers on, and knows none of their answers.
            #[must_use]
            pub fn encoder(&self) -> Encoder {
                match self { $(Asked::$name(_) => told_bytes::<$name>,)* }
            }

            /// That it has no answer, told in this process.
            #[must_use]
            pub fn not_done(&self, why: NotDone) -> Told {
                match self {
                    $(Asked::$name(_) => Told::Here(Box::new(Outcome::<$answer>::Err(why))),)*
                }
            }
        }

        $(
            impl From<$name> for Asked {
                fn from(operation: $name) -> Self {
                    Asked::$name(operation)
                }
            }

            impl Operation for $name {
                type Answer = $answer;
                const VERB: &'static str = $verb;
                const KIND: Kind = Kind::$kind;
            }
        )*

        /// Every operation by name, with its verb and kind.
        pub const OPERATIONS: &[(&str, &str, Kind)] =
            &[$((stringify!($name), $name::VERB, $name::KIND),)*];

        /// Does the same with whatever operation was asked: `carry!(asked, operation => ...)`.
        #[macro_export]
        macro_rules! carry {
            ($d asked:expr, $d operation:ident => $d does:expr) => {
                match $d asked {
                    $($d crate::Asked::$name($d operation) => $d does,)*
                }
            };
        }
    };
}

operations! { ($)
    // The queue.
    Queue -> QueueView, "tasks", Ask;
    QueueSince -> QueueNews, "tasks", Ask;
    QueueRows -> Vec<QueueRow>, "tasks", Ask;
    TaskReasons -> Vec<String>, "tasks", Ask;
    PrepareQueue -> ReadSoFar, "tasks", Ask;
    Patterns -> PatternsView, "tasks", Ask;
    CountWhere -> Vec<Option<usize>>, "tasks", Ask;
    ListTasks -> TaskPage, "tasks", Ask;
    TasksWhere -> Vec<TaskId>, "tasks", Ask;
    Find -> FinderReport, "find", Wait;
    Alike -> Vec<AlikeView>, "find", Ask;

    // One thing, whole.
    ShowTask -> TaskView, "show", Ask;
    Compare -> TaskView, "show", Ask;
    KeepInClear -> (), "show", Ask;
    ShowRecord -> RecordView, "show", Ask;
    ShowCustomer -> CustomerView, "show", Ask;
    ShowDecision -> DecisionView, "show", Ask;
    History -> Vec<HistoryEntry>, "history", Ask;
    Explain -> ExplanationView, "explain", Ask;
    ExplainGroup -> FormationView, "explain", Ask;
    Follow -> Option<CustomerId>, "show", Ask;
    FindRecord -> FoundRecord, "show", Ask;
    Timeline -> TimelineView, "show", Ask;
    Card -> CardView, "show", Ask;
    Consent -> ConsentView, "show", Ask;
    Journeys -> JourneysView, "dashboard", Ask;
    AtStep -> AtStepView, "show", Ask;
    Measures -> MeasuresView, "show", Ask;
    Segments -> SegmentsView, "dashboard", Ask;
    ShowSegment -> SegmentDetail, "show", Ask;
    Holds -> Vec<HoldView>, "show", Ask;
    Requests -> Vec<RequestView>, "show", Ask;

    // Decisions.
    Approvals -> Vec<ApprovalRow>, "tasks", Ask;
    ShowApproval -> ApprovalView, "show", Ask;
    Preview -> PreviewView, "decide", Ask;
    Decide -> Receipt, "decide", Decide;
    DecideSome -> BulkOutcome, "decide", Decide;
    FitBulk -> (), "decide", Ask;
    WholeTask -> Request, "decide", Ask;
    DecideInBulk -> BulkOutcome, "decide", Decide;
    DecisionsOf -> Vec<DecisionId>, "history", Ask;
    Standing -> Vec<DecisionId>, "history", Ask;
    LastDecision -> Option<LastDecided>, "history", Ask;
    Claim -> Option<QueueRow>, "claim", Decide;
    Release -> Option<QueueRow>, "claim", Decide;
    GiveUp -> Option<QueueRow>, "claim", Decide;
    Leave -> (), "leave", Ask;

    // Beside others.
    Changes -> Changed, "changes", Wait;
    LookAt -> OthersView, "show", Ask;
    KeepPlace -> (), "tasks", Ask;
    TakeUp -> Option<Place>, "tasks", Ask;

    // Merging that people grant.
    Grants -> GrantsView, "grant", Ask;
    ShowGrant -> GrantDetail, "grant", Ask;
    GiveGrant -> GivenView, "grant", Decide;
    SuspendGrant -> Receipt, "grant", Decide;

    // The workspace as a whole.
    KnownIds -> Vec<KnownId>, "tasks", Ask;
    About -> AboutView, "check", Ask;
    Dashboard -> DashboardView, "dashboard", Ask;
    Rules -> Vec<RuleView>, "rules", Ask;
    Failing -> FailingView, "rules", Ask;
    Imports -> ImportsView, "imports", Ask;
    ShowImport -> ImportView, "imports", Ask;
    Quarantine -> QuarantineView, "imports", Ask;

    // Changes of the settings.
    AskEdit -> EditView, "check", Ask;
    DiffSettings -> JobView, "govern", Ask;
    AdoptSettings -> AdoptedView, "govern", Run;
    ProposeSettings -> ProposalView, "govern", Decide;
    WithdrawProposal -> ProposalView, "govern", Decide;
    SettingsProposals -> Vec<ProposalView>, "govern", Ask;
    ReadSettings -> String, "govern", Ask;
    SettingsChanges -> Vec<AdoptionView>, "govern", Ask;
    OwnChanges -> PolicyView, "govern", Ask;
    Acknowledge -> PolicyView, "govern", Decide;

    // Long work.
    Import -> JobView, "import", Run;
    Create -> JobView, "create", Run;
    Reread -> JobView, "reread", Run;
    Match -> JobView, "match", Run;
    ReadModel -> ModelView, "match", Ask;
    MatchStatus -> MatchStatusView, "match", Ask;
    CompareRuns -> JobView, "match", Ask;
    Export -> JobView, "export", Run;
    ExportModel -> ExportedModel, "export", Run;
    BeginEvents -> Sequence, "export", Run;
    EndEvents -> (), "export", Run;
    Feed -> JobView, "feed", Run;
    FeedOn -> Option<FeedOutcome>, "feed", Run;
    EndFeed -> (), "feed", Run;
    Evaluate -> JobView, "evaluate", Ask;
    Audit -> JobView, "audit", Ask;
    Watch -> Option<JobView>, "watch", Wait;
    Cancel -> Option<JobView>, "cancel", Run;

    // The values of a field.
    CountValues -> JobView, "values", Ask;
    Values -> ValuesView, "values", Ask;
    Holders -> HoldersView, "values", Ask;
    CorrectSome -> CorrectedSome, "decide", Decide;
    CountCodes -> JobView, "check", Ask;
    CodeLists -> CodeListsView, "check", Ask;

    // Keeping the workspace.
    NoteAccess -> (), "otp", Decide;
    Admitted -> (), "admitted", Ask;
    Access -> AccessView, "access", Ask;
    Keys -> KeysView, "keys", Ask;
    ForeseeKeys -> KeysView, "keys", Ask;
    ChangeKeys -> KeysView, "keys", Run;
    ForeseeRekey -> RekeyOutcome, "rekey", Ask;
    Rekey -> JobView, "rekey", Run;
    FindPerson -> CustomerId, "subject", Ask;
    ForeseeHandOver -> SubjectView, "subject", Ask;
    HandOver -> SubjectView, "subject", Run;
    ForeseeErasure -> ErasureReach, "erase", Ask;
    Erase -> Erased, "erase", Run;
    ForeseeRetention -> RetentionView, "retain", Ask;
    Retain -> RetentionView, "retain", Run;
}
