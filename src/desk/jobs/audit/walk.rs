//! The ledger's commits, told as an audit asks.

use std::collections::HashMap;

use crate::error::DeskError;
use crate::facts::Facts;
use crate::jobs::export::MASKED_FOR;
use domain::event::{
    ExportBegun, Exported, ImportFinished, ImportStarted, MatchFinished, PersonErased,
    SettingsAdopted, Unmasked,
};
use domain::{
    Commit, CustomerId, Decision, Event, ImportId, RequestStep, Sequence, Subject, Verdict, counted,
};
use door::views::{AuditEntry, AuditSection, AuditView};
use settings::ChangedSetting;

/// Keys that say who may what, and what is masked.
const OF_PEOPLE: [&str; 3] = ["people", "roles", "approvals"];
const MASKING: &str = ".sensitive";
/// Other keys whose texts are told: words of steward's own.
const TOLD: [&str; 12] = [
    "severity", "check", "type", "after", "keep", "from", "then", "basis", "expires", "unmapped",
    "of", "order",
];
/// How many customers of one look are named.
const NAMED: usize = 10;

/// How a decision came to be approved, or did not wait; no values, and no words of anybody.
fn of_consent(decision: &Decision) -> String {
    let verdict = decision.verdict.name();
    match (decision.approves, &decision.broken_glass) {
        (Some(proposal), _) => format!("{verdict}: approved {proposal}"),
        (None, Some(glass)) => format!("{verdict}: did not wait for {} ({})", glass.by, glass.task),
        (None, None) => {
            let of: Vec<String> = decision.subjects.iter().map(ToString::to_string).collect();
            format!("{verdict} of {}", of.join(", "))
        }
    }
}

/// Tells commits one after the other.
pub(super) struct Walk<'w, 'f> {
    facts: Facts<'f>,
    view: &'w mut AuditView,
    /// The settings adopted last.
    text: Option<String>,
    /// Where the exports that have not ended stand among the entries.
    begun: HashMap<Sequence, usize>,
    /// The same of imports.
    started: HashMap<ImportId, usize>,
}

impl<'w, 'f> Walk<'w, 'f> {
    pub(super) fn new(facts: Facts<'f>, view: &'w mut AuditView) -> Self {
        Walk { facts, view, text: None, begun: HashMap::new(), started: HashMap::new() }
    }

    /// Takes up one commit.
    pub(super) fn commit(&mut self, commit: Commit) -> Result<(), DeskError> {
        for event in &commit.events {
            match event {
                Event::SettingsAdopted(adopted) => self.settings(&commit, adopted)?,
                Event::AccessNoted(noted) => {
                    self.told(&commit, AuditSection::Access, noted.to_string())
                }
                Event::RefusedByRole(refused) => {
                    self.told(&commit, AuditSection::Refusal, refused.to_string());
                }
                Event::SettingsProposed(proposed) => {
                    let what = format!("{} proposed", proposed.proposal);
                    self.told(&commit, AuditSection::Rules, what);
                }
                Event::ProposalWithdrawn(withdrawn) => {
                    let what = format!("{} withdrawn", withdrawn.proposal);
                    self.told(&commit, AuditSection::Rules, what);
                }
                Event::SettingsAcknowledged(event) => {
                    let what = format!("settings of commit {} acknowledged", event.adopted);
                    self.told(&commit, AuditSection::Rules, what);
                }
                Event::Unmasked(seen) => {
                    self.told(&commit, AuditSection::Unmasking, unmasked(seen))
                }
                Event::ExportBegun(begun) => {
                    self.begun.insert(commit.sequence, self.view.entries.len());
                    self.told(&commit, AuditSection::Export, of_export(begun));
                }
                Event::Exported(ended) => self.exported(&commit, ended),
                Event::PersonErased(erased) => {
                    self.told(&commit, AuditSection::Erasure, of_erasure(erased));
                }
                Event::ImportStarted(started) => {
                    self.started.insert(started.import, self.view.entries.len());
                    self.told(&commit, AuditSection::Import, of_import(started));
                }
                Event::ImportFinished(ended) => self.imported(ended),
                Event::MatchFinished(ended) => {
                    self.told(&commit, AuditSection::Match, of_match(ended));
                }
                Event::DecisionMade(made) => {
                    let came = commit.actor.came.as_ref();
                    let decision = &made.decision;
                    if let Some(step) = decision.request.as_deref() {
                        let task = decision.task.map(|task| task.to_string()).unwrap_or_default();
                        let what = match step {
                            RequestStep::Opened(asked) => {
                                format!("recorded, {}, received {}", asked.kind, asked.received)
                            }
                            RequestStep::Extended { until } => format!("extended until {until}"),
                            step => step.name().to_owned(),
                        };
                        let what = format!("{} {task}: {what}", decision.id);
                        self.told(&commit, AuditSection::Request, what);
                    }
                    if matches!(decision.verdict, Verdict::Hold | Verdict::Lift) {
                        let named = decision.subjects.iter().filter_map(|it| match it {
                            Subject::Customer(customer) => Some(customer.to_string()),
                            _ => None,
                        });
                        let named: Vec<String> = named.collect();
                        let what = format!(
                            "{} {}: {}",
                            decision.id,
                            decision.verdict.name(),
                            named.join(", ")
                        );
                        self.told(&commit, AuditSection::Hold, what);
                    }
                    let answers = matches!(decision.verdict, Verdict::Approve | Verdict::Reject);
                    if answers || decision.broken_glass.is_some() || decision.approves.is_some() {
                        let what = format!("{} {}", decision.id, of_consent(decision));
                        self.told(&commit, AuditSection::Approval, what);
                    }
                    self.view.count(&commit.actor.person, made.decision.verdict, came);
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// Says what has not come to its end.
    pub(super) fn end(self) {
        let Walk { view, begun, started, .. } = self;
        let mut open: Vec<usize> = begun.into_values().chain(started.into_values()).collect();
        open.sort_unstable();
        for at in open {
            let entry = &mut view.entries[at];
            entry.what.push_str(": not ended");
            let of = match entry.about {
                AuditSection::Import => "the import",
                _ => "the export",
            };
            let sequence = entry.sequence.unwrap_or_default();
            view.unfinished.push(format!("{of} of commit {sequence}"));
        }
    }

    fn told(&mut self, commit: &Commit, about: AuditSection, what: String) {
        self.view.entries.push(AuditEntry {
            about,
            sequence: Some(commit.sequence),
            at: commit.at,
            by: commit.actor.person.clone(),
            came: commit.actor.came.clone(),
            what,
        });
    }

    /// One entry a change; the first settings of a workspace are one in all.
    fn settings(&mut self, commit: &Commit, adopted: &SettingsAdopted) -> Result<(), DeskError> {
        let before = match (self.text.take(), adopted.previous) {
            (Some(text), _) => Some(text),
            (None, Some(previous)) => self.settings_of(previous)?,
            (None, None) => None,
        };
        match before {
            Some(before) => {
                let from = adopted.proposal.map_or(String::new(), |of| format!(", from {of}"));
                let changed = settings::changes(&before, &adopted.text);
                if changed.is_empty() {
                    let what = format!("comments or the order of keys{from}");
                    self.told(commit, AuditSection::Rules, what);
                }
                for change in changed {
                    let what = format!("{}{from}", of_change(&change));
                    self.told(commit, section_of(&change), what);
                }
            }
            None => self.told(commit, AuditSection::Rules, "the first settings".to_owned()),
        }
        self.text = Some(adopted.text.clone());
        Ok(())
    }

    fn settings_of(&self, sequence: Sequence) -> Result<Option<String>, DeskError> {
        let commit = self.facts.ledger.commit(sequence)?;
        let text = commit.events.into_iter().find_map(|event| match event {
            Event::SettingsAdopted(adopted) => Some(adopted.text),
            _ => None,
        });
        Ok(text)
    }

    fn exported(&mut self, commit: &Commit, ended: &Exported) {
        let rows = counted(ended.rows, "row", "rows");
        match ended.begun.and_then(|begun| self.begun.remove(&begun)) {
            Some(at) => self.view.entries[at].what.push_str(&format!(": {rows}")),
            None => {
                let Exported { dataset, format, filter, destination, .. } = ended;
                let what = export_in_words((dataset, format), filter, destination);
                self.told(commit, AuditSection::Export, format!("{what}: {rows}"));
            }
        }
    }

    fn imported(&mut self, ended: &ImportFinished) {
        // One that began before the span was told by then.
        let Some(at) = self.started.remove(&ended.import) else { return };
        let report = &ended.report;
        let mut told = format!(
            ": {}, {} new, {} changed",
            counted(report.read, "row", "rows"),
            report.new,
            report.changed
        );
        for (count, what) in [
            (report.quarantined, "quarantined"),
            (report.suppressed, "of people who were erased"),
            (report.closed, "closed"),
        ] {
            if count > 0 {
                told.push_str(&format!(", {count} {what}"));
            }
        }
        self.view.entries[at].what.push_str(&told);
    }
}

/// What the change of a setting is about.
fn section_of(change: &ChangedSetting) -> AuditSection {
    let first = change.key.split('.').next().unwrap_or_default();
    let is_of_people = OF_PEOPLE.contains(&first) || change.key.ends_with(MASKING);
    if is_of_people { AuditSection::People } else { AuditSection::Rules }
}

/// The value of a setting is told where it can be nobody's: a filter, a pattern or a list of values may name
/// somebody.
fn of_change(change: &ChangedSetting) -> String {
    let ChangedSetting { key, before, after } = change;
    let last = key.rsplit('.').next().unwrap_or_default();
    let is_plain =
        |value: &Option<String>| value.as_ref().is_none_or(|value| !value.contains(['"', '\'']));
    let is_view = key.starts_with("views.");
    let is_told = section_of(change) == AuditSection::People
        || !is_view && (TOLD.contains(&last) || is_plain(before) && is_plain(after));
    match (before, after) {
        (Some(before), Some(after)) if is_told => format!("{key}: {before} -> {after}"),
        (None, Some(after)) if is_told => format!("{key}: added, {after}"),
        (Some(before), None) if is_told => format!("{key}: removed, was {before}"),
        (Some(_), Some(_)) => format!("{key}: changed"),
        (None, _) => format!("{key}: added"),
        (_, None) => format!("{key}: removed"),
    }
}

fn unmasked(seen: &Unmasked) -> String {
    let fields: Vec<&str> = seen.fields.iter().map(domain::FieldName::as_str).collect();
    let fields = match &fields[..] {
        [] => "everything".to_owned(),
        fields => fields.join(", "),
    };
    match (&seen.subjects[..], seen.quarantine) {
        (_, Some(import)) => format!("rows in quarantine of {import}, whole"),
        ([], None) => format!("{fields} of everybody"),
        (subjects, None) => {
            let named = subjects.iter().take(NAMED).map(Subject::to_string);
            let named = named.collect::<Vec<_>>().join(", ");
            let more = subjects.len().saturating_sub(NAMED);
            let more = if more > 0 { format!(" and {more} more") } else { String::new() };
            format!("{fields} of {named}{more}")
        }
    }
}

fn of_export(begun: &ExportBegun) -> String {
    let ExportBegun { dataset, format, filter, destination, .. } = begun;
    export_in_words((dataset, format), filter, destination)
}

/// The filter may hold a value, so that there is one is all that is said.
fn export_in_words((dataset, format): (&str, &str), filter: &str, destination: &str) -> String {
    // What it is masked for stands last.
    let (filter, masked) = match filter.rsplit_once(MASKED_FOR) {
        Some((before, _)) if before.is_empty() || before.ends_with(", ") => (before, ", masked"),
        _ => (filter, ""),
    };
    let filtered = if filter.is_empty() { "" } else { ", filtered" };
    let to = if destination == "-" { "standard output" } else { destination };
    format!("{dataset} as {format}{filtered}{masked}, to {to}")
}

fn of_erasure(erased: &PersonErased) -> String {
    if erased.customer == CustomerId::NOBODY {
        return format!("activities that belonged to nobody, reason {}", erased.reason);
    }
    let records = counted(erased.records.len() as u64, "record", "records");
    let request = erased.request.map(|task| format!(", for {task}")).unwrap_or_default();
    format!("{} with {records}, reason {}{request}", erased.customer, erased.reason)
}

fn of_import(started: &ImportStarted) -> String {
    let ImportStarted { import, source, file, format, reread, .. } = started;
    if reread.is_some() {
        return format!("{import}: what {source} had delivered was read again");
    }
    if format == ImportStarted::BY_HAND {
        return format!("{import}: a record of {source} entered by hand");
    }
    let file = if file == "-" { "standard input" } else { file };
    match &started.stream {
        Some(stream) => format!("{import}: {file} of {source}, stream {stream}"),
        None => format!("{import}: {file} of {source}"),
    }
}

fn of_match(ended: &MatchFinished) -> String {
    let model = if ended.model_file.is_some() { ", by a model from a file" } else { "" };
    format!(
        "{}: {}, {}, {}{model}",
        ended.run,
        counted(ended.records, "record", "records"),
        counted(ended.merged, "customer merged away", "customers merged away"),
        counted(ended.tasks, "task opened", "tasks opened")
    )
}

#[cfg(test)]
mod tests {
    use super::export_in_words;

    #[test]
    fn an_export_is_told_as_masked_or_filtered_or_both() {
        for (filter, expected) in [
            ("", "golden as csv, to g.csv"),
            ("where city = ?", "golden as csv, filtered, to g.csv"),
            ("masked for clerk: email phone", "golden as csv, masked, to g.csv"),
            (
                "where city = ?, masked for clerk: email",
                "golden as csv, filtered, masked, to g.csv",
            ),
        ] {
            assert_eq!(export_in_words(("golden", "csv"), filter, "g.csv"), expected);
        }
    }
}
