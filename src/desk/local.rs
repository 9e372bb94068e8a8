//! A desk in the process and on the thread that asks.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use super::core::Desk;
use door::{Asked, Door, Keeper, Kind, Reply, Session, Streams};

/// How long whoever waits for news of long work waits at most.
const LONGEST_WAIT: Duration = Duration::from_millis(100);
/// How long nothing is done at most while another thread works.
const LONGEST_REST: Duration = Duration::from_millis(1);

/// The way to a desk that this process has open and nobody else uses. Long work is done while
/// somebody waits for it.
pub struct LocalDoor {
    desk: Mutex<Desk>,
}

impl LocalDoor {
    /// The way to this desk.
    #[must_use]
    pub fn to(mut desk: Desk) -> Self {
        desk.alone = true;
        Self { desk: Mutex::new(desk) }
    }

    /// The desk again.
    #[must_use]
    pub fn into_desk(self) -> Desk {
        let mut desk = self.desk.into_inner().unwrap_or_else(PoisonError::into_inner);
        desk.alone = false;
        desk
    }
}

impl Door for LocalDoor {
    fn send(&self, who: &Session, asked: Asked, streams: Streams, reply: Reply) {
        let mut desk = self.desk.lock().unwrap_or_else(PoisonError::into_inner);
        if asked.kind() == Kind::Wait {
            desk.begin(who, &asked);
            let until = Instant::now() + LONGEST_WAIT;
            // Where nothing is under way no news will come.
            while Keeper::is_working(&*desk)
                && !desk.has_news(who, &asked)
                && Instant::now() < until
            {
                std::thread::sleep(Keeper::work(&mut *desk).min(LONGEST_REST));
            }
        }
        let told = desk.here(who, asked, streams);
        drop(desk);
        reply(told);
    }
}
