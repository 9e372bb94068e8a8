//! What can be said with every subcommand.

use std::path::{Path, PathBuf};

use clap::Args;

use super::{above, preferences};
use tui::Colour;

/// The heading of what every subcommand understands.
const EVERYWHERE: &str = "Everywhere";

/// Options of every subcommand.
#[derive(Debug, Clone, Args)]
pub struct Global {
    /// The workspace: the folder with steward.toml. Default: this folder, or the nearest workspace
    /// above it that is yours.
    #[arg(long, global = true, help_heading = EVERYWHERE, env = "STEWARD_WORKSPACE", hide_env_values = true, value_name = "DIR")]
    pub workspace: Option<PathBuf>,
    /// Print JSON: an object for one item, JSON Lines for a list.
    #[arg(long, global = true, help_heading = EVERYWHERE)]
    pub json: bool,
    /// No colour; setting NO_COLOR does the same.
    #[arg(long, global = true, help_heading = EVERYWHERE)]
    pub no_color: bool,
    /// Trust this computer's clock, though it is more than a year ahead of the last commit.
    #[arg(long, global = true, help_heading = EVERYWHERE, env = "STEWARD_TRUST_CLOCK", hide_env_values = true, value_parser = clap::builder::BoolishValueParser::new())]
    pub trust_clock: bool,
    /// The review screen's colours: dark, light, sixteen, high-contrast, colour-blind or none; default:
    /// [theme] in ~/.config/steward/config.toml, otherwise what the terminal can show.
    #[arg(long, global = true, help_heading = EVERYWHERE, value_name = "NAME", value_parser = theme)]
    pub theme: Option<Colour>,
}

impl Global {
    /// The folder that is meant.
    pub fn folder(&self) -> &Path {
        self.workspace.as_deref().unwrap_or(Path::new("."))
    }

    /// Takes the workspace that this folder lies in, where none is named.
    pub fn look_above(&mut self) {
        if self.workspace.is_none()
            && let Ok(here) = std::env::current_dir().and_then(std::fs::canonicalize)
        {
            self.workspace = above::workspace_above(&here, &above::Bounds::of_process());
        }
    }
}

fn theme(text: &str) -> Result<Colour, String> {
    Colour::from_name(text).ok_or_else(|| format!("expected one of {}", preferences::colours()))
}
