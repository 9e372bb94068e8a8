//! `steward completions`: a script for a shell.

use clap_complete::Shell;

use super::code::Code;
use super::output::Output;

/// Print a completion script for a shell.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Example:\n  steward completions bash > ~/.local/share/bash-completion/completions/steward"
)]
pub struct Arguments {
    /// The shell.
    #[arg(value_name = "SHELL")]
    shell: Shell,
}

/// Prints the script for the command line as a whole.
///
/// # Errors
/// When nobody reads it.
pub fn run(
    arguments: &Arguments,
    mut command: clap::Command,
    output: &Output,
) -> anyhow::Result<Code> {
    let mut script = Vec::new();
    clap_complete::generate(arguments.shell, &mut command, "steward", &mut script);
    output.line(String::from_utf8_lossy(&script).trim_end())?;
    Ok(Code::Done)
}
