//! Whether a store's folder has the shape of one, before its library opens whatever is in it: files
//! where files belong, a folder for large values, and no link out of it.

use std::io;
use std::path::Path;

use super::StoreError;
use ledger::ports::own;

/// Where the library keeps values that fill a page, the only folder in a store's folder.
const LARGE_VALUES: &str = "blobs";

/// Looks at every file and folder of a store; one that is not there yet has the right shape.
///
/// # Errors
/// `Damaged` for a folder where a file should be or a file where a folder should be: the store is
/// made again. `Failed` for a link, a pipe and the like, by name: nobody opens or removes those.
pub fn check_shape(folder: &Path) -> Result<(), StoreError> {
    if !look_at(folder, true)? {
        return Ok(());
    }
    for (path, name) in entries(folder)? {
        if look_at(&path, name == LARGE_VALUES)? && name == LARGE_VALUES {
            for (path, _) in entries(&path)? {
                look_at(&path, false)?;
            }
        }
    }
    Ok(())
}

/// Whether a path is there; it must be a folder or else a file.
fn look_at(path: &Path, is_folder: bool) -> Result<bool, StoreError> {
    let failed = |what: &dyn std::fmt::Display| StoreError::Failed {
        reason: format!("{}: {what}", path.display()),
    };
    let about = match std::fs::symlink_metadata(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(false),
        about => about.map_err(|error| failed(&error))?,
    };
    if is_folder && about.is_file() || !is_folder && about.is_dir() {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let found = own::kind(about.file_type());
        let expected = if is_folder { "a folder" } else { "a file" };
        let what = format!("{name} is {found} instead of {expected}");
        return Err(StoreError::Damaged { what });
    }
    let judged = if is_folder { own::folder(&about) } else { own::file(&about) };
    judged.map(|()| true).map_err(|reason| failed(&reason))
}

fn entries(folder: &Path) -> Result<Vec<(std::path::PathBuf, String)>, StoreError> {
    let failed = |error: io::Error| StoreError::Failed { reason: error.to_string() };
    let entries = std::fs::read_dir(folder).map_err(failed)?;
    let named = entries.map(|entry| {
        let entry = entry.map_err(failed)?;
        Ok((entry.path(), entry.file_name().to_string_lossy().into_owned()))
    });
    named.collect()
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn a_wrong_kind_of_file_is_damage_and_a_link_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let store = folder.path().join("store-1");
        assert!(check_shape(&store).is_ok(), "not there yet");
        fs::write(&store, "").unwrap();
        assert!(matches!(check_shape(&store), Err(StoreError::Damaged { .. })));
        fs::remove_file(&store).unwrap();
        fs::create_dir_all(store.join("blobs")).unwrap();
        fs::write(store.join("db"), "").unwrap();
        fs::write(store.join("blobs/1"), "").unwrap();
        assert!(check_shape(&store).is_ok());
        fs::create_dir(store.join("conf")).unwrap();
        assert!(matches!(check_shape(&store), Err(StoreError::Damaged { .. })));
        fs::remove_dir(store.join("conf")).unwrap();
        for link in ["conf", "blobs/2", "snap.1"] {
            let link = store.join(link);
            std::os::unix::fs::symlink(store.join("db"), &link).unwrap();
            let error = check_shape(&store).unwrap_err();
            assert!(matches!(&error, StoreError::Failed { .. }), "{error}");
            assert!(error.to_string().contains(&link.display().to_string()), "{error}");
            fs::remove_file(&link).unwrap();
        }
        fs::hard_link(store.join("db"), folder.path().join("other")).unwrap();
        assert!(matches!(check_shape(&store), Err(StoreError::Failed { .. })));
    }
}
