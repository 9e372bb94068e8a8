//! The views of the queue that a person saved from the screen, by workspace.
//!
//! They stand in `steward/views.toml` in the XDG configuration folder, beside the person's other
//! preferences, and not in `steward.toml`: a change of that is recorded for ever and judges every record
//! again. steward writes this file whole; what it does not understand it keeps from being overwritten.

use std::collections::BTreeMap;
use std::fs::{self, OpenOptions};
use std::io::{ErrorKind, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use etcetera::BaseStrategy;
use toml::de::{DeTable, DeValue};

use domain::{QueueOrder, TaskColumn};
use settings::quoted;
use tui::{OwnView, ViewChange};

const HEAD: &str = "# Views saved from the review screen of steward, by workspace. steward rewrites this file\n\
    # whenever a view changes; comments are not kept.\n";

/// A view as its file has it: its name, and what is said of it.
type Written = (String, BTreeMap<String, String>);

/// The views of one workspace.
#[derive(Debug, Clone, Default)]
pub struct Views {
    /// Those that can be used.
    pub own: Vec<OwnView>,
    /// What is wrong with the file, if something is.
    pub notice: Option<String>,
}

/// Reads the views of whoever runs this, of the workspace in a folder.
#[must_use]
pub fn read(workspace: &str) -> Views {
    let Some(file) = file() else { return Views::default() };
    let views = written_in(&file).map(|views| of_workspace(&views, &key(workspace)));
    let file = file.display();
    match views {
        Err(why) => Views {
            own: Vec::new(),
            notice: Some(format!("your saved views cannot be read: {file}: {why}")),
        },
        Ok((own, wrong)) if wrong.is_empty() => Views { own, notice: None },
        Ok((own, wrong)) => {
            let wrong = wrong.join(", ");
            Views {
                own,
                notice: Some(format!("left out saved views with errors in {file}: {wrong}")),
            }
        }
    }
}

/// Writes a change of views.
///
/// # Errors
/// Why it cannot be written. The file then is as it was.
pub fn change(workspace: &str, change: &ViewChange) -> Result<(), String> {
    let Some(file) = file() else {
        return Err("this system has no folder for settings: set HOME".to_owned());
    };
    change_in(&file, &key(workspace), change).map_err(|why| format!("{}: {why}", file.display()))
}

fn file() -> Option<PathBuf> {
    let folder = etcetera::choose_base_strategy().ok()?.config_dir();
    Some(folder.join("steward").join("views.toml"))
}

/// How a workspace is named in the file: by its folder, however that was named.
fn key(workspace: &str) -> String {
    let folder = fs::canonicalize(workspace).unwrap_or_else(|_| workspace.into());
    folder.to_string_lossy().into_owned()
}

fn change_in(file: &Path, workspace: &str, change: &ViewChange) -> Result<(), String> {
    let mut all = written_in(file)?;
    let views = all.entry(workspace.to_owned()).or_default();
    match change {
        ViewChange::Save(view) => {
            let mut said = BTreeMap::from([("order".to_owned(), view.order.name())]);
            said.extend(view.filter.clone().map(|filter| ("filter".to_owned(), filter)));
            match views.iter_mut().find(|(name, _)| *name == view.name) {
                Some(known) => known.1 = said,
                None => views.push((view.name.clone(), said)),
            }
        }
        ViewChange::Rename { from, to } => {
            // Another review may have written one of that name.
            if views.iter().any(|(name, _)| name == to) {
                return Err(format!("there is already a view {}", quoted(to)));
            }
            let known = views.iter_mut().find(|(name, _)| name == from);
            known.ok_or_else(|| "it is no longer there".to_owned())?.0.clone_from(to);
        }
        ViewChange::Delete(name) => views.retain(|(known, _)| known != name),
    }
    all.retain(|_, views| !views.is_empty());
    replace(file, &text_of(&all)).map_err(|error| error.to_string())
}

/// Puts a text in the place of a file, whole or not at all. A link stays one.
fn replace(file: &Path, text: &str) -> std::io::Result<()> {
    let file = fs::canonicalize(file).unwrap_or_else(|_| file.to_owned());
    if let Some(folder) = file.parent() {
        fs::create_dir_all(folder)?;
    }
    let unfinished = file.with_extension(format!("toml.{}", std::process::id()));
    let write = || {
        let options =
            OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).clone();
        let mut out = options.open(&unfinished)?;
        out.write_all(text.as_bytes())?;
        out.sync_all()?;
        fs::rename(&unfinished, &file)
    };
    let written = write();
    if written.is_err() {
        // It is of no use, and may not even be there.
        let _ = fs::remove_file(&unfinished);
    }
    written
}

fn written_in(file: &Path) -> Result<BTreeMap<String, Vec<Written>>, String> {
    match fs::read_to_string(file) {
        Ok(text) => parse(&text),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(BTreeMap::new()),
        Err(error) => Err(error.to_string()),
    }
}

/// Reads the whole file: tables of workspaces, of views, of texts. Anything else would be lost when it is
/// written, so that it is an error.
fn parse(text: &str) -> Result<BTreeMap<String, Vec<Written>>, String> {
    let document =
        DeTable::parse(text).map_err(|error| format!("not TOML: {}", error.message()))?;
    let mut all = BTreeMap::new();
    for (workspace, views) in document.get_ref() {
        let workspace = workspace.get_ref().as_ref();
        let DeValue::Table(views) = views.get_ref() else {
            return Err(format!("{} is not a table of views", quoted(workspace)));
        };
        let views = views.iter().map(|(name, view)| {
            let name = name.get_ref().as_ref();
            let wrong = || format!("the view {} is not a table of texts", quoted(name));
            let DeValue::Table(view) = view.get_ref() else { return Err(wrong()) };
            let said = view.iter().map(|(key, value)| {
                let value = value.get_ref().as_str().ok_or_else(wrong)?;
                Ok((key.get_ref().as_ref().to_owned(), value.to_owned()))
            });
            Ok((name.to_owned(), said.collect::<Result<_, String>>()?))
        });
        all.insert(workspace.to_owned(), views.collect::<Result<_, String>>()?);
    }
    Ok(all)
}

fn text_of(all: &BTreeMap<String, Vec<Written>>) -> String {
    let mut text = HEAD.to_owned();
    for (workspace, views) in all {
        text += &format!("\n[{}]\n", quoted(workspace));
        for (name, said) in views {
            let said =
                said.iter().map(|(key, value)| format!("{} = {}", plain(key), quoted(value)));
            let said = said.collect::<Vec<_>>().join(", ");
            text += &format!("{} = {{ {said} }}\n", quoted(name));
        }
    }
    text
}

/// A key as TOML takes it.
fn plain(key: &str) -> String {
    let is_plain = |letter: char| letter.is_ascii_alphanumeric() || letter == '_' || letter == '-';
    if !key.is_empty() && key.chars().all(is_plain) { key.to_owned() } else { quoted(key) }
}

/// The views of a workspace, and the names of those that cannot be used.
fn of_workspace(
    all: &BTreeMap<String, Vec<Written>>,
    workspace: &str,
) -> (Vec<OwnView>, Vec<String>) {
    let (mut own, mut wrong) = (Vec::new(), Vec::new());
    for (name, said) in all.get(workspace).into_iter().flatten() {
        match view(name, said) {
            Some(view) => own.push(view),
            None => wrong.push(name.clone()),
        }
    }
    (own, wrong)
}

fn view(name: &str, said: &BTreeMap<String, String>) -> Option<OwnView> {
    let order = match said.get("order") {
        Some(order) => QueueOrder::named(order)?,
        None => QueueOrder::default(),
    };
    let filter = said.get("filter").cloned();
    if let Some(filter) = &filter {
        TaskColumn::kept_expression(filter).ok()?;
    }
    Some(OwnView { name: name.to_owned(), filter, order })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::{PermissionsExt as _, symlink};

    fn view(name: &str, filter: Option<&str>, order: &str) -> OwnView {
        let order = QueueOrder::named(order).unwrap();
        OwnView { name: name.to_owned(), filter: filter.map(str::to_owned), order }
    }

    fn save_in(file: &Path, workspace: &str, view: &OwnView) -> Result<(), String> {
        change_in(file, workspace, &ViewChange::Save(view.clone()))
    }

    fn read(file: &Path, workspace: &str) -> (Vec<OwnView>, Vec<String>) {
        of_workspace(&written_in(file).unwrap(), workspace)
    }

    #[test]
    fn what_is_saved_is_read_again_whatever_it_is_called() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("steward/views.toml");
        let names =
            ["near", "near misses", "a.b", "\"q\" \\", "ü 東京", "[x] = 1 # no", "it's", ""];
        let views: Vec<OwnView> =
            names.map(|name| view(name, Some("pattern = \"a \"\"b\"\" c\""), "-age")).to_vec();
        for one in &views {
            save_in(&file, "/home/kim/acme [1]", one).unwrap();
        }
        let mut known = read(&file, "/home/kim/acme [1]").0;
        known.sort_by_key(|view| names.iter().position(|name| *name == view.name));
        assert_eq!(known, views);
        assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
        // Another workspace has views of its own, and one of that name is replaced.
        save_in(&file, "/other", &view("near", None, "score")).unwrap();
        save_in(&file, "/other", &view("near", None, "-score")).unwrap();
        assert_eq!(read(&file, "/other").0, [view("near", None, "-score")]);
        assert_eq!(read(&file, "/home/kim/acme [1]").0.len(), names.len());
        let left: Vec<_> = fs::read_dir(file.parent().unwrap()).unwrap().collect();
        assert_eq!(left.len(), 1, "nothing unfinished is left: {left:?}");
    }

    #[test]
    fn what_is_not_understood_is_never_overwritten() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("views.toml");
        for (text, why) in [
            ("[acme\n", "not TOML"),
            ("acme = 3\n", "\"acme\" is not a table of views"),
            ("[acme]\nnear = \"score < 1\"\n", "the view \"near\" is not a table of texts"),
            ("[acme]\nnear = { filter = 3 }\n", "the view \"near\" is not a table of texts"),
        ] {
            fs::write(&file, text).unwrap();
            let refused = save_in(&file, "acme", &view("far", None, "age")).unwrap_err();
            assert!(refused.contains(why), "{text}: {refused}");
            assert_eq!(fs::read_to_string(&file).unwrap(), text);
        }
        // One view that is wrong is left out, kept, and named.
        fs::write(&file, "[acme]\nold = { filter = \"colour = red\" }\nlate = { order = \"x\" }\n")
            .unwrap();
        save_in(&file, "acme", &view("far", None, "age")).unwrap();
        let (own, mut wrong) = read(&file, "acme");
        wrong.sort();
        assert_eq!(
            (own, wrong),
            (vec![view("far", None, "age")], vec!["late".into(), "old".into()])
        );
        assert!(fs::read_to_string(&file).unwrap().contains("colour = red"));
    }

    #[test]
    fn a_file_kept_elsewhere_stays_there() {
        let folder = tempfile::tempdir().unwrap();
        let (real, link) = (folder.path().join("real.toml"), folder.path().join("views.toml"));
        fs::write(&real, "").unwrap();
        symlink(&real, &link).unwrap();
        save_in(&link, "acme", &view("far", None, "age")).unwrap();
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
        assert_eq!(read(&real, "acme").0, [view("far", None, "age")]);
    }

    #[test]
    fn views_are_renamed_and_deleted_and_others_stay() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("views.toml");
        for name in ["near", "late"] {
            save_in(&file, "acme", &view(name, None, "-score")).unwrap();
            save_in(&file, "other", &view(name, None, "score")).unwrap();
        }
        let rename = |from: &str, to: &str| {
            let (from, to) = (from.to_owned(), to.to_owned());
            change_in(&file, "acme", &ViewChange::Rename { from, to })
        };
        rename("near", "near misses").unwrap();
        assert!(rename("late", "near misses").unwrap_err().contains("already a view"));
        assert!(rename("near", "far").unwrap_err().contains("no longer there"));
        change_in(&file, "acme", &ViewChange::Delete("late".to_owned())).unwrap();
        assert_eq!(read(&file, "acme").0, [view("near misses", None, "-score")]);
        assert_eq!(read(&file, "other").0.len(), 2);
        change_in(&file, "acme", &ViewChange::Delete("near misses".to_owned())).unwrap();
        assert!(!fs::read_to_string(&file).unwrap().contains("acme"));
    }
}
