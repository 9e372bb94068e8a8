//! `steward completions`: a script for a shell.

use clap::CommandFactory;
use clap_complete::Shell;

use super::failure::Code;
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

/// Prints the script.
///
/// # Errors
/// When nobody reads it.
pub fn run(arguments: &Arguments, output: &Output) -> anyhow::Result<Code> {
    let mut command = super::arguments::Arguments::command();
    let mut script = Vec::new();
    clap_complete::generate(arguments.shell, &mut command, "steward", &mut script);
    output.line(String::from_utf8_lossy(&script).trim_end())?;
    Ok(Code::Done)
}
