//! Everything that can be said on the command line: the one definition from which parsing, help,
//! man page and completions come.

use std::path::Path;

use clap::{ArgMatches, Parser, Subcommand};

use super::global::Global;
use super::{
    access, approvals, approve, ask, assign, audit, backup, card, check, comment, completions,
    consent, create, decide, demo, erase, evaluate, explain, export, feed, find, fix, govern,
    grant, history, hold, import, inbox, init, journeys, keys, man, matching, measures, merge,
    not_a_match, presets, rebuild, rekey, reopen, request, requests, reread, restore, retain,
    review, sample, segments, serve, sessions, show, subject, tasks, timeline, train, undo,
    unmerge, values, verify,
};

/// A terminal workbench for data stewards: match, review, merge, undo.
#[derive(Debug, Parser)]
#[command(
    name = "steward",
    version,
    about,
    long_about = "A terminal workbench for data stewards: import customer records, find the ones that are the \
same person or company, decide what the machine cannot. An append-only ledger keeps every decision.\n\n\
Run without a subcommand, it opens the review screen.",
    after_help = "Exit codes: 0 done, 1 failed or not found, 2 usage error, 3 done with rejects under --strict, \
4 refused (policy, stale, held by another), 5 done but the output could not be written, \
70 internal error."
)]
pub struct Arguments {
    #[command(flatten)]
    pub global: Global,
    #[command(subcommand)]
    pub command: Option<Command>,
}

/// The subcommands.
#[derive(Debug, Subcommand)]
pub enum Command {
    Demo(demo::Arguments),
    Train(train::Arguments),
    Sample(sample::Arguments),
    Init(init::Arguments),
    Check(check::Arguments),
    Import(import::Arguments),
    Preset(presets::Arguments),
    Inbox(inbox::Arguments),
    Reread(reread::Arguments),
    Match(matching::Arguments),
    Review(review::Arguments),
    Tasks(tasks::Arguments),
    Find(find::Arguments),
    Show(show::Arguments),
    Decide(decide::Arguments),
    Merge(merge::Arguments),
    NotAMatch(not_a_match::Arguments),
    Unmerge(unmerge::Arguments),
    Reopen(reopen::Arguments),
    Create(create::Arguments),
    Task(ask::Arguments),
    Assign(assign::Arguments),
    Comment(comment::Arguments),
    Release(assign::ReleaseArguments),
    Fix(fix::Arguments),
    Values(values::Arguments),
    Approvals(approvals::Arguments),
    Approve(approve::Arguments),
    Reject(approve::RejectArguments),
    Govern(govern::Arguments),
    Grant(grant::Arguments),
    Undo(undo::Arguments),
    History(history::Arguments),
    Explain(explain::Arguments),
    Export(export::Arguments),
    Feed(feed::Arguments),
    Evaluate(evaluate::Arguments),
    Audit(audit::Arguments),
    Access(access::Arguments),
    Subject(subject::Arguments),
    Consent(consent::Arguments),
    Timeline(timeline::Arguments),
    Card(card::Arguments),
    Journeys(journeys::Arguments),
    Measures(measures::Arguments),
    Segments(segments::All),
    Segment(segments::One),
    Hold(hold::Arguments),
    Request(request::Arguments),
    Requests(requests::Arguments),
    Retain(retain::Arguments),
    Erase(erase::Arguments),
    Verify(verify::Arguments),
    Rebuild(rebuild::Arguments),
    Keys(keys::Arguments),
    Rekey(rekey::Arguments),
    Backup(backup::Arguments),
    Restore(restore::Arguments),
    Serve(serve::Arguments),
    Sessions(sessions::Arguments),
    Wall(sessions::WallArguments),
    #[cfg(feature = "ssh")]
    Otp(super::otp::Arguments),
    Completions(completions::Arguments),
    Man(man::Arguments),
}

impl Command {
    /// The folder that a subcommand makes a workspace of, whatever the one of `--workspace` is.
    pub fn makes_workspace_in(&self) -> Option<&Path> {
        match self {
            Command::Init(arguments) => arguments.folder(),
            Command::Restore(arguments) => Some(&arguments.folder),
            _ => None,
        }
    }
}

impl Command {
    /// Whether it is about a workspace that is there already.
    pub fn is_of_a_workspace(&self) -> bool {
        use Command::{Completions, Demo, Init, Man, Restore, Sample};
        !matches!(self, Init(_) | Restore(_) | Demo(_) | Sample(_) | Completions(_) | Man(_))
    }
}

/// Subcommands that only read; `keys` and `backup` without a word about what is to be made.
const READS: [&str; 24] = [
    "access",
    "approvals",
    "audit",
    "check",
    "consent",
    "preset",
    "requests",
    "review",
    "tasks",
    "find",
    "show",
    "timeline",
    "card",
    "journeys",
    "measures",
    "segments",
    "segment",
    "history",
    "explain",
    "evaluate",
    "verify",
    "serve",
    "completions",
    "man",
];

/// Whether what is said makes something that stands once the command prints its answer. The demo
/// and the training say so themselves, where they have to be made.
pub fn changes(matches: &ArgMatches) -> bool {
    let Some((name, of)) = matches.subcommand() else { return false };
    let is_set = |flag| of.try_get_one::<bool>(flag).ok().flatten().copied().unwrap_or_default();
    match name {
        // That somebody looked is recorded before they see it.
        name if READS.contains(&name) => is_set("unmask"),
        "demo" | "train" => false,
        // A dry run that looks behind masks is recorded, too.
        _ if is_set("unmask") => true,
        "values" => of.contains_id("to") && !is_set("dry_run"),
        "govern" => govern::changes(of),
        "grant" => grant::changes(of),
        "hold" => hold::changes(of),
        "request" => request::changes(of),
        "sessions" | "otp" => of.subcommand().is_some(),
        "feed" => !is_set("dry_run") && !is_set("schema"),
        "keys" => of.subcommand().is_some() && !is_set("dry_run"),
        _ => !is_set("dry_run") && !is_set("list"),
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_definitions_are_sound() {
        Arguments::command().debug_assert();
    }

    /// Every line of the interface's description, with what it leaves open filled in.
    #[test]
    fn every_documented_line_is_understood() {
        for line in [
            "",
            "sample --customers 100 --seed 3 -o folder",
            "init",
            "init folder",
            "init --passphrase",
            "check",
            "import crm.csv --source crm",
            "import export.csv --preset shopify-customers",
            "import export.csv --preset shopify-customers --source shop",
            "train",
            "train --tasks 50 --seed 3 --reset",
            "train --result --json",
            "preset list",
            "preset show shopify-customers --source shop",
            "init --from crm.csv shop.xlsx --dry-run",
            "match --census",
            "grant list",
            "govern diff",
            "govern diff - --match",
            "govern diff P1 --examples 5 --json",
            "govern adopt",
            "govern adopt P1 --expect 0123abcd --note text --yes",
            "govern adopt --dry-run",
            "govern propose - --note text",
            "govern list",
            "govern withdraw P1",
            "govern show",
            "govern show P1",
            "govern show 17",
            "govern log",
            "govern changes",
            "govern changes --all",
            "govern acknowledge --yes",
            "govern acknowledge --dry-run",
            "grant show S3",
            "grant give S3 --count 1214 --note sampled --dry-run",
            "grant suspend S3 --reason checked",
            "grant undo D12 --with-dependents",
            "init folder --from crm.csv --region DE",
            "init --from crm.txt --widths 10,30",
            "import - --source crm --format jsonl --strict",
            "inbox folder --source crm",
            "inbox folder --source crm --complete --watch --every 5",
            "import crm.csv --source crm --accept-older",
            "import crm.csv --source crm --complete --accept-vanished",
            "import delta.csv --source crm --accept-vanished",
            "match",
            "match --full",
            "values city",
            "values city --source shop --raw --limit 5 --json",
            "values city --golden --unmask",
            "values city --correct Berln berlin --to Berlin --reason typo --note x --yes",
            "values city --correct Berln --to Berlin --dry-run",
            "review",
            "tasks --kind challenge --state deferred",
            "tasks --where score>=0.9",
            "show crm:1042 --at 2026-03-02",
            "show 1042",
            "show C17",
            "find pace thomas",
            "find crm:10 --in records --limit 5 --json",
            "create --source manual --set city=Bath --even-so",
            "create --source manual --set city=Bath --key 9 --dry-run",
            "task C1 crm:7 --note text --to kim --reason moved",
            "task C1 C2 C3 --dry-run",
            "export golden --where city~bath",
            "export labels",
            "show T9",
            "show D31",
            "decide T9 merge --members A,B --rest not-a-match --into C17",
            "decide T9 merge --pick email=crm:1042 --set city=Bonn --rest stay",
            "decide T9 not-a-match --reason household --note text --if-version 12",
            "decide T9 accept",
            "decide T9 keep",
            "decide T9 defer --until 2026-12-24",
            "decide T9 defer --until tomorrow",
            "decide T9 defer --until data-changes",
            "decide T9 escalate --to kim --reason second-opinion --note text",
            "decide T9 waive --rule email-syntax --reason known-exception",
            "decide T9 correct --set city=Bonn --clear email --reason typo",
            "decide T9 approve",
            "assign T12 sam --note text --reason second-opinion --if-version 3",
            "assign T12 sam --dry-run",
            "release T12",
            "comment T12 text",
            "comment C5 more than one word --dry-run",
            "decide T9 reject --dry-run",
            "merge C1 C2 C3 --reason moved",
            "not-a-match C1 crm:7 --waive email-syntax --reason twins",
            "unmerge C88 crm:1042",
            "reopen crm:1042 crm:7 --reason moved",
            "tasks --kind vanished",
            "fix crm:1042 --set email=a@example.com",
            "fix C17 --set city=Bonn --dry-run",
            "undo D31",
            "undo B7 --with-dependents",
            "undo I12 I13 --dry-run",
            "reread",
            "reread --source crm --dry-run --json",
            "history",
            "history C17",
            "explain crm:1 webshop:2",
            "export records",
            "export golden --format jsonl --since 2026-01-01 -o golden.jsonl",
            "export xref --json",
            "export decisions --dry-run",
            "export corrections",
            "export tasks",
            "export pairs",
            "export violations",
            "export quarantine",
            "export vanished",
            "export events --format jsonl -o events.jsonl",
            "export model --kind organisation --dialect spark -o model.json",
            "match --dry-run --model model.json",
            "explain T12",
            "feed",
            "feed --since 17 --format cloudevents --no-values",
            "feed --schema --format jsonl",
            "feed --follow",
            "evaluate truth.csv",
            "audit",
            "audit --since 2026-01-01 --until 2026-04-01 --json",
            "audit --since 2026-01-01 -o audit.html --force",
            "erase C17 --reason request --note text --dry-run",
            "erase crm:1042 --reason request --yes",
            "consent C17",
            "consent crm:1042 --unmask --json",
            "approvals --mine --json",
            "approve T90 T91 --note text --dry-run",
            "approve B5 --where stake<9",
            "approve T90 --expect 7d2f90b1c3a4e586",
            "reject T90 --note text",
            "merge C1 C2 --break-glass fire",
            "undo D5 --break-glass fire",
            "request C17 --kind access --received 2026-11-28 --by email --note text",
            "request crm:1042 --kind opt-out --channel email --purpose newsletter --dry-run",
            "request C17 --kind rectification --field email --field phone",
            "request verify T5 --how text",
            "request verify T5 --unverified text --dry-run",
            "request extend T5 --reason complex",
            "request note T5 text",
            "request told T5 --recipient agency",
            "request told T5 --all --note text",
            "request done T5 --answer text",
            "request refuse T5 --note text",
            "request lift T5 --note text",
            "requests --due --json",
            "requests --all",
            "subject C17 --for T5 -o answer",
            "erase C17 --for T5 --reason request --yes",
            "fix crm:1042 --set email=a@example.com --for T5",
            "export golden --purpose newsletter --channel email",
            "hold C17 --reason legal-hold --note text --until 2027-12-31",
            "hold crm:1042 --reason legal-hold --dry-run",
            "hold --list --json",
            "hold lift C17 --reason case-closed --dry-run",
            "retain --dry-run",
            "retain --warn 90d --reason retention --yes",
            "verify",
            "verify --expect 0000000000000000000000000000000000000000000000000000000000000000",
            "rebuild",
            "keys",
            "keys --json",
            "keys passphrase",
            "keys file",
            "keys rotate",
            "rekey",
            "backup file",
            "backup file --base older --force --dry-run",
            "backup --list",
            "restore file folder --base older --base oldest",
            "serve",
            "serve --group stewards",
            "sessions --json",
            "sessions end k7f3q-3",
            "wall restarting at noon",
            "completions bash",
            "man",
            "--workspace folder --json --no-color tasks",
            "tasks --workspace folder --json --no-color",
        ] {
            let words = std::iter::once("steward").chain(line.split_whitespace());
            if let Err(error) = Arguments::try_parse_from(words) {
                panic!("steward {line}: {error}");
            }
        }
    }

    #[test]
    fn what_only_reads_changes_nothing() {
        for (line, expected) in [
            ("", false),
            ("review", false),
            ("tasks", false),
            ("show C1", false),
            ("show C1 --unmask", true),
            ("fix C1 --set city=Bonn", true),
            ("fix C1 --set city=Bonn --dry-run", false),
            ("decide --where score>1 merge --yes", true),
            ("govern diff", false),
            ("govern adopt --yes", true),
            ("govern adopt --dry-run", false),
            ("govern propose -", true),
            ("govern log", false),
            ("govern changes", false),
            ("govern acknowledge --yes", true),
            ("govern acknowledge --dry-run", false),
            ("grant list", false),
            ("grant show S3", false),
            ("grant give S3 --count 9", true),
            ("grant give S3 --count 9 --dry-run", false),
            ("grant undo S3", true),
            ("consent C1", false),
            ("consent C1 --unmask", true),
            ("request C1 --kind access", true),
            ("request C1 --kind access --dry-run", false),
            ("request done T1", true),
            ("request done T1 --dry-run", false),
            ("requests --due", false),
            ("hold C1 --reason a", true),
            ("hold C1 --reason a --dry-run", false),
            ("hold --list", false),
            ("hold lift C1 --reason a", true),
            ("hold lift C1 --reason a --dry-run", false),
            ("retain", true),
            ("retain --dry-run", false),
            ("keys", false),
            ("keys rotate", true),
            ("keys rotate --dry-run", false),
            ("serve", false),
            ("sessions", false),
            ("audit -o a.html", false),
            ("sessions end k7f3q-3", true),
            ("wall hello", true),
            ("rekey", true),
            ("rekey --dry-run", false),
            ("reread", true),
            ("reread --dry-run", false),
            ("backup a", true),
            ("backup --list", false),
            ("export golden -o a", true),
            ("feed --since 2", true),
            ("feed --dry-run", false),
            ("feed --schema", false),
            ("man", false),
            ("find pace", false),
            ("task C1 C2", true),
            ("assign T1 sam", true),
            ("assign T1 sam --dry-run", false),
            ("release T1", true),
            ("comment T1 text", true),
            ("comment T1 text --dry-run", false),
            ("create --source m --set a=b", true),
            ("create --source m --set a=b --dry-run", false),
        ] {
            let words = std::iter::once("steward").chain(line.split_whitespace());
            let matches = Arguments::command().try_get_matches_from(words).unwrap();
            assert_eq!(changes(&matches), expected, "{line}");
        }
        let known = Arguments::command();
        let known: Vec<&str> = known.get_subcommands().map(clap::Command::get_name).collect();
        assert!(READS.iter().all(|name| known.contains(name)));
    }

    #[test]
    fn what_is_not_documented_is_not_understood() {
        for line in [
            "merge C1",
            "task C1",
            "find",
            "find a --in places",
            "create --source manual",
            "create --set city=Bath",
            "grant",
            "grant give S3",
            "grant undo T9",
            "match --census --dry-run",
            "decide T9",
            "decide 9 merge",
            "assign T12",
            "comment T12",
            "release",
            "decide T9 undo",
            "export everything",
            "feed --format csv",
            "feed --schema --since 2",
            "feed --follow --dry-run",
            "import crm.csv",
            "inbox folder",
            "inbox folder --source crm --every 5",
            "reopen",
            "unmerge C88",
            "consent",
            "timeline",
            "measures",
            "segment",
            "segments a",
            "approve",
            "reject T90",
            "hold",
            "hold lift",
            "request",
            "request C1",
            "request C1 --kind forget",
            "request verify T1",
            "request verify C1 --how a",
            "request told T1",
            "request told T1 --all --recipient a",
            "requests --due --all",
            "hold C1 --list",
            "hold C1 --until someday",
            "retain --warn soon",
            "sessions end",
            "sessions end T3",
            "wall",
            "backup",
            "backup file --list",
            "restore file",
            "undo",
            "sample",
            "sample --customers 0 -o folder",
            "train --tasks 1",
            "train --result --reset",
            "fix crm:1 --set city",
            "history --at 2026-01-01",
        ] {
            let words = std::iter::once("steward").chain(line.split_whitespace());
            assert!(Arguments::try_parse_from(words).is_err(), "{line}");
        }
    }
}
