//! What became of what people log in with: it is done elsewhere, and recorded here.

use super::core::Desk;
use super::error::Decided;
use domain::AccessNoted;
use door::{Entrance, Refusal};

/// Letters of a name at most.
const LONGEST_NAME: usize = 200;

impl Desk {
    /// Records that something became of what a person logs in with.
    ///
    /// # Errors
    /// Refused to whoever cannot know it; when the ledger cannot be written.
    pub(super) fn note_access(&mut self, noted: AccessNoted) -> Decided<()> {
        // Whoever logs in is known by their key, and by the server that looks at their code. What is done to a second
        // factor is done on the machine.
        let logs_in = self.acting.entrance == Entrance::Ssh && self.acting.person == noted.person;
        let may = match noted.what.is_own() {
            true => logs_in,
            false => self.acting.entrance != Entrance::Ssh,
        };
        let is_name = !noted.person.is_empty() && noted.person.chars().count() <= LONGEST_NAME;
        if !may || !is_name {
            let why = "only whoever lets people in records this".to_owned();
            return Err(Refusal::DoesNotApply { why }.into());
        }
        self.commit(vec![noted.into()])?;
        Ok(())
    }
}
