//! Who answers which subcommand.

use clap::CommandFactory;

use super::arguments::{Arguments, Command};
use super::code::Code;
use super::output::Output;
use super::session::Session;
use super::{
    backup, check, completions, decide, demo, erase, evaluate, explain, export, fix, history,
    import, init, keys, man, matching, merge, not_a_match, rebuild, rekey, restore, review, sample,
    show, subject, tasks, undo, unmerge, verify,
};

/// Runs a subcommand; none is the review.
///
/// # Errors
/// Whatever keeps it from being done; see `failure` for how each is told.
pub fn dispatch(
    command: Option<Command>,
    session: &Session,
    output: &Output,
) -> anyhow::Result<Code> {
    match command {
        Some(Command::Demo(arguments)) => demo::run(&arguments, session, output),
        Some(Command::Sample(arguments)) => sample::run(&arguments, session, output),
        Some(Command::Init(arguments)) => init::run(&arguments, session, output),
        Some(Command::Check(_)) => check::run(session, output),
        Some(Command::Import(arguments)) => import::run(&arguments, session, output),
        Some(Command::Match(arguments)) => matching::run(&arguments, session, output),
        Some(Command::Review(_)) | None => review::run(session, output),
        Some(Command::Tasks(arguments)) => tasks::run(&arguments, session, output),
        Some(Command::Show(arguments)) => show::run(&arguments, session, output),
        Some(Command::Decide(arguments)) => decide::run(&arguments, session, output),
        Some(Command::Merge(arguments)) => merge::run(&arguments, session, output),
        Some(Command::NotAMatch(arguments)) => not_a_match::run(&arguments, session, output),
        Some(Command::Unmerge(arguments)) => unmerge::run(&arguments, session, output),
        Some(Command::Fix(arguments)) => fix::run(&arguments, session, output),
        Some(Command::Undo(arguments)) => undo::run(&arguments, session, output),
        Some(Command::History(arguments)) => history::run(&arguments, session, output),
        Some(Command::Explain(arguments)) => explain::run(&arguments, session, output),
        Some(Command::Export(arguments)) => export::run(&arguments, session, output),
        Some(Command::Evaluate(arguments)) => evaluate::run(&arguments, session, output),
        Some(Command::Subject(arguments)) => subject::run(&arguments, session, output),
        Some(Command::Erase(arguments)) => erase::run(&arguments, session, output),
        Some(Command::Verify(arguments)) => verify::run(&arguments, session, output),
        Some(Command::Rebuild(arguments)) => rebuild::run(&arguments, session, output),
        Some(Command::Keys(arguments)) => keys::run(&arguments, session, output),
        Some(Command::Rekey(arguments)) => rekey::run(&arguments, session, output),
        Some(Command::Backup(arguments)) => backup::run(&arguments, session, output),
        Some(Command::Restore(arguments)) => restore::run(&arguments, session, output),
        Some(Command::Completions(arguments)) => {
            completions::run(&arguments, Arguments::command(), output)
        }
        Some(Command::Man(_)) => man::run(Arguments::command(), output),
    }
}
