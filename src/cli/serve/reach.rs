//! Whether the members of a group get as far as the workspace's folder.

use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use crate::cli::text::clean;

/// What is said where they do not: each folder on the way that keeps them out, and what would let them through.
pub fn warning(folder: &Path, group: u32) -> Option<String> {
    let folder = folder.canonicalize().ok()?;
    let kept_out = keeping_out(&folder, group, |folder| {
        std::fs::metadata(folder).ok().map(|found| (found.gid(), found.mode()))
    });
    let (names, ways): (Vec<_>, Vec<_>) = kept_out
        .iter()
        .map(|(folder, is_theirs)| {
            let name = clean(&folder.display().to_string());
            let way = format!("chmod {}+x {name}", if *is_theirs { 'g' } else { 'o' });
            (name, way)
        })
        .unzip();
    (!names.is_empty()).then(|| {
        let (names, ways) = (names.join(", "), ways.join("; "));
        format!("warning: members of the group cannot pass {names}, so they cannot come in: {ways}")
    })
}

/// The folders, from the root on, that members of the group cannot pass, each with whether it is the group's.
fn keeping_out(
    folder: &Path,
    group: u32,
    stat: impl Fn(&Path) -> Option<(u32, u32)>,
) -> Vec<(PathBuf, bool)> {
    let mut found: Vec<(PathBuf, bool)> = folder
        .ancestors()
        .filter_map(|folder| {
            let (gid, mode) = stat(folder)?;
            let is_theirs = gid == group;
            let passes = mode & if is_theirs { 0o010 } else { 0o001 } != 0;
            (!passes).then(|| (folder.to_owned(), is_theirs))
        })
        .collect();
    found.reverse();
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_folder_on_the_way_that_the_group_cannot_pass_is_named() {
        const GROUP: u32 = 7;
        for (home, workspace, kept_out) in [
            ((0, 0o755), (0, 0o711), &[][..]),
            ((0, 0o755), (0, 0o700), &[("/home/ws", false)]),
            ((0, 0o755), (0, 0o710), &[("/home/ws", false)]),
            ((0, 0o755), (GROUP, 0o710), &[]),
            ((0, 0o755), (GROUP, 0o701), &[("/home/ws", true)]),
            ((0, 0o750), (GROUP, 0o750), &[("/home", false)]),
            ((0, 0o700), (GROUP, 0o700), &[("/home", false), ("/home/ws", true)]),
        ] {
            let stat = |folder: &Path| match folder.to_str()? {
                "/home" => Some(home),
                "/home/ws" => Some(workspace),
                _ => Some((0, 0o755)),
            };
            let found = keeping_out(Path::new("/home/ws"), GROUP, stat);
            let told: Vec<(&str, bool)> =
                found.iter().map(|(path, theirs)| (path.to_str().unwrap(), *theirs)).collect();
            assert_eq!(told, kept_out, "{home:?} {workspace:?}");
        }
    }
}
