//! The key file: 32 random bytes as text, outside the workspace.

use std::io;
use std::path::Path;

use zeroize::Zeroizing;

use super::error::KeysError;
use super::keys_file::write_whole;
use crate::ports::Randomness;
use crate::ports::cipher::SecretKey;
use crate::ports::files::{Access, Files};
use domain::hexadecimal;

/// A key file is one line of comment and one of digits; nothing much longer is read.
const MAX_LENGTH: usize = 4096;

/// How the key files that steward makes begin.
pub const BEGINS: &str = "# The key of the steward workspace";

/// The key in a file.
///
/// # Errors
/// `NoKeyFile` where there is none, `NotAKeyFile` where it holds something else.
pub(super) fn read(files: &dyn Files, path: &Path) -> Result<SecretKey, KeysError> {
    let read = || {
        let file = files.open(path, Access::ReadNamed)?;
        let mut bytes = Zeroizing::new(vec![0; MAX_LENGTH]);
        let read = file.read_at(&mut bytes, 0)?;
        bytes.truncate(read);
        Ok(bytes)
    };
    let bytes = read().map_err(|error: io::Error| match error.kind() {
        io::ErrorKind::NotFound => KeysError::NoKeyFile { path: path.to_owned() },
        _ => KeysError::io("read", path, error),
    })?;
    parse(&bytes).ok_or_else(|| KeysError::NotAKeyFile { path: path.to_owned() })
}

fn parse(bytes: &[u8]) -> Option<SecretKey> {
    let text = std::str::from_utf8(bytes).ok()?;
    let lines = text.lines().map(str::trim);
    let mut lines = lines.filter(|line| !line.is_empty() && !line.starts_with('#'));
    let digits = lines.next()?;
    let key = Zeroizing::new(hexadecimal::decode_array::<32>(digits)?);
    lines.next().is_none().then(|| SecretKey::new(&key))
}

/// Makes a key file with a fresh key, only its owner may read it; one that is there is taken as it
/// is, as when a script brings its own.
///
/// # Errors
/// When the disk refuses, or what is there is not a key file.
pub(super) fn make(
    files: &dyn Files,
    path: &Path,
    workspace: &str,
    randomness: &dyn Randomness,
) -> Result<SecretKey, KeysError> {
    match read(files, path) {
        Err(KeysError::NoKeyFile { .. }) => {}
        known => return known,
    }
    let folder = path.parent().unwrap_or(Path::new("."));
    let failed = |error| KeysError::io("make", path, error);
    make_folders(files, folder).map_err(failed)?;
    let key = SecretKey::random(randomness);
    let digits = Zeroizing::new(hexadecimal::encode(key.bytes()));
    let text = Zeroizing::new(format!(
        "{BEGINS} {workspace}. Whoever has it can read that workspace; \
         without it nobody can.\n{}\n",
        *digits
    ));
    write_whole(files, folder, path, text.as_bytes()).map_err(failed)?;
    Ok(key)
}

/// Makes the folders that are missing, each for its owner alone.
fn make_folders(files: &dyn Files, folder: &Path) -> io::Result<()> {
    let missing: Vec<&Path> = folder
        .ancestors()
        .take_while(|path| !path.as_os_str().is_empty() && files.list(path).is_err())
        .collect();
    for path in missing.into_iter().rev() {
        files.create_folder(path)?;
        if let Some(above) = path.parent() {
            files.sync_folder(above)?;
        }
    }
    Ok(())
}
