//! Workspaces to torture, and the program run in them.

use std::fs;
use std::io::Read;
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;
use tempfile::TempDir;

/// Far more than anything here takes: what takes longer hangs.
const HANGS: Duration = Duration::from_secs(120);
const PAUSE: Duration = Duration::from_micros(200);

/// The program and the sample data.
pub struct Workshop {
    program: PathBuf,
    sample: TempDir,
}

/// What a run of the program gave.
pub struct Ran {
    pub status: ExitStatus,
    pub out: String,
    pub err: String,
    pub took: Duration,
}

impl Ran {
    pub fn is_done(&self) -> bool {
        self.status.code() == Some(0)
    }

    /// Killed by us before it ended by itself.
    pub fn was_killed(&self) -> bool {
        self.status.signal().is_some()
    }

    /// Standard output as JSON Lines; a line that was cut short is none.
    pub fn objects(&self) -> Vec<Value> {
        self.out.lines().filter_map(|line| serde_json::from_str(line).ok()).collect()
    }
}

impl Workshop {
    pub fn new(program: &Path, customers: u32) -> Workshop {
        let program = fs::canonicalize(program).expect("the program is there");
        let workshop = Workshop { program, sample: tempfile::tempdir().expect("a folder") };
        let customers = customers.to_string();
        let sample = ["sample", "--customers", &customers, "--seed", "7", "-o", "sample"];
        workshop.must(workshop.sample.path(), &sample);
        workshop
    }

    /// A workspace in which nothing happened yet, with the sample's files beside it.
    pub fn empty(&self) -> TempDir {
        let folder = tempfile::tempdir().expect("a folder");
        copy(&self.sample.path().join("sample"), folder.path());
        self.must(folder.path(), &["init"]);
        folder
    }

    /// A workspace with all files imported.
    pub fn imported(&self) -> TempDir {
        let folder = self.empty();
        for source in ["crm", "webshop", "support"] {
            let file = file_of(source);
            self.must(folder.path(), &["import", file, "--source", source]);
        }
        folder
    }

    /// A workspace with all files imported and matched.
    pub fn matched(&self) -> TempDir {
        let folder = self.imported();
        self.must(folder.path(), &["match"]);
        folder
    }

    /// A matched workspace with a backup of it beside.
    pub fn backed_up(&self) -> TempDir {
        let folder = self.matched();
        self.must(folder.path(), &["backup", BACKUP]);
        folder
    }

    /// The same workspace again.
    pub fn copied(&self, folder: &Path) -> TempDir {
        let other = tempfile::tempdir().expect("a folder");
        copy(folder, other.path());
        other
    }

    /// The folder of the keys and registers.
    pub fn data(&self) -> PathBuf {
        self.sample.path().join("data")
    }

    /// Where the registers of all workspaces are.
    pub fn registers(&self) -> PathBuf {
        self.data().join("steward/register")
    }

    /// Runs the program, which must be done.
    pub fn must(&self, folder: &Path, arguments: &[&str]) -> Ran {
        let ran =
            self.run(folder, arguments, None).unwrap_or_else(|| panic!("{arguments:?} hangs"));
        assert!(ran.is_done(), "{arguments:?}: {}{}", ran.out, ran.err);
        ran
    }

    /// Runs the program; after `killed_after` it is killed. None when it hangs.
    pub fn run(
        &self,
        folder: &Path,
        arguments: &[&str],
        killed_after: Option<Duration>,
    ) -> Option<Ran> {
        let began = Instant::now();
        let mut child = Command::new(&self.program)
            .args(arguments)
            .current_dir(folder)
            .env_remove("STEWARD_WORKSPACE")
            .env("XDG_STATE_HOME", folder.join(".state"))
            // Keys and register are shared, as a copied workspace needs its key.
            .env("XDG_DATA_HOME", self.sample.path().join("data"))
            .env_remove("STEWARD_KEY_FILE")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program starts");
        let out = read(child.stdout.take().expect("piped"));
        let err = read(child.stderr.take().expect("piped"));
        let mut hangs = false;
        let status = loop {
            if let Some(status) = child.try_wait().expect("it can be waited for") {
                break status;
            }
            let passed = began.elapsed();
            hangs = passed > HANGS;
            if hangs || killed_after.is_some_and(|after| passed >= after) {
                child.kill().expect("killed");
                break child.wait().expect("it ended");
            }
            std::thread::sleep(PAUSE);
        };
        let took = began.elapsed();
        let [out, err] = [out, err].map(|reader| reader.join().expect("read"));
        (!hangs).then_some(Ran { status, out, err, took })
    }
}

/// The backup's file.
pub const BACKUP: &str = "kept.backup";

/// A source's file.
pub fn file_of(source: &str) -> &'static str {
    match source {
        "crm" => "crm.csv",
        "webshop" => "webshop.csv",
        _ => "support.jsonl",
    }
}

fn read(mut pipe: impl Read + Send + 'static) -> std::thread::JoinHandle<String> {
    std::thread::spawn(move || {
        let mut bytes = Vec::new();
        // A pipe that breaks ends the output, as its end does.
        let _ = pipe.read_to_end(&mut bytes);
        String::from_utf8_lossy(&bytes).into_owned()
    })
}

/// Copies what is in a folder, modes included.
fn copy(from: &Path, to: &Path) {
    for entry in fs::read_dir(from).expect("a folder").flatten() {
        let (path, copied) = (entry.path(), to.join(entry.file_name()));
        if path.is_dir() {
            fs::create_dir_all(&copied).expect("made");
            let mode = fs::metadata(&path).expect("a folder").permissions();
            fs::set_permissions(&copied, mode).expect("set");
            copy(&path, &copied);
        } else {
            fs::copy(&path, &copied).expect("copied");
        }
    }
}
