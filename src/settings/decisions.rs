//! `[decisions]`: the closed list of reasons and where one is demanded.

use super::nearest::hint;
use super::reader::{Findings, Placed, Table, integer, name_is_sound};
use domain::{ReasonCode, Verdict};

/// What a decision must say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DecisionSettings {
    /// Verdicts that need a reason.
    pub reason_required: Vec<Verdict>,
    /// The reasons.
    pub reasons: Vec<Reason>,
    /// Tasks one bulk may decide at most: a person answers for each of them.
    pub bulk_max: usize,
}

impl Default for DecisionSettings {
    fn default() -> Self {
        Self { reason_required: Vec::new(), reasons: Vec::new(), bulk_max: BULK_MAX }
    }
}

/// One reason of the closed list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reason {
    /// Its code.
    pub code: ReasonCode,
    /// The verdicts it fits; empty for all, unless it is one for erasures.
    pub verdicts: Vec<Verdict>,
    /// Whether it is one for erasures.
    pub erases: bool,
}

/// What `for` says of a reason for erasures.
const ERASE: &str = "erase";
/// Reasons of an erasure where `steward.toml` lists none.
const ERASURE_REASONS: [&str; 4] = ["request", "consent_withdrawn", "retention", "court_order"];

impl DecisionSettings {
    /// The reasons offered for `verdict`, in the order of the file.
    pub fn reasons_for(&self, verdict: Verdict) -> impl Iterator<Item = &Reason> {
        self.reasons
            .iter()
            .filter(move |reason| reason.fits_all() || reason.verdicts.contains(&verdict))
    }

    /// The reasons an erasure may have, in the order of the file; a fixed list where that has
    /// none.
    #[must_use]
    pub fn reasons_to_erase(&self) -> Vec<ReasonCode> {
        let listed: Vec<ReasonCode> = self
            .reasons
            .iter()
            .filter(|reason| reason.erases)
            .map(|reason| reason.code.clone())
            .collect();
        if listed.is_empty() { ERASURE_REASONS.map(ReasonCode::new).to_vec() } else { listed }
    }
}

/// A key whose name is reserved for a later version.
const LATER: &str = "confirm_over";
/// Tasks of one bulk where `steward.toml` says nothing.
const BULK_MAX: usize = 10_000;
/// The most that `bulk_max` may allow: each decision of a bulk stands in memory until it ends.
const LARGEST_BULK: i64 = 1_000_000;

impl DecisionSettings {
    pub(super) fn read(table: &Table<'_>, findings: &mut Findings) -> Self {
        for entry in table.entries.iter().filter(|entry| entry.key == LATER) {
            findings.add(
                entry.at,
                format!("`{}` is not supported by this version of steward; remove it", entry.key),
            );
        }
        table.only(&["reason_required", "reasons", "bulk_max", LATER], findings);
        let bulk_max = table
            .get("bulk_max")
            .and_then(|entry| integer(entry, 1..LARGEST_BULK + 1, findings))
            .and_then(|most| usize::try_from(most).ok());
        let required = table.texts("reason_required", findings).unwrap_or_default();
        let reason_required = verdicts(&required, findings);
        let mut reasons: Vec<Reason> = Vec::new();
        for table in table.tables("reasons", findings) {
            let Some(reason) = Reason::read(&table, findings) else { continue };
            if reasons.iter().any(|other| other.code == reason.code) {
                findings.add(table.at, format!("the reason `{}` appears twice", reason.code));
            }
            reasons.push(reason);
        }
        Self { reason_required, reasons, bulk_max: bulk_max.unwrap_or(BULK_MAX) }
    }
}

impl Reason {
    fn read(table: &Table<'_>, findings: &mut Findings) -> Option<Self> {
        table.only(&["code", "for"], findings);
        let mut fits = table.texts("for", findings).unwrap_or_default();
        let all = fits.len();
        fits.retain(|name| name.text != ERASE);
        let erases = fits.len() < all;
        let verdicts = verdicts(&fits, findings);
        let code = table.required_text("code", findings)?;
        name_is_sound(code.at, "the reason code", code.text, findings);
        Some(Self { code: ReasonCode::new(code.text), verdicts, erases })
    }

    fn fits_all(&self) -> bool {
        self.verdicts.is_empty() && !self.erases
    }
}

fn verdicts(names: &[Placed<'_>], findings: &mut Findings) -> Vec<Verdict> {
    let mut verdicts = Vec::with_capacity(names.len());
    for name in names {
        match Verdict::ALL.into_iter().find(|verdict| verdict.name() == name.text) {
            Some(verdict) => verdicts.push(verdict),
            None => {
                let hint = hint(name.text, Verdict::ALL.map(Verdict::name));
                findings.add(name.at, format!("unknown verdict `{}`{hint}", name.text));
            }
        }
    }
    verdicts
}
