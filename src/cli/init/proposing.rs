//! Looks into the files that `steward init --from` names.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use super::super::failure::Usage;
use super::super::invocation::{Invocation, absolute};
use super::super::presets;
use super::super::progress::Bar;
use super::super::query::DatabaseArguments;
use super::{Arguments, name_of, region};
use desk::{DeskError, Environment, open_to_look};
use intake::acquire::{self, AcquireError, Options};
use intake::propose::{Convention, Proposal, conventions, look, propose as proposal_of, write};
use jiff::civil::Date;

/// A proposal, and the `steward.toml` that says it.
pub struct Proposed {
    /// The proposal.
    pub proposal: Proposal,
    /// How its files write dates and numbers, one a source.
    pub conventions: Vec<Convention>,
    /// The text.
    pub text: String,
    /// What was asked of databases.
    pub asked: DatabaseArguments,
    /// The widths of the columns, where they were said.
    pub widths: Option<Vec<usize>>,
}

/// An opened file, as it was named.
struct Looked {
    input: acquire::Input,
    options: Options,
}

/// Looks through the files, and proposes a workspace for them.
///
/// # Errors
/// When a file cannot be used, or none can become a source.
pub fn propose(
    arguments: &Arguments,
    invocation: &Invocation,
    environment: &Environment,
) -> anyhow::Result<Proposed> {
    let today = jiff::Zoned::now().date();
    let mut opened = Vec::new();
    let mut looks = Vec::new();
    let DatabaseArguments { table, query } = &arguments.database;
    if let [first, ..] = arguments.files()
        && (table.is_some() || query.is_some())
        && !arguments.files().iter().any(|path| DatabaseArguments::is_database(path))
    {
        // Of no database: whoever says a table is told so.
        arguments.database.open(first)?;
    }
    named_once(arguments.files())?;
    if arguments.widths.is_some() && arguments.files().len() > 1 {
        return Err(Usage::error("--widths applies to one file: name only that one after --from"));
    }
    for path in arguments.files() {
        let mut looked = open(path, &arguments.database, environment)?;
        looked.options.widths.clone_from(&arguments.widths);
        let progress = Bar::new();
        progress.busy("looking through the file");
        let found = look(&looked.input, &looked.options, today, &mut |_| true);
        progress.clear();
        let found = found.map_err(|error| unusable(&error, path))?;
        looked.options.records.clone_from(&found.records);
        looked.options.encoding = found.encodings.first().map(|name| (*name).to_owned());
        opened.push(looked);
        looks.push((path.display().to_string(), found));
    }
    let name = name_of(&invocation.workspace());
    let said = arguments.region.as_deref().map(str::to_uppercase);
    let presets = presets::known();
    let mut proposal = proposal_of(&name, looks.clone(), said.as_deref(), &presets);
    if proposal.region.is_none()
        && let Some(answer) = region::of(None, invocation)?
    {
        proposal = proposal_of(&name, looks, Some(&answer), &presets);
    }
    if proposal.written().next().is_none() {
        let lacks: Vec<String> = proposal.sources.iter().filter_map(|it| it.lack()).collect();
        anyhow::bail!("nothing can be proposed: {}", lacks.join("; "));
    }
    let conventions = told_by_values(&mut proposal, &opened, today)?;
    let text = write(&proposal, &conventions);
    let asked = arguments.database.clone();
    Ok(Proposed { proposal, conventions, text, asked, widths: arguments.widths.clone() })
}

/// A file that is named twice would make two sources of the same customers.
fn named_once(files: &[PathBuf]) -> anyhow::Result<()> {
    let whole = |path: &PathBuf| path.canonicalize().unwrap_or_else(|_| path.clone());
    let mut known = HashSet::new();
    match files.iter().find(|path| !known.insert(whole(path))) {
        Some(path) => Err(Usage::error(format!(
            "{} is named twice after --from: name each file once",
            path.display()
        ))),
        None => Ok(()),
    }
}

/// The columns of a file.
///
/// # Errors
/// When it cannot be used.
pub fn columns(path: &PathBuf, environment: &Environment) -> anyhow::Result<Vec<String>> {
    let looked = open(path, &DatabaseArguments::default(), environment)?;
    let today = jiff::Zoned::now().date();
    // The first rows are enough.
    let found = look(&looked.input, &looked.options, today, &mut |_| false);
    let found = found.map_err(|error| unusable(&error, path))?;
    Ok(found.columns.iter().map(|column| column.name.to_string()).collect())
}

fn open(
    path: &PathBuf,
    database: &DatabaseArguments,
    environment: &Environment,
) -> anyhow::Result<Looked> {
    if path == Path::new("-") {
        return Err(Usage::error(
            "standard input can only be read once, but a file is looked at twice and then imported: save it \
             to a file first",
        ));
    }
    // A table is said of the databases among several files.
    let input = if DatabaseArguments::is_database(path) {
        database.open(path)?
    } else {
        DatabaseArguments::default().open(path)?
    };
    let (input, file) = open_to_look(input.content, &input.name, environment)?;
    let readers = environment.formats.readers.clone();
    Ok(Looked { input, options: Options { file, readers, ..Options::default() } })
}

/// Why a file cannot be used, and what to do.
fn unusable(error: &AcquireError, path: &Path) -> anyhow::Error {
    match error {
        AcquireError::NoHeader { .. } => anyhow::anyhow!(
            "{} seems to have no header: its first line names no known column and looks like \
             data; add a line with the column names",
            absolute(path)
        ),
        other => anyhow::anyhow!("{other}"),
    }
}

/// How the values of the files are written. What an import would refuse is taken out and said.
fn told_by_values(
    proposal: &mut Proposal,
    opened: &[Looked],
    today: Date,
) -> anyhow::Result<Vec<Convention>> {
    let mut told = vec![Convention::default(); proposal.sources.len()];
    for (at, looked) in opened.iter().enumerate() {
        while proposal.sources[at].is_usable() {
            let text = write(proposal, &[]);
            let settings = settings::parse(&text).map_err(DeskError::Settings)?;
            let Some(source) = settings.source(&proposal.sources[at].name) else { break };
            match conventions(&looked.input, (&settings, source), &looked.options, today) {
                Ok(convention) => {
                    told[at] = convention;
                    break;
                }
                Err(AcquireError::RepeatedColumn { column, .. }) => {
                    let why = "the header has it twice; rename one of the two";
                    proposal.sources[at].leave_out(&column, why);
                }
                Err(AcquireError::RepeatedInQuery { column }) => {
                    let why = "the query returns it twice; name one of them with AS";
                    proposal.sources[at].leave_out(&column, why);
                }
                Err(error) => anyhow::bail!("{error}"),
            }
        }
    }
    Ok(told)
}
