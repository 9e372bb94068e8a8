//! Proposals of settings, and the settings that were adopted, as the ledger has them.

use std::collections::HashMap;

use super::core::Desk;
use super::error::{Decided, DeskError};
use super::facts::{Facts, missing, step_back};
use domain::event::{ProposalWithdrawn, SettingsAdopted, SettingsProposed};
use domain::{Actor, Event, ProposalId, Sequence};
use door::Refusal;
use door::operations::{ProposeSettings, SettingsAt, WithdrawProposal};
use door::views::{AdoptionView, ProposalState, ProposalView};

/// A proposal, whole.
pub(super) struct Proposal {
    pub(super) view: ProposalView,
    pub(super) text: String,
    /// Who proposed it, and how they came.
    pub(super) actor: Actor,
}

/// Whether changes are of who may do and see what.
pub(super) fn changes_access(changes: &[settings::ToldChange]) -> bool {
    changes.iter().any(|change| change.section == settings::PEOPLE)
}

impl Desk {
    /// Every proposal, latest first.
    pub(super) fn proposals(&self) -> Result<Vec<Proposal>, DeskError> {
        let facts = self.facts();
        let counters = facts.view.counters()?;
        let in_force = counters.settings.map(|place| place.sequence);
        let mut next = counters.proposed.map(|place| place.sequence);
        let (mut found, mut withdrawn) = (Vec::new(), HashMap::new());
        while let Some(sequence) = next {
            let commit = facts.commit_where(sequence, |kind, _| {
                matches!(kind, "settings_proposed" | "proposal_withdrawn")
            })?;
            let (actor, at) = (commit.actor, commit.at);
            let by = actor.person.clone();
            next = None;
            for event in commit.events.into_iter().rev() {
                let previous = match event {
                    Event::ProposalWithdrawn(event) => {
                        let state = ProposalState::Withdrawn { by: by.clone(), at };
                        withdrawn.insert(event.proposal, state);
                        event.previous
                    }
                    Event::SettingsProposed(event) => {
                        let state = withdrawn.remove(&event.proposal);
                        let changes = settings::told(&self.settings.text, &event.text);
                        let asked = match changes_access(&changes) {
                            true => self.adopters_but(&actor),
                            false => Vec::new(),
                        };
                        let view = ProposalView {
                            proposal: event.proposal,
                            by: by.clone(),
                            at,
                            note: event.note,
                            changes: changes.len(),
                            asked,
                            fingerprint: event.fingerprint,
                            state: state.unwrap_or(ProposalState::Open),
                            is_outdated: event.over != in_force,
                        };
                        let (text, actor) = (event.text, actor.clone());
                        found.push(Proposal { view, text, actor });
                        event.previous
                    }
                    _ => continue,
                };
                next = step_back(sequence, previous)?;
            }
        }
        if !found.is_empty() {
            self.note_adopted(&mut found)?;
        }
        Ok(found)
    }

    /// Who has to adopt what somebody proposed, where that takes two people: whoever may, but not they.
    fn adopters_but(&self, proposer: &Actor) -> Vec<String> {
        let adopters = govern::adopters(&self.settings);
        if adopters.len() < 2 {
            return Vec::new();
        }
        let others = adopters.into_iter().filter(|id| *id != proposer.person);
        others.map(str::to_owned).collect()
    }

    fn note_adopted(&self, found: &mut [Proposal]) -> Result<(), DeskError> {
        self.facts().each_adoption(|adopted, commit, by, at| {
            let of = found.iter_mut().find(|it| Some(it.view.proposal) == adopted.proposal);
            if let Some(proposal) = of {
                proposal.view.state = ProposalState::Adopted { by, at, commit };
            }
            true
        })
    }

    /// Who adopted what and when, latest first.
    pub(super) fn adoptions(&self) -> Result<Vec<AdoptionView>, DeskError> {
        let mut adopted = Vec::new();
        self.facts().each_adoption(|event, commit, by, at| {
            adopted.push((event, commit, by, at));
            true
        })?;
        let texts: Vec<String> = adopted.iter().map(|(event, ..)| event.text.clone()).collect();
        let views = adopted.into_iter().enumerate().map(|(number, (event, commit, by, at))| {
            let changes = texts.get(number + 1).map(|before| settings::told(before, &event.text));
            AdoptionView {
                commit,
                by,
                at,
                fingerprint: event.fingerprint,
                proposal: event.proposal,
                note: event.note,
                changes: changes.into_iter().flatten().map(|change| change.text).collect(),
                acknowledged: Vec::new(),
            }
        });
        let mut views: Vec<AdoptionView> = views.collect();
        self.note_acknowledged(&mut views)?;
        Ok(views)
    }

    /// A proposal, whatever has become of it.
    ///
    /// # Errors
    /// The refusal where there is none of that id.
    pub(super) fn proposal(&self, id: ProposalId) -> Decided<Proposal> {
        let found = self.proposals()?.into_iter().find(|it| it.view.proposal == id);
        found.ok_or_else(|| Refusal::Unknown { subject: format!("proposal {id}") }.into())
    }

    /// A proposal that waits.
    ///
    /// # Errors
    /// The refusal where it does not.
    pub(super) fn open_proposal(&self, id: ProposalId) -> Decided<Proposal> {
        let proposal = self.proposal(id)?;
        let why = match &proposal.view.state {
            ProposalState::Open => return Ok(proposal),
            ProposalState::Adopted { by, .. } => format!("{id} was already adopted by {by}"),
            ProposalState::Withdrawn { by, .. } => format!("{id} was withdrawn by {by}"),
        };
        Err(Refusal::AlreadySo { why }.into())
    }

    /// Records a proposal.
    ///
    /// # Errors
    /// When the settings are wrong; the refusal where they are in force or proposed already.
    pub(super) fn propose(&mut self, asked: ProposeSettings) -> Decided<ProposalView> {
        self.must_be_up()?;
        let parsed = settings::parse(&asked.text).map_err(DeskError::Settings)?;
        if parsed.text == self.settings.text {
            let why = "these settings are already in force".to_owned();
            return Err(Refusal::AlreadySo { why }.into());
        }
        let known = self.proposals()?;
        let is_open = |it: &&Proposal| it.view.state == ProposalState::Open;
        if let Some(same) = known.iter().filter(is_open).find(|it| it.text == parsed.text) {
            let why = format!("{} already proposes these settings", same.view.proposal);
            return Err(Refusal::AlreadySo { why }.into());
        }
        let counters = self.facts().view.counters()?;
        let proposal = ProposalId(counters.proposals + 1);
        let proposed = SettingsProposed {
            proposal,
            previous: counters.proposed.map(|place| place.sequence),
            over: counters.settings.map(|place| place.sequence),
            text: parsed.text,
            fingerprint: parsed.fingerprint,
            note: asked.note,
        };
        self.commit(vec![proposed.into()])?;
        Ok(self.proposal(proposal)?.view)
    }

    /// Withdraws a proposal.
    ///
    /// # Errors
    /// The refusal where it does not wait.
    pub(super) fn withdraw_proposal(&mut self, asked: WithdrawProposal) -> Decided<ProposalView> {
        self.must_be_up()?;
        self.open_proposal(asked.proposal)?;
        let previous = self.facts().view.counters()?.proposed.map(|place| place.sequence);
        let WithdrawProposal { proposal, note } = asked;
        self.commit(vec![ProposalWithdrawn { proposal, previous, note }.into()])?;
        Ok(self.proposal(proposal)?.view)
    }

    /// The text of settings.
    ///
    /// # Errors
    /// The refusal where there are none such.
    pub(super) fn text_of_settings(&self, at: SettingsAt) -> Decided<String> {
        match at {
            SettingsAt::InForce => Ok(self.settings.text.clone()),
            SettingsAt::Proposal(id) => Ok(self.proposal(id)?.text),
            SettingsAt::Commit(wanted) => {
                let mut found = None;
                self.facts().each_adoption(|adopted, commit, _, _| {
                    if commit == wanted {
                        found = Some(adopted.text);
                    }
                    found.is_none()
                })?;
                let why = format!("commit {wanted} adopted no settings: steward govern log");
                found.ok_or_else(|| Refusal::DoesNotApply { why }.into())
            }
        }
    }
}

impl Facts<'_> {
    /// Goes through the settings that were adopted, latest first, as long as `seen` says so.
    ///
    /// # Errors
    /// When the store or the ledger is damaged.
    pub(super) fn each_adoption(
        &self,
        mut seen: impl FnMut(SettingsAdopted, Sequence, String, jiff::Timestamp) -> bool,
    ) -> Result<(), DeskError> {
        let facts = *self;
        let mut next = facts.view.counters()?.settings.map(|place| place.sequence);
        while let Some(sequence) = next {
            let commit = facts.commit_where(sequence, |kind, _| kind == "settings_adopted")?;
            let adopted = commit.events.into_iter().rev().find_map(|event| match event {
                Event::SettingsAdopted(adopted) => Some(adopted),
                _ => None,
            });
            let adopted = adopted.ok_or_else(|| missing("the adopted settings"))?;
            next = step_back(sequence, adopted.previous)?;
            if !seen(adopted, sequence, commit.actor.person, commit.at) {
                break;
            }
        }
        Ok(())
    }
}
