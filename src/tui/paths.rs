//! Completing the path of a file as a shell does. The one place of the interface that looks into
//! folders; the session calls it on a thread of its own, for a folder may be far away. The folders are
//! those of the person at the terminal, as is the file that is then handed to the desk: it has no part
//! in them.

use std::path::{Path, PathBuf};

/// Names listed of a folder at most.
const LISTED: usize = 2_000;

/// What the end of a typed path may become.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Completions {
    /// What was typed.
    pub typed: String,
    /// The same with the home folder in the place of `~`.
    pub expanded: String,
    /// The names that begin as the last part does, folders with a `/`, in order.
    pub names: Vec<String>,
}

/// A path with the home folder in the place of `~`.
#[must_use]
pub fn expanded(text: &str, home: Option<&Path>) -> String {
    match (text.strip_prefix('~'), home) {
        (Some(rest), Some(home)) if rest.is_empty() || rest.starts_with('/') => {
            format!("{}{rest}", home.display())
        }
        _ => text.to_owned(),
    }
}

/// Looks into the folder of a path that is being typed. Names that cannot be typed are left out,
/// and those that begin with a dot unless one was typed.
#[must_use]
pub fn completions(typed: &str, home: Option<&Path>) -> Completions {
    let mut expanded = expanded(typed, home);
    if typed == "~" {
        expanded.push('/');
    }
    let (folder, begun) = split(&expanded);
    let mut names = Vec::new();
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    for entry in entries {
        let Ok(mut name) = entry.file_name().into_string() else { continue };
        let hidden = name.starts_with('.') && !begun.starts_with('.');
        if hidden || !name.starts_with(begun) || name.contains(char::is_control) {
            continue;
        }
        // Through a link: what it leads to counts.
        if entry.path().is_dir() {
            name.push('/');
        }
        names.push(name);
        if names.len() == LISTED {
            break;
        }
    }
    names.sort();
    Completions { typed: typed.to_owned(), expanded, names }
}

/// The folder of a path, and the part after its last `/`.
fn split(path: &str) -> (PathBuf, &str) {
    match path.rfind('/') {
        Some(slash) => (Path::new(&path[..=slash]).to_owned(), &path[slash + 1..]),
        None => (PathBuf::from("."), path),
    }
}

impl Completions {
    /// The path as far as all names agree.
    #[must_use]
    pub fn completed(&self) -> String {
        let (_, begun) = split(&self.expanded);
        let Some(first) = self.names.first() else { return self.expanded.clone() };
        let agree = |end: &usize| self.names.iter().all(|name| name.starts_with(&first[..*end]));
        let ends = first.char_indices().map(|(at, _)| at).chain([first.len()]);
        let end = ends.filter(|end| *end >= begun.len()).take_while(agree).last();
        let rest = &first[begun.len()..end.unwrap_or(begun.len())];
        format!("{}{rest}", self.expanded)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_completed_as_far_as_names_agree() {
        let folder = tempfile::TempDir::new().unwrap();
        for name in
            ["crm.csv", "crm-old.csv", "webshop.jsonl", ".hidden", "Größe.csv", "Grönland.csv"]
        {
            std::fs::write(folder.path().join(name), "").unwrap();
        }
        std::fs::create_dir_all(folder.path().join("archive/2026")).unwrap();
        let base = folder.path().to_str().unwrap();
        for (typed, completed, names) in [
            ("cr", "crm", &["crm-old.csv", "crm.csv"][..]),
            ("crm.", "crm.csv", &["crm.csv"]),
            ("w", "webshop.jsonl", &["webshop.jsonl"]),
            ("a", "archive/", &["archive/"]),
            ("archive/", "archive/2026/", &["2026/"]),
            (".", ".hidden", &[".hidden"]),
            ("Gr", "Grö", &["Grönland.csv", "Größe.csv"]),
            ("none", "none", &[]),
            ("gone/x", "gone/x", &[]),
        ] {
            let found = completions(&format!("{base}/{typed}"), None);
            assert_eq!(found.completed(), format!("{base}/{completed}"), "{typed}");
            assert_eq!(found.names, names, "{typed}");
        }
        let all = completions(&format!("{base}/"), None);
        assert!(all.names.len() == 6 && !all.names.contains(&".hidden".to_owned()), "{all:?}");
    }

    #[test]
    fn the_home_folder_stands_for_its_sign_alone() {
        let home = Some(Path::new("/home/kim"));
        for (typed, meant) in
            [("~/x", "/home/kim/x"), ("~", "/home/kim"), ("~kim/x", "~kim/x"), ("a~/x", "a~/x")]
        {
            assert_eq!(expanded(typed, home), meant);
        }
        assert_eq!(expanded("~/x", None), "~/x");
    }
}
