//! Matching: which records are the same customer, how sure that is, and why.
//!
//! Lives here: everything from harmonised values to a model, merges the machine may make, groups
//! for a person and the waterfall of any two records. Pure: no I/O, no clock, no chance; the same
//! outcome on any number of threads and in any order of input.
//!
//! Does not live here: what becomes of merges and proposals (`desk`), golden values (`merge`).
//!
//! The way of a run, [`run`]: [`Columns`] (values interned by `interner`, those that are compared
//! laid near each other by `nearness`, `facts` about each) →
//! `blocking` (candidate pairs) → `compare` (levels) → `candidates` (patterns of levels) →
//! `estimate` (what levels are worth, by expectation and maximisation; held by `ordered`, so that more
//! agreement never weighs less) → `frequency` (how common
//! values are) → `score`, `screen` (scores by pattern) → `group` (with `cluster`, and `earn` for
//! what the machine may merge; `two_people` for whom it never takes for one). Values that identify
//! nobody are left out before all that (`crowd`). What people decided teaches a layer over the
//! scores (`learned`).
//! [`rerun()`] repeats this under an earlier [`Model`] for some records and all they may be one with;
//! `snapshot` is the columns as bytes.
//! `likeness` tells field by field how values stand to each other, by the levels of comparisons.
//! Afterwards [`score()`] and [`explain()`] answer for any two records from the [`Model`] alone.
//! What people answer about samples lets them grant the merges of the rest, with a bound ([`grants`]).
//! [`identity_change`] tells whether a delivery makes somebody else of a record.
//! [`moved()`] tells two models apart.
//! [`evaluate`] measures against a known truth and is the only part that ever sees one.
//!
//! Sources: Fellegi and Sunter, "A Theory for Record Linkage" (1969); Winkler on string
//! comparison (1990) and on classes beside match and non-match (1993); Larsen and Rubin,
//! "Iterative Automated Record Linkage Using Mixture Models" (2001).
//!
//! Start with [`run`] in `engine`.

// The simulation of promises is shared with a benchmark, which names the crate.
#[cfg(test)]
extern crate self as matching;

mod address;
mod bearer;
mod blocking;
mod by_hand;
mod candidates;
mod cluster;
mod columns;
mod compare;
mod contested;
mod crowd;
mod earn;
pub mod elusion;
mod engine;
mod estimate;
pub mod evaluate;
mod explain;
mod facts;
mod family_first;
mod family_names;
mod forget;
mod formation;
mod frequency;
mod gender_forms;
mod generations;
mod given_names;
pub mod grants;
mod group;
mod hash;
mod identity;
mod interner;
mod joined;
mod lack;
mod ladder;
mod layout;
mod learned;
mod legal_forms;
mod likeness;
mod model;
mod moved;
mod nearly;
mod nearness;
mod ordered;
mod others;
mod pairs;
mod parentage;
mod portrait;
mod read_records;
mod rerun;
mod score;
mod screen;
mod snapshot;
mod spelling;
pub mod splink;
#[cfg(test)]
mod tests;
mod text;
mod two_people;
mod weight;
mod written;

pub use blocking::{CutBlock, RuleCount};
pub use by_hand::{MOST_HOLDERS, Sides};
pub use columns::{Columns, ColumnsBuilder};
pub use contested::{Beside, Claim, Torn, contested, is_torn};
pub use crowd::CrowdedValue;
pub use engine::{
    AutoMerge, Cancelled, Constraints, KindReport, Outcome, Progress, Proposal, Report, Request,
    Silent, run,
};
pub use explain::{DECISIONS, Explanation, RULE, Step, compared_fields, explain, score, standing};
pub use forget::{forget_frequencies, frequency_fingerprints};
pub use formation::{Formation, Join, PairLink, formation};
pub use identity::{
    IdentityChange, identity_change, is_identifying, is_named_alike, names_somebody,
};
pub use lack::Lacking;
pub use ladder::LADDER;
pub use learned::{
    JudgedJoin, Judgement, LEAST_JOINS, Link, Refit, Stated, StatedBand, Taught, Worth, joins_of,
    link,
};
pub use legal_forms::have_other_legal_forms;
pub use likeness::{Likeness, Likenesses, Standing, level_words};
pub use model::{Class, Model};
pub use moved::{MovedWeight, PRIOR, moved};
pub use pairs::{ScoredPair, comparison_names, fits, scored_pairs};
pub use portrait::Kind;
pub use read_records::{ReadRecords, RecordReader};
pub use rerun::{Rerun, alike, rerun, serves};
pub use snapshot::{PIECE, SnapshotReader, recipe};
pub use spelling::{COMPARED, Kinship, SpelledAlike, can_be_misspelled, spelled_alike};
