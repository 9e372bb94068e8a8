//! `[[approvals]]`: which verdicts somebody else has to approve, and who may.

use std::fmt::Write as _;

use super::Settings;
use super::nearest::hint;
use super::reader::{Findings, Placed, Table, integer};
use super::roles::Role;
use domain::Approver;
use domain::expression::{Expected, Expression};

/// One rule of approvals: the first that holds decides.
#[derive(Debug, Clone, PartialEq)]
pub struct ApprovalRule {
    /// Which verdicts it is about.
    pub when: Expression,
    /// The role that approves.
    pub by: String,
    /// The days within which it is to be approved.
    pub due: Option<u32>,
}

/// What `when` may ask of a verdict, each with what it holds.
pub const APPROVAL_NAMES: [(&str, &str); 14] = [
    ("verdict", "merge, correct, undo; of what is accepted or merged also what that comes to"),
    ("kind", "the kind of the task: duplicate, invalid"),
    ("score", "match probability of the task, 0 to 1"),
    ("stake", "value at stake, as set by [queue] stake, with or without a task"),
    ("source", "the sources of its records"),
    ("rule", "the rules that the task's record breaks, and those waived"),
    ("reason", "why the task is there: back: email changed"),
    ("code", "the reason code of the verdict"),
    ("customers", "how many customers it is about"),
    ("records", "how many records those have"),
    ("field", "each field that is corrected, pinned or removed"),
    ("person", "who decides"),
    ("role", "the role of whoever decides"),
    ("bulk", "how many decisions the bulk has; 1 without one"),
];

/// Verdicts that may need approval: all that change what is held.
pub const APPROVED_VERDICTS: [&str; 15] = [
    "merge",
    "not-a-match",
    "unmerge",
    "correct",
    "pin",
    "waive",
    "quarantine",
    "close",
    "reopen",
    "accept",
    "keep",
    "undo",
    "grant",
    "hold",
    "lift",
];
const KINDS: [&str; 7] =
    ["duplicate", "invalid", "challenge", "vanished", "second", "check", "overlay"];
/// The longest time in days: ten years.
const LONGEST_DUE: i64 = 3_650;

pub(super) fn read_all(
    tables: &[Table<'_>],
    roles: &[Role],
    findings: &mut Findings,
) -> Vec<ApprovalRule> {
    tables.iter().filter_map(|table| read(table, roles, findings)).collect()
}

fn read(table: &Table<'_>, roles: &[Role], findings: &mut Findings) -> Option<ApprovalRule> {
    table.only(&["when", "by", "due"], findings);
    let when = table.required_text("when", findings).and_then(|when| condition(when, findings));
    let by = table.required_text("by", findings);
    if let Some(by) = by
        && roles.iter().all(|role| role.name != by.text)
    {
        let hint = hint(by.text, roles.iter().map(|role| role.name.as_str()));
        findings.add(by.at, format!("`by`: there is no [roles.{}]{hint}", by.text));
    }
    let due = table.get("due").and_then(|entry| integer(entry, 1..LONGEST_DUE + 1, findings));
    let due = due.and_then(|days| u32::try_from(days).ok());
    Some(ApprovalRule { when: when?, by: by?.text.to_owned(), due })
}

fn condition(when: Placed<'_>, findings: &mut Findings) -> Option<Expression> {
    let expected = |name: &str| match name {
        "verdict" => Expected::OneOf(&APPROVED_VERDICTS),
        "kind" => Expected::OneOf(&KINDS),
        "score" | "stake" | "customers" | "records" | "bulk" => Expected::Number,
        _ => Expected::Text,
    };
    let read = Expression::parse(when.text).and_then(|expression| {
        expression.check("verdicts", &APPROVAL_NAMES.map(|row| row.0), &expected)?;
        Ok(expression)
    });
    match read {
        Ok(expression) => Some(expression),
        Err(why) => {
            findings.add(when.at, format!("`when` of [[approvals]]: {why}"));
            None
        }
    }
}

impl Settings {
    /// The people whose role makes them approvers, in the order of the file.
    pub fn approvers(&self, by: &Approver) -> impl Iterator<Item = &super::Person> {
        let may = move |person: &&super::Person| {
            let role = person.role.as_deref().and_then(|role| self.role(role));
            role.is_some_and(|role| role.approves(by))
        };
        self.people.iter().filter(may)
    }
}

impl Role {
    /// Whether whoever has this role approves what these may approve.
    #[must_use]
    pub fn approves(&self, by: &Approver) -> bool {
        match by {
            Approver::Role(name) => self.name == *name && self.may.contains("approve"),
            Approver::Verb(verb) => self.may.contains(verb),
        }
    }
}

pub(super) fn write(text: &mut String, settings: &Settings) -> std::fmt::Result {
    if settings.approvals.is_empty() {
        return Ok(());
    }
    writeln!(text, "\nApprovals (the first that holds; nobody approves what they proposed)")?;
    for rule in &settings.approvals {
        let due = rule.due.map(|days| format!(", within {days} days")).unwrap_or_default();
        writeln!(text, "  {}: approved by {}{due}", rule.when.text(), rule.by)?;
    }
    Ok(())
}

/// Rules that leave verdicts waiting for ever, and those that never hold.
pub(super) fn warnings(settings: &Settings) -> impl Iterator<Item = String> + '_ {
    stuck(settings).chain(never(settings)).chain(without_stake(settings))
}

fn without_stake(settings: &Settings) -> impl Iterator<Item = String> + '_ {
    let asks = |rule: &&ApprovalRule| rule.when.names().contains(&"stake");
    let rules = settings.approvals.iter().filter(|_| settings.queue.stake.is_none()).filter(asks);
    rules.map(|rule| {
        format!(
            "`{}` in [[approvals]] asks for a stake, and [queue] names none: set `stake` in [queue]",
            rule.when.text()
        )
    })
}

/// Rules about something that the settings do not have: who misspells a field has no rule.
fn never(settings: &Settings) -> impl Iterator<Item = String> + '_ {
    let fields: Vec<&str> = settings.fields.iter().map(|it| it.name.as_str()).collect();
    let sources: Vec<&str> = settings.sources.iter().map(|it| it.name.as_str()).collect();
    let rules: Vec<&str> = settings.rules.iter().map(|it| it.id.as_str()).collect();
    let roles: Vec<&str> = settings.roles.iter().map(|it| it.name.as_str()).collect();
    settings.approvals.iter().filter_map(move |rule| {
        let expected = |name: &str| match name {
            "field" => Expected::OneOf(&fields),
            "source" => Expected::OneOf(&sources),
            "rule" => Expected::OneOf(&rules),
            "role" => Expected::OneOf(&roles),
            _ => Expected::Text,
        };
        let names = APPROVAL_NAMES.map(|row| row.0);
        let why = rule.when.check("verdicts", &names, &expected).err()?;
        Some(format!(
            "`when = \"{}\"` of [[approvals]] never holds as it is: {why}",
            rule.when.text()
        ))
    })
}

fn stuck(settings: &Settings) -> impl Iterator<Item = String> + '_ {
    settings.approvals.iter().filter_map(|rule| {
        let (by, when) = (&rule.by, rule.when.text());
        let role = settings.role(by)?;
        if !role.may.contains("approve") {
            return Some(format!(
                "{by} approves `{when}` and may not approve: add \"approve\" to `may` of [roles.{by}]"
            ));
        }
        let approver = Approver::Role(by.clone());
        let mut people = settings.approvers(&approver);
        match (people.next(), people.next()) {
            (None, _) => Some(format!(
                "nobody in [people] has the role {by}, so nobody can approve `{when}`: give it to somebody"
            )),
            (Some(only), None) => Some(format!(
                "only {} has the role {by}, so nobody can approve what {} proposes under `{when}`: give the role to \
                 somebody else too",
                only.id, only.id
            )),
            _ => None,
        }
    })
}

#[cfg(test)]
mod tests {
    use crate::{explain, parse, starter, warnings};

    const ROLES: &str = "[roles.lead]\nmay=['approve','decide']\n[roles.steward]\nmay=['decide']\n\
        [people.ada]\nrole='lead'\n[people.sam]\nrole='steward'\n";

    fn text(section: &str) -> String {
        format!("{}\n{ROLES}{section}", starter("acme", None))
    }

    #[test]
    fn rules_are_read_in_order_and_told() {
        let read = parse(&text(
            "[[approvals]]\nwhen='verdict = merge and stake >= 10000'\nby='lead'\ndue=3\n\
             [[approvals]]\nwhen='field in (email, phone) or customers > 5'\nby='lead'\n",
        ))
        .unwrap();
        let told: Vec<_> = read.approvals.iter().map(|it| (it.by.as_str(), it.due)).collect();
        assert_eq!(told, [("lead", Some(3)), ("lead", None)]);
        let said = explain(&read);
        assert!(
            said.contains("verdict = merge and stake >= 10000: approved by lead, within 3 days"),
            "{said}"
        );
    }

    #[test]
    fn what_can_never_hold_is_a_finding() {
        for (body, finding) in [
            ("by='lead'", "needs `when`"),
            ("when='verdict = merge'", "needs `by`"),
            ("when='verdict = mrege'\nby='lead'", "did you mean merge?"),
            ("when='verdict = defer'\nby='lead'", "verdict"),
            ("when='stake > many'\nby='lead'", "stake"),
            ("when='colour = red'\nby='lead'", "verdicts have no `colour`"),
            ("when='verdict ='\nby='lead'", "`when` of [[approvals]]: column"),
            ("when='verdict = merge'\nby='leed'", "there is no [roles.leed]; did you mean `lead`?"),
            ("when='verdict = merge'\nby='lead'\ndue=0", "`due` should be from 1 to"),
            ("when='verdict = merge'\nby='lead'\nfor='x'", "unknown key `for`"),
        ] {
            let found = parse(&text(&format!("[[approvals]]\n{body}\n"))).unwrap_err();
            let said: Vec<_> = found.iter().map(|it| it.message.as_str()).collect();
            assert!(said.iter().any(|it| it.contains(finding)), "{body}: {said:?}");
        }
    }

    #[test]
    fn a_rule_about_what_is_not_there_is_warned_of() {
        for (when, warned) in [
            ("field = emial", Some("email")),
            ("field in (email, phnoe)", Some("phone")),
            ("source = cmr", Some("crm")),
            ("rule = x", Some("rule")),
            ("role = steard", Some("steward")),
            ("verdict = correct and field = email", None),
            ("role != steward or field ~ mail", None),
        ] {
            let more = "[people.lee]\nrole='lead'\n";
            let rule = format!("{more}[[approvals]]\nwhen='{when}'\nby='lead'\n");
            let settings = parse(&text(&rule)).unwrap();
            let all = warnings(&settings);
            let found: Vec<_> = all.iter().filter(|it| it.contains("never holds")).collect();
            match warned {
                Some(meant) => assert!(found[0].contains(meant), "{when}: {found:?}"),
                None => assert!(found.is_empty(), "{when}: {found:?}"),
            }
        }
    }

    #[test]
    fn a_rule_that_nobody_or_one_person_can_meet_is_warned_of() {
        let warned = |people: &str, by: &str| {
            let rule = format!("{people}[[approvals]]\nwhen='verdict = merge'\nby='{by}'\n");
            let warned = warnings(&parse(&text(&rule)).unwrap());
            warned.into_iter().filter(|it| it.contains("approve")).collect::<Vec<_>>()
        };
        assert!(warned("", "lead")[0].starts_with("only ada has the role lead"));
        assert_eq!(warned("[people.lee]\nrole='lead'\n", "lead"), Vec::<String>::new());
        assert!(warned("", "steward")[0].contains("may not approve"));
        assert!(
            warned("[roles.board]\nmay=['approve']\n", "board")[0]
                .starts_with("nobody in [people]")
        );
    }
}
