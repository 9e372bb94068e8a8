//! What people are shown: plain values, complete, so that drawing needs no further question.

mod about;
mod access;
mod acknowledge;
mod agreement;
mod alike;
mod approval;
mod audit;
mod card;
mod comparison;
mod consent;
mod customer;
mod dashboard;
mod decision;
mod dispute;
mod explanation;
mod exports;
mod finder;
mod formation;
mod govern;
mod grants;
mod history;
mod imported;
mod imports;
mod jobs;
mod journeys;
mod keeping;
mod known;
mod matched;
mod measures;
mod own_figures;
mod preview;
mod queue;
mod recall;
mod record;
mod request;
mod reread;
mod retention;
mod rules;
mod runs;
mod runs_told;
mod summary;
mod task;
mod timeline;
mod together;
mod unmerged;
mod values;

pub use about::{AboutView, BoundRole, FoundRecord};
pub use access::{AccessView, PersonAccess};
pub use acknowledge::{Acknowledged, PolicyChange, PolicyView};
pub use agreement::{AgreementView, BetweenView, SecondLooksView};
pub use alike::AlikeView;
pub use approval::{ApprovalRow, ApprovalView, ApprovalsLine, ProposedThen, ProposedValue};
pub use audit::{AuditEntry, AuditSection, AuditView, DecidedBy};
pub use card::{CardLine, CardSection, CardTask, CardView};
pub use comparison::{ActivityLine, Cell, Column, Mark, MemberView, Words};
pub use consent::{
    ConsentNames, ConsentRow, ConsentStatement, ConsentView, PreferenceRow, PreferenceStatement,
};
pub use customer::{CustomerView, Revision};
pub use dashboard::{
    AGES, DashboardView, DayView, Pace, PersonView, QualityView, ScoresView, WaitingView, share,
};
pub use decision::{DecisionView, GroupView, LastDecided};
pub use dispute::{Dispute, Disputed};
pub use domain::{OrderBy, QueueOrder};
pub use explanation::{ExplanationView, StepView};
pub use exports::{
    Evaluation, ExportColumn, ExportOutcome, ExportedModel, FeedOutcome, ForPurposeView,
    ThresholdQuality,
};
pub use finder::{FinderHit, FinderReport};
pub use formation::{FormationView, JoinView, LinkView, PartView};
pub use govern::{
    AdoptedView, AdoptionView, ChangedSection, EditView, GoldenExample, GoldenShift, ProposalState,
    ProposalView, RetentionShift, RuleShift, SettingsDiff, TaskShift,
};
pub use grants::{
    AgainView, BoundView, ChecksView, GivenView, GrantDetail, GrantView, GrantsLine, GrantsView,
    HeldUpView, LaterView, StratumState, StratumView, SuspendedView, UnderGrantView,
};
pub use history::{Change, HistoryEntry};
pub use imported::{
    HeldBack, ImportOutcome, Lacking, NO_ROWS, PreviewRow, PreviewValue, Trouble, Troubled,
    WhyHeldBack,
};
pub use imports::{ImportView, ImportsView, QuarantineView, QuarantinedRowView};
pub use jobs::{JobEnd, JobId, JobKind, JobReport, JobView, MatchOutcome, ModelView};
pub use journeys::{AtStepRow, AtStepView, JourneyStepView, JourneyView, JourneysView};
pub use keeping::{
    BackupCopy, Beside, Erased, ErasedBeside, ErasureReach, ExportCopy, HeldKeys, KeyProtection,
    KeysView, RekeyOutcome, RequestLeft, SubjectView,
};
pub use known::KnownId;
pub use matched::{FoundView, MatchStatusView, StatedView, TaughtView};
pub use measures::{
    MeasureView, MeasuresView, SegmentDetail, SegmentMember, SegmentView, SegmentsView,
};
pub use own_figures::OwnFigures;
pub use preview::{NeedsApproval, PreviewView, TypedValue};
pub use queue::{
    Listed, PatternCount, PatternsView, QueueChanges, QueueCounts, QueueNews, QueueRow, QueueView,
    ReadSoFar, TaskLine, TaskPage, TaskRecords,
};
pub use recall::{MissedView, RecallView};
pub use record::{KeptColumn, OverlaidView, RecordValueView, RecordView};
pub use request::{
    MaybeSame, RecipientView, RequestView, RequestsLine, RestrictionView, StepTakenView,
};
pub use reread::{RereadExample, RereadOf, RereadOutcome, WhyGone};
pub use retention::{HoldView, Retained, RetainedActivities, RetentionView, UnattachedRetention};
pub use rules::{Counted, FailingRecord, FailingView, RuleCounts, RuleView};
pub use runs::{
    Between, By, First, Grew, GroupsDiff, RunTold, RunsDiff, SaidBand, SaidView, SettingChanged,
    Share, Split, TaskTold, TasksDiff, WeightMoved, Went,
};
pub use summary::{TaskSummary, WEAKEST_LINK, names_in};
pub use task::{
    ApartView, CoachLine, EarlierDecision, FieldView, FixView, LinkScore, TaskView, ViolationView,
};
pub use timeline::{ActivityView, TimelineRow, TimelineView};
pub use together::{Begun, Changed, CommentView, OthersView, Place, looking};
pub use unmerged::{CONTRADICTS, Competing, Unmerged};
pub use values::{
    ClusterView, CodeListView, CodeListsView, CorrectedSome, GoldenChange, HoldersView, ValueRow,
    ValuesCounted, ValuesView,
};
