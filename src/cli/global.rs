//! What can be said with every subcommand.

use std::path::PathBuf;

use clap::Args;

use super::preferences;
use tui::Colour;

/// The heading of what every subcommand understands.
const EVERYWHERE: &str = "Everywhere";

/// What every subcommand understands.
#[derive(Debug, Clone, Args)]
pub struct Global {
    /// The workspace: the folder with steward.toml.
    #[arg(long, global = true, help_heading = EVERYWHERE, env = "STEWARD_WORKSPACE", hide_env_values = true, value_name = "DIR", default_value = ".")]
    pub workspace: PathBuf,
    /// Print JSON: one object for one thing, JSON Lines for a list.
    #[arg(long, global = true, help_heading = EVERYWHERE)]
    pub json: bool,
    /// No colour; so does the variable NO_COLOR.
    #[arg(long, global = true, help_heading = EVERYWHERE)]
    pub no_color: bool,
    /// Write although this computer's clock is more than a year ahead of the last commit: it is right.
    #[arg(long, global = true, help_heading = EVERYWHERE, env = "STEWARD_TRUST_CLOCK", hide_env_values = true, value_parser = clap::builder::BoolishValueParser::new())]
    pub trust_clock: bool,
    /// The review screen's colours: dark, light, sixteen, high-contrast, colour-blind or none; without
    /// it those of [theme] in ~/.config/steward/config.toml, else what the terminal can show.
    #[arg(long, global = true, help_heading = EVERYWHERE, value_name = "NAME", value_parser = theme)]
    pub theme: Option<Colour>,
}

fn theme(text: &str) -> Result<Colour, String> {
    Colour::from_name(text).ok_or_else(|| format!("expected one of {}", preferences::colours()))
}
