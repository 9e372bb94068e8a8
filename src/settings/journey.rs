//! `[[journeys]]`: the steps that customers take one after the other, read from their activities.

use std::fmt::{self, Write as _};
use std::str::FromStr;

use toml::de::DeValue;

use super::nearest::hint;
use super::reader::{Entry, Findings, Placed, Table, name_is_sound, text, texts};
use super::stream::{KindOf, Stream};
use domain::{ActivityKind, StreamName};

/// The most steps a journey has.
pub const MOST_STEPS: usize = 32;

/// A journey.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Journey {
    /// Its name.
    pub id: String,
    /// What it is for.
    pub description: Option<String>,
    /// Its steps, two at least.
    pub steps: Vec<JourneyStep>,
    /// What may come between two steps.
    pub order: StepOrder,
    /// How long after its first step a step may be; none: ever.
    pub window: Option<Window>,
    /// The streams whose activities it looks at; none: all.
    pub streams: Vec<StreamName>,
}

/// One step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JourneyStep {
    /// Its name.
    pub name: String,
    /// The kinds of activities any of which takes it.
    pub kinds: Vec<ActivityKind>,
}

/// What may come between two steps.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum StepOrder {
    /// Whatever else.
    #[default]
    Loose,
    /// Nothing: a step is the very next activity.
    Strict,
}

impl StepOrder {
    /// Both.
    pub const ALL: [StepOrder; 2] = [StepOrder::Loose, StepOrder::Strict];

    /// The word for it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            StepOrder::Loose => "loose",
            StepOrder::Strict => "strict",
        }
    }
}

/// An exact length of time, in minutes: `30 minutes`, `12 hours`, `30 days`, `4 weeks`.
///
/// Months and years are none: they are of different lengths, and a step would be taken in February that is not taken in
/// March.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Window {
    minutes: u32,
}

/// Units, the longest first, each with its words and its minutes.
const UNITS: [(&str, &[&str], u32); 4] = [
    ("week", &["w", "week", "weeks"], 7 * 24 * 60),
    ("day", &["d", "day", "days"], 24 * 60),
    ("hour", &["h", "hour", "hours"], 60),
    ("minute", &["m", "min", "minute", "minutes"], 1),
];

impl Window {
    /// What a text that is none should have been.
    pub const EXPECTED: &'static str =
        "a number of minutes, hours, days or weeks, such as \"30 days\"";
    /// The longest: ten years.
    const MOST: u32 = 10 * 366 * 24 * 60;

    /// In microseconds.
    #[must_use]
    pub fn microseconds(self) -> i64 {
        i64::from(self.minutes) * 60_000_000
    }
}

impl FromStr for Window {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let text = text.trim().to_ascii_lowercase();
        let digits = text.bytes().take_while(u8::is_ascii_digit).count();
        let (count, word) = text.split_at(digits);
        let count: u32 = count.parse().map_err(|_| ())?;
        let word = word.trim();
        let unit = UNITS.iter().find(|(_, words, _)| words.contains(&word)).ok_or(())?;
        let minutes = count.checked_mul(unit.2).ok_or(())?;
        if (1..=Self::MOST).contains(&minutes) { Ok(Self { minutes }) } else { Err(()) }
    }
}

impl fmt::Display for Window {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Weeks are said in days: `30 days` and `28 days` are compared at a glance.
        let is_whole = |unit: &&(&str, &[&str], u32)| self.minutes.is_multiple_of(unit.2);
        let (word, _, minutes) = UNITS[1..].iter().find(is_whole).unwrap_or(&UNITS[3]);
        let count = self.minutes / minutes;
        write!(f, "{count} {word}{}", if count == 1 { "" } else { "s" })
    }
}

impl Journey {
    /// The journey in words: `page_view, then product_view, then purchase, within 30 days of the first`.
    #[must_use]
    pub fn words(&self) -> String {
        let then = match self.order {
            StepOrder::Loose => ", then ",
            StepOrder::Strict => ", next ",
        };
        let steps: Vec<String> = self.steps.iter().map(JourneyStep::words).collect();
        let mut words = steps.join(then);
        if let Some(window) = self.window {
            words += &format!(", within {window} of the first");
        }
        if !self.streams.is_empty() {
            let streams: Vec<&str> = self.streams.iter().map(StreamName::as_str).collect();
            words += &format!("; in {} alone", streams.join(" and "));
        }
        words
    }

    /// Whether it looks at the activities of a stream.
    #[must_use]
    pub fn looks_at(&self, stream: &StreamName) -> bool {
        self.streams.is_empty() || self.streams.contains(stream)
    }
}

impl JourneyStep {
    fn words(&self) -> String {
        let kinds: Vec<&str> = self.kinds.iter().map(ActivityKind::as_str).collect();
        match kinds.as_slice() {
            [kind] if *kind == self.name => self.name.clone(),
            _ => format!("{} ({})", self.name, kinds.join(" or ")),
        }
    }
}

/// The journeys in words, for `steward check`.
pub(super) fn write(text: &mut String, journeys: &[Journey]) -> fmt::Result {
    if journeys.is_empty() {
        return Ok(());
    }
    writeln!(text, "\nJourneys")?;
    for journey in journeys {
        writeln!(text, "  {}: {}", journey.id, journey.words())?;
    }
    Ok(())
}

pub(super) fn read_all(
    tables: &[Table<'_>],
    streams: &[Stream],
    findings: &mut Findings,
) -> Vec<Journey> {
    let mut journeys: Vec<Journey> = Vec::new();
    for table in tables {
        let Some(journey) = read(table, streams, findings) else { continue };
        if journeys.iter().any(|known| known.id == journey.id) {
            findings.add(table.at, format!("there are two journeys `{}`", journey.id));
        }
        journeys.push(journey);
    }
    journeys
}

const KEYS: [&str; 6] = ["id", "description", "steps", "order", "window", "streams"];

fn read(table: &Table<'_>, streams: &[Stream], findings: &mut Findings) -> Option<Journey> {
    table.only(&KEYS, findings);
    let id = table.required_text("id", findings);
    let id = id.filter(|id| name_is_sound(id.at, "journey", id.text, findings));
    let description = table.text("description", findings).map(|it| it.text.to_owned());
    let order = read_order(table, findings);
    let window = read_window(table, findings);
    let named = read_streams(table, streams, findings);
    let steps = table.required("steps", findings)?;
    let looked_at: Vec<&Stream> =
        streams.iter().filter(|it| named.is_empty() || named.contains(&it.name)).collect();
    let steps = read_steps(steps, &looked_at, findings)?;
    Some(Journey { id: id?.text.to_owned(), description, steps, order, window, streams: named })
}

fn read_order(table: &Table<'_>, findings: &mut Findings) -> StepOrder {
    let Some(said) = table.text("order", findings) else { return StepOrder::default() };
    let order = StepOrder::ALL.into_iter().find(|order| order.word() == said.text);
    if order.is_none() {
        let hint = hint(said.text, StepOrder::ALL.map(StepOrder::word));
        findings
            .add(said.at, format!("`order` is \"loose\" or \"strict\", not `{}`{hint}", said.text));
    }
    order.unwrap_or_default()
}

fn read_window(table: &Table<'_>, findings: &mut Findings) -> Option<Window> {
    let said = table.text("window", findings)?;
    let window = said.text.parse().ok();
    if window.is_none() {
        let expected = Window::EXPECTED;
        findings.add(said.at, format!("`window` should be {expected}, not `{}`", said.text));
    }
    window
}

fn read_streams(table: &Table<'_>, streams: &[Stream], findings: &mut Findings) -> Vec<StreamName> {
    let mut named = Vec::new();
    for said in table.texts("streams", findings).unwrap_or_default() {
        match streams.iter().find(|stream| stream.name.as_str() == said.text) {
            Some(stream) => named.push(stream.name.clone()),
            None => {
                let hint = hint(said.text, streams.iter().map(|it| it.name.as_str()));
                findings.add(said.at, format!("there is no [streams.{}]{hint}", said.text));
            }
        }
    }
    named
}

fn read_steps(
    entry: Entry<'_>,
    streams: &[&Stream],
    findings: &mut Findings,
) -> Option<Vec<JourneyStep>> {
    let DeValue::Array(items) = entry.value.get_ref() else {
        findings.add(
            entry.at,
            "`steps` is a list of kinds of activities: [\"page_view\", \"purchase\"]",
        );
        return None;
    };
    if !(2..=MOST_STEPS).contains(&items.len()) {
        findings
            .add(entry.at, format!("a journey has 2 to {MOST_STEPS} steps, not {}", items.len()));
        return None;
    }
    let mut steps: Vec<JourneyStep> = Vec::new();
    for item in items.iter() {
        let entry = Entry { key: "steps", at: item.span().start, value: item };
        let step = read_step(entry, streams, findings)?;
        if steps.iter().any(|known| known.name == step.name) {
            let text = "are two steps called so: give one another name, as in \
                        { name = \"again\", kinds = \"purchase\" }";
            findings.add(entry.at, format!("`{}`: there {text}", step.name));
            return None;
        }
        steps.push(step);
    }
    Some(steps)
}

/// `"purchase"`, or `{ name = "ordered", kinds = ["purchase", "payment"] }`.
fn read_step(
    entry: Entry<'_>,
    streams: &[&Stream],
    findings: &mut Findings,
) -> Option<JourneyStep> {
    if !entry.is_table() {
        let said = text(entry, findings)?;
        let kind = known_kind(said, streams, findings)?;
        return Some(JourneyStep { name: said.text.to_owned(), kinds: vec![kind] });
    }
    let table = Table::of(entry, "a step of [[journeys]]", findings)?;
    table.only(&["name", "kinds"], findings);
    let name = table.required_text("name", findings);
    let name = name.filter(|name| name_is_sound(name.at, "step", name.text, findings));
    let said = table.required("kinds", findings).and_then(|kinds| texts(kinds, findings))?;
    if said.is_empty() {
        findings.add(table.at, "a step needs a kind of activity");
    }
    let kinds: Option<Vec<ActivityKind>> =
        said.into_iter().map(|said| known_kind(said, streams, findings)).collect();
    Some(JourneyStep { name: name?.text.to_owned(), kinds: kinds.filter(|it| !it.is_empty())? })
}

/// A kind of activity that some stream brings, as far as the settings can tell.
fn known_kind(
    said: Placed<'_>,
    streams: &[&Stream],
    findings: &mut Findings,
) -> Option<ActivityKind> {
    let Some(kind) = ActivityKind::new(said.text) else {
        let what = "is not the name of a kind of activity (small letters, digits and _)";
        findings.add(said.at, format!("`{}` {what}", said.text));
        return None;
    };
    let mut known: Vec<&str> = Vec::new();
    for stream in streams {
        match &stream.kind {
            KindOf::One(kind) => known.push(kind.as_str()),
            // Words of a column that nobody mapped are kinds by themselves: any may come.
            KindOf::Column { .. } => return Some(kind),
        }
    }
    if !known.contains(&kind.as_str()) {
        let hint = hint(said.text, known.iter().copied());
        findings.add(said.at, format!("no stream brings the kind `{}`{hint}", said.text));
    }
    Some(kind)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parse;

    const SETTINGS: &str = "[workspace]\nname='a'\n[fields.email]\ntype='email'\n\
        [sources.shop]\nkey='Id'\nmap={email='e'}\n\
        [streams.visits]\nsource='shop'\nkind='page_view'\nat='at'\nkey='id'\nsubject={key='who'}\n\
        [streams.orders]\nsource='shop'\nkind='purchase'\nat='at'\nkey='id'\nsubject={key='who'}\n";

    fn read(journey: &str) -> Result<Vec<Journey>, String> {
        let read = parse(&format!("{SETTINGS}{journey}"));
        read.map(|settings| settings.journeys).map_err(|findings| {
            findings.iter().map(|it| it.message.as_str()).collect::<Vec<_>>().join("; ")
        })
    }

    #[test]
    fn a_journey_is_read_and_said() {
        let read = read(
            "[[journeys]]\nid='first'\ndescription='To the first order.'\n\
             steps=['page_view',{name='ordered',kinds=['purchase']},{name='again',kinds='purchase'}]\n\
             order='strict'\nwindow='4 weeks'\nstreams=['orders','visits']\n\
             [[journeys]]\nid='b'\nsteps=['page_view','purchase']\n",
        )
        .unwrap();
        let words: Vec<String> = read.iter().map(Journey::words).collect();
        assert_eq!(
            words,
            [
                "page_view, next ordered (purchase), next again (purchase), within 28 days of the \
                 first; in orders and visits alone",
                "page_view, then purchase"
            ]
        );
    }

    #[test]
    fn what_is_wrong_is_found() {
        for (journey, found) in [
            ("id='a'", "needs `steps`"),
            ("id='a'\nsteps='purchase'", "is a list of kinds"),
            ("id='a'\nsteps=['purchase']", "has 2 to 32 steps, not 1"),
            ("id='a'\nsteps=['page_view','purchace']", "no stream brings the kind `purchace`"),
            ("id='a'\nsteps=['page_view','Page View']", "is not the name of a kind"),
            ("id='a'\nsteps=['purchase','purchase']", "there are two steps called so"),
            (
                "id='a'\nsteps=['page_view','purchase']\nwindow='1 month'",
                "`window` should be a number",
            ),
            (
                "id='a'\nsteps=['page_view','purchase']\nwindow='0 days'",
                "`window` should be a number",
            ),
            ("id='a'\nsteps=['page_view','purchase']\norder='lose'", "is \"loose\" or \"strict\""),
            (
                "id='a'\nsteps=['page_view','purchase']\nstreams=['visit']",
                "there is no [streams.visit]",
            ),
            (
                "id='a'\nsteps=['page_view','purchase']\nstreams=['orders']",
                "brings the kind `page_view`",
            ),
            ("id='a'\nsteps=['page_view',{name='x'}]", "needs `kinds`"),
            ("id='a'\nstep=['page_view']\nsteps=['page_view','purchase']", "unknown key `step`"),
            ("steps=['page_view','purchase']", "needs `id`"),
        ] {
            let told = read(&format!("[[journeys]]\n{journey}\n")).expect_err(journey);
            assert!(told.contains(found), "{journey}: {told}");
        }
        let twice = "[[journeys]]\nid='a'\nsteps=['page_view','purchase']\n".repeat(2);
        assert!(read(&twice).unwrap_err().contains("two journeys `a`"));
    }

    #[test]
    fn windows_are_exact_lengths() {
        for (text, said) in [
            ("30 days", "30 days"),
            ("1d", "1 day"),
            ("24 h", "1 day"),
            ("36 hours", "36 hours"),
            ("90 minutes", "90 minutes"),
            ("2w", "14 days"),
        ] {
            assert_eq!(
                text.parse::<Window>().map(|it| it.to_string()),
                Ok(said.to_owned()),
                "{text}"
            );
        }
        for text in ["", "30", "days", "1 month", "-1 days", "1.5 days", "99999999 weeks"] {
            assert_eq!(text.parse::<Window>(), Err(()), "{text}");
        }
    }
}
