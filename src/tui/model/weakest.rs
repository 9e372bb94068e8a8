//! The weakest link of what a steward has marked: what would be one customer on the least evidence.

use door::views::LinkScore;

/// The link between the two columns among these whose records are least alike, as the title of a task
/// tells it; none where nothing is known of any.
#[must_use]
pub fn weakest(columns: &[usize], links: &[LinkScore]) -> Option<LinkScore> {
    let within = |link: &&LinkScore| columns.contains(&link.left) && columns.contains(&link.right);
    let least = links.iter().filter(within).min_by(|one, other| one.least.total_cmp(&other.least));
    least.copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_weakest_link_is_among_what_is_marked() {
        let link = |left, right, least| LinkScore { left, right, least };
        let links = [link(0, 1, 0.98), link(0, 2, 0.3), link(1, 2, 0.2), link(0, 3, 0.9)];
        for (columns, found) in [
            (&[0, 1, 2][..], Some(links[2])),
            (&[0, 2], Some(links[1])),
            (&[0, 1, 3], Some(links[3])),
            (&[1, 3], None),
            (&[2], None),
            (&[], None),
        ] {
            assert_eq!(weakest(columns, &links), found, "{columns:?}");
        }
    }
}
