//! What sessions are called: a name that none other of the workspace has, after a restart as well.

use std::fmt;
use std::io;

/// Digits and letters that are not mistaken for one another.
const SIGNS: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
/// Signs of a run: one run of thirty million has the same.
const LENGTH: usize = 5;

/// One run of a process that serves. Its sessions are called after it: `k7f3q-24`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Run(String);

impl Run {
    /// A run that begins now.
    ///
    /// # Errors
    /// When the system has no random bytes.
    pub fn begin() -> io::Result<Run> {
        let mut random = [0; LENGTH];
        getrandom::fill(&mut random).map_err(io::Error::other)?;
        Ok(Run(random.iter().map(|byte| char::from(SIGNS[usize::from(byte % 32)])).collect()))
    }

    /// The name of its session of that number; the process's own has 0.
    #[must_use]
    pub fn session(&self, number: u64) -> String {
        format!("{self}-{number}")
    }
}

impl fmt::Display for Run {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sessions_of_two_runs_are_never_called_the_same() {
        let runs: Vec<Run> = (0..20).map(|_| Run::begin().unwrap()).collect();
        let mut names: Vec<String> =
            runs.iter().flat_map(|run| (0..20).map(|number| run.session(number))).collect();
        assert!(names.iter().all(|name| name.len() <= LENGTH + 3 && name.is_ascii()), "{names:?}");
        names.sort();
        names.dedup();
        // Two of twenty runs are the same once in two hundred thousand times.
        assert_eq!(names.len(), 400);
    }
}
