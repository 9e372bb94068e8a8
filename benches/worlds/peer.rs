//! Splink on the same records, where a Python that has it is named.

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, bail};
use serde::{Deserialize, Serialize};

use super::set::Set;

/// A Python that has Splink.
pub struct Peer {
    python: PathBuf,
}

/// What `peer.py` prints.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub struct PeerFigures {
    /// F1 of the pairs inside its clusters at .95.
    pub clusters: f64,
    /// The same at the threshold that is best for them, which only the truth knows.
    pub best_clusters: f64,
    /// F1 of its pairs at the best threshold.
    pub best_pairs: f64,
    /// Seconds of all processors.
    pub cpu: f64,
}

const SCRIPT: &str = include_str!("peer.py");

impl Peer {
    /// That Python.
    ///
    /// # Errors
    /// When it cannot be run or has no Splink.
    pub fn with(python: PathBuf) -> anyhow::Result<Peer> {
        let asked = Command::new(&python).args(["-c", "import splink, duckdb"]).output();
        match asked {
            Ok(output) if output.status.success() => Ok(Peer { python }),
            Ok(_) => bail!("{} has no Splink: pip install splink", python.display()),
            Err(error) => bail!("{} cannot be run: {error}", python.display()),
        }
    }

    /// What it makes of a world; nothing where a set has no one layout for it to read.
    ///
    /// # Errors
    /// When it fails.
    pub fn measure(&self, set: &Set) -> anyhow::Result<Option<PeerFigures>> {
        let Some(records) = &set.in_one_layout else { return Ok(None) };
        let folder = tempfile::tempdir()?;
        let at = |name: &str| folder.path().join(name);
        for (name, bytes) in [("records.csv", records), ("truth.csv", &set.truth)] {
            std::fs::write(at(name), bytes)?;
        }
        std::fs::write(at("peer.py"), SCRIPT)?;
        let files = ["peer.py", "records.csv", "truth.csv"].map(at);
        let output = Command::new(&self.python).args(files).output()?;
        if !output.status.success() {
            bail!("Splink failed on {}:\n{}", set.name, String::from_utf8_lossy(&output.stderr));
        }
        let told = String::from_utf8_lossy(&output.stdout);
        let line = told.lines().last().unwrap_or_default();
        Ok(Some(serde_json::from_str(line).with_context(|| format!("Splink said {line}"))?))
    }
}
