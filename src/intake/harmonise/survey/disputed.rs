//! Sources whose files contradict one another.

use domain::{Assumed, Basis, ImportId};

use super::decide::{Decidable, Evidence, Part};

impl Part<'_> {
    /// Two proofs of earlier files that rule each other out, the latest first: of this column, or of all
    /// columns where no file proved anything of this one. Such a source proves nothing of a file that
    /// fits either; read by the latest proof, the same file would say something else whenever it comes.
    pub(super) fn disputed<C: Decidable>(
        &self,
        evidence: &Evidence<'_>,
    ) -> Option<[(C, ImportId); 2]> {
        let is_proof = |found: &&Assumed<C>| matches!(found.basis, Basis::Proved { .. });
        let of_column = evidence.earlier.iter().filter_map(|(import, reading)| {
            Some((C::found(reading, self).filter(is_proof)?.value, *import))
        });
        let mut proofs: Vec<(C, ImportId)> = of_column.collect();
        if proofs.is_empty() {
            // A file whose columns differ says nothing of others.
            let of_files = evidence.earlier.iter().filter_map(|(import, reading)| {
                let mut found = C::all(reading, self.dotted).filter(is_proof);
                let first = found.next()?;
                found.all(|other| other.value == first.value).then_some((first.value, *import))
            });
            proofs = of_files.collect();
        }
        let latest = *proofs.first()?;
        let other = proofs.into_iter().find(|(value, _)| value.contradicts(latest.0))?;
        Some([latest, other])
    }
}
