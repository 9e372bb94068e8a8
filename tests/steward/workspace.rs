//! Temporary workspaces made from the sample data, and the binary run in them.

use std::fs::Permissions;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Output;
use std::sync::OnceLock;

use assert_cmd::Command;
use serde_json::Value;
use tempfile::TempDir;

/// A workspace in a temporary folder, which goes with it.
pub struct Workspace {
    folder: TempDir,
}

/// What a run of the binary gave.
pub struct Ran {
    /// Exit code; none where a signal ended it.
    pub code: Option<i32>,
    /// Standard output.
    pub out: String,
    /// Standard error.
    pub err: String,
}

impl Ran {
    /// Standard output, read as JSON Lines.
    #[track_caller]
    pub fn objects(&self) -> Vec<Value> {
        self.out.lines().map(|line| serde_json::from_str(line).expect("JSON a line")).collect()
    }

    /// Standard output, read as one JSON object.
    #[track_caller]
    pub fn object(&self) -> Value {
        let objects = self.objects();
        assert_eq!(objects.len(), 1, "one object is expected: {}", self.out);
        objects.into_iter().next().expect("one object")
    }

    /// Standard error's last line, read as JSON.
    #[track_caller]
    pub fn error(&self) -> Value {
        let line = self.err.lines().last().expect("an error is expected");
        serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"))
    }
}

impl From<Output> for Ran {
    fn from(output: Output) -> Self {
        Self {
            code: output.status.code(),
            out: String::from_utf8(output.stdout).expect("output is UTF-8"),
            err: String::from_utf8(output.stderr).expect("messages are UTF-8"),
        }
    }
}

impl Workspace {
    /// A folder without a workspace.
    pub fn bare() -> Self {
        Self { folder: tempfile::tempdir().expect("a temporary folder") }
    }

    /// A workspace under the sample's `steward.toml`, nothing imported.
    pub fn empty() -> Self {
        let workspace = Self::bare();
        std::fs::copy(sample("steward.toml"), workspace.path("steward.toml")).expect("copied");
        workspace.done(&["init"]);
        workspace
    }

    /// Edits `steward.toml`, and adopts the edit.
    pub fn adopt(&self, settings: &str) {
        self.write("steward.toml", settings);
        self.done(&["govern", "adopt", "--yes"]);
    }

    /// The first `rows` rows of each source, imported and matched.
    pub fn matched(rows: usize) -> Self {
        let workspace = Self::empty();
        for (file, source) in SAMPLE {
            let text = std::fs::read_to_string(sample(file)).expect("sample data");
            let head = usize::from(file.ends_with(".csv"));
            let lines: Vec<&str> = text.lines().take(rows + head).collect();
            workspace.write(file, &(lines.join("\n") + "\n"));
            workspace.done(&["import", file, "--source", source]);
        }
        workspace.done(&["match"]);
        workspace
    }

    /// The whole sample data, imported and matched. It is made once and copied for each test.
    pub fn of_sample() -> Self {
        static MADE: OnceLock<Vec<KeptFile>> = OnceLock::new();
        let kept = MADE.get_or_init(|| {
            let workspace = Self::empty();
            for (file, source) in SAMPLE {
                workspace.import_file(&sample(file), source);
            }
            workspace.done(&["match"]);
            workspace.kept("")
        });
        let workspace = Self::bare();
        workspace.put_back(kept);
        workspace
    }

    /// Every file below a path of the workspace, read into memory.
    pub fn kept(&self, below: &str) -> Vec<KeptFile> {
        let mut kept = Vec::new();
        let mut folders = vec![self.path(below)];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(&folder).expect("a folder") {
                let path = entry.expect("an entry").path();
                if path.is_dir() {
                    folders.push(path);
                } else {
                    kept.push(KeptFile {
                        mode: std::fs::metadata(&path).expect("a file").permissions().mode(),
                        bytes: std::fs::read(&path).expect("a file"),
                        name: path.strip_prefix(self.folder.path()).expect("inside").to_owned(),
                    });
                }
            }
        }
        kept.sort_by(|one, other| one.name.cmp(&other.name));
        kept
    }

    /// Writes files where they were when they were kept.
    pub fn put_back(&self, files: &[KeptFile]) {
        for file in files {
            let path = self.folder.path().join(&file.name);
            std::fs::create_dir_all(path.parent().expect("a folder")).expect("made");
            std::fs::write(&path, &file.bytes).expect("written");
            std::fs::set_permissions(&path, Permissions::from_mode(file.mode)).expect("set");
        }
    }

    /// Another workspace with the same files.
    pub fn copied(&self) -> Self {
        let copy = Self::bare();
        copy.put_back(&self.kept(""));
        copy
    }

    /// Imports a file, which must be done, and gives its report.
    #[track_caller]
    pub fn import_file(&self, file: &Path, source: &str) -> Value {
        let file = file.to_str().expect("a path in UTF-8");
        self.done(&["import", file, "--source", source, "--json"]).object()
    }

    /// Writes rows to `SOURCE.csv` (or what `name` says), imports them and gives the report.
    #[track_caller]
    pub fn import_bytes(&self, name: &str, source: &str, bytes: impl AsRef<[u8]>) -> Value {
        std::fs::write(self.path(name), bytes).expect("written");
        self.import_file(&self.path(name), source)
    }

    /// A data set, as CSV.
    #[track_caller]
    pub fn export(&self, dataset: &str) -> String {
        self.done(&["export", dataset]).out
    }

    /// A data set, row by row.
    #[track_caller]
    pub fn rows(&self, dataset: &str) -> Vec<Value> {
        self.done(&["export", dataset, "--format", "jsonl"]).objects()
    }

    /// Who is whose and what survives, byte for byte.
    #[track_caller]
    pub fn picture(&self) -> [String; 2] {
        ["golden", "xref"].map(|dataset| self.export(dataset))
    }

    /// A record, customer, task or decision, as `show --json` gives it.
    #[track_caller]
    pub fn show(&self, id: &str) -> Value {
        self.done(&["show", id, "--json"]).object()
    }

    /// The customer of a record.
    #[track_caller]
    pub fn customer(&self, record: &str) -> String {
        text(&self.show(record), "customer").to_owned()
    }

    /// Carries out a decision and gives its id.
    #[track_caller]
    pub fn decided(&self, arguments: &[&str]) -> String {
        let receipt = self.done(&[arguments, &["--json"]].concat()).object();
        text(&receipt, "decision").to_owned()
    }

    /// Runs the binary, which must refuse, and gives the refusal.
    #[track_caller]
    pub fn refused(&self, arguments: &[&str]) -> Value {
        let ran = self.run(&[arguments, &["--json"]].concat());
        assert_eq!(ran.code, Some(4), "{arguments:?}: {}{}", ran.out, ran.err);
        ran.error()
    }

    /// The ledger as `verify --json` tells it, which must be sound.
    #[track_caller]
    pub fn verified(&self) -> Value {
        let report = self.done(&["verify", "--json"]).object();
        assert_eq!(report["sound"], true, "{report}");
        assert_eq!(report["damage"], serde_json::json!([]), "{report}");
        report
    }

    /// A path in the workspace.
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Writes a file.
    pub fn write(&self, name: &str, text: &str) {
        std::fs::write(self.path(name), text).expect("written");
    }

    /// The binary, about to run in the workspace, with nothing of the outside in it.
    pub fn command(&self) -> Command {
        Command::from_std(self.process())
    }

    /// The same as a process of its own, to be watched, fed and killed.
    pub fn process(&self) -> std::process::Command {
        let mut process = std::process::Command::new(assert_cmd::cargo::cargo_bin!("steward"));
        self.keep_inside(&mut process);
        process
    }

    /// Lets a process run in the workspace, with nothing of the outside in it.
    pub fn keep_inside(&self, process: &mut std::process::Command) {
        process.current_dir(self.folder.path()).env("NO_COLOR", "1");
        process.env("XDG_STATE_HOME", self.path(".state"));
        process.env("XDG_DATA_HOME", self.path(".data"));
        process.env("XDG_CONFIG_HOME", self.path(".config"));
        // Days are those of UTC. The ledgers kept for ever grow older than a clock is believed to be ahead.
        process.env("TZ", "UTC").env("STEWARD_TRUST_CLOCK", "true");
        process.env_remove("STEWARD_WORKSPACE").env_remove("STEWARD_KEY_FILE");
    }

    /// Runs the binary.
    pub fn run(&self, arguments: &[&str]) -> Ran {
        self.command().args(arguments).output().expect("the binary runs").into()
    }

    /// Runs the binary, which must say that it is done.
    #[track_caller]
    pub fn done(&self, arguments: &[&str]) -> Ran {
        let ran = self.run(arguments);
        assert_eq!(ran.code, Some(0), "{arguments:?}: {}{}", ran.out, ran.err);
        ran
    }

    /// The pending tasks of a kind, as `tasks --json` gives them.
    #[track_caller]
    pub fn tasks(&self, kind: &str) -> Vec<Value> {
        self.done(&["tasks", "--kind", kind, "--json"]).objects()
    }
}

/// The sample's files, each with its source.
pub const SAMPLE: [(&str, &str); 3] =
    [("crm.csv", "crm"), ("webshop.csv", "webshop"), ("support.jsonl", "support")];

/// A file held in memory.
pub struct KeptFile {
    name: PathBuf,
    mode: u32,
    bytes: Vec<u8>,
}

impl KeptFile {
    /// Its path inside the workspace.
    pub fn name(&self) -> &Path {
        &self.name
    }

    /// Its permissions.
    pub fn mode(&self) -> u32 {
        self.mode & 0o777
    }

    /// What is in it.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }
}

/// A text of a JSON object.
#[track_caller]
pub fn text<'v>(value: &'v Value, key: &str) -> &'v str {
    value[key].as_str().unwrap_or_else(|| panic!("{key} is a text: {value}"))
}

/// A list of a JSON object.
#[track_caller]
pub fn list<'v>(value: &'v Value, key: &str) -> &'v [Value] {
    value[key].as_array().unwrap_or_else(|| panic!("{key} is a list: {value}"))
}

/// A file of the sample data.
pub fn sample(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("sample-data").join(name)
}
