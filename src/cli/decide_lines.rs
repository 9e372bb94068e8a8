//! A file of verdicts for `steward decide --from`: CSV or JSON Lines.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use clap::ValueEnum;

use super::failure::Usage;
use super::moment::deferral;
use super::verdict::{Details, RestOf, Said, Verdict};
use domain::ids::InvalidId;

/// What a file may say of one task, as text.
#[derive(Debug, Default, serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    task: String,
    verdict: String,
    #[serde(default)]
    members: Option<Members>,
    #[serde(default)]
    rest: Option<String>,
    #[serde(default)]
    into: Option<String>,
    #[serde(default)]
    reason: Option<String>,
    #[serde(default)]
    note: Option<String>,
    #[serde(default)]
    until: Option<String>,
    #[serde(default)]
    to: Option<String>,
    #[serde(default)]
    rule: Option<String>,
    #[serde(default)]
    version: Option<Number>,
}

/// `A,B`, or several lists: `A,B;C` or `["A,B", "C"]`.
#[derive(Debug, serde::Deserialize)]
#[serde(untagged)]
enum Members {
    One(String),
    Many(Vec<String>),
}

/// A number, also where a file has only texts.
#[derive(Debug, serde::Deserialize)]
#[serde(untagged)]
enum Number {
    Number(u64),
    Text(String),
}

impl Line {
    /// What it says.
    fn said(self) -> anyhow::Result<Said> {
        let wrong = |error: InvalidId| Usage::error(error.to_string());
        let set = |text: Option<String>| text.filter(|text| !text.trim().is_empty());
        let rest = set(self.rest).map(|text| RestOf::from_str(&text, true)).transpose();
        let members = match self.members {
            None => Vec::new(),
            Some(Members::One(text)) => text.split(';').map(str::to_owned).collect(),
            Some(Members::Many(lists)) => lists,
        };
        let version = match self.version {
            None => None,
            Some(Number::Number(number)) => Some(number),
            Some(Number::Text(text)) => set(Some(text))
                .map(|text| {
                    let wrong = |_| Usage::error(format!("`{text}` is no version"));
                    text.trim().parse().map_err(wrong)
                })
                .transpose()?,
        };
        let details = Details {
            members: members.into_iter().filter(|list| !list.trim().is_empty()).collect(),
            rest: rest.map_err(Usage::error)?,
            into: set(self.into).map(|text| text.parse()).transpose().map_err(wrong)?,
            reason: set(self.reason),
            note: set(self.note),
            until: set(self.until).map(|text| deferral(&text)).transpose().map_err(Usage::error)?,
            to: set(self.to),
            rule: set(self.rule).into_iter().collect(),
            if_version: version,
            ..Details::default()
        };
        let verdict = Verdict::named(self.verdict.trim(), true).map_err(Usage::error)?;
        let task = self.task.trim().parse().map_err(wrong)?;
        details.must_fit(verdict)?;
        Ok(Said { task, verdict, details })
    }
}

/// Every line of a file, each checked before anything is decided; `-` is standard input.
///
/// # Errors
/// When it cannot be read, or what is wrong with the first line that makes no sense.
pub fn read(path: &Path) -> anyhow::Result<Vec<Said>> {
    let mut text = String::new();
    let named = path.display();
    if path == Path::new("-") {
        io::stdin().lock().read_to_string(&mut text)?;
    } else {
        let open = File::open(path).and_then(|mut file| file.read_to_string(&mut text));
        open.map_err(|error| anyhow::anyhow!("{named}: {error}"))?;
    }
    let is_csv = path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("csv"));
    let lines = match is_csv {
        true => csv_lines(&text).map_err(|error| Usage::error(format!("{named}: {error}")))?,
        false => json_lines(&text),
    };
    let said = |(number, line): (u64, Result<Line, String>)| {
        line.map_err(Usage::error).and_then(Line::said).map_err(|why| {
            Usage::error(format!("{named}, line {number}: {why}; nothing is decided"))
        })
    };
    lines.into_iter().map(said).collect()
}

type Numbered = Vec<(u64, Result<Line, String>)>;

fn csv_lines(text: &str) -> csv::Result<Numbered> {
    let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(text.as_bytes());
    let headers = reader.headers()?.clone();
    let mut lines = Vec::new();
    for record in reader.records() {
        let record = record?;
        let number = record.position().map_or(0, csv::Position::line);
        lines.push((number, record.deserialize(Some(&headers)).map_err(|error| error.to_string())));
    }
    Ok(lines)
}

fn json_lines(text: &str) -> Numbered {
    let lines = (1..).zip(text.lines()).filter(|(_, line)| !line.trim().is_empty());
    lines
        .map(|(number, line)| (number, serde_json::from_str(line).map_err(|it| it.to_string())))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(line: &str) -> Result<Said, String> {
        let line: Line = serde_json::from_str(line).map_err(|error| error.to_string())?;
        line.said().map_err(|error| error.to_string())
    }

    #[test]
    fn a_line_says_a_verdict_with_its_details() {
        let said = said(
            r#"{"task":" T9 ","verdict":"Merge","members":"A,B;C","rest":"not-a-match","version":"7"}"#,
        );
        let Said { task, verdict, details } = said.unwrap();
        assert_eq!((task.0, verdict), (9, Verdict::Merge));
        assert_eq!(details.members, ["A,B", "C"]);
        assert_eq!((details.rest, details.if_version), (Some(RestOf::NotAMatch), Some(7)));
    }

    #[test]
    fn what_is_unknown_or_out_of_place_is_an_error() {
        for (line, expected) in [
            (r#"{"task":"T9","verdict":"merge","colour":"red"}"#, "colour"),
            (r#"{"task":"C9","verdict":"merge"}"#, "a task such as T9"),
            (r#"{"task":"T9","verdict":"marry"}"#, "marry"),
            (r#"{"task":"T9","verdict":"accept","into":"C17"}"#, "--into does not go with"),
            (r#"{"task":"T9","verdict":"merge","into":"T9"}"#, "a customer such as C17"),
            (r#"{"task":"T9","verdict":"merge","version":"new"}"#, "`new` is no version"),
        ] {
            let error = said(line).unwrap_err();
            assert!(error.contains(expected), "{line}: {error}");
        }
    }
}
