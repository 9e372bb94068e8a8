//! Whom the server does not know yet: how many may stand at the door at once, and how often one address may
//! knock. Pure.

use std::collections::{HashMap, VecDeque};
use std::net::IpAddr;
use std::time::Duration;

/// A minute, in which attempts are counted.
const MINUTE: Duration = Duration::from_secs(60);
/// Addresses that are remembered; who would be one more is let knock, and counts only among all.
const MOST_ADDRESSES: usize = 10_000;

/// Why somebody is sent away before a word was said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TurnedAway {
    /// Too many from this address have not said yet who they are.
    #[error("too many connections of this address are not logged in yet")]
    TooManyHere,
    /// Too many have not said yet who they are.
    #[error("too many connections are not logged in yet")]
    TooMany,
    /// This address has failed too often within a minute.
    #[error("this address has failed too often within a minute")]
    TooOften,
}

/// Who has not logged in yet.
#[derive(Debug)]
pub struct Strangers {
    /// At once, from one address.
    pub at_once_here: usize,
    /// At once, from anywhere.
    pub at_once: usize,
    /// Attempts without success, from one address within a minute.
    pub a_minute: usize,
    standing: usize,
    addresses: HashMap<IpAddr, Address>,
}

#[derive(Debug, Default)]
struct Address {
    standing: usize,
    failed: VecDeque<Duration>,
}

impl Strangers {
    /// Nobody yet.
    #[must_use]
    pub fn none(at_once_here: usize, at_once: usize, a_minute: usize) -> Strangers {
        Strangers { at_once_here, at_once, a_minute, standing: 0, addresses: HashMap::new() }
    }

    /// Somebody has come. Who is not turned away stands at the door until [`Strangers::settled`].
    ///
    /// # Errors
    /// Why they are turned away.
    pub fn arrived(&mut self, from: IpAddr, now: Duration) -> Result<(), TurnedAway> {
        if self.standing >= self.at_once {
            return Err(TurnedAway::TooMany);
        }
        if self.addresses.len() >= MOST_ADDRESSES {
            self.forget(now);
        }
        let has_room = self.addresses.len() < MOST_ADDRESSES;
        let key = household(from);
        if has_room || self.addresses.contains_key(&key) {
            let address = self.addresses.entry(key).or_default();
            address.forget(now);
            if address.standing >= self.at_once_here {
                return Err(TurnedAway::TooManyHere);
            }
            if address.failed.len() >= self.a_minute {
                return Err(TurnedAway::TooOften);
            }
            address.standing += 1;
        }
        self.standing += 1;
        Ok(())
    }

    /// Somebody who had come has logged in, or gone without.
    pub fn settled(&mut self, from: IpAddr, logged_in: bool, now: Duration) {
        self.standing = self.standing.saturating_sub(1);
        let Some(address) = self.addresses.get_mut(&household(from)) else { return };
        address.standing = address.standing.saturating_sub(1);
        address.forget(now);
        if !logged_in {
            address.failed.push_back(now);
        }
        if address.is_forgotten() {
            self.addresses.remove(&household(from));
        }
    }

    fn forget(&mut self, now: Duration) {
        self.addresses.retain(|_, address| {
            address.forget(now);
            !address.is_forgotten()
        });
    }
}

impl Address {
    fn forget(&mut self, now: Duration) {
        while self.failed.front().is_some_and(|at| *at + MINUTE <= now) {
            self.failed.pop_front();
        }
    }

    fn is_forgotten(&self) -> bool {
        self.standing == 0 && self.failed.is_empty()
    }
}

/// What one household has: an address, or of the long ones the network.
pub(super) fn household(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(long) => {
            let network = long.to_bits() & !u128::from(u64::MAX);
            IpAddr::V6(std::net::Ipv6Addr::from_bits(network))
        }
        short => short,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use TurnedAway::{TooMany, TooManyHere, TooOften};

    fn address(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    #[test]
    fn a_few_may_stand_at_the_door_and_few_of_one_household() {
        let mut strangers = Strangers::none(2, 3, 100);
        let now = Duration::ZERO;
        let (here, same) = (address("2001:db8::1"), address("2001:db8::ffff:2"));
        let (there, nowhere) = (address("10.0.0.1"), address("10.0.0.2"));
        assert_eq!(strangers.arrived(here, now), Ok(()));
        assert_eq!(strangers.arrived(same, now), Ok(()));
        assert_eq!(strangers.arrived(here, now), Err(TooManyHere));
        assert_eq!(strangers.arrived(there, now), Ok(()));
        assert_eq!(strangers.arrived(nowhere, now), Err(TooMany));
        strangers.settled(there, true, now);
        assert_eq!(strangers.arrived(nowhere, now), Ok(()));
        strangers.settled(same, true, now);
        strangers.settled(nowhere, true, now);
        assert_eq!(strangers.arrived(here, now), Ok(()));
    }

    #[test]
    fn who_fails_waits_a_minute_and_who_logs_in_never() {
        let mut strangers = Strangers::none(9, 9, 3);
        let (here, mapped) = (address("10.0.0.1"), address("::ffff:10.0.0.1"));
        let at = Duration::from_secs;
        for second in 0..1_000 {
            assert_eq!(strangers.arrived(here, at(second)), Ok(()));
            strangers.settled(here, true, at(second));
        }
        for second in 1_000..1_003 {
            assert_eq!(strangers.arrived(mapped, at(second)), Ok(()));
            strangers.settled(mapped, false, at(second));
        }
        assert_eq!(strangers.arrived(here, at(1_003)), Err(TooOften));
        assert_eq!(strangers.arrived(address("10.0.0.2"), at(1_003)), Ok(()), "somebody else");
        assert_eq!(strangers.arrived(here, at(1_059)), Err(TooOften));
        assert_eq!(strangers.arrived(here, at(1_060)), Ok(()));
    }

    #[test]
    fn what_is_remembered_is_bounded() {
        let mut strangers = Strangers::none(9, 9, 3);
        for number in 0..u32::try_from(MOST_ADDRESSES).unwrap() + 50 {
            let here = IpAddr::V4(std::net::Ipv4Addr::from_bits(number));
            let now = Duration::from_millis(u64::from(number));
            assert_eq!(strangers.arrived(here, now), Ok(()));
            strangers.settled(here, false, now);
            assert!(strangers.addresses.len() <= MOST_ADDRESSES);
        }
        assert_eq!(strangers.standing, 0);
        let later = Duration::from_secs(1_000);
        assert_eq!(strangers.arrived(address("10.0.0.1"), later), Ok(()));
        assert_eq!(strangers.addresses.len(), 1);
    }
}
