//! `[workspace]`.

/// The workspace's name and home.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Workspace {
    /// Shown at the top of every screen.
    pub name: String,
    /// ISO 3166-1 alpha-2, upper case: the default country of phones and addresses, and the order
    /// of day and month.
    pub region: String,
}
