//! `steward grant`: what a sample of answers lets the machine merge, given, suspended and undone.

pub(super) mod told;

use std::str::FromStr;

use super::carry_out::would_be;
use super::code::Code;
use super::entry::Entry;
use super::failure::Usage;
use super::invocation::Invocation;
use super::merge::Why;
use super::output::Output;
use super::say::say;
use super::text::{clean, counted};
use super::undo;
use domain::{CensusId, DecisionId, ReasonCode};
use door::operations::{GRANT_UNDONE_TOGETHER, GiveGrant, Grants, ShowGrant, SuspendGrant};
use door::views::{GivenView, GrantsView};
use door::{Action, Refusal};

/// Merges granted from a sample: answer a sample of a stratum, then let the machine do the rest, with a
/// bound on how many of them are wrong.
///
/// A full match takes a census: it freezes the joins waiting for people, in strata (organisations whose
/// name, street and phone agree, say), each in its own order. Answers count as long as they follow
/// that order, bulk decisions too; a "no" is asked again a day later before it counts, along with as
/// many a "yes". Once the answers support the promise of [matching.autonomy], the stratum is offered.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  steward grant list\n  steward grant show S3\n  \
    steward grant give S3 --count 1214\n  steward grant undo S3")]
pub struct Arguments {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, clap::Subcommand)]
enum What {
    /// List the strata: what can be granted, how many answers are missing, what was granted.
    List,
    /// Show one stratum: the tasks to answer next, and what its grant merged and left.
    Show {
        /// The stratum (S3), as listed.
        #[arg(value_name = "STRATUM")]
        census: CensusId,
    },
    /// Let the machine make the joins of a stratum that nobody has decided. If a grant was interrupted, give
    /// it again with the same number to continue.
    Give(Give),
    /// Stop merging under a grant; existing merges stay, and only a new census can be granted.
    Suspend {
        /// The stratum (S3), as listed.
        #[arg(value_name = "STRATUM")]
        census: CensusId,
        #[command(flatten)]
        why: Told,
    },
    /// Undo all merges of a grant: everything is as it was before, and its tasks are open again. What
    /// people have decided about since, and what concerns erased people, stays as it is and is counted.
    /// If checks found a wrong merge, only a new census can be granted.
    Undo {
        /// Its stratum (S3), or a decision of it (D12).
        #[arg(value_name = "GRANT")]
        grant: Named,
        /// Also undo later decisions that build on the merges, except answers to checks.
        #[arg(long)]
        with_dependents: bool,
        #[command(flatten)]
        why: Told,
    },
}

#[derive(Debug, clap::Args)]
struct Give {
    /// The stratum (S3), as listed.
    #[arg(value_name = "STRATUM")]
    census: CensusId,
    /// How many joins are waiting, as listed; refused if the number has changed.
    #[arg(long, value_name = "NUMBER")]
    count: u64,
    #[command(flatten)]
    why: Told,
}

/// What can be said about any decision on a grant.
#[derive(Debug, clap::Args)]
struct Told {
    /// A reason from the list in steward.toml.
    #[arg(long, value_name = "CODE")]
    reason: Option<String>,
    /// A note.
    #[arg(long, value_name = "TEXT")]
    note: Option<String>,
    /// Show what would happen, or why it would be refused; write nothing.
    #[arg(long)]
    dry_run: bool,
}

/// A grant by its census or by a decision of it.
#[derive(Debug, Clone, Copy)]
enum Named {
    Census(CensusId),
    Decision(DecisionId),
}

impl FromStr for Named {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let census = text.parse().map(Named::Census);
        let named = census.or_else(|_| text.parse().map(Named::Decision));
        named.map_err(|_| {
            format!("`{text}` is neither a stratum such as S3 nor a decision such as D12")
        })
    }
}

/// Whether what is said writes something.
pub fn changes(matches: &clap::ArgMatches) -> bool {
    let Some((name, of)) = matches.subcommand() else { return false };
    let is_dry = || of.try_get_one::<bool>("dry_run").ok().flatten().copied().unwrap_or_default();
    !matches!(name, "list" | "show") && !is_dry()
}

/// Lists, shows, gives, suspends or undoes.
///
/// # Errors
/// When it is refused, or the workspace cannot be read or written.
pub fn run(
    arguments: &Arguments,
    invocation: &Invocation,
    output: &Output,
) -> anyhow::Result<Code> {
    match &arguments.what {
        What::List => {
            let view = invocation.open_to_read()?.ask(Grants {})?;
            match output.json {
                true => output.object(&view)?,
                false => output.lines(&told::list(&view))?,
            }
            Ok(Code::Done)
        }
        What::Show { census } => {
            let detail = invocation.open_to_read()?.ask(ShowGrant { census: *census })?;
            match output.json {
                true => output.object(&detail)?,
                false => output.lines(&told::detail(&detail))?,
            }
            Ok(Code::Done)
        }
        What::Give(give) => self::give(give, &invocation.open_for(give.why.dry_run)?, output),
        What::Suspend { census, why } => suspend(*census, why, invocation, output),
        What::Undo { grant, with_dependents, why } => {
            let entry = invocation.open_for(why.dry_run)?;
            let decisions = decisions(&entry.ask(Grants {})?, *grant)?;
            let how = undo::How {
                break_glass: None,
                with_dependents: *with_dependents,
                choices: Default::default(),
                reason: why.reason.as_deref().map(ReasonCode::new),
                note: why.note.clone(),
                dry_run: why.dry_run,
                together: GRANT_UNDONE_TOGETHER,
            };
            undo::take_back(decisions, &how, &entry, output)
        }
    }
}

fn give(give: &Give, entry: &Entry, output: &Output) -> anyhow::Result<Code> {
    let mut request = GiveGrant {
        census: give.census,
        joins: give.count,
        reason: give.why.reason.as_deref().map(ReasonCode::new),
        note: give.why.note.clone(),
        bulk: None,
        rehearse: give.why.dry_run,
    };
    let mut all: Option<GivenView> = None;
    loop {
        let portion = entry.ask(request.clone())?;
        request.bulk = portion.bulk;
        let (to_go, left) = (portion.to_go, portion.left);
        let made = all.as_ref().map_or(0, |all| all.made) + portion.made;
        let first = all.take().unwrap_or(portion);
        all = Some(GivenView { made, left, to_go, ..first });
        if to_go == 0 || give.why.dry_run {
            break;
        }
    }
    let Some(given) = all else { return Ok(Code::Done) };
    if output.json {
        let mut object = serde_json::to_value(&given)?;
        object["dry_run"] = give.why.dry_run.into();
        output.object(&object)?;
        return Ok(Code::Done);
    }
    if give.why.dry_run {
        output.line(&would_be(&given.summary))?;
        output.line(&format!("  {} merged away", counted(given.made, "customer", "customers")))?;
        if given.left > 0 {
            say(&format!("{}, because of a rule or a decision", left_to_people(given.left)));
        }
        say("nothing was written (--dry-run)");
        return Ok(Code::Done);
    }
    let id = given.decision.map(|id| id.to_string()).unwrap_or_default();
    output.line(&format!("{id} {}", clean(&given.summary)))?;
    output.line(&format!("  {} merged away", counted(given.made, "customer", "customers")))?;
    if given.left > 0 {
        say(&format!("{}, because of a rule or a decision", left_to_people(given.left)));
    }
    say(&format!("to undo: steward grant undo {}", give.census));
    Ok(Code::Done)
}

fn left_to_people(joins: u64) -> String {
    match joins {
        1 => "1 join is left to people".to_owned(),
        joins => format!("{joins} joins are left to people"),
    }
}

fn suspend(
    census: CensusId,
    why: &Told,
    invocation: &Invocation,
    output: &Output,
) -> anyhow::Result<Code> {
    let entry = invocation.open_for(why.dry_run)?;
    let (reason, note) = (why.reason.as_deref().map(ReasonCode::new), why.note.clone());
    if why.dry_run {
        let why = Why {
            reason: why.reason.clone(),
            note,
            waive: Vec::new(),
            break_glass: None,
            dry_run: true,
        };
        let request = why.request(Action::Suspend { census });
        return super::carry_out::foresee(&entry, request, output);
    }
    let receipt = entry.ask(SuspendGrant { census, reason, note })?;
    super::carry_out::tell(&receipt, output)
}

/// The decisions of a grant that stand, the latest first.
fn decisions(view: &GrantsView, named: Named) -> anyhow::Result<Vec<DecisionId>> {
    let is_meant = |census: CensusId, decisions: &[DecisionId]| match named {
        Named::Census(id) => census == id,
        Named::Decision(id) => decisions.contains(&id),
    };
    let mut grants = view.strata.iter().filter_map(|it| Some((it.census, it.grant.as_ref()?)));
    let found = grants.find(|(census, grant)| is_meant(*census, &grant.decisions));
    let Some((_, grant)) = found else {
        let why = match named {
            Named::Census(id) => format!("{id} is not granted: there is nothing to undo"),
            Named::Decision(id) => {
                format!("{id} is not a decision of a current grant: see `steward grant list`")
            }
        };
        return Err(Refusal::DoesNotApply { why }.into());
    };
    let mut decisions = grant.decisions.clone();
    decisions.reverse();
    if decisions.is_empty() {
        return Err(Usage::error("the grant has no decision".to_owned()));
    }
    Ok(decisions)
}
