//! One customer on one page, for whoever has them on the telephone.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{ActivityView, CustomerView, MeasuresView, TimelineView};
use domain::{FieldType, Shown, TaskId, TaskKind};

/// One customer on one page.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CardView {
    /// As of when.
    pub at: Timestamp,
    /// The customer, without its history.
    pub customer: CustomerView,
    /// What it did last, without what was done about it.
    pub timeline: TimelineView,
    /// What measures say of it, and its segments.
    pub measures: MeasuresView,
    /// What waits for somebody.
    pub tasks: Vec<CardTask>,
}

/// Something about the customer that waits for somebody.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CardTask {
    /// The task.
    pub task: TaskId,
    /// What kind it is of.
    pub kind: TaskKind,
}

/// A part of the page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CardSection {
    /// What it is about.
    pub title: &'static str,
    /// Its lines; never none.
    pub lines: Vec<CardLine>,
}

/// A line of the page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CardLine {
    /// What it says something about: a field, a purpose, a measure.
    pub label: String,
    /// What it says.
    pub text: String,
    /// Whether somebody should look at it.
    pub is_marked: bool,
}

impl CardLine {
    fn new(label: impl Into<String>, text: impl Into<String>) -> CardLine {
        CardLine { label: label.into(), text: text.into(), is_marked: false }
    }

    fn marked(self, is_marked: bool) -> CardLine {
        CardLine { is_marked, ..self }
    }
}

/// What is said of who somebody is.
const WHO: [FieldType; 8] = [
    FieldType::OrganisationName,
    FieldType::FullName,
    FieldType::GivenName,
    FieldType::FamilyName,
    FieldType::NameSuffix,
    FieldType::DateOfBirth,
    FieldType::NationalId,
    FieldType::Identifier,
];
/// What is said on one line, as an address is.
const PLACE: [FieldType; 6] = [
    FieldType::Street,
    FieldType::Address,
    FieldType::Postcode,
    FieldType::City,
    FieldType::Region,
    FieldType::Country,
];
/// How somebody is reached at once.
const REACH: [FieldType; 2] = [FieldType::Phone, FieldType::Email];

impl CardView {
    /// Who it is, as far as that is shown; empty where nobody knows.
    #[must_use]
    pub fn name(&self) -> String {
        let first = |types: &[FieldType]| -> Vec<&str> {
            self.values(types).into_iter().map(|(_, text)| &**text).collect()
        };
        let person = first(&[FieldType::GivenName, FieldType::FamilyName]);
        let named = [person, first(&[FieldType::FullName]), first(&[FieldType::OrganisationName])];
        named.into_iter().find(|it| !it.is_empty()).unwrap_or_default().join(" ")
    }

    /// The page, section by section; those of which nothing is known are left out.
    #[must_use]
    pub fn sections(&self) -> Vec<CardSection> {
        let parts = [
            ("Who", self.who()),
            ("Reach", self.reach()),
            ("Allowed", self.allowed()),
            ("Value", self.value()),
            ("Last", self.timeline.activities.iter().map(last).collect()),
            ("Open", self.open()),
            ("Quality", self.quality()),
        ];
        let sections = parts.into_iter().map(|(title, lines)| CardSection { title, lines });
        sections.filter(|section| !section.lines.is_empty()).collect()
    }

    /// Golden values of some types, by field, in the order of the settings.
    fn values(&self, types: &[FieldType]) -> Vec<(&str, &Shown)> {
        let fields = self.customer.fields.iter().filter(|it| types.contains(&it.field_type));
        let golden = &self.customer.column.golden;
        let value = |name| Some((name, &golden.get(name)?.text));
        fields.filter_map(|field| value(field.name.as_str())).collect()
    }

    fn who(&self) -> Vec<CardLine> {
        let values = self.values(&WHO).into_iter();
        let mut lines: Vec<CardLine> =
            values.map(|(name, text)| CardLine::new(name, &**text)).collect();
        let mut sources: Vec<&str> =
            self.customer.column.members.iter().map(|it| it.address.source.as_str()).collect();
        sources.sort_unstable();
        sources.dedup();
        let records =
            domain::counted(self.customer.column.members.len() as u64, "record", "records");
        lines.push(CardLine::new("known by", format!("{records} of {}", sources.join(", "))));
        lines
    }

    fn reach(&self) -> Vec<CardLine> {
        let golden = &self.customer.column.golden;
        let mut lines = Vec::new();
        for of in REACH {
            for (name, text) in self.values(&[of]) {
                lines.push(CardLine::new(name, &**text));
                let kept = golden.kept_of(name);
                lines.extend(kept.map(|kept| CardLine::new(format!("{name}, also"), &*kept.text)));
            }
        }
        let place: Vec<&str> = self.values(&PLACE).into_iter().map(|(_, text)| &**text).collect();
        if !place.is_empty() {
            lines.push(CardLine::new("address", place.join(", ")));
        }
        lines
    }

    fn allowed(&self) -> Vec<CardLine> {
        let consent = &self.customer.consent;
        let restricted = self.customer.restrictions.iter();
        let mut lines: Vec<CardLine> =
            restricted.map(|it| CardLine::new("restriction", &*it.what).marked(true)).collect();
        lines.extend(consent.rows.iter().map(|row| {
            CardLine::new(row.about(), &*row.state).marked(row.contradicted == Some(true))
        }));
        lines.extend(consent.preferences.iter().map(|it| CardLine::new(it.about(), it.told())));
        lines
    }

    fn value(&self) -> Vec<CardLine> {
        let measures = self.measures.measures.iter().map(|it| {
            let value = match (&it.value, it.masked) {
                (_, true) => "masked".to_owned(),
                (None, _) => "nothing yet".to_owned(),
                (Some(value), _) => match &it.currency {
                    Some(currency) => format!("{value} {currency}"),
                    None => value.clone(),
                },
            };
            CardLine::new(it.name.as_str(), value)
        });
        let mut lines: Vec<CardLine> = measures.collect();
        if !self.measures.segments.is_empty() {
            lines.push(CardLine::new("segments", self.measures.segments.join(", ")));
        }
        lines
    }

    fn open(&self) -> Vec<CardLine> {
        let holds = self.customer.holds.iter().map(|hold| {
            let until = hold.until.map(|day| format!(" until {day}")).unwrap_or_default();
            let why = hold.reason.as_ref().map(|it| format!(", {it}")).unwrap_or_default();
            CardLine::new("hold", format!("{}{until}{why}", hold.decision))
        });
        let tasks = self.tasks.iter().map(|it| CardLine::new(it.kind.name(), it.task.to_string()));
        holds.chain(tasks).collect()
    }

    fn quality(&self) -> Vec<CardLine> {
        let violations = self.customer.violations.iter();
        let mut lines: Vec<CardLine> = violations
            .map(|it| CardLine::new(it.field.as_str(), &*it.message).marked(it.waived.is_none()))
            .collect();
        let updated = self.customer.column.members.iter().map(|member| member.updated).max();
        lines.extend(updated.map(|at| {
            let text = at.strftime("%Y-%m-%d").to_string();
            CardLine::new("last updated", text)
        }));
        lines
    }
}

fn last(activity: &ActivityView) -> CardLine {
    let mut text = activity.kind.as_str().to_owned();
    if let Some(money) = &activity.money {
        text += &format!(", {money}");
    }
    for (name, value) in &activity.properties {
        text += &format!(", {name}: {}", &**value);
    }
    CardLine::new(activity.at.day().to_string(), text)
}
