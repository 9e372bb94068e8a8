//! What a task is about, in the few words that a list has room for.

use serde::{Deserialize, Serialize};

use super::Competing;
use domain::score;

/// What a group is told by, before the match probability of its weakest link.
pub const WEAKEST_LINK: &str = "weakest link ";

/// How the reason ends that most tasks have.
const NO_IDENTIFIER: &str = " identifier agrees";

/// What a task is about.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct TaskSummary {
    /// Whom it is about, a name a customer, as far as anybody may see it; of many the first.
    pub names: Vec<String>,
    /// Customers beyond those that are named.
    #[serde(default)]
    pub more: usize,
    /// What differs and what agrees: `different date of birth, same e-mail`.
    #[serde(default)]
    pub pattern: Option<String>,
    /// Why the machine did not merge them, the weightiest reason.
    #[serde(default)]
    pub not_merged: Option<String>,
    /// What competes with their being one.
    #[serde(default)]
    pub competing: Option<Competing>,
    /// The weakest link of a group, where that is not its only one.
    #[serde(default)]
    pub weakest: Option<f64>,
}

impl TaskSummary {
    /// What differs, why it was not merged and what agrees, for a column of a list, which may be cut:
    /// what decides comes first.
    #[must_use]
    pub fn line(&self) -> String {
        let pieces = self.pattern.iter().flat_map(|pattern| pattern.split(", "));
        let (differs, agrees): (Vec<&str>, Vec<&str>) =
            pieces.partition(|piece| piece.starts_with("different "));
        let why = self.not_merged.clone().unwrap_or_default();
        let (agrees, differs) = (agrees.join(", "), differs.join(", "));
        // That no identifier agrees is said of half of a queue: what agrees tells two tasks apart.
        let parts = match why.ends_with(NO_IDENTIFIER) {
            true => [differs, agrees, why],
            false => [differs, why, agrees],
        };
        parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("; ")
    }

    /// The names, as few words as tell them apart: see [`names_in`].
    #[must_use]
    pub fn named(&self) -> String {
        let more = if self.more > 0 { format!(" +{}", self.more) } else { String::new() };
        names_in(&self.names) + &more
    }

    /// Sentences, for where there is room: whom it is about, what differs, why it was not merged.
    #[must_use]
    pub fn sentences(&self) -> Vec<String> {
        let mut names = self.names.join(" | ");
        if self.more > 0 {
            names += &format!(" and {} more", self.more);
        }
        let mut lines = vec![names];
        let is_told = |why: &String| why.starts_with(WEAKEST_LINK);
        let weakest = self.weakest.filter(|_| !self.not_merged.as_ref().is_some_and(is_told));
        let weakest = weakest.map(|weakest| format!("{WEAKEST_LINK}{}", score(weakest)));
        let competing = self.competing.as_ref().and_then(Competing::told);
        let why = self.not_merged.as_ref().map(|why| format!("not merged: {why}"));
        let rest: Vec<String> = [why, weakest, competing].into_iter().flatten().collect();
        // Why comes before what differs: a small pane cuts the end.
        if !rest.is_empty() {
            lines.push(rest.join("; "));
        }
        lines.extend(self.pattern.clone());
        lines
    }
}

/// Names beside each other, what they share once: `Varga / Vargas, Elena`, `Pace, Thomas / Tom`,
/// `Pace, Thomas (2)`.
#[must_use]
pub fn names_in(names: &[String]) -> String {
    let mut distinct: Vec<&str> = Vec::new();
    for name in names {
        if !distinct.contains(&name.as_str()) {
            distinct.push(name);
        }
    }
    if let ([only], true) = (distinct.as_slice(), names.len() > 1) {
        return format!("{only} ({})", names.len());
    }
    let parts: Option<Vec<(&str, &str)>> =
        distinct.iter().map(|name| name.split_once(", ")).collect();
    let Some(parts) = parts.filter(|parts| parts.len() > 1) else {
        return distinct.join(" / ");
    };
    let joined =
        |part: fn(&(&str, &str)) -> String| parts.iter().map(part).collect::<Vec<_>>().join(" / ");
    if parts.iter().all(|(family, _)| *family == parts[0].0) {
        return format!("{}, {}", parts[0].0, joined(|(_, given)| (*given).to_owned()));
    }
    if parts.iter().all(|(_, given)| *given == parts[0].1) {
        return format!("{}, {}", joined(|(family, _)| (*family).to_owned()), parts[0].1);
    }
    distinct.join(" / ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_names_share_is_said_once() {
        for (names, told) in [
            (&["Pace, Thomas", "Pace, Tom"][..], "Pace, Thomas / Tom"),
            (&["Varga, Elena", "Vargas, Elena"], "Varga / Vargas, Elena"),
            (&["Pace, Thomas", "Pace, Thomas"], "Pace, Thomas (2)"),
            (&["Pace, Thomas", "Thomas, Pace"], "Pace, Thomas / Thomas, Pace"),
            (&["Pace, Thomas", "Nordwind GmbH"], "Pace, Thomas / Nordwind GmbH"),
            (&["Nordwind GmbH", "Nordwind AG"], "Nordwind GmbH / Nordwind AG"),
            (&["Pace, Tom", "Pace, Tom", "Pace, Theo"], "Pace, Tom / Theo"),
            (&["Pace, Tom"], "Pace, Tom"),
            (&["crm:1", "webshop:2"], "crm:1 / webshop:2"),
            (&[], ""),
        ] {
            let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
            assert_eq!(names_in(&names), told);
        }
    }

    #[test]
    fn a_summary_says_who_what_and_why() {
        let summary = TaskSummary {
            names: vec!["Varga, Elena".to_owned(), "Vargas, Elena".to_owned()],
            more: 1,
            pattern: Some("different date of birth, same e-mail".to_owned()),
            not_merged: Some("date of birth contradicts".to_owned()),
            competing: Some(Competing { class: "household".to_owned(), probability: 0.131 }),
            weakest: Some(0.23),
        };
        assert_eq!(
            summary.line(),
            "different date of birth; date of birth contradicts; same e-mail"
        );
        let usual = TaskSummary {
            not_merged: Some("no registered identifier agrees".to_owned()),
            pattern: Some("same organisation, different phone, same e-mail".to_owned()),
            ..TaskSummary::default()
        };
        assert_eq!(
            usual.line(),
            "different phone; same organisation, same e-mail; no registered identifier agrees"
        );
        assert_eq!(summary.named(), "Varga / Vargas, Elena +1");
        assert_eq!(
            summary.sentences(),
            [
                "Varga, Elena | Vargas, Elena and 1 more",
                "not merged: date of birth contradicts; weakest link 0.23; household 0.13",
                "different date of birth, same e-mail",
            ]
        );
    }
}
