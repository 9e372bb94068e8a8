//! `steward.toml`: the governance of a workspace as one validated value.
//!
//! Lives here: the shape of the settings, reading them from text, explaining what is wrong with
//! them. Pure: text in, value or findings out.
//!
//! Does not live here: reading files or the environment; personal preferences (keys, theme).
//!
//! Start with [`Settings`], then [`parse()`]: each section is read beside its type, with what
//! `reader` offers; a check's arguments are one row in `check_reader`.

mod check_reader;
mod codes;
mod conventions;
mod country;
mod decisions;
mod encoding;
mod explain;
mod field;
mod fixed;
mod group_core;
mod matching;
mod merged;
mod nearest;
mod organisation;
mod parse;
mod preset;
mod queue;
mod reader;
mod rule;
mod rule_reader;
mod source;
mod starter;
mod survivorship;
mod wording;
mod workspace;
mod written;

pub use codes::{CodeList, Coded, Codes};
pub use conventions::{Conventions, PerField, UPDATED};
pub use decisions::{DecisionSettings, Reason};
pub use encoding::{encoding_name, no_encoding};
pub use explain::explain;
pub use field::Field;
pub use fixed::{FixedColumn, width};
pub use group_core::{CoreFill, GroupCore};
pub use matching::MatchingSettings;
pub use merged::MergedColumns;
pub use organisation::OrganisationFlag;
pub use parse::{Finding, parse};
pub use preset::{PRESETS, Preset};
pub use queue::{QueueSettings, SavedView};
pub use rule::{Check, Comparison, DateBound, RangeBounds, Rule};
pub use source::{KeyForm, ReadFor, Source, Trust, VanishedPolicy};
pub use starter::{DECISIONS, MATCHING, SURVIVORSHIP, quoted, starter};
pub use survivorship::{FieldGroup, Strategy, Survivorship};
pub use workspace::Workspace;
pub use written::{Written, delimiter};

use domain::{FieldType, Severity};

/// A whole, validated `steward.toml`.
#[derive(Debug, Clone, PartialEq)]
pub struct Settings {
    /// The text it was read from.
    pub text: String,
    /// BLAKE3 of the text in hexadecimal.
    pub fingerprint: String,
    /// `[workspace]`.
    pub workspace: Workspace,
    /// `[fields.*]`, in the order of the file: the order of screens and exports.
    pub fields: Vec<Field>,
    /// `[sources.*]`, in the order of the file.
    pub sources: Vec<Source>,
    /// `[codes.*]`, in the order of the file.
    pub codes: Vec<CodeList>,
    /// `[[rules]]`, in the order of the file.
    pub rules: Vec<Rule>,
    /// `[matching]`.
    pub matching: MatchingSettings,
    /// `[survivorship]`.
    pub survivorship: Survivorship,
    /// `[decisions]`.
    pub decisions: DecisionSettings,
    /// `[queue]` and `[views]`.
    pub queue: QueueSettings,
}

impl Settings {
    /// The field of that name.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<&Field> {
        self.fields.iter().find(|field| field.name.as_str() == name)
    }

    /// The source of that name.
    #[must_use]
    pub fn source(&self, name: &str) -> Option<&Source> {
        self.sources.iter().find(|source| source.name.as_str() == name)
    }

    /// The code list of a field.
    #[must_use]
    pub fn code_list(&self, field: &str) -> Option<&CodeList> {
        self.codes.iter().find(|list| list.field.as_str() == field)
    }

    /// The rule of that id.
    #[must_use]
    pub fn rule(&self, id: &str) -> Option<&Rule> {
        self.rules.iter().find(|rule| rule.id.as_str() == id)
    }

    /// Whether any rule's breach is an `error`.
    #[must_use]
    pub fn forbids_anything(&self) -> bool {
        self.rules.iter().any(|rule| rule.severity == Severity::Error)
    }

    /// The fields of one type, in order.
    pub fn fields_of(&self, field_type: FieldType) -> impl Iterator<Item = &Field> {
        self.fields.iter().filter(move |field| field.field_type == field_type)
    }
}
