//! `steward.toml`: the governance of a workspace as one validated value.
//!
//! Lives here: the shape of the settings, reading them from text, explaining what is wrong with
//! them. Pure: text in, value or findings out.
//!
//! Does not live here: reading files or the environment; personal preferences (keys, theme).
//!
//! Start with [`Settings`], then [`parse()`]: each section is read beside its type, with what
//! `reader` offers; a check's arguments are one row in `check_reader`.

mod about;
mod approvals;
mod by_hand;
mod changes;
mod check_reader;
mod codes;
mod conventions;
mod country;
mod decisions;
mod deleted;
mod encoding;
mod explain;
mod field;
mod fixed;
mod governed;
mod group_core;
mod journey;
mod keep;
mod link;
mod matching;
mod measure;
mod merged;
mod nearest;
mod organisation;
mod parse;
mod people;
mod policy;
mod preset;
mod purpose;
mod queue;
mod reader;
mod remedy;
mod requests;
mod retention;
mod review;
mod roles;
mod rule;
mod rule_reader;
mod segment;
mod serve;
mod source;
mod ssh_key;
mod starter;
mod stream;
mod stream_preset;
mod streams_told;
mod survivorship;
mod told;
mod wording;
mod workspace;
mod written;
mod yes;
mod zoned;

pub use about::{AboutField, ConsentFields};
pub use approvals::{APPROVAL_NAMES, APPROVED_VERDICTS, ApprovalRule};
pub use by_hand::{ByHand, MOST_NEVER, PinnedWeight, SOURCE};
pub use changes::{ChangedSetting, changes, names_person, sensitive_in};
pub use codes::{CodeList, Coded, Codes};
pub use conventions::{Conventions, PerField, UPDATED};
pub use decisions::{DecisionSettings, Reason};
pub use deleted::DeletedMark;
pub use encoding::{encoding_name, no_encoding};
pub use explain::explain;
pub use field::Field;
pub use fixed::{FixedColumn, width};
pub use governed::warnings;
pub use group_core::{CoreFill, GroupCore};
pub use journey::{Journey, JourneyStep, StepOrder, Window};
pub use keep::Keep;
pub use matching::MatchingSettings;
pub use measure::{Measure, RESERVED, expected_of};
pub use merged::MergedColumns;
pub use organisation::{OrganisationFlag, names_organisation, says_whether_organisation};
pub use parse::{Finding, parse};
pub use people::Person;
pub use policy::{OverlayPolicy, PolicySettings};
pub use preset::{PRESETS, Preset};
pub use purpose::{LegalBasis, Purpose};
pub use queue::{QueueSettings, SavedView};
pub use remedy::Remedy;
pub use requests::RequestSettings;
pub use retention::{About, Retained, RetentionRule};
pub use review::{ReviewSettings, SecondBy};
pub use roles::{Acting, Role};
pub use rule::{Check, Comparison, DateBound, RangeBounds, Rule};
pub use segment::Segment;
pub use serve::ServeSettings;
pub use source::{KeyForm, ReadFor, Source, Trust, Unmapped, VanishedPolicy};
pub use ssh_key::PublicKey;
pub use starter::{DECISIONS, MATCHING, SURVIVORSHIP, quoted, starter};
pub use stream::{CurrencyOf, KindOf, Property, Stream, part};
pub use stream_preset::StreamPreset;
pub use survivorship::{FieldGroup, SOURCE_OF_RECORD, Step, Strategy, Survivorship};
pub use told::{PEOPLE, ToldChange, told, told_to};
pub use workspace::Workspace;
pub use written::{Written, delimiter};
pub use yes::Said;
pub use zoned::{without_zone, zone_in_header};

use domain::{FieldType, Severity, Shown};

/// What whoever judges a task needs of a role.
const JUDGING: [&str; 2] = ["show", "decide"];

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
    /// `[purposes.*]`, in the order of the file.
    pub purposes: Vec<Purpose>,
    /// `[sources.*]`, in the order of the file.
    pub sources: Vec<Source>,
    /// `[streams.*]`, in the order of the file.
    pub streams: Vec<Stream>,
    /// `[[journeys]]`, in the order of the file.
    pub journeys: Vec<Journey>,
    /// `[measures.*]`, in the order of the file.
    pub measures: Vec<Measure>,
    /// `[segments.*]`, in the order of the file.
    pub segments: Vec<Segment>,
    /// `[codes.*]`, in the order of the file.
    pub codes: Vec<CodeList>,
    /// `[[rules]]`, in the order of the file.
    pub rules: Vec<Rule>,
    /// `[matching]`.
    pub matching: MatchingSettings,
    /// `[[matching.rules]]` and `[matching.weights]`.
    pub by_hand: ByHand,
    /// `[survivorship]`.
    pub survivorship: Survivorship,
    /// `[decisions]`.
    pub decisions: DecisionSettings,
    /// `[review]`.
    pub review: ReviewSettings,
    /// `[queue]` and `[views]`.
    pub queue: QueueSettings,
    /// `[people.*]`, in the order of the file; none: only the owner of the workspace comes in.
    pub people: Vec<Person>,
    /// `[roles.*]`, in the order of the file; none: whoever comes in may do everything.
    pub roles: Vec<Role>,
    /// `[serve]`.
    pub serve: ServeSettings,
    /// `[[retention]]`, in the order of the file.
    pub retention: Vec<RetentionRule>,
    /// `[[approvals]]`, in the order of the file: which verdicts somebody else approves.
    pub approvals: Vec<ApprovalRule>,
    /// `[requests]`.
    pub requests: RequestSettings,
    /// `[policy]`.
    pub policy: PolicySettings,
    /// In which role somebody sees things by these settings. Not read from the file: the desk says so for
    /// whoever it works for.
    pub acting: Option<Acting>,
}

impl Settings {
    /// The field of that name.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<&Field> {
        self.fields.iter().find(|field| field.name.as_str() == name)
    }

    /// The stream of that name.
    #[must_use]
    pub fn stream(&self, name: &str) -> Option<&Stream> {
        self.streams.iter().find(|stream| stream.name.as_str() == name)
    }

    /// The measure of that name.
    #[must_use]
    pub fn measure(&self, name: &str) -> Option<&Measure> {
        self.measures.iter().find(|measure| measure.name.as_str() == name)
    }

    /// The segment of that name.
    #[must_use]
    pub fn segment(&self, name: &str) -> Option<&Segment> {
        self.segments.iter().find(|segment| segment.name == name)
    }

    /// The purpose of that name.
    #[must_use]
    pub fn purpose(&self, name: &str) -> Option<&Purpose> {
        self.purposes.iter().find(|purpose| purpose.name == name)
    }

    /// The channels that fields of type consent are about, each once.
    #[must_use]
    pub fn channels(&self) -> Vec<&str> {
        let fields = self.fields.iter();
        let mut channels: Vec<&str> =
            fields.filter_map(|field| field.about.consent.channel.as_deref()).collect();
        channels.sort_unstable();
        channels.dedup();
        channels
    }

    /// Whether a field is used for a purpose: it names it, or says who consents to it, or dates, ends or proves that.
    #[must_use]
    pub fn is_used_for(&self, field: &Field, purpose: &Purpose) -> bool {
        let says = |holder: &&Field| purpose.consent.contains(&holder.name);
        let mut holders = self.fields.iter().filter(says);
        field.about.purpose.contains(&purpose.name)
            || holders.any(|holder| {
                holder.name == field.name
                    || holder.about.consent.named().any(|name| *name == field.name)
            })
    }

    /// The purposes whose consent a field holds.
    pub fn purposes_of(&self, field: &str) -> impl Iterator<Item = &Purpose> {
        self.purposes.iter().filter(move |it| it.consent.iter().any(|own| own.as_str() == field))
    }

    /// The fields that no purpose is named for; none where there are no purposes at all.
    #[must_use]
    pub fn without_purpose(&self) -> Vec<&Field> {
        if self.purposes.is_empty() {
            return Vec::new();
        }
        // A field that says who consents, or dates or proves it, serves the purpose whose consent that is.
        let serves = |field: &Field| {
            let mut holders = self.fields.iter().filter(|holder| {
                holder.name == field.name
                    || holder.about.consent.named().any(|it| *it == field.name)
            });
            holders.any(|holder| self.purposes_of(holder.name.as_str()).next().is_some())
        };
        let fields = self.fields.iter();
        fields.filter(|field| field.about.purpose.is_empty() && !serves(field)).collect()
    }

    /// Whether values of a field are masked for whoever sees things by these settings.
    #[must_use]
    pub fn is_masked(&self, field: &Field) -> bool {
        field.sensitive || self.acting.as_ref().is_some_and(|it| it.mask.contains_key(&field.name))
    }

    /// Whether values of the field of that name are masked; see [`Settings::is_masked`].
    #[must_use]
    pub fn masks(&self, field: &str) -> bool {
        self.field(field).is_some_and(|field| self.is_masked(field))
    }

    /// A value as it is seen where its field is masked.
    pub fn mask(&self, field: &Field, value: &mut Shown) {
        match self.acting.as_ref().and_then(|acting| acting.mask.get(&field.name)) {
            Some(kind) => value.mask_as(*kind, field.field_type),
            None if field.sensitive => value.mask(field.field_type),
            None => {}
        }
    }

    /// The role of that name.
    #[must_use]
    pub fn role(&self, name: &str) -> Option<&Role> {
        self.roles.iter().find(|role| role.name == name)
    }

    /// In which role somebody decides; `steward` where no role binds them.
    #[must_use]
    pub fn acting_role(&self) -> &str {
        self.acting.as_ref().map_or("steward", |acting| acting.role.as_str())
    }

    /// The person of that id.
    #[must_use]
    pub fn person(&self, id: &str) -> Option<&Person> {
        self.people.iter().find(|person| person.id == id)
    }

    /// The people who may see a task and decide it: those who can be asked for a second opinion.
    pub fn who_may_judge(&self) -> impl Iterator<Item = &Person> {
        let may = |person: &&Person| {
            let role = person.role.as_deref().and_then(|role| self.role(role));
            self.roles.is_empty()
                || role.is_some_and(|role| JUDGING.iter().all(|verb| role.may.contains(*verb)))
        };
        self.people.iter().filter(may)
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
