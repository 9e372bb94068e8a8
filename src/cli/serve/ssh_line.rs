//! A terminal at the other end of SSH, as the review's line.

use std::io;
use std::time::{Duration, Instant};

use crossterm::cursor::{Hide, Show};
use crossterm::event::{DisableBracketedPaste, EnableBracketedPaste};
use crossterm::queue;
use crossterm::terminal::{EnterAlternateScreen, LeaveAlternateScreen};

use crate::cli::attach::in_words;
use crate::cli::review::attached::Hearing;
use crate::cli::text::clean;
use tui::{Heard, Line, Size};

/// How long a screen is shown to nobody.
const BLANK_AFTER: Duration = Duration::from_secs(5 * 60);
/// What stands on a blank one.
const BLANK: &[u8] = b"\x1b[m\x1b[2J\x1b[Hsteward: press a key to go on\r\n";

/// A terminal that was taken over. Dropping it gives it back.
pub struct SshLine {
    terminal: ssh::Terminal,
    hearing: Hearing,
    /// The first wish of somebody who has been away is to see the screen again.
    blank: bool,
}

impl SshLine {
    /// Takes it over.
    ///
    /// # Errors
    /// When it is gone.
    pub fn take(mut terminal: ssh::Terminal, hearing: Hearing) -> io::Result<SshLine> {
        let mut bytes = Vec::new();
        queue!(bytes, EnterAlternateScreen, EnableBracketedPaste, Hide)?;
        terminal.send(&bytes)?;
        Ok(SshLine { terminal, hearing, blank: false })
    }

    /// What the review makes of it; none where it is not the review's.
    fn told(&mut self, heard: ssh::Heard) -> Option<Heard> {
        match heard {
            ssh::Heard::Bytes(..) if std::mem::take(&mut self.blank) => Some(Heard::Returned),
            ssh::Heard::Bytes(bytes, at) => Some(Heard::Bytes(bytes, at)),
            ssh::Heard::Resized => Some(Heard::Resized),
            ssh::Heard::Notice(from, text) => {
                self.hearing.say(in_words(from.as_deref(), &text));
                None
            }
            ssh::Heard::Ended(why) => {
                // Sent away, which is told there: whoever reconnects by themselves can tell it from leaving.
                if why.is_some() {
                    self.terminal.fails();
                }
                Some(Heard::Ended)
            }
            ssh::Heard::Signal(_) => Some(Heard::Ended),
        }
    }

    /// Covers what nobody looks at.
    fn cover(&mut self) -> io::Result<()> {
        self.blank = true;
        self.terminal.send(BLANK)
    }
}

impl Line for SshLine {
    fn size(&self) -> io::Result<Size> {
        let size = self.terminal.size();
        Ok(Size { width: size.columns, height: size.rows })
    }

    fn send(&mut self, bytes: &[u8]) -> io::Result<()> {
        if self.blank { Ok(()) } else { self.terminal.send(bytes) }
    }

    async fn heard(&mut self, takes_bytes: bool) -> io::Result<Heard> {
        loop {
            let blank_at = self.terminal.last_key() + BLANK_AFTER;
            let left = blank_at.saturating_duration_since(Instant::now());
            // Keys that a blank screen gets are for nothing but to be seen again.
            let takes = takes_bytes || self.blank;
            let heard = match self.blank {
                true => Some(self.terminal.heard(takes).await),
                false => tokio::time::timeout(left, self.terminal.heard(takes)).await.ok(),
            };
            match heard {
                None if self.terminal.last_key().elapsed() >= BLANK_AFTER => self.cover()?,
                None => {}
                Some(heard) => {
                    if let Some(told) = self.told(heard) {
                        return Ok(told);
                    }
                }
            }
        }
    }

    fn heard_already(&mut self) -> Option<Heard> {
        while let Some(heard) = self.terminal.heard_already(true) {
            if let Some(told) = self.told(heard) {
                return Some(told);
            }
        }
        None
    }
}

impl Drop for SshLine {
    fn drop(&mut self) {
        let mut bytes = b"\x1b[m".to_vec();
        let left = queue!(bytes, DisableBracketedPaste, LeaveAlternateScreen, Show);
        if let Some(why) = self.hearing.ended() {
            bytes.extend(format!("steward: {}\r\n", clean(why)).into_bytes());
            self.terminal.fails();
        }
        // A terminal that is gone needs nothing.
        let _ = left.and_then(|()| self.terminal.send(&bytes));
    }
}
