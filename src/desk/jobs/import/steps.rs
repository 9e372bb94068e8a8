//! An import as a job: it waits for its turn, has its file opened on another thread, and takes rows in,
//! a chunk a step.

use std::sync::Arc;
use std::sync::mpsc::RecvTimeoutError;
use std::time::Duration;

use super::activities::TakingIn;
use super::assumed::{as_requested, recorded_encoding};
use super::opening::{self, Opened};
use super::sample::Hidden;
use super::{Importing, Taking};
use crate::adoption::Edit;
use crate::core::Desk;
use crate::error::DeskError;
use crate::job::{Stepped, Steps};
use crate::spool::Making;
use domain::{SourceName, StreamName};
use door::Input;
use door::operations::{Delivery, Import};
use door::views::{JobReport, JobView};
use intake::acquire::{FORMATS, Format, Options};
use intake::harmonise::Survey;
use settings::{Settings, Source, Stream};

/// How long a step waits for the file: others wait no longer for nothing.
const PATIENCE: Duration = Duration::from_millis(5);

/// An import, begun or waiting for its turn.
pub(in crate::jobs) struct ImportSteps {
    request: Import,
    format: Option<Format>,
    stage: Stage,
    /// Rows done.
    rows: u64,
}

enum Stage {
    /// Has not begun.
    Waiting(Input),
    /// Another thread finds out what the file is.
    Opening(Opened, Box<ReadAs>),
    /// Takes rows in.
    Importing(Box<Importing>),
    /// Takes activities in.
    TakingIn(Box<TakingIn>),
    /// Is being changed.
    Taken,
}

/// What a file is read with.
struct ReadAs {
    /// The workspace's settings.
    settings: Settings,
    /// The stream, where its rows are activities.
    stream: Option<Stream>,
    /// What its cells are read with: the settings and the source, or the stream's own.
    own: (Settings, Source),
}

impl ImportSteps {
    /// An import that has not begun.
    ///
    /// # Errors
    /// When `steward.toml` is wrong, or there is no such source or format.
    pub(in crate::jobs) fn of(
        desk: &Desk,
        input: Input,
        request: Import,
    ) -> Result<Self, DeskError> {
        let mut request = request;
        let ReadAs { own: (_, source), stream, .. } = read_as(desk, &request)?;
        if stream.is_some() && request.delivery != Delivery::default() {
            let what = "says what became of records: an import of a stream has none";
            return Err(DeskError::Usage(format!("--complete or --accept-vanished {what}")));
        }
        request.source = source.name;
        let format = request.format.as_deref().map(format).transpose()?;
        Ok(Self { request, format, stage: Stage::Waiting(input), rows: 0 })
    }

    fn open(&self, desk: &Desk, input: Input) -> Result<Stage, DeskError> {
        // A file that cannot be used adopts nothing.
        let mut read_as = read_as(desk, &self.request)?;
        read_as.own.1 = as_requested(read_as.own.1, &self.request)?;
        let (settings, source) = &read_as.own;
        let survey = Survey::of(settings, source, desk.facts().today());
        let options = Options {
            recorded_encoding: recorded_encoding(desk.facts(), source)?,
            readers: desk.environment.formats.readers.clone(),
            ..self.options(settings, source)
        };
        let environment = &desk.environment;
        let files = Arc::clone(&environment.files);
        let hidden = Hidden::of(settings, source);
        let making = || {
            let folder = desk.workspace.temporary();
            Making::within(folder, Arc::clone(&files), &*environment.randomness)
        };
        let making = [making(), making()];
        let opened = opening::open(input, making, (source.clone(), survey), (options, hidden))
            .map_err(|error| DeskError::File { what: "starting to read".to_owned(), error })?;
        Ok(Stage::Opening(opened, Box::new(read_as)))
    }
}

impl ImportSteps {
    /// How the file is read, as far as anybody says.
    fn options(&self, settings: &Settings, source: &Source) -> Options {
        let written = &self.request.written;
        let flags = [
            ("--encoding", written.encoding.is_some()),
            ("--delimiter", written.delimiter.is_some()),
            ("--header-row", written.header_row.is_some()),
            ("--sheet", written.sheet.is_some()),
            ("--records", written.records.is_some()),
        ];
        let region = source.conventions.region.as_ref().or(settings.workspace.region.as_ref());
        Options {
            format: self.format,
            file: self.request.file.clone(),
            encoding: source.written.encoding.map(str::to_owned),
            delimiter: source.written.delimiter,
            header_row: source.written.header_row,
            sheet: self.request.written.sheet.clone(),
            records: self.request.written.records.clone(),
            widths: self.request.written.widths.clone(),
            region: region.cloned(),
            flags: flags
                .into_iter()
                .filter(|(_, is_said)| *is_said)
                .map(|(flag, _)| flag)
                .collect(),
            ..Options::default()
        }
    }
}

impl Steps<Desk> for ImportSteps {
    fn step(mut self: Box<Self>, desk: &mut Desk) -> Result<Stepped<Desk>, DeskError> {
        self.stage = match std::mem::replace(&mut self.stage, Stage::Taken) {
            Stage::Waiting(input) => self.open(desk, input)?,
            Stage::Opening(opened, read_as) => match opened.wait(PATIENCE) {
                Ok(file) => {
                    let ReadAs { settings, stream, own } = *read_as;
                    let request = &self.request;
                    let stage = match stream {
                        Some(stream) => {
                            let whose = (settings, stream);
                            let taking = TakingIn::begin(desk, file?, whose, own, request)?;
                            Stage::TakingIn(Box::new(taking))
                        }
                        None => {
                            let importing = Importing::begin(desk, file?, own, request)?;
                            Stage::Importing(Box::new(importing))
                        }
                    };
                    desk.trees.hold();
                    stage
                }
                Err(RecvTimeoutError::Timeout) => Stage::Opening(opened, read_as),
                Err(RecvTimeoutError::Disconnected) => return Err(DeskError::Fault),
            },
            Stage::Importing(mut importing) => {
                match importing.step(desk, PATIENCE)? {
                    Taking::Rows(rows) => self.rows += rows,
                    Taking::Waiting => {}
                    Taking::End => {
                        desk.release_changes()?;
                        let outcome = importing.finish(desk)?;
                        return Ok(Stepped::End(JobReport::Import(Box::new(outcome))));
                    }
                }
                Stage::Importing(importing)
            }
            Stage::TakingIn(mut taking) => {
                match taking.step(desk, PATIENCE)? {
                    Taking::Rows(rows) => self.rows += rows,
                    Taking::Waiting => {}
                    Taking::End => {
                        desk.release_changes()?;
                        let outcome = taking.finish(desk)?;
                        return Ok(Stepped::End(JobReport::Import(Box::new(outcome))));
                    }
                }
                Stage::TakingIn(taking)
            }
            Stage::Taken => return Err(DeskError::Fault),
        };
        Ok(Stepped::More(self, Duration::ZERO))
    }

    fn tell(&self, view: &mut JobView) {
        view.done = self.rows;
        match &self.stage {
            Stage::Importing(importing) => view.import = importing.id(),
            Stage::TakingIn(taking) => view.import = taking.id(),
            Stage::Waiting(_) | Stage::Opening(..) | Stage::Taken => {}
        }
    }

    fn cancel(&self) -> bool {
        true
    }
}

/// What a file is read with.
fn read_as(desk: &Desk, request: &Import) -> Result<ReadAs, DeskError> {
    let settings = desk.settings_to_read_with()?;
    if let Some(name) = &request.stream {
        let Some(stream) = settings.stream(name.as_str()).cloned() else {
            return Err(unknown_stream(desk, &settings, name));
        };
        let own = (stream.read_by(&settings), stream.reads().clone());
        return Ok(ReadAs { settings: Settings::clone(&settings), stream: Some(stream), own });
    }
    let name = &request.source;
    match settings.source(name.as_str()).cloned() {
        Some(source) => {
            let settings = Settings::clone(&settings);
            Ok(ReadAs { own: (settings.clone(), source), stream: None, settings })
        }
        None => Err(unknown_source(desk, &settings, name)),
    }
}

fn unknown_stream(desk: &Desk, settings: &Settings, name: &StreamName) -> DeskError {
    if let Edit::Waits(edited, _) = desk.edit()
        && edited.stream(name.as_str()).is_some()
    {
        return DeskError::NotThere(format!(
            "the stream `{name}` is in an edit of steward.toml that waits: to adopt it: steward govern adopt"
        ));
    }
    let known: Vec<&str> = settings.streams.iter().map(|stream| stream.name.as_str()).collect();
    DeskError::NotThere(format!(
        "steward.toml has no stream `{name}`; it has {}",
        if known.is_empty() { "none".to_owned() } else { known.join(", ") }
    ))
}

fn unknown_source(desk: &Desk, settings: &Settings, name: &SourceName) -> DeskError {
    if let Edit::Waits(edited, _) = desk.edit()
        && edited.source(name.as_str()).is_some()
    {
        return DeskError::NotThere(format!(
            "the source `{name}` is in an edit of steward.toml that waits: to adopt it: steward govern adopt"
        ));
    }
    let known: Vec<&str> = settings.sources.iter().map(|source| source.name.as_str()).collect();
    DeskError::NotThere(format!(
        "steward.toml has no source `{name}`; it has {}",
        if known.is_empty() { "none".to_owned() } else { known.join(", ") }
    ))
}

fn format(name: &str) -> Result<Format, DeskError> {
    Format::from_name(name).ok_or_else(|| {
        let names: Vec<&str> = FORMATS.iter().map(|entry| entry.name).collect();
        DeskError::Usage(format!("unknown format `{name}`: expected one of {}", names.join(", ")))
    })
}
