//! How a customer stands to each purpose that rests on consent, and what its records say.

use jiff::civil::Date;

use super::preferences;
use crate::error::{Decided, DeskError};
use crate::facts::{Facts, RecordFacts, day_of};
use domain::consent::{Consent, Said, Since, Statement, channels, contradict, winner};
use domain::{CustomerId, CustomerState, DecisionId, FieldName, FieldType, Lapse, RecordId, Shown};
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
    let restrictions = facts.restrictions_shown(&state)?;
    Ok(ConsentView { customer: Some(live), restrictions, ..of(facts, &state, &members)? })
}

/// The same of members at hand.
///
/// # Errors
/// When the store or the ledger is damaged.
pub(crate) fn of(
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
    let pins = pins(facts, state, &all)?;
    let preferences = preferences::of(facts, state, members)?;
    let mut view = ConsentView { preferences, ..ConsentView::default() };
    for asked in asked(facts) {
        let is_its =
            |statement: &&Statement| asked.fields.iter().any(|field| field.name == statement.field);
        let own: Vec<Statement> = statements.iter().filter(is_its).cloned().collect();
        let set: Vec<&Pinned> = pins.iter().filter(|pin| is_its(&&pin.said)).collect();
        let all: Vec<Statement> =
            own.iter().chain(set.iter().map(|pin| &pin.said)).cloned().collect();
        let mut about = channels(&all);
        if !about.contains(&None) {
            // A channel of the purpose of which nothing is said is unknown, and keeps the customer from a use of
            // which nobody says by which.
            let known = asked.fields.iter().map(|field| field.about.consent.channel.as_deref());
            about.extend(known.filter(Option::is_some));
            about.sort_unstable();
            about.dedup();
        }
        for channel in about {
            let about: Vec<&Statement> =
                own.iter().filter(|statement| statement.is_about(channel)).collect();
            let set: Vec<&Pinned> =
                set.iter().copied().filter(|pin| pin.said.is_about(channel)).collect();
            view.rows.push(row(facts, members, (&asked, channel), &about, &set));
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

/// What a person set the golden value of a consent to, as the statement it is.
struct Pinned {
    decision: DecisionId,
    said: Statement,
}

/// The consents that persons set on a customer. Each was said on the day on which it was set; a yes on the day that
/// was set with it.
fn pins(
    facts: Facts<'_>,
    state: &CustomerState,
    fields: &[&Field],
) -> Result<Vec<Pinned>, DeskError> {
    let mut pinned = Vec::new();
    if !fields.iter().any(|field| state.pins.contains_key(&field.name)) {
        return Ok(pinned);
    }
    let values = facts.pins(state)?;
    let value = |name: Option<&FieldName>| {
        let value = values.iter().find(|value| Some(&value.field) == name)?;
        (!value.text.trim().is_empty()).then(|| value.text.clone())
    };
    let day_in = |name| value(name)?.get(..10)?.parse::<Date>().ok();
    for field in fields {
        let Some(own) = values.iter().find(|value| value.field == field.name) else { continue };
        let Some(said) = Said::of(&own.text, false) else { continue };
        let Some(entry) = facts.view.decision(own.decision)? else { continue };
        let day = day_of(facts.time_of(entry.place.sequence)?);
        let about = &field.about.consent;
        let at = match day_in(about.at.as_ref()) {
            Some(dated) if !said.forbids() => dated.min(day),
            _ => day,
        };
        let said = Statement {
            record: RecordId(u32::MAX),
            field: field.name.clone(),
            channel: about.channel.clone(),
            said,
            at: Some(at),
            since: Since { first: day, other: None, granted_before: false },
            until: day_in(about.until.as_ref()),
            evidence: value(about.evidence.as_ref()),
        };
        pinned.push(Pinned { decision: own.decision, said });
    }
    Ok(pinned)
}

fn row(
    facts: Facts<'_>,
    members: &[RecordFacts],
    (asked, channel): (&Asked<'_>, Option<&str>),
    about: &[&Statement],
    pins: &[&Pinned],
) -> ConsentRow {
    // A no that a person set stands, whatever records say later: so does the golden value. A yes stands until a
    // record refuses after it.
    let forbids = pins.iter().map(|pin| &pin.said).filter(|said| said.said.forbids());
    let of_records = winner(about.iter().copied());
    let is_later = |said: &&Statement| said.said.forbids();
    let refused_later =
        winner(of_records.filter(is_later).into_iter().chain(pins.iter().map(|pin| &pin.said)));
    let counts = match (winner(forbids), pins.is_empty()) {
        (Some(forbids), _) => Some(forbids),
        (None, false) => refused_later,
        (None, true) => of_records,
    };
    let by_hand = pins.iter().find(|pin| counts == Some(&pin.said)).map(|pin| pin.decision);
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
    let by = match by_hand {
        Some(decision) => Some(decision.to_string()),
        None => counts.and_then(address).map(|address| address.to_string()),
    };
    ConsentRow {
        purpose: asked.purpose.map(ToOwned::to_owned),
        fields: asked.fields.iter().map(|field| field.name.clone()).collect(),
        channel: channel.map(ToOwned::to_owned),
        state: Shown::from(stands.name()),
        why: Shown::from(why(counts, by.as_deref(), stands, asked.lasts)),
        contradicted: Some(contradict(about.iter().copied())),
        statements: statements.collect(),
        pinned: by_hand.or_else(|| pins.first().map(|pin| pin.decision)),
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
            format!("without a date, after {day}, when it still refused")
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
