//! `steward man`: the manual page, made from the same definitions as the help.

use std::io;

use clap_mangen::Man;

use super::code::Code;
use super::output::Output;
use tui::key_table_plain;

/// Print the manual page; read it with `steward man | man -l -`.
#[derive(Debug, clap::Args)]
pub struct Arguments {}

/// Prints the page on the command line as a whole.
///
/// # Errors
/// When nobody reads it.
pub fn run(command: clap::Command, output: &Output) -> anyhow::Result<Code> {
    output.line(page(command)?.trim_end())?;
    Ok(Code::Done)
}

/// The page: steward itself, then each subcommand as a section of its own.
fn page(command: clap::Command) -> io::Result<String> {
    let mut command = command.disable_help_subcommand(true);
    command.build();
    let main = Man::new(command.clone());
    let mut page = Vec::new();
    main.render_title(&mut page)?;
    main.render_name_section(&mut page)?;
    main.render_synopsis_section(&mut page)?;
    main.render_description_section(&mut page)?;
    main.render_options_section(&mut page)?;
    let mut page = String::from_utf8_lossy(&page).into_owned();
    for subcommand in command.get_subcommands() {
        page.push_str(&section(subcommand)?);
    }
    page.push_str(&keys());
    let mut extra = Vec::new();
    main.render_extra_section(&mut extra)?;
    main.render_version_section(&mut extra)?;
    page.push_str(&String::from_utf8_lossy(&extra));
    Ok(page)
}

/// The keys of the review screen, as they stand in the table of keys.
fn keys() -> String {
    let lines = key_table_plain();
    // A backslash begins an escape in roff, a dot or an apostrophe at the beginning a request.
    let lines = lines.lines().map(|line| format!("\\&{}\n", line.replace('\\', "\\e")));
    format!(".SH KEYS\n.nf\n{}.fi\n", lines.collect::<String>())
}

/// One subcommand, its own sections one level down.
fn section(subcommand: &clap::Command) -> io::Result<String> {
    let name = subcommand.get_name().to_owned();
    // What goes everywhere is said once, in front.
    let own = |argument: clap::Arg| {
        let everywhere = argument.is_global_set() || argument.get_id() == "help";
        argument.hide(everywhere)
    };
    let man = Man::new(subcommand.clone().mut_args(own));
    let mut body = Vec::new();
    man.render_synopsis_section(&mut body)?;
    man.render_description_section(&mut body)?;
    man.render_options_section(&mut body)?;
    man.render_extra_section(&mut body)?;
    let body = String::from_utf8_lossy(&body).replace(".SH EXTRA\n", "").replace(".SH ", ".SS ");
    Ok(format!(".SH \"STEWARD {}\"\n{body}", name.to_uppercase()))
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;
    use crate::cli::arguments;

    #[test]
    fn every_subcommand_is_on_the_page() {
        let page = page(arguments::Arguments::command()).unwrap();
        for subcommand in arguments::Arguments::command().get_subcommands() {
            let title = format!(".SH \"STEWARD {}\"", subcommand.get_name().to_uppercase());
            assert!(page.contains(&title), "{title}");
        }
        assert!(page.contains("Exit codes"));
        assert!(page.contains(".SH KEYS"));
    }
}
