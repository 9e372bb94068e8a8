//! Others beside a review that has the workspace open: its person's own commands and reviews.

use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, OnceLock};

use crate::cli::attach::in_words;
use crate::cli::invocation::Invocation;
use crate::cli::serve::{Listening, Whom, listen};
use door::{DoorHandle, PatientDoor};
use serve::Run;
use tui::Herald;

/// Listens once the workspace is open, on the thread that opens it.
pub struct Beside {
    invocation: Invocation,
    person: String,
    run: Run,
    door: Arc<OnceLock<PatientDoor>>,
    listening: Sender<Listening>,
}

/// The way in for them, which is there as soon as that thread has begun.
pub struct LaterDoor {
    door: Arc<OnceLock<PatientDoor>>,
    listens: Receiver<Listening>,
}

/// Whoever has come in meanwhile.
pub struct Serving(Receiver<Listening>);

impl Beside {
    /// Whoever comes in beside that person's review, which is session 0 of that run.
    pub fn of(invocation: &Invocation, person: String, run: Run) -> (LaterDoor, Beside) {
        let door = Arc::new(OnceLock::new());
        let (listening, listens) = channel();
        let invocation = invocation.named(&person);
        let later = LaterDoor { door: Arc::clone(&door), listens };
        (later, Beside { invocation, person, run, door, listening })
    }

    /// Listens. A review that cannot be attached to is a review all the same.
    pub fn listen(self, herald: Herald) {
        let (door, whom) = (self.door, Whom::OwnerOnly { owner: self.person.clone() });
        let way = move || Box::new(door.wait().clone()) as Box<dyn door::Door>;
        match listen(&self.invocation, whom, None, self.run, way) {
            Ok(listening) => {
                let ear = move |from: Option<&str>, text: &str| herald.say(in_words(from, text));
                listening.server().enter_here(&self.person, "review", Box::new(ear));
                // Where the review has ended meanwhile, it stops at once.
                let _ = self.listening.send(listening);
            }
            Err(error) => tracing::warn!(%error, "no other command can attach to this review"),
        }
    }
}

impl LaterDoor {
    /// The thread has begun: this is the way to it.
    pub fn open(self, desk: &DoorHandle) -> Serving {
        let _ = self.door.set(desk.patient());
        Serving(self.listens)
    }
}

impl Serving {
    /// Sends them away.
    pub fn stop(self) {
        if let Ok(listening) = self.0.try_recv() {
            listening.stop("the review that had the workspace open was closed");
        }
    }
}
