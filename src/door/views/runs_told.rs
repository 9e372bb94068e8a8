//! Two runs beside one another in words: the same lines on the command line and in the review.

use super::runs::{
    Between, By, First, GroupsDiff, RunTold, RunsDiff, SaidView, SettingChanged, Share, TaskTold,
    TasksDiff, WeightMoved,
};
use domain::counted;

/// Things of each kind that are named in a list within a line.
const NAMED: usize = 10;
/// Levels and settings that are told.
const TOLD: usize = 15;
/// Signs of a setting's value that are told.
const WIDEST: usize = 60;

impl RunsDiff {
    /// All of it: headings, what stands under them indented.
    #[must_use]
    pub fn lines(&self) -> Vec<String> {
        let mut lines = [told(&self.from), told(&self.to)].concat();
        lines.push(String::new());
        lines.extend(between(&self.between));
        lines.push(String::new());
        lines.extend(groups(&self.groups));
        lines.push(String::new());
        lines.extend(tasks(&self.tasks));
        lines.push(String::new());
        lines.extend(weights(&self.weights));
        lines.extend(settings(&self.settings));
        lines.push(String::new());
        lines.push(format!(
            "what people have said since {} about the tasks waiting then:",
            self.from.run
        ));
        lines.extend(self.said.lines());
        lines
    }
}

fn told(run: &RunTold) -> [String; 2] {
    let model = if run.learned { "its own model" } else { "the model of an earlier run" };
    [
        format!("{}  {:.0}, {model}", run.run, run.at),
        format!(
            "  {} and {} compared; {} merged away, {} opened",
            counted(run.records, "record", "records"),
            counted(run.pairs, "pair", "pairs"),
            counted(run.merged, "customer", "customers"),
            counted(run.tasks, "task", "tasks"),
        ),
    ]
}

fn between(told: &Between) -> Vec<String> {
    let Between { runs, imports, new, changed, decisions, erased } = told;
    let mut lines = vec![format!(
        "in between: {} in {}, {} changed, {}",
        counted(*new, "new record", "new records"),
        counted(imports.len() as u64, "import", "imports"),
        changed,
        counted(*decisions, "decision", "decisions"),
    )];
    if *erased > 0 {
        lines.push(format!("  {} erased", counted(*erased, "person", "people")));
    }
    if !imports.is_empty() {
        lines.push(format!("  {}", listed(imports.iter(), imports.len())));
    }
    if let Some((_, others)) = runs.split_last().filter(|(_, others)| !others.is_empty()) {
        lines.push(format!("  runs between them: {}", listed(others.iter(), others.len())));
    }
    lines
}

/// The first few of some things, and how many more there are.
fn listed<T: ToString>(all: impl Iterator<Item = T>, count: usize) -> String {
    let mut names: Vec<String> = all.take(NAMED).map(|it| it.to_string()).collect();
    if count > names.len() {
        names.push(format!("and {} more", count - names.len()));
    }
    names.join(", ")
}

fn by(by: By) -> String {
    match by.words() {
        "" => String::new(),
        words => format!(", {words}"),
    }
}

/// A heading, a line for each of the first, and how many are not named.
fn section<T>(title: &str, all: &First<T>, line: impl Fn(&T) -> String) -> Vec<String> {
    let mut lines = vec![format!("{title}: {}", all.count)];
    lines.extend(all.first.iter().map(|it| format!("  {}", line(it))));
    let more = all.count - all.first.len() as u64;
    if more > 0 && !all.first.is_empty() {
        lines.push(format!("  and {more} more"));
    }
    lines
}

fn groups(groups: &GroupsDiff) -> Vec<String> {
    let mut lines = section("customers that grew", &groups.grew, |it| {
        let from = match it.from.len() {
            0 => String::new(),
            count => format!(", from {}", listed(it.from.iter(), count)),
        };
        let records = counted(it.records, "record", "records");
        format!("{}: {records}, {} more{from}{}", it.customer, it.came, by(it.by))
    });
    lines.extend(section("customers that were split", &groups.split, |it| {
        let into = listed(it.into.iter(), it.into.len());
        let records = counted(it.records, "record", "records");
        format!("{}: {records}, now in {into}{}", it.customer, by(it.by))
    }));
    lines.extend(section("customers that are gone", &groups.went, |it| match it.into {
        Some(into) => format!("{}: merged into {into}{}", it.customer, by(it.by)),
        None => format!("{}: no records left{}", it.customer, by(it.by)),
    }));
    if groups.joined > 0 {
        lines.push(format!(
            "joins by machine in between: {}; split by people since: {}",
            groups.joined, groups.taken_apart
        ));
    }
    lines
}

fn tasks(tasks: &TasksDiff) -> Vec<String> {
    let line = |it: &TaskTold| match it.score {
        Some(score) => {
            format!("{} {} {}", it.task, it.kind.name(), domain::score_in(score, 3))
        }
        None => format!("{} {}", it.task, it.kind.name()),
    };
    let mut lines = section("tasks that are new", &tasks.new, line);
    lines.extend(section("tasks that were decided", &tasks.decided, line));
    lines.extend(section("tasks that were settled without being answered", &tasks.settled, line));
    if tasks.passed > 0 {
        let passed = counted(tasks.passed, "task", "tasks");
        lines.push(format!("{passed} came and went in between"));
    }
    lines
}

fn weights(moved: &[WeightMoved]) -> Vec<String> {
    if moved.is_empty() {
        return vec!["weights that moved: 0".to_owned()];
    }
    let bits =
        |weight: Option<f64>| weight.map_or_else(|| "-".to_owned(), |it| format!("{it:+.2}"));
    let mut rows = vec![["bits", "before", "after", "level"].map(str::to_owned).to_vec()];
    rows.extend(moved.iter().take(TOLD).map(|it| {
        let level = format!("{} {}: {}", it.kind, it.comparison, it.level);
        vec![format!("{:+.2}", it.by), bits(it.before), bits(it.after), level]
    }));
    let mut lines = vec![format!(
        "weights that moved: {} (log2 of the odds; how common a value is adds to it)",
        moved.len()
    )];
    lines.extend(columns(&rows));
    if moved.len() > TOLD {
        lines.push(format!("  and {} that moved less", moved.len() - TOLD));
    }
    lines
}

/// Rows as columns, all but the last to the right.
fn columns(rows: &[Vec<String>]) -> Vec<String> {
    let widths = |at: usize| rows.iter().map(|row| row[at].chars().count()).max().unwrap_or(0);
    let last = rows.first().map_or(0, |row| row.len().saturating_sub(1));
    let widths: Vec<usize> = (0..last).map(widths).collect();
    let line = |row: &Vec<String>| {
        let cells = row.iter().zip(&widths).map(|(cell, width)| format!("{cell:>width$}  "));
        format!("  {}{}", cells.collect::<String>(), row[last])
    };
    rows.iter().map(line).collect()
}

fn settings(changed: &[SettingChanged]) -> Vec<String> {
    if changed.is_empty() {
        return vec!["settings that changed: 0".to_owned()];
    }
    let mut lines = vec![format!("settings that changed: {}", changed.len())];
    let said = |said: &String| match said.chars().count() > WIDEST {
        true => format!("{}...", said.chars().take(WIDEST).collect::<String>()),
        false => said.clone(),
    };
    let change =
        |it: &SettingChanged| match (it.before.as_ref().map(said), it.after.as_ref().map(said)) {
            (None, Some(after)) => format!("added, {after}"),
            (Some(before), None) => format!("removed, was {before}"),
            (before, after) => {
                format!("{} became {}", before.unwrap_or_default(), after.unwrap_or_default())
            }
        };
    lines.extend(changed.iter().take(TOLD).map(|it| format!("  {}: {}", it.key, change(it))));
    if changed.len() > TOLD {
        lines.push(format!("  and {} more", changed.len() - TOLD));
    }
    lines
}

impl SaidView {
    /// Band by band and over all bands, and what it does not say.
    #[must_use]
    pub fn lines(&self) -> Vec<String> {
        let decided: u64 = self.bands.iter().map(|band| band.decided).sum();
        if decided == 0 {
            return vec!["  no task that matching scored has been decided".to_owned()];
        }
        let heads = ["tasks", "decided", "stated", "true", "95 % interval", "match probability"];
        let mut rows = vec![heads.map(str::to_owned).to_vec()];
        for band in &self.bands {
            let of_decided = |text: String| if band.decided > 0 { text } else { "-".to_owned() };
            rows.push(vec![
                band.tasks.to_string(),
                band.decided.to_string(),
                of_decided(format!("{:.3}", band.stated)),
                of_decided(format!("{:.3}", band.observed)),
                of_decided(format!("{:.3} to {:.3}", band.least, band.most)),
                format!("{} to {}", band.from, band.to),
            ]);
        }
        let mut lines = columns(&rows);
        if let Some(whole) = self.whole {
            let tasks = counted(whole.of, "task", "tasks");
            lines
                .push(format!("  of {tasks} in bands with any decision: {} true", whole.percent()));
            lines.push(
                "  (each band is weighted by its tasks, however many were decided)".to_owned(),
            );
        }
        lines.push(
            "  Tasks are doubtful pairs, and likely ones are shown first: this says".to_owned(),
        );
        lines.push(
            "  nothing about what the machine merges, nor about pairs below review.".to_owned(),
        );
        lines
    }
}

impl Share {
    /// `93.1 % (88.0 to 96.2)`.
    #[must_use]
    pub fn percent(&self) -> String {
        let [middle, least, most] = [self.share, self.least, self.most].map(|it| 100.0 * it);
        format!("{middle:.1} % ({least:.1} to {most:.1})")
    }
}
