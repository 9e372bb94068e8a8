//! Verifying a workspace: every byte of the ledger read, what others know of it asked, the view
//! compared, and what was interrupted named. Nothing in the workspace is changed but the marks of what
//! was read; the register remembers what was found.

use super::core::Desk;
use super::environment::Environment;
use super::error::DeskError;
use super::keys::{cipher_of, open_keyring};
use super::marks;
use super::register::{Register, VerifyNote};
use super::replay::ReplayProgress;
use super::store_verdict::StoreVerdict;
use super::witness::{self, Known};
use super::workspace::Workspace;
use domain::Sequence;
use domain::hexadecimal::encode as hex;
use ledger::backup::Snapshot;
use ledger::keys::{CopyFault, Keyring};
use ledger::{Damage, DamageKind, LedgerError, LedgerReader, VerifyReport, unfinished_segments};

/// How often verifying begins again where another process changes the keys meanwhile.
const TRIES: u32 = 3;

/// What verifying a workspace came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verification {
    /// The ledger.
    pub report: VerifyReport,
    /// The view beside it.
    pub view: StoreVerdict,
    /// Who outside the ledger knows how far it went.
    pub known: Known,
    /// What was interrupted and is to be completed, a sentence each.
    pub pending: Vec<String>,
    /// Who is writing the workspace, as far as known.
    pub holder: Option<String>,
}

impl Verification {
    /// Whether the ledger is as it was written, as far as anybody knows. An unfinished commit at its
    /// end is no damage.
    #[must_use]
    pub fn is_sound(&self) -> bool {
        self.report.damage.is_empty() && self.report.newer.is_none() && !self.knows_better()
    }

    /// Whether commits are lost that somebody outside the ledger knows: no command opens it then.
    #[must_use]
    pub fn is_denied(&self) -> bool {
        let denies = |damage: &Damage| {
            matches!(damage.what, DamageKind::Lost { .. } | DamageKind::Foreign { .. })
        };
        self.knows_better() || self.report.damage.iter().any(denies)
    }

    fn knows_better(&self) -> bool {
        matches!(self.view, StoreVerdict::Denies { .. })
    }
}

/// What is told while a workspace is verified: the phase, what is done, what there is.
pub type VerifyProgress<'p> = &'p mut dyn FnMut(&'static str, u64, u64);

impl Desk {
    /// Verifies a workspace; `expect` is a hash that must stand somewhere in the chain.
    ///
    /// # Errors
    /// When there is no ledger, or a file or the keys cannot be opened; all else is in the outcome.
    pub fn verify(
        workspace: &Workspace,
        environment: &Environment,
        expect: Option<[u8; 32]>,
        progress: VerifyProgress<'_>,
    ) -> Result<Verification, DeskError> {
        if !workspace.exists() {
            let nothing = LedgerError::NotFound { folder: workspace.hidden() };
            return Err(super::open::of_workspace(nothing.into(), workspace, environment));
        }
        let mut tries = 0;
        loop {
            tries += 1;
            let found = verify_once(workspace, environment, expect, &mut *progress)?;
            let lacks_key = |damage: &Damage| matches!(damage.what, DamageKind::NoKey { .. });
            // A key that came after ours were read is no damage.
            let is_passing = found.holder.is_some() && found.report.damage.iter().any(lacks_key);
            if !is_passing || tries == TRIES {
                note(workspace, environment, &found);
                return Ok(found);
            }
        }
    }
}

/// Remembers outside the workspace that it was verified, for who audits it. What was found is told all the
/// same where that cannot be written.
fn note(workspace: &Workspace, environment: &Environment, found: &Verification) {
    let Ok(of) = Snapshot::workspace_of(&*environment.files, &workspace.hidden()) else { return };
    let Some(register) = Register::of(environment, &of) else { return };
    let head = found.report.head.as_ref();
    let made = VerifyNote {
        at: environment.clock.now(),
        by: environment.actor.clone(),
        up_to: head.map(|head| head.sequence),
        hash: head.map(|head| hex(&head.chain)),
        sound: found.is_sound(),
        view: found.view.word().to_owned(),
    };
    if let Err(error) = register.note_verification(&made) {
        tracing::info!(%error, "the register does not say that the workspace was verified");
    }
}

fn verify_once(
    workspace: &Workspace,
    environment: &Environment,
    expect: Option<[u8; 32]>,
    progress: VerifyProgress<'_>,
) -> Result<Verification, DeskError> {
    let (files, hidden) = (&*environment.files, workspace.hidden());
    let keyring = open_keyring(workspace, environment)
        .map_err(|error| super::open::of_workspace(error, workspace, environment))?;
    // Before the ledger is read, so that none of them is ahead of what a writer adds.
    let knowledge = witness::ask(workspace, environment, None);
    let cipher = cipher_of(keyring.as_ref());
    let tell = &mut |done, total| progress("verifying", done, total);
    let mut report = ledger::verify(files, &hidden, &*cipher, tell, expect)?;
    // A view that knows more than the ledger is looked at all the same.
    let is_whole = report.damage.is_empty() && report.newer.is_none();
    report.damage.extend(denied(workspace, environment, keyring.as_ref(), &knowledge.witnesses)?);
    let holder = super::open::holder(workspace, environment);
    let mut pending = keys_to_mend(keyring.as_ref(), holder.is_some());
    if holder.is_none() {
        pending.extend(report.unfinished.iter().map(|sequence| {
            format!(
                "the erasure of commit {sequence} was interrupted; the next command that writes \
                 completes it"
            )
        }));
        if keyring.as_ref().is_some_and(|keyring| keyring.state().rekeying) {
            pending.push("steward rekey was interrupted; run it again".to_owned());
        }
        pending.extend(unfinished_segments(files, &hidden)?.into_iter().map(|name| {
            format!("{name} was being written and is incomplete; the next command removes it")
        }));
    }
    let mut found = Verification {
        report,
        view: StoreVerdict::NotCompared { reason: "the ledger is not sound".to_owned() },
        known: knowledge.known,
        pending,
        holder,
    };
    if is_whole {
        let marks = std::mem::take(&mut found.report.marks);
        let tell: ReplayProgress<'_> =
            &mut |done, total| progress("comparing the view with the ledger", done, total);
        found.view = Desk::compare_store(workspace, environment, &found.report.unfinished, tell)?;
        found.known.view = found.view.reached();
        if found.is_sound() && matches!(found.view, StoreVerdict::Same { .. }) {
            // They spare others work; without them nothing is wrong.
            if let Err(error) = marks::keep(workspace, environment, keyring.as_ref(), &marks) {
                tracing::info!(%error, "the marks of what was verified were not saved");
            }
        }
    }
    Ok(found)
}

/// The files of keys of which the next command replaces one from the other. Whoever holds the
/// workspace may just be writing them, one after the other.
fn keys_to_mend(keyring: Option<&Keyring>, is_held: bool) -> Vec<String> {
    // Where they are no longer those that were read, another process mends them.
    let found = keyring.and_then(|keyring| keyring.to_mend().ok()).unwrap_or_default();
    let stays = found.into_iter().filter(|(_, fault)| !is_held || *fault != CopyFault::OutOfDate);
    let said = stays.map(|(path, fault)| {
        format!(
            "{} is {fault}: the next command that opens the workspace replaces this copy of the keys \
             with the other one",
            path.display()
        )
    });
    said.collect()
}

/// What witnesses know of the ledger and it does not hold.
fn denied(
    workspace: &Workspace,
    environment: &Environment,
    keyring: Option<&Keyring>,
    witnesses: &[ledger::Witness],
) -> Result<Vec<Damage>, DeskError> {
    if witnesses.is_empty() {
        return Ok(Vec::new());
    }
    let files = std::sync::Arc::clone(&environment.files);
    let options = super::ledger_options::options(environment, keyring);
    let (reader, _, _) = match LedgerReader::open_read_only(files, &workspace.hidden(), &options) {
        Err(LedgerError::NewerSteward { .. }) => return Ok(Vec::new()),
        opened => opened?,
    };
    let head = reader.head().map_or(Sequence::ZERO, |head| head.sequence);
    // What cannot be read is named already.
    let chain_at = |sequence| reader.chain_at(sequence).ok();
    let judged = witnesses.iter().filter_map(|it| witness::denied(*it, head, chain_at));
    let (segment, offset) = reader.end();
    Ok(judged.map(|what| Damage { segment, offset, what }).collect())
}
