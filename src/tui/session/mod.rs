//! Carries out effects: one loop that takes what happened, asks the desk, draws one frame.
//!
//! An idle session waits and sends nothing: there is no timer.

mod asked;
mod following;
mod input;
mod opening;

use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use asked::{Asked, QUESTION};
use base64ct::{Base64, Encoding};
use following::Following;
use jiff::Timestamp;
use ratatui::Terminal;
use ratatui::layout::Rect;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

use input::{Input, Told};
pub use opening::{Herald, Opened, Opener, OpeningEvents, opening};
use opening::{OpeningEvent, next_opening};

use super::effect::{Effect, Ticket};
use super::frame::{FrameBackend, FrameBytes};
use super::keys::Keymap;
use super::line::{Heard, Line};
use super::message::{Message, Moment};
use super::model::{Model, Opening, OwnView, Pacing, ToImport, ViewChange};
use super::paths::{self, Completions};
use super::question::{Answer, Question};
use super::theme::{Colour, Glyphs, Theme};
use super::update::update;
use super::view::{View, linked, view};
use door::operations::{KeepPlace, Leave, Release};
use door::{Door, Failure, FailureClass, Outcome, Streams};

/// How long an answer may take before a screen is drawn without it: most come sooner, and the frame
/// before them would only flicker and fill the line.
const AWAITED: Duration = Duration::from_millis(40);
/// How long what comes is handled before a frame shows what it did: of a flood there is no end.
const AT_A_TIME: Duration = Duration::from_millis(100);

/// Opens a file that a person named; of a database, the table of that name.
pub type OpenFile = fn(&Path, Option<&str>) -> Result<door::Input, Failure>;

/// Writes a change of a person's views of the queue where those of the workspace in that folder are kept; why
/// not, if it cannot.
pub type ChangeView = fn(&str, &ViewChange) -> Result<(), String>;

/// What time it is.
pub type Clock = fn() -> Timestamp;

/// How a session starts.
#[derive(Debug, Clone)]
pub struct Options {
    /// Who is at the terminal.
    pub who: door::Session,
    /// How a file is opened that is to be imported.
    pub open_file: OpenFile,
    /// The views that the person saved before.
    pub views: Vec<OwnView>,
    /// How another one is saved.
    pub change_view: ChangeView,
    /// The folder that `~` means in the path of a file.
    pub home: Option<PathBuf>,
    /// Whether files are opened on this machine: where not, none of its paths is completed.
    pub own_files: bool,
    /// What time it is.
    pub clock: Clock,
    /// Colours of the terminal.
    pub colour: Colour,
    /// Characters of the terminal.
    pub glyphs: Glyphs,
    /// The workspace's folder.
    pub workspace: String,
    /// The keys in effect.
    pub keys: Keymap,
    /// Whether the terminal is on another machine: it is asked whether it has shown a task.
    pub far: bool,
    /// What is said first; `None` means nothing.
    pub notice: Option<String>,
}

/// How a session ended without failing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ended {
    /// The steward left, or the process was asked to end.
    Left,
    /// The same, while the workspace was still being opened.
    LeftEarly,
    /// The workspace could not be opened; whoever opens it knows why.
    NotOpened,
}

/// Why a session ended otherwise than by `q`.
#[derive(Debug, thiserror::Error)]
pub enum TuiError {
    /// Input or output is no terminal.
    #[error("the review screen needs a terminal; `steward tasks` lists the queue without one")]
    NotATerminal,
    /// The terminal failed.
    #[error("the terminal failed: {0}")]
    Terminal(#[from] io::Error),
    /// A part of the program failed and has said so above.
    #[error("part of steward failed; every confirmed decision is kept")]
    Stopped,
}

/// Runs the interface on this thread, over a line that is made within its runtime; see [`live`].
///
/// # Errors
/// When there is no terminal or it fails, or when a thread of the program panicked.
pub fn run<L: Line>(
    line: impl FnOnce() -> Result<L, TuiError>,
    desk: Box<dyn Door>,
    opening: OpeningEvents,
    options: Options,
) -> Result<Ended, TuiError> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async { live(line()?, desk, opening, options).await })
}

/// One session, until the steward leaves, the line ends or asks it to end. The first frame is shown at
/// once; `opening` tells how far the opening of the workspace is, and what is asked of `desk` meanwhile
/// waits. Any number of them may live in one process, on one thread or on many.
///
/// # Errors
/// When the terminal fails, or when a thread of the program panicked.
pub async fn live<L: Line>(
    line: L,
    desk: Box<dyn Door>,
    opening: OpeningEvents,
    options: Options,
) -> Result<Ended, TuiError> {
    Review::start(line, desk, opening, options)?.live().await
}

/// An answer of the desk.
struct Answered {
    ticket: Ticket,
    answer: Outcome<Answer>,
}

/// A file that was opened, or could not be.
struct OpenedFile {
    file: ToImport,
    /// Whether its first rows are to be shown first.
    look: bool,
    /// Why not, if so.
    opened: Result<door::Input, Failure>,
}

/// A view that was to be written, and why it was not, if so.
type WrittenView = (Box<ViewChange>, Result<(), String>);

/// What woke the session.
enum Woken {
    Heard(Heard),
    /// The terminal sent what may go on, and was silent.
    Silent,
    Told(Told),
    /// The terminal did not answer in time whether it has shown a screen.
    Unanswered,
    /// What was in clear for a while is to be masked.
    Due,
    /// Others are to be asked after.
    Follow,
    Answered(Box<Answered>),
    Listed(Completions),
    SavedView(Box<ViewChange>, Result<(), String>),
    OpenedFile(Box<OpenedFile>),
    /// `None` means it will not be opened.
    Opening(Option<OpeningEvent>),
    /// `None` means that nobody says anything any more.
    News(Option<OpeningEvent>),
}

struct Review<L> {
    line: L,
    desk: Box<dyn Door>,
    who: door::Session,
    open_file: OpenFile,
    change_view: ChangeView,
    home: Option<PathBuf>,
    own_files: bool,
    clock: Clock,
    /// None once the workspace is open.
    opening: Option<OpeningEvents>,
    /// What is heard after that; `None` means that nobody says anything any more.
    news: Option<OpeningEvents>,
    model: Model,
    began: Instant,
    terminal: Terminal<FrameBackend>,
    bytes: FrameBytes,
    input: Input,
    asked: Asked,
    following: Following,
    answers: UnboundedReceiver<Answered>,
    answered: UnboundedSender<Answered>,
    /// What paths may go on with, and where that is sent.
    listings: UnboundedReceiver<Completions>,
    listed: UnboundedSender<Completions>,
    /// Views that were written or could not be, and where that is sent.
    views: UnboundedReceiver<WrittenView>,
    wrote_view: UnboundedSender<WrittenView>,
    /// Files to be imported, and where they are sent once they are open.
    files: UnboundedReceiver<OpenedFile>,
    opened_file: UnboundedSender<OpenedFile>,
    workspace: String,
    notice: Option<String>,
    /// The steward left, and was not cut off.
    left: bool,
    ended: Option<Ended>,
}

impl<L: Line> Review<L> {
    fn start(
        line: L,
        desk: Box<dyn Door>,
        opening: OpeningEvents,
        options: Options,
    ) -> Result<Self, TuiError> {
        let size = line.size()?;
        let theme = Theme { colour: options.colour, glyphs: options.glyphs };
        let bytes = FrameBytes::default();
        let terminal = Terminal::new(FrameBackend::sized(bytes.clone(), size))?;
        let (answered, answers) = unbounded_channel();
        let (listed, listings) = unbounded_channel();
        let (opened_file, files) = unbounded_channel();
        let (wrote_view, views) = unbounded_channel();
        let mut model =
            Model::new(options.who.person.clone(), theme, (size.width, size.height), &View);
        model.keys = Arc::new(options.keys);
        model.pacing = Pacing::of(options.far);
        model.queue.saved.own = options.views;
        let began = Instant::now();
        Ok(Self {
            line,
            desk,
            who: options.who,
            open_file: options.open_file,
            change_view: options.change_view,
            home: options.home,
            own_files: options.own_files,
            clock: options.clock,
            opening: Some(opening),
            news: None,
            model,
            began,
            terminal,
            bytes,
            input: Input::since(began),
            asked: Asked::default(),
            following: Following::default(),
            answers,
            answered,
            listings,
            listed,
            views,
            wrote_view,
            files,
            opened_file,
            workspace: options.workspace,
            notice: options.notice,
            left: false,
            ended: None,
        })
    }

    /// Runs to the end, however it ends. Who leaves gives back what they had begun; the claims of who is
    /// cut off last, for they may come back, and so do those that were made by key.
    async fn live(mut self) -> Result<Ended, TuiError> {
        let ended = self.run().await;
        let begun = self.model.held.filter(|task| !self.model.queue.claimed.contains(task));
        if let Some(task) = begun.filter(|_| self.left) {
            let release = Release { task: Some(task) };
            self.desk.ask_then(&self.who, release, Streams::default(), |_| {});
        }
        if self.left {
            let afresh = KeepPlace::default();
            self.desk.ask_then(&self.who, afresh, Streams::default(), |_| {});
        }
        self.desk.ask_then(&self.who, Leave {}, Streams::default(), |_| {});
        ended
    }

    async fn run(&mut self) -> Result<Ended, TuiError> {
        // Who was cut off left their last frame there, and not every terminal has another screen to begin on.
        self.draw_all_again()?;
        self.take(self.at_opening(None)).await?;
        self.draw().await?;
        loop {
            let woken = self.wake().await?;
            self.handle_all(woken).await?;
            self.await_answer().await?;
            if let Some(ended) = self.ended {
                return Ok(ended);
            }
            self.draw().await?;
        }
    }

    fn at_opening(&self, progress: Option<(u64, u64)>) -> Message {
        Message::Opening(Opening { workspace: self.workspace.clone(), progress })
    }

    /// Ends the session, whatever is on its way.
    fn end(&mut self) {
        let early = self.opening.is_some();
        self.ended = Some(if early { Ended::LeftEarly } else { Ended::Left });
    }

    /// The workspace is open: the session begins.
    async fn begin(&mut self, opened: Opened) -> Result<(), TuiError> {
        self.news = self.opening.take();
        self.model.queue.order = opened.order;
        let started = Message::Started(self.moment(), opened.start);
        self.take(started).await?;
        let notices: Vec<String> = self.notice.take().into_iter().chain(opened.notes).collect();
        if !notices.is_empty() {
            self.model.complain(notices.join("; "));
        }
        Ok(())
    }

    /// Gives the desk a moment to answer, so that a screen is not drawn empty first.
    async fn await_answer(&mut self) -> Result<(), TuiError> {
        let until = tokio::time::Instant::now() + AWAITED;
        while self.ended.is_none() && self.model.is_awaiting() {
            match tokio::time::timeout_at(until, self.wake()).await {
                Ok(woken) => self.handle_all(woken?).await?,
                Err(_) => return Ok(()),
            }
        }
        Ok(())
    }

    /// Handles what happened, and what has happened meanwhile.
    async fn handle_all(&mut self, woken: Woken) -> Result<(), TuiError> {
        let began = Instant::now();
        self.handle(woken).await?;
        while began.elapsed() < AT_A_TIME
            && let Some(woken) = self.already_there()
        {
            self.handle(woken).await?;
        }
        if self.line.is_ours() { Ok(()) } else { Err(TuiError::Stopped) }
    }

    /// Waits until something happens.
    async fn wake(&mut self) -> io::Result<Woken> {
        // What was told before is told before more of it is heard; of a flood there is no end.
        let has_told = !self.input.is_empty();
        tokio::task::consume_budget().await;
        let silent = self.input.deadline().map(tokio::time::Instant::from_std);
        let kept = self.model.kept.as_ref().map(|kept| self.began + kept.until);
        let masks_at = kept.map(tokio::time::Instant::from_std);
        Ok(tokio::select! {
            heard = self.line.heard(!has_told) => Woken::Heard(heard?),
            Some(told) = std::future::ready(self.input.next()), if has_told => Woken::Told(told),
            () = until(silent), if !has_told => Woken::Silent,
            () = until(self.asked.deadline()) => Woken::Unanswered,
            () = until(masks_at) => Woken::Due,
            () = until(self.following.due()) => Woken::Follow,
            // The session holds a sender itself: this channel never ends.
            Some(answered) = self.answers.recv() => Woken::Answered(Box::new(answered)),
            Some(listed) = self.listings.recv() => Woken::Listed(listed),
            Some((view, written)) = self.views.recv() => Woken::SavedView(view, written),
            event = next_opening(&mut self.opening) => Woken::Opening(event),
            event = next_opening(&mut self.news) => Woken::News(event),
            Some(file) = self.files.recv() => Woken::OpenedFile(Box::new(file)),
        })
    }

    /// What has happened already, without waiting: all of it goes into one frame.
    fn already_there(&mut self) -> Option<Woken> {
        if self.ended.is_some() {
            return None;
        }
        let answered = self.answers.try_recv().ok().map(Box::new).map(Woken::Answered);
        let told = |input: &mut Input| input.next().map(Woken::Told);
        let answered = answered.or_else(|| told(&mut self.input));
        answered.or_else(|| self.line.heard_already().map(Woken::Heard))
    }

    async fn handle(&mut self, woken: Woken) -> Result<(), TuiError> {
        let message = match woken {
            Woken::Heard(Heard::Bytes(bytes, came)) => {
                self.input.take(&bytes, came);
                None
            }
            Woken::Heard(Heard::Ended) => {
                self.end();
                return Ok(());
            }
            // A terminal that shrank and grew again has lost what it showed, at the size that it had.
            Woken::Heard(Heard::Returned | Heard::Resized) => return self.draw_all_again(),
            Woken::Silent => {
                match self.line.heard_already() {
                    // What has come meanwhile is no silence.
                    Some(Heard::Bytes(bytes, came)) => self.input.take(&bytes, came),
                    Some(Heard::Ended) => self.end(),
                    Some(Heard::Returned | Heard::Resized) => self.draw_all_again()?,
                    None => self.input.silent_until(Instant::now()),
                }
                None
            }
            Woken::Opening(None) => {
                self.ended = Some(Ended::NotOpened);
                return Ok(());
            }
            Woken::Opening(Some(OpeningEvent::Opened(opened))) => return self.begin(*opened).await,
            Woken::Opening(Some(OpeningEvent::Progress(done, total))) => {
                Some(self.at_opening(Some((done, total))))
            }
            Woken::Opening(Some(OpeningEvent::Said(text)))
            | Woken::News(Some(OpeningEvent::Said(text))) => {
                self.model.complain(text);
                None
            }
            Woken::Opening(Some(OpeningEvent::Ended)) | Woken::News(Some(OpeningEvent::Ended)) => {
                self.end();
                return Ok(());
            }
            // It is opened once.
            Woken::News(Some(_)) => None,
            Woken::News(None) => {
                self.news = None;
                None
            }
            Woken::Answered(answered) => {
                let Answered { ticket, answer } = *answered;
                Some(Message::Answered(ticket, Box::new(answer), self.moment()))
            }
            Woken::Listed(completions) => Some(Message::Listed(completions)),
            Woken::SavedView(view, written) => Some(Message::ViewChanged(view, written)),
            Woken::OpenedFile(file) => return self.import(*file).await,
            Woken::Told(told) => self.message(told),
            Woken::Due => Some(Message::Due(self.moment())),
            Woken::Follow => {
                if let Some(changes) = self.following.take() {
                    self.ask(Ticket::Changes, changes.into());
                }
                return Ok(());
            }
            Woken::Unanswered => {
                self.asked.give_up().map(|serial| Message::Shown { serial, answered: false })
            }
        };
        match message {
            Some(message) => self.take(message).await,
            None => Ok(()),
        }
    }

    fn message(&mut self, told: Told) -> Option<Message> {
        Some(match told {
            Told::Key(key) => Message::Key(key, self.moment()),
            Told::Rest(key) => Message::Rest(key),
            Told::Doubted(key) => Message::Doubted(key, self.moment()),
            Told::Pasted(text) => Message::Pasted(text),
            Told::Clicked(x, y) => Message::Clicked(x, y),
            Told::Wheel { down } => Message::Wheel { down },
            Told::Position => {
                let serial = self.asked.answered()?;
                Message::Shown { serial, answered: true }
            }
            Told::Broken => Message::Broken,
        })
    }

    async fn take(&mut self, message: Message) -> Result<(), TuiError> {
        for effect in update(&mut self.model, message) {
            match effect {
                Effect::Ask(ticket, question) => self.ask(ticket, *question),
                Effect::Follow { changes, after } => self.following.ask(changes, after),
                Effect::Look(file) => self.open(*file, true),
                Effect::Import(file) => self.open(*file, false),
                Effect::ListFolder(typed) => self.list(typed),
                Effect::ChangeView(change) => self.change_view(change),
                Effect::Copy(text) => self.copy(&text),
                Effect::AskWhetherShown(serial) => self.ask_whether_shown(serial)?,
                Effect::Quit => {
                    self.left = true;
                    self.end();
                }
                Effect::Suspend => {
                    self.line.suspend().await?;
                    self.draw_all_again()?;
                }
                Effect::Redraw => self.draw_all_again()?,
            }
        }
        Ok(())
    }

    /// Asks the terminal whether it has shown the last frame.
    fn ask_whether_shown(&mut self, serial: u64) -> io::Result<()> {
        self.line.send(QUESTION)?;
        self.asked.ask(serial, tokio::time::Instant::now());
        Ok(())
    }

    /// Looks into a folder, on a thread of its own: it may be far away.
    fn list(&self, typed: String) {
        if !self.own_files {
            return;
        }
        let (listed, home) = (self.listed.clone(), self.home.clone());
        let thread = std::thread::Builder::new().name("folder".into());
        let looking = thread.spawn(move || {
            let _ = listed.send(paths::completions(&typed, home.as_deref()));
        });
        if let Err(error) = looking {
            tracing::warn!(%error, "the folder could not be listed");
        }
    }

    /// Writes a change of views, on a thread of its own: their file may be far away.
    fn change_view(&self, change: Box<ViewChange>) {
        let (write, wrote_view) = (self.change_view, self.wrote_view.clone());
        let (workspace, own) = (self.workspace.clone(), change.clone());
        let thread = std::thread::Builder::new().name("view".into());
        let saving = thread.spawn(move || {
            let written = write(&workspace, &own);
            let _ = wrote_view.send((own, written));
        });
        if let Err(error) = saving {
            let _ = self.wrote_view.send((change, Err(error.to_string())));
        }
    }

    fn ask(&self, ticket: Ticket, question: Question) {
        self.hand_in(ticket, question, Streams::default());
    }

    fn hand_in(&self, ticket: Ticket, question: Question, streams: Streams) {
        let answers = self.answered.clone();
        question.ask(&*self.desk, &self.who, streams, move |answer| {
            // Who has left wants to know nothing.
            let _ = answers.send(Answered { ticket, answer });
        });
    }

    /// Opens a file to be imported, on a thread of its own: it may be far away.
    fn open(&self, to_import: ToImport, look: bool) {
        let (open_file, opened_file) = (self.open_file, self.opened_file.clone());
        let path = &to_import.path;
        let file: PathBuf = path
            .to_str()
            .map_or(path.clone(), |path| paths::expanded(path, self.home.as_deref()).into());
        let named = to_import.clone();
        let thread = std::thread::Builder::new().name("file".into());
        let opening = thread.spawn(move || {
            let opened = open_file(&file, named.table.as_deref());
            let _ = opened_file.send(OpenedFile { file: named, look, opened });
        });
        if let Err(error) = opening {
            let why = format!("opening {}: {error}", to_import.path.display());
            let opened = Err(Failure::new(FailureClass::Failed, why));
            let _ = self.opened_file.send(OpenedFile { file: to_import, look, opened });
        }
    }

    /// Has an open file looked at or imported, or tells why it could not be opened.
    async fn import(&mut self, file: OpenedFile) -> Result<(), TuiError> {
        let OpenedFile { file, look, opened } = file;
        let ticket = Ticket::StartImport(file.path.clone());
        match opened {
            Ok(input) => {
                self.hand_in(ticket, file.request(look).into(), Streams::of(input));
                Ok(())
            }
            Err(why) => {
                let answer = Box::new(Err(why.into()));
                let moment = self.moment();
                self.take(Message::Answered(ticket, answer, moment)).await
            }
        }
    }

    /// Puts a text into the terminal's clipboard (OSC 52). A terminal that has none ignores it.
    fn copy(&mut self, text: &str) {
        let encoded = Base64::encode_string(text.as_bytes());
        // Collected with the next frame: nothing is sent between frames.
        let _ = write!(self.bytes, "\x1b]52;c;{encoded}\x07");
    }

    /// Has everything erased and drawn again, at the size that the terminal now has: what it shows is not known.
    fn draw_all_again(&mut self) -> Result<(), TuiError> {
        let size = self.line.size()?;
        self.terminal.backend_mut().resize(size);
        let (width, height) = (size.width, size.height);
        // `Terminal::clear` would ask the terminal where its cursor is, and the answer would be read
        // as keys.
        self.terminal.resize(Rect { x: 0, y: 0, width, height })?;
        Ok(())
    }

    async fn draw(&mut self) -> Result<(), TuiError> {
        let size = self.line.size()?;
        self.terminal.backend_mut().resize(size);
        let (columns, rows) = (size.width, size.height);
        if self.model.size != (columns, rows) {
            // Beside a queue that is wide now stands a task that is to be fetched.
            self.take(Message::Resized(columns, rows)).await?;
        }
        let model = &self.model;
        self.terminal.backend_mut().link(linked(model));
        self.terminal.draw(|frame| view(model, frame))?;
        let bytes = self.bytes.take();
        if !bytes.is_empty() {
            self.line.send(&bytes)?;
        }
        let drawn = Message::Drawn(self.moment());
        self.take(drawn).await
    }

    fn moment(&self) -> Moment {
        let wall = (self.clock)().to_zoned(self.who.zone.clone());
        Moment { elapsed: self.began.elapsed(), wall }
    }
}

/// Waits for that moment; for ever, where there is none.
async fn until(deadline: Option<tokio::time::Instant>) {
    match deadline {
        Some(deadline) => tokio::time::sleep_until(deadline).await,
        None => std::future::pending().await,
    }
}
