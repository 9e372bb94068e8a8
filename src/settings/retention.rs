//! `[[retention]]`: when customers are to be erased, and how long something must be kept. What must be kept wins.

use super::field::{Declared, is_declared};
use super::nearest::hint;
use super::purpose::lapse;
use super::reader::{Findings, Placed, Table};
use domain::expression::Expression;
use domain::retention::From;
use domain::{ActivityKind, Lapse};

/// One rule of retention.
#[derive(Debug, Clone, PartialEq)]
pub struct RetentionRule {
    /// What it is about.
    pub of: About,
    /// What becomes of those it is about.
    pub then: Retained,
    /// From which day it counts.
    pub from: From,
    /// The kinds of activities it asks about, where it counts from the last; none means all.
    pub kinds: Vec<ActivityKind>,
    /// The customers it is about, by their golden values; none means all.
    pub when: Option<Expression>,
}

/// What a rule of retention is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum About {
    /// Customers, with all that is held of them.
    Customers,
    /// Activities that belong to nobody, each from its own day.
    Unattached,
}

impl About {
    /// The name in `steward.toml`.
    const ALL: [(&'static str, About); 2] =
        [("customers", About::Customers), ("unattached", About::Unattached)];
}

/// What a rule of retention says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Retained {
    /// Customers are to be erased after so long.
    EraseAfter(Lapse),
    /// Customers must not be erased before so long: a statutory minimum.
    Keep(Lapse),
}

impl RetentionRule {
    /// The rule in words: `erase 36 months after the last delivery that changed it where country = DE`.
    #[must_use]
    pub fn words(&self) -> String {
        let kinds: Vec<&str> = self.kinds.iter().map(ActivityKind::as_str).collect();
        if self.of == About::Unattached {
            let what = match kinds.is_empty() {
                true => "activities that belong to nobody".to_owned(),
                false => format!("each {} that belongs to nobody", kinds.join(" or ")),
            };
            return match self.then {
                Retained::EraseAfter(lapse) => format!("erase {what} after {lapse}"),
                Retained::Keep(lapse) => format!("keep {what} for {lapse}"),
            };
        }
        let from = match kinds.is_empty() {
            true => self.from.words().to_owned(),
            false => format!("the last {}", kinds.join(" or ")),
        };
        let mut words = match self.then {
            Retained::EraseAfter(lapse) => format!("erase {lapse} after {from}"),
            Retained::Keep(lapse) => format!("keep for {lapse} from {from}"),
        };
        if let Some(when) = &self.when {
            words += &format!(" where {}", when.text());
        }
        words
    }
}

pub(super) fn read_all(
    tables: &[Table<'_>],
    fields: &[Declared<'_>],
    findings: &mut Findings,
) -> Vec<RetentionRule> {
    tables.iter().filter_map(|table| read(table, fields, findings)).collect()
}

fn read(
    table: &Table<'_>,
    fields: &[Declared<'_>],
    findings: &mut Findings,
) -> Option<RetentionRule> {
    table.only(&["of", "after", "keep", "from", "kinds", "then", "where"], findings);
    let of = read_about(table, findings);
    let when = table.text("where", findings).map(|when| condition(when, fields, findings));
    let from = match of {
        About::Customers => read_from(table, findings),
        About::Unattached => {
            for key in ["from", "where"] {
                if let Some(entry) = table.get(key) {
                    let what = "counts from each activity's own day, whatever a customer says";
                    findings.add(entry.at, format!("of = \"unattached\" {what}: remove `{key}`"));
                }
            }
            Some(From::LastActivity)
        }
    };
    let kinds = read_kinds(table, from, findings);
    let then = match (table.get("after"), table.get("keep")) {
        (Some(_), None) => {
            if table.get("then").is_none() {
                findings
                    .add(table.at, format!("{} needs `then`: set then = \"erase\"", table.title));
            }
            only_word(table, "then", "erase", findings);
            lapse(table, "after", findings).map(Retained::EraseAfter)
        }
        (None, Some(_)) => {
            if let Some(entry) = table.get("then") {
                findings.add(entry.at, "`then` goes with `after`; `keep` only keeps");
            }
            lapse(table, "keep", findings).map(Retained::Keep)
        }
        (Some(_), Some(both)) => {
            findings
                .add(both.at, "`after` and `keep` are two rules: write a [[retention]] for each");
            None
        }
        (None, None) => {
            let title = &table.title;
            findings.add(
                table.at,
                format!("{title} needs `after` (erase then) or `keep` (not before)"),
            );
            None
        }
    };
    let when = match when {
        Some(None) => return None,
        Some(when) => when,
        None => None,
    };
    Some(RetentionRule { of, then: then?, from: from?, kinds, when })
}

/// `of = "customers"`, the default, or `of = "unattached"`.
fn read_about(table: &Table<'_>, findings: &mut Findings) -> About {
    let Some(said) = table.text("of", findings) else { return About::Customers };
    let of = About::ALL.iter().find(|(name, _)| *name == said.text);
    if of.is_none() {
        let hint = hint(said.text, About::ALL.map(|(name, _)| name));
        findings.add(
            said.at,
            format!("`of` must be \"customers\" or \"unattached\", not `{}`{hint}", said.text),
        );
    }
    of.map_or(About::Customers, |(_, of)| *of)
}

fn only_word(table: &Table<'_>, key: &str, word: &str, findings: &mut Findings) {
    if let Some(placed) = table.text(key, findings)
        && placed.text != word
    {
        findings.add(placed.at, format!("`{key}` must be \"{word}\", not `{}`", placed.text));
    }
}

fn read_from(table: &Table<'_>, findings: &mut Findings) -> Option<From> {
    let placed = table.required_text("from", findings)?;
    let from = From::ALL.into_iter().find(|from| from.name() == placed.text);
    if from.is_none() {
        let hint = hint(placed.text, From::ALL.map(From::name));
        findings.add(placed.at, format!("unknown `from`: `{}`{hint}", placed.text));
    }
    from
}

/// `kinds = ["purchase"]`, with from = "last_activity".
fn read_kinds(table: &Table<'_>, from: Option<From>, findings: &mut Findings) -> Vec<ActivityKind> {
    let said = table.texts("kinds", findings).unwrap_or_default();
    if let (Some(first), Some(from)) = (said.first(), from)
        && from != From::LastActivity
    {
        findings.add(first.at, "`kinds` goes with from = \"last_activity\"");
    }
    let kinds = said.into_iter().filter_map(|said| {
        let kind = ActivityKind::new(said.text);
        if kind.is_none() {
            let what = "is not the name of a kind of activity (small letters, digits and _)";
            findings.add(said.at, format!("`{}` {what}", said.text));
        }
        kind
    });
    kinds.collect()
}

fn condition(
    when: Placed<'_>,
    fields: &[Declared<'_>],
    findings: &mut Findings,
) -> Option<Expression> {
    match Expression::parse(when.text) {
        Ok(expression) => {
            let names = expression.names();
            let known =
                names.iter().all(|name| is_declared(when.at, "`where`", name, fields, findings));
            known.then_some(expression)
        }
        Err(error) => {
            findings.add(when.at, format!("`where` cannot be read: {error}"));
            None
        }
    }
}
