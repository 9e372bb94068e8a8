//! Who answers which subcommand.

use clap::CommandFactory;

use super::arguments::{Arguments, Command};
use super::code::Code;
use super::invocation::Invocation;
use super::output::Output;
use super::{
    access, approvals, approve, ask, assign, audit, backup, card, check, comment, completions,
    consent, create, decide, demo, erase, evaluate, explain, export, feed, find, fix, govern,
    grant, history, hold, import, inbox, init, journeys, keys, man, matching, measures, merge,
    not_a_match, presets, rebuild, rekey, reopen, request, requests, reread, restore, retain,
    review, sample, segments, serve, sessions, show, subject, tasks, timeline, train, undo,
    unmerge, values, verify,
};

/// Runs a subcommand; none is the review.
///
/// # Errors
/// Whatever keeps it from being done; see `failure` for how each is told.
pub fn dispatch(
    command: Option<Command>,
    invocation: &Invocation,
    output: &Output,
) -> anyhow::Result<Code> {
    match command {
        Some(Command::Demo(arguments)) => demo::run(&arguments, invocation, output),
        Some(Command::Train(arguments)) => train::run(&arguments, invocation, output),
        Some(Command::Sample(arguments)) => sample::run(&arguments, invocation, output),
        Some(Command::Init(arguments)) => init::run(&arguments, invocation, output),
        Some(Command::Access(arguments)) => access::run(&arguments, invocation, output),
        Some(Command::Check(_)) => check::run(invocation, output),
        Some(Command::Import(arguments)) => import::run(&arguments, invocation, output),
        Some(Command::Preset(arguments)) => presets::run(&arguments, invocation, output),
        Some(Command::Inbox(arguments)) => inbox::run(&arguments, invocation, output),
        Some(Command::Reread(arguments)) => reread::run(&arguments, invocation, output),
        Some(Command::Match(arguments)) => matching::run(&arguments, invocation, output),
        Some(Command::Review(_)) | None => review::run(invocation, output),
        Some(Command::Tasks(arguments)) => tasks::run(&arguments, invocation, output),
        Some(Command::Find(arguments)) => find::run(&arguments, invocation, output),
        Some(Command::Create(arguments)) => create::run(&arguments, invocation, output),
        Some(Command::Task(arguments)) => ask::run(&arguments, invocation, output),
        Some(Command::Comment(arguments)) => comment::run(&arguments, invocation, output),
        Some(Command::Assign(arguments)) => assign::run(arguments, invocation, output),
        Some(Command::Release(arguments)) => assign::release(&arguments, invocation, output),
        Some(Command::Show(arguments)) => show::run(&arguments, invocation, output),
        Some(Command::Decide(arguments)) => decide::run(arguments, invocation, output),
        Some(Command::Merge(arguments)) => merge::run(&arguments, invocation, output),
        Some(Command::NotAMatch(arguments)) => not_a_match::run(&arguments, invocation, output),
        Some(Command::Unmerge(arguments)) => unmerge::run(&arguments, invocation, output),
        Some(Command::Reopen(arguments)) => reopen::run(&arguments, invocation, output),
        Some(Command::Fix(arguments)) => fix::run(&arguments, invocation, output),
        Some(Command::Values(arguments)) => values::run(&arguments, invocation, output),
        Some(Command::Approvals(arguments)) => approvals::run(&arguments, invocation, output),
        Some(Command::Approve(arguments)) => approve::run(&arguments, invocation, output),
        Some(Command::Reject(arguments)) => approve::reject(&arguments, invocation, output),
        Some(Command::Govern(arguments)) => govern::run(&arguments, invocation, output),
        Some(Command::Grant(arguments)) => grant::run(&arguments, invocation, output),
        Some(Command::Undo(arguments)) => undo::run(&arguments, invocation, output),
        Some(Command::History(arguments)) => history::run(&arguments, invocation, output),
        Some(Command::Explain(arguments)) => explain::run(&arguments, invocation, output),
        Some(Command::Export(arguments)) => export::run(&arguments, invocation, output),
        Some(Command::Feed(arguments)) => feed::run(&arguments, invocation, output),
        Some(Command::Evaluate(arguments)) => evaluate::run(&arguments, invocation, output),
        Some(Command::Subject(arguments)) => subject::run(&arguments, invocation, output),
        Some(Command::Consent(arguments)) => consent::run(&arguments, invocation, output),
        Some(Command::Card(arguments)) => card::run(&arguments, invocation, output),
        Some(Command::Timeline(arguments)) => timeline::run(&arguments, invocation, output),
        Some(Command::Journeys(arguments)) => journeys::run(&arguments, invocation, output),
        Some(Command::Measures(arguments)) => measures::run(&arguments, invocation, output),
        Some(Command::Segments(arguments)) => segments::all(&arguments, invocation, output),
        Some(Command::Segment(arguments)) => segments::one(&arguments, invocation, output),
        Some(Command::Request(arguments)) => request::run(&arguments, invocation, output),
        Some(Command::Requests(arguments)) => requests::run(&arguments, invocation, output),
        Some(Command::Hold(arguments)) => hold::run(&arguments, invocation, output),
        Some(Command::Retain(arguments)) => retain::run(&arguments, invocation, output),
        Some(Command::Erase(arguments)) => erase::run(&arguments, invocation, output),
        Some(Command::Audit(arguments)) => audit::run(&arguments, invocation, output),
        Some(Command::Verify(arguments)) => verify::run(&arguments, invocation, output),
        Some(Command::Rebuild(arguments)) => rebuild::run(&arguments, invocation, output),
        Some(Command::Keys(arguments)) => keys::run(&arguments, invocation, output),
        Some(Command::Rekey(arguments)) => rekey::run(&arguments, invocation, output),
        Some(Command::Backup(arguments)) => backup::run(&arguments, invocation, output),
        Some(Command::Restore(arguments)) => restore::run(&arguments, invocation, output),
        Some(Command::Serve(arguments)) => serve::run(&arguments, invocation, output),
        Some(Command::Sessions(arguments)) => sessions::run(&arguments, invocation, output),
        Some(Command::Wall(arguments)) => sessions::wall(&arguments, invocation, output),
        #[cfg(feature = "ssh")]
        Some(Command::Otp(arguments)) => super::otp::run(&arguments, invocation, output),
        Some(Command::Completions(arguments)) => completions::run(&arguments, output),
        Some(Command::Man(_)) => man::run(Arguments::command(), output),
    }
}
