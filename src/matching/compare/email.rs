//! E-mail addresses: slips in either part, the same mailbox name at another provider.

use super::super::columns::Columns;
use super::super::layout::Aspect;
use super::super::text::{is_close, jaro_winkler, within_edits};
use super::{Level, best_crosswise, level};

/// Level numbers, from 0.
pub(crate) const SAME: u8 = 0;

/// Many mailboxes are made of their owner's name: to share such a one at another provider says
/// little beyond the name, and namesakes do.
pub(crate) const LEVELS: [Level; 7] = [
    level("same address", [0.68, 0.04, 1e-5, 1e-6]),
    level("domain differs by a slip", [0.03, 0.002, 1e-5, 1e-6]),
    level("mailbox differs by a slip", [0.05, 0.004, 5e-3, 2e-6]),
    level("same mailbox, another domain", [0.03, 0.002, 5e-3, 2e-6]),
    level("same mailbox made of the name, another domain", [0.02, 0.002, 0.10, 2e-6]),
    level("mailboxes alike", [0.04, 0.02, 0.20, 2e-4]),
    level("addresses differ", [0.15, 0.93, 0.69, 0.9998]),
];

pub(crate) fn grade(columns: &Columns, a: u32, b: u32) -> u8 {
    let text = |id| columns.text(Aspect::Email, id);
    let best = best_crosswise(columns, Aspect::Email, a, b, |left, right| {
        if !columns.facts().mailboxes_may_be_alike(left, right) {
            return DIFFERENT;
        }
        match compare(text(left), text(right)) {
            SAME_MAILBOX if is_made_of_a_name(columns, text(left), [a, b]) => MADE_OF_NAME,
            level => level,
        }
    });
    best.map_or(0, |level| level + 1)
}

const SAME_MAILBOX: u8 = 3;
const MADE_OF_NAME: u8 = 4;
const DIFFERENT: u8 = 6;

/// Whether the mailbox holds the family name of a row and no digit that would tell more.
fn is_made_of_a_name(columns: &Columns, address: &str, rows: [u32; 2]) -> bool {
    let mailbox = parts(address).0;
    !mailbox.bytes().any(|byte| byte.is_ascii_digit())
        && rows.into_iter().any(|row| {
            let family = columns.text(Aspect::Family, columns.value(Aspect::Family, row));
            family.len() > 1 && mailbox.contains(&family.replace(' ', ""))
        })
}

/// Mailbox and domain.
pub(crate) fn parts(address: &str) -> (&str, &str) {
    address.rsplit_once('@').unwrap_or((address, ""))
}

/// Two different addresses.
fn compare(a: &str, b: &str) -> u8 {
    let ((local_a, domain_a), (local_b, domain_b)) = (parts(a), parts(b));
    let domains_close = domain_a == domain_b || within_edits(domain_a, domain_b, 2);
    if local_a == local_b {
        return if domains_close {
            1
        } else if local_a.len() >= 4 {
            SAME_MAILBOX
        } else {
            DIFFERENT
        };
    }
    let digits = |text: &str| text.bytes().any(|byte| byte.is_ascii_digit());
    if domains_close && local_a.len().min(local_b.len()) >= 4 && is_close(local_a, local_b) {
        return 2;
    }
    let alike = jaro_winkler(local_a, local_b);
    if alike >= 0.92 || alike >= 0.88 && !digits(local_a) && !digits(local_b) {
        5
    } else {
        DIFFERENT
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses() {
        for (a, b, expected) in [
            ("ann.lee@example.com", "ann.lee@exmaple.com", 1),
            ("ann.lee@example.com", "an.lee@example.com", 2),
            ("ann.lee@example.com", "ann.lee@other.org", 3),
            ("ann.lee@example.com", "ann.lee1987@other.org", 5),
            ("ann.lee@example.com", "bob.ray@example.com", 6),
        ] {
            assert_eq!(compare(a, b), expected, "{a} {b}");
            assert_eq!(compare(b, a), expected, "{b} {a}");
        }
    }
}
