//! A workspace of somebody else: whose it is, and how one comes in.

use std::os::unix::fs::MetadataExt;

use super::text::clean;
use desk::Workspace;
use serve::{SystemUsers, Users, own_user};

/// How this user comes into a workspace that belongs to another one, whom only they can let in; `None` where it is
/// their own, or nobody's that can be told.
pub fn way_in(workspace: &Workspace) -> Option<String> {
    let folders = [workspace.hidden(), workspace.folder().to_owned()];
    let owner = folders.iter().find_map(|folder| std::fs::metadata(folder).ok())?.uid();
    (owner != own_user()).then(|| {
        let name = SystemUsers.name(owner).unwrap_or_else(|| format!("user {owner}"));
        let name = clean(&name);
        format!(
            "this workspace belongs to {name}: once {name} runs steward serve --group GROUP, members of \
             that group who are in [people.*] of its steward.toml can use it"
        )
    })
}
