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
Load it when the shell starts:\n  bash: source <(steward completions bash)   in ~/.bashrc\n  \
zsh: source <(steward completions zsh)     in ~/.zshrc, after compinit\n  \
fish: steward completions fish | source    in ~/.config/fish/config.fish\n\
It never offers anybody's values, and never asks for a passphrase."
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
    let shell = shell.ok_or_else(|| Usage::error(format!("no completion script for {name}")))?;
    let mut script = Vec::new();
    shell.write_registration(VARIABLE, "steward", "steward", "steward", &mut script)?;
    let script = String::from_utf8_lossy(&script);
    let script = if name == "bash" { whole_words(&script) } else { script.into_owned() };
    output.line(script.trim_end())?;
    Ok(Code::Done)
}

/// Bash parts a word at `=`: what stands behind it is completed as if it were a word of its own. So the parts
/// are put together again, and what the shell has already is left out of the answers.
fn whole_words(script: &str) -> String {
    script.replacen(PARTED, WHOLE, 1).replacen(END, LEFT_OUT, 1)
}

const PARTED: &str = r#"    local words=("${COMP_WORDS[@]}")
    if [[ "${BASH_VERSINFO[0]}" -ge 4 ]]; then
        words[COMP_CWORD]="$2"
    fi
"#;

const WHOLE: &str = r#"    local words=() here=0 at part last before=""
    for at in "${!COMP_WORDS[@]}"; do
        part="${COMP_WORDS[at]}"
        last=$(( ${#words[@]} - 1 ))
        if [[ $at -eq $COMP_CWORD && "$part" != "=" ]]; then
            part="$2"
        fi
        if [[ $last -gt 0 && ( "$part" == "=" || "${words[last]}" == *= )             && "$COMP_LINE" == *"${words[last]}$part"*             && ( -n "$part" || "${COMP_LINE:0:COMP_POINT}" == *= ) ]]; then
            words[last]+="$part"
        else
            words+=("$part")
        fi
        if [[ $at -eq $COMP_CWORD ]]; then
            here=$(( ${#words[@]} - 1 ))
        fi
    done
    _CLAP_COMPLETE_INDEX=$here
    if [[ "${words[here]}" == *=* ]]; then
        before="${words[here]%=*}="
    fi
"#;

const END: &str = "        compopt -o nospace\n    fi\n}\n";

const LEFT_OUT: &str = r#"        compopt -o nospace
    fi
    if [[ -n "$before" ]]; then
        local whole=("${COMPREPLY[@]}")
        COMPREPLY=()
        for part in "${whole[@]}"; do
            part="${part#"$before"}"
            if [[ -n "$part" ]]; then
                COMPREPLY+=("$part")
            fi
        done
    fi
}
"#;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bash_puts_together_what_it_parts_at_an_equals_sign() {
        let mut script = Vec::new();
        let shells = Shells::builtins();
        let shell = shells.completer("bash").unwrap();
        shell.write_registration(VARIABLE, "steward", "steward", "steward", &mut script).unwrap();
        let script = String::from_utf8(script).unwrap();
        assert!(script.contains(PARTED) && script.contains(END), "{script}");
        let whole = whole_words(&script);
        assert!(whole.contains(WHOLE) && whole.contains(LEFT_OUT));
    }
}
