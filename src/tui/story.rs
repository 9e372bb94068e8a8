//! A steward who presses keys and says what is on the screen, before a desk that answers at once.

mod canned;
pub mod real;
pub(crate) mod world;

use std::collections::VecDeque;
use std::time::Duration;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::effect::{Effect, Ticket};
use super::keys::Key;
use super::message::{Message, Moment};
use super::model::{Model, ToImport, ViewChange};
use super::paths::Completions;
use super::question::{Answer, Question};
use super::theme::{Colour, Glyphs, Theme};
use super::update::update;
use super::view;
pub use canned::FakeDesk;
use door::operations::Changes;
use door::views::JobEnd;
use door::{Outcome, Request};

/// Whoever answers a person.
pub trait Desk {
    /// Answers at once.
    fn answer(&mut self, question: Question) -> Outcome<Answer>;
    /// Has a file looked at, or imported.
    fn import(&mut self, to_import: &ToImport, look: bool) -> Outcome<Answer>;
    /// The names of the files there are.
    fn files(&self) -> Vec<String>;
    /// Has a view written.
    fn changes(&mut self, _: &ViewChange) -> Result<(), String> {
        Ok(())
    }
    /// What time it is.
    fn now(&self) -> Timestamp;
}

/// Someone before the canned answers.
pub type Steward = Person<FakeDesk>;

/// Someone at a terminal, before a desk.
pub struct Person<D> {
    pub model: Model,
    pub desk: D,
    pub quit: bool,
    pub suspended: bool,
    pub redrawn: bool,
    /// What was put into the clipboard.
    pub copied: Option<String>,
    /// The screen the terminal was asked for last.
    pub asked_for: Option<u64>,
    /// What others are asked after with, unanswered until they do something.
    pub following: Option<Changes>,
    /// The ticket of who watches long work.
    pub watching: Option<(Ticket, Question)>,
    pub elapsed: Duration,
}

impl Steward {
    /// Opens the review in a terminal of that size.
    pub fn at(columns: u16, rows: u16) -> Self {
        Self::with(Theme { colour: Colour::Sixteen, glyphs: Glyphs::Utf8 }, columns, rows)
    }

    /// The same with another look.
    pub fn with(theme: Theme, columns: u16, rows: u16) -> Self {
        Person::sitting(FakeDesk::new(), theme, columns, rows)
    }

    /// In front of the queue at 80x23: 80x24 with the status line of a multiplexer.
    pub fn new() -> Self {
        Self::at(80, 23)
    }

    /// The work under way is that far, or at its end.
    #[track_caller]
    pub fn hears(&mut self, done: u64, ended: Option<JobEnd>) -> &mut Self {
        let (ticket, _) = self.watching.take().expect("nobody watches");
        let job = self.desk.job.as_mut().expect("nothing is under way");
        (job.done, job.ended) = (done, ended);
        let answer = Answer::Watch(Some(job.clone()));
        let told = Message::Answered(ticket, Box::new(Ok(answer)), self.moment());
        self.tell(told);
        self.looks()
    }

    /// The last request the desk was asked to carry out.
    #[track_caller]
    pub fn asked(&self) -> &Request {
        self.desk.asked.last().expect("nothing was asked to be done")
    }
}

impl<D: Desk> Person<D> {
    /// Sits down before that desk.
    pub fn sitting(desk: D, theme: Theme, columns: u16, rows: u16) -> Self {
        let mut steward = Self {
            model: Model::new("sam".to_owned(), theme, (columns, rows), &view::View),
            desk,
            quit: false,
            suspended: false,
            redrawn: false,
            copied: None,
            asked_for: None,
            following: None,
            watching: None,
            elapsed: Duration::ZERO,
        };
        let started = Message::Started(steward.moment(), None);
        steward.tell(started);
        steward.looks();
        steward
    }

    pub fn moment(&self) -> Moment {
        let wall = self.desk.now().to_zoned(TimeZone::UTC);
        Moment { elapsed: self.elapsed, wall }
    }

    /// Something happens; the desk answers at once.
    pub fn tell(&mut self, message: Message) {
        let mut effects: VecDeque<Effect> = update(&mut self.model, message).into();
        while let Some(effect) = effects.pop_front() {
            match effect {
                Effect::Quit => self.quit = true,
                Effect::Suspend => self.suspended = true,
                Effect::Redraw => self.redrawn = true,
                Effect::ListFolder(typed) => {
                    let begun = typed.rsplit('/').next().unwrap_or_default();
                    let mut names = self.desk.files();
                    names.retain(|name| name.starts_with(begun));
                    let listed = Completions { expanded: typed.clone(), typed, names };
                    effects.extend(update(&mut self.model, Message::Listed(listed)));
                }
                Effect::ChangeView(change) => {
                    let written = self.desk.changes(&change);
                    let changed = Message::ViewChanged(change, written);
                    effects.extend(update(&mut self.model, changed));
                }
                Effect::Follow { changes, .. } => self.following = Some(changes),
                Effect::Copy(text) => self.copied = Some(text),
                Effect::AskWhetherShown(serial) => self.asked_for = Some(serial),
                Effect::Look(file) => effects.extend(self.imports(&file, true)),
                Effect::Import(file) => effects.extend(self.imports(&file, false)),
                // Told when there is something to tell.
                Effect::Ask(ticket @ Ticket::Job, question)
                    if matches!(*question, Question::Watch(_)) =>
                {
                    self.watching = Some((ticket, *question));
                }
                Effect::Ask(ticket, question) => {
                    let answer = self.desk.answer(*question);
                    let answered = Message::Answered(ticket, Box::new(answer), self.moment());
                    effects.extend(update(&mut self.model, answered));
                }
            }
        }
    }

    fn imports(&mut self, file: &ToImport, look: bool) -> Vec<Effect> {
        let answer = self.desk.import(file, look);
        let ticket = Ticket::StartImport(file.path.clone());
        let answered = Message::Answered(ticket, Box::new(answer), self.moment());
        update(&mut self.model, answered)
    }

    /// What the model asks after a message, unanswered.
    pub fn unanswered(&mut self, message: Message) -> Vec<(Ticket, Question)> {
        let ask = |effect| match effect {
            Effect::Ask(ticket, question) => Some((ticket, *question)),
            _ => None,
        };
        update(&mut self.model, message).into_iter().filter_map(ask).collect()
    }

    /// The desk answers what was asked before.
    pub fn answers(&mut self, asked: Vec<(Ticket, Question)>) -> &mut Self {
        for (ticket, question) in asked {
            let answer = self.desk.answer(question);
            let answered = Message::Answered(ticket, Box::new(answer), self.moment());
            self.tell(answered);
        }
        self
    }

    /// Sees the frame and takes the time to read it.
    pub fn looks(&mut self) -> &mut Self {
        let drawn = Message::Drawn(self.moment());
        self.tell(drawn);
        self.elapsed += Duration::from_millis(200);
        self
    }

    /// Takes a breath: what is pressed then was not pressed in a hurry.
    pub fn pauses(&mut self) -> &mut Self {
        self.elapsed += Duration::from_secs(1);
        self
    }

    /// Presses keys one by one, looking after each: `m`, `5j`, `Space`, `Ctrl-r`, `g q`.
    pub fn presses(&mut self, keys: &str) -> &mut Self {
        for key in parsed(keys) {
            let message = Message::Key(key, self.moment());
            self.tell(message);
            self.looks();
        }
        self
    }

    /// Presses keys without waiting for a frame.
    pub fn hurries(&mut self, keys: &str) -> &mut Self {
        for key in parsed(keys) {
            let message = Message::Key(key, self.moment());
            self.tell(message);
        }
        self
    }

    /// Types a text as it is.
    pub fn types(&mut self, text: &str) -> &mut Self {
        for character in text.chars() {
            let message = Message::Key(Key::Char(character), self.moment());
            self.tell(message);
        }
        self.looks()
    }

    /// What is on the screen, as text.
    pub fn screen(&self) -> String {
        text_of(&self.frame())
    }

    /// What is on the screen.
    pub fn frame(&self) -> Buffer {
        let (width, height) = self.model.size;
        let mut buffer = Buffer::empty(Rect { x: 0, y: 0, width, height });
        view::draw(&self.model, &mut buffer);
        buffer
    }

    #[track_caller]
    pub fn sees(&mut self, text: &str) -> &mut Self {
        let screen = self.screen();
        assert!(screen.contains(text), "no `{text}` on:\n{screen}");
        self
    }

    #[track_caller]
    pub fn does_not_see(&mut self, text: &str) -> &mut Self {
        let screen = self.screen();
        assert!(!screen.contains(text), "`{text}` on:\n{screen}");
        self
    }
}

/// The rows of a buffer, without the blanks at their ends.
pub fn text_of(buffer: &Buffer) -> String {
    let mut lines = Vec::new();
    for y in 0..buffer.area.height {
        let mut line = String::new();
        let mut skip = 0;
        for x in 0..buffer.area.width {
            if skip > 0 {
                skip -= 1;
                continue;
            }
            let symbol = buffer[(x, y)].symbol();
            skip = super::text::width(symbol).saturating_sub(1);
            line.push_str(symbol);
        }
        lines.push(line.trim_end().to_owned());
    }
    lines.join("\n")
}

pub fn parsed(keys: &str) -> Vec<Key> {
    keys.split_whitespace().flat_map(word).collect()
}

fn word(word: &str) -> Vec<Key> {
    if let Some(letter) = word.strip_prefix("Ctrl-") {
        return letter.chars().next().map(Key::Ctrl).into_iter().collect();
    }
    let named = [
        Key::Char(' '),
        Key::Enter,
        Key::Esc,
        Key::Tab,
        Key::BackTab,
        Key::Backspace,
        Key::Up,
        Key::Down,
        Key::Left,
        Key::Right,
        Key::PageDown,
        Key::PageUp,
        Key::Home,
        Key::End,
    ];
    match named.into_iter().find(|key| key.to_string() == word) {
        Some(key) => vec![key],
        None => word.chars().map(Key::Char).collect(),
    }
}
