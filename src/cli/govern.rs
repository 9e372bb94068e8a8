//! `steward govern`: what an edit of steward.toml would do, and making it take effect.

use std::io::{self, BufRead, IsTerminal, Read, Write};
use std::path::{Path, PathBuf};

use serde_json::json;

use super::acknowledge;
use super::code::Code;
use super::entry::Entry;
use super::failure::Usage;
use super::input::Input;
use super::invocation::Invocation;
use super::moment;
use super::output::Output;
use super::progress::{Bar, Watch};
use super::say::say;
use super::text::{clean, counted};
use super::unmasking;
use domain::{ProposalId, Sequence};
use door::operations::{
    AdoptSettings, DiffSettings, Extent, Match, ProposeSettings, ReadSettings, SettingsAt,
    SettingsChanges, SettingsOf, SettingsProposals, WithdrawProposal,
};
use door::views::{MatchOutcome, SettingsDiff};
use door::{Refusal, Streams};

/// Examples of golden values by field.
const EXAMPLES: usize = 3;
/// The longest text that is taken for settings.
const LONGEST: u64 = 4 << 20;

/// Changes of steward.toml: what an edit would do, and making it take effect.
///
/// An edit of steward.toml waits until somebody adopts it; until then the adopted settings stay in force.
/// Only in a workspace without records does it take effect with the first import. Fields that an edit
/// marks as sensitive are masked at once.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  steward govern diff\n  steward govern adopt --yes\n  \
    steward govern list\n  steward govern changes\n  ssh lead@host govern propose - < steward.toml")]
pub struct Arguments {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, clap::Subcommand)]
enum What {
    /// Show what changed in steward.toml and what it would do: violations, tasks and golden values.
    Diff {
        /// A proposal (P1), or a file; - reads standard input. Default: steward.toml.
        #[arg(value_name = "FILE|-|P1")]
        of: Option<PathBuf>,
        /// Also show how many merges and tasks a match would make; nothing is matched.
        #[arg(long = "match")]
        matches: bool,
        /// How many examples of golden values to show for each field.
        #[arg(long, value_name = "COUNT", default_value_t = EXAMPLES)]
        examples: usize,
        /// Also judge new rules that read masked fields; the ledger records that you looked.
        #[arg(long)]
        unmask: bool,
    },
    /// Make steward.toml, or a proposal, take effect.
    Adopt(Adopt),
    /// Propose settings; nothing changes until somebody adopts them.
    Propose {
        /// A file; - reads standard input.
        #[arg(value_name = "FILE|-")]
        file: PathBuf,
        /// Why. Name no customer: an erasure leaves it as it is.
        #[arg(long, value_name = "TEXT")]
        note: Option<String>,
    },
    /// List the proposals.
    List,
    /// Withdraw a proposal.
    Withdraw {
        /// The proposal (P1).
        #[arg(value_name = "PROPOSAL")]
        proposal: ProposalId,
        /// Why.
        #[arg(long, value_name = "TEXT")]
        note: Option<String>,
    },
    /// Print the settings in force, those of a proposal (P1) or those that a commit (17) adopted.
    Show {
        /// A proposal or a commit. Default: the settings in force.
        #[arg(value_name = "P1|COMMIT", value_parser = at)]
        at: Option<SettingsAt>,
    },
    /// Show who adopted what and when, latest first.
    Log,
    /// Show what changed since you last acknowledged the rules.
    Changes {
        /// Also show what you have acknowledged, and what you adopted yourself.
        #[arg(long)]
        all: bool,
    },
    /// Say that you have read what changed; the ledger records it.
    Acknowledge {
        /// Do not ask.
        #[arg(long)]
        yes: bool,
        /// Show what would happen; write nothing.
        #[arg(long)]
        dry_run: bool,
    },
}

#[derive(Debug, clap::Args)]
struct Adopt {
    /// A proposal (P1), which then becomes steward.toml. Default: steward.toml as it is.
    #[arg(value_name = "PROPOSAL")]
    proposal: Option<ProposalId>,
    /// The fingerprint that the settings must have, as diff shows it; refused if it is another.
    #[arg(long, value_name = "FINGERPRINT")]
    expect: Option<String>,
    /// Why. Name no customer: an erasure leaves it as it is.
    #[arg(long, value_name = "TEXT")]
    note: Option<String>,
    /// Do not ask.
    #[arg(long)]
    yes: bool,
    /// Show what would happen; write nothing.
    #[arg(long)]
    dry_run: bool,
}

fn at(text: &str) -> Result<SettingsAt, String> {
    let proposal = text.parse().map(SettingsAt::Proposal);
    let at = proposal.or_else(|_| text.parse().map(|commit| SettingsAt::Commit(Sequence(commit))));
    at.map_err(|_| format!("`{text}` is neither a proposal such as P3 nor a commit such as 17"))
}

/// Whether what is said writes something.
pub fn changes(matches: &clap::ArgMatches) -> bool {
    let Some((name, of)) = matches.subcommand() else { return false };
    let is_dry = || of.try_get_one::<bool>("dry_run").ok().flatten().copied().unwrap_or_default();
    matches!(name, "adopt" | "propose" | "withdraw" | "acknowledge") && !is_dry()
}

/// Shows, adopts, proposes, lists.
///
/// # Errors
/// When it is refused, the settings are wrong, or the workspace cannot be read or written.
pub fn run(
    arguments: &Arguments,
    invocation: &Invocation,
    output: &Output,
) -> anyhow::Result<Code> {
    // These say themselves what has become of an edit.
    let quiet = matches!(
        arguments.what,
        What::Diff { .. } | What::Adopt(_) | What::Changes { .. } | What::Acknowledge { .. }
    );
    let silent = invocation.without_edit_note();
    let invocation = if quiet { &silent } else { invocation };
    match &arguments.what {
        What::Diff { of, matches, examples, unmask } => {
            let of = meant(of.as_deref())?;
            let entry = unmasking::open(invocation, true, *unmask)?;
            let diff = diff(&entry, of.clone(), *examples)?;
            let matched = if *matches { Some(matched(&entry, of)?) } else { None };
            show(&diff, matched.as_ref(), output)?;
        }
        What::Adopt(asked) => adopt(asked, invocation, output)?,
        What::Propose { file, note } => {
            let text = text_of(file)?;
            let proposed = ProposeSettings { text, note: note.clone() };
            let proposal = invocation.open()?.ask(proposed)?;
            if output.json {
                output.object(&proposal)?;
            } else {
                output.line(&clean(&proposal.line()))?;
                say(&format!(
                    "to see what it would do: steward govern diff {0}; to adopt it: steward govern adopt {0}",
                    proposal.proposal
                ));
            }
        }
        What::Withdraw { proposal, note } => {
            let withdrawn = WithdrawProposal { proposal: *proposal, note: note.clone() };
            let proposal = invocation.open()?.ask(withdrawn)?;
            match output.json {
                true => output.object(&proposal)?,
                false => output.line(&clean(&proposal.line()))?,
            }
        }
        What::List => {
            let proposals = invocation.open_to_read()?.ask(SettingsProposals {})?;
            if output.json {
                output.objects(&proposals)?;
            } else if proposals.is_empty() {
                say("no proposals yet; to make one: steward govern propose FILE");
            } else {
                let lines: Vec<String> = proposals
                    .iter()
                    .map(|proposal| clean(&moment::localised(&proposal.line())))
                    .collect();
                output.lines(&lines)?;
            }
        }
        What::Show { at } => {
            let at = at.unwrap_or_default();
            let text = invocation.open_to_read()?.ask(ReadSettings { at })?;
            if output.json {
                output.object(&json!({ "text": text }))?;
            } else {
                let lines: Vec<String> = text.lines().map(clean).collect();
                output.lines(&lines)?;
            }
        }
        What::Changes { all } => acknowledge::changes(*all, invocation, output)?,
        What::Acknowledge { yes, dry_run } => {
            acknowledge::acknowledge(*yes, *dry_run, invocation, output)?;
        }
        What::Log => {
            let log = invocation.open_to_read()?.ask(SettingsChanges {})?;
            if output.json {
                output.objects(&log)?;
            } else {
                let lines = log.iter().flat_map(|entry| entry.lines());
                let lines: Vec<String> =
                    lines.map(|line| clean(&moment::localised(&line))).collect();
                output.lines(&lines)?;
            }
        }
    }
    Ok(Code::Done)
}

/// The settings that are named.
fn meant(of: Option<&Path>) -> anyhow::Result<SettingsOf> {
    let Some(of) = of else { return Ok(SettingsOf::File) };
    match of.to_str().and_then(|of| of.parse().ok()) {
        Some(proposal) => Ok(SettingsOf::Proposal(proposal)),
        None => Ok(SettingsOf::Text(text_of(of)?)),
    }
}

fn text_of(path: &Path) -> anyhow::Result<String> {
    use anyhow::Context;
    let reading = || format!("reading {}", clean(&path.display().to_string()));
    let mut bytes = Vec::new();
    let Input { content, .. } = Input::open_file(path)?;
    content.take(LONGEST + 1).read_to_end(&mut bytes).with_context(reading)?;
    if bytes.len() as u64 > LONGEST {
        return Err(Usage::error(format!("{}: too long for settings", path.display())));
    }
    String::from_utf8(bytes).with_context(reading)
}

fn diff(entry: &Entry, of: SettingsOf, examples: usize) -> anyhow::Result<SettingsDiff> {
    let watch = Watch::new()?;
    let asked = DiffSettings { of, examples };
    let found = entry.run(asked, Streams::default(), &mut watch.following());
    watch.clear();
    Ok(*found?)
}

/// What a match would do under those settings, and under those in force.
fn matched(entry: &Entry, of: SettingsOf) -> anyhow::Result<[MatchOutcome; 2]> {
    let run = |under| {
        let watch = Watch::new()?;
        let asked = Match { dry_run: true, extent: Extent::Full, under, ..Match::default() };
        let found = entry.run(asked, Streams::default(), &mut watch.following());
        watch.clear();
        anyhow::Ok(found?)
    };
    Ok([run(Some(of))?, run(None)?])
}

fn show(
    diff: &SettingsDiff,
    matched: Option<&[MatchOutcome; 2]>,
    output: &Output,
) -> anyhow::Result<()> {
    if output.json {
        let mut object = serde_json::to_value(diff)?;
        if let Some([then, now]) = matched {
            let told = |it: &MatchOutcome| json!({ "merged": it.merged, "opened": it.opened, "pending": it.pending });
            object["match"] = json!({ "then": told(then), "now": told(now) });
        }
        return Ok(output.object(&object)?);
    }
    if diff.is_of_nothing() && matched.is_none() {
        say("no edit waits: these settings are in force");
        return Ok(());
    }
    let mut lines: Vec<String> = diff.lines().iter().map(|line| clean(line)).collect();
    if let Some([then, now]) = matched {
        lines.push(format!(
            "a full match: {} and {}; under the settings in force: {} and {}",
            counted(then.merged, "merge", "merges"),
            counted(then.pending, "task", "tasks"),
            counted(now.merged, "merge", "merges"),
            counted(now.pending, "task", "tasks")
        ));
    }
    lines.push(format!("fingerprint {}", diff.fingerprint));
    output.lines(&lines)?;
    Ok(())
}

fn adopt(asked: &Adopt, invocation: &Invocation, output: &Output) -> anyhow::Result<()> {
    let asks = invocation.asks() && !asked.yes && !asked.dry_run;
    if !asks && !asked.yes && !asked.dry_run {
        return Err(Usage::error(
            "pass --yes to adopt the settings, or --dry-run to see what they would do",
        ));
    }
    let of = asked.proposal.map_or(SettingsOf::File, SettingsOf::Proposal);
    let entry = invocation.open_for(asked.dry_run)?;
    let mut expect = asked.expect.clone();
    if !asked.yes {
        let diff = diff(&entry, of, EXAMPLES)?;
        if asked.dry_run || diff.is_of_nothing() {
            show(&diff, None, output)?;
            if asked.dry_run && !output.json {
                say("nothing was written (--dry-run)");
            }
            return Ok(());
        }
        diff.lines().iter().for_each(|line| say(&clean(line)));
        confirm()?;
        // What was looked at is what takes effect.
        expect = expect.or(Some(diff.fingerprint));
    }
    let bar = Bar::new();
    bar.busy("adopting the settings");
    let request = AdoptSettings { proposal: asked.proposal, expect, note: asked.note.clone() };
    let adopted = entry.ask(request);
    bar.clear();
    let adopted = adopted?;
    match output.json {
        true => output.object(&adopted)?,
        false => output.line(&adopted.line())?,
    }
    Ok(())
}

fn confirm() -> anyhow::Result<()> {
    let mut err = io::stderr();
    let _ = write!(err, "Type adopt to make it take effect: ");
    let _ = err.flush();
    let mut typed = String::new();
    if io::stdin().is_terminal() {
        io::stdin().lock().read_line(&mut typed)?;
    }
    if typed.trim() == "adopt" {
        return Ok(());
    }
    let why = "not confirmed: the settings in force stay in force".to_owned();
    Err(Refusal::DoesNotApply { why }.into())
}
