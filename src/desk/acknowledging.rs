//! Acknowledging settings: what they changed since somebody last said that they have read it.
//!
//! Asked are the people of `[people.*]`. For somebody who has acknowledged nothing yet it begins with the settings
//! that named them first. Whoever adopts settings knows what they say.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::core::Desk;
use super::error::{Decided, DeskError};
use domain::event::SettingsAcknowledged;
use domain::{Event, Sequence};
use door::Refusal;
use door::views::{Acknowledged, AdoptionView, PolicyChange, PolicyView};
use govern::may_verb;
use settings::{Settings, told, told_to};

/// Verbs by which settings are read whole.
const READING: [&str; 3] = ["govern", "propose", "access"];

/// Settings that were adopted.
pub(super) struct Adopted {
    text: String,
    commit: Sequence,
    by: String,
    at: Timestamp,
    note: Option<String>,
}

/// Who is told what changed.
struct Reader<'p> {
    person: &'p str,
    role: Option<&'p str>,
    /// Whether they may read the settings whole.
    reads_all: bool,
}

impl Desk {
    /// What waits to be acknowledged by whoever has opened the workspace.
    ///
    /// # Errors
    /// When the store or the ledger is damaged.
    pub fn policy_view(&self) -> Result<PolicyView, DeskError> {
        self.unacknowledged(false)
    }

    /// What the settings changed since whoever asks acknowledged them; with `all` also what they have acknowledged.
    ///
    /// # Errors
    /// When the store or the ledger is damaged.
    pub(super) fn unacknowledged(&self, all: bool) -> Result<PolicyView, DeskError> {
        let person = self.actor().to_owned();
        let in_force = self.facts().view.counters()?.settings.map(|place| place.sequence);
        let mut view = PolicyView { asked: self.asks_to_acknowledge(&person), ..<_>::default() };
        view.in_force = in_force.unwrap_or_default();
        view.person.clone_from(&person);
        if !view.asked && !all {
            return Ok(view);
        }
        let last = self.last_acknowledged(&person)?;
        view.acknowledged = last.map(|(adopted, _)| adopted);
        if view.acknowledged == in_force && !all {
            return Ok(view);
        }
        let reads_all =
            READING.iter().any(|verb| may_verb(&self.settings, &self.acting, verb).is_ok());
        let role = self.settings.person(&person).and_then(|it| it.role.as_deref());
        let reader = Reader { person: &person, role, reads_all };
        let until = view.acknowledged.filter(|_| !all);
        let adopted = self.adopted_since(until, Some(&person).filter(|_| !all))?;
        let waiting = since(&adopted, view.acknowledged, Some(&person));
        let waiting = changes(waiting, &reader, false);
        view.waits = view.asked && view.acknowledged != in_force && !waiting.is_empty();
        view.changes = if all { changes(&adopted, &reader, true) } else { waiting };
        Ok(view)
    }

    /// Records that whoever asks has read what the settings in force changed.
    ///
    /// # Errors
    /// The refusal where nobody asks them, or where other settings have come since.
    pub(super) fn acknowledge(&mut self, adopted: Sequence) -> Decided<PolicyView> {
        self.must_be_up()?;
        let view = self.unacknowledged(false)?;
        if !view.asked {
            // Nothing is recorded of whoever nobody asks.
            return Ok(view);
        }
        if view.in_force != adopted {
            let why = format!(
                "other settings have been adopted since (commit {}): look again with steward govern changes",
                view.in_force
            );
            return Err(Refusal::DoesNotApply { why }.into());
        }
        if view.acknowledged == Some(adopted) {
            let why = format!("{} has already acknowledged the settings in force", view.person);
            return Err(Refusal::AlreadySo { why }.into());
        }
        let previous = self.facts().view.acknowledgements()?.last().copied();
        self.commit(vec![SettingsAcknowledged { previous, adopted }.into()])?;
        Ok(PolicyView { acknowledged: Some(adopted), waits: false, ..view })
    }

    /// What each of the people has acknowledged.
    ///
    /// # Errors
    /// When the store or the ledger is damaged.
    pub(super) fn all_acknowledged(&self) -> Result<BTreeMap<String, Acknowledged>, DeskError> {
        let mut found = BTreeMap::new();
        if !asks_anybody(&self.settings) {
            return Ok(found);
        }
        let adopted = self.adopted_since(None, None)?;
        let mut last: BTreeMap<String, (Sequence, Timestamp)> = BTreeMap::new();
        self.each_acknowledged(|by, adopted, at| {
            last.entry(by).or_insert((adopted, at));
            true
        })?;
        for person in &self.settings.people {
            let own = last.get(&person.id).copied();
            let reader = Reader { person: &person.id, role: None, reads_all: true };
            let since = since(&adopted, own.map(|(adopted, _)| adopted), Some(&person.id));
            let behind = changes(since, &reader, false);
            let behind = behind.iter().map(|change| change.sentences.len() as u64).sum();
            let (adopted, at) = own.unzip();
            found.insert(person.id.clone(), Acknowledged { adopted, at, behind });
        }
        Ok(found)
    }

    /// Says of settings that were adopted who has acknowledged them, or later ones.
    ///
    /// # Errors
    /// When the store or the ledger is damaged.
    pub(super) fn note_acknowledged(&self, views: &mut [AdoptionView]) -> Result<(), DeskError> {
        let mut last: BTreeMap<String, Sequence> = BTreeMap::new();
        self.each_acknowledged(|by, adopted, _| {
            last.entry(by).or_insert(adopted);
            true
        })?;
        for view in views {
            let has_read = last.iter().filter(|(_, adopted)| **adopted >= view.commit);
            view.acknowledged = has_read.map(|(person, _)| person.clone()).collect();
        }
        Ok(())
    }

    fn asks_to_acknowledge(&self, person: &str) -> bool {
        asks_anybody(&self.settings) && self.settings.person(person).is_some()
    }

    /// What a person acknowledged last, and when.
    fn last_acknowledged(&self, person: &str) -> Result<Option<(Sequence, Timestamp)>, DeskError> {
        let mut last = None;
        self.each_acknowledged(|by, adopted, at| {
            last = (by == person).then_some((adopted, at));
            last.is_none()
        })?;
        Ok(last)
    }

    /// Goes through what was acknowledged, latest first, as long as `seen` says so.
    fn each_acknowledged(
        &self,
        mut seen: impl FnMut(String, Sequence, Timestamp) -> bool,
    ) -> Result<(), DeskError> {
        let facts = self.facts();
        for sequence in facts.view.acknowledgements()?.into_iter().rev() {
            let commit = facts.commit_where(sequence, |kind, _| kind == "settings_acknowledged")?;
            let (by, at) = (commit.actor.person, commit.at);
            for event in commit.events {
                if let Event::SettingsAcknowledged(event) = event
                    && !seen(by.clone(), event.adopted, at)
                {
                    return Ok(());
                }
            }
        }
        Ok(())
    }

    /// The settings that were adopted, latest first, down to those that were acknowledged or to those that named a
    /// person first: these are the last.
    fn adopted_since(
        &self,
        acknowledged: Option<Sequence>,
        person: Option<&String>,
    ) -> Result<Vec<Adopted>, DeskError> {
        let mut found: Vec<Adopted> = Vec::new();
        self.facts().each_adoption(|event, commit, by, at| {
            if person.is_some_and(|person| !settings::names_person(&event.text, person)) {
                return false;
            }
            found.push(Adopted { text: event.text, commit, by, at, note: event.note });
            acknowledged.is_none_or(|acknowledged| commit > acknowledged)
        })?;
        Ok(found)
    }
}

/// Those down to what was acknowledged, or to what named a person first.
fn since<'a>(
    adopted: &'a [Adopted],
    acknowledged: Option<Sequence>,
    person: Option<&str>,
) -> &'a [Adopted] {
    let named = adopted
        .iter()
        .take_while(|it| person.is_none_or(|person| settings::names_person(&it.text, person)));
    let later = |it: &&Adopted| acknowledged.is_none_or(|acknowledged| it.commit > acknowledged);
    let named = named.count();
    let later = adopted.iter().take_while(later).count();
    &adopted[..named.min(later + 1).min(adopted.len())]
}

/// What each of them changed of the one before, latest first; nothing of the last, nothing that the reader adopted,
/// and nothing that does not concern them.
fn changes(adopted: &[Adopted], reader: &Reader<'_>, with_own: bool) -> Vec<PolicyChange> {
    let mut found = Vec::new();
    for two in adopted.windows(2) {
        let [now, before] = two else { continue };
        if now.by == reader.person && !with_own {
            continue;
        }
        let (told, untold) = match reader.reads_all {
            true => (told(&before.text, &now.text), 0),
            false => told_to(&before.text, &now.text, reader.person, reader.role),
        };
        if told.is_empty() {
            continue;
        }
        found.push(PolicyChange {
            commit: now.commit,
            by: now.by.clone(),
            at: now.at,
            note: now.note.clone(),
            sentences: told.into_iter().map(|change| change.text).collect(),
            untold: untold as u64,
        });
    }
    found
}

/// Whether people are asked to acknowledge settings: where there are several, unless the settings say otherwise.
fn asks_anybody(settings: &Settings) -> bool {
    settings.review.acknowledge.unwrap_or(settings.people.len() > 1)
}
