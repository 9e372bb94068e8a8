//! How much of what strangers do is written down: enough to see it, and never so much that they fill the disk. Pure.
//!
//! A minute begins with the first line. What has no line of its own is counted, and told when the minute is over.

use std::collections::HashMap;
use std::net::IpAddr;

/// Lines of a minute in all.
const LINES: usize = 30;
/// Addresses that are counted one by one; the others together.
const ADDRESSES: usize = 1_000;
/// Addresses whose counts are told one by one.
const COUNTS: usize = 10;

/// A minute.
#[derive(Debug, Default)]
pub(super) struct Hush {
    is_open: bool,
    lines: usize,
    addresses: HashMap<IpAddr, Heard>,
    elsewhere: u64,
}

#[derive(Debug, Default)]
struct Heard {
    lines: usize,
    missed: u64,
}

/// What becomes of something that would be written down.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Judged {
    /// Whether it gets a line.
    pub(super) is_told: bool,
    /// Whether a minute has begun with it.
    pub(super) begins: bool,
}

/// What a minute has left out.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Missed {
    /// Of an address, the most first.
    pub(super) here: Vec<(IpAddr, u64)>,
    /// Of all others.
    pub(super) elsewhere: u64,
}

impl Hush {
    /// Something happened that gets a line unless its address had so many, or all had too many.
    pub(super) fn judge(&mut self, from: IpAddr, most_here: usize) -> Judged {
        let begins = !std::mem::replace(&mut self.is_open, true);
        let is_counted = self.addresses.len() < ADDRESSES || self.addresses.contains_key(&from);
        let has_room = self.lines < LINES;
        if !is_counted {
            self.elsewhere += 1;
            return Judged { is_told: false, begins };
        }
        let heard = self.addresses.entry(from).or_default();
        let is_told = has_room && heard.lines < most_here;
        if is_told {
            heard.lines += 1;
            self.lines += 1;
        } else {
            heard.missed += 1;
        }
        Judged { is_told, begins }
    }

    /// The minute is over.
    pub(super) fn close(&mut self) -> Missed {
        let over = std::mem::take(self);
        let missed = over.addresses.into_iter().map(|(address, heard)| (address, heard.missed));
        let mut here: Vec<_> = missed.filter(|(_, missed)| *missed > 0).collect();
        here.sort_by_key(|(address, missed)| (std::cmp::Reverse(*missed), *address));
        let rest = here.split_off(here.len().min(COUNTS));
        let elsewhere = over.elsewhere + rest.iter().map(|(_, missed)| missed).sum::<u64>();
        Missed { here, elsewhere }
    }
}

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;

    use super::*;

    fn address(number: u32) -> IpAddr {
        IpAddr::V4(Ipv4Addr::from_bits(number))
    }

    #[test]
    fn a_flood_of_one_address_is_one_line_and_a_count() {
        let mut hush = Hush::default();
        assert_eq!(hush.judge(address(1), 1), Judged { is_told: true, begins: true });
        for _ in 0..4_975 {
            assert_eq!(hush.judge(address(1), 1), Judged { is_told: false, begins: false });
        }
        assert!(hush.judge(address(2), 1).is_told, "another is not hidden by it");
        assert_eq!(hush.close(), Missed { here: vec![(address(1), 4_975)], elsewhere: 0 });
        assert_eq!(hush.judge(address(1), 1), Judged { is_told: true, begins: true });
        assert_eq!(hush.close(), Missed::default());
    }

    #[test]
    fn a_flood_of_many_addresses_is_bounded_and_nothing_is_lost_count_of() {
        let mut hush = Hush::default();
        let told = (0..50_000).filter(|at| hush.judge(address(at % 20_000), 5).is_told).count();
        let Missed { here, elsewhere } = hush.close();
        assert_eq!((told, here.len()), (LINES, COUNTS));
        let counted: u64 = here.iter().map(|(_, missed)| missed).sum();
        assert_eq!(counted + elsewhere + told as u64, 50_000);
    }
}
