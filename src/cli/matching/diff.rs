//! `steward match --diff`: what is different after a later run.

use std::str::FromStr;

use super::super::code::Code;
use super::super::invocation::Invocation;
use super::super::moment;
use super::super::output::Output;
use super::super::progress::Watch;
use super::super::say::say;
use super::super::text::clean;
use domain::MatchRunId;
use door::Streams;
use door::operations::CompareRuns;

/// Things of each kind that are named on screen.
const NAMED: usize = 10;

/// `M3` or `M3..M7`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct RunRange {
    from: MatchRunId,
    to: Option<MatchRunId>,
}

impl FromStr for RunRange {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let run = |text: &str| text.parse::<MatchRunId>().map_err(|error| error.to_string());
        let (from, to) = match text.split_once("..") {
            Some((from, to)) => (run(from)?, Some(run(to)?)),
            None => (run(text)?, None),
        };
        if to.is_some_and(|to| from >= to) {
            return Err("name the earlier run first: M3..M7".to_owned());
        }
        Ok(Self { from, to })
    }
}

/// Compares two runs.
///
/// # Errors
/// When there is no such run, it was cancelled, or the workspace cannot be read.
pub(super) fn run(
    range: RunRange,
    limit: Option<usize>,
    invocation: &Invocation,
    output: &Output,
) -> anyhow::Result<Code> {
    let entry = invocation.open_to_read()?;
    let watch = Watch::new()?;
    let limit = limit.unwrap_or(if output.json { 1_000 } else { NAMED });
    let asked = CompareRuns { from: Some(range.from), to: range.to, limit };
    let found = entry.run(asked, Streams::default(), &mut watch.following());
    watch.clear();
    let found = found?;
    if output.json {
        output.object(&found)?;
        return Ok(Code::Done);
    }
    let lines: Vec<String> =
        found.lines().iter().map(|line| clean(&moment::localised(line))).collect();
    output.lines(&lines)?;
    let named = |count: u64, first: usize| count > first as u64;
    if named(found.groups.grew.count, limit) || named(found.tasks.new.count, limit) {
        say("more of each: --limit 100; all of it: --json");
    }
    Ok(Code::Done)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_of_runs_are_read() {
        let range =
            |from, to: Option<u32>| RunRange { from: MatchRunId(from), to: to.map(MatchRunId) };
        assert_eq!("M3".parse(), Ok(range(3, None)));
        assert_eq!("M3..M7".parse(), Ok(range(3, Some(7))));
        for wrong in ["", "3", "M7..M3", "M3..M3", "M3..", "..M3", "M3...M7", "T3"] {
            assert!(wrong.parse::<RunRange>().is_err(), "{wrong}");
        }
    }
}
