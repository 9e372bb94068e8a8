//! One workspace for many people: the protocol of its socket, the server and the client.
//!
//! Lives here: frames and their bytes, who is let in, sessions, the file of the socket. The server hands
//! operations in at the door and sends on what comes of them; it knows none of their answers. The
//! client is a door like any other.
//!
//! Does not live here: what an operation does; the desk; terminals.
//!
//! Start with `frame.rs`, what is said, and `docs/socket.md`, which tells it to others. Then
//! [`Server`] and [`attach`].

mod bytes;
mod client;
mod codec;
mod connection;
mod frame;
mod names;
mod outbox;
mod peer;
mod people;
mod reader;
mod registry;
mod server;
mod socket;
mod spool;
#[cfg(test)]
mod tests;
mod tickets;

pub use bytes::Bytes;
pub use client::{Attached, Guest, News, NotAttached, SocketDoor, attach};
pub use codec::{Decoder, Garbled, LARGEST, encode};
pub use frame::{
    CHUNK, Control, ControlAnswer, OUTPUTS, PROTOCOL, SessionView, ToClient, ToServer, UNDER_WAY,
    WINDOW,
};
pub use names::Run;
pub use peer::{Peer, SystemUsers, group, own_user, peer};
pub use people::{People, Users};
pub use registry::Ear;
pub use server::{Connected, Connections, Options, Server, Way};
pub use socket::{BoundSocket, connect};
pub use spool::{Spool, Spools, Waiting};
pub use tickets::{Brought, Ticket, Tickets};
