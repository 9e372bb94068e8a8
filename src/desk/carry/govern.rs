//! Changes of the settings.

use super::Carry;
use crate::core::Desk;
use crate::error::Decided;
use door::Streams;
use door::operations::{
    Acknowledge, AdoptSettings, AskEdit, DiffSettings, OwnChanges, ProposeSettings, ReadSettings,
    SettingsChanges, SettingsProposals, WithdrawProposal,
};
use door::views::{AdoptedView, AdoptionView, EditView, JobView, PolicyView, ProposalView};

impl Carry for AskEdit {
    fn carry(self, desk: &mut Desk, _: Streams) -> Decided<EditView> {
        Ok(desk.edit_view())
    }
}

impl Carry for DiffSettings {
    fn carry(self, desk: &mut Desk, _: Streams) -> Decided<JobView> {
        desk.start_diff(self)
    }
}

impl Carry for AdoptSettings {
    fn carry(self, desk: &mut Desk, _: Streams) -> Decided<AdoptedView> {
        desk.adopt_edit(self)
    }
}

impl Carry for ProposeSettings {
    fn carry(self, desk: &mut Desk, _: Streams) -> Decided<ProposalView> {
        desk.propose(self)
    }
}

impl Carry for WithdrawProposal {
    fn carry(self, desk: &mut Desk, _: Streams) -> Decided<ProposalView> {
        desk.withdraw_proposal(self)
    }
}

impl Carry for SettingsProposals {
    fn carry(self, desk: &mut Desk, _: Streams) -> Decided<Vec<ProposalView>> {
        Ok(desk.proposals()?.into_iter().map(|proposal| proposal.view).collect())
    }
}

impl Carry for ReadSettings {
    fn carry(self, desk: &mut Desk, _: Streams) -> Decided<String> {
        desk.text_of_settings(self.at)
    }
}

impl Carry for SettingsChanges {
    fn carry(self, desk: &mut Desk, _: Streams) -> Decided<Vec<AdoptionView>> {
        Ok(desk.adoptions()?)
    }
}

impl Carry for OwnChanges {
    fn carry(self, desk: &mut Desk, _: Streams) -> Decided<PolicyView> {
        Ok(desk.unacknowledged(self.all)?)
    }
}

impl Carry for Acknowledge {
    fn carry(self, desk: &mut Desk, _: Streams) -> Decided<PolicyView> {
        desk.acknowledge(self.adopted)
    }
}
