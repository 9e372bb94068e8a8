//! Decisions that wait behind one another are made durable together: one sync costs as much as the
//! work for dozens of them.

use std::sync::mpsc::Receiver;
use std::time::{Duration, Instant};

use super::keeper::{Handed, Keeper, Message};
use super::way::{Reply, Told};
use super::{Asked, Failure};

/// Decisions that share a sync at most.
const TOGETHER: usize = 32;
/// For how long decisions are carried out at most before those carried out are made durable.
const CARRYING: Duration = Duration::from_millis(4);

/// A decision that is carried out and not told yet.
struct Carried {
    asked: Asked,
    told: Told,
    reply: Reply,
}

fn may_share(message: &Message) -> bool {
    matches!(message, Message::Handed(handed) if is_decision(handed))
}

/// Whether an operation may share a sync with others: a decision (a comment is one, too) is short.
/// Whatever else is asked ends the group before it.
pub(super) fn is_decision(handed: &Handed) -> bool {
    matches!(handed.asked, Asked::Decide(_))
}

/// Carries a decision out, and those that wait right behind it; nobody is told before all of them are
/// durable. Gives what was taken and is still to be looked at.
pub(super) fn decide<K: Keeper>(
    desk: &mut K,
    first: Box<Handed>,
    waiting: &Receiver<Message>,
) -> Option<Message> {
    let mut next = waiting.try_recv().ok();
    if !next.as_ref().is_some_and(may_share) {
        let Handed { who, asked, streams, reply } = *first;
        reply(desk.carry(&who, asked, streams));
        return next;
    }
    let began = Instant::now();
    desk.begin_group();
    let mut carried = vec![carry(desk, first)];
    let left = loop {
        match next {
            Some(Message::Handed(handed))
                if is_decision(&handed)
                    && carried.len() < TOGETHER
                    && began.elapsed() < CARRYING
                    && !desk.must_end_group() =>
            {
                carried.push(carry(desk, handed));
            }
            // Whoever waits is told after a decision anyway.
            Some(Message::Woken) => {}
            other => break other,
        }
        next = waiting.try_recv().ok();
    };
    let ended = desk.end_group();
    for Carried { asked, told, reply } in carried {
        reply(told_of(&ended, &asked, told));
    }
    left
}

/// What is told of a decision once its group has ended.
fn told_of(ended: &Result<(), Failure>, asked: &Asked, told: Told) -> Told {
    match ended {
        Ok(()) => told,
        Err(failure) => asked.not_done(failure.clone().into()),
    }
}

fn carry<K: Keeper>(desk: &mut K, handed: Box<Handed>) -> Carried {
    let Handed { who, asked, streams, reply } = *handed;
    let told = desk.carry(&who, asked.clone(), streams);
    Carried { asked, told, reply }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::sync_channel;
    use std::sync::{Arc, Mutex};

    use super::*;
    use crate::operations::{Decide, Rules};
    use crate::way::{Door, Streams};
    use crate::{Action, DoorHandle, FailureClass, Request, Session, Waker};
    use jiff::tz::TimeZone;

    /// What happened, in order.
    type Log = Arc<Mutex<Vec<String>>>;

    /// Notes what it is asked to do.
    struct Noting {
        log: Log,
        /// The decision that goes wrong, so that the group must end.
        stumbles_at: Option<usize>,
        decided: usize,
        fails: bool,
    }

    impl Noting {
        fn note(&self, what: &str) {
            self.log.lock().unwrap().push(what.to_owned());
        }
    }

    impl Keeper for Noting {
        fn wake_by(&mut self, _: Waker) {}

        fn begin(&mut self, _: &Session, _: &Asked) {}

        fn carry(&mut self, _: &Session, asked: Asked, _: Streams) -> Told {
            let is_decision = matches!(asked, Asked::Decide(_));
            self.decided += usize::from(is_decision);
            self.note(if is_decision { "decide" } else { "read" });
            asked.not_done(Failure::new(FailureClass::Failed, "carried out").into())
        }

        fn has_news(&self, _: &Session, _: &Asked) -> bool {
            true
        }

        fn is_working(&self) -> bool {
            false
        }

        fn work(&mut self) -> Duration {
            Duration::ZERO
        }

        fn stop(&mut self) {}

        fn begin_group(&mut self) {
            self.note("begin");
        }

        fn must_end_group(&self) -> bool {
            self.stumbles_at == Some(self.decided)
        }

        fn end_group(&mut self) -> Result<(), Failure> {
            self.note("end");
            match self.fails {
                true => Err(Failure::new(FailureClass::Failed, "outcome unknown")),
                false => Ok(()),
            }
        }
    }

    /// Has so many decisions wait, reads among them, before anything is carried out.
    fn asked(waiting: &[&str], stumbles_at: Option<usize>, fails: bool) -> Vec<String> {
        let log = Log::default();
        let (go, gone) = sync_channel::<()>(1);
        let desk = Noting { log: Arc::clone(&log), stumbles_at, decided: 0, fails };
        let open = move || gone.recv().map(|()| desk);
        let (handle, thread) = DoorHandle::open(open).unwrap();
        let who = Session::local("sam", TimeZone::UTC);
        let door: &dyn Door = &handle;
        let noted = || {
            let log = Arc::clone(&log);
            move |said: String| log.lock().unwrap().push(format!("told: {said}"))
        };
        for what in waiting {
            let noted = noted();
            if *what == "read" {
                door.ask_then(&who, Rules {}, Streams::default(), move |told| {
                    noted(told.unwrap_err().to_string());
                });
            } else {
                let request = Request::new(Action::Answer);
                door.ask_then(&who, Decide { request }, Streams::default(), move |told| {
                    noted(told.unwrap_err().to_string());
                });
            }
        }
        go.send(()).unwrap();
        drop(handle);
        thread.join().unwrap().unwrap();
        log.lock().unwrap().clone()
    }

    /// Nobody is told while a group is open, and nothing but decisions is carried out in one.
    fn check(log: &[String]) -> usize {
        let (mut open, mut groups) = (None, 0);
        for what in log {
            match (what.as_str(), &mut open) {
                ("begin", None) => open = Some(0),
                ("end", Some(carried)) => {
                    assert!((1..=TOGETHER).contains(carried), "{log:?}");
                    (open, groups) = (None, groups + 1);
                }
                ("decide", Some(carried)) => *carried += 1,
                (_, None) => {}
                (_, Some(_)) => panic!("{what} within a group: {log:?}"),
            }
        }
        assert_eq!(open, None);
        groups
    }

    fn count(log: &[String], what: &str) -> usize {
        log.iter().filter(|it| *it == what).count()
    }

    #[test]
    fn decisions_that_wait_share_a_sync_and_are_told_after_it() {
        let log = asked(&["decide"; 100], None, false);
        let groups = check(&log);
        // How many come together depends on how fast they are; there is no group without any.
        assert!(groups >= 1, "{log:?}");
        assert_eq!((count(&log, "decide"), count(&log, "told: carried out")), (100, 100));
    }

    #[test]
    fn a_decision_by_itself_is_no_group_and_whatever_else_is_asked_ends_one() {
        assert_eq!(asked(&["decide"], None, false), ["decide", "told: carried out"]);
        let log = asked(&["decide", "read", "decide", "decide", "read"], None, false);
        assert!(check(&log) <= 1);
        let order: Vec<&str> = log.iter().map(String::as_str).collect();
        assert_eq!(order[..4], ["decide", "told: carried out", "read", "told: carried out"]);
        assert_eq!(order[order.len() - 2..], ["read", "told: carried out"]);
    }

    #[test]
    fn a_sync_that_fails_is_told_to_everybody_in_it() {
        let log = asked(&["decide"; 20], None, true);
        check(&log);
        let (failed, alone) =
            (count(&log, "told: outcome unknown"), count(&log, "told: carried out"));
        assert_eq!(failed + alone, 20);
        assert!(failed >= 1 && alone <= 1, "only the last can be by itself: {log:?}");
    }

    #[test]
    fn what_goes_wrong_ends_its_group() {
        let log = asked(&["decide"; 5], Some(1), false);
        check(&log);
        assert_eq!(log[..3], ["begin", "decide", "end"]);
        assert_eq!(count(&log, "told: carried out"), 5);
    }
}
