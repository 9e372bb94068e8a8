//! The workspace that a folder lies in: the folder itself, or the nearest one above it.
//!
//! What stands above somebody's folder may be another's: a workspace there would be opened with the
//! settings of a stranger. So only what is the caller's own counts, and the way up ends at another file
//! system and at the caller's home.

use std::fs::{Metadata, symlink_metadata};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

/// Where the way up ends, and whose things count.
pub struct Bounds {
    /// The caller's user id.
    pub user: u32,
    /// Their home, above which nothing is looked for.
    pub home: Option<PathBuf>,
}

impl Bounds {
    /// Those of whoever runs this process.
    pub fn of_process() -> Self {
        let user = rustix::process::geteuid().as_raw();
        let home = std::env::var_os("HOME").map(PathBuf::from);
        Self { user, home: home.and_then(|home| std::fs::canonicalize(home).ok()) }
    }
}

/// The nearest workspace above a folder that is no workspace itself and has no `steward.toml`; none
/// where there is none that counts. The folder is named without links.
pub fn workspace_above(folder: &Path, bounds: &Bounds) -> Option<PathBuf> {
    let here = symlink_metadata(folder).ok()?;
    if holds(folder, ".steward") || holds(folder, "steward.toml") {
        return None;
    }
    let mut below = folder;
    while Some(below) != bounds.home.as_deref() {
        let above = below.parent()?;
        let about = symlink_metadata(above).ok()?;
        if about.dev() != here.dev() {
            return None;
        }
        if holds(above, ".steward") {
            // One that is another's is not passed over for one still further up.
            return is_own(above, &about, bounds.user).then(|| above.to_owned());
        }
        below = above;
    }
    None
}

/// The workspace above a folder that would be used if it were the caller's own.
pub fn of_another_above(folder: &Path, bounds: &Bounds) -> Option<PathBuf> {
    let here = std::fs::canonicalize(folder).ok()?;
    if holds(&here, ".steward") || holds(&here, "steward.toml") {
        return None;
    }
    let device = symlink_metadata(&here).ok()?.dev();
    let mut below = here.as_path();
    while Some(below) != bounds.home.as_deref() {
        let above = below.parent()?;
        let about = symlink_metadata(above).ok().filter(|about| about.dev() == device)?;
        if holds(above, ".steward") {
            return (!is_own(above, &about, bounds.user)).then(|| above.to_owned());
        }
        below = above;
    }
    None
}

fn holds(folder: &Path, name: &str) -> bool {
    symlink_metadata(folder.join(name)).is_ok()
}

/// Whether the folder and what makes it a workspace belong to that user, and are what they seem.
fn is_own(folder: &Path, about: &Metadata, user: u32) -> bool {
    let of_user = |name: &str, is_kind: fn(&Metadata) -> bool| {
        symlink_metadata(folder.join(name)).is_ok_and(|it| it.uid() == user && is_kind(&it))
    };
    about.uid() == user
        && of_user(".steward", Metadata::is_dir)
        && of_user("steward.toml", Metadata::is_file)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn own() -> u32 {
        rustix::process::geteuid().as_raw()
    }

    /// `home/ws` is a workspace, `home/ws/a/b` a folder in it.
    fn folders() -> (tempfile::TempDir, PathBuf) {
        let root = tempfile::tempdir().unwrap();
        let home = fs::canonicalize(root.path()).unwrap().join("home");
        fs::create_dir_all(home.join("ws/.steward")).unwrap();
        fs::create_dir_all(home.join("ws/a/b")).unwrap();
        fs::write(home.join("ws/steward.toml"), "").unwrap();
        (root, home)
    }

    #[test]
    fn the_nearest_workspace_above_is_found() {
        let (_root, home) = folders();
        let bounds = Bounds { user: own(), home: Some(home.clone()) };
        let workspace = home.join("ws");
        for below in ["ws/a", "ws/a/b"] {
            assert_eq!(workspace_above(&home.join(below), &bounds), Some(workspace.clone()));
        }
        assert_eq!(workspace_above(&workspace, &bounds), None, "it is one itself");
        fs::write(home.join("ws/a/steward.toml"), "").unwrap();
        assert_eq!(workspace_above(&home.join("ws/a"), &bounds), None, "it is to become one");
        assert_eq!(workspace_above(&home.join("ws/a/b"), &bounds), Some(workspace));
    }

    #[test]
    fn what_is_anothers_or_above_home_does_not_count() {
        let (_root, home) = folders();
        let below = home.join("ws/a/b");
        let bounds = |user, home: &Path| Bounds { user, home: Some(home.to_owned()) };
        assert_eq!(workspace_above(&below, &bounds(own() + 1, &home)), None);
        let told = of_another_above(&below, &bounds(own() + 1, &home));
        assert_eq!(told, Some(home.join("ws")), "it is said why");
        assert_eq!(of_another_above(&below, &bounds(own(), &home)), None);
        assert_eq!(workspace_above(&below, &bounds(own(), &home.join("ws/a"))), None);
        // A workspace that is the home itself is not above it.
        let found = workspace_above(&below, &bounds(own(), &home.join("ws")));
        assert_eq!(found, Some(home.join("ws")));
    }

    #[test]
    fn a_link_is_no_workspace() {
        let (_root, home) = folders();
        fs::rename(home.join("ws/.steward"), home.join("elsewhere")).unwrap();
        std::os::unix::fs::symlink(home.join("elsewhere"), home.join("ws/.steward")).unwrap();
        let bounds = Bounds { user: own(), home: Some(home.clone()) };
        assert_eq!(workspace_above(&home.join("ws/a"), &bounds), None);
    }
}
