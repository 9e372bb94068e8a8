//! What can be asked of the benchmark, and doing it.

use std::path::PathBuf;

use anyhow::{Context, bail, ensure};
use clap::Parser;
use domain::QueueOrder;

use super::measure::{Figures, measure};
use super::peer::Peer;
use super::plan::Plan;
use super::set::Set;
use super::steward::Habits;
use super::table;

/// Matches random worlds and labelled sets, and prints how well.
#[derive(Debug, Parser)]
#[command(name = "worlds")]
pub struct Arguments {
    /// Worlds, by their seeds: 1-20,1001.
    #[arg(long, value_name = "SEEDS", value_parser = seeds)]
    seeds: Option<Seeds>,
    /// A labelled set: a folder with truth.csv, steward.toml and a file of each source; FOLDER=steward.toml
    /// where the settings lie elsewhere.
    #[arg(long = "set", value_name = "FOLDER")]
    sets: Vec<PathBuf>,
    /// Have a simulated steward answer every task.
    #[arg(long)]
    curve: bool,
    /// The order in which the steward answers; as `[queue] order` names it.
    #[arg(long, value_name = "ORDER", default_value = "best-next", value_parser = order)]
    order: QueueOrder,
    /// How many answers of a hundred are wrong.
    #[arg(long, value_name = "PERCENT", default_value_t = 0.0)]
    errors: f64,
    /// After how many answers all is matched again.
    #[arg(long, value_name = "ANSWERS", default_value_t = 100, value_parser = clap::value_parser!(u32).range(1..))]
    every: u32,
    /// After how many answers the steward goes home.
    #[arg(long, value_name = "ANSWERS", default_value_t = u32::MAX)]
    most: u32,
    /// Let the steward grant merges, with this precision promised of them: 0.95.
    #[arg(long, value_name = "PRECISION", requires = "curve")]
    grants: Option<f64>,
    /// Records of a world, in a hundred of what it has by itself.
    #[arg(long, value_name = "PERCENT", default_value_t = 100)]
    scale: u32,
    /// A Python that has Splink: it links the same worlds.
    #[arg(long, value_name = "PYTHON")]
    peer: Option<PathBuf>,
    /// Write the files of each set into this folder.
    #[arg(long, value_name = "FOLDER")]
    keep: Option<PathBuf>,
    /// Only write the files; with --keep.
    #[arg(long, requires = "keep")]
    only: bool,
    /// Print a JSON object a set, with every point of the curve, instead of tables.
    #[arg(long)]
    json: bool,
    /// What Cargo says to every benchmark.
    #[arg(long, hide = true)]
    bench: bool,
}

/// Some seeds.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Seeds(Vec<u64>);

fn seeds(text: &str) -> Result<Seeds, String> {
    let number = |text: &str| {
        text.trim().parse::<u64>().map_err(|_| format!("`{text}` is no seed: 1-20 or 1,2,3"))
    };
    let mut seeds = Vec::new();
    for part in text.split(',') {
        let (first, last) = part.split_once('-').unwrap_or((part, part));
        let (first, last) = (number(first)?, number(last)?);
        if first > last || last - first > 10_000 {
            return Err(format!("`{part}`: from the lower to the higher, 10,000 at most"));
        }
        seeds.extend(first..=last);
    }
    Ok(Seeds(seeds))
}

fn order(text: &str) -> Result<QueueOrder, String> {
    QueueOrder::named(text).ok_or_else(|| format!("the queue has no order `{text}`"))
}

impl Arguments {
    /// Measures what was asked for, set by set. What is printed comes through `say`, progress through `tell`.
    ///
    /// # Errors
    /// When a set cannot be read or measured.
    pub fn run(self, say: &mut dyn FnMut(&str), tell: &mut dyn FnMut(&str)) -> anyhow::Result<()> {
        let peer = self.peer.clone().and_then(|python| match Peer::with(python) {
            Ok(peer) => Some(peer),
            Err(why) => {
                tell(&format!("Splink is left out: {why}"));
                None
            }
        });
        let habits = self.curve.then_some(Habits {
            order: self.order,
            errors: (self.errors * 10.0).round() as u32,
            rematch_every: self.every,
            most: self.most,
            grants: self.grants,
        });
        let mut all = Vec::new();
        let mut failed = 0;
        for chosen in self.chosen()? {
            let name = chosen.name();
            match self.figures(chosen, habits, peer.as_ref()) {
                Ok(Some(figures)) => {
                    tell(&format!("{name}: groups F1 {:.4}", figures.proposed.f1));
                    if self.json {
                        say(&serde_json::to_string(&figures)?);
                    }
                    all.push(figures);
                }
                Ok(None) => {}
                // What hours have measured is printed all the same.
                Err(why) => {
                    tell(&format!("{name} is not measured: {why:#}"));
                    failed += 1;
                }
            }
        }
        if !self.json && !all.is_empty() {
            say(&table::machine(&all));
            if let Some(text) = table::steward(&all) {
                say(&text);
            }
        }
        ensure!(failed == 0, "{failed} of {} sets were not measured", failed + all.len());
        Ok(())
    }

    /// What is found of a set; nothing where it is only to be written.
    fn figures(
        &self,
        chosen: Chosen,
        habits: Option<Habits>,
        peer: Option<&Peer>,
    ) -> anyhow::Result<Option<Figures>> {
        let set = chosen.set()?;
        if let Some(folder) = &self.keep {
            set.keep(folder).with_context(|| format!("set {} is not kept", set.name))?;
        }
        if self.only { Ok(None) } else { measure(&set, habits, peer).map(Some) }
    }

    fn chosen(&self) -> anyhow::Result<Vec<Chosen>> {
        let worlds = self.seeds.iter().flat_map(|seeds| &seeds.0);
        let worlds = worlds.map(|seed| Chosen::World(*seed, self.scale));
        let sets = self.sets.iter().map(|given| Chosen::Folder(given.clone()));
        let chosen: Vec<Chosen> = worlds.chain(sets).collect();
        if chosen.is_empty() {
            bail!("say what is measured: --seeds 1-20, or --set FOLDER");
        }
        Ok(chosen)
    }
}

/// A set that is made or read when its turn comes.
enum Chosen {
    World(u64, u32),
    Folder(PathBuf),
}

impl Chosen {
    fn name(&self) -> String {
        match self {
            Chosen::World(seed, _) => format!("world {seed}"),
            Chosen::Folder(given) => given.display().to_string(),
        }
    }

    fn set(self) -> anyhow::Result<Set> {
        match self {
            Chosen::World(seed, scale) => Set::of_world(Plan::of(seed, scale)),
            Chosen::Folder(given) => {
                let text = given.to_string_lossy();
                match text.split_once('=') {
                    Some((folder, settings)) => {
                        Set::of_folder(folder.as_ref(), Some(settings.as_ref()))
                    }
                    None => Set::of_folder(&given, None),
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seeds_are_ranges_and_lists() {
        assert_eq!(seeds("1-3,9, 7").unwrap().0, [1, 2, 3, 9, 7]);
        for wrong in ["", "x", "3-1", "1-", "1-99999"] {
            assert!(seeds(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn every_order_of_the_queue_can_be_asked_for() {
        for name in ["best-next", "-age", "score"] {
            assert_eq!(order(name).unwrap().name(), name);
        }
        assert!(order("by mood").unwrap_err().contains("by mood"));
    }
}
