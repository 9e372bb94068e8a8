//! The hashes that make the ledger one chain.
//!
//! Leaf and node hashes begin with different bytes, so that no list of leaves passes for a
//! subtree (the tree's shape and this separation: RFC 6962, section 2.1).

use std::fmt;

use jiff::Timestamp;

use domain::Sequence;

use super::frame::Logical;

const LEAF: &[u8] = &[0];
const NODE: &[u8] = &[1];
const CHAIN_CONTEXT: &[u8] = b"steward ledger chain 1";
const ORIGIN_CONTEXT: &[u8] = b"steward ledger origin 1";

/// The newest commit of a ledger.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Head {
    /// Its number.
    pub sequence: Sequence,
    /// The chain's hash after it.
    pub chain: [u8; 32],
    /// When it was made.
    pub at: Timestamp,
}

/// A commit somebody outside the ledger has seen acknowledged: the store's head, a head note.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Witness {
    /// Its number.
    pub sequence: Sequence,
    /// The chain's hash after it.
    pub chain: [u8; 32],
    /// Who it is.
    pub by: Teller,
}

/// Who outside the ledger has seen a commit acknowledged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Teller {
    /// The view, which lies beside the ledger.
    View,
    /// The register, which lies outside the workspace.
    Register,
    /// Somebody who kept its head.
    Head,
}

impl fmt::Display for Teller {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Teller::View => "the view",
            Teller::Register => "the register",
            Teller::Head => "whoever kept its head",
        })
    }
}

impl From<Head> for Witness {
    fn from(head: Head) -> Self {
        Witness { sequence: head.sequence, chain: head.chain, by: Teller::Head }
    }
}

/// The chain's hash before the first commit of a workspace.
pub(super) fn origin(workspace: &[u8; 16]) -> [u8; 32] {
    let mut hasher = blake3::Hasher::new();
    hasher.update(ORIGIN_CONTEXT).update(workspace);
    *hasher.finalize().as_bytes()
}

/// The hash that stands for one entry, also after the entry was erased.
pub(super) fn leaf(salt: &[u8; 16], data: &[u8]) -> [u8; 32] {
    let mut hasher = blake3::Hasher::new();
    hasher.update(LEAF).update(salt).update(data);
    *hasher.finalize().as_bytes()
}

/// The root over a list of leaves; each inner node splits its list at the largest power of two
/// below its length.
pub(super) fn root(leaves: &[[u8; 32]]) -> [u8; 32] {
    match leaves {
        [] => [0; 32],
        [leaf] => *leaf,
        _ => {
            let half = leaves.len().next_power_of_two() / 2;
            let mut hasher = blake3::Hasher::new();
            hasher.update(NODE).update(&root(&leaves[..half])).update(&root(&leaves[half..]));
            *hasher.finalize().as_bytes()
        }
    }
}

/// The chain's hash after a frame.
pub(super) fn link(logical: &Logical, root: &[u8; 32]) -> [u8; 32] {
    let mut hasher = blake3::Hasher::new();
    hasher.update(CHAIN_CONTEXT).update(&logical.encode()).update(root);
    *hasher.finalize().as_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_root_has_the_shape_the_format_page_says() {
        let leaves: Vec<[u8; 32]> = (0..5).map(|number| [number; 32]).collect();
        let node = |left: [u8; 32], right: [u8; 32]| {
            *blake3::hash(&[&[1][..], &left, &right].concat()).as_bytes()
        };
        let four = node(node(leaves[0], leaves[1]), node(leaves[2], leaves[3]));
        assert_eq!(root(&leaves), node(four, leaves[4]));
        assert_eq!(root(&leaves[..1]), leaves[0]);
        assert_eq!(root(&leaves[..3]), node(node(leaves[0], leaves[1]), leaves[2]));
    }

    #[test]
    fn a_leaf_depends_on_salt_and_data() {
        let one = leaf(&[1; 16], b"x");
        assert_ne!(one, leaf(&[2; 16], b"x"));
        assert_ne!(one, leaf(&[1; 16], b"y"));
        assert_eq!(one, *blake3::hash(&[&[0][..], &[1; 16], b"x"].concat()).as_bytes());
    }
}
