//! `steward completions`: a script for a shell, which asks steward itself what may come next.

use clap_complete::Shell;
use clap_complete::env::Shells;

use super::code::Code;
use super::completing::VARIABLE;
use super::failure::Usage;
use super::output::Output;

/// Print a completion script for a shell: it knows commands, options, and the ids, sources, data sets,
/// reasons and people of the workspace.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  steward completions bash > steward.bash\n  steward completions fish > steward.fish\n\n\
Load it where the shell starts:\n  bash: source <(steward completions bash)   in ~/.bashrc\n  \
zsh: source <(steward completions zsh)     in ~/.zshrc, behind compinit\n  \
fish: steward completions fish | source    in ~/.config/fish/config.fish\n\
No value of anybody is ever offered, and no passphrase is asked for."
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
    let name = arguments.shell.to_string();
    let shells = Shells::builtins();
    let shell = shells.completer(&name);
    let shell = shell.ok_or_else(|| Usage::error(format!("no script is known for {name}")))?;
    let mut script = Vec::new();
    shell.write_registration(VARIABLE, "steward", "steward", "steward", &mut script)?;
    output.line(String::from_utf8_lossy(&script).trim_end())?;
    Ok(Code::Done)
}
