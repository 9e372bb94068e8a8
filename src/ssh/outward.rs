//! Sends what a room says, as fast as its client takes it, and ends what nobody attends to.

use std::sync::Arc;
use std::time::Duration;

use russh::ChannelWriteHalf;
use russh::server::Msg;
use tokio::time::{sleep, timeout};

use super::server::Limits;
use super::span::span;
use super::wire::{Next, Stream, Wire};

/// How long closing a channel may take.
const CLOSING: Duration = Duration::from_secs(2);
/// Standard error, as SSH numbers it.
const ERRORS: u32 = 1;

/// How a channel ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    /// The room was left, or the client has gone.
    Closed,
    /// The client took nothing for so long that the connection has to end.
    Stalled,
}

/// Sends until the room is left. A terminal that nobody types in is ended meanwhile.
pub(super) async fn carry(wire: Arc<Wire>, channel: ChannelWriteHalf<Msg>, limits: Limits) -> End {
    tokio::select! {
        end = send(&wire, &channel, limits.stalled) => end,
        () = watch(&wire, limits) => End::Closed,
    }
}

async fn send(wire: &Wire, channel: &ChannelWriteHalf<Msg>, stalled: Duration) -> End {
    loop {
        let (status, why) = match wire.next().await {
            Next::Bytes(stream, bytes) => {
                let sent = timeout(stalled, bytes_to(channel, stream, bytes)).await;
                match sent {
                    Ok(true) => continue,
                    Ok(false) => wire.cut(),
                    Err(_) => {
                        wire.cut();
                        return End::Stalled;
                    }
                }
                continue;
            }
            Next::Cut => {
                let _ = timeout(CLOSING, channel.close()).await;
                return End::Closed;
            }
            Next::Finished(status, why) => (status, why),
        };
        let farewell = async {
            if let Some(why) = why {
                let line = if wire.has_terminal() { "\r\n" } else { "\n" };
                let text = format!("steward: {why}{line}");
                bytes_to(channel, Stream::Errors, text.into_bytes()).await;
            }
            let _ = channel.exit_status(status).await;
            let _ = channel.eof().await;
            let _ = channel.close().await;
        };
        let told = timeout(stalled, farewell).await;
        return if told.is_ok() { End::Closed } else { End::Stalled };
    }
}

/// Whether they were taken.
async fn bytes_to(channel: &ChannelWriteHalf<Msg>, stream: Stream, bytes: Vec<u8>) -> bool {
    let sent = match stream {
        Stream::Output => channel.data_bytes(bytes).await,
        Stream::Errors => channel.extended_data_bytes(ERRORS, bytes).await,
    };
    sent.is_ok()
}

/// Ends a terminal in which nothing is typed, and leaves its room no more than a moment once it has to end.
async fn watch(wire: &Wire, limits: Limits) {
    let mut warned = false;
    while !wire.is_ending() {
        let quiet = wire.last_key().elapsed();
        let warn_at = limits.idle.saturating_sub(limits.warning);
        let left = match limits.idle.checked_sub(quiet).filter(|left| !left.is_zero()) {
            // A command works by itself for as long as it takes.
            _ if !wire.is_typed_in() => limits.longest,
            None => {
                wire.end(&format!("closed after {} without a key", span(limits.idle)));
                break;
            }
            Some(left) if quiet >= warn_at => {
                if !std::mem::replace(&mut warned, true) {
                    let left = span(limits.warning);
                    let text = format!("this session closes in {left}: press a key to stay");
                    wire.notice(None, &text);
                }
                left
            }
            Some(_) => {
                warned = false;
                warn_at - quiet
            }
        };
        tokio::select! {
            () = sleep(left) => {}
            () = wire.until_ending() => {}
        }
    }
    sleep(limits.farewell).await;
    wire.cut();
    // What is left is for whoever sends.
    std::future::pending::<()>().await;
}
