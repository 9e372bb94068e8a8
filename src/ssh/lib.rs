//! One workspace for people elsewhere: steward's own SSH server.
//!
//! Lives here: who is let in over the network (keys, certificates of a user CA, one-time codes and recovery
//! codes, lock-outs), the server's own key, channels with their limits, and the two rooms that a channel can
//! lead to: a terminal and a command.
//!
//! Does not live here: what happens in a room ([`Rooms`] is implemented elsewhere), the desk, the review, what a
//! word of a command means. Nothing here starts a shell, opens a port for somebody, or hands out a file.
//!
//! What is decided is pure and has no clock of its own: [`auth`](Login), [`lockout`](Lockout), [`otp`](Factor).
//! Start with [`Server`] and [`Rooms`]; `docs/ssh.md` tells people what they can do.

mod auth;
mod certificate;
mod child;
mod factors;
mod handler;
mod host_key;
mod hush;
mod lockout;
mod otp;
mod outward;
mod qr;
mod room;
mod server;
mod span;
mod standing;
mod strangers;
#[cfg(test)]
mod tests;
mod wire;
mod words;

pub use auth::{Admitted, Answer, Evidence, Known, Login};
pub use child::run_child;
pub use factors::{Enrolment, Factors, NotEnrolled, Plain, Seal, Told};
pub use host_key::{HostKey, NoHostKey};
pub use lockout::Lockout;
pub use otp::{Factor, RecoveryCode, Verdict};
pub use room::{
    Command, Environment, Heard, Input, LetIn, Noted, Output, Rooms, Signal, Signals, Size,
    Terminal, Who,
};
pub use server::{Ender, Limits, Options, Server, SessionRow};
pub use strangers::{Strangers, TurnedAway};
pub use words::{NoWords, words};
