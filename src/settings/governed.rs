//! Purposes, consent and retention in plain words, for `steward check`; and what it warns of.

use std::fmt::Write as _;

use super::{About, ConsentFields, LegalBasis, Purpose, RequestSettings, Settings, Step, Strategy};
use domain::Deadlines;

/// What to be warned of in settings that are valid.
#[must_use]
pub fn warnings(settings: &Settings) -> Vec<String> {
    let mut warnings = Vec::new();
    let without = settings.without_purpose();
    if !without.is_empty() {
        let names: Vec<&str> = without.iter().map(|field| field.name.as_str()).collect();
        let (noun, names) = match names.as_slice() {
            [one] => ("the field", (*one).to_owned()),
            several => ("the fields", several.join(", ")),
        };
        warnings.push(format!("no purpose for {noun} {names}: set `purpose` in [fields.*]"));
    }
    for purpose in &settings.purposes {
        let uses = |field: &super::Field| field.about.purpose.contains(&purpose.name);
        if !settings.fields.iter().any(uses) {
            let name = &purpose.name;
            warnings.push(format!("no field is used for the purpose {name}: remove it, or name it in a field's `purpose`"));
        }
    }
    warnings.extend(lost_consents(settings));
    warnings.extend(governs_alone(settings));
    warnings.extend(super::approvals::warnings(settings));
    warnings
}

/// Whoever may change what everybody may, without anybody who looks at it.
fn governs_alone(settings: &Settings) -> Option<String> {
    if settings.roles.is_empty() || settings.people.len() < 2 {
        return None;
    }
    let govern = |role: &str| settings.role(role).is_some_and(|it| it.may.contains("govern"));
    let mut people = settings.people.iter().filter(|it| it.role.as_deref().is_some_and(govern));
    let first = people.next()?;
    people.next().is_none().then(|| {
        format!(
            "only {} may `govern`, so changes of people, roles and masks need nobody else: give somebody else a role \
             that may, and they take two people",
            first.id
        )
    })
}

/// Consents whose golden value is not chosen by when each was said, though a purpose rests on them: a merge may
/// lose a refusal.
fn lost_consents(settings: &Settings) -> impl Iterator<Item = String> + '_ {
    let survivorship = &settings.survivorship;
    let knows_consent = |strategies: &[Step]| {
        let first = strategies.first().filter(|step| step.when.is_none());
        matches!(first.map(|step| step.strategy), Some(Strategy::Consent | Strategy::Strictest))
    };
    let fields = settings
        .purposes
        .iter()
        .flat_map(|purpose| purpose.consent.iter().map(move |field| (&purpose.name, field)));
    fields.filter_map(move |(purpose, field)| {
        let strategies = survivorship.fields.get(field).unwrap_or(&survivorship.default);
        (!knows_consent(strategies)).then(|| {
            format!(
                "the purpose {purpose} rests on {field}, whose golden value is not chosen as a consent: a merge may \
                 lose a refusal; set `{field} = [\"consent\"]` in [survivorship]"
            )
        })
    })
}

/// What is said of a field beyond its type, each a line.
pub(super) fn of_field(field: &super::Field) -> Vec<String> {
    let about = &field.about;
    let mut lines = Vec::new();
    lines.extend(about.description.clone());
    if let Some(owner) = &about.owner {
        lines.push(format!("owner {owner}"));
    }
    if !about.purpose.is_empty() {
        lines.push(format!("used for {}", about.purpose.join(", ")));
    }
    if let Some(preference) = about.preference {
        lines.push(format!("states the preferred {}", preference.name()));
    }
    let ConsentFields { channel, at, until, evidence } = &about.consent;
    let mut consent = Vec::new();
    consent.extend(channel.as_ref().map(|channel| format!("for the channel {channel}")));
    consent.extend(at.as_ref().map(|field| format!("dated by {field}")));
    consent.extend(until.as_ref().map(|field| format!("until {field}")));
    consent.extend(evidence.as_ref().map(|field| format!("proved by {field}")));
    if !consent.is_empty() {
        lines.push(consent.join(", "));
    }
    lines
}

pub(super) fn write_purposes(text: &mut String, settings: &Settings) -> std::fmt::Result {
    if settings.purposes.is_empty() {
        return Ok(());
    }
    writeln!(text, "\nPurposes")?;
    for Purpose { name, basis, consent, expires } in &settings.purposes {
        let (word, article) = (basis.name().replace('_', " "), basis.article());
        write!(text, "  {name}: {word} ({article})")?;
        if *basis == LegalBasis::Consent {
            let fields: Vec<&str> = consent.iter().map(|field| field.as_str()).collect();
            write!(text, " in {}", fields.join(", "))?;
        }
        match expires {
            Some(lapse) => writeln!(text, "; a grant expires after {lapse}")?,
            None => writeln!(text)?,
        }
    }
    Ok(())
}

/// Only where something else than usual is set: most workspaces never see a request.
pub(super) fn write_requests(text: &mut String, settings: &Settings) -> std::fmt::Result {
    let requests = &settings.requests;
    if *requests == RequestSettings::default() {
        return Ok(());
    }
    writeln!(text, "requests of persons")?;
    let Deadlines { due, extend } = requests.deadlines;
    writeln!(
        text,
        "  due {due} after they came, once {extend} longer; they rise {} before",
        requests.warn
    )
}

pub(super) fn write_retention(text: &mut String, settings: &Settings) -> std::fmt::Result {
    if settings.retention.is_empty() {
        return Ok(());
    }
    writeln!(text, "\nRetention (nothing is erased until somebody runs steward retain)")?;
    for rule in &settings.retention {
        let what = match rule.of {
            About::Customers => "customers: ",
            About::Unattached => "",
        };
        writeln!(text, "  {what}{}", rule.words())?;
    }
    writeln!(text, "  what must be kept wins, and so does a hold")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{explain, parse};

    const SETTINGS: &str = "[workspace]\nname='a'\n\
        [purposes.billing]\nbasis='contract'\n\
        [purposes.newsletter]\nbasis='consent'\nconsent='news'\nexpires='24 months'\n\
        [fields.email]\ntype='email'\ndescription='Where letters go.'\nowner='sales'\npurpose=['billing','newsletter']\n\
        [fields.city]\ntype='city'\n\
        [fields.news]\ntype='consent'\nchannel='email'\nat='news_at'\nevidence='form'\n\
        [fields.news_at]\ntype='date'\n[fields.form]\ntype='text'\n\
        [sources.crm]\nkey='Id'\nmap={email='e',city='c',news='n',news_at='a',form='f'}\n\
        [[retention]]\nof='customers'\nafter='36 months'\nfrom='last_delivered'\nthen='erase'\n\
        [[retention]]\nkeep='10 years'\nfrom='created'\nwhere='city = Bonn'\n";

    #[test]
    fn what_is_governed_is_told_in_words() {
        let settings = parse(SETTINGS).unwrap_or_else(|findings| panic!("{findings:#?}"));
        let told = explain(&settings);
        for line in [
            "         Where letters go.; owner sales; used for billing, newsletter",
            "         for the channel email, dated by news_at, proved by form",
            "  billing: contract (GDPR Art. 6(1)(b))",
            "  newsletter: consent (GDPR Art. 6(1)(a)) in news; a grant expires after 24 months",
            "  customers: erase 36 months after the last delivery that changed it",
            "  customers: keep for 10 years from the first delivery where city = Bonn",
        ] {
            let line = line.trim();
            assert!(told.lines().any(|found| found.trim() == line), "`{line}` is not in:\n{told}");
        }
        // Who consents, when and by what serves the purpose that rests on it.
        let expected = ["no purpose for the field city: set `purpose` in [fields.*]"];
        let told = warnings(&settings);
        assert_eq!(told[..1], expected);
        assert!(
            told[1].starts_with("the purpose newsletter rests on news, whose golden value"),
            "{told:?}"
        );
        for strategy in ["consent", "strictest"] {
            let chosen =
                parse(&format!("{SETTINGS}[survivorship]\nnews=['{strategy}']\n")).unwrap();
            assert_eq!(warnings(&chosen), expected, "{strategy}");
        }
        let none = SETTINGS.replace("purpose=['billing','newsletter']", "purpose='billing'");
        let told = warnings(&parse(&none).unwrap());
        assert!(
            told.iter().any(|line| line.starts_with("no field is used for the purpose newsletter")),
            "{told:?}"
        );
    }

    #[test]
    fn what_is_wrong_is_found() {
        for (from, to, told) in [
            (
                "basis='contract'",
                "basis='contrct'",
                "unknown basis `contrct`; did you mean `contract`?",
            ),
            (
                "basis='contract'",
                "basis='contract'\nexpires='1 year'",
                "`expires` needs basis = \"consent\"; [purposes.billing] rests on contract",
            ),
            (
                "consent='news'\n",
                "",
                "[purposes.newsletter] rests on consent: set `consent` to the field that holds it",
            ),
            (
                "consent='news'",
                "consent='email'",
                "`consent` names fields of type consent; `email` has type email",
            ),
            (
                "'24 months'",
                "'24 moons'",
                "`expires` should be a number of days, weeks, months or years, such as \"36 months\", not `24 moons`",
            ),
            (
                "['billing','newsletter']",
                "['biling']",
                "unknown purpose `biling`; did you mean `billing`?",
            ),
            (
                "at='news_at'",
                "at='news_att'",
                "[fields.news] names `news_att`, which is not a declared field; did you mean `news_at`?",
            ),
            ("at='news_at'", "at='form'", "`at` names a field of type date; `form` has type text"),
            (
                "[fields.city]\ntype='city'",
                "[fields.city]\ntype='city'\nchannel='email'",
                "`channel` goes with a field of type consent, or with one that states a `preference`; \
                 [fields.city] has type city",
            ),
            (
                "from='created'",
                "from='creation'",
                "unknown `from`: `creation`; known are last_delivered, updated, created and last_activity",
            ),
            (
                "keep='10 years'",
                "",
                "[[retention]] needs `after` (erase then) or `keep` (not before)",
            ),
            ("then='erase'", "then='hide'", "`then` must be \"erase\", not `hide`"),
            (
                "'city = Bonn'",
                "'town = Bonn'",
                "`where` names `town`, which is not a declared field",
            ),
        ] {
            let text = SETTINGS.replace(from, to);
            assert_ne!(text, SETTINGS, "{from}");
            let findings = parse(&text).map(|_| ()).unwrap_err();
            let is_told = findings.iter().any(|finding| finding.message.starts_with(told));
            assert!(is_told, "`{told}` is not in {findings:#?}");
        }
    }
}
