//! Requests of persons that name what `steward.toml` does not have.

use crate::cli::invocation::Invocation;
use door::operations::Requests;
use settings::Settings;

/// A warning for each request in force that names a purpose or a channel which the settings do not have. Where nobody
/// can tell, nothing is said: whoever may not see requests is told nothing of them.
pub fn warnings(invocation: &Invocation, settings: &Settings) -> Vec<String> {
    if !invocation.workspace().exists() {
        return Vec::new();
    }
    let Ok(entry) = invocation.open_quietly() else { return Vec::new() };
    let all = entry.ask(Requests { closed: true, ..Requests::default() }).unwrap_or_default();
    let purposes: Vec<&str> = settings.purposes.iter().map(|it| it.name.as_str()).collect();
    let channels = settings.channels();
    all.iter().filter_map(|view| view.unknown_to(&purposes, &channels)).collect()
}
