//! A terminal to look at: the binary runs in a pseudo-terminal, and what it draws is read from a
//! terminal emulation, never from its bytes.

use std::io::{Read, Write};
use std::num::NonZeroU16;
use std::path::Path;
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, SlavePty, native_pty_system};

/// How long anything may take on a busy machine before it is taken for stuck.
const PATIENCE: Duration = Duration::from_secs(60);
/// A screen that did not change for this long is finished; longer than a frame must have been seen
/// before deciding keys count on it.
const STILL: Duration = Duration::from_millis(400);
/// What is shown in the place of a task until it is there.
pub const FETCHING: &str = "fetching the task";
/// Two keys further apart than this are not the two of somebody in a hurry.
pub const HURRY: Duration = Duration::from_millis(600);
/// A key that changed nothing for this long does nothing.
const NOTHING: Duration = Duration::from_secs(5);

/// The binary in an 80x24 terminal.
pub struct Terminal {
    master: Box<dyn MasterPty + Send>,
    // Held, so that the terminal's modes can be asked for after the binary has gone.
    slave: Box<dyn SlavePty + Send>,
    keyboard: Box<dyn Write + Send>,
    output: Receiver<Vec<u8>>,
    emulation: vt100::Parser,
    binary: Option<Box<dyn Child + Send + Sync>>,
    folder: std::path::PathBuf,
    is_far: bool,
    /// The end of what was written, and whether it ever asked where the cursor is since that was
    /// looked at.
    end: Vec<u8>,
    was_asked: bool,
}

/// Asks a terminal where its cursor is.
const QUESTION: &[u8] = b"\x1b[6n";

impl Terminal {
    /// A terminal in which nothing runs yet; what runs finds its home in `folder`.
    pub fn in_folder(folder: &Path) -> Self {
        let size = PtySize { rows: 24, cols: 80, pixel_width: 0, pixel_height: 0 };
        let pair = native_pty_system().openpty(size).expect("a pseudo-terminal");
        let keyboard = pair.master.take_writer().expect("a keyboard");
        let mut reader = pair.master.try_clone_reader().expect("an output");
        let (sender, output) = channel();
        std::thread::spawn(move || {
            let mut buffer = [0; 4096];
            while let Ok(length @ 1..) = reader.read(&mut buffer) {
                if sender.send(buffer[..length].to_vec()).is_err() {
                    return;
                }
            }
        });
        let number = |number| NonZeroU16::new(number).expect("not zero");
        Self {
            master: pair.master,
            slave: pair.slave,
            keyboard,
            output,
            emulation: vt100::Parser::new(number(24), number(80), 0),
            binary: None,
            folder: folder.to_owned(),
            is_far: false,
            end: Vec::new(),
            was_asked: false,
        }
    }

    /// On another machine than what is started in it.
    pub fn far_away(mut self) -> Self {
        self.is_far = true;
        self
    }

    fn take(&mut self, bytes: &[u8]) {
        self.emulation.process(bytes);
        self.end.extend_from_slice(bytes);
        self.was_asked |= self.end.windows(QUESTION.len()).any(|part| part == QUESTION);
        let last = self.end.len().saturating_sub(QUESTION.len() - 1);
        self.end.drain(..last);
    }

    /// Waits until it is asked where its cursor is; it does not answer by itself.
    #[track_caller]
    pub fn until_asked(&mut self) {
        let began = Instant::now();
        while !std::mem::take(&mut self.was_asked) {
            assert!(began.elapsed() < PATIENCE, "the question is expected:\n{}", self.shown());
            if let Ok(bytes) = self.output.recv_timeout(STILL) {
                self.take(&bytes);
            }
        }
    }

    /// Starts the binary.
    pub fn start(&mut self, arguments: &[&str]) {
        let mut command = CommandBuilder::new(assert_cmd::cargo::cargo_bin!("steward"));
        command.args(arguments);
        self.spawn(command);
    }

    /// Starts a shell with job control, which knows the binary by its name.
    pub fn start_shell(&mut self) {
        let mut command = CommandBuilder::new("bash");
        command.args(["--norc", "--noprofile", "-i"]);
        command.env("PS1", "ready> ");
        // The shell would ask for bracketed paste itself.
        let own = self.folder.join(".inputrc");
        std::fs::write(&own, "set enable-bracketed-paste off\n").expect("written");
        command.env("INPUTRC", own);
        let binary = Path::new(assert_cmd::cargo::cargo_bin!("steward"));
        let folder = binary.parent().expect("a folder").display().to_string();
        let known = std::env::var("PATH").unwrap_or_default();
        command.env("PATH", format!("{folder}:{known}"));
        self.spawn(command);
    }

    fn spawn(&mut self, mut command: CommandBuilder) {
        command.cwd(&self.folder);
        for (name, value) in [("TERM", "xterm-256color"), ("LC_ALL", "C.UTF-8")] {
            command.env(name, value);
        }
        for (name, folder) in [
            ("XDG_DATA_HOME", ".data"),
            ("XDG_STATE_HOME", ".state"),
            ("XDG_CONFIG_HOME", ".config"),
        ] {
            command.env(name, self.folder.join(folder));
        }
        for name in ["NO_COLOR", "STEWARD_WORKSPACE", "STEWARD_LOG", "STEWARD_KEY_FILE"] {
            command.env_remove(name);
        }
        for name in ["SSH_CONNECTION", "SSH_TTY"] {
            command.env_remove(name);
        }
        if self.is_far {
            command.env("SSH_TTY", "/dev/pts/0");
        }
        self.binary = Some(self.slave.spawn_command(command).expect("the binary starts"));
    }

    /// The modes of the line: echo, raw or cooked, and the like.
    pub fn modes(&self) -> String {
        format!("{:?}", self.master.get_termios().expect("a terminal has modes"))
    }

    /// What the terminal shows.
    pub fn shown(&self) -> String {
        self.emulation.screen().contents()
    }

    /// The emulated screen.
    pub fn screen(&self) -> &vt100::Screen {
        self.emulation.screen()
    }

    /// Presses keys.
    pub fn press(&mut self, keys: &str) {
        self.send(keys.as_bytes());
    }

    /// Leaves a screen for the queue, and then the queue, each with this key. A second one at once was meant
    /// for the screen that is gone, and ends nothing.
    #[track_caller]
    pub fn leave_by(&mut self, key: &str) {
        self.press(key);
        self.until_shown(&["f filter"]);
        std::thread::sleep(HURRY);
        self.press(key);
    }

    /// Sends bytes as they are.
    pub fn send(&mut self, bytes: &[u8]) {
        self.keyboard.write_all(bytes).expect("a key");
        self.keyboard.flush().expect("a key");
    }

    /// Waits until the screen shows every one of these texts and has stopped changing.
    #[track_caller]
    pub fn until_shown(&mut self, texts: &[&str]) -> String {
        let what = format!("{texts:?}");
        self.until(&what, |shown| texts.iter().all(|text| shown.contains(text)))
    }

    /// Waits until the screen is as described and has stopped changing.
    #[track_caller]
    pub fn until(&mut self, what: &str, is_so: impl Fn(&str) -> bool) -> String {
        let began = Instant::now();
        loop {
            let is_still = match self.output.recv_timeout(STILL) {
                Ok(bytes) => {
                    self.take(&bytes);
                    false
                }
                Err(RecvTimeoutError::Timeout) => true,
                Err(RecvTimeoutError::Disconnected) => panic!("closed:\n{}", self.shown()),
            };
            if is_still && is_so(&self.shown()) {
                return self.shown();
            }
            assert!(began.elapsed() < PATIENCE, "{what} is expected:\n{}", self.shown());
        }
    }

    /// Waits until the screen is as described and has not changed for so long; or, for a key that
    /// does nothing, longer than anything takes.
    pub fn settled(&mut self, still: Duration, is_so: impl Fn(&str) -> bool) -> String {
        let began = Instant::now();
        loop {
            match self.output.recv_timeout(still) {
                Ok(bytes) => self.take(&bytes),
                Err(RecvTimeoutError::Timeout) => {
                    let shown = self.shown();
                    let limit = if shown.contains(FETCHING) { PATIENCE } else { NOTHING };
                    if is_so(&shown) || began.elapsed() > limit {
                        return shown;
                    }
                }
                Err(RecvTimeoutError::Disconnected) => panic!("closed:\n{}", self.shown()),
            }
        }
    }

    /// Gives the terminal another size, as dragging its window does.
    pub fn resize(&mut self, columns: u16, rows: u16) {
        let size = PtySize { rows, cols: columns, pixel_width: 0, pixel_height: 0 };
        self.master.resize(size).expect("another size");
        let number = |number| NonZeroU16::new(number).expect("not zero");
        self.emulation.screen_mut().set_size(number(rows), number(columns));
    }

    /// Sends the signal by which a system asks a process to end.
    pub fn ask_to_end(&self) {
        self.signal(rustix::process::Signal::TERM);
    }

    /// Sends a signal to what runs.
    pub fn signal(&self, signal: rustix::process::Signal) {
        let process = self.binary.as_ref().and_then(|binary| binary.process_id());
        let process = i32::try_from(process.expect("something runs")).expect("a process id");
        let process = rustix::process::Pid::from_raw(process).expect("a process id");
        rustix::process::kill_process(process, signal).expect("sent");
    }

    /// Waits until the binary has ended and gives its exit code; what it wrote last is shown.
    #[track_caller]
    pub fn ended(&mut self) -> u32 {
        let mut binary = self.binary.take().expect("something runs");
        let began = Instant::now();
        let status = loop {
            if let Some(status) = binary.try_wait().expect("a status") {
                break status;
            }
            if let Ok(bytes) = self.output.recv_timeout(STILL) {
                self.emulation.process(&bytes);
            }
            assert!(began.elapsed() < PATIENCE, "the end is expected:\n{}", self.shown());
        };
        while let Ok(bytes) = self.output.recv_timeout(STILL) {
            self.emulation.process(&bytes);
        }
        status.exit_code()
    }
}

impl Drop for Terminal {
    /// A test that failed half-way leaves nothing running.
    fn drop(&mut self) {
        if let Some(mut binary) = self.binary.take() {
            let _ = binary.kill();
            let _ = binary.wait();
        }
    }
}
