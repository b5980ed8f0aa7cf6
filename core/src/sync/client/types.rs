//! What the client is told, what it asks for, and what of it survives a reload.

use crate::{
    id::{EpochId, EventId},
    sync::{
        event::{Confirmed, Stream},
        protocol::{Cursor, EventSegment, PullReply, PushReply, QuarantineReason, SegmentList},
    },
};
use serde::{Deserialize, Serialize};

/// Number of a request, to tell its answer from an earlier one's.
pub type RequestId = u64;

/// What must survive a reload. Written in the transaction of the effect that carries it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Saved {
    /// Identity of the server's database, once met.
    pub server_epoch: Option<EpochId>,
    /// How far each stream is read, by stream.
    pub marks: Vec<Mark>,
    /// Sealed runs that the first sync has stored so far; they become marks when no run is missing.
    #[serde(default)]
    pub runs: Vec<Run>,
    /// Streams that a restored server may have lost events of: what is stored of them and does not come again is
    /// offered to it.
    #[serde(default)]
    pub orphaned: Vec<Stream>,
}

/// How far a stream is read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mark {
    /// The log.
    pub stream: Stream,
    /// Last version stored.
    pub version: u64,
    /// Digest of everything up to it.
    pub digest: String,
}

/// A sealed run of events that is stored, though older ones may be missing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Run {
    /// The log.
    pub stream: Stream,
    /// First version in it.
    pub first: u64,
    /// Last version in it.
    pub last: u64,
    /// Digest of the stream up to `last`.
    pub digest: String,
}

/// An event that no pull has brought back yet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Waiting {
    /// Which event.
    pub id: EventId,
    /// Its log.
    pub stream: Stream,
    /// Length of its canonical form.
    pub bytes: usize,
    /// Whether it was confirmed before and the server has lost it since: whoever holds it may bring it back.
    #[serde(default)]
    pub relay: bool,
}

/// An own event that a pull has brought back, kept for a server that loses it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kept {
    /// The event as it waited.
    pub event: Waiting,
    /// Server's clock when it came back.
    pub seen_ms: i64,
}

/// What happened.
#[derive(Clone, Debug, PartialEq)]
pub enum Input {
    /// Own events were committed locally, in order. Telling of an event twice is harmless.
    LocalCommit(Vec<Waiting>),
    /// The network came back, or someone looks at the app: try now, unless the server asked for patience.
    Online,
    /// Time has passed; answer to [`Effect::Wait`].
    Tick,
    /// Answer to a push.
    PushReply(RequestId, PushReply),
    /// Answer to a pull.
    PullReply(RequestId, PullReply),
    /// Answer to [`Effect::ListSegments`].
    SegmentList(RequestId, SegmentList),
    /// The events of a sealed run whose bytes bear its name: answer to [`Effect::FetchSegment`].
    Segment(RequestId, Vec<Confirmed>),
    /// Answer to [`Effect::FindOrphans`].
    Orphans(Vec<Waiting>),
    /// A request failed.
    Failed {
        /// Which.
        request: RequestId,
        /// HTTP status; 0 when no answer came.
        status: u16,
        /// The server's Retry-After.
        retry_after_ms: Option<u64>,
    },
    /// These segments are on the server now.
    SegmentsUploaded(Vec<String>),
    /// The person signed in again.
    SignedIn,
}

/// What is to be done, in order.
#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    /// Send these events; they are at most [`PUSH_MAX_EVENTS`] and [`PUSH_MAX_BYTES`].
    Push {
        /// Number for the answer.
        request: RequestId,
        /// Which events, in this order.
        events: Vec<EventId>,
        /// Whether they are brought back to a server that has lost them, see [`Waiting::relay`].
        relay: bool,
    },
    /// Ask which sealed runs there are after these cursors.
    ListSegments {
        /// Number for the answer.
        request: RequestId,
        /// One per stream that was read before.
        cursors: Vec<Cursor>,
    },
    /// Fetch the bytes of a sealed run, hold them against their name and read the events.
    FetchSegment {
        /// Number for the answer.
        request: RequestId,
        /// Which run.
        segment: EventSegment,
    },
    /// Ask for what came after these cursors.
    Pull {
        /// Number for the answer.
        request: RequestId,
        /// One per stream that was read before.
        cursors: Vec<Cursor>,
        /// Most events wanted.
        limit: u32,
    },
    /// Send the bytes of these segments, then say [`Input::SegmentsUploaded`] (or `Failed` with `request` 0).
    UploadSegments(Vec<String>),
    /// In one transaction: store or confirm these events, take `home` out of the outbox (noting
    /// `seen_ms` with them), keep `saved`.
    StoreConfirmed {
        /// New events in order of version, stream by stream.
        events: Vec<Confirmed>,
        /// Own events among them.
        home: Vec<EventId>,
        /// Server's clock.
        seen_ms: i64,
        /// Cursors after that.
        saved: Saved,
    },
    /// In one transaction: take the event out of the outbox and of the tables, put it under "Needs attention".
    /// It may still come in a later pull, when the owner has taken it.
    Quarantine {
        /// Which event.
        id: EventId,
        /// Why.
        reason: QuarantineReason,
        /// In words.
        detail: String,
    },
    /// In one transaction: what these streams hold as confirmed stays and counts, but its place is forgotten;
    /// `again` goes back into the outbox, from among the events that came home or were put aside; keep `saved`.
    /// The rest of the outbox is not touched.
    RebuildProjection {
        /// The streams.
        streams: Vec<Stream>,
        /// Events to be offered again.
        again: Vec<EventId>,
        /// Cursors after that.
        saved: Saved,
    },
    /// Say [`Input::Orphans`]: stored events of these streams that have no place in the server's order, wait in no
    /// outbox and were not put aside. An import whose segments are not here is left out: who has them brings it.
    FindOrphans(Vec<Stream>),
    /// The right to read this stream is gone: purge what is confirmed of it, keep the outbox and `saved`.
    Purge {
        /// The stream.
        stream: Stream,
        /// Cursors after that.
        saved: Saved,
    },
    /// Say [`Input::Tick`] after this many milliseconds. A later wait takes the place of an earlier one.
    Wait(u64),
    /// The session is over: ask the person to sign in, then say [`Input::SignedIn`].
    NeedSignIn,
}
