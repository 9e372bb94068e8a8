//! How a customer stands to each purpose that rests on consent, and what its records say.

use jiff::civil::Date;

use crate::error::{Decided, DeskError};
use crate::facts::{Facts, RecordFacts};
use domain::consent::{Consent, Said, Statement, channels, contradict, winner};
use domain::{CustomerId, CustomerState, FieldName, FieldType, Lapse, Shown};
use door::views::{ConsentNames, ConsentRow, ConsentStatement, ConsentView};
use settings::{Field, LegalBasis};

/// What it is asked of: a purpose with its fields, or a field that no purpose names.
struct Asked<'s> {
    purpose: Option<&'s str>,
    fields: Vec<&'s Field>,
    lasts: Option<Lapse>,
}

pub(crate) fn consent(facts: Facts<'_>, asked: CustomerId) -> Decided<ConsentView> {
    let Some(live) = facts.view.follow(asked)? else {
        return Err(facts.no_customer(asked)?.into());
    };
    let Some(state) = facts.view.customer(live)? else {
        return Err(facts.no_customer(asked)?.into());
    };
    let members = facts.members(&state)?;
    Ok(ConsentView { customer: Some(live), ..of(facts, &state, &members)? })
}

/// The same of members at hand.
///
/// # Errors
/// When the store or the ledger is damaged.
pub(super) fn of(
    facts: Facts<'_>,
    state: &CustomerState,
    members: &[RecordFacts],
) -> Result<ConsentView, DeskError> {
    let all: Vec<&Field> = facts.settings.fields_of(FieldType::Consent).collect();
    let mut statements = Vec::new();
    if !all.is_empty() {
        for member in members {
            statements.extend(facts.statements(member, &all)?);
        }
    }
    let mut view = ConsentView::default();
    for asked in asked(facts) {
        let is_its =
            |statement: &&Statement| asked.fields.iter().any(|field| field.name == statement.field);
        let own: Vec<Statement> = statements.iter().filter(is_its).cloned().collect();
        for channel in channels(&own) {
            let about: Vec<&Statement> =
                own.iter().filter(|statement| statement.is_about(channel)).collect();
            view.rows.push(row(facts, (state, members), &asked, channel, &about));
        }
    }
    Ok(view)
}

fn asked(facts: Facts<'_>) -> Vec<Asked<'_>> {
    let settings = facts.settings;
    let mut asked = Vec::new();
    for purpose in &settings.purposes {
        if purpose.basis == LegalBasis::Consent {
            let fields = purpose.consent.iter().filter_map(|name| settings.field(name.as_str()));
            let fields = fields.collect();
            asked.push(Asked { purpose: Some(&purpose.name), fields, lasts: purpose.expires });
        }
    }
    for field in settings.fields_of(FieldType::Consent) {
        if settings.purposes_of(field.name.as_str()).next().is_none() {
            asked.push(Asked { purpose: None, fields: vec![field], lasts: None });
        }
    }
    asked
}

fn row(
    facts: Facts<'_>,
    (state, members): (&CustomerState, &[RecordFacts]),
    asked: &Asked<'_>,
    channel: Option<&str>,
    about: &[&Statement],
) -> ConsentRow {
    let counts = winner(about.iter().copied());
    let stands = Consent::on(facts.today(), counts, asked.lasts);
    let address = |statement: &Statement| {
        let member = members.iter().find(|member| member.id == statement.record);
        member.map(|member| member.body.address.clone())
    };
    let mut told: Vec<&Statement> = about.to_vec();
    told.sort_by_key(|statement| (statement.record, statement.field.clone()));
    let statements = told.into_iter().filter_map(|statement| {
        let names = facts.settings.field(statement.field.as_str());
        let names = names.map(|field| &field.about.consent);
        let shown = |day: Date| Shown::from(day.to_string());
        Some(ConsentStatement {
            record: address(statement)?,
            field: statement.field.clone(),
            channel: statement.channel.clone(),
            said: Shown::from(statement.said.name()),
            at: statement.at.map(shown),
            counts_at: statement.counts_at().map(shown),
            until: statement.ends(asked.lasts).map(shown),
            evidence: statement.evidence.clone().map(Shown::from),
            counts: Some(counts == Some(statement)),
            named: ConsentNames {
                at: names.and_then(|names| names.at.clone()),
                until: names.and_then(|names| names.until.clone()),
                evidence: names.and_then(|names| names.evidence.clone()),
            },
        })
    });
    let mut reads: Vec<FieldName> = Vec::new();
    for field in &asked.fields {
        reads.push(field.name.clone());
        reads.extend(field.about.consent.named().cloned());
    }
    let pinned = asked.fields.iter().find_map(|field| state.pins.get(&field.name));
    let by = counts.and_then(address).map(|address| address.to_string());
    ConsentRow {
        purpose: asked.purpose.map(ToOwned::to_owned),
        fields: asked.fields.iter().map(|field| field.name.clone()).collect(),
        channel: channel.map(ToOwned::to_owned),
        state: Shown::from(stands.name()),
        why: Shown::from(why(counts, by.as_deref(), stands, asked.lasts)),
        contradicted: Some(contradict(about.iter().copied())),
        statements: statements.collect(),
        pinned: pinned.map(|pin| pin.decision),
        reads,
    }
}

/// Why somebody stands so, in a sentence.
fn why(
    counts: Option<&Statement>,
    by: Option<&str>,
    stands: Consent,
    lasts: Option<Lapse>,
) -> String {
    let (Some(statement), Some(by)) = (counts, by) else {
        return "no record says anything".to_owned();
    };
    let when = match (statement.at, statement.counts_at()) {
        (Some(at), _) => format!("on {at}"),
        (None, Some(day)) if statement.said == Said::Granted => {
            format!("without a date, after {day}, when it still said something else")
        }
        (None, Some(day)) => format!("without a date, first delivered on {day}"),
        (None, None) => "without a date: any refusal counts more".to_owned(),
    };
    let mut why = format!("{by} {} it {when}", verb(statement.said));
    if let Some(end) = statement.ends(lasts) {
        why += &match stands {
            Consent::Expired => format!("; it expired after {end}"),
            _ => format!("; it holds until {end}"),
        };
    }
    why
}

fn verb(said: Said) -> &'static str {
    match said {
        Said::Granted => "granted",
        Said::Refused => "refused",
        Said::Withdrawn => "withdrew",
    }
}
