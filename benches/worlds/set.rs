//! What is measured: a world of a seed, or a labelled set in a folder.

use std::collections::{BTreeMap, HashMap};
use std::fs;
use std::path::Path;

use anyhow::{Context, bail, ensure};
use serde::Deserialize;

use super::plan::{About, Plan};
use super::world::World;
use super::writing::{File, settings};

/// What is measured.
pub struct Set {
    /// What it is called in tables.
    pub name: String,
    /// What it is, in a few words.
    pub about: String,
    /// `steward.toml`.
    pub settings: String,
    /// A file of each source.
    pub files: Vec<(String, File)>,
    /// `id,cluster`.
    pub truth: Vec<u8>,
    /// Whom each record is about, by its address.
    pub clusters: HashMap<String, String>,
    /// Everything in one layout, where a peer can read it.
    pub in_one_layout: Option<Vec<u8>>,
}

/// Of `steward.toml`, what says which files there are.
#[derive(Deserialize)]
struct Sources {
    sources: BTreeMap<String, toml::Value>,
}

impl Set {
    /// The world of a plan.
    ///
    /// # Errors
    /// When a row cannot be written, which memory always can.
    pub fn of_world(plan: Plan) -> anyhow::Result<Set> {
        let world = World::of(plan);
        let names = world.plan.sources.iter().map(|source| source.name.to_owned());
        let about = match world.plan.about {
            About::People => "people",
            About::Organisations => "firms",
            About::Both => "both",
        };
        let each = f64::from(world.plan.tenths_each) / 10.0;
        let fields: Vec<&str> = world.plan.fields.iter().map(|field| field.name()).collect();
        let address = |row| (world.address(row), row.entity.to_string());
        Ok(Set {
            name: world.plan.seed.to_string(),
            about: format!(
                "{about}, {}, {each} each, {} sources: {}",
                world.plan.country,
                world.plan.sources.len(),
                fields.join(" ")
            ),
            settings: settings(&world.plan),
            files: names.zip(world.files()?).collect(),
            truth: world.truth()?,
            clusters: world.rows.iter().map(address).collect(),
            in_one_layout: Some(world.in_one_layout()?),
        })
    }

    /// A labelled set: `truth.csv` and a file `SOURCE.csv` or `SOURCE.jsonl` of each source of its
    /// `steward.toml`, which lies beside them or is given.
    ///
    /// # Errors
    /// When a file is missing or cannot be read.
    pub fn of_folder(folder: &Path, given: Option<&Path>) -> anyhow::Result<Set> {
        let read = |path: &Path| fs::read(path).with_context(|| path.display().to_string());
        let name = folder.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let path = given.map_or_else(|| folder.join("steward.toml"), Path::to_owned);
        let settings = String::from_utf8(read(&path)?).context("steward.toml is not UTF-8")?;
        let sources: Sources =
            toml::from_str(&settings).with_context(|| path.display().to_string())?;
        let mut files = Vec::new();
        for source in sources.sources.keys() {
            let names = ["csv", "jsonl"].map(|ending| format!("{source}.{ending}"));
            let Some(file) = names.iter().find(|name| folder.join(name).exists()) else {
                bail!("{}: neither {} nor {}", folder.display(), names[0], names[1]);
            };
            files.push((source.clone(), (file.clone(), read(&folder.join(file))?)));
        }
        let truth = read(&folder.join("truth.csv"))?;
        let only = if files.len() == 1 { Some(files[0].0.as_str()) } else { None };
        let clusters = clusters(&truth, only)?;
        let about = format!("{} records of {}", clusters.len(), folder.display());
        Ok(Set { name, about, settings, files, truth, clusters, in_one_layout: None })
    }

    /// Writes everything into a folder of its name.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn keep(&self, parent: &Path) -> anyhow::Result<()> {
        let folder = parent.join(&self.name);
        fs::create_dir_all(&folder)?;
        fs::write(folder.join("steward.toml"), &self.settings)?;
        fs::write(folder.join("truth.csv"), &self.truth)?;
        for (_, (name, bytes)) in &self.files {
            fs::write(folder.join(name), bytes)?;
        }
        if let Some(bytes) = &self.in_one_layout {
            fs::write(folder.join("records.csv"), bytes)?;
        }
        Ok(())
    }
}

/// Whom each record is about. A bare key is one of the only source.
fn clusters(truth: &[u8], only: Option<&str>) -> anyhow::Result<HashMap<String, String>> {
    let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(truth);
    let headers = reader.headers()?.clone();
    let column = |name: &str| headers.iter().position(|header| header.eq_ignore_ascii_case(name));
    let (Some(id), Some(cluster)) = (column("id"), column("cluster")) else {
        bail!("truth.csv has no columns id and cluster");
    };
    let mut clusters = HashMap::new();
    for row in reader.records() {
        let row = row?;
        let (id, cluster) = (&row[id], &row[cluster]);
        let own = only.filter(|only| !id.starts_with(&format!("{only}:")));
        let address = own.map_or_else(|| id.to_owned(), |only| format!("{only}:{id}"));
        clusters.insert(address, cluster.to_owned());
    }
    ensure!(!clusters.is_empty(), "truth.csv names no record");
    Ok(clusters)
}
