//! A workspace of somebody else: whose it is, who can do what was asked for, and how one comes in.

use std::os::unix::fs::MetadataExt;

use super::attach;
use super::text::clean;
use desk::Workspace;
use serve::{SystemUsers, Users, own_user};

/// What to do next for whoever met files that are another user's; `None` where the workspace is their own, or
/// nobody's that can be told. Never what is already done: whether somebody serves it is asked first.
pub fn way_in(workspace: &Workspace) -> Option<String> {
    let folders = [workspace.hidden(), workspace.folder().to_owned()];
    let owner = folders.iter().find_map(|folder| std::fs::metadata(folder).ok())?.uid();
    if owner == own_user() {
        return None;
    }
    let name = SystemUsers.name(owner).unwrap_or_else(|| format!("user {owner}"));
    let is_in = matches!(attach::attach(workspace, "a hint", |_| {}), Ok(Some(_)));
    Some(words(&clean(&name), is_in))
}

/// The same for an owner of that name, for somebody who is let in at the socket or not.
fn words(name: &str, is_in: bool) -> String {
    if is_in {
        return format!(
            "this needs the workspace's own files, which only {name} can read: ask {name} to run it"
        );
    }
    format!(
        "this workspace belongs to {name}: while {name} runs steward serve --group GROUP, members of that \
         group who are in [people.*] of its steward.toml can use it; ask {name} to let you in"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_is_in_is_not_told_how_to_come_in() {
        let (inside, outside) = (words("stw", true), words("stw", false));
        assert!(inside.contains("ask stw to run it") && !inside.contains("steward serve"));
        assert!(outside.contains("--group GROUP") && outside.contains("[people.*]"));
    }
}
