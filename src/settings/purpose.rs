//! `[purposes.*]`: what data is used for, and on which legal basis. The bases are those of Article 6(1) of the
//! GDPR; what they demand is the law's to say, not ours.

use super::field::{Declared, is_declared, type_of};
use super::nearest::hint;
use super::reader::{Findings, Placed, Table, name_is_sound};
use domain::{FieldName, FieldType, Lapse};

/// Something that data is used for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Purpose {
    /// Its name: `newsletter`.
    pub name: String,
    /// What makes it lawful.
    pub basis: LegalBasis,
    /// The fields of type consent that say who permits it, one a channel or one for all of them.
    pub consent: Vec<FieldName>,
    /// How long a grant lasts.
    pub expires: Option<Lapse>,
}

/// What makes using data lawful.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LegalBasis {
    /// The person permitted it.
    Consent,
    /// A contract with the person needs it.
    Contract,
    /// The law demands it.
    LegalObligation,
    /// Somebody's life depends on it.
    VitalInterests,
    /// A task in the public interest needs it.
    PublicTask,
    /// Interests that outweigh those of the person.
    LegitimateInterest,
}

impl LegalBasis {
    /// Every basis, in the order of the article.
    pub const ALL: [LegalBasis; 6] = [
        LegalBasis::Consent,
        LegalBasis::Contract,
        LegalBasis::LegalObligation,
        LegalBasis::VitalInterests,
        LegalBasis::PublicTask,
        LegalBasis::LegitimateInterest,
    ];

    /// The name in `steward.toml`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            LegalBasis::Consent => "consent",
            LegalBasis::Contract => "contract",
            LegalBasis::LegalObligation => "legal_obligation",
            LegalBasis::VitalInterests => "vital_interests",
            LegalBasis::PublicTask => "public_task",
            LegalBasis::LegitimateInterest => "legitimate_interest",
        }
    }

    /// Where the law names it.
    #[must_use]
    pub fn article(self) -> &'static str {
        match self {
            LegalBasis::Consent => "GDPR Art. 6(1)(a)",
            LegalBasis::Contract => "GDPR Art. 6(1)(b)",
            LegalBasis::LegalObligation => "GDPR Art. 6(1)(c)",
            LegalBasis::VitalInterests => "GDPR Art. 6(1)(d)",
            LegalBasis::PublicTask => "GDPR Art. 6(1)(e)",
            LegalBasis::LegitimateInterest => "GDPR Art. 6(1)(f)",
        }
    }
}

pub(super) fn read_all(
    purposes: &Table<'_>,
    fields: &[Declared<'_>],
    findings: &mut Findings,
) -> Vec<Purpose> {
    let mut list = Vec::with_capacity(purposes.entries.len());
    for entry in &purposes.entries {
        let title = format!("[purposes.{}]", entry.key);
        let table = Table::of(*entry, title, findings);
        list.extend(table.and_then(|table| read(entry.key, &table, fields, findings)));
    }
    list
}

fn read(
    name: &str,
    table: &Table<'_>,
    fields: &[Declared<'_>],
    findings: &mut Findings,
) -> Option<Purpose> {
    name_is_sound(table.at, "the purpose name", name, findings);
    table.only(&["basis", "consent", "expires"], findings);
    let named = table.texts("consent", findings).unwrap_or_default();
    let consent = named.iter().filter_map(|it| consent_field(*it, table, fields, findings));
    let consent: Vec<FieldName> = consent.collect();
    let expires = lapse(table, "expires", findings);
    let placed = table.required_text("basis", findings)?;
    let basis = LegalBasis::ALL.into_iter().find(|basis| basis.name() == placed.text);
    let Some(basis) = basis else {
        let hint = hint(placed.text, LegalBasis::ALL.map(LegalBasis::name));
        findings.add(placed.at, format!("unknown basis `{}`{hint}", placed.text));
        return None;
    };
    match basis {
        LegalBasis::Consent if named.is_empty() => findings.add(
            table.at,
            format!("{} rests on consent: set `consent` to the field that holds it", table.title),
        ),
        LegalBasis::Consent => {}
        _ => {
            for key in ["consent", "expires"] {
                if let Some(entry) = table.get(key) {
                    let title = &table.title;
                    findings.add(
                        entry.at,
                        format!(
                            "`{key}` needs basis = \"consent\"; {title} rests on {}",
                            basis.name()
                        ),
                    );
                }
            }
        }
    }
    Some(Purpose { name: name.to_owned(), basis, consent, expires })
}

fn consent_field(
    named: Placed<'_>,
    table: &Table<'_>,
    fields: &[Declared<'_>],
    findings: &mut Findings,
) -> Option<FieldName> {
    if !is_declared(named.at, &table.title, named.text, fields, findings) {
        return None;
    }
    match type_of(named.text, fields) {
        Some(FieldType::Consent) | None => Some(FieldName::new(named.text)),
        Some(other) => {
            let (name, found) = (named.text, other.name());
            findings.add(
                named.at,
                format!("`consent` names fields of type consent; `{name}` has type {found}"),
            );
            None
        }
    }
}

/// A length of time that may be there.
pub(super) fn lapse(table: &Table<'_>, key: &str, findings: &mut Findings) -> Option<Lapse> {
    let placed = table.text(key, findings)?;
    let lapse = placed.text.parse().ok();
    if lapse.is_none() {
        let (text, expected) = (placed.text, Lapse::EXPECTED);
        findings.add(placed.at, format!("`{key}` should be {expected}, not `{text}`"));
    }
    lapse
}
