//! Temporary workspaces made from the sample data, and the binary run in them.

use std::path::{Path, PathBuf};
use std::process::Output;

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

    /// The first `rows` rows of each source, imported and matched.
    pub fn matched(rows: usize) -> Self {
        let workspace = Self::empty();
        for (file, source) in
            [("crm.csv", "crm"), ("webshop.csv", "webshop"), ("support.jsonl", "support")]
        {
            let text = std::fs::read_to_string(sample(file)).expect("sample data");
            let head = usize::from(file.ends_with(".csv"));
            let lines: Vec<&str> = text.lines().take(rows + head).collect();
            workspace.write(file, &(lines.join("\n") + "\n"));
            workspace.done(&["import", file, "--source", source]);
        }
        workspace.done(&["match"]);
        workspace
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
        let mut command = Command::new(assert_cmd::cargo::cargo_bin!("steward"));
        command.current_dir(self.folder.path()).env_remove("STEWARD_WORKSPACE");
        command.env("XDG_STATE_HOME", self.path(".state")).env("NO_COLOR", "1");
        command
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

/// A file of the sample data.
pub fn sample(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("sample-data").join(name)
}
